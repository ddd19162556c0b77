//! The cheapest ways to say a phrase in several words.
//!
//! A phrase is heard where words were said if it falls into parts, one for each word, so that each
//! word is heard as its part; the cost is the sum. So the cheapest texts are the cheapest paths
//! through the parts, found best first with the exact cost of the rest as the estimate.

use super::spans::Spans;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::RangeInclusive;

/// Most words in a text.
pub(super) const WORDS_MAX: usize = 3;

/// Up to three words; the places behind the last hold the highest number.
pub(super) type Words = [u32; WORDS_MAX];

/// How a text is best said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Path {
    pub(super) cost: u32,
    pub(super) count: usize,
    pub(super) words: Words,
    /// The pronunciation of each word.
    pub(super) leaves: Words,
}

/// A beginning of a path: all words but the last are chosen, and so is the list of the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Open {
    /// The cost of the whole path at best.
    at_best: u32,
    /// Words that will follow the last.
    rest: usize,
    path: Path,
    from: usize,
    to: usize,
    /// The place of the last word in its list.
    nth: usize,
}

/// The cheapest texts: `n` of them, and all others that cost as much as the last; each with the
/// cheapest of its paths, in the order of their words. Paths beyond `cost_max` are not looked for.
pub(super) fn cheapest(
    spans: &Spans,
    n: usize,
    words: RangeInclusive<usize>,
    cost_max: u32,
) -> BTreeMap<Words, Path> {
    let rests = rests(spans);
    let mut open = BinaryHeap::new();
    let start = Path {
        cost: 0,
        count: 0,
        words: [u32::MAX; WORDS_MAX],
        leaves: [u32::MAX; WORDS_MAX],
    };
    for count in words {
        extend(start, 0, count, spans, &rests, &mut open);
    }
    let mut found: BTreeMap<Words, Path> = BTreeMap::new();
    let mut limit = cost_max;
    while let Some(Reverse(next)) = open.pop() {
        if next.at_best > limit {
            break;
        }
        let edge = spans.edges(next.from, next.to)[next.nth];
        let mut path = next.path;
        path.words[path.count] = edge.word;
        path.leaves[path.count] = edge.leaf;
        path.cost += edge.cost;
        path.count += 1;
        if next.rest == 0 {
            // Paths come cheapest first: the first of a text is its best.
            found.entry(path.words).or_insert(path);
            if found.len() >= n {
                limit = next.at_best;
            }
        } else {
            extend(path, next.to, next.rest, spans, &rests, &mut open);
        }
        push(
            Open {
                nth: next.nth + 1,
                ..next
            },
            spans,
            &rests,
            &mut open,
        );
    }
    found
}

/// All ways to go on with one more word and `count` − 1 others behind it.
fn extend(
    path: Path,
    from: usize,
    count: usize,
    spans: &Spans,
    rests: &[Vec<Option<u32>>],
    open: &mut BinaryHeap<Reverse<Open>>,
) {
    for to in from..rests[0].len() {
        let way = Open {
            at_best: 0,
            rest: count - 1,
            path,
            from,
            to,
            nth: 0,
        };
        push(way, spans, rests, open);
    }
}

/// Puts a way among the open ones, unless it leads nowhere.
fn push(
    way: Open,
    spans: &Spans,
    rests: &[Vec<Option<u32>>],
    open: &mut BinaryHeap<Reverse<Open>>,
) {
    let edge = spans.edges(way.from, way.to).get(way.nth);
    if let (Some(edge), Some(rest)) = (edge, rests[way.rest][way.to]) {
        open.push(Reverse(Open {
            at_best: way.path.cost + edge.cost + rest,
            ..way
        }));
    }
}

/// `[r][i]`: what hearing the phrase from phone `i` on costs at best where `r` words were said.
fn rests(spans: &Spans) -> Vec<Vec<Option<u32>>> {
    let phones = spans.phones();
    let mut rests = vec![vec![None; phones + 1]];
    rests[0][phones] = Some(0);
    for words in 1..WORDS_MAX {
        let cheapest = |from: usize| {
            let through =
                |to: usize| Some(spans.edges(from, to).first()?.cost + rests[words - 1][to]?);
            (from..=phones).filter_map(through).min()
        };
        let row = (0..=phones).map(cheapest).collect();
        rests.push(row);
    }
    rests
}
