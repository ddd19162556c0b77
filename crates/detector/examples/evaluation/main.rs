//! How well does the embedded detector hear, and what does it take for a keyword?
//!
//! ```text
//! evaluation make SET TRIGGERS.tsv TALK.tsv HOURS [KEYWORD...]
//!                                    renders the set, the same every time: the keywords of the
//!                                    triggers and these, and so many hours of talk to test with
//! evaluation score SET               trains, scores every sound: SET/mondegreen.tsv
//! evaluation hear SET KEYWORD SECONDS  does nothing but hear so much of the talk, to be measured
//! evaluation report SET [KEYWORD...]  compares all scores that are in SET, on these keywords one by
//!                                    one, with SET/det-KEYWORD.svg, and on all of them
//! ```
//!
//! (`cargo run --release -p mondegreen-detector --example evaluation -- …`; needs espeak-ng and
//! flite.) Each line of TRIGGERS is `said, taken for, source`, of TALK `seconds, speaker, text`,
//! separated by tabs; `#` begins a comment. Nothing of them is kept but its sound. Any engine that
//! writes `file, keyword, stretch, score` for each test into SET/ENGINE.tsv, higher being surer, and
//! `keyword, threshold` into SET/ENGINE.threshold is compared; talk is scored in stretches of two
//! seconds. Training, templates and tests share no voice and no
//! talk, and training leaves out every text that holds a trigger.

mod judged;
mod noise;
mod picture;
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
        ["make", folder, triggers, talk, hours, ref more @ ..] => {
            let (triggers, talk) = (
                std::fs::read_to_string(triggers)?,
                std::fs::read_to_string(talk)?,
            );
            set::Maker::new(Path::new(folder))?.make(&triggers, &talk, hours.parse()?, more)
        }
        ["score", folder] => score::run(Path::new(folder)),
        ["hear", folder, keyword, seconds] => {
            score::hear(Path::new(folder), keyword, seconds.parse()?)
        }
        ["report", folder, ref keywords @ ..] => {
            report::run(Path::new(folder), keywords, &mut std::io::stdout().lock())
        }
        _ => Err(
            "usage: evaluation make SET TRIGGERS.tsv TALK.tsv HOURS [KEYWORD...] | score SET \
             | hear SET KEYWORD SECONDS | report SET [KEYWORD...]"
                .into(),
        ),
    }
}
