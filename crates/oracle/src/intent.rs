//! Compares what was sent with what people meant: `I1`, `I2`, `I3`.

use crate::Rule;
use crate::judge::Clock;
use crate::names::Home;
use crate::rule::Ledger;
use crate::write::{Time, clipped};
use mondegreen_trace::{Meant, Utterance};
use std::collections::VecDeque;
use std::sync::Arc;

/// A wish to send is forgotten this long after it was last spoken of.
const WISH_LASTS_MS: u64 = 600_000;

/// How many contacts' wishes, utterances and sends are remembered, the newest ones.
const WISHES_MAX: usize = 64;
const UTTERANCES_MAX: usize = 64;
const SENT_MAX: usize = 8;

/// What people meant so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Intent {
    truth: Truth,
    wishes: Vec<Wish>,
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
#[derive(Clone, Debug)]
struct Wish {
    contact: Arc<str>,
    said_at: usize,
    to_ms: u64,
    /// Up to here it has been granted.
    granted_at: Option<usize>,
}

#[derive(Clone, Debug)]
struct Talk {
    devices: Arc<[String]>,
    from_ms: u64,
    to_ms: u64,
    words: Arc<str>,
}

/// Audio that left the house.
#[derive(Clone, Debug)]
struct Audio {
    device: Arc<str>,
    message: Arc<str>,
    from_ms: u64,
    to_ms: u64,
}

/// A message that leaves the house for the first time.
pub(crate) struct Delivered<'a> {
    pub(crate) device: &'a str,
    pub(crate) message: &'a str,
    pub(crate) recipient: &'a str,
    /// From when to when its audio was taken, as far as is known.
    pub(crate) audio: Option<(u64, u64)>,
    /// The line of what settled that it is sent; later wishes are for another message.
    pub(crate) settled_at: usize,
}

impl Intent {
    pub(crate) fn said(&mut self, said: &Utterance, clock: Clock, ledger: &mut Ledger) {
        self.truth = Truth::Told;
        match &said.meant {
            Meant::Request { contact } | Meant::Content { contact } => {
                self.wish(contact, said.to_ms, clock.line);
            }
            Meant::Nobody | Meant::Cancel | Meant::Command => {
                let talk = Talk {
                    devices: said.devices.as_slice().into(),
                    from_ms: said.from_ms,
                    to_ms: said.to_ms,
                    words: clipped(&said.text),
                };
                // Speech that was still going on when the message left.
                for audio in self.sent.iter().filter(|audio| audio.holds(&talk)) {
                    audio.enter(&talk, clock.line, ledger);
                }
                push(&mut self.talk, talk, UTTERANCES_MAX);
            }
        }
    }

    fn wish(&mut self, contact: &str, to_ms: u64, said_at: usize) {
        let known = self.wishes.iter_mut().find(|w| *w.contact == *contact);
        if let Some(wish) = known {
            (wish.said_at, wish.to_ms) = (said_at, to_ms);
            return;
        }
        if self.wishes.len() >= WISHES_MAX {
            self.wishes.remove(0);
        }
        self.wishes.push(Wish {
            contact: contact.into(),
            said_at,
            to_ms,
            granted_at: None,
        });
    }

    pub(crate) fn sent(
        &mut self,
        sent: &Delivered<'_>,
        clock: Clock,
        home: &Home,
        ledger: &mut Ledger,
    ) {
        if self.truth == Truth::Untold {
            return;
        }
        let standing = |wish: &&Wish| {
            wish.granted_at < Some(wish.said_at)
                && clock.now_ms <= wish.to_ms.saturating_add(WISH_LASTS_MS)
        };
        let mut standing = self.wishes.iter().filter(standing);
        let (who, now, message) = (home.name(sent.recipient), Time(clock.now_ms), sent.message);
        if !standing
            .clone()
            .any(|w| home.same(&w.contact, sent.recipient))
        {
            match standing.next_back() {
                Some(other) => ledger.enter(Rule::I2, clock.line, Some(message), || {
                    let meant = home.name(&other.contact);
                    format!("{message} went to {who} at {now}, but was meant for {meant}")
                }),
                None => ledger.enter(Rule::I1, clock.line, Some(message), || {
                    format!(
                        "{message} went to {who} at {now}, and nobody had asked to send anything"
                    )
                }),
            }
        }
        for wish in &mut self.wishes {
            if home.same(&wish.contact, sent.recipient) {
                wish.granted_at = Some(sent.settled_at);
            }
        }
        if let Some((from_ms, to_ms)) = sent.audio {
            let audio = Audio {
                device: sent.device.into(),
                message: message.into(),
                from_ms,
                to_ms,
            };
            if let Some(talk) = self.talk.iter().find(|talk| audio.holds(talk)) {
                audio.enter(talk, clock.line, ledger);
            }
            push(&mut self.sent, audio, SENT_MAX);
        }
    }
}

fn push<T>(queue: &mut VecDeque<T>, item: T, items_max: usize) {
    if queue.len() >= items_max {
        queue.pop_front();
    }
    queue.push_back(item);
}

impl Audio {
    fn holds(&self, talk: &Talk) -> bool {
        let is_heard = talk.devices.iter().any(|name| **name == *self.device);
        is_heard && talk.from_ms < self.to_ms && talk.to_ms > self.from_ms
    }

    fn enter(&self, talk: &Talk, line: usize, ledger: &mut Ledger) {
        ledger.enter(Rule::I3, line, Some(&self.message), || {
            let (from, to) = (Time(self.from_ms), Time(self.to_ms));
            let (message, words, at) = (&self.message, &talk.words, Time(talk.from_ms));
            format!(
                "the audio of {message}, from {from} to {to}, holds \"{words}\", said at {at} and not meant for it"
            )
        });
    }
}
