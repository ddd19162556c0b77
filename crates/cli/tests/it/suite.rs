//! The suite for assistants in Rust: what it says of sound, faulty, idle and broken ones.

use crate::Folder;
use mondegreen::suite::{Failure, Findings, Suite};
use mondegreen::{Assistant, Broken, Effect, Input, Rule};
use mondegreen_sim::{Mutant, Preset, Reference};
use std::process::Command;

fn guarded() -> Reference {
    Reference::new(Preset::GUARDED)
}

mondegreen::suite!(guarded, |suite| suite.seed(3).steps(20_000));

#[track_caller]
fn page<T: std::fmt::Debug>(verdict: Result<T, Failure>) -> String {
    verdict.expect_err("a failure").to_string()
}

fn examine<A: Assistant>(folder: &Folder, steps: u64, new: impl Fn() -> A) -> Findings {
    Suite::new(folder.path("kept")).steps(steps).examine(new)
}

/// The macro makes one test for each rule.
#[test]
fn there_is_a_test_for_each_rule() {
    let own = std::env::current_exe().expect("this test");
    let listed = Command::new(own).arg("--list").output().expect("it starts");
    let listed = String::from_utf8(listed.stdout).expect("UTF-8");
    for rule in Rule::ALL {
        let name = rule.to_string().to_lowercase().replace([' ', '-'], "_");
        let line = format!("suite::mondegreen_suite::{name}: test");
        assert!(listed.lines().any(|listed| listed == line), "{line}");
    }
}

/// Whatever else is broken, each rule is looked for by itself, and shown by its own least case.
#[test]
fn each_broken_rule_has_a_case_of_its_own() {
    let folder = Folder::new();
    let findings = examine(&folder, 20_000, || Reference::new(Preset::ECHO_2018));
    for (rule, file) in [
        (Rule::G3, "g3-wrong-content.case"),
        (Rule::G4, "g4-early-answer.case"),
        (Rule::G8, "g8-not-an-answer.case"),
    ] {
        let page = page(findings.verdict(rule));
        let case = std::fs::read_to_string(folder.path(&format!("kept/{file}"))).expect("kept");
        assert!(page.starts_with(&format!("{rule} is broken:\n")), "{page}");
        assert!(page.contains(&case), "{page}");
        assert!(!page.contains('\u{1b}'), "a page has no colours: {page}");
    }
    assert_eq!(findings.verdict(Rule::G15), Ok(()));
    assert_eq!(findings.served(), Ok(()));
}

#[test]
fn the_same_settings_find_the_same() {
    let folder = Folder::new();
    let mutant = Mutant::named("yes-within-talk").expect("a mutant");
    let once = page(examine(&folder, 20_000, || mutant.assistant()).verdict(Rule::G8));
    std::fs::remove_dir_all(folder.path("kept")).expect("there was something");
    let twice = page(examine(&folder, 20_000, || mutant.assistant()).verdict(Rule::G8));
    assert_eq!(once, twice);
}

/// Does nothing whatever it hears.
struct Idle;

impl Assistant for Idle {
    fn take(&mut self, _: &Input, _: &mut Vec<Effect>) -> Result<(), Broken> {
        Ok(())
    }
}

#[test]
fn one_that_never_sends_does_not_look_good() {
    let findings = examine(&Folder::new(), 2_000, || Idle);
    assert_eq!(findings.verdict(Rule::G1), Ok(()));
    let page = page(findings.served());
    assert!(
        page.starts_with("somebody asked plainly for a message, "),
        "{page}"
    );
}

/// The guarded assistant until it is to ask somebody for a last word.
struct Falls(Reference, Fall);

type Fall = fn() -> Result<(), Broken>;

impl Assistant for Falls {
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        self.0.take(input, effects)?;
        let asks = |effect: &Effect| {
            matches!(
                effect,
                Effect::Prompt {
                    message: Some(_),
                    ..
                }
            )
        };
        if effects.iter().any(asks) {
            (self.1)()
        } else {
            Ok(())
        }
    }
}

/// It is never taken for a safe one, and the exchange says how it came to that.
#[test]
fn a_broken_assistant_fails_every_test() {
    let ways: [(Fall, &str); 2] = [
        (
            || Err(Broken::new("it lost its head")),
            "the assistant is broken: it lost its head\n",
        ),
        (
            || panic!("no such contact"),
            "the assistant is broken: it panicked: no such contact\n",
        ),
    ];
    for (fall, why) in ways {
        let findings = examine(&Folder::new(), 20_000, || Falls(guarded(), fall));
        for verdict in [
            findings.served(),
            findings.verdict(Rule::G1),
            findings.verdict(Rule::S4),
        ] {
            let page = page(verdict);
            assert!(page.starts_with(why), "{page}");
            assert!(page.contains("\n{\"type\":\"start\","), "{page}");
            assert!(
                page.trim_end().ends_with('}') && page.contains("\"type\":\"heard\""),
                "{page}"
            );
        }
    }
}

/// A script in the folder is held as it was, and what it breaks is told by its file.
#[test]
fn what_is_kept_is_played_first() {
    let folder = Folder::new();
    let kept = crate::kept_scripts("regressions").remove(0);
    std::fs::create_dir(folder.path("kept")).expect("a folder");
    std::fs::copy(&kept, folder.path("kept/talk.script")).expect("a copy");
    let findings = examine(&folder, 0, || Reference::new(Preset::ECHO_2018));
    let page = page(findings.verdict(Rule::G4));
    assert!(
        page.starts_with("G4 early-answer is broken, as it was before:\n"),
        "{page}"
    );
    assert!(page.contains("kept/talk.script\n"), "{page}");
    assert_eq!(examine(&folder, 0, guarded).verdict(Rule::G4), Ok(()));
}

#[test]
fn what_is_kept_and_cannot_be_read_is_named() {
    for (name, why) in [
        ("a.case", "a.case: line 1: "),
        ("a.script", "a.script: line 1: "),
    ] {
        let folder = Folder::new();
        std::fs::create_dir(folder.path("kept")).expect("a folder");
        folder.file(&format!("kept/{name}"), "nonsense\n");
        let page = page(examine(&folder, 100, guarded).verdict(Rule::G1));
        assert!(page.contains(why), "{page}");
    }
}

/// Called by another name, it wakes, is served and searched all the same.
#[test]
fn the_wake_word_may_be_another() {
    let folder = Folder::new();
    let renamed = || {
        Reference::new(Preset {
            wake: "okay google",
            ..Preset::ECHO_2018
        })
    };
    let suite = Suite::new(folder.path("kept")).steps(20_000);
    let findings = suite.clone().wake("okay google").examine(renamed);
    assert_eq!(findings.served(), Ok(()));
    let page = page(findings.verdict(Rule::G8));
    assert!(page.contains("\"okay google\""), "{page}");
    let unserved = suite.steps(0).wake("computer").examine(renamed).served();
    assert!(unserved.is_err(), "nobody called it by its name");
}

/// Sends when it hears people talk, and does not wake for its name.
#[derive(Default)]
struct Blurts(u32);

impl Assistant for Blurts {
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        let Input::Heard {
            device, hypotheses, ..
        } = input
        else {
            return Ok(());
        };
        let is_talk = |text: &str| text.split(' ').count() > 3;
        if hypotheses.iter().any(|heard| is_talk(&heard.text)) {
            self.0 += 1;
            effects.push(Effect::Send {
                device: device.clone(),
                message: format!("m{}", self.0),
                recipient: "c1".to_owned(),
                from_ms: None,
                to_ms: None,
            });
        }
        Ok(())
    }
}

#[test]
fn talk_is_misheard_only_if_that_is_asked_for() {
    let folder = Folder::new();
    let suite = Suite::new(folder.path("kept")).steps(0);
    let spoken = |suite: &Suite| suite.examine(Blurts::default).verdict(Rule::I1);
    let plain = spoken(&suite);
    let script =
        |verdict: Result<(), Failure>| page(verdict).matches("mondegreen script 1\n").count();
    assert_eq!(plain, Ok(()));
    assert_eq!(script(spoken(&suite.mishearing(50_000))), 1);
}

/// A finding of another cause is kept beside the first.
#[test]
fn findings_of_one_rule_are_kept_side_by_side() {
    let folder = Folder::new();
    for (name, files) in [("yes-within-talk", 1), ("doubtful-answer", 2)] {
        let mutant = Mutant::named(name).expect("a mutant");
        let findings = examine(&folder, 50_000, || mutant.assistant());
        assert!(findings.verdict(Rule::G8).is_err(), "{name}");
        let entries = std::fs::read_dir(folder.path("kept")).expect("a folder");
        assert_eq!(entries.count(), files, "{name}");
    }
}

/// Where nothing can be kept, the finding is told all the same.
#[test]
fn a_finding_that_cannot_be_kept_is_told() {
    let folder = Folder::new();
    folder.file("kept", "a file where the folder should be");
    let mutant = Mutant::named("yes-within-talk").expect("a mutant");
    let inside = Suite::new(folder.path("kept/inside")).steps(20_000);
    let page = page(inside.examine(|| mutant.assistant()).verdict(Rule::G8));
    assert!(page.contains("kept/inside"), "{page}");
}
