//! The search finds what is there, and what it finds is small.

use mondegreen_oracle::Rule;
use mondegreen_sim::*;
use mondegreen_trace::{Asks, Event, Meant};

struct Hunted {
    channel: Channel,
    found: Option<Finding>,
    progress: Progress,
}

fn hunted(preset: Preset, seed: u64, conversations: u64) -> Hunted {
    let home = home(seed);
    let mut channel = Channel::new(preset.wake, &home.household);
    let mut material = Material::generated(&home, &mut channel, seed);
    let mut assistant = Reference::new(preset);
    let mut hunt = Hunt::new(&home.household, &mut material, &mut channel, seed);
    let (outcome, progress) = hunt.run(&mut assistant, |progress| {
        progress.conversations < conversations
    });
    let found = match outcome {
        Outcome::Found(script) => Finding::of(script, &mut channel, &mut assistant),
        Outcome::NotFound => None,
        Outcome::Broken(script, broken) => panic!("{broken}\n{script}"),
    };
    let found = found.map(|found| found.shrunk(&mut channel, &mut assistant));
    Hunted {
        channel,
        found,
        progress,
    }
}

#[test]
fn the_echo_of_2018_sends_what_nobody_asked_for() {
    for seed in 1..=3 {
        let found = hunted(Preset::ECHO_2018, seed, 20_000)
            .found
            .expect("no finding");
        assert_eq!(found.rule, Rule::I1, "{}", found.script);
        assert!(found.script.events.len() <= 6, "{}", found.script);
        let for_nobody =
            |event: &Event| matches!(event, Event::Said(said) if said.meant == Meant::Nobody);
        assert!(
            found.script.events.iter().all(for_nobody),
            "{}",
            found.script
        );
        let stages: Vec<Asks> = found.stages().into_iter().map(|(asks, _)| asks).collect();
        for asks in STAGES {
            assert!(stages.contains(&asks), "no {asks:?} in {}", found.script);
        }
    }
}

#[test]
fn the_guarded_assistant_survives_the_same_hunt() {
    let Hunted {
        found, progress, ..
    } = hunted(Preset::GUARDED, 1, 2_000);
    assert!(found.is_none(), "{}", found.unwrap().script);
    // It would be no feat if nothing ever woke it.
    assert!(progress.longest >= 4, "{progress:?}");
}

#[test]
fn the_same_seed_finds_the_same() {
    let one = hunted(Preset::ECHO_2018, 5, 20_000)
        .found
        .expect("no finding");
    let other = hunted(Preset::ECHO_2018, 5, 20_000)
        .found
        .expect("no finding");
    assert_eq!(one.script, other.script);
    assert_eq!(one.held, other.held);
}

#[test]
fn shrinking_twice_is_shrinking_once() {
    let Hunted {
        mut channel, found, ..
    } = hunted(Preset::ECHO_2018, 2, 20_000);
    let once = found.expect("no finding");
    let twice = once
        .clone()
        .shrunk(&mut channel, &mut Reference::new(Preset::ECHO_2018));
    assert_eq!(once.script, twice.script);
}

/// What a finding shows is what its script alone does.
#[test]
fn a_found_script_replays_as_it_was_found() {
    for seed in [1, 13] {
        let found = hunted(Preset::ECHO_2018, seed, 20_000)
            .found
            .expect("no finding");
        let mut channel = Channel::new(Preset::ECHO_2018.wake, &found.script.household);
        let held = hold(
            &found.script,
            &mut channel,
            &mut Reference::new(Preset::ECHO_2018),
        );
        assert_eq!(held, found.held, "{}", found.script);
    }
}
