//! How often a household has a message sent that nobody asked for.
//!
//! A [`Tape`] is some hours of talk in one home. While the devices sleep, nothing matters but
//! whether one of them hears its name; so each utterance is asked once how likely that is, and the
//! talk in between is skipped. [`Session`] is what begins there, as a model for [`crate::estimate`]:
//! drawn from all such moments by their probability, it ends in a send that breaks I1, or when all
//! devices sleep again. Then
//!
//! `unintended sends an hour of talk = sessions an hour × P(unintended send | session)`,
//!
//! as long as sessions take little of the time. [`Session::plain`] skips nothing, and counts.
//! `docs/rate.md` has the laws, their sources, and what they do not show.

mod law;
mod luck;
mod replayed;
mod safeguard;
mod service;
mod session;
mod tape;

pub use law::{ChannelLaw, Noise};
pub use replayed::{Fork, Replayed};
pub use safeguard::Safeguard;
pub use service::{Interruptions, Service};
pub use session::{Awake, Looking, Seen, Session, World};
pub use tape::Tape;
