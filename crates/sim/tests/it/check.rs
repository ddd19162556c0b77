//! Every reachable state of the abstraction: what keeps the rules, what breaks them, and how far it
//! can see.

use mondegreen_dialog::{Millis, Policy};
use mondegreen_oracle::{Rule, judge};
use mondegreen_sim::check::{Bounds, Check, Counterexample, Key, Outcome, World};
use mondegreen_sim::{Mutant, Preset, Reference, play};
use std::collections::{BTreeMap, BTreeSet};

/// One in so many states that count as a known one is compared with it.
const COMPARED_EVERY: u32 = 37;

/// Faults that show only where there are two devices.
const NEED_TWO: [&str; 3] = ["answer-from-anywhere", "button-of-another", "off-here-only"];

/// Faults that the abstraction cannot express, and why.
const BEYOND: [(&str, &str); 5] = [
    (
        "last-name-wins",
        "what it remembers is kept outside the dialog, where no projection sees it",
    ),
    (
        "age-in-sixteen-bits",
        "how old a recording is is left out, so the first, young one stands for all",
    ),
    (
        "other-device-speaking",
        "no prompt of another device holds the wanted word: neither contact is called like one, \
         and no two words are the same",
    ),
    ("words-go-on", "it takes two runs, and a check makes one"),
    (
        "contacts-remembered",
        "it takes two runs, and a check makes one",
    ),
];

/// Where something shorter breaks another rule than the one that the fault is about.
const SHORTER: [(&str, Rule); 3] = [
    // The button at the very moment when the question begins: nothing was answered at all.
    ("barge-in", Rule::G9),
    // A session that goes on after "cancel" is a breach before its message leaves.
    ("cancel-while-held", Rule::S2),
    ("undo-lost-at-end", Rule::S2),
];

fn bounds(devices: usize) -> Bounds {
    Bounds {
        devices,
        ..Bounds::WHOLE
    }
}

fn checked(assistant: Reference, bounds: Bounds) -> (Check, Outcome) {
    let mut check = Check::new(assistant, Preset::GUARDED.wake, bounds);
    let outcome = check.run(|_| ()).expect("it does not break");
    (check, outcome)
}

fn broken(mutant: &Mutant, devices: usize) -> Option<Counterexample> {
    match checked(mutant.assistant(), bounds(devices)).1 {
        Outcome::Broken(found) => Some(*found),
        Outcome::Kept => None,
        Outcome::TooMany => panic!("{} has too many states", mutant.name),
    }
}

/// `G1` to `G15`, `S2`, `S3`.
#[test]
fn guarded_keeps_every_rule_in_every_state() {
    let (check, outcome) = checked(Reference::new(Preset::GUARDED), bounds(2));
    assert!(matches!(outcome, Outcome::Kept), "{outcome:?}");
    let extent = check.extent();
    assert!(extent.states > 50_000, "{extent:?}");
    assert!(extent.depth > 30, "{extent:?}");
}

#[test]
fn every_fault_that_can_be_expressed_is_found() {
    for mutant in Mutant::ALL {
        let devices = if NEED_TWO.contains(&mutant.name) {
            2
        } else {
            1
        };
        let found = broken(mutant, devices);
        let beyond = BEYOND.iter().any(|(name, _)| *name == mutant.name);
        let Some(found) = found else {
            assert!(beyond, "{} was not found", mutant.name);
            continue;
        };
        assert!(!beyond, "{} was found: {}", mutant.name, found.why);
        let shorter = SHORTER.iter().find(|(name, _)| *name == mutant.name);
        let want = shorter.map_or(mutant.breaks, |(_, rule)| *rule);
        assert_eq!(found.rule, want, "{}: {}", mutant.name, found.why);
        // The trace is evidence by itself, for a rule that a trace without people is judged by.
        if found.rule <= Rule::G14 {
            let rules: Vec<Rule> = judge(&found.trace).iter().map(|b| b.rule).collect();
            assert!(rules.contains(&found.rule), "{}: {rules:?}", mutant.name);
        }
        if let Some(case) = found.case {
            let trace = play(&case, &mut mutant.assistant()).expect("it does not break");
            let rules: Vec<Rule> = judge(&trace).iter().map(|b| b.rule).collect();
            assert!(
                rules.contains(&found.rule),
                "{}: {rules:?}\n{case}",
                mutant.name
            );
        }
    }
}

#[test]
fn two_devices_are_needed_where_it_is_said() {
    for name in NEED_TWO {
        let mutant = Mutant::named(name).expect("a mutant");
        assert!(broken(mutant, 1).is_none(), "{name}");
    }
}

#[test]
fn most_ways_can_be_written_as_a_case() {
    let found = Mutant::ALL.iter().filter_map(|mutant| broken(mutant, 1));
    let cases = found.filter(|found| found.case.is_some()).count();
    assert!(cases >= 45, "{cases}");
}

#[test]
fn the_presets_of_2018_are_broken_in_a_few_steps() {
    for (preset, steps) in [(Preset::ECHO_2018, 7), (Preset::ASSISTANT_2018, 8)] {
        let mut check = Check::new(Reference::new(preset), preset.wake, Bounds::WHOLE);
        let Outcome::Broken(found) = check.run(|_| ()).expect("it does not break") else {
            panic!("{} keeps all rules", preset.name);
        };
        assert_eq!(found.rule, Rule::G2, "{}", found.why);
        assert_eq!(found.actions.len(), steps, "{:?}", found.actions);
    }
}

#[test]
fn a_check_twice_gives_the_same() {
    let mutant = Mutant::named("button-of-another").expect("a mutant");
    let [one, other] = [(); 2].map(|()| {
        let (check, outcome) = checked(mutant.assistant(), bounds(2));
        format!("{:?} {outcome:?}", check.extent())
    });
    assert_eq!(one, other);
}

#[test]
fn a_check_gives_up_beyond_its_bounds() {
    let few = Bounds {
        states_max: 100,
        ..bounds(1)
    };
    let (check, outcome) = checked(Reference::new(Preset::GUARDED), few);
    assert!(matches!(outcome, Outcome::TooMany), "{outcome:?}");
    assert!(check.extent().states < 1_000, "{:?}", check.extent());
}

/// Of states that count as one, only the first is gone on from. How often would another one have
/// led elsewhere? Seldom with one device; with two, their clocks may be in another order by and by.
#[test]
fn states_that_count_as_one_mostly_go_on_alike() {
    for (devices, layers, percent_max) in [(1, u32::MAX, 1), (2, 6, 15)] {
        let (compared, unlike) = compare_merged(devices, layers);
        println!("{devices} devices: {compared} compared, {unlike} unlike");
        assert!(compared > 200, "{compared}");
        assert!(
            unlike * 100 < compared * percent_max,
            "{unlike} of {compared}"
        );
    }
}

/// How many of the states that count as a known one were compared with it, and were unlike.
fn compare_merged(devices: usize, layers: u32) -> (u32, u32) {
    let guarded = Reference::new(Preset::GUARDED);
    let mut check = Check::new(guarded, Preset::GUARDED.wake, bounds(devices));
    let start = check.start().expect("it does not break");
    let mut known = BTreeMap::from([(check.key(&start), start.clone())]);
    let mut layer = vec![start];
    let (mut merged, mut compared, mut unlike) = (0_u32, 0, 0);
    for _ in 0..layers {
        let mut next = Vec::new();
        for world in &layer {
            for (key, other) in successors(&mut check, world) {
                let Some(first) = known.get(&key) else {
                    known.insert(key, other.clone());
                    next.push(other);
                    continue;
                };
                merged += 1;
                if merged.is_multiple_of(COMPARED_EVERY) {
                    compared += 1;
                    unlike += u32::from(keys(&mut check, first) != keys(&mut check, &other));
                }
            }
        }
        if next.is_empty() {
            break;
        }
        layer = next;
    }
    (compared, unlike)
}

fn successors(check: &mut Check, world: &World) -> Vec<(Key, World)> {
    let mut actions = Vec::new();
    world.actions(&mut actions);
    let next = actions.into_iter().filter_map(|action| {
        let mut next = world.clone();
        let step = check.step(&mut next, action).expect("it does not break");
        step.map(|_| (check.key(&next), next))
    });
    next.collect()
}

fn keys(check: &mut Check, world: &World) -> BTreeSet<Key> {
    let next = successors(check, world);
    next.into_iter().map(|(key, _)| key).collect()
}

/// `S3`
#[test]
fn a_session_that_outlasts_silence_is_found() {
    let patient = Preset {
        policy: Policy {
            window: Millis(60_000),
            ..Policy::GUARDED
        },
        ..Preset::GUARDED
    };
    let (_, outcome) = checked(Reference::new(patient), bounds(1));
    let Outcome::Broken(found) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(found.rule, Rule::S3, "{}", found.why);
}
