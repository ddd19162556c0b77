//! How long does the embedded detector take over 10 ms of sound, at 1, 6 and 24 templates?

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mondegreen_benches::sound::{speech, templates};
use mondegreen_detector::{Keyword, SoundSpotter};
use std::hint::black_box;

const FRAMES: u64 = 998;

fn listening(criterion: &mut Criterion) {
    let talk = speech(10.0, 7);
    let mut group = criterion.benchmark_group("sound");
    group.throughput(Throughput::Elements(FRAMES));
    for count in [0, 1, 6, 24] {
        let own = templates(count);
        // The keyword itself has to be found before anything is timed.
        let mut spotter = SoundSpotter::new(&[Keyword::new("keyword", own)]);
        let mut best = f32::NEG_INFINITY;
        spotter.push(&speech(0.65, 1_000), |decisions| {
            best = best.max(decisions[0].score);
        });
        assert_eq!(count > 0, best > 0.0, "{count} templates: {best}");

        group.bench_function(format!("{count} templates, 10 s"), |bencher| {
            bencher.iter(|| {
                let mut frames = 0;
                for chunk in black_box(&talk).chunks(160) {
                    spotter.push(chunk, |decisions| {
                        black_box(decisions);
                        frames += 1;
                    });
                }
                assert!(frames >= FRAMES - 2);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, listening);
criterion_main!(benches);
