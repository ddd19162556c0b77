//! How a campaign goes, while it does: a line that changes on a terminal, plain lines elsewhere.

use indicatif::{ProgressBar, ProgressStyle};
use mondegreen_sim::campaign::Book;
use std::io::{self, IsTerminal};
use std::time::Duration;

/// How often the line on a terminal is drawn, and a plain line is printed.
const DRAWN_EVERY: Duration = Duration::from_millis(200);
const PRINTED_EVERY: Duration = Duration::from_secs(30);

/// The line.
#[derive(Debug)]
pub(crate) struct Live {
    bar: Option<ProgressBar>,
    shown: Option<Duration>,
    /// Steps that were taken before this run, and whether they are known.
    steps_before: Option<u64>,
}

impl Live {
    /// A line where there is a terminal to draw it on.
    pub(crate) fn new() -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self {
            bar,
            shown: None,
            steps_before: None,
        }
    }

    /// Shows how far it is after so long in this run, and in all.
    pub(crate) fn show(&mut self, book: &Book, ran: Duration, at_s: f64) {
        let every = if self.bar.is_some() {
            DRAWN_EVERY
        } else {
            PRINTED_EVERY
        };
        if self.shown.is_some_and(|shown| ran < shown + every) {
            return;
        }
        let is_first = self.shown.is_none();
        self.shown = Some(ran);
        let steps: u64 = book.records.values().map(|record| record.steps).sum();
        let before = *self.steps_before.get_or_insert(steps);
        let text = line(book, (steps, steps.saturating_sub(before)), ran, at_s);
        match &self.bar {
            Some(bar) => {
                bar.set_message(text);
                bar.tick();
            }
            None if is_first => {}
            None => eprintln!("{text}"),
        }
    }

    /// Takes the line away.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn line(book: &Book, (steps, steps_here): (u64, u64), ran: Duration, at_s: f64) -> String {
    let most = |of: fn(&mondegreen_sim::campaign::Record) -> u64| {
        book.records.values().map(of).max().unwrap_or_default()
    };
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let per_second = steps_here as f64 / ran.as_secs_f64().max(1e-3);
    let newest = book
        .kept
        .values()
        .map(|kept| kept.at_s)
        .max_by(f64::total_cmp);
    let newest = match newest {
        Some(newest) => format!(", the last new {} ago", long(at_s - newest)),
        None => String::new(),
    };
    format!(
        "{}: {} units, {} steps, {} steps/s, up to {} states and {} ways in one, {} findings{newest}",
        long(at_s),
        book.records.len(),
        short(steps),
        crate::commands::estimate::number(per_second),
        most(|record| record.corpus),
        most(|record| record.ways),
        book.kept.len(),
    )
}

/// A time in whole seconds.
pub(crate) fn long(seconds: f64) -> String {
    let whole = Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or_default();
    humantime::format_duration(Duration::from_secs(whole.as_secs())).to_string()
}

/// A number in thousands or millions.
pub(crate) fn short(number: u64) -> String {
    match number {
        0..10_000 => number.to_string(),
        10_000..10_000_000 => format!("{} thousand", number / 1_000),
        10_000_000.. => format!("{} million", number / 1_000_000),
    }
}
