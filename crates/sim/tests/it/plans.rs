//! Conversations as plans: "do as the device asks", "talk across the prompt", resolved against what
//! the device is doing. Fixed words at fixed times would hardly ever fit.

use mondegreen_sim::{Channel, Held, Preset, Reference, hold};
use mondegreen_trace::*;
use proptest::prelude::*;

/// What happens next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Move {
    /// Somebody does what the device asks.
    Onward,
    /// Somebody says this, of [`LINES`].
    Say(usize),
    Press(Button),
    Restart,
    Messaging(bool),
    DeliveryFailed,
}

/// When it happens, from the moment at which the device began to listen.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    /// So much later.
    After(u64),
    /// So much earlier: across the prompt, if there was one.
    Before(u64),
}

pub(crate) type Step = (Move, When, usize);

pub(crate) const LINES: [&str; 16] = [
    "Alexa.",
    "Alexa, send a message.",
    "Send a message to Jon Hart.",
    "Jon Hart.",
    "John Hart.",
    "Grace Hope.",
    "Yes.",
    "Yes, that's what I told her.",
    "No.",
    "Right.",
    "Cancel.",
    "Send it.",
    "Copper.",
    "Turn on the lights.",
    "They scored in the last minute.",
    "It's flexible, I think.",
];

pub(crate) fn any_plan() -> impl Strategy<Value = Vec<Step>> {
    let any_move = prop_oneof![
        90 => Just(Move::Onward),
        6 => (0..LINES.len()).prop_map(Move::Say),
        1 => Just(Move::Press(Button::Confirm)),
        1 => Just(Move::Press(Button::Cancel)),
        1 => Just(Move::Restart),
        1 => any::<bool>().prop_map(Move::Messaging),
        1 => Just(Move::DeliveryFailed),
    ];
    let when = prop_oneof![
        40 => (100..2_000_u64).prop_map(When::After),
        2 => (0..1_500_u64).prop_map(When::Before),
        1 => prop::sample::select(vec![0, 1, 4_999, 5_000, 5_001, 5_999, 6_000, 6_001, 60_000]).prop_map(When::After),
    ];
    let device = prop_oneof![12 => Just(0_usize), 1 => Just(1)];
    prop::collection::vec((any_move, when, device), 0..20)
}

pub(crate) fn household() -> Household {
    let contact = |id: &str, name: &str| Contact {
        id: id.to_owned(),
        name: name.to_owned(),
    };
    Household {
        devices: vec!["kitchen".to_owned(), "hall".to_owned()],
        contacts: vec![
            contact("c1", "Jon Hart"),
            contact("c2", "John Hart"),
            contact("c3", "Grace Hope"),
        ],
        messaging: true,
    }
}

/// Holds a plan: each step is placed where the device listens after the ones before.
pub(crate) fn hold_plan(plan: &[Step], preset: Preset) -> (Script, Held) {
    let mut script = Script {
        seed: 3,
        household: household(),
        hears: Hears::NearMisses,
        events: Vec::new(),
    };
    let mut channel = Channel::new(preset.wake, &script.household);
    let mut held = hold(&script, &mut channel, &mut Reference::new(preset));
    for (what, when, device) in plan {
        let device = &script.household.devices[*device];
        let last_ms = script.events.last().map_or(0, Event::at_ms);
        let over_ms = script
            .utterances()
            .map(|said| said.to_ms)
            .max()
            .unwrap_or(0)
            .max(last_ms);
        let (listens_ms, asks, prompt) = listening(&held, device, over_ms);
        let at_ms = match when {
            When::After(millis) => listens_ms + millis,
            When::Before(millis) => listens_ms.saturating_sub(*millis),
        };
        let at_ms = at_ms.max(last_ms);
        let event = event(*what, at_ms, device, preset.wake, asks, &prompt);
        script.events.push(event);
        held = hold(&script, &mut channel, &mut Reference::new(preset));
    }
    (script, held)
}

fn said(at_ms: u64, device: String, speaker: &str, text: String) -> Event {
    Event::Said(Utterance {
        from_ms: at_ms,
        to_ms: at_ms + 60 * text.len() as u64,
        devices: vec![device],
        speaker: speaker.to_owned(),
        text,
        meant: Meant::Nobody,
    })
}

fn event(what: Move, at_ms: u64, device: &str, wake: &str, asks: Asks, prompt: &str) -> Event {
    let device = device.to_owned();
    let what = match what {
        Move::Onward => return said(at_ms, device, "Ben", wanted(wake, asks, prompt)),
        Move::Say(line) => return said(at_ms, device, "Ana", LINES[line].to_owned()),
        Move::Press(button) => Happening::Pressed { device, button },
        Move::Restart => Happening::Restart,
        Move::Messaging(on) => Happening::Messaging(on),
        Move::DeliveryFailed => Happening::DeliveryFailed,
    };
    Event::Happens { at_ms, what }
}

fn wanted(wake: &str, asks: Asks, prompt: &str) -> String {
    let quoted = prompt.split('"').nth(1);
    match asks {
        Asks::Wake => wake.to_owned(),
        Asks::Command => "Send a message.".to_owned(),
        Asks::Recipient => "Grace Hope.".to_owned(),
        Asks::Message => "I will be late.".to_owned(),
        Asks::Confirmation if quoted.is_some() => quoted.unwrap_or_default().to_owned(),
        Asks::Confirmation if prompt.contains("Send it, or") => "Send it.".to_owned(),
        Asks::Confirmation => "Yes.".to_owned(),
    }
}

/// When a device first listened from a time on, all prompts over; what for, and after which prompt.
fn listening(held: &Held, device: &str, from_ms: u64) -> (u64, Asks, String) {
    let mut now_ms = 0;
    let mut asks = Asks::Wake;
    let mut prompt = "";
    let mut is_speaking = false;
    for line in &held.trace.lines {
        match line {
            Line::In(input) => {
                let at_ms = input.at_ms().unwrap_or(now_ms);
                if at_ms > from_ms && now_ms >= from_ms && !is_speaking {
                    break;
                }
                now_ms = at_ms;
                is_speaking &= !matches!(input, Input::PromptEnded { .. });
            }
            Line::Out(Effect::Listen {
                device: here,
                listens_for,
                ..
            }) if here == device => asks = *listens_for,
            Line::Out(Effect::Prompt {
                device: here, text, ..
            }) if here == device => {
                (prompt, is_speaking) = (text, true);
            }
            Line::Out(_) | Line::Said { .. } => {}
        }
    }
    (now_ms.max(from_ms), asks, prompt.to_owned())
}
