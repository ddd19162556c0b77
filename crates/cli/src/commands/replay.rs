//! `replay`: a conversation once more, from its script; or a case once more.

use crate::args::Replay;
use crate::args::target::{Chosen, Subject};
use crate::commands::{breach_json, seconds, text_from};
use crate::error::Error;
use crate::{Status, timeline};
use mondegreen_generator::sound::{RenderError, Scene, render};
use mondegreen_oracle::{Breach, Rule, judge};
use mondegreen_sim::{
    Assistant, Broken, Case, Caught, Channel, Hit, SpokenTo, hold, hold_in_sound,
    leave_out_second_play, try_case,
};
use mondegreen_trace::{Household, Script, Trace};
use serde_json::json;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use tempfile::NamedTempFile;

pub(crate) fn run(args: &Replay, out: &mut impl Write) -> Result<Status, Error> {
    if args.sound.is_given() && args.wav.is_none() && !args.chain.is_given() {
        let why = "there are options for sound and no use for it; add `--wav OUT.wav` or `--ears`";
        return Err(Error::Setting(why.to_owned()));
    }
    let scene = args.sound.scene()?;
    let subject = args.program.subject(args.assistant.clone());
    let text = text_from(&args.script)?;
    let replayed = if args
        .script
        .extension()
        .is_some_and(|extension| extension == "case")
    {
        play_case(args, &subject, &text)?
    } else {
        hold_script(args, &scene, &subject, &text)?
    };
    let Replayed {
        household,
        trace,
        heard,
        broken,
        breaches,
    } = replayed;
    if args.json {
        write!(out, "{}", trace.to_json_lines()?)?;
        let breaches: Vec<_> = breaches.iter().map(breach_json).collect();
        let verdict = match &heard {
            Heard::ByModel(_) => json!({ "breaches": breaches }),
            Heard::InSound(caught) => json!({ "heard": caught, "breaches": breaches }),
        };
        writeln!(out, "{verdict}")?;
    } else {
        match &heard {
            Heard::ByModel(hits) => timeline::write(&household, (&trace, hits), &breaches, out)?,
            Heard::InSound(caught) => {
                timeline::write_sound(&household, (&trace, caught), &breaches, out)?;
            }
        }
        let verdict = if breaches.is_empty() {
            "no rule is broken."
        } else {
            "rules are broken."
        };
        writeln!(out, "\n{}: {verdict}", subject.name())?;
    }
    if let Some(broken) = broken {
        return Err(Error::Broken(broken));
    }
    if let Some(path) = &args.wav {
        write_sound(&trace, &scene, args, path)?;
    }
    Ok(if breaches.is_empty() {
        Status::Clean
    } else {
        Status::Findings
    })
}

/// What happened, and what it broke.
struct Replayed {
    household: Household,
    trace: Trace,
    heard: Heard,
    broken: Option<Broken>,
    breaches: Vec<Breach>,
}

/// What was heard.
enum Heard {
    /// By our channel, or word by word.
    ByModel(Vec<Hit>),
    /// By real engines.
    InSound(Vec<Caught>),
}

fn hold_script(
    args: &Replay,
    scene: &Scene,
    subject: &Subject<'_>,
    text: &str,
) -> Result<Replayed, Error> {
    let script: Script = text
        .parse()
        .map_err(|error| Error::Script(args.script.clone(), error))?;
    let mut channel = Channel::new(subject.wake(), &script.household);
    let mut assistant: Box<dyn Assistant> = match &subject.chosen {
        Chosen::Ours(named) => Box::new(named.assistant()),
        Chosen::Program(command) => Box::new(subject.spawn(command)?),
    };
    let assistant = assistant.as_mut();
    let (held, heard) = if args.chain.is_given() {
        let cache = args.sound.cache()?;
        let mut microphone = args
            .chain
            .microphone(subject.wake(), scene.clone(), cache)?;
        let mut held = hold_in_sound(&script, &mut channel, &mut microphone, assistant)?;
        let caught = std::mem::take(&mut held.caught);
        (held, Heard::InSound(caught))
    } else {
        let mut held = hold(&script, &mut channel, assistant);
        let spotted = std::mem::take(&mut held.spotted);
        (held, Heard::ByModel(spotted))
    };
    Ok(Replayed {
        breaches: judge(&held.trace),
        household: script.household,
        trace: held.trace,
        heard,
        broken: held.broken,
    })
}

/// A case is played twice: a run that depends on the one before breaks a rule. Both are shown only then.
fn play_case(args: &Replay, subject: &Subject<'_>, text: &str) -> Result<Replayed, Error> {
    let case: Case = text
        .parse()
        .map_err(|error| Error::Case(args.script.clone(), error))?;
    if args.wav.is_some() || args.chain.is_given() {
        let why = "nobody speaks in a case; only scripts can be said aloud";
        return Err(Error::Setting(why.to_owned()));
    }
    let tried = match &subject.chosen {
        Chosen::Ours(named) => try_case(&case, named.assistant()),
        Chosen::Program(command) => {
            let process = SpokenTo::new(subject.spawn(command)?);
            try_case(&case, process.in_words(subject.words()))
        }
    };
    let (mut trace, mut breaches) = tried.map_err(Error::Broken)?;
    if !breaches.iter().any(|breach| breach.rule == Rule::G15) {
        leave_out_second_play(&mut trace, &mut breaches);
    }
    Ok(Replayed {
        household: case.household(),
        trace,
        heard: Heard::ByModel(Vec::new()),
        broken: None,
        breaches,
    })
}

/// Writes the sound, and what is known of it, whole or not at all.
fn write_sound(trace: &Trace, scene: &Scene, args: &Replay, path: &Path) -> Result<(), Error> {
    let cache = args.sound.cache()?;
    let failed = |error: RenderError| Error::Render(path.to_owned(), error);
    let mut file = beside(path).map_err(|error| failed(error.into()))?;
    let sound = BufWriter::new(file.as_file_mut());
    let truth = render(trace, scene, &cache, sound).map_err(failed)?;
    if let Some(path) = &args.truth {
        let failed = |error: io::Error| Error::Render(path.clone(), error.into());
        let mut file = beside(path).map_err(failed)?;
        writeln!(file, "{}", serde_json::to_string(&truth)?).map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
    }
    file.persist(path)
        .map_err(|error| failed(error.error.into()))?;
    let length = seconds(truth.length_ms);
    eprintln!("{}: {length} s of sound", path.display());
    if truth.clipped > 0 {
        let count = truth.clipped;
        eprintln!(
            "{}: {count} samples were too loud and are cut off",
            path.display()
        );
    }
    Ok(())
}

/// A file in the folder of another one, whose place it takes once it is whole.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
}
