//! What a session may use during one step: the safeguards, fresh numbers, and ways to do things.

use crate::guard::{Guard, Guards};
use crate::permission::{Approved, Outgoing};
use crate::session::Phase;
use crate::{
    DeviceId, Effect, Effects, Listening, MessageId, Millis, Notice, Policy, PromptId, Says,
};

/// What one session may use during one step.
pub(crate) struct Turn<'a> {
    pub(crate) device: DeviceId,
    pub(crate) policy: &'a Policy,
    pub(crate) guards: Guards,
    pub(crate) contacts: u16,
    pub(crate) messaging: bool,
    /// Time since any device in the house was speaking a prompt.
    pub(crate) quiet: Millis,
    pub(crate) numbers: &'a mut Numbers,
    pub(crate) effects: &'a mut Effects,
    pub(crate) outgoing: &'a mut Option<Outgoing>,
}

/// Fresh numbers, and the seed of the challenge words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Numbers {
    pub(crate) seed: u64,
    pub(crate) prompt: u32,
    pub(crate) message: u32,
}

impl Turn<'_> {
    /// Whether a check is made.
    pub(crate) fn keeps(&self, guard: Guard) -> bool {
        self.guards.keeps(guard)
    }

    pub(crate) fn listen(&mut self, listening: Listening, window: Option<Millis>) {
        let device = self.device;
        self.effects.push(Effect::Listen {
            device,
            listening,
            window,
        });
    }

    pub(crate) fn notice(&mut self, notice: Notice) {
        let device = self.device;
        self.effects.push(Effect::Notice { device, notice });
    }

    pub(crate) fn next_prompt(&mut self) -> PromptId {
        self.numbers.prompt = self.numbers.prompt.wrapping_add(1);
        PromptId(self.numbers.prompt)
    }

    pub(crate) fn next_message(&mut self) -> MessageId {
        self.numbers.message = self.numbers.message.wrapping_add(1);
        MessageId(self.numbers.message)
    }

    /// Says a prompt; a device that lets people talk over its prompts listens at once.
    pub(crate) fn say(&mut self, prompt: PromptId, says: Says, message: Option<MessageId>) {
        let device = self.device;
        self.effects.push(Effect::Prompt {
            device,
            prompt,
            says,
            message,
        });
        if !self.policy.after_prompt && !matches!(says, Says::WhatMessage { .. }) {
            self.listen(says.listening(), None);
        }
    }

    pub(crate) fn send(&mut self, approved: Approved) -> Phase {
        let device = self.device;
        let contact = approved.draft().recipient;
        let (confirmed, outgoing) = approved.send();
        #[cfg(feature = "faults")]
        let confirmed = crate::dialog::aged(confirmed, self.guards);
        *self.outgoing = Some(outgoing);
        self.effects.push(Effect::Send { device, confirmed });
        if self.keeps(Guard::SendIsAnnounced) {
            self.notice(Notice::Sent(contact)); // G14
        }
        self.sleep()
    }

    /// What has left and was refused since is not tried again.
    pub(crate) fn give_up_retries(&mut self) {
        if self.keeps(Guard::RefusalEndsRetries) {
            *self.outgoing = None;
        }
    }

    pub(crate) fn sleep(&mut self) -> Phase {
        self.listen(Listening::Wake, None);
        Phase::Idle
    }

    pub(crate) fn drop_message(&mut self, message: Option<MessageId>, why: Notice) -> Phase {
        let device = self.device;
        self.effects.push(Effect::Cancel { device, message });
        self.notice(why);
        self.sleep()
    }
}

impl Says {
    pub(crate) const fn listening(self) -> Listening {
        match self {
            Self::ToWhom => Listening::Recipient,
            Self::WhatMessage { .. } => Listening::Message,
            Self::ConfirmRecipient { .. } | Self::ConfirmSend { .. } => Listening::Confirmation,
        }
    }
}
