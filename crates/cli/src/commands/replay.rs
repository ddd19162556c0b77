//! `replay`: a conversation once more, from its script; or a case once more.

use crate::args::Replay;
use crate::args::target::{Chosen, Subject};
use crate::commands::{breach_json, seconds, text_from};
use crate::error::Error;
use crate::{Status, timeline};
use mondegreen_generator::sound::{RenderError, Rendered, render};
use mondegreen_oracle::{Breach, judge};
use mondegreen_sim::{Broken, Case, Channel, Hit, SpokenTo, hold, try_case};
use mondegreen_trace::{Household, Script, Trace};
use serde_json::json;
use std::io::{BufWriter, Write};
use std::path::Path;
use tempfile::NamedTempFile;

pub(crate) fn run(args: &Replay, out: &mut impl Write) -> Result<Status, Error> {
    let subject = args.program.subject(args.assistant.clone());
    let text = text_from(&args.script)?;
    let replayed = if args
        .script
        .extension()
        .is_some_and(|extension| extension == "case")
    {
        play_case(args, &subject, &text)?
    } else {
        hold_script(args, &subject, &text)?
    };
    let Replayed {
        household,
        trace,
        hits,
        broken,
        breaches,
    } = replayed;
    if args.json {
        write!(out, "{}", trace.to_json_lines()?)?;
        let breaches: Vec<_> = breaches.iter().map(breach_json).collect();
        writeln!(out, "{}", json!({ "breaches": breaches }))?;
    } else {
        timeline::write(&household, (&trace, &hits), &breaches, out)?;
        let verdict = if breaches.is_empty() {
            "no rule is broken."
        } else {
            "rules are broken."
        };
        writeln!(out, "\n{}: {verdict}", subject.name())?;
    }
    if let Some(broken) = broken {
        return Err(Error::Broken(broken));
    }
    if let Some(path) = &args.wav {
        let failed = |error| Error::Render(path.clone(), error);
        let rendered = write_sound(&trace, path).map_err(failed)?;
        eprintln!(
            "{}: {} s of sound",
            path.display(),
            seconds(rendered.length_ms)
        );
    }
    Ok(if breaches.is_empty() {
        Status::Clean
    } else {
        Status::Findings
    })
}

/// What happened, and what it broke.
struct Replayed {
    household: Household,
    trace: Trace,
    hits: Vec<Hit>,
    broken: Option<Broken>,
    breaches: Vec<Breach>,
}

fn hold_script(args: &Replay, subject: &Subject<'_>, text: &str) -> Result<Replayed, Error> {
    let script: Script = text
        .parse()
        .map_err(|error| Error::Script(args.script.clone(), error))?;
    let mut channel = Channel::new(subject.wake(), &script.household);
    let held = match &subject.chosen {
        Chosen::Ours(named) => hold(&script, &mut channel, &mut named.assistant()),
        Chosen::Program(command) => hold(&script, &mut channel, &mut subject.spawn(command)?),
    };
    Ok(Replayed {
        breaches: judge(&held.trace),
        household: script.household,
        trace: held.trace,
        hits: held.spotted,
        broken: held.broken,
    })
}

/// A case is played twice: a run that depends on the one before breaks a rule.
fn play_case(args: &Replay, subject: &Subject<'_>, text: &str) -> Result<Replayed, Error> {
    let case: Case = text
        .parse()
        .map_err(|error| Error::Case(args.script.clone(), error))?;
    if args.wav.is_some() {
        let why = "nobody speaks in a case; only scripts can be said aloud";
        return Err(Error::Setting(why.to_owned()));
    }
    let tried = match &subject.chosen {
        Chosen::Ours(named) => try_case(&case, named.assistant()),
        Chosen::Program(command) => {
            let process = SpokenTo::new(subject.spawn(command)?);
            try_case(&case, process.in_words(subject.words()))
        }
    };
    let (trace, breaches) = tried.map_err(Error::Broken)?;
    Ok(Replayed {
        household: case.household(),
        trace,
        hits: Vec::new(),
        broken: None,
        breaches,
    })
}

/// Writes the sound whole or not at all.
fn write_sound(trace: &Trace, path: &Path) -> Result<Rendered, RenderError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    let rendered = render(trace, BufWriter::new(file.as_file_mut()))?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(rendered)
}
