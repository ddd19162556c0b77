//! Sound through a room: convolution by overlapping and adding blocks (FFT).
//!
//! In double precision: processors differ in the last bits of a transform, and so none of that
//! reaches the 16 bits that are written.

use super::level::{real, single};
use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// The transform of a response, ready to be applied.
pub(super) struct Response {
    taps: usize,
    /// The whole response when it is a single tap: nothing reflects.
    gain: Option<f64>,
    spectrum: Vec<Complex<f64>>,
    forward: Arc<dyn RealToComplex<f64>>,
    inverse: Arc<dyn ComplexToReal<f64>>,
}

impl Response {
    /// Of an impulse response, which is not empty.
    pub(super) fn new(taps: &[f64]) -> Self {
        assert!(!taps.is_empty(), "a response has taps");
        // Blocks as long as three responses: about the least work a sample.
        let size = (4 * taps.len()).next_power_of_two();
        let mut planner = RealFftPlanner::new();
        let forward = planner.plan_fft_forward(size);
        let inverse = planner.plan_fft_inverse(size);
        let mut padded = forward.make_input_vec();
        for (to, tap) in padded.iter_mut().zip(taps) {
            *to = *tap / real(size as u64);
        }
        let mut spectrum = forward.make_output_vec();
        let done = forward.process(&mut padded, &mut spectrum);
        assert!(done.is_ok(), "buffers are as long as planned");
        Self {
            taps: taps.len(),
            gain: if let [gain] = taps { Some(*gain) } else { None },
            spectrum,
            forward,
            inverse,
        }
    }

    /// What comes of this sound: longer by what rings out.
    pub(super) fn apply(&self, dry: &[f32]) -> Vec<f32> {
        if let Some(gain) = self.gain {
            return dry.iter().map(|s| single(f64::from(*s) * gain)).collect();
        }
        if dry.is_empty() {
            return Vec::new();
        }
        let mut wet = vec![0.0; dry.len() + self.taps - 1];
        let mut block = self.forward.make_input_vec();
        let mut bins = self.forward.make_output_vec();
        let step = block.len() - self.taps + 1;
        for (number, dry) in dry.chunks(step).enumerate() {
            block.fill(0.0);
            for (to, sample) in block.iter_mut().zip(dry) {
                *to = f64::from(*sample);
            }
            let there = self.forward.process(&mut block, &mut bins);
            for (bin, response) in bins.iter_mut().zip(&self.spectrum) {
                *bin *= response;
            }
            // What is left of a real signal here is rounding, and the inverse wants none.
            for edge in [0, self.spectrum.len() - 1] {
                bins[edge].im = 0.0;
            }
            let back = self.inverse.process(&mut bins, &mut block);
            assert!(
                there.is_ok() && back.is_ok(),
                "buffers are as long as planned"
            );
            for (to, sample) in wet[number * step..].iter_mut().zip(&block) {
                *to += *sample;
            }
        }
        wet.into_iter().map(single).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn blocks_add_up_to_the_plain_convolution() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for (taps, samples) in [(1, 50), (2, 1), (3, 4), (7, 500), (40, 1_000), (5, 0)] {
            let taps: Vec<f64> = (0..taps).map(|_| rng.random_range(-1.0..1.0)).collect();
            let dry: Vec<f32> = (0..samples).map(|_| rng.random_range(-1.0..1.0)).collect();
            let wet = Response::new(&taps).apply(&dry);
            assert_eq!(
                wet.len(),
                if dry.is_empty() {
                    0
                } else {
                    dry.len() + taps.len() - 1
                }
            );
            for (at, sample) in wet.iter().enumerate() {
                let first = at.saturating_sub(taps.len() - 1);
                let parts = dry[first..=at.min(dry.len() - 1)].iter().zip(first..);
                let want: f64 = parts.map(|(s, n)| f64::from(*s) * taps[at - n]).sum();
                assert!(
                    (f64::from(*sample) - want).abs() < 1e-6,
                    "{at}: {sample} is not {want}"
                );
            }
        }
    }
}
