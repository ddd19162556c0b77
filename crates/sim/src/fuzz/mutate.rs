//! Mutates inputs by the events that they mean, for a fuzzer that knows bytes alone.
//!
//! A changed byte in the middle of a case is mostly a changed event; but bytes that are inserted or
//! cut off by ones shift all fields that follow. Here whole events come, go, change places and
//! change in one field, and what comes in is mostly plain, for plain events lead on.

use super::devices::ORDER_BYTES;
use crate::case::Case;
use crate::search::swarm::{Swarm, splice};
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Changes the case in the first `size` bytes; it takes at most `size_max` bytes then.
///
/// The same bytes and seed give the same. Says how many bytes it takes.
pub fn mutate_case(data: &mut [u8], size: usize, size_max: usize, seed: u32) -> usize {
    let mut rng = ChaCha8Rng::seed_from_u64(seed.into());
    let mut case = Case::from_bytes(head(data, size));
    mutate(&mut case, &mut rng);
    write(&case.to_bytes(), data, size_max)
}

/// The same for two conversations and their order, as [`super::devices`] reads them.
pub fn mutate_devices(data: &mut [u8], size: usize, size_max: usize, seed: u32) -> usize {
    let mut rng = ChaCha8Rng::seed_from_u64(seed.into());
    let bytes = head(data, size);
    let (order, case) = bytes.split_at(bytes.len().min(ORDER_BYTES));
    let mut case = Case::from_bytes(case);
    let mut mutated = order.to_vec();
    mutated.resize(ORDER_BYTES, 0);
    if rng.random_ratio(1, 3) {
        let at = rng.random_range(0..ORDER_BYTES);
        mutated[at] ^= 1 << rng.random_range(0..8);
    } else {
        mutate(&mut case, &mut rng);
    }
    mutated.extend(case.to_bytes());
    write(&mutated, data, size_max)
}

/// A case that begins as one and goes on as another; says how many bytes of `out` it takes.
pub fn splice_cases(one: &[u8], other: &[u8], out: &mut [u8], seed: u32) -> usize {
    let mut rng = ChaCha8Rng::seed_from_u64(seed.into());
    let mut case = Case::from_bytes(one);
    splice(&mut case, &Case::from_bytes(other), &mut rng);
    write(&case.to_bytes(), out, out.len())
}

/// The same for two conversations, in the order of the first.
pub fn splice_devices(one: &[u8], other: &[u8], out: &mut [u8], seed: u32) -> usize {
    let mut rng = ChaCha8Rng::seed_from_u64(seed.into());
    let parts = |bytes: &[u8]| {
        let (order, case) = bytes.split_at(bytes.len().min(ORDER_BYTES));
        (order.to_vec(), Case::from_bytes(case))
    };
    let ((mut order, mut case), (_, other)) = (parts(one), parts(other));
    order.resize(ORDER_BYTES, 0);
    splice(&mut case, &other, &mut rng);
    order.extend(case.to_bytes());
    write(&order, out, out.len())
}

fn head(data: &[u8], size: usize) -> &[u8] {
    data.get(..size).unwrap_or(data)
}

/// Writes as much as fits; an event that is cut off is left out when it is read again.
fn write(bytes: &[u8], data: &mut [u8], size_max: usize) -> usize {
    let size = bytes.len().min(size_max).min(data.len());
    data[..size].copy_from_slice(&bytes[..size]);
    size
}

fn mutate(case: &mut Case, rng: &mut impl Rng) {
    Swarm::all().change(case, rng);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{EVENTS_MAX, Event, HOWS, WHATS, WHENS};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const ROOM: usize = 300;

    fn mutated(bytes: &[u8], size_max: usize, seed: u32) -> Vec<u8> {
        let mut data = bytes.to_vec();
        data.resize(bytes.len().max(size_max), 0xAA);
        let size = mutate_case(&mut data, bytes.len(), size_max, seed);
        data.truncate(size);
        data
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_mutated_fits_and_reads_back(
            bytes in prop::collection::vec(any::<u8>(), 0..ROOM),
            size_max in 0..ROOM,
            seed: u32,
        ) {
            let after = mutated(&bytes, size_max, seed);
            prop_assert!(after.len() <= size_max);
            prop_assert_eq!(&after, &mutated(&bytes, size_max, seed));
            let mut case = Case::from_bytes(&bytes);
            mutate(&mut case, &mut ChaCha8Rng::seed_from_u64(seed.into()));
            let whole = case.to_bytes();
            prop_assert_eq!(&after[..], &whole[..size_max.min(whole.len())]);
            prop_assert_eq!(Case::from_bytes(&whole), case);
        }

        #[test]
        fn two_conversations_are_mutated_as_one_or_in_their_order(
            bytes in prop::collection::vec(any::<u8>(), 0..ROOM),
            seed: u32,
        ) {
            let mut data = vec![0xAA; 2 * ROOM];
            data[..bytes.len()].copy_from_slice(&bytes);
            let size = mutate_devices(&mut data, bytes.len(), 2 * ROOM, seed);
            let mut before = bytes.clone();
            before.resize(before.len().max(ORDER_BYTES), 0);
            let (order, case) = data[..size].split_at(ORDER_BYTES);
            let is_same = Case::from_bytes(case) == Case::from_bytes(&before[ORDER_BYTES..]);
            prop_assert!(is_same || *order == before[..ORDER_BYTES]);
        }

        #[test]
        fn a_splice_begins_as_one_and_ends_as_the_other(
            one in prop::collection::vec(any::<u8>(), 0..ROOM),
            other in prop::collection::vec(any::<u8>(), 0..ROOM),
            seed: u32,
        ) {
            let mut out = vec![0; 2 * ROOM];
            let size = splice_cases(&one, &other, &mut out, seed);
            let (one, other) = (Case::from_bytes(&one), Case::from_bytes(&other));
            let spliced = Case::from_bytes(&out[..size]);
            prop_assert_eq!((spliced.seed, spliced.names), (one.seed, one.names));
            let on_here = |event: &Event| Event { device: event.device % one.devices, ..*event };
            let other: Vec<Event> = other.events.iter().map(on_here).collect();
            let same = spliced.events.iter().zip(&one.events);
            let kept = same.take_while(|(spliced, one)| spliced == one).count();
            let is_end = |from: usize| {
                let end = &spliced.events[from..];
                spliced.events.len() == EVENTS_MAX || other.ends_with(end)
            };
            prop_assert!((0..=kept).any(is_end), "{:?}", spliced.events);
        }
    }

    /// Whatever a case can hold comes up, from nothing.
    #[test]
    fn every_kind_of_event_is_reached() {
        let (mut whats, mut whens, mut hows) = (vec![], vec![], vec![]);
        let (mut names, mut devices, mut messaging) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut bytes = Vec::new();
        for seed in 0..20_000 {
            bytes = mutated(&bytes, ROOM, seed);
            let case = Case::from_bytes(&bytes);
            names.insert(case.names);
            devices.insert(case.devices);
            messaging.insert(case.messaging);
            for event in case.events {
                whats.push(event.what);
                whens.push(event.when);
                hows.push(event.how);
            }
        }
        assert!(WHATS.iter().all(|(what, _)| whats.contains(what)));
        assert!(WHENS.iter().all(|(when, _)| whens.contains(when)));
        assert!(HOWS.iter().all(|(how, _)| hows.contains(how)));
        assert_eq!((names.len(), devices.len(), messaging.len()), (64, 3, 2));
    }
}
