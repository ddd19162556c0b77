//! Letter-to-sound rules: how a word that no dictionary has is most probably said.
//!
//! A word is cut into *graphones*, one or two letters with the phones that they stand for (`ph`→F,
//! `x`→K S, a silent `e`→nothing), as in Bisani and Ney, "Joint-sequence models for
//! grapheme-to-phoneme conversion", Speech Communication 50 (2008). An n-gram model with back-off,
//! learnt from `CMUdict`, says how probable a row of graphones is; the most probable row that spells
//! the word is how it is said. All costs are whole numbers, so every machine says it the same.
//!
//! The embedded rules get 8.1% of the phones and 34% of the words of a held-out tenth of the
//! dictionary wrong; `build-letter-rules` prints it.

mod file;

use crate::Phone;
use std::fmt::{self, Display, Formatter};
use std::ops::Range;
use std::sync::LazyLock;

static EMBEDDED: LazyLock<LetterRules> = LazyLock::new(|| {
    let file = include_bytes!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../corpora/lexicons/letters.bin"
    ));
    LetterRules::read(file).unwrap_or_default() // a test reads the file: it is never malformed
});

/// The graphone that stands before the first and behind the last of a word.
const BORDER: u16 = 0;
/// The n-gram of no graphones, and the state of the search that knows nothing of what was before.
const ROOT: u32 = 0;
/// Longest row of letters that is taken for one word; what is longer is said in pieces.
const LETTERS_MAX: usize = 64;
/// Most letters of a graphone.
const GRAPHONE_LETTERS_MAX: usize = 2;
/// How many ways to say the first letters are kept while the next are read.
const BEAM: usize = 32;
/// How much worse than the best they may be, in sixteenths of a nat.
const BEAM_COST: i32 = 8 * LetterRules::COSTS_A_NAT;

/// Letter-to-sound rules, ready for use.
#[derive(Clone, Debug, Default)]
pub struct LetterRules {
    /// The border of a word, then all others in order.
    graphones: Vec<Graphone>,
    /// The n-grams as a tree: the root, then the shorter before the longer.
    nodes: Vec<Node>,
}

/// Letters, and the phones that they stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Graphone {
    /// One or two letters, `a` to `z`.
    pub letters: String,
    /// None for silent letters.
    pub phones: Vec<Phone>,
}

/// A row of graphones, and how probable its last is behind the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NGram {
    /// Numbers of graphones, counted from 1; 0 is the border of a word.
    pub graphones: Vec<u16>,
    /// Minus the logarithm of the probability, in sixteenths of a nat.
    pub cost: u8,
    /// What is added to the cost behind the row without its first when this row is not known to
    /// go on as it does.
    pub backoff: i8,
}

/// Letter-to-sound rules that cannot be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterRulesError(&'static str);

impl Display for LetterRulesError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for LetterRulesError {}

/// An n-gram in the tree: the last of its graphones, behind those of its parent.
#[derive(Clone, Copy, Debug, Default)]
struct Node {
    graphone: u16,
    cost: u8,
    backoff: i8,
    children: u16,
    first_child: u32,
    /// The same row without its first graphones, as few as it takes to find one with children.
    shorter: u32,
}

impl LetterRules {
    /// What costs are counted in: so many make one nat.
    pub const COSTS_A_NAT: i32 = 16;

    /// The rules that are part of this program, learnt from `CMUdict`.
    ///
    /// They are unpacked when they are first asked for.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// How a word is most probably said. Anything but the letters `a` to `z` is passed over, case
    /// does not matter; without a letter there is nothing to say.
    pub fn pronounce(&self, word: &str) -> Vec<Phone> {
        let letters = word.bytes().filter(u8::is_ascii_alphabetic);
        let letters: Vec<u8> = letters.map(|byte| byte.to_ascii_lowercase()).collect();
        let pieces = letters.chunks(LETTERS_MAX);
        pieces.flat_map(|piece| self.say(piece)).collect()
    }

    fn say(&self, letters: &[u8]) -> Vec<Phone> {
        let mut search = Search::new(self, letters.len());
        for at in 0..letters.len() {
            let ways = search.take_best(at);
            for end in at + 1..=letters.len().min(at + GRAPHONE_LETTERS_MAX) {
                let graphones = self.spelled(&letters[at..end]);
                for way in &ways {
                    search.extend(*way, &graphones, end);
                }
            }
        }
        search.finish()
    }

    /// The numbers of the graphones with these letters.
    fn spelled(&self, letters: &[u8]) -> Range<usize> {
        let graphones = &self.graphones;
        let begin = graphones.partition_point(|g| g.letters.as_bytes() < letters);
        let count = graphones[begin..].partition_point(|g| g.letters.as_bytes() == letters);
        begin..begin + count
    }

    fn node(&self, at: u32) -> Node {
        self.nodes.get(at as usize).copied().unwrap_or_default()
    }

    /// Where the children of a node stand whose last graphone is one of these.
    fn children(&self, node: Node, graphones: &Range<usize>) -> Range<u32> {
        let first = node.first_child as usize;
        let all = first..first + usize::from(node.children);
        let children = self.nodes.get(all).unwrap_or_default();
        let before = |end: usize| {
            let count = children.partition_point(|child| usize::from(child.graphone) < end);
            node.first_child + u32::try_from(count).unwrap_or_default()
        };
        before(graphones.start)..before(graphones.end)
    }

    fn child(&self, node: Node, graphone: u16) -> Option<u32> {
        let graphone = usize::from(graphone);
        self.children(node, &(graphone..graphone + 1)).next()
    }

    /// The state behind `graphone`: the longest row ending in it that is known to go on.
    fn state_behind(&self, mut state: u32, graphone: u16) -> u32 {
        loop {
            let node = self.node(state);
            if let Some(next) = self.child(node, graphone)
                && self.node(next).children > 0
            {
                return next;
            }
            if state == ROOT {
                return ROOT;
            }
            state = node.shorter;
        }
    }
}

/// One way to say the letters that were read so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    /// The node from which the search goes on.
    state: u32,
    cost: i32,
    /// Its last graphone and the step before it.
    step: Step,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    graphone: u16,
    before: Option<usize>,
}

/// A search for the cheapest row of graphones, from the first letter to the last.
struct Search<'a> {
    rules: &'a LetterRules,
    /// The ways to say so many letters.
    ways: Vec<Vec<Way>>,
    /// All steps of the ways that were gone on from.
    steps: Vec<Step>,
    /// For each graphone, the last extension that took it, so that none is taken twice.
    taken: Vec<usize>,
    extensions: usize,
}

impl<'a> Search<'a> {
    fn new(rules: &'a LetterRules, letters: usize) -> Self {
        let step = Step {
            graphone: BORDER,
            before: None,
        };
        let mut ways = vec![Vec::new(); letters + 1];
        ways[0].push(Way {
            state: rules.state_behind(ROOT, BORDER),
            cost: 0,
            step,
        });
        Self {
            rules,
            ways,
            steps: Vec::new(),
            taken: vec![0; rules.graphones.len()],
            extensions: 0,
        }
    }

    /// The ways to say `letters` letters that are worth going on from, their steps kept.
    fn take_best(&mut self, letters: usize) -> Vec<Way> {
        let mut ways = std::mem::take(&mut self.ways[letters]);
        ways.sort_unstable();
        ways.dedup_by_key(|way| way.state);
        ways.sort_unstable_by_key(|way| (way.cost, way.state));
        let worst = ways.first().map_or(0, |best| best.cost + BEAM_COST);
        ways.retain(|way| way.cost <= worst);
        ways.truncate(BEAM);
        for way in &mut ways {
            self.steps.push(way.step);
            way.step.before = Some(self.steps.len() - 1);
        }
        ways
    }

    /// Goes on from a way with each of these graphones, backing off as far as it must.
    fn extend(&mut self, way: Way, graphones: &Range<usize>, end: usize) {
        self.extensions += 1;
        let (mut state, mut cost) = (way.state, way.cost);
        loop {
            let node = self.rules.node(state);
            for at in self.rules.children(node, graphones) {
                let child = self.rules.node(at);
                let taken = &mut self.taken[usize::from(child.graphone)];
                if std::mem::replace(taken, self.extensions) == self.extensions {
                    continue;
                }
                self.ways[end].push(Way {
                    state: self.rules.state_behind(state, child.graphone),
                    cost: cost + i32::from(child.cost),
                    step: Step {
                        graphone: child.graphone,
                        ..way.step
                    },
                });
            }
            if state == ROOT {
                return;
            }
            cost += i32::from(node.backoff);
            state = node.shorter;
        }
    }

    /// What the best way says that ends where the letters do.
    fn finish(mut self) -> Vec<Phone> {
        let letters = self.ways.len() - 1;
        let border = usize::from(BORDER)..usize::from(BORDER) + 1;
        self.ways.push(Vec::new());
        for way in self.take_best(letters) {
            self.extend(way, &border, letters + 1);
        }
        let mut rows = Vec::new();
        let mut before = self
            .take_best(letters + 1)
            .first()
            .and_then(|way| way.step.before);
        while let Some(step) = before.and_then(|at| self.steps.get(at)) {
            rows.push(step.graphone);
            before = step.before;
        }
        let graphones = rows.into_iter().rev().map(usize::from);
        let phones = graphones.filter_map(|at| self.rules.graphones.get(at));
        phones
            .flat_map(|graphone| graphone.phones.clone())
            .collect()
    }
}
