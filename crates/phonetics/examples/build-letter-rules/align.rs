//! Cuts words and their phones into graphones, by expectation maximisation.
//!
//! A graphone is a letter with no, one or two phones. Nothing is known at first but that one phone
//! is the rule.

use mondegreen_phonetics::{Graphone, Phone};
use std::ops::Range;

const ROUNDS: usize = 12;
/// A graphone that is expected less often is an accident of a foreign name or a misprint.
const EXPECTED_MIN: f64 = 2.0;
/// Weights, to begin with, of a letter with no, one and two phones.
const FIRST_WEIGHTS: [f64; 3] = [0.05, 1.0, 0.05];
/// None, each phone, each pair of phones.
const SOUNDS: usize = 1 + Phone::COUNT + Phone::COUNT * Phone::COUNT;
const LETTERS: usize = 26;

/// A word of the letters `a` to `z` and one way to say it.
pub(crate) struct Said {
    pub(crate) word: String,
    pub(crate) phones: Vec<Phone>,
}

/// The most probable cut of each word that can be cut.
pub(crate) fn align(said: &[Said]) -> Vec<Vec<Graphone>> {
    let mut weights = first_weights();
    for _ in 0..ROUNDS {
        let mut expected = vec![0.0; weights.len()];
        for one in said {
            expect(one, &weights, &mut expected);
        }
        for count in &mut expected {
            *count = if *count < EXPECTED_MIN { 0.0 } else { *count };
        }
        let total: f64 = expected.iter().sum();
        weights = expected.into_iter().map(|count| count / total).collect();
    }
    said.iter().filter_map(|one| cut(one, &weights)).collect()
}

/// Where the weight of a graphone stands; none for more than two phones.
fn slot(letter: u8, phones: &[Phone]) -> Option<usize> {
    let sound = match phones {
        [] => 0,
        [one] => 1 + one.index(),
        [one, two] => 1 + Phone::COUNT * (1 + one.index()) + two.index(),
        _ => return None,
    };
    Some(usize::from(letter - b'a') * SOUNDS + sound)
}

fn first_weights() -> Vec<f64> {
    let sounds = (0..SOUNDS).map(|sound| match sound {
        0 => FIRST_WEIGHTS[0],
        1..=Phone::COUNT => FIRST_WEIGHTS[1],
        _ => FIRST_WEIGHTS[2],
    });
    sounds.cycle().take(LETTERS * SOUNDS).collect()
}

/// Every graphone that some cut may have: its letter, where its phones begin and end, and where
/// its weight stands; ordered by letters.
fn pieces(one: &Said) -> impl Iterator<Item = (usize, Range<usize>, usize)> {
    let (letters, phones) = (one.word.bytes().enumerate(), &one.phones);
    letters.flat_map(move |(i, letter)| {
        let begins =
            (0..=phones.len()).flat_map(|j| (0..FIRST_WEIGHTS.len()).map(move |n| j..j + n));
        begins.filter_map(move |range| {
            let slot = slot(letter, phones.get(range.clone())?)?;
            Some((i, range, slot))
        })
    })
}

/// Adds how often each graphone is expected in the cuts of this word.
fn expect(one: &Said, weights: &[f64], expected: &mut [f64]) {
    let (rows, width) = (one.word.len() + 1, one.phones.len() + 1);
    let pieces: Vec<_> = pieces(one)
        .filter(|(_, _, slot)| weights[*slot] > 0.0)
        .collect();
    let mut before = vec![0.0; rows * width];
    let mut behind = vec![0.0; rows * width];
    before[0] = 1.0;
    behind[rows * width - 1] = 1.0;
    let corners =
        |i: usize, phones: &Range<usize>| (i * width + phones.start, (i + 1) * width + phones.end);
    for (i, phones, slot) in &pieces {
        let (from, to) = corners(*i, phones);
        before[to] += before[from] * weights[*slot];
    }
    for (i, phones, slot) in pieces.iter().rev() {
        let (from, to) = corners(*i, phones);
        behind[from] += behind[to] * weights[*slot];
    }
    let all = behind[0];
    if all > 0.0 {
        for (i, phones, slot) in pieces {
            let (from, to) = corners(i, &phones);
            let through = before[from] * weights[slot] * behind[to];
            expected[slot] += through / all;
        }
    }
}

/// The most probable cut.
fn cut(one: &Said, weights: &[f64]) -> Option<Vec<Graphone>> {
    let width = one.phones.len() + 1;
    let mut best = vec![(0.0, 0); (one.word.len() + 1) * width];
    best[0].0 = 1.0;
    for (i, phones, slot) in pieces(one) {
        let weight = best[i * width + phones.start].0 * weights[slot];
        let there = &mut best[(i + 1) * width + phones.end];
        if weight > there.0 {
            *there = (weight, phones.start);
        }
    }
    let mut end = one.phones.len();
    let mut graphones = Vec::new();
    for (i, letter) in one.word.char_indices().rev() {
        let (weight, begin) = best[(i + 1) * width + end];
        if weight <= 0.0 {
            return None;
        }
        let phones = one.phones[begin..end].to_vec();
        graphones.push(Graphone { letter, phones });
        end = begin;
    }
    graphones.reverse();
    Some(graphones)
}
