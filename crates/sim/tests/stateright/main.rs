//! Does another model checker find the same states, and say the same of them?
//!
//! `stateright` explores the same steps with a search of its own, from the first state again for
//! each.

use mondegreen_sim::check::{Action, Bounds, Check, Key, Outcome, World};
use mondegreen_sim::{Mutant, Preset, Reference};
use stateright::{Checker, Model, Property};
use std::cell::RefCell;
use std::hash::{Hash, Hasher};

/// Which assistant, in which bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Product {
    mutant: Option<&'static str>,
    bounds: Bounds,
}

thread_local! {
    /// A check cannot be shared between threads; this one is of this product.
    static CHECK: RefCell<Option<(Product, Check)>> = const { RefCell::new(None) };
}

/// A way to a state; two ways to states that count as one are one.
#[derive(Clone, Debug)]
struct Reached {
    way: Vec<Action>,
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

impl Product {
    fn check(self) -> Check {
        let assistant = self.mutant.map_or_else(
            || Reference::new(Preset::GUARDED),
            |name| Mutant::named(name).expect("a mutant").assistant(),
        );
        Check::new(assistant, Preset::GUARDED.wake, self.bounds)
    }

    /// The state at the end of a way; nothing if it is no way.
    fn at<T>(self, way: &[Action], read: impl FnOnce(&mut Check, &World, bool) -> T) -> Option<T> {
        CHECK.with_borrow_mut(|known| {
            let known = match known {
                Some(known) if known.0 == self => known,
                other => other.insert((self, self.check())),
            };
            let check = &mut known.1;
            let mut world = check.start().expect("it does not break");
            let mut is_wrong = false;
            for action in way {
                let step = check.step(&mut world, *action);
                is_wrong = step.expect("it does not break")?.is_some();
            }
            Some(read(check, &world, is_wrong))
        })
    }

    fn reached(self, way: Vec<Action>) -> Option<Reached> {
        let (key, is_wrong) =
            self.at(&way, |check, world, is_wrong| (check.key(world), is_wrong))?;
        Some(Reached { way, key, is_wrong })
    }
}

impl Model for Product {
    type State = Reached;
    type Action = Action;

    fn init_states(&self) -> Vec<Reached> {
        self.reached(Vec::new()).into_iter().collect()
    }

    fn actions(&self, state: &Reached, actions: &mut Vec<Action>) {
        if !state.is_wrong {
            self.at(&state.way, |_, world, _| world.actions(actions));
        }
    }

    fn next_state(&self, state: &Reached, action: Action) -> Option<Reached> {
        let mut way = state.way.clone();
        way.push(action);
        self.reached(way)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("keeps the rules", |_, state: &Reached| {
            !state.is_wrong
        })]
    }
}

fn one_device() -> Bounds {
    Bounds {
        devices: 1,
        ..Bounds::WHOLE
    }
}

#[test]
fn guarded_has_the_same_states_and_keeps_the_rules() {
    for bounds in [
        one_device(),
        Bounds {
            depth_max: 6,
            ..Bounds::WHOLE
        },
    ] {
        let product = Product {
            mutant: None,
            bounds,
        };
        let mut ours = product.check();
        let outcome = ours.run(|_| ()).expect("it does not break");
        assert!(matches!(outcome, Outcome::Kept), "{outcome:?}");
        let depth = usize::try_from(bounds.depth_max).expect("it fits");
        let theirs = product.checker().target_max_depth(depth.saturating_add(1));
        let theirs = theirs.spawn_bfs().join();
        theirs.assert_properties();
        assert_eq!(theirs.unique_state_count(), ours.extent().states);
    }
}

#[test]
fn a_fault_is_found_in_as_few_steps() {
    for name in ["interim-answer", "retry-unreported", "off-lost-at-restart"] {
        let product = Product {
            mutant: Some(name),
            bounds: one_device(),
        };
        let Outcome::Broken(ours) = product.check().run(|_| ()).expect("it does not break") else {
            panic!("{name} was not found");
        };
        let theirs = product.checker().spawn_bfs().join();
        let way = theirs.discovery("keeps the rules").expect("a way");
        assert_eq!(way.into_actions().len(), ours.actions.len(), "{name}");
    }
}
