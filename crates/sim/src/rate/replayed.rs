//! An assistant that cannot be cloned, cloned all the same: it is given again what the clone was given.

use crate::assistant::{Assistant, Broken};
use mondegreen_trace::{Effect, Input};
use std::cell::RefCell;
use std::rc::Rc;

/// One of many copies of an assistant of which there is only one.
///
/// A copy knows what it was given and what came of that. When another one was the last to talk to
/// the assistant, it is given all of that again, from the start; an assistant that answers otherwise
/// then cannot be followed in two ways, and is reported as broken.
#[derive(Debug)]
pub struct Replayed<A> {
    shared: Rc<RefCell<Shared<A>>>,
    /// What it was given, oldest first, and what it did.
    given: Option<Rc<Given>>,
}

#[derive(Debug)]
struct Shared<A> {
    assistant: A,
    /// The last thing that it was given.
    last: Option<Rc<Given>>,
    /// Inputs that were given again.
    again: u64,
}

#[derive(Debug)]
struct Given {
    before: Option<Rc<Given>>,
    input: Input,
    effects: Vec<Effect>,
}

impl<A: Assistant> Replayed<A> {
    /// The first copy.
    pub fn new(assistant: A) -> Self {
        let shared = Shared {
            assistant,
            last: None,
            again: 0,
        };
        Self {
            shared: Rc::new(RefCell::new(shared)),
            given: None,
        }
    }
}

impl<A> Clone for Replayed<A> {
    fn clone(&self) -> Self {
        Self {
            shared: Rc::clone(&self.shared),
            given: self.given.clone(),
        }
    }
}

/// Assistants that can be followed in two ways from where they are.
pub trait Fork: Assistant + Clone {
    /// Inputs since the last call that only brought an assistant to where it had been.
    fn extra_inputs(&self) -> u64 {
        0
    }

    /// Draws anew what it has drawn at the start and not yet used, by its law, so that two copies may go
    /// on in different ways. Whoever cannot stays as it is.
    fn draw_anew(&mut self, _: u64) {}
}

impl Fork for crate::Reference {
    /// The challenge words of prompts to come: each is drawn by itself, evenly among all.
    fn draw_anew(&mut self, seed: u64) {
        self.reseed(seed);
    }
}

impl<A: Assistant> Fork for Replayed<A> {
    fn extra_inputs(&self) -> u64 {
        std::mem::take(&mut self.shared.borrow_mut().again)
    }
}

impl<A: Assistant> Shared<A> {
    /// Brings the assistant to where it had been given this.
    fn be_at(&mut self, given: Option<&Rc<Given>>) -> Result<(), Broken> {
        let is_there = match (given, &self.last) {
            (Some(given), Some(last)) => Rc::ptr_eq(given, last),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if is_there {
            return Ok(());
        }
        let mut all = Vec::new();
        let mut next = given;
        while let Some(given) = next {
            all.push(given);
            next = given.before.as_ref();
        }
        let mut effects = Vec::new();
        for given in all.into_iter().rev() {
            effects.clear();
            self.assistant.take(&given.input, &mut effects)?;
            self.again += 1;
            if effects != given.effects {
                return Err(Broken::new(
                    "it answers the same inputs in different ways, so it cannot be followed in two ways",
                ));
            }
        }
        self.last = given.cloned();
        Ok(())
    }
}

impl<A: Assistant> Assistant for Replayed<A> {
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        let mut shared = self.shared.borrow_mut();
        let begins = matches!(input, Input::Start { .. });
        if !begins {
            shared.be_at(self.given.as_ref())?;
        }
        let from = effects.len();
        shared.assistant.take(input, effects)?;
        let given = Rc::new(Given {
            before: self.given.take().filter(|_| !begins),
            input: input.clone(),
            effects: effects.get(from..).unwrap_or_default().to_vec(),
        });
        shared.last = Some(Rc::clone(&given));
        self.given = Some(given);
        Ok(())
    }
}
