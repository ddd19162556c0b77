//! Checks that no gate rule rests on alone: when one is broken, something else happens all the same.
//!
//! The others are tested where a rule is broken without them, by the mutants of the simulator.

use crate::driver::Driver;
use mondegreen_dialog::*;

const KITCHEN: DeviceId = DeviceId(0);

/// What goes before, if anything, and then something that the check is about; with the time waited.
type Steps<'a> = &'a [(u32, Input)];

fn name() -> Name {
    Name {
        contact: ContactId(0),
        score: Score::MAX,
        runner_up: Score(0),
        alike: Alike::Distinct,
    }
}

fn heard(act: Act) -> Heard {
    Heard::plain(act)
}

fn named(name: Name) -> Heard {
    heard(Act::Name(name))
}

fn interim(act: Act) -> Heard {
    Heard {
        finality: Finality::Interim,
        ..heard(act)
    }
}

fn scored(act: Act, score: u16, runner_up: u16) -> Heard {
    Heard {
        score: Score(score),
        runner_up: Score(runner_up),
        ..heard(act)
    }
}

/// From a stage of the guarded dialog, the steps do the same with and without the check, but for
/// the last.
#[track_caller]
fn check(guard: Guard, stage: Stage, steps: Steps) {
    let mut kept = Driver::reach(Policy::GUARDED, stage);
    let mut broken = kept.clone();
    broken.dialog = broken.dialog.without(guard);
    for (left, (waited, input)) in (0..steps.len()).rev().zip(steps) {
        let kept = kept.step(Millis(*waited), *input);
        let broken = broken.step(Millis(*waited), *input);
        assert_eq!(kept == broken, left > 0, "{input:?}: {kept:?} {broken:?}");
    }
}

#[track_caller]
fn check_heard(guard: Guard, stage: Stage, heard: Heard) {
    check(guard, stage, &[(500, Input::Heard(KITCHEN, heard))]);
}

#[test]
fn a_wake_word_is_sure_apart_and_final() {
    let wake = Act::Wake;
    check_heard(Guard::WakeIsSure, Stage::Idle, scored(wake, 699, 0));
    check_heard(Guard::WakeIsApart, Stage::Idle, scored(wake, 1_000, 551));
    check_heard(Guard::WakeIsFinal, Stage::Idle, interim(wake));
}

#[test]
fn a_command_is_sure_and_final() {
    let send = Act::SendMessage(None);
    check_heard(Guard::CommandIsSure, Stage::Awake, scored(send, 699, 0));
    check_heard(Guard::CommandIsFinal, Stage::Awake, interim(send));
}

#[test]
fn a_name_is_sure_apart_first_final_and_after_the_prompt() {
    let check = |guard, heard| check_heard(guard, Stage::AskingRecipient, heard);
    let score = Score(599);
    check(Guard::NameIsSure, named(Name { score, ..name() }));
    let runner_up = Score(851);
    check(
        Guard::NameIsApart,
        named(Name {
            runner_up,
            ..name()
        }),
    );
    let alike = Alike::SameSpelling;
    check(Guard::NamesakesAreRefused, named(Name { alike, ..name() }));
    let later = Heard {
        rank: Rank::Later,
        ..named(name())
    };
    check(Guard::NameIsFirst, later);
    check(Guard::NameIsFinal, interim(Act::Name(name())));
    let early = Heard {
        began: Millis(501),
        ..named(name())
    };
    check(Guard::NameBeginsAfterPrompt, early);
}

#[test]
fn an_answer_is_a_known_voices_and_this_prompts_word() {
    let stranger = Heard {
        voice: Voice::Unknown,
        ..heard(Act::Yes)
    };
    check_heard(Guard::VoiceIsKnown, Stage::ConfirmingRecipient, stranger);
    let other = heard(Act::Word(Word(WORDS - 1)));
    check_heard(Guard::AnswerIsThisWord, Stage::ConfirmingSend, other);
}

#[test]
fn a_button_follows_the_prompt() {
    let unclear = Input::Heard(KITCHEN, heard(Act::Talk));
    let press = Input::Pressed(KITCHEN, Button::Confirm);
    let steps = [(500, unclear), (100, press)];
    check(
        Guard::ButtonFollowsPrompt,
        Stage::ConfirmingRecipient,
        &steps,
    );
}

#[test]
fn recording_and_hold_are_announced() {
    let yes = Input::Heard(KITCHEN, heard(Act::Yes));
    let said = Input::PromptEnded(KITCHEN, PromptId(3));
    let steps = [(500, yes), (900, said)];
    check(
        Guard::RecordingIsAnnounced,
        Stage::ConfirmingRecipient,
        &steps,
    );
    let press = Input::Pressed(KITCHEN, Button::Confirm);
    check(
        Guard::HoldIsAnnounced,
        Stage::ConfirmingSend,
        &[(500, press)],
    );
}

#[test]
fn a_retry_is_announced_prompt_and_the_last_but_for_a_refusal() {
    let failed = Input::Undelivered(MessageId(1));
    let refused = Input::Heard(KITCHEN, heard(Act::No));
    let left = (5_000, Input::Time);
    let check = |guard, steps: Steps| check(guard, Stage::Holding, steps);
    check(Guard::RetryIsAnnounced, &[left, (10, failed)]);
    check(Guard::RetriesEnd, &[left, (10, failed), (10, failed)]);
    check(Guard::RetryIsPrompt, &[left, (60_001, failed)]);
    check(
        Guard::RefusalEndsRetries,
        &[left, (10, refused), (10, failed)],
    );
}
