//! Teaches the embedded detector a keyword: from somebody's recordings, or from renderings.
//!
//! Two voices of three teach, the third tests. From those that teach come the keyword (by itself,
//! before a command, after other words), near-misses and ordinary talk, in quiet and in noise. What
//! the keyword hears is then counted in voices, near-misses and talk that it has not learned from.

use crate::attack::Count;
use crate::seed::{Purpose, random};
use mondegreen_detector::{Hits, Keyword, Lesson, SoundSpotter, Template, TemplateError};
use mondegreen_generator::sound::{
    Cache, Noise, NoiseKind, RenderError, Saying, Scene, Voice, voices,
};
use mondegreen_generator::{Talker, household};
use mondegreen_phonetics::{Nats, Search};
use rand::{Rng, RngExt};
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// A keyword is heard where its log-odds are above even.
pub const THRESHOLD: f32 = 0.0;

/// Renderings that are templates, where there are no recordings.
const TEMPLATES: usize = 6;
/// Near-misses, half of which teach; and the nearest texts that they are drawn from.
const NEAR: usize = 160;
const NEAREST: usize = 800;
/// What is nearer than this cannot be told from the keyword by anybody.
const NEAR_MIN: Nats = Nats::from_millis(400);
/// Utterances of talk that each voice says.
const UTTERANCES: usize = 12;
/// Level of noise below the speech, in dB; nothing is quiet.
const NOISES: [Option<f64>; 3] = [None, Some(20.0), Some(10.0)];
/// Levels of speech, in dB of full scale.
const LEVELS: std::ops::Range<f64> = -34.0..-20.0;
/// What is said with the keyword.
const CARRIERS: [(&str, &str); 3] = [("", ""), ("", "turn on the light"), ("well then", "")];

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
    teachers: Vec<Voice>,
    examiners: Vec<Voice>,
    /// Near-misses that teach, and others.
    near: [Vec<String>; 2],
    talk: std::vec::IntoIter<String>,
}

impl<'a> School<'a> {
    fn new(name: &'a str, cache: &'a Cache, seed: u64) -> Result<Self, EnrolError> {
        let (examiners, teachers): (Vec<_>, Vec<_>) = voices()
            .iter()
            .enumerate()
            .partition(|(nth, _)| nth % 3 == 2);
        let bare = |(_, voice): (usize, &Voice)| *voice;
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
        let talk: Vec<String> = talk.take(UTTERANCES * voices().len()).collect();
        Ok(Self {
            name,
            cache,
            rng: random(seed, Purpose::Enrolment),
            teachers: teachers.into_iter().map(bare).collect(),
            examiners: examiners.into_iter().map(bare).collect(),
            near: [texts(teaching), texts(testing)],
            talk: talk.into_iter(),
        })
    }

    /// A keyword of renderings.
    fn rendered(&mut self) -> Result<Keyword, EnrolError> {
        let step = (self.teachers.len() / TEMPLATES).max(1);
        let speakers: Vec<Voice> = self.teachers.iter().rev().step_by(step).copied().collect();
        let mut recordings = Vec::new();
        for voice in speakers.into_iter().take(TEMPLATES) {
            recordings.push(self.say(self.name, voice, None)?);
        }
        templates(self.name, &recordings).map_err(|error| match error {
            EnrolError::Recording(_, error) => EnrolError::Name(error.to_string()),
            EnrolError::Name(_) | EnrolError::Render(_) => error,
        })
    }

    fn said(&mut self, lessons: &mut Vec<(Lesson, Vec<f32>)>) -> Result<(), EnrolError> {
        for (nth, voice) in self.teachers.clone().into_iter().enumerate() {
            for (kind, carrier) in CARRIERS.into_iter().enumerate() {
                let voice = voice.paced([100, 85, 115][(nth + kind) % 3]);
                let noise = NOISES[(nth + 2 * kind) % NOISES.len()];
                let text = carried(self.name, carrier);
                lessons.push((Lesson::Said, self.say(&text, voice, noise)?));
            }
        }
        Ok(())
    }

    fn near(&mut self, lessons: &mut Vec<(Lesson, Vec<f32>)>) -> Result<(), EnrolError> {
        for (nth, text) in std::mem::take(&mut self.near[0]).iter().enumerate() {
            for again in 0..2 {
                let voice = self.teachers[(2 * nth + again) % self.teachers.len()];
                let noise = NOISES[(nth + again) % NOISES.len()];
                lessons.push((Lesson::Near, self.say(text, voice, noise)?));
            }
        }
        Ok(())
    }

    fn talk(&mut self, lessons: &mut Vec<(Lesson, Vec<f32>)>) -> Result<(), EnrolError> {
        for (nth, voice) in self.teachers.clone().into_iter().enumerate() {
            let talk = self.talk_by(voice, NOISES[nth % NOISES.len()])?;
            lessons.push((Lesson::Talk, talk));
        }
        Ok(())
    }

    /// Talk that nobody has said yet.
    fn talk_by(&mut self, voice: Voice, noise: Option<f64>) -> Result<Vec<f32>, EnrolError> {
        let mut talk = Vec::new();
        for text in self.talk.by_ref().take(UTTERANCES).collect::<Vec<_>>() {
            talk.extend(self.say(&text, voice, noise)?);
        }
        Ok(talk)
    }

    fn examine(&mut self, keyword: &Keyword) -> Result<Tried, EnrolError> {
        let mut tried = Tried::default();
        for (nth, voice) in self.examiners.clone().into_iter().enumerate() {
            for carrier in CARRIERS {
                let text = carried(self.name, carrier);
                count(
                    &mut tried.quiet,
                    hits(keyword, &self.say(&text, voice, None)?),
                );
                count(
                    &mut tried.noisy,
                    hits(keyword, &self.say(&text, voice, NOISES[2])?),
                );
            }
            let talk = self.talk_by(voice, NOISES[nth % NOISES.len()])?;
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
        noise_db: Option<f64>,
    ) -> Result<Vec<f32>, RenderError> {
        let noise = |snr_db| Noise {
            kind: NoiseKind::Pink,
            snr_db,
        };
        let scene = Scene {
            voices: vec![voice],
            level_db: self.rng.random_range(LEVELS),
            noises: noise_db.map(noise).into_iter().collect(),
            seed: self.rng.next_u64(),
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
