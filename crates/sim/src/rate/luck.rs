//! Luck that shows itself little by little, so that a search can go on from where it is great.

use super::law::{ChannelLaw, luck_between, tail};
use crate::channel::Spotted;
use crate::room::{Chance, Speech, Stake};
use mondegreen_trace::Asks;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How much luck shows at a time, in log-odds.
const STRIDE: f64 = 1.0;
/// What takes this much luck more, in log-odds, is as far as can be.
const FAR: f64 = 40.0;

/// What chance has to remember.
#[derive(Clone, Debug, Default)]
pub(super) struct Luck {
    /// The speech that a device is to hear its name in first, and the luck that it takes; nothing is
    /// heard as a name before.
    first: Option<(Speech, f64)>,
    /// The luck that a text has on a device, whenever it is said.
    habits: BTreeMap<(Rc<str>, String), f64>,
    toss: Option<Toss>,
}

/// A draw of which it is not known yet how it ends.
#[derive(Clone, Copy, Debug)]
struct Toss {
    /// There is more luck in it than this.
    above: f64,
    /// More than this changes nothing.
    enough: f64,
    /// It is this, once that is known.
    settled: Option<f64>,
    /// It is the text's own on this device.
    is_habit: bool,
    /// It shows itself little by little: there is something to be gained.
    leads_on: bool,
    /// How much of what is said would be heard as the phrase, from 0 to 1.
    share: f64,
}

impl Luck {
    pub(super) fn with_first(first: Option<(Speech, f64)>) -> Self {
        Self {
            first,
            ..Self::default()
        }
    }

    /// Whether the speech that is to come first has come.
    pub(super) const fn has_begun(&self) -> bool {
        self.first.is_none()
    }

    /// Lets some more of the luck show that the next thing takes; false once all of it is known.
    pub(super) fn shows(&mut self, stake: &Stake, law: &ChannelLaw, rng: &mut ChaCha8Rng) -> bool {
        if self.waits_for_another(stake) {
            return false;
        }
        let toss = match self.toss {
            Some(toss) => toss,
            None => self.toss(stake, law, rng),
        };
        let toss = toss.go_on(rng);
        self.toss = Some(toss);
        toss.settled.is_none()
    }

    /// How near the draw has come to enough luck: from 0 to less than 1. What counts is the luck that is
    /// still to come, in log-odds, and not how much has: that says how likely it is. An answer that is only
    /// part of what is said counts for less, as many assistants take none.
    pub(super) fn progress(&self) -> f64 {
        let Some(toss) = self.toss.filter(|toss| toss.settled.is_none()) else {
            return 0.0;
        };
        let left = toss.enough - toss.above;
        toss.share * (1.0 - left / FAR).clamp(0.0, 0.999)
    }

    fn waits_for_another(&self, stake: &Stake) -> bool {
        let first = self.first.as_ref();
        stake.asks == Asks::Wake && first.is_some_and(|(first, _)| *first != stake.speech)
    }

    fn toss(&self, stake: &Stake, law: &ChannelLaw, rng: &mut ChaCha8Rng) -> Toss {
        let enough = law.noise(stake.asks).luck(stake.nearest.cost, 0.0);
        let from = match &self.first {
            Some((_, luck)) if stake.asks == Asks::Wake => *luck,
            _ => f64::NEG_INFINITY,
        };
        let is_habit = stake.asks == Asks::Wake && rng.random::<f64>() < law.wake_repeat;
        let known = if is_habit && self.first.is_none() {
            self.habits.get(&habit(stake)).copied()
        } else {
            None
        };
        Toss {
            above: from,
            enough,
            settled: known,
            is_habit,
            leads_on: stake.nearest.leads_on,
            share: stake.share(),
        }
    }

    /// Ends the draw.
    fn settle(&mut self, stake: &Stake) -> Option<f64> {
        let toss = self.toss.take()?;
        let luck = toss.settled?;
        if stake.asks == Asks::Wake {
            self.first = None;
            if toss.is_habit {
                self.habits.insert(habit(stake), luck);
            }
        }
        Some(luck)
    }
}

fn habit(stake: &Stake) -> (Rc<str>, String) {
    (Rc::clone(&stake.speech.device), stake.text().to_owned())
}

impl Toss {
    fn go_on(self, rng: &mut ChaCha8Rng) -> Self {
        if self.settled.is_some() {
            return self;
        }
        if self.above >= self.enough {
            return Self {
                settled: Some(self.above),
                ..self
            };
        }
        let next = match self.above {
            _ if !self.leads_on => f64::INFINITY,
            below if below < 0.0 => 0.0,
            above => above + STRIDE,
        };
        let goes_on = rng.random::<f64>() * tail(self.above) < tail(next);
        if goes_on {
            return Self {
                above: next,
                ..self
            };
        }
        let settled = Some(luck_between(self.above, next, rng));
        Self { settled, ..self }
    }
}

/// The draws of a household's chance.
pub(super) struct Dice<'a> {
    pub(super) law: &'a ChannelLaw,
    pub(super) luck: &'a mut Luck,
    pub(super) rng: &'a mut ChaCha8Rng,
}

impl Chance for Dice<'_> {
    fn hears(&mut self, stake: &Stake) -> Option<Spotted> {
        if self.luck.waits_for_another(stake) {
            return None;
        }
        while self.luck.shows(stake, self.law, self.rng) {}
        let luck = self.luck.settle(stake)?;
        let Stake { asks, nearest, .. } = stake;
        let noise = self.law.noise(*asks);
        let heard = nearest.at(noise.distance(nearest.cost, luck));
        let farthest = self.law.farthest(*asks, nearest.phones);
        (heard.cost.as_f64() <= farthest).then_some(heard)
    }
}
