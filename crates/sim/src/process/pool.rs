//! Several processes of one program, so that all cores have something to do.

use super::{Limits, Process};
use crate::assistant::Broken;
use crate::share::share;

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
        share(&mut self.processes, jobs, work)
    }
}
