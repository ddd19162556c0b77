//! What was measured, in words and figures that say what they count.

use crate::commands::number;
use crate::picture::svg;
use crate::report::verdict::{Assistant, Verdict, grouped};
use crate::report::{Checkpoint, Estimate, Margin, Pareto, Point, Report, Standing};
use mondegreen_oracle::Breach;
use std::collections::BTreeMap;
use std::io;

/// Household-hours in a million, and hours in a year.
const MILLION: f64 = 1e6;
const YEAR: f64 = 8_766.0;

/// A picture, with what it shows in words.
pub(super) struct Figure {
    pub(super) title: &'static str,
    pub(super) svg: String,
    pub(super) caption: String,
}

/// All that is known of one assistant, at a glance.
pub(super) struct Card<'a> {
    pub(super) name: &'a str,
    pub(super) class: &'static str,
    pub(super) verdict: &'static str,
    pub(super) sentence: String,
    /// The number of its first finding, and what goes wrong in it.
    pub(super) example: Option<(usize, &'a str)>,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) unserved: &'a [&'a Breach],
}

impl<'a> Card<'a> {
    pub(super) fn of(assistant: &'a Assistant<'a>) -> Self {
        let Assistant {
            name,
            findings,
            unserved,
            served,
            standing,
            tried,
            verdict,
        } = assistant;
        let found = (!findings.is_empty()).then(|| grouped(findings.len() as u64));
        let served = served.map(|served| {
            let plain = format!("{} of {} plain requests", served.sent, served.requests);
            match served.not_understood.join("”, “") {
                none if none.is_empty() => plain,
                said => format!("{plain}; not taken for a yes: “{said}”"),
            }
        });
        let tried = tried.iter();
        let tried: Vec<String> = tried
            .map(|(what, count)| format!("{} {what}", grouped(*count)))
            .collect();
        let facts = [
            ("Findings", found),
            ("Rate", standing.rate.as_ref().map(rate_in_words)),
            ("Doubt", standing.doubt.clone()),
            ("Margin", standing.margin.as_ref().map(margin_in_words)),
            ("Service", standing.service.as_ref().map(service_in_words)),
            ("Served", served),
            ("Tried", (!tried.is_empty()).then(|| tried.join(", "))),
        ];
        let told = facts.into_iter();
        Self {
            name,
            class: match verdict {
                Verdict::Breaks(_) => "bad",
                Verdict::Keeps => "good",
                Verdict::NothingFound => "calm",
                Verdict::NotSearched => "none",
            },
            verdict: verdict.name(),
            sentence: verdict.sentence(),
            example: findings.first().map(|(at, it)| (at + 1, it.why())),
            facts: told
                .filter_map(|(what, value)| Some((what, value?)))
                .collect(),
            unserved,
        }
    }
}

/// `in one home once in 12 years: 9.50 unintended sends in a million household-hours (95% interval …)`.
fn rate_in_words(rate: &Estimate) -> String {
    let unit = "unintended sends in a million household-hours";
    let high = rate.high.map_or_else(|| "any number".to_owned(), number);
    if rate.value <= 0.0 {
        return format!("none was seen; under {high} {unit} (95%)");
    }
    let (value, low) = (number(rate.value), number(rate.low));
    let often = often(MILLION / rate.value);
    format!("in one home {often}: {value} {unit} (95% interval {low} to {high})")
}

/// How often something happens that happens once in so many hours.
fn often(hours: f64) -> String {
    let years = hours / YEAR;
    let (count, unit) = match years {
        _ if hours < 48.0 => (hours, "hours"),
        years if years < 1.0 => (hours / 24.0, "days"),
        years if years < 1e6 => (years, "years"),
        years if years < 1e9 => (years / 1e6, "million years"),
        years => (years / 1e9, "billion years"),
    };
    format!("once in {} {unit}", number(count))
}

fn margin_in_words(margin: &Margin) -> String {
    match (margin.nats, margin.is_exact) {
        (Some(nats), true) => format!("{nats:.2} nats of mishearing, and no chain costs less"),
        (Some(nats), false) => format!("at most {nats:.2} nats of mishearing"),
        (None, true) => "no chain of mishearings makes it send".to_owned(),
        (None, false) => "no chain of mishearings was found".to_owned(),
    }
}

fn service_in_words(service: &super::super::Service) -> String {
    format!(
        "{} of people who ask once get their message sent, in {:.1} turns and {:.1} s",
        percent(service.served, service.asked),
        service.turns,
        service.seconds
    )
}

/// One is as far as counts of people go: a thousand.
#[expect(clippy::cast_precision_loss, reason = "thousands")]
fn percent(part: u64, whole: u64) -> String {
    format!("{:.1}%", part as f64 / whole.max(1) as f64 * 100.0)
}

/// A row of the table beside the picture.
pub(super) struct Compared<'a> {
    pub(super) group: &'a str,
    pub(super) name: &'a str,
    pub(super) rate: String,
    pub(super) interval: String,
    pub(super) margin: String,
    pub(super) served: String,
    pub(super) turns: String,
    pub(super) seconds: String,
    pub(super) portland: &'static str,
}

/// What was compared, as figures.
pub(super) fn compared(report: &Report) -> Vec<Compared<'_>> {
    let compared = report.standings.iter().filter(|it| it.service.is_some());
    compared.map(Compared::of).collect()
}

impl<'a> Compared<'a> {
    fn of(standing: &'a Standing) -> Self {
        let none = || "–".to_owned();
        let high = |rate: &Estimate| rate.high.map_or_else(|| "any number".to_owned(), number);
        let doubt = if standing.doubt.is_some() { " ?" } else { "" };
        let rate = standing.rate.as_ref();
        let service = standing.service.as_ref();
        Self {
            group: standing.group.as_deref().unwrap_or_default(),
            name: &standing.assistant,
            rate: rate.map_or_else(none, |rate| match rate.value {
                seen if seen > 0.0 => format!("{}{doubt}", number(seen)),
                _ => format!("under {}", high(rate)),
            }),
            interval: rate.map_or_else(none, |rate| {
                format!("{} to {}", number(rate.low), high(rate))
            }),
            margin: match standing.margin.as_ref().map(|it| (it.nats, it.is_exact)) {
                Some((Some(nats), true)) => format!("{nats:.2}"),
                Some((Some(nats), false)) => format!("≤ {nats:.2}"),
                Some((None, true)) => "none".to_owned(),
                Some((None, false)) => "not found".to_owned(),
                None => none(),
            },
            served: service.map_or_else(none, |it| percent(it.served, it.asked)),
            turns: service.map_or_else(none, |it| format!("{:.1}", it.turns)),
            seconds: service.map_or_else(none, |it| format!("{:.1}", it.seconds)),
            portland: match standing.sends_in_portland {
                Some(true) => "sent",
                Some(false) => "not sent",
                None => "–",
            },
        }
    }
}

/// Rates against the time that a message takes, if that was measured of at least two.
pub(super) fn pareto(report: &Report) -> Option<io::Result<Figure>> {
    let mut groups: Vec<Option<&str>> = Vec::new();
    let mut points = Vec::new();
    for standing in &report.standings {
        let group = standing.group.as_deref();
        let known = groups.iter().position(|it| *it == group);
        let place = known.unwrap_or_else(|| {
            groups.push(group);
            groups.len() - 1
        });
        points.extend(Point::of(standing, place));
    }
    if points.len() < 2 {
        return None;
    }
    let caption = "Each dot is an assistant: farther left, a message takes less time; farther down, fewer leave that \
                   nobody wanted. Bars are 95% intervals. No other assistant is better in both than one on the green \
                   line. The table has the same figures."
        .to_owned();
    Some(svg(&Pareto { points }).map(|svg| Figure {
        title: "What an assistant lets happen, and what it takes",
        svg,
        caption,
    }))
}

/// How far a campaign had come on an assistant in the end.
pub(super) struct Last<'a> {
    pub(super) assistant: &'a str,
    pub(super) steps: String,
    pub(super) conversations: String,
    pub(super) ways: String,
    pub(super) corpus: String,
    pub(super) findings: String,
}

/// The last checkpoint of each assistant.
pub(super) fn last(progress: &[Checkpoint]) -> Vec<Last<'_>> {
    let last: BTreeMap<&str, &Checkpoint> = progress
        .iter()
        .map(|at| (at.assistant.as_str(), at))
        .collect();
    let rows = last.into_iter().map(|(assistant, at)| Last {
        assistant,
        steps: grouped(at.steps),
        conversations: grouped(at.conversations),
        ways: grouped(at.ways),
        corpus: grouped(at.corpus),
        findings: grouped(at.findings),
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_told_as_people_count() {
        let rate = |value| Estimate {
            value,
            low: value / 2.0,
            high: Some(value * 2.0 + 0.5),
        };
        assert_eq!(
            rate_in_words(&rate(9.5)),
            "in one home once in 12.0 years: 9.50 unintended sends in a million household-hours (95% interval 4.75 to 19.5)"
        );
        assert_eq!(
            rate_in_words(&rate(0.0)),
            "none was seen; under 0.50 unintended sends in a million household-hours (95%)"
        );
        assert_eq!(often(12.0), "once in 12.0 hours");
        assert_eq!(often(240.0), "once in 10.0 days");
        assert_eq!(often(1.2e12), "once in 136.9 million years");
    }
}
