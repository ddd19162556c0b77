//! What holds for any conversation.

use crate::plans::{any_plan, hold_plan};
use mondegreen_oracle::{Rule, judge};
use mondegreen_sim::Preset;
use mondegreen_trace::{Effect, Line};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

fn is_intent(rule: Rule) -> bool {
    matches!(rule, Rule::I1 | Rule::I2 | Rule::I3)
}

proptest! {
    #![proptest_config(Config { cases: 300, failure_persistence: None, ..Config::default() })]

    /// The guarded assistant keeps every gate and service rule in any conversation.
    #[test]
    fn no_conversation_breaks_a_rule_of_the_guarded_assistant(plan in any_plan()) {
        let (script, held) = hold_plan(&plan, Preset::GUARDED);
        prop_assert_eq!(&held.broken, &None);
        let mut breaches = judge(&held.trace);
        breaches.retain(|breach| !is_intent(breach.rule));
        prop_assert!(breaches.is_empty(), "{:?}\n{}", breaches, script);
    }

    /// The same script gives the same trace, to the byte.
    #[test]
    fn the_same_script_gives_the_same_bytes(plan in any_plan()) {
        let (_, once) = hold_plan(&plan, Preset::ECHO_2018);
        let (_, twice) = hold_plan(&plan, Preset::ECHO_2018);
        prop_assert_eq!(once.trace.to_json_lines().unwrap(), twice.trace.to_json_lines().unwrap());
    }
}

/// A property that never meets a send proves nothing.
#[test]
fn random_plans_do_send() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut sends = [0; 3];
    for _ in 0..200 {
        let plan = any_plan().new_tree(&mut runner).unwrap().current();
        for (sends, preset) in sends.iter_mut().zip(Preset::ALL) {
            let (_, held) = hold_plan(&plan, preset);
            let sent = |line: &Line| matches!(line, Line::Out(Effect::Send { .. }));
            *sends += u32::from(held.trace.lines.iter().any(sent));
        }
    }
    assert!(
        sends.iter().all(|&sends| sends >= 10),
        "sends of 200 conversations each: {sends:?}"
    );
}
