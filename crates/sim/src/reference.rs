//! The reference assistant: detector and dialog behind the protocol.
//!
//! It owns absolute time, the wording of prompts, and which span of sound belongs to which message.

mod wording;

use crate::assistant::{Assistant, Broken};
use crate::preset::Preset;
use mondegreen_detector as detector;
use mondegreen_detector::{Detector, Listening as Ear, Wanted, challenge_word};
use mondegreen_dialog as dialog;
use mondegreen_dialog::{
    ContactId, DEVICES_MAX, DeviceId, Dialog, Home, Listening, MessageId, Millis, PromptId, Says,
    Score,
};
use mondegreen_trace::{Asks, Button, Effect, Household, Hypothesis, Input, PROTOCOL, Voice};

use std::rc::Rc;

/// The reference assistant, under one of its policies.
#[derive(Clone, Debug)]
pub struct Reference {
    preset: Preset,
    run: Option<Run>,
    /// Understanding for the household of the last start: most runs are in the same one.
    known: Option<(Household, Rc<Detector>)>,
}

/// One run, from its start.
#[derive(Clone, Debug)]
struct Run {
    household: Household,
    detector: Rc<Detector>,
    dialog: Dialog,
    now_ms: u64,
    timer_ms: Option<u64>,
    ears: [Ear; DEVICES_MAX],
    /// What the standing question of each device wants.
    wanted: [Wanted; DEVICES_MAX],
}

impl Reference {
    /// The assistant with this policy and name.
    pub const fn new(preset: Preset) -> Self {
        Self {
            preset,
            run: None,
            known: None,
        }
    }

    fn detector(&mut self, household: &Household) -> Rc<Detector> {
        if let Some((known, detector)) = &self.known
            && known == household
        {
            return Rc::clone(detector);
        }
        let detector = Rc::new(Detector::new(self.preset.wake, household));
        self.known = Some((household.clone(), Rc::clone(&detector)));
        detector
    }

    /// The dialog inside, for a search that looks at its state; nothing before the start.
    pub fn dialog(&self) -> Option<&Dialog> {
        self.run.as_ref().map(|run| &run.dialog)
    }
}

impl Assistant for Reference {
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        match input {
            Input::Start {
                seed,
                at_ms,
                household,
                ..
            } => {
                let detector = self.detector(household);
                self.run = Some(Run::start(
                    &self.preset,
                    detector,
                    household,
                    *seed,
                    *at_ms,
                )?);
                effects.push(Effect::Hello {
                    protocol: PROTOCOL,
                    name: self.preset.name.to_owned(),
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                });
                for device in &household.devices {
                    effects.push(Effect::Listen {
                        device: device.clone(),
                        listens_for: Asks::Wake,
                        until_ms: None,
                    });
                }
                Ok(())
            }
            Input::End => {
                self.run = None;
                Ok(())
            }
            Input::Heard { .. }
            | Input::Withdrawn { .. }
            | Input::PromptEnded { .. }
            | Input::Pressed { .. }
            | Input::Time { .. }
            | Input::Delivery { .. }
            | Input::Setting { .. }
            | Input::Restart { .. } => {
                let run = self.run.as_mut();
                let run = run.ok_or_else(|| Broken("an input came before the start".to_owned()))?;
                run.take(input, effects);
                Ok(())
            }
        }
    }
}

impl Run {
    fn start(
        preset: &Preset,
        detector: Rc<Detector>,
        household: &Household,
        seed: u64,
        now_ms: u64,
    ) -> Result<Self, Broken> {
        let devices = household.devices.len();
        if devices > DEVICES_MAX {
            return Err(Broken(format!(
                "the reference assistant serves at most {DEVICES_MAX} devices, and the household has {devices}"
            )));
        }
        let home = Home {
            devices: u8::try_from(devices).unwrap_or(u8::MAX),
            contacts: u16::try_from(household.contacts.len()).unwrap_or(u16::MAX),
            messaging: household.messaging,
        };
        Ok(Self {
            household: household.clone(),
            detector,
            dialog: Dialog::new(preset.policy, home, seed),
            now_ms,
            timer_ms: None,
            ears: [Ear::Wake; DEVICES_MAX],
            wanted: [Wanted::Yes; DEVICES_MAX],
        })
    }

    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) {
        let now_ms = input.at_ms().unwrap_or(self.now_ms).max(self.now_ms);
        let waited = span(self.now_ms, now_ms);
        self.now_ms = now_ms;
        let input = self.translate(input).unwrap_or(dialog::Input::Time);
        self.step(waited, input, effects);
        self.set_timer(effects);
    }

    fn step(&mut self, waited: Millis, input: dialog::Input, effects: &mut Vec<Effect>) {
        let mut done = dialog::Effects::new();
        self.dialog.advance(waited, input, &mut done);
        for effect in done.drain() {
            let effect = self.voice(&effect);
            effects.push(effect);
        }
    }

    fn set_timer(&mut self, effects: &mut Vec<Effect>) {
        let due = self.dialog.next_deadline();
        let due = due.and_then(|left| self.now_ms.checked_add(u64::from(left.0)));
        if due != self.timer_ms {
            self.timer_ms = due;
            effects.extend(due.map(|at_ms| Effect::Timer { at_ms }));
        }
    }

    fn device(&self, name: &str) -> Option<DeviceId> {
        let place = self
            .household
            .devices
            .iter()
            .position(|device| device == name)?;
        u8::try_from(place).ok().map(DeviceId)
    }

    /// What an input means to the dialog; nothing if it is about a device that is not ours.
    fn translate(&self, input: &Input) -> Option<dialog::Input> {
        Some(match input {
            Input::Heard {
                device,
                from_ms,
                is_final,
                voice,
                hypotheses,
                ..
            } => {
                let device = self.device(device)?;
                let heard = self.heard(device, *from_ms, *is_final, *voice, hypotheses);
                dialog::Input::Heard(device, heard)
            }
            Input::Withdrawn {
                device, from_ms, ..
            } => dialog::Input::Withdrawn(self.device(device)?, span(*from_ms, self.now_ms)),
            Input::PromptEnded { device, prompt, .. } => {
                dialog::Input::PromptEnded(self.device(device)?, PromptId(*prompt))
            }
            Input::Pressed { device, button, .. } => {
                let button = match button {
                    Button::Confirm => dialog::Button::Confirm,
                    Button::Cancel => dialog::Button::Cancel,
                };
                dialog::Input::Pressed(self.device(device)?, button)
            }
            Input::Delivery { message, ok, .. } => {
                let number = message.strip_prefix('m')?.parse().ok().map(MessageId)?;
                if *ok {
                    dialog::Input::Delivered(number)
                } else {
                    dialog::Input::Undelivered(number)
                }
            }
            Input::Setting {
                messaging: true, ..
            } => dialog::Input::MessagingOn,
            Input::Setting {
                messaging: false, ..
            } => dialog::Input::MessagingOff,
            Input::Restart { .. } => dialog::Input::Restart,
            Input::Time { .. } | Input::Start { .. } | Input::End => return None,
        })
    }

    fn heard(
        &self,
        device: DeviceId,
        from_ms: u64,
        is_final: bool,
        voice: Voice,
        hypotheses: &[Hypothesis],
    ) -> dialog::Heard {
        let place = usize::from(device.0);
        let ear = match self.ears[place] {
            Ear::Answer(_) => Ear::Answer(self.wanted[place]),
            other @ (Ear::Wake | Ear::Command | Ear::Recipient | Ear::Message) => other,
        };
        let meant = self.detector.understand(ear, hypotheses);
        let (score, runner_up) = (score(meant.confidence), score(meant.runner_up));
        dialog::Heard {
            act: act(&meant.act, score, runner_up),
            score,
            runner_up,
            rank: if meant.rank == 0 {
                dialog::Rank::First
            } else {
                dialog::Rank::Later
            },
            scope: if meant.whole {
                dialog::Scope::Whole
            } else {
                dialog::Scope::Part
            },
            voice: match voice {
                Voice::Person => dialog::Voice::Person,
                Voice::Device => dialog::Voice::Device,
                Voice::Unknown => dialog::Voice::Unknown,
            },
            finality: if is_final {
                dialog::Finality::Final
            } else {
                dialog::Finality::Interim
            },
            addressed: meant.addressed,
            began: span(from_ms, self.now_ms),
        }
    }

    /// What the dialog wants done, in the words of the protocol.
    fn voice(&mut self, effect: &dialog::Effect) -> Effect {
        match effect {
            dialog::Effect::Prompt {
                device,
                prompt,
                says,
                message,
            } => {
                // What is said over a prompt is understood as an answer to it.
                self.ears[usize::from(device.0)] = ear_for(*says);
                self.wanted[usize::from(device.0)] = wanted(*says);
                let text = wording::prompt(&self.household, *says);
                let (asks, contact) = subject(*says);
                Effect::Prompt {
                    device: self.device_name(*device),
                    prompt: prompt.0,
                    asks: Some(asks),
                    recipient: contact.map(|contact| self.contact_id(contact)),
                    message: message.map(message_id),
                    duration_ms: wording::duration_ms(&text) + read_back_ms(*says),
                    text,
                }
            }
            dialog::Effect::Listen {
                device,
                listening,
                window,
            } => {
                self.ears[usize::from(device.0)] = ear(*listening);
                Effect::Listen {
                    device: self.device_name(*device),
                    listens_for: asks(*listening),
                    until_ms: window.map(|window| self.now_ms.saturating_add(u64::from(window.0))),
                }
            }
            dialog::Effect::Record { device, message } => Effect::Record {
                device: self.device_name(*device),
                message: message_id(*message),
            },
            dialog::Effect::RecordEnded { device, message } => Effect::RecordEnded {
                device: self.device_name(*device),
                message: message_id(*message),
            },
            dialog::Effect::Send { device, confirmed } => {
                let draft = confirmed.draft();
                let to_ms = draft
                    .audio
                    .map(|audio| self.now_ms.saturating_sub(u64::from(audio.ended.0)));
                let length = draft.audio.map_or(0, |audio| u64::from(audio.length.0));
                Effect::Send {
                    device: self.device_name(*device),
                    message: message_id(draft.message),
                    recipient: self.contact_id(draft.recipient),
                    from_ms: to_ms.map(|to_ms| to_ms.saturating_sub(length)),
                    to_ms,
                }
            }
            dialog::Effect::Cancel { device, message } => Effect::Cancel {
                device: self.device_name(*device),
                message: message.map(message_id),
            },
            dialog::Effect::Notice { device, notice } => Effect::Notice {
                device: self.device_name(*device),
                text: wording::notice(&self.household, *notice),
            },
            dialog::Effect::Act { device, act } => Effect::Act {
                device: self.device_name(*device),
                action: wording::action(*act).to_owned(),
            },
        }
    }

    fn device_name(&self, device: DeviceId) -> String {
        self.household
            .devices
            .get(usize::from(device.0))
            .cloned()
            .unwrap_or_default()
    }

    fn contact_id(&self, contact: ContactId) -> String {
        let contact = self.household.contacts.get(usize::from(contact.0));
        contact
            .map(|contact| contact.id.clone())
            .unwrap_or_default()
    }
}

fn message_id(message: MessageId) -> String {
    format!("m{}", message.0)
}

/// A span of virtual time as a wait; the longest that the dialog can tell apart, if longer.
fn span(from_ms: u64, to_ms: u64) -> Millis {
    u32::try_from(to_ms.saturating_sub(from_ms)).map_or(Millis::MAX, Millis)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of a score before the cast"
)]
fn score(confidence: f64) -> Score {
    Score((confidence.clamp(0.0, 1.0) * 1000.0).round() as u16)
}

fn act(meant: &detector::Act, score: Score, runner_up: Score) -> dialog::Act {
    let name = |named: &detector::Named| dialog::Name {
        contact: ContactId(u16::try_from(named.contact).unwrap_or(u16::MAX)),
        score,
        runner_up: if named.shared { score } else { runner_up },
        alike: match named.alike {
            detector::Alike::Distinct => dialog::Alike::Distinct,
            detector::Alike::SameSound => dialog::Alike::SameSound,
            detector::Alike::SameSpelling => dialog::Alike::SameSpelling,
        },
    };
    match meant {
        detector::Act::Wake => dialog::Act::Wake,
        detector::Act::SendMessage(named) => dialog::Act::SendMessage(named.as_ref().map(name)),
        detector::Act::Home { appliance, on } => dialog::Act::Home(dialog::HomeAct {
            appliance: match appliance {
                detector::Appliance::Lights => dialog::Appliance::Lights,
                detector::Appliance::Heat => dialog::Appliance::Heat,
                detector::Appliance::Lock => dialog::Appliance::Lock,
            },
            on: *on,
        }),
        detector::Act::Name(named) => dialog::Act::Name(name(named)),
        detector::Act::Yes => dialog::Act::Yes,
        detector::Act::No => dialog::Act::No,
        detector::Act::YesAndNo => dialog::Act::YesAndNo,
        detector::Act::SendIt => dialog::Act::SendIt,
        detector::Act::Word(number) => {
            dialog::Act::Word(dialog::Word(u8::try_from(*number).unwrap_or(u8::MAX)))
        }
        detector::Act::Cancel => dialog::Act::Cancel,
        detector::Act::Talk => dialog::Act::Talk,
    }
}

fn wanted(says: Says) -> Wanted {
    let ask = match says {
        Says::ToWhom | Says::WhatMessage { .. } => return Wanted::Yes,
        Says::ConfirmRecipient { ask, .. } | Says::ConfirmSend { ask, .. } => ask,
    };
    match ask {
        dialog::Ask::Yes | dialog::Ask::Button => Wanted::Yes,
        dialog::Ask::Name => Wanted::Name,
        dialog::Ask::SendIt => Wanted::SendIt,
        dialog::Ask::Word(word) => Wanted::Word(usize::from(word.0)),
    }
}

/// What a prompt asks for, and whom it names.
fn subject(says: Says) -> (Asks, Option<ContactId>) {
    match says {
        Says::ToWhom => (Asks::Recipient, None),
        Says::WhatMessage { contact } => (Asks::Message, Some(contact)),
        Says::ConfirmRecipient { contact, .. } | Says::ConfirmSend { contact, .. } => {
            (Asks::Confirmation, Some(contact))
        }
    }
}

const fn ear_for(says: Says) -> Ear {
    match says {
        Says::ToWhom => Ear::Recipient,
        Says::WhatMessage { .. } => Ear::Message,
        Says::ConfirmRecipient { .. } | Says::ConfirmSend { .. } => Ear::Answer(Wanted::Yes),
    }
}

fn read_back_ms(says: Says) -> u64 {
    match says {
        Says::ConfirmSend { read_back, .. } => read_back.map_or(0, |length| u64::from(length.0)),
        Says::ToWhom | Says::WhatMessage { .. } | Says::ConfirmRecipient { .. } => 0,
    }
}

const fn asks(listening: Listening) -> Asks {
    match listening {
        Listening::Wake => Asks::Wake,
        Listening::Command => Asks::Command,
        Listening::Recipient => Asks::Recipient,
        Listening::Message => Asks::Message,
        Listening::Confirmation => Asks::Confirmation,
    }
}

const fn ear(listening: Listening) -> Ear {
    match listening {
        Listening::Wake => Ear::Wake,
        Listening::Command => Ear::Command,
        Listening::Recipient => Ear::Recipient,
        Listening::Message => Ear::Message,
        Listening::Confirmation => Ear::Answer(Wanted::Yes),
    }
}

/// The challenge word with this number, as the assistant says it.
fn challenge(word: dialog::Word) -> &'static str {
    challenge_word(usize::from(word.0))
}
