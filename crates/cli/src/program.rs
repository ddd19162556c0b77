//! The program: from its arguments to its exit status.

use crate::args::{Args, Command};
use crate::commands::{self, printable};
use crate::error::Error;
use crate::last_words;
use clap::Parser;
use std::ffi::OsString;
use std::io::{self, Write};

/// How a run ended, as the exit status says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It ran, and nothing is broken.
    Clean,
    /// There are findings.
    Findings,
    /// A command, file or setting was bad.
    Bad,
    /// The assistant is broken.
    Broken,
}

impl Status {
    /// The exit status.
    pub const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Bad => 2,
            Self::Broken => 3,
        }
    }
}

/// Runs the program with these arguments, the first of which is its name.
pub fn main(args: impl IntoIterator<Item = OsString>) -> Status {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            let asked = !error.use_stderr();
            // A closed pipe is no reason to complain.
            let _ = error.print();
            return if asked { Status::Clean } else { Status::Bad };
        }
    };
    let mut out = io::BufWriter::new(anstream::AutoStream::auto(io::stdout()));
    let ended = run(&args.command, &mut out).and_then(|status| {
        out.flush()?;
        Ok(status)
    });
    match ended {
        Ok(status) => status,
        Err(Error::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Status::Clean,
        Err(error) => {
            let _ = writeln!(
                io::stderr(),
                "mondegreen: {}",
                printable(&error.to_string())
            );
            if let Error::Broken(broken) = &error {
                // What cannot be told or kept changes nothing about how it ended.
                let _ = last_words::write(broken, &mut io::stderr());
            }
            error.status()
        }
    }
}

fn run(command: &Command, out: &mut impl Write) -> Result<Status, Error> {
    match command {
        Command::Hunt(args) => commands::hunt::run(args, out),
        Command::Check(args) => commands::check::run(args, out),
        Command::Conform(args) => commands::conform::run(args, out),
        Command::Compare(args) => commands::compare::run(args, out),
        Command::Estimate(args) => commands::estimate::run(args, out),
        Command::Fuzz(args) => commands::fuzz::run(args, out),
        Command::Margin(args) => commands::margin::run(args, out),
        Command::Report(args) => commands::report::run(args, out),
        Command::Replay(args) => commands::replay::run(args, out),
        Command::Judge(args) => commands::judge::run(args, out),
        Command::Campaign(args) => commands::campaign::run(args, out),
        Command::Merge(args) => commands::merge::run(args, out),
        Command::Mutants(args) => commands::mutants::run(args, out),
        Command::Near(args) => commands::near::run(args, out),
        Command::Scan(args) => commands::scan::run(args, out),
        Command::Calibrate(args) => commands::calibrate::run(args, out),
        Command::Hear(args) => commands::hear::run(args, out),
        Command::Attack(args) => commands::attack::run(args, out),
        Command::Enrol(args) => commands::enrol::run(args, out),
        Command::Talk(args) => commands::talk::run(args, out),
        #[cfg(feature = "race")]
        Command::Race(args) => commands::race::run(args, out),
    }
}
