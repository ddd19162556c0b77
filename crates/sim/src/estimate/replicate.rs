//! One replication: its random numbers, its method, what came of it.

use super::adaptive::Adaptive;
use super::splitting::Splitting;
use super::{Levels, Method, Model, Replication, Settings};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Streams below this belong to the purposes of [`crate::Purpose`].
const STREAMS: u64 = 1 << 32;

/// The random numbers of the pilot run.
pub(super) fn pilot_stream(seed: u64) -> ChaCha8Rng {
    stream(seed, STREAMS)
}

/// The random numbers of a replication.
fn replication_stream(seed: u64, number: u64) -> ChaCha8Rng {
    stream(seed, (STREAMS + 1).wrapping_add(number))
}

fn stream(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// What came of a replication, whichever it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    pub(super) estimate: f64,
    pub(super) hits: u32,
    pub(super) steps: u64,
}

/// Makes replications, one after the other, with the same model and buffers.
pub(super) struct Replicator<'a, M: Model> {
    model: M,
    settings: &'a Settings,
    levels: &'a Levels,
    splitting: Splitting<M::State>,
    adaptive: Adaptive<M::State>,
}

impl<'a, M: Model> Replicator<'a, M> {
    pub(super) const fn new(model: M, settings: &'a Settings, levels: &'a Levels) -> Self {
        Self {
            model,
            settings,
            levels,
            splitting: Splitting::new(),
            adaptive: Adaptive::new(),
        }
    }

    pub(super) fn replicate(&mut self, number: u64) -> Result<Replication, M::Error> {
        let rng = &mut replication_stream(self.settings.seed, number);
        let count = self.settings.trajectories.get();
        let model = &mut self.model;
        let worth = model.renew(rng)?;
        assert!(
            worth.is_finite() && worth >= 0.0,
            "what a hit is worth is finite and not negative"
        );
        let outcome = match self.settings.method {
            Method::Crude => self.splitting.replicate(model, count, &[], rng)?,
            Method::FixedEffort => {
                let levels = &self.levels.scores;
                self.splitting.replicate(model, count, levels, rng)?
            }
            Method::Adaptive => self.adaptive.replicate(model, count, rng)?,
        };
        Ok(Replication {
            number,
            worth,
            estimate: outcome.estimate * worth,
            hits: outcome.hits,
            steps: outcome.steps.saturating_add(self.model.extra_work()),
        })
    }
}
