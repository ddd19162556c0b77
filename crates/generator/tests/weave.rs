//! Woven sentences hold their phrase, side by side, and are fluent.

use mondegreen_generator::{is_fluent, weave};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Phrases of one to three words, as a search for near-misses gives them.
const PHRASES: [&str; 36] = [
    "a letter",
    "election",
    "unacceptable",
    "we like some",
    "like some",
    "collects a",
    "elect her",
    "unless a",
    "a lexicon",
    "her legs are",
    "relax a",
    "sent a massage",
    "send massage",
    "ten messages",
    "gym wash",
    "jim was",
    "grace hope",
    "mark ellis",
    "write",
    "ride",
    "bright",
    "all right",
    "tobacco",
    "montana",
    "a city",
    "seriously",
    "i'm sorry",
    "they're capable of",
    "a lecture",
    "electrical",
    "bell walls",
    "it's a",
    "council's",
    "massage voucher",
    "in a",
    "an election",
];

fn words(text: &str) -> Vec<String> {
    let bare = |word: &str| {
        word.trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
    };
    text.split_whitespace().map(bare).collect()
}

/// Whether the words stand side by side. The last may carry what is split off words: "the porch's".
fn holds(sentence: &str, phrase: &[&str]) -> bool {
    let phrase: Vec<String> = phrase.iter().map(|word| word.to_lowercase()).collect();
    let Some((last, before)) = phrase.split_last() else {
        return true;
    };
    words(sentence).windows(phrase.len()).any(|window| {
        let is_last =
            |word: &String| word.strip_suffix("'s").unwrap_or(word) == last || word == last;
        window.starts_with(before) && window.last().is_some_and(is_last)
    })
}

#[test]
fn phrases_are_woven_into_fluent_sentences() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for phrase in PHRASES {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        for _ in 0..20 {
            let sentence = weave(&mut rng, &phrase);
            let sentence = sentence.unwrap_or_else(|| panic!("nothing for {phrase:?}"));
            assert!(holds(&sentence, &phrase), "{phrase:?}: {sentence}");
            assert!(is_fluent(&sentence), "{phrase:?}: {sentence}");
        }
    }
}

#[test]
fn what_is_no_english_is_not_woven() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for phrase in [
        &["the", "of", "got"][..],
        &["a", "apple"],
        &["an", "letter"],
        &["zzyzx"],
        &[],
        &[""],
        &["a letter"],
        &["two", "letter"],
        &["one", "two", "three", "four", "five"],
        &["letter,"],
    ] {
        assert_eq!(weave(&mut rng, phrase), None, "{phrase:?}");
    }
}

#[test]
fn names_keep_their_capitals() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let sentence = weave(&mut rng, &["ALASDAIR", "macdonald"]).expect("a name");
    assert!(sentence.contains("Alasdair MacDonald"), "{sentence}");
}

#[test]
fn weaving_repeats_with_its_seed() {
    let woven = |seed| weave(&mut ChaCha8Rng::seed_from_u64(seed), &["election"]);
    assert_eq!(woven(1), woven(1));
    assert!((0..20).any(|seed| woven(seed) != woven(1)));
}

#[test]
fn fluent_texts_are_told_from_broken_ones() {
    for text in [
        "I got a letter.",
        "Right.",
        "Yeah.",
        "Uh-huh.",
        "I got a letter from the council yesterday.",
        "Yeah, I got a letter.",
        "That's right.",
        "Grace Hope rang again.",
        "i got a letter",
        "Oh dear. I got a letter.",
    ] {
        assert!(is_fluent(text), "{text}");
    }
    for text in [
        "got the from",
        "letter from",
        "I got a.",
        "I got a letter from the.",
        "a",
        "",
        "...",
        "the the",
        "I a letter got.",
        "got a letter",
        "I got a letter I got a letter.",
        "from the council yesterday",
    ] {
        assert!(!is_fluent(text), "{text}");
    }
}

#[test]
fn very_long_texts_are_rejected() {
    assert!(is_fluent(&"I got a letter. ".repeat(20)));
    assert!(!is_fluent(&"I got a letter. ".repeat(50_000)));
}

proptest! {
    #[test]
    fn any_text_is_judged_and_any_phrase_is_woven_or_not(text in "\\PC{0,60}", seed: u64) {
        is_fluent(&text);
        let phrase: Vec<&str> = text.split(' ').take(4).collect();
        if let Some(sentence) = weave(&mut ChaCha8Rng::seed_from_u64(seed), &phrase) {
            prop_assert!(is_fluent(&sentence), "{sentence}");
        }
    }

    /// Common words, side by side: whatever is woven is fluent and holds them.
    #[test]
    fn common_words_are_woven_fluently(at in 0usize..100_000, next in 0usize..100_000, seed: u64) {
        let lines = include_str!("../../../corpora/lexicons/word-classes.txt");
        let word = |at: usize| lines.lines().nth(at % 30_000).and_then(|line| line.split('\t').next());
        let (Some(first), Some(second)) = (word(at), word(next)) else { return Ok(()); };
        for phrase in [&[first][..], &["the", first], &[first, "a"], &[first, second], &["some", first, second]] {
            if let Some(sentence) = weave(&mut ChaCha8Rng::seed_from_u64(seed), phrase) {
                prop_assert!(holds(&sentence, phrase) && is_fluent(&sentence), "{phrase:?}: {sentence}");
            }
        }
    }
}
