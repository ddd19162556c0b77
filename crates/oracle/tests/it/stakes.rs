//! What would be held against a message that left now.

use crate::HOME;
use crate::notation::trace;
use mondegreen_oracle::LineJudge;
use std::collections::BTreeMap;

fn stakes(text: &str) -> u32 {
    let mut judge = LineJudge::new();
    for line in trace(&format!("{HOME}{text}")).lines {
        judge.see(&line);
    }
    judge.judge().stakes()
}

const ASKS: &str = "20.0 time\n> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation c1 m1\n";

/// What may have become of the question that stands, one thing after the other.
fn questions() -> Vec<String> {
    let yes = "22.0 kitchen hears \"yes\" 0.9 from 21.5";
    let talk = "21.4 kitchen hears \"so I said\" 0.9 from 20.5";
    let no = "23.0 kitchen hears \"no\" 0.9 from 22.5";
    let closed = "21.2 time\n> kitchen listens for confirmation\n> kitchen listens for wake";
    let after = [
        String::new(),
        yes.to_owned(),
        format!("{yes}\n{no}"),
        format!("{yes}\n> kitchen cancels m1"),
        "22.0 time\n> kitchen cancels m1".to_owned(),
        yes.replace("21.5", "20.5"),
        format!("{talk}\n{yes}"),
        format!("{closed}\n{yes}"),
        format!("{yes} own voice"),
        format!("{yes} interim"),
        format!("{yes}\n22.5 kitchen withdraws 21.5"),
        yes.replace("0.9", "0.4"),
        yes.replace("yes", "well"),
        yes.replace("yes", "no"),
        yes.replace("kitchen", "bedroom"),
        yes.replace("kitchen", "bedroom").replace("0.9", "0.4"),
        format!("{closed}\n{}", yes.replace("yes", "well")),
    ];
    let asked = after.iter().map(|after| format!("{ASKS}{after}\n"));
    [String::new()].into_iter().chain(asked).collect()
}

/// What may have become of the last message that left.
fn messages() -> Vec<String> {
    let sent = "> kitchen prompt 9 \"Ana Ruiz, right?\" 1.0 confirmation c1 m2
        2.0 kitchen hears \"yes\" 0.9 from 1.5
        > kitchen notice \"Sending\"
        > kitchen sends m2 to c1";
    let after = [
        "",
        "9.0 delivery m2 failed",
        "9.0 delivery m2 ok",
        "9.0 delivery m2 failed\n> kitchen cancels m2",
    ];
    let sent = after.iter().map(|after| format!("{sent}\n{after}\n"));
    [String::new()].into_iter().chain(sent).collect()
}

/// No two of these situations are the same to a send: each part is told whatever the others are.
#[test]
fn what_is_held_against_a_send_is_told_apart() {
    let mut known: BTreeMap<u32, String> = BTreeMap::new();
    for sent in messages() {
        for question in questions() {
            for now in ["", "30.0 restart\n", "30.0 messaging off\n"] {
                let nothing = sent.is_empty() && question.is_empty();
                if nothing && now.contains("restart") {
                    continue;
                }
                let text = format!("{sent}{question}{now}");
                if let Some(other) = known.insert(stakes(&text), text.clone()) {
                    panic!("{text}\nis the same as\n{other}");
                }
            }
        }
    }
    assert_eq!(known.len(), 5 * 18 * 3 - 1);
}

/// The newest question counts that was not spent, whichever device asked it.
#[test]
fn the_newest_open_question_counts() {
    let yes = "22.0 kitchen hears \"yes\" 0.9 from 21.5\n";
    let asked = format!("{ASKS}{yes}");
    let elsewhere = ASKS.replace("20.0", "19.0").replace("kitchen", "bedroom");
    assert_eq!(stakes(&format!("{elsewhere}{asked}")), stakes(&asked));
    let newer = ASKS.replace("20.0", "23.0").replace("kitchen", "bedroom");
    assert_eq!(stakes(&format!("{asked}{newer}")), stakes(ASKS));
    assert_ne!(stakes(ASKS), stakes(&asked));
    assert_eq!(stakes("1.0 time"), 0);
}
