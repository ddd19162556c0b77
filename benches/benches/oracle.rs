//! How long does the oracle take over one fact, and over one line of text?
//!
//! Asked of an ordinary run, which breaks nothing: a message that is refused after answers that come
//! too early, doubtful and late, and one that is confirmed, held, sent and delivered.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mondegreen_benches::run;
use mondegreen_oracle::{Ahead, Judge, Nearness, Reader};
use mondegreen_trace::fact::Dictionary;
use std::hint::black_box;

fn judging(criterion: &mut Criterion) {
    let trace = run::ordinary_run();
    let (mut dictionary, mut reader) = (Dictionary::new(), Reader::new());
    let facts = run::facts(&mut dictionary);
    let mut judge = Judge::new();
    for fact in &facts {
        judge.see(fact, &mut reader, &dictionary);
    }
    let want = Nearness { sent: 1, met: 0 };
    assert_eq!((judge.breaches(), judge.nearness()), (&[][..], want));

    let mut group = criterion.benchmark_group("oracle");
    group.throughput(Throughput::Elements(facts.len() as u64));
    group.bench_function(format!("{} facts", facts.len()), |bencher| {
        bencher.iter(|| {
            judge.reset();
            for fact in black_box(&facts) {
                judge.see(fact, &mut reader, &dictionary);
            }
            judge.finish(&mut reader, &dictionary).len()
        });
    });
    group.bench_function("facts, with the nearness after each", |bencher| {
        bencher.iter(|| {
            judge.reset();
            let met = black_box(&facts).iter().map(|fact| {
                judge.see(fact, &mut reader, &dictionary);
                judge.nearness().met
            });
            met.max()
        });
    });
    group.bench_function("lines", |bencher| {
        bencher.iter(|| mondegreen_oracle::judge(black_box(&trace)));
    });
    // In the middle of the second message, where a search would branch.
    judge.reset();
    for fact in &facts[..facts.len() * 9 / 10] {
        judge.see(fact, &mut reader, &dictionary);
    }
    let mut copy = Judge::new();
    group.throughput(Throughput::Elements(1));
    group.bench_function("copy", |bencher| {
        bencher.iter(|| copy.clone_from(black_box(&judge)));
    });
    let ahead = Ahead {
        messages: &[dictionary.term("m2")],
        speech_max_ms: 10_000,
        ..Ahead::default()
    };
    group.bench_function("essence", |bencher| {
        bencher.iter(|| black_box(&judge).essence(ahead));
    });
    group.finish();
}

criterion_group!(benches, judging);
criterion_main!(benches);
