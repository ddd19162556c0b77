//! The dialog from outside: one page of all it does, and what holds for any inputs.

mod driver;
mod page;
mod properties;
mod snapshot;
