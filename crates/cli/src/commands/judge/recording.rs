//! The lines of a run that are looked at once more: all of a short one, of a long one those around
//! its breaches.

use mondegreen_trace::{Line, Trace};

/// So many lines and bytes of a run are held at once.
const HELD_MAX: usize = 20_000;
const HELD_BYTES_MAX: usize = 32 << 20;
/// A run of more lines is not shown whole.
const SHOWN_MAX: usize = 600;
/// Around a breach, so many lines before it and after it are kept.
const BEFORE: usize = 200;
const AFTER: usize = 20;
/// So many lines around breaches are kept, those around the first ones.
const KEPT_MAX: usize = 4_000;
const KEPT_BYTES_MAX: usize = 16 << 20;
/// So many lines of earlier runs are held, to be compared with later ones.
const REPLAYS_MAX: usize = 100_000;

/// A line that is held.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// Its place in the run, from 0.
    pub(crate) index: usize,
    /// Its number in the log, from 1.
    pub(crate) number: usize,
    pub(crate) line: Line,
    bytes: usize,
}

/// The lines of one run.
#[derive(Debug, Default)]
pub(crate) struct Recording {
    lines: Vec<Held>,
    bytes: usize,
    /// Places of breaches.
    marks: Vec<usize>,
    seen: usize,
}

impl Recording {
    pub(crate) fn push(&mut self, number: usize, bytes: usize, line: Line) {
        self.lines.push(Held {
            index: self.seen,
            number,
            line,
            bytes,
        });
        self.seen += 1;
        self.bytes += bytes;
        if self.lines.len() > HELD_MAX || self.bytes > HELD_BYTES_MAX {
            self.thin_out();
        }
    }

    /// A rule was broken at this place.
    pub(crate) fn mark(&mut self, index: usize) {
        self.marks.push(index);
    }

    /// Leaves what is shown.
    pub(crate) fn end(&mut self) {
        if self.lines.len() > SHOWN_MAX {
            self.thin_out();
        }
    }

    /// Keeps the lines around breaches, and the newest ones.
    fn thin_out(&mut self) {
        self.marks.sort_unstable();
        let newest = self.seen.saturating_sub(BEFORE);
        let (mut kept, mut kept_bytes) = (0, 0);
        let marks = &self.marks;
        self.lines.retain(|held| {
            let next = marks.partition_point(|mark| mark + AFTER < held.index);
            let is_near = marks
                .get(next)
                .is_some_and(|mark| *mark <= held.index + BEFORE);
            let is_room = kept < KEPT_MAX && kept_bytes + held.bytes < KEPT_BYTES_MAX;
            if is_near && is_room {
                kept += 1;
                kept_bytes += held.bytes;
                return true;
            }
            held.index >= newest && held.bytes < KEPT_BYTES_MAX / BEFORE
        });
        self.bytes = self.lines.iter().map(|held| held.bytes).sum();
    }

    /// The runs of lines that follow on each other.
    pub(crate) fn stretches(&self) -> impl Iterator<Item = &[Held]> {
        let follows = |one: &Held, next: &Held| one.index + 1 == next.index;
        self.lines.chunk_by(follows)
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.lines.len() == self.seen
    }

    pub(crate) fn seen(&self) -> usize {
        self.seen
    }

    pub(crate) fn trace(&self) -> Trace {
        Trace {
            lines: self.lines.iter().map(|held| held.line.clone()).collect(),
        }
    }

    /// All lines, if they are all there.
    pub(crate) fn take_whole(&mut self) -> Option<Trace> {
        let is_whole = self.is_whole();
        let lines = std::mem::take(&mut self.lines).into_iter();
        is_whole.then(|| Trace {
            lines: lines.map(|held| held.line).collect(),
        })
    }
}

/// Earlier runs, the first of all that began alike.
#[derive(Debug, Default)]
pub(crate) struct Replays {
    firsts: Vec<Trace>,
    lines: usize,
}

impl Replays {
    /// The first run that began like this one.
    pub(crate) fn first_like(&self, start: Option<&Line>) -> Option<&Trace> {
        let mut firsts = self.firsts.iter();
        firsts.find(|first| first.lines.first() == start)
    }

    pub(crate) fn keep(&mut self, run: Option<Trace>) {
        let Some(run) = run else {
            return;
        };
        let is_room = self.lines + run.lines.len() <= REPLAYS_MAX;
        if is_room && self.first_like(run.lines.first()).is_none() {
            self.lines += run.lines.len();
            self.firsts.push(run);
        }
    }
}
