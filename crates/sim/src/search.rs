//! Looks for a case that makes an assistant break a rule, guided by what the assistant does.
//!
//! It begins with what leads on to a send and changes that: something else happens, or at another
//! time, or is heard otherwise. A case that makes the assistant do something new is kept and gone
//! on from, the sooner the nearer it came to a send. It knows nothing of the assistant but what an
//! observer of the room knows and, if there is one, the state of its dialog.

mod corpus;
mod coverage;
mod finding;
pub(crate) mod swarm;

use crate::assistant::Broken;
use crate::case::{Case, EVENTS_MAX, Event};
use crate::play::Player;
use crate::seed::{Purpose, random};
use crate::target::{Shared, Target};
use corpus::Corpus;
use coverage::{Coverage, Mix, features};
use finding::play_twice;
pub use finding::{CaseFinding, leave_out_second_play, try_case};
use mondegreen_oracle::{Judge, Reader};
use mondegreen_trace::fact::{Fact, Given};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::hash::Hash;
use std::ops::Range;
use swarm::{Swarm, move_house, splice};

/// What leads on is done so often at most, to see what a change comes to.
const TAIL_MAX: usize = 24;
/// So many runs keep to one choice of what may happen.
const SWARM_RUNS: u64 = 64;
/// A state is gone on from in so many ways at a time.
const BATCH: u32 = 8;

/// A message that left may be sent again; that is as near as so much of a first send.
const AGAIN: u8 = 8;
/// A device that says the answer for which another waits is nearer by so much.
const IN_THE_AIR: u8 = 8;

/// What guides a search. Each can be left out, to measure what it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guidance {
    /// All that there is.
    Full,
    /// Cases that did something new are not kept.
    WithoutCoverage,
    /// It does not matter how near to a send a case came.
    WithoutDistance,
    /// Everything may happen in every run.
    WithoutSwarm,
}

/// A search, with all that it has learned so far.
#[derive(Debug)]
pub struct Search<T> {
    player: Player<T>,
    guidance: Guidance,
    rng: ChaCha8Rng,
    /// Homes that are still to be lived in for the first time, the last one first.
    homes: Vec<Case>,
    corpus: Corpus,
    coverage: Coverage,
    swarm: Swarm,
    swarm_until: u64,
    steps: u64,
    runs: u64,
    facts: Vec<Fact>,
    /// What happened in the run so far, as one number.
    story: Mix,
    /// Whether the state at which it stands was new.
    is_new: bool,
    judge: Judge,
    reader: Reader,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchProgress {
    /// Inputs that were given to the assistant.
    pub steps: u64,
    /// Cases that were played.
    pub runs: u64,
    /// Cases that are kept.
    pub corpus: usize,
    /// Different things that the assistant did.
    pub features: usize,
}

impl<T: Target> Search<T> {
    /// Begins to search this assistant.
    pub fn new(target: T, seed: u64, guidance: Guidance) -> Self {
        Self {
            player: Player::new(target),
            guidance,
            rng: random(seed, Purpose::Search),
            homes: swarm::homes(),
            corpus: Corpus::new(),
            coverage: Coverage::new(),
            swarm: Swarm::all(),
            swarm_until: 0,
            steps: 0,
            runs: 0,
            facts: Vec::new(),
            story: Mix::new(),
            is_new: true,
            judge: Judge::new(),
            reader: Reader::new(),
        }
    }

    /// How far it has come.
    pub const fn progress(&self) -> SearchProgress {
        SearchProgress {
            steps: self.steps,
            runs: self.runs,
            corpus: self.corpus.len(),
            features: self.coverage.count(),
        }
    }

    /// Searches until a rule is broken, or this many steps were taken since it began.
    ///
    /// # Errors
    /// When the assistant breaks. A broken assistant is never a safe one.
    pub fn search(&mut self, steps_max: u64) -> Result<Option<Case>, Broken> {
        while self.steps < steps_max {
            let found = self.try_some()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Goes on from one state in several ways.
    fn try_some(&mut self) -> Result<Option<Case>, Broken> {
        if self.runs >= self.swarm_until {
            self.swarm_until = self.runs + SWARM_RUNS;
            if self.guidance != Guidance::WithoutSwarm {
                self.swarm = Swarm::any(&mut self.rng);
            }
        }
        if let Some(home) = self.homes.pop() {
            return self.play_case(home);
        }
        let Some(cell) = self.corpus.pick() else {
            return self.play_case(Case::plain(Vec::new()));
        };
        let (mut kept, first) = (cell.case, cell.picks.saturating_mul(BATCH));
        let is_moved = self.rng.random_ratio(1, 2);
        if is_moved {
            move_house(&mut kept, &mut self.rng);
        }
        let turns = first..first.saturating_add(BATCH);
        if turns.start >= Swarm::singles(kept.devices) && self.rng.random_ratio(1, 4) {
            for _ in turns {
                let case = self.changed(&kept);
                if let Some(found) = self.play_case(case)? {
                    return Ok(Some(found));
                }
            }
            return Ok(None);
        }
        let story = (!is_moved).then_some(cell.story);
        self.branch(&kept, turns, story)
    }

    /// Goes to where a case ends, and from there on in the way of each of these turns. If what
    /// happens on the way is known, it has to happen again.
    fn branch(
        &mut self,
        kept: &Case,
        turns: Range<u32>,
        known: Option<u64>,
    ) -> Result<Option<Case>, Broken> {
        self.begin(kept)?;
        let mut case = kept.home();
        for event in &kept.events {
            if self.happen(*event, &mut case)? {
                return Ok(Some(case));
            }
        }
        if known.is_some_and(|story| story != self.story.value()) {
            return self.try_twice(kept);
        }
        let moment = self.player.moment();
        let (judge, story) = (self.judge.clone(), self.story);
        let seen = self.facts.len();
        for turn in turns {
            let mut longer = kept.clone();
            match Swarm::one(turn, kept.here(), kept.devices) {
                Some(event) => longer.events.push(event),
                None => self.swarm.extend(&mut longer, &mut self.rng),
            }
            let is_back = moment
                .as_ref()
                .is_some_and(|moment| self.player.go_back(moment));
            let found = if is_back {
                self.runs += 1;
                self.facts.truncate(seen);
                self.judge.clone_from(&judge);
                self.story = story;
                let new = longer.events.split_off(kept.events.len());
                self.go_on(&new, &mut longer)?.then_some(longer)
            } else {
                self.play_case(longer)?
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The same went otherwise before (`G15`): looks for a case by itself that goes one way the first
    /// time and another way the second time.
    fn try_twice(&mut self, kept: &Case) -> Result<Option<Case>, Broken> {
        let mut case = kept.clone();
        let lead_on = Event::onward(kept.here());
        let room = EVENTS_MAX.saturating_sub(case.events.len());
        case.events
            .extend(std::iter::repeat_n(lead_on, room.min(TAIL_MAX)));
        let breaches = match self.player.target().fresh() {
            Some(fresh) => try_case(&case, fresh)?.1,
            None => play_twice(&case, &mut self.player)?.1,
        };
        let is_found = breaches.iter().any(|breach| breach.rule.is_gate());
        Ok(is_found.then_some(case))
    }

    /// A case with changes anywhere.
    fn changed(&mut self, kept: &Case) -> Case {
        let mut case = kept.clone();
        if self.rng.random_ratio(1, 4) {
            let other = self.rng.random_range(0..self.corpus.len());
            if let Some(other) = self.corpus.at(other) {
                splice(&mut case, other, &mut self.rng);
            }
        } else {
            self.swarm.change(&mut case, &mut self.rng);
        }
        case
    }

    fn begin(&mut self, case: &Case) -> Result<(), Broken> {
        self.runs += 1;
        self.facts.clear();
        self.judge.reset();
        self.story = Mix::new();
        self.player.start(case, &mut self.facts)?;
        self.watch(0, &case.home());
        Ok(())
    }

    /// Plays a case, goes on to a send, and judges it all.
    fn play_case(&mut self, mut case: Case) -> Result<Option<Case>, Broken> {
        self.begin(&case)?;
        let events = std::mem::take(&mut case.events);
        let is_broken = self.go_on(&events, &mut case)?;
        Ok(is_broken.then_some(case))
    }

    /// Lets these things happen and then what leads on to a send; says whether a rule is broken.
    fn go_on(&mut self, events: &[Event], case: &mut Case) -> Result<bool, Broken> {
        let before = case.events.last().map(|event| event.device);
        for event in events {
            if self.happen(*event, case)? {
                return Ok(true);
            }
        }
        let lead_on = Event::onward(match before {
            Some(before) if self.rng.random_ratio(1, 2) => before,
            Some(_) | None => case.here(),
        });
        // What leads on from a state that was known has been seen.
        let is_worth_it = self.is_new || self.rng.random_ratio(1, 4);
        let tail_max = if is_worth_it { TAIL_MAX } else { 0 };
        for led in 0..tail_max {
            let is_over = led > 0 && self.player.is_asleep(lead_on.device);
            if is_over || case.events.len() >= EVENTS_MAX {
                break;
            }
            if self.happen(lead_on, case)? {
                return Ok(true);
            }
        }
        let seen = self.facts.len();
        self.player.finish(&mut self.facts)?;
        Ok(self.watch(seen, case))
    }

    /// Lets one thing happen; says whether a rule is broken by now.
    fn happen(&mut self, event: Event, case: &mut Case) -> Result<bool, Broken> {
        let seen = self.facts.len();
        case.events.push(event);
        self.player.happen(event, &mut self.facts)?;
        Ok(self.watch(seen, case))
    }

    /// Judges what happened since; says whether a rule is broken by now.
    fn watch(&mut self, seen: usize, case: &Case) -> bool {
        let dictionary = Shared::clone(self.player.dictionary());
        let dictionary = dictionary.borrow();
        for fact in self.facts.iter().skip(seen) {
            self.steps += u64::from(is_input(fact));
            fact.hash(&mut self.story);
            self.judge.see(fact, &mut self.reader, &dictionary);
        }
        drop(dictionary);
        let nearness = self.judge.nearness();
        let news = self.facts.get(seen..).unwrap_or_default();
        let in_the_air = u8::from(self.player.answers_itself());
        let [state, way] = features(&self.player, news, &self.judge, nearness, in_the_air);
        self.coverage.meet(way);
        self.coverage.meet(state);
        if self.guidance != Guidance::WithoutCoverage || case.leads_on() {
            let promise = match self.guidance {
                Guidance::WithoutDistance => 0,
                Guidance::Full | Guidance::WithoutCoverage | Guidance::WithoutSwarm => {
                    let again = nearness.sent.min(1) * AGAIN;
                    nearness.met.max(again) + in_the_air * IN_THE_AIR
                }
            };
            self.is_new = self.corpus.reach(state, case, self.story.value(), promise);
        }
        self.judge
            .breaches()
            .iter()
            .any(|breach| breach.rule.is_gate())
    }
}

const fn is_input(fact: &Fact) -> bool {
    matches!(fact, Fact::Given(given) if !matches!(given, Given::Start { .. } | Given::End))
}
