//! `race`: raw results, what they are summed up to, and what is said of bad ones.

use crate::{Folder, run};
use serde_json::Value;

const SMALL: [&str; 9] = [
    "race",
    "--seeds",
    "2",
    "--steps",
    "20000",
    "--mutants",
    "off-not-looked-at,content-not-confirmed",
    "--arms",
    "search,uniform,stateright",
];

#[test]
fn raw_results_are_written_and_summed_up_again() {
    let folder = Folder::new();
    let raw = folder.path("raw.jsonl");
    let ran = run(&[&SMALL[..], &["--json", &raw]].concat()).ends_with(0);
    for part in ["Where ours was not the best", "Steps of each arm", "2 of 2"] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    assert!(ran.out.contains("cargo fuzz build --sanitizer none race"));
    let text = std::fs::read_to_string(&raw).expect("results");
    let runs: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(runs.len(), 2 * (2 + 2 + 1), "stateright has one seed");
    assert!(runs.iter().all(|run| run["cap"] == 20_000), "{text}");
    assert_eq!(run(&["race", "--from", &raw]).ends_with(0).out, ran.out);
    let page = run(&["race", "--markdown", "--from", &raw])
        .ends_with(0)
        .out;
    assert!(
        page.contains("### Steps of each arm\n\n| arm | runs |"),
        "{page}"
    );
    let named = |name: &str| page.lines().any(|line| line.starts_with(name));
    assert!(named("| off-not-looked-at | 2 of 2 |"), "{page}");
    assert!(named("| search | 4 | 100.0% |"), "{page}");
}

/// A race that was cut off in the middle of a line goes on with the run of that line.
#[test]
fn a_race_that_was_cut_off_goes_on() {
    let folder = Folder::new();
    let raw = folder.path("raw.jsonl");
    let race = || run(&[&SMALL[..], &["--json", &raw]].concat()).ends_with(0);
    race();
    let whole = std::fs::read_to_string(&raw).expect("results");
    let kept: usize = whole.lines().take(3).map(|line| line.len() + 1).sum();
    std::fs::write(&raw, &whole[..kept + 10]).expect("written");
    race();
    let again = std::fs::read_to_string(&raw).expect("results");
    assert_eq!(again[..kept], whole[..kept], "what was there is kept");
    assert_eq!(again.lines().count(), whole.lines().count());
    let steps = |text: &str| -> Vec<Value> {
        let run = |line| serde_json::from_str::<Value>(line).expect("JSON")["steps"].clone();
        text.lines().map(run).collect()
    };
    assert_eq!(steps(&again), steps(&whole), "one seed, one result");
    let other_cap = [
        "race", "--arms", "uniform", "--steps", "500", "--json", &raw,
    ];
    let ran = run(&[&other_cap[..], &SMALL[5..7]].concat()).ends_with(2);
    assert!(
        ran.err.contains("write them to another file"),
        "{}",
        ran.err
    );
}

#[test]
fn files_that_are_split_are_put_together() {
    let folder = Folder::new();
    let (whole, one, other) = (
        folder.path("whole"),
        folder.path("one"),
        folder.path("other"),
    );
    run(&[&SMALL[..], &["--json", &whole]].concat()).ends_with(0);
    let text = std::fs::read_to_string(&whole).expect("results");
    let (first, second) = text.split_at(text.find('\n').expect("lines") + 1);
    std::fs::write(&one, first).expect("written");
    std::fs::write(&other, second).expect("written");
    let page = |files: &[&str]| run(&[&["race", "--from"], files].concat()).ends_with(0).out;
    assert_eq!(page(&[&one, &other]), page(&[&whole]));
    let twice = run(&["race", "--from", &whole, &one]).ends_with(2);
    assert!(twice.err.contains("is there twice"), "{}", twice.err);
    assert_eq!(twice.out, "");
}

#[test]
fn the_guarded_assistant_raises_no_alarm() {
    let arms = "search,uniform,proptest-state-machine,stateright";
    let arguments = ["race", "--guarded", "--seeds", "1", "--steps", "20000"];
    let ran = run(&[&arguments[..], &["--arms", arms]].concat()).ends_with(0);
    for arm in arms.split(',') {
        let row = ran
            .out
            .lines()
            .find(|line| line.trim_start().starts_with(arm));
        assert!(row.is_some_and(|row| row.ends_with(" 0")), "{}", ran.out);
    }
}

#[test]
fn an_alarm_is_a_finding() {
    let folder = Folder::new();
    let alarm = r#"{"arm":"uniform","assistant":"guarded","seed":1,"cap":9,"steps":7,"cpu_seconds":0.5,"found":true,"rule":"G1","case":"seed 7"}"#;
    let raw = folder.file("raw", format!("{alarm}\n"));
    let ran = run(&["race", "--from", &raw]).ends_with(1);
    assert!(
        ran.out.contains("uniform with seed 1 broke G1:\n\nseed 7"),
        "{}",
        ran.out
    );
}

#[test]
fn what_cannot_be_raced_is_explained() {
    let folder = Folder::new();
    let bad = folder.file("bad", "{}\n");
    let missing = folder.path("missing");
    for (arguments, why) in [
        (
            &["--arms", "luck"][..],
            "there is no such arm; try some of search, ",
        ),
        (
            &["--mutants", "x"],
            "there is no such mutant; try some of command-is-consent, ",
        ),
        (
            &["--arms", "cargo-fuzz"],
            "cargo-fuzz needs its target: build it with `cargo fuzz build",
        ),
        (&["--seeds", "0"], "0 is not in 1.."),
        (&["--steps", "0"], "0 is not in 1.."),
        (
            &["--from", &bad],
            "line 1: this is no run of a race: missing field",
        ),
        (
            &["--json", &bad],
            "line 1: this is no run of a race: missing field",
        ),
        (&["--from", &missing], "No such file"),
        (&["--from", &bad, "--guarded"], "cannot be used with"),
        (
            &["--guarded", "--mutants", "barge-in"],
            "cannot be used with",
        ),
        (
            &[
                "--arms",
                "cargo-fuzz",
                "--mutants",
                "barge-in",
                "--fuzzer",
                &missing,
            ],
            "the fuzzer: ",
        ),
    ] {
        let ran = run(&[&["race"], arguments].concat()).ends_with(2);
        assert!(ran.err.contains(why), "{arguments:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{arguments:?}");
    }
}
