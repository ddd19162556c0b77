//! What a campaign came to, for people and for machines.

use super::live::{long, short};
use crate::commands::{printable, table};
use crate::error::Error;
use mondegreen_sim::campaign::{Book, Kept};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

/// Writes what is known after this time; so many causes found no room.
pub(crate) fn write(
    book: &Book,
    (folder, at_s): (&Path, f64),
    left_out: u64,
    out: &mut impl Write,
) -> Result<(), Error> {
    let steps: u64 = book.records.values().map(|record| record.steps).sum();
    writeln!(
        out,
        "{} units in {}, {} dialog steps\n",
        book.records.len(),
        long(at_s),
        short(steps)
    )?;
    write_assistants(book, at_s, out)?;
    let troubles = book.records.values().filter_map(|record| {
        let why = record.trouble.as_deref()?;
        Some((record.assistant.as_str(), why))
    });
    let troubles: std::collections::BTreeMap<&str, &str> = troubles.collect();
    for (assistant, why) in troubles {
        writeln!(out, "{}: {}", printable(assistant), printable(why))?;
    }
    if book.kept.is_empty() {
        writeln!(out, "\nno rule was broken.")?;
    } else {
        write_findings(book, folder, out)?;
    }
    if left_out > 0 {
        writeln!(
            out,
            "There was no room for {left_out} findings; see --disk."
        )?;
    }
    Ok(())
}

fn write_assistants(book: &Book, at_s: f64, out: &mut impl Write) -> Result<(), Error> {
    let mut rows = table(&["assistant", "units", "steps", "states", "ways", "causes"]);
    for assistant in &book.header.settings.assistants {
        let point = book.point(assistant, at_s);
        rows.add_row([
            printable(assistant),
            units(book, assistant).to_string(),
            short(point.steps),
            point.corpus.to_string(),
            point.ways.to_string(),
            point.findings.to_string(),
        ]);
    }
    writeln!(out, "{rows}")?;
    Ok(())
}

fn units(book: &Book, assistant: &str) -> usize {
    let records = book.records.values();
    records
        .filter(|record| record.assistant == assistant)
        .count()
}

fn write_findings(book: &Book, folder: &Path, out: &mut impl Write) -> Result<(), Error> {
    let mut all: Vec<&Kept> = book.kept.values().collect();
    all.sort_by(|a, b| (&a.assistant, &a.bucket).cmp(&(&b.assistant, &b.bucket)));
    let mut rows = table(&[
        "assistant",
        "cause",
        "what was missing",
        "where",
        "events",
        "times",
    ]);
    for kept in &all {
        rows.add_row([
            printable(&kept.assistant),
            kept.bucket.clone(),
            printable(&kept.missing),
            printable(&kept.place.join(", ")),
            kept.events.to_string(),
            kept.times.to_string(),
        ]);
    }
    writeln!(out, "\n{rows}\n")?;
    if let Some(first) = all.first() {
        writeln!(out, "replay  cd {}; {}", folder.display(), first.repeat)?;
        writeln!(
            out,
            "again   mondegreen campaign {} --regress",
            folder.display()
        )?;
    }
    Ok(())
}

/// Writes the same as one JSON object, without traces, which are in the folder.
pub(crate) fn write_json(
    book: &Book,
    (folder, at_s): (&Path, f64),
    left_out: u64,
    out: &mut impl Write,
) -> Result<(), Error> {
    let assistants = book.header.settings.assistants.iter().map(|assistant| {
        let records = book
            .records
            .values()
            .filter(|record| record.assistant == *assistant);
        let mut troubles = records.filter_map(|record| record.trouble.as_deref());
        json!({
            "point": book.point(assistant, at_s),
            "units": units(book, assistant),
            "trouble": troubles.next(),
        })
    });
    let findings = book.kept.values().map(|kept| {
        json!({
            "assistant": kept.assistant, "bucket": kept.bucket, "rule": kept.rule, "missing": kept.missing,
            "place": kept.place, "found_by": kept.found_by, "events": kept.events, "times": kept.times,
            "repeat": kept.repeat,
        })
    });
    let told = json!({
        "campaign": book.header, "folder": folder, "at_s": at_s, "units": book.records.len(),
        "assistants": assistants.collect::<Vec<Value>>(), "findings": findings.collect::<Vec<Value>>(),
        "left_out": left_out,
    });
    writeln!(out, "{told}")?;
    Ok(())
}
