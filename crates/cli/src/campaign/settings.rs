//! What a campaign is to do: from the command line, or as its folder says.

use super::folder::{is_campaign, read_header};
use crate::args::campaign::{Campaign as Args, Mutants};
use crate::args::target::{Chosen, Named, Program, Subject, chosen};
use crate::error::Error;
use mondegreen_sim::campaign::{Engine, FORMAT, Header, Plan, Settings, ShardOf};
use mondegreen_sim::estimate::Shard;
use mondegreen_sim::{Mutant, Preset};
use std::path::Path;

/// Inputs to an assistant of ours in the shortest unit: about a second.
const UNIT_STEPS: u64 = 500_000;
/// The same of a program, which takes a thousand times as long for one.
const PROGRAM_STEPS: u64 = 2_000;

/// The assistants of a campaign.
#[derive(Debug)]
pub(crate) struct Team {
    members: Vec<Chosen>,
    program: Program,
}

impl Team {
    /// Those that a header names.
    ///
    /// # Errors
    /// When there is no such assistant.
    pub(crate) fn of(header: &Header, args: &Args) -> Result<Self, Error> {
        let named = |name: &String| {
            let known = chosen(name);
            known
                .map_err(|error| Error::Setting(format!("{}: {name}: {error}", args.dir.display())))
        };
        let Settings {
            assistants,
            program,
            ..
        } = &header.settings;
        Ok(Self {
            members: assistants.iter().map(named).collect::<Result<_, _>>()?,
            program: program
                .as_ref()
                .map_or_else(|| args.program.clone(), Program::of),
        })
    }

    /// The assistant at this place.
    pub(crate) fn subject(&self, place: usize) -> Option<Subject<'_>> {
        let member = self.members.get(place)?;
        Some(self.program.subject(member.clone()))
    }

    /// The assistant with this name.
    pub(crate) fn named(&self, name: &str) -> Option<Subject<'_>> {
        let mut all = self
            .members
            .iter()
            .map(|member| self.program.subject(member.clone()));
        all.find(|subject| subject.name() == name)
    }

    /// The units that are to be done.
    pub(crate) fn plan(&self, settings: &Settings) -> Plan {
        let engines = self.members.iter().map(|member| {
            let suit = match member {
                Chosen::Ours(_) => [Engine::Hunt, Engine::Fuzz].iter(),
                Chosen::Program(_) => [Engine::Misread, Engine::Fuzz, Engine::Hunt].iter(),
            };
            let wanted = |engine: &&Engine| settings.searches.contains(engine);
            suit.filter(wanted).copied().collect()
        });
        let engines: Vec<Vec<Engine>> = engines.collect();
        Plan::new(
            &engines,
            settings.shard.map_or(Shard::WHOLE, ShardOf::shard),
        )
    }
}

/// What the campaign of a folder says of itself.
pub(crate) fn header_of_folder(path: &Path) -> Result<Header, Error> {
    if !is_campaign(path) {
        let why = "there is no campaign in this folder";
        return Err(Error::Setting(format!("{}: {why}", path.display())));
    }
    read_header(path)
}

/// What is asked for; what is not said is as it is in the folder, if there is a campaign in it.
pub(crate) fn header(args: &Args) -> Result<Header, Error> {
    let there = if is_campaign(&args.dir) {
        Some(read_header(&args.dir)?.settings)
    } else {
        None
    };
    let says_who = !args.assistants.is_empty() || args.mutants.is_some() || there.is_none();
    let (assistants, program) = match &there {
        Some(there) if !says_who => (there.assistants.clone(), there.program.clone()),
        Some(_) | None => {
            let members = members(args);
            let is_program = |member: &Chosen| matches!(member, Chosen::Program(_));
            let has_program = members.iter().any(is_program);
            let names = members
                .into_iter()
                .map(|member| args.program.subject(member).name().to_owned());
            (
                names.collect(),
                has_program.then(|| args.program.settings()),
            )
        }
    };
    let there = there.as_ref();
    let steps = |there: Option<u64>, otherwise| args.unit_steps.or(there).unwrap_or(otherwise);
    Ok(Header {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        settings: Settings {
            assistants,
            program,
            searches: searches(args, there),
            seed: args.seed.or(there.map(|there| there.seed)).unwrap_or(1),
            unit_steps: steps(there.map(|there| there.unit_steps), UNIT_STEPS),
            program_steps: steps(there.map(|there| there.program_steps), PROGRAM_STEPS),
            shard: args.shard.here()?.or(there.and_then(|there| there.shard)),
            merged: Vec::new(),
        },
    })
}

/// The searches that are asked for, in one order.
fn searches(args: &Args, there: Option<&Settings>) -> Vec<Engine> {
    match there {
        Some(there) if args.search.is_empty() => there.searches.clone(),
        Some(_) | None => {
            let wanted = |engine: &Engine| args.search.is_empty() || args.search.contains(engine);
            Engine::ALL.into_iter().filter(wanted).collect()
        }
    }
}

/// The assistants that are asked for, each once.
fn members(args: &Args) -> Vec<Chosen> {
    let mut members = args.assistants.clone();
    if members.is_empty() {
        members.extend(Preset::ALL.map(|preset| Chosen::Ours(Named::Preset(preset))));
    }
    let all = Mutant::ALL;
    let count = match args.mutants {
        None => 0,
        Some(Mutants::All) => all.len(),
        Some(Mutants::Count(count)) => count.min(all.len()),
    };
    let spread = (0..count).filter_map(|n| all.get(n * all.len() / count));
    members.extend(spread.map(|mutant| Chosen::Ours(Named::Mutant(mutant))));
    let mut names = Vec::new();
    members.retain(|member| {
        let name = args.program.subject(member.clone()).name().to_owned();
        let is_new = !names.contains(&name);
        names.push(name);
        is_new
    });
    members
}
