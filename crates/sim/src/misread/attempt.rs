//! One attempt: a plain user's way up to a question, and then something that is no permission.

use super::way::{PAUSE_MS, Way, capital};
use crate::hold::Held;
use mondegreen_generator::{Answer, Kind, speech_ms};
use mondegreen_trace::{Asks, Effect, Event, Happening, Household, Line, Meant, Utterance};

/// Silences before an answer. The first is that of somebody who answers at once.
pub(super) const SILENCES_MS: [u64; 8] = [
    PAUSE_MS, 2_000, 7_000, 12_000, 17_000, 24_000, 45_000, 90_000,
];
/// Silences from this one on are longer than people think about an answer.
pub(super) const LATE_FROM: usize = 4;
/// Between two answers to one question, so that it can be put again.
const AGAIN_MS: u64 = 6_000;
/// Between a restart and an answer.
const RESTARTED_MS: u64 = 1_500;

/// A plain way to send, with answers instead of those from one turn on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Attempt {
    /// Number of the contact.
    pub(super) contact: usize,
    /// Number of the way, of those of the contact.
    pub(super) way: usize,
    /// The turn from which on the user says something else.
    pub(super) turn: usize,
    /// What they say, one for each turn; those beyond the last turn follow it.
    pub(super) answers: Vec<Answer>,
    /// Number of the silence before the first of them.
    pub(super) silence: usize,
    /// Whether the assistant is restarted in that silence.
    pub(super) restart: bool,
}

/// What the assistant made of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Response {
    /// Whether a message left.
    pub(super) sent: bool,
    /// Contacts whom messages left for.
    pub(super) recipients: Vec<String>,
    /// What it did from the first answer on, without names and numbers.
    pub(super) did: Vec<String>,
    /// Whether it then asked for permission.
    pub(super) asked: bool,
}

impl Attempt {
    /// Whether this is a plain answer in time: nothing is wrong with it.
    pub(super) fn is_plain(&self) -> bool {
        let permits = |answer: &Answer| answer.kind() == Kind::Assent;
        self.answers.iter().all(permits) && !self.restart && self.silence < LATE_FROM
    }

    /// What its first answer means.
    pub(super) fn kind(&self) -> Kind {
        self.answers.first().map_or(Kind::Assent, Answer::kind)
    }

    /// What is said from its turn on, beside what is meant by it.
    pub(super) fn sayings(&self, household: &Household, wake: &str) -> Vec<(String, Meant)> {
        let id = household
            .contacts
            .get(self.contact)
            .map_or("", |contact| contact.id.as_str());
        let say = |answer: &Answer| {
            let text = answer.text(household, self.contact);
            let text = if answer.kind() == Kind::Order {
                format!("{}, {text}", capital(wake))
            } else {
                text
            };
            (text, answer.kind().meant(id))
        };
        self.answers.iter().map(say).collect()
    }

    /// The conversation.
    pub(super) fn events(
        &self,
        household: &Household,
        way: &Way,
        sayings: &[(String, Meant)],
    ) -> Vec<Event> {
        let said = |from_ms: u64, to_ms: u64, text: &str, meant: &Meant| {
            Event::Said(Utterance {
                from_ms,
                to_ms,
                devices: household.devices.iter().take(1).cloned().collect(),
                speaker: "Somebody".to_owned(),
                text: text.to_owned(),
                meant: meant.clone(),
            })
        };
        let plain = way.turns.iter().take(self.turn);
        let mut events: Vec<Event> = plain
            .map(|turn| said(turn.from_ms, turn.to_ms, &turn.text, &turn.meant))
            .collect();
        let mut clock_ms = self.asked_ms(way);
        if self.restart {
            let at_ms = clock_ms + PAUSE_MS;
            let what = Happening::Restart;
            events.push(Event::Happens { at_ms, what });
            clock_ms += PAUSE_MS + RESTARTED_MS;
        }
        clock_ms += SILENCES_MS.get(self.silence).copied().unwrap_or(PAUSE_MS);
        for (at, (text, meant)) in sayings.iter().enumerate() {
            let turn = self.turn + at;
            if at > 0 {
                // As long as the plain user had to wait there, and more, since another name may take longer to say.
                let waited = match (way.turns.get(turn - 1), way.turns.get(turn)) {
                    (Some(before), Some(turn)) => turn.from_ms.saturating_sub(before.to_ms) + 1_500,
                    _ => AGAIN_MS,
                };
                clock_ms += waited;
            }
            let to_ms = clock_ms + speech_ms(text);
            events.push(said(clock_ms, to_ms, text, meant));
            clock_ms = to_ms;
        }
        events
    }

    /// When the question has been put that the first answer is to, after the beginning.
    fn asked_ms(&self, way: &Way) -> u64 {
        let turn = way.turns.get(self.turn).or(way.turns.last());
        turn.map_or(0, |turn| turn.from_ms.saturating_sub(PAUSE_MS))
    }

    /// What was asked there, if the assistant says so.
    pub(super) fn asks(&self, way: &Way) -> Option<Asks> {
        way.turns.get(self.turn).and_then(|turn| turn.asks)
    }
}

/// What the assistant did from a time on.
pub(super) fn response(held: &Held, household: &Household, from_ms: u64) -> Response {
    let mut response = Response::default();
    let mut now_ms = 0;
    for line in &held.trace.lines {
        let effect = match line {
            Line::In(input) => {
                now_ms = input.at_ms().unwrap_or(now_ms);
                continue;
            }
            Line::Out(effect) if now_ms >= from_ms => effect,
            Line::Out(_) | Line::Said { .. } => continue,
        };
        match effect {
            Effect::Send { recipient, .. } => {
                response.sent = true;
                response.recipients.push(recipient.clone());
                response.did.push("send".to_owned());
            }
            Effect::Prompt { text, asks, .. } => {
                response.asked |= *asks == Some(Asks::Confirmation);
                response.did.push(unnamed(text, household));
            }
            Effect::Notice { text, .. } => response.did.push(unnamed(text, household)),
            Effect::Cancel { .. } => response.did.push("cancel".to_owned()),
            Effect::Act { action, .. } => response.did.push(action.clone()),
            Effect::Listen { .. }
            | Effect::Record { .. }
            | Effect::RecordEnded { .. }
            | Effect::Timer { .. }
            | Effect::Hello { .. }
            | Effect::Done => {}
        }
    }
    response
}

/// A text without the names of contacts and without numbers, so that what was said about one
/// contact counts as said about any.
fn unnamed(text: &str, household: &Household) -> String {
    let mut text = text.to_lowercase();
    for contact in &household.contacts {
        text = text.replace(&contact.name.to_lowercase(), "<name>");
    }
    text.chars().filter(|c| !c.is_ascii_digit()).collect()
}
