//! `replay`: a conversation once more, from its script.

use crate::args::Replay;
use crate::commands::{breach_json, seconds};
use crate::error::Error;
use crate::{Status, timeline};
use mondegreen_generator::{RenderError, Rendered, render};
use mondegreen_oracle::judge;
use mondegreen_sim::{Channel, Reference, hold};
use mondegreen_trace::{Script, Trace};
use serde_json::json;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;
use tempfile::NamedTempFile;

pub(crate) fn run(args: &Replay, out: &mut impl Write) -> Result<Status, Error> {
    let script = script_from(&args.script)?;
    let mut assistant = Reference::new(args.assistant);
    let held = hold(
        &script,
        &mut Channel::new(args.assistant.wake, &script.household),
        &mut assistant,
    );
    let breaches = judge(&held.trace);
    if args.json {
        write!(out, "{}", held.trace.to_json_lines()?)?;
        let breaches: Vec<_> = breaches.iter().map(breach_json).collect();
        writeln!(out, "{}", json!({ "breaches": breaches }))?;
    } else {
        timeline::write(&script.household, &held, &breaches, out)?;
        let verdict = if breaches.is_empty() {
            "no rule is broken."
        } else {
            "rules are broken."
        };
        writeln!(out, "\n{}: {verdict}", args.assistant.name)?;
    }
    if let Some(broken) = held.broken {
        return Err(Error::Broken(broken));
    }
    if let Some(path) = &args.wav {
        let failed = |error| Error::Render(path.clone(), error);
        let rendered = write_sound(&held.trace, path).map_err(failed)?;
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

fn script_from(path: &Path) -> Result<Script, Error> {
    let bytes = fs::read(path).map_err(|error| Error::Read(path.to_owned(), error))?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let before = bytes.iter().take(error.valid_up_to());
        let line = 1 + before.filter(|byte| **byte == b'\n').count();
        Error::NotText(path.to_owned(), line)
    })?;
    text.parse()
        .map_err(|error| Error::Script(path.to_owned(), error))
}
