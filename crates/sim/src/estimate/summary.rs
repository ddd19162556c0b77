//! What an estimate comes to, and how far to trust it.

use super::interval::as_f64;
use super::pool::Sums;
use super::{CONFIDENCE, Estimate, Interval, Method};
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// An interval rests on at least so many replications. With twenty, and stopping as soon as they
/// seem to agree, intervals of 95% held the truth in 91.5% to 95.5% of 400 runs.
pub const REPLICATIONS_MIN: u32 = 30;
/// And it takes so many of equal weight to be worth as much.
const EFFECTIVE_MIN: f64 = 20.0;

/// What an estimate comes to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The mean of the replications: what a trajectory is worth on average, which is the probability of
    /// a hit where each is worth 1. Where there was no hit it is 0, and the interval is what counts.
    pub probability: f64,
    /// The standard error relative to it; none without a hit, or from one replication.
    pub relative_error: Option<f64>,
    /// Where the probability lies with [`CONFIDENCE`].
    pub interval: Interval,
    /// Why that interval may promise too much, if it does.
    pub doubt: Option<Doubt>,
    /// How many replications there are.
    pub replications: u64,
    /// As many of equal weight would be worth as much.
    pub effective: f64,
    /// Steps of the model, with those of the pilot run.
    pub steps: u64,
}

/// Why an interval may promise too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// Fewer than [`REPLICATIONS_MIN`] replications.
    FewReplications,
    /// Few replications outweigh the others; more trajectories in each would help.
    FewOutweighMany,
}

impl Display for Doubt {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::FewReplications => write!(
                f,
                "fewer than {REPLICATIONS_MIN} replications: the interval may be too narrow"
            ),
            Self::FewOutweighMany => f.write_str(
                "a few replications outweigh the others: the interval may be too narrow; take more \
                 trajectories in each",
            ),
        }
    }
}

impl Estimate {
    /// What it comes to, if there is a replication.
    pub fn summary(&self) -> Option<Summary> {
        let sums = self.sums();
        (sums.count > 0).then(|| Summary {
            probability: sums.mean,
            relative_error: sums.relative_error(),
            interval: self.interval(CONFIDENCE),
            doubt: self.doubt(),
            replications: sums.count,
            effective: sums.effective(),
            steps: self.steps(),
        })
    }

    /// Where the probability lies with this confidence, which is between 0 and 1: by Student's t on
    /// the replications around the logarithm of their mean; for crude Monte Carlo, Clopper and
    /// Pearson's, if every hit is worth the same; and without any hit, whatever the method, the exact
    /// one-sided bound, for hits that are worth as much as any was.
    ///
    /// Where replications draw something of their own ([`super::Model::renew`]), no hit at all bounds
    /// the mean over what was drawn.
    ///
    /// That bound takes the independent trajectories that are among those followed: in a stage each
    /// arrival has a first descendant, so each trajectory from the start has one line of them, which
    /// is as if it had been followed alone.
    pub fn interval(&self, confidence: f64) -> Interval {
        assert!(0.0 < confidence && confidence < 1.0, "a confidence");
        let sums = self.sums();
        let trials = sums.count * u64::from(self.settings().trajectories.get());
        let (_, worth) = sums.worth.unwrap_or((1.0, 1.0));
        let of_one = if self.is_count() && trials > 0 {
            Interval::of_count(sums.hits, trials, confidence)
        } else if sums.mean <= 0.0 {
            Interval::of_nothing(trials, confidence)
        } else {
            let mean = sums.mean / worth;
            let error = sums.relative_error();
            error.map_or(Interval::ANY, |error| {
                Interval::of_replications(mean, error, sums.count, confidence)
            })
        };
        Interval {
            low: of_one.low * worth,
            high: of_one.high * worth,
        }
    }

    /// Whether hits are counted, each worth the same.
    #[expect(clippy::float_cmp, reason = "the same number handed in each time")]
    fn is_count(&self) -> bool {
        let same = self.sums().worth.is_none_or(|(least, most)| least == most);
        self.settings().method == Method::Crude && same
    }

    /// A count needs no benefit of the doubt, and the bound on no hit holds whatever was seen.
    fn doubt(&self) -> Option<Doubt> {
        let sums = self.sums();
        if self.is_count() || sums.mean <= 0.0 {
            None
        } else if sums.count < u64::from(REPLICATIONS_MIN) {
            Some(Doubt::FewReplications)
        } else if sums.effective() < EFFECTIVE_MIN {
            Some(Doubt::FewOutweighMany)
        } else {
            None
        }
    }
}

impl Sums {
    /// The standard error of the mean, relative to it.
    pub(super) fn relative_error(&self) -> Option<f64> {
        let count = as_f64(self.count);
        (self.count > 1 && self.mean > 0.0)
            .then(|| (self.squares / (count - 1.0) / count).sqrt() / self.mean)
    }

    /// `(Σx)² / Σx²`, Kish's effective size of a sample.
    fn effective(&self) -> f64 {
        let count = as_f64(self.count);
        let squares = self.squares / count + self.mean * self.mean;
        if squares > 0.0 {
            count * self.mean * self.mean / squares
        } else {
            0.0
        }
    }
}
