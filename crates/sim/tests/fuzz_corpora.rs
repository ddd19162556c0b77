//! Plays the seeds of the fuzz targets without a fuzzer, and writes them.
//!
//! `UPDATE_SEEDS=1 cargo test -p mondegreen-sim --test fuzz_corpora the_seeds` writes the seeds
//! below to `corpora/fuzz/`. Cases that a fuzzer has found are kept beside them and played as well.

use mondegreen_sim::case::{Case, Event, How, What, When};
use mondegreen_sim::fuzz;
use mondegreen_trace::{Effect, Line, Script};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// From the wake word to the message leaving.
const STEPS_TO_SEND: usize = 12;
/// How many of them lead to the question whether to send, before its answer.
const STEPS_TO_QUESTION: usize = 10;

type Seeds = BTreeMap<&'static str, Vec<u8>>;

fn folder(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../corpora/fuzz")
        .join(target)
}

/// All files of a corpus, by name.
fn corpus(target: &str) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder(target)).expect("the corpus is there");
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.expect("the corpus can be listed");
        let bytes = fs::read(entry.path()).expect("its files can be read");
        (entry.file_name().to_string_lossy().into_owned(), bytes)
    };
    entries.map(file).collect()
}

#[track_caller]
fn check_seeds(target: &str, seeds: &Seeds) {
    let folder = folder(target);
    if std::env::var_os("UPDATE_SEEDS").is_some() {
        fs::create_dir_all(&folder).expect("a folder for the corpus");
        for (name, bytes) in seeds {
            fs::write(folder.join(name), bytes).expect("the corpus can be written");
        }
    }
    let corpus = corpus(target);
    for (name, bytes) in seeds {
        assert_eq!(
            corpus.get(*name),
            Some(bytes),
            "{target}/{name}: see the top of this file for how to write it"
        );
    }
}

fn onward(steps: usize) -> Vec<Event> {
    vec![Event::plain(What::Onward); steps]
}

/// Onward for some steps, then this, then onward for long enough to send.
fn with(steps: usize, events: &[Event]) -> Vec<u8> {
    let rest = onward(STEPS_TO_SEND);
    Case::plain([&onward(steps), events, &rest].concat()).to_bytes()
}

fn at(what: What, when: When) -> Event {
    Event {
        when,
        ..Event::plain(what)
    }
}

fn as_heard(what: What, how: How) -> Event {
    Event {
        how,
        ..Event::plain(what)
    }
}

fn elsewhere(what: What) -> Event {
    Event {
        device: 1,
        ..Event::plain(what)
    }
}

#[rustfmt::skip]
fn dialog_seeds() -> Seeds {
    let plainly = onward(STEPS_TO_SEND);
    let named = |names| Case { names, ..Case::plain(plainly.clone()) }.to_bytes();
    let (answer, holding) = (STEPS_TO_QUESTION, STEPS_TO_QUESTION + 1);
    BTreeMap::from([
        ("send", Case::plain(plainly.clone()).to_bytes()),
        ("send-twice", with(STEPS_TO_SEND, &[])),
        ("send-named", with(1, &[Event::plain(What::SendMessageToFirst)])),
        ("same-sound", named([0, 1])),
        ("same-spelling", named([0, 0])),
        ("name-of-answers", named([4, 5])),
        ("name-of-refusal", named([3, 0])),
        ("name-in-quotes", named([6, 2])),
        ("name-of-nothing", named([7, 7])),
        ("messaging-off", Case { messaging: false, ..Case::plain(plainly.clone()) }.to_bytes()),
        ("messaging-off-while-held", with(holding, &[Event::plain(What::MessagingOff)])),
        ("restart-while-held", with(holding, &[Event::plain(What::Restart)])),
        ("cancel-while-held", with(holding, &[Event::plain(What::Cancel)])),
        ("cancel-before-hold-ends", with(holding, &[at(What::Cancel, When::BeforeDeadline)])),
        ("button-while-held", with(holding, &[at(What::CancelButton, When::BeforeDeadline)])),
        ("withdrawn-while-held", with(holding, &[Event::plain(What::Withdrawn)])),
        ("no", with(answer, &[Event::plain(What::No)])),
        ("yes-for-the-word", with(answer, &[Event::plain(What::Yes)])),
        ("confirm-button", with(answer, &[Event::plain(What::ConfirmButton)])),
        ("answer-before-window-closes", with(answer, &[at(What::Wanted, When::BeforeDeadline)])),
        ("answer-as-window-closes", with(answer, &[at(What::Wanted, When::AtDeadline)])),
        ("answer-overslept", with(answer, &[at(What::Wanted, When::Overslept)])),
        ("answer-much-later", with(answer, &[at(What::Wanted, When::MuchLater)])),
        ("answer-during-prompt", with(answer - 1, &[at(What::Wanted, When::BeforePromptEnd)])),
        ("answer-across-prompt", with(answer, &[as_heard(What::Wanted, How::SinceBeforePromptEnd)])),
        ("answer-from-prompt-end", with(answer, &[as_heard(What::Wanted, How::SincePromptEnd)])),
        ("answer-just-sure", with(answer, &[as_heard(What::Wanted, How::JustSure)])),
        ("answer-doubtful", with(answer, &[as_heard(What::Wanted, How::Doubtfully)])),
        ("answer-second", with(answer, &[as_heard(What::Wanted, How::Second)])),
        ("answer-beside-no", with(answer, &[as_heard(What::Wanted, How::BesideNo)])),
        ("answer-in-talk", with(answer, &[as_heard(What::Wanted, How::WithinTalk)])),
        ("answer-addressed", with(answer, &[as_heard(What::Wanted, How::Addressed)])),
        ("answer-interim", with(answer, &[as_heard(What::Wanted, How::Interim)])),
        ("answer-by-device", with(answer, &[as_heard(What::Wanted, How::ByDevice)])),
        ("answer-by-stranger", with(answer, &[as_heard(What::Wanted, How::ByStranger)])),
        ("answer-elsewhere", with(answer, &[elsewhere(What::Wanted)])),
        ("echo", with(answer, &[Event::plain(What::Echo)])),
        ("old-prompt-ended", with(answer - 1, &[Event::plain(What::OldPromptEnded)])),
        ("silence", with(answer, &[Event::plain(What::Time); 3])),
        ("two-devices", with(3, &[elsewhere(What::Onward); STEPS_TO_SEND])),
        ("undelivered", with(STEPS_TO_SEND, &[Event::plain(What::Undelivered); 3])),
        ("undelivered-after-cancel", with(STEPS_TO_SEND, &[
            Event::plain(What::CancelButton), Event::plain(What::Undelivered),
        ])),
        ("delivered", with(STEPS_TO_SEND, &[
            Event::plain(What::Delivered), Event::plain(What::Undelivered),
        ])),
        ("lights", with(1, &[Event::plain(What::Lights)])),
        ("empty", Vec::new()),
    ])
}

#[rustfmt::skip]
fn script_seeds() -> Seeds {
    let title = "mondegreen script 1\n";
    let home = "seed 7\ndevice kitchen\ndevice hall\ncontact c1 Grace Hope\nmessaging on\n\n";
    let script = |events: &str| format!("{title}{home}{events}").into_bytes();
    BTreeMap::from([
        ("empty", Vec::new()),
        ("title", title.into()),
        ("not-text", vec![0xFF, 0xFE, 0x00]),
        ("home", script("")),
        ("talk", script("4.100-5.900 kitchen Maria: I got a letter from the council.\n9.000-9.600 kitchen+hall Tom: Right.\n")),
        ("meant", script("1.000-1.600 kitchen Tom [request c1]: Alexa.\n3.000-4.000 kitchen Tom [request c1]: Send a message.\n9.000-9.500 kitchen Tom [content c1]: Home late.\n20.000-20.400 kitchen Tom [cancel]: Stop.\n30.000-31.000 hall Tom [command]: Turn on the lights.\n")),
        ("happenings", script("1.000 kitchen pressed confirm\n2.000 kitchen pressed cancel\n3.000 restart\n4.000 messaging off\n5.000 delivery failed\n")),
        ("escapes", script("1.000-2.000 kitchen A\\\\B: one\\ntwo\\rthree\n")),
        ("comments", script("# nobody\n\n1.000-2.000 kitchen Tom:\n# speaks\n")),
        ("late", script("18446744073709551.614-18446744073709551.615 kitchen Tom: Alexa.\n")),
        ("back-in-time", script("2.000 restart\n1.000 restart\n")),
        ("too-late", script("18446744073709551.616 restart\n")),
        ("no-such-device", script("1.000-2.000 attic Tom: Hello.\n")),
        ("no-such-contact", script("1.000-2.000 kitchen Tom [request c9]: Hello.\n")),
        ("device-twice", script("device hall\n")),
        ("five-devices", script("device a\ndevice b\ndevice c\n1.000-2.000 a Tom: Alexa.\n")),
        ("nobody-at-home", format!("{title}messaging off\n1.000 restart\n").into_bytes()),
    ])
}

fn ends_in_a_send(bytes: &[u8]) -> bool {
    let is_send = |line: &Line| matches!(line, Line::Out(Effect::Send { .. }));
    fuzz::play(bytes).lines.iter().any(is_send)
}

#[test]
fn the_seeds_are_written_down() {
    check_seeds("dialog", &dialog_seeds());
    check_seeds("script", &script_seeds());
}

#[test]
fn no_case_of_the_dialog_corpus_breaks_a_gate_rule() {
    for (name, bytes) in corpus("dialog") {
        println!("{name}");
        fuzz::dialog(&bytes);
    }
}

#[test]
fn no_case_of_the_script_corpus_goes_wrong() {
    for (name, bytes) in corpus("script") {
        println!("{name}");
        fuzz::script(&bytes);
    }
}

/// A corpus that never meets a send proves nothing.
#[test]
fn dialog_cases_do_send() {
    let cases = corpus("dialog");
    let sending = cases.values().filter(|bytes| ends_in_a_send(bytes)).count();
    println!("{sending} of {} cases end in a send", cases.len());
    assert!(sending >= 15, "only {sending} of {} send", cases.len());
}

/// Where messaging is off, or nothing tells the contacts apart, going on leads nowhere.
#[test]
fn dialog_cases_do_not_all_send() {
    let silent = ["messaging-off", "same-spelling", "empty"];
    for name in silent {
        assert!(!ends_in_a_send(&dialog_seeds()[name]), "{name} sends");
    }
}

/// So that the script target sees both sides of every check.
#[test]
fn script_cases_are_good_and_bad() {
    let read = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).parse::<Script>().ok();
    let cases = corpus("script");
    let good: Vec<Script> = cases.values().filter_map(read).collect();
    let small = good.iter().filter(|script| fuzz::is_small(script)).count();
    println!("{small} of {} scripts are held", good.len());
    assert!(small >= 5 && small < good.len() && good.len() < cases.len());
}
