//! The arms, and one run of one of them.

use super::fuzzed::{ASSISTANT_VARIABLE, STEPS_VARIABLE, Told};
use super::subject::Subject;
use super::{breadth, machine, uniform};
use crate::assistant::Broken;
use crate::case::Case;
use crate::search::{CaseFinding, Guidance, Search};
use cpu_time::ProcessTime;
use serde::{Deserialize, Serialize};
use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A way to look for faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arm {
    /// Ours, with all that guides it.
    Search,
    /// Ours, but cases that did something new are not kept.
    SearchWithoutCoverage,
    /// Ours, but it does not matter how near to a send a case came.
    SearchWithoutDistance,
    /// Ours, but everything may happen in every run.
    SearchWithoutSwarm,
    /// Homes and events drawn with equal chances.
    Uniform,
    /// Plain proptest-state-machine.
    ProptestStateMachine,
    /// Plain cargo-fuzz, on bytes that `arbitrary` decodes.
    CargoFuzz,
    /// Breadth-first search with stateright.
    Stateright,
}

impl Arm {
    /// Every arm, ours first.
    pub const ALL: [Self; 8] = [
        Self::Search,
        Self::SearchWithoutCoverage,
        Self::SearchWithoutDistance,
        Self::SearchWithoutSwarm,
        Self::Uniform,
        Self::ProptestStateMachine,
        Self::CargoFuzz,
        Self::Stateright,
    ];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::SearchWithoutCoverage => "search-without-coverage",
            Self::SearchWithoutDistance => "search-without-distance",
            Self::SearchWithoutSwarm => "search-without-swarm",
            Self::Uniform => "uniform",
            Self::ProptestStateMachine => "proptest-state-machine",
            Self::CargoFuzz => "cargo-fuzz",
            Self::Stateright => "stateright",
        }
    }

    /// The arm with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|arm| arm.name() == name)
    }

    /// Whether it has no randomness, so that one seed says it all.
    pub const fn is_deterministic(self) -> bool {
        matches!(self, Self::Stateright)
    }

    /// Whether it is another tool, and not ours or a part of ours.
    pub const fn is_other_tool(self) -> bool {
        matches!(
            self,
            Self::Uniform | Self::ProptestStateMachine | Self::CargoFuzz | Self::Stateright
        )
    }
}

impl Display for Arm {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What came of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Which arm.
    pub arm: Arm,
    /// Against whom: a mutant, or `guarded`.
    pub assistant: String,
    /// With which seed.
    pub seed: u32,
    /// How many inputs it might give.
    pub cap: u64,
    /// How many it gave, up to the first breach or until it stopped; a little more than the cap if
    /// its last case was cut off by it.
    pub steps: u64,
    /// The processor time that this took, in seconds.
    pub cpu_seconds: f64,
    /// Whether it found a breach.
    pub found: bool,
    /// The first rule that is broken when the case is played by itself; none if none is then.
    pub rule: Option<String>,
    /// The case, if the assistant was the guarded one.
    pub case: Option<String>,
}

/// How all runs of a race are run.
#[derive(Clone, Debug)]
pub struct Race {
    /// How many inputs an arm may give.
    pub cap: u64,
    /// Where the target of [`Arm::CargoFuzz`] is, if it was built.
    pub fuzzer: Option<PathBuf>,
}

/// Why a run came to nothing.
#[derive(Debug)]
pub enum RaceError {
    /// The assistant broke. A broken assistant is never a safe one.
    Broken(Broken),
    /// The fuzzer did not run, or did not say what it came to.
    Fuzzer(String),
}

impl Display for RaceError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(broken) => write!(f, "the assistant is broken: {broken}"),
            Self::Fuzzer(why) => write!(f, "the fuzzer: {why}"),
        }
    }
}

impl std::error::Error for RaceError {}

impl From<Broken> for RaceError {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

/// What an arm came to: inputs, processor seconds, and a case that breaks a rule.
type Ended = (u64, f64, Option<Case>);

impl Race {
    /// Runs one arm against one assistant.
    ///
    /// # Errors
    /// When the assistant breaks, or the fuzzer cannot be run.
    pub fn run(&self, arm: Arm, subject: Subject, seed: u32) -> Result<Run, RaceError> {
        let (steps, cpu_seconds, case) = match arm {
            Arm::CargoFuzz => self.fuzz(subject, seed)?,
            Arm::Search
            | Arm::SearchWithoutCoverage
            | Arm::SearchWithoutDistance
            | Arm::SearchWithoutSwarm
            | Arm::Uniform
            | Arm::ProptestStateMachine
            | Arm::Stateright => timed(|| self.run_here(arm, subject, seed.into()))?,
        };
        let fresh = || subject.assistant();
        let finding = match &case {
            Some(case) => CaseFinding::of(case, fresh())?,
            None => None,
        };
        Ok(Run {
            arm,
            assistant: subject.name().to_owned(),
            seed,
            cap: self.cap,
            steps,
            cpu_seconds,
            found: case.is_some(),
            rule: finding.map(|finding| finding.rule.to_string()),
            case: case
                .filter(|_| subject == Subject::Guarded)
                .map(|case| case.to_string()),
        })
    }

    fn run_here(
        &self,
        arm: Arm,
        subject: Subject,
        seed: u64,
    ) -> Result<(u64, Option<Case>), Broken> {
        let guidance = match arm {
            Arm::Search => Guidance::Full,
            Arm::SearchWithoutCoverage => Guidance::WithoutCoverage,
            Arm::SearchWithoutDistance => Guidance::WithoutDistance,
            Arm::SearchWithoutSwarm => Guidance::WithoutSwarm,
            Arm::Uniform => return uniform::run(subject.assistant(), seed, self.cap),
            Arm::ProptestStateMachine => return machine::run(subject.assistant(), seed, self.cap),
            Arm::Stateright => return breadth::run(subject, self.cap),
            Arm::CargoFuzz => {
                return Err(Broken::new("it runs in a process of its own".to_owned()));
            }
        };
        let mut search = Search::new(subject.assistant(), seed, guidance);
        let found = search.search(self.cap)?;
        Ok((search.progress().steps, found))
    }

    /// One process for each run: libFuzzer keeps what it has learned in the process.
    fn fuzz(&self, subject: Subject, seed: u32) -> Result<Ended, RaceError> {
        let path = self.fuzzer.as_deref().ok_or_else(|| {
            RaceError::Fuzzer("it was not built, or nobody said where it is".to_owned())
        })?;
        let told = fuzz(path, subject, seed, self.cap).map_err(RaceError::Fuzzer)?;
        if let Some(error) = told.error {
            return Err(RaceError::Broken(Broken::new(error)));
        }
        let case = told.found.map(|case| case.parse()).transpose();
        let case = case.map_err(|error| RaceError::Fuzzer(format!("its case: {error}")))?;
        Ok((told.steps, told.cpu_seconds, case))
    }
}

/// The processor time of all threads, since some arms have threads of their own.
fn timed(run: impl FnOnce() -> Result<(u64, Option<Case>), Broken>) -> Result<Ended, RaceError> {
    let begun = ProcessTime::try_now().ok();
    let (steps, case) = run()?;
    let spent = begun.and_then(|begun| begun.try_elapsed().ok());
    Ok((
        steps,
        spent.as_ref().map_or(0.0, Duration::as_secs_f64),
        case,
    ))
}

fn fuzz(path: &Path, subject: Subject, seed: u32, cap: u64) -> Result<Told, String> {
    let out = Command::new(path)
        .arg(format!("-seed={seed}"))
        // It aborts at the end of each run, and would leave a file behind.
        .args(["-exact_artifact_path=/dev/null", "-verbosity=0"])
        .env(ASSISTANT_VARIABLE, subject.name())
        .env(STEPS_VARIABLE, cap.to_string())
        .output()
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let said = String::from_utf8_lossy(&out.stdout);
    said.lines()
        .find_map(|line| serde_json::from_str(line).ok())
        .ok_or_else(|| {
            let complaint = String::from_utf8_lossy(&out.stderr);
            let last = complaint.lines().last().unwrap_or("it said nothing");
            format!("{}: {}: {last}", path.display(), out.status)
        })
}
