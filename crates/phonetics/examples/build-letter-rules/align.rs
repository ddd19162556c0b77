//! Cuts words and their phones into graphones, by expectation maximisation.
//!
//! A graphone is one letter with no, one or two phones, or two letters with one phone. Nothing is
//! known at first but that single letters with single phones are the rule.

use mondegreen_phonetics::{Graphone, Phone};

const ROUNDS: usize = 12;
/// A graphone that is expected less often is an accident of a foreign name or a misprint.
const EXPECTED_MIN: f64 = 2.0;
/// Letters and phones that each kind of graphone takes, and its weight to begin with.
const KINDS: [(usize, usize, f64); 4] = [(1, 0, 0.05), (1, 1, 1.0), (1, 2, 0.05), (2, 1, 0.1)];
/// None, each phone, each pair of phones.
const SOUNDS: usize = 1 + Phone::COUNT + Phone::COUNT * Phone::COUNT;
const LETTERS: usize = 26;

/// A word of the letters `a` to `z` and one way to say it.
pub(crate) struct Said {
    pub(crate) word: String,
    pub(crate) phones: Vec<Phone>,
}

/// The most probable cut of each word that can be cut, and the graphones they are made of, sorted.
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

/// Where the weight of a graphone stands.
fn slot(letters: &[u8], phones: &[Phone]) -> usize {
    let letter = |byte: &u8| usize::from(byte - b'a');
    let spelling = match letters {
        [one] => letter(one),
        [one, two] => LETTERS * (1 + letter(one)) + letter(two),
        _ => unreachable!("a graphone has one or two letters"),
    };
    let sound = match phones {
        [] => 0,
        [one] => 1 + one.index(),
        [one, two] => 1 + Phone::COUNT * (1 + one.index()) + two.index(),
        _ => unreachable!("a graphone has at most two phones"),
    };
    spelling * SOUNDS + sound
}

fn first_weights() -> Vec<f64> {
    let mut weights = vec![0.0; LETTERS * (1 + LETTERS) * SOUNDS];
    for (at, weight) in weights.iter_mut().enumerate() {
        let (spelling, sound) = (at / SOUNDS, at % SOUNDS);
        let letters = if spelling < LETTERS { 1 } else { 2 };
        let phones = match sound {
            0 => 0,
            1..=Phone::COUNT => 1,
            _ => 2,
        };
        let kind = KINDS
            .iter()
            .find(|kind| (kind.0, kind.1) == (letters, phones));
        *weight = kind.map_or(0.0, |kind| kind.2);
    }
    weights
}

/// Every graphone that some cut may have: letters from–to, phones from–to, slot of the weight.
fn pieces(one: &Said) -> impl Iterator<Item = ([usize; 2], [usize; 2], usize)> {
    let (letters, phones) = (one.word.as_bytes(), &one.phones);
    let places = (0..letters.len()).flat_map(|i| (0..=phones.len()).map(move |j| (i, j)));
    places.flat_map(move |(i, j)| {
        KINDS.iter().filter_map(move |&(di, dj, _)| {
            let slot = slot(letters.get(i..i + di)?, phones.get(j..j + dj)?);
            Some(([i, i + di], [j, j + dj], slot))
        })
    })
}

/// Adds how often each graphone is expected in the cuts of this word.
fn expect(one: &Said, weights: &[f64], expected: &mut [f64]) {
    let (rows, width) = (one.word.len() + 1, one.phones.len() + 1);
    let pieces: Vec<_> = pieces(one)
        .filter(|&(_, _, slot)| weights[slot] > 0.0)
        .collect();
    let mut before = vec![0.0; rows * width];
    let mut behind = vec![0.0; rows * width];
    before[0] = 1.0;
    behind[rows * width - 1] = 1.0;
    for &([i, to_i], [j, to_j], slot) in &pieces {
        before[to_i * width + to_j] += before[i * width + j] * weights[slot];
    }
    for &([i, to_i], [j, to_j], slot) in pieces.iter().rev() {
        behind[i * width + j] += behind[to_i * width + to_j] * weights[slot];
    }
    let all = behind[0];
    if all > 0.0 {
        for ([i, to_i], [j, to_j], slot) in pieces {
            let through = before[i * width + j] * weights[slot] * behind[to_i * width + to_j];
            expected[slot] += through / all;
        }
    }
}

/// The most probable cut.
fn cut(one: &Said, weights: &[f64]) -> Option<Vec<Graphone>> {
    let (letters, phones) = (one.word.as_bytes(), &one.phones);
    let width = phones.len() + 1;
    let mut best = vec![(0.0, (0, 0)); (letters.len() + 1) * width];
    best[0].0 = 1.0;
    for ([i, to_i], [j, to_j], slot) in pieces(one) {
        let weight = best[i * width + j].0 * weights[slot];
        let there = &mut best[to_i * width + to_j];
        if weight > there.0 {
            *there = (weight, (i, j));
        }
    }
    let (mut to_i, mut to_j) = (letters.len(), phones.len());
    let mut graphones = Vec::new();
    while to_i > 0 {
        let (weight, (i, j)) = best[to_i * width + to_j];
        if weight <= 0.0 {
            return None;
        }
        graphones.push(Graphone {
            letters: one.word[i..to_i].to_owned(),
            phones: phones[j..to_j].to_vec(),
        });
        (to_i, to_j) = (i, j);
    }
    graphones.reverse();
    Some(graphones)
}
