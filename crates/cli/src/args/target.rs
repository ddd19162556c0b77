//! The assistant that is put to the test: one of ours by name, or anybody's program.

use crate::error::Error;
use mondegreen_sim::campaign::ProgramSettings;
use mondegreen_sim::{Limits, Mutant, Preset, Process, Reference, Words};
use std::borrow::Cow;
use std::time::Duration;

/// How long a program may take if nothing is said; `default_value` of `--limit` and `--start-limit`.
const LIMITS: Limits = Limits {
    answer: Duration::from_secs(5),
    hello: Duration::from_mins(1),
};

/// An assistant that can be chosen.
#[derive(Clone, Debug)]
pub(crate) enum Chosen {
    Ours(Named),
    /// The command line of a program.
    Program(String),
}

/// An assistant of ours by name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Named {
    Preset(Preset),
    Mutant(&'static Mutant),
}

impl Named {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Preset(preset) => preset.name,
            Self::Mutant(mutant) => mutant.name,
        }
    }

    /// The name that it answers to.
    pub(crate) const fn wake(self) -> &'static str {
        match self {
            Self::Preset(preset) => preset.wake,
            Self::Mutant(_) => Preset::GUARDED.wake,
        }
    }

    /// One that nothing has happened to yet.
    pub(crate) fn assistant(self) -> Reference {
        match self {
            Self::Preset(preset) => Reference::new(preset),
            Self::Mutant(mutant) => mutant.assistant(),
        }
    }
}

/// The assistant, by its place on the command line or by an option.
#[derive(Debug, clap::Args)]
pub(crate) struct Target {
    /// The assistant: echo-2018, assistant-2018, guarded, or a mutant by name
    #[arg(value_name = "ASSISTANT", value_parser = named, required_unless_present = "any")]
    named: Option<Named>,
    /// The assistant: one by name, or any program that speaks the protocol, like './mine --fast' or
    /// 'python3 mine.py'
    #[arg(long = "assistant", value_name = "NAME|CMD", value_parser = chosen, conflicts_with = "named")]
    any: Option<Chosen>,
    #[command(flatten)]
    program: Program,
}

/// What has to be known of an assistant that is a program.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Program {
    /// The name that a program answers to
    #[arg(long, value_name = "WORDS", default_value = "alexa", help_heading = PROGRAMS)]
    wake: String,
    /// How a program is asked to send a message
    #[arg(long = "command", value_name = "WORDS", default_value = "send a message", help_heading = PROGRAMS)]
    request: String,
    /// How long a program may take for an answer, in real time
    #[arg(long, value_name = "D", value_parser = humantime::parse_duration, default_value = "5s", help_heading = PROGRAMS)]
    limit: Duration,
    /// How long it may take for its first answer
    #[arg(long, value_name = "D", value_parser = humantime::parse_duration, default_value = "60s", help_heading = PROGRAMS)]
    start_limit: Duration,
}

const PROGRAMS: &str = "Options for an assistant that is a program";

impl Target {
    /// The assistant that was chosen.
    pub(crate) fn subject(&self) -> Subject<'_> {
        let ours = self.named.map(Chosen::Ours);
        let chosen = ours.or_else(|| self.any.clone());
        // One of the two is required.
        self.program
            .subject(chosen.unwrap_or(Chosen::Ours(Named::Preset(Preset::GUARDED))))
    }
}

impl Program {
    /// What was written down of it.
    pub(crate) fn of(settings: &ProgramSettings) -> Self {
        Self {
            wake: settings.wake.clone(),
            request: settings.command.clone(),
            limit: Duration::from_millis(settings.limit_ms),
            start_limit: Duration::from_millis(settings.start_limit_ms),
        }
    }

    /// What is written down of it.
    pub(crate) fn settings(&self) -> ProgramSettings {
        let millis = |limit: Duration| u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        ProgramSettings {
            wake: self.wake.clone(),
            command: self.request.clone(),
            limit_ms: millis(self.limit),
            start_limit_ms: millis(self.start_limit),
        }
    }

    /// This assistant, and what has to be known of it.
    pub(crate) const fn subject(&self, chosen: Chosen) -> Subject<'_> {
        Subject {
            chosen,
            program: self,
        }
    }
}

/// An assistant that was chosen, with all that has to be known of it.
#[derive(Clone, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) chosen: Chosen,
    program: &'a Program,
}

impl Subject<'_> {
    /// What it is called in a report.
    pub(crate) fn name(&self) -> &str {
        match &self.chosen {
            Chosen::Ours(named) => named.name(),
            Chosen::Program(command) => command,
        }
    }

    /// The name that it answers to.
    pub(crate) fn wake(&self) -> &str {
        match &self.chosen {
            Chosen::Ours(named) => named.wake(),
            Chosen::Program(_) => &self.program.wake,
        }
    }

    /// The words that a program answers to.
    pub(crate) fn words(&self) -> Words {
        Words {
            wake: self.program.wake.clone(),
            request: self.program.request.clone(),
        }
    }

    /// The option that chooses it again, with what belongs to it.
    pub(crate) fn option(&self) -> String {
        let Chosen::Program(command) = &self.chosen else {
            return format!("--assistant {}", self.name());
        };
        let Words { wake, request } = Words::default();
        let program = self.program;
        let limit = humantime::format_duration(program.limit).to_string();
        let start_limit = humantime::format_duration(program.start_limit).to_string();
        let options = [
            ("--assistant", Some(command)),
            ("--wake", Some(&program.wake).filter(|own| **own != wake)),
            (
                "--command",
                Some(&program.request).filter(|own| **own != request),
            ),
            (
                "--limit",
                Some(&limit).filter(|_| program.limit != LIMITS.answer),
            ),
            (
                "--start-limit",
                Some(&start_limit).filter(|_| program.start_limit != LIMITS.hello),
            ),
        ];
        let given = options
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        let given = given.map(|(name, value)| format!("{name} {}", quoted(value)));
        given.collect::<Vec<_>>().join(" ")
    }

    /// What chooses it again, by its place if it has a name.
    pub(crate) fn place(&self) -> String {
        match &self.chosen {
            Chosen::Ours(named) => named.name().to_owned(),
            Chosen::Program(_) => self.option(),
        }
    }

    /// How long the program may take.
    pub(crate) const fn limits(&self) -> Limits {
        Limits {
            answer: self.program.limit,
            hello: self.program.start_limit,
        }
    }

    /// Starts a program.
    pub(crate) fn spawn(&self, command: &str) -> Result<Process, Error> {
        Process::spawn(command, self.limits()).map_err(Error::Broken)
    }
}

/// A word of a command line as a shell takes it for one.
pub(crate) fn quoted(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', r"'\''")).into()
}

pub(crate) fn preset(name: &str) -> Result<Preset, String> {
    Preset::named(name).ok_or_else(|| {
        let names: Vec<&str> = Preset::ALL.iter().map(|preset| preset.name).collect();
        format!(
            "there is no such assistant; try one of {}",
            names.join(", ")
        )
    })
}

/// An assistant of ours by name.
pub(crate) fn named(name: &str) -> Result<Named, String> {
    if let Some(mutant) = Mutant::named(name) {
        return Ok(Named::Mutant(mutant));
    }
    let named = preset(name).map(Named::Preset);
    named.map_err(|error| format!("{error}, or a name that `mondegreen mutants` lists"))
}

/// An assistant of ours by name, or a program: what holds a blank or a slash is no name.
pub(crate) fn chosen(text: &str) -> Result<Chosen, String> {
    if text.contains(|c: char| c.is_whitespace() || c == '/') {
        return Ok(Chosen::Program(text.to_owned()));
    }
    let ours = named(text).map(Chosen::Ours);
    ours.map_err(|error| format!("{error}, or the command line of a program, like ./{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_a_quoted_word_as_it_was() {
        assert_eq!(quoted("adapters/run"), "adapters/run");
        assert_eq!(quoted("python3 'a b'.py"), r"'python3 '\''a b'\''.py'");
        assert_eq!(quoted(""), "''");
    }
}
