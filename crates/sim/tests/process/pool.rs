//! Several processes of one program.

use crate::{Target, give, heard, start};
use mondegreen_sim::{Limits, Pool};
use mondegreen_trace::Effect;
use std::collections::BTreeSet;

const TELLS: &str =
    "say(type='act', device=str(os.getpid()), action=given['hypotheses'][0]['text'])";

/// The processes that did the jobs, and what they made of them.
fn done(pool: &mut Pool, jobs: &[String]) -> Vec<(String, String)> {
    pool.map(jobs, |process, job| {
        give(process, &start()).expect("a start");
        let told = give(process, &heard(job)).expect("an answer").pop();
        let Some(Effect::Act { device, action }) = told else {
            return Default::default();
        };
        (device, action)
    })
}

#[test]
fn results_are_in_the_order_of_the_jobs() {
    let target = Target::that_when_it_hears(&format!(
        "time.sleep(0.002 * (int(given['hypotheses'][0]['text']) % 5))\n{TELLS}"
    ));
    let mut pool = Pool::new(&target.command, 3, Limits::default()).expect("it starts");
    let jobs: Vec<String> = (0..60).map(|job| job.to_string()).collect();
    for _ in 0..2 {
        let done = done(&mut pool, &jobs);
        let results: Vec<&String> = done.iter().map(|(_, result)| result).collect();
        assert_eq!(results, jobs.iter().collect::<Vec<_>>());
        let workers: BTreeSet<&String> = done.iter().map(|(worker, _)| worker).collect();
        assert_eq!(workers.len(), 3, "all take part");
    }
    assert_eq!(done(&mut pool, &[]), []);
}

/// A job that breaks its process leaves the others theirs.
#[test]
fn a_broken_process_breaks_one_job() {
    let target =
        Target::that_when_it_hears("if given['hypotheses'][0]['text'] == '3': sys.exit(9)");
    let mut pool = Pool::new(&target.command, 2, Limits::default()).expect("it starts");
    let jobs: Vec<String> = (0..10).map(|job| job.to_string()).collect();
    let broken = pool.map(&jobs, |process, job| {
        give(process, &start()).expect("a start");
        give(process, &heard(job))
            .err()
            .map(|broken| broken.why().to_owned())
    });
    for (job, why) in jobs.iter().zip(broken) {
        let want = (job == "3").then(|| "it exited with status 9".to_owned());
        assert_eq!(why, want, "{job}");
    }
}
