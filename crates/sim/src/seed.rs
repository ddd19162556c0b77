//! One seed, one stream of random numbers for each purpose.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// What random numbers are drawn for. A new purpose does not change the numbers of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Devices, contacts and people.
    Household = 1,
    /// Ordinary talk.
    Talk = 2,
    /// Sentences around near-misses.
    Weaving = 3,
    /// What the search tries next.
    Search = 4,
    /// Sessions in which interruptions are counted.
    Interruptions = 5,
    /// How phrases are said to an ear, and which it is tried with.
    Attack = 6,
    /// Lessons of a keyword, and what it is tried with.
    Enrolment = 7,
}

/// The random numbers of a seed for a purpose.
pub fn random(seed: u64, purpose: Purpose) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(purpose as u64);
    rng
}
