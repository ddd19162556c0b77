//! What of a judge's state can still change a verdict.
//!
//! An exhaustive check meets the same situation at many lines and times. [`Judge::essence`] says
//! what two of them must have in common to be judged alike from there on.

use crate::device::Device;
use crate::judge::Judge;
use crate::outbox::{Delivery, Sent};
use crate::question::{Candidate, Question, Source, Spoken, Standing, Window};
use crate::sending::ANNOUNCED_WITHIN_MS;
use crate::service::{Owed, SILENCE_MAX_MS};
use mondegreen_trace::fact::{Home, Term};

/// How long the essence of a run with two devices usually is.
const WORDS_USUAL: usize = 96;

/// What of the past a trace may still speak of. Whoever hands it in promises that nothing else of
/// the past comes up again; what is new may always come.
///
/// Each list is in an order of the caller's. The place in it stands for the name, so that runs that
/// differ in names alone can be found alike.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ahead<'a> {
    /// Messages that may still be recorded, asked about, sent, delivered or cancelled.
    pub messages: &'a [Term],
    /// Prompts that may still be reported as ended.
    pub prompts: &'a [u32],
    /// Speech that may still be withdrawn: the device that heard it, and when it began.
    pub speech: &'a [(Term, u64)],
    /// No speech is reported longer than this after it began.
    pub speech_max_ms: u64,
}

/// What of a judge's state can still change a verdict, see [`Judge::essence`].
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Essence {
    /// All but the times, in no form that is of use by itself.
    pub state: Vec<u32>,
    /// How far from now lie the times that still count, in milliseconds, the past below 0. Which
    /// they are, and in which order, is told by `state`. A check that merges clocks whose
    /// order is the same can do so with these and its own together.
    pub clocks: Vec<i64>,
    /// How long nothing was heard or pressed at each device, as far as `S3` can tell lengths apart.
    pub quiet_ms: Vec<u64>,
}

impl Judge {
    /// What can still change a verdict, if what comes up of the past is as promised.
    ///
    /// Two judges with the same essence enter the same rules for the same messages, each at the same
    /// distance from now, whatever comes: every comparison that a rule makes between two things of
    /// the past is in it as its outcome, every time as its distance from now, and every identifier
    /// that can come up again as its place in `ahead`. Of the candidates for an answer, those are
    /// left out that can no longer be chosen: what may yet happen to a candidate (it is withdrawn,
    /// the prompt is reported to have ended, talk runs across its end) is the same for all of a
    /// kind, and within a kind only the best can be taken, and only the latest refusal counts.
    ///
    /// It is to be asked for between inputs, when the assistant is done with the last one. Left out
    /// is what no gate rule depends on: the truth of what people meant, but for words that were meant
    /// to cancel or to command (so `I1` to `I3` and `S1` are not judged alike), earlier runs (`G15`),
    /// the breaches that are known already, and the named limits of what is remembered, which
    /// a short run does not meet.
    pub fn essence(&self, ahead: Ahead<'_>) -> Essence {
        let mut sink = Sink {
            judge: self,
            ahead,
            essence: Essence {
                state: Vec::with_capacity(WORDS_USUAL),
                ..Essence::default()
            },
        };
        sink.judge();
        sink.essence
    }
}

/// Writes what matters, one thing after the other. Everything begins with what says how it goes on,
/// so that two states are written alike only if they are alike.
struct Sink<'a> {
    judge: &'a Judge,
    ahead: Ahead<'a>,
    essence: Essence,
}

impl Sink<'_> {
    fn number(&mut self, number: u32) {
        self.essence.state.push(number);
    }

    fn flags<const N: usize>(&mut self, flags: [bool; N]) {
        let bits = flags.iter().rev();
        self.number(bits.fold(0, |bits, flag| bits << 1 | u32::from(*flag)));
    }

    fn optional(&mut self, number: Option<u32>) {
        self.number(number.map_or(0, |number| number.saturating_add(1)));
    }

    fn term(&mut self, term: Option<Term>) {
        self.optional(term.map(Term::number));
    }

    /// The place of something in a list of the caller's, from 1; 0 if it is not there.
    fn place<T: PartialEq>(&mut self, list: &[T], item: &T) {
        self.number(place(list, item));
    }

    fn clock(&mut self, at_ms: u64) {
        let signed = |ms| i64::try_from(ms).unwrap_or(i64::MAX);
        let from_now = signed(at_ms).saturating_sub(signed(self.judge.clock.now_ms));
        self.essence.clocks.push(from_now);
    }

    /// A time that counts until this long after it.
    fn clock_for(&mut self, at_ms: Option<u64>, lasts_ms: u64) {
        let now_ms = self.judge.clock.now_ms;
        let counts = at_ms.filter(|at_ms| now_ms <= at_ms.saturating_add(lasts_ms));
        self.flags([counts.is_some()]);
        if let Some(at_ms) = counts {
            self.clock(at_ms);
        }
    }

    fn judge(&mut self) {
        let judge = self.judge;
        self.optional(judge.home.map(Home::number));
        self.number(judge.messaging as u32);
        // Speech of the past may be withdrawn under the name of speech to come.
        self.number(count(self.ahead.speech.len()));
        for (device, from_ms) in self.ahead.speech {
            self.term(Some(*device));
            self.clock_for(Some(*from_ms), self.ahead.speech_max_ms);
        }
        self.number(count(judge.devices.len()));
        for device in &judge.devices {
            self.device(device);
        }
    }

    fn device(&mut self, device: &Device) {
        let now_ms = self.judge.clock.now_ms;
        self.term(Some(device.name));
        match device.listening {
            None => self.number(0),
            Some(listening) if listening.is_over_at(now_ms) => self.number(1),
            Some(listening) => {
                self.number(2);
                self.number(listening.listens_for as u32);
                self.until(listening.until_ms);
            }
        }
        match &device.prompt {
            None => self.number(0),
            Some((spoken, asked)) => {
                self.number(1);
                let is_open = self.prompt_end(spoken);
                let counts = spoken.ends_ms.saturating_add(self.ahead.speech_max_ms);
                if is_open || self.judge.clock.now_ms <= counts {
                    self.term(Some(spoken.text));
                    self.flags([spoken.began_ms == now_ms]);
                }
                // What it asked for is looked at if it says nothing of how it listens, and when it
                // is reported to have ended.
                let is_needed =
                    device.listening.is_none() || self.ahead.prompts.contains(&spoken.number);
                let asked = asked.filter(|_| is_needed);
                self.optional(asked.map(|asked| asked as u32));
            }
        }
        let audible_ms = device.audible.map(|(_, at_ms)| at_ms);
        self.clock_for(audible_ms, ANNOUNCED_WITHIN_MS);
        self.clock_for(device.announced_ms, ANNOUNCED_WITHIN_MS);
        self.flags([device.recording.is_some()]);
        if let Some(recording) = device.recording {
            self.place(self.ahead.messages, &recording);
        }
        self.owed(&device.owed);
        self.messages(device);
    }

    fn until(&mut self, until_ms: Option<u64>) {
        self.flags([until_ms.is_some()]);
        if let Some(until_ms) = until_ms {
            self.clock(until_ms);
        }
    }

    /// When a prompt ends. Says whether that may still be reported.
    fn prompt_end(&mut self, spoken: &Spoken) -> bool {
        let is_open = self.is_open(spoken);
        self.place(self.ahead.prompts, &spoken.number);
        self.flags([is_open]);
        self.clock_for(Some(spoken.ends_ms), self.ahead.speech_max_ms);
        is_open
    }

    fn is_open(&self, spoken: &Spoken) -> bool {
        !spoken.has_ended && self.ahead.prompts.contains(&spoken.number)
    }

    fn owed(&mut self, owed: &Owed) {
        // Silence that has lasted too long lasts too long for ever.
        let quiet_ms = self.judge.clock.now_ms.saturating_sub(owed.last_input_ms);
        let too_long_ms = SILENCE_MAX_MS.saturating_add(1);
        self.essence.quiet_ms.push(quiet_ms.min(too_long_ms));
        self.flags([owed.cancelled_ms.is_some()]);
        for span in [owed.cancel_said, owed.command_said] {
            self.clock_for(span.map(|(_, to_ms)| to_ms), self.ahead.speech_max_ms);
            self.clock_for(span.map(|(from_ms, _)| from_ms), 0);
        }
        self.flags([
            owed.command.is_some(),
            owed.command.is_some_and(|command| command.waits),
        ]);
        if let Some(command) = &owed.command {
            self.clock(command.at_ms);
        }
    }

    /// What the device asked, recorded and sent for the messages that may come up again.
    fn messages(&mut self, device: &Device) {
        let ahead = self.ahead;
        let judge = self.judge;
        let comes_up = |message: Term| ahead.messages.contains(&message);
        let questions = device.questions.iter();
        let questions = questions.filter(|q| q.message.is_none_or(comes_up));
        let questions: Vec<&Question> = questions.collect();
        self.number(count(questions.len()));
        for question in &questions {
            self.question(question, device);
        }
        for message in ahead.messages {
            let draft = judge.drafts.find(device.name, *message);
            self.flags([draft.is_some()]);
            if let Some(draft) = draft {
                self.clock(draft.from_ms);
                self.until(draft.to_ms);
                self.flags([Some(draft.began_at) > judge.clock.restarted]);
                for question in &questions {
                    self.flags([draft.changed_at > question.prompt.line]);
                }
            }
            let is = |sent: &&Sent| sent.device == device.name && sent.message == *message;
            let sent = judge.outbox.sent().iter().rev().find(is);
            self.flags([sent.is_some()]);
            if let Some(sent) = sent {
                self.sent(sent);
                for question in &questions {
                    self.flags([question.prompt.line < sent.line]);
                }
            }
        }
    }

    fn sent(&mut self, sent: &Sent) {
        self.term(Some(sent.recipient));
        self.until(sent.span.0);
        self.until(sent.span.1);
        // Another device may have sent a message of this name, and its delivery is reported first.
        let waits =
            |other: &&Sent| other.message == sent.message && other.delivery == Delivery::Awaited;
        let newest = self.judge.outbox.sent().iter().rev().find(waits);
        self.number(sent.delivery as u32);
        self.number(sent.age as u32);
        self.flags([
            sent.dropped,
            newest.is_some_and(|newest| newest.line == sent.line),
        ]);
    }

    fn question(&mut self, question: &Question, device: &Device) {
        let is_heard_after = |line| device.audible.is_some_and(|(audible, _)| audible > line);
        self.flags([question.message.is_some()]);
        if let Some(message) = question.message {
            self.place(self.ahead.messages, &message);
        }
        self.number(question.age as u32);
        self.flags([
            question.spent_on.is_some(),
            is_heard_after(question.prompt.line),
        ]);
        if question.spent_on.is_some() {
            return;
        }
        self.prompt_end(&question.prompt);
        self.term(Some(question.prompt.text));
        self.term(question.recipient);
        // How long it is open is told by how the device listens.
        self.number(match question.window {
            Window::Unknown => 0,
            Window::Closed => 1,
            Window::Open { .. } => 2,
        });
        self.candidates(question, is_heard_after);
    }

    fn candidates(&mut self, question: &Question, is_heard_after: impl Fn(usize) -> bool) {
        self.flags([
            question.has_a_yes(),
            question.led_on(),
            question.dropped_at.is_some(),
        ]);
        let counting = self.counting(question);
        self.number(count(counting.len()));
        for (kind, candidate) in counting {
            self.number(kind.speech);
            self.optional(kind.standing.map(|standing| standing as u32));
            self.optional(kind.began.map(|began| began as u32));
            let flaws = question.best_of([candidate].into_iter());
            self.optional(flaws.map(|(_, flaws)| flaws.bits()));
            self.number(candidate.effect as u32);
            self.flags([
                kind.is_now,
                question.is_refusal(candidate),
                candidate.source == Source::Button,
                is_heard_after(candidate.line),
            ]);
        }
    }

    /// The candidates that can still be taken for the answer or refuse it, oldest first.
    fn counting<'q>(&self, question: &'q Question) -> Vec<(Kind, &'q Candidate)> {
        let candidates = question.candidates().iter();
        let kinds = candidates.map(|c| (self.kind(c, question), c));
        let kinds: Vec<(Kind, &Candidate)> = kinds.collect();
        let counts = |(kind, candidate): &(Kind, &Candidate)| {
            let alike = || kinds.iter().filter(|(k, _)| k == kind).map(|(_, c)| *c);
            let best = question.best_of(alike());
            let refusal = alike().rfind(|c| question.is_refusal(c));
            best.is_some_and(|(best, _)| best == *candidate) || refusal == Some(*candidate)
        };
        kinds.iter().copied().filter(counts).collect()
    }

    fn kind(&self, candidate: &Candidate, question: &Question) -> Kind {
        let speech = match candidate.source {
            Source::Button => 0,
            Source::Person | Source::OwnVoice | Source::Echo => {
                let speech = (candidate.device, candidate.from_ms);
                place(self.ahead.speech, &speech)
            }
        };
        let is_person = candidate.source == Source::Person;
        let began = if question.crosses(candidate) {
            Began::Across
        } else if candidate.from_ms < question.prompt.ends_ms {
            Began::Before
        } else {
            Began::After
        };
        let is_now = candidate.from_ms >= self.judge.clock.now_ms;
        Kind {
            speech,
            standing: (speech > 0).then_some(candidate.standing),
            began: is_person.then_some(began),
            is_now: is_person && is_now && self.is_open(&question.prompt),
        }
    }
}

/// What may yet happen to a candidate is the same for all of a kind.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Kind {
    /// Which speech it was, if that may be withdrawn, and where that stands.
    speech: u32,
    standing: Option<Standing>,
    /// If it was a person's speech; to all else the prompt's end does not matter.
    began: Option<Began>,
    /// Whether it began no earlier than the prompt's end, if that is reported now.
    is_now: bool,
}

/// When speech began, by the end of the prompt.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Began {
    /// Before it, and ran on across it.
    Across,
    Before,
    After,
}

fn place<T: PartialEq>(list: &[T], item: &T) -> u32 {
    let place = list.iter().position(|known| known == item);
    place.map_or(0, |place| count(place).saturating_add(1))
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
