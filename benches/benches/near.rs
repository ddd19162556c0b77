//! How long does it take to find the thousand near-misses of "alexa", of up to three words of the
//! whole dictionary, and how long to lay out the dictionary before?

use criterion::{Criterion, criterion_group, criterion_main};
use mondegreen_phonetics::{Nats, Search, near_miss};
use std::hint::black_box;

const N: usize = 1_000;

fn searching(criterion: &mut Criterion) {
    let search = Search::rare();
    let found = search.near("alexa", N, 1..=3);
    assert_eq!(found.len(), N);
    assert!(found.is_sorted_by_key(|miss| miss.cost));
    for miss in &found {
        assert_eq!(
            near_miss("alexa", &miss.text).map(|again| again.cost),
            Some(miss.cost)
        );
    }
    let place = search.rank("alexa", &found[N - 1].text, 1..=3);
    assert_eq!((place, found[0].cost), (Some(N), Nats::ZERO));

    let mut group = criterion.benchmark_group("near");
    group.sample_size(20);
    group.bench_function("lay out 125,929 words", |bencher| {
        bencher.iter(Search::rare);
    });
    group.bench_function("1,000 texts near alexa", |bencher| {
        bencher.iter(|| search.near(black_box("alexa"), N, 1..=3));
    });
    group.finish();
}

criterion_group!(benches, searching);
criterion_main!(benches);
