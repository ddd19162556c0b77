//! Levels, and noise at a stated distance below the speech.

use rand::{Rng, RngExt};

/// The root mean square of the loud parts: of the tenths of a second that are not 30 dB below the
/// loudest.
pub(crate) fn level(sound: &[f32]) -> f32 {
    let powers: Vec<f32> = sound.chunks(1_600).map(power).collect();
    let loudest = powers.iter().copied().fold(0.0, f32::max);
    let loud = powers
        .iter()
        .copied()
        .filter(|power| *power > loudest / 1_000.0);
    let (count, sum) = loud.fold((0.0_f32, 0.0), |(count, sum), power| {
        (count + 1.0, sum + power)
    });
    (sum / count.max(1.0)).sqrt()
}

fn power(sound: &[f32]) -> f32 {
    let length = sound.iter().fold(0.0_f32, |count, _| count + 1.0).max(1.0);
    sound.iter().map(|sample| sample * sample).sum::<f32>() / length
}

/// Brings the speech to a level in decibels of full scale.
pub(crate) fn scale(sound: &mut [f32], decibels: f32) {
    let factor = 10_f32.powf(decibels / 20.0) / level(sound).max(1e-9);
    for sample in sound {
        *sample *= factor;
    }
}

/// Adds pink noise whose level lies so many decibels below that of the speech.
pub(crate) fn add_noise(sound: &mut [f32], below: f32, random: &mut impl Rng) {
    // Kellet's filter: white noise through three slow averages falls by 3 dB an octave.
    let (mut slow, mut slower, mut slowest) = (0.0_f32, 0.0_f32, 0.0_f32);
    let mut noise: Vec<f32> = Vec::with_capacity(sound.len());
    for _ in 0..sound.len() {
        let white = random.random_range(-1.0_f32..1.0);
        slow = 0.570 * slow + white * 1.052_691_3;
        slower = 0.963 * slower + white * 0.296_516_4;
        slowest = 0.997_65 * slowest + white * 0.099_046;
        noise.push(slow + slower + slowest + white * 0.184_8);
    }
    let wanted = level(sound) * 10_f32.powf(-below / 20.0);
    let factor = wanted / power(&noise).sqrt().max(1e-9);
    for (sample, noise) in sound.iter_mut().zip(noise) {
        *sample += noise * factor;
    }
}
