//! Whether a send rests on a question at all, and on the right one: `G1` to `G3`, `G10`, `G12` to
//! `G14`.

use crate::{WHOLE, breaks, broken, kept, whole_but};
use mondegreen_oracle::Rule;

const QUESTION: &str = "> kitchen prompt 2 \"Send it to Ana Ruiz?\" 1.0 confirmation c1 m1";
const SEND: &str = "> kitchen sends m1 to c1 2.0-5.0";
const RECEIPT: &str = "11.0 delivery m1 ok";

#[test]
fn g1_a_send_needs_a_question() {
    breaks(Rule::G1, &whole_but(QUESTION, ""));
    breaks(
        Rule::G1,
        &whole_but(QUESTION, &QUESTION.replace("kitchen", "bedroom")),
    );
    breaks(
        Rule::G1,
        &whole_but(QUESTION, &QUESTION.replace("m1", "m2")),
    );
    kept(&whole_but(QUESTION, &QUESTION.replace(" m1", "")));
}

#[test]
fn g1_a_question_of_the_session_before_is_none() {
    let unheard = WHOLE.replace("7.0 kitchen hears \"yes\" 0.9 from 6.5", "7.0 time");
    let unnamed = unheard
        .replace(" m1\n    6.0", "\n    6.0")
        .replace(SEND, "");
    let next = |lines: &str| {
        format!("{unnamed}\n{lines}\n> kitchen notice \"Sent\"\n> kitchen sends m2 to c1")
    };
    let asked = "12.0 kitchen hears \"alexa text ana\" 0.9 from 11.5\n> kitchen prompt 3 \"What's the message?\" 1.0 message";
    breaks(Rule::G1, &next(asked));
    breaks(
        Rule::G1,
        &next("12.0 kitchen hears \"alexa text ana hello\" 0.9 from 11.5"),
    );
}

#[test]
fn g1_a_message_after_a_confirmed_one_needs_a_question_of_its_own() {
    let next = "said 11.500-12.000 kitchen Eve [request c1]: text Ana Ruiz
        12.0 kitchen hears \"text ana ruiz\" 0.9 from 11.5
        > kitchen prompt 3 \"What's the message?\" 1.0 message
        13.0 kitchen prompt 3 ended
        > kitchen records m2
        15.0 kitchen hears \"hello\" 0.9 from 14.0
        > kitchen ends m2
        > kitchen notice \"Sending\"
        > kitchen sends m2 to c1";
    breaks(Rule::G1, &format!("{WHOLE}\n{next}"));
}

#[test]
fn g1_a_recording_begins_another_message() {
    let first = WHOLE.replace("confirmation c1 m1", "confirmation c1");
    let next = "said 11.500-12.000 kitchen Eve [content c1]: hello
        12.0 time
        > kitchen notice \"Recording\"
        > kitchen records m2
        > kitchen sends m2 to c1";
    breaks(Rule::G1, &format!("{first}\n{next}"));
}

#[test]
fn the_newest_question_that_can_be_about_the_message_counts() {
    let twice = "> kitchen prompt 1 \"Send it to Ana Ruiz?\" 1.0 confirmation
        2.0 kitchen hears \"yes\" 0.9 from 1.5
        > kitchen prompt 2 \"Send it to Ana Ruiz?\" 1.0 confirmation c1 m1
        4.0 kitchen hears \"no\" 0.9 from 3.5
        > kitchen notice \"Sending\"
        > kitchen sends m1 to c1";
    let found = crate::breaches(twice);
    assert_eq!(crate::rules(&found), [Rule::G9]);
    assert!(
        found[0].why.contains("taken to confirm"),
        "{}",
        found[0].why
    );
}

/// An older question about the same message is replaced for good, and so is one that was spent.
#[test]
fn g1_a_question_is_replaced_by_the_next() {
    let twice = "> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation c1 m1
        2.0 kitchen hears \"yes\" 0.9 from 1.5
        > kitchen prompt 2 \"Ana Ruiz, right?\" 1.0 confirmation c1 m1
        > kitchen listens for confirmation
        > kitchen listens for wake
        5.0 time
        > kitchen notice \"Recording\"
        > kitchen records m1
        > kitchen sends m1 to c1";
    breaks(Rule::G1, twice);
    let spent = "> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation c1
        2.0 kitchen hears \"yes\" 0.9 from 1.5
        > kitchen notice \"Sending\"
        > kitchen sends m1 to c1
        3.0 time
        > kitchen prompt 2 \"Ana Ruiz, right?\" 1.0 confirmation c1 m2
        > kitchen sends m3 to c1";
    breaks(Rule::G1, spent);
}

#[test]
fn g1_talk_of_something_else_does_not_undo_what_was_confirmed() {
    let else_ = "8.0 time\n> kitchen prompt 3 \"What else?\" 0.5 command\n10.0 time";
    kept(&whole_but("10.0 time", else_));
}

#[test]
fn g1_a_question_is_known_by_its_words_where_the_assistant_cannot_tell() {
    let bare = |prompt: &str| {
        format!(
            "> kitchen prompt 1 \"{prompt}\" 1.0
             2.0 kitchen hears \"yes\" 0.9 from 1.5
             > kitchen notice \"Sent\"
             > kitchen sends m1 to c1"
        )
    };
    kept(&bare("Ana, right?"));
    kept(&bare("Ana Ruiz. Say yes to send it."));
    breaks(Rule::G1, &bare("What's the message?"));
    breaks(Rule::G1, &bare("Ana Ruiz, on the phone."));
    breaks(Rule::G2, &bare("Bob, right?"));
}

#[test]
fn g2_the_question_has_to_name_the_recipient() {
    breaks(
        Rule::G2,
        &whole_but(QUESTION, &QUESTION.replace("to Ana Ruiz", "now")),
    );
    breaks(
        Rule::G2,
        &whole_but(QUESTION, &QUESTION.replace("Ana Ruiz", "Bob Stone")),
    );
    breaks(
        Rule::G2,
        &whole_but(QUESTION, &QUESTION.replace("c1", "c2")),
    );
    kept(&whole_but(QUESTION, &QUESTION.replace(" c1", "")));
    // The draft went to someone else after the question.
    let changed =
        "said 6.950-6.960 kitchen Eve [request c2]: for Bob\n> kitchen sends m1 to c2 2.0-5.0";
    breaks(Rule::G2, &whole_but(SEND, changed));
}

#[test]
fn g2_names_that_sound_alike_have_to_be_told_apart() {
    let home = "start kitchen | c1 Jon Smith | c2 John Smith\n";
    let alike = |name: &str| format!("{home}{}", WHOLE.replace("Ana Ruiz?", &format!("{name}?")));
    breaks(Rule::G2, &alike("Jon Smith"));
    kept(&alike("Jon Smith, spelt J-O-N"));
    breaks(Rule::G2, &alike("Jon Smith, spelt J-O-H-N"));
}

/// A text can only be searched for the names of a list.
#[test]
fn g2_is_not_judged_by_the_words_where_no_contact_is_known() {
    let home = "start kitchen | c1 Ana Ruiz\n";
    let nobody = whole_but(QUESTION, &QUESTION.replace("to Ana Ruiz", "now"));
    breaks(Rule::G2, &format!("{home}{nobody}"));
    let untold: Vec<&str> = nobody.lines().filter(|l| !l.contains("said")).collect();
    kept(&format!("start kitchen\n{}", untold.join("\n")));
    // A question for permission is known by its mark alone then.
    let bare = "> kitchen prompt 1 \"Send it?\" 1.0
        2.0 kitchen hears \"yes\" 0.9 from 1.5
        > kitchen notice \"Sent\"
        > kitchen sends m1 to c1";
    kept(&format!("start kitchen\n{bare}"));
    breaks(Rule::G1, &format!("{home}{bare}"));
}

/// Some assistants know people by their names alone.
#[test]
fn g2_a_contact_may_be_called_by_its_name() {
    let to = |recipient: &str| {
        format!(
            "start kitchen | c1 Ana | c2 Bob
             > kitchen prompt 1 \"Ana, right?\" 1.0 confirmation c1 m1
             2.0 kitchen hears \"yes\" 0.9 from 1.5
             > kitchen notice \"Sending\"
             > kitchen sends m1 to {recipient}"
        )
    };
    kept(&to("c1"));
    kept(&to("Ana"));
    breaks(Rule::G2, &to("Bob"));
    breaks(Rule::G2, &to("Eve"));
}

#[test]
fn g3_what_is_sent_is_what_was_recorded() {
    kept(&whole_but(SEND, "> kitchen sends m1 to c1"));
    breaks(
        Rule::G3,
        &whole_but(SEND, &SEND.replace("2.0-5.0", "2.0-5.001")),
    );
    breaks(
        Rule::G3,
        &whole_but(SEND, &SEND.replace("2.0-5.0", "1.999-5.0")),
    );
    // Nothing is known of an assistant that does not say when it records, or stops.
    kept(
        &whole_but("> kitchen ends m1", "")
            .replace("2.0-5.0", "2.0-4.9")
            .replace(
                "> kitchen prompt 2",
                "> kitchen listens for wake\n> kitchen prompt 2",
            ),
    );
    let untold = whole_but("> kitchen records m1", "").replace("> kitchen ends m1", "");
    kept(&untold.replace("2.0-5.0", "1.0-4.9"));
}

#[test]
fn g3_a_draft_stays_as_it_was_when_the_question_was_asked() {
    let again =
        "6.8 time\n> kitchen records m1\n6.9 time\n> kitchen ends m1\n7.0 kitchen hears \"yes\"";
    let text = whole_but("7.0 kitchen hears \"yes\"", again);
    breaks(Rule::G3, &text.replace("2.0-5.0", "6.8-6.9"));
    // An assistant that asks before it records can never know what it was asked about.
    let late = "> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation
        2.0 kitchen hears \"right\" 0.9 from 1.5
        > kitchen notice \"Recording\"
        > kitchen records m1
        5.0 time
        > kitchen ends m1
        > kitchen sends m1 to c1 2.0-5.0";
    breaks(Rule::G3, late);
}

#[test]
fn g3_a_recording_that_goes_on_beyond_the_question_changes_the_draft() {
    let open = whole_but("> kitchen ends m1", "").replace(" 2.0-5.0", "");
    breaks(
        Rule::G3,
        &open.replace(
            "6.0 kitchen prompt",
            "5.5 time\n> kitchen ends m1\n6.0 kitchen prompt",
        ),
    );
}

#[test]
fn g3_each_message_has_a_recording_of_its_own() {
    let other = "3.0 time\n> kitchen records m2\n3.5 time\n> bedroom notice \"Recording\"\n> bedroom records m1\n> bedroom ends m1\n5.0 kitchen hears \"see";
    let text = whole_but("5.0 kitchen hears \"see", other);
    kept(&text);
    breaks(Rule::G3, &text.replace("2.0-5.0", "3.5-5.0"));
    let again = text.replace("records m2", "records m1");
    breaks(Rule::G3, &again);
    kept(&again.replace("2.0-5.0", "3.0-5.0"));
}

#[test]
fn g10_a_confirmation_is_spent_by_the_send() {
    let then = |delivery: &str, send: &str| {
        let send = format!("{delivery}\n12.0 time\n{send}");
        whole_but(RECEIPT, &send)
    };
    breaks(Rule::G10, &then("", SEND));
    breaks(Rule::G10, &then(RECEIPT, SEND));
    kept(&then("11.0 delivery m1 failed", SEND));
    breaks(Rule::G10, &then("11.0 delivery m2 failed", SEND));
    let other = SEND.replace("m1", "m2");
    let unnamed = |text: String| text.replace("confirmation c1 m1", "confirmation c1");
    assert_eq!(
        broken(&unnamed(then(RECEIPT, &other))),
        [Rule::G10, Rule::I1]
    );
    let third = format!("11.0 delivery m1 failed\n{SEND}\n11.5 time");
    breaks(Rule::G10, &then(&third, SEND));
}

/// What left unasked is not asked about by a question that was there before it.
#[test]
fn g10_a_message_that_nobody_confirmed_is_not_sent_twice_either() {
    let over = "> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation c1 m1
        > kitchen listens for confirmation until 3.0
        4.0 time
        > kitchen listens for wake
        5.0 kitchen hears \"well\" 0.9 from 4.5
        > kitchen notice \"Sending\"
        > kitchen sends m1 to c1";
    breaks(Rule::G1, over);
    let again = "9.0 time\n> kitchen sends m1 to c1";
    assert_eq!(broken(&format!("{over}\n{again}")), [Rule::G1, Rule::G10]);
}

#[test]
fn g10_a_new_confirmation_allows_a_new_send() {
    let again = "11.0 delivery m1 ok
        said 11.100-11.500 kitchen Eve [request c1]: once more
        > kitchen prompt 3 \"Once more to Ana Ruiz?\" 1.0 confirmation c1 m1
        13.0 kitchen hears \"yes\" 0.9 from 12.5
        > kitchen notice \"Sending\"
        > kitchen sends m1 to c1 2.0-5.0";
    kept(&whole_but(RECEIPT, again));
}

#[test]
fn a_retry_is_the_same_message_to_the_same_person() {
    let retry = |send: &str| whole_but(RECEIPT, &format!("11.0 delivery m1 failed\n{send}"));
    breaks(Rule::G2, &retry("> kitchen sends m1 to c2 2.0-5.0"));
    breaks(Rule::G3, &retry("> kitchen sends m1 to c1 2.0-6.0"));
    breaks(Rule::G9, &retry(&format!("> kitchen cancels m1\n{SEND}")));
    breaks(Rule::G13, &retry(&format!("11.5 restart\n{SEND}")));
}

#[test]
fn g12_nothing_is_asked_recorded_or_sent_while_messaging_is_off() {
    let off = |effect: &str| format!("start off kitchen | c1 Ana Ruiz\n1.0 time\n{effect}");
    breaks(
        Rule::G12,
        &off("> kitchen prompt 1 \"To whom?\" 1.0 recipient"),
    );
    breaks(
        Rule::G12,
        &off("> kitchen prompt 1 \"What's the message?\" 1.0 message"),
    );
    breaks(
        Rule::G12,
        &off("> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0"),
    );
    breaks(
        Rule::G12,
        &off("> kitchen notice \"Recording\"\n> kitchen records m1\n2.0 time\n> kitchen ends m1"),
    );
    kept(&off(
        "> kitchen prompt 1 \"What can I do?\" 1.0 command\n> kitchen acts light_on",
    ));
    breaks(
        Rule::G12,
        &whole_but("10.0 time", "9.0 messaging off\n10.0 time"),
    );
    kept(&whole_but(
        "10.0 time",
        "8.0 messaging off\n9.0 messaging on\n10.0 time",
    ));
}

#[test]
fn g13_a_restart_ends_what_was_confirmed() {
    breaks(Rule::G13, &whole_but("10.0 time", "9.0 restart\n10.0 time"));
    let answered = "6.8 restart\n7.0 kitchen hears \"yes\" 0.9 from 6.5";
    breaks(
        Rule::G13,
        &whole_but("7.0 kitchen hears \"yes\" 0.9 from 6.5", answered),
    );
    let asked_again = "9.0 restart
        > kitchen prompt 3 \"Send it to Ana Ruiz?\" 1.0 confirmation c1 m1
        10.0 kitchen prompt 3 ended
        10.5 kitchen hears \"yes\" 0.9 from 10.2
        > kitchen notice \"Sending\"";
    kept(&whole_but("10.0 time", asked_again));
}

/// A question whose session is over is nobody's to rest on, but for what was sent on it before, and
/// for what a restart brought back.
#[test]
fn a_question_that_is_over_still_says_what_became_of_it() {
    let over = |then: &str| {
        format!(
            "> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation c1
             > kitchen listens for confirmation until 3.0
             {then}
             > kitchen sends m2 to c1"
        )
    };
    let well = "5.0 kitchen hears \"well\" 0.9 from 4.5\n> kitchen notice \"Sending\"";
    let asleep = "> kitchen listens for wake";
    assert_eq!(broken(&over(&format!("{asleep}\n{well}"))), [Rule::G1]);
    let restarted = format!("{asleep}\n{well}\n6.0 restart\n> kitchen notice \"Sending\"");
    assert_eq!(broken(&over(&restarted)), [Rule::G13]);
    let spent = format!("{well}\n> kitchen sends m1 to c1\n{asleep}\n6.0 time");
    assert_eq!(broken(&over(&spent)), [Rule::G5, Rule::G8, Rule::G10]);
}

#[test]
fn g13_is_about_the_draft_and_not_about_the_device() {
    let bare = whole_but(SEND, "").replace("confirmation c1 m1", "confirmation c1");
    let next = "12.0 restart
        13.0 kitchen hears \"text ana ruiz hello\" 0.9 from 12.5
        > kitchen notice \"Recording\"
        > kitchen records m2
        15.0 time
        > kitchen ends m2
        > kitchen sends m2 to c1";
    breaks(Rule::G1, &format!("{bare}\n{next}"));
}

#[test]
fn g14_capture_is_announced() {
    let asked = "> kitchen prompt 1 \"What's the message?\" 1.0 message c1 m1";
    let other = "> kitchen prompt 1 \"To whom?\" 1.0 recipient c1 m1";
    breaks(Rule::G14, &whole_but(asked, other));
    breaks(
        Rule::G14,
        &whole_but(asked, &asked.replace("kitchen", "bedroom")),
    );
    kept(&whole_but(asked, &asked.replace(" message c1 m1", "")));
    let after = "> kitchen records m1\n> kitchen notice \"Recording\"";
    kept(&whole_but(asked, other).replace("> kitchen records m1", after));
    let elsewhere = after.replace("kitchen notice", "bedroom notice");
    breaks(
        Rule::G14,
        &whole_but(asked, other).replace("> kitchen records m1", &elsewhere),
    );
    let too_late = "> kitchen records m1\n2.1 time\n> kitchen notice \"Recording\"";
    breaks(
        Rule::G14,
        &whole_but(asked, other).replace("> kitchen records m1", too_late),
    );
}

#[test]
fn g14_an_announcement_is_not_remembered_for_long() {
    let at = |time: &str| {
        format!(
            "1.0 kitchen hears \"record\" 0.9 from 0.5\n> kitchen notice \"Recording soon\"
             {time} time\n> kitchen records m1"
        )
    };
    kept(&at("16.0"));
    breaks(Rule::G14, &at("16.001"));
    let prompt =
        |time: &str| at(time).replace("notice \"Recording soon\"", "prompt 1 \"Go on\" 2.0");
    kept(&prompt("18.0"));
    breaks(Rule::G14, &prompt("18.001"));
    let ended = |time: &str| prompt(&format!("4.0 kitchen prompt 1 ended\n{time}"));
    kept(&ended("19.0"));
    breaks(Rule::G14, &ended("19.001"));
}

#[test]
fn g14_a_send_out_of_the_blue_is_announced_shortly_before() {
    let at = |time: &str| {
        broken(&format!(
            "1.0 time\n> kitchen notice \"Sending\"\n{time} time\n> kitchen sends m1 to c1"
        ))
    };
    assert_eq!(at("16.0"), [Rule::G1]);
    assert_eq!(at("16.001"), [Rule::G1, Rule::G14]);
}

#[test]
fn g14_a_prompt_in_the_same_breath_announces_what_it_is_about() {
    let then = |effect: &str, prompt: &str| {
        let confirmed = "> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation
            2.0 kitchen hears \"yes\" 0.9 from 1.5";
        format!("{confirmed}\n> kitchen {effect}\n> kitchen prompt 2 {prompt}")
    };
    kept(&then("sends m1 to c1", "\"Sent. What else?\" 1.0 command"));
    kept(&then("records m1", "\"What's the message?\" 1.0 message"));
    breaks(Rule::G14, &then("records m1", "\"To whom?\" 1.0 recipient"));
}

#[test]
fn g14_a_send_is_announced_after_its_answer() {
    let notice = "> kitchen notice \"Sending to Ana Ruiz\"";
    breaks(Rule::G14, &whole_but(notice, ""));
    breaks(
        Rule::G14,
        &whole_but(notice, &notice.replace("kitchen", "bedroom")),
    );
    kept(&whole_but(notice, "").replace(SEND, &format!("{notice}\n{SEND}")));
    kept(&whole_but(notice, "").replace(SEND, &format!("{SEND}\n{notice}")));
    kept(&whole_but(
        notice,
        "> kitchen prompt 3 \"Sending. What else?\" 1.0",
    ));
    breaks(
        Rule::G14,
        &whole_but(notice, "").replace(SEND, &format!("{SEND}\n> done\n{notice}")),
    );
}
