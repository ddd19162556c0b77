//! Uniform random: homes and events drawn with equal chances, and nothing learned.

use super::referee::Referee;
use crate::assistant::Broken;
use crate::case::{Case, EVENTS_MAX, Event, HOWS, NAMES_COUNT, WHATS, WHENS};
use crate::reference::Reference;
use crate::seed::{Purpose, random};
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

/// Plays random cases until one breaks a rule or the cap is reached; says how many inputs that took.
pub(super) fn run(
    assistant: Reference,
    seed: u64,
    cap: u64,
) -> Result<(u64, Option<Case>), Broken> {
    let mut rng = random(seed, Purpose::Search);
    let mut referee = Referee::new(assistant);
    while referee.steps() < cap {
        let found = referee.try_case(&any_case(&mut rng))?;
        if found.is_some() {
            return Ok((referee.steps(), found));
        }
    }
    Ok((referee.steps(), None))
}

fn any_case(rng: &mut impl Rng) -> Case {
    let devices = rng.random_range(1..=3);
    let mut case = Case {
        seed: rng.random(),
        names: [(); 2].map(|()| rng.random_range(0..NAMES_COUNT)),
        devices,
        messaging: rng.random(),
        events: Vec::new(),
    };
    for _ in 0..rng.random_range(1..=EVENTS_MAX) {
        case.events.extend(any_event(devices, rng));
    }
    case
}

fn any_event(devices: u8, rng: &mut impl Rng) -> Option<Event> {
    Some(Event {
        what: WHATS.choose(rng)?.0,
        when: WHENS.choose(rng)?.0,
        how: HOWS.choose(rng)?.0,
        device: rng.random_range(0..devices),
    })
}
