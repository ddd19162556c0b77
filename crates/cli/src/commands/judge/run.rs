//! One run of a log, read line by line.

use super::recording::{Recording, Replays};
use super::rules::{Told, Verdict, verdicts};
use mondegreen_oracle::{Breach, LineJudge, Rule, accountable};
use mondegreen_trace::log::{Damage, Damages, Order};
use mondegreen_trace::{Effect, Household, Input, Line};
use std::collections::BTreeMap;

/// A run that is being read.
#[derive(Debug)]
pub(crate) struct Run {
    number: usize,
    lines: Option<(usize, usize)>,
    assistant: Option<String>,
    household: Household,
    judge: LineJudge,
    order: Order,
    told: Told,
    recording: Recording,
    numbers: Numbers,
    first: Option<Line>,
    /// Why the first line could not be read that could not.
    unread: Option<Damage>,
}

/// A run that was judged.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) number: usize,
    /// The numbers of its first and last line in the log.
    pub(crate) lines: (usize, usize),
    /// Name and version.
    pub(crate) assistant: Option<String>,
    pub(crate) household: Household,
    pub(crate) damages: Damages,
    pub(crate) breaches: Vec<Numbered>,
    pub(crate) verdicts: Vec<(Rule, Verdict)>,
    pub(crate) recording: Recording,
}

/// A breach, and the number of its line in the log.
#[derive(Clone, Debug)]
pub(crate) struct Numbered {
    pub(crate) breach: Breach,
    pub(crate) number: usize,
}

/// Which line of the log a line of the run is; what could not be read is in one alone.
#[derive(Debug, Default)]
struct Numbers {
    /// Of the last input and what answers it, where the distance changes: place and number.
    recent: Vec<(usize, usize)>,
    /// Of the places of breaches.
    breaches: BTreeMap<usize, usize>,
}

impl Numbers {
    fn note(&mut self, index: usize, number: usize, line: &Line) {
        if matches!(line, Line::In(_)) {
            self.recent.clear();
        }
        let last = self.recent.last();
        if last.is_none_or(|(place, known)| number - known != index - place) {
            self.recent.push((index, number));
        }
    }

    /// The number of a line that answers the last input, or is it.
    fn of_recent(&self, index: usize) -> usize {
        let before = self.recent.iter().rev().find(|(place, _)| *place <= index);
        let (place, number) = before.or(self.recent.first()).copied().unwrap_or((0, 1));
        (number + index).saturating_sub(place)
    }

    fn of_breach(&self, index: usize) -> usize {
        let known = self.breaches.get(&index).copied();
        known.unwrap_or_else(|| self.of_recent(index))
    }
}

impl Run {
    pub(crate) fn new(number: usize) -> Self {
        let household = Household {
            devices: Vec::new(),
            contacts: Vec::new(),
            messaging: true,
        };
        Self {
            number,
            lines: None,
            assistant: None,
            household,
            judge: LineJudge::new(),
            order: Order::new(),
            told: Told::default(),
            recording: Recording::default(),
            numbers: Numbers::default(),
            first: None,
            unread: None,
        }
    }

    pub(crate) fn number(&self) -> usize {
        self.number
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_none()
    }

    /// A line that could not be read.
    pub(crate) fn unread(&mut self, damage: Damage) {
        self.unread.get_or_insert_with(|| damage.clone());
        self.order.unread(damage);
    }

    pub(crate) fn see(&mut self, number: usize, bytes: usize, line: Line) {
        let first = self.lines.map_or(number, |(first, _)| first);
        self.lines = Some((first, number));
        match &line {
            Line::In(Input::Start { household, .. }) => self.household.clone_from(household),
            Line::Out(Effect::Hello { name, version, .. }) => {
                self.assistant = Some(format!("{name} {version}"));
            }
            Line::In(_) | Line::Out(_) | Line::Said { .. } => {}
        }
        self.order.see(number, &line);
        self.told.see(&line);
        self.numbers.note(self.recording.seen(), number, &line);
        let known = self.judge.breaches().len();
        self.judge.see(&line);
        if self.first.is_none() {
            self.first = Some(line.clone());
        }
        self.recording.push(number, bytes, line);
        if self.judge.breaches().len() > known {
            self.mark();
        }
    }

    /// Takes note of where the newest breaches are.
    fn mark(&mut self) {
        for breach in self.judge.breaches() {
            if !self.numbers.breaches.contains_key(&breach.line) {
                let number = self.numbers.of_recent(breach.line);
                self.numbers.breaches.insert(breach.line, number);
                self.recording.mark(breach.line);
            }
        }
    }

    /// Why there is nothing to judge.
    pub(crate) fn why_nothing(&self, lines: usize) -> String {
        match &self.unread {
            Some(damage) => format!("none of its {lines} lines is of an exchange; {damage}"),
            None if self.is_empty() => "there is nothing in it".to_owned(),
            None => "nothing that went into or came out of an assistant stands in it".to_owned(),
        }
    }

    pub(crate) fn finish(mut self, replays: &Replays) -> Judged {
        let mut breaches = self.judge.finish();
        let first = replays.first_like(self.first.as_ref());
        let replay = match (first, self.recording.is_whole()) {
            (Some(first), true) => Some(accountable(first, &self.recording.trace())),
            (None, _) | (Some(_), false) => None,
        };
        self.told.replays = match (&replay, first) {
            (Some(_), _) => super::rules::Replayed::Compared,
            (None, Some(_)) => super::rules::Replayed::TooLong,
            (None, None) => super::rules::Replayed::Once,
        };
        breaches.extend(replay.and_then(Result::err));
        breaches.sort_by_key(|breach| (breach.line, breach.rule));
        let numbered = |breach: Breach| Numbered {
            number: self.numbers.of_breach(breach.line),
            breach,
        };
        let breaches: Vec<Numbered> = breaches.into_iter().map(numbered).collect();
        for Numbered { breach, .. } in &breaches {
            self.recording.mark(breach.line);
        }
        self.recording.end();
        Judged {
            number: self.number,
            lines: self.lines.unwrap_or_default(),
            assistant: self.assistant,
            household: self.household,
            damages: self.order.finish(),
            verdicts: verdicts(&self.told, &breaches),
            breaches,
            recording: self.recording,
        }
    }
}
