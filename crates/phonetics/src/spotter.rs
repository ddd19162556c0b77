//! Listens for many phrases at once in a stream of phones.
//!
//! The spotter finds what [`within`](crate::within) finds, without seeing the stretch as a whole:
//! one column of the alignment table per phrase, advanced by each phone. Sixteen phrases share the
//! lanes of a block, so that one instruction advances them together; nothing is allocated while
//! phones come in. Costs saturate above 32.7 nats, far beyond any limit worth setting.

use crate::{Costs, Hit, Nats, Phone};

/// A phrase to listen for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// How it sounds. A phrase without phones is never heard.
    pub phones: Vec<Phone>,
    /// The most that a hit may cost; at most [`Spotter::COST_MAX`] is used.
    pub max_cost: Nats,
}

/// A phrase that was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spotted {
    /// The number of the phrase, in the order in which they were given.
    pub phrase: usize,
    /// What it cost and where it was, counted in phones since the beginning.
    pub hit: Hit,
}

/// Listens for many phrases at once.
///
/// A hit is a place where the cost of a phrase is within its limit, lower than one phone before and
/// no higher than one phone later; so it is known one phone late. One mention of a phrase may give
/// several hits, of which the caller keeps the cheapest.
#[derive(Clone, Debug)]
pub struct Spotter {
    costs: &'static Costs,
    blocks: Vec<Block>,
    /// The alignment tables' last column, one row for each phone of the longest phrase of a block,
    /// block after block.
    column: Vec<Lanes>,
    /// As long as the column: what hearing the phrase's phone out of nowhere costs.
    gaps: Vec<Lanes>,
    /// As long as the column, for each phone that may come in.
    substitutions: Vec<Vec<Lanes>>,
    past: Past,
}

const LANES: usize = 16;
/// Signed, since the common instruction sets take the lesser of signed lanes in one step.
type Lanes = [i16; LANES];

/// Up to sixteen phrases. Shorter ones begin with rows that cost nothing, so that all end in the
/// last row.
#[derive(Clone, Debug)]
struct Block {
    /// Their numbers, a lane each.
    phrases: Vec<usize>,
    rows: usize,
    /// One more than a hit may cost; zero in an empty lane.
    bounds: Lanes,
    /// The least cost of each phrase in a stretch that ends here.
    costs: Lanes,
    /// All ones where the last phone lowered the cost to less than the bound.
    fell: Lanes,
}

impl Spotter {
    /// The highest limit of a phrase.
    pub const COST_MAX: Nats = Nats::from_millis(i16::MAX as u32 - 1);

    /// Listens for these phrases.
    pub fn new(phrases: &[Phrase]) -> Self {
        Self::by(Costs::by_ear(), phrases)
    }

    /// Listens for these phrases, where steps have these costs.
    pub fn by(costs: &'static Costs, phrases: &[Phrase]) -> Self {
        let mut order: Vec<usize> = (0..phrases.len()).collect();
        order.sort_by_key(|&phrase| phrases[phrase].phones.len());
        let mut spotter = Self {
            costs,
            blocks: Vec::new(),
            column: Vec::new(),
            gaps: Vec::new(),
            substitutions: vec![Vec::new(); Phone::COUNT],
            past: Past::new(costs, phrases),
        };
        for members in order.chunks(LANES) {
            spotter.add_block(members, phrases);
        }
        spotter.column.clone_from(&spotter.gaps);
        spotter.reset();
        spotter
    }

    fn add_block(&mut self, members: &[usize], phrases: &[Phrase]) {
        let block = Block::new(members, phrases);
        for row in 0..block.rows {
            let phone_at = |lane: usize| {
                let phones = &phrases[*members.get(lane)?].phones;
                phones
                    .get((row + phones.len()).checked_sub(block.rows)?)
                    .copied()
            };
            let lanes = |cost: &dyn Fn(Phone) -> u16| {
                std::array::from_fn(|lane| phone_at(lane).map_or(0, |phone| lane_of(cost(phone))))
            };
            self.gaps
                .push(lanes(&|phone| self.costs.gap[phone.index()]));
            for (said, rows) in self.substitutions.iter_mut().enumerate() {
                rows.push(lanes(&|heard| self.costs.substitution[said][heard.index()]));
            }
        }
        self.blocks.push(block);
    }

    /// Takes the next phone, and tells of each phrase that was heard up to the one before it.
    pub fn push(&mut self, phone: Phone, mut on_hit: impl FnMut(Spotted)) {
        let missed = [lane_of(self.costs.gap[phone.index()]); LANES];
        let mut cells = self.column.iter_mut();
        let mut gaps = self.gaps.iter();
        let mut substitutions = self.substitutions[phone.index()].iter();
        for block in &mut self.blocks {
            let (mut diagonal, mut above) = ([0; LANES], [0; LANES]);
            let rows = cells
                .by_ref()
                .zip(gaps.by_ref())
                .zip(substitutions.by_ref());
            for ((cell, gap), substitution) in rows.take(block.rows) {
                let left = *cell;
                let paired = add(diagonal, *substitution);
                // Kept at hand: to read the cell back would wait for the store.
                above = least(least(paired, add(left, missed)), add(above, *gap));
                *cell = above;
                diagonal = left;
            }
            let (before, ended) = (block.costs, block.take(above));
            if ended != [0; LANES] {
                self.past
                    .report(&block.phrases, &ended, &before, &mut on_hit);
            }
        }
        self.past.push(phone);
    }

    /// The speech is over: tells of each phrase that was heard up to its end, and begins anew.
    pub fn finish(&mut self, mut on_hit: impl FnMut(Spotted)) {
        for block in &self.blocks {
            self.past
                .report(&block.phrases, &block.fell, &block.costs, &mut on_hit);
        }
        self.reset();
    }

    /// Forgets all that was heard.
    pub fn reset(&mut self) {
        let mut rows = self.column.iter_mut().zip(&self.gaps);
        for block in &mut self.blocks {
            let mut above = [0; LANES];
            for (cell, gap) in rows.by_ref().take(block.rows) {
                above = add(above, *gap);
                *cell = above;
            }
            (block.costs, block.fell) = (above, [0; LANES]);
        }
        self.past.heard = 0;
    }
}

impl Block {
    fn new(members: &[usize], phrases: &[Phrase]) -> Self {
        let rows = members
            .iter()
            .map(|&phrase| phrases[phrase].phones.len())
            .max();
        let mut bounds = [0; LANES];
        for (bound, &phrase) in bounds.iter_mut().zip(members) {
            let max_cost = phrases[phrase].max_cost.min(Spotter::COST_MAX).millis();
            *bound = i16::try_from(max_cost + 1).unwrap_or(i16::MAX);
        }
        let (costs, fell) = ([0; LANES], [0; LANES]);
        Self {
            phrases: members.to_vec(),
            rows: rows.unwrap_or(0),
            bounds,
            costs,
            fell,
        }
    }

    /// Takes the new costs; all ones in the lanes whose cost had fallen and falls no more.
    #[inline]
    fn take(&mut self, costs: Lanes) -> Lanes {
        let mut ended = [0; LANES];
        for lane in 0..LANES {
            let falls = ones_if(costs[lane] < self.costs[lane]);
            ended[lane] = self.fell[lane] & !falls;
            self.fell[lane] = falls & ones_if(costs[lane] < self.bounds[lane]);
        }
        self.costs = costs;
        ended
    }
}

#[inline]
fn lane_of(cost: u16) -> i16 {
    i16::try_from(cost).unwrap_or(i16::MAX)
}

#[inline]
fn add(a: Lanes, b: Lanes) -> Lanes {
    std::array::from_fn(|lane| a[lane].saturating_add(b[lane]))
}

#[inline]
fn least(a: Lanes, b: Lanes) -> Lanes {
    std::array::from_fn(|lane| a[lane].min(b[lane]))
}

#[inline]
const fn ones_if(yes: bool) -> i16 {
    if yes { -1 } else { 0 }
}

/// The phones that were heard last: enough to find where a hit began, which the columns do not
/// carry. Hits are rare, and looking back is cheaper than carrying a start in every cell.
#[derive(Clone, Debug)]
struct Past {
    costs: &'static Costs,
    phrases: Vec<Vec<Phone>>,
    /// A ring whose length is a power of two, longer than any hit.
    ring: Vec<Phone>,
    /// How many phones were heard.
    heard: usize,
    /// The column of the search for a beginning, longer than any phrase.
    column: Vec<u32>,
}

impl Past {
    fn new(costs: &'static Costs, phrases: &[Phrase]) -> Self {
        let longest = phrases
            .iter()
            .map(|phrase| phrase.phones.len())
            .max()
            .unwrap_or(0);
        let cheapest = u32::from(costs.gap.iter().copied().min().unwrap_or(1).max(1));
        let missed_max = Spotter::COST_MAX.millis() / cheapest;
        let hit_max = longest + missed_max as usize;
        Self {
            costs,
            phrases: phrases.iter().map(|phrase| phrase.phones.clone()).collect(),
            ring: vec![Phone::AA; (hit_max + 1).next_power_of_two()],
            heard: 0,
            column: vec![0; longest + 1],
        }
    }

    fn push(&mut self, phone: Phone) {
        let at = self.heard & (self.ring.len() - 1);
        self.ring[at] = phone;
        self.heard += 1;
    }

    fn report(
        &mut self,
        phrases: &[usize],
        ended: &Lanes,
        costs: &Lanes,
        on_hit: &mut impl FnMut(Spotted),
    ) {
        let lanes = phrases.iter().zip(ended).zip(costs);
        for ((&phrase, _), &cost) in lanes.filter(|((_, ended), _)| **ended != 0) {
            let cost = u32::from(cost.unsigned_abs());
            let length = self.length(phrase, cost);
            let (start, end) = (self.heard - length, self.heard);
            let cost = Nats::from_millis(cost);
            on_hit(Spotted {
                phrase,
                hit: Hit { cost, start, end },
            });
        }
    }

    /// The length of the shortest stretch that ends here and in which the phrase costs so much.
    ///
    /// The alignment table is filled backwards, from the last phone of both.
    fn length(&mut self, phrase: usize, cost: u32) -> usize {
        let (phones, costs) = (&self.phrases[phrase], self.costs);
        let column = &mut self.column[..=phones.len()];
        column[0] = 0;
        for (row, phone) in phones.iter().rev().enumerate() {
            column[row + 1] = column[row] + u32::from(costs.gap[phone.index()]);
        }
        let mut length = 0;
        while column[phones.len()] != cost && length < self.ring.len().min(self.heard) {
            length += 1;
            let said = self.ring[(self.heard - length) & (self.ring.len() - 1)];
            let missed = u32::from(costs.gap[said.index()]);
            let mut diagonal = column[0];
            column[0] += missed;
            for (row, heard) in phones.iter().rev().enumerate() {
                let paired = diagonal + u32::from(costs.substitution[said.index()][heard.index()]);
                let invented = column[row] + u32::from(costs.gap[heard.index()]);
                diagonal = column[row + 1];
                column[row + 1] = paired.min(diagonal + missed).min(invented);
            }
        }
        length
    }
}
