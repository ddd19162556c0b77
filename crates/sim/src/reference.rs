//! The reference assistant: detector and dialog behind the protocol.
//!
//! It owns absolute time, the wording of prompts, and which span of sound belongs to which message.
//! It has two doors: words come in by [`Assistant`], facts by [`Target`]; what it does is the same.

mod flaw;
mod house;
mod understood;
mod wording;

use crate::assistant::{Assistant, Broken};
use crate::preset::Preset;
use crate::target::{Shared, Target};
use flaw::{Carried, Slots};
pub use flaw::{Fault, Flaw};
use house::{House, Spelling};
use mondegreen_detector::{Listening as Ear, Wanted, challenge_word};
use mondegreen_dialog as dialog;
use mondegreen_dialog::{
    ContactId, DEVICES_MAX, DeviceId, Dialog, Effects, Listening, MessageId, Millis, PromptId, Says,
};
use mondegreen_trace::fact::{Did, Given, Home, Term};
use mondegreen_trace::{Asks, Button, Effect, Hypothesis, Input, PROTOCOL, Voice};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The dictionary of an assistant that is talked to in words begins anew at this size.
const DICTIONARY_MAX: usize = 100_000;
/// So many households are known at once.
const HOUSES_MAX: usize = 512;

/// The reference assistant, under one of its policies.
#[derive(Clone, Debug)]
pub struct Reference {
    preset: Preset,
    fault: Option<Fault>,
    carried: Carried,
    dictionary: Shared,
    run: Option<Run>,
    /// The households that it was started in: there are few, and to know one takes long.
    houses: Rc<RefCell<BTreeMap<Home, Rc<House>>>>,
    /// What it did on an input that came in words.
    did: Vec<Did>,
}

/// One run, from its start.
#[derive(Clone, Debug)]
struct Run {
    house: Rc<House>,
    dialog: Dialog,
    flaw: Option<Flaw>,
    slots: Slots,
    now_ms: u64,
    timer_ms: Option<u64>,
    ears: [Ear; DEVICES_MAX],
    /// What the standing question of each device wants.
    wanted: [Wanted; DEVICES_MAX],
}

impl Reference {
    /// The assistant with this policy and name.
    pub fn new(preset: Preset) -> Self {
        Self {
            preset,
            fault: None,
            carried: Carried::default(),
            dictionary: Shared::default(),
            run: None,
            houses: Rc::default(),
            did: Vec::new(),
        }
    }

    /// The same assistant with something wrong.
    #[must_use]
    pub fn with(mut self, fault: Fault) -> Self {
        if let Fault::Policy(policy) = fault {
            self.preset.policy = policy;
        }
        self.fault = Some(fault);
        self
    }

    const fn flaw(&self) -> Option<Flaw> {
        match self.fault {
            Some(Fault::Flaw(flaw)) => Some(flaw),
            Some(Fault::Guard(_) | Fault::Policy(_)) | None => None,
        }
    }

    /// The policy that it follows.
    pub(crate) const fn policy(&self) -> &dialog::Policy {
        &self.preset.policy
    }

    /// What is wrong with it.
    pub(crate) const fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// The name that it answers to.
    pub(crate) const fn wake(&self) -> &'static str {
        self.preset.wake
    }

    /// The dialog inside, for a search that looks at its state; nothing before the start.
    pub fn dialog(&self) -> Option<&Dialog> {
        self.run.as_ref().map(|run| &run.dialog)
    }

    /// From here on, its challenge words are those of another seed.
    pub(crate) fn reseed(&mut self, seed: u64) {
        if let Some(run) = &mut self.run {
            run.dialog.reseed(seed);
        }
    }

    fn start(
        &mut self,
        house: Rc<House>,
        (seed, at_ms): (u64, u64),
        did: &mut Vec<Did>,
    ) -> Result<(), Broken> {
        let (seed, preset) = self.carried.start(self.flaw(), seed, self.preset);
        let run = Run::start(&preset, self.fault, house, (seed, at_ms))?;
        let mut dictionary = self.dictionary.borrow_mut();
        did.push(Did::Hello {
            protocol: PROTOCOL,
            name: dictionary.term(self.preset.name),
            version: dictionary.term(env!("CARGO_PKG_VERSION")),
        });
        did.extend(run.house.devices.iter().map(|device| Did::Listen {
            device: *device,
            listens_for: Asks::Wake,
            until_ms: None,
        }));
        self.run = Some(run);
        Ok(())
    }

    fn house(&self, home: Home) -> Result<Rc<House>, Broken> {
        let mut houses = self.houses.borrow_mut();
        if let Some(known) = houses.get(&home) {
            return Ok(Rc::clone(known));
        }
        let household = self.dictionary.borrow().household(home).cloned();
        let household =
            household.ok_or_else(|| Broken::new("the household is not known".to_owned()))?;
        let house = House::new(self.preset.wake, household, Rc::clone(&self.dictionary));
        let house = Rc::new(house.spelling(Spelling::of(self.flaw())));
        if houses.len() >= HOUSES_MAX {
            houses.clear();
        }
        houses.insert(home, Rc::clone(&house));
        Ok(house)
    }
}

impl Assistant for Reference {
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        let mut did = std::mem::take(&mut self.did);
        match *input {
            Input::Start {
                seed,
                at_ms,
                ref household,
                ..
            } => {
                if self.dictionary.borrow().size() > DICTIONARY_MAX {
                    self.dictionary = Shared::default();
                    self.houses = Rc::default();
                }
                let home = self.dictionary.borrow_mut().home(household);
                let house = self.house(home)?;
                self.start(house, (seed, at_ms), &mut did)?;
            }
            Input::Heard {
                at_ms,
                ref device,
                from_ms,
                is_final,
                voice,
                ref hypotheses,
            } => {
                let device = self.dictionary.borrow_mut().term(device);
                let speech = Speech {
                    at_ms,
                    from_ms,
                    is_final,
                    voice,
                };
                let run = self.run.as_mut().ok_or_else(before_the_start)?;
                run.hear(&speech, device, hypotheses, &mut did);
                self.carried.note(&did);
            }
            Input::Withdrawn { .. }
            | Input::PromptEnded { .. }
            | Input::Pressed { .. }
            | Input::Time { .. }
            | Input::Delivery { .. }
            | Input::Setting { .. }
            | Input::Restart { .. }
            | Input::End => {
                let given = self.dictionary.borrow_mut().given(input);
                self.give(&given, &mut did)?;
            }
        }
        let dictionary = self.dictionary.borrow();
        effects.extend(did.drain(..).map(|did| dictionary.effect(&did)));
        drop(dictionary);
        self.did = did;
        Ok(())
    }
}

impl Target for Reference {
    fn give(&mut self, given: &Given, did: &mut Vec<Did>) -> Result<(), Broken> {
        match *given {
            Given::Start {
                seed,
                at_ms,
                household,
                ..
            } => {
                let house = self.house(household)?;
                self.start(house, (seed, at_ms), did)
            }
            Given::End => {
                self.run = None;
                Ok(())
            }
            Given::Heard { .. }
            | Given::Withdrawn { .. }
            | Given::PromptEnded { .. }
            | Given::Pressed { .. }
            | Given::Time { .. }
            | Given::Delivery { .. }
            | Given::Setting { .. }
            | Given::Restart { .. } => {
                let run = self.run.as_mut().ok_or_else(before_the_start)?;
                run.give(given, did, &self.dictionary);
                self.carried.note(did);
                Ok(())
            }
        }
    }

    fn dictionary(&self) -> Shared {
        Rc::clone(&self.dictionary)
    }

    fn dialog(&self) -> Option<&Dialog> {
        Self::dialog(self)
    }

    fn fresh(&self) -> Option<Self> {
        Some(Self {
            carried: Carried::default(),
            run: None,
            ..self.clone()
        })
    }

    fn fork(&self) -> Option<Self> {
        Some(self.clone())
    }
}

fn before_the_start() -> Broken {
    Broken::new("an input came before the start".to_owned())
}

/// What is known of speech beside its words.
struct Speech {
    at_ms: u64,
    from_ms: u64,
    is_final: bool,
    voice: Voice,
}

impl Run {
    fn start(
        preset: &Preset,
        fault: Option<Fault>,
        house: Rc<House>,
        (seed, now_ms): (u64, u64),
    ) -> Result<Self, Broken> {
        let devices = house.devices.len();
        if devices > DEVICES_MAX {
            return Err(Broken::new(format!(
                "the reference assistant serves at most {DEVICES_MAX} devices, and the household has {devices}"
            )));
        }
        let home = dialog::Home {
            devices: u8::try_from(devices).unwrap_or(u8::MAX),
            contacts: u16::try_from(house.household.contacts.len()).unwrap_or(u16::MAX),
            messaging: house.household.messaging,
        };
        let dialog = Dialog::new(preset.policy, home, seed);
        let (dialog, flaw) = match fault {
            Some(Fault::Guard(guard)) => (dialog.without(guard), None),
            Some(Fault::Flaw(flaw)) => (dialog, Some(flaw)),
            Some(Fault::Policy(_)) | None => (dialog, None),
        };
        Ok(Self {
            house,
            dialog,
            flaw,
            slots: Slots::default(),
            now_ms,
            timer_ms: None,
            ears: [Ear::Wake; DEVICES_MAX],
            wanted: [Wanted::Yes; DEVICES_MAX],
        })
    }

    /// Speech in words: what people say has no end, and gets no number.
    fn hear(
        &mut self,
        speech: &Speech,
        device: Term,
        hypotheses: &[Hypothesis],
        did: &mut Vec<Did>,
    ) {
        let heard = self.device(device).map(|device| {
            let device = self.hearer(device);
            self.note_name(device, || self.house.understand(Ear::Recipient, hypotheses));
            let heard = self.house.understand(self.ear(device), hypotheses);
            dialog::Input::Heard(device, speech.taken(heard, device, self))
        });
        self.advance(Some(speech.at_ms), heard, did);
    }

    /// Takes an input. What it says of devices and messages that are not ours passes time.
    fn give(&mut self, given: &Given, did: &mut Vec<Did>, dictionary: &Shared) {
        let device = |name| self.device(name);
        let meant = match *given {
            Given::Heard {
                at_ms,
                device: name,
                from_ms,
                is_final,
                voice,
                hypotheses,
            } => device(name).map(|device| {
                let speech = Speech {
                    at_ms,
                    from_ms,
                    is_final,
                    voice,
                };
                let device = self.hearer(device);
                self.note_name(device, || {
                    self.house.understand_list(Ear::Recipient, hypotheses)
                });
                let heard = self.house.understand_list(self.ear(device), hypotheses);
                dialog::Input::Heard(device, speech.taken(heard, device, self))
            }),
            Given::Withdrawn {
                at_ms,
                device: name,
                from_ms,
            } => device(name)
                .map(|device| dialog::Input::Withdrawn(device, span(from_ms, self.now(at_ms)))),
            Given::PromptEnded {
                device: name,
                prompt,
                ..
            } => device(name).map(|device| dialog::Input::PromptEnded(device, PromptId(prompt))),
            Given::Pressed {
                device: name,
                button,
                ..
            } => device(name).map(|device| dialog::Input::Pressed(device, pressed(button))),
            Given::Delivery { message, ok, .. } => delivery(dictionary.borrow().text(message), ok),
            Given::Setting { messaging, .. } => Some(setting(messaging)),
            Given::Restart { .. } => Some(dialog::Input::Restart),
            Given::Time { .. } | Given::Start { .. } | Given::End => None,
        };
        self.advance(given.at_ms(), meant, did);
    }

    /// Time does not run backwards, whatever an input says.
    fn now(&self, at_ms: u64) -> u64 {
        at_ms.max(self.now_ms)
    }

    fn advance(&mut self, at_ms: Option<u64>, input: Option<dialog::Input>, did: &mut Vec<Did>) {
        let now_ms = self.now(at_ms.unwrap_or(self.now_ms));
        let waited = span(self.now_ms, now_ms);
        self.now_ms = now_ms;
        let mut effects = Effects::new();
        let input = input.unwrap_or(dialog::Input::Time);
        self.dialog.advance(waited, input, &mut effects);
        for effect in effects.drain() {
            did.extend(self.voice(&effect));
        }
        self.set_timer(did);
    }

    fn set_timer(&mut self, did: &mut Vec<Did>) {
        let due = self.dialog.next_deadline();
        let due = due.and_then(|left| self.now_ms.checked_add(u64::from(left.0)));
        if due != self.timer_ms {
            self.timer_ms = due;
            did.extend(due.map(|at_ms| Did::Timer { at_ms }));
        }
    }

    fn device(&self, name: Term) -> Option<DeviceId> {
        let mut devices = self.house.devices.iter();
        let place = devices.position(|device| *device == name)?;
        u8::try_from(place).ok().map(DeviceId)
    }

    /// What the device listens for.
    fn ear(&self, device: DeviceId) -> Ear {
        let place = usize::from(device.0);
        match self.ears[place] {
            Ear::Answer(_) => Ear::Answer(self.wanted[place]),
            other @ (Ear::Wake | Ear::Command | Ear::Recipient | Ear::Message) => other,
        }
    }

    /// What the dialog wants done, in the terms of the protocol; nothing of a device that is not
    /// ours.
    fn voice(&mut self, effect: &dialog::Effect) -> Option<Did> {
        let house = Rc::clone(&self.house);
        Some(match *effect {
            dialog::Effect::Prompt {
                device,
                prompt,
                says,
                message,
            } => {
                // What is said over a prompt is understood as an answer to it.
                self.ears[usize::from(device.0)] = ear_for(says);
                if !self.is_deaf_to(says) {
                    self.wanted[usize::from(device.0)] = wanted(says);
                }
                let worded = house.prompt(says);
                let (asks, contact) = subject(says);
                Did::Prompt {
                    device: house.device(device)?,
                    prompt: prompt.0,
                    text: worded.text,
                    asks: Some(asks),
                    recipient: contact.map(|contact| house.contact(contact)),
                    message: message.map(|message| house.message(message)),
                    duration_ms: worded.duration_ms,
                }
            }
            dialog::Effect::Listen {
                device,
                listening,
                window,
            } => {
                self.ears[usize::from(device.0)] = ear(listening);
                Did::Listen {
                    device: house.device(device)?,
                    listens_for: asks(listening),
                    until_ms: window.map(|window| self.now_ms.saturating_add(u64::from(window.0))),
                }
            }
            dialog::Effect::Record { device, message } => Did::Record {
                device: house.device(device)?,
                message: house.message(message),
            },
            dialog::Effect::RecordEnded { device, message } => Did::RecordEnded {
                device: house.device(device)?,
                message: house.message(message),
            },
            dialog::Effect::Send {
                device,
                ref confirmed,
            } => {
                let draft = confirmed.draft();
                let to_ms = draft
                    .audio
                    .map(|audio| self.now_ms.saturating_sub(u64::from(audio.ended.0)));
                let length = draft.audio.map_or(0, |audio| u64::from(audio.length.0));
                let length = length + self.lead_ms(draft.recipient);
                let recipient = self.noted_name(device).unwrap_or(draft.recipient);
                Did::Send {
                    device: house.device(device)?,
                    message: house.message(draft.message),
                    recipient: house.contact(recipient),
                    from_ms: to_ms.map(|to_ms| to_ms.saturating_sub(length)),
                    to_ms,
                }
            }
            dialog::Effect::Cancel { device, message } => Did::Cancel {
                device: house.device(device)?,
                message: message.map(|message| house.message(message)),
            },
            dialog::Effect::Notice { device, notice } => Did::Notice {
                device: house.device(device)?,
                text: house.notice(notice),
            },
            dialog::Effect::Act { device, act } => Did::Act {
                device: house.device(device)?,
                action: house.action(act),
            },
        })
    }
}

impl Speech {
    fn heard(&self, understood: dialog::Heard, now_ms: u64) -> dialog::Heard {
        dialog::Heard {
            voice: match self.voice {
                Voice::Person => dialog::Voice::Person,
                Voice::Device => dialog::Voice::Device,
                Voice::Unknown => dialog::Voice::Unknown,
            },
            finality: if self.is_final {
                dialog::Finality::Final
            } else {
                dialog::Finality::Interim
            },
            began: span(self.from_ms, now_ms),
            ..understood
        }
    }
}

const fn pressed(button: Button) -> dialog::Button {
    match button {
        Button::Confirm => dialog::Button::Confirm,
        Button::Cancel => dialog::Button::Cancel,
    }
}

fn delivery(message: &str, ok: bool) -> Option<dialog::Input> {
    let number = message.strip_prefix('m')?.parse().ok().map(MessageId)?;
    Some(if ok {
        dialog::Input::Delivered(number)
    } else {
        dialog::Input::Undelivered(number)
    })
}

const fn setting(messaging: bool) -> dialog::Input {
    if messaging {
        dialog::Input::MessagingOn
    } else {
        dialog::Input::MessagingOff
    }
}

/// A span of virtual time as a wait; the longest that the dialog can tell apart, if longer.
fn span(from_ms: u64, to_ms: u64) -> Millis {
    u32::try_from(to_ms.saturating_sub(from_ms)).map_or(Millis::MAX, Millis)
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
