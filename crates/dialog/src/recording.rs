//! The message itself: asking for it, taking it down, and knowing when it is over.

use crate::guard::{Guard, Guards};
use crate::permission::{Approved, Audio, Confirming, Draft};
use crate::question::Question;
use crate::session::{PROMPT_MAX, Phase, confirm, hold};
use crate::turn::Turn;
use crate::{Effect, Listening, MessageId, Millis, Notice, Policy, PromptId, Says, TapeState};

/// A recording ends after so long.
pub const RECORDING_MAX: Millis = Millis(30_000);
/// A recording ends after a pause of so long.
pub const PAUSE_MAX: Millis = Millis(2_000);
/// A recording into which nobody speaks is dropped after so long.
pub const NO_SPEECH: Millis = Millis(6_000);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Recording {
    making: Making,
    tape: Tape,
}

/// Whether what is being recorded has its permission already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Making {
    Draft(Draft),
    Approved(Approved),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Tape {
    /// The prompt for the message is being said.
    Waiting(Question),
    /// Recording for so long, silent for so long, and whether anybody has spoken.
    Running {
        length: Millis,
        pause: Millis,
        spoken: bool,
    },
}

/// Asks for the message itself.
pub(crate) fn invite(making: Making, turn: &mut Turn) -> Phase {
    let draft = making.draft();
    let (contact, message) = (draft.recipient, draft.message);
    let prompt = turn.next_prompt();
    turn.say(prompt, Says::WhatMessage { contact }, Some(message));
    let tape = Tape::Waiting(Question::ask(prompt, turn.policy));
    Phase::Recording(Recording { making, tape })
}

impl Making {
    const fn draft(&self) -> &Draft {
        match self {
            Self::Draft(draft) => draft,
            Self::Approved(approved) => approved.draft(),
        }
    }
}

impl Recording {
    pub(crate) const fn draft(&self) -> &Draft {
        self.making.draft()
    }

    const fn message(&self) -> MessageId {
        self.draft().message
    }

    pub(crate) const fn is_speaking(&self) -> bool {
        matches!(self.tape, Tape::Waiting(_))
    }

    /// The prompt for the message, until it has been said.
    pub(crate) const fn question(&self) -> Option<&Question> {
        match &self.tape {
            Tape::Waiting(question) => Some(question),
            Tape::Running { .. } => None,
        }
    }

    /// Time since the prompt that approved it, if one has.
    pub(crate) const fn approved(&self) -> Option<Millis> {
        match &self.making {
            Making::Draft(_) => None,
            Making::Approved(approved) => Some(approved.asked()),
        }
    }

    pub(crate) const fn tape(&self) -> Option<TapeState> {
        match self.tape {
            Tape::Waiting(_) => None,
            Tape::Running {
                length,
                pause,
                spoken,
            } => Some(TapeState {
                length,
                pause,
                spoken,
            }),
        }
    }

    /// Time until the recording ends, or its prompt is given up.
    pub(crate) fn left(&self, policy: &Policy, guards: Guards) -> Millis {
        match self.tape {
            Tape::Waiting(question) => question.left(policy, guards, PROMPT_MAX),
            Tape::Running {
                length,
                pause,
                spoken,
            } => {
                let pause_max = if spoken { PAUSE_MAX } else { NO_SPEECH };
                RECORDING_MAX.minus(length).min(pause_max.minus(pause))
            }
        }
    }

    pub(crate) const fn wait(&mut self, waited: Millis) {
        match &mut self.tape {
            Tape::Waiting(question) => question.wait(waited),
            Tape::Running { length, pause, .. } => {
                *length = length.plus(waited);
                *pause = pause.plus(waited);
            }
        }
    }

    pub(crate) fn prompt_ended(&mut self, prompt: PromptId, turn: &mut Turn) {
        let Tape::Waiting(question) = &mut self.tape else {
            return;
        };
        if !question.open(prompt, turn.guards) {
            return;
        }
        if turn.policy.notice && turn.keeps(Guard::RecordingIsAnnounced) {
            turn.notice(Notice::Recording); // G14
        }
        self.start(turn);
    }

    fn start(&mut self, turn: &mut Turn) {
        let (device, message) = (turn.device, self.message());
        turn.effects.push(Effect::Record { device, message });
        turn.listen(Listening::Message, Some(RECORDING_MAX));
        self.tape = Tape::Running {
            length: Millis::ZERO,
            pause: Millis::ZERO,
            spoken: false,
        };
    }

    /// Whatever is said is the message.
    pub(crate) const fn heard(mut self) -> Self {
        if let Tape::Running { pause, spoken, .. } = &mut self.tape {
            *pause = Millis::ZERO;
            *spoken = true;
        }
        self
    }

    /// Stops the tape, if it runs.
    pub(crate) fn stop(&self, turn: &mut Turn) {
        let (device, message) = (turn.device, self.message());
        if matches!(self.tape, Tape::Running { .. }) {
            turn.effects.push(Effect::RecordEnded { device, message });
        }
    }

    pub(crate) fn expire(self, turn: &mut Turn) -> Phase {
        #[cfg(feature = "faults")]
        if let Some(recording) = self.unsaid(turn) {
            return Phase::Recording(recording);
        }
        let audio = match self.tape {
            Tape::Running {
                length,
                spoken: true,
                ..
            } => Audio {
                length,
                ended: Millis::ZERO,
            },
            Tape::Running { spoken: false, .. } | Tape::Waiting(_) => {
                return Phase::Recording(self).abandon(turn, Notice::Dropped);
            }
        };
        self.stop(turn);
        match self.making {
            Making::Approved(approved) => hold(approved.recorded(audio), turn),
            Making::Draft(draft) => {
                let draft = Draft {
                    audio: Some(audio),
                    ..draft
                };
                #[cfg(feature = "faults")]
                if !turn.keeps(Guard::ContentIsConfirmed) {
                    return hold(Approved::presumed(draft), turn);
                }
                let prompt = turn.next_prompt();
                let ask = turn.policy.last_ask(turn.numbers.seed, prompt);
                let question = Question::ask(prompt, turn.policy);
                confirm(
                    Confirming::new(draft, ask, question),
                    Some(audio.length),
                    turn,
                )
            }
        }
    }
}

#[cfg(feature = "faults")]
impl Recording {
    /// The tape runs although nobody was told, if the check is broken ([`Guard::UnsaidPromptIsGivenUp`]).
    fn unsaid(mut self, turn: &mut Turn) -> Option<Self> {
        let goes_on =
            !turn.keeps(Guard::UnsaidPromptIsGivenUp) && matches!(self.tape, Tape::Waiting(_));
        goes_on.then(|| {
            self.start(turn);
            self
        })
    }

    /// Forgets what was recorded before this was said ([`Guard::RecordingIsWhole`]).
    pub(crate) const fn forget(&mut self, said_for: Millis) {
        if let Tape::Running {
            length,
            spoken: true,
            ..
        } = &mut self.tape
        {
            *length = said_for;
        }
    }
}
