//! What people may say in a hunt: ordinary lines, and sentences around near-misses of what the
//! assistant expects.

use crate::channel::Channel;
use crate::seed::{Purpose, random};
use mondegreen_generator::{Home, Talker, weave};
use mondegreen_phonetics::{Nats, Search};
use mondegreen_trace::{Asks, Utterance};
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use std::collections::{BTreeMap, BTreeSet};

/// Stages at which a device expects certain phrases.
pub const STAGES: [Asks; 4] = [
    Asks::Wake,
    Asks::Command,
    Asks::Recipient,
    Asks::Confirmation,
];
/// Near-misses of each expected phrase.
const NEAR_MAX: usize = 200;
/// Ordinary lines to draw from.
const LINES_MAX: usize = 2_500;
/// A line is kept for a stage when an expected phrase is heard in it this surely.
const NEAR_ENOUGH: f64 = 0.35;
/// Lines that are kept for a stage.
const STAGE_MAX: usize = 400;

/// Lines for a conversation, and who says them.
#[derive(Debug)]
pub struct Material {
    people: Vec<String>,
    lines: Vec<String>,
    /// Lines that come near what is expected at a stage, nearest first.
    near: BTreeMap<Asks, Vec<String>>,
    /// Near-misses of what is expected at a stage, which wait to be put into sentences.
    phrases: BTreeMap<Asks, Vec<String>>,
    /// Sentences around near-misses; nothing where none is fluent.
    woven: BTreeMap<String, Option<String>>,
}

impl Material {
    /// Talk as the generator makes it, with near-misses of what the assistant expects woven in.
    pub fn generated(home: &Home, channel: &mut Channel, seed: u64) -> Self {
        channel.enter(&home.household);
        let talker = Talker::new(home, 0, random(seed, Purpose::Talk));
        let lines: Vec<String> = talker
            .take(LINES_MAX)
            .map(|utterance| utterance.text)
            .collect();
        let near = near_lines(lines.iter().cloned(), channel);
        let people = home.people.clone();
        let phrases = near_misses(channel);
        Self {
            people,
            lines,
            near,
            phrases,
            woven: BTreeMap::new(),
        }
    }

    /// Somebody's own talk.
    pub fn recorded(talk: &[Utterance], channel: &mut Channel) -> Self {
        let people: BTreeSet<String> = talk.iter().map(|said| said.speaker.clone()).collect();
        let lines: BTreeSet<String> = talk.iter().map(|said| said.text.clone()).collect();
        let near = near_lines(lines.iter().cloned(), channel);
        Self {
            people: people.into_iter().collect(),
            lines: lines.into_iter().collect(),
            near,
            phrases: BTreeMap::new(),
            woven: BTreeMap::new(),
        }
    }

    /// A line for a moment at which the device listens for something.
    pub fn line(&mut self, rng: &mut impl Rng, asks: Option<Asks>) -> Option<String> {
        let asks = asks.unwrap_or(Asks::Message);
        let near = self.near.get(&asks).map(Vec::as_slice).unwrap_or_default();
        let said = if rng.random_ratio(1, 2) {
            towards_first(rng, near).cloned()
        } else {
            None
        };
        said.or_else(|| self.weave(rng, asks))
            .or_else(|| self.lines.choose(rng).cloned())
    }

    fn weave(&mut self, rng: &mut impl Rng, asks: Asks) -> Option<String> {
        let phrase = towards_first(rng, self.phrases.get(&asks)?)?;
        if let Some(sentence) = self.woven.get(phrase) {
            return sentence.clone();
        }
        let words: Vec<&str> = phrase.split(' ').collect();
        let sentence = weave(rng, &words);
        self.woven.insert(phrase.clone(), sentence.clone());
        sentence
    }

    /// Somebody to say it.
    pub fn speaker(&self, rng: &mut impl Rng) -> &str {
        self.people.choose(rng).map_or("Somebody", String::as_str)
    }
}

/// One of a list, earlier ones more often.
fn towards_first<'a, T>(rng: &mut impl Rng, list: &'a [T]) -> Option<&'a T> {
    let below = rng.random_range(0..list.len().max(1));
    list.get(rng.random_range(0..=below))
}

/// For each stage near-misses of all that is expected there, nearest first.
fn near_misses(channel: &Channel) -> BTreeMap<Asks, Vec<String>> {
    let search = Search::common();
    let of = |asks| {
        let mut near = BTreeMap::new();
        for phrase in channel.expected_phrases(asks) {
            let words = if asks == Asks::Wake { 1..=2 } else { 1..=3 };
            near.extend(
                search
                    .near(&phrase, NEAR_MAX, words)
                    .into_iter()
                    .map(|near| (near.text, near.cost)),
            );
            if asks == Asks::Wake {
                let hiding = search.hiding(&phrase, NEAR_MAX).into_iter();
                near.extend(hiding.map(|hiding| (hiding.text, hiding.hit.cost)));
            }
        }
        let mut texts: Vec<(Nats, String)> =
            near.into_iter().map(|(text, cost)| (cost, text)).collect();
        texts.sort();
        (asks, texts.into_iter().map(|(_, text)| text).collect())
    };
    STAGES.into_iter().map(of).collect()
}

/// For each stage the lines that come nearest to what is expected there, nearest first.
fn near_lines(
    lines: impl Iterator<Item = String>,
    channel: &mut Channel,
) -> BTreeMap<Asks, Vec<String>> {
    let mut near: BTreeMap<Asks, Vec<(f64, String)>> = BTreeMap::new();
    for line in lines {
        let spoken = channel.speak(&line);
        for stage in STAGES {
            let hearing = channel.hear(&spoken, 0, stage, "");
            let sure = hearing
                .spotted
                .as_ref()
                .map_or(0.0, |spotted| spotted.confidence);
            if sure >= NEAR_ENOUGH {
                near.entry(stage).or_default().push((sure, line.clone()));
            }
        }
    }
    let nearest = |(stage, mut lines): (Asks, Vec<(f64, String)>)| {
        lines.sort_by(|(a, line_a), (b, line_b)| b.total_cmp(a).then_with(|| line_a.cmp(line_b)));
        lines.truncate(STAGE_MAX);
        (stage, lines.into_iter().map(|(_, line)| line).collect())
    };
    near.into_iter().map(nearest).collect()
}

/// A household for a seed, and the people who live there.
pub fn home(seed: u64) -> Home {
    mondegreen_generator::household(&mut random(seed, Purpose::Household))
}
