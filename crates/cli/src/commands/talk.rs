//! `talk`: generated talk, and how it compares with real talk.

use crate::Status;
use crate::args::Talk;
use crate::commands::{seconds, table, talk_from};
use crate::error::Error;
use mondegreen_generator::Talker;
use mondegreen_generator::stats::{Figure, Unit, measure};
use mondegreen_sim::{Purpose, home, random};
use mondegreen_trace::Utterance;
use serde::Serialize;
use std::io::Write;

/// Utterances that are printed, and that are measured.
const PRINTED: usize = 40;
const MEASURED: usize = 200_000;

#[derive(Serialize)]
struct FigureRow {
    name: &'static str,
    published: f64,
    ours: f64,
    low: f64,
    high: f64,
    source: &'static str,
}

pub(crate) fn run(args: &Talk, out: &mut impl Write) -> Result<Status, Error> {
    let home = home(args.seed);
    let n = args
        .n
        .unwrap_or(if args.stats { MEASURED } else { PRINTED });
    let talk: Vec<Utterance> = match &args.recorded {
        Some(path) => talk_from(path)?,
        None => Talker::new(&home, 0, random(args.seed, Purpose::Talk))
            .take(n)
            .collect(),
    };
    if args.stats {
        print_stats(&talk, args.json, out)?;
    } else {
        print_talk(&talk, args.json, out)?;
    }
    Ok(Status::Clean)
}

/// The talk as a table that `--talk` reads back.
fn print_talk(talk: &[Utterance], json: bool, out: &mut impl Write) -> Result<(), Error> {
    for said in talk {
        if json {
            serde_json::to_writer(&mut *out, said)?;
            writeln!(out)?;
        } else {
            writeln!(
                out,
                "{}\t{}\t{}",
                seconds(said.from_ms),
                said.speaker,
                said.text
            )?;
        }
    }
    Ok(())
}

fn print_stats(talk: &[Utterance], json: bool, out: &mut impl Write) -> Result<(), Error> {
    let figures = measure(talk);
    if json {
        for figure in figures {
            let (low, high) = figure.interval95;
            let Figure {
                name,
                published,
                source,
                ours,
                ..
            } = figure;
            serde_json::to_writer(
                &mut *out,
                &FigureRow {
                    name,
                    published,
                    ours,
                    low,
                    high,
                    source,
                },
            )?;
            writeln!(out)?;
        }
        return Ok(());
    }
    let mut rows = table(&["figure", "published", "here", "95% interval", "source"]);
    for figure in &figures {
        let (low, high) = figure.interval95;
        let show = |value: f64| shown(figure.unit, value);
        let interval = format!("{} to {}", show(low), show(high));
        let (published, ours) = (show(figure.published), show(figure.ours));
        rows.add_row([figure.name, &published, &ours, &interval, figure.source]);
    }
    writeln!(out, "{rows}")?;
    writeln!(out, "{} utterances", talk.len())?;
    Ok(())
}

fn shown(unit: Unit, value: f64) -> String {
    if !value.is_finite() {
        return "-".to_owned();
    }
    match unit {
        Unit::Share if value < 0.001 => format!("{:.4}%", value * 100.0),
        Unit::Share => format!("{:.1}%", value * 100.0),
        Unit::PerTenThousandWords | Unit::Words => format!("{value:.2}"),
        Unit::WordsPerHour => format!("{value:.0}"),
    }
}
