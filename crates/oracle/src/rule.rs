//! The numbers and names of the rules, and what is said of one that was broken.

use crate::reader::Reading;
use crate::renaming::Renaming;
use mondegreen_trace::fact::Term;
use std::fmt::{self, Display, Formatter};

/// A rule that an assistant must keep. Their wording is in `docs/rules.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A send without a confirmation in its own session.
    G1,
    /// The prompt that was answered did not name the recipient, or not apart from another.
    G2,
    /// The draft changed after its prompt, or other audio was sent than was recorded.
    G3,
    /// The answer began before the prompt had ended, or talk ran on across its end.
    G4,
    /// The answer came after the window had closed.
    G5,
    /// A device's own voice was taken for an answer.
    G6,
    /// An interim or withdrawn hypothesis was acted on.
    G7,
    /// What was taken for a yes was no plain answer.
    G8,
    /// A send after a refusal, after silence, or after an undo.
    G9,
    /// One confirmation, two deliveries.
    G10,
    /// The answer was heard by a device that did not ask.
    G11,
    /// Messaging went on while it was switched off.
    G12,
    /// A draft survived a restart and was sent on the old confirmation.
    G13,
    /// Capture began or a send left without an audible notice.
    G14,
    /// The same inputs gave other effects.
    G15,
    /// Nobody had asked to send.
    I1,
    /// It was meant for someone else.
    I2,
    /// The audio holds speech that was not meant for the message.
    I3,
    /// A person who followed the prompts in a quiet room got nothing sent.
    S1,
    /// "Cancel" did not end the session.
    S2,
    /// A session went on in silence.
    S3,
    /// A plain command to the home was not carried out.
    S4,
}

impl Rule {
    /// All rules, in the order of their numbers.
    pub const ALL: [Self; 22] = [
        Self::G1,
        Self::G2,
        Self::G3,
        Self::G4,
        Self::G5,
        Self::G6,
        Self::G7,
        Self::G8,
        Self::G9,
        Self::G10,
        Self::G11,
        Self::G12,
        Self::G13,
        Self::G14,
        Self::G15,
        Self::I1,
        Self::I2,
        Self::I3,
        Self::S1,
        Self::S2,
        Self::S3,
        Self::S4,
    ];

    /// Whether it is about what an assistant does with what it is given, whatever people meant.
    pub const fn is_gate(self) -> bool {
        (self as u8) <= Self::G15 as u8
    }

    /// The name of what goes wrong, without the number: `unconfirmed`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::G1 => "unconfirmed",
            Self::G2 => "wrong-recipient",
            Self::G3 => "wrong-content",
            Self::G4 => "early-answer",
            Self::G5 => "late-answer",
            Self::G6 => "self-echo",
            Self::G7 => "not-final",
            Self::G8 => "not-an-answer",
            Self::G9 => "refused",
            Self::G10 => "reused",
            Self::G11 => "wrong-device",
            Self::G12 => "disabled",
            Self::G13 => "resurrected",
            Self::G14 => "silent-capture",
            Self::G15 => "unaccountable",
            Self::I1 => "unintended",
            Self::I2 => "misdirected",
            Self::I3 => "overheard",
            Self::S1 => "unserved",
            Self::S2 => "uncancelled",
            Self::S3 => "endless",
            Self::S4 => "home-ignored",
        }
    }
}

impl Display for Rule {
    /// Number and name: `G1 unconfirmed`.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?} {}", self.name())
    }
}

/// A trace breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Which rule.
    pub rule: Rule,
    /// Where it became true: an index into the lines of the trace.
    pub line: usize,
    /// The message that it is about, if it is about one.
    pub message: Option<String>,
    /// What happened, as a sentence for a person, with times and words.
    pub why: String,
}

impl Display for Breach {
    /// `G1 unconfirmed: kitchen sent …`.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.why)
    }
}

/// The breaches so far, in the order of line and rule, none of them twice.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    breaches: Vec<Breach>,
    /// Which rules are known to be broken, and for which messages.
    known: Vec<(Rule, Option<Term>)>,
}

impl Ledger {
    /// Enters a breach, unless this rule is known to be broken for this message.
    ///
    /// The sentence is only made when it is kept.
    pub(crate) fn enter(
        &mut self,
        rule: Rule,
        line: usize,
        message: Option<Term>,
        reader: &Reading<'_>,
        why: impl FnOnce() -> String,
    ) {
        if self.known.contains(&(rule, message)) {
            return;
        }
        self.known.push((rule, message));
        let place = |b: &Breach| (b.line, b.rule) <= (line, rule);
        let at = self.breaches.partition_point(place);
        let message = message.map(|message| reader.text(message).to_owned());
        let why = why();
        self.breaches.insert(
            at,
            Breach {
                rule,
                line,
                message,
                why,
            },
        );
    }

    pub(crate) fn breaches(&self) -> &[Breach] {
        &self.breaches
    }

    pub(crate) fn into_breaches(self) -> Vec<Breach> {
        self.breaches
    }

    pub(crate) fn clear(&mut self) {
        self.breaches.clear();
        self.known.clear();
    }

    pub(crate) fn rename(&mut self, renaming: &mut Renaming<'_>) {
        for (_, message) in &mut self.known {
            renaming.optional(message);
        }
    }
}

impl Clone for Ledger {
    fn clone(&self) -> Self {
        Self {
            breaches: self.breaches.clone(),
            known: self.known.clone(),
        }
    }

    fn clone_from(&mut self, source: &Self) {
        let Self { breaches, known } = self;
        breaches.clone_from(&source.breaches);
        known.clone_from(&source.known);
    }
}
