//! What a breach says: one page of all sentences, but for those of the intent rules.

use crate::service::turns;
use crate::{HOME, WHOLE, breaches, whole_but};
use expect_test::expect_file;
use mondegreen_oracle::Rule;
use std::fmt::Write;

const YES: &str = "7.0 kitchen hears \"yes\" 0.9 from 6.5";
const SEND: &str = "> kitchen sends m1 to c1 2.0-5.0";
const NOTICE: &str = "> kitchen notice \"Sending to Ana Ruiz\"";
const RECEIPT: &str = "11.0 delivery m1 ok";

/// [`WHOLE`] with this in place of the answer.
fn answered(lines: &str) -> String {
    whole_but(YES, lines)
}

/// [`WHOLE`] with this before the end of the hold.
fn held(lines: &str) -> String {
    whole_but("10.0 time", &format!("{lines}\n10.0 time"))
}

/// [`WHOLE`] with this after its first attempt.
fn retried(lines: &str) -> String {
    whole_but(RECEIPT, lines)
}

/// [`WHOLE`] in a home where somebody has nearly the recipient's name.
fn among_namesakes() -> String {
    let home = HOME.replace("Bob Stone", "Anna Ruiz");
    format!("{home}{WHOLE}")
}

/// One trace after the other, each of which breaks a rule in a way of its own.
fn traces() -> Vec<String> {
    let failed = "11.0 delivery m1 failed";
    let asks = "> kitchen prompt 2 \"Send it to Ana Ruiz?\" 1.0 confirmation c1 m1";
    let off = |line: &str| format!("start off kitchen | c1 Ana Ruiz\n1.0 time\n{line}");
    let unnamed = whole_but(asks, &asks.replace(" c1 m1", ""));
    let home = "said 2.000-3.000 kitchen Eve [command]: lights on
        3.0 kitchen hears \"alexa lights on\" 0.9 from 2.0";
    let cancel = "1.0 kitchen pressed confirm
        > kitchen listens for command
        said 3.000-3.500 kitchen Eve [cancel]: cancel
        4.0 kitchen hears \"cancel\" 0.9 from 3.0";
    let silence = "1.0 kitchen pressed confirm\n> kitchen listens for command\n99.5 time";
    vec![
        // G1
        whole_but(asks, ""),
        // G2
        whole_but(SEND, "> kitchen sends m1 to c2"),
        unnamed.replace(SEND, "> kitchen sends m1 to c2"),
        among_namesakes(),
        unnamed.replace("to Ana Ruiz?", "now?"),
        retried(&format!("{failed}\n> kitchen sends m1 to c2 2.0-5.0")),
        // G3
        answered(&format!("6.9 time\n> kitchen ends m1\n{YES}")),
        whole_but(SEND, "> kitchen sends m1 to c1 1.5-5.0"),
        whole_but(SEND, "> kitchen sends m1 to c1 2.0-5.5"),
        retried(&format!("{failed}\n> kitchen sends m1 to c1 2.0-6.0")),
        // G4
        answered(&YES.replace("6.5", "5.5")),
        answered(&format!(
            "6.4 kitchen hears \"so I said\" 0.9 from 5.5\n{YES}"
        )),
        // G5
        answered(&format!("6.8 time\n> kitchen listens for wake\n{YES}")),
        // G6
        answered(&format!("{YES} own voice")),
        // G7
        answered(&format!("{YES} interim")),
        answered(&format!("{YES}\n8.0 kitchen withdraws 6.5")),
        // G8
        answered(&YES.replace("0.9", "0.4")),
        answered(&YES.replace("yes", "yes but not today")),
        // G9
        answered(&YES.replace("yes", "no")),
        answered("7.0 kitchen pressed cancel"),
        answered("7.0 time"),
        held("9.0 kitchen hears \"cancel\" 0.9 from 8.5"),
        held("9.0 kitchen pressed cancel"),
        held("9.0 time\n> kitchen cancels m1"),
        retried(&format!("{failed}\n> kitchen cancels m1\n{SEND}")),
        // G10
        unnamed.replace(RECEIPT, &format!("{RECEIPT}\n> kitchen sends m2 to c1")),
        retried(&format!("{RECEIPT}\n{SEND}")),
        // G11
        answered(&YES.replace("kitchen", "bedroom")),
        answered("7.0 bedroom pressed confirm"),
        // G12
        off("> kitchen prompt 1 \"To whom?\" 1.0 recipient"),
        off("> kitchen notice \"Recording\"\n> kitchen records m1\n1.0 time\n> kitchen ends m1"),
        held("9.0 messaging off"),
        // G13
        held("9.0 restart"),
        retried(&format!("{failed}\n11.5 restart\n{SEND}")),
        // G14
        "1.0 time\n> kitchen records m1".to_owned(),
        whole_but(NOTICE, ""),
        // G15
        format!(
            "{HOME}{WHOLE}{HOME}{}",
            whole_but(NOTICE, "> kitchen notice \"Sent\"")
        ),
        format!("{HOME}{WHOLE}{HOME}{}", whole_but(NOTICE, "")),
        // S1
        format!("{}end", turns(8)),
        // S2
        cancel.to_owned(),
        format!("{cancel}\n> kitchen prompt 1 \"Yes?\" 1.0 command\n> kitchen listens for wake"),
        format!("{cancel}\n> kitchen listens for recipient\n> kitchen listens for wake"),
        format!(
            "{cancel}\n> kitchen notice \"Recording\"\n> kitchen records m1\n> kitchen ends m1\n> kitchen listens for wake"
        ),
        held(
            "said 8.500-9.000 kitchen Eve [cancel]: cancel\n9.0 kitchen hears \"cancel\" 0.9 from 8.5",
        ),
        // S3
        silence.to_owned(),
        format!("{silence}\n> kitchen prompt 1 \"Yes?\" 1.0 command\n> kitchen listens for wake"),
        // S4
        format!("{home}\nend"),
    ]
}

#[test]
fn a_breach_is_told_in_a_sentence() {
    let mut page = String::new();
    for trace in traces() {
        let intent = [Rule::I1, Rule::I2, Rule::I3];
        let found = breaches(&trace).into_iter();
        for breach in found.filter(|breach| !intent.contains(&breach.rule)) {
            writeln!(page, "{breach}").expect("a page can be written to");
        }
    }
    expect_file!["sentences.txt"].assert_eq(&page);
}
