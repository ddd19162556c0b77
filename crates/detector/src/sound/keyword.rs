//! Keywords: what they sound like, and what tells them from other talk.

use super::cepstra::{Cepstra, Cepstrum, HOP, real};
use super::frames::{Frame, frames_of};
use super::model::Model;
use super::spotter::SoundSpotter;
use super::train::{Example, train};
use rand::Rng;
use std::fmt::{self, Display, Formatter};

/// What is this much quieter than the loudest is not part of a template, in the unit of the first
/// coefficient: 30 dB. Nor is what lies this little (6 dB) above the quietest tenth, unless it is
/// loud (less than 13 dB below the loudest).
const QUIETER: f32 = 55.0;
const ABOVE_NOISE: f32 = 12.0;
const LOUD: f32 = 24.0;
/// Samples below this are silence, whatever is in them: 60 dB below full scale.
const SILENCE: f32 = 0.001;

/// One recording of a keyword, as the spotter compares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub(super) frames: Vec<Frame>,
}

/// A recording that cannot be a template: too short or too long once silence is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// How long it is.
    pub length_ms: u64,
}

impl Display for TemplateError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (shortest, longest) = (Template::FRAMES_MIN * 10, Template::FRAMES_MAX * 10);
        write!(
            f,
            "a keyword takes {shortest} to {longest} ms, and there are {} ms of speech here",
            self.length_ms
        )
    }
}

impl std::error::Error for TemplateError {}

impl Template {
    /// Frames of 10 ms: "yes" said fast, and as much as any name of a device takes.
    pub(super) const FRAMES_MIN: usize = 16;
    pub(super) const FRAMES_MAX: usize = 200;

    /// From a recording at 16 kHz of nothing but the keyword; silence at either end is cut off.
    ///
    /// # Errors
    /// When what is left is too short or too long.
    pub fn new(samples: &[f32]) -> Result<Self, TemplateError> {
        if samples.iter().all(|sample| sample.abs() < SILENCE) {
            return Err(TemplateError { length_ms: 0 });
        }
        let mut cepstra: Vec<Cepstrum> = Vec::new();
        Cepstra::new().push(samples, |cepstrum| cepstra.push(*cepstrum));
        let (first, end) = speech(&cepstra);
        let length = end.saturating_sub(first);
        if !(Self::FRAMES_MIN..=Self::FRAMES_MAX).contains(&length) {
            return Err(TemplateError {
                length_ms: 10 * length as u64,
            });
        }
        let frames = frames_of(&cepstra);
        Ok(Self {
            frames: frames[first..end].to_vec(),
        })
    }
}

/// Where speech begins and ends.
fn speech(cepstra: &[Cepstrum]) -> (usize, usize) {
    let mut levels: Vec<f32> = cepstra.iter().map(|cepstrum| cepstrum[0]).collect();
    levels.sort_by(f32::total_cmp);
    let (Some(loudest), Some(noise)) = (levels.last(), levels.get(levels.len() / 10)) else {
        return (0, 0);
    };
    let least = (noise + ABOVE_NOISE)
        .min(loudest - LOUD)
        .max(loudest - QUIETER);
    let is_speech = |cepstrum: &Cepstrum| cepstrum[0] >= least;
    let first = cepstra.iter().position(is_speech).unwrap_or(0);
    let end = cepstra.iter().rposition(is_speech);
    (first, end.map_or(0, |last| last + 1))
}

/// A keyword to listen for.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyword {
    pub(super) name: String,
    pub(super) templates: Vec<Template>,
    pub(super) model: Option<Model>,
}

/// What is in a recording to learn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lesson {
    /// The keyword, once, whatever else.
    Said,
    /// Something that sounds like it, and not the keyword.
    Near,
    /// Any talk without the keyword.
    Talk,
}

/// Spans that a network learns from, of one recording: those that fit best, so far apart.
const SPANS_SAID: usize = 6;
const SPANS_NEAR: usize = 4;
/// Spans of talk for each minute.
const SPANS_TALK: usize = 40;
const MINUTE: usize = 6_000;
const APART: usize = 8;

impl Keyword {
    /// A keyword and recordings of it, best by several voices. One without any is never heard. Blanks
    /// of all kinds in its name become single blanks.
    pub fn new(name: &str, templates: Vec<Template>) -> Self {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            name,
            templates,
            model: None,
        }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many templates it has.
    pub fn templates(&self) -> usize {
        self.templates.len()
    }

    /// Trains a network that tells the keyword from the rest, from recordings at 16 kHz, best of voices
    /// and noises of many kinds. What it had learned before is forgotten.
    pub fn learn(
        &mut self,
        lessons: impl IntoIterator<Item = (Lesson, Vec<f32>)>,
        random: &mut impl Rng,
    ) {
        self.model = None;
        let mut spotter = SoundSpotter::new(std::slice::from_ref(self));
        let mut examples = Vec::new();
        for (lesson, samples) in lessons {
            spotter.reset();
            examples.extend(spans(&mut spotter, lesson, &samples));
        }
        weigh(&mut examples);
        let examples: Vec<Example> = examples.into_iter().map(|(_, example)| example).collect();
        self.model = (!examples.is_empty()).then(|| train(&examples, random));
    }
}

/// The spans of a recording that fit best.
fn spans(spotter: &mut SoundSpotter, lesson: Lesson, samples: &[f32]) -> Vec<(Lesson, Example)> {
    let mut fits = Vec::new();
    for samples in samples.chunks(HOP) {
        spotter.push(samples, |_| {});
        fits.push((spotter.cost(0), spotter.inputs(0)));
    }
    let (most, apart) = match lesson {
        Lesson::Said => (SPANS_SAID, 1),
        Lesson::Near => (SPANS_NEAR, APART),
        Lesson::Talk => (SPANS_TALK * (1 + fits.len() / MINUTE), APART),
    };
    let mut order: Vec<usize> = (0..fits.len()).collect();
    order.sort_by(|a, b| fits[*a].0.total_cmp(&fits[*b].0));
    let mut taken: Vec<usize> = Vec::new();
    for at in order {
        if taken.len() == most {
            break;
        }
        if taken.iter().all(|other| other.abs_diff(at) >= apart) {
            taken.push(at);
        }
    }
    let label = if lesson == Lesson::Said { 1.0 } else { 0.0 };
    let example = |at: usize| Example {
        inputs: fits[at].1,
        label,
        weight: 1.0,
    };
    taken.into_iter().map(|at| (lesson, example(at))).collect()
}

/// How much talk counts against each other kind of lesson: there is far more of it to listen to.
const WEIGHT_TALK: f32 = 6.0;

/// Lets each kind of lesson count as much as the others, and talk more.
fn weigh(examples: &mut [(Lesson, Example)]) {
    for lesson in [Lesson::Said, Lesson::Near, Lesson::Talk] {
        let all = real(examples.len());
        let own = examples.iter().filter(|(kind, _)| *kind == lesson).count();
        let share = if lesson == Lesson::Talk {
            WEIGHT_TALK
        } else {
            1.0
        };
        let weight = share * all / (3.0 * real(own.max(1)));
        for (_, example) in examples.iter_mut().filter(|(kind, _)| *kind == lesson) {
            example.weight = weight;
        }
    }
}
