//! A finding on the page: a timeline with lanes, in which misheard words are joined to what they became.

use super::Sound;
use crate::args::target::quoted;
use crate::report::rules::{Wording, wording};
use crate::report::verdict::{counted, grouped};
use crate::report::{Finding, Text};
use crate::timeline::{Misheard, Row, Told, seconds};
use askama::Template;
use mondegreen_oracle::Rule;

/// So many rows of a conversation are shown; of a longer one, those at its end.
const ROWS_MAX: usize = 120;
/// So many characters of what was said at a time are shown.
const WORDS_MAX: usize = 600;
/// A longer script is not put on the page; the command that repeats it finds it again.
const TEXT_MAX: usize = 20_000;
/// The width of a bar that is as long as the dearest stage.
const BAR: f64 = 100.0;

#[derive(Template)]
#[template(path = "finding.html")]
pub(super) struct Story<'a> {
    number: usize,
    /// Whether it is a line alone, since the page is full.
    pub(super) is_brief: bool,
    /// Whether it is shown in full from the beginning.
    pub(super) is_open: bool,
    title: String,
    rule: Rule,
    why: &'a str,
    nats: Option<String>,
    also: Vec<Rule>,
    has_people: bool,
    events: Vec<Event<'a>>,
    left_out: Option<String>,
    stages: Vec<Stage<'a>>,
    wording: Wording,
    sound: Option<Sound>,
    text: Option<(&'static str, &'a str)>,
    replay: String,
    repeat: Option<&'a str>,
    facts: Vec<(&'static str, String)>,
}

/// Something that happened, in one of the lanes.
struct Event<'a> {
    /// The class of its lane.
    lane: &'static str,
    at_ms: u64,
    at: String,
    who: String,
    words: Vec<Part>,
    /// What words of it were heard as.
    heard: Vec<Heard<'a>>,
}

/// A piece of what was said, with the number of what it was heard as.
struct Part {
    text: String,
    number: Option<usize>,
}

/// What words were heard as.
struct Heard<'a> {
    number: usize,
    at_ms: u64,
    it: &'a Misheard,
    phrase: String,
    device: &'a str,
}

impl Heard<'_> {
    fn cost(&self) -> String {
        format!("{:.2}", self.it.nats)
    }
}

/// What a stage cost.
struct Stage<'a> {
    it: &'a Misheard,
    said: String,
    phrase: String,
    nats: String,
    /// Of a bar, from 0 to [`BAR`].
    width: String,
}

impl<'a> Story<'a> {
    pub(super) fn of(finding: &'a Finding, number: usize, sound: Option<Sound>) -> Self {
        let rows = finding.rows();
        let skipped = rows.len().saturating_sub(ROWS_MAX);
        let events = events(rows.into_iter().skip(skipped));
        let text = finding.text.as_ref().map(|text| match text {
            Text::Script(text) => ("script", text.as_str()),
            Text::Case(text) => ("case", text.as_str()),
        });
        let end = text.map_or("script", |(kind, _)| kind);
        Self {
            number,
            is_brief: false,
            is_open: false,
            title: finding.title(),
            rule: finding.rule,
            why: finding.why(),
            nats: finding.nats.map(|nats| format!("{nats:.2}")),
            also: finding.rules().into_iter().skip(1).collect(),
            has_people: events.iter().any(|event| event.lane == "p"),
            events,
            left_out: (skipped > 0).then(|| counted(skipped, "earlier line")),
            stages: stages(&finding.stages),
            wording: wording(finding.rule),
            sound,
            text: text.filter(|(_, text)| text.len() <= TEXT_MAX),
            replay: finding.replay.clone().unwrap_or_else(|| {
                let assistant = quoted(&finding.assistant);
                format!("mondegreen replay found.{end} --assistant {assistant}")
            }),
            repeat: finding.repeat.as_deref(),
            facts: facts(finding),
        }
    }

    /// How much of it is sound.
    pub(super) const fn sound_len(&self) -> usize {
        match &self.sound {
            Some(Sound::Here(uri)) if !self.is_brief => uri.len(),
            Some(Sound::Here(_) | Sound::LeftOut(_)) | None => 0,
        }
    }
}

/// Where and when it was found.
fn facts(finding: &Finding) -> Vec<(&'static str, String)> {
    let by = match finding.found_by.as_str() {
        "hunt" => "hunt: people's talk, misheard",
        "sound" => "hunt: people's talk, as engines hear it in sound",
        "misread" => "hunt: talk that is heard right, and misread",
        "fuzz" => "fuzz: whatever a recogniser may report",
        "check" => "check: every reachable state of a model",
        other => other,
    };
    let facts = [
        ("found by", Some(by.to_owned())),
        ("seed", finding.seed.map(|seed| seed.to_string())),
        (
            "after",
            finding
                .steps
                .map(|steps| format!("{} inputs", grouped(steps))),
        ),
        ("at", finding.at_s.map(|at| format!("{at:.0} s"))),
        (
            "came up",
            finding
                .times
                .map(|times| format!("{} times", grouped(times))),
        ),
        ("cause", finding.bucket.clone()),
        ("file", finding.file.clone()),
    ];
    let told = facts.into_iter();
    let told = told.filter_map(|(what, value)| Some((what, value?)));
    told.collect()
}

fn stages(stages: &[Misheard]) -> Vec<Stage<'_>> {
    let dearest = stages.iter().fold(0.0_f64, |most, it| most.max(it.nats));
    let stages = stages.iter().map(|it| Stage {
        it,
        said: clipped(&it.said),
        phrase: clipped(&it.heard.to_lowercase()),
        nats: format!("{:.2}", it.nats),
        width: format!(
            "{:.1}",
            if dearest > 0.0 {
                it.nats / dearest * BAR
            } else {
                0.0
            }
        ),
    });
    stages.collect()
}

/// Each row in its lane; what was misheard joins the words that it was made of.
fn events<'a>(rows: impl Iterator<Item = Row<'a>>) -> Vec<Event<'a>> {
    let mut events: Vec<Event<'a>> = Vec::new();
    let mut number = 0;
    for Row { at_ms, who, told } in rows {
        let heard = match &told {
            Told::Misheard(it) => {
                number += 1;
                Some(Heard {
                    number,
                    at_ms,
                    it,
                    phrase: clipped(&it.heard.to_lowercase()),
                    device: &it.device,
                })
            }
            Told::Said(_)
            | Told::Heard(_)
            | Told::Happens(_)
            | Told::Says(_)
            | Told::Does(_)
            | Told::Sends(_)
            | Told::Broken(_) => None,
        };
        let heard = match heard {
            Some(heard) => match join(&mut events, heard) {
                Ok(()) => continue,
                Err(heard) => Some(heard),
            },
            None => None,
        };
        let words = match &heard {
            Some(heard) => format!("“{}”", heard.it.said),
            None => told.words(),
        };
        events.push(Event {
            lane: lane(&told),
            at_ms,
            at: seconds(at_ms),
            who: if who == "!" {
                String::new()
            } else {
                clipped(who)
            },
            words: vec![Part {
                text: clipped(&words),
                number: None,
            }],
            heard: heard.into_iter().collect(),
        });
    }
    events
}

/// The class of the lane in which something is told.
const fn lane(told: &Told<'_>) -> &'static str {
    match told {
        Told::Said(_) => "p",
        Told::Misheard(_) | Told::Heard(_) | Told::Happens(_) => "w",
        Told::Says(_) => "a",
        Told::Does(_) => "e",
        Told::Sends(_) => "e s",
        Told::Broken(_) => "b",
    }
}

/// Joins what was heard to the last thing said that holds these words; gives it back if there is none.
fn join<'a>(events: &mut [Event<'a>], heard: Heard<'a>) -> Result<(), Heard<'a>> {
    for event in events.iter_mut().rev().filter(|event| event.lane == "p") {
        for at in 0..event.words.len() {
            let Some(part) = event.words.get(at).filter(|part| part.number.is_none()) else {
                continue;
            };
            let Some((before, said, after)) = split_at_words(&part.text, &heard.it.said) else {
                continue;
            };
            let plain = |text: &str| Part {
                text: text.to_owned(),
                number: None,
            };
            let marked = Part {
                text: said.to_owned(),
                number: Some(heard.number),
            };
            let parts = [plain(before), marked, plain(after)];
            event.words.splice(at..=at, parts);
            event.heard.push(heard);
            return Ok(());
        }
    }
    Err(heard)
}

/// A text before, at and after some of its words, which are compared as they sound: without case and
/// punctuation.
fn split_at_words<'t>(text: &'t str, words: &str) -> Option<(&'t str, &'t str, &'t str)> {
    let plain = |word: &str| -> String {
        let letters = word.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let wanted: Vec<String> = words.split_whitespace().map(plain).collect();
    // Where each word begins and ends, without what stands around it.
    let spans: Vec<(usize, usize)> = text
        .split_whitespace()
        .filter_map(|word| {
            let from = word.as_ptr().addr() - text.as_ptr().addr();
            let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
            let from = from + word.find(inner)?;
            (!inner.is_empty()).then(|| (from, from + inner.len()))
        })
        .collect();
    let at = spans.windows(wanted.len().max(1)).find(|window| {
        let said = window.iter().map(|(from, to)| plain(&text[*from..*to]));
        said.eq(wanted.iter().cloned())
    })?;
    let (from, to) = (at.first()?.0, at.last()?.1);
    Some((text.get(..from)?, text.get(from..to)?, text.get(to..)?))
}

/// What is very long is cut.
fn clipped(text: &str) -> String {
    let mut shown: String = text.chars().take(WORDS_MAX).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_stands_around_them() {
        let split = |text, words| split_at_words(text, words);
        let said = "Well, “Got Lee, a message!” he said.";
        assert_eq!(
            split(said, "lee a message"),
            Some(("Well, “Got ", "Lee, a message", "!” he said."))
        );
        assert_eq!(split("It's here.", "its"), Some(("", "It's", " here.")));
        assert_eq!(split("messages", "message"), None);
        assert_eq!(split("", "a"), None);
        assert_eq!(split("a b", ""), None);
        assert_eq!(split("… – …", "a"), None);
    }

    #[test]
    fn what_is_long_is_cut_at_a_character() {
        let long = clipped(&"é".repeat(10_000));
        assert_eq!(long.chars().count(), WORDS_MAX + 1);
        assert!(long.ends_with('…'));
    }
}
