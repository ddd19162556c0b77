//! Reads a trace line by line and tells each line to those whom it concerns.
//!
//! What is kept is bounded by named limits, whatever the trace; a line costs no look back.

use crate::Breach;
use crate::Rule;
use crate::device::{Device, Heard};
use crate::intent::Intent;
use crate::names::Home;
use crate::question::{Question, Source, Spoken, Standing};
use crate::rule::Ledger;
use crate::sending::{Drafts, Outbox};
use crate::turns::Turns;
use crate::words::{Demand, is_question};
use crate::write::{clipped, sayable};
use mondegreen_trace::{Asks, Effect, Household, Input, Line, Utterance, Voice};
use std::sync::Arc;

/// How many devices are told apart; what further ones do is not judged.
const DEVICES_MAX: usize = 256;

/// Judges a trace while it grows.
///
/// A search feeds it line by line, and clones it where it branches. Its state is bounded: what it
/// forgets in a very long or crowded trace can hide a breach, but never makes one up.
#[derive(Clone, Debug, Default)]
pub struct Judge {
    pub(crate) clock: Clock,
    pub(crate) home: Arc<Home>,
    messaging: Messaging,
    devices: Vec<Device>,
    pub(crate) drafts: Drafts,
    pub(crate) outbox: Outbox,
    pub(crate) intent: Intent,
    turns: Turns,
    silent: Vec<Silent>,
    pub(crate) ledger: Ledger,
}

/// Where the trace has come to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    /// The line that is being read.
    pub(crate) line: usize,
    pub(crate) now_ms: u64,
    /// The line of the last input: effects up to the next one answer it.
    pub(crate) batch: usize,
    /// The line of the last restart.
    pub(crate) restarted: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Messaging {
    #[default]
    On,
    Off,
}

/// A capture or a send that nothing announced so far; what is said in the same breath still may.
#[derive(Clone, Debug)]
struct Silent {
    line: usize,
    device: Arc<str>,
    message: Arc<str>,
    what: Unannounced,
    why: String,
}

/// What has to be announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unannounced {
    Capture,
    Send,
}

impl Judge {
    /// Has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next line.
    pub fn see(&mut self, line: &Line) {
        match line {
            Line::Said { said } => self.said(said),
            Line::In(input) => {
                self.end_batch();
                self.clock.batch = self.clock.line;
                self.clock.now_ms = input.at_ms().unwrap_or(self.clock.now_ms);
                self.given(input);
            }
            Line::Out(effect) => self.did(effect),
        }
        self.clock.line = self.clock.line.saturating_add(1);
    }

    /// The breaches so far, by line, then rule; no rule twice for one message.
    ///
    /// A silent capture, and a session that goes on when it should not, show when the assistant is
    /// done with the input: on its `done`, on the next input, or in [`Judge::finish`].
    pub fn breaches(&self) -> &[Breach] {
        self.ledger.breaches()
    }

    /// The breaches of the whole trace.
    pub fn finish(mut self) -> Vec<Breach> {
        self.end_batch();
        self.ledger.into_breaches()
    }

    fn said(&mut self, said: &Utterance) {
        self.intent.said(said, self.clock, &mut self.ledger);
        let around = (&*self.home, self.devices.as_slice());
        self.turns.said(said, self.clock, around, &mut self.ledger);
        for name in &said.devices {
            if let Some(device) = self.meet(name) {
                device.owed.said(said);
            }
        }
    }

    fn given(&mut self, input: &Input) {
        let Clock { line, now_ms, .. } = self.clock;
        let is_end = *input == Input::End;
        for device in &mut self.devices {
            device
                .owed
                .check_command(self.clock, is_end, &mut self.ledger);
        }
        match input {
            Input::Start { household, .. } => self.start(household),
            Input::Heard {
                device,
                from_ms,
                is_final,
                voice,
                hypotheses,
                ..
            } => self.heard(Heard {
                line,
                device,
                from_ms: *from_ms,
                at_ms: now_ms,
                standing: if *is_final {
                    Standing::Final
                } else {
                    Standing::Interim
                },
                voice: *voice,
                hypotheses,
            }),
            Input::Withdrawn {
                device, from_ms, ..
            } => {
                self.turns.spoil();
                let questions = self.devices.iter_mut().flat_map(|d| &mut d.questions);
                questions.for_each(|question| question.withdraw(device, *from_ms));
            }
            Input::PromptEnded { device, prompt, .. } => {
                if let Some(device) = self.meet(device) {
                    device.prompt_ended(*prompt, now_ms);
                }
            }
            Input::Pressed { device, button, .. } => {
                self.turns.spoil();
                if let Some(pressed) = self.meet(device) {
                    pressed.owed.pressed(now_ms);
                }
                for asking in &mut self.devices {
                    asking.consider_pressed(line, device, now_ms, *button);
                }
            }
            Input::Delivery { message, ok, .. } => self.outbox.delivered(message, *ok),
            Input::Setting { messaging, .. } => {
                self.turns.spoil();
                self.messaging = Messaging::of(*messaging);
            }
            Input::Restart { .. } => self.restart(),
            Input::Time { .. } => {}
            Input::End => self.turns.check(self.clock, &mut self.ledger),
        }
    }

    /// A fresh run: nothing of the one before it counts.
    fn start(&mut self, household: &Household) {
        *self = Self {
            clock: Clock {
                restarted: None,
                ..self.clock
            },
            home: Arc::new(Home::of(household)),
            messaging: Messaging::of(household.messaging),
            turns: Turns::new(household.messaging),
            ledger: std::mem::take(&mut self.ledger),
            ..Self::default()
        };
        for name in &household.devices {
            self.meet(name);
        }
    }

    fn restart(&mut self) {
        self.clock.restarted = Some(self.clock.line);
        self.turns.spoil();
        self.outbox.restart();
        for device in &mut self.devices {
            device.restart(self.clock.now_ms);
        }
    }

    fn heard(&mut self, heard: Heard<'_>) {
        let at_ms = heard.at_ms;
        let echo = |other: &Device| {
            *other.name != *heard.device && other.is_echoed_by(heard.text(), heard.from_ms, at_ms)
        };
        let source = match heard.voice {
            Voice::Device => Source::OwnVoice,
            // It overlaps its own prompt too, but there any answer is too early.
            Voice::Person | Voice::Unknown if self.devices.iter().any(echo) => Source::Echo,
            Voice::Person | Voice::Unknown => Source::Person,
        };
        if let Some(device) = self.meet(heard.device) {
            let wanted = device.wanted(at_ms);
            device.owed.heard(&heard, wanted);
            let late = device.listening.is_some_and(|l| l.is_over_at(at_ms));
            self.turns.heard(&heard, late);
        }
        for asking in &mut self.devices {
            asking.consider_heard(heard, source);
        }
    }

    fn did(&mut self, effect: &Effect) {
        let Clock {
            line,
            now_ms,
            batch,
            ..
        } = self.clock;
        if let Some(name) = actor(effect) {
            self.meet(name);
            let actor = self.devices.iter_mut().find(|device| *device.name == *name);
            if let Some(device) = actor {
                device.owed.did(effect, self.clock, &mut self.ledger);
                device.did(effect, line, now_ms, batch);
            }
        }
        match effect {
            Effect::Prompt { .. } => self.prompt(effect),
            Effect::Record { device, message } => self.record(device, message),
            Effect::RecordEnded { device, message } => self.drafts.end(device, message, self.clock),
            Effect::Send {
                device,
                message,
                recipient,
                from_ms,
                to_ms,
            } => {
                self.turns.sent();
                self.send(device, message, recipient, (*from_ms, *to_ms));
            }
            Effect::Cancel { device, message } => {
                if let Some(message) = message {
                    self.outbox.dropped(device, message);
                }
            }
            Effect::Notice { device, .. } => {
                self.announce(device, &[Unannounced::Capture, Unannounced::Send]);
            }
            Effect::Timer { .. } => self.devices.iter_mut().for_each(|d| d.owed.waits()),
            Effect::Done => self.end_batch(),
            Effect::Listen { .. } | Effect::Hello { .. } | Effect::Act { .. } => {}
        }
    }

    fn prompt(&mut self, effect: &Effect) {
        let Effect::Prompt {
            device,
            prompt,
            text,
            asks,
            recipient,
            message,
            duration_ms,
        } = effect
        else {
            return;
        };
        let text = sayable(text);
        let names = self.home.names_in(text);
        let names_someone = !names.is_empty() || self.home.is_empty();
        let demand = Demand::of(text, names);
        // Where the assistant cannot tell, a question that names someone asks for permission.
        let asks =
            asks.or((names_someone && is_question(text, &demand)).then_some(Asks::Confirmation));
        if asks.is_some_and(|asks| !matches!(asks, Asks::Command | Asks::Wake)) {
            let about = message.as_deref();
            self.check_enabled(about, || format!("{device} asked \"{}\"", clipped(text)));
        }
        let is_call = matches!(asks, Some(Asks::Message) | None);
        let heard_about: &[Unannounced] = if is_call {
            &[Unannounced::Capture, Unannounced::Send]
        } else {
            &[Unannounced::Send]
        };
        self.announce(device, heard_about);
        let Clock {
            line,
            now_ms,
            batch,
            ..
        } = self.clock;
        let spoken = Spoken {
            number: *prompt,
            text: text.into(),
            line,
            began_ms: now_ms,
            ends_ms: now_ms.saturating_add(*duration_ms),
            has_ended: false,
        };
        if let Some(device) = self.meet(device) {
            device.say(spoken.clone(), asks, batch);
            if asks == Some(Asks::Confirmation) {
                let about = (recipient.as_deref(), message.as_deref());
                let question = Question::new(Arc::clone(&device.name), spoken, demand, about);
                device.ask(question, batch);
            }
        }
    }

    /// The device of this name, met for the first time or again.
    pub(crate) fn meet(&mut self, name: &str) -> Option<&mut Device> {
        let known = self.devices.iter().any(|device| *device.name == *name);
        if !known && self.devices.len() < DEVICES_MAX {
            self.devices.push(Device::new(name, self.clock.now_ms));
        }
        self.devices.iter_mut().find(|device| *device.name == *name)
    }

    /// `G12`: what must not happen while messaging is off.
    pub(crate) fn check_enabled(&mut self, message: Option<&str>, what: impl FnOnce() -> String) {
        if self.messaging == Messaging::Off {
            let line = self.clock.line;
            let why = || format!("{}, while messaging was off", what());
            self.ledger.enter(Rule::G12, line, message, why);
        }
    }

    /// `G14`: this will be a breach unless the device makes itself heard in the same breath.
    pub(crate) fn suspect(&mut self, device: &str, message: &str, what: Unannounced, why: String) {
        self.silent.push(Silent {
            line: self.clock.line,
            device: device.into(),
            message: message.into(),
            what,
            why,
        });
    }

    /// The device makes itself heard.
    fn announce(&mut self, device: &str, what: &[Unannounced]) {
        self.silent
            .retain(|s| *s.device != *device || !what.contains(&s.what));
    }

    /// The assistant is done with an input.
    fn end_batch(&mut self) {
        for silent in self.silent.drain(..) {
            let message = Some(&*silent.message);
            self.ledger
                .enter(Rule::G14, silent.line, message, || silent.why);
        }
        for device in &self.devices {
            if device.is_in_session(self.clock.now_ms) {
                device.owed.goes_on(self.clock, &mut self.ledger);
            }
        }
    }
}

impl Messaging {
    fn of(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

/// The device that an effect belongs to.
fn actor(effect: &Effect) -> Option<&str> {
    match effect {
        Effect::Prompt { device, .. }
        | Effect::Listen { device, .. }
        | Effect::Record { device, .. }
        | Effect::RecordEnded { device, .. }
        | Effect::Send { device, .. }
        | Effect::Cancel { device, .. }
        | Effect::Notice { device, .. }
        | Effect::Act { device, .. } => Some(device),
        Effect::Hello { .. } | Effect::Timer { .. } | Effect::Done => None,
    }
}
