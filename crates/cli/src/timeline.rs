//! A conversation that was held, as a page that a person understands at a glance.
//!
//! Plain data to text: the same conversation gives the same bytes.

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

/// A line of the page, before it is ordered by time.
struct Row {
    at_ms: u64,
    who: String,
    what: String,
    style: Style,
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
    let is_talk = |line: &Line| matches!(line, Line::Said { .. });
    let hearing = if trace.lines.iter().any(is_talk) {
        Hearing::Misheard(hits)
    } else {
        Hearing::All
    };
    write_rows(rows(household, trace, hearing, breaches), out)
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
        rows(household, trace, Hearing::InSound(caught), breaches),
        out,
    )
}

/// The same of a log, of which nobody knows what was misheard: all that was heard is told.
#[cfg(feature = "cli")]
pub(crate) fn write_log(
    household: &Household,
    trace: &Trace,
    breaches: &[Breach],
    out: &mut impl Write,
) -> io::Result<()> {
    write_rows(rows(household, trace, Hearing::All, breaches), out)
}

/// What is told of hearing.
#[derive(Clone, Copy)]
enum Hearing<'a> {
    /// What was taken for something else.
    Misheard(&'a [Hit]),
    /// What engines made of sound.
    InSound(&'a [Caught]),
    All,
}

fn write_rows(mut rows: Vec<Row>, out: &mut impl Write) -> io::Result<()> {
    rows.sort_by_key(|row| row.at_ms);
    let width = rows
        .iter()
        .map(|row| row.who.chars().count())
        .max()
        .unwrap_or(0);
    for Row {
        at_ms,
        who,
        what,
        style,
    } in rows
    {
        let (who, what) = (printable(&who), printable(&what));
        let pad = " ".repeat(width.saturating_sub(who.chars().count()));
        writeln!(
            out,
            "{:>8}  {who}{pad}  {style}{what}{style:#}",
            seconds(at_ms)
        )?;
    }
    Ok(())
}

fn rows(
    household: &Household,
    trace: &Trace,
    hearing: Hearing<'_>,
    breaches: &[Breach],
) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut now_ms = 0;
    let (hits, caught, tells_all) = match hearing {
        Hearing::Misheard(hits) => (hits, &[][..], false),
        Hearing::InSound(caught) => (&[][..], caught, false),
        Hearing::All => (&[][..], &[][..], true),
    };
    let mut hits = hits.iter().peekable();
    let mut caught = caught.iter().peekable();
    for (index, line) in trace.lines.iter().enumerate() {
        match line {
            Line::Said { said } => rows.push(said_row(said)),
            Line::In(input) => {
                now_ms = input.at_ms().unwrap_or(now_ms);
                if let Input::Heard {
                    device,
                    is_final: true,
                    ..
                } = input
                {
                    let hit = hits.next_if(|hit| hit.at_ms == now_ms && hit.device == *device);
                    rows.extend(hit.map(hit_row));
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
                who: "!".to_owned(),
                what: format!("{}: {}", breach.rule, breach.why),
                style: ALARM,
            });
        }
    }
    rows
}

fn said_row(said: &Utterance) -> Row {
    let to = if said.meant.is_nobody() {
        ""
    } else {
        "(to the assistant) "
    };
    Row {
        at_ms: said.from_ms,
        who: said.speaker.clone(),
        what: format!("{to}{}", said.text),
        style: Style::new(),
    }
}

fn hit_row(hit: &Hit) -> Row {
    let spotted = &hit.spotted;
    let what = format!(
        "hears \"{}\" as {} \"{}\" ({:.2} nats, confidence {:.2})",
        spotted.said,
        stage(hit.asks),
        spotted.phrase.to_lowercase(),
        spotted.cost.as_f64(),
        spotted.confidence,
    );
    Row {
        at_ms: hit.at_ms,
        who: hit.device.clone(),
        what,
        style: MISHEARD,
    }
}

fn caught_row(caught: &Caught) -> Row {
    let score = caught.score.map(|score| format!(", score {score:.2}"));
    Row {
        at_ms: caught.at_ms,
        who: caught.device.clone(),
        what: format!(
            "hears \"{}\" ({}{})",
            caught.text,
            caught.ear,
            score.unwrap_or_default()
        ),
        style: MISHEARD,
    }
}

/// What a recogniser wrote.
fn heard_row(at_ms: u64, input: &Input) -> Option<Row> {
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
        who: device.clone(),
        what: format!("hears {readings}{voice}{interim}{since}"),
        style: MISHEARD,
    })
}

fn input_row(at_ms: u64, input: &Input) -> Option<Row> {
    let (who, what) = match input {
        Input::Pressed {
            device,
            button: Button::Confirm,
            ..
        } => (device.clone(), "confirm is pressed".to_owned()),
        Input::Pressed {
            device,
            button: Button::Cancel,
            ..
        } => (device.clone(), "cancel is pressed".to_owned()),
        Input::Setting {
            messaging: true, ..
        } => (String::new(), "messaging is switched on".to_owned()),
        Input::Setting {
            messaging: false, ..
        } => (String::new(), "messaging is switched off".to_owned()),
        Input::Restart { .. } => (String::new(), "power fails and comes back".to_owned()),
        Input::Delivery {
            message, ok: false, ..
        } => (String::new(), format!("{message} does not arrive")),
        Input::Withdrawn { device, .. } => (
            device.clone(),
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
        what,
        style: FAINT,
    })
}

fn effect_row(at_ms: u64, effect: &Effect, household: &Household) -> Option<Row> {
    let row = |device: &String, what: String, style| {
        Some(Row {
            at_ms,
            who: device.clone(),
            what,
            style,
        })
    };
    match effect {
        Effect::Prompt { device, text, .. } | Effect::Notice { device, text } => {
            row(device, format!("says \"{text}\""), DEVICE)
        }
        Effect::Record { device, message } => row(device, format!("records {message}"), DEVICE),
        Effect::RecordEnded { device, message } => {
            row(device, format!("stops recording {message}"), DEVICE)
        }
        Effect::Cancel {
            device,
            message: Some(message),
        } => row(device, format!("drops {message}"), DEVICE),
        Effect::Cancel {
            device,
            message: None,
        } => row(device, "gives up".to_owned(), DEVICE),
        Effect::Act { device, action } => row(device, format!("does {action}"), DEVICE),
        Effect::Listen {
            device,
            listens_for: Asks::Command,
            ..
        } => row(device, "is awake".to_owned(), DEVICE),
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
            row(device, format!("SENDS {message} to {name}{span}"), ALARM)
        }
        Effect::Listen { .. } | Effect::Hello { .. } | Effect::Timer { .. } | Effect::Done => None,
    }
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

/// Text from outside as it can be shown on a terminal: control characters are spelt out.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}
