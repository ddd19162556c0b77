//! How often: what is said of talk, of how it is heard, and of how precise an answer has to be.

use super::shard::ShardOption;
use super::target::{Named, Target, named, quoted};
use crate::commands::limit_options;
use crate::picture::PictureFile;
use std::path::PathBuf;
use std::time::Duration;

/// The world in which assistants are compared.
#[derive(Debug, clap::Args)]
pub(crate) struct World {
    /// How much is said in a home and how often what (see corpora/models/traffic-1.tsv)
    #[arg(long, value_name = "FILE")]
    pub(crate) traffic: Option<PathBuf>,
    /// How likely things are misheard (see corpora/models/channel-1.tsv; `mondegreen calibrate` fits one), or
    /// microwakeword-alexa, openwakeword-alexa or pocketsphinx-alexa, whose wake word was fitted to that
    /// engine
    #[arg(long, value_name = "FILE|ENGINE")]
    pub(crate) channel: Option<PathBuf>,
    /// Where all randomness comes from
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

impl World {
    /// The options that make the same world again.
    fn options(&self) -> String {
        let file = |name: &str, file: &Option<PathBuf>| match file {
            Some(file) => format!(" {name} {}", quoted(&file.to_string_lossy())),
            None => String::new(),
        };
        let traffic = file("--traffic", &self.traffic);
        let channel = file("--channel", &self.channel);
        format!(" --seed {}{traffic}{channel}", self.seed)
    }
}

/// How long an estimate takes if nothing is said; `default_value` of its `--time`.
const ESTIMATE_TIME: Duration = Duration::from_mins(2);
/// The same for each assistant of a comparison.
const COMPARE_TIME: Duration = Duration::from_mins(1);

impl Estimate {
    /// The command that estimates like this again.
    pub(crate) fn repeat(&self) -> String {
        let limit = limit_options(self.steps, self.time, ESTIMATE_TIME);
        let crude = if self.crude { " --crude" } else { "" };
        format!(
            "mondegreen estimate {}{} --error {}{limit}{crude}",
            self.target.subject().place(),
            self.world.options(),
            self.error
        )
    }
}

impl Compare {
    /// The command that compares like this again.
    pub(crate) fn repeat(&self) -> String {
        let limit = limit_options(self.steps, self.time, COMPARE_TIME);
        let mut what = vec!["mondegreen compare"];
        what.extend(self.assistants.iter().map(|named| named.name()));
        if self.safeguards {
            what.push("--safeguards");
        }
        format!(
            "{}{} --error {}{limit}",
            what.join(" "),
            self.world.options(),
            self.error
        )
    }
}

/// Between nothing and all of it.
fn share(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.parse().ok();
    let number = number.filter(|number| *number > 0.0 && *number <= 1.0);
    number.ok_or_else(|| "this is a number above 0 and up to 1, like 0.1".to_owned())
}

/// What is shown by the rate and what not.
const ESTIMATE: &str = "\
What it shows: how often talk that is meant for nobody has a message sent, in the homes and the talk that the generator \
makes, heard as the channel's file says. The interval holds the chance in all of these. What it does not show: whether homes, \
talk and recognisers are like that; docs/rate.md says where each figure comes from.

Exit status: 0 it ran, 2 a bad command, file or setting, 3 the assistant is broken.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = ESTIMATE)]
pub(crate) struct Estimate {
    #[command(flatten)]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) world: World,
    /// Stop when the standard error is this share of the rate
    #[arg(long, value_name = "E", value_parser = share, default_value = "0.1")]
    pub(crate) error: f64,
    /// Stop after so long, like 60s or 10m, however precise
    #[arg(long, value_name = "D", value_parser = humantime::parse_duration, default_value = "2m", conflicts_with = "steps")]
    pub(crate) time: Duration,
    /// Stop after so many steps of the model instead
    #[arg(long, value_name = "N")]
    pub(crate) steps: Option<u64>,
    /// Count instead of splitting: slow, and the check of what splitting says
    #[arg(long)]
    pub(crate) crude: bool,
    #[command(flatten)]
    pub(crate) shard: ShardOption,
    /// Also say how often it happens in a day among so many homes with one device each
    #[arg(long, value_name = "N")]
    pub(crate) devices: Option<u64>,
    /// Print one JSON object, with all that it takes to compute the estimate again
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = ESTIMATE)]
pub(crate) struct Compare {
    /// The assistants: echo-2018, assistant-2018, guarded, or mutants by name [default: the first three]
    #[arg(value_name = "ASSISTANT", value_parser = named)]
    pub(crate) assistants: Vec<Named>,
    /// Instead: switch each safeguard of guarded off alone in guarded, and on alone in echo-2018
    #[arg(long, conflicts_with = "assistants")]
    pub(crate) safeguards: bool,
    #[command(flatten)]
    pub(crate) world: World,
    /// Go on with each until the standard error is this share of its rate
    #[arg(long, value_name = "E", value_parser = share, default_value = "0.2")]
    pub(crate) error: f64,
    /// Give each at most so long, like 60s or 10m
    #[arg(long, value_name = "D", value_parser = humantime::parse_duration, default_value = "1m", conflicts_with = "steps")]
    pub(crate) time: Duration,
    /// Give each so many steps of the model instead
    #[arg(long, value_name = "N")]
    pub(crate) steps: Option<u64>,
    /// Draw rates against the time that a message takes into this file, an .svg or a .png
    #[arg(long, value_name = "FILE", value_parser = PictureFile::named)]
    pub(crate) plot: Option<PictureFile>,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}
