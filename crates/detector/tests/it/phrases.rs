//! What a recogniser is told to expect, and that it is understood when it comes.

use crate::{detector, understood};
use expect_test::expect;
use mondegreen_detector::{Act, Listening, Wanted};

const MODES: [Listening; 8] = [
    Listening::Wake,
    Listening::Command,
    Listening::Recipient,
    Listening::Message,
    Listening::Answer(Wanted::Yes),
    Listening::Answer(Wanted::Name),
    Listening::Answer(Wanted::SendIt),
    Listening::Answer(Wanted::Word(3)),
];

#[test]
fn phrases_for_each_thing_listened_for() {
    let detector = detector(&["Ana Ruiz", "Ben"]);
    let line = |listening| {
        format!(
            "{listening:?}: {}\n",
            detector.phrases(listening).join(", ")
        )
    };
    expect![[r"
        Wake: alexa
        Command: send message, send a message, send a voice message, leave a message, cancel, stop, never mind, forget it, turn on the lights, turn off the lights, turn on the heating, turn off the heating, lock the door, unlock the door
        Recipient: Ana Ruiz, Ben, cancel, stop, never mind, forget it
        Message: 
        Answer(Yes): yes, yeah, yep, yup, right, correct, sure, okay, ok, confirm, that's right, send it, yes send it, send it please, no, nope, wrong, don't, not, don't send it, change it, cancel, stop, never mind, forget it
        Answer(Name): Ana Ruiz, Ben, no, nope, wrong, don't, not, don't send it, change it, cancel, stop, never mind, forget it
        Answer(SendIt): send it, yes send it, send it please, no, nope, wrong, don't, not, don't send it, change it, cancel, stop, never mind, forget it
        Answer(Word(3)): summer, no, nope, wrong, don't, not, don't send it, change it, cancel, stop, never mind, forget it
    "]].assert_eq(&MODES.map(line).concat());
}

#[test]
fn every_expected_phrase_means_something_when_it_is_all_that_is_said() {
    let detector = detector(&["Ana Ruiz", "Ben"]);
    for listening in MODES {
        for phrase in detector.phrases(listening) {
            let understood = understood(&detector, listening, &phrase);
            assert_ne!(understood.act, Act::Talk, "{listening:?}: {phrase}");
            let is_both = understood.act == Act::YesAndNo;
            assert!(understood.whole || is_both, "{listening:?}: {phrase}");
        }
    }
}
