//! What a race came to, as tables for people.

use crate::commands::table;
use mondegreen_sim::race::{Arm, ArmFigures, Duel, Interval, Run, Summary};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Where the tables go: a terminal, or a page of Markdown.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub(super) markdown: bool,
}

impl Page {
    pub(super) fn write(self, summary: &Summary, out: &mut impl Write) -> io::Result<()> {
        let cap = summary.cap;
        writeln!(
            out,
            "{} mutants; whoever found nothing in {cap} steps is counted as having needed more.\n",
            summary.mutants
        )?;
        self.title("Where ours was not the best", out)?;
        self.write_losses(summary, out)?;
        self.title("Steps of each arm", out)?;
        self.write_steps(summary, out)?;
        self.title("Processor time of each arm", out)?;
        self.write_times(summary, out)?;
        if summary.duels.is_empty() {
            return Ok(());
        }
        self.title("Mutants", out)?;
        self.write_duels(&summary.duels, cap, out)
    }

    fn write_losses(self, summary: &Summary, out: &mut impl Write) -> io::Result<()> {
        if !summary
            .arms
            .iter()
            .any(|figures| figures.arm == Arm::Search)
        {
            return writeln!(out, "Ours did not run.\n");
        }
        if summary.losses.is_empty() {
            return writeln!(out, "Nowhere: no arm found any mutant in fewer steps.\n");
        }
        let rows = summary.losses.iter().map(|loss| {
            let mutants = loss.mutants.iter();
            let mutants = mutants.map(|(mutant, times)| {
                if times.is_finite() {
                    format!("{mutant} ({times:.1})")
                } else {
                    format!("{mutant} (ours not found)")
                }
            });
            vec![
                loss.arm.to_string(),
                loss.mutants.len().to_string(),
                mutants.collect::<Vec<_>>().join(", "),
            ]
        });
        let header = [
            "arm",
            "mutants",
            "which (steps of ours over steps of the arm)",
        ];
        self.table(&header, rows, out)
    }

    fn write_steps(self, summary: &Summary, out: &mut impl Write) -> io::Result<()> {
        let header = [
            "arm",
            "runs",
            "found",
            "always found",
            "median",
            "mean to the cap",
            "times ours",
            "times ours, paired",
            "better on",
        ];
        let rows = summary.arms.iter();
        self.table(
            &header,
            rows.map(|figures| steps_row(figures, summary)),
            out,
        )
    }

    fn write_times(self, summary: &Summary, out: &mut impl Write) -> io::Result<()> {
        let rows = summary.arms.iter().map(|figures| {
            vec![
                figures.arm.to_string(),
                seconds(figures.median_cpu),
                seconds(figures.slowest_cpu),
                format!("{:.0}", figures.steps_per_second),
            ]
        });
        let header = ["arm", "median, s", "slowest run, s", "steps a second"];
        self.table(&header, rows, out)
    }

    fn write_duels(self, duels: &[Duel], cap: u64, out: &mut impl Write) -> io::Result<()> {
        let header = [
            "mutant",
            "found by ours",
            "steps, median",
            "CPU s, median",
            "CPU s, slowest run",
            "best other tool",
            "its steps, median",
            "times ours",
        ];
        let rows = duels.iter().map(|duel| {
            let [found, runs] = duel.found;
            let [median_cpu, slowest_cpu] = duel.ours_cpu;
            let (best, its_steps, times) = match duel.best {
                Some((arm, median)) => (
                    arm.to_string(),
                    steps(median, cap),
                    format!("{:.1}", median / duel.ours),
                ),
                None => ("none".to_owned(), format!("> {cap}"), "-".to_owned()),
            };
            vec![
                duel.mutant.clone(),
                format!("{found} of {runs}"),
                steps(duel.ours, cap),
                seconds(median_cpu),
                seconds(slowest_cpu),
                best,
                its_steps,
                times,
            ]
        });
        self.table(&header, rows, out)
    }

    /// Runs against the guarded assistant, by arm, and all that they found.
    pub(super) fn write_alarms(self, runs: &[&Run], out: &mut impl Write) -> io::Result<()> {
        self.title("The guarded assistant", out)?;
        let mut arms: BTreeMap<Arm, Vec<&Run>> = BTreeMap::new();
        for run in runs {
            arms.entry(run.arm).or_default().push(run);
        }
        let rows = arms.iter().map(|(arm, runs)| {
            let alarms = runs.iter().filter(|run| run.found).count();
            let given: u64 = runs.iter().map(|run| run.steps).sum();
            let cpu: f64 = runs.iter().map(|run| run.cpu_seconds).sum();
            vec![
                arm.to_string(),
                runs.len().to_string(),
                given.to_string(),
                seconds(cpu),
                alarms.to_string(),
            ]
        });
        let header = ["arm", "runs", "steps", "CPU s", "alarms"];
        self.table(&header, rows, out)?;
        for run in runs {
            if let Some(case) = &run.case {
                let rule = run.rule.as_deref().unwrap_or("no rule by itself");
                writeln!(
                    out,
                    "{} with seed {} broke {rule}:\n\n{case}",
                    run.arm, run.seed
                )?;
            }
        }
        Ok(())
    }

    fn title(self, title: &str, out: &mut impl Write) -> io::Result<()> {
        if self.markdown {
            writeln!(out, "### {title}\n")
        } else {
            writeln!(out, "{title}\n")
        }
    }

    fn table(
        self,
        header: &[&str],
        rows: impl Iterator<Item = Vec<String>>,
        out: &mut impl Write,
    ) -> io::Result<()> {
        if self.markdown {
            writeln!(out, "| {} |", header.join(" | "))?;
            writeln!(out, "|{}", " --- |".repeat(header.len()))?;
            for row in rows {
                writeln!(out, "| {} |", row.join(" | "))?;
            }
            return writeln!(out);
        }
        let mut table = table(header);
        for row in rows {
            table.add_row(row);
        }
        writeln!(out, "{}\n", table.trim_fmt())
    }
}

fn steps_row(figures: &ArmFigures, summary: &Summary) -> Vec<String> {
    let times = |times: Option<Interval>| times.map(|times| interval(times, 1));
    let times_ours = times(figures.times_ours).map(|times| {
        if figures.median.is_infinite() {
            format!("≥ {times}")
        } else {
            times
        }
    });
    let unknown = || "-".to_owned();
    vec![
        figures.arm.to_string(),
        figures.runs.to_string(),
        share(figures.found, figures.runs),
        format!("{} of {}", figures.always_found, summary.mutants),
        steps(figures.median, summary.cap),
        interval(figures.mean, 0),
        times_ours.unwrap_or_else(unknown),
        times(figures.times_ours_paired).unwrap_or_else(unknown),
        figures.better_on.to_string(),
    ]
}

fn steps(median: f64, cap: u64) -> String {
    if median.is_finite() {
        format!("{median:.0}")
    } else {
        format!("> {cap}")
    }
}

fn interval(of: Interval, decimals: usize) -> String {
    let Interval { value, low, high } = of;
    format!("{value:.decimals$} [{low:.decimals$}, {high:.decimals$}]")
}

fn seconds(cpu: f64) -> String {
    if cpu.is_finite() {
        format!("{cpu:.3}")
    } else {
        "-".to_owned()
    }
}

/// A share that is not all never reads as all.
fn share(of: usize, all: usize) -> String {
    let tenths = (of * 1_000).checked_div(all).unwrap_or(0);
    format!("{}.{}%", tenths / 10, tenths % 10)
}
