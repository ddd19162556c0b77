//! A home in which time passes: what is said there reaches its devices, and what they do takes effect.

use crate::assistant::{Assistant, Broken};
use crate::channel::{Channel, Hearing, Spoken, Spotted};
use crate::hold::{EFFECTS_MAX, Hit};
use mondegreen_trace::{
    Asks, Effect, Happening, Hears, Household, Hypothesis, Input, Line, PROTOCOL, Trace, Utterance,
    Voice,
};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// While a message is recorded, the recogniser says so often that speech goes on.
const INTERIM_MS: u64 = 1_000;
/// It says so at most this often in one utterance.
const INTERIMS_MAX: u64 = 120;
/// Of what was said last, so much may overlap with what is said now.
const OVERLAPS_MAX: usize = 8;
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
}

/// What a room does not own: who hears, who is talked to, and how the dice fall.
pub(crate) struct Around<'a> {
    pub(crate) channel: &'a mut Channel,
    pub(crate) assistant: &'a mut dyn Assistant,
    pub(crate) chance: &'a mut dyn Chance,
}

/// Whether an expected phrase is heard in what comes nearest to it.
pub(crate) trait Chance {
    /// As what it is heard, if it is. Asked once whenever a device has such a stretch in its ear.
    fn hears(&mut self, stake: &Stake) -> Option<Spotted>;
}

/// Something that a device may hear as a phrase that it expects.
#[derive(Debug)]
pub(crate) struct Stake {
    pub(crate) speech: Speech,
    pub(crate) asks: Asks,
    /// The expected phrase that comes nearest.
    pub(crate) nearest: Spotted,
    said: Rc<Utterance>,
    spoken: Rc<Spoken>,
    hearing: Rc<Hearing>,
    from_word: usize,
    /// It begins after the prompt, and nothing was said across the end of that.
    is_answer: bool,
}

impl Stake {
    /// The whole utterance.
    pub(crate) fn text(&self) -> &str {
        &self.said.text
    }

    /// How much of what is heard would be taken for the phrase, in words: an answer may have to be all
    /// that is said, and to begin after the prompt; a name or a command need not.
    #[expect(clippy::cast_precision_loss, reason = "nobody says 2^52 words")]
    pub(crate) fn share(&self) -> f64 {
        let words = self.spoken.words.len().saturating_sub(self.from_word);
        let heard = self.nearest.to_word.saturating_sub(self.nearest.from_word);
        match self.asks {
            Asks::Confirmation if self.is_answer => heard as f64 / words.max(1) as f64,
            Asks::Confirmation => 0.0,
            Asks::Wake | Asks::Command | Asks::Recipient | Asks::Message => 1.0,
        }
    }
}

/// It is heard when it is near enough, always.
pub(crate) struct Always;

impl Chance for Always {
    fn hears(&mut self, stake: &Stake) -> Option<Spotted> {
        stake.hearing.spotted.clone()
    }
}

/// A home in which time passes. It can be cloned at any moment, and go on in two ways.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    hears: Hears,
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
    pub(crate) steps: usize,
}

impl Room {
    pub(crate) fn new(household: &Household, hears: Hears) -> Self {
        let devices = household.devices.iter();
        Self {
            hears,
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
        self.happen(due, around)
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
            if self.hears == Hears::Words {
                self.schedule(*to_ms, Due::Ends(speech));
                continue;
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

    /// What may be heard as an expected phrase when the next thing happens.
    pub(crate) fn at_stake(&self, channel: &mut Channel) -> Option<Stake> {
        let ((at_ms, _), due) = self.due.first_key_value()?;
        let now_ms = self.now_ms.max(*at_ms);
        match due {
            Due::Woken(speech) => self.may_wake(speech, now_ms, channel),
            Due::Ends(speech) if self.hears == Hears::NearMisses => {
                self.may_hear(speech, now_ms, channel)?.ok()
            }
            Due::Ends(_)
            | Due::Goes(_)
            | Due::Said(_)
            | Due::PromptEnds { .. }
            | Due::Timer
            | Due::Delivered { .. }
            | Due::Happens(_) => None,
        }
    }

    /// A device that sleeps may take this speech for its name.
    fn may_wake(&self, speech: &Speech, now_ms: u64, channel: &mut Channel) -> Option<Stake> {
        let (said, spoken) = self.utterance(speech)?;
        if self.listens_for(&speech.device, now_ms) != Some(Asks::Wake)
            || self.next_word.contains_key(speech)
        {
            return None;
        }
        let hearing = channel.hear(&spoken, 0, Asks::Wake, "");
        let nearest = hearing.nearest.clone()?;
        Some(Stake {
            speech: speech.clone(),
            asks: Asks::Wake,
            nearest,
            said,
            spoken,
            hearing,
            from_word: 0,
            is_answer: true,
        })
    }

    /// A device that is awake hears the speech out: as a phrase that it expects, perhaps, or, if
    /// there is none, as these readings.
    fn may_hear(
        &self,
        speech: &Speech,
        now_ms: u64,
        channel: &mut Channel,
    ) -> Option<Result<Stake, Rc<Hearing>>> {
        let (said, spoken) = self.utterance(speech)?;
        let listens_for = self.listens_for(&speech.device, now_ms);
        if listens_for == Some(Asks::Wake) {
            return None;
        }
        let from_word = self.next_word.get(speech).copied().unwrap_or(0);
        if from_word > 0 && from_word >= spoken.words.len() {
            return None;
        }
        let ear = self.ears.get(&*speech.device);
        let prompt = ear.map(|ear| ear.prompt.as_str());
        let is_answer = ear.is_some_and(|ear| self.answers(ear, &said, &speech.device));
        // A device that never says what it listens for is told what was said, its name included.
        let asks = listens_for.unwrap_or(Asks::Wake);
        let hearing = channel.hear(&spoken, from_word, asks, prompt.unwrap_or_default());
        let Some(nearest) = hearing.nearest.clone() else {
            return Some(Err(hearing));
        };
        Some(Ok(Stake {
            speech: speech.clone(),
            asks,
            nearest,
            said,
            spoken,
            hearing,
            from_word,
            is_answer,
        }))
    }

    /// Whether something said comes after the last prompt of a device, across whose end nothing was.
    fn answers(&self, ear: &Ear, said: &Utterance, device: &str) -> bool {
        let quiet_ms = ear.quiet_ms;
        let across = |other: &Utterance| {
            let here = other.devices.iter().any(|hears| hears == device);
            here && other.from_ms < quiet_ms && quiet_ms < other.to_ms
        };
        let mut latest = self.said.values().rev().take(OVERLAPS_MAX);
        let is_quiet = ear.speaking.is_none() && quiet_ms <= said.from_ms;
        is_quiet && !latest.any(|(other, _)| across(other))
    }

    fn woken(&mut self, speech: &Speech, around: &mut Around<'_>) -> Result<(), Broken> {
        let Some(stake) = self.may_wake(speech, self.now_ms, around.channel) else {
            return Ok(());
        };
        let Some(spotted) = around.chance.hears(&stake) else {
            return Ok(());
        };
        let mut hypotheses = vec![Hypothesis {
            text: spotted.phrase.clone(),
            confidence: spotted.confidence,
        }];
        hypotheses.extend(spotted.left_for(&spotted.said));
        let from_ms = word_ms(&stake.said, &stake.spoken, spotted.from_word);
        self.next_word.insert(speech.clone(), spotted.to_word);
        self.note(&speech.device, Asks::Wake, spotted);
        self.give_heard(&speech.device, from_ms, true, hypotheses, around)
    }

    fn goes_on(&mut self, speech: &Speech, around: &mut Around<'_>) -> Result<(), Broken> {
        let Some((utterance, spoken)) = self.utterance(speech) else {
            return Ok(());
        };
        if self.listens_for(&speech.device, self.now_ms) != Some(Asks::Message)
            || self.now_ms >= utterance.to_ms
        {
            return Ok(());
        }
        let from_word = self.next_word.get(speech).copied().unwrap_or(0);
        let hearing = around.channel.hear(&spoken, from_word, Asks::Message, "");
        let from_ms = word_ms(&utterance, &spoken, from_word);
        self.give_heard(
            &speech.device,
            from_ms,
            false,
            hearing.hypotheses.clone(),
            around,
        )
    }

    fn ends(&mut self, speech: &Speech, around: &mut Around<'_>) -> Result<(), Broken> {
        let Some((utterance, spoken)) = self.utterance(speech) else {
            return Ok(());
        };
        if self.hears == Hears::Words {
            let hypotheses = vec![spoken.as_said()];
            return self.give_heard(&speech.device, utterance.from_ms, true, hypotheses, around);
        }
        let Some(may_hear) = self.may_hear(speech, self.now_ms, around.channel) else {
            return Ok(());
        };
        let (from_word, hypotheses) = match may_hear {
            Err(hearing) => {
                let from_word = self.next_word.get(speech).copied().unwrap_or(0);
                (from_word, hearing.hypotheses.clone())
            }
            Ok(stake) => {
                let from_word = stake.from_word;
                let hypotheses = match around.chance.hears(&stake) {
                    Some(spotted) => {
                        let readings = spoken.readings(from_word, &spotted);
                        self.note(&speech.device, stake.asks, spotted);
                        readings
                    }
                    None => vec![spoken.heard_as_said(from_word)],
                };
                (from_word, hypotheses)
            }
        };
        let from_ms = word_ms(&utterance, &spoken, from_word);
        self.give_heard(&speech.device, from_ms, true, hypotheses, around)
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
