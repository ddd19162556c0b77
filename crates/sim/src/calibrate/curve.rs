//! How likely is acceptance at a distance? The curves that are fitted.

use super::fit::Point;
use serde::Serialize;

/// The probability of acceptance at each distance.
pub trait Curve {
    /// The logarithms of the probabilities of acceptance and of refusal at so many nats.
    fn logs(&self, nats: f64) -> [f64; 2];

    /// The probability of acceptance at so many nats.
    fn probability(&self, nats: f64) -> f64 {
        self.logs(nats)[0].exp()
    }
}

/// The form of the channel's law: `1 / (1 + exp(slope × nats − intercept))`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Logistic {
    /// The logarithm of the odds at no distance.
    pub intercept: f64,
    /// By how much it falls a nat.
    pub slope: f64,
}

impl Logistic {
    /// Where half of the tries are accepted, in nats. It is not finite where distance does not matter.
    pub fn middle(&self) -> f64 {
        self.intercept / self.slope
    }
}

impl Curve for Logistic {
    fn logs(&self, nats: f64) -> [f64; 2] {
        let odds = self.intercept - self.slope * nats;
        // ln(1 + e^x), without overflow.
        let softplus = |x: f64| x.max(0.0) + (-x.abs()).exp().ln_1p();
        [-softplus(-odds), -softplus(odds)]
    }
}

/// The share of accepted tries, whatever the distance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constant(f64);

impl Constant {
    pub(super) fn of(points: &[Point]) -> Self {
        let tries: f64 = points.iter().map(|point| point.tries).sum();
        let accepted: f64 = points.iter().map(|point| point.accepted).sum();
        Self(accepted / tries)
    }
}

impl Curve for Constant {
    fn logs(&self, _: f64) -> [f64; 2] {
        [self.0.ln(), (-self.0).ln_1p()]
    }
}
