//! Units come to the same wherever they are done, and findings of one cause have one name.

use mondegreen_oracle::Rule;
use mondegreen_sim::campaign::{
    Book, Engine, FORMAT, Header, Kept, MergeError, Point, Record, Searched, Settings, ShardOf,
    fuzz, hunt,
};
use mondegreen_sim::{CaseFinding, Example, Guidance, Mutant, Preset, Reference, Search};
use std::collections::{BTreeMap, BTreeSet};

fn fuzzed(name: &str, seed: u64, steps: u64) -> Searched {
    let mutant = Mutant::named(name).expect(name);
    fuzz(|| mutant.assistant(), seed, (steps, 1_000), &mut |_| true).expect("it is not stopped")
}

fn told(searched: &Searched) -> String {
    let found = searched.found.iter();
    let found =
        found.map(|found| format!("{} {}\n{}", found.bucket, found.times, found.sample.text()));
    let found: Vec<String> = found.collect();
    format!(
        "{found:?} {} {} {}",
        searched.steps, searched.conversations, searched.ways
    )
}

#[test]
fn a_unit_comes_to_the_same_each_time() {
    assert_eq!(
        told(&fuzzed("barge-in", 3, 20_000)),
        told(&fuzzed("barge-in", 3, 20_000))
    );
    assert_ne!(
        told(&fuzzed("barge-in", 3, 20_000)),
        told(&fuzzed("barge-in", 4, 20_000))
    );
}

#[test]
fn a_unit_that_is_told_to_stop_comes_to_nothing() {
    let guarded = || Reference::new(Preset::GUARDED);
    let until = |steps_max| move |steps| steps < steps_max;
    assert!(fuzz(guarded, 1, (50_000, 1_000), &mut until(10_000)).is_none());
    assert!(fuzz(guarded, 1, (5_000, 1_000), &mut until(10_000)).is_some());
    assert!(hunt(&mut guarded(), "alexa", 1, 50_000, &mut until(2_000)).is_none());
}

/// A hunt goes on after its first finding, and says of each rule that was broken how.
#[test]
fn a_hunt_unit_finds_more_than_one_cause() {
    let mut echo = Reference::new(Preset::ECHO_2018);
    let searched = hunt(&mut echo, "alexa", 4, 60_000, &mut |_| true).expect("it is not stopped");
    let rules: BTreeSet<Rule> = searched
        .found
        .iter()
        .map(|found| found.bucket.rule)
        .collect();
    assert!(rules.len() > 1, "{rules:?}");
    let breaches = searched
        .found
        .iter()
        .flat_map(|found| found.sample.breaches());
    let broken: BTreeSet<Rule> = breaches.map(|breach| breach.rule).collect();
    assert!(broken.contains(&Rule::I1), "{broken:?}");
    let distinct: BTreeSet<_> = searched.found.iter().map(|found| &found.bucket).collect();
    assert_eq!(distinct.len(), searched.found.len());
    assert!(searched.steps >= 60_000);
}

/// Rules that can only be broken together are broken for one reason, which is named after the first.
#[test]
fn rules_that_go_together_are_one_finding() {
    let mut assistant = Reference::new(Preset::ASSISTANT_2018);
    let searched = hunt(
        &mut assistant,
        Preset::ASSISTANT_2018.wake,
        1,
        100_000,
        &mut |_| true,
    )
    .expect("it is not stopped");
    let named: Vec<Rule> = searched
        .found
        .iter()
        .map(|found| found.bucket.rule)
        .collect();
    assert_eq!(named, [Rule::G8]);
    let breaches = searched
        .found
        .iter()
        .flat_map(|found| found.sample.breaches());
    let broken: BTreeSet<Rule> = breaches.map(|breach| breach.rule).collect();
    assert_eq!(broken, BTreeSet::from([Rule::G8, Rule::I1, Rule::I3]));
}

/// What breaks one rule each time does not hide what breaks another as well.
#[test]
fn each_rule_that_a_case_breaks_is_a_finding() {
    let echo = || Reference::new(Preset::ECHO_2018);
    let mut search = Search::new(echo(), 1, Guidance::Full);
    let mut most = 0;
    while search.progress().steps < 20_000 {
        let steps = search.progress().steps;
        let Some(case) = search.search(steps + 5_000).expect("it does not break") else {
            continue;
        };
        let each = CaseFinding::each_of(&case, echo()).expect("it does not break");
        let rules: BTreeSet<Rule> = each.iter().map(|found| found.rule).collect();
        assert_eq!(rules.len(), each.len());
        let first = CaseFinding::of(&case, echo()).expect("it does not break");
        assert_eq!(
            first.map(|found| found.rule),
            each.first().map(|found| found.rule)
        );
        most = most.max(each.len());
    }
    assert!(most > 1, "no case breaks two rules");
}

/// These have one fault: whatever way it is found on, it has one name.
#[test]
fn one_fault_has_one_name_whatever_the_seed() {
    for name in [
        "hears-itself",
        "interim-answer",
        "last-name-wins",
        "off-while-held",
        "silence-is-consent",
        "words-go-on",
    ] {
        let mut names = BTreeSet::new();
        for seed in 1..=3 {
            let searched = fuzzed(name, seed, 40_000);
            names.extend(searched.found.iter().map(|found| found.bucket.name(name)));
        }
        assert_eq!(names.len(), 1, "{name}: {names:?}");
    }
}

#[test]
fn the_least_example_is_kept_in_whatever_order_they_come() {
    let mutant = Mutant::named("last-name-wins").expect("a mutant");
    let mut small = Vec::new();
    for seed in 1..=4 {
        let searched = fuzzed("last-name-wins", seed, 20_000);
        for found in searched.found {
            small.push(found.sample.text());
        }
    }
    let finding = |text: &String| {
        let case = text.parse().expect("a case");
        CaseFinding::of(&case, mutant.assistant())
            .expect("it does not break")
            .expect("a breach")
    };
    let kept = |order: Vec<&String>| {
        let mut causes = mondegreen_sim::Causes::default();
        for text in order {
            causes
                .enter(finding(text), 0, Ok::<_, ()>)
                .expect("nothing fails");
        }
        causes
            .iter()
            .map(|(_, cause)| (cause.example.text(), cause.times))
            .collect::<Vec<_>>()
    };
    let forwards = kept(small.iter().collect());
    assert_eq!(kept(small.iter().rev().collect()), forwards);
    assert_eq!(
        forwards.iter().map(|(_, times)| times).sum::<u64>(),
        small.len() as u64
    );
}

fn book(shard: Option<[u64; 2]>, seed: u64) -> Book {
    let shard = shard.map(|shard| ShardOf::try_from(shard).expect("a shard"));
    let header = Header {
        format: FORMAT,
        version: "0.1.0".to_owned(),
        settings: Settings {
            assistants: vec!["guarded".to_owned()],
            program: None,
            searches: Engine::ALL.to_vec(),
            seed,
            unit_steps: 10,
            program_steps: 10,
            shard,
            merged: Vec::new(),
        },
    };
    let mut book = Book::new(header);
    let [index, of] = shard.map_or([0, 1], <[u64; 2]>::from);
    for number in [index, index + of] {
        let record = Record {
            assistant: "guarded".to_owned(),
            engine: Engine::Fuzz,
            number,
            seed: seed + number,
            at_s: 1.5 + seconds(number),
            steps: 10,
            conversations: 2,
            ways: 7 + number,
            corpus: 3,
            found: BTreeMap::from([("g1-x".to_owned(), 1 + number)]),
            unrepeated: 0,
            trouble: None,
        };
        book.records.insert(record.name(), record);
    }
    book.kept.insert("g1-x".to_owned(), kept(index));
    book.points = vec![book.point("guarded", 2.0 + seconds(index))];
    book
}

fn seconds(number: u64) -> f64 {
    f64::from(u32::try_from(number).expect("a small number"))
}

fn kept(index: u64) -> Kept {
    Kept {
        bucket: "g1-x".to_owned(),
        assistant: "guarded".to_owned(),
        found_by: Engine::Fuzz,
        rule: "G1 unconfirmed".to_owned(),
        missing: "…".to_owned(),
        place: vec!["sends".to_owned()],
        events: 3 - usize::try_from(index % 3).expect("a small number"),
        seed: index,
        steps: 5,
        at_s: 1.0 + seconds(index),
        times: 1,
        repeat: String::new(),
        script: None,
        case: Some(format!("case {index}\n")),
        told: serde_json::Map::new(),
    }
}

#[test]
fn books_of_shards_make_one() {
    let shards = || {
        (0..4)
            .map(|index| book(Some([index, 4]), 1))
            .collect::<Vec<_>>()
    };
    let whole = Book::merge(shards()).expect("they belong together");
    assert_eq!(whole.records.len(), 8);
    // The least example of all, first met at the earliest time, found as often as all found it.
    let kept = &whole.kept["g1-x"];
    assert_eq!((kept.seed, kept.at_s, kept.times), (2, 1.0, (1..=8).sum()));
    let steps: Vec<(f64, u64)> = whole
        .points
        .iter()
        .map(|point| (point.at_s, point.steps))
        .collect();
    assert_eq!(steps, [(2.0, 20), (3.0, 40), (4.0, 60), (5.0, 80)]);
    let mut backwards = shards();
    backwards.reverse();
    assert_eq!(Book::merge(backwards), Ok(whole.clone()));
    let text = |book: &Book| serde_json::to_string(&book.header).expect("JSON");
    let header: Header = serde_json::from_str(&text(&whole)).expect("a header");
    assert_eq!(header, whole.header);
    let half =
        |from: usize| Book::merge(shards().into_iter().skip(from).take(2).collect()).expect("two");
    let halves: Vec<Book> = vec![half(2), half(0)];
    let both = Book::merge(halves).expect("they belong together");
    assert_eq!(
        (both.header, both.records, both.kept),
        (whole.header, whole.records, whole.kept)
    );
}

#[test]
fn what_does_not_belong_together_makes_no_book() {
    let other = |change: fn(&mut Header)| {
        let mut book = book(Some([1, 2]), 1);
        change(&mut book.header);
        book
    };
    let first = || book(Some([0, 2]), 1);
    let shard = ShardOf::new(0, 2).expect("a shard");
    for (with, wanted) in [
        (first(), MergeError::Twice(shard)),
        (book(None, 1), MergeError::NoShard),
        (book(Some([1, 3]), 1), MergeError::OtherCounts),
        (book(Some([1, 2]), 2), MergeError::OtherSettings),
        (
            other(|header| header.settings.unit_steps = 11),
            MergeError::OtherSettings,
        ),
        (
            other(|header| header.version = "9".to_owned()),
            MergeError::OtherVersion("9".to_owned(), "0.1.0".to_owned()),
        ),
    ] {
        assert_eq!(Book::merge(vec![first(), with]), Err(wanted));
    }
    assert_eq!(Book::merge(Vec::new()), Err(MergeError::Nothing));
    let mut same_unit = book(Some([1, 2]), 1);
    same_unit.records.extend(first().records);
    let merged = Book::merge(vec![first(), same_unit]);
    assert!(
        matches!(merged, Err(MergeError::UnitTwice(_))),
        "{merged:?}"
    );
}

#[test]
fn a_point_counts_all_units_of_an_assistant() {
    let point = book(None, 1).point("guarded", 9.0);
    let wanted = Point {
        at_s: 9.0,
        assistant: "guarded".to_owned(),
        steps: 20,
        conversations: 4,
        ways: 8,
        corpus: 3,
        findings: 1,
    };
    assert_eq!(point, wanted);
    assert_eq!(book(None, 1).point("echo-2018", 9.0).steps, 0);
}
