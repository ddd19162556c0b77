//! What can be said on the command line.

pub(crate) mod calibrate;
pub(crate) mod campaign;
pub(crate) mod ears;
pub(crate) mod judge;
#[cfg(feature = "race")]
pub(crate) mod race;
pub(crate) mod rate;
pub(crate) mod report;
pub(crate) mod shard;
pub(crate) mod sound;
pub(crate) mod target;

use clap::{Parser, Subcommand};
use mondegreen_sim::Preset;
use report::Printing;
use std::path::PathBuf;
use std::time::Duration;
use target::{Chosen, Program, Target, chosen, preset};

/// Finds conversations that make a voice assistant send what nobody asked it to send.
#[derive(Debug, Parser)]
#[command(
    name = "mondegreen",
    version,
    after_help = "Exit status: 0 ran and nothing is broken, 1 findings, 2 a bad command, file or \
                  setting, 3 the assistant is broken."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Search for a conversation that makes an assistant break a rule
    Hunt(Hunt),
    /// Search the inputs of any recogniser, however bad, for some that break a gate rule
    Fuzz(Fuzz),
    /// Reach every state of a model of an assistant: its rules hold, or this is the shortest way to break one
    Check(Check),
    /// Print the cheapest chain of mishearings from ordinary talk to a send, stage by stage, in nats
    Margin(Margin),
    /// Hold a conversation again from its script, or play a case again
    Replay(Replay),
    /// Say which requirement of the protocol a program does not keep
    Conform(Conform),
    /// Tell what happened in a recorded exchange, and where it could have been stopped
    Judge(judge::Judge),
    /// Say how often an assistant sends what nobody asked it to send
    Estimate(rate::Estimate),
    /// Compare assistants, or safeguards one by one: how often, how near, and at what cost to people
    Compare(rate::Compare),
    /// Search several assistants for hours, in a folder that survives being cut off
    Campaign(campaign::Campaign),
    /// Put together what shards of a campaign, an estimate or a race wrote
    Merge(campaign::Merge),
    /// List assistants with one known fault each
    Mutants(Mutants),
    /// List phrases that sound like a phrase
    Near(Near),
    /// Show where real talk comes near a wake word, a command, a name or a yes
    Scan(Scan),
    /// Show what real wake-word engines and recognisers make of a recording
    Hear(ears::Hear),
    /// Teach the embedded detector a keyword, from recordings or renderings
    Enrol(ears::Enrol),
    /// Find phrases that a real wake-word engine or recogniser takes for another
    Attack(ears::Attack),
    /// Print generated talk, or how it compares with real talk
    Talk(Talk),
    /// Fit to what a recogniser took for what how likely it does so
    Calibrate(calibrate::Calibrate),
    /// Show what runs came to: a page for a browser, or a form for CI
    Report(report::Report),
    /// Race the search against other tools on assistants with known faults
    #[cfg(feature = "race")]
    Race(race::Race),
}

/// How long a hunt takes if nothing is said; `default_value` of `--time`.
pub(crate) const DEFAULT_TIME: Duration = Duration::from_mins(1);

#[derive(Debug, clap::Args)]
pub(crate) struct Hunt {
    #[command(flatten)]
    pub(crate) target: Target,
    /// How talk is heard: near-misses are heard for what is expected, or words as they were said
    /// [default: near-misses for an assistant of ours, words for a program]
    #[arg(long, value_name = "HOW", conflicts_with_all = ["talk", "ears"])]
    hears: Option<Hears>,
    /// Write the script of each finding to this folder; only where words are heard as they were said,
    /// or with --ears
    #[arg(long, value_name = "DIR")]
    pub(crate) save: Option<PathBuf>,
    /// Use the utterances of this talk (WebVTT, SRT, or lines of seconds, speaker and text)
    #[arg(long, value_name = "FILE")]
    pub(crate) talk: Option<PathBuf>,
    /// Where all randomness comes from
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Stop after so long, like 60s or 10m
    #[arg(long, value_name = "D", value_parser = humantime::parse_duration, default_value = "60s", conflicts_with = "steps")]
    pub(crate) time: Duration,
    /// Stop after so many inputs to the assistant instead; with --ears, after so many conversations
    #[arg(long, value_name = "N")]
    pub(crate) steps: Option<u64>,
    #[command(flatten)]
    pub(crate) sound: sound::Sound,
    #[command(flatten)]
    pub(crate) chain: ears::Chain,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

/// How talk is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Hears {
    /// Near-misses are heard for what is expected
    NearMisses,
    /// Words are heard as they were said
    Words,
}

impl Hunt {
    /// How talk is heard, said or not.
    pub(crate) fn hears(&self) -> Hears {
        let by_default = match self.target.subject().chosen {
            Chosen::Program(_) if self.talk.is_none() => Hears::Words,
            Chosen::Program(_) | Chosen::Ours(_) => Hears::NearMisses,
        };
        self.hears.unwrap_or(by_default)
    }

    /// What was said of how talk is heard.
    pub(crate) fn hears_option(&self) -> &'static str {
        match self.hears {
            None => "",
            Some(Hears::NearMisses) => " --hears near-misses",
            Some(Hears::Words) => " --hears words",
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Fuzz {
    #[command(flatten)]
    pub(crate) target: Target,
    /// Where all randomness comes from
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Stop after so long, like 60s or 10m
    #[arg(long, value_name = "D", value_parser = humantime::parse_duration, default_value = "60s", conflicts_with = "steps")]
    pub(crate) time: Duration,
    /// Stop after so many inputs to the assistant instead
    #[arg(long, value_name = "N")]
    pub(crate) steps: Option<u64>,
    /// Go on after the first finding, and list one for each cause
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

/// What a check shows and what not.
const CHECK: &str = "\
What it shows: in every reachable state of the model that docs/check.md states, whatever happens next, the assistant \
keeps G1 to G15, \"cancel\" ends a session in one turn (S2), and silence ends it within 90 seconds (S3). What runs is the \
assistant itself, and the oracle judges what it does.

What it does not show: anything about the times, confidences and combinations that the model leaves out, about what one \
run carries over to the next, or about what a recogniser makes of sound. States that count as one are gone on from once; \
docs/check.md says when that can miss something. `fuzz` and `hunt` look there.

Exit status: 0 all of these rules hold, 1 one is broken, 2 there are more states than --states, or a bad command, 3 the \
assistant is broken.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = CHECK)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) target: Target,
    /// How many devices the house has
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=2))]
    pub(crate) devices: u8,
    /// Give up beyond so many states
    #[arg(long, value_name = "N", default_value_t = 2_000_000)]
    pub(crate) states: usize,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

/// What a margin shows and what not.
const MARGIN: &str = "\
What it shows: the least total mishearing, in nats, by which talk that is meant for nobody makes the assistant send. For \
an assistant of ours it is a shortest path over the states that the assistant reaches, and no chain of the ordinary talk \
that docs/margin.md states costs less; for a program it is the cheapest chain that a search found, so the margin is at \
most that.

What it does not show: how often. Nats add up as if each mishearing were on its own, no stage is weighed by how often \
people say what it takes, and stress, noise and voices are not in it. `hunt` finds chains without asking which is cheapest.

Exit status: 0 there is no chain, 1 this is one, 2 a bad command, 3 the assistant is broken.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = MARGIN)]
pub(crate) struct Margin {
    #[command(flatten)]
    pub(crate) target: Target,
    /// The household: its contacts, and who talks
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Search a program for so long, like 60s or 10m
    #[arg(long, value_name = "D", value_parser = humantime::parse_duration, default_value = "60s", conflicts_with = "steps")]
    pub(crate) time: Duration,
    /// Search until a program has taken so many inputs instead
    #[arg(long, value_name = "N")]
    pub(crate) steps: Option<u64>,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit status: 0 it keeps every requirement, 1 it does not, 2 a bad command, 3 it broke \
                  in the course of it."
)]
pub(crate) struct Conform {
    /// The program, with its arguments, like './mine --fast' or 'python3 mine.py'
    #[arg(long, value_name = "CMD", value_parser = chosen)]
    pub(crate) assistant: Chosen,
    #[command(flatten)]
    pub(crate) program: Program,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Mutants {
    /// Print one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Replay {
    /// The script, or the case if its name ends in .case
    pub(crate) script: PathBuf,
    /// The assistant: echo-2018, assistant-2018, guarded, a mutant by name, or any program that speaks
    /// the protocol, like './mine --fast' or 'python3 mine.py'
    #[arg(long, value_name = "NAME|CMD", value_parser = chosen, default_value = "echo-2018")]
    pub(crate) assistant: Chosen,
    #[command(flatten)]
    pub(crate) program: Program,
    /// Also say it aloud into this file (needs espeak-ng; voices of flite need flite)
    #[arg(long, value_name = "OUT.wav")]
    pub(crate) wav: Option<PathBuf>,
    /// Write who says what when in that sound, as JSON, into this file
    #[arg(long, value_name = "OUT.json", requires = "wav")]
    pub(crate) truth: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) sound: sound::Sound,
    #[command(flatten)]
    pub(crate) chain: ears::Chain,
    /// Print the trace as JSON, a line each
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Near {
    /// The phrase, like alexa or "send message"
    pub(crate) phrase: String,
    /// How many near-misses to list
    #[arg(short, value_name = "N", default_value_t = 20)]
    pub(crate) n: usize,
    /// The most words of a near-miss
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=3))]
    pub(crate) words: u8,
    /// Use all words of the dictionary, not only common ones
    #[arg(long)]
    pub(crate) rare: bool,
    /// Also print the rank of this phrase; may be given more than once
    #[arg(long, value_name = "PHRASE")]
    pub(crate) rank: Vec<String>,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Scan {
    /// The talk (WebVTT, SRT, or lines of seconds, speaker and text)
    pub(crate) talk: PathBuf,
    /// The assistant whose words are looked for: echo-2018, assistant-2018 or guarded
    #[arg(long, value_parser = preset, default_value = "echo-2018")]
    pub(crate) assistant: Preset,
    /// A contact's name; may be given more than once. Without any, a household is made up
    #[arg(long, value_name = "NAME")]
    pub(crate) contact: Vec<String>,
    /// The household that is made up
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many places to show for each
    #[arg(short, value_name = "N", default_value_t = 5)]
    pub(crate) n: usize,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Talk {
    /// Print figures of the talk beside published ones, not the talk
    #[arg(long)]
    pub(crate) stats: bool,
    /// Measure this talk instead of generated talk
    #[arg(long = "talk", value_name = "FILE", requires = "stats")]
    pub(crate) recorded: Option<PathBuf>,
    /// How many utterances [default: 40, or 200000 with --stats]
    #[arg(short, value_name = "N")]
    pub(crate) n: Option<usize>,
    /// Where all randomness comes from
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Print one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }
}
