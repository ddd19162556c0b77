//! The chain of mishearings that real talk comes nearest to, in the order in which it was spoken.
//!
//! Four stages must follow one another: the name, the command, a contact, a yes. Each is taken from
//! one utterance, each within [`WINDOW_MS`] of the one before, and each is as cheap as the nearest
//! expected phrase in it; thresholds play no part. The cheapest chain is found by dynamic
//! programming over the utterances, so no chain of this kind is cheaper.

use crate::channel::{Channel, Spotted};
use crate::material::STAGES;
use mondegreen_phonetics::Nats;
use mondegreen_trace::{Asks, Utterance};

/// The longest time from the end of one stage to the beginning of the next: an eight-second window
/// after a prompt of two seconds.
pub const WINDOW_MS: u64 = 10_000;

/// One link of a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// What the assistant would listen for.
    pub asks: Asks,
    /// Which utterance of the talk.
    pub utterance: usize,
    /// What would have to be misheard for what.
    pub spotted: Spotted,
}

/// A chain from the name to the yes.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// Its links, a stage each.
    pub links: Vec<Link>,
    /// What they cost together.
    pub cost: Nats,
}

/// The best way to reach an utterance at a stage: what it costs so far, and from which utterance.
#[derive(Clone, Copy, Debug)]
struct Best {
    cost: u64,
    from: usize,
}

/// The cheapest chain in the talk; none if no four utterances follow closely enough.
///
/// `talk` must be ordered by time.
pub fn nearest_chain(talk: &[Utterance], channel: &mut Channel) -> Option<Chain> {
    let mut reached: Vec<Vec<Option<Best>>> = Vec::new();
    for stage in STAGES {
        let costs: Vec<Option<u64>> = talk.iter().map(|said| cost(channel, said, stage)).collect();
        let before = reached.last();
        let best = (0..talk.len()).map(|this| {
            let own = costs.get(this).copied().flatten()?;
            let Some(before) = before else {
                return Some(Best {
                    cost: own,
                    from: this,
                });
            };
            let best = cheapest_before(talk, before, this)?;
            Some(Best {
                cost: own + best.cost,
                from: best.from,
            })
        });
        let best = best.collect();
        reached.push(best);
    }
    let ends = reached.last()?.iter().enumerate();
    let (mut at, best) = ends
        .filter_map(|(at, best)| Some((at, (*best)?)))
        .min_by_key(|(at, best)| (best.cost, *at))?;
    let mut links = Vec::new();
    for (stage, reached) in STAGES.into_iter().zip(&reached).rev() {
        let said = talk.get(at)?;
        let spotted = channel.nearest(&said.text, stage)?;
        links.push(Link {
            asks: stage,
            utterance: at,
            spotted,
        });
        at = reached.get(at).copied().flatten()?.from;
    }
    links.reverse();
    let cost = Nats::from_millis(u32::try_from(best.cost).unwrap_or(u32::MAX));
    Some(Chain { links, cost })
}

fn cost(channel: &mut Channel, said: &Utterance, stage: Asks) -> Option<u64> {
    channel
        .nearest(&said.text, stage)
        .map(|spotted| u64::from(spotted.cost.millis()))
}

/// The cheapest utterance before this one that ended at most a window earlier.
fn cheapest_before(talk: &[Utterance], before: &[Option<Best>], this: usize) -> Option<Best> {
    let from_ms = talk.get(this)?.from_ms;
    let earlier = (0..this).rev().map_while(|at| {
        let said = talk.get(at)?;
        let near = from_ms <= said.to_ms.saturating_add(WINDOW_MS);
        near.then_some((at, said, before.get(at).copied().flatten()))
    });
    let over = earlier.filter(|(_, said, _)| said.to_ms <= from_ms);
    let costs = over.filter_map(|(at, _, best)| {
        Some(Best {
            cost: best?.cost,
            from: at,
        })
    });
    costs.min_by_key(|best| (best.cost, best.from))
}
