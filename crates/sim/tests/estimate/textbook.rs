//! The textbook method, last-particle adaptive multilevel splitting, is wrong where scores tie.
//!
//! It kills one trajectory at a time and counts `1 − 1/N` for each, as if no other had come exactly
//! as far. Scores tie even where they are real numbers: time goes in steps, and a branch may come no
//! farther than the state where it split, nor may its parent. It is here to show that the tests could
//! tell.

use crate::SHORT;
use crate::short_exact;
use mondegreen_sim::estimate::models::NormalTail;
use mondegreen_sim::estimate::{Model, Step};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::convert::Infallible;

const TRAJECTORIES: usize = 50;
const REPLICATIONS: u32 = 200;

/// All scores and states of a trajectory; an infinite score for a hit.
type Trajectory<S> = Vec<(f64, Option<S>)>;

fn reach<S>(trajectory: &Trajectory<S>) -> f64 {
    trajectory
        .iter()
        .map(|(score, _)| *score)
        .fold(f64::NEG_INFINITY, f64::max)
}

fn follow<M: Model<Error = Infallible>>(
    model: &mut M,
    from: (f64, Option<M::State>),
    rng: &mut ChaCha8Rng,
) -> Trajectory<M::State> {
    let mut trajectory = vec![from];
    while let Some((_, Some(state))) = trajectory.last() {
        let mut state = state.clone();
        let Ok(step) = model.step(&mut state, rng);
        trajectory.push(match step {
            Step::On => (model.score(&state), Some(state)),
            Step::Hit => (f64::INFINITY, None),
            Step::Dead => (f64::NEG_INFINITY, None),
        });
    }
    trajectory
}

/// Who is killed at a time.
#[derive(Clone, Copy)]
enum Killed {
    /// One of the last, as in the textbook.
    One,
    /// All who came no farther than the last.
    Tied,
}

fn adaptive<M: Model<Error = Infallible>>(
    model: &mut M,
    killed: Killed,
    rng: &mut ChaCha8Rng,
) -> f64 {
    let mut all: Vec<Trajectory<M::State>> = Vec::new();
    for _ in 0..TRAJECTORIES {
        let Ok(state) = model.start(rng);
        all.push(follow(model, (model.score(&state), Some(state)), rng));
    }
    let mut probability = 1.0;
    loop {
        let reached: Vec<f64> = all.iter().map(reach).collect();
        let level = reached.iter().copied().fold(f64::INFINITY, f64::min);
        if level == f64::INFINITY {
            return probability;
        }
        let mut last: Vec<usize> = (0..TRAJECTORIES).filter(|i| reached[*i] == level).collect();
        let farther: Vec<usize> = (0..TRAJECTORIES).filter(|i| reached[*i] > level).collect();
        if farther.is_empty() {
            return 0.0;
        }
        if let Killed::One = killed {
            last.truncate(1);
        }
        for index in &last {
            let parent = farther[rng.random_range(0..farther.len())];
            let from = all[parent]
                .iter()
                .find(|(score, _)| *score > level)
                .unwrap()
                .clone();
            all[*index] = follow(model, from, rng);
        }
        probability *= 1.0 - last.len() as f64 / TRAJECTORIES as f64;
    }
}

/// The mean of the replications: in standard errors above the truth, and over the truth.
fn mean<M: Model<Error = Infallible>>(mut model: M, killed: Killed, exact: f64) -> [f64; 2] {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let runs = f64::from(REPLICATIONS);
    let one = |_| adaptive(&mut model, killed, &mut rng);
    let all: Vec<f64> = (0..REPLICATIONS).map(one).collect();
    let mean = all.iter().sum::<f64>() / runs;
    let squares: f64 = all.iter().map(|one| (one - mean).powi(2)).sum();
    let error = (squares / (runs - 1.0) / runs).sqrt();
    [(mean - exact) / error, mean / exact]
}

/// Φ(−3).
const TAIL: (NormalTail, f64) = (NormalTail { x: 3.0, steps: 4 }, 1.349_898_031_630_09e-3);

#[test]
fn the_textbook_method_is_wrong_where_scores_tie() {
    let [errors, times] = mean(SHORT, Killed::One, short_exact());
    assert!(errors > 10.0 && times > 2.0, "{errors} {times}");
    let [errors, times] = mean(TAIL.0, Killed::One, TAIL.1);
    assert!(errors > 10.0 && times > 2.0, "{errors} {times}");
}

/// What fails above is how the killed are counted, not this writing of it.
#[test]
fn it_is_right_once_all_who_tie_are_killed() {
    let [errors, times] = mean(SHORT, Killed::Tied, short_exact());
    assert!(errors.abs() < 3.0, "{errors} {times}");
    let [errors, times] = mean(TAIL.0, Killed::Tied, TAIL.1);
    assert!(errors.abs() < 3.0, "{errors} {times}");
}
