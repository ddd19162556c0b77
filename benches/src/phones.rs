//! Phrases to listen for, and a stream of phones to hear them in.

use crate::path::Work;
use mondegreen_phonetics::{
    Hit, Lexicon, Nats, Phone, Phrase, Search, Spotter, distance, near_miss, within,
};
use std::hint::black_box;

/// Half a nat a phone: as near as the nearer ones of the published triggers.
const MAX_COST: Nats = Nats::from_millis(3_000);
/// How many phrases are listened for.
pub const PHRASES: usize = 64;
/// How many phones are heard.
pub const STREAM: usize = 10_000;
/// How many near-misses are looked for.
const NEAR: usize = 1_000;

/// How common words are said.
fn common_words() -> impl Iterator<Item = Vec<Phone>> {
    let common = Lexicon::embedded()
        .entries()
        .filter(|entry| entry.level.is_some());
    common.filter_map(|entry| entry.pronunciations.into_iter().next())
}

/// Phrases of six phones.
pub fn phrases() -> Vec<Vec<Phone>> {
    let six = common_words().filter(|phones| phones.len() == 6);
    six.step_by(50).take(PHRASES).collect()
}

/// Common words, one after the other: some hide a phrase.
pub fn stream() -> Vec<Phone> {
    common_words().step_by(9).flatten().take(STREAM).collect()
}

/// The number of hits, and the cheapest of each phrase.
pub fn hear(spotter: &mut Spotter, stream: &[Phone]) -> (usize, Vec<Option<Hit>>) {
    let mut count = 0;
    let mut best = vec![None; PHRASES];
    let mut take = |phrase: usize, hit: Hit| {
        count += 1;
        let known: &mut Option<Hit> = &mut best[phrase];
        if known.is_none_or(|known| hit.cost < known.cost) {
            *known = Some(hit);
        }
    };
    for &phone in stream {
        spotter.push(phone, |spotted| take(spotted.phrase, spotted.hit));
    }
    spotter.finish(|spotted| take(spotted.phrase, spotted.hit));
    (count, best)
}

/// All phrases, in a stream.
pub(crate) fn spotting() -> Work {
    let (phrases, stream) = (phrases(), stream());
    assert_eq!((phrases.len(), stream.len()), (PHRASES, STREAM));
    let phrases: Vec<Phrase> = phrases
        .into_iter()
        .map(|phones| Phrase {
            phones,
            max_cost: MAX_COST,
        })
        .collect();
    let mut spotter = Spotter::new(&phrases);
    let (count, best) = hear(&mut spotter, &stream);
    for (phrase, best) in phrases.iter().zip(best) {
        let whole = within(&phrase.phones, &stream);
        assert_eq!(best, (whole.cost <= MAX_COST).then_some(whole));
    }
    assert!(count > 50, "only {count} hits");
    Work::new(stream.len(), move || {
        let mut hits = 0;
        for &phone in black_box(&stream) {
            spotter.push(phone, |_| hits += 1);
        }
        spotter.finish(|_| hits += 1);
        hits
    })
}

/// Common words in pairs, each with another.
pub fn pairs() -> Vec<[Vec<Phone>; 2]> {
    let words: Vec<Vec<Phone>> = common_words().step_by(40).take(500).collect();
    let others = words.iter().rev().cloned();
    words
        .iter()
        .cloned()
        .zip(others)
        .map(<[_; 2]>::from)
        .collect()
}

/// How far the words of each pair are apart.
pub(crate) fn distances() -> Work {
    let pairs = pairs();
    assert_eq!(pairs.len(), 500);
    for [a, b] in &pairs {
        assert_eq!(distance(a, b), distance(b, a));
        assert_eq!(distance(a, b) == Nats::ZERO, a == b);
    }
    Work::new(pairs.len(), move || {
        let costs = black_box(&pairs)
            .iter()
            .map(|[a, b]| distance(a, b).millis() as usize);
        costs.sum()
    })
}

/// The thousand texts nearest to "alexa", of up to three common words.
pub(crate) fn searching() -> Work {
    let search = Search::common();
    let found = search.near("alexa", NEAR, 1..=3);
    assert_eq!(found.len(), NEAR);
    assert!(found.is_sorted_by_key(|miss| miss.cost));
    for miss in found.iter().step_by(50) {
        let again = near_miss("alexa", &miss.text);
        assert_eq!(again.map(|again| again.cost), Some(miss.cost));
    }
    Work::new(1, move || {
        let found = search.near(black_box("alexa"), NEAR, 1..=3);
        found.iter().map(|miss| miss.text.len()).sum()
    })
}
