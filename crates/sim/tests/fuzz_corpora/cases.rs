//! Seeds that are cases and conversations.

use crate::Seeds;
use mondegreen_sim::case::{Case, Event, How, What, When};
use mondegreen_sim::fuzz::{Conversation, Does, LINES, OFFSETS_MS, Turn};
use std::collections::BTreeMap;

/// From the wake word to the message leaving.
const STEPS_TO_SEND: usize = 12;
/// How many of them lead to the question whether to send, before its answer.
const STEPS_TO_QUESTION: usize = 10;
/// The same in turns of a conversation: wake word, command, name, yes, message, answer.
const TURNS_TO_SEND: usize = 6;

fn onward(steps: usize) -> Vec<Event> {
    vec![Event::plain(What::Onward); steps]
}

/// Onward for some steps, then this, then onward for long enough to send.
fn with(steps: usize, events: &[Event]) -> Vec<u8> {
    let rest = onward(STEPS_TO_SEND);
    Case::plain([&onward(steps), events, &rest].concat()).to_bytes()
}

fn at(what: What, when: When) -> Event {
    Event {
        when,
        ..Event::plain(what)
    }
}

fn as_heard(what: What, how: How) -> Event {
    Event {
        how,
        ..Event::plain(what)
    }
}

fn elsewhere(what: What) -> Event {
    Event {
        device: 1,
        ..Event::plain(what)
    }
}

#[rustfmt::skip]
pub(crate) fn dialog() -> Seeds {
    let plainly = onward(STEPS_TO_SEND);
    let named = |names| Case { names, ..Case::plain(plainly.clone()) }.to_bytes();
    let (answer, holding) = (STEPS_TO_QUESTION, STEPS_TO_QUESTION + 1);
    BTreeMap::from([
        ("send", Case::plain(plainly.clone()).to_bytes()),
        ("send-twice", with(STEPS_TO_SEND, &[])),
        ("send-named", with(1, &[Event::plain(What::SendMessageToFirst)])),
        ("same-sound", named([0, 1])),
        ("same-spelling", named([0, 0])),
        ("name-of-answers", named([4, 5])),
        ("name-of-refusal", named([3, 0])),
        ("name-in-quotes", named([6, 2])),
        ("name-of-nothing", named([7, 7])),
        ("messaging-off", Case { messaging: false, ..Case::plain(plainly.clone()) }.to_bytes()),
        ("messaging-off-while-held", with(holding, &[Event::plain(What::MessagingOff)])),
        ("restart-while-held", with(holding, &[Event::plain(What::Restart)])),
        ("cancel-while-held", with(holding, &[Event::plain(What::Cancel)])),
        ("cancel-before-hold-ends", with(holding, &[at(What::Cancel, When::BeforeDeadline)])),
        ("button-while-held", with(holding, &[at(What::CancelButton, When::BeforeDeadline)])),
        ("withdrawn-while-held", with(holding, &[Event::plain(What::Withdrawn)])),
        ("no", with(answer, &[Event::plain(What::No)])),
        ("yes-for-the-word", with(answer, &[Event::plain(What::Yes)])),
        ("confirm-button", with(answer, &[Event::plain(What::ConfirmButton)])),
        ("answer-before-window-closes", with(answer, &[at(What::Wanted, When::BeforeDeadline)])),
        ("answer-as-window-closes", with(answer, &[at(What::Wanted, When::AtDeadline)])),
        ("answer-overslept", with(answer, &[at(What::Wanted, When::Overslept)])),
        ("answer-much-later", with(answer, &[at(What::Wanted, When::MuchLater)])),
        ("answer-during-prompt", with(answer - 1, &[at(What::Wanted, When::BeforePromptEnd)])),
        ("answer-across-prompt", with(answer, &[as_heard(What::Wanted, How::SinceBeforePromptEnd)])),
        ("answer-from-prompt-end", with(answer, &[as_heard(What::Wanted, How::SincePromptEnd)])),
        ("answer-just-sure", with(answer, &[as_heard(What::Wanted, How::JustSure)])),
        ("answer-doubtful", with(answer, &[as_heard(What::Wanted, How::Doubtfully)])),
        ("answer-second", with(answer, &[as_heard(What::Wanted, How::Second)])),
        ("answer-beside-no", with(answer, &[as_heard(What::Wanted, How::BesideNo)])),
        ("answer-in-talk", with(answer, &[as_heard(What::Wanted, How::WithinTalk)])),
        ("answer-addressed", with(answer, &[as_heard(What::Wanted, How::Addressed)])),
        ("answer-interim", with(answer, &[as_heard(What::Wanted, How::Interim)])),
        ("answer-by-device", with(answer, &[as_heard(What::Wanted, How::ByDevice)])),
        ("answer-by-stranger", with(answer, &[as_heard(What::Wanted, How::ByStranger)])),
        ("answer-elsewhere", with(answer, &[elsewhere(What::Wanted)])),
        ("echo", with(answer, &[Event::plain(What::Echo)])),
        ("old-prompt-ended", with(answer - 1, &[Event::plain(What::OldPromptEnded)])),
        ("silence", with(answer, &[Event::plain(What::Time); 3])),
        ("two-devices", with(3, &[elsewhere(What::Onward); STEPS_TO_SEND])),
        ("undelivered", with(STEPS_TO_SEND, &[Event::plain(What::Undelivered); 3])),
        ("undelivered-after-cancel", with(STEPS_TO_SEND, &[
            Event::plain(What::CancelButton), Event::plain(What::Undelivered),
        ])),
        ("delivered", with(STEPS_TO_SEND, &[
            Event::plain(What::Delivered), Event::plain(What::Undelivered),
        ])),
        ("lights", with(1, &[Event::plain(What::Lights)])),
        ("empty", Vec::new()),
    ])
}

/// The fuzzer gets the way to a send, and has to find the rest by itself.
pub(crate) fn canary() -> Seeds {
    let plainly = Case::plain(onward(STEPS_TO_SEND));
    BTreeMap::from([("send", plainly.to_bytes())])
}

/// Two conversations, in this order.
fn both(order: u64, first: &[Event], second: &[Event]) -> Vec<u8> {
    let second = second.iter().map(|event| Event {
        device: 1,
        ..*event
    });
    let events = first.iter().copied().chain(second);
    let case = Case::plain(events.collect()).to_bytes();
    [&order.to_le_bytes()[..], &case].concat()
}

#[rustfmt::skip]
pub(crate) fn devices() -> Seeds {
    const IN_TURN: u64 = 0xAAAA_AAAA_AAAA_AAAA;
    const BY_TWOS: u64 = 0xCCCC_CCCC_CCCC_CCCC;
    const BY_FOURS: u64 = 0xF0F0_F0F0_F0F0_F0F0;
    let send = onward(STEPS_TO_SEND);
    let then = |what| [&onward(STEPS_TO_QUESTION)[..], &[Event::plain(what)]].concat();
    let wanted = then(What::Wanted);
    BTreeMap::from([
        ("one-after-the-other", both(0, &send, &send)),
        ("in-turn", both(IN_TURN, &send, &send)),
        ("by-twos", both(BY_TWOS, &send, &send)),
        ("by-fours", both(BY_FOURS, &send, &send)),
        ("second-first", both(u64::MAX, &send, &send)),
        ("only-one", both(IN_TURN, &send, &[])),
        ("talk-beside", both(IN_TURN, &send, &[Event::plain(What::Talk); STEPS_TO_SEND])),
        ("yes-beside", both(IN_TURN, &send, &[Event::plain(What::Yes); STEPS_TO_SEND])),
        ("other-answer-beside", both(BY_FOURS, &wanted, &then(What::WantedElsewhere))),
        ("echo-beside", both(BY_TWOS, &wanted, &[Event::plain(What::Echo); STEPS_TO_SEND])),
        ("cancel-beside", both(BY_FOURS, &send, &then(What::Cancel))),
        ("button-beside", both(BY_FOURS, &wanted, &then(What::ConfirmButton))),
        ("off-beside", both(BY_FOURS, &send, &then(What::MessagingOff))),
        ("restart-beside", both(BY_FOURS, &send, &then(What::Restart))),
        ("failure-beside", both(BY_FOURS, &send, &then(What::Undelivered))),
        ("empty", Vec::new()),
    ])
}

fn turns(turns: &[Turn]) -> Vec<u8> {
    let home = Case::plain(Vec::new());
    Conversation {
        home,
        turns: turns.to_vec(),
    }
    .to_bytes()
}

/// Does as the device asks for some turns, then this, then as the device asks again.
fn but(steps: usize, turn: Turn) -> Vec<u8> {
    let onward = |steps| vec![Turn::plain(Does::Onward); steps];
    turns(&[onward(steps), vec![turn], onward(4)].concat())
}

fn says(text: &str) -> Turn {
    let line = LINES
        .iter()
        .position(|line| *line == text)
        .expect("it is a line");
    Turn {
        line: u8::try_from(line).expect("there are few"),
        ..Turn::plain(Does::Says)
    }
}

fn offset(offset_ms: i64, turn: Turn) -> Turn {
    let offset = OFFSETS_MS
        .iter()
        .position(|known| *known == offset_ms)
        .expect("it is known");
    Turn {
        offset: u8::try_from(offset).expect("there are few"),
        ..turn
    }
}

#[rustfmt::skip]
pub(crate) fn conversation() -> Seeds {
    let onward = Turn::plain(Does::Onward);
    let send = [onward; TURNS_TO_SEND];
    let (answer, holding) = (TURNS_TO_SEND - 1, TURNS_TO_SEND);
    let home = |names, devices| Conversation {
        home: Case { names, devices, ..Case::plain(Vec::new()) },
        turns: send.to_vec(),
    }.to_bytes();
    BTreeMap::from([
        ("send", turns(&send)),
        ("send-twice", turns(&[&send[..], &[Turn::plain(Does::Waits)], &send].concat())),
        ("same-sound", home([0, 1], 1)),
        ("same-spelling", home([0, 0], 2)),
        ("name-of-answers", home([4, 5], 3)),
        ("loud", turns(&[Turn { is_loud: true, ..onward }; TURNS_TO_SEND])),
        ("near-misses", turns(&[
            says("They've been talking about the election for as long as I can remember."),
            says("They sent him a massage voucher."),
            says("An arrow is missing."),
            says("That's right, and then he left."),
            says("Right."),
        ])),
        ("named", turns(&[says("Alexa, send a message."), says("Ana Ruiz."), onward, onward, onward])),
        ("name-within-talk", but(2, says("Anna ruins it every time."))),
        ("yes-within-talk", but(answer, says("Yes, that's what I told her."))),
        ("right", but(3, says("Right."))),
        ("no", but(answer, says("No."))),
        ("no-and-yes", but(answer, says("No, yes, I mean no."))),
        ("long-talk", but(4, says("I put the button back on with the wrong thread, mind you, I took two bags to the shop."))),
        ("silence", but(answer, says(""))),
        ("no-english", but(4, says("ずっと前に。"))),
        ("across-the-prompt", but(answer, offset(-800, onward))),
        ("just-before-the-prompt-ends", but(answer, offset(-1, onward))),
        ("as-the-prompt-ends", but(answer, offset(0, onward))),
        ("as-the-window-closes", but(answer, offset(6_000, onward))),
        ("after-the-window", but(answer, offset(6_001, onward))),
        ("much-later", but(answer, offset(60_000, onward))),
        ("cancel-while-held", but(holding, says("Cancel."))),
        ("cancel-as-the-hold-ends", but(holding, offset(4_999, says("Cancel.")))),
        ("button", but(answer, Turn::plain(Does::PressesConfirm))),
        ("cancel-button", but(holding, Turn::plain(Does::PressesCancel))),
        ("power-cut", but(holding, Turn::plain(Does::CutsPower))),
        ("switched-off", but(holding, Turn::plain(Does::SwitchesOff))),
        ("lost", turns(&[&send[..], &[Turn::plain(Does::Waits), Turn::plain(Does::LosesMessage), onward]].concat())),
        ("two-devices", but(3, Turn { device: 1, ..says("Alexa, send a message.") })),
        ("empty", Vec::new()),
    ])
}
