//! Assistants with one known fault each, to measure those who look for faults.
//!
//! A mutant is the guarded assistant with one thing wrong. Its *witness* is a case, written by
//! hand, that breaks the one rule that it is about, and no other; the guarded assistant keeps all
//! rules in it.
//!
//! To add one: a check in the dialog's `Guard`, or a [`Flaw`](crate::Flaw) around it; a row in
//! `mutant/all.rs`; and its witness in `corpora/mutants/`. The tests say what is missing.

mod all;

use crate::case::Case;
use crate::preset::Preset;
use crate::reference::{Fault, Reference};
use mondegreen_oracle::Rule;
use std::fmt::{self, Display, Formatter};

/// The guarded assistant with one thing wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// What it is called.
    pub name: &'static str,
    /// The rule that its witness breaks.
    pub breaks: Rule,
    /// What is wrong with it, in one sentence.
    pub what: &'static str,
    /// Where the fault comes from.
    pub provenance: Provenance,
    /// What is wrong with it, for the assistant.
    pub fault: Fault,
    witness: &'static str,
}

/// Where a fault comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// It did harm: where and when.
    Incident(&'static str),
    /// An assistant has or had it: which, and where that was published.
    Known(&'static str),
    /// It is made up, after faults that other programs have.
    Invented,
}

impl Mutant {
    /// Every mutant, by the rule that it breaks.
    pub const ALL: &'static [Self] = all::ALL;

    /// The mutant with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|mutant| mutant.name == name)
    }

    /// The assistant itself, before its first start.
    pub fn assistant(&self) -> Reference {
        let preset = Preset {
            name: self.name,
            ..Preset::GUARDED
        };
        Reference::new(preset).with(self.fault)
    }

    /// A case, as short as one can think of, in which it breaks its rule and no other.
    pub fn witness(&self) -> Case {
        let case = self.witness.parse();
        assert!(
            case.is_ok(),
            "the witness of {}: {:?}",
            self.name,
            case.err()
        );
        case.unwrap_or_else(|_| Case::plain(Vec::new()))
    }
}

impl Display for Provenance {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incident(what) => write!(f, "incident: {what}"),
            Self::Known(what) => write!(f, "known: {what}"),
            Self::Invented => f.write_str("invented"),
        }
    }
}
