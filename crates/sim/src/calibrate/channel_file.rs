//! A fit, written into a file of the channel's law.

use super::Calibration;
use crate::estimate::Interval;
use crate::rate::{ChannelLaw, Noise};
use mondegreen_trace::Asks;
use mondegreen_trace::figures::FigureError;
use std::fmt::{self, Display, Formatter};

/// A file of the channel's law that a fit can go into.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelFile {
    text: String,
    law: ChannelLaw,
}

/// Why the channel's law cannot be the curve that was fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NoLaw {
    /// It has no figures for messages, which are no phrases.
    Message,
    /// It cannot have this slope, in log-odds a nat.
    Slope(f64),
    /// It cannot have this shift, in nats.
    Shift(f64),
}

impl Display for NoLaw {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let unexplained = "distance does not explain acceptance here";
        match self {
            Self::Message => f.write_str("the channel's law has no figures for messages"),
            Self::Slope(slope) => {
                let (least, most) = Noise::SLOPE.into_inner();
                write!(
                    f,
                    "the slope is {slope:.3} a nat, and in the channel's law {least} to {most}: {unexplained}"
                )
            }
            Self::Shift(shift) => {
                let (least, most) = Noise::SHIFT.into_inner();
                write!(
                    f,
                    "the shift is {shift:.3} nats, and in the channel's law {least} to {most}: {unexplained}"
                )
            }
        }
    }
}

impl std::error::Error for NoLaw {}

impl ChannelFile {
    /// Reads a file like [`ChannelLaw::SHIPPED`].
    ///
    /// # Errors
    /// With the line, when it is not one.
    pub fn read(text: String) -> Result<Self, FigureError> {
        let law = ChannelLaw::read(&text)?;
        Ok(Self { text, law })
    }

    /// What it says.
    pub const fn law(&self) -> &ChannelLaw {
        &self.law
    }

    /// The same file with this fit, of a calibration for its law; all else stays.
    ///
    /// `source` says what it was fitted to. Tabs and line breaks in it become blanks.
    ///
    /// # Errors
    /// When the law cannot be the curve: where distance hardly matters, or the near is refused and the
    /// far accepted.
    pub fn with(&self, calibration: &Calibration, source: &str) -> Result<String, NoLaw> {
        let Calibration {
            listens_for,
            fit,
            shift,
            shift_interval,
            ..
        } = *calibration;
        let stage = stage(listens_for).ok_or(NoLaw::Message)?;
        let slope = fit.curve.slope;
        if !Noise::SLOPE.contains(&slope) {
            return Err(NoLaw::Slope(slope));
        }
        if !Noise::SHIFT.contains(&shift) {
            return Err(NoLaw::Shift(shift));
        }
        let source: String = source
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let figures = [
            (format!("{stage}.shift"), shift, shift_interval),
            (format!("{stage}.slope"), slope, fit.slope),
        ];
        let row = |row: &str| {
            let name = row.split('\t').next().unwrap_or_default().trim();
            let fitted = figures.iter().find(|(own, ..)| own == name);
            fitted.map_or_else(
                || format!("{row}\n"),
                |(name, value, Interval { low, high })| {
                    let [value, low, high] = [*value, *low, *high].map(written);
                    format!("{name}\t{value}\t{source}; 95% interval {low} to {high}\n")
                },
            )
        };
        Ok(self.text.lines().map(row).collect())
    }
}

const fn stage(asks: Asks) -> Option<&'static str> {
    match asks {
        Asks::Wake => Some("wake"),
        Asks::Command => Some("command"),
        Asks::Recipient => Some("recipient"),
        Asks::Confirmation => Some("confirmation"),
        Asks::Message => None,
    }
}

/// In millionths, which is far more than any interval allows. An end that is open may be anything.
fn written(number: f64) -> String {
    if number.is_finite() {
        ((number * 1e6).round() / 1e6).to_string()
    } else {
        "any".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::Pair;
    use mondegreen_phonetics::Nats;
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    const NOISE: Noise = Noise {
        shift: 0.7,
        slope: 1.6,
    };
    const PHONES: usize = 6;

    fn shipped() -> ChannelFile {
        ChannelFile::read(ChannelLaw::SHIPPED.to_owned()).expect("the file that comes along")
    }

    /// Three phrases at each nat up to twelve, eight tries each; `least` is the confidence that is
    /// reported.
    fn simulated(least: f64, seed: u64) -> Vec<Pair> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let farthest = -least.ln() * 6.0;
        let is_heard = |cost: f64, chance: f64| {
            chance < 1.0 / (1.0 + (NOISE.slope * (cost + NOISE.shift - farthest)).exp())
        };
        let costs = (0..=12).flat_map(|nats| [Nats::from_millis(1_000 * nats); 3]);
        let pair = |(number, cost): (usize, Nats)| {
            let chances = (0..8).map(|_| rng.random::<f64>());
            let heard = chances.filter(|chance| is_heard(cost.as_f64(), *chance));
            Pair {
                spoken: format!("phrase {number}"),
                cost,
                phones: PHONES,
                tries: 8,
                accepted: heard.count() as u64,
            }
        };
        costs.enumerate().map(pair).collect()
    }

    /// A wake word is reported from a confidence of a half, all else from 0.3.
    #[test]
    fn a_channel_is_found_again_and_written_so_that_it_reads_back() {
        let file = shipped();
        for (asks, least) in [(Asks::Wake, 0.5), (Asks::Command, 0.3)] {
            let (mut shifts, mut slopes) = (0, 0);
            for seed in 0..20 {
                let pairs = simulated(least, seed);
                let found = Calibration::of(&pairs, asks, file.law()).expect("enough");
                shifts += u32::from(found.shift_interval.contains(NOISE.shift));
                slopes += u32::from(found.fit.slope.contains(NOISE.slope));
                let text = file.with(&found, "a\ttest\n").expect("a law");
                let law = ChannelLaw::read(&text).expect("a channel's file");
                let (read, mut others) = (law.noise(asks), law);
                if asks == Asks::Wake {
                    others.wake = file.law.wake;
                } else {
                    others.command = file.law.command;
                }
                assert!((read.shift - found.shift).abs() < 1e-6, "{read:?}");
                assert!(
                    (read.slope - found.fit.curve.slope).abs() < 1e-6,
                    "{read:?}"
                );
                assert_eq!(others, file.law, "all else stays");
                assert_eq!(
                    text.matches("\ta test ; 95% interval ").count(),
                    2,
                    "{text}"
                );
            }
            // One in twenty is to miss; four or more of twenty do one time in sixty.
            assert!(shifts >= 17 && slopes >= 17, "{asks:?}: {shifts} {slopes}");
        }
    }

    #[test]
    fn what_no_law_can_be_is_not_written() {
        let file = shipped();
        let found = Calibration::of(&simulated(0.5, 1), Asks::Wake, file.law()).expect("enough");
        let refused = |change: fn(&mut Calibration)| {
            let mut found = found.clone();
            change(&mut found);
            let error = file.with(&found, "a test").expect_err("no law");
            error.to_string()
        };
        assert_eq!(
            refused(|found| found.fit.curve.slope = -0.25),
            "the slope is -0.250 a nat, and in the channel's law 0.01 to 100: distance does not explain acceptance here"
        );
        assert_eq!(
            refused(|found| found.shift = f64::NEG_INFINITY),
            "the shift is -inf nats, and in the channel's law -100 to 100: distance does not explain acceptance here"
        );
        assert_eq!(
            refused(|found| found.listens_for = Asks::Message),
            "the channel's law has no figures for messages"
        );
        let mut open = found.clone();
        open.shift_interval.low = f64::NEG_INFINITY;
        let text = file.with(&open, "a test").expect("a law");
        assert!(text.contains("95% interval any to "), "{text}");
    }

    /// By hand: a wake word of six phones is reported from 6 ln 2 = 4.16 nats, a command from 7.22.
    #[test]
    fn what_lies_beyond_the_least_confidence_is_out_of_reach() {
        let law = *shipped().law();
        let pairs = simulated(0.5, 1);
        let of = |asks| Calibration::of(&pairs, asks, &law).expect("enough");
        let wake = of(Asks::Wake);
        assert!((wake.farthest - 4.158_883).abs() < 1e-6, "{wake:?}");
        // From 5 to 12 nats, three phrases each; of a command, from 8.
        assert_eq!((wake.out_of_reach.pairs, wake.fitted.pairs), (24, 39));
        assert!((wake.shift + wake.fit.middle - wake.farthest).abs() < 1e-9);
        let command = of(Asks::Command);
        assert!((command.farthest - 7.223_837).abs() < 1e-6, "{command:?}");
        assert_eq!(command.out_of_reach.pairs, 15);
    }
}
