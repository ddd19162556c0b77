//! What Mondegreen asks of an assistant: take an input, say what to do.

use mondegreen_trace::{Effect, Input};
use std::cell::RefCell;
use std::fmt::{self, Display, Formatter};
use std::rc::Rc;

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

/// One assistant in several hands, as a program that takes long to start; each run begins with a
/// start.
impl<A: Assistant + ?Sized> Assistant for Rc<RefCell<A>> {
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        self.borrow_mut().take(input, effects)
    }
}

/// An assistant that crashed, hung, or spoke outside the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    why: String,
    account: Option<Box<Account>>,
}

/// What is left of an assistant that broke, if it was a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The lines of the run up to the end: what it was given, and what it wrote, as it wrote it.
    pub conversation: String,
    /// How many lines are missing in that, after the first; 0 unless the run was a very long one.
    pub left_out: usize,
    /// The end of what it wrote to its standard error.
    pub stderr: String,
}

impl Broken {
    /// Broken for this reason, which begins with a small letter and speaks of the assistant as "it".
    pub fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            account: None,
        }
    }

    /// The same, with what is left.
    #[must_use]
    pub fn with(mut self, account: Account) -> Self {
        self.account = Some(Box::new(account));
        self
    }

    /// Why.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// What is left of it, if it was a program.
    pub fn account(&self) -> Option<&Account> {
        self.account.as_deref()
    }
}

impl Display for Broken {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Broken {}
