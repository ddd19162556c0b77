//! A bound on the margin of an assistant whose states nobody can see.

use super::Total;
use crate::assistant::{Assistant, Broken};
use crate::channel::Channel;
use crate::finding::Finding;
use crate::hunt::{Hunt, Outcome, Progress};
use crate::material::Material;
use mondegreen_oracle::Rule;
use mondegreen_trace::{Household, Script};

/// The cheapest chain that hunts have found so far.
#[derive(Clone, Debug, Default)]
pub struct Bound {
    /// The chain, made as small as it gets; it breaks `I1`.
    pub chain: Option<Finding>,
    /// How many hunts have ended in a chain.
    pub chains: u64,
    /// How far all hunts together have come.
    pub progress: Progress,
}

/// Hunts again and again until it is told to stop, and keeps the cheapest chain. The margin is at
/// most what that costs: a search that finds nothing cheaper proves nothing.
///
/// # Errors
/// When the assistant breaks, with the conversation in which it did.
pub fn margin_at_most(
    household: &Household,
    (material, channel): (&mut Material, &mut Channel),
    assistant: &mut dyn Assistant,
    seed: u64,
    mut go_on: impl FnMut(&Bound) -> bool,
) -> Result<Bound, Box<(Script, Broken)>> {
    let mut bound = Bound::default();
    for seed in seed.. {
        let before = bound.progress;
        let mut stopped = false;
        let (outcome, _) =
            Hunt::new(household, material, channel, seed).run(assistant, |progress| {
                bound.progress = together(before, *progress);
                stopped = !go_on(&bound);
                !stopped
            });
        match outcome {
            Outcome::Found(script) => {
                bound.progress.conversations += 1;
                let found = Finding::of(script, channel, assistant);
                let found = found.filter(|found| found.rule == Rule::I1);
                bound.keep(found.map(|found| found.shrunk(channel, assistant)));
                stopped = !go_on(&bound);
            }
            Outcome::NotFound => {}
            Outcome::Broken(script, broken) => return Err(Box::new((script, broken))),
        }
        if stopped {
            break;
        }
    }
    Ok(bound)
}

impl Bound {
    /// What it says of the margin, in short.
    pub fn total(&self) -> Total {
        let cost = self.chain.as_ref().map(Finding::cost);
        cost.map_or(Total::NotFound, Total::AtMost)
    }

    fn keep(&mut self, found: Option<Finding>) {
        let Some(found) = found else { return };
        self.chains += 1;
        let cheaper = |kept: &Finding| found.cost() < kept.cost();
        if self.chain.as_ref().is_none_or(cheaper) {
            self.chain = Some(found);
        }
    }
}

fn together(before: Progress, hunt: Progress) -> Progress {
    Progress {
        conversations: before.conversations + hunt.conversations,
        steps: before.steps + hunt.steps,
        ways: before.ways.max(hunt.ways),
        longest: before.longest.max(hunt.longest),
        kept: before.kept.max(hunt.kept),
    }
}
