//! How a campaign went on, as points on curves; and the curve of several shards.

use super::book::Kept;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far a campaign had come with one assistant at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// When, in seconds of the campaign's time: that in which it ran.
    pub at_s: f64,
    /// The assistant.
    pub assistant: String,
    /// Inputs that it took.
    pub steps: u64,
    /// Conversations that were held, and cases that were played.
    pub conversations: u64,
    /// Different ways of acting that a unit saw, at most, of each search; added.
    pub ways: u64,
    /// The same of what was kept to go on from.
    pub corpus: u64,
    /// Causes found.
    pub findings: u64,
}

/// The curves of shards that ran side by side: what was done by a time is what all had done by then.
/// How many causes are known is counted from the findings, since shards find the same.
pub(super) fn merged_curves(shards: &[Vec<Point>], kept: &BTreeMap<String, Kept>) -> Vec<Point> {
    let numbered = shards.iter().enumerate();
    let mut all: Vec<(usize, &Point)> = numbered
        .flat_map(|(shard, points)| points.iter().map(move |point| (shard, point)))
        .collect();
    all.sort_by(|(shard, a), (other, b)| a.at_s.total_cmp(&b.at_s).then(shard.cmp(other)));
    let mut latest: BTreeMap<(&str, usize), &Point> = BTreeMap::new();
    let mut merged = Vec::new();
    for (shard, point) in all {
        let assistant = point.assistant.as_str();
        latest.insert((assistant, shard), point);
        let each = || {
            let here = latest.range((assistant, 0)..=(assistant, usize::MAX));
            here.map(|(_, point)| *point)
        };
        let known = kept.values().filter(|kept| kept.assistant == assistant);
        let known = known.filter(|kept| kept.at_s <= point.at_s).count();
        merged.push(Point {
            at_s: point.at_s,
            assistant: assistant.to_owned(),
            steps: each().map(|point| point.steps).sum(),
            conversations: each().map(|point| point.conversations).sum(),
            ways: each().map(|point| point.ways).max().unwrap_or_default(),
            corpus: each().map(|point| point.corpus).max().unwrap_or_default(),
            findings: u64::try_from(known).unwrap_or(u64::MAX),
        });
    }
    merged
}
