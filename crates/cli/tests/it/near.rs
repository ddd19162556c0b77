//! `near`: phrases that sound like a phrase.

use crate::run;

#[test]
fn published_triggers_have_ranks() {
    let triggers = ["a letter", "election", "unacceptable"];
    let ranks = triggers.iter().flat_map(|trigger| ["--rank", trigger]);
    let arguments: Vec<&str> = ["near", "alexa", "-n", "5", "--rare"]
        .into_iter()
        .chain(ranks)
        .collect();
    let page = run(&arguments).ends_with(0).out;
    let json = run(&[&arguments[..], &["--json"]].concat())
        .ends_with(0)
        .json();
    assert_eq!(
        (&json["phrase"], &json["rare"]),
        (&"alexa".into(), &true.into())
    );
    let ranked = json["ranks"].as_array().expect("ranks");
    assert_eq!(ranked.len(), triggers.len());
    for (rank, trigger) in ranked.iter().zip(triggers) {
        assert_eq!(rank["text"], trigger);
        let place = rank["rank"].as_u64().expect("a rank");
        let nats = rank["nats"].as_f64().expect("a cost");
        let begins = |line: &&str| line.split_whitespace().next() == Some(&place.to_string());
        let line = page
            .lines()
            .filter(begins)
            .find(|line| line.contains(trigger));
        let line = line.unwrap_or_else(|| panic!("no {trigger} at {place} in {page}"));
        assert!(line.contains(&format!(" {nats:.2} ")), "{line}");
        assert!(
            line.contains(rank["alignment"].as_str().expect("phones")),
            "{line}"
        );
    }
}

#[test]
fn near_misses_come_nearest_first_with_their_phones() {
    let page = run(&["near", "send message", "-n", "8"]).ends_with(0).out;
    let json = run(&["near", "send message", "-n", "8", "--json"])
        .ends_with(0)
        .json();
    let near = json["near"].as_array().expect("near-misses");
    let costs: Vec<f64> = near
        .iter()
        .filter_map(|miss| miss["nats"].as_f64())
        .collect();
    assert_eq!(costs.len(), 8);
    assert!(costs.is_sorted() && costs[0] >= 0.0, "{costs:?}");
    let rows: Vec<&str> = page.lines().skip(1).collect();
    assert_eq!(rows.len(), 8, "{page}");
    for ((row, miss), place) in rows.iter().zip(near).zip(1..) {
        let text = miss["text"].as_str().expect("a text");
        let nats = miss["nats"].as_f64().expect("a cost");
        let phones = miss["alignment"].as_str().expect("phones");
        assert_eq!(miss["rank"], place);
        let columns = format!("{place} {nats:.2} {text} {phones}");
        assert_eq!(
            row.split_whitespace().collect::<Vec<_>>().join(" "),
            columns
        );
        assert_ne!(text, "send message");
    }
}

#[test]
fn the_number_of_words_is_a_limit() {
    let json = run(&["near", "alexa", "-n", "10", "--words", "1", "--json"])
        .ends_with(0)
        .json();
    let near = json["near"].as_array().expect("near-misses");
    assert_eq!(near.len(), 10);
    assert!(
        near.iter()
            .all(|miss| !miss["text"].as_str().expect("a text").contains(' ')),
        "{near:?}"
    );
}

#[test]
fn what_is_not_searched_has_no_place() {
    let page = run(&[
        "near", "alexa", "-n", "0", "--rank", "zzyzx", "--rank", "!!",
    ]);
    let page = page.ends_with(0).out;
    let places = |text: &str| {
        let row = page.lines().find(|line| line.contains(text));
        let row = row.unwrap_or_else(|| panic!("no {text} in {page}"));
        let mut columns = row.split_whitespace().map(str::to_owned);
        [columns.next(), columns.next()].map(Option::unwrap_or_default)
    };
    assert_eq!(places("!!"), ["-", "-"], "it has no sound");
    assert_eq!(places("zzyzx")[1], "-", "it is not common");
    assert!(page.contains("try --rare"), "{page}");
}
