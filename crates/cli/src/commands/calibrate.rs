//! `calibrate`: how likely a phrase is heard, fitted to what a recogniser took.

mod page;
mod reliability;

use crate::Status;
use crate::args::calibrate::Calibrate as Args;
use crate::commands::{printable, write_whole};
use crate::error::Error;
use mondegreen_sim::calibrate::{Calibration, Pairs, SHIPPED_CHANNEL, read_pairs, write_channel};
use page::Page;
use reliability::Reliability;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let bytes = std::fs::read(&args.pairs);
    let bytes = bytes.map_err(|error| Error::Read(args.pairs.clone(), error))?;
    let pairs = read_pairs(&bytes, args.stage.asks())
        .map_err(|error| Error::line(&args.pairs, error.line(), &error))?;
    let calibration = Calibration::of(&pairs.pairs)
        .map_err(|error| Error::line(&args.pairs, pairs.last_line, &error))?;
    say_what_is_unused(&pairs);
    // What is asked for is written before anything is said, so that a bad file leaves no half.
    let channel = channel_text(args, &calibration)?;
    if let (Some(path), Some(text)) = (&args.out, channel) {
        write_whole(path, text.as_bytes())?;
    }
    if let Some(file) = &args.plot {
        file.write(&Reliability {
            calibration: &calibration,
            asks: args.stage.asks(),
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

/// The channel's file with the fit in it, if it was asked for.
fn channel_text(args: &Args, calibration: &Calibration) -> Result<Option<String>, Error> {
    if args.out.is_none() {
        return Ok(None);
    }
    let shipped = Path::new("the channel's file that comes along").to_owned();
    let (path, base): (PathBuf, String) = match &args.channel {
        None => (shipped, SHIPPED_CHANNEL.to_owned()),
        Some(path) => (path.clone(), super::text_from(path)?),
    };
    let fitted = &calibration.fitted;
    let source = format!(
        "fitted by `mondegreen calibrate` to {}: {} of {} tries accepted, {} phrases",
        args.pairs.display(),
        fitted.accepted,
        fitted.tries,
        fitted.phrases
    );
    let text = write_channel(&base, args.stage.asks(), &calibration.exponential, &source)
        .map_err(|error| Error::line(&path, error.line(), &error))?;
    Ok(Some(text))
}
