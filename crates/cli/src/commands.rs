//! One module a command.

pub(crate) mod attack;
pub(crate) mod calibrate;
pub(crate) mod campaign;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod conform;
pub(crate) mod enrol;
pub(crate) mod estimate;
pub(crate) mod fuzz;
pub(crate) mod hear;
pub(crate) mod hunt;
pub(crate) mod judge;
pub(crate) mod margin;
pub(crate) mod merge;
pub(crate) mod mutants;
pub(crate) mod near;
#[cfg(feature = "race")]
pub(crate) mod race;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod scan;
pub(crate) mod talk;

pub(crate) use crate::timeline::{printable, seconds, stage};
pub(crate) use estimate::number;

use crate::error::Error;
use mondegreen_generator::read_talk;
use mondegreen_oracle::Breach;
use mondegreen_sim::ChannelLaw;
use mondegreen_trace::Utterance;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// Reads somebody's own talk.
fn talk_from(path: &Path) -> Result<Vec<Utterance>, Error> {
    let bytes = fs::read(path).map_err(|error| Error::Read(path.to_owned(), error))?;
    read_talk(&bytes).map_err(|error| Error::Talk(path.to_owned(), error))
}

/// Reads a file of text.
pub(crate) fn text_from(path: &Path) -> Result<String, Error> {
    let bytes = fs::read(path).map_err(|error| Error::Read(path.to_owned(), error))?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().iter().take(valid);
        let line = 1 + before.filter(|byte| **byte == b'\n').count();
        Error::NotText(path.to_owned(), line)
    })
}

/// The channel's file: one of those that come along, or this file.
fn channel_from(path: Option<&Path>) -> Result<String, Error> {
    match path {
        None => Ok(ChannelLaw::SHIPPED.to_owned()),
        Some(path) => match path.to_str().and_then(ChannelLaw::of_engine) {
            Some(text) => Ok(text.to_owned()),
            None => text_from(path),
        },
    }
}

/// Writes a file whole or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut beside = tempfile::Builder::new();
    // As others may read it as the user's settings say; a temporary file is nobody else's by itself.
    #[cfg(unix)]
    beside.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let written = beside
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.persist(path).map_err(|error| error.error)
        });
    written.map_err(|error| Error::Read(path.to_owned(), error))?;
    Ok(())
}

/// A table without lines, columns two blanks apart.
pub(crate) fn table(header: &[&str]) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(header);
    table
}

/// The options that end a run when these did.
pub(crate) fn limit_options(steps: Option<u64>, time: Duration, default: Duration) -> String {
    match steps {
        Some(steps) => format!(" --steps {steps}"),
        None if time == default => String::new(),
        None => format!(" --time {}s", time.as_secs_f64()),
    }
}

/// A broken rule, for machines.
pub(crate) fn breach_json(breach: &Breach) -> Value {
    json!({ "rule": breach.rule.to_string(), "message": breach.message, "why": breach.why, "line": breach.line })
}
