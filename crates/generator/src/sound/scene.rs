//! Where people are while they speak, and what else sounds.

use super::mix::Mix;
use super::speech::{self, Speech};
use super::{Cache, NoiseKind, RATE, RenderError, Room, SAMPLES_MAX, Truth, Voice, Who, truth};
use mondegreen_trace::Trace;
use serde::Serialize;
use std::collections::VecDeque;

/// How long somebody waits who speaks after somebody else, in milliseconds.
const TURN_MS: u64 = 300;
/// A phrase is given as samples in memory, so the silence around it has a limit.
const SILENCE_MAX_MS: u64 = 600_000;
/// So is a conversation that is played, 115 MB of samples.
const PLAYED_MAX_MS: u64 = 3_600_000;

/// Where people are, what else sounds, and how loud all of it is.
///
/// One microphone hears all of them. Levels are active speech levels by ITU-T P.56 (method B) in dB
/// of full scale, see [`super::active_level_db`]. Every phrase is brought to the same level at one
/// metre; at the microphone it is softer by distance (6 dB each time that doubles) and carries what
/// the room adds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scene {
    /// The voice of the first to speak, of the second, and so on; then from the start again with
    /// another pitch and pace. Without any, the people have espeak-ng's voices.
    pub voices: Vec<Voice>,
    /// How far from the microphone the first to speak is, the second, and so on; then from the start
    /// again. Each is in another direction.
    pub distances_m: Vec<f64>,
    /// Level of a person's speech one metre away, where nothing reflects. ITU-T recordings have −26,
    /// which leaves room for the peaks.
    pub level_db: f64,
    /// The room; without one nothing reflects.
    pub room: Option<Room>,
    /// What sounds all the time.
    pub noises: Vec<Noise>,
    /// How much louder than a person one metre away the device's own voice comes to its microphone,
    /// straight from its loudspeaker; none when it is left out, as by a perfect echo canceller.
    pub leak_db: Option<f64>,
    /// Where the noise comes from, and what is on television.
    pub seed: u64,
}

/// Background sound at a level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Noise {
    /// What sounds.
    pub kind: NoiseKind,
    /// Active level of the first phrase of the first person at the microphone, with what rings out,
    /// over the root mean square of this noise, in dB.
    pub snr_db: f64,
}

/// One phrase, to be said in a scene.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saying<'a> {
    /// What the first person of the scene says.
    pub text: &'a str,
    /// What the second person says before it, if anything; what the first says before it is part of
    /// the text.
    pub before: &'a str,
    /// How long nobody speaks first, while noise sounds.
    pub lead_in_ms: u64,
    /// How long nobody speaks at the end.
    pub lead_out_ms: u64,
}

/// A sound in memory: 16 kHz, with what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sound {
    /// At 16 kHz.
    pub samples: Vec<i16>,
    /// Who says what when; what was said before comes first.
    pub truth: Truth,
}

impl Default for Scene {
    /// People of different voices one metre away where nothing reflects and nothing else sounds, and
    /// a device as loud as they are.
    fn default() -> Self {
        Self {
            voices: Vec::new(),
            distances_m: vec![1.0],
            level_db: -26.0,
            room: None,
            noises: Vec::new(),
            leak_db: Some(0.0),
            seed: 1,
        }
    }
}

impl Scene {
    /// Says one phrase: samples in memory.
    ///
    /// # Errors
    /// When the scene cannot be, when an engine is missing or fails, when the cache cannot be
    /// written, or when more than ten minutes of silence are asked for.
    pub fn say(&self, saying: &Saying<'_>, cache: &Cache) -> Result<Sound, RenderError> {
        for silence in [saying.lead_in_ms, saying.lead_out_ms] {
            if silence > SILENCE_MAX_MS {
                let why = format!("a silence of {silence} ms; ten minutes are the most");
                return Err(RenderError::Scene(why));
            }
        }
        let person = |number: usize, from_ms: u64, text: &str| {
            let who = Who::Person(format!("person {}", number + 1));
            Speech::new((who, Some(number)), (from_ms, None), text, self)
        };
        let mut speeches = VecDeque::new();
        let mut from_ms = saying.lead_in_ms;
        let before = person(1, from_ms, saying.before);
        if !before.is_said() {
            from_ms += truth::milliseconds(length(before.clone(), cache)?) + TURN_MS;
            speeches.push_back(before);
        }
        let phrase = person(0, from_ms, saying.text);
        let to_ms = from_ms + truth::milliseconds(length(phrase.clone(), cache)?);
        speeches.push_back(phrase);
        let until = (to_ms + saying.lead_out_ms) * u64::from(RATE) / 1_000;
        Mix::new(self, speeches, until, cache)?.into_sound()
    }

    /// Plays all that is said in a trace: the samples that [`super::render`] would write.
    ///
    /// # Errors
    /// When the scene cannot be, when an engine is missing or fails, when the cache cannot be
    /// written, or when somebody speaks more than an hour after the beginning.
    pub fn play(&self, trace: &Trace, cache: &Cache) -> Result<Sound, RenderError> {
        let speeches = speech::speeches(trace, self);
        if let Some(last) = speeches.back()
            && last.from_ms > PLAYED_MAX_MS
        {
            let why = format!(
                "speech after {} s; an hour is the most",
                last.from_ms / 1_000
            );
            return Err(RenderError::Scene(why));
        }
        Mix::new(self, speeches, 0, cache)?.into_sound()
    }

    /// How far away the person with this number is.
    pub(super) fn distance_m(&self, person: usize) -> f64 {
        let count = self.distances_m.len().max(1);
        self.distances_m.get(person % count).copied().unwrap_or(1.0)
    }

    /// The level at the microphone of what comes straight from this person.
    pub(super) fn direct_db(&self, person: usize) -> f64 {
        self.level_db - 20.0 * self.distance_m(person).log10()
    }

    /// Whether there can be such a scene; all that makes sound asks it first.
    ///
    /// # Errors
    /// When a number is out of its range, or the room rings too long to be worked out.
    pub fn check(&self) -> Result<(), RenderError> {
        let limits = [
            (&self.distances_m[..], 0.1..=50.0, "a distance", "m"),
            (&[self.level_db], -90.0..=0.0, "a level of speech", "dB"),
            (self.leak_db.as_slice(), -90.0..=40.0, "a leak", "dB"),
        ];
        for (values, range, what, unit) in limits {
            if let Some(value) = values.iter().find(|value| !range.contains(*value)) {
                let (low, high) = range.into_inner();
                let why = format!("{what} of {value} {unit}; it goes from {low} to {high}");
                return Err(RenderError::Scene(why));
            }
        }
        if let Some(noise) = self
            .noises
            .iter()
            .find(|n| !(-60.0..=90.0).contains(&n.snr_db))
        {
            let why = format!(
                "{} noise {} dB below the speech; it goes from -60 to 90",
                noise.kind.name(),
                noise.snr_db
            );
            return Err(RenderError::Scene(why));
        }
        let Some(room) = &self.room else {
            return Ok(());
        };
        let too_far = |distance: &&f64| room.place(**distance, 0).is_none();
        let fault = room.fault().or_else(|| {
            let distance = self.distances_m.iter().find(too_far)?;
            Some(format!(
                "a person {distance} m away in this room; there is a wall"
            ))
        });
        fault.map_or(Ok(()), |fault| Err(RenderError::Scene(fault)))
    }
}

/// How many samples a speech takes.
fn length(mut speech: Speech, cache: &Cache) -> Result<u64, RenderError> {
    let mut length = 0;
    while let Some((_, samples)) = speech.next_phrase(cache)? {
        length += samples.len() as u64;
        if length > SAMPLES_MAX {
            return Err(RenderError::TooLong(truth::milliseconds(length)));
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenes_that_cannot_be_are_refused() {
        let noise = |snr_db| {
            vec![Noise {
                kind: NoiseKind::Pink,
                snr_db,
            }]
        };
        let plain = Scene::default;
        assert!(plain().check().is_ok());
        for (scene, why) in [
            (
                Scene {
                    distances_m: vec![1.0, 0.0],
                    ..plain()
                },
                "a distance of 0 m",
            ),
            (
                Scene {
                    level_db: 1.0,
                    ..plain()
                },
                "a level of speech of 1 dB",
            ),
            (
                Scene {
                    leak_db: Some(f64::NAN),
                    ..plain()
                },
                "a leak of NaN dB",
            ),
            (
                Scene {
                    noises: noise(f64::INFINITY),
                    ..plain()
                },
                "pink noise inf dB below",
            ),
        ] {
            let error = scene.check().expect_err("refused").to_string();
            assert!(error.contains(why), "{error}");
        }
        let saying = Saying {
            lead_in_ms: u64::MAX,
            ..Saying::default()
        };
        let error = plain().say(&saying, &Cache::off()).expect_err("refused");
        assert!(error.to_string().contains("ten minutes"), "{error}");
    }
}
