//! Names of contacts: which was said, and which cannot be told apart by ear.

use crate::understand::{contains, words};
use mondegreen_phonetics::{Phone, confidence, distance, transcribe};
use mondegreen_trace::Household;

/// A contact that was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Its place in the household.
    pub contact: usize,
    /// Whether another contact's name sounds the same.
    pub alike: Alike,
    /// Whether other contacts have the same part of the name that was said.
    pub shared: bool,
}

/// Whether two contacts' names can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    /// No other contact's name sounds like it.
    Distinct,
    /// Another's sounds the same and is spelt otherwise.
    SameSound,
    /// Another's is the same, letter by letter.
    SameSpelling,
}

/// Two names sound the same when each phone of one is heard for the other's with at least this
/// probability, in the geometric mean. Generous: to spell a name out costs a second.
const SAME_SOUND: f64 = 0.6;

/// The contact list as it sounds.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    contacts: Vec<NameParts>,
}

#[derive(Clone, Debug)]
struct NameParts {
    words: Vec<String>,
    alike: Alike,
}

impl Names {
    pub(crate) fn of(household: &Household) -> Self {
        let sounds: Vec<(Vec<String>, Vec<Phone>)> = household
            .contacts
            .iter()
            .map(|contact| (words(&contact.name), sound(&contact.name)))
            .collect();
        let contacts = (0..sounds.len())
            .map(|this| NameParts {
                words: sounds[this].0.clone(),
                alike: likeness(this, &sounds),
            })
            .collect();
        Self { contacts }
    }

    /// The contacts named in a text: full names before parts, then the order of the household.
    pub(crate) fn named(&self, text: &[String]) -> Vec<Named> {
        let full = |parts: &NameParts| contains(text, &parts.words);
        let part = |parts: &NameParts| parts.words.iter().any(|word| text.contains(word));
        let found = self.matching(full);
        if found.is_empty() {
            self.matching(part)
        } else {
            found
        }
    }

    fn matching(&self, is_named: impl Fn(&NameParts) -> bool) -> Vec<Named> {
        let named = |parts: &&NameParts| !parts.words.is_empty() && is_named(parts);
        let shared = self.contacts.iter().filter(named).count() > 1;
        let numbered = self
            .contacts
            .iter()
            .enumerate()
            .filter(|(_, parts)| named(parts));
        let as_named = |(contact, parts): (usize, &NameParts)| Named {
            contact,
            alike: parts.alike,
            shared,
        };
        numbered.map(as_named).collect()
    }
}

fn sound(name: &str) -> Vec<Phone> {
    transcribe(name)
        .into_iter()
        .flat_map(|word| word.phones)
        .collect()
}

fn likeness(this: usize, all: &[(Vec<String>, Vec<Phone>)]) -> Alike {
    let (words, phones) = &all[this];
    let others = all.iter().enumerate().filter(|(other, _)| *other != this);
    let mut alike = Alike::Distinct;
    for (_, (other_words, other_phones)) in others {
        let longest = phones.len().max(other_phones.len());
        if words == other_words {
            return Alike::SameSpelling;
        }
        if longest > 0 && confidence(distance(phones, other_phones), longest) >= SAME_SOUND {
            alike = Alike::SameSound;
        }
    }
    alike
}
