//! What the machine could do at best, measured in the same run.

use std::array;
use std::hint::black_box;

/// As the spotter has them.
type Lanes = [i16; 16];
/// Enough that no chain has to wait for itself.
const CHAINS: usize = 4;
const ROUNDS: usize = 100_000;

/// How many nanoseconds a saturating sum, or a lesser, of sixteen lanes takes.
pub(crate) fn lanes_nanoseconds() -> f64 {
    let step: Lanes = black_box([3; 16]);
    let most: Lanes = black_box([20_000; 16]);
    let mut work = || {
        let mut chains: [Lanes; CHAINS] = black_box([[1; 16]; CHAINS]);
        for _ in 0..ROUNDS {
            for chain in &mut chains {
                let sum: Lanes = array::from_fn(|lane| chain[lane].saturating_add(step[lane]));
                *chain = array::from_fn(|lane| sum[lane].min(most[lane]));
            }
        }
        chains
    };
    let turns = (0..crate::TURNS).map(|_| {
        let (chains, seconds) = crate::timed(&mut work);
        black_box(chains);
        seconds
    });
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let operations = (ROUNDS * CHAINS * 2) as f64;
    turns.fold(f64::INFINITY, f64::min) * 1e9 / operations
}
