//! Weaves a phrase into a fluent sentence.
//!
//! The grammar is intersected with "the words of the phrase, side by side": the state of a
//! derivation is how many of them have been said, and the cheapest way from 0 to all is found by
//! dynamic programming over each pattern. A word of the phrase may be a word that the pattern spells
//! out, which costs nothing, or stand in for a choice that admits its class.

use crate::classes::Classes;
use crate::grammar::{Choice, ChoiceId, Fit, Grammar, Pattern, Spelling, Symbol};
use crate::line::{Line, split_clitic, words};
use crate::names;
use rand::{Rng, RngExt};

/// Longest phrase that is woven, in words.
pub const PHRASE_WORDS_MAX: usize = 4;

/// A phrase of so many words, with what is split off them.
const TOKENS_MAX: usize = PHRASE_WORDS_MAX + 2;

/// How often a sentence is drawn again when an article did not agree.
const DRAWS_MAX: usize = 8;

/// Strain of a word that stands in for a choice, and the greatest strain that a sentence may have.
const CLOSE: u16 = 2;
const LOOSE: u16 = 5;
const STRAIN_MAX: u16 = 20;

/// No derivation.
const NEVER: u16 = u16::MAX;

/// A fluent everyday sentence that holds the words of `phrase` side by side, in this order and
/// without a stop between them; `None` if no pattern admits them.
///
/// Words are taken whatever their case. Where several sentences suit equally well, one is drawn.
pub fn weave(rng: &mut impl Rng, phrase: &[&str]) -> Option<String> {
    let mut fitting = Fitting::new(Grammar::embedded(), phrase)?;
    let mut found = fitting.carriers();
    let least = found.iter().map(|(cost, _)| *cost).min()?;
    found.retain(|(cost, _)| *cost == least);
    let mut draw = |options| rng.random_range(0..options);
    (0..DRAWS_MAX).find_map(|_| {
        let (_, pattern) = found[draw(found.len())];
        fitting.say(pattern, &mut draw)
    })
}

/// One word of the phrase.
struct Word<'p> {
    text: &'p str,
    spelling: Option<Spelling>,
    classes: Classes,
}

impl<'p> Word<'p> {
    fn new(grammar: &Grammar, text: &'p str) -> Self {
        Self {
            text,
            spelling: grammar.fold(text),
            classes: Classes::of(text),
        }
    }

    fn is_article(&self) -> bool {
        self.text.eq_ignore_ascii_case("a") || self.text.eq_ignore_ascii_case("an")
    }
}

/// Cost of getting from one number of said words to another.
type Costs = [[u16; TOKENS_MAX + 1]; TOKENS_MAX + 1];

/// Cost of what is left to be said, from each number of said words.
type Ways = [u16; TOKENS_MAX + 1];

const NO_WAY: Costs = [[NEVER; TOKENS_MAX + 1]; TOKENS_MAX + 1];

/// A phrase that is being fitted into the grammar.
struct Fitting<'a> {
    grammar: &'a Grammar,
    phrase: Vec<Word<'a>>,
    known: Vec<Option<Costs>>,
}

impl<'a> Fitting<'a> {
    /// `None` for a phrase that has no word, too many words, or a word that is none.
    fn new(grammar: &'a Grammar, phrase: &[&'a str]) -> Option<Self> {
        let is_word = |text: &&str| {
            let legal = |c: char| c.is_alphanumeric() || c == '\'' || c == '-';
            !text.is_empty() && text.chars().all(legal)
        };
        if phrase.is_empty() || phrase.len() > PHRASE_WORDS_MAX || !phrase.iter().all(is_word) {
            return None;
        }
        let tokens = phrase.iter().flat_map(|text| split_clitic(text));
        let tokens: Vec<_> = tokens.map(|text| Word::new(grammar, text)).collect();
        (tokens.len() <= TOKENS_MAX).then(|| Self {
            grammar,
            phrase: tokens,
            known: vec![None; grammar.choice_count()],
        })
    }

    /// Every sentence that can hold the phrase without too much strain, with its cost.
    fn carriers(&mut self) -> Vec<(u16, &'a Pattern)> {
        let grammar = self.grammar;
        let mut found = Vec::new();
        for carrier in &grammar.carriers {
            let cost = self.ways_through(&carrier.pattern, self.phrase.len())[0];
            let cost = cost.saturating_add(carrier.strain);
            if cost <= STRAIN_MAX {
                found.push((cost, &carrier.pattern));
            }
        }
        found
    }

    /// What it costs to get to `to` said words from each symbol of a pattern, and each state there.
    fn ways(&mut self, pattern: &[Symbol], to: usize) -> Vec<Ways> {
        let mut ways = vec![no_way_but(to)];
        for symbol in pattern.iter().rev() {
            ways.push(self.ways_before(*symbol, ways[ways.len() - 1]));
        }
        ways.reverse();
        ways
    }

    /// The same from the beginning of a pattern only.
    fn ways_through(&mut self, pattern: &[Symbol], to: usize) -> Ways {
        let symbols = pattern.iter().rev();
        symbols.fold(no_way_but(to), |after, symbol| {
            self.ways_before(*symbol, after)
        })
    }

    fn ways_before(&mut self, symbol: Symbol, after: Ways) -> Ways {
        let costs = self.symbol_costs(symbol);
        let states = self.phrase.len() + 1;
        let mut before = NO_WAY[0];
        for (way, steps) in before.iter_mut().zip(&costs).take(states) {
            for (step, rest) in steps.iter().zip(after).take(states) {
                *way = (*way).min(step.saturating_add(rest));
            }
        }
        before
    }

    fn symbol_costs(&mut self, symbol: Symbol) -> Costs {
        match symbol {
            Symbol::Word(spelling) => {
                let folded = Some(self.grammar.folded(spelling));
                self.word_costs(|word| word.spelling == folded)
            }
            Symbol::Article => self.word_costs(|word: &Word| word.is_article()),
            Symbol::Stop(_) => self.staying(),
            Symbol::Choice(id) => self.choice_costs(id),
        }
    }

    /// Only before the first word of the phrase and after the last can something else be said.
    fn staying(&self) -> Costs {
        let mut costs = NO_WAY;
        costs[0][0] = 0;
        costs[self.phrase.len()][self.phrase.len()] = 0;
        costs
    }

    fn word_costs(&self, is_same: impl Fn(&Word<'a>) -> bool) -> Costs {
        let mut costs = self.staying();
        for (said, word) in self.phrase.iter().enumerate() {
            if is_same(word) {
                costs[said][said + 1] = 0;
            }
        }
        costs
    }

    fn choice_costs(&mut self, id: ChoiceId) -> Costs {
        if let Some(costs) = self.known[id.index()] {
            return costs;
        }
        let grammar = self.grammar;
        let choice = grammar.choice(id);
        let mut costs = NO_WAY;
        for wording in &choice.wordings {
            for to in 0..=self.phrase.len() {
                let ways = self.ways_through(wording, to);
                for (from, (row, way)) in costs.iter_mut().zip(ways).enumerate() {
                    row[to] = row[to].min(way.saturating_add(strain(choice, from, to)));
                }
            }
        }
        for (said, word) in self.phrase.iter().enumerate() {
            if choice.admits.meets(word.classes) {
                let cost = strain(choice, said, said + 1);
                costs[said][said + 1] = costs[said][said + 1].min(cost);
            }
        }
        self.known[id.index()] = Some(costs);
        costs
    }

    /// Says a sentence by one of its cheapest ways, or `None` if an article would not agree.
    fn say(&mut self, pattern: &[Symbol], draw: &mut Draw) -> Option<String> {
        let mut line = Line::default();
        self.say_part(pattern, 0, self.phrase.len(), draw, &mut line);
        let said = line.finish();
        let tokens: Vec<&str> = words(&said).flat_map(split_clitic).collect();
        let is_phrase = |window: &[&str]| {
            let mut pairs = window.iter().zip(&self.phrase);
            pairs.all(|(token, word)| token.to_lowercase() == word.text.to_lowercase())
        };
        let holds = tokens.windows(self.phrase.len()).any(is_phrase);
        holds.then_some(said)
    }

    /// Says a pattern by one of the cheapest ways from `from` said words to `to`.
    fn say_part(
        &mut self,
        pattern: &[Symbol],
        from: usize,
        to: usize,
        draw: &mut Draw,
        line: &mut Line,
    ) {
        let ways = self.ways(pattern, to);
        let mut said = from;
        for (at, symbol) in pattern.iter().enumerate() {
            let costs = self.symbol_costs(*symbol)[said];
            let best = |next: &usize| {
                costs[*next] < NEVER
                    && costs[*next].saturating_add(ways[at + 1][*next]) == ways[at][said]
            };
            let nexts: Vec<usize> = (0..=self.phrase.len()).filter(best).collect();
            let Some(next) = pick(&nexts, draw).copied() else {
                return;
            };
            match *symbol {
                Symbol::Word(spelling) => line.word(self.grammar.spelling(spelling)),
                Symbol::Article => line.article(),
                Symbol::Stop(mark) => line.stop(mark),
                Symbol::Choice(id) => self.say_choice(id, (said, next), draw, line),
            }
            said = next;
        }
    }

    fn say_choice(
        &mut self,
        id: ChoiceId,
        (from, to): (usize, usize),
        draw: &mut Draw,
        line: &mut Line,
    ) {
        let grammar = self.grammar;
        let choice = grammar.choice(id);
        let cost = self.choice_costs(id)[from][to];
        let strain = strain(choice, from, to);
        let mut cheapest = |wording: &&Pattern| {
            self.ways_through(wording, to)[from].saturating_add(strain) == cost
        };
        let wordings: Vec<&Pattern> = choice.wordings.iter().filter(&mut cheapest).collect();
        if let Some(wording) = pick(&wordings, draw) {
            self.say_part(wording, from, to, draw, line);
        } else if let Some(word) = self.phrase.get(from) {
            line.word(&spelt(word, choice.admits));
        }
    }
}

fn no_way_but(to: usize) -> Ways {
    let mut ways = NO_WAY[0];
    ways[to] = 0;
    ways
}

/// The strain of saying words of the phrase for a choice. Where any word of a class may stand, it
/// does not matter whether the word is among those that are said there otherwise.
fn strain(choice: &Choice, from: usize, to: usize) -> u16 {
    if from == to || choice.admits == Classes::default() {
        return 0;
    }
    match choice.fit {
        Fit::Close => CLOSE,
        Fit::Loose => LOOSE,
    }
}

/// Draws a number below the one given, which is above 0.
type Draw<'d> = dyn FnMut(usize) -> usize + 'd;

fn pick<'o, T>(options: &'o [T], draw: &mut Draw) -> Option<&'o T> {
    match options {
        [] => None,
        [only] => Some(only),
        _ => options.get(draw(options.len())),
    }
}

/// A word that stands in for a choice: as a name where the choice asks for one.
fn spelt(word: &Word, admits: Classes) -> String {
    let lower = word.text.to_lowercase();
    let named = Classes::NAMES.meets(admits).then(|| names::spelt(&lower));
    named.flatten().map_or(lower, str::to_owned)
}
