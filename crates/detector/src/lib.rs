//! What a text means to the assistant: its name, commands, names of contacts, answers.
//!
//! A [`Detector`] knows one household. It says which phrases a recogniser should expect while the
//! device listens for something ([`Detector::phrases`]), and what was meant by what the recogniser
//! then made of a sound ([`Detector::understand`]). It keeps no state and no rule: whether a meaning
//! is acted on is for the dialog to say.
//!
//! A [`SoundSpotter`] listens for keywords in sound itself. [`Wav`] reads recordings, whatever made
//! them, and [`Resampled`] brings them to the rate at which it listens.

mod names;
mod phrases;
mod resampled;
mod sound;
mod understand;
mod wav;

pub use names::{Alike, Named};
pub use phrases::{Listening, Wanted, challenge_word};
pub use resampled::Resampled;
pub use sound::{
    Decision, Heard, Hits, Keyword, KeywordError, Lesson, SoundSpotter, Template, TemplateError,
};
pub use understand::{Act, Appliance, Detector, Understood};
pub use wav::{Wav, WavError};
