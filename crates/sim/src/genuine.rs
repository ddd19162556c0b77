//! People who do want something of the assistant, and say so plainly in a quiet room.
//!
//! They listen to the prompts and do as they are told. What happens is judged by the service rules,
//! so that an assistant which never sends anything does not look safe.

use crate::assistant::Assistant;
use crate::channel::{Channel, quoted};
use crate::hold::{Held, hold};
use crate::hunt::speech_ms;
use mondegreen_oracle::{Breach, judge};
use mondegreen_trace::{
    Asks, Effect, Event, Hears, Household, Input, Line, Meant, Script, Utterance,
};

/// People give up after so many turns.
pub const TURNS_MAX: usize = 12;
/// The pause before a person answers.
const PAUSE_MS: u64 = 600;

/// What a person wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// A message to the first contact.
    Send,
    /// The same, and then not, at this turn.
    Cancel {
        /// Counted from 0, the wake word.
        turn: usize,
    },
    /// The lights on.
    Lights,
}

/// How the assistant served a wish.
#[derive(Clone, Debug)]
pub struct Served {
    /// What was said, as a script.
    pub script: Script,
    /// What happened.
    pub held: Held,
    /// Rules that it broke.
    pub breaches: Vec<Breach>,
    /// How often the person spoke.
    pub turns: usize,
    /// Whether a message was sent.
    pub sent: bool,
}

/// Lets a person pursue a wish until it is done, refused, or they give up.
pub fn serve(
    wish: Wish,
    wake: &str,
    household: &Household,
    seed: u64,
    channel: &mut Channel,
    assistant: &mut dyn Assistant,
) -> Served {
    let hold = |script: &Script, channel: &mut Channel| hold(script, channel, assistant);
    serve_by(wish, wake, household, seed, channel, hold)
}

/// The same, where what the person says is held in this way.
pub(crate) fn serve_by(
    wish: Wish,
    wake: &str,
    household: &Household,
    seed: u64,
    channel: &mut Channel,
    mut run: impl FnMut(&Script, &mut Channel) -> Held,
) -> Served {
    let mut script = Script {
        seed,
        household: household.clone(),
        hears: Hears::NearMisses,
        events: Vec::new(),
    };
    let mut held = run(&script, channel);
    let mut turns = 0;
    while turns < TURNS_MAX && held.broken.is_none() {
        let Some((at_ms, text, meant)) = next_words(wish, wake, household, &held, turns) else {
            break;
        };
        let from_ms = at_ms.saturating_add(PAUSE_MS);
        let to_ms = from_ms.saturating_add(speech_ms(channel, &text));
        let devices = household.devices.iter().take(1).cloned().collect();
        let speaker = "Somebody".to_owned();
        script.events.push(Event::Said(Utterance {
            from_ms,
            to_ms,
            devices,
            speaker,
            text,
            meant,
        }));
        held = run(&script, channel);
        turns += 1;
    }
    let breaches = judge(&held.trace);
    let sent = held
        .trace
        .lines
        .iter()
        .any(|line| matches!(line, Line::Out(Effect::Send { .. })));
    Served {
        script,
        held,
        breaches,
        turns,
        sent,
    }
}

/// What the person says next, when, and why; nothing when there is nothing left to say.
fn next_words(
    wish: Wish,
    wake: &str,
    household: &Household,
    held: &Held,
    turn: usize,
) -> Option<(u64, String, Meant)> {
    let contact = household.contacts.first();
    let request = || match contact {
        Some(contact) => Meant::Request {
            contact: contact.id.clone(),
        },
        None => Meant::Command,
    };
    if turn == 0 {
        let meant = if wish == Wish::Lights {
            Meant::Command
        } else {
            request()
        };
        return Some((1_000, wake.to_owned(), meant));
    }
    let (at_ms, asks, prompt) = first_listening(held)?;
    if wish == (Wish::Cancel { turn }) {
        return Some((at_ms, "Cancel.".to_owned(), Meant::Cancel));
    }
    let name = contact.map_or("", |contact| contact.name.as_str());
    match asks {
        Asks::Wake => None,
        // It is about to send, and can be told not to.
        Asks::Command if was_recorded(held) => None,
        Asks::Command if wish == Wish::Lights => {
            Some((at_ms, "Turn on the lights.".to_owned(), Meant::Command))
        }
        Asks::Command => Some((at_ms, "Send a message.".to_owned(), request())),
        Asks::Recipient => Some((at_ms, format!("{name}."), request())),
        Asks::Message => {
            let meant = Meant::Content {
                contact: contact?.id.clone(),
            };
            Some((at_ms, "I will be home a little later.".to_owned(), meant))
        }
        Asks::Confirmation => Some((at_ms, format!("{}.", answer(&prompt, name)), request())),
    }
}

fn was_recorded(held: &Held) -> bool {
    let ended = |line: &Line| matches!(line, Line::Out(Effect::RecordEnded { .. }));
    held.trace.lines.iter().any(ended)
}

/// The plain answer to a prompt: the words that it quotes, the name if it asks for it, else yes.
pub(crate) fn answer(prompt: &str, name: &str) -> String {
    if let Some(quoted) = quoted(prompt) {
        return quoted.to_owned();
    }
    let lower = prompt.to_lowercase();
    if lower.contains("the name again") {
        return name.to_owned();
    }
    if lower.contains("send it, or") {
        "send it"
    } else {
        "yes"
    }
    .to_owned()
}

/// What a device first listened for once the last words and any prompt had been said: when, what,
/// and after which prompt.
fn first_listening(held: &Held) -> Option<(u64, Asks, String)> {
    let said = held.trace.lines.iter().filter_map(|line| match line {
        Line::Said { said } => Some(said.to_ms),
        Line::In(_) | Line::Out(_) => None,
    });
    let said_ms = said.max()?;
    let mut now_ms = 0;
    let mut prompt = "";
    let mut is_speaking = false;
    for line in &held.trace.lines {
        match line {
            Line::In(input) => {
                now_ms = input.at_ms().unwrap_or(now_ms);
                is_speaking &= !matches!(input, Input::PromptEnded { .. });
            }
            Line::Out(Effect::Prompt { text, .. }) => (prompt, is_speaking) = (text, true),
            Line::Out(Effect::Listen { listens_for, .. }) if now_ms >= said_ms && !is_speaking => {
                return Some((now_ms, *listens_for, prompt.to_owned()));
            }
            Line::Out(_) | Line::Said { .. } => {}
        }
    }
    None
}
