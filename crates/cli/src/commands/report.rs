//! `report`: what several runs came to, in one page or in a form for machines.

use super::write_whole;
use crate::Status;
use crate::args::report::{Format, Report as Args};
use crate::error::Error;
use crate::report::{Rendering, Report, read};
use serde_json::Value;
use std::io::Write;

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let report = read(&args.from)?;
    let text = match args.rendering() {
        Some(rendering) => report.render(rendering)?,
        None => format!("{}\n", report.to_json()?),
    };
    match &args.output {
        Some(path) => write_whole(path, text.as_bytes())?,
        None => out.write_all(text.as_bytes())?,
    }
    Ok(Status::Clean)
}

/// Prints results that are at hand as JSON; plainly by `plain`.
pub(crate) fn print<W: Write>(
    format: Format,
    json: impl FnOnce() -> Value,
    plain: impl FnOnce(&mut W) -> Result<(), Error>,
    out: &mut W,
) -> Result<(), Error> {
    let rendering = match format {
        Format::Plain => return plain(out),
        Format::Json => {
            writeln!(out, "{}", json())?;
            return Ok(());
        }
        Format::Junit => Rendering::Junit,
        Format::Sarif => Rendering::Sarif,
        Format::Markdown => Rendering::Markdown,
    };
    let text = Report::of(json())?.render(rendering)?;
    out.write_all(text.as_bytes())?;
    Ok(())
}
