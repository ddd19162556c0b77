//! What Mondegreen asks of an assistant: take an input, say what to do.

use mondegreen_trace::{Effect, Input};
use std::fmt::{self, Display, Formatter};

/// Anything that can be put to the test.
pub trait Assistant {
    /// Takes one input and appends what it does, without the closing [`Effect::Done`].
    ///
    /// The first input is [`Input::Start`], which begins a fresh run whatever came before.
    ///
    /// # Errors
    /// When the assistant can no longer be talked to. A broken assistant is never a safe one.
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken>;
}

impl<A: Assistant + ?Sized> Assistant for &mut A {
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        (**self).take(input, effects)
    }
}

/// An assistant that crashed, hung, or spoke outside the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken(pub String);

impl Display for Broken {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Broken {}
