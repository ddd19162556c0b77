//! How likely an expected phrase is heard where something else was said: versioned data.

use mondegreen_phonetics::Nats;
use mondegreen_trace::Asks;
use mondegreen_trace::figures::{Figure, FigureError, Figures, read};
use rand::{Rng, RngExt};
use std::ops::RangeInclusive;

const TITLE: &str = "mondegreen channel 1";

const FIGURES: [Figure; 10] = [
    Figure::share("wake.least"),
    Figure::share("wake.repeat"),
    shift("wake.shift"),
    slope("wake.slope"),
    shift("command.shift"),
    slope("command.slope"),
    shift("recipient.shift"),
    slope("recipient.slope"),
    shift("confirmation.shift"),
    slope("confirmation.slope"),
];

const fn shift(name: &'static str) -> Figure {
    let bounds = Noise::SHIFT;
    Figure::between(name, *bounds.start(), *bounds.end())
}

const fn slope(name: &'static str) -> Figure {
    let bounds = Noise::SLOPE;
    Figure::between(name, *bounds.start(), *bounds.end())
}

/// How a distance varies from one time that something is said to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// By how much sounds lie farther from a phrase than their phones say, in the middle; nats.
    pub shift: f64,
    /// Log-odds a nat.
    pub slope: f64,
}

impl Noise {
    /// What a shift can be.
    pub(crate) const SHIFT: RangeInclusive<f64> = -100.0..=100.0;
    /// What a slope can be.
    pub(crate) const SLOPE: RangeInclusive<f64> = 0.01..=100.0;

    /// The distance on an occasion on which luck is `z`, a draw from the logistic distribution. The
    /// more luck, the nearer.
    pub fn distance(&self, cost: Nats, luck: f64) -> Nats {
        let distance = cost.as_f64() + self.shift - luck / self.slope;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to what fits"
        )]
        let millis = (distance * 1_000.0).round().clamp(0.0, f64::from(u32::MAX)) as u32;
        Nats::from_millis(millis)
    }

    /// The luck that brings something of this cost as near as that, in nats.
    pub fn luck(&self, cost: Nats, distance: f64) -> f64 {
        self.slope * (cost.as_f64() + self.shift - distance)
    }
}

/// How likely is more luck than this.
pub(super) fn tail(luck: f64) -> f64 {
    1.0 / (1.0 + luck.exp())
}

/// Luck between these, by its law.
pub(super) fn luck_between(low: f64, high: f64, rng: &mut impl Rng) -> f64 {
    let (from, to) = (tail(high), tail(low));
    let share = from + (to - from) * rng.random::<f64>();
    // As many figures as there are: a share near 1 has few below it, one near 0 has all.
    let luck = (1.0 / share.max(f64::MIN_POSITIVE) - 1.0).ln();
    luck.clamp(low.max(-1e3), high.min(1e3))
}

/// What is heard of what comes near an expected phrase, at random: [`ChannelLaw::SHIPPED`] and
/// `docs/rate.md` say by which law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChannelLaw {
    /// A device does not report its name with less confidence than this.
    pub wake_least: f64,
    /// How often a text that is said again to the same device has the luck that is its own there,
    /// rather than luck of the moment.
    pub wake_repeat: f64,
    /// Of the name of the assistant.
    pub wake: Noise,
    /// Of commands.
    pub command: Noise,
    /// Of contacts.
    pub recipient: Noise,
    /// Of answers.
    pub confirmation: Noise,
}

impl ChannelLaw {
    /// The file that comes along, with the source of each figure.
    pub const SHIPPED: &str = include_str!("../../../../corpora/models/channel-1.tsv");

    /// Files whose wake word was fitted to what an engine took for its name, by the name of both;
    /// `docs/hearing.md` says how.
    pub const OF_ENGINES: [(&str, &str); 3] = [
        (
            "microwakeword-alexa",
            include_str!("../../../../corpora/models/channel-microwakeword-alexa.tsv"),
        ),
        (
            "openwakeword-alexa",
            include_str!("../../../../corpora/models/channel-openwakeword-alexa.tsv"),
        ),
        (
            "pocketsphinx-alexa",
            include_str!("../../../../corpora/models/channel-pocketsphinx-alexa.tsv"),
        ),
    ];

    /// The file that comes along for an engine.
    pub fn of_engine(name: &str) -> Option<&'static str> {
        let known = Self::OF_ENGINES
            .into_iter()
            .find(|(known, _)| *known == name);
        known.map(|(_, text)| text)
    }

    /// Reads a file like [`Self::SHIPPED`].
    ///
    /// # Errors
    /// With the line, when it is not one.
    pub fn read(text: &str) -> Result<Self, FigureError> {
        let Figures { values, .. } = read(text, TITLE, &FIGURES)?;
        let [wake_least, wake_repeat, rest @ ..] = values;
        let [shift, slope, rest @ ..] = rest;
        let wake = Noise { shift, slope };
        let [shift, slope, rest @ ..] = rest;
        let command = Noise { shift, slope };
        let [shift, slope, rest @ ..] = rest;
        let recipient = Noise { shift, slope };
        let [shift, slope] = rest;
        Ok(Self {
            wake_least,
            wake_repeat,
            wake,
            command,
            recipient,
            confirmation: Noise { shift, slope },
        })
    }

    /// What varies a distance while a device listens for something. A message is not a phrase; it
    /// is heard as it is said.
    pub(crate) fn noise(&self, asks: Asks) -> Noise {
        match asks {
            Asks::Wake => self.wake,
            Asks::Command => self.command,
            Asks::Recipient => self.recipient,
            Asks::Confirmation | Asks::Message => self.confirmation,
        }
    }

    /// A phrase is not reported from farther than this, in nats.
    pub(crate) fn farthest(&self, asks: Asks, phones: usize) -> f64 {
        let least = match asks {
            Asks::Wake => self.wake_least.max(crate::CONFIDENCE_MIN),
            Asks::Command | Asks::Recipient | Asks::Confirmation | Asks::Message => {
                crate::CONFIDENCE_MIN
            }
        };
        #[expect(clippy::cast_precision_loss, reason = "no phrase has 2^52 phones")]
        let phones = phones.max(1) as f64;
        -least.ln() * phones
    }
}
