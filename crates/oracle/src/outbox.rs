//! What was recorded for messages, and what has left the house.

use crate::Rule;
use crate::judge::Clock;
use crate::question::{Age, Question};
use crate::renaming::Renaming;
use crate::sending::Case;
use crate::write::Time;
use mondegreen_trace::fact::Term;

/// How many recordings are remembered, the newest ones.
const DRAFTS_MAX: usize = 32;

/// How many sends are remembered, the newest ones.
const SENT_MAX: usize = 64;

/// A span of audio; either end is missing when the assistant does not say.
pub(crate) type Span = (Option<u64>, Option<u64>);

/// What was recorded for one message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draft {
    pub(crate) device: Term,
    pub(crate) message: Term,
    pub(crate) from_ms: u64,
    pub(crate) to_ms: Option<u64>,
    pub(crate) began_at: usize,
    pub(crate) changed_at: usize,
    /// Whether the assistant has said since that it dropped it.
    pub(crate) is_dropped: bool,
}

/// The recordings of a run.
#[derive(Debug, Default)]
pub(crate) struct Drafts(Vec<Draft>);

impl Drafts {
    pub(crate) fn begin(&mut self, device: Term, message: Term, clock: Clock) {
        self.0.retain(|draft| !draft.is(device, message));
        if self.0.len() >= DRAFTS_MAX {
            self.0.remove(0);
        }
        self.0.push(Draft {
            device,
            message,
            from_ms: clock.now_ms,
            to_ms: None,
            began_at: clock.line,
            changed_at: clock.line,
            is_dropped: false,
        });
    }

    pub(crate) fn end(&mut self, device: Term, message: Term, clock: Clock) {
        if let Some(draft) = self.0.iter_mut().find(|d| d.is(device, message)) {
            draft.to_ms = Some(clock.now_ms);
            draft.changed_at = clock.line;
        }
    }

    pub(crate) fn dropped(&mut self, device: Term, message: Term) {
        if let Some(draft) = self.0.iter_mut().find(|d| d.is(device, message)) {
            draft.is_dropped = true;
        }
    }

    pub(crate) fn find(&self, device: Term, message: Term) -> Option<&Draft> {
        self.0.iter().find(|draft| draft.is(device, message))
    }

    /// The newest recording of a device.
    pub(crate) fn newest(&self, device: Term) -> Option<&Draft> {
        self.0.iter().rev().find(|draft| draft.device == device)
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn rename(&mut self, renaming: &mut Renaming<'_>) {
        for draft in &mut self.0 {
            renaming.term(&mut draft.device);
            renaming.term(&mut draft.message);
        }
    }
}

impl Clone for Drafts {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }

    fn clone_from(&mut self, source: &Self) {
        self.0.clone_from(&source.0);
    }
}

impl Draft {
    fn is(&self, device: Term, message: Term) -> bool {
        self.device == device && self.message == message
    }

    /// Enters what is wrong with sending this span for it, confirmed by this question.
    pub(crate) fn enter(&self, question: Option<&Question>, (from, to): Span, case: &mut Case<'_>) {
        if question.is_some_and(|question| self.changed_at > question.prompt.line) {
            case.fault(Rule::G3, |reader| {
                format!(
                    "{} was recorded from {} on, after its confirmation had been asked for",
                    reader.text(self.message),
                    Time(self.from_ms)
                )
            });
            return;
        }
        let other_from = from.filter(|from| *from != self.from_ms);
        let other_to = to.filter(|to| self.to_ms.is_some_and(|recorded| *to != recorded));
        let (what, sent, recorded) = match (other_from, other_to) {
            (Some(from), _) => ("from", from, self.from_ms),
            (None, Some(to)) => ("to", to, self.to_ms.unwrap_or(to)),
            (None, None) => return,
        };
        let (sent, recorded) = (Time(sent), Time(recorded));
        case.fault(Rule::G3, |reader| {
            let message = reader.text(self.message);
            format!("{message} was sent {what} {sent}, but recorded {what} {recorded}")
        });
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Awaited,
    Failed,
    Done,
}

/// A message that left the house.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    pub(crate) device: Term,
    pub(crate) message: Term,
    pub(crate) recipient: Term,
    pub(crate) span: Span,
    pub(crate) line: usize,
    pub(crate) delivery: Delivery,
    pub(crate) age: Age,
    pub(crate) dropped: bool,
}

/// What left the house.
#[derive(Debug, Default)]
pub(crate) struct Outbox(Vec<Sent>);

impl Outbox {
    pub(crate) fn delivered(&mut self, message: Term, ok: bool) {
        let waits = |s: &&mut Sent| s.message == message && s.delivery == Delivery::Awaited;
        if let Some(sent) = self.0.iter_mut().rev().find(waits) {
            sent.delivery = if ok { Delivery::Done } else { Delivery::Failed };
        }
    }

    pub(crate) fn restart(&mut self) {
        self.0
            .iter_mut()
            .for_each(|sent| sent.age = Age::BeforeRestart);
    }

    pub(crate) fn dropped(&mut self, device: Term, message: Term) {
        if let Some(sent) = self.find(device, message) {
            sent.dropped = true;
        }
    }

    pub(crate) fn find(&mut self, device: Term, message: Term) -> Option<&mut Sent> {
        let is = |s: &&mut Sent| s.device == device && s.message == message;
        self.0.iter_mut().rev().find(is)
    }

    pub(crate) fn add(&mut self, sent: Sent) {
        if self.0.len() >= SENT_MAX {
            self.0.remove(0);
        }
        self.0.push(sent);
    }

    /// What has left, oldest first.
    pub(crate) fn sent(&self) -> &[Sent] {
        &self.0
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn rename(&mut self, renaming: &mut Renaming<'_>) {
        for sent in &mut self.0 {
            renaming.term(&mut sent.device);
            renaming.term(&mut sent.message);
            renaming.term(&mut sent.recipient);
        }
    }
}

impl Clone for Outbox {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }

    fn clone_from(&mut self, source: &Self) {
        self.0.clone_from(&source.0);
    }
}

impl Sent {
    /// Enters what is wrong with sending it again, without asking again.
    pub(crate) fn enter_retry(&self, to: Term, span: Span, case: &mut Case<'_>) {
        let (now, message) = (Time(case.now_ms), self.message);
        let mut fault = |is_so: bool, rule: Rule, how: &str| {
            if is_so {
                case.fault(rule, |reader| {
                    format!("{} was sent again at {now}{how}", reader.text(message))
                });
            }
        };
        fault(to != self.recipient, Rule::G2, ", to someone else");
        fault(span != self.span, Rule::G3, " with other audio");
        fault(self.dropped, Rule::G9, ", after it had been cancelled");
        fault(
            self.delivery != Delivery::Failed,
            Rule::G10,
            ", though no delivery had failed",
        );
        let is_old = self.age == Age::BeforeRestart;
        fault(is_old, Rule::G13, ", after a restart");
    }
}
