//! `hear`: what ears make of a recording.

mod picture;

use crate::Status;
use crate::args::ears::Hear;
use crate::commands::{printable, seconds, table, text_from};
use crate::error::Error;
use mondegreen_sim::ear::{Ear, Heard, Hearing, Kind, RATE, recording};
use picture::{Recording, Truth};
use serde::Serialize;
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;

/// What one ear made of the recording.
#[derive(Serialize)]
struct Opinion {
    /// As it was given on the command line.
    ear: String,
    /// What it calls itself.
    name: Option<String>,
    kind: Option<Kind>,
    #[serde(flatten)]
    heard: Heard,
    /// Why it heard nothing.
    error: Option<String>,
}

pub(crate) fn run(args: &Hear, out: &mut impl Write) -> Result<Status, Error> {
    let path = &args.recording;
    let file = File::open(path).map_err(|error| Error::Read(path.clone(), error))?;
    let samples = recording(BufReader::new(file));
    let samples = samples.map_err(|error| Error::Recording(path.clone(), error))?;
    let truth = args.truth.as_deref().map(truth_from).transpose()?;
    let mut status = Status::Clean;
    let mut opinions = Vec::new();
    for ear in &args.ears {
        let (name, heard) = listen(ear, &samples, args);
        let (heard, error) = match heard {
            Ok(heard) => (heard, None),
            Err(error) => {
                if status != Status::Broken {
                    status = error.status();
                }
                (Heard::default(), Some(error.to_string()))
            }
        };
        let (name, kind) = name.unzip();
        opinions.push(Opinion {
            ear: ear.clone(),
            name,
            kind,
            heard,
            error,
        });
    }
    if let Some(file) = &args.plot {
        file.write(&Recording {
            title: &path.file_name().unwrap_or_default().to_string_lossy(),
            samples: &samples,
            rate: RATE,
            truth: truth.as_ref(),
            opinions: &opinions,
        })?;
    }
    if args.json {
        serde_json::to_writer(&mut *out, &opinions)?;
        writeln!(out)?;
    } else {
        print(&opinions, out)?;
    }
    Ok(status)
}

/// Reads what is said in the recording.
fn truth_from(path: &Path) -> Result<Truth, Error> {
    let text = text_from(path)?;
    serde_json::from_str(&text).map_err(|error| Error::line(path, error.line(), &error))
}

/// Opens an ear and plays the recording to it.
fn listen(
    place: &str,
    samples: &[i16],
    args: &Hear,
) -> (Option<(String, Kind)>, Result<Heard, Error>) {
    let mut ear = match args.patience.open(place) {
        Ok(ear) => ear,
        Err(error) => return (None, Err(error)),
    };
    let about = Some((ear.name().to_owned(), ear.kind()));
    let heard = listens_for(&ear, args).and_then(|phrases| {
        let phrases: Vec<&str> = phrases.iter().map(String::as_str).collect();
        let heard = ear.hear(samples, &phrases);
        heard.map_err(|error| Error::Ear(place.to_owned(), error))
    });
    (about, heard)
}

fn listens_for(ear: &Ear, args: &Hear) -> Result<Vec<String>, Error> {
    if ear.kind() == Kind::Recogniser {
        return Ok(args.phrases.clone());
    }
    let name = ear.name_of(&args.wake).ok_or_else(|| {
        let (name, names) = (ear.name(), ear.names().join(", "));
        let wake = &args.wake;
        Error::Setting(format!(
            "{name} does not know `{wake}`, but {names}; --wake says for what it listens"
        ))
    })?;
    Ok(vec![name.to_owned()])
}

fn print(opinions: &[Opinion], out: &mut impl Write) -> Result<(), Error> {
    let name = |opinion: &Opinion| printable(opinion.name.as_ref().unwrap_or(&opinion.ear));
    let of = |opinion| move |hearing| (opinion, hearing);
    let hearings = opinions
        .iter()
        .flat_map(|o| o.heard.hearings.iter().map(of(o)));
    let mut hearings: Vec<(&Opinion, &Hearing)> = hearings.collect();
    hearings.sort_by_key(|(_, hearing)| (hearing.from_ms, hearing.to_ms));
    let mut rows = table(&["from", "to", "ear", "heard", "score", "or else"]);
    for (opinion, hearing) in &hearings {
        let from = (hearing.from_ms < hearing.to_ms).then(|| seconds(hearing.from_ms));
        let others = hearing.alternatives.iter().map(|other| other.text.as_str());
        rows.add_row([
            from.unwrap_or_default(),
            seconds(hearing.to_ms),
            name(opinion),
            printable(&hearing.text),
            score(hearing.score),
            printable(&others.collect::<Vec<_>>().join(" | ")),
        ]);
    }
    if !hearings.is_empty() {
        writeln!(out, "{rows}")?;
    }
    for opinion in opinions {
        if let Some(error) = &opinion.error {
            writeln!(out, "{}", printable(error))?;
        } else if opinion.heard.hearings.is_empty() {
            write!(out, "{} heard nothing", name(opinion))?;
            match opinion.heard.nearest {
                Some(nearest) => writeln!(
                    out,
                    "; it came nearest at {} s, with a score of {:.2}",
                    seconds(nearest.at_ms),
                    nearest.score
                )?,
                None => writeln!(out)?,
            }
        }
    }
    Ok(())
}

fn score(score: Option<f64>) -> String {
    score.map_or_else(|| "-".to_owned(), |score| format!("{score:.2}"))
}
