//! A conversation rendered to sound. Without the engines the tests that need them say so and pass.

mod scene;

use mondegreen_generator::sound::{Cache, Engine, RenderError, Scene, Truth, render};
use mondegreen_trace::{Asks, Effect, Input, Line, Meant, Trace, Utterance};
use std::io::Cursor;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// Samples in a millisecond.
const MILLISECOND: usize = 16;

/// One folder for all tests: most of them say the same.
static CACHE: LazyLock<(tempfile::TempDir, Cache)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = Cache::in_folder(folder.path()).expect("it is there");
    (folder, cache)
});

fn cache() -> &'static Cache {
    &CACHE.1
}

fn has(engine: Engine) -> bool {
    let program = Command::new(engine.program())
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if program.is_err() {
        eprintln!("skipped: {} is not installed", engine.program());
    }
    program.is_ok()
}

fn is_installed() -> bool {
    has(Engine::Espeak)
}

fn said(speaker: &str, from_ms: u64, to_ms: u64, text: &str) -> Line {
    let said = Utterance {
        from_ms,
        to_ms,
        devices: vec!["kitchen".to_owned()],
        speaker: speaker.to_owned(),
        text: text.to_owned(),
        meant: Meant::Nobody,
    };
    Line::Said { said }
}

fn at(at_ms: u64) -> Line {
    Line::In(Input::Time { at_ms })
}

fn prompt(text: &str, duration_ms: u64) -> Line {
    Line::Out(Effect::Prompt {
        device: "kitchen".to_owned(),
        prompt: 1,
        text: text.to_owned(),
        asks: Some(Asks::Confirmation),
        recipient: None,
        message: None,
        duration_ms,
    })
}

fn notice(text: &str) -> Line {
    Line::Out(Effect::Notice {
        device: "kitchen".to_owned(),
        text: text.to_owned(),
    })
}

fn bytes(lines: &[Line]) -> (Vec<u8>, Truth) {
    bytes_in(&Scene::default(), lines)
}

fn bytes_in(scene: &Scene, lines: &[Line]) -> (Vec<u8>, Truth) {
    let lines = lines.to_vec();
    let mut out = Cursor::new(Vec::new());
    let truth = render(&Trace { lines }, scene, cache(), &mut out).expect("it can be rendered");
    (out.into_inner(), truth)
}

fn samples(lines: &[Line]) -> Vec<i16> {
    samples_in(&Scene::default(), lines).0
}

fn samples_in(scene: &Scene, lines: &[Line]) -> (Vec<i16>, Truth) {
    let (bytes, truth) = bytes_in(scene, lines);
    let wav = hound::WavReader::new(bytes.as_slice()).expect("it is a WAV file");
    let spec = wav.spec();
    assert_eq!((spec.channels, spec.sample_rate), (1, 16_000));
    assert_eq!(spec.bits_per_sample, 16);
    assert_eq!(spec.sample_format, hound::SampleFormat::Int);
    let samples: Result<Vec<i16>, _> = wav.into_samples().collect();
    let samples = samples.expect("it is whole");
    let length_ms = samples.len().div_ceil(MILLISECOND) as u64;
    assert_eq!(length_ms, truth.length_ms);
    (samples, truth)
}

/// The loudest sample between two times.
fn peak(samples: &[i16], from_ms: usize, to_ms: usize) -> u16 {
    let end = (to_ms * MILLISECOND).min(samples.len());
    let span = &samples[from_ms * MILLISECOND..end];
    let loudness = span.iter().map(|sample| sample.unsigned_abs());
    loudness.max().unwrap_or(0)
}

#[test]
fn there_is_sound_where_something_is_said_and_nowhere_else() {
    if !is_installed() {
        return;
    }
    let sound = samples(&[
        said("Ann", 1_000, 3_000, "we should write a letter"),
        at(5_000),
        prompt("Ana Ruiz, right?", 1_500),
        at(8_000),
        notice("Sending"),
    ]);
    for (from, to) in [(0, 1_000), (3_000, 5_000), (6_500, 8_000)] {
        assert_eq!(peak(&sound, from, to), 0, "from {from} to {to} ms");
    }
    for (from, to) in [(1_000, 1_300), (5_000, 5_300), (8_000, 8_300)] {
        assert!(peak(&sound, from, to) > 1_000, "from {from} to {to} ms");
    }
    let end_ms = sound.len() / MILLISECOND;
    assert!((8_200..9_500).contains(&end_ms), "{end_ms}");
}

#[test]
fn the_same_trace_gives_the_same_bytes() {
    if !is_installed() {
        return;
    }
    let lines = [
        said("Ann", 0, 2_000, "turn right at the light"),
        said("Bob", 900, 2_500, "that was the one, wasn't it"),
        at(3_000),
        prompt("Right?", 600),
    ];
    assert_eq!(bytes(&lines), bytes(&lines));
    assert_eq!(bytes(&lines).1.speech.len(), 3);
}

#[test]
fn speakers_and_devices_have_voices_of_their_own() {
    if !is_installed() {
        return;
    }
    let text = "right";
    let people = [
        "Ann", "Bob", "Eve", "Dan", "Fay", "Gus", "Hal", "Ida", "Jim", "Kim",
    ];
    let mut lines: Vec<Line> = (0..)
        .zip(people)
        .map(|(n, who)| said(who, n * 2_000, n * 2_000 + 1_900, text))
        .collect();
    lines.push(said("Ann", 20_000, 21_900, text));
    lines.extend([at(22_000), notice(text)]);
    let mut sound = samples(&lines);
    sound.resize(24_000 * MILLISECOND, 0);
    let spans: Vec<&[i16]> = sound.chunks(2_000 * MILLISECOND).collect();
    assert_eq!(spans[10], spans[0], "Ann sounds like Ann");
    for (number, span) in spans.iter().enumerate() {
        let same = spans.iter().filter(|other| *other == span).count();
        let want = if number % 10 == 0 { 2 } else { 1 };
        assert_eq!(same, want, "{number}");
    }
}

#[test]
fn voices_at_one_time_are_added_up() {
    if !is_installed() {
        return;
    }
    let ann = said("Ann", 0, 2_000, "turn right at the light");
    let bob = said("Bob", 500, 2_500, "that was the one");
    let both = samples(&[ann.clone(), bob.clone()]);
    let ann = samples(&[ann]);
    // Alone Bob would be the first to speak, and have the voice of the first.
    let bob = samples(&[said("Ann", 0, 1, ""), bob]);
    let sum = |n: usize| {
        let of = |sound: &[i16]| sound.get(n).copied().unwrap_or(0);
        of(&ann).saturating_add(of(&bob))
    };
    assert_eq!(both.len(), ann.len().max(bob.len()));
    for (at, both) in both.iter().enumerate() {
        // Each is rounded once.
        assert!(both.abs_diff(sum(at)) <= 1, "{both} at {at}");
    }
    let overlap = (peak(&ann, 500, 1_000), peak(&bob, 500, 1_000));
    assert!(overlap > (500, 500), "{overlap:?}");
}

#[test]
fn many_loud_voices_are_cut_off_and_counted() {
    if !is_installed() {
        return;
    }
    let lines: Vec<Line> = (0..12).map(|_| said("Ann", 0, 1_000, "right")).collect();
    let loud = Scene {
        level_db: -18.0,
        ..Scene::default()
    };
    let (one, quiet) = samples_in(&loud, &lines[..1]);
    let (all, truth) = samples_in(&loud, &lines);
    assert_eq!(one.len(), all.len());
    assert!(all.contains(&i16::MAX), "it is loud enough to be cut");
    let cut = all
        .iter()
        .filter(|s| [i16::MIN, i16::MAX].contains(s))
        .count();
    assert!(quiet.clipped == 0 && truth.clipped > 0);
    assert!(truth.clipped.abs_diff(cut as u64) <= 2, "{cut}");
    for (one, all) in one.iter().zip(&all) {
        let sum = (i32::from(*one) * 12).clamp(i16::MIN.into(), i16::MAX.into());
        assert!(i32::from(*all).abs_diff(sum) <= 7, "a rounding each");
    }
}

#[test]
fn a_speech_is_spoken_faster_but_never_cut() {
    if !is_installed() {
        return;
    }
    let text = "it took us all of the afternoon to find the place";
    let length = |slot_ms: u64| samples(&[said("Ann", 0, slot_ms, text)]).len() / MILLISECOND;
    let (slow, fitted, fastest) = (length(10_000), length(2_000), length(1));
    assert!(slow > 2_400, "{slow}");
    assert!((1_700..2_300).contains(&fitted), "{fitted}");
    assert!((1_000..fitted).contains(&fastest), "{fastest}");
}

#[test]
fn odd_texts_are_spoken_or_passed_over() {
    if !is_installed() {
        return;
    }
    for silent in ["", " ", "\u{0}\n"] {
        let (_, truth) = bytes(&[said("Ann", 100, 200, silent)]);
        assert_eq!((truth.speech.len(), truth.length_ms), (1, 100));
    }
    for text in [
        "--help",
        "-w /dev/null",
        "[[h@l'oU]] hello",
        "a\u{0}b",
        "“naïve” <b>&amp;",
    ] {
        let sound = samples(&[said("Ann", 0, 3_000, text)]);
        assert!(peak(&sound, 0, 3_000) > 1_000, "{text:?}");
    }
}

#[test]
fn a_long_speech_is_spoken_to_its_end() {
    if !is_installed() {
        return;
    }
    let text = "one two three four five ".repeat(24);
    let sound = samples(&[said("Ann", 0, 1_000, &text)]);
    let length_ms = sound.len() / MILLISECOND;
    assert!((15_000..40_000).contains(&length_ms), "{length_ms}");
    assert!(peak(&sound, length_ms - 500, length_ms) > 500);
}

#[test]
fn nothing_said_is_an_empty_sound() {
    assert!(samples(&[]).is_empty());
    assert!(samples(&[at(u64::MAX)]).is_empty());
}

#[test]
fn a_clock_beyond_what_a_file_holds_is_an_error() {
    for from_ms in [u64::MAX, 135_000_000] {
        let lines = vec![said("Ann", from_ms, from_ms, "late")];
        let out = Cursor::new(Vec::new());
        let result = render(&Trace { lines }, &Scene::default(), cache(), out);
        assert!(matches!(result, Err(RenderError::TooLong(at)) if at == from_ms));
    }
}
