//! What a search plays to: an assistant that takes and gives facts.

use crate::assistant::{Assistant, Broken};
use crate::play::Words;
use mondegreen_dialog::Dialog;
use mondegreen_trace::Effect;
use mondegreen_trace::fact::{Dictionary, Did, Given};
use std::cell::RefCell;
use std::rc::Rc;

/// The dictionary that an assistant shares with those who play to it.
pub type Shared = Rc<RefCell<Dictionary>>;

/// An assistant that is played to by a search.
///
/// Any [`Assistant`] is one by way of [`SpokenTo`]; the reference assistant is one by itself, some
/// thirty times as fast.
pub trait Target {
    /// Takes one input and appends what it does, without the closing `done`.
    ///
    /// # Errors
    /// When the assistant can no longer be talked to.
    fn give(&mut self, given: &Given, did: &mut Vec<Did>) -> Result<(), Broken>;

    /// The dictionary of the facts.
    fn dictionary(&self) -> Shared;

    /// The words that it answers to.
    fn words(&self) -> Words {
        Words::default()
    }

    /// The dialog inside, if it is known.
    fn dialog(&self) -> Option<&Dialog> {
        None
    }

    /// Another one that nothing has happened to yet, if it can be had.
    fn fresh(&self) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// Another one in the same state, if it can be had; it shares the dictionary.
    fn fork(&self) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }
}

/// An assistant that is talked to in words.
#[derive(Debug)]
pub struct SpokenTo<A> {
    assistant: A,
    dictionary: Shared,
    effects: Vec<Effect>,
    words: Words,
}

impl<A: Assistant> SpokenTo<A> {
    /// Talks to this one.
    pub fn new(assistant: A) -> Self {
        Self {
            assistant,
            dictionary: Shared::default(),
            effects: Vec::new(),
            words: Words::default(),
        }
    }

    /// The same in other words than "alexa" and "send a message".
    #[must_use]
    pub fn in_words(self, words: Words) -> Self {
        Self { words, ..self }
    }
}

impl<A: Assistant> Target for SpokenTo<A> {
    fn give(&mut self, given: &Given, did: &mut Vec<Did>) -> Result<(), Broken> {
        let input = self.dictionary.borrow().input(given);
        // Only a start can be of another dictionary, and a player uses this one.
        let input = input.ok_or_else(|| Broken::new("the household is not known".to_owned()))?;
        self.effects.clear();
        self.assistant.take(&input, &mut self.effects)?;
        let mut dictionary = self.dictionary.borrow_mut();
        did.extend(self.effects.iter().map(|effect| dictionary.did(effect)));
        Ok(())
    }

    fn dictionary(&self) -> Shared {
        Rc::clone(&self.dictionary)
    }

    fn words(&self) -> Words {
        self.words.clone()
    }
}
