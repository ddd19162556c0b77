//! Tables of what was spoken, heard and accepted.

use super::Pair;
use crate::channel::Spoken;
use mondegreen_phonetics::{Nats, gap, pronunciations};
use mondegreen_trace::Asks;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// More tries of one pair are a slip of the pen.
const TRIES_MAX: u64 = 1_000_000_000;

/// A table that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Pairs {
    /// Its pairs, a line each.
    pub pairs: Vec<Pair>,
    /// Columns that say nothing here.
    pub unused: Vec<String>,
    /// The number of its last line.
    pub last_line: usize,
}

/// Why a table could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairsError {
    line: usize,
    fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    Empty,
    NoPair,
    Binary,
    NotUtf8,
    NoColumn(&'static str),
    TwoColumns(&'static str),
    Columns { has: usize, header: usize },
    NoTries(String),
    NoCount(String),
    Vague { word: String, tries: u64 },
    MoreThanTried { accepted: u64, tries: u64 },
    NoSound { column: &'static str, text: String },
}

impl PairsError {
    fn at(line: usize, fault: Fault) -> Self {
        Self { line, fault }
    }

    /// The number of the line that could not be read, from 1.
    pub fn line(&self) -> usize {
        self.line
    }
}

impl Display for PairsError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let try_table = "give a header and a pair a line, with tabs between the columns spoken, heard and accepted";
        match &self.fault {
            Fault::Empty => write!(f, "there is nothing in it; {try_table}"),
            Fault::NoPair => write!(f, "there is no pair in it; {try_table}"),
            Fault::Binary => write!(f, "this is not text; {try_table}"),
            Fault::NotUtf8 => write!(
                f,
                "this is not UTF-8; convert it, for example with `iconv -t utf-8`"
            ),
            Fault::NoColumn(name) => write!(f, "the header has no column `{name}`; {try_table}"),
            Fault::TwoColumns(name) => write!(f, "the header has two columns `{name}`"),
            Fault::Columns { has, header } => {
                write!(f, "the header has {header} columns and this line {has}")
            }
            Fault::NoTries(word) => {
                write!(f, "`{word}` is not a number of tries; write 1 or more")
            }
            Fault::NoCount(word) => write!(
                f,
                "`{word}` does not say whether it was accepted; write yes or no, or how many of the tries were"
            ),
            Fault::Vague { word, tries } => write!(
                f,
                "`{word}` does not say how many of {tries} tries were accepted; write the number"
            ),
            Fault::MoreThanTried { accepted, tries: 1 } => write!(
                f,
                "{accepted} were accepted of 1 try; say in a column `tries` how often it was said"
            ),
            Fault::MoreThanTried { accepted, tries } => {
                write!(f, "{accepted} were accepted of {tries} tries")
            }
            Fault::NoSound { column, text } => write!(
                f,
                "`{text}` in column `{column}` has no English sounds; write words"
            ),
        }
    }
}

impl std::error::Error for PairsError {}

/// Reads a table of pairs: a header, then a line each, with tabs between the columns.
///
/// `spoken`, `heard` and `accepted` must be there: 1 or yes, 0 or no. With a column `tries`, `accepted`
/// is how many of so many were. Lines that begin with `#` are left out, and so are other columns.
/// Distances are those of a device that listens for this: a wake word is heard inside words, all else
/// in whole words.
///
/// # Errors
/// With the line, when it is not one.
pub fn read_pairs(bytes: &[u8], asks: Asks) -> Result<Pairs, PairsError> {
    let text = decode(bytes)?;
    let mut lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let Some((header_line, header)) = lines.next() else {
        return Err(PairsError::at(1, Fault::Empty));
    };
    let header: Vec<&str> = header.split('\t').map(str::trim).collect();
    let columns = Columns::of(&header).map_err(|fault| PairsError::at(header_line, fault))?;
    let mut ear = Ear::new(asks);
    let mut pairs = Vec::new();
    let mut last_line = header_line;
    for (number, line) in lines {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let pair = columns.pair(&cells, &mut ear);
        pairs.push(pair.map_err(|fault| PairsError::at(number, fault))?);
        last_line = number;
    }
    if pairs.is_empty() {
        return Err(PairsError::at(last_line, Fault::NoPair));
    }
    let known = ["spoken", "heard", "accepted", "tries", "source"];
    let unused = header.into_iter().filter(|name| !known.contains(name));
    Ok(Pairs {
        pairs,
        unused: unused.map(str::to_owned).collect(),
        last_line,
    })
}

/// Where the columns are.
struct Columns {
    count: usize,
    spoken: usize,
    heard: usize,
    accepted: usize,
    tries: Option<usize>,
}

impl Columns {
    fn of(header: &[&str]) -> Result<Self, Fault> {
        let find = |name: &'static str| {
            let mut places = header.iter().enumerate().filter(|(_, own)| **own == name);
            match (places.next(), places.next()) {
                (Some(_), Some(_)) => Err(Fault::TwoColumns(name)),
                (place, _) => Ok(place.map(|(at, _)| at)),
            }
        };
        let needed = |name| find(name)?.ok_or(Fault::NoColumn(name));
        Ok(Self {
            count: header.len(),
            spoken: needed("spoken")?,
            heard: needed("heard")?,
            accepted: needed("accepted")?,
            tries: find("tries")?,
        })
    }

    fn pair(&self, cells: &[&str], ear: &mut Ear) -> Result<Pair, Fault> {
        if cells.len() != self.count {
            return Err(Fault::Columns {
                has: cells.len(),
                header: self.count,
            });
        }
        let (spoken, heard) = (cells[self.spoken], cells[self.heard]);
        let tries = match self.tries.map(|at| cells[at]) {
            None => 1,
            Some(word) => number(word)
                .filter(|tries| *tries > 0)
                .ok_or_else(|| Fault::NoTries(shown(word)))?,
        };
        let accepted = accepted(cells[self.accepted], tries)?;
        let (spoken, cost, phones) = ear.hear(spoken, heard)?;
        Ok(Pair {
            spoken,
            cost,
            phones,
            tries,
            accepted,
        })
    }
}

fn accepted(word: &str, tries: u64) -> Result<u64, Fault> {
    let lower = word.to_lowercase();
    let accepted = match lower.as_str() {
        "no" => 0,
        "yes" if tries == 1 => 1,
        "yes" => {
            let word = shown(word);
            return Err(Fault::Vague { word, tries });
        }
        _ => number(word).ok_or_else(|| Fault::NoCount(shown(word)))?,
    };
    if accepted > tries {
        return Err(Fault::MoreThanTried { accepted, tries });
    }
    Ok(accepted)
}

fn number(word: &str) -> Option<u64> {
    let is_plain = word.bytes().all(|byte| byte.is_ascii_digit());
    let number = word.parse().ok().filter(|_| is_plain);
    number.filter(|number| *number <= TRIES_MAX)
}

/// What the channel would make of the pairs.
struct Ear {
    asks: Asks,
    spoken: BTreeMap<String, Spoken>,
}

impl Ear {
    const fn new(asks: Asks) -> Self {
        Self {
            asks,
            spoken: BTreeMap::new(),
        }
    }

    /// The words that were said, how far apart the two are, and how many phones the phrase has.
    fn hear(&mut self, spoken: &str, heard: &str) -> Result<(String, Nats, usize), Fault> {
        let no_sound = |column, text| {
            let text = shown(text);
            Fault::NoSound { column, text }
        };
        let said = self
            .spoken
            .entry(spoken.to_owned())
            .or_insert_with(|| Spoken::new(spoken));
        if said.phones.is_empty() {
            return Err(no_sound("spoken", spoken));
        }
        let words = said.as_said().text;
        if let Some(spotted) = said.nearest(heard, self.asks) {
            return Ok((words, spotted.cost, spotted.phones));
        }
        // Nothing in it is worth hearing: all of the phrase would come out of nowhere.
        let ways = pronunciations(heard).into_iter();
        let costs = ways.map(|way| {
            let cost: Nats = way.iter().map(|phone| gap(*phone)).sum();
            (cost, way.len())
        });
        let cheapest = costs.min_by_key(|(cost, _)| *cost);
        let (cost, phones) = cheapest.ok_or_else(|| no_sound("heard", heard))?;
        Ok((words, cost, phones))
    }
}

/// The text, without its byte order mark.
fn decode(bytes: &[u8]) -> Result<&str, PairsError> {
    let line_of = |at: usize| bytes[..at].split(|byte| *byte == b'\n').count();
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(PairsError::at(line_of(at), Fault::Binary));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => Err(PairsError::at(line_of(error.valid_up_to()), Fault::NotUtf8)),
    }
}

/// Shortens what the user wrote, for a message.
fn shown(word: &str) -> String {
    const SHOWN_MAX: usize = 40;
    let mut shown: String = word.chars().take(SHOWN_MAX).collect();
    if shown.len() < word.len() {
        shown.push('…');
    }
    shown
}
