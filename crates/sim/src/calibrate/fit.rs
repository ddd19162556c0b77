//! The likeliest curve, and which others are about as likely.
//!
//! Two parameters are fitted by two nested searches for a peak, one along each. That takes more
//! evaluations than Newton's method, of which there are thousands a millisecond, and has no matrix
//! to be singular and no step to be too long. A library would bring linear algebra for two numbers,
//! and none that we know has Firth's penalty and counts of tries. The likelihood is concave,
//! Jeffreys' prior has one peak (Chen, Ibrahim and Kim, JASA 103, 2008), and a test holds the fit to
//! Firth's equations.

use super::Pair;
use super::curve::{Curve, Logistic};
use super::peak::{Peak, around, peak};
use crate::estimate::{CONFIDENCE, Interval, as_f64, students_t};
use mondegreen_phonetics::Nats;
use serde::Serialize;
use std::collections::BTreeMap;

/// No slope is steeper, in units of the log odds a nat: it would be a step.
const SLOPE_MAX: f64 = 100.0;
/// No middle is looked for farther away, in nats.
const MIDDLE_MAX: f64 = 1e4;
/// No log odds are looked for beyond.
const ODDS_MAX: f64 = 1e4;

/// All tries at one distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) nats: f64,
    pub(super) tries: f64,
    pub(super) accepted: f64,
}

/// What the curve is fitted to.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    points: Vec<Point>,
    /// The points of each phrase that was said.
    phrases: Vec<Vec<Point>>,
}

impl Sample {
    pub(super) fn of(pairs: &[&Pair]) -> Self {
        let mut phrases: BTreeMap<&str, Vec<&Pair>> = BTreeMap::new();
        for &pair in pairs {
            phrases.entry(pair.spoken.as_str()).or_default().push(pair);
        }
        Self {
            points: points(pairs.iter().copied()),
            phrases: phrases.into_values().map(points).collect(),
        }
    }
}

/// The tries at each distance.
pub(super) fn points<'a>(pairs: impl IntoIterator<Item = &'a Pair>) -> Vec<Point> {
    let mut counts: BTreeMap<Nats, (u64, u64)> = BTreeMap::new();
    for pair in pairs {
        let (tries, accepted) = counts.entry(pair.cost).or_default();
        *tries += pair.tries;
        *accepted += pair.accepted;
    }
    let point = |(cost, (tries, accepted)): (Nats, (u64, u64))| Point {
        nats: cost.as_f64(),
        tries: as_f64(tries),
        accepted: as_f64(accepted),
    };
    counts.into_iter().map(point).collect()
}

/// A logistic curve with the intervals of its two figures. Where distance may not matter, an end is
/// infinite.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FittedLogistic {
    /// The likeliest curve.
    pub curve: Logistic,
    /// Where half of the tries are accepted, in nats.
    pub middle: f64,
    /// Where that lies.
    pub middle_interval: Interval,
    /// Where its slope lies.
    pub slope: Interval,
    /// How unlike each other the tries of one phrase are.
    pub spread: Spread,
}

impl FittedLogistic {
    pub(super) fn of(sample: &Sample) -> Self {
        let points = sample.points.as_slice();
        let curve = fit_logistic(points);
        let middle = curve.middle();
        let spread = Spread::of(sample, &curve);
        let enough = penalised(points, &curve) - spread.drop;
        let slopes = [-SLOPE_MAX, SLOPE_MAX];
        let best_with_middle = |middle: f64| {
            let through = |slope: f64| Logistic {
                intercept: slope * middle,
                slope,
            };
            let height = |slope: f64| penalised(points, &through(slope));
            peak(height, curve.slope, slopes).height
        };
        let level = Level::of(points);
        let middles = [-MIDDLE_MAX, MIDDLE_MAX];
        let middle_interval = around(middle.clamp(-MIDDLE_MAX, MIDDLE_MAX), middles, |at| {
            best_with_middle(at) >= enough
        });
        let slope = around(curve.slope, slopes, |at| level.best(at).height >= enough);
        Self {
            curve,
            middle,
            middle_interval: open(middle_interval, MIDDLE_MAX),
            slope: open(slope, SLOPE_MAX),
            spread,
        }
    }
}

/// The logistic curve of the highest likelihood times Jeffreys' prior.
pub(super) fn fit_logistic(points: &[Point]) -> Logistic {
    let level = Level::of(points);
    let slope = peak(
        |slope| level.best(slope).height,
        0.0,
        [-SLOPE_MAX, SLOPE_MAX],
    )
    .at;
    level.curve(level.best(slope).at, slope)
}

/// Logistic curves by their log odds at the mean distance, where these hang on the slope least.
struct Level<'a> {
    points: &'a [Point],
    mean_nats: f64,
}

impl<'a> Level<'a> {
    fn of(points: &'a [Point]) -> Self {
        let tries: f64 = points.iter().map(|point| point.tries).sum();
        let nats: f64 = points.iter().map(|point| point.tries * point.nats).sum();
        Self {
            points,
            mean_nats: nats / tries,
        }
    }

    fn curve(&self, level: f64, slope: f64) -> Logistic {
        Logistic {
            intercept: level + slope * self.mean_nats,
            slope,
        }
    }

    fn best(&self, slope: f64) -> Peak {
        let height = |level: f64| penalised(self.points, &self.curve(level, slope));
        peak(height, 0.0, [-ODDS_MAX, ODDS_MAX])
    }
}

fn log_likelihood(points: &[Point], curve: &impl Curve) -> f64 {
    let part = |count: f64, log: f64| if count > 0.0 { count * log } else { 0.0 };
    let of = |point: &Point| {
        let [accepted, refused] = curve.logs(point.nats);
        part(point.accepted, accepted) + part(point.tries - point.accepted, refused)
    };
    points.iter().map(of).sum()
}

/// The log likelihood with half the logarithm of the determinant of the information: Firth's penalty.
fn penalised(points: &[Point], curve: &Logistic) -> f64 {
    let log_weight = |point: &Point| {
        let [accepted, refused] = curve.logs(point.nats);
        accepted + refused + point.tries.ln()
    };
    // Weights are taken relative to the greatest one, so that they do not all vanish.
    let greatest = points.iter().map(log_weight).fold(f64::MIN, f64::max);
    let weights = || {
        let weight = |point| (log_weight(point) - greatest).exp();
        points.iter().map(move |point| (weight(point), point.nats))
    };
    let sum: f64 = weights().map(|(weight, _)| weight).sum();
    let mean = weights().map(|(weight, nats)| weight * nats).sum::<f64>() / sum;
    let spread = weights().map(|(weight, nats)| weight * (nats - mean).powi(2));
    let determinant = (sum * spread.sum::<f64>()).ln() + 2.0 * greatest;
    log_likelihood(points, curve) + determinant / 2.0
}

/// How unlike each other the tries of one phrase are, and what that makes of intervals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The variance of what was accepted of a phrase, over that of independent tries: the estimate of
    /// Fletcher (Biometrika 99, 2012), which few tries do not mislead. At least 1.
    pub factor: f64,
    /// By how much the log likelihood falls to the ends of an interval.
    #[serde(skip)]
    drop: f64,
}

impl Spread {
    fn of(sample: &Sample, curve: &impl Curve) -> Self {
        let (mut squares, mut skews, mut phrases) = (0.0, 0.0, 0.0);
        for points in &sample.phrases {
            let [mut beyond, mut variance, mut third] = [0.0; 3];
            for point in points {
                let [p, q] = curve.logs(point.nats).map(f64::exp);
                beyond += point.accepted - point.tries * p;
                variance += point.tries * p * q;
                third += point.tries * p * q * (q - p);
            }
            phrases += 1.0;
            if variance > f64::MIN_POSITIVE {
                squares += beyond * beyond / variance;
                skews += third / variance * beyond / variance;
            }
        }
        let freedom: f64 = phrases - 2.0;
        let factor = squares / freedom / (1.0 + skews / phrases);
        // What is no number says nothing against independence.
        let factor = factor.max(1.0);
        let t = students_t(freedom, CONFIDENCE).unwrap_or(f64::INFINITY);
        Self {
            factor,
            drop: factor * t * t / 2.0,
        }
    }
}

/// An end that lies where the search stops is open.
fn open(interval: Interval, limit: f64) -> Interval {
    Interval {
        low: if interval.low <= -limit {
            f64::NEG_INFINITY
        } else {
            interval.low
        },
        high: if interval.high >= limit {
            f64::INFINITY
        } else {
            interval.high
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    const TRIES: u32 = 4;

    /// Six phrases at each half nat up to six, `TRIES` tries each. Tries of one phrase are alike or
    /// independent.
    fn simulated(curve: &impl Curve, seed: u64, are_alike: bool) -> Vec<Pair> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut accepted = |cost: Nats| {
            let mut count = 0;
            let mut is_accepted = false;
            for tried in 0..TRIES {
                if tried == 0 || !are_alike {
                    is_accepted = rng.random::<f64>() < curve.probability(cost.as_f64());
                }
                count += u64::from(is_accepted);
            }
            count
        };
        let costs = (1..=12).flat_map(|half| [Nats::from_millis(500 * half); 6]);
        let pair = |(number, cost): (usize, Nats)| Pair {
            spoken: format!("phrase {number}"),
            cost,
            phones: 6,
            tries: TRIES.into(),
            accepted: accepted(cost),
        };
        costs.enumerate().map(pair).collect()
    }

    fn sample(pairs: &[Pair]) -> Sample {
        Sample::of(&pairs.iter().collect::<Vec<_>>())
    }

    const LOGISTIC: Logistic = Logistic {
        intercept: 3.6,
        slope: 1.2,
    };
    const TRUTH: [f64; 2] = [3.0, 1.2];

    /// How often the intervals of middle and slope hold the truth, and the mean of what each is
    /// around.
    fn coverage(are_alike: bool) -> [(f64, f64); 2] {
        let seeds = 200;
        let mut sums = [(0.0, 0.0); 2];
        for seed in 0..seeds {
            let fit = FittedLogistic::of(&sample(&simulated(&LOGISTIC, seed, are_alike)));
            let fitted = [
                (fit.middle, fit.middle_interval),
                (fit.curve.slope, fit.slope),
            ];
            for ((sum, (value, interval)), truth) in sums.iter_mut().zip(fitted).zip(TRUTH) {
                assert!(interval.contains(value), "{value} {interval:?}");
                sum.0 += f64::from(u8::from(interval.contains(truth)));
                sum.1 += value;
            }
        }
        sums.map(|(holds, value)| (holds / as_f64(seeds), value / as_f64(seeds)))
    }

    #[test]
    fn known_figures_are_recovered_and_in_their_intervals() {
        let coverage = coverage(false);
        for ((holds, mean), truth) in coverage.into_iter().zip(TRUTH) {
            assert!((0.91..=1.0).contains(&holds), "{coverage:?}");
            assert!((mean / truth - 1.0).abs() < 0.06, "{coverage:?}");
        }
    }

    /// Four tries that are one: the intervals are as wide as for one.
    #[test]
    fn tries_that_are_alike_widen_the_intervals() {
        let [of_middle, of_slope] = coverage(true);
        assert!(
            of_middle.0 > 0.9 && of_slope.0 > 0.9,
            "{of_middle:?} {of_slope:?}"
        );
        let factors = |are_alike| {
            let factor = |seed| {
                let sample = sample(&simulated(&LOGISTIC, seed, are_alike));
                Spread::of(&sample, &LOGISTIC).factor
            };
            (0..50).map(factor).sum::<f64>() / 50.0
        };
        assert!((factors(true) - 4.0).abs() < 0.5, "{}", factors(true));
        assert!(factors(false) < 1.15, "{}", factors(false));
    }

    /// Firth's equations: the score with half a try more at each point, as far as it counts, is zero.
    #[test]
    fn the_logistic_fit_solves_firths_equations() {
        for seed in 0..20 {
            let points = sample(&simulated(&LOGISTIC, seed, seed % 2 == 0)).points;
            let curve = fit_logistic(&points);
            let weighted = points.iter().map(|point| {
                let [p, q] = curve.logs(point.nats).map(f64::exp);
                (point, p, point.tries * p * q)
            });
            let sum = |power: i32| {
                let parts = weighted.clone();
                parts
                    .map(|(point, _, weight)| weight * point.nats.powi(power))
                    .sum::<f64>()
            };
            let (s0, s1, s2) = (sum(0), sum(1), sum(2));
            let determinant = s0 * s2 - s1 * s1;
            let mut scores = [0.0; 2];
            for (point, p, weight) in weighted {
                let x = point.nats;
                let leverage = weight * (s2 - 2.0 * x * s1 + x * x * s0) / determinant;
                let beyond = point.accepted - point.tries * p + leverage * (0.5 - p);
                scores[0] += beyond;
                scores[1] += beyond * x;
            }
            assert!(
                scores.iter().all(|score| score.abs() < 1e-4),
                "{seed}: {scores:?}"
            );
        }
    }

    /// All up to five nats, none from six on: the likelihood alone knows no best slope.
    #[test]
    fn a_step_has_a_finite_slope() {
        let pair = |nats: u32| Pair {
            spoken: nats.to_string(),
            cost: Nats::from_millis(1_000 * nats),
            phones: 6,
            tries: 4,
            accepted: if nats <= 5 { 4 } else { 0 },
        };
        let pairs: Vec<Pair> = (1..=10).map(pair).collect();
        let fit = FittedLogistic::of(&sample(&pairs));
        assert!((fit.middle - 5.5).abs() < 1e-4, "{fit:?}");
        assert!((1.0..20.0).contains(&fit.curve.slope), "{fit:?}");
        assert!(
            fit.slope.low > 0.0 && fit.slope.high > fit.curve.slope,
            "{fit:?}"
        );
        // All tries of a phrase had one outcome, so four may be one.
        assert!((fit.spread.factor - 5.0).abs() < 1e-3, "{fit:?}");
        let Interval { low, high } = fit.middle_interval;
        assert!(low > 2.0 && high < 9.0, "{fit:?}");
    }

    #[test]
    fn where_distance_may_not_matter_the_middle_may_be_anywhere() {
        let pair = |number: u32| Pair {
            spoken: number.to_string(),
            cost: Nats::from_millis(500 * (1 + number % 10)),
            phones: 6,
            tries: 1,
            accepted: u64::from(number / 10 % 2),
        };
        let pairs: Vec<Pair> = (0..40).map(pair).collect();
        let fit = FittedLogistic::of(&sample(&pairs));
        assert!(fit.slope.contains(0.0), "{fit:?}");
        let Interval { low, high } = fit.middle_interval;
        assert!(
            low.is_infinite() || high.is_infinite() || low.is_nan(),
            "{fit:?}"
        );
    }
}
