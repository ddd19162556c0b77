//! Some hours of talk in a household, where it may wake a device, and how it goes on without end.

use super::law::{ChannelLaw, tail};
use crate::channel::{Channel, Spoken};
use mondegreen_generator::{Home, Talker};
use mondegreen_trace::{Asks, Household, Utterance};
use rand::{Rng, RngExt};
use std::collections::BTreeMap;
use std::rc::Rc;

pub(super) const HOUR_MS: u64 = 3_600_000;
/// Nobody is taken to speak for longer than this without a break.
const BEFORE_MS: u64 = 20_000;
/// Utterances, on average, after which talk goes on elsewhere on the tape.
const BLOCK: u32 = 5;

/// Some hours of talk in a household, and how likely each utterance wakes a device that sleeps.
#[derive(Clone, Debug)]
pub struct Tape {
    household: Household,
    talk: Vec<Utterance>,
    /// Their sounds.
    spoken: Vec<Rc<Spoken>>,
    /// How much luck it takes that one device that hears the utterance reports its name.
    luck: Vec<f64>,
    /// Up to and with each utterance, the probabilities that any device wakes, added.
    sums: Vec<f64>,
    /// For each utterance, which of the rooms it was said in; and for each of these, what was.
    rooms: Vec<usize>,
    said_in: Vec<Vec<usize>>,
    hours: u32,
}

/// A place in talk that goes on without end.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The next utterance of the tape,
    at: usize,
    /// and when it is said.
    pub(super) from_ms: u64,
    /// So many are still said as on the tape.
    straight: usize,
}

impl Tape {
    /// So many hours of this talk, which begins at time 0, in a home; heard by this channel.
    pub fn new<R: Rng>(
        home: &Home,
        talker: Talker<R>,
        hours: u32,
        channel: &mut Channel,
        law: &ChannelLaw,
    ) -> Self {
        let end_ms = u64::from(hours) * HOUR_MS;
        let talk: Vec<Utterance> = talker.take_while(|said| said.from_ms < end_ms).collect();
        channel.enter(&home.household);
        let spoken: Vec<_> = talk.iter().map(|said| channel.speak(&said.text)).collect();
        let luck = |spoken: &Rc<Spoken>| {
            let hearing = channel.hear(spoken, 0, Asks::Wake, "");
            hearing.nearest.as_ref().map_or(f64::INFINITY, |nearest| {
                let farthest = law.farthest(Asks::Wake, nearest.phones);
                law.wake.luck(nearest.cost, farthest)
            })
        };
        let luck: Vec<f64> = spoken.iter().map(luck).collect();
        let mut sum = 0.0;
        let sums = talk.iter().zip(&luck).map(|(said, luck)| {
            sum += any(tail(*luck), said.devices.len());
            sum
        });
        let sums = sums.collect();
        let mut known: BTreeMap<&[String], usize> = BTreeMap::new();
        let mut said_in: Vec<Vec<usize>> = Vec::new();
        let rooms = talk.iter().enumerate().map(|(at, said)| {
            let room = *known.entry(&said.devices).or_insert(said_in.len());
            if room == said_in.len() {
                said_in.push(Vec::new());
            }
            said_in[room].push(at);
            room
        });
        let rooms = rooms.collect();
        Self {
            household: home.household.clone(),
            sums,
            rooms,
            said_in,
            talk,
            spoken,
            luck,
            hours,
        }
    }

    /// Who lives here, as the assistant knows it.
    pub fn household(&self) -> &Household {
        &self.household
    }

    /// The place of the first thing that is still being said when this utterance begins, and how many
    /// utterances are said from there to this one.
    pub(super) fn before(&self, event: usize) -> (Place, usize) {
        let from_ms = |at: usize| self.talk.get(at).map_or(0, |said| said.from_ms);
        let said_ms = from_ms(event);
        let talk = self.talk.get(..event).unwrap_or_default();
        let near = talk.partition_point(|said| said.from_ms.saturating_add(BEFORE_MS) < said_ms);
        let goes_on = |said: &Utterance| said.to_ms > said_ms;
        let near_talk = talk.get(near..).unwrap_or_default();
        let at = near_talk
            .iter()
            .position(goes_on)
            .map_or(event, |first| near + first);
        let straight = event.saturating_sub(at);
        let from_ms = from_ms(at);
        let place = Place {
            at,
            from_ms,
            straight,
        };
        (place, straight)
    }

    /// What is said next from there, at its time, if that is not later than this; the place after.
    ///
    /// Talk goes on as on the tape, but for one time in [`BLOCK`] at which it goes on as elsewhere on
    /// the tape in the same room: the stationary bootstrap of Politis and Romano, Journal of the
    /// American Statistical Association 89, 1994.
    pub(super) fn next(
        &self,
        place: &mut Place,
        by_ms: Option<u64>,
        rng: &mut impl Rng,
    ) -> Option<(Utterance, Rc<Spoken>)> {
        let said = self.talk.get(place.at)?;
        if by_ms.is_some_and(|by_ms| place.from_ms > by_ms) {
            return None;
        }
        let mut now = (said.clone(), Rc::clone(&self.spoken[place.at]));
        now.0.from_ms = place.from_ms;
        now.0.to_ms = place.from_ms + said.to_ms.saturating_sub(said.from_ms);
        let is_straight = place.straight > 0;
        place.straight = place.straight.saturating_sub(1);
        let goes_on = is_straight || rng.random_range(0..BLOCK) > 0;
        let goes_on = goes_on && place.at + 1 < self.talk.len();
        let room = &self.said_in[self.rooms[place.at]];
        let mut elsewhere = || room[rng.random_range(0..room.len())];
        place.at = if goes_on { place.at + 1 } else { elsewhere() };
        place.from_ms += self.pause_ms(place.at);
        Some(now)
    }

    /// From the beginning of the utterance before to that of this one.
    fn pause_ms(&self, at: usize) -> u64 {
        let from_ms = |at: usize| self.talk.get(at).map_or(0, |said| said.from_ms);
        from_ms(at).saturating_sub(from_ms(at.saturating_sub(1)))
    }

    /// How many utterances it has.
    pub fn utterances(&self) -> usize {
        self.talk.len()
    }

    /// Where it begins.
    pub(super) fn beginning(&self) -> Place {
        self.before(0).0
    }

    /// How long it is.
    pub fn hours(&self) -> u32 {
        self.hours
    }

    /// How often a device that sleeps reports its name, surely or not, in an hour of talk: exactly,
    /// for this talk.
    pub fn reports_per_hour(&self) -> f64 {
        self.sums.last().copied().unwrap_or(0.0) / f64::from(self.hours)
    }

    /// An utterance in which a device hears its name, the device, and the luck that it takes: by
    /// their probability among all. Nothing if there is none that can.
    pub(super) fn report(&self, rng: &mut impl Rng) -> Option<(usize, String, f64)> {
        let all = self.sums.last().copied().filter(|all| *all > 0.0)?;
        let drawn = rng.random::<f64>() * all;
        let event = self.sums.partition_point(|sum| *sum <= drawn);
        let event = event.min(self.talk.len().saturating_sub(1));
        let (devices, luck) = (&self.talk.get(event)?.devices, *self.luck.get(event)?);
        // The first to hear it; a later one may too, in its turn.
        let each = tail(luck);
        let mut left = rng.random::<f64>() * any(each, devices.len());
        let mut silent = 1.0;
        let mut first = devices.iter().filter(|_| {
            left -= silent * each;
            silent *= 1.0 - each;
            left < 0.0
        });
        let device = first.next().or(devices.last())?.clone();
        Some((event, device, luck))
    }
}

/// How likely any of so many does.
fn any(each: f64, devices: usize) -> f64 {
    let devices = u32::try_from(devices).unwrap_or(u32::MAX);
    -(f64::from(devices) * (-each).ln_1p()).exp_m1()
}
