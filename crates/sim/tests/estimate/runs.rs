//! What does not change a result: threads, shards, interruptions, files, and how states are kept.

use crate::{ONE, SHORT, settings, short_exact};
use mondegreen_sim::estimate::models::Ruin;
use mondegreen_sim::estimate::{Estimate, Method, Model, PoolError, Shard, Step, Until};
use rand_chacha::ChaCha8Rng;
use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

fn begin(method: Method) -> Estimate {
    let Ok(estimate) = Estimate::begin(&mut { SHORT }, settings(method, 50, 7));
    estimate
}

/// Until it has so many replications.
fn up_to(count: usize) -> impl Fn(&Estimate) -> ControlFlow<()> {
    move |so_far| {
        if so_far.replications().len() < count {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    }
}

fn run(mut estimate: Estimate, shard: Shard, threads: usize, count: usize) -> Estimate {
    let threads = NonZeroUsize::new(threads).unwrap();
    let Ok(()) = estimate.run(|| Ok(SHORT), shard, threads, up_to(count));
    estimate
}

#[test]
fn threads_change_nothing() {
    for method in [Method::Crude, Method::FixedEffort, Method::Adaptive] {
        let until = Until {
            relative_error: Some(0.1),
            steps: Some(1_000_000),
        };
        let [one, many] = [1, 5].map(|threads| {
            let mut estimate = begin(method);
            let threads = NonZeroUsize::new(threads).unwrap();
            let go_on = |so_far: &Estimate| until.go_on(so_far);
            let Ok(()) = estimate.run(|| Ok(SHORT), Shard::WHOLE, threads, go_on);
            estimate
        });
        assert!(one.replications().len() >= 30);
        assert_eq!(one, many);
        let other = Estimate::begin(&mut { SHORT }, settings(method, 50, 8));
        let Ok(other) = other.map(|begun| run(begun, Shard::WHOLE, 1, 20));
        assert_ne!(one.replications()[..20], other.replications()[..20]);
    }
}

#[test]
fn shards_pool_to_the_whole() {
    let whole = run(begin(Method::FixedEffort), Shard::WHOLE, 1, 30);
    let shard = |index| {
        let shard = Shard::new(index, 3).unwrap();
        run(begin(Method::FixedEffort), shard, 2, 10)
    };
    let [first, second, third] = [0, 1, 2].map(shard);
    let pooled = third.clone().pool(first.clone()).unwrap();
    assert_eq!(pooled.pool(second.clone()).unwrap(), whole);

    assert_eq!(first.clone().pool(first.clone()), Err(PoolError::Twice(0)));
    let crude = run(begin(Method::Crude), Shard::WHOLE, 1, 3);
    assert_eq!(first.pool(crude), Err(PoolError::OtherSettings));
    assert!(Shard::new(3, 3).is_err());
}

#[test]
fn what_was_cut_off_goes_on_as_if_it_had_not_been() {
    let whole = run(begin(Method::Adaptive), Shard::WHOLE, 1, 30);
    let part = run(begin(Method::Adaptive), Shard::WHOLE, 3, 11);
    let written = serde_json::to_string(&part).unwrap();
    let read: Estimate = serde_json::from_str(&written).unwrap();
    assert_eq!(read, part);
    assert_eq!(run(read, Shard::WHOLE, 2, 30), whole);

    let shard = Shard::new(1, 4).unwrap();
    let part = run(begin(Method::Adaptive), shard, 1, 3);
    let numbers = run(part, shard, 1, 5);
    let numbers = numbers.replications().iter().map(|one| one.number);
    assert_eq!(numbers.collect::<Vec<_>>(), [1, 5, 9, 13, 17]);
}

#[test]
fn a_file_that_cannot_be_is_refused() {
    let estimate = run(begin(Method::FixedEffort), Shard::WHOLE, 1, 2);
    let written = serde_json::to_value(&estimate).unwrap();
    let refused = |place: &str, value: serde_json::Value| {
        let mut changed = written.clone();
        *changed.pointer_mut(place).unwrap() = value;
        let error = serde_json::from_value::<Estimate>(changed).unwrap_err();
        error.to_string()
    };
    assert_eq!(
        refused("/replications/1/estimate", 1.5.into()),
        "replication 1 has an impossible estimate or too many hits"
    );
    assert_eq!(
        refused("/replications/0/hits", 51.into()),
        "replication 0 has an impossible estimate or too many hits"
    );
    assert_eq!(
        refused("/replications/1/number", 0.into()),
        "replication 0 is there twice"
    );
    assert_eq!(
        refused("/levels/scores", serde_json::json!([2.0, 2.0])),
        "levels that do not ascend"
    );
    assert!(refused("/settings/trajectories", 0.into()).contains("nonzero"));
}

/// Plays the game on a table that cannot be copied: a state is what was played so far, and is played
/// again after a split.
struct Replayed {
    game: Ruin,
    /// What lies on the table, and how it came there.
    table: (u32, Vec<bool>),
    again: u64,
}

impl Model for Replayed {
    type State = Vec<bool>;
    type Error = Infallible;

    fn start(&mut self, _: &mut ChaCha8Rng) -> Result<Vec<bool>, Infallible> {
        Ok(Vec::new())
    }

    fn step(&mut self, played: &mut Vec<bool>, rng: &mut ChaCha8Rng) -> Result<Step, Infallible> {
        if self.table.1 != *played {
            self.again += played.len() as u64;
            self.table = (coins(played), played.clone());
        }
        let before = self.table.0;
        let step = self.game.step(&mut self.table.0, rng);
        played.push(self.table.0 > before);
        self.table.1.clone_from(played);
        step
    }

    fn score(&self, played: &Vec<bool>) -> f64 {
        f64::from(coins(played))
    }

    fn extra_work(&mut self) -> u64 {
        std::mem::take(&mut self.again)
    }
}

impl Replayed {
    const fn new() -> Self {
        Self {
            game: SHORT,
            table: (1, Vec::new()),
            again: 0,
        }
    }
}

fn coins(played: &[bool]) -> u32 {
    let won = |coins: u32, won: &bool| if *won { coins + 1 } else { coins - 1 };
    played.iter().fold(1, won)
}

#[test]
fn a_state_may_be_a_history_that_is_played_again() {
    for method in [Method::FixedEffort, Method::Adaptive] {
        let copied = run(begin(method), Shard::WHOLE, 1, 20);
        let Ok(mut replayed) = Estimate::begin(&mut Replayed::new(), settings(method, 50, 7));
        let Ok(()) = replayed.run(|| Ok(Replayed::new()), Shard::WHOLE, ONE, up_to(20));
        assert_eq!(copied.levels().scores, replayed.levels().scores);
        for (copied, replayed) in copied.replications().iter().zip(replayed.replications()) {
            assert_eq!(copied.estimate, replayed.estimate);
            assert!(copied.steps < replayed.steps, "playing again is work");
        }
    }
}

/// Breaks when it is dealt a certain hand.
struct Fragile;

impl Model for Fragile {
    type State = u32;
    type Error = String;

    fn start(&mut self, _: &mut ChaCha8Rng) -> Result<u32, String> {
        Ok(1)
    }

    fn step(&mut self, coins: &mut u32, rng: &mut ChaCha8Rng) -> Result<Step, String> {
        if *coins == 4 {
            return Err("the table broke".to_owned());
        }
        let Ok(step) = { SHORT }.step(coins, rng);
        Ok(step)
    }

    fn score(&self, coins: &u32) -> f64 {
        f64::from(*coins)
    }
}

#[test]
fn a_model_that_breaks_is_neither_hit_nor_miss() {
    let mut ends = Vec::new();
    for threads in [1, 4] {
        let mut estimate = Estimate::begin(&mut Fragile, settings(Method::Crude, 1, 4)).unwrap();
        let threads = NonZeroUsize::new(threads).unwrap();
        let go_on = |_: &Estimate| ControlFlow::Continue(());
        let end = estimate.run(|| Ok(Fragile), Shard::WHOLE, threads, go_on);
        assert_eq!(end, Err("the table broke".to_owned()));
        ends.push(estimate);
    }
    assert!(!ends[0].replications().is_empty());
    assert_eq!(ends[0], ends[1]);

    let Err(error) = Estimate::begin(&mut Fragile, settings(Method::FixedEffort, 99, 3)) else {
        panic!("the pilot run did not break the table");
    };
    assert_eq!(error, "the table broke");

    let mut estimate = begin(Method::Crude);
    let none = || Err::<Fragile, _>("no table".to_owned());
    let end = estimate.run(none, Shard::WHOLE, ONE, |_| ControlFlow::Continue(()));
    assert_eq!(end, Err("no table".to_owned()));
}

/// Four shards that each stop by themselves, after so many steps: what they come to together holds the
/// truth as often as it promises.
#[test]
fn pooled_shards_cover_as_promised() {
    const RUNS: u64 = 400;
    for method in [Method::Crude, Method::FixedEffort, Method::Adaptive] {
        let pooled = |seed: u64| {
            let shard = |index| {
                let Ok(mut estimate) = Estimate::begin(&mut { SHORT }, settings(method, 100, seed));
                let until = Until {
                    relative_error: None,
                    steps: Some(estimate.levels().steps + 12_000),
                };
                let shard = Shard::new(index, 4).unwrap();
                let go_on = |so_far: &Estimate| until.go_on(so_far);
                let Ok(()) = estimate.run(|| Ok(SHORT), shard, ONE, go_on);
                estimate
            };
            let shards = (0..4).map(shard);
            shards
                .reduce(|one, other| one.pool(other).unwrap())
                .unwrap()
        };
        let covers = |seed: &u64| {
            let summary = pooled(*seed).summary().unwrap();
            summary.interval.contains(short_exact())
        };
        let covered = (1..=RUNS).filter(covers).count();
        // Four standard errors of a coverage of 95%.
        assert!((362..=397).contains(&covered), "{method:?}: {covered}");
    }
}
