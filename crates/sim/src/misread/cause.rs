//! Why a message was sent that nobody had permitted: the finding, and what finding it has in common
//! with others.

use super::Place;
use super::attempt::Attempt;
use crate::bucket::Bucket;
use crate::causes::Example;
use mondegreen_generator::Kind;
use mondegreen_oracle::{Breach, Rule};
use mondegreen_trace::{Asks, Script};
use std::fmt::{self, Display, Formatter};

/// How bad a send is, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Somebody refused, and it was sent.
    RefusedAndSent,
    /// Somebody doubted, asked, or talked to others, and it was sent.
    SideTalkSent,
    /// Somebody permitted it when the question no longer stood.
    LateAnswerSent,
    /// It was sent to somebody else.
    WrongPerson,
}

impl Severity {
    /// Words for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RefusedAndSent => "refused and sent",
            Self::SideTalkSent => "side talk sent",
            Self::LateAnswerSent => "late answer sent",
            Self::WrongPerson => "wrong person",
        }
    }

    pub(super) fn of(kind: Kind, breaches: &[Breach]) -> Self {
        let misdirected = |breach: &Breach| matches!(breach.rule, Rule::I2 | Rule::G2);
        match kind {
            Kind::Refuse | Kind::Correct => Self::RefusedAndSent,
            Kind::Assent if breaches.iter().any(misdirected) => Self::WrongPerson,
            Kind::Assent => Self::LateAnswerSent,
            Kind::Doubt | Kind::Ask | Kind::Aside | Kind::Order => Self::SideTalkSent,
        }
    }
}

impl Display for Severity {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What findings of one cause have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause {
    /// The rule that is broken: a gate rule if there is one.
    pub rule: Rule,
    /// Where it goes wrong.
    pub place: Place,
    /// What the assistant asks for there, as far as it says so.
    pub asks: Option<Asks>,
    /// The fewest of the words said that suffice; none if any word does.
    pub words: Vec<String>,
    /// Whether the answer has to come late.
    pub is_late: bool,
    /// Whether the assistant has to be restarted before.
    pub is_restarted: bool,
}

/// A message that was sent, and that nobody had permitted.
#[derive(Clone, Debug)]
pub struct Misreading {
    /// What it has in common with others.
    pub cause: Cause,
    /// How bad it is.
    pub severity: Severity,
    /// What was said.
    pub said: String,
    /// What was meant by it.
    pub kind: Kind,
    /// Rules that are broken.
    pub breaches: Vec<Breach>,
    /// The conversation.
    pub script: Script,
    /// How many inputs the assistant had taken when it was found.
    pub found_at: u64,
    pub(super) attempt: Attempt,
}

impl Example for Misreading {
    fn breaches(&self) -> &[Breach] {
        &self.breaches
    }

    fn bucket(&self) -> Bucket {
        Bucket::of_misreading(&self.cause)
    }

    fn events(&self) -> usize {
        self.script.events.len()
    }

    fn text(&self) -> String {
        self.script.to_string()
    }
}
