//! What can be said to `race`.

use super::shard::ShardOption;
use mondegreen_sim::Mutant;
use mondegreen_sim::race::Arm;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Race {
    /// How many seeds each arm has for each mutant, from 1 on
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) seeds: u32,
    /// Stop a run after so many inputs to the assistant
    #[arg(long, value_name = "CAP", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) steps: u64,
    /// Only these, like search,uniform [default: all]
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_parser = arm)]
    pub(crate) arms: Vec<Arm>,
    /// Only these [default: all]
    #[arg(long, value_name = "X,Y", value_delimiter = ',', value_parser = mutant)]
    pub(crate) mutants: Vec<&'static Mutant>,
    /// Run against the guarded assistant, where there should be nothing to find
    #[arg(long, conflicts_with = "mutants")]
    pub(crate) guarded: bool,
    /// Write each run to this file as it ends, one JSON object a line; runs that it holds already are
    /// not run again
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) shard: ShardOption,
    /// Run nothing, and sum up these files
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["seeds", "steps", "arms", "mutants", "guarded", "json", "fuzzer"])]
    pub(crate) from: Vec<PathBuf>,
    /// The target of cargo-fuzz, built by `cargo fuzz build --sanitizer none race`
    #[arg(long, value_name = "PATH")]
    pub(crate) fuzzer: Option<PathBuf>,
    /// Print tables in Markdown
    #[arg(long)]
    pub(crate) markdown: bool,
}

fn arm(name: &str) -> Result<Arm, String> {
    Arm::named(name).ok_or_else(|| {
        let names = Arm::ALL.map(Arm::name).join(", ");
        format!("there is no such arm; try some of {names}")
    })
}

fn mutant(name: &str) -> Result<&'static Mutant, String> {
    Mutant::named(name).ok_or_else(|| {
        let names: Vec<&str> = Mutant::ALL.iter().map(|mutant| mutant.name).collect();
        format!("there is no such mutant; try some of {}", names.join(", "))
    })
}
