//! What a dialog knows at one moment, laid open: for searches, checks and debuggers.

use super::{DEVICES_MAX, Dialog, Session};
use crate::permission::Outgoing;
use crate::session::{Phase, Stage};
use crate::{Ask, Draft, MessageId, Millis, Policy, PromptId};

/// All that decides what a dialog will do, besides its policy, its contacts and its seed: of two
/// dialogs with the same of these, equal snapshots mean equal dialogs.
///
/// All times are spans, seen from now; numbers and challenge words are as they are, so whoever
/// looks for states that are alike has to map them to ones that are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Snapshot {
    /// Whether messaging is on.
    pub messaging: bool,
    /// The prompt that was numbered last; 0 before the first.
    pub last_prompt: PromptId,
    /// The message that was numbered last; 0 before the first.
    pub last_message: MessageId,
    /// The session of each device; nothing for one that is not in the household.
    pub sessions: [Option<SessionState>; DEVICES_MAX],
}

/// What the session of one device knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionState {
    /// Where it stands.
    pub stage: Stage,
    /// Whether a prompt is being said that is waited for.
    pub is_speaking: bool,
    /// The clock that runs: time since the prompt began, while one is being said; else since the
    /// device woke, the prompt ended, recording began, or the hold began. Zero while idle.
    pub since: Millis,
    /// Time until something happens by itself; nothing while idle.
    pub left: Option<Millis>,
    /// The question that stands.
    pub question: Option<QuestionState>,
    /// The message in the making.
    pub draft: Option<Draft>,
    /// If an answer has approved it: time since the prompt that was answered had ended.
    pub approved: Option<Millis>,
    /// The recording that runs.
    pub tape: Option<TapeState>,
    /// Time since this device was speaking a prompt; [`Millis::MAX`] if it never was.
    pub quiet: Millis,
    /// The message that left and was not reported yet.
    pub outgoing: Option<OutgoingState>,
}

/// A question, from the first word of its prompt to the end of its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct QuestionState {
    /// Number of its prompt.
    pub prompt: PromptId,
    /// How often it may still be repeated.
    pub repeats_left: u8,
    /// What it wants, if it wants permission.
    pub ask: Option<Ask>,
}

/// A recording that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TapeState {
    /// For how long.
    pub length: Millis,
    /// For how long nobody has spoken.
    pub pause: Millis,
    /// Whether anybody has.
    pub spoken: bool,
}

/// A message that left and was not reported yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OutgoingState {
    /// What left.
    pub draft: Draft,
    /// How often it may be sent again.
    pub retries_left: u8,
    /// Time since it left first.
    pub age: Millis,
}

impl Dialog {
    /// All that it knows.
    pub fn snapshot(&self) -> Snapshot {
        let state = |session: &Option<Session>| session.as_ref().map(|s| self.state(s));
        Snapshot {
            messaging: self.messaging,
            last_prompt: PromptId(self.numbers.prompt),
            last_message: MessageId(self.numbers.message),
            sessions: self.sessions.each_ref().map(state),
        }
    }

    fn state(&self, session: &Session) -> SessionState {
        let phase = &session.phase;
        SessionState {
            stage: phase.stage(),
            is_speaking: phase.is_speaking(),
            since: phase.since(&self.policy),
            left: phase.left(&self.policy, self.guards),
            question: phase.question(),
            draft: phase.draft().copied(),
            approved: phase.approved(),
            tape: phase.tape(),
            quiet: session.quiet,
            outgoing: session.outgoing.as_ref().map(Outgoing::state),
        }
    }
}

impl Phase {
    fn since(&self, policy: &Policy) -> Millis {
        match self {
            Self::Idle => Millis::ZERO,
            Self::Awake(awake) => awake.since,
            Self::AskingRecipient(question) => question.since(),
            Self::ConfirmingRecipient(asked) | Self::ConfirmingSend(asked) => {
                asked.question.since()
            }
            Self::Recording(recording) => match (recording.question(), recording.tape()) {
                (Some(question), _) => question.since(),
                (None, tape) => tape.map_or(Millis::ZERO, |tape| tape.length),
            },
            Self::Holding(holding) => policy.hold.minus(holding.left),
        }
    }

    fn question(&self) -> Option<QuestionState> {
        match self {
            Self::Idle | Self::Awake(_) | Self::Holding(_) => None,
            Self::AskingRecipient(question) => Some(question.state(None)),
            Self::ConfirmingRecipient(asked) | Self::ConfirmingSend(asked) => {
                Some(asked.question.state(Some(asked.ask())))
            }
            Self::Recording(recording) => recording.question().map(|q| q.state(None)),
        }
    }

    const fn approved(&self) -> Option<Millis> {
        match self {
            Self::Idle
            | Self::Awake(_)
            | Self::AskingRecipient(_)
            | Self::ConfirmingRecipient(_)
            | Self::ConfirmingSend(_) => None,
            Self::Recording(recording) => recording.approved(),
            Self::Holding(holding) => Some(holding.approved.asked()),
        }
    }

    const fn tape(&self) -> Option<TapeState> {
        match self {
            Self::Recording(recording) => recording.tape(),
            Self::Idle
            | Self::Awake(_)
            | Self::AskingRecipient(_)
            | Self::ConfirmingRecipient(_)
            | Self::ConfirmingSend(_)
            | Self::Holding(_) => None,
        }
    }
}
