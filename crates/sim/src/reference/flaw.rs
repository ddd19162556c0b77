//! What can be wrong with the reference assistant around its dialog, to try those who look for it.

use super::{Run, Speech};
use crate::preset::Preset;
use mondegreen_dialog::{
    Act, Ask, Confirms, ContactId, DEVICES_MAX, DeviceId, Guard, Heard, Policy, Says, Stage,
};
use mondegreen_trace::fact::Did;
use std::cell::Cell;

/// One thing that is wrong with a reference assistant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A check of the dialog is broken.
    Guard(Guard),
    /// It follows another policy.
    Policy(Policy),
    /// Something around the dialog is wrong.
    Flaw(Flaw),
}

/// Something wrong around the dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// `G2` Of two names that sound alike, the words are spelt that both have.
    SpellsSharedWords,
    /// `G2` It sends to the contact that it heard the name of last.
    SendsToLastName,
    /// `G3` What is sent begins with the prompt for it.
    SendsPromptToo,
    /// `G8` When a question is repeated with another challenge word, it goes on listening for the
    /// first.
    KeepsFirstWord,
    /// `G11` What a sleeping device hears goes to a device that asks whether to send.
    AnswersFromAnywhere,
    /// `G15` The challenge words depend on how often it was started.
    CountsStarts,
    /// `G15` Once it has sent a message, it does not ask any more who is meant.
    KnowsItsContacts,
}

/// The name that each device heard while it asked whether to send.
pub(super) type Slots = Cell<[Option<ContactId>; DEVICES_MAX]>;

/// What a flaw carries over from one run to the next.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Carried {
    starts: u64,
    has_sent: bool,
}

impl Carried {
    /// The seed and the policy with which the next run starts.
    pub(super) fn start(
        &mut self,
        flaw: Option<Flaw>,
        seed: u64,
        mut preset: Preset,
    ) -> (u64, Preset) {
        self.starts = self.starts.wrapping_add(1);
        if flaw == Some(Flaw::KnowsItsContacts) && self.has_sent {
            preset.policy.confirms = Confirms::Content;
        }
        match flaw {
            Some(Flaw::CountsStarts) => (seed.wrapping_add(self.starts), preset),
            Some(_) | None => (seed, preset),
        }
    }

    pub(super) fn note(&mut self, did: &[Did]) {
        self.has_sent |= did.iter().any(|did| matches!(did, Did::Send { .. }));
    }
}

impl Run {
    /// The device that takes what this one hears.
    pub(super) fn hearer(&self, device: DeviceId) -> DeviceId {
        if self.flaw != Some(Flaw::AnswersFromAnywhere) || self.stage(device) != Some(Stage::Idle) {
            return device;
        }
        let mut devices = (0..).map(DeviceId).take(self.house.devices.len());
        let asks = |device: &DeviceId| self.stage(*device) == Some(Stage::ConfirmingSend);
        devices.find(asks).unwrap_or(device)
    }

    fn stage(&self, device: DeviceId) -> Option<Stage> {
        self.dialog.stage(device)
    }

    /// What is heard, as a flawed ear has it.
    pub(super) fn mishear(&self, device: DeviceId, heard: Heard) -> Heard {
        let sessions = self.dialog.snapshot().sessions;
        let session = sessions.get(usize::from(device.0)).copied().flatten();
        let question = session.and_then(|session| session.question);
        match (heard.act, question.and_then(|question| question.ask)) {
            (Act::Word(_), Some(Ask::Word(word))) => Heard {
                act: Act::Word(word),
                ..heard
            },
            (_, _) => heard,
        }
    }

    /// Takes note of a name, for [`Flaw::SendsToLastName`].
    pub(super) fn note_name(&self, device: DeviceId, understood: impl FnOnce() -> Heard) {
        let asks = || self.stage(device) == Some(Stage::ConfirmingSend);
        if self.flaw == Some(Flaw::SendsToLastName)
            && asks()
            && let Act::Name(name) = understood().act
        {
            let mut slots = self.slots.get();
            slots[usize::from(device.0)] = Some(name.contact);
            self.slots.set(slots);
        }
    }

    /// The name that was noted, once.
    pub(super) fn noted_name(&self, device: DeviceId) -> Option<ContactId> {
        let mut slots = self.slots.get();
        let name = slots.get_mut(usize::from(device.0))?.take();
        self.slots.set(slots);
        name
    }

    /// How long before the recording what is sent begins.
    pub(super) fn lead_ms(&self, contact: ContactId) -> u64 {
        if self.flaw == Some(Flaw::SendsPromptToo) {
            self.house.prompt(Says::WhatMessage { contact }).duration_ms
        } else {
            0
        }
    }

    /// Whether the ear goes on listening for what it listened for.
    pub(super) fn is_deaf_to(&self, says: Says) -> bool {
        let is_repeated = matches!(
            says,
            Says::ConfirmSend {
                read_back: None,
                ..
            }
        );
        is_repeated && self.flaw == Some(Flaw::KeepsFirstWord)
    }
}

impl Speech {
    /// What the run takes it for.
    pub(super) fn taken(&self, understood: Heard, device: DeviceId, run: &Run) -> Heard {
        let heard = self.heard(understood, run.now(self.at_ms));
        if run.flaw == Some(Flaw::KeepsFirstWord) {
            run.mishear(device, heard)
        } else {
            heard
        }
    }
}
