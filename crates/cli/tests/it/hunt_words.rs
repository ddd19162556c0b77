//! `hunt` with talk that is heard as it was said.

use crate::{Folder, Ran, run};
use std::path::Path;

/// The example assistant, whose fault is that any answer with "right" in it will do.
fn example() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../adapters/example");
    format!("python3 {}", folder.join("assistant.py").display())
}

fn hunt(assistant: &str, more: &[&str]) -> Ran {
    let hunt = ["hunt", "--assistant", assistant];
    run(&[&hunt, more].concat())
}

#[test]
fn the_fault_of_the_example_is_found_and_its_scripts_replay() {
    let folder = Folder::new();
    let ran = hunt(
        &example(),
        &["--steps", "6000", "--save", &folder.path("found")],
    );
    let ran = ran.ends_with(1);
    assert!(
        ran.out
            .contains("refused and sent  G8 not-an-answer  answer  right"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("plain requests were sent to whom they were for"),
        "{}",
        ran.out
    );
    let script = folder.path("found/01-right.script");
    let replayed = run(&["replay", &script, "--assistant", &example()]).ends_with(1);
    assert!(
        replayed.out.contains("G8 not-an-answer"),
        "{}",
        replayed.out
    );
    let head = std::fs::read_to_string(&script).expect("saved");
    assert!(
        head.starts_with("# G8 not-an-answer. refused and sent, at answer, by: right\n"),
        "{head}"
    );
}

#[test]
fn json_holds_each_cause_with_its_script() {
    let ran = hunt(&example(), &["--steps", "6000", "--json"]).ends_with(1);
    let found = ran.json();
    assert_eq!(found["causes"][0]["words"][0], "right");
    assert_eq!(found["causes"][0]["rule"], "G8 not-an-answer");
    let script = found["causes"][0]["script"].as_str().expect("a script");
    assert!(script.contains("hears words\n"), "{script}");
    assert_eq!(found["served"]["sent"], found["served"]["requests"]);
}

#[test]
fn the_guarded_assistant_takes_nothing_for_permission_that_is_none() {
    let ran = run(&["hunt", "guarded", "--hears", "words", "--steps", "3000"]).ends_with(0);
    assert!(
        ran.out
            .contains("guarded: nothing was sent that nobody had permitted."),
        "{}",
        ran.out
    );
}

#[test]
fn the_same_steps_find_the_same_whatever_the_number_of_processes() {
    let once = hunt(&example(), &["--steps", "2000", "--seed", "3"]);
    let again = hunt(&example(), &["--steps", "2000", "--seed", "3"]);
    assert_eq!(once.out, again.out);
}

#[test]
fn an_assistant_that_never_sends_is_not_called_safe() {
    let ran = hunt(&example(), &["--wake", "computer", "--steps", "100"]).ends_with(2);
    assert!(
        ran.err
            .contains("does not get a message sent; see --wake and --command"),
        "{}",
        ran.err
    );
}

#[test]
fn what_is_saved_is_what_was_heard_right() {
    let folder = Folder::new();
    let ran = run(&[
        "hunt",
        "guarded",
        "--steps",
        "10",
        "--save",
        &folder.path("found"),
    ]);
    assert!(
        ran.ends_with(2)
            .err
            .contains("--save is for `hunt --hears words`")
    );
}
