//! Lines of a trace with their strings replaced by numbers.
//!
//! A search makes and judges millions of lines in which the same few texts come again and again. A
//! [`Dictionary`] gives each of them a number; a [`Fact`] is a [`Line`](crate::Line) in which the numbers stand
//! for the texts, so that it can be copied and compared in no time. Both ways are exact.

mod dictionary;

pub use dictionary::Dictionary;

use crate::{Asks, Button, Voice};
use std::sync::Arc;

/// A string: an identifier, a name, a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term(u32);

/// A list of hypotheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Heard(u32);

/// A household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Home(u32);

/// An utterance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Said(u32);

impl Term {
    /// The number, for tables beside the dictionary.
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl Heard {
    /// The number, for tables beside the dictionary.
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl Home {
    /// The number, for tables beside the dictionary.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// An [`Utterance`](crate::Utterance) by numbers, without its speaker.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of `Utterance`")]
pub struct Spoken {
    pub from_ms: u64,
    pub to_ms: u64,
    pub devices: Arc<[Term]>,
    pub text: Term,
    pub meant: Aim,
}

/// [`Meant`](crate::Meant) by numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are those of `Meant`")]
pub enum Aim {
    Nobody,
    Request { contact: Term },
    Content { contact: Term },
    Cancel,
    Command,
    Other,
}

/// A [`Line`](crate::Line) by numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// Ground truth: a person said this.
    Said(Said),
    /// The assistant was given this.
    Given(Given),
    /// The assistant did this.
    Did(Did),
}

/// An [`Input`](crate::Input) by numbers; the fields are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the fields are those of `Input`")]
pub enum Given {
    Start {
        protocol: u32,
        seed: u64,
        at_ms: u64,
        household: Home,
    },
    Heard {
        at_ms: u64,
        device: Term,
        from_ms: u64,
        is_final: bool,
        voice: Voice,
        hypotheses: Heard,
    },
    Withdrawn {
        at_ms: u64,
        device: Term,
        from_ms: u64,
    },
    PromptEnded {
        at_ms: u64,
        device: Term,
        prompt: u32,
    },
    Pressed {
        at_ms: u64,
        device: Term,
        button: Button,
    },
    Time {
        at_ms: u64,
    },
    Delivery {
        at_ms: u64,
        message: Term,
        ok: bool,
    },
    Setting {
        at_ms: u64,
        messaging: bool,
    },
    Restart {
        at_ms: u64,
    },
    End,
}

/// An [`Effect`](crate::Effect) by numbers; the fields are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the fields are those of `Effect`")]
pub enum Did {
    Hello {
        protocol: u32,
        name: Term,
        version: Term,
    },
    Prompt {
        device: Term,
        prompt: u32,
        text: Term,
        asks: Option<Asks>,
        recipient: Option<Term>,
        message: Option<Term>,
        duration_ms: u64,
    },
    Listen {
        device: Term,
        listens_for: Asks,
        until_ms: Option<u64>,
    },
    Record {
        device: Term,
        message: Term,
    },
    RecordEnded {
        device: Term,
        message: Term,
    },
    Send {
        device: Term,
        message: Term,
        recipient: Term,
        from_ms: Option<u64>,
        to_ms: Option<u64>,
    },
    Cancel {
        device: Term,
        message: Option<Term>,
    },
    Notice {
        device: Term,
        text: Term,
    },
    Act {
        device: Term,
        action: Term,
    },
    Timer {
        at_ms: u64,
    },
    Done,
}

impl Given {
    /// When it happens. [`Given::End`] has no time of its own.
    pub const fn at_ms(&self) -> Option<u64> {
        match *self {
            Self::Start { at_ms, .. }
            | Self::Heard { at_ms, .. }
            | Self::Withdrawn { at_ms, .. }
            | Self::PromptEnded { at_ms, .. }
            | Self::Pressed { at_ms, .. }
            | Self::Time { at_ms }
            | Self::Delivery { at_ms, .. }
            | Self::Setting { at_ms, .. }
            | Self::Restart { at_ms } => Some(at_ms),
            Self::End => None,
        }
    }
}

impl Did {
    /// The device that does it.
    pub const fn device(&self) -> Option<Term> {
        match *self {
            Self::Prompt { device, .. }
            | Self::Listen { device, .. }
            | Self::Record { device, .. }
            | Self::RecordEnded { device, .. }
            | Self::Send { device, .. }
            | Self::Cancel { device, .. }
            | Self::Notice { device, .. }
            | Self::Act { device, .. } => Some(device),
            Self::Hello { .. } | Self::Timer { .. } | Self::Done => None,
        }
    }
}
