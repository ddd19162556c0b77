//! Sound of other rates, brought to 16 kHz.

use mondegreen_detector::Resampled;
use std::convert::Infallible;
use std::f64::consts::TAU;

/// A tone of 440 Hz for so many samples.
#[expect(
    clippy::cast_possible_truncation,
    reason = "samples are floats of 32 bits"
)]
fn tone(rate: u32, count: u32) -> impl Iterator<Item = Result<f32, Infallible>> {
    (0..count).map(move |n| Ok((TAU * 440.0 * f64::from(n) / f64::from(rate)).sin() as f32))
}

fn converted(rate: u32, count: u32) -> Vec<f32> {
    let sound = Resampled::new(tone(rate, count), rate).expect("a usual rate");
    sound
        .map(|sample| sample.unwrap_or_else(|never| match never {}))
        .collect()
}

#[test]
fn a_tone_stays_where_it_is_and_as_long_as_it_is() {
    let want: Vec<f32> = converted(16_000, 16_000);
    for rate in [8_000, 11_025, 22_050, 44_100, 48_000] {
        let got = converted(rate, rate);
        assert_eq!(got.len(), 16_000, "{rate}");
        let worst = got[500..15_500]
            .iter()
            .zip(&want[500..])
            .map(|(a, b)| (a - b).abs());
        let worst = worst.fold(0.0, f32::max);
        // The delay of the filter need not be a whole number of samples; in one the tone rises by 0.17.
        assert!(worst < 0.17, "{rate}: {worst}");
    }
}

#[test]
fn what_it_cannot_convert_it_says() {
    assert!(Resampled::new(tone(0, 1), 0).is_none());
    assert!(converted(44_100, 0).is_empty());
    assert_eq!(converted(44_100, 1).len(), 1);
}

#[test]
fn an_error_ends_it() {
    let source = [Ok(0.5), Err("gone"), Ok(0.5)];
    let mut sound = Resampled::new(source.into_iter(), 44_100).expect("a usual rate");
    assert_eq!(sound.next(), Some(Err("gone")));
    assert!(sound.all(|sample| sample.is_ok()));
}
