//! What runs of our commands came to: one model, which every format and the page are rendered from.
//!
//! It is read from what the commands print with `--json`, so that what is rendered at once and what is
//! rendered from a file a week later is the same. Nothing is judged here again: rules, sentences and
//! figures are those of the run.

mod junit;
mod markdown;
mod page;
mod pareto;
mod printed;
mod read;
mod rules;
mod sarif;
mod verdict;

pub(crate) use pareto::{Pareto, Point};
pub(crate) use read::read;

use crate::error::Error;
use crate::timeline::{self, Misheard, Row};
use mondegreen_oracle::{Breach, Rule};
use mondegreen_sim::Caught;
use mondegreen_trace::{Household, Input, Line};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The repository in which a reader finds the rules in full.
const RULES_URL: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/rules.md");

/// What runs came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    /// What ran, in the order in which it was read.
    pub(crate) runs: Vec<Run>,
    /// What was found.
    pub(crate) findings: Vec<Finding>,
    /// What was measured.
    pub(crate) standings: Vec<Standing>,
    /// How far a campaign had come, oldest first.
    pub(crate) progress: Vec<Checkpoint>,
}

/// One run of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Run {
    /// Which command.
    pub(crate) command: String,
    /// What it was about.
    pub(crate) assistants: Vec<String>,
    /// The version of this program.
    pub(crate) version: Option<String>,
    pub(crate) seed: Option<u64>,
    /// The command line that does it again.
    pub(crate) repeat: Option<String>,
    /// What else was set.
    #[serde(default)]
    pub(crate) settings: BTreeMap<String, Value>,
    /// How much was tried, by what is counted.
    #[serde(default)]
    pub(crate) tried: BTreeMap<String, u64>,
    /// What came of people who plainly wanted something.
    pub(crate) served: Option<Served>,
    /// Service rules that were broken for them.
    #[serde(default, with = "breaches")]
    pub(crate) unserved: Vec<Breach>,
    pub(crate) scope: Scope,
}

/// What it means when a run finds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scope {
    /// Nothing was found in what was tried.
    Searched,
    /// In every reachable state of a model the rules hold.
    Exhausted,
    /// Nothing was looked for, something was measured.
    Measured,
}

/// Requests of people who did want something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Served {
    pub(crate) requests: u64,
    /// Of how many the message was sent as they wanted.
    pub(crate) sent: u64,
    /// What they said that was not taken for a yes.
    #[serde(default)]
    pub(crate) not_understood: Vec<String>,
}

/// A conversation that makes an assistant break a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Finding {
    pub(crate) assistant: String,
    /// The rule that it is named after.
    #[serde(with = "rule")]
    pub(crate) rule: Rule,
    /// All that it breaks.
    #[serde(with = "breaches")]
    pub(crate) breaches: Vec<Breach>,
    /// The search that found it.
    pub(crate) found_by: String,
    /// What sets it apart from other findings of that rule, in words.
    pub(crate) cause: Option<String>,
    /// What all mishearings cost together.
    pub(crate) nats: Option<f64>,
    /// What was misheard, in order.
    #[serde(default)]
    pub(crate) stages: Vec<Misheard>,
    /// What makes it happen again.
    pub(crate) text: Option<Text>,
    /// Everything that went in and came out.
    #[serde(default)]
    pub(crate) trace: Vec<Line>,
    /// What engines made of its sound, if it was held in sound.
    #[serde(default)]
    pub(crate) heard: Vec<Caught>,
    /// The command that finds it again.
    pub(crate) repeat: Option<String>,
    /// The command that holds it again, if that takes more than the script.
    #[serde(default)]
    pub(crate) replay: Option<String>,
    /// The file that holds the script or case, if it was written to one.
    pub(crate) file: Option<String>,
    /// The bucket of a campaign.
    pub(crate) bucket: Option<String>,
    pub(crate) seed: Option<u64>,
    /// Inputs to the assistant until it was found.
    pub(crate) steps: Option<u64>,
    /// Seconds until it was found.
    pub(crate) at_s: Option<f64>,
    /// How often the same came up.
    pub(crate) times: Option<u64>,
    /// The recording that lies beside what was read.
    pub(crate) sound: Option<PathBuf>,
}

/// What `replay` holds again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Text {
    /// What people say.
    Script(String),
    /// Symbolic events.
    Case(String),
}

/// What was measured of an assistant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Standing {
    pub(crate) assistant: String,
    /// What it was compared in; nothing if it stands for itself.
    pub(crate) group: Option<String>,
    /// Unintended sends in a million household-hours.
    pub(crate) rate: Option<Estimate>,
    /// Unintended sends in an hour of talk.
    pub(crate) rate_of_talk: Option<Estimate>,
    /// Why the rate may be worse than its interval says.
    pub(crate) doubt: Option<String>,
    pub(crate) margin: Option<Margin>,
    pub(crate) service: Option<Service>,
    /// Whether the conversation of the incident has a message sent.
    pub(crate) sends_in_portland: Option<bool>,
}

/// A figure with its 95% interval. An upper end that is missing is infinite.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Estimate {
    #[serde(rename = "estimate")]
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: Option<f64>,
}

/// How near a send is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Margin {
    pub(crate) nats: Option<f64>,
    /// Whether nothing is cheaper, or, without a figure, whether there is no chain at all.
    pub(crate) is_exact: bool,
    #[serde(default)]
    pub(crate) stages: Vec<Misheard>,
}

/// What people get who ask for a message once, plainly, and are heard by chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Service {
    pub(crate) asked: u64,
    pub(crate) served: u64,
    pub(crate) turns: f64,
    /// From their first word to the sending.
    pub(crate) seconds: f64,
}

/// How far a campaign had come on an assistant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    pub(crate) at_s: f64,
    pub(crate) assistant: String,
    /// Inputs to the assistant so far.
    pub(crate) steps: u64,
    #[serde(default)]
    pub(crate) conversations: u64,
    /// Ways of acting that were seen.
    #[serde(default)]
    pub(crate) ways: u64,
    #[serde(default)]
    pub(crate) corpus: u64,
    pub(crate) findings: u64,
}

/// A format for machines that is not our own JSON, or for the pages of a CI service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rendering {
    /// One self-contained page.
    Html,
    Junit,
    Markdown,
    Sarif,
}

impl Report {
    /// What a command prints with `--json`, as a report of its own.
    ///
    /// # Errors
    /// When it is nothing that a command prints.
    pub(crate) fn of(printed: Value) -> Result<Self, serde_json::Error> {
        printed::report_of(printed)
    }

    /// Takes in another one.
    pub(crate) fn extend(&mut self, other: Self) {
        self.runs.extend(other.runs);
        self.findings.extend(other.findings);
        self.standings.extend(other.standings);
        self.progress.extend(other.progress);
    }

    /// It in another format.
    ///
    /// # Errors
    /// When a recording that it names cannot be read, or something cannot be written in that format.
    pub(crate) fn render(&self, rendering: Rendering) -> Result<String, Error> {
        match rendering {
            Rendering::Html => page::render(self),
            Rendering::Junit => junit::render(self),
            Rendering::Markdown => Ok(markdown::render(self)),
            Rendering::Sarif => Ok(serde_json::to_string_pretty(&sarif::render(self))? + "\n"),
        }
    }

    /// What it is as one JSON object, which can be read again.
    ///
    /// # Errors
    /// When a number is not finite.
    pub(crate) fn to_json(&self) -> Result<Value, serde_json::Error> {
        printed::to_json(self)
    }
}

impl Finding {
    /// The home in which it happens.
    pub(crate) fn household(&self) -> Household {
        let homes = self.trace.iter().find_map(|line| match line {
            Line::In(Input::Start { household, .. }) => Some(household.clone()),
            Line::In(_) | Line::Out(_) | Line::Said { .. } => None,
        });
        homes.unwrap_or_else(|| Household {
            devices: Vec::new(),
            contacts: Vec::new(),
            messaging: true,
        })
    }

    /// What happened, ordered by time.
    pub(crate) fn rows(&self) -> Vec<Row<'_>> {
        let household = self.household();
        if self.heard.is_empty() {
            let told = (&*self.trace, &*self.stages);
            return timeline::rows(&household, told, &self.breaches);
        }
        let told = (&*self.trace, &*self.heard);
        timeline::rows_in_sound(&household, told, &self.breaches)
    }

    /// The same as lines of text; without a trace, what was broken alone.
    pub(crate) fn account(&self) -> String {
        if self.trace.is_empty() {
            let breaches = self.breaches.iter().map(|breach| format!("{breach}\n"));
            return breaches.collect();
        }
        let mut page = Vec::new();
        // Writing to memory does not fail.
        let _ = timeline::write_rows(&self.rows(), &mut page);
        let styled = String::from_utf8_lossy(&page);
        anstream::adapter::strip_str(&styled).to_string()
    }

    /// What went wrong, in the oracle's words.
    pub(crate) fn why(&self) -> &str {
        let own = self.breaches.iter().find(|it| it.rule == self.rule);
        own.or(self.breaches.first()).map_or("", |it| &it.why)
    }

    /// The rules that it breaks, each once, the one that it is named after first.
    pub(crate) fn rules(&self) -> Vec<Rule> {
        let mut rules = vec![self.rule];
        for breach in &self.breaches {
            if !rules.contains(&breach.rule) {
                rules.push(breach.rule);
            }
        }
        rules
    }

    /// What it is called in a list: the rule, and what sets it apart.
    pub(crate) fn title(&self) -> String {
        match &self.cause {
            Some(cause) => format!("{}: {cause}", self.rule),
            None => self.rule.to_string(),
        }
    }
}

/// A rule, written as its number and name.
mod rule {
    use super::{Deserialize, Deserializer, Rule, Serializer};
    use serde::de::Error;

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands in a reference"
    )]
    pub(super) fn serialize<S: Serializer>(rule: &Rule, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(rule)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Rule, D::Error> {
        let text = String::deserialize(from)?;
        let named = Rule::ALL.into_iter().find(|rule| rule.to_string() == text);
        named.ok_or_else(|| D::Error::custom(format!("there is no rule `{text}`")))
    }
}

/// Broken rules, as every command prints them.
mod breaches {
    use super::{Breach, Deserialize, Deserializer, Rule, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Told {
        #[serde(with = "super::rule")]
        rule: Rule,
        #[serde(default)]
        message: Option<String>,
        why: String,
        line: usize,
    }

    pub(super) fn serialize<S: Serializer>(all: &[Breach], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(all.iter().map(|it| Told {
            rule: it.rule,
            message: it.message.clone(),
            why: it.why.clone(),
            line: it.line,
        }))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Breach>, D::Error> {
        let all = Vec::<Told>::deserialize(from)?.into_iter();
        let breaches = all.map(|it| Breach {
            rule: it.rule,
            message: it.message,
            why: it.why,
            line: it.line,
        });
        Ok(breaches.collect())
    }
}
