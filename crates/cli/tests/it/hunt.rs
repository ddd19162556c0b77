//! `hunt`, and what can be done with what it prints.

use crate::{Folder, Ran, run};
use serde_json::Value;
use std::sync::LazyLock;

/// The hunt that the README shows.
static FOUND: LazyLock<Ran> =
    LazyLock::new(|| run(&["hunt", "echo-2018", "--seed", "1"]).ends_with(1));

/// What begins with one mark and ends before another.
#[track_caller]
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let begin = text.find(from);
    assert!(begin.is_some(), "no {from:?} in {text}");
    let rest = &text[begin.unwrap_or_default()..];
    let end = rest.find(to);
    assert!(end.is_some(), "no {to:?} in {rest}");
    &rest[..end.unwrap_or_default()]
}

fn found_script() -> String {
    let script = between(&FOUND.out, "mondegreen script 1\n", "\n\nrepeat ");
    format!("{script}\n")
}

/// The number that stands before these words.
#[track_caller]
fn count(out: &str, what: &str) -> u64 {
    let before = out.split(&format!(" {what}")).next().unwrap_or_default();
    let number = before.rsplit([' ', '\n']).next().unwrap_or_default();
    number.parse().expect(what)
}

#[test]
fn a_finding_can_be_understood_and_repeated() {
    let out = &FOUND.out;
    assert!(
        out.starts_with("echo-2018: I1 unintended is broken.\n"),
        "{out}"
    );
    assert!(
        out.contains("and nobody had asked to send anything"),
        "{out}"
    );
    assert!(out.contains(" SENDS m1 to "), "{out}");
    let margin = between(out, "\nmargin ", "\n\nscript ");
    for stage in ["wake word", "command", "recipient", "answer"] {
        assert!(
            margin.contains(&format!("\n {stage} ")),
            "{stage}: {margin}"
        );
        assert!(
            out.contains(&format!("\" as {stage} \"")),
            "{stage} is not in the timeline: {out}"
        );
    }
    let repeat = between(out, "\nrepeat  ", "\n\n");
    assert_eq!(repeat, "\nrepeat  mondegreen hunt echo-2018 --seed 1");
    assert!(
        count(out, "conversations") > 0 && count(out, "dialog steps") > 0,
        "{out}"
    );
    assert!(
        out.contains("a message that somebody does want is sent"),
        "{out}"
    );
    assert_eq!(FOUND.err, "", "no progress bar where there is no terminal");
}

#[test]
fn the_conversation_found_is_short_and_meant_for_nobody() {
    let script = found_script();
    let said: Vec<&str> = script.lines().filter(|line| line.contains(": ")).collect();
    assert!((1..=6).contains(&said.len()), "{script}");
    assert!(said.iter().all(|line| !line.contains(" [")), "{script}");
}

#[test]
fn the_script_of_a_finding_replays_as_it_was_found() {
    let folder = Folder::new();
    let path = folder.file("found.script", found_script());
    let replayed = run(&["replay", &path, "--assistant", "echo-2018"]).ends_with(1);
    let timeline = between(&FOUND.out, "    0.", "\n\nmargin ");
    assert_eq!(
        replayed.out,
        format!("{timeline}\n\necho-2018: rules are broken.\n")
    );
    run(&["replay", &path, "--assistant", "guarded"]).ends_with(0);
}

/// The second run of the same seed, for machines: it says what the first said for people.
#[test]
fn the_same_seed_finds_the_same_for_people_and_machines() {
    let json = run(&["hunt", "echo-2018", "--seed", "1", "--json"])
        .ends_with(1)
        .json();
    let out = &FOUND.out;
    assert_eq!(json["assistant"], "echo-2018");
    assert_eq!(json["seed"], 1);
    assert_eq!(json["conversations"], count(out, "conversations"));
    assert_eq!(json["steps"], count(out, "dialog steps"));
    assert_eq!(json["ways"], count(out, "ways of acting"));
    assert_eq!(json["served"], true);
    let finding = &json["finding"];
    assert_eq!(finding["rule"], "I1 unintended");
    assert_eq!(finding["script"], found_script());
    assert_eq!(finding["repeat"], "mondegreen hunt echo-2018 --seed 1");
    for breach in finding["breaches"].as_array().expect("breaches") {
        let shown = format!(
            "!        {}: {}\n",
            text(&breach["rule"]),
            text(&breach["why"])
        );
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeezed(out).contains(&squeezed(&shown)), "{shown}");
    }
    let stages = finding["stages"].as_array().expect("stages");
    let named: Vec<&str> = stages.iter().map(|stage| text(&stage["stage"])).collect();
    assert_eq!(named, ["wake word", "command", "recipient", "answer"]);
    let total: f64 = stages
        .iter()
        .filter_map(|stage| stage["nats"].as_f64())
        .sum();
    let nats = finding["nats"].as_f64().expect("a number");
    assert!((total - nats).abs() < 1e-6, "{total} {nats}");
    assert!(out.contains(&format!("\nmargin  {nats:.2} nats")), "{nats}");
    assert!(
        finding["trace"]
            .as_array()
            .is_some_and(|lines| lines.len() > 20)
    );
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn the_guarded_assistant_survives_and_the_same_seed_prints_the_same_bytes() {
    let hunt = || run(&["hunt", "guarded", "--steps", "20000"]).ends_with(0);
    let first = hunt();
    assert!(
        first.out.starts_with("guarded: no rule was broken.\n"),
        "{}",
        first.out
    );
    assert!(count(&first.out, "dialog steps") >= 20_000, "{}", first.out);
    assert!(count(&first.out, "conversations") >= 100, "{}", first.out);
    assert!(
        first
            .out
            .contains("a message that somebody does want is sent"),
        "{}",
        first.out
    );
    assert_eq!(hunt().out, first.out);
}

/// A wake word, a command, a name and a yes within ten seconds, of which only the yes is one.
const NEAR: &str = "0\tAna\tI got a letter from the council.\n3\tBen\tDid they send a massage?\n\
    6\tAna\tAna ruins it.\n9\tBen\tRight.\n60\tAna\tIt may rain later.\n";

#[test]
fn real_talk_is_reported_in_the_speakers_own_words() {
    let folder = Folder::new();
    let talk = folder.file("near.tsv", NEAR);
    let hunt = |more: &[&str]| {
        run(&[
            &["hunt", "echo-2018", "--talk", &talk, "--steps", "2000"],
            more,
        ]
        .concat())
    };
    let (page, json) = (hunt(&[]), hunt(&["--json"]));
    assert_eq!(page.status, json.status);
    let json = json.json();
    let chain = &json["as_spoken"]["chain"];
    let links = chain["links"].as_array().expect("a chain");
    let stages: Vec<&str> = links.iter().map(|link| text(&link["stage"])).collect();
    assert_eq!(stages, ["wake word", "command", "recipient", "answer"]);
    let nats = chain["nats"].as_f64().expect("a number");
    assert!(
        page.out.contains(&format!(
            "the nearest chain of mishearings costs {nats:.2} nats"
        )),
        "{}",
        page.out
    );
    assert!(
        page.out
            .contains("0.00  Ana: I got [a letter] from the council.\n"),
        "{}",
        page.out
    );
    assert!(page.out.contains("9.00  Ben: [Right].\n"), "{}", page.out);
    for link in links {
        let shown = format!(
            "{} \"{}\": ",
            text(&link["stage"]),
            text(&link["heard"]).to_lowercase()
        );
        assert!(page.out.contains(&shown), "{shown} is not in {}", page.out);
    }
    let found = !json["finding"].is_null() || !json["as_spoken"]["finding"].is_null();
    assert_eq!(page.status, Some(i32::from(found)), "{}", page.out);
}
