//! The shortest way that is known to each state of the assistant, and which to go on from.

use super::coverage::FEATURES;
use crate::case::Case;
use std::collections::BTreeSet;

/// What an event costs that is out of the ordinary, where one that is not costs 1; with every eight
/// a way is gone on from half as often.
const DEVIATION_COST: u32 = 24;
const COST_MAX: u32 = 40;
/// One turn of the clock of a way that has nothing to recommend it.
const STRIDE: u64 = 1 << 20;

/// How many states are remembered.
const CELLS_MAX: usize = 200_000;

/// A state that was reached.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// The way there.
    pub(super) case: Case,
    /// What happened on the way, as one number.
    pub(super) story: u64,
    /// How often it was gone on from.
    pub(super) picks: u32,
    cost: u32,
    nearness: u8,
}

/// All states that were reached.
///
/// They take turns, each as often as it is promising, by stride scheduling (Waldspurger and Weihl,
/// OSDI 1994): plain ways, and those that end near a send, more often than others.
#[derive(Clone, Debug)]
pub(super) struct Corpus {
    cells: Vec<Cell>,
    /// The cell of each state, and one more; 0 where there is none.
    by_state: Vec<u32>,
    turns: BTreeSet<(u64, usize)>,
    /// The turn of the clock.
    now: u64,
}

impl Corpus {
    pub(super) fn new() -> Self {
        Self {
            cells: Vec::new(),
            by_state: vec![0; FEATURES],
            turns: BTreeSet::new(),
            now: 0,
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.cells.len()
    }

    /// Takes note of a way to a state; says whether the state is new.
    pub(super) fn reach(&mut self, state: u32, case: &Case, story: u64, nearness: u8) -> bool {
        let Some(place) = self.by_state.get_mut(state as usize) else {
            return false;
        };
        if let Some(known) = place.checked_sub(1) {
            if let Some(cell) = self.cells.get_mut(known as usize) {
                cell.shorten(case, story);
            }
            return false;
        }
        if self.cells.len() >= CELLS_MAX {
            return false;
        }
        let number = self.cells.len();
        let cell = Cell {
            case: case.clone(),
            story,
            picks: 0,
            cost: cost(case),
            nearness,
        };
        self.turns
            .insert((self.now.saturating_add(cell.stride()), number));
        *place = u32::try_from(number + 1).unwrap_or(0);
        self.cells.push(cell);
        true
    }

    /// The state whose turn it is.
    pub(super) fn pick(&mut self) -> Option<Cell> {
        let (due, number) = self.turns.pop_first()?;
        let cell = self.cells.get_mut(number)?;
        let picked = cell.clone();
        cell.picks = cell.picks.saturating_add(1);
        self.turns
            .insert((due.saturating_add(cell.stride()), number));
        self.now = due;
        Some(picked)
    }

    /// The way with this number, counted around.
    pub(super) fn at(&self, number: usize) -> Option<&Case> {
        let place = number.checked_rem(self.cells.len())?;
        self.cells.get(place).map(|cell| &cell.case)
    }
}

impl Cell {
    /// Takes a better way to the same state.
    fn shorten(&mut self, case: &Case, story: u64) {
        if case.events.len() > self.case.events.len() {
            return;
        }
        let cost = cost(case);
        if cost < self.cost {
            self.case.clone_from(case);
            (self.cost, self.story) = (cost, story);
        }
    }

    /// How long it waits for its next turn.
    fn stride(&self) -> u64 {
        let rarity = 2_u64.saturating_pow((self.cost / 8).min(COST_MAX));
        STRIDE.saturating_mul(rarity) / (1 + u64::from(self.nearness))
    }
}

/// How far a way is from the ordinary: something for each event, and more for one that is out of
/// the ordinary or on another device than the one before.
fn cost(case: &Case) -> u32 {
    let mut cost = if case.is_plain_home() {
        0
    } else {
        DEVIATION_COST
    };
    let mut here = 0;
    for event in &case.events {
        let moves = event.device != here;
        let deviates = !event.leads_on();
        cost += 1 + DEVIATION_COST * (u32::from(moves) + u32::from(deviates));
        here = event.device;
    }
    cost
}
