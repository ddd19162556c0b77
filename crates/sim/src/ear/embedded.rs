//! The embedded detector as an ear: a keyword of ours, heard in this process. Its score is how likely
//! the keyword was said by its own log-odds.

use super::{Curve, Heard, Hearing, Peak};
use crate::enrol::{THRESHOLD, real};
use mondegreen_detector::{Decision, Hits, Keyword, SoundSpotter};

/// There is a decision for each frame, and the first frame is over after more than two of these.
const STEP_MS: u64 = 10;
const BEFORE: usize = 2;

/// What the detector makes of a recording, from silence.
pub(super) fn hear(keyword: &Keyword, samples: &[i16]) -> Heard {
    let mut spotter = SoundSpotter::new(std::slice::from_ref(keyword));
    let mut hits = Hits::new(1, THRESHOLD);
    let mut nearest: Option<Decision> = None;
    let mut heard = Vec::new();
    let mut scores = vec![0.0; BEFORE];
    spotter.push(&real(samples), |decisions| {
        for decision in decisions {
            scores.push(score(*decision));
            if nearest.is_none_or(|nearest| decision.score > nearest.score) {
                nearest = Some(*decision);
            }
        }
        hits.push(decisions, |hit| heard.push(hit.decision));
    });
    hits.finish(|hit| heard.push(hit.decision));
    let length_ms = samples.len() as u64 * 1_000 / u64::from(super::RATE);
    let hearing = |decision: Decision| Hearing {
        text: keyword.name().to_owned(),
        from_ms: decision.from_ms,
        to_ms: decision.to_ms.min(length_ms),
        score: Some(score(decision)),
        alternatives: Vec::new(),
    };
    let peak = |decision: Decision| Peak {
        at_ms: decision.to_ms.min(length_ms),
        score: score(decision),
    };
    Heard {
        nearest: nearest.filter(|_| heard.is_empty()).map(peak),
        hearings: heard.into_iter().map(hearing).collect(),
        curves: vec![Curve {
            name: keyword.name().to_owned(),
            step_ms: STEP_MS,
            scores,
        }],
    }
}

/// From 0 to 1.
fn score(decision: Decision) -> f64 {
    1.0 / (1.0 + f64::from(-decision.score).exp())
}
