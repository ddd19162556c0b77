//! Judges what leaves the house, and what is recorded for it: `G1` to `G14`.

use crate::Rule;
use crate::intent::Delivered;
use crate::judge::{Clock, Judge, Unannounced};
use crate::names::{Misnamed, People};
use crate::outbox::{Delivery, Sent, Span};
use crate::question::{Age, Outcome, Question};
use crate::reader::Reading;
use crate::rule::Ledger;
use crate::write::Time;
use mondegreen_trace::fact::{Home, Term};

/// A record is announced by a prompt or notice that ended this long before it at most.
pub(crate) const ANNOUNCED_WITHIN_MS: u64 = 15_000;

/// What is wrong with one message, to be entered.
pub(crate) struct Case<'a> {
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) reader: &'a Reading<'a>,
    pub(crate) line: usize,
    pub(crate) now_ms: u64,
    pub(crate) message: Term,
}

impl Case<'_> {
    pub(crate) fn fault(&mut self, rule: Rule, why: impl FnOnce(&Reading<'_>) -> String) {
        let (reader, message) = (self.reader, Some(self.message));
        self.ledger
            .enter(rule, self.line, message, reader, || why(reader));
    }
}

/// A message that leaves the house.
#[derive(Clone, Copy, Debug)]
struct Leaving {
    device: Term,
    message: Term,
    to: Term,
    span: Span,
}

impl Judge {
    pub(crate) fn record(&mut self, device: Term, message: Term, reader: &Reading<'_>) {
        let clock = self.clock;
        self.check_enabled(Some(message), reader, |reader, now| {
            let (device, message) = (reader.text(device), reader.text(message));
            format!("{device} recorded {message} at {now}")
        });
        self.drafts.begin(device, message, clock);
        let Some(recorder) = self.meet(device) else {
            return;
        };
        recorder.leave_closed_questions();
        recorder.recording = Some(message);
        let told = recorder.announced_ms;
        if told.is_none_or(|told| clock.now_ms > told.saturating_add(ANNOUNCED_WITHIN_MS)) {
            self.suspect(device, message, Unannounced::Capture);
        }
    }

    pub(crate) fn send(
        &mut self,
        device: Term,
        message: Term,
        (to, span): (Term, Span),
        reader: &mut Reading<'_>,
    ) {
        self.check_enabled(Some(message), reader, |reader, now| {
            let (device, message) = (reader.text(device), reader.text(message));
            format!("{device} sent {message} at {now}")
        });
        let asked_again = self.meet(device).and_then(|d| {
            let newest = d.question_for(message)?;
            newest.spent_on.is_none().then_some(newest.prompt.line)
        });
        let Clock { line, now_ms, .. } = self.clock;
        let retry = self.outbox.find(device, message);
        if let Some(sent) = retry.filter(|sent| asked_again.is_none_or(|at| at < sent.line)) {
            let case = &mut Case {
                ledger: &mut self.ledger,
                reader,
                line,
                now_ms,
                message,
            };
            sent.enter_retry(to, span, case);
            sent.delivery = Delivery::Awaited;
            return;
        }
        let leaving = Leaving {
            device,
            message,
            to,
            span,
        };
        let answered_at = self.judge_send(leaving, reader);
        self.check_announced(device, message, answered_at);
        let draft = self.drafts.find(device, message);
        let audio = match (span, draft) {
            ((Some(from), Some(to)), _) => Some((from, to)),
            (_, Some(draft)) => draft.to_ms.map(|to| (draft.from_ms, to)),
            (_, None) => None,
        };
        let delivered = Delivered {
            device,
            message,
            recipient: to,
            audio,
            settled_at: answered_at.unwrap_or(line),
        };
        let entered = (&mut self.ledger, reader);
        self.intent.sent(&delivered, self.clock, self.home, entered);
        self.outbox.add(Sent {
            device,
            message,
            recipient: to,
            span,
            line,
            delivery: Delivery::Awaited,
            age: Age::SinceRestart,
            dropped: false,
        });
    }

    /// Judges a send that is no retry, and spends the question that it rests on. Gives the line of
    /// the answer, of the question if there was none, of nothing if nobody was asked.
    fn judge_send(&mut self, leaving: Leaving, reader: &mut Reading<'_>) -> Option<usize> {
        let Leaving {
            device, message, ..
        } = leaving;
        let draft = self.drafts.find(device, message).copied();
        let is_new = draft.is_some_and(|d| Some(d.began_at) > self.clock.restarted);
        let device = self.devices.iter_mut().find(|d| d.name == device);
        let question = device.and_then(|d| d.question_for(message));
        let question = question.filter(|q| q.age == Age::SinceRestart || !is_new);
        let naming = question.as_deref();
        let naming = naming.and_then(|q| named_wrongly(q, leaving.to, self.home, reader));
        let people = reader.people(self.home);
        let case = &mut Case {
            ledger: &mut self.ledger,
            reader,
            line: self.clock.line,
            now_ms: self.clock.now_ms,
            message,
        };
        let outcome = match question.as_deref() {
            None => Outcome::Elsewhere,
            Some(question) => question.outcome(),
        };
        let Some(question) = question.filter(|q| q.is_settled_by(&outcome)) else {
            case.unasked(leaving, &people);
            if let Some(draft) = draft {
                draft.enter(None, leaving.span, case);
            }
            return None;
        };
        if let Some(before) = question.spent_on {
            case.spent(question, before);
            return Some(question.prompt.line);
        }
        let answered_at = match question.age {
            Age::BeforeRestart => {
                case.resurrected(question);
                question.prompt.line
            }
            Age::SinceRestart => {
                question.enter(&outcome, case);
                question.answered_at(&outcome)
            }
        };
        if let Some(naming) = naming {
            case.misnamed(question, leaving.to, naming, &people);
        }
        if let Some(draft) = draft {
            draft.enter(Some(question), leaving.span, case);
        }
        question.spent_on = Some(message);
        Some(answered_at)
    }

    /// `G14`: a send is to be heard about after its answer, or in the same breath.
    fn check_announced(&mut self, device: Term, message: Term, answered_at: Option<usize>) {
        let now_ms = self.clock.now_ms;
        let Some(audible) = self.meet(device).map(|d| d.audible) else {
            return;
        };
        let is_announced = audible.is_some_and(|(line, at_ms)| match answered_at {
            Some(answered_at) => line > answered_at,
            None => now_ms <= at_ms.saturating_add(ANNOUNCED_WITHIN_MS),
        });
        if !is_announced {
            self.suspect(device, message, Unannounced::Send);
        }
    }
}

/// How a question names someone other than the recipient of a send.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Naming {
    /// The assistant said that it was about this one.
    About(Term),
    /// Its text says so.
    InWords,
}

/// `G2`: whether a question named anyone else than the recipient of a send, or nobody.
pub(crate) fn named_wrongly(
    question: &Question,
    to: Term,
    home: Option<Home>,
    reader: &mut Reading<'_>,
) -> Option<Naming> {
    if let Some(named) = question.recipient
        && !reader.is_same(home, named, to)
    {
        return Some(Naming::About(named));
    }
    let is_named = reader.is_named_well(home, question.prompt.text, to);
    (!is_named).then_some(Naming::InWords)
}

impl Case<'_> {
    fn unasked(&mut self, leaving: Leaving, people: &People) {
        let (now, message) = (Time(self.now_ms), self.message);
        self.fault(Rule::G1, |reader| {
            let (device, message) = (reader.text(leaving.device), reader.text(message));
            let who = people.name(reader.text(leaving.to));
            format!(
                "at {now} {device} sent {message} to {who}, which nobody had been asked to confirm"
            )
        });
    }

    fn spent(&mut self, question: &Question, before: Term) {
        let (now, message) = (Time(self.now_ms), self.message);
        self.fault(Rule::G10, |reader| {
            let (message, before) = (reader.text(message), reader.text(before));
            let asked = reader.quote(question.prompt.text);
            format!("{message} was sent at {now} on \"{asked}\", which was spent on {before}")
        });
    }

    fn resurrected(&mut self, question: &Question) {
        let (now, message) = (Time(self.now_ms), self.message);
        self.fault(Rule::G13, |reader| {
            let (message, asked) = (reader.text(message), reader.quote(question.prompt.text));
            format!("{message} was sent at {now} on \"{asked}\", asked before a restart")
        });
    }

    fn misnamed(&mut self, question: &Question, to: Term, naming: Naming, people: &People) {
        let message = self.message;
        self.fault(Rule::G2, |reader| {
            let why = match naming {
                Naming::About(named) => format!("was about {}", people.name(reader.text(named))),
                Naming::InWords => match reader.misnamed(people, question.prompt.text, to) {
                    Some(Misnamed::SomeoneElse(other)) => format!("names {other}"),
                    Some(Misnamed::NotApartFrom(other)) => format!("could as well mean {other}"),
                    Some(Misnamed::Nobody) | None => "names nobody".to_owned(),
                },
            };
            let (asked, message) = (reader.quote(question.prompt.text), reader.text(message));
            let who = people.name(reader.text(to));
            format!("\"{asked}\" {why}, but {message} went to {who}")
        });
    }
}
