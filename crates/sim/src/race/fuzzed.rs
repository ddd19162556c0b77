//! Plain cargo-fuzz: cases from the bytes of libFuzzer, as `arbitrary` derives them.
//!
//! The target is a program of its own, built by `cargo fuzz build --sanitizer none race`. It is told
//! by its environment whom to play to and how many inputs it has, and says on standard output, in a
//! line of JSON, what it came to; then it aborts, since libFuzzer ends in no other way.

use super::referee::Referee;
use crate::case::{Case, EVENTS_MAX, Event, NAMES_COUNT};
use crate::mutant::Mutant;
use crate::preset::Preset;
use crate::reference::Reference;
use arbitrary::Arbitrary;
use cpu_time::ProcessTime;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::io::Write;

/// The variable that names the assistant.
pub const ASSISTANT_VARIABLE: &str = "MONDEGREEN_RACE_ASSISTANT";
/// The variable that says how many inputs the assistant may be given.
pub const STEPS_VARIABLE: &str = "MONDEGREEN_RACE_STEPS";

/// What a fuzzer makes of its bytes.
#[derive(Clone, Debug, Arbitrary)]
pub struct Fuzzed {
    seed: u8,
    names: [u8; 2],
    devices: u8,
    messaging: bool,
    events: Vec<Event>,
}

/// What became of a run, told by its process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Inputs that were given to the assistant.
    pub steps: u64,
    /// Processor time of the process.
    pub cpu_seconds: f64,
    /// A case that breaks a rule, if one was found.
    pub found: Option<String>,
    /// What went wrong, if something did.
    pub error: Option<String>,
}

thread_local! {
    /// The run of this process; libFuzzer has one thread.
    static HEAT: RefCell<Option<Heat>> = const { RefCell::new(None) };
}

struct Heat {
    referee: Referee<Reference>,
    cap: u64,
}

/// Plays a case, and ends the process when that breaks a rule or uses up the cap.
pub fn play(fuzzed: &Fuzzed) {
    let told = HEAT.with_borrow_mut(|heat| {
        if heat.is_none() {
            match Heat::from_environment() {
                Ok(new) => *heat = Some(new),
                Err(error) => return Some(told(0, None, Some(error))),
            }
        }
        heat.as_mut().and_then(|heat| heat.play(&fuzzed.case()))
    });
    if let Some(told) = told {
        let line = serde_json::to_string(&told).unwrap_or_default();
        let mut out = std::io::stdout();
        // Nobody is left to be told of a closed pipe.
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
        std::process::abort();
    }
}

impl Heat {
    fn from_environment() -> Result<Self, String> {
        let variable = |name| std::env::var(name).map_err(|error| format!("{name}: {error}"));
        let name = variable(ASSISTANT_VARIABLE)?;
        let assistant = match Mutant::named(&name) {
            Some(mutant) => mutant.assistant(),
            None if name == Preset::GUARDED.name => Reference::new(Preset::GUARDED),
            None => return Err(format!("there is no assistant `{name}`")),
        };
        let cap = variable(STEPS_VARIABLE)?;
        let cap = cap
            .parse()
            .map_err(|_| format!("`{cap}` is not a number of inputs"))?;
        Ok(Self {
            referee: Referee::new(assistant),
            cap,
        })
    }

    fn play(&mut self, case: &Case) -> Option<Told> {
        let played = self.referee.try_case(case);
        let steps = self.referee.steps();
        match played {
            Err(broken) => Some(told(steps, None, Some(broken.to_string()))),
            Ok(Some(found)) => Some(told(steps, Some(found.to_string()), None)),
            Ok(None) if steps >= self.cap => Some(told(steps, None, None)),
            Ok(None) => None,
        }
    }
}

fn told(steps: u64, found: Option<String>, error: Option<String>) -> Told {
    let cpu = ProcessTime::try_now().map(|time| time.as_duration().as_secs_f64());
    Told {
        steps,
        cpu_seconds: cpu.unwrap_or(0.0),
        found,
        error,
    }
}

impl Fuzzed {
    /// The case, with what is out of range brought into it.
    pub fn case(&self) -> Case {
        let devices = self.devices % 3 + 1;
        let events = self.events.iter().take(EVENTS_MAX).map(|event| Event {
            device: event.device % devices,
            ..*event
        });
        Case {
            seed: self.seed,
            names: self.names.map(|name| name % NAMES_COUNT),
            devices,
            messaging: self.messaging,
            events: events.collect(),
        }
    }
}
