//! The report as one self-contained page: no network, nothing that runs but its own few lines of script.
//!
//! Everything that was said or heard goes through the templates, which escape it. Their fields are
//! checked when this is built, so that a page cannot fail for what is in it.

mod curves;
mod figures;
mod story;

use super::{Report, Run};
use crate::error::Error;
use crate::report::rules::{Wording, wording};
use crate::report::verdict::{counted, grouped};
use crate::timeline::printable_lines;
use askama::Template;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use figures::{Card, Compared, Figure};
use mondegreen_oracle::Rule;
use sha2::{Digest, Sha256};
use std::fmt::Display;
use std::fs;
use std::io;
use std::path::Path;
use story::Story;

const STYLE: &str = include_str!("../../templates/report.css");
const SCRIPT: &str = include_str!("../../templates/report.js");

/// Findings are told in full until the page has so many bytes, and then in a line each.
const STORIES_MAX: usize = 1_800_000;
/// Recordings are put in, first things first, until the page has so many bytes. Those of a few
/// findings fit: 16 kHz and 16 bits are 43 kB of text for a second.
const PAGE_MAX: usize = 2_800_000;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    style: &'static str,
    script: &'static str,
    policy: String,
    headline: String,
    summary: String,
    cards: Vec<Card<'a>>,
    groups: Vec<Group<'a>>,
    pareto: Option<Figure>,
    compared: Vec<Compared<'a>>,
    curves: Vec<Figure>,
    last: Vec<figures::Last<'a>>,
    rules: Vec<Wording>,
    runs: Vec<Ran<'a>>,
}

/// The findings in an assistant.
struct Group<'a> {
    assistant: &'a str,
    count: String,
    /// Each as HTML.
    stories: Vec<String>,
}

/// A run, for the table at the end.
struct Ran<'a> {
    command: &'a str,
    assistants: String,
    version: &'a str,
    seed: String,
    tried: String,
    settings: String,
    repeat: Option<&'a str>,
}

/// The page.
///
/// # Errors
/// When a recording that belongs to it cannot be read.
pub(super) fn render(report: &Report) -> Result<String, Error> {
    let assistants = report.assistants();
    let mut budget = Budget::default();
    let mut groups = Vec::new();
    let mut is_first = true;
    for assistant in assistants.iter().filter(|it| !it.findings.is_empty()) {
        let mut stories = Vec::new();
        for (place, finding) in &assistant.findings {
            let sound = finding.sound.as_deref();
            let sound = sound.map(|path| budget.sound(path)).transpose()?;
            let mut story = Story::of(finding, place + 1, sound.flatten());
            story.is_open = std::mem::take(&mut is_first);
            let mut html = rendered(&story)?;
            if budget.left_for_stories() < html.len() {
                story.is_brief = true;
                html = rendered(&story)?;
            }
            budget.stories += html.len() - story.sound_len();
            stories.push(html);
        }
        groups.push(Group {
            assistant: assistant.name,
            count: counted(stories.len(), "finding"),
            stories,
        });
    }
    let page = rendered(&Page {
        style: STYLE,
        script: SCRIPT,
        policy: policy(),
        headline: report.headline(),
        summary: report.summary(),
        cards: assistants.iter().map(Card::of).collect(),
        groups,
        pareto: figures::pareto(report).transpose().map_err(Error::Write)?,
        compared: figures::compared(report),
        curves: curves::of(&report.progress).map_err(Error::Write)?,
        last: figures::last(&report.progress),
        rules: rules_of(report),
        runs: report.runs.iter().map(Ran::of).collect(),
    })?;
    // Wherever such characters came from, none gets onto the page.
    Ok(printable_lines(&page))
}

fn rendered(template: &impl Template) -> Result<String, Error> {
    template
        .render()
        .map_err(|error| Error::Write(io::Error::other(error)))
}

/// Nothing but the style and the script of this very page, and sounds that are in it.
fn policy() -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; media-src data:; \
         base-uri 'none'; form-action 'none'"
    )
}

/// The rules that are broken somewhere in it.
fn rules_of(report: &Report) -> Vec<Wording> {
    let found = report.findings.iter().flat_map(super::Finding::rules);
    let unserved = report.runs.iter().flat_map(|run| &run.unserved);
    let mut rules: Vec<Rule> = found.chain(unserved.map(|breach| breach.rule)).collect();
    rules.sort();
    rules.dedup();
    rules.into_iter().map(wording).collect()
}

/// How much is on the page already.
#[derive(Default)]
struct Budget {
    stories: usize,
    sounds: usize,
}

/// A recording on the page, or why it is not there.
enum Sound {
    /// As a data URI.
    Here(String),
    /// The page would be too large.
    LeftOut(String),
}

impl Budget {
    const fn left_for_stories(&self) -> usize {
        STORIES_MAX.saturating_sub(self.stories)
    }

    /// A recording, if it is one.
    fn sound(&mut self, path: &Path) -> Result<Option<Sound>, Error> {
        let failed = |error| Error::Read(path.to_owned(), error);
        let name = || path.display().to_string();
        let bytes = fs::metadata(path).map_err(failed)?.len();
        let text = usize::try_from(bytes)
            .unwrap_or(usize::MAX)
            .div_ceil(3)
            .saturating_mul(4);
        // What has been told so far may grow to its own limit.
        if text > PAGE_MAX.saturating_sub(self.sounds + STORIES_MAX.min(self.stories * 2)) {
            return Ok(Some(Sound::LeftOut(name())));
        }
        let wav = fs::read(path).map_err(failed)?;
        if !(wav.starts_with(b"RIFF") && wav.get(8..12) == Some(b"WAVE")) {
            return Err(failed(io::Error::other("this is not a WAV file")));
        }
        self.sounds += text;
        let text = BASE64_STANDARD.encode(&wav);
        Ok(Some(Sound::Here(format!("data:audio/wav;base64,{text}"))))
    }
}

impl<'a> Ran<'a> {
    fn of(run: &'a Run) -> Self {
        let joined = |all: Vec<String>| all.join(", ");
        let tried = run.tried.iter();
        let settings = run.settings.iter().filter(|(_, value)| !value.is_null());
        Self {
            command: &run.command,
            assistants: run.assistants.join(", "),
            version: run.version.as_deref().unwrap_or("–"),
            seed: shown_or_dash(run.seed),
            tried: joined(
                tried
                    .map(|(what, count)| format!("{} {what}", grouped(*count)))
                    .collect(),
            ),
            settings: joined(
                settings
                    .map(|(name, value)| format!("{name}: {value}"))
                    .collect(),
            ),
            repeat: run.repeat.as_deref(),
        }
    }
}

fn shown_or_dash(value: Option<impl Display>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}
