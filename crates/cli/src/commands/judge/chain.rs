//! How a send came about: what was heard at each step, and what was really said.

use super::recording::Held;
use mondegreen_trace::{Asks, Effect, Hypothesis, Input, Line, Utterance};

/// What led to a send.
#[derive(Debug)]
pub(crate) struct Chain<'a> {
    /// Number of the line of the send.
    pub(crate) number: usize,
    pub(crate) at_ms: u64,
    pub(crate) device: &'a str,
    pub(crate) message: &'a str,
    pub(crate) recipient: &'a str,
    pub(crate) steps: Vec<Step<'a>>,
    /// What the device was told after the send: what, when, and in which line.
    pub(crate) after: Vec<(usize, u64, &'a Input)>,
    /// All that the device heard before, in the same session.
    pub(crate) heard: Vec<(usize, &'a Input)>,
    /// All that was said in the log around it.
    pub(crate) talk: Vec<&'a Utterance>,
    /// Whether it begins before what is known.
    pub(crate) is_cut: bool,
}

/// Something heard or pressed that led on.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub(crate) number: usize,
    pub(crate) at_ms: u64,
    /// What the device waited for, and what else it took in the same breath.
    pub(crate) stages: Vec<Asks>,
    pub(crate) input: &'a Input,
    /// What the device had said.
    pub(crate) prompt: Option<Asked<'a>>,
    /// What people said meanwhile in its hearing.
    pub(crate) said: Vec<&'a Utterance>,
}

/// A prompt, as far as its end is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) text: &'a str,
    prompt: u32,
    asks: Option<Asks>,
    pub(crate) ends_ms: u64,
}

impl Step<'_> {
    /// What was heard, best first; nothing for a button.
    pub(crate) fn hypotheses(&self) -> &[Hypothesis] {
        if let Input::Heard { hypotheses, .. } = self.input {
            hypotheses
        } else {
            &[]
        }
    }

    /// When the speech began.
    pub(crate) fn began_ms(&self) -> Option<u64> {
        if let Input::Heard { from_ms, .. } = self.input {
            Some(*from_ms)
        } else {
            None
        }
    }

    pub(crate) fn is_at(&self, stage: Asks) -> bool {
        self.stages.contains(&stage)
    }
}

/// How the send at this place of a stretch came about.
pub(crate) fn trace_back(lines: &[Held], at: usize) -> Option<Chain<'_>> {
    let sent = lines.get(at)?;
    let Line::Out(Effect::Send {
        device,
        message,
        recipient,
        ..
    }) = &sent.line
    else {
        return None;
    };
    let before = lines.get(..at)?;
    let batch = before.iter().rposition(is_input).unwrap_or(0);
    let begin = before
        .get(..batch)?
        .iter()
        .rposition(|held| ends_session(held, device));
    let session = lines.get(begin.map_or(0, |at| at + 1)..=at)?;
    let mut now_ms = time_before(lines, at);
    let at_ms = now_ms;
    let after = lines.get(at..)?.iter().filter_map(|held| {
        let Line::In(input) = &held.line else {
            return None;
        };
        now_ms = input.at_ms().unwrap_or(now_ms);
        (device_of(input) == Some(device)).then_some((held.number, now_ms, input))
    });
    let talk = lines.iter().filter_map(|held| match &held.line {
        Line::Said { said } => Some(said),
        Line::In(_) | Line::Out(_) => None,
    });
    let mut chain = Chain {
        number: sent.number,

        at_ms,
        device,
        message,
        recipient,
        steps: Vec::new(),
        after: after.collect(),
        heard: Vec::new(),
        talk: talk.collect(),
        is_cut: begin.is_none() && lines.first().is_some_and(|first| first.index > 0),
    };
    chain.follow(session);
    Some(chain)
}

impl<'a> Chain<'a> {
    /// Goes through the session, input by input.
    fn follow(&mut self, session: &'a [Held]) {
        let listens = |held: &Held| matches!(&held.line, Line::Out(Effect::Listen { device, .. }) if device == self.device);
        let tells_listening = session.iter().any(listens);
        let mut waits_for = Some(Asks::Wake);
        let mut asked: Option<Asked<'a>> = None;
        let mut rest = session;
        let mut now_ms = 0;
        while let Some(place) = rest.iter().position(is_input) {
            let held = &rest[place];
            rest = &rest[place + 1..];
            let Line::In(input) = &held.line else {
                continue;
            };
            now_ms = input.at_ms().unwrap_or(now_ms);
            if let Input::PromptEnded { prompt, .. } = input
                && let Some(asked) = asked.as_mut().filter(|asked| asked.prompt == *prompt)
            {
                asked.ends_ms = now_ms;
            }
            let answers = rest.iter().position(is_input).unwrap_or(rest.len());
            let batch = Batch::of(&rest[..answers], self.device, now_ms);
            if matches!(input, Input::Heard { .. }) && device_of(input) == Some(self.device) {
                self.heard.push((held.number, input));
            }
            let is_answer = matches!(input, Input::Heard { .. } | Input::Pressed { .. });
            let leads_on = batch.leads_on(waits_for);
            if is_answer && leads_on {
                let is_first = self.steps.is_empty() && asked.is_none();
                let stage = waits_for.or(is_first.then_some(Asks::Wake));
                self.steps.push(Step {
                    number: held.number,
                    at_ms: now_ms,
                    stages: batch.stages(stage),
                    input,
                    prompt: asked,
                    said: Vec::new(),
                });
            }
            if let Some(prompt) = batch.prompt {
                waits_for = prompt.asks.or(waits_for.filter(|_| tells_listening));
                asked = Some(prompt);
            }
            waits_for = batch.listens.or(waits_for);
        }
        self.listen_in();
    }

    /// What people said at each step, in the hearing of the device that heard it.
    fn listen_in(&mut self) {
        for step in &mut self.steps {
            let from_ms = step.began_ms().unwrap_or(step.at_ms);
            let device = device_of(step.input);
            let is_then = |said: &&Utterance| {
                let overlaps = said.from_ms < step.at_ms && said.to_ms > from_ms;
                let is_near = said
                    .devices
                    .iter()
                    .any(|near| Some(near.as_str()) == device);
                overlaps && is_near
            };
            step.said = self.talk.iter().copied().filter(is_then).collect();
        }
    }
}

/// What one device did on an input.
struct Batch<'a> {
    prompt: Option<Asked<'a>>,
    listens: Option<Asks>,
    records: bool,
    sends: bool,
    says: bool,
}

impl<'a> Batch<'a> {
    fn of(lines: &'a [Held], own: &str, now_ms: u64) -> Self {
        let mut batch = Self {
            prompt: None,
            listens: None,
            records: false,
            sends: false,
            says: false,
        };
        for held in lines {
            match &held.line {
                Line::Out(Effect::Prompt {
                    device,
                    prompt,
                    text,
                    asks,
                    duration_ms,
                    ..
                }) if device == own => {
                    batch.prompt = Some(Asked {
                        text,
                        prompt: *prompt,
                        asks: *asks,
                        ends_ms: now_ms.saturating_add(*duration_ms),
                    });
                }
                Line::Out(Effect::Listen {
                    device,
                    listens_for,
                    ..
                }) if device == own => batch.listens = Some(*listens_for),
                Line::Out(Effect::Record { device, .. } | Effect::RecordEnded { device, .. })
                    if device == own =>
                {
                    batch.records = true;
                }
                Line::Out(Effect::Send { device, .. }) if device == own => batch.sends = true,
                Line::Out(Effect::Notice { device, .. }) if device == own => batch.says = true,
                Line::Out(_) | Line::In(_) | Line::Said { .. } => {}
            }
        }
        batch
    }

    /// What it waits for next, if that is known.
    fn next(&self) -> Option<Asks> {
        let asks = self.prompt.and_then(|prompt| prompt.asks);
        asks.or(self.listens.filter(|listens| *listens != Asks::Wake))
    }

    /// Whether it went on on this, rather than ask once more.
    fn leads_on(&self, waited_for: Option<Asks>) -> bool {
        if self.sends || self.records {
            return true;
        }
        let says = self.says && waited_for == Some(Asks::Confirmation);
        match self.next() {
            Some(next) => Some(next) != waited_for || says,
            None => self.prompt.is_some() || says,
        }
    }

    /// What it took in one breath, from what it waited for to what it waits for next.
    fn stages(&self, stage: Option<Asks>) -> Vec<Asks> {
        let on_the_way = [Asks::Wake, Asks::Command, Asks::Recipient];
        let Some(stage) = stage else {
            // It asked something, and does not say what.
            let is_last = self.sends || self.records;
            return is_last.then_some(Asks::Confirmation).into_iter().collect();
        };
        let end = match self.next() {
            Some(next) => next,
            None if self.sends || self.records => Asks::Message,
            None => return vec![stage],
        };
        let taken = on_the_way
            .into_iter()
            .filter(|on| (stage..end).contains(on));
        let taken: Vec<Asks> = taken.collect();
        if taken.is_empty() { vec![stage] } else { taken }
    }
}

fn is_input(held: &Held) -> bool {
    matches!(held.line, Line::In(_))
}

/// When the effect at this place happened.
fn time_before(lines: &[Held], at: usize) -> u64 {
    let mut before = lines.iter().take(at).rev();
    let at_ms = before.find_map(|held| match &held.line {
        Line::In(input) => input.at_ms(),
        Line::Out(_) | Line::Said { .. } => None,
    });
    at_ms.unwrap_or(0)
}

/// Whether nothing before this belongs to what the device does next.
fn ends_session(held: &Held, own: &str) -> bool {
    match &held.line {
        Line::In(Input::Start { .. } | Input::Restart { .. }) => true,
        Line::Out(
            Effect::Send { device, .. }
            | Effect::Cancel { device, .. }
            | Effect::Listen {
                device,
                listens_for: Asks::Wake,
                ..
            },
        ) => device == own,
        Line::In(_) | Line::Out(_) | Line::Said { .. } => false,
    }
}

fn device_of(input: &Input) -> Option<&str> {
    match input {
        Input::Heard { device, .. }
        | Input::Withdrawn { device, .. }
        | Input::PromptEnded { device, .. }
        | Input::Pressed { device, .. } => Some(device),
        Input::Start { .. }
        | Input::Time { .. }
        | Input::Delivery { .. }
        | Input::Setting { .. }
        | Input::Restart { .. }
        | Input::End => None,
    }
}
