//! What can be said to `campaign` and `merge`.

use super::shard::ShardOption;
use super::target::{Chosen, Program, chosen};
use mondegreen_sim::campaign::Engine;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// What a campaign shows and what not.
const CAMPAIGN: &str = "\
A folder that holds a campaign is gone on with: what is done is not done again, and what was cut off is. Settings that are \
not given are those of the folder; others than those are refused. It ends after --time, after --units, or when it is told \
to (Ctrl-C, SIGTERM), with the report; to kill it at any moment loses the units that are under way and nothing else.

Exit status: 0 nothing was found (with --regress: all is fixed), 1 findings, 2 a bad command, file or setting, 3 an assistant \
is broken.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = CAMPAIGN)]
pub(crate) struct Campaign {
    /// The folder of the campaign
    pub(crate) dir: PathBuf,
    /// An assistant: one by name, or any program that speaks the protocol; may be given more than once
    /// [default: echo-2018, assistant-2018, guarded]
    #[arg(long = "assistant", value_name = "NAME|CMD", value_parser = chosen)]
    pub(crate) assistants: Vec<Chosen>,
    /// Also so many mutants, evenly from the list that `mondegreen mutants` prints, or all of them
    #[arg(long, value_name = "N|all")]
    pub(crate) mutants: Option<Mutants>,
    #[command(flatten)]
    pub(crate) program: Program,
    /// Search so: hunt (what people say), fuzz (what a recogniser reports), misread (talk that is heard
    /// right; of programs only) [default: all]
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_parser = engine)]
    pub(crate) search: Vec<Engine>,
    /// Where all randomness comes from [default: 1]
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Inputs to an assistant in the shortest unit; others are up to 16 times as long, and each is done
    /// whole or not at all [default: 500000, of a program 2000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) unit_steps: Option<u64>,
    /// Stop after so long, like 60s or 8h
    #[arg(long, value_name = "D", value_parser = humantime::parse_duration, default_value = "8h")]
    pub(crate) time: Duration,
    /// Stop when the first N units are done
    #[arg(long, value_name = "N")]
    pub(crate) units: Option<u64>,
    /// Do so many units at a time [default: one for each processor]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Let the folder grow to this size and no further
    #[arg(long, value_name = "SIZE", default_value = "256MiB")]
    pub(crate) disk: Bytes,
    #[command(flatten)]
    pub(crate) shard: ShardOption,
    /// Search nothing: replay every finding of the folder, and say which are fixed
    #[arg(long)]
    pub(crate) regress: bool,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

fn engine(name: &str) -> Result<Engine, String> {
    let known = Engine::ALL.into_iter().find(|engine| engine.name() == name);
    known.ok_or_else(|| {
        let names = Engine::ALL.map(Engine::name).join(", ");
        format!("there is no such search; try some of {names}")
    })
}

/// Which mutants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutants {
    /// So many.
    Count(usize),
    All,
}

impl FromStr for Mutants {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        let count = text.parse().map(Self::Count);
        count.map_err(|_| "this is a whole number or `all`".to_owned())
    }
}

/// A size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) u64);

impl FromStr for Bytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.chars().take_while(char::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let factor = match unit {
            "" | "B" => Some(1),
            "KiB" | "K" => Some(1 << 10),
            "MiB" | "M" => Some(1 << 20),
            "GiB" | "G" => Some(1 << 30),
            _ => None,
        };
        let number: Option<u64> = number.parse().ok();
        let bytes = number
            .zip(factor)
            .and_then(|(number, factor)| number.checked_mul(factor));
        bytes
            .map(Self)
            .ok_or_else(|| "this is a size like 256MiB".to_owned())
    }
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Folders of campaigns, files that `estimate --json` printed, or files that `race --json` wrote: all of one \
                  kind, and one for each shard. The result does not depend on their order."
)]
pub(crate) struct Merge {
    /// What the shards wrote
    #[arg(value_name = "DIR|FILE", required = true)]
    pub(crate) parts: Vec<PathBuf>,
    /// Write the whole to this folder or file, which is not there yet
    #[arg(short, value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        assert_eq!("256MiB".parse(), Ok(Bytes(256 << 20)));
        assert_eq!("7".parse(), Ok(Bytes(7)));
        for bad in ["", "MiB", "1.5G", "9999999999999GiB", "-1"] {
            assert!(bad.parse::<Bytes>().is_err(), "{bad}");
        }
    }
}
