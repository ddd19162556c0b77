//! The moments at which a device listens after what was said so far, and the state in which it does.

use crate::assistant::{Assistant, Broken};
use crate::hold::Held;
use crate::reference::Reference;
use mondegreen_dialog::{Ask, ContactId, SessionState, Stage};
use mondegreen_trace::{Asks, Effect, Input, Line};

/// A moment at which the device listens and says nothing.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) at_ms: u64,
    pub(super) asks: Asks,
    /// What the device said last.
    pub(super) prompt: String,
    pub(super) state: State,
}

/// All that decides what the assistant will do, seen from a moment at which it begins to listen:
/// without the numbers of prompts and messages, the time of day, and which challenge word it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    asks: Asks,
    stage: Stage,
    messaging: bool,
    /// What the open question wants, and how often it may be repeated.
    question: Option<(Wants, u8)>,
    /// The message in the making: for whom, whether that sounds like another, whether it has sound.
    draft: Option<(ContactId, bool, bool)>,
    approved: bool,
    outgoing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wants {
    Nothing,
    Word,
    Else(Ask),
}

impl State {
    fn of(session: &SessionState, asks: Asks, messaging: bool) -> Self {
        let wants = |ask: Option<Ask>| match ask {
            None => Wants::Nothing,
            Some(Ask::Word(_)) => Wants::Word,
            Some(other @ (Ask::Yes | Ask::Name | Ask::SendIt | Ask::Button)) => Wants::Else(other),
        };
        Self {
            asks,
            stage: session.stage,
            messaging,
            question: session
                .question
                .map(|question| (wants(question.ask), question.repeats_left)),
            draft: session
                .draft
                .map(|draft| (draft.recipient, draft.is_alike(), draft.audio.is_some())),
            approved: session.approved.is_some(),
            outgoing: session.outgoing.is_some(),
        }
    }

    /// What the assistant listens for.
    pub(super) const fn asks(&self) -> Asks {
        self.asks
    }

    /// Whether the open question wants a word that was chosen for it.
    pub(super) fn wants_word(&self) -> bool {
        matches!(self.question, Some((Wants::Word, _)))
    }
}

/// The moments from a time on at which the first device of the household listens, one for each
/// state that it comes to if nobody says anything more.
///
/// # Errors
/// When the assistant, given all of it again, breaks.
pub(super) fn moments(
    held: &Held,
    said_ms: u64,
    (device, fresh): (&str, &Reference),
) -> Result<Vec<Moment>, Broken> {
    let mut assistant = fresh.clone();
    let mut ear = Ear::default();
    let mut found: Vec<Moment> = Vec::new();
    let mut lines = held.trace.lines.iter().peekable();
    while let Some(line) = lines.next() {
        match line {
            Line::In(input) => {
                ear.hear(input, device);
                assistant.take(input, &mut Vec::new())?;
            }
            Line::Out(effect) => ear.follow(effect, device),
            Line::Said { .. } => {}
        }
        let is_settled = !matches!(lines.peek(), Some(Line::Out(_)));
        if ear.now_ms < said_ms || ear.speaking.is_some() || !is_settled {
            continue;
        }
        let snapshot = assistant.dialog().map(mondegreen_dialog::Dialog::snapshot);
        let Some((snapshot, asks)) = snapshot.zip(ear.asks) else {
            continue;
        };
        let Some(session) = snapshot.sessions.iter().flatten().next() else {
            continue;
        };
        let state = State::of(session, asks, snapshot.messaging);
        if found.last().is_none_or(|last| last.state != state) {
            found.push(Moment {
                at_ms: ear.now_ms,
                asks,
                prompt: ear.prompt.clone(),
                state,
            });
        }
    }
    Ok(found)
}

/// What one device listens for and says.
#[derive(Debug, Default)]
struct Ear {
    now_ms: u64,
    asks: Option<Asks>,
    prompt: String,
    speaking: Option<u32>,
}

impl Ear {
    fn hear(&mut self, input: &Input, device: &str) {
        self.now_ms = input.at_ms().unwrap_or(self.now_ms);
        if let Input::PromptEnded {
            device: name,
            prompt,
            ..
        } = input
            && name == device
        {
            self.speaking.take_if(|speaking| speaking == prompt);
        }
    }

    fn follow(&mut self, effect: &Effect, device: &str) {
        match effect {
            Effect::Prompt {
                device: name,
                prompt,
                text,
                ..
            } if name == device => {
                self.speaking = Some(*prompt);
                self.prompt.clone_from(text);
            }
            Effect::Listen {
                device: name,
                listens_for,
                ..
            } if name == device => self.asks = Some(*listens_for),
            Effect::Cancel { device: name, .. } if name == device => self.speaking = None,
            Effect::Hello { .. }
            | Effect::Prompt { .. }
            | Effect::Listen { .. }
            | Effect::Record { .. }
            | Effect::RecordEnded { .. }
            | Effect::Send { .. }
            | Effect::Cancel { .. }
            | Effect::Notice { .. }
            | Effect::Act { .. }
            | Effect::Timer { .. }
            | Effect::Done => {}
        }
    }
}
