//! Bodies of the fuzz targets: any bytes become a case, and every case ends in a verdict.
//!
//! [`dialog`] plays symbolic events ("the wanted answer", "a millisecond before the deadline") to
//! the guarded assistant, and the oracle judges the trace. [`script`] reads the bytes as a script,
//! and holds it when it is one. Both panic on what must not be, which is how a fuzzer learns of it.
//!
//! The targets themselves are in `fuzz/`, their seeds in `corpora/fuzz/`; `cargo test` plays the
//! seeds without a fuzzer.

use crate::{Case, Channel, Preset, Reference, hold};
use mondegreen_oracle::{Breach, Rule, accountable, judge};
use mondegreen_trace::{Script, Trace};

/// The longest scripts that are held, so that a run takes milliseconds.
const EVENTS_MAX: usize = 32;
const DEVICES_MAX: usize = 4;
const CONTACTS_MAX: usize = 16;
const WORDS_MAX: usize = 200;
const CHARS_MAX: usize = 2_000;

/// Plays a case, given as bytes, to the guarded assistant.
///
/// # Panics
/// When it breaks a gate rule. Intent and service rules are about people, and
/// nobody speaks here.
pub fn dialog(bytes: &[u8]) {
    let trace = play(bytes);
    check_gates(&trace);
    let replayed = accountable(&trace, &play(bytes)); // G15
    assert_eq!(replayed, Ok(()), "\n{}", written(&trace));
}

/// What happens when a case, given as bytes, is played to the guarded assistant.
pub fn play(bytes: &[u8]) -> Trace {
    let played = crate::play(
        &Case::from_bytes(bytes),
        &mut Reference::new(Preset::GUARDED),
    );
    assert!(played.is_ok(), "{played:?}");
    played.unwrap_or_default()
}

/// Reads bytes as a script, and holds it with the guarded assistant if it is one and small.
///
/// # Panics
/// When the script does not read back as itself, breaks the assistant, or makes it break a gate
/// rule.
pub fn script(bytes: &[u8]) {
    let Ok(script) = String::from_utf8_lossy(bytes).parse::<Script>() else {
        return;
    };
    let printed = script.to_string();
    assert_eq!(printed.parse().as_ref(), Ok(&script), "\n{printed}");
    if is_small(&script) {
        let trace = held(&script);
        check_gates(&trace);
    }
}

/// Whether [`script`] holds it.
pub fn is_small(script: &Script) -> bool {
    let names = script.household.contacts.iter().map(|c| c.name.as_str());
    let texts = script.utterances().map(|said| said.text.as_str());
    let texts: Vec<&str> = names.chain(texts).collect();
    let words: usize = texts.iter().map(|t| t.split_whitespace().count()).sum();
    let chars: usize = texts.iter().map(|text| text.len()).sum();
    script.events.len() <= EVENTS_MAX
        && script.household.devices.len() <= DEVICES_MAX
        && script.household.contacts.len() <= CONTACTS_MAX
        && words <= WORDS_MAX
        && chars <= CHARS_MAX
}

fn held(script: &Script) -> Trace {
    let preset = Preset::GUARDED;
    let mut channel = Channel::new(preset.wake, &script.household);
    let held = hold(script, &mut channel, &mut Reference::new(preset));
    assert_eq!(held.broken, None, "\n{script}");
    held.trace
}

fn check_gates(trace: &Trace) {
    let breaches = judge(trace).into_iter();
    let counts = |breach: &Breach| breach.rule <= Rule::G15;
    let breaches: Vec<Breach> = breaches.filter(counts).collect();
    assert_eq!(breaches, [], "\n{}", written(trace));
}

fn written(trace: &Trace) -> String {
    trace.to_json_lines().unwrap_or_default()
}
