//! A home in which time passes: what is said there reaches its devices, and what they do takes effect.

mod phones;
mod sound;

pub(crate) use phones::{Always, Chance, Stake};

use crate::assistant::{Assistant, Broken};
use crate::channel::{Channel, Spoken};
use crate::hold::{EFFECTS_MAX, Hit};
use crate::microphone::{Caught, Microphone, Next};
use mondegreen_trace::{
    Asks, Effect, Happening, Hears, Household, Hypothesis, Input, Line, PROTOCOL, Trace, Utterance,
    Voice,
};
use phones::part;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// While a message is recorded, the recogniser says so often that speech goes on.
const INTERIM_MS: u64 = 1_000;
/// It says so at most this often in one utterance.
const INTERIMS_MAX: u64 = 120;
/// A message that was sent is reported as delivered after so long.
const DELIVERY_MS: u64 = 2_000;

/// Something that is due.
#[derive(Clone, Debug)]
enum Due {
    /// One device may hear its name in a speech.
    Woken(Speech),
    /// A speech goes on.
    Goes(Speech),
    /// A speech has ended.
    Ends(Speech),
    /// A device hears what it was found to hear next, at that turn.
    Hears {
        device: String,
        turn: usize,
    },
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
pub(crate) struct Speech {
    pub(crate) event: usize,
    pub(crate) device: Rc<str>,
}

/// What a device hears with.
#[derive(Clone, Debug, Default)]
struct Ear {
    listens_for: Option<Asks>,
    until_ms: Option<u64>,
    prompt: String,
    speaking: Option<u32>,
    /// When its last prompt ended.
    quiet_ms: u64,
    /// Since when it listens for that.
    since_ms: u64,
    /// What it hears next in the sound of the room, and at which turn that was found.
    next: Option<(usize, Next)>,
}

/// What a room does not own: what is expected, who is talked to, and who hears.
pub(crate) struct Around<'a> {
    pub(crate) channel: &'a mut Channel,
    pub(crate) assistant: &'a mut dyn Assistant,
    pub(crate) ears: Ears<'a>,
}

/// What devices hear with.
pub(crate) enum Ears<'a> {
    /// The channel, phone by phone; whether it hears so is a chance.
    Phones(&'a mut dyn Chance),
    /// Real engines, in sound.
    Sound(&'a mut Microphone),
}

/// How talk reaches devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Near-misses are heard for what is expected.
    NearMisses,
    /// Words are heard as they were said.
    Words,
    /// Engines hear the sound of it.
    Sound,
}

impl From<Hears> for Way {
    fn from(hears: Hears) -> Self {
        match hears {
            Hears::NearMisses => Self::NearMisses,
            Hears::Words => Self::Words,
        }
    }
}

/// A home in which time passes. It can be cloned at any moment, and go on in two ways.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    hears: Way,
    /// Whether the trace tells what people meant.
    tells: bool,
    now_ms: u64,
    due: BTreeMap<(u64, usize), Due>,
    scheduled: usize,
    timers: BTreeSet<u64>,
    ears: BTreeMap<String, Ear>,
    /// What is said and its sounds, by its event.
    said: BTreeMap<usize, (Rc<Utterance>, Rc<Spoken>)>,
    /// The first word of a speech that was not heard yet.
    next_word: BTreeMap<Speech, usize>,
    undelivered: Vec<String>,
    pub(crate) trace: Trace,
    pub(crate) spotted: Vec<Hit>,
    /// What was heard in sound, in order.
    pub(crate) caught: Vec<Caught>,
    /// Whether some device may hear something else now than was found.
    is_changed: bool,
    pub(crate) steps: usize,
}

impl Room {
    pub(crate) fn new(household: &Household, hears: impl Into<Way>) -> Self {
        let devices = household.devices.iter();
        Self {
            hears: hears.into(),
            tells: true,
            now_ms: 0,
            due: BTreeMap::new(),
            scheduled: 0,
            timers: BTreeSet::new(),
            ears: devices
                .map(|device| (device.clone(), Ear::default()))
                .collect(),
            said: BTreeMap::new(),
            next_word: BTreeMap::new(),
            undelivered: Vec::new(),
            trace: Trace::default(),
            spotted: Vec::new(),
            caught: Vec::new(),
            is_changed: true,
            steps: 0,
        }
    }

    /// The same, with a trace that does not tell what people meant.
    pub(crate) fn untold(self) -> Self {
        Self {
            tells: false,
            ..self
        }
    }

    /// Switches the assistant on.
    pub(crate) fn start(
        &mut self,
        seed: u64,
        household: &Household,
        at_ms: u64,
        around: &mut Around<'_>,
    ) -> Result<(), Broken> {
        self.now_ms = at_ms;
        let household = household.clone();
        let protocol = PROTOCOL;
        let start = Input::Start {
            protocol,
            seed,
            at_ms,
            household,
        };
        self.give(start, around)
    }

    /// Switches it off.
    pub(crate) fn end(&mut self, around: &mut Around<'_>) -> Result<(), Broken> {
        self.give(Input::End, around)
    }

    /// What time it is.
    pub(crate) const fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// When the next thing is due.
    pub(crate) fn next_ms(&self) -> Option<u64> {
        self.due.first_key_value().map(|((at_ms, _), _)| *at_ms)
    }

    /// Lets the next thing happen.
    pub(crate) fn go_on(&mut self, around: &mut Around<'_>) -> Result<(), Broken> {
        let Some(((at_ms, _), due)) = self.due.pop_first() else {
            return Ok(());
        };
        self.now_ms = self.now_ms.max(at_ms);
        self.happen(due, around)?;
        self.attend(around);
        Ok(())
    }

    /// All that people will say has been put on the clock.
    pub(crate) fn begin(&mut self, around: &mut Around<'_>) {
        self.attend(around);
    }

    /// What each device listens for.
    pub(crate) fn listening(&self) -> BTreeMap<String, Option<Asks>> {
        let ears = self.ears.iter();
        ears.map(|(device, ear)| (device.clone(), ear.listens_for))
            .collect()
    }

    /// Every device listens for its name alone, and nothing is under way.
    pub(crate) fn is_asleep(&self) -> bool {
        let sleeps = |device: &String| self.listens_for(device, self.now_ms) == Some(Asks::Wake);
        let silent = self.ears.values().all(|ear| ear.speaking.is_none());
        silent
            && self.timers.is_empty()
            && self.undelivered.is_empty()
            && self.ears.keys().all(sleeps)
    }

    /// Puts something other than talk on the clock.
    pub(crate) fn expect(&mut self, at_ms: u64, what: Happening) {
        self.schedule(at_ms, Due::Happens(what));
    }

    fn schedule(&mut self, at_ms: u64, due: Due) {
        self.scheduled += 1;
        self.due
            .insert((at_ms.max(self.now_ms), self.scheduled), due);
    }

    /// Puts what can be heard of an utterance on the clock; says when it is over.
    pub(crate) fn expect_speech(
        &mut self,
        event: usize,
        utterance: Utterance,
        spoken: Rc<Spoken>,
        channel: &mut Channel,
    ) -> u64 {
        let utterance = Rc::new(utterance);
        let Utterance { from_ms, to_ms, .. } = &*utterance;
        let length_ms = to_ms.saturating_sub(*from_ms);
        // What was meant comes before what is made of it.
        if self.tells {
            self.schedule(*to_ms, Due::Said(event));
        }
        for device in &utterance.devices {
            let speech = Speech {
                event,
                device: device.as_str().into(),
            };
            match self.hears {
                Way::NearMisses => {}
                Way::Words => {
                    self.schedule(*to_ms, Due::Ends(speech));
                    continue;
                }
                Way::Sound => continue,
            }
            let hearing = channel.hear(&spoken, 0, Asks::Wake, "");
            if let Some(nearest) = &hearing.nearest {
                let woken_ms = from_ms + part(length_ms, spoken.progress(nearest.to_word));
                self.schedule(woken_ms, Due::Woken(speech.clone()));
            }
            for interim in 1..length_ms.div_ceil(INTERIM_MS).min(INTERIMS_MAX) {
                self.schedule(from_ms + interim * INTERIM_MS, Due::Goes(speech.clone()));
            }
            self.schedule(*to_ms, Due::Ends(speech));
        }
        let to_ms = *to_ms;
        self.said.insert(event, (utterance, spoken));
        to_ms
    }

    fn happen(&mut self, due: Due, around: &mut Around<'_>) -> Result<(), Broken> {
        match due {
            Due::Woken(speech) => self.woken(&speech, around),
            Due::Goes(speech) => self.goes_on(&speech, around),
            Due::Ends(speech) => self.ends(&speech, around),
            Due::Hears { device, turn } => self.hears(&device, turn, around),
            Due::Said(event) => {
                if let Some((said, _)) = self.said.get(&event) {
                    let said = Utterance::clone(said);
                    self.trace.lines.push(Line::Said { said });
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
                let at_ms = self.now_ms;
                ear.quiet_ms = at_ms;
                let ended = Input::PromptEnded {
                    at_ms,
                    device,
                    prompt,
                };
                self.give(ended, around)
            }
            Due::Timer => {
                self.timers.remove(&self.now_ms);
                self.give(Input::Time { at_ms: self.now_ms }, around)
            }
            Due::Delivered { message } => self.deliver(&message, true, around),
            Due::Happens(what) => self.happening(&what, around),
        }
    }

    fn happening(&mut self, what: &Happening, around: &mut Around<'_>) -> Result<(), Broken> {
        let at_ms = self.now_ms;
        let input = match what {
            Happening::Pressed { device, button } => Input::Pressed {
                at_ms,
                device: device.clone(),
                button: *button,
            },
            Happening::Restart => {
                for ear in self.ears.values_mut() {
                    ear.speaking = None;
                }
                Input::Restart { at_ms }
            }
            Happening::Messaging(messaging) => Input::Setting {
                at_ms,
                messaging: *messaging,
            },
            Happening::DeliveryFailed => {
                return match self.undelivered.last().cloned() {
                    Some(message) => self.deliver(&message, false, around),
                    None => Ok(()),
                };
            }
        };
        self.give(input, around)
    }

    fn deliver(&mut self, message: &str, ok: bool, around: &mut Around<'_>) -> Result<(), Broken> {
        let Some(at) = self.undelivered.iter().position(|sent| sent == message) else {
            return Ok(());
        };
        let message = self.undelivered.remove(at);
        let at_ms = self.now_ms;
        let delivery = Input::Delivery { at_ms, message, ok };
        self.give(delivery, around)
    }

    /// What the device listens for at a time.
    fn listens_for(&self, device: &str, now_ms: u64) -> Option<Asks> {
        let ear = self.ears.get(device)?;
        let over = ear.until_ms.is_some_and(|until_ms| now_ms >= until_ms);
        if over {
            Some(Asks::Wake)
        } else {
            ear.listens_for
        }
    }

    fn utterance(&self, speech: &Speech) -> Option<(Rc<Utterance>, Rc<Spoken>)> {
        self.said.get(&speech.event).cloned()
    }

    fn give_heard(
        &mut self,
        device: &str,
        from_ms: u64,
        is_final: bool,
        hypotheses: Vec<Hypothesis>,
        around: &mut Around<'_>,
    ) -> Result<(), Broken> {
        let (at_ms, voice) = (self.now_ms, Voice::Person);
        let device = device.to_owned();
        let heard = Input::Heard {
            at_ms,
            device,
            from_ms,
            is_final,
            voice,
            hypotheses,
        };
        self.give(heard, around)
    }

    fn give(&mut self, input: Input, around: &mut Around<'_>) -> Result<(), Broken> {
        let mut effects = Vec::new();
        around.assistant.take(&input, &mut effects)?;
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
                self.is_changed = true;
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
                self.is_changed = true;
                if let Some(ear) = self.ears.get_mut(device) {
                    ear.since_ms = self.now_ms;
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
            Effect::Notice { .. } => self.is_changed = true,
            Effect::Hello { .. }
            | Effect::Record { .. }
            | Effect::RecordEnded { .. }
            | Effect::Act { .. }
            | Effect::Done => {}
        }
    }
}
