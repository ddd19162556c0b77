//! What can go wrong; all of it ends the run.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::PathBuf;

/// Why there is no comparison.
#[derive(Debug)]
pub(crate) enum Error {
    /// A command could not be run, or did not do what it should.
    Command(String, String),
    /// Not inside a repository.
    NoRepository(String),
    /// There is no such commit.
    NoCommit(String),
    /// Neither commit has a path of this name.
    NoPath(String),
    /// What is kept there is no checkout of this repository.
    NotOurs(PathBuf),
    /// There is no valgrind.
    NoValgrind,
    /// Callgrind did not see the work.
    NotCounted(String),
    /// Something that a program said and that cannot be read.
    Unread(String, String),
    /// A file or folder could not be made or read.
    File(io::Error),
    /// The result could not be written.
    Write(io::Error),
}

impl std::error::Error for Error {}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(command, why) => write!(f, "`{command}`: {why}"),
            Self::NoRepository(why) => {
                write!(f, "this is no git repository: {why}; run it inside one")
            }
            Self::NoCommit(name) => write!(
                f,
                "`{name}` is no commit here; `git log` lists them, and a shallow clone has few (`git fetch --unshallow`)"
            ),
            Self::NoPath(name) => write!(
                f,
                "neither commit has a path `{name}`; leave out --only to see all"
            ),
            Self::NotOurs(folder) => write!(
                f,
                "{} is there and is no checkout of this repository; remove it, or keep what is built elsewhere",
                folder.display()
            ),
            Self::NoValgrind => f.write_str(
                "valgrind is missing; install it (`apt-get install valgrind`, `dnf install valgrind`), \
                 or compare time alone: `--measure wall`",
            ),
            Self::NotCounted(path) => write!(
                f,
                "callgrind saw nothing of the work of `{path}`; the program has to keep its symbols"
            ),
            Self::Unread(program, said) => write!(f, "{program} said `{said}`, which is no figure"),
            Self::File(error) => write!(f, "a file: {error}"),
            Self::Write(error) => write!(f, "the result: {error}"),
        }
    }
}
