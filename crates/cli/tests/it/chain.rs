//! Conversations that real engines, or made-up ones, hear in sound. espeak-ng speaks; without it
//! most is skipped.

use crate::ears::ear;
use crate::sound::has_espeak;
use crate::{Folder, kept_scripts, program, run};
use std::path::Path;

/// Spots "alexa" a second and a half before all sound ends, which is when somebody stops speaking.
const SPOTTER: &str = r#"
        say("detection", name="alexa", timestamp=length - 1500, score=0.875)
"#;

/// Hears the same in all sound.
const RECOGNISER: &str = r#"
        part = {"text": "send a message", "from_ms": 300, "to_ms": 900, "score": 0.25}
        say("transcript", text="", segments=[part])
"#;

/// An engine that says this of itself, and does that when the sound has ended.
fn engine(folder: &Folder, name: &str, about: &str, does: &str) -> String {
    let program = format!(
        r#"
import json, sys

def say(kind, **data):
    print(json.dumps({{"type": kind, "data": data}}), flush=True)

length = 0
while line := sys.stdin.buffer.readline():
    head = json.loads(line)
    data = json.loads(sys.stdin.buffer.read(head["data_length"]))
    length += len(sys.stdin.buffer.read(head.get("payload_length", 0))) / 32
    if head["type"] == "describe":
        say("info", {about})
    elif head["type"] == "audio-start":
        length = 0
    elif head["type"] == "audio-stop":
        length = round(length)
{does}"#
    );
    ear(folder, name, &program)
}

fn engines(folder: &Folder) -> [String; 2] {
    let spotter = r#"wake=[{"name": "spotter", "models": [{"name": "alexa"}]}]"#;
    let scribe = r#"asr=[{"name": "scribe"}]"#;
    [
        engine(folder, "spotter.py", spotter, SPOTTER),
        engine(folder, "scribe.py", scribe, RECOGNISER),
    ]
}

const SCRIPT: &str = "mondegreen script 1\nseed 1\ndevice kitchen\ncontact c1 Ana Ruiz\n\
                      contact c2 Ben Lowe\nmessaging on\n\n\
                      1.000-2.500 kitchen Ann: He bought a few of them.\n\
                      5.000-6.500 kitchen Joe: And who will pay for it?\n";

#[test]
fn a_timeline_says_what_each_engine_heard() {
    if !has_espeak() {
        println!("skipped: espeak-ng is not installed");
        return;
    }
    let folder = Folder::new();
    let script = folder.file("talk.script", SCRIPT);
    let [spotter, scribe] = engines(&folder);
    let wav = folder.path("chain.wav");
    let replay = ["replay", &script, "--ears", &spotter, "--ears", &scribe];
    let told = run(&[&replay[..], &["--leak", "off", "--wav", &wav]].concat()).ends_with(0);
    let lines: Vec<&str> = told.out.lines().map(str::trim).collect();
    let place = |end: &str| lines.iter().position(|line| line.ends_with(end));
    let awake = place("hears \"alexa\" (spotter, score 0.88)");
    let command = place("5.60  kitchen  hears \"send a message\" (scribe, score 0.25)");
    let asked = place("5.60  kitchen  says \"To whom?\"");
    assert!(
        awake.is_some() && awake < command && command < asked,
        "{}",
        told.out
    );
    assert!(Path::new(&wav).exists());

    let json = run(&[&replay[..], &["--leak", "off", "--json"]].concat()).ends_with(0);
    let last = json.json_lines().pop().expect("lines");
    assert_eq!(last["heard"][0]["ear"], "spotter");
    assert_eq!(last["heard"][1]["text"], "send a message");
}

#[test]
fn a_hunt_in_sound_says_how_far_it_came() {
    if !has_espeak() {
        println!("skipped: espeak-ng is not installed");
        return;
    }
    let folder = Folder::new();
    let [spotter, scribe] = engines(&folder);
    let hunt = [
        "hunt",
        "echo-2018",
        "--ears",
        &spotter,
        "--ears",
        &scribe,
        "--leak",
        "off",
        "--steps",
        "2",
    ];
    let told = run(&hunt).ends_with(0);
    assert!(told.out.contains("This led furthest:"), "{}", told.out);
    assert!(
        told.out.contains("hears \"alexa\" (spotter, score 0.88)"),
        "{}",
        told.out
    );
    assert!(
        told.out
            .contains("tried   2 conversations, 2 of which led on"),
        "{}",
        told.out
    );
    assert!(
        told.out
            .contains("repeat  mondegreen hunt echo-2018 --seed 1 --ears "),
        "{}",
        told.out
    );
    assert_eq!(run(&hunt).out, told.out, "one seed, one outcome");

    let told = run(&[&hunt[..], &["--json"]].concat()).ends_with(0);
    let heard = &told.json()["furthest"]["heard"];
    assert_eq!(heard[0]["text"], "alexa", "{heard}");
    let markdown = run(&[&hunt[..], &["--format", "markdown"]].concat()).ends_with(0);
    let line = "| echo-2018 | No rule was broken in what was tried. | 0 | 2 conversations, ";
    assert!(markdown.out.contains(line), "{}", markdown.out);
}

#[test]
fn what_cannot_be_heard_with_is_refused() {
    let folder = Folder::new();
    let script = folder.file("talk.script", SCRIPT);
    let [spotter, scribe] = engines(&folder);
    let says = |arguments: &[&str], why: &str| {
        let ran = run(arguments).ends_with(2);
        assert!(ran.err.contains(why), "{}", ran.err);
    };
    let replay = |ear: &str, why: &str| says(&["replay", &script, "--ears", ear], why);
    replay(&spotter, "--ears: it takes one recogniser, and 0 are given");
    replay("./no-ear", "`./no-ear` cannot be started");
    says(&["replay", &script, "--leak", "off"], "no use for it");
    says(&["hunt", "echo-2018", "--leak", "off"], "nobody hears it");
    says(&["replay", &script, "--grammar"], "--ears");
    let case = folder.file("one.case", "");
    assert_eq!(run(&["replay", &case, "--ears", &spotter]).status, Some(2));
    let assistant = ["replay", &script, "--assistant", "assistant-2018"];
    let both = ["--ears", &spotter, "--ears", &scribe];
    says(
        &[&assistant[..], &both].concat(),
        "does not know `okay google`, but alexa",
    );
}

/// Each kept chain, with the engines, voices and assistant that its comments name.
#[test]
fn kept_chains_go_from_sound_to_a_send() {
    for path in kept_scripts("chains") {
        let script = std::fs::read_to_string(&path).expect("it can be read");
        let comments = script.lines().filter_map(|line| line.strip_prefix("# "));
        let command = comments
            .clone()
            .find_map(|line| line.strip_prefix("mondegreen replay FILE "));
        let breaks = comments
            .clone()
            .find_map(|line| line.strip_prefix("breaks "));
        let (command, rule) = (command.expect("a command"), breaks.expect("a rule"));
        if std::env::var_os("MONDEGREEN_OVOS").is_none() {
            continue;
        }
        // What stands in quotes is one word.
        let parts = command.split('\'').enumerate();
        let words = parts.flat_map(|(place, part)| match place % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        });
        let told = program()
            .arg("replay")
            .arg(&path)
            .args(words)
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
            .output()
            .expect("it starts");
        let out = String::from_utf8_lossy(&told.stdout);
        assert_eq!(told.status.code(), Some(1), "{out}{:?}", told.stderr);
        assert!(out.contains(&format!("  !        {rule} ")), "{out}");
        assert!(out.contains("hears \"alexa\" ("), "{out}");
    }
}
