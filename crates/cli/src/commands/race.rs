//! `race`: the search against what people would use instead.

mod page;
mod results;

use crate::Status;
use crate::args::race::Race as Args;
use crate::commands::printable;
use crate::error::Error;
use indicatif::{ProgressBar, ProgressStyle};
use mondegreen_sim::Mutant;
use mondegreen_sim::race::{Arm, Race, RaceError, Run, Subject, Summary};
use page::Page;
use results::Results;
pub(crate) use results::merge;
use std::io::Write;

const BUILD_FUZZER: &str = "cargo fuzz build --sanitizer none race";

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let runs = if args.from.is_empty() {
        race(args)?
    } else {
        results::read_all(&args.from)?
    };
    let summary = Summary::of(&runs).map_err(|error| Error::Setting(error.to_string()))?;
    let page = Page {
        markdown: args.markdown,
    };
    if let Some(summary) = &summary {
        page.write(summary, out)?;
    }
    let guarded = |run: &&Run| run.assistant == Subject::Guarded.name();
    let guarded: Vec<&Run> = runs.iter().filter(guarded).collect();
    if !guarded.is_empty() {
        page.write_alarms(&guarded, out)?;
    }
    if !runs.iter().any(|run| run.arm == Arm::CargoFuzz) {
        writeln!(
            out,
            "cargo-fuzz did not run: build it with `{BUILD_FUZZER}`, and say with --fuzzer where it is."
        )?;
    }
    Ok(if guarded.iter().any(|run| run.found) {
        Status::Findings
    } else {
        Status::Clean
    })
}

/// All runs that were asked for, those that are in the file already among them.
fn race(args: &Args) -> Result<Vec<Run>, Error> {
    let mut planned = planned(args)?;
    if let Some(shard) = args.shard.here()? {
        let [index, of] = <[u64; 2]>::from(shard);
        let mut number = 0..;
        planned.retain(|_| number.next().is_some_and(|number| number % of == index));
    }
    let race = Race {
        cap: args.steps,
        fuzzer: args.fuzzer.clone(),
    };
    let mut results = Results::open(args.json.as_deref())?;
    let bar = ProgressBar::new(u64::try_from(planned.len()).unwrap_or(u64::MAX));
    if let Ok(style) = ProgressStyle::with_template("{elapsed} {pos} of {len} runs: {msg}") {
        bar.set_style(style);
    }
    for (arm, subject, seed) in planned {
        bar.set_message(format!("{arm} against {}, seed {seed}", subject.name()));
        if !results.has((arm, subject, seed), args.steps)? {
            results.add(race.run(arm, subject, seed).map_err(failed)?)?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(results.runs)
}

/// The runs that were asked for, in order.
fn planned(args: &Args) -> Result<Vec<(Arm, Subject, u32)>, Error> {
    let arms = if args.arms.is_empty() {
        let there = |arm: &Arm| *arm != Arm::CargoFuzz || args.fuzzer.is_some();
        Arm::ALL.into_iter().filter(there).collect()
    } else {
        args.arms.clone()
    };
    if arms.contains(&Arm::CargoFuzz) && args.fuzzer.is_none() {
        return Err(Error::Setting(format!(
            "cargo-fuzz needs its target: build it with `{BUILD_FUZZER}`, and say with --fuzzer where it is"
        )));
    }
    let subjects: Vec<Subject> = if args.guarded {
        vec![Subject::Guarded]
    } else if args.mutants.is_empty() {
        Mutant::ALL.iter().map(Subject::Mutant).collect()
    } else {
        args.mutants.iter().copied().map(Subject::Mutant).collect()
    };
    let mut planned = Vec::new();
    for arm in arms {
        let seeds = if arm.is_deterministic() {
            1
        } else {
            args.seeds
        };
        for subject in &subjects {
            planned.extend((1..=seeds).map(|seed| (arm, *subject, seed)));
        }
    }
    Ok(planned)
}

fn failed(error: RaceError) -> Error {
    match error {
        RaceError::Broken(broken) => Error::Broken(broken),
        RaceError::Fuzzer(_) => Error::Setting(printable(&error.to_string())),
    }
}
