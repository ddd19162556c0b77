//! Ears: those that behave, all kinds that do not, and real ones.
//!
//! Each made-up ear is a few lines of Python, written into a folder of its own.

mod attacking;
mod broken;
mod chain;
mod real;
mod server;
mod speaking;

use mondegreen_sim::ear::{Ear, EarError, Limits};
use std::fs;
use std::time::Duration;
use tempfile::TempDir;

/// Reads events, says that it is a spotter, and does what a test says when the sound has ended.
const PRELUDE: &str = r#"
import array, json, os, sys, time

def raw(data):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()

def say(kind, payload=b"", **data):
    data = json.dumps(data).encode()
    head = {"type": kind, "version": "0", "data_length": len(data), "payload_length": len(payload)}
    raw(json.dumps(head).encode() + b"\n" + data + payload)

ABOUT = {"wake": [{"name": "fake", "version": "2", "models": [{"name": "alexa_v0.1"}, {"name": "hey_you"}]}]}

def about():
    say("info", **ABOUT)

def heard(asked, sound):
    pass

"#;
const LOOP: &str = r#"
asked, sound = None, b""
while line := sys.stdin.buffer.readline():
    head = json.loads(line)
    data = json.loads(sys.stdin.buffer.read(head.get("data_length", 0)) or b"{}")
    payload = sys.stdin.buffer.read(head.get("payload_length", 0))
    if head["type"] == "describe":
        about()
    elif head["type"] in ("detect", "transcribe"):
        asked = data
    elif head["type"] == "audio-start":
        sound = b""
    elif head["type"] == "audio-chunk":
        sound += payload
    elif head["type"] == "audio-stop":
        heard(asked, sound)
"#;

/// A program in a folder that is removed with it.
struct Fake {
    folder: TempDir,
    command: String,
}

impl Fake {
    /// One with this program between what it needs and its loop.
    fn with(program: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ear.py");
        let program = format!("{PRELUDE}{program}{LOOP}");
        fs::write(&path, program).expect("written");
        let command = format!("python3 -S '{}'", path.display());
        Self { folder, command }
    }

    /// One that does this when the sound has ended: the body of `heard(asked, sound)`.
    fn that_when_it_heard(body: &str) -> Self {
        let body = body.replace('\n', "\n    ");
        Self::with(&format!("def heard(asked, sound):\n    {body}\n"))
    }

    fn open(&self) -> Ear {
        self.open_within(Duration::from_secs(20)).expect("it opens")
    }

    /// With this limit on an answer.
    fn open_within(&self, answer: Duration) -> Result<Ear, EarError> {
        let limits = Limits {
            hello: Duration::from_secs(20),
            answer,
            for_a_second: Duration::ZERO,
        };
        Ear::open(&self.command, limits)
    }
}

/// A second of sound.
fn second() -> Vec<i16> {
    (0..16_000).map(|at| at % 3_000 - 1_500).collect()
}
