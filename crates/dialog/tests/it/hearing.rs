//! What wakes a device, what it takes for a command and for a name: at the limits of sureness and
//! time, with each safeguard and without it.

use crate::driver::Driver;
use mondegreen_dialog::*;

const KITCHEN: DeviceId = DeviceId(0);

/// Where it stands after this was heard, half a second after whatever came before.
fn after(policy: Policy, stage: Stage, heard: Heard) -> Option<Stage> {
    let mut driver = Driver::reach(policy, stage);
    driver.step(Millis(500), Input::Heard(KITCHEN, heard));
    driver.dialog.stage(KITCHEN)
}

/// Whether this leads on from there, to `next` that is.
#[track_caller]
fn check((from, next): (Stage, Stage), policy: Policy, heard: Heard, leads_on: bool) {
    let want = if leads_on { next } else { from };
    assert_eq!(after(policy, from, heard), Some(want), "{heard:?}");
}

fn scored(act: Act, score: u16, runner_up: u16) -> Heard {
    Heard {
        score: Score(score),
        runner_up: Score(runner_up),
        ..Heard::plain(act)
    }
}

fn interim(act: Act) -> Heard {
    Heard {
        finality: Finality::Interim,
        ..Heard::plain(act)
    }
}

fn began(act: Act, millis: u32) -> Heard {
    Heard {
        began: Millis(millis),
        ..Heard::plain(act)
    }
}

/// A name with this score, and that of the next contact.
fn name(contact: u16, score: u16, runner_up: u16) -> Act {
    Act::Name(Name {
        contact: ContactId(contact),
        score: Score(score),
        runner_up: Score(runner_up),
        alike: Alike::Distinct,
    })
}

#[test]
fn a_wake_word_is_sure_apart_and_final() {
    let check = |heard, wakes| check((Stage::Idle, Stage::Awake), Policy::GUARDED, heard, wakes);
    check(scored(Act::Wake, 700, 250), true);
    check(scored(Act::Wake, 699, 0), false);
    check(scored(Act::Wake, 900, 450), true);
    check(scored(Act::Wake, 900, 451), false);
    check(interim(Act::Wake), false);
    check(Heard::plain(Act::Talk), false);
}

#[test]
fn a_command_is_sure_and_final() {
    let way = (Stage::Awake, Stage::AskingRecipient);
    let check = |heard, is_taken| check(way, Policy::GUARDED, heard, is_taken);
    let send = Act::SendMessage(None);
    check(scored(send, 700, 0), true);
    check(scored(send, 701, 0), true);
    check(scored(send, 699, 0), false);
    check(interim(send), false);
}

#[test]
fn a_name_is_sure_and_apart_from_the_next() {
    let way = (Stage::AskingRecipient, Stage::ConfirmingRecipient);
    let check = |act, is_taken| check(way, Policy::GUARDED, Heard::plain(act), is_taken);
    check(name(0, 600, 0), true);
    check(name(0, 599, 0), false);
    check(name(0, 900, 750), true);
    check(name(0, 900, 751), false);
    check(name(1, 900, 0), true);
    // There are two contacts.
    check(name(2, 900, 0), false);
}

/// A name that cannot be told from another one is refused where names are to be told apart, and
/// taken where they need not be.
#[test]
fn a_name_that_two_contacts_have_is_taken_by_a_policy_that_does_not_care() {
    let namesake = Act::Name(Name {
        contact: ContactId(0),
        score: Score::MAX,
        runner_up: Score(0),
        alike: Alike::SameSpelling,
    });
    let careless = Policy {
        tell_apart: false,
        ..Policy::GUARDED
    };
    let heard = Heard::plain(namesake);
    let stage = Stage::AskingRecipient;
    assert_eq!(after(Policy::GUARDED, stage, heard), Some(Stage::Idle));
    let taken = Some(Stage::ConfirmingRecipient);
    assert_eq!(after(careless, stage, heard), taken);
}

#[test]
fn a_name_is_final_first_and_begins_after_the_prompt() {
    let way = (Stage::AskingRecipient, Stage::ConfirmingRecipient);
    let named = name(0, 900, 0);
    let later = Heard {
        rank: Rank::Later,
        ..Heard::plain(named)
    };
    let careless = Policy {
        first_hypothesis: false,
        after_prompt: false,
        ..Policy::GUARDED
    };
    for (heard, is_taken) in [
        (began(named, 500), (true, true)),
        (began(named, 501), (false, true)),
        (later, (false, true)),
        (interim(named), (false, false)),
    ] {
        check(way, Policy::GUARDED, heard, is_taken.0);
        check(way, careless, heard, is_taken.1);
    }
}

/// While the prompt is being said, no name is taken, nor is the question asked again.
#[test]
fn a_name_is_not_heard_while_the_device_asks_for_it() {
    let speaking = |policy: Policy| {
        let mut driver = Driver::reach(policy, Stage::Awake);
        let send = Heard::plain(Act::SendMessage(None));
        driver.step(Millis(500), Input::Heard(KITCHEN, send));
        let named = Heard::plain(name(0, 900, 0));
        let done = driver.step(Millis(500), Input::Heard(KITCHEN, named));
        (driver.dialog.stage(KITCHEN), done.is_empty())
    };
    let asking = Some(Stage::AskingRecipient);
    assert_eq!(speaking(Policy::GUARDED), (asking, true));
    let careless = Policy {
        after_prompt: false,
        ..Policy::GUARDED
    };
    let taken = Some(Stage::ConfirmingRecipient);
    assert_eq!(speaking(careless), (taken, false));
}
