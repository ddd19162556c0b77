//! What a dialog wants done.

use crate::{Ask, ConfirmedSend, ContactId, DeviceId, HomeAct, MessageId, Millis, PromptId};

/// The most effects that one step can have: four sessions that run out of time, with at most four
/// effects each, and one of them that takes an input, with at most four more. What ends all
/// sessions at once does so before their time runs out.
pub const EFFECTS_MAX: usize = 20;

/// One thing to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// Say this and then report [`crate::Input::PromptEnded`].
    Prompt {
        /// Where.
        device: DeviceId,
        /// Number of the prompt.
        prompt: PromptId,
        /// What.
        says: Says,
        /// The message that it is about, once there is one.
        message: Option<MessageId>,
    },
    /// Listen for this.
    Listen {
        /// Where.
        device: DeviceId,
        /// What for.
        listening: Listening,
        /// How long; without an end if absent.
        window: Option<Millis>,
    },
    /// Begin to record.
    Record {
        /// Where.
        device: DeviceId,
        /// For which message.
        message: MessageId,
    },
    /// Stop recording.
    RecordEnded {
        /// Where.
        device: DeviceId,
        /// For which message.
        message: MessageId,
    },
    /// Send the message. The only send there is.
    Send {
        /// From where.
        device: DeviceId,
        /// Permission, with the draft that it is for.
        confirmed: ConfirmedSend,
    },
    /// The message will not be sent.
    Cancel {
        /// Where.
        device: DeviceId,
        /// Which, if it had begun.
        message: Option<MessageId>,
    },
    /// Say this; no answer is wanted.
    Notice {
        /// Where.
        device: DeviceId,
        /// What.
        notice: Notice,
    },
    /// Do this in the home.
    Act {
        /// Where it was asked for.
        device: DeviceId,
        /// What.
        act: HomeAct,
    },
}

/// What a device says when it wants an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Says {
    /// "To whom?"
    ToWhom,
    /// Is this the right recipient?
    ConfirmRecipient {
        /// Who.
        contact: ContactId,
        /// Whether the name must be said so that it differs from one that sounds the same.
        apart: bool,
        /// The wanted answer.
        ask: Ask,
    },
    /// "What is the message?"
    WhatMessage {
        /// For whom.
        contact: ContactId,
    },
    /// Shall this be sent?
    ConfirmSend {
        /// To whom.
        contact: ContactId,
        /// Whether the name must be said so that it differs from one that sounds the same.
        apart: bool,
        /// The wanted answer.
        ask: Ask,
        /// Length of the recording to be played first; absent when it was played already.
        read_back: Option<Millis>,
    },
}

/// What a device says when it wants no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notice {
    /// Recording begins.
    Recording,
    /// The message leaves after so long unless somebody says cancel.
    Holding(ContactId, Millis),
    /// The message left.
    Sent(ContactId),
    /// The message leaves again, because it did not arrive.
    Retrying(ContactId),
    /// The message is dropped.
    Dropped,
    /// Messaging is switched off.
    MessagingOff,
    /// Two contacts have this name, and nothing tells them apart.
    CannotTellApart(ContactId),
}

/// What a device listens for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Listening {
    /// Its name.
    Wake,
    /// A command, or a word to stop what it is about to do.
    Command,
    /// A name.
    Recipient,
    /// A message.
    Message,
    /// Permission.
    Confirmation,
}

/// The effects of one step, in order.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "an effect that is dropped is not done"]
pub struct Effects {
    len: usize,
    items: [Option<Effect>; EFFECTS_MAX],
}

impl Effects {
    /// No effects: the buffer for [`crate::Dialog::advance`].
    pub const fn new() -> Self {
        Self {
            len: 0,
            items: [const { None }; EFFECTS_MAX],
        }
    }

    pub(crate) fn push(&mut self, effect: Effect) {
        assert!(
            self.len < EFFECTS_MAX,
            "more effects than one step can have"
        );
        if let Some(slot) = self.items.get_mut(self.len) {
            *slot = Some(effect);
        }
        self.len = self.len.saturating_add(1);
    }

    pub(crate) fn clear(&mut self) {
        self.drain().for_each(drop);
    }

    /// Takes the effects out, in order.
    pub fn drain(&mut self) -> impl Iterator<Item = Effect> {
        let len = core::mem::take(&mut self.len);
        self.items.iter_mut().take(len).filter_map(Option::take)
    }

    /// The effects, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Effect> {
        self.items.iter().take(self.len).flatten()
    }

    /// Whether there is nothing to do.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl Default for Effects {
    fn default() -> Self {
        Self::new()
    }
}

impl IntoIterator for Effects {
    type Item = Effect;
    type IntoIter =
        core::iter::Flatten<core::iter::Take<core::array::IntoIter<Option<Effect>, EFFECTS_MAX>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter().take(self.len).flatten()
    }
}
