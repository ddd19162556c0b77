//! `judge`: what happened in a recorded exchange, and where it could have been stopped.

mod chain;
mod page;
mod recording;
mod rules;
mod run;
mod safeguards;

use crate::Status;
use crate::args::judge::Judge as Args;
use crate::error::Error;
use mondegreen_trace::log::{Entry, Log};
use mondegreen_trace::{Input, Line};
use recording::Replays;
use run::Run;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let unread = |error| Error::Read(args.trace.clone(), error);
    let mut log = Log::new(open(&args.trace).map_err(unread)?);
    let mut reading = Reading {
        args,
        run: Run::new(1),
        replays: Replays::default(),
        status: Status::Clean,
    };
    let mut has_exchange = false;
    for entry in &mut log {
        match entry.map_err(unread)? {
            Entry::Damage(damage) => reading.run.unread(damage),
            Entry::Line {
                number,
                bytes,
                line,
            } => {
                has_exchange |= !matches!(line, Line::Said { .. });
                if matches!(line, Line::In(Input::Start { .. })) && !reading.run.is_empty() {
                    reading.end_run(out)?;
                }
                reading.run.see(number, bytes, line);
            }
        }
    }
    if !has_exchange {
        let why = reading.run.why_nothing(log.lines());
        return Err(Error::NoExchange(args.trace.clone(), why));
    }
    reading.end_run(out)?;
    Ok(reading.status)
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    Ok(Box::new(BufReader::new(File::open(path)?)))
}

/// A log on the way through its runs.
struct Reading<'a> {
    args: &'a Args,
    run: Run,
    replays: Replays,
    status: Status,
}

impl Reading<'_> {
    /// Prints the run that is over, and makes room for the next.
    fn end_run(&mut self, out: &mut impl Write) -> Result<(), Error> {
        let next = Run::new(self.run.number() + 1);
        let mut run = std::mem::replace(&mut self.run, next).finish(&self.replays);
        if !run.breaches.is_empty() {
            self.status = Status::Findings;
        }
        if self.args.json {
            writeln!(out, "{}", page::to_json(&run))?;
        } else {
            page::write(&run, out)?;
        }
        self.replays.keep(run.recording.take_whole());
        Ok(())
    }
}
