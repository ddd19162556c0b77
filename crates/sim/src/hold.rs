//! Holding a conversation: virtual time, the channel, and an assistant make a trace of a script.
//!
//! A device hears speech as it listens at the moment. While it sleeps, only something near enough
//! to its name reaches it, at the moment when that has been said; the rest of the same utterance is
//! then heard as what the device listens for next. Otherwise an utterance is heard when it ends.
//! A device that never says what it listens for is told everything. In a script whose devices hear
//! words, every device is told every utterance as it was said, when it ends.

use crate::assistant::{Assistant, Broken};
use crate::channel::{Channel, Spoken, Spotted};
use mondegreen_trace::{
    Asks, Effect, Event, Happening, Hears, Hypothesis, Input, Line, PROTOCOL, Script, Trace,
    Utterance, Voice,
};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// How long the assistant is watched after the last event.
pub const TAIL_MS: u64 = 120_000;
/// A run is broken when it takes more inputs than this for one event of its script.
pub const INPUTS_MAX: usize = 1_000;
/// An assistant is broken when it answers one input with more effects than this.
pub const EFFECTS_MAX: usize = 1_000;
/// While a message is recorded, the recogniser says so often that speech goes on.
const INTERIM_MS: u64 = 1_000;
/// It says so at most this often in one utterance.
const INTERIMS_MAX: u64 = 120;
/// A message that was sent is reported as delivered after so long.
const DELIVERY_MS: u64 = 2_000;

/// A conversation that was held.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// All that happened.
    pub trace: Trace,
    /// The expected phrases that were heard, in order.
    pub spotted: Vec<Hit>,
    /// Inputs that the assistant took.
    pub steps: usize,
    /// Why the run ended early, if it did.
    pub broken: Option<Broken>,
    /// What each device listened for in the end, and what it had said last.
    pub listening: BTreeMap<String, Option<Asks>>,
}

/// An expected phrase, heard by a device.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// When it was heard.
    pub at_ms: u64,
    /// By which device.
    pub device: String,
    /// What it listened for.
    pub asks: Asks,
    /// What was said and heard.
    pub spotted: Spotted,
}

/// Holds a script with an assistant. The same script and assistant give the same trace.
pub fn hold(script: &Script, channel: &mut Channel, assistant: &mut dyn Assistant) -> Held {
    channel.enter(&script.household);
    let mut room = Room::new(script, channel, assistant);
    let broken = room.hold().err();
    Held {
        trace: room.trace,
        spotted: room.spotted,
        steps: room.steps,
        broken,
        listening: room
            .ears
            .into_iter()
            .map(|(device, ear)| (device, ear.listens_for))
            .collect(),
    }
}

/// Something that is due.
#[derive(Clone, Debug)]
enum Due {
    /// One device may hear its name in a speech.
    Woken(Speech),
    /// A speech goes on.
    Goes(Speech),
    /// A speech has ended.
    Ends(Speech),
    /// An utterance is over, on every device: the truth is written down.
    Said(usize),
    PromptEnds {
        device: String,
        prompt: u32,
    },
    Timer,
    Delivered {
        message: String,
    },
    Happens(Happening),
}

/// An utterance in one device's hearing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Speech {
    event: usize,
    device: String,
}

/// What a device hears with.
#[derive(Clone, Debug, Default)]
struct Ear {
    listens_for: Option<Asks>,
    until_ms: Option<u64>,
    prompt: String,
    speaking: Option<u32>,
}

struct Room<'a> {
    script: &'a Script,
    channel: &'a mut Channel,
    assistant: &'a mut dyn Assistant,
    now_ms: u64,
    due: BTreeMap<(u64, usize), Due>,
    scheduled: usize,
    timers: BTreeSet<u64>,
    ears: BTreeMap<String, Ear>,
    /// The sounds of each utterance, by its event.
    spoken: BTreeMap<usize, Rc<Spoken>>,
    /// The first word of a speech that was not heard yet.
    next_word: BTreeMap<Speech, usize>,
    undelivered: Vec<String>,
    trace: Trace,
    spotted: Vec<Hit>,
    steps: usize,
}

impl<'a> Room<'a> {
    fn new(script: &'a Script, channel: &'a mut Channel, assistant: &'a mut dyn Assistant) -> Self {
        let ears = script
            .household
            .devices
            .iter()
            .map(|device| (device.clone(), Ear::default()));
        Self {
            script,
            channel,
            assistant,
            now_ms: 0,
            due: BTreeMap::new(),
            scheduled: 0,
            timers: BTreeSet::new(),
            ears: ears.collect(),
            spoken: BTreeMap::new(),
            next_word: BTreeMap::new(),
            undelivered: Vec::new(),
            trace: Trace::default(),
            spotted: Vec::new(),
            steps: 0,
        }
    }

    fn hold(&mut self) -> Result<(), Broken> {
        self.give(Input::Start {
            protocol: PROTOCOL,
            seed: self.script.seed,
            at_ms: 0,
            household: self.script.household.clone(),
        })?;
        let mut last_ms = 0;
        for (index, event) in self.script.events.iter().enumerate() {
            last_ms = last_ms.max(match event {
                Event::Said(utterance) => self.expect_speech(index, utterance),
                Event::Happens { at_ms, what } => {
                    self.schedule(*at_ms, Due::Happens(what.clone()));
                    *at_ms
                }
            });
        }
        let end_ms = last_ms.saturating_add(TAIL_MS);
        let inputs_max = INPUTS_MAX.saturating_mul(self.script.events.len() + 1);
        while let Some(((at_ms, _), due)) = self.due.pop_first() {
            if at_ms > end_ms {
                break;
            }
            if self.steps > inputs_max {
                return Err(Broken::new(format!(
                    "it asked for more than {inputs_max} inputs"
                )));
            }
            self.now_ms = self.now_ms.max(at_ms);
            self.happen(due)?;
        }
        self.give(Input::End)
    }

    fn schedule(&mut self, at_ms: u64, due: Due) {
        self.scheduled += 1;
        self.due
            .insert((at_ms.max(self.now_ms), self.scheduled), due);
    }

    /// Puts what can be heard of an utterance on the clock; says when it is over.
    fn expect_speech(&mut self, event: usize, utterance: &Utterance) -> u64 {
        let Utterance {
            from_ms,
            to_ms,
            text,
            ..
        } = utterance;
        let length_ms = to_ms.saturating_sub(*from_ms);
        let spoken = self.channel.speak(text);
        // What was meant comes before what is made of it.
        self.schedule(*to_ms, Due::Said(event));
        for device in &utterance.devices {
            let speech = Speech {
                event,
                device: device.clone(),
            };
            if self.script.hears == Hears::Words {
                self.schedule(*to_ms, Due::Ends(speech));
                continue;
            }
            let hearing = self.channel.hear(&spoken, 0, Asks::Wake, "");
            if let Some(spotted) = &hearing.spotted {
                let woken_ms = from_ms + part(length_ms, spoken.progress(spotted.to_word));
                self.schedule(woken_ms, Due::Woken(speech.clone()));
            }
            for interim in 1..length_ms.div_ceil(INTERIM_MS).min(INTERIMS_MAX) {
                self.schedule(from_ms + interim * INTERIM_MS, Due::Goes(speech.clone()));
            }
            self.schedule(*to_ms, Due::Ends(speech));
        }
        self.spoken.insert(event, spoken);
        *to_ms
    }

    fn happen(&mut self, due: Due) -> Result<(), Broken> {
        match due {
            Due::Woken(speech) => self.woken(speech),
            Due::Goes(speech) => self.goes_on(&speech),
            Due::Ends(speech) => self.ends(&speech),
            Due::Said(event) => {
                if let Some(Event::Said(said)) = self.script.events.get(event) {
                    self.trace.lines.push(Line::Said { said: said.clone() });
                }
                Ok(())
            }
            Due::PromptEnds { device, prompt } => {
                let Some(ear) = self.ears.get_mut(&device) else {
                    return Ok(());
                };
                if ear
                    .speaking
                    .take_if(|speaking| *speaking == prompt)
                    .is_none()
                {
                    return Ok(());
                }
                self.give(Input::PromptEnded {
                    at_ms: self.now_ms,
                    device,
                    prompt,
                })
            }
            Due::Timer => {
                self.timers.remove(&self.now_ms);
                self.give(Input::Time { at_ms: self.now_ms })
            }
            Due::Delivered { message } => self.deliver(&message, true),
            Due::Happens(what) => self.happening(&what),
        }
    }

    fn happening(&mut self, what: &Happening) -> Result<(), Broken> {
        let at_ms = self.now_ms;
        match what {
            Happening::Pressed { device, button } => self.give(Input::Pressed {
                at_ms,
                device: device.clone(),
                button: *button,
            }),
            Happening::Restart => {
                for ear in self.ears.values_mut() {
                    ear.speaking = None;
                }
                self.give(Input::Restart { at_ms })
            }
            Happening::Messaging(messaging) => self.give(Input::Setting {
                at_ms,
                messaging: *messaging,
            }),
            Happening::DeliveryFailed => match self.undelivered.last().cloned() {
                Some(message) => self.deliver(&message, false),
                None => Ok(()),
            },
        }
    }

    fn deliver(&mut self, message: &str, ok: bool) -> Result<(), Broken> {
        let Some(at) = self.undelivered.iter().position(|sent| sent == message) else {
            return Ok(());
        };
        let message = self.undelivered.remove(at);
        self.give(Input::Delivery {
            at_ms: self.now_ms,
            message,
            ok,
        })
    }

    /// What the device listens for now.
    fn listens_for(&self, device: &str) -> Option<Asks> {
        let ear = self.ears.get(device)?;
        let over = ear.until_ms.is_some_and(|until_ms| self.now_ms >= until_ms);
        if over {
            Some(Asks::Wake)
        } else {
            ear.listens_for
        }
    }

    fn utterance(&self, speech: &Speech) -> Option<(&'a Utterance, Rc<Spoken>)> {
        let spoken = self.spoken.get(&speech.event)?;
        match self.script.events.get(speech.event)? {
            Event::Said(utterance) => Some((utterance, Rc::clone(spoken))),
            Event::Happens { .. } => None,
        }
    }

    fn woken(&mut self, speech: Speech) -> Result<(), Broken> {
        let Some((utterance, spoken)) = self.utterance(&speech) else {
            return Ok(());
        };
        if self.listens_for(&speech.device) != Some(Asks::Wake)
            || self.next_word.contains_key(&speech)
        {
            return Ok(());
        }
        let hearing = self.channel.hear(&spoken, 0, Asks::Wake, "");
        let Some(spotted) = hearing.spotted.clone() else {
            return Ok(());
        };
        let mut hypotheses = vec![Hypothesis {
            text: spotted.phrase.clone(),
            confidence: spotted.confidence,
        }];
        hypotheses.extend(spotted.left_for(&spotted.said));
        let from_ms = word_ms(utterance, &spoken, spotted.from_word);
        self.next_word.insert(speech.clone(), spotted.to_word);
        self.note(&speech.device, Asks::Wake, spotted);
        self.give_heard(speech.device, from_ms, true, hypotheses)
    }

    fn goes_on(&mut self, speech: &Speech) -> Result<(), Broken> {
        let Some((utterance, spoken)) = self.utterance(speech) else {
            return Ok(());
        };
        if self.listens_for(&speech.device) != Some(Asks::Message) || self.now_ms >= utterance.to_ms
        {
            return Ok(());
        }
        let from_word = self.next_word.get(speech).copied().unwrap_or(0);
        let hearing = self.channel.hear(&spoken, from_word, Asks::Message, "");
        let from_ms = word_ms(utterance, &spoken, from_word);
        self.give_heard(
            speech.device.clone(),
            from_ms,
            false,
            hearing.hypotheses.clone(),
        )
    }

    fn ends(&mut self, speech: &Speech) -> Result<(), Broken> {
        let Some((utterance, spoken)) = self.utterance(speech) else {
            return Ok(());
        };
        if self.script.hears == Hears::Words {
            let hypotheses = vec![spoken.as_said()];
            return self.give_heard(speech.device.clone(), utterance.from_ms, true, hypotheses);
        }
        let listens_for = self.listens_for(&speech.device);
        if listens_for == Some(Asks::Wake) {
            return Ok(());
        }
        let from_word = self.next_word.get(speech).copied().unwrap_or(0);
        if from_word > 0 && from_word >= spoken.words.len() {
            return Ok(());
        }
        let prompt = self.ears.get(&speech.device).map(|ear| ear.prompt.clone());
        // A device that never says what it listens for is told what was said, its name included.
        let asks = listens_for.unwrap_or(Asks::Wake);
        let hearing = self
            .channel
            .hear(&spoken, from_word, asks, &prompt.unwrap_or_default());
        if let Some(spotted) = hearing.spotted.clone() {
            self.note(&speech.device, asks, spotted);
        }
        let from_ms = word_ms(utterance, &spoken, from_word);
        self.give_heard(
            speech.device.clone(),
            from_ms,
            true,
            hearing.hypotheses.clone(),
        )
    }

    fn note(&mut self, device: &str, asks: Asks, spotted: Spotted) {
        let (at_ms, device) = (self.now_ms, device.to_owned());
        self.spotted.push(Hit {
            at_ms,
            device,
            asks,
            spotted,
        });
    }

    fn give_heard(
        &mut self,
        device: String,
        from_ms: u64,
        is_final: bool,
        hypotheses: Vec<Hypothesis>,
    ) -> Result<(), Broken> {
        let (at_ms, voice) = (self.now_ms, Voice::Person);
        self.give(Input::Heard {
            at_ms,
            device,
            from_ms,
            is_final,
            voice,
            hypotheses,
        })
    }

    fn give(&mut self, input: Input) -> Result<(), Broken> {
        let mut effects = Vec::new();
        self.assistant.take(&input, &mut effects)?;
        self.steps += 1;
        self.trace.lines.push(Line::In(input));
        if effects.len() > EFFECTS_MAX {
            return Err(Broken::new(format!(
                "it answered one input with more than {EFFECTS_MAX} effects"
            )));
        }
        for effect in effects {
            self.follow(&effect);
            self.trace.lines.push(Line::Out(effect));
        }
        Ok(())
    }

    /// Lets an effect change the room.
    fn follow(&mut self, effect: &Effect) {
        match effect {
            Effect::Prompt {
                device,
                prompt,
                text,
                duration_ms,
                ..
            } => {
                let ends_ms = self.now_ms.saturating_add(*duration_ms);
                let due = Due::PromptEnds {
                    device: device.clone(),
                    prompt: *prompt,
                };
                self.schedule(ends_ms, due);
                if let Some(ear) = self.ears.get_mut(device) {
                    ear.prompt.clone_from(text);
                    ear.speaking = Some(*prompt);
                }
            }
            Effect::Listen {
                device,
                listens_for,
                until_ms,
            } => {
                if let Some(ear) = self.ears.get_mut(device) {
                    ear.listens_for = Some(*listens_for);
                    ear.until_ms = *until_ms;
                }
            }
            Effect::Cancel { device, .. } => {
                if let Some(ear) = self.ears.get_mut(device) {
                    ear.speaking = None;
                }
            }
            Effect::Send { message, .. } => {
                self.undelivered.push(message.clone());
                let due = Due::Delivered {
                    message: message.clone(),
                };
                self.schedule(self.now_ms.saturating_add(DELIVERY_MS), due);
            }
            Effect::Timer { at_ms } => {
                if self.timers.insert(*at_ms) {
                    self.schedule(*at_ms, Due::Timer);
                }
            }
            Effect::Hello { .. }
            | Effect::Record { .. }
            | Effect::RecordEnded { .. }
            | Effect::Notice { .. }
            | Effect::Act { .. }
            | Effect::Done => {}
        }
    }
}

/// A part of a length, given as some of all.
fn part(length_ms: u64, (some, all): (usize, usize)) -> u64 {
    if all == 0 {
        return length_ms;
    }
    let (some, all) = (some as u128, all as u128);
    u64::try_from(u128::from(length_ms) * some / all).unwrap_or(length_ms)
}

/// When a word of an utterance begins: time is shared out by phones.
fn word_ms(utterance: &Utterance, spoken: &Spoken, word: usize) -> u64 {
    let length_ms = utterance.to_ms.saturating_sub(utterance.from_ms);
    utterance.from_ms + part(length_ms, spoken.progress(word))
}
