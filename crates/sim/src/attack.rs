//! Which phrases does an ear take for another?
//!
//! Near-misses that people could say in a sentence are rendered in several voices and played to the
//! ear, which is asked for one name. Its own answers say what to try next. What is found is then
//! tried in voices that the search never used, beside near-misses that were drawn blindly and beside
//! phrases out of ordinary talk, all in the same settings; only these tries are counted, so that a
//! phrase which was lucky in the search gains nothing by it.
//!
//! Context matters to real engines: each voice has a lead-in of silence and a level of its own, and
//! some have somebody else speak before.
//!
//! Given the engine and what says the phrases, a seed has one outcome.

mod model;
pub(crate) mod pool;
pub(crate) mod search;

use crate::ear::{Ear, EarError, Heard, Kind};
use crate::estimate::{CONFIDENCE, Interval};
use crate::material::home;
use crate::seed::{Purpose, random};
use crate::share::share;
use mondegreen_generator::Talker;
use mondegreen_phonetics::{near_miss, pronunciations};
use pool::Pool;
use rand::{Rng, RngExt};
use search::{Pick, Search};
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// What the ear makes of so many tries is looked at before the next are chosen.
const BATCH: usize = 64;
/// Silence before anybody speaks, and the level of the phrase relative to its usual one.
const LEAD_IN_MS: std::ops::RangeInclusive<u64> = 100..=1_500;
const LEVEL_DB: std::ops::RangeInclusive<i32> = -12..=6;
/// In one of so many settings somebody else speaks before, in so many words at most.
const BEFORE_IN: u32 = 4;
const BEFORE_WORDS_MAX: usize = 8;

/// What is to be attacked, and how.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the ear listens for.
    pub phrase: String,
    /// The most words of a near-miss, up to three.
    pub words_max: usize,
    /// How many of the nearest texts are looked through for such as can be said in a sentence.
    pub nearest: usize,
    /// Whether forms of the phrase are tried as well.
    pub forms: Forms,
    /// How many voices there are, at least two. The search uses half of them, and what it found is
    /// tried in the others.
    pub voices: usize,
    /// How many tries the search has.
    pub tries: usize,
    /// How many phrases are kept and tried in the other voices, beside as many of either other kind.
    pub keep: usize,
    /// Where all randomness comes from.
    pub seed: u64,
}

/// Whether words count that are made of the phrase, or nearly: two thirds of its sounds in a row
/// within one word, as in "Lexus" and "Alexis" for "alexa".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forms {
    /// A near-miss holds none of them.
    LeftOut,
    /// A near-miss may hold some.
    Allowed,
}

/// How a phrase is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The voice, by its number.
    pub voice: usize,
    /// Silence before anybody speaks.
    pub lead_in_ms: u64,
    /// How much louder than usual the phrase is.
    pub level_db: i32,
    /// What somebody else says before, if anything.
    pub before: String,
}

/// What an attack did and found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The tries of the search, and how many of them the ear took.
    pub search: Count,
    /// What the search found, as it was taken in the other voices, best first.
    pub found: Vec<Tried>,
    /// Near-misses that were drawn blindly, near and far ones, in the same voices.
    pub near_misses: Vec<Tried>,
    /// Phrases out of ordinary talk of as many words as those that were found, in the same voices.
    pub ordinary: Vec<Tried>,
}

/// A phrase that was tried.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tried {
    /// Its words.
    pub text: String,
    /// Nats that it takes to hear the attacked phrase in it instead.
    pub nats: f64,
    /// A sentence that people could say it in, where it was not said by itself in ordinary talk.
    pub sentence: Option<String>,
    /// How often the ear took it.
    #[serde(flatten)]
    pub count: Count,
}

/// How often something was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// So often.
    pub accepted: u64,
    /// Out of so many.
    pub tries: u64,
}

impl Count {
    /// All tries of these phrases together.
    pub fn of_tries(tried: &[Tried]) -> Self {
        tried.iter().fold(Self::default(), |sum, tried| Self {
            accepted: sum.accepted + tried.count.accepted,
            tries: sum.tries + tried.count.tries,
        })
    }

    /// How many of these phrases were taken at least once.
    pub fn of_phrases(tried: &[Tried]) -> Self {
        let taken = tried.iter().filter(|tried| tried.count.accepted > 0);
        Self {
            accepted: taken.count() as u64,
            tries: tried.len() as u64,
        }
    }

    /// The share that was taken; 0 of none.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub fn share(self) -> f64 {
        self.accepted as f64 / self.tries.max(1) as f64
    }

    /// Where the share lies, by Clopper and Pearson; with 95% confidence, if tries are independent.
    pub fn interval(self) -> Interval {
        Interval::of_count(self.accepted, self.tries, CONFIDENCE)
    }
}

/// An attack that could not be carried out.
#[derive(Debug)]
pub enum AttackError<E> {
    /// The ear cannot be heard with.
    Ear(EarError),
    /// A phrase could not be said.
    Say(E),
    /// The plan cannot be carried out with this ear; why.
    Plan(String),
}

impl<E: Display> Display for AttackError<E> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ear(error) => Display::fmt(error, f),
            Self::Say(error) => Display::fmt(error, f),
            Self::Plan(why) => f.write_str(why),
        }
    }
}

impl<E: Display + fmt::Debug> std::error::Error for AttackError<E> {}

/// Attacks an ear, of which there may be several of the same kind that share the work.
///
/// `say` renders a phrase in a setting, at 16 kHz. `progress` is told how many tries were made of how
/// many.
///
/// # Errors
/// When an ear breaks, a phrase cannot be said, or the ear does not know what to listen for.
pub fn attack<E: Send>(
    plan: &Plan,
    ears: &mut [Ear],
    say: &(impl Fn(&str, &Setting) -> Result<Vec<i16>, E> + Sync),
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, AttackError<E>> {
    let target = Target::new(plan, ears).map_err(AttackError::Plan)?;
    let pool = Pool::new(plan, ears.len());
    if pool.candidates.len() < 2 {
        let why = format!("nothing that people say sounds like `{}`", plan.phrase);
        return Err(AttackError::Plan(why));
    }
    let mut rng = random(plan.seed, Purpose::Attack);
    let (searched, others) = settings(plan, &mut rng);
    let planned = plan.tries as u64 + 3 * (plan.keep * others.len()) as u64;
    let mut trial = Trial {
        target,
        ears,
        say,
        done: 0,
        progress: &mut |done| progress(done, planned),
    };

    let mut search = Search::new(&pool, searched.len());
    let mut count = Count::default();
    while count.tries < plan.tries as u64 {
        let left = plan.tries - usize::try_from(count.tries).unwrap_or(plan.tries);
        let picks = search.next(BATCH.min(left), &mut rng);
        if picks.is_empty() {
            break;
        }
        let job = |pick: &Pick| {
            (
                pool.candidates[pick.phrase].text.as_str(),
                &searched[pick.voice],
            )
        };
        let answers = trial.run(&picks.iter().map(job).collect::<Vec<_>>())?;
        count.tries += answers.len() as u64;
        count.accepted += answers.iter().filter(|answer| answer.is_taken).count() as u64;
        let outcomes = answers.iter().map(|answer| answer.nearness);
        search.learn(picks.into_iter().zip(outcomes), &mut rng);
    }

    let candidate = |place: &usize| {
        let candidate = &pool.candidates[*place];
        (
            candidate.text.clone(),
            candidate.nats,
            Some(candidate.sentence.clone()),
        )
    };
    let best = search.best(plan.keep);
    let found: Vec<_> = best.iter().map(candidate).collect();
    let words: Vec<usize> = found
        .iter()
        .map(|(text, ..)| text.split(' ').count())
        .collect();
    let blind: Vec<_> = pool
        .spread(plan.keep, &mut rng)
        .iter()
        .map(candidate)
        .collect();
    let ordinary = pool::ordinary(&plan.phrase, &words, plan.forms, plan.seed).into_iter();
    let ordinary: Vec<_> = ordinary
        .filter_map(|text| {
            near_miss(&plan.phrase, &text).map(|miss| (text, miss.cost.as_f64(), None))
        })
        .collect();
    let mut found = trial.confirm(&found, &others)?;
    found.sort_by_key(|tried| std::cmp::Reverse(tried.count.accepted));
    Ok(Report {
        search: count,
        found,
        near_misses: trial.confirm(&blind, &others)?,
        ordinary: trial.confirm(&ordinary, &others)?,
    })
}

/// A setting for each voice: those of the search, and the others.
///
/// Which is which goes by a pattern, so that voices which alternate between women and men, as those
/// of the generator do, are of both kinds in both halves.
fn settings(plan: &Plan, rng: &mut impl Rng) -> (Vec<Setting>, Vec<Setting>) {
    let said = Talker::new(&home(plan.seed), 0, random(plan.seed, Purpose::Talk));
    let is_short = |text: &String| text.split(' ').count() <= BEFORE_WORDS_MAX;
    let mut said = said.map(|said| said.text).filter(is_short);
    let all = (0..plan.voices.max(2)).map(|voice| Setting {
        voice,
        lead_in_ms: rng.random_range(LEAD_IN_MS),
        level_db: rng.random_range(LEVEL_DB),
        before: if rng.random_ratio(1, BEFORE_IN) {
            said.next().unwrap_or_default()
        } else {
            String::new()
        },
    });
    all.partition(|setting| matches!(setting.voice % 4, 0 | 3))
}

/// What an ear is asked for, and how it says that it heard it.
#[derive(Clone, Debug)]
struct Target {
    /// The name by which a spotter knows the phrase.
    name: Option<String>,
    /// The words of the phrase.
    words: Vec<String>,
}

/// What an ear made of a try.
#[derive(Clone, Copy, Debug)]
struct Answer {
    is_taken: bool,
    /// How near it came to that, from 0 to 1, as far as the ear tells.
    nearness: f64,
}

impl Target {
    fn new(plan: &Plan, ears: &[Ear]) -> Result<Self, String> {
        let phrase = &plan.phrase;
        let Some(ear) = ears.first() else {
            return Err("there is no ear".to_owned());
        };
        if pronunciations(phrase).is_empty() {
            return Err(format!(
                "`{phrase}` has no English sounds; try a phrase of letters"
            ));
        }
        let name = ear.name_of(phrase).map(str::to_owned);
        if ear.kind() == Kind::Spotter && name.is_none() {
            let names = ear.names().join(", ");
            return Err(format!(
                "{} does not know `{phrase}`, but {names}",
                ear.name()
            ));
        }
        Ok(Self {
            name: name.filter(|_| ear.kind() == Kind::Spotter),
            words: words(phrase),
        })
    }

    fn listens_for(&self) -> Vec<&str> {
        self.name.iter().map(String::as_str).collect()
    }

    fn answer(&self, heard: &Heard) -> Answer {
        let certain = |is_taken| if is_taken { 1.0 } else { 0.0 };
        if let Some(name) = &self.name {
            let spotted = heard
                .hearings
                .iter()
                .filter(|hearing| hearing.text == *name);
            let is_taken = spotted.clone().count() > 0;
            let score = spotted.filter_map(|hearing| hearing.score).reduce(f64::max);
            let score = score.or(heard.nearest.map(|nearest| nearest.score));
            return Answer {
                is_taken,
                nearness: score.unwrap_or(certain(is_taken)).clamp(0.0, 1.0),
            };
        }
        let is_taken = heard
            .hearings
            .iter()
            .any(|hearing| self.is_in(&hearing.text));
        let mut others = heard
            .hearings
            .iter()
            .flat_map(|hearing| &hearing.alternatives);
        let is_near = others.any(|other| self.is_in(&other.text));
        Answer {
            is_taken,
            nearness: if is_near { 0.5 } else { 0.0_f64 }.max(certain(is_taken)),
        }
    }

    /// Whether a text holds the words of the phrase, side by side.
    fn is_in(&self, text: &str) -> bool {
        let text = words(text);
        text.windows(self.words.len())
            .any(|some| some == self.words)
    }
}

fn words(text: &str) -> Vec<String> {
    let bare = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.to_lowercase()
    };
    text.split_whitespace()
        .map(bare)
        .filter(|word| !word.is_empty())
        .collect()
}

/// Plays phrases to ears.
struct Trial<'a, S> {
    target: Target,
    ears: &'a mut [Ear],
    say: &'a S,
    done: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl<S> Trial<'_, S> {
    /// Plays each phrase in its setting.
    fn run<E: Send>(&mut self, jobs: &[(&str, &Setting)]) -> Result<Vec<Answer>, AttackError<E>>
    where
        S: Fn(&str, &Setting) -> Result<Vec<i16>, E> + Sync,
    {
        let (target, say) = (&self.target, self.say);
        let listens_for = target.listens_for();
        let answers = share(self.ears, jobs, |ear, (phrase, setting)| {
            let samples = say(phrase, setting).map_err(AttackError::Say)?;
            let heard = ear.hear(&samples, &listens_for).map_err(AttackError::Ear)?;
            Ok(target.answer(&heard))
        });
        self.done += jobs.len() as u64;
        (self.progress)(self.done);
        answers.into_iter().collect()
    }

    /// Plays all phrases in all settings, and counts.
    fn confirm<E: Send>(
        &mut self,
        phrases: &[(String, f64, Option<String>)],
        settings: &[Setting],
    ) -> Result<Vec<Tried>, AttackError<E>>
    where
        S: Fn(&str, &Setting) -> Result<Vec<i16>, E> + Sync,
    {
        let mut tried = Vec::new();
        for some in phrases.chunks((BATCH / settings.len().max(1)).max(1)) {
            let jobs = some
                .iter()
                .flat_map(|(text, ..)| settings.iter().map(move |s| (text.as_str(), s)));
            let answers = self.run(&jobs.collect::<Vec<_>>())?;
            for ((text, nats, sentence), answers) in some.iter().zip(answers.chunks(settings.len()))
            {
                tried.push(Tried {
                    text: text.clone(),
                    nats: *nats,
                    sentence: sentence.clone(),
                    count: Count {
                        accepted: answers.iter().filter(|answer| answer.is_taken).count() as u64,
                        tries: answers.len() as u64,
                    },
                });
            }
        }
        Ok(tried)
    }
}
