//! What may be taken for the answer to a question: `G4` to `G9`, `G11`.

use crate::{WHOLE, breaches, breaks, broken, kept, whole_but};
use mondegreen_oracle::Rule;

const YES: &str = r#"7.0 kitchen hears "yes" 0.9 from 6.5"#;

/// [`WHOLE`] with these lines in place of the answer.
#[track_caller]
fn answered(lines: &str) -> String {
    whole_but(YES, lines)
}

#[test]
fn g4_an_answer_begins_when_the_prompt_has_ended() {
    kept(&answered(r#"7.0 kitchen hears "yes" 0.9 from 6.0"#));
    breaks(
        Rule::G4,
        &answered(r#"7.0 kitchen hears "yes" 0.9 from 5.999"#),
    );
    let longer = WHOLE.replace("Send it to Ana Ruiz?\" 1.0", "Send it to Ana Ruiz?\" 0.2");
    breaks(Rule::G4, &longer.replace("from 6.5", "from 5.999"));
    // Without word that it has ended, its own length counts.
    let untold = whole_but("6.0 kitchen prompt 2 ended", "6.0 time");
    kept(&untold.replace("from 6.5", "from 6.0"));
    breaks(Rule::G4, &untold.replace("from 6.5", "from 5.999"));
}

#[test]
fn g4_talk_that_runs_on_across_the_prompt_spoils_the_answer() {
    let across = |talk: &str| answered(&format!("{talk}\n{YES}"));
    kept(&across(r#"6.0 kitchen hears "so I said" 0.9 from 5.5"#));
    breaks(
        Rule::G4,
        &across(r#"6.001 kitchen hears "so I said" 0.9 from 5.5"#),
    );
    breaks(
        Rule::G4,
        &across(r#"6.4 kitchen hears "so I said" 0.9 from 5.5"#),
    );
    breaks(
        Rule::G4,
        &answered(&format!(
            "{YES}\n7.5 kitchen hears \"and then\" 0.9 from 5.5"
        )),
    );
    kept(&across(r#"6.4 kitchen hears "so I said" 0.9 from 6.1"#));
    kept(&across(r#"6.4 bedroom hears "so I said" 0.9 from 5.5"#));
    kept(&across(
        r#"6.4 kitchen hears "ana ruiz" 0.9 from 5.5 own voice"#,
    ));
    kept(&across(
        "6.4 kitchen hears \"so I said\" 0.9 from 5.5\n6.4 kitchen withdraws 5.5",
    ));
}

#[test]
fn g4_a_button_is_not_speech() {
    kept(&answered("7.0 kitchen pressed confirm"));
    let early = WHOLE.replace("6.0 kitchen prompt 2 ended", "6.9 time");
    kept(&early.replace(YES, "7.0 kitchen pressed confirm"));
}

#[test]
fn g5_an_answer_comes_before_the_window_closes() {
    let at = |time: &str| {
        let late = answered(&format!("{time} kitchen hears \"yes\" 0.9 from 6.5"));
        late.replace("10.0 time", "17.0 time")
            .replace("11.0 del", "18.0 del")
    };
    kept(&at("13.999"));
    breaks(Rule::G5, &at("14.0"));
    let button = answered("14.0 kitchen pressed confirm");
    breaks(
        Rule::G5,
        &button
            .replace("10.0 time", "17.0 time")
            .replace("11.0 del", "18.0 del"),
    );
}

#[test]
fn g5_an_answer_in_another_session_is_late() {
    let asleep = format!("6.8 time\n> kitchen listens for wake\n{YES}");
    breaks(Rule::G5, &answered(&asleep));
    let asked_else = format!("6.8 time\n> kitchen prompt 3 \"What else?\" 0.1 command\n{YES}");
    breaks(Rule::G1, &answered(&asked_else));
    let dropped = format!("6.8 time\n> kitchen cancels m1\n{YES}");
    breaks(Rule::G5, &answered(&dropped));
    breaks(
        Rule::G5,
        &answered(&dropped.replace("cancels m1", "cancels")),
    );
    kept(&answered(&dropped.replace("cancels m1", "cancels m2")));
    // A late yes is what the assistant went by, though it went on to record.
    let late = "> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation
        > kitchen listens for confirmation until 3.0
        3.0 time
        > kitchen listens for wake
        4.0 kitchen hears \"well\" 0.9 from 3.5
        5.0 kitchen hears \"yes\" 0.9 from 4.5
        > kitchen notice \"Recording\"
        > kitchen records m1
        > kitchen sends m1 to c1";
    assert_eq!(broken(late), [Rule::G3, Rule::G5]);
    let alone = late.replace("4.0 kitchen hears \"well\" 0.9 from 3.5", "");
    assert_eq!(broken(&alone), [Rule::G3, Rule::G5]);
}

#[test]
fn g5_the_window_may_be_told_before_the_question() {
    let at = |listens: &str| {
        format!(
            "1.0 time
             > kitchen listens for {listens} until 9.0
             > kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation
             9.0 kitchen hears \"right\" 0.9 from 8.5
             > kitchen notice \"Sending\"
             > kitchen sends m1 to c1"
        )
    };
    breaks(Rule::G5, &at("confirmation"));
    kept(&at("message"));
}

#[test]
fn g5_the_window_of_an_earlier_question_is_not_this_ones() {
    kept(
        "1.0 time
         > kitchen listens for confirmation until 9.0
         2.0 time
         > kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation
         9.5 kitchen hears \"right\" 0.9 from 9.0
         > kitchen notice \"Sending\"
         > kitchen sends m1 to c1",
    );
}

/// A question of a session that is over stands while there is a reason to take it for what led to
/// the recording: someone said yes to it, or what was said led the device on.
#[test]
fn g5_a_question_that_led_to_a_recording_is_what_it_rests_on() {
    let after = |answer: &str| {
        format!(
            "> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation
             > kitchen listens for confirmation until 8.0
             {answer}
             10.0 time
             > kitchen notice \"Recording\"
             > kitchen records m1
             > kitchen sends m1 to c1"
        )
    };
    let late = "3.0 time\n> kitchen listens for wake\n5.0 kitchen hears \"yes\" 0.9 from 4.5";
    assert_eq!(broken(&after(late)), [Rule::G3, Rule::G5]);
    let led_on = "2.0 kitchen hears \"well\" 0.9 from 1.5\n> kitchen notice \"Okay\"
        3.0 time\n> kitchen listens for wake";
    assert_eq!(broken(&after(led_on)), [Rule::G3, Rule::G8]);
    let ignored = led_on.replace("> kitchen notice \"Okay\"", "");
    assert_eq!(broken(&after(&ignored)), [Rule::G1]);
}

#[test]
fn g5_an_answer_belongs_to_what_was_asked_last() {
    let then = |prompt: &str| {
        format!(
            "> kitchen prompt 1 \"Send it to Ana Ruiz?\" 1.0 confirmation c1 m1
             2.0 time
             > kitchen prompt 2 {prompt}
             4.0 kitchen hears \"yes\" 0.9 from 3.5
             > kitchen notice \"Sending\"
             > kitchen sends m1 to c1"
        )
    };
    breaks(
        Rule::G5,
        &then("\"Send the other one to Bob Stone?\" 1.0 confirmation c2 m2"),
    );
    breaks(
        Rule::G5,
        &then("\"What's the other message?\" 1.0 message c2 m2"),
    );
    kept(&then("\"Sorry, what was that?\" 1.0"));
}

#[test]
fn g5_is_not_judged_where_the_assistant_does_not_say_that_it_listens() {
    let untold = whole_but("> kitchen listens for confirmation until 14.0", "");
    kept(&untold.replace(YES, r#"9.9 kitchen hears "yes" 0.9 from 6.5"#));
}

#[test]
fn g6_a_device_is_not_a_person() {
    let own = r#"7.0 kitchen hears "yes" 0.9 from 6.5 own voice"#;
    breaks(Rule::G6, &answered(own));
    // While it speaks it can only hear itself too early, which is one fault and not two.
    breaks(Rule::G6, &answered(&own.replace("6.5", "5.5")));
    kept(&answered(&format!("{own}\n{YES}")));
    kept(&answered(
        r#"7.0 kitchen hears "yes" 0.9 from 6.5 unknown voice"#,
    ));
}

#[test]
fn g6_words_that_another_device_is_saying_are_its_own() {
    let says = |text: &str| {
        let elsewhere = format!("6.3 time\n> bedroom prompt 9 \"{text}\" 1.0 command\n{YES}");
        answered(&elsewhere)
    };
    breaks(Rule::G6, &says("Was that a yes?"));
    kept(&says("What else?"));
    // It begins to speak just when the answer has ended.
    kept(&says("Was that a yes?").replace(YES, r#"6.3 kitchen hears "yes" 0.9 from 6.0"#));
    let over = says("Was that a yes?").replace(YES, "7.4 kitchen hears \"yes\" 0.9 from 7.3");
    kept(&over);
    // It has stopped saying what it was saying.
    let stops = |what: &str| {
        let elsewhere = "6.3 time\n> bedroom prompt 9 \"Was that a yes?\" 5.0 command";
        answered(&format!("{elsewhere}\n6.4 time\n{what}\n{YES}"))
    };
    breaks(Rule::G6, &stops(""));
    kept(&stops("> bedroom cancels"));
}

#[test]
fn g7_an_interim_answer_is_none() {
    breaks(Rule::G7, &answered(&format!("{YES} interim")));
    kept(&answered(&format!("{YES} interim\n{YES}")));
}

#[test]
fn g7_an_answer_that_is_withdrawn_is_none() {
    let withdrawn = |from: &str| answered(&format!("{YES}\n8.0 kitchen withdraws {from}"));
    breaks(Rule::G7, &withdrawn("6.5"));
    kept(&withdrawn("2.5"));
    // Either may be what it went by; the one on which it did something is to blame.
    let then = |first: &str, second: &str| {
        let notice = "> kitchen notice \"Sending to Ana Ruiz\"";
        let later = "7.5 kitchen hears \"yes I know\" 0.9 from 6.5";
        let lines = format!("{YES} interim\n{first}\n{later}\n{second}\n");
        let text = whole_but(notice, "").replace(YES, &lines);
        text.replace('@', notice)
    };
    breaks(Rule::G7, &then("@", ""));
    breaks(Rule::G8, &then("", "@"));
}

#[test]
fn the_answer_is_what_the_device_went_on_after() {
    let then = |effect: &str| {
        format!(
            "> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation
             2.0 kitchen hears \"yes\" 0.9 from 1.5 interim
             > kitchen {effect}
             4.0 kitchen hears \"well\" 0.9 from 3.5
             5.0 time
             > kitchen notice \"Sending\"
             > kitchen sends m1 to c1"
        )
    };
    breaks(Rule::G7, &then("prompt 2 \"Go on\" 1.0"));
    breaks(Rule::G7, &then("notice \"Okay\""));
    breaks(Rule::G8, &then("listens for confirmation"));
}

#[test]
fn g8_side_talk_with_a_yes_in_it_is_no_answer() {
    breaks(
        Rule::G8,
        &answered(r#"7.0 kitchen hears "yes but not today" 0.9 from 6.5"#),
    );
    breaks(
        Rule::G8,
        &answered(r#"7.0 kitchen hears "yes no" 0.9 from 6.5"#),
    );
    breaks(Rule::G8, &answered(r#"7.0 kitchen hears "" 0.9 from 6.5"#));
    kept(&answered(
        r#"7.0 kitchen hears "Alexa, yes please" 0.9 from 6.5"#,
    ));
}

#[test]
fn g8_the_name_that_the_prompt_used_may_stand_beside_a_yes() {
    let said = |text: &str| answered(&YES.replace("yes", text));
    for text in ["yes, Ana Ruiz", "yes, Ana", "Ana, yes", "send it to Ana"] {
        kept(&said(text));
    }
    for text in ["yes, Bob", "Bob Stone, yes", "yes, Ruiz", "Ana"] {
        breaks(Rule::G8, &said(text));
    }
}

#[test]
fn g8_a_doubtful_answer_is_none() {
    kept(&answered(r#"7.0 kitchen hears "yes" 0.5 from 6.5"#));
    breaks(
        Rule::G8,
        &answered(r#"7.0 kitchen hears "yes" 0.499 from 6.5"#),
    );
    breaks(
        Rule::G8,
        &answered(r#"7.0 kitchen hears "yes" NaN from 6.5"#),
    );
    breaks(
        Rule::G8,
        &answered(r#"7.0 kitchen hears "less" 0.6 or "yes" 0.9 from 6.5"#),
    );
    kept(&answered(
        r#"7.0 kitchen hears "yes" 0.6 or "less" 0.3 from 6.5"#,
    ));
}

#[test]
fn g8_words_that_were_demanded_are_the_answer() {
    let demand = |said: &str| {
        let prompt = r#"Send it to Ana Ruiz? Say "copper" to send it."#;
        let text = WHOLE.replace("Send it to Ana Ruiz?", prompt);
        text.replace(YES, &format!("7.0 kitchen hears \"{said}\" 0.9 from 6.5"))
    };
    kept(&demand("copper"));
    for marks in [
        "'copper'",
        "\u{2018}copper\u{2019}",
        "\u{201c}copper\u{201d}",
    ] {
        let marked = |said| demand(said).replace("\"copper\" to", &format!("{marks} to"));
        kept(&marked("copper"));
        breaks(Rule::G8, &marked("yes"));
    }
    breaks(Rule::G8, &demand("yes"));
    breaks(Rule::G8, &demand("copper pipes"));
}

/// A word that refuses is none that permits, even if the prompt asks for it.
#[test]
fn g8_a_refusal_is_never_demanded() {
    let said = |prompt: &str, said: &str| {
        let text = WHOLE.replace("Send it to Ana Ruiz?", prompt);
        text.replace(YES, &YES.replace("yes", said))
    };
    let either = "Send it to Ana Ruiz? Say \"copper\", or \"cancel\" to stop.";
    kept(&said(either, "yes, copper"));
    breaks(Rule::G8, &said(either, "yes, cancel"));
    breaks(Rule::G9, &said(either, "cancel"));
    for only in [
        "Ana Ruiz, right? Say \"no\" to stop.",
        "Ana Ruiz? Say \"\".",
    ] {
        kept(&said(only, "yes"));
        breaks(Rule::G9, &said(only, "no"));
        breaks(Rule::G8, &said(only, "well"));
    }
}

#[test]
fn g9_a_refusal_does_not_send() {
    breaks(
        Rule::G9,
        &answered(r#"7.0 kitchen hears "no" 0.9 from 6.5"#),
    );
    breaks(Rule::G9, &answered("7.0 kitchen pressed cancel"));
    // A yes after it does not undo it: the question has been answered.
    breaks(
        Rule::G9,
        &answered(&format!("6.4 kitchen hears \"no\" 0.9 from 6.0\n{YES}")),
    );
    // What was said while the device spoke is not an answer, and no refusal either.
    kept(&answered(&YES.replace("6.5", "6.1")).replace(
        "6.0 kitchen prompt 2 ended",
        "5.9 kitchen hears \"no\" 0.9 from 5.2\n6.0 kitchen prompt 2 ended",
    ));
}

#[test]
fn g9_silence_does_not_send() {
    breaks(Rule::G9, &answered("7.0 time"));
    let timed_out = "14.0 time\n> kitchen listens for wake";
    let unannounced = answered("7.0 time").replace("> kitchen notice \"Sending to Ana Ruiz\"", "");
    assert_eq!(broken(&unannounced), [Rule::G9, Rule::G14]);
    let text = answered(timed_out).replace("10.0 time", "15.0 time");
    breaks(Rule::G9, &text.replace("11.0 delivery", "16.0 delivery"));
}

#[test]
fn g9_an_undo_in_the_hold_time_undoes() {
    let hold = |line: &str| whole_but("10.0 time", &format!("{line}\n10.0 time"));
    breaks(
        Rule::G9,
        &hold(r#"9.0 kitchen hears "cancel" 0.9 from 8.5"#),
    );
    breaks(
        Rule::G9,
        &hold(r#"9.0 kitchen hears "no" 0.5 from 8.5 unknown voice"#),
    );
    breaks(Rule::G9, &hold("9.0 kitchen pressed cancel"));
    breaks(Rule::G9, &hold("9.0 time\n> kitchen cancels m1"));
    kept(&hold("9.0 time\n> kitchen cancels m2"));
    kept(&hold(
        r#"9.0 kitchen hears "cancel the dentist" 0.9 from 8.5"#,
    ));
    kept(&hold(r#"9.0 kitchen hears "cancel" 0.499 from 8.5"#));
    kept(&hold(r#"9.0 kitchen hears "cancel" 0.9 from 8.5 interim"#));
    kept(&hold(
        r#"9.0 kitchen hears "cancel" 0.9 from 8.5 own voice"#,
    ));
    kept(&hold(r#"9.0 bedroom hears "cancel" 0.9 from 8.5"#));
    kept(&hold("9.0 bedroom pressed cancel"));
    kept(&hold(
        "9.0 kitchen hears \"no\" 0.9 from 8.5\n9.5 kitchen withdraws 8.5",
    ));
}

#[test]
fn g11_the_device_that_asked_has_to_hear_the_answer() {
    breaks(
        Rule::G11,
        &answered(r#"7.0 bedroom hears "yes" 0.9 from 6.5"#),
    );
    breaks(Rule::G11, &answered("7.0 bedroom pressed confirm"));
    kept(&answered(&format!(
        "7.0 bedroom hears \"yes\" 0.9 from 6.5\n{YES}"
    )));
}

#[test]
fn the_candidate_with_the_fewest_faults_names_the_rules() {
    let both = r#"7.0 kitchen hears "yes but" 0.4 from 5.5"#;
    assert_eq!(broken(&answered(both)), [Rule::G4, Rule::G8]);
    let better = format!("{both}\n7.2 bedroom hears \"yes\" 0.9 from 7.0");
    let better = better.replace("from 5.5", "from 5.5 interim");
    assert_eq!(broken(&answered(&better)), [Rule::G4, Rule::G11]);
    let earlier = both.replace("7.0", "5.9").replace("5.5", "5.2");
    kept(&whole_but(
        "6.0 kitchen prompt 2",
        &format!("{earlier}\n6.0 kitchen prompt 2"),
    ));
}

#[test]
fn a_sentence_says_what_was_said_and_when() {
    let found = breaches(&answered(
        r#"7.0 kitchen hears "yes but not today" 0.9 from 6.5"#,
    ));
    assert_eq!(
        found[0].to_string(),
        "G8 not-an-answer: \"yes but not today\" is no plain answer to \"Send it to Ana Ruiz?\", \
         but was taken for one"
    );
    assert_eq!(
        (found[0].line, found[0].message.as_deref()),
        (19, Some("m1"))
    );
}

#[test]
fn a_crowd_of_answers_does_not_hide_the_plain_one() {
    let noise: Vec<String> = (0..200)
        .map(|n| format!("7.1 kitchen hears \"right, so {n}\" 0.9 from 6.9"))
        .collect();
    let noise = noise.join("\n");
    kept(&answered(&format!("{YES}\n{noise}")));
    kept(&answered(&format!(
        "{noise}\n{}",
        YES.replace("7.0", "7.1")
    )));
    breaks(Rule::G8, &answered(&noise));
}
