//! What happens when a check is broken whose fault is more than a condition that is left out: as
//! the check says, and nothing else.

use crate::driver::{Driver, Event, Manner};
use Event::{Cancel, CancelButton, Confirm, No, PromptEnded, Talk, Time, Wake, Wanted, Withdrawn};
use Manner::{ByDevice, ByStranger, Interim, Plainly, Since, Unsurely};
use Stage::{Awake, ConfirmingRecipient, ConfirmingSend, Holding, Idle, Recording};
use mondegreen_dialog::*;

/// The time waited, the device, what happens, and how.
type Step = (u32, u8, Event, Manner);

const NAMED: Event = Event::SendMessage { named: true };
const UNNAMED: Event = Event::SendMessage { named: false };

/// A held message has just left.
const LEFT: Step = (5_000, 0, Time, Plainly);

/// After how many of these steps the dialog with the broken check does something else.
fn parts(guard: Guard, stage: Stage, steps: &[Step]) -> Option<usize> {
    let mut kept = Driver::reach(Policy::GUARDED, stage);
    let mut broken = kept.clone();
    broken.dialog = broken.dialog.without(guard);
    steps.iter().position(|(waited, device, event, manner)| {
        let kept = kept.event(*waited, *device, *event, *manner);
        kept != broken.event(*waited, *device, *event, *manner)
    })
}

/// The last step shows that the check is broken, and none before it does.
#[track_caller]
fn shows(guard: Guard, stage: Stage, steps: &[Step]) {
    let last = steps.len().checked_sub(1);
    assert_eq!(parts(guard, stage, steps), last, "{steps:?}");
}

/// Nothing shows it.
#[track_caller]
fn hides(guard: Guard, stage: Stage, steps: &[Step]) {
    assert_eq!(parts(guard, stage, steps), None, "{steps:?}");
}

/// It shows in this stage, after this wait, and not in that one.
#[track_caller]
fn shows_only(guard: Guard, (stage, shown): (Stage, Step), (other, hidden): (Stage, Step)) {
    shows(guard, stage, &[shown]);
    hides(guard, other, &[hidden]);
}

#[test]
fn a_refusal_is_overlooked() {
    let no = (500, 0, No, Plainly);
    let cancel = (500, 0, Cancel, Plainly);
    let unsure = (500, 0, No, Unsurely);
    let strange = (500, 0, No, ByStranger);
    let guard = Guard::RefusalMayBeUnsure;
    shows_only(guard, (ConfirmingSend, unsure), (ConfirmingSend, no));
    hides(guard, ConfirmingSend, &[strange]);
    let guard = Guard::RefusalMayBeAnyones;
    shows_only(guard, (ConfirmingSend, strange), (ConfirmingSend, no));
    hides(guard, ConfirmingSend, &[unsure]);
    let guard = Guard::NoIsAnAnswer;
    shows_only(guard, (ConfirmingSend, no), (ConfirmingRecipient, no));
    hides(guard, ConfirmingSend, &[cancel]);
    hides(guard, Holding, &[no]);
    shows_only(Guard::NoEndsHold, (Holding, no), (Holding, cancel));
    shows_only(Guard::CancelEndsHold, (Holding, cancel), (Holding, no));
    hides(Guard::CancelEndsHold, ConfirmingSend, &[cancel]);
    // What refuses nothing is not overlooked.
    let yes = (500, 0, Wanted, ByStranger);
    hides(Guard::RefusalMayBeAnyones, ConfirmingSend, &[yes]);
    let sure = |score| {
        let mut kept = Driver::reach(Policy::GUARDED, ConfirmingSend);
        let mut broken = kept.clone();
        broken.dialog = broken.dialog.without(Guard::RefusalMayBeUnsure);
        let heard = Heard {
            score: Score(score),
            ..Heard::plain(Act::No)
        };
        let input = Input::Heard(DeviceId(0), heard);
        kept.step(Millis(500), input) == broken.step(Millis(500), input)
    };
    assert!(sure(800) && !sure(799));
}

/// The hold began 100 ms ago.
#[test]
fn an_undo_at_the_end_of_the_hold_is_overlooked() {
    for event in [No, Cancel, CancelButton] {
        let undo = |waited| (waited, 0, event, Plainly);
        let guard = Guard::UndoCountsToTheEnd;
        shows_only(guard, (Holding, undo(4_899)), (Holding, undo(4_898)));
        shows(guard, Holding, &[undo(4_900)]);
    }
    let confirm = (4_899, 0, Confirm, Plainly);
    hides(Guard::UndoCountsToTheEnd, Holding, &[confirm]);
}

#[test]
fn a_withdrawal_is_overlooked() {
    let withdrawn = |waited| (waited, 0, Withdrawn, Plainly);
    let guard = Guard::WithdrawalEndsHold;
    shows_only(
        guard,
        (Holding, withdrawn(0)),
        (ConfirmingSend, withdrawn(0)),
    );
    let guard = Guard::LateWithdrawalEndsHold;
    shows_only(
        guard,
        (Holding, withdrawn(2_901)),
        (Holding, withdrawn(2_900)),
    );
}

#[test]
fn a_button_does_more_or_less_than_it_should() {
    let at = |device, event| (500, device, event, Plainly);
    let (confirm, cancel) = (at(0, Confirm), at(0, CancelButton));
    let guard = Guard::ConfirmationIsSpent;
    shows_only(guard, (Holding, confirm), (Holding, cancel));
    hides(guard, ConfirmingSend, &[confirm]);
    let guard = Guard::ButtonEndsHold;
    shows_only(guard, (Holding, cancel), (ConfirmingSend, cancel));
    hides(guard, Holding, &[confirm]);
    let guard = Guard::ButtonIsTheAskers;
    let elsewhere = at(1, Confirm);
    shows_only(
        guard,
        (ConfirmingSend, elsewhere),
        (ConfirmingRecipient, elsewhere),
    );
    hides(guard, ConfirmingSend, &[at(1, CancelButton)]);
    hides(guard, ConfirmingSend, &[at(1, Wake), elsewhere]);
}

#[test]
fn a_window_is_longer_than_it_should_be() {
    let time = |waited| (waited, 0, Time, Plainly);
    let guard = Guard::WindowCloses;
    shows_only(
        guard,
        (ConfirmingSend, time(6_000)),
        (ConfirmingSend, time(6_001)),
    );
    let again = [time(6_000), (100, 0, PromptEnded, Plainly)];
    let [asked, ended] = again;
    let guard = Guard::LastWindowCloses;
    shows(guard, ConfirmingSend, &[asked, ended, time(6_000)]);
    hides(guard, ConfirmingSend, &[asked, ended, time(12_000)]);
    let guard = Guard::SilenceIsNotConsent;
    shows(guard, ConfirmingSend, &[asked, ended, time(6_000)]);
    hides(guard, ConfirmingSend, &[asked, time(45_000)]);
    hides(guard, ConfirmingRecipient, &[asked, ended, time(6_000)]);
    let guard = Guard::PromptEndsOnce;
    let ends = (5_000, 0, PromptEnded, Plainly);
    shows(guard, ConfirmingSend, &[ends, time(1_500)]);
    hides(guard, ConfirmingRecipient, &[ends, time(1_500)]);
    let mut other = Driver::reach(Policy::GUARDED, ConfirmingSend);
    other.dialog = other.dialog.without(guard);
    other.step(Millis(5_000), Input::PromptEnded(DeviceId(0), PromptId(3)));
    assert_ne!(other.step(Millis(1_500), Input::Time), []);
    let guard = Guard::WindowIsFixed;
    let talks = |manner| (5_000, 0, Talk, manner);
    shows(guard, ConfirmingSend, &[talks(Interim), time(1_500)]);
    hides(guard, ConfirmingSend, &[talks(Plainly), time(1_500)]);
    hides(guard, ConfirmingRecipient, &[talks(Interim), time(1_500)]);
    let mut across = Driver::reach(Policy::GUARDED, ConfirmingSend);
    across.dialog = across.dialog.without(guard);
    let talk = Heard {
        finality: Finality::Interim,
        began: Millis(5_001),
        ..Heard::plain(Act::Talk)
    };
    let asked_again = across.step(Millis(5_000), Input::Heard(DeviceId(0), talk));
    assert!(!asked_again.is_empty());
}

#[test]
fn a_devices_voice_is_taken_for_a_persons_in_time() {
    let guard = Guard::OwnVoiceIsNobodyEver;
    let word = |waited, manner| (waited, 0, Wanted, manner);
    shows_only(
        guard,
        (ConfirmingSend, word(1_000, ByDevice)),
        (ConfirmingSend, word(999, ByDevice)),
    );
    hides(guard, ConfirmingSend, &[word(1_000, ByStranger)]);
    let asked = Driver::reach(Policy::GUARDED, ConfirmingSend);
    let mut broken = asked.clone();
    broken.dialog = broken.dialog.without(guard);
    let Input::Heard(device, heard) = asked.input(DeviceId(0), Wanted, ByDevice) else {
        panic!("an answer is heard");
    };
    let began = Millis(1);
    let heard = Heard { began, ..heard };
    assert_eq!(broken.step(Millis(1_000), Input::Heard(device, heard)), []);
}

#[test]
fn a_recording_is_not_what_was_recorded() {
    let guard = Guard::RecordingIsWhole;
    let said = |waited, began| (waited, 0, Talk, Since(began));
    let over = (2_000, 0, Time, Plainly);
    shows(
        guard,
        Recording,
        &[said(2_000, 500), said(1_500, 700), over],
    );
    hides(guard, Recording, &[said(2_000, 500), over]);
    let guard = Guard::UnsaidPromptIsGivenUp;
    let unsaid = [(500, 0, Event::Yes, Plainly), (45_000, 0, Time, Plainly)];
    shows(guard, ConfirmingRecipient, &unsaid);
    hides(guard, Recording, &[(6_000, 0, Time, Plainly)]);
    hides(guard, Recording, &[said(2_000, 500), over]);
    let long = [
        said(2_000, 500),
        over,
        (32_000, 0, PromptEnded, Plainly),
        (100, 0, Wanted, Plainly),
        LEFT,
    ];
    shows(Guard::RecordingAges, Recording, &long);
    hides(Guard::RecordingAges, Holding, &[LEFT]);
}

#[test]
fn a_message_goes_to_somebody_else() {
    let guard = Guard::HeldRecipientStays;
    let mut held = Driver::reach(Policy::GUARDED, Holding);
    held.dialog = held.dialog.without(guard);
    let bob = Name {
        contact: ContactId(1),
        score: Score::MAX,
        runner_up: Score(0),
        alike: Alike::Distinct,
    };
    let sent_to = |driver: &Driver, act: Act| {
        let mut driver = driver.clone();
        driver.step(Millis(500), Input::Heard(DeviceId(0), Heard::plain(act)));
        let done = driver.step(Millis(5_000), Input::Time);
        done.into_iter().find_map(|effect| match effect {
            Effect::Send { confirmed, .. } => Some(confirmed.draft().recipient),
            Effect::Prompt { .. }
            | Effect::Listen { .. }
            | Effect::Record { .. }
            | Effect::RecordEnded { .. }
            | Effect::Cancel { .. }
            | Effect::Notice { .. }
            | Effect::Act { .. } => None,
        })
    };
    assert_eq!(
        sent_to(&held, Act::SendMessage(Some(bob))),
        Some(ContactId(1))
    );
    assert_eq!(sent_to(&held, Act::Name(bob)), Some(ContactId(0)));
    let kept = Driver::reach(Policy::GUARDED, Holding);
    assert_eq!(
        sent_to(&kept, Act::SendMessage(Some(bob))),
        Some(ContactId(0))
    );
    let guard = Guard::CommandIsNoConsent;
    shows_only(
        guard,
        (Awake, (500, 0, NAMED, Plainly)),
        (Awake, (500, 0, UNNAMED, Plainly)),
    );
}

#[test]
fn another_attempt_is_not_the_same() {
    let failed = |waited| (waited, 0, Event::Undelivered, Plainly);
    shows(Guard::RetryKeepsNumber, Holding, &[LEFT, failed(0)]);
    shows(Guard::OutgoingAges, Holding, &[LEFT, failed(10)]);
    hides(Guard::OutgoingAges, Holding, &[LEFT, failed(0)]);
    let wake = |device| (500, device, Wake, Plainly);
    let guard = Guard::FailureIsReported;
    shows(guard, Holding, &[LEFT, wake(0)]);
    hides(guard, Holding, &[LEFT, wake(1), (500, 0, Talk, Plainly)]);
    hides(
        guard,
        Holding,
        &[LEFT, (500, 0, Event::Delivered, Plainly), wake(0)],
    );
    let guard = Guard::RetriedRecipientStays;
    hides(guard, Holding, &[LEFT, failed(10)]);
    let bob = Event::Name {
        contact: 1,
        alike: Alike::Distinct,
    };
    let next = [
        LEFT,
        wake(0),
        (500, 0, UNNAMED, Plainly),
        (500, 0, PromptEnded, Plainly),
        (500, 0, bob, Plainly),
        failed(10),
    ];
    shows(guard, Holding, &next);
}

#[test]
fn switching_off_and_restarts_do_not_reach_all() {
    let off = (500, 0, Event::MessagingOff, Plainly);
    let restart = (500, 0, Event::Restart, Plainly);
    shows_only(Guard::OffEndsHold, (Holding, off), (ConfirmingSend, off));
    let guard = Guard::RestartEndsHold;
    shows_only(guard, (Holding, restart), (ConfirmingSend, restart));
    let guard = Guard::RestartEndsQuestion;
    shows_only(guard, (ConfirmingSend, restart), (Holding, restart));
    hides(guard, Awake, &[restart]);
    let at = |device, event| (500, device, event, Plainly);
    let guard = Guard::OffReachesAll;
    shows(guard, ConfirmingSend, &[at(1, Wake), at(1, UNNAMED), off]);
    hides(guard, ConfirmingSend, &[off, at(0, Wake), at(0, UNNAMED)]);
    hides(
        guard,
        Holding,
        &[LEFT, off, (10, 0, Event::Undelivered, Plainly)],
    );
    let guard = Guard::OffOutlivesRestart;
    let back = [off, restart, at(0, Wake), at(0, UNNAMED)];
    shows(guard, Idle, &back);
    hides(Guard::OffReachesAll, Idle, &back);
    hides(guard, Idle, &[off, at(0, Wake), at(0, UNNAMED)]);
}

#[test]
fn names_that_sound_alike_are_said_apart_once() {
    let alike = Event::Name {
        contact: 0,
        alike: Alike::SameSound,
    };
    let ended = (100, 0, PromptEnded, Plainly);
    let way = [
        (500, 0, alike, Plainly),
        ended,
        (500, 0, Event::Yes, Plainly),
        ended,
        (500, 0, Talk, Plainly),
        (2_000, 0, Time, Plainly),
        ended,
        (500, 0, Talk, Plainly),
    ];
    let guard = Guard::AlikeAreToldApartAgain;
    shows(guard, Stage::AskingRecipient, &way);
    shows(Guard::AlikeAreToldApart, Stage::AskingRecipient, &way[..1]);
    let again = [way[0], ended, (500, 0, Talk, Plainly)];
    hides(guard, Stage::AskingRecipient, &again);
}
