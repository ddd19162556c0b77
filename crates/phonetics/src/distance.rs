//! How far apart two stretches of phones sound, in nats.
//!
//! The unit is the natural logarithm of the odds against a mishearing: a step that costs `c` nats
//! is taken e^−c times as often as the phone is heard right. This is the similarity choice model
//! of Luce (1963) and Shepard (1957), symmetric in what was said and what was heard; so costs are
//! a metric, and `docs/distance.md` says what each weight rests on and what the figures do not show.
//!
//! Costs are whole thousandths of a nat everywhere, so that the search, the spotter and the
//! alignment agree to the last digit on every machine.

mod costs;
mod words;

use crate::Phone;
use std::fmt::{self, Display, Formatter};
use std::iter::Sum;
use std::ops::Add;

pub(crate) use costs::COSTS;
pub use costs::Costs;
pub use words::{WordHit, within_words};

/// A cost in nats, −ln of a likelihood ratio, kept as whole thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nats(u32);

impl Nats {
    /// No cost at all.
    pub const ZERO: Self = Self(0);

    /// So many thousandths of a nat.
    pub const fn from_millis(millis: u32) -> Self {
        Self(millis)
    }

    /// In thousandths of a nat.
    pub const fn millis(self) -> u32 {
        self.0
    }

    /// In nats.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

impl Add for Nats {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Nats {
    fn sum<I: Iterator<Item = Self>>(costs: I) -> Self {
        costs.fold(Self::ZERO, Self::add)
    }
}

impl Display for Nats {
    /// With three decimals, without the unit.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:03}", self.0 / 1000, self.0 % 1000))
    }
}

/// How what was said turns into what was heard, step by step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alignment {
    /// The sum over the steps.
    pub cost: Nats,
    /// The steps, in time order.
    pub steps: Vec<Step>,
}

/// One step of an [`Alignment`]. At least one of the two phones is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was said; nothing, if it was heard out of nowhere.
    pub said: Option<Phone>,
    /// What was heard; nothing, if it was missed.
    pub heard: Option<Phone>,
    /// What the step costs; nothing, if it was heard right.
    pub cost: Nats,
}

/// Where a phrase hides in a stretch of phones, and at what cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hit {
    /// The cost of the alignment.
    pub cost: Nats,
    /// The first phone of the stretch that is part of it.
    pub start: usize,
    /// The first phone after it.
    pub end: usize,
}

/// The cost of hearing `heard` when `said` was said; zero if they are the same.
pub fn substitution(said: Phone, heard: Phone) -> Nats {
    Nats(u32::from(COSTS.substitution[said.index()][heard.index()]))
}

/// The cost of missing a phone, and of hearing it out of nowhere.
pub fn gap(phone: Phone) -> Nats {
    Nats(u32::from(COSTS.gap[phone.index()]))
}

/// The least cost at which all of `a` is heard as all of `b`. It is a metric.
pub fn distance(a: &[Phone], b: &[Phone]) -> Nats {
    distance_by(&COSTS, a, b)
}

/// The same, where steps have these costs.
pub fn distance_by(costs: &Costs, a: &[Phone], b: &[Phone]) -> Nats {
    // At once: a vector that grows with what comes in costs as much as a short word.
    let mut row = Vec::with_capacity(b.len() + 1);
    row.extend(costs.of_prefixes(b));
    let mut last = row.last().copied().unwrap_or(0);
    for said in a {
        let missed = u32::from(costs.gap[said.index()]);
        let substitutions = &costs.substitution[said.index()];
        let mut diagonal = row[0];
        last = diagonal + missed;
        row[0] = last;
        for (cell, heard) in row[1..].iter_mut().zip(b) {
            let paired = diagonal + u32::from(substitutions[heard.index()]);
            let invented = last + u32::from(costs.gap[heard.index()]);
            diagonal = *cell;
            // Kept at hand: to read the cell back would wait for the store.
            last = paired.min(diagonal + missed).min(invented);
            *cell = last;
        }
    }
    Nats(last)
}

/// How `said` is best heard as `heard`. Of several ways that cost the same, the one that pairs
/// phones latest.
pub fn align(said: &[Phone], heard: &[Phone]) -> Alignment {
    let width = heard.len() + 1;
    let mut table = vec![0_u32; (said.len() + 1) * width];
    for i in 0..=said.len() {
        for j in 0..width {
            table[i * width + j] = steps_to(said, heard, i, j)
                .map(|(step, from)| table[from.0 * width + from.1] + step.cost.0)
                .min()
                .unwrap_or(0);
        }
    }
    let mut steps = Vec::new();
    let mut at = (said.len(), heard.len());
    while let Some((step, from)) = steps_to(said, heard, at.0, at.1)
        .min_by_key(|(step, from)| table[from.0 * width + from.1] + step.cost.0)
    {
        steps.push(step);
        at = from;
    }
    steps.reverse();
    Alignment {
        cost: Nats(table[said.len() * width + heard.len()]),
        steps,
    }
}

/// The steps that lead to cell (i, j) of the alignment table, each with the cell that it leaves.
fn steps_to(
    said: &[Phone],
    heard: &[Phone],
    i: usize,
    j: usize,
) -> impl Iterator<Item = (Step, (usize, usize))> {
    let s = i.checked_sub(1).map(|before| (said[before], before));
    let h = j.checked_sub(1).map(|before| (heard[before], before));
    let both = s.zip(h).map(|((s, above), (h, left))| {
        (
            Step {
                said: Some(s),
                heard: Some(h),
                cost: substitution(s, h),
            },
            (above, left),
        )
    });
    let missed = s.map(|(s, above)| {
        (
            Step {
                said: Some(s),
                heard: None,
                cost: gap(s),
            },
            (above, j),
        )
    });
    let invented = h.map(|(h, left)| {
        (
            Step {
                said: None,
                heard: Some(h),
                cost: gap(h),
            },
            (i, left),
        )
    });
    both.into_iter().chain(missed).chain(invented)
}

/// Where `phrase` is best heard in `stretch`; what lies before and after costs nothing.
///
/// Of several places that cost the same, the one that ends first, and then the shortest. A phrase
/// that is cheapest to hear out of nowhere is found in the empty stretch at 0.
pub fn within(phrase: &[Phone], stretch: &[Phone]) -> Hit {
    let mut column: Vec<Cell> = first_column(phrase).collect();
    let last = phrase.len();
    let mut best = Hit {
        cost: column[last].cost(),
        start: 0,
        end: 0,
    };
    for (at, &said) in stretch.iter().enumerate() {
        advance(&mut column, phrase, said, Cell::NOTHING);
        let cell = column[last];
        if cell.cost() < best.cost {
            best = Hit {
                cost: cell.cost(),
                start: at + 1 - cell.length(),
                end: at + 1,
            };
        }
    }
    best
}

/// The least cost at which a prefix of a phrase is heard in a stretch, then the fewest phones of the
/// stretch. Both lie in one number, the cost above the phones, so that to compare is one step: hearing
/// does little else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell(u64);

impl Cell {
    /// The empty prefix in the empty stretch.
    pub(crate) const NOTHING: Self = Self(0);

    const fn of(cost: u32) -> Self {
        Self((cost as u64) << u32::BITS)
    }

    /// This much dearer.
    const fn plus(self, cost: u16) -> Self {
        Self(self.0 + ((cost as u64) << u32::BITS))
    }

    /// The same, in a stretch that is longer by a phone.
    const fn longer(self) -> Self {
        Self(self.0 + 1)
    }

    /// What it costs to miss a phone of the stretch as well.
    pub(crate) const fn missing(self, said: Phone) -> Self {
        self.plus(COSTS.gap[said.index()]).longer()
    }

    pub(crate) const fn cost(self) -> Nats {
        Nats((self.0 >> u32::BITS) as u32)
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the lower half is what is meant"
    )]
    pub(crate) const fn length(self) -> usize {
        self.0 as u32 as usize
    }
}

/// One phone of the stretch: each cell is the best of a prefix of the phrase in a stretch that ends
/// here. `nothing` is the cell of the empty prefix.
pub(crate) fn advance(column: &mut [Cell], phrase: &[Phone], said: Phone, nothing: Cell) {
    let substitutions = &COSTS.substitution[said.index()];
    let Some((first, rest)) = column.split_first_mut() else {
        return;
    };
    let mut diagonal = std::mem::replace(first, nothing);
    let mut above = nothing;
    for (cell, &heard) in rest.iter_mut().zip(phrase) {
        let paired = diagonal.plus(substitutions[heard.index()]).longer();
        let missed = cell.missing(said);
        let invented = above.plus(COSTS.gap[heard.index()]);
        diagonal = *cell;
        // Kept at hand: to read the cell back would wait for the store.
        above = paired.min(missed).min(invented);
        *cell = above;
    }
}

/// Before any phone of the stretch: the first 0, 1, … phones of the phrase, heard out of nowhere.
pub(crate) fn first_column(phrase: &[Phone]) -> impl Iterator<Item = Cell> {
    COSTS.of_prefixes(phrase).map(Cell::of)
}

/// How sure the channel is of a phrase of so many phones that it heard at this cost: the geometric
/// mean over the phones, exp(−cost / phones), in thousandths, from 0 to 1.
///
/// It compares phrases of unlike length; it is not the probability that the phrase was said.
pub fn confidence(cost: Nats, phones: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no phrase has 2^52 phones")]
    let mean = cost.as_f64() / phones.max(1) as f64;
    // Rounded, so that the last bits of a machine's `exp` are seen nowhere.
    ((-mean).exp() * 1000.0).round() / 1000.0
}
