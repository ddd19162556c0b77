//! The rules that an assistant must keep, judged on a trace and on nothing else.
//!
//! [`judge`] reads what an assistant was given and what it did, beside the truth of what people
//! said, and names every rule that was broken, where, and why. [`Judge`] does the same line by line.
//! The wording of the rules, with an example of each kept and broken, is in `docs/rules.md`.
//!
//! Nothing is shared with any assistant but the types of the trace: every limit, every list of
//! words and every way of comparing names is written out here again. A mistake in an assistant
//! cannot hide behind the same mistake here. What a trace does not tell is not held against anyone:
//! an assistant that never says what it listens for is judged by its prompts and sends alone.
#![deny(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::float_arithmetic
)]

mod account;
mod device;
mod intent;
mod judge;
mod names;
mod question;
mod rule;
mod sending;
mod service;
mod turns;
mod words;
mod write;

pub use account::accountable;
pub use judge::Judge;
pub use rule::{Breach, Rule};

use mondegreen_trace::Trace;

/// Every rule that a trace breaks: by line, then rule; no rule twice for one message.
///
/// A trace may hold several runs, each from its `start` on. Runs that start alike are taken for
/// replays of the first of them, and have to give the same effects.
pub fn judge(trace: &Trace) -> Vec<Breach> {
    let mut judge = Judge::new();
    for line in &trace.lines {
        judge.see(line);
    }
    for breach in account::replays(&trace.lines) {
        let Breach {
            rule, line, why, ..
        } = breach;
        judge.ledger.enter(rule, line, None, || why);
    }
    judge.finish()
}
