//! The threads that do units, and the one that writes down what came of them.

use super::folder::Folder;
use super::live::Live;
use super::settings::Team;
use crate::args::target::{Chosen, Subject};
use crate::commands::breach_json;
use crate::commands::hunt::finding_json;
use crate::error::Error;
use mondegreen_sim::campaign::{
    Book, Engine, Found, GoOn, Kept, Plan, Point, Record, Sample, Searched, Settings, Unit, fuzz,
    hunt, misread,
};
use mondegreen_sim::{Assistant, Broken, Channel, SpokenTo, hold};
use mondegreen_trace::Script;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How often the clock and the signals are looked at.
const TICK: Duration = Duration::from_millis(50);
/// A point of the curve of an assistant comes no sooner after the one before.
const POINT_S: f64 = 5.0;
/// Nor sooner than this share of the whole time, so that long campaigns have no more points.
const POINT_SHARE: f64 = 0.005;
/// How many steps are taken between two looks at whether to go on; of a program, which takes a
/// thousand times as long.
const SLICE: u64 = 20_000;
const PROGRAM_SLICE: u64 = 20;

/// How long the work goes on.
#[derive(Clone, Debug)]
pub(crate) struct Orders {
    /// So many units at a time.
    pub(crate) jobs: NonZeroUsize,
    /// Only so many of the first units.
    pub(crate) units: Option<u64>,
    /// So long at most.
    pub(crate) time: Duration,
    /// Set by a signal.
    pub(crate) interrupted: Arc<AtomicBool>,
}

/// Why the work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// All units that were asked for are done.
    Done,
    /// The time is over.
    Time,
    /// It was told to stop.
    Interrupted,
    /// The folder has no more room.
    Disk,
}

/// Does units until there is a reason not to, and writes down what comes of them. Gives the
/// campaign's time with it.
///
/// # Errors
/// When it cannot be written down.
#[expect(clippy::disallowed_types, reason = "--time is a limit on real time")]
pub(crate) fn work(
    team: &Team,
    plan: &Plan,
    (folder, book): (&mut Folder, Book),
    orders: &Orders,
) -> Result<(Book, f64), Error> {
    let begun = std::time::Instant::now();
    let settings = book.header.settings.clone();
    let turns = Turns {
        plan,
        done: book.done(),
        next: Mutex::new(0),
        end: orders.units,
    };
    let stop = AtomicBool::new(false);
    let mut scribe = Scribe {
        at_s_before: latest(&book),
        pointed: BTreeMap::new(),
        book,
        folder,
    };
    // They are on the disk, and there may be many.
    scribe.book.points.clear();
    let ended = thread::scope(|scope| {
        let (sender, results) = channel();
        for _ in 0..orders.jobs.get() {
            let sender = sender.clone();
            let (turns, stop, settings) = (&turns, &stop, &settings);
            scope.spawn(move || do_units(team, settings, turns, stop, &sender));
        }
        drop(sender);
        let mut live = Live::new();
        let mut look = || -> Result<Ended, Error> {
            let mut ended = Ended::Done;
            loop {
                let ran = begun.elapsed();
                match results.recv_timeout(TICK) {
                    Ok((unit, searched)) => {
                        if ended != Ended::Disk && !scribe.enter(team, unit, searched, ran)? {
                            ended = Ended::Disk;
                        }
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return Ok(ended),
                }
                if ended == Ended::Done {
                    if orders.interrupted.load(Ordering::Relaxed) {
                        ended = Ended::Interrupted;
                    } else if ran >= orders.time {
                        ended = Ended::Time;
                    }
                }
                if ended != Ended::Done {
                    stop.store(true, Ordering::Relaxed);
                }
                live.show(&scribe.book, ran, scribe.at_s(ran));
            }
        };
        let ended = look();
        stop.store(true, Ordering::Relaxed);
        live.end();
        ended
    })?;
    let at_s = scribe.at_s(begun.elapsed());
    scribe.finish(at_s, ended)?;
    Ok((scribe.book, at_s))
}

/// Which units are still to be done, in order.
#[derive(Debug)]
struct Turns<'a> {
    plan: &'a Plan,
    /// Those that were done before.
    done: BTreeSet<Unit>,
    next: Mutex<u64>,
    end: Option<u64>,
}

impl Turns<'_> {
    fn next(&self) -> Option<Unit> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let turn = *next;
            if self.end.is_some_and(|end| turn >= end) {
                return None;
            }
            *next = turn.checked_add(1)?;
            let unit = self.plan.unit(turn)?;
            if !self.done.contains(&unit) {
                return Some(unit);
            }
        }
    }
}

/// Does one unit after the other.
fn do_units(
    team: &Team,
    settings: &Settings,
    turns: &Turns<'_>,
    stop: &AtomicBool,
    results: &Sender<(Unit, Searched)>,
) {
    let mut go_on = |_| !stop.load(Ordering::Relaxed);
    while go_on(0) {
        let Some(unit) = turns.next() else { return };
        let Some(subject) = team.subject(unit.assistant) else {
            return;
        };
        // A unit that was told to stop is done again another time.
        let Some(searched) = search(&subject, settings, unit, &mut go_on) else {
            return;
        };
        if results.send((unit, searched)).is_err() {
            return;
        }
    }
}

fn seed(settings: &Settings, unit: Unit) -> u64 {
    settings.seed.wrapping_add(unit.number)
}

/// Does one unit; nothing comes of it if it is told to stop.
fn search(
    subject: &Subject<'_>,
    settings: &Settings,
    unit: Unit,
    go_on: &mut GoOn<'_>,
) -> Option<Searched> {
    let seed = seed(settings, unit);
    match &subject.chosen {
        Chosen::Ours(named) => {
            let steps = settings.unit_steps.saturating_mul(unit.length());
            let mut assistant = named.assistant();
            match unit.engine {
                Engine::Fuzz => fuzz(|| named.assistant(), seed, (steps, SLICE), go_on),
                Engine::Hunt => hunt(&mut assistant, subject.wake(), seed, steps, go_on),
                Engine::Misread => misread_with(&mut assistant, subject, (seed, steps), go_on),
            }
        }
        Chosen::Program(command) => {
            let steps = settings.program_steps.saturating_mul(unit.length());
            let process = match subject.spawn(command) {
                Ok(process) => Rc::new(RefCell::new(process)),
                Err(error) => return Some(Searched::cut_off(Broken::new(error.to_string()))),
            };
            let mut assistant = Rc::clone(&process);
            match unit.engine {
                Engine::Fuzz => {
                    let fresh = || SpokenTo::new(Rc::clone(&process)).in_words(subject.words());
                    fuzz(fresh, seed, (steps, PROGRAM_SLICE), go_on)
                }
                Engine::Hunt => hunt(&mut assistant, subject.wake(), seed, steps, go_on),
                Engine::Misread => misread_with(&mut assistant, subject, (seed, steps), go_on),
            }
        }
    }
}

fn misread_with(
    assistant: &mut dyn Assistant,
    subject: &Subject<'_>,
    (seed, steps): (u64, u64),
    go_on: &mut GoOn<'_>,
) -> Option<Searched> {
    let mut holder = |scripts: &[Script]| {
        let held = scripts.iter().map(|script| {
            let mut channel = Channel::new(subject.wake(), &script.household);
            hold(script, &mut channel, assistant)
        });
        held.collect::<Vec<_>>()
    };
    misread(subject.words(), seed, steps, &mut holder, go_on)
}

/// Writes down what came of units: findings first, then that the unit is done.
struct Scribe<'a> {
    folder: &'a mut Folder,
    book: Book,
    /// The campaign's time before this run.
    at_s_before: f64,
    /// When the curve of each assistant got its last point.
    pointed: BTreeMap<String, f64>,
}

impl Scribe<'_> {
    /// The campaign's time, to a tenth of a second.
    fn at_s(&self, ran: Duration) -> f64 {
        ((self.at_s_before + ran.as_secs_f64()) * 10.0).round() / 10.0
    }

    /// Enters what came of a unit; says whether there was room for it.
    fn enter(
        &mut self,
        team: &Team,
        unit: Unit,
        searched: Searched,
        ran: Duration,
    ) -> Result<bool, Error> {
        let at_s = self.at_s(ran);
        let Some(subject) = team.subject(unit.assistant) else {
            return Ok(true);
        };
        let seed = seed(&self.book.header.settings, unit);
        let mut record = Record {
            assistant: subject.name().to_owned(),
            engine: unit.engine,
            number: unit.number,
            seed,
            at_s,
            steps: searched.steps,
            conversations: searched.conversations,
            ways: count(searched.ways),
            corpus: count(searched.corpus),
            found: BTreeMap::new(),
            unrepeated: searched.unrepeated,
            trouble: searched.trouble.map(|trouble| trouble.to_string()),
        };
        for found in searched.found {
            let kept = kept(&found, &subject, (unit.engine, seed, at_s));
            *record.found.entry(kept.bucket.clone()).or_default() += found.times;
            self.keep(kept)?;
        }
        if let Some(trouble) = &record.trouble {
            self.folder
                .log(at_s, &format!("{}: {trouble}", record.assistant))?;
        }
        if !self.folder.record(&record)? {
            self.folder
                .log(at_s, "there is no more room for what is done; see --disk")?;
            return Ok(false);
        }
        let assistant = record.assistant.clone();
        self.book.records.insert(record.name(), record);
        let pointed = self.pointed.get(&assistant);
        if pointed.is_none_or(|pointed| at_s >= pointed + POINT_S.max(at_s * POINT_SHARE)) {
            self.point(&assistant, at_s)?;
            self.pointed.insert(assistant, at_s);
        }
        Ok(true)
    }

    /// Keeps a finding, if it is the first of its cause or a lesser example than the one that is kept.
    fn keep(&mut self, kept: Kept) -> Result<(), Error> {
        let name = kept.bucket.clone();
        let known = self.book.kept.get(&name);
        let (best, news) = match known {
            None => (kept, "new"),
            Some(known) => {
                let mut best = known.clone();
                best.take_in(kept);
                if best == *known {
                    return Ok(());
                }
                (best, "a lesser example of")
            }
        };
        if !self.folder.keep(&best, known)? {
            return Ok(());
        }
        let what = format!("{news} {name} in {}: {}", best.assistant, best.missing);
        self.folder.log(best.at_s, &what)?;
        self.book.kept.insert(name, best);
        Ok(())
    }

    /// Notes how far the campaign is with an assistant.
    fn point(&mut self, assistant: &str, at_s: f64) -> Result<(), Error> {
        self.folder.point(&self.book.point(assistant, at_s))
    }

    /// Brings all that is counted up to date.
    fn finish(&mut self, at_s: f64, ended: Ended) -> Result<(), Error> {
        for assistant in self.book.header.settings.assistants.clone() {
            self.point(&assistant, at_s)?;
        }
        for (name, known) in self.book.kept.clone() {
            let kept = Kept {
                times: self.book.times(&name),
                ..known.clone()
            };
            self.folder.keep(&kept, Some(&known))?;
            self.book.kept.insert(name, kept);
        }
        let why = match ended {
            Ended::Done => "all units are done",
            Ended::Time => "the time is over",
            Ended::Interrupted => "told to stop",
            Ended::Disk => "the folder has no more room",
        };
        self.folder.log(at_s, why)
    }
}

/// The latest time in a book.
pub(crate) fn latest(book: &Book) -> f64 {
    let units = book.records.values().map(|record| record.at_s);
    let points = book.points.iter().map(|point: &Point| point.at_s);
    units.chain(points).fold(0.0, f64::max)
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// A finding as it is written down.
fn kept(found: &Found, subject: &Subject<'_>, (engine, seed, at_s): (Engine, u64, f64)) -> Kept {
    let bucket = found.bucket.name(subject.name());
    let (text, told) = (found.sample.text(), told(&found.sample));
    let (script, case) = match &found.sample {
        Sample::Case(_) => (None, Some(text)),
        Sample::Spoken(_) | Sample::Misread(..) => (Some(text), None),
    };
    let end = if case.is_some() { "case" } else { "script" };
    Kept {
        assistant: subject.name().to_owned(),
        found_by: engine,
        rule: found.bucket.rule.to_string(),
        missing: found.bucket.missing.clone(),
        place: found.bucket.place.clone(),
        events: found.sample.events(),
        seed,
        steps: found.steps,
        at_s,
        times: found.times,
        repeat: format!(
            "mondegreen replay findings/{bucket}.{end} {}",
            subject.option()
        ),
        bucket,
        script,
        case,
        told,
    }
}

/// What is told of a finding beside its text: breaches, trace, and of talk what was misheard.
fn told(sample: &Sample) -> Map<String, Value> {
    let mut told = match sample {
        Sample::Spoken(found) => finding_json(found, ""),
        Sample::Case(found) => json!({ "odd": found.odd(), "trace": found.trace.lines }),
        Sample::Misread(found, held) => json!({
            "severity": found.severity.name(), "said": found.said, "meant": found.kind.to_string(),
            "trace": held.trace.lines,
        }),
    };
    let mut told = told.as_object_mut().map(std::mem::take).unwrap_or_default();
    for elsewhere in ["rule", "script", "repeat"] {
        told.remove(elsewhere);
    }
    let breaches: Vec<Value> = sample.breaches().iter().map(breach_json).collect();
    told.insert("breaches".to_owned(), Value::Array(breaches));
    told
}
