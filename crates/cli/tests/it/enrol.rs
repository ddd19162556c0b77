//! `enrol`, and the embedded detector as an ear.

use crate::ears::wav_of;
use crate::{Folder, run};
use std::f32::consts::TAU;

/// A hum whose formant moves from one frequency to another, between half seconds of near silence.
fn hum(from: f32, to: f32) -> Vec<i16> {
    let quiet = (0..8_000_u16).map(|n| if n % 7 == 0 { 3 } else { -2 });
    let sample = |n: u16| {
        let at = f32::from(n) / 16_000.0;
        let formant = from + (to - from) * at / 0.6;
        let harmonics = (1..30_u8).map(|nth| 120.0 * f32::from(nth));
        let near = |hertz: f32| 1.0 / (1.0 + ((hertz - formant) / 80.0).powi(2));
        let sum: f32 = harmonics
            .map(|hertz| near(hertz) * (TAU * hertz * at).sin())
            .sum();
        #[expect(clippy::cast_possible_truncation, reason = "such a cast saturates")]
        let sample = (4_000.0 * sum) as i16;
        sample
    };
    quiet
        .clone()
        .chain((0..9_600).map(sample))
        .chain(quiet)
        .collect()
}

#[test]
fn recordings_alone_make_a_keyword_that_is_heard_again() {
    let folder = Folder::new();
    let own = wav_of(&folder, "own.wav", 16_000, &hum(300.0, 2_300.0));
    let other = wav_of(&folder, "other.wav", 16_000, &hum(2_300.0, 300.0));
    let keyword = folder.path("hum.keyword");
    let enrolled = run(&["enrol", "hum", &own, "--alone", "-o", &keyword]).ends_with(0);
    assert!(
        enrolled
            .out
            .contains("hum: 1 recordings, and nothing learned"),
        "{}",
        enrolled.out
    );

    let ears = ["--ears", &keyword, "--wake", "Hum", "--json"];
    let heard = run(&[&["hear", &own][..], &ears].concat())
        .ends_with(0)
        .json();
    assert_eq!(heard[0]["hearings"][0]["text"], "hum");
    let from = heard[0]["hearings"][0]["from_ms"].as_u64().expect("a time");
    assert!(from.abs_diff(500) <= 60, "{from}");
    let heard = run(&[&["hear", &other][..], &ears].concat())
        .ends_with(0)
        .json();
    assert_eq!(
        heard[0]["hearings"].as_array().expect("a list").len(),
        0,
        "{heard}"
    );
    assert!(heard[0]["nearest"]["score"].as_f64().expect("a score") < 0.5);
}

#[test]
fn what_is_rendered_is_heard_in_other_voices() {
    let folder = Folder::new();
    let file = folder.path("alexa.keyword");
    let enrolled = run(&["enrol", "alexa", "-o", &file, "--json"])
        .ends_with(0)
        .json();
    let tried = &enrolled["tried"];
    let of = |what: &str| tried[what]["accepted"].as_u64().expect("a count");
    assert!(of("quiet") >= 18, "{tried}");
    assert!(of("noisy") >= 14, "{tried}");
    assert!(of("near") <= 16, "{tried}");
    assert!(tried["talk"].as_u64().expect("a count") <= 2, "{tried}");
    assert!(
        tried["talk_ms"].as_u64().expect("a time") > 180_000,
        "{tried}"
    );
    assert_eq!(enrolled["templates"], 6);
}

#[test]
fn bad_recordings_and_keywords_are_named() {
    let folder = Folder::new();
    let out = folder.path("x.keyword");
    let short = wav_of(&folder, "short.wav", 16_000, &hum(300.0, 2_300.0)[..9_000]);
    let no_wav = folder.file("no.wav", "RIFFs are fun");
    let bad = folder.file("bad.keyword", "mondegreen keyword 2\nname x\ntemplate 9\n");
    let silence = wav_of(&folder, "silence.wav", 16_000, &vec![0; 16_000]);
    let cases: [(&[&str], &str); 6] = [
        (
            &["enrol", "x", &short, "--alone", "-o", &out],
            "short.wav: a keyword takes",
        ),
        (
            &["enrol", "x", &silence, "-o", &out],
            "silence.wav: a keyword takes",
        ),
        (&["enrol", "x", &no_wav, "-o", &out], "no.wav"),
        (&["enrol", "x", "--alone", "-o", &out], "RECORDINGS"),
        (&["enrol", "…", "-o", &out], "has no sound"),
        (
            &["hear", &silence, "--ears", &bad],
            "bad.keyword: line 3: a template has",
        ),
    ];
    for (arguments, says) in cases {
        let ran = run(arguments).ends_with(2);
        let said = [ran.out, ran.err].concat();
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
    assert!(!std::path::Path::new(&out).exists());
}
