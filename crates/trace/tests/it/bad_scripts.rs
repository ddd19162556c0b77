//! What is said of each script that cannot be read.

use expect_test::{Expect, expect};
use mondegreen_trace::Script;

/// A home of two; events begin on the seventh line.
const HOME: &str = "mondegreen script 1\nseed 7\ndevice kitchen\ncontact c1 Ana\nmessaging on\n\n";

#[track_caller]
fn check(text: &str, want: &Expect) {
    let said = match text.parse::<Script>() {
        Ok(_) => "read".to_owned(),
        Err(error) => format!("line {}: {error}", error.line()),
    };
    want.assert_eq(&said);
}

#[track_caller]
fn check_event(line: &str, want: &Expect) {
    check(&format!("{HOME}{line}\n"), want);
}

#[test]
fn the_title_comes_first() {
    let want = expect!["line 1: the first line of a script is `mondegreen script 1`"];
    check("", &want);
    check("seed 1\n", &want);
    check("mondegreen script 2\n", &want);
    check("{\"type\":\"start\"}", &want);
    let want = expect!["line 3: the first line of a script is `mondegreen script 1`"];
    check("\n# a note\nhello\n", &want);
    check("# only\n# these\n# notes", &want);
}

#[test]
fn numbers_are_whole() {
    let title = "mondegreen script 1\n";
    check(
        &format!("{title}seed"),
        &expect!["line 2: `` is not a whole number"],
    );
    check(
        &format!("{title}seed -1"),
        &expect!["line 2: `-1` is not a whole number"],
    );
    check(
        &format!("{title}seed 18446744073709551616"),
        &expect!["line 2: `18446744073709551616` is not a whole number"],
    );
}

#[test]
fn times_are_seconds() {
    let tests = [
        (
            "1.2345 restart",
            expect![[
                r"line 7: `1.2345` is not a time; times are seconds like `4.100` or spans like `4.100-5.900`"
            ]],
        ),
        (
            "1. restart",
            expect![[
                r"line 7: `1.` is not a time; times are seconds like `4.100` or spans like `4.100-5.900`"
            ]],
        ),
        (
            "1,5 restart",
            expect![[
                r"line 7: `1,5` is not a time; times are seconds like `4.100` or spans like `4.100-5.900`"
            ]],
        ),
        (
            "5-4 kitchen Ana: Right.",
            expect![[
                r"line 7: `5-4` is not a time; times are seconds like `4.100` or spans like `4.100-5.900`"
            ]],
        ),
        (
            "4-5-6 kitchen Ana: Right.",
            expect![[
                r"line 7: `5-6` is not a time; times are seconds like `4.100` or spans like `4.100-5.900`"
            ]],
        ),
        (
            "4- kitchen Ana: Right.",
            expect![[
                r"line 7: `` is not a time; times are seconds like `4.100` or spans like `4.100-5.900`"
            ]],
        ),
        (
            "18446744073709551.616 restart",
            expect![[
                r"line 7: `18446744073709551.616` is not a time; times are seconds like `4.100` or spans like `4.100-5.900`"
            ]],
        ),
    ];
    for (line, want) in tests {
        check_event(line, &want);
    }
}

#[test]
fn time_does_not_run_backwards() {
    check_event(
        "5-9 kitchen Ana: Right.\n# a note\n4.999 restart",
        &expect!["line 9: this begins before the line above it"],
    );
    check_event(
        "5-9 kitchen Ana: Right.\n5-6 kitchen Ana: No.",
        &expect!["read"],
    );
}

#[test]
fn lines_are_understood_or_named() {
    check_event(
        "hello there",
        &expect!["line 7: `hello` is not understood here"],
    );
    check_event(
        "messaging maybe",
        &expect!["line 7: `maybe` is not understood here"],
    );
    check_event("5", &expect!["line 7: `` is not understood here"]);
    check_event(
        "5 restart now",
        &expect!["line 7: `restart now` is not understood here"],
    );
    check_event(
        "5 delivery",
        &expect!["line 7: `delivery` is not understood here"],
    );
    check_event(
        "5 kitchen pressed stop",
        &expect!["line 7: `kitchen pressed stop` is not understood here"],
    );
    check_event(
        "5-6 kitchen Ana [shouting]: Right.",
        &expect!["line 7: `shouting` is not understood here"],
    );
    check_event(
        "5-6 kitchen Ana [cancel c1]: Right.",
        &expect!["line 7: `cancel c1` is not understood here"],
    );
}

#[test]
fn a_speaker_stands_before_the_words() {
    let want = expect!["line 7: `: ` between the speaker and the words is missing"];
    check_event("5-6 kitchen Right.", &want);
    check_event("5-6 kitchen Ana:Right.", &want);
    check_event("5-6 kitchen", &want);
    check_event("5-6 kitchen Ana:", &expect!["read"]);
}

#[test]
fn devices_and_contacts_are_known() {
    check_event(
        "5-6 attic Ana: Right.",
        &expect!["line 7: there is no device `attic`"],
    );
    check_event(
        "5-6 kitchen+attic Ana: Right.",
        &expect!["line 7: there is no device `attic`"],
    );
    check_event("5-6", &expect!["line 7: there is no device ``"]);
    check_event(
        "5 attic pressed confirm",
        &expect!["line 7: there is no device `attic`"],
    );
    check_event(
        "5-6 kitchen Ana [request c2]: Right.",
        &expect!["line 7: there is no contact `c2`"],
    );
    check_event(
        "5-6 kitchen Ana [content]: Right.",
        &expect!["line 7: there is no contact ``"],
    );
}

#[test]
fn a_home_names_each_thing_once_and_in_one_word() {
    check_event(
        "device kitchen",
        &expect!["line 7: device `kitchen` is named twice"],
    );
    check_event(
        "contact c1 Ben",
        &expect!["line 7: contact `c1` is named twice"],
    );
    check_event(
        "device",
        &expect!["line 7: device `` is not a single word of letters, digits, - and _"],
    );
    check_event(
        "device the attic",
        &expect!["line 7: device `the attic` is not a single word of letters, digits, - and _"],
    );
    check_event(
        "contact c/1 Ben",
        &expect!["line 7: contact `c/1` is not a single word of letters, digits, - and _"],
    );
    check_event("contact c2 Ana", &expect!["read"]);
    check_event("contact kitchen 42", &expect!["read"]);
}
