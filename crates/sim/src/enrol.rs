//! Teaches the embedded detector a keyword: from somebody's recordings, or from renderings.
//!
//! Two voices of three teach, and variants of espeak-ng besides; the third voice tests. From those
//! that teach come the keyword (by itself, before a command, among other words), near-misses and
//! ordinary talk, in quiet and in noise. What the keyword hears is then counted in voices,
//! near-misses and talk that it has not learned from.

use crate::attack::Count;
use crate::seed::{Purpose, random};
use mondegreen_detector::{Hits, Keyword, Lesson, SoundSpotter, Template, TemplateError};
use mondegreen_generator::sound::{
    Cache, Engine, Noise, NoiseKind, RenderError, Saying, Scene, Voice, resample, voices,
};
use mondegreen_generator::{Talker, household};
use mondegreen_phonetics::{Nats, Search};
use rand::{Rng, RngExt};
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// A keyword is heard where its log-odds are above even.
pub const THRESHOLD: f32 = 0.0;

/// Samples a second.
const RATE: usize = 16_000;
/// Renderings that are templates, where there are no recordings.
const TEMPLATES: usize = 6;
/// Near-misses, half of which teach; and the nearest texts that they are drawn from.
const NEAR: usize = 160;
const NEAREST: usize = 800;
/// What is nearer than this cannot be told from the keyword by anybody.
const NEAR_MIN: Nats = Nats::from_millis(400);
/// How often each near-miss that teaches is said.
const TIMES_NEAR: usize = 3;
/// Utterances of talk that each speaker says, and each examiner.
const UTTERANCES: usize = 6;
const UTTERANCES_EXAMINED: usize = 12;
/// Noise and its level below the speech, in dB; nothing is quiet.
const NOISES: [Option<(NoiseKind, f64)>; 5] = [
    None,
    Some((NoiseKind::Pink, 20.0)),
    Some((NoiseKind::Pink, 10.0)),
    Some((NoiseKind::Babble, 10.0)),
    Some((NoiseKind::Pink, 5.0)),
];
/// The noise in which a keyword is examined.
const NOISE_EXAMINED: Option<(NoiseKind, f64)> = NOISES[2];
/// Seeds of babble; another one would be many more renderings.
const BABBLES: u64 = 3;
/// Levels of speech, in dB of full scale.
const LEVELS: std::ops::Range<f64> = -34.0..-20.0;
/// What is said with the keyword.
const CARRIERS: [(&str, &str); 5] = [
    ("", ""),
    ("", "turn on the light"),
    ("well then", ""),
    ("and so I asked.", "set a timer"),
    ("that is it,", "play the radio"),
];
/// Carriers that examine.
const EXAMINED: [(&str, &str); 3] = [("", ""), ("", "turn on the light"), ("well then", "")];
/// Variants of espeak-ng that teach, with their pitch. No other use is made of these.
const VARIANTS: [Voice; 16] = [
    Voice::espeak("en-us+Michael", 50),
    Voice::espeak("en-gb+ed", 45),
    Voice::espeak("en-us+max", 55),
    Voice::espeak("en-us-nyc+paul", 40),
    Voice::espeak("en-us+quincy", 50),
    Voice::espeak("en-gb+rob", 35),
    Voice::espeak("en-us+robert", 60),
    Voice::espeak("en-gb-x-rp+travis", 50),
    Voice::espeak("en-us+shelby", 55),
    Voice::espeak("en-us+Alex", 40),
    Voice::espeak("en-gb-scotland+adam", 50),
    Voice::espeak("en-us+boris", 45),
    Voice::espeak("en-us+david", 50),
    Voice::espeak("en-gb+miguel", 60),
    Voice::espeak("en-us+sandro", 45),
    Voice::espeak("en-us+klatt", 50),
];
/// Rates at which a voice is played, in per cent: another speed makes another speaker, with another
/// vocal tract (Ko et al. 2015). flite's two voices are played at all of them.
const SPEEDS: [u16; 5] = [100, 90, 110, 95, 116];

/// Whoever teaches. No one of them may examine what they taught.
pub fn teachers() -> Vec<Voice> {
    let own = voices().iter().enumerate().filter(|(nth, _)| nth % 3 != 2);
    VARIANTS
        .into_iter()
        .chain(own.map(|(_, voice)| *voice))
        .collect()
}

/// A voice, played at this rate in per cent of its own.
#[derive(Clone, Copy, Debug)]
struct Speaker {
    voice: Voice,
    speed: u16,
}

/// Voices of espeak-ng at one rate each, then flite's at all of them.
fn speakers() -> Vec<Speaker> {
    let (flite, espeak) = teachers()
        .into_iter()
        .partition::<Vec<_>, _>(|voice| voice.engine() == Engine::Flite);
    let espeak = espeak.into_iter().zip(SPEEDS.into_iter().cycle());
    let flite = flite
        .into_iter()
        .flat_map(|voice| SPEEDS.map(|speed| (voice, speed)));
    espeak
        .chain(flite)
        .map(|(voice, speed)| Speaker { voice, speed })
        .collect()
}

/// A keyword, and what it hears.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// The keyword.
    pub keyword: Keyword,
    /// How many of its lessons were the keyword, near-misses, and utterances of talk.
    pub lessons: [usize; 3],
    /// What it makes of sound that it has not learned from; none if nothing was learned.
    pub tried: Option<Tried>,
}

/// What a keyword makes of voices, near-misses and talk that it has not learned from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Tried {
    /// How often the keyword was heard, in quiet.
    pub quiet: Count,
    /// The same with noise 10 dB below the speech.
    pub noisy: Count,
    /// How often a near-miss was taken for it.
    pub near: Count,
    /// How often talk was taken for it.
    pub talk: u64,
    /// How long that talk was.
    pub talk_ms: u64,
}

/// A keyword that could not be learned.
#[derive(Debug)]
pub enum EnrolError {
    /// This recording, counted from 0, is no template.
    Recording(usize, TemplateError),
    /// The name has no sound, or none that can be told from silence.
    Name(String),
    /// Nothing could be rendered.
    Render(RenderError),
}

impl Display for EnrolError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recording(_, error) => Display::fmt(error, f),
            Self::Name(why) => f.write_str(why),
            Self::Render(error) => Display::fmt(error, f),
        }
    }
}

impl std::error::Error for EnrolError {}

impl From<RenderError> for EnrolError {
    fn from(error: RenderError) -> Self {
        Self::Render(error)
    }
}

/// A keyword that is nothing but its recordings, at 16 kHz, of the keyword alone.
///
/// # Errors
/// When a recording is too short or too long.
pub fn templates(name: &str, recordings: &[Vec<f32>]) -> Result<Keyword, EnrolError> {
    let template = |(nth, samples): (usize, &Vec<f32>)| {
        Template::new(samples).map_err(|error| EnrolError::Recording(nth, error))
    };
    let templates = recordings.iter().enumerate().map(template);
    Ok(Keyword::new(name, templates.collect::<Result<_, _>>()?))
}

/// Teaches a keyword by recordings of it, or by renderings where there are none. The same seed,
/// recordings and speech engines make the same keyword.
///
/// # Errors
/// When a recording is too short or too long, the name cannot be said, or an engine is missing.
pub fn enrol(
    name: &str,
    recordings: &[Vec<f32>],
    cache: &Cache,
    seed: u64,
) -> Result<Enrolled, EnrolError> {
    let mut school = School::new(name, cache, seed)?;
    let mut keyword = if recordings.is_empty() {
        school.rendered()?
    } else {
        templates(name, recordings)?
    };
    let mut lessons: Vec<(Lesson, Vec<f32>)> = recordings
        .iter()
        .map(|samples| (Lesson::Said, samples.clone()))
        .collect();
    school.said(&mut lessons)?;
    school.near(&mut lessons)?;
    school.talk(&mut lessons)?;
    let count = |kind| lessons.iter().filter(|(lesson, _)| *lesson == kind).count();
    let lessons_of = [Lesson::Said, Lesson::Near, Lesson::Talk].map(count);
    keyword.learn(lessons, &mut school.rng);
    let tried = school.examine(&keyword)?;
    Ok(Enrolled {
        keyword,
        lessons: lessons_of,
        tried: Some(tried),
    })
}

/// Where a keyword is taught and examined.
struct School<'a> {
    name: &'a str,
    cache: &'a Cache,
    rng: rand_chacha::ChaCha8Rng,
    speakers: Vec<Speaker>,
    examiners: Vec<Voice>,
    /// Near-misses that teach, and others.
    near: [Vec<String>; 2],
    talk: std::vec::IntoIter<String>,
}

impl<'a> School<'a> {
    fn new(name: &'a str, cache: &'a Cache, seed: u64) -> Result<Self, EnrolError> {
        let teaching = teachers();
        let examiners = voices().iter().filter(|voice| !teaching.contains(voice));
        let examiners: Vec<Voice> = examiners.copied().collect();
        let speakers = speakers();
        let own = name.to_lowercase();
        let near = Search::common().near(&own, NEAREST, 1..=3);
        if near.is_empty() {
            return Err(EnrolError::Name(format!(
                "`{name}` has no sound in English, so nothing can sound like it"
            )));
        }
        let near: Vec<String> = near
            .into_iter()
            .filter(|near| near.cost > NEAR_MIN && !near.text.contains(&own))
            .map(|near| near.text)
            .collect();
        let step = (near.len() / NEAR).max(1);
        let near = near.into_iter().step_by(step).take(NEAR);
        let (teaching, testing) = near.enumerate().partition::<Vec<_>, _>(|(n, _)| n % 2 == 0);
        let texts = |near: Vec<(usize, String)>| near.into_iter().map(|(_, text)| text).collect();
        let home = household(&mut random(seed, Purpose::Household));
        let talk = Talker::new(&home, 0, random(seed, Purpose::Talk)).map(|said| said.text);
        let talk = talk.filter(|text| !text.to_lowercase().contains(&own));
        let talk: Vec<String> = talk
            .take(UTTERANCES * speakers.len() + UTTERANCES_EXAMINED * examiners.len())
            .collect();
        Ok(Self {
            name,
            cache,
            rng: random(seed, Purpose::Enrolment),
            speakers,
            examiners,
            near: [texts(teaching), texts(testing)],
            talk: talk.into_iter(),
        })
    }

    /// A keyword of renderings.
    fn rendered(&mut self) -> Result<Keyword, EnrolError> {
        let teachers = teachers();
        let step = (teachers.len() / TEMPLATES).max(1);
        let mut recordings = Vec::new();
        for voice in teachers.into_iter().rev().step_by(step).take(TEMPLATES) {
            recordings.push(self.say(self.name, voice, None)?);
        }
        templates(self.name, &recordings).map_err(|error| match error {
            EnrolError::Recording(_, error) => EnrolError::Name(error.to_string()),
            EnrolError::Name(_) | EnrolError::Render(_) => error,
        })
    }

    fn said(&mut self, lessons: &mut Vec<(Lesson, Vec<f32>)>) -> Result<(), EnrolError> {
        for (nth, speaker) in self.speakers.clone().into_iter().enumerate() {
            for (kind, carrier) in CARRIERS.into_iter().enumerate() {
                let pace = [100, 85, 115][(nth + kind) % 3];
                let voice = speaker.voice.paced(pace);
                let noise = NOISES[(nth + 2 * kind) % NOISES.len()];
                let text = carried(self.name, carrier);
                let said = self.say(&text, voice, noise)?;
                lessons.push((Lesson::Said, played(said, speaker.speed)?));
            }
        }
        Ok(())
    }

    fn near(&mut self, lessons: &mut Vec<(Lesson, Vec<f32>)>) -> Result<(), EnrolError> {
        let speakers = self.speakers.clone();
        let mut speakers = speakers.iter().cycle().step_by(7);
        for (nth, text) in std::mem::take(&mut self.near[0]).iter().enumerate() {
            for (again, speaker) in speakers.by_ref().take(TIMES_NEAR).enumerate() {
                let noise = NOISES[(nth + 2 * again) % NOISES.len()];
                let said = self.say(text, speaker.voice, noise)?;
                lessons.push((Lesson::Near, played(said, speaker.speed)?));
            }
        }
        Ok(())
    }

    fn talk(&mut self, lessons: &mut Vec<(Lesson, Vec<f32>)>) -> Result<(), EnrolError> {
        for (nth, speaker) in self.speakers.clone().into_iter().enumerate() {
            let talk = self.talk_by(speaker.voice, UTTERANCES, NOISES[nth % NOISES.len()])?;
            lessons.push((Lesson::Talk, played(talk, speaker.speed)?));
        }
        Ok(())
    }

    /// Talk that nobody has said yet.
    fn talk_by(
        &mut self,
        voice: Voice,
        utterances: usize,
        noise: Option<(NoiseKind, f64)>,
    ) -> Result<Vec<f32>, EnrolError> {
        let mut talk = Vec::new();
        for text in self.talk.by_ref().take(utterances).collect::<Vec<_>>() {
            talk.extend(self.say(&text, voice, noise)?);
        }
        Ok(talk)
    }

    fn examine(&mut self, keyword: &Keyword) -> Result<Tried, EnrolError> {
        let mut tried = Tried::default();
        for (nth, voice) in self.examiners.clone().into_iter().enumerate() {
            for carrier in EXAMINED {
                let text = carried(self.name, carrier);
                count(
                    &mut tried.quiet,
                    hits(keyword, &self.say(&text, voice, None)?),
                );
                count(
                    &mut tried.noisy,
                    hits(keyword, &self.say(&text, voice, NOISE_EXAMINED)?),
                );
            }
            let noise = NOISES[nth % NOISES.len()];
            let talk = self.talk_by(voice, UTTERANCES_EXAMINED, noise)?;
            tried.talk += hits(keyword, &talk);
            tried.talk_ms += talk.len() as u64 / 16;
        }
        for (nth, text) in std::mem::take(&mut self.near[1]).iter().enumerate() {
            let voice = self.examiners[nth % self.examiners.len()];
            count(
                &mut tried.near,
                hits(keyword, &self.say(text, voice, None)?),
            );
        }
        Ok(tried)
    }

    /// One voice says a text between silences.
    fn say(
        &mut self,
        text: &str,
        voice: Voice,
        noise: Option<(NoiseKind, f64)>,
    ) -> Result<Vec<f32>, RenderError> {
        let noise = noise.map(|(kind, snr_db)| Noise { kind, snr_db });
        let seed = match noise {
            Some(Noise {
                kind: NoiseKind::Babble,
                ..
            }) => self.rng.random_range(0..BABBLES),
            Some(_) | None => self.rng.next_u64(),
        };
        let scene = Scene {
            voices: vec![voice],
            level_db: self.rng.random_range(LEVELS),
            noises: noise.into_iter().collect(),
            seed,
            ..Scene::default()
        };
        let saying = Saying {
            text,
            lead_in_ms: self.rng.random_range(250..750),
            lead_out_ms: 500,
            ..Saying::default()
        };
        let sound = scene.say(&saying, self.cache)?;
        Ok(real(&sound.samples))
    }
}

/// Sound played at another rate, in per cent.
fn played(sound: Vec<f32>, speed: u16) -> Result<Vec<f32>, EnrolError> {
    if speed == 100 {
        return Ok(sound);
    }
    let sound = sound.into_iter().map(|sample| f64::from(sample) * 32_768.0);
    let rate = RATE * usize::from(speed) / 100;
    let sound = resample(sound.collect(), rate).map_err(|error| {
        EnrolError::Render(RenderError::Scene(format!("a rate of {speed}%: {error}")))
    })?;
    Ok(real(&sound))
}

/// A name among other words.
fn carried(name: &str, (before, after): (&str, &str)) -> String {
    let after = if after.is_empty() {
        String::new()
    } else {
        format!(", {after}")
    };
    format!("{before} {name}{after}").trim().to_owned()
}

fn count(count: &mut Count, hits: u64) {
    count.tries += 1;
    count.accepted += u64::from(hits > 0);
}

/// How often a keyword is heard in a sound.
fn hits(keyword: &Keyword, samples: &[f32]) -> u64 {
    let mut spotter = SoundSpotter::new(std::slice::from_ref(keyword));
    let mut hits = Hits::new(1, THRESHOLD);
    let mut count = 0;
    spotter.push(samples, |decisions| hits.push(decisions, |_| count += 1));
    hits.finish(|_| count += 1);
    count
}

/// Samples from -1 to 1.
pub fn real(samples: &[i16]) -> Vec<f32> {
    let samples = samples.iter().copied();
    samples.map(|sample| f32::from(sample) / 32_768.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn whoever_teaches_does_not_examine() {
        let teachers = teachers();
        let names: BTreeSet<&str> = teachers.iter().map(|voice| voice.name()).collect();
        assert_eq!(names.len(), teachers.len(), "each is there once");
        let cache = Cache::off();
        let school = School::new("alexa", &cache, 1);
        let examiners = school.map(|school| school.examiners).unwrap_or_default();
        assert_eq!(examiners.len(), 8);
        assert!(examiners.iter().all(|voice| !names.contains(voice.name())));
    }

    #[test]
    fn a_voice_that_is_played_slower_is_longer_and_deeper() {
        let tone = |n: u16| (2.0 * std::f32::consts::PI * 1_000.0 * f32::from(n) / 16_000.0).sin();
        let second: Vec<f32> = (0..16_000).map(|n| 0.5 * tone(n)).collect();
        let slower = played(second.clone(), 90).expect("a rate that there is");
        assert!(slower.len().abs_diff(17_778) < 40, "{}", slower.len());
        let rises = |sound: &[f32]| {
            sound
                .windows(2)
                .filter(|two| two[0] < 0.0 && two[1] >= 0.0)
                .count()
        };
        assert!(
            rises(&slower).abs_diff(rises(&second)) < 5,
            "as many waves in more time"
        );
        assert_eq!(played(second.clone(), 100).expect("its own rate"), second);
    }
}
