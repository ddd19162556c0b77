//! Races the search against what people would use instead.
//!
//! A run is one *arm*, which is a way to look for faults, against one assistant with one seed. Every
//! arm has the same events ([`crate::case`]), is judged by the same oracle, and may give the
//! assistant as many inputs, its *cap*. What counts is the number of inputs up to the first breach
//! of a gate rule; a run that finds none counts as *censored* at its cap, and is never left out.
//! `docs/race.md` says what the arms are and what such figures do not show.

#[cfg(feature = "race")]
mod arm;
#[cfg(feature = "race")]
mod breadth;
pub mod fuzzed;
#[cfg(feature = "race")]
mod machine;
mod referee;
#[cfg(feature = "race")]
mod stats;
#[cfg(feature = "race")]
mod subject;
#[cfg(feature = "race")]
mod summary;
#[cfg(feature = "race")]
mod uniform;

#[cfg(feature = "race")]
pub use {
    arm::{Arm, Race, RaceError, Run},
    stats::{Interval, Observation, Survival},
    subject::Subject,
    summary::{ArmFigures, Duel, Loss, Summary, SummaryError},
};
