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
mod breakdown;
mod child;
mod conversation;
mod lines;
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
        })
    }

    /// Number of its process, which is that of its group as well; nothing once it is broken.
    pub fn id(&self) -> Option<u32> {
        let running = self.running.as_ref().ok();
        running.map(|running| running.child.id())
    }
}

impl Assistant for Process {
    /// A start starts a broken program anew; any other input is refused for the same reason again.
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        if self.running.is_err() && matches!(input, Input::Start { .. }) {
            self.running = Ok(Running::start(&self.command, self.limits)?);
        }
        let running = self.running.as_mut().map_err(|broken| broken.clone())?;
        if let Err(breakdown) = running.exchange(input, effects) {
            let broken = running.end(&breakdown);
            self.running = Err(broken.clone());
            return Err(broken);
        }
        Ok(())
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
    /// The input that is written, as a line; kept for its memory.
    line: Vec<u8>,
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
            line: Vec::new(),
        })
    }

    /// Writes an input and reads its answer.
    fn exchange(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Breakdown> {
        self.line.clear();
        let written = serde_json::to_writer(&mut self.line, input);
        written.map_err(|error| Breakdown::NotWritten(error.to_string()))?;
        self.line.push(b'\n');
        self.conversation.begin_or_go_on(input, &self.line);
        self.now_ms = input.at_ms().unwrap_or(self.now_ms);
        self.child.expect_silence()?;
        let deadline = Deadline::after(self.limit);
        let mut answer = Answer::to(input, self.now_ms);
        let mut unwritten = self.line.as_slice();
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
        let (conversation, left_out) = self.conversation.told();
        Broken::new(breakdown.to_string()).with(Account {
            conversation,
            left_out,
            stderr,
        })
    }
}
