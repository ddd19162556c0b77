//! Conversations from outside: held, judged, hunted, shrunk, replayed.
#![expect(clippy::panic, reason = "a helper that cannot go on stops the test")]

mod campaign;
mod cases;
mod check;
mod edges;
mod hunting;
mod kept;
mod margin;
mod misread;
mod mutants;
mod plans;
mod properties;
#[cfg(feature = "race")]
mod race;
mod search;
mod service;
