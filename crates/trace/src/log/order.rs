//! Whether the lines of a run follow on each other as the protocol has it.

use super::{Damage, Damages, Defect};
use crate::{Effect, Household, Input, Line, PROTOCOL, Utterance};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::{self, Display, Formatter};

/// How many names, numbers and times are remembered of each kind; what is beyond is not checked.
const REMEMBERED_MAX: usize = 4_096;
/// A line that was heard is looked for among so many before it.
const HEARD_MAX: usize = 16;

/// Finds gaps and disorder in one run. What is remembered is bounded, however long the run.
#[derive(Debug, Default)]
pub struct Order {
    damages: Damages,
    has_begun: bool,
    last: Option<(usize, Line)>,
    household: Option<Household>,
    now_ms: u64,
    batch: Batch,
    dones: usize,
    has_said_hello: bool,
    has_ended: bool,
    heard: VecDeque<(usize, Input)>,
    timers: BTreeSet<u64>,
    prompts: Prompts,
    /// Messages that a prompt or a recording was about, and those that were sent.
    begun: BTreeSet<String>,
    sent: BTreeSet<String>,
}

/// What answers the last input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Batch {
    /// There is no input yet, or its effects were closed by `done`.
    #[default]
    Closed,
    /// Effects may follow the input of this line.
    Open(usize),
}

/// What was said and wants an answer.
#[derive(Debug, Default)]
struct Prompts {
    numbers: BTreeSet<u32>,
    /// By device: number, line, and when it should have been said.
    open: BTreeMap<String, (u32, usize, u64)>,
    first: Option<usize>,
    ended: usize,
}

/// Milliseconds, written as seconds.
struct Time(u64);

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03} s", self.0 / 1000, self.0 % 1000)
    }
}

impl Order {
    /// Has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// A line that could not be read.
    pub fn unread(&mut self, damage: Damage) {
        self.damages.add(damage);
    }

    /// Looks at the next line of the run.
    pub fn see(&mut self, number: usize, line: &Line) {
        let is_start = matches!(line, Line::In(Input::Start { .. }));
        if !self.has_begun && !is_start {
            let why = "is not a `start`: nothing is known of the home, and of what came before";
            self.add(number, Defect::NoStart, why.to_owned());
        }
        self.has_begun = true;
        if self.has_ended {
            let why = "comes after the `end` of the run";
            self.add(number, Defect::AfterEnd, why.to_owned());
        }
        self.check_repeated(number, line);
        match line {
            Line::Said { said } => self.said(number, said),
            Line::In(input) => self.given(number, input),
            Line::Out(effect) => self.did(number, effect),
        }
        self.last = Some((number, line.clone()));
    }

    /// All that is wrong with the run, whose last line this was.
    pub fn finish(mut self) -> Damages {
        self.close_batch();
        if self.dones == 0 {
            // Whoever wrote it down left them all out, as our own traces do.
            self.damages.forget(Defect::NoDone);
        }
        let left = std::mem::take(&mut self.prompts.open);
        for (number, line, _) in left.into_values() {
            self.unended(number, line);
        }
        if let Some(line) = self.prompts.first.filter(|_| self.prompts.ended == 0) {
            let why = "is a prompt in a run without any `prompt_ended`: prompts are taken to be as long as they say";
            self.damages.forget(Defect::PromptUnended);
            self.add(line, Defect::PromptUnended, why.to_owned());
        }
        if let Some((last, _)) = self.last.take().filter(|_| !self.has_ended) {
            let why = "is the last of a run without `end`: what came after is not known";
            self.add(last, Defect::NoEnd, why.to_owned());
        }
        self.damages
    }

    fn add(&mut self, line: usize, defect: Defect, why: String) {
        self.damages.add(Damage { line, defect, why });
    }

    /// What stands there twice was most likely done once.
    fn check_repeated(&mut self, number: usize, line: &Line) {
        let tells = match line {
            Line::Said { .. } | Line::In(Input::Time { .. } | Input::Start { .. }) => false,
            Line::In(_) => true,
            Line::Out(effect) => match effect {
                Effect::Prompt { .. }
                | Effect::Record { .. }
                | Effect::Send { .. }
                | Effect::Notice { .. }
                | Effect::Act { .. } => true,
                Effect::Hello { .. }
                | Effect::Listen { .. }
                | Effect::RecordEnded { .. }
                | Effect::Cancel { .. }
                | Effect::Timer { .. }
                | Effect::Done => false,
            },
        };
        let before = self.last.as_ref().filter(|(_, last)| last == line);
        let mut before = before.map(|(before, _)| *before);
        if let Line::In(input @ Input::Heard { .. }) = line {
            let mut heard = self.heard.iter();
            let same = heard.find(|(_, heard)| heard == input);
            before = before.or(same.map(|(before, _)| *before));
            if self.heard.len() >= HEARD_MAX {
                self.heard.pop_front();
            }
            self.heard.push_back((number, input.clone()));
        }
        if let Some(before) = before.filter(|_| tells) {
            let why = format!("is the same as line {before}");
            self.add(number, Defect::Repeated, why);
        }
    }

    fn said(&mut self, number: usize, said: &Utterance) {
        if said.to_ms < said.from_ms {
            let (from, to) = (Time(said.from_ms), Time(said.to_ms));
            let why = format!("was said from {from} to {to}, which is before");
            self.add(number, Defect::SpeechBack, why);
        }
        for device in &said.devices {
            self.check_device(number, device);
        }
    }

    fn given(&mut self, number: usize, input: &Input) {
        self.close_batch();
        if *input != Input::End {
            self.batch = Batch::Open(number);
        }
        if let Some(at_ms) = input.at_ms() {
            self.check_clock(number, at_ms, input);
        }
        match input {
            Input::Start {
                protocol,
                household,
                ..
            } => {
                self.check_version(number, *protocol);
                self.household = Some(household.clone());
            }
            Input::Heard { device, .. } => {
                self.check_device(number, device);
                self.check_heard(number, input);
            }
            Input::Withdrawn { device, .. } | Input::Pressed { device, .. } => {
                self.check_device(number, device);
            }
            Input::PromptEnded { device, prompt, .. } => {
                self.check_device(number, device);
                self.prompt_ended(number, device, *prompt);
            }
            Input::Delivery { message, .. } => {
                let is_known = self.sent.contains(message) || is_full(&self.sent);
                if !is_known {
                    let why = format!("tells of `{message}`, which was not sent");
                    self.add(number, Defect::UnknownMessage, why);
                }
            }
            Input::Restart { .. } => {
                self.timers.clear();
                self.prompts.open.clear();
            }
            Input::End => self.has_ended = true,
            Input::Time { .. } | Input::Setting { .. } => {}
        }
    }

    /// An input comes, or the run is over: the effects of the one before should have been closed.
    fn close_batch(&mut self) {
        if let Batch::Open(line) = std::mem::take(&mut self.batch) {
            let why = "is an input without a `done` after it".to_owned();
            self.add(line, Defect::NoDone, why);
        }
    }

    fn check_clock(&mut self, number: usize, at_ms: u64, input: &Input) {
        if at_ms < self.now_ms {
            let (before, now) = (Time(self.now_ms), Time(at_ms));
            let why = format!("goes back in time, from {before} to {now}");
            self.add(number, Defect::ClockBack, why);
        }
        self.now_ms = at_ms;
        if matches!(input, Input::Time { .. }) {
            self.timers.retain(|timer| *timer > at_ms);
        }
        while let Some(timer) = self.timers.pop_first() {
            if timer >= at_ms {
                self.timers.insert(timer);
                return;
            }
            let (wanted, now) = (Time(timer), Time(at_ms));
            let why = format!("is of {now}, but a `time` was asked for at {wanted}");
            self.add(number, Defect::TimerUnanswered, why);
        }
    }

    fn check_version(&mut self, number: usize, protocol: u32) {
        if protocol != PROTOCOL {
            let why = format!("is of version {protocol}, and read as if it were {PROTOCOL}");
            self.add(number, Defect::OtherVersion, why);
        }
    }

    fn check_heard(&mut self, number: usize, input: &Input) {
        let Input::Heard {
            at_ms,
            from_ms,
            hypotheses,
            ..
        } = input
        else {
            return;
        };
        if from_ms > at_ms {
            let (from, at) = (Time(*from_ms), Time(*at_ms));
            let why = format!("was heard at {at}, before it began at {from}");
            self.add(number, Defect::SpeechBack, why);
        }
        let is_odd = |confidence: f64| !(0.0..=1.0).contains(&confidence);
        let mut odd = hypotheses.iter().map(|h| h.confidence);
        if let Some(odd) = odd.find(|confidence| is_odd(*confidence)) {
            let why = format!("has a confidence of {odd}, which is not from 0 to 1");
            self.add(number, Defect::BadConfidence, why);
        }
    }

    fn check_device(&mut self, number: usize, device: &str) {
        let home = self.household.as_ref();
        if home.is_some_and(|home| !home.devices.iter().any(|known| known == device)) {
            let why = format!("names the device `{device}`, which the home does not have");
            self.add(number, Defect::UnknownDevice, why);
        }
    }

    fn did(&mut self, number: usize, effect: &Effect) {
        if self.batch == Batch::Closed {
            let why = "is an effect that answers no input".to_owned();
            self.add(number, Defect::Unasked, why);
        }
        let is_hello = matches!(effect, Effect::Hello { .. });
        if !self.has_said_hello && self.household.is_some() && !is_hello {
            let why = "comes before a `hello`".to_owned();
            self.add(number, Defect::NoHello, why);
        }
        self.has_said_hello = true;
        match effect {
            Effect::Hello { protocol, .. } => self.check_version(number, *protocol),
            Effect::Prompt { .. } => self.prompt(number, effect),
            Effect::Record { device, message } => {
                self.check_device(number, device);
                remember(&mut self.begun, message.clone());
            }
            Effect::RecordEnded { device, message } => {
                self.check_device(number, device);
                self.check_message(number, message);
            }
            Effect::Send { .. } => self.send(number, effect),
            Effect::Cancel { device, .. } => {
                self.check_device(number, device);
                self.prompts.open.remove(device);
            }
            Effect::Listen { device, .. }
            | Effect::Notice { device, .. }
            | Effect::Act { device, .. } => self.check_device(number, device),
            Effect::Timer { at_ms } => self.timer(number, *at_ms),
            Effect::Done => {
                self.dones = self.dones.saturating_add(1);
                self.batch = Batch::Closed;
            }
        }
    }

    fn prompt(&mut self, number: usize, effect: &Effect) {
        let Effect::Prompt {
            device,
            prompt,
            recipient,
            message,
            duration_ms,
            ..
        } = effect
        else {
            return;
        };
        self.check_device(number, device);
        if let Some(recipient) = recipient {
            self.check_recipient(number, recipient);
        }
        if let Some(message) = message {
            remember(&mut self.begun, message.clone());
        }
        if !remember(&mut self.prompts.numbers, *prompt) {
            let why = format!("is a second prompt of the number {prompt}");
            self.add(number, Defect::PromptReused, why);
        }
        self.prompts.first = self.prompts.first.or(Some(number));
        let ends_ms = self.now_ms.saturating_add(*duration_ms);
        let is_room = self.prompts.open.len() < REMEMBERED_MAX;
        if is_room || self.prompts.open.contains_key(device) {
            let prompt = (*prompt, number, ends_ms);
            let before = self.prompts.open.insert(device.clone(), prompt);
            // One that was cut short by the next does not end.
            if let Some((before, line, ends_ms)) = before
                && self.now_ms > ends_ms
            {
                self.unended(before, line);
            }
        }
    }

    fn unended(&mut self, prompt: u32, line: usize) {
        let why = format!("is prompt {prompt}, whose end is missing");
        self.add(line, Defect::PromptUnended, why);
    }

    fn prompt_ended(&mut self, number: usize, device: &str, prompt: u32) {
        self.prompts.ended = self.prompts.ended.saturating_add(1);
        let open = self.prompts.open.get(device);
        if open.is_some_and(|(open, ..)| *open == prompt) {
            self.prompts.open.remove(device);
        }
        let is_known = self.prompts.numbers.contains(&prompt);
        if !is_known && !is_full(&self.prompts.numbers) {
            let why = format!("is the end of prompt {prompt}, which was not said");
            self.add(number, Defect::PromptUnknown, why);
        }
    }

    fn send(&mut self, number: usize, effect: &Effect) {
        let Effect::Send {
            device,
            message,
            recipient,
            ..
        } = effect
        else {
            return;
        };
        self.check_device(number, device);
        self.check_recipient(number, recipient);
        self.check_message(number, message);
        remember(&mut self.sent, message.clone());
    }

    fn check_recipient(&mut self, number: usize, recipient: &str) {
        let home = self.household.as_ref();
        if home.is_some_and(|home| home.name_of(recipient).is_none()) {
            let why = format!("is for `{recipient}`, who is no contact of the home");
            self.add(number, Defect::UnknownRecipient, why);
        }
    }

    /// A log that says of no message when it began says so of none.
    fn check_message(&mut self, number: usize, message: &str) {
        let is_told = !self.begun.is_empty() && !is_full(&self.begun);
        if is_told && !self.begun.contains(message) {
            let why = format!("is about `{message}`, which nothing before was about");
            self.add(number, Defect::UnknownMessage, why);
        }
    }

    fn timer(&mut self, number: usize, at_ms: u64) {
        if at_ms < self.now_ms {
            let (wanted, now) = (Time(at_ms), Time(self.now_ms));
            let why = format!("asks at {now} for a `time` at {wanted}, which has passed");
            self.add(number, Defect::TimerPast, why);
            return;
        }
        remember(&mut self.timers, at_ms);
    }
}

/// Takes note of an item while there is room; says whether it is new or there is none.
fn remember<T: Ord>(known: &mut BTreeSet<T>, item: T) -> bool {
    is_full(known) || known.insert(item)
}

fn is_full<T>(known: &BTreeSet<T>) -> bool {
    known.len() >= REMEMBERED_MAX
}
