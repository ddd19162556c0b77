//! The search for a conversation that makes an assistant break a rule.
//!
//! It keeps conversations by what they made the assistant do, prefers those that led it furthest,
//! and goes on talking at a moment when it listens. It looks at effects alone, so it works on any
//! assistant.

mod sound;

pub use sound::{Furthest, Scored, SoundPlan, SoundProgress, hunt_in_sound};

use crate::assistant::{Assistant, Broken};
use crate::channel::Channel;
use crate::hold::{Held, hold};
use crate::material::Material;
use crate::seed::{Purpose, random};
use mondegreen_oracle::{Breach, Rule, judge};
use mondegreen_trace::{Asks, Effect, Event, Hears, Household, Line, Meant, Script, Utterance};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// The longest conversation that is tried, in events.
pub const EVENTS_MAX: usize = 24;
/// Conversations that are kept for each way in which the assistant acted.
const KEPT_MAX: usize = 4;
/// The longest chain of effects by which conversations are told apart.
const WAY_MAX: usize = 32;
/// Time for a phone, and for the breath before an utterance.
const PHONE_MS: u64 = 80;
const BREATH_MS: u64 = 120;

/// How far a hunt has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Conversations held.
    pub conversations: u64,
    /// Inputs that the assistant took.
    pub steps: u64,
    /// Different chains of effects seen.
    pub ways: usize,
    /// The longest of them.
    pub longest: usize,
    /// Conversations that are kept to go on from.
    pub kept: usize,
}

/// How a hunt ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// This conversation breaks a rule; it is as the search left it.
    Found(Script),
    /// It was told to stop.
    NotFound,
    /// The assistant broke in this conversation.
    Broken(Script, Broken),
}

/// A conversation worth going on with.
#[derive(Clone, Debug)]
struct Kept {
    script: Script,
    openings: Vec<Opening>,
}

/// A moment at which a device begins to listen.
#[derive(Clone, Debug)]
struct Opening {
    at_ms: u64,
    device: String,
    asks: Option<Asks>,
}

/// What an assistant did, in order, without repetition.
type Way = Vec<(u8, Option<Asks>)>;

/// A hunt over one household.
#[derive(Debug)]
pub struct Hunt<'a> {
    household: &'a Household,
    material: &'a mut Material,
    channel: &'a mut Channel,
    rng: ChaCha8Rng,
    seed: u64,
    kept: BTreeMap<Way, Vec<Kept>>,
    progress: Progress,
}

impl<'a> Hunt<'a> {
    /// A hunt that begins with silence.
    pub fn new(
        household: &'a Household,
        material: &'a mut Material,
        channel: &'a mut Channel,
        seed: u64,
    ) -> Self {
        Self {
            household,
            material,
            channel,
            rng: random(seed, Purpose::Search),
            seed,
            kept: BTreeMap::new(),
            progress: Progress::default(),
        }
    }

    /// Searches until a rule is broken or it is told to stop; it is asked after each conversation.
    pub fn run(
        &mut self,
        assistant: &mut dyn Assistant,
        mut go_on: impl FnMut(&Progress) -> bool,
    ) -> (Outcome, Progress) {
        let outcome = loop {
            let script = self.propose();
            let held = hold(&script, self.channel, assistant);
            self.progress.conversations += 1;
            self.progress.steps += held.steps as u64;
            if let Some(broken) = held.broken {
                break Outcome::Broken(script, broken);
            }
            if !judge(&held.trace).is_empty() {
                break Outcome::Found(script);
            }
            self.keep(script, &held);
            if !go_on(&self.progress) {
                break Outcome::NotFound;
            }
        };
        (outcome, self.progress)
    }

    fn keep(&mut self, script: Script, held: &Held) {
        let said_ms = script
            .utterances()
            .map(|said| said.to_ms)
            .max()
            .unwrap_or(0);
        let way = way(held);
        self.progress.longest = self.progress.longest.max(way.len());
        let kept = self.kept.entry(way).or_default();
        let openings = openings(held, said_ms, &script.household);
        if kept.len() < KEPT_MAX {
            kept.push(Kept { script, openings });
            self.progress.kept += 1;
        }
        self.progress.ways = self.kept.len();
    }

    /// The next conversation to try.
    fn propose(&mut self) -> Script {
        let Some(parent) = self.choose().cloned() else {
            return Script {
                seed: self.seed,
                household: self.household.clone(),
                hears: Hears::NearMisses,
                events: Vec::new(),
            };
        };
        let mut script = parent.script;
        if script.events.len() >= EVENTS_MAX
            || (!script.events.is_empty() && self.rng.random_ratio(1, 8))
        {
            let gone = self.rng.random_range(0..script.events.len());
            script.events.remove(gone);
        } else if let Some(event) = self.speak(&parent.openings) {
            script.events.push(event);
            script.events.sort_by_key(Event::at_ms);
        }
        script
    }

    /// Half of the time one of the conversations that led furthest.
    fn choose(&mut self) -> Option<&Kept> {
        let mut ways: Vec<&Way> = self.kept.keys().collect();
        ways.sort_by_key(|way| std::cmp::Reverse(way.len()));
        if self.rng.random_ratio(1, 2) {
            ways.truncate(4);
        }
        let way = *ways.choose(&mut self.rng)?;
        self.kept.get(way)?.choose(&mut self.rng)
    }

    fn speak(&mut self, openings: &[Opening]) -> Option<Event> {
        let waiting = openings
            .iter()
            .find(|opening| opening.asks != Some(Asks::Wake));
        let opening = match waiting {
            Some(opening) if self.rng.random_ratio(3, 4) => opening,
            _ => openings.choose(&mut self.rng)?,
        };
        let asks = if self.rng.random_ratio(7, 8) {
            opening.asks
        } else {
            None
        };
        let text = self.material.line(&mut self.rng, asks)?;
        let speaker = self.material.speaker(&mut self.rng).to_owned();
        let pause_ms = self.rng.random_range(100..1_500);
        let from_ms = opening.at_ms.saturating_add(pause_ms);
        let to_ms = from_ms.saturating_add(speech_ms(self.channel, &text));
        Some(Event::Said(Utterance {
            from_ms,
            to_ms,
            devices: vec![opening.device.clone()],
            speaker,
            text,
            meant: Meant::Nobody,
        }))
    }
}

/// How long it takes to say a text.
pub(crate) fn speech_ms(channel: &mut Channel, text: &str) -> u64 {
    let phones = u64::try_from(channel.speak(text).phones.len()).unwrap_or(u64::MAX);
    phones.saturating_mul(PHONE_MS).saturating_add(BREATH_MS)
}

/// The breach that a finding is named after: what nobody asked for before faults of logic.
pub fn headline(breaches: &[Breach]) -> Option<Rule> {
    let intent = [Rule::I1, Rule::I2, Rule::I3];
    let place = |rule: Rule| intent.iter().position(|first| *first == rule);
    let rules = breaches.iter().map(|breach| breach.rule);
    rules.min_by_key(|rule| (place(*rule).unwrap_or(intent.len()), *rule))
}

fn way(held: &Held) -> Way {
    let mut way = Way::new();
    for line in &held.trace.lines {
        let Line::Out(effect) = line else { continue };
        let step = match effect {
            Effect::Prompt { asks, .. } => (0, *asks),
            Effect::Listen { listens_for, .. } => (1, Some(*listens_for)),
            Effect::Record { .. } => (2, None),
            Effect::RecordEnded { .. } => (3, None),
            Effect::Send { .. } => (4, None),
            Effect::Cancel { .. } => (5, None),
            Effect::Notice { .. } => (6, None),
            Effect::Act { .. } => (7, None),
            Effect::Hello { .. } | Effect::Timer { .. } | Effect::Done => continue,
        };
        if way.last() != Some(&step) && way.len() < WAY_MAX {
            way.push(step);
        }
    }
    way
}

/// The moments from a time on at which a device begins to listen; any device at that time itself.
fn openings(held: &Held, from_ms: u64, household: &Household) -> Vec<Opening> {
    let mut now_ms = 0;
    let mut openings = Vec::new();
    for line in &held.trace.lines {
        match line {
            Line::In(input) => now_ms = input.at_ms().unwrap_or(now_ms),
            Line::Out(Effect::Listen {
                device,
                listens_for,
                ..
            }) if now_ms >= from_ms => {
                let (device, asks) = (device.clone(), Some(*listens_for));
                openings.push(Opening {
                    at_ms: now_ms,
                    device,
                    asks,
                });
            }
            Line::Out(_) | Line::Said { .. } => {}
        }
    }
    if openings.is_empty() {
        let anywhere = household.devices.iter();
        openings.extend(anywhere.map(|device| Opening {
            at_ms: from_ms,
            device: device.clone(),
            asks: None,
        }));
    }
    openings
}
