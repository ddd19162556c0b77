//! What a hunt found, for people and for machines.

use super::AsSpoken;
use crate::args::Hunt as Args;
use crate::commands::{breach_json, seconds, stage, table};
use crate::error::Error;
use crate::timeline::{self, Misheard};
use mondegreen_oracle::{Breach, Rule};
use mondegreen_sim::{Chain, Finding, Progress, Served, Spotted, WINDOW_MS, Wish};
use mondegreen_trace::Utterance;
use serde_json::{Value, json};
use std::io::Write;

/// All that a hunt has to say.
pub(super) struct Report<'a> {
    pub(super) args: &'a Args,
    pub(super) talk: Option<&'a [Utterance]>,
    pub(super) served: Vec<(Wish, Served)>,
    pub(super) as_spoken: Option<AsSpoken>,
    pub(super) found: Option<Finding>,
    pub(super) progress: Progress,
}

impl Report<'_> {
    /// Whether no rule was broken.
    pub(super) fn is_clean(&self) -> bool {
        let spoken = self
            .as_spoken
            .as_ref()
            .and_then(|spoken| spoken.found.as_ref());
        self.found.is_none() && spoken.is_none() && self.unserved().next().is_none()
    }

    fn name(&self) -> String {
        self.args.target.subject().name().to_owned()
    }

    /// Service rules that were broken for people who wanted something.
    fn unserved(&self) -> impl Iterator<Item = &Breach> {
        let breaches = self.served.iter().flat_map(|(_, served)| &served.breaches);
        breaches.filter(|breach| matches!(breach.rule, Rule::S1 | Rule::S2 | Rule::S3 | Rule::S4))
    }

    pub(super) fn write(&self, out: &mut impl Write) -> Result<(), Error> {
        if let (Some(talk), Some(as_spoken)) = (self.talk, &self.as_spoken) {
            self.write_as_spoken(talk, as_spoken, out)?;
        }
        match &self.found {
            Some(found) => self.write_finding(found, out)?,
            None => writeln!(out, "{}: no rule was broken.", self.name())?,
        }
        for breach in self.unserved() {
            writeln!(out, "{}: {}", breach.rule, breach.why)?;
        }
        self.write_counts(out)
    }

    fn write_finding(&self, found: &Finding, out: &mut impl Write) -> Result<(), Error> {
        writeln!(out, "{}: {} is broken.\n", self.name(), found.rule)?;
        timeline::write(
            &found.script.household,
            (&found.held.trace, &found.held.spotted),
            &found.breaches,
            out,
        )?;
        writeln!(
            out,
            "\nmargin  {:.2} nats of mishearing:",
            found.cost().as_f64()
        )?;
        let mut rows = table(&["stage", "nats", "said", "heard"]);
        for (asks, hit) in found.stages() {
            let nats = format!("{:.2}", hit.spotted.cost.as_f64());
            rows.add_row([
                stage(asks),
                &nats,
                &hit.spotted.said,
                &hit.spotted.phrase.to_lowercase(),
            ]);
        }
        writeln!(
            out,
            "{rows}\n\nscript  (for `mondegreen replay FILE {}`)",
            self.args.target.subject().option()
        )?;
        writeln!(out, "{}", found.script)?;
        writeln!(out, "repeat  {}\n", super::repeat(self.args))?;
        Ok(())
    }

    fn write_as_spoken(
        &self,
        talk: &[Utterance],
        spoken: &AsSpoken,
        out: &mut impl Write,
    ) -> Result<(), Error> {
        match &spoken.chain {
            Some(chain) => write_chain(talk, chain, out)?,
            None => writeln!(
                out,
                "As it was spoken, no four utterances follow closely enough for a chain.\n"
            )?,
        }
        match &spoken.found {
            Some(found) => {
                writeln!(
                    out,
                    "As it was spoken, this talk makes {} send:\n",
                    self.name()
                )?;
                self.write_finding(found, out)?;
            }
            None => writeln!(
                out,
                "As it was spoken, this talk breaks no rule of {}. What follows puts its utterances in another order.\n",
                self.name()
            )?,
        }
        Ok(())
    }

    fn write_counts(&self, out: &mut impl Write) -> Result<(), Error> {
        let Progress {
            conversations,
            steps,
            ways,
            ..
        } = self.progress;
        writeln!(
            out,
            "tried   {conversations} conversations, {steps} dialog steps, {ways} ways of acting"
        )?;
        let sends = self.served.iter().filter(|(wish, _)| *wish == Wish::Send);
        for (_, served) in sends {
            let did = if served.sent {
                "is sent"
            } else {
                "is not sent"
            };
            writeln!(
                out,
                "served  a message that somebody does want {did}, in {} turns",
                served.turns
            )?;
        }
        Ok(())
    }

    pub(super) fn json(&self) -> Value {
        let found = |found: &Finding| finding_json(found, &super::repeat(self.args));
        let spoken = self.as_spoken.as_ref();
        json!({
            "command": "hunt",
            "assistant": self.name(),
            "version": env!("CARGO_PKG_VERSION"),
            "seed": self.args.seed,
            "conversations": self.progress.conversations,
            "steps": self.progress.steps,
            "ways": self.progress.ways,
            "served": self.served.iter().filter(|(wish, _)| *wish == Wish::Send).all(|(_, served)| served.sent),
            "unserved": self.unserved().map(breach_json).collect::<Vec<Value>>(),
            "finding": self.found.as_ref().map(found),
            "repeat": super::repeat(self.args),
            "as_spoken": spoken.map(|spoken| json!({
                "chain": spoken.chain.as_ref().zip(self.talk).map(|(chain, talk)| chain_json(talk, chain)),
                "finding": spoken.found.as_ref().map(found),
            })),
        })
    }
}

fn write_chain(talk: &[Utterance], chain: &Chain, out: &mut impl Write) -> Result<(), Error> {
    writeln!(
        out,
        "As it was spoken, the nearest chain of mishearings costs {:.2} nats (each stage within {} s of the one before):\n",
        chain.cost.as_f64(),
        WINDOW_MS / 1000
    )?;
    for link in &chain.links {
        let Some(said) = talk.get(link.utterance) else {
            continue;
        };
        let words = around(&said.text, &link.spotted.said);
        writeln!(
            out,
            "{:>10}  {}: {words}",
            seconds(said.from_ms),
            said.speaker
        )?;
        let Spotted {
            phrase,
            cost,
            confidence,
            ..
        } = &link.spotted;
        let (stage, cost) = (stage(link.asks), cost.as_f64());
        let phrase = phrase.to_lowercase();
        writeln!(
            out,
            "            {stage} \"{phrase}\": {cost:.2} nats, confidence {confidence:.2}"
        )?;
    }
    writeln!(out)?;
    Ok(())
}

/// Characters that are shown before and after the words that matter.
const AROUND: usize = 60;

/// An utterance, clipped to what stands around some of its words, which are put in brackets.
fn around(text: &str, words: &str) -> String {
    // Words are compared as they were transcribed; where that differs, the beginning is shown.
    let at = text.to_ascii_lowercase().find(words);
    let (before, said, after) =
        match at.and_then(|at| Some((text.get(..at)?, text.get(at..at + words.len())?))) {
            Some((before, said)) => (
                before,
                format!("[{said}]"),
                &text[before.len() + said.len()..],
            ),
            None => ("", String::new(), text),
        };
    let cut = before
        .char_indices()
        .rev()
        .nth(AROUND)
        .map_or(0, |(at, _)| at);
    let end = after
        .char_indices()
        .nth(AROUND)
        .map_or(after.len(), |(at, _)| at);
    let dots = |is_cut: bool| if is_cut { "…" } else { "" };
    let (shown, rest) = (&before[cut..], &after[..end]);
    format!(
        "{}{shown}{said}{rest}{}",
        dots(cut > 0),
        dots(end < after.len())
    )
}

fn chain_json(talk: &[Utterance], chain: &Chain) -> Value {
    let link = |link: &mondegreen_sim::Link| {
        json!({
            "stage": stage(link.asks),
            "utterance": talk.get(link.utterance),
            "said": link.spotted.said,
            "heard": link.spotted.phrase,
            "nats": link.spotted.cost.as_f64(),
            "confidence": link.spotted.confidence,
        })
    };
    json!({ "nats": chain.cost.as_f64(), "links": chain.links.iter().map(link).collect::<Vec<Value>>() })
}

/// A finding, for machines.
pub(crate) fn finding_json(found: &Finding, repeat: &str) -> Value {
    let stages = found.stages();
    let stages = stages.into_iter().map(|(_, hit)| Misheard::of(hit));
    json!({
        "rule": found.rule.to_string(),
        "breaches": found.breaches.iter().map(breach_json).collect::<Vec<Value>>(),
        "nats": found.cost().as_f64(),
        "stages": stages.collect::<Vec<_>>(),
        "script": found.script.to_string(),
        "trace": found.held.trace.lines,
        "repeat": repeat,
    })
}
