//! What reaches a microphone, and what real engines make of it.
//!
//! A wake-word engine hears while a device sleeps, and a recogniser while it listens for anything
//! else. Both hear the sound of the room, in which the device's own voice may be: people say what the
//! script says, and the device says what it said so far. Time is virtual: what an engine will hear is
//! found ahead of time, and found again when the device begins to say something.
//!
//! The same sound and engines give the same hearing. An engine that fails is told of once, and nothing
//! is heard from then on.

use crate::ear::{Ear, EarError, Heard, Kind, RATE};
use mondegreen_generator::sound::{RenderError, Sound};
use mondegreen_trace::{Asks, Trace};
use std::collections::BTreeMap;
use std::fmt::{self, Debug, Display, Formatter};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Speech with a shorter pause in between is heard in one piece.
const PAUSE_MS: u64 = 1_500;
/// Engines hear so much of what is before speech, and after it: they have to hear that it has ended.
const LEAD_IN_MS: u64 = 300;
const LEAD_OUT_MS: u64 = PAUSE_MS;
/// A piece is at most so long.
const PIECE_MAX_MS: u64 = 30_000;
/// A wake-word engine has heard so much before; openWakeWord looks eight seconds back.
const WARM_UP_MS: u64 = 10_000;
/// So much of what was heard is remembered.
const REMEMBERED_MAX: usize = 50_000;

/// Makes sound of all that is said in a trace.
pub type Record = dyn Fn(&Trace) -> Result<Recorded, RenderError>;

/// Sound, and when somebody speaks in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// At [`RATE`].
    pub samples: Vec<i16>,
    /// From when to when there is something to hear, in milliseconds; by beginning, and perhaps
    /// overlapping.
    pub spans: Vec<(u64, u64)>,
}

impl From<Sound> for Recorded {
    /// Where there is noise, there is something to hear all the time.
    fn from(sound: Sound) -> Self {
        let truth = sound.truth;
        let spans = if truth.scene.noises.is_empty() {
            let audible = truth.speech.iter().filter(|said| said.level_db.is_some());
            audible.map(|said| (said.from_ms, said.to_ms)).collect()
        } else {
            vec![(0, truth.length_ms)]
        };
        Self {
            samples: sound.samples,
            spans,
        }
    }
}

/// What a recogniser is told to expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expects {
    /// Anything: the recogniser goes by its own language model.
    Anything,
    /// What the assistant listens for: the recogniser is given its commands, names or answers as a
    /// list, which makes one of them of any noise. A message can be anything.
    Phrases,
}

/// A conversation that could not be heard.
#[derive(Debug)]
pub enum MicrophoneError {
    /// The sound could not be made.
    Sound(RenderError),
    /// This engine cannot be heard with.
    Ear(String, EarError),
    /// There are not the engines that it takes; why.
    Setting(String),
}

impl Display for MicrophoneError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sound(error) => Display::fmt(error, f),
            Self::Ear(name, error) => write!(f, "{name}: {error}"),
            Self::Setting(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for MicrophoneError {}

/// What an engine made of sound, as a device was told of it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Caught {
    /// When the device was told.
    pub at_ms: u64,
    /// Which device.
    pub device: String,
    /// What the engine calls itself.
    pub ear: String,
    /// The name or the words.
    pub text: String,
    /// How sure the engine was, on its own scale.
    pub score: Option<f64>,
}

/// What a device hears next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Next {
    pub(crate) at_ms: u64,
    pub(crate) from_ms: u64,
    pub(crate) text: String,
    pub(crate) ear: String,
    pub(crate) score: Option<f64>,
    /// What the assistant is told.
    pub(crate) confidence: f64,
}

/// Since when a device listens for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attention {
    /// Nothing if it does not say so: then all words are for it.
    pub(crate) asks: Option<Asks>,
    pub(crate) since_ms: u64,
    /// After this it listens for its name.
    pub(crate) until_ms: Option<u64>,
    /// What it expects; anything, if there are none.
    pub(crate) phrases: Vec<String>,
}

/// A microphone with a wake-word engine and a recogniser behind it.
pub struct Microphone {
    record: Box<Record>,
    expects: Expects,
    spotter: Ear,
    /// As the spotter calls the name of the assistant.
    wake: String,
    recogniser: Ear,
    sound: Recorded,
    /// When there is something to hear, as [`Recorded::spans`], without short pauses.
    stretches: Vec<(u64, u64)>,
    remembered: BTreeMap<u64, Heard>,
    /// The highest score of the spotter since it was asked for.
    score: f64,
    failed: Option<MicrophoneError>,
}

impl Debug for Microphone {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let ears = [&self.spotter, &self.recogniser].map(Ear::name);
        f.debug_struct("Microphone")
            .field("ears", &ears)
            .field("expects", &self.expects)
            .finish_non_exhaustive()
    }
}

impl Microphone {
    /// One in a room that sounds as `record` says, for an assistant of this name. It takes one
    /// wake-word engine that knows the name, and one recogniser.
    ///
    /// # Errors
    /// When these are not the engines.
    pub fn new(
        record: Box<Record>,
        ears: Vec<Ear>,
        wake: &str,
        expects: Expects,
    ) -> Result<Self, MicrophoneError> {
        let (spotters, recognisers): (Vec<Ear>, Vec<Ear>) = ears
            .into_iter()
            .partition(|ear| ear.kind() == Kind::Spotter);
        let [spotter]: [Ear; 1] = spotters.try_into().map_err(|spotters: Vec<Ear>| {
            let count = spotters.len();
            MicrophoneError::Setting(format!(
                "it takes one wake-word engine, and {count} are given"
            ))
        })?;
        let [recogniser]: [Ear; 1] = recognisers.try_into().map_err(|recognisers: Vec<Ear>| {
            let count = recognisers.len();
            MicrophoneError::Setting(format!("it takes one recogniser, and {count} are given"))
        })?;
        let wake = spotter.name_of(wake).ok_or_else(|| {
            let (name, names) = (spotter.name(), spotter.names().join(", "));
            MicrophoneError::Setting(format!("{name} does not know `{wake}`, but {names}"))
        })?;
        Ok(Self {
            wake: wake.to_owned(),
            record,
            expects,
            spotter,
            recogniser,
            sound: Recorded::default(),
            stretches: Vec::new(),
            remembered: BTreeMap::new(),
            score: 0.0,
            failed: None,
        })
    }

    /// How near the wake-word engine has come to the name at most since this was asked last, from 0 to
    /// 1; 0 of an engine that does not say.
    pub fn take_score(&mut self) -> f64 {
        std::mem::take(&mut self.score)
    }

    /// Whether the recogniser is told what the assistant listens for.
    pub(crate) const fn expects(&self) -> Expects {
        self.expects
    }

    /// What went wrong since it was last asked, if anything did.
    pub(crate) fn failure(&mut self) -> Option<MicrophoneError> {
        self.failed.take()
    }

    /// From here on the room sounds like this.
    pub(crate) fn turn_to(&mut self, trace: &Trace) {
        match (self.record)(trace) {
            Ok(sound) => {
                self.stretches = stretches(&sound.spans);
                self.sound = sound;
            }
            Err(error) => self.failed = Some(MicrophoneError::Sound(error)),
        }
    }

    /// What a device hears next in this sound.
    pub(crate) fn next(&mut self, attention: &Attention) -> Option<Next> {
        if self.failed.is_some() {
            return None;
        }
        let next = self.listen(attention);
        next.unwrap_or_else(|error| {
            self.failed = Some(error);
            None
        })
    }

    fn listen(&mut self, attention: &Attention) -> Result<Option<Next>, MicrophoneError> {
        if attention.asks == Some(Asks::Wake) {
            return self.spot(attention.since_ms);
        }
        let words = self.recognise(attention)?;
        match attention.until_ms {
            None => Ok(words),
            Some(_) if words.is_some() => Ok(words),
            Some(until_ms) => self.spot(attention.since_ms.max(until_ms)),
        }
    }

    /// Hears the name.
    fn spot(&mut self, since_ms: u64) -> Result<Option<Next>, MicrophoneError> {
        let names = vec![self.wake.clone()];
        for (from_ms, to_ms) in self.pieces(since_ms) {
            let begin_ms = from_ms.saturating_sub(WARM_UP_MS);
            let heard = self.hear(Kind::Spotter, (begin_ms, to_ms), &names)?;
            let spotted = heard.hearings.iter().filter_map(|spotted| spotted.score);
            let nearest = heard.nearest.map(|nearest| nearest.score);
            self.score = spotted.chain(nearest).fold(self.score, f64::max).min(1.0);
            let mut spotted = heard.hearings.into_iter();
            let is_new = |at_ms: u64| begin_ms + at_ms > from_ms;
            let Some(spotted) = spotted.find(|spotted| is_new(spotted.to_ms)) else {
                continue;
            };
            return Ok(Some(Next {
                at_ms: begin_ms + spotted.to_ms,
                from_ms: begin_ms + spotted.from_ms,
                text: spotted_as(&spotted.text),
                ear: self.spotter.name().to_owned(),
                score: spotted.score,
                // Some engines have no score, and none has one beyond these.
                confidence: spotted.score.unwrap_or(1.0).clamp(0.0, 1.0),
            }));
        }
        Ok(None)
    }

    /// Hears words while it may.
    fn recognise(&mut self, attention: &Attention) -> Result<Option<Next>, MicrophoneError> {
        let until_ms = attention.until_ms.unwrap_or(u64::MAX);
        for (from_ms, to_ms) in self.pieces(attention.since_ms) {
            if from_ms >= until_ms {
                break;
            }
            let heard = self.hear(Kind::Recogniser, (from_ms, to_ms), &attention.phrases)?;
            let Some(words) = heard.hearings.into_iter().next() else {
                continue;
            };
            let at_ms = from_ms + words.to_ms;
            return Ok((at_ms < until_ms).then(|| Next {
                at_ms,
                from_ms: from_ms + words.from_ms,
                text: words.text,
                ear: self.recogniser.name().to_owned(),
                score: words.score,
                // What recognisers say of themselves is no probability that they are right, and
                // those who are behind them take the words as they are.
                confidence: 1.0,
            }));
        }
        Ok(None)
    }

    /// What is to be heard from a time on, piece by piece.
    fn pieces(&self, since_ms: u64) -> Vec<(u64, u64)> {
        let mut pieces = Vec::new();
        for (from_ms, to_ms) in &self.stretches {
            let mut from_ms = since_ms.max(from_ms.saturating_sub(LEAD_IN_MS));
            while from_ms < *to_ms {
                let end_ms = (to_ms + LEAD_OUT_MS).min(from_ms + PIECE_MAX_MS);
                pieces.push((from_ms, end_ms));
                from_ms = end_ms;
            }
        }
        pieces
    }

    /// What an engine makes of the sound between two times, from silence.
    fn hear(
        &mut self,
        kind: Kind,
        (from_ms, to_ms): (u64, u64),
        listen_for: &[String],
    ) -> Result<Heard, MicrophoneError> {
        let place = |ms: u64| usize::try_from(ms * u64::from(RATE) / 1_000).unwrap_or(usize::MAX);
        let (from, to) = (place(from_ms), place(to_ms));
        let all = &self.sound.samples;
        let sounding = all.get(from..to.min(all.len())).unwrap_or_default();
        // After the last speech nothing sounds.
        let mut samples = sounding.to_vec();
        samples.resize(to.saturating_sub(from), 0);
        let mut key = DefaultHasher::new();
        (kind == Kind::Spotter, listen_for, &samples).hash(&mut key);
        let key = key.finish();
        if let Some(heard) = self.remembered.get(&key) {
            return Ok(heard.clone());
        }
        let ear = match kind {
            Kind::Spotter => &mut self.spotter,
            Kind::Recogniser => &mut self.recogniser,
        };
        let listen_for: Vec<&str> = listen_for.iter().map(String::as_str).collect();
        let heard = ear
            .hear(&samples, &listen_for)
            .map_err(|error| MicrophoneError::Ear(ear.name().to_owned(), error))?;
        let heard = Heard {
            curves: Vec::new(),
            ..heard
        };
        if self.remembered.len() >= REMEMBERED_MAX {
            self.remembered.clear();
        }
        self.remembered.insert(key, heard.clone());
        Ok(heard)
    }
}

/// The name without what only the engine adds to it, as a version.
fn spotted_as(text: &str) -> String {
    let words = text.to_lowercase().replace('_', " ");
    let name = words.split(' ').take_while(|word| {
        let version = word.strip_prefix('v').unwrap_or_default();
        !version.starts_with(|c: char| c.is_ascii_digit())
    });
    name.collect::<Vec<_>>().join(" ")
}

/// Spans, which begin one after the other, with their short pauses filled.
fn stretches(spans: &[(u64, u64)]) -> Vec<(u64, u64)> {
    let mut stretches: Vec<(u64, u64)> = Vec::new();
    for (from_ms, to_ms) in spans {
        match stretches.last_mut() {
            Some((_, end_ms)) if *from_ms < *end_ms + PAUSE_MS => *end_ms = (*end_ms).max(*to_ms),
            Some(_) | None => stretches.push((*from_ms, *to_ms)),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_pauses_are_filled() {
        let spans = [
            (0, 900),
            (1_000, 5_000),
            (2_000, 3_000),
            (6_499, 7_000),
            (8_500, 9_000),
        ];
        assert_eq!(stretches(&spans), [(0, 7_000), (8_500, 9_000)]);
    }
}
