//! Renders conversations to sound: what people say and what the devices say, at their times, in a
//! room, with what else sounds there; and single phrases in the same way.
//!
//! - [`Voice`] is somebody who can speak, [`voices`] are all of them. Speech is made by espeak-ng and
//!   flite, which are called as programs and kept from doing the same work twice by a [`Cache`].
//! - [`Scene`] says where people are and what else sounds: [`Room`], [`Noise`], and how much of the
//!   device's own voice its microphone gets.
//! - [`render`] writes the sound of a trace, [`Scene::say`] gives one phrase. Both tell the [`Truth`].
//!
//! The same scene, engines and text give the same samples, to the bit. Without room and noise what
//! somebody says is not changed but in level. Memory holds what sounds at one time.
//!
//! ```no_run
//! use mondegreen_generator::sound::{Cache, Noise, NoiseKind, Saying, Scene, Voice};
//!
//! let noises = vec![Noise { kind: NoiseKind::Pink, snr_db: 10.0 }];
//! let voices = Voice::named("slt").into_iter().collect();
//! let scene = Scene { voices, noises, ..Scene::default() };
//! let saying = Saying { text: "I like some", lead_in_ms: 500, ..Saying::default() };
//! let sound = scene.say(&saying, &Cache::of_user())?;
//! assert!(sound.samples.len() > 16_000);
//! # Ok::<(), mondegreen_generator::sound::RenderError>(())
//! ```

mod cache;
mod convolve;
mod engine;
mod level;
mod mix;
mod noise;
mod room;
mod scene;
mod spectrogram;
mod speech;
mod stage;
mod truth;
mod voice;

pub use cache::Cache;
pub use engine::{Engine, resample};
pub use level::active_level_db;
pub use noise::NoiseKind;
pub use room::Room;
pub use scene::{Noise, Saying, Scene, Sound};
pub use spectrogram::{BANDS, spectrogram};
pub use truth::{Spoken, Truth, Who, Word};
pub use voice::{Voice, voices};

use mix::Mix;
use mondegreen_trace::Trace;
use std::fmt::{self, Display, Formatter};
use std::io::{self, Seek, Write};
use std::path::PathBuf;

/// Samples a second.
const RATE: u32 = 16_000;

/// A WAV file counts its bytes in 32 bits: 37 hours.
const SAMPLES_MAX: u64 = (u32::MAX as u64 - 100) / 2;

/// Sound that could not be made.
#[derive(Debug)]
pub enum RenderError {
    /// This engine is not installed.
    NoProgram(Engine),
    /// This engine did not do its work, and said this.
    Program(Engine, String),
    /// There can be no such scene, for this reason.
    Scene(String),
    /// Speech would begin or end, at this time in milliseconds, beyond what a WAV file can hold.
    TooLong(u64),
    /// The cache, or a file in it, could not be written.
    Cache(PathBuf, io::Error),
    /// A file could not be read or written.
    Io(io::Error),
}

impl Display for RenderError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProgram(engine) => {
                let program = engine.program();
                write!(
                    f,
                    "{program} is not installed; install {program}, for instance `apt-get install {program}`"
                )
            }
            Self::Program(engine, said) => write!(f, "{} failed: {said}", engine.program()),
            Self::Scene(why) => write!(f, "there cannot be {why}"),
            Self::TooLong(at_ms) => {
                let hours = at_ms / 3_600_000;
                write!(
                    f,
                    "there is speech {hours} hours in, and a WAV file holds 37 hours at most"
                )
            }
            Self::Cache(path, error) => {
                write!(f, "the cache {} cannot be written: {error}", path.display())
            }
            Self::Io(error) => write!(f, "the sound cannot be written: {error}"),
        }
    }
}

impl std::error::Error for RenderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) | Self::Cache(_, error) => Some(error),
            Self::NoProgram(_) | Self::Program(..) | Self::Scene(_) | Self::TooLong(_) => None,
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

/// Writes the sound of a trace as WAV: 16 kHz, 16 bits, mono, from time 0 until all has rung out.
///
/// Utterances begin at their time, prompts and notices when the device makes them. A speech that
/// does not fit the time it took in the trace is spoken faster, up to a limit, and is never cut.
/// All people and devices are in one room with one microphone.
///
/// # Errors
/// When there can be no such scene, when an engine is missing or fails, when the cache or `out`
/// cannot be written, or when the trace runs over more hours than a WAV file can hold.
pub fn render(
    trace: &Trace,
    scene: &Scene,
    cache: &Cache,
    out: impl Write + Seek,
) -> Result<Truth, RenderError> {
    let speeches = speech::speeches(trace, scene);
    if let Some(last) = speeches.back()
        && last.from_ms > SAMPLES_MAX / u64::from(RATE) * 1_000
    {
        return Err(RenderError::TooLong(last.from_ms));
    }
    let mut mix = Mix::new(scene, speeches, 0, cache)?;
    let mut wav = hound::WavWriter::new(out, wav_spec())?;
    let mut clipped = 0;
    let mut written = 0;
    while let Some(chunk) = mix.next_chunk()? {
        written += chunk.len() as u64;
        if written > SAMPLES_MAX {
            return Err(RenderError::TooLong(truth::milliseconds(written)));
        }
        let mut writer = wav.get_i16_writer(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
        for sample in chunk {
            let (sample, is_cut) = level::to_16_bits(*sample);
            writer.write_sample(sample);
            clipped += u64::from(is_cut);
        }
        writer.flush()?;
    }
    wav.finalize()?;
    Ok(mix.into_truth(clipped))
}

/// What we write: mono, 16 bits.
fn wav_spec() -> hound::WavSpec {
    hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    }
}
