//! `G15`: an assistant that is given its own log again does the same again.

use crate::write::{Time, clipped};
use crate::{Breach, Rule};
use mondegreen_trace::{Effect, Input, Line, Trace};

/// Compares two runs of one assistant, the second of which was given the inputs of the first.
///
/// Effects are compared in order, up to the first input in which the runs differ; what was said is
/// no matter. An assistant that depends on anything but its inputs cannot be held to account.
///
/// # Errors
/// The first effect, as a line of `replay`, that differs; the end of `replay` when one is missing.
pub fn accountable(first: &Trace, replay: &Trace) -> Result<(), Breach> {
    compare(&first.lines, &replay.lines, 0)
}

/// Compares every run of a trace with the first run that started like it.
pub(crate) fn replays(lines: &[Line]) -> impl Iterator<Item = Breach> {
    let starts = (0..).zip(lines).filter(|(_, line)| is_start(line));
    let starts: Vec<usize> = starts.map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    let runs = starts.iter().copied().zip(ends);
    let mut firsts: Vec<&[Line]> = Vec::new();
    let compared = runs.filter_map(move |(start, end)| {
        let run = lines.get(start..end)?;
        if let Some(first) = firsts.iter().find(|known| known.first() == run.first()) {
            return compare(first, run, start).err();
        }
        firsts.push(run);
        None
    });
    compared.collect::<Vec<_>>().into_iter()
}

fn is_start(line: &Line) -> bool {
    matches!(line, Line::In(Input::Start { .. }))
}

fn compare(first: &[Line], replay: &[Line], offset: usize) -> Result<(), Breach> {
    let mut now_ms = 0;
    let mut first = told(first).map(|(_, told)| told);
    let mut replay_lines = told(replay);
    loop {
        let did = first.next();
        let (at, redid) = replay_lines.next().unzip();
        match (did, redid) {
            (Some(Told::Given(input)), Some(Told::Given(again))) if input == again => {
                now_ms = input.at_ms().unwrap_or(now_ms);
            }
            (Some(Told::Did(effect)), Some(Told::Did(again))) if effect == again => {}
            // One of them was cut off, or the replay is of something else from here on.
            (None | Some(Told::Given(_)), None | Some(Told::Given(_))) => return Ok(()),
            (did, redid) => {
                let (did, redid, now) = (
                    described(did.as_ref()),
                    described(redid.as_ref()),
                    Time(now_ms),
                );
                return Err(Breach {
                    rule: Rule::G15,
                    line: offset.saturating_add(at.unwrap_or(replay.len())),
                    message: None,
                    why: format!(
                        "at {now} the assistant did {did}; given the same again, it did {redid}"
                    ),
                });
            }
        }
    }
}

/// What counts for a replay.
enum Told<'a> {
    Given(&'a Input),
    Did(&'a Effect),
}

fn told(lines: &[Line]) -> impl Iterator<Item = (usize, Told<'_>)> {
    let told = |line| match line {
        &Line::Said { .. } | Line::Out(Effect::Done) => None,
        Line::In(input) => Some(Told::Given(input)),
        Line::Out(effect) => Some(Told::Did(effect)),
    };
    let numbered = (0..).zip(lines);
    numbered.filter_map(move |(at, line)| Some((at, told(line)?)))
}

fn described(told: Option<&Told<'_>>) -> String {
    match told {
        Some(Told::Did(effect)) => clipped(&format!("{effect:?}")),
        Some(Told::Given(_)) | None => "nothing".to_owned(),
    }
}
