//! SARIF 2.1.0, for code-scanning pages: a result for each finding, each rule with its help.
//!
//! A finding is in the behaviour of a program and not on a line of it. Its place is the script that was
//! written for it, else the program's own file, else the name of the assistant; code-scanning pages
//! want some place.

use super::rules::{Wording, wording};
use super::{Finding, RULES_URL, Report};
use mondegreen_oracle::{Breach, Rule};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::{Component, Path};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: String,
    name: &'static str,
    short_description: Text,
    full_description: Text,
    help: Help,
    help_uri: String,
    default_configuration: Level,
}

#[derive(Serialize)]
struct Level {
    level: &'static str,
}

#[derive(Clone, Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

/// A result, as SARIF calls it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: String,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_flows: Vec<CodeFlow>,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "mondegreenCause/v1")]
    cause: String,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(rename = "physicalLocation")]
    physical: Physical,
    logical_locations: [Logical; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Clone, Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
}

#[derive(Clone, Serialize)]
struct Logical {
    name: String,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeFlow {
    thread_flows: [ThreadFlow; 1],
}

#[derive(Serialize)]
struct ThreadFlow {
    locations: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    location: Location,
}

pub(super) fn render(report: &Report) -> Log {
    let unserved = report.runs.iter().flat_map(|run| {
        let name = run.assistants.first().map_or("", String::as_str);
        run.unserved
            .iter()
            .map(move |breach| of_breach(name, breach))
    });
    let found = report.findings.iter().map(of_finding);
    Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "Mondegreen",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules: Rule::ALL.into_iter().map(descriptor).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            results: found.chain(unserved).collect(),
        }],
    }
}

fn descriptor(rule: Rule) -> Descriptor {
    let Wording { why, text, url, .. } = wording(rule);
    Descriptor {
        id: format!("{rule:?}"),
        name: rule.name(),
        short_description: Text { text: why.clone() },
        full_description: Text { text: text.clone() },
        help: Help {
            markdown: format!("**{rule}.** {text}\n\n{why}\n\n[All rules]({RULES_URL})"),
            text: format!("{rule}. {text} {why}"),
        },
        help_uri: url,
        default_configuration: Level { level: level(rule) },
    }
}

/// A message that nobody wanted is worse than one that somebody did not get.
const fn level(rule: Rule) -> &'static str {
    if matches!(rule, Rule::S1 | Rule::S2 | Rule::S3 | Rule::S4) {
        "warning"
    } else {
        "error"
    }
}

fn of_finding(finding: &Finding) -> Outcome {
    let place = place(finding);
    let told = finding.stages.iter().map(|it| Step {
        location: Location {
            message: Some(Text {
                text: format!(
                    "\"{}\" is heard as {} \"{}\" ({:.2} nats)",
                    it.said,
                    it.stage,
                    it.heard.to_lowercase(),
                    it.nats
                ),
            }),
            ..place.clone()
        },
    });
    let steps: Vec<Step> = told.collect();
    let repeat = finding.repeat.as_ref();
    let repeat = repeat.map_or_else(String::new, |repeat| format!("\nRepeat: {repeat}"));
    let text = format!("{}: {}{repeat}", finding.assistant, finding.why());
    let flow = |locations| CodeFlow {
        thread_flows: [ThreadFlow { locations }],
    };
    Outcome {
        code_flows: (!steps.is_empty())
            .then(|| flow(steps))
            .into_iter()
            .collect(),
        ..outcome(finding.rule, text, place, &fingerprint(finding))
    }
}

fn of_breach(assistant: &str, breach: &Breach) -> Outcome {
    let text = format!("{assistant}: {}", breach.why);
    let cause = format!("{assistant}\n{}", breach.rule);
    let place = location(uri(assistant), assistant);
    outcome(breach.rule, text, place, &cause)
}

fn outcome(rule: Rule, text: String, place: Location, cause: &str) -> Outcome {
    let digest = Sha256::digest(cause.as_bytes());
    Outcome {
        rule_id: format!("{rule:?}"),
        rule_index: Rule::ALL.iter().position(|it| *it == rule).unwrap_or(0),
        level: level(rule),
        message: Text { text },
        locations: [place],
        partial_fingerprints: Fingerprints {
            cause: digest.iter().take(16).fold(String::new(), |mut hex, byte| {
                // Writing to a text does not fail.
                let _ = write!(hex, "{byte:02x}");
                hex
            }),
        },
        code_flows: Vec::new(),
    }
}

/// What stays the same of a finding from run to run: its cause, not its names and times.
fn fingerprint(finding: &Finding) -> String {
    let Finding {
        assistant,
        rule,
        bucket,
        cause,
        ..
    } = finding;
    let cause = bucket.as_ref().or(cause.as_ref());
    format!("{assistant}\n{rule}\n{}", cause.map_or("", String::as_str))
}

fn place(finding: &Finding) -> Location {
    let program = || {
        let words = finding.assistant.split_whitespace();
        let mut files = words.filter(|word| word.contains('.') && Path::new(word).is_file());
        files.find(|word| is_within(word)).map(str::to_owned)
    };
    let own = finding.file.clone().filter(|file| is_within(file));
    let file = own.or_else(program);
    location(
        uri(file.as_deref().unwrap_or(&finding.assistant)),
        &finding.assistant,
    )
}

/// Whether it is a path within the folder in which this runs.
fn is_within(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

fn location(uri: String, assistant: &str) -> Location {
    Location {
        physical: Physical {
            artifact_location: Artifact { uri },
            region: Region { start_line: 1 },
        },
        logical_locations: [Logical {
            name: assistant.to_owned(),
            kind: "module",
        }],
        message: None,
    }
}

/// A path as a relative reference by RFC 3986.
fn uri(path: &str) -> String {
    let path = path.trim_start_matches("./");
    let mut shown = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            shown.push(char::from(byte));
        } else {
            let _ = write!(shown, "%{byte:02X}");
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_relative_references() {
        assert_eq!(uri("./a b/ü.py"), "a%20b/%C3%BC.py");
        assert!(is_within("found/01.script"));
        assert!(!is_within("/etc/passwd") && !is_within("../x"));
    }
}
