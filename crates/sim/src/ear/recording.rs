//! Recordings as ears hear them.

use super::RATE;
use mondegreen_detector::{Wav, WavError};
use mondegreen_generator::sound::resample;
use std::fmt::{self, Display, Formatter};
use std::io::Read;

/// The longest recording that is read; ears are given it at once.
pub const SECONDS_MAX: u32 = 3_600;

/// A recording that cannot be played to an ear.
#[derive(Debug)]
pub enum RecordingError {
    /// It is not a WAV file that is read.
    Wav(WavError),
    /// It is longer than [`SECONDS_MAX`].
    TooLong,
    /// It cannot be brought to [`RATE`]; why.
    Rate(String),
}

impl Display for RecordingError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wav(error) => Display::fmt(error, f),
            Self::TooLong => write!(
                f,
                "it is longer than {SECONDS_MAX} seconds; cut it into pieces"
            ),
            Self::Rate(why) => write!(f, "it cannot be brought to {RATE} samples a second: {why}"),
        }
    }
}

impl std::error::Error for RecordingError {}

/// Reads a WAV file as one channel at [`RATE`].
///
/// # Errors
/// When it is none, of a kind that is not read, or too long.
pub fn recording(source: impl Read) -> Result<Vec<i16>, RecordingError> {
    let wav = Wav::new(source).map_err(RecordingError::Wav)?;
    let rate = wav.rate();
    let most = SECONDS_MAX as usize * rate as usize;
    let mut samples = Vec::new();
    for sample in wav {
        if samples.len() == most {
            return Err(RecordingError::TooLong);
        }
        samples.push(f64::from(sample.map_err(RecordingError::Wav)?) * 32_768.0);
    }
    if rate == RATE {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a cast from float saturates"
        )]
        return Ok(samples
            .into_iter()
            .map(|sample| sample.round() as i16)
            .collect());
    }
    resample(samples, rate as usize).map_err(|why| RecordingError::Rate(why.to_string()))
}
