//! How many dialog steps does the search take in a second, the oracle included?
//!
//! Asked of the guarded assistant, in which it finds nothing and so never stops; by facts, and in
//! words as any other assistant is talked to.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mondegreen_sim::{Guidance, Preset, Reference, Search, SpokenTo, Target};
use std::hint::black_box;

const STEPS: u64 = 100_000;

fn search<T: Target>(target: T) -> u64 {
    let mut search = Search::new(target, 1, Guidance::Full);
    let found = search.search(STEPS);
    assert_eq!(found, Ok(None), "the guarded assistant keeps every rule");
    search.progress().steps
}

fn steps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("search");
    group
        .throughput(Throughput::Elements(STEPS))
        .sample_size(10);
    group.bench_function("guarded, by facts", |bencher| {
        bencher.iter(|| search(black_box(Reference::new(Preset::GUARDED))));
    });
    group.bench_function("guarded, in words", |bencher| {
        bencher.iter(|| search(SpokenTo::new(Reference::new(Preset::GUARDED))));
    });
    group.finish();
}

criterion_group!(benches, steps);
criterion_main!(benches);
