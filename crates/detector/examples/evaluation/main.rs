//! How well does the embedded detector hear, and what does it take for a keyword?
//!
//! ```text
//! evaluation make SET TRIGGERS.tsv TALK.tsv FILES   renders the set; the same every time, with so
//!                                                   many test files of talk, five minutes each
//! evaluation score SET                              trains, scores every sound: SET/mondegreen.tsv
//! evaluation report SET                             compares all scores that are in SET
//! ```
//!
//! (`cargo run --release -p mondegreen-detector --example evaluation -- …`; needs espeak-ng and
//! flite.) Each line of TRIGGERS is `said, taken for, source`, of TALK `seconds, speaker, text`,
//! separated by tabs; `#` begins a comment. Nothing of them is kept but its sound. Any engine that
//! writes `file, keyword, stretch, score` for each test into SET, higher being surer, is compared;
//! talk is scored in stretches of two seconds. Training, templates and tests share no voice and no
//! talk, and training leaves out every text that holds a trigger.

mod noise;
mod report;
mod score;
mod set;
mod voice;

use std::error::Error;
use std::path::Path;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", folder, triggers, talk, files] => {
            let (triggers, talk) = (
                std::fs::read_to_string(triggers)?,
                std::fs::read_to_string(talk)?,
            );
            set::Maker::new(Path::new(folder))?.make(&triggers, &talk, files.parse()?)
        }
        ["score", folder] => score::run(Path::new(folder)),
        ["report", folder] => report::run(Path::new(folder), &mut std::io::stdout().lock()),
        _ => Err(
            "usage: evaluation make SET TRIGGERS.tsv TALK.tsv FILES | score SET | report SET"
                .into(),
        ),
    }
}
