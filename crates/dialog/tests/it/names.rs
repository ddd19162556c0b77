//! What becomes of a name that somebody else has too.

use crate::driver::{Driver, Event, Manner};
use mondegreen_dialog::*;

/// Whoever has a namesake is as likely to be meant as the namesake: to ask again would not help.
#[test]
fn a_name_that_two_contacts_have_is_refused_aloud() {
    let mut driver = Driver::reach(Policy::GUARDED, Stage::AskingRecipient);
    let contact = ContactId(0);
    let name = Name {
        contact,
        score: Score::MAX,
        runner_up: Score::MAX,
        alike: Alike::SameSpelling,
    };
    let device = DeviceId(0);
    let input = Input::Heard(device, Heard::plain(Act::Name(name)));
    let refused = Effect::Notice {
        device,
        notice: Notice::CannotTellApart(contact),
    };
    let done = driver.step(Millis(500), input);
    assert!(done.contains(&refused), "{done:?}");
    assert_eq!(driver.dialog.stage(device), Some(Stage::Idle));
}

/// Whether a prompt that names the recipient says the name apart.
fn said_apart(effect: &Effect) -> Option<bool> {
    if let Effect::Prompt {
        says: Says::ConfirmRecipient { apart, .. } | Says::ConfirmSend { apart, .. },
        ..
    } = effect
    {
        return Some(*apart);
    }
    None
}

/// Another name that sounds the same is no reason to refuse: the recipient is said apart from it
/// each time that it is said.
#[test]
fn a_name_that_sounds_like_another_is_said_apart_to_the_end() {
    let course = |alike: Alike, policy: Policy| {
        let mut driver = Driver::reach(policy, Stage::AskingRecipient);
        let mut apart = Vec::new();
        let name = Event::Name { contact: 0, alike };
        for event in [
            name,
            Event::Talk,
            Event::Wanted,
            Event::Talk,
            Event::Time,
            Event::Talk,
        ] {
            let waited = if event == Event::Time { 2_000 } else { 100 };
            let done = driver.event(waited, 0, event, Manner::Plainly);
            let told = done.iter().filter_map(said_apart);
            apart.extend(told);
            driver.plain(Event::PromptEnded);
        }
        let session = driver.dialog.snapshot().sessions[0];
        let draft = session.and_then(|session| session.draft);
        (apart, draft.map(|draft| draft.is_alike()))
    };
    let guarded = course(Alike::SameSound, Policy::GUARDED);
    assert_eq!(guarded, (vec![true; 4], Some(true)));
    let distinct = course(Alike::Distinct, Policy::GUARDED);
    assert_eq!(distinct, (vec![false; 4], Some(false)));
    let lenient = Policy {
        tell_apart: false,
        ..Policy::GUARDED
    };
    let lenient = course(Alike::SameSound, lenient);
    assert_eq!(lenient, (vec![false; 4], Some(true)));
}
