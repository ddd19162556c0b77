//! How long does the spotter take over one phone, when it listens for 64 phrases of six phones?

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mondegreen_phonetics::{Hit, Lexicon, Nats, Phone, Phrase, Spotter, within};
use std::hint::black_box;

/// Half a nat a phone: as near as the nearer ones of the published triggers.
const MAX_COST: Nats = Nats::from_millis(3_000);

fn phrases() -> Vec<Phrase> {
    let common = Lexicon::embedded()
        .entries()
        .filter(|entry| entry.level.is_some());
    let spoken = common.filter_map(|entry| entry.pronunciations.into_iter().next());
    let six = spoken
        .filter(|phones| phones.len() == 6)
        .step_by(50)
        .take(64);
    six.map(|phones| Phrase {
        phones,
        max_cost: MAX_COST,
    })
    .collect()
}

/// Common words, one after the other: some hide a phrase.
fn talk() -> Vec<Phone> {
    let common = Lexicon::embedded()
        .entries()
        .filter(|entry| entry.level.is_some());
    let spoken = common.filter_map(|entry| entry.pronunciations.into_iter().next());
    spoken.step_by(9).flatten().take(10_000).collect()
}

/// The number of hits, and the cheapest of each phrase.
fn hear(spotter: &mut Spotter, talk: &[Phone]) -> (usize, Vec<Option<Hit>>) {
    let mut count = 0;
    let mut best = vec![None; 64];
    let mut take = |phrase: usize, hit: Hit| {
        count += 1;
        let known: &mut Option<Hit> = &mut best[phrase];
        if known.is_none_or(|known| hit.cost < known.cost) {
            *known = Some(hit);
        }
    };
    for &phone in talk {
        spotter.push(phone, |spotted| take(spotted.phrase, spotted.hit));
    }
    spotter.finish(|spotted| take(spotted.phrase, spotted.hit));
    (count, best)
}

fn spotting(criterion: &mut Criterion) {
    let (phrases, talk) = (phrases(), talk());
    assert_eq!((phrases.len(), talk.len()), (64, 10_000));
    let mut spotter = Spotter::new(&phrases);
    let (count, best) = hear(&mut spotter, &talk);
    for (phrase, best) in phrases.iter().zip(best) {
        let whole = within(&phrase.phones, &talk);
        assert_eq!(best, (whole.cost <= MAX_COST).then_some(whole));
    }
    assert!(count > 50, "only {count} hits");

    let mut group = criterion.benchmark_group("spotter");
    group.throughput(Throughput::Elements(talk.len() as u64));
    group.bench_function("64 phrases, 10,000 phones", |bencher| {
        bencher.iter(|| {
            let mut hits = 0;
            for &phone in black_box(&talk) {
                spotter.push(phone, |_| hits += 1);
            }
            spotter.finish(|_| hits += 1);
            assert_eq!(hits, count);
        });
    });
    group.finish();
}

criterion_group!(benches, spotting);
criterion_main!(benches);
