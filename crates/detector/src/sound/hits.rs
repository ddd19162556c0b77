//! From decisions to hits: one for each mention.

use super::spotter::Decision;

/// A keyword that was heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// The number of the keyword, in the order in which they were given.
    pub keyword: usize,
    /// How sure, when, and from when on.
    pub decision: Decision,
}

/// Makes hits of decisions: places where a score reaches the threshold and is not exceeded for
/// 300 ms, after which the hit is told.
#[derive(Clone, Debug)]
pub struct Hits {
    threshold: f32,
    /// The best decision of each keyword that waits to be told.
    waiting: Vec<Option<Decision>>,
}

const WAIT_MS: u64 = 300;

impl Hits {
    /// Of so many keywords, each at this score or above.
    pub fn new(keywords: usize, threshold: f32) -> Self {
        Self {
            threshold,
            waiting: vec![None; keywords],
        }
    }

    /// Takes the decisions on a frame, and tells of what was heard.
    pub fn push(&mut self, decisions: &[Decision], mut on_hit: impl FnMut(Heard)) {
        let keywords = self.waiting.iter_mut().zip(decisions).enumerate();
        for (keyword, (waiting, decision)) in keywords {
            let reaches = decision.score >= self.threshold;
            match waiting {
                Some(best) if decision.to_ms >= best.to_ms + WAIT_MS => {
                    on_hit(Heard {
                        keyword,
                        decision: *best,
                    });
                    *waiting = reaches.then_some(*decision);
                }
                Some(best) if decision.score > best.score => *best = *decision,
                Some(_) => {}
                None => *waiting = reaches.then_some(*decision),
            }
        }
    }

    /// The sound is over: tells of what still waits.
    pub fn finish(&mut self, mut on_hit: impl FnMut(Heard)) {
        for (keyword, waiting) in self.waiting.iter_mut().enumerate() {
            if let Some(decision) = waiting.take() {
                on_hit(Heard { keyword, decision });
            }
        }
    }
}
