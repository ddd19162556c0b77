//! `talk` and `scan`: generated talk, and where talk comes near.

use crate::{Folder, run};
use serde_json::Value;

#[test]
fn talk_reads_back_what_it_prints() {
    let folder = Folder::new();
    let page = run(&["talk", "-n", "50", "--seed", "3"]).ends_with(0).out;
    assert_eq!(page.lines().count(), 50);
    assert_eq!(
        run(&["talk", "-n", "50", "--seed", "3"]).out,
        page,
        "one seed, one talk"
    );
    assert_ne!(run(&["talk", "-n", "50", "--seed", "4"]).out, page);
    let file = folder.file("talk.tsv", &page);
    let read = run(&["talk", "--stats", "--json", "--talk", &file])
        .ends_with(0)
        .json_lines();
    let made = run(&["talk", "--stats", "--json", "-n", "50", "--seed", "3"])
        .ends_with(0)
        .json_lines();
    let timeless = |figures: Vec<Value>| -> Vec<Value> {
        figures
            .into_iter()
            .filter(|figure| figure["name"] != "words per hour of talk")
            .collect()
    };
    assert_eq!(timeless(read), timeless(made));
}

#[test]
fn talk_is_the_same_for_people_and_machines() {
    let page = run(&["talk", "-n", "20"]).ends_with(0).out;
    let said = run(&["talk", "-n", "20", "--json"])
        .ends_with(0)
        .json_lines();
    assert_eq!(said.len(), 20);
    for (line, said) in page.lines().zip(said) {
        let columns: Vec<&str> = line.split('\t').collect();
        assert_eq!(
            columns[1..],
            [
                said["speaker"].as_str().expect("who"),
                said["text"].as_str().expect("what")
            ]
        );
        let seconds: f64 = columns[0].parse().expect("seconds");
        let from = said["from_ms"].as_f64().expect("a time") / 1000.0;
        assert!((0.0..0.01).contains(&(from - seconds)), "{from} {seconds}");
    }
}

/// Bounds are computed with rounding, so that one of them may miss an exact 0.
const ROUNDING: f64 = 1e-12;

#[test]
fn figures_stand_beside_the_published_ones() {
    let page = run(&["talk", "--stats", "-n", "2000"]).ends_with(0).out;
    let figures = run(&["talk", "--stats", "-n", "2000", "--json"])
        .ends_with(0)
        .json_lines();
    assert!(figures.len() >= 12, "{}", figures.len());
    for figure in &figures {
        let (name, source) = (
            figure["name"].as_str().expect("a name"),
            figure["source"].as_str().expect("a source"),
        );
        let row = page
            .lines()
            .find(|line| line.trim_start().starts_with(name));
        assert!(
            row.is_some_and(|row| row.contains(source)),
            "{name}: {page}"
        );
        let number = |key: &str| {
            figure[key]
                .as_f64()
                .unwrap_or_else(|| panic!("{key} of {figure}"))
        };
        assert!(
            number("published") > 0.0
                && number("low") <= number("ours") + ROUNDING
                && number("ours") <= number("high") + ROUNDING,
            "{figure}"
        );
    }
    assert!(page.ends_with("\n2000 utterances\n"), "{page}");
}

const TALK: &str = "0.5\tAna\tI got a letter from the council.\n3\tBen\tDid they send a massage?\n\
    6\tAna\tGrace hoped so.\n9\tBen\tThat's right.\n9.5\tAna\tI got a letter too.\n";

#[test]
fn scan_shows_places_for_every_stage() {
    let folder = Folder::new();
    let talk = folder.file("talk.tsv", TALK);
    let scan = |more: &[&str]| {
        run(&[&["scan", &talk, "--contact", "Grace Hope", "-n", "2"], more].concat()).ends_with(0)
    };
    let page = scan(&[]).out;
    assert!(
        page.starts_with("5 utterances; contacts: Grace Hope\n"),
        "{page}"
    );
    let places = scan(&["--json"]).json();
    let places = places.as_array().expect("places");
    let nearest = |stage: &str| {
        let place = places.iter().find(|place| place["stage"] == stage);
        let place = place.unwrap_or_else(|| panic!("no {stage} in {places:?}"));
        ["said", "heard", "speaker"].map(|key| place[key].as_str().expect("a text"))
    };
    assert_eq!(nearest("wake word"), ["a letter", "alexa", "Ana"]);
    assert_eq!(
        nearest("command"),
        ["send a massage", "send a message", "Ben"]
    );
    assert_eq!(nearest("recipient"), ["grace hoped", "Grace Hope", "Ana"]);
    assert_eq!(nearest("answer"), ["that's right", "that's right", "Ben"]);
    for place in places {
        let shown =
            ["stage", "speaker", "said", "heard"].map(|key| place[key].as_str().expect("a text"));
        let nats = format!(" {:.2} ", place["nats"].as_f64().expect("a cost"));
        let holds =
            |line: &&str| shown.iter().all(|part| line.contains(part)) && line.contains(&nats);
        assert!(page.lines().any(|line| holds(&line)), "{place}: {page}");
    }
    let letters = places
        .iter()
        .filter(|place| place["said"] == "a letter" && place["heard"] == "alexa");
    assert_eq!(letters.count(), 1, "each wording is shown once");
}

#[test]
fn cues_are_read_as_talk() {
    let folder = Folder::new();
    let vtt = "WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ana>I got a letter.\n";
    let srt = "1\n00:00:01,000 --> 00:00:03,000\nANA: I got a letter.\n";
    for (name, text) in [("a.vtt", vtt), ("a.srt", srt)] {
        let file = folder.file(name, text);
        let places = run(&["scan", &file, "-n", "1", "--json"])
            .ends_with(0)
            .json();
        let wake = &places[0];
        assert_eq!(
            (&wake["at_ms"], &wake["said"]),
            (&1_000.into(), &"a letter".into()),
            "{name}"
        );
        assert_eq!(
            wake["speaker"].as_str().map(str::to_lowercase).as_deref(),
            Some("ana"),
            "{name}"
        );
    }
}

#[test]
fn a_contact_without_letters_is_nowhere_near() {
    let folder = Folder::new();
    let talk = folder.file("talk.tsv", TALK);
    let page = run(&["scan", &talk, "--contact", "!!!", "--contact", ""])
        .ends_with(0)
        .out;
    assert!(
        page.contains("wake word") && !page.contains(" recipient "),
        "{page}"
    );
}
