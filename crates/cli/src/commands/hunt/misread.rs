//! `hunt` where talk is heard as it was said: what an assistant takes for permission that is none.

use crate::Status;
use crate::args::Hunt as Args;
use crate::args::target::Chosen;
use crate::commands::report::print;
use crate::commands::{breach_json, printable, stage, table};
use crate::error::Error;
use indicatif::ProgressBar;
use mondegreen_sim::misread::{
    BrokenIn, Holder, MisreadProgress, MisreadSearch, Misreading, Place, PlainUsers, TIMES,
    shows_again,
};
use mondegreen_sim::{Assistant, Channel, Held, Pool, hold, home};
use mondegreen_trace::{Household, Script, Trace};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::Duration;

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let subject = args.target.subject();
    let household = home(args.seed).household;
    let wake = subject.wake().to_owned();
    let report = match &subject.chosen {
        Chosen::Program(command) => {
            let processes = available_parallelism().map_or(1, usize::from);
            let mut pool =
                Pool::new(command, processes, subject.limits()).map_err(Error::Broken)?;
            let mut holder = |scripts: &[Script]| {
                pool.map(scripts, |process, script| hold_with(&wake, process, script))
            };
            search(args, &household, &mut holder)?
        }
        Chosen::Ours(named) => {
            let mut assistant = named.assistant();
            let mut holder = |scripts: &[Script]| {
                let held = scripts
                    .iter()
                    .map(|script| hold_with(&wake, &mut assistant, script));
                held.collect::<Vec<_>>()
            };
            search(args, &household, &mut holder)?
        }
    };
    let saved = match &args.save {
        Some(folder) => save(&report.found, folder)?,
        None => Vec::new(),
    };
    let plain = |out: &mut _| report.write(args, &saved, out);
    print(
        args.printing.format(),
        || report.json(args, &saved),
        plain,
        out,
    )?;
    Ok(if report.found.is_empty() {
        Status::Clean
    } else {
        Status::Findings
    })
}

fn hold_with(wake: &str, assistant: &mut dyn Assistant, script: &Script) -> Held {
    let mut channel = Channel::new(wake, &script.household);
    hold(script, &mut channel, assistant)
}

/// What came of the search.
struct Report {
    users: PlainUsers,
    found: Vec<Misreading>,
    /// What happens in each of them.
    traces: Vec<Trace>,
    /// Findings that did not show again each time.
    fleeting: usize,
    progress: MisreadProgress,
}

#[expect(clippy::disallowed_types, reason = "--time is a limit on real time")]
fn search(args: &Args, household: &Household, holder: &mut Holder<'_>) -> Result<Report, Error> {
    let subject = args.target.subject();
    let begun = std::time::Instant::now();
    let limit: Duration = args.time;
    let line = ProgressBar::new_spinner();
    let words = subject.words();
    let mut search =
        MisreadSearch::new(household, words.clone(), args.seed, holder).map_err(broken)?;
    if !search.can_send() {
        let why = format!(
            "{}: somebody who says \"{}, {}\" and answers what it asks does not get a message sent; \
             see --wake and --command",
            subject.name(),
            words.wake,
            words.request
        );
        return Err(Error::Setting(why));
    }
    let users = search.plain_users(holder).map_err(broken)?;
    loop {
        let MisreadProgress {
            attempts,
            inputs,
            causes,
            ..
        } = search.progress();
        let more = match args.steps {
            Some(most) => inputs < most,
            None => begun.elapsed() < limit,
        };
        if !more {
            break;
        }
        line.set_message(format!(
            "{attempts} answers, {inputs} lines, {causes} causes"
        ));
        line.tick();
        search.round(holder).map_err(broken)?;
    }
    line.finish_and_clear();
    let progress = search.progress();
    let all: Vec<Misreading> = search.found().into_iter().cloned().collect();
    let (mut found, mut traces) = (Vec::new(), Vec::new());
    for finding in &all {
        if let Some(held) = shows_again(finding, holder).map_err(broken)? {
            found.push(finding.clone());
            traces.push(held.trace);
        }
    }
    Ok(Report {
        users,
        fleeting: all.len() - found.len(),
        found,
        traces,
        progress,
    })
}

#[expect(clippy::boxed_local, reason = "it is what the search returns")]
fn broken(all: Box<BrokenIn>) -> Error {
    eprintln!("the conversation so far:\n{}", all.script);
    Error::Broken(all.broken)
}

/// Writes the script of each finding to a folder, whole or not at all.
fn save(found: &[Misreading], folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| Error::Read(path, error)
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let mut saved = Vec::new();
    for (number, finding) in (1..).zip(found) {
        let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        let name: String = words(finding)
            .replace(' ', "-")
            .chars()
            .filter(plain)
            .collect();
        let path = folder.join(format!("{number:02}-{name}.script"));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed(folder))?;
        let Misreading {
            severity,
            cause,
            script,
            ..
        } = finding;
        let (rule, at, words) = (cause.rule, place(finding), words(finding));
        writeln!(file, "# {rule}. {severity}, at {at}, by: {words}\n{script}")
            .map_err(failed(&path))?;
        file.persist(&path)
            .map_err(|error| Error::Read(path.clone(), error.error))?;
        saved.push(path);
    }
    Ok(saved)
}

impl Report {
    fn write(&self, args: &Args, saved: &[PathBuf], out: &mut impl Write) -> Result<(), Error> {
        let subject = args.target.subject();
        let name = subject.name();
        match self.found.as_slice() {
            [] => writeln!(out, "{name}: nothing was sent that nobody had permitted.\n")?,
            [worst, ..] => {
                let causes = match self.found.len() {
                    1 => "1 cause".to_owned(),
                    causes => format!("{causes} causes"),
                };
                writeln!(
                    out,
                    "{name}: {causes} of a message that nobody had permitted.\n"
                )?;
                self.write_table(out)?;
                write_worst(worst, out)?;
            }
        }
        self.write_counts(out)?;
        if let Some(first) = saved.first() {
            let option = subject.option();
            writeln!(
                out,
                "replay  mondegreen replay {} {option}",
                first.display()
            )?;
        }
        if !self.found.is_empty() {
            writeln!(out, "repeat  {}", super::repeat(args))?;
        }
        Ok(())
    }

    fn write_table(&self, out: &mut impl Write) -> Result<(), Error> {
        let mut rows = table(&[
            "",
            "severity",
            "rule",
            "at",
            "words that mattered",
            "said",
            "which is",
        ]);
        for (number, finding) in (1..).zip(&self.found) {
            rows.add_row([
                format!("{number}"),
                finding.severity.to_string(),
                finding.cause.rule.to_string(),
                place(finding),
                words(finding),
                printable(&finding.said),
                finding.kind.to_string(),
            ]);
        }
        writeln!(out, "{rows}\n")?;
        Ok(())
    }

    fn write_counts(&self, out: &mut impl Write) -> Result<(), Error> {
        let PlainUsers {
            requests,
            sent,
            not_understood,
        } = &self.users;
        write!(
            out,
            "served  {sent} of {requests} plain requests were sent to whom they were for"
        )?;
        if !not_understood.is_empty() {
            let said: Vec<String> = not_understood
                .iter()
                .map(|said| format!("\"{said}\""))
                .collect();
            write!(out, "; not taken for a yes: {}", said.join(", "))?;
        }
        let MisreadProgress {
            attempts,
            inputs,
            responses,
            ..
        } = self.progress;
        writeln!(
            out,
            "\ntried   {attempts} answers, {inputs} lines, {responses} different responses"
        )?;
        if let Ok(causes @ 1..) = u64::try_from(self.found.len()) {
            writeln!(
                out,
                "lines   {} for each cause; each was held {TIMES} times more",
                inputs / causes
            )?;
        }
        if self.fleeting > 0 {
            writeln!(out, "left    {} that did not show each time", self.fleeting)?;
        }
        Ok(())
    }

    fn json(&self, args: &Args, saved: &[PathBuf]) -> Value {
        let found = self.found.iter().enumerate().map(|(at, finding)| {
            json!({
                "severity": finding.severity.name(),
                "rule": finding.cause.rule.to_string(),
                "at": place(finding),
                "words": finding.cause.words,
                "late": finding.cause.is_late,
                "restarted": finding.cause.is_restarted,
                "said": finding.said,
                "meant": finding.kind.to_string(),
                "lines": finding.found_at,
                "breaches": finding.breaches.iter().map(breach_json).collect::<Vec<_>>(),
                "script": finding.script.to_string(),
                "file": saved.get(at),
                "trace": self.traces.get(at).map(|trace| &trace.lines),
            })
        });
        json!({
            "command": "hunt",
            "assistant": args.target.subject().name(),
            "version": env!("CARGO_PKG_VERSION"),
            "seed": args.seed,
            "causes": found.collect::<Vec<_>>(),
            "served": {
                "requests": self.users.requests,
                "sent": self.users.sent,
                "not_understood": self.users.not_understood,
            },
            "answers": self.progress.attempts,
            "lines": self.progress.inputs,
            "responses": self.progress.responses,
            "did_not_show_again": self.fleeting,
            "repeat": super::repeat(args),
        })
    }
}

fn write_worst(worst: &Misreading, out: &mut impl Write) -> Result<(), Error> {
    for breach in &worst.breaches {
        writeln!(out, "1       {}: {}", breach.rule, breach.why)?;
    }
    writeln!(out, "\nscript\n{}", worst.script)?;
    Ok(())
}

/// Where it goes wrong, in words.
fn place(finding: &Misreading) -> String {
    let at = match (finding.cause.place, finding.cause.asks) {
        (Place::Command, _) => "command".to_owned(),
        (Place::Question(_), Some(asks)) => stage(asks).to_owned(),
        (Place::Question(0), None) => "last question".to_owned(),
        (Place::Question(left), None) => format!("question, {left} before the last"),
    };
    let late = if finding.cause.is_late { ", late" } else { "" };
    let restarted = if finding.cause.is_restarted {
        ", after a restart"
    } else {
        ""
    };
    format!("{at}{late}{restarted}")
}

fn words(finding: &Misreading) -> String {
    if finding.cause.words.is_empty() {
        "any".to_owned()
    } else {
        finding.cause.words.join(" ")
    }
}
