//! Holding a conversation: virtual time, the channel, and an assistant make a trace of a script.
//!
//! A device hears speech as it listens at the moment. While it sleeps, only something near enough
//! to its name reaches it, at the moment when that has been said; the rest of the same utterance is
//! then heard as what the device listens for next. Otherwise an utterance is heard when it ends.
//! A device that never says what it listens for is told everything. In a script whose devices hear
//! words, every device is told every utterance as it was said, when it ends.

use crate::assistant::{Assistant, Broken};
use crate::channel::{Channel, Spotted};
use crate::microphone::{Caught, Microphone, MicrophoneError};
use crate::room::{Always, Around, Chance, Ears, Room, Way};
use mondegreen_trace::{Asks, Event, Script, Trace};
use std::collections::BTreeMap;

/// How long the assistant is watched after the last event.
pub const TAIL_MS: u64 = 120_000;
/// A run is broken when it takes more inputs than this for one event of its script.
pub const INPUTS_MAX: usize = 1_000;
/// An assistant is broken when it answers one input with more effects than this.
pub const EFFECTS_MAX: usize = 1_000;

/// A conversation that was held.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// All that happened.
    pub trace: Trace,
    /// The expected phrases that were heard, in order.
    pub spotted: Vec<Hit>,
    /// What real engines heard, in order, where it was held in sound.
    pub caught: Vec<Caught>,
    /// Inputs that the assistant took.
    pub steps: usize,
    /// Why the run ended early, if it did.
    pub broken: Option<Broken>,
    /// What each device listened for in the end, and what it had said last.
    pub listening: BTreeMap<String, Option<Asks>>,
}

/// An expected phrase, heard by a device.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// When it was heard.
    pub at_ms: u64,
    /// By which device.
    pub device: String,
    /// What it listened for.
    pub asks: Asks,
    /// What was said and heard.
    pub spotted: Spotted,
}

/// Holds a script with an assistant. The same script and assistant give the same trace.
pub fn hold(script: &Script, channel: &mut Channel, assistant: &mut dyn Assistant) -> Held {
    hold_by(script, channel, assistant, &mut Always)
}

/// Holds a script, heard by this chance.
pub(crate) fn hold_by(
    script: &Script,
    channel: &mut Channel,
    assistant: &mut dyn Assistant,
    chance: &mut dyn Chance,
) -> Held {
    let room = Room::new(&script.household, script.hears);
    hold_in(room, script, channel, assistant, Ears::Phones(chance))
}

/// Holds a script in sound, whatever it says of how talk is heard: it is rendered, and real engines
/// hear it. The same script, sound, engines and assistant give the same trace.
///
/// # Errors
/// When there is no sound of it, or an engine fails.
pub fn hold_in_sound(
    script: &Script,
    channel: &mut Channel,
    microphone: &mut Microphone,
    assistant: &mut dyn Assistant,
) -> Result<Held, MicrophoneError> {
    let room = Room::new(&script.household, Way::Sound);
    let held = hold_in(room, script, channel, assistant, Ears::Sound(microphone));
    microphone.failure().map_or(Ok(held), Err)
}

fn hold_in<'a>(
    mut room: Room,
    script: &Script,
    channel: &'a mut Channel,
    assistant: &'a mut dyn Assistant,
    ears: Ears<'a>,
) -> Held {
    channel.enter(&script.household);
    let mut around = Around {
        channel,
        assistant,
        ears,
    };
    let broken = play(script, &mut room, &mut around).err();
    Held {
        listening: room.listening(),
        trace: room.trace,
        spotted: room.spotted,
        caught: room.caught,
        steps: room.steps,
        broken,
    }
}

fn play(script: &Script, room: &mut Room, around: &mut Around<'_>) -> Result<(), Broken> {
    room.start(script.seed, &script.household, 0, around)?;
    let mut last_ms = 0;
    for (index, event) in script.events.iter().enumerate() {
        last_ms = last_ms.max(match event {
            Event::Said(said) => {
                let spoken = around.channel.speak(&said.text);
                room.expect_speech(index, said.clone(), spoken, around.channel)
            }
            Event::Happens { at_ms, what } => {
                room.expect(*at_ms, what.clone());
                *at_ms
            }
        });
    }
    room.begin(around);
    let end_ms = last_ms.saturating_add(TAIL_MS);
    let inputs_max = INPUTS_MAX.saturating_mul(script.events.len() + 1);
    while room.next_ms().is_some_and(|at_ms| at_ms <= end_ms) {
        if room.steps > inputs_max {
            return Err(Broken::new(format!(
                "it asked for more than {inputs_max} inputs"
            )));
        }
        room.go_on(around)?;
    }
    room.end(around)
}
