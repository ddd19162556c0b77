//! rustpotter 3.0.2 beside the embedded detector, on the same sound in the same run.
//!
//! ```text
//! cargo run --release -- speed SET    microseconds for 10 ms of sound, at 1, 6 and 24 templates
//! cargo run --release -- score SET N  how sure rustpotter is of each sound, to SET/rustpotter.tsv;
//!                                     of the talk, the first N files
//! ```
//!
//! SET is the folder that `cargo run --release -p mondegreen-detector --example evaluation -- make`
//! fills. rustpotter has its own defaults, but for its threshold while it scores, which is 0 so that
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

/// Talk is scored in stretches of two seconds, each with what came just before.
const STRETCH: usize = 32_000;
const BEFORE: usize = 16_000;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["speed", folder] => speed::run(&Set::read(Path::new(folder))?),
        ["score", folder, files] => score(&Set::read(Path::new(folder))?, files.parse()?),
        _ => Err("usage: speed SET | score SET N".into()),
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

fn score(set: &Set, files: usize) -> Outcome<()> {
    let mut scores = String::new();
    for keyword in set.keywords() {
        let mut rustpotter = rustpotter(&set.templates(&keyword)?, 0.0)?;
        let own = |clip: &&Clip| clip.part == "test" && clip.keyword == keyword;
        for clip in set.clips.iter().filter(own) {
            let score = highest(&mut rustpotter, &set.sound(clip)?);
            writeln!(scores, "{}\t{keyword}\t0\t{score}", clip.file)?;
        }
        for clip in set
            .clips
            .iter()
            .filter(|clip| clip.part == "test" && clip.kind == "talk")
            .take(files)
        {
            let sound = set.sound(clip)?;
            for (n, from) in (0..sound.len()).step_by(STRETCH).enumerate() {
                let to = (from + STRETCH).min(sound.len());
                let stretch = &sound[from.saturating_sub(BEFORE)..to];
                let score = highest(&mut rustpotter, stretch);
                writeln!(scores, "{}\t{keyword}\t{n}\t{score}", clip.file)?;
            }
        }
        eprintln!("{keyword}: scored");
    }
    std::fs::write(set.folder.join("rustpotter.tsv"), scores)?;
    Ok(())
}
