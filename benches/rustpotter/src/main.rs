//! rustpotter 3.0.2 beside the embedded detector, on the same sound in the same run.
//!
//! ```text
//! cargo run --release -- speed SET    microseconds for 10 ms of sound, at 1, 6 and 24 templates
//! cargo run --release -- score SET N [KEYWORD...]
//!                                     how sure rustpotter is of each sound about these keywords, or
//!                                     all, to SET/rustpotter.KEYWORD.tsv; of the talk, N files
//! cargo run --release -- hear SET KEYWORD SECONDS
//!                                     does nothing but hear so much of the talk, to be measured
//! ```
//!
//! SET is the folder that `benches/evaluate` makes. rustpotter has its own defaults, but for its threshold while it scores, which is 0 so that
//! every score is seen.

mod roofline;
mod set;
mod speed;

use rustpotter::{Rustpotter, RustpotterConfig, Sample, WakewordRef, WakewordRefBuildFromBuffers};
use set::{Clip, Set};
use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Coefficients of its command line's default.
const COEFFICIENTS: u16 = 16;

/// Its default.
const THRESHOLD: f32 = 0.5;

/// Talk is scored in stretches of two seconds, each with what came just before.
const STRETCH: usize = 32_000;
const BEFORE: usize = 16_000;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["speed", folder] => speed::run(&Set::read(Path::new(folder))?),
        ["score", folder, files, ref keywords @ ..] => {
            score(&Set::read(Path::new(folder))?, files.parse()?, keywords)
        }
        ["hear", folder, keyword, seconds] => {
            hear(&Set::read(Path::new(folder))?, keyword, seconds.parse()?)
        }
        _ => Err("usage: speed SET | score SET N [KEYWORD...] | hear SET KEYWORD SECONDS".into()),
    }
}

/// rustpotter with these recordings of a keyword.
fn rustpotter(recordings: &[Vec<f32>], threshold: f32) -> Outcome<Rustpotter> {
    let mut config = RustpotterConfig::default();
    config.detector.threshold = threshold;
    config.detector.min_scores = if threshold > 0.0 {
        config.detector.min_scores
    } else {
        1
    };
    let mut rustpotter = Rustpotter::new(&config)?;
    let mut samples = HashMap::new();
    for (n, recording) in recordings.iter().enumerate() {
        samples.insert(format!("{n}"), set::wav(recording)?);
    }
    let name = String::from("keyword");
    let keyword = WakewordRef::new_from_sample_buffers(name, None, None, samples, COEFFICIENTS)?;
    rustpotter.add_wakeword_ref("keyword", keyword)?;
    Ok(rustpotter)
}

/// The highest score in a sound.
fn highest<S: Sample>(rustpotter: &mut Rustpotter, sound: &[S]) -> f32 {
    rustpotter.reset();
    let mut highest = 0.0_f32;
    for chunk in sound.chunks_exact(rustpotter.get_samples_per_frame()) {
        if let Some(detection) = rustpotter.process_samples(chunk.to_vec()) {
            highest = highest.max(detection.score);
        }
        if let Some(partial) = rustpotter.get_partial_detection() {
            highest = highest.max(partial.score);
        }
    }
    highest
}

fn score(set: &Set, files: usize, wanted: &[&str]) -> Outcome<()> {
    let all = set.keywords();
    if let Some(unknown) = wanted.iter().find(|keyword| !all.contains(**keyword)) {
        return Err(format!("`{unknown}` is no keyword of the set").into());
    }
    let thresholds: String = all.iter().map(|k| format!("{k}\t{THRESHOLD}\n")).collect();
    std::fs::write(set.folder.join("rustpotter.threshold"), thresholds)?;
    for keyword in all
        .iter()
        .filter(|keyword| wanted.is_empty() || wanted.contains(&keyword.as_str()))
    {
        let scores = scores(set, files, keyword)?;
        let name = keyword.to_lowercase().replace(' ', "-");
        std::fs::write(set.folder.join(format!("rustpotter.{name}.tsv")), scores)?;
        eprintln!("{keyword}: scored");
    }
    Ok(())
}

fn scores(set: &Set, files: usize, keyword: &str) -> Outcome<String> {
    let mut scores = String::new();
    let mut rustpotter = rustpotter(&set.templates(keyword)?, 0.0)?;
    let own = |clip: &&Clip| clip.kind != "template" && clip.keyword == keyword;
    for clip in set.clips.iter().filter(own) {
        let score = highest(&mut rustpotter, &set.sound(clip)?);
        writeln!(scores, "{}\t{keyword}\t0\t{score}", clip.file)?;
    }
    for clip in set.talk().take(files) {
        let sound = set.sound(clip)?;
        for (n, from) in (0..sound.len()).step_by(STRETCH).enumerate() {
            let to = (from + STRETCH).min(sound.len());
            let stretch = &sound[from.saturating_sub(BEFORE)..to];
            let score = highest(&mut rustpotter, stretch);
            writeln!(scores, "{}\t{keyword}\t{n}\t{score}", clip.file)?;
        }
    }
    Ok(scores)
}

/// As it comes, so that what the process takes is what rustpotter takes.
fn hear(set: &Set, keyword: &str, seconds: usize) -> Outcome<()> {
    let mut rustpotter = rustpotter(&set.templates(keyword)?, THRESHOLD)?;
    let mut left = seconds * 16_000;
    for clip in set.talk() {
        let mut wav = set.open(clip)?;
        let mut samples = wav.samples::<i16>();
        while left > 0 {
            let size = rustpotter.get_samples_per_frame();
            let chunk: Vec<i16> = samples.by_ref().take(size).collect::<Result<_, _>>()?;
            if chunk.len() < size {
                break;
            }
            left = left.saturating_sub(size);
            std::hint::black_box(rustpotter.process_samples(chunk));
        }
    }
    Ok(())
}
