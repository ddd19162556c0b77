//! How loud speech is, by ITU-T P.56 method B: the level while somebody speaks, pauses left out.

/// Samples a second, as a float.
const RATE: f64 = super::RATE as f64;
/// Of the two smoothers that make the envelope, in seconds.
const TIME_CONSTANT: f64 = 0.03;
/// How long speech is taken to go on after its envelope has fallen: 0.2 s.
const HANGOVER: u64 = super::RATE as u64 / 5;
/// How far the threshold of activity lies below the active level, in dB.
const MARGIN_DB: f64 = 15.9;
/// Sound shorter than this is over before the envelope has risen: 0.1 s.
const SHORTEST: u64 = super::RATE as u64 / 10;
/// Thresholds are 1/2, 1/4, and so on: the last one is −120 dB.
const THRESHOLDS: usize = 20;

/// The active level of speech in dB of full scale, by ITU-T P.56 method B; nothing for silence.
///
/// Samples are 16 kHz. A square wave that just fits 16 bits has 0 dB, a sine wave −3.01 dB. Pauses
/// of more than 0.2 s do not count, and sound of less than 0.1 s counts as a whole. Give it speech
/// from its first to its last sound: the first 0.2 s of silence behind that would count as a pause.
pub fn active_level_db(samples: &[i16]) -> Option<f64> {
    level_db(samples.iter().map(|sample| f64::from(*sample) / 32_768.0))
}

/// [`active_level_db`] of samples from −1 to 1.
pub(super) fn level_db(samples: impl Iterator<Item = f64>) -> Option<f64> {
    let keep = (-1.0 / (RATE * TIME_CONSTANT)).exp();
    let (mut smooth, mut envelope) = (0.0, 0.0);
    let (mut power, mut all) = (0.0, 0_u64);
    let mut active = [0_u64; THRESHOLDS];
    let mut hung = [HANGOVER; THRESHOLDS];
    for sample in samples {
        power += sample * sample;
        all += 1;
        smooth = keep * smooth + (1.0 - keep) * sample.abs();
        envelope = keep * envelope + (1.0 - keep) * smooth;
        let mut threshold = 0.5;
        for (active, hung) in active.iter_mut().zip(&mut hung) {
            *hung = if envelope >= threshold { 0 } else { *hung + 1 };
            *active += u64::from(*hung < HANGOVER);
            threshold /= 2.0;
        }
    }
    if power <= 0.0 {
        return None;
    }
    // From the lowest threshold up, with the level of what lies above it; the margin between the
    // two shrinks, and the level is where it is the wanted one.
    let whole = 10.0 * (power / real(all)).log10();
    if all < SHORTEST {
        return Some(whole);
    }
    let mut below = (whole, f64::INFINITY);
    for (number, active) in active.into_iter().enumerate().rev() {
        if active == 0 {
            break;
        }
        let level = 10.0 * (power / real(active)).log10();
        let threshold = -20.0 * real(number as u64 + 1) * 2_f64.log10();
        let margin = level - threshold;
        if margin <= MARGIN_DB {
            if below.1.is_infinite() {
                return Some(level);
            }
            let part = (below.1 - MARGIN_DB) / (below.1 - margin);
            return Some(below.0 + part * (level - below.0));
        }
        below = (level, margin);
    }
    Some(below.0)
}

/// The factor of an amplitude for so many dB.
pub(super) fn factor(db: f64) -> f64 {
    10_f64.powf(db / 20.0)
}

/// A count in a calculation. Counts of samples stay far below what a float holds exactly.
#[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}

/// Single precision is what samples are kept in while they are mixed: 24 bits, of which 16 are kept.
#[expect(
    clippy::cast_possible_truncation,
    reason = "precision that nobody hears"
)]
pub(super) fn single(sample: f64) -> f32 {
    sample as f32
}

/// A sample of 16 bits, and whether it was too loud for that and was cut off.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast from float saturates, which is what too loud a sample should do"
)]
pub(super) fn to_16_bits(sample: f32) -> (i16, bool) {
    let scaled = (f64::from(sample) * 32_768.0).round();
    let fits = (f64::from(i16::MIN)..=f64::from(i16::MAX)).contains(&scaled);
    (scaled as i16, !fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(amplitude: f64, seconds: u32) -> Vec<i16> {
        let sample = |at: u32| {
            let sample = amplitude * (f64::from(at) * 0.3).sin();
            to_16_bits(single(sample)).0
        };
        (0..seconds * super::super::RATE).map(sample).collect()
    }

    #[track_caller]
    fn assert_near(level: Option<f64>, want: f64, tolerance: f64) {
        let level = level.expect("there is sound");
        assert!((level - want).abs() <= tolerance, "{level} is not {want}");
    }

    #[test]
    fn a_steady_tone_has_the_level_of_its_power() {
        for amplitude in [0.9, 0.1, 0.01] {
            let want = 20.0 * (amplitude / 2_f64.sqrt()).log10();
            assert_near(active_level_db(&sine(amplitude, 4)), want, 0.1);
        }
    }

    #[test]
    fn pauses_do_not_count() {
        let tone = sine(0.1, 2);
        let with_pauses = [vec![0; 64_000], tone.clone(), vec![0; 160_000], tone].concat();
        let want = 20.0 * (0.1 / 2_f64.sqrt()).log10();
        // The hangover adds two fifths of a second to four seconds: 0.4 dB.
        assert_near(active_level_db(&with_pauses), want - 0.4, 0.15);
        let power: f64 = with_pauses.iter().map(|s| f64::from(*s).powi(2)).sum();
        let mean = 10.0 * (power / 32_768_f64.powi(2) / real(with_pauses.len() as u64)).log10();
        assert!(mean < want - 4.0, "{mean}");
    }

    #[test]
    fn a_click_counts_as_a_whole_and_silence_has_no_level() {
        assert_eq!(active_level_db(&[0; 1_000]), None);
        assert_eq!(active_level_db(&[]), None);
        assert_near(active_level_db(&[1_024; 100]), -30.1, 0.1);
    }

    #[test]
    fn what_is_too_loud_is_cut_off_and_told() {
        assert_eq!(to_16_bits(0.5), (16_384, false));
        assert_eq!(to_16_bits(-1.0), (i16::MIN, false));
        assert_eq!(to_16_bits(1.0), (i16::MAX, true));
        assert_eq!(to_16_bits(-7.0), (i16::MIN, true));
    }
}
