//! The grammar of everyday talk: what people say at home, as patterns.
//!
//! One grammar serves three ends, so that they cannot drift apart: talk is drawn from it
//! ([`crate::Talker`]), phrases are woven into its sentences ([`crate::weave`]), and a sentence is
//! fluent when the grammar could have said it ([`crate::is_fluent`]). The patterns are data, in
//! `corpora/lexicons/talk-*.txt`, whose head describes their notation.

use crate::classes::Classes;
use crate::line::Line;
use rand::{Rng, seq::IndexedRandom};
use std::collections::BTreeMap;
use std::sync::OnceLock;

mod read;

/// A spelling, by its number in [`Grammar::spelling`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spelling(u32);

/// A place in a pattern where one of several wordings stands, by its number in the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ChoiceId(u32);

impl ChoiceId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// One step of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symbol {
    Word(Spelling),
    /// `a` or `an`, by the sound of the next word.
    Article,
    Choice(ChoiceId),
    /// A comma, full stop or question mark, which no woven phrase may straddle.
    Stop(char),
}

pub(crate) type Pattern = Vec<Symbol>;

/// Wordings that can stand for one another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    pub(crate) wordings: Vec<Pattern>,
    /// Which other single words may stand here when a phrase is woven in.
    pub(crate) admits: Classes,
    /// Whether any word of these classes fits, or only loosely.
    pub(crate) fit: Fit,
    /// Whether it has a name, by which several patterns may share it.
    pub(crate) named: bool,
    /// Drawn once for a topic and kept, so that people go on talking about the same thing.
    kept: bool,
}

/// How well a word that a choice admits by class suits the words around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The classes were chosen for this place.
    #[default]
    Close,
    /// It is grammatical; sense is left to chance.
    Loose,
}

/// Something that people talk about for a while.
#[derive(Clone, Debug, Default)]
pub(crate) struct Topic {
    pub(crate) tells: Vec<Pattern>,
    pub(crate) asks: Vec<Question>,
}

/// A question and what can be said to it.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) pattern: Pattern,
    /// Whether a bare yes is an answer.
    pub(crate) polar: bool,
    pub(crate) answers: Vec<Pattern>,
}

/// A sentence in which a phrase can stand, and how readily it is taken.
#[derive(Clone, Debug)]
pub(crate) struct Carrier {
    pub(crate) pattern: Pattern,
    /// How much less natural it is than others; 0 for the best.
    pub(crate) strain: u16,
}

/// All patterns of talk.
#[derive(Debug, Default)]
pub(crate) struct Grammar {
    spellings: Vec<String>,
    /// For each spelling, the one in lower case, without an apostrophe at its end.
    folded: Vec<Spelling>,
    by_text: BTreeMap<String, Spelling>,
    choices: Vec<Choice>,
    /// Choices by name, those of topics apart.
    sets: BTreeMap<String, ChoiceId>,
    pub(crate) topics: Vec<Topic>,
    /// Sentences for a purpose of their own, such as backchannels, by name.
    pools: BTreeMap<String, Vec<Pattern>>,
    /// Every sentence of the grammar.
    pub(crate) carriers: Vec<Carrier>,
    /// What is wrong with the files, each with its line.
    faults: Vec<String>,
}

/// Choices that are settled for as long as a topic lasts, with the words that are said for them.
pub(crate) type Kept = BTreeMap<ChoiceId, String>;

impl Topic {
    pub(crate) const EMPTY: Self = Self {
        tells: Vec::new(),
        asks: Vec::new(),
    };
}

impl Grammar {
    /// The grammar that is built in.
    pub(crate) fn embedded() -> &'static Self {
        static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
        GRAMMAR.get_or_init(|| {
            read::grammar(&[
                ("talk-sets.txt", include_str!(corpus!("talk-sets.txt"))),
                ("talk-topics.txt", include_str!(corpus!("talk-topics.txt"))),
                (
                    "talk-carriers.txt",
                    include_str!(corpus!("talk-carriers.txt")),
                ),
            ])
        })
    }

    pub(crate) fn choice(&self, id: ChoiceId) -> &Choice {
        &self.choices[id.index()]
    }

    pub(crate) fn choice_count(&self) -> usize {
        self.choices.len()
    }

    pub(crate) fn spelling(&self, spelling: Spelling) -> &str {
        &self.spellings[spelling.0 as usize]
    }

    /// A set by its name.
    pub(crate) fn set(&self, name: &str) -> Option<ChoiceId> {
        self.sets.get(name).copied()
    }

    /// The sentences of a pool; none if there is no such pool.
    pub(crate) fn pool(&self, name: &str) -> &[Pattern] {
        self.pools.get(name).map_or(&[], Vec::as_slice)
    }

    /// The word whatever its case, if any pattern uses it.
    pub(crate) fn fold(&self, word: &str) -> Option<Spelling> {
        let known = self.by_text.get(&word.to_lowercase())?;
        Some(self.folded(*known))
    }

    pub(crate) fn folded(&self, spelling: Spelling) -> Spelling {
        self.folded[spelling.0 as usize]
    }

    /// Says a pattern, drawing one wording for each choice.
    pub(crate) fn say(
        &self,
        pattern: &[Symbol],
        kept: &mut Kept,
        rng: &mut impl Rng,
        line: &mut Line,
    ) {
        for symbol in pattern {
            match *symbol {
                Symbol::Word(spelling) => line.word(self.spelling(spelling)),
                Symbol::Article => line.article(),
                Symbol::Stop(mark) => line.stop(mark),
                Symbol::Choice(id) => self.say_choice(id, kept, rng, line),
            }
        }
    }

    /// Says one wording of a choice.
    pub(crate) fn say_choice(
        &self,
        id: ChoiceId,
        kept: &mut Kept,
        rng: &mut impl Rng,
        line: &mut Line,
    ) {
        if let Some(words) = kept.get(&id) {
            return line.word(words);
        }
        let choice = self.choice(id);
        let wording = choice.wordings.choose(rng).map_or(&[][..], Vec::as_slice);
        if !choice.kept {
            return self.say(wording, kept, rng, line);
        }
        let mut alone = Line::default();
        self.say(wording, kept, rng, &mut alone);
        line.append(&alone);
        kept.insert(id, alone.into_words());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_have_no_faults() {
        assert_eq!(Grammar::embedded().faults, Vec::<String>::new());
    }

    #[test]
    fn every_choice_has_a_wording() {
        let grammar = Grammar::embedded();
        for (at, choice) in grammar.choices.iter().enumerate() {
            assert!(!choice.wordings.is_empty(), "choice {at}");
        }
    }
}
