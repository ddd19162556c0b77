//! Programs as assistants: `conform`, and `fuzz` and `replay` with `--assistant CMD`.

use crate::{Folder, Ran, program, run};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The example assistant.
fn example() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../adapters/example/assistant.py");
    fs::read_to_string(path).expect("the example")
}

/// The example with one thing changed.
fn example_with(from: &str, to: &str) -> String {
    let changed = example().replacen(from, to, 1);
    assert_ne!(changed, example(), "{from}");
    changed
}

/// Runs a command with this Python program as the assistant.
fn run_with(text: &str, before: &[&str], after: &[&str]) -> Ran {
    let folder = Folder::new();
    let command = format!("python3 {}", folder.file("assistant.py", text));
    let mut program = program();
    program
        .args(before)
        .args(["--assistant", &command])
        .args(after);
    // What is kept of a broken one goes away with the folder.
    program.env("TMPDIR", folder.path(""));
    Ran::of(program.output().expect("it starts"))
}

#[test]
fn the_example_conforms() {
    let ran = run_with(&example(), &["conform"], &[]).ends_with(0);
    assert!(
        ran.out
            .contains("example 1: 14 of 14 requirements are kept."),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("came to 6 prompts and 2 sends."),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains("FAILED"), "{}", ran.out);
}

/// This change makes the example fail this requirement, among others perhaps.
#[track_caller]
fn fails(requirement: &str, status: i32, from: &str, to: &str) {
    let text = example_with(from, to);
    let ran = run_with(&text, &["conform"], &["--json"]).ends_with(status);
    fails_in(&ran, requirement);
}

#[track_caller]
fn fails_in(ran: &Ran, requirement: &str) {
    let report = ran.json();
    let rows = report["requirements"].as_array().expect("requirements");
    let row = rows.iter().find(|row| row["name"] == requirement);
    let row = row.expect("a row");
    assert_eq!(row["kept"], false, "{}", ran.out);
    assert!(row["why"].is_string(), "{row}");
    let lines = row["lines"].as_array().expect("lines");
    assert!(!lines.is_empty(), "{row}");
    assert_eq!(report["broke"], Value::Bool(ran.status == Some(3)));
}

#[test]
fn a_late_hello_is_found() {
    let hello = "self.do(\"hello\", ";
    fails(
        "hello-first",
        3,
        hello,
        "self.do(\"notice\", device=\"kitchen\", text=\"hi\")\n        self.do(\"hello\", ",
    );
}

#[test]
fn a_missing_done_is_found() {
    let text = example_with(
        "    assistant.take(",
        "    \"heard\" in line or assistant.take(",
    );
    let options = ["--json", "--limit", "500ms"];
    let ran = run_with(&text, &["conform"], &options).ends_with(3);
    fails_in(&ran, "done-after-each");
}

#[test]
fn an_input_without_an_answer_is_found() {
    fails("every-input", 3, ", lambda given: None)", ")");
}

#[test]
fn a_household_that_is_not_served_is_found() {
    fails(
        "every-household",
        3,
        "self.on_restart(given)",
        "self.on_restart(self.contacts[0])",
    );
}

#[test]
fn an_assistant_without_rest_is_found() {
    fails(
        "silence",
        3,
        "    def on_time(self, given):\n",
        "    def on_time(self, given):\n        self.do(\"timer\", at_ms=self.now)\n",
    );
}

#[test]
fn a_counter_of_fields_is_found() {
    let guard = "if not is_sure or not self.messaging:";
    fails(
        "unknown-fields",
        1,
        guard,
        "if not is_sure or len(given) > 7:",
    );
}

#[test]
fn a_reader_of_the_clock_is_found() {
    fails(
        "virtual-time",
        1,
        "        said = {\"prompt\"",
        "        import time; text += str(int(time.monotonic()))\n        said = {\"prompt\"",
    );
}

#[test]
fn chance_is_found() {
    fails(
        "same-again",
        1,
        "60 * len(text)",
        "60 * len(text) + __import__(\"random\").randrange(1000)",
    );
}

#[test]
fn a_memory_that_outlives_a_run_is_found() {
    fails(
        "fresh-start",
        1,
        "self.prompts, self.talks = 0,",
        "self.prompts, self.talks = getattr(self, \"prompts\", 0),",
    );
}

#[test]
fn a_number_that_comes_twice_is_found() {
    fails("prompt-numbers", 1, "self.prompts + 1", "self.prompts or 1");
}

#[test]
fn an_unknown_device_is_found() {
    fails(
        "known-devices",
        1,
        "(\"notice\", device=device,",
        "(\"notice\", device=\"attic\",",
    );
}

#[test]
fn a_name_for_an_id_is_found() {
    fails(
        "known-contacts",
        1,
        "found[0][\"id\"]",
        "found[0][\"name\"]",
    );
}

#[test]
fn sound_from_the_future_is_found() {
    fails(
        "sound-spans",
        1,
        "(\"send\", device=device,",
        "(\"send\", device=device, from_ms=0, to_ms=self.now + 1,",
    );
}

#[test]
fn a_failure_is_shown_with_its_lines() {
    let text = example_with("found[0][\"id\"]", "found[0][\"name\"]");
    let ran = run_with(&text, &["conform"], &[]).ends_with(1);
    assert!(
        ran.out.contains("\nknown-contacts   FAILED  "),
        "{}",
        ran.out
    );
    let told =
        "\nknown-contacts: there is no contact with the id `Ana Ruiz`\n  {\"type\":\"heard\"";
    assert!(ran.out.contains(told), "{}", ran.out);
    assert!(
        ran.out.contains("13 of 14 requirements are kept."),
        "{}",
        ran.out
    );
}

/// The planted fault is found by a search that knows nothing of the program, and goes away with it.
#[test]
fn the_planted_fault_is_found() {
    let search = ["--steps", "10000", "--all", "--json"];
    let found = run_with(&example(), &["fuzz"], &search).ends_with(1);
    let report = found.json();
    let findings = report["findings"].as_array().expect("findings");
    let is_planted = |finding: &&Value| {
        finding["rule"] == "G8 not-an-answer"
            && finding["missing"] == "… is no plain answer to …, but was taken for one"
    };
    assert_eq!(
        findings.iter().filter(is_planted).count(),
        1,
        "{}",
        found.out
    );
    let mended = example_with("\"right\" in said:", "said == \"right\":");
    let found = run_with(&mended, &["fuzz"], &search).ends_with(1);
    assert!(!found.out.contains("G8"), "{}", found.out);
}

const CASE: &str = "seed 7\ncontact Ana Ruiz\ncontact Tom Baker\ndevices 1\nmessaging on\n\n\
    onward\nonward\nonward\nonward\nonward\nonward within-talk\n";

#[test]
fn a_case_and_a_script_replay_with_a_program() {
    let folder = Folder::new();
    let case = folder.file("1.case", CASE);
    let ran = run_with(&example(), &["replay", &case], &[]).ends_with(1);
    assert!(
        ran.out.contains("hears \"well right you know\""),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("G8 not-an-answer: "), "{}", ran.out);
    let script = folder.file(
        "1.script",
        "mondegreen script 1\ndevice kitchen\ncontact c1 Ana Ruiz\n\n1-2 kitchen Ben: Alexa.\n\
         3-4 kitchen Ben: Send a message.\n7-8 kitchen Ben: Ana Ruiz.\n14-15 kitchen Ben: Right.\n",
    );
    let ran = run_with(&example(), &["replay", &script], &[]);
    assert!(ran.out.contains("SENDS m1 to Ana Ruiz"), "{}", ran.out);
}

/// An assistant that answers to other words is found out in these.
#[test]
fn the_words_of_a_program_can_be_told() {
    let text = example_with("\"alexa\"", "\"computer\"").replace("send a message", "text someone");
    let search = ["--steps", "2000", "--json"];
    let deaf = run_with(&text, &["fuzz"], &search).ends_with(0);
    assert_eq!(deaf.json()["findings"], serde_json::json!([]));
    let told = ["--wake", "computer", "--command", "text someone"];
    let ran = run_with(&text, &["fuzz"], &[&search[..], &told].concat()).ends_with(1);
    let repeat = ran.json()["repeat"].as_str().expect("a command").to_owned();
    assert!(
        repeat.contains(" --wake computer --command 'text someone' --seed 1"),
        "{repeat}"
    );
}

#[test]
fn what_only_one_kind_of_assistant_can_do_is_said() {
    for (arguments, why) in [
        (
            &["check", "--assistant", "./mine"][..],
            "a program cannot be checked",
        ),
        (
            &["conform", "--assistant", "guarded"],
            "conform is for others",
        ),
        (&["fuzz"], "<ASSISTANT>"),
        (
            &["fuzz", "guarded", "--assistant", "guarded"],
            "cannot be used with",
        ),
        (
            &["fuzz", "--assistant", "hal"],
            "or the command line of a program, like ./hal",
        ),
    ] {
        let ran = run(arguments).ends_with(2);
        assert!(ran.err.contains(why), "{arguments:?}: {}", ran.err);
    }
}
