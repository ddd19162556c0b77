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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Every 293rd of the words that the rules were not learnt from, as `CMUdict` has them.
    const HELD_OUT: &str = "\
        aaker AA K ER; alt AA L T; atmel AE T M AH L; bechtelsville B EH K T EH L Z V IH L; \
        blocking B L AA K IH NG; broadrick B R AO D R IH K; carboy K AA R B OY; \
        clarins K L EH R IH N Z; convoy K AA N V OY; daya D AY AH; \
        discouragement D IH S K ER IH JH M AH N T; eamer IY M ER; ephedrine IH F EH D R IH N; \
        fiebelkorn F IY B IH L K ER N; furstenberg F ER S T AH N B ER G; \
        gorbachevs G AO R B AH CH EH V Z; hangup HH AE NG G AH P; hirota HH IH R OW T AH; \
        iie IY IY; italiano IH T AA L IY AA N OW; kissell K IH S AH L; laughrey L AE F R IY; \
        lowen L OW AH N; mazzuca M AA T S UW K AH; mindboggling M AY N D B AO G L IH NG; \
        nausea N AO Z IY AH; optimum AA P T AH M AH M; pentz P EH N T S; ported P AO R T IH D; \
        radowski R AH D OW S K IY; resorts R IH Z AO R T S; runte R AH N T; \
        scoffield S K AO F IY L D; shrug SH R AH G; soules S UW L Z; sturgis S T ER JH IH S; \
        telco T EH L K OW; tremors T R EH M ER Z; vague V EY G; wasem W AO S IH M; \
        wrobel R OW B AH L";

    fn phones(symbols: &str) -> Vec<Phone> {
        let phones = symbols.split(' ').map(str::parse);
        phones.collect::<Result<_, _>>().expect("phones")
    }

    #[test]
    fn two_of_three_words_that_were_held_out_are_said_right() {
        let words: Vec<_> = HELD_OUT
            .split("; ")
            .filter_map(|word| word.split_once(' '))
            .collect();
        let right = words
            .iter()
            .filter(|(word, said)| LetterRules::embedded().pronounce(word) == phones(said));
        assert_eq!((right.count(), words.len()), (27, 41));
    }

    #[test]
    fn case_and_what_is_no_letter_change_nothing() {
        let rules = LetterRules::embedded();
        assert_eq!(rules.pronounce("Cortana"), phones("K AO R T AA N AH"));
        assert_eq!(rules.pronounce("c-O'r7tжana"), rules.pronounce("cortana"));
        assert_eq!(rules.pronounce("’ 7 ж"), []);
        assert_eq!(LetterRules::default().pronounce("cortana"), []);
    }

    #[test]
    fn letters_beyond_the_limit_are_said_in_pieces() {
        let rules = LetterRules::embedded();
        let piece = "ba".repeat(LETTERS_MAX / 2);
        let once = rules.pronounce(&piece);
        assert_eq!(rules.pronounce(&piece.repeat(3)), once.repeat(3));
    }

    /// Three letters; each graphone has phones of its own, so that what was said tells the row.
    fn graphones() -> Vec<Graphone> {
        let graphone = |at: usize| Graphone {
            letter: char::from(b"aabbbc"[at]),
            phones: vec![Phone::ALL[at]],
        };
        (0..6).map(graphone).collect()
    }

    prop_compose! {
        /// All single graphones, and some longer rows with all that they begin with. Costs are so
        /// low that no row of four is beyond [`BEAM_COST`].
        fn any_n_grams()(
            rows in prop::collection::vec(prop::collection::vec(0..=6_u8, 1..4), 0..40),
            numbers in prop::collection::vec((0..16_u8, -3..5_i8), 400),
        ) -> Vec<NGram> {
            let singles = (0..=6).map(|graphone| vec![graphone]);
            let beginnings = rows.iter().flat_map(|row| (1..=row.len()).map(|n| row[..n].to_vec()));
            let rows: std::collections::BTreeSet<Vec<u8>> = singles.chain(beginnings).collect();
            let n_gram = |(graphones, (cost, backoff))| NGram { graphones, cost, backoff };
            rows.into_iter().zip(numbers).map(n_gram).collect()
        }
    }

    fn cost_behind(n_grams: &BTreeMap<&[u8], &NGram>, before: &[u8], graphone: u8) -> i32 {
        let row = [before, &[graphone]].concat();
        if let Some(n_gram) = n_grams.get(row.as_slice()) {
            return n_gram.cost.into();
        }
        let goes_on = |row: &&[u8]| row.len() == before.len() + 1 && row.starts_with(before);
        let known = n_grams.get(before).filter(|_| n_grams.keys().any(goes_on));
        let backoff = known.map_or(0, |n_gram| n_gram.backoff.into());
        backoff + cost_behind(n_grams, &before[1..], graphone)
    }

    fn cost_of(n_grams: &BTreeMap<&[u8], &NGram>, row: &[u8]) -> i32 {
        let costs = (1..row.len()).map(|at| cost_behind(n_grams, &row[..at], row[at]));
        costs.sum()
    }

    fn rows_of(word: &str, graphones: &[Graphone]) -> Vec<Vec<u8>> {
        word.chars().fold(vec![vec![BORDER]], |rows, letter| {
            let numbers = (1..).zip(graphones).filter(|(_, g)| g.letter == letter);
            let longer = numbers
                .flat_map(|(number, _)| rows.iter().map(move |row| [&row[..], &[number]].concat()));
            longer.collect()
        })
    }

    proptest! {
        /// The reference adds up the costs of every row, and looks up every n-gram by its whole row.
        #[test]
        fn what_is_said_is_the_cheapest_row(n_grams in any_n_grams(), word in "[abc]{1,3}") {
            let graphones = graphones();
            let file = LetterRules::write(&graphones, &n_grams).expect("legal rules");
            let said = LetterRules::read(&file).expect("what was written").pronounce(&word);
            let row: Vec<u8> = (1..).zip(&graphones).map(|(number, _)| number).collect();
            let row = said.iter().map(|phone| row[phone.index()]);
            let row: Vec<u8> = [BORDER].into_iter().chain(row).chain([BORDER]).collect();

            let known = n_grams.iter().map(|n_gram| (n_gram.graphones.as_slice(), n_gram));
            let known = known.collect();
            let rows = rows_of(&word, &graphones).into_iter();
            let rows = rows.map(|row| [&row[..], &[BORDER]].concat());
            let cheapest = rows.map(|row| cost_of(&known, &row)).min();
            prop_assert_eq!(Some(cost_of(&known, &row)), cheapest, "{:?}", row);
        }
    }
}
