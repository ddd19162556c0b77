//! What the protocol asks of each line of an answer.

use super::breakdown::{ANSWER_MAX, Breakdown};
use crate::hold::EFFECTS_MAX;
use mondegreen_trace::{Effect, Input, PROTOCOL};
use serde::Deserialize;
use serde_json::Value;

/// An answer that is being read.
#[derive(Debug)]
pub(super) struct Answer {
    now_ms: u64,
    is_to_start: bool,
    effects: usize,
    bytes: usize,
}

/// What a line says.
#[derive(Debug)]
pub(super) enum Read {
    Effect(Effect),
    Done,
}

impl Answer {
    pub(super) const fn to(input: &Input, now_ms: u64) -> Self {
        Self {
            now_ms,
            is_to_start: matches!(input, Input::Start { .. }),
            effects: 0,
            bytes: 0,
        }
    }

    /// Reads the next line.
    pub(super) fn read(&mut self, line: &[u8]) -> Result<Read, Breakdown> {
        self.bytes += line.len();
        if self.bytes > ANSWER_MAX {
            return Err(Breakdown::AnswerTooLong);
        }
        let effect = match line {
            br#"{"type":"done"}"# | br#"{"type": "done"}"# => Effect::Done,
            _ => serde_json::from_slice(line).map_err(|error| what_it_is(line, &error))?,
        };
        self.check(&effect, line)?;
        if effect == Effect::Done {
            return Ok(Read::Done);
        }
        self.effects += 1;
        if self.effects > EFFECTS_MAX {
            return Err(Breakdown::TooManyEffects);
        }
        Ok(Read::Effect(effect))
    }

    fn check(&self, effect: &Effect, line: &[u8]) -> Result<(), Breakdown> {
        let wants_hello = self.is_to_start && self.effects == 0;
        if let Effect::Hello { protocol, .. } = effect {
            return match *protocol {
                _ if !wants_hello => Err(Breakdown::HelloAgain),
                PROTOCOL => Ok(()),
                other => Err(Breakdown::OtherProtocol(other)),
            };
        }
        if wants_hello {
            return Err(Breakdown::NoHello(line.to_vec()));
        }
        if let Effect::Timer { at_ms: timer_ms } = *effect
            && timer_ms < self.now_ms
        {
            let now_ms = self.now_ms;
            return Err(Breakdown::BackInTime { timer_ms, now_ms });
        }
        Ok(())
    }
}

/// Why a line is no effect.
fn what_it_is(line: &[u8], error: &serde_json::Error) -> Breakdown {
    let line = line.to_vec();
    if std::str::from_utf8(&line).is_err() {
        return Breakdown::NotText(line);
    }
    match serde_json::from_slice::<Value>(&line) {
        Err(error) => {
            let why = error.to_string();
            Breakdown::NotJson { why, line }
        }
        Ok(value) if Input::deserialize(&value).is_ok() => Breakdown::AnInput(line),
        Ok(_) => {
            let why = error.to_string();
            Breakdown::NotAnEffect { why, line }
        }
    }
}
