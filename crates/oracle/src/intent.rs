//! Compares what was sent with what people meant: `I1`, `I2`, `I3`.

use crate::Rule;
use crate::judge::Clock;
use crate::reader::Reading;
use crate::renaming::Renaming;
use crate::rule::Ledger;
use crate::write::Time;
use mondegreen_trace::fact::{Aim, Home, Said, Spoken, Term};
use std::collections::VecDeque;

/// A wish to send is forgotten this long after it was last spoken of.
const WISH_LASTS_MS: u64 = 600_000;

/// How many contacts' wishes, utterances and sends are remembered, the newest ones.
const WISHES_MAX: usize = 64;
const UTTERANCES_MAX: usize = 64;
const SENT_MAX: usize = 8;

/// What people meant so far.
#[derive(Debug, Default)]
pub(crate) struct Intent {
    truth: Truth,
    wishes: Vec<Wish>,
    /// Whether all that was wanted was taken back, and nothing was wanted since.
    taken_back: bool,
    /// What was said and not meant for any message.
    talk: VecDeque<Talk>,
    sent: VecDeque<Audio>,
}

/// Whether the trace tells what people said. Without, there is nothing to compare with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Truth {
    #[default]
    Untold,
    Told,
}

/// Somebody wants something sent to this contact.
#[derive(Clone, Copy, Debug)]
struct Wish {
    contact: Term,
    said_at: usize,
    to_ms: u64,
    /// Up to here it has been granted.
    granted_at: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Talk {
    said: Said,
    from_ms: u64,
    to_ms: u64,
    words: Term,
}

/// Audio that left the house.
#[derive(Clone, Copy, Debug)]
struct Audio {
    device: Term,
    message: Term,
    from_ms: u64,
    to_ms: u64,
}

/// A message that leaves the house for the first time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Delivered {
    pub(crate) device: Term,
    pub(crate) message: Term,
    pub(crate) recipient: Term,
    /// From when to when its audio was taken, as far as is known.
    pub(crate) audio: Option<(u64, u64)>,
    /// The line of what settled that it is sent; later wishes are for another message.
    pub(crate) settled_at: usize,
}

impl Intent {
    pub(crate) fn said(
        &mut self,
        (said, spoken): (Said, &Spoken),
        clock: Clock,
        ledger: &mut Ledger,
        reader: &Reading<'_>,
    ) {
        self.truth = Truth::Told;
        match spoken.meant {
            Aim::Request { contact } | Aim::Content { contact } => {
                self.wish(contact, spoken.to_ms, clock.line);
            }
            Aim::Nobody | Aim::Cancel | Aim::Command | Aim::Other => {
                if spoken.meant == Aim::Cancel {
                    self.taken_back |= !self.wishes.is_empty();
                    self.wishes.clear();
                }
                let talk = Talk {
                    said,
                    from_ms: spoken.from_ms,
                    to_ms: spoken.to_ms,
                    words: spoken.text,
                };
                // Speech that was still going on when the message left.
                for audio in self.sent.iter().filter(|audio| audio.holds(&talk, reader)) {
                    audio.enter(&talk, clock.line, ledger, reader);
                }
                push(&mut self.talk, talk, UTTERANCES_MAX);
            }
        }
    }

    fn wish(&mut self, contact: Term, to_ms: u64, said_at: usize) {
        self.taken_back = false;
        if let Some(wish) = self.wishes.iter_mut().find(|w| w.contact == contact) {
            (wish.said_at, wish.to_ms) = (said_at, to_ms);
            return;
        }
        if self.wishes.len() >= WISHES_MAX {
            self.wishes.remove(0);
        }
        self.wishes.push(Wish {
            contact,
            said_at,
            to_ms,
            granted_at: None,
        });
    }

    pub(crate) fn sent(
        &mut self,
        sent: &Delivered,
        clock: Clock,
        home: Option<Home>,
        (ledger, reader): (&mut Ledger, &mut Reading<'_>),
    ) {
        if self.truth == Truth::Untold {
            return;
        }
        self.check_wanted(sent, clock, home, (ledger, reader));
        for wish in &mut self.wishes {
            if reader.is_same(home, wish.contact, sent.recipient) {
                wish.granted_at = Some(sent.settled_at);
            }
        }
        if let Some((from_ms, to_ms)) = sent.audio {
            let audio = Audio {
                device: sent.device,
                message: sent.message,
                from_ms,
                to_ms,
            };
            if let Some(talk) = self.talk.iter().find(|talk| audio.holds(talk, reader)) {
                audio.enter(talk, clock.line, ledger, reader);
            }
            push(&mut self.sent, audio, SENT_MAX);
        }
    }

    /// `I1`, `I2`: whether anybody wants something sent, and to whom.
    fn check_wanted(
        &self,
        sent: &Delivered,
        clock: Clock,
        home: Option<Home>,
        (ledger, reader): (&mut Ledger, &mut Reading<'_>),
    ) {
        let standing = |wish: &&Wish| {
            wish.granted_at < Some(wish.said_at)
                && clock.now_ms <= wish.to_ms.saturating_add(WISH_LASTS_MS)
        };
        let mut other = None;
        for wish in self.wishes.iter().filter(standing) {
            if reader.is_same(home, wish.contact, sent.recipient) {
                return;
            }
            other = Some(wish.contact);
        }
        let people = reader.people(home);
        let name = |contact| people.name(reader.text(contact));
        let rule = if other.is_some() { Rule::I2 } else { Rule::I1 };
        let about = Some(sent.message);
        ledger.enter(rule, clock.line, about, reader, || {
            let (message, now) = (reader.text(sent.message), Time(clock.now_ms));
            let went = format!("{message} went to {} at {now}", name(sent.recipient));
            match other {
                Some(other) => format!("{went}, but was meant for {}", name(other)),
                None if self.taken_back => {
                    format!("{went}, after whoever had asked had taken it back")
                }
                None => format!("{went}, and nobody had asked to send anything"),
            }
        });
    }

    pub(crate) fn clear(&mut self) {
        self.truth = Truth::Untold;
        self.wishes.clear();
        self.taken_back = false;
        self.talk.clear();
        self.sent.clear();
    }

    pub(crate) fn rename(&mut self, renaming: &mut Renaming<'_>) {
        for wish in &mut self.wishes {
            renaming.term(&mut wish.contact);
        }
        for talk in &mut self.talk {
            renaming.said(&mut talk.said);
            renaming.term(&mut talk.words);
        }
        for audio in &mut self.sent {
            renaming.term(&mut audio.device);
            renaming.term(&mut audio.message);
        }
    }
}

impl Clone for Intent {
    fn clone(&self) -> Self {
        let mut clone = Self::default();
        clone.clone_from(self);
        clone
    }

    fn clone_from(&mut self, source: &Self) {
        self.truth = source.truth;
        self.taken_back = source.taken_back;
        self.wishes.clone_from(&source.wishes);
        self.talk.clone_from(&source.talk);
        self.sent.clone_from(&source.sent);
    }
}

fn push<T>(queue: &mut VecDeque<T>, item: T, items_max: usize) {
    if queue.len() >= items_max {
        queue.pop_front();
    }
    queue.push_back(item);
}

impl Audio {
    fn holds(&self, talk: &Talk, reader: &Reading<'_>) -> bool {
        let overlaps = talk.from_ms < self.to_ms && talk.to_ms > self.from_ms;
        overlaps && reader.is_in_hearing(talk.said, self.device)
    }

    fn enter(&self, talk: &Talk, line: usize, ledger: &mut Ledger, reader: &Reading<'_>) {
        ledger.enter(Rule::I3, line, Some(self.message), reader, || {
            let (from, to) = (Time(self.from_ms), Time(self.to_ms));
            let (message, words) = (reader.text(self.message), reader.quote(talk.words));
            let at = Time(talk.from_ms);
            format!(
                "the audio of {message}, from {from} to {to}, holds \"{words}\", said at {at} and not meant for it"
            )
        });
    }
}
