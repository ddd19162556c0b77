//! Steps of the dialog, as others take them: walks that proptest draws, and states of the check as
//! stateright reaches them.

use crate::{Contender, race};
use mondegreen_benches::dialog::{converse, fresh};
use mondegreen_dialog::{Dialog, Effects, Input, Millis};
use mondegreen_sim::check::{Action, Bounds, Check, Key, Outcome, World};
use mondegreen_sim::{Preset, Reference};
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use stateright::{Checker, Model, Property};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::io::{Error, Write};

const WALKS: usize = 200;
const STEPS: usize = 60;

/// What can happen, in any order: the steps of a clean conversation.
type Menu = [(Millis, Input)];

/// Where a walk comes to that takes these steps.
fn walked(menu: &Menu, walk: &[usize], effects: &mut Effects) -> Dialog {
    let mut dialog = fresh();
    for &place in walk {
        let (waited, input) = menu[place];
        dialog.advance(waited, input, effects);
    }
    dialog
}

/// The walks that proptest draws, the same each time.
fn drawn(places: usize) -> impl Iterator<Item = Vec<usize>> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = vec(0..places, STEPS);
    let draw = move || {
        let tree = strategy.new_tree(&mut runner).expect("nothing is filtered");
        tree.current()
    };
    std::iter::repeat_with(draw).take(WALKS)
}

/// Walks of the dialog alone: at hand, and as they are drawn.
pub(crate) fn walks(out: &mut impl Write) -> Result<(), Error> {
    let (menu, _) = converse();
    let at_hand: Vec<Vec<usize>> = drawn(menu.len()).collect();
    let (mut effects, mut their_effects) = (Effects::new(), Effects::new());
    let contenders = vec![
        Contender::new(
            "mondegreen: Dialog::advance, walks at hand",
            || -> Vec<Dialog> {
                let walks = at_hand.iter();
                walks
                    .map(|walk| walked(&menu, walk, &mut effects))
                    .collect()
            },
        ),
        Contender::new("proptest: the same walks, drawn", || {
            let walks = drawn(menu.len());
            walks
                .map(|walk| walked(&menu, &walk, &mut their_effects))
                .collect()
        }),
    ];
    race(
        out,
        "a step of 200 walks, 60 steps each",
        WALKS * STEPS,
        contenders,
    )?;
    Ok(())
}

/// No state is gone on from that is so far from the start.
const DEPTH: u32 = 10;
const ONE_DEVICE: Bounds = Bounds {
    devices: 1,
    depth_max: DEPTH,
    ..Bounds::WHOLE
};

fn check() -> Check {
    Check::new(
        Reference::new(Preset::GUARDED),
        Preset::GUARDED.wake,
        ONE_DEVICE,
    )
}

/// Every state of the check with one device that is near the start, each rule judged at each step.
pub(crate) fn states(out: &mut impl Write) -> Result<(), Error> {
    let ours = || {
        let mut check = check();
        let outcome = check.run(|_| ()).expect("it does not break");
        assert!(matches!(outcome, Outcome::Kept), "{outcome:?}");
        (check.extent().states, check.extent().transitions)
    };
    let theirs = || {
        let checker = Rooms.checker().threads(1);
        // The first state is at depth 1 there.
        let checker = checker.target_max_depth(DEPTH as usize + 1);
        let checker = checker.spawn_bfs().join();
        checker.assert_properties();
        let transitions = checker.state_count() - 1;
        (checker.unique_state_count(), transitions as u64)
    };
    let (states, transitions) = ours();
    let contenders = vec![
        Contender::new("mondegreen: Check::run, S3 judged as well", ours),
        Contender::new("stateright: spawn_bfs", theirs),
    ];
    let question = format!("a step between the first {states} states with one device");
    race(
        out,
        &question,
        usize::try_from(transitions).unwrap_or(usize::MAX),
        contenders,
    )?;
    Ok(())
}

/// The states for stateright. They go from thread to thread there, which a world cannot; so a state is
/// a key, and the one thread that checks keeps the worlds.
struct Rooms;

#[derive(Clone, Debug)]
struct Reached {
    key: Key,
    is_wrong: bool,
}

impl PartialEq for Reached {
    fn eq(&self, other: &Self) -> bool {
        (self.key, self.is_wrong) == (other.key, other.is_wrong)
    }
}

impl Hash for Reached {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.key, self.is_wrong).hash(state);
    }
}

struct Worlds {
    check: Check,
    start: Key,
    known: BTreeMap<Key, World>,
}

thread_local! {
    static WORLDS: RefCell<Option<Worlds>> = const { RefCell::new(None) };
}

impl Worlds {
    fn new() -> Self {
        let mut check = check();
        let world = check.start().expect("it does not break");
        let start = check.key(&world);
        Self {
            check,
            start,
            known: BTreeMap::from([(start, world)]),
        }
    }

    fn with<T>(read: impl FnOnce(&mut Self) -> T) -> T {
        WORLDS.with_borrow_mut(|worlds| read(worlds.get_or_insert_with(Self::new)))
    }

    fn next(&mut self, from: Key, action: Action) -> Option<Reached> {
        let mut world = self.known.get(&from)?.clone();
        let step = self.check.step(&mut world, action);
        let is_wrong = step.expect("it does not break")?.is_some();
        let key = self.check.key(&world);
        self.known.entry(key).or_insert(world);
        Some(Reached { key, is_wrong })
    }
}

impl Model for Rooms {
    type State = Reached;
    type Action = Action;

    fn init_states(&self) -> Vec<Reached> {
        let key = Worlds::with(|worlds| worlds.start);
        vec![Reached {
            key,
            is_wrong: false,
        }]
    }

    fn actions(&self, state: &Reached, actions: &mut Vec<Action>) {
        Worlds::with(|worlds| {
            if let Some(world) = worlds.known.get(&state.key) {
                world.actions(actions);
            }
        });
    }

    fn next_state(&self, state: &Reached, action: Action) -> Option<Reached> {
        Worlds::with(|worlds| worlds.next(state.key, action))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("keeps the rules", |_, state: &Reached| {
            !state.is_wrong
        })]
    }
}
