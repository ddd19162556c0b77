//! `hunt`: the search for a conversation that makes an assistant break a rule.

mod misread;
mod report;
mod sound;

use crate::Status;
use crate::args::target::Chosen;
use crate::args::{DEFAULT_TIME, Hears, Hunt as Args};
use crate::commands::report::print;
use crate::commands::{limit_options, talk_from};
use crate::error::Error;
use indicatif::{ProgressBar, ProgressStyle};
use mondegreen_generator::Home;
use mondegreen_sim::{
    Assistant, Channel, Finding, Hunt, Material, Outcome, Progress, Served, Wish, home,
    nearest_chain, serve, spoken_finding,
};
use mondegreen_trace::Utterance;
use report::Report;
pub(crate) use report::finding_json;
use std::io::Write;
use std::time::Duration;

/// How often the line on the terminal is drawn, in conversations.
const DRAWN_EVERY: u64 = 64;

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    if args.chain.is_given() {
        return sound::run(args, out);
    }
    if args.sound.is_given() {
        let why = "there are options for sound, and nobody hears it; add `--ears`";
        return Err(Error::Setting(why.to_owned()));
    }
    if args.hears() == Hears::Words {
        return misread::run(args, out);
    }
    if args.save.is_some() {
        let why = "--save is for `hunt --hears words` and `--ears`; the one finding of this hunt is printed whole";
        return Err(Error::Setting(why.to_owned()));
    }
    let subject = args.target.subject();
    let home = home(args.seed);
    let talk = args.talk.as_deref().map(talk_from).transpose()?;
    let mut channel = Channel::new(subject.wake(), &home.household);
    let mut assistant: Box<dyn Assistant> = match &subject.chosen {
        Chosen::Ours(named) => Box::new(named.assistant()),
        Chosen::Program(command) => Box::new(subject.spawn(command)?),
    };
    let assistant = assistant.as_mut();
    let served = served(subject.wake(), &home, args.seed, &mut channel, assistant)?;
    let as_spoken = talk
        .as_deref()
        .map(|talk| hear_out(talk, &home, args.seed, &mut channel, assistant));
    let mut material = match &talk {
        Some(talk) => Material::recorded(talk, &mut channel),
        None => Material::generated(&home, &mut channel, args.seed),
    };
    let (outcome, progress) = search(args, &home, &mut material, &mut channel, assistant);
    let found = match outcome {
        Outcome::Found(script) => Finding::of(script, &mut channel, assistant),
        Outcome::NotFound => None,
        Outcome::Broken(script, broken) => {
            eprintln!("the conversation so far:\n{script}");
            return Err(Error::Broken(broken));
        }
    };
    let found = found.map(|found| found.shrunk(&mut channel, assistant));
    let report = Report {
        args,
        talk: talk.as_deref(),
        served,
        as_spoken,
        found,
        progress,
    };
    let (json, plain) = (|| report.json(), |out: &mut _| report.write(out));
    print(args.printing.format(), json, plain, out)?;
    Ok(if report.is_clean() {
        Status::Clean
    } else {
        Status::Findings
    })
}

/// What real talk does to the assistant as it was spoken.
pub(crate) struct AsSpoken {
    chain: Option<mondegreen_sim::Chain>,
    found: Option<Finding>,
}

fn hear_out(
    talk: &[Utterance],
    home: &Home,
    seed: u64,
    channel: &mut Channel,
    assistant: &mut dyn Assistant,
) -> AsSpoken {
    AsSpoken {
        chain: nearest_chain(talk, channel),
        found: spoken_finding(talk, &home.household, seed, channel, assistant)
            .map(|found| found.shrunk(channel, assistant)),
    }
}

/// How people are served who do want something.
fn served(
    wake: &str,
    home: &Home,
    seed: u64,
    channel: &mut Channel,
    assistant: &mut dyn Assistant,
) -> Result<Vec<(Wish, Served)>, Error> {
    let wishes = [
        Wish::Send,
        Wish::Cancel { turn: 1 },
        Wish::Cancel { turn: 3 },
        Wish::Lights,
    ];
    let mut all = Vec::new();
    for wish in wishes {
        let served = serve(wish, wake, &home.household, seed, channel, assistant);
        if let Some(broken) = served.held.broken {
            return Err(Error::Broken(broken));
        }
        all.push((wish, served));
    }
    Ok(all)
}

#[expect(clippy::disallowed_types, reason = "--time is a limit on real time")]
fn search(
    args: &Args,
    home: &Home,
    material: &mut Material,
    channel: &mut Channel,
    assistant: &mut dyn Assistant,
) -> (Outcome, Progress) {
    let line = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
        line.set_style(style);
    }
    let begun = std::time::Instant::now();
    let limit: Duration = args.time;
    let mut hunt = Hunt::new(&home.household, material, channel, args.seed);
    let ended = hunt.run(assistant, |progress| {
        if progress.conversations.is_multiple_of(DRAWN_EVERY) {
            let Progress { conversations, steps, ways, longest, .. } = progress;
            line.set_message(format!(
                "{conversations} conversations, {steps} dialog steps, {ways} ways of acting, the longest of {longest} effects"
            ));
            line.tick();
        }
        match args.steps {
            Some(most) => progress.steps < most,
            None => begun.elapsed() < limit,
        }
    });
    line.finish_and_clear();
    ended
}

/// The command that hunts like this again.
fn repeat(args: &Args) -> String {
    let Args {
        seed,
        talk,
        time,
        steps,
        ..
    } = args;
    let talk = match talk.as_ref().map(|path| path.display().to_string()) {
        Some(path) if path.contains(char::is_whitespace) => format!(" --talk {path:?}"),
        Some(path) => format!(" --talk {path}"),
        None => String::new(),
    };
    let limit = limit_options(*steps, *time, DEFAULT_TIME);
    let (subject, hears) = (args.target.subject(), args.hears_option());
    format!(
        "mondegreen hunt {} --seed {seed}{hears}{talk}{limit}",
        subject.place()
    )
}
