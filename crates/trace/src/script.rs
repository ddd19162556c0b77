//! The written form of a conversation.
//!
//! ```text
//! mondegreen script 1
//! seed 7
//! device kitchen
//! contact c1 Grace Hope
//! messaging on
//!
//! 4.100-5.900 kitchen Maria: I got a letter from the council.
//! 9.000-9.600 kitchen Tom [request c1]: Right.
//! 12.000 kitchen pressed cancel
//! 13.000 restart
//! 14.000 messaging off
//! 15.000 delivery failed
//! ```
//!
//! A line that begins with `#` is a comment. Times are seconds with three decimals. What an
//! utterance was meant for stands in brackets, `[request c1]`, `[content c1]`, `[cancel]`, `[command]` or
//! `[other]`; without them it was meant for nobody. With a line `hears words` above the first event, each utterance is
//! heard as it was said; without it, through the channel, by which near-misses are heard for what is expected. In names and texts `\\`, `\n` and `\r` stand
//! for a backslash and the two line ends, and in the name of a speaker `\c` and `\o` for a colon and an
//! opening bracket. Several devices that hear the same are joined by `+`.

use crate::household::is_word;
use crate::{Button, Contact, Household, Meant, Utterance};
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

const TITLE: &str = "mondegreen script 1";

/// A conversation that is to be held, in the home where it is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Seed for the assistant and the channel.
    pub seed: u64,
    /// The home.
    pub household: Household,
    /// How its devices hear.
    pub hears: Hears,
    /// What happens, ordered by time.
    pub events: Vec<Event>,
}

/// How the devices of a home hear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hears {
    /// Through the channel: what sounds like a phrase that is expected can be heard as it.
    #[default]
    NearMisses,
    /// As it was said.
    Words,
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// Somebody says something.
    Said(Utterance),
    /// Something else happens at a time.
    Happens {
        /// When, in milliseconds.
        at_ms: u64,
        /// What.
        what: Happening,
    },
}

/// What can happen besides talk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Happening {
    /// Somebody presses a button.
    Pressed {
        /// The device.
        device: String,
        /// Which button.
        button: Button,
    },
    /// The assistant loses power and comes back.
    Restart,
    /// Messaging is switched on or off.
    Messaging(bool),
    /// The message sent last is reported as not delivered, if there is one.
    DeliveryFailed,
}

impl Event {
    /// When it begins.
    pub fn at_ms(&self) -> u64 {
        match self {
            Self::Said(utterance) => utterance.from_ms,
            Self::Happens { at_ms, .. } => *at_ms,
        }
    }
}

impl Script {
    /// What people say in it, in order.
    pub fn utterances(&self) -> impl Iterator<Item = &Utterance> {
        self.events.iter().filter_map(|event| match event {
            Event::Said(utterance) => Some(utterance),
            Event::Happens { .. } => None,
        })
    }
}

impl Display for Script {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{TITLE}")?;
        writeln!(f, "seed {}", self.seed)?;
        for device in &self.household.devices {
            writeln!(f, "device {device}")?;
        }
        for Contact { id, name } in &self.household.contacts {
            writeln!(f, "contact {id} {}", Escaped(name))?;
        }
        writeln!(f, "messaging {}", on_off(self.household.messaging))?;
        if self.hears == Hears::Words {
            writeln!(f, "hears words")?;
        }
        writeln!(f)?;
        for event in &self.events {
            writeln!(f, "{event}")?;
        }
        Ok(())
    }
}

impl Display for Event {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(said) => {
                let (from, to) = (Seconds(said.from_ms), Seconds(said.to_ms));
                let devices = said.devices.join("+");
                write!(f, "{from}-{to} {devices} {}", EscapedSpeaker(&said.speaker))?;
                match &said.meant {
                    Meant::Nobody => {}
                    Meant::Request { contact } => write!(f, " [request {contact}]")?,
                    Meant::Content { contact } => write!(f, " [content {contact}]")?,
                    Meant::Cancel => write!(f, " [cancel]")?,
                    Meant::Command => write!(f, " [command]")?,
                    Meant::Other => write!(f, " [other]")?,
                }
                write!(f, ": {}", Escaped(&said.text))
            }
            Self::Happens { at_ms, what } => {
                write!(f, "{} ", Seconds(*at_ms))?;
                match what {
                    Happening::Pressed { device, button } => {
                        let button = match button {
                            Button::Confirm => "confirm",
                            Button::Cancel => "cancel",
                        };
                        write!(f, "{device} pressed {button}")
                    }
                    Happening::Restart => f.write_str("restart"),
                    Happening::Messaging(on) => write!(f, "messaging {}", on_off(*on)),
                    Happening::DeliveryFailed => f.write_str("delivery failed"),
                }
            }
        }
    }
}

const fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// Milliseconds, written as seconds.
struct Seconds(u64);

impl Display for Seconds {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                _ => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

/// A speaker, whose name must not look like the end of itself.
struct EscapedSpeaker<'a>(&'a str);

impl Display for EscapedSpeaker<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let escaped = Escaped(self.0).to_string();
        f.write_str(&escaped.replace(':', "\\c").replace('[', "\\o"))
    }
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => plain.push('\n'),
                Some('r') => plain.push('\r'),
                Some('c') => plain.push(':'),
                Some('o') => plain.push('['),
                Some(other) => plain.push(other),
                None => plain.push('\\'),
            },
            _ => plain.push(c),
        }
    }
    plain
}

/// A script that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    line: usize,
    kind: ParseErrorKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum ParseErrorKind {
    Title,
    BadNumber(String),
    BadTime(String),
    BackInTime,
    Unknown(String),
    Missing(&'static str),
    UnknownDevice(String),
    UnknownContact(String),
    Household(String),
}

impl ParseError {
    /// The line that could not be read, counted from 1.
    pub fn line(&self) -> usize {
        self.line
    }
}

impl Display for ParseError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ParseErrorKind::Title => write!(f, "the first line of a script is `{TITLE}`"),
            ParseErrorKind::BadNumber(word) => write!(f, "`{word}` is not a whole number"),
            ParseErrorKind::BadTime(word) => {
                write!(
                    f,
                    "`{word}` is not a time; times are seconds like `4.100` or spans like `4.100-5.900`"
                )
            }
            ParseErrorKind::BackInTime => f.write_str("this begins before the line above it"),
            ParseErrorKind::Unknown(word) => write!(f, "`{word}` is not understood here"),
            ParseErrorKind::Missing(what) => write!(f, "{what} is missing"),
            ParseErrorKind::UnknownDevice(word) => write!(f, "there is no device `{word}`"),
            ParseErrorKind::UnknownContact(word) => write!(f, "there is no contact `{word}`"),
            ParseErrorKind::Household(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for ParseError {}

type Parsed<T> = Result<T, ParseErrorKind>;

impl FromStr for Script {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut script = Self {
            seed: 0,
            household: Household {
                devices: Vec::new(),
                contacts: Vec::new(),
                messaging: true,
            },
            hears: Hears::NearMisses,
            events: Vec::new(),
        };
        let mut titled = false;
        let mut last = 0;
        for (number, line) in (1..).zip(text.lines()) {
            last = number;
            let at = |kind| ParseError { line: number, kind };
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if !titled {
                if line != TITLE {
                    return Err(at(ParseErrorKind::Title));
                }
                titled = true;
                continue;
            }
            script.read(line).map_err(at)?;
        }
        if titled {
            Ok(script)
        } else {
            Err(ParseError {
                line: last.max(1),
                kind: ParseErrorKind::Title,
            })
        }
    }
}

impl Script {
    fn read(&mut self, line: &str) -> Parsed<()> {
        let (word, rest) = split(line);
        match word {
            "seed" => {
                let bad = |_| ParseErrorKind::BadNumber(rest.to_owned());
                self.seed = rest.parse().map_err(bad)?;
            }
            "device" => {
                self.household.devices.push(rest.to_owned());
                self.check()?;
            }
            "contact" => {
                let (id, name) = split(rest);
                self.household.contacts.push(Contact {
                    id: id.to_owned(),
                    name: unescaped(name),
                });
                self.check()?;
            }
            "messaging" => self.household.messaging = read_on_off(rest)?,
            "hears" if rest == "words" => self.hears = Hears::Words,
            _ => {
                let event = self.read_event(word, rest)?;
                let before = self.events.last().map_or(0, Event::at_ms);
                if event.at_ms() < before {
                    return Err(ParseErrorKind::BackInTime);
                }
                self.events.push(event);
            }
        }
        Ok(())
    }

    fn check(&self) -> Parsed<()> {
        let wrong = |error: crate::HouseholdError| ParseErrorKind::Household(error.to_string());
        self.household.check().map_err(wrong)
    }

    fn read_event(&self, time: &str, rest: &str) -> Parsed<Event> {
        if !time.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(ParseErrorKind::Unknown(time.to_owned()));
        }
        if let Some((from, to)) = time.split_once('-') {
            let (from_ms, to_ms) = (read_seconds(from)?, read_seconds(to)?);
            if to_ms < from_ms {
                return Err(ParseErrorKind::BadTime(time.to_owned()));
            }
            return self.read_said(from_ms, to_ms, rest).map(Event::Said);
        }
        let at_ms = read_seconds(time)?;
        let (first, more) = split(rest);
        let pressed = |button| {
            let device = self.known_device(first)?;
            Ok(Happening::Pressed { device, button })
        };
        let what = match (first, more) {
            (_, "pressed confirm") => pressed(Button::Confirm)?,
            (_, "pressed cancel") => pressed(Button::Cancel)?,
            ("restart", "") => Happening::Restart,
            ("messaging", more) => Happening::Messaging(read_on_off(more)?),
            ("delivery", "failed") => Happening::DeliveryFailed,
            _ => return Err(ParseErrorKind::Unknown(rest.to_owned())),
        };
        Ok(Event::Happens { at_ms, what })
    }

    fn read_said(&self, from_ms: u64, to_ms: u64, rest: &str) -> Parsed<Utterance> {
        let (devices, rest) = split(rest);
        let devices: Parsed<Vec<String>> = devices
            .split('+')
            .map(|device| self.known_device(device))
            .collect();
        let devices = devices?;
        let (who, text) = rest
            .split_once(": ")
            .or_else(|| rest.strip_suffix(':').map(|who| (who, "")))
            .ok_or(ParseErrorKind::Missing(
                "`: ` between the speaker and the words",
            ))?;
        let (speaker, meant) = match who.strip_suffix(']').and_then(|who| who.split_once('[')) {
            Some((speaker, meant)) => (speaker, self.read_meant(meant)?),
            None => (who, Meant::Nobody),
        };
        Ok(Utterance {
            from_ms,
            to_ms,
            devices,
            speaker: unescaped(speaker.trim()),
            text: unescaped(text.trim()),
            meant,
        })
    }

    fn read_meant(&self, tag: &str) -> Parsed<Meant> {
        let (kind, contact) = split(tag);
        let known = || {
            let named = self.household.name_of(contact).map(|_| contact.to_owned());
            named.ok_or_else(|| ParseErrorKind::UnknownContact(contact.to_owned()))
        };
        match kind {
            "request" => Ok(Meant::Request { contact: known()? }),
            "content" => Ok(Meant::Content { contact: known()? }),
            "cancel" if contact.is_empty() => Ok(Meant::Cancel),
            "command" if contact.is_empty() => Ok(Meant::Command),
            "other" if contact.is_empty() => Ok(Meant::Other),
            _ => Err(ParseErrorKind::Unknown(tag.to_owned())),
        }
    }

    fn known_device(&self, device: &str) -> Parsed<String> {
        let known = self.household.devices.iter().any(|name| name == device) && is_word(device);
        known
            .then(|| device.to_owned())
            .ok_or_else(|| ParseErrorKind::UnknownDevice(device.to_owned()))
    }
}

fn split(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

fn read_on_off(word: &str) -> Parsed<bool> {
    match word {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(ParseErrorKind::Unknown(word.to_owned())),
    }
}

/// Seconds with at most three decimals, in milliseconds; exact over the whole range of `u64`.
fn read_seconds(word: &str) -> Parsed<u64> {
    let bad = || ParseErrorKind::BadTime(word.to_owned());
    let (whole, part) = word.split_once('.').unwrap_or((word, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 3 {
        return Err(bad());
    }
    let millis: u64 = format!("{part:0<3}").parse().map_err(|_| bad())?;
    let seconds: u64 = whole.parse().map_err(|_| bad())?;
    let whole_millis = seconds.checked_mul(1000).ok_or_else(bad)?;
    whole_millis.checked_add(millis).ok_or_else(bad)
}
