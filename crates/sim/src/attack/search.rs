//! Chooses what to try next: phrases that nothing is known of, phrases that ought to do well by what
//! was learned, and again those that did well, in other voices.

use super::model::{Feature, MEMBERS, Model};
use super::pool::Pool;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, RngExt};
use std::collections::{BTreeMap, BTreeSet};

/// Of twenty tries, so many are of phrases drawn blindly, and so many of phrases that ought to do
/// well; the rest are of phrases that did well.
const BLIND: u32 = 4;
const EXPECTED: u32 = 8;
const OF: u32 = 20;

/// A phrase to try, by its place in the pool, and the voice, by its place among those of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    pub(crate) phrase: usize,
    pub(crate) voice: usize,
}

/// A search for phrases that an ear takes for another.
#[derive(Debug)]
pub(crate) struct Search<'a> {
    pool: &'a Pool,
    voices: usize,
    model: Model,
    /// What came of each phrase that was tried, by voice.
    tried: BTreeMap<usize, BTreeMap<usize, f64>>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(pool: &'a Pool, voices: usize) -> Self {
        Self {
            pool,
            voices,
            model: Model::new(pool.traits() + voices),
            tried: BTreeMap::new(),
        }
    }

    /// What to try next, at most so many, each once; none when everything was tried.
    pub(crate) fn next(&self, count: usize, rng: &mut impl Rng) -> Vec<Pick> {
        let mut fresh: Vec<usize> = (0..self.pool.candidates.len())
            .filter(|phrase| !self.tried.contains_key(phrase))
            .collect();
        fresh.shuffle(rng);
        let mut expected: Vec<_> = (0..MEMBERS)
            .map(|m| self.expected(m, &fresh).into_iter())
            .collect();
        let mut fresh = fresh.into_iter();
        let mut known = self.promising().into_iter();
        let mut chosen = BTreeSet::new();
        let mut picks = Vec::new();
        while picks.len() < count {
            let kind = rng.random_range(0..OF);
            let member = rng.random_range(0..MEMBERS);
            let mut of = |mut source: &mut dyn Iterator<Item = usize>| {
                Iterator::find(&mut source, |phrase| !chosen.contains(phrase))
            };
            let mut sources: [&mut dyn Iterator<Item = usize>; 3] =
                [&mut fresh, &mut expected[member], &mut known];
            if kind >= BLIND {
                sources.rotate_left(if kind < BLIND + EXPECTED { 1 } else { 2 });
            }
            // Whatever was drawn may be used up; the others are not.
            let Some(phrase) = sources.into_iter().find_map(&mut of) else {
                break;
            };
            chosen.insert(phrase);
            let untried = self.untried(phrase);
            if let Some(voice) = untried.choose(rng) {
                picks.push(Pick {
                    phrase,
                    voice: *voice,
                });
            }
        }
        picks
    }

    /// Takes note of what came of tries, from 0 to 1.
    pub(crate) fn learn(
        &mut self,
        results: impl IntoIterator<Item = (Pick, f64)>,
        rng: &mut impl Rng,
    ) {
        for (pick, outcome) in results {
            let voices = self.tried.entry(pick.phrase).or_default();
            voices.insert(pick.voice, outcome);
            let features = self.features(pick);
            self.model.note(features, outcome, rng);
        }
        self.model.fit();
    }

    /// The best of those that were tried, best first.
    pub(crate) fn best(&self, count: usize) -> Vec<usize> {
        let mut rated: Vec<(f64, usize)> = self
            .tried
            .keys()
            .map(|phrase| (self.share(*phrase), *phrase))
            .collect();
        rated.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        rated
            .into_iter()
            .take(count)
            .map(|(_, phrase)| phrase)
            .collect()
    }

    /// Those that were tried and not in all voices, best first.
    fn promising(&self) -> Vec<usize> {
        let mut best = self.best(usize::MAX);
        best.retain(|phrase| {
            self.tried
                .get(phrase)
                .is_some_and(|by| by.len() < self.voices)
        });
        best
    }

    /// Of those that were not tried, what a member of the model puts first.
    fn expected(&self, member: usize, fresh: &[usize]) -> Vec<usize> {
        let odds = |phrase: usize| {
            self.model
                .odds(member, &self.pool.candidates[phrase].features)
        };
        let mut rated: Vec<(f64, usize)> = fresh.iter().map(|p| (odds(*p), *p)).collect();
        rated.sort_by(|a, b| b.0.total_cmp(&a.0));
        rated.into_iter().map(|(_, phrase)| phrase).collect()
    }

    /// In what share of the voices a phrase is taken: as it was found where it was tried, and as the
    /// model has it elsewhere.
    fn share(&self, phrase: usize) -> f64 {
        let tried = self.tried.get(&phrase);
        let shares = (0..self.voices).map(|voice| {
            let found = tried.and_then(|tried| tried.get(&voice)).copied();
            found.unwrap_or_else(|| {
                self.model
                    .probability(&self.features(Pick { phrase, voice }))
            })
        });
        shares.sum()
    }

    fn untried(&self, phrase: usize) -> Vec<usize> {
        let tried = self.tried.get(&phrase);
        let is_untried = |voice: &usize| !tried.is_some_and(|tried| tried.contains_key(voice));
        (0..self.voices).filter(is_untried).collect()
    }

    fn features(&self, pick: Pick) -> Vec<Feature> {
        let mut features = self.pool.candidates[pick.phrase].features.clone();
        let voice = self.pool.traits() + pick.voice;
        features.push((u32::try_from(voice).unwrap_or(u32::MAX), 1.0));
        features
    }
}
