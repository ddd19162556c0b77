//! Does the work of one path, to be counted or timed; `benches/compare` runs this program of two
//! commits. It is there to be called by a program, and prints fields with tabs between them.
//!
//! ```text
//! paths list                      each path: name, element
//! paths count NAME                elements that were done where callgrind counts, and the answer
//! paths time NAME MILLISECONDS    nanoseconds an element, and the answer
//! ```

use mondegreen_benches::path::Path;
use std::io::{Error, Write};

const USAGE: &str = "usage: paths list | count NAME | time NAME MILLISECONDS";

fn main() -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["list"] => {
            for path in Path::ALL {
                writeln!(out, "{}\t{}", path.name, path.element)?;
            }
            Ok(())
        }
        ["count", name] => {
            let path = named(name)?;
            let mut work = path.prepare();
            work.times(path.counted);
            let elements = work.elements as u64 * u64::from(path.counted);
            writeln!(out, "{elements}\t{}", work.answer)
        }
        ["time", name, milliseconds] => {
            let milliseconds = milliseconds.parse();
            let milliseconds = milliseconds.map_err(|_| Error::other(USAGE))?;
            let mut work = named(name)?.prepare();
            let nanoseconds = work.nanoseconds(milliseconds);
            writeln!(out, "{nanoseconds}\t{}", work.answer)
        }
        _ => Err(Error::other(USAGE)),
    }
}

fn named(name: &str) -> Result<Path, Error> {
    Path::named(name).ok_or_else(|| Error::other(format!("there is no path `{name}`")))
}
