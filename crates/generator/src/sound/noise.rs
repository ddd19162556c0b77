//! Sound that nobody listens to: white and pink noise, and the babble of a television.
//!
//! Each is endless, drawn from a seed, and has a root mean square of one: exactly in expectation,
//! closely over some seconds.

use super::convolve::Response;
use super::level::{real, single};
use super::mix::at_level;
use super::{Cache, RATE, RenderError, voices};
use crate::{Talker, household};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::f64::consts::PI;

/// What sounds in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoiseKind {
    /// As much power in every hertz.
    White,
    /// As much power in every octave, from 20 Hz on.
    Pink,
    /// Four voices of espeak-ng that talk at one time, as on a television some metres away.
    Babble,
}

impl NoiseKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::White, Self::Pink, Self::Babble];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::White => "white",
            Self::Pink => "pink",
            Self::Babble => "babble",
        }
    }
}

/// Background sound of one kind, sample by sample.
pub(super) enum Source {
    White(ChaCha8Rng),
    Pink(ChaCha8Rng, Pink),
    Babble(Babble),
}

impl Source {
    /// Begins it. The television is heard through `response`.
    pub(super) fn new(
        kind: NoiseKind,
        mut rng: ChaCha8Rng,
        response: &Response,
        cache: &Cache,
    ) -> Result<Self, RenderError> {
        Ok(match kind {
            NoiseKind::White => Self::White(rng),
            NoiseKind::Pink => {
                let mut pink = Pink::new();
                // Its slowest part has to get going.
                for _ in 0..RATE {
                    pink.next(white(&mut rng));
                }
                Self::Pink(rng, pink)
            }
            NoiseKind::Babble => Self::Babble(Babble::new(rng, response, cache)?),
        })
    }

    /// Adds it to what sounds, by this factor.
    pub(super) fn add_to(&mut self, samples: &mut [f32], factor: f64) {
        for sample in samples {
            let noise = match self {
                Self::White(rng) => white(rng),
                Self::Pink(rng, pink) => pink.next(white(rng)),
                Self::Babble(babble) => babble.next(),
            };
            *sample += single(noise * factor);
        }
    }
}

/// White noise with a power of one: four uniform numbers, whose sum is close to a normal one.
fn white(rng: &mut ChaCha8Rng) -> f64 {
    let bits = rng.next_u64();
    let parts = [0, 16, 32, 48].map(|shift| (bits >> shift) & 0xFFFF);
    let sum = real(parts.into_iter().sum());
    (sum / 65_536.0 - 2.0 * 65_535.0 / 65_536.0) * 3_f64.sqrt()
}

/// Sections of one pole and one zero each, two octaves apart; their steps add up to a fall of 3 dB an
/// octave within half a decibel.
const SECTIONS: usize = 6;

/// Makes white noise pink.
pub(super) struct Pink {
    poles: [f64; SECTIONS],
    zeros: [f64; SECTIONS],
    last_in: [f64; SECTIONS],
    last_out: [f64; SECTIONS],
    gain: f64,
}

impl Pink {
    fn new() -> Self {
        let at = |hertz: f64| (-2.0 * PI * hertz / f64::from(RATE)).exp();
        let mut pink = Self {
            poles: [0.0; SECTIONS],
            zeros: [0.0; SECTIONS],
            last_in: [0.0; SECTIONS],
            last_out: [0.0; SECTIONS],
            gain: 1.0,
        };
        let mut hertz = 20.0;
        for (pole, zero) in pink.poles.iter_mut().zip(&mut pink.zeros) {
            (*pole, *zero) = (at(hertz), at(2.0 * hertz));
            hertz *= 4.0;
        }
        // The power that it makes of a power of one is that of its answer to an impulse.
        let mut power = 0.0;
        for n in 0..RATE {
            power += pink.next(if n == 0 { 1.0 } else { 0.0 }).powi(2);
        }
        pink.last_in = [0.0; SECTIONS];
        pink.last_out = [0.0; SECTIONS];
        pink.gain = 1.0 / power.sqrt();
        pink
    }

    fn next(&mut self, white: f64) -> f64 {
        let mut sample = white;
        for n in 0..SECTIONS {
            let out = sample - self.zeros[n] * self.last_in[n] + self.poles[n] * self.last_out[n];
            (self.last_in[n], self.last_out[n]) = (sample, out);
            sample = out;
        }
        sample * self.gain
    }
}

/// How many talk at one time, how many phrases each has, and how long each of them is silent between
/// two, in samples.
const TALKERS: usize = 4;
const PHRASES: usize = 16;
const PAUSE_MAX: usize = RATE as usize / 2;
/// The shortest sentence that is on television, in words.
const WORDS_MIN: usize = 6;
/// The voices of television in [`voices`]: those that people get last.
const FIRST_VOICE: usize = 12;

/// Several people who say phrases of theirs in a random order, for ever.
///
/// Phrases are spoken once, so that hours of it cost no more than a minute, and hold little memory.
pub(super) struct Babble {
    rng: ChaCha8Rng,
    talkers: Vec<OnTelevision>,
    gain: f64,
}

/// Somebody on television.
struct OnTelevision {
    phrases: Vec<Vec<f32>>,
    playing: usize,
    /// Samples played of it, and of the pause behind it.
    played: usize,
    pause: usize,
}

impl Babble {
    fn new(mut rng: ChaCha8Rng, response: &Response, cache: &Cache) -> Result<Self, RenderError> {
        let home = household(&mut rng);
        let talk = Talker::new(&home, 0, ChaCha8Rng::seed_from_u64(rng.next_u64()));
        let mut talk = talk.filter(|said| said.text.split_whitespace().count() >= WORDS_MIN);
        let mut talkers = Vec::new();
        let mut power = 0.0;
        for voice in voices().iter().skip(FIRST_VOICE).take(TALKERS) {
            let mut phrases = Vec::new();
            for said in talk.by_ref().take(PHRASES) {
                let phrase = at_level(&voice.say(&said.text, cache)?, 0.0);
                phrases.push(response.apply(&phrase));
            }
            let samples: u64 = phrases.iter().map(|phrase| phrase.len() as u64).sum();
            let energy: f64 = phrases
                .iter()
                .flatten()
                .map(|s| f64::from(*s).powi(2))
                .sum();
            let pauses = real((phrases.len() * PAUSE_MAX) as u64) / 2.0;
            power += energy / (real(samples) + pauses);
            let mut talker = OnTelevision {
                phrases,
                playing: 0,
                played: 0,
                pause: 0,
            };
            talker.go_on(&mut rng);
            // They are in the middle of something.
            talker.played = rng.random_range(0..=talker.length());
            talkers.push(talker);
        }
        let gain = if power > 0.0 { 1.0 / power.sqrt() } else { 0.0 };
        Ok(Self { rng, talkers, gain })
    }

    fn next(&mut self) -> f64 {
        let mut sum = 0.0;
        for talker in &mut self.talkers {
            if talker.played >= talker.length() {
                talker.go_on(&mut self.rng);
            }
            let phrase = talker.phrases.get(talker.playing);
            let sample = phrase.and_then(|phrase| phrase.get(talker.played));
            sum += sample.map_or(0.0, |sample| f64::from(*sample));
            talker.played += 1;
        }
        sum * self.gain
    }
}

impl OnTelevision {
    /// Samples of what is being said and the pause behind it.
    fn length(&self) -> usize {
        self.phrases.get(self.playing).map_or(0, Vec::len) + self.pause
    }

    fn go_on(&mut self, rng: &mut ChaCha8Rng) {
        self.playing = rng.random_range(0..self.phrases.len().max(1));
        self.pause = rng.random_range(0..=PAUSE_MAX);
        self.played = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ten_seconds(kind: NoiseKind, seed: u64) -> Vec<f32> {
        let rng = ChaCha8Rng::seed_from_u64(seed);
        let response = Response::new(&[1.0]);
        let mut noise = Source::new(kind, rng, &response, &Cache::off()).expect("no speech");
        let mut samples = vec![0.0; 10 * RATE as usize];
        noise.add_to(&mut samples, 1.0);
        samples
    }

    fn power(samples: &[f32]) -> f64 {
        let energy: f64 = samples.iter().map(|s| f64::from(*s).powi(2)).sum();
        energy / real(samples.len() as u64)
    }

    #[test]
    fn noise_has_the_power_that_it_says() {
        for seed in 1..5 {
            let white = 10.0 * power(&ten_seconds(NoiseKind::White, seed)).log10();
            assert!(white.abs() < 0.1, "{white} dB");
            let pink = 10.0 * power(&ten_seconds(NoiseKind::Pink, seed)).log10();
            assert!(pink.abs() < 0.5, "{pink} dB");
        }
    }

    /// The power near a frequency, by the method of Goertzel over stretches of 0.1 s.
    fn power_near(samples: &[f32], hertz: f64) -> f64 {
        let turn = 2.0 * (2.0 * PI * hertz / f64::from(RATE)).cos();
        let stretches = samples.chunks_exact(1_600).map(|stretch| {
            let (mut last, mut last2) = (0.0, 0.0);
            for sample in stretch {
                (last, last2) = (f64::from(*sample) + turn * last - last2, last);
            }
            last * last + last2 * last2 - turn * last * last2
        });
        stretches.sum()
    }

    #[test]
    fn white_is_flat_and_pink_falls_by_three_decibels_an_octave() {
        let white = ten_seconds(NoiseKind::White, 3);
        let pink = ten_seconds(NoiseKind::Pink, 3);
        for octaves in 1..=6 {
            let hertz = 100.0 * 2_f64.powi(octaves);
            // Three neighbours each, since a single one is uncertain by 0.4 dB.
            let fall = |samples: &[f32]| {
                let near = |hertz: f64| -> f64 {
                    [-20.0, -10.0, 0.0, 10.0, 20.0]
                        .map(|off| power_near(samples, hertz + off))
                        .iter()
                        .sum()
                };
                10.0 * (near(100.0) / near(hertz)).log10()
            };
            let (flat, falling) = (fall(&white), fall(&pink));
            assert!(flat.abs() < 1.5, "{hertz} Hz: {flat} dB");
            let want = 3.01 * f64::from(octaves);
            assert!(
                (falling - want).abs() < 2.0,
                "{hertz} Hz: {falling} dB, not {want}"
            );
        }
    }

    #[test]
    fn a_seed_gives_its_noise() {
        for kind in [NoiseKind::White, NoiseKind::Pink] {
            assert_eq!(ten_seconds(kind, 1), ten_seconds(kind, 1));
            assert_ne!(ten_seconds(kind, 1), ten_seconds(kind, 2));
        }
    }
}
