//! Reads anyone's WAV as one channel of samples.
//!
//! Written here, since readers at hand turn away what real recorders leave behind: a header whose
//! lengths were never filled in, or say more than is there. Lengths in a header are upper bounds
//! and nothing else: nothing is allocated by them, and the sound ends where the bytes end.

use std::fmt::{self, Display, Formatter};
use std::io::{self, ErrorKind, Read};
use std::ops::RangeInclusive;

/// Samples a second.
const RATES: RangeInclusive<u32> = 8_000..=48_000;
/// The part of a format chunk that says anything; the rest is skipped.
const FORMAT_BYTES_MIN: usize = 16;
const FORMAT_BYTES_MAX: usize = 40;
/// The longest frame: two channels of four bytes.
const FRAME_BYTES_MAX: usize = 8;

const PCM: u16 = 1;
const FLOAT: u16 = 3;
/// The real tag stands later, at the beginning of a longer one, and this follows it.
const EXTENSIBLE: u16 = 0xFFFE;
const EXTENSIBLE_TAIL: [u8; 14] = [
    0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71,
];

/// The sound of a WAV file: an iterator over its samples, read as they are asked for.
///
/// Mono or stereo, 8 to 48 kHz, whole numbers of 16 or 24 bits or floats of 32. Stereo is mixed to
/// one channel by the mean of both. Whole numbers lie from −1 up to 1; floats are as they are in the
/// file, which is mostly in the same range. After an error nothing comes any more.
///
/// Single samples are read from the source, so a file wants a [`std::io::BufReader`].
#[derive(Debug)]
pub struct Wav<R> {
    source: R,
    layout: Layout,
    /// Bytes of sound that the header still promises.
    left: u64,
    /// Samples that were read.
    read: u64,
}

/// How samples lie in the bytes.
#[derive(Clone, Copy, Debug)]
struct Layout {
    rate: u32,
    channels: usize,
    encoding: Encoding,
}

#[derive(Clone, Copy, Debug)]
enum Encoding {
    Int16,
    Int24,
    Float32,
}

/// A WAV file that could not be read.
#[derive(Debug)]
pub enum WavError {
    /// It is something else, or cut off before the sound begins.
    NotWav(&'static str),
    /// It is WAV of a kind that is not read.
    Unsupported(String),
    /// A sample is infinite or not a number; its place, from 0.
    BadSample(u64),
    /// The source failed.
    Io(io::Error),
}

impl Display for WavError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWav(why) => write!(f, "this is not a WAV file: {why}"),
            Self::Unsupported(what) => write!(
                f,
                "{what} is not read; give mono or stereo, 8000 to 48000 Hz, 16 or 24 bits or 32-bit floats"
            ),
            Self::BadSample(place) => {
                write!(
                    f,
                    "sample {place} is not a finite number; record or convert it anew"
                )
            }
            Self::Io(error) => Display::fmt(error, f),
        }
    }
}

impl std::error::Error for WavError {}

impl<R: Read> Wav<R> {
    /// Reads up to where the sound begins.
    ///
    /// # Errors
    /// When it is not WAV, of a kind that is not read, or the source fails.
    pub fn new(mut source: R) -> Result<Self, WavError> {
        let [riff, length, wave] = read_words(&mut source)?;
        if riff != *b"RIFF" || wave != *b"WAVE" {
            return Err(WavError::NotWav("it does not begin with `RIFF` and `WAVE`"));
        }
        let file_length = u32::from_le_bytes(length);
        let mut layout = None;
        loop {
            let [name, length] = read_words(&mut source)?;
            let length = u32::from_le_bytes(length);
            match &name {
                b"fmt " => layout = Some(Layout::read(&mut source, length)?),
                b"data" => {
                    // Recorders write 0 for lengths that they do not know yet.
                    let unfilled = length == 0 && file_length == 0;
                    return Ok(Self {
                        source,
                        layout: layout
                            .ok_or(WavError::NotWav("its sound comes before its format"))?,
                        left: if unfilled { u64::MAX } else { length.into() },
                        read: 0,
                    });
                }
                _ => skip(&mut source, padded(length))?,
            }
        }
    }

    /// Samples a second.
    pub fn rate(&self) -> u32 {
        self.layout.rate
    }

    /// The next bytes of all channels at one time; nothing where they end.
    fn frame(&mut self) -> io::Result<Option<[u8; FRAME_BYTES_MAX]>> {
        let length = self.layout.frame_bytes();
        let Some(left) = self.left.checked_sub(length as u64) else {
            return Ok(None);
        };
        self.left = left;
        let mut frame = [0; FRAME_BYTES_MAX];
        match self.source.read_exact(&mut frame[..length]) {
            Ok(()) => Ok(Some(frame)),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn sample(&mut self) -> Result<Option<f32>, WavError> {
        let Some(frame) = self.frame().map_err(WavError::Io)? else {
            return Ok(None);
        };
        let sample = self.layout.mixed(&frame);
        if !sample.is_finite() {
            return Err(WavError::BadSample(self.read));
        }
        self.read += 1;
        Ok(Some(sample))
    }
}

impl<R: Read> Iterator for Wav<R> {
    type Item = Result<f32, WavError>;

    fn next(&mut self) -> Option<Self::Item> {
        let sample = self.sample().transpose();
        if !matches!(sample, Some(Ok(_))) {
            self.left = 0;
        }
        sample
    }
}

impl Layout {
    fn read(source: &mut impl Read, length: u32) -> Result<Self, WavError> {
        let mut bytes = [0; FORMAT_BYTES_MAX];
        let said = FORMAT_BYTES_MAX.min(length as usize);
        if said < FORMAT_BYTES_MIN {
            return Err(WavError::NotWav("its format is too short"));
        }
        source.read_exact(&mut bytes[..said]).map_err(cut_off)?;
        skip(source, padded(length) - said as u64)?;
        let half = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let (channels, frame_bytes, bits) = (half(2), half(12), half(14));
        let rate = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
        let tag = match half(0) {
            EXTENSIBLE if bytes.ends_with(&EXTENSIBLE_TAIL) => half(24),
            tag => tag,
        };
        let unsupported = |what: String| Err(WavError::Unsupported(what));
        let encoding = match (tag, bits) {
            (PCM, 16) => Encoding::Int16,
            (PCM, 24) => Encoding::Int24,
            (FLOAT, 32) => Encoding::Float32,
            (PCM, bits) => return unsupported(format!("sound of {bits} bits")),
            (FLOAT, bits) => return unsupported(format!("sound of {bits}-bit floats")),
            (tag, _) => return unsupported(format!("the compression with number {tag}")),
        };
        if !(1..=2).contains(&channels) {
            return unsupported(format!("sound of {channels} channels"));
        }
        if !RATES.contains(&rate) {
            return unsupported(format!("sound at {rate} Hz"));
        }
        let layout = Self {
            rate,
            channels: channels.into(),
            encoding,
        };
        if usize::from(frame_bytes) != layout.frame_bytes() {
            return unsupported(format!(
                "sound of {bits} bits in frames of {frame_bytes} bytes"
            ));
        }
        Ok(layout)
    }

    fn sample_bytes(self) -> usize {
        match self.encoding {
            Encoding::Int16 => 2,
            Encoding::Int24 => 3,
            Encoding::Float32 => 4,
        }
    }

    fn frame_bytes(self) -> usize {
        self.channels * self.sample_bytes()
    }

    /// The mean of the channels. Each is divided before they are added, so that nothing overflows.
    fn mixed(self, frame: &[u8]) -> f32 {
        let samples = frame.chunks_exact(self.sample_bytes()).take(self.channels);
        let share = 1.0 / f32::from(u8::try_from(self.channels).unwrap_or(u8::MAX));
        samples
            .map(|bytes| self.encoding.sample(bytes) * share)
            .sum()
    }
}

impl Encoding {
    /// Both kinds of whole numbers fit a float exactly.
    fn sample(self, bytes: &[u8]) -> f32 {
        match (self, bytes) {
            (Self::Int16, &[low, high]) => f32::from(i16::from_le_bytes([low, high])) / 32_768.0,
            (Self::Int24, &[lowest, low, high]) => {
                let high = f32::from(i16::from_le_bytes([low, high]));
                (high * 256.0 + f32::from(lowest)) / 8_388_608.0
            }
            (Self::Float32, &[a, b, c, d]) => f32::from_le_bytes([a, b, c, d]),
            // Never met: chunks are as long as the encoding says.
            (Self::Int16 | Self::Int24 | Self::Float32, _) => 0.0,
        }
    }
}

/// Words of four bytes.
fn read_words<const N: usize>(source: &mut impl Read) -> Result<[[u8; 4]; N], WavError> {
    let mut words = [[0; 4]; N];
    for word in &mut words {
        source.read_exact(word).map_err(cut_off)?;
    }
    Ok(words)
}

/// A chunk of an odd length is followed by a byte that belongs to nothing.
fn padded(length: u32) -> u64 {
    let length = u64::from(length);
    length + length % 2
}

fn skip(source: &mut impl Read, bytes: u64) -> Result<(), WavError> {
    let skipped = io::copy(&mut source.by_ref().take(bytes), &mut io::sink());
    skipped.map(|_| ()).map_err(WavError::Io)
}

fn cut_off(error: io::Error) -> WavError {
    if error.kind() == ErrorKind::UnexpectedEof {
        WavError::NotWav("it ends before the sound begins")
    } else {
        WavError::Io(error)
    }
}
