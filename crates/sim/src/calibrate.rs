//! How likely is a phrase heard where another was said? Fitted to what a real recogniser took.
//!
//! Each [`Pair`] says what was played, which phrase the recogniser listened for, and how many of so
//! many tries it took. The distance of a pair is the one that the channel would see. A [`Logistic`]
//! curve is fitted to acceptance against distance. That is the form of the channel's own law, so its
//! two figures can go into the channel's file ([`ChannelFile::with`]).
//!
//! What is kept true:
//!
//! - **There is a fit for all pairs.** Where everything near is accepted and everything far refused,
//!   the likelihood alone knows no best slope; Jeffreys' prior, which is Firth's penalty, gives it one
//!   (Firth 1993; Heinze and Schemper 2002; Kosmidis and Firth 2021).
//! - **What sounds the same is fitted like all else**: the law misses it now and then too.
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
pub use channel_file::{ChannelFile, NoLaw};
pub use curve::{Curve, Logistic};
pub use fit::{FittedLogistic, Spread};
pub use judge::{BINS_MAX, Bin, FOLDS_MAX, Judged, Scores};
pub use table::{Pairs, PairsError, read_pairs};

use crate::estimate::{CONFIDENCE, Interval, as_f64};
use crate::rate::ChannelLaw;
use curve::Constant;
use fit::{Sample, fit_logistic};
use mondegreen_phonetics::Nats;
use mondegreen_trace::Asks;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};

/// At least so many tries must have been accepted, and as many refused: ten for each of the two
/// figures of the curve (Peduzzi et al., "A simulation study of the number of events per variable in
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
    /// How many phones the phrase has that was listened for. The longer it is, the farther off the
    /// channel still reports it.
    pub phones: usize,
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
    /// What the recogniser listened for.
    pub listens_for: Asks,
    /// The confidence of all intervals.
    pub confidence: f64,
    /// What the curve was fitted to: all pairs.
    pub fitted: Count,
    /// The distance from which the channel still reports a phrase, in nats: the mean over the tries.
    pub farthest: f64,
    /// Pairs that lie farther from their phrase than that, so that it takes luck to hear them.
    pub out_of_reach: Count,
    /// The least and the greatest distance, in nats.
    pub nats: [f64; 2],
    /// Whether one distance divides all accepted from all refused tries.
    pub separated: bool,
    /// The curve.
    pub fit: FittedLogistic,
    /// The shift that makes the channel's law this curve: `farthest` less the curve's middle, in nats.
    /// Where distance may not matter, an end of its interval is infinite.
    pub shift: f64,
    /// Where that lies.
    pub shift_interval: Interval,
    /// How well distance alone orders refused after accepted tries.
    pub area: Area,
    /// How good it is to know no distance, only the share of accepted tries.
    pub base: Scores,
    /// How good the curve is.
    pub judged: Judged,
}

impl Calibration {
    /// Fits and judges the curve for a recogniser that listened for this. `law` says how little
    /// confidence is reported.
    ///
    /// # Errors
    /// When there is too little to fit it to.
    pub fn of(pairs: &[Pair], listens_for: Asks, law: &ChannelLaw) -> Result<Self, TooLittle> {
        let pairs: Vec<&Pair> = pairs.iter().collect();
        TooLittle::check(&pairs)?;
        let fitted = Count::of(pairs.iter().copied());
        let farthest = |pair: &Pair| law.farthest(listens_for, pair.phones);
        let beyond = pairs
            .iter()
            .filter(|pair| pair.cost.as_f64() > farthest(pair));
        let out_of_reach = Count::of(beyond.copied());
        let weighted = pairs.iter().map(|pair| as_f64(pair.tries) * farthest(pair));
        let farthest = weighted.sum::<f64>() / as_f64(fitted.tries);
        let costs = pairs.iter().map(|pair| pair.cost);
        let least = costs.clone().min().unwrap_or_default();
        let greatest = costs.max().unwrap_or_default();
        let fit = FittedLogistic::of(&Sample::of(&pairs));
        Ok(Self {
            listens_for,
            confidence: CONFIDENCE,
            fitted,
            farthest,
            out_of_reach,
            nats: [least.as_f64(), greatest.as_f64()],
            separated: is_separated(&pairs),
            fit,
            shift: farthest - fit.middle,
            shift_interval: Interval {
                low: farthest - fit.middle_interval.high,
                high: farthest - fit.middle_interval.low,
            },
            area: Area::of(&pairs),
            base: judge::scores(&pairs, Constant::of),
            judged: Judged::of(&pairs, fit_logistic),
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
            Self::Tries { accepted: 0, .. } => {
                f.write_str("nothing was accepted, so there is no curve to fit")
            }
            Self::Tries { refused: 0, .. } => {
                f.write_str("nothing was refused, so there is no curve to fit")
            }
            Self::Tries { accepted, refused } => write!(
                f,
                "{accepted} tries were accepted and {refused} refused; a curve needs {TRIES_MIN} of each, ten for each \
                 of its two figures (Peduzzi et al. 1996)"
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
