//! `compare`: assistants or safeguards side by side, by what they let happen and what they cost.

mod page;

use crate::Status;
use crate::args::rate::Compare as Args;
use crate::args::target::Named;
use crate::commands::estimate::{Figures, Limits, TRAJECTORIES, rate};
use crate::error::Error;
use crate::report::{Pareto, Point};
use mondegreen_oracle::{Rule, judge};
use mondegreen_sim::estimate::{Method, Shard, Summary};
use mondegreen_sim::{
    Channel, Interruptions, Preset, Reference, Safeguard, Service, Total, World, hold, home, margin,
};
use mondegreen_trace::Script;
use page::Page;
use std::io::Write;

/// So many people ask for a message.
const ASKED: u32 = 1_000;
/// The conversation of the incident.
const PORTLAND: &str = include_str!("../../../../corpora/incidents/portland-2018.script");

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let figures = Figures::read(&args.world)?;
    let groups = groups(args);
    let mut measured = Vec::new();
    for group in groups {
        let mut rows = Vec::new();
        for (name, assistant) in group.rows {
            rows.push(measure(args, &figures, name, assistant)?);
        }
        measured.push(Measured {
            title: group.title,
            rows,
        });
    }
    let page = Page {
        args,
        figures: &figures,
        groups: &measured,
    };
    if let Some(file) = &args.plot {
        file.write(&pareto(&measured))?;
    }
    if args.json {
        page.write_json(out)?;
    } else {
        page.write(out)?;
    }
    Ok(Status::Clean)
}

/// Assistants that are compared with the first of them.
struct Group {
    title: &'static str,
    rows: Vec<(String, Named)>,
}

struct Measured {
    title: &'static str,
    rows: Vec<Row>,
}

/// What is known of an assistant.
struct Row {
    name: String,
    /// Unintended sends in an hour of talk.
    rate: Summary,
    margin: Total,
    service: Service,
    interruptions: Interruptions,
    /// Whether the conversation of the incident has a message sent.
    sends_in_portland: bool,
}

/// Of an assistant that sends for nobody there is no time that it takes.
fn pareto(groups: &[Measured]) -> Pareto {
    let rows = groups
        .iter()
        .enumerate()
        .flat_map(|(group, measured)| measured.rows.iter().map(move |row| (group, row)));
    let served = rows.filter(|(_, row)| row.service.served > 0);
    let points = served.map(|(group, row)| Point {
        name: row.name.clone(),
        group,
        seconds: row.service.seconds,
        rate: row.rate.probability,
        low: row.rate.interval.low,
        high: row.rate.interval.high,
    });
    Pareto {
        points: points.collect(),
    }
}

fn groups(args: &Args) -> Vec<Group> {
    let presets = |presets: &[Preset]| {
        let named = presets
            .iter()
            .map(|preset| (preset.name.to_owned(), Named::Preset(*preset)));
        named.collect::<Vec<_>>()
    };
    if !args.safeguards {
        let rows = if args.assistants.is_empty() {
            presets(&Preset::ALL)
        } else {
            let named = args.assistants.iter();
            named
                .map(|named| (named.name().to_owned(), *named))
                .collect()
        };
        return vec![Group { title: "", rows }];
    }
    let switched = |base: Preset, sign: &str, switch: fn(&Safeguard) -> Option<Preset>| {
        let all = Safeguard::ALL.iter();
        let alone = all.filter_map(|safeguard| {
            let name = format!("{sign} {}", safeguard.name);
            switch(safeguard).map(|preset| (name, Named::Preset(preset)))
        });
        presets(&[base]).into_iter().chain(alone).collect()
    };
    vec![
        Group {
            title: "each safeguard on alone, in echo-2018",
            rows: switched(Preset::ECHO_2018, "with", Safeguard::on),
        },
        Group {
            title: "each safeguard off alone, in guarded",
            rows: switched(Preset::GUARDED, "without", Safeguard::off),
        },
    ]
}

fn measure(args: &Args, figures: &Figures, name: String, named: Named) -> Result<Row, Error> {
    let seed = args.world.seed;
    let world = figures.world(named.wake())?;
    let limits = Limits {
        shard: Shard::WHOLE,
        error: args.error,
        steps: args.steps,
        time: args.steps.is_none().then_some(args.time),
        method: Method::FixedEffort,
        seed,
    };
    let estimate = rate(
        &name,
        &world,
        || Ok(named.assistant()),
        TRAJECTORIES,
        &limits,
    )?;
    let none = || Error::Setting("there was no time for one home; give more --time".to_owned());
    let mut assistant = named.assistant();
    let service = Service::of(&world, &mut assistant, ASKED, seed).map_err(Error::Broken)?;
    let interruptions = Interruptions::of(&world, &assistant, seed).map_err(Error::Broken)?;
    let margin = margin(&assistant, &home(seed), seed).map_err(Error::Broken)?;
    Ok(Row {
        rate: estimate.summary().ok_or_else(none)?,
        margin: margin.total(),
        service,
        interruptions,
        sends_in_portland: sends_in_portland(&world, &mut assistant)?,
        name,
    })
}

fn sends_in_portland(world: &World, assistant: &mut Reference) -> Result<bool, Error> {
    let script: Script = PORTLAND
        .parse()
        .map_err(|error| Error::Script("portland-2018.script".into(), error))?;
    let mut channel = Channel::new(&world.wake, &script.household);
    let held = hold(&script, &mut channel, assistant);
    if let Some(broken) = held.broken {
        return Err(Error::Broken(broken));
    }
    Ok(judge(&held.trace)
        .iter()
        .any(|breach| breach.rule == Rule::I1))
}
