//! The command line: maps the outcome of a run to an exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(mondegreen::main(std::env::args_os()).code())
}
