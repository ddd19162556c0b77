//! Keeping what was found where it is played first the next time.

use crate::Rule;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// So many findings of one rule are kept.
const KEPT_MAX: usize = 100;

/// The cases and scripts of a folder, by name; none if there is no such folder.
pub(super) fn kept(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if is_case(&path) || path.extension().is_some_and(|end| end == "script") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

pub(super) fn is_case(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "case")
}

/// Keeps a finding under the name of its rule, whole or not at all, and says where.
///
/// What is kept already is not kept twice: every test process finds the same.
pub(super) fn keep(folder: &Path, rule: Rule, end: &str, text: &str) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let name = rule.to_string().to_lowercase().replace(' ', "-");
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    for number in 1..=KEPT_MAX {
        let number = if number == 1 {
            String::new()
        } else {
            format!("-{number}")
        };
        let path = folder.join(format!("{name}{number}.{end}"));
        match file.persist_noclobber(&path) {
            Ok(_) => return Ok(path),
            Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => {
                file = taken.file;
                if fs::read_to_string(&path)? == text {
                    return Ok(path);
                }
            }
            Err(failed) => return Err(failed.error),
        }
    }
    Err(io::Error::other(format!(
        "there are {KEPT_MAX} findings of {name}"
    )))
}
