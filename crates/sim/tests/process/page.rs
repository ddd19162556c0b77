//! `docs/protocol.md` says what is so.

use crate::give;
use mondegreen_sim::conform::Requirement;
use mondegreen_sim::{Limits, Process};
use mondegreen_trace::{Effect, Input};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> String {
    fs::read_to_string(root().join("docs/protocol.md")).expect("the page")
}

/// The example answers each input of the exchange on the page with the lines that stand below it.
#[test]
fn the_exchange_on_the_page_is_what_happens() {
    let page = page();
    let inputs = page.split("\n> ").skip(1);
    let example = root().join("adapters/example/assistant.py");
    let command = format!("python3 '{}'", example.display());
    let mut process = Process::spawn(&command, Limits::default()).expect("it starts");
    let (mut given, mut sent) = (0, 0);
    for lines in inputs {
        let mut lines = lines.lines().take_while(|line| !line.starts_with("```"));
        let input: Input = serde_json::from_str(lines.next().expect("an input")).expect("an input");
        let effect = |line: &str| -> Effect {
            let line = line.strip_prefix("< ").expect("an effect");
            serde_json::from_str(line).expect("an effect")
        };
        let mut written: Vec<Effect> = lines.map(effect).collect();
        assert_eq!(written.pop(), Some(Effect::Done), "{input:?}");
        assert_eq!(give(&mut process, &input), Ok(written.clone()), "{input:?}");
        given += 1;
        let sends = written
            .iter()
            .filter(|effect| matches!(effect, Effect::Send { .. }));
        sent += sends.count();
    }
    assert_eq!((given, sent), (10, 1));
}

#[test]
fn the_page_names_every_requirement() {
    let page = page();
    for Requirement { name, what, .. } in Requirement::ALL {
        let row = format!("\n| `{name}` | {what} |\n");
        assert!(page.contains(&row), "{row}");
    }
}

#[test]
fn the_example_is_as_short_as_is_said() {
    let example = fs::read_to_string(root().join("adapters/example/assistant.py"));
    let count = example.expect("the example").lines().count();
    assert!(count < 100);
    assert!(page().contains(&format!("`adapters/example/assistant.py`, {count} lines")));
}
