//! Which rules can be judged from a log at all, by what it tells.
//!
//! The oracle holds nothing against anyone that a trace does not tell. After an incident that is not
//! enough: whoever reads "kept" wants to know whether the log could have shown the contrary.

use super::run::Numbered;
use mondegreen_oracle::Rule;
use mondegreen_trace::{Asks, Effect, Input, Line, Meant, Voice};

/// What is to be said of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It was broken, by these of the breaches.
    Broken,
    /// It was kept; for this reason, if nothing could have broken it.
    Kept(Option<&'static str>),
    /// The log does not tell, for this reason.
    Unjudged(&'static str),
}

/// Whether a run can be compared with another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Replayed {
    /// No other began like it.
    #[default]
    Once,
    /// It was compared with the first that did.
    Compared,
    /// It is too long to be held.
    TooLong,
}

/// What a run tells, and what not.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that a log tells or does not"
)]
pub(crate) struct Told {
    pub(crate) replays: Replayed,
    has_contacts: bool,
    devices: usize,
    knows_messaging: bool,
    knows_voices: bool,
    asks_permission: bool,
    has_prompt_lengths: bool,
    tells_recipients: bool,
    tells_listening: bool,
    tells_windows: bool,
    records: bool,
    sends: usize,
    /// Sends that say which audio, or whose recording is told.
    spans: usize,
    restarts: usize,
    withdraws: bool,
    has_truth: bool,
    /// Whether anything was said that was for no message.
    has_more: bool,
    has_cancel: bool,
    has_command: bool,
    has_end: bool,
}

impl Told {
    pub(crate) fn see(&mut self, line: &Line) {
        match line {
            Line::Said { said } => {
                self.has_truth = true;
                match said.meant {
                    Meant::Nobody | Meant::Other => {}
                    Meant::Cancel => self.has_cancel = true,
                    Meant::Command => self.has_command = true,
                    Meant::Request { .. } | Meant::Content { .. } => return,
                }
                self.has_more = true;
            }
            Line::In(input) => self.given(input),
            Line::Out(effect) => self.did(effect),
        }
    }

    fn given(&mut self, input: &Input) {
        match input {
            Input::Start { household, .. } => {
                self.knows_messaging = true;
                self.has_contacts = !household.contacts.is_empty();
                self.devices = household.devices.len();
            }
            Input::Heard {
                voice, is_final, ..
            } => {
                self.knows_voices |= *voice != Voice::Unknown;
                self.withdraws |= !is_final;
            }
            Input::Withdrawn { .. } => self.withdraws = true,
            Input::PromptEnded { .. } => self.has_prompt_lengths = true,
            Input::Setting { .. } => self.knows_messaging = true,
            Input::Restart { .. } => self.restarts += 1,
            Input::End => self.has_end = true,
            Input::Pressed { .. } | Input::Time { .. } | Input::Delivery { .. } => {}
        }
    }

    fn did(&mut self, effect: &Effect) {
        match effect {
            Effect::Prompt {
                asks,
                recipient,
                duration_ms,
                ..
            } => {
                self.asks_permission |= matches!(asks, Some(Asks::Confirmation) | None);
                self.tells_recipients |= recipient.is_some();
                self.has_prompt_lengths |= *duration_ms > 0;
            }
            Effect::Listen {
                listens_for,
                until_ms,
                ..
            } => {
                self.tells_listening = true;
                let is_window = *listens_for == Asks::Confirmation && until_ms.is_some();
                self.tells_windows |= is_window;
            }
            Effect::Record { .. } => self.records = true,
            Effect::Send { from_ms, to_ms, .. } => {
                self.sends += 1;
                let has_span = from_ms.is_some() && to_ms.is_some();
                self.spans += usize::from(has_span || self.records);
            }
            Effect::Hello { .. }
            | Effect::RecordEnded { .. }
            | Effect::Cancel { .. }
            | Effect::Notice { .. }
            | Effect::Act { .. }
            | Effect::Timer { .. }
            | Effect::Done => {}
        }
    }

    /// Why a rule that no breach was found of is kept, or cannot be judged.
    fn unbroken(&self, rule: Rule) -> Verdict {
        if let Some(why) = self.missing(rule) {
            return Verdict::Unjudged(why);
        }
        Verdict::Kept(self.vacuous(rule))
    }

    /// What the log would have to tell for this rule to be judged.
    fn missing(&self, rule: Rule) -> Option<&'static str> {
        let unless = |told: bool, why| (!told).then_some(why);
        let has_sent = self.sends > 0;
        match rule {
            Rule::G2 if has_sent => unless(
                self.has_contacts || self.tells_recipients,
                "no contacts are known, and no prompt says whom it is about",
            ),
            Rule::G3 if has_sent => unless(self.records, "the log does not say what is recorded"),
            Rule::G4 if has_sent && self.asks_permission => unless(
                self.has_prompt_lengths,
                "the log says of no prompt how long it took",
            ),
            Rule::G5 if has_sent && self.asks_permission => unless(
                self.tells_windows,
                "the log does not say until when the device listened for an answer",
            ),
            Rule::G6 if has_sent => unless(
                self.knows_voices,
                "the log says of nothing heard whose voice it was",
            ),
            Rule::G12 => unless(
                self.knows_messaging,
                "the log does not say whether messaging was on",
            ),
            Rule::G15 => match self.replays {
                Replayed::Compared => None,
                Replayed::Once => Some("no earlier run of the log began like this one"),
                Replayed::TooLong => Some("the run is too long to be compared"),
            },
            Rule::I1 | Rule::I2 | Rule::I3 | Rule::S1 | Rule::S2 | Rule::S4 if !self.has_truth => {
                Some("the log does not tell what people said and meant (`said`)")
            }
            Rule::I3 if has_sent => unless(
                self.spans == self.sends,
                "the log does not say which sound was sent",
            ),
            Rule::S1 if self.has_more => {
                Some("people said other things too, and the rule is about a quiet room")
            }
            Rule::S1 => unless(
                self.has_end || has_sent,
                "the run has no `end`: the message may have been sent later",
            ),
            Rule::S3 => unless(
                self.tells_listening || self.records,
                "the log does not say what devices listened for",
            ),
            Rule::G1
            | Rule::G2
            | Rule::G3
            | Rule::G4
            | Rule::G5
            | Rule::G6
            | Rule::G7
            | Rule::G8
            | Rule::G9
            | Rule::G10
            | Rule::G11
            | Rule::G13
            | Rule::G14
            | Rule::I1
            | Rule::I2
            | Rule::I3
            | Rule::S2
            | Rule::S4 => None,
        }
    }

    /// Why nothing in this run could have broken a rule.
    fn vacuous(&self, rule: Rule) -> Option<&'static str> {
        let if_so = |is_so: bool, why| is_so.then_some(why);
        match rule {
            Rule::G13 if self.restarts == 0 => Some("there was no restart"),
            Rule::G11 if self.devices == 1 => Some("there is one device"),
            Rule::G7 if !self.withdraws => Some("all that was heard was final"),
            Rule::G14 => if_so(
                self.sends == 0 && !self.records,
                "nothing was recorded or sent",
            ),
            Rule::G12 | Rule::G15 | Rule::S1 | Rule::S3 => None,
            Rule::S2 => if_so(!self.has_cancel, "nobody meant to cancel"),
            Rule::S4 => if_so(!self.has_command, "nobody gave the home a command"),
            Rule::G1
            | Rule::G2
            | Rule::G3
            | Rule::G4
            | Rule::G5
            | Rule::G6
            | Rule::G7
            | Rule::G8
            | Rule::G9
            | Rule::G10
            | Rule::G11
            | Rule::G13
            | Rule::I1
            | Rule::I2
            | Rule::I3 => if_so(self.sends == 0, "nothing was sent"),
        }
    }
}

/// What is to be said of every rule.
pub(crate) fn verdicts(told: &Told, breaches: &[Numbered]) -> Vec<(Rule, Verdict)> {
    let verdict = |rule: Rule| {
        let is_broken = breaches.iter().any(|found| found.breach.rule == rule);
        let verdict = if is_broken {
            Verdict::Broken
        } else {
            told.unbroken(rule)
        };
        (rule, verdict)
    };
    Rule::ALL.map(verdict).into()
}
