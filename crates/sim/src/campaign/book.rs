//! What a campaign writes down, and how books of several shards become one.

use super::curve::{Point, merged_curves};
use super::plan::{Engine, Unit};
use crate::estimate::{Shard, ShardError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};

/// The version of all that is written here.
pub const FORMAT: u32 = 1;

/// What a campaign says of itself first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The version of the files.
    pub format: u32,
    /// The version of the program: another one may search otherwise.
    pub version: String,
    /// All that its units depend on.
    pub settings: Settings,
}

/// All that the units of a campaign depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The assistants: names, or command lines of programs.
    pub assistants: Vec<String>,
    /// What has to be known of those that are programs, if any is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<ProgramSettings>,
    /// The searches that are made, of those that suit an assistant.
    pub searches: Vec<Engine>,
    /// Where all randomness comes from.
    pub seed: u64,
    /// Inputs to an assistant of ours in the shortest unit.
    pub unit_steps: u64,
    /// Inputs to a program in the shortest unit.
    pub program_steps: u64,
    /// Which units are done here; all of them if there is none.
    pub shard: Option<ShardOf>,
    /// The shards that were put together here, if any were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<ShardOf>,
}

/// How a program is talked to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramSettings {
    /// The name that it answers to.
    pub wake: String,
    /// How it is asked to send a message.
    pub command: String,
    /// How long it may take for an answer.
    pub limit_ms: u64,
    /// How long it may take for its first answer.
    pub start_limit_ms: u64,
}

/// One of so many shards, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "[u64; 2]", try_from = "[u64; 2]")]
pub struct ShardOf {
    index: u64,
    of: u64,
}

impl ShardOf {
    /// This one.
    ///
    /// # Errors
    /// When there is no such shard.
    pub fn new(index: u64, of: u64) -> Result<Self, ShardError> {
        Shard::new(index, of).map(|_| Self { index, of })
    }

    /// How many shards there are.
    pub const fn of(self) -> u64 {
        self.of
    }

    /// The work that is done here.
    pub fn shard(self) -> Shard {
        // A shard that exists is one.
        Shard::new(self.index, self.of).unwrap_or(Shard::WHOLE)
    }
}

impl From<ShardOf> for [u64; 2] {
    fn from(shard: ShardOf) -> Self {
        [shard.index, shard.of]
    }
}

impl TryFrom<[u64; 2]> for ShardOf {
    type Error = ShardError;

    fn try_from([index, of]: [u64; 2]) -> Result<Self, ShardError> {
        Self::new(index, of)
    }
}

impl Display for ShardOf {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

/// Which unit a record is about, whatever else is in the campaign: assistant, search, number.
pub type UnitName = (String, Engine, u64);

/// A unit that was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The assistant.
    pub assistant: String,
    /// The search.
    pub engine: Engine,
    /// The number of the unit.
    pub number: u64,
    /// Its seed.
    pub seed: u64,
    /// When it was done, in seconds of the campaign's time.
    pub at_s: f64,
    /// Inputs that the assistant took.
    pub steps: u64,
    /// Conversations that were held, or cases that were played.
    pub conversations: u64,
    /// Different ways in which the assistant acted.
    pub ways: u64,
    /// What was kept to go on from.
    pub corpus: u64,
    /// How often each cause was found, by the name of its bucket.
    pub found: BTreeMap<String, u64>,
    /// What broke a rule and did not do so again by itself.
    pub unrepeated: u64,
    /// Why it ended before its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

impl Record {
    /// Which unit it is about.
    pub fn name(&self) -> UnitName {
        (self.assistant.clone(), self.engine, self.number)
    }
}

/// A finding that stands for its cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The name of its bucket.
    pub bucket: String,
    /// The assistant.
    pub assistant: String,
    /// The search that found this example.
    pub found_by: Engine,
    /// The rule.
    pub rule: String,
    /// What was missing for permission.
    pub missing: String,
    /// Where it goes wrong.
    pub place: Vec<String>,
    /// How many things happen in the example.
    pub events: usize,
    /// The seed of the unit that found this example.
    pub seed: u64,
    /// The step of that unit at which the cause was found.
    pub steps: u64,
    /// When the cause was found first, in seconds of the campaign's time.
    pub at_s: f64,
    /// How often the cause was found.
    pub times: u64,
    /// The command that repeats it.
    pub repeat: String,
    /// The script, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<String>,
    /// The case, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Whatever else is told of it: breaches, trace, what was misheard.
    #[serde(flatten)]
    pub told: Map<String, Value>,
}

impl Kept {
    /// The script or the case.
    pub fn text(&self) -> &str {
        let text = self.script.as_deref().or(self.case.as_deref());
        text.unwrap_or_default()
    }

    /// What the name of its file ends with.
    pub const fn extension(&self) -> &'static str {
        if self.case.is_some() {
            "case"
        } else {
            "script"
        }
    }

    /// Takes another example of the same cause in, and keeps the lesser one. How often the cause was
    /// found stays: that is counted from the units.
    pub fn take_in(&mut self, other: Self) {
        let (at_s, times) = (self.at_s.min(other.at_s), self.times);
        if other.order() < self.order() {
            *self = other;
        }
        (self.at_s, self.times) = (at_s, times);
    }

    fn order(&self) -> (usize, &str, Engine, u64, u64) {
        (
            self.events,
            self.text(),
            self.found_by,
            self.seed,
            self.steps,
        )
    }
}

/// All that came of a campaign so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Book {
    /// What it says of itself.
    pub header: Header,
    /// Units that were done.
    pub records: BTreeMap<UnitName, Record>,
    /// Findings, by the names of their buckets.
    pub kept: BTreeMap<String, Kept>,
    /// How it went on.
    pub points: Vec<Point>,
}

impl Book {
    /// Nothing was done yet.
    pub const fn new(header: Header) -> Self {
        Self {
            header,
            records: BTreeMap::new(),
            kept: BTreeMap::new(),
            points: Vec::new(),
        }
    }

    /// The units that are done, of the assistants in the settings.
    pub fn done(&self) -> BTreeSet<Unit> {
        let assistants = &self.header.settings.assistants;
        let unit = |record: &Record| {
            let assistant = assistants
                .iter()
                .position(|name| *name == record.assistant)?;
            Some(Unit {
                assistant,
                engine: record.engine,
                number: record.number,
            })
        };
        self.records.values().filter_map(unit).collect()
    }

    /// How often a cause was found in all units that are done.
    pub fn times(&self, bucket: &str) -> u64 {
        let times = self
            .records
            .values()
            .filter_map(|record| record.found.get(bucket));
        times.sum()
    }

    /// How far it is with an assistant, at this time.
    pub fn point(&self, assistant: &str, at_s: f64) -> Point {
        let begin = (assistant.to_owned(), Engine::Hunt, 0);
        let here = self.records.range(begin..);
        let here = here.map(|(_, record)| record);
        let here = || {
            here.clone()
                .take_while(|record| record.assistant == assistant)
        };
        let most = |of: fn(&Record) -> u64| -> u64 {
            let of_each = |engine| {
                let its = here().filter(move |record| record.engine == engine);
                its.map(of).max().unwrap_or_default()
            };
            [Engine::Hunt, Engine::Fuzz, Engine::Misread]
                .map(of_each)
                .iter()
                .sum()
        };
        let causes: BTreeSet<&String> = here().flat_map(|record| record.found.keys()).collect();
        Point {
            at_s,
            assistant: assistant.to_owned(),
            steps: here().map(|record| record.steps).sum(),
            conversations: here().map(|record| record.conversations).sum(),
            ways: most(|record| record.ways),
            corpus: most(|record| record.corpus),
            findings: u64::try_from(causes.len()).unwrap_or(u64::MAX),
        }
    }

    /// Puts books of shards together. It does not matter in what order they are given.
    ///
    /// # Errors
    /// When they are not shards of one campaign, or one of them is there twice.
    pub fn merge(books: Vec<Self>) -> Result<Self, MergeError> {
        let mut shards = BTreeSet::new();
        for book in &books {
            let Settings { shard, merged, .. } = &book.header.settings;
            if shard.is_none() && merged.is_empty() {
                return Err(MergeError::NoShard);
            }
            for shard in shard.iter().chain(merged) {
                if !shards.insert(*shard) {
                    return Err(MergeError::Twice(*shard));
                }
            }
        }
        let header = common_header(&books, &shards)?;
        let mut whole = Self::new(header);
        let curves = books
            .iter()
            .map(|book| (book.shards(), book.points.clone()));
        let mut curves: Vec<_> = curves.collect();
        curves.sort_by(|(a, _), (b, _)| a.cmp(b));
        for book in books {
            for (name, record) in book.records {
                let taken = whole.records.insert(name, record);
                if let Some(taken) = taken {
                    return Err(MergeError::UnitTwice(taken.name()));
                }
            }
            for (name, kept) in book.kept {
                match whole.kept.get_mut(&name) {
                    Some(known) => known.take_in(kept),
                    None => {
                        whole.kept.insert(name, kept);
                    }
                }
            }
        }
        let times: Vec<(String, u64)> = whole
            .kept
            .keys()
            .map(|name| (name.clone(), whole.times(name)))
            .collect();
        for (name, times) in times {
            if let Some(kept) = whole.kept.get_mut(&name) {
                kept.times = times;
            }
        }
        let curves: Vec<Vec<Point>> = curves.into_iter().map(|(_, points)| points).collect();
        whole.points = merged_curves(&curves, &whole.kept);
        Ok(whole)
    }

    /// The shards that it is of.
    fn shards(&self) -> Vec<ShardOf> {
        let Settings { shard, merged, .. } = &self.header.settings;
        shard.iter().chain(merged).copied().collect()
    }
}

/// What books of shards say of themselves alike.
fn common_header(books: &[Book], shards: &BTreeSet<ShardOf>) -> Result<Header, MergeError> {
    let alike = |header: &Header| {
        let mut header = header.clone();
        header.settings.shard = None;
        header.settings.merged = shards.iter().copied().collect();
        header
    };
    let first = books.first().ok_or(MergeError::Nothing)?;
    let common = alike(&first.header);
    for book in books {
        let header = alike(&book.header);
        if (header.format, &header.version) != (common.format, &common.version) {
            return Err(MergeError::OtherVersion(header.version, common.version));
        }
        if header != common {
            return Err(MergeError::OtherSettings);
        }
    }
    let mut counts: Vec<u64> = shards.iter().map(|shard| shard.of()).collect();
    counts.dedup();
    match counts.as_slice() {
        [_] => Ok(common),
        _ => Err(MergeError::OtherCounts),
    }
}

/// Why books do not go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeError {
    /// There are none.
    Nothing,
    /// One is no shard, so it holds all units already.
    NoShard,
    /// A shard is there twice.
    Twice(ShardOf),
    /// A unit is there twice.
    UnitTwice(UnitName),
    /// They are of different versions.
    OtherVersion(String, String),
    /// They are of campaigns with other settings.
    OtherSettings,
    /// They are shards of different numbers of shards.
    OtherCounts,
}

impl Display for MergeError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("there is nothing to merge"),
            Self::NoShard => f.write_str(
                "a campaign without a shard holds all units; there is nothing to merge it with",
            ),
            Self::Twice(shard) => write!(f, "shard {shard} is there twice"),
            Self::UnitTwice((assistant, engine, number)) => write!(
                f,
                "unit {number} of {} against {assistant} is there twice",
                engine.name()
            ),
            Self::OtherVersion(one, other) => {
                write!(f, "one is of version {one}, another of version {other}")
            }
            Self::OtherSettings => f.write_str("these are of campaigns with different settings"),
            Self::OtherCounts => f.write_str("these are shards of different numbers of shards"),
        }
    }
}

impl std::error::Error for MergeError {}
