//! How often which kind of thing is said: the traffic model of home talk, version 1.
//!
//! Shares are of all utterances, as counted in the Switchboard Dialog Act corpus (199,740
//! utterances, 1.46 million words). The arithmetic goes from these shares to the probabilities of
//! the steps by which talk is made. Talk goes in *moves*: with probability `1 - ASKS` somebody tells
//! something (one utterance), else somebody asks and somebody answers (two). After each move a
//! listener may say a word (one more). So a move makes `PER_MOVE` utterances on average, where
//!
//! `PER_MOVE = 1 + ASKS + PER_MOVE × (BACKCHANNEL + RIGHT_PHRASE)`,
//!
//! and what is to be a share `s` of all utterances has to happen `s × PER_MOVE` times a move.

use crate::grammar::Grammar;
use rand::{Rng, RngExt};

/// Share of moves that are a question and its answer.
const ASKS: f64 = 0.25;

/// Backchannels, and what they are.
const BACKCHANNEL: f64 = 0.192;
const BACKCHANNELS: [(&str, f64); 4] = [
    ("uh-huh", 0.381),
    ("yeah", 0.349),
    ("right-alone", 0.095),
    ("listener", 0.175),
];

/// Whole utterances of the type of "that's right", beyond the backchannel "right" (2.9% with it).
const RIGHT_PHRASE: f64 = 0.029 - 0.095 * BACKCHANNEL;

/// Whole utterances that are a strict yes.
const YES: f64 = 0.010;

/// Name of the way in which a tell begins with a yes-word ("Yeah, …").
pub(crate) const ASSENT: &str = "assent";

/// Kinds of tell that a share of all utterances has to be, by the pool that they come from.
const MARKED: [(&str, f64); 7] = [
    // 13.3% hold a yes-word: 6.7% "yeah" and 0.9% other backchannels, 1.1% yes, and these.
    (ASSENT, 0.0475),
    // 4.1% hold "right": 2.9% are nothing else, and these.
    ("right-inside", 0.012),
    // A 25-word window holds a strict yes-word in 3.8% of cases: a little more than bare ones give.
    ("yes-inside", 0.0015),
    ("name", PER_UTTERANCE * 4.7),
    ("send", PER_UTTERANCE * 1.05 - SEND_IT),
    ("send-it", SEND_IT),
    ("message", PER_UTTERANCE * 0.22),
];

const SEND_IT: f64 = 0.000_07;

/// Turns a rate per 10,000 words into one per utterance.
const PER_UTTERANCE: f64 = 1_460_000.0 / 199_740.0 / 10_000.0;

/// Utterances a move.
const PER_MOVE: f64 = (1.0 + ASKS) / (1.0 - BACKCHANNEL - RIGHT_PHRASE);

/// How a tell is built up; set so that the mean utterance has 7.3 words.
const OPENS: f64 = 0.35;
const JOINS: f64 = 0.22;
const TAGS: f64 = 0.06;

/// Probability that a question which allows it is answered by a bare yes.
pub(crate) fn bare_yes(grammar: &Grammar) -> f64 {
    let asking = grammar.topics.iter().filter(|topic| !topic.asks.is_empty());
    let shares = asking.map(|topic| {
        let polar = topic.asks.iter().filter(|question| question.polar);
        count(polar.count()) / count(topic.asks.len())
    });
    let polar = shares.sum::<f64>() / count(grammar.topics.len()).max(1.0);
    (YES * PER_MOVE / (ASKS * polar)).min(1.0)
}

pub(crate) fn asks(rng: &mut impl Rng) -> bool {
    rng.random_bool(ASKS)
}

pub(crate) fn opens(rng: &mut impl Rng) -> bool {
    rng.random_bool(OPENS)
}

pub(crate) fn joins(rng: &mut impl Rng) -> bool {
    rng.random_bool(JOINS)
}

pub(crate) fn tags(rng: &mut impl Rng) -> bool {
    rng.random_bool(TAGS)
}

/// The pool of what a listener says after a move, if anything.
pub(crate) fn listener(rng: &mut impl Rng) -> Option<&'static str> {
    let backchannels = BACKCHANNELS.map(|(pool, share)| (pool, share * BACKCHANNEL * PER_MOVE));
    let right = ("right", RIGHT_PHRASE * PER_MOVE);
    draw(backchannels.into_iter().chain([right]), rng)
}

/// The pool of a tell that is not about the topic alone.
pub(crate) fn marked(rng: &mut impl Rng) -> Option<&'static str> {
    let marked = MARKED.map(|(pool, share)| (pool, share * PER_MOVE / (1.0 - ASKS)));
    draw(marked, rng)
}

/// Draws at most one of several things, each with its probability.
fn draw<T>(things: impl IntoIterator<Item = (T, f64)>, rng: &mut impl Rng) -> Option<T> {
    let mut left: f64 = rng.random();
    things.into_iter().find_map(|(thing, probability)| {
        left -= probability;
        (left < 0.0).then_some(thing)
    })
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand at most")]
fn count(number: usize) -> f64 {
    number as f64
}
