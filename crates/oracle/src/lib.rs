//! The rules that an assistant must keep, judged on a trace and on nothing else.
//!
//! [`judge`] reads what an assistant was given and what it did, beside the truth of what people
//! said, and names every rule that was broken, where, and why. [`LineJudge`] does the same line by
//! line. Both rest on [`Judge`], which works on numbers that stand for texts and is meant for a
//! search that judges millions of lines; its [`Reader`] knows what the texts say.
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
mod essence;
mod intent;
mod judge;
mod lines;
mod memo;
mod names;
mod nearness;
mod outbox;
mod outlook;
mod question;
mod reader;
mod renaming;
mod rule;
mod sending;
mod service;
mod stakes;
mod turns;
mod words;
mod write;

pub use account::accountable;
pub use essence::{Ahead, Essence};
pub use judge::Judge;
pub use lines::{LineJudge, judge};
pub use nearness::Nearness;
pub use outlook::Outlook;
pub use reader::Reader;
pub use rule::{Breach, Rule};
