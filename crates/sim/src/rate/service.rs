//! What a safeguard costs those who do want to send, and those who want nothing.

use super::World;
use super::law::ChannelLaw;
use super::luck::{Dice, Luck};
use super::replayed::Fork;
use super::session::{Looking, Session};
use crate::assistant::{Assistant, Broken};
use crate::channel::Channel;
use crate::estimate::{CONFIDENCE, Interval, Model};
use crate::genuine::{Served, Wish, serve_by};
use crate::hold::hold_by;
use crate::seed::{Purpose, random};
use mondegreen_oracle::Rule;
use mondegreen_trace::{Effect, Event, Line};
use serde::Serialize;

/// Homes in which interruptions are counted, and sessions in each.
const HOMES: u32 = 30;
const SESSIONS: u32 = 300;

/// How people are served who ask for a message once, plainly, and are heard by chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Service {
    /// How many asked, each in a home of their own.
    pub asked: u32,
    /// Of how many the message went to whom they wanted, and to nobody else.
    pub served: u32,
    /// Where the share of those lies.
    pub interval: Interval,
    /// How often they spoke, on average of those who were served.
    pub turns: f64,
    /// From their first word to the sending, on average of those who were served.
    pub seconds: f64,
}

impl Service {
    /// Lets so many people ask.
    ///
    /// # Errors
    /// When the assistant breaks.
    pub fn of<A: Assistant>(
        world: &World,
        assistant: &mut A,
        asked: u32,
        seed: u64,
    ) -> Result<Self, Broken> {
        let (mut served, mut turns, mut millis) = (0, 0.0, 0.0);
        for person in 0..asked {
            let seed = seed.wrapping_mul(1 << 32).wrapping_add(u64::from(person));
            let one = ask(world, assistant, seed);
            if let Some(broken) = one.held.broken {
                return Err(broken);
            }
            let is_wrong = one
                .breaches
                .iter()
                .any(|breach| matches!(breach.rule, Rule::I1 | Rule::I2 | Rule::I3));
            if let Some(sent_ms) = sent_ms(&one)
                && !is_wrong
            {
                served += 1;
                turns += f64::from(u32::try_from(one.turns).unwrap_or(u32::MAX));
                millis += sent_ms;
            }
        }
        let among = f64::from(served.max(1));
        Ok(Self {
            asked,
            served,
            interval: Interval::of_count(u64::from(served), u64::from(asked), CONFIDENCE),
            turns: turns / among,
            seconds: millis / 1_000.0 / among,
        })
    }
}

fn ask<A: Assistant>(world: &World, assistant: &mut A, seed: u64) -> Served {
    let home = world.traffic.home(&mut random(seed, Purpose::Household));
    let mut channel = Channel::new(&world.wake, &home.household);
    let hold = |script: &_, channel: &mut Channel| {
        // The same words have the same luck, however much is said after them.
        let mut rng = random(seed, Purpose::Talk);
        let mut luck = Luck::default();
        let law: &ChannelLaw = &world.law;
        let mut dice = Dice {
            law,
            luck: &mut luck,
            rng: &mut rng,
        };
        hold_by(script, channel, assistant, &mut dice)
    };
    serve_by(
        Wish::Send,
        &world.wake,
        &home.household,
        seed,
        &mut channel,
        hold,
    )
}

/// How long after the person's first word a message left, in milliseconds, if one did.
#[expect(clippy::cast_precision_loss, reason = "minutes")]
fn sent_ms(served: &Served) -> Option<f64> {
    let mut now_ms = 0;
    let sent_ms = served.held.trace.lines.iter().find_map(|line| match line {
        Line::In(input) => {
            now_ms = input.at_ms().unwrap_or(now_ms);
            None
        }
        Line::Out(Effect::Send { .. }) => Some(now_ms),
        Line::Out(_) | Line::Said { .. } => None,
    })?;
    let first_ms = served.script.events.first().map_or(0, Event::at_ms);
    Some(sent_ms.saturating_sub(first_ms) as f64)
}

/// How often people are interrupted who want nothing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interruptions {
    /// How often a device listens for more than its name, in an hour of talk.
    pub wakes: f64,
    /// Where that lies.
    pub wakes_interval: Interval,
    /// Prompts in an hour of talk.
    pub prompts: f64,
}

impl Interruptions {
    /// Counts them in sessions of many homes.
    ///
    /// # Errors
    /// When the assistant breaks.
    pub fn of<A: Fork>(world: &World, assistant: &A, seed: u64) -> Result<Self, Broken> {
        let mut session = Session::new(world.clone(), Looking::Wakes, assistant.clone());
        let mut rng = random(seed, Purpose::Interruptions);
        let (mut wakes, mut squares, mut prompts) = (0.0, 0.0, 0.0);
        for _ in 0..HOMES {
            let worth = session.renew(&mut rng)? / f64::from(SESSIONS);
            let mut woke = 0.0;
            for _ in 0..SESSIONS {
                let awake = session.start(&mut rng)?;
                let came = session.follow(awake, &mut rng)?;
                woke += worth * f64::from(u8::from(came.woke));
                prompts += worth * f64::from(u32::try_from(came.prompts).unwrap_or(u32::MAX));
            }
            wakes += woke;
            squares += woke * woke;
        }
        let homes = f64::from(HOMES);
        let mean = wakes / homes;
        let variance = (squares / homes - mean * mean).max(0.0) / (homes - 1.0);
        Ok(Self {
            wakes: mean,
            wakes_interval: if mean > 0.0 {
                let error = variance.sqrt() / mean;
                Interval::of_replications(mean, error, u64::from(HOMES), CONFIDENCE)
            } else {
                Interval {
                    low: 0.0,
                    high: f64::INFINITY,
                }
            },
            prompts: prompts / homes,
        })
    }
}
