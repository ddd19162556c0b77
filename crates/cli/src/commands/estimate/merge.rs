//! One estimate from those of several shards.

use super::Figures;
use super::page::{Asked, Known, Page};
use crate::commands::{text_from, write_whole};
use crate::error::Error;
use mondegreen_sim::campaign::ShardOf;
use mondegreen_sim::estimate::Estimate;
use serde::Deserialize;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What `estimate --json` printed.
#[derive(Debug, Deserialize)]
struct Part {
    assistant: String,
    estimate: Estimate,
    #[serde(rename = "false_wakes_in_an_hour_of_talk")]
    wakes: Known,
    traffic: String,
    channel: String,
    error: f64,
    devices: Option<u64>,
    seed: u64,
    repeat: Option<String>,
    shards: Vec<ShardOf>,
    version: String,
}

/// Pools the replications of shards; writes what `estimate --json` prints to a file, and the page
/// that it prints for people.
pub(crate) fn merge(
    (paths, to): (&[PathBuf], &Path),
    json: bool,
    out: &mut impl Write,
) -> Result<(), Error> {
    let mut parts = Vec::new();
    for path in paths {
        let part: Part = serde_json::from_str(&text_from(path)?)
            .map_err(|error| Error::line(path, error.line(), &format!("no estimate: {error}")))?;
        check_shards(path, &part, &parts)?;
        parts.push((path, part));
    }
    let mut shards: Vec<ShardOf> = parts
        .iter()
        .flat_map(|(_, part)| part.shards.iter().copied())
        .collect();
    shards.sort_unstable();
    let mut parts = parts.into_iter();
    let Some((first_path, mut whole)) = parts.next() else {
        return Err(Error::Setting("there is nothing to merge".to_owned()));
    };
    for (path, part) in parts {
        if !goes_with(&whole, &part) {
            return Err(Error::Setting(format!(
                "{} does not go with {}: it is of another assistant, talk, channel, version or precision",
                path.display(),
                first_path.display()
            )));
        }
        if whole.repeat != part.repeat {
            whole.repeat = None;
        }
        let pooled = whole.estimate.pool(part.estimate);
        whole.estimate =
            pooled.map_err(|error| Error::Setting(format!("{}: {error}", path.display())))?;
    }
    let figures = Figures::of((first_path, whole.traffic), (first_path, whole.channel))?;
    let page = Page {
        name: &whole.assistant,
        figures: &figures,
        rate: &whole.estimate,
        wakes: whole.wakes,
        asked: Asked {
            error: whole.error,
            devices: whole.devices,
            seed: whole.seed,
            repeat: whole.repeat,
        },
        shards: &shards,
    };
    let mut whole = Vec::new();
    page.write_json(&mut whole)?;
    write_whole(to, &whole)?;
    if json {
        Ok(out.write_all(&whole)?)
    } else {
        page.write(out)
    }
}

/// Refuses what is no shard, or one that is there already.
fn check_shards(path: &Path, part: &Part, before: &[(&PathBuf, Part)]) -> Result<(), Error> {
    let why = if part.version != env!("CARGO_PKG_VERSION") {
        format!(
            "this is of version {}, and this program is {}",
            part.version,
            env!("CARGO_PKG_VERSION")
        )
    } else if part.shards.is_empty() {
        "this estimate is of no shard; it holds all replications already".to_owned()
    } else {
        let known = |shard: &&ShardOf| before.iter().any(|(_, other)| other.shards.contains(shard));
        let counts = |shard: &&ShardOf| {
            let all = before.iter().flat_map(|(_, other)| &other.shards);
            all.into_iter().any(|other| other.of() != shard.of())
        };
        if let Some(twice) = part.shards.iter().find(known) {
            format!("shard {twice} is there twice")
        } else if let Some(other) = part.shards.iter().find(counts) {
            format!("shard {other} is of another number of shards than the others")
        } else {
            return Ok(());
        }
    };
    Err(Error::Setting(format!("{}: {why}", path.display())))
}

/// Whether two parts are of one estimate, as far as the pooling does not see to that.
fn goes_with(whole: &Part, part: &Part) -> bool {
    let told = |part: &Part| (part.wakes, part.error.to_bits(), part.devices);
    let texts = |part: &Part| {
        (
            part.assistant.clone(),
            part.traffic.clone(),
            part.channel.clone(),
            part.version.clone(),
        )
    };
    told(whole) == told(part) && texts(whole) == texts(part)
}
