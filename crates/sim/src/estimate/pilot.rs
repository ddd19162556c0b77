//! Where the levels lie: found by a run whose random numbers are used for nothing else.

use super::path::{HIT, Path, Place};
use super::replicate::pilot_stream;
use super::splitting::{as_f64, systematic};
use super::{Method, Model, Settings};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// No more levels than this, however long a model goes on scoring more.
pub const LEVELS_MAX: usize = 1_000;
/// Nor any beyond which it is rarer than this.
const RAREST: f64 = 1e-30;
/// A level is put as far out as one in so many trajectories comes. With `p` from each level to the
/// next, variance times work grows as `(1 - p) / (p ln² p)`, which is least at 0.2 and flat around it.
const SHARE: usize = 5;
/// Where fewer than this come nearer, twice as many try,
const NEARER_MIN: usize = 8;
/// so many times.
const DOUBLINGS: u32 = 6;

/// The scores at which trajectories are split.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Levels {
    /// In ascending order; the last stage is from the last of these to a hit.
    pub scores: Vec<f64>,
    /// Steps of the pilot run that placed them.
    pub steps: u64,
}

impl Levels {
    /// Places the levels that the method needs.
    ///
    /// A pilot run that gets stuck leaves a long last stage, which costs precision and no bias.
    pub(super) fn place<M: Model>(model: &mut M, settings: &Settings) -> Result<Self, M::Error> {
        let mut levels = Self::default();
        if settings.method != Method::FixedEffort {
            return Ok(levels);
        }
        let mut rng = pilot_stream(settings.seed);
        model.renew(&mut rng)?;
        let mut pilot = Pilot {
            model,
            rng: &mut rng,
            steps: 0,
            paths: Vec::new(),
        };
        let count = settings.trajectories.get();
        let mut entered = Vec::new();
        let mut probability = 1.0;
        while levels.scores.len() < LEVELS_MAX && probability > RAREST {
            let next = pilot.next_level(&entered, count)?;
            if next == HIT {
                break;
            }
            let beyond = pilot.paths.iter().filter(|path| path.reach() >= next);
            entered = beyond
                .map(|path| path.first(|score| score >= next))
                .collect();
            probability *= as_f64(entered.len()) / as_f64(pilot.paths.len());
            levels.scores.push(next);
        }
        levels.steps = pilot.steps.saturating_add(pilot.model.extra_work());
        Ok(levels)
    }
}

struct Pilot<'a, M: Model> {
    model: &'a mut M,
    rng: &'a mut ChaCha8Rng,
    steps: u64,
    paths: Vec<Path<M::State>>,
}

impl<M: Model> Pilot<'_, M> {
    /// Where to go next from where the last level was entered; from the start, if nowhere. [`HIT`]
    /// if there is no level before that.
    fn next_level(&mut self, entered: &[Place<M::State>], count: u32) -> Result<f64, M::Error> {
        self.paths.clear();
        self.follow(entered, count)?;
        for doubling in 0..DOUBLINGS {
            if let Some(next) = self.beyond(NEARER_MIN) {
                return Ok(next);
            }
            self.follow(entered, count.saturating_mul(1 << doubling))?;
        }
        Ok(self.beyond(1).unwrap_or(HIT))
    }

    /// Follows so many more paths from there.
    fn follow(&mut self, entered: &[Place<M::State>], count: u32) -> Result<(), M::Error> {
        if entered.is_empty() {
            for _ in 0..count {
                let start = Place::At(self.model.start(self.rng)?);
                self.follow_one(start)?;
            }
        } else {
            for from in systematic(entered.len(), count, self.rng) {
                self.follow_one(entered[from].clone())?;
            }
        }
        Ok(())
    }

    fn follow_one(&mut self, from: Place<M::State>) -> Result<(), M::Error> {
        let mut path = Path::new();
        self.steps += path.follow(self.model, from, self.rng)?;
        self.paths.push(path);
        Ok(())
    }

    /// The score that one path in [`SHARE`] reaches, if that is farther than the last came; otherwise
    /// the one that half of those reach which came farther, if they are at least so many.
    fn beyond(&self, nearer_min: usize) -> Option<f64> {
        let mut reached: Vec<f64> = self.paths.iter().map(Path::reach).collect();
        reached.sort_by(|a, b| b.total_cmp(a));
        let last = *reached.last()?;
        let nearer = reached.partition_point(|reach| *reach > last);
        if nearer < nearer_min && last < HIT {
            return None;
        }
        let share = reached.len() / SHARE;
        let next = if share < nearer { share } else { nearer / 2 };
        reached.get(next).copied()
    }
}
