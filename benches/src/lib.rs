//! Work for benches, the same for the wall clock (`benches/`), for callgrind (the program `paths`)
//! and for peers.

pub mod dialog;
mod home;
pub mod path;
pub mod phones;
pub mod run;
pub mod sound;
