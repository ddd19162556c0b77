//! Symbolic events: "the wanted answer", "an answer to the prompt before", resolved against what
//! the dialog last asked. Raw numbers would hardly ever fit.

use mondegreen_dialog::*;

/// What happens next, in terms of what was asked last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Whatever leads on towards a send.
    Onward,
    Wake,
    SendMessage {
        named: bool,
    },
    Home,
    Name {
        contact: u16,
        alike: Alike,
    },
    /// The answer that the standing prompt wants.
    Wanted,
    /// A yes, whatever was asked.
    Yes,
    No,
    YesAndNo,
    Cancel,
    Talk,
    PromptEnded,
    Confirm,
    CancelButton,
    Withdrawn,
    Delivered,
    Undelivered,
    MessagingOn,
    MessagingOff,
    Restart,
    Time,
}

/// How something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    Plainly,
    Unsurely,
    AsPartOfTalk,
    AsLaterHypothesis,
    Interim,
    ByDevice,
    ByStranger,
    /// It began this long ago.
    Since(u32),
}

/// A dialog, and what it asked last.
#[derive(Clone, Debug)]
pub(crate) struct Driver {
    pub(crate) dialog: Dialog,
    prompt: PromptId,
    speaking: bool,
    ask: Option<Ask>,
    recipient: ContactId,
    message: MessageId,
}

impl Driver {
    pub(crate) fn new(policy: Policy) -> Self {
        let home = Home {
            devices: 2,
            contacts: 2,
            messaging: true,
        };
        Self {
            dialog: Dialog::new(policy, home, 7),
            prompt: PromptId(0),
            speaking: false,
            ask: None,
            recipient: ContactId(0),
            message: MessageId(0),
        }
    }

    pub(crate) fn event(
        &mut self,
        waited: u32,
        device: u8,
        event: Event,
        manner: Manner,
    ) -> Vec<Effect> {
        let input = self.input(DeviceId(device), event, manner);
        self.step(Millis(waited), input)
    }

    /// Plainly, at the first device, after 100 ms.
    pub(crate) fn plain(&mut self, event: Event) -> Vec<Effect> {
        self.event(100, 0, event, Manner::Plainly)
    }

    pub(crate) fn step(&mut self, waited: Millis, input: Input) -> Vec<Effect> {
        let (dialog, effects) = self.dialog.clone().step(waited, input);
        self.dialog = dialog;
        self.speaking &= !matches!(input, Input::PromptEnded(..));
        let effects: Vec<Effect> = effects.into_iter().collect();
        for effect in &effects {
            if let Effect::Prompt { prompt, says, .. } = effect {
                self.prompt = *prompt;
                self.speaking = true;
                self.ask = match says {
                    Says::ToWhom | Says::WhatMessage { .. } => None,
                    Says::ConfirmRecipient { ask, contact, .. }
                    | Says::ConfirmSend { ask, contact, .. } => {
                        self.recipient = *contact;
                        Some(*ask)
                    }
                };
            }
            if let Effect::Send { confirmed, .. } = effect {
                self.message = confirmed.draft().message;
            }
        }
        effects
    }

    /// Whatever leads on from where a device's session stands.
    fn onward(&self, device: DeviceId) -> Event {
        match self.dialog.stage(device) {
            Some(Stage::Idle | Stage::Holding) | None => Event::Wake,
            Some(Stage::Awake) => Event::SendMessage { named: false },
            _ if self.speaking => Event::PromptEnded,
            Some(Stage::AskingRecipient) => Event::Name {
                contact: 0,
                alike: Alike::Distinct,
            },
            Some(Stage::Recording) => Event::Talk,
            Some(Stage::ConfirmingRecipient | Stage::ConfirmingSend) => Event::Wanted,
        }
    }

    pub(crate) fn input(&self, device: DeviceId, event: Event, manner: Manner) -> Input {
        let name = |contact, alike| Name {
            contact: ContactId(contact),
            score: Score::MAX,
            runner_up: Score(0),
            alike,
        };
        let act = match event {
            Event::Onward => return self.input(device, self.onward(device), manner),
            Event::Wake => Act::Wake,
            Event::SendMessage { named: true } => Act::SendMessage(Some(name(0, Alike::Distinct))),
            Event::SendMessage { named: false } => Act::SendMessage(None),
            Event::Home => Act::Home(HomeAct {
                appliance: Appliance::Lights,
                on: true,
            }),
            Event::Name { contact, alike } => Act::Name(name(contact, alike)),
            Event::Wanted => self.wanted(),
            Event::Yes => Act::Yes,
            Event::No => Act::No,
            Event::YesAndNo => Act::YesAndNo,
            Event::Cancel => Act::Cancel,
            Event::Talk => Act::Talk,
            Event::PromptEnded => return Input::PromptEnded(device, self.prompt),
            Event::Confirm => return Input::Pressed(device, Button::Confirm),
            Event::CancelButton => return Input::Pressed(device, Button::Cancel),
            Event::Withdrawn => return Input::Withdrawn(device, Millis(100)),
            Event::Delivered => return Input::Delivered(self.message),
            Event::Undelivered => return Input::Undelivered(self.message),
            Event::MessagingOn => return Input::MessagingOn,
            Event::MessagingOff => return Input::MessagingOff,
            Event::Restart => return Input::Restart,
            Event::Time => return Input::Time,
        };
        let mut heard = Heard::plain(act);
        match manner {
            Manner::Plainly => {}
            Manner::Unsurely => heard.score = Score(499),
            Manner::AsPartOfTalk => heard.scope = Scope::Part,
            Manner::AsLaterHypothesis => heard.rank = Rank::Later,
            Manner::Interim => heard.finality = Finality::Interim,
            Manner::ByDevice => heard.voice = Voice::Device,
            Manner::ByStranger => heard.voice = Voice::Unknown,
            Manner::Since(millis) => heard.began = Millis(millis),
        }
        Input::Heard(device, heard)
    }

    fn wanted(&self) -> Act {
        match self.ask {
            Some(Ask::Word(word)) => Act::Word(word),
            Some(Ask::SendIt) => Act::SendIt,
            Some(Ask::Name) => Act::Name(Name {
                contact: self.recipient,
                score: Score::MAX,
                runner_up: Score(0),
                alike: Alike::Distinct,
            }),
            Some(Ask::Yes | Ask::Button) | None => Act::Yes,
        }
    }

    /// Lets the first device be led on, after this wait each time, until it stands at this stage.
    #[track_caller]
    pub(crate) fn lead_on(&mut self, waited: u32, stage: Stage) {
        for _ in 0..20 {
            if self.dialog.stage(DeviceId(0)) != Some(stage) {
                self.event(waited, 0, Event::Onward, Manner::Plainly);
            }
        }
        assert_eq!(self.dialog.stage(DeviceId(0)), Some(stage));
    }

    /// Says what is wanted until the dialog stands at this stage.
    pub(crate) fn reach(policy: Policy, stage: Stage) -> Self {
        let mut driver = Self::new(policy);
        let way = [
            (Stage::Idle, Event::Wake),
            (Stage::Awake, Event::SendMessage { named: false }),
            (
                Stage::AskingRecipient,
                Event::Name {
                    contact: 0,
                    alike: Alike::Distinct,
                },
            ),
            (Stage::ConfirmingRecipient, Event::Wanted),
            (Stage::Recording, Event::Talk),
            (Stage::ConfirmingSend, Event::Wanted),
        ];
        for (from, event) in way {
            if driver.dialog.stage(DeviceId(0)) == Some(stage) {
                break;
            }
            if driver.dialog.stage(DeviceId(0)) != Some(from) {
                continue;
            }
            driver.plain(event);
            if from == Stage::Recording {
                driver.event(PAUSE_MAX.0, 0, Event::Time, Manner::Plainly);
            }
            driver.plain(Event::PromptEnded);
        }
        assert_eq!(driver.dialog.stage(DeviceId(0)), Some(stage));
        driver
    }
}
