//! Judging for those who have lines: each is given its numbers, then judged as a fact.

use crate::judge::Judge;
use crate::reader::Reader;
use crate::{Breach, account};
use mondegreen_trace::fact::Dictionary;
use mondegreen_trace::{Line, Trace};

/// A dictionary of more entries is begun anew with those that still count.
const ENTRIES_MAX: usize = 1 << 16;

/// A [`Judge`] that is fed lines as they are written.
///
/// It remembers no more of a very long trace than the judge does.
#[derive(Clone, Debug, Default)]
pub struct LineJudge {
    judge: Judge,
    reader: Reader,
    dictionary: Dictionary,
    /// How many entries the dictionary had when it was begun.
    kept: usize,
}

impl LineJudge {
    /// Has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next line.
    pub fn see(&mut self, line: &Line) {
        if self.dictionary.size() > ENTRIES_MAX.max(self.kept.saturating_mul(2)) {
            self.dictionary = self.judge.begin_dictionary(&self.dictionary);
            self.kept = self.dictionary.size();
            self.reader = Reader::new();
        }
        let fact = self.dictionary.fact(line);
        self.judge.see(&fact, &mut self.reader, &self.dictionary);
    }

    /// The judge, as far as it has come.
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    /// The breaches so far, as [`Judge::breaches`].
    pub fn breaches(&self) -> &[Breach] {
        self.judge.breaches()
    }

    /// The breaches of the whole trace.
    pub fn finish(mut self) -> Vec<Breach> {
        self.judge.finish(&mut self.reader, &self.dictionary);
        self.judge.ledger.into_breaches()
    }
}

/// Every rule that a trace breaks: by line, then rule; no rule twice for one message.
///
/// A trace may hold several runs, each from its `start` on. Runs that start alike are taken for
/// replays of the first of them, and have to give the same effects.
pub fn judge(trace: &Trace) -> Vec<Breach> {
    let mut judge = LineJudge::new();
    for line in &trace.lines {
        judge.see(line);
    }
    for breach in account::replays(&trace.lines) {
        let Breach {
            rule, line, why, ..
        } = breach;
        let reading = &judge.reader.of(&judge.dictionary);
        let ledger = &mut judge.judge.ledger;
        ledger.enter(rule, line, None, reading, || why);
    }
    judge.finish()
}
