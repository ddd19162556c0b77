//! What the assistant takes speech to mean, for one household.

mod hypotheses;
mod listening;
mod names;
mod phrases;
mod resampled;
mod sound;
mod wav;

use expect_test::Expect;
use mondegreen_detector::{Act, Detector, Listening, Understood};
use mondegreen_trace::{Contact, Household, Hypothesis};

/// An assistant called Alexa in a home with these contacts.
fn detector(contacts: &[&str]) -> Detector {
    let contact = |(number, name): (usize, &&str)| Contact {
        id: format!("c{number}"),
        name: (*name).to_owned(),
    };
    let household = Household {
        devices: vec!["kitchen".to_owned()],
        contacts: (1..).zip(contacts).map(contact).collect(),
        messaging: true,
    };
    Detector::new("alexa", &household)
}

fn heard(text: &str, confidence: f64) -> Hypothesis {
    Hypothesis {
        text: text.to_owned(),
        confidence,
    }
}

fn understood(detector: &Detector, listening: Listening, text: &str) -> Understood {
    detector.understand(listening, &[heard(text, 0.9)])
}

/// One text a line, with what it was taken for.
fn page(detector: &Detector, listening: Listening, texts: &[&str]) -> String {
    let line = |text: &&str| {
        let Understood {
            act,
            whole,
            addressed,
            ..
        } = understood(detector, listening, text);
        let part = if whole { "" } else { ", in part" };
        let called = if addressed { ", by name" } else { "" };
        format!("{text:<42} {}{part}{called}\n", shown(act))
    };
    texts.iter().map(line).collect()
}

fn shown(act: Act) -> String {
    let named = |named: mondegreen_detector::Named| {
        let shared = if named.shared { " shared" } else { "" };
        format!("{} {:?}{shared}", named.contact, named.alike)
    };
    match act {
        Act::Name(name) => format!("Name({})", named(name)),
        Act::SendMessage(Some(name)) => format!("SendMessage({})", named(name)),
        Act::SendMessage(None) => "SendMessage".to_owned(),
        Act::Home { appliance, on } => {
            format!("{appliance:?} {}", if on { "on" } else { "off" })
        }
        Act::Wake
        | Act::Yes
        | Act::No
        | Act::YesAndNo
        | Act::SendIt
        | Act::Word(_)
        | Act::Cancel
        | Act::Talk => format!("{act:?}"),
    }
}

#[track_caller]
fn check(detector: &Detector, listening: Listening, texts: &[&str], want: &Expect) {
    want.assert_eq(&page(detector, listening, texts));
}
