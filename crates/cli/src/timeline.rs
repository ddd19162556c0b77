//! A conversation that was held, as a page that a person understands at a glance.
//!
//! Plain data to text: the same conversation gives the same bytes. What is told, and in which order, is
//! the same on a terminal and in a report.

use anstyle::{AnsiColor, Style};
use mondegreen_oracle::Breach;
use mondegreen_sim::{Caught, Hit};
use mondegreen_trace::{
    Asks, Button, Effect, Household, Hypothesis, Input, Line, Trace, Utterance, Voice,
};
use std::io::{self, Write};

const FAINT: Style = Style::new().dimmed();
const MISHEARD: Style = AnsiColor::Yellow.on_default();
const DEVICE: Style = AnsiColor::Cyan.on_default();
const ALARM: Style = AnsiColor::Red.on_default().bold();

/// Words that were taken for others.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Misheard {
    /// What the device listened for, in a word.
    pub(crate) stage: String,
    /// When it was heard, in milliseconds.
    #[cfg_attr(feature = "cli", serde(default))]
    pub(crate) at_ms: u64,
    /// The device that heard it.
    #[cfg_attr(feature = "cli", serde(default))]
    pub(crate) device: String,
    /// The words that were said.
    pub(crate) said: String,
    /// The phrase that they were taken for.
    pub(crate) heard: String,
    /// How far apart the two sound, in nats.
    pub(crate) nats: f64,
    /// How sure the recogniser was, from 0 to 1.
    pub(crate) confidence: f64,
}

impl Misheard {
    /// What a device took for what, and what for.
    pub(crate) fn of(hit: &Hit) -> Self {
        let spotted = &hit.spotted;
        Self {
            stage: stage(hit.asks).to_owned(),
            at_ms: hit.at_ms,
            device: hit.device.clone(),
            said: spotted.said.clone(),
            heard: spotted.phrase.clone(),
            nats: spotted.cost.as_f64(),
            confidence: spotted.confidence,
        }
    }
}

/// Something that happened, before it is ordered by time.
pub(crate) struct Row<'a> {
    pub(crate) at_ms: u64,
    /// The person or the device.
    pub(crate) who: &'a str,
    pub(crate) told: Told<'a>,
}

/// What is told of it.
pub(crate) enum Told<'a> {
    /// Somebody spoke.
    Said(&'a Utterance),
    /// A device took words for others.
    Misheard(&'a Misheard),
    /// What a recogniser wrote.
    Heard(String),
    /// Something else happened to the device.
    Happens(String),
    /// The device says something, or listens.
    Says(String),
    /// The device does something that lasts.
    Does(String),
    /// A message leaves.
    Sends(String),
    /// A rule is broken.
    Broken(&'a Breach),
}

impl Told<'_> {
    const fn style(&self) -> Style {
        match self {
            Self::Said(_) => Style::new(),
            Self::Misheard(_) | Self::Heard(_) => MISHEARD,
            Self::Happens(_) => FAINT,
            Self::Says(_) | Self::Does(_) => DEVICE,
            Self::Sends(_) | Self::Broken(_) => ALARM,
        }
    }

    /// It in words.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Said(said) if said.meant.is_nobody() => said.text.clone(),
            Self::Said(said) => format!("(to the assistant) {}", said.text),
            Self::Misheard(it) => format!(
                "hears \"{}\" as {} \"{}\" ({:.2} nats, confidence {:.2})",
                it.said,
                it.stage,
                it.heard.to_lowercase(),
                it.nats,
                it.confidence,
            ),
            Self::Broken(breach) => format!("{}: {}", breach.rule, breach.why),
            Self::Heard(what)
            | Self::Happens(what)
            | Self::Says(what)
            | Self::Does(what)
            | Self::Sends(what) => what.clone(),
        }
    }
}

/// Writes what was said, heard and done, in order, and the rules that were broken.
///
/// Where people speak, only what was misheard is told of hearing; else all that was.
pub(crate) fn write(
    household: &Household,
    (trace, hits): (&Trace, &[Hit]),
    breaches: &[Breach],
    out: &mut impl Write,
) -> io::Result<()> {
    let misheard: Vec<Misheard> = hits.iter().map(Misheard::of).collect();
    write_rows(&rows(household, (&trace.lines, &misheard), breaches), out)
}

/// The same of a conversation that was held in sound: all that was heard is told, and by which engine.
#[cfg(feature = "cli")]
pub(crate) fn write_sound(
    household: &Household,
    (trace, caught): (&Trace, &[Caught]),
    breaches: &[Breach],
    out: &mut impl Write,
) -> io::Result<()> {
    write_rows(
        &rows_in_sound(household, (&trace.lines, caught), breaches),
        out,
    )
}

/// What happened in a conversation that was held in sound, ordered by time.
#[cfg(feature = "cli")]
pub(crate) fn rows_in_sound<'a>(
    household: &Household,
    (lines, caught): (&'a [Line], &'a [Caught]),
    breaches: &'a [Breach],
) -> Vec<Row<'a>> {
    rows_by(household, lines, Hearing::InSound(caught), breaches)
}

/// The same of a log, of which nobody knows what was misheard: all that was heard is told.
#[cfg(feature = "cli")]
pub(crate) fn write_log(
    household: &Household,
    trace: &Trace,
    breaches: &[Breach],
    out: &mut impl Write,
) -> io::Result<()> {
    write_rows(
        &rows_by(household, &trace.lines, Hearing::All, breaches),
        out,
    )
}

/// What is told of hearing.
#[derive(Clone, Copy)]
enum Hearing<'a> {
    /// What was taken for something else.
    Misheard(&'a [Misheard]),
    /// What engines made of sound.
    InSound(&'a [Caught]),
    All,
}

/// Writes rows that are ordered by time.
pub(crate) fn write_rows(rows: &[Row<'_>], out: &mut impl Write) -> io::Result<()> {
    let names = rows.iter().map(|row| row.who.chars().count());
    let width = names.max().unwrap_or(0);
    for Row { at_ms, who, told } in rows {
        let style = told.style();
        let (who, what) = (printable(who), printable(&told.words()));
        let pad = " ".repeat(width.saturating_sub(who.chars().count()));
        writeln!(
            out,
            "{:>8}  {who}{pad}  {style}{what}{style:#}",
            seconds(*at_ms)
        )?;
    }
    Ok(())
}

/// What happened, ordered by time.
///
/// Where people speak, only what was misheard is told of hearing; else all that was.
pub(crate) fn rows<'a>(
    household: &Household,
    (lines, misheard): (&'a [Line], &'a [Misheard]),
    breaches: &'a [Breach],
) -> Vec<Row<'a>> {
    let is_talk = |line: &Line| matches!(line, Line::Said { .. });
    let hearing = if lines.iter().any(is_talk) {
        Hearing::Misheard(misheard)
    } else {
        Hearing::All
    };
    rows_by(household, lines, hearing, breaches)
}

fn rows_by<'a>(
    household: &Household,
    lines: &'a [Line],
    hearing: Hearing<'a>,
    breaches: &'a [Breach],
) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut now_ms = 0;
    let (misheard, caught, tells_all) = match hearing {
        Hearing::Misheard(misheard) => (misheard, &[][..], false),
        Hearing::InSound(caught) => (&[][..], caught, false),
        Hearing::All => (&[][..], &[][..], true),
    };
    let mut misheard = misheard.iter().peekable();
    let mut caught = caught.iter().peekable();
    for (index, line) in lines.iter().enumerate() {
        match line {
            Line::Said { said } => rows.push(Row {
                at_ms: said.from_ms,
                who: &said.speaker,
                told: Told::Said(said),
            }),
            Line::In(input) => {
                now_ms = input.at_ms().unwrap_or(now_ms);
                if let Input::Heard {
                    device,
                    is_final: true,
                    ..
                } = input
                {
                    let it = misheard.next_if(|it| it.at_ms == now_ms && it.device == *device);
                    rows.extend(it.map(|it| Row {
                        at_ms: now_ms,
                        who: &it.device,
                        told: Told::Misheard(it),
                    }));
                    let caught = caught.next_if(|it| it.at_ms == now_ms && it.device == *device);
                    rows.extend(caught.map(caught_row));
                }
                rows.extend(input_row(now_ms, input));
                if tells_all {
                    rows.extend(heard_row(now_ms, input));
                }
            }
            Line::Out(effect) => rows.extend(effect_row(now_ms, effect, household)),
        }
        for breach in breaches.iter().filter(|breach| breach.line == index) {
            rows.push(Row {
                at_ms: now_ms,
                who: "!",
                told: Told::Broken(breach),
            });
        }
    }
    rows.sort_by_key(|row| row.at_ms);
    rows
}

/// What an engine made of sound.
fn caught_row(caught: &Caught) -> Row<'_> {
    let score = caught.score.map(|score| format!(", score {score:.2}"));
    let (text, ear, score) = (&caught.text, &caught.ear, score.unwrap_or_default());
    Row {
        at_ms: caught.at_ms,
        who: &caught.device,
        told: Told::Heard(format!("hears \"{text}\" ({ear}{score})")),
    }
}

/// What a recogniser wrote.
fn heard_row(at_ms: u64, input: &Input) -> Option<Row<'_>> {
    let Input::Heard {
        device,
        from_ms,
        is_final,
        voice,
        hypotheses,
        ..
    } = input
    else {
        return None;
    };
    let read = |h: &Hypothesis| format!("\"{}\" ({:.3})", h.text, h.confidence);
    let readings: Vec<String> = hypotheses.iter().map(read).collect();
    let readings = match readings.as_slice() {
        [] => "nothing that it understands".to_owned(),
        some => some.join(" or "),
    };
    let voice = match voice {
        Voice::Person => "",
        Voice::Device => ", in a device's voice",
        Voice::Unknown => ", in nobody's voice",
    };
    let interim = if *is_final { "" } else { ", not final" };
    let since = format!(", begun at {}", seconds(*from_ms));
    Some(Row {
        at_ms,
        who: device,
        told: Told::Heard(format!("hears {readings}{voice}{interim}{since}")),
    })
}

fn input_row(at_ms: u64, input: &Input) -> Option<Row<'_>> {
    let (who, what) = match input {
        Input::Pressed {
            device,
            button: Button::Confirm,
            ..
        } => (device.as_str(), "confirm is pressed".to_owned()),
        Input::Pressed {
            device,
            button: Button::Cancel,
            ..
        } => (device.as_str(), "cancel is pressed".to_owned()),
        Input::Setting {
            messaging: true, ..
        } => ("", "messaging is switched on".to_owned()),
        Input::Setting {
            messaging: false, ..
        } => ("", "messaging is switched off".to_owned()),
        Input::Restart { .. } => ("", "power fails and comes back".to_owned()),
        Input::Delivery {
            message, ok: false, ..
        } => ("", format!("{message} does not arrive")),
        Input::Withdrawn { device, .. } => (
            device.as_str(),
            "the recogniser takes back what it heard".to_owned(),
        ),
        Input::Delivery { ok: true, .. }
        | Input::Start { .. }
        | Input::Heard { .. }
        | Input::PromptEnded { .. }
        | Input::Time { .. }
        | Input::End => return None,
    };
    Some(Row {
        at_ms,
        who,
        told: Told::Happens(what),
    })
}

fn effect_row<'a>(at_ms: u64, effect: &'a Effect, household: &Household) -> Option<Row<'a>> {
    let (who, told) = match effect {
        Effect::Prompt { device, text, .. } | Effect::Notice { device, text } => {
            (device, Told::Says(format!("says \"{text}\"")))
        }
        Effect::Record { device, message } => (device, Told::Does(format!("records {message}"))),
        Effect::RecordEnded { device, message } => {
            (device, Told::Does(format!("stops recording {message}")))
        }
        Effect::Cancel {
            device,
            message: Some(message),
        } => (device, Told::Does(format!("drops {message}"))),
        Effect::Cancel {
            device,
            message: None,
        } => (device, Told::Does("gives up".to_owned())),
        Effect::Act { device, action } => (device, Told::Does(format!("does {action}"))),
        Effect::Listen {
            device,
            listens_for: Asks::Command,
            ..
        } => (device, Told::Says("is awake".to_owned())),
        Effect::Send {
            device,
            message,
            recipient,
            from_ms,
            to_ms,
        } => {
            let name = household.name_of(recipient).unwrap_or(recipient);
            let span = match (from_ms, to_ms) {
                (Some(from), Some(to)) => {
                    format!(", the sound from {} to {}", seconds(*from), seconds(*to))
                }
                _ => String::new(),
            };
            (
                device,
                Told::Sends(format!("SENDS {message} to {name}{span}")),
            )
        }
        Effect::Listen { .. } | Effect::Hello { .. } | Effect::Timer { .. } | Effect::Done => {
            return None;
        }
    };
    Some(Row { at_ms, who, told })
}

/// What a device listens for, in a word.
pub(crate) const fn stage(asks: Asks) -> &'static str {
    match asks {
        Asks::Wake => "wake word",
        Asks::Command => "command",
        Asks::Recipient => "recipient",
        Asks::Message => "message",
        Asks::Confirmation => "answer",
    }
}

/// Seconds with two decimals.
pub(crate) fn seconds(millis: u64) -> String {
    format!("{}.{:02}", millis / 1000, millis % 1000 / 10)
}

/// Text from outside as it can be shown: characters that do something instead of being seen are spelt
/// out.
pub(crate) fn printable(text: &str) -> String {
    spelt_out(text, |c| c.is_control() || turns_around(c))
}

/// The same, line by line.
#[cfg(feature = "cli")]
pub(crate) fn printable_lines(text: &str) -> String {
    spelt_out(text, |c| c != '\n' && (c.is_control() || turns_around(c)))
}

fn spelt_out(text: &str, is_spelt_out: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_spelt_out(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Whether it sets the direction of the writing around it, which can make a sentence say something
/// else. Letters that are written from right to left are none of these.
const fn turns_around(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
