//! Does `calibrate` find what is so, as often as its intervals claim?
//!
//! ```text
//! cargo run --release -p mondegreen-sim --example calibrating
//! ```
//!
//! prints the table of `docs/calibrate.md` in about a minute: for a known channel, 400 tables of pairs
//! drawn with seeds 1 to 400, each fitted. Phrases lie at each half nat up to six, as many at each.
//! The same figures come out each time.

use mondegreen_phonetics::Nats;
use mondegreen_sim::calibrate::{Calibration, Curve, Logistic, Pair, TooLittle};
use mondegreen_sim::estimate::Interval;
use mondegreen_sim::{ChannelLaw, Noise};
use mondegreen_trace::Asks;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::cmp::Ordering;
use std::io::{self, Write};

const TABLES: u32 = 400;
const TRIES: u32 = 4;
const DISTANCES: u32 = 12;

/// Phones of the phrase that is listened for.
const PHONES: u16 = 6;
/// What is to be found.
const NOISE: Noise = Noise {
    shift: 1.0,
    slope: 1.2,
};

/// How tables are drawn.
#[derive(Clone, Copy)]
struct Design {
    /// Phrases at each distance.
    phrases: u32,
    /// Whether all tries of a phrase have one outcome.
    are_alike: bool,
}

/// A figure with its name, its true value, and how to find it in a fit.
type Figure = (&'static str, f64, fn(&Calibration) -> (f64, Interval));

fn main() -> io::Result<()> {
    let law = ChannelLaw::read(ChannelLaw::SHIPPED).map_err(io::Error::other)?;
    let curve = curve(&law);
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "| phrases | tries of a phrase | figure | true | mean | mean width of interval | coverage |"
    )?;
    writeln!(out, "|{}", " --- |".repeat(7))?;
    for are_alike in [false, true] {
        for phrases in [2, 6] {
            let design = Design { phrases, are_alike };
            let fit = |seed| Calibration::of(&draw(&curve, design, seed), Asks::Wake, &law);
            let figures: [Figure; 4] = [
                ("half at", curve.middle(), |found| {
                    (found.fit.middle, found.fit.middle_interval)
                }),
                ("slope", NOISE.slope, |found| {
                    (found.fit.curve.slope, found.fit.slope)
                }),
                ("shift", NOISE.shift, |found| {
                    (found.shift, found.shift_interval)
                }),
                area(&curve),
            ];
            measure(fit, design, figures, &mut out)?;
        }
    }
    Ok(())
}

/// How likely the channel reports its name from a distance.
fn curve(law: &ChannelLaw) -> Logistic {
    let farthest = -law.wake_least.ln() * f64::from(PHONES);
    Logistic {
        intercept: NOISE.slope * (farthest - NOISE.shift),
        slope: NOISE.slope,
    }
}

fn measure(
    fit: impl Fn(u64) -> Result<Calibration, TooLittle>,
    design: Design,
    figures: [Figure; 4],
    out: &mut impl Write,
) -> io::Result<()> {
    // Too little to fit is no fit.
    let fits = (1..=TABLES).filter_map(|seed| fit(seed.into()).ok());
    let fits: Vec<Calibration> = fits.collect();
    let count = f64::from(u32::try_from(fits.len()).unwrap_or(u32::MAX));
    let tries = if design.are_alike {
        "alike"
    } else {
        "independent"
    };
    for (figure, truth, of) in figures {
        let (mut sum, mut width, mut holds) = (0.0, 0.0, 0.0);
        for (value, interval) in fits.iter().map(of) {
            sum += value;
            width += interval.high - interval.low;
            holds += f64::from(u8::from(interval.contains(truth)));
        }
        let (mean, width, holds) = (sum / count, width / count, 100.0 * holds / count);
        writeln!(
            out,
            "| {} | {tries} | {figure} | {truth:.3} | {mean:.3} | {width:.3} | {holds:.1}% of {count} |",
            design.phrases * DISTANCES,
        )?;
    }
    Ok(())
}

fn draw(curve: &impl Curve, design: Design, seed: u64) -> Vec<Pair> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut pairs = Vec::new();
    for number in 0..design.phrases * DISTANCES {
        let cost = Nats::from_millis(500 * (1 + number % DISTANCES));
        let mut accepted = 0;
        let mut is_accepted = false;
        for tried in 0..TRIES {
            if tried == 0 || !design.are_alike {
                is_accepted = rng.random::<f64>() < curve.probability(cost.as_f64());
            }
            accepted += u64::from(is_accepted);
        }
        pairs.push(Pair {
            spoken: format!("phrase {number}"),
            cost,
            phones: PHONES.into(),
            tries: TRIES.into(),
            accepted,
        });
    }
    pairs
}

/// The area under the curve of all tries there could be.
fn area(curve: &impl Curve) -> Figure {
    let places = || (1..=DISTANCES).map(|half| f64::from(half) / 2.0);
    let (mut ordered, mut all) = (0.0, 0.0);
    for near in places() {
        for far in places() {
            let weight = curve.probability(near) * (1.0 - curve.probability(far));
            all += weight;
            ordered += weight
                * match near.total_cmp(&far) {
                    Ordering::Less => 1.0,
                    Ordering::Equal => 0.5,
                    Ordering::Greater => 0.0,
                };
        }
    }
    ("area", ordered / all, |fit| {
        (fit.area.area, fit.area.interval)
    })
}
