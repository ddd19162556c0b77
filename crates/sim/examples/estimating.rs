//! Does the estimator say what is so, as often as it claims, and is it worth having?
//!
//! ```text
//! cargo run --release -p mondegreen-sim --example estimating
//! ```
//!
//! prints the table of `docs/estimating.md` in some minutes: for each process whose rare end has a
//! known probability, and for both methods of splitting, 400 whole runs with seeds 1 to 400, each
//! with its own pilot run, each until the standard error is a tenth of the estimate. The same figures
//! come out each time. It fails if coverage or efficiency are not what the page promises.

use mondegreen_sim::estimate::models::{CASES, Case, Process};
use mondegreen_sim::estimate::{Method, Settings, Summary, Until};
use std::io::{self, Write};
use std::num::{NonZeroU32, NonZeroUsize};
use std::process::ExitCode;
use std::thread;

const RUNS: u32 = 400;
const RELATIVE_ERROR: f64 = 0.1;
const ONE_THREAD: NonZeroUsize = NonZeroUsize::MIN;
/// What the page promises: coverage of the nominal 95%, and times better than crude Monte Carlo
/// where the probability is no more than [`NEAR`].
const COVERAGE: [f64; 2] = [0.92, 0.98];
const TIMES: f64 = 10_000.0;
const NEAR: f64 = 2e-9;
/// Above this, crude Monte Carlo is run; below, its figure comes from its formula.
const CRUDE_MIN: f64 = 1e-6;

fn main() -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "| process | method | estimate and 95% interval, seed 1 | exact | mean of {RUNS} over exact | \
         coverage | steps of a run | error² × steps | crude: error² × steps | times better |"
    )?;
    writeln!(out, "|{}", " --- |".repeat(10))?;
    let mut missed = Vec::new();
    for case in &CASES {
        let crude = crude(case);
        for method in [Method::FixedEffort, Method::Adaptive] {
            let row = Row::of(case, method);
            row.write(case, &crude, &mut out)?;
            missed.extend(row.missed(case, &crude));
        }
    }
    for missed in &missed {
        writeln!(out, "\nmissed: {missed}")?;
    }
    Ok(if missed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Crude Monte Carlo: relative error squared times steps, which does not depend on how many.
struct Crude {
    efficiency: f64,
    how: &'static str,
}

fn crude(case: &Case) -> Crude {
    let run = |until| {
        let estimate = case
            .process
            .estimate(settings(case, Method::Crude, 1), ONE_THREAD, until);
        estimate.summary().expect("a run has a replication")
    };
    if case.exact > CRUDE_MIN {
        let relative_error = Some(RELATIVE_ERROR / 2.0);
        let summary = run(Until {
            relative_error,
            steps: None,
        });
        return Crude {
            efficiency: efficiency(summary.relative_error.unwrap_or(f64::NAN), steps(&summary)),
            how: "measured",
        };
    }
    let summary = run(Until {
        relative_error: None,
        steps: Some(1_000_000),
    });
    let trajectories = f64::from(trajectories(case).get()) * as_f64(summary.replications);
    Crude {
        efficiency: (1.0 - case.exact) / case.exact * steps(&summary) / trajectories,
        how: "by formula",
    }
}

/// What the runs of one method on one process came to.
struct Row {
    method: &'static str,
    first: Summary,
    mean: f64,
    coverage: f64,
    steps: f64,
    efficiency: f64,
}

impl Row {
    fn of(case: &Case, method: Method) -> Self {
        let runs = runs(case, method);
        let mean = |figure: &dyn Fn(&Summary) -> f64| {
            runs.iter().map(figure).sum::<f64>() / f64::from(RUNS)
        };
        let error = |run: &Summary| run.probability / case.exact - 1.0;
        let covers = |run: &Summary| f64::from(u8::from(run.interval.contains(case.exact)));
        let steps = mean(&steps);
        Self {
            method: match method {
                Method::Crude => "crude",
                Method::FixedEffort => "fixed effort",
                Method::Adaptive => "adaptive",
            },
            first: runs[0],
            mean: 1.0 + mean(&error),
            coverage: mean(&covers),
            steps,
            efficiency: efficiency(mean(&|run| error(run).powi(2)).sqrt(), steps),
        }
    }

    fn write(&self, case: &Case, crude: &Crude, out: &mut impl Write) -> io::Result<()> {
        let Summary {
            probability,
            interval,
            ..
        } = self.first;
        writeln!(
            out,
            "| {} | {} | {probability:.3e} [{:.3e}, {:.3e}] | {:.9e} | {:.3} | {:.1}% | {:.2e} | {:.1e} | {:.1e} ({}) | {:.0} |",
            case.name,
            self.method,
            interval.low,
            interval.high,
            case.exact,
            self.mean,
            100.0 * self.coverage,
            self.steps,
            self.efficiency,
            crude.efficiency,
            crude.how,
            crude.efficiency / self.efficiency,
        )
    }

    fn missed(&self, case: &Case, crude: &Crude) -> Option<String> {
        let [low, high] = COVERAGE;
        let covers = (low..=high).contains(&self.coverage);
        let is_worth_it = case.exact > NEAR || crude.efficiency / self.efficiency >= TIMES;
        (!covers || !is_worth_it).then(|| format!("{}, {}", case.name, self.method))
    }
}

/// All runs, in the order of their seeds.
fn runs(case: &Case, method: Method) -> Vec<Summary> {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let seeds: Vec<u32> = (1..=RUNS).collect();
    let until = Until {
        relative_error: Some(RELATIVE_ERROR),
        steps: None,
    };
    let run = |seed: &u32| {
        let estimate = case
            .process
            .estimate(settings(case, method, *seed), ONE_THREAD, until);
        estimate.summary().expect("a run has a replication")
    };
    thread::scope(|scope| {
        let shares = seeds.chunks(seeds.len().div_ceil(threads));
        let work = shares.map(|share| scope.spawn(|| share.iter().map(run).collect::<Vec<_>>()));
        let work: Vec<_> = work.collect();
        work.into_iter()
            .flat_map(|work| work.join().expect("a run ends well"))
            .collect()
    })
}

/// So many that a replication is off by half at most, mostly by a third: where one is off by more,
/// a run that stops once its replications agree stops too early too often.
fn trajectories(case: &Case) -> NonZeroU32 {
    let number = match case.process {
        Process::Ruin(_) => 200,
        Process::Retransmission(_) | Process::Tandem(_) | Process::NormalTail(_) => 500,
    };
    NonZeroU32::new(number).expect("more than none")
}

fn settings(case: &Case, method: Method, seed: u32) -> Settings {
    Settings {
        model: case.name.to_owned(),
        method,
        trajectories: trajectories(case),
        seed: u64::from(seed),
    }
}

fn efficiency(relative_error: f64, steps: f64) -> f64 {
    relative_error * relative_error * steps
}

fn steps(summary: &Summary) -> f64 {
    as_f64(summary.steps)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn as_f64(count: u64) -> f64 {
    count as f64
}
