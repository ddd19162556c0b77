//! Plays the seeds of the fuzz targets without a fuzzer, and writes them.
//!
//! `UPDATE_SEEDS=1 cargo test -p mondegreen-sim --test fuzz_corpora the_seeds` writes the seeds of
//! the modules here to `corpora/fuzz/`. What a fuzzer has found is kept beside them and played too.

mod cases;
mod texts;

use mondegreen_sim::case::Case;
use mondegreen_sim::fuzz::{self, Conversation};
use mondegreen_sim::{Mutant, Preset, Reference};
use mondegreen_trace::{Effect, Line, Script, Trace};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

/// The bytes of each seed, by its name.
type Seeds = BTreeMap<&'static str, Vec<u8>>;
/// A corpus has no more files than this, so that `cargo test` stays quick.
const FILES_MAX: usize = 64;
/// No file of it is longer, so that a fuzzer stays quick.
const FILE_BYTES_MAX: usize = 2_000;

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(name)
}

/// All files of a corpus, by name.
fn corpus(target: &str) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder("corpora/fuzz").join(target)).expect("the corpus is there");
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.expect("the corpus can be listed");
        let bytes = fs::read(entry.path()).expect("its files can be read");
        (entry.file_name().to_string_lossy().into_owned(), bytes)
    };
    entries.map(file).collect()
}

#[track_caller]
fn check_seeds(target: &str, seeds: &Seeds) {
    let folder = folder("corpora/fuzz").join(target);
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

#[test]
fn the_seeds_are_written_down() {
    check_seeds("dialog", &cases::dialog());
    check_seeds("devices", &cases::devices());
    check_seeds("conversation", &cases::conversation());
    check_seeds("script", &texts::script());
    check_seeds("protocol", &texts::protocol());
    check_seeds("talk", &texts::talk());
    check_seeds("wav", &texts::wav());
    check_seeds("canary", &cases::canary());
}

/// Plays all files of a corpus; none of them may be found to go wrong.
#[track_caller]
fn check_corpus(target: &str, body: impl Fn(&[u8])) {
    let corpus = corpus(target);
    assert!(corpus.len() <= FILES_MAX, "{} files", corpus.len());
    for (name, bytes) in corpus {
        eprintln!("{target}/{name}");
        assert!(bytes.len() <= FILE_BYTES_MAX, "{} bytes", bytes.len());
        body(&bytes);
    }
}

#[test]
fn no_case_breaks_a_gate_rule() {
    check_corpus("dialog", fuzz::dialog);
}

#[test]
fn no_two_cases_at_once_break_a_gate_rule() {
    check_corpus("devices", fuzz::devices);
}

#[test]
fn no_conversation_breaks_a_gate_rule() {
    check_corpus("conversation", fuzz::conversation);
}

#[test]
fn no_script_goes_wrong() {
    check_corpus("script", fuzz::script);
}

#[test]
fn no_protocol_goes_wrong() {
    check_corpus("protocol", fuzz::protocol);
}

#[test]
fn no_talk_goes_wrong() {
    check_corpus("talk", fuzz::talk);
}

#[test]
fn no_sound_goes_wrong() {
    check_corpus("wav", fuzz::wav);
}

/// The canary can be found, by what it is about; and its seeds do not give it away.
#[test]
fn the_canary_is_there_to_be_found() {
    let mutant = Mutant::named(fuzz::CANARY).expect("there is such a mutant");
    let witness = mutant.witness().to_bytes();
    let found = std::panic::catch_unwind(|| fuzz::canary(&witness)).expect_err("it is found");
    let why = found.downcast_ref::<String>().expect("it says why");
    assert!(why.contains(&format!("rule: {:?}", mutant.breaks)), "{why}");
    check_corpus("canary", fuzz::canary);
}

fn played(case: &Case) -> Trace {
    fuzz::played(case, &mut Reference::new(Preset::GUARDED))
}

/// The devices that a message leaves from.
fn senders(trace: &Trace) -> BTreeSet<String> {
    let mut senders = BTreeSet::new();
    for line in &trace.lines {
        if let Line::Out(Effect::Send { device, .. }) = line {
            senders.insert(device.clone());
        }
    }
    senders
}

/// A corpus that never meets a send proves nothing.
#[test]
fn cases_do_send() {
    let cases = corpus("dialog");
    let traces = cases.values().map(|bytes| played(&Case::from_bytes(bytes)));
    let sending = traces.filter(|trace| !senders(trace).is_empty()).count();
    println!("{sending} of {} cases end in a send", cases.len());
    assert!(sending >= 15, "only {sending} of {} send", cases.len());
}

/// Where messaging is off, or nothing tells the contacts apart, going on leads nowhere.
#[test]
fn cases_do_not_all_send() {
    for name in ["messaging-off", "same-spelling", "empty"] {
        let trace = played(&Case::from_bytes(&cases::dialog()[name]));
        assert!(senders(&trace).is_empty(), "{name} sends");
    }
}

#[test]
fn two_cases_at_once_do_send() {
    let cases = corpus("devices");
    let played = |bytes: &Vec<u8>| senders(&played(&fuzz::interleaved(bytes))).len();
    let senders: Vec<usize> = cases.values().map(played).collect();
    let (some, both) = (
        senders.iter().filter(|&&count| count == 1),
        senders.iter().filter(|&&count| count == 2),
    );
    let (some, both) = (some.count(), both.count());
    println!(
        "of {} pairs {some} send from one device, {both} from both",
        cases.len()
    );
    assert!(
        some >= 3 && both >= 3,
        "{some} and {both} of {}",
        cases.len()
    );
}

#[test]
fn conversations_do_send() {
    let held = |bytes: &Vec<u8>| Conversation::from_bytes(bytes).held().1.trace;
    let conversations = corpus("conversation");
    let traces = conversations.values().map(held);
    let sending = traces.filter(|trace| !senders(trace).is_empty()).count();
    println!(
        "{sending} of {} conversations end in a send",
        conversations.len()
    );
    assert!(
        sending >= 8,
        "only {sending} of {} send",
        conversations.len()
    );
}

/// So that a target sees both sides of every check.
#[track_caller]
fn check_good_and_bad(target: &str, is_read: impl Fn(&[u8]) -> bool) {
    let cases = corpus(target);
    let good = cases.values().filter(|bytes| is_read(bytes)).count();
    assert!(
        good >= 5 && good + 5 <= cases.len(),
        "{good} of {}",
        cases.len()
    );
}

#[test]
fn corpora_are_good_and_bad() {
    let script = |bytes: &[u8]| String::from_utf8_lossy(bytes).parse::<Script>().ok();
    check_good_and_bad("script", |bytes| script(bytes).is_some());
    check_good_and_bad("script", |bytes| {
        script(bytes).is_some_and(|script| fuzz::is_small(&script))
    });
    check_good_and_bad("protocol", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        text.lines()
            .all(|line| serde_json::from_str::<Line>(line).is_ok())
    });
    check_good_and_bad("talk", |bytes| {
        mondegreen_generator::read_talk(bytes).is_ok()
    });
    check_good_and_bad("wav", |bytes| mondegreen_detector::Wav::new(bytes).is_ok());
}

/// Every key and every type of the protocol is a word that the fuzzer knows.
#[test]
fn the_dictionary_of_the_protocol_is_whole() {
    let path = folder("fuzz/dictionaries/protocol.dict");
    let dictionary = fs::read_to_string(path).expect("it is there");
    let unescaped = dictionary.replace("\\\"", "'");
    let mut words = BTreeSet::new();
    for bytes in texts::protocol().values() {
        for line in String::from_utf8_lossy(bytes).lines() {
            if serde_json::from_str::<Line>(line).is_ok() {
                let value = serde_json::from_str(line).expect("it is JSON");
                keys_and_names(&value, &mut words);
            }
        }
    }
    assert!(words.len() > 50, "{words:?}");
    for word in words {
        assert!(unescaped.contains(&format!("'{word}'")), "{word}");
    }
}

/// The keys of an object and of what lies in it, and what stands where types and choices do.
fn keys_and_names(value: &serde_json::Value, words: &mut BTreeSet<String>) {
    if let Some(list) = value.as_array() {
        for item in list {
            keys_and_names(item, words);
        }
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        words.insert(key.clone());
        let is_choice = ["type", "voice", "button", "asks", "for", "meant"].contains(&key.as_str());
        if let Some(name) = value.as_str().filter(|_| is_choice) {
            words.insert(name.to_owned());
        }
        keys_and_names(value, words);
    }
}
