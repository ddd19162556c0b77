//! How much is said in a home and how often which kind of thing: versioned data, with sources.
//!
//! The arithmetic goes from shares of all utterances to the probabilities of the steps by which talk
//! is made. Talk goes in *moves*: somebody tells something (one utterance), or somebody asks and
//! somebody answers (two). After each move a listener may say a word (one more). So a move makes `m`
//! utterances on average, where
//!
//! `m = 1 + question.share + m × (backchannel.share + right.whole beyond the backchannel)`,
//!
//! and what is to be a share `s` of all utterances has to happen `s × m` times a move.

use crate::grammar::Grammar;
use mondegreen_trace::figures::{Figure, FigureError, Figures, read};
use rand::{Rng, RngExt};
use std::sync::OnceLock;

const TITLE: &str = "mondegreen traffic 1";

/// Name of the way in which a tell begins with a yes-word ("Yeah, …").
pub(crate) const ASSENT: &str = "assent";

/// How a tell is built up; set so that the mean utterance has 7.3 words.
const OPENS: f64 = 0.35;
const JOINS: f64 = 0.22;
const TAGS: f64 = 0.06;

/// Bounds of what a file can ask for.
const PEOPLE_MAX: f64 = 20.0;
const UTTERANCE_WORDS_MAX: f64 = 100.0;

const FIGURES: [Figure; 19] = [
    Figure::between("talk.hours", 0.0, 24.0),
    Figure::between("television.hours", 0.0, 24.0),
    Figure::between("people.least", 1.0, PEOPLE_MAX),
    Figure::between("people.most", 1.0, PEOPLE_MAX),
    Figure::between("utterance.words", 1.0, UTTERANCE_WORDS_MAX),
    Figure::share("question.share"),
    Figure::share("backchannel.share"),
    Figure::share("backchannel.uh-huh"),
    Figure::share("backchannel.yeah"),
    Figure::share("backchannel.right"),
    Figure::share("right.whole"),
    Figure::share("right.inside"),
    Figure::share("yes.whole"),
    Figure::share("yes.opening"),
    Figure::share("yes.inside"),
    Figure::share("send-it.share"),
    Figure::between("send.words", 0.0, 10_000.0),
    Figure::between("message.words", 0.0, 10_000.0),
    Figure::between("name.words", 0.0, 10_000.0),
];

/// How much a household says, and how often which kind of thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Traffic {
    /// Hours of people's talk a day.
    pub talk_hours: f64,
    /// Hours of television a day, whose talk is taken to be like that of people.
    pub television_hours: f64,
    /// The fewest and the most people who live in a home.
    pub people: (usize, usize),
    /// Share of moves that are a question and its answer.
    asks: f64,
    /// What a listener says after a move, if anything: the pool, and how often a move.
    listens: Vec<Share>,
    /// Tells that are not about the topic alone: the pool, and the probability for a tell.
    marked: Vec<Share>,
    /// Bare yeses a move.
    yes: f64,
}

impl Traffic {
    /// The file that comes along, with the source of each figure.
    pub const SHIPPED: &str = include_str!("../../../corpora/models/traffic-1.tsv");

    /// What [`Self::SHIPPED`] says.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Traffic> = OnceLock::new();
        SHIPPED.get_or_init(|| Self::read(Self::SHIPPED).expect("the file that comes along"))
    }

    /// Reads a file like [`Self::SHIPPED`].
    ///
    /// # Errors
    /// With the line: a figure that is missing, unknown, there twice, without a source or out of its
    /// bounds, or figures that cannot be together.
    pub fn read(text: &str) -> Result<Self, FigureError> {
        let figures = read(text, TITLE, &FIGURES)?;
        let [
            talk_hours,
            television_hours,
            least,
            most,
            words,
            asks,
            rest @ ..,
        ] = figures.values;
        let [
            backchannels @ ..,
            right_inside,
            yes,
            yes_opening,
            yes_inside,
            send_it,
            send,
            message,
            name,
        ] = rest;
        let (per_move, listens) = listens(asks, backchannels);
        // From a rate in 10,000 words to one of utterances.
        let per_utterance = words / 10_000.0;
        let marked = [
            (ASSENT, yes_opening),
            ("right-inside", right_inside),
            ("yes-inside", yes_inside),
            ("name", per_utterance * name),
            ("send", per_utterance * send - send_it),
            ("send-it", send_it),
            ("message", per_utterance * message),
        ];
        let marked = marked.map(|(pool, share)| (pool, share * per_move / (1.0 - asks)));
        check(&figures, &listens, &marked)?;
        Ok(Self {
            talk_hours,
            television_hours,
            people: (whole(least), whole(most)),
            asks,
            listens: listens.to_vec(),
            marked: marked.to_vec(),
            yes: yes * per_move,
        })
    }

    /// Hours of talk in an hour of a household.
    pub fn talk_per_hour(&self) -> f64 {
        (self.talk_hours + self.television_hours) / 24.0
    }

    /// Probability that a question which allows it is answered by a bare yes.
    pub(crate) fn bare_yes(&self, grammar: &Grammar) -> f64 {
        let asking = grammar.topics.iter().filter(|topic| !topic.asks.is_empty());
        let shares = asking.map(|topic| {
            let polar = topic.asks.iter().filter(|question| question.polar);
            count(polar.count()) / count(topic.asks.len())
        });
        let polar = shares.sum::<f64>() / count(grammar.topics.len()).max(1.0);
        (self.yes / (self.asks * polar)).min(1.0)
    }

    pub(crate) fn asks(&self, rng: &mut impl Rng) -> bool {
        rng.random_bool(self.asks)
    }

    /// The pool of what a listener says after a move, if anything.
    pub(crate) fn listener(&self, rng: &mut impl Rng) -> Option<&'static str> {
        draw(&self.listens, rng)
    }

    /// The pool of a tell that is not about the topic alone.
    pub(crate) fn marked(&self, rng: &mut impl Rng) -> Option<&'static str> {
        draw(&self.marked, rng)
    }
}

/// A pool of things to say, and how often it is drawn from.
type Share = (&'static str, f64);

/// Utterances a move, and what a listener says after one, of shares of all utterances.
fn listens(
    asks: f64,
    [backchannel, uh_huh, yeah, right, right_whole]: [f64; 5],
) -> (f64, [Share; 5]) {
    // Right phrases beyond the backchannel, and backchannels of other kinds.
    let right_phrase = right_whole - right * backchannel;
    let other = 1.0 - uh_huh - yeah - right;
    let per_move = (1.0 + asks) / (1.0 - backchannel - right_phrase);
    let often = |share: f64| share * backchannel * per_move;
    let listens = [
        ("uh-huh", often(uh_huh)),
        ("yeah", often(yeah)),
        ("right-alone", often(right)),
        ("listener", often(other)),
        ("right", right_phrase * per_move),
    ];
    (per_move, listens)
}

/// Refuses figures that cannot be together, at the line of one of them.
fn check<const N: usize>(
    figures: &Figures<N>,
    listens: &[Share],
    marked: &[Share],
) -> Result<(), FigureError> {
    let of = |name: &str| {
        let at = FIGURES.iter().position(|figure| figure.name == name);
        let value = at.and_then(|at| figures.values.get(at));
        let line = at.and_then(|at| figures.lines.get(at));
        (value.copied().unwrap_or(0.0), line.copied().unwrap_or(0))
    };
    let (least, _) = of("people.least");
    let (most, line_of_most) = of("people.most");
    let (television, line_of_television) = of("television.hours");
    let (asks, line_of_asks) = of("question.share");
    let (_, line_of_right) = of("right.whole");
    let negative = |pool: &str| {
        listens
            .iter()
            .chain(marked)
            .any(|(name, share)| *name == pool && *share < 0.0)
    };
    let people_are_whole = least <= most && least.fract() == 0.0 && most.fract() == 0.0;
    let checks = [
        (
            of("talk.hours").0 + television <= 24.0,
            line_of_television,
            "the day has more than 24 hours of talk",
        ),
        (
            people_are_whole,
            line_of_most,
            "people are counted in whole numbers, the fewest first",
        ),
        (
            asks < 1.0,
            line_of_asks,
            "somebody has to tell something now and then",
        ),
        (
            !negative("listener"),
            of("backchannel.right").1,
            "the kinds of backchannel are more than all of them",
        ),
        (
            !negative("right"),
            line_of_right,
            "the backchannel \"right\" alone is more often than that",
        ),
        (
            sum(listens) <= 1.0,
            line_of_right,
            "listeners would say more than one thing after a move",
        ),
        (
            !negative("send"),
            of("send.words").1,
            "\"send it\" alone is more often than that",
        ),
        (
            sum(marked) <= 1.0,
            of("name.words").1,
            "more is asked for than there are utterances",
        ),
    ];
    match checks.into_iter().find(|(holds, ..)| !holds) {
        Some((_, line, why)) => Err(FigureError::together(line, why)),
        None => Ok(()),
    }
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

/// Draws at most one of several things, each with its probability.
fn draw<T: Copy>(things: &[(T, f64)], rng: &mut impl Rng) -> Option<T> {
    let mut left: f64 = rng.random();
    things.iter().find_map(|(thing, probability)| {
        left -= probability;
        (left < 0.0).then_some(*thing)
    })
}

fn sum<T>(things: &[(T, f64)]) -> f64 {
    things.iter().map(|(_, probability)| probability).sum()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few people"
)]
fn whole(number: f64) -> usize {
    number as usize
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand at most")]
fn count(number: usize) -> f64 {
    number as f64
}
