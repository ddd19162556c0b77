//! Talk has the figures of real talk, and is the same for the same seed.

use mondegreen_generator::{Home, Talker, household, is_fluent, stats};
use mondegreen_trace::{Contact, Household, Meant, Utterance};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeSet;

fn talk(seed: u64, utterances: usize) -> Vec<Utterance> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let home = household(&mut rng);
    Talker::new(&home, 1_000, rng).take(utterances).collect()
}

#[test]
fn figures_lie_within_15_percent_of_the_published_ones() {
    for figure in stats::measure(&talk(1, 200_000)) {
        let off = (figure.ours / figure.published - 1.0).abs();
        let (low, high) = figure.interval95;
        let by_chance = low <= figure.published && figure.published <= high;
        assert!(off <= 0.15 || by_chance, "{figure:?}");
        assert!(low <= figure.ours && figure.ours <= high, "{figure:?}");
    }
}

#[test]
fn figures_of_common_things_hold_for_other_homes() {
    for seed in 2..6 {
        for figure in stats::measure(&talk(seed, 40_000)) {
            let rare = figure.published < 0.001 || figure.name.starts_with('"');
            let off = (figure.ours / figure.published - 1.0).abs();
            assert!(rare || off <= 0.2, "seed {seed}: {figure:?}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_talk() {
    assert_eq!(talk(7, 2_000), talk(7, 2_000));
    assert_ne!(talk(7, 50), talk(8, 50));
}

#[test]
fn talk_is_ordered_overlaps_and_pauses() {
    let talk = talk(3, 5_000);
    let (mut overlaps, mut pauses, mut lulls) = (0, 0, 0);
    for pair in talk.windows(2) {
        let [before, after] = pair else { continue };
        assert!(before.from_ms <= after.from_ms && after.from_ms < after.to_ms);
        overlaps += usize::from(after.from_ms < before.to_ms);
        pauses += usize::from(after.from_ms > before.to_ms + 1_000);
        lulls += usize::from(after.from_ms > before.to_ms + 10_000);
        let own_voice = before.speaker == after.speaker && after.from_ms < before.to_ms;
        assert!(!own_voice, "{} talks over themselves", after.speaker);
    }
    assert!(
        overlaps > 500 && pauses > 300 && lulls > 50,
        "{overlaps} {pauses} {lulls}"
    );
}

#[test]
fn talk_is_fluent_varied_and_meant_for_nobody() {
    let talk = talk(4, 20_000);
    let long = talk.iter().filter(|said| said.text.split(' ').count() > 4);
    let different: BTreeSet<&str> = long.clone().map(|said| said.text.as_str()).collect();
    assert!(
        different.len() * 10 > long.count() * 6,
        "{}",
        different.len()
    );
    let texts = talk.iter().map(|said| said.text.as_str()).step_by(10);
    let broken: Vec<&str> = texts.filter(|text| !is_fluent(text)).collect();
    assert_eq!(broken, Vec::<&str>::new());
    for said in &talk {
        assert_eq!(said.meant, Meant::Nobody);
        assert!(
            said.text.ends_with(['.', '?', '!']) && !said.text.contains(",."),
            "{}",
            said.text
        );
        assert!(!said.devices.is_empty() && !said.speaker.is_empty());
    }
}

#[test]
fn contacts_are_talked_about() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let home = household(&mut rng);
    let given: BTreeSet<&str> = home
        .household
        .contacts
        .iter()
        .filter_map(|c| c.name.split(' ').next())
        .collect();
    let named = Talker::new(&home, 0, rng)
        .take(20_000)
        .filter(|said| given.iter().any(|name| said.text.contains(name)))
        .count();
    assert!(named > 20, "{named}");
}

#[test]
fn odd_homes_talk_too() {
    let odd = |devices: &[&str], names: &[&str], people: &[&str]| Home {
        household: Household {
            devices: devices.iter().map(|name| (*name).to_owned()).collect(),
            contacts: names
                .iter()
                .enumerate()
                .map(|(at, name)| Contact {
                    id: format!("c{at}"),
                    name: (*name).to_owned(),
                })
                .collect(),
            messaging: false,
        },
        people: people.iter().map(|name| (*name).to_owned()).collect(),
    };
    for home in [
        odd(&[], &[], &[]),
        odd(&["hall"], &["", "1234", "李"], &["Ana"]),
    ] {
        let rng = ChaCha8Rng::seed_from_u64(1);
        let talk: Vec<Utterance> = Talker::new(&home, u64::MAX - 60_000, rng)
            .take(3_000)
            .collect();
        assert_eq!(talk.len(), 3_000);
        assert!(
            talk.iter()
                .all(|said| said.from_ms <= said.to_ms && !said.text.is_empty())
        );
    }
}
