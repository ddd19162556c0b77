//! Conversations in sound, heard by made-up engines. A letter sounds for 20 ms, as the number that it
//! has, so that engines can read what is said.

use crate::Fake;
use mondegreen_generator::sound::RenderError;
use mondegreen_oracle::{Rule, judge};
use mondegreen_sim::ear::Ear;
use mondegreen_sim::{
    Channel, Expects, Held, Microphone, MicrophoneError, Preset, Recorded, Reference, hold_in_sound,
};
use mondegreen_trace::{Effect, Input, Line, Script, Trace, Voice};

const LETTER_MS: u64 = 20;
const SAMPLES_A_MS: u64 = 16;

/// What both engines read the sound with: what was said, and from which to which millisecond.
const READ: &str = "
def read(sound):
    samples = array.array('h', sound)
    said, text, at = [], '', 0
    while at < len(samples):
        if samples[at]:
            if not text:
                began = at
            text += chr(samples[at])
            at += 320
            continue
        if text:
            said.append((text, began // 16, at // 16))
            text = ''
        at += 16
    return said

";

/// Takes what ends in `ax a few` for the name.
const SPOTTER: &str = "
def heard(asked, sound):
    for text, began, ended in read(sound):
        if 'a few' in text:
            at = began + 20 * (text.index('a few') + 5)
            say('detection', name=asked['names'][0], timestamp=at, score=0.97)
    say('not-detected', score=0.25, timestamp=0)
";

/// Hears one thing for another; of a list, what is longest.
const RECOGNISER: &str = "
ABOUT = {'wake': [], 'asr': [{'name': 'scribe', 'models': []}]}
FOR = {'lee a message': 'leave a message', 'anna was in': 'Ana Ruiz', 'shore': 'sure'}

def heard(asked, sound):
    terms = asked.get('transcript_terms')
    segments = [
        {'text': max(terms, key=len) if terms else FOR.get(text, text), 'from_ms': began, 'to_ms': ended, 'score': 0.5}
        for text, began, ended in read(sound)
    ]
    say('transcript', text='', segments=segments)
";

fn engines() -> [Fake; 2] {
    [SPOTTER, RECOGNISER].map(|program| Fake::with(&format!("{READ}{program}")))
}

/// Whether the microphone hears the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leak {
    No,
    Yes,
}

#[expect(clippy::unnecessary_wraps, reason = "a microphone asks for a result")]
fn record(trace: &Trace, leak: Leak) -> Result<Recorded, RenderError> {
    let mut now_ms = 0;
    let mut said = Vec::new();
    for line in &trace.lines {
        match line {
            Line::Said { said: utterance } => said.push((utterance.from_ms, &utterance.text)),
            Line::In(input) => now_ms = input.at_ms().unwrap_or(now_ms),
            Line::Out(Effect::Prompt { text, .. }) if leak == Leak::Yes => {
                said.push((now_ms, text));
            }
            Line::Out(_) => {}
        }
    }
    said.sort();
    let mut recorded = Recorded::default();
    for (from_ms, text) in said {
        let to_ms = from_ms + LETTER_MS * text.len() as u64;
        recorded.spans.push((from_ms, to_ms));
        let at = |ms: u64| usize::try_from(ms * SAMPLES_A_MS).expect("a short sound");
        let samples = &mut recorded.samples;
        samples.resize(samples.len().max(at(to_ms)), 0);
        for (letter, sample) in samples[at(from_ms)..at(to_ms)].iter_mut().enumerate() {
            let letter = letter / at(LETTER_MS);
            *sample = i16::from(text.as_bytes()[letter]);
        }
    }
    Ok(recorded)
}

fn microphone(
    engines: &[Fake],
    expects: Expects,
    leak: Leak,
) -> Result<Microphone, MicrophoneError> {
    let ears: Vec<Ear> = engines.iter().map(Fake::open).collect();
    let record = move |trace: &Trace| record(trace, leak);
    Microphone::new(Box::new(record), ears, "alexa", expects)
}

fn script(said: &str) -> Script {
    let text = format!(
        "mondegreen script 1\nseed 1\ndevice kitchen\ncontact c1 Ana Ruiz\ncontact c2 Al Wu\n\
         messaging on\n\n{said}"
    );
    text.parse().expect("a script")
}

/// Four mishearings in a row.
const CHAIN: &str = "\
1.000-2.000 kitchen Ann: he wants a few\n\
3.000-4.000 kitchen Ben: lee a message\n\
7.000-8.000 kitchen Ann: anna was in\n\
11.000-12.000 kitchen Ben: shore\n\
16.000-17.500 kitchen Ann: we are late\n";

fn hold(said: &str, expects: Expects, leak: Leak) -> Result<Held, MicrophoneError> {
    let script = script(said);
    let mut microphone = microphone(&engines(), expects, leak)?;
    let mut channel = Channel::new("alexa", &script.household);
    let mut assistant = Reference::new(Preset::ECHO_2018);
    hold_in_sound(&script, &mut channel, &mut microphone, &mut assistant)
}

/// What was heard when.
fn heard(held: &Held) -> Vec<(u64, &str)> {
    let caught = held.caught.iter();
    caught.map(|it| (it.at_ms, it.text.as_str())).collect()
}

#[test]
fn talk_goes_from_sound_to_a_send() {
    let held = hold(CHAIN, Expects::Anything, Leak::No).expect("it is heard");
    assert_eq!(held.broken, None);
    assert_eq!(
        heard(&held),
        [
            (1_280, "alexa"),
            (3_260, "leave a message"),
            (7_220, "Ana Ruiz"),
            (11_100, "sure"),
            (16_220, "we are late"),
        ]
    );
    let scores: Vec<_> = held.caught.iter().map(|it| it.score).collect();
    assert_eq!(scores[..2], [Some(0.97), Some(0.5)]);
    let rules: Vec<Rule> = judge(&held.trace).iter().map(|it| it.rule).collect();
    assert!(rules.contains(&Rule::I1), "{rules:?}");
    // What was told: the score of a spotter, words as they are, and nobody's voice.
    let told: Vec<(u64, Voice, f64)> = held
        .trace
        .lines
        .iter()
        .filter_map(|line| match line {
            Line::In(Input::Heard {
                from_ms,
                voice,
                hypotheses,
                ..
            }) => Some((*from_ms, *voice, hypotheses[0].confidence)),
            Line::In(_) | Line::Out(_) | Line::Said { .. } => None,
        })
        .collect();
    assert_eq!(
        told[..2],
        [(1_280, Voice::Unknown, 0.97), (3_000, Voice::Unknown, 1.0)]
    );
}

#[test]
fn a_conversation_in_sound_is_the_same_each_time() {
    let hold = || hold(CHAIN, Expects::Anything, Leak::Yes).expect("it is heard");
    assert_eq!(hold(), hold());
}

#[test]
fn a_list_makes_a_name_of_any_noise() {
    let said = "1.000-2.000 kitchen Ann: he wants a few\n3.000-4.000 kitchen Ben: hm\n";
    let free = hold(said, Expects::Anything, Leak::No).expect("it is heard");
    assert_eq!(heard(&free)[1].1, "hm");
    let listed = hold(said, Expects::Phrases, Leak::No).expect("it is heard");
    let command = heard(&listed)[1].1;
    assert!(command.split(' ').count() > 1, "{command}");
}

/// After the name the rest of a sentence is the command, cut where the name was spotted.
#[test]
fn the_microphone_opens_in_mid_sentence() {
    let said = "1.000-3.000 kitchen Ann: he wants a few letters sent\n";
    let held = hold(said, Expects::Anything, Leak::No).expect("it is heard");
    assert_eq!(heard(&held), [(1_280, "alexa"), (1_540, "letters sent")]);
}

#[test]
fn what_the_device_says_may_come_to_its_microphone() {
    let said = "1.000-2.000 kitchen Ann: he wants a few\n3.000-4.000 kitchen Ben: lee a message\n";
    let of = |leak| hold(said, Expects::Anything, leak).expect("it is heard");
    let is_echo = |text: &str| text.contains("o whom?");
    assert!(heard(&of(Leak::Yes)).iter().any(|(_, text)| is_echo(text)));
    assert!(!heard(&of(Leak::No)).iter().any(|(_, text)| is_echo(text)));
}

/// Nobody speaks while it listens for a command, so it listens for its name again.
#[test]
fn a_device_goes_back_to_its_name() {
    let said = "1.000-2.000 kitchen Ann: he wants a few\n\
                40.000-41.000 kitchen Ben: lee a message\n\
                50.000-51.000 kitchen Ann: he wants a few\n";
    let held = hold(said, Expects::Anything, Leak::No).expect("it is heard");
    assert_eq!(heard(&held), [(1_280, "alexa"), (50_280, "alexa")]);
}

#[test]
fn an_engine_that_breaks_ends_the_conversation() {
    let engines = [Fake::with("def heard(asked, sound):\n    sys.exit(7)\n"), {
        let [_, recogniser] = engines();
        recogniser
    }];
    let script = script(CHAIN);
    let mut channel = Channel::new("alexa", &script.household);
    let mut microphone = microphone(&engines, Expects::Anything, Leak::No).expect("two engines");
    let mut assistant = Reference::new(Preset::ECHO_2018);
    let held = hold_in_sound(&script, &mut channel, &mut microphone, &mut assistant);
    let why = held.expect_err("it breaks").to_string();
    assert!(why.contains("fake 2: it is broken"), "{why}");
}

#[test]
fn it_takes_one_engine_of_each_kind() {
    let refused = |engines: &[Fake], wake: &str| {
        let ears = engines.iter().map(Fake::open).collect();
        let record = |trace: &Trace| record(trace, Leak::No);
        let microphone = Microphone::new(Box::new(record), ears, wake, Expects::Anything);
        microphone.expect_err("it is refused").to_string()
    };
    let [spotter, recogniser] = engines();
    let both = [spotter, recogniser];
    assert_eq!(
        refused(&both, "computer"),
        "fake 2 does not know `computer`, but alexa_v0.1, hey_you"
    );
    assert_eq!(
        refused(&both[..1], "alexa"),
        "it takes one recogniser, and 0 are given"
    );
    assert_eq!(
        refused(&both[1..], "alexa"),
        "it takes one wake-word engine, and 0 are given"
    );
}
