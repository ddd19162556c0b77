//! Four random processes whose rare end has a known probability: what an estimator is held against.
//!
//! The figures of [`CASES`] come from closed forms and, for the queues, from the linear equations of
//! their chain; a test solves all of them again in another way.

use super::{Estimate, Model, Settings, Shard, Step, Until};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::convert::Infallible;
use std::f64::consts::TAU;
use std::num::NonZeroUsize;

/// A gambler with one coin wins or loses one coin a game, until there are none or so many.
#[derive(Clone, Copy, Debug)]
pub struct Ruin {
    /// The chance to win a game.
    pub win: f64,
    /// What the gambler is after.
    pub goal: u32,
}

impl Model for Ruin {
    type State = u32;
    type Error = Infallible;

    fn start(&mut self, _: &mut ChaCha8Rng) -> Result<u32, Infallible> {
        Ok(1)
    }

    fn step(&mut self, coins: &mut u32, rng: &mut ChaCha8Rng) -> Result<Step, Infallible> {
        if rng.random::<f64>() < self.win {
            *coins += 1;
        } else {
            *coins -= 1;
        }
        Ok(end(*coins == self.goal, *coins == 0))
    }

    fn score(&self, coins: &u32) -> f64 {
        f64::from(*coins)
    }
}

/// The bounded retransmission protocol (Helmink, Sellink and Vaandrager, 1994): a file is sent in
/// chunks, each so often at most; it is rare that one of them gets lost each time.
#[derive(Clone, Copy, Debug)]
pub struct Retransmission {
    /// How many chunks the file has.
    pub chunks: u32,
    /// How often a chunk is sent again.
    pub retries: u32,
}

impl Retransmission {
    /// A chunk or its acknowledgement gets lost: 2% and 1%.
    pub const LOSS: f64 = 1.0 - 0.98 * 0.99;
}

/// Where the transmission of a file stands.
#[derive(Clone, Copy, Debug)]
pub struct Transmission {
    chunk: u32,
    lost: u32,
}

impl Model for Retransmission {
    type State = Transmission;
    type Error = Infallible;

    fn start(&mut self, _: &mut ChaCha8Rng) -> Result<Transmission, Infallible> {
        Ok(Transmission { chunk: 0, lost: 0 })
    }

    fn step(&mut self, at: &mut Transmission, rng: &mut ChaCha8Rng) -> Result<Step, Infallible> {
        if rng.random::<f64>() < Self::LOSS {
            at.lost += 1;
        } else {
            at.chunk += 1;
            at.lost = 0;
        }
        Ok(end(at.lost > self.retries, at.chunk == self.chunks))
    }

    /// How often the chunk at hand got lost. What is left of the file matters too, and is not in it.
    fn score(&self, at: &Transmission) -> f64 {
        f64::from(at.lost)
    }
}

/// Two queues, one after the other: the second one fills up before it is empty. Customers come three
/// at a time unit and are served two and six; who finds the first queue full is turned away.
#[derive(Clone, Copy, Debug)]
pub struct Tandem {
    /// How many fit into each queue.
    pub capacity: u32,
}

/// How many wait in each queue.
#[derive(Clone, Copy, Debug)]
pub struct Queues {
    first: u32,
    second: u32,
}

impl Model for Tandem {
    type State = Queues;
    type Error = Infallible;

    fn start(&mut self, _: &mut ChaCha8Rng) -> Result<Queues, Infallible> {
        Ok(Queues {
            first: 0,
            second: 1,
        })
    }

    /// One event of the chain of jumps: which queue fills first does not depend on when.
    fn step(&mut self, at: &mut Queues, rng: &mut ChaCha8Rng) -> Result<Step, Infallible> {
        let arrives = if at.first < self.capacity { 3.0 } else { 0.0 };
        let moves_on = if at.first > 0 { 2.0 } else { 0.0 };
        let event = rng.random::<f64>() * (arrives + moves_on + 6.0);
        if event < arrives {
            at.first += 1;
        } else if event < arrives + moves_on {
            at.first -= 1;
            at.second += 1;
        } else {
            at.second -= 1;
        }
        Ok(end(at.second == self.capacity, at.second == 0))
    }

    /// The length of the second queue; whether anybody is there to come from the first is not in it.
    fn score(&self, at: &Queues) -> f64 {
        f64::from(at.second)
    }
}

/// A sum of independent normal steps, scaled to variance one, ends beyond `x`: a score that is not
/// discrete, and a rare end that is due at a certain time.
#[derive(Clone, Copy, Debug)]
pub struct NormalTail {
    /// Where the tail begins.
    pub x: f64,
    /// How many steps the sum has.
    pub steps: u32,
}

/// A sum on its way.
#[derive(Clone, Copy, Debug)]
pub struct Walk {
    left: u32,
    /// Not scaled.
    sum: f64,
}

impl Model for NormalTail {
    type State = Walk;
    type Error = Infallible;

    fn start(&mut self, _: &mut ChaCha8Rng) -> Result<Walk, Infallible> {
        Ok(Walk {
            left: self.steps,
            sum: 0.0,
        })
    }

    fn step(&mut self, walk: &mut Walk, rng: &mut ChaCha8Rng) -> Result<Step, Infallible> {
        walk.sum += normal(rng);
        walk.left -= 1;
        let is_beyond = walk.sum >= self.goal();
        Ok(end(walk.left == 0 && is_beyond, walk.left == 0))
    }

    /// By how many standard deviations of what is left the sum would have to beat chance, negated:
    /// the chance of a hit ascends with it.
    fn score(&self, walk: &Walk) -> f64 {
        (walk.sum - self.goal()) / f64::from(walk.left).sqrt()
    }
}

impl NormalTail {
    fn goal(&self) -> f64 {
        self.x * f64::from(self.steps).sqrt()
    }
}

/// A standard normal number (Box and Muller, 1958).
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    // In (0, 1], where the logarithm is finite.
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (TAU * rng.random::<f64>()).cos()
}

const fn end(is_hit: bool, is_over: bool) -> Step {
    if is_hit {
        Step::Hit
    } else if is_over {
        Step::Dead
    } else {
        Step::On
    }
}

/// One of these processes, and the probability of its rare end.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// With its parameters.
    pub name: &'static str,
    /// The process.
    pub process: Process,
    /// The probability, as exactly as it is printed.
    pub exact: f64,
}

/// Any of these processes.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "named after what they hold")]
pub enum Process {
    Ruin(Ruin),
    Retransmission(Retransmission),
    Tandem(Tandem),
    NormalTail(NormalTail),
}

impl Process {
    /// An estimate of the probability, with one thread or more.
    pub fn estimate(self, settings: Settings, threads: NonZeroUsize, until: Until) -> Estimate {
        match self {
            Self::Ruin(model) => estimate(model, settings, threads, until),
            Self::Retransmission(model) => estimate(model, settings, threads, until),
            Self::Tandem(model) => estimate(model, settings, threads, until),
            Self::NormalTail(model) => estimate(model, settings, threads, until),
        }
    }
}

fn estimate<M>(mut model: M, settings: Settings, threads: NonZeroUsize, until: Until) -> Estimate
where
    M: Model<Error = Infallible> + Copy + Sync,
{
    let Ok(mut estimate) = Estimate::begin(&mut model, settings);
    let go_on = |so_far: &Estimate| until.go_on(so_far);
    let Ok(()) = estimate.run(|| Ok(model), Shard::WHOLE, threads, go_on);
    estimate
}

/// What the estimators are held against.
pub const CASES: [Case; 11] = [
    ruin("ruin p=0.3 n=20", 0.3, 20, 5.826_436_930_385_106e-8),
    ruin("ruin p=1/3 n=30", 1.0 / 3.0, 30, 1.0 / 1_073_741_823.0),
    ruin("ruin p=0.45 n=50", 0.45, 50, 9.756_583_537_361_086e-6),
    retransmission("retransmission N=16 MAX=2", 2, 4.233_334_437_7e-4),
    retransmission("retransmission N=16 MAX=5", 5, 1.120_514_7e-8),
    tandem("tandem C=8", 8, 5.602_363_637e-6),
    tandem("tandem C=10", 10, 3.147_277_622e-7),
    tandem("tandem C=12", 12, 1.860_150_984e-8),
    tandem("tandem C=14", 14, 1.138_931_133e-9),
    normal_tail("normal tail x=5", 5.0, 2.866_515_719e-7),
    normal_tail("normal tail x=6", 6.0, 9.865_876_450e-10),
];

const fn ruin(name: &'static str, win: f64, goal: u32, exact: f64) -> Case {
    let process = Process::Ruin(Ruin { win, goal });
    Case {
        name,
        process,
        exact,
    }
}

const fn retransmission(name: &'static str, retries: u32, exact: f64) -> Case {
    let chunks = 16;
    let process = Process::Retransmission(Retransmission { chunks, retries });
    Case {
        name,
        process,
        exact,
    }
}

const fn tandem(name: &'static str, capacity: u32, exact: f64) -> Case {
    let process = Process::Tandem(Tandem { capacity });
    Case {
        name,
        process,
        exact,
    }
}

const fn normal_tail(name: &'static str, x: f64, exact: f64) -> Case {
    let process = Process::NormalTail(NormalTail { x, steps: 16 });
    Case {
        name,
        process,
        exact,
    }
}
