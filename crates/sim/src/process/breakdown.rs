//! Why a program is broken, in words.

use super::lines::LINE_MAX;
use crate::hold::EFFECTS_MAX;
use mondegreen_trace::PROTOCOL;
use std::fmt::{self, Display, Formatter};
use std::io;
use std::time::Duration;

/// An answer is at most so long.
pub(crate) const ANSWER_MAX: usize = 16 * LINE_MAX;
/// So much of a line is shown.
const SHOWN_MAX: usize = 160;

/// Why a program is broken.
#[derive(Debug)]
pub(crate) enum Breakdown {
    NoCommand,
    NotStarted {
        program: String,
        error: io::Error,
    },
    Exited {
        status: i32,
        unfinished: Vec<u8>,
    },
    Killed {
        signal: i32,
        unfinished: Vec<u8>,
    },
    Late {
        limit: Duration,
        unfinished: Vec<u8>,
    },
    ClosedOutput {
        unfinished: Vec<u8>,
    },
    ClosedInput,
    LineTooLong(Vec<u8>),
    AnswerTooLong,
    TooManyEffects,
    Unasked(Vec<u8>),
    NotText(Vec<u8>),
    NotJson {
        why: String,
        line: Vec<u8>,
    },
    NotAnEffect {
        why: String,
        line: Vec<u8>,
    },
    AnInput(Vec<u8>),
    NoHello(Vec<u8>),
    HelloAgain,
    OtherProtocol(u32),
    BackInTime {
        timer_ms: u64,
        now_ms: u64,
    },
    Pipe(io::Error),
}

impl Display for Breakdown {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCommand => {
                f.write_str("its command line has no word in it, or a quote that is not closed")
            }
            Self::NotStarted { program, error } => {
                write!(f, "`{program}` cannot be started: {error}")
            }
            Self::Exited { status, unfinished } => {
                write!(f, "it exited with status {status}")?;
                in_mid_line(f, unfinished)
            }
            Self::Killed { signal, unfinished } => {
                write!(f, "it was killed by signal {signal}")?;
                in_mid_line(f, unfinished)
            }
            Self::Late { limit, unfinished } => {
                write!(f, "it wrote no `done` within {} s", limit.as_secs_f64())?;
                in_mid_line(f, unfinished)?;
                f.write_str(" (it has to flush its output after each `done`)")
            }
            Self::ClosedOutput { unfinished } => {
                f.write_str("it closed its standard output and runs on")?;
                in_mid_line(f, unfinished)
            }
            Self::ClosedInput => f.write_str("it closed its standard input and runs on"),
            Self::LineTooLong(line) => {
                let line = Shown(line);
                write!(f, "it wrote a line of more than {LINE_MAX} bytes: {line}")
            }
            Self::AnswerTooLong => {
                write!(f, "it answered one input with more than {ANSWER_MAX} bytes")
            }
            Self::TooManyEffects => {
                write!(
                    f,
                    "it answered one input with more than {EFFECTS_MAX} effects"
                )
            }
            Self::Unasked(line) => {
                write!(
                    f,
                    "it wrote a line that no input had asked for: {}",
                    Shown(line)
                )
            }
            Self::NotText(line) => {
                write!(f, "it wrote a line that is not UTF-8: {}", Shown(line))
            }
            Self::NotJson { why, line } => {
                write!(
                    f,
                    "it wrote a line that is not JSON: {} ({why})",
                    Shown(line)
                )
            }
            Self::NotAnEffect { why, line } => {
                let line = Shown(line);
                write!(
                    f,
                    "it wrote a line that is no effect of the protocol: {line} ({why})"
                )
            }
            Self::AnInput(line) => {
                write!(
                    f,
                    "it wrote an input where only effects can stand: {}",
                    Shown(line)
                )
            }
            Self::NoHello(line) => {
                write!(
                    f,
                    "it answered a `start` with something else than `hello`: {}",
                    Shown(line)
                )
            }
            Self::HelloAgain => {
                f.write_str("it wrote a `hello` that is not the first effect after a `start`")
            }
            Self::OtherProtocol(version) => {
                write!(
                    f,
                    "it speaks version {version} of the protocol, and this is version {PROTOCOL}"
                )
            }
            Self::BackInTime { timer_ms, now_ms } => {
                write!(
                    f,
                    "it goes back in time: it asked for a timer at {timer_ms} ms when it was {now_ms} ms"
                )
            }
            Self::Pipe(error) => write!(f, "its pipes failed: {error}"),
        }
    }
}

fn in_mid_line(f: &mut Formatter<'_>, unfinished: &[u8]) -> fmt::Result {
    if unfinished.is_empty() {
        return Ok(());
    }
    write!(f, ", in the middle of a line: {}", Shown(unfinished))
}

/// The beginning of a line, in quotes.
pub(crate) struct Shown<'a>(pub(crate) &'a [u8]);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let shown = self.0.get(..SHOWN_MAX).unwrap_or(self.0);
        let more = if shown.len() < self.0.len() {
            "…"
        } else {
            ""
        };
        write!(f, "`{}{more}`", String::from_utf8_lossy(shown))
    }
}
