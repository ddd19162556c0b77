//! Adds up all that sounds, a tenth of a second at a time.
//!
//! A phrase is only spoken when its time has come and forgotten when it has rung out, so that memory
//! holds the voices that sound at one time and not the conversation, however long its pauses.

use super::level::{factor, level_db, single, to_16_bits};
use super::noise::Source;
use super::speech::Speech;
use super::stage::Stage;
use super::truth::milliseconds;
use super::{Cache, RATE, RenderError, Scene, Sound, Spoken, Truth};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::collections::VecDeque;

/// How many samples are mixed at once, a tenth of a second.
const CHUNK: usize = RATE as usize / 10;

/// All that sounds in a scene, chunk by chunk.
pub(super) struct Mix<'a> {
    scene: &'a Scene,
    cache: &'a Cache,
    stage: Stage<'a>,
    /// Noise, and by what it is multiplied.
    noises: Vec<(Source, f64)>,
    reference_db: Option<f64>,
    /// What has not begun, the next first.
    waiting: VecDeque<Speech>,
    speaking: Vec<Speaking>,
    spoken: Vec<Spoken>,
    /// Samples mixed so far, and the least that there are to be.
    at: u64,
    until: u64,
    chunk: Vec<f32>,
}

impl<'a> Mix<'a> {
    /// Of these speeches, which are in the order in which they begin; at least so many samples.
    pub(super) fn new(
        scene: &'a Scene,
        waiting: VecDeque<Speech>,
        until: u64,
        cache: &'a Cache,
    ) -> Result<Self, RenderError> {
        scene.check()?;
        let mut mix = Self {
            scene,
            cache,
            stage: Stage::new(scene),
            noises: Vec::new(),
            reference_db: None,
            waiting,
            speaking: Vec::new(),
            spoken: Vec::new(),
            at: 0,
            until,
            chunk: Vec::with_capacity(CHUNK),
        };
        if !scene.noises.is_empty() {
            mix.add_noises()?;
        }
        Ok(mix)
    }

    fn add_noises(&mut self) -> Result<(), RenderError> {
        let reference_db = self.measure()?;
        self.reference_db = Some(reference_db);
        let television = self.stage.television();
        for (stream, noise) in (1..).zip(&self.scene.noises) {
            let mut rng = ChaCha8Rng::seed_from_u64(self.scene.seed);
            rng.set_stream(stream);
            let source = Source::new(noise.kind, rng, &television, self.cache)?;
            self.noises
                .push((source, factor(reference_db - noise.snr_db)));
        }
        Ok(())
    }

    /// The active level at the microphone of the first phrase of the first person, or what it would
    /// be where nothing reflects if nobody says anything.
    fn measure(&mut self) -> Result<f64, RenderError> {
        let first = self
            .waiting
            .iter()
            .filter(|speech| speech.person == Some(0));
        for speech in first {
            let mut speech = speech.clone();
            while let Some((_, samples)) = speech.next_phrase(self.cache)? {
                let heard = self.stage.heard(Some(0), &samples)?;
                if let Some(level) = level_db(heard.into_iter().map(f64::from)) {
                    return Ok(level);
                }
            }
        }
        Ok(self.scene.direct_db(0))
    }

    /// The next samples, from −1 to 1 and beyond; nothing at the end.
    pub(super) fn next_chunk(&mut self) -> Result<Option<&[f32]>, RenderError> {
        if self.is_over() && self.at >= self.until {
            return Ok(None);
        }
        let end = self.at + CHUNK as u64;
        while let Some(next) = self.waiting.pop_front_if(|next| next.from() < end) {
            self.spoken.push(next.to_be_spoken(self.scene));
            self.speaking
                .push(Speaking::new(next, self.spoken.len() - 1));
        }
        self.chunk.clear();
        self.chunk.resize(CHUNK, 0.0);
        let mut used = self.until.saturating_sub(self.at);
        for speaking in &mut self.speaking {
            let spoken = &mut self.spoken[speaking.number];
            speaking.speak_until(end, &mut self.stage, self.cache, spoken)?;
            used = used.max(speaking.add_to(&mut self.chunk, self.at));
        }
        self.speaking.retain(|speaking| !speaking.is_over());
        if self.is_over() {
            let used = usize::try_from(used).unwrap_or(CHUNK);
            self.chunk.truncate(used);
        }
        for (noise, factor) in &mut self.noises {
            noise.add_to(&mut self.chunk, *factor);
        }
        self.at += self.chunk.len() as u64;
        Ok(Some(&self.chunk))
    }

    /// All of it in memory.
    pub(super) fn into_sound(mut self) -> Result<Sound, RenderError> {
        let mut samples = Vec::new();
        let mut clipped = 0;
        while let Some(chunk) = self.next_chunk()? {
            for sample in chunk {
                let (sample, is_cut) = to_16_bits(*sample);
                samples.push(sample);
                clipped += u64::from(is_cut);
            }
        }
        Ok(Sound {
            truth: self.into_truth(clipped),
            samples,
        })
    }

    /// Whether nobody speaks any more.
    fn is_over(&self) -> bool {
        self.waiting.is_empty() && self.speaking.is_empty()
    }

    /// What is known of what was mixed.
    pub(super) fn into_truth(self, clipped: u64) -> Truth {
        Truth {
            rate_hz: RATE,
            length_ms: milliseconds(self.at),
            clipped,
            scene: self.scene.clone(),
            reference_db: self.reference_db,
            speech: self.spoken,
        }
    }
}

/// Somebody who has begun to speak.
struct Speaking {
    speech: Speech,
    /// Its place in the truth.
    number: usize,
    /// When the next phrase begins.
    next_from: u64,
    /// Phrases that sound or ring out, with the sample at which each begins.
    sounding: VecDeque<(u64, Vec<f32>)>,
}

impl Speaking {
    fn new(speech: Speech, number: usize) -> Self {
        Self {
            next_from: speech.from(),
            speech,
            number,
            sounding: VecDeque::new(),
        }
    }

    fn is_over(&self) -> bool {
        self.speech.is_said() && self.sounding.is_empty()
    }

    /// Speaks the phrases that begin before this sample.
    fn speak_until(
        &mut self,
        end: u64,
        stage: &mut Stage<'_>,
        cache: &Cache,
        truth: &mut Spoken,
    ) -> Result<(), RenderError> {
        while self.next_from < end
            && let Some((text, samples)) = self.speech.next_phrase(cache)?
        {
            truth.takes_in(&text, self.next_from, samples.len());
            let heard = stage.heard(self.speech.person, &samples)?;
            self.sounding.push_back((self.next_from, heard));
            self.next_from += samples.len() as u64;
        }
        Ok(())
    }

    /// Adds what sounds in this chunk, which begins at `at`, and forgets what has rung out. Returns
    /// how much of the chunk is used.
    fn add_to(&mut self, chunk: &mut [f32], at: u64) -> u64 {
        let end = at + chunk.len() as u64;
        let mut used = self.next_from.min(end).saturating_sub(at);
        for (from, sound) in &self.sounding {
            let late = from.saturating_sub(at);
            let played = at.saturating_sub(*from);
            let [late, played] = [late, played].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
            for (sum, sample) in chunk.iter_mut().skip(late).zip(sound.iter().skip(played)) {
                *sum += sample;
            }
            used = used.max((from + sound.len() as u64).min(end).saturating_sub(at));
        }
        self.sounding
            .retain(|(from, sound)| from + sound.len() as u64 > end);
        used
    }
}

/// Samples of a phrase at this active level.
pub(super) fn at_level(samples: &[i16], db: f64) -> Vec<f32> {
    let samples = samples.iter().map(|sample| f64::from(*sample) / 32_768.0);
    let gain = level_db(samples.clone()).map_or(0.0, |level| factor(db - level));
    samples.map(|sample| single(sample * gain)).collect()
}
