//! What each command prints with `--json`, taken into the model.
//!
//! Fields that a report has no use for are passed over; those that it needs are asked for by name.

use super::{
    Checkpoint, Estimate, Finding, Margin, Report, Run, Scope, Served, Service, Standing, Text,
    breaches, rule,
};
use crate::timeline::Misheard;
use mondegreen_oracle::{Breach, Rule};
use mondegreen_sim::Caught;
use mondegreen_trace::Line;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The form in which a report itself is written.
pub(super) const FORMAT: u32 = 1;

/// One object, by the command that printed it.
#[derive(Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
enum Printed {
    Hunt(Box<Hunt>),
    Fuzz(Box<Fuzz>),
    Check(Box<Check>),
    Margin(Box<PrintedMargin>),
    Estimate(Box<PrintedRate>),
    Compare(Box<Compare>),
    Report(Box<Whole>),
}

/// A report, as `report --format json` prints it.
#[derive(Serialize, Deserialize)]
struct Whole {
    format: u32,
    #[serde(flatten)]
    report: Report,
}

#[derive(Deserialize)]
struct Hunt {
    assistant: String,
    version: Option<String>,
    seed: u64,
    served: Option<WasServed>,
    #[serde(default, with = "breaches")]
    unserved: Vec<Breach>,
    finding: Option<Found>,
    as_spoken: Option<AsSpoken>,
    #[serde(default)]
    causes: Vec<Found>,
    repeat: String,
    #[serde(flatten)]
    counts: Counts,
}

/// Whether one person was served, or how many were.
#[derive(Deserialize)]
#[serde(untagged)]
enum WasServed {
    One(bool),
    Several(Served),
}

#[derive(Deserialize)]
struct AsSpoken {
    finding: Option<Found>,
}

/// How much was tried, in whatever that command counts.
#[derive(Deserialize)]
struct Counts {
    conversations: Option<u64>,
    answers: Option<u64>,
    steps: Option<u64>,
    lines: Option<u64>,
    runs: Option<u64>,
    ways: Option<u64>,
    responses: Option<u64>,
    states: Option<u64>,
    transitions: Option<u64>,
    features: Option<u64>,
}

#[derive(Deserialize)]
struct Fuzz {
    assistant: String,
    version: Option<String>,
    seed: u64,
    findings: Vec<Found>,
    repeat: String,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Deserialize)]
struct Check {
    assistant: String,
    version: Option<String>,
    devices: Option<u64>,
    finding: Option<Found>,
    repeat: Option<String>,
    #[serde(flatten)]
    counts: Counts,
}

/// A finding, in the words of whichever search it was.
#[derive(Deserialize)]
pub(super) struct Found {
    #[serde(with = "rule")]
    rule: Rule,
    #[serde(with = "breaches")]
    breaches: Vec<Breach>,
    nats: Option<f64>,
    #[serde(default)]
    stages: Vec<Misheard>,
    script: Option<String>,
    case: Option<String>,
    #[serde(default)]
    trace: Vec<Line>,
    #[serde(default)]
    heard: Vec<Caught>,
    repeat: Option<String>,
    replay: Option<String>,
    file: Option<String>,
    // What sets it apart, by the search that found it.
    odd: Option<Vec<String>>,
    severity: Option<String>,
    at: Option<String>,
    words: Option<Vec<String>>,
    said: Option<String>,
    missing: Option<String>,
    place: Option<Vec<String>>,
    // What a campaign adds.
    pub(super) assistant: Option<String>,
    #[serde(rename = "found_by")]
    pub(super) engine: Option<String>,
    bucket: Option<String>,
    seed: Option<u64>,
    steps: Option<u64>,
    at_s: Option<f64>,
    times: Option<u64>,
}

#[derive(Deserialize)]
struct PrintedMargin {
    assistant: String,
    version: Option<String>,
    seed: u64,
    margin: String,
    nats: Option<f64>,
    stages: Vec<MarginStage>,
    repeat: Option<String>,
}

#[derive(Deserialize)]
struct MarginStage {
    stage: String,
    nats: f64,
    utterance: String,
    said: Option<String>,
    heard: Option<String>,
    confidence: Option<f64>,
}

#[derive(Deserialize)]
struct PrintedRate {
    assistant: String,
    version: Option<String>,
    seed: Option<u64>,
    million_household_hours: Option<Estimate>,
    hour_of_talk: Option<Estimate>,
    summary: Option<Doubt>,
    repeat: Option<String>,
}

#[derive(Deserialize)]
struct Doubt {
    doubt: Option<String>,
}

#[derive(Deserialize)]
struct Compare {
    groups: Vec<Group>,
    version: Option<String>,
    seed: u64,
    repeat: Option<String>,
}

#[derive(Deserialize)]
struct Group {
    title: String,
    rows: Vec<Compared>,
}

#[derive(Deserialize)]
struct Compared {
    name: String,
    million_household_hours: Estimate,
    hour_of_talk: RateOfTalk,
    margin_nats: Option<f64>,
    margin_is_exact: bool,
    service: Service,
    sends_in_portland: bool,
}

#[derive(Deserialize)]
struct RateOfTalk {
    probability: f64,
    interval: Ends,
    doubt: Option<String>,
}

#[derive(Deserialize)]
struct Ends {
    low: f64,
    high: Option<f64>,
}

/// What a command printed.
pub(super) fn report_of(printed: Value) -> Result<Report, serde_json::Error> {
    use serde::de::Error;
    if printed.get("command").is_none() {
        let why = "this is nothing that hunt, fuzz, check, margin, estimate, compare or report prints with --json";
        return Err(serde_json::Error::custom(why));
    }
    Ok(match serde_json::from_value(printed)? {
        Printed::Hunt(hunt) => hunt.report(),
        Printed::Fuzz(fuzz) => fuzz.report(),
        Printed::Check(check) => check.report(),
        Printed::Margin(margin) => margin.report(),
        Printed::Estimate(rate) => rate.report(),
        Printed::Compare(compare) => compare.report(),
        Printed::Report(whole) if whole.format == FORMAT => whole.report,
        Printed::Report(whole) => {
            let why = format!("this report has format {}, not {FORMAT}", whole.format);
            return Err(serde_json::Error::custom(why));
        }
    })
}

/// A report in a form that [`report_of`] reads.
pub(super) fn to_json(report: &Report) -> Result<Value, serde_json::Error> {
    let whole = Whole {
        format: FORMAT,
        report: report.clone(),
    };
    let mut value = serde_json::to_value(whole)?;
    if let Some(fields) = value.as_object_mut() {
        fields.insert("command".to_owned(), "report".into());
    }
    Ok(value)
}

impl Counts {
    fn tried(&self) -> BTreeMap<String, u64> {
        let counted = [
            ("conversations", self.conversations),
            ("answers", self.answers),
            ("dialog steps", self.steps),
            ("lines", self.lines),
            ("runs", self.runs),
            ("ways of acting", self.ways.or(self.features)),
            ("responses", self.responses),
            ("states", self.states),
            ("transitions", self.transitions),
        ];
        let counted = counted.into_iter();
        let counted = counted.filter_map(|(what, count)| Some((what.to_owned(), count?)));
        counted.collect()
    }
}

/// A run of a command on one assistant, of which nothing else is known.
fn run(command: &str, assistant: &str, version: Option<String>, scope: Scope) -> Run {
    Run {
        command: command.to_owned(),
        assistants: vec![assistant.to_owned()],
        version,
        seed: None,
        repeat: None,
        settings: BTreeMap::new(),
        tried: BTreeMap::new(),
        served: None,
        unserved: Vec::new(),
        scope,
    }
}

impl Hunt {
    fn report(self) -> Report {
        let served = self.served.map(|served| match served {
            WasServed::One(sent) => Served {
                requests: 1,
                sent: sent.into(),
                not_understood: Vec::new(),
            },
            WasServed::Several(served) => served,
        });
        let run = Run {
            seed: Some(self.seed),
            repeat: Some(self.repeat.clone()),
            tried: self.counts.tried(),
            served,
            unserved: self.unserved,
            ..run("hunt", &self.assistant, self.version, Scope::Searched)
        };
        let spoken = self.as_spoken.and_then(|spoken| spoken.finding);
        let spoken = spoken.map(|found| Finding {
            cause: Some("as it was spoken".to_owned()),
            ..found.finding(&self.assistant, "hunt")
        });
        let found = self.finding.into_iter();
        let found = found.map(|found| found.finding(&self.assistant, "hunt"));
        let misread = self.causes.into_iter().map(|found| Finding {
            repeat: Some(self.repeat.clone()),
            ..found.finding(&self.assistant, "misread")
        });
        Report {
            findings: spoken.into_iter().chain(found).chain(misread).collect(),
            runs: vec![run],
            ..Report::default()
        }
    }
}

impl Fuzz {
    fn report(self) -> Report {
        let findings = self.findings.into_iter().map(|found| Finding {
            repeat: Some(self.repeat.clone()),
            ..found.finding(&self.assistant, "fuzz")
        });
        Report {
            findings: findings.collect(),
            runs: vec![Run {
                seed: Some(self.seed),
                repeat: Some(self.repeat.clone()),
                tried: self.counts.tried(),
                ..run("fuzz", &self.assistant, self.version, Scope::Searched)
            }],
            ..Report::default()
        }
    }
}

impl Check {
    fn report(self) -> Report {
        let devices = self
            .devices
            .map(|count| ("devices".to_owned(), count.into()));
        let findings = self.finding.into_iter().map(|found| Finding {
            cause: Some("no shorter way breaks a rule".to_owned()),
            repeat: self.repeat.clone(),
            // How long the way is shows in its timeline.
            steps: None,
            ..found.finding(&self.assistant, "check")
        });
        Report {
            findings: findings.collect(),
            runs: vec![Run {
                repeat: self.repeat.clone(),
                settings: devices.into_iter().collect(),
                tried: self.counts.tried(),
                ..run("check", &self.assistant, self.version, Scope::Exhausted)
            }],
            ..Report::default()
        }
    }
}

impl Found {
    /// It with the name of the assistant and of the search, where it does not say so itself.
    pub(super) fn finding(self, assistant: &str, found_by: &str) -> Finding {
        let cause = self.cause();
        let script = self.script.map(Text::Script);
        Finding {
            assistant: self.assistant.unwrap_or_else(|| assistant.to_owned()),
            rule: self.rule,
            breaches: self.breaches,
            found_by: self.engine.unwrap_or_else(|| found_by.to_owned()),
            cause,
            nats: self.nats,
            stages: self.stages,
            text: script.or(self.case.map(Text::Case)),
            trace: self.trace,
            heard: self.heard,
            repeat: self.repeat,
            replay: self.replay,
            file: self.file,
            bucket: self.bucket,
            seed: self.seed,
            steps: self.steps,
            at_s: self.at_s,
            times: self.times,
            sound: None::<PathBuf>,
        }
    }

    /// What sets it apart from other findings of that rule.
    fn cause(&self) -> Option<String> {
        if let (Some(missing), Some(place)) = (&self.missing, &self.place) {
            return Some(format!("{missing}; {}", place.join(", ")));
        }
        if let (Some(severity), Some(at), Some(words)) = (&self.severity, &self.at, &self.words) {
            let words = match words.join(" ") {
                none if none.is_empty() => "any words".to_owned(),
                words => format!("“{words}”"),
            };
            let said = self.said.as_ref();
            let said = said.map_or_else(String::new, |said| format!(" in “{said}”"));
            return Some(format!("{severity}, {at}: {words}{said}"));
        }
        let odd = self.odd.as_ref()?;
        Some(if odd.is_empty() {
            "what always happens".to_owned()
        } else {
            odd.join(", ")
        })
    }
}

impl PrintedMargin {
    fn report(self) -> Report {
        let stages = self.stages.into_iter().map(|it| Misheard {
            stage: it.stage,
            at_ms: 0,
            device: String::new(),
            said: it.said.unwrap_or_else(|| it.utterance.clone()),
            heard: it.heard.unwrap_or_else(|| it.utterance.clone()),
            nats: it.nats,
            confidence: it.confidence.unwrap_or(1.0),
        });
        let margin = Margin {
            nats: self.nats,
            is_exact: matches!(self.margin.as_str(), "exact" | "none"),
            stages: stages.collect(),
        };
        Report {
            runs: vec![Run {
                seed: Some(self.seed),
                repeat: self.repeat,
                ..run("margin", &self.assistant, self.version, Scope::Measured)
            }],
            standings: vec![Standing {
                assistant: self.assistant,
                margin: Some(margin),
                ..Standing::default()
            }],
            ..Report::default()
        }
    }
}

impl PrintedRate {
    fn report(self) -> Report {
        let doubt = self.summary.and_then(|summary| summary.doubt);
        Report {
            runs: vec![Run {
                seed: self.seed,
                repeat: self.repeat,
                ..run("estimate", &self.assistant, self.version, Scope::Measured)
            }],
            standings: vec![Standing {
                assistant: self.assistant,
                rate: self.million_household_hours,
                rate_of_talk: self.hour_of_talk,
                doubt: doubt.as_deref().map(in_words),
                ..Standing::default()
            }],
            ..Report::default()
        }
    }
}

impl Compare {
    fn report(self) -> Report {
        let standings = self.groups.into_iter().flat_map(|group| {
            let title = Some(group.title).filter(|title| !title.is_empty());
            let rows = group.rows.into_iter();
            rows.map(move |row| row.standing(title.clone()))
        });
        let standings: Vec<Standing> = standings.collect();
        let alone = standings.iter().filter(|it| it.group.is_none());
        let assistants = alone.map(|it| it.assistant.clone()).collect();
        Report {
            runs: vec![Run {
                seed: Some(self.seed),
                repeat: self.repeat,
                assistants,
                ..run("compare", "", self.version, Scope::Measured)
            }],
            standings,
            ..Report::default()
        }
    }
}

impl Compared {
    fn standing(self, group: Option<String>) -> Standing {
        let Ends { low, high } = self.hour_of_talk.interval;
        Standing {
            assistant: self.name,
            group,
            rate: Some(self.million_household_hours),
            rate_of_talk: Some(Estimate {
                value: self.hour_of_talk.probability,
                low,
                high,
            }),
            doubt: self.hour_of_talk.doubt.as_deref().map(in_words),
            margin: Some(Margin {
                nats: self.margin_nats,
                is_exact: self.margin_is_exact,
                stages: Vec::new(),
            }),
            service: Some(self.service),
            sends_in_portland: Some(self.sends_in_portland),
        }
    }
}

/// The name of a doubt as words.
fn in_words(doubt: &str) -> String {
    doubt.replace('-', " ")
}

/// What a campaign says of itself.
#[derive(Deserialize)]
pub(super) struct Campaign {
    pub(super) format: u32,
    version: Option<String>,
    settings: BTreeMap<String, Value>,
}

impl Campaign {
    /// The campaign as a run, with how far it had come.
    pub(super) fn run(mut self, progress: &[Checkpoint]) -> Run {
        let named = self.settings.remove("assistants");
        let named = named.and_then(|named| serde_json::from_value(named).ok());
        let assistants: Vec<String> = named.unwrap_or_default();
        let seed = self.settings.remove("seed").and_then(|seed| seed.as_u64());
        // The last line of each assistant tells all that it was given.
        let last: BTreeMap<&str, &Checkpoint> = progress
            .iter()
            .map(|at| (at.assistant.as_str(), at))
            .collect();
        let all = |count: fn(&Checkpoint) -> u64| last.values().map(|at| count(at)).sum();
        Run {
            seed,
            tried: BTreeMap::from([
                ("conversations".to_owned(), all(|at| at.conversations)),
                ("dialog steps".to_owned(), all(|at| at.steps)),
            ]),
            settings: self.settings,
            assistants,
            ..run("campaign", "", self.version, Scope::Searched)
        }
    }
}
