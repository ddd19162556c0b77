//! What was found, for people and for machines.

use super::chain::{Chain, Step, trace_back};
use super::recording::Held;
use super::rules::Verdict;
use super::run::{Judged, Numbered};
use super::safeguards::{Around, Certainty, Stop, at_step, before_it_left};
use crate::commands::{breach_json, printable, seconds, stage};
use crate::error::Error;
use crate::timeline;
use mondegreen_oracle::{Breach, Rule};
use mondegreen_trace::log::Damage;
use mondegreen_trace::{Effect, Line, Trace};
use serde_json::{Value, json};
use std::io::Write;

/// Of one rule, so many breaches are shown; `--json` gives all.
const SHOWN_MAX: usize = 10;
/// So many sends are traced back.
const CHAINS_MAX: usize = 20;

/// Writes what is known of a run.
pub(crate) fn write(run: &Judged, out: &mut impl Write) -> Result<(), Error> {
    let (first, last) = run.lines;
    let who = run.assistant.as_deref().unwrap_or("no name given");
    let gap = if run.number > 1 { "\n" } else { "" };
    let number = run.number;
    writeln!(
        out,
        "{gap}run {number}, lines {first} to {last}: {}\n",
        printable(who)
    )?;
    write_damage(run, out)?;
    write_timeline(run, out)?;
    write_rules(run, out)?;
    write_stops(run, out)?;
    let verdict = match run.breaches.len() {
        0 => "no rule is broken, as far as this log tells.",
        _ => "rules are broken.",
    };
    writeln!(out, "\nrun {number}: {verdict}")?;
    Ok(())
}

fn write_damage(run: &Judged, out: &mut impl Write) -> Result<(), Error> {
    if run.damages.is_empty() {
        return Ok(());
    }
    writeln!(out, "damage")?;
    for tally in run.damages.tallies() {
        for damage in &tally.first {
            writeln!(out, "  {}", printable(&damage.to_string()))?;
        }
        if tally.others() > 0 {
            let (others, last) = (tally.others(), tally.last);
            writeln!(
                out,
                "  and {others} more lines like that, the last of them {last}"
            )?;
        }
    }
    writeln!(out)?;
    Ok(())
}

fn write_timeline(run: &Judged, out: &mut impl Write) -> Result<(), Error> {
    let mut next = 0;
    for stretch in run.recording.stretches() {
        let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else {
            continue;
        };
        write_gap(next, first.index, out)?;
        next = last.index + 1;
        let is_here = |found: &&Numbered| (first.index..next).contains(&found.breach.line);
        let moved = |found: &Numbered| Breach {
            line: found.breach.line - first.index,
            ..found.breach.clone()
        };
        let breaches: Vec<Breach> = run.breaches.iter().filter(is_here).map(moved).collect();
        let trace = Trace {
            lines: stretch.iter().map(|held| held.line.clone()).collect(),
        };
        timeline::write_log(&run.household, &trace, &breaches, out)?;
    }
    write_gap(next, run.recording.seen(), out)
}

/// Lines that are not shown are counted.
fn write_gap(from: usize, to: usize, out: &mut impl Write) -> Result<(), Error> {
    if to > from {
        writeln!(
            out,
            "          ({} lines of the run are not shown)",
            to - from
        )?;
    }
    Ok(())
}

fn write_rules(run: &Judged, out: &mut impl Write) -> Result<(), Error> {
    writeln!(out, "\nrules")?;
    let lost = run.damages.lost();
    if lost > 0 {
        writeln!(
            out,
            "  {lost} lines could not be read: what stood there may have kept a rule or broken it"
        )?;
    }
    for (rule, verdict) in &run.verdicts {
        let name = rule.to_string();
        match verdict {
            Verdict::Kept(None) => writeln!(out, "  {name:<18}  kept")?,
            Verdict::Kept(Some(why)) => writeln!(out, "  {name:<18}  kept: {why}")?,
            Verdict::Unjudged(why) => writeln!(out, "  {name:<18}  cannot be judged: {why}")?,
            Verdict::Broken => write_broken(run, *rule, out)?,
        }
    }
    Ok(())
}

fn write_broken(run: &Judged, rule: Rule, out: &mut impl Write) -> Result<(), Error> {
    let of_rule = |found: &&Numbered| found.breach.rule == rule;
    let found: Vec<&Numbered> = run.breaches.iter().filter(of_rule).collect();
    for Numbered { breach, number } in found.iter().take(SHOWN_MAX) {
        let (name, why) = (rule.to_string(), printable(&breach.why));
        writeln!(out, "  {name:<18}  BROKEN in line {number}: {why}")?;
    }
    if found.len() > SHOWN_MAX {
        writeln!(
            out,
            "  {:<18}  and {} times more",
            "",
            found.len() - SHOWN_MAX
        )?;
    }
    Ok(())
}

/// A send that should not have been, and where it could have been stopped.
struct Stopped<'a> {
    chain: Chain<'a>,
    breaches: Vec<&'a Breach>,
    steps: Vec<Vec<Stop>>,
    after: Vec<Stop>,
}

/// The sends that break a rule, as far as they are held.
fn stopped(run: &Judged) -> Vec<Stopped<'_>> {
    let about = |message: &str| {
        let mine = move |breach: &&Breach| breach.message.as_deref() == Some(message);
        let breaches = run.breaches.iter().map(|found| &found.breach);
        breaches.filter(mine).collect::<Vec<&Breach>>()
    };
    let sends = run.recording.stretches().flat_map(|lines| {
        let places = 0..lines.len();
        places.filter_map(move |at| sent_at(lines, at).map(|message| (lines, at, message)))
    });
    let mut known = Vec::new();
    let mut all = Vec::new();
    for (lines, at, message) in sends {
        let breaches = about(message);
        let is_first = !known.contains(&message);
        known.push(message);
        let is_broken_here = breaches.iter().any(|breach| breach.line == lines[at].index);
        if breaches.is_empty() || !(is_first || is_broken_here) || all.len() >= CHAINS_MAX {
            continue;
        }
        let Some(chain) = trace_back(lines, at) else {
            continue;
        };
        let around = Around {
            household: &run.household,
            breaches: &breaches,
        };
        let steps = chain.steps.iter().map(|step| at_step(&chain, step, around));
        let (steps, after) = (steps.collect(), before_it_left(&chain, around));
        all.push(Stopped {
            chain,
            breaches,
            steps,
            after,
        });
    }
    all
}

fn sent_at(lines: &[Held], at: usize) -> Option<&str> {
    match &lines.get(at)?.line {
        Line::Out(Effect::Send { message, .. }) => Some(message),
        Line::Out(_) | Line::In(_) | Line::Said { .. } => None,
    }
}

fn write_stops(run: &Judged, out: &mut impl Write) -> Result<(), Error> {
    for stopped in stopped(run) {
        let chain = &stopped.chain;
        let name = run.household.name_of(chain.recipient);
        let name = printable(name.unwrap_or(chain.recipient));
        let (message, at) = (printable(chain.message), seconds(chain.at_ms));
        writeln!(
            out,
            "\nwhere {message} to {name}, which left at {at} in line {}, could have been stopped with the settings of `guarded`",
            chain.number
        )?;
        if chain.is_cut {
            writeln!(out, "  how it began is not held any more")?;
        }
        for (step, stops) in chain.steps.iter().zip(&stopped.steps) {
            writeln!(out, "  {}", printable(&described(step)))?;
            write_each(stops, out)?;
        }
        if !stopped.after.is_empty() {
            writeln!(out, "  before it left")?;
            write_each(&stopped.after, out)?;
        }
    }
    Ok(())
}

fn write_each(stops: &[Stop], out: &mut impl Write) -> Result<(), Error> {
    if stops.is_empty() {
        writeln!(
            out,
            "    nothing that is known of this step speaks against it"
        )?;
    }
    for Stop {
        safeguard,
        certainty,
        why,
    } in stops
    {
        let certainty = certainty.words();
        writeln!(out, "    {certainty:<10}  {safeguard}: {}", printable(why))?;
    }
    Ok(())
}

impl Certainty {
    const fn words(self) -> &'static str {
        match self {
            Self::Would => "would have",
            Self::Might => "might have",
        }
    }
}

/// A step in a sentence.
fn described(step: &Step<'_>) -> String {
    let stages: Vec<&str> = step.stages.iter().map(|asks| stage(*asks)).collect();
    let stages = match stages.as_slice() {
        [] => "something".to_owned(),
        some => some.join(" and "),
    };
    let heard = match step.hypotheses().first() {
        Some(heard) => format!("\"{}\" ({:.2})", heard.text, heard.confidence),
        None => "a button, or sound of which nothing was made".to_owned(),
    };
    let said: Vec<String> = step
        .said
        .iter()
        .map(|said| {
            let to = if said.meant.is_nobody() {
                ""
            } else {
                ", to the assistant"
            };
            format!("{} said \"{}\"{to}", said.speaker, said.text)
        })
        .collect();
    let said = if said.is_empty() {
        String::new()
    } else {
        format!("; {}", said.join(", "))
    };
    format!(
        "line {}, {} as {stages}: {heard}{said}",
        step.number,
        seconds(step.at_ms)
    )
}

/// The same for machines, and with every breach.
pub(crate) fn to_json(run: &Judged) -> Value {
    let damage: Vec<Value> = run
        .damages
        .tallies()
        .map(|tally| {
            let lines = tally.first.iter().map(damage_json);
            json!({
                "kind": tally.first.first().map(|damage| damage.defect.name()),
                "count": tally.count, "last": tally.last, "lines": lines.collect::<Vec<Value>>(),
            })
        })
        .collect();
    let rules: Vec<Value> = run
        .verdicts
        .iter()
        .map(|(rule, verdict)| {
            let (verdict, why) = match verdict {
                Verdict::Broken => ("broken", None),
                Verdict::Kept(why) => ("kept", *why),
                Verdict::Unjudged(why) => ("cannot be judged", Some(*why)),
            };
            json!({ "rule": rule.to_string(), "verdict": verdict, "why": why })
        })
        .collect();
    let breaches: Vec<Value> = run
        .breaches
        .iter()
        .map(|found| {
            breach_json(&Breach {
                line: found.number,
                ..found.breach.clone()
            })
        })
        .collect();
    let stopped: Vec<Value> = stopped(run).iter().map(stopped_json).collect();
    json!({
        "run": run.number, "lines": run.lines, "assistant": run.assistant, "damage": damage,
        "lost": run.damages.lost(), "rules": rules, "breaches": breaches, "stopped": stopped,
    })
}

fn damage_json(damage: &Damage) -> Value {
    json!({ "line": damage.line, "why": damage.why })
}

fn stopped_json(stopped: &Stopped<'_>) -> Value {
    let listed = |stops: &Vec<Stop>| -> Vec<Value> {
        let one = |stop: &Stop| json!({ "safeguard": stop.safeguard, "certainty": stop.certainty.words(), "why": stop.why });
        stops.iter().map(one).collect()
    };
    let steps = stopped
        .chain
        .steps
        .iter()
        .zip(&stopped.steps)
        .map(|(step, found)| {
            let stages: Vec<&str> = step.stages.iter().map(|asks| stage(*asks)).collect();
            let heard = step.hypotheses().first().map(|heard| heard.text.as_str());
            json!({ "line": step.number, "stages": stages, "heard": heard, "stops": listed(found) })
        });
    let rules = stopped
        .breaches
        .iter()
        .map(|breach| breach.rule.to_string());
    json!({
        "message": stopped.chain.message, "recipient": stopped.chain.recipient,
        "line": stopped.chain.number, "rules": rules.collect::<Vec<String>>(),
        "steps": steps.collect::<Vec<Value>>(), "before_it_left": listed(&stopped.after),
    })
}
