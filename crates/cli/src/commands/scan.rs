//! `scan`: where real talk comes near what an assistant listens for.

use crate::Status;
use crate::args::Scan;
use crate::commands::{seconds, stage, table, talk_from};
use crate::error::Error;
use mondegreen_sim::{Channel, STAGES, Spotted, home};
use mondegreen_trace::{Asks, Contact, Household, Utterance};
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::Write;

#[derive(Serialize)]
struct Place {
    stage: &'static str,
    at_ms: u64,
    speaker: String,
    said: String,
    heard: String,
    nats: f64,
    confidence: f64,
    text: String,
}

pub(crate) fn run(args: &Scan, out: &mut impl Write) -> Result<Status, Error> {
    let talk = talk_from(&args.talk)?;
    let household = household(args);
    let mut channel = Channel::new(args.assistant.wake, &household);
    let mut places = Vec::new();
    for asks in STAGES {
        places.extend(nearest_places(&talk, asks, args.n, &mut channel));
    }
    if args.json {
        serde_json::to_writer(&mut *out, &places)?;
        writeln!(out)?;
        return Ok(Status::Clean);
    }
    let names: Vec<&str> = household
        .contacts
        .iter()
        .map(|contact| contact.name.as_str())
        .collect();
    writeln!(
        out,
        "{} utterances; contacts: {}\n",
        talk.len(),
        names.join(", ")
    )?;
    let mut rows = table(&[
        "listens for",
        "at",
        "speaker",
        "said",
        "heard as",
        "nats",
        "confidence",
    ]);
    for place in &places {
        rows.add_row([
            place.stage.to_owned(),
            seconds(place.at_ms),
            place.speaker.clone(),
            place.said.clone(),
            place.heard.clone(),
            format!("{:.2}", place.nats),
            format!("{:.2}", place.confidence),
        ]);
    }
    writeln!(out, "{rows}")?;
    Ok(Status::Clean)
}

fn household(args: &Scan) -> Household {
    let mut household = home(args.seed).household;
    if !args.contact.is_empty() {
        let numbered = (1..).zip(&args.contact);
        let contact = |(number, name): (usize, &String)| Contact {
            id: format!("c{number}"),
            name: name.clone(),
        };
        household.contacts = numbered.map(contact).collect();
    }
    household
}

/// The places that come nearest, each wording once, nearest first and then in order.
fn nearest_places(talk: &[Utterance], asks: Asks, n: usize, channel: &mut Channel) -> Vec<Place> {
    let near = |said: &Utterance, channel: &mut Channel| {
        Some((channel.nearest(&said.text, asks)?, said.clone()))
    };
    let mut near: Vec<(Spotted, Utterance)> =
        talk.iter().filter_map(|said| near(said, channel)).collect();
    near.sort_by(|(a, said_a), (b, said_b)| {
        b.confidence
            .total_cmp(&a.confidence)
            .then(said_a.from_ms.cmp(&said_b.from_ms))
    });
    let mut seen = BTreeSet::new();
    near.retain(|(spotted, _)| seen.insert((spotted.said.clone(), spotted.phrase.clone())));
    let place = |(spotted, said): (Spotted, Utterance)| Place {
        stage: stage(asks),
        at_ms: said.from_ms,
        speaker: said.speaker,
        said: spotted.said,
        heard: spotted.phrase,
        nats: spotted.cost.as_f64(),
        confidence: spotted.confidence,
        text: said.text,
    };
    near.into_iter().take(n).map(place).collect()
}
