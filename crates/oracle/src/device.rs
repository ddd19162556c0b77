//! What the trace says of one device: how it listens, what it said and asked, what it recorded.

use crate::judge::Clock;
use crate::question::{
    Age, Candidate, Consequence, Question, Source, Spoken, Standing, Sureness, Timing, Window,
};
use crate::reader::Reading;
use crate::renaming::Renaming;
use crate::service::Owed;
use crate::words::Answer;
use mondegreen_trace::fact::{Did, Home, Term};
use mondegreen_trace::{Asks, Button, Voice};

/// How many questions of a device may be open or spent at once, the newest ones.
const QUESTIONS_MAX: usize = 8;

/// How it listens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listening {
    pub(crate) listens_for: Asks,
    pub(crate) until_ms: Option<u64>,
    /// The line of the input in answer to which it began.
    batch: usize,
}

/// One device.
#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) name: Term,
    pub(crate) listening: Option<Listening>,
    /// The last thing that it said and wants an answer to, and what it asks for.
    pub(crate) prompt: Option<(Spoken, Option<Asks>)>,
    pub(crate) questions: Vec<Question>,
    /// Where it last made itself heard, and when.
    pub(crate) audible: Option<(usize, u64)>,
    /// When it last said, or will have said, that it takes a message.
    pub(crate) announced_ms: Option<u64>,
    /// The message that it is recording.
    pub(crate) recording: Option<Term>,
    pub(crate) owed: Owed,
}

impl Listening {
    pub(crate) fn is_over_at(self, at_ms: u64) -> bool {
        self.until_ms.is_some_and(|until_ms| at_ms >= until_ms)
    }
}

/// One account of a span of speech.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hearing {
    pub(crate) line: usize,
    pub(crate) device: Term,
    pub(crate) from_ms: u64,
    pub(crate) at_ms: u64,
    pub(crate) standing: Standing,
    pub(crate) voice: Voice,
    /// What it is most likely to have been.
    pub(crate) text: Term,
    pub(crate) sureness: Sureness,
}

impl Hearing {
    /// Whether a person said this for certain, as far as the recogniser can tell.
    pub(crate) fn is_plainly_a_person(&self) -> bool {
        self.standing == Standing::Final
            && self.voice == Voice::Person
            && self.sureness == Sureness::Sure
    }
}

impl Device {
    pub(crate) fn new(name: Term, now_ms: u64) -> Self {
        Self {
            name,
            listening: None,
            prompt: None,
            questions: Vec::new(),
            audible: None,
            announced_ms: None,
            recording: None,
            owed: Owed::new(name, now_ms),
        }
    }

    /// What it listens for now, if it says so.
    pub(crate) fn listens_for(&self, now_ms: u64) -> Option<Asks> {
        let listening = self.listening.filter(|l| !l.is_over_at(now_ms))?;
        Some(listening.listens_for)
    }

    /// What it wants to hear now, as far as can be told; nothing while it records.
    pub(crate) fn wanted(&self, now_ms: u64) -> Option<Asks> {
        if self.recording.is_some() {
            return None;
        }
        match (self.listening, &self.prompt) {
            (Some(_), _) => Some(self.listens_for(now_ms).unwrap_or(Asks::Wake)),
            (None, Some((_, asks))) => *asks,
            (None, None) => Some(Asks::Wake),
        }
    }

    /// Whether it listens for more than its name, or records.
    pub(crate) fn is_in_session(&self, now_ms: u64) -> bool {
        let listens = self.listens_for(now_ms);
        self.recording.is_some() || listens.is_some_and(|what| what != Asks::Wake)
    }

    /// The newest question that can be about this message.
    pub(crate) fn question_for(&mut self, message: Term) -> Option<&mut Question> {
        self.questions.iter_mut().rev().find(|q| q.is_for(message))
    }

    /// It begins to say something that wants an answer.
    pub(crate) fn say(&mut self, prompt: Spoken, asks: Option<Asks>) {
        match asks {
            // Whom to send to is open again, or the talk is of something else.
            Some(Asks::Recipient | Asks::Command) => self.leave_questions(),
            Some(Asks::Message) | None => self.leave_closed_questions(),
            Some(Asks::Confirmation | Asks::Wake) => {}
        }
        if asks.is_some() {
            self.close_questions();
        }
        if matches!(asks, Some(Asks::Message) | None) {
            self.announced_ms = Some(prompt.ends_ms);
        }
        self.audible = Some((prompt.line, prompt.began_ms));
        self.prompt = Some((prompt, asks));
    }

    /// It asks for permission to send. An older question about the same message is replaced, and
    /// no other one can be answered any more: an answer belongs to what was asked last.
    pub(crate) fn ask(&mut self, mut question: Question, batch: usize) {
        self.close_questions();
        self.questions
            .retain(|old| old.message != question.message && old.spent_on.is_none());
        if let Some(listening) = self.listening
            && listening.batch == batch
            && listening.listens_for == Asks::Confirmation
        {
            let until_ms = listening.until_ms;
            question.window = Window::Open { until_ms };
        }
        if self.questions.len() >= QUESTIONS_MAX {
            self.questions.remove(0);
        }
        self.questions.push(question);
    }

    /// It did something; of a prompt only that it did. What it says is told by [`Device::say`].
    pub(crate) fn did(&mut self, did: &Did, clock: Clock) {
        match *did {
            Did::Listen {
                listens_for,
                until_ms,
                ..
            } => return self.listen(listens_for, until_ms, clock.batch),
            Did::Notice { .. } => {
                self.audible = Some((clock.line, clock.now_ms));
                self.announced_ms = Some(clock.now_ms);
            }
            Did::RecordEnded { .. } => self.recording = None,
            Did::Cancel { message, .. } => self.drop_message(message, clock),
            Did::Prompt { .. }
            | Did::Record { .. }
            | Did::Send { .. }
            | Did::Act { .. }
            | Did::Hello { .. }
            | Did::Timer { .. }
            | Did::Done => {}
        }
        for question in &mut self.questions {
            question.acted_on(clock.batch);
        }
    }

    fn listen(&mut self, listens_for: Asks, until_ms: Option<u64>, batch: usize) {
        self.listening = Some(Listening {
            listens_for,
            until_ms,
            batch,
        });
        if listens_for == Asks::Confirmation {
            if let Some(newest) = self.questions.last_mut()
                && newest.window != Window::Closed
            {
                newest.window = Window::Open { until_ms };
            }
        } else {
            let told = |q: &&mut Question| matches!(q.window, Window::Open { .. });
            for question in self.questions.iter_mut().filter(told) {
                question.window = Window::Closed;
            }
        }
    }

    /// It drops a message, or what it was about to take, and says no more about it.
    fn drop_message(&mut self, message: Option<Term>, clock: Clock) {
        if let Some((spoken, _)) = &mut self.prompt {
            spoken.end(clock.now_ms.min(spoken.ends_ms));
        }
        for question in &mut self.questions {
            let is_about = message.is_none_or(|message| question.is_for(message));
            if is_about {
                question.window = Window::Closed;
            }
            if is_about && message.is_some() {
                question.dropped_at = Some(clock.line);
            }
        }
        if message.is_none() || self.recording == message {
            self.recording = None;
        }
    }

    /// A restart: nothing goes on, and no question that was asked stands.
    pub(crate) fn restart(&mut self, now_ms: u64) {
        self.owed.restart(now_ms);
        self.listening = None;
        self.recording = None;
        self.prompt = None;
        for question in &mut self.questions {
            question.age = Age::BeforeRestart;
        }
    }

    pub(crate) fn prompt_ended(&mut self, number: u32, at_ms: u64) {
        if let Some((spoken, asks)) = &mut self.prompt
            && spoken.number == number
        {
            spoken.end(at_ms);
            if matches!(asks, Some(Asks::Message) | None) {
                self.announced_ms = Some(at_ms);
            }
        }
        for question in &mut self.questions {
            if question.prompt.number == number {
                question.prompt.end(at_ms);
            }
        }
    }

    /// Another message is being made: what was spent is done with, and so is what was asked in a
    /// session that is over, unless someone said yes to it, in order or late, or what was said led
    /// the device to do something.
    pub(crate) fn leave_closed_questions(&mut self) {
        let stands = |q: &Question| q.window != Window::Closed || q.has_a_yes() || q.led_on();
        self.questions.retain(|q| q.spent_on.is_none() && stands(q));
    }

    fn leave_questions(&mut self) {
        self.questions
            .retain(|q| q.spent_on.is_none() && q.is_confirmed());
    }

    fn close_questions(&mut self) {
        for question in &mut self.questions {
            question.window = Window::Closed;
        }
    }

    /// What it was saying in this span, as far as is known.
    pub(crate) fn said_in(&self, from_ms: u64, at_ms: u64) -> Option<Term> {
        let (prompt, _) = self.prompt.as_ref()?;
        let overlaps = from_ms < prompt.ends_ms && at_ms > prompt.began_ms;
        overlaps.then_some(prompt.text)
    }

    /// Takes note of speech that may be taken for an answer to what this device asked.
    pub(crate) fn consider_heard(
        &mut self,
        heard: &Hearing,
        source: Source,
        home: Option<Home>,
        reader: &mut Reading<'_>,
    ) {
        for question in self.questions.iter_mut().filter(|q| q.spent_on.is_none()) {
            question.consider(Candidate {
                line: heard.line,
                from_ms: heard.from_ms,
                at_ms: heard.at_ms,
                device: heard.device,
                text: Some(heard.text),
                answer: reader.answer(home, question.prompt.text, heard.text),
                sureness: heard.sureness,
                source,
                standing: heard.standing,
                timing: timing(question, heard.at_ms),
                effect: Consequence::Nothing,
            });
        }
    }

    /// The same for a button.
    pub(crate) fn consider_pressed(
        &mut self,
        line: usize,
        device: Term,
        at_ms: u64,
        button: Button,
    ) {
        for question in self.questions.iter_mut().filter(|q| q.spent_on.is_none()) {
            question.consider(Candidate {
                line,
                from_ms: at_ms,
                at_ms,
                device,
                text: None,
                answer: match button {
                    Button::Confirm => Answer::Yes,
                    Button::Cancel => Answer::No,
                },
                sureness: Sureness::Sure,
                source: Source::Button,
                standing: Standing::Final,
                timing: timing(question, at_ms),
                effect: Consequence::Nothing,
            });
        }
    }

    pub(crate) fn rename(&mut self, renaming: &mut Renaming<'_>) {
        renaming.term(&mut self.name);
        renaming.optional(&mut self.recording);
        if let Some((spoken, _)) = &mut self.prompt {
            renaming.term(&mut spoken.text);
        }
        for question in &mut self.questions {
            question.rename(renaming);
        }
        self.owed.rename(renaming);
    }
}

impl Clone for Device {
    fn clone(&self) -> Self {
        let questions = self.questions.clone();
        Self { questions, ..*self }
    }

    fn clone_from(&mut self, source: &Self) {
        let mut questions = std::mem::take(&mut self.questions);
        questions.clone_from(&source.questions);
        *self = Self {
            questions,
            ..*source
        };
    }
}

fn timing(question: &Question, at_ms: u64) -> Timing {
    if question.window.is_over_at(at_ms) {
        Timing::Late
    } else {
        Timing::InTime
    }
}
