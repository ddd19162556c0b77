//! The whole behaviour on one page: every stage of the guarded dialog against every event.

use crate::driver::{Driver, Event, Manner};
use expect_test::{Expect, expect, expect_file};
use mondegreen_dialog::*;
use std::fmt::Write;

const STAGES: [Stage; 7] = [
    Stage::Idle,
    Stage::Awake,
    Stage::AskingRecipient,
    Stage::ConfirmingRecipient,
    Stage::Recording,
    Stage::ConfirmingSend,
    Stage::Holding,
];

const EVENTS: [Event; 20] = [
    Event::Wake,
    Event::SendMessage { named: false },
    Event::SendMessage { named: true },
    Event::Home,
    Event::Name {
        contact: 0,
        alike: Alike::Distinct,
    },
    Event::Name {
        contact: 1,
        alike: Alike::SameSpelling,
    },
    Event::Wanted,
    Event::Yes,
    Event::No,
    Event::YesAndNo,
    Event::Cancel,
    Event::Talk,
    Event::PromptEnded,
    Event::Confirm,
    Event::CancelButton,
    Event::Withdrawn,
    Event::Undelivered,
    Event::MessagingOff,
    Event::Restart,
    Event::Time,
];

const MANNERS: [Manner; 8] = [
    Manner::Plainly,
    Manner::Unsurely,
    Manner::AsPartOfTalk,
    Manner::AsLaterHypothesis,
    Manner::Interim,
    Manner::ByDevice,
    Manner::ByStranger,
    Manner::Since(60_000),
];

/// An effect in a few words.
fn brief(effect: &Effect) -> String {
    match effect {
        Effect::Prompt { says, .. } => format!("says {says:?}"),
        Effect::Listen { listening, .. } => format!("listens for {listening:?}"),
        Effect::Record { .. } => "records".to_owned(),
        Effect::RecordEnded { .. } => "stops recording".to_owned(),
        Effect::Send { confirmed, .. } => format!("SENDS {:?}", confirmed.draft().recipient),
        Effect::Cancel { .. } => "cancels".to_owned(),
        Effect::Notice { notice, .. } => format!("notes {notice:?}"),
        Effect::Act { act, .. } => format!("does {act:?}"),
    }
}

fn briefly(effects: &[Effect]) -> String {
    let words: Vec<String> = effects.iter().map(brief).collect();
    if words.is_empty() {
        "-".to_owned()
    } else {
        words.join(", ")
    }
}

#[test]
fn every_stage_against_every_event() {
    let mut page = String::new();
    for stage in STAGES {
        for event in EVENTS {
            let mut driver = Driver::reach(Policy::GUARDED, stage);
            let done = driver.plain(event);
            let next = driver.dialog.stage(DeviceId(0)).unwrap();
            writeln!(
                page,
                "{stage:?} | {event:?} | {} | {next:?}",
                briefly(&done)
            )
            .unwrap();
        }
        page.push('\n');
    }
    expect_file!["page.txt"].assert_eq(&page);
}

#[test]
fn the_wanted_answer_in_every_manner() {
    let mut page = String::new();
    for manner in MANNERS {
        let mut driver = Driver::reach(Policy::GUARDED, Stage::ConfirmingSend);
        let done = driver.event(1_000, 0, Event::Wanted, manner);
        writeln!(page, "{manner:?} | {}", briefly(&done)).unwrap();
    }
    expect_file!["manners.txt"].assert_eq(&page);
}

/// What the guarded dialog does with an event, said plainly after a wait, while it asks whether to
/// send.
#[track_caller]
fn check(waited: u32, event: Event, want: &Expect) {
    let mut driver = Driver::reach(Policy::GUARDED, Stage::ConfirmingSend);
    want.assert_eq(&briefly(&driver.event(waited, 0, event, Manner::Plainly)));
}

#[test]
fn the_last_moment_of_the_window_counts() {
    let last = Policy::GUARDED.window.0 - 1;
    check(
        last,
        Event::Wanted,
        &expect!["notes Holding(ContactId(0), Millis(5000)), listens for Command"],
    );
}

#[test]
fn an_answer_as_the_window_closes_sends_nothing() {
    check(
        Policy::GUARDED.window.0,
        Event::Wanted,
        &expect![
            "says ConfirmSend { contact: ContactId(0), apart: false, ask: Word(Word(17)), read_back: None }"
        ],
    );
}

#[test]
fn a_held_message_leaves_when_its_time_is_up() {
    let mut driver = Driver::reach(Policy::GUARDED, Stage::Holding);
    let hold = Policy::GUARDED.hold.0;
    let early = driver.event(hold - 101, 0, Event::Time, Manner::Plainly);
    let due = driver.event(1, 0, Event::Time, Manner::Plainly);
    expect!["- then SENDS ContactId(0), notes Sent(ContactId(0)), listens for Wake"]
        .assert_eq(&format!("{} then {}", briefly(&early), briefly(&due)));
}

#[test]
fn a_yes_on_another_device_is_no_answer() {
    let mut driver = Driver::reach(Policy::GUARDED, Stage::ConfirmingSend);
    let done = driver.event(1_000, 1, Event::Wanted, Manner::Plainly);
    expect!["-"].assert_eq(&briefly(&done));
}

#[test]
fn an_answer_over_another_devices_prompt_is_no_answer() {
    let mut quiet = Driver::reach(Policy::GUARDED, Stage::ConfirmingSend);
    let answer = quiet.input(DeviceId(0), Event::Wanted, Manner::Since(50));
    let mut noisy = quiet.clone();
    noisy.event(100, 1, Event::Wake, Manner::Plainly);
    noisy.event(100, 1, Event::SendMessage { named: false }, Manner::Plainly);
    let in_quiet = quiet.step(Millis(500), answer);
    expect!["notes Holding(ContactId(0), Millis(5000)), listens for Command"]
        .assert_eq(&briefly(&in_quiet));
    let over_a_prompt = noisy.step(Millis(300), answer);
    expect!["-"].assert_eq(&briefly(&over_a_prompt));
}

#[test]
fn a_message_that_did_not_arrive_leaves_once_more_and_no_more() {
    let mut driver = Driver::reach(Policy::GUARDED, Stage::Holding);
    driver.event(Policy::GUARDED.hold.0, 0, Event::Time, Manner::Plainly);
    let retry = driver.plain(Event::Undelivered);
    let again = driver.plain(Event::Undelivered);
    expect!["notes Retrying(ContactId(0)), SENDS ContactId(0) then -"].assert_eq(&format!(
        "{} then {}",
        briefly(&retry),
        briefly(&again)
    ));
}

#[test]
fn after_a_no_a_message_that_did_not_arrive_is_not_tried_again() {
    let mut driver = Driver::reach(Policy::GUARDED, Stage::Holding);
    driver.event(Policy::GUARDED.hold.0, 0, Event::Time, Manner::Plainly);
    driver.plain(Event::No);
    expect!["-"].assert_eq(&briefly(&driver.plain(Event::Undelivered)));
}

/// What a device does when it has asked for the message.
#[track_caller]
fn check_recording(policy: Policy, want: &Expect) {
    let mut driver = Driver::reach(policy, Stage::AskingRecipient);
    driver.lead_on(100, Stage::Recording);
    want.assert_eq(&briefly(&driver.plain(Event::PromptEnded)));
}

#[test]
fn recording_begins_with_a_notice_if_the_policy_wants_one() {
    check_recording(
        Policy::GUARDED,
        &expect!["notes Recording, records, listens for Message"],
    );
    check_recording(Policy::ECHO_2018, &expect!["records, listens for Message"]);
}

/// The Echo let people talk over its prompts, but for the one that asks for the message.
#[test]
fn the_echo_of_2018_listens_while_it_speaks() {
    let mut driver = Driver::reach(Policy::ECHO_2018, Stage::Awake);
    let mut page = String::new();
    for event in [Event::Onward, Event::Onward, Event::Onward] {
        writeln!(page, "{}", briefly(&driver.plain(event))).unwrap();
        driver.plain(Event::PromptEnded);
    }
    expect![[r"
        says ToWhom, listens for Recipient
        says ConfirmRecipient { contact: ContactId(0), apart: false, ask: Yes }, listens for Confirmation
        says WhatMessage { contact: ContactId(0) }
    "]]
    .assert_eq(&page);
}

/// `G4`: the end of another prompt does not open a question.
#[test]
fn a_question_is_open_when_its_own_prompt_has_ended() {
    let mut driver = Driver::reach(Policy::GUARDED, Stage::AskingRecipient);
    driver.plain(Event::Name {
        contact: 0,
        alike: Alike::Distinct,
    });
    let ended = |prompt| Input::PromptEnded(DeviceId(0), PromptId(prompt));
    for other in [0, 1, 3] {
        assert_eq!(driver.step(Millis(100), ended(other)), [], "{other}");
    }
    expect!["listens for Confirmation"].assert_eq(&briefly(&driver.step(Millis(100), ended(2))));
    assert_eq!(driver.step(Millis(100), ended(2)), [], "it ends once");
}

#[test]
fn the_echo_of_2018_sends_on_a_yes_before_the_recording() {
    let mut driver = Driver::reach(Policy::ECHO_2018, Stage::Recording);
    driver.plain(Event::Talk);
    let done = driver.event(PAUSE_MAX.0, 0, Event::Time, Manner::Plainly);
    expect!["stops recording, SENDS ContactId(0), notes Sent(ContactId(0)), listens for Wake"]
        .assert_eq(&briefly(&done));
}

#[test]
fn talk_without_end_is_recorded_for_half_a_minute() {
    let mut driver = Driver::reach(Policy::GUARDED, Stage::Recording);
    let mut millis = 0;
    while driver.dialog.stage(DeviceId(0)) == Some(Stage::Recording) {
        driver.event(1_000, 0, Event::Talk, Manner::Interim);
        millis += 1_000;
        assert!(millis <= RECORDING_MAX.0, "it goes on");
    }
    assert_eq!(millis, RECORDING_MAX.0);
}
