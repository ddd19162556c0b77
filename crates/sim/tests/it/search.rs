//! The search finds what is broken, in any assistant, and nothing where nothing is.

use mondegreen_oracle::Rule;
use mondegreen_sim::{
    Case, CaseFinding, Example, Guidance, Mutant, Preset, Reference, Search, SearchProgress,
    SpokenTo, Target,
};

/// Steps within which each of a few mutants is found; `mondegreen race` tells how many all take.
const STEPS: u64 = 150_000;

/// Of the mutants, some that are quick to find, for each depth and kind.
const QUICK: [&str; 10] = [
    "command-is-consent",
    "recipient-confirmed-only",
    "age-in-sixteen-bits",
    "barge-in",
    "hears-itself",
    "interim-answer",
    "no-is-unclear",
    "off-while-held",
    "sent-in-silence",
    "words-go-on",
];

fn search<T: Target>(target: T, seed: u64, steps: u64) -> (Option<Case>, SearchProgress) {
    let mut search = Search::new(target, seed, Guidance::Full);
    let found = search.search(steps).expect("the assistant does not break");
    (found, search.progress())
}

fn mutants() -> impl Iterator<Item = &'static Mutant> {
    QUICK.iter().map(|name| Mutant::named(name).expect(name))
}

#[test]
fn mutants_are_found_and_their_findings_are_small() {
    for mutant in mutants() {
        let name = mutant.name;
        let (found, progress) = search(mutant.assistant(), 1, STEPS);
        let found = found.unwrap_or_else(|| panic!("{name} is not found in {progress:?}"));
        let finding = CaseFinding::of(&found, mutant.assistant());
        let finding = finding.expect("it does not break").expect(name);
        let small = finding.shrunk(|| mutant.assistant()).expect(name);
        let (length, witness) = (small.case.events.len(), mutant.witness().events.len());
        assert!(
            length <= witness + 6,
            "{name}: {length} events for {witness}\n{}",
            small.case
        );
        let again = small.clone().shrunk(|| mutant.assistant()).expect(name);
        assert_eq!(again.case, small.case, "{name}");
        let rules = small.breaches.iter().map(|breach| breach.rule);
        assert!(rules.into_iter().any(|rule| rule == small.rule), "{name}");
    }
}

/// An assistant that is talked to in words tells nothing of its state.
#[test]
fn mutants_are_found_from_outside() {
    for mutant in mutants() {
        let (found, progress) = search(SpokenTo::new(mutant.assistant()), 1, STEPS);
        assert!(found.is_some(), "{} in {progress:?}", mutant.name);
    }
}

#[test]
fn nothing_is_found_in_the_guarded_assistant() {
    let (found, progress) = search(Reference::new(Preset::GUARDED), 1, 2 * STEPS);
    assert_eq!(found, None);
    assert!(
        progress.steps >= 2 * STEPS && progress.corpus > 1_000,
        "{progress:?}"
    );
}

#[test]
fn one_seed_gives_one_search() {
    let run = |seed| search(Reference::new(Preset::GUARDED), seed, 20_000);
    assert_eq!(run(1), run(1));
    assert_ne!(run(1).1, run(2).1);
}

/// The two ways in are one assistant: what is found by numbers is found in words.
#[test]
fn facts_and_words_lead_to_the_same() {
    for mutant in mutants() {
        let case = mutant.witness();
        let by_numbers = CaseFinding::of(&case, mutant.assistant());
        let in_words = CaseFinding::of(&case, SpokenTo::new(mutant.assistant()));
        let (by_numbers, in_words) = (by_numbers.expect("facts"), in_words.expect("words"));
        let trace = |found: Option<CaseFinding>| found.map(|found| found.trace);
        assert_eq!(trace(by_numbers), trace(in_words), "{}", mutant.name);
    }
}

/// Three findings of one fault on three ways are one bucket; another fault is another.
#[test]
fn what_has_one_cause_is_one_bucket() {
    let small = |name: &str, seed| {
        let mutant = Mutant::named(name).expect(name);
        let (found, _) = search(mutant.assistant(), seed, 2 * STEPS);
        let found = CaseFinding::of(&found.expect(name), mutant.assistant());
        let found = found.expect(name).expect(name);
        found.shrunk(|| mutant.assistant()).expect(name).bucket()
    };
    let echoes: Vec<_> = (1..=3).map(|seed| small("hears-itself", seed)).collect();
    assert!(
        echoes.iter().all(|bucket| *bucket == echoes[0]),
        "{echoes:#?}"
    );
    assert_eq!(echoes[0].rule, Rule::G6);
    assert_ne!(small("barge-in", 1), echoes[0]);
}
