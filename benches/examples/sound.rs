//! Listens to synthetic sound, to be counted: see `benches/README.md`.
//!
//! ```text
//! valgrind --tool=callgrind target/release/examples/sound TEMPLATES SECONDS
//! ```
//!
//! The difference between two lengths is what the sound costs, without the start.

use mondegreen_benches::sound::{speech, templates};
use mondegreen_detector::{Keyword, SoundSpotter};
use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [_, count, seconds] = std::env::args()
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "usage: sound TEMPLATES SECONDS")?;
    let keyword = Keyword::new("keyword", templates(count.parse()?));
    let mut spotter = SoundSpotter::new(&[keyword]);
    let mut best = f32::NEG_INFINITY;
    for chunk in speech(seconds.parse()?, 7).chunks(160) {
        spotter.push(chunk, |decisions| best = best.max(decisions[0].score));
    }
    writeln!(std::io::stdout(), "best score {best}")?;
    Ok(())
}
