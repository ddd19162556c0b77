//! `attack`: which phrases an ear takes for another.

use crate::Status;
use crate::args::ears::Attack as Args;
use crate::commands::{printable, table};
use crate::error::Error;
use indicatif::ProgressBar;
use mondegreen_generator::sound::{Cache, Engine, RenderError, Saying, Scene, Voice, voices};
use mondegreen_sim::attack::{AttackError, Count, Forms, Plan, Report, Setting, Tried, attack};
use serde_json::json;
use std::io::{self, Write};
use std::num::NonZero;
use std::path::Path;
use std::thread::available_parallelism;
use tempfile::NamedTempFile;

/// After a phrase engines need to hear that it has ended.
const LEAD_OUT_MS: u64 = 800;

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let cache = args.cache()?;
    let plan = plan(args);
    let speakers = speakers(plan.voices);
    let cores = available_parallelism().map_or(1, NonZero::get);
    let jobs = args.jobs.map_or(cores, usize::from);
    let ears = (0..jobs).map(|_| args.patience.open(&args.ear));
    let mut ears = ears.collect::<Result<Vec<_>, _>>()?;
    let name = ears.first().map_or("", |ear| ear.name()).to_owned();
    let say = |phrase: &str, setting: &Setting| say(phrase, setting, &speakers, &cache);
    let bar = ProgressBar::new(0);
    let report = attack(&plan, &mut ears, &say, &mut |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let report = report.map_err(|error| match error {
        AttackError::Ear(error) => Error::Ear(args.ear.clone(), error),
        AttackError::Say(error) => Error::Setting(error.to_string()),
        AttackError::Plan(why) => Error::Setting(why),
    })?;
    if let Some(path) = &args.pairs {
        write_pairs(path, &args.phrase, &report).map_err(|e| Error::Read(path.clone(), e))?;
    }
    if args.json {
        let all =
            json!({ "ear": name, "phrase": args.phrase, "seed": args.seed, "report": report });
        writeln!(out, "{all}")?;
    } else {
        print(args, &name, &report, out)?;
    }
    Ok(Status::Clean)
}

fn plan(args: &Args) -> Plan {
    Plan {
        phrase: args.phrase.clone(),
        words_max: args.words.into(),
        nearest: args.nearest as usize,
        forms: if args.forms {
            Forms::Allowed
        } else {
            Forms::LeftOut
        },
        voices: args.voices.into(),
        tries: args.tries as usize,
        keep: args.keep as usize,
        seed: args.seed,
    }
}

/// So many voices, flite's first: recognisers hear those best.
fn speakers(count: usize) -> Vec<Voice> {
    let (flite, others): (Vec<Voice>, Vec<Voice>) = voices()
        .iter()
        .partition(|voice| voice.engine() == Engine::Flite);
    flite.into_iter().chain(others).take(count).collect()
}

fn say(
    phrase: &str,
    setting: &Setting,
    speakers: &[Voice],
    cache: &Cache,
) -> Result<Vec<i16>, RenderError> {
    // Whoever speaks before has the next voice.
    let voices = speakers.iter().cycle().skip(setting.voice).take(2);
    let usual = Scene::default();
    let scene = Scene {
        voices: voices.copied().collect(),
        level_db: usual.level_db + f64::from(setting.level_db),
        ..usual
    };
    let saying = Saying {
        text: phrase,
        before: &setting.before,
        lead_in_ms: setting.lead_in_ms,
        lead_out_ms: LEAD_OUT_MS,
    };
    scene.say(&saying, cache).map(|sound| sound.samples)
}

/// Writes pairs that were not chosen by the answers of the ear, whole or not at all.
fn write_pairs(path: &Path, phrase: &str, report: &Report) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    writeln!(file, "spoken\theard\taccepted\ttries\tsource")?;
    let sources = [
        (&report.near_misses, "near-miss"),
        (&report.ordinary, "ordinary"),
    ];
    for (tried, source) in sources {
        for Tried { text, count, .. } in tried {
            let Count { accepted, tries } = count;
            writeln!(file, "{text}\t{phrase}\t{accepted}\t{tries}\t{source}")?;
        }
    }
    file.persist(path).map(|_| ()).map_err(|error| error.error)
}

fn print(args: &Args, name: &str, report: &Report, out: &mut impl Write) -> Result<(), Error> {
    let search = report.search;
    writeln!(
        out,
        "{}, attacked for \"{}\": it took {} of {} tries of the search. In the other voices:\n",
        printable(name),
        printable(&args.phrase),
        search.accepted,
        search.tries
    )?;
    let mut rows = table(&[
        "",
        "tries",
        "taken",
        "share",
        "95% interval",
        "phrases taken",
        "95% interval",
    ]);
    let kinds = [
        ("what the search found", &report.found),
        ("near-misses drawn blindly", &report.near_misses),
        ("phrases of ordinary talk", &report.ordinary),
    ];
    for (kind, tried) in kinds {
        let (tries, phrases) = (Count::of_tries(tried), Count::of_phrases(tried));
        rows.add_row([
            kind.to_owned(),
            tries.tries.to_string(),
            tries.accepted.to_string(),
            percent(tries.share()),
            interval(tries),
            format!("{} of {}", phrases.accepted, phrases.tries),
            interval(phrases),
        ]);
    }
    writeln!(out, "{rows}\n")?;
    print_ratio(report, out)?;
    print_phrases(args, report, out)
}

fn print_ratio(report: &Report, out: &mut impl Write) -> Result<(), Error> {
    let found = Count::of_tries(&report.found);
    let ordinary = Count::of_tries(&report.ordinary);
    let least = found.interval().low / ordinary.interval().high;
    let ratio = if ordinary.accepted == 0 {
        "ordinary talk was never taken".to_owned()
    } else {
        format!(
            "{:.0} times as often as ordinary talk",
            found.share() / ordinary.share()
        )
    };
    let of_several = |tried: &&Tried| tried.count.accepted > 0 && tried.text.contains(' ');
    writeln!(
        out,
        "What was found is taken: {ratio}; at least {least:.0} times as often, by the ends of the intervals."
    )?;
    writeln!(
        out,
        "Different phrases of two or more words that were taken: {}.",
        report.found.iter().filter(of_several).count()
    )?;
    writeln!(
        out,
        "Tries of one phrase are not independent: the intervals of tries are too narrow, those of phrases are not.\n"
    )?;
    Ok(())
}

fn print_phrases(args: &Args, report: &Report, out: &mut impl Write) -> Result<(), Error> {
    let mut rows = table(&["taken", "nats", "phrase", "as in"]);
    for tried in report.found.iter().take(args.n) {
        rows.add_row([
            format!("{} of {}", tried.count.accepted, tried.count.tries),
            format!("{:.2}", tried.nats),
            tried.text.clone(),
            tried.sentence.clone().unwrap_or_default(),
        ]);
    }
    writeln!(out, "{rows}")?;
    Ok(())
}

fn percent(share: f64) -> String {
    format!("{:.2}%", 100.0 * share)
}

fn interval(count: Count) -> String {
    let interval = count.interval();
    format!(
        "{:.2} to {:.2}%",
        100.0 * interval.low,
        100.0 * interval.high
    )
}
