//! Reading a log of an exchange, in whatever state it is.
//!
//! A [`Log`] reads line by line and holds one at a time. Nothing is repaired: what cannot be read is
//! a [`Damage`] with the number of its line, and so is what an [`Order`] finds missing or out of
//! order among what can.

mod damage;
mod order;

pub use damage::{Damage, Damages, Defect, Tally};
pub use order::Order;

use crate::{Effect, Input, Line, Utterance};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::io::{self, BufRead};

/// A line of more bytes is not read.
pub const LINE_BYTES_MAX: usize = 1 << 20;

/// How many characters of a line are quoted when it cannot be read.
const QUOTED_CHARS_MAX: usize = 60;

const INPUTS: [&str; 10] = [
    "start",
    "heard",
    "withdrawn",
    "prompt_ended",
    "pressed",
    "time",
    "delivery",
    "setting",
    "restart",
    "end",
];

const EFFECTS: [&str; 11] = [
    "hello",
    "prompt",
    "listen",
    "record",
    "record_ended",
    "send",
    "cancel",
    "notice",
    "act",
    "timer",
    "done",
];

/// What stands in one line of a log.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A line of the exchange.
    Line {
        /// Its number in the log, from 1.
        number: usize,
        /// How many bytes it has.
        bytes: usize,
        /// The line.
        line: Line,
    },
    /// It cannot be read.
    Damage(Damage),
}

/// A log that is being read. Blank lines are passed over; unknown fields are ignored.
#[derive(Debug)]
pub struct Log<R> {
    from: R,
    number: usize,
    bytes: Vec<u8>,
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Newline,
    /// The log ends with it.
    Missing,
}

impl<R: BufRead> Log<R> {
    /// A log that is read from its beginning.
    pub const fn new(from: R) -> Self {
        Self {
            from,
            number: 0,
            bytes: Vec::new(),
        }
    }

    /// How many lines were read, those that are blank or damaged included.
    pub const fn lines(&self) -> usize {
        self.number
    }

    fn read_entry(&mut self) -> io::Result<Option<Entry>> {
        while let Some((length, ending)) = self.read_line()? {
            self.number = self.number.saturating_add(1);
            if length <= LINE_BYTES_MAX && self.bytes.trim_ascii().is_empty() {
                continue;
            }
            let (number, bytes) = (self.number, length);
            let read = if length > LINE_BYTES_MAX {
                let why = format!("is {length} bytes long, more than {LINE_BYTES_MAX}");
                Err((Defect::TooLong, why))
            } else {
                parse(&self.bytes, ending)
            };
            return Ok(Some(match read {
                Ok(line) => Entry::Line {
                    number,
                    bytes,
                    line,
                },
                Err((defect, why)) => Entry::Damage(Damage {
                    line: number,
                    defect,
                    why,
                }),
            }));
        }
        Ok(None)
    }

    /// Reads the next line into the buffer, as far as it is allowed to be long, and tells its length.
    fn read_line(&mut self) -> io::Result<Option<(usize, Ending)>> {
        self.bytes.clear();
        let mut length = 0_usize;
        loop {
            let ready = match self.from.fill_buf() {
                Ok(ready) => ready,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if ready.is_empty() {
                return Ok((length > 0).then_some((length, Ending::Missing)));
            }
            let newline = ready.iter().position(|byte| *byte == b'\n');
            let part = ready.get(..newline.unwrap_or(ready.len()));
            let part = part.unwrap_or_default();
            let room = LINE_BYTES_MAX.saturating_sub(self.bytes.len());
            self.bytes
                .extend_from_slice(part.get(..room).unwrap_or(part));
            length = length.saturating_add(part.len());
            let used = part.len().saturating_add(usize::from(newline.is_some()));
            self.from.consume(used);
            if newline.is_some() {
                return Ok(Some((length, Ending::Newline)));
            }
        }
    }
}

impl<R: BufRead> Iterator for Log<R> {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read_entry().transpose()
    }
}

type Unread = (Defect, String);

fn parse(bytes: &[u8], ending: Ending) -> Result<Line, Unread> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let byte = error.valid_up_to().saturating_add(1);
        (Defect::NotText, format!("is not UTF-8 at byte {byte}"))
    })?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let value = serde_json::from_str(text).map_err(|error| not_json(text, &error, ending))?;
    let Value::Object(mut fields) = value else {
        let why = format!("is no JSON object: `{}`", quoted(text));
        return Err((Defect::NoType, why));
    };
    if let Some(said) = fields.remove("said") {
        let said: Utterance = read("said", said)?;
        return Ok(Line::Said { said });
    }
    read_typed(fields, text)
}

/// An input or an effect, by its `type`.
fn read_typed(fields: Map<String, Value>, text: &str) -> Result<Line, Unread> {
    let Some(Value::String(kind)) = fields.get("type") else {
        let why = format!("has neither a `type` nor `said`: `{}`", quoted(text));
        return Err((Defect::NoType, why));
    };
    let kind = kind.clone();
    let fields = Value::Object(fields);
    if INPUTS.contains(&kind.as_str()) {
        let input: Input = read(&kind, fields)?;
        Ok(Line::In(input))
    } else if EFFECTS.contains(&kind.as_str()) {
        let effect: Effect = read(&kind, fields)?;
        Ok(Line::Out(effect))
    } else {
        let why = format!("has a type that is not known: `{}`", quoted(&kind));
        Err((Defect::UnknownType, why))
    }
}

fn read<T: DeserializeOwned>(kind: &str, fields: Value) -> Result<T, Unread> {
    serde_json::from_value(fields)
        .map_err(|error| (Defect::BadFields, format!("is no good `{kind}`: {error}")))
}

fn not_json(text: &str, error: &serde_json::Error, ending: Ending) -> Unread {
    if error.is_eof() && ending == Ending::Missing {
        let why = format!("breaks off: the log ends with `{}`", quoted_end(text));
        return (Defect::CutOff, why);
    }
    let message = error.to_string();
    let why = message.split(" at line ").next().unwrap_or(&message);
    let column = error.column();
    let why = format!("is no JSON: {why} at column {column}: `{}`", quoted(text));
    if let Some((before, object)) = text.split_once('{')
        && !before.is_empty()
        && serde_json::from_str::<Value>(&format!("{{{object}")).is_ok()
    {
        let before = quoted(before);
        let why = format!("{why}; it would be without the `{before}` before it");
        return (Defect::NotJson, why);
    }
    (Defect::NotJson, why)
}

fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED_CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn quoted_end(text: &str) -> String {
    let last = QUOTED_CHARS_MAX.saturating_sub(1);
    match text.char_indices().rev().nth(last) {
        Some((from, _)) if from > 0 => format!("…{}", text.get(from..).unwrap_or_default()),
        Some(_) | None => text.to_owned(),
    }
}
