//! Finds conversations that make a voice assistant send what nobody asked it to send.
//!
//! As a library it puts an assistant in Rust to the test, under plain `cargo test`: see [`suite!`].
//! `default-features = false` leaves out the program, and all that is built for it alone.
//!
//! The program's exit status: 0 ran and nothing is broken, 1 findings, 2 a bad command, file or
//! setting, 3 the assistant is broken. Results go to standard output, talk about the run to standard
//! error.

#[cfg(feature = "cli")]
mod args;
#[cfg(feature = "cli")]
mod campaign;
#[cfg(feature = "cli")]
mod commands;
#[cfg(feature = "cli")]
mod error;
#[cfg(feature = "cli")]
mod last_words;
#[cfg(feature = "cli")]
mod picture;
#[cfg(feature = "cli")]
mod program;
#[cfg(feature = "cli")]
mod report;
pub mod suite;
mod timeline;

pub use mondegreen_oracle::{Breach, Rule};
pub use mondegreen_sim::{Assistant, Broken};
pub use mondegreen_trace::{
    Asks, Button, Contact, Effect, Household, Hypothesis, Input, PROTOCOL, Voice,
};
#[cfg(feature = "cli")]
pub use program::{Status, main};
