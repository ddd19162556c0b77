//! How English words sound, how near two sounds are, and where one hides in another.

mod bytes;
mod distance;
mod features;
mod letters;
mod lexicon;
mod near;
mod phone;
mod spotter;
mod transcribe;

pub use distance::{
    Alignment, Costs, Hit, Nats, Step, WordHit, align, confidence, distance, distance_by, gap,
    substitution, within, within_words,
};
pub use features::{
    Backness, Colour, Consonant, Features, Height, Lips, Manner, Place, Quality, Target, Voicing,
    Vowel,
};
pub use letters::{Graphone, LetterRules, LetterRulesError, NGram};
pub use lexicon::{Entry, Lexicon, LexiconError};
pub use near::{Hiding, NearMiss, Search, near_miss, pronunciations};
pub use phone::{NotAPhone, Phone};
pub use spotter::{Phrase, Spotted, Spotter};
pub use transcribe::{SpokenWord, pronounce, transcribe};
