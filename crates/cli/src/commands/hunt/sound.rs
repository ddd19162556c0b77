//! `hunt --ears`: a search in which real engines hear the sound of what is said.

use crate::Status;
use crate::args::report::Format;
use crate::args::target::Chosen;
use crate::args::{DEFAULT_TIME, Hunt as Args};
use crate::commands::{breach_json, write_whole};
use crate::error::Error;
use crate::timeline;
use indicatif::ProgressBar;
use mondegreen_generator::Home;
use mondegreen_sim::{
    Assistant, Channel, Furthest, Scored, SoundPlan, SoundProgress, headline, hold_in_sound, home,
    hunt_in_sound,
};
use mondegreen_trace::Script;
use serde_json::json;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

#[expect(clippy::disallowed_types, reason = "--time is a limit on real time")]
pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    if args.talk.is_some() {
        let why = "--talk is not for `hunt --ears`, which speaks its own sentences";
        return Err(Error::Setting(why.to_owned()));
    }
    if !matches!(args.printing.format(), Format::Plain | Format::Json) {
        let why = "`hunt --ears` prints plainly or as JSON; --format is for one of these there";
        return Err(Error::Setting(why.to_owned()));
    }
    let subject = args.target.subject();
    let plan = SoundPlan {
        home: one_device(home(args.seed)),
        wake: subject.wake().to_owned(),
        request: subject.words().request,
        seed: args.seed,
    };
    let mut channel = Channel::new(&plan.wake, &plan.home.household);
    let (scene, cache) = (args.sound.scene()?, args.sound.cache()?);
    let mut microphone = args.chain.microphone(&plan.wake, scene, cache)?;
    let mut assistant: Box<dyn Assistant> = match &subject.chosen {
        Chosen::Ours(named) => Box::new(named.assistant()),
        Chosen::Program(command) => Box::new(subject.spawn(command)?),
    };
    let mut steps = 0;
    let mut hold = |script: &Script, channel: &mut Channel| -> Result<Scored, Error> {
        let held = hold_in_sound(script, channel, &mut microphone, assistant.as_mut())?;
        steps += held.steps as u64;
        match held.broken {
            Some(broken) => Err(Error::Broken(broken)),
            None => Ok((held, microphone.take_score())),
        }
    };
    let line = ProgressBar::new_spinner();
    let begun = std::time::Instant::now();
    let mut go_on = |progress: &SoundProgress| {
        line.set_message(told(*progress));
        line.tick();
        match args.steps {
            Some(most) => progress.conversations < most,
            None => begun.elapsed() < args.time,
        }
    };
    let hunted = hunt_in_sound(&plan, &mut channel, &mut hold, &mut go_on);
    line.finish_and_clear();
    let (furthest, progress) = hunted?;
    let saved = save(args, &furthest)?;
    if args.printing.format() == Format::Json {
        let found = headline(&furthest.breaches).map(|rule| rule.to_string());
        let all = json!({
            "found": found,
            "breaches": furthest.breaches.iter().map(breach_json).collect::<Vec<_>>(),
            "script": furthest.script.to_string(),
            "heard": furthest.held.caught,
            "progress": progress,
            "inputs": steps,
        });
        writeln!(out, "{all}")?;
    } else {
        write(args, &furthest, progress, saved, out)?;
    }
    Ok(if furthest.breaches.is_empty() {
        Status::Clean
    } else {
        Status::Findings
    })
}

/// All devices have one microphone in sound, so one device is enough.
fn one_device(mut home: Home) -> Home {
    home.household.devices.truncate(1);
    home
}

fn told(progress: SoundProgress) -> String {
    let SoundProgress {
        conversations,
        led_on,
        stages,
    } = progress;
    format!(
        "{conversations} conversations, {led_on} of which led on; it listened for {stages} different things at most"
    )
}

/// Writes the script of a finding, with the command that holds it again.
fn save(args: &Args, furthest: &Furthest) -> Result<Option<PathBuf>, Error> {
    let (Some(folder), Some(rule)) = (&args.save, headline(&furthest.breaches)) else {
        return Ok(None);
    };
    fs::create_dir_all(folder).map_err(|error| Error::Read(folder.clone(), error))?;
    let path = folder.join(format!("in-sound-with-seed-{}.script", args.seed));
    let script = furthest.script.to_string();
    let (first, rest) = script.split_once('\n').unwrap_or((&script, ""));
    let text = format!(
        "{first}\n# {}\n# breaks {rule:?}\n{rest}",
        replay(args, "FILE")
    );
    write_whole(&path, text.as_bytes())?;
    Ok(Some(path))
}

fn replay(args: &Args, file: &str) -> String {
    let subject = args.target.subject();
    let (ears, sound) = (args.chain.options(), args.sound.options());
    format!("mondegreen replay {file} {}{ears}{sound}", subject.option())
}

fn write(
    args: &Args,
    furthest: &Furthest,
    progress: SoundProgress,
    saved: Option<PathBuf>,
    out: &mut impl Write,
) -> Result<(), Error> {
    let subject = args.target.subject();
    match headline(&furthest.breaches) {
        Some(rule) => writeln!(out, "{}: {rule} is broken.\n", subject.name())?,
        None => writeln!(
            out,
            "{}: no rule was broken. This led furthest:\n",
            subject.name()
        )?,
    }
    let Furthest {
        script,
        held,
        breaches,
    } = furthest;
    timeline::write_sound(
        &script.household,
        (&held.trace, &held.caught),
        breaches,
        out,
    )?;
    let file = saved.map_or_else(|| "FILE".to_owned(), |path| path.display().to_string());
    writeln!(out, "\nscript  (for `{}`)\n{script}", replay(args, &file))?;
    let limit = match args.steps {
        Some(steps) => format!(" --steps {steps}"),
        None if args.time == DEFAULT_TIME => String::new(),
        None => format!(" --time {}s", args.time.as_secs_f64()),
    };
    let (ears, sound) = (args.chain.options(), args.sound.options());
    writeln!(
        out,
        "repeat  mondegreen hunt {} --seed {}{ears}{sound}{limit}\n",
        subject.place(),
        args.seed
    )?;
    writeln!(out, "tried   {}", told(progress))?;
    Ok(())
}
