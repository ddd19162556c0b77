//! Programs as assistants: those that behave, and all kinds that do not.
//!
//! Each target is a few lines of Python or shell, written into a folder of its own.

mod broken;
mod page;
mod pool;
mod speaking;

use mondegreen_sim::{Assistant, Broken, Limits, Process};
use mondegreen_trace::{Contact, Effect, Household, Hypothesis, Input, PROTOCOL, Voice};
use std::fs;
use std::thread::sleep;
use std::time::Duration;
use tempfile::TempDir;

/// Answers every input with `done`, and does what a test says when it hears something.
const PRELUDE: &str = r"
import json, os, signal, subprocess, sys, time

def say(**effect):
    print(json.dumps(effect), flush=True)

def raw(text):
    sys.stdout.write(text)
    sys.stdout.flush()

def heard(given):
    pass

";
const LOOP: &str = r#"
for line in sys.stdin:
    given = json.loads(line)
    if given["type"] == "start":
        say(type="hello", protocol=1, name="target", version="1")
    if given["type"] == "heard":
        heard(given)
    say(type="done")
"#;

/// A program in a folder that is removed with it.
struct Target {
    folder: TempDir,
    command: String,
}

impl Target {
    /// A Python program.
    fn python(text: &str) -> Self {
        Self::new("python3 -S", "target.py", text)
    }

    /// One that does this when it hears something: the body of `heard(given)`.
    fn that_when_it_hears(body: &str) -> Self {
        let body = body.replace('\n', "\n    ");
        Self::python(&format!("{PRELUDE}def heard(given):\n    {body}\n{LOOP}"))
    }

    /// A shell script.
    fn shell(text: &str) -> Self {
        Self::new("sh", "target.sh", text)
    }

    fn new(interpreter: &str, name: &str, text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        let command = format!("{interpreter} '{}'", path.display());
        Self { folder, command }
    }

    fn spawn(&self) -> Process {
        self.spawn_within(Duration::from_secs(20))
    }

    /// With this limit on an answer.
    fn spawn_within(&self, answer: Duration) -> Process {
        let limits = Limits {
            answer,
            ..Limits::default()
        };
        Process::spawn(&self.command, limits).expect("it starts")
    }

    /// What it left in its folder under this name.
    fn note(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.folder.path().join(name)).ok()
    }
}

fn start() -> Input {
    Input::Start {
        protocol: PROTOCOL,
        seed: 7,
        at_ms: 0,
        household: Household {
            devices: vec!["kitchen".to_owned()],
            contacts: vec![Contact {
                id: "c1".to_owned(),
                name: "Ana Ruiz".to_owned(),
            }],
            messaging: true,
        },
    }
}

fn heard(text: &str) -> Input {
    Input::Heard {
        at_ms: 5_000,
        device: "kitchen".to_owned(),
        from_ms: 4_000,
        is_final: true,
        voice: Voice::Person,
        hypotheses: vec![Hypothesis {
            text: text.to_owned(),
            confidence: 1.0,
        }],
    }
}

fn give(process: &mut Process, input: &Input) -> Result<Vec<Effect>, Broken> {
    let mut effects = Vec::new();
    process.take(input, &mut effects)?;
    Ok(effects)
}

/// The processes of a group that still run after a while; to be killed takes a moment.
fn left_in(group: u32) -> Vec<String> {
    let mut left = running_in(group);
    for _ in 0..2_000 {
        if left.is_empty() {
            break;
        }
        sleep(Duration::from_millis(10));
        left = running_in(group);
    }
    left
}

/// The processes of a group that run, that is, are more than an entry in a table.
fn running_in(group: u32) -> Vec<String> {
    let entries = fs::read_dir("/proc").expect("Linux");
    let stat = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.expect("an entry").path().join("stat");
        fs::read_to_string(path).ok()
    };
    let is_member = |stat: &String| {
        // The name, in brackets, may hold anything; then come state, parent and group.
        let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let is_alive = !matches!(fields.first(), Some(&"Z" | &"X") | None);
        is_alive && fields.get(2) == Some(&group.to_string().as_str())
    };
    entries.filter_map(stat).filter(is_member).collect()
}
