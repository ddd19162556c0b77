//! Why an ear cannot be heard with, in words.

use crate::process::breakdown::{ANSWER_MAX, Breakdown, Shown};
use std::fmt::{self, Display, Formatter};
use std::io;
use std::time::Duration;

/// What went wrong between us and an ear.
#[derive(Debug)]
pub(super) enum Fault {
    /// The address of a server, and why there is no connection.
    NotConnected(String, io::Error),
    Connection(io::Error),
    /// A server closed the connection before it had been told everything.
    Closed,
    /// With the program; or with the lines, which a server writes as well.
    Program(Breakdown),
    Late(Duration),
    NotAnEvent {
        why: String,
        bytes: Vec<u8>,
    },
    TooLong(u64),
    TooMuch,
    /// It knows neither wake words nor transcripts.
    NoEar,
    /// It was asked for what it cannot do, and said this.
    Refused(String),
}

impl From<Breakdown> for Fault {
    fn from(breakdown: Breakdown) -> Self {
        if let Breakdown::Late { limit, .. } = breakdown {
            Self::Late(limit)
        } else {
            Self::Program(breakdown)
        }
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected(address, error) => {
                write!(f, "there is no connection to {address}: {error}")
            }
            Self::Connection(error) => write!(f, "its connection failed: {error}"),
            Self::Closed => f.write_str("it closed the connection before the sound had ended"),
            Self::Program(breakdown) => Display::fmt(breakdown, f),
            Self::Late(limit) => {
                write!(f, "it had not answered within {:.1} s", limit.as_secs_f64())
            }
            Self::NotAnEvent { why, bytes } => {
                write!(f, "it wrote what is no event: {} ({why})", Shown(bytes))
            }
            Self::TooLong(said) => write!(
                f,
                "it announced {said} bytes at once, and {ANSWER_MAX} are read at most"
            ),
            Self::TooMuch => write!(f, "it answered with more than {ANSWER_MAX} bytes"),
            Self::NoEar => f.write_str("it neither spots wake words nor transcribes speech"),
            Self::Refused(said) => write!(f, "it refused: {said}"),
        }
    }
}
