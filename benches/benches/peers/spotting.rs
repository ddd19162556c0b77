//! Phrases in a stream of phones, and pairs of words, with every edit at a cost of one: what others
//! can be asked as well. What is heard is weighed by ear in Mondegreen; that takes it as long, and
//! the others cannot be asked.

use crate::{Contender, bound, race};
use mondegreen_benches::phones::{PHRASES, hear, pairs, phrases as six_phones, stream};
use mondegreen_phonetics::{Costs, Hit, Nats, Phone, Phrase, Spotter, distance_by};
use rapidfuzz::distance::levenshtein as rapid;
use std::io::{Error, Write};
use std::ops::RangeInclusive;
use triple_accel::levenshtein as triple;

/// So many phones are heard.
const PHONES: usize = 1_000;
/// A phrase is heard with so many edits at most.
const EDITS_MAX: u8 = 2;
/// So a stretch that is as near as that has so many phones.
const LENGTHS: RangeInclusive<usize> = 4..=8;
/// Rows of the alignment table for each phone: four blocks of sixteen phrases of six phones.
const ROWS: f64 = 24.0;
/// Sums and lessers in a row.
const OPERATIONS: f64 = 5.0;

/// A stretch that is heard as a phrase. Two of them are the same answer when they have as many edits and
/// end at the same phone: of stretches that end there and are as near, `triple_accel` tells a longer one.
#[derive(Clone, Copy, Debug)]
struct Found {
    edits: usize,
    end: usize,
    start: usize,
}

impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        (self.edits, self.end) == (other.edits, other.end)
    }
}

/// A phone as a letter, since one of them takes text alone.
fn letters(phones: &[Phone]) -> String {
    let letter = |phone: &Phone| char::from(b'0' + u8::try_from(phone.index()).unwrap_or(0));
    phones.iter().map(letter).collect()
}

fn edits(cost: Nats) -> usize {
    cost.millis() as usize / 1_000
}

/// How many edits are between the words of each pair.
pub(crate) fn distances(out: &mut impl Write) -> Result<(), Error> {
    let pairs = pairs();
    let texts: Vec<[String; 2]> = pairs
        .iter()
        .map(|pair| pair.each_ref().map(|word| letters(word)))
        .collect();
    let ours = || -> Vec<usize> {
        let costs = Costs::edits();
        let costs = pairs.iter().map(|[a, b]| distance_by(costs, a, b));
        costs.map(edits).collect()
    };
    let of_texts = |distance: fn(&str, &str) -> usize| {
        let texts = &texts;
        move || -> Vec<usize> { texts.iter().map(|[a, b]| distance(a, b)).collect() }
    };
    let contenders = vec![
        Contender::new("mondegreen: distance_by", ours),
        Contender::new(
            "rapidfuzz: levenshtein::distance",
            of_texts(|a, b| rapid::distance(a.bytes(), b.bytes())),
        ),
        Contender::new(
            "triple_accel: levenshtein",
            of_texts(|a, b| triple::levenshtein(a.as_bytes(), b.as_bytes()) as usize),
        ),
        Contender::new("strsim: levenshtein", of_texts(strsim::levenshtein)),
    ];
    race(
        out,
        "a pair of common words, edits",
        pairs.len(),
        contenders,
    )?;
    Ok(())
}

/// Where each of 64 phrases is heard best in a thousand phones: of places with as few edits the one that ends
/// first, and of these the shortest.
pub(crate) fn phrases(out: &mut impl Write) -> Result<(), Error> {
    let (phrases, mut stream) = (six_phones(), stream());
    stream.truncate(PHONES);
    let text = letters(&stream);
    let texts: Vec<String> = phrases.iter().map(|phrase| letters(phrase)).collect();
    assert_eq!((texts.len(), text.len()), (PHRASES, stream.len()));
    check(&texts, &text);
    let mut spotter = spotter(Costs::edits(), &phrases, u32::from(EDITS_MAX) * 1_000);
    let mut by_ear = self::spotter(Costs::by_ear(), &phrases, 3_000);
    let ours = || -> Vec<Option<Found>> {
        let (_, best) = hear(&mut spotter, &stream);
        let found = |hit: Hit| Found {
            edits: edits(hit.cost),
            end: hit.end,
            start: hit.start,
        };
        best.into_iter().map(|hit| hit.map(found)).collect()
    };
    let contenders = vec![
        Contender::new("mondegreen: Spotter", ours),
        Contender::new("triple_accel: levenshtein_search", || {
            texts.iter().map(|phrase| searched(phrase, &text)).collect()
        }),
        Contender::new("rapidfuzz: windows, BatchComparator", || {
            texts.iter().map(|phrase| compared(phrase, &text)).collect()
        }),
        Contender::new("strsim: windows, levenshtein", || {
            let distance = |phrase: &str, part: &str| Some(strsim::levenshtein(phrase, part));
            let best = |phrase: &String| windows(&text, |part| distance(phrase, part));
            texts.iter().map(best).collect()
        }),
    ];
    let question = "a phone, 64 phrases of six phones, at most two edits";
    let took = race(out, question, stream.len(), contenders)?;
    let least = bound::lanes_nanoseconds() * ROWS * OPERATIONS;
    writeln!(
        out,
        "  the sums and lessers alone, at the rate that this machine has in this build: {least:.1} ns; ours takes {:.1} \
         times as long\n",
        took / least
    )?;
    let weighed = vec![Contender::new("mondegreen: Spotter", || {
        hear(&mut by_ear, &stream)
    })];
    race(
        out,
        "the same, weighed by ear; the others cannot be asked",
        stream.len(),
        weighed,
    )?;
    Ok(())
}

fn spotter(costs: &'static Costs, phrases: &[Vec<Phone>], max_millis: u32) -> Spotter {
    let phrase = |phones: &Vec<Phone>| Phrase {
        phones: phones.clone(),
        max_cost: Nats::from_millis(max_millis),
    };
    let phrases: Vec<Phrase> = phrases.iter().map(phrase).collect();
    Spotter::by(costs, &phrases)
}

fn searched(phrase: &str, text: &str) -> Option<Found> {
    let matches = triple::levenshtein_search_simd_with_opts(
        phrase.as_bytes(),
        text.as_bytes(),
        u32::from(EDITS_MAX),
        triple_accel::SearchType::All,
        triple::LEVENSHTEIN_COSTS,
        false,
    );
    let best = matches.min_by_key(|found| (found.k, found.end))?;
    Some(Found {
        edits: best.k as usize,
        end: best.end,
        start: best.start,
    })
}

/// The stretches that are told have as many edits as is said of them, and the windows are the same.
fn check(texts: &[String], text: &str) {
    for phrase in texts {
        let windows = windows(text, |part| Some(strsim::levenshtein(phrase, part)));
        let (searched, compared) = (searched(phrase, text), compared(phrase, text));
        let start = |found: Option<Found>| found.map(|found| found.start);
        assert_eq!((compared, start(compared)), (windows, start(windows)));
        if let Some(found) = searched {
            let part = &text[found.start..found.end];
            assert_eq!(strsim::levenshtein(phrase, part), found.edits);
        }
    }
}

fn compared(phrase: &str, text: &str) -> Option<Found> {
    let phrase = rapid::BatchComparator::new(phrase.bytes());
    let within = rapid::Args::default().score_cutoff(usize::from(EDITS_MAX));
    windows(text, |part| {
        phrase.distance_with_args(part.bytes(), &within)
    })
}

/// The best window, by the distance of each, where that is told.
fn windows(text: &str, distance: impl Fn(&str) -> Option<usize>) -> Option<Found> {
    let mut best: Option<Found> = None;
    for end in 1..=text.len() {
        for start in LENGTHS.filter_map(|length| end.checked_sub(length)) {
            let edits = distance(&text[start..end]);
            let edits = edits.filter(|edits| *edits <= usize::from(EDITS_MAX));
            if let Some(edits) = edits
                && best.is_none_or(|known| edits < known.edits)
            {
                best = Some(Found { edits, end, start });
            }
        }
    }
    best
}
