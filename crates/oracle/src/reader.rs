//! What texts say, read once for each text: the only place where rules and words meet.
//!
//! The judge works on numbers. Whatever it has to know of a text, it asks here; the answer is kept
//! under the numbers of what was asked about.

use crate::memo::{Key, Memo};
use crate::names::{Misnamed, People};
use crate::question::Sureness;
use crate::words::{Answer, Demand, contains, fold, is_question};
use crate::write::{clipped, sayable};
use mondegreen_trace::fact::{Dictionary, Heard, Home, Said, Term};
use std::sync::Arc;

/// A hypothesis below this is a doubt (the default of `VoiceXML`).
const SURE: f64 = 0.5;

/// What was read for a [`Judge`](crate::Judge), from the texts of one dictionary.
///
/// It grows to a fixed limit, then forgets and reads again. One reader serves any number of judges;
/// a new dictionary needs a new one.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    people: Memo<Arc<People>>,
    lists: Memo<First>,
    demands: Memo<Arc<Demand>>,
    asks: Memo<bool>,
    answers: Memo<Answer>,
    echoes: Memo<bool>,
    named: Memo<bool>,
}

/// A reader at work on its dictionary.
pub(crate) struct Reading<'a> {
    known: &'a mut Reader,
    pub(crate) dictionary: &'a Dictionary,
}

/// The first of a list of hypotheses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct First {
    pub(crate) text: Term,
    pub(crate) sureness: Sureness,
}

impl Reader {
    /// Has read nothing.
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) const fn of<'a>(&'a mut self, dictionary: &'a Dictionary) -> Reading<'a> {
        Reading {
            known: self,
            dictionary,
        }
    }
}

impl Reading<'_> {
    pub(crate) fn text(&self, term: Term) -> &str {
        self.dictionary.text(term)
    }

    /// The beginning of a text, to be quoted.
    pub(crate) fn quote(&self, term: Term) -> String {
        clipped(self.text(term))
    }

    pub(crate) fn people(&mut self, home: Option<Home>) -> Arc<People> {
        people(&mut self.known.people, self.dictionary, home)
    }

    /// Whether something was said in the hearing of a device.
    pub(crate) fn is_in_hearing(&self, said: Said, device: Term) -> bool {
        let spoken = self.dictionary.spoken(said);
        spoken.is_some_and(|spoken| spoken.devices.contains(&device))
    }

    /// What speech is most likely to have been; nothing if the dictionary has no such list.
    pub(crate) fn first(&mut self, heard: Heard) -> Option<First> {
        let text = self.dictionary.first(heard)?;
        Some(self.known.lists.get([heard.number(), 0, 0], || {
            let first = self.dictionary.hypotheses(heard).first();
            let is_sure = first.is_some_and(|first| first.confidence >= SURE);
            let sureness = if is_sure {
                Sureness::Sure
            } else {
                Sureness::Unsure
            };
            First { text, sureness }
        }))
    }

    /// What a text says to a prompt.
    pub(crate) fn answer(&mut self, home: Option<Home>, prompt: Term, said: Term) -> Answer {
        let dictionary = self.dictionary;
        let Reader {
            people: homes,
            demands,
            answers,
            ..
        } = &mut *self.known;
        answers.get(key(home, prompt.number(), said.number()), || {
            let demand = demands.get(key(home, prompt.number(), 0), || {
                let text = sayable(dictionary.text(prompt));
                let names = people(homes, dictionary, home).names_in(text);
                Arc::new(Demand::of(text, names))
            });
            demand.answer(dictionary.text(said))
        })
    }

    /// Whether a prompt asks for permission where the assistant cannot tell: it is a question that
    /// names someone.
    pub(crate) fn asks_permission(&mut self, home: Option<Home>, prompt: Term) -> bool {
        let dictionary = self.dictionary;
        let Reader {
            people: homes,
            asks,
            ..
        } = &mut *self.known;
        asks.get(key(home, prompt.number(), 0), || {
            let people = people(homes, dictionary, home);
            let text = sayable(dictionary.text(prompt));
            let names = people.names_in(text);
            let names_someone = !names.is_empty() || people.is_empty();
            names_someone && is_question(text, &Demand::of(text, names))
        })
    }

    /// Whether a text repeats words of a prompt.
    pub(crate) fn is_echo(&mut self, prompt: Term, said: Term) -> bool {
        let dictionary = self.dictionary;
        self.known
            .echoes
            .get([prompt.number(), said.number(), 0], || {
                let prompt = sayable(dictionary.text(prompt));
                contains(&fold(prompt), &fold(dictionary.text(said)))
            })
    }

    /// Whether a prompt names this recipient and nobody else, as far as it can be searched for
    /// names.
    pub(crate) fn is_named_well(&mut self, home: Option<Home>, prompt: Term, to: Term) -> bool {
        let dictionary = self.dictionary;
        let Reader {
            people: homes,
            named,
            ..
        } = &mut *self.known;
        named.get(key(home, prompt.number(), to.number()), || {
            let people = people(homes, dictionary, home);
            // Without a list of contacts no text can be searched for names.
            people.is_empty() || misnamed(dictionary, &people, prompt, to).is_none()
        })
    }

    /// What is wrong with how a prompt names the recipient.
    pub(crate) fn misnamed(&self, people: &People, prompt: Term, to: Term) -> Option<Misnamed> {
        misnamed(self.dictionary, people, prompt, to)
    }

    /// Whether two recipients are one person.
    pub(crate) fn is_same(&mut self, home: Option<Home>, one: Term, other: Term) -> bool {
        one == other || {
            let people = self.people(home);
            people.same(self.text(one), self.text(other))
        }
    }
}

fn people(
    homes: &mut Memo<Arc<People>>,
    dictionary: &Dictionary,
    home: Option<Home>,
) -> Arc<People> {
    homes.get(key(home, 0, 0), || {
        let household = home.and_then(|home| dictionary.household(home));
        Arc::new(household.map(People::of).unwrap_or_default())
    })
}

fn misnamed(dictionary: &Dictionary, people: &People, prompt: Term, to: Term) -> Option<Misnamed> {
    let text = sayable(dictionary.text(prompt));
    people.check_named(text, dictionary.text(to)).err()
}

/// A judge that has seen no start has no home.
fn key(home: Option<Home>, prompt: u32, other: u32) -> Key {
    [home.map_or(u32::MAX, Home::number), prompt, other]
}
