//! What many runs say: each arm by itself, each against ours, and each mutant.

use super::arm::{Arm, Run};
use super::stats::{Interval, Observation, Survival, count, median, resampled};
use super::subject::Subject;
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};

/// What came of a race against the mutants, up to the smallest cap of all runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The cap: what was found beyond it counts as not found.
    pub cap: u64,
    /// How many mutants there were.
    pub mutants: usize,
    /// The arms, ours first.
    pub arms: Vec<ArmFigures>,
    /// Where ours was not the best: every arm that did better on some mutant.
    pub losses: Vec<Loss>,
    /// The mutants by name, ours against the best other tool.
    pub duels: Vec<Duel>,
}

/// Figures of an arm. A median is infinite if more than half was not found.
#[derive(Clone, Debug, PartialEq)]
pub struct ArmFigures {
    /// The arm.
    pub arm: Arm,
    /// How many runs there were.
    pub runs: usize,
    /// How many of them found a breach.
    pub found: usize,
    /// How many mutants were found in every run.
    pub always_found: usize,
    /// Inputs: the median over mutants of the medians over seeds.
    pub median: f64,
    /// Inputs: the mean over mutants of the means up to the cap.
    pub mean: Interval,
    /// How many times the median of ours that is, if this is another arm and ours has one; at least
    /// so many times if the arm has none.
    pub times_ours: Option<Interval>,
    /// The mean up to the cap over that of ours, mutant by mutant: the geometric mean of that.
    pub times_ours_paired: Option<Interval>,
    /// On how many mutants its median is smaller than that of ours.
    pub better_on: usize,
    /// Processor seconds: the median over mutants of the medians over seeds.
    pub median_cpu: f64,
    /// Processor seconds of the slowest run, whether it found anything or not.
    pub slowest_cpu: f64,
    /// Inputs a second of processor time, over all runs.
    pub steps_per_second: f64,
}

/// An arm that needed fewer inputs than ours to find some mutants.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The arm.
    pub arm: Arm,
    /// The mutants, and how many times its median the median of ours is, the worst first.
    pub mutants: Vec<(String, f64)>,
}

/// One mutant: ours against the best of the other tools.
#[derive(Clone, Debug, PartialEq)]
pub struct Duel {
    /// The mutant.
    pub mutant: String,
    /// How many runs of ours found it, and how many there were.
    pub found: [usize; 2],
    /// Inputs: the median of ours.
    pub ours: f64,
    /// Processor seconds: the median of ours, and the slowest run.
    pub ours_cpu: [f64; 2],
    /// The other tool with the smallest median, if one found it in half of its runs.
    pub best: Option<(Arm, f64)>,
}

/// Why runs cannot be summed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SummaryError {
    /// A run is there twice: this arm against this assistant with this seed.
    Twice(Arm, String, u32),
}

impl Display for SummaryError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self::Twice(arm, assistant, seed) = self;
        write!(
            f,
            "{arm} against {assistant} with seed {seed} is there twice"
        )
    }
}

impl std::error::Error for SummaryError {}

/// Runs of one arm against one mutant.
#[derive(Clone, Debug, Default)]
struct Heat {
    steps: Vec<Observation>,
    cpu: Vec<Observation>,
}

/// All runs of one arm, by mutant.
type Heats<'a> = BTreeMap<&'a str, Heat>;

impl Summary {
    /// Of these runs; those against the guarded assistant are no part of it. Nothing if there are no
    /// others.
    ///
    /// # Errors
    /// When a run is there twice: whoever reads the figures would take it for two.
    pub fn of(runs: &[Run]) -> Result<Option<Self>, SummaryError> {
        let mut seen = BTreeSet::new();
        for run in runs {
            if !seen.insert((run.arm, &run.assistant, run.seed)) {
                return Err(SummaryError::Twice(
                    run.arm,
                    run.assistant.clone(),
                    run.seed,
                ));
            }
        }
        let against_mutants = |run: &&Run| run.assistant != Subject::Guarded.name();
        let mut runs: Vec<&Run> = runs.iter().filter(against_mutants).collect();
        // What is drawn anew depends on the order, and files may be given in any.
        runs.sort_by_key(|run| (run.arm, &run.assistant, run.seed));
        let Some(cap) = runs.iter().map(|run| run.cap).min() else {
            return Ok(None);
        };
        let mut arms: BTreeMap<Arm, Heats<'_>> = BTreeMap::new();
        for run in &runs {
            let heats = arms.entry(run.arm).or_default();
            heats.entry(&run.assistant).or_default().note(run, cap);
        }
        let none = Heats::new();
        let ours = arms.get(&Arm::Search).unwrap_or(&none);
        let mutants: BTreeSet<&str> = runs.iter().map(|run| run.assistant.as_str()).collect();
        let figures = arms
            .iter()
            .map(|(arm, heats)| ArmFigures::of(*arm, heats, ours, float(cap)));
        let losses = arms.iter().map(|(arm, heats)| Loss::of(*arm, heats, ours));
        Ok(Some(Self {
            cap,
            mutants: mutants.len(),
            arms: figures.collect(),
            losses: losses.filter(|loss| !loss.mutants.is_empty()).collect(),
            duels: ours
                .iter()
                .map(|(mutant, heat)| Duel::of(mutant, heat, &arms))
                .collect(),
        }))
    }
}

impl Heat {
    fn note(&mut self, run: &Run, cap: u64) {
        let found = run.found && run.steps <= cap;
        self.steps.push(Observation {
            at: float(run.steps.min(cap)),
            found,
        });
        self.cpu.push(Observation {
            at: run.cpu_seconds,
            found,
        });
    }

    fn found(&self) -> usize {
        self.steps.iter().filter(|run| run.found).count()
    }

    fn median(&self) -> f64 {
        Survival::of(&self.steps).median()
    }

    fn median_cpu(&self) -> f64 {
        Survival::of(&self.cpu).median()
    }

    fn slowest_cpu(&self) -> f64 {
        self.cpu.iter().map(|run| run.at).fold(0.0, f64::max)
    }

    fn resampled(&self, rng: &mut ChaCha8Rng) -> Vec<Observation> {
        resampled(&self.steps, rng)
    }
}

impl ArmFigures {
    fn of(arm: Arm, heats: &Heats<'_>, ours: &Heats<'_>, cap: f64) -> Self {
        let all: Vec<&Heat> = heats.values().collect();
        let pairs: Vec<(&Heat, &Heat)> = heats
            .iter()
            .filter(|_| arm != Arm::Search)
            .filter_map(|(mutant, heat)| Some((heat, ours.get(mutant)?)))
            .collect();
        let sum = |of: &dyn Fn(&Heat) -> f64| all.iter().map(|heat| of(heat)).sum::<f64>();
        let steps = sum(&|heat| heat.steps.iter().map(|run| run.at).sum());
        let cpu = sum(&|heat| heat.cpu.iter().map(|run| run.at).sum());
        Self {
            arm,
            runs: all.iter().map(|heat| heat.steps.len()).sum(),
            found: all.iter().map(|heat| heat.found()).sum(),
            always_found: all
                .iter()
                .filter(|heat| heat.found() == heat.steps.len())
                .count(),
            median: median_of(all.iter().map(|heat| heat.median())),
            mean: mean(&all, cap),
            times_ours: times_ours(&pairs, cap),
            times_ours_paired: times_ours_paired(&pairs, cap),
            better_on: pairs
                .iter()
                .filter(|(heat, ours)| heat.median() < ours.median())
                .count(),
            median_cpu: median_of(all.iter().map(|heat| heat.median_cpu())),
            slowest_cpu: all
                .iter()
                .map(|heat| heat.slowest_cpu())
                .fold(0.0, f64::max),
            steps_per_second: if cpu > 0.0 { steps / cpu } else { 0.0 },
        }
    }
}

fn median_of(medians: impl Iterator<Item = f64>) -> f64 {
    median(medians.collect()).unwrap_or(f64::INFINITY)
}

/// The mean over mutants of the means up to the cap. For its interval mutants are drawn anew, and
/// for each its seeds.
fn mean(heats: &[&Heat], cap: f64) -> Interval {
    let mean_of = |means: Vec<f64>| means.iter().sum::<f64>() / count(means.len());
    let value = heats
        .iter()
        .map(|heat| Survival::of(&heat.steps).restricted_mean(cap));
    Interval::bootstrap(mean_of(value.collect()), |rng| {
        let mutants = resampled(heats, rng);
        let means = mutants
            .iter()
            .map(|heat| Survival::of(&heat.resampled(rng)).restricted_mean(cap));
        mean_of(means.collect())
    })
}

/// How many times the median of ours that of the arm is, where the cap stands for a median that is
/// beyond it; nothing if that of ours is. Mutants are drawn in pairs, seeds apart.
fn times_ours(pairs: &[(&Heat, &Heat)], cap: f64) -> Option<Interval> {
    let ratio = |medians: &[(f64, f64)]| {
        let arm = median_of(medians.iter().map(|(arm, _)| *arm)).min(cap);
        arm / median_of(medians.iter().map(|(_, ours)| *ours)).min(cap)
    };
    let medians: Vec<(f64, f64)> = pairs
        .iter()
        .map(|(arm, ours)| (arm.median(), ours.median()))
        .collect();
    let ours = median(medians.iter().map(|(_, ours)| *ours).collect())?;
    ours.is_finite().then(|| {
        Interval::bootstrap(ratio(&medians), |rng| {
            let drawn = resampled(pairs, rng);
            let median =
                |heat: &Heat, rng: &mut ChaCha8Rng| Survival::of(&heat.resampled(rng)).median();
            let drawn = drawn
                .iter()
                .map(|(arm, ours)| (median(arm, rng), median(ours, rng)));
            ratio(&drawn.collect::<Vec<_>>())
        })
    })
}

/// The geometric mean over mutants of the mean up to the cap over that of ours. The cap holds both
/// down, so it is too near to one for whatever is hard to find.
fn times_ours_paired(pairs: &[(&Heat, &Heat)], cap: f64) -> Option<Interval> {
    let log = |arm: &[Observation], ours: &[Observation]| {
        let mean = |runs| Survival::of(runs).restricted_mean(cap).max(1.0);
        (mean(arm) / mean(ours)).ln()
    };
    let geometric = |logs: Vec<f64>| (logs.iter().sum::<f64>() / count(logs.len())).exp();
    let logs = pairs.iter().map(|(arm, ours)| log(&arm.steps, &ours.steps));
    (!pairs.is_empty()).then(|| {
        Interval::bootstrap(geometric(logs.collect()), |rng| {
            let drawn = resampled(pairs, rng);
            let logs = drawn
                .iter()
                .map(|(arm, ours)| log(&arm.resampled(rng), &ours.resampled(rng)));
            geometric(logs.collect())
        })
    })
}

impl Loss {
    fn of(arm: Arm, heats: &Heats<'_>, ours: &Heats<'_>) -> Self {
        let lost = heats.iter().filter_map(|(mutant, heat)| {
            let (arm, ours) = (heat.median(), ours.get(mutant)?.median());
            (arm < ours).then(|| ((*mutant).to_owned(), ours / arm))
        });
        let mut mutants: Vec<(String, f64)> = lost.collect();
        mutants.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        Self { arm, mutants }
    }
}

impl Duel {
    fn of(mutant: &str, ours: &Heat, arms: &BTreeMap<Arm, Heats<'_>>) -> Self {
        let others = arms.iter().filter(|(arm, _)| arm.is_other_tool());
        let medians = others.filter_map(|(arm, heats)| Some((*arm, heats.get(mutant)?.median())));
        let best = medians.min_by(|(_, one), (_, other)| one.total_cmp(other));
        Self {
            mutant: mutant.to_owned(),
            found: [ours.found(), ours.steps.len()],
            ours: ours.median(),
            ours_cpu: [ours.median_cpu(), ours.slowest_cpu()],
            best: best.filter(|(_, median)| median.is_finite()),
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "inputs are counted up to some thousand million, and a float holds these exactly"
)]
const fn float(steps: u64) -> f64 {
    steps as f64
}
