//! At a channel so noisy that unintended sends can be counted, all ways to their rate agree.

use crate::shipped;
use mondegreen_sim::estimate::{Estimate, Method, Settings, Shard, Summary, Until};
use mondegreen_sim::{
    Broken, ChannelLaw, Preset, Purpose, Reference, Session, Slip, Tape, home, plain, random,
};
use std::num::{NonZeroU32, NonZeroUsize};

fn noisy() -> ChannelLaw {
    let slip = |slope| Slip { offset: 0.0, slope };
    ChannelLaw {
        wake: slip(1.0),
        command: slip(0.1),
        recipient: slip(0.1),
        confirmation: slip(0.1),
        ..shipped()
    }
}

fn tape(law: &ChannelLaw) -> Tape {
    Tape::new(&home(1), 1, 10, "alexa", law)
}

fn estimate(tape: &Tape, law: ChannelLaw, method: Method) -> Summary {
    let make = || Ok::<_, Broken>(Session::new(tape, law, Reference::new(Preset::ECHO_2018)));
    let settings = Settings {
        model: "a noisy channel".to_owned(),
        method,
        trajectories: NonZeroU32::new(200).expect("some"),
        seed: 1,
    };
    let mut model = make().expect("a model");
    let mut estimate = Estimate::begin(&mut model, settings).expect("a pilot run");
    let until = Until {
        relative_error: Some(0.06),
        steps: Some(20_000_000),
    };
    let go_on = |so_far: &Estimate| until.go_on(so_far);
    let run = estimate.run(make, Shard::WHOLE, NonZeroUsize::MIN, go_on);
    run.expect("an assistant that does not break");
    estimate.summary().expect("replications")
}

/// Two estimates, each with its standard error: no more than four of both apart.
#[track_caller]
fn agree((a, error_a): (f64, f64), (b, error_b): (f64, f64)) {
    let apart = (a - b).abs() / error_a.hypot(error_b);
    assert!(apart < 4.0, "{a} ± {error_a} and {b} ± {error_b}");
}

#[test]
fn splitting_and_crude_simulation_agree() {
    let law = noisy();
    let tape = tape(&law);
    let known = [Method::Crude, Method::FixedEffort, Method::Adaptive].map(|method| {
        let summary = estimate(&tape, law, method);
        let error = summary.relative_error.expect("hits");
        eprintln!("{method:?} {summary:?}");
        (summary.probability, error * summary.probability)
    });
    agree(known[0], known[1]);
    agree(known[0], known[2]);
}

/// Counted over all talk, nothing skipped; and by the sessions alone, begun where a device wakes.
#[test]
fn skipping_and_not_skipping_agree() {
    const ROUNDS: u32 = 40;
    let law = noisy();
    let tape = tape(&law);
    let mut session = Session::new(&tape, law, Reference::new(Preset::ECHO_2018));
    let mut rng = random(2, Purpose::Talk);
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        let counted = plain(&mut session, &mut rng).expect("an assistant that does not break");
        let sends = counted.sends as f64 / tape.hours();
        sum += sends;
        squares += sends * sends;
    }
    let rounds = f64::from(ROUNDS);
    let mean = sum / rounds;
    let error = ((squares / rounds - mean * mean) / (rounds - 1.0)).sqrt();
    let crude = estimate(&tape, law, Method::Crude);
    let by_sessions = tape.wakes_per_hour() * crude.probability;
    let error_of_sessions = by_sessions * crude.relative_error.expect("hits");
    eprintln!(
        "{mean} ± {error}, {by_sessions} ± {error_of_sessions}, {} wakes an hour",
        tape.wakes_per_hour()
    );
    assert!(mean > 10.0 * error, "enough to compare: {mean} ± {error}");
    agree((mean, error), (by_sessions, error_of_sessions));
}
