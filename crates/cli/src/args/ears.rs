//! What can be said to `hear` and `attack`.

use crate::args::target::quoted;
use crate::commands::text_from;
use crate::error::Error;
use crate::picture::PictureFile;
use mondegreen_generator::sound::{Cache, Scene};
use mondegreen_sim::ear::{Ear, Keyword, Limits};
use mondegreen_sim::{Expects, Microphone, Recorded};
use mondegreen_trace::Trace;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How ears are given.
const EARS: &str = "\
An ear is a wake-word engine or a recogniser that speaks the Wyoming protocol: a name, like microwakeword, which is \
short for the program `ears/run microwakeword` in this folder; the command line of any other program; a server, \
like tcp://127.0.0.1:10400, which hears at the speed of sound; or a file that `enrol` made, like alexa.keyword, which \
the embedded detector listens for. `ears/setup` installs ours; docs/ears.md says which.";

/// How long ears may take.
#[derive(Debug, clap::Args)]
pub(crate) struct Patience {
    /// How long an ear may take for an answer, in real time, beside five times the length of the sound
    #[arg(long, value_name = "D", value_parser = humantime::parse_duration, default_value = "20s")]
    limit: Duration,
    /// How long it may take to start
    #[arg(long, value_name = "D", value_parser = humantime::parse_duration, default_value = "60s")]
    start_limit: Duration,
}

impl Patience {
    /// Opens an ear, by its name, its command line or its address.
    pub(crate) fn open(&self, ear: &str) -> Result<Ear, Error> {
        if is_keyword(ear) {
            return keyword(Path::new(ear)).map(Ear::embedded);
        }
        let limits = Limits {
            hello: self.start_limit,
            answer: self.limit,
            ..Limits::default()
        };
        let opened = Ear::open(&place(ear), limits);
        opened.map_err(|error| Error::Ear(ear.to_owned(), error))
    }
}

/// What holds a blank, a slash or nothing is no name.
fn place(ear: &str) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !ear.is_empty() && ear.chars().all(is_name) {
        format!("ears/run {ear}")
    } else {
        ear.to_owned()
    }
}

/// Whether it is a file that `enrol` made.
fn is_keyword(ear: &str) -> bool {
    Path::new(ear)
        .extension()
        .is_some_and(|ending| ending == "keyword")
}

fn keyword(path: &Path) -> Result<Keyword, Error> {
    let keyword = text_from(path)?.parse::<Keyword>();
    keyword.map_err(|error| Error::line(path, error.line(), &error))
}

/// Real engines between what people say and an assistant.
#[derive(Debug, clap::Args)]
pub(crate) struct Chain {
    /// Let real engines hear the sound of it: a wake-word engine and a recogniser, like
    /// microwakeword,pocketsphinx (docs/chain.md)
    #[arg(long, value_name = "EAR", value_delimiter = ',', help_heading = CHAIN)]
    ears: Vec<String>,
    /// Let the recogniser choose among the commands, names or answers that the assistant listens for,
    /// instead of hearing anything
    #[arg(long, requires = "ears", help_heading = CHAIN)]
    pub(crate) grammar: bool,
    /// How long an ear may take for an answer, in real time, beside five times the length of the sound
    #[arg(long, value_name = "D", value_parser = humantime::parse_duration, default_value = "20s", help_heading = CHAIN)]
    ear_limit: Duration,
}

const CHAIN: &str = "Options for real ears";

impl Chain {
    /// Whether engines are to hear it.
    pub(crate) fn is_given(&self) -> bool {
        !self.ears.is_empty()
    }

    /// What was said of it, to be said again.
    pub(crate) fn options(&self) -> String {
        let ears = quoted(&self.ears.join(",")).into_owned();
        let grammar = if self.grammar { " --grammar" } else { "" };
        format!(" --ears {ears}{grammar}")
    }

    /// A microphone in a scene, for an assistant of this name.
    pub(crate) fn microphone(
        &self,
        wake: &str,
        scene: Scene,
        cache: Cache,
    ) -> Result<Microphone, Error> {
        let patience = Patience {
            limit: self.ear_limit,
            start_limit: Limits::default().hello,
        };
        let ears = self.ears.iter().map(|ear| patience.open(ear));
        let ears = ears.collect::<Result<Vec<_>, _>>()?;
        let expects = if self.grammar {
            Expects::Phrases
        } else {
            Expects::Anything
        };
        let record = move |trace: &Trace| scene.play(trace, &cache).map(Recorded::from);
        Microphone::new(Box::new(record), ears, wake, expects).map_err(Error::from)
    }
}

#[derive(Debug, clap::Args)]
#[command(
    after_long_help = EARS,
    after_help = "Exit status: 0 all ears heard it, 2 one is not available, or a bad command or file, 3 one is broken."
)]
pub(crate) struct Hear {
    /// The recording: WAV, mono or stereo, 8 to 48 kHz, an hour at most
    pub(crate) recording: PathBuf,
    /// The ears, like microwakeword,pocketsphinx; a command line is one of them; may be given more than once
    #[arg(long, value_name = "EAR", value_delimiter = ',', required = true)]
    pub(crate) ears: Vec<String>,
    /// The name that wake-word engines listen for
    #[arg(long, value_name = "WORDS", default_value = "alexa")]
    pub(crate) wake: String,
    /// A phrase that recognisers listen for, instead of anything; may be given more than once
    #[arg(long = "for", value_name = "WORDS")]
    pub(crate) phrases: Vec<String>,
    /// Draw spectrogram, words and scores on one axis of time, into a file whose name ends in .svg or .png
    #[arg(long, value_name = "FILE", value_parser = PictureFile::named)]
    pub(crate) plot: Option<PictureFile>,
    /// Draw these words as well: what is said in the recording, as `replay --truth` writes it
    #[arg(long, value_name = "FILE.json", requires = "plot")]
    pub(crate) truth: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) patience: Patience,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// What enrolment does, and what its figures do not show.
const ENROL: &str = "\
What it does: recordings of the keyword, best by several people, become templates; without any, six synthetic voices \
say it. A small network then learns to tell it from near-misses and from talk, all of them rendered. What comes of it is \
tried in other voices, near-misses and talk, and the counts are printed.

What it does not show: how people sound. The voices are synthetic, and keywords as short as \"echo\" are taken for what \
holds them (docs/hearing.md).";

#[derive(Debug, clap::Args)]
#[command(after_long_help = ENROL)]
pub(crate) struct Enrol {
    /// The keyword, like alexa or "hey you"
    pub(crate) name: String,
    /// Recordings of nothing but the keyword: WAV, 8 to 48 kHz; without any, it is rendered
    pub(crate) recordings: Vec<PathBuf>,
    /// Write the keyword to this file, whose name ends in .keyword
    #[arg(short, long, value_name = "FILE.keyword")]
    pub(crate) out: PathBuf,
    /// Learn nothing: compare with the recordings alone, which needs no speech engine
    #[arg(long, requires = "recordings")]
    pub(crate) alone: bool,
    /// Where all randomness comes from
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Keep spoken phrases in this folder [default: mondegreen/speech in your cache folder]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

impl Enrol {
    /// Where spoken phrases are kept.
    pub(crate) fn cache(&self) -> Result<Cache, Error> {
        cache(self.cache.as_deref())
    }
}

/// Where spoken phrases are kept: this folder, or the user's.
fn cache(folder: Option<&Path>) -> Result<Cache, Error> {
    match folder {
        Some(folder) => Cache::in_folder(folder).map_err(|e| Error::Setting(e.to_string())),
        None => Ok(Cache::of_user()),
    }
}

/// What an attack counts, and what not.
const ATTACK: &str = "\
What it does: near-misses of PHRASE that can be said in a sentence are spoken in half of the voices, each with a \
lead-in and a level of its own and some after somebody else, and played to the ear; its answers say what is tried next. \
What was found is then spoken in the other half, beside near-misses that were drawn blindly and phrases out of ordinary \
talk. Only these tries are counted.

What it does not show: how people sound. The voices are synthetic, and some engines hear some of them better than others.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = format!("{ATTACK}\n\n{EARS}"))]
pub(crate) struct Attack {
    /// The ear
    pub(crate) ear: String,
    /// What it listens for, like alexa
    pub(crate) phrase: String,
    /// The most words of a near-miss
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=3))]
    pub(crate) words: u8,
    /// Look through so many of the nearest texts for such as can be said in a sentence
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=200_000))]
    pub(crate) nearest: u32,
    /// Also try words that hold two thirds of the sounds of PHRASE, as Lexus and Alexis do of alexa
    #[arg(long)]
    pub(crate) forms: bool,
    /// How many voices speak; flite's four come first
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u8).range(4..=24))]
    pub(crate) voices: u8,
    /// How many tries the search has
    #[arg(long, value_name = "N", default_value_t = 4_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) tries: u32,
    /// How many phrases are kept, and spoken in the other voices
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) keep: u32,
    /// How many phrases to list
    #[arg(short, value_name = "N", default_value_t = 20)]
    pub(crate) n: usize,
    /// How many ears share the work [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    pub(crate) jobs: Option<u8>,
    /// Where all randomness comes from
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Write what was said and whether it was taken to this file, for `calibrate`; without what was
    /// found, since that was chosen by the answers
    #[arg(long, value_name = "FILE.tsv")]
    pub(crate) pairs: Option<PathBuf>,
    /// Keep spoken phrases in this folder [default: mondegreen/speech in your cache folder]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) patience: Patience,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

impl Attack {
    /// Where spoken phrases are kept.
    pub(crate) fn cache(&self) -> Result<Cache, Error> {
        cache(self.cache.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_for_one_of_our_programs() {
        assert_eq!(place("microwakeword"), "ears/run microwakeword");
        for other in [
            "ears/run x",
            "./mine",
            "tcp://localhost:1",
            "mine --fast",
            "",
        ] {
            assert_eq!(place(other), other);
        }
    }
}
