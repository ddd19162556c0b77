//! What would be held against a message that left now.

use crate::judge::{Judge, Messaging};
use crate::outbox::Sent;
use crate::question::{Age, Outcome, Question};

impl Judge {
    /// What would be held against a send from here, or against another attempt at the last message
    /// that left, as a number: whether messaging is off, what became of the newest question that
    /// was not spent, and of that message.
    ///
    /// It is no verdict. A search uses it to tell apart situations in which an assistant looks the
    /// same: one that ignored a refusal stands where it stood, but what it does next is a breach.
    pub fn stakes(&self) -> u32 {
        let off = u32::from(self.messaging == Messaging::Off);
        let questions = self.devices.iter().flat_map(|device| &device.questions);
        let unspent = questions.filter(|question| question.spent_on.is_none());
        let newest = unspent.max_by_key(|question| question.prompt.line);
        let asked = newest.map_or(0, of_question);
        let sent = self.outbox.sent().last().map_or(0, of_sent);
        off | asked << 1 | sent << 17
    }
}

/// Sixteen bits.
fn of_question(question: &Question) -> u32 {
    let (kind, flaws) = match question.outcome() {
        Outcome::Confirmed(_) => (1, 0),
        Outcome::Refused(..) => (2, 0),
        Outcome::Dropped(_) => (3, 0),
        Outcome::Faulty(_, flaws) => (4, flaws.bits()),
        Outcome::Silence => (5, 0),
        Outcome::Elsewhere => (6, 0),
    };
    let is_old = u32::from(question.age == Age::BeforeRestart);
    let is_dropped = u32::from(question.dropped_at.is_some());
    kind | is_old << 3 | is_dropped << 4 | flaws << 5
}

/// Five bits.
fn of_sent(sent: &Sent) -> u32 {
    let is_old = u32::from(sent.age == Age::BeforeRestart);
    1 | (sent.delivery as u32) << 1 | is_old << 3 | u32::from(sent.dropped) << 4
}
