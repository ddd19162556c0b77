//! The dialog from outside: one page of all it does, and what holds for any inputs.

mod answers;
mod driver;
mod effects;
#[cfg(feature = "faults")]
mod faults;
#[cfg(feature = "faults")]
mod guards;
mod hearing;
mod leaving;
mod names;
mod page;
mod properties;
mod snapshot;
