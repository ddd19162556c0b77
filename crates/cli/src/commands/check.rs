//! `check`: every reachable state of a model of an assistant.

use crate::args::Check as Args;
use crate::args::target::Chosen;
use crate::commands::report::print;
use crate::commands::{breach_json, seconds};
use crate::error::Error;
use crate::{Status, timeline};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use mondegreen_oracle::{Breach, judge};
use mondegreen_sim::check::{Bounds, Check, Counterexample, Extent, Outcome};
use mondegreen_trace::Household;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::time::Duration;

#[expect(clippy::disallowed_types, reason = "a check tells how long it took")]
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let bounds = Bounds {
        devices: usize::from(args.devices),
        states_max: args.states,
        ..Bounds::WHOLE
    };
    let subject = args.target.subject();
    let Chosen::Ours(named) = subject.chosen else {
        let why = "a program cannot be checked: a check has to see the state of the dialog, and a program shows \
                   what it does alone; `mondegreen fuzz` searches any program";
        return Err(Error::Setting(why.to_owned()));
    };
    let line = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
        line.set_style(style);
    }
    let begun = std::time::Instant::now();
    let mut check = Check::new(named.assistant(), subject.wake(), bounds);
    let ended = check.run(|extent| {
        line.set_message(extent_in_words(extent));
        line.tick();
    });
    line.finish_and_clear();
    let ended = ended.map_err(Error::Broken)?;
    let report = Report {
        args,
        name: subject.name(),
        household: check.household(),
        extent: check.extent(),
        took: begun.elapsed(),
    };
    let found = match &ended {
        Outcome::Kept => None,
        Outcome::Broken(found) => Some(&**found),
        Outcome::TooMany => {
            return Err(Error::Setting(format!(
                "there are more than {} states; so far no rule is broken; try a larger --states, or --devices 1",
                args.states
            )));
        }
    };
    let plain = |out: &mut _| Ok(report.write(found, out)?);
    print(args.printing.format(), || report.json(found), plain, out)?;
    Ok(match found {
        None => Status::Clean,
        Some(_) => Status::Findings,
    })
}

/// What is told of a check.
struct Report<'a> {
    args: &'a Args,
    name: &'a str,
    household: &'a Household,
    extent: Extent,
    took: Duration,
}

impl Report<'_> {
    fn write(&self, found: Option<&Counterexample>, out: &mut impl Write) -> io::Result<()> {
        let name = self.name;
        match found {
            None => writeln!(
                out,
                "{name} keeps G1 to G15, S2 and S3 in every reachable state of the model."
            )?,
            Some(found) => {
                let (rule, why) = (found.rule, &found.why);
                writeln!(out, "{name} breaks {rule}: {why}.\n")?;
                let breaches = breaches(found);
                timeline::write(self.household, (&found.trace, &[]), &breaches, out)?;
                writeln!(out, "\nNo shorter way breaks a rule.")?;
                if let Some(case) = &found.case {
                    writeln!(
                        out,
                        "\nThe same as a case, for `mondegreen replay FILE.case --assistant {name}`:\n\n{case}"
                    )?;
                }
            }
        }
        let took = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX);
        writeln!(
            out,
            "{}, in {} s. `mondegreen check --help` says what that shows, docs/check.md what it leaves out.",
            extent_in_words(self.extent),
            seconds(took)
        )
    }

    /// How long it took is left out: the same check gives the same bytes.
    fn json(&self, found: Option<&Counterexample>) -> Value {
        let finding = found.map(|found| {
            json!({
                "rule": found.rule.to_string(),
                "why": found.why,
                "steps": found.actions.len(),
                "breaches": breaches(found).iter().map(breach_json).collect::<Vec<_>>(),
                "trace": found.trace.lines,
                "case": found.case.as_ref().map(ToString::to_string),
            })
        });
        json!({
            "command": "check",
            "assistant": self.name,
            "version": env!("CARGO_PKG_VERSION"),
            "devices": self.args.devices,
            "repeat": format!("mondegreen check {} --devices {}", self.name, self.args.devices),
            "kept": found.is_none(),
            "states": self.extent.states,
            "transitions": self.extent.transitions,
            "depth": self.extent.depth,
            "finding": finding,
        })
    }
}

/// What the oracle says of the trace by itself, as far as it is about this rule.
fn breaches(found: &Counterexample) -> Vec<Breach> {
    let mut breaches = judge(&found.trace);
    breaches.retain(|breach| breach.rule == found.rule);
    breaches
}

fn extent_in_words(extent: Extent) -> String {
    let states = u64::try_from(extent.states).unwrap_or(u64::MAX);
    format!(
        "{} states, {} transitions, depth {}",
        HumanCount(states),
        HumanCount(extent.transitions),
        extent.depth
    )
}
