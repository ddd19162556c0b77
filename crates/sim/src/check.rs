//! Explores, breadth first, every reachable state of a stated abstraction over the real core.
//!
//! What is explored is a product: the reference assistant, whatever its policy or fault; the
//! [`Judge`](mondegreen_oracle::Judge), who says whether what it does breaks a rule; and the little
//! that people around can refer to. What can happen in it, which states count as one, and what is
//! left out is written in `docs/check.md`.

mod action;
mod express;
mod key;
mod phrases;
mod room;
mod seen;
mod world;

pub use action::{Action, Said, Since, Until, Way};
pub use seen::Key;
pub use world::World;

use crate::assistant::Broken;
use crate::case::Case;
use crate::reference::Reference;
use crate::target::Target;
use mondegreen_oracle::Rule;
use mondegreen_trace::fact::Fact;
use mondegreen_trace::{Household, Trace};
use room::Room;
use seen::Seen;

/// In silence every session is over after this time, prompts that are being said included.
const SILENCE_MAX_MS: u64 = 90_000;
/// The seed of the challenge words.
const SEED: u8 = 7;

/// How much is explored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// How many devices there are, 1 or 2.
    pub devices: usize,
    /// No state is gone on from that is this many steps from the start.
    pub depth_max: u32,
    /// The check is given up beyond so many states; each takes a few hundred bytes at most.
    pub states_max: usize,
}

impl Bounds {
    /// Two devices, as deep as it goes, within about a gigabyte.
    pub const WHOLE: Self = Self {
        devices: 2,
        depth_max: u32::MAX,
        states_max: 2_000_000,
    };
}

/// How far a check has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Different states.
    pub states: usize,
    /// Steps from one state to the next, the same or another.
    pub transitions: u64,
    /// How many steps the farthest state is from the start.
    pub depth: u32,
}

/// How a check ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Every state was reached, within the bounds, and all rules hold.
    Kept,
    /// This breaks a rule, and nothing shorter does.
    Broken(Box<Counterexample>),
    /// There were more states than the bounds allow.
    TooMany,
}

/// A shortest way to a broken rule.
#[derive(Clone, Debug)]
pub struct Counterexample {
    /// The rule.
    pub rule: Rule,
    /// How it was broken.
    pub why: String,
    /// What happened, step by step.
    pub actions: Vec<Action>,
    /// The same as a trace.
    pub trace: Trace,
    /// The same as a case, if it has the words for it.
    pub case: Option<Case>,
}

/// What is wrong with a step or a state.
pub type Wrong = (Rule, String);

/// A check of one assistant.
#[derive(Debug)]
pub struct Check {
    assistant: Reference,
    room: Room,
    bounds: Bounds,
    extent: Extent,
}

impl Check {
    /// Of this assistant, which answers to this name.
    pub fn new(assistant: Reference, wake: &str, bounds: Bounds) -> Self {
        let household = room::household(bounds.devices);
        let room = Room::new(Target::dictionary(&assistant), wake, &household);
        Self {
            assistant,
            room,
            bounds,
            extent: Extent::default(),
        }
    }

    /// Where it takes place.
    pub const fn household(&self) -> &Household {
        self.room.household()
    }

    /// How far it has come.
    pub const fn extent(&self) -> Extent {
        self.extent
    }

    /// The state in which all begins.
    ///
    /// # Errors
    /// When the assistant breaks.
    pub fn start(&mut self) -> Result<World, Broken> {
        let mut facts = Vec::new();
        World::start(&self.assistant, u64::from(SEED), &mut self.room, &mut facts)
    }

    /// The fingerprint of all that can matter of a state from here on.
    pub fn key(&mut self, world: &World) -> Key {
        world.key(&mut self.room)
    }

    /// Changes a state by one step. Says whether there was such a step, and what was wrong with it.
    ///
    /// # Errors
    /// When the assistant breaks.
    pub fn step(
        &mut self,
        world: &mut World,
        action: Action,
    ) -> Result<Option<Option<Wrong>>, Broken> {
        let mut facts = std::mem::take(&mut self.room.facts);
        facts.clear();
        let step = world.step(action, &mut self.room, &mut facts)?;
        let wrong = step.then(|| world.wrong(action, &facts, &self.room));
        self.room.facts = facts;
        Ok(wrong)
    }

    /// Explores all that can be reached; tells how far it has come after each layer.
    ///
    /// # Errors
    /// When the assistant breaks.
    pub fn run(&mut self, mut progress: impl FnMut(Extent)) -> Result<Outcome, Broken> {
        self.extent = Extent::default();
        let start = self.start()?;
        let mut ways = Ways::default();
        let mut seen = Seen::new();
        seen.insert(self.key(&start));
        let mut scratch = start.clone();
        let mut actions = Vec::new();
        let mut layer = vec![(ways.add(None), start)];
        while !layer.is_empty() && self.extent.depth < self.bounds.depth_max {
            let mut next = Vec::new();
            for (number, world) in layer {
                world.actions(&mut actions);
                for action in &actions {
                    scratch.clone_from(&world);
                    let Some(wrong) = self.step(&mut scratch, *action)? else {
                        continue;
                    };
                    self.extent.transitions += 1;
                    let way = Some((number, *action));
                    if let Some((rule, why)) = wrong {
                        self.extent.depth += 1;
                        let actions = ways.to(way);
                        return Ok(Outcome::Broken(Box::new(self.explain(actions, rule, why)?)));
                    }
                    if !seen.insert(self.key(&scratch)) {
                        continue;
                    }
                    if let Some(why) = self.unrest(&scratch)? {
                        self.extent.depth += 1;
                        let actions = ways.to(way);
                        let found = self.explain(actions, Rule::S3, why)?;
                        return Ok(Outcome::Broken(Box::new(found)));
                    }
                    next.push((ways.add(way), scratch.clone()));
                }
            }
            layer = next;
            self.extent.states = ways.len();
            if !layer.is_empty() {
                self.extent.depth += 1;
            }
            progress(self.extent);
            if self.extent.states > self.bounds.states_max {
                return Ok(Outcome::TooMany);
            }
        }
        Ok(Outcome::Kept)
    }

    /// `S3`: what keeps a household that falls silent here from coming to rest, if anything does;
    /// whether prompts are said to their end, or are never reported to have ended.
    fn unrest(&mut self, world: &World) -> Result<Option<String>, Broken> {
        for prompts_end in [true, false] {
            let mut silent = world.clone();
            let since_ms = silent.now_ms();
            while silent.rests(prompts_end, &mut self.room)?.is_some() {
                let lasted_ms = silent.now_ms() - since_ms;
                if lasted_ms > SILENCE_MAX_MS {
                    let seconds = lasted_ms / 1000;
                    return Ok(Some(format!(
                        "after {seconds} s of silence a session still goes on"
                    )));
                }
            }
        }
        Ok(None)
    }

    fn explain(
        &mut self,
        actions: Vec<Action>,
        rule: Rule,
        why: String,
    ) -> Result<Counterexample, Broken> {
        let mut facts: Vec<Fact> = Vec::new();
        let seed = u64::from(SEED);
        let mut world = World::start(&self.assistant, seed, &mut self.room, &mut facts)?;
        for action in &actions {
            world.step(*action, &mut self.room, &mut facts)?;
        }
        let dictionary = Target::dictionary(&self.assistant);
        let lines = facts
            .iter()
            .filter_map(|fact| dictionary.borrow().line(fact));
        let trace = Trace {
            lines: lines.collect(),
        };
        let case = self.case(&actions, rule)?;
        Ok(Counterexample {
            rule,
            why,
            actions,
            trace,
            case,
        })
    }
}

/// How each state was reached first: by which step from which other.
#[derive(Debug, Default)]
struct Ways(Vec<Option<(u32, Action)>>);

impl Ways {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn add(&mut self, way: Option<(u32, Action)>) -> u32 {
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.push(way);
        number
    }

    /// All steps from the start, ending with this one.
    fn to(&self, mut way: Option<(u32, Action)>) -> Vec<Action> {
        let mut actions = Vec::new();
        while let Some((from, action)) = way {
            actions.push(action);
            way = self.0.get(from as usize).copied().flatten();
        }
        actions.reverse();
        actions
    }
}
