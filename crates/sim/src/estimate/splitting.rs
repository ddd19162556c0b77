//! Crude Monte Carlo, and splitting at fixed levels with as many trajectories from each.

use super::path::{Place, score};
use super::replicate::Outcome;
use super::{Model, Step};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Fixed-effort splitting, with its buffers.
#[derive(Debug)]
pub(super) struct Splitting<S> {
    /// Where the level at hand was entered, and where the next one is.
    entered: Vec<Place<S>>,
    next: Vec<Place<S>>,
}

/// How far a trajectory is followed.
#[derive(Clone, Copy, Debug)]
enum Goal {
    Level(f64),
    Hit,
}

impl<S: Clone> Splitting<S> {
    pub(super) const fn new() -> Self {
        Self {
            entered: Vec::new(),
            next: Vec::new(),
        }
    }

    /// Follows so many trajectories from each level to the next, and those of the last level to
    /// their end. Without levels, this is crude Monte Carlo.
    ///
    /// The product of the shares that arrive is unbiased because each trajectory of a stage begins
    /// at an arrival that is uniform among those of the stage before. All arrivals are used, as there
    /// are never more than trajectories; so the line of first descendants of each trajectory from the
    /// start is as if it had been followed alone, and these lines are independent. That is what the
    /// bound on no hit at all rests on.
    pub(super) fn replicate<M: Model<State = S>>(
        &mut self,
        model: &mut M,
        count: u32,
        levels: &[f64],
        rng: &mut ChaCha8Rng,
    ) -> Result<Outcome, M::Error> {
        let mut steps = 0;
        let mut estimate = 1.0;
        let mut goals = levels.iter().map(|level| Goal::Level(*level));
        let first = goals.next().unwrap_or(Goal::Hit);
        self.next.clear();
        for _ in 0..count {
            let start = Place::At(model.start(rng)?);
            self.next
                .extend(follow(model, start, first, rng, &mut steps)?);
        }
        estimate *= share(&self.next, count);
        let rest = goals.chain(std::iter::once(Goal::Hit));
        for goal in rest.take(levels.len()) {
            std::mem::swap(&mut self.entered, &mut self.next);
            self.next.clear();
            if self.entered.is_empty() {
                break;
            }
            for from in systematic(self.entered.len(), count, rng) {
                let from = self.entered[from].clone();
                self.next
                    .extend(follow(model, from, goal, rng, &mut steps)?);
            }
            estimate *= share(&self.next, count);
        }
        Ok(Outcome {
            estimate,
            hits: u32::try_from(self.next.len()).unwrap_or(u32::MAX),
            steps,
        })
    }
}

/// Where a trajectory from there comes to its goal, if it does.
fn follow<M: Model>(
    model: &mut M,
    from: Place<M::State>,
    goal: Goal,
    rng: &mut ChaCha8Rng,
    steps: &mut u64,
) -> Result<Option<Place<M::State>>, M::Error> {
    let Place::At(mut state) = from else {
        return Ok(Some(Place::Hit));
    };
    loop {
        if let Goal::Level(level) = goal
            && score(model, &state) >= level
        {
            return Ok(Some(Place::At(state)));
        }
        *steps += 1;
        match model.step(&mut state, rng)? {
            Step::On => {}
            Step::Hit => return Ok(Some(Place::Hit)),
            Step::Dead => return Ok(None),
        }
    }
}

fn share<S>(arrived: &[Place<S>], count: u32) -> f64 {
    as_f64(arrived.len()) / f64::from(count)
}

/// There are as many trajectories as a `u32` counts, or some doublings more.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(super) const fn as_f64(count: usize) -> f64 {
    count as f64
}

/// So many picks among so many things: each thing equally often but for one, spread evenly, and each
/// pick by itself uniform.
pub(super) fn systematic(
    among: usize,
    picks: u32,
    rng: &mut ChaCha8Rng,
) -> impl Iterator<Item = usize> + use<> {
    let (among, picks) = (among as u64, u64::from(picks));
    let offset = rng.random_range(0..among.max(1));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "less than the length that came in"
    )]
    (0..picks).map(move |pick| ((pick * among + offset) / picks) as usize)
}

#[cfg(test)]
mod tests {
    use super::systematic;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn all_are_picked_about_equally_often_and_each_has_the_same_chance() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let (among, picks) = (7, 10);
        let mut total = vec![0; among];
        for _ in 0..7_000 {
            let mut times = vec![0; among];
            for pick in systematic(among, picks, &mut rng) {
                times[pick] += 1;
            }
            assert!(times.iter().all(|n| (1..=2).contains(n)), "{times:?}");
            for (total, times) in total.iter_mut().zip(times) {
                *total += times;
            }
        }
        // Ten thousand each; the standard deviation is about 40.
        assert!(
            total.iter().all(|n: &i32| (n - 10_000).abs() < 200),
            "{total:?}"
        );
    }
}
