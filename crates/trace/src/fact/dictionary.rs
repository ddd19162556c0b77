//! The numbers of texts, and lines by numbers in both directions.

use super::{Aim, Did, Fact, Given, Heard, Home, Said, Spoken, Term};
use crate::{Effect, Household, Hypothesis, Input, Line, Meant, Utterance};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Devices, contacts by identifier and name, and whether messaging is on.
type HomeKey = (Vec<Term>, Vec<(Term, Term)>, bool);

/// The numbers of strings, hypothesis lists, households and utterances.
///
/// It grows with what is new; whoever reads without an end begins a new one when [`Self::size`] is
/// too large. A number means something only to the dictionary that gave it; to any other it may be
/// another text, or an empty one.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    terms: Vec<Arc<str>>,
    term_of: BTreeMap<Arc<str>, Term>,
    lists: Vec<(Arc<[Hypothesis]>, Term)>,
    list_of: BTreeMap<Vec<(Term, u64)>, Heard>,
    homes: Vec<(Arc<Household>, Arc<[Term]>)>,
    home_of: BTreeMap<HomeKey, Home>,
    said: Vec<(Arc<Utterance>, Spoken)>,
}

impl Dictionary {
    /// Knows nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many entries it has.
    pub fn size(&self) -> usize {
        let lists = self.terms.len().saturating_add(self.lists.len());
        lists
            .saturating_add(self.homes.len())
            .saturating_add(self.said.len())
    }

    /// The number of a string.
    pub fn term(&mut self, text: &str) -> Term {
        if let Some(known) = self.term_of.get(text) {
            return *known;
        }
        let term = Term(next(&self.terms));
        let text: Arc<str> = text.into();
        self.terms.push(Arc::clone(&text));
        self.term_of.insert(text, term);
        term
    }

    /// The string with this number.
    pub fn text(&self, term: Term) -> &str {
        at(&self.terms, term.0).map_or("", |text| text)
    }

    /// The number of a list of hypotheses.
    pub fn heard(&mut self, hypotheses: &[Hypothesis]) -> Heard {
        let key: Vec<(Term, u64)> = hypotheses
            .iter()
            .map(|h| (self.term(&h.text), h.confidence.to_bits()))
            .collect();
        if let Some(known) = self.list_of.get(&key) {
            return *known;
        }
        let first = match key.first() {
            Some((first, _)) => *first,
            None => self.term(""),
        };
        let heard = Heard(next(&self.lists));
        self.lists.push((hypotheses.into(), first));
        self.list_of.insert(key, heard);
        heard
    }

    /// The hypotheses with this number.
    pub fn hypotheses(&self, heard: Heard) -> &[Hypothesis] {
        at(&self.lists, heard.0).map_or(&[], |(list, _)| list)
    }

    /// The text of the first of the hypotheses with this number; the empty text if there are none.
    pub fn first(&self, heard: Heard) -> Option<Term> {
        at(&self.lists, heard.0).map(|(_, first)| *first)
    }

    /// The number of a household.
    pub fn home(&mut self, household: &Household) -> Home {
        let devices = household.devices.iter().map(|name| self.term(name));
        let devices: Vec<Term> = devices.collect();
        let contacts = household.contacts.iter();
        let contacts = contacts.map(|contact| (self.term(&contact.id), self.term(&contact.name)));
        let key = (devices.clone(), contacts.collect(), household.messaging);
        if let Some(known) = self.home_of.get(&key) {
            return *known;
        }
        let home = Home(next(&self.homes));
        self.homes
            .push((Arc::new(household.clone()), devices.into()));
        self.home_of.insert(key, home);
        home
    }

    /// The household with this number.
    pub fn household(&self, home: Home) -> Option<&Household> {
        at(&self.homes, home.0).map(|(home, _)| &**home)
    }

    /// The devices of the household with this number.
    pub fn devices(&self, home: Home) -> &[Term] {
        at(&self.homes, home.0).map_or(&[], |(_, devices)| devices)
    }

    /// A new number for an utterance; most are said once.
    pub fn said(&mut self, utterance: &Utterance) -> Said {
        let devices = utterance.devices.iter().map(|name| self.term(name));
        let spoken = Spoken {
            from_ms: utterance.from_ms,
            to_ms: utterance.to_ms,
            devices: devices.collect(),
            text: self.term(&utterance.text),
            meant: self.aim(&utterance.meant),
        };
        let said = Said(next(&self.said));
        self.said.push((Arc::new(utterance.clone()), spoken));
        said
    }

    /// The utterance with this number.
    pub fn utterance(&self, said: Said) -> Option<&Utterance> {
        at(&self.said, said.0).map(|(said, _)| &**said)
    }

    /// The same by numbers.
    pub fn spoken(&self, said: Said) -> Option<&Spoken> {
        at(&self.said, said.0).map(|(_, spoken)| spoken)
    }

    fn aim(&mut self, meant: &Meant) -> Aim {
        match meant {
            Meant::Nobody => Aim::Nobody,
            Meant::Request { contact } => Aim::Request {
                contact: self.term(contact),
            },
            Meant::Content { contact } => Aim::Content {
                contact: self.term(contact),
            },
            Meant::Cancel => Aim::Cancel,
            Meant::Command => Aim::Command,
            Meant::Other => Aim::Other,
        }
    }

    /// A line by numbers.
    pub fn fact(&mut self, line: &Line) -> Fact {
        match line {
            Line::Said { said } => Fact::Said(self.said(said)),
            Line::In(input) => Fact::Given(self.given(input)),
            Line::Out(effect) => Fact::Did(self.did(effect)),
        }
    }

    /// The line of a fact; nothing for an utterance or a household of another dictionary.
    pub fn line(&self, fact: &Fact) -> Option<Line> {
        Some(match fact {
            Fact::Said(said) => Line::Said {
                said: self.utterance(*said)?.clone(),
            },
            Fact::Given(given) => Line::In(self.input(given)?),
            Fact::Did(did) => Line::Out(self.effect(did)),
        })
    }

    /// An input by numbers.
    pub fn given(&mut self, input: &Input) -> Given {
        match *input {
            Input::Start {
                protocol,
                seed,
                at_ms,
                ref household,
            } => Given::Start {
                protocol,
                seed,
                at_ms,
                household: self.home(household),
            },
            Input::Heard {
                at_ms,
                ref device,
                from_ms,
                is_final,
                voice,
                ref hypotheses,
            } => Given::Heard {
                at_ms,
                device: self.term(device),
                from_ms,
                is_final,
                voice,
                hypotheses: self.heard(hypotheses),
            },
            Input::Withdrawn {
                at_ms,
                ref device,
                from_ms,
            } => Given::Withdrawn {
                at_ms,
                device: self.term(device),
                from_ms,
            },
            Input::PromptEnded {
                at_ms,
                ref device,
                prompt,
            } => Given::PromptEnded {
                at_ms,
                device: self.term(device),
                prompt,
            },
            Input::Pressed {
                at_ms,
                ref device,
                button,
            } => Given::Pressed {
                at_ms,
                device: self.term(device),
                button,
            },
            Input::Time { at_ms } => Given::Time { at_ms },
            Input::Delivery {
                at_ms,
                ref message,
                ok,
            } => Given::Delivery {
                at_ms,
                message: self.term(message),
                ok,
            },
            Input::Setting { at_ms, messaging } => Given::Setting { at_ms, messaging },
            Input::Restart { at_ms } => Given::Restart { at_ms },
            Input::End => Given::End,
        }
    }

    /// The input of a fact; nothing for a household of another dictionary.
    pub fn input(&self, given: &Given) -> Option<Input> {
        Some(match *given {
            Given::Start {
                protocol,
                seed,
                at_ms,
                household,
            } => Input::Start {
                protocol,
                seed,
                at_ms,
                household: self.household(household)?.clone(),
            },
            Given::Heard {
                at_ms,
                device,
                from_ms,
                is_final,
                voice,
                hypotheses,
            } => Input::Heard {
                at_ms,
                device: self.string(device),
                from_ms,
                is_final,
                voice,
                hypotheses: self.hypotheses(hypotheses).to_vec(),
            },
            Given::Withdrawn {
                at_ms,
                device,
                from_ms,
            } => Input::Withdrawn {
                at_ms,
                device: self.string(device),
                from_ms,
            },
            Given::PromptEnded {
                at_ms,
                device,
                prompt,
            } => Input::PromptEnded {
                at_ms,
                device: self.string(device),
                prompt,
            },
            Given::Pressed {
                at_ms,
                device,
                button,
            } => Input::Pressed {
                at_ms,
                device: self.string(device),
                button,
            },
            Given::Time { at_ms } => Input::Time { at_ms },
            Given::Delivery { at_ms, message, ok } => Input::Delivery {
                at_ms,
                message: self.string(message),
                ok,
            },
            Given::Setting { at_ms, messaging } => Input::Setting { at_ms, messaging },
            Given::Restart { at_ms } => Input::Restart { at_ms },
            Given::End => Input::End,
        })
    }

    /// An effect by numbers.
    pub fn did(&mut self, effect: &Effect) -> Did {
        match *effect {
            Effect::Hello {
                protocol,
                ref name,
                ref version,
            } => Did::Hello {
                protocol,
                name: self.term(name),
                version: self.term(version),
            },
            Effect::Prompt {
                ref device,
                prompt,
                ref text,
                asks,
                ref recipient,
                ref message,
                duration_ms,
            } => Did::Prompt {
                device: self.term(device),
                prompt,
                text: self.term(text),
                asks,
                recipient: recipient.as_deref().map(|contact| self.term(contact)),
                message: message.as_deref().map(|message| self.term(message)),
                duration_ms,
            },
            Effect::Listen {
                ref device,
                listens_for,
                until_ms,
            } => Did::Listen {
                device: self.term(device),
                listens_for,
                until_ms,
            },
            Effect::Record {
                ref device,
                ref message,
            } => Did::Record {
                device: self.term(device),
                message: self.term(message),
            },
            Effect::RecordEnded {
                ref device,
                ref message,
            } => Did::RecordEnded {
                device: self.term(device),
                message: self.term(message),
            },
            Effect::Send {
                ref device,
                ref message,
                ref recipient,
                from_ms,
                to_ms,
            } => Did::Send {
                device: self.term(device),
                message: self.term(message),
                recipient: self.term(recipient),
                from_ms,
                to_ms,
            },
            Effect::Cancel {
                ref device,
                ref message,
            } => Did::Cancel {
                device: self.term(device),
                message: message.as_deref().map(|message| self.term(message)),
            },
            Effect::Notice {
                ref device,
                ref text,
            } => Did::Notice {
                device: self.term(device),
                text: self.term(text),
            },
            Effect::Act {
                ref device,
                ref action,
            } => Did::Act {
                device: self.term(device),
                action: self.term(action),
            },
            Effect::Timer { at_ms } => Did::Timer { at_ms },
            Effect::Done => Did::Done,
        }
    }

    /// The effect of a fact.
    pub fn effect(&self, did: &Did) -> Effect {
        match *did {
            Did::Hello {
                protocol,
                name,
                version,
            } => Effect::Hello {
                protocol,
                name: self.string(name),
                version: self.string(version),
            },
            Did::Prompt {
                device,
                prompt,
                text,
                asks,
                recipient,
                message,
                duration_ms,
            } => Effect::Prompt {
                device: self.string(device),
                prompt,
                text: self.string(text),
                asks,
                recipient: recipient.map(|contact| self.string(contact)),
                message: message.map(|message| self.string(message)),
                duration_ms,
            },
            Did::Listen {
                device,
                listens_for,
                until_ms,
            } => Effect::Listen {
                device: self.string(device),
                listens_for,
                until_ms,
            },
            Did::Record { device, message } => Effect::Record {
                device: self.string(device),
                message: self.string(message),
            },
            Did::RecordEnded { device, message } => Effect::RecordEnded {
                device: self.string(device),
                message: self.string(message),
            },
            Did::Send {
                device,
                message,
                recipient,
                from_ms,
                to_ms,
            } => Effect::Send {
                device: self.string(device),
                message: self.string(message),
                recipient: self.string(recipient),
                from_ms,
                to_ms,
            },
            Did::Cancel { device, message } => Effect::Cancel {
                device: self.string(device),
                message: message.map(|message| self.string(message)),
            },
            Did::Notice { device, text } => Effect::Notice {
                device: self.string(device),
                text: self.string(text),
            },
            Did::Act { device, action } => Effect::Act {
                device: self.string(device),
                action: self.string(action),
            },
            Did::Timer { at_ms } => Effect::Timer { at_ms },
            Did::Done => Effect::Done,
        }
    }

    fn string(&self, term: Term) -> String {
        self.text(term).to_owned()
    }
}

/// The number of the next entry. Four thousand million of them do not fit into memory.
fn next<T>(entries: &[T]) -> u32 {
    u32::try_from(entries.len()).unwrap_or(u32::MAX)
}

fn at<T>(entries: &[T], number: u32) -> Option<&T> {
    entries.get(usize::try_from(number).ok()?)
}
