//! A margin for people and for machines.

use super::{Basis, Page, Stage};
use crate::args::DEFAULT_TIME;
use crate::commands::{limit_options, printable, stage, table};
use crate::error::Error;
use mondegreen_phonetics::Nats;
use mondegreen_sim::{Cut, Finding, Total};
use serde_json::{Value, json};
use std::io::Write;

impl Stage {
    /// Whether what was heard is what was said.
    fn is_as_said(&self) -> bool {
        self.said == self.heard
    }

    fn json(&self) -> Value {
        json!({
            "stage": stage(self.asks),
            "nats": self.cost.as_f64(),
            "utterance": self.utterance,
            "said": self.said,
            "heard": self.heard,
            "confidence": self.confidence,
            "as_said": self.is_as_said(),
        })
    }
}

impl Page<'_> {
    pub(super) fn write(&self, out: &mut impl Write) -> Result<(), Error> {
        let name = printable(self.subject.name());
        match self.total {
            Total::Exact(nats) => writeln!(out, "{name}: the margin is {:.2} nats.", nats.as_f64()),
            Total::AtMost(nats) => {
                let nats = nats.as_f64();
                writeln!(out, "{name}: the margin is at most {nats:.2} nats.")
            }
            Total::None => writeln!(
                out,
                "{name}: no chain of mishearings, however long, makes it send, as long as people talk in sentences that \
                 the grammar of talk can say and nobody happens to say the very word that a prompt asks for."
            ),
            Total::NotFound => {
                writeln!(
                    out,
                    "{name}: no chain of mishearings was found, which does not rule one out."
                )
            }
        }?;
        if let Some(chain) = &self.chain {
            self.write_chain(chain, out)?;
        }
        self.write_basis(out)
    }

    fn write_chain(&self, chain: &Finding, out: &mut impl Write) -> Result<(), Error> {
        let mut rows = table(&["stage", "nats", "said", "heard", "in"]);
        for it in &self.stages {
            let (said, heard) = match (&it.said, &it.heard) {
                (Some(said), Some(heard)) if said != heard => (said.as_str(), heard.as_str()),
                (said, _) => (said.as_deref().unwrap_or("-"), "as it was said"),
            };
            let nats = format!("{:.2}", it.cost.as_f64());
            rows.add_row([stage(it.asks), &nats, said, heard, &it.utterance]);
        }
        writeln!(out, "\n{rows}\n")?;
        let misheard = || self.stages.iter().filter(|it| it.cost > Nats::ZERO);
        if let (Some(cheapest), Some(dearest)) = (
            misheard().min_by_key(|it| it.cost),
            misheard().max_by_key(|it| it.cost),
        ) {
            for (what, it) in [("cheapest", cheapest), ("dearest", dearest)] {
                let (stage, nats) = (stage(it.asks), it.cost.as_f64());
                writeln!(out, "{what:<8}  {stage}, {nats:.2} nats")?;
            }
        }
        let stages = self.stages.len();
        let as_said = self.stages.iter().filter(|it| it.is_as_said()).count();
        let alike = self
            .stages
            .iter()
            .filter(|it| it.cost == Nats::ZERO)
            .count()
            - as_said;
        if as_said > 0 {
            let why = "are heard as they were said: people say that anyway";
            writeln!(out, "free      {as_said} of {stages} utterances {why}")?;
        }
        if alike > 0 {
            let why = "sound just like what is listened for";
            writeln!(out, "alike     {alike} of {stages} utterances {why}")?;
        }
        let option = self.subject.option();
        writeln!(
            out,
            "\nscript  (for `mondegreen replay FILE {option}`)\n{}",
            chain.script
        )?;
        Ok(())
    }

    fn write_basis(&self, out: &mut impl Write) -> Result<(), Error> {
        match &self.basis {
            Basis::States {
                states,
                reached,
                at_least,
                cuts,
            } => {
                let reached: Vec<&str> = reached.iter().map(|asks| stage(*asks)).collect();
                let reached = reached.join(", ");
                writeln!(
                    out,
                    "tried   {states} states, in which it listens for: {reached}"
                )?;
                write_cuts(cuts, out)?;
                if let Some(at_least) = at_least.filter(|_| !cuts.is_empty()) {
                    let at_least = at_least.as_f64();
                    writeln!(
                        out,
                        "bound   no chain of ordinary talk costs less than {at_least:.2} nats"
                    )?;
                }
            }
            Basis::Search {
                conversations,
                steps,
                chains,
            } => writeln!(
                out,
                "tried   {conversations} conversations, {steps} inputs; {chains} of them ended in a chain, and none was cheaper"
            )?,
        }
        writeln!(
            out,
            "`mondegreen margin --help` says what that shows, docs/margin.md what counts as ordinary talk."
        )?;
        Ok(())
    }

    pub(super) fn json(&self) -> Value {
        let basis = match &self.basis {
            Basis::States {
                states,
                reached,
                at_least,
                cuts,
            } => json!({
                "states": states,
                "reached": reached.iter().map(|asks| stage(*asks)).collect::<Vec<_>>(),
                "at_least": at_least.map(Nats::as_f64),
                "unseen": cuts.iter().map(|cut| json!({
                    "stage": stage(cut.asks),
                    "phrase": cut.phrase,
                    "above": cut.up_to.as_f64(),
                })).collect::<Vec<_>>(),
            }),
            Basis::Search {
                conversations,
                steps,
                chains,
            } => json!({ "conversations": conversations, "steps": steps, "chains": chains }),
        };
        let (margin, nats) = match self.total {
            Total::Exact(nats) => ("exact", Some(nats)),
            Total::AtMost(nats) => ("at most", Some(nats)),
            Total::None => ("none", None),
            Total::NotFound => ("not found", None),
        };
        let limit = limit_options(self.args.steps, self.args.time, DEFAULT_TIME);
        let place = self.subject.place();
        json!({
            "command": "margin",
            "repeat": format!("mondegreen margin {place} --seed {}{limit}", self.args.seed),
            "assistant": self.subject.name(),
            "version": env!("CARGO_PKG_VERSION"),
            "seed": self.args.seed,
            "margin": margin,
            "nats": nats.map(Nats::as_f64),
            "stages": self.stages.iter().map(Stage::json).collect::<Vec<_>>(),
            "script": self.chain.as_ref().map(|chain| chain.script.to_string()),
            "basis": basis,
        })
    }
}

/// Says for which phrases some near-misses were not looked at.
fn write_cuts(cuts: &[Cut], out: &mut impl Write) -> Result<(), Error> {
    for cut in cuts {
        let Cut {
            asks,
            phrase,
            up_to,
        } = cut;
        let (stage, up_to) = (stage(*asks), up_to.as_f64());
        writeln!(
            out,
            "unseen  {stage} \"{phrase}\": texts that cost more than {up_to:.2} nats"
        )?;
    }
    Ok(())
}
