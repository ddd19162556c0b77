//! Logs in whatever state they are: what can be read is read, what cannot is named with its line.

use crate::protocol::{effects, inputs};
use expect_test::{Expect, expect};
use mondegreen_trace::log::{Damages, Entry, LINE_BYTES_MAX, Log, Order};
use mondegreen_trace::{Line, Trace};
use std::fmt::Write;
use std::io::{self, BufRead, BufReader, Read};

const START: &str = r#"{"type":"start","protocol":1,"seed":7,"at_ms":0,"household":{"devices":["kitchen"],"contacts":[{"id":"c1","name":"Ana Ruiz"}],"messaging":true}}"#;
const HELLO: &str = r#"{"type":"hello","protocol":1,"name":"a","version":"1"}"#;
const DONE: &str = r#"{"type":"done"}"#;
const END: &str = r#"{"type":"end"}"#;

fn read(log: impl BufRead) -> (Vec<Line>, Damages) {
    let mut order = Order::new();
    let mut lines = Vec::new();
    for entry in Log::new(log) {
        match entry.expect("no error of the disk") {
            Entry::Line { number, line, .. } => {
                order.see(number, &line);
                lines.push(line);
            }
            Entry::Damage(damage) => order.unread(damage),
        }
    }
    (lines, order.finish())
}

fn shown(damages: &Damages) -> String {
    let mut shown = String::new();
    for tally in damages.tallies() {
        for damage in &tally.first {
            writeln!(shown, "{damage}").expect("a string");
        }
        if tally.others() > 0 {
            writeln!(shown, "and {}, to line {}", tally.others(), tally.last).expect("a string");
        }
    }
    shown
}

#[track_caller]
fn check(log: &[u8], want: &Expect) {
    want.assert_eq(&shown(&read(log).1).replace('\0', "0"));
}

/// A whole run with these lines in it, the first of which is line 4.
fn run(lines: &[&str]) -> String {
    let all = [&[START, HELLO, DONE], lines, &[END]].concat();
    all.join("\n") + "\n"
}

#[track_caller]
fn check_run(lines: &[&str], want: &Expect) {
    check(run(lines).as_bytes(), want);
}

#[test]
fn what_was_written_is_read_back() {
    let mut lines: Vec<Line> = inputs().into_iter().map(Line::In).collect();
    lines.extend(effects().into_iter().map(Line::Out));
    let trace = Trace { lines };
    let text = trace.to_json_lines().expect("numbers are finite");
    assert_eq!(read(text.as_bytes()).0, trace.lines);
}

#[test]
fn a_whole_run_has_no_damage() {
    let prompt = r#"{"type":"prompt","device":"kitchen","prompt":1,"text":"Ana?","duration_ms":500,"later":"field"}"#;
    let lines = [
        r#"{"said":{"from_ms":0,"to_ms":900,"devices":["kitchen"],"speaker":"Ben","text":"Well."},"note":"heard by us"}"#,
        r#"{"type":"heard","at_ms":1000,"device":"kitchen","from_ms":0,"final":true,"voice":"person","hypotheses":[{"text":"well","confidence":1.0}]}"#,
        prompt,
        r#"{"type":"timer","at_ms":1700}"#,
        DONE,
        r#"{"type":"prompt_ended","at_ms":1500,"device":"kitchen","prompt":1}"#,
        DONE,
        "   ",
        r#"{"type":"time","at_ms":1700}"#,
        DONE,
    ];
    check_run(&lines, &expect![""]);
    let dos = format!("\u{feff}{}", run(&lines).replace('\n', "\r\n"));
    check(dos.as_bytes(), &expect![""]);
    let unfinished = run(&lines);
    check(unfinished.trim_end().as_bytes(), &expect![""]);
}

#[test]
fn lines_that_cannot_be_read_are_named_and_the_others_are_read() {
    let lines = [
        "2018-05-24T10:00:00Z {\"type\":\"time\",\"at_ms\":1}",
        "{\"type\":\"time\",",
        "[1, 2]",
        "{\"kind\":\"time\"}",
        "{\"type\":\"boredom\"}",
        "{\"type\":\"time\",\"at_ms\":-1}",
        "{\"said\":{\"text\":\"Well.\"}}",
        "{\"type\":\"time\",\"at_ms\":5}",
        DONE,
    ];
    check_run(
        &lines,
        &expect![[r#"
        line 4 is no JSON: trailing characters at column 5: `2018-05-24T10:00:00Z {"type":"time","at_ms":1}`; it would be without the `2018-05-24T10:00:00Z ` before it
        line 5 is no JSON: EOF while parsing a value at column 15: `{"type":"time",`
        line 6 is no JSON object: `[1, 2]`
        line 7 has neither a `type` nor `said`: `{"kind":"time"}`
        line 8 has a type that is not known: `boredom`
        line 9 is no good `time`: invalid value: integer `-1`, expected u64
        line 10 is no good `said`: missing field `from_ms`
    "#]],
    );
    let (read, damages) = read(run(&lines).as_bytes());
    assert_eq!((read.len(), damages.lost()), (6, 7));
}

#[test]
fn a_log_that_breaks_off_says_where() {
    let log = format!("{START}\n{HELLO}\n{DONE}\n{{\"type\":\"time\",\"at_");
    check(
        log.as_bytes(),
        &expect![[r#"
        line 4 breaks off: the log ends with `{"type":"time","at_`
        line 3 is the last of a run without `end`: what came after is not known
    "#]],
    );
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let log = [START.as_bytes(), b"\n\xff\xfe\n\0\0\0\n"].concat();
    check(
        &log,
        &expect![[r"
            line 2 is not UTF-8 at byte 1
            line 3 is no JSON: expected value at column 1: `000`
            line 1 is the last of a run without `end`: what came after is not known
        "]],
    );
}

#[test]
fn a_log_of_nothing_has_no_line() {
    for log in [&b""[..], b"\n\n \n"] {
        let (lines, damages) = read(log);
        assert_eq!((lines.len(), damages.is_empty()), (0, true));
    }
}

/// So many bytes of one line, without holding them.
fn long_line(length: u64) -> impl BufRead {
    let long = io::repeat(b'x').take(length);
    let rest = format!("\n{START}\n{HELLO}\n{DONE}\n{END}\n");
    BufReader::new(long.chain(io::Cursor::new(rest)))
}

#[test]
fn a_line_of_a_gigabyte_is_passed_over() {
    let (lines, damages) = read(long_line(1 << 30));
    assert_eq!(lines.len(), 4);
    let want = "line 1 is 1073741824 bytes long, more than 1048576\n";
    assert_eq!(shown(&damages), want);
}

#[test]
fn a_line_may_be_as_long_as_the_limit() {
    let length = LINE_BYTES_MAX as u64;
    let said = |length| shown(&read(long_line(length)).1);
    assert!(
        said(length).starts_with("line 1 is no JSON: "),
        "{}",
        said(length)
    );
    assert!(said(length + 1).starts_with("line 1 is 1048577 bytes long"));
}

#[test]
fn time_that_goes_back_is_named() {
    let lines = [
        r#"{"type":"time","at_ms":5230}"#,
        DONE,
        r#"{"type":"time","at_ms":5100}"#,
        DONE,
        r#"{"type":"time","at_ms":5100}"#,
        DONE,
    ];
    check_run(
        &lines,
        &expect![[r"
        line 6 goes back in time, from 5.230 s to 5.100 s
    "]],
    );
}

#[test]
fn effects_that_answer_nothing_are_named() {
    let notice = r#"{"type":"notice","device":"kitchen","text":"Hello"}"#;
    let lines = [notice, r#"{"type":"time","at_ms":1}"#, notice, DONE, DONE];
    check_run(
        &lines,
        &expect![[r"
        line 4 is an effect that answers no input
        line 8 is an effect that answers no input
    "]],
    );
    let log = [notice, START, HELLO, DONE, END].join("\n");
    check(
        log.as_bytes(),
        &expect![[r"
        line 1 is not a `start`: nothing is known of the home, and of what came before
        line 1 is an effect that answers no input
    "]],
    );
}

#[test]
fn a_done_that_is_missing_is_named() {
    let time = |at_ms: u32| format!(r#"{{"type":"time","at_ms":{at_ms}}}"#);
    let (one, two) = (time(1), time(2));
    check_run(
        &[&one, &two, DONE],
        &expect![[r"
        line 4 is an input without a `done` after it
    "]],
    );
    let log = [START, HELLO, &one, &two, END].join("\n");
    check(log.as_bytes(), &expect![""]);
}

#[test]
fn lines_that_stand_there_twice_are_named() {
    let heard = r#"{"type":"heard","at_ms":9,"device":"kitchen","from_ms":1,"final":true,"voice":"person","hypotheses":[]}"#;
    let notice = r#"{"type":"notice","device":"kitchen","text":"Hello"}"#;
    check_run(
        &[heard, notice, notice, DONE, heard, DONE],
        &expect![[r"
        line 6 is the same as line 5
        line 8 is the same as line 4
    "]],
    );
}

#[test]
fn prompts_have_one_end() {
    let prompt = |number: u32| {
        format!(
            r#"{{"type":"prompt","device":"kitchen","prompt":{number},"text":"Ana?","duration_ms":500}}"#
        )
    };
    let ended = |at_ms: u32, number: u32| {
        format!(r#"{{"type":"prompt_ended","at_ms":{at_ms},"device":"kitchen","prompt":{number}}}"#)
    };
    let time = |at_ms: u32| format!(r#"{{"type":"time","at_ms":{at_ms}}}"#);
    let lines = [
        time(1),
        prompt(1),
        DONE.to_owned(),
        // Cut short by the next one.
        time(100),
        prompt(2),
        DONE.to_owned(),
        // Never ended.
        time(2_000),
        prompt(3),
        DONE.to_owned(),
        ended(2_500, 3),
        prompt(3),
        DONE.to_owned(),
        ended(3_500, 7),
        r#"{"type":"cancel","device":"kitchen"}"#.to_owned(),
        DONE.to_owned(),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    check_run(
        &lines,
        &expect![[r"
        line 8 is prompt 2, whose end is missing
        line 16 is the end of prompt 7, which was not said
        line 14 is a second prompt of the number 3
    "]],
    );
    check_run(
        &lines[..3],
        &expect![[r"
        line 5 is a prompt in a run without any `prompt_ended`: prompts are taken to be as long as they say
    "]],
    );
}

#[test]
fn what_the_home_does_not_have_is_named() {
    let lines = [
        r#"{"type":"heard","at_ms":9,"device":"hall","from_ms":10,"final":true,"voice":"person","hypotheses":[{"text":"yes","confidence":1.5}]}"#,
        r#"{"type":"record","device":"kitchen","message":"m1"}"#,
        r#"{"type":"send","device":"kitchen","message":"m2","recipient":"c9"}"#,
        DONE,
        r#"{"type":"delivery","at_ms":10,"message":"m3","ok":true}"#,
        r#"{"type":"timer","at_ms":9}"#,
        r#"{"type":"timer","at_ms":20}"#,
        DONE,
        r#"{"type":"setting","at_ms":30,"messaging":false}"#,
        DONE,
    ];
    check_run(
        &lines,
        &expect![[r"
        line 4 names the device `hall`, which the home does not have
        line 6 is for `c9`, who is no contact of the home
        line 6 is about `m2`, which nothing before was about
        line 8 tells of `m3`, which was not sent
        line 4 was heard at 0.009 s, before it began at 0.010 s
        line 4 has a confidence of 1.5, which is not from 0 to 1
        line 9 asks at 0.010 s for a `time` at 0.009 s, which has passed
        line 12 is of 0.030 s, but a `time` was asked for at 0.020 s
    "]],
    );
}

#[test]
fn another_version_and_a_missing_greeting_are_named() {
    let start = START.replace("\"protocol\":1", "\"protocol\":2");
    let log = [&start, DONE, END, END].join("\n");
    check(
        log.as_bytes(),
        &expect![[r"
        line 1 is of version 2, and read as if it were 1
        line 2 comes before a `hello`
        line 4 is the same as line 3
        line 4 comes after the `end` of the run
    "]],
    );
}

/// However much is wrong, a few of each kind are kept and the others counted.
#[test]
fn damage_is_counted_beyond_the_first_few() {
    let log = "nonsense\n".repeat(10_000);
    let (lines, damages) = read(log.as_bytes());
    assert_eq!((lines.len(), damages.lost()), (0, 10_000));
    let shown = shown(&damages);
    assert!(shown.ends_with("and 9995, to line 10000\n"), "{shown}");
    assert_eq!(shown.lines().count(), 6);
}

/// A message of many characters is not quoted whole.
#[test]
fn no_complaint_is_longer_than_a_screen() {
    let long = "ñ".repeat(100_000);
    let lines = [
        START.to_owned(),
        format!(r#"{{"type":"{long}"}}"#),
        format!(r#"{{"type":"time","at_ms":"{long}"}}"#),
        format!(r#"{{"type":"notice","device":"{long}","text":""}}"#),
        long,
    ];
    let shown = shown(&read(lines.join("\n").as_bytes()).1);
    assert_eq!(shown.lines().count(), 6, "{shown}");
    for line in shown.lines() {
        assert!(line.chars().count() < 400, "{line}");
    }
}
