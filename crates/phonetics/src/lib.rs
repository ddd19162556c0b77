//! How English words sound, how near two sounds are, and where one hides in another.

mod lexicon;
mod phone;

pub use lexicon::{Entry, Lexicon, LexiconError};
pub use phone::{NotAPhone, Phone};
