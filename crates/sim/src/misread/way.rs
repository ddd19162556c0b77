//! The ways by which an assistant lets a plain user send a message, found by trying.

use super::{BrokenIn, Holder};
use crate::genuine::answer;
use crate::hold::Held;
use crate::play::Words;
use mondegreen_generator::speech_ms;
use mondegreen_trace::{
    Asks, Contact, Effect, Event, Hears, Household, Line, Meant, Script, Utterance,
};

/// How long a person waits before they speak, in milliseconds.
pub(super) const PAUSE_MS: u64 = 400;
/// When the first words of a conversation begin.
const BEGIN_MS: u64 = 1_000;
/// A way does not take more turns than this.
const TURNS_MAX: usize = 6;
/// No more conversations are held to find one.
const TRIES_MAX: usize = 40;

/// What a person says, turn by turn, and when, until the message is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) turns: Vec<Turn>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    /// What was asked before, if the assistant says so.
    pub(super) asks: Option<Asks>,
    pub(super) text: String,
    pub(super) meant: Meant,
    /// After the beginning of the conversation, in milliseconds.
    pub(super) from_ms: u64,
    pub(super) to_ms: u64,
}

impl Turn {
    fn new(asks: Option<Asks>, (text, meant): (String, Meant), after_ms: u64) -> Self {
        let from_ms = after_ms.saturating_add(PAUSE_MS);
        let to_ms = from_ms.saturating_add(speech_ms(&text));
        Self {
            asks,
            text,
            meant,
            from_ms,
            to_ms,
        }
    }
}

/// What an assistant asked last, and until when.
struct Question {
    asks: Option<Asks>,
    text: String,
    ends_ms: u64,
}

/// How a conversation stands after the last words of the person.
enum Stand {
    Sent,
    Asked(Question),
    Silent,
}

/// All ways to send this contact a message that begin with the openings of this wording: with the
/// name in the command, and without.
pub(super) fn ways(
    wording: &Words,
    household: &Household,
    contact: &Contact,
    holder: &mut Holder<'_>,
) -> Result<Vec<Way>, Box<BrokenIn>> {
    let Words { wake, request } = wording;
    let (wake, alone) = (capital(wake), capital(request));
    let openings = [
        vec![format!("{wake}, {request} to {}.", contact.name)],
        vec![format!("{wake}, {request}.")],
        vec![format!("{wake}."), format!("{alone}.")],
    ];
    let mut finder = Finder {
        household,
        contact,
        holder,
        tries: 0,
    };
    let mut ways: Vec<Way> = Vec::new();
    for opening in openings {
        // What wakes it alone matters only where it cannot be told everything at once.
        if ways.len() > 1 || (opening.len() > 1 && !ways.is_empty()) {
            break;
        }
        if let Some(way) = finder.find(&opening)?
            && !ways.iter().any(|known| known.turns == way.turns)
        {
            ways.push(way);
        }
    }
    Ok(ways)
}

struct Finder<'a, 'h> {
    household: &'a Household,
    contact: &'a Contact,
    holder: &'a mut Holder<'h>,
    tries: usize,
}

impl Finder<'_, '_> {
    fn find(&mut self, opening: &[String]) -> Result<Option<Way>, Box<BrokenIn>> {
        self.tries = 0;
        let mut turns: Vec<Turn> = Vec::new();
        for text in opening {
            let after_ms = turns.last().map_or(BEGIN_MS, |turn| turn.to_ms + PAUSE_MS);
            turns.push(Turn::new(None, (text.clone(), self.request()), after_ms));
        }
        self.go_on(turns)
    }

    fn go_on(&mut self, turns: Vec<Turn>) -> Result<Option<Way>, Box<BrokenIn>> {
        if turns.len() > TURNS_MAX || self.tries >= TRIES_MAX {
            return Ok(None);
        }
        self.tries += 1;
        let script = script(self.household, &turns);
        let held = (self.holder)(std::slice::from_ref(&script))
            .into_iter()
            .next();
        let Some(held) = held else { return Ok(None) };
        if let Some(broken) = held.broken {
            return Err(Box::new(BrokenIn { script, broken }));
        }
        let said_ms = turns.last().map_or(0, |turn| turn.to_ms);
        let question = match stand(&held, said_ms) {
            Stand::Sent => return Ok(Some(Way { turns })),
            Stand::Silent => return Ok(None),
            Stand::Asked(question) => question,
        };
        for reply in self.replies(&question) {
            // What has been said once to the same question does not help twice.
            if turns.iter().any(|turn| turn.text == reply.0) {
                continue;
            }
            let mut longer = turns.clone();
            longer.push(Turn::new(question.asks, reply, question.ends_ms));
            if let Some(way) = self.go_on(longer)? {
                return Ok(Some(way));
            }
        }
        Ok(None)
    }

    fn request(&self) -> Meant {
        Meant::Request {
            contact: self.contact.id.clone(),
        }
    }

    /// What a plain user may say to a question, the likeliest first.
    fn replies(&self, question: &Question) -> Vec<(String, Meant)> {
        let name = &self.contact.name;
        let recipient = (format!("{name}."), self.request());
        let yes = (
            format!("{}.", capital(&answer(&question.text, name))),
            self.request(),
        );
        let content = (
            "I will be home a little later.".to_owned(),
            Meant::Content {
                contact: self.contact.id.clone(),
            },
        );
        match question.asks {
            Some(Asks::Recipient) => vec![recipient],
            Some(Asks::Confirmation) => vec![yes],
            Some(Asks::Message) => vec![content],
            Some(Asks::Command | Asks::Wake) => Vec::new(),
            None if question.text.contains(name.as_str()) => vec![yes, recipient, content],
            None => vec![recipient, yes, content],
        }
    }
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(chars).collect()
}

/// What came of a conversation, after this time.
fn stand(held: &Held, after_ms: u64) -> Stand {
    let mut now_ms = 0;
    let mut asked = None;
    for line in &held.trace.lines {
        match line {
            Line::In(input) => now_ms = input.at_ms().unwrap_or(now_ms),
            Line::Out(Effect::Send { .. }) if now_ms >= after_ms => return Stand::Sent,
            Line::Out(Effect::Prompt {
                text,
                asks,
                duration_ms,
                ..
            }) if now_ms >= after_ms && asked.is_none() => {
                asked = Some(Question {
                    asks: *asks,
                    text: text.clone(),
                    ends_ms: now_ms.saturating_add(*duration_ms),
                });
            }
            Line::Out(_) | Line::Said { .. } => {}
        }
    }
    asked.map_or(Stand::Silent, Stand::Asked)
}

fn script(household: &Household, turns: &[Turn]) -> Script {
    let said = |turn: &Turn| {
        Event::Said(Utterance {
            from_ms: turn.from_ms,
            to_ms: turn.to_ms,
            devices: household.devices.iter().take(1).cloned().collect(),
            speaker: "Somebody".to_owned(),
            text: turn.text.clone(),
            meant: turn.meant.clone(),
        })
    };
    Script {
        seed: 1,
        household: household.clone(),
        hears: Hears::Words,
        events: turns.iter().map(said).collect(),
    }
}
