//! A clean conversation with the dialog, from the wake word to the message leaving, under the policy
//! that has the most to check.

use crate::path::Work;
use mondegreen_dialog::{
    Act, Alike, Ask, ContactId, DeviceId, Dialog, Effect, Effects, Heard, Home, Input, Millis,
    Name, PAUSE_MAX, Policy, PromptId, Says, Score, Stage,
};
use std::hint::black_box;

const HOME: Home = Home {
    devices: 2,
    contacts: 10,
    messaging: true,
};
const KITCHEN: DeviceId = DeviceId(0);
/// For whom the message is.
const CONTACT: ContactId = ContactId(3);
/// How long a person thinks before speaking.
const PAUSE: Millis = Millis(700);
/// How long a prompt takes to say.
const PROMPT: Millis = Millis(1_500);
/// A conversation that is not over by then is not a clean one.
const STEPS_MAX: usize = 50;

/// A dialog to which nothing has happened.
pub fn fresh() -> Dialog {
    Dialog::new(Policy::GUARDED, HOME, 7)
}

/// What the device said last, and whether it is still saying it.
#[derive(Clone, Copy, Default)]
struct Standing {
    prompt: Option<PromptId>,
    ask: Option<Ask>,
    /// Whether somebody has spoken since.
    answered: bool,
}

impl Standing {
    fn note(&mut self, effect: &Effect) {
        if let Effect::Prompt { prompt, says, .. } = effect {
            *self = Self {
                prompt: Some(*prompt),
                ask: match says {
                    Says::ToWhom | Says::WhatMessage { .. } => None,
                    Says::ConfirmRecipient { ask, .. } | Says::ConfirmSend { ask, .. } => {
                        Some(*ask)
                    }
                },
                answered: false,
            };
        }
    }

    /// What happens next when a person follows the prompts, and after how long.
    fn next(&mut self, stage: Stage) -> (Millis, Input) {
        if let Some(prompt) = self.prompt.take() {
            return (PROMPT, Input::PromptEnded(KITCHEN, prompt));
        }
        let name = Name {
            contact: CONTACT,
            score: Score::MAX,
            runner_up: Score(0),
            alike: Alike::Distinct,
        };
        let act = match (stage, self.ask) {
            (Stage::Idle, _) => Act::Wake,
            (Stage::Awake, _) => Act::SendMessage(None),
            (Stage::AskingRecipient, _) => Act::Name(name),
            (Stage::Recording, _) if self.answered => return (PAUSE_MAX, Input::Time),
            (Stage::Recording, _) => Act::Talk,
            (Stage::ConfirmingRecipient | Stage::ConfirmingSend, Some(Ask::Word(word))) => {
                Act::Word(word)
            }
            (Stage::ConfirmingRecipient | Stage::ConfirmingSend, _) => Act::Yes,
            (Stage::Holding, _) => return (Policy::GUARDED.hold, Input::Time),
        };
        self.answered = true;
        (PAUSE, Input::Heard(KITCHEN, Heard::plain(act)))
    }
}

/// The steps of a clean conversation, and the contacts to whom it sent.
pub fn converse() -> (Vec<(Millis, Input)>, Vec<ContactId>) {
    let (mut dialog, mut standing) = (fresh(), Standing::default());
    let (mut steps, mut sent) = (Vec::new(), Vec::new());
    while sent.is_empty() && steps.len() < STEPS_MAX {
        let stage = dialog.stage(KITCHEN).expect("the kitchen is in the home");
        let (waited, input) = standing.next(stage);
        steps.push((waited, input));
        let (next, effects) = dialog.step(waited, input);
        dialog = next;
        for effect in effects.iter() {
            standing.note(effect);
            if let Effect::Send { confirmed, .. } = effect {
                sent.push(confirmed.draft().recipient);
            }
        }
    }
    (steps, sent)
}

/// Steps in place, which moves nothing.
pub(crate) fn stepping() -> Work {
    let (steps, sent) = converse();
    assert_eq!(sent, [CONTACT], "the conversation is not a clean one");
    let mut effects = Effects::new();
    Work::new(steps.len(), move || {
        let mut dialog = fresh();
        let mut count = 0;
        for &(waited, input) in black_box(&steps) {
            dialog.advance(waited, input, &mut effects);
            count += effects.iter().count();
        }
        count
    })
}
