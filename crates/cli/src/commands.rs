//! One module a command.

pub(crate) mod check;
pub(crate) mod conform;
pub(crate) mod fuzz;
pub(crate) mod hunt;
pub(crate) mod judge;
pub(crate) mod mutants;
pub(crate) mod near;
#[cfg(feature = "race")]
pub(crate) mod race;
pub(crate) mod replay;
pub(crate) mod scan;
pub(crate) mod talk;

pub(crate) use crate::timeline::{printable, seconds, stage};

use crate::error::Error;
use mondegreen_generator::read_talk;
use mondegreen_oracle::Breach;
use mondegreen_trace::Utterance;
use serde_json::{Value, json};
use std::path::Path;

/// Reads somebody's own talk.
fn talk_from(path: &Path) -> Result<Vec<Utterance>, Error> {
    let bytes = std::fs::read(path).map_err(|error| Error::Read(path.to_owned(), error))?;
    read_talk(&bytes).map_err(|error| Error::Talk(path.to_owned(), error))
}

/// A table without lines, columns two blanks apart.
fn table(header: &[&str]) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(header);
    table
}

/// A broken rule, for machines.
pub(crate) fn breach_json(breach: &Breach) -> Value {
    json!({ "rule": breach.rule.to_string(), "message": breach.message, "why": breach.why, "line": breach.line })
}
