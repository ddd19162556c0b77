//! What may happen in a group of runs, and changes to a case that keep to it.
//!
//! A run in which everything may happen is cut short by the first restart or cancel. Each group of
//! runs leaves out some kinds of events, so that others get through: swarm testing (Groce, Zhang,
//! Eide, Chen and Regehr, ISSTA 2012).

use crate::case::{Case, EVENTS_MAX, Event, HOWS, How, NAMES_COUNT, WHATS, WHENS, What, When};
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

/// A case is changed in so many places at once, at most.
const CHANGES_MAX: usize = 4;
/// Events that are copied or cut out at once.
const SPAN_MAX: usize = 8;

/// What may happen, when, and how.
#[derive(Clone, Debug)]
pub(crate) struct Swarm {
    whats: Vec<What>,
    whens: Vec<When>,
    hows: Vec<How>,
}

impl Swarm {
    /// Everything may happen.
    pub(crate) fn all() -> Self {
        Self {
            whats: WHATS.iter().map(|(what, _)| *what).collect(),
            whens: WHENS.iter().map(|(when, _)| *when).collect(),
            hows: HOWS.iter().map(|(how, _)| *how).collect(),
        }
    }

    /// About half of it may; what leads on always may.
    pub(crate) fn any(rng: &mut impl Rng) -> Self {
        let mut all = Self::all();
        let leads_on = [What::Onward, What::Wanted, What::Time];
        all.whats
            .retain(|what| leads_on.contains(what) || rng.random_ratio(1, 2));
        all.whens
            .retain(|when| *when == When::InTime || rng.random_ratio(1, 2));
        all.hows
            .retain(|how| *how == How::Plainly || rng.random_ratio(1, 2));
        all
    }

    /// The one thing out of the ordinary that comes at this turn, while there are turns left for one
    /// thing: first what leads on elsewhere, then each kind of event, each time, each way to be
    /// heard, and then each kind of event on another device. No swarm leaves them out: they are few,
    /// and each has one turn.
    pub(crate) fn one(turn: u32, here: u8, devices: u8) -> Option<Event> {
        let plain = Event::onward(here);
        let what_on = |device| {
            WHATS.iter().map(move |(what, _)| Event {
                device,
                ..Event::plain(*what)
            })
        };
        let when = |(when, _): &(When, &str)| Event {
            when: *when,
            ..plain
        };
        let how = |(how, _): &(How, &str)| Event { how: *how, ..plain };
        let elsewhere = (0..devices)
            .filter(|device| *device != here)
            .flat_map(what_on);
        let on_it = what_on(here)
            .chain(WHENS.iter().map(when))
            .chain(HOWS.iter().map(how));
        let leads_on = elsewhere.clone().filter(Event::leads_on);
        let others = on_it.chain(elsewhere).filter(|event| !event.leads_on());
        let mut all = leads_on.chain(others);
        all.nth(turn as usize)
    }

    /// How many turns there are for one thing.
    pub(crate) fn singles(devices: u8) -> u32 {
        let count = WHATS.len() * usize::from(devices) + WHENS.len() + HOWS.len();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Something happens at the end that is out of the ordinary in two ways, or two things do.
    pub(crate) fn extend(&self, case: &mut Case, rng: &mut impl Rng) {
        let here = case.here();
        if rng.random_ratio(2, 3) {
            case.events.push(self.odd_event(here, rng));
        } else {
            for _ in 0..2 {
                case.events.push(self.any_event(here, case.devices, rng));
            }
        }
        settle(case);
    }

    /// Some event at some other time or heard in some other way, or both.
    fn odd_event(&self, device: u8, rng: &mut impl Rng) -> Event {
        let (late, odd) = [(true, false), (false, true), (true, true)][rng.random_range(0..3)];
        Event {
            what: any(&self.whats, What::Onward, rng),
            when: if late {
                any(&self.whens, When::InTime, rng)
            } else {
                When::InTime
            },
            how: if odd {
                any(&self.hows, How::Plainly, rng)
            } else {
                How::Plainly
            },
            device,
        }
    }

    /// Changes a case in one place or a few.
    pub(crate) fn change(&self, case: &mut Case, rng: &mut impl Rng) {
        for _ in 0..CHANGES_MAX {
            self.change_once(case, rng);
            if rng.random_ratio(1, 2) {
                break;
            }
        }
        settle(case);
    }

    fn change_once(&self, case: &mut Case, rng: &mut impl Rng) {
        match rng.random_range(0..20) {
            0..8 => self.insert(case, rng),
            8..14 => self.change_event(case, rng),
            14..16 => repeat(case, rng),
            16..18 => leave_out(case, rng),
            18 => swap(case, rng),
            _ => change_home(case, rng),
        }
    }

    /// Something happens that did not, half of the time at the end.
    fn insert(&self, case: &mut Case, rng: &mut impl Rng) {
        let end = case.events.len();
        let at = if rng.random_ratio(1, 2) {
            end
        } else {
            rng.random_range(0..=end)
        };
        let before = at.checked_sub(1).and_then(|at| case.events.get(at));
        let here = before.map_or(0, |event| event.device);
        let event = self.any_event(here, case.devices, rng);
        case.events.insert(at, event);
    }

    /// Mostly plain but for one thing.
    fn any_event(&self, here: u8, devices: u8, rng: &mut impl Rng) -> Event {
        let mut event = Event {
            device: if rng.random_ratio(3, 4) {
                here
            } else {
                rng.random_range(0..devices)
            },
            ..Event::plain(What::Onward)
        };
        loop {
            match rng.random_range(0..4) {
                0 | 1 => event.what = any(&self.whats, What::Onward, rng),
                2 => event.when = any(&self.whens, When::InTime, rng),
                _ => event.how = any(&self.hows, How::Plainly, rng),
            }
            if rng.random_ratio(2, 3) {
                return event;
            }
        }
    }

    fn change_event(&self, case: &mut Case, rng: &mut impl Rng) {
        let devices = case.devices;
        let Some(event) = pick_mut(&mut case.events, rng) else {
            return self.insert(case, rng);
        };
        match rng.random_range(0..5) {
            0 => event.what = any(&self.whats, What::Onward, rng),
            1 | 2 => event.when = any(&self.whens, When::InTime, rng),
            3 => event.how = any(&self.hows, How::Plainly, rng),
            _ => event.device = rng.random_range(0..devices),
        }
    }
}

/// The homes in which nothing has happened yet: those with one thing out of the ordinary, and last
/// the plain one.
pub(crate) fn homes() -> Vec<Case> {
    let plain = Case::plain(Vec::new());
    let named = |names| Case {
        names,
        ..plain.clone()
    };
    let off = Case {
        messaging: false,
        ..plain.clone()
    };
    vec![named([0, 0]), named([0, 1]), off, plain]
}

/// Goes on as the other case from some event on.
pub(crate) fn splice(case: &mut Case, other: &Case, rng: &mut impl Rng) {
    let kept = rng.random_range(0..=case.events.len());
    let from = rng.random_range(0..=other.events.len());
    case.events.truncate(kept);
    case.events.extend(other.events.iter().skip(from));
    settle(case);
}

/// Keeps to what can be written: so many events, on devices that there are.
fn settle(case: &mut Case) {
    case.events.truncate(EVENTS_MAX);
    for event in &mut case.events {
        event.device %= case.devices;
    }
}

/// Something that was done is done again, right then or later, there or on another device.
fn repeat(case: &mut Case, rng: &mut impl Rng) {
    let span = any_span(case, rng);
    let at = rng.random_range(span.start..=case.events.len());
    let mut copy = case.events[span].to_vec();
    if rng.random_ratio(1, 3) {
        let device = rng.random_range(0..case.devices);
        for event in &mut copy {
            event.device = device;
        }
    }
    case.events.splice(at..at, copy);
}

fn leave_out(case: &mut Case, rng: &mut impl Rng) {
    let span = any_span(case, rng);
    case.events.drain(span);
}

fn swap(case: &mut Case, rng: &mut impl Rng) {
    let places = 0..case.events.len();
    if !places.is_empty() {
        let (one, other) = (rng.random_range(places.clone()), rng.random_range(places));
        case.events.swap(one, other);
    }
}

fn change_home(case: &mut Case, rng: &mut impl Rng) {
    match rng.random_range(0..4) {
        0 | 1 => move_house(case, rng),
        2 => case.devices = rng.random_range(1..=3),
        _ => case.messaging = !case.messaging,
    }
}

/// The same happens with another seed and, perhaps, to people of other names.
pub(crate) fn move_house(case: &mut Case, rng: &mut impl Rng) {
    case.seed = rng.random();
    let name = rng.random_range(0..NAMES_COUNT);
    match rng.random_range(0..4) {
        0 | 2 => case.names = [name, rng.random_range(0..NAMES_COUNT)],
        // Names that are alike stand beside each other.
        1 => case.names = [name, name ^ 1],
        _ => {}
    }
}

/// A few events in a row, mostly one.
fn any_span(case: &Case, rng: &mut impl Rng) -> std::ops::Range<usize> {
    let count = case.events.len();
    let from = rng.random_range(0..count.max(1)).min(count);
    let length = if rng.random_ratio(3, 4) {
        1
    } else {
        rng.random_range(1..=SPAN_MAX)
    };
    from..(from + length).min(count)
}

fn any<T: Copy>(from: &[T], otherwise: T, rng: &mut impl Rng) -> T {
    from.choose(rng).copied().unwrap_or(otherwise)
}

fn pick_mut<'a, T>(from: &'a mut [T], rng: &mut impl Rng) -> Option<&'a mut T> {
    let places = 0..from.len();
    if places.is_empty() {
        return None;
    }
    from.get_mut(rng.random_range(places))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn numbered(count: u8) -> Case {
        let events = (0..count).map(|at| Event {
            what: WHATS[usize::from(at)].0,
            ..Event::plain(What::Time)
        });
        Case::plain(events.collect())
    }

    /// Each thing out of the ordinary has one turn, and after them there are no more.
    #[test]
    fn one_thing_at_a_time_is_each_thing_once() {
        let turns = 0..Swarm::singles(2);
        let events: Vec<Event> = turns.filter_map(|turn| Swarm::one(turn, 1, 2)).collect();
        let mut distinct = events.clone();
        distinct.sort_by_key(|event| (event.what, event.when, event.how, event.device));
        distinct.dedup();
        assert_eq!(distinct.len(), events.len());
        assert_eq!(events.len(), 2 * WHATS.len() + WHENS.len() + HOWS.len() - 3);
        assert!(!events.contains(&Event {
            device: 1,
            ..Event::plain(What::Onward)
        }));
        assert_eq!(Swarm::one(Swarm::singles(2), 1, 2), None);
    }

    /// What is left out of a swarm does not happen, and what leads on always may.
    #[test]
    fn a_swarm_keeps_to_what_may_happen() {
        let rng = &mut ChaCha8Rng::seed_from_u64(1);
        for _ in 0..100 {
            let swarm = Swarm::any(rng);
            let allows = |event: &Event| {
                swarm.whats.contains(&event.what)
                    && swarm.whens.contains(&event.when)
                    && swarm.hows.contains(&event.how)
            };
            assert!(allows(&Event::plain(What::Onward)));
            assert!(swarm.whats.len() < WHATS.len());
            let mut case = numbered(0);
            swarm.extend(&mut case, rng);
            assert!(case.events.iter().all(allows), "{case}");
        }
    }

    /// Over many seeds a change makes the case longer, shorter, and leaves its length.
    #[test]
    fn changes_do_what_they_are_called() {
        for seed in 0..200 {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let before = numbered(10);
            let after = |change: fn(&mut Case, &mut ChaCha8Rng), rng: &mut ChaCha8Rng| {
                let mut case = before.clone();
                change(&mut case, rng);
                case
            };
            let whats = |case: &Case| {
                case.events
                    .iter()
                    .map(|event| event.what)
                    .collect::<Vec<_>>()
            };
            assert_eq!(
                after(|case, rng| Swarm::all().insert(case, rng), rng)
                    .events
                    .len(),
                11
            );
            let fewer = after(leave_out, rng);
            assert!((2..10).contains(&fewer.events.len()));
            assert!(
                fewer
                    .events
                    .iter()
                    .all(|event| before.events.contains(event))
            );
            let more = after(repeat, rng);
            assert!((11..=18).contains(&more.events.len()));
            let known = whats(&before);
            assert!(whats(&more).iter().all(|what| known.contains(what)));
            let swapped = after(swap, rng);
            let places = before.events.iter().zip(&swapped.events);
            assert!(matches!(
                places.filter(|(one, other)| one != other).count(),
                0 | 2
            ));
            let changed = after(|case, rng| Swarm::all().change_event(case, rng), rng);
            let places = before.events.iter().zip(&changed.events);
            assert!(places.filter(|(one, other)| one != other).count() <= 1);
            assert_eq!(whats(&after(change_home, rng)), whats(&before));
        }
    }
}
