//! An estimate as it is told.

use super::{DAY, Figures, HOURS, MILLION};
use crate::commands::table;
use crate::error::Error;
use mondegreen_sim::campaign::ShardOf;
use mondegreen_sim::estimate::{Estimate, Interval, Method, Summary};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::Write;

const DAYS_IN_A_YEAR: f64 = 365.25;

pub(super) struct Page<'a> {
    pub(super) name: &'a str,
    pub(super) figures: &'a Figures,
    pub(super) rate: &'a Estimate,
    /// False wakes in an hour of talk.
    pub(super) wakes: Known,
    pub(super) asked: Asked,
    /// The parts that it is of; none if it is of all.
    pub(super) shards: &'a [ShardOf],
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    /// The standard error, as a share of the rate.
    pub(super) error: f64,
    /// Among how many homes it is told in a day.
    pub(super) devices: Option<u64>,
    /// Where all randomness came from.
    pub(super) seed: u64,
    /// The command that estimates like this again; none if shards were asked differently.
    pub(super) repeat: Option<String>,
}

/// A number with its interval, in one unit.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(from = "Written")]
pub(super) struct Known {
    pub(super) value: f64,
    pub(super) interval: Interval,
}

/// How it is written down.
#[derive(Deserialize)]
struct Written {
    estimate: f64,
    low: f64,
    high: f64,
}

impl From<Written> for Known {
    fn from(
        Written {
            estimate,
            low,
            high,
        }: Written,
    ) -> Self {
        Self {
            value: estimate,
            interval: Interval { low, high },
        }
    }
}

impl Known {
    fn times(self, factor: f64) -> Self {
        let Interval { low, high } = self.interval;
        Self {
            value: self.value * factor,
            interval: Interval {
                low: low * factor,
                high: high * factor,
            },
        }
    }

    /// The number, or, of what was never seen, that it is less than its bound.
    fn shown(self) -> String {
        if self.value > 0.0 {
            number(self.value)
        } else {
            format!("under {}", number(self.interval.high))
        }
    }

    fn interval_shown(self) -> String {
        let Interval { low, high } = self.interval;
        format!("{} to {}", number(low), number(high))
    }

    fn json(self) -> Value {
        json!({ "estimate": self.value, "low": self.interval.low, "high": self.interval.high })
    }
}

/// Three figures, and no more noughts than one can count.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if !size.is_finite() => "any number".to_owned(),
        size if !(1e-3..1e6).contains(&size) => format!("{value:.2e}"),
        size if size >= 1_000.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}

impl Page<'_> {
    fn summary(&self) -> Option<Summary> {
        self.rate.summary()
    }

    /// Unintended sends in an hour of talk.
    fn sends(&self) -> Option<Known> {
        self.summary().map(|summary| Known {
            value: summary.probability,
            interval: summary.interval,
        })
    }

    /// Household-hours that crude simulation would take to be as precise.
    fn crude_hours(&self) -> Option<f64> {
        let summary = self.summary()?;
        let error = summary.relative_error?;
        let rate = summary.probability * self.figures.talk_per_hour();
        Some(1.0 / (rate * error * error))
    }

    /// Household-hours in which there are as many sessions as were counted.
    fn counted_hours(&self) -> f64 {
        let sessions = f64::from(self.rate.settings().trajectories.get());
        let homes = self.rate.replications().iter();
        let talk: f64 = homes.map(|home| sessions / home.worth).sum();
        talk / self.figures.talk_per_hour()
    }

    pub(super) fn write(&self, out: &mut impl Write) -> Result<(), Error> {
        let Some((summary, sends)) = self.summary().zip(self.sends()) else {
            return Err(Error::Setting(
                "there was no time for one home; give more --time".to_owned(),
            ));
        };
        let talk = self.figures.talk_per_hour();
        let million = sends.times(talk * MILLION);
        if sends.value > 0.0 {
            writeln!(
                out,
                "{} sends {} messages that nobody asked for in a million household-hours (95% interval {}).\n",
                self.name,
                million.shown(),
                million.interval_shown()
            )?;
        } else {
            writeln!(
                out,
                "{} was not seen to send a message that nobody asked for: {} in a million household-hours (95%).\n",
                self.name,
                million.shown(),
            )?;
        }
        self.write_table(sends, talk, out)?;
        self.write_basis(&summary, sends, out)
    }

    fn write_table(&self, sends: Known, talk: f64, out: &mut impl Write) -> Result<(), Error> {
        let mut rows = table(&["", "estimate", "95% interval"]);
        let mut row = |what: &str, known: Known| {
            rows.add_row([what.to_owned(), known.shown(), known.interval_shown()]);
        };
        row("false wakes in an hour of talk", self.wakes);
        row("false wakes in a day", self.wakes.times(talk * DAY));
        row("unintended sends in an hour of talk", sends);
        let day = sends.times(talk * DAY);
        if let Some(devices) = self.asked.devices {
            #[expect(clippy::cast_precision_loss, reason = "no fleet has 2^53 devices")]
            let devices_count = devices as f64;
            let name = format!("unintended sends in a day among {devices} homes");
            row(&name, day.times(devices_count));
        }
        if sends.value > 0.0 {
            let interval = Interval {
                low: 1.0 / day.interval.high / DAYS_IN_A_YEAR,
                high: 1.0 / day.interval.low / DAYS_IN_A_YEAR,
            };
            let value = 1.0 / day.value / DAYS_IN_A_YEAR;
            row(
                "years until one home sees one, on average",
                Known { value, interval },
            );
        }
        writeln!(out, "{rows}")?;
        Ok(())
    }

    fn write_basis(
        &self,
        summary: &Summary,
        sends: Known,
        out: &mut impl Write,
    ) -> Result<(), Error> {
        let homes = summary.replications;
        let how = match self.rate.settings().method {
            Method::Crude => format!(
                "counted in {} household-hours",
                number(self.counted_hours())
            ),
            Method::FixedEffort | Method::Adaptive => "by splitting".to_owned(),
        };
        writeln!(
            out,
            "\n{homes} homes with {} hours of talk each, {how}, {} steps.",
            HOURS, summary.steps
        )?;
        if let (Some(error), Some(hours)) = (summary.relative_error, self.crude_hours()) {
            let percent = error * 100.0;
            writeln!(
                out,
                "The standard error is {percent:.0}% of the rate; to count as precisely, {} household-hours would have \
                 had to be simulated.",
                number(hours)
            )?;
            if error > self.asked.error {
                writeln!(
                    out,
                    "That is less precise than was asked for: give more --time."
                )?;
            }
        } else if sends.value <= 0.0 {
            writeln!(out, "Give more --time to look farther.")?;
        }
        if let Some(doubt) = summary.doubt {
            writeln!(out, "Doubtful: {doubt}.")?;
        }
        writeln!(
            out,
            "Talk for {:.2} hours a day. The channel's figures for commands, names and answers are assumed: docs/rate.md.",
            self.figures.talk_per_hour() * DAY
        )?;
        Ok(())
    }

    pub(super) fn write_json(&self, out: &mut impl Write) -> Result<(), Error> {
        let talk = self.figures.talk_per_hour();
        let sends = self.sends();
        #[expect(clippy::cast_precision_loss, reason = "no fleet has 2^53 devices")]
        let fleet = self.asked.devices.map(|devices| devices as f64);
        let fleet = fleet.zip(sends);
        let told = json!({
            "command": "estimate",
            "repeat": self.asked.repeat,
            "seed": self.asked.seed,
            "assistant": self.name,
            "million_household_hours": sends.map(|sends| sends.times(talk * MILLION).json()),
            "hour_of_talk": sends.map(Known::json),
            "false_wakes_in_an_hour_of_talk": self.wakes.json(),
            "day_among_devices": fleet.map(|(devices, sends)| sends.times(talk * DAY * devices).json()),
            "talk_hours_in_an_hour": talk,
            "crude_household_hours": self.crude_hours(),
            "summary": self.summary(),
            "estimate": self.rate,
            "traffic": self.figures.traffic_text,
            "channel": self.figures.channel_text,
            "error": self.asked.error,
            "devices": self.asked.devices,
            "shards": self.shards,
            "version": env!("CARGO_PKG_VERSION"),
        });
        writeln!(out, "{told}")?;
        Ok(())
    }
}
