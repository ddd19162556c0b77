//! From samples to cepstra: what the spectrum of each stretch of 25 ms looks like, in 13 numbers.
//!
//! The usual chain (Davis & Mermelstein 1980): pre-emphasis, Hann window, power spectrum, 32
//! triangular bands evenly spaced on the mel scale, logarithm, cosine transform. All buffers are
//! made at the beginning; no samples are kept but those of the frame that is being filled.

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::f32::consts::PI;
use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use wide::f32x8;

/// Samples a second.
pub(super) const RATE: u32 = 16_000;
/// Samples in a frame, 25 ms, and from one frame to the next, 10 ms.
pub(super) const FRAME: usize = 400;
pub(super) const HOP: usize = 160;
/// Cepstral coefficients, the first of which tells how loud it is.
pub(super) const COEFFICIENTS: usize = 13;

/// The frame is filled up with zeros to the next power of two.
const FFT: usize = 512;
const BANDS: usize = 32;
/// Hertz: below is hum, above is what cheap microphones and resamplers leave out.
const LOWEST: f32 = 60.0;
const HIGHEST: f32 = 7_600.0;
const PRE_EMPHASIS: f32 = 0.97;
/// Added to the power of each band: about what rounding to 16 bits makes of it, so that digital
/// silence looks like the quietest of real silences.
const POWER_MIN: f32 = 1e-6;

/// Samples are cut off here, far beyond full scale.
const SAMPLE_MAX: f32 = 8.0;

const LANES: usize = 8;
type Lanes = f32x8;
/// Bands and coefficients in whole vectors.
const BAND_VECTORS: usize = BANDS / LANES;
const COEFFICIENT_VECTORS: usize = COEFFICIENTS.div_ceil(LANES);

/// The cepstrum of a frame.
pub(super) type Cepstrum = [f32; COEFFICIENTS];

/// Takes samples as they come, and gives the cepstrum of each frame as it is complete.
#[derive(Clone)]
pub(super) struct Cepstra {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    bands: Vec<Band>,
    /// What each band adds to the coefficients.
    cosines: Vec<[Lanes; COEFFICIENT_VECTORS]>,
    /// The samples of the frame that is being filled, after pre-emphasis.
    frame: Vec<f32>,
    filled: usize,
    last_sample: f32,
    windowed: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    /// With room for the vectors of the last band.
    power: Vec<f32>,
}

/// A triangular band: its weights from the first bin on, in whole vectors.
#[derive(Clone, Debug)]
struct Band {
    first: usize,
    weights: Vec<Lanes>,
}

impl Debug for Cepstra {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cepstra")
            .field("filled", &self.filled)
            .finish_non_exhaustive()
    }
}

impl Cepstra {
    pub(super) fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(FFT);
        let hann = |n: usize| 0.5 - 0.5 * (2.0 * PI * real(n) / real(FRAME)).cos();
        let cosine = |band: usize, coefficient: usize| {
            let angle = PI / real(BANDS) * (real(band) + 0.5) * real(coefficient);
            if coefficient < COEFFICIENTS {
                angle.cos() * (2.0 / real(BANDS)).sqrt()
            } else {
                0.0
            }
        };
        let cosines = |band| {
            std::array::from_fn(|vector| {
                Lanes::new(std::array::from_fn(|lane| {
                    cosine(band, vector * LANES + lane)
                }))
            })
        };
        Self {
            window: (0..FRAME).map(hann).collect(),
            bands: bands(),
            cosines: (0..BANDS).map(cosines).collect(),
            frame: vec![0.0; FRAME],
            filled: 0,
            last_sample: 0.0,
            windowed: fft.make_input_vec(),
            spectrum: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            power: vec![0.0; FFT / 2 + 1 + LANES],
            fft,
        }
    }

    /// Takes samples, and gives the cepstra of the frames that they complete.
    #[inline]
    pub(super) fn push(&mut self, mut samples: &[f32], mut on_frame: impl FnMut(&Cepstrum)) {
        while !samples.is_empty() {
            let (now, later) = samples.split_at(samples.len().min(FRAME - self.filled));
            let room = &mut self.frame[self.filled..];
            for (place, &sample) in room.iter_mut().zip(now) {
                let sample = within_limits(sample);
                *place = sample - PRE_EMPHASIS * self.last_sample;
                self.last_sample = sample;
            }
            self.filled += now.len();
            samples = later;
            if self.filled == FRAME {
                on_frame(&self.cepstrum());
                self.frame.copy_within(HOP.., 0);
                self.filled = FRAME - HOP;
            }
        }
    }

    pub(super) fn reset(&mut self) {
        self.filled = 0;
        self.last_sample = 0.0;
    }

    fn cepstrum(&mut self) -> Cepstrum {
        let samples = self.frame.iter().zip(&self.window);
        for (place, (sample, weight)) in self.windowed.iter_mut().zip(samples) {
            *place = sample * weight;
        }
        // The transform has used this as its scratch.
        self.windowed[FRAME..].fill(0.0);
        let done = self.fft.process_with_scratch(
            &mut self.windowed,
            &mut self.spectrum,
            &mut self.scratch,
        );
        debug_assert!(done.is_ok(), "all lengths are the transform's own");
        for (power, bin) in self.power.iter_mut().zip(&self.spectrum) {
            *power = bin.re * bin.re + bin.im * bin.im;
        }
        self.transformed(self.logarithms())
    }

    fn logarithms(&self) -> [Lanes; BAND_VECTORS] {
        let mut sums = [[0.0; LANES]; BAND_VECTORS];
        for (sum, band) in sums.as_flattened_mut().iter_mut().zip(&self.bands) {
            let bins = self.power[band.first..].chunks_exact(LANES);
            let products = bins.zip(&band.weights);
            *sum = products
                .map(|(bins, weights)| Lanes::from(bins) * *weights)
                .fold(Lanes::ZERO, |sum, product| sum + product)
                .reduce_add();
        }
        sums.map(|sums| (Lanes::new(sums) + POWER_MIN).ln())
    }

    fn transformed(&self, logarithms: [Lanes; BAND_VECTORS]) -> Cepstrum {
        let mut sums = [Lanes::ZERO; COEFFICIENT_VECTORS];
        let logarithms = logarithms.map(Lanes::to_array);
        for (logarithm, cosines) in logarithms.as_flattened().iter().zip(&self.cosines) {
            for (sum, cosine) in sums.iter_mut().zip(cosines) {
                *sum += *cosine * *logarithm;
            }
        }
        let sums = sums.map(Lanes::to_array);
        let sums = sums.as_flattened();
        std::array::from_fn(|coefficient| sums[coefficient])
    }
}

/// What is no number becomes one, so that a bad sample is forgotten with its frame.
#[inline]
#[expect(
    clippy::manual_clamp,
    reason = "`clamp` would let what is no number through"
)]
fn within_limits(sample: f32) -> f32 {
    sample.max(-SAMPLE_MAX).min(SAMPLE_MAX)
}

/// Triangles whose corners lie on the peaks of their neighbours (O'Shaughnessy's mel scale).
fn bands() -> Vec<Band> {
    let mel = |hertz: f32| 1_127.0 * (1.0 + hertz / 700.0).ln();
    let (low, high) = (mel(LOWEST), mel(HIGHEST));
    let corner = |n: usize| low + (high - low) * real(n) / real(BANDS + 1);
    let bin_mel = |bin: usize| mel(real(bin) * 16_000.0 / real(FFT));
    let band = |n: usize| {
        let (from, peak, to) = (corner(n), corner(n + 1), corner(n + 2));
        let weight = |bin: usize| {
            let at = bin_mel(bin);
            ((at - from) / (peak - from))
                .min((to - at) / (to - peak))
                .max(0.0)
        };
        let inside: Vec<usize> = (0..=FFT / 2).filter(|bin| weight(*bin) > 0.0).collect();
        let first = inside.first().copied().unwrap_or(0);
        let vectors = inside.len().div_ceil(LANES);
        let weights = (0..vectors).map(|vector| {
            let bin = |lane| first + vector * LANES + lane;
            Lanes::new(std::array::from_fn(|lane| {
                if bin(lane) <= FFT / 2 {
                    weight(bin(lane))
                } else {
                    0.0
                }
            }))
        });
        Band {
            first,
            weights: weights.collect(),
        }
    };
    (0..BANDS).map(band).collect()
}

/// Small counts as real numbers.
pub(super) fn real(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
