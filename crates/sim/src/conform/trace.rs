//! What has to be so in every run that was held.

use super::exchange::Exchange;
use super::{Failure, written};
use mondegreen_trace::{Effect, Household, Input, Line, Trace};
use std::collections::BTreeSet;

/// What is known at some effect of a run.
struct Known<'a> {
    household: Option<&'a Household>,
    now_ms: u64,
    /// Numbers of the prompts so far.
    prompts: BTreeSet<u32>,
}

/// Finds the first effect that is at fault.
fn find(
    exchange: &Exchange<'_>,
    fault: impl Fn(&Effect, &mut Known<'_>) -> Option<String>,
) -> Result<(), Failure> {
    exchange
        .traces
        .iter()
        .try_for_each(|trace| find_in(trace, &fault))
}

fn find_in(
    trace: &Trace,
    fault: impl Fn(&Effect, &mut Known<'_>) -> Option<String>,
) -> Result<(), Failure> {
    let mut known = Known {
        household: None,
        now_ms: 0,
        prompts: BTreeSet::new(),
    };
    let mut asked = None;
    for line in &trace.lines {
        match line {
            Line::In(input) => {
                asked = Some(line);
                if let Input::Start { household, .. } = input {
                    known.household = Some(household);
                    known.prompts.clear();
                }
                known.now_ms = input.at_ms().unwrap_or(known.now_ms);
            }
            Line::Out(effect) => {
                if let Some(why) = fault(effect, &mut known) {
                    let lines = asked.into_iter().chain([line]).map(written);
                    return Err(Failure {
                        why,
                        lines: lines.collect(),
                    });
                }
            }
            Line::Said { .. } => {}
        }
    }
    Ok(())
}

pub(super) fn prompt_numbers(exchange: &mut Exchange<'_>) -> Result<(), Failure> {
    find(exchange, |effect, known| {
        let Effect::Prompt { prompt, .. } = effect else {
            return None;
        };
        let is_new = known.prompts.insert(*prompt);
        (!is_new).then(|| format!("prompt {prompt} came before"))
    })
}

pub(super) fn known_devices(exchange: &mut Exchange<'_>) -> Result<(), Failure> {
    find(exchange, |effect, known| {
        let device = device(effect)?;
        let is_known = known.household?.devices.contains(device);
        (!is_known).then(|| format!("there is no device `{device}`"))
    })
}

pub(super) fn known_contacts(exchange: &mut Exchange<'_>) -> Result<(), Failure> {
    find(exchange, |effect, known| {
        let id = recipient(effect)?;
        let is_known = known.household?.name_of(id).is_some();
        (!is_known).then(|| format!("there is no contact with the id `{id}`"))
    })
}

pub(super) fn sound_spans(exchange: &mut Exchange<'_>) -> Result<(), Failure> {
    find(exchange, |effect, known| {
        let Effect::Send { from_ms, to_ms, .. } = effect else {
            return None;
        };
        match (from_ms, to_ms) {
            (None, None) => None,
            (Some(from), Some(to)) if from <= to && *to <= known.now_ms => None,
            (Some(_), Some(to)) if *to > known.now_ms => {
                let now_ms = known.now_ms;
                Some(format!(
                    "it sends sound up to {to} ms when it is {now_ms} ms"
                ))
            }
            (Some(_), Some(_)) => Some("the sound ends before it begins".to_owned()),
            (Some(_), None) | (None, Some(_)) => {
                Some("one of `from_ms` and `to_ms` is missing".to_owned())
            }
        }
    })
}

const fn device(effect: &Effect) -> Option<&String> {
    match effect {
        Effect::Prompt { device, .. }
        | Effect::Listen { device, .. }
        | Effect::Record { device, .. }
        | Effect::RecordEnded { device, .. }
        | Effect::Send { device, .. }
        | Effect::Cancel { device, .. }
        | Effect::Notice { device, .. }
        | Effect::Act { device, .. } => Some(device),
        Effect::Hello { .. } | Effect::Timer { .. } | Effect::Done => None,
    }
}

const fn recipient(effect: &Effect) -> Option<&String> {
    match effect {
        Effect::Prompt { recipient, .. } => recipient.as_ref(),
        Effect::Send { recipient, .. } => Some(recipient),
        Effect::Hello { .. }
        | Effect::Listen { .. }
        | Effect::Record { .. }
        | Effect::RecordEnded { .. }
        | Effect::Cancel { .. }
        | Effect::Notice { .. }
        | Effect::Act { .. }
        | Effect::Timer { .. }
        | Effect::Done => None,
    }
}
