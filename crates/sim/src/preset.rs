//! The reference assistant's policies by name.

use mondegreen_dialog::Policy;

/// A policy with a name, and the name that the assistant answers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// What it is called on the command line.
    pub name: &'static str,
    /// The wake word.
    pub wake: &'static str,
    /// The safeguards.
    pub policy: Policy,
}

impl Preset {
    /// The vendor's account of May 2018.
    pub const ECHO_2018: Self = Self {
        name: "echo-2018",
        wake: "alexa",
        policy: Policy::ECHO_2018,
    };
    /// Its main rival of the day.
    pub const ASSISTANT_2018: Self = Self {
        name: "assistant-2018",
        wake: "okay google",
        policy: Policy::ASSISTANT_2018,
    };
    /// Keeps every gate and service rule.
    pub const GUARDED: Self = Self {
        name: "guarded",
        wake: "alexa",
        policy: Policy::GUARDED,
    };

    /// All presets.
    pub const ALL: [Self; 3] = [Self::ECHO_2018, Self::ASSISTANT_2018, Self::GUARDED];

    /// The preset with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name == name)
    }
}
