//! `fuzz`, `mutants`, and `replay` of a case.

use crate::{Folder, run};
use serde_json::Value;

#[test]
fn a_mutant_is_found_out_and_the_printed_case_replays() {
    let found = run(&["fuzz", "hears-itself"]).ends_with(1);
    let out = &found.out;
    assert!(
        out.starts_with("hears-itself: G6 self-echo is broken.\n"),
        "{out}"
    );
    let repeat = "repeat  mondegreen fuzz hears-itself --seed 1\n";
    assert!(out.contains(repeat), "{out}");

    let (_, rest) = out
        .split_once("--assistant hears-itself`)\n")
        .expect("a case");
    let (case, _) = rest.split_once("\nrepeat").expect("the end of the case");
    let folder = Folder::new();
    let path = folder.file("1.case", case);
    let replayed = run(&["replay", &path, "--assistant", "hears-itself"]).ends_with(1);
    assert!(replayed.out.contains("G6 self-echo: "), "{}", replayed.out);
    assert_eq!(
        replayed.out.matches(" SENDS ").count(),
        1,
        "{}",
        replayed.out
    );
    let guarded = run(&["replay", &path, "--assistant", "guarded"]).ends_with(0);
    let verdict = "guarded: no rule is broken.\n";
    assert!(guarded.out.ends_with(verdict), "{}", guarded.out);
}

#[test]
fn the_same_seed_finds_the_same_causes_and_each_once() {
    let hunt = || run(&["fuzz", "echo-2018", "--steps", "20000", "--all", "--json"]).ends_with(1);
    let (once, twice) = (hunt(), hunt());
    assert_eq!(once.out, twice.out);
    let report = once.json();
    let findings = report["findings"].as_array().expect("findings");
    let cause = |finding: &Value| finding["bucket"].to_string();
    let mut causes: Vec<String> = findings.iter().map(cause).collect();
    causes.sort();
    causes.dedup();
    assert!(causes.len() > 1, "{causes:?}");
    assert_eq!(causes.len(), findings.len());
}

#[test]
fn nothing_is_found_in_the_guarded_assistant() {
    let ran = run(&["fuzz", "guarded", "--steps", "100000"]).ends_with(0);
    let verdict = "guarded: no gate rule was broken.\ntried   1000";
    assert!(ran.out.starts_with(verdict), "{}", ran.out);
}

#[test]
fn mutants_are_listed_for_people_and_for_machines() {
    let listed = run(&["mutants"]).ends_with(0);
    let mutants = run(&["mutants", "--json"]).ends_with(0).json_lines();
    assert!(mutants.len() >= 30, "{}", mutants.len());
    for mutant in mutants {
        let name = mutant["name"].as_str().expect("a name");
        assert!(listed.out.contains(name), "{name}");
        assert!(
            mutant["witness"]
                .as_str()
                .is_some_and(|text| text.contains("seed "))
        );
    }
}

#[test]
fn what_is_wrong_with_a_case_is_said_with_file_and_line() {
    let folder = Folder::new();
    let bad = folder.file("bad.case", "seed 7\ncontact Ana\n");
    let good = folder.file(
        "good.case",
        "seed 7\ncontact Ana Ruiz\ncontact Tom Baker\ndevices 1\nmessaging on\n\nwake\n",
    );
    let none = folder.path("none.case");
    for (args, want) in [
        (
            &["replay", &bad][..],
            "bad.case: line 2: `Ana` is none of the names",
        ),
        (&["replay", &none], "none.case: "),
        (
            &["replay", &good, "--assistant", "nobody"],
            "or a name that `mondegreen mutants` lists",
        ),
        (
            &["replay", &good, "--wav", "x.wav"],
            "nobody speaks in a case",
        ),
        (&["fuzz", "nobody"], "there is no such assistant"),
    ] {
        let ran = run(args).ends_with(2);
        assert!(ran.err.contains(want), "{}", ran.err);
    }
}
