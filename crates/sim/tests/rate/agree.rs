//! At a channel so noisy that unintended sends can be counted, all ways to their rate agree.

use crate::{echo, sessions, shipped, world};
use mondegreen_sim::estimate::{Estimate, Method, Replication, Settings, Shard, Summary, Until};
use mondegreen_sim::{
    Assistant, Broken, ChannelLaw, Fork, Looking, Noise, Purpose, Reference, Replayed, Safeguard,
    Session, World, random,
};
use mondegreen_trace::{Effect, Input};
use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::ControlFlow;

/// Three devices, and commands that are heard everywhere.
const HOME: u64 = 1;

fn noisy() -> ChannelLaw {
    let noise = Noise {
        shift: -12.0,
        slope: 0.4,
    };
    ChannelLaw {
        wake: Noise {
            shift: 0.0,
            slope: 2.5,
        },
        command: noise,
        recipient: noise,
        confirmation: noise,
        ..shipped()
    }
}

fn estimate<A: Fork>(
    make: impl Fn() -> Session<A> + Sync,
    method: Method,
    trajectories: u32,
    until: Until,
) -> Summary {
    let settings = Settings {
        model: "a noisy channel".to_owned(),
        method,
        trajectories: NonZeroU32::new(trajectories).expect("some"),
        seed: 1,
    };
    let mut estimate = Estimate::begin(&mut make(), settings).expect("a pilot run");
    let go_on = |so_far: &Estimate| until.go_on(so_far);
    let run = estimate.run(|| Ok(make()), Shard::WHOLE, NonZeroUsize::MIN, go_on);
    run.expect("an assistant that does not break");
    estimate.summary().expect("replications")
}

fn within(relative_error: f64) -> Until {
    Until {
        relative_error: Some(relative_error),
        steps: Some(20_000_000),
    }
}

fn in_one_home(world: &World) -> Session<Reference> {
    sessions(world, Looking::Sends).in_one_home(HOME)
}

/// An estimate and its standard error.
fn known(summary: &Summary) -> (f64, f64) {
    let error = summary.relative_error.expect("hits");
    (summary.probability, error * summary.probability)
}

/// Two estimates, each with its standard error: no more than four of both apart.
#[track_caller]
fn agree((a, error_a): (f64, f64), (b, error_b): (f64, f64)) {
    let apart = (a - b).abs() / error_a.hypot(error_b);
    assert!(apart < 4.0, "{a} ± {error_a} and {b} ± {error_b}");
}

#[test]
fn splitting_and_crude_simulation_agree() {
    let world = world(noisy(), 2);
    let all = [Method::Crude, Method::FixedEffort, Method::Adaptive];
    let all = all.map(|method| estimate(|| in_one_home(&world), method, 300, within(0.05)));
    let rate = all[0].probability;
    assert!(rate > 1e-4, "{rate} an hour is enough to count");
    let known = all.map(|summary| known(&summary));
    agree(known[0], known[1]);
    agree(known[0], known[2]);
}

/// Counted over all talk, nothing skipped; and by the sessions alone, begun where a device may wake.
#[test]
fn skipping_and_not_skipping_agree() {
    const ROUNDS: u32 = 500;
    let world = world(noisy(), 1);
    let mut session = in_one_home(&world);
    let mut rng = random(2, Purpose::Talk);
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        let seen = session
            .plain(&mut rng)
            .expect("an assistant that does not break");
        let sends = seen.sends as f64 / f64::from(world.hours);
        sum += sends;
        squares += sends * sends;
    }
    let rounds = f64::from(ROUNDS);
    let mean = sum / rounds;
    let error = ((squares / rounds - mean * mean) / (rounds - 1.0)).sqrt();
    assert!(mean > 5.0 * error, "enough to compare: {mean} ± {error}");
    let crude = estimate(|| in_one_home(&world), Method::Crude, 300, within(0.05));
    agree((mean, error), known(&crude));
}

/// Of ours, each copy draws the challenge words of prompts to come anew; an assistant that is replayed
/// keeps those of its start.
#[test]
fn words_drawn_anew_and_words_of_the_start_agree() {
    let mut law = noisy();
    law.confirmation.shift = -24.0;
    let world = world(law, 2);
    let until = Until {
        relative_error: Some(0.1),
        steps: Some(3_000_000),
    };
    let mut safeguards = Safeguard::ALL.iter();
    let challenge = safeguards.find(|safeguard| safeguard.name == "challenge word");
    let challenge = challenge.and_then(Safeguard::on).expect("a safeguard");
    let ours = || Reference::new(challenge);
    let sessions = || Session::new(world.clone(), Looking::Sends, ours()).in_one_home(HOME);
    let replayed =
        || Session::new(world.clone(), Looking::Sends, Replayed::new(ours())).in_one_home(HOME);
    let of_the_start = estimate(replayed, Method::Crude, 300, until);
    let anew = estimate(sessions, Method::FixedEffort, 300, until);
    let error = of_the_start.relative_error.expect("hits");
    assert!(error < 0.2, "enough to compare: {of_the_start:?}");
    agree(known(&of_the_start), known(&anew));
}

/// The first replication of an experiment, and nothing else.
fn first<A: Fork>(make: impl Fn() -> Session<A> + Sync) -> Result<Replication, Broken> {
    let settings = Settings {
        model: "a noisy channel".to_owned(),
        method: Method::FixedEffort,
        trajectories: NonZeroU32::new(50).expect("some"),
        seed: 1,
    };
    let mut estimate = Estimate::begin(&mut make(), settings)?;
    let stop = |_: &Estimate| ControlFlow::Break(());
    estimate.run(|| Ok(make()), Shard::WHOLE, NonZeroUsize::MIN, stop)?;
    Ok(estimate.replications()[0])
}

/// An assistant that cannot be cloned is given again what a copy was given: the same comes of it, and
/// the work is counted.
#[test]
fn an_assistant_that_is_replayed_gives_the_same_for_more_work() {
    let world = world(noisy(), 1);
    let replayed =
        || Session::new(world.clone(), Looking::Sends, Replayed::new(echo())).in_one_home(HOME);
    let cloned = first(|| in_one_home(&world)).expect("no break");
    let again = first(replayed).expect("no break");
    assert!((again.estimate - cloned.estimate).abs() < f64::EPSILON);
    assert!(again.estimate > 0.0 && again.hits == cloned.hits);
    assert!(again.steps > cloned.steps, "{again:?} {cloned:?}");
}

/// Says something else each time that it is started.
#[derive(Debug)]
struct Moody {
    starts: u64,
    inner: Reference,
}

impl Assistant for Moody {
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        self.starts += u64::from(matches!(input, Input::Start { .. }));
        self.inner.take(input, effects)?;
        effects.push(Effect::Timer {
            at_ms: u64::MAX - self.starts,
        });
        Ok(())
    }
}

#[test]
fn an_assistant_that_answers_otherwise_is_broken() {
    let world = world(noisy(), 1);
    let moody = || Moody {
        starts: 0,
        inner: echo(),
    };
    let make = || Session::new(world.clone(), Looking::Sends, Replayed::new(moody()));
    let error = first(|| make().in_one_home(HOME)).expect_err("it cannot be followed in two ways");
    assert!(
        error
            .why()
            .contains("answers the same inputs in different ways"),
        "{error}"
    );
}

/// Does nothing, and says nothing.
#[derive(Clone, Debug)]
struct Mute;

impl Assistant for Mute {
    fn take(&mut self, _: &Input, _: &mut Vec<Effect>) -> Result<(), Broken> {
        Ok(())
    }
}

impl Fork for Mute {}

#[test]
fn an_assistant_that_does_not_say_when_it_sleeps_is_not_followed() {
    let world = world(noisy(), 1);
    let make = || Session::new(world.clone(), Looking::Sends, Mute).in_one_home(HOME);
    let error = first(make).expect_err("there is no telling when it sleeps");
    assert!(
        error.why().contains("does not say what it listens for"),
        "{error}"
    );
}
