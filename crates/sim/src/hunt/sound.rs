//! A hunt in sound: real engines hear whole conversations, and what they take for what is learned.
//!
//! A conversation grows by one sentence at a time, said once a device has begun to listen. What is
//! said is a sentence around a near-miss of what is expected at that stage, chosen by what came of
//! others there, or an ordinary one. Conversations that led further are gone on with.

use super::{headline, speech_ms};
use crate::attack::pool::Pool;
use crate::attack::search::{Pick, Search};
use crate::attack::{Forms, Plan};
use crate::channel::Channel;
use crate::hold::Held;
use crate::seed::{Purpose, random};
use mondegreen_generator::{Home, Talker, is_fluent, weave};
use mondegreen_oracle::{Breach, judge};
use mondegreen_trace::{Asks, Effect, Event, Hears, Input, Line, Meant, Script, Utterance};
use rand::RngExt;
use rand::seq::{IndexedRandom, IteratorRandom};
use rand_chacha::ChaCha8Rng;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Near-misses of the name that are looked through, those of every other phrase, and the most words
/// of one. Engines that listen for one name take few things for it.
const NEAREST_NAME: usize = 2_000;
const NEAREST: usize = 400;
const WORDS_MAX: usize = 3;
/// After the name a sentence is drawn so often, and that is taken in which the near-miss comes first:
/// some assistants look at nothing else.
const DRAWS: usize = 6;
/// What came of so many tries at a stage is looked at before the next are chosen.
const BATCH: usize = 24;
/// Ordinary lines to draw from, each of so many words at most.
const LINES: usize = 600;
const LINE_WORDS_MAX: usize = 7;
/// Conversations that are kept for each number of stages.
const KEPT_MAX: usize = 6;
/// What comes of speech has come within so long.
const SETTLED_MS: u64 = 5_000;
/// How long nobody speaks once a device listens.
const PAUSE_MS: Range<u64> = 700..2_000;
/// Synthetic voices are slower than talk, and speech that is hurried is another sound.
const SLOWER_PERCENT: u64 = 140;
/// Who talks. The first to speak has the first voice.
const PEOPLE: [&str; 2] = ["Ann", "Joe"];

/// What is hunted.
#[derive(Clone, Debug)]
pub struct SoundPlan {
    /// Who lives there; all devices hear all that is said.
    pub home: Home,
    /// The name that the assistant answers to. No form of it is said.
    pub wake: String,
    /// How it is asked to send a message.
    pub request: String,
    /// Where all randomness comes from.
    pub seed: u64,
}

/// How far a hunt in sound has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct SoundProgress {
    /// Conversations held.
    pub conversations: u64,
    /// How many of these led further than what was said before.
    pub led_on: u64,
    /// For how many different things a device listened in one conversation, its name included.
    pub stages: usize,
}

/// A conversation that was held, with the highest score that the wake-word engine gave.
pub type Scored = (Held, f64);

/// The conversation that led furthest.
#[derive(Clone, Debug)]
pub struct Furthest {
    /// What is said.
    pub script: Script,
    /// What happens.
    pub held: Held,
    /// The rules that it breaks, if one was found that does.
    pub breaches: Vec<Breach>,
}

/// Hunts until a rule is broken or it is told to stop; it is asked after each conversation.
///
/// # Errors
/// When a conversation cannot be held.
pub fn hunt_in_sound<E>(
    plan: &SoundPlan,
    channel: &mut Channel,
    run: &mut dyn FnMut(&Script, &mut Channel) -> Result<Scored, E>,
    go_on: &mut dyn FnMut(&SoundProgress) -> bool,
) -> Result<(Furthest, SoundProgress), E> {
    let targets = targets(plan);
    let script = Script {
        seed: plan.seed,
        household: plan.home.household.clone(),
        hears: Hears::NearMisses,
        events: Vec::new(),
    };
    let (held, _) = run(&script, channel)?;
    let mut hunt = Hunting::new(plan, &targets);
    let mut furthest = Furthest {
        breaches: judge(&held.trace),
        script,
        held,
    };
    hunt.progress.stages = hunt.keep(&furthest.script, &furthest.held);
    while furthest.breaches.is_empty() && go_on(&hunt.progress) {
        let Some(said) = hunt.propose(channel) else {
            break;
        };
        let (held, score) = run(&said.script, channel)?;
        let breaches = judge(&held.trace);
        let stages = hunt.keep(&said.script, &held);
        let led_on = stages > said.stages || !breaches.is_empty();
        hunt.learn(&said, if led_on { 1.0 } else { score });
        hunt.progress.conversations += 1;
        hunt.progress.led_on += u64::from(led_on);
        if stages > hunt.progress.stages || !breaches.is_empty() {
            hunt.progress.stages = hunt.progress.stages.max(stages);
            furthest = Furthest {
                script: said.script,
                held,
                breaches,
            };
        }
    }
    let furthest = shrunk(furthest, channel, run)?;
    Ok((furthest, hunt.progress))
}

/// Leaves out what is not needed to break the rule.
fn shrunk<E>(
    mut best: Furthest,
    channel: &mut Channel,
    run: &mut dyn FnMut(&Script, &mut Channel) -> Result<Scored, E>,
) -> Result<Furthest, E> {
    let Some(rule) = headline(&best.breaches) else {
        return Ok(best);
    };
    for place in (0..best.script.events.len()).rev() {
        let mut script = best.script.clone();
        script.events.remove(place);
        let (held, _) = run(&script, channel)?;
        let breaches = judge(&held.trace);
        if headline(&breaches) == Some(rule) {
            best = Furthest {
                script,
                held,
                breaches,
            };
        }
    }
    Ok(best)
}

/// What is expected at a stage; its near-misses are looked for when they are first wanted.
struct Target {
    asks: Asks,
    attack: Plan,
    pool: OnceCell<Pool>,
}

/// For each stage what is expected there.
fn targets(plan: &SoundPlan) -> Vec<Target> {
    let contacts = plan.home.household.contacts.iter();
    let names = contacts.map(|contact| (Asks::Recipient, contact.name.as_str()));
    let first = [
        (Asks::Wake, plan.wake.as_str()),
        (Asks::Command, &plan.request),
    ];
    let answers = ["yes", "sure"].map(|answer| (Asks::Confirmation, answer));
    let target = |(asks, phrase): (Asks, &str)| Target {
        asks,
        attack: Plan {
            phrase: phrase.to_owned(),
            words_max: WORDS_MAX,
            nearest: if asks == Asks::Wake {
                NEAREST_NAME
            } else {
                NEAREST
            },
            forms: if asks == Asks::Wake {
                Forms::LeftOut
            } else {
                Forms::Allowed
            },
            voices: PEOPLE.len(),
            tries: 0,
            keep: 0,
            seed: plan.seed,
        },
        pool: OnceCell::new(),
    };
    let all = first.into_iter().chain(names).chain(answers);
    all.map(target).collect()
}

impl Target {
    fn pool(&self) -> &Pool {
        self.pool.get_or_init(|| Pool::new(&self.attack, 1))
    }
}

/// A conversation worth going on with.
#[derive(Clone, Debug)]
struct Kept {
    script: Script,
    opening: Opening,
}

/// What a device listens for when all has been said, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Opening {
    asks: Option<Asks>,
    from_ms: u64,
    /// For how many different things it has listened.
    stages: usize,
}

/// A conversation to be held.
struct Said {
    script: Script,
    /// How far it led before the last sentence.
    stages: usize,
    /// Which search the last sentence came from, and what that chose.
    chosen: Option<(usize, Pick)>,
}

/// The search for what is taken for one phrase.
struct Trials<'a> {
    search: Search<'a>,
    next: Vec<Pick>,
    outcomes: Vec<(Pick, f64)>,
}

impl Trials<'_> {
    /// What to try next; nothing when everything was tried.
    fn pick(&mut self, rng: &mut ChaCha8Rng) -> Option<Pick> {
        if self.next.is_empty() {
            self.search.learn(self.outcomes.drain(..), rng);
            self.next = self.search.next(BATCH, rng);
        }
        self.next.pop()
    }
}

struct Hunting<'a> {
    targets: &'a [Target],
    /// By the place of their targets.
    searches: BTreeMap<usize, Trials<'a>>,
    lines: Vec<String>,
    kept: BTreeMap<usize, Vec<Kept>>,
    rng: ChaCha8Rng,
    progress: SoundProgress,
}

impl<'a> Hunting<'a> {
    fn new(plan: &SoundPlan, targets: &'a [Target]) -> Self {
        let talker = Talker::new(&plan.home, 0, random(plan.seed, Purpose::Talk));
        let lines = talker.map(|said| said.text).take(LINES);
        let is_short = |line: &String| line.split(' ').count() <= LINE_WORDS_MAX;
        Self {
            targets,
            searches: BTreeMap::new(),
            lines: lines.filter(is_short).collect(),
            kept: BTreeMap::new(),
            rng: random(plan.seed, Purpose::Search),
            progress: SoundProgress::default(),
        }
    }

    /// Keeps a conversation after which a device listens for more than its name, or in which nothing
    /// was said; says how many stages it went through.
    fn keep(&mut self, script: &Script, held: &Held) -> usize {
        let opening = opening(script, held);
        if script.events.is_empty() || opening.asks != Some(Asks::Wake) {
            let kept = self.kept.entry(opening.stages).or_default();
            if kept.len() < KEPT_MAX {
                let script = script.clone();
                kept.push(Kept { script, opening });
            }
        }
        opening.stages
    }

    fn learn(&mut self, said: &Said, outcome: f64) {
        if let Some((search, pick)) = said.chosen
            && let Some(search) = self.searches.get_mut(&search)
        {
            search.outcomes.push((pick, outcome));
        }
    }

    /// The next conversation: one that was kept, and one more sentence.
    fn propose(&mut self, channel: &mut Channel) -> Option<Said> {
        let furthest = *self.kept.keys().next_back()?;
        let stages = if self.rng.random_ratio(3, 4) {
            furthest
        } else {
            *self.kept.keys().choose(&mut self.rng)?
        };
        let parent = self.kept.get(&stages)?.choose(&mut self.rng)?.clone();
        let (text, chosen) = self.sentence(parent.opening.asks)?;
        let mut script = parent.script;
        let person = match (script.events.is_empty(), chosen) {
            (true, _) => 0,
            (false, Some((_, pick))) => pick.voice,
            (false, None) => self.rng.random_range(0..PEOPLE.len()),
        };
        let from_ms = parent.opening.from_ms + self.rng.random_range(PAUSE_MS);
        let length_ms = speech_ms(channel, &text) * SLOWER_PERCENT / 100;
        script.events.push(Event::Said(Utterance {
            from_ms,
            to_ms: from_ms + length_ms,
            devices: script.household.devices.clone(),
            speaker: PEOPLE[person].to_owned(),
            text,
            meant: Meant::Nobody,
        }));
        Some(Said {
            script,
            stages,
            chosen,
        })
    }

    /// A sentence in which a near-miss comes as early as it can; half of the time that alone, if people
    /// say it alone.
    fn begun_with(&mut self, phrase: &str) -> Option<String> {
        let alone = as_sentence(phrase);
        if self.rng.random_ratio(1, 2) && is_fluent(&alone) {
            return Some(alone);
        }
        let words: Vec<&str> = phrase.split(' ').collect();
        let drawn = (0..DRAWS).filter_map(|_| weave(&mut self.rng, &words));
        let first = words.first()?;
        drawn.min_by_key(|sentence| sentence.to_lowercase().find(first))
    }

    /// What of a target to try next.
    fn pick(&mut self, place: usize) -> Option<Pick> {
        let target = &self.targets[place];
        let trials = self.searches.entry(place).or_insert_with(|| Trials {
            search: Search::new(target.pool(), PEOPLE.len()),
            next: Vec::new(),
            outcomes: Vec::new(),
        });
        trials.pick(&mut self.rng)
    }

    /// What is said to a device that listens for something.
    fn sentence(&mut self, asks: Option<Asks>) -> Option<(String, Option<(usize, Pick)>)> {
        let places = self.targets.iter().enumerate();
        let places = places.filter(|(_, target)| Some(target.asks) == asks);
        let place = places.map(|(place, _)| place).choose(&mut self.rng);
        let is_wake = asks == Some(Asks::Wake);
        if let Some(place) = place.filter(|_| is_wake || self.rng.random_ratio(2, 3))
            && let Some(pick) = self.pick(place)
        {
            let candidate = &self.targets[place].pool().candidates[pick.phrase];
            let (text, known) = (candidate.text.clone(), candidate.sentence.clone());
            let sentence = if is_wake {
                let words: Vec<&str> = text.split(' ').collect();
                weave(&mut self.rng, &words)
            } else {
                self.begun_with(&text)
            };
            let sentence = sentence.unwrap_or(known);
            return Some((sentence, Some((place, pick))));
        }
        let line = self.lines.choose(&mut self.rng)?;
        Some((line.clone(), None))
    }
}

fn as_sentence(phrase: &str) -> String {
    let mut letters = phrase.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}.", letters.as_str())
}

/// What a device listens for once what was said has had its effect.
fn opening(script: &Script, held: &Held) -> Opening {
    let said_ms = script.utterances().map(|said| said.to_ms).max();
    let settled_ms = said_ms.map_or(0, |said_ms| said_ms + SETTLED_MS);
    let mut now_ms = 0;
    let mut opening = Opening {
        asks: None,
        from_ms: said_ms.unwrap_or(0),
        stages: 0,
    };
    let mut all = BTreeSet::new();
    for line in &held.trace.lines {
        if let Line::In(input) = line {
            now_ms = input.at_ms().unwrap_or(now_ms);
        }
        if now_ms > settled_ms {
            break;
        }
        match line {
            Line::Out(Effect::Listen { listens_for, .. }) => {
                opening.asks = Some(*listens_for);
                all.insert(*listens_for);
                opening.from_ms = opening.from_ms.max(now_ms);
            }
            Line::In(Input::PromptEnded { .. }) => opening.from_ms = opening.from_ms.max(now_ms),
            Line::In(_) | Line::Out(_) | Line::Said { .. } => {}
        }
    }
    opening.stages = all.len();
    opening
}
