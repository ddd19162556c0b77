//! How long does each hot path take, on the work that `benches/compare` counts?

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mondegreen_benches::path::Path;

fn paths(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("paths");
    for path in Path::ALL {
        let mut work = path.prepare();
        group.throughput(Throughput::Elements(work.elements as u64));
        group.bench_function(path.name, |bencher| bencher.iter(|| work.times(1)));
    }
    group.finish();
}

criterion_group!(benches, paths);
criterion_main!(benches);
