//! Attacks on made-up ears, which read the phrase out of the samples.

use crate::Fake;
use mondegreen_sim::attack::{AttackError, Count, Forms, Plan, Report, Setting, attack};
use mondegreen_sim::ear::Ear;
use std::convert::Infallible;

/// A sample for each letter, and one for the voice.
#[expect(clippy::unnecessary_wraps, reason = "an attack asks for a result")]
fn say(phrase: &str, setting: &Setting) -> Result<Vec<i16>, Infallible> {
    let voice = i16::try_from(setting.voice).unwrap_or(0);
    let letters = phrase.bytes().map(i16::from);
    Ok(letters.chain([voice]).collect())
}

/// Takes phrases with a "ck", but not in every voice.
const LIKES_CK: &str = "samples = array.array('h', sound)\n\
    text, voice = bytes(samples.tolist()[:-1]).decode(), samples[-1]\n\
    taken = 'ck' in text and (len(text) + voice) % 4 != 0\n\
    say('detection', name=asked['names'][0], timestamp=0) if taken else say('not-detected')";

fn plan(seed: u64) -> Plan {
    Plan {
        phrase: "alexa".to_owned(),
        words_max: 3,
        nearest: 2_000,
        forms: Forms::LeftOut,
        voices: 8,
        tries: 400,
        keep: 20,
        seed,
    }
}

/// A smaller one, where it does not matter what is found.
fn small_plan(seed: u64) -> Plan {
    Plan {
        nearest: 300,
        tries: 80,
        keep: 5,
        ..plan(seed)
    }
}

fn attack_with(ears: &mut [Ear], plan: &Plan) -> Report {
    let mut told = (0, 0);
    let report = attack(plan, ears, &say, &mut |done, of| told = (done, of));
    let report = report.expect("it attacks");
    let all = (plan.tries + 3 * plan.keep * 4) as u64;
    assert_eq!(told, (all, all));
    report
}

#[test]
fn an_attack_finds_what_the_ear_is_weak_to() {
    let fake = Fake::that_when_it_heard(LIKES_CK);
    let report = attack_with(&mut [fake.open()], &plan(1));
    let shares = [&report.found, &report.near_misses, &report.ordinary].map(|tried| {
        let count = Count::of_tries(tried);
        assert_eq!(count.tries, 20 * 4);
        count.share()
    });
    let [found, near_misses, ordinary] = shares;
    assert!(found > 0.4 && found > 5.0 * near_misses, "{shares:?}");
    assert!(ordinary < 0.1, "{shares:?}");
    let taken = Count::of_phrases(&report.found).accepted;
    assert!(taken >= 10, "{:?}", report.found);
    // What was found is counted in voices that the search did not use, best first.
    let accepted: Vec<u64> = report
        .found
        .iter()
        .map(|tried| tried.count.accepted)
        .collect();
    assert!(accepted.is_sorted_by(|a, b| a >= b), "{accepted:?}");
    assert!(report.search.accepted > 40, "{:?}", report.search);
}

#[test]
fn a_seed_has_one_outcome_however_many_ears_share_it() {
    let fake = Fake::that_when_it_heard(LIKES_CK);
    let json = |ears: &mut [Ear], seed| {
        serde_json::to_string(&attack_with(ears, &small_plan(seed))).expect("numbers")
    };
    let alone = json(&mut [fake.open()], 1);
    assert_eq!(json(&mut [fake.open(), fake.open(), fake.open()], 1), alone);
    assert_ne!(json(&mut [fake.open()], 2), alone);
}

#[test]
fn a_plan_that_cannot_be_is_refused() {
    let fake = Fake::that_when_it_heard("say('not-detected')");
    for (phrase, why) in [
        (
            "computer",
            "fake 2 does not know `computer`, but alexa_v0.1, hey_you",
        ),
        ("?!", "`?!` has no English sounds"),
    ] {
        let plan = Plan {
            phrase: phrase.to_owned(),
            ..small_plan(1)
        };
        let refused = attack(&plan, &mut [fake.open()], &say, &mut |_, _| {});
        let Err(AttackError::Plan(said)) = refused else {
            unreachable!("{refused:?}")
        };
        assert!(said.starts_with(why), "{said}");
    }
    let refused = attack(&small_plan(1), &mut [], &say, &mut |_, _| {});
    assert!(refused.expect_err("no ear").to_string().contains("no ear"));
}

#[test]
fn an_ear_that_breaks_ends_the_attack() {
    let fake = Fake::that_when_it_heard("sys.exit(7)");
    let broken = attack(&small_plan(1), &mut [fake.open()], &say, &mut |_, _| {});
    let why = broken.expect_err("it breaks").to_string();
    assert!(why.contains("exited with status 7"), "{why}");
}
