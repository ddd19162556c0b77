//! What is known of times that were not all waited out.
//!
//! A run that ends at its cap says that its time is longer than that, and no more. To leave it out,
//! or to count it as found at the cap, would flatter whoever fails; Kaplan and Meier (1958) use
//! exactly what it says.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// How often a bootstrap draws anew.
const RESAMPLES: usize = 1_000;
const BOOTSTRAP_SEED: u64 = 2018;
/// Shares are products of fractions: a half may come out a hair above a half.
const ROUNDING: f64 = 1e-9;

/// How long something took, or was watched without its coming to an end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The time, in whatever unit.
    pub at: f64,
    /// Whether it had come to an end then.
    pub found: bool,
}

/// The share that is still not found, by time: the product-limit estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Survival {
    /// Times at which something was found, ascending, and the share that was left after each.
    drops: Vec<(f64, f64)>,
}

impl Survival {
    /// Of these. Whoever is found at a time was not found before what is cut off at that time.
    pub fn of(observations: &[Observation]) -> Self {
        let mut sorted = observations.to_vec();
        sorted.sort_by(|one, other| one.at.total_cmp(&other.at));
        let mut drops = Vec::new();
        let (mut left, mut at_risk) = (1.0, sorted.len());
        for tied in sorted.chunk_by(|one, other| one.at.total_cmp(&other.at).is_eq()) {
            let found = tied.iter().filter(|observation| observation.found).count();
            if found > 0 {
                left *= 1.0 - count(found) / count(at_risk);
                drops.extend(tied.first().map(|first| (first.at, left)));
            }
            at_risk -= tied.len();
        }
        Self { drops }
    }

    /// The first time at which at most half are left; infinite if more than half were never found.
    pub fn median(&self) -> f64 {
        let half = |(_, left): &&(f64, f64)| *left <= 0.5 + ROUNDING;
        self.drops
            .iter()
            .find(half)
            .map_or(f64::INFINITY, |drop| drop.0)
    }

    /// The mean of the times, each cut off at `until`: the area under the curve up to there.
    ///
    /// Where the last was cut off before, the curve goes on as high as it was: the mean is never
    /// too small.
    pub fn restricted_mean(&self, until: f64) -> f64 {
        let (mut area, mut from, mut height) = (0.0, 0.0, 1.0);
        for &(at, left) in self.drops.iter().take_while(|(at, _)| *at < until) {
            area += height * (at - from);
            (from, height) = (at, left);
        }
        area + height * (until - from)
    }
}

/// The median of some numbers, infinite ones among them; the mean of the two in the middle if there
/// are two, nothing if there are none.
pub(super) fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let upper = *numbers.get(middle)?;
    if numbers.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *numbers.get(middle.checked_sub(1)?)?;
    Some(f64::midpoint(lower, upper))
}

/// A figure with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The figure.
    pub value: f64,
    /// It is hardly less than this.
    pub low: f64,
    /// It is hardly more than this.
    pub high: f64,
}

impl Interval {
    /// The percentile bootstrap (Efron 1979): `draw` computes the figure from a sample that is drawn
    /// anew each time. The numbers that it draws with are always the same.
    pub(super) fn bootstrap(value: f64, mut draw: impl FnMut(&mut ChaCha8Rng) -> f64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(BOOTSTRAP_SEED);
        let mut drawn: Vec<f64> = (0..RESAMPLES).map(|_| draw(&mut rng)).collect();
        drawn.sort_by(f64::total_cmp);
        let at = |place: usize| drawn.get(place).copied().unwrap_or(value);
        Self {
            value,
            low: at(RESAMPLES / 40),
            high: at(RESAMPLES - 1 - RESAMPLES / 40),
        }
    }
}

/// As many of these as there are, drawn with replacement.
pub(super) fn resampled<T: Clone>(of: &[T], rng: &mut ChaCha8Rng) -> Vec<T> {
    let places = 0..of.len();
    let draw = |_| of.get(rng.random_range(0..of.len())).cloned();
    places.filter_map(draw).collect()
}

pub(super) fn count(of: usize) -> f64 {
    u32::try_from(of).map_or(f64::MAX, f64::from)
}
