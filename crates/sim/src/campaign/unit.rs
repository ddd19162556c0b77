//! Doing one unit: a search with a seed of its own, to a number of steps, and what came of it.

use crate::assistant::{Assistant, Broken};
use crate::bucket::Bucket;
use crate::causes::{Causes, Example};
use crate::channel::Channel;
use crate::finding::Finding;
use crate::hold::Held;
use crate::hunt::{Hunt, Outcome};
use crate::material::{Material, home};
use crate::misread::{Holder, MisreadSearch, Misreading, shows_again};
use crate::play::Words;
use crate::search::{CaseFinding, Guidance, Search};
use crate::target::Target;
use mondegreen_oracle::Breach;

/// An example of a cause.
#[derive(Clone, Debug)]
pub enum Sample {
    /// What a recogniser reports.
    Case(CaseFinding),
    /// What people say.
    Spoken(Finding),
    /// What is taken for permission, and what happened when it was.
    Misread(Misreading, Held),
}

impl Sample {
    /// How many things happen in it.
    pub fn events(&self) -> usize {
        match self {
            Self::Case(found) => found.events(),
            Self::Spoken(found) => found.events(),
            Self::Misread(found, _) => found.events(),
        }
    }

    /// Its written form: a case, or else a script.
    pub fn text(&self) -> String {
        match self {
            Self::Case(found) => found.text(),
            Self::Spoken(found) => found.text(),
            Self::Misread(found, _) => found.text(),
        }
    }

    /// All that it breaks.
    pub fn breaches(&self) -> &[Breach] {
        match self {
            Self::Case(found) => found.breaches(),
            Self::Spoken(found) => found.breaches(),
            Self::Misread(found, _) => found.breaches(),
        }
    }
}

/// What a unit found of one cause.
#[derive(Clone, Debug)]
pub struct Found {
    /// The cause.
    pub bucket: Bucket,
    /// The least example.
    pub sample: Sample,
    /// How often it was found.
    pub times: u64,
    /// The step of the unit at which it was found first.
    pub steps: u64,
}

/// What came of a unit.
#[derive(Clone, Debug, Default)]
pub struct Searched {
    /// Findings, by cause.
    pub found: Vec<Found>,
    /// Inputs that the assistant took; those for making findings small are not counted.
    pub steps: u64,
    /// Conversations that were held, or cases that were played.
    pub conversations: u64,
    /// Different ways in which the assistant acted.
    pub ways: usize,
    /// Cases or conversations that were kept to go on from.
    pub corpus: usize,
    /// What broke a rule in the course of the search and did not do so by itself.
    pub unrepeated: u64,
    /// Why it ended before its time: the assistant broke, or serves nobody.
    pub trouble: Option<Broken>,
}

/// Whether a unit is to go on, at this step; one that is told to stop comes to nothing.
pub type GoOn<'a> = dyn FnMut(u64) -> bool + 'a;

/// Searches what a recogniser may report ([`Search`]), to this number of steps; goes on after each
/// finding. `slice` is how many steps are taken between two looks at `go_on`. Nothing if it was told
/// to stop.
pub fn fuzz<T: Target>(
    mut fresh: impl FnMut() -> T,
    seed: u64,
    (steps_max, slice): (u64, u64),
    go_on: &mut GoOn<'_>,
) -> Option<Searched> {
    let mut search = Search::new(fresh(), seed, Guidance::Full);
    let mut causes: Causes<CaseFinding> = Causes::default();
    let (mut unrepeated, mut trouble) = (0, None);
    while trouble.is_none() && search.progress().steps < steps_max {
        let steps = search.progress().steps;
        if !go_on(steps) {
            return None;
        }
        let until = steps_max.min(steps.saturating_add(slice));
        let entered = match search.search(until) {
            Ok(Some(case)) => CaseFinding::each_of(&case, fresh()).and_then(|found| {
                unrepeated += u64::from(found.is_empty());
                let steps = search.progress().steps;
                let mut each = found.into_iter();
                each.try_for_each(|found| {
                    causes.enter(found, steps, |found| found.traced_to_its_cause(&mut fresh))
                })
            }),
            Ok(None) => Ok(()),
            Err(broken) => Err(broken),
        };
        trouble = entered.err();
    }
    let progress = search.progress();
    Some(Searched {
        found: found(causes, Sample::Case),
        steps: progress.steps,
        conversations: progress.runs,
        ways: progress.features,
        corpus: progress.corpus,
        unrepeated,
        trouble,
    })
}

/// Searches what people may say in the home of this seed ([`Hunt`]), to this number of steps; goes
/// on after each finding. Nothing if it was told to stop.
pub fn hunt(
    assistant: &mut dyn Assistant,
    wake: &str,
    seed: u64,
    steps_max: u64,
    go_on: &mut GoOn<'_>,
) -> Option<Searched> {
    let home = home(seed);
    let mut channel = Channel::new(wake, &home.household);
    let mut material = Material::generated(&home, &mut channel, seed);
    let mut hearing = Channel::new(wake, &home.household);
    let mut hunt = Hunt::new(&home.household, &mut material, &mut channel, seed);
    let mut causes: Causes<Finding> = Causes::default();
    let (mut unrepeated, mut trouble, mut stopped) = (0, None, false);
    loop {
        let (outcome, progress) = hunt.run(assistant, |progress| {
            stopped = !go_on(progress.steps);
            !stopped && progress.steps < steps_max
        });
        match outcome {
            Outcome::Found(script) => {
                let found = Finding::of(script, &mut hearing, assistant);
                unrepeated += u64::from(found.is_none());
                for found in found.iter().flat_map(Finding::by_rule) {
                    let shrink = |found: Finding| {
                        Ok::<_, std::convert::Infallible>(found.shrunk(&mut hearing, assistant))
                    };
                    let Ok(()) = causes.enter(found, progress.steps, shrink);
                }
            }
            Outcome::NotFound => {}
            Outcome::Broken(_, broken) => trouble = Some(broken),
        }
        if stopped || !go_on(progress.steps) {
            return None;
        }
        if trouble.is_some() || progress.steps >= steps_max {
            return Some(Searched {
                found: found(causes, Sample::Spoken),
                steps: progress.steps,
                conversations: progress.conversations,
                ways: progress.ways,
                corpus: progress.kept,
                unrepeated,
                trouble,
            });
        }
    }
}

/// Searches talk that is heard as it was said for some that is taken for permission
/// ([`MisreadSearch`]), to this number of steps. Nothing if it was told to stop.
pub fn misread(
    words: Words,
    seed: u64,
    steps_max: u64,
    holder: &mut Holder<'_>,
    go_on: &mut GoOn<'_>,
) -> Option<Searched> {
    let household = home(seed).household;
    let unserved = format!(
        "somebody who says \"{}, {}\" and answers what it asks does not get a message sent; see --wake and --command",
        words.wake, words.request
    );
    let mut search = match MisreadSearch::new(&household, words, seed, holder) {
        Ok(search) => search,
        Err(broken) => return Some(Searched::cut_off(broken.broken)),
    };
    if !search.can_send() {
        return Some(Searched::cut_off(Broken::new(unserved)));
    }
    let mut trouble = None;
    while trouble.is_none() && search.progress().inputs < steps_max {
        if !go_on(search.progress().inputs) {
            return None;
        }
        trouble = search.round(holder).err().map(|all| all.broken);
    }
    let progress = search.progress();
    let (mut found, mut unrepeated) = (Vec::new(), 0);
    for misreading in search.found() {
        match shows_again(misreading, holder) {
            Ok(Some(held)) => found.push(Found {
                bucket: misreading.bucket(),
                steps: misreading.found_at,
                sample: Sample::Misread(misreading.clone(), held),
                times: 1,
            }),
            Ok(None) => unrepeated += 1,
            Err(broken) => trouble = Some(broken.broken),
        }
    }
    found.sort_by(|a, b| a.bucket.cmp(&b.bucket));
    Some(Searched {
        found,
        steps: progress.inputs,
        conversations: progress.attempts,
        ways: progress.responses,
        corpus: progress.kept,
        unrepeated,
        trouble,
    })
}

impl Searched {
    /// Nothing came of it, for this reason.
    pub fn cut_off(trouble: Broken) -> Self {
        Self {
            trouble: Some(trouble),
            ..Self::default()
        }
    }
}

fn found<E>(causes: Causes<E>, sample: fn(E) -> Sample) -> Vec<Found> {
    let found = causes.into_iter().map(|(bucket, cause)| Found {
        bucket,
        sample: sample(cause.example),
        times: cause.times,
        steps: cause.steps,
    });
    found.collect()
}
