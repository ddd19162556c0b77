//! What the machine could do at best, measured, and what 10 ms of sound need of it.
//!
//! Operations are counted from the algorithm, as vectors of the width that the build has: real
//! numbers for the features (5/2 N log2 N for a real transform of N = 512, and what stands around it),
//! 16-bit products and sums for distances and columns.

use std::hint::black_box;
use std::time::Instant;
use wide::{f32x8, i16x8, i32x4};

/// Real operations of the features of a frame: pre-emphasis and window, transform, power, bands,
/// logarithms, cosines, and the frame that comes of them.
const REAL: f64 = 3.0 * 400.0
    + 2.5 * 512.0 * 9.0
    + 3.0 * 257.0
    + 2.0 * 600.0
    + 32.0 * 20.0
    + 2.0 * 32.0 * 16.0
    + 28.0 * 12.0;
/// Products of pairs for each cell, each with a sum.
const PRODUCTS: f64 = 14.0;
/// Bytes of each cell: its frame, two distances, four costs and four beginnings.
const BYTES: f64 = 56.0 + 2.0 * 2.0 + 2.0 * 4.0 + 2.0 * 4.0;

const ROUNDS: u32 = 2_000;
const REPEATS: usize = 9;

/// The least time in microseconds that a frame can take, with so many cells.
pub fn bound(cells: f64) -> (f64, String) {
    let (real, products, bytes) = (real_peak(), product_peak(), bandwidth());
    let operations = REAL / real + cells * PRODUCTS / products;
    let traffic = cells * BYTES / bytes;
    let text = format!(
        "{:.1} billion real operations, {:.1} billion products of pairs, {:.0} GB a second",
        real / 1e3,
        products / 1e3,
        bytes / 1e3
    );
    (operations.max(traffic), text)
}

/// How many of something a microsecond has room for, at best.
fn best(count: f64, mut work: impl FnMut()) -> f64 {
    let times = (0..REPEATS).map(|_| {
        let began = Instant::now();
        work();
        began.elapsed().as_secs_f64() * 1e6
    });
    count / times.fold(f64::INFINITY, f64::min)
}

/// Sums and products of real numbers in turn, in chains that do not wait for each other.
fn real_peak() -> f64 {
    let factor = f32x8::splat(black_box(0.999));
    best(f64::from(ROUNDS) * 100.0 * 6.0 * 16.0, || {
        let mut chains = [f32x8::splat(black_box(1.0)); 6];
        for _ in 0..ROUNDS * 100 {
            for chain in &mut chains {
                *chain = *chain * factor + factor;
            }
        }
        black_box(chains);
    })
}

/// Products of pairs of 16 bits, summed up, of what lies in the nearest cache.
fn product_peak() -> f64 {
    let memory = vec![black_box(3_i16); 2_048];
    let factor = i16x8::splat(black_box(3));
    best(f64::from(ROUNDS) * 256.0 * 4.0, || {
        let mut chains = [i32x4::ZERO; 4];
        for _ in 0..ROUNDS {
            for block in black_box(&memory).chunks_exact(32) {
                for (chain, lanes) in chains.iter_mut().zip(block.chunks_exact(8)) {
                    *chain += i16x8::from_slice_unaligned(lanes).dot(factor);
                }
            }
        }
        black_box(chains);
    })
}

/// Reading what 24 templates take, over and over.
fn bandwidth() -> f64 {
    let memory = vec![1_i16; 48 * 1_024];
    let vectors = memory.len() / 8;
    best(f64::from(ROUNDS) * (vectors * 16) as f64, || {
        for _ in 0..ROUNDS {
            let mut sums = [i16x8::ZERO; 4];
            for block in black_box(&memory).chunks_exact(32) {
                for (sum, lanes) in sums.iter_mut().zip(block.chunks_exact(8)) {
                    *sum += i16x8::from_slice_unaligned(lanes);
                }
            }
            black_box(sums);
        }
    })
}
