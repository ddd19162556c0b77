//! What two situations must have in common to be judged alike, one thing after the other; and what
//! no verdict depends on any more.

use crate::HOME;
use crate::notation::trace;
use mondegreen_oracle::{Ahead, Essence, Judge, Reader, Rule, judge};
use mondegreen_trace::fact::Dictionary;
use mondegreen_trace::{Effect, Line};

const DONE: Line = Line::Out(Effect::Done);

/// What of the past may come up again: messages, prompts, and speech that the kitchen heard, by when
/// it began.
#[derive(Clone, Copy)]
struct Past {
    messages: &'static [&'static str],
    prompts: &'static [u32],
    speech: &'static [u64],
}

/// Nothing but two messages.
const GONE: Past = Past {
    messages: &["m1", "m2"],
    prompts: &[],
    speech: &[],
};

fn at_home(text: &str) -> String {
    if text.starts_with("start") {
        text.to_owned()
    } else {
        format!("{HOME}{text}")
    }
}

fn essence(text: &str, past: Past, dictionary: &mut Dictionary) -> Essence {
    let (mut judge, mut reader) = (Judge::new(), Reader::new());
    let lines = trace(&at_home(text)).lines;
    for line in lines.iter().chain([&DONE]) {
        judge.see(&dictionary.fact(line), &mut reader, dictionary);
    }
    let kitchen = dictionary.term("kitchen");
    let speech: Vec<_> = past
        .speech
        .iter()
        .map(|from_ms| (kitchen, *from_ms))
        .collect();
    let messages: Vec<_> = past.messages.iter().map(|id| dictionary.term(id)).collect();
    judge.essence(Ahead {
        messages: &messages,
        prompts: past.prompts,
        speech: &speech,
        speech_max_ms: 3_000,
    })
}

fn verdict(text: &str, then: &str) -> Vec<(Rule, Option<String>)> {
    let found = judge(&trace(&at_home(&format!("{text}\n> done\n{then}"))));
    let mut found: Vec<_> = found.into_iter().map(|b| (b.rule, b.message)).collect();
    found.sort();
    found
}

#[track_caller]
fn essences(past: Past, [one, other]: [&str; 2]) -> [Essence; 2] {
    assert_eq!(verdict(one, ""), verdict(other, ""));
    let dictionary = &mut Dictionary::new();
    [one, other].map(|text| essence(text, past, dictionary))
}

/// What comes then is judged otherwise after the one than after the other, and they are not alike.
#[track_caller]
fn differ(past: Past, both: [&str; 2], then: &str) {
    let [one, other] = both.map(|text| verdict(text, then));
    assert_ne!(one, other, "{both:?} {then}");
    let [one, other] = essences(past, both);
    assert_ne!(one, other, "{both:?}");
}

/// Nothing that may come is judged otherwise after the one than after the other, and they are alike.
#[track_caller]
fn alike(past: Past, both: [&str; 2], then: &str) {
    let [one, other] = both.map(|text| verdict(text, then));
    assert_eq!(one, other, "{both:?} {then}");
    let [one, other] = essences(past, both);
    assert_eq!(one, other, "{both:?}");
}

const ASKS: &str = "> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation c1 m1\n";
const YES: &str = "2.0 kitchen hears \"yes\" 0.9 from 1.5\n";
const NOTICE: &str = "> kitchen notice \"Sending\"\n";
const SENDS: &str = "> kitchen sends m1 to c1\n";

/// Another message leaves at 12 s.
const ANOTHER: &str = "10.0 time
    > kitchen prompt 5 \"Ana Ruiz, right?\" 1.0 confirmation c1 m2
    12.0 kitchen hears \"yes\" 0.9 from 11.5
    > kitchen notice \"Sending\"
    > kitchen sends m2 to c1\n";

/// A message has left at 2 s.
fn sent() -> String {
    format!("{ASKS}{YES}{NOTICE}> kitchen sends m1 to c1 0.5-1.0\n")
}

#[test]
fn what_a_draft_holds_matters() {
    let recorded = |from: &str, to: &str| {
        format!(
            "> kitchen notice \"Recording\"\n{from} time\n> kitchen records m1\n{to} time\n> kitchen ends m1\n5.0 time\n{ASKS}"
        )
    };
    let whole = recorded("1.0", "3.0");
    let then = "8.0 kitchen hears \"yes\" 0.9 from 7.0
        > kitchen notice \"Sending\"
        > kitchen sends m1 to c1 1.0-3.0";
    differ(GONE, [&whole, &recorded("1.5", "3.0")], then);
    differ(GONE, [&whole, &recorded("1.0", "3.5")], then);
    let open = whole.replace("> kitchen ends m1", "> kitchen listens for wake");
    differ(GONE, [&whole, &open], &then.replace("-3.0", "-3.5"));
    let none = whole.replace("> kitchen records m1", "");
    differ(GONE, [&whole, &none], &then.replace("-3.0", "-3.5"));
}

#[test]
fn whether_a_draft_is_older_than_its_question_matters() {
    let records = "> kitchen notice \"Recording\"\n> kitchen records m1\n";
    let ends = "> kitchen ends m1\n";
    let before = format!("{records}{ends}{ASKS}");
    let after = format!("{records}{ASKS}{ends}");
    differ(GONE, [&before, &after], &format!("{YES}{NOTICE}{SENDS}"));
}

#[test]
fn whether_a_draft_is_older_than_a_restart_matters() {
    let records = "> kitchen notice \"Recording\"\n> kitchen records m2\n> kitchen ends m2\n";
    let (asks, restart) = (ASKS.replace(" m1", ""), "0.0 restart\n");
    let before = format!("{asks}{records}{restart}");
    let after = format!("{asks}{restart}{records}");
    let then = "> kitchen notice \"Sending\"\n> kitchen sends m2 to c1";
    differ(GONE, [&before, &after], then);
}

#[test]
fn what_was_sent_matters_for_another_attempt() {
    let sent = sent();
    let then = "12.0 time\n> kitchen sends m1 to c1 0.5-1.0";
    let failed = format!("{sent}9.0 delivery m1 failed\n");
    differ(GONE, [&failed, &format!("{sent}9.0 time")], then);
    differ(GONE, [&failed, &format!("{sent}9.0 delivery m1 ok")], then);
    let to_bob = failed.replace("Ana Ruiz", "Bob Stone").replace("c1", "c2");
    differ(GONE, [&failed, &to_bob], then);
    for span in [" 0.6-1.0", " 0.5-0.9", ""] {
        let other = failed.replace(" 0.5-1.0", span);
        differ(GONE, [&failed, &other], then);
    }
    let dropped = failed.replace("9.0 del", "8.0 time\n> kitchen cancels m1\n9.0 del");
    differ(GONE, [&failed, &dropped], then);
    let restarted = failed.replace("9.0 del", "8.0 restart\n9.0 del");
    differ(GONE, [&failed, &restarted], then);
    // Wherever it was sent, and whatever else was.
    let one = Past {
        messages: &["m1"],
        ..GONE
    };
    let awaited = format!("{sent}9.0 time");
    differ(one, [&failed, &awaited], then);
    let alone = [&failed, &awaited].map(|text| format!("start kitchen | c1 Ana Ruiz\n{text}"));
    differ(GONE, alone.each_ref().map(String::as_str), then);
    let first = [&failed, &awaited].map(|text| format!("{text}\n{ANOTHER}"));
    differ(GONE, first.each_ref().map(String::as_str), then);
}

/// The same things at other times, after others and with other words of the same meaning.
#[test]
fn what_is_past_is_alike() {
    let then = &format!("9.0 time\n{NOTICE}{SENDS}");
    let before = "0.0 delivery m9 ok\n> timer 9.0\n";
    alike(GONE, [&sent(), &format!("{before}{}", sent())], then);
    let asked = |said: &str, since: &str| {
        format!("{ASKS}2.0 kitchen hears \"{said}\" 0.9 from {since}\n{NOTICE}")
    };
    let yes = asked("yes", "1.5");
    alike(GONE, [&yes, &asked("right", "1.5")], then);
    alike(GONE, [&yes, &asked("yes", "1.6")], then);
    // Only the best of a kind can be taken for the answer.
    let heard = |said: &str| {
        yes.replace(
            NOTICE,
            &format!("2.0 kitchen hears \"{said}\" 0.9 from 1.6\n{NOTICE}"),
        )
    };
    alike(GONE, [&heard("yes"), &heard("yes")], then);
}

/// What a device listened for when it stopped, and for how long, is past.
#[test]
fn how_a_device_listens_matters_while_it_does() {
    let listens =
        |how: &str| format!("1.0 kitchen pressed confirm\n> kitchen listens for {how}\n8.0 time\n");
    let silence = "92.0 time";
    differ(GONE, [&listens("command"), &listens("wake")], silence);
    differ(
        GONE,
        [
            &listens("command until 95.0"),
            &listens("command until 91.0"),
        ],
        silence,
    );
    differ(
        GONE,
        [
            &listens("command until 95.0"),
            &listens("command until 7.0"),
        ],
        silence,
    );
    alike(
        GONE,
        [
            &listens("command until 7.0"),
            &listens("recipient until 6.0"),
        ],
        silence,
    );
    let told = "said 8.000-9.000 kitchen Eve [command]: lights on
        9.0 kitchen hears \"lights on\" 0.9 from 8.0\nend";
    differ(GONE, [&listens("command"), &listens("recipient")], told);
}

/// A prompt is of interest while it may be heard in speech that is to come.
#[test]
fn what_another_device_says_matters_while_it_may_be_heard() {
    let says = |text: &str, from: &str, for_: &str| {
        format!(
            "{ASKS}2.0 time\n{from} time\n> bedroom prompt 9 \"{text}\" {for_} command\n> bedroom listens for wake\n4.0 time\n"
        )
    };
    let yes = |at: &str, from: &str| {
        format!("{at} kitchen hears \"yes\" 0.9 from {from}\n{NOTICE}{SENDS}")
    };
    let (yours, mine) = ("Was that a yes?", "What else?");
    let both = [&*says(yours, "3.0", "0.5"), &says(mine, "3.0", "0.5")];
    differ(GONE, both, &yes("4.0", "3.2"));
    let long_ago = both.map(|text| format!("{text}7.0 time\n"));
    let long_ago = long_ago.each_ref().map(String::as_str);
    alike(GONE, long_ago, &yes("8.0", "7.0"));
    // Its end may still be reported, and is later then than was reckoned.
    let open = Past {
        prompts: &[9],
        ..GONE
    };
    let then = format!("7.0 bedroom prompt 9 ended\n{}", yes("7.5", "6.5"));
    differ(open, long_ago, &then);
    let ended = long_ago.map(|text| text.replace("4.0 time", "3.9 bedroom prompt 9 ended"));
    alike(open, ended.each_ref().map(String::as_str), &then);
    // What it begins to say just now is not heard yet.
    let now = [&*says(yours, "3.5", "1.5"), &says(yours, "4.0", "1.0")];
    differ(GONE, now, &yes("4.0", "3.9"));
}

/// What a prompt asked for matters if nothing is said of how the device listens, and when the
/// prompt is reported to have ended.
#[test]
fn what_a_device_asked_for_matters_while_it_may_be_answered() {
    let asks = |what: &str, then: &str| format!("> kitchen prompt 1 \"Go on\" 1.0 {what}\n{then}");
    let told = "said 3.000-4.000 kitchen Eve [command]: lights on
        4.0 kitchen hears \"lights on\" 0.9 from 3.0\nend";
    differ(GONE, [&asks("command", ""), &asks("recipient", "")], told);
    let wake = "> kitchen listens for wake\n20.0 time";
    let both = [&*asks("message", wake), &asks("command", wake)];
    let records = "20.0 kitchen prompt 1 ended\n21.0 time\n> kitchen records m1";
    let open = Past {
        prompts: &[1],
        ..GONE
    };
    differ(open, both, records);
    alike(
        GONE,
        both,
        "21.0 time\n> kitchen notice \"Go on\"\n> kitchen records m1",
    );
}

#[test]
fn a_notice_matters_for_a_while() {
    let notice = |at: &str| format!("{at} time\n> kitchen notice \"Recording\"\n40.0 time");
    let records = "40.0 time\n> kitchen records m1";
    differ(GONE, [&notice("25.0"), &notice("24.999")], records);
    alike(GONE, [&notice("24.0"), &notice("23.0")], records);
}

#[test]
fn which_message_is_being_recorded_matters() {
    let records =
        |message: &str| format!("> kitchen notice \"Recording\"\n> kitchen records {message}\n");
    let cancelled = "said 1.000-2.000 kitchen Eve [cancel]: cancel
        2.0 kitchen hears \"cancel\" 0.9 from 1.0\n> kitchen cancels m1";
    differ(GONE, [&records("m1"), &records("m2")], cancelled);
}

/// What was meant to stop a device counts while it may be heard.
#[test]
fn what_was_meant_matters_until_it_is_heard() {
    let said = |meant: &str| {
        format!(
            "1.0 kitchen pressed confirm\n> kitchen listens for command\nsaid 2.000-3.000 kitchen Eve{meant}: stop\n4.0 time\n"
        )
    };
    let heard = "5.0 kitchen hears \"stop\" 0.9 from 3.0";
    differ(GONE, [&said(" [cancel]"), &said("")], heard);
    let long_ago = [said(" [cancel]"), said("")].map(|text| format!("{text}6.001 time\n"));
    let long_ago = long_ago.each_ref().map(String::as_str);
    alike(
        GONE,
        long_ago,
        &heard.replace("5.0", "7.0").replace("3.0", "4.0"),
    );
}

#[test]
fn how_long_a_command_has_waited_matters() {
    let told = |at: &str, then: &str| {
        format!(
            "said 1.000-{at} kitchen Eve [command]: lights on
            {at} kitchen hears \"alexa lights on\" 0.9 from 1.0\n{then}\n4.0 time\n"
        )
    };
    let both = [&*told("2.000", ""), &told("2.500", "")];
    differ(GONE, both, "7.2 time");
    let waits = told("2.000", "> timer 6.0");
    differ(GONE, [&waits, &told("2.000", "")], "6.0 time\nend");
    differ(GONE, [&waits, "4.0 time"], "9.0 time");
}

/// Two devices may have sent a message of one name; a report is about the newer of them.
#[test]
fn which_of_two_messages_is_the_newer_matters() {
    let asked =
        [ASKS, YES, NOTICE].map(|line| line.to_owned() + &line.replace("kitchen", "bedroom"));
    let asked = asked.concat();
    let (here, there) = (SENDS, "> bedroom sends m1 to c1\n");
    let both = [
        format!("{asked}{there}{here}"),
        format!("{asked}{here}{there}"),
    ];
    let then = "3.0 delivery m1 failed\n> kitchen sends m1 to c1";
    differ(GONE, both.each_ref().map(String::as_str), then);
    let both = both.map(|text| format!("{text}{ANOTHER}"));
    let then = &then.replace("3.0", "13.0");
    differ(GONE, both.each_ref().map(String::as_str), then);
}

#[test]
fn which_message_a_question_is_about_matters() {
    let then = format!("{YES}{NOTICE}{SENDS}");
    let other = ASKS.replace(" m1", " m2");
    differ(GONE, [ASKS, &other], &then);
    differ(GONE, [&ASKS.replace(" m1", ""), &other], &then);
    differ(GONE, [ASKS, ""], &then);
    // What can only be sent under a new name needs a new question.
    let gone = Past {
        messages: &["m3"],
        ..GONE
    };
    let again = "5.0 time\n> kitchen prompt 5 \"Ana Ruiz, right?\" 1.0 confirmation c1 m3";
    alike(gone, [ASKS, &other], again);
}

#[test]
fn what_a_question_says_matters() {
    let then = format!("{YES}{NOTICE}{SENDS}");
    differ(GONE, [ASKS, &ASKS.replace("c1", "c2")], &then);
    differ(GONE, [ASKS, &ASKS.replace("Ana Ruiz", "Bob Stone")], &then);
    differ(GONE, [ASKS, &ASKS.replace("1.0", "1.6")], &then);
    let open = Past {
        prompts: &[1],
        ..GONE
    };
    let ended = format!("{ASKS}1.0 kitchen prompt 1 ended\n2.0 time\n");
    let untold = format!("{ASKS}2.0 time\n");
    let then = format!("2.0 kitchen prompt 1 ended\n{}", then.replace("2.0", "2.5"));
    differ(open, [&ended, &untold], &then);
}

#[test]
fn how_long_an_answer_counts_matters() {
    let listens = |how: &str| format!("{ASKS}> kitchen listens for {how}\n2.0 time\n");
    let then = "3.0 kitchen hears \"yes\" 0.9 from 2.5
        > kitchen notice \"Sending\"
        > kitchen sends m1 to c1";
    let long = listens("confirmation until 9.0");
    differ(GONE, [&long, &listens("confirmation until 3.0")], then);
    differ(GONE, [&long, &listens("confirmation until 2.0")], then);
    let closed = listens("confirmation until 9.0\n> kitchen listens for wake");
    differ(GONE, [&long, &closed], then);
    let over = ["confirmation until 2.0", "confirmation until 1.5"].map(listens);
    alike(GONE, over.each_ref().map(String::as_str), then);
}

#[test]
fn whether_a_restart_or_a_send_lies_behind_matters() {
    let allowed = format!("{ASKS}{YES}{NOTICE}");
    let restarted = format!("{allowed}2.0 restart\n{NOTICE}");
    differ(GONE, [&allowed, &restarted], SENDS);
    let unnamed = allowed.replace(" m1", "");
    let spent = format!("{unnamed}> kitchen sends m2 to c1\n");
    differ(GONE, [&unnamed, &spent], SENDS);
}

#[test]
fn whether_a_device_was_heard_since_matters() {
    let asked = [format!("{NOTICE}{ASKS}"), format!("{ASKS}{NOTICE}")];
    differ(GONE, asked.each_ref().map(String::as_str), SENDS);
    let before = format!("{ASKS}2.0 time\n{NOTICE}{YES}2.0 time\n");
    let after = format!("{ASKS}2.0 time\n{YES}2.0 time\n{NOTICE}");
    differ(GONE, [&before, &after], SENDS);
}

/// A message that left unasked: the question that is there may be older or newer.
#[test]
fn whether_a_question_is_older_than_what_was_sent_matters() {
    let asks = ASKS.replace("1.0", "0.0");
    let over = format!("{asks}> kitchen listens for confirmation\n> kitchen listens for wake\n");
    let well = "0.0 kitchen hears \"well\" 0.9 from 0.0\n";
    let before = format!("{over}{well}{NOTICE}{SENDS}");
    let after = format!("{NOTICE}{SENDS}{over}{well}{NOTICE}");
    differ(GONE, [&before, &after], &format!("9.0 time\n{SENDS}"));
}

#[test]
fn what_was_heard_matters() {
    let heard = |what: &str| format!("{ASKS}2.0 kitchen hears {what}\n{NOTICE}");
    let yes = heard("\"yes\" 0.9 from 1.5");
    for other in [
        "\"well\" 0.9 from 1.5",
        "\"no\" 0.9 from 1.5",
        "\"yes\" 0.4 from 1.5",
        "\"yes\" 0.9 from 0.5",
        "\"yes\" 0.9 from 1.5 interim",
        "\"yes\" 0.9 from 1.5 own voice",
    ] {
        differ(GONE, [&yes, &heard(other)], SENDS);
    }
    let elsewhere = yes.replace("kitchen hears", "bedroom hears");
    differ(GONE, [&yes, &elsewhere], SENDS);
    let refused = format!("{yes}3.0 kitchen hears \"no\" 0.9 from 2.5\n");
    differ(GONE, [&format!("{yes}3.0 time\n"), &refused], SENDS);
    let across = yes.replace(
        "2.0 kit",
        "1.6 kitchen hears \"so I said\" 0.9 from 0.5\n2.0 kit",
    );
    differ(GONE, [&yes, &across], SENDS);
    let dropped = format!("{yes}> kitchen cancels m1\n{NOTICE}");
    differ(GONE, [&yes, &dropped], SENDS);
}

/// What an answer was taken for depends on what the device did on it.
#[test]
fn what_a_device_went_on_after_matters() {
    let heard = |first: &str, second: &str| {
        format!(
            "{ASKS}2.0 kitchen hears \"yes\" 0.9 from 1.5 interim\n{first}3.0 kitchen hears \"well\" 0.9 from 2.5\n{second}3.0 time\n{NOTICE}"
        )
    };
    differ(GONE, [&heard(NOTICE, ""), &heard("", NOTICE)], SENDS);
}

/// A candidate that is not the best may be the best when talk turns out to have run across the
/// prompt, or when what was heard is withdrawn.
#[test]
fn what_may_yet_be_the_answer_matters() {
    // All hear a yes that is none, so that it is not that which they differ in.
    let hears = |what: &str| {
        format!("{ASKS}0.4 bedroom hears \"yes\" 0.4 from 0.2 own voice\n{what}\n{NOTICE}")
    };
    let unsure = "2.0 kitchen hears \"yes\" 0.4 from 1.5";
    let early = format!("0.9 kitchen hears \"yes\" 0.9 from 0.5\n{unsure}");
    let across = format!("2.5 kitchen hears \"so I said\" 0.9 from 0.5\n{NOTICE}{SENDS}");
    differ(GONE, [&hears(unsure), &hears(&early)], &across);
    let well = "2.0 kitchen hears \"well\" 0.9 from 1.5";
    let interim = format!("1.8 kitchen hears \"yes\" 0.9 from 1.5 interim\n{well}");
    let speech = Past {
        speech: &[1_500],
        ..GONE
    };
    let withdrawn = format!("3.0 kitchen withdraws 1.5\n{NOTICE}{SENDS}");
    differ(speech, [&hears(well), &hears(&interim)], &withdrawn);
    // Which speech it was matters if that may be withdrawn; and of one kind only the best does.
    let yes = |from: &str| hears(&format!("2.0 kitchen hears \"yes\" 0.9 from {from}"));
    differ(speech, [&yes("1.5"), &yes("1.6")], &withdrawn);
    let again = |from: &str| {
        let first = format!("1.8 kitchen hears \"yes\" 0.4 from {from}");
        hears(&format!("{first}\n2.0 kitchen hears \"yes\" 0.9 from 1.6"))
    };
    alike(speech, [&yes("1.6"), &again("1.7")], &withdrawn);
    alike(GONE, [&yes("1.6"), &again("1.0")], SENDS);
    let first =
        "1.8 kitchen hears \"yes\" 0.9 from 1.7 interim\n2.0 kitchen hears \"yes\" 0.9 from 1.6";
    alike(speech, [&yes("1.6"), &hears(first)], &withdrawn);
}

/// A prompt may be reported to have ended just now, earlier than was reckoned.
#[test]
fn what_began_just_now_matters_while_the_prompt_goes_on() {
    let open = Past {
        prompts: &[1],
        ..GONE
    };
    let heard = |from: &str| format!("{ASKS}0.5 kitchen hears \"yes\" 0.9 from {from}\n{NOTICE}");
    let then = format!("0.5 kitchen prompt 1 ended\n{NOTICE}{SENDS}");
    differ(open, [&heard("0.5"), &heard("0.499")], &then);
    alike(GONE, [&heard("0.5"), &heard("0.499")], SENDS);
}

/// Only the latest refusal of a kind counts, and only if it came after the yes or in turn.
#[test]
fn when_it_was_refused_matters() {
    let no = |at: &str, from: &str| format!("{at} kitchen hears \"no\" 0.9 from {from}\n");
    let button = "0.9 kitchen pressed confirm\n";
    let early = no("0.9", "0.5");
    let before = format!("{ASKS}{early}{button}{NOTICE}");
    let after = format!("{ASKS}{button}{early}{NOTICE}");
    differ(GONE, [&before, &after], SENDS);
    let twice = format!("{ASKS}{button}{early}{early}{NOTICE}");
    alike(GONE, [&after, &twice], "");
}
