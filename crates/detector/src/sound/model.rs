//! Tells a keyword from what merely sounds like it: a small network over the span that a template
//! found.
//!
//! The span is cut into [`PARTS`] equal parts, and the frames of each are averaged; so the network
//! sees the same number of values however fast it was said. One hidden layer, one output: the
//! log-odds that the keyword was said.

use super::cepstra::real;
use super::frames::{DIMENSIONS, Frame, UNIT};
use wide::f32x8;

/// Parts of a span.
pub(super) const PARTS: usize = 12;
/// Besides the parts: how well the best template and all templates fit, and how long it took.
const BESIDES: usize = 3;
/// Values that the network sees.
pub(super) const INPUTS: usize = PARTS * DIMENSIONS + BESIDES;
/// Hidden units.
pub(super) const HIDDEN: usize = 24;

const LANES: usize = 8;
const VECTORS: usize = HIDDEN / LANES;

/// What the network sees of a span.
pub(super) type Inputs = [f32; INPUTS];

/// The network of one keyword.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Model {
    /// What each input adds to each hidden unit.
    pub(super) weights: Vec<[f32; HIDDEN]>,
    pub(super) biases: [f32; HIDDEN],
    /// What each hidden unit adds to the log-odds.
    pub(super) outputs: [f32; HIDDEN],
    pub(super) bias: f32,
}

impl Model {
    /// The log-odds that the keyword was said.
    pub(super) fn log_odds(&self, inputs: &Inputs) -> f32 {
        let vectors = |values: &[f32; HIDDEN]| -> [f32x8; VECTORS] {
            std::array::from_fn(|vector| f32x8::from(&values[vector * LANES..][..LANES]))
        };
        let mut sums = vectors(&self.biases);
        for (input, weights) in inputs.iter().zip(&self.weights) {
            for (sum, weight) in sums.iter_mut().zip(vectors(weights)) {
                *sum += weight * *input;
            }
        }
        let outputs = vectors(&self.outputs);
        let hidden = sums.iter().zip(outputs);
        let output = hidden.fold(f32x8::ZERO, |output, (sum, weight)| {
            output + sum.max(f32x8::ZERO) * weight
        });
        self.bias + output.reduce_add()
    }
}

/// Sums of all frames so far, from which the mean of any stretch of the last ones can be had.
#[derive(Clone, Debug)]
pub(super) struct Past {
    /// A ring whose length is a power of two; sums wrap around.
    sums: Vec<[i32; DIMENSIONS]>,
    at: usize,
}

impl Past {
    /// Remembers as many frames as any span takes.
    pub(super) fn new(longest: usize) -> Self {
        let length = (longest + 1).next_power_of_two();
        Self {
            sums: vec![[0; DIMENSIONS]; length],
            at: 0,
        }
    }

    pub(super) fn reset(&mut self) {
        self.sums.fill([0; DIMENSIONS]);
        self.at = 0;
    }

    pub(super) fn push(&mut self, frame: &Frame) {
        let mask = self.sums.len() - 1;
        let mut sums = self.sums[self.at & mask];
        for (sum, value) in sums.iter_mut().zip(frame) {
            *sum = sum.wrapping_add(i32::from(*value));
        }
        self.at = self.at.wrapping_add(1);
        self.sums[self.at & mask] = sums;
    }

    /// What the network sees of the last so many frames.
    pub(super) fn inputs(&self, length: usize, besides: [f32; BESIDES]) -> Inputs {
        let mask = self.sums.len() - 1;
        let length = length.clamp(1, mask);
        let first = self.at.wrapping_sub(length);
        let mut inputs = [0.0; INPUTS];
        for (part, values) in inputs.chunks_exact_mut(DIMENSIONS).take(PARTS).enumerate() {
            let from = part * length / PARTS;
            // A part that would be empty is the frame where it is.
            let to = ((part + 1) * length / PARTS).max(from + 1);
            let begin = &self.sums[first.wrapping_add(from) & mask];
            let end = &self.sums[first.wrapping_add(to) & mask];
            let scale = 1.0 / (real(to - from) * f32::from(UNIT));
            for ((value, end), begin) in values.iter_mut().zip(end).zip(begin) {
                #[expect(clippy::cast_precision_loss, reason = "a sum of at most 512 frames")]
                let sum = end.wrapping_sub(*begin) as f32;
                *value = sum * scale;
            }
        }
        inputs[PARTS * DIMENSIONS..].copy_from_slice(&besides);
        inputs
    }
}
