//! An estimate as it grows, is written down, and is put together from shards.

use super::interval::as_f64;
use super::{Levels, Model, Settings};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Display, Formatter};

/// What one replication came to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replication {
    /// Its number, which with the seed says where its random numbers come from.
    pub number: u64,
    /// What a hit was worth ([`Model::renew`]).
    pub worth: f64,
    /// The probability as it saw it, times the worth.
    pub estimate: f64,
    /// Trajectories that ended in a hit.
    pub hits: u32,
    /// Steps of the model.
    pub steps: u64,
}

/// Independent replications of one experiment, with all that it takes to make them again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Estimate {
    settings: Settings,
    levels: Levels,
    replications: Vec<Replication>,
    #[serde(skip)]
    sums: Sums,
}

impl Estimate {
    /// Makes the pilot run, if the method needs one. There are no replications yet.
    ///
    /// # Errors
    /// Those of the model.
    pub fn begin<M: Model>(model: &mut M, settings: Settings) -> Result<Self, M::Error> {
        Ok(Self {
            levels: Levels::place(model, &settings)?,
            settings,
            replications: Vec::new(),
            sums: Sums::default(),
        })
    }

    /// What is estimated, and how.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Where trajectories are split, for [`super::Method::FixedEffort`].
    pub const fn levels(&self) -> &Levels {
        &self.levels
    }

    /// In the order of their numbers.
    pub fn replications(&self) -> &[Replication] {
        &self.replications
    }

    /// All steps so far, with those of the pilot run.
    pub const fn steps(&self) -> u64 {
        self.levels.steps.saturating_add(self.sums.steps)
    }

    /// Puts two shards of one experiment together. It does not matter in what order.
    ///
    /// # Errors
    /// When they are not of one experiment, or share a replication.
    pub fn pool(mut self, other: Self) -> Result<Self, PoolError> {
        if self.settings != other.settings {
            return Err(PoolError::OtherSettings);
        }
        if self.levels != other.levels {
            return Err(PoolError::OtherLevels);
        }
        self.replications.extend(other.replications);
        Self::try_from(Written {
            settings: self.settings,
            levels: self.levels,
            replications: self.replications,
        })
    }

    /// Adds the replication with the highest number so far.
    pub(super) fn push(&mut self, replication: Replication) {
        self.sums.add(&replication);
        self.replications.push(replication);
    }

    pub(super) const fn sums(&self) -> &Sums {
        &self.sums
    }
}

/// An estimate as it is written down, before anyone has looked at it.
#[derive(Deserialize)]
struct Written {
    settings: Settings,
    levels: Levels,
    replications: Vec<Replication>,
}

impl TryFrom<Written> for Estimate {
    type Error = PoolError;

    fn try_from(written: Written) -> Result<Self, PoolError> {
        let Written {
            settings,
            levels,
            mut replications,
        } = written;
        if !levels.scores.is_sorted_by(|a, b| a < b) {
            return Err(PoolError::Levels);
        }
        replications.sort_by_key(|replication| replication.number);
        let mut sums = Sums::default();
        let mut last = None;
        for replication in &replications {
            let Replication {
                number,
                worth,
                estimate,
                ..
            } = *replication;
            if last == Some(number) {
                return Err(PoolError::Twice(number));
            }
            let possible = worth.is_finite()
                && (0.0..=worth).contains(&estimate)
                && replication.hits <= settings.trajectories.get();
            if !possible {
                return Err(PoolError::Replication(number));
            }
            last = Some(number);
            sums.add(replication);
        }
        Ok(Self {
            settings,
            levels,
            replications,
            sums,
        })
    }
}

/// Why estimates do not go together, or one does not make sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolError {
    /// They differ in model, method, trajectories or seed.
    OtherSettings,
    /// They were made with different levels, so by different builds.
    OtherLevels,
    /// The levels do not ascend.
    Levels,
    /// The replication with this number is there twice.
    Twice(u64),
    /// The replication with this number cannot be.
    Replication(u64),
}

impl Display for PoolError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherSettings => f.write_str("estimates of different models, methods or seeds"),
            Self::OtherLevels => f.write_str("estimates with different levels"),
            Self::Levels => f.write_str("levels that do not ascend"),
            Self::Twice(number) => write!(f, "replication {number} is there twice"),
            Self::Replication(number) => write!(
                f,
                "replication {number} has an impossible estimate or too many hits"
            ),
        }
    }
}

impl std::error::Error for PoolError {}

/// What a summary needs of the replications, kept up as they come (Welford, 1962).
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sums {
    pub(super) count: u64,
    /// The least and the most that a hit was worth.
    pub(super) worth: Option<(f64, f64)>,
    pub(super) mean: f64,
    /// Sum of the squared distances from the mean.
    pub(super) squares: f64,
    pub(super) hits: u64,
    pub(super) steps: u64,
}

impl Sums {
    fn add(&mut self, replication: &Replication) {
        self.count += 1;
        let worth = replication.worth;
        let (least, most) = self.worth.unwrap_or((worth, worth));
        self.worth = Some((least.min(worth), most.max(worth)));
        let before = replication.estimate - self.mean;
        self.mean += before / as_f64(self.count);
        self.squares += before * (replication.estimate - self.mean);
        self.hits = self.hits.saturating_add(u64::from(replication.hits));
        self.steps = self.steps.saturating_add(replication.steps);
    }
}
