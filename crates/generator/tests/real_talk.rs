//! Real talk is read, and what is not talk is refused with its line.

use mondegreen_generator::{read_talk, stats};
use mondegreen_trace::{Meant, Utterance};
use proptest::prelude::*;

fn read(text: &str) -> Vec<(u64, u64, String, String)> {
    let talk = read_talk(text.as_bytes()).expect("talk");
    let row = |said: Utterance| (said.from_ms, said.to_ms, said.speaker, said.text);
    talk.into_iter().map(row).collect()
}

fn row(from: u64, to: u64, speaker: &str, text: &str) -> (u64, u64, String, String) {
    (from, to, speaker.to_owned(), text.to_owned())
}

/// The error, as `line: rest of the message`.
fn refused(bytes: &[u8]) -> String {
    let error = read_talk(bytes).expect_err("this is no talk");
    assert!(
        error
            .to_string()
            .starts_with(&format!("line {}: ", error.line()))
    );
    error.to_string()
}

#[test]
fn tables_are_read() {
    let text = "\u{feff}# seconds speaker text\r\n2\tCDR\tThe clock is running.\r\n\r\n2.5\tCMP\tOkay.\r\n9\t\tYaw\tprogram. \r\n";
    assert_eq!(
        read(text),
        [
            row(2_000, 2_500, "CDR", "The clock is running."),
            row(2_500, 2_850, "CMP", "Okay."),
            row(9_000, 9_700, "someone", "Yaw program."),
        ]
    );
}

#[test]
fn webvtt_is_read() {
    let text = "WEBVTT - a title\nKind: captions\n\nNOTE not\ntalk\n\nSTYLE\n::cue {}\n\n1\n00:01.000 --> 00:02.000 align:start\n\
        <v Ana Ruiz>I got <i>a letter</i>\nfrom the council.</v>\n\n00:00:02.000 --> 00:00:04.000\n<v.loud Tom>Salt &amp; pepper?\n<v Ana Ruiz>Oh yes\n\n\
        01:00:00.000 --> 01:00:01.500\nRight.\n";
    assert_eq!(
        read(text),
        [
            row(1_000, 2_000, "Ana Ruiz", "I got a letter from the council."),
            row(2_000, 3_200, "Tom", "Salt & pepper?"),
            row(3_200, 4_000, "Ana Ruiz", "Oh yes"),
            row(3_600_000, 3_601_500, "someone", "Right."),
        ]
    );
}

#[test]
fn srt_is_read() {
    let text = "1\r\n00:00:01,000 --> 00:00:03,000\r\nANA RUIZ: I got a letter\r\nfrom the <i>council</i>.\r\n\r\n\
        2\r\n00:00:03,000 --> 00:00:05,000\r\n- TOM: Did you?\r\n- ANA: At 10:30.\r\n\r\n3\r\n00:00:05,500 --> 00:00:06,000\r\n\r\n";
    assert_eq!(
        read(text),
        [
            row(1_000, 3_000, "ANA RUIZ", "I got a letter from the council."),
            row(3_000, 4_000, "TOM", "Did you?"),
            row(4_000, 5_000, "ANA", "At 10:30."),
        ]
    );
}

#[test]
fn what_is_read_is_meant_for_nobody_and_heard_by_no_device() {
    let talk = read_talk(b"1\tA\tRight.").expect("a line");
    assert!(talk[0].meant == Meant::Nobody && talk[0].devices.is_empty());
}

#[test]
fn what_is_no_talk_is_refused_with_its_line() {
    for (bytes, message) in [
        (&b""[..], "line 1: there is no talk in it"),
        (b"\n \n\t\n", "line 1: there is no talk in it"),
        (b"# only\n# comments\n", "line 1: there is no talk in it"),
        (b"WEBVTT\n\n", "line 1: there is no talk in it"),
        (b"1\tA\tRight.\n\x00\x01", "line 2: this is not text"),
        (
            b"1\tA\tRight.\n2\tB\tcaf\xe9\n",
            "line 2: this is not UTF-8",
        ),
        (
            b"1\tA\tRight.\n2 B Right.\n",
            "line 2: a line needs seconds, speaker and text",
        ),
        (b"1\tA\n", "line 1: a line needs"),
        (
            b"one\tA\tRight.\n",
            "line 1: `one` is not a number of seconds",
        ),
        (b"-1\tA\tRight.\n", "line 1: `-1` is not"),
        (
            b"99999999999999999999\tA\tRight.\n",
            "line 1: `99999999999999999999` is not",
        ),
        (b"5\tA\tRight.\n4\tB\tRight.\n", "line 2: `4` lies before"),
        (
            b"WEBVTT\n\n00:05.000 --> 00:04.000\nRight.\n",
            "line 3: `00:04.000` lies before",
        ),
        (
            b"WEBVTT\n\n00:05.000 --> 00:06.000\nA\n\n00:01.000 --> 00:02.000\nB\n",
            "line 6: `00:01.000 --> 00:02.000` lies before",
        ),
        (
            b"1\n00:00:61,000 --> 00:00:62,000\nRight.\n",
            "line 2: `00:00:61,000` is not a time",
        ),
        (
            b"1\n00:00:01,000 --> soon\nRight.\n",
            "line 2: `soon` is not a time",
        ),
        (
            b"WEBVTT\n\nRight\nso\n",
            "line 4: `so` stands where a line with times",
        ),
    ] {
        assert!(refused(bytes).starts_with(message), "{}", refused(bytes));
    }
}

#[test]
fn messages_stay_short() {
    let long = "x".repeat(100_000);
    assert!(refused(format!("{long}\tA\tRight.").as_bytes()).len() < 200);
}

#[test]
fn a_hundred_thousand_words_are_one_utterance() {
    let text = format!("1\tA\t{}\n", "right ".repeat(100_000));
    let talk = read_talk(text.as_bytes()).expect("long talk");
    assert_eq!(talk[0].to_ms, 1_000 + 350 * 100_000);
    let figures = stats::measure(&talk);
    assert!(
        figures
            .iter()
            .all(|figure| figure.ours >= 0.0 || figure.ours.is_nan())
    );
}

#[test]
fn the_clock_may_be_at_its_limit() {
    let talk = read_talk(b"18446744073709551\tA\tRight, then.").expect("late talk");
    assert!(talk[0].from_ms <= talk[0].to_ms && talk[0].to_ms == u64::MAX);
}

#[test]
fn talk_without_words_can_be_measured() {
    assert_eq!(
        stats::measure(&[]).len(),
        stats::measure(&read_talk(b"1\tA\t?").expect("one line")).len()
    );
}

proptest! {
    #[test]
    fn no_bytes_are_too_bad(bytes: Vec<u8>) {
        drop(read_talk(&bytes));
    }

    #[test]
    fn no_text_is_too_bad(
        head in "(WEBVTT\n\n)?",
        text in "([0-9:.,]{0,14}( --> )?[0-9:.,]{0,14}|\t|\n|\r|<v [a-zé]>|<|>|&amp;|[A-Z]{1,3}:|[a-zé ]{0,6}){0,40}",
    ) {
        let text = format!("{head}{text}");
        if let Ok(talk) = read_talk(text.as_bytes()) {
            prop_assert!(!talk.is_empty());
            prop_assert!(talk.iter().all(|said| said.from_ms <= said.to_ms));
            prop_assert!(talk.is_sorted_by_key(|said| said.from_ms));
            stats::measure(&talk);
        }
    }
}
