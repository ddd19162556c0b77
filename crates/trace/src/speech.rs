//! What people said, with the ground truth of what they meant.

use serde::{Deserialize, Serialize};

/// What one person said, when, in whose hearing, and what was meant by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Utterance {
    /// When the first sound was made, in milliseconds of virtual time.
    pub from_ms: u64,
    /// When the last sound had ended.
    pub to_ms: u64,
    /// The devices that could hear it.
    pub devices: Vec<String>,
    /// Who said it.
    pub speaker: String,
    /// The words, as they would be written.
    pub text: String,
    /// Whom and what it was meant for.
    #[serde(default, skip_serializing_if = "Meant::is_nobody")]
    pub meant: Meant,
}

/// What an utterance was meant for. The assistant never sees it; the oracle judges by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meant {
    /// Not for the assistant: talk among people, television.
    #[default]
    Nobody,
    /// Asks the assistant to send a message to this contact, or answers it on the way there.
    Request {
        /// Identifier of the contact.
        contact: String,
    },
    /// The message itself, for this contact.
    Content {
        /// Identifier of the contact.
        contact: String,
    },
    /// Tells the assistant to stop, or refuses what it asks for.
    Cancel,
    /// Tells the assistant to do something in the home.
    Command,
    /// For the assistant, but neither for nor against sending: a doubt, a question.
    Other,
}

impl Meant {
    /// Whether it was not for the assistant.
    pub fn is_nobody(&self) -> bool {
        *self == Self::Nobody
    }
}
