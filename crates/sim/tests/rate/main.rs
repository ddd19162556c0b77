//! The rate of unintended sends from outside: the files, the laws, and splitting against counting.
#![expect(clippy::cast_precision_loss, reason = "counts are small")]

mod agree;
mod files;

use mondegreen_sim::{ChannelLaw, Tape, home};
use mondegreen_trace::Asks;

fn shipped() -> ChannelLaw {
    ChannelLaw::read(ChannelLaw::SHIPPED).expect("the file that comes along")
}

/// Dubois et al., PoPETs 2020(4): 1.5 a day to 0.95 an hour. Theirs was talk without a break.
#[test]
fn false_wakes_are_as_frequent_as_published() {
    let law = shipped();
    let (mut wakes, mut hours) = (0.0, 0.0);
    for seed in 1..=4 {
        let tape = Tape::new(&home(seed), seed, 25, "alexa", &law);
        wakes += tape.wakes_per_hour() * tape.hours();
        hours += tape.hours();
    }
    let rate = wakes / hours;
    assert!((1.5 / 24.0..=0.95).contains(&rate), "{rate} an hour");
}

/// The same paper: 8.44% of misactivations come again in at least three of four tries.
#[test]
fn misactivations_repeat_as_published() {
    let law = shipped();
    let mut repeat = 0.0;
    for tries in 0..16_u32 {
        let mut probability = 1.0;
        let mut heard = 1;
        for n in 0..4 {
            let next = law.again(1e-9, n + 1, heard);
            if tries >> n & 1 == 1 {
                probability *= next;
                heard += 1;
            } else {
                probability *= 1.0 - next;
            }
        }
        if heard >= 4 {
            repeat += probability;
        }
    }
    assert!((repeat - 0.0844).abs() < 5e-4, "{repeat}");
}

#[test]
fn tries_of_a_text_are_alike_and_each_as_likely() {
    let law = shipped();
    let (p, q) = (0.3, law.again(0.3, 1, 1));
    assert!(q > 0.3 && law.again(0.3, 1, 0) < 0.3);
    let second = p * q + (1.0 - p) * law.again(0.3, 1, 0);
    assert!((second - p).abs() < 1e-12, "{second}");
}

#[test]
fn what_was_said_is_heard_and_what_is_farther_less() {
    use mondegreen_phonetics::Nats;
    let law = shipped();
    for asks in [
        Asks::Wake,
        Asks::Command,
        Asks::Recipient,
        Asks::Confirmation,
    ] {
        let at = |millis| law.probability(asks, Nats::from_millis(millis));
        assert!((at(0) - 1.0).abs() < f64::EPSILON);
        assert!(at(500) > at(1_000) && at(1_000) > at(5_000) && at(5_000) > 0.0);
    }
}
