//! The program `paths` of a commit: built, run, and counted by callgrind.

use crate::error::Error;
use crate::repository::{Checkout, Commit};
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use tempfile::TempDir;

/// Where a commit that has the program has its source.
const SOURCE: &str = "benches/src/bin/paths.rs";
/// So long is a path timed at a time.
const MILLISECONDS: &str = "100";
/// In which function the work is done.
const COUNTED: &str = "--toggle-collect=*counted_work*";

/// The program of one commit.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    binary: PathBuf,
}

/// What a path took.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Counted {
    instructions: u64,
    elements: u64,
    pub(crate) answer: String,
}

impl Counted {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub(crate) fn per_element(&self) -> f64 {
        self.instructions as f64 / self.elements.max(1) as f64
    }
}

/// How long an element took.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Timed {
    pub(crate) nanoseconds: f64,
    pub(crate) answer: String,
}

impl Program {
    /// Builds it, and keeps it in a folder of its own; nothing, if the commit has no such program. One
    /// that is there already, built by the same compiler, is used again.
    ///
    /// All commits share a folder for what is built, where third-party code is built once.
    pub(crate) fn build(
        checkout: &Checkout,
        commit: &Commit,
        target: &Path,
        into: &Path,
    ) -> Result<Option<Self>, Error> {
        if !checkout.has(commit, SOURCE)? {
            return Ok(None);
        }
        let (binary, note) = (into.join("paths"), into.join("built-by"));
        let compiler = compiler()?;
        if std::fs::read_to_string(&note).is_ok_and(|known| known == compiler) {
            return Ok(Some(Self { binary }));
        }
        checkout.turn_to(commit)?;
        let _ = writeln!(std::io::stderr(), "compare: building {}", commit.name);
        let status = Command::new(tool("CARGO", "cargo"))
            .args(["build", "--release", "--locked", "--quiet"])
            .args(["-p", "mondegreen-benches", "--bin", "paths"])
            .current_dir(checkout.folder())
            .env("CARGO_TARGET_DIR", target)
            .stdout(Stdio::null())
            .status();
        let failed = |why: String| Error::Command(format!("cargo build of {}", commit.name), why);
        let status = status.map_err(|error| failed(error.to_string()))?;
        if !status.success() {
            return Err(failed(status.to_string()));
        }
        std::fs::create_dir_all(into).map_err(Error::File)?;
        std::fs::copy(target.join("release/paths"), &binary).map_err(Error::File)?;
        // Last, so that a copy that was cut off is not used.
        std::fs::write(&note, compiler).map_err(Error::File)?;
        Ok(Some(Self { binary }))
    }

    /// Its paths, each with what an element of it is.
    pub(crate) fn paths(&self) -> Result<Vec<[String; 2]>, Error> {
        let said = said(Command::new(&self.binary).arg("list"))?;
        said.lines().map(fields).collect()
    }

    /// Times a path once.
    pub(crate) fn time(&self, path: &str) -> Result<Timed, Error> {
        let said = said(Command::new(&self.binary).args(["time", path, MILLISECONDS]))?;
        let [nanoseconds, answer] = fields(&said)?;
        let nanoseconds = nanoseconds.parse().ok();
        let nanoseconds = nanoseconds.filter(|nanoseconds: &f64| *nanoseconds > 0.0);
        Ok(Timed {
            nanoseconds: nanoseconds.ok_or_else(|| Error::Unread("paths".to_owned(), said))?,
            answer,
        })
    }
}

/// Callgrind, and a folder for what it writes.
#[derive(Debug)]
pub(crate) struct Counter {
    folder: TempDir,
}

impl Counter {
    pub(crate) fn find() -> Result<Self, Error> {
        let version = Command::new("valgrind").arg("--version").output();
        if !version.is_ok_and(|out| out.status.success()) {
            return Err(Error::NoValgrind);
        }
        let folder = tempfile::tempdir().map_err(Error::File)?;
        Ok(Self { folder })
    }

    /// Counts a path in two programs at once; they do not disturb each other's counts.
    pub(crate) fn count_both(
        &self,
        programs: [&Program; 2],
        path: &str,
    ) -> Result<[Counted; 2], Error> {
        let [base, head] = programs;
        let (base, head) = thread::scope(|scope| {
            let base = scope.spawn(|| self.count(base, "base", path));
            let head = self.count(head, "head", path);
            (base.join(), head)
        });
        let stopped = |_| Error::NotCounted(path.to_owned());
        Ok([base.map_err(stopped)??, head?])
    }

    fn count(&self, program: &Program, side: &str, path: &str) -> Result<Counted, Error> {
        let file = self.folder.path().join(side);
        let mut option = OsString::from("--callgrind-out-file=");
        option.push(&file);
        let mut command = Command::new("valgrind");
        command.args(["--quiet", "--tool=callgrind", COUNTED]);
        command
            .arg(option)
            .arg(&program.binary)
            .args(["count", path]);
        let said = said(&mut command)?;
        let [elements, answer] = fields(&said)?;
        let elements = elements.parse();
        let profile = std::fs::read_to_string(&file).map_err(Error::File)?;
        let instructions = total(&profile).filter(|instructions| *instructions > 0);
        Ok(Counted {
            instructions: instructions.ok_or_else(|| Error::NotCounted(path.to_owned()))?,
            elements: elements.map_err(|_| Error::Unread("paths".to_owned(), said))?,
            answer,
        })
    }
}

/// The instructions that were counted, in what callgrind writes.
fn total(profile: &str) -> Option<u64> {
    let summary = profile
        .lines()
        .find_map(|line| line.strip_prefix("summary: "))?;
    summary.split(' ').next()?.parse().ok()
}

/// What builds: the compiler's version, and the flags that it is given.
fn compiler() -> Result<String, Error> {
    let version = said(Command::new(tool("RUSTC", "rustc")).arg("-vV"))?;
    let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    Ok(format!("{version}\n{flags}\n"))
}

fn tool(variable: &str, name: &str) -> OsString {
    std::env::var_os(variable).unwrap_or_else(|| name.into())
}

fn said(command: &mut Command) -> Result<String, Error> {
    let name = command.get_program().to_string_lossy().into_owned();
    let out = command.output();
    let out = out.map_err(|error| Error::Command(name.clone(), error.to_string()))?;
    if out.status.success() {
        Ok(String::from_utf8_lossy(&out.stdout).trim_end().to_owned())
    } else {
        let why = String::from_utf8_lossy(&out.stderr);
        Err(Error::Command(
            name,
            format!("{}: {}", out.status, why.trim()),
        ))
    }
}

fn fields(line: &str) -> Result<[String; 2], Error> {
    match line.split_once('\t') {
        Some((first, second)) => Ok([first.to_owned(), second.to_owned()]),
        None => Err(Error::Unread("paths".to_owned(), line.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_the_first_figure_of_the_summary() {
        let profile = "events: Ir\n\nfn=(1) main\n3 4\nsummary: 12345\n\ntotals: 12345\n";
        assert_eq!(total(profile), Some(12_345));
        assert_eq!(total("events: Ir Dr\nsummary: 7 8\n"), Some(7));
        assert_eq!(total("events: Ir\n"), None);
    }

    #[test]
    fn a_line_without_a_tab_is_no_figure() {
        assert!(fields("38.2\t7").is_ok());
        assert!(fields("38.2").is_err());
    }
}
