//! `G15`, and several runs in one trace.

use crate::notation::trace;
use crate::{HOME, WHOLE, breaks, kept};
use mondegreen_oracle::{Rule, accountable};

#[test]
fn g15_the_same_inputs_give_the_same_effects() {
    let first = trace(&format!("{HOME}{WHOLE}"));
    let replay = |text: String| accountable(&first, &trace(&format!("{HOME}{text}")));
    assert_eq!(replay(WHOLE.to_owned()), Ok(()));
    let untold: Vec<&str> = WHOLE
        .lines()
        .filter(|line| !line.contains("said"))
        .collect();
    assert_eq!(replay(format!("{}\n> done", untold.join("\n"))), Ok(()));
    for (this, instead, line) in [
        ("\"Sending to Ana Ruiz\"", "\"Sent\"", 15),
        ("> timer 10.0", "", 17),
        ("10.0 time", "10.0 time\n> timer 11.0", 19),
    ] {
        let breach = replay(WHOLE.replace(this, instead)).expect_err("it differs");
        assert_eq!(
            (breach.rule, breach.line, breach.message),
            (Rule::G15, line, None),
            "{this}"
        );
    }
    let cut = WHOLE.lines().take(19).collect::<Vec<_>>().join(
        "
",
    );
    assert_eq!(replay(cut.clone()).map_err(|breach| breach.line), Err(19));
    assert!(replay(cut).is_err_and(|breach| breach.why.contains("it did nothing")));
}

#[test]
fn g15_is_not_judged_beyond_the_first_other_input() {
    let first = trace(&format!("{HOME}{WHOLE}"));
    let other = WHOLE
        .replace("\"yes\"", "\"no\"")
        .replace("> kitchen sends m1 to c1 2.0-5.0", "");
    assert_eq!(
        accountable(&first, &trace(&format!("{HOME}{other}"))),
        Ok(())
    );
    assert_eq!(accountable(&trace(""), &trace("")), Ok(()));
}

#[test]
fn g15_a_trace_may_hold_the_replay() {
    kept(&format!("{HOME}{WHOLE}{HOME}{WHOLE}"));
    let other = WHOLE.replace("\"Sending to Ana Ruiz\"", "\"Sent\"");
    breaks(Rule::G15, &format!("{HOME}{WHOLE}{HOME}{other}"));
    let elsewhere = HOME.replace("Bob", "Rob");
    kept(&format!("{HOME}{WHOLE}{elsewhere}{other}"));
}

#[test]
fn a_start_forgets_the_run_before_it() {
    let half = |lines: std::ops::Range<usize>| -> String {
        let lines = WHOLE.lines().skip(lines.start).take(lines.len());
        lines.collect::<Vec<_>>().join("\n") + "\n"
    };
    let elsewhere = HOME.replace("Bob", "Rob");
    let split = format!("{HOME}{}{elsewhere}{}", half(0..15), half(15..40));
    breaks(Rule::G1, &split);
}
