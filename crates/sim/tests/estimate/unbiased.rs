//! With so few trajectories that every bias would show.

use crate::{ONE, SHORT, SPLITTING, settings, short_exact};
use mondegreen_sim::estimate::models::Ruin;
use mondegreen_sim::estimate::{Doubt, Estimate, Method, Shard, Until, zero_bound};
use std::ops::ControlFlow;

/// So many replications of the game.
fn play(game: Ruin, method: Method, trajectories: u32, seed: u64, replications: usize) -> Estimate {
    let mut game = game;
    let Ok(mut estimate) = Estimate::begin(&mut game, settings(method, trajectories, seed));
    let go_on = |so_far: &Estimate| {
        if so_far.replications().len() < replications {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    let Ok(()) = estimate.run(|| Ok(game), Shard::WHOLE, ONE, go_on);
    estimate
}

/// Three trajectories mostly tie or die out; their mean is right all the same.
#[test]
fn a_handful_of_trajectories_is_right_on_average() {
    for method in SPLITTING {
        for trajectories in [1, 2, 3, 10] {
            let summary = play(SHORT, method, trajectories, 1, 100_000)
                .summary()
                .unwrap();
            let error = summary.relative_error.unwrap();
            let off = (summary.probability / short_exact() - 1.0) / error;
            assert!(off.abs() < 3.5, "{method:?} {trajectories}: {off} errors");
            assert!(error < 0.05, "{error} shows nothing");
        }
    }
}

/// Where nearly all hit at once, those that did not still count.
#[test]
fn what_is_likely_is_estimated_as_well() {
    let likely = Ruin { win: 0.9, goal: 2 };
    for method in SPLITTING {
        let interval = play(likely, method, 40, 1, 1_000).interval(0.999);
        assert!(interval.contains(0.9), "{method:?}: {interval:?}");
        assert!(interval.high < 0.91, "{interval:?} shows nothing");
    }
}

/// Nothing seen bounds the probability, too low in one of twenty experiments at most.
#[test]
fn nothing_seen_is_a_bound_and_not_zero() {
    for method in [Method::Crude, Method::FixedEffort, Method::Adaptive] {
        let (experiments, mut too_low, mut nothing) = (2_000, 0, 0);
        for seed in 0..experiments {
            let summary = play(SHORT, method, 4, seed, 100).summary().unwrap();
            if summary.probability == 0.0 {
                nothing += 1;
                let bound = zero_bound(400.0, 0.95);
                assert_eq!(summary.interval.high, bound);
                assert_eq!(summary.relative_error, None);
                too_low += u32::from(bound < short_exact());
            }
        }
        assert!(too_low <= 100, "{method:?}: {too_low}");
        // Splitting sees more.
        assert_eq!(nothing > 0, method == Method::Crude, "{method:?}");
    }
}

/// A hopeless game ends at its limit on steps, with a bound.
#[test]
fn a_limit_on_steps_ends_a_hopeless_run() {
    let hopeless = Ruin {
        win: 0.1,
        goal: 1_000,
    };
    let Ok(mut estimate) =
        Estimate::begin(&mut { hopeless }, settings(Method::FixedEffort, 100, 1));
    let until = Until {
        relative_error: Some(0.1),
        steps: Some(1_000_000),
    };
    let Ok(()) = estimate.run(|| Ok(hopeless), Shard::WHOLE, ONE, |now| until.go_on(now));
    let summary = estimate.summary().unwrap();
    let last = estimate.replications().last().unwrap();
    let before = summary.steps - last.steps;
    assert!(
        before < 1_000_000 && summary.steps >= 1_000_000,
        "{summary:?}"
    );
    let followed = 100.0 * estimate.replications().len() as f64;
    assert_eq!(summary.interval.high, zero_bound(followed, 0.95));
}

#[test]
fn an_interval_that_may_promise_too_much_says_so() {
    let doubt = |trajectories, replications| {
        let estimate = play(SHORT, Method::FixedEffort, trajectories, 1, replications);
        estimate.summary().unwrap().doubt
    };
    assert_eq!(doubt(500, 29), Some(Doubt::FewReplications));
    assert_eq!(doubt(500, 30), None);
    assert_eq!(doubt(3, 100), Some(Doubt::FewOutweighMany));
    let one = play(SHORT, Method::Adaptive, 500, 1, 1);
    let interval = one.summary().unwrap().interval;
    assert_eq!([interval.low, interval.high], [0.0, 1.0]);
}
