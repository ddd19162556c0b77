//! The search for talk that is heard as it was said, and taken for permission all the same.
//!
//! A plain user shows which questions an assistant asks before it sends. Then others answer them who
//! do not mean to permit anything: they refuse, doubt, ask back, talk to somebody else, answer late
//! or after a restart. What they say is put together from parts of a lexicon that knows nothing of
//! the assistant ([`mondegreen_generator::Answer`]); what they mean by it is known. A model of the
//! assistant, learned from its responses so far, chooses what to say next, since a real assistant
//! takes its time for every line. What is found is made small, and told apart by cause.

mod attempt;
mod cause;
mod examine;
mod model;
mod way;

pub use cause::{Cause, Misreading, Severity};

use crate::assistant::Broken;
use crate::hold::Held;
use crate::play::Words;
use crate::seed::{Purpose, random};
use attempt::{Attempt, LATE_FROM, Response, SILENCES_MS, response};
use model::Model;
use mondegreen_generator::{Answer, Kind};
use mondegreen_oracle::judge;
use mondegreen_trace::{Event, Hears, Household, Meant, Script};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use way::{Way, ways};

/// Contacts whom messages are addressed to, the first ones of the household.
const CONTACTS_MAX: usize = 3;
/// Answers in a round, whatever the number of processors, so that the result does not depend on it.
const ROUND: usize = 16;
/// Candidates among which the model chooses.
const CANDIDATES: usize = 48;
/// Attempts that led to something new and are gone on from.
const KEPT_MAX: usize = 256;
/// How often a finding is held again before it is called one.
pub const TIMES: usize = 3;
/// What a plain user says who is asked for any yes.
const PLAIN_YES: &str = "Yes.";
/// How many others they say instead.
const PLAINEST: usize = 10;

const NUMBERS: [&str; 10] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
];
const ORDINALS: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];

/// Holds conversations, each as a run of its own, and returns what happened in the same order.
pub type Holder<'a> = dyn FnMut(&[Script]) -> Vec<Held> + 'a;

/// How plain users are served, who say what is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlainUsers {
    /// Requests that were made.
    pub requests: usize,
    /// Of them, those that were sent to whom they were meant for.
    pub sent: usize,
    /// The answers that were not taken for permission, without repetition.
    pub not_understood: Vec<String>,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MisreadProgress {
    /// Answers tried.
    pub attempts: u64,
    /// Inputs that the assistant took.
    pub inputs: u64,
    /// Different responses seen.
    pub responses: usize,
    /// Causes found.
    pub causes: usize,
    /// Answers that led to something new and are gone on from.
    pub kept: usize,
}

/// A search over one household.
#[derive(Debug)]
pub struct MisreadSearch<'a> {
    household: &'a Household,
    wording: Words,
    seed: u64,
    rng: ChaCha8Rng,
    /// The ways to each contact who can be sent a message, by number.
    ways: BTreeMap<usize, Vec<Way>>,
    models: BTreeMap<Place, Model>,
    kept: Vec<Attempt>,
    responses: BTreeSet<(Place, Vec<String>)>,
    examined: BTreeSet<Sayings>,
    found: BTreeMap<Cause, Misreading>,
    progress: MisreadProgress,
}

/// What is said in turn, beside what is meant by it.
type Sayings = Vec<(String, Meant)>;

/// Where an answer is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// With the name of the assistant.
    Command,
    /// To a question, so many turns before a plain user is done.
    Question(usize),
}

/// An assistant that broke in a conversation.
#[derive(Clone, Debug)]
pub struct BrokenIn {
    /// The conversation.
    pub script: Script,
    /// Why.
    pub broken: Broken,
}

impl<'a> MisreadSearch<'a> {
    /// Finds out how the assistant is used.
    ///
    /// # Errors
    /// When it breaks meanwhile.
    pub fn new(
        household: &'a Household,
        wording: Words,
        seed: u64,
        holder: &mut Holder<'_>,
    ) -> Result<Self, Box<BrokenIn>> {
        let mut inputs = 0;
        let mut all = BTreeMap::new();
        {
            let mut counted = |scripts: &[Script]| {
                let held = holder(scripts);
                inputs += held.iter().map(|held| held.steps as u64).sum::<u64>();
                held
            };
            for (number, contact) in household.contacts.iter().take(CONTACTS_MAX).enumerate() {
                let ways = ways(&wording, household, contact, &mut counted)?;
                if !ways.is_empty() {
                    all.insert(number, ways);
                }
            }
        }
        // Where one contact is reached in fewer ways than another, only those that all have count.
        let fewest = all.values().map(Vec::len).min().unwrap_or_default();
        for ways in all.values_mut() {
            ways.truncate(fewest);
        }
        Ok(Self {
            household,
            wording,
            seed,
            rng: random(seed, Purpose::Search),
            ways: all,
            models: BTreeMap::new(),
            kept: Vec::new(),
            responses: BTreeSet::new(),
            examined: BTreeSet::new(),
            found: BTreeMap::new(),
            progress: MisreadProgress {
                inputs,
                ..MisreadProgress::default()
            },
        })
    }

    /// Whether a plain user gets a message sent at all.
    pub fn can_send(&self) -> bool {
        !self.ways.is_empty()
    }

    /// How far it has come.
    pub const fn progress(&self) -> MisreadProgress {
        self.progress
    }

    /// What was found, the worst first.
    pub fn found(&self) -> Vec<&Misreading> {
        let mut found: Vec<&Misreading> = self.found.values().collect();
        found.sort_by_key(|found| (found.severity, found.found_at));
        found
    }

    /// Lets plain users ask for a message and permit it in the plainest words.
    ///
    /// # Errors
    /// When the assistant breaks.
    pub fn plain_users(&mut self, holder: &mut Holder<'_>) -> Result<PlainUsers, Box<BrokenIn>> {
        let mut requests: Vec<(Attempt, Sayings)> = Vec::new();
        for (&contact, ways) in &self.ways {
            for (way, turns) in ways.iter().map(|way| &way.turns).enumerate() {
                let Some(last) = turns.last() else { continue };
                let mut replies = vec![last.text.clone()];
                // Where any yes is asked for, people say any.
                if last.text == PLAIN_YES {
                    let plainest = Answer::all_plain(Kind::Assent).into_iter().take(PLAINEST);
                    replies.extend(plainest.map(|answer| answer.text(self.household, contact)));
                    replies.dedup();
                }
                for reply in replies {
                    let attempt = Attempt {
                        contact,
                        way,
                        turn: turns.len() - 1,
                        answers: Vec::new(),
                        silence: 0,
                        restart: false,
                    };
                    requests.push((attempt, vec![(reply, last.meant.clone())]));
                }
            }
        }
        let responses = self.respond(&requests, holder)?;
        let mut users = PlainUsers::default();
        for ((attempt, sayings), response) in requests.into_iter().zip(responses) {
            let wanted = self.household.contacts.get(attempt.contact);
            let is_right = |id: &String| wanted.is_some_and(|contact| contact.id == *id);
            users.requests += 1;
            if response.recipients.len() == 1 && response.recipients.iter().all(is_right) {
                users.sent += 1;
                continue;
            }
            for (said, _) in sayings {
                if !users.not_understood.contains(&said) {
                    users.not_understood.push(said);
                }
            }
        }
        Ok(users)
    }

    /// Tries one round of answers.
    ///
    /// # Errors
    /// When the assistant breaks.
    pub fn round(&mut self, holder: &mut Holder<'_>) -> Result<(), Box<BrokenIn>> {
        let attempts: Vec<(Attempt, Sayings)> = (0..ROUND)
            .map(|_| {
                let attempt = self.propose();
                let sayings = self.sayings(&attempt);
                (attempt, sayings)
            })
            .collect();
        let responses = self.respond(&attempts, holder)?;
        for ((attempt, _), response) in attempts.into_iter().zip(responses) {
            let place = self.place_of(&attempt);
            if attempt.silence == 0 && !attempt.restart {
                let words = self.first_words(&attempt);
                let led_on = response.sent || (place != Place::Question(0) && response.asked);
                self.models.entry(place).or_default().learn(&words, led_on);
            }
            if self.responses.insert((place, response.did.clone())) && self.kept.len() < KEPT_MAX {
                self.kept.push(attempt.clone());
            }
            if response.sent && !attempt.is_plain() {
                self.examine(attempt, holder)?;
            }
        }
        self.progress.responses = self.responses.len();
        self.progress.causes = self.found.len();
        self.progress.kept = self.kept.len();
        Ok(())
    }

    fn sayings(&self, attempt: &Attempt) -> Sayings {
        attempt.sayings(self.household, &self.wording.wake)
    }

    fn ways_of(&self, contact: usize) -> &[Way] {
        self.ways.get(&contact).map_or(&[], Vec::as_slice)
    }

    fn last_turn(&self, contact: usize, way: usize) -> usize {
        let way = self.ways_of(contact).get(way);
        way.map_or(0, |way| way.turns.len().saturating_sub(1))
    }

    fn place_of(&self, attempt: &Attempt) -> Place {
        match attempt.turn {
            0 => Place::Command,
            turn => Place::Question(self.last_turn(attempt.contact, attempt.way) - turn),
        }
    }

    /// The words of what is said first, without names of contacts.
    fn first_words(&self, attempt: &Attempt) -> Vec<String> {
        let sayings = self.sayings(attempt);
        sayings
            .first()
            .map_or(Vec::new(), |(text, _)| self.words(text))
    }

    fn words(&self, text: &str) -> Vec<String> {
        words_of(text)
            .into_iter()
            .map(|word| self.unnamed(word))
            .collect()
    }

    /// `<name>` for a part of a contact's name, `<number>` for a number, so that one cause does not
    /// count as many.
    fn unnamed(&self, word: String) -> String {
        let contacts = self.household.contacts.iter();
        let mut names = contacts.flat_map(|contact| words_of(&contact.name));
        let bare = word.strip_suffix("'s").unwrap_or(&word);
        if names.any(|name| name == bare) {
            "<name>".to_owned()
        } else if NUMBERS.contains(&bare) {
            "<number>".to_owned()
        } else if ORDINALS.contains(&bare) {
            "<ordinal>".to_owned()
        } else {
            word
        }
    }

    /// The candidate that promises most at some place.
    fn propose(&mut self) -> Attempt {
        let (contact, way, turn) = self.turn();
        let mut best: Option<(f64, Attempt, Vec<String>)> = None;
        for _ in 0..CANDIDATES {
            let attempt = self.candidate(contact, way, turn);
            let words = self.first_words(&attempt);
            if self.is_known(&attempt, &words) {
                continue;
            }
            let model = self.models.entry(self.place_of(&attempt)).or_default();
            let promise = model.promise(&words);
            if best.as_ref().is_none_or(|(most, _, _)| promise > *most) {
                best = Some((promise, attempt, words));
            }
        }
        let Some((_, attempt, words)) = best else {
            return self.candidate(contact, way, turn);
        };
        let place = self.place_of(&attempt);
        self.models.entry(place).or_default().try_out(&words);
        attempt
    }

    /// A question to be answered otherwise: the last one most often, and rather where the way to it
    /// is short, since each turn is a line that the assistant has to answer.
    fn turn(&mut self) -> (usize, usize, usize) {
        let contacts: Vec<usize> = self.ways.keys().copied().collect();
        let contact = contacts.choose(&mut self.rng).copied().unwrap_or_default();
        let turns = |way: &Way| way.turns.len().max(1);
        let all: Vec<usize> = self.ways_of(contact).iter().map(turns).collect();
        let whole: usize = all.iter().product();
        let weights: Vec<usize> = all.iter().map(|turns| whole / turns).collect();
        let mut drawn = self
            .rng
            .random_range(0..weights.iter().sum::<usize>().max(1));
        let way = weights.iter().position(|weight| {
            let is_here = drawn < *weight;
            drawn = drawn.saturating_sub(*weight);
            is_here
        });
        let way = way.unwrap_or_default();
        let last = self.last_turn(contact, way);
        let turn = if self.rng.random_ratio(7, 8) {
            last
        } else {
            self.rng.random_range(0..=last)
        };
        (contact, way, turn)
    }

    fn candidate(&mut self, contact: usize, way: usize, turn: usize) -> Attempt {
        let rng = &mut self.rng;
        let is_here = |kept: &&Attempt| kept.turn == turn && kept.way == way;
        let kept: Vec<&Attempt> = self.kept.iter().filter(is_here).collect();
        let Some(chosen) = kept.choose(rng).filter(|_| rng.random_ratio(1, 2)) else {
            return self.fresh(contact, way, turn);
        };
        let mut attempt = Attempt {
            contact,
            ..(*chosen).clone()
        };
        let at = rng.random_range(0..attempt.answers.len());
        let other = kept.choose(rng).and_then(|other| other.answers.first());
        let answer = match other {
            Some(other) if rng.random_ratio(1, 3) => attempt.answers[at].crossed(other),
            _ => attempt.answers[at].varied(rng),
        };
        attempt.answers[at] = answer;
        attempt
    }

    fn fresh(&mut self, contact: usize, way: usize, turn: usize) -> Attempt {
        let last = self.last_turn(contact, way);
        let rng = &mut self.rng;
        let kinds: &[Kind] = match turn {
            0 => &[Kind::Order],
            turn if turn < last => &[
                Kind::Aside,
                Kind::Aside,
                Kind::Ask,
                Kind::Doubt,
                Kind::Refuse,
            ],
            _ => &[
                Kind::Refuse,
                Kind::Refuse,
                Kind::Refuse,
                Kind::Aside,
                Kind::Aside,
                Kind::Doubt,
                Kind::Doubt,
                Kind::Correct,
                Kind::Ask,
                Kind::Assent,
            ],
        };
        let kind = kinds.choose(rng).copied().unwrap_or(Kind::Refuse);
        let mut attempt = Attempt {
            contact,
            way,
            turn,
            answers: vec![Answer::draw(kind, rng)],
            silence: 0,
            restart: false,
        };
        if kind == Kind::Assent {
            attempt.restart = rng.random_ratio(1, 3);
            let from = if attempt.restart { 0 } else { LATE_FROM };
            attempt.silence = rng.random_range(from..SILENCES_MS.len());
        } else {
            // Now and then something else is out of the ordinary as well.
            match rng.random_range(0..20) {
                0 | 1 => {
                    attempt.silence = rng.random_range(0..SILENCES_MS.len());
                    attempt.restart = rng.random_ratio(1, 4);
                }
                2 | 3 => attempt.answers.push(Answer::draw(kind, rng)),
                _ => {}
            }
        }
        // Whoever is led on from an earlier question is asked the later ones too.
        if turn < last {
            let is_last = |found: &&Misreading| found.cause.place == Place::Question(0);
            let accepted = self.found.values().filter(is_last);
            let accepted: Vec<&Answer> = accepted
                .filter_map(|found| found.attempt.answers.first())
                .collect();
            for _ in turn + 1..=last {
                attempt
                    .answers
                    .extend(accepted.choose(rng).copied().cloned());
            }
        }
        attempt
    }

    /// Whether what is known already explains whatever would come of this.
    fn is_known(&self, attempt: &Attempt, words: &[String]) -> bool {
        let place = self.place_of(attempt);
        let is_late = attempt.kind() == Kind::Assent;
        self.found.values().any(|found| {
            let is_here = found.cause.place == place && is_late == (found.kind == Kind::Assent);
            is_here && found.cause.words.iter().all(|word| words.contains(word))
        })
    }

    /// Holds attempts and returns what came of each.
    fn respond(
        &mut self,
        attempts: &[(Attempt, Sayings)],
        holder: &mut Holder<'_>,
    ) -> Result<Vec<Response>, Box<BrokenIn>> {
        let scripts: Vec<Script> = attempts
            .iter()
            .map(|(attempt, sayings)| self.script(attempt, sayings))
            .collect();
        let held = self.hold_all(&scripts, holder)?;
        self.progress.attempts += attempts.len() as u64;
        let of = |((attempt, _), (script, held)): (&(Attempt, Sayings), (&Script, &Held))| {
            let from_ms = script.events.get(attempt.turn).map_or(0, Event::at_ms);
            response(held, self.household, from_ms)
        };
        Ok(attempts
            .iter()
            .zip(scripts.iter().zip(&held))
            .map(of)
            .collect())
    }

    /// The conversation in which this is said instead of a plain answer.
    fn script(&self, attempt: &Attempt, sayings: &[(String, Meant)]) -> Script {
        let way = self.ways_of(attempt.contact).get(attempt.way);
        let events = way.map(|way| attempt.events(self.household, way, sayings));
        Script {
            seed: self.seed,
            household: self.household.clone(),
            hears: Hears::Words,
            events: events.unwrap_or_default(),
        }
    }

    fn hold_all(
        &mut self,
        scripts: &[Script],
        holder: &mut Holder<'_>,
    ) -> Result<Vec<Held>, Box<BrokenIn>> {
        let all = holder(scripts);
        self.progress.inputs += all.iter().map(|held| held.steps as u64).sum::<u64>();
        for (script, held) in scripts.iter().zip(&all) {
            if let Some(broken) = &held.broken {
                return Err(Box::new(BrokenIn {
                    script: script.clone(),
                    broken: broken.clone(),
                }));
            }
        }
        Ok(all)
    }
}

/// What happens in a finding that breaks its rule each time that it is held again, [`TIMES`] times;
/// nothing if it does not.
///
/// # Errors
/// When the assistant breaks.
pub fn shows_again(
    finding: &Misreading,
    holder: &mut Holder<'_>,
) -> Result<Option<Held>, Box<BrokenIn>> {
    let scripts = vec![finding.script.clone(); TIMES];
    let mut last = None;
    for held in holder(&scripts) {
        if let Some(broken) = held.broken {
            return Err(Box::new(BrokenIn {
                script: finding.script.clone(),
                broken,
            }));
        }
        let breaches = judge(&held.trace);
        let rule = finding.cause.rule;
        if !breaches.iter().any(|breach| breach.rule == rule) {
            return Ok(None);
        }
        last = Some(held);
    }
    Ok(last)
}

/// The words of a text in lower case, without marks around them.
fn words_of(text: &str) -> Vec<String> {
    let bare = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.to_lowercase()
    };
    let words = text.split_whitespace().map(bare);
    words.filter(|word| !word.is_empty()).collect()
}
