//! The race: its statistics against values computed by hand, and that its arms find what is there.

use mondegreen_sim::race::{Arm, Observation, Race, Run, Subject, Summary, SummaryError, Survival};

fn found(at: f64) -> Observation {
    Observation { at, found: true }
}

fn cut_off(at: f64) -> Observation {
    Observation { at, found: false }
}

#[track_caller]
fn check(what: f64, want: f64) {
    assert!((what - want).abs() < 1e-9, "{what}, not {want}");
}

/// The maintained arm of the leukaemia trial (Embury and others 1977; `aml` of R's package
/// survival): 9 13 13+ 18 23 28+ 31 34 45+ 48 161+. The estimate drops to 0.909, 0.818, 0.716,
/// 0.614, 0.491 …, so the median is 31.
#[test]
fn a_published_median_comes_out() {
    let times = [
        found(9.0),
        found(13.0),
        cut_off(13.0),
        found(18.0),
        found(23.0),
        cut_off(28.0),
        found(31.0),
        found(34.0),
        cut_off(45.0),
        found(48.0),
        cut_off(161.0),
    ];
    check(Survival::of(&times).median(), 31.0);
    // By hand: 9 × 1 + 4 × 10/11 + 5 × 9/11 + 5 × (9/11 × 7/8) + 8 × (9/11 × 7/8 × 6/7), up to 31.
    let by_hand = 9.0 + 40.0 / 11.0 + 45.0 / 11.0 + 5.0 * 63.0 / 88.0 + 8.0 * 27.0 / 44.0;
    check(Survival::of(&times).restricted_mean(31.0), by_hand);
}

#[test]
fn who_is_cut_off_at_a_time_was_at_risk_then() {
    // At 2 one of four is found, so 3/4 are left; at 3 both of two: none.
    let ties = [found(2.0), cut_off(2.0), found(3.0), found(3.0)];
    let survival = Survival::of(&ties);
    check(survival.median(), 3.0);
    check(survival.restricted_mean(3.0), 2.0 + 0.75);
    check(survival.restricted_mean(10.0), 2.0 + 0.75);
    check(survival.restricted_mean(1.5), 1.5);
}

#[test]
fn a_median_is_the_first_time_at_which_half_are_left() {
    let ten: Vec<Observation> = (1..=10).map(|at| found(f64::from(at))).collect();
    check(Survival::of(&ten).median(), 5.0);
    check(Survival::of(&ten).restricted_mean(10.0), 5.5);
    check(Survival::of(&[found(4.0)]).median(), 4.0);
}

#[test]
fn what_was_not_found_counts() {
    let half = [found(1.0), found(2.0), cut_off(9.0), cut_off(9.0)];
    check(Survival::of(&half).median(), 2.0);
    check(
        Survival::of(&half).restricted_mean(9.0),
        (1.0 + 2.0 + 9.0 + 9.0) / 4.0,
    );
    let third = [found(1.0), cut_off(9.0), cut_off(9.0)];
    assert!(Survival::of(&third).median().is_infinite());
    assert!(Survival::of(&[]).median().is_infinite());
    check(Survival::of(&[]).restricted_mean(9.0), 9.0);
}

fn run(arm: Arm, assistant: &str, seed: u32, steps: u64, is_found: bool) -> Run {
    Run {
        arm,
        assistant: assistant.to_owned(),
        seed,
        cap: 1_000,
        steps,
        cpu_seconds: 0.5,
        found: is_found,
        rule: is_found.then(|| "G1".to_owned()),
        case: None,
    }
}

/// Two mutants, three seeds each: ours finds "a" after 10, 20, 30 and "b" after 100 each time.
fn ours() -> Vec<Run> {
    let mut runs = Vec::new();
    for seed in 1..=3 {
        runs.push(run(Arm::Search, "a", seed, 10 * u64::from(seed), true));
        runs.push(run(Arm::Search, "b", seed, 100, true));
    }
    runs
}

#[test]
fn arms_are_summed_up_and_losses_named() {
    let mut runs = ours();
    for seed in 1..=3 {
        runs.push(run(Arm::Uniform, "a", seed, 5, true));
        runs.push(run(Arm::Uniform, "b", seed, 1_003, false));
        runs.push(run(Arm::SearchWithoutSwarm, "a", seed, 40, true));
        runs.push(run(Arm::SearchWithoutSwarm, "b", seed, 200, true));
    }
    let summary = Summary::of(&runs).expect("no run twice").expect("some");
    assert_eq!((summary.cap, summary.mutants), (1_000, 2));
    let [ours, without, uniform] = &summary.arms[..] else {
        panic!("{summary:?}");
    };
    assert_eq!((ours.runs, ours.found, ours.always_found), (6, 6, 2));
    check(ours.median, 60.0);
    check(ours.mean.value, 60.0);
    assert_eq!(ours.better_on, 0);
    assert_eq!((ours.times_ours, ours.times_ours_paired), (None, None));
    assert_eq!(
        (uniform.runs, uniform.found, uniform.always_found),
        (6, 3, 1)
    );
    assert!(uniform.median.is_infinite(), "one of two is beyond the cap");
    check(uniform.mean.value, 502.5);
    let times = uniform.times_ours.expect("ours has a median");
    check(times.value, 1_000.0 / 60.0);
    assert!(times.low <= times.value && times.value <= times.high);
    let paired = uniform.times_ours_paired.expect("both have both mutants");
    check(paired.value, (5.0 / 20.0 * 1_000.0 / 100.0_f64).sqrt());
    assert_eq!(uniform.better_on, 1);
    check(without.times_ours.expect("a ratio").value, 2.0);
    check(uniform.steps_per_second, (3.0 * 5.0 + 3.0 * 1_000.0) / 3.0);
    assert_eq!(summary.losses.len(), 1);
    assert_eq!(summary.losses[0].arm, Arm::Uniform);
    assert_eq!(summary.losses[0].mutants, [("a".to_owned(), 4.0)]);
    let duels = summary.duels.iter().map(|duel| (duel.ours, duel.best));
    let want = [(20.0, Some((Arm::Uniform, 5.0))), (100.0, None)];
    assert!(duels.eq(want), "{:?}", summary.duels);
}

/// Runs of different caps are compared up to the smallest.
#[test]
fn what_was_found_beyond_the_smallest_cap_was_not_found() {
    let mut runs = ours();
    let mut late = run(Arm::Uniform, "a", 1, 1_500, true);
    late.cap = 2_000;
    runs.push(late);
    let summary = Summary::of(&runs).expect("no run twice").expect("some");
    assert_eq!(summary.cap, 1_000);
    assert_eq!(summary.arms[1].found, 0);
    check(summary.arms[1].mean.value, 1_000.0);
    let pairs = summary.arms[1]
        .times_ours_paired
        .expect("one mutant of both");
    check(pairs.value, 50.0);
}

#[test]
fn one_set_of_runs_has_one_summary() {
    assert_eq!(Summary::of(&ours()), Summary::of(&ours()));
    let steps = |seed: u32| u64::from(seed * seed * 37 % 101 + 1);
    let forwards = (1..=20).map(|seed| run(Arm::Search, "a", seed, steps(seed), true));
    let forwards: Vec<Run> = forwards.collect();
    let backwards: Vec<Run> = forwards.iter().rev().cloned().collect();
    assert_eq!(Summary::of(&backwards), Summary::of(&forwards));
    let mut doubled = ours();
    doubled.extend(ours());
    let twice = SummaryError::Twice(Arm::Search, "a".to_owned(), 1);
    assert_eq!(Summary::of(&doubled), Err(twice));
    assert_eq!(Summary::of(&[]), Ok(None));
    let guarded = run(Arm::Search, "guarded", 1, 1_000, false);
    assert_eq!(Summary::of(&[guarded]), Ok(None));
}

fn race(cap: u64) -> Race {
    Race { cap, fuzzer: None }
}

const HERE: [Arm; 7] = [
    Arm::Search,
    Arm::SearchWithoutCoverage,
    Arm::SearchWithoutDistance,
    Arm::SearchWithoutSwarm,
    Arm::Uniform,
    Arm::ProptestStateMachine,
    Arm::Stateright,
];

/// A mutant that shows as soon as anyone is asked for a message: whoever plays the events to the
/// right assistant and asks the oracle finds it.
const SHALLOW: &str = "off-not-looked-at";

#[test]
fn every_arm_finds_what_is_easy_to_find() {
    let subject = Subject::named(SHALLOW).expect("a mutant");
    for arm in HERE {
        let run = race(300_000).run(arm, subject, 1).expect("it runs");
        assert!(run.found, "{run:?}");
        assert_eq!(run.rule.as_deref(), Some("G12 disabled"), "{run:?}");
        assert!(run.steps > 0 && run.cpu_seconds > 0.0, "{run:?}");
        assert_eq!(run.case, None, "{run:?}");
    }
}

#[test]
fn one_seed_is_one_run() {
    let subject = Subject::named(SHALLOW).expect("a mutant");
    for arm in HERE {
        let steps = |seed| race(50_000).run(arm, subject, seed).expect("it runs").steps;
        assert_eq!(steps(1), steps(1), "{arm}");
        if arm.is_deterministic() {
            assert_eq!(steps(1), steps(2), "{arm}");
        }
    }
    let seeds = [1, 2, 3].map(|seed| {
        let run = race(50_000).run(Arm::Uniform, subject, seed);
        run.expect("it runs").steps
    });
    assert!(seeds[0] != seeds[1] || seeds[0] != seeds[2], "{seeds:?}");
}

#[test]
fn nobody_finds_anything_in_the_guarded_assistant_and_the_cap_is_kept() {
    for arm in HERE {
        let run = race(5_000).run(arm, Subject::Guarded, 1).expect("it runs");
        assert!(!run.found && run.rule.is_none(), "{run:?}");
        assert!((5_000..6_500).contains(&run.steps), "{run:?}");
    }
}

#[test]
fn names_are_unlike_and_read_back() {
    for arm in Arm::ALL {
        assert_eq!(Arm::named(arm.name()), Some(arm));
        let written = serde_json::to_string(&arm).expect("a name");
        assert_eq!(written, format!("\"{arm}\""));
    }
    assert_eq!(Arm::named("luck"), None);
    assert_eq!(Subject::named("guarded"), Some(Subject::Guarded));
    assert_eq!(Subject::named("nobody"), None);
}

#[test]
fn a_fuzzer_that_does_not_do_its_part_is_no_result() {
    let at = |fuzzer: &str| Race {
        cap: 1_000,
        fuzzer: Some(fuzzer.into()),
    };
    for (fuzzer, why) in [
        ("/does/not/exist", "No such file"),
        ("true", "it said nothing"),
    ] {
        let ran = at(fuzzer).run(Arm::CargoFuzz, Subject::Guarded, 1);
        let said = ran.map_err(|error| error.to_string());
        assert!(
            said.as_ref().is_err_and(|said| said.contains(why)),
            "{said:?}"
        );
    }
    let unbuilt = race(1_000).run(Arm::CargoFuzz, Subject::Guarded, 1);
    assert!(unbuilt.is_err_and(|error| error.to_string().contains("it was not built")));
}
