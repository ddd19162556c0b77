//! How likely is a phrase heard where another was said? Fitted to what a real recogniser took.
//!
//! Each [`Pair`] says what was played, which phrase the recogniser listened for, and how many of so
//! many tries it took. The distance of a pair is the one that the channel would see. Two curves are
//! fitted to acceptance against distance: [`Logistic`], and [`Exponential`], which is the form of the
//! channel's own law and can be written into its file ([`write_channel`]).
//!
//! What is kept true:
//!
//! - **Pairs that sound the same are counted apart and not fitted**: the channel always hears what was
//!   really said, and a recogniser that misses that makes another mistake than the one looked at here.
//! - **Both fits exist for all pairs.** Where everything near is accepted and everything far refused,
//!   a logistic curve has no likeliest slope; Jeffreys' prior, which is Firth's penalty, gives it one
//!   (Firth 1993; Heinze and Schemper 2002; Kosmidis and Firth 2021). The exponential curve begins
//!   at certainty for no distance, which leaves it no step to become; it is fitted by plain likelihood.
//! - **Intervals are profile likelihood intervals**, wider by how unlike each other the tries of one
//!   phrase are (Fletcher 2012), never narrower than binomial ones.
//! - **Nothing is judged on what it was fitted to**: scores and reliability are of phrases held out.
//! - **Too little is refused** ([`TooLittle`]).
//!
//! Nothing here reads or writes files. `docs/calibrate.md` says what the figures do not show.

mod area;
mod channel_file;
mod curve;
mod fit;
mod judge;
mod peak;
mod table;

pub use area::Area;
pub use channel_file::{ChannelFileError, SHIPPED_CHANNEL, write_channel};
pub use curve::{Curve, Exponential, Logistic};
pub use fit::{Fit, FittedLogistic, Spread};
pub use judge::{BINS_MAX, Bin, FOLDS_MAX, Judged, Scores};
pub use table::{Pairs, PairsError, read_pairs};

use crate::channel::CONFIDENCE_MIN;
use crate::estimate::{CONFIDENCE, Interval};
use curve::Constant;
use fit::{Sample, fit_exponential, fit_logistic};
use mondegreen_phonetics::Nats;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};

/// At least so many tries must have been accepted, and as many refused: ten for each of the two
/// figures of a curve (Peduzzi et al., "A simulation study of the number of events per variable in
/// logistic regression analysis", J Clin Epidemiol 49, 1996).
pub const TRIES_MIN: u64 = 20;
/// Of at least so many spoken phrases a try must have been accepted, and of as many refused, so that
/// each can be held out and others are left.
pub const PHRASES_MIN: usize = 5;
/// There must be at least so many different distances.
pub const DISTANCES_MIN: usize = 5;

/// What was said, what a recogniser listened for, and how often it took the one for the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The words that were said. Pairs of the same words are of one phrase.
    pub spoken: String,
    /// How far apart the two sound, as the channel sees it.
    pub cost: Nats,
    /// How sure the channel would be; it hears nothing below [`CONFIDENCE_MIN`].
    pub confidence: f64,
    /// How often it was said; at least 1.
    pub tries: u64,
    /// How many of them were taken for the phrase; at most all.
    pub accepted: u64,
}

/// So many tries, and what came of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Count {
    /// Pairs.
    pub pairs: usize,
    /// Different phrases that were said.
    pub phrases: usize,
    /// Tries.
    pub tries: u64,
    /// Accepted tries.
    pub accepted: u64,
    /// Where the share of accepted tries lies, if tries are independent; absent without a try.
    pub share: Option<Interval>,
}

impl Count {
    fn of<'a>(pairs: impl Iterator<Item = &'a Pair> + Clone) -> Self {
        let phrases: BTreeSet<&str> = pairs.clone().map(|pair| pair.spoken.as_str()).collect();
        let tries = pairs.clone().map(|pair| pair.tries).sum();
        let accepted = pairs.clone().map(|pair| pair.accepted).sum();
        Self {
            pairs: pairs.count(),
            phrases: phrases.len(),
            tries,
            accepted,
            share: (tries > 0).then(|| Interval::of_count(accepted, tries, CONFIDENCE)),
        }
    }
}

/// What the pairs say.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// The confidence of all intervals.
    pub confidence: f64,
    /// What the curves were fitted to: all pairs that do not sound the same.
    pub fitted: Count,
    /// Pairs that sound the same.
    pub alike: Count,
    /// Fitted pairs that the channel never hears, as they lie beyond its [`CONFIDENCE_MIN`].
    pub out_of_reach: Count,
    /// The least and the greatest distance that was fitted, in nats.
    pub nats: [f64; 2],
    /// Whether one distance divides all accepted from all refused tries.
    pub separated: bool,
    /// The logistic curve.
    pub logistic: FittedLogistic,
    /// The curve of the channel's law.
    pub exponential: Fit<Exponential>,
    /// How well distance alone orders refused after accepted tries.
    pub area: Area,
    /// How good it is to know no distance, only the share of accepted tries.
    pub base: Scores,
    /// How good the logistic curve is.
    pub logistic_judged: Judged,
    /// How good the curve of the channel's law is.
    pub exponential_judged: Judged,
}

impl Calibration {
    /// Fits and judges both curves.
    ///
    /// # Errors
    /// When there is too little to fit them to.
    pub fn of(pairs: &[Pair]) -> Result<Self, TooLittle> {
        let (alike, fitted): (Vec<&Pair>, Vec<&Pair>) =
            pairs.iter().partition(|pair| pair.cost == Nats::ZERO);
        TooLittle::check(&fitted)?;
        let sample = Sample::of(&fitted);
        let beyond = fitted
            .iter()
            .filter(|pair| pair.confidence < CONFIDENCE_MIN);
        let costs = fitted.iter().map(|pair| pair.cost);
        let least = costs.clone().min().unwrap_or_default();
        let greatest = costs.max().unwrap_or_default();
        Ok(Self {
            confidence: CONFIDENCE,
            fitted: Count::of(fitted.iter().copied()),
            alike: Count::of(alike.iter().copied()),
            out_of_reach: Count::of(beyond.copied()),
            nats: [least.as_f64(), greatest.as_f64()],
            separated: is_separated(&fitted),
            logistic: FittedLogistic::of(&sample),
            exponential: Fit::of(&sample),
            area: Area::of(&fitted),
            base: judge::scores(&fitted, Constant::of),
            logistic_judged: Judged::of(&fitted, fit_logistic),
            exponential_judged: Judged::of(&fitted, fit_exponential),
        })
    }
}

fn is_separated(pairs: &[&Pair]) -> bool {
    let accepted = pairs.iter().filter(|pair| pair.accepted > 0);
    let refused = pairs.iter().filter(|pair| pair.accepted < pair.tries);
    let farthest = accepted.map(|pair| pair.cost).max();
    farthest < refused.map(|pair| pair.cost).min()
}

/// Why no curve is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLittle {
    /// So many tries were accepted and so many refused.
    Tries {
        /// Accepted tries.
        accepted: u64,
        /// Refused tries.
        refused: u64,
    },
    /// They are of so many spoken phrases.
    Phrases {
        /// Phrases of which a try was accepted.
        accepted: usize,
        /// Phrases of which a try was refused.
        refused: usize,
    },
    /// There are so many different distances.
    Distances(usize),
}

impl TooLittle {
    fn check(pairs: &[&Pair]) -> Result<(), Self> {
        let sum = |count: fn(&Pair) -> u64| pairs.iter().map(|pair| count(pair)).sum::<u64>();
        let accepted = sum(|pair| pair.accepted);
        let refused = sum(|pair| pair.tries) - accepted;
        if accepted.min(refused) < TRIES_MIN {
            return Err(Self::Tries { accepted, refused });
        }
        let phrases = |of: fn(&&&Pair) -> bool| {
            let phrases = pairs.iter().filter(of).map(|pair| &pair.spoken);
            phrases.collect::<BTreeSet<_>>().len()
        };
        let accepted = phrases(|pair| pair.accepted > 0);
        let refused = phrases(|pair| pair.accepted < pair.tries);
        if accepted.min(refused) < PHRASES_MIN {
            return Err(Self::Phrases { accepted, refused });
        }
        let distances: BTreeSet<Nats> = pairs.iter().map(|pair| pair.cost).collect();
        if distances.len() < DISTANCES_MIN {
            return Err(Self::Distances(distances.len()));
        }
        Ok(())
    }
}

impl Display for TooLittle {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tries { accepted: 0, .. } => f.write_str(
                "nothing that sounds unlike the phrase was accepted, so there is no curve to fit",
            ),
            Self::Tries { refused: 0, .. } => f.write_str(
                "nothing that sounds unlike the phrase was refused, so there is no curve to fit",
            ),
            Self::Tries { accepted, refused } => write!(
                f,
                "of what sounds unlike the phrase, {accepted} tries were accepted and {refused} refused; a curve needs \
                 {TRIES_MIN} of each, ten for each of its two figures (Peduzzi et al. 1996)"
            ),
            Self::Phrases { accepted, refused } => write!(
                f,
                "of {accepted} spoken phrases a try was accepted and of {refused} one was refused; to hold phrases out, \
                 {PHRASES_MIN} of each are needed"
            ),
            Self::Distances(distances) => write!(
                f,
                "different distances: {distances}; a curve needs {DISTANCES_MIN}"
            ),
        }
    }
}

impl std::error::Error for TooLittle {}
