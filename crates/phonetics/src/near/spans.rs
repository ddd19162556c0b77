//! The words that come nearest to each part of a phrase.

/// A word said where a part of the phrase is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    /// In thousandths of a nat.
    pub(super) cost: u32,
    pub(super) word: u32,
    /// The pronunciation.
    pub(super) leaf: u32,
}

/// For each part of the phrase, the nearest words, each with its nearest pronunciation.
#[derive(Clone, Debug)]
pub(super) struct Spans {
    /// A phrase of so many phones has one more beginning, and as many ends.
    width: usize,
    lists: Vec<Nearest>,
    /// For each beginning, the most that a word may cost to be among the nearest to some part.
    limits: Vec<u32>,
}

impl Spans {
    /// How many parts a phrase has.
    pub(super) const fn count(phones: usize) -> usize {
        (phones + 1) * (phones + 2) / 2
    }

    /// Will keep so many words for each part, of those that cost no more than the limit.
    pub(super) fn new(phones: usize, keep: usize, cost_max: u32) -> Self {
        let nearest = Nearest {
            keep,
            limit: cost_max,
            edges: Vec::new(),
        };
        Self {
            width: phones + 1,
            lists: vec![nearest; Self::count(phones)],
            limits: vec![cost_max; phones + 1],
        }
    }

    /// Whether words with these least costs, one for each beginning, may be among the nearest.
    pub(super) fn admit(&self, least: &[u32]) -> bool {
        least
            .iter()
            .zip(&self.limits)
            .any(|(least, limit)| least <= limit)
    }

    pub(super) fn offer(&mut self, from: usize, to: usize, edge: Edge) {
        let at = Self::at(from, to);
        if edge.cost <= self.lists[at].limit && self.lists[at].take(edge) {
            let limits = (from..self.width).map(|to| self.lists[Self::at(from, to)].limit);
            self.limits[from] = limits.max().unwrap_or(0);
        }
    }

    /// Puts the lists in order.
    pub(super) fn sort(&mut self) {
        for list in &mut self.lists {
            list.cut();
            list.edges.sort_unstable();
        }
    }

    /// How many phones the phrase has.
    pub(super) fn phones(&self) -> usize {
        self.width - 1
    }

    /// The nearest words, nearest first.
    pub(super) fn edges(&self, from: usize, to: usize) -> &[Edge] {
        &self.lists[Self::at(from, to)].edges
    }

    const fn at(from: usize, to: usize) -> usize {
        to * (to + 1) / 2 + from
    }
}

/// The nearest words to one part.
#[derive(Clone, Debug)]
struct Nearest {
    keep: usize,
    /// The most that a word may cost to be kept.
    limit: u32,
    /// Not in order; up to twice as many as are kept.
    edges: Vec<Edge>,
}

impl Nearest {
    /// Whether the limit has fallen.
    fn take(&mut self, edge: Edge) -> bool {
        self.edges.push(edge);
        self.edges.len() >= 2 * self.keep && self.cut()
    }

    /// Drops all but the nearest pronunciation of each word, and all but the nearest words.
    fn cut(&mut self) -> bool {
        self.edges
            .sort_unstable_by_key(|edge| (edge.word, edge.cost, edge.leaf));
        self.edges.dedup_by_key(|edge| edge.word);
        if self.edges.len() < self.keep {
            return false;
        }
        let before = self.limit;
        self.edges.select_nth_unstable(self.keep - 1);
        self.edges.truncate(self.keep);
        self.limit = self.edges[self.keep - 1].cost;
        self.limit < before
    }
}
