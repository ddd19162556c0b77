//! How near a judge's trace has come to a message that leaves the house.

use crate::device::Device;
use crate::judge::Judge;
use crate::question::{Age, Outcome, Question};
use crate::words::Answer;
use mondegreen_trace::Asks;

/// How many messages have left, then how much of what a further send needs is there.
///
/// It guides a search, and is no verdict. It is read off the facts alone, so that it means the same
/// for every assistant; what an assistant does not tell is passed over, never waited for. `met` is
/// that of the device that has come furthest:
///
/// | `met` | The device … |
/// | --- | --- |
/// | 0 | sleeps |
/// | 1 | has been woken: it listens for more than its name, or has said something that wants an answer |
/// | 2 | has asked for a recipient, a message, or a permission that no longer counts |
/// | 3 | has asked for permission to send |
/// | 4 | has finished asking |
/// | 5 | has heard something since it finished |
/// | 6 | has been told something that says yes, in order or not |
/// | 7 | has been given permission, by an answer without a fault that nothing took back |
/// | 8 | records a message |
/// | 9 | has recorded one |
/// | 10 to 14 | as 3 to 7, after the recording |
/// | 15 | has made itself heard after that permission |
///
/// On the way to a send it only grows, whether the assistant asks before it records, after, both
/// times, or does not say what it records. It falls when a session ends, a message is dropped, a
/// question is asked anew or answered with a no.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nearness {
    /// How many messages have left in this run; a retry is none. Not counted beyond 64.
    pub sent: u8,
    /// How much is there for the next one, from 0 to [`Nearness::MET_MAX`].
    pub met: u8,
}

impl Nearness {
    /// The most that can be met before the message leaves.
    pub const MET_MAX: u8 = 15;
}

/// By how much a question that is asked after the recording is nearer than one before.
const RECORDED: u8 = 9;
const ASKED_BEFORE: u8 = 2;

impl Judge {
    /// How near the trace has come to a send, or to the next one.
    pub fn nearness(&self) -> Nearness {
        let sent = u8::try_from(self.outbox.sent().len()).unwrap_or(u8::MAX);
        let met = self.devices.iter().map(|device| self.met(device)).max();
        Nearness {
            sent,
            met: met.unwrap_or(0),
        }
    }

    fn met(&self, device: &Device) -> u8 {
        if device.recording.is_some() {
            return RECORDED.saturating_sub(1);
        }
        let recorded_at = self.waiting_draft(device);
        let base = match recorded_at {
            Some(_) => RECORDED,
            None => ASKED_BEFORE,
        };
        let questions = device.questions.iter().rev();
        let mut standing = questions.filter(|q| {
            let is_open = q.age == Age::SinceRestart && q.spent_on.is_none();
            is_open && q.dropped_at.is_none() && Some(q.prompt.line) > recorded_at
        });
        match standing.next() {
            Some(question) => {
                let answered = self.answered(question, device, recorded_at.is_some());
                base.saturating_add(answered)
            }
            None if recorded_at.is_some() => base,
            None => self.woken(device),
        }
    }

    fn woken(&self, device: &Device) -> u8 {
        let now_ms = self.clock.now_ms;
        match &device.prompt {
            _ if device.listening.is_some() && !device.is_in_session(now_ms) => 0,
            Some((_, Some(Asks::Recipient | Asks::Message | Asks::Confirmation))) => ASKED_BEFORE,
            Some((_, Some(Asks::Wake | Asks::Command) | None)) => 1,
            None => u8::from(device.is_in_session(now_ms)),
        }
    }

    /// How far a question has come, from 1 to 5, or 6 if what it permits has been announced.
    fn answered(&self, question: &Question, device: &Device, is_recorded: bool) -> u8 {
        let prompt = &question.prompt;
        let own = question.candidates().iter();
        let own = own.filter(|c| c.device == question.device);
        if let Outcome::Confirmed(best) = question.outcome() {
            let is_heard = device.audible.is_some_and(|(line, _)| line > best.line);
            return 5_u8.saturating_add(u8::from(is_recorded && is_heard));
        }
        if own.clone().any(|c| c.answer == Answer::Yes) {
            4
        } else if own.clone().any(|c| c.from_ms >= prompt.ends_ms) {
            3
        } else if prompt.has_ended || self.clock.now_ms >= prompt.ends_ms {
            2
        } else {
            1
        }
    }

    /// Where the last recording of a device ended, if it still waits to be sent.
    fn waiting_draft(&self, device: &Device) -> Option<usize> {
        let draft = self.drafts.newest(device.name)?;
        let is_sent = self.outbox.sent().iter().any(|sent| {
            sent.device == draft.device
                && sent.message == draft.message
                && sent.line > draft.began_at
        });
        let is_new = Some(draft.began_at) > self.clock.restarted;
        let waits = draft.to_ms.is_some() && !draft.is_dropped && is_new && !is_sent;
        waits.then_some(draft.changed_at)
    }
}
