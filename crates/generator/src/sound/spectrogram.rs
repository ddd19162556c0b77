//! How loud a sound is at each pitch, all the time, to be looked at.

use super::RATE;
use super::level::single;
use realfft::RealFftPlanner;
use realfft::num_complex::Complex;
use std::f64::consts::PI;

/// Bands of pitch, evenly spaced on the mel scale up to half of the rate.
pub const BANDS: usize = 64;

/// The window of a spectrum, 32 ms: harmonics of low voices are told apart, and so are stops.
const WINDOW: usize = 512;
/// What is softer, in dB of full scale, is silence.
const FLOOR_DB: f64 = -100.0;

/// Levels in dB of full scale, of so many stretches of equal length, in [`BANDS`] from low to high.
/// Each is the loudest of its stretch. A sound without samples has none.
pub fn spectrogram(samples: &[i16], stretches: usize) -> Vec<[f32; BANDS]> {
    if samples.is_empty() || stretches == 0 {
        return Vec::new();
    }
    let fft = RealFftPlanner::<f64>::new().plan_fft_forward(WINDOW);
    let mut windowed = fft.make_input_vec();
    let mut spectrum = fft.make_output_vec();
    let hann = |at: usize| 0.5 - 0.5 * (2.0 * PI * float(at) / float(WINDOW)).cos();
    let hop = samples.len().div_ceil(stretches).clamp(1, WINDOW / 2);
    let mut levels = vec![[single(FLOOR_DB); BANDS]; stretches];
    for from in (0..samples.len()).step_by(hop) {
        let stretch = &mut levels[from * stretches / samples.len()];
        for (at, sample) in windowed.iter_mut().enumerate() {
            let sounds = samples.get(from + at).copied().unwrap_or(0);
            *sample = f64::from(sounds) / 32_768.0 * hann(at);
        }
        // It fails when the buffers are not of its own length, which they are.
        if fft.process(&mut windowed, &mut spectrum).is_err() {
            continue;
        }
        for (band, level) in stretch.iter_mut().enumerate() {
            let bins = bin(band)..bin(band + 1).max(bin(band) + 1);
            let power = spectrum.get(bins).unwrap_or_default();
            let power = power.iter().map(Complex::norm_sqr).fold(0.0, f64::max);
            // A sine of full scale has a quarter of the window as its amplitude.
            let db = 10.0 * (power / (float(WINDOW) / 4.0).powi(2)).log10();
            *level = level.max(single(db.max(FLOOR_DB)));
        }
    }
    levels
}

/// The first bin of a band.
fn bin(band: usize) -> usize {
    let mel = |hz: f64| 1127.0 * (hz / 700.0).ln_1p();
    let half = f64::from(RATE) / 2.0;
    let hz = 700.0 * (mel(half) * float(band) / float(BANDS) / 1127.0).exp_m1();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to half of the window"
    )]
    let bin = (hz * float(WINDOW) / f64::from(RATE)).round() as usize;
    bin
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_seen_where_and_when_it_sounds() {
        #[expect(clippy::cast_possible_truncation, reason = "16 bits at most")]
        let tone = |at: usize| {
            let phase = 2.0 * PI * 1_000.0 * float(at) / f64::from(RATE);
            let is_silent = at < 16_000;
            if is_silent {
                0
            } else {
                (phase.sin() * 32_767.0).round() as i16
            }
        };
        let samples: Vec<i16> = (0..32_000).map(tone).collect();
        let levels = spectrogram(&samples, 40);
        assert_eq!(levels.len(), 40);
        assert!(levels[10].iter().all(|level| *level <= -100.0));
        let loudest = (0..BANDS).max_by(|a, b| levels[30][*a].total_cmp(&levels[30][*b]));
        let loudest = loudest.expect("bands");
        assert!((bin(loudest)..=bin(loudest + 1)).contains(&32), "{loudest}");
        assert!(levels[30][loudest].abs() < 0.5, "{}", levels[30][loudest]);
        assert!(levels[30][BANDS - 1] < -60.0, "{:?}", levels[30]);
    }

    #[test]
    fn nothing_is_seen_of_nothing() {
        assert_eq!(spectrogram(&[], 10), Vec::<[f32; BANDS]>::new());
        assert_eq!(spectrogram(&[1], 0), Vec::<[f32; BANDS]>::new());
        assert_eq!(spectrogram(&[1; 3], 5).len(), 5);
    }
}
