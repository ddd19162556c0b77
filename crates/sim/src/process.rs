//! An assistant that is a program: it is given lines of the protocol and writes lines back.
//!
//! Whatever the program does, a call ends in time and in bounded memory: one input has so long to be
//! answered, a line is so long, and an answer has so many lines. A program that crosses a limit, ends,
//! or writes what the protocol does not know is [`Broken`], with an [`Account`] of its last run; then it
//! is ended, and everything else in its process group. The next `start` starts it anew.
//!
//! No thread waits for it: the pipes never block, and one `poll` watches them all. This is for systems
//! that have process groups (Unix). A program that leaves its group on purpose is not followed.

mod answer;
pub(crate) mod breakdown;
pub(crate) mod child;
mod conversation;
pub(crate) mod lines;
mod pool;

pub use pool::Pool;

use crate::assistant::{Account, Assistant, Broken};
use answer::{Answer, Read};
use breakdown::Breakdown;
use child::{Child, Deadline};
use conversation::Conversation;
use mondegreen_trace::{Effect, Input};
use std::time::Duration;

/// How long a program may take, in real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From an input to its `done`.
    pub answer: Duration,
    /// From the first `start` after the program was started to its `done`.
    pub hello: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(5),
            hello: Duration::from_mins(1),
        }
    }
}

/// A program that speaks the assistant protocol over its standard input and output.
///
/// Dropped, it sees the end of its input, and is ended if it does not leave in a moment.
#[derive(Debug)]
pub struct Process {
    command: Vec<String>,
    limits: Limits,
    running: Result<Running, Broken>,
    /// The input that was given last, as a line; kept for its memory.
    line: Vec<u8>,
}

impl Process {
    /// Starts the program of this command line, which is split into words as a shell does it; no
    /// shell runs it.
    ///
    /// # Errors
    /// When the command line has no word or an open quote, or the program cannot be started.
    pub fn spawn(command: &str, limits: Limits) -> Result<Self, Broken> {
        let words = shlex::split(command).filter(|words| !words.is_empty());
        let command = words.ok_or_else(|| Broken::new(Breakdown::NoCommand.to_string()))?;
        let running = Ok(Running::start(&command, limits)?);
        Ok(Self {
            command,
            limits,
            running,
            line: Vec::new(),
        })
    }

    /// Number of its process, which is that of its group as well; nothing once it is broken.
    pub fn id(&self) -> Option<u32> {
        let running = self.running.as_ref().ok();
        running.map(|running| running.child.id())
    }

    /// What there is to tell of the last run, whether the program is broken or not.
    pub fn account(&self) -> Account {
        match &self.running {
            Ok(running) => running.account(),
            Err(broken) => broken.account().cloned().unwrap_or_default(),
        }
    }

    /// Gives it an input in the form of this line, which has no end yet.
    ///
    /// # Errors
    /// As for [`Assistant::take`].
    pub(crate) fn take_as(
        &mut self,
        input: &Input,
        line: &[u8],
        effects: &mut Vec<Effect>,
    ) -> Result<(), Broken> {
        if self.running.is_err() && matches!(input, Input::Start { .. }) {
            self.running = Ok(Running::start(&self.command, self.limits)?);
        }
        let running = self.running.as_mut().map_err(|broken| broken.clone())?;
        if let Err(breakdown) = running.exchange(input, line, effects) {
            let broken = running.end(&breakdown);
            self.running = Err(broken.clone());
            return Err(broken);
        }
        Ok(())
    }
}

impl Assistant for Process {
    /// A start starts a broken program anew; any other input is refused for the same reason again.
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        let written = serde_json::to_writer(&mut line, input);
        // It fails for a number that is not finite, which no one makes.
        written.map_err(|error| Broken::new(format!("an input cannot be written: {error}")))?;
        let taken = self.take_as(input, &line, effects);
        self.line = line;
        taken
    }
}

/// A program that runs, and the conversation with it.
#[derive(Debug)]
struct Running {
    child: Child,
    limits: Limits,
    /// How long the next answer may take.
    limit: Duration,
    conversation: Conversation,
    now_ms: u64,
    /// What is written to it at once; kept for its memory.
    unwritten: Vec<u8>,
}

impl Running {
    fn start(command: &[String], limits: Limits) -> Result<Self, Broken> {
        let not_started = |error| {
            let program = command.first().cloned().unwrap_or_default();
            Broken::new(Breakdown::NotStarted { program, error }.to_string())
        };
        Ok(Self {
            child: Child::spawn(command).map_err(not_started)?,
            limits,
            limit: limits.hello,
            conversation: Conversation::default(),
            now_ms: 0,
            unwritten: Vec::new(),
        })
    }

    /// Writes an input and reads its answer.
    fn exchange(
        &mut self,
        input: &Input,
        line: &[u8],
        effects: &mut Vec<Effect>,
    ) -> Result<(), Breakdown> {
        self.unwritten.clear();
        self.unwritten.extend_from_slice(line);
        self.unwritten.push(b'\n');
        self.conversation.begin_or_go_on(input, &self.unwritten);
        self.now_ms = input.at_ms().unwrap_or(self.now_ms);
        self.child.expect_silence()?;
        let deadline = Deadline::after(self.limit);
        let mut answer = Answer::to(input, self.now_ms);
        let mut unwritten = self.unwritten.as_slice();
        loop {
            while let Some(line) = self.child.next_line()? {
                self.conversation.note(line);
                match answer.read(line)? {
                    Read::Effect(effect) => effects.push(effect),
                    Read::Done => {
                        self.limit = self.limits.answer;
                        return Ok(());
                    }
                }
            }
            self.child.move_on(&mut unwritten, &deadline)?;
        }
    }

    /// Ends it, and tells what is left of it.
    fn end(&mut self, breakdown: &Breakdown) -> Broken {
        let (rest, stderr) = self.child.end();
        self.conversation.note_rest(&rest);
        let account = Account {
            stderr,
            ..self.account()
        };
        Broken::new(breakdown.to_string()).with(account)
    }

    fn account(&self) -> Account {
        let (conversation, left_out) = self.conversation.told();
        Account {
            conversation,
            left_out,
            stderr: self.child.last_words(),
        }
    }
}
