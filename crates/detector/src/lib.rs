//! What a text means to the assistant: its name, commands, names of contacts, answers.
//!
//! A [`Detector`] knows one household. It says which phrases a recogniser should expect while the
//! device listens for something ([`Detector::phrases`]), and what was meant by what the recogniser
//! then made of a sound ([`Detector::understand`]). It keeps no state and no rule: whether a meaning
//! is acted on is for the dialog to say. [`Wav`] reads recordings, whatever made them.

mod names;
mod phrases;
mod understand;
mod wav;

pub use names::{Alike, Named};
pub use phrases::{Listening, Wanted, challenge_word};
pub use understand::{Act, Appliance, Detector, Understood};
pub use wav::{Wav, WavError};
