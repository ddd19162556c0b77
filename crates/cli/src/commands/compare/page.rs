//! A comparison as it is told.

use super::{Measured, Row};
use crate::args::rate::Compare as Args;
use crate::commands::estimate::{DAY, Figures, MILLION, number};
use crate::commands::table;
use crate::error::Error;
use mondegreen_sim::Total;
use mondegreen_sim::estimate::Interval;
use serde_json::{Value, json};
use std::io::Write;

/// Standard errors to either side that hold 95% of a normal distribution.
const NORMAL_95: f64 = 1.96;

pub(super) struct Page<'a> {
    pub(super) args: &'a Args,
    pub(super) figures: &'a Figures,
    pub(super) groups: &'a [Measured],
}

impl Page<'_> {
    pub(super) fn write(&self, out: &mut impl Write) -> Result<(), Error> {
        for group in self.groups {
            if group.title.is_empty() {
                self.write_assistants(&group.rows, out)?;
            } else {
                writeln!(out, "{}\n", group.title)?;
                self.write_safeguards(&group.rows, out)?;
            }
            writeln!(out)?;
        }
        let talk = self.figures.talk_per_hour() * DAY;
        writeln!(
            out,
            "Unintended sends are in a million household-hours, with {talk:.2} hours of talk a day, and 95% intervals. Served: of \
             {} people who ask once. The margin is that of one home (--seed {}). Portland: what becomes of \
             corpora/incidents/portland-2018.script. docs/rate.md says what the figures rest on.",
            super::ASKED,
            self.args.world.seed
        )?;
        let rows = self.groups.iter().flat_map(|group| &group.rows);
        let imprecise = rows.filter(|row| row.is_imprecise(self.args.error));
        let names: Vec<&str> = imprecise.map(|row| row.name.as_str()).collect();
        if !names.is_empty() {
            writeln!(
                out,
                "Less precise than was asked for (give more --time): {}.",
                names.join(", ")
            )?;
        }
        let rows = self.groups.iter().flat_map(|group| &group.rows);
        if rows.clone().any(|row| row.rate.doubt.is_some()) {
            writeln!(
                out,
                "?: a few homes outweigh the others, so the interval may be too narrow, and the rate too low."
            )?;
        }
        Ok(())
    }

    fn write_assistants(&self, rows: &[Row], out: &mut impl Write) -> Result<(), Error> {
        let mut told = table(&[
            "assistant",
            "sends",
            "95% interval",
            "margin",
            "served",
            "turns",
            "seconds",
            "wakes a day",
            "prompts a day",
        ]);
        for row in rows {
            let rate = self.per_million(row);
            told.add_row([
                row.name.clone(),
                row.shown(rate),
                interval_shown(rate.1),
                margin_shown(row.margin),
                percent(row),
                format!("{:.1}", row.service.turns),
                format!("{:.1}", row.service.seconds),
                number(row.interruptions.wakes * self.figures.talk_per_hour() * DAY),
                number(row.interruptions.prompts * self.figures.talk_per_hour() * DAY),
            ]);
        }
        writeln!(out, "{told}")?;
        Ok(())
    }

    fn write_safeguards(&self, rows: &[Row], out: &mut impl Write) -> Result<(), Error> {
        let mut told = table(&[
            "",
            "sends",
            "times fewer",
            "95% interval",
            "margin",
            "served",
            "extra turns",
            "extra seconds",
            "Portland",
        ]);
        let Some(base) = rows.first() else {
            return Ok(());
        };
        for row in rows {
            let rate = self.per_million(row);
            let (factor, interval) = if std::ptr::eq(row, base) {
                (String::new(), String::new())
            } else {
                fewer(base, row)
            };
            told.add_row([
                row.name.clone(),
                row.shown(rate),
                factor,
                interval,
                margin_shown(row.margin),
                percent(row),
                format!("{:+.1}", row.service.turns - base.service.turns),
                format!("{:+.1}", row.service.seconds - base.service.seconds),
                if row.sends_in_portland {
                    "sent"
                } else {
                    "not sent"
                }
                .to_owned(),
            ]);
        }
        writeln!(out, "{told}")?;
        Ok(())
    }

    fn per_million(&self, row: &Row) -> (f64, Interval) {
        let factor = self.figures.talk_per_hour() * MILLION;
        let Interval { low, high } = row.rate.interval;
        let interval = Interval {
            low: low * factor,
            high: high * factor,
        };
        (row.rate.probability * factor, interval)
    }

    pub(super) fn write_json(&self, out: &mut impl Write) -> Result<(), Error> {
        let groups = self.groups.iter().map(|group| {
            let rows = group.rows.iter().map(|row| self.row_json(row));
            json!({ "title": group.title, "rows": rows.collect::<Vec<_>>() })
        });
        let told = json!({
            "command": "compare",
            "repeat": self.args.repeat(),
            "groups": groups.collect::<Vec<_>>(),
            "seed": self.args.world.seed,
            "talk_hours_in_an_hour": self.figures.talk_per_hour(),
            "traffic": self.figures.traffic_text,
            "channel": self.figures.channel_text,
            "version": env!("CARGO_PKG_VERSION"),
        });
        writeln!(out, "{told}")?;
        Ok(())
    }

    fn row_json(&self, row: &Row) -> Value {
        let (rate, Interval { low, high }) = self.per_million(row);
        let (margin, is_exact) = match row.margin {
            Total::Exact(nats) => (Some(nats.as_f64()), true),
            Total::AtMost(nats) => (Some(nats.as_f64()), false),
            Total::None => (None, true),
            Total::NotFound => (None, false),
        };
        json!({
            "name": row.name,
            "million_household_hours": { "estimate": rate, "low": low, "high": high },
            "hour_of_talk": row.rate,
            "margin_nats": margin,
            "margin_is_exact": is_exact,
            "service": row.service,
            "interruptions_in_an_hour_of_talk": row.interruptions,
            "sends_in_portland": row.sends_in_portland,
        })
    }
}

impl Row {
    /// The rate, with a mark if it is doubtful.
    fn shown(&self, (rate, interval): (f64, Interval)) -> String {
        let mark = if self.rate.doubt.is_some() { " ?" } else { "" };
        format!("{}{mark}", shown(rate, interval))
    }

    fn is_imprecise(&self, wanted: f64) -> bool {
        self.rate.relative_error.is_none_or(|error| error > wanted)
    }
}

/// How many times fewer messages leave than with the base. Both were estimated in the same homes, which
/// makes the interval wider than it has to be.
fn fewer(base: &Row, row: &Row) -> (String, String) {
    let (Some(error), Some(own)) = (base.rate.relative_error, row.rate.relative_error) else {
        let at_least = base.rate.interval.low / row.rate.interval.high;
        return (format!("over {}", number(at_least)), String::new());
    };
    let factor = base.rate.probability / row.rate.probability;
    let spread = (NORMAL_95 * error.hypot(own)).exp();
    let interval = Interval {
        low: factor / spread,
        high: factor * spread,
    };
    (number(factor), interval_shown(interval))
}

fn shown(rate: f64, interval: Interval) -> String {
    if rate > 0.0 {
        number(rate)
    } else {
        format!("under {}", number(interval.high))
    }
}

fn interval_shown(Interval { low, high }: Interval) -> String {
    format!("{} to {}", number(low), number(high))
}

fn margin_shown(margin: Total) -> String {
    match margin {
        Total::Exact(nats) => format!("{:.2}", nats.as_f64()),
        Total::AtMost(nats) => format!("at most {:.2}", nats.as_f64()),
        Total::None => "none".to_owned(),
        Total::NotFound => "not found".to_owned(),
    }
}

fn percent(row: &Row) -> String {
    let share = f64::from(row.service.served) / f64::from(row.service.asked.max(1));
    format!("{:.1}%", share * 100.0)
}
