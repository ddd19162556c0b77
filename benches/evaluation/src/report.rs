//! Compares engines by their scores: tables, and a picture for each keyword.

use crate::Outcome;
use crate::judged::{Engine, Judged, Score, area, clopper_pearson, number, poisson};
use crate::picture;
use crate::set::{Clip, clips, places};
use std::fs;
use std::io::Write;
use std::path::Path;

/// False alarms an hour and keyword for which misses are shown.
const ALARMS: [f64; 6] = [0.1, 0.5, 1.0, 3.0, 10.0, 30.0];
/// The rate at which kinds of keywords are shown apart.
const RATE: f64 = 0.5;

/// One engine and one keyword.
pub(crate) struct Row<'a> {
    pub(crate) engine: &'a str,
    pub(crate) judged: Judged,
    threshold: Option<f64>,
}

/// A part of the clips: what it is called, and which they are.
type Part<'a> = (&'a str, &'a dyn Fn(&Clip) -> bool);

pub(crate) fn run(folder: &Path, keywords: &[String], out: &mut impl Write) -> Outcome<()> {
    let clips = clips(folder)?;
    let engines = Engine::all(folder, &clips)?;
    for keyword in keywords {
        let mut rows: Vec<Row> = engines
            .iter()
            .filter(|engine| engine.judged.names().contains(keyword.as_str()))
            .map(|engine| Row {
                engine: &engine.name,
                judged: engine.judged.of(keyword),
                threshold: engine.thresholds.get(keyword).copied(),
            })
            .filter(|row| !row.judged.talk.is_empty())
            .collect();
        rows.sort_by_key(|row| row.judged.missed(row.judged.alarms(RATE).unwrap_or(0)));
        writeln!(out, "## {keyword}\n")?;
        misses(&rows, &clips, out)?;
        kinds(&rows, &clips, keyword, out)?;
        areas(&rows, &clips, out)?;
        as_they_come(&rows, out)?;
        let name = keyword.to_lowercase().replace(' ', "-");
        picture::draw(&folder.join(format!("det-{name}.svg")), keyword, &rows)?;
    }
    writeln!(out, "## All keywords\n")?;
    all_areas(&engines, &clips, out)?;
    if let Some(own) = engines.iter().find(|engine| engine.name == "mondegreen") {
        for other in engines.iter().filter(|other| other.name != own.name) {
            compare(own, other, out)?;
        }
    }
    costs(folder, out)
}

fn head(first: &str, columns: &[String], out: &mut impl Write) -> Outcome<()> {
    writeln!(out, "| {first} | {} |", columns.join(" | "))?;
    writeln!(out, "|{}", " --- |".repeat(columns.len() + 1))?;
    Ok(())
}

/// A share in percent with its interval.
fn percent(share: f64, (low, high): (f64, f64)) -> String {
    let [share, low, high] = [share, low, high].map(|share| 100.0 * share);
    format!("{share:.1}% [{low:.1}, {high:.1}]")
}

/// Sounds by their number, taken for independent.
fn share(count: usize, all: usize) -> Outcome<String> {
    let share = number(count) / number(all).max(1.0);
    Ok(percent(share, clopper_pearson(count, all)?))
}

/// The detection-error curve at some of its points.
fn misses(rows: &[Row], clips: &[Clip], out: &mut impl Write) -> Outcome<()> {
    let positives = rows.first().map_or(0, |row| row.judged.keywords.len());
    let mut columns = vec![String::from("hours")];
    columns.extend(ALARMS.map(|rate| format!("{rate} an hour")));
    head(
        &format!("Misses of {positives} at false alarms"),
        &columns,
        out,
    )?;
    for row in rows {
        let all = row.judged.keywords.len();
        write!(out, "| {} | {:.1}", row.engine, row.judged.hours())?;
        for rate in ALARMS {
            let interval = row.judged.missed_interval(rate, clips);
            match row.judged.alarms(rate).zip(interval) {
                Some((alarms, interval)) => {
                    let share = number(row.judged.missed(alarms)) / number(all).max(1.0);
                    write!(out, " | {}", percent(share, interval))?;
                }
                None => write!(out, " | -")?,
            }
        }
        writeln!(out, " |")?;
    }
    writeln!(out)?;
    Ok(())
}

/// Which keywords are missed, at one rate of false alarms.
fn kinds(rows: &[Row], clips: &[Clip], keyword: &str, out: &mut impl Write) -> Outcome<()> {
    let flite = |clip: &Clip| clip.voice.starts_with("flite");
    let at = places().map(|place| (place, move |clip: &Clip| clip.place == place));
    let mut parts: Vec<Part> = at.iter().map(|(place, at)| (*place, at as _)).collect();
    let alone = |clip: &Clip| clip.said == keyword;
    let first = |clip: &Clip| clip.said != keyword && clip.said.starts_with(keyword);
    let inside = |clip: &Clip| !clip.said.starts_with(keyword);
    let espeak = |clip: &Clip| !flite(clip);
    parts.extend([
        ("alone", &alone as _),
        ("before a command", &first as _),
        ("in mid-talk", &inside as _),
        ("espeak-ng", &espeak as _),
        ("flite", &flite as _),
    ]);
    let columns: Vec<String> = parts.iter().map(|(name, _)| (*name).to_owned()).collect();
    head(
        &format!("Misses at {RATE} false alarms an hour"),
        &columns,
        out,
    )?;
    for row in rows {
        let threshold = row.judged.threshold(row.judged.alarms(RATE).unwrap_or(0));
        write!(out, "| {}", row.engine)?;
        for (_, is_part) in &parts {
            let keywords = row.judged.keywords.iter();
            let part: Vec<&Score> = keywords
                .filter(|score| is_part(&clips[score.clip]))
                .collect();
            let missed = part.iter().filter(|score| score.value <= threshold).count();
            write!(
                out,
                " | {:.0}%",
                100.0 * number(missed) / number(part.len()).max(1.0)
            )?;
        }
        writeln!(out, " |")?;
    }
    writeln!(out)?;
    Ok(())
}

fn values(scores: &[Score], clips: &[Clip], place: &str) -> Vec<f64> {
    let part = scores
        .iter()
        .filter(|score| clips[score.clip].place == place);
    part.map(|score| score.value).collect()
}

/// Near-misses and talk against keywords: in quiet, and at 10 dB.
fn four_areas(judged: &Judged, clips: &[Clip]) -> [Option<f64>; 4] {
    let of = |negatives: &[Score], place: &str| {
        let others = values(negatives, clips, place);
        let own = values(&judged.keywords, clips, place);
        (!others.is_empty()).then(|| area(&own, &others))
    };
    [
        of(&judged.near, "quiet"),
        of(&judged.near, "pink 10"),
        of(&judged.talk, "quiet"),
        of(&judged.talk, "pink 10"),
    ]
}

const AREAS: [&str; 4] = [
    "near-misses, quiet",
    "near-misses, 10 dB",
    "talk, quiet",
    "talk, 10 dB",
];

fn area_row(name: &str, areas: [Option<f64>; 4], out: &mut impl Write) -> Outcome<()> {
    let cells = areas.map(|area| area.map_or_else(|| "-".to_owned(), |area| format!("{area:.3}")));
    writeln!(out, "| {name} | {} |", cells.join(" | "))?;
    Ok(())
}

fn areas(rows: &[Row], clips: &[Clip], out: &mut impl Write) -> Outcome<()> {
    head("Area under the curve", &AREAS.map(str::to_owned), out)?;
    for row in rows {
        area_row(row.engine, four_areas(&row.judged, clips), out)?;
    }
    writeln!(out)?;
    Ok(())
}

/// By the thresholds that the engines come with.
fn as_they_come(rows: &[Row], out: &mut impl Write) -> Outcome<()> {
    let columns = [
        "threshold",
        "misses",
        "false alarms an hour",
        "near-misses taken",
    ];
    head("As it comes", &columns.map(str::to_owned), out)?;
    for row in rows {
        let Some(threshold) = row.threshold else {
            continue;
        };
        let above = |all: &[Score]| all.iter().filter(|score| score.value > threshold).count();
        let (all, hours) = (row.judged.keywords.len(), row.judged.hours());
        let alarms = above(&row.judged.talk);
        let (low, high) = poisson(alarms)?;
        writeln!(
            out,
            "| {} | {threshold:.4} | {} | {:.2} [{:.2}, {:.2}] | {} of {} |",
            row.engine,
            share(all - above(&row.judged.keywords), all)?,
            number(alarms) / hours,
            low / hours,
            high / hours,
            above(&row.judged.near),
            row.judged.near.len(),
        )?;
    }
    writeln!(out)?;
    Ok(())
}

/// The means over the keywords that each engine knows, and near-misses keyword by keyword.
fn all_areas(engines: &[Engine], clips: &[Clip], out: &mut impl Write) -> Outcome<()> {
    head("Area under the curve, mean", &AREAS.map(str::to_owned), out)?;
    let mut near = Vec::new();
    for engine in engines {
        let names = engine.judged.names();
        let each = names
            .iter()
            .map(|keyword| four_areas(&engine.judged.of(keyword), clips));
        let each: Vec<_> = each.collect();
        let mean = |nth: usize| {
            let known: Vec<f64> = each.iter().filter_map(|areas| areas[nth]).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / number(known.len()))
        };
        let name = format!("{} (of {})", engine.name, names.len());
        area_row(&name, [0, 1, 2, 3].map(mean), out)?;
        let known = names.iter().zip(&each);
        let known = known.filter_map(|(name, areas)| Some(format!("{name} {:.3}", areas[0]?)));
        near.push(format!(
            "{}: {}",
            engine.name,
            known.collect::<Vec<_>>().join(", ")
        ));
    }
    writeln!(out, "\nNear-misses in quiet:\n\n- {}\n", near.join("\n- "))?;
    Ok(())
}

/// Two engines on what both have heard, with one threshold for all keywords.
fn compare(own: &Engine, other: &Engine, out: &mut impl Write) -> Outcome<()> {
    let (ours, theirs) = (
        own.judged.beside(&other.judged),
        other.judged.beside(&own.judged),
    );
    let all = ours.keywords.len();
    writeln!(
        out,
        "{} beside {}: {} of the keywords said {all} times, {:.1} keyword-hours of talk",
        own.name,
        other.name,
        ours.names().len(),
        ours.hours()
    )?;
    for rate in ALARMS {
        if let (Some(our_alarms), Some(their_alarms)) = (ours.alarms(rate), theirs.alarms(rate)) {
            writeln!(
                out,
                "- misses at {rate} an hour and keyword ({our_alarms} alarms): {}, {}",
                share(ours.missed(our_alarms), all)?,
                share(theirs.missed(their_alarms), all)?
            )?;
        }
    }
    let both = ours.alarms_max().min(theirs.alarms_max());
    let is_worse = |alarms: &usize| ours.missed(*alarms) > theirs.missed(*alarms);
    let worse: Vec<usize> = (0..=both).filter(is_worse).collect();
    write!(
        out,
        "- misses more at {} of {} numbers of false alarms",
        worse.len(),
        both + 1
    )?;
    match (worse.first(), worse.last()) {
        (Some(first), Some(last)) => writeln!(out, ", from {first} to {last}\n")?,
        (None, _) | (_, None) => writeln!(out, "\n")?,
    }
    Ok(())
}

/// What was measured of the processes, if it was.
fn costs(folder: &Path, out: &mut impl Write) -> Outcome<()> {
    let Ok(text) = fs::read_to_string(folder.join("cost.tsv")) else {
        return Ok(());
    };
    let columns = ["of real time", "memory"].map(str::to_owned);
    head("What it costs", &columns, out)?;
    for line in text.lines() {
        let row: Vec<&str> = line.split('\t').collect();
        let [engine, share, memory] = row[..] else {
            return Err(format!("cost.tsv: `{line}` is not a cost").into());
        };
        let percent = 100.0 * share.parse::<f64>()?;
        writeln!(out, "| {engine} | {percent:.3}% | {memory} MiB |")?;
    }
    Ok(())
}
