//! Several processes of one program, so that all cores have something to do.

use super::{Limits, Process};
use crate::assistant::Broken;
use std::iter::from_fn;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::scope;

/// Processes of one program that share work.
#[derive(Debug)]
pub struct Pool {
    processes: Vec<Process>,
}

impl Pool {
    /// Starts this command line so many times, at least once.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn new(command: &str, size: usize, limits: Limits) -> Result<Self, Broken> {
        let spawn = |_| Process::spawn(command, limits);
        let processes = (0..size.max(1)).map(spawn);
        Ok(Self {
            processes: processes.collect::<Result<_, _>>()?,
        })
    }

    /// Does all jobs, each with some process that has no other job meanwhile; the results are in the
    /// order of the jobs.
    ///
    /// A job has to begin with a `start`: then it does not matter which process it is given, as long
    /// as the assistant forgets the run before. A process that breaks is started anew by the next job.
    pub fn map<J: Sync, R: Send>(
        &mut self,
        jobs: &[J],
        work: impl Fn(&mut Process, &J) -> R + Sync,
    ) -> Vec<R> {
        let next = &AtomicUsize::new(0);
        let work = &work;
        let mut results: Vec<(usize, R)> = scope(|scope| {
            let each_does_its_share = self.processes.iter_mut().map(|process| {
                scope.spawn(move || {
                    let places = from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)));
                    let jobs = places.map_while(|place| Some((place, jobs.get(place)?)));
                    let done = jobs.map(|(place, job)| (place, work(process, job)));
                    done.collect::<Vec<_>>()
                })
            });
            // All are started before the first is waited for.
            let threads: Vec<_> = each_does_its_share.collect();
            let shares = threads.into_iter().map(|thread| {
                let share = thread.join();
                share.unwrap_or_else(|panic| resume_unwind(panic))
            });
            shares.flatten().collect()
        });
        results.sort_by_key(|(place, _)| *place);
        results.into_iter().map(|(_, result)| result).collect()
    }
}
