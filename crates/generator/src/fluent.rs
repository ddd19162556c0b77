//! Tells whether a text could have been said by the grammar.

use crate::classes::Classes;
use crate::grammar::{ChoiceId, Grammar, Spelling, Symbol};
use crate::line::{bare, split_clitic};
use std::collections::BTreeMap;

/// Longer texts are not judged, but rejected.
const WORDS_MAX: usize = 120;

/// Whether the grammar of talk could have said this text: one or more of its sentences, with what
/// people put before, after and between them.
///
/// Conservative: much fluent English is rejected, and what is accepted is made of patterns that
/// somebody wrote down as fluent. Commas and case are not looked at.
pub fn is_fluent(text: &str) -> bool {
    Judge::new(Grammar::embedded(), text).is_some_and(|mut judge| judge.accepts())
}

/// Positions between words, as a set of bits.
type Places = u128;

struct Word {
    spelling: Option<Spelling>,
    classes: Classes,
    is_article: bool,
}

impl Word {
    fn new(grammar: &Grammar, text: &str) -> Self {
        Self {
            spelling: grammar.fold(text),
            classes: Classes::of(text),
            is_article: ["a", "an"]
                .iter()
                .any(|article| text.eq_ignore_ascii_case(article)),
        }
    }
}

struct Judge<'g> {
    grammar: &'g Grammar,
    words: Vec<Word>,
    /// Where a sentence ended with a full stop or a question mark.
    ended: Places,
    /// Where each choice that patterns share can end, by where it began.
    known: BTreeMap<(ChoiceId, u32), Places>,
}

impl<'g> Judge<'g> {
    /// `None` for a text with no words, or too many.
    fn new(grammar: &'g Grammar, text: &str) -> Option<Self> {
        let mut ended = 1;
        let mut words = Vec::new();
        for token in text.split_whitespace() {
            let bare = bare(token);
            if !bare.is_empty() {
                words.extend(split_clitic(bare).map(|word| Word::new(grammar, word)));
            }
            if words.len() > WORDS_MAX {
                return None;
            }
            if token.ends_with(['.', '?', '!']) {
                ended |= 1 << words.len();
            }
        }
        let judge = Self {
            grammar,
            words,
            ended,
            known: BTreeMap::new(),
        };
        (!judge.words.is_empty()).then_some(judge)
    }

    fn accepts(&mut self) -> bool {
        let all = 1 << self.words.len();
        let (mut begun, mut fresh): (Places, Places) = (0, 1);
        while fresh != 0 {
            begun |= fresh;
            let begins = fresh | self.named("opener", fresh) | self.named("assent", fresh);
            let ends = self.sentences(begins);
            let ends = ends | self.named("tag", ends);
            if ends & all != 0 {
                return true;
            }
            let next = (ends & self.ended) | self.named("joiner", ends);
            fresh = next & !begun;
        }
        false
    }

    fn named(&mut self, set: &str, from: Places) -> Places {
        let choice = self.grammar.set(set);
        choice.map_or(0, |choice| self.choice(choice, from))
    }

    fn sentences(&mut self, from: Places) -> Places {
        let grammar = self.grammar;
        let patterns = grammar.carriers.iter().map(|carrier| &carrier.pattern);
        patterns.fold(0, |ends, pattern| ends | self.pattern(pattern, from))
    }

    fn pattern(&mut self, pattern: &[Symbol], from: Places) -> Places {
        let mut places = from;
        for symbol in pattern {
            places = match *symbol {
                Symbol::Stop(_) => continue,
                Symbol::Word(spelling) => {
                    let folded = Some(self.grammar.folded(spelling));
                    self.step(places, |word| word.spelling == folded)
                }
                Symbol::Article => self.step(places, |word| word.is_article),
                Symbol::Choice(id) => self.choice(id, places),
            };
            if places == 0 {
                break;
            }
        }
        places
    }

    fn step(&self, places: Places, fits: impl Fn(&Word) -> bool) -> Places {
        let nexts = bits(places).filter(|at| self.words.get(*at as usize).is_some_and(&fits));
        nexts.fold(0, |nexts, at| nexts | (1 << (at + 1)))
    }

    fn choice(&mut self, id: ChoiceId, from: Places) -> Places {
        bits(from).fold(0, |ends, at| ends | self.choice_at(id, at))
    }

    fn choice_at(&mut self, id: ChoiceId, at: u32) -> Places {
        if let Some(ends) = self.known.get(&(id, at)) {
            return *ends;
        }
        let grammar = self.grammar;
        let choice = grammar.choice(id);
        let admitted = self.step(1 << at, |word| choice.admits.meets(word.classes));
        let wordings = &choice.wordings;
        let ends = wordings.iter().fold(admitted, |ends, wording| {
            ends | self.pattern(wording, 1 << at)
        });
        if choice.named {
            self.known.insert((id, at), ends);
        }
        ends
    }
}

fn bits(places: Places) -> impl Iterator<Item = u32> {
    let mut rest = places;
    std::iter::from_fn(move || {
        let at = (rest != 0).then(|| rest.trailing_zeros())?;
        rest &= rest - 1;
        Some(at)
    })
}
