//! Talk goes in, a trace comes out; a search looks for talk whose trace breaks a rule.
//!
//! Data flows one way: a script of what people say, the channel that makes hypotheses of it, the
//! assistant that acts on them, the trace of it all, the oracle that judges the trace, and the
//! search that writes the next script. [`hold()`] is the first half, [`Hunt`] the second.

mod assistant;
pub mod attack;
mod bucket;
pub mod calibrate;
pub mod campaign;
pub mod case;
mod causes;
mod channel;
pub mod check;
pub mod conform;
pub mod ear;
pub mod enrol;
pub mod estimate;
mod finding;
pub mod fuzz;
mod genuine;
mod hold;
mod hunt;
mod margin;
mod material;
mod microphone;
pub mod misread;
mod mutant;
mod nearest;
mod play;
mod preset;
mod process;
#[cfg(feature = "race-fuzzer")]
pub mod race;
mod rate;
mod reference;
mod room;
mod search;
mod seed;
mod share;
mod shrink;
mod spoken;
mod target;

pub use assistant::{Account, Assistant, Broken};
pub use bucket::Bucket;
pub use case::{Case, CaseError};
pub use causes::{Cause, Causes, Example, Named};
pub use channel::{CONFIDENCE_MIN, Channel, Hearing, Spoken, Spotted};
pub use finding::Finding;
pub use genuine::{Served, TURNS_MAX, Wish, serve};
pub use hold::{EFFECTS_MAX, Held, Hit, INPUTS_MAX, TAIL_MS, hold, hold_in_sound};
pub use hunt::{
    EVENTS_MAX, Furthest, Hunt, Outcome, Progress, Scored, SoundPlan, SoundProgress, headline,
    hunt_in_sound,
};
pub use margin::{Bound, Cut, Margin, Part, Total, margin, margin_at_most};
pub use material::{Material, STAGES, home};
pub use microphone::{Caught, Expects, Microphone, MicrophoneError, Record, Recorded};
pub use mutant::{Mutant, Provenance};
pub use nearest::{Chain, Link, WINDOW_MS, nearest_chain};
pub use play::{Player, Words, play};
pub use preset::Preset;
pub use process::{Limits, Pool, Process};
pub use rate::{
    Awake, ChannelLaw, Fork, Interruptions, Looking, Noise, Replayed, Safeguard, Seen, Service,
    Session, Tape, World,
};
pub use reference::{Fault, Flaw, Reference};
pub use search::{CaseFinding, Guidance, Search, SearchProgress, leave_out_second_play, try_case};
pub use seed::{Purpose, random};
pub use shrink::Shrinker;
pub use spoken::spoken_finding;
pub use target::{Shared, SpokenTo, Target};
