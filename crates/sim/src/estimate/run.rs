//! Replications on all cores, added in order.

use super::replicate::Replicator;
use super::{Estimate, Model, REPLICATIONS_MIN, Replication};
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

/// Which replications are made here: with `of` shards, each `of`-th from `index` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    of: u64,
}

impl Shard {
    /// All of them.
    pub const WHOLE: Self = Self { index: 0, of: 1 };

    /// This one, counted from 0, of so many.
    ///
    /// # Errors
    /// When there is no such shard.
    pub const fn new(index: u64, of: u64) -> Result<Self, ShardError> {
        if index < of {
            Ok(Self { index, of })
        } else {
            Err(ShardError { index, of })
        }
    }

    /// The number of the n-th replication of this shard.
    pub(crate) const fn number(self, n: u64) -> u64 {
        self.index.saturating_add(self.of.saturating_mul(n))
    }

    /// How many of its replications lie below the number that comes after this one.
    const fn up_to(self, number: u64) -> u64 {
        match number.checked_sub(self.index) {
            Some(beyond) => beyond / self.of + 1,
            None => 0,
        }
    }
}

/// There is no such shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShardError {
    index: u64,
    of: u64,
}

impl Display for ShardError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "there is no shard {} of {}; the first is 0",
            self.index, self.of
        )
    }
}

impl std::error::Error for ShardError {}

/// When an estimate is good enough, or has cost enough. Either will do; with neither it goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Until {
    /// Go on until the standard error is this share of the estimate, and the interval is beyond
    /// doubt.
    pub relative_error: Option<f64>,
    /// Stop after so many steps. The replication that goes beyond them still counts: to leave out
    /// the long ones would bias the mean.
    pub steps: Option<u64>,
}

impl Until {
    /// Whether to go on; for [`Estimate::run`].
    pub fn go_on(&self, so_far: &Estimate) -> ControlFlow<()> {
        let spent = self.steps.is_some_and(|steps| so_far.steps() >= steps);
        if spent || self.is_precise(so_far) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn is_precise(&self, so_far: &Estimate) -> bool {
        let Some(wanted) = self.relative_error else {
            return false;
        };
        let sums = so_far.sums();
        let few = sums.count < u64::from(REPLICATIONS_MIN);
        !few && sums.relative_error().is_some_and(|error| error <= wanted)
            && so_far
                .summary()
                .is_some_and(|summary| summary.doubt.is_none())
    }
}

impl Estimate {
    /// Adds replications of this shard, from where it stands, until told to stop. `go_on` is asked
    /// after each, in the order of their numbers, and may show how it goes; it is also the place for
    /// a limit on time. Each thread makes a model of its own.
    ///
    /// What is asked for and was not yet added when it is told to stop is left out, so the result
    /// depends on the number of threads no more than the answers of `go_on` do.
    ///
    /// # Errors
    /// Those of the model. The replications that came before it are kept.
    pub fn run<M: Model<Error: Send>>(
        &mut self,
        make: impl Fn() -> Result<M, M::Error> + Sync,
        shard: Shard,
        threads: NonZeroUsize,
        mut go_on: impl FnMut(&Self) -> ControlFlow<()>,
    ) -> Result<(), M::Error> {
        let (settings, levels) = (self.settings().clone(), self.levels().clone());
        let last = self.replications().last();
        let mut expected = last.map_or(0, |last| shard.up_to(last.number));
        if threads == NonZeroUsize::MIN {
            let mut replicator = Replicator::new(make()?, &settings, &levels);
            for n in expected.. {
                self.push(replicator.replicate(shard.number(n))?);
                if go_on(self).is_break() {
                    break;
                }
            }
            return Ok(());
        }
        let next = AtomicU64::new(expected);
        let number = || next.fetch_add(1, Ordering::Relaxed);
        let work = |results: Sender<(u64, Result<Replication, M::Error>)>| {
            let mut replicator = match make() {
                Ok(model) => Replicator::new(model, &settings, &levels),
                Err(error) => return drop(results.send((number(), Err(error)))),
            };
            loop {
                let n = number();
                let result = replicator.replicate(shard.number(n));
                let failed = result.is_err();
                if results.send((n, result)).is_err() || failed {
                    return;
                }
            }
        };
        thread::scope(|scope| {
            let (sender, results) = channel();
            for _ in 0..threads.get() {
                let sender = sender.clone();
                scope.spawn(|| work(sender));
            }
            drop(sender);
            // Those that came before their turn.
            let mut early = BTreeMap::new();
            for (n, result) in results {
                early.insert(n, result);
                while let Some(result) = early.remove(&expected) {
                    self.push(result?);
                    expected += 1;
                    if go_on(self).is_break() {
                        return Ok(());
                    }
                }
            }
            Ok(())
        })
    }
}
