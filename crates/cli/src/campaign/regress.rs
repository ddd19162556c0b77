//! Every known finding once more: which are fixed, which still break, which changed.

use super::settings::Team;
use crate::args::target::{Chosen, Subject};
use crate::error::Error;
use mondegreen_oracle::Breach;
use mondegreen_sim::campaign::{Engine, Kept};
use mondegreen_sim::{
    Broken, Case, CaseFinding, Channel, Example, Finding, Process, SpokenTo, hold,
};
use mondegreen_trace::Script;
use std::path::Path;

/// What became of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Became {
    /// It breaks no rule any more.
    Fixed,
    /// It breaks the same rule for the same cause.
    Still,
    /// It breaks a rule, but another one or for another cause; this one.
    Changed(String),
    /// The assistant broke.
    Broken(String),
}

impl Became {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Still => "still breaks",
            Self::Changed(_) => "changed",
            Self::Broken(_) => "assistant broke",
        }
    }
}

/// Replays a finding with the assistant that it was found in.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn regress(folder: &Path, kept: &Kept, team: &Team) -> Result<Became, Error> {
    let subject = team.named(&kept.assistant).ok_or_else(|| {
        let why = format!(
            "{} is of `{}`, which is none of its assistants",
            kept.bucket, kept.assistant
        );
        Error::Setting(format!("{}: {why}", folder.display()))
    })?;
    let name = format!("{}.{}", kept.bucket, kept.extension());
    let path = folder.join("findings").join(name);
    let tried = if kept.case.is_some() {
        let case = kept
            .text()
            .parse()
            .map_err(|error| Error::Case(path, error))?;
        play(&case, &subject)
    } else {
        let script = kept
            .text()
            .parse()
            .map_err(|error| Error::Script(path, error))?;
        say(script, &subject)
    };
    Ok(match tried {
        Ok(now) => compare(kept, &now),
        Err(broken) => Became::Broken(broken.to_string()),
    })
}

/// What a finding breaks now.
struct Now {
    breaches: Vec<Breach>,
    /// The names of its buckets.
    buckets: Vec<String>,
}

fn compare(kept: &Kept, now: &Now) -> Became {
    let Some(first) = now.breaches.first() else {
        return Became::Fixed;
    };
    // Which words were taken for permission is not told by what happened.
    let is_same = match kept.found_by {
        Engine::Misread => now
            .breaches
            .iter()
            .any(|breach| breach.rule.to_string() == kept.rule),
        Engine::Hunt | Engine::Fuzz => now.buckets.contains(&kept.bucket),
    };
    if is_same {
        return Became::Still;
    }
    let same_rule = now
        .breaches
        .iter()
        .find(|breach| breach.rule.to_string() == kept.rule);
    Became::Changed(same_rule.unwrap_or(first).to_string())
}

fn play(case: &Case, subject: &Subject<'_>) -> Result<Now, Broken> {
    let each = match &subject.chosen {
        Chosen::Ours(named) => CaseFinding::each_of(case, named.assistant()),
        Chosen::Program(command) => {
            let process = Process::spawn(command, subject.limits())?;
            CaseFinding::each_of(case, SpokenTo::new(process).in_words(subject.words()))
        }
    }?;
    let name = |found: &CaseFinding| found.bucket().name(subject.name());
    Ok(Now {
        buckets: each.iter().map(name).collect(),
        breaches: each
            .into_iter()
            .next()
            .map_or_else(Vec::new, |found| found.breaches),
    })
}

fn say(script: Script, subject: &Subject<'_>) -> Result<Now, Broken> {
    let mut channel = Channel::new(subject.wake(), &script.household);
    let held = match &subject.chosen {
        Chosen::Ours(named) => hold(&script, &mut channel, &mut named.assistant()),
        Chosen::Program(command) => {
            let mut process = Process::spawn(command, subject.limits())?;
            hold(&script, &mut channel, &mut process)
        }
    };
    let found = Finding::in_what_was_held(script, held)?;
    let each = found.iter().flat_map(Finding::by_rule);
    let name = |found: Finding| found.bucket().name(subject.name());
    Ok(Now {
        buckets: each.map(name).collect(),
        breaches: found.map_or_else(Vec::new, |found| found.breaches),
    })
}
