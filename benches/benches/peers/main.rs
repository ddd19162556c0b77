//! How long do others take to come to the same answer?
//!
//! All contenders for a question take turns in one run, so that they meet the same machine; what counts
//! is the least processor time of each, which was the least disturbed. An answer that differs ends the run.

mod bound;
mod spotting;
mod stepping;

use cpu_time::ProcessTime;
use std::io::{Error, Write};

/// Who comes to an answer, and how.
struct Contender<'a, T> {
    name: &'static str,
    work: Box<dyn FnMut() -> T + 'a>,
}

impl<'a, T> Contender<'a, T> {
    fn new(name: &'static str, work: impl FnMut() -> T + 'a) -> Self {
        Self {
            name,
            work: Box::new(work),
        }
    }
}

/// How often each has its turn. Turns are short, so that some of them are not disturbed.
const TURNS: usize = 25;

fn main() -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    spotting::distances(&mut out)?;
    spotting::phrases(&mut out)?;
    stepping::walks(&mut out)?;
    stepping::states(&mut out)
}

/// Lets all take turns, ours first, and prints the nanoseconds that an element takes each, and how many
/// times as long that is as ours, which comes back.
fn race<T: PartialEq>(
    out: &mut impl Write,
    question: &str,
    elements: usize,
    mut contenders: Vec<Contender<'_, T>>,
) -> Result<f64, Error> {
    let mut least = vec![f64::INFINITY; contenders.len()];
    let mut answer = None;
    for _ in 0..TURNS {
        for (contender, least) in contenders.iter_mut().zip(&mut least) {
            let (came_to, seconds) = timed(&mut contender.work);
            *least = least.min(seconds);
            match &answer {
                None => answer = Some(came_to),
                Some(answer) => {
                    let name = contender.name;
                    assert!(*answer == came_to, "{name} comes to something else");
                }
            }
        }
    }
    writeln!(out, "{question}")?;
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let elements = elements as f64;
    for (contender, seconds) in contenders.iter().zip(&least) {
        let (nanoseconds, times) = (seconds * 1e9 / elements, seconds / least[0]);
        writeln!(
            out,
            "  {:44} {nanoseconds:12.1} ns {times:9.2} times",
            contender.name
        )?;
    }
    writeln!(out)?;
    Ok(least[0] * 1e9 / elements)
}

/// What work comes to, and the seconds of processor time that it takes, in all threads together: nobody
/// else on the machine is in them.
fn timed<T>(work: &mut dyn FnMut() -> T) -> (T, f64) {
    let begun = ProcessTime::now();
    let came_to = work();
    (came_to, begun.elapsed().as_secs_f64())
}
