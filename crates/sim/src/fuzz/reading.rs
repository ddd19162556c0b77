//! Targets for all that is read: scripts, lines of the protocol, talk, sound.
//!
//! What cannot be read must be turned away with a reason. What can must hold together, and be the
//! same again when it is written and read once more.

use super::{check_gates, held};
use mondegreen_detector::Wav;
use mondegreen_generator::{ReadTalkError, read_talk};
use mondegreen_oracle::{Breach, accountable, judge};
use mondegreen_trace::fact::Dictionary;
use mondegreen_trace::{Effect, Event, Hears, Household, Input, Line, Script, Trace, Utterance};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::fmt::Debug;

/// The longest scripts that are held, so that a run takes milliseconds.
const EVENTS_MAX: usize = 32;
const DEVICES_MAX: usize = 4;
const CONTACTS_MAX: usize = 16;
const WORDS_MAX: usize = 200;
const CHARS_MAX: usize = 2_000;

/// Reads bytes as a script, and holds it with the guarded assistant if it is one and small.
///
/// # Panics
/// When the script does not read back as itself, breaks the assistant, or makes it break a gate
/// rule.
pub fn script(bytes: &[u8]) {
    let Ok(script) = String::from_utf8_lossy(bytes).parse::<Script>() else {
        return;
    };
    check_reads_back(&script);
    if is_small(&script) {
        check_gates(&held(&script).trace);
    }
}

pub(super) fn check_reads_back(script: &Script) {
    let printed = script.to_string();
    assert_eq!(printed.parse().as_ref(), Ok(script), "\n{printed}");
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

/// Reads each line as one of the protocol and of a trace, and has the oracle judge those that are.
///
/// # Panics
/// When a line does not read back as itself, as JSON or as a fact, or when a verdict is not what
/// it claims to be.
pub fn protocol(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut trace = Trace::default();
    let mut dictionary = Dictionary::new();
    for text in text.lines() {
        if let Some(input) = read_line::<Input>(text) {
            check_line(&with_all_digits(input));
        }
        read_line::<Effect>(text);
        let Some(line) = read_line::<Line>(text) else {
            continue;
        };
        let fact = dictionary.fact(&line);
        assert_eq!(dictionary.line(&fact).as_ref(), Some(&line), "\n{text}");
        trace.lines.push(line);
    }
    check_verdict(&trace);
}

fn read_line<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str) -> Option<T> {
    let line: T = serde_json::from_str(text).ok()?;
    check_line(&line);
    Some(line)
}

fn check_line<T: Serialize + DeserializeOwned + PartialEq + Debug>(line: &T) {
    let written = serde_json::to_string(line).unwrap_or_default();
    let again = serde_json::from_str(&written).ok();
    assert_eq!(again.as_ref(), Some(line), "\n{written}");
}

/// The same with confidences that no longer end after a few decimals, as computed ones do not.
fn with_all_digits(mut input: Input) -> Input {
    if let Input::Heard { hypotheses, .. } = &mut input {
        for hypothesis in hypotheses {
            hypothesis.confidence /= 3.0;
        }
    }
    input
}

/// What the oracle says of its verdicts holds for any trace.
fn check_verdict(trace: &Trace) {
    let breaches = judge(trace);
    let places = |breach: &Breach| (breach.line, breach.rule);
    assert!(breaches.is_sorted_by_key(places), "{breaches:?}");
    let about: BTreeSet<_> = breaches.iter().map(|b| (b.rule, &b.message)).collect();
    assert_eq!(about.len(), breaches.len(), "{breaches:?}");
    for breach in &breaches {
        assert!(breach.line <= trace.lines.len(), "{breach:?}");
        assert!(!breach.why.is_empty(), "{breach:?}");
    }
    assert_eq!(accountable(trace, trace), Ok(()));
    assert_eq!(judge(trace), breaches);
}

/// Reads bytes as real talk.
///
/// # Panics
/// When the talk is not in order, or cannot be put into a script; when what is wrong with it stands
/// in a line that there is not.
pub fn talk(bytes: &[u8]) {
    match read_talk(bytes) {
        Ok(talk) => check_talk(talk),
        Err(error) => check_place(&error, bytes),
    }
}

fn check_talk(talk: Vec<Utterance>) {
    assert!(talk.is_sorted_by_key(|said| said.from_ms), "{talk:?}");
    let device = "kitchen".to_owned();
    let heard = talk.into_iter().map(|said| {
        assert!(
            said.from_ms <= said.to_ms && said.meant.is_nobody(),
            "{said:?}"
        );
        Event::Said(Utterance {
            devices: vec![device.clone()],
            ..said
        })
    });
    let events = heard.collect();
    check_reads_back(&Script {
        seed: 0,
        household: Household {
            devices: vec![device],
            contacts: Vec::new(),
            messaging: true,
        },
        hears: Hears::NearMisses,
        events,
    });
}

fn check_place(error: &ReadTalkError, bytes: &[u8]) {
    let ends = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r'));
    let lines = ends.count() + 1;
    assert!((1..=lines).contains(&error.line()), "{error}");
    assert!(!error.to_string().contains('\n'), "{error}");
}

/// Reads bytes as sound.
///
/// # Panics
/// When there is more sound than bytes, when it is not made of numbers, goes on after an error, or
/// does not read back as itself.
pub fn wav(bytes: &[u8]) {
    let Ok(mut wav) = Wav::new(bytes) else { return };
    let rate = wav.rate();
    let mut samples = Vec::new();
    for sample in wav.by_ref().map_while(Result::ok) {
        assert!(sample.is_finite(), "{sample}");
        samples.push(sample);
    }
    assert!(wav.next().is_none(), "sound goes on after its end");
    assert!(2 * samples.len() < bytes.len(), "more sound than bytes");
    let written = written(rate, &samples);
    let again = Wav::new(written.as_slice());
    let same =
        again.is_ok_and(|again| again.rate() == rate && again.map_while(Result::ok).eq(samples));
    assert!(same, "the sound reads back as another");
}

/// A WAV file of 32-bit floats.
fn written(rate: u32, samples: &[f32]) -> Vec<u8> {
    let data: Vec<u8> = samples
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect();
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    let mut wav = b"RIFF".to_vec();
    wav.extend(length.saturating_add(36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x03\0\x01\0");
    wav.extend(rate.to_le_bytes());
    wav.extend((rate * 4).to_le_bytes());
    wav.extend(b"\x04\0\x20\0data");
    wav.extend(length.to_le_bytes());
    wav.extend(data);
    wav
}
