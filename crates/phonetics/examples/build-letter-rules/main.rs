//! Learns letter-to-sound rules from nine tenths of the dictionary, and measures them on the tenth.
//!
//! `build-letter-rules OUT.BIN [WORTH]` learns rules, writes them, and measures what it wrote;
//! `build-letter-rules` alone measures the rules that are part of this program.
//!
//! Only words of the letters `a` to `z` count, and not those that are spelled out (`gdp`). Words that
//! differ in their endings alone (`walk`, `walked`, `walkers`) are all on the same side.

#![expect(
    clippy::cast_precision_loss,
    reason = "nothing here is counted beyond 2^53"
)]

mod align;
mod model;

use align::Said;
use mondegreen_phonetics::{Entry, Graphone, LetterRules, Lexicon, Phone};
use std::collections::BTreeSet;
use std::error::Error;
use std::io::Write;

/// What an n-gram must be worth to be kept, in nats over all words, if nothing else is said.
const WORTH: f64 = 1.0;
const ENDINGS: [&str; 16] = [
    "s", "d", "r", "e", "i", "y", "es", "ed", "er", "ly", "al", "ing", "ers", "ness", "ment",
    "able",
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let entries = Lexicon::embedded().entries().filter(is_word);
    let (held_out, learnt): (Vec<Entry>, Vec<Entry>) =
        entries.partition(|entry| is_held_out(&entry.word));
    match arguments.as_slice() {
        [] => measure(LetterRules::embedded(), &held_out),
        [out] => build(out, WORTH, &learnt, &held_out),
        [out, worth] => build(out, worth.parse()?, &learnt, &held_out),
        _ => Err("usage: build-letter-rules [OUT.BIN [WORTH]]".into()),
    }
}

fn is_word(entry: &Entry) -> bool {
    let letters = entry.word.bytes().all(|byte| byte.is_ascii_lowercase());
    let names = entry.word.chars().flat_map(|letter| {
        let ways = Lexicon::embedded().pronunciations(&format!("{letter}."));
        ways.into_iter().next().unwrap_or_default()
    });
    letters && entry.word.len() > 1 && !entry.pronunciations.contains(&names.collect())
}

/// Every tenth by the 64-bit FNV-1a hash of the word without its endings.
fn is_held_out(word: &str) -> bool {
    let hash = stem(word)
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    hash % 10 == 0
}

/// A word without its endings and without the second of two like letters behind it.
fn stem(word: &str) -> &str {
    let mut stem = word;
    loop {
        let doubled = matches!(stem.as_bytes(), [.., a, b] if a == b);
        let shorter = ENDINGS
            .iter()
            .filter_map(|ending| stem.strip_suffix(ending));
        let shorter = shorter.min_by_key(|shorter| shorter.len());
        let shorter = shorter.or(doubled.then(|| &stem[..stem.len() - 1]));
        match shorter {
            Some(shorter) if shorter.len() >= 3 => stem = shorter,
            _ => return stem,
        }
    }
}

fn build(
    out: &str,
    worth: f64,
    learnt: &[Entry],
    held_out: &[Entry],
) -> Result<(), Box<dyn Error>> {
    let said = learnt.iter().flat_map(|entry| {
        let word = |phones: &Vec<Phone>| Said {
            word: entry.word.clone(),
            phones: phones.clone(),
        };
        entry.pronunciations.iter().map(word)
    });
    let said: Vec<Said> = said.collect();
    let rows = align::align(&said);
    let graphones: BTreeSet<&Graphone> = rows.iter().flatten().collect();
    let graphones: Vec<Graphone> = graphones.into_iter().cloned().collect();
    let numbers: Vec<Vec<u8>> = rows.iter().map(|row| number(row, &graphones)).collect();
    let n_grams = model::learn(&numbers, graphones.len(), worth);
    let file = LetterRules::write(&graphones, &n_grams)?;
    std::fs::write(out, &file)?;
    let mut report = std::io::stdout();
    writeln!(
        report,
        "{} of {} pronunciations of {} words cut into {} graphones; {} n-grams, {} bytes",
        rows.len(),
        said.len(),
        learnt.len(),
        graphones.len(),
        n_grams.len(),
        file.len()
    )?;
    measure(&LetterRules::read(&file)?, held_out)
}

/// The numbers of a row of graphones, between borders. Rules of more than 255 graphones cannot be
/// written, so their numbers do not matter.
fn number(row: &[Graphone], graphones: &[Graphone]) -> Vec<u8> {
    let place = |graphone| graphones.binary_search(graphone).unwrap_or_default() + 1;
    let numbers = row
        .iter()
        .map(|g| u8::try_from(place(g)).unwrap_or(u8::MAX));
    [0].into_iter().chain(numbers).chain([0]).collect()
}

/// Phones and words that are wrong, by the nearest of the dictionary's pronunciations.
fn measure(rules: &LetterRules, words: &[Entry]) -> Result<(), Box<dyn Error>> {
    let (mut phones, mut wrong_phones, mut wrong_words) = (0, 0, 0);
    for entry in words {
        let said = rules.pronounce(&entry.word);
        let ways = entry.pronunciations.iter();
        let nearest = ways.map(|way| (edits(way, &said), way.len())).min();
        let (wrong, length) = nearest.unwrap_or_default();
        phones += length;
        wrong_phones += wrong;
        wrong_words += usize::from(wrong > 0);
    }
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole as f64;
    writeln!(
        std::io::stdout(),
        "{} words held out: {wrong_phones} of {phones} phones wrong ({:.2}%), {wrong_words} words wrong ({:.2}%)",
        words.len(),
        percent(wrong_phones, phones),
        percent(wrong_words, words.len()),
    )?;
    Ok(())
}

/// The least number of phones to put in, leave out or exchange.
fn edits(a: &[Phone], b: &[Phone]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
