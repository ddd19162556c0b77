//! The program as its users meet it: what it prints, how it ends, what it says of bad input.

mod bad_files;
mod broken;
mod calibrate;
mod campaign;
mod chain;
mod check;
mod conform;
mod conventions;
mod ears;
mod enrol;
mod formats;
mod fuzz;
mod hunt;
mod hunt_words;
mod judge;
mod margin;
mod near;
#[cfg(feature = "race")]
mod race;
mod rate;
mod replay;
mod report;
mod scale;
mod shards;
mod sound;
mod suite;
mod talk;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// How a run of the program ended.
#[derive(Debug)]
struct Ran {
    status: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        let ran = Self {
            status: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        };
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        ran
    }

    #[track_caller]
    fn ends_with(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("one JSON value")
    }

    #[track_caller]
    fn json_lines(&self) -> Vec<Value> {
        let value = |line| serde_json::from_str(line).expect("a JSON value a line");
        self.out.lines().map(value).collect()
    }
}

/// The program, in an environment that asks for nothing in particular.
fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_mondegreen"));
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        program.env_remove(variable);
    }
    // Spoken phrases are no business of the user who runs the tests.
    program.env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"));
    program
}

#[track_caller]
fn run(arguments: &[&str]) -> Ran {
    Ran::of(program().args(arguments).output().expect("it starts"))
}

/// A folder that is removed with its files.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// The path of a file in it, whether there is one or not.
    fn path(&self, name: &str) -> String {
        let path = self.0.path().join(name);
        path.to_str().expect("a path in UTF-8").to_owned()
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).expect("written");
        path
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("a folder");
        let name = |entry: std::io::Result<std::fs::DirEntry>| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        };
        entries.map(name).collect()
    }
}

/// The scripts that are kept in this folder of `corpora/`.
fn kept_scripts(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../corpora")
        .join(folder);
    let entries = std::fs::read_dir(folder).expect("kept scripts");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "script")
    });
    paths.sort();
    paths
}
