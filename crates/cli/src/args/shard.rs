//! Which part of the work is done here, when others do the rest elsewhere.

use crate::error::Error;
use mondegreen_sim::campaign::ShardOf;
use std::str::FromStr;

/// How many shards there are, where no scheduler says so.
const COUNT: &str = "MONDEGREEN_SHARDS";

/// The option that says it.
#[derive(Debug, clap::Args)]
pub(crate) struct ShardOption {
    /// Do part I of N, counted from 0; `/N` takes I from the environment. Without it, an array of Slurm
    /// (`SLURM_ARRAY_TASK_ID`) or an indexed job of Kubernetes (`JOB_COMPLETION_INDEX`, with
    /// `MONDEGREEN_SHARDS` for N) says which part it is
    #[arg(long, value_name = "I/N")]
    shard: Option<Wanted>,
}

/// What was said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Shard(ShardOf),
    /// Some of so many.
    Of(u64),
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "this is a part of so many, like 0/8, or /8".to_owned();
        let (index, of) = text.split_once('/').ok_or_else(wrong)?;
        let of: u64 = of.parse().map_err(|_| wrong())?;
        if index.is_empty() {
            return Ok(Self::Of(of));
        }
        let index = index.parse().map_err(|_| wrong())?;
        ShardOf::new(index, of)
            .map(Self::Shard)
            .map_err(|error| error.to_string())
    }
}

impl ShardOption {
    /// The shard that was asked for, or that the environment is of; none if all is done here.
    pub(crate) fn here(&self) -> Result<Option<ShardOf>, Error> {
        let here = shard(self.shard, |name| std::env::var(name).ok()).map_err(Error::Setting)?;
        if let (Some((shard, Some(told_by))), false) = (here, self.is_whole()) {
            eprintln!("shard {shard}, as {told_by} says");
        }
        Ok(here.map(|(shard, _)| shard))
    }

    /// Whether all was said on the command line.
    const fn is_whole(&self) -> bool {
        matches!(self.shard, Some(Wanted::Shard(_)))
    }
}

/// The shard, and the variable that its number comes from, if one did.
fn shard(
    wanted: Option<Wanted>,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<(ShardOf, Option<&'static str>)>, String> {
    if let Some(Wanted::Shard(shard)) = wanted {
        return Ok(Some((shard, None)));
    }
    let number = |name: &str| -> Result<Option<u64>, String> {
        let Some(text) = variable(name) else {
            return Ok(None);
        };
        let number = text.trim().parse();
        number
            .map(Some)
            .map_err(|_| format!("{name} is `{text}`, which is not a whole number"))
    };
    let slurm = "SLURM_ARRAY_TASK_ID";
    let kubernetes = "JOB_COMPLETION_INDEX";
    let (name, index, counted) = if let Some(id) = number(slurm)? {
        let first = number("SLURM_ARRAY_TASK_MIN")?.unwrap_or(0);
        let step = number("SLURM_ARRAY_TASK_STEP")?.unwrap_or(1).max(1);
        let index = id.saturating_sub(first) / step;
        (slurm, index, number("SLURM_ARRAY_TASK_COUNT")?)
    } else if let Some(index) = number(kubernetes)? {
        (kubernetes, index, None)
    } else {
        return match wanted {
            None => Ok(None),
            Some(_) => Err(format!(
                "nothing says which shard this is: {slurm} and {kubernetes} are not set; say --shard I/N"
            )),
        };
    };
    let said = match wanted {
        Some(Wanted::Of(of)) => Some(of),
        Some(Wanted::Shard(_)) | None => None,
    };
    let of = match said {
        Some(of) => of,
        None => number(COUNT)?.or(counted).ok_or_else(|| {
            format!("{name} says that this is one of several shards, and nothing says of how many; say --shard /N or set {COUNT}")
        })?,
    };
    let shard =
        ShardOf::new(index, of).map_err(|error| format!("{name}: {error}; say --shard I/N"))?;
    Ok(Some((shard, Some(name))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(option: &str, variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        let wanted = match option {
            "" => None,
            option => Some(option.parse()?),
        };
        let find = |name: &str| {
            let mut all = variables.iter();
            all.find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        shard(wanted, find).map(|shard| shard.map(|(shard, _)| shard.to_string()))
    }

    #[test]
    fn a_shard_is_said_or_told_by_a_scheduler() {
        let slurm = [
            ("SLURM_ARRAY_TASK_ID", "7"),
            ("SLURM_ARRAY_TASK_MIN", "1"),
            ("SLURM_ARRAY_TASK_STEP", "2"),
            ("SLURM_ARRAY_TASK_COUNT", "8"),
        ];
        let index = [("JOB_COMPLETION_INDEX", "2")];
        let counted = [("JOB_COMPLETION_INDEX", "2"), ("MONDEGREEN_SHARDS", "4")];
        for (option, variables, wanted) in [
            ("", &[][..], None),
            ("1/4", &[], Some("1/4")),
            ("1/4", &slurm, Some("1/4")),
            ("", &slurm, Some("3/8")),
            ("/16", &slurm, Some("3/16")),
            ("/3", &index, Some("2/3")),
            ("", &counted, Some("2/4")),
        ] {
            let got = told(option, variables).expect(option);
            assert_eq!(got.as_deref(), wanted, "{option} {variables:?}");
        }
    }

    #[test]
    fn what_is_no_shard_is_refused() {
        let index = [("JOB_COMPLETION_INDEX", "2")];
        let odd = [("SLURM_ARRAY_TASK_ID", "x")];
        for (option, variables, wanted) in [
            ("4", &[][..], "like 0/8"),
            ("4/4", &[], "there is no shard 4 of 4"),
            ("0/0", &[], "there is no shard"),
            ("/4", &[], "nothing says which shard this is"),
            ("", &index, "of how many"),
            (
                "/2",
                &index,
                "JOB_COMPLETION_INDEX: there is no shard 2 of 2",
            ),
            ("", &odd, "not a whole number"),
        ] {
            let why = told(option, variables).expect_err(option);
            assert!(why.contains(wanted), "{option}: {why}");
        }
    }
}
