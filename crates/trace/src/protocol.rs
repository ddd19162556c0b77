//! The assistant protocol, version 1: one JSON object a line.
//!
//! Inputs go to the assistant; for each it answers with any number of effects and then
//! [`Effect::Done`]. Time is virtual, in milliseconds, and never decreases.

use crate::Household;
use serde::{Deserialize, Serialize};

/// The version that is spoken here.
pub const PROTOCOL: u32 = 1;

/// What an assistant is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Input {
    /// A fresh run begins.
    Start {
        /// Version of the protocol.
        protocol: u32,
        /// The only source of randomness.
        seed: u64,
        /// When.
        at_ms: u64,
        /// The home.
        household: Household,
    },
    /// A recogniser's account of a span of speech.
    Heard {
        /// When the account was given.
        at_ms: u64,
        /// The device that heard it.
        device: String,
        /// When the speech began.
        from_ms: u64,
        /// Whether the recogniser will not change its mind.
        #[serde(rename = "final")]
        is_final: bool,
        /// Whose voice it was.
        voice: Voice,
        /// What it may have been, best first.
        hypotheses: Vec<Hypothesis>,
    },
    /// The recogniser takes back what it said of the speech that began then.
    Withdrawn {
        /// When.
        at_ms: u64,
        /// The device that had heard it.
        device: String,
        /// When the speech began.
        from_ms: u64,
    },
    /// The device has finished saying a prompt.
    PromptEnded {
        /// When.
        at_ms: u64,
        /// The device.
        device: String,
        /// Number of the prompt.
        prompt: u32,
    },
    /// Someone pressed a button.
    Pressed {
        /// When.
        at_ms: u64,
        /// The device.
        device: String,
        /// Which button.
        button: Button,
    },
    /// Time has come this far.
    Time {
        /// When.
        at_ms: u64,
    },
    /// What became of a message that was sent.
    Delivery {
        /// When.
        at_ms: u64,
        /// Identifier of the message.
        message: String,
        /// Whether it arrived.
        ok: bool,
    },
    /// Messaging was switched on or off.
    Setting {
        /// When.
        at_ms: u64,
        /// On or off.
        messaging: bool,
    },
    /// The assistant lost power and came back.
    Restart {
        /// When.
        at_ms: u64,
    },
    /// The run is over.
    End,
}

/// Whose voice a device believes that it heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Voice {
    /// Someone of the household.
    Person,
    /// A device's own voice.
    Device,
    /// It cannot tell.
    Unknown,
}

/// A button on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Button {
    /// Confirms what the device asks.
    Confirm,
    /// Cancels what the device does.
    Cancel,
}

/// One reading of a span of speech.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hypothesis {
    /// The words.
    pub text: String,
    /// How sure the recogniser is, from 0 to 1.
    pub confidence: f64,
}

/// What a prompt asks for, or what a device listens for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// Its name. Only a device that sleeps listens for this; no prompt asks for it.
    Wake,
    /// What to do.
    Command,
    /// Whom to send to.
    Recipient,
    /// The message itself.
    Message,
    /// Permission to send.
    Confirmation,
}

/// What an assistant does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Effect {
    /// The first, in answer to `start`.
    Hello {
        /// Version of the protocol.
        protocol: u32,
        /// Name of the assistant.
        name: String,
        /// Its version.
        version: String,
    },
    /// The device says something and wants an answer.
    Prompt {
        /// The device.
        device: String,
        /// Number of the prompt, not used twice in a run.
        prompt: u32,
        /// What it says.
        text: String,
        /// What it asks for, if the assistant can tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asks: Option<Asks>,
        /// Identifier of the contact whom it names, if the assistant can tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recipient: Option<String>,
        /// Identifier of the message that it is about, if the assistant can tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// How long it takes to say.
        duration_ms: u64,
    },
    /// The device listens.
    Listen {
        /// The device.
        device: String,
        /// What for.
        #[serde(rename = "for")]
        listens_for: Asks,
        /// Until when; absent when it listens until something else happens.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until_ms: Option<u64>,
    },
    /// Recording of a message begins.
    Record {
        /// The device.
        device: String,
        /// Identifier of the message.
        message: String,
    },
    /// Recording of a message ends.
    RecordEnded {
        /// The device.
        device: String,
        /// Identifier of the message.
        message: String,
    },
    /// The message leaves the house.
    Send {
        /// The device.
        device: String,
        /// Identifier of the message.
        message: String,
        /// Identifier of the contact.
        recipient: String,
        /// Beginning of the audio that is sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from_ms: Option<u64>,
        /// End of the audio that is sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to_ms: Option<u64>,
    },
    /// The message is dropped.
    Cancel {
        /// The device.
        device: String,
        /// Identifier of the message; absent when there was none yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// The device says or sounds something and wants no answer.
    Notice {
        /// The device.
        device: String,
        /// What it says.
        text: String,
    },
    /// The device does something in the home.
    Act {
        /// The device.
        device: String,
        /// What it does.
        action: String,
    },
    /// Asks for a `time` then.
    Timer {
        /// When.
        at_ms: u64,
    },
    /// All effects of the input have been written.
    Done,
}

impl Input {
    /// When it happens. [`Input::End`] has no time of its own.
    pub fn at_ms(&self) -> Option<u64> {
        match self {
            Self::Start { at_ms, .. }
            | Self::Heard { at_ms, .. }
            | Self::Withdrawn { at_ms, .. }
            | Self::PromptEnded { at_ms, .. }
            | Self::Pressed { at_ms, .. }
            | Self::Time { at_ms }
            | Self::Delivery { at_ms, .. }
            | Self::Setting { at_ms, .. }
            | Self::Restart { at_ms } => Some(*at_ms),
            Self::End => None,
        }
    }
}
