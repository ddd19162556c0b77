//! Prints talk, its figures, and woven sentences, to be read by a critical eye.
//!
//! ```sh
//! cargo run -p mondegreen-generator --example print-talk -- talk 60 1       # lines, seed
//! cargo run -p mondegreen-generator --example print-talk -- stats 200000 1  # utterances, seed
//! cargo run -p mondegreen-generator --example print-talk -- stats FILE      # of real talk
//! cargo run -p mondegreen-generator --example print-talk -- weave a letter  # a phrase
//! ```

use mondegreen_generator::{Talker, household, is_fluent, read_talk, stats, weave};
use mondegreen_trace::Utterance;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::error::Error;
use std::io::Write;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let out = &mut std::io::stdout().lock();
    match arguments.as_slice() {
        ["talk", lines, seed] => print_talk(out, &talk(lines.parse()?, seed.parse()?)),
        ["stats", utterances, seed] => print_stats(out, &talk(utterances.parse()?, seed.parse()?)),
        ["stats", file] => print_stats(out, &read_talk(&std::fs::read(file)?)?),
        ["weave", phrase @ ..] => print_woven(out, phrase),
        _ => Err(
            "usage: print-talk talk LINES SEED | stats UTTERANCES SEED | stats FILE | weave WORDS"
                .into(),
        ),
    }
}

fn talk(utterances: usize, seed: u64) -> Vec<Utterance> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let home = household(&mut rng);
    Talker::new(&home, 0, rng).take(utterances).collect()
}

fn print_talk(out: &mut impl Write, talk: &[Utterance]) -> Result<(), Box<dyn Error>> {
    for said in talk {
        let (from, to) = (said.from_ms / 100, said.to_ms / 100);
        let (speaker, text) = (&said.speaker, &said.text);
        writeln!(
            out,
            "{}.{}-{}.{} {speaker}: {text}",
            from / 10,
            from % 10,
            to / 10,
            to % 10
        )?;
    }
    Ok(())
}

fn print_stats(out: &mut impl Write, talk: &[Utterance]) -> Result<(), Box<dyn Error>> {
    for figure in stats::measure(talk) {
        let (low, high) = figure.interval95;
        let off = (figure.ours / figure.published - 1.0) * 100.0;
        writeln!(
            out,
            "{:<40} {:>12.5} {:>12.5} ({low:.5} to {high:.5}) {off:+.1}%",
            figure.name, figure.published, figure.ours
        )?;
    }
    Ok(())
}

fn print_woven(out: &mut impl Write, phrase: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for _ in 0..6 {
        match weave(&mut rng, phrase) {
            Some(sentence) => writeln!(out, "{sentence}  [{}]", is_fluent(&sentence))?,
            None => writeln!(out, "no pattern admits it")?,
        }
    }
    Ok(())
}
