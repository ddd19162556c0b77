//! Reads what commands printed, and the folder of a campaign.

use super::printed::{Campaign, Found, report_of};
use super::{Checkpoint, Report};
use crate::error::Error;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// More than this is not read of one file.
const FILE_MAX: u64 = 256 << 20;
/// The form of a campaign's folder that is understood here.
const CAMPAIGN_FORMAT: u32 = 1;
/// The name by which standard input is read.
const STDIN: &str = "-";

/// Reads files and folders, in the order in which they are given.
///
/// # Errors
/// Names the file, and the line if there is one, that cannot be read.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Report, Error> {
    let mut report = Report::default();
    for path in paths {
        report.extend(if path.is_dir() {
            folder(path)?
        } else {
            file(path)?
        });
    }
    Ok(report)
}

/// A campaign, or a folder of what commands printed.
fn folder(folder: &Path) -> Result<Report, Error> {
    let itself = folder.join("campaign.json");
    if itself.is_file() {
        return campaign(folder, &itself);
    }
    let files = files_in(folder, &["json", "jsonl"])?;
    if files.is_empty() {
        let why = format!(
            "{}: there is neither a campaign.json nor any other .json or .jsonl in this folder",
            folder.display()
        );
        return Err(Error::Setting(why));
    }
    read(&files)
}

/// The files of a folder whose names end so, in order.
fn files_in(folder: &Path, ends: &[&str]) -> Result<Vec<PathBuf>, Error> {
    let failed = |error| Error::Read(folder.to_owned(), error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let end = path.extension().and_then(|end| end.to_str());
        if end.is_some_and(|end| ends.contains(&end)) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What commands printed: objects one after another, each on a line of its own or on several.
fn file(path: &Path) -> Result<Report, Error> {
    let bytes = bytes_of(path)?;
    let mut report = Report::default();
    for (line, value) in values(path, &bytes)? {
        let one = report_of(value).map_err(|error| ill_formed(path, line, &error))?;
        report.extend(one);
    }
    if report == Report::default() {
        return Err(Error::line(path, 1, &"there is nothing in it"));
    }
    let is_alone = report.findings.len() == 1;
    for finding in &mut report.findings {
        // A recording lies beside what was read, under the name of its script. No other part of a
        // path is taken from a file that anybody may have written.
        let script = finding
            .file
            .as_deref()
            .and_then(|file| Path::new(file).file_name());
        let named = script.map(|name| path.with_file_name(name));
        let named = named.or_else(|| is_alone.then(|| path.to_owned()));
        finding.sound = named.and_then(|named| sound_beside(&named));
    }
    Ok(report)
}

/// The recording of the same name.
fn sound_beside(path: &Path) -> Option<PathBuf> {
    let sound = path.with_extension("wav");
    (path.as_os_str() != STDIN && sound.is_file()).then_some(sound)
}

fn campaign(folder: &Path, itself: &Path) -> Result<Report, Error> {
    let campaign: Campaign = object(itself)?;
    if campaign.format != CAMPAIGN_FORMAT {
        let why = format!(
            "this campaign has format {}, and this version reads {CAMPAIGN_FORMAT}",
            campaign.format
        );
        return Err(Error::line(itself, 1, &why));
    }
    let mut findings = Vec::new();
    let found = folder.join("findings");
    let files = if found.is_dir() {
        files_in(&found, &["json"])?
    } else {
        Vec::new()
    };
    for path in files {
        let found: Found = object(&path)?;
        for (name, is_there) in [
            ("assistant", found.assistant.is_some()),
            ("found_by", found.engine.is_some()),
        ] {
            if !is_there {
                return Err(Error::line(&path, 1, &format!("missing field `{name}`")));
            }
        }
        let mut finding = found.finding("", "");
        finding.sound = sound_beside(&path);
        findings.push(finding);
    }
    // Files are sorted by name, and "g11" comes before "g2" there.
    findings.sort_by_key(|finding| finding.rule);
    let progress = checkpoints(&folder.join("progress.jsonl"))?;
    Ok(Report {
        runs: vec![campaign.run(&progress)],
        findings,
        standings: Vec::new(),
        progress,
    })
}

/// The only object of a file.
fn object<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let bytes = bytes_of(path)?;
    let mut values = values(path, &bytes)?.into_iter();
    let (line, value) = values
        .next()
        .ok_or_else(|| Error::line(path, 1, &"there is nothing in it"))?;
    if let Some((line, _)) = values.next() {
        return Err(Error::line(
            path,
            line,
            &"this file holds one object, and here is another",
        ));
    }
    serde_json::from_value(value).map_err(|error| ill_formed(path, line, &error))
}

/// Checkpoints are added line by line; a last line without its end was cut off by a kill, and is
/// passed over.
fn checkpoints(path: &Path) -> Result<Vec<Checkpoint>, Error> {
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let bytes = bytes_of(path)?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n');
    let values = values(path, bytes.get(..whole.unwrap_or(0)).unwrap_or_default())?;
    let read = values.into_iter().map(|(line, value)| {
        serde_json::from_value(value).map_err(|error| ill_formed(path, line, &error))
    });
    read.collect()
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, Error> {
    let failed = |error| Error::Read(path.to_owned(), error);
    let mut bytes = Vec::new();
    let mut take = |from: &mut dyn Read| from.take(FILE_MAX + 1).read_to_end(&mut bytes);
    if path.as_os_str() == STDIN {
        take(&mut io::stdin().lock())
    } else {
        fs::File::open(path).and_then(|mut file| take(&mut file))
    }
    .map_err(failed)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > FILE_MAX {
        let why = format!("this file is larger than {} MiB", FILE_MAX >> 20);
        return Err(failed(io::Error::other(why)));
    }
    Ok(bytes)
}

/// The values of a file, each with the line on which it begins.
fn values(path: &Path, bytes: &[u8]) -> Result<Vec<(usize, Value)>, Error> {
    let mut values = Vec::new();
    let mut stream = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
    let (mut line, mut counted) = (1, 0);
    loop {
        let rest = bytes.get(stream.byte_offset()..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace());
        let begins = stream.byte_offset() + blank.count();
        let passed = bytes.get(counted..begins).unwrap_or_default();
        line += passed.split(|byte| *byte == b'\n').count() - 1;
        counted = begins;
        match stream.next() {
            None => return Ok(values),
            Some(Ok(value)) => values.push((line, value)),
            Some(Err(error)) => return Err(ill_formed(path, error.line().max(line), &error)),
        }
    }
}

/// What is wrong, without the place that the parser gives, which is that of its own input.
fn ill_formed(path: &Path, line: usize, error: &serde_json::Error) -> Error {
    let why = error.to_string();
    let why = why.rsplit_once(" at line ").map_or(&*why, |(why, _)| why);
    Error::line(path, line, &why)
}
