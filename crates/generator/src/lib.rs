//! generator

/// The path of a file of `corpora/lexicons`.
macro_rules! corpus {
    ($name:literal) => {
        concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../corpora/lexicons/",
            $name
        )
    };
}

mod classes;
mod fluent;
mod grammar;
mod household;
mod line;
mod names;
mod real_talk;
mod render;
pub mod stats;
mod talk;
mod timing;
mod traffic;
mod weave;

pub use fluent::is_fluent;
pub use household::{Home, household};
pub use real_talk::{ReadTalkError, read_talk};
pub use render::{RenderError, Rendered, render};
pub use talk::Talker;
pub use weave::{PHRASE_WORDS_MAX, weave, weave_shortest};
