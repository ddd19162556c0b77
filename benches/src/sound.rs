//! Sound for benches: syllables of harmonics whose formants wander, with pauses and some noise. It
//! takes as long to listen to as speech, and comes out the same everywhere.

use crate::path::Work;
use mondegreen_detector::{Keyword, SoundSpotter, Template};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::f32::consts::TAU;
use std::hint::black_box;

const RATE: f32 = 16_000.0;
/// Samples of 10 ms.
const HOP: usize = 160;
/// A keyword is about as long as "alexa".
const KEYWORD_SECONDS: f32 = 0.65;

/// So many seconds of syllables, another for each seed.
pub fn speech(seconds: f32, seed: u64) -> Vec<f32> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut sound = Vec::new();
    let mut left = seconds;
    while left > 0.0 {
        let length = random.random_range(0.08_f32..0.25).min(left);
        let pitch = random.random_range(90.0_f32..220.0);
        let formants: [(f32, f32); 3] = std::array::from_fn(|n| {
            let lowest = [300.0, 900.0, 2_200.0][n];
            let any = |random: &mut ChaCha8Rng| random.random_range(lowest..lowest * 2.2);
            (any(&mut random), any(&mut random))
        });
        let is_pause = random.random_bool(0.15);
        for at in times(length) {
            let voiced = if is_pause {
                0.0
            } else {
                syllable(at, length, pitch, &formants)
            };
            sound.push(voiced + random.random_range(-0.002..0.002));
        }
        left -= length;
    }
    sound
}

fn times(seconds: f32) -> impl Iterator<Item = f32> {
    (0_u16..)
        .map(|n| f32::from(n) / RATE)
        .take_while(move |at| *at < seconds)
}

fn syllable(at: f32, length: f32, pitch: f32, formants: &[(f32, f32); 3]) -> f32 {
    let share = at / length;
    let loudness = 0.1 * (0.5 - 0.5 * (TAU * share).cos());
    let harmonics = (1_u8..30).map(|n| {
        let hertz = pitch * f32::from(n);
        let gain: f32 = formants
            .iter()
            .map(|(from, to)| {
                let away = (hertz - (from + (to - from) * share)) / 120.0;
                1.0 / (1.0 + away * away)
            })
            .sum();
        gain * (TAU * hertz * at).sin()
    });
    loudness * harmonics.sum::<f32>()
}

/// Templates, each of other syllables.
pub fn templates(count: usize) -> Vec<Template> {
    let template = |seed: u64| Template::new(&speech(KEYWORD_SECONDS, 1_000 + seed)).ok();
    (0..).filter_map(template).take(count).collect()
}

/// Two seconds of speech, at six templates.
pub(crate) fn listening() -> Work {
    const TEMPLATES: usize = 6;
    let talk = speech(2.0, 7);
    let keyword = Keyword::new("keyword", templates(TEMPLATES));
    let mut spotter = SoundSpotter::new(&[keyword]);
    let mut best = f32::NEG_INFINITY;
    spotter.push(&speech(KEYWORD_SECONDS, 1_000), |decisions| {
        best = best.max(decisions[0].score);
    });
    assert!(best > 0.0, "it does not hear its keyword: {best}");
    let hops = talk.len() / HOP;
    Work::new(hops, move || {
        let mut frames = 0;
        for chunk in black_box(&talk).chunks_exact(HOP) {
            spotter.push(chunk, |decisions| {
                black_box(decisions);
                frames += 1;
            });
        }
        frames
    })
}
