//! What people meant: `I1`, `I2`, `I3`.

use crate::{WHOLE, breaches, breaks, broken, kept, whole_but};
use mondegreen_oracle::Rule;

#[test]
fn i1_somebody_has_to_want_it_sent() {
    let talk = WHOLE.replace(" [request c1]", "");
    breaks(
        Rule::I1,
        &talk
            .replace(" [content c1]: see", " [cancel]: see")
            .replace("2.500-4.500", "1.000-2.000"),
    );
    kept(&talk);
    // The truth may be unknown; then nothing is held against anyone.
    let untold: Vec<&str> = WHOLE
        .lines()
        .filter(|line| !line.contains("said"))
        .collect();
    kept(&untold.join("\n"));
}

/// A second message to the same person, which nobody asked for.
const SECOND: &str = "
    > kitchen prompt 3 \"Send it to Ana Ruiz?\" 1.0 confirmation c1 m2
    14.0 kitchen hears \"yes\" 0.9 from 13.5
    > kitchen notice \"Sending\"
    > kitchen sends m2 to c1";

#[test]
fn i1_a_wish_is_granted_once() {
    breaks(Rule::I1, &format!("{WHOLE}{SECOND}"));
    let wish = "said 12.000-12.500 kitchen Eve [request c1]: and another one";
    kept(&format!("{WHOLE}{wish}{SECOND}"));
    // It was spoken of before the first message left, but after that one had been settled.
    let wish = format!("{wish}\n10.0 time").replace("12.", "8.");
    kept(&format!("{}{SECOND}", whole_but("10.0 time", &wish)));
}

#[test]
fn i1_a_wish_can_be_taken_back() {
    let asked = "said 0.000-1.000 kitchen Eve [request c1]: text Ana\n";
    let changed = |meant: &str| {
        format!(
            "{asked}> kitchen prompt 1 \"Ana Ruiz, right?\" 0.0 confirmation
             said 1.500-2.000 kitchen Eve [{meant}]: right
             2.0 kitchen hears \"right\" 0.9 from 1.5
             > kitchen notice \"Sending\"
             > kitchen sends m1 to c1"
        )
    };
    for meant in ["request c1", "other", "command"] {
        kept(&changed(meant));
    }
    let why = &breaches(&changed("cancel"))[0].why;
    assert!(
        why.ends_with("after whoever had asked had taken it back"),
        "{why}"
    );
    // What is asked for after that is wanted.
    kept(&changed("cancel").replace(
        "2.0 kitchen hears",
        &format!(
            "{}2.0 kitchen hears",
            asked.replace("0.000-1.000", "2.000-2.000")
        ),
    ));
}

#[test]
fn i1_a_wish_does_not_last() {
    let late = |time: &str| {
        format!(
            "said 0.000-1.000 kitchen Eve [request c1]: text Ana
             {time} kitchen pressed confirm
             > kitchen prompt 1 \"Ana Ruiz, right?\" 0.0 confirmation
             {time} kitchen pressed confirm
             > kitchen notice \"Sending\"
             > kitchen sends m1 to c1"
        )
    };
    kept(&late("601.0"));
    breaks(Rule::I1, &late("601.001"));
}

#[test]
fn i2_it_has_to_be_for_the_one_who_gets_it() {
    breaks(
        Rule::I2,
        &WHOLE
            .replace("[request c1]", "[request c2]")
            .replace("[content c1]", "[content c2]"),
    );
    kept(&WHOLE.replace("[request c1]", "[request c2]"));
}

#[test]
fn i2_a_contact_may_be_called_by_its_name() {
    let to = |recipient: &str| {
        let text = WHOLE
            .replace("Ana Ruiz", "Ana")
            .replace("m1 to c1", recipient);
        format!("start kitchen | c1 Ana | c2 Bob\n{text}")
    };
    kept(&to("m1 to c1"));
    kept(&to("m1 to Ana"));
    assert_eq!(broken(&to("m1 to Bob")), [Rule::G2, Rule::I2]);
}

#[test]
fn i3_the_audio_holds_the_message_alone() {
    let beside = |span: &str, device: &str, meant: &str| {
        let talk = format!("said {span} {device} Bob{meant}: I lost my job\n5.0 kitchen hears");
        whole_but("5.0 kitchen hears", &talk)
    };
    breaks(Rule::I3, &beside("3.000-4.000", "kitchen", ""));
    breaks(Rule::I3, &beside("3.000-4.000", "bedroom+kitchen", ""));
    breaks(Rule::I3, &beside("1.000-2.001", "kitchen", " [command]"));
    kept(&beside("1.000-2.000", "kitchen", ""));
    kept(&beside("3.000-4.000", "bedroom", ""));
    kept(&beside("3.000-4.000", "kitchen", " [request c1]"));
    kept(&beside("3.000-4.000", "kitchen", " [content c2]"));
}

#[test]
fn i3_all_talk_counts_and_not_the_last_alone() {
    let beside = "said 3.000-4.000 kitchen Bob: I lost my job\n5.0 kitchen hears";
    let later = "6.0 kitchen prompt 2 ended\nsaid 6.100-6.300 kitchen Bob: hm";
    let talk = |text: &str| text.replace("6.0 kitchen prompt 2 ended", later);
    breaks(Rule::I3, &talk(&whole_but("5.0 kitchen hears", beside)));
    kept(&talk(WHOLE));
}

#[test]
fn i3_speech_that_ends_after_the_send_counts_too() {
    let long = |from: &str| format!("{WHOLE}\nsaid {from}-12.000 kitchen Bob: and so on and on");
    breaks(Rule::I3, &long("4.999"));
    kept(&long("5.000"));
}

#[test]
fn i3_is_judged_by_the_recording_where_the_send_does_not_say() {
    let talk = "said 3.000-4.000 kitchen Bob: I lost my job\n5.0 kitchen hears";
    let text = whole_but("5.0 kitchen hears", talk).replace(" 2.0-5.0", "");
    breaks(Rule::I3, &text);
    let untold = text
        .replace("> kitchen records m1", "")
        .replace("> kitchen ends m1", "");
    assert_eq!(broken(&untold), []);
}

#[test]
fn a_sentence_says_what_was_meant() {
    let why = |text: &str| breaches(text).pop().map(|breach| breach.why);
    let unasked = "m2 went to Ana Ruiz at 14.000 s, and nobody had asked to send anything";
    let found = why(&format!("{WHOLE}{SECOND}"));
    assert_eq!(found.as_deref(), Some(unasked));
    let other = WHOLE.replace(" c1]", " c2]");
    let misdirected = "m1 went to Ana Ruiz at 10.000 s, but was meant for Bob Stone";
    assert_eq!(why(&other).as_deref(), Some(misdirected));
}
