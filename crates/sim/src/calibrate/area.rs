//! How well distance orders: the area under the receiver operating characteristic.

use super::Pair;
use crate::estimate::{Interval, as_f64};
use mondegreen_phonetics::Nats;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Beyond it lie 2.5% of a normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// How often an accepted try lies nearer than a refused one, equally near counting half.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Area {
    /// The share.
    pub area: f64,
    /// Where it lies, at 95%: Newcombe's fifth method (Statistics in Medicine 25, 2006), which has
    /// ends for a share of 1 as well. It counts phrases and not tries, as those of one are alike.
    pub interval: Interval,
}

impl Area {
    pub(super) fn of(pairs: &[&Pair]) -> Self {
        let mut at_cost: BTreeMap<Nats, (f64, f64)> = BTreeMap::new();
        for pair in pairs {
            let (accepted, refused) = at_cost.entry(pair.cost).or_default();
            *accepted += as_f64(pair.accepted);
            *refused += as_f64(pair.tries - pair.accepted);
        }
        let (mut nearer, mut ordered, mut farther) = (0.0, 0.0, 0.0);
        for (accepted, refused) in at_cost.into_values() {
            ordered += refused * (nearer + accepted / 2.0);
            nearer += accepted;
            farther += refused;
        }
        let phrases = |of: fn(&&&Pair) -> bool| {
            let phrases = pairs.iter().filter(of).map(|pair| &pair.spoken);
            phrases.collect::<BTreeSet<_>>().len()
        };
        let accepted = phrases(|pair| pair.accepted > 0);
        let refused = phrases(|pair| pair.accepted < pair.tries);
        let area = ordered / (nearer * farther);
        Self {
            area,
            interval: newcombe(area, accepted as u64, refused as u64),
        }
    }
}

/// The areas that differ from the one that was seen by no more than 1.96 of their own standard errors.
fn newcombe(area: f64, accepted: u64, refused: u64) -> Interval {
    let (m, n) = (as_f64(accepted), as_f64(refused));
    let others = f64::midpoint(m, n) - 1.0;
    let error = |a: f64| {
        let pairs = (1.0 - a) / (2.0 - a) + a / (1.0 + a);
        (a * (1.0 - a) * (1.0 + others * pairs) / (m * n)).sqrt()
    };
    let end = |mut outside: f64| {
        let mut inside = area;
        for _ in 0..60 {
            let between = f64::midpoint(inside, outside);
            if (area - between).abs() <= Z * error(between) {
                inside = between;
            } else {
                outside = between;
            }
        }
        inside
    };
    Interval {
        low: end(0.0),
        high: end(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ends solve (seen − area)² = z² × variance, by hand for 10 and 10 phrases.
    #[test]
    fn ends_are_where_the_difference_is_as_great_as_chance_makes_it() {
        let perfect = newcombe(1.0, 10, 10);
        let a = perfect.low;
        let variance =
            a * (1.0 - a) * (1.0 + 9.0 * ((1.0 - a) / (2.0 - a) + a / (1.0 + a))) / 100.0;
        assert!(((1.0 - a).powi(2) - Z * Z * variance).abs() < 1e-9, "{a}");
        assert!(a > 0.7 && a < 0.9, "{a}");
        assert!((perfect.high - 1.0).abs() < 1e-9);
        let none = newcombe(0.5, 10, 10);
        assert!((none.low + none.high - 1.0).abs() < 1e-9, "{none:?}");
        assert!(newcombe(0.5, 100, 100).low > none.low);
    }
}
