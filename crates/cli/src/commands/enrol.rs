//! `enrol`: teaches the embedded detector a keyword.

use crate::Status;
use crate::args::ears::Enrol as Args;
use crate::commands::{printable, table, write_whole};
use crate::error::Error;
use mondegreen_sim::attack::Count;
use mondegreen_sim::ear::recording;
use mondegreen_sim::enrol::{EnrolError, Enrolled, Tried, enrol, real, templates};
use serde_json::json;
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let recordings = args.recordings.iter().map(|path| samples(path));
    let recordings = recordings.collect::<Result<Vec<_>, _>>()?;
    let enrolled = if args.alone {
        let keyword = templates(&args.name, &recordings);
        keyword.map(|keyword| Enrolled {
            keyword,
            lessons: [0; 3],
            tried: None,
        })
    } else {
        enrol(&args.name, &recordings, &args.cache()?, args.seed)
    };
    let enrolled = enrolled.map_err(|error| match error {
        EnrolError::Recording(nth, error) => match args.recordings.get(nth) {
            Some(path) => Error::Setting(format!("{}: {error}", path.display())),
            None => Error::Setting(error.to_string()),
        },
        EnrolError::Name(_) | EnrolError::Render(_) => Error::Setting(error.to_string()),
    })?;
    write_whole(&args.out, enrolled.keyword.to_string().as_bytes())?;
    if args.json {
        let [said, near, talk] = enrolled.lessons;
        let all = json!({
            "keyword": enrolled.keyword.name(),
            "file": args.out,
            "templates": enrolled.keyword.templates(),
            "lessons": { "said": said, "near": near, "talk": talk },
            "tried": enrolled.tried,
            "seed": args.seed,
        });
        writeln!(out, "{all}")?;
    } else {
        print(args, &enrolled, out)?;
    }
    Ok(Status::Clean)
}

fn samples(path: &Path) -> Result<Vec<f32>, Error> {
    let file = File::open(path).map_err(|error| Error::Read(path.to_owned(), error))?;
    let samples = recording(BufReader::new(file));
    let samples = samples.map_err(|error| Error::Recording(path.to_owned(), error))?;
    Ok(real(&samples))
}

fn print(args: &Args, enrolled: &Enrolled, out: &mut impl Write) -> Result<(), Error> {
    let keyword = &enrolled.keyword;
    let name = printable(keyword.name());
    let count = keyword.templates();
    match &enrolled.tried {
        None => writeln!(out, "{name}: {count} recordings, and nothing learned.")?,
        Some(tried) => {
            let [said, near, talk] = enrolled.lessons;
            writeln!(
                out,
                "{name}: {count} templates, and a network that learned from {said} sounds of the keyword, {near} of \
                 near-misses and {talk} of talk.\n\nIn synthetic voices, near-misses and talk that it has not learned from:"
            )?;
            print_tried(tried, out)?;
        }
    }
    let path = args.out.display();
    writeln!(
        out,
        "\nwritten to {path}; `mondegreen hear WAV --ears {path} --wake '{name}'` listens for it"
    )?;
    Ok(())
}

fn print_tried(tried: &Tried, out: &mut impl Write) -> Result<(), Error> {
    let mut rows = table(&["", "heard", "of", "share", "95% interval"]);
    let counts = [
        ("the keyword in quiet", tried.quiet),
        ("the keyword at 10 dB", tried.noisy),
        ("near-misses", tried.near),
    ];
    for (what, count) in counts {
        rows.add_row(row(what, count));
    }
    let minutes = format!("{:.1} minutes", seconds(tried.talk_ms) / 60.0);
    rows.add_row(["talk".to_owned(), tried.talk.to_string(), minutes]);
    writeln!(out, "{rows}")?;
    Ok(())
}

fn row(what: &str, count: Count) -> [String; 5] {
    let interval = count.interval();
    let percent = |share: f64| format!("{:.0}%", 100.0 * share);
    [
        what.to_owned(),
        count.accepted.to_string(),
        count.tries.to_string(),
        percent(count.share()),
        format!("{} to {}", percent(interval.low), percent(interval.high)),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "minutes")]
fn seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1_000.0
}
