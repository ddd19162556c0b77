//! A question that the device has asked: is it still being said, how long has it been open, may it
//! be repeated.

use crate::guard::{Guard, Guards};
use crate::{Millis, Policy, PromptId, QuestionState, Word};

/// What a prompt asks the person to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// Say yes.
    Yes,
    /// Say the recipient's name.
    Name,
    /// Say "send it".
    SendIt,
    /// Say this word.
    Word(Word),
    /// Press the button.
    Button,
}

/// A question, from the first word of its prompt to the end of its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    pub(crate) prompt: PromptId,
    repeats_left: u8,
    timing: Timing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Timing {
    /// Has been spoken for so long.
    Speaking(Millis),
    /// The prompt ended so long ago.
    Open(Millis),
}

impl Question {
    pub(crate) const fn ask(prompt: PromptId, policy: &Policy) -> Self {
        Self {
            prompt,
            repeats_left: policy.reprompts,
            timing: Timing::Speaking(Millis::ZERO),
        }
    }

    /// The same question, asked again, if it may be.
    pub(crate) fn again(self, prompt: PromptId) -> Option<Self> {
        Some(Self {
            prompt,
            repeats_left: self.repeats_left.checked_sub(1)?,
            timing: Timing::Speaking(Millis::ZERO),
        })
    }

    pub(crate) const fn wait(&mut self, waited: Millis) {
        match &mut self.timing {
            Timing::Speaking(since) | Timing::Open(since) => *since = since.plus(waited),
        }
    }

    /// Time until the prompt is given up or the window closes.
    pub(crate) fn left(&self, policy: &Policy, guards: Guards, prompt_max: Millis) -> Millis {
        match self.timing {
            Timing::Speaking(since) => prompt_max.minus(since),
            Timing::Open(since) => self.window(policy, guards).minus(since), // G5
        }
    }

    fn window(&self, policy: &Policy, guards: Guards) -> Millis {
        if !guards.keeps(Guard::WindowCloses) {
            return policy.window.plus(Millis(1));
        }
        if self.repeats_left == 0 && !guards.keeps(Guard::LastWindowCloses) {
            return policy.window.plus(policy.window);
        }
        policy.window
    }

    /// Time since the prompt began, or since it ended.
    pub(crate) const fn since(&self) -> Millis {
        match self.timing {
            Timing::Speaking(since) | Timing::Open(since) => since,
        }
    }

    pub(crate) const fn state(&self, ask: Option<Ask>) -> QuestionState {
        QuestionState {
            prompt: self.prompt,
            repeats_left: self.repeats_left,
            ask,
        }
    }

    pub(crate) const fn is_speaking(&self) -> bool {
        matches!(self.timing, Timing::Speaking(_))
    }

    /// Whether speech that began so long ago was under way when the prompt ended.
    pub(crate) fn crossed_by(&self, began: Millis) -> bool {
        match self.timing {
            Timing::Speaking(_) => false,
            Timing::Open(since) => began > since,
        }
    }

    /// Time since the prompt ended; none while it is being said.
    pub(crate) const fn since_prompt(&self) -> Millis {
        match self.timing {
            Timing::Speaking(_) => Millis::ZERO,
            Timing::Open(since) => since,
        }
    }

    /// The prompt has been said; false if it was another prompt, or had been already.
    pub(crate) fn open(&mut self, prompt: PromptId, guards: Guards) -> bool {
        let is_own = self.prompt == prompt || !guards.keeps(Guard::OwnPromptEnds);
        let opens = is_own && self.is_speaking(); // G4 G5
        if opens {
            self.timing = Timing::Open(Millis::ZERO);
        }
        opens
    }
}

#[cfg(feature = "faults")]
impl Question {
    pub(crate) const fn may_be_repeated(&self) -> bool {
        self.repeats_left > 0
    }

    /// The window begins again.
    pub(crate) const fn reopen(&mut self) {
        if let Timing::Open(since) = &mut self.timing {
            *since = Millis::ZERO;
        }
    }
}
