//! `fuzz`: the search for inputs that make an assistant break a gate rule.

use crate::args::target::Chosen;
use crate::args::{DEFAULT_TIME, Fuzz as Args};
use crate::commands::report::print;
use crate::commands::{breach_json, limit_options};
use crate::error::Error;
use crate::{Status, timeline};
use indicatif::{ProgressBar, ProgressStyle};
use mondegreen_sim::{
    Broken, CaseFinding, Causes, Guidance, Search, SearchProgress, SpokenTo, Target,
};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

/// How many steps are taken between two looks at the clock.
const SLICE: u64 = 50_000;
/// The same for a program, which takes a thousand times as long.
const PROGRAM_SLICE: u64 = 50;

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let subject = args.target.subject();
    let searched = match &subject.chosen {
        Chosen::Ours(named) => search(args, SLICE, || named.assistant()),
        Chosen::Program(command) => {
            // A start is all that makes a program fresh: to start it anew may take seconds.
            let process = Rc::new(RefCell::new(subject.spawn(command)?));
            let fresh = || SpokenTo::new(Rc::clone(&process)).in_words(subject.words());
            let ended = search(args, PROGRAM_SLICE, fresh);
            // What broke otherwise than by itself, like one that never comes to rest, has an account too.
            ended.map_err(|broken| match broken.account() {
                Some(_) => broken,
                None => broken.with(process.borrow().account()),
            })
        }
    };
    let (progress, found) = searched.map_err(Error::Broken)?;
    let plain = |out: &mut _| write(args, &found, progress, out);
    print(
        args.printing.format(),
        || to_json(args, &found, progress),
        plain,
        out,
    )?;
    Ok(if found.by_cause.is_empty() {
        Status::Clean
    } else {
        Status::Findings
    })
}

/// One finding for each cause.
#[derive(Default)]
struct Findings {
    by_cause: Causes<CaseFinding>,
    /// Cases that broke a rule in the course of the search, and broke none by themselves.
    unrepeated: u32,
}

/// Searches assistants that are all alike, and all that nothing has happened to yet.
#[expect(clippy::disallowed_types, reason = "--time is a limit on real time")]
fn search<T: Target>(
    args: &Args,
    slice: u64,
    mut fresh: impl FnMut() -> T,
) -> Result<(SearchProgress, Findings), Broken> {
    let mut found = Findings::default();
    let line = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
        line.set_style(style);
    }
    let begun = std::time::Instant::now();
    let mut search = Search::new(fresh(), args.seed, Guidance::Full);
    loop {
        let progress = search.progress();
        let SearchProgress {
            steps,
            runs,
            corpus,
            features,
        } = progress;
        let causes = found.by_cause.len();
        line.set_message(format!(
            "{steps} dialog steps, {runs} runs, {corpus} states, {features} ways of acting, {causes} findings"
        ));
        line.tick();
        let left = args.steps.map(|most| most.saturating_sub(steps));
        let is_over = left.map_or_else(|| begun.elapsed() >= args.time, |left| left == 0);
        if is_over || causes > 0 && !args.all {
            line.finish_and_clear();
            return Ok((progress, found));
        }
        let until = steps.saturating_add(left.map_or(slice, |left| left.min(slice)));
        if let Some(case) = search.search(until)? {
            let each = CaseFinding::each_of(&case, fresh())?;
            found.add(each, (search.progress().steps, args.all), &mut fresh)?;
        }
    }
}

impl Findings {
    /// Enters what was found in a case at this step: of each rule that it breaks, or of the first.
    fn add<T: Target>(
        &mut self,
        mut found: Vec<CaseFinding>,
        (steps, all): (u64, bool),
        fresh: &mut impl FnMut() -> T,
    ) -> Result<(), Broken> {
        self.unrepeated += u32::from(found.is_empty());
        found.truncate(if all { usize::MAX } else { 1 });
        for found in found {
            self.by_cause
                .enter(found, steps, |found| found.traced_to_its_cause(&mut *fresh))?;
        }
        Ok(())
    }
}

fn repeat(args: &Args) -> String {
    let limit = limit_options(args.steps, args.time, DEFAULT_TIME);
    let all = if args.all { " --all" } else { "" };
    format!(
        "mondegreen fuzz {} --seed {}{limit}{all}",
        args.target.subject().place(),
        args.seed
    )
}

fn write(
    args: &Args,
    found: &Findings,
    progress: SearchProgress,
    out: &mut impl Write,
) -> Result<(), Error> {
    let subject = args.target.subject();
    let (name, option) = (subject.name(), subject.option());
    if found.by_cause.is_empty() {
        writeln!(out, "{name}: no gate rule was broken.")?;
    }
    for (number, (bucket, cause)) in (1..).zip(found.by_cause.iter()) {
        let finding = &cause.example;
        writeln!(out, "{name}: {} is broken.", finding.rule)?;
        writeln!(out, "cause   {}, {} times", bucket.name(name), cause.times)?;
        writeln!(out, "way     {}", finding.way().join(", "))?;
        let odd = match finding.odd().as_slice() {
            [] => "nothing: it is what always happens".to_owned(),
            odd => odd.join(", "),
        };
        writeln!(out, "odd     {odd}\n")?;
        let household = finding.case.household();
        timeline::write(&household, (&finding.trace, &[]), &finding.breaches, out)?;
        writeln!(
            out,
            "\ncase    (as {number}.case, for `mondegreen replay {number}.case {option}`)"
        )?;
        writeln!(out, "{}", finding.case)?;
    }
    if !found.by_cause.is_empty() {
        writeln!(out, "repeat  {}\n", repeat(args))?;
    }
    if found.unrepeated > 0 {
        let unrepeated = found.unrepeated;
        writeln!(
            out,
            "{unrepeated} breaches could not be repeated on a fresh assistant"
        )?;
    }
    let SearchProgress {
        steps,
        runs,
        corpus,
        features,
    } = progress;
    writeln!(
        out,
        "tried   {steps} dialog steps in {runs} runs; {corpus} states of the assistant, {features} ways of acting"
    )?;
    Ok(())
}

fn to_json(args: &Args, found: &Findings, progress: SearchProgress) -> Value {
    let subject = args.target.subject();
    let name = subject.name();
    let findings: Vec<Value> = found
        .by_cause
        .iter()
        .map(|(bucket, cause)| {
            let finding = &cause.example;
            let breaches: Vec<Value> = finding.breaches.iter().map(breach_json).collect();
            json!({
                "rule": finding.rule.to_string(), "way": finding.way(), "odd": finding.odd(),
                "bucket": bucket.name(name), "missing": bucket.missing, "place": bucket.place,
                "times": cause.times, "case": finding.case.to_string(), "breaches": breaches,
                "trace": finding.trace.lines,
            })
        })
        .collect();
    json!({
        "command": "fuzz", "version": env!("CARGO_PKG_VERSION"),
        "assistant": name, "seed": args.seed, "findings": findings,
        "unrepeated": found.unrepeated, "steps": progress.steps, "runs": progress.runs,
        "states": progress.corpus, "features": progress.features, "repeat": repeat(args),
    })
}
