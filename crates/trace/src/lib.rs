//! Every type that crosses a border in Mondegreen or is written to a file.
//!
//! A [`Script`] is to be held: who says what, when, and what else happens. A [`Trace`] was held:
//! everything that went into and came out of an assistant, in order, on one clock, beside the
//! ground truth of what was said. [`Input`] and [`Effect`] are the lines of the assistant protocol.
//!
//! This crate owns shapes and their written forms. It keeps no rule, makes no sound and decides
//! nothing; what a trace is worth is for the oracle to say.
#![deny(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::expect_used
)]

pub mod fact;
pub mod figures;
mod household;
pub mod log;
mod protocol;
mod script;
mod speech;
mod trace;

pub use household::{Contact, Household, HouseholdError};
pub use protocol::{Asks, Button, Effect, Hypothesis, Input, PROTOCOL, Voice};
pub use script::{Event, Happening, Hears, ParseError, Script};
pub use speech::{Meant, Utterance};
pub use trace::{Line, Trace};
