//! Listens for keywords in a stream of samples.

use super::cepstra::{Cepstra, FRAME, HOP, RATE, real};
use super::columns::{COST_UNIT, Columns, Fit};
use super::frames::Frames;
use super::keyword::{Keyword, Template};
use super::model::{Inputs, Model, Past};

/// What is known of a keyword at the end of a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decision {
    /// How sure it is that the keyword ends here, in the manner of log-odds: 0 is undecided. At least
    /// [`Self::SCORE_MIN`].
    pub score: f32,
    /// When it began, if it ends here.
    pub from_ms: u64,
    /// When the frame ends.
    pub to_ms: u64,
}

impl Decision {
    /// The score of what is nothing like the keyword.
    pub const SCORE_MIN: f32 = -50.0;

    const NONE: Self = Self {
        score: Self::SCORE_MIN,
        from_ms: 0,
        to_ms: 0,
    };
}

/// The mean distance of a frame that says as much for the keyword as against it, and what each unit
/// of it says. The network's log-odds are added: alignment knows nothing of voices and generalises
/// to all of them, the network knows the near-misses.
const COST_EVEN: f32 = 0.29;
const COST_SLOPE: f32 = 20.0;
/// Keywords are so much rarer in life than in lessons, in log-odds: found in talk, where a score of 0
/// should be a false alarm an hour or two.
const RARER: f32 = 1.0;
/// What fits worse than this is not shown to the network, and counts as if that were this sure that
/// it is not the keyword.
const COST_MAX: f32 = 0.6;
const UNSEEN: f32 = -20.0;

const HOP_MS: u64 = (HOP as u64) * 1_000 / (RATE as u64);
const FRAME_MS: u64 = (FRAME as u64) * 1_000 / (RATE as u64);

/// Listens for many keywords at once, in samples at 16 kHz.
///
/// Each 10 ms there is one decision on each keyword. It is made 20 ms after the end of its frame,
/// which is how far the change of a spectrum looks ahead. Nothing is allocated while it listens, and
/// the work for a frame grows with the templates and with nothing else.
#[derive(Clone, Debug)]
pub struct SoundSpotter {
    cepstra: Cepstra,
    frames: Frames,
    columns: Columns,
    past: Past,
    keywords: Vec<Listening>,
    decisions: Vec<Decision>,
    /// Frames so far.
    now: u64,
}

#[derive(Clone, Debug)]
struct Listening {
    /// Lengths of its templates, in frames.
    lengths: Vec<f32>,
    model: Option<Model>,
    best: Best,
}

/// How well the templates of a keyword fit.
#[derive(Clone, Copy, Debug)]
struct Best {
    /// The least mean distance of a frame, and the mean over all templates.
    cost: f32,
    mean: f32,
    /// How long the span of the best template is, in frames and in its own length.
    length: u16,
    stretch: f32,
}

impl Best {
    const NONE: Self = Self {
        cost: 9.0,
        mean: 9.0,
        length: 0,
        stretch: 1.0,
    };
}

impl SoundSpotter {
    /// Listens for these.
    pub fn new(keywords: &[Keyword]) -> Self {
        let templates = keywords.iter().flat_map(|keyword| &keyword.templates);
        let listening = |keyword: &Keyword| Listening {
            lengths: keyword
                .templates
                .iter()
                .map(|t| real(t.frames.len()))
                .collect(),
            model: keyword.model.clone(),
            best: Best::NONE,
        };
        Self {
            cepstra: Cepstra::new(),
            frames: Frames::new(),
            columns: Columns::new(templates.map(|template| template.frames.as_slice())),
            past: Past::new(2 * Template::FRAMES_MAX),
            keywords: keywords.iter().map(listening).collect(),
            decisions: vec![Decision::NONE; keywords.len()],
            now: 0,
        }
    }

    /// Takes samples, as many as there are, and tells what is known of each keyword at the end of each frame.
    pub fn push(&mut self, samples: &[f32], mut on_frame: impl FnMut(&[Decision])) {
        self.cepstra.push(samples, |cepstrum| {
            if let Some(frame) = self.frames.push(cepstrum) {
                self.columns.push(&frame);
                self.past.push(&frame);
                self.now += 1;
                let mut fits = self.columns.fits();
                for (keyword, decision) in self.keywords.iter_mut().zip(&mut self.decisions) {
                    keyword.best = Best::of(&mut fits, &keyword.lengths);
                    let length = u64::from(keyword.best.length).min(self.now);
                    *decision = Decision {
                        score: keyword.score(&self.past),
                        from_ms: (self.now - length) * HOP_MS,
                        to_ms: (self.now - 1) * HOP_MS + FRAME_MS,
                    };
                }
                on_frame(&self.decisions);
            }
        });
    }

    /// Forgets all that was heard.
    pub fn reset(&mut self) {
        self.cepstra.reset();
        self.frames = Frames::new();
        self.columns.reset();
        self.past.reset();
        self.now = 0;
        for (keyword, decision) in self.keywords.iter_mut().zip(&mut self.decisions) {
            (keyword.best, *decision) = (Best::NONE, Decision::NONE);
        }
    }

    /// The mean distance of a frame from the best template of a keyword.
    pub(super) fn cost(&self, keyword: usize) -> f32 {
        self.keywords[keyword].best.cost
    }

    /// What the network of a keyword sees.
    pub(super) fn inputs(&self, keyword: usize) -> Inputs {
        self.keywords[keyword].inputs(&self.past)
    }
}

impl Listening {
    fn score(&self, past: &Past) -> f32 {
        let cost = self.best.cost;
        let learned = match &self.model {
            None => 0.0,
            Some(model) if cost <= COST_MAX => model.log_odds(&self.inputs(past)) - RARER,
            Some(_) => UNSEEN,
        };
        ((COST_EVEN - cost) * COST_SLOPE + learned).max(Decision::SCORE_MIN)
    }

    fn inputs(&self, past: &Past) -> Inputs {
        let Best {
            cost,
            mean,
            stretch,
            length,
        } = self.best;
        past.inputs(length.into(), [cost, mean, stretch])
    }
}

impl Best {
    fn of(fits: &mut impl Iterator<Item = Fit>, lengths: &[f32]) -> Self {
        let mut best = Self::NONE;
        let mut sum = 0.0;
        for (length, fit) in lengths.iter().zip(fits) {
            let cost = f32::from(fit.cost) / (f32::from(COST_UNIT) * length);
            sum += cost;
            if cost < best.cost {
                best = Self {
                    cost,
                    length: fit.length,
                    stretch: f32::from(fit.length) / length,
                    ..best
                };
            }
        }
        Self {
            mean: sum / real(lengths.len().max(1)),
            ..best
        }
    }
}
