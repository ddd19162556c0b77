//! How well does the embedded detector hear, and what does it take for a keyword? `benches/evaluate`
//! runs this, and other engines on the same sounds; docs/hearing.md says what is in the set.

mod judged;
mod picture;
mod report;
mod score;
mod set;

use clap::Parser;
use std::error::Error;
use std::path::PathBuf;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The embedded detector, as `mondegreen enrol` teaches it, on a labelled set. Needs espeak-ng and
/// flite.
#[derive(Debug, Parser)]
enum Command {
    /// Render the set, the same every time.
    Make {
        /// The folder of the set.
        set: PathBuf,
        /// Lines `said, taken for, source`, separated by tabs; `#` begins a comment.
        triggers: PathBuf,
        /// Lines `seconds, speaker, text`. Of these and of the triggers nothing is kept but the sound.
        talk: PathBuf,
        /// Hours of talk.
        hours: usize,
        /// Keywords besides those of the triggers.
        keywords: Vec<String>,
    },
    /// Teach each keyword, and score every sound: SET/mondegreen.tsv.
    Score {
        /// The folder of the set.
        set: PathBuf,
    },
    /// Do nothing but hear so much of the talk, to be measured.
    Hear {
        /// The folder of the set.
        set: PathBuf,
        /// A keyword that was taught.
        keyword: String,
        /// How much of the talk.
        seconds: usize,
    },
    /// Compare all scores that are in the folder, with a picture for each keyword: SET/det-KEYWORD.svg.
    ///
    /// Any engine is compared that writes `file, keyword, stretch, score` for each sound into
    /// SET/ENGINE.tsv, higher being surer, and `keyword, threshold` into SET/ENGINE.threshold; talk is
    /// scored in stretches of two seconds.
    Report {
        /// The folder of the set.
        set: PathBuf,
        /// Keywords that are shown one by one.
        keywords: Vec<String>,
    },
}

fn main() -> Outcome<()> {
    match Command::parse() {
        Command::Make {
            set,
            triggers,
            talk,
            hours,
            keywords,
        } => {
            let (triggers, talk) = (
                std::fs::read_to_string(triggers)?,
                std::fs::read_to_string(talk)?,
            );
            set::Maker::new(&set)?.make(&triggers, &talk, hours, &keywords)
        }
        Command::Score { set } => score::run(&set),
        Command::Hear {
            set,
            keyword,
            seconds,
        } => score::hear(&set, &keyword, seconds),
        Command::Report { set, keywords } => {
            report::run(&set, &keywords, &mut std::io::stdout().lock())
        }
    }
}
