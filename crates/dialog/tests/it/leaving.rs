//! What stops a message: before it leaves, at the very moment, and once it has left.

use crate::driver::{Driver, Event, Manner};
use mondegreen_dialog::*;

/// What drops a held message and is taken before what is due at the same moment.
const STOPS: [Event; 7] = [
    Event::No,
    Event::YesAndNo,
    Event::Cancel,
    Event::CancelButton,
    Event::Withdrawn,
    Event::MessagingOff,
    Event::Restart,
];

/// What does not.
const PASSES: [Event; 7] = [
    Event::Time,
    Event::Talk,
    Event::Yes,
    Event::Confirm,
    Event::Delivered,
    Event::Undelivered,
    Event::MessagingOn,
];

fn holding() -> Driver {
    let mut driver = Driver::reach(Policy::GUARDED, Stage::ConfirmingSend);
    driver.plain(Event::Wanted);
    assert_eq!(driver.dialog.stage(DeviceId(0)), Some(Stage::Holding));
    driver
}

/// The message has just left.
fn sent() -> Driver {
    let mut driver = holding();
    let done = driver.event(Policy::GUARDED.hold.0, 0, Event::Time, Manner::Plainly);
    assert_eq!(sends(&done), 1);
    driver
}

fn sends(effects: &[Effect]) -> usize {
    let sends = effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Send { .. }));
    sends.count()
}

#[test]
fn what_stops_a_held_message_stops_it_to_the_last_moment() {
    let hold = Policy::GUARDED.hold.0;
    for event in STOPS {
        for waited in [0, hold - 1, hold] {
            let mut driver = holding();
            let mut done = driver.event(waited, 0, event, Manner::Plainly);
            done.extend(driver.event(hold, 0, Event::Time, Manner::Plainly));
            assert_eq!(sends(&done), 0, "{event:?} after {waited} ms: {done:?}");
        }
    }
    for event in PASSES {
        let done = holding().event(hold, 0, event, Manner::Plainly);
        assert_eq!(sends(&done), 1, "{event:?}: {done:?}");
    }
}

/// A question that is stopped as its window closes is not asked once more.
#[test]
fn what_stops_a_question_comes_before_the_end_of_its_window() {
    let window = Policy::GUARDED.window.0;
    let is_asked = |effect: &Effect| matches!(effect, Effect::Prompt { .. });
    for stage in [
        Stage::AskingRecipient,
        Stage::ConfirmingRecipient,
        Stage::ConfirmingSend,
    ] {
        for event in STOPS {
            let mut driver = Driver::reach(Policy::GUARDED, stage);
            let done = driver.event(window, 0, event, Manner::Plainly);
            let is_mixed = event == Event::YesAndNo;
            assert_eq!(done.iter().any(is_asked), is_mixed, "{event:?}: {done:?}");
        }
        for event in [Event::Talk, Event::Wanted, Event::Confirm, Event::Time] {
            let mut driver = Driver::reach(Policy::GUARDED, stage);
            let done = driver.event(window, 0, event, Manner::Plainly);
            assert!(done.iter().any(is_asked), "{event:?}: {done:?}");
        }
    }
}

/// What is dropped is dropped by its number, as soon as it has one.
#[test]
fn what_is_cancelled_is_the_message_in_the_making() {
    for (stage, message) in [
        (Stage::AskingRecipient, None),
        (Stage::ConfirmingRecipient, Some(MessageId(1))),
        (Stage::Recording, Some(MessageId(1))),
        (Stage::ConfirmingSend, Some(MessageId(1))),
        (Stage::Holding, Some(MessageId(1))),
    ] {
        let mut driver = Driver::reach(Policy::GUARDED, Stage::AskingRecipient);
        driver.lead_on(2_000, stage);
        let device = DeviceId(0);
        let done = driver.plain(Event::CancelButton);
        let cancels = Effect::Cancel { device, message };
        assert!(done.contains(&cancels), "{stage:?}: {done:?}");
    }
}

/// `S3`: a prompt that never ends is given up with its session; it is not asked again.
#[test]
fn a_prompt_that_is_never_said_ends_the_session() {
    for stage in [
        Stage::AskingRecipient,
        Stage::ConfirmingRecipient,
        Stage::Recording,
        Stage::ConfirmingSend,
    ] {
        let mut driver = Driver::reach(Policy::GUARDED, Stage::Awake);
        driver.lead_on(2_000, stage);
        let time = |driver: &mut Driver, waited| {
            driver.event(waited, 0, Event::Time, Manner::Plainly);
            driver.dialog.stage(DeviceId(0))
        };
        assert_eq!(time(&mut driver, PROMPT_MAX.0 - 1), Some(stage));
        assert_eq!(time(&mut driver, 1), Some(Stage::Idle));
    }
}

#[test]
fn what_is_not_final_or_heard_elsewhere_stops_nothing() {
    let hold = Policy::GUARDED.hold.0;
    let interim = holding().event(hold, 0, Event::No, Manner::Interim);
    assert_eq!(sends(&interim), 1, "{interim:?}");
    for event in [
        Event::No,
        Event::Cancel,
        Event::CancelButton,
        Event::Withdrawn,
    ] {
        let elsewhere = holding().event(hold, 1, event, Manner::Plainly);
        assert_eq!(sends(&elsewhere), 1, "{event:?}: {elsewhere:?}");
    }
}

#[test]
fn a_message_that_did_not_arrive_is_sent_once_more() {
    let mut driver = sent();
    let again = driver.plain(Event::Undelivered);
    assert_eq!(sends(&again), 1, "{again:?}");
    assert_eq!(driver.plain(Event::Undelivered), []);
}

/// What leaves, if anything.
fn draft(effects: &[Effect]) -> Option<Draft> {
    let mut drafts = effects.iter().filter_map(|effect| {
        if let Effect::Send { confirmed, .. } = effect {
            return Some(*confirmed.draft());
        }
        None
    });
    drafts.next()
}

/// `G3` `G10`: the same sound under the same number to the same contact, older by the time since.
#[test]
fn another_attempt_is_the_same_message() {
    let mut driver = holding();
    let hold = Policy::GUARDED.hold.0;
    let first = draft(&driver.event(hold, 0, Event::Time, Manner::Plainly));
    let again = draft(&driver.event(700, 0, Event::Undelivered, Manner::Plainly));
    let (first, mut again) = first.zip(again).expect("it leaves twice");
    let audio = again.audio.as_mut().expect("it has its sound");
    audio.ended.0 -= 700;
    assert_eq!(again, first);
}

/// `G3`: the prompt that reads a recording back may take long.
#[test]
fn the_age_of_a_recording_is_told_however_old_it_is() {
    let mut driver = Driver::reach(Policy::GUARDED, Stage::Recording);
    driver.event(1_000, 0, Event::Talk, Manner::Plainly);
    driver.event(PAUSE_MAX.0, 0, Event::Time, Manner::Plainly);
    driver.event(40_000, 0, Event::PromptEnded, Manner::Plainly);
    driver.event(500, 0, Event::Wanted, Manner::Plainly);
    let hold = Policy::GUARDED.hold.0;
    let left = draft(&driver.event(hold, 0, Event::Time, Manner::Plainly));
    let audio = Audio {
        length: Millis(1_000 + PAUSE_MAX.0),
        ended: Millis(40_500 + hold),
    };
    assert_eq!(left.and_then(|draft| draft.audio), Some(audio));
}

/// `G9`: a question that nobody answers is asked once more, and then the message is dropped.
#[test]
fn silence_is_no_consent() {
    for stage in [Stage::ConfirmingRecipient, Stage::ConfirmingSend] {
        let mut driver = Driver::reach(Policy::GUARDED, stage);
        let window = Policy::GUARDED.window.0;
        driver.event(window, 0, Event::Time, Manner::Plainly);
        driver.plain(Event::PromptEnded);
        assert_eq!(driver.dialog.stage(DeviceId(0)), Some(stage));
        driver.event(window, 0, Event::Time, Manner::Plainly);
        assert_eq!(driver.dialog.stage(DeviceId(0)), Some(Stage::Idle));
    }
}

#[test]
fn what_arrived_or_was_given_up_is_not_sent_again() {
    for event in [
        Event::Delivered,
        Event::Restart,
        Event::MessagingOff,
        Event::Cancel,
        Event::CancelButton,
        Event::No,
    ] {
        let mut driver = sent();
        driver.plain(event);
        assert_eq!(driver.plain(Event::Undelivered), [], "{event:?}");
    }
    let mut late = sent();
    let last = late
        .clone()
        .event(RETRY_WITHIN.0, 0, Event::Undelivered, Manner::Plainly);
    assert_eq!(sends(&last), 1, "{last:?}");
    let after = late.event(RETRY_WITHIN.0 + 1, 0, Event::Undelivered, Manner::Plainly);
    assert_eq!(after, []);
}

/// What is reported of one message does not concern another.
#[test]
fn a_report_is_about_its_own_message() {
    let other = MessageId(999);
    let mut driver = sent();
    assert_eq!(driver.step(Millis(1), Input::Undelivered(other)), []);
    driver.step(Millis(1), Input::Delivered(other));
    assert_eq!(sends(&driver.plain(Event::Undelivered)), 1);
}
