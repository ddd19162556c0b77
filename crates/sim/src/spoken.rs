//! Real talk, held as it was spoken.

use crate::assistant::Assistant;
use crate::channel::Channel;
use crate::finding::Finding;
use mondegreen_trace::{Event, Hears, Household, Script, Utterance};

/// What is held before and after a breach when it is looked at alone.
const AROUND_MS: u64 = 180_000;

/// The first breach of a rule that this talk leads to in the hearing of every device, with the talk
/// around it; nothing if it breaks none.
pub fn spoken_finding(
    talk: &[Utterance],
    household: &Household,
    seed: u64,
    channel: &mut Channel,
    assistant: &mut dyn Assistant,
) -> Option<Finding> {
    let hear = |said: &Utterance| {
        Event::Said(Utterance {
            devices: household.devices.clone(),
            ..said.clone()
        })
    };
    let events: Vec<Event> = talk.iter().map(hear).collect();
    let script = Script {
        seed,
        household: household.clone(),
        hears: Hears::NearMisses,
        events,
    };
    let whole = Finding::of(script, channel, assistant)?;
    let at_ms = breach_ms(&whole)?;
    let mut around = whole.script.clone();
    around
        .events
        .retain(|event| event.at_ms().abs_diff(at_ms) <= AROUND_MS);
    Some(Finding::of(around, channel, assistant).unwrap_or(whole))
}

/// When the rule that a finding is named after was broken.
fn breach_ms(finding: &Finding) -> Option<u64> {
    let line = finding
        .breaches
        .iter()
        .find(|breach| breach.rule == finding.rule)?
        .line;
    let before = finding
        .held
        .trace
        .lines
        .iter()
        .take(line.saturating_add(1))
        .rev();
    let mut inputs = before.filter_map(|line| match line {
        mondegreen_trace::Line::In(input) => input.at_ms(),
        mondegreen_trace::Line::Out(_) | mondegreen_trace::Line::Said { .. } => None,
    });
    inputs.next()
}
