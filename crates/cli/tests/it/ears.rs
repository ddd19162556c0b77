//! `hear` and `attack`, with made-up ears of a few lines of Python.

use crate::{Folder, run};
use expect_test::expect;

/// Spots "alexa" at half a second in all sound that is long enough, if it is asked for.
const SPOTTER: &str = r#"
import json, sys

def say(kind, **data):
    print(json.dumps({"type": kind, "data": data}), flush=True)

length = 0
while line := sys.stdin.buffer.readline():
    head = json.loads(line)
    data = json.loads(sys.stdin.buffer.read(head["data_length"]))
    length += len(sys.stdin.buffer.read(head.get("payload_length", 0))) // 2
    if head["type"] == "describe":
        say("info", wake=[{"name": "spotter", "version": "1.0", "models": [{"name": "alexa"}]}])
    elif head["type"] == "audio-start":
        length = 0
    elif head["type"] == "audio-stop" and length > MOST:
        say("detection", name="alexa", timestamp=500, score=0.875)
    elif head["type"] == "audio-stop":
        say("not-detected", name="alexa", timestamp=250, score=0.125)
"#;

const RECOGNISER: &str = r#"
import json, sys

def say(kind, **data):
    print(json.dumps({"type": kind, "data": data}), flush=True)

while line := sys.stdin.buffer.readline():
    head = json.loads(line)
    data = json.loads(sys.stdin.buffer.read(head["data_length"]))
    sys.stdin.buffer.read(head.get("payload_length", 0))
    if head["type"] == "describe":
        say("info", asr=[{"name": "scribe"}])
    elif head["type"] == "transcribe":
        terms = data.get("transcript_terms", ["anything"])
    elif head["type"] == "audio-stop":
        others = [{"text": text, "score": 0.25} for text in terms]
        part = {"text": "a letter", "from_ms": 100, "to_ms": 400, "score": 0.5, "alternatives": others}
        say("transcript", text="a letter", segments=[part])
"#;

pub(crate) fn ear(folder: &Folder, name: &str, program: &str) -> String {
    format!("python3 -S '{}'", folder.file(name, program))
}

fn spotter(folder: &Folder, most: usize) -> String {
    ear(
        folder,
        "spotter.py",
        &SPOTTER.replace("MOST", &most.to_string()),
    )
}

/// So many samples of silence of this rate, as a WAV file.
fn wav(folder: &Folder, rate: u32, samples: u32) -> String {
    wav_of(folder, "recording.wav", rate, &vec![0; samples as usize])
}

/// These samples as a WAV file.
pub(crate) fn wav_of(folder: &Folder, file: &str, rate: u32, samples: &[i16]) -> String {
    let length = 2 * u32::try_from(samples.len()).expect("a short recording");
    let mut bytes = Vec::new();
    for (name, number) in [(b"RIFF", 36 + length), (b"WAVE", 0)] {
        bytes.extend_from_slice(name);
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    // `WAVE` has no length.
    bytes.truncate(12);
    bytes.extend_from_slice(b"fmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend_from_slice(&rate.to_le_bytes());
    bytes.extend_from_slice(&(2 * rate).to_le_bytes());
    bytes.extend_from_slice(b"\x02\0\x10\0data");
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    folder.file(file, bytes)
}

#[test]
fn what_ears_hear_stands_on_one_timeline() {
    let folder = Folder::new();
    let (deaf, scribe) = (
        ear(&folder, "deaf.py", &SPOTTER.replace("MOST", "10**9")),
        ear(&folder, "scribe.py", RECOGNISER),
    );
    let spotter = spotter(&folder, 0);
    let sound = wav(&folder, 16_000, 16_000);
    let ears = ["--ears", &spotter, "--ears", &scribe, "--ears", &deaf];
    let heard = run(&[&["hear", &sound][..], &ears].concat()).ends_with(0);
    expect![[r"
         from  to    ear          heard     score  or else  
         0.10  0.40  scribe       a letter  0.50   anything 
               0.50  spotter 1.0  alexa     0.88            
        spotter 1.0 heard nothing; it came nearest at 0.25 s, with a score of 0.12
    "]]
    .assert_eq(&heard.out);

    let asked = run(&[
        "hear", &sound, "--ears", &scribe, "--for", "yes", "--for", "no", "--json",
    ]);
    let asked = asked.ends_with(0).json();
    assert_eq!(asked[0]["kind"], "recogniser");
    let others = asked[0]["hearings"][0]["alternatives"]
        .as_array()
        .expect("a list");
    let others: Vec<_> = others.iter().map(|other| other["text"].as_str()).collect();
    assert_eq!(others, [Some("yes"), Some("no")]);
}

/// Letters, words that were said, what was heard and scores are all in an SVG as text and lines.
#[test]
fn a_recording_can_be_looked_at() {
    let folder = Folder::new();
    let sound = wav(&folder, 16_000, 16_000);
    let told = SPOTTER.replace(
        "    elif head[\"type\"] == \"audio-stop\":\n",
        "    if head[\"type\"] == \"audio-stop\":\n        say(\"scores\", name=\"alexa\", step_ms=250, scores=[0, 0.5, 1, 9])\n    if False:\n",
    );
    let spotter = ear(&folder, "telling.py", &told.replace("MOST", "0"));
    let scribe = ear(&folder, "scribe.py", RECOGNISER);
    let truth = folder.file(
        "truth.json",
        r#"{"speech":[{"who":{"person":"Ann"},"words":[{"word":"letter","from_ms":100,"to_ms":700}]}]}"#,
    );
    let hear = ["hear", &sound, "--ears", &spotter, "--ears", &scribe];
    for name in ["seen.svg", "seen.png"] {
        let plot = folder.path(name);
        run(&[&hear[..], &["--plot", &plot, "--truth", &truth]].concat()).ends_with(0);
        let bytes = std::fs::read(&plot).expect("a picture");
        if name == "seen.png" {
            assert!(bytes.starts_with(b"\x89PNG"));
            continue;
        }
        let picture = String::from_utf8(bytes).expect("text");
        for part in [
            "recording.wav",
            "Ann",
            "letter",
            "spotter 1.0",
            "alexa  0.88",
            "a letter",
            "seconds",
        ] {
            assert!(picture.contains(part), "{part} is missing");
        }
        assert!(picture.contains("<polygon"), "no scores");
    }
    let wrong = folder.file("wrong.json", "{\n\"speech\": 3}");
    let plot = folder.path("none.svg");
    let refused = run(&[&hear[..], &["--plot", &plot, "--truth", &wrong]].concat()).ends_with(2);
    assert!(
        refused.err.contains("wrong.json: line 2"),
        "{}",
        refused.err
    );
    run(&[&hear[..], &["--plot", "seen.jpg"]].concat()).ends_with(2);
}

/// At 8 kHz the same second is half as many samples.
#[test]
fn a_recording_is_heard_at_16_khz() {
    let folder = Folder::new();
    let sound = wav(&folder, 8_000, 8_000);
    let heard = run(&[
        "hear",
        &sound,
        "--ears",
        &spotter(&folder, 15_000),
        "--json",
    ]);
    assert_eq!(heard.ends_with(0).json()[0]["hearings"][0]["to_ms"], 500);
}

#[test]
fn ears_that_cannot_hear_are_told_beside_those_that_can() {
    let folder = Folder::new();
    let sound = wav(&folder, 16_000, 16_000);
    let spotter = spotter(&folder, 0);
    let heard = run(&["hear", &sound, "--ears", "./no-ear", "--ears", &spotter]).ends_with(2);
    assert!(heard.out.contains("alexa"), "{}", heard.out);
    assert!(
        heard
            .out
            .contains("the ear `./no-ear`: it is not available: `./no-ear` cannot be started")
    );
    let unknown = run(&["hear", &sound, "--ears", &spotter, "--wake", "hal"]).ends_with(2);
    assert!(
        unknown
            .out
            .contains("does not know `hal`, but alexa; --wake says"),
        "{}",
        unknown.out
    );
    let dies = SPOTTER.replace(
        "elif head[\"type\"] == \"audio-start\":",
        "else:\n        sys.exit(5)\n    if 0:",
    );
    let dying = ear(&folder, "dying.py", &dies);
    let heard = run(&[
        "hear", &sound, "--ears", "./no-ear", "--ears", &dying, "--ears", &spotter,
    ])
    .ends_with(3);
    assert!(
        heard.out.contains("it is broken: it exited with status 5"),
        "{}",
        heard.out
    );
    let attacked = run(&["attack", &dying, "alexa", "--jobs", "1", "--nearest", "50"]).ends_with(3);
    assert!(
        attacked
            .err
            .contains("it is broken: it exited with status 5"),
        "{}",
        attacked.err
    );
}

#[test]
fn what_is_no_recording_is_refused() {
    let folder = Folder::new();
    let missing = run(&["hear", "no.wav", "--ears", "x"]).ends_with(2);
    assert!(
        missing.err.contains("no.wav: No such file"),
        "{}",
        missing.err
    );
    let text = folder.file("text.wav", "not sound at all");
    let text = run(&["hear", &text, "--ears", "x"]).ends_with(2);
    assert!(text.err.contains("this is not a WAV file"), "{}", text.err);
}

#[test]
fn an_attack_counts_what_it_found_beside_ordinary_talk() {
    let folder = Folder::new();
    let (cache, pairs) = (folder.path("cache"), folder.path("pairs.tsv"));
    // Longer than a short phrase with a short lead-in, so that it takes some and not others.
    let ear = spotter(&folder, 38_000);
    let command = [
        "attack",
        &ear,
        "alexa",
        "--voices",
        "4",
        "--tries",
        "24",
        "--keep",
        "3",
        "--nearest",
        "100",
        "--cache",
        &cache,
        "--pairs",
        &pairs,
    ];
    let ran = run(&command).ends_with(0);
    assert!(
        ran.out
            .starts_with("spotter 1.0, attacked for \"alexa\": it took "),
        "{}",
        ran.out
    );
    for line in [
        "what the search found      6 ",
        "near-misses drawn blindly  6 ",
        "phrases of ordinary talk   6 ",
    ] {
        assert!(ran.out.contains(line), "{}", ran.out);
    }
    let written = std::fs::read_to_string(&pairs).expect("pairs");
    let mut lines = written.lines();
    assert_eq!(lines.next(), Some("spoken\theard\taccepted\ttries\tsource"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), 6, "{written}");
    for row in &rows {
        assert_eq!((row[1], row[3]), ("alexa", "2"), "{written}");
    }
    let json = |jobs| {
        run(&[&command[..], &["--json", "--jobs", jobs]].concat())
            .ends_with(0)
            .out
    };
    assert_eq!(json("1"), json("2"), "a seed has one outcome");
}

#[test]
fn an_attack_says_what_an_ear_does_not_know() {
    let folder = Folder::new();
    let ear = spotter(&folder, 0);
    let refused = run(&["attack", &ear, "hal"]).ends_with(2);
    assert!(
        refused
            .err
            .contains("spotter 1.0 does not know `hal`, but alexa"),
        "{}",
        refused.err
    );
    let missing = run(&["attack", "./no-ear", "alexa"]).ends_with(2);
    assert!(
        missing.err.contains("it is not available"),
        "{}",
        missing.err
    );
}
