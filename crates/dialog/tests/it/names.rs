//! What becomes of a name that somebody else has too.

use crate::driver::Driver;
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
