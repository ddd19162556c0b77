//! Which phrases sound like a given one: near-misses of one to three words.
//!
//! The search is exact. What comes first is what a brute-force look at every one, two and three
//! words of the dictionary would put first: by cost, then by number of words, then by text.
//!
//! It rests on one fact. If a phrase is heard where several words were said, then each word was
//! heard as one part of the phrase; so the words nearest to each *part*, found in one walk over
//! the trie, are all that the texts nearest to the whole can be made of.

mod paths;
mod spans;
mod trie;

use crate::{Alignment, Entry, Hit, Lexicon, Nats, Phone, align, distance, transcribe, within};
use paths::{Path, cheapest};
use spans::Spans;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use trie::Trie;

/// A text that may be taken for a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// Its words, with blanks between them.
    pub text: String,
    /// What is said: of all ways to say it, the nearest to the phrase.
    pub said: Vec<Phone>,
    /// What it takes to hear the phrase instead.
    pub cost: Nats,
    /// How the phrase is heard, step by step.
    pub alignment: Alignment,
}

/// A word, or a few of them, in which a phrase may be heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hiding {
    /// Where in what is said, and at what cost.
    pub hit: Hit,
    /// The word, or the words with blanks between them.
    pub text: String,
    /// What is said: of all ways to say it, the one that hides the phrase best.
    pub said: Vec<Phone>,
}

/// A dictionary, ready to be searched for near-misses.
#[derive(Clone, Debug)]
pub struct Search {
    trie: Trie,
}

impl Search {
    /// Most words in a near-miss.
    pub const WORDS_MAX: usize = paths::WORDS_MAX;
    /// Most near-misses that are looked for.
    pub const N_MAX: usize = 200_000;
    /// Most words kept while searching, over all parts of a phrase; at 24 bytes, some 200 MB. Of a
    /// phrase of more than seven phones, fewer near-misses than [`Self::N_MAX`] are looked for.
    const EDGES_MAX: usize = 8_000_000;

    /// Over these words.
    pub fn new(entries: impl IntoIterator<Item = Entry>) -> Self {
        Self {
            trie: Trie::new(entries),
        }
    }

    /// Over the words of the dictionary that are common: those that have a level.
    pub fn common() -> Self {
        Self::new(
            Lexicon::embedded()
                .entries()
                .filter(|entry| entry.level.is_some()),
        )
    }

    /// Over all words of the dictionary.
    pub fn rare() -> Self {
        Self::new(Lexicon::embedded().entries())
    }

    /// The `n` texts of so many words that are nearest to the phrase, nearest first; of those that
    /// are as near, the ones with fewer words first, and then in the order of their words.
    ///
    /// A text that is spelled like the phrase is left out; others that sound the same are not.
    /// `n` and `words` are cut to the limits of this type.
    pub fn near(&self, phrase: &str, n: usize, words: RangeInclusive<usize>) -> Vec<NearMiss> {
        let phrase = Phrase::new(phrase);
        let mut found = self.cheapest(&phrase, n, words, u32::MAX);
        found.truncate(n);
        found
            .iter()
            .map(|(path, heard)| self.near_miss(path, heard))
            .collect()
    }

    /// The place of a text among all texts of so many words, from 1, in the order of
    /// [`Self::near`]; nothing, if it lies behind the first [`Self::N_MAX`] or has no sound.
    pub fn rank(&self, phrase: &str, text: &str, words: RangeInclusive<usize>) -> Option<usize> {
        let own = near_miss(phrase, text)?;
        let own_words: Vec<&str> = own.text.split(' ').collect();
        let own_key = (own.cost.millis(), own_words.len(), own_words);
        let phrase = Phrase::new(phrase);
        let found = self.cheapest(&phrase, Self::N_MAX, words, own.cost.millis());
        let ahead = found.iter().filter(|(path, _)| {
            let words = self.words(path).collect();
            (path.cost, path.count, words) < own_key
        });
        let ahead = ahead.count();
        (ahead < Self::N_MAX).then_some(ahead + 1)
    }

    /// The `n` words that best hide the phrase, best first, and then in order: as [`within`] has
    /// it, what is said before and after costs nothing, as in "un-*acce*-ptable".
    ///
    /// A word that is spelled like the phrase is left out.
    pub fn hiding(&self, phrase: &str, n: usize) -> Vec<Hiding> {
        let phrase = Phrase::new(phrase);
        let best_way = |ways: &[Vec<Phone>]| {
            let pairs = ways.iter().flat_map(|said| {
                let hits = phrase
                    .pronunciations
                    .iter()
                    .map(|heard| within(heard, said));
                hits.map(move |hit| (hit, said.clone()))
            });
            pairs.min()
        };
        let words = self.trie.entries().filter(|(word, _)| *word != phrase.text);
        let mut found: Vec<Hiding> = words
            .filter_map(|(word, ways)| {
                let (hit, said) = best_way(&ways)?;
                let text = word.to_owned();
                Some(Hiding { hit, text, said })
            })
            .collect();
        found.sort_unstable_by(|a, b| (a.hit.cost, &a.text).cmp(&(b.hit.cost, &b.text)));
        found.truncate(n);
        found
    }

    /// Texts of two or three words that hide the phrase across the borders of all of them, best
    /// first, as in "litt-*le exce*-llent"; of those that hide it as well, the ones with fewer words
    /// first, and then in the order of their words. They are the best `n`, less those that hide it
    /// better in fewer of their words.
    ///
    /// A text that is spelled like the phrase is left out. `n` is cut to the limits of this type.
    pub fn hiding_across(&self, phrase: &str, n: usize) -> Vec<Hiding> {
        let phrase = Phrase::new(phrase);
        let words = 2..=Self::WORDS_MAX;
        let mut found = self.cheapest_of(&phrase, n, words, u32::MAX, Trie::fill_across);
        found.truncate(n);
        let hiding = |(path, _): &(Path, &[Phone])| {
            let said = self.said(path);
            let hits = phrase.pronunciations.iter();
            let hit = hits.map(|heard| within(heard, &said)).min()?;
            let text = self.text(path);
            (hit.cost.millis() == path.cost).then_some(Hiding { hit, text, said })
        };
        found.iter().filter_map(hiding).collect()
    }

    /// The cheapest texts in order, each with the pronunciation of the phrase that it is nearest
    /// to; all that cost as much as the last of them are there.
    fn cheapest<'a>(
        &self,
        phrase: &'a Phrase,
        n: usize,
        words: RangeInclusive<usize>,
        cost_max: u32,
    ) -> Vec<(Path, &'a [Phone])> {
        self.cheapest_of(phrase, n, words, cost_max, Trie::fill)
    }

    /// The same, by how near words come to the parts of a phrase.
    fn cheapest_of<'a>(
        &self,
        phrase: &'a Phrase,
        n: usize,
        words: RangeInclusive<usize>,
        cost_max: u32,
        fill: impl Fn(&Trie, &[Phone], &mut Spans),
    ) -> Vec<(Path, &'a [Phone])> {
        let words = (*words.start()).max(1)..=(*words.end()).min(Self::WORDS_MAX);
        let mut found = BTreeMap::new();
        for heard in &phrase.pronunciations {
            // One more, since the phrase itself may be among them.
            let keep = n
                .min(Self::N_MAX)
                .min(Self::EDGES_MAX / Spans::count(heard.len()))
                + 1;
            let mut spans = Spans::new(heard.len(), keep, cost_max);
            fill(&self.trie, heard, &mut spans);
            for (key, path) in cheapest(&spans, keep, words.clone(), cost_max) {
                let best = found.entry(key).or_insert((path, heard.as_slice()));
                *best = (*best).min((path, heard));
            }
        }
        let mut found: Vec<_> = found.into_values().collect();
        found.retain(|(path, _)| !self.words(path).eq(phrase.text.split(' ')));
        found.sort_unstable();
        found
    }

    fn words(&self, path: &Path) -> impl Iterator<Item = &str> {
        path.words
            .into_iter()
            .take(path.count)
            .map(|word| self.trie.word(word))
    }

    fn text(&self, path: &Path) -> String {
        self.words(path).collect::<Vec<_>>().join(" ")
    }

    fn said(&self, path: &Path) -> Vec<Phone> {
        let leaves = path.leaves.iter().take(path.count);
        let phones = leaves.flat_map(|&leaf| self.trie.phones(leaf));
        phones.copied().collect()
    }

    fn near_miss(&self, path: &Path, heard: &[Phone]) -> NearMiss {
        let said = self.said(path);
        let alignment = align(&said, heard);
        NearMiss {
            text: self.text(path),
            cost: alignment.cost,
            said,
            alignment,
        }
    }
}

/// How a text is heard as a phrase, as near as they come; nothing, if one of them has no sound.
pub fn near_miss(phrase: &str, text: &str) -> Option<NearMiss> {
    let (phrase, said) = (Phrase::new(phrase), Phrase::new(text));
    let pairs = said.pronunciations.iter().flat_map(|said| {
        phrase
            .pronunciations
            .iter()
            .map(move |heard| (distance(said, heard), said, heard))
    });
    let (cost, said_so, heard) = pairs.min()?;
    let (alignment, said_so) = (align(said_so, heard), said_so.clone());
    Some(NearMiss {
        text: said.text,
        said: said_so,
        cost,
        alignment,
    })
}

/// The ways to say a phrase, the preferred one first; no more than sixteen.
///
/// None, if nothing in it can be said, or if it has more than 128 phones: that is no phrase.
pub fn pronunciations(phrase: &str) -> Vec<Vec<Phone>> {
    Phrase::new(phrase).pronunciations
}

/// Most ways to say a phrase that are looked at.
const PRONUNCIATIONS_MAX: usize = 16;

/// Most phones in a phrase.
const PHONES_MAX: usize = 128;

/// A phrase as it is spelled and said.
struct Phrase {
    /// Its words in lower case, with blanks between them.
    text: String,
    pronunciations: Vec<Vec<Phone>>,
}

impl Phrase {
    fn new(phrase: &str) -> Self {
        let mut words = Vec::new();
        let mut ways: Vec<Vec<Phone>> = vec![Vec::new()];
        for word in transcribe(phrase) {
            let mut known = Lexicon::embedded().pronunciations(&word.text);
            if known.is_empty() {
                known.push(word.phones);
            }
            known.truncate(PRONUNCIATIONS_MAX / ways.len());
            ways = known
                .iter()
                .flat_map(|word| ways.iter().map(|before| [before.as_slice(), word].concat()))
                .collect();
            ways.retain(|phones| phones.len() <= PHONES_MAX);
            words.push(word.text);
            if ways.is_empty() {
                break;
            }
        }
        ways.retain(|phones| !phones.is_empty());
        Self {
            text: words.join(" "),
            pronunciations: ways,
        }
    }
}
