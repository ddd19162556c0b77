//! The embedded detector as an ear: a keyword of ours, heard in this process.

use super::{Heard, Hearing, Peak};
use crate::enrol::{THRESHOLD, real};
use mondegreen_detector::{Decision, Hits, Keyword, SoundSpotter};

/// What the detector makes of a recording, from silence.
pub(super) fn hear(keyword: &Keyword, samples: &[i16]) -> Heard {
    let mut spotter = SoundSpotter::new(std::slice::from_ref(keyword));
    let mut hits = Hits::new(1, THRESHOLD);
    let mut nearest: Option<Decision> = None;
    let mut heard = Vec::new();
    spotter.push(&real(samples), |decisions| {
        for decision in decisions {
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
        score: Some(decision.score.into()),
        alternatives: Vec::new(),
    };
    let peak = |decision: Decision| Peak {
        at_ms: decision.to_ms.min(length_ms),
        score: decision.score.into(),
    };
    Heard {
        nearest: nearest.filter(|_| heard.is_empty()).map(peak),
        hearings: heard.into_iter().map(hearing).collect(),
    }
}
