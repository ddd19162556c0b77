//! `hunt --ears`: a search in which real engines hear the sound of what is said.

use crate::Status;
use crate::args::target::Chosen;
use crate::args::{DEFAULT_TIME, Hunt as Args};
use crate::commands::report::print;
use crate::commands::{breach_json, limit_options, write_whole};
use crate::error::Error;
use crate::timeline;
use indicatif::ProgressBar;
use mondegreen_generator::Home;
use mondegreen_sim::{
    Assistant, Channel, Furthest, Scored, SoundPlan, SoundProgress, headline, hold_in_sound, home,
    hunt_in_sound,
};
use mondegreen_trace::Script;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::PathBuf;

#[expect(clippy::disallowed_types, reason = "--time is a limit on real time")]
pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    if args.talk.is_some() {
        let why = "--talk is not for `hunt --ears`, which speaks its own sentences";
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
        line.set_message(progress_told(*progress));
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
    let told = Told {
        args,
        furthest: &furthest,
        progress,
        steps,
        saved,
    };
    let write = |out: &mut _| told.write(out);
    print(args.printing.format(), || told.json(), write, out)?;
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

fn progress_told(progress: SoundProgress) -> String {
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

/// All that a hunt in sound has to say.
struct Told<'a> {
    args: &'a Args,
    furthest: &'a Furthest,
    progress: SoundProgress,
    /// Inputs that the assistant took.
    steps: u64,
    saved: Option<PathBuf>,
}

impl Told<'_> {
    /// The command that does it again.
    fn repeat(&self) -> String {
        let args = self.args;
        let limit = limit_options(args.steps, args.time, DEFAULT_TIME);
        let (ears, sound) = (args.chain.options(), args.sound.options());
        format!(
            "mondegreen hunt {} --seed {}{ears}{sound}{limit}",
            args.target.subject().place(),
            args.seed
        )
    }

    fn write(&self, out: &mut impl Write) -> Result<(), Error> {
        let subject = self.args.target.subject();
        let Furthest {
            script,
            held,
            breaches,
        } = self.furthest;
        match headline(breaches) {
            Some(rule) => writeln!(out, "{}: {rule} is broken.\n", subject.name())?,
            None => writeln!(
                out,
                "{}: no rule was broken. This led furthest:\n",
                subject.name()
            )?,
        }
        timeline::write_sound(
            &script.household,
            (&held.trace, &held.caught),
            breaches,
            out,
        )?;
        let saved = self.saved.as_ref();
        let file = saved.map_or_else(|| "FILE".to_owned(), |path| path.display().to_string());
        let replay = replay(self.args, &file);
        writeln!(out, "\nscript  (for `{replay}`)\n{script}")?;
        writeln!(out, "repeat  {}\n", self.repeat())?;
        writeln!(out, "tried   {}", progress_told(self.progress))?;
        Ok(())
    }

    fn json(&self) -> Value {
        let SoundProgress {
            conversations,
            led_on,
            stages,
        } = self.progress;
        let Furthest {
            script,
            held,
            breaches,
        } = self.furthest;
        let repeat = self.repeat();
        let finding = headline(breaches).map(|rule| {
            json!({
                "rule": rule.to_string(),
                "breaches": breaches.iter().map(breach_json).collect::<Vec<_>>(),
                "script": script.to_string(),
                "trace": held.trace.lines,
                "heard": held.caught,
                "found_by": "sound",
                "file": self.saved,
                "replay": replay(self.args, "found.script"),
                "repeat": repeat,
            })
        });
        json!({
            "command": "hunt",
            "assistant": self.args.target.subject().name(),
            "version": env!("CARGO_PKG_VERSION"),
            "seed": self.args.seed,
            "conversations": conversations,
            "steps": self.steps,
            "finding": finding,
            "furthest": {
                "script": script.to_string(),
                "heard": held.caught,
                "led_on": led_on,
                "stages": stages,
            },
            "repeat": repeat,
        })
    }
}

fn replay(args: &Args, file: &str) -> String {
    let subject = args.target.subject();
    let (ears, sound) = (args.chain.options(), args.sound.options());
    format!("mondegreen replay {file} {}{ears}{sound}", subject.option())
}
