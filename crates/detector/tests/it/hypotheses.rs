//! What is made of a list of hypotheses.

use crate::{detector, heard};
use mondegreen_detector::{Act, Detector, Listening, Understood, Wanted, challenge_word};
use mondegreen_trace::{Contact, Household, Hypothesis};
use proptest::prelude::*;

const YES: Listening = Listening::Answer(Wanted::Yes);

#[test]
fn the_first_that_means_anything_is_taken() {
    let heard = [heard("bright", 0.5), heard("right", 0.3), heard("no", 0.2)];
    let want = Understood {
        act: Act::Yes,
        confidence: 0.3,
        runner_up: 0.5,
        rank: 1,
        whole: true,
        addressed: false,
    };
    assert_eq!(detector(&[]).understand(YES, &heard), want);
}

#[test]
fn the_runner_up_means_something_else() {
    let heard = [
        heard("right", 0.4),
        heard("yes", 0.3),
        heard("no", 0.2),
        heard("nope", 0.1),
    ];
    let understood = detector(&[]).understand(YES, &heard);
    assert_eq!((understood.act, understood.rank), (Act::Yes, 0));
    assert_eq!((understood.confidence, understood.runner_up), (0.4, 0.2));
    let understood = detector(&[]).understand(YES, &heard[..2]);
    assert_eq!((understood.act, understood.runner_up), (Act::Yes, 0.0));
}

#[test]
fn two_contacts_are_two_meanings() {
    let detector = detector(&["Ana Ruiz", "Anna Reese"]);
    let heard = [heard("Ana Ruiz", 0.5), heard("Anna Reese", 0.45)];
    let understood = detector.understand(Listening::Recipient, &heard);
    assert!(matches!(understood.act, Act::Name(named) if named.contact == 0));
    assert_eq!((understood.rank, understood.runner_up), (0, 0.45));
}

#[test]
fn talk_is_the_first_hypothesis() {
    let heard = [heard("bright", 0.5), heard("brine", 0.4)];
    let understood = detector(&[]).understand(YES, &heard);
    assert_eq!((understood.act, understood.rank), (Act::Talk, 0));
    assert_eq!((understood.confidence, understood.runner_up), (0.5, 0.0));
}

#[test]
fn no_hypothesis_is_talk_without_confidence() {
    let understood = detector(&["Ana"]).understand(YES, &[]);
    let want = Understood {
        act: Act::Talk,
        confidence: 0.0,
        runner_up: 0.0,
        rank: 0,
        whole: true,
        addressed: false,
    };
    assert_eq!(understood, want);
    let empty = detector(&["Ana"]).understand(YES, &[heard("", 0.7)]);
    assert_eq!((empty.act, empty.confidence), (Act::Talk, 0.7));
}

fn any_listening() -> impl Strategy<Value = Listening> {
    prop_oneof![
        Just(Listening::Wake),
        Just(Listening::Command),
        Just(Listening::Recipient),
        Just(Listening::Message),
        Just(YES),
        Just(Listening::Answer(Wanted::Name)),
        Just(Listening::Answer(Wanted::SendIt)),
        any::<usize>().prop_map(|word| Listening::Answer(Wanted::Word(word))),
    ]
}

/// Text of words that matter, or any text.
fn any_text() -> impl Strategy<Value = String> {
    let words = vec![
        "alexa", "send", "a", "message", "it", "no", "yes", "please", "don't", "Ana", "Ruiz",
        "cancel", "never", "mind", "’", "'", "…", "RIGHT", "thank",
    ];
    let word = proptest::sample::select(words);
    let known = proptest::collection::vec(word, 0..8).prop_map(|words| words.join(" "));
    prop_oneof![2 => known, 1 => any::<String>()]
}

fn any_heard() -> impl Strategy<Value = Vec<Hypothesis>> {
    let one = (any_text(), prop_oneof![0.0..=1.0_f64, any::<f64>()]);
    let one = one.prop_map(|(text, confidence)| Hypothesis { text, confidence });
    proptest::collection::vec(one, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Any wake word, any names, any text: an answer, and one that belongs to the input.
    #[test]
    fn everything_is_understood_as_something(
        wake in any_text(),
        names in proptest::collection::vec(any_text(), 0..4),
        listening in any_listening(),
        heard in any_heard(),
    ) {
        let contact = |(number, name): (usize, &String)| {
            Contact { id: format!("c{number}"), name: name.clone() }
        };
        let household = Household {
            devices: Vec::new(),
            contacts: names.iter().enumerate().map(contact).collect(),
            messaging: true,
        };
        let detector = Detector::new(&wake, &household);
        let understood = detector.understand(listening, &heard);
        prop_assert!(understood.rank < heard.len().max(1));
        if let Some(hypothesis) = heard.get(understood.rank) {
            prop_assert_eq!(understood.confidence.to_bits(), hypothesis.confidence.to_bits());
        }
        if let Act::Name(named) | Act::SendMessage(Some(named)) = understood.act {
            prop_assert!(named.contact < names.len());
        }
        let _ = detector.phrases(listening);
    }

    /// An answer with a no in it, and more than that, is never a whole yes.
    #[test]
    fn a_no_beside_a_yes_is_no_yes(before in any_text(), word in 0..64_usize) {
        let detector = detector(&["Ana"]);
        for (wanted, yes) in [(Wanted::Yes, "yes"), (Wanted::SendIt, "send it"), (Wanted::Word(word), challenge_word(word))] {
            let said = heard(&format!("{yes} {before} no"), 0.9);
            let act = detector.understand(Listening::Answer(wanted), &[said]).act;
            prop_assert!(!matches!(act, Act::Yes | Act::SendIt | Act::Word(_)), "{:?}", act);
        }
    }
}
