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
mod model;
mod way;

pub use cause::{Cause, Misreading, Severity};

use crate::assistant::Broken;
use crate::hold::Held;
use crate::seed::{Purpose, random};
use attempt::{Attempt, LATE_FROM, Response, SILENCES_MS, SLOT_MS, response, script};
use model::Model;
use mondegreen_generator::{Answer, Kind};
use mondegreen_oracle::{Breach, Rule, judge};
use mondegreen_trace::{Event, Household, Meant, Script};
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use way::{Way, ways};

/// Contacts whom messages are addressed to, the first ones of the household.
const CONTACTS_MAX: usize = 3;
/// Attempts that are put into one conversation.
const SLOTS: usize = 6;
/// Conversations that are held at once, whatever the number of processors, so that the result does
/// not depend on it.
const LANES: usize = 4;
/// Candidates among which the model chooses.
const CANDIDATES: usize = 48;
/// Attempts that led to something new and are gone on from.
const KEPT_MAX: usize = 256;
/// Plain refusals that are tried with the words of a milder finding.
const WORSE_MAX: usize = 12;
/// What a plain user says who is asked for any yes.
const PLAIN_YES: &str = "Yes.";
/// How many others they say instead.
const PLAINEST: usize = 10;
/// A word that means nothing to any assistant.
const NEUTRAL: &str = "blue";

/// Holds conversations, each as a run of its own, and returns what happened in the same order.
pub type Holder<'a> = dyn FnMut(&[Script]) -> Vec<Held> + 'a;

/// How an assistant is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// Its name.
    pub wake: String,
    /// The command to send a message, without the name of the contact.
    pub command: String,
}

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
}

/// A search over one household.
#[derive(Debug)]
pub struct MisreadSearch<'a> {
    household: &'a Household,
    wording: Wording,
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

/// Where an answer is given: which way, which turn.
type Place = (usize, usize);

/// The assistant broke in this conversation.
pub type BrokenIn = (Script, Broken);

impl<'a> MisreadSearch<'a> {
    /// Finds out how the assistant is used.
    ///
    /// # Errors
    /// When it breaks meanwhile.
    pub fn new(
        household: &'a Household,
        wording: Wording,
        seed: u64,
        hold: &mut Holder<'_>,
    ) -> Result<Self, BrokenIn> {
        let mut inputs = 0;
        let mut all = BTreeMap::new();
        {
            let mut counted = |scripts: &[Script]| {
                let held = hold(scripts);
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
        all.values_mut().for_each(|ways| ways.truncate(fewest));
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
    pub fn plain_users(&mut self, hold: &mut Holder<'_>) -> Result<PlainUsers, BrokenIn> {
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
        let responses = self.respond(&requests, hold)?;
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
    pub fn round(&mut self, hold: &mut Holder<'_>) -> Result<(), BrokenIn> {
        let attempts: Vec<(Attempt, Sayings)> = (0..SLOTS * LANES)
            .map(|_| {
                let attempt = self.propose();
                let sayings = self.sayings(&attempt);
                (attempt, sayings)
            })
            .collect();
        let responses = self.respond(&attempts, hold)?;
        for ((attempt, _), response) in attempts.into_iter().zip(responses) {
            let place = (attempt.way, attempt.turn);
            if attempt.silence == 0 && !attempt.restart {
                let words = self.first_words(&attempt);
                let is_last = attempt.turn == self.last_turn(attempt.contact, attempt.way);
                let led_on = response.sent || (!is_last && response.asked);
                self.models.entry(place).or_default().learn(&words, led_on);
            }
            if self.responses.insert((place, response.did.clone())) && self.kept.len() < KEPT_MAX {
                self.kept.push(attempt.clone());
            }
            if response.sent && !attempt.is_plain() {
                self.examine(attempt, hold)?;
            }
        }
        self.progress.responses = self.responses.len();
        self.progress.causes = self.found.len();
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

    /// The words of what is said first, without names of contacts.
    fn first_words(&self, attempt: &Attempt) -> Vec<String> {
        let sayings = self.sayings(attempt);
        sayings
            .first()
            .map_or(Vec::new(), |(text, _)| self.words(text))
    }

    fn words(&self, text: &str) -> Vec<String> {
        words(text)
            .into_iter()
            .map(|word| self.unnamed(word))
            .collect()
    }

    /// `<name>` for a part of a contact's name.
    fn unnamed(&self, word: String) -> String {
        let mut names = self
            .household
            .contacts
            .iter()
            .flat_map(|contact| words(&contact.name));
        let bare = word.strip_suffix("'s").unwrap_or(&word);
        if names.any(|name| name == bare) {
            "<name>".to_owned()
        } else {
            word
        }
    }

    /// The candidate that promises most, for what it costs.
    fn propose(&mut self) -> Attempt {
        let mut best: Option<(f64, Attempt, Vec<String>)> = None;
        for _ in 0..CANDIDATES {
            let attempt = self.candidate();
            let words = self.first_words(&attempt);
            if self.is_known(&attempt, &words) {
                continue;
            }
            let place = (attempt.way, attempt.turn);
            let promise = match self.models.get(&place) {
                Some(model) => model.promise(&words),
                None => Model::default().promise(&words),
            };
            // Each turn is a line that the assistant has to answer.
            let lines = u32::try_from(attempt.turn + attempt.answers.len()).unwrap_or(u32::MAX);
            let worth = promise / f64::from(lines);
            if best.as_ref().is_none_or(|(most, _, _)| worth > *most) {
                best = Some((worth, attempt, words));
            }
        }
        let Some((_, attempt, words)) = best else {
            return self.candidate();
        };
        let place = (attempt.way, attempt.turn);
        self.models.entry(place).or_default().try_out(&words);
        attempt
    }

    fn candidate(&mut self) -> Attempt {
        let rng = &mut self.rng;
        let kept = if rng.random_ratio(1, 2) {
            self.kept.choose(rng).cloned()
        } else {
            None
        };
        if let Some(mut attempt) = kept {
            let at = rng.random_range(0..attempt.answers.len());
            let other = self
                .kept
                .choose(rng)
                .and_then(|other| other.answers.first());
            let answer = match other {
                Some(other) if rng.random_ratio(1, 3) => attempt.answers[at].crossed(other),
                _ => attempt.answers[at].varied(rng),
            };
            attempt.answers[at] = answer;
            return attempt;
        }
        self.fresh()
    }

    fn fresh(&mut self) -> Attempt {
        let contacts: Vec<usize> = self.ways.keys().copied().collect();
        let contact = contacts.choose(&mut self.rng).copied().unwrap_or_default();
        let ways = self.ways_of(contact).len();
        let way = self.rng.random_range(0..ways.max(1));
        let last = self.last_turn(contact, way);
        let rng = &mut self.rng;
        let turn = if rng.random_ratio(3, 4) {
            last
        } else {
            rng.random_range(0..=last)
        };
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
            let least = if attempt.restart { 0 } else { LATE_FROM };
            attempt.silence = rng.random_range(least..SILENCES_MS.len());
        } else if rng.random_ratio(1, 10) {
            attempt.silence = rng.random_range(0..SILENCES_MS.len());
            attempt.restart = rng.random_ratio(1, 4);
        } else if rng.random_ratio(1, 10) {
            attempt.answers.push(Answer::draw(kind, rng));
        }
        // Whoever is led on from an earlier question is asked the later ones too.
        if turn < last {
            let accepted = self
                .found
                .values()
                .filter(|found| found.attempt.turn == last);
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
        self.found.values().any(|found| {
            let same = found.attempt.turn == attempt.turn && found.attempt.way == attempt.way;
            let late = attempt.kind() == Kind::Assent;
            let holds = found.cause.words.iter().all(|word| words.contains(word));
            same && holds && late == (found.kind == Kind::Assent)
        })
    }

    /// Holds attempts and returns what came of each.
    fn respond(
        &mut self,
        attempts: &[(Attempt, Sayings)],
        hold: &mut Holder<'_>,
    ) -> Result<Vec<Response>, BrokenIn> {
        let mut scripts = Vec::new();
        let mut spans = Vec::new();
        for slots in attempts.chunks(SLOTS) {
            let mut events = Vec::new();
            for ((attempt, sayings), begin_ms) in slots.iter().zip((0..).step_by(SLOT_STEP)) {
                let slot = self.events(attempt, sayings, begin_ms);
                let from_ms = slot.get(attempt.turn).map_or(begin_ms, Event::at_ms);
                spans.push((scripts.len(), from_ms..begin_ms + SLOT_MS));
                events.extend(slot);
            }
            scripts.push(script(self.household, self.seed, events));
        }
        let held = self.hold_all(&scripts, hold)?;
        self.progress.attempts += attempts.len() as u64;
        let of = |(at, span): (usize, Range<u64>)| {
            let held = held.get(at)?;
            Some(response(held, self.household, span))
        };
        Ok(spans
            .into_iter()
            .map(|span| of(span).unwrap_or_default())
            .collect())
    }

    fn events(&self, attempt: &Attempt, sayings: &[(String, Meant)], begin_ms: u64) -> Vec<Event> {
        let way = self.ways_of(attempt.contact).get(attempt.way);
        way.map_or_else(Vec::new, |way| {
            attempt.events(self.household, way, sayings, begin_ms)
        })
    }

    fn hold_all(
        &mut self,
        scripts: &[Script],
        hold: &mut Holder<'_>,
    ) -> Result<Vec<Held>, BrokenIn> {
        let all = hold(scripts);
        self.progress.inputs += all.iter().map(|held| held.steps as u64).sum::<u64>();
        for (script, held) in scripts.iter().zip(&all) {
            if let Some(broken) = &held.broken {
                return Err((script.clone(), broken.clone()));
            }
        }
        Ok(all)
    }

    /// Holds what is said instead of a plain answer, alone in a conversation, and judges it.
    fn judge_alone(
        &mut self,
        attempt: &Attempt,
        sayings: &[(String, Meant)],
        hold: &mut Holder<'_>,
    ) -> Result<Option<(Script, Vec<Breach>)>, BrokenIn> {
        let events = self.events(attempt, sayings, 0);
        let script = script(self.household, self.seed, events);
        let held = self.hold_all(std::slice::from_ref(&script), hold)?;
        let Some(held) = held.first() else {
            return Ok(None);
        };
        let sent = response(held, self.household, 0..u64::MAX).sent;
        let breaches = judge(&held.trace);
        Ok((sent && rule_of(&breaches).is_some()).then_some((script, breaches)))
    }

    /// Makes what was sent small, and finds out why it was.
    fn examine(&mut self, attempt: Attempt, hold: &mut Holder<'_>) -> Result<(), BrokenIn> {
        let words = self.first_words(&attempt);
        let sayings = self.sayings(&attempt);
        if self.is_known(&attempt, &words) || !self.examined.insert(sayings.clone()) {
            return Ok(());
        }
        if self.judge_alone(&attempt, &sayings, hold)?.is_none() {
            return Ok(());
        }
        let attempt = self.shrunk(attempt, hold)?;
        let words = self.words_that_matter(&attempt, hold)?;
        let attempt = self.worse(attempt, &words, hold)?;
        self.note(attempt, words, hold)
    }

    fn note(
        &mut self,
        attempt: Attempt,
        words: Vec<String>,
        hold: &mut Holder<'_>,
    ) -> Result<(), BrokenIn> {
        let sayings = self.sayings(&attempt);
        let Some((script, breaches)) = self.judge_alone(&attempt, &sayings, hold)? else {
            return Ok(());
        };
        let Some(rule) = rule_of(&breaches) else {
            return Ok(());
        };
        let way = self.ways_of(attempt.contact).get(attempt.way);
        let cause = Cause {
            rule,
            turn: attempt.turn,
            asks: way.and_then(|way| attempt.asks(way)),
            words,
            is_late: attempt.silence >= LATE_FROM,
            is_restarted: attempt.restart,
        };
        let texts: Vec<&str> = sayings.iter().map(|(text, _)| text.as_str()).collect();
        let misreading = Misreading {
            severity: Severity::of(attempt.kind(), &breaches),
            said: texts.join(" "),
            kind: attempt.kind(),
            breaches,
            script,
            found_at: self.progress.inputs,
            attempt,
            cause: cause.clone(),
        };
        self.found.entry(cause).or_insert(misreading);
        Ok(())
    }

    /// The simplest attempt that it finds which is sent as well.
    fn shrunk(&mut self, mut best: Attempt, hold: &mut Holder<'_>) -> Result<Attempt, BrokenIn> {
        'again: loop {
            for simpler in simpler(&best) {
                let sayings = self.sayings(&simpler);
                if !simpler.is_plain() && self.judge_alone(&simpler, &sayings, hold)?.is_some() {
                    best = simpler;
                    continue 'again;
                }
            }
            return Ok(best);
        }
    }

    /// The fewest words of what was said first that are sent as well, whatever they mean by
    /// themselves. None when any word would do.
    fn words_that_matter(
        &mut self,
        attempt: &Attempt,
        hold: &mut Holder<'_>,
    ) -> Result<Vec<String>, BrokenIn> {
        let sayings = self.sayings(attempt);
        let Some((text, meant)) = sayings.first() else {
            return Ok(Vec::new());
        };
        let mut left = words(text);
        let mut says = |search: &mut Self, words: &[String]| {
            let mut sayings = sayings.clone();
            sayings[0] = (format!("{}.", words.join(" ")), meant.clone());
            let events = search.events(attempt, &sayings, 0);
            let script = script(search.household, search.seed, events);
            let held = search.hold_all(std::slice::from_ref(&script), hold)?;
            Ok::<bool, BrokenIn>(
                held.iter()
                    .any(|held| response(held, search.household, 0..u64::MAX).sent),
            )
        };
        let mut at = 0;
        while at < left.len() && left.len() > 1 {
            let mut fewer = left.clone();
            fewer.remove(at);
            if says(self, &fewer)? {
                left = fewer;
            } else {
                at += 1;
            }
        }
        if left.len() == 1 && says(self, &[NEUTRAL.to_owned()])? {
            left.clear();
        }
        Ok(left.into_iter().map(|word| self.unnamed(word)).collect())
    }

    /// A plain refusal that holds the same words and is sent as well, if there is one.
    fn worse(
        &mut self,
        attempt: Attempt,
        words: &[String],
        hold: &mut Holder<'_>,
    ) -> Result<Attempt, BrokenIn> {
        let is_last = attempt.turn == self.last_turn(attempt.contact, attempt.way);
        if !is_last || matches!(attempt.kind(), Kind::Refuse | Kind::Correct | Kind::Assent) {
            return Ok(attempt);
        }
        let mut refusals = Answer::all_plain(Kind::Refuse);
        refusals.retain(|refusal| {
            let said = self.words(&refusal.text(self.household, attempt.contact));
            words.iter().all(|word| said.contains(word))
        });
        refusals.shuffle(&mut self.rng);
        let attempts: Vec<(Attempt, Sayings)> = refusals
            .into_iter()
            .take(WORSE_MAX)
            .map(|refusal| Attempt {
                answers: vec![refusal],
                ..attempt.clone()
            })
            .map(|attempt| (attempt.clone(), self.sayings(&attempt)))
            .collect();
        let responses = self.respond(&attempts, hold)?;
        for ((worse, sayings), response) in attempts.into_iter().zip(responses) {
            if response.sent && self.judge_alone(&worse, &sayings, hold)?.is_some() {
                return Ok(worse);
            }
        }
        Ok(attempt)
    }
}

/// `SLOT_MS` as a step of a range of times.
const SLOT_STEP: usize = SLOT_MS as usize;

/// The rule that a cause is named after: a gate rule, or else what nobody asked for.
fn rule_of(breaches: &[Breach]) -> Option<Rule> {
    let rules = breaches.iter().map(|breach| breach.rule);
    rules.min_by_key(|rule| (!rule.is_gate(), *rule))
}

/// Attempts that are simpler by one step each, the simplest first.
fn simpler(attempt: &Attempt) -> Vec<Attempt> {
    let mut simpler = Vec::new();
    for at in (0..attempt.answers.len()).filter(|_| attempt.answers.len() > 1) {
        let mut fewer = attempt.clone();
        fewer.answers.remove(at);
        simpler.push(fewer);
    }
    if attempt.restart {
        simpler.push(Attempt {
            restart: false,
            ..attempt.clone()
        });
    }
    for silence in 0..attempt.silence {
        simpler.push(Attempt {
            silence,
            ..attempt.clone()
        });
    }
    for (at, answer) in attempt.answers.iter().enumerate() {
        for shorter in answer.shorter() {
            let mut attempt = attempt.clone();
            attempt.answers[at] = shorter;
            simpler.push(attempt);
        }
    }
    simpler
}

/// The words of a text in lower case, without marks around them.
fn words(text: &str) -> Vec<String> {
    let bare = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.to_lowercase()
    };
    let words = text.split_whitespace().map(bare);
    words.filter(|word| !word.is_empty()).collect()
}
