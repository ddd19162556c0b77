//! The buffer that a step fills.

use mondegreen_dialog::*;

fn dialog() -> Dialog {
    let home = Home {
        devices: 1,
        contacts: 1,
        messaging: true,
    };
    Dialog::new(Policy::GUARDED, home, 7)
}

const WAKE: Input = Input::Heard(DeviceId(0), Heard::plain(Act::Wake));

#[test]
fn a_step_drops_the_effects_of_the_step_before() {
    let (mut dialog, mut effects) = (dialog(), Effects::default());
    assert!(effects.is_empty());
    dialog.advance(Millis(500), WAKE, &mut effects);
    assert!(!effects.is_empty() && effects.iter().count() == 1);
    dialog.advance(Millis(500), Input::Time, &mut effects);
    assert!(effects.is_empty() && effects.iter().next().is_none());
}

#[test]
fn effects_are_taken_out_once_and_in_order() {
    let (mut dialog, mut effects) = (dialog(), Effects::new());
    let home = HomeAct {
        appliance: Appliance::Lights,
        on: true,
    };
    let command = Input::Heard(DeviceId(0), Heard::plain(Act::Home(home)));
    dialog.advance(Millis(500), WAKE, &mut effects);
    dialog.advance(Millis(500), command, &mut effects);
    let done: Vec<Effect> = effects.drain().collect();
    let [Effect::Act { act, .. }, Effect::Listen { listening, .. }] = *done else {
        panic!("{done:?}");
    };
    assert_eq!((act, listening), (home, Listening::Wake));
    assert!(effects.is_empty() && effects.drain().next().is_none());
}
