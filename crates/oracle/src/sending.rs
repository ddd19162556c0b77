//! Judges what leaves the house, and what is recorded for it: `G1` to `G14`.

use crate::Rule;
use crate::intent::Delivered;
use crate::judge::{Clock, Judge, Unannounced};
use crate::names::{Home, Misnamed};
use crate::question::{Age, Fault, Outcome, Question};
use crate::write::{Time, clipped};
use std::sync::Arc;

/// How many recordings are remembered, the newest ones.
const DRAFTS_MAX: usize = 32;

/// How many sends are remembered, the newest ones.
const SENT_MAX: usize = 64;

/// A record is announced by a prompt or notice that ended this long before it at most.
const ANNOUNCED_WITHIN_MS: u64 = 15_000;

/// A span of audio; either end is missing when the assistant does not say.
pub(crate) type Span = (Option<u64>, Option<u64>);

/// What was recorded for one message.
#[derive(Clone, Debug)]
struct Draft {
    device: Arc<str>,
    message: Arc<str>,
    from_ms: u64,
    to_ms: Option<u64>,
    began_at: usize,
    changed_at: usize,
}

/// The recordings of a trace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drafts(Vec<Draft>);

impl Drafts {
    fn begin(&mut self, device: &str, message: &str, clock: Clock) {
        self.0
            .retain(|d| *d.device != *device || *d.message != *message);
        if self.0.len() >= DRAFTS_MAX {
            self.0.remove(0);
        }
        self.0.push(Draft {
            device: device.into(),
            message: message.into(),
            from_ms: clock.now_ms,
            to_ms: None,
            began_at: clock.line,
            changed_at: clock.line,
        });
    }

    pub(crate) fn end(&mut self, device: &str, message: &str, clock: Clock) {
        if let Some(draft) = self.0.iter_mut().find(|d| d.is(device, message)) {
            draft.to_ms = Some(clock.now_ms);
            draft.changed_at = clock.line;
        }
    }

    fn find(&self, device: &str, message: &str) -> Option<&Draft> {
        self.0.iter().find(|draft| draft.is(device, message))
    }
}

impl Draft {
    fn is(&self, device: &str, message: &str) -> bool {
        *self.device == *device && *self.message == *message
    }

    /// What is wrong with sending this span for it, confirmed by this question.
    fn fault(&self, question: Option<&Question>, (from, to): Span) -> Option<Fault> {
        if question.is_some_and(|question| self.changed_at > question.prompt.line) {
            let why = format!(
                "{} was recorded from {} on, after its confirmation had been asked for",
                self.message,
                Time(self.from_ms)
            );
            return Some((Rule::G3, why));
        }
        let other_from = from.filter(|from| *from != self.from_ms);
        let other_to = to.filter(|to| self.to_ms.is_some_and(|recorded| *to != recorded));
        let (what, sent, recorded) = match (other_from, other_to) {
            (Some(from), _) => ("from", from, self.from_ms),
            (None, Some(to)) => ("to", to, self.to_ms.unwrap_or(to)),
            (None, None) => return None,
        };
        let (message, sent, recorded) = (&self.message, Time(sent), Time(recorded));
        let why = format!("{message} was sent {what} {sent}, but recorded {what} {recorded}");
        Some((Rule::G3, why))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Delivery {
    Awaited,
    Failed,
    Done,
}

/// A message that left the house.
#[derive(Clone, Debug)]
struct Sent {
    device: Arc<str>,
    message: Arc<str>,
    recipient: Arc<str>,
    span: Span,
    line: usize,
    delivery: Delivery,
    age: Age,
    dropped: bool,
}

/// What left the house.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox(Vec<Sent>);

impl Outbox {
    pub(crate) fn delivered(&mut self, message: &str, ok: bool) {
        let waits = |s: &&mut Sent| *s.message == *message && s.delivery == Delivery::Awaited;
        if let Some(sent) = self.0.iter_mut().rev().find(waits) {
            sent.delivery = if ok { Delivery::Done } else { Delivery::Failed };
        }
    }

    pub(crate) fn restart(&mut self) {
        self.0
            .iter_mut()
            .for_each(|sent| sent.age = Age::BeforeRestart);
    }

    pub(crate) fn dropped(&mut self, device: &str, message: &str) {
        if let Some(sent) = self.find(device, message) {
            sent.dropped = true;
        }
    }

    fn find(&mut self, device: &str, message: &str) -> Option<&mut Sent> {
        let is = |s: &&mut Sent| *s.device == *device && *s.message == *message;
        self.0.iter_mut().rev().find(is)
    }

    fn add(&mut self, sent: Sent) {
        if self.0.len() >= SENT_MAX {
            self.0.remove(0);
        }
        self.0.push(sent);
    }
}

impl Sent {
    /// What is wrong with sending it again, without asking again.
    fn faults_of_retry(&self, now_ms: u64, to: &str, span: Span) -> Vec<Fault> {
        let (message, now) = (&self.message, Time(now_ms));
        let mut faults = Vec::new();
        if to != &*self.recipient {
            let why = format!("{message} was sent again at {now}, to someone else");
            faults.push((Rule::G2, why));
        }
        if span != self.span {
            let why = format!("{message} was sent again at {now} with other audio");
            faults.push((Rule::G3, why));
        }
        if self.dropped {
            let why = format!("{message} was sent again at {now}, after it had been cancelled");
            faults.push((Rule::G9, why));
        }
        if self.delivery != Delivery::Failed {
            let why = format!("{message} was sent again at {now}, though no delivery had failed");
            faults.push((Rule::G10, why));
        }
        if self.age == Age::BeforeRestart {
            let why = format!("{message} was sent again at {now}, after a restart");
            faults.push((Rule::G13, why));
        }
        faults
    }
}

/// What a send was judged to be.
struct Judged {
    faults: Vec<Fault>,
    /// The line of the answer, of the question if there was none, of nothing if nobody was asked.
    answered_at: Option<usize>,
}

impl Judge {
    pub(crate) fn record(&mut self, device: &str, message: &str) {
        let clock = self.clock;
        let now = Time(clock.now_ms);
        self.check_enabled(Some(message), || {
            format!("{device} recorded {message} at {now}")
        });
        self.drafts.begin(device, message, clock);
        let Some(recorder) = self.meet(device) else {
            return;
        };
        recorder.leave_closed_questions();
        recorder.recording = Some(message.into());
        let told = recorder.announced_ms;
        if told.is_none_or(|told| clock.now_ms > told.saturating_add(ANNOUNCED_WITHIN_MS)) {
            let why = format!("{device} began to record {message} at {now} and gave no notice");
            self.suspect(device, message, Unannounced::Capture, why);
        }
    }

    pub(crate) fn send(&mut self, device: &str, message: &str, recipient: &str, span: Span) {
        let now = Time(self.clock.now_ms);
        self.check_enabled(Some(message), || {
            format!("{device} sent {message} at {now}")
        });
        let asked_again = self.meet(device).and_then(|d| {
            let newest = d.question_for(message)?;
            newest.spent_on.is_none().then_some(newest.prompt.line)
        });
        let now_ms = self.clock.now_ms;
        let retry = self.outbox.find(device, message);
        if let Some(sent) = retry.filter(|sent| asked_again.is_none_or(|at| at < sent.line)) {
            let faults = sent.faults_of_retry(now_ms, recipient, span);
            sent.delivery = Delivery::Awaited;
            self.enter(message, faults);
            return;
        }
        let judged = self.judge_send(device, message, recipient, span);
        self.enter(message, judged.faults);
        self.check_announced(device, message, judged.answered_at);
        let draft = self.drafts.find(device, message);
        let audio = match (span, draft) {
            ((Some(from), Some(to)), _) => Some((from, to)),
            (_, Some(draft)) => draft.to_ms.map(|to| (draft.from_ms, to)),
            (_, None) => None,
        };
        let line = self.clock.line;
        let delivered = Delivered {
            device,
            message,
            recipient,
            audio,
            settled_at: judged.answered_at.unwrap_or(line),
        };
        self.intent
            .sent(&delivered, self.clock, &self.home, &mut self.ledger);
        self.outbox.add(Sent {
            device: device.into(),
            message: message.into(),
            recipient: recipient.into(),
            span,
            line,
            delivery: Delivery::Awaited,
            age: Age::SinceRestart,
            dropped: false,
        });
    }

    /// Judges a send that is no retry, and spends the question that it rests on.
    fn judge_send(&mut self, device: &str, message: &str, to: &str, span: Span) -> Judged {
        let home = Arc::clone(&self.home);
        let now = Time(self.clock.now_ms);
        let restarted = self.clock.restarted;
        let draft = self.drafts.find(device, message).cloned();
        let is_new = draft.as_ref().is_some_and(|d| Some(d.began_at) > restarted);
        let question = self.meet(device).and_then(|d| d.question_for(message));
        let question = question.filter(|q| q.age == Age::SinceRestart || !is_new);
        let content = |question| draft.as_ref().and_then(|d| d.fault(question, span));
        let unasked = || {
            let who = home.name(to);
            let why = format!(
                "at {now} {device} sent {message} to {who}, which nobody had been asked to confirm"
            );
            Judged {
                faults: [Some((Rule::G1, why)), content(None)]
                    .into_iter()
                    .flatten()
                    .collect(),
                answered_at: None,
            }
        };
        let Some(question) = question else {
            return unasked();
        };
        if let Some(before) = question.spent_on.as_deref() {
            let asked = clipped(&question.prompt.text);
            let why =
                format!("{message} was sent at {now} on \"{asked}\", which was spent on {before}");
            return Judged {
                faults: vec![(Rule::G10, why)],
                answered_at: Some(question.prompt.line),
            };
        }
        let (answered_at, mut faults) = match (question.age, question.outcome()) {
            (Age::BeforeRestart, _) => {
                let asked = clipped(&question.prompt.text);
                let why =
                    format!("{message} was sent at {now} on \"{asked}\", asked before a restart");
                (question.prompt.line, vec![(Rule::G13, why)])
            }
            (Age::SinceRestart, Outcome::Confirmed { line }) => (line, Vec::new()),
            (Age::SinceRestart, Outcome::Faulty { line, faults }) => (line, faults),
            (Age::SinceRestart, Outcome::Elsewhere) => return unasked(),
        };
        faults.extend(named_wrongly(&home, question, message, to));
        faults.extend(content(Some(question)));
        question.spent_on = Some(message.into());
        Judged {
            faults,
            answered_at: Some(answered_at),
        }
    }

    fn enter(&mut self, message: &str, faults: Vec<Fault>) {
        let line = self.clock.line;
        for (rule, why) in faults {
            self.ledger.enter(rule, line, Some(message), || why);
        }
    }

    /// `G14`: a send is to be heard about after its answer, or in the same breath.
    fn check_announced(&mut self, device: &str, message: &str, answered_at: Option<usize>) {
        let now_ms = self.clock.now_ms;
        let Some(audible) = self.meet(device).map(|d| d.audible) else {
            return;
        };
        let is_announced = audible.is_some_and(|(line, at_ms)| match answered_at {
            Some(answered_at) => line > answered_at,
            None => now_ms <= at_ms.saturating_add(ANNOUNCED_WITHIN_MS),
        });
        if !is_announced {
            let now = Time(now_ms);
            let why = format!("{device} sent {message} at {now} and gave no notice of it");
            self.suspect(device, message, Unannounced::Send, why);
        }
    }
}

/// `G2`: what is wrong with whom the prompt named, for a send to this recipient.
fn named_wrongly(home: &Home, question: &Question, message: &str, to: &str) -> Option<Fault> {
    let (asked, who) = (clipped(&question.prompt.text), home.name(to));
    let declared = question.recipient.as_deref();
    let why = match declared.filter(|named| !home.same(named, to)) {
        Some(named) => format!("was about {}", home.name(named)),
        // Without a list of contacts no text can be searched for names.
        None if home.is_empty() => return None,
        None => match home.check_named(&question.prompt.text, to) {
            Ok(()) => return None,
            Err(Misnamed::Nobody) => "names nobody".to_owned(),
            Err(Misnamed::SomeoneElse(other)) => format!("names {other}"),
            Err(Misnamed::NotApartFrom(other)) => format!("could as well mean {other}"),
        },
    };
    let why = format!("\"{asked}\" {why}, but {message} went to {who}");
    Some((Rule::G2, why))
}
