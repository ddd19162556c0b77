//! WAV files of all kinds that are read, of kinds that are not, and such that lie.

use expect_test::expect;
use hound::{SampleFormat, WavSpec, WavWriter};
use mondegreen_detector::{Wav, WavError};
use proptest::prelude::*;
use std::io::{Cursor, Read};

fn spec(channels: u16, sample_rate: u32, bits_per_sample: u16) -> WavSpec {
    WavSpec {
        channels,
        sample_rate,
        bits_per_sample,
        sample_format: SampleFormat::Int,
    }
}

/// A file as another program writes it.
fn written<S: hound::Sample + Copy>(spec: WavSpec, samples: &[S]) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut wav = WavWriter::new(&mut bytes, spec).expect("a legal format");
    for sample in samples {
        wav.write_sample(*sample).expect("it fits");
    }
    wav.finalize().expect("memory can be written");
    bytes.into_inner()
}

fn ramp() -> Vec<u8> {
    written(
        spec(1, 16_000, 16),
        &[0_i16, 16_384, -16_384, 32_767, -32_768],
    )
}

fn read(bytes: &[u8]) -> Result<(u32, Vec<f32>), WavError> {
    let wav = Wav::new(bytes)?;
    let rate = wav.rate();
    Ok((rate, wav.collect::<Result<_, _>>()?))
}

#[track_caller]
fn check_sound(bytes: &[u8], rate: u32, samples: &[f32]) {
    assert_eq!(read(bytes).expect("it is read"), (rate, samples.to_vec()));
}

#[test]
fn whole_numbers_of_16_bits_are_read() {
    check_sound(
        &ramp(),
        16_000,
        &[0.0, 0.5, -0.5, 32_767.0 / 32_768.0, -1.0],
    );
}

#[test]
fn whole_numbers_of_24_bits_are_read() {
    let samples = [1_i32, -1, 4_194_304, 8_388_607, -8_388_608];
    let bytes = written(spec(1, 8_000, 24), &samples);
    let step = 1.0 / 8_388_608.0;
    check_sound(&bytes, 8_000, &[step, -step, 0.5, 1.0 - step, -1.0]);
}

#[test]
fn floats_are_read() {
    let float = WavSpec {
        sample_format: SampleFormat::Float,
        ..spec(1, 48_000, 32)
    };
    let samples = [0.25_f32, -1.5, f32::MAX];
    check_sound(&written(float, &samples), 48_000, &samples);
}

#[test]
fn stereo_is_mixed() {
    let bytes = written(spec(2, 44_100, 16), &[16_384_i16, -16_384, 16_384, 0]);
    check_sound(&bytes, 44_100, &[0.0, 0.25]);
    let float = WavSpec {
        sample_format: SampleFormat::Float,
        ..spec(2, 48_000, 32)
    };
    check_sound(&written(float, &[f32::MAX; 2]), 48_000, &[f32::MAX]);
}

/// What a recorder leaves that was switched off, or that wrote to a pipe.
#[test]
fn lengths_that_were_never_filled_in_end_with_the_file() {
    for length in [0, u32::MAX] {
        let mut bytes = ramp();
        bytes[4..8].copy_from_slice(&length.to_le_bytes());
        bytes[40..44].copy_from_slice(&length.to_le_bytes());
        let (_, samples) = read(&bytes).expect("it is read");
        assert_eq!(samples.len(), 5, "{length}");
    }
}

#[test]
fn a_length_beyond_the_end_ends_with_the_file() {
    let mut bytes = ramp();
    bytes[40..44].copy_from_slice(&0x7FFF_FFFF_u32.to_le_bytes());
    // The last sample is cut in two.
    bytes.pop();
    let (_, samples) = read(&bytes).expect("it is read");
    assert_eq!(samples.len(), 4);
}

#[test]
fn what_comes_after_the_sound_is_no_sound() {
    let mut bytes = ramp();
    bytes.extend(b"LIST\x04\0\0\0abcd");
    assert_eq!(read(&bytes).expect("it is read").1.len(), 5);
    bytes[40..44].copy_from_slice(&0_u32.to_le_bytes());
    assert!(read(&bytes).expect("it is read").1.is_empty());
}

#[test]
fn other_chunks_are_skipped() {
    let mut bytes = ramp();
    bytes.splice(12..12, *b"LIST\x03\0\0\0abc\0");
    check_sound(&bytes, 16_000, &read(&ramp()).expect("it is read").1);
}

/// hound writes whole numbers of 24 bits in the longer format.
#[test]
fn the_longer_format_is_read_only_when_it_is_one() {
    let mut bytes = written(spec(1, 16_000, 24), &[0_i32]);
    assert_eq!(bytes[20..22], [0xFE, 0xFF], "hound writes it otherwise now");
    check_sound(&bytes, 16_000, &[0.0]);
    bytes[50] ^= 1;
    assert!(matches!(read(&bytes), Err(WavError::Unsupported(_))));
}

#[test]
fn what_is_not_read_is_named() {
    let changed = |at: usize, with: &[u8]| {
        let mut bytes = ramp();
        bytes[at..at + with.len()].copy_from_slice(with);
        bytes
    };
    let files = [
        Vec::new(),
        b"{\"json\": true}".to_vec(),
        ramp()[..30].to_vec(),
        changed(12, b"data"),
        changed(16, &[15]),
        changed(20, &[2]),
        changed(20, &[3]),
        changed(22, &[0]),
        changed(22, &[6]),
        changed(24, &96_000_u32.to_le_bytes()),
        changed(24, &7_999_u32.to_le_bytes()),
        changed(32, &[4]),
        changed(34, &[8]),
    ];
    let said = |file: &Vec<u8>| {
        let error = read(file).expect_err("it is not read").to_string();
        let (what, advice) = error.split_once(';').unwrap_or((&error, ""));
        let is_helped = what.contains("not a WAV") || advice.contains("give mono or stereo");
        assert!(is_helped, "{error}");
        format!("{what}\n")
    };
    let page: String = files.iter().map(said).collect();
    expect![[r"
        this is not a WAV file: it ends before the sound begins
        this is not a WAV file: it does not begin with `RIFF` and `WAVE`
        this is not a WAV file: it ends before the sound begins
        this is not a WAV file: its sound comes before its format
        this is not a WAV file: its format is too short
        the compression with number 2 is not read
        sound of 16-bit floats is not read
        sound of 0 channels is not read
        sound of 6 channels is not read
        sound at 96000 Hz is not read
        sound at 7999 Hz is not read
        sound of 16 bits in frames of 4 bytes is not read
        sound of 8 bits is not read
    "]]
    .assert_eq(&page);
}

#[test]
fn after_a_sample_that_is_no_number_nothing_comes() {
    let float = WavSpec {
        sample_format: SampleFormat::Float,
        ..spec(1, 48_000, 32)
    };
    let bytes = written(float, &[0.5_f32, f32::NAN, 0.5]);
    let mut wav = Wav::new(bytes.as_slice()).expect("it is read");
    assert!(matches!(wav.next(), Some(Ok(_))));
    let error = wav.next().expect("an error").expect_err("an error");
    expect!["sample 1 is not a finite number; record or convert it anew"]
        .assert_eq(&error.to_string());
    assert!(wav.next().is_none());
}

/// Gives one byte at a time, as a pipe may.
struct Dribble<'a>(&'a [u8]);

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let some = buffer.len().min(1);
        self.0.read(&mut buffer[..some])
    }
}

#[test]
fn a_slow_source_gives_the_same() {
    let bytes = ramp();
    let wav = Wav::new(Dribble(&bytes)).expect("it is read");
    let samples: Vec<f32> = wav.map(|sample| sample.expect("a number")).collect();
    assert_eq!(samples, read(&bytes).expect("it is read").1);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Another reader makes the same of it.
    #[test]
    fn sound_is_read_as_hound_reads_it(samples in prop::collection::vec(-0x80_0000..0x80_0000_i32, 0..50)) {
        let bytes = written(spec(1, 22_050, 24), &samples);
        let theirs = hound::WavReader::new(bytes.as_slice()).expect("it is legal");
        let theirs: Vec<i32> = theirs.into_samples().map(|sample| sample.expect("a number")).collect();
        let ours = read(&bytes).expect("it is read").1;
        #[expect(clippy::cast_possible_truncation, reason = "24 bits")]
        let ours: Vec<i32> = ours.iter().map(|sample| (sample * 8_388_608.0) as i32).collect();
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn bytes_after_a_header_are_no_matter(
        bytes in prop::collection::vec(any::<u8>(), 0..100),
        at in 0..44_usize,
    ) {
        let mut file = ramp();
        file.truncate(at);
        file.extend(bytes);
        if let Ok(wav) = Wav::new(file.as_slice()) {
            prop_assert!(wav.count() <= file.len());
        }
    }
}
