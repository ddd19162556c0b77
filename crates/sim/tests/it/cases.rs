//! What the guarded assistant keeps to for any sequence of inputs: several devices, restarts,
//! settings, retries, interim and withdrawn hypotheses, the clock beyond what it can count.

use mondegreen_oracle::{Breach, judge};
use mondegreen_sim::case::{Case, Event, How, What};
use mondegreen_sim::{Preset, Reference, play};
use mondegreen_trace::{Asks, Effect, Input, Line, Trace};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeSet;

/// Bytes as [`Case::from_bytes`] reads them, in each table mostly the first choice: what leads on,
/// when it leads on, heard plainly, on the first device.
fn any_case() -> impl Strategy<Value = Case> {
    let mostly_first = |first| prop_oneof![first => Just(0_u8), 10 => any::<u8>()];
    let event = (
        mostly_first(60),
        mostly_first(150),
        mostly_first(150),
        mostly_first(100),
    );
    let events = prop::collection::vec(event, 0..40);
    // Three devices, and messaging is on; another home for some.
    let home = prop_oneof![8 => Just(4_u8), 2 => any::<u8>()];
    (any::<u8>(), mostly_first(5), home, events).prop_map(|(seed, names, home, events)| {
        let events = events.into_iter().flat_map(|(a, b, c, d)| [a, b, c, d]);
        let bytes: Vec<u8> = [seed, names, home].into_iter().chain(events).collect();
        Case::from_bytes(&bytes)
    })
}

fn played(case: &Case) -> Trace {
    let trace = play(case, &mut Reference::new(Preset::GUARDED));
    trace.expect("the assistant comes to rest")
}

fn gate_breaches(trace: &Trace) -> Vec<Breach> {
    let breaches = judge(trace).into_iter();
    breaches.filter(|breach| breach.rule.is_gate()).collect()
}

fn effects_after(trace: &Trace, input: usize) -> impl Iterator<Item = &Effect> {
    let lines = trace.lines.iter().skip(input + 1);
    lines.map_while(|line| match line {
        Line::Out(effect) => Some(effect),
        Line::In(_) | Line::Said { .. } => None,
    })
}

/// The place of the last input of which this is true.
fn last_input(trace: &Trace, is: impl Fn(&Input) -> bool) -> usize {
    let is = |line: &Line| matches!(line, Line::In(input) if is(input));
    trace.lines.iter().rposition(is).expect("it was given")
}

proptest! {
    #![proptest_config(Config { cases: 1_000, failure_persistence: None, ..Config::default() })]

    /// `G1` to `G14`; `S3`, as it comes to rest.
    #[test]
    fn no_case_breaks_a_gate_rule(case in any_case()) {
        prop_assert_eq!(gate_breaches(&played(&case)), [], "\n{}", case);
    }

    /// `G15`
    #[test]
    fn a_case_does_the_same_again(case in any_case(), between in any_case()) {
        let mut assistant = Reference::new(Preset::GUARDED);
        let first = play(&case, &mut assistant);
        let other = play(&between, &mut assistant);
        prop_assert!(other.is_ok());
        prop_assert_eq!(play(&case, &mut assistant), first, "\n{}", case);
    }

    /// `S2`
    #[test]
    fn cancel_puts_a_device_to_sleep_wherever_it_stands(case in any_case(), device in 0..3_u8) {
        let mut case = case;
        case.events.truncate(40);
        let device = device % case.devices;
        case.events.push(Event { device, ..Event::plain(What::Cancel) });
        let trace = played(&case);
        let at = last_input(&trace, |input| matches!(input, Input::Heard { .. }));
        let name = case.household().devices.swap_remove(usize::from(device));
        let listens = |effect: &Effect| {
            let Effect::Listen { device, listens_for, .. } = effect else {
                return None;
            };
            (*device == name).then_some(*listens_for)
        };
        let before = trace.lines.iter().take(at).filter_map(|line| match line {
            Line::Out(effect) => listens(effect),
            Line::In(_) | Line::Said { .. } => None,
        });
        let after = effects_after(&trace, at).filter_map(listens);
        prop_assert_eq!(before.chain(after).last(), Some(Asks::Wake), "\n{}", case);
    }

    /// `S4`
    #[test]
    fn the_lights_obey_wherever_a_device_stood(case in any_case()) {
        let mut case = case;
        case.events.truncate(40);
        case.events.extend([What::CancelButton, What::Wake, What::Lights].map(Event::plain));
        let trace = played(&case);
        let at = last_input(&trace, |input| matches!(input, Input::Heard { .. }));
        let obeys = effects_after(&trace, at).any(|effect| matches!(effect, Effect::Act { .. }));
        prop_assert!(obeys, "\n{}", case);
    }
}

/// A property that never meets a send proves nothing.
#[test]
fn random_cases_reach_every_input_and_every_effect() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[5; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let (mut kinds, mut sends, mut retries) = (BTreeSet::new(), 0, 0);
    for _ in 0..600 {
        let case = any_case().new_tree(&mut runner).expect("a case").current();
        let trace = played(&case);
        let mut sent = Vec::new();
        for line in &trace.lines {
            let value = serde_json::to_value(line).expect("a line is JSON");
            let word = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
            let flag = |key: &str| {
                value[key]
                    .as_bool()
                    .map_or_else(String::new, |on| on.to_string())
            };
            kinds.insert(
                [
                    word("type"),
                    word("for"),
                    word("asks"),
                    flag("final"),
                    flag("ok"),
                ]
                .concat(),
            );
            if let Line::Out(Effect::Send { message, .. }) = line {
                retries += u32::from(sent.contains(message));
                sent.push(message.clone());
            }
        }
        sends += u32::from(!sent.is_empty());
    }
    let wanted = [
        "act",
        "cancel",
        "deliveryfalse",
        "deliverytrue",
        "end",
        "heardfalse",
        "heardtrue",
        "hello",
        "listencommand",
        "listenconfirmation",
        "listenmessage",
        "listenrecipient",
        "listenwake",
        "notice",
        "pressed",
        "prompt_ended",
        "promptconfirmation",
        "promptmessage",
        "promptrecipient",
        "record",
        "record_ended",
        "restart",
        "send",
        "setting",
        "start",
        "time",
        "timer",
        "withdrawn",
    ];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), wanted);
    assert!(
        sends >= 60 && retries >= 3,
        "{sends} of 600 cases send, {retries} of them again"
    );
}

/// Every way to be heard is one that the guarded assistant may meet.
#[test]
fn plain_cases_send() {
    let onward = vec![Event::plain(What::Onward); 12];
    let trace = played(&Case::plain(onward.clone()));
    let is_send = |line: &Line| matches!(line, Line::Out(Effect::Send { .. }));
    assert!(trace.lines.iter().any(is_send));
    let mut doubtful = onward;
    for event in &mut doubtful {
        event.how = How::Doubtfully;
    }
    assert!(!played(&Case::plain(doubtful)).lines.iter().any(is_send));
}
