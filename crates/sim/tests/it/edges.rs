//! Homes and talk at their limits.

use crate::plans::household;
use mondegreen_oracle::judge;
use mondegreen_sim::*;
use mondegreen_trace::*;

fn said(from_ms: u64, to_ms: u64, text: &str) -> Event {
    Event::Said(Utterance {
        from_ms,
        to_ms,
        devices: vec!["kitchen".to_owned()],
        speaker: "Ana".to_owned(),
        text: text.to_owned(),
        meant: Meant::Nobody,
    })
}

fn hold_events(household: Household, events: Vec<Event>, preset: Preset) -> Held {
    let script = Script {
        seed: 1,
        household,
        hears: Hears::NearMisses,
        events,
    };
    let mut channel = Channel::new(preset.wake, &script.household);
    let held = hold(&script, &mut channel, &mut Reference::new(preset));
    judge(&held.trace);
    held
}

#[test]
fn without_contacts_or_devices_nothing_is_sent() {
    for preset in Preset::ALL {
        let mut lonely = household();
        lonely.contacts.clear();
        let talk = vec![
            said(0, 900, "Alexa"),
            said(1_000, 2_000, "send a message"),
            said(3_000, 4_000, "Ben"),
        ];
        let held = hold_events(lonely, talk, preset);
        assert_eq!(held.broken, None);
        let empty = Household {
            devices: Vec::new(),
            contacts: Vec::new(),
            messaging: true,
        };
        assert_eq!(hold_events(empty, Vec::new(), preset).broken, None);
    }
}

#[test]
fn a_name_without_letters_is_nobodys_name() {
    let mut odd = household();
    odd.contacts = vec![Contact {
        id: "c1".to_owned(),
        name: "!?".to_owned(),
    }];
    let talk = vec![
        said(0, 900, "Alexa"),
        said(1_000, 2_000, "send a message to"),
        said(3_000, 4_000, "!?"),
    ];
    let held = hold_events(odd, talk, Preset::ECHO_2018);
    let sends = |line: &Line| matches!(line, Line::Out(Effect::Send { .. }));
    assert!(!held.trace.lines.iter().any(sends));
}

#[test]
fn too_many_devices_are_refused_by_name() {
    let mut mansion = household();
    mansion.devices = (0..5).map(|number| format!("room{number}")).collect();
    let broken = hold_events(mansion, Vec::new(), Preset::GUARDED)
        .broken
        .expect("not refused");
    assert!(broken.to_string().contains("at most 4 devices"), "{broken}");
}

#[test]
fn an_utterance_of_a_hundred_thousand_words_is_heard_out() {
    let text = "Alexa, send a message to Grace Hope, right? ".repeat(12_500);
    let held = hold_events(
        household(),
        vec![said(0, 40_000_000, &text)],
        Preset::ECHO_2018,
    );
    assert_eq!(held.broken, None);
    assert!(held.steps > 2, "{}", held.steps);
}

#[test]
fn the_clock_may_stand_at_its_limit() {
    let late = u64::MAX - 1;
    let talk = vec![
        said(0, u64::MAX, "Alexa"),
        said(late, late, "Alexa"),
        said(late, u64::MAX, "send a message"),
    ];
    let held = hold_events(household(), talk, Preset::ECHO_2018);
    assert_eq!(held.broken, None);
}
