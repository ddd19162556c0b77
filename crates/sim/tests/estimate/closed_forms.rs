//! Each known probability lies in the interval that a run gives.

use crate::{ONE, SPLITTING, settings};
use mondegreen_sim::estimate::models::{CASES, Case};
use mondegreen_sim::estimate::{Estimate, Method, Until};

fn run(case: &Case, method: Method, seed: u64, relative_error: f64) -> Estimate {
    let until = Until {
        relative_error: Some(relative_error),
        steps: None,
    };
    case.process
        .estimate(settings(method, 300, seed), ONE, until)
}

/// At 99.9%, since 22 intervals of 95% would hardly ever hold all.
#[test]
fn every_closed_form_lies_in_its_interval() {
    for case in &CASES {
        for method in SPLITTING {
            let estimate = run(case, method, 1, 0.1);
            let interval = estimate.interval(0.999);
            assert!(
                interval.contains(case.exact),
                "{} by {method:?}: {:e} is not in {interval:?}",
                case.name,
                case.exact
            );
            let summary = estimate.summary().unwrap();
            assert_eq!(summary.doubt, None);
            assert!(summary.relative_error.unwrap() <= 0.1);
        }
    }
}

#[test]
fn crude_monte_carlo_says_the_same_where_it_can_reach() {
    let case = crate::case("retransmission N=16 MAX=2");
    let estimate = run(case, Method::Crude, 1, 0.1);
    assert!(estimate.interval(0.999).contains(case.exact));
    assert!(estimate.levels().scores.is_empty());
}

/// Two hundred whole runs, pilot run and stopping rule included; the table of docs/estimating.md has
/// all processes.
#[test]
fn intervals_hold_what_they_promise() {
    let case = crate::case("retransmission N=16 MAX=2");
    for method in SPLITTING {
        let runs = 200;
        let covers = |seed: &u64| {
            let summary = run(case, method, *seed, 0.15).summary().unwrap();
            summary.interval.contains(case.exact)
        };
        let covered = (1..=runs).filter(covers).count();
        assert!((182..=197).contains(&covered), "{method:?}: {covered}");
    }
}

/// A level is a score, the next one is higher, and one in five or more come there from the last.
#[test]
fn the_pilot_run_places_levels_on_the_way() {
    let estimate = run(crate::case("ruin p=1/3 n=30"), Method::FixedEffort, 1, 0.5);
    let levels = estimate.levels();
    assert!(levels.steps > 0);
    assert!(levels.scores.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(levels.scores.iter().all(|level| level.fract() == 0.0));
    // A fair half per coin: one in five comes two coins farther.
    assert!((10..=20).contains(&levels.scores.len()), "{levels:?}");
}
