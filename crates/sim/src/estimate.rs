//! How likely is what almost never happens? Rare events by multilevel splitting.
//!
//! A [`Model`] says how one trajectory begins, how it goes on, and how near it is: its *score*. An
//! [`Estimate`] of the probability that a trajectory ends in a hit is the mean of independent
//! *replications*, each of which follows [`Settings::trajectories`] trajectories by one [`Method`].
//! Nothing here knows about assistants; a model may run one, and its step fails when that breaks.
//!
//! What is kept true:
//!
//! - **Unbiased, ties or not.** A score may take few values, and many trajectories may share one.
//!   The mean of a replication is the probability all the same, whatever the score is worth; a poor
//!   score costs precision alone.
//! - **Intervals come from replications**, never from what one of them would claim for itself, and
//!   no hit at all gives a bound, never "0" ([`Summary`]).
//! - **One seed, one result.** A replication draws from a `ChaCha` stream of its own and replications
//!   are added in the order of their numbers, so threads change nothing but the time it takes. The
//!   pilot run that places the levels has a stream of its own too.
//! - **Shards pool.** An estimate can be written down with all that it takes to repeat or continue
//!   it, and those of several machines make one ([`Estimate::pool`]).
//!
//! `docs/estimating.md` has the coverage and the efficiency, measured on models whose answer is
//! known ([`models`]).
//!
//! # A model of one's own
//!
//! Thirty heads in a row before a hundred throws are over:
//!
//! ```
//! use mondegreen_sim::estimate::{Estimate, Method, Model, Settings, Shard, Step, Until};
//! use rand::RngExt;
//! use rand_chacha::ChaCha8Rng;
//! use std::convert::Infallible;
//! use std::num::{NonZeroU32, NonZeroUsize};
//!
//! struct Coin;
//!
//! #[derive(Clone)]
//! struct Throws { left: u32, heads_in_a_row: u32 }
//!
//! impl Model for Coin {
//!     type State = Throws;
//!     type Error = Infallible;
//!
//!     fn start(&mut self, _: &mut ChaCha8Rng) -> Result<Throws, Infallible> {
//!         Ok(Throws { left: 100, heads_in_a_row: 0 })
//!     }
//!
//!     fn step(&mut self, throws: &mut Throws, rng: &mut ChaCha8Rng) -> Result<Step, Infallible> {
//!         throws.left -= 1;
//!         throws.heads_in_a_row = if rng.random() { throws.heads_in_a_row + 1 } else { 0 };
//!         Ok(match (throws.heads_in_a_row, throws.left) {
//!             (30, _) => Step::Hit,
//!             (_, 0) => Step::Dead,
//!             _ => Step::On,
//!         })
//!     }
//!
//!     fn score(&self, throws: &Throws) -> f64 {
//!         f64::from(throws.heads_in_a_row)
//!     }
//! }
//!
//! let settings = Settings {
//!     model: "thirty heads in a hundred throws".to_owned(),
//!     method: Method::FixedEffort,
//!     trajectories: NonZeroU32::new(500).unwrap(),
//!     seed: 1,
//! };
//! let mut estimate = Estimate::begin(&mut Coin, settings)?;
//! let until = Until { relative_error: Some(0.1), steps: None };
//! let threads = NonZeroUsize::new(2).unwrap();
//! estimate.run(|| Ok(Coin), Shard::WHOLE, threads, |so_far| until.go_on(so_far))?;
//!
//! let summary = estimate.summary().unwrap();
//! assert!(summary.interval.low < 3.37e-8 && 3.37e-8 < summary.interval.high);
//! # Ok::<(), Infallible>(())
//! ```

mod adaptive;
mod interval;
pub mod models;
mod path;
mod pilot;
mod pool;
mod replicate;
mod run;
mod splitting;
mod summary;

pub use interval::{CONFIDENCE, Interval, zero_bound};
pub(crate) use interval::{as_f64, students_t};
pub use pilot::{LEVELS_MAX, Levels};
pub use pool::{Estimate, PoolError, Replication};
pub use run::{Shard, ShardError, Until};
pub use summary::{Doubt, REPLICATIONS_MIN, Summary};

use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;

/// A random process that ends, now and then in what is looked for.
///
/// It is a Markov process on its states: what a trajectory does next depends on its state and on
/// the random numbers it is handed, and on nothing that the model keeps to itself. States are
/// cloned where a trajectory splits. What does not clone well, like a program on the other side of a
/// pipe, can have as its state what it was given so far, and be given that again after a split.
pub trait Model {
    /// All that the rest of a trajectory depends on.
    type State: Clone;
    /// Why a trajectory could not go on. It ends the whole run: it is neither a hit nor a miss.
    type Error;

    /// What the trajectories of one replication share, drawn anew before each replication, and what
    /// a hit is worth then: 1 unless the model says otherwise. What is estimated is the mean worth of
    /// a trajectory over all that can be drawn here. The worth is finite and not negative.
    ///
    /// # Errors
    /// When it cannot be drawn.
    fn renew(&mut self, _: &mut ChaCha8Rng) -> Result<f64, Self::Error> {
        Ok(1.0)
    }

    /// Where a trajectory begins. That may be random.
    ///
    /// # Errors
    /// When there is none to be had.
    fn start(&mut self, rng: &mut ChaCha8Rng) -> Result<Self::State, Self::Error>;

    /// One step. Each trajectory must come to an end with probability one.
    ///
    /// # Errors
    /// When the trajectory cannot go on.
    fn step(&mut self, state: &mut Self::State, rng: &mut ChaCha8Rng) -> Result<Step, Self::Error>;

    /// How near to a hit this state is; more is nearer. It must be finite.
    ///
    /// Any score leaves the estimate right. The nearer it orders states by their chance of a hit, the
    /// more precise it is.
    fn score(&self, state: &Self::State) -> f64;

    /// Work since the last call beyond one for each step, such as giving an assistant again what it
    /// was given before a split. It counts as steps.
    fn extra_work(&mut self) -> u64 {
        0
    }
}

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It goes on.
    On,
    /// It ended in what was looked for.
    Hit,
    /// It ended otherwise.
    Dead,
}

/// What the trajectories of one replication are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Crude Monte Carlo: independent trajectories, counted. Its interval is Clopper and Pearson's.
    Crude,
    /// Fixed-effort splitting: as many trajectories from each level to the next. The levels come
    /// from a pilot run.
    FixedEffort,
    /// Generalised adaptive multilevel splitting (Bréhier, Gazeau, Goudenège, Lelièvre and Rousset,
    /// 2016): whoever comes no farther than the k-th last is killed, ties included.
    Adaptive,
}

/// What is estimated, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The model with all its parameters, in words. Estimates of different models do not pool.
    pub model: String,
    /// How a replication is made.
    pub method: Method,
    /// Trajectories followed at a time in one replication. More make a replication more precise and
    /// dearer; some hundred will do.
    pub trajectories: NonZeroU32,
    /// Where all randomness comes from.
    pub seed: u64,
}
