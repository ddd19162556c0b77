//! Work that is shared by several workers, so that all cores have something to do.

use std::iter::from_fn;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::scope;

/// Does all jobs, each by some worker that has no other job meanwhile; the results are in the order
/// of the jobs. Without workers nothing is done.
pub(crate) fn share<W: Send, J: Sync, R: Send>(
    workers: &mut [W],
    jobs: &[J],
    work: impl Fn(&mut W, &J) -> R + Sync,
) -> Vec<R> {
    let next = &AtomicUsize::new(0);
    let work = &work;
    let mut results: Vec<(usize, R)> = scope(|scope| {
        let each_does_its_share = workers.iter_mut().map(|worker| {
            scope.spawn(move || {
                let places = from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)));
                let jobs = places.map_while(|place| Some((place, jobs.get(place)?)));
                let done = jobs.map(|(place, job)| (place, work(worker, job)));
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
