//! Permission that nobody gave, and permission for something else: for broken checks alone.

use super::{Approved, ConfirmedSend, Draft, Outgoing};
use crate::{ContactId, MessageId, Millis};

impl Approved {
    /// A draft that nobody approved.
    pub(crate) const fn presumed(draft: Draft) -> Self {
        Self {
            draft,
            asked: Millis::ZERO,
        }
    }

    pub(crate) const fn readdress(&mut self, recipient: ContactId) {
        self.draft.recipient = recipient;
    }

    /// The approval once more; what follows from it is sent a second time.
    pub(crate) const fn again(&self) -> ConfirmedSend {
        ConfirmedSend { draft: self.draft }
    }
}

impl ConfirmedSend {
    pub(crate) const fn readdress(&mut self, recipient: ContactId) {
        self.draft.recipient = recipient;
    }

    pub(crate) const fn renumber(&mut self, message: MessageId) {
        self.draft.message = message;
    }

    /// Takes the recording for younger than it is.
    pub(crate) fn rejuvenate(&mut self, age: impl FnOnce(Millis) -> Millis) {
        if let Some(audio) = &mut self.draft.audio {
            audio.ended = age(audio.ended);
        }
    }
}

impl Outgoing {
    pub(crate) const fn age(&self) -> Millis {
        self.age
    }

    /// Permission for the same once more.
    pub(crate) const fn again(&self) -> ConfirmedSend {
        ConfirmedSend { draft: self.draft }
    }
}
