//! What holds for any sequence of inputs, whatever the policy.

use crate::driver::{Driver, Event, Manner};
use mondegreen_dialog::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Waits at and about every boundary, and far beyond.
fn any_wait() -> impl Strategy<Value = u32> {
    let window = Policy::GUARDED.window.0;
    let hold = Policy::GUARDED.hold.0;
    prop_oneof![
        24 => Just(100),
        4 => 0..2_500_u32,
        4 => Just(PAUSE_MAX.0),
        1 => prop::sample::select(vec![
            window - 1, window, window + 1, hold - 1, hold, hold + 1, PAUSE_MAX.0, NO_SPEECH.0,
            RECORDING_MAX.0, PROMPT_MAX.0, RETRY_WITHIN.0, u32::MAX,
        ]),
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    let alike = prop::sample::select(vec![Alike::Distinct, Alike::SameSound, Alike::SameSpelling]);
    prop_oneof![
        60 => Just(Event::Onward),
        4 => Just(Event::Wake),
        4 => any::<bool>().prop_map(|named| Event::SendMessage { named }),
        4 => (0..3_u16, alike).prop_map(|(contact, alike)| Event::Name { contact, alike }),
        8 => Just(Event::Wanted),
        12 => Just(Event::PromptEnded),
        3 => Just(Event::Talk),
        3 => Just(Event::Time),
        1 => Just(Event::Home),
        6 => prop::sample::select(vec![
            Event::Yes, Event::No, Event::YesAndNo, Event::Cancel, Event::Confirm, Event::CancelButton,
            Event::Withdrawn, Event::Delivered, Event::Undelivered, Event::MessagingOn,
            Event::MessagingOff, Event::Restart,
        ]),
    ]
}

fn any_manner() -> impl Strategy<Value = Manner> {
    prop_oneof![
        12 => Just(Manner::Plainly),
        1 => Just(Manner::Unsurely),
        1 => Just(Manner::AsPartOfTalk),
        1 => Just(Manner::AsLaterHypothesis),
        1 => Just(Manner::Interim),
        1 => Just(Manner::ByDevice),
        1 => Just(Manner::ByStranger),
        1 => (0..10_000_u32).prop_map(Manner::Since),
    ]
}

pub(crate) fn any_policy() -> impl Strategy<Value = Policy> {
    let preset = prop::sample::select(vec![
        Policy::ECHO_2018,
        Policy::ASSISTANT_2018,
        Policy::GUARDED,
    ]);
    let answer = prop::sample::select(vec![
        Answer::Yes,
        Answer::Name,
        Answer::SendIt,
        Answer::Word,
        Answer::Button,
    ]);
    let confirms =
        prop::sample::select(vec![Confirms::Recipient, Confirms::Content, Confirms::Both]);
    (preset, answer, confirms, any::<bool>()).prop_map(|(preset, answer, confirms, hold)| Policy {
        answer,
        confirms,
        hold: if hold { Millis(5_000) } else { Millis::ZERO },
        ..preset
    })
}

pub(crate) type Moment = (u32, u8, Event, Manner);

pub(crate) fn any_run() -> impl Strategy<Value = Vec<Moment>> {
    let device = prop_oneof![8 => Just(0_u8), 2 => Just(1), 1 => Just(9)];
    prop::collection::vec((any_wait(), device, any_event(), any_manner()), 0..60)
}

fn kind(effect: &Effect) -> &'static str {
    match effect {
        Effect::Prompt {
            says: Says::ToWhom, ..
        } => "to whom",
        Effect::Prompt {
            says: Says::WhatMessage { .. },
            ..
        } => "what message",
        Effect::Prompt {
            says: Says::ConfirmRecipient { .. },
            ..
        } => "confirm recipient",
        Effect::Prompt {
            says: Says::ConfirmSend { .. },
            ..
        } => "confirm send",
        Effect::Listen { .. } => "listen",
        Effect::Record { .. } => "record",
        Effect::RecordEnded { .. } => "record ended",
        Effect::Send { .. } => "send",
        Effect::Cancel { .. } => "cancel",
        Effect::Notice { .. } => "notice",
        Effect::Act { .. } => "act",
    }
}

/// Follows the messages of a run by what is done with them.
#[derive(Default)]
struct Ledger {
    asked: BTreeSet<MessageId>,
    recording: BTreeSet<MessageId>,
    recorded: BTreeSet<MessageId>,
    sends: BTreeMap<MessageId, u8>,
    undelivered: BTreeMap<MessageId, u8>,
    cancelled: BTreeSet<MessageId>,
}

impl Ledger {
    fn note(&mut self, effect: &Effect) -> Result<(), TestCaseError> {
        match effect {
            Effect::Prompt { says, message, .. } => {
                if matches!(
                    says,
                    Says::ConfirmRecipient { .. } | Says::ConfirmSend { .. }
                ) {
                    self.asked.extend(*message);
                }
            }
            Effect::Record { message, .. } => {
                prop_assert!(
                    self.recording.insert(*message),
                    "{message:?} is recorded twice"
                );
            }
            Effect::RecordEnded { message, .. } => {
                prop_assert!(
                    self.recording.remove(message),
                    "{message:?} was not being recorded"
                );
                self.recorded.insert(*message);
            }
            Effect::Send { confirmed, .. } => {
                let Draft { message, audio, .. } = *confirmed.draft();
                prop_assert!(
                    self.asked.contains(&message),
                    "nobody was asked about {message:?}"
                );
                prop_assert!(self.recorded.contains(&message), "{message:?} has no sound");
                prop_assert!(
                    !self.cancelled.contains(&message),
                    "{message:?} was cancelled"
                );
                prop_assert!(audio.is_some(), "{message:?} leaves without its sound");
                let sends = self.sends.entry(message).or_default();
                *sends += 1;
                let failed = self.undelivered.get(&message).copied().unwrap_or(0);
                prop_assert!(
                    *sends <= 1 + failed.min(RETRIES_MAX),
                    "{message:?} left {sends} times"
                );
            }
            Effect::Cancel { message, .. } => self.cancelled.extend(*message),
            Effect::Listen { .. } | Effect::Notice { .. } | Effect::Act { .. } => {}
        }
        Ok(())
    }
}

proptest! {
    /// `G1` `G10` `G13`, and that the tape runs once for each message.
    #[test]
    fn what_leaves_was_asked_about_recorded_once_and_not_cancelled(policy in any_policy(), run in any_run()) {
        let mut driver = Driver::new(policy);
        let mut ledger = Ledger::default();
        for (waited, device, event, manner) in run {
            if event == Event::Undelivered
                && let Some((&last, _)) = ledger.sends.last_key_value()
            {
                *ledger.undelivered.entry(last).or_default() += 1;
            }
            for effect in driver.event(waited, device, event, manner) {
                ledger.note(&effect)?;
            }
            if event == Event::Restart {
                ledger.cancelled.extend(ledger.asked.iter().copied());
            }
        }
    }

    /// `G12`
    #[test]
    fn with_messaging_off_nothing_is_asked_recorded_or_sent(run in any_run()) {
        let mut driver = Driver::new(Policy::GUARDED);
        let mut off = false;
        for (waited, device, event, manner) in run {
            let was_off = off;
            off = event == Event::MessagingOff || (off && event != Event::MessagingOn);
            let done = driver.event(waited, device, event, manner);
            let busy = done.iter().any(|effect| {
                matches!(effect, Effect::Prompt { .. } | Effect::Record { .. } | Effect::Send { .. })
            });
            prop_assert!(!(was_off && off && busy), "{done:?}");
        }
    }

    /// `S3`: in silence the dialog asks for the time a bounded number of times, and then sleeps.
    #[test]
    fn in_silence_every_session_ends(policy in any_policy(), run in any_run()) {
        let mut driver = Driver::new(policy);
        for (waited, device, event, manner) in run {
            driver.event(waited, device, event, manner);
        }
        let (mut silence, mut times) = (0, 0);
        while let Some(left) = driver.dialog.next_deadline() {
            (silence, times) = (silence + left.0, times + 1);
            prop_assert!(silence <= 4 * PROMPT_MAX.0, "still awake after {silence} ms");
            prop_assert!(times <= 8, "still awake after {times} deadlines");
            driver.step(left, Input::Time);
        }
        prop_assert_eq!(driver.dialog.stage(DeviceId(0)), Some(Stage::Idle));
        prop_assert_eq!(driver.dialog.stage(DeviceId(1)), Some(Stage::Idle));
    }

    /// `S2`
    #[test]
    fn cancel_ends_every_session_in_one_turn(policy in any_policy(), run in any_run()) {
        let mut driver = Driver::new(policy);
        for (waited, device, event, manner) in run {
            driver.event(waited, device, event, manner);
        }
        driver.event(0, 0, Event::Cancel, Manner::Plainly);
        prop_assert_eq!(driver.dialog.stage(DeviceId(0)), Some(Stage::Idle));
    }

    /// `S4`
    #[test]
    fn the_lights_obey_messaging_on_or_off(run in any_run(), on in any::<bool>()) {
        let mut driver = Driver::new(Policy::GUARDED);
        for (waited, device, event, manner) in run {
            driver.event(waited, device, event, manner);
        }
        driver.plain(if on { Event::MessagingOn } else { Event::MessagingOff });
        driver.plain(Event::CancelButton);
        driver.plain(Event::Wake);
        let done = driver.plain(Event::Home);
        let acts = done.iter().any(|effect| matches!(effect, Effect::Act { .. }));
        prop_assert!(acts, "{:?}", done);
    }

    /// The same inputs give the same dialog.
    #[test]
    fn the_same_inputs_give_the_same_dialog(run in any_run()) {
        let (mut one, mut other) = (Driver::new(Policy::GUARDED), Driver::new(Policy::GUARDED));
        for (waited, device, event, manner) in run {
            let (here, there) = (
                one.event(waited, device, event, manner),
                other.event(waited, device, event, manner),
            );
            prop_assert_eq!(here, there);
        }
        prop_assert_eq!(one.dialog, other.dialog);
    }
}

/// A property that never meets a send proves nothing.
#[test]
fn random_runs_reach_every_stage_and_every_effect() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut sends = 0;
    let mut kinds = BTreeSet::new();
    let mut stages = BTreeSet::new();
    for _ in 0..500 {
        let run = any_run().new_tree(&mut runner).unwrap().current();
        let mut driver = Driver::new(Policy::GUARDED);
        let mut sent = false;
        for (waited, device, event, manner) in run {
            for effect in driver.event(waited, device, event, manner) {
                sent |= matches!(effect, Effect::Send { .. });
                kinds.insert(kind(&effect));
            }
            stages.extend(driver.dialog.stage(DeviceId(0)));
        }
        sends += u32::from(sent);
    }
    assert_eq!((stages.len(), kinds.len()), (7, 11), "{stages:?} {kinds:?}");
    assert!(sends >= 10, "only {sends} of 500 runs end in a send");
}
