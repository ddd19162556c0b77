//! Hears keywords in sound: a streaming spotter that needs nothing but a few recordings.
//!
//! Samples become frames ([`cepstra`], [`frames`]), frames are aligned with all templates
//! ([`columns`]), and what fits is looked at by a small network, if the keyword has learned one
//! ([`model`], [`train`]). Nothing is allocated while samples come in, and what each frame costs is
//! bounded by the templates alone.

mod cepstra;
mod columns;
mod file;
mod frames;
mod hits;
mod keyword;
mod model;
mod spotter;
mod train;

pub use file::KeywordError;
pub use hits::{Heard, Hits};
pub use keyword::{Keyword, Lesson, Template, TemplateError};
pub use spotter::{Decision, SoundSpotter};
