//! What decides whether the send that may come breaks a rule: where the verdict turns, the outlook
//! differs.

use crate::HOME;
use crate::notation::trace;
use mondegreen_oracle::{Judge, Outlook, Reader, judge};
use mondegreen_trace::fact::Dictionary;
use mondegreen_trace::{Effect, Line};

/// What the kitchen has before it; it may send `m1` and `m2`. The speech that it heard from these
/// times on may be withdrawn.
fn outlook(text: &str, speech: &[u64]) -> Outlook {
    let (mut judge, mut reader) = (Judge::new(), Reader::new());
    let mut dictionary = Dictionary::new();
    let lines = trace(&format!("{HOME}{text}")).lines;
    for line in lines.iter().chain([&Line::Out(Effect::Done)]) {
        judge.see(&dictionary.fact(line), &mut reader, &dictionary);
    }
    let kitchen = dictionary.term("kitchen");
    let messages = ["m1", "m2"].map(|id| dictionary.term(id));
    let speech: Vec<_> = speech.iter().map(|from_ms| (kitchen, *from_ms)).collect();
    judge.outlook(kitchen, messages, &speech, (&mut reader, &dictionary))
}

/// Whether what comes then is in order.
#[track_caller]
fn is_kept(text: &str, then: &str) -> bool {
    let broken = |then: &str| judge(&trace(&format!("{HOME}{text}\n> done\n{then}")));
    assert_eq!(broken(""), [], "{text}");
    broken(then).is_empty()
}

/// What comes then is in order after `good` alone; so these two do not look the same.
#[track_caller]
fn turns(good: &str, bad: &str, speech: &[u64], then: &str) {
    let kept = (is_kept(good, then), is_kept(bad, then));
    assert_eq!(kept, (true, false), "{good}\n{bad}\n{then}");
    let (good, bad) = (outlook(good, speech), outlook(bad, speech));
    assert!(good != bad && good.bits() != bad.bits(), "{good:?}");
}

const ASKS: &str = "> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation c1 m1\n";
const YES: &str = "2.0 kitchen hears \"yes\" 0.9 from 1.5\n";
const NOTICE: &str = "> kitchen notice \"Sending\"\n";
const SENDS: &str = "> kitchen sends m1 to c1\n";

/// Permission was asked for, given and announced, at 2 s.
fn allowed() -> String {
    format!("{ASKS}{YES}{NOTICE}")
}

#[test]
fn messaging_is_on() {
    let (on, off) = ("3.0 messaging on", "3.0 messaging off");
    let text = allowed();
    turns(&format!("{text}{on}"), &format!("{text}{off}"), &[], SENDS);
}

#[test]
fn a_message_was_called_for_shortly_before() {
    let called = |at: &str| {
        format!("{at} time\n> kitchen prompt 1 \"What's the message?\" 1.0 message\n30.0 time\n")
    };
    let records = "> kitchen records m1";
    turns(&called("20.0"), "30.0 time", &[], records);
    turns(&called("20.0"), &called("5.0"), &[], records);
    let other = called("20.0").replace("1.0 message", "1.0 recipient");
    turns(&called("20.0"), &other, &[], records);
    turns(&called("14.0"), &called("13.999"), &[], records);
}

#[test]
fn permission_was_asked_for() {
    let then = format!("{YES}{NOTICE}{SENDS}");
    turns(ASKS, "", &[], &then);
    turns(ASKS, &ASKS.replace(" m1", " m2"), &[], &then);
    turns(ASKS, &ASKS.replace("Ana Ruiz", "Bob Stone"), &[], &then);
    turns(ASKS, &ASKS.replace("c1", "c2"), &[], &then);
}

#[test]
fn an_answer_is_in_time() {
    let listens = |until: &str| format!("{ASKS}> kitchen listens for {until}\n2.0 time\n");
    let at = |time: &str| format!("{time} kitchen hears \"yes\" 0.9 from 1.5\n{NOTICE}{SENDS}");
    let long = listens("confirmation until 9.0");
    turns(&long, &listens("confirmation until 2.0"), &[], &at("2.0"));
    turns(
        &long,
        &listens("confirmation until 9.0\n> kitchen listens for wake"),
        &[],
        &at("2.0"),
    );
    // Nothing is known of a window of which the assistant says nothing.
    let unknown = format!("{ASKS}2.0 time\n");
    turns(&unknown, &long, &[], &at("9.0"));
    turns(
        &unknown,
        &listens("confirmation until 2.0"),
        &[],
        &at("2.0"),
    );
    turns(
        &unknown,
        &listens("confirmation until 9.0\n> kitchen listens for wake"),
        &[],
        &at("2.0"),
    );
}

#[test]
fn permission_is_not_from_before_a_restart_and_not_spent() {
    let text = allowed();
    let restart = format!("{text}3.0 restart\n{NOTICE}");
    turns(&format!("{text}3.0 time\n{NOTICE}"), &restart, &[], SENDS);
    let spent = format!("{text}{SENDS}");
    turns(&text, &spent, &[], SENDS);
}

#[test]
fn a_prompt_ends_once() {
    let text = allowed();
    let ended = text.replace("2.0 kitchen", "1.0 kitchen prompt 1 ended\n2.0 kitchen");
    let then = format!("4.0 kitchen prompt 1 ended\n{SENDS}");
    turns(&ended, &text, &[], &then);
}

#[test]
fn permission_was_given_and_announced() {
    turns(&allowed(), &format!("{ASKS}{YES}"), &[], SENDS);
    let unclear = allowed().replace("\"yes\"", "\"well\"");
    turns(&allowed(), &unclear, &[], SENDS);
    let before = format!("{ASKS}{NOTICE}{YES}");
    turns(&allowed(), &before, &[], SENDS);
}

/// A button cannot be withdrawn, nor can speech of which all that may be withdrawn is known.
#[test]
fn an_answer_may_be_withdrawn() {
    let then = format!("3.0 kitchen withdraws 1.5\n{SENDS}");
    let firm = allowed().replace("from 1.5", "from 1.6");
    turns(&firm, &allowed(), &[1_500], &then);
    let pressed = format!("{ASKS}1.5 kitchen pressed confirm\n{NOTICE}");
    turns(&pressed, &allowed(), &[1_500], &then);
    let twice = format!("{ASKS}{YES}2.5 kitchen hears \"yes\" 0.9 from 2.2\n{NOTICE}");
    turns(&twice, &allowed(), &[1_500], &then);
}

#[test]
fn permission_was_not_refused_since() {
    let text = allowed();
    let no = |heard: &str, from: &str| format!("{heard} kitchen hears \"no\" 0.9 from {from}\n");
    let after = format!("{text}{}", no("3.0", "2.5"));
    let later = format!("{text}{}", no("3.0", "2.5").replace("no", "well"));
    turns(&later, &after, &[], SENDS);
    // It may come in turn before the yes, but not while the device still speaks.
    let before = |refusal: &str| text.replace(YES, &format!("{refusal}\n{YES}"));
    let early = before(&no("0.9", "0.5"));
    turns(&early, &before(&no("1.4", "1.0")), &[], SENDS);
    turns(&early, &before("0.9 kitchen pressed cancel"), &[], SENDS);
    // What began before the prompt had ended and is reported after the yes is in turn.
    let button = text.replace(YES, "0.9 kitchen pressed confirm\n");
    let reported = format!("{button}{}", no("1.0", "0.5"));
    turns(&button, &reported, &[], SENDS);
    let then = format!("3.5 kitchen withdraws 2.5\n{SENDS}");
    let pressed = format!("{text}3.0 kitchen pressed cancel\n");
    turns(&after, &pressed, &[2_500], &then);
}

#[test]
fn nobody_talked_across_the_prompt() {
    let talk = |from: &str| {
        allowed().replace(
            YES,
            &format!("1.4 kitchen hears \"so I said\" 0.9 from {from}\n{YES}"),
        )
    };
    turns(&talk("1.1"), &talk("0.5"), &[], SENDS);
    let then = format!("3.0 kitchen withdraws 0.5\n{SENDS}");
    turns(&talk("0.5"), &talk("0.6"), &[500], &then);
}

/// A prompt may be reported to have ended just now, earlier than was reckoned.
#[test]
fn an_early_answer_may_turn_out_to_be_in_order() {
    let heard = |from: &str| format!("{ASKS}0.5 kitchen hears \"yes\" 0.9 from {from}\n{NOTICE}");
    let then = format!("0.5 kitchen prompt 1 ended\n{NOTICE}{SENDS}");
    turns(&heard("0.5"), &heard("0.499"), &[], &then);
    let withdrawn = format!("{}0.5 kitchen withdraws 0.5\n{NOTICE}", heard("0.5"));
    turns(&heard("0.5"), &withdrawn, &[500], &then);
    let unsure = heard("0.5").replace("0.9", "0.4");
    turns(&heard("0.5"), &unsure, &[], &then);
    let told = format!(
        "{ASKS}0.4 kitchen prompt 1 ended\n{}",
        &heard("0.399")[ASKS.len()..]
    );
    turns(&heard("0.5"), &told, &[], &then);
}

#[test]
fn the_assistant_did_not_drop_it_since() {
    let text = allowed();
    let dropped = format!("{text}3.0 time\n> kitchen cancels m1\n{NOTICE}");
    let other = dropped.replace("cancels m1", "cancels m2");
    turns(&other, &dropped, &[], SENDS);
    // Not every window that closes is of a message that is dropped.
    let listens = format!("{ASKS}> kitchen listens for confirmation\n{YES}{NOTICE}");
    let closed = format!("{listens}3.0 time\n> kitchen listens for wake\n{NOTICE}");
    let dropped = closed.replace("3.0 time", "3.0 time\n> kitchen cancels m1");
    turns(&closed, &dropped, &[], SENDS);
}

#[test]
fn what_was_recorded_was_asked_about() {
    let records = "> kitchen notice \"Recording\"\n> kitchen records m1\n> kitchen ends m1\n";
    let before = format!("{records}{}", allowed());
    let after = allowed().replace(YES, &format!("{records}{YES}"));
    turns(&before, &after, &[], SENDS);
    // Without a recording it is the words that count.
    turns(&allowed(), &after, &[], SENDS);
}

/// Not all that is told of a recording turns a verdict.
#[test]
fn it_is_told_what_became_of_a_recording() {
    let records = "> kitchen notice \"Recording\"\n> kitchen records m1\n";
    let ended = format!("{records}> kitchen ends m1\n");
    let all = [
        String::new(),
        records.to_owned(),
        ended.clone(),
        format!("{ended}> kitchen cancels m1\n"),
        format!("{ended}1.0 restart"),
    ];
    let after_restart = format!("1.0 restart\n{ended}");
    assert_eq!(outlook(&ended, &[]), outlook(&after_restart, &[]));
    let all = all.map(|text| outlook(&text, &[]));
    for (n, one) in all.iter().enumerate() {
        assert!(!all[..n].contains(one), "{n}");
    }
}

#[test]
fn another_attempt_is_for_what_failed() {
    let sent = |then: &str| format!("{}{SENDS}{then}", allowed());
    let failed = sent("3.0 delivery m1 failed");
    let then = "9.0 time\n> kitchen sends m1 to c1";
    for other in [
        "3.0 time",
        "3.0 delivery m1 ok",
        "3.0 delivery m2 failed",
        "3.0 delivery m1 failed\n4.0 restart",
        "3.0 delivery m1 failed\n> kitchen cancels m1",
    ] {
        turns(&failed, &sent(other), &[], then);
    }
    // Whatever else was sent since.
    let another = "5.0 time
        > kitchen prompt 5 \"Ana Ruiz, right?\" 1.0 confirmation c1 m3
        7.0 kitchen hears \"yes\" 0.9 from 6.5
        > kitchen notice \"Sending\"
        > kitchen sends m3 to c1";
    let both = ["3.0 delivery m1 failed", "3.0 time"];
    let both = both.map(|how| sent(&format!("{how}\n{another}")));
    turns(&both[0], &both[1], &[], then);
    // A question that is there may be older than what was sent, if that was sent unasked.
    let asks = ASKS.replace("1.0", "0.0");
    let over = format!("{asks}> kitchen listens for confirmation\n> kitchen listens for wake\n");
    let over = format!("{over}0.0 kitchen hears \"well\" 0.9 from 0.0\n{NOTICE}");
    let before = outlook(&format!("{over}{SENDS}"), &[]);
    assert_ne!(before, outlook(&format!("{SENDS}{over}"), &[]));
    let asked_again =
        format!("{failed}\n> kitchen prompt 2 \"Ana Ruiz, right?\" 1.0 confirmation c1 m1\n");
    turns(&failed, &asked_again, &[], then);
    // What is reported of a message that has left already changes nothing.
    let then = format!("9.0 delivery m1 failed\n{SENDS}");
    turns(&sent("3.0 time"), &sent("3.0 delivery m1 ok"), &[], &then);
    let elsewhere = format!("{}> bedroom sends m1 to c1\n", allowed());
    assert_ne!(outlook(&sent("3.0 time"), &[]), outlook(&elsewhere, &[]));
}

/// The same things at other times and lines look the same.
#[test]
fn only_what_matters_is_looked_at() {
    let again = "> kitchen notice \"Hello\"\n> bedroom prompt 7 \"Yes?\" 1.0 command\n";
    let text = allowed();
    let same = |other: &str| assert_eq!(outlook(&text, &[]), outlook(other, &[]), "{other}");
    same(&format!("{again}{text}"));
    same(&text.replace("2.0 kit", "1.9 kit"));
    same(&text.replace("\"yes\"", "\"right\""));
    same(&format!("{text}{NOTICE}"));
    // What a notice announced before the message was called for is no call.
    for asked in ["", "> kitchen prompt 1 \"To whom?\" 1.0 recipient\n"] {
        let announced = format!("> kitchen notice \"Hello\"\n{asked}");
        assert_eq!(outlook(asked, &[]), outlook(&announced, &[]), "{asked}");
    }
    assert_ne!(outlook(&text, &[]), Outlook::default());
    let unknown = trace("start attic | c1 Ana Ruiz");
    let (mut judge, mut reader) = (Judge::new(), Reader::new());
    let mut dictionary = Dictionary::new();
    judge.see(
        &dictionary.fact(&unknown.lines[0]),
        &mut reader,
        &dictionary,
    );
    let kitchen = dictionary.term("kitchen");
    let seen = judge.outlook(kitchen, [kitchen; 2], &[], (&mut reader, &dictionary));
    assert_eq!(seen, Outlook::default());
}
