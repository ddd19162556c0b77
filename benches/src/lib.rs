//! The benches are in `benches/`; this package has what several of them share.

pub mod sound;
