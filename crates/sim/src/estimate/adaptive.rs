//! Generalised adaptive multilevel splitting, which ties do not mislead.

use super::Model;
use super::path::{HIT, Path, Place};
use super::replicate::Outcome;
use super::splitting::as_f64;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Of the trajectories, at least one in so many is killed at a time.
const KILLED: usize = 8;

/// Adaptive multilevel splitting, with its buffers.
#[derive(Debug)]
pub(super) struct Adaptive<S> {
    paths: Vec<Path<S>>,
    reached: Vec<f64>,
    alive: Vec<usize>,
}

impl<S: Clone> Adaptive<S> {
    pub(super) const fn new() -> Self {
        Self {
            paths: Vec::new(),
            reached: Vec::new(),
            alive: Vec::new(),
        }
    }

    /// Follows so many trajectories to their end; then, until the k-th last is a hit, all that came
    /// no farther than that one are killed, and as many go on from where a survivor first came
    /// farther.
    ///
    /// Bréhier, Gazeau, Goudenège, Lelièvre and Rousset, "Unbiasedness of some generalized adaptive
    /// multilevel splitting algorithms", Annals of Applied Probability 26(6), 2016: it is the share
    /// of all who are killed that counts, ties included, and "farther" is strict.
    pub(super) fn replicate<M: Model<State = S>>(
        &mut self,
        model: &mut M,
        count: u32,
        rng: &mut ChaCha8Rng,
    ) -> Result<Outcome, M::Error> {
        let mut steps = self.begin(model, count, rng)?;
        let mut weight = 1.0;
        loop {
            let level = self.kth_last();
            if level == HIT {
                break;
            }
            self.alive.clear();
            let paths = self.paths.iter().enumerate();
            let alive = paths.filter(|(_, path)| path.reach() > level);
            self.alive.extend(alive.map(|(index, _)| index));
            if self.alive.is_empty() {
                return Ok(Outcome {
                    estimate: 0.0,
                    hits: 0,
                    steps,
                });
            }
            weight *= as_f64(self.alive.len()) / as_f64(self.paths.len());
            for index in 0..self.paths.len() {
                if self.paths[index].reach() <= level {
                    let parent = self.alive[rng.random_range(0..self.alive.len())];
                    let from = self.paths[parent].first(|score| score > level);
                    steps += self.paths[index].follow(model, from, rng)?;
                }
            }
        }
        let hits = self.paths.iter().filter(|path| path.reach() == HIT).count();
        Ok(Outcome {
            estimate: weight * as_f64(hits) / as_f64(self.paths.len()),
            hits: u32::try_from(hits).unwrap_or(u32::MAX),
            steps,
        })
    }

    /// Trajectories from the start to their end.
    fn begin<M: Model<State = S>>(
        &mut self,
        model: &mut M,
        count: u32,
        rng: &mut ChaCha8Rng,
    ) -> Result<u64, M::Error> {
        self.paths.resize_with(count as usize, Path::new);
        let mut steps = 0;
        for path in &mut self.paths {
            let start = Place::At(model.start(rng)?);
            steps += path.follow(model, start, rng)?;
        }
        Ok(steps)
    }

    /// How far the k-th last came.
    fn kth_last(&mut self) -> f64 {
        self.reached.clear();
        self.reached.extend(self.paths.iter().map(Path::reach));
        let k = (self.paths.len() / KILLED).max(1);
        let (_, level, _) = self.reached.select_nth_unstable_by(k - 1, f64::total_cmp);
        *level
    }
}
