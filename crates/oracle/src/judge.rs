//! Reads a trace fact by fact and tells each to those whom it concerns.
//!
//! What is kept is bounded by named limits, whatever the trace; a fact costs no look back.

use crate::Breach;
use crate::Rule;
use crate::device::{Device, Hearing};
use crate::intent::Intent;
use crate::outbox::{Drafts, Outbox};
use crate::question::{Question, Source, Spoken, Standing};
use crate::reader::{Reader, Reading};
use crate::renaming::Renaming;
use crate::rule::Ledger;
use crate::turns::Turns;
use crate::write::Time;
use mondegreen_trace::fact::{Dictionary, Did, Fact, Given, Heard, Home, Said, Term};
use mondegreen_trace::{Asks, Voice};

/// How many devices are told apart; what further ones do is not judged.
const DEVICES_MAX: usize = 256;

/// Judges a trace while it grows.
///
/// A search feeds it fact by fact, clones it where it branches (`clone_from` keeps what is
/// allocated), and resets it for the next run. All facts of a trace are of one [`Dictionary`].
/// The state is bounded: what is forgotten in a very long or crowded trace can hide a breach, but
/// never makes one up.
#[derive(Debug, Default)]
pub struct Judge {
    pub(crate) clock: Clock,
    pub(crate) home: Option<Home>,
    pub(crate) messaging: Messaging,
    pub(crate) devices: Vec<Device>,
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
pub(crate) enum Messaging {
    #[default]
    On,
    Off,
}

/// A capture or a send that nothing announced so far; what is said in the same breath still may.
#[derive(Clone, Copy, Debug)]
struct Silent {
    line: usize,
    at_ms: u64,
    device: Term,
    message: Term,
    what: Unannounced,
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

    /// Forgets all that it has seen, breaches included.
    pub fn reset(&mut self) {
        self.clock = Clock::default();
        self.ledger.clear();
        self.forget_run();
        (self.home, self.messaging) = (None, Messaging::On);
        self.turns = Turns::default();
    }

    /// Reads the next fact, whose numbers are those of the dictionary.
    pub fn see(&mut self, fact: &Fact, reader: &mut Reader, dictionary: &Dictionary) {
        let reading = &mut reader.of(dictionary);
        match fact {
            Fact::Said(said) => self.said(*said, reading),
            Fact::Given(given) => {
                self.end_batch(reading);
                self.clock.batch = self.clock.line;
                self.clock.now_ms = given.at_ms().unwrap_or(self.clock.now_ms);
                self.given(given, reading);
            }
            Fact::Did(did) => self.did(did, reading),
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

    /// The breaches of the whole trace: nothing more comes in answer to the last input.
    pub fn finish(&mut self, reader: &mut Reader, dictionary: &Dictionary) -> &[Breach] {
        self.end_batch(&reader.of(dictionary));
        self.ledger.breaches()
    }

    /// A dictionary of only what this judge still needs, and this judge made to go with it.
    pub(crate) fn begin_dictionary(&mut self, old: &Dictionary) -> Dictionary {
        let mut new = Dictionary::new();
        let renaming = &mut Renaming {
            from: old,
            to: &mut new,
        };
        renaming.home(&mut self.home);
        for device in &mut self.devices {
            device.rename(renaming);
        }
        self.drafts.rename(renaming);
        self.outbox.rename(renaming);
        self.intent.rename(renaming);
        self.turns.rename(renaming);
        for silent in &mut self.silent {
            renaming.term(&mut silent.device);
            renaming.term(&mut silent.message);
        }
        self.ledger.rename(renaming);
        new
    }

    fn said(&mut self, said: Said, reader: &mut Reading<'_>) {
        let dictionary = reader.dictionary;
        let Some(spoken) = dictionary.spoken(said) else {
            return;
        };
        let ledger = &mut self.ledger;
        self.intent.said((said, spoken), self.clock, ledger, reader);
        self.turns.check(self.clock, ledger, reader);
        let around = (self.home, self.devices.as_slice());
        self.turns.said(spoken, self.clock, around, reader);
        for name in &*spoken.devices {
            if let Some(device) = self.meet(*name) {
                device.owed.said(spoken);
            }
        }
    }

    fn given(&mut self, given: &Given, reader: &mut Reading<'_>) {
        let Clock { line, now_ms, .. } = self.clock;
        let is_end = matches!(given, Given::End);
        for device in &mut self.devices {
            let entered = (&mut self.ledger, &*reader);
            device.owed.check_command(self.clock, is_end, entered);
        }
        match *given {
            Given::Start { household, .. } => self.start(household, reader),
            Given::Heard {
                device,
                from_ms,
                is_final,
                voice,
                hypotheses,
                ..
            } => {
                let standing = if is_final {
                    Standing::Final
                } else {
                    Standing::Interim
                };
                self.heard(device, from_ms, (standing, voice, hypotheses), reader);
            }
            Given::Withdrawn {
                device, from_ms, ..
            } => {
                self.turns.spoil();
                let questions = self.devices.iter_mut().flat_map(|d| &mut d.questions);
                questions.for_each(|question| question.withdraw(device, from_ms));
            }
            Given::PromptEnded { device, prompt, .. } => {
                if let Some(device) = self.meet(device) {
                    device.prompt_ended(prompt, now_ms);
                }
            }
            Given::Pressed { device, button, .. } => {
                self.turns.spoil();
                if let Some(pressed) = self.meet(device) {
                    pressed.owed.pressed(now_ms);
                }
                for asking in &mut self.devices {
                    asking.consider_pressed(line, device, now_ms, button);
                }
            }
            Given::Delivery { message, ok, .. } => self.outbox.delivered(message, ok),
            Given::Setting { messaging, .. } => {
                self.turns.spoil();
                self.messaging = Messaging::of(messaging);
            }
            Given::Restart { .. } => self.restart(),
            Given::Time { .. } => {}
            Given::End => self.turns.check(self.clock, &mut self.ledger, reader),
        }
    }

    /// A fresh run: nothing of the one before it counts.
    fn start(&mut self, home: Home, reader: &Reading<'_>) {
        self.forget_run();
        self.home = Some(home);
        let household = reader.dictionary.household(home);
        let messaging = household.is_none_or(|household| household.messaging);
        self.messaging = Messaging::of(messaging);
        self.turns = Turns::new(messaging);
        for name in reader.dictionary.devices(home) {
            self.meet(*name);
        }
    }

    fn forget_run(&mut self) {
        self.clock.restarted = None;
        self.devices.clear();
        self.drafts.clear();
        self.outbox.clear();
        self.intent.clear();
        self.silent.clear();
    }

    fn restart(&mut self) {
        self.clock.restarted = Some(self.clock.line);
        self.turns.spoil();
        self.outbox.restart();
        for device in &mut self.devices {
            device.restart(self.clock.now_ms);
        }
    }

    fn heard(
        &mut self,
        device: Term,
        from_ms: u64,
        (standing, voice, hypotheses): (Standing, Voice, Heard),
        reader: &mut Reading<'_>,
    ) {
        let Some(first) = reader.first(hypotheses) else {
            return;
        };
        let at_ms = self.clock.now_ms;
        let heard = Hearing {
            line: self.clock.line,
            device,
            from_ms,
            at_ms,
            standing,
            voice,
            text: first.text,
            sureness: first.sureness,
        };
        let source = match voice {
            Voice::Device => Source::OwnVoice,
            // It overlaps its own prompt too, but there any answer is too early.
            Voice::Person | Voice::Unknown if self.is_echo(&heard, reader) => Source::Echo,
            Voice::Person | Voice::Unknown => Source::Person,
        };
        if let Some(device) = self.meet(device) {
            let wanted = device.wanted(at_ms);
            device.owed.heard(&heard, wanted, reader);
            let late = device.listening.is_some_and(|l| l.is_over_at(at_ms));
            self.turns.heard(&heard, late, reader);
        }
        for asking in &mut self.devices {
            asking.consider_heard(&heard, source, self.home, reader);
        }
    }

    /// Whether it repeats what another device was saying then.
    fn is_echo(&self, heard: &Hearing, reader: &mut Reading<'_>) -> bool {
        let mut others = self.devices.iter().filter(|d| d.name != heard.device);
        others.any(|other| {
            let saying = other.said_in(heard.from_ms, heard.at_ms);
            saying.is_some_and(|prompt| reader.is_echo(prompt, heard.text))
        })
    }

    fn did(&mut self, did: &Did, reader: &mut Reading<'_>) {
        let clock = self.clock;
        let ledger = &mut self.ledger;
        if let Some(name) = did.device()
            && let Some(device) = met(&mut self.devices, name, clock.now_ms)
        {
            device.owed.did(did, clock, ledger, reader);
            device.did(did, clock);
        }
        match *did {
            Did::Prompt { .. } => self.prompt(did, reader),
            Did::Record { device, message } => self.record(device, message, reader),
            Did::RecordEnded { device, message } => self.drafts.end(device, message, clock),
            Did::Send {
                device,
                message,
                recipient,
                from_ms,
                to_ms,
            } => {
                self.turns.sent();
                self.send(device, message, (recipient, (from_ms, to_ms)), reader);
            }
            Did::Cancel { device, message } => {
                if let Some(message) = message {
                    self.outbox.dropped(device, message);
                    self.drafts.dropped(device, message);
                }
            }
            Did::Notice { device, .. } => {
                self.announce(device, &[Unannounced::Capture, Unannounced::Send]);
            }
            Did::Timer { .. } => self.devices.iter_mut().for_each(|d| d.owed.waits()),
            Did::Done => self.end_batch(reader),
            Did::Listen { .. } | Did::Hello { .. } | Did::Act { .. } => {}
        }
    }

    fn prompt(&mut self, did: &Did, reader: &mut Reading<'_>) {
        let Did::Prompt {
            device,
            prompt,
            text,
            asks,
            recipient,
            message,
            duration_ms,
        } = *did
        else {
            return;
        };
        let asks = asks.or_else(|| {
            let asks_permission = reader.asks_permission(self.home, text);
            asks_permission.then_some(Asks::Confirmation)
        });
        if asks.is_some_and(|asks| !matches!(asks, Asks::Command | Asks::Wake)) {
            self.check_enabled(message, reader, |reader, _| {
                let (device, text) = (reader.text(device), reader.quote(text));
                format!("{device} asked \"{text}\"")
            });
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
            number: prompt,
            text,
            line,
            began_ms: now_ms,
            ends_ms: now_ms.saturating_add(duration_ms),
            has_ended: false,
        };
        if let Some(device) = self.meet(device) {
            device.say(spoken, asks);
            if asks == Some(Asks::Confirmation) {
                let question = Question::new(device.name, spoken, (recipient, message));
                device.ask(question, batch);
            }
        }
    }

    /// The device of this name, met for the first time or again.
    pub(crate) fn meet(&mut self, name: Term) -> Option<&mut Device> {
        met(&mut self.devices, name, self.clock.now_ms)
    }

    /// `G12`: what must not happen while messaging is off.
    pub(crate) fn check_enabled(
        &mut self,
        message: Option<Term>,
        reader: &Reading<'_>,
        what: impl FnOnce(&Reading<'_>, Time) -> String,
    ) {
        if self.messaging == Messaging::Off {
            let Clock { line, now_ms, .. } = self.clock;
            self.ledger.enter(Rule::G12, line, message, reader, || {
                let what = what(reader, Time(now_ms));
                format!("{what}, while messaging was off")
            });
        }
    }

    /// `G14`: this will be a breach unless the device makes itself heard in the same breath.
    pub(crate) fn suspect(&mut self, device: Term, message: Term, what: Unannounced) {
        self.silent.push(Silent {
            line: self.clock.line,
            at_ms: self.clock.now_ms,
            device,
            message,
            what,
        });
    }

    /// The device makes itself heard.
    fn announce(&mut self, device: Term, what: &[Unannounced]) {
        self.silent
            .retain(|s| s.device != device || !what.contains(&s.what));
    }

    /// The assistant is done with an input.
    fn end_batch(&mut self, reader: &Reading<'_>) {
        for silent in self.silent.drain(..) {
            let (line, message) = (silent.line, Some(silent.message));
            self.ledger
                .enter(Rule::G14, line, message, reader, || silent.why(reader));
        }
        for device in &self.devices {
            if device.is_in_session(self.clock.now_ms) {
                device.owed.goes_on(self.clock, &mut self.ledger, reader);
            }
        }
    }
}

impl Clone for Judge {
    fn clone(&self) -> Self {
        Self {
            clock: self.clock,
            home: self.home,
            messaging: self.messaging,
            devices: self.devices.clone(),
            drafts: self.drafts.clone(),
            outbox: self.outbox.clone(),
            intent: self.intent.clone(),
            turns: self.turns,
            silent: self.silent.clone(),
            ledger: self.ledger.clone(),
        }
    }

    fn clone_from(&mut self, source: &Self) {
        let Self {
            clock,
            home,
            messaging,
            devices,
            drafts,
            outbox,
            intent,
            turns,
            silent,
            ledger,
        } = self;
        *clock = source.clock;
        *home = source.home;
        *messaging = source.messaging;
        devices.clone_from(&source.devices);
        drafts.clone_from(&source.drafts);
        outbox.clone_from(&source.outbox);
        intent.clone_from(&source.intent);
        *turns = source.turns;
        silent.clone_from(&source.silent);
        ledger.clone_from(&source.ledger);
    }
}

impl Messaging {
    const fn of(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

impl Silent {
    fn why(&self, reader: &Reading<'_>) -> String {
        let (device, message) = (reader.text(self.device), reader.text(self.message));
        let at = Time(self.at_ms);
        match self.what {
            Unannounced::Capture => {
                format!("{device} began to record {message} at {at} and gave no notice")
            }
            Unannounced::Send => {
                format!("{device} sent {message} at {at} and gave no notice of it")
            }
        }
    }
}

fn met(devices: &mut Vec<Device>, name: Term, now_ms: u64) -> Option<&mut Device> {
    let known = devices.iter().position(|device| device.name == name);
    let at = match known {
        Some(at) => at,
        None if devices.len() < DEVICES_MAX => {
            devices.push(Device::new(name, now_ms));
            devices.len().saturating_sub(1)
        }
        None => return None,
    };
    devices.get_mut(at)
}
