//! The paths on which speed depends, each with work for it.
//!
//! Work is built and its answer checked before anything is measured; what is measured lies in
//! `counted_work` alone. Everything is warm: the work has been done once.

use crate::{dialog, home, phones, run, sound};

/// A path, by its name.
#[derive(Clone, Copy, Debug)]
pub struct Path {
    /// What it is called.
    pub name: &'static str,
    /// What one element of its work is.
    pub element: &'static str,
    /// How often the work is done where instructions are counted.
    pub counted: u32,
    work: fn() -> Work,
}

impl Path {
    /// All of them, from the dialog outwards.
    pub const ALL: [Self; 11] = [
        Self::new("dialog", "step", 1_000, dialog::stepping),
        Self::new("oracle", "fact", 500, run::judging),
        Self::new("protocol", "line", 50, run::protocol),
        Self::new("distance", "pair of words", 20, phones::distances),
        Self::new("spotter", "phone, 64 phrases", 2, phones::spotting),
        Self::new("near", "search in common words", 1, phones::searching),
        Self::new("sound", "10 ms, 6 templates", 2, sound::listening),
        Self::new("talk", "utterance", 20, home::talking),
        Self::new("channel", "utterance at 4 stages", 1, home::hearing),
        Self::new("conversation", "held and judged", 50, home::holding),
        Self::new("splitting", "step", 5, home::splitting),
    ];

    const fn new(
        name: &'static str,
        element: &'static str,
        counted: u32,
        work: fn() -> Work,
    ) -> Self {
        Self {
            name,
            element,
            counted,
            work,
        }
    }

    /// The path of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|path| path.name == name)
    }

    /// Builds the work, checks it, and does it once.
    ///
    /// # Panics
    /// When it does not come to what it should.
    pub fn prepare(self) -> Work {
        (self.work)()
    }
}

/// Something to do again and again.
pub struct Work {
    /// How many elements it has.
    pub elements: usize,
    /// What comes of it, the same each time.
    pub answer: usize,
    again: Box<dyn FnMut() -> usize>,
}

impl Work {
    pub(crate) fn new(elements: usize, mut again: impl FnMut() -> usize + 'static) -> Self {
        let answer = again();
        assert_eq!(again(), answer, "the same work has to come to the same");
        Self {
            elements,
            answer,
            again: Box::new(again),
        }
    }

    /// Does it so many times.
    ///
    /// # Panics
    /// When it comes to something else than before.
    pub fn times(&mut self, times: u32) {
        let answer = counted_work(&mut self.again, times);
        assert_eq!(answer, self.answer, "the same work has to come to the same");
    }

    /// The nanoseconds that an element takes: the least of several rounds in so many milliseconds,
    /// which is the one that was least disturbed.
    #[expect(clippy::disallowed_types, reason = "how long it takes is the question")]
    pub fn nanoseconds(&mut self, milliseconds: u32) -> f64 {
        let nanoseconds = |work: &mut Self, times: u32| {
            let begun = std::time::Instant::now();
            work.times(times);
            begun.elapsed().as_secs_f64() * 1e9 / f64::from(times)
        };
        let wanted = f64::from(milliseconds) * 1e6 / ROUNDS;
        let mut least = nanoseconds(self, 1);
        let times = (1_u32..u32::MAX / 2)
            .scan(1_u32, |times, _| {
                *times *= 2;
                Some(*times)
            })
            .take(20)
            .take_while(|times| f64::from(*times) * least < wanted)
            .last()
            .unwrap_or(1);
        let begun = std::time::Instant::now();
        while begun.elapsed().as_secs_f64() * 1e3 < f64::from(milliseconds) {
            least = least.min(nanoseconds(self, times));
        }
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        let elements = self.elements as f64;
        least / elements
    }
}

/// Of the time that is asked for, a round takes at most this part.
const ROUNDS: f64 = 10.0;

/// Does the work so many times; the last answer. Callgrind counts what is done in here, by its name.
#[inline(never)]
fn counted_work(work: &mut dyn FnMut() -> usize, times: u32) -> usize {
    let mut answer = 0;
    for _ in 0..times {
        answer = work();
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_path_has_a_name_of_its_own_and_work_that_comes_to_something() {
        let names: BTreeSet<&str> = Path::ALL.iter().map(|path| path.name).collect();
        assert_eq!(names.len(), Path::ALL.len());
        for path in ["dialog", "oracle", "protocol", "distance"] {
            let mut work = Path::named(path).expect("a path").prepare();
            assert!(work.elements > 10, "{path}");
            work.times(2);
        }
        assert!(Path::named("dialogue").is_none());
    }
}
