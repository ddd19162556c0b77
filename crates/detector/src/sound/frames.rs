//! From cepstra to frames that can be compared: freed of how the microphone sounds and of how loud
//! it was.
//!
//! The mean cepstrum of the speech so far is taken away, since a room and a microphone add the same
//! to all cepstra; the change over five frames is set beside what remains; and the whole is brought
//! to length one, so that a product of two frames is the cosine between them. Constants that are set
//! beside first keep frames with nothing in them alike, instead of blowing up what noise is there.

use super::cepstra::{COEFFICIENTS, Cepstrum, real};

/// Numbers in a frame: coefficients, how they change, and two constants.
pub(super) const DIMENSIONS: usize = 2 * COEFFICIENTS + 2;
/// The length of a frame. Products of two fit 32 bits with room to spare.
pub(super) const UNIT: i16 = 4_096;
/// How many frames after one are looked at for its change.
pub(super) const LOOKAHEAD: usize = 2;

/// A frame, of length [`UNIT`].
pub(super) type Frame = [i16; DIMENSIONS];

/// Change counts this much more than its size: it is a tenth of what changes, and differs less from
/// voice to voice and from room to room. Alignment by it was found to be far better.
const CHANGE_WEIGHT: f32 = 14.0;
/// Loudness is heard less by than the shape of a spectrum.
const LOUDNESS_WEIGHT: f32 = 0.3;
/// Each of the two constants: together 15, which is what a frame holds that is hardly speech.
const CONSTANT: f32 = 10.6;
/// The mean forgets with this time constant, in frames of speech.
const MEMORY: usize = 200;
/// A frame is speech if it is less quiet than this against the loudest, in the unit of the first
/// coefficient, and the loudest is forgotten by so much a frame.
const QUIETER: f32 = 55.0;
const FORGETTING: f32 = 0.05;

/// The mean cepstrum of speech, while it goes on.
#[derive(Clone, Debug)]
pub(super) struct Mean {
    cepstrum: Cepstrum,
    /// How many frames of speech there were, up to [`MEMORY`].
    count: usize,
    loudest: f32,
}

impl Mean {
    pub(super) fn new() -> Self {
        Self {
            cepstrum: [0.0; COEFFICIENTS],
            count: 0,
            loudest: f32::NEG_INFINITY,
        }
    }

    pub(super) fn push(&mut self, cepstrum: &Cepstrum) {
        self.loudest = (self.loudest - FORGETTING).max(cepstrum[0]);
        if cepstrum[0] < self.loudest - QUIETER {
            return;
        }
        self.count = (self.count + 1).min(MEMORY);
        let share = 1.0 / real(self.count);
        for (mean, value) in self.cepstrum.iter_mut().zip(cepstrum) {
            *mean += (value - *mean) * share;
        }
    }
}

/// Takes cepstra as they come, and gives a frame for each, [`LOOKAHEAD`] later.
#[derive(Clone, Debug)]
pub(super) struct Frames {
    mean: Mean,
    /// The last five cepstra, the newest last.
    past: [Cepstrum; 2 * LOOKAHEAD + 1],
    seen: usize,
}

impl Frames {
    pub(super) fn new() -> Self {
        Self {
            mean: Mean::new(),
            past: [[0.0; COEFFICIENTS]; 5],
            seen: 0,
        }
    }

    /// The frame of the cepstrum before the last one, once there is one. What comes before the
    /// first cepstrum is taken to be like it.
    #[inline]
    pub(super) fn push(&mut self, cepstrum: &Cepstrum) -> Option<Frame> {
        self.mean.push(cepstrum);
        if self.seen == 0 {
            self.past = [*cepstrum; 5];
        }
        self.past.copy_within(1.., 0);
        self.past[2 * LOOKAHEAD] = *cepstrum;
        self.seen = (self.seen + 1).min(LOOKAHEAD + 1);
        (self.seen > LOOKAHEAD).then(|| frame(&self.past, &self.mean.cepstrum))
    }
}

/// The frames of a recording as a whole, against its own mean.
pub(super) fn frames_of(cepstra: &[Cepstrum]) -> Vec<Frame> {
    let loudest = cepstra
        .iter()
        .map(|c| c[0])
        .fold(f32::NEG_INFINITY, f32::max);
    let mut sums = [0.0; COEFFICIENTS];
    let speech: Vec<&Cepstrum> = cepstra
        .iter()
        .filter(|c| c[0] >= loudest - QUIETER)
        .collect();
    for cepstrum in &speech {
        for (sum, value) in sums.iter_mut().zip(*cepstrum) {
            *sum += value;
        }
    }
    let mean = sums.map(|sum| sum / real(speech.len().max(1)));
    let last = cepstra.len().saturating_sub(1);
    (0..cepstra.len())
        .map(|at| {
            let near = std::array::from_fn(|n| cepstra[(at + n).saturating_sub(2).min(last)]);
            frame(&near, &mean)
        })
        .collect()
}

#[inline]
fn frame(near: &[Cepstrum; 5], mean: &Cepstrum) -> Frame {
    let mut values = [CONSTANT; DIMENSIONS];
    for n in 0..COEFFICIENTS {
        values[n] = near[2][n] - mean[n];
        let change = 2.0 * (near[4][n] - near[0][n]) + (near[3][n] - near[1][n]);
        values[COEFFICIENTS + n] = change * (0.1 * CHANGE_WEIGHT);
    }
    values[0] *= LOUDNESS_WEIGHT;
    values[COEFFICIENTS] *= LOUDNESS_WEIGHT;
    let square: f32 = values.iter().map(|value| value * value).sum();
    let scale = f32::from(UNIT) / square.sqrt();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "no value is longer than the whole"
    )]
    values.map(|value| (value * scale).round_ties_even() as i16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cosine of two steady sounds that lie so far from the mean, each in a dimension of its own.
    fn cosine(size: f32) -> f32 {
        let mean = [0.0; COEFFICIENTS];
        let [one, other] = [3, 4].map(|at| {
            let mut cepstrum = mean;
            cepstrum[at] = size;
            frame(&[cepstrum; 5], &mean)
        });
        let products = one.iter().zip(other);
        let product: i32 = products.map(|(a, b)| i32::from(*a) * i32::from(b)).sum();
        let unit = f32::from(UNIT);
        #[expect(
            clippy::cast_precision_loss,
            reason = "a sum of squares of at most one"
        )]
        let product = product as f32;
        product / (unit * unit)
    }

    #[test]
    fn frames_with_nothing_in_them_are_alike() {
        assert!(cosine(0.0) > 0.999);
        assert!(cosine(2.0) > 0.97, "{}", cosine(2.0));
        assert!(cosine(60.0) < 0.1, "{}", cosine(60.0));
    }
}
