//! Which safeguards are on. A policy is plain data; each safeguard is one field.

use crate::{Millis, Score};

/// The safeguards of a dialog and their settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one safeguard that is measured on and off by itself"
)]
pub struct Policy {
    /// Least score of the wake word.
    pub wake_threshold: Score,
    /// Second stage: by how much the wake word must beat the next reading of the same sound.
    pub wake_margin: Score,
    /// Least score of a command.
    pub intent_threshold: Score,
    /// Least score of a name.
    pub recipient_threshold: Score,
    /// By how much a name must beat the next one.
    pub recipient_margin: Score,
    /// Say names apart when two sound alike, and refuse names that cannot be said apart.
    pub tell_apart: bool,
    /// What is asked about before a message leaves. One of them always is.
    pub confirms: Confirms,
    /// What counts as permission, in answer to the last question before the message leaves.
    pub answer: Answer,
    /// Least score of an answer.
    pub answer_threshold: Score,
    /// An answer must be the whole utterance.
    pub whole_utterance: bool,
    /// An answer must be the recogniser's first hypothesis.
    pub first_hypothesis: bool,
    /// An answer must begin after every prompt in the house has ended.
    pub after_prompt: bool,
    /// Ask again when talk ran on across the end of the prompt.
    pub discard_across: bool,
    /// Take nothing from a voice that is known to be a device's.
    pub echo_guard: bool,
    /// The wake word must stand before the answer.
    pub wake_to_confirm: bool,
    /// Only someone of the household can give permission.
    pub known_voice: bool,
    /// How long an answer, or a command after the wake word, may take.
    pub window: Millis,
    /// How often a question may be repeated.
    pub reprompts: u8,
    /// How long a confirmed message is held, audibly, so that it can be undone; none if zero.
    pub hold: Millis,
    /// Say that recording begins.
    pub notice: bool,
}

/// What is asked about before a message leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Confirms {
    /// The recipient, before anything is recorded; the recording then leaves unasked.
    Recipient,
    /// The recorded message, named recipient included.
    Content,
    /// First the recipient, then the recorded message.
    Both,
}

/// What counts as permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Answer {
    /// A yes.
    Yes,
    /// The recipient's name once more.
    Name,
    /// "Send it".
    SendIt,
    /// A word chosen anew for each prompt.
    Word,
    /// The button on the device.
    Button,
}

impl Policy {
    /// What the vendor's account of May 2018 describes: a name list that makes a name of any noise,
    /// one lenient yes to "Ana, right?", and nothing after the recording.
    pub const ECHO_2018: Self = Self {
        wake_threshold: Score(640),
        wake_margin: Score(0),
        intent_threshold: Score(550),
        recipient_threshold: Score(350),
        recipient_margin: Score(0),
        tell_apart: false,
        confirms: Confirms::Recipient,
        answer: Answer::Yes,
        answer_threshold: Score(600),
        whole_utterance: false,
        first_hypothesis: false,
        after_prompt: false,
        discard_across: false,
        echo_guard: true,
        wake_to_confirm: false,
        known_voice: false,
        window: Millis(8_000),
        reprompts: 1,
        hold: Millis::ZERO,
        notice: false,
    };

    /// The Echo's main rival of the day: reads the message back and asks "send it or change it?".
    pub const ASSISTANT_2018: Self = Self {
        wake_threshold: Score(640),
        wake_margin: Score(0),
        intent_threshold: Score(600),
        recipient_threshold: Score(450),
        recipient_margin: Score(0),
        tell_apart: false,
        confirms: Confirms::Content,
        answer: Answer::SendIt,
        answer_threshold: Score(600),
        whole_utterance: false,
        first_hypothesis: true,
        after_prompt: true,
        discard_across: false,
        echo_guard: true,
        wake_to_confirm: false,
        known_voice: false,
        window: Millis(8_000),
        reprompts: 1,
        hold: Millis::ZERO,
        notice: false,
    };

    /// Every safeguard that can be on without a button on the device; keeps all gate and service
    /// rules.
    pub const GUARDED: Self = Self {
        wake_threshold: Score(700),
        wake_margin: Score(450),
        intent_threshold: Score(700),
        recipient_threshold: Score(600),
        recipient_margin: Score(150),
        tell_apart: true,
        confirms: Confirms::Both,
        answer: Answer::Word,
        answer_threshold: Score(800),
        whole_utterance: true,
        first_hypothesis: true,
        after_prompt: true,
        discard_across: true,
        echo_guard: true,
        wake_to_confirm: false,
        known_voice: true,
        window: Millis(6_000),
        reprompts: 1,
        hold: Millis(5_000),
        notice: true,
    };
}
