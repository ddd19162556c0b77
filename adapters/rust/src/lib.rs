//! A small assistant that sends short notes, as somebody might write it, and how Mondegreen's suite
//! puts it to the test: see `tests/suite.rs`.
//!
//! It wakes, takes a command, asks for a name and a text, says them back, and sends the note on the
//! words "send it" alone. One conversation at a time is held in the house.

use mondegreen::{
    Asks, Assistant, Broken, Button, Contact, Effect, Household, Input, PROTOCOL, Voice,
};

/// How long it waits for people.
const WINDOW_MS: u64 = 8_000;
/// How sure the recogniser must be of a command, and of the last word.
const SURE: f64 = 0.5;
const VERY_SURE: f64 = 0.8;

/// What counts as the last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LastWord {
    /// "Send it", and nothing else.
    Whole,
    /// Anything that has "send it" in it: the fault that `tests/suite.rs` finds.
    Anywhere,
}

/// The assistant.
#[derive(Debug)]
pub struct Notes {
    last_word: LastWord,
    home: Household,
    now_ms: u64,
    prompts: u32,
    drafts: u32,
    session: Option<Session>,
    effects: Vec<Effect>,
}

/// The conversation that is being held.
#[derive(Debug)]
struct Session {
    device: String,
    stage: Stage,
    /// The prompt that is still being said.
    speaking: Option<u32>,
    /// When it began to listen, and until when it does.
    since_ms: u64,
    until_ms: u64,
}

#[derive(Clone, Debug)]
enum Stage {
    Command,
    Recipient,
    Text(Contact),
    LastWord(Contact, String),
}

impl Notes {
    /// Takes "send it" for the last word.
    pub fn new() -> Self {
        Self::with(LastWord::Whole)
    }

    /// Takes anything with "send it" in it, and sends what nobody meant to send.
    pub fn hasty() -> Self {
        Self::with(LastWord::Anywhere)
    }

    fn with(last_word: LastWord) -> Self {
        let home = Household {
            devices: Vec::new(),
            contacts: Vec::new(),
            messaging: false,
        };
        Self {
            last_word,
            home,
            now_ms: 0,
            prompts: 0,
            drafts: 0,
            session: None,
            effects: Vec::new(),
        }
    }

    fn sleep(&mut self, device: String) {
        self.effects.push(Effect::Listen {
            device,
            listens_for: Asks::Wake,
            until_ms: None,
        });
    }

    /// Ends the conversation, sent or not.
    fn hang_up(&mut self) {
        if let Some(session) = self.session.take() {
            self.effects.push(Effect::Cancel {
                device: session.device.clone(),
                message: None,
            });
            self.sleep(session.device);
        }
    }

    /// Listens on this device from now on.
    fn listen(&mut self, device: &str, stage: Stage) {
        let until_ms = self.now_ms.saturating_add(WINDOW_MS);
        let device = device.to_owned();
        self.effects.push(Effect::Listen {
            device: device.clone(),
            listens_for: stage.asks(),
            until_ms: Some(until_ms),
        });
        self.effects.push(Effect::Timer { at_ms: until_ms });
        self.session = Some(Session {
            device,
            stage,
            speaking: None,
            since_ms: self.now_ms,
            until_ms,
        });
    }

    /// Asks for what the stage needs; listens when that has been said.
    fn ask(&mut self, device: &str, stage: Stage) {
        self.prompts += 1;
        let text = stage.prompt();
        let duration_ms = 60 * text.chars().count() as u64;
        let until_ms = self.now_ms.saturating_add(duration_ms + WINDOW_MS);
        let recipient = stage.contact().map(|contact| contact.id.clone());
        let message = match &stage {
            Stage::LastWord(_, note) => Some(note.clone()),
            Stage::Command | Stage::Recipient | Stage::Text(_) => None,
        };
        let device = device.to_owned();
        self.effects.push(Effect::Prompt {
            device: device.clone(),
            prompt: self.prompts,
            text,
            asks: Some(stage.asks()),
            recipient,
            message,
            duration_ms,
        });
        self.effects.push(Effect::Timer { at_ms: until_ms });
        self.session = Some(Session {
            device,
            stage,
            speaking: Some(self.prompts),
            since_ms: u64::MAX,
            until_ms,
        });
    }

    fn notice(&mut self, device: &str, text: &str) {
        self.effects.push(Effect::Notice {
            device: device.to_owned(),
            text: text.to_owned(),
        });
    }

    /// Speech that began at `from_ms`, with the recogniser's first reading and how sure that is.
    fn hear(&mut self, device: &str, from_ms: u64, heard: Option<(&str, f64)>) {
        let said = heard.filter(|(_, sure)| *sure >= SURE);
        let words = said.map(|(text, _)| folded(text)).unwrap_or_default();
        let Some(session) = &self.session else {
            if let Some(rest) = words.strip_prefix("alexa") {
                self.listen(device, Stage::Command);
                self.obey(device, rest.trim_start());
            }
            return;
        };
        if session.device != device {
            if let Some(rest) = words.strip_prefix("alexa ") {
                self.switch(device, rest);
            }
            return;
        }
        if is_cancel(&words) {
            return self.hang_up();
        }
        let is_late_enough = from_ms >= session.since_ms;
        let stage = session.stage.clone();
        match stage {
            // Talk that runs across the prompt, or anything but the last word, is no permission.
            Stage::LastWord(contact, note) => {
                let is_sure = said.is_some_and(|(_, sure)| sure >= VERY_SURE);
                if is_late_enough && is_sure && self.is_last_word(&words) {
                    self.send(device, contact, note);
                } else {
                    self.hang_up();
                }
            }
            _ if !is_late_enough || words.is_empty() => {}
            Stage::Command => self.obey(device, &words),
            Stage::Recipient => self.address(device, &words),
            Stage::Text(contact) => {
                self.drafts += 1;
                let note = format!("n{}", self.drafts);
                self.ask(device, Stage::LastWord(contact, note));
            }
        }
    }

    fn is_last_word(&self, words: &str) -> bool {
        match self.last_word {
            LastWord::Whole => words == "send it",
            LastWord::Anywhere => words.contains("send it"),
        }
    }

    fn obey(&mut self, device: &str, words: &str) {
        if self.switch(device, words) || is_cancel(words) {
            return self.hang_up();
        }
        let Some(to) = words.strip_prefix("send a message") else {
            return;
        };
        if !self.home.messaging {
            self.notice(device, "Messages are off.");
            return self.hang_up();
        }
        match to.strip_prefix(" to ") {
            Some(name) => self.address(device, name),
            None => self.ask(device, Stage::Recipient),
        }
    }

    /// The lights, whatever else goes on in the house.
    fn switch(&mut self, device: &str, words: &str) -> bool {
        let action = match words {
            "turn on the lights" => "light_on",
            "turn off the lights" => "light_off",
            _ => return false,
        };
        self.effects.push(Effect::Act {
            device: device.to_owned(),
            action: action.to_owned(),
        });
        true
    }

    /// The one contact of this name, if it can be said aloud.
    fn address(&mut self, device: &str, words: &str) {
        let is_name = |contact: &&Contact| folded(&contact.name) == words;
        let mut named = self.home.contacts.iter().filter(is_name);
        let (contact, other) = (named.next().cloned(), named.next());
        let is_plain = |contact: &Contact| {
            let plain = |c: char| c.is_alphabetic() || c == ' ';
            !contact.name.is_empty() && contact.name.chars().all(plain)
        };
        match contact.filter(|contact| other.is_none() && is_plain(contact)) {
            Some(contact) => self.ask(device, Stage::Text(contact)),
            None => self.notice(device, "I know nobody whom I could call that."),
        }
    }

    fn send(&mut self, device: &str, contact: Contact, note: String) {
        self.notice(device, "Sent.");
        self.effects.push(Effect::Send {
            device: device.to_owned(),
            message: note,
            recipient: contact.id,
            from_ms: None,
            to_ms: None,
        });
        self.session = None;
        self.sleep(device.to_owned());
    }

    /// The prompt has been said: now people may answer.
    fn prompt_ended(&mut self, device: &str, prompt: u32) {
        let is_it = |s: &&Session| s.device == device && s.speaking == Some(prompt);
        if let Some(session) = self.session.as_ref().filter(is_it) {
            let stage = session.stage.clone();
            self.listen(device, stage);
        }
    }

    fn start(&mut self, home: &Household) {
        *self = Self {
            home: home.clone(),
            ..Self::with(self.last_word)
        };
        self.effects.push(Effect::Hello {
            protocol: PROTOCOL,
            name: "notes".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        });
        self.sleep_everywhere();
    }

    fn sleep_everywhere(&mut self) {
        self.session = None;
        for device in self.home.devices.clone() {
            self.sleep(device);
        }
    }
}

impl Default for Notes {
    fn default() -> Self {
        Self::new()
    }
}

impl Assistant for Notes {
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        self.now_ms = input.at_ms().unwrap_or(self.now_ms);
        let now_ms = self.now_ms;
        if self.session.as_ref().is_some_and(|s| now_ms >= s.until_ms) {
            self.hang_up();
        }
        match input {
            Input::Start { household, .. } => self.start(household),
            Input::Heard {
                device,
                from_ms,
                is_final,
                voice,
                hypotheses,
                ..
            } => {
                let first = hypotheses.first().map(|h| (h.text.as_str(), h.confidence));
                // A stranger, and what is not final but ran across the prompt, can spoil an answer
                // and do no more.
                let is_meant = *is_final && *voice == Voice::Person;
                let is_early = self.session.as_ref().is_some_and(|s| *from_ms < s.since_ms);
                let spoils = (*is_final || is_early) && *voice != Voice::Device;
                if spoils {
                    self.hear(device, *from_ms, first.filter(|_| is_meant));
                }
            }
            Input::PromptEnded { device, prompt, .. } => self.prompt_ended(device, *prompt),
            Input::Pressed { device, button, .. } => {
                let is_here = self.session.as_ref().is_some_and(|s| s.device == *device);
                if is_here && *button == Button::Cancel {
                    self.hang_up();
                }
            }
            Input::Setting { messaging, .. } => {
                self.home.messaging = *messaging;
                if !messaging {
                    self.hang_up();
                }
            }
            Input::Restart { .. } => self.sleep_everywhere(),
            Input::Withdrawn { .. } | Input::Time { .. } | Input::Delivery { .. } | Input::End => {}
        }
        effects.append(&mut self.effects);
        Ok(())
    }
}

impl Stage {
    fn asks(&self) -> Asks {
        match self {
            Self::Command => Asks::Command,
            Self::Recipient => Asks::Recipient,
            Self::Text(_) => Asks::Message,
            Self::LastWord(..) => Asks::Confirmation,
        }
    }

    fn contact(&self) -> Option<&Contact> {
        match self {
            Self::Text(contact) | Self::LastWord(contact, _) => Some(contact),
            Self::Command | Self::Recipient => None,
        }
    }

    fn prompt(&self) -> String {
        let spelt = |contact: &Contact| {
            let words = contact.name.split(' ').map(|word| {
                let letters: Vec<String> = word.to_uppercase().chars().map(String::from).collect();
                letters.join("-")
            });
            format!(
                "{}, spelt {}",
                contact.name,
                words.collect::<Vec<String>>().join(" ")
            )
        };
        match self {
            Self::Command => "Yes?".to_owned(),
            Self::Recipient => "To whom?".to_owned(),
            Self::Text(contact) => format!("What is the note for {}?", contact.name),
            Self::LastWord(contact, _) => {
                format!("It goes to {}. Say \"send it\" to send it.", spelt(contact))
            }
        }
    }
}

fn is_cancel(words: &str) -> bool {
    [
        "cancel",
        "cancel it",
        "cancel that",
        "stop",
        "never mind",
        "no",
    ]
    .contains(&words)
}

/// Small letters and digits, one blank between words.
fn folded(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
