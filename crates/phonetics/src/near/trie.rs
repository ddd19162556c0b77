//! The dictionary as a trie by pronunciation, and how near its words come to each part of a phrase.
//!
//! The trie is kept as its pronunciations in order, each with the number of phones that it shares
//! with the one before; so going through them in order visits the nodes depth first, and what was
//! worked out for a shared beginning is still there.

use super::spans::{Edge, Spans};
use crate::distance::{COSTS, Cell, advance, first_column};
use crate::{Entry, Phone};

/// Words by pronunciation.
#[derive(Clone, Debug)]
pub(super) struct Trie {
    /// In ascending order, so that their numbers sort as they do.
    words: Vec<String>,
    leaves: Vec<Leaf>,
    /// The phones of all leaves, one after the other.
    phones: Vec<Phone>,
}

/// One pronunciation of one word.
#[derive(Clone, Copy, Debug)]
struct Leaf {
    word: u32,
    /// Where its phones begin and end.
    begin: u32,
    end: u32,
    /// Phones that it shares with the leaf before.
    shared: u32,
}

impl Trie {
    /// A word that comes twice has the pronunciations of both.
    pub(super) fn new(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut entries: Vec<Entry> = entries.into_iter().collect();
        entries.sort();
        let mut words: Vec<String> = Vec::with_capacity(entries.len());
        let mut spoken: Vec<(Vec<Phone>, u32)> = Vec::with_capacity(entries.len());
        for entry in entries {
            if words.last() != Some(&entry.word) {
                words.push(entry.word);
            }
            let word = number(words.len() - 1);
            spoken.extend(
                entry
                    .pronunciations
                    .into_iter()
                    .map(|phones| (phones, word)),
            );
        }
        spoken.sort_unstable();
        let mut trie = Self {
            words,
            leaves: Vec::with_capacity(spoken.len()),
            phones: Vec::new(),
        };
        let mut before: &[Phone] = &[];
        for (phones, word) in &spoken {
            let shared = before
                .iter()
                .zip(phones)
                .take_while(|(a, b)| a == b)
                .count();
            let begin = number(trie.phones.len());
            trie.phones.extend(phones);
            let end = number(trie.phones.len());
            trie.leaves.push(Leaf {
                word: *word,
                begin,
                end,
                shared: number(shared),
            });
            before = phones;
        }
        trie
    }

    /// All words, each with all ways to say it.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, Vec<Vec<Phone>>)> {
        let mut ways = vec![Vec::new(); self.words.len()];
        for (number, leaf) in (0..).zip(&self.leaves) {
            ways[leaf.word as usize].push(self.phones(number).to_vec());
        }
        self.words.iter().map(String::as_str).zip(ways)
    }

    pub(super) fn word(&self, word: u32) -> &str {
        &self.words[word as usize]
    }

    pub(super) fn phones(&self, leaf: u32) -> &[Phone] {
        let Leaf { begin, end, .. } = self.leaves[leaf as usize];
        &self.phones[begin as usize..end as usize]
    }

    /// For each part of the phrase, the words that come nearest to it.
    ///
    /// A branch is left as soon as no part of the phrase can be nearer to it than the words that
    /// were found already: costs never fall on the way down.
    pub(super) fn fill(&self, phrase: &[Phone], spans: &mut Spans) {
        let mut tables = vec![Table::of_silence(phrase)];
        // The depth from which on the branch was left.
        let mut left_at = usize::MAX;
        for (number, leaf) in (0..).zip(&self.leaves) {
            let shared = leaf.shared as usize;
            if shared >= left_at {
                continue;
            }
            left_at = usize::MAX;
            let phones = self.phones(number);
            for (depth, &phone) in phones.iter().enumerate().skip(shared) {
                if tables.len() == depth + 1 {
                    tables.push(tables[depth].clone());
                }
                let (above, below) = tables.split_at_mut(depth + 1);
                below[0].follow(&above[depth], phone, phrase);
                if !spans.admit(&below[0].least) {
                    left_at = depth + 1;
                    break;
                }
            }
            if left_at == usize::MAX {
                let rows = tables[phones.len()].costs.chunks(phrase.len() + 1);
                for (to, row) in rows.enumerate() {
                    for (from, &cost) in row.iter().enumerate().take(to + 1) {
                        spans.offer(
                            from,
                            to,
                            Edge {
                                cost,
                                word: leaf.word,
                                leaf: number,
                            },
                        );
                    }
                }
            }
        }
        spans.sort();
    }

    /// The same for a phrase that begins within a first word and ends within a last one: what is said
    /// before and after it costs nothing. No word lies outside it, and none holds all of it.
    pub(super) fn fill_across(&self, phrase: &[Phone], spans: &mut Spans) {
        let last = phrase.len();
        let silence = Table::of_silence(phrase);
        for (number, leaf) in (0..).zip(&self.leaves) {
            let mut offer = |from, to, cost| {
                let word = leaf.word;
                let leaf = number;
                spans.offer(from, to, Edge { cost, word, leaf });
            };
            let mut first: Vec<Cell> = first_column(phrase).collect();
            let mut whole = silence.clone();
            let mut latest = silence.row(last).to_vec();
            for &phone in self.phones(number) {
                advance(&mut first, phrase, phone, Cell::NOTHING);
                let shorter = whole.clone();
                whole.follow(&shorter, phone, phrase);
                for (least, cost) in latest.iter_mut().zip(whole.row(last)) {
                    *least = (*least).min(*cost);
                }
            }
            for part in 1..last {
                offer(0, part, first[part].cost().millis());
                offer(part, last, latest[part]);
                for (from, cost) in whole.row(part).iter().enumerate().take(part + 1).skip(1) {
                    offer(from, part, *cost);
                }
            }
        }
        spans.sort();
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a dictionary has less than 4 GiB"
)]
fn number(count: usize) -> u32 {
    count as u32
}

/// How near one beginning of a word comes to each part of the phrase.
#[derive(Clone, Debug)]
struct Table {
    /// A row for each end of a part, a column for each beginning up to it.
    costs: Vec<u32>,
    /// The least cost for each beginning. No longer word costs less.
    least: Vec<u32>,
}

impl Table {
    /// The beginning without phones: all of the part is heard out of nowhere.
    fn of_silence(phrase: &[Phone]) -> Self {
        let width = phrase.len() + 1;
        let mut costs = vec![0; width * width];
        for to in 1..width {
            let gap = u32::from(COSTS.gap[phrase[to - 1].index()]);
            for from in 0..to {
                costs[to * width + from] = costs[(to - 1) * width + from] + gap;
            }
        }
        Self {
            costs,
            least: vec![0; width],
        }
    }

    /// The costs of the parts that end there, by where they begin.
    fn row(&self, to: usize) -> &[u32] {
        let width = self.least.len();
        &self.costs[to * width..][..width]
    }

    /// Fills this table for the beginning in `shorter` with one phone more.
    fn follow(&mut self, shorter: &Self, phone: Phone, phrase: &[Phone]) {
        let width = phrase.len() + 1;
        let missed = u32::from(COSTS.gap[phone.index()]);
        let substitutions = &COSTS.substitution[phone.index()];
        for to in 0..width {
            let (done, row) = self.costs.split_at_mut(to * width);
            row[to] = shorter.costs[to * width + to] + missed;
            self.least[to] = row[to];
            let Some(heard) = to.checked_sub(1).map(|before| phrase[before].index()) else {
                continue;
            };
            let (paired, invented) = (u32::from(substitutions[heard]), u32::from(COSTS.gap[heard]));
            let above = &done[(to - 1) * width..][..to];
            let diagonal = &shorter.costs[(to - 1) * width..][..to];
            let left = &shorter.costs[to * width..][..to];
            let cells = row[..to].iter_mut().zip(&mut self.least[..to]);
            for (((cell, least), above), (diagonal, left)) in
                cells.zip(above).zip(diagonal.iter().zip(left))
            {
                *cell = (diagonal + paired).min(left + missed).min(above + invented);
                *least = *cell.min(least);
            }
        }
    }
}
