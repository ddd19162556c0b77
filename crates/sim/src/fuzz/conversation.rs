//! Whole conversations: what people say and do around the devices of a home, turn by turn.
//!
//! A turn is placed by what the device does at that moment of the conversation so far, as people
//! place theirs: an answer after the question, an interruption across it. Fixed words at fixed times
//! would hardly ever fit.

use crate::genuine::answer;
use crate::hunt::speech_ms;
use crate::{Case, Channel, Held, Preset, Reference, hold};
use mondegreen_trace::{
    Asks, Button, Effect, Event, Happening, Hears, Input, Line, Meant, Script, Utterance,
};

/// The most turns that are taken; bytes beyond them are ignored.
const TURNS_MAX: usize = 16;
const HEADER: usize = 3;
/// How long [`Does::Waits`] waits.
const WAIT_MS: u64 = 10_000;

/// A home, and what people say and do in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// The home; its events are not looked at.
    pub home: Case,
    /// What happens, in order.
    pub turns: Vec<Turn>,
}

/// Something that somebody says or does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// What.
    pub does: Does,
    /// If something is said, what, by its place in [`LINES`].
    pub line: u8,
    /// When, by its place in [`OFFSETS_MS`].
    pub offset: u8,
    /// Where, by the place of the device.
    pub device: u8,
    /// Whether the other devices hear it too.
    pub is_loud: bool,
}

/// What people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Does {
    /// What the device asks for.
    Onward,
    /// Says something, whatever the device asks for.
    Says,
    Waits,
    PressesConfirm,
    PressesCancel,
    CutsPower,
    SwitchesOn,
    SwitchesOff,
    /// The network loses the last message.
    LosesMessage,
}

/// What is said: to the device, near to what it expects, and neither.
pub const LINES: [&str; 40] = [
    "Alexa.",
    "Alexa, send a message.",
    "Send a message.",
    "Send a message to Ana Ruiz.",
    "Ana Ruiz.",
    "Anna Ruiz.",
    "Tom Baker.",
    "Yes.",
    "Yes, send it.",
    "No.",
    "Cancel.",
    "Never mind.",
    "Send it.",
    "Copper.",
    "Turn on the lights.",
    "Alexa, cancel.",
    "I got a letter from the council.",
    "They've been talking about the election for as long as I can remember.",
    "He did it very flexibly.",
    "It's unacceptable.",
    "They sent him a massage voucher.",
    "He spends a mess of age on it.",
    "An arrow is missing.",
    "Anna ruins it every time.",
    "The tomb maker came on Monday.",
    "We'll stop here for lunch.",
    "Does this dress look all wrong?",
    "That's right, and then he left.",
    "Yes, that's what I told her.",
    "Yesterday.",
    "Send it back, I said to them.",
    "There's a copper on the corner.",
    "I can't sell it.",
    "No, yes, I mean no.",
    "Right.",
    "Uh-huh.",
    "They scored in the last minute.",
    "I put the button back on with the wrong thread, mind you, I took two bags to the shop.",
    "",
    "ずっと前に。",
];

/// How long after a device began to listen something happens, or before: then across its prompt.
/// Windows of the guarded assistant close after 5 and 6 seconds.
pub const OFFSETS_MS: [i64; 14] = [
    600, 100, 0, 1, 1_500, 4_999, 5_000, 5_001, 5_999, 6_000, 6_001, 60_000, -1, -800,
];

const DOES: [Does; 9] = [
    Does::Onward,
    Does::Says,
    Does::Waits,
    Does::PressesConfirm,
    Does::PressesCancel,
    Does::CutsPower,
    Does::SwitchesOn,
    Does::SwitchesOff,
    Does::LosesMessage,
];

impl Turn {
    /// At the first device, as people do it.
    pub const fn plain(does: Does) -> Self {
        Self {
            does,
            line: 0,
            offset: 0,
            device: 0,
            is_loud: false,
        }
    }
}

impl Conversation {
    /// Reads one: a home as in a case, then four bytes for each turn. Bytes that are missing count
    /// as 0, and a turn that is cut off is left out.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let (home, turns) = bytes.split_at(bytes.len().min(HEADER));
        let home = Case::from_bytes(home);
        let (turns, _) = turns.as_chunks();
        let turn = |&[does, line, offset, device]: &[u8; 4]| Turn {
            does: DOES[usize::from(does) % DOES.len()],
            line,
            offset,
            device: device / 2 % home.devices,
            is_loud: device % 2 == 1,
        };
        Self {
            turns: turns.iter().take(TURNS_MAX).map(turn).collect(),
            home,
        }
    }

    /// Writes it so that [`Conversation::from_bytes`] reads it back.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.home.to_bytes();
        bytes.truncate(HEADER);
        for turn in &self.turns {
            let does = (0..).zip(DOES).find(|(_, does)| *does == turn.does);
            let device = turn.device * 2 + u8::from(turn.is_loud);
            bytes.extend([does.map_or(0, |(at, _)| at), turn.line, turn.offset, device]);
        }
        bytes
    }

    /// What is said and done when the guarded assistant is in the home, and what comes of it.
    pub fn held(&self) -> (Script, Held) {
        let mut room = Room::new(&self.home);
        for turn in &self.turns {
            room.take(*turn);
        }
        (room.script, room.held)
    }
}

/// A conversation so far.
struct Room {
    script: Script,
    channel: Channel,
    assistant: Reference,
    held: Held,
    /// When the last turn was over.
    over_ms: u64,
}

impl Room {
    fn new(home: &Case) -> Self {
        let script = Script {
            seed: home.seed.into(),
            household: home.household(),
            hears: Hears::NearMisses,
            events: Vec::new(),
        };
        let preset = Preset::GUARDED;
        let mut channel = Channel::new(preset.wake, &script.household);
        let mut assistant = Reference::new(preset);
        let held = hold(&script, &mut channel, &mut assistant);
        Self {
            script,
            channel,
            assistant,
            held,
            over_ms: 0,
        }
    }

    fn take(&mut self, turn: Turn) {
        let Some(device) = self.script.household.devices.get(usize::from(turn.device)) else {
            return;
        };
        let device = device.clone();
        let mut opening = self.opening(&device);
        if turn.does == Does::Onward && opening.wants_silence(self.over_ms) {
            let Some(next_ms) = self.next_opening(&device, opening.at_ms) else {
                return;
            };
            self.over_ms = next_ms;
            opening = self.opening(&device);
        }
        let offset_ms = OFFSETS_MS[usize::from(turn.offset) % OFFSETS_MS.len()];
        let begun_ms = self.script.events.last().map_or(0, Event::at_ms);
        let at_ms = opening.at_ms.saturating_add_signed(offset_ms).max(begun_ms);
        let happening = match turn.does {
            Does::Waits => {
                self.over_ms = at_ms.saturating_add(WAIT_MS);
                return;
            }
            Does::Onward => return self.say(turn, device, at_ms, self.wanted(&opening)),
            Does::Says => {
                let text = LINES[usize::from(turn.line) % LINES.len()].to_owned();
                return self.say(turn, device, at_ms, text);
            }
            Does::PressesConfirm => Happening::Pressed {
                device,
                button: Button::Confirm,
            },
            Does::PressesCancel => Happening::Pressed {
                device,
                button: Button::Cancel,
            },
            Does::CutsPower => Happening::Restart,
            Does::SwitchesOn => Happening::Messaging(true),
            Does::SwitchesOff => Happening::Messaging(false),
            Does::LosesMessage => Happening::DeliveryFailed,
        };
        self.go_on(Event::Happens {
            at_ms,
            what: happening,
        });
    }

    fn say(&mut self, turn: Turn, device: String, from_ms: u64, text: String) {
        let to_ms = from_ms.saturating_add(speech_ms(&mut self.channel, &text));
        let devices = if turn.is_loud {
            self.script.household.devices.clone()
        } else {
            vec![device]
        };
        self.over_ms = to_ms;
        self.go_on(Event::Said(Utterance {
            from_ms,
            to_ms,
            devices,
            speaker: "Somebody".to_owned(),
            text,
            meant: Meant::Nobody,
        }));
    }

    fn go_on(&mut self, event: Event) {
        self.over_ms = self.over_ms.max(event.at_ms());
        self.script.events.push(event);
        self.held = hold(&self.script, &mut self.channel, &mut self.assistant);
    }

    /// What a device asks for.
    fn wanted(&self, opening: &Opening) -> String {
        let contact = self.script.household.contacts.first();
        let name = contact.map_or("", |contact| contact.name.as_str());
        match opening.asks {
            Asks::Wake => Preset::GUARDED.wake.to_owned(),
            Asks::Command => "Send a message.".to_owned(),
            Asks::Recipient => name.to_owned(),
            Asks::Message => "I will be home a little later.".to_owned(),
            Asks::Confirmation => answer(&opening.prompt, name),
        }
    }

    /// When a device first listened once the last turn and any prompt of its own were over.
    fn opening(&self, device: &str) -> Opening {
        let mut opening = Opening::default();
        for line in &self.held.trace.lines {
            match line {
                Line::In(input) => {
                    let at_ms = input.at_ms().unwrap_or(opening.at_ms);
                    let is_open = opening.at_ms >= self.over_ms && !opening.is_speaking;
                    if is_open && at_ms > self.over_ms {
                        break;
                    }
                    opening.at_ms = at_ms;
                    opening.is_speaking &= !ends_prompt(input, device);
                }
                Line::Out(effect) => opening.follow(effect, device),
                Line::Said { .. } => {}
            }
        }
        opening.at_ms = opening.at_ms.max(self.over_ms);
        opening
    }

    /// When a device begins to listen for something else.
    fn next_opening(&self, here: &str, after_ms: u64) -> Option<u64> {
        let mut now_ms = 0;
        self.held.trace.lines.iter().find_map(|line| match line {
            Line::In(input) => {
                now_ms = input.at_ms().unwrap_or(now_ms);
                None
            }
            Line::Out(Effect::Listen { device, .. }) if device == here => {
                Some(now_ms).filter(|now_ms| *now_ms > after_ms)
            }
            Line::Out(_) | Line::Said { .. } => None,
        })
    }
}

/// A moment at which a device listens.
struct Opening {
    at_ms: u64,
    asks: Asks,
    /// Since when it asks for that.
    since_ms: u64,
    /// What it had said before.
    prompt: String,
    is_speaking: bool,
    /// Whether a message was recorded, and is neither sent nor dropped.
    is_recorded: bool,
}

impl Default for Opening {
    fn default() -> Self {
        Self {
            at_ms: 0,
            asks: Asks::Wake,
            since_ms: 0,
            prompt: String::new(),
            is_speaking: false,
            is_recorded: false,
        }
    }
}

impl Opening {
    /// Whether it leads on to say nothing: the message is said, or about to be sent.
    fn wants_silence(&self, over_ms: u64) -> bool {
        match self.asks {
            Asks::Message => self.since_ms < over_ms,
            Asks::Command => self.is_recorded,
            Asks::Wake | Asks::Recipient | Asks::Confirmation => false,
        }
    }

    fn follow(&mut self, effect: &Effect, here: &str) {
        match effect {
            Effect::Listen {
                device,
                listens_for,
                ..
            } if device == here => (self.asks, self.since_ms) = (*listens_for, self.at_ms),
            Effect::Prompt { device, text, .. } if device == here => {
                self.prompt.clone_from(text);
                self.is_speaking = true;
            }
            Effect::Cancel { device, .. } if device == here => {
                self.is_speaking = false;
                self.is_recorded = false;
            }
            Effect::RecordEnded { device, .. } if device == here => self.is_recorded = true,
            Effect::Record { device, .. } | Effect::Send { device, .. } if device == here => {
                self.is_recorded = false;
            }
            Effect::Hello { .. }
            | Effect::Listen { .. }
            | Effect::Prompt { .. }
            | Effect::Cancel { .. }
            | Effect::Record { .. }
            | Effect::RecordEnded { .. }
            | Effect::Send { .. }
            | Effect::Notice { .. }
            | Effect::Act { .. }
            | Effect::Timer { .. }
            | Effect::Done => {}
        }
    }
}

fn ends_prompt(input: &Input, here: &str) -> bool {
    match input {
        Input::PromptEnded { device, .. } => device == here,
        Input::Restart { .. } => true,
        Input::Start { .. }
        | Input::Heard { .. }
        | Input::Withdrawn { .. }
        | Input::Pressed { .. }
        | Input::Time { .. }
        | Input::Delivery { .. }
        | Input::Setting { .. }
        | Input::End => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_conversation_reads_back_as_it_was_written(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let conversation = Conversation::from_bytes(&bytes);
            prop_assert_eq!(Conversation::from_bytes(&conversation.to_bytes()), conversation);
        }
    }
}
