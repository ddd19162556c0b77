//! How good a curve is at phrases that it was not fitted to.

use super::Pair;
use super::curve::Curve;
use super::fit::{Point, points};
use crate::estimate::{CONFIDENCE, Interval, as_f64};
use serde::Serialize;
use std::collections::BTreeMap;
use std::f64::consts::PI;

/// At most so many parts are held out in turn.
pub const FOLDS_MAX: usize = 10;
/// At most so many lines in a reliability table.
pub const BINS_MAX: u32 = 10;

/// Means over tries, of phrases held out; less is better.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Scores {
    /// −ln of the probability of what came of a try.
    pub log_loss: f64,
    /// The square of how far the probability lies from what came of a try (Brier 1950).
    pub brier: f64,
}

/// Tries of about the same predicted probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// The least probability that was predicted.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// The mean over the tries.
    pub predicted: f64,
    /// How many tries.
    pub tries: u64,
    /// How many of them were accepted.
    pub accepted: u64,
    /// The share of these.
    pub share: f64,
    /// Where the share lies, after Clopper and Pearson, if tries are independent; without an accepted
    /// try, the one-sided bound.
    pub interval: Interval,
}

/// How good a curve is. Each phrase was predicted by a curve fitted to other phrases.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// Means over all tries.
    pub held_out: Scores,
    /// What came of tries, by predicted probability.
    pub reliability: Vec<Bin>,
    /// By how much the share of accepted tries and the prediction differ: the mean over the bins,
    /// by tries.
    pub calibration_error: f64,
    /// What that would be about, by chance, if all predictions were right and tries independent.
    pub by_chance: f64,
}

impl Judged {
    pub(super) fn of<C: Curve>(pairs: &[&Pair], fit: impl Fn(&[Point]) -> C) -> Self {
        let predicted = predict(pairs, fit);
        let reliability = bins(&predicted);
        let tries: f64 = reliability.iter().map(|bin| as_f64(bin.tries)).sum();
        let mean = |of: fn(&Bin) -> f64| {
            let sum = reliability.iter().map(|bin| as_f64(bin.tries) * of(bin));
            sum.sum::<f64>() / tries
        };
        Self {
            held_out: Scores::of(&predicted),
            calibration_error: mean(|bin| (bin.share - bin.predicted).abs()),
            by_chance: mean(|bin| {
                let variance = bin.predicted * (1.0 - bin.predicted) / as_f64(bin.tries);
                // The mean deviation of a normal distribution.
                (variance * 2.0 / PI).sqrt()
            }),
            reliability,
        }
    }
}

/// How good a curve is on phrases that it was not fitted to.
pub(super) fn scores<C: Curve>(pairs: &[&Pair], fit: impl Fn(&[Point]) -> C) -> Scores {
    Scores::of(&predict(pairs, fit))
}

/// What was predicted of a pair.
#[derive(Clone, Copy, Debug)]
struct Predicted {
    /// The logarithms of the probabilities of acceptance and refusal.
    logs: [f64; 2],
    tries: u64,
    accepted: u64,
}

/// Each pair with the prediction of a curve fitted to the phrases of the other folds.
fn predict<C: Curve>(pairs: &[&Pair], fit: impl Fn(&[Point]) -> C) -> Vec<Predicted> {
    let folds = folds(pairs);
    let mut predicted = Vec::new();
    for fold in &folds {
        let others = folds.iter().filter(|other| !std::ptr::eq(*other, fold));
        let curve = fit(&points(others.flatten().copied()));
        predicted.extend(fold.iter().map(|pair| Predicted {
            logs: curve.logs(pair.cost.as_f64()),
            tries: pair.tries,
            accepted: pair.accepted,
        }));
    }
    predicted
}

/// The pairs, dealt out by phrases, so that no phrase is in two folds and all folds have about the
/// same share of accepted tries and the same distances.
fn folds<'a>(pairs: &[&'a Pair]) -> Vec<Vec<&'a Pair>> {
    let mut phrases: BTreeMap<&str, Vec<&Pair>> = BTreeMap::new();
    for &pair in pairs {
        phrases.entry(pair.spoken.as_str()).or_default().push(pair);
    }
    let mut phrases: Vec<Vec<&Pair>> = phrases.into_values().collect();
    // The order of their names decides between equals.
    phrases.sort_by_key(|pairs| {
        let tries: u64 = pairs.iter().map(|pair| pair.tries).sum();
        let accepted: u64 = pairs.iter().map(|pair| pair.accepted).sum();
        let thousandths = accepted * 1_000 / tries.max(1);
        (
            accepted > 0,
            thousandths,
            pairs.iter().map(|pair| pair.cost).min(),
        )
    });
    let count = phrases.len().clamp(1, FOLDS_MAX);
    let mut folds = vec![Vec::new(); count];
    for (at, phrase) in phrases.into_iter().enumerate() {
        folds[at % count].extend(phrase);
    }
    folds
}

impl Scores {
    fn of(predicted: &[Predicted]) -> Self {
        let (mut tries, mut log_loss, mut brier) = (0.0, 0.0, 0.0);
        for of in predicted {
            let accepted = as_f64(of.accepted);
            let refused = as_f64(of.tries) - accepted;
            let [log_accepted, log_refused] = of.logs;
            let [p, q] = of.logs.map(f64::exp);
            tries += as_f64(of.tries);
            // What did not happen is not counted, however unlikely it was.
            for (count, log) in [(accepted, log_accepted), (refused, log_refused)] {
                if count > 0.0 {
                    log_loss -= count * log;
                }
            }
            brier += accepted * q * q + refused * p * p;
        }
        Self {
            log_loss: log_loss / tries,
            brier: brier / tries,
        }
    }
}

/// Bins of about as many tries each; what was predicted alike stays together.
fn bins(predicted: &[Predicted]) -> Vec<Bin> {
    let mut sorted: Vec<(f64, Predicted)> = predicted.iter().map(|of| (of.logs[0], *of)).collect();
    sorted.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let tries: u64 = predicted.iter().map(|of| of.tries).sum();
    let full = tries.div_ceil(u64::from(BINS_MAX)).max(1);
    let alike = sorted.chunk_by(|(a, _), (b, _)| a.total_cmp(b).is_eq());
    let mut bins = Vec::new();
    let mut bin: Vec<Predicted> = Vec::new();
    for group in alike {
        bin.extend(group.iter().map(|(_, of)| *of));
        if bin.iter().map(|of| of.tries).sum::<u64>() >= full {
            bins.push(Bin::of(&bin));
            bin.clear();
        }
    }
    if !bin.is_empty() {
        bins.push(Bin::of(&bin));
    }
    bins
}

impl Bin {
    /// Of predictions in order, at least one.
    fn of(predicted: &[Predicted]) -> Self {
        let tries = predicted.iter().map(|of| of.tries).sum();
        let accepted = predicted.iter().map(|of| of.accepted).sum();
        let probability = |of: &Predicted| of.logs[0].exp();
        let sum = predicted
            .iter()
            .map(|of| as_f64(of.tries) * probability(of))
            .sum::<f64>();
        Self {
            low: predicted.first().map_or(0.0, probability),
            high: predicted.last().map_or(1.0, probability),
            predicted: sum / as_f64(tries),
            tries,
            accepted,
            share: as_f64(accepted) / as_f64(tries),
            interval: Interval::of_count(accepted, tries, CONFIDENCE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mondegreen_phonetics::Nats;

    fn pair(spoken: &str, nats: u32, tries: u64, accepted: u64) -> Pair {
        Pair {
            spoken: spoken.to_owned(),
            cost: Nats::from_millis(1_000 * nats),
            phones: 6,
            tries,
            accepted,
        }
    }

    #[track_caller]
    fn close(is: f64, should_be: f64) {
        assert!((is - should_be).abs() < 1e-9, "{is} {should_be}");
    }

    /// Halved each nat.
    struct Halved;

    impl Curve for Halved {
        fn logs(&self, nats: f64) -> [f64; 2] {
            let accepted = 0.5_f64.powf(nats);
            [accepted.ln(), (1.0 - accepted).ln()]
        }
    }

    /// Two distances, ten tries each: 5 of 10 where a half was predicted, 0 of 10 where a quarter was.
    #[test]
    fn a_reliability_table_by_hand() {
        let pairs = [pair("a", 1, 4, 3), pair("b", 1, 6, 2), pair("c", 2, 10, 0)];
        let judged = Judged::of(&pairs.each_ref(), |_| Halved);
        let [quarter, half] = judged.reliability[..] else {
            panic!("{:?}", judged.reliability);
        };
        assert_eq!((quarter.tries, quarter.accepted), (10, 0));
        assert_eq!((half.tries, half.accepted), (10, 5));
        close(quarter.predicted, 0.25);
        close(quarter.share, 0.0);
        close(half.predicted, 0.5);
        close(half.share, 0.5);
        // One-sided, 1 - 0.05^(1/10) would be exact; 2.996 / 10 is the bound for rates.
        close(quarter.interval.high, 0.299_573_227_355_399_1);
        // The tables' interval for 5 of 10.
        assert!((half.interval.low - 0.187_086).abs() < 1e-6);
        assert!((half.interval.high - 0.812_914).abs() < 1e-6);
        close(judged.calibration_error, 0.125);
        let chance = |p: f64| (p * (1.0 - p) / 10.0 * 2.0 / PI).sqrt();
        close(judged.by_chance, f64::midpoint(chance(0.25), chance(0.5)));
        let (ln, fourths) = (2.0_f64.ln(), 0.75_f64.ln());
        close(
            judged.held_out.log_loss,
            (10.0 * ln - 10.0 * fourths) / 20.0,
        );
        close(judged.held_out.brier, (10.0 * 0.25 + 10.0 * 0.0625) / 20.0);
    }

    #[test]
    fn what_is_predicted_alike_is_in_one_bin() {
        let one = Predicted {
            logs: [0.5_f64.ln(); 2],
            tries: 1,
            accepted: 0,
        };
        assert_eq!(bins(&[one; 100]).len(), 1);
        let with = |at: u32| Predicted {
            logs: [-f64::from(at), 0.0],
            ..one
        };
        let many: Vec<Predicted> = (1..=100).map(with).collect();
        let bins = bins(&many);
        assert_eq!(bins.len(), 10);
        assert!(bins.iter().all(|bin| bin.tries == 10));
        assert!(bins.is_sorted_by(|a, b| a.high < b.low), "{bins:?}");
    }

    /// It knows what it was fitted to.
    struct Known(Vec<f64>);

    impl Curve for Known {
        fn logs(&self, nats: f64) -> [f64; 2] {
            let is_known = self.0.iter().any(|known| (known - nats).abs() < 1e-9);
            assert!(!is_known, "{nats} nats were fitted to");
            [0.5_f64.ln(); 2]
        }
    }

    /// A curve fitted to what is held out would know.
    #[test]
    fn no_phrase_is_predicted_by_what_was_fitted_to_it() {
        let names: Vec<String> = (0..25).map(|number| format!("phrase {number}")).collect();
        let of = |at: usize| {
            // Each phrase has a distance of its own, at which it is said twice.
            let nats = u32::try_from(at % 25).unwrap() + 1;
            pair(&names[at % 25], nats, 1, u64::from(at.is_multiple_of(3)))
        };
        let pairs: Vec<Pair> = (0..50).map(of).collect();
        let pairs: Vec<&Pair> = pairs.iter().collect();
        let fits = std::cell::Cell::new(0);
        let predicted = predict(&pairs, |points| {
            fits.set(fits.get() + 1);
            Known(points.iter().map(|point| point.nats).collect())
        });
        assert_eq!((predicted.len(), fits.get()), (50, FOLDS_MAX));
    }
}
