//! `mondegreen margin`: the cheapest chain of mishearings.

use crate::{Folder, run};
use std::path::Path;

#[test]
fn a_margin_is_told_stage_by_stage_and_its_script_replays() {
    let page = run(&["margin", "echo-2018"]).ends_with(1).out;
    let ran = run(&["margin", "echo-2018", "--json"]).ends_with(1);
    let told = ran.json();
    let nats = told["nats"].as_f64().expect("a cost");
    assert_eq!(told["margin"], "exact", "{told}");
    let first = format!("echo-2018: the margin is {nats:.2} nats.");
    assert_eq!(page.lines().next(), Some(first.as_str()));
    let stages = told["stages"].as_array().expect("stages");
    let costs = stages.iter().filter_map(|stage| stage["nats"].as_f64());
    assert!((costs.sum::<f64>() - nats).abs() < 1e-9, "{told}");
    for stage in stages {
        let utterance = stage["utterance"].as_str().expect("words");
        assert!(
            page.contains(utterance),
            "`{utterance}` is missing:\n{page}"
        );
    }
    for word in [
        "wake word",
        "cheapest",
        "dearest",
        "as it was said",
        "docs/margin.md",
    ] {
        assert!(page.contains(word), "`{word}` is missing:\n{page}");
    }
    let folder = Folder::new();
    let script = folder.file("chain.script", told["script"].as_str().expect("a script"));
    let again = run(&["replay", &script, "--assistant", "echo-2018"]).ends_with(1);
    assert!(again.out.contains("I1 unintended"), "{}", again.out);
    assert_eq!(run(&["margin", "echo-2018", "--json"]).out, ran.out);
}

#[test]
fn without_a_chain_it_says_what_was_tried() {
    let page = run(&["margin", "guarded"]).ends_with(0).out;
    for word in [
        "guarded: no chain of mishearings, however long,",
        " states, in which",
    ] {
        assert!(page.contains(word), "`{word}` is missing:\n{page}");
    }
}

#[test]
fn of_a_program_it_is_an_upper_bound() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../adapters/example/assistant.py");
    let example = format!("python3 {}", example.display());
    let margin = ["margin", "--assistant", &example, "--steps", "4000"];
    let ran = run(&[&margin[..], &["--json"]].concat());
    let told = ran.json();
    assert!(told["basis"]["steps"].as_u64() >= Some(4_000), "{told}");
    let page = run(&margin).out;
    let heading = match told["nats"].as_f64() {
        Some(nats) => format!("the margin is at most {nats:.2} nats."),
        None => "no chain of mishearings was found".to_owned(),
    };
    assert!(
        ["at most", "not found"]
            .map(Some)
            .contains(&told["margin"].as_str())
    );
    assert!(page.contains(&heading), "{page}");
}

#[test]
fn help_says_what_is_shown_and_what_is_not() {
    let help = run(&["margin", "--help"]).ends_with(0).out;
    for word in [
        "What it shows:",
        "What it does not show:",
        "at most",
        "docs/margin.md",
    ] {
        assert!(help.contains(word), "`{word}` is missing:\n{help}");
    }
    run(&["margin", "hal"]).ends_with(2);
    run(&["margin"]).ends_with(2);
}
