//! What the spotter hears in a stream is what is there in the whole.

use mondegreen_phonetics::{
    Hit, Nats, Phone, Phrase, Spotted, Spotter, distance, gap, transcribe, within,
};
use proptest::prelude::*;

fn phones(text: &str) -> Vec<Phone> {
    transcribe(text)
        .into_iter()
        .flat_map(|word| word.phones)
        .collect()
}

fn phrase(text: &str, max_millis: u32) -> Phrase {
    Phrase {
        phones: phones(text),
        max_cost: Nats::from_millis(max_millis),
    }
}

fn hear(spotter: &mut Spotter, stream: &[Phone]) -> Vec<Spotted> {
    let mut hits = Vec::new();
    for &phone in stream {
        spotter.push(phone, |hit| hits.push(hit));
    }
    spotter.finish(|hit| hits.push(hit));
    hits
}

/// The definition: at each end, the cheapest part of the stream and of those the shortest; a hit is
/// where that is within the limit, less than one phone before and no more than one phone later.
fn by_definition(phrase: &Phrase, stream: &[Phone]) -> Vec<Hit> {
    let ending_at = |end: usize| {
        let parts =
            (0..=end).map(|start| (distance(&phrase.phones, &stream[start..end]), end - start));
        let (cost, length) = parts.min().expect("there is the empty part");
        Hit {
            cost,
            start: end - length,
            end,
        }
    };
    let best: Vec<Hit> = (0..=stream.len()).map(ending_at).collect();
    let fell = |end: usize| best[end].cost < best[end - 1].cost;
    let ends = 1..=stream.len();
    let hits = ends.filter(|&end| fell(end) && (end == stream.len() || !fell(end + 1)));
    hits.map(|end| best[end])
        .filter(|hit| hit.cost <= phrase.max_cost)
        .collect()
}

#[test]
fn published_triggers_are_heard_as_they_come_in() {
    let mut spotter = Spotter::new(&[
        phrase("alexa", 4_000),
        phrase("echo", 2_000),
        phrase("", 9_000),
    ]);
    let hits = hear(&mut spotter, &phones("the election was about tobacco"));
    let heard: Vec<(usize, u32)> = hits
        .iter()
        .map(|hit| (hit.phrase, hit.hit.cost.millis()))
        .collect();
    assert_eq!(heard, [(1, 2_000), (0, 2_870), (1, 775)]);
    assert_eq!(hear(&mut spotter, &phones("good morning")), []);
}

#[test]
fn a_hit_is_told_one_phone_late_and_only_once() {
    let mut spotter = Spotter::new(&[phrase("echo", 0)]);
    let mut told = Vec::new();
    for (at, phone) in phones("gecko park").into_iter().enumerate() {
        spotter.push(phone, |hit| told.push((at, hit.hit)));
    }
    assert_eq!(
        told,
        [(
            4,
            Hit {
                cost: Nats::ZERO,
                start: 1,
                end: 4
            }
        )]
    );
    spotter.finish(|hit| told.push((0, hit.hit)));
    assert_eq!(told.len(), 1);
}

#[test]
fn finishing_and_resetting_forget_what_was_heard() {
    let mut spotter = Spotter::new(&[phrase("echo", 0)]);
    let cut = |spotter: &mut Spotter| {
        spotter.push(Phone::EH, |_| {});
        spotter.push(Phone::K, |_| {});
    };
    cut(&mut spotter);
    spotter.reset();
    assert_eq!(hear(&mut spotter, &[Phone::OW]), []);
    cut(&mut spotter);
    spotter.finish(|_| {});
    assert_eq!(hear(&mut spotter, &[Phone::OW]), []);
    cut(&mut spotter);
    assert_eq!(hear(&mut spotter, &[Phone::OW]).len(), 1);
}

#[test]
fn a_limit_beyond_the_highest_and_a_very_long_phrase_are_legal() {
    let long: Vec<Phone> = Phone::ALL.repeat(10);
    let phrases = [
        Phrase {
            phones: long.clone(),
            max_cost: Nats::from_millis(u32::MAX),
        },
        Phrase {
            phones: Vec::new(),
            max_cost: Nats::from_millis(u32::MAX),
        },
    ];
    let mut spotter = Spotter::new(&phrases);
    assert_eq!(hear(&mut spotter, &Phone::ALL), []);
    let hits = hear(&mut spotter, &long);
    let exact = Hit {
        cost: Nats::ZERO,
        start: 0,
        end: long.len(),
    };
    assert!(hits.contains(&Spotted {
        phrase: 0,
        hit: exact
    }));
    assert!(hits.iter().all(|hit| hit.hit.cost <= Spotter::COST_MAX));
    assert_eq!(hear(&mut Spotter::new(&[]), &long), []);
}

fn few_phones(sizes: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<Phone>> {
    use Phone::{AH, EH, K, L, S, SH};
    prop::collection::vec(prop::sample::select(vec![AH, EH, K, L, S, SH]), sizes)
}

fn any_phrase() -> impl Strategy<Value = Phrase> {
    (few_phones(0..=7), 0_u32..12_000).prop_map(|(phones, max)| Phrase {
        phones,
        max_cost: Nats::from_millis(max),
    })
}

proptest! {
    /// More phrases than one block has lanes, of unlike lengths.
    #[test]
    fn the_stream_gives_what_the_definition_says(
        phrases in prop::collection::vec(any_phrase(), 0..40),
        stream in few_phones(0..=12),
    ) {
        let mut spotter = Spotter::new(&phrases);
        let mut hits = hear(&mut spotter, &stream);
        hits.sort_unstable_by_key(|spotted| (spotted.phrase, spotted.hit.end));
        let want: Vec<Spotted> = phrases.iter().enumerate().flat_map(|(number, phrase)| {
            let hits = by_definition(phrase, &stream).into_iter();
            hits.map(move |hit| Spotted { phrase: number, hit })
        }).collect();
        prop_assert_eq!(&hits, &want);
        prop_assert_eq!(hear(&mut spotter, &stream).len(), hits.len(), "the second time");
    }

    /// The cheapest hit, and of those the first, is the one that `within` finds.
    #[test]
    fn the_best_hit_is_the_best_place_in_the_whole(
        phrase in any_phrase(),
        stream in few_phones(0..=20),
    ) {
        let whole = within(&phrase.phones, &stream);
        let nowhere: Nats = phrase.phones.iter().map(|&phone| gap(phone)).sum();
        let there = whole.cost <= phrase.max_cost && whole.cost < nowhere;
        let hits = hear(&mut Spotter::new(std::slice::from_ref(&phrase)), &stream);
        let best = hits.iter().map(|spotted| spotted.hit).min_by_key(|hit| (hit.cost, hit.end));
        prop_assert_eq!(best, there.then_some(whole));
    }
}
