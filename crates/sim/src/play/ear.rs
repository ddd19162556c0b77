//! What is known of a device from outside.

use mondegreen_trace::Asks;
use mondegreen_trace::fact::{Did, Term};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Ear {
    pub(crate) device: Term,
    /// Its last prompt: number, words, what it asks for.
    pub(super) prompt: u32,
    pub(super) text: Option<Term>,
    pub(super) asks: Option<Asks>,
    /// The words of the prompt before.
    pub(super) old_text: Option<Term>,
    /// When the last prompt began, and when it ends as far as is known.
    pub(super) began_ms: u64,
    pub(super) ends_ms: u64,
    pub(crate) speaking: bool,
    listens_for: Option<Asks>,
    pub(crate) until_ms: Option<u64>,
    pub(crate) tape: Tape,
    /// When the speech began that it heard last.
    pub(super) heard_from_ms: u64,
}

/// What is known of the message in the making.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Tape {
    /// There is none.
    Empty,
    /// It is being recorded, and nothing was said yet.
    Running,
    /// Something was said.
    Spoken,
    /// It was recorded, and neither left nor was dropped.
    Recorded,
}

impl Ear {
    pub(super) const fn new(device: Term) -> Self {
        Self {
            device,
            prompt: 0,
            text: None,
            asks: None,
            old_text: None,
            began_ms: 0,
            ends_ms: 0,
            speaking: false,
            listens_for: None,
            until_ms: None,
            tape: Tape::Empty,
            heard_from_ms: 0,
        }
    }

    /// What it wants to hear now, as far as it says so.
    pub(crate) fn wanted(&self, now_ms: u64) -> Option<Asks> {
        let over = self.until_ms.is_some_and(|until_ms| now_ms >= until_ms);
        match self.listens_for {
            // A recording goes on until the device says that it has ended.
            Some(_) if matches!(self.tape, Tape::Running | Tape::Spoken) => Some(Asks::Message),
            Some(_) if over => Some(Asks::Wake),
            Some(asks) => Some(asks),
            None => self.asks,
        }
    }

    pub(super) fn note(&mut self, did: &Did, now_ms: u64) {
        match *did {
            Did::Prompt {
                prompt,
                text,
                asks,
                duration_ms,
                ..
            } => {
                self.old_text = self.text.replace(text);
                self.prompt = prompt;
                self.asks = asks;
                self.began_ms = now_ms;
                self.ends_ms = now_ms.saturating_add(duration_ms);
                self.speaking = true;
            }
            Did::Listen {
                listens_for,
                until_ms,
                ..
            } => {
                self.listens_for = Some(listens_for);
                self.until_ms = until_ms;
            }
            Did::Record { .. } => self.tape = Tape::Running,
            Did::RecordEnded { .. } => self.tape = Tape::Recorded,
            Did::Cancel { .. } => {
                self.fall_silent(now_ms);
                self.tape = Tape::Empty;
            }
            Did::Send { .. } => self.tape = Tape::Empty,
            Did::Hello { .. }
            | Did::Notice { .. }
            | Did::Act { .. }
            | Did::Timer { .. }
            | Did::Done => {}
        }
    }

    pub(super) fn heard(&mut self, from_ms: u64) {
        self.heard_from_ms = from_ms;
        if self.tape == Tape::Running {
            self.tape = Tape::Spoken;
        }
    }

    pub(super) fn fall_silent(&mut self, now_ms: u64) {
        if self.speaking {
            self.speaking = false;
            self.ends_ms = self.ends_ms.min(now_ms);
        }
    }
}
