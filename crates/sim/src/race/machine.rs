//! Plain `proptest-state-machine`: a reference machine as someone would write it who has the events.
//!
//! Any event is legal in any state, so the machine remembers no more than the home. The loop is
//! ours: the crate's own stops at a panic and then shrinks, which no arm is measured for.

use super::referee::Referee;
use crate::assistant::Broken;
use crate::case::{Case, EVENTS_MAX, Event, HOWS, NAMES_COUNT, WHATS, WHENS};
use crate::reference::Reference;
use proptest::prelude::{BoxedStrategy, Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use proptest_state_machine::ReferenceStateMachine;

struct Machine;

impl ReferenceStateMachine for Machine {
    /// The home, where nothing has happened yet.
    type State = Case;
    type Transition = Event;

    fn init_state() -> BoxedStrategy<Case> {
        let names = [0..NAMES_COUNT, 0..NAMES_COUNT];
        let home = (any::<u8>(), names, 1..=3_u8, any::<bool>());
        home.prop_map(|(seed, names, devices, messaging)| Case {
            seed,
            names,
            devices,
            messaging,
            events: Vec::new(),
        })
        .boxed()
    }

    fn transitions(home: &Case) -> BoxedStrategy<Event> {
        let devices = home.devices;
        (one_of(&WHATS), one_of(&WHENS), one_of(&HOWS), 0..devices)
            .prop_map(|(what, when, how, device)| Event {
                what,
                when,
                how,
                device,
            })
            .boxed()
    }

    fn apply(home: Case, _: &Event) -> Case {
        home
    }
}

fn one_of<T: Copy + std::fmt::Debug>(
    table: &'static [(T, &str)],
) -> impl Strategy<Value = T> + use<T> {
    (0..table.len()).prop_map(|place| table[place].0)
}

/// Plays generated cases until one breaks a rule or the cap is reached; says how many inputs that
/// took.
pub(super) fn run(
    assistant: Reference,
    seed: u64,
    cap: u64,
) -> Result<(u64, Option<Case>), Broken> {
    let strategy = Machine::sequential_strategy(1..=EVENTS_MAX);
    let mut runner = runner(seed);
    let mut referee = Referee::new(assistant);
    while referee.steps() < cap {
        let tree = strategy.new_tree(&mut runner);
        let tree =
            tree.map_err(|why| Broken::new(format!("proptest could not generate a case: {why}")))?;
        let (mut case, events, _) = tree.current();
        case.events = events;
        let found = referee.try_case(&case)?;
        if found.is_some() {
            return Ok((referee.steps(), found));
        }
    }
    Ok((referee.steps(), None))
}

fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    TestRunner::new_with_rng(Config::default(), rng)
}
