//! The conversation of a voice assistant that sends messages, as a pure state machine.
//!
//! [`Dialog::step`] spends a dialog, takes the time that passed and one input, and gives back the
//! next dialog and what to do. It is total: every input is legal in every state. It has no file,
//! clock, text or random number in reach, allocates nothing, and uses no floating point.
//!
//! **What it keeps.** Under [`Policy::GUARDED`] a message leaves only with a [`ConfirmedSend`], which
//! only an answer to a question about that very draft can make. The numbers `G1` to `G15` in the
//! code are the rules that a place keeps; they are written out in the project's `docs/rules.md`.
//!
//! **What it leaves to others.** What words mean (the input says which [`Act`] was heard and how
//! surely), how prompts are worded, and absolute time.
//!
//! **Features.** `serde` reads and writes policies. `faults` makes dialogs with one broken check, to
//! try those who look for faults; whoever embeds the dialog leaves it off, and has none of it.
//!
//! ```
//! use mondegreen_dialog::*;
//!
//! let home = Home { devices: 1, contacts: 2, messaging: true };
//! let dialog = Dialog::new(Policy::GUARDED, home, 7);
//! let device = DeviceId(0);
//! let wake = Heard::plain(Act::Wake);
//! let (dialog, effects) = dialog.step(Millis(500), Input::Heard(device, wake));
//! assert_eq!(dialog.stage(device), Some(Stage::Awake));
//! assert_eq!(effects.iter().count(), 1); // it listens for a command
//! ```
#![no_std]
#![deny(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::float_arithmetic
)]

mod dialog;
mod effect;
mod guard;
mod input;
mod permission;
mod policy;
mod question;
mod recording;
mod session;
mod turn;
mod values;

pub use dialog::{
    DEVICES_MAX, Dialog, Home, OutgoingState, QuestionState, SessionState, Snapshot, TapeState,
};
pub use effect::{EFFECTS_MAX, Effect, Effects, Listening, Notice, Says};
#[cfg(feature = "faults")]
pub use guard::Guard;
pub use input::{
    Act, Alike, Appliance, Button, Finality, Heard, HomeAct, Input, Name, Rank, Scope, Voice,
};
pub use permission::{Audio, ConfirmedSend, Draft};
pub use policy::{Answer, Confirms, Policy};
pub use question::Ask;
pub use recording::{NO_SPEECH, PAUSE_MAX, RECORDING_MAX};
pub use session::{PROMPT_MAX, RETRIES_MAX, RETRY_WITHIN, Stage};
pub use values::{ContactId, DeviceId, MessageId, Millis, PromptId, Score, WORDS, Word};
