//! Takes what a judge knows from one dictionary to another, so that the first can be forgotten.

use mondegreen_trace::fact::{Dictionary, Home, Said, Term};

/// Gives what has a number in one dictionary its number in another.
pub(crate) struct Renaming<'a> {
    pub(crate) from: &'a Dictionary,
    pub(crate) to: &'a mut Dictionary,
}

impl Renaming<'_> {
    pub(crate) fn term(&mut self, term: &mut Term) {
        *term = self.to.term(self.from.text(*term));
    }

    pub(crate) fn optional(&mut self, term: &mut Option<Term>) {
        if let Some(term) = term {
            self.term(term);
        }
    }

    pub(crate) fn home(&mut self, home: &mut Option<Home>) {
        let household = home.and_then(|home| self.from.household(home));
        *home = household.map(|household| self.to.home(household));
    }

    pub(crate) fn said(&mut self, said: &mut Said) {
        if let Some(utterance) = self.from.utterance(*said) {
            *said = self.to.said(utterance);
        }
    }
}
