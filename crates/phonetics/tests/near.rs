//! The near-miss search against brute force, and against what is known to be near.

use mondegreen_phonetics::{
    Entry, Lexicon, Nats, Phone, Search, align, distance, near_miss, pronunciations, within,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// All texts of one to three words, in order, each with the cost of its best way to be said.
fn by_brute_force(
    entries: &[Entry],
    phrase: &str,
    words: std::ops::RangeInclusive<usize>,
) -> Vec<(Nats, usize, String)> {
    let mut texts: BTreeMap<(usize, String), Vec<Vec<Phone>>> = BTreeMap::new();
    let mut ways: Vec<(String, Vec<Phone>)> = vec![(String::new(), Vec::new())];
    for count in 1..=*words.end() {
        let longer = |(text, said): &(String, Vec<Phone>)| {
            let (text, said) = (text.clone(), said.clone());
            entries
                .iter()
                .flat_map(move |entry| {
                    let text = format!("{text} {}", entry.word).trim_start().to_owned();
                    let said = said.clone();
                    entry
                        .pronunciations
                        .iter()
                        .map(move |phones| (text.clone(), [said.as_slice(), phones].concat()))
                })
                .collect::<Vec<_>>()
        };
        ways = ways.iter().flat_map(longer).collect();
        for (text, said) in ways.iter().filter(|_| words.contains(&count)) {
            texts
                .entry((count, text.clone()))
                .or_default()
                .push(said.clone());
        }
    }
    let heard = pronunciations(phrase);
    let mut found: Vec<_> = texts
        .into_iter()
        .filter(|((_, text), _)| text != phrase)
        .map(|((count, text), said)| {
            let costs = said
                .iter()
                .flat_map(|said| heard.iter().map(move |heard| distance(said, heard)));
            (costs.min().expect("a way to say it"), count, text)
        })
        .collect();
    found.sort();
    found
}

fn found_by(
    search: &Search,
    phrase: &str,
    n: usize,
    words: std::ops::RangeInclusive<usize>,
) -> Vec<(Nats, usize, String)> {
    let found = search.near(phrase, n, words).into_iter();
    found
        .map(|miss| (miss.cost, miss.text.split(' ').count(), miss.text))
        .collect()
}

fn small_dictionary() -> Vec<Entry> {
    let words = "a at ate eight ess lex let letter like message right rite sand send the to";
    words
        .split_whitespace()
        .filter_map(|word| Lexicon::embedded().entry(word))
        .collect()
}

/// Many ties: homophones, and words that are said in two ways.
#[test]
fn the_search_finds_what_brute_force_finds() {
    let entries = small_dictionary();
    assert_eq!(entries.len(), 16);
    let search = Search::new(entries.clone());
    for (phrase, words) in [
        ("alexa", 1..=3),
        ("right", 1..=3),
        ("send message", 1..=3),
        ("marie", 2..=2),
        ("at", 1..=2),
        ("read the tomato", 1..=3),
    ] {
        let all = by_brute_force(&entries, phrase, words.clone());
        for n in [1, 2, 17, 300, all.len(), all.len() + 9] {
            let want = &all[..n.min(all.len())];
            assert_eq!(
                found_by(&search, phrase, n, words.clone()),
                want,
                "{phrase} {n}"
            );
        }
        for place in [0, 5, all.len() / 7] {
            let rank = search.rank(phrase, &all[place].2, words.clone());
            assert_eq!(rank, Some(place + 1), "{phrase} {}", all[place].2);
        }
    }
}

/// The many ways to say the nearest words leave room for words that are further off.
#[test]
fn many_ways_to_say_a_word_crowd_out_no_other() {
    let ways = |begin: &str| {
        let ends = ["AH", "AE", "AA", "EH", "ER"];
        let way = |end: &str| {
            let symbols = begin.split(' ').chain([end]).map(str::parse);
            symbols.collect::<Result<Vec<Phone>, _>>().expect("phones")
        };
        ends.map(way).to_vec()
    };
    let words = [
        ("a", "AH L EH K S"),
        ("b", "AH L EH K Z"),
        ("c", "N"),
        ("d", "M N"),
    ];
    let entries = words.map(|(word, begin)| Entry {
        word: word.to_owned(),
        level: None,
        pronunciations: ways(begin),
    });
    let want = by_brute_force(&entries, "alexa", 1..=1);
    let search = Search::new(entries);
    for n in 1..=4 {
        assert_eq!(found_by(&search, "alexa", n, 1..=1), want[..n]);
    }
}

fn any_entry() -> impl Strategy<Value = Entry> {
    use Phone::{AH, EH, K, L, S};
    let phones = prop::collection::vec(prop::sample::select(vec![AH, EH, K, L, S]), 1..4);
    ("[a-c]{1,2}", prop::collection::vec(phones, 1..5)).prop_map(|(word, pronunciations)| Entry {
        word,
        level: None,
        pronunciations,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_dictionary_is_searched_exactly(
        entries in prop::collection::btree_map("[a-c]{1,2}", any_entry(), 0..5),
        n in 1_usize..25,
        first in 1_usize..=3,
    ) {
        let entries: Vec<Entry> = entries.into_iter().map(|(word, entry)| Entry { word, ..entry }).collect();
        let mut want = by_brute_force(&entries, "alexa", first..=3);
        want.truncate(n);
        prop_assert_eq!(found_by(&Search::new(entries), "alexa", n, first..=3), want);
    }
}

#[test]
fn a_near_miss_says_how_it_is_heard() {
    let near = Search::common().near("send message", 200, 1..=3);
    for miss in &near {
        let ways = pronunciations("send message");
        let best = ways
            .iter()
            .map(|heard| align(&miss.said, heard))
            .find(|way| *way == miss.alignment);
        assert_eq!(best.map(|way| way.cost), Some(miss.cost), "{}", miss.text);
        let again = near_miss("send message", &miss.text).expect("it can be said");
        assert_eq!(again.cost, miss.cost, "{}", miss.text);
    }
    assert_eq!((near.len(), near[0].text.as_str()), (200, "sand message"));
}

#[test]
fn homophones_are_found_and_the_phrase_itself_is_not() {
    let near = Search::common().near("Right!", 3, 1..=3);
    let texts: Vec<_> = near
        .iter()
        .map(|miss| (miss.text.as_str(), miss.cost))
        .collect();
    assert_eq!(
        texts,
        [
            ("rite", Nats::ZERO),
            ("wright", Nats::ZERO),
            ("write", Nats::ZERO)
        ]
    );
}

/// Published accidental wake-ups, in the whole dictionary.
#[test]
fn published_triggers_have_a_place() {
    let search = Search::rare();
    assert!(
        search
            .rank("alexa", "lexa", 1..=3)
            .is_some_and(|rank| rank < 3_000)
    );
    let lecture = search.rank("alexa", "a lecture", 2..=2);
    assert!(
        lecture.is_some_and(|rank| rank < 3_000),
        "{lecture:?} of 15.9 thousand million"
    );
    // A hundredth of the dictionary.
    let hiding = search.hiding("alexa", 1_259);
    for word in ["election", "unacceptable", "lexicon"] {
        assert!(hiding.iter().any(|hiding| hiding.text == word), "{word}");
    }
    for hiding in hiding {
        let heard = pronunciations("alexa");
        let hits = heard.iter().map(|heard| within(heard, &hiding.said));
        assert_eq!(hits.min(), Some(hiding.hit), "{}", hiding.text);
    }
}

/// Against every two and three words, where all of them are part of it.
#[test]
fn what_hides_across_words_is_what_brute_force_finds() {
    let entries = small_dictionary();
    let search = Search::new(entries.clone());
    for phrase in ["alexa", "send a message", "right"] {
        let heard = pronunciations(phrase);
        let hit = |said: &[Phone]| heard.iter().map(|heard| within(heard, said)).min();
        let alone = |word: &str| {
            let entry = entries.iter().find(|entry| entry.word == word)?;
            entry
                .pronunciations
                .iter()
                .filter_map(|said| hit(said))
                .min()
        };
        let across = search.hiding_across(phrase, 100_000);
        let least = across.first().expect("a text of two words").hit.cost;
        let mut costs = Vec::new();
        for hiding in &across {
            assert_eq!(hit(&hiding.said), Some(hiding.hit), "{}", hiding.text);
            costs.push(hiding.hit.cost);
        }
        assert!(costs.is_sorted());
        // No two words do better, unless one of them does as well alone.
        for (_, _, text) in by_brute_force(&entries, phrase, 2..=2) {
            let cost = pronunciations(&text)
                .iter()
                .filter_map(|said| hit(said))
                .min();
            let cost = cost.expect("it can be said").cost;
            let mut words = text.split(' ').filter_map(alone);
            let is_alone = words.any(|hit| hit.cost <= cost);
            assert!(cost >= least || is_alone, "{text} {cost} {least}");
        }
    }
}

#[test]
fn what_cannot_be_said_has_no_near_misses() {
    let search = Search::common();
    let endless = "message ".repeat(100_000);
    for phrase in ["", "…", "дом", endless.as_str()] {
        assert!(search.near(phrase, 10, 1..=3).is_empty());
        assert!(search.hiding(phrase, 10).is_empty());
        assert!(search.hiding_across(phrase, 10).is_empty());
        assert_eq!(search.rank("alexa", phrase, 1..=3), None);
        assert_eq!(near_miss(phrase, "a letter"), None);
    }
    assert!(search.near("alexa", 0, 1..=3).is_empty());
    assert!(search.near("alexa", 10, 4..=9).is_empty());
    assert!(Search::new([]).near("alexa", 10, 1..=3).is_empty());
}
