//! One voice saying one phrase after another, by espeak-ng.
//!
//! Each phrase is made by a process of its own: one process that makes several does not always make
//! the same samples again.

use super::{PHRASE_WORDS_MAX, RATE, RenderError};
use rubato::audioadapter_buffers::owned::InterleavedOwned;
use rubato::{Fft, FixedSync, Resampler};
use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

const PROGRAM: &str = "espeak-ng";

/// Words a minute: as the program speaks of itself, and the fastest that can be followed.
const PACE: u64 = 175;
const PACE_MAX: u64 = 320;

/// Quieter samples at either end of a phrase are its silence and not its sound.
const QUIET: u16 = 100;

/// Voices that are easy to tell apart, women and men in turn.
const PEOPLE: [&str; 8] = [
    "en-us+f2", "en-us+m3", "en-us+f4", "en-us+m7", "en-us+f5", "en-us+m1", "en-us+f1", "en-us+m5",
];

/// When there are more people than voices, the next ones differ in pitch, from 0 to 99.
const PITCHES: [u8; 5] = [50, 25, 75, 10, 95];

/// How somebody sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Voice {
    name: &'static str,
    pitch: u8,
}

impl Voice {
    /// The voice of the devices, which no person has.
    pub(super) const DEVICE: Self = Self {
        name: "en-gb-x-rp+klatt2",
        pitch: 60,
    };

    /// The voice of the person who is the n-th to speak. There are 40.
    pub(super) fn of_person(number: usize) -> Self {
        let pitch = number / PEOPLE.len() % PITCHES.len();
        Self {
            name: PEOPLE[number % PEOPLE.len()],
            pitch: PITCHES[pitch],
        }
    }
}

/// What one voice says without a break, phrase by phrase.
#[derive(Clone, Debug)]
pub(super) struct Speech {
    pub(super) from_ms: u64,
    /// The phrases that are still to be spoken.
    pub(super) phrases: VecDeque<Phrase>,
    voice: Voice,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    text: String,
    /// How long it may take.
    slot_ms: Option<u64>,
}

impl Speech {
    /// A text that begins then, and may take this long if that is known.
    pub(super) fn new(from_ms: u64, slot_ms: Option<u64>, voice: Voice, text: &str) -> Self {
        let text: String = text.chars().map(speakable).collect();
        let words: Vec<&str> = text.split_whitespace().collect();
        let all = words.len().max(1) as u64;
        let phrases = words.chunks(PHRASE_WORDS_MAX).map(|words| Phrase {
            text: words.join(" "),
            slot_ms: slot_ms.map(|slot| slot.saturating_mul(words.len() as u64) / all),
        });
        Self {
            from_ms,
            phrases: phrases.collect(),
            voice,
        }
    }

    /// Speaks the next phrase: samples at [`RATE`].
    pub(super) fn next_phrase(&mut self) -> Result<Vec<i16>, RenderError> {
        let Some(phrase) = self.phrases.pop_front() else {
            return Ok(Vec::new());
        };
        let samples = say(PROGRAM, self.voice, PACE, &phrase.text)?;
        let took_ms = samples.len() as u64 * 1_000 / u64::from(RATE);
        match phrase.slot_ms {
            Some(slot) if took_ms > slot => {
                let pace = (PACE * took_ms / slot.max(1)).min(PACE_MAX);
                say(PROGRAM, self.voice, pace, &phrase.text)
            }
            Some(_) | None => Ok(samples),
        }
    }
}

/// The program reads `[[…]]` as phonemes, and control characters as it likes.
fn speakable(c: char) -> char {
    if c.is_control() || matches!(c, '[' | ']') {
        ' '
    } else {
        c
    }
}

fn say(program: &str, voice: Voice, pace: u64, text: &str) -> Result<Vec<i16>, RenderError> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("phrase.wav");
    let mut child = Command::new(program)
        .args(["--stdin", "-b", "1", "-v", voice.name])
        .args(["-p", &voice.pitch.to_string(), "-s", &pace.to_string()])
        .arg("-w")
        .arg(&file)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                RenderError::NoProgram
            } else {
                RenderError::Io(error)
            }
        })?;
    if let Some(mut stdin) = child.stdin.take()
        && let Err(error) = stdin.write_all(text.as_bytes())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        return Err(error.into());
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim();
        return Err(RenderError::Program(format!("{} {said}", output.status)));
    }
    // For a text without a sound it makes no file, or an empty one.
    match std::fs::metadata(&file) {
        Ok(found) if found.len() > 0 => read(&file),
        Ok(_) => Ok(Vec::new()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// Reads what the program wrote, at [`RATE`] and without the silence at either end.
fn read(file: &Path) -> Result<Vec<i16>, RenderError> {
    let mut wav = hound::WavReader::open(file)?;
    let rate = wav.spec().sample_rate;
    let samples: Vec<i16> = wav.samples().collect::<Result<_, _>>()?;
    let is_loud = |sample: &i16| sample.unsigned_abs() >= QUIET;
    let (Some(first), Some(last)) = (
        samples.iter().position(is_loud),
        samples.iter().rposition(is_loud),
    ) else {
        return Ok(Vec::new());
    };
    let sound = samples[first..=last].iter();
    let sound: Vec<f32> = sound.map(|sample| f32::from(*sample)).collect();
    resample(sound, rate as usize)
        .map_err(|error| RenderError::Program(format!("its sound cannot be read: {error}")))
}

fn resample(sound: Vec<f32>, rate: usize) -> Result<Vec<i16>, Box<dyn std::error::Error>> {
    let frames = sound.len();
    let sound = InterleavedOwned::new_from(sound, 1, frames)?;
    let mut resampler = Fft::<f32>::new(rate, RATE as usize, 1_024, 1, FixedSync::Input)?;
    let converted = resampler.process_all(&sound, frames, None)?.take_data();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast from float saturates, which is what too loud a sample should do"
    )]
    let samples = converted.into_iter().map(|sample| sample.round() as i16);
    Ok(samples.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_missing_is_to_be_installed() {
        let error = say("espeak-ng-is-not-here", Voice::DEVICE, PACE, "hello").expect_err("it is");
        assert!(matches!(error, RenderError::NoProgram));
        assert!(error.to_string().contains("apt-get install espeak-ng"));
    }

    #[test]
    fn a_program_that_fails_is_named_with_what_it_said() {
        let error = say("false", Voice::DEVICE, PACE, "hello").expect_err("it fails");
        assert!(
            error
                .to_string()
                .starts_with("espeak-ng failed: exit status"),
            "{error}"
        );
    }

    #[test]
    fn forty_people_and_a_device_have_voices_of_their_own() {
        let mut voices: Vec<Voice> = (0..40).map(Voice::of_person).collect();
        voices.push(Voice::DEVICE);
        let is_first = |at: usize| !voices[..at].contains(&voices[at]);
        assert!((0..voices.len()).all(is_first));
        assert_eq!(Voice::of_person(40), voices[0]);
    }

    #[test]
    fn phrases_share_the_time_of_their_speech() {
        let words = "word ".repeat(PHRASE_WORDS_MAX + 10);
        let speech = Speech::new(0, Some(60_000), Voice::DEVICE, &words);
        let slots: Vec<Option<u64>> = speech.phrases.iter().map(|p| p.slot_ms).collect();
        assert_eq!(slots, [Some(50_000), Some(10_000)]);
        let endless = Speech::new(0, Some(u64::MAX), Voice::DEVICE, &words);
        assert_eq!(endless.phrases.len(), 2);
    }
}
