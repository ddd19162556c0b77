//! What was held: ground truth, inputs and effects, in order.

use crate::{Effect, Input, Utterance};
use serde::{Deserialize, Serialize};

/// Everything that went into and came out of an assistant, in order, on one clock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// The lines, oldest first. An effect happens at the time of the input before it.
    pub lines: Vec<Line>,
}

/// One line of a trace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// Ground truth: a person said this. It stands where the speech ended.
    Said {
        /// What was said.
        said: Utterance,
    },
    /// The assistant was given this.
    In(Input),
    /// The assistant did this.
    Out(Effect),
}

impl Trace {
    /// The trace as JSON, one line each: the protocol's own lines, and `{"said":…}` for the truth.
    ///
    /// # Errors
    /// When a number is not finite.
    pub fn to_json_lines(&self) -> serde_json::Result<String> {
        let mut text = String::new();
        for line in &self.lines {
            text.push_str(&serde_json::to_string(line)?);
            text.push('\n');
        }
        Ok(text)
    }
}
