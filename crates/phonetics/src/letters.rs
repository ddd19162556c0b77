//! Letter-to-sound rules: how a word that no dictionary has is most probably said.
//!
//! A word is cut into *graphones*, each a letter with the phones that it stands for: `x` with K S,
//! a silent `e` with none, the `h` of `ph` with none behind a `p` with F; see Bisani and Ney,
//! "Joint-sequence models for grapheme-to-phoneme conversion", Speech Communication 50 (2008). An
//! n-gram model with back-off, learnt from `CMUdict`, says how probable a row of graphones is; the
//! most probable row that spells the word is how it is said. All costs are whole numbers, so every
//! machine says it the same.
//!
//! The rules are learnt from nine tenths of the dictionary; of the phones of the other tenth they get
//! 8.0% wrong, of its words 34%. `build-letter-rules` learns them, and prints these figures.

mod file;

use crate::Phone;
use std::fmt::{self, Display, Formatter};
use std::ops::RangeInclusive;
use std::sync::LazyLock;

static EMBEDDED: LazyLock<LetterRules> = LazyLock::new(|| {
    let file = include_bytes!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../corpora/lexicons/letters.bin"
    ));
    LetterRules::read(file).unwrap_or_default() // a test reads the file: it is never malformed
});

/// The graphone that stands before the first and behind the last of a word.
const BORDER: u8 = 0;
/// The n-gram of no graphones, and the state of the search that knows nothing of what was before.
const ROOT: u32 = 0;
/// Longest row of letters that is taken for one word; what is longer is said in pieces.
const LETTERS_MAX: usize = 64;
/// How many ways to say the first letters are kept while the next is read.
const BEAM: usize = 32;
/// How much worse than the best they may be, in sixteenths of a nat.
const BEAM_COST: i32 = 8 * LetterRules::COSTS_A_NAT;

/// Letter-to-sound rules, ready for use.
#[derive(Clone, Debug, Default)]
pub struct LetterRules {
    /// In order, from number 1 on.
    graphones: Vec<Graphone>,
    /// The n-grams as a tree: the root, then the shorter before the longer.
    nodes: Vec<Node>,
}

/// A letter, and the phones that it stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Graphone {
    /// `a` to `z`.
    pub letter: char,
    /// None for a silent letter.
    pub phones: Vec<Phone>,
}

/// A row of graphones, and how probable its last is behind the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NGram {
    /// Numbers of graphones, counted from 1; 0 is the border of a word.
    pub graphones: Vec<u8>,
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
    graphone: u8,
    cost: u8,
    backoff: i8,
    children: u8,
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
        let letters = word.chars().filter(char::is_ascii_alphabetic);
        let letters: Vec<char> = letters.map(|letter| letter.to_ascii_lowercase()).collect();
        let pieces = letters.chunks(LETTERS_MAX);
        pieces.flat_map(|piece| self.say(piece)).collect()
    }

    fn say(&self, letters: &[char]) -> Vec<Phone> {
        let mut search = Search::new(self);
        for &letter in letters {
            search.take(&self.spelled(letter));
        }
        search.take(&(BORDER..=BORDER));
        search.cheapest()
    }

    /// The numbers of the graphones with this letter.
    fn spelled(&self, letter: char) -> RangeInclusive<u8> {
        let before = self.graphones.partition_point(|g| g.letter < letter);
        let until = self.graphones.partition_point(|g| g.letter <= letter);
        let number = |count: usize| u8::try_from(count).unwrap_or(u8::MAX);
        number(before + 1)..=number(until)
    }

    fn node(&self, at: u32) -> Node {
        self.nodes.get(at as usize).copied().unwrap_or_default()
    }

    fn children(&self, node: Node) -> &[Node] {
        let first = node.first_child as usize;
        let children = self.nodes.get(first..first + usize::from(node.children));
        children.unwrap_or_default()
    }

    fn child(&self, node: Node, graphone: u8) -> Option<u32> {
        let children = self.children(node);
        let at = children.binary_search_by_key(&graphone, |child| child.graphone);
        Some(node.first_child + u32::try_from(at.ok()?).ok()?)
    }

    /// The state behind `graphone`: the longest row ending in it that is known to go on.
    fn state_behind(&self, mut state: u32, graphone: u8) -> u32 {
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
    /// The node with the n-grams that it can go on with.
    state: u32,
    cost: i32,
    /// Its last step, in [`Search::steps`].
    step: Step,
}

/// A graphone that was taken, and where the step before it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    graphone: u8,
    before: usize,
}

/// A search for the cheapest row of graphones, letter by letter.
struct Search<'a> {
    rules: &'a LetterRules,
    /// The cheapest first.
    ways: Vec<Way>,
    /// All steps that were gone on from; the first is before itself and all others.
    steps: Vec<Step>,
}

impl<'a> Search<'a> {
    fn new(rules: &'a LetterRules) -> Self {
        let step = Step {
            graphone: BORDER,
            before: 0,
        };
        let way = Way {
            state: rules.state_behind(ROOT, BORDER),
            cost: 0,
            step,
        };
        Self {
            rules,
            ways: vec![way],
            steps: vec![step],
        }
    }

    /// Goes on from all ways with each of these graphones.
    fn take(&mut self, graphones: &RangeInclusive<u8>) {
        let mut longer = Longer {
            ways: Vec::new(),
            least: i32::MAX - BEAM_COST,
        };
        for way in &self.ways {
            self.steps.push(way.step);
            longer.extend(self.rules, way, self.steps.len() - 1, graphones);
        }
        self.ways = longer.settle(self.rules);
    }

    /// What the cheapest way says.
    fn cheapest(&self) -> Vec<Phone> {
        let mut step = self.ways.first().map(|way| way.step);
        let mut graphones = Vec::new();
        while let Some(Step { graphone, before }) = step.filter(|step| step.before > 0) {
            graphones.push(graphone);
            step = self.steps.get(before).copied();
        }
        let numbers = graphones.into_iter().rev().map(usize::from);
        let known = numbers.filter_map(|number| self.rules.graphones.get(number.checked_sub(1)?));
        known.flat_map(|graphone| graphone.phones.clone()).collect()
    }
}

/// The ways that are one graphone longer, while they are gathered.
struct Longer {
    /// Each at the state that it was found from.
    ways: Vec<Way>,
    /// What the cheapest costs.
    least: i32,
}

impl Longer {
    /// Goes on from a way, whose last step stands at `before`, backing off as far as it must.
    fn extend(
        &mut self,
        rules: &LetterRules,
        way: &Way,
        before: usize,
        graphones: &RangeInclusive<u8>,
    ) {
        let (mut state, mut cost) = (way.state, way.cost);
        let mut taken = [false; 1 + u8::MAX as usize];
        while cost <= self.least + BEAM_COST {
            let node = rules.node(state);
            let children = rules.children(node);
            let begin = children.partition_point(|child| child.graphone < *graphones.start());
            let fitting = children[begin..].iter();
            for child in fitting.take_while(|child| graphones.contains(&child.graphone)) {
                let graphone = child.graphone;
                if !std::mem::replace(&mut taken[usize::from(graphone)], true) {
                    let cost = cost + i32::from(child.cost);
                    let step = Step { graphone, before };
                    self.ways.push(Way { state, cost, step });
                    self.least = self.least.min(cost);
                }
            }
            if state == ROOT {
                return;
            }
            cost += i32::from(node.backoff);
            state = node.shorter;
        }
    }

    /// The ways that are worth going on from, each at the state behind its last graphone, one for
    /// each state, the cheapest first.
    fn settle(mut self, rules: &LetterRules) -> Vec<Way> {
        self.ways.retain(|way| way.cost <= self.least + BEAM_COST);
        for way in &mut self.ways {
            way.state = rules.state_behind(way.state, way.step.graphone);
        }
        self.ways.sort_unstable();
        self.ways.dedup_by_key(|way| way.state);
        self.ways.sort_unstable_by_key(|way| (way.cost, way.state));
        self.ways.truncate(BEAM);
        self.ways
    }
}
