//! `calibrate`: how likely a phrase is heard, fitted to what a recogniser took.

mod page;
mod reliability;

use crate::Status;
use crate::args::calibrate::Calibrate as Args;
use crate::commands::{printable, write_whole};
use crate::error::Error;
use mondegreen_sim::calibrate::{Calibration, ChannelFile, Pairs, read_pairs};
use page::Page;
use reliability::Reliability;
use std::io::{self, Write};
use std::path::Path;

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let bytes = std::fs::read(&args.pairs);
    let bytes = bytes.map_err(|error| Error::Read(args.pairs.clone(), error))?;
    let pairs = read_pairs(&bytes, args.stage.asks())
        .map_err(|error| Error::line(&args.pairs, error.line(), &error))?;
    let channel = read_channel(args)?;
    let calibration = Calibration::of(&pairs.pairs, args.stage.asks(), channel.law())
        .map_err(|error| Error::line(&args.pairs, pairs.last_line, &error))?;
    say_what_is_unused(&pairs);
    // What is asked for is written before anything is said, so that a bad file leaves no half.
    if let Some(path) = &args.out {
        let text = channel
            .with(&calibration, &source(args, &calibration))
            .map_err(|error| Error::line(&args.pairs, pairs.last_line, &error))?;
        write_whole(path, text.as_bytes())?;
    }
    if let Some(file) = &args.plot {
        file.write(&Reliability {
            calibration: &calibration,
        })?;
    }
    let page = Page {
        args,
        pairs: &pairs,
        calibration: &calibration,
    };
    if args.json {
        page.write_json(out)?;
    } else {
        page.write(out)?;
    }
    Ok(Status::Clean)
}

fn say_what_is_unused(pairs: &Pairs) {
    if !pairs.unused.is_empty() {
        let columns = printable(&pairs.unused.join(", "));
        // What cannot be told changes nothing about the fit.
        let _ = writeln!(io::stderr(), "columns that are not used: {columns}");
    }
}

/// The channel's file that the fit is for.
fn read_channel(args: &Args) -> Result<ChannelFile, Error> {
    let path = args.channel.as_deref();
    let text = super::channel_from(path)?;
    let path = path.unwrap_or(Path::new("the channel's file that comes along"));
    ChannelFile::read(text).map_err(|error| Error::line(path, error.line(), &error))
}

/// What was fitted to what, for the column of sources.
fn source(args: &Args, calibration: &Calibration) -> String {
    let fitted = &calibration.fitted;
    format!(
        "fitted by `mondegreen calibrate` to {}: {} of {} tries accepted, {} phrases",
        args.pairs.display(),
        fitted.accepted,
        fitted.tries,
        fitted.phrases
    )
}
