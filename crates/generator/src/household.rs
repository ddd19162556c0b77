//! Homes: who lives there, which devices stand where, whom a message can be sent to.

use crate::Traffic;
use crate::names::names;
use mondegreen_trace::{Contact, Household};
use rand::{Rng, RngExt, seq::IndexedRandom};

/// Rooms in which a device may stand.
const ROOMS: [&str; 8] = [
    "kitchen", "lounge", "bedroom", "hall", "study", "bathroom", "nursery", "workshop",
];

const DEVICES_MAX: usize = 3;
const CONTACTS_MIN: usize = 3;
const CONTACTS_MAX: usize = 12;

/// A home: what its assistant is told of it, and who talks there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Devices, contacts and settings, as the assistant knows them.
    pub household: Household,
    /// Given names of the people who live there, all different.
    pub people: Vec<String>,
}

/// Draws a home: one to three devices, three to twelve contacts (`c1`, `c2`, …), and as many people as
/// the shipped traffic says.
///
/// Contacts are full names. Now and then two of them share a given name or a family name, as among
/// relatives, since that is where assistants mix people up.
pub fn household(rng: &mut impl Rng) -> Home {
    Traffic::shipped().home(rng)
}

impl Traffic {
    /// Draws a home as [`household()`] does, with as many people as this says.
    pub fn home(&self, rng: &mut impl Rng) -> Home {
        home(self.people, rng)
    }
}

fn home((people_least, people_most): (usize, usize), rng: &mut impl Rng) -> Home {
    let devices = rng.random_range(1..=DEVICES_MAX);
    let rooms = ROOMS.sample(rng, devices).map(|room| (*room).to_owned());
    let devices = rooms.collect();
    let people = rng.random_range(people_least..=people_most);
    let people = names().given.sample(rng, people);
    let people = people.map(|name| (*name).to_owned()).collect();
    let household = Household {
        devices,
        contacts: contacts(rng),
        messaging: true,
    };
    Home { household, people }
}

fn contacts(rng: &mut impl Rng) -> Vec<Contact> {
    let count = rng.random_range(CONTACTS_MIN..=CONTACTS_MAX);
    let mut full: Vec<(&str, &str)> = Vec::with_capacity(count);
    while full.len() < count {
        let (mut given, mut family) = (draw(&names().given, rng), draw(&names().family, rng));
        if let Some(relative) = full.choose(rng).filter(|_| full.len() > 1) {
            match rng.random_range(0..10) {
                0 => given = relative.0,
                1 | 2 => family = relative.1,
                _ => {}
            }
        }
        if !full.contains(&(given, family)) {
            full.push((given, family));
        }
    }
    let contact = |(at, (given, family)): (usize, (&str, &str))| Contact {
        id: format!("c{}", at + 1),
        name: format!("{given} {family}"),
    };
    full.into_iter().enumerate().map(contact).collect()
}

fn draw(list: &[&'static str], rng: &mut impl Rng) -> &'static str {
    list.choose(rng).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use std::collections::BTreeSet;

    #[test]
    fn homes_are_legal_and_varied() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut seen = BTreeSet::new();
        let mut related = 0;
        for _ in 0..200 {
            let home = household(&mut rng);
            assert_eq!(home.household.check(), Ok(()));
            assert!((2..=5).contains(&home.people.len()));
            let contacts = &home.household.contacts;
            assert!((CONTACTS_MIN..=CONTACTS_MAX).contains(&contacts.len()));
            let full: BTreeSet<&str> = contacts.iter().map(|c| c.name.as_str()).collect();
            assert_eq!(full.len(), contacts.len(), "two contacts of one name");
            let family = |name: &str| name.split_once(' ').map(|(_, family)| family.to_owned());
            let families: BTreeSet<_> = full.iter().map(|name| family(name)).collect();
            related += usize::from(families.len() < full.len());
            seen.insert(contacts[0].name.clone());
        }
        assert!(seen.len() > 150 && related > 20, "{} {related}", seen.len());
    }

    #[test]
    fn the_same_seed_gives_the_same_home() {
        let home = |seed| household(&mut ChaCha8Rng::seed_from_u64(seed));
        assert_eq!(home(3), home(3));
        assert_ne!(home(3), home(4));
    }
}
