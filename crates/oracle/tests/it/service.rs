//! Whether the assistant is of use: `S1` to `S4`.

use crate::{breaks, broken, kept};
use mondegreen_oracle::Rule;

/// One turn of a patient person, to whom the device answers by asking again.
fn turn(n: u64, said: &str) -> String {
    let (from, to, at) = (n * 10 + 1, n * 10 + 2, n * 10 + 3);
    format!(
        "said {from}.000-{to}.000 kitchen Eve [request c1]: {said}
         {at}.0 kitchen hears \"{said}\" 0.9 from {from}.0
         > kitchen prompt {n} \"To whom?\" 1.0 recipient
         > kitchen listens for recipient\n"
    )
}

pub(crate) fn turns(count: u64) -> String {
    let more = (1..count).map(|n| turn(n, "to Ana"));
    std::iter::once(turn(0, "alexa")).chain(more).collect()
}

#[test]
fn s1_a_patient_person_gets_a_message_sent() {
    kept(&format!("{}end", turns(7)));
    breaks(Rule::S1, &format!("{}end", turns(8)));
    breaks(Rule::S1, &turns(9));
    kept(&turns(8));
}

#[test]
fn s1_is_judged_in_a_quiet_room_alone() {
    let many = turns(10);
    for (this, instead) in [
        ("\"to Ana\" 0.9 from 51", "\"to Anna\" 0.9 from 51"),
        ("\"to Ana\" 0.9 from 51", "\"to Ana\" 0.4 from 51"),
        (
            "\"to Ana\" 0.9 from 51.0",
            "\"to Ana\" 0.9 from 51.0 unknown voice",
        ),
        (
            "said 51.000-52.000 kitchen Eve [request c1]",
            "said 51.000-52.000 kitchen Eve",
        ),
        ("said 51.000-52.000 kitchen", "said 51.000-52.000 bedroom"),
        (
            "said 51.000-52.000 kitchen",
            "said 51.000-52.000 bedroom+kitchen",
        ),
        (
            "said 51.000-52.000 kitchen Eve [request c1]",
            "said 51.000-52.000 kitchen Eve [request c2]",
        ),
        (
            "said 51.000-52.000 kitchen Eve [request c1]: to Ana",
            "said 51.000-52.000 kitchen Eve [request c1]: whom?",
        ),
        ("53.0 kitchen", "52.5 kitchen pressed confirm\n53.0 kitchen"),
        ("53.0 kitchen", "52.5 restart\n53.0 kitchen"),
        ("53.0 kitchen", "52.5 messaging on\n53.0 kitchen"),
        ("53.0 kitchen", "52.5 kitchen withdraws 1.0\n53.0 kitchen"),
        ("prompt 4 \"To whom?\" 1.0", "prompt 4 \"To whom?\" 8.5"),
        (
            "> kitchen listens for recipient\nsaid 61",
            "> kitchen listens for recipient until 55.0\nsaid 61",
        ),
    ] {
        assert!(many.contains(this), "{this}");
        kept(&format!("{}end", many.replace(this, instead)));
    }
    let off = format!("start off kitchen | c1 Ana Ruiz\n{many}end").replace("recipient", "command");
    kept(&off);
}

/// A request suits where a command is asked for, and the message itself where that is.
#[test]
fn s1_is_judged_while_what_is_said_suits_what_is_asked() {
    let asked = |what: &str, meant: &str| {
        let text = turns(10).replace("recipient", what);
        let later = text.replace("[request c1]: to Ana", &format!("[{meant} c1]: to Ana"));
        format!("{later}end")
    };
    for what in ["command", "recipient"] {
        breaks(Rule::S1, &asked(what, "request"));
        kept(&asked(what, "content"));
    }
    breaks(Rule::S1, &asked("message", "content"));
    kept(&asked("message", "request"));
    let confirmed = |said: &str| asked("confirmation", "request").replace("to Ana", said);
    breaks(Rule::S1, &confirmed("yes"));
    kept(&confirmed("no"));
    kept(&confirmed("to Ana"));
    // It goes on for one and the same contact.
    let other = turns(10).replace("[request c1]: alexa", "[request c2]: alexa");
    kept(&format!("{other}end"));
}

#[test]
fn s1_is_not_judged_where_somebody_is_not_heard() {
    let ten = turns(10);
    let heard = "53.0 kitchen hears \"to Ana\" 0.9 from 51.0";
    assert!(ten.contains(heard));
    kept(&format!("{}end", ten.replace(heard, "53.0 time")));
    let aside = "said 50.000-50.500 bedroom Bob: hm\nsaid 51.";
    kept(&format!("{}end", ten.replace("said 51.", aside)));
}

#[test]
fn s1_is_not_judged_for_names_that_cannot_be_said() {
    let to = |people: &str| format!("start kitchen | {people}\n{}end", turns(10));
    breaks(Rule::S1, &to("c1 Ana Ruiz | c2 Bob Stone"));
    kept(&to("c1 Ana Ruiz | c2 ana ruiz"));
    kept(&to("c1 Anna Ruiz"));
}

#[test]
fn s1_is_judged_whatever_a_quiet_room_may_hold() {
    let eight = turns(8);
    let interim = "53.0 kitchen hears \"to\" 0.4 from 51.0 interim\n53.0 kitchen";
    let own = "53.0 kitchen hears \"to whom\" 0.9 from 43.0 own voice\n53.0 kitchen";
    for noise in [interim, own] {
        breaks(
            Rule::S1,
            &format!("{}end", eight.replace("53.0 kitchen", noise)),
        );
    }
    // The person answers as soon as the prompt has ended.
    let long = eight.replace("prompt 4 \"To whom?\" 1.0", "prompt 4 \"To whom?\" 8.0");
    breaks(Rule::S1, &format!("{long}end"));
}

#[test]
fn s1_counts_anew_after_a_send() {
    let ten = turns(10);
    let sent = ten.replace("said 51.", "> kitchen sends m1 to c1\nsaid 51.");
    assert!(broken(&ten).contains(&Rule::S1));
    assert!(!broken(&sent).contains(&Rule::S1));
}

#[test]
fn s1_is_judged_by_prompts_where_the_assistant_does_not_say_that_it_listens() {
    let untold = |text: &str| format!("{}end", text.replace("> kitchen listens for recipient", ""));
    let eight = turns(8);
    breaks(Rule::S1, &untold(&eight));
    breaks(Rule::S1, &untold(&eight).replace(" recipient", ""));
    // When it does not ask again it has gone to sleep, and only its name is an answer.
    let asleep = eight.replace("> kitchen prompt 3 \"To whom?\" 1.0 recipient", "");
    kept(&untold(&asleep));
    breaks(
        Rule::S1,
        &untold(
            &asleep
                .replace(
                    "\nsaid 41.000-42.000 kitchen Eve [request c1]: to Ana",
                    "\nsaid 41.000-42.000 kitchen Eve [request c1]: alexa",
                )
                .replace("\"to Ana\" 0.9 from 41", "\"alexa\" 0.9 from 41"),
        ),
    );
}

#[test]
fn s2_cancel_ends_the_session() {
    let cancel = |meant: &str, heard: &str, then: &str| {
        format!(
            "1.0 kitchen pressed confirm
             > kitchen prompt 1 \"To whom?\" 1.0 recipient
             > kitchen listens for recipient until 20.0
             said 3.000-3.500 kitchen Eve{meant}: cancel
             4.0 kitchen hears {heard}
             {then}"
        )
    };
    let heard = "\"cancel\" 0.9 from 3.0";
    let ends = "> kitchen cancels\n> kitchen notice \"Okay\"\n> kitchen listens for wake";
    kept(&cancel(" [cancel]", heard, ends));
    breaks(Rule::S2, &cancel(" [cancel]", heard, ""));
    breaks(
        Rule::S2,
        &cancel(
            " [cancel]",
            heard,
            "> kitchen prompt 2 \"To whom?\" 1.0 recipient\n> kitchen listens for wake",
        ),
    );
    breaks(
        Rule::S2,
        &cancel(
            " [cancel]",
            heard,
            "> kitchen listens for wake\n> kitchen listens for command",
        ),
    );
    for not_plain in [
        "\"cancel\" 0.4 from 3.0",
        "\"cancel\" 0.9 from 3.0 interim",
        "\"cancel\" 0.9 from 3.0 unknown voice",
        "\"counsel\" 0.6 or \"cancel\" 0.4 from 3.0",
        "\"cancel\" 0.9 from 3.6",
    ] {
        kept(&cancel(" [cancel]", not_plain, ""));
    }
    breaks(
        Rule::S2,
        &cancel(" [cancel]", "\"cancel\" 0.9 from 3.5", ""),
    );
    kept(&cancel("", heard, ""));
    kept(&cancel(
        " [cancel]",
        heard,
        &format!("{ends}\n6.0 kitchen hears \"alexa\" 0.9 from 5.0\n> kitchen listens for command"),
    ));
}

#[test]
fn s2_a_recording_ends_too() {
    let cancelled =
        "said 3.000-3.500 kitchen Eve [cancel]: cancel\n4.0 kitchen hears \"cancel\" 0.9 from 3.0";
    let record =
        format!("1.0 time\n> kitchen notice \"Recording\"\n> kitchen records m1\n{cancelled}");
    breaks(Rule::S2, &record);
    kept(&format!("{record}\n> kitchen cancels m1"));
    kept(&format!("{record}\n> kitchen ends m1"));
    kept(&format!("{record}\n> kitchen cancels"));
    breaks(Rule::S2, &format!("{record}\n> kitchen cancels m2"));
}

#[test]
fn s3_silence_ends_every_session() {
    let asked = |time: &str, then: &str| {
        format!(
            "1.0 kitchen hears \"alexa\" 0.9 from 0.5\n> kitchen listens for command\n{time} time\n{then}"
        )
    };
    kept(&asked("91.0", ""));
    breaks(Rule::S3, &asked("91.001", ""));
    kept(&asked("91.001", "> kitchen listens for wake"));
    breaks(
        Rule::S3,
        &asked(
            "91.001",
            "> kitchen prompt 1 \"Still there?\" 1.0 command\n> kitchen listens for wake",
        ),
    );
    kept(&asked(
        "50.0",
        "60.0 kitchen hears \"hm\" 0.2 from 59.0\n> kitchen listens for wake\n99.0 time",
    ));
    breaks(
        Rule::S3,
        &asked(
            "50.0",
            "90.0 kitchen hears \"hm\" 0.9 from 59.0 own voice\n99.0 time",
        ),
    );
    breaks(
        Rule::S3,
        &asked("50.0", "90.0 bedroom hears \"hm\" 0.9 from 59.0\n99.0 time"),
    );
    kept("1.0 kitchen pressed confirm\n> kitchen listens for command until 9.0\n99.0 time");
    breaks(
        Rule::S3,
        "1.0 kitchen pressed confirm\n> kitchen notice \"Recording\"\n> kitchen records m1\n99.0 time",
    );
}

#[test]
fn a_restart_ends_every_session() {
    let then = |before: &str, after: &str| {
        format!("1.0 kitchen pressed confirm\n{before}\n2.0 restart\n{after}")
    };
    kept(&then("> kitchen listens for command", "99.0 time"));
    kept(&then(
        "> kitchen notice \"Recording\"\n> kitchen records m1",
        "99.0 time",
    ));
    let told = "said 3.000-4.000 kitchen Eve [command]: lights on
        4.0 kitchen hears \"lights on\" 0.9 from 3.0\nend";
    let asked = "> kitchen prompt 1 \"What can I do?\" 0.5 command";
    kept(&then(asked, told));
    breaks(
        Rule::S4,
        &then(asked, told).replace("2.0 restart", "2.0 time"),
    );
}

#[test]
fn s4_a_plain_command_is_carried_out() {
    let told = |heard: &str, then: &str| {
        format!(
            "1.0 kitchen hears \"alexa\" 0.9 from 0.5
             > kitchen listens for command until 9.0
             said 2.000-3.000 kitchen Eve [command]: turn on the lights
             3.0 kitchen hears {heard} from 2.0
             {then}
             9.0 time
             end"
        )
    };
    let plain = "\"turn on the lights\" 0.9";
    kept(&told(plain, "> kitchen acts light_on"));
    kept(&told(
        plain,
        "> timer 7.0\n7.0 time\n> kitchen acts light_on",
    ));
    breaks(Rule::S4, &told(plain, "> kitchen notice \"Sorry\""));
    breaks(
        Rule::S4,
        &told(plain, "8.001 time\n> kitchen acts light_on"),
    );
    kept(&told(plain, "8.0 time\n> kitchen acts light_on"));
    kept(&told("\"turn on the lights\" 0.4", ""));
    kept(&told("\"turn on the light show tonight\" 0.9", ""));
    kept(&told(plain, "").replace(" [command]", ""));
    kept(&told(plain, "").replace("until 9.0", "until 3.0"));
    breaks(
        Rule::S4,
        &told(plain, "").replace("until 9.0", "until 3.001"),
    );
    breaks(
        Rule::S4,
        &told("\"alexa turn on the lights\" 0.9", "").replace("until 9.0", "until 2.5"),
    );
    breaks(Rule::S4, &format!("start off kitchen\n{}", told(plain, "")));
}

#[test]
fn s4_the_end_of_the_run_is_too_late() {
    let told = "said 2.000-3.000 kitchen Eve [command]: lights on
        3.0 kitchen hears \"alexa lights on\" 0.9 from 2.0";
    breaks(Rule::S4, &format!("{told}\nend"));
    kept(told);
    kept(&format!("{told}\n> timer 4.0\nend"));
    kept(&format!(
        "{told}\n> kitchen prompt 1 \"Which lights?\" 1.0 command\nend"
    ));
    kept(&format!("{told}\n3.5 restart\nend"));
}
