//! How long 10 ms of sound take, at 1, 6 and 24 templates.

use crate::set::Set;
use crate::{Outcome, THRESHOLD, roofline, rustpotter};
use mondegreen_detector::{Keyword, SoundSpotter, Template};
use std::time::Instant;

const SECONDS: usize = 20;
const REPEATS: usize = 7;

pub fn run(set: &Set) -> Outcome<()> {
    let sound = set.sound(set.talk().next().ok_or("the set has no talk")?)?;
    let sound = &sound[..(SECONDS * 16_000).min(sound.len())];
    let mut recordings = Vec::new();
    for keyword in set.keywords() {
        recordings.extend(set.templates(&keyword)?);
    }
    println!("templates  frames  ours µs  bound µs  rustpotter µs  times");
    let mut peak = String::new();
    for count in [0, 1, 6, 24] {
        let own = recordings
            .get(..count)
            .ok_or("the set has too few templates")?;
        let templates = own.iter().map(|recording| Template::new(recording));
        let templates: Vec<Template> = templates.collect::<Result<_, _>>()?;
        let lengths: usize = own.iter().map(|recording| recording.len() / 160).sum();
        let mut ours = SoundSpotter::new(&[Keyword::new("keyword", templates)]);
        // It has no way to run without a template.
        let mut theirs = rustpotter(
            if own.is_empty() {
                &recordings[..1]
            } else {
                own
            },
            THRESHOLD,
        )?;
        let (mut our_best, mut their_best) = (f64::INFINITY, f64::INFINITY);
        // In turn, so that both meet the same machine; the least is the least disturbed.
        for _ in 0..REPEATS {
            our_best = our_best.min(timed(sound, |chunk| {
                ours.push(chunk, |decisions| {
                    std::hint::black_box(decisions);
                });
            }));
            their_best = their_best.min(timed(sound, |chunk| {
                std::hint::black_box(theirs.process_samples(chunk.to_vec()));
            }));
        }
        let (bound, machine) = roofline::bound(lengths as f64);
        peak = machine;
        println!(
            "{count:9} {lengths:7} {our_best:8.2} {bound:9.2} {their_best:14.1} {:6.0}",
            their_best / our_best
        );
    }
    println!("measured on this machine, in this build: {peak}");
    Ok(())
}

/// Microseconds for 10 ms, in chunks of 30 ms, which is what rustpotter takes.
fn timed(sound: &[f32], mut push: impl FnMut(&[f32])) -> f64 {
    let began = Instant::now();
    for chunk in sound.chunks_exact(480) {
        push(chunk);
    }
    let hops = sound.chunks_exact(480).len() * 3;
    began.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(hops).unwrap_or(u32::MAX))
}
