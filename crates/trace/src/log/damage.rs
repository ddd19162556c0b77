//! What is wrong with a log, and where.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// Of one kind, so many are kept; the others are counted.
const KEPT_MAX: usize = 5;

/// No more is said of one.
const WHY_CHARS_MAX: usize = 300;

/// Something that is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The number of the line, from 1.
    pub line: usize,
    /// What kind of damage it is.
    pub defect: Defect,
    /// What is wrong, said of the line.
    pub why: String,
}

/// A kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Defect {
    /// A line is not UTF-8.
    NotText,
    /// A line is no JSON.
    NotJson,
    /// The last line breaks off.
    CutOff,
    /// A line is too long to be read.
    TooLong,
    /// An object that is neither an input nor an effect nor what somebody said.
    NoType,
    /// A type that the protocol does not have.
    UnknownType,
    /// A line of the protocol whose fields are missing or wrong.
    BadFields,
    /// The log does not begin with a `start`.
    NoStart,
    /// Another version of the protocol.
    OtherVersion,
    /// The first effect is no `hello`.
    NoHello,
    /// Time goes back.
    ClockBack,
    /// An input whose effects are not closed by `done`.
    NoDone,
    /// An effect that answers no input.
    Unasked,
    /// A line that stands there twice.
    Repeated,
    /// A device that the home does not have.
    UnknownDevice,
    /// A recipient whom the home does not have.
    UnknownRecipient,
    /// A message that nobody had begun.
    UnknownMessage,
    /// A prompt whose end is missing.
    PromptUnended,
    /// The end of a prompt that was not said.
    PromptUnknown,
    /// Two prompts of one number.
    PromptReused,
    /// Speech that was heard before it had begun, or ended before that.
    SpeechBack,
    /// A confidence that is not from 0 to 1.
    BadConfidence,
    /// A time was asked for that had passed.
    TimerPast,
    /// A time was asked for and never told.
    TimerUnanswered,
    /// Something comes after the end of the run.
    AfterEnd,
    /// The run has no `end`.
    NoEnd,
}

impl Defect {
    /// Its name, for machines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotText => "not-text",
            Self::NotJson => "not-json",
            Self::CutOff => "cut-off",
            Self::TooLong => "too-long",
            Self::NoType => "no-type",
            Self::UnknownType => "unknown-type",
            Self::BadFields => "bad-fields",
            Self::NoStart => "no-start",
            Self::OtherVersion => "other-version",
            Self::NoHello => "no-hello",
            Self::ClockBack => "clock-back",
            Self::NoDone => "no-done",
            Self::Unasked => "unasked",
            Self::Repeated => "repeated",
            Self::UnknownDevice => "unknown-device",
            Self::UnknownRecipient => "unknown-recipient",
            Self::UnknownMessage => "unknown-message",
            Self::PromptUnended => "prompt-unended",
            Self::PromptUnknown => "prompt-unknown",
            Self::PromptReused => "prompt-reused",
            Self::SpeechBack => "speech-back",
            Self::BadConfidence => "bad-confidence",
            Self::TimerPast => "timer-past",
            Self::TimerUnanswered => "timer-unanswered",
            Self::AfterEnd => "after-end",
            Self::NoEnd => "no-end",
        }
    }

    /// Whether what stood there is lost.
    pub const fn is_loss(self) -> bool {
        (self as u8) <= Self::BadFields as u8
    }
}

impl Display for Damage {
    /// `line 12 is no JSON: …`.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "line {} {}", self.line, self.why)
    }
}

/// All damage of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The first ones.
    pub first: Vec<Damage>,
    /// How many there are in all.
    pub count: usize,
    /// The line of the last one.
    pub last: usize,
}

impl Tally {
    /// How many are counted and not kept.
    pub fn others(&self) -> usize {
        self.count.saturating_sub(self.first.len())
    }
}

/// All damage of a log, or of a run in it: of each kind the first few, and how many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Damages(BTreeMap<Defect, Tally>);

impl Damages {
    /// Adds one more.
    pub fn add(&mut self, mut damage: Damage) {
        if let Some((end, _)) = damage.why.char_indices().nth(WHY_CHARS_MAX) {
            damage.why.truncate(end);
            damage.why.push('…');
        }
        let tally = self.0.entry(damage.defect).or_insert_with(|| Tally {
            first: Vec::new(),
            count: 0,
            last: 0,
        });
        tally.count = tally.count.saturating_add(1);
        tally.last = damage.line;
        if tally.first.len() < KEPT_MAX {
            tally.first.push(damage);
        }
    }

    /// Leaves out all of one kind.
    pub(super) fn forget(&mut self, defect: Defect) {
        self.0.remove(&defect);
    }

    /// Whether the log is whole and in order.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each kind that there is.
    pub fn tallies(&self) -> impl Iterator<Item = &Tally> {
        self.0.values()
    }

    /// How many lines could not be read.
    pub fn lost(&self) -> usize {
        let lost = self.0.iter().filter(|(defect, _)| defect.is_loss());
        lost.fold(0, |sum, (_, tally)| sum.saturating_add(tally.count))
    }
}
