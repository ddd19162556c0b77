//! Renders a trace to sound: what people said and what the devices said, at their times.
//!
//! Every speaker has a voice of their own, and so have the devices. Voices that overlap are mixed.
//! A phrase is only spoken when its time has come, so that memory holds the voices that sound at
//! one time and not the conversation, however long its pauses.
//!
//! Speech is made by espeak-ng, which is called as a program because of its licence.

mod voice;

use mondegreen_trace::{Effect, Line, Trace};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::{self, Display, Formatter};
use std::io::{self, Seek, Write};
use voice::{Speech, Voice};

/// Samples a second.
const RATE: u32 = 16_000;

/// How many samples are mixed at once, a tenth of a second.
const CHUNK: usize = 1_600;

/// A WAV file counts its bytes in 32 bits: 37 hours.
const SAMPLES_MAX: u64 = (u32::MAX as u64 - 100) / 2;

/// A phrase has at most this many words; a longer speech is spoken phrase by phrase.
const PHRASE_WORDS_MAX: usize = 50;

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Length of the sound in milliseconds, rounded up.
    pub length_ms: u64,
    /// How many utterances, prompts and notices it holds.
    pub speeches: usize,
}

/// A trace that could not be rendered.
#[derive(Debug)]
pub enum RenderError {
    /// espeak-ng is not installed.
    NoProgram,
    /// espeak-ng did not do its work, and said this.
    Program(String),
    /// Speech would begin or end, at this time in milliseconds, beyond what a WAV file can hold.
    TooLong(u64),
    /// A file could not be read or written.
    Io(io::Error),
}

impl Display for RenderError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProgram => f.write_str(
                "espeak-ng is not installed; install espeak-ng, for instance `apt-get install espeak-ng`",
            ),
            Self::Program(said) => write!(f, "espeak-ng failed: {said}"),
            Self::TooLong(at_ms) => {
                let hours = at_ms / 3_600_000;
                write!(f, "there is speech {hours} hours in, and a WAV file holds 37 hours at most")
            }
            Self::Io(error) => write!(f, "the sound cannot be written: {error}"),
        }
    }
}

impl std::error::Error for RenderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::NoProgram | Self::Program(_) | Self::TooLong(_) => None,
        }
    }
}

impl From<io::Error> for RenderError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<hound::Error> for RenderError {
    fn from(error: hound::Error) -> Self {
        if let hound::Error::IoError(error) = error {
            Self::Io(error)
        } else {
            Self::Io(io::Error::other(error))
        }
    }
}

/// Writes the sound of a trace as WAV: 16 kHz, 16 bits, mono, from time 0 to the last sound.
///
/// Utterances begin at their time, prompts and notices when the device makes them. A speech that
/// does not fit the time it took in the trace is spoken faster, up to a limit, and is never cut.
///
/// # Errors
/// When espeak-ng is missing or fails, when `out` does, or when the trace runs over more hours than
/// a WAV file can hold.
pub fn render(trace: &Trace, out: impl Write + Seek) -> Result<Rendered, RenderError> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut speeches = speeches(trace);
    let count = speeches.len();
    if let Some(last) = speeches.back()
        && last.from_ms > SAMPLES_MAX / u64::from(RATE) * 1_000
    {
        return Err(RenderError::TooLong(last.from_ms));
    }
    let mut wav = hound::WavWriter::new(out, spec)?;
    let mut speaking: Vec<Speaking> = Vec::new();
    let mut at = 0;
    let mut chunk = vec![0_i32; CHUNK];
    while !(speaking.is_empty() && speeches.is_empty()) {
        chunk.fill(0);
        let end = at + CHUNK as u64;
        while let Some(next) = speeches.pop_front_if(|next| sample_at(next.from_ms) < end) {
            speaking.push(Speaking::new(next));
        }
        let mut used = 0;
        for speaker in &mut speaking {
            used = used.max(speaker.mix_into(&mut chunk, at)?);
        }
        speaking.retain(|speaker| !speaker.is_done());
        let is_last = speaking.is_empty() && speeches.is_empty();
        let heard = chunk.iter().take(if is_last { used } else { CHUNK });
        at += write(&mut wav, heard)?;
        if at > SAMPLES_MAX {
            return Err(RenderError::TooLong(at * 1_000 / u64::from(RATE)));
        }
    }
    wav.finalize()?;
    Ok(Rendered {
        length_ms: (at * 1_000).div_ceil(u64::from(RATE)),
        speeches: count,
    })
}

/// The sample that sounds at this time, which is checked to be within what a WAV file holds.
fn sample_at(time_ms: u64) -> u64 {
    time_ms * u64::from(RATE) / 1_000
}

/// Writes mixed samples; where voices are too loud together they are cut off at the limit.
fn write<'a>(
    wav: &mut hound::WavWriter<impl Write + Seek>,
    samples: impl ExactSizeIterator<Item = &'a i32>,
) -> Result<u64, RenderError> {
    let count = u32::try_from(samples.len()).unwrap_or(u32::MAX);
    let mut writer = wav.get_i16_writer(count);
    for sample in samples {
        let limit = (i32::from(i16::MIN), i32::from(i16::MAX));
        let cut = (*sample).clamp(limit.0, limit.1);
        writer.write_sample(i16::try_from(cut).unwrap_or_default());
    }
    writer.flush()?;
    Ok(u64::from(count))
}

/// A speech that has begun.
struct Speaking {
    speech: Speech,
    /// Where in the sound the phrase begins that is being spoken.
    begins: u64,
    phrase: Vec<i16>,
    spoken: usize,
}

impl Speaking {
    fn new(speech: Speech) -> Self {
        Self {
            begins: sample_at(speech.from_ms),
            speech,
            phrase: Vec::new(),
            spoken: 0,
        }
    }

    fn is_done(&self) -> bool {
        self.spoken == self.phrase.len() && self.speech.phrases.is_empty()
    }

    /// Adds what is spoken in this chunk, which begins at `at`. Returns how much of it was used.
    fn mix_into(&mut self, chunk: &mut [i32], at: u64) -> Result<usize, RenderError> {
        let mut place = usize::try_from(self.begins.saturating_sub(at)).unwrap_or(CHUNK);
        while place < chunk.len() && !self.is_done() {
            if self.spoken == self.phrase.len() {
                self.phrase = self.speech.next_phrase()?;
                self.spoken = 0;
            }
            let free = chunk.iter_mut().skip(place);
            let left = self.phrase.iter().skip(self.spoken);
            let mut mixed = 0;
            for (sum, sample) in free.zip(left) {
                *sum += i32::from(*sample);
                mixed += 1;
            }
            self.spoken += mixed;
            place += mixed;
        }
        Ok(place.min(chunk.len()))
    }
}

/// All speech of a trace, in the order in which it begins.
fn speeches(trace: &Trace) -> VecDeque<Speech> {
    let mut speeches = Vec::new();
    let mut now_ms = 0;
    for line in &trace.lines {
        match line {
            Line::Said { said } => {
                let slot_ms = said.to_ms.saturating_sub(said.from_ms);
                let who = Some(said.speaker.as_str());
                speeches.push((said.from_ms, Some(slot_ms), who, said.text.as_str()));
            }
            Line::In(input) => now_ms = input.at_ms().unwrap_or(now_ms),
            Line::Out(Effect::Prompt {
                text, duration_ms, ..
            }) => speeches.push((now_ms, Some(*duration_ms), None, text)),
            Line::Out(Effect::Notice { text, .. }) => speeches.push((now_ms, None, None, text)),
            Line::Out(
                Effect::Hello { .. }
                | Effect::Listen { .. }
                | Effect::Record { .. }
                | Effect::RecordEnded { .. }
                | Effect::Send { .. }
                | Effect::Cancel { .. }
                | Effect::Act { .. }
                | Effect::Timer { .. }
                | Effect::Done,
            ) => {}
        }
    }
    speeches.sort_by_key(|(from_ms, ..)| *from_ms);
    let mut people = BTreeMap::new();
    let spoken = speeches.into_iter().map(|(from_ms, slot_ms, who, text)| {
        let voice = who.map_or(Voice::DEVICE, |who| {
            let next = people.len();
            Voice::of_person(*people.entry(who).or_insert(next))
        });
        Speech::new(from_ms, slot_ms, voice, text)
    });
    spoken.collect()
}
