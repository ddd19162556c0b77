//! The stated probabilities, found again: the chains are written out a second time, and solved as
//! linear equations; the tail is an integral.

use crate::case;
use std::collections::BTreeMap;

/// What one step leads to.
enum To<S> {
    State(S),
    Hit,
    Dead,
}

/// The probability of a hit from the start: `h(s) = Σ p(s, t) h(t)` over all states within reach, by
/// elimination. No row needs to be swapped, as no diagonal is outweighed by its row.
fn solve<S: Ord + Clone>(start: S, steps: impl Fn(&S) -> Vec<(f64, To<S>)>) -> f64 {
    let mut index = BTreeMap::from([(start.clone(), 0)]);
    let mut states = vec![start];
    let mut rows: Vec<BTreeMap<usize, f64>> = Vec::new();
    let mut right = Vec::new();
    while let Some(state) = states.get(rows.len()).cloned() {
        let mut row = BTreeMap::from([(rows.len(), 1.0)]);
        let mut hit = 0.0;
        for (chance, to) in steps(&state) {
            match to {
                To::State(next) => {
                    let known = *index.entry(next.clone()).or_insert_with(|| {
                        states.push(next);
                        states.len() - 1
                    });
                    *row.entry(known).or_insert(0.0) -= chance;
                }
                To::Hit => hit += chance,
                To::Dead => {}
            }
        }
        rows.push(row);
        right.push(hit);
    }
    // From the last state up, so that what is left of the first row is the answer.
    for last in (1..rows.len()).rev() {
        let gone = std::mem::take(&mut rows[last]);
        for row in 0..last {
            let Some(entry) = rows[row].remove(&last) else {
                continue;
            };
            let factor = entry / gone[&last];
            for (column, value) in gone.range(..last) {
                *rows[row].entry(*column).or_insert(0.0) -= factor * value;
            }
            right[row] -= factor * right[last];
        }
    }
    right[0] / rows[0][&0]
}

#[track_caller]
fn agrees(name: &str, solved: f64, digits: i32) {
    let stated = case(name).exact;
    assert!(
        (solved / stated - 1.0).abs() < 5.0 * 10_f64.powi(-digits),
        "{name}: solved {solved:e}, stated {stated:e}"
    );
}

fn ruin(win: f64, goal: u32) -> f64 {
    solve(1, |coins: &u32| {
        let won = if coins + 1 == goal {
            To::Hit
        } else {
            To::State(coins + 1)
        };
        let lost = if *coins == 1 {
            To::Dead
        } else {
            To::State(coins - 1)
        };
        vec![(win, won), (1.0 - win, lost)]
    })
}

#[test]
fn a_gambler_is_as_lucky_as_stated() {
    agrees("ruin p=0.3 n=20", ruin(0.3, 20), 12);
    agrees("ruin p=1/3 n=30", ruin(1.0 / 3.0, 30), 12);
    agrees("ruin p=0.45 n=50", ruin(0.45, 50), 12);
}

fn retransmission(retries: u32) -> f64 {
    let gone = 0.0298;
    solve((1, 0), |(chunk, lost): &(u32, u32)| {
        let lost = if *lost == retries {
            To::Hit
        } else {
            To::State((*chunk, lost + 1))
        };
        let done = if *chunk == 16 {
            To::Dead
        } else {
            To::State((chunk + 1, 0))
        };
        vec![(gone, lost), (1.0 - gone, done)]
    })
}

#[test]
fn a_file_gets_lost_as_often_as_stated() {
    agrees("retransmission N=16 MAX=2", retransmission(2), 11);
    agrees("retransmission N=16 MAX=5", retransmission(5), 8);
}

fn tandem(capacity: u32) -> f64 {
    solve((0, 1), |(first, second): &(u32, u32)| {
        let (first, second) = (*first, *second);
        let mut events = Vec::new();
        if first < capacity {
            events.push((3.0, To::State((first + 1, second))));
        }
        if first > 0 {
            let full = second + 1 == capacity;
            let to = if full {
                To::Hit
            } else {
                To::State((first - 1, second + 1))
            };
            events.push((2.0, to));
        }
        let empty = second == 1;
        let to = if empty {
            To::Dead
        } else {
            To::State((first, second - 1))
        };
        events.push((6.0, to));
        let rate: f64 = events.iter().map(|(rate, _)| rate).sum();
        events.into_iter().map(|(r, to)| (r / rate, to)).collect()
    })
}

#[test]
fn the_second_queue_fills_as_often_as_stated() {
    agrees("tandem C=8", tandem(8), 10);
    agrees("tandem C=10", tandem(10), 10);
    agrees("tandem C=12", tandem(12), 10);
    agrees("tandem C=14", tandem(14), 10);
}

/// Simpson's rule over what is beyond `x`, as far as it weighs anything.
fn normal_tail(x: f64) -> f64 {
    let (panels, width) = (2_000, 0.005);
    let density = |z: f64| (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt();
    let at = |panel: i32| x + f64::from(panel) * width;
    let simpson = |a: f64| density(a) + 4.0 * density(a + width / 2.0) + density(a + width);
    (0..panels).map(|panel| simpson(at(panel))).sum::<f64>() * width / 6.0
}

#[test]
fn the_tail_weighs_as_much_as_stated() {
    agrees("normal tail x=5", normal_tail(5.0), 10);
    agrees("normal tail x=6", normal_tail(6.0), 10);
}
