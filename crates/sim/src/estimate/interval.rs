//! Intervals: from counts, from independent replications, and from nothing at all.

use serde::Serialize;
use statrs::distribution::{Beta, ContinuousCDF, StudentsT};

/// The confidence of an interval if nothing is said.
pub const CONFIDENCE: f64 = 0.95;

/// Beyond any quantile of Student's t that a confidence asks for.
const T_MAX: f64 = 1e9;

/// Where a probability lies, with a certain confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end; 0 where there was no hit.
    pub low: f64,
    /// The upper end; one-sided where there was no hit.
    pub high: f64,
}

impl Interval {
    /// All that a probability can be.
    pub(super) const ANY: Self = Self {
        low: 0.0,
        high: 1.0,
    };

    /// Whether it holds this value.
    pub fn contains(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Clopper and Pearson's for a count: at least as confident as it says, for every probability.
    ///
    /// Without a hit it is the one-sided bound instead.
    pub fn of_count(hits: u64, trials: u64, confidence: f64) -> Self {
        if hits == 0 {
            return Self::of_nothing(trials, confidence);
        }
        let tail = (1.0 - confidence) / 2.0;
        let (hits, misses) = (as_f64(hits), as_f64(trials.saturating_sub(hits)));
        let low = Beta::new(hits, misses + 1.0);
        let high = Beta::new(hits + 1.0, misses);
        Self {
            low: low.map_or(0.0, |beta| quantile(&beta, tail, 1.0)),
            // No misses, no upper end.
            high: high.map_or(1.0, |beta| quantile(&beta, 1.0 - tail, 1.0)),
        }
    }

    /// Student's t on independent replications with this mean, which is positive, and this standard
    /// error relative to it.
    ///
    /// It is laid around the logarithm of the mean: products of shares are skewed, and an interval
    /// as wide to either side would miss the truth more often above than below, and begin under 0. What
    /// is counted may come more than once, so it may end above 1.
    pub(crate) fn of_replications(
        mean: f64,
        relative_error: f64,
        replications: u64,
        confidence: f64,
    ) -> Self {
        let Some(t) = students_t(as_f64(replications) - 1.0, confidence) else {
            return Self::ANY;
        };
        let factor = (t * relative_error).exp();
        Self {
            low: mean / factor,
            high: mean * factor,
        }
    }

    /// No hit in so many independent trajectories.
    pub(super) fn of_nothing(trials: u64, confidence: f64) -> Self {
        Self {
            low: 0.0,
            high: zero_bound(as_f64(trials), confidence).min(1.0),
        }
    }
}

/// The highest rate that seeing nothing in so much exposure (trials, hours) leaves open, one-sided:
/// at 95%, 2.996 over the exposure.
///
/// With a higher rate, seeing nothing would have had less than 5% chance.
pub fn zero_bound(exposure: f64, confidence: f64) -> f64 {
    -(1.0 - confidence).ln() / exposure
}

/// How far to either side Student's t goes with this confidence; nothing without a degree of freedom.
pub(crate) fn students_t(freedom: f64, confidence: f64) -> Option<f64> {
    let student = StudentsT::new(0.0, 1.0, freedom).ok()?;
    Some(quantile(&student, f64::midpoint(1.0, confidence), T_MAX))
}

/// Where a distribution on positive numbers up to `high` has this weight to its left, by bisection.
///
/// The quantiles of the crate itself come from Newton's method, which need not come to an end: that
/// of Beta(10, 1000000001) at 2.5% does not.
fn quantile(of: &impl ContinuousCDF<f64, f64>, weight: f64, mut high: f64) -> f64 {
    let mut low = 0.0;
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return middle;
        }
        if of.cdf(middle) < weight {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// Counts are far below 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(crate) const fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(is: f64, should_be: f64) {
        assert!((is / should_be - 1.0).abs() < 1e-6, "{is} {should_be}");
    }

    /// Nobody agrees with himself only: the ends are where the binomial tails weigh 2.5% each.
    #[track_caller]
    fn tails_weigh(hits: u64, trials: u64) {
        let Interval { low, high } = Interval::of_count(hits, trials, 0.95);
        let weight = |k: u64, p: f64| {
            let ways = (0..k).map(|i| (as_f64(trials - i) / as_f64(i + 1)).ln());
            let log = as_f64(k) * p.ln() + as_f64(trials - k) * (-p).ln_1p();
            (ways.sum::<f64>() + log).exp()
        };
        let at_most = |k: u64, p: f64| (0..=k).map(|k| weight(k, p)).sum::<f64>();
        close(at_most(hits, high), 0.025);
        close(1.0 - at_most(hits - 1, low), 0.025);
    }

    #[test]
    fn counts_get_clopper_and_pearsons_ends() {
        tails_weigh(1, 10);
        tails_weigh(8, 100);
        tails_weigh(37, 5_000);
        tails_weigh(400, 100_000);
        tails_weigh(400, 41_000_000);
        // Everybody: 0.025^(1/10).
        let all = Interval::of_count(10, 10, 0.95);
        close(all.low, 0.025_f64.powf(0.1));
        close(all.high, 1.0);
    }

    /// The exact ends for Poisson counts, from tables: what a count among ever more trials comes to.
    #[test]
    fn rare_counts_get_the_poisson_ends() {
        let ten = Interval::of_count(10, 1_000_000_000, 0.95);
        assert!((ten.low * 1e9 - 4.7954).abs() < 1e-3, "{ten:?}");
        assert!((ten.high * 1e9 - 18.3904).abs() < 1e-3, "{ten:?}");
    }

    #[test]
    fn no_hit_gives_the_one_sided_bound() {
        assert!((zero_bound(1.0, 0.95) - 2.996).abs() < 5e-4);
        let none = Interval::of_count(0, 1_000, 0.95);
        close(none.high, 2.995_732_273_554e-3);
        assert!(none.low.abs() < f64::EPSILON);
        // Two trials leave all open.
        assert_eq!(Interval::of_nothing(2, 0.95), Interval::ANY);
    }

    #[test]
    fn replications_get_students_ends() {
        // t with 19 degrees of freedom at 97.5%: 2.0930.
        let twenty = Interval::of_replications(1e-3, 0.1, 20, 0.95);
        close(twenty.high, 1e-3 * 0.209_302_405_44_f64.exp());
        close(twenty.low, 1e-3 * (-0.209_302_405_44_f64).exp());
        // With a hundred thousand, next to the normal distribution's 1.9600.
        let many = Interval::of_replications(1e-3, 0.1, 100_000, 0.95);
        assert!(((many.high * 1e3).ln() * 10.0 - 1.96).abs() < 1e-4);
        assert_eq!(Interval::of_replications(1e-3, 0.1, 1, 0.95), Interval::ANY);
        // False wakes in an hour.
        let often = Interval::of_replications(2.5, 0.1, 20, 0.95);
        assert!(often.low > 2.0 && often.high > 3.0, "{often:?}");
    }
}
