//! A trajectory with the places where it came nearer than ever before.

use super::{Model, Step};
use rand_chacha::ChaCha8Rng;

/// How near a trajectory came at best. A hit is nearer than any score.
pub(super) const HIT: f64 = f64::INFINITY;

/// A trajectory that was followed to its end, and can be gone on from wherever it came nearer.
#[derive(Debug)]
pub(super) struct Path<S> {
    /// Its first state, and each that scored more than all before, in order.
    records: Vec<(f64, S)>,
    reach: f64,
}

/// A state that a trajectory can go on from, unless it is at its end.
#[derive(Clone, Debug)]
pub(super) enum Place<S> {
    At(S),
    Hit,
}

impl<S: Clone> Path<S> {
    pub(super) const fn new() -> Self {
        Self {
            records: Vec::new(),
            reach: f64::NEG_INFINITY,
        }
    }

    /// The best score on the way, or [`HIT`].
    pub(super) const fn reach(&self) -> f64 {
        self.reach
    }

    /// The first place that scored so well by this measure.
    pub(super) fn first(&self, enough: impl Fn(f64) -> bool) -> Place<S> {
        let first = self.records.partition_point(|(score, _)| !enough(*score));
        match self.records.get(first) {
            Some((_, state)) => Place::At(state.clone()),
            None => Place::Hit,
        }
    }

    /// Becomes the path that goes on from there, to its end. Returns the number of steps.
    pub(super) fn follow<M: Model<State = S>>(
        &mut self,
        model: &mut M,
        from: Place<S>,
        rng: &mut ChaCha8Rng,
    ) -> Result<u64, M::Error> {
        self.records.clear();
        self.reach = HIT;
        let Place::At(mut state) = from else {
            return Ok(0);
        };
        let mut best = score(model, &state);
        self.records.push((best, state.clone()));
        let mut steps = 0;
        loop {
            steps += 1;
            match model.step(&mut state, rng)? {
                Step::Hit => return Ok(steps),
                Step::Dead => {
                    self.reach = best;
                    return Ok(steps);
                }
                Step::On => {
                    let now = score(model, &state);
                    if now > best {
                        best = now;
                        self.records.push((best, state.clone()));
                    }
                }
            }
        }
    }
}

/// The score of this state, which has to be a number: the order of paths rests on it.
pub(super) fn score<M: Model>(model: &M, state: &M::State) -> f64 {
    let score = model.score(state);
    assert!(score.is_finite(), "a score is a finite number");
    score
}
