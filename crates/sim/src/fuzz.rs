//! Bodies of the fuzz targets: any bytes become something that means something, and everything ends
//! in a verdict. They panic on what must not be, which is how a fuzzer learns of it.
//!
//! | Target | The bytes are | What must hold |
//! | --- | --- | --- |
//! | [`dialog`] | a case: symbolic events, played to the guarded assistant | the gate rules |
//! | [`devices`] | two cases at once, each on a device of its own | the gate rules |
//! | [`conversation`] | what people say and do, held in the room with the guarded assistant | the gate rules |
//! | [`script()`] | a script | it reads back as itself; held, it breaks no gate rule |
//! | [`protocol`] | lines of the assistant protocol | they read back as themselves; a trace of them is judged |
//! | [`talk`] | real talk: WebVTT, SRT, a table | it is in order, and makes a script |
//! | [`wav`] | sound | there is no more of it than bytes; it reads back as itself |
//! | [`canary`] | a case, played to a [`Mutant`] | nothing: a fuzzer that does not find its fault is blind |
//!
//! Cases are changed event by event: [`mutate_case`] and its like. The targets themselves are in
//! `fuzz/`, their seeds in `corpora/fuzz/`; `cargo test` plays the seeds without a fuzzer.

mod conversation;
mod devices;
mod mutate;
mod reading;

pub use conversation::{Conversation, Does, LINES, OFFSETS_MS, Turn};
pub use devices::interleaved;
pub use mutate::{mutate_case, mutate_devices, splice_cases, splice_devices};
pub use reading::{is_small, protocol, script, talk, wav};

use crate::{Assistant, Case, Channel, Held, Mutant, Preset, Reference, hold, play};
use mondegreen_oracle::{Breach, Rule, accountable, judge};
use mondegreen_trace::{Script, Trace};

/// The mutant of [`canary`]: its fault shows after a question that was not answered was asked again
/// with another word, more than ten right steps from the beginning.
pub const CANARY: &str = "first-word-kept";

/// Plays a case, given as bytes, to the guarded assistant.
///
/// # Panics
/// When it breaks a gate rule. Intent and service rules are about people, and
/// nobody speaks here.
pub fn dialog(bytes: &[u8]) {
    check_case(
        &Case::from_bytes(bytes),
        &mut Reference::new(Preset::GUARDED),
    );
}

/// Plays a case, given as bytes, to the mutant that is called [`CANARY`].
///
/// # Panics
/// As [`dialog`], but a fuzzer is wanted to provoke it.
pub fn canary(bytes: &[u8]) {
    if let Some(mutant) = Mutant::named(CANARY) {
        check_case(&Case::from_bytes(bytes), &mut mutant.assistant());
    }
}

/// Holds two conversations at once, each with a device of its own, with the guarded assistant.
///
/// # Panics
/// As [`dialog`].
pub fn devices(bytes: &[u8]) {
    check_case(&interleaved(bytes), &mut Reference::new(Preset::GUARDED));
}

/// Holds a conversation, given as bytes, with the guarded assistant.
///
/// # Panics
/// When the assistant breaks, breaks a gate rule, or does otherwise when it is held again; when the
/// script of the conversation does not read back as itself.
pub fn conversation(bytes: &[u8]) {
    let (script, first) = Conversation::from_bytes(bytes).held();
    check_gates(&first.trace);
    reading::check_reads_back(&script);
    let again = held(&script);
    assert_eq!(
        accountable(&first.trace, &again.trace),
        Ok(()),
        "\n{script}"
    );
}

/// Plays a case, given as bytes, and gives its trace.
///
/// # Panics
/// When the assistant breaks.
pub fn played(case: &Case, assistant: &mut dyn Assistant) -> Trace {
    let played = play(case, assistant);
    assert!(played.is_ok(), "{played:?}\n{case}");
    played.unwrap_or_default()
}

/// A run of an assistant starts anew with each case: it is played twice.
fn check_case(case: &Case, assistant: &mut dyn Assistant) {
    let trace = played(case, assistant);
    check_gates(&trace);
    let again = played(case, assistant); // G15
    assert_eq!(
        accountable(&trace, &again),
        Ok(()),
        "\n{case}\n{}",
        written(&trace)
    );
}

fn held(script: &Script) -> Held {
    let preset = Preset::GUARDED;
    let mut channel = Channel::new(preset.wake, &script.household);
    let held = hold(script, &mut channel, &mut Reference::new(preset));
    assert_eq!(held.broken, None, "\n{script}");
    held
}

fn check_gates(trace: &Trace) {
    let mut breaches: Vec<Breach> = judge(trace);
    breaches.retain(|breach| breach.rule <= Rule::G15);
    assert_eq!(breaches, [], "\n{}", written(trace));
}

fn written(trace: &Trace) -> String {
    trace.to_json_lines().unwrap_or_default()
}
