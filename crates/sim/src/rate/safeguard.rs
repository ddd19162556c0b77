//! Each safeguard of a policy by itself.

use crate::preset::Preset;
use mondegreen_dialog::Policy;

/// A safeguard that can be switched alone.
#[derive(Clone, Copy, Debug)]
pub struct Safeguard {
    /// What it is called.
    pub name: &'static str,
    /// Takes its setting from another policy.
    set: fn(&mut Policy, &Policy),
}

impl Safeguard {
    /// All those of `guarded`, in the order in which they act. Of those that it does without, no talk
    /// presses a button, and nobody says the wake word before an answer unless they are told to.
    pub const ALL: [Self; 17] = [
        Self::new("wake threshold", |to, from| {
            to.wake_threshold = from.wake_threshold;
        }),
        Self::new("second stage", |to, from| {
            to.wake_margin = from.wake_margin;
        }),
        Self::new("intent threshold", |to, from| {
            to.intent_threshold = from.intent_threshold;
        }),
        Self::new("recipient score", |to, from| {
            to.recipient_threshold = from.recipient_threshold;
        }),
        Self::new("recipient margin", |to, from| {
            to.recipient_margin = from.recipient_margin;
        }),
        Self::new("names said apart", |to, from| {
            to.tell_apart = from.tell_apart;
        }),
        Self::new("content confirmed", |to, from| {
            to.confirms = from.confirms;
        }),
        Self::new("challenge word", |to, from| {
            to.answer = from.answer;
        }),
        Self::new("answer threshold", |to, from| {
            to.answer_threshold = from.answer_threshold;
        }),
        Self::new("whole utterance", |to, from| {
            to.whole_utterance = from.whole_utterance;
        }),
        Self::new("first hypothesis", |to, from| {
            to.first_hypothesis = from.first_hypothesis;
        }),
        Self::new("after the prompt", |to, from| {
            to.after_prompt = from.after_prompt;
        }),
        Self::new("talk across the prompt", |to, from| {
            to.discard_across = from.discard_across;
        }),
        Self::new("known voice", |to, from| {
            to.known_voice = from.known_voice;
        }),
        Self::new("window", |to, from| {
            to.window = from.window;
        }),
        Self::new("hold with undo", |to, from| {
            to.hold = from.hold;
        }),
        Self::new("notice of recording", |to, from| {
            to.notice = from.notice;
        }),
    ];

    const fn new(name: &'static str, set: fn(&mut Policy, &Policy)) -> Self {
        Self { name, set }
    }

    /// `guarded` without it: as it is in `echo-2018`. Nothing if it is the same in both.
    pub fn off(&self) -> Option<Preset> {
        self.in_place_of(Preset::GUARDED, &Policy::ECHO_2018)
    }

    /// `echo-2018` with it: as it is in `guarded`. Nothing if it is the same in both.
    pub fn on(&self) -> Option<Preset> {
        self.in_place_of(Preset::ECHO_2018, &Policy::GUARDED)
    }

    fn in_place_of(&self, preset: Preset, from: &Policy) -> Option<Preset> {
        let mut policy = preset.policy;
        (self.set)(&mut policy, from);
        (policy != preset.policy).then_some(Preset { policy, ..preset })
    }
}
