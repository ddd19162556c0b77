//! A fit, written into a file of the channel's law.

use super::{Exponential, Fit};
use mondegreen_trace::Asks;
use std::fmt::{self, Display, Formatter};

/// The file of the channel's law that comes along.
pub const SHIPPED_CHANNEL: &str = include_str!("../../../../corpora/models/channel-1.tsv");

const TITLE: &str = "mondegreen channel 1";

/// Why a fit could not be written into a channel's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelFileError {
    line: usize,
    fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    NoTitle,
    Missing(String),
    Twice(String),
    NoFigure,
}

impl ChannelFileError {
    /// The number of the line, from 1; of what is missing, the last one.
    pub fn line(&self) -> usize {
        self.line
    }
}

impl Display for ChannelFileError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.fault {
            Fault::NoTitle => write!(f, "the first line is `{TITLE}`"),
            Fault::Missing(name) => write!(f, "`{name}` is missing"),
            Fault::Twice(name) => write!(f, "`{name}` is there twice"),
            Fault::NoFigure => write!(f, "the law has no figures for messages"),
        }
    }
}

impl std::error::Error for ChannelFileError {}

/// The same file with this curve for what a device hears when it listens for this; all else stays.
///
/// `source` says what it was fitted to. Tabs and line breaks in it become blanks.
///
/// # Errors
/// With the line, when `base` is no such file. Only what is replaced is looked at.
pub fn write_channel(
    base: &str,
    asks: Asks,
    fit: &Fit<Exponential>,
    source: &str,
) -> Result<String, ChannelFileError> {
    let last = base.lines().count().max(1);
    let at_end = |fault| ChannelFileError { line: last, fault };
    let Some(stage) = stage(asks) else {
        return Err(at_end(Fault::NoFigure));
    };
    let mut rows = (1..).zip(base.lines());
    let first = rows.find(|(_, row)| !row.trim().is_empty() && !row.starts_with('#'));
    if let Some((line, _)) = first.filter(|(_, row)| row.trim() != TITLE) {
        let fault = Fault::NoTitle;
        return Err(ChannelFileError { line, fault });
    }
    if first.is_none() {
        return Err(at_end(Fault::NoTitle));
    }
    let source: String = source
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let figures = [
        (format!("{stage}.offset"), fit.curve.offset, fit.offset),
        (format!("{stage}.slope"), fit.curve.slope, fit.slope),
    ];
    let mut written = [false; 2];
    let mut rows = Vec::new();
    for (line, row) in (1..).zip(base.lines()) {
        let name = row.split('\t').next().unwrap_or_default().trim();
        let mut figure = figures.iter().zip(&mut written);
        rows.push(match figure.find(|((own, ..), _)| own == name) {
            None => row.to_owned(),
            Some(((own, ..), true)) => {
                let fault = Fault::Twice(own.clone());
                return Err(ChannelFileError { line, fault });
            }
            Some(((own, value, interval), is_written)) => {
                *is_written = true;
                let [value, low, high] = [*value, interval.low, interval.high].map(rounded);
                format!("{own}\t{value}\t{source}; 95% interval {low} to {high}")
            }
        });
    }
    let missing = figures
        .into_iter()
        .zip(written)
        .find(|(_, written)| !written);
    match missing {
        Some(((name, ..), _)) => Err(at_end(Fault::Missing(name))),
        None => Ok(rows.join("\n") + "\n"),
    }
}

const fn stage(asks: Asks) -> Option<&'static str> {
    match asks {
        Asks::Wake => Some("wake"),
        Asks::Command => Some("command"),
        Asks::Recipient => Some("recipient"),
        Asks::Confirmation => Some("confirmation"),
        Asks::Message => None,
    }
}

/// In millionths, which is far more than any interval allows.
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}
