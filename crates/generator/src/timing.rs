//! When things are said: how long speech takes, who waits for whom, who talks over whom.
//!
//! All times are whole milliseconds of virtual time. Talk is meant to come to about 6,600 words an
//! hour (Dubois et al., PETS 2020), which leaves some two seconds of silence an utterance: most of
//! it lies in lulls between topics, for turns follow one another within half a second or overlap.

use mondegreen_phonetics::transcribe;
use rand::{Rng, RngExt};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// How long a phone takes on average in unhurried talk.
const PHONE_MS: u64 = 80;

/// What the shortest word takes.
const WORD_MS_MIN: u64 = 90;

/// Silence between topics, while people do something else.
const LULL_MS: RangeInclusive<u64> = 3_000..=44_000;

/// Waits before a turn, each with its weight out of 100. A wait below zero is an overlap.
const TURN_WAITS_MS: [(u32, RangeInclusive<i64>); 4] = [
    (18, -700..=-50),
    (52, 0..=500),
    (20, 500..=1_500),
    (10, 1_500..=5_000),
];

/// When a listener chimes in, against the end of what is being said.
const CHIME_IN_MS: RangeInclusive<i64> = -900..=350;

/// How long a text takes to say, in milliseconds: 80 a phone, and at least 90 a word. Text without
/// English sounds takes none.
pub fn speech_ms(text: &str) -> u64 {
    let words = transcribe(text);
    let of_word = |phones: usize| (phones as u64 * PHONE_MS).max(WORD_MS_MIN);
    words.iter().map(|word| of_word(word.phones.len())).sum()
}

/// Virtual time in milliseconds, as talk moves it on.
#[derive(Debug)]
pub(crate) struct Clock {
    /// When the last thing said began; nothing is placed before it.
    latest: u64,
    /// When the one who holds the floor ends.
    floor_ends: u64,
    /// When each person will have done speaking.
    done: BTreeMap<usize, u64>,
}

impl Clock {
    pub(crate) fn starting_at(from_ms: u64) -> Self {
        Self {
            latest: from_ms,
            floor_ends: from_ms,
            done: BTreeMap::new(),
        }
    }

    /// Lets a silence pass.
    pub(crate) fn lull(&mut self, rng: &mut impl Rng) {
        let lull = rng.random_range(LULL_MS);
        self.floor_ends = self.floor_ends.saturating_add(lull);
    }

    /// When someone says this in turn: from, to.
    pub(crate) fn take_turn(
        &mut self,
        person: usize,
        text: &str,
        rng: &mut impl Rng,
    ) -> (u64, u64) {
        let mut left = rng.random_range(0..TURN_WAITS_MS.iter().map(|(weight, _)| weight).sum());
        let waits = TURN_WAITS_MS.into_iter().find(|(weight, _)| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        });
        let wait = waits.map_or(0, |(_, range)| rng.random_range(range));
        let span = self.place(person, wait, text);
        self.floor_ends = self.floor_ends.max(span.1);
        span
    }

    /// When a listener says this beside the one who holds the floor: from, to.
    pub(crate) fn chime_in(&mut self, person: usize, text: &str, rng: &mut impl Rng) -> (u64, u64) {
        let wait = rng.random_range(CHIME_IN_MS);
        self.place(person, wait, text)
    }

    fn place(&mut self, person: usize, wait: i64, text: &str) -> (u64, u64) {
        let wished = self.floor_ends.saturating_add_signed(wait);
        let free = self.done.get(&person).copied().unwrap_or(0);
        let from = wished.max(self.latest).max(free);
        let to = from.saturating_add(speech_ms(text));
        self.latest = from;
        self.done.insert(person, to);
        (from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn speech_takes_its_time() {
        assert_eq!(speech_ms(""), 0);
        assert_eq!(speech_ms("Right."), 240);
        let sentence = speech_ms("I got a letter from the council yesterday.");
        assert!((1_500..3_500).contains(&sentence), "{sentence}");
    }

    #[test]
    fn time_stops_at_its_limit() {
        let mut clock = Clock::starting_at(u64::MAX - 100);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        clock.lull(&mut rng);
        for person in [0, 1, 0] {
            let (from, to) = clock.take_turn(person, "I got a letter.", &mut rng);
            assert!(u64::MAX - 100 <= from && from <= to);
        }
    }
}
