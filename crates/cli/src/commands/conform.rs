//! `conform`: which requirements of the protocol a program keeps.

use crate::Status;
use crate::args::Conform as Args;
use crate::args::target::Chosen;
use crate::commands::{printable, table};
use crate::error::Error;
use mondegreen_sim::conform::{Conformance, Failure, Requirement, conform};
use serde_json::{Value, json};
use std::io::{self, Write};

/// So many characters of a line at fault are shown.
const LINE_MAX: usize = 200;

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let subject = args.program.subject(args.assistant.clone());
    let Chosen::Program(command) = &subject.chosen else {
        let why = "the assistants by name speak the protocol in the program itself; conform is for others";
        return Err(Error::Setting(why.to_owned()));
    };
    let spawn = || mondegreen_sim::Process::spawn(command, subject.limits());
    let found = conform(&spawn, &subject.words()).map_err(Error::Broken)?;
    if args.json {
        writeln!(out, "{}", to_json(command, &found))?;
    } else {
        write(command, &found, out)?;
    }
    let keeps = found.checked.iter().all(|(_, verdict)| verdict.is_ok());
    Ok(match (found.broke, keeps) {
        (true, _) => Status::Broken,
        (false, true) => Status::Clean,
        (false, false) => Status::Findings,
    })
}

fn write(command: &str, found: &Conformance, out: &mut impl Write) -> io::Result<()> {
    let mut rows = table(&["requirement", "", "what it says"]);
    for (Requirement { name, what, .. }, verdict) in &found.checked {
        let verdict = if verdict.is_ok() { "kept" } else { "FAILED" };
        rows.add_row([*name, verdict, *what]);
    }
    for line in rows.to_string().lines() {
        writeln!(out, "{}", line.trim())?;
    }
    for (requirement, verdict) in &found.checked {
        if let Err(failure) = verdict {
            write_failure(requirement, failure, out)?;
        }
    }
    let failed = found.checked.iter().filter(|(_, verdict)| verdict.is_err());
    let (count, failed) = (found.checked.len(), failed.count());
    let name = match &found.program {
        Some((name, version)) => printable(&format!("{name} {version}")),
        None => printable(command),
    };
    writeln!(
        out,
        "\n{name}: {} of {count} requirements are kept.",
        count - failed
    )?;
    let Conformance { prompts, sends, .. } = found;
    writeln!(
        out,
        "The plain conversation came to {prompts} prompts and {sends} sends."
    )?;
    if *sends == 0 {
        writeln!(
            out,
            "Nothing was sent in it: see whether --wake and --command say what the assistant answers to."
        )?;
    }
    Ok(())
}

fn write_failure(
    requirement: &Requirement,
    failure: &Failure,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "\n{}: {}", requirement.name, printable(&failure.why))?;
    for line in &failure.lines {
        let shown: String = line.chars().take(LINE_MAX).collect();
        let more = if shown.len() < line.len() { "…" } else { "" };
        writeln!(out, "  {}{more}", printable(&shown))?;
    }
    Ok(())
}

fn to_json(command: &str, found: &Conformance) -> Value {
    let requirement = |(requirement, verdict): &(Requirement, Result<(), Failure>)| {
        let failure = verdict.as_ref().err();
        json!({
            "name": requirement.name, "what": requirement.what, "kept": verdict.is_ok(),
            "why": failure.map(|failure| &failure.why),
            "lines": failure.map(|failure| &failure.lines),
        })
    };
    let program = found.program.as_ref();
    json!({
        "assistant": command,
        "name": program.map(|(name, _)| name),
        "version": program.map(|(_, version)| version),
        "requirements": found.checked.iter().map(requirement).collect::<Vec<_>>(),
        "prompts": found.prompts, "sends": found.sends, "broke": found.broke,
    })
}
