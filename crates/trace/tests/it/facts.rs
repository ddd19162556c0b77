//! Lines by numbers.

use crate::protocol::{effects, inputs};
use mondegreen_trace::fact::{Aim, Dictionary, Spoken};
use mondegreen_trace::{Contact, Household, Hypothesis, Line, Meant, Utterance};

fn lines() -> Vec<Line> {
    let said = Utterance {
        from_ms: 1,
        to_ms: 2,
        devices: vec!["kitchen".to_owned()],
        speaker: "ana".to_owned(),
        text: "a letter".to_owned(),
        meant: Meant::Nobody,
    };
    let given = inputs().into_iter().map(Line::In);
    let did = effects().into_iter().map(Line::Out);
    [Line::Said { said }]
        .into_iter()
        .chain(given)
        .chain(did)
        .collect()
}

#[test]
fn every_line_comes_back_from_its_fact() {
    let mut dictionary = Dictionary::new();
    let facts: Vec<_> = lines().iter().map(|line| dictionary.fact(line)).collect();
    let back: Option<Vec<Line>> = facts.iter().map(|fact| dictionary.line(fact)).collect();
    assert_eq!(back, Some(lines()));
}

/// What was said is counted anew each time; everything else has one number for good.
#[test]
fn the_same_lines_are_the_same_facts() {
    let mut dictionary = Dictionary::new();
    let mut facts = || {
        lines()
            .iter()
            .skip(1)
            .map(|line| dictionary.fact(line))
            .collect::<Vec<_>>()
    };
    let (once, twice) = (facts(), facts());
    assert_eq!(once, twice);
    let size = dictionary.size();
    for line in lines().iter().skip(1) {
        dictionary.fact(line);
    }
    assert_eq!(dictionary.size(), size);
}

/// A list is another when one confidence is another, be it by the last bit.
#[test]
fn lists_that_differ_in_a_confidence_have_two_numbers() {
    let mut dictionary = Dictionary::new();
    let mut heard = |confidence| {
        let text = "yes".to_owned();
        dictionary.heard(&[mondegreen_trace::Hypothesis { text, confidence }])
    };
    assert_ne!(heard(0.5), heard(0.5_f64.next_down()));
    assert_eq!(heard(0.5), heard(0.5));
}

#[test]
fn a_number_of_another_dictionary_is_no_panic() {
    let mut one = Dictionary::new();
    let facts: Vec<_> = lines().iter().map(|line| one.fact(line)).collect();
    let other = Dictionary::new();
    assert_eq!(other.text(one.term("kitchen")), "");
    let known = facts.iter().filter_map(|fact| other.line(fact));
    assert_eq!(
        known.count(),
        lines().len() - 2,
        "all but the utterance and the start"
    );
}

/// What an utterance, a list and a household are made of has the numbers that it has elsewhere.
#[test]
fn parts_have_the_numbers_of_their_texts() {
    let mut dictionary = Dictionary::new();
    let yes = Hypothesis {
        text: "yes".to_owned(),
        confidence: 0.9,
    };
    let list = dictionary.heard(&[yes.clone(), yes]);
    let none = dictionary.heard(&[]);
    let (yes, nothing) = (dictionary.term("yes"), dictionary.term(""));
    assert_eq!(dictionary.first(list), Some(yes));
    assert_eq!(dictionary.first(none), Some(nothing));
    let home = dictionary.home(&Household {
        devices: vec!["hall".to_owned(), "kitchen".to_owned()],
        contacts: Vec::new(),
        messaging: true,
    });
    let (hall, kitchen) = (dictionary.term("hall"), dictionary.term("kitchen"));
    assert_eq!(dictionary.devices(home), [hall, kitchen]);
    let said = dictionary.said(&Utterance {
        from_ms: 1,
        to_ms: 2,
        devices: vec!["kitchen".to_owned()],
        speaker: "ana".to_owned(),
        text: "yes".to_owned(),
        meant: Meant::Request {
            contact: "c1".to_owned(),
        },
    });
    let contact = dictionary.term("c1");
    let spoken = Spoken {
        from_ms: 1,
        to_ms: 2,
        devices: [kitchen].into(),
        text: yes,
        meant: Aim::Request { contact },
    };
    assert_eq!(dictionary.spoken(said), Some(&spoken));
    assert_eq!(Dictionary::new().spoken(said), None);
    assert_eq!(Dictionary::new().first(list), None);
    assert_eq!(Dictionary::new().devices(home), []);
}

/// A household is another when anything in it is.
#[test]
fn homes_that_differ_have_two_numbers() {
    let home = Household {
        devices: vec!["kitchen".to_owned()],
        contacts: vec![Contact {
            id: "c1".to_owned(),
            name: "Ana".to_owned(),
        }],
        messaging: true,
    };
    let mut off = home.clone();
    off.messaging = false;
    let mut renamed = home.clone();
    renamed.contacts[0].name = "Bob".to_owned();
    let mut larger = home.clone();
    larger.devices.push("hall".to_owned());
    let mut dictionary = Dictionary::new();
    let homes = [&home, &off, &renamed, &larger, &home];
    let numbers = homes.map(|home| dictionary.home(home).number());
    assert_eq!(numbers, [0, 1, 2, 3, 0]);
}
