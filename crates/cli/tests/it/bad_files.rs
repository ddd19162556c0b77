//! Files that cannot be read: a message with file and line, status 2, and never a panic.

use crate::{Folder, Ran, run};
use expect_test::{Expect, expect};

/// Every command that reads talk says the same of it.
fn read_talk(path: &str) -> String {
    let commands = [
        &["scan", path][..],
        &["hunt", "echo-2018", "--steps", "10", "--talk", path],
        &["talk", "--stats", "--talk", path],
    ];
    let said = commands.map(|arguments| complaint(&run(arguments)));
    assert!(said.iter().all(|other| *other == said[0]), "{said:?}");
    said[0].clone()
}

fn read_script(path: &str) -> String {
    complaint(&run(&["replay", path]))
}

#[track_caller]
fn complaint(ran: &Ran) -> String {
    assert_eq!((ran.status, &*ran.out), (Some(2), ""), "{}", ran.err);
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    ran.err.clone()
}

#[track_caller]
fn check(read: fn(&str) -> String, content: impl AsRef<[u8]>, want: &Expect) {
    let folder = Folder::new();
    let path = folder.file("given", content);
    want.assert_eq(read(&path).replace(&path, "FILE").trim_end());
}

#[test]
fn files_that_cannot_be_opened_are_named() {
    let folder = Folder::new();
    for path in [folder.path("missing"), folder.path("")] {
        for said in [read_talk(&path), read_script(&path)] {
            assert!(said.starts_with(&format!("mondegreen: {path}: ")), "{said}");
        }
    }
}

#[test]
fn talk_that_is_no_text() {
    let check = |content: &[u8], want: Expect| check(read_talk, content, &want);
    check(
        b"",
        expect![
            "mondegreen: FILE: line 1: there is no talk in it; give WebVTT, SRT, or lines of seconds, speaker and text"
        ],
    );
    check(
        b"\n \n\n",
        expect![
            "mondegreen: FILE: line 1: there is no talk in it; give WebVTT, SRT, or lines of seconds, speaker and text"
        ],
    );
    check(
        b"0\tAna\tYes.\n1\tBen\t\0\x01\x02\n",
        expect![
            "mondegreen: FILE: line 2: this is not text; give WebVTT, SRT, or lines of seconds, speaker and text"
        ],
    );
    check(
        b"0\tAna\tYes.\n1\tBen\tCaf\xe9.\n",
        expect![
            "mondegreen: FILE: line 2: this is not UTF-8; convert it, for example with `iconv -t utf-8`"
        ],
    );
    check(
        b"\x7fELF\x02\x01\x01\0\0\0",
        expect![
            "mondegreen: FILE: line 1: this is not text; give WebVTT, SRT, or lines of seconds, speaker and text"
        ],
    );
}

#[test]
fn tables_that_are_ill_formed() {
    let check = |content: &str, want: Expect| check(read_talk, content, &want);
    check(
        "0\tAna\tYes.\nhello\n",
        expect![
            "mondegreen: FILE: line 2: a line needs seconds, speaker and text, with tabs between them"
        ],
    );
    check(
        "0\tAna\tYes.\n1\tBen\n",
        expect![
            "mondegreen: FILE: line 2: a line needs seconds, speaker and text, with tabs between them"
        ],
    );
    check(
        "0\tAna\tYes.\nsoon\tBen\tNo.\n",
        expect!["mondegreen: FILE: line 2: `soon` is not a number of seconds; write 12 or 12.5"],
    );
    check(
        "0\tAna\tYes.\n-1\tBen\tNo.\n",
        expect!["mondegreen: FILE: line 2: `-1` is not a number of seconds; write 12 or 12.5"],
    );
    check(
        "7\tAna\tYes.\n6.9\tBen\tNo.\n",
        expect![
            "mondegreen: FILE: line 2: `6.9` lies before the time that came before it; sort the talk by time"
        ],
    );
    check(
        "99999999999999999999\tAna\tYes.\n",
        expect![
            "mondegreen: FILE: line 1: `99999999999999999999` is not a number of seconds; write 12 or 12.5"
        ],
    );
    check(
        "# only a note\n",
        expect![
            "mondegreen: FILE: line 1: there is no talk in it; give WebVTT, SRT, or lines of seconds, speaker and text"
        ],
    );
}

#[test]
fn cues_that_are_ill_formed() {
    let check = |content: &str, want: Expect| check(read_talk, content, &want);
    check(
        "WEBVTT\n",
        expect![
            "mondegreen: FILE: line 1: there is no talk in it; give WebVTT, SRT, or lines of seconds, speaker and text"
        ],
    );
    check(
        "WEBVTT\n\n00:01.000 --> soon\nYes.\n",
        expect!["mondegreen: FILE: line 3: `soon` is not a time; write 00:01:02.345"],
    );
    check(
        "WEBVTT\n\n00:02.000 --> 00:01.000\nYes.\n",
        expect![
            "mondegreen: FILE: line 3: `00:01.000` lies before the time that came before it; sort the talk by time"
        ],
    );
    check(
        "WEBVTT\n\n00:05.000 --> 00:06.000\nYes.\n\n00:04.000 --> 00:06.000\nNo.\n",
        expect![
            "mondegreen: FILE: line 6: `00:04.000 --> 00:06.000` lies before the time that came before it; sort the talk by time"
        ],
    );
    check(
        "1\n00:00:01,000 --> 00:00:02,000\nYes.\n\n2\nNo.\n",
        expect![
            "mondegreen: FILE: line 6: `No.` stands where a line with times was expected, such as 00:01.000 --> 00:02.000"
        ],
    );
    check(
        "1\n00:00:61,000 --> 00:02:02,000\nYes.\n",
        expect!["mondegreen: FILE: line 2: `00:00:61,000` is not a time; write 00:01:02.345"],
    );
}

#[test]
fn scripts_that_are_ill_formed() {
    let check = |content: &[u8], want: Expect| check(read_script, content, &want);
    check(
        b"",
        expect!["mondegreen: FILE: line 1: the first line of a script is `mondegreen script 1`"],
    );
    check(
        b"WEBVTT\n",
        expect!["mondegreen: FILE: line 1: the first line of a script is `mondegreen script 1`"],
    );
    check(
        b"mondegreen script 1\n# caf\xe9\n",
        expect![
            "mondegreen: FILE: line 2: this is not UTF-8; convert it, for example with `iconv -t utf-8`"
        ],
    );
    check(
        b"\x7fELF\x02\x01\x01\0\0\xff",
        expect![
            "mondegreen: FILE: line 1: this is not UTF-8; convert it, for example with `iconv -t utf-8`"
        ],
    );
    check(
        b"mondegreen script 1\nseed many\n",
        expect!["mondegreen: FILE: line 2: `many` is not a whole number"],
    );
    check(
        b"mondegreen script 1\ndevice a\n\n5-6 a Ana: Yes.\n4-5 a Ben: No.\n",
        expect!["mondegreen: FILE: line 5: this begins before the line above it"],
    );
    check(
        b"mondegreen script 1\ndevice a\n\n5-6 b Ana: Yes.\n",
        expect!["mondegreen: FILE: line 4: there is no device `b`"],
    );
    check(
        b"mondegreen script 1\n18446744073709551.616 restart\n",
        expect![
            "mondegreen: FILE: line 2: `18446744073709551.616` is not a time; times are seconds like `4.100` or spans like `4.100-5.900`"
        ],
    );
}

#[test]
fn a_talk_file_may_hold_a_hundred_thousand_words_in_one_line() {
    let folder = Folder::new();
    let words = "word ".repeat(100_000);
    let talk = folder.file(
        "long.tsv",
        format!("0\tAna\t{words}\n9\tBen\tI got a letter.\n"),
    );
    let page = run(&["scan", &talk, "-n", "1"]).ends_with(0).out;
    assert!(
        page.starts_with("2 utterances") && page.contains(" a letter "),
        "{page}"
    );
    run(&["hunt", "guarded", "--talk", &talk, "--steps", "50"]).ends_with(0);
}
