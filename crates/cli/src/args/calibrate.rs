//! What can be said to `calibrate`.

use crate::picture::PictureFile;
use mondegreen_trace::Asks;
use std::path::PathBuf;

/// What the figures are and what not.
const CALIBRATE: &str = "\
A logistic curve is fitted to the share of accepted tries against the distance that the channel sees. It is the form of \
the channel's law: the slope is the curve's, and the shift is how much nearer than the least confidence allows half of \
the tries are accepted. Scores and reliability are of phrases that the curve was not fitted to. docs/calibrate.md says \
how, and what the figures do not show.

Exit status: 0 there is a fit, 2 the pairs are too few or cannot be read, or a bad command.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = CALIBRATE)]
pub(crate) struct Calibrate {
    /// A header, then a pair a line: columns spoken, heard, accepted (1 or yes, 0 or no), with tabs between
    /// them; with a column tries, accepted says how many of so many were
    pub(crate) pairs: PathBuf,
    /// What the recogniser listened for
    #[arg(long = "for", value_name = "STAGE", default_value = "wake")]
    pub(crate) stage: Stage,
    /// Write the channel's file with this fit in it
    #[arg(short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Take from this channel's file what the pairs do not say [default: the one that comes along]
    #[arg(long, value_name = "FILE")]
    pub(crate) channel: Option<PathBuf>,
    /// Draw what was predicted against what came of it, into a file whose name ends in .svg or .png
    #[arg(long, value_name = "FILE", value_parser = PictureFile::named)]
    pub(crate) plot: Option<PictureFile>,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// What a recogniser can listen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Stage {
    /// Its name, inside words as well
    Wake,
    /// A command, in whole words like all that follow
    Command,
    /// A contact's name
    Recipient,
    /// A yes
    Confirmation,
}

impl Stage {
    pub(crate) const fn asks(self) -> Asks {
        match self {
            Self::Wake => Asks::Wake,
            Self::Command => Asks::Command,
            Self::Recipient => Asks::Recipient,
            Self::Confirmation => Asks::Confirmation,
        }
    }
}
