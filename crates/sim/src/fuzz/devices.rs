//! Two conversations at the same time, each with a device of its own in one home.
//!
//! The order in which their events happen stands apart from the events, so that a fuzzer can change
//! the one and leave the other: each conversation still makes sense when they are shuffled.

use crate::case::{Case, Event};
use std::iter;

/// How many bytes say in which order things happen: a bit for each event.
pub(super) const ORDER_BYTES: usize = 8;
/// The byte of a case that says how many devices there are, and whether messaging is on.
const HOME_BYTE: usize = 2;
/// Two devices, messaging on.
const TWO_DEVICES: u8 = 2;

/// The case in which two conversations are held at once. The first eight bytes say which of them
/// goes on, bit by bit; a case follows, whose events belong to the one or the other by their device.
pub fn interleaved(bytes: &[u8]) -> Case {
    let (order, case) = bytes.split_at(bytes.len().min(ORDER_BYTES));
    let mut case = case.to_vec();
    if let Some(home) = case.get_mut(HOME_BYTE) {
        *home = *home % 2 + TWO_DEVICES;
    }
    let mut case = Case::from_bytes(&case);
    case.events = shuffled(&case.events, order);
    case
}

fn shuffled(events: &[Event], order: &[u8]) -> Vec<Event> {
    let of = |device| events.iter().filter(move |event| event.device == device);
    let (mut first, mut second) = (of(0), of(1));
    let bits = order
        .iter()
        .flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1));
    let next = |bit| {
        let chosen = if bit == 0 {
            first.next()
        } else {
            second.next()
        };
        chosen.or_else(|| first.next()).or_else(|| second.next())
    };
    bits.chain(iter::repeat(0))
        .map_while(next)
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::What::{self, No, Talk, Time, Wake, Yes};
    use proptest::prelude::*;

    fn on(device: u8, what: What) -> Event {
        Event {
            device,
            ..Event::plain(what)
        }
    }

    #[test]
    fn bits_say_which_conversation_goes_on() {
        let events = vec![on(0, Wake), on(0, Yes), on(1, No), on(1, Talk), on(0, Time)];
        let whats = |order: u8| {
            let order = [&[order][..], &[0; 7]].concat();
            let case = Case::plain(events.clone()).to_bytes();
            let case = interleaved(&[order, case].concat());
            case.events
                .iter()
                .map(|event| event.what)
                .collect::<Vec<_>>()
        };
        assert_eq!(whats(0b0000_0000), [Wake, Yes, Time, No, Talk]);
        assert_eq!(whats(0b0000_0101), [No, Wake, Talk, Yes, Time]);
        assert_eq!(whats(0b0001_1111), [No, Talk, Wake, Yes, Time]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Nothing is lost, and each conversation keeps its own order, on two devices.
        #[test]
        fn conversations_keep_their_order(bytes in prop::collection::vec(any::<u8>(), 11..300)) {
            let case = interleaved(&bytes);
            prop_assert_eq!(case.devices, 2);
            let mut apart = bytes[ORDER_BYTES..].to_vec();
            apart[HOME_BYTE] = TWO_DEVICES;
            let apart = Case::from_bytes(&apart).events;
            for device in 0..2 {
                let of = |events: &[Event]| {
                    let mut events = events.to_vec();
                    events.retain(|event| event.device == device);
                    events
                };
                prop_assert_eq!(of(&case.events), of(&apart));
            }
            prop_assert_eq!(case.events.len(), apart.len());
        }
    }
}
