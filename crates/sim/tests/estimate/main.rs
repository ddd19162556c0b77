//! The estimator from outside, held against processes whose rare end has a known probability.
#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "a helper that cannot go on stops the test; counts are small; one seed gives the same bits"
)]

mod closed_forms;
mod exact;
mod runs;
mod textbook;
mod unbiased;

use mondegreen_sim::estimate::models::{CASES, Case, Ruin};
use mondegreen_sim::estimate::{Method, Settings};
use std::num::{NonZeroU32, NonZeroUsize};

const ONE: NonZeroUsize = NonZeroUsize::MIN;
const SPLITTING: [Method; 2] = [Method::FixedEffort, Method::Adaptive];

/// A short game whose rare end is not so rare: won from one coin with 0.83%.
const SHORT: Ruin = Ruin { win: 0.3, goal: 6 };

/// `(1 − r) / (1 − r⁶)`, where r is 7/3.
fn short_exact() -> f64 {
    let r: f64 = 7.0 / 3.0;
    (1.0 - r) / (1.0 - r.powi(6))
}

fn settings(method: Method, trajectories: u32, seed: u64) -> Settings {
    Settings {
        model: "a test".to_owned(),
        method,
        trajectories: NonZeroU32::new(trajectories).unwrap(),
        seed,
    }
}

fn case(name: &str) -> &'static Case {
    CASES.iter().find(|case| case.name == name).unwrap()
}
