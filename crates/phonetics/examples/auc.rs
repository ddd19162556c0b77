//! Do phrases that were taken for a wake word come nearer to it than ordinary talk does?
//!
//! ```text
//! cargo run --release -p mondegreen-phonetics --example auc -- TRIGGERS.tsv TALK.tsv
//! ```
//!
//! Each line of TRIGGERS is `said, taken for, source`, of TALK `seconds, speaker, text`, separated
//! by tabs; `#` begins a comment. For each trigger, the cost of hearing the phrase within what was
//! said is compared with the cost of hearing it within 2,000 stretches of talk of as many words,
//! evenly spread over the talk. The area under the ROC curve is the share of stretches that come
//! less near, where equally near counts half. Beside it stands what unit costs would give.

use mondegreen_phonetics::{Phone, pronunciations, transcribe, within};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;

const STRETCHES: usize = 2_000;

type Words = Vec<Vec<Phone>>;

fn main() -> Result<(), Box<dyn Error>> {
    let [_, triggers, talk] = std::env::args()
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "usage: auc TRIGGERS.tsv TALK.tsv")?;
    let triggers = std::fs::read_to_string(triggers)?;
    let utterances: Vec<Words> = rows(&std::fs::read_to_string(talk)?)
        .filter_map(|row| Some(words(row.get(2)?)))
        .collect();

    let mut out = std::io::stdout().lock();
    let mut stretches: BTreeMap<usize, Words> = BTreeMap::new();
    let (mut ours, mut unit) = (Vec::new(), Vec::new());
    writeln!(
        out,
        "{:28}{:12}{:>8}{:>8}{:>8}",
        "said", "taken for", "nats", "AUC", "unit"
    )?;
    for row in rows(&triggers) {
        let [said, phrase, ..] = row[..] else {
            return Err(format!("`{}` has no second column", row.join("\t")).into());
        };
        let said_words = words(said);
        let count = said_words.len();
        let others = stretches
            .entry(count)
            .or_insert_with(|| spread(&utterances, count));
        let ways = pronunciations(phrase);
        let cost = |stretch: &[Phone]| ways.iter().map(|way| within(way, stretch).cost).min();
        let edits = |stretch: &[Phone]| ways.iter().map(|way| unit_within(way, stretch)).min();
        let stretch = said_words.concat();
        ours.push(area(
            &cost(&stretch),
            others.iter().map(|other| cost(other)),
        ));
        unit.push(area(
            &edits(&stretch),
            others.iter().map(|other| edits(other)),
        ));
        let nats = cost(&stretch).map_or(String::from("-"), |cost| cost.to_string());
        let (ours, unit) = (ours[ours.len() - 1], unit[unit.len() - 1]);
        writeln!(out, "{said:28}{phrase:12}{nats:>8}{ours:>8.4}{unit:>8.4}")?;
    }
    writeln!(out, "{:48}{:>8.4}{:>8.4}", "mean", mean(&ours), mean(&unit))?;
    let without = (0..ours.len()).map(|left_out| {
        let mut rest = ours.clone();
        rest.remove(left_out);
        mean(&rest)
    });
    let (low, high) = without.fold((1.0_f64, 0.0_f64), |(low, high), mean| {
        (low.min(mean), high.max(mean))
    });
    writeln!(out, "mean without any one of them: {low:.4} to {high:.4}")?;
    Ok(())
}

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| line.split('\t').collect())
}

fn words(text: &str) -> Words {
    let spoken = transcribe(text).into_iter().map(|word| word.phones);
    spoken.filter(|phones| !phones.is_empty()).collect()
}

/// Stretches of so many words, none across the border of an utterance, evenly spread.
fn spread(utterances: &[Words], count: usize) -> Words {
    let windows = utterances
        .iter()
        .flat_map(|words| words.windows(count.max(1)));
    let windows: Vec<&[Vec<Phone>]> = windows.collect();
    let places = (0..STRETCHES).map(|nth| (2 * nth + 1) * windows.len() / (2 * STRETCHES));
    places
        .filter_map(|at| Some(windows.get(at)?.concat()))
        .collect()
}

/// The share of others that cost more, those that cost as much counting half.
fn area<C: Ord>(own: &C, others: impl Iterator<Item = C>) -> f64 {
    let shares = others.map(|other| match own.cmp(&other) {
        Ordering::Less => 1.0,
        Ordering::Equal => 0.5,
        Ordering::Greater => 0.0,
    });
    mean(&shares.collect::<Vec<_>>())
}

fn mean(values: &[f64]) -> f64 {
    let count: f64 = values.iter().map(|_| 1.0).sum();
    values.iter().sum::<f64>() / count
}

/// The least number of phones to change, drop or add to find the phrase in the stretch.
fn unit_within(phrase: &[Phone], stretch: &[Phone]) -> usize {
    let mut column: Vec<usize> = (0..=phrase.len()).collect();
    let mut best = phrase.len();
    for said in stretch {
        let mut diagonal = column[0];
        for (row, heard) in phrase.iter().enumerate() {
            let paired = diagonal + usize::from(said != heard);
            diagonal = column[row + 1];
            column[row + 1] = paired.min(diagonal + 1).min(column[row] + 1);
        }
        best = best.min(column[phrase.len()]);
    }
    best
}
