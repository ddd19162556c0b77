//! Tiny traces that keep a rule, and tiny traces that break it and nothing else.
#![expect(
    clippy::panic,
    reason = "a helper that cannot read a test's trace stops the test"
)]

mod account;
mod answer;
mod clock;
mod essence;
mod intent;
mod likeness;
mod nearness;
mod notation;
mod outlook;
mod page;
mod sending;
mod sentences;
mod service;
mod stakes;
mod stream;

use mondegreen_oracle::{Breach, Rule, judge};
use notation::trace;

/// Two devices and two people.
const HOME: &str = "start kitchen bedroom | c1 Ana Ruiz | c2 Bob Stone\n";

/// The rules that a trace in this home breaks.
#[track_caller]
fn broken(text: &str) -> Vec<Rule> {
    rules(&breaches(text))
}

#[track_caller]
fn breaches(text: &str) -> Vec<Breach> {
    let whole = if text.trim_start().starts_with("start") {
        text.to_owned()
    } else {
        format!("{HOME}{text}")
    };
    judge(&trace(&whole))
}

fn rules(breaches: &[Breach]) -> Vec<Rule> {
    breaches.iter().map(|breach| breach.rule).collect()
}

#[track_caller]
fn kept(text: &str) {
    let breaches = breaches(text);
    assert!(breaches.is_empty(), "{text}\n{breaches:#?}");
}

/// The trace breaks this rule and nothing else, on its last line if not said otherwise.
#[track_caller]
fn breaks(rule: Rule, text: &str) {
    let breaches = breaches(text);
    assert_eq!(rules(&breaches), [rule], "{text}\n{breaches:#?}");
}

/// A whole message, asked for, recorded, confirmed, held and sent. Tests change one line of it.
const WHOLE: &str = r#"
    said 0.200-1.000 kitchen Eve [request c1]: send a message to Ana Ruiz
    1.0 kitchen hears "send a message to ana ruiz" 0.9 from 0.2
    > kitchen prompt 1 "What's the message?" 1.0 message c1 m1
    2.0 kitchen prompt 1 ended
    > kitchen listens for message until 10.0
    > kitchen records m1
    said 2.500-4.500 kitchen Eve [content c1]: see you at six
    5.0 kitchen hears "see you at six" 0.9 from 2.5
    > kitchen ends m1
    > kitchen prompt 2 "Send it to Ana Ruiz?" 1.0 confirmation c1 m1
    6.0 kitchen prompt 2 ended
    > kitchen listens for confirmation until 14.0
    said 6.500-6.900 kitchen Eve [request c1]: yes
    7.0 kitchen hears "yes" 0.9 from 6.5
    > kitchen notice "Sending to Ana Ruiz"
    > kitchen listens for wake
    > timer 10.0
    10.0 time
    > kitchen sends m1 to c1 2.0-5.0
    11.0 delivery m1 ok
"#;

/// [`WHOLE`] with one line replaced.
#[track_caller]
fn whole_but(line: &str, instead: &str) -> String {
    assert_eq!(
        WHOLE.matches(line).count(),
        1,
        "`{line}` is to be found once"
    );
    WHOLE.replace(line, instead)
}

#[test]
fn a_message_that_was_asked_for_and_confirmed_breaks_nothing() {
    kept(WHOLE);
    kept(&format!("{WHOLE}\nend"));
}

#[test]
fn an_assistant_that_cannot_say_much_is_judged_by_prompts_and_sends_alone() {
    let bare = WHOLE
        .replace(" message c1 m1", "")
        .replace(" confirmation c1 m1", "")
        .replace(" 2.0-5.0", "");
    let said = |line: &&str| {
        let untold = ["listens", "records", "kitchen ends", "notice"];
        !untold.iter().any(|word| line.contains(word))
    };
    let bare: Vec<&str> = bare.lines().filter(said).collect();
    let bare = bare.join("\n").replace(
        "> kitchen sends",
        "> kitchen prompt 3 \"It's on its way.\" 1.0\n> kitchen sends",
    );
    kept(&bare);
    breaks(Rule::G8, &bare.replace("\"yes\"", "\"yes but\""));
    breaks(
        Rule::G9,
        &bare.replace("7.0 kitchen hears \"yes\" 0.9 from 6.5", "7.0 time"),
    );
    breaks(
        Rule::G2,
        &bare
            .replace("sends m1 to c1", "sends m1 to c2")
            .replace("request c1", "request c2"),
    );
}
