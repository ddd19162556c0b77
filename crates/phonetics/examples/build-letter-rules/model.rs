//! N-grams with interpolated modified Kneser–Ney smoothing (Chen and Goodman, "An empirical study of
//! smoothing techniques for language modeling", 1999), pruned by weighted difference (Seymore and
//! Rosenfeld, "Scalable backoff language models", 1996).

use mondegreen_phonetics::{LetterRules, NGram};

/// Longest n-gram.
pub(crate) const ORDER: usize = 7;
const BITS: usize = 8;

/// All n-grams of one length, in order.
#[derive(Default)]
struct Level(Vec<Seen>);

/// One n-gram that was seen.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// Its graphones, 8 bits each, the last lowest.
    row: u64,
    /// How often it was seen.
    count: u32,
    /// Kneser–Ney's count: behind how many graphones it was seen, if it may stand behind any.
    behind: u32,
    probability: f64,
    /// Share of the probability behind this row that is left to what was not seen there.
    backoff: f64,
    kept: bool,
}

impl Level {
    /// The n-gram with this row.
    fn find(&self, row: u64) -> Option<usize> {
        self.0.binary_search_by_key(&row, |seen| seen.row).ok()
    }

    /// The n-grams that begin alike, with what they begin with.
    fn families(&self) -> impl Iterator<Item = (u64, std::ops::Range<usize>)> {
        let mut from = 0;
        self.0
            .chunk_by(|a, b| a.row >> BITS == b.row >> BITS)
            .map(move |family| {
                let range = from..from + family.len();
                from = range.end;
                (family[0].row >> BITS, range)
            })
    }
}

/// `row` without the first of its `length` graphones.
fn without_first(row: u64, length: usize) -> u64 {
    row & !(0xff << (BITS * (length - 1)))
}

/// Learns from rows of graphones, each with a border, number 0, at both its ends.
///
/// An n-gram is kept when leaving it out would cost more than `worth` nats over all that was seen.
pub(crate) fn learn(rows: &[Vec<u8>], graphones: usize, worth: f64) -> Vec<NGram> {
    let mut levels = count(rows);
    for length in 1..=ORDER {
        estimate(&mut levels, length, graphones);
    }
    for length in (1..=ORDER).rev() {
        prune(&mut levels, length, worth);
    }
    for length in 2..=ORDER {
        share_out(&mut levels, length);
    }
    let lengths = levels.iter().enumerate().skip(1);
    lengths
        .flat_map(|(length, level)| {
            let kept = level.0.iter().filter(|seen| seen.kept);
            kept.map(move |seen| n_gram(seen, length))
        })
        .collect()
}

/// Levels by length; the first, of length 0, is empty.
fn count(rows: &[Vec<u8>]) -> Vec<Level> {
    let mut levels: Vec<Level> = (0..=ORDER).map(|_| Level::default()).collect();
    for length in (1..=ORDER).rev() {
        let windows = rows
            .iter()
            .flat_map(|row| row.windows(length).skip(usize::from(length == 1)));
        let pack = |window: &[u8]| window.iter().fold(0, |row, &g| row << BITS | u64::from(g));
        let mut all: Vec<u64> = windows.map(pack).collect();
        all.sort_unstable();
        let same = all.chunk_by(|a, b| a == b);
        let mut level: Vec<Seen> = same
            .map(|same| Seen {
                row: same[0],
                count: u32::try_from(same.len()).unwrap_or(u32::MAX),
                ..Seen::default()
            })
            .collect();
        for seen in &mut level {
            let first = seen.row >> (BITS * (length - 1));
            if length == ORDER || (first == 0 && length > 1) {
                seen.behind = seen.count; // nothing can stand before it
            }
        }
        let mut level = Level(level);
        if let Some(longer) = levels.get(length + 1) {
            for seen in &longer.0 {
                let at = level.find(without_first(seen.row, length + 1));
                if let Some(at) = at {
                    level.0[at].behind += 1;
                }
            }
        }
        levels[length] = level;
    }
    levels
}

/// The discounts of n-grams seen once, twice, and more often.
fn discounts(level: &Level) -> [f64; 4] {
    let seen = |times: u32| level.0.iter().filter(|seen| seen.behind == times).count() as f64;
    let [one, two, three, four] = [seen(1), seen(2), seen(3), seen(4)];
    let y = one / (one + 2.0 * two);
    let discount = |times: f64, here: f64, more: f64| {
        let discount = times - (times + 1.0) * y * more / here;
        if discount.is_finite() {
            discount.clamp(0.1, times)
        } else {
            0.5
        }
    };
    [
        0.0,
        discount(1.0, one, two),
        discount(2.0, two, three),
        discount(3.0, three, four),
    ]
}

/// Probabilities of all n-grams of this length, and what their beginnings leave to others.
fn estimate(levels: &mut [Level], length: usize, graphones: usize) {
    let discounts = discounts(&levels[length]);
    let discount = |behind: u32| discounts[behind.min(3) as usize];
    let (shorter, longer) = levels.split_at_mut(length);
    let (shorter, level) = (&mut shorter[length - 1], &mut longer[0]);
    let families: Vec<_> = level.families().collect();
    for (beginning, family) in families {
        let family = &mut level.0[family];
        let total: f64 = family.iter().map(|seen| f64::from(seen.behind)).sum();
        let left: f64 = family.iter().map(|seen| discount(seen.behind)).sum();
        let left = left / total;
        for seen in family {
            let below = match shorter.find(without_first(seen.row, length)) {
                Some(at) => shorter.0[at].probability,
                None => 1.0 / (graphones + 1) as f64,
            };
            let own = f64::from(seen.behind) - discount(seen.behind);
            seen.probability = own / total + left * below;
        }
        if let Some(at) = shorter.find(beginning) {
            shorter.0[at].backoff = left;
        }
    }
}

/// Marks what is kept: what is worth it, and what is kept n-grams' beginning.
fn prune(levels: &mut [Level], length: usize, worth: f64) {
    let (shorter, longer) = levels.split_at_mut(length);
    let (shorter, level) = (&mut shorter[length - 1], &mut longer[0]);
    for seen in &mut level.0 {
        let beginning = shorter.find(seen.row >> BITS);
        let ending = shorter.find(without_first(seen.row, length));
        if let (Some(beginning), Some(ending)) = (beginning, ending) {
            let otherwise = shorter.0[beginning].backoff * shorter.0[ending].probability;
            let gain = f64::from(seen.count) * (seen.probability / otherwise).ln();
            seen.kept |= gain > worth;
            shorter.0[beginning].kept |= seen.kept;
        } else {
            seen.kept = true; // all graphones are kept
        }
    }
}

/// Shares out anew what the kept n-grams of this length leave to others.
fn share_out(levels: &mut [Level], length: usize) {
    let families: Vec<_> = levels[length].families().collect();
    for (beginning, family) in families {
        let (mut left, mut left_below) = (1.0, 1.0);
        for seen in levels[length].0[family].iter().filter(|seen| seen.kept) {
            left -= seen.probability;
            left_below -= probability(levels, without_first(seen.row, length), length - 1);
        }
        if let Some(at) = levels[length - 1].find(beginning) {
            levels[length - 1].0[at].backoff = left.max(1e-9) / left_below.max(1e-9);
        }
    }
}

/// What the kept n-grams give for the last graphone of a row behind the others.
fn probability(levels: &[Level], row: u64, length: usize) -> f64 {
    let level = &levels[length];
    if let Some(at) = level.find(row).filter(|&at| level.0[at].kept) {
        return level.0[at].probability;
    }
    if length == 1 {
        return 0.0;
    }
    let beginning = levels[length - 1].find(row >> BITS);
    let backoff = beginning.map_or(1.0, |at| levels[length - 1].0[at].backoff);
    backoff * probability(levels, without_first(row, length), length - 1)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what does not fit is clamped or masked"
)]
fn n_gram(seen: &Seen, length: usize) -> NGram {
    let graphone = |at: usize| (seen.row >> (BITS * at) & 0xff) as u8;
    let nats = |probability: f64| -probability.ln() * f64::from(LetterRules::COSTS_A_NAT);
    NGram {
        graphones: (0..length).rev().map(graphone).collect(),
        cost: nats(seen.probability).round().clamp(0.0, 255.0) as u8,
        backoff: nats(seen.backoff).round().clamp(-128.0, 127.0) as i8,
    }
}
