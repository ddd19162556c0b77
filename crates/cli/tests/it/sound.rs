//! `replay --wav`: with espeak-ng, and without it; what it should sound like.

use crate::{Folder, Ran, kept_scripts, program, run};
use std::process::{Command, Stdio};

fn script() -> String {
    let script = kept_scripts("regressions").remove(0);
    script.to_str().expect("a path in UTF-8").to_owned()
}

pub(crate) fn has_espeak() -> bool {
    let mut espeak = Command::new("espeak-ng");
    espeak
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    espeak.status().is_ok_and(|status| status.success())
}

fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |sum, byte| sum * 256 + u64::from(*byte))
}

#[test]
fn a_conversation_becomes_sound() {
    if !has_espeak() {
        println!("skipped: espeak-ng is not installed");
        return;
    }
    let folder = Folder::new();
    let wav = folder.path("out.wav");
    let ran = run(&["replay", &script(), "--wav", &wav]).ends_with(1);
    assert_eq!(folder.names(), ["out.wav"], "nothing else is left behind");
    let bytes = std::fs::read(&wav).expect("a file");
    assert_eq!(
        [&bytes[..4], &bytes[8..16], &bytes[36..40]],
        [&b"RIFF"[..], b"WAVEfmt ", b"data"]
    );
    assert_eq!(number(&bytes[4..8]) + 8, bytes.len() as u64, "it is whole");
    assert_eq!(
        number(&bytes[40..44]) + 44,
        bytes.len() as u64,
        "it is whole"
    );
    let (coding, channels, rate, bits) = (
        &bytes[20..22],
        &bytes[22..24],
        &bytes[24..28],
        &bytes[34..36],
    );
    assert_eq!(
        [coding, channels, rate, bits].map(number),
        [1, 1, 16_000, 16]
    );
    let silent = bytes[44..]
        .chunks(2)
        .filter(|sample| number(sample) == 0)
        .count();
    assert!(
        silent * 44 < bytes.len() * 20,
        "{silent} of {} bytes are silent",
        bytes.len()
    );
    let hundredths = number(&bytes[40..44]) * 100 / 32_000;
    let said = ran.err.strip_prefix(&format!("{wav}: "));
    let said = said.and_then(|said| said.strip_suffix(" s of sound\n"));
    let said = said.unwrap_or_else(|| panic!("no length in {}", ran.err));
    let said: u64 = said
        .replace('.', "")
        .parse()
        .expect("seconds with two decimals");
    assert!(said.abs_diff(hundredths) <= 1, "{said} {hundredths}");
    assert_eq!(
        ran.out,
        run(&["replay", &script()]).out,
        "results are the same with sound"
    );
}

#[test]
fn without_espeak_it_says_what_to_install() {
    let (nothing, folder) = (Folder::new(), Folder::new());
    let old = folder.file("old.wav", "what was there before");
    for wav in [folder.path("new.wav"), old.clone()] {
        let mut program = program();
        program
            .args(["replay", &script(), "--wav", &wav])
            .env("PATH", nothing.path(""));
        let ran = Ran::of(program.output().expect("it starts")).ends_with(2);
        assert!(
            ran.err.starts_with(&format!("mondegreen: {wav}: ")),
            "{}",
            ran.err
        );
        assert!(
            ran.err.contains("install") && ran.err.contains("espeak-ng"),
            "{}",
            ran.err
        );
    }
    assert_eq!(folder.names(), ["old.wav"], "no file is left behind");
    assert_eq!(
        std::fs::read_to_string(old).expect("a file"),
        "what was there before"
    );
}

#[test]
fn sound_needs_a_place() {
    let folder = Folder::new();
    let wav = folder.path("no/such/folder/out.wav");
    let ran = run(&["replay", &script(), "--wav", &wav]).ends_with(2);
    assert!(
        ran.err.starts_with(&format!("mondegreen: {wav}: ")),
        "{}",
        ran.err
    );
}

#[test]
fn a_scene_is_in_the_sound_and_the_truth_beside_it() {
    if !has_espeak() {
        println!("skipped: espeak-ng is not installed");
        return;
    }
    let folder = Folder::new();
    let [wav, truth] = ["out.wav", "out.json"].map(|name| folder.path(name));
    let with = |more: &[&str]| {
        let script = script();
        let mut arguments = vec!["replay", &script, "--wav", &wav, "--truth", &truth];
        arguments.extend(more);
        run(&arguments).ends_with(1);
        let sound = std::fs::read(&wav).expect("a file");
        let truth = std::fs::read_to_string(&truth).expect("a file");
        let truth: serde_json::Value = serde_json::from_str(&truth).expect("JSON");
        (sound, truth)
    };
    let scene = [
        "--room",
        "5x4x2.6",
        "--absorption",
        "0.5",
        "--distance",
        "2",
        "--noise",
        "pink:20",
        "--leak",
        "-6",
        "--voice",
        "en-gb+f3",
        "--cache",
        &folder.path("speech"),
    ];
    let (sound, truth) = with(&scene);
    assert_eq!(truth["rate_hz"], 16_000);
    assert_eq!(truth["scene"]["room"]["absorption"], 0.5);
    assert_eq!(truth["scene"]["distances_m"], serde_json::json!([2.0]));
    assert_eq!(truth["scene"]["leak_db"], -6.0);
    assert_eq!(truth["scene"]["noises"][0]["kind"], "pink");
    let speech = truth["speech"].as_array().expect("a list");
    let first = &speech[0];
    assert_eq!(first["voice"]["name"], "en-gb+f3");
    assert!(first["who"]["person"].is_string() && first["words"][0]["phones"].is_array());
    assert!(
        speech
            .iter()
            .any(|spoken| spoken["who"]["device"].is_string())
    );
    assert!(folder.names().contains(&"speech".to_owned()));
    assert_eq!(with(&scene).0, sound, "again, from kept phrases");
    assert_ne!(with(&["--leak", "off"]).0, sound);
}

#[test]
fn a_bad_scene_is_explained() {
    let folder = Folder::new();
    let wav = folder.path("out.wav");
    for (arguments, why) in [
        (
            &["--voice", "hal"][..],
            "there is no such voice; try one of en-us+f2, ",
        ),
        (&["--room", "5x4"], "like 5x4x2.6"),
        (
            &["--room", "5x4x0"],
            "there cannot be a room of 5 by 4 by 0 m",
        ),
        (&["--absorption", "0.5"], "--room"),
        (&["--noise", "brown:3"], "give white, pink or babble"),
        (
            &["--noise", "pink:NaN"],
            "there cannot be pink noise NaN dB below the speech",
        ),
        (&["--distance", "0"], "there cannot be a distance of 0 m"),
        (&["--leak", "loud"], "give decibels, like -20, or off"),
        (&["--cache", "/dev/null/x"], "/dev/null/x"),
        (&["--room", "2x2x2", "--distance", "9"], "9 m away"),
    ] {
        let script = script();
        let mut all = vec!["replay", &script, "--wav", &wav];
        all.extend(arguments);
        let ran = run(&all).ends_with(2);
        assert!(ran.err.contains(why), "{arguments:?}: {}", ran.err);
        assert_eq!(folder.names(), [""; 0], "{arguments:?}");
    }
    let ran = run(&["replay", &script(), "--leak", "off"]).ends_with(2);
    assert!(ran.err.contains("add `--wav OUT.wav`"), "{}", ran.err);
    run(&["replay", &script(), "--truth", "a.json"]).ends_with(2);
}
