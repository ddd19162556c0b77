//! The shortest way that is known to each state of the assistant, and which to go on from.

use crate::case::Case;
use std::collections::{BTreeMap, BTreeSet};

/// What an event costs that is out of the ordinary, where one that is not costs 1; with every four
/// a way is gone on from half as often.
const DEVIATION_COST: u32 = 12;
const COST_MAX: u32 = 40;
/// One turn of the clock of a way that has nothing to recommend it.
const STRIDE: u64 = 1 << 20;

/// A state that was reached.
#[derive(Clone, Debug)]
struct Cell {
    /// The way there.
    case: Case,
    nearness: u8,
    picks: u32,
    /// When it is gone on from next, on the clock of the corpus.
    due: u64,
}

/// All states that were reached.
///
/// They take turns, each as often as it is promising, by stride scheduling (Waldspurger and Weihl,
/// OSDI 1994): plain ways, which end near a send, more often than others.
#[derive(Clone, Debug, Default)]
pub(super) struct Corpus {
    cells: Vec<Cell>,
    by_state: BTreeMap<u32, usize>,
    turns: BTreeSet<(u64, usize)>,
    /// The turn of the clock.
    now: u64,
}

impl Corpus {
    pub(super) const fn len(&self) -> usize {
        self.cells.len()
    }

    /// Takes note of a way to a state; says whether the state is new.
    pub(super) fn reach(&mut self, state: u32, case: &Case, nearness: u8) -> bool {
        if let Some(&known) = self.by_state.get(&state) {
            if let Some(cell) = self.cells.get_mut(known)
                && cost(case) < cost(&cell.case)
            {
                cell.case.clone_from(case);
            }
            return false;
        }
        let number = self.cells.len();
        let due = self.now.saturating_add(stride(case, nearness));
        self.cells.push(Cell {
            case: case.clone(),
            nearness,
            picks: 0,
            due,
        });
        self.by_state.insert(state, number);
        self.turns.insert((due, number));
        true
    }

    /// The way whose turn it is, and how often it had its turn before.
    pub(super) fn pick(&mut self) -> Option<(&Case, u32)> {
        let (due, number) = self.turns.pop_first()?;
        let cell = self.cells.get_mut(number)?;
        let picks = cell.picks;
        cell.picks = picks.saturating_add(1);
        cell.due = due.saturating_add(stride(&cell.case, cell.nearness));
        self.now = due;
        self.turns.insert((cell.due, number));
        Some((&cell.case, picks))
    }

    /// The way with this number, counted around.
    pub(super) fn at(&self, number: usize) -> Option<&Case> {
        let place = number.checked_rem(self.cells.len())?;
        self.cells.get(place).map(|cell| &cell.case)
    }
}

/// How long a way waits for its next turn.
fn stride(case: &Case, nearness: u8) -> u64 {
    let rarity = 2_u64.saturating_pow(cost(case).min(COST_MAX));
    STRIDE.saturating_mul(rarity) / (1 + u64::from(nearness))
}

/// How far a way is from the ordinary: a quarter for each event, and more for one that is out of
/// the ordinary or on another device than the one before.
fn cost(case: &Case) -> u32 {
    let mut quarters = if case.is_plain_home() {
        0
    } else {
        DEVIATION_COST
    };
    let mut here = 0;
    for event in &case.events {
        let moves = event.device != here;
        let deviates = !event.leads_on();
        quarters += 1 + DEVIATION_COST * (u32::from(moves) + u32::from(deviates));
        here = event.device;
    }
    quarters / 4
}
