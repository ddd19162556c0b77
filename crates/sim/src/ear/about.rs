//! What an ear says of itself.

use super::Kind;
use super::event::{Event, Events, write};
use super::fault::Fault;
use super::link::{Link, Open};
use crate::process::child::Deadline;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// What an ear says of itself.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) names: Vec<String>,
}

/// Asks what it is.
pub(super) fn about(link: &mut Link, events: &mut Events, limit: Duration) -> Result<About, Fault> {
    let deadline = Deadline::after(limit);
    let mut question = Vec::new();
    write("describe", &json!({}), &[], &mut question);
    let mut unwritten = question.as_slice();
    loop {
        while let Some(event) = events.next(link)? {
            if event.kind == "info" {
                return About::of(&event);
            }
        }
        if link.move_on(&mut unwritten, &deadline, limit)? == Open::No {
            return Err(Fault::Closed);
        }
    }
}

#[derive(Debug, Deserialize)]
struct Program {
    name: String,
    version: Option<String>,
    #[serde(default)]
    models: Vec<Named>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Info {
    #[serde(default)]
    wake: Vec<Program>,
    #[serde(default)]
    asr: Vec<Program>,
}

impl About {
    fn of(event: &Event) -> Result<Self, Fault> {
        let info: Info = event.fields()?;
        let (kind, programs) = if info.wake.is_empty() {
            (Kind::Recogniser, info.asr)
        } else {
            (Kind::Spotter, info.wake)
        };
        let first = programs.first().ok_or(Fault::NoEar)?;
        let version = first.version.iter().map(|version| format!(" {version}"));
        Ok(Self {
            kind,
            name: first.name.clone() + &version.collect::<String>(),
            names: programs
                .into_iter()
                .flat_map(|program| program.models)
                .map(|model| model.name)
                .collect(),
        })
    }
}
