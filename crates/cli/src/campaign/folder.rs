//! The folder of a campaign: what is in it is whole or absent, whenever the power goes.
//!
//! A file is written beside its place, brought to the disk, and renamed. Lines are appended in one
//! write; a last line that is not whole is taken back. The line of a unit comes after all that the
//! unit found, so a unit is done if and only if its line is there; one whose line is missing is done
//! again, and finds the same again.

use crate::commands::{printable, text_from};
use crate::error::Error;
use mondegreen_sim::campaign::{Book, FORMAT, Header, Kept, Point, Record};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

const HEADER: &str = "campaign.json";
const UNITS: &str = "units.jsonl";
const PROGRESS: &str = "progress.jsonl";
const LOG: &str = "log.txt";
const LOCK: &str = "lock";
const FINDINGS: &str = "findings";
/// What a file is called before it is whole.
const UNFINISHED: &str = ".unfinished-";

/// A campaign's folder, held by this process alone.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    units: File,
    progress: File,
    log: File,
    /// Held as long as the folder is.
    _lock: File,
    /// Bytes in all files.
    used: u64,
    /// How many there may be.
    disk: u64,
    /// Causes for which there was no room.
    pub(crate) left_out: u64,
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |error| Error::Read(path, error)
}

/// Whether there is a campaign in this folder.
pub(crate) fn is_campaign(path: &Path) -> bool {
    path.join(HEADER).exists()
}

impl Folder {
    /// Takes the folder, and begins a campaign or goes on with the one that is there.
    ///
    /// # Errors
    /// When another process has it, when it holds something else, or a campaign of other settings.
    pub(crate) fn open(path: &Path, header: &Header, disk: u64) -> Result<(Self, Book), Error> {
        fs::create_dir_all(path).map_err(failed(path))?;
        let lock = lock(path)?;
        if !is_campaign(path) {
            begin(path, header)?;
        }
        remove_unfinished(path)?;
        check_same(path, header, &read_header(path)?)?;
        for name in [UNITS, PROGRESS, LOG] {
            take_back_torn(&path.join(name))?;
        }
        let book = read(path)?;
        let append = |name| {
            let path = path.join(name);
            let options = OpenOptions::new().append(true).create(true).open(&path);
            options.map_err(failed(&path))
        };
        let mut folder = Self {
            units: append(UNITS)?,
            progress: append(PROGRESS)?,
            log: append(LOG)?,
            path: path.to_owned(),
            _lock: lock,
            used: 0,
            disk,
            left_out: 0,
        };
        folder.used = size(path)?;
        folder.put_right(&book)?;
        Ok((folder, book))
    }

    /// Makes the texts of findings and the counts in them agree with what is known.
    fn put_right(&mut self, book: &Book) -> Result<(), Error> {
        let folder = self.path.join(FINDINGS);
        for entry in fs::read_dir(&folder).map_err(failed(&folder))? {
            let path = entry.map_err(failed(&folder))?.path();
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            let end = path.extension().and_then(|end| end.to_str());
            let kept = stem.and_then(|stem| book.kept.get(stem));
            let belongs = kept.is_some_and(|kept| Some(kept.extension()) == end);
            if matches!(end, Some("script" | "case")) && !belongs {
                fs::remove_file(&path).map_err(failed(&path))?;
            }
        }
        for kept in book.kept.values() {
            let text = self.text_path(kept);
            if fs::read_to_string(&text).ok().as_deref() != Some(&text_of(kept)) {
                write_whole(&text, text_of(kept).as_bytes())?;
            }
        }
        self.used = size(&self.path)?;
        Ok(())
    }

    fn text_path(&self, kept: &Kept) -> PathBuf {
        let name = format!("{}.{}", kept.bucket, kept.extension());
        self.path.join(FINDINGS).join(name)
    }

    fn json_path(&self, kept: &Kept) -> PathBuf {
        let name = format!("{}.json", kept.bucket);
        self.path.join(FINDINGS).join(name)
    }

    /// Keeps a finding, in the place of the one of the same bucket if there is one; says whether there
    /// was room for it.
    pub(crate) fn keep(&mut self, kept: &Kept, before: Option<&Kept>) -> Result<bool, Error> {
        let (json, text) = (line_of(kept)?, text_of(kept));
        let bytes = length(&json) + length(&text);
        // Room is left for the lines of units.
        if self.used.saturating_add(bytes) > self.disk / 8 * 7 {
            self.left_out += u64::from(before.is_none());
            return Ok(false);
        }
        write_whole(&self.text_path(kept), text.as_bytes())?;
        write_whole(&self.json_path(kept), json.as_bytes())?;
        if let Some(before) = before {
            if before.extension() != kept.extension() {
                let path = self.text_path(before);
                fs::remove_file(&path).map_err(failed(&path))?;
            }
            let gone = length(&line_of(before)?) + length(&text_of(before));
            self.used = self.used.saturating_sub(gone);
        }
        self.used = self.used.saturating_add(bytes);
        Ok(true)
    }

    /// Notes that a unit is done; says whether there was room for that.
    pub(crate) fn record(&mut self, record: &Record) -> Result<bool, Error> {
        let line = line_of(record)?;
        if self.used.saturating_add(length(&line)) > self.disk {
            return Ok(false);
        }
        let path = self.path.join(UNITS);
        self.units
            .write_all(line.as_bytes())
            .map_err(failed(&path))?;
        self.units.sync_data().map_err(failed(&path))?;
        self.used = self.used.saturating_add(length(&line));
        Ok(true)
    }

    /// Notes how far it is, while there is room for more than findings and units.
    pub(crate) fn point(&mut self, point: &Point) -> Result<(), Error> {
        let line = line_of(point)?;
        if self.has_room(length(&line)) {
            let written = self.progress.write_all(line.as_bytes());
            written.map_err(failed(&self.path.join(PROGRESS)))?;
            self.used = self.used.saturating_add(length(&line));
        }
        Ok(())
    }

    /// Notes something for people, while there is room.
    pub(crate) fn log(&mut self, at_s: f64, what: &str) -> Result<(), Error> {
        let line = format!("{at_s:>9.1} s  {}\n", printable(what));
        if self.has_room(length(&line)) {
            let written = self.log.write_all(line.as_bytes());
            written.map_err(failed(&self.path.join(LOG)))?;
            self.used = self.used.saturating_add(length(&line));
        }
        Ok(())
    }

    const fn has_room(&self, bytes: u64) -> bool {
        self.used.saturating_add(bytes) <= self.disk / 4 * 3
    }
}

/// Holds the folder for this process, as long as the file is open.
fn lock(path: &Path) -> Result<File, Error> {
    let name = path.join(LOCK);
    let options = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&name);
    let file = options.map_err(failed(&name))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Setting(format!(
            "{}: another process works on this campaign",
            path.display()
        ))),
        Err(TryLockError::Error(error)) => Err(failed(&name)(error)),
    }
}

/// Makes a new folder of a campaign, of one that holds nothing else.
fn begin(path: &Path, header: &Header) -> Result<(), Error> {
    remove_unfinished(path)?;
    for entry in fs::read_dir(path).map_err(failed(path))? {
        let name = entry.map_err(failed(path))?.file_name();
        if name != LOCK && name != FINDINGS {
            return Err(Error::Setting(format!(
                "{}: this is no folder of a campaign, and it holds `{}`; name an empty one",
                path.display(),
                name.to_string_lossy()
            )));
        }
    }
    let findings = path.join(FINDINGS);
    fs::create_dir_all(&findings).map_err(failed(&findings))?;
    write_whole(&path.join(HEADER), line_of(header)?.as_bytes())
}

/// Refuses to go on with a campaign of another version or other settings.
fn check_same(path: &Path, wanted: &Header, there: &Header) -> Result<(), Error> {
    let why = if there.version != wanted.version {
        format!(
            "this campaign is of version {}, and this is version {}; another version may search otherwise, so begin a \
             new folder (`--regress` replays what was found)",
            there.version, wanted.version
        )
    } else if !there.settings.merged.is_empty() {
        "this was merged of shards; go on with the shards, and merge them again".to_owned()
    } else if there.settings != wanted.settings {
        let (there, wanted) = (line_of(&there.settings)?, line_of(&wanted.settings)?);
        format!(
            "this campaign has other settings; begin a new folder, or leave out what is to be as it was\n  there   {}\n  \
             wanted  {}",
            there.trim_end(),
            wanted.trim_end()
        )
    } else {
        return Ok(());
    };
    Err(Error::Setting(format!("{}: {why}", path.display())))
}

/// Reads a campaign, and changes nothing.
///
/// # Errors
/// When a file cannot be read, or is not what it should be.
pub(crate) fn read(path: &Path) -> Result<Book, Error> {
    let mut book = Book::new(read_header(path)?);
    for record in lines_of::<Record>(&path.join(UNITS))? {
        let name = record.name();
        if book.records.insert(name, record).is_some() {
            let why = "this unit is there twice";
            return Err(Error::line(&path.join(UNITS), book.records.len() + 1, &why));
        }
    }
    book.points = lines_of(&path.join(PROGRESS))?;
    let findings = path.join(FINDINGS);
    for entry in fs::read_dir(&findings).map_err(failed(&findings))? {
        let path = entry.map_err(failed(&findings))?.path();
        if path.extension().is_some_and(|end| end == "json") {
            let kept: Kept = serde_json::from_str(&text_from(&path)?).map_err(|error| {
                Error::line(&path, error.line(), &format!("no finding: {error}"))
            })?;
            book.kept.insert(kept.bucket.clone(), kept);
        }
    }
    let times: BTreeMap<String, u64> = book
        .kept
        .keys()
        .map(|name| (name.clone(), book.times(name)))
        .collect();
    for (name, kept) in &mut book.kept {
        kept.times = times.get(name).copied().unwrap_or_default();
    }
    Ok(book)
}

/// What a campaign says of itself.
pub(crate) fn read_header(path: &Path) -> Result<Header, Error> {
    let path = path.join(HEADER);
    let text = text_from(&path)?;
    let format = serde_json::from_str::<serde_json::Value>(&text)
        .map_err(|error| Error::line(&path, error.line(), &error))?;
    let format = format.get("format").and_then(serde_json::Value::as_u64);
    if format != Some(u64::from(FORMAT)) {
        let format = format.map_or("no format".to_owned(), |format| format!("format {format}"));
        let why = format!("this campaign has {format}, and this program reads format {FORMAT}");
        return Err(Error::line(&path, 1, &why));
    }
    serde_json::from_str(&text)
        .map_err(|error| Error::line(&path, error.line(), &format!("no campaign: {error}")))
}

/// Writes a campaign to a folder that is not there yet.
pub(crate) fn write_new(path: &Path, book: &Book, log: &str) -> Result<(), Error> {
    fs::create_dir(path).map_err(failed(path))?;
    let findings = path.join(FINDINGS);
    fs::create_dir(&findings).map_err(failed(&findings))?;
    for kept in book.kept.values() {
        let text = findings.join(format!("{}.{}", kept.bucket, kept.extension()));
        write_whole(&text, text_of(kept).as_bytes())?;
        let json = findings.join(format!("{}.json", kept.bucket));
        write_whole(&json, line_of(kept)?.as_bytes())?;
    }
    let records: Result<String, Error> = book.records.values().map(line_of).collect();
    let points: Result<String, Error> = book.points.iter().map(line_of).collect();
    write_whole(&path.join(UNITS), records?.as_bytes())?;
    write_whole(&path.join(PROGRESS), points?.as_bytes())?;
    write_whole(&path.join(LOG), log.as_bytes())?;
    // The last, so that a folder that was not written to its end is no campaign.
    write_whole(&path.join(HEADER), line_of(&book.header)?.as_bytes())
}

/// The lines of a file that are whole; none if there is no such file.
fn lines_of<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, Error> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = text_from(path)?;
    let whole = text
        .rfind('\n')
        .map_or("", |end| text.get(..end).unwrap_or(""));
    let line = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| Error::line(path, number, &error))
    };
    (1..).zip(whole.lines()).map(line).collect()
}

/// Takes a last line back that was not written to its end.
fn take_back_torn(path: &Path) -> Result<(), Error> {
    if !path.exists() {
        return Ok(());
    }
    let bytes = fs::read(path).map_err(failed(path))?;
    let whole = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    if whole < bytes.len() {
        let file = OpenOptions::new()
            .write(true)
            .open(path)
            .map_err(failed(path))?;
        file.set_len(u64::try_from(whole).unwrap_or(u64::MAX))
            .map_err(failed(path))?;
        file.sync_all().map_err(failed(path))?;
    }
    Ok(())
}

/// Removes what was not whole when a process was killed.
fn remove_unfinished(path: &Path) -> Result<(), Error> {
    for folder in [path.to_owned(), path.join(FINDINGS)] {
        if !folder.exists() {
            continue;
        }
        for entry in fs::read_dir(&folder).map_err(failed(&folder))? {
            let entry = entry.map_err(failed(&folder))?;
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                fs::remove_file(entry.path()).map_err(failed(&entry.path()))?;
            }
        }
    }
    Ok(())
}

/// Writes a file whole or not at all, and has it on the disk before it returns.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = || -> std::io::Result<()> {
        let mut builder = tempfile::Builder::new();
        let mut file: NamedTempFile = builder.prefix(UNFINISHED).tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        // The name too.
        File::open(folder)?.sync_all()
    };
    written().map_err(failed(path))
}

fn line_of(value: &impl Serialize) -> Result<String, Error> {
    let mut line = serde_json::to_string(value)?;
    line.push('\n');
    Ok(line)
}

/// A finding as a file that `replay` reads.
fn text_of(kept: &Kept) -> String {
    let Kept {
        rule,
        missing,
        place,
        assistant,
        repeat,
        ..
    } = kept;
    let about = format!("{assistant}, {rule}: {missing} ({})", place.join(", "));
    format!(
        "# {}\n# {}\n{}",
        printable(&about),
        printable(repeat),
        kept.text()
    )
}

fn length(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}

/// Bytes in the files of a folder and of those in it.
fn size(path: &Path) -> Result<u64, Error> {
    let mut bytes: u64 = 0;
    for entry in fs::read_dir(path).map_err(failed(path))? {
        let entry = entry.map_err(failed(path))?;
        let known = entry.metadata().map_err(failed(&entry.path()))?;
        let inside = if known.is_dir() {
            size(&entry.path())?
        } else {
            known.len()
        };
        bytes = bytes.saturating_add(inside);
    }
    Ok(bytes)
}
