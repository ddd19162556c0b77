//! Clocks at their limits, and lines that no sane assistant writes.

use crate::{breaks, broken, kept};
use mondegreen_oracle::{Rule, judge};
use mondegreen_trace::Trace;

#[test]
fn a_clock_at_its_limit_does_not_overflow() {
    let last = "max kitchen hears \"text ana\" 0.9 from max
        > kitchen prompt 1 \"Ana Ruiz, right?\" max confirmation
        max kitchen hears \"yes\" 0.9 from max
        > kitchen notice \"Recording\"
        > kitchen records m1
        > kitchen ends m1
        > kitchen sends m1 to c1 max-max
        > kitchen listens for command until max
        > timer max
        max time
        end";
    breaks(Rule::G3, last);
}

#[test]
fn a_clock_that_runs_backwards_does_not_matter() {
    let back = "max kitchen pressed confirm
        > kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation
        0.0 kitchen hears \"yes\" 0.9 from max
        > kitchen notice \"Sending\"
        > kitchen sends m1 to c1
        said 5.000-9.000 kitchen Eve: well
        0.0 time";
    kept(back);
}

#[test]
fn effects_out_of_the_blue_are_judged_as_they_stand() {
    assert_eq!(judge(&Trace::default()), []);
    let blue = "> attic sends m1 to c9\n> attic ends m1\n> attic cancels m7\n> done";
    assert_eq!(broken(blue), [Rule::G1, Rule::G14]);
    kept("3.0 attic prompt 9 ended\n4.0 attic withdraws 9.0\n5.0 delivery m9 ok\nend\nend");
}

#[test]
fn a_talk_of_a_hundred_thousand_words_is_no_answer() {
    let long = "yes ".repeat(100_000);
    let prompt = "> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation";
    let text = format!(
        "{prompt}\n2.0 kitchen hears \"{long}\" 0.9 from 1.5\n> kitchen notice \"Sending\"\n> kitchen sends m1 to c1"
    );
    breaks(Rule::G8, &text);
    let prompt =
        format!("> kitchen prompt 1 \"Ana Ruiz, right? Say \u{201c}{long}\" 1.0 confirmation");
    kept(&format!(
        "{prompt}\n2.0 kitchen hears \"yes\" 0.9 from 1.5\n> kitchen notice \"Sending\"\n> kitchen sends m1 to c1"
    ));
}
