//! Conversations from outside: held, judged, hunted, shrunk, replayed.

mod edges;
mod hunting;
mod kept;
mod plans;
mod properties;
mod service;
