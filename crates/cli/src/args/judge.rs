//! What can be said to `judge`.

use std::path::PathBuf;

/// What it reads and what its verdicts mean.
const JUDGE: &str = "\
TRACE is the exchange as the protocol has it, one JSON object a line, from whoever's log; `-` reads standard input. Lines \
{\"said\": …}, as `replay --json` writes them, tell what people said and meant; without them nobody can say whether a \
message was wanted. A `start` begins a new run, and each is judged by itself. Nothing is run.

Damage is told first and never mended: lines that cannot be read, time that goes back, what is missing or stands there \
twice. A rule that the log does not tell enough about is neither kept nor broken.

Exit status: 0 no rule is broken, 1 one is, 2 nothing in it is a line of an exchange, or a bad command.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = JUDGE)]
pub(crate) struct Judge {
    /// The recorded exchange; `-` for standard input
    pub(crate) trace: PathBuf,
    /// Print one JSON object for each run
    #[arg(long)]
    pub(crate) json: bool,
}
