//! The margin of the reference assistant: the least total mishearing by which talk that is meant for
//! nobody makes it send.
//!
//! A shortest path. A node is a state in which the device listens; an edge is an utterance of
//! ordinary talk, or silence, at the cost at which the channel hears it, in thousandths of a nat. Each
//! edge is walked by holding the conversation so far, so the cost of a chain is what [`hold()`] says
//! of its script, and its end is what the oracle says of the trace. `docs/margin.md` states what
//! counts as ordinary talk, and what is left out.

mod bound;
mod moment;
mod ordinary;

pub use bound::{Bound, margin_at_most};
pub use ordinary::Cut;

use crate::assistant::Broken;
use crate::channel::{Channel, quoted};
use crate::finding::Finding;
use crate::hold::{Held, Hit, hold};
use crate::hunt::speech_ms;
use crate::reference::Reference;
use moment::{Moment, State, moments};
use mondegreen_detector::challenge_word;
use mondegreen_generator::Home;
use mondegreen_oracle::{Rule, judge};
use mondegreen_phonetics::Nats;
use mondegreen_trace::{Asks, Effect, Event, Hears, Line, Meant, Script, Utterance};
use ordinary::Ordinary;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// The pause before somebody speaks.
const PAUSE_MS: u64 = 300;
/// Seeds that are tried until a prompt asks for a word.
const SEEDS_MAX: u64 = 4_096;

/// A margin in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// The cheapest chain costs this.
    Exact(Nats),
    /// A chain costs this, and a cheaper one was not ruled out.
    AtMost(Nats),
    /// There is no chain.
    None,
    /// No chain was found, and none was ruled out.
    NotFound,
}

/// What a margin was found to be.
#[derive(Clone, Debug)]
pub struct Margin {
    /// The cheapest chain, as a conversation that breaks `I1`; nothing if there is none.
    pub chain: Option<Finding>,
    /// What the assistant listened for at each utterance of it.
    asked: Vec<Asks>,
    /// States that were reached.
    pub states: usize,
    /// What the assistant listened for in them.
    pub reached: BTreeSet<Asks>,
    /// Phrases whose near-misses were not all looked at, although dearer ones might be heard.
    pub cuts: Vec<Cut>,
}

/// One utterance of a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Part<'a> {
    /// What the device listened for.
    pub asks: Asks,
    /// What was said.
    pub said: &'a Utterance,
    /// The words that were taken for what was listened for; none if what was said was heard.
    pub hits: Vec<&'a Hit>,
}

impl Part<'_> {
    /// What hearing it cost.
    pub fn cost(&self) -> Nats {
        self.hits.iter().map(|hit| hit.spotted.cost).sum()
    }
}

impl Margin {
    /// The utterances of the chain, in order.
    pub fn parts<'a>(&'a self) -> Vec<Part<'a>> {
        let Some(chain) = &self.chain else {
            return Vec::new();
        };
        let part = |(said, asks): (&'a Utterance, &Asks)| {
            let span = said.from_ms..=said.to_ms;
            let hits = chain.held.spotted.iter();
            let hits = hits.filter(|hit| span.contains(&hit.at_ms));
            let (asks, hits) = (*asks, hits.collect());
            Part { asks, said, hits }
        };
        let utterances = chain.script.utterances();
        utterances.zip(&self.asked).map(part).collect()
    }

    /// What the assistant's margin is, in short.
    pub fn total(&self) -> Total {
        let cost = self.chain.as_ref().map(Finding::cost);
        match cost {
            Some(cost) if self.at_least() == Some(cost) => Total::Exact(cost),
            Some(cost) => Total::AtMost(cost),
            None if self.cuts.is_empty() => Total::None,
            None => Total::NotFound,
        }
    }

    /// No chain of the kind that was looked for costs less than this; nothing if there is none at all.
    /// It is the cost of the chain, unless near-misses were left unseen that cost less.
    pub fn at_least(&self) -> Option<Nats> {
        let chain = self.chain.as_ref().map(Finding::cost);
        let unseen = self.cuts.iter().map(|cut| cut.up_to);
        chain.into_iter().chain(unseen).min()
    }
}

/// The margin of an assistant in a home, whose people speak by turns. The seed draws the sentences
/// around what is misheard.
///
/// ```
/// use mondegreen_sim::{Preset, Reference, Total, home, margin};
///
/// // Any policy will do.
/// let mut preset = Preset::ECHO_2018;
/// preset.policy.answer = mondegreen_dialog::Answer::Button;
/// let margin = margin(&Reference::new(preset), &home(1), 1)?;
/// assert_eq!(margin.total(), Total::None);
/// # Ok::<(), mondegreen_sim::Broken>(())
/// ```
///
/// # Errors
/// When the assistant breaks.
pub fn margin(assistant: &Reference, home: &Home, seed: u64) -> Result<Margin, Broken> {
    let household = &home.household;
    let mut channel = Channel::new(assistant.wake(), household);
    let mut walk = Walk {
        assistant,
        people: &home.people,
        ordinary: Ordinary::new(assistant, &mut channel, household, seed),
        open: BinaryHeap::new(),
        nodes: Vec::new(),
        seen: Vec::new(),
    };
    let silence = Script {
        seed,
        household: household.clone(),
        hears: Hears::NearMisses,
        events: Vec::new(),
    };
    walk.reach(silence, Vec::new())?;
    let (chain, asked) = walk.cheapest()?.unzip();
    Ok(Margin {
        chain,
        asked: asked.unwrap_or_default(),
        states: walk.seen.len(),
        reached: walk.seen.iter().map(State::asks).collect(),
        cuts: walk.ordinary.cuts,
    })
}

/// A conversation, and where it leads to.
#[derive(Clone, Debug)]
struct Node {
    script: Script,
    /// What was listened for at each utterance.
    asked: Vec<Asks>,
    /// The moment at which more can be said; nothing once a message has left.
    moment: Option<Moment>,
}

/// Cheaper nodes come first; of those, the ones in fewer sentences; of those, the ones in more
/// utterances, so that each stage shows.
type Order = (Nats, usize, Reverse<usize>);

/// A search for the cheapest way.
struct Walk<'a> {
    assistant: &'a Reference,
    people: &'a [String],
    ordinary: Ordinary<'a>,
    open: BinaryHeap<Reverse<(Order, usize)>>,
    nodes: Vec<Node>,
    seen: Vec<State>,
}

impl Walk<'_> {
    fn cheapest(&mut self) -> Result<Option<(Finding, Vec<Asks>)>, Broken> {
        while let Some(Reverse((_, number))) = self.open.pop() {
            let node = self.nodes[number].clone();
            let Some(moment) = &node.moment else {
                let mut assistant = self.assistant.clone();
                let found = Finding::of(node.script, self.ordinary.channel(), &mut assistant);
                return Ok(found.map(|found| (found, node.asked)));
            };
            if self.seen.contains(&moment.state) {
                continue;
            }
            self.seen.push(moment.state.clone());
            self.go_on(&node, moment)?;
        }
        Ok(None)
    }

    /// Says everything that is worth saying at a moment.
    fn go_on(&mut self, node: &Node, moment: &Moment) -> Result<(), Broken> {
        for text in self.ordinary.texts(moment.asks).iter() {
            self.say(node, moment, text)?;
        }
        if !moment.state.wants_word() {
            return Ok(());
        }
        for word in challenge_words() {
            let texts = self.ordinary.texts_near(word);
            if texts.is_empty() {
                continue;
            }
            let Some((node, moment)) = self.asking_for(word, node, moment)? else {
                continue;
            };
            for text in texts.iter() {
                self.say(&node, &moment, text)?;
            }
        }
        Ok(())
    }

    /// The same conversation and moment, under a seed by which the prompt asks for this word.
    fn asking_for(
        &mut self,
        word: &str,
        node: &Node,
        moment: &Moment,
    ) -> Result<Option<(Node, Moment)>, Broken> {
        let mut node = node.clone();
        for seed in 0..SEEDS_MAX {
            node.script.seed = seed;
            let held = self.hold(&node.script)?;
            let moments = self.moments(&node.script, &held)?;
            let mut same = moments.into_iter().filter(|it| it.state == moment.state);
            if let Some(moment) = same.find(|it| quoted(&it.prompt) == Some(word)) {
                return Ok(Some((node, moment)));
            }
        }
        Ok(None)
    }

    fn say(&mut self, node: &Node, moment: &Moment, text: &str) -> Result<(), Broken> {
        let from_ms = moment.at_ms + PAUSE_MS;
        let to_ms = from_ms + speech_ms(self.ordinary.channel(), text);
        let mut script = node.script.clone();
        let speaker = script.events.len().checked_rem(self.people.len());
        let speaker = speaker.and_then(|place| self.people.get(place));
        script.events.push(Event::Said(Utterance {
            from_ms,
            to_ms,
            devices: script.household.devices.iter().take(1).cloned().collect(),
            speaker: speaker.map_or_else(|| "Somebody".to_owned(), Clone::clone),
            text: text.to_owned(),
            meant: Meant::Nobody,
        }));
        let asked = [node.asked.as_slice(), &[moment.asks]].concat();
        self.reach(script, asked)
    }

    /// Notes where a conversation leads to.
    fn reach(&mut self, script: Script, asked: Vec<Asks>) -> Result<(), Broken> {
        let held = self.hold(&script)?;
        let cost = held.spotted.iter().map(|hit| hit.spotted.cost).sum();
        if is_sent(&held) {
            let unintended = |breach: &mondegreen_oracle::Breach| breach.rule == Rule::I1;
            if judge(&held.trace).iter().any(unintended) {
                self.open(
                    cost,
                    Node {
                        script,
                        asked,
                        moment: None,
                    },
                );
            }
            return Ok(());
        }
        for moment in self.moments(&script, &held)? {
            if !self.seen.contains(&moment.state) {
                let (script, asked) = (script.clone(), asked.clone());
                let moment = Some(moment);
                self.open(
                    cost,
                    Node {
                        script,
                        asked,
                        moment,
                    },
                );
            }
        }
        Ok(())
    }

    fn open(&mut self, cost: Nats, node: Node) {
        let stops = |said: &Utterance| said.text.matches(['.', '?', '!']).count();
        let sentences = node.script.utterances().map(stops).sum();
        let utterances = Reverse(node.script.events.len());
        let order = (cost, sentences, utterances);
        self.open.push(Reverse((order, self.nodes.len())));
        self.nodes.push(node);
    }

    fn hold(&mut self, script: &Script) -> Result<Held, Broken> {
        let held = hold(script, self.ordinary.channel(), &mut self.assistant.clone());
        match held.broken {
            Some(broken) => Err(broken),
            None => Ok(held),
        }
    }

    fn moments(&self, script: &Script, held: &Held) -> Result<Vec<Moment>, Broken> {
        let Some(device) = script.household.devices.first() else {
            return Ok(Vec::new());
        };
        let said_ms = script.utterances().map(|said| said.to_ms).max();
        moments(
            held,
            said_ms.unwrap_or(0),
            (device.as_str(), self.assistant),
        )
    }
}

fn is_sent(held: &Held) -> bool {
    let sends = |line: &Line| matches!(line, Line::Out(Effect::Send { .. }));
    held.trace.lines.iter().any(sends)
}

/// Every challenge word once.
fn challenge_words() -> impl Iterator<Item = &'static str> {
    let first = challenge_word(0);
    let others = (1..)
        .map(challenge_word)
        .take_while(move |word| *word != first);
    std::iter::once(first).chain(others)
}
