//! `estimate`: how often an assistant sends what nobody asked it to send.

mod merge;
mod page;

use crate::Status;
use crate::args::rate::{Estimate as Args, World as WorldArgs};
use crate::args::target::{Chosen, Subject};
use crate::commands::{channel_from, text_from};
use crate::error::Error;
use indicatif::{ProgressBar, ProgressStyle};
pub(crate) use merge::merge;
use mondegreen_generator::Traffic;
use mondegreen_sim::campaign::ShardOf;
use mondegreen_sim::estimate::{Estimate, Interval, Method, Settings, Shard, Until};
use mondegreen_sim::{Broken, ChannelLaw, Fork, Interruptions, Looking, Replayed, Session, World};
pub(crate) use page::number;
use page::{Asked, Known, Page};
use std::io::Write;
use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread::{self, available_parallelism};
use std::time::Duration;

/// Hours of talk in each home that is drawn.
const HOURS: u32 = 10;
/// Sessions followed at a time in each home.
pub(crate) const TRAJECTORIES: NonZeroU32 = NonZeroU32::new(500).unwrap();
/// Counted at a time in each home: homes take longer than sessions that are followed once.
const COUNTED: NonZeroU32 = NonZeroU32::new(2_000).unwrap();
/// Of a program, which is slower.
const PROGRAM_TRAJECTORIES: NonZeroU32 = NonZeroU32::new(200).unwrap();
/// Household-hours in a million household-hours, and hours in a day.
pub(crate) const MILLION: f64 = 1e6;
pub(crate) const DAY: f64 = 24.0;

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let subject = args.target.subject();
    let figures = Figures::read(&args.world)?;
    let world = figures.world(subject.wake())?;
    let shard = args.shard.here()?;
    let limits = Limits {
        shard: shard.map_or(Shard::WHOLE, ShardOf::shard),
        error: args.error,
        steps: args.steps,
        time: args.steps.is_none().then_some(args.time),
        method: if args.crude {
            Method::Crude
        } else {
            Method::FixedEffort
        },
        seed: args.world.seed,
    };
    let (rate, interruptions) = match &subject.chosen {
        Chosen::Ours(named) => {
            let named = *named;
            let make = || Ok(named.assistant());
            let trajectories = if args.crude { COUNTED } else { TRAJECTORIES };
            both(&subject, &world, make, trajectories, &limits)?
        }
        Chosen::Program(command) => {
            let (command, program) = (command.clone(), subject.limits());
            let make = || mondegreen_sim::Process::spawn(&command, program).map(Replayed::new);
            both(&subject, &world, make, PROGRAM_TRAJECTORIES, &limits)?
        }
    };
    let shards: Vec<ShardOf> = shard.into_iter().collect();
    let page = Page {
        name: subject.name(),
        figures: &figures,
        rate: &rate,
        wakes: Known {
            value: interruptions.wakes,
            interval: interruptions.wakes_interval,
        },
        asked: Asked {
            error: args.error,
            devices: args.devices,
            seed: args.world.seed,
            repeat: Some(args.repeat()),
        },
        shards: &shards,
    };
    if args.json {
        page.write_json(out)?;
    } else {
        page.write(out)?;
    }
    Ok(Status::Clean)
}

fn both<A: Fork>(
    subject: &Subject<'_>,
    world: &World,
    make: impl Fn() -> Result<A, Broken> + Sync,
    trajectories: NonZeroU32,
    limits: &Limits,
) -> Result<(Estimate, Interruptions), Error> {
    // Beside the rate, which has one thread while it looks for its levels.
    let (rate, interruptions) = thread::scope(|scope| {
        let beside = scope.spawn(|| Interruptions::of(world, &make()?, limits.seed));
        let rate = rate(subject.name(), world, &make, trajectories, limits);
        (rate, beside.join())
    });
    let interruptions = interruptions.unwrap_or_else(|panic| resume_unwind(panic));
    Ok((rate?, interruptions.map_err(Error::Broken)?))
}

/// The files that were named, as text, and what they say.
pub(crate) struct Figures {
    pub(crate) traffic_text: String,
    pub(crate) channel_text: String,
    traffic: Traffic,
    law: ChannelLaw,
}

impl Figures {
    pub(crate) fn read(args: &WorldArgs) -> Result<Self, Error> {
        let traffic_text = match &args.traffic {
            Some(path) => text_from(path)?,
            None => Traffic::SHIPPED.to_owned(),
        };
        let channel_text = channel_from(args.channel.as_deref())?;
        let none = Path::new("the file that comes along");
        let traffic = args.traffic.as_deref().unwrap_or(none);
        let channel = args.channel.as_deref().unwrap_or(none);
        Self::of((traffic, traffic_text), (channel, channel_text))
    }

    /// What these texts say, each of the file that it is from.
    fn of(
        (traffic_path, traffic_text): (&Path, String),
        (channel_path, channel_text): (&Path, String),
    ) -> Result<Self, Error> {
        let traffic = Traffic::read(&traffic_text);
        let law = ChannelLaw::read(&channel_text);
        Ok(Self {
            traffic: traffic.map_err(|error| Error::line(traffic_path, error.line(), &error))?,
            law: law.map_err(|error| Error::line(channel_path, error.line(), &error))?,
            traffic_text,
            channel_text,
        })
    }

    /// Hours of talk in an hour of a household.
    pub(crate) fn talk_per_hour(&self) -> f64 {
        self.traffic.talk_per_hour()
    }

    /// Homes with an assistant of this name.
    pub(crate) fn world(&self, wake: &str) -> Result<World, Error> {
        if self.traffic.talk_per_hour() <= 0.0 {
            let why =
                "a home in which nothing is said has no rate; give talk.hours or television.hours";
            return Err(Error::Setting(why.to_owned()));
        }
        Ok(World {
            traffic: self.traffic.clone(),
            law: self.law,
            wake: wake.to_owned(),
            hours: HOURS,
        })
    }
}

/// How long an estimate goes on.
pub(crate) struct Limits {
    pub(crate) shard: Shard,
    pub(crate) error: f64,
    pub(crate) steps: Option<u64>,
    pub(crate) time: Option<Duration>,
    pub(crate) method: Method,
    pub(crate) seed: u64,
}

/// Unintended sends in an hour of talk.
#[expect(clippy::disallowed_types, reason = "--time is a limit on real time")]
pub(crate) fn rate<A: Fork>(
    name: &str,
    world: &World,
    make: impl Fn() -> Result<A, Broken> + Sync,
    trajectories: NonZeroU32,
    limits: &Limits,
) -> Result<Estimate, Error> {
    let begun = std::time::Instant::now();
    let line = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
        line.set_style(style);
    }
    line.set_message(format!("{name}: looking for the levels"));
    line.tick();
    let session = || Ok(Session::new(world.clone(), Looking::Sends, make()?));
    let settings = Settings {
        model: format!("{name}: unintended sends in an hour of talk, {world:?}"),
        method: limits.method,
        trajectories,
        seed: limits.seed,
    };
    let mut model = session().map_err(Error::Broken)?;
    let mut estimate = Estimate::begin(&mut model, settings).map_err(Error::Broken)?;
    let until = Until {
        relative_error: Some(limits.error),
        steps: limits.steps,
    };
    let threads = available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let per_million = MILLION * world.traffic.talk_per_hour();
    let ran = estimate.run(session, limits.shard, threads, |so_far| {
        if let Some(summary) = so_far.summary() {
            let Interval { low, high } = summary.interval;
            let [rate, low, high] = [summary.probability, low, high].map(|rate| rate * per_million);
            let homes = summary.replications;
            line.set_message(format!(
                "{name}: {rate:.3e} in a million household-hours ({low:.1e} to {high:.1e}), {homes} homes"
            ));
            line.tick();
        }
        let is_over = limits.time.is_some_and(|time| begun.elapsed() >= time);
        if is_over { ControlFlow::Break(()) } else { until.go_on(so_far) }
    });
    line.finish_and_clear();
    ran.map_err(Error::Broken)?;
    Ok(estimate)
}
