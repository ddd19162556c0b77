//! `mondegreen check`: every reachable state of a model.

use crate::{Folder, run};
use serde_json::Value;

#[test]
fn guarded_is_told_to_keep_the_rules_and_how_much_was_looked_at() {
    let ran = run(&["check", "guarded", "--devices", "1"]).ends_with(0);
    let (first, rest) = ran.out.split_once('\n').expect("lines");
    assert_eq!(
        first,
        "guarded keeps G1 to G15, S2 and S3 in every reachable state of the model."
    );
    for word in [" states, ", " transitions, depth ", " s. ", "docs/check.md"] {
        assert!(rest.contains(word), "{rest}");
    }
    assert_eq!(ran.err, "", "no progress where nobody looks");
}

#[test]
fn a_check_gives_the_same_json_each_time() {
    let arguments = ["check", "guarded", "--devices", "1", "--json"];
    let ran = run(&arguments).ends_with(0);
    let told = ran.json();
    assert_eq!(told["assistant"], "guarded");
    assert_eq!(told["kept"], true);
    assert_eq!(told["finding"], Value::Null);
    assert!(told["states"].as_u64() > Some(1_000), "{told}");
    assert!(
        told["transitions"].as_u64() > told["states"].as_u64(),
        "{told}"
    );
    assert_eq!(run(&arguments).out, ran.out);
}

#[test]
fn a_fault_is_shown_as_a_timeline_and_as_a_case_that_repeats_it() {
    let ran = run(&["check", "interim-answer", "--devices", "1"]).ends_with(1);
    assert!(
        ran.out.starts_with("interim-answer breaks G7 not-final: "),
        "{}",
        ran.out
    );
    for word in [
        "kitchen  hears \"alexa\"",
        "not final",
        "SENDS m1 to Ana Ruiz",
        "No shorter way breaks a rule.",
    ] {
        assert!(ran.out.contains(word), "`{word}` is missing:\n{}", ran.out);
    }
    let ran = run(&["check", "interim-answer", "--devices", "1", "--json"]).ends_with(1);
    let finding = &ran.json()["finding"];
    assert_eq!(finding["rule"], "G7 not-final");
    assert_eq!(finding["breaches"][0]["rule"], "G7 not-final");
    assert!(
        finding["trace"]
            .as_array()
            .is_some_and(|lines| lines.len() > 20)
    );
    let folder = Folder::new();
    let case = folder.file("found.case", finding["case"].as_str().expect("a case"));
    let again = run(&["replay", &case, "--assistant", "interim-answer"]).ends_with(1);
    assert!(again.out.contains("G7 not-final"), "{}", again.out);
    run(&["replay", &case, "--assistant", "guarded"]).ends_with(0);
}

#[test]
fn more_states_than_allowed_are_no_proof() {
    let ran = run(&["check", "guarded", "--states", "100"]).ends_with(2);
    assert_eq!(ran.out, "");
    assert!(
        ran.err.starts_with(
            "mondegreen: there are more than 100 states; so far no rule is broken; try"
        ),
        "{}",
        ran.err
    );
}

#[test]
fn help_says_what_is_shown_and_what_is_not() {
    let help = run(&["check", "--help"]).ends_with(0).out;
    for word in [
        "What it shows:",
        "What it does not show:",
        "docs/check.md",
        "Exit status: 0",
    ] {
        assert!(help.contains(word), "`{word}` is missing:\n{help}");
    }
    let bad = run(&["check", "guarded", "--devices", "3"]).ends_with(2);
    assert!(bad.err.contains("3 is not in 1..=2"), "{}", bad.err);
    run(&["check", "hal"]).ends_with(2);
}
