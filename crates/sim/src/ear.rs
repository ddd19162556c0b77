//! Ears: wake-word engines and recognisers that people deploy, as programs or servers.
//!
//! An ear speaks the Wyoming protocol, either a program of ours over its pipes (`ears/run NAME`) or
//! any server at `tcp://host:port`. It is given a recording and says what it heard and when. What
//! Wyoming's answers have no field for (scores, other hypotheses, beginnings) is read where an ear
//! adds it, and absent elsewhere.
//!
//! Whatever an ear does, a call ends in time and in bounded memory: lengths are waited for and never
//! allocated by, and an ear that says nothing, or something else, is broken, with the last that it
//! wrote to its standard error. The next recording starts it anew.
//!
//! A program hears as fast as it can. A server is given the sound at the speed of sound, as a
//! microphone gives it: servers drop what comes faster, and answer by what they have heard so far.
//!
//! The embedded detector is an ear as well, in this process, for whoever has a keyword.

mod about;
mod embedded;
mod event;
mod exchange;
mod fault;
mod link;
mod recording;

pub use mondegreen_detector::{Keyword, KeywordError};
pub use recording::{RecordingError, SECONDS_MAX, recording};

use crate::process::child::Child;
use about::{About, about};
use event::Events;
use exchange::{Exchange, request};
use fault::Fault;
use link::{Link, Server};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Display, Formatter};
use std::time::Duration;

/// Samples a second that ears hear, of 16 bits, in one channel.
pub const RATE: u32 = 16_000;

/// What an ear makes of sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It says when it hears one of the names that it knows.
    Spotter,
    /// It says what words it hears.
    Recogniser,
}

/// How long an ear may take, in real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To start, or be connected to, and say what it is.
    pub hello: Duration,
    /// To hear a recording, beside what it is given for its length.
    pub answer: Duration,
    /// For each second of the recording.
    pub for_a_second: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            hello: Duration::from_mins(1),
            answer: Duration::from_secs(20),
            for_a_second: Duration::from_secs(5),
        }
    }
}

/// What an ear heard at one place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hearing {
    /// The name that was spotted, or the words that were recognised.
    pub text: String,
    /// Where it begins, in milliseconds; the same as `to_ms` where an ear knows no beginning.
    pub from_ms: u64,
    /// Where it ends, or when it was spotted; no later than the recording ends.
    pub to_ms: u64,
    /// How sure the ear is, on its own scale.
    pub score: Option<f64>,
    /// What else it may have been, best first.
    pub alternatives: Vec<Alternative>,
}

/// Another hypothesis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// The words.
    pub text: String,
    /// How good it is, on a scale of the ear's own, which need not be that of the best.
    pub score: Option<f64>,
}

/// The place where a spotter was nearest to a name that it did not spot.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Peak {
    /// When, in milliseconds.
    pub at_ms: u64,
    /// How sure it was, on its own scale.
    pub score: f64,
}

/// What an ear made of a recording.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Heard {
    /// What it heard, by time.
    pub hearings: Vec<Hearing>,
    /// How near a spotter came that spotted nothing, if it says.
    pub nearest: Option<Peak>,
    /// How sure a spotter was all the time, for each name, if it says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub curves: Vec<Curve>,
}

/// How sure a spotter was of a name all the time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// The name.
    pub name: String,
    /// One score is the highest of so many milliseconds.
    pub step_ms: u64,
    /// On its own scale, from the beginning of the recording on.
    pub scores: Vec<f64>,
}

/// An ear that cannot be heard with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EarError {
    /// It is not there, or not installed; why, and what it said last.
    Unavailable(String),
    /// It cannot do what it was asked to; what it said.
    Refused(String),
    /// It ended, hung, or spoke outside the protocol; why, and what it said last.
    Broken(String),
}

impl Display for EarError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(why) => write!(f, "it is not available: {why}"),
            Self::Refused(why) => f.write_str(why),
            Self::Broken(why) => write!(f, "it is broken: {why}"),
        }
    }
}

impl std::error::Error for EarError {}

/// A wake-word engine or a recogniser.
#[derive(Debug)]
pub struct Ear {
    about: About,
    engine: Engine,
}

#[derive(Debug)]
enum Engine {
    Embedded(Box<Keyword>),
    Outside(Box<Outside>),
}

/// An engine in another process.
#[derive(Debug)]
struct Outside {
    place: Place,
    limits: Limits,
    /// A program that runs; servers are connected to for each recording.
    running: Option<(Link, Events)>,
}

/// Where an ear is.
#[derive(Clone, Debug)]
enum Place {
    Program(Vec<String>),
    Server(String),
}

impl Ear {
    /// Opens an ear: `tcp://host:port`, or a command line, which is split into words as a shell does
    /// it; no shell runs it.
    ///
    /// # Errors
    /// When it is not available, or not an ear.
    pub fn open(place: &str, limits: Limits) -> Result<Self, EarError> {
        let place = if let Some(address) = place.strip_prefix("tcp://") {
            Place::Server(address.to_owned())
        } else {
            let words = shlex::split(place).filter(|words| !words.is_empty());
            Place::Program(words.ok_or_else(|| {
                EarError::Unavailable(
                    "it has no command line, or one with an open quote".to_owned(),
                )
            })?)
        };
        let (link, events, about) = place.open(limits)?;
        let running = matches!(place, Place::Program(_)).then_some((link, events));
        Ok(Self {
            about,
            engine: Engine::Outside(Box::new(Outside {
                place,
                limits,
                running,
            })),
        })
    }

    /// The embedded detector, listening for a keyword; it is always there and never breaks.
    pub fn embedded(keyword: Keyword) -> Self {
        Self {
            about: About {
                kind: Kind::Spotter,
                name: "mondegreen".to_owned(),
                names: vec![keyword.name().to_owned()],
            },
            engine: Engine::Embedded(Box::new(keyword)),
        }
    }

    /// What it makes of sound.
    pub fn kind(&self) -> Kind {
        self.about.kind
    }

    /// What it calls itself.
    pub fn name(&self) -> &str {
        &self.about.name
    }

    /// The names that a spotter knows, or the models of a recogniser.
    pub fn names(&self) -> &[String] {
        &self.about.names
    }

    /// The name by which a spotter knows a phrase, whatever its case, and whether or not a version
    /// follows: `alexa_v0.1` for "Alexa".
    pub fn name_of(&self, phrase: &str) -> Option<&str> {
        let wanted = plain(phrase);
        let names = self.about.names.iter();
        names.map(String::as_str).find(|name| plain(name) == wanted)
    }

    /// What it hears in a recording of [`RATE`], from silence: nothing that it has heard before
    /// matters, as far as the engine can be made to forget.
    ///
    /// A spotter listens for these names of its own, and a recogniser for these phrases if it can be
    /// told for what to listen; for all, if there are none.
    ///
    /// # Errors
    /// When it breaks, or cannot listen for these.
    pub fn hear(&mut self, samples: &[i16], listen_for: &[&str]) -> Result<Heard, EarError> {
        match &mut self.engine {
            Engine::Embedded(keyword) => Ok(embedded::hear(keyword, samples)),
            Engine::Outside(outside) => outside.hear(self.about.kind, samples, listen_for),
        }
    }
}

impl Outside {
    fn hear(
        &mut self,
        kind: Kind,
        samples: &[i16],
        listen_for: &[&str],
    ) -> Result<Heard, EarError> {
        let (mut link, mut events) = match self.running.take() {
            Some(running) => running,
            None => self
                .place
                .open(self.limits)
                .map(|(link, events, _)| (link, events))?,
        };
        let limit = samples.len() as u64
            * self
                .limits
                .for_a_second
                .as_nanos()
                .try_into()
                .unwrap_or(u64::MAX)
            / u64::from(RATE);
        let limit = self.limits.answer + Duration::from_nanos(limit);
        let mut exchange = Exchange::new(kind, samples.len());
        let request = request(kind, samples, listen_for, &link);
        match exchange.hold(&mut link, &mut events, request, limit) {
            Ok(()) => {
                if matches!(self.place, Place::Program(_)) {
                    self.running = Some((link, events));
                }
                exchange.heard.hearings.sort_by_key(|hearing| hearing.to_ms);
                Ok(exchange.heard)
            }
            Err(Fault::Refused(said)) => {
                link.end();
                Err(EarError::Refused(Fault::Refused(said).to_string()))
            }
            Err(fault) => Err(EarError::Broken(last_words(&fault, link))),
        }
    }
}

impl Place {
    /// Starts or connects it, and asks it what it is.
    fn open(&self, limits: Limits) -> Result<(Link, Events, About), EarError> {
        let unavailable = |fault: Fault| EarError::Unavailable(fault.to_string());
        let mut link = match self {
            Self::Program(command) => Link::Program(Child::spawn(command).map_err(|error| {
                let program = command.first().map_or("", String::as_str);
                EarError::Unavailable(format!("`{program}` cannot be started: {error}"))
            })?),
            Self::Server(address) => {
                Link::Server(Server::connect(address, limits.hello).map_err(unavailable)?)
            }
        };
        let mut events = Events::default();
        match about(&mut link, &mut events, limits.hello) {
            Ok(about) => Ok((link, events, about)),
            Err(fault) => Err(EarError::Unavailable(last_words(&fault, link))),
        }
    }
}

/// Why it cannot be heard with, and what it said last.
fn last_words(fault: &Fault, link: Link) -> String {
    let said = link.end();
    let said = said.trim();
    // A traceback ends with what went wrong.
    let last = said.lines().next_back().unwrap_or_default();
    if last.is_empty() {
        fault.to_string()
    } else {
        format!("{fault}; it said last: {last}")
    }
}

/// A name without case, underscores and version.
fn plain(name: &str) -> String {
    let name = name.to_lowercase().replace('_', " ");
    let is_version = |word: &str| {
        let digits = word.strip_prefix('v').unwrap_or_default();
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    let words = name.split_whitespace().filter(|word| !is_version(word));
    words.collect::<Vec<_>>().join(" ")
}
