//! Which unit comes next.

use crate::estimate::Shard;
use serde::{Deserialize, Serialize};

/// Which search a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Engine {
    /// What people say, through the channel ([`crate::Hunt`]).
    Hunt,
    /// What a recogniser may report ([`crate::Search`]).
    Fuzz,
    /// Talk that is heard right and permits nothing ([`crate::misread`]).
    Misread,
}

impl Engine {
    /// All searches.
    pub const ALL: [Self; 3] = [Self::Hunt, Self::Fuzz, Self::Misread];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hunt => "hunt",
            Self::Fuzz => "fuzz",
            Self::Misread => "misread",
        }
    }
}

/// A piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit {
    /// The assistant, by its place in the settings.
    pub assistant: usize,
    /// The search.
    pub engine: Engine,
    /// The number among the units of this assistant and search, in all shards; its seed is the
    /// campaign's and so much.
    pub number: u64,
}

/// The longest unit is so many times as long as the shortest.
const LENGTH_MAX: u64 = 16;

impl Unit {
    /// How many times as long as the shortest unit it is: 1, 1, 2, 1, 1, 2, 4, 1, 1, 2, 1, 1, 2, 4, 8 and
    /// so on, up to 16 (Luby, Sinclair and Zuckerman, 1993). Something new comes soon, and as much
    /// work goes into long searches, which reach what short ones do not.
    pub fn length(&self) -> u64 {
        let mut place = u128::from(self.number) + 1;
        // A place that is 2^k − 1 ends a run of 2^k − 1 places; others repeat what came before.
        while !(place + 1).is_power_of_two() {
            place -= (place + 1).next_power_of_two() / 2 - 1;
        }
        let length = u64::try_from(place.div_ceil(2)).unwrap_or(LENGTH_MAX);
        length.min(LENGTH_MAX)
    }
}

/// All units of a shard, in the order in which they are handed out: every assistant has its turn
/// with each of its searches, and then again with the next number.
#[derive(Clone, Debug)]
pub struct Plan {
    lanes: Vec<(usize, Engine)>,
    shard: Shard,
}

impl Plan {
    /// The units of assistants, each of which is searched in so many ways.
    pub fn new(engines: &[Vec<Engine>], shard: Shard) -> Self {
        let lanes = engines.iter().enumerate();
        let of = |(assistant, engines): (usize, &Vec<Engine>)| {
            let engines = engines.clone().into_iter();
            engines.map(move |engine| (assistant, engine))
        };
        Self {
            lanes: lanes.flat_map(of).collect(),
            shard,
        }
    }

    /// The unit whose turn is this one; none if there is nothing to do at all.
    pub fn unit(&self, turn: u64) -> Option<Unit> {
        let count = u64::try_from(self.lanes.len()).ok()?;
        let lane = usize::try_from(turn.checked_rem(count)?).ok()?;
        let (assistant, engine) = *self.lanes.get(lane)?;
        Some(Unit {
            assistant,
            engine,
            number: self.shard.number(turn / count),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn both() -> Vec<Engine> {
        vec![Engine::Hunt, Engine::Fuzz]
    }

    #[test]
    fn lengths_are_those_of_luby() {
        let length = |number| {
            let (assistant, engine) = (0, Engine::Fuzz);
            Unit {
                assistant,
                engine,
                number,
            }
            .length()
        };
        let lengths: Vec<u64> = (0..15).map(length).collect();
        assert_eq!(lengths, [1, 1, 2, 1, 1, 2, 4, 1, 1, 2, 1, 1, 2, 4, 8]);
        assert_eq!((length(62), length(126), length(u64::MAX)), (16, 16, 1));
    }

    #[test]
    fn every_search_has_its_turn() {
        let plan = Plan::new(&[both(), vec![Engine::Misread]], Shard::WHOLE);
        let units: Vec<Unit> = (0..6).filter_map(|turn| plan.unit(turn)).collect();
        let wanted = [(0, Engine::Hunt), (0, Engine::Fuzz), (1, Engine::Misread)];
        let wanted = (0..2).flat_map(|number| {
            wanted.map(|(assistant, engine)| Unit {
                assistant,
                engine,
                number,
            })
        });
        assert_eq!(units, wanted.collect::<Vec<_>>());
        assert_eq!(Plan::new(&[], Shard::WHOLE).unit(0), None);
    }

    /// Three shards have the units of the whole, and none has one of another.
    #[test]
    fn shards_share_the_units() {
        let units = |shard, turns: u64| {
            let plan = Plan::new(&[both(), both()], shard);
            (0..turns)
                .filter_map(|turn| plan.unit(turn))
                .collect::<Vec<_>>()
        };
        let shards = (0..3).map(|index| Shard::new(index, 3).expect("a shard"));
        let all: Vec<Unit> = shards.flat_map(|shard| units(shard, 8)).collect();
        let distinct: BTreeSet<Unit> = all.iter().copied().collect();
        assert_eq!(distinct.len(), all.len());
        assert_eq!(distinct, units(Shard::WHOLE, 24).into_iter().collect());
    }
}
