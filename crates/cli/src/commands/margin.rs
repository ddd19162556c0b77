//! `margin`: the cheapest chain of mishearings from ordinary talk to a send.

mod page;

use crate::Status;
use crate::args::Margin as Args;
use crate::args::target::{Chosen, Subject};
use crate::error::Error;
use indicatif::{ProgressBar, ProgressStyle};
use mondegreen_phonetics::Nats;
use mondegreen_sim::{
    Bound, Channel, Cut, Finding, Material, Reference, Total, home, margin, margin_at_most,
};
use mondegreen_trace::Asks;
use std::io::Write;

/// How often the line on the terminal is drawn, in conversations.
const DRAWN_EVERY: u64 = 64;

/// All that there is to say of a margin.
struct Page<'a> {
    args: &'a Args,
    subject: Subject<'a>,
    chain: Option<Finding>,
    total: Total,
    stages: Vec<Stage>,
    basis: Basis,
}

/// One thing that was said, and what it was heard as.
struct Stage {
    asks: Asks,
    cost: Nats,
    /// The whole utterance.
    utterance: String,
    /// The words that were taken for something else.
    said: Option<String>,
    heard: Option<String>,
    confidence: Option<f64>,
}

/// What a margin rests on.
enum Basis {
    /// Every state of an assistant of ours that ordinary talk leads to.
    States {
        states: usize,
        reached: Vec<Asks>,
        at_least: Option<Nats>,
        cuts: Vec<Cut>,
    },
    /// A search.
    Search {
        conversations: u64,
        steps: u64,
        chains: u64,
    },
}

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let subject = args.target.subject();
    let page = match &subject.chosen {
        Chosen::Ours(named) => exact(args, &named.assistant())?,
        Chosen::Program(command) => at_most(args, command)?,
    };
    if args.json {
        writeln!(out, "{}", page.json())?;
    } else {
        page.write(out)?;
    }
    Ok(match page.chain {
        None => Status::Clean,
        Some(_) => Status::Findings,
    })
}

fn exact<'a>(args: &'a Args, assistant: &Reference) -> Result<Page<'a>, Error> {
    let home = home(args.seed);
    let found = margin(assistant, &home, args.seed).map_err(Error::Broken)?;
    let stages = found.parts().into_iter().map(|part| {
        let hit = part.hits.iter().max_by_key(|hit| hit.spotted.cost);
        Stage {
            asks: part.asks,
            cost: part.cost(),
            utterance: part.said.text.clone(),
            said: hit.map(|hit| hit.spotted.said.clone()),
            heard: hit.map(|hit| hit.spotted.phrase.to_lowercase()),
            confidence: hit.map(|hit| hit.spotted.confidence),
        }
    });
    Ok(Page {
        args,
        subject: args.target.subject(),
        total: found.total(),
        stages: stages.collect(),
        basis: Basis::States {
            states: found.states,
            reached: found.reached.iter().copied().collect(),
            at_least: found.at_least(),
            cuts: found.cuts,
        },
        chain: found.chain,
    })
}

#[expect(clippy::disallowed_types, reason = "--time is a limit on real time")]
fn at_most<'a>(args: &'a Args, command: &str) -> Result<Page<'a>, Error> {
    let subject = args.target.subject();
    let home = home(args.seed);
    let mut channel = Channel::new(subject.wake(), &home.household);
    let mut material = Material::generated(&home, &mut channel, args.seed);
    let mut assistant = subject.spawn(command)?;
    let line = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
        line.set_style(style);
    }
    let begun = std::time::Instant::now();
    let talk = (&mut material, &mut channel);
    let bound = margin_at_most(&home.household, talk, &mut assistant, args.seed, |bound| {
        let progress = &bound.progress;
        if progress.conversations.is_multiple_of(DRAWN_EVERY) {
            line.set_message(in_words(bound));
            line.tick();
        }
        match args.steps {
            Some(most) => progress.steps < most,
            None => begun.elapsed() < args.time,
        }
    });
    line.finish_and_clear();
    let bound = bound.map_err(|broke| {
        let (script, broken) = *broke;
        eprintln!("the conversation so far:\n{script}");
        Error::Broken(broken)
    })?;
    let stages = bound
        .chain
        .iter()
        .flat_map(Finding::stages)
        .map(|(asks, hit)| {
            let said = bound
                .chain
                .iter()
                .flat_map(|found| found.script.utterances());
            let mut over = said.filter(|said| (said.from_ms..=said.to_ms).contains(&hit.at_ms));
            Stage {
                asks,
                cost: hit.spotted.cost,
                utterance: over
                    .next()
                    .map_or_else(String::new, |said| said.text.clone()),
                said: Some(hit.spotted.said.clone()),
                heard: Some(hit.spotted.phrase.to_lowercase()),
                confidence: Some(hit.spotted.confidence),
            }
        });
    Ok(Page {
        args,
        subject,
        total: bound.total(),
        stages: stages.collect(),
        basis: Basis::Search {
            conversations: bound.progress.conversations,
            steps: bound.progress.steps,
            chains: bound.chains,
        },
        chain: bound.chain,
    })
}

fn in_words(bound: &Bound) -> String {
    let cheapest = bound.chain.as_ref().map_or_else(
        || "no chain yet".to_owned(),
        |found| {
            format!(
                "{} chains, the cheapest {:.2} nats",
                bound.chains,
                found.cost().as_f64()
            )
        },
    );
    format!("{} conversations, {cheapest}", bound.progress.conversations)
}
