//! Whether a send that may come would break a rule.
//!
//! [`Judge::essence`](crate::Judge::essence) says all that two situations must have in common to be
//! judged alike. For an exhaustive check that is too fine: what was heard and is no answer comes in
//! thousands of combinations, which matter for the name of the rule alone. [`Judge::outlook`] says
//! whether it is broken, not which.

use crate::judge::{Judge, Messaging};
use crate::outbox::Delivery;
use crate::question::{Age, Candidate, Question, Source, Standing, Window};
use crate::reader::Reader;
use crate::sending::{ANNOUNCED_WITHIN_MS, named_wrongly};
use mondegreen_trace::Asks;
use mondegreen_trace::fact::{Dictionary, Term};

/// What decides whether a send breaks a rule, see [`Judge::outlook`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outlook(u64);

impl Outlook {
    /// As a number, for comparing.
    pub const fn bits(self) -> u64 {
        self.0
    }

    fn flags<const N: usize>(&mut self, flags: [bool; N]) {
        for flag in flags {
            self.0 = self.0 << 1 | u64::from(flag);
        }
    }

    /// How firmly something stands of which these are the cases.
    fn standing<'c>(&mut self, cases: impl Iterator<Item = &'c Candidate>, speech: &[(Term, u64)]) {
        let is_firm =
            |c: &Candidate| c.source == Source::Button || !speech.contains(&(c.device, c.from_ms));
        let (mut is_there, mut is_one_firm) = (false, false);
        for case in cases {
            is_there = true;
            is_one_firm |= is_firm(case);
        }
        self.flags([is_there, is_one_firm]);
    }
}

impl Judge {
    /// What decides whether a send of one of these messages by this device would break a gate
    /// rule, given that no other message of it is sent, that no other speech is withdrawn than this
    /// (the device that heard it, and when it began), and that the assistant says of each question
    /// which message it is about.
    ///
    /// Whether messaging is on; and for each message: whether its question was misleading, spent, dropped, or asked before a restart, how its
    /// prompt and its window stand; whether it was answered in order, refused since, and whether
    /// talk ran across the end of its prompt, each as firmly as what could still be withdrawn leaves
    /// it; whether it was recorded, and after its question; whether it was sent, and arrived. Two
    /// judges for which that is the same find the same sends in order, provided that
    /// two things are the same which an assistant's own state tells: whom a question is about, and how
    /// long ago a prompt or a recording ended.
    ///
    /// It is to be asked for between inputs, when the assistant is done with the last one.
    pub fn outlook(
        &self,
        device: Term,
        messages: [Term; 2],
        speech: &[(Term, u64)],
        (reader, dictionary): (&mut Reader, &Dictionary),
    ) -> Outlook {
        let reading = &mut reader.of(dictionary);
        let mut outlook = Outlook::default();
        let known = self.devices.iter().find(|known| known.name == device);
        let Some(device) = known else {
            return outlook;
        };
        let call = device.prompt.as_ref().filter(|(prompt, asks)| {
            !prompt.has_ended && *asks == Some(Asks::Message) && device.recording.is_none()
        });
        let is_recent = |ms: u64| self.clock.now_ms <= ms.saturating_add(ANNOUNCED_WITHIN_MS);
        let is_announced = device.announced_ms.is_some_and(is_recent);
        let is_on = self.messaging == Messaging::On;
        outlook.flags([is_on, call.is_some() && is_announced]);
        for message in messages {
            let question = device.questions.iter().rev().find(|q| q.is_for(message));
            outlook.flags([question.is_some()]);
            if let Some(question) = question {
                let named = question.recipient;
                let is_misnamed = |to| named_wrongly(question, to, self.home, reading).is_some();
                outlook.flags([named.is_some_and(is_misnamed)]);
                self.foresee_answer(question, device.audible, speech, &mut outlook);
            }
            let draft = self.drafts.find(device.name, message);
            outlook.flags([draft.is_some()]);
            if let Some(draft) = draft {
                outlook.flags([
                    draft.to_ms.is_some(),
                    draft.is_dropped,
                    Some(draft.began_at) > self.clock.restarted,
                    question.is_some_and(|question| draft.changed_at > question.prompt.line),
                ]);
            }
            let is =
                |sent: &&crate::outbox::Sent| sent.device == device.name && sent.message == message;
            let sent = self.outbox.sent().iter().rev().find(is);
            outlook.flags([sent.is_some()]);
            if let Some(sent) = sent {
                outlook.flags([
                    sent.delivery == Delivery::Awaited,
                    sent.delivery == Delivery::Failed,
                    sent.age == Age::BeforeRestart,
                    sent.dropped,
                    question.is_some_and(|question| question.prompt.line < sent.line),
                ]);
            }
        }
        outlook
    }

    fn foresee_answer(
        &self,
        question: &Question,
        audible: Option<(usize, u64)>,
        speech: &[(Term, u64)],
        outlook: &mut Outlook,
    ) {
        let now_ms = self.clock.now_ms;
        let is_open = match question.window {
            Window::Unknown => [false, false],
            Window::Closed => [true, true],
            Window::Open { .. } => [true, !question.window.is_over_at(now_ms)],
        };
        outlook.flags(is_open);
        outlook.flags([
            question.window == Window::Closed,
            question.age == Age::BeforeRestart,
            question.spent_on.is_some(),
            question.prompt.has_ended,
        ]);
        let all = || question.candidates().iter();
        let answers = || all().filter(|c| question.is_answer(c));
        let answered_at = answers().map(|c| c.line).max();
        outlook.standing(answers(), speech);
        let is_refusal = |c: &&Candidate| {
            let in_turn = Some(c.line) > answered_at || c.from_ms >= question.prompt.ends_ms;
            question.is_refusal(c) && (in_turn || c.source == Source::Button)
        };
        outlook.standing(all().filter(is_refusal), speech);
        outlook.standing(all().filter(|c| question.crosses(c)), speech);
        let might = |c: &Candidate| c.from_ms >= now_ms && question.is_answer_but_early(c);
        let is_later = |line: usize| answered_at.is_some_and(|answered_at| line > answered_at);
        outlook.flags([
            all().any(|c| c.standing != Standing::Withdrawn && might(c)),
            audible.is_some_and(|(line, _)| is_later(line)),
            question.dropped_at.is_some_and(is_later),
        ]);
    }
}
