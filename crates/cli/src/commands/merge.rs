//! `merge`: one result from those of several shards, whatever their order.

use crate::Status;
use crate::args::campaign::Merge as Args;
use crate::campaign::{is_campaign, latest, read, write, write_json, write_new};
use crate::commands::{estimate, text_from};
use crate::error::Error;
use mondegreen_sim::campaign::Book;
use serde_json::Value;
use std::io::Write;
use std::path::Path;

/// What shards can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Campaign,
    Estimate,
    Race,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Campaign => "a campaign",
            Self::Estimate => "an estimate",
            Self::Race => "a race",
        }
    }

    fn of(path: &Path) -> Result<Self, Error> {
        if path.is_dir() {
            return if is_campaign(path) {
                Ok(Self::Campaign)
            } else {
                let why = "there is no campaign in this folder";
                Err(Error::Setting(format!("{}: {why}", path.display())))
            };
        }
        let text = text_from(path)?;
        let first: Option<Value> = text
            .lines()
            .next()
            .and_then(|line| serde_json::from_str(line).ok());
        let has = |name| {
            first
                .as_ref()
                .is_some_and(|first| first.get(name).is_some())
        };
        if has("estimate") {
            Ok(Self::Estimate)
        } else if has("arm") {
            Ok(Self::Race)
        } else {
            let why = "this is neither what `estimate --json` prints nor what `race --json` writes";
            Err(Error::line(path, 1, &why))
        }
    }
}

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    if args.out.exists() {
        let why = "this is there already; name another place";
        return Err(Error::Setting(format!("{}: {why}", args.out.display())));
    }
    let mut kind: Option<Kind> = None;
    for path in &args.parts {
        let here = Kind::of(path)?;
        if let Some(before) = kind.filter(|before| *before != here) {
            let (before, here) = (before.name(), here.name());
            let why = format!("this is of {here}, and what stands before it is of {before}");
            return Err(Error::Setting(format!("{}: {why}", path.display())));
        }
        kind = Some(here);
    }
    match kind {
        None => Ok(Status::Clean),
        Some(Kind::Campaign) => campaigns(args, out),
        Some(Kind::Estimate) => {
            estimate::merge((&args.parts, &args.out), args.json, out).map(|()| Status::Clean)
        }
        Some(Kind::Race) => races(args, out),
    }
}

fn campaigns(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let books = args.parts.iter().map(|path| read(path));
    let books: Vec<Book> = books.collect::<Result<_, _>>()?;
    let whole = Book::merge(books).map_err(|error| Error::Setting(error.to_string()))?;
    let shards = whole.header.settings.merged.iter().map(ToString::to_string);
    let shards: Vec<String> = shards.collect();
    let log = format!("merged of the shards {}\n", shards.join(", "));
    write_new(&args.out, &whole, &log)?;
    let here = (args.out.as_path(), latest(&whole));
    if args.json {
        write_json(&whole, here, 0, out)?;
    } else {
        write(&whole, here, 0, out)?;
    }
    Ok(if whole.kept.is_empty() {
        Status::Clean
    } else {
        Status::Findings
    })
}

#[cfg(feature = "race")]
fn races(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    crate::commands::race::merge((&args.parts, &args.out), args.json, out).map(|()| Status::Clean)
}

#[cfg(not(feature = "race"))]
fn races(_: &Args, _: &mut impl Write) -> Result<Status, Error> {
    Err(Error::Setting(
        "this program was built without `race`".to_owned(),
    ))
}
