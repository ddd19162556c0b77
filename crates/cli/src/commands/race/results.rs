//! Raw results: a line of JSON for each run, written as soon as the run is over.

use crate::commands::write_whole;
use crate::error::Error;
use mondegreen_sim::race::{Arm, Run, Subject};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The runs so far, and the file that they are written to, if there is one.
pub(super) struct Results {
    pub(super) runs: Vec<Run>,
    file: Option<(PathBuf, File)>,
}

impl Results {
    /// Goes on where a race was cut off: what the file holds already is not run again, and a line
    /// that was not written to its end is taken back.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Error> {
        let Some(path) = path else {
            return Ok(Self {
                runs: Vec::new(),
                file: None,
            });
        };
        let failed = |error| Error::Read(path.to_owned(), error);
        let mut options = OpenOptions::new();
        let options = options.read(true).append(true).create(true);
        let mut file = options.open(path).map_err(failed)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed)?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let length = u64::try_from(whole).unwrap_or(u64::MAX);
        file.set_len(length).map_err(failed)?;
        text.truncate(whole);
        Ok(Self {
            runs: read(path, &text)?,
            file: Some((path.to_owned(), file)),
        })
    }

    /// Whether it holds this run.
    ///
    /// # Errors
    /// When it holds the run with another cap: both in one file would count as two.
    pub(super) fn has(
        &self,
        (arm, subject, seed): (Arm, Subject, u32),
        cap: u64,
    ) -> Result<bool, Error> {
        let same =
            |run: &&Run| (run.arm, run.assistant.as_str(), run.seed) == (arm, subject.name(), seed);
        match self.runs.iter().find(same) {
            Some(run) if run.cap != cap => Err(Error::Setting(format!(
                "the file holds runs of {} inputs, and these are to be of {cap}; write them to another file",
                run.cap
            ))),
            held => Ok(held.is_some()),
        }
    }

    pub(super) fn add(&mut self, run: Run) -> Result<(), Error> {
        if let Some((path, file)) = &mut self.file {
            let mut line = serde_json::to_string(&run)?;
            line.push('\n');
            let written = file.write_all(line.as_bytes());
            written.map_err(|error| Error::Read(path.clone(), error))?;
        }
        self.runs.push(run);
        Ok(())
    }
}

/// The runs in all of these files.
pub(super) fn read_all(paths: &[PathBuf]) -> Result<Vec<Run>, Error> {
    let mut runs = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|error| Error::Read(path.clone(), error))?;
        runs.extend(read(path, &text)?);
    }
    Ok(runs)
}

/// The runs of several shards in one file, in an order that does not depend on that of the shards.
pub(crate) fn merge(
    (paths, to): (&[PathBuf], &Path),
    json: bool,
    out: &mut impl Write,
) -> Result<(), Error> {
    let mut runs = read_all(paths)?;
    let name = |run: &Run| (run.arm.name(), run.assistant.clone(), run.seed);
    runs.sort_by_cached_key(name);
    for (one, other) in runs.iter().zip(runs.iter().skip(1)) {
        if name(one) == name(other) {
            let (arm, assistant, seed) = name(one);
            return Err(Error::Setting(format!(
                "the run of {arm} against {assistant} with seed {seed} is there twice"
            )));
        }
        if one.cap != other.cap {
            return Err(Error::Setting(format!(
                "runs of {} inputs do not go with runs of {}",
                one.cap, other.cap
            )));
        }
    }
    let mut text = String::new();
    for run in &runs {
        text += &serde_json::to_string(run)?;
        text.push('\n');
    }
    write_whole(to, text.as_bytes())?;
    if json {
        writeln!(
            out,
            "{}",
            serde_json::json!({ "file": to, "runs": runs.len() })
        )?;
    } else {
        writeln!(out, "{}: {} runs", to.display(), runs.len())?;
    }
    Ok(())
}

fn read(path: &Path, text: &str) -> Result<Vec<Run>, Error> {
    let lines = (1..).zip(text.lines());
    let run = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| {
            Error::Setting(format!(
                "{}: line {number}: this is no run of a race: {error}",
                path.display()
            ))
        })
    };
    lines.map(run).collect()
}
