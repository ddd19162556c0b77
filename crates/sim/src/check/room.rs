//! Where it takes place: what all states have in common, and what people there can refer to.

use super::action::DEVICES;
use super::phrases::{Phrases, Prompts};
use crate::target::Shared;
use mondegreen_oracle::Reader;
use mondegreen_trace::fact::{Did, Fact, Home, Term};
use mondegreen_trace::{Contact, Household};

/// The names of the devices.
const NAMES: [&str; DEVICES] = ["kitchen", "hall"];

/// What all states have in common.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) dictionary: Shared,
    pub(super) reader: Reader,
    pub(super) phrases: Phrases,
    household: Household,
    pub(super) devices: [Term; DEVICES],
    /// A message that there never is.
    pub(super) nothing: Term,
    pub(super) home: Home,
    /// What the last step gave and did.
    pub(super) facts: Vec<Fact>,
    pub(super) did: [Vec<Did>; 2],
}

/// What the people around a device can refer to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    pub(super) prompts: Prompts,
    /// When its last prompt ends, if nothing else is told of it.
    pub(super) ends_ms: u64,
    /// Until when it said that it listens.
    pub(super) until_ms: Option<u64>,
    /// The message that it makes.
    pub(super) making: Option<Term>,
    /// The message that it sent last.
    pub(super) sent: Option<Term>,
    /// From when to when it recorded last, as far as it has come.
    pub(super) recorded_ms: [Option<u64>; 2],
    /// The span that it sent last.
    pub(super) sent_ms: [Option<u64>; 2],
    /// When the speech began that it heard last before it held a message.
    pub(super) answer_ms: u64,
}

impl Room {
    pub(super) fn new(dictionary: Shared, wake: &str, household: &Household) -> Self {
        let mut terms = dictionary.borrow_mut();
        let home = terms.home(household);
        let nothing = terms.term("");
        let devices = NAMES.map(|name| terms.term(name));
        drop(terms);
        Self {
            phrases: Phrases::new(Shared::clone(&dictionary), wake, household),
            household: household.clone(),
            dictionary,
            reader: Reader::default(),
            devices,
            nothing,
            home,
            facts: Vec::new(),
            did: [Vec::new(), Vec::new()],
        }
    }

    pub(super) const fn household(&self) -> &Household {
        &self.household
    }

    pub(super) fn place(&self, device: Term) -> Option<usize> {
        self.devices.iter().position(|known| *known == device)
    }
}

/// Two contacts that sound alike, one device or two.
pub(super) fn household(devices: usize) -> Household {
    let contact = |id: &str, name: &str| Contact {
        id: id.to_owned(),
        name: name.to_owned(),
    };
    Household {
        devices: NAMES.map(str::to_owned).into_iter().take(devices).collect(),
        contacts: vec![contact("c1", "Ana Ruiz"), contact("c2", "Anna Ruiz")],
        messaging: true,
    }
}
