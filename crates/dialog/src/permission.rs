//! Permission to send: who may make it, what it is for, how often it can be spent.
//!
//! `G1` to `G10` are kept here as far as they are about an answer. A reviewer of sending needs to
//! read only this file: [`Confirming::settle`] and [`Confirming::press`] are the only places where
//! an answer becomes an [`Approved`] draft, and an approved draft is the only thing that makes a
//! [`ConfirmedSend`]. (With the feature `faults` there are other ways, all in `permission/faults.rs`.)

#[cfg(feature = "faults")]
mod faults;

use crate::guard::{Guard, Guards};
use crate::input::{Act, Finality, Heard, Rank, Scope, Voice};
use crate::question::{Ask, Question};
use crate::session::{RETRIES_MAX, RETRY_WITHIN};
use crate::turn::Turn;
use crate::{ContactId, MessageId, Millis, OutgoingState, Score};

/// A message being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Draft {
    /// Its number.
    pub message: MessageId,
    /// For whom.
    pub recipient: ContactId,
    /// Whether another contact's name sounds the same.
    pub(crate) apart: bool,
    /// What was recorded, once it was.
    pub audio: Option<Audio>,
}

/// A span of recorded sound, seen from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Audio {
    /// How long it is.
    pub length: Millis,
    /// How long ago it ended.
    pub ended: Millis,
}

impl Draft {
    /// Whether another contact's name sounds the same.
    pub const fn is_alike(&self) -> bool {
        self.apart
    }

    fn wait(&mut self, waited: Millis) {
        if let Some(audio) = &mut self.audio {
            audio.ended = audio.ended.plus(waited);
        }
    }
}

/// Permission to send one draft once.
///
/// It is neither `Clone` nor `Default`, its field is private, and it is built only in this module.
/// It carries the draft that it vouches for, so it cannot be spent on another.
///
/// What it does not prove: that a program which clones the [`crate::Dialog`] sends once, or that
/// the driver sends the sound that the draft names. Those are rules for the oracle.
///
/// It cannot be forged:
/// ```compile_fail
/// use mondegreen_dialog::{ConfirmedSend, Draft};
/// fn forge(draft: Draft) -> ConfirmedSend { ConfirmedSend { draft } }
/// ```
/// though what it vouches for can be read:
/// ```
/// use mondegreen_dialog::{ConfirmedSend, Draft};
/// fn read(confirmed: &ConfirmedSend) -> Draft { *confirmed.draft() }
/// ```
/// It cannot be copied:
/// ```compile_fail
/// use mondegreen_dialog::ConfirmedSend;
/// fn twice(confirmed: &ConfirmedSend) -> ConfirmedSend { confirmed.clone() }
/// ```
/// though a draft can:
/// ```
/// use mondegreen_dialog::Draft;
/// fn twice(draft: &Draft) -> Draft { draft.clone() }
/// ```
#[derive(Debug, PartialEq, Eq)]
#[must_use = "the message was approved; dropping this loses it"]
pub struct ConfirmedSend {
    draft: Draft,
}

impl ConfirmedSend {
    /// What may be sent.
    pub const fn draft(&self) -> &Draft {
        &self.draft
    }
}

/// A draft that an answer approved. It has not left yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Approved {
    draft: Draft,
    /// Time since the prompt that was answered had ended.
    asked: Millis,
}

impl Approved {
    pub(crate) const fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Time since the prompt that was answered had ended.
    pub(crate) const fn asked(&self) -> Millis {
        self.asked
    }

    pub(crate) fn wait(&mut self, waited: Millis) {
        self.draft.wait(waited);
        self.asked = self.asked.plus(waited);
    }

    /// Whether speech that began so long ago was under way when the prompt ended (`G4`).
    pub(crate) fn crossed_by(&self, began: Millis) -> bool {
        began > self.asked
    }

    /// The approval was of the recipient alone: what is recorded next must be asked about anew.
    pub(crate) const fn into_draft(self) -> Draft {
        self.draft
    }

    /// The approval was given before the recording, as the 2018 Echo asks for it. It vouches for
    /// the recipient and not for a word of what is sent; see `G3`.
    pub(crate) const fn recorded(self, audio: Audio) -> Self {
        Self {
            draft: Draft {
                audio: Some(audio),
                ..self.draft
            },
            ..self
        }
    }

    /// Spends the approval.
    pub(crate) const fn send(self) -> (ConfirmedSend, Outgoing) {
        let outgoing = Outgoing {
            draft: self.draft,
            retries_left: RETRIES_MAX,
            age: Millis::ZERO,
        };
        (ConfirmedSend { draft: self.draft }, outgoing)
    }
}

/// A message that left and whose arrival was not reported yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Outgoing {
    draft: Draft,
    retries_left: u8,
    age: Millis,
}

impl Outgoing {
    pub(crate) const fn draft(&self) -> &Draft {
        &self.draft
    }

    pub(crate) fn wait(&mut self, waited: Millis) {
        self.draft.wait(waited);
        self.age = self.age.plus(waited);
    }

    pub(crate) const fn state(&self) -> OutgoingState {
        OutgoingState {
            draft: self.draft,
            retries_left: self.retries_left,
            age: self.age,
        }
    }

    /// The same draft under the same number once more (`G10`), if it may still be tried.
    pub(crate) fn retry(self, guards: Guards) -> Option<(ConfirmedSend, Self)> {
        if self.age > RETRY_WITHIN && guards.keeps(Guard::RetryIsPrompt) {
            return None;
        }
        let retries_left = match self.retries_left.checked_sub(1) {
            None if guards.keeps(Guard::RetriesEnd) => return None,
            left => left.unwrap_or(0),
        };
        let outgoing = Self {
            retries_left,
            ..self
        };
        Some((ConfirmedSend { draft: self.draft }, outgoing))
    }
}

/// A draft, and the question whether it may be sent (or, asked first, whether the recipient is
/// right).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Confirming {
    draft: Draft,
    ask: Ask,
    pub(crate) question: Question,
}

/// What speech did to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// It was the wanted answer.
    Approved(Approved),
    /// It was a no.
    Rejected(Draft),
    /// It was speech to the device that answers nothing; ask again.
    Unclear(Confirming),
    /// It was no answer; the question stands.
    Stands(Confirming),
}

impl Confirming {
    pub(crate) const fn new(draft: Draft, ask: Ask, question: Question) -> Self {
        Self {
            draft,
            ask,
            question,
        }
    }

    pub(crate) const fn draft(&self) -> &Draft {
        &self.draft
    }

    pub(crate) const fn ask(&self) -> Ask {
        self.ask
    }

    pub(crate) fn wait(&mut self, waited: Millis) {
        self.question.wait(waited);
        self.draft.wait(waited);
    }

    /// Spends the question on what was heard by the device that asked it.
    ///
    /// What the echo guard takes for a device's own voice does not come here.
    pub(crate) fn settle(self, heard: Heard, turn: &Turn) -> Settled {
        let policy = turn.policy;
        if heard.is_refusal() {
            return Settled::Rejected(self.draft); // G9
        }
        let began = turn.reckoned(heard.began);
        if policy.discard_across && self.question.crossed_by(turn.forgiven(began)) {
            return Settled::Unclear(self); // G4: nobody may have heard the prompt
        }
        let early = if self.question.is_speaking() {
            turn.keeps(Guard::PromptComesFirst)
        } else {
            began > turn.quiet
        };
        if policy.after_prompt && early {
            return Settled::Stands(self); // G4, and G6: it may be a prompt that was heard
        }
        if heard.finality == Finality::Interim && turn.keeps(Guard::AnswerIsFinal) {
            return Settled::Stands(self); // G7
        }
        let is_known = heard.voice == Voice::Person || !policy.known_voice;
        if !is_known && turn.keeps(voice_guard(heard.voice)) {
            return Settled::Stands(self); // G6
        }
        if !is_plain(&heard, turn) {
            return Settled::Unclear(self); // G8
        }
        self.weigh(heard.act, turn)
    }

    fn approved(&self) -> Approved {
        Approved {
            draft: self.draft,
            asked: self.question.since_prompt(),
        }
    }

    /// What a plain answer says.
    fn weigh(self, act: Act, turn: &Turn) -> Settled {
        let policy = turn.policy;
        let wanted = match (self.ask, act) {
            (Ask::Yes, Act::Yes | Act::SendIt) | (Ask::SendIt, Act::SendIt) => true,
            (Ask::Yes, Act::YesAndNo) => !policy.whole_utterance, // G8
            (Ask::Name, Act::Name(name)) => {
                name.contact == self.draft.recipient && name.score >= policy.recipient_threshold
            }
            (Ask::Word(wanted), Act::Word(said)) => {
                wanted == said || !turn.keeps(Guard::AnswerIsThisWord) // G8
            }
            (_, Act::No | Act::Cancel) => return Settled::Rejected(self.draft), // G9
            (_, _) => false,
        };
        if wanted {
            Settled::Approved(self.approved())
        } else {
            Settled::Unclear(self)
        }
    }

    /// Spends the question on the confirm button of the device that asked it.
    pub(crate) fn press(self, turn: &Turn) -> Settled {
        let early = self.question.is_speaking() && turn.keeps(Guard::ButtonFollowsPrompt);
        if turn.policy.after_prompt && early {
            return Settled::Stands(self); // G4
        }
        Settled::Approved(self.approved())
    }
}

/// Whether an answer is sure, all that was said, the first hypothesis, and to the device.
fn is_plain(heard: &Heard, turn: &Turn) -> bool {
    let policy = turn.policy;
    let threshold = if turn.keeps(Guard::AnswerIsSure) {
        policy.answer_threshold
    } else {
        Score(499)
    };
    let whole = policy.whole_utterance && turn.keeps(Guard::AnswerIsWhole);
    let first = policy.first_hypothesis && turn.keeps(Guard::AnswerIsFirst);
    heard.score >= threshold
        && (heard.scope == Scope::Whole || !whole)
        && (heard.rank == Rank::First || !first)
        && (heard.addressed || !policy.wake_to_confirm)
}

/// The check that keeps a voice which is no known person's from giving permission.
const fn voice_guard(voice: Voice) -> Guard {
    match voice {
        Voice::Device => Guard::OwnVoiceIsNobody,
        Voice::Person | Voice::Unknown => Guard::VoiceIsKnown,
    }
}

impl Turn<'_> {
    /// How long ago speech is taken to have begun.
    fn reckoned(&self, began: Millis) -> Millis {
        if self.keeps(Guard::AnswerBeginsAfterPrompt) {
            began
        } else {
            began.minus(Millis(1))
        }
    }

    /// The same, when it is a question of voiding a question.
    fn forgiven(&self, began: Millis) -> Millis {
        if self.keeps(Guard::TalkAcrossVoids) {
            began
        } else {
            began.minus(Millis(200))
        }
    }
}

impl Heard {
    /// Whether it holds a "no" or a "cancel" that stands.
    pub(crate) const fn refuses(&self) -> bool {
        matches!(self.act, Act::No | Act::Cancel | Act::YesAndNo)
            && matches!(self.finality, Finality::Final)
    }

    /// A plain "no" or "cancel". It is obeyed however unsure, early or unknown the voice: dropping
    /// a message is always safe.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self.act, Act::No | Act::Cancel)
            && self.scope == Scope::Whole
            && self.finality == Finality::Final
    }
}
