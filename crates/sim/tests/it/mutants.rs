//! What the mutants break, each by its witness, and that every check of the dialog has one.

use mondegreen_dialog::Guard;
use mondegreen_oracle::{Rule, judge};
use mondegreen_sim::{Assistant, Broken, Case, Fault, Mutant, Preset, Reference, play};
use mondegreen_trace::Trace;
use std::collections::BTreeSet;

/// The gate rules that are broken when a case is played twice: once, and again as a replay.
fn broken(case: &Case, assistant: &mut dyn Assistant) -> Result<BTreeSet<Rule>, Broken> {
    let mut trace = Trace::default();
    for _ in 0..2 {
        trace.lines.extend(play(case, assistant)?.lines);
    }
    let rules = judge(&trace).into_iter().map(|breach| breach.rule);
    Ok(rules.filter(|rule| *rule <= Rule::G15).collect())
}

#[test]
fn every_witness_breaks_the_rule_of_its_mutant_and_no_other() {
    let mut wrong = Vec::new();
    for mutant in Mutant::ALL {
        let rules = broken(&mutant.witness(), &mut mutant.assistant());
        if rules != Ok(BTreeSet::from([mutant.breaks])) {
            wrong.push(format!(
                "{} breaks {rules:?}, not {}",
                mutant.name, mutant.breaks
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_guarded_assistant_keeps_every_rule_in_every_witness() {
    for mutant in Mutant::ALL {
        let guarded = &mut Reference::new(Preset::GUARDED);
        assert_eq!(
            broken(&mutant.witness(), guarded),
            Ok(BTreeSet::new()),
            "{}",
            mutant.name
        );
    }
}

/// A witness with an event to spare would be none to measure findings by.
#[test]
fn no_event_of_a_witness_can_be_left_out() {
    let mut spare = Vec::new();
    for mutant in Mutant::ALL {
        let case = mutant.witness();
        for at in 0..case.events.len() {
            let mut shorter = case.clone();
            let event = shorter.events.remove(at);
            let rules = broken(&shorter, &mut mutant.assistant());
            if rules.is_ok_and(|rules| rules.contains(&mutant.breaks)) {
                spare.push(format!("{}: {event}", mutant.name));
            }
        }
    }
    assert!(spare.is_empty(), "{}", spare.join("\n"));
}

#[test]
fn the_list_is_in_order_and_says_everything_once() {
    let names: BTreeSet<&str> = Mutant::ALL.iter().map(|mutant| mutant.name).collect();
    assert_eq!(names.len(), Mutant::ALL.len());
    assert!(Mutant::ALL.is_sorted_by_key(|mutant| mutant.breaks));
    for mutant in Mutant::ALL {
        assert_eq!(Mutant::named(mutant.name), Some(mutant));
        assert!(mutant.what.ends_with('.'), "{}", mutant.name);
    }
    assert_eq!(Mutant::named("nobody"), None);
}

/// Checks of the dialog that no mutant breaks, and why: the gate rules do not rest on them alone.
const UNUSED: [(Guard, &str); 20] = [
    (
        Guard::NamesakesAreRefused,
        "a shared name is no surer than its namesake: NameIsApart",
    ),
    (
        Guard::NameIsApart,
        "whoever is asked about is named: a matter of I2, and of a wish",
    ),
    (
        Guard::NameIsSure,
        "whoever is asked about is named: a matter of I2",
    ),
    (
        Guard::NameIsFirst,
        "whoever is asked about is named: a matter of I2",
    ),
    (
        Guard::NameIsFinal,
        "G7 is judged on the answer; a name is still to be confirmed",
    ),
    (
        Guard::NameBeginsAfterPrompt,
        "G4 is judged on the answer; a name is still to be confirmed",
    ),
    (
        Guard::WakeIsFinal,
        "G7 is judged on the answer; whoever is woken asks",
    ),
    (Guard::WakeIsSure, "a matter of I1: whoever is woken asks"),
    (Guard::WakeIsApart, "a matter of I1: whoever is woken asks"),
    (
        Guard::CommandIsFinal,
        "G7 is judged on the answer; a command is still to be confirmed",
    ),
    (
        Guard::CommandIsSure,
        "a matter of I1: a command is still to be confirmed",
    ),
    (
        Guard::VoiceIsKnown,
        "G6 is about devices' voices; the rules allow strangers an answer",
    ),
    (
        Guard::AnswerIsThisWord,
        "the detector hears no other word; first-word-kept is one that does",
    ),
    (Guard::ButtonFollowsPrompt, "G4 allows a button at any time"),
    (
        Guard::RecordingIsAnnounced,
        "the prompt for the message announces it as well",
    ),
    (
        Guard::HoldIsAnnounced,
        "the notice that it was sent announces it as well: SendIsAnnounced",
    ),
    (
        Guard::RetryIsAnnounced,
        "G14 asks for no notice of another attempt",
    ),
    (Guard::RetriesEnd, "G10 allows an attempt for each failure"),
    (
        Guard::RetryIsPrompt,
        "G10 allows an attempt at any time after a failure",
    ),
    (
        Guard::RefusalEndsRetries,
        "G9 is not judged between two attempts",
    ),
];

#[test]
fn every_check_is_broken_by_a_mutant_or_no_gate_rule_rests_on_it_alone() {
    let broken_by = |guard: Guard| {
        let mut mutants = Mutant::ALL.iter();
        mutants.any(|mutant| mutant.fault == Fault::Guard(guard))
    };
    for guard in Guard::ALL {
        let reasons = UNUSED.iter().filter(|(unused, _)| unused == guard).count();
        assert_eq!(usize::from(!broken_by(*guard)), reasons, "{guard:?}");
    }
    for (guard, reason) in UNUSED {
        for mutant in Mutant::ALL {
            let spoilt = &mut Reference::new(Preset::GUARDED).with(Fault::Guard(guard));
            let rules = broken(&mutant.witness(), spoilt);
            assert_eq!(
                rules,
                Ok(BTreeSet::new()),
                "{guard:?} in {}, but {reason}",
                mutant.name
            );
        }
    }
}

#[test]
fn every_gate_rule_is_broken_by_two_mutants_or_more() {
    for rule in Rule::ALL.into_iter().filter(|rule| *rule <= Rule::G15) {
        let count = Mutant::ALL
            .iter()
            .filter(|mutant| mutant.breaks == rule)
            .count();
        assert!(count >= 2, "{rule}: {count}");
    }
}
