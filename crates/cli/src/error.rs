//! What can go wrong, and what to try.

use crate::Status;
use mondegreen_generator::ReadTalkError;
use mondegreen_generator::sound::RenderError;
use mondegreen_sim::ear::{EarError, RecordingError};
use mondegreen_sim::{Broken, CaseError, MicrophoneError};
use mondegreen_trace::ParseError;
use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::{Path, PathBuf};

/// Why a command did not run to its end.
#[derive(Debug)]
pub(crate) enum Error {
    /// A file could not be read.
    Read(PathBuf, io::Error),
    /// A file is not talk.
    Talk(PathBuf, ReadTalkError),
    /// A file cannot be used, because of this line, for this reason.
    Line(PathBuf, usize, String),
    /// A script is not text from this line on.
    NotText(PathBuf, usize),
    /// A file is not a script.
    Script(PathBuf, ParseError),
    /// A file is not a case.
    Case(PathBuf, CaseError),
    /// A file holds no exchange, for this reason.
    NoExchange(PathBuf, String),
    /// A setting makes no sense.
    Setting(String),
    /// Sound could not be made.
    Render(PathBuf, RenderError),
    /// A recording could not be played to ears.
    Recording(PathBuf, RecordingError),
    /// This ear cannot be heard with.
    Ear(String, EarError),
    /// The assistant is broken.
    Broken(Broken),
    /// The results could not be written.
    Write(io::Error),
}

impl Error {
    /// A line of a file is not what it should be.
    pub(crate) fn line(path: &Path, line: usize, why: &impl Display) -> Self {
        Self::Line(path.to_owned(), line, why.to_string())
    }

    pub(crate) const fn status(&self) -> Status {
        match self {
            Self::Broken(_) | Self::Ear(_, EarError::Broken(_)) => Status::Broken,
            Self::Read(..)
            | Self::Talk(..)
            | Self::Line(..)
            | Self::NotText(..)
            | Self::Script(..)
            | Self::Case(..)
            | Self::NoExchange(..)
            | Self::Setting(_)
            | Self::Render(..)
            | Self::Recording(..)
            | Self::Ear(_, EarError::Unavailable(_) | EarError::Refused(_))
            | Self::Write(_) => Status::Bad,
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Talk(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Line(path, line, why) => write!(f, "{}: line {line}: {why}", path.display()),
            Self::NotText(path, line) => write!(
                f,
                "{}: line {line}: this is not UTF-8; convert it, for example with `iconv -t utf-8`",
                path.display()
            ),
            Self::Script(path, error) => {
                write!(f, "{}: line {}: {error}", path.display(), error.line())
            }
            Self::Case(path, error) => write!(f, "{}: {error}", path.display()),
            Self::NoExchange(path, why) => write!(
                f,
                "{}: {why}; give the lines of the protocol, one JSON object a line",
                path.display()
            ),
            Self::Setting(what) => f.write_str(what),
            Self::Render(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Recording(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Ear(ear, error) => write!(f, "the ear `{ear}`: {error}"),
            Self::Broken(broken) => write!(f, "the assistant is broken: {broken}"),
            Self::Write(error) => write!(f, "the results could not be written: {error}"),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl From<MicrophoneError> for Error {
    fn from(error: MicrophoneError) -> Self {
        match error {
            MicrophoneError::Sound(error) => Self::Setting(error.to_string()),
            MicrophoneError::Ear(name, error) => Self::Ear(name, error),
            MicrophoneError::Setting(why) => Self::Setting(format!("--ears: {why}")),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Write(error.into())
    }
}
