//! Makes what an assistant overhears: homes, everyday talk, and talk that holds a given phrase.
//!
//! - [`household()`] draws a home: devices, contacts, and the people who live there.
//! - [`Talker`] is endless talk in it. How often people say what stands in [`Traffic`], is measured by
//!   [`stats`], and lies near the published figures of real talk; [`read_talk`] reads real talk instead.
//! - [`weave`] puts a phrase, such as a near-miss of a wake word or the name of a contact, into a
//!   sentence that a person could say; [`is_fluent`] tells what such a sentence may be shortened to.
//! - [`Answer`] is what people say to a question for permission, and do not mean as permission.
//! - [`speech_ms`] tells how long a text takes to say.
//! - [`sound`] turns a conversation into sound.
//!
//! ```
//! use mondegreen_generator::{Talker, household, is_fluent, weave};
//! use rand::SeedableRng;
//! use rand_chacha::ChaCha8Rng;
//!
//! let mut rng = ChaCha8Rng::seed_from_u64(7);
//! let home = household(&mut rng);
//! let sentence = weave(&mut rng, &["a", "letter"]).expect("a common phrase");
//! assert!(sentence.to_lowercase().contains("a letter") && is_fluent(&sentence));
//! for said in Talker::new(&home, 0, rng).take(3) {
//!     assert!(said.meant.is_nobody() && is_fluent(&said.text));
//! }
//! ```
//!
//! All of it is drawn from the random generator that is handed in: the same seed gives the same
//! talk, to the byte. Nothing here knows the rules that an assistant should keep.

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

mod answers;
mod classes;
mod fluent;
mod grammar;
mod household;
mod line;
mod names;
mod real_talk;
pub mod sound;
pub mod stats;
mod talk;
mod timing;
mod traffic;
mod weave;

pub use answers::{Answer, Kind};
pub use fluent::is_fluent;
pub use household::{Home, household};
pub use real_talk::{ReadTalkError, read_talk};
pub use talk::Talker;
pub use timing::speech_ms;
pub use traffic::Traffic;
pub use weave::{PHRASE_WORDS_MAX, weave};
