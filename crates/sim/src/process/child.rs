//! A running program: its pipes, its process group, its end.

use super::breakdown::Breakdown;
use super::lines::{Lines, TooLong};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// Of what it writes to its standard error, so many bytes are kept.
const STDERR_MAX: usize = 64 << 10;
/// So much is read at once; as much as a pipe holds on Linux.
const READ_MAX: usize = 64 << 10;
/// How often one looks whether it still runs while it says nothing: its end is no event where another
/// process holds its pipes.
const LOOK: Duration = Duration::from_millis(100);
/// A program that has closed a pipe has so long to exit before it counts as running on.
const CLOSING: Duration = Duration::from_secs(1);
/// A program that was not ended for a fault has so long to leave by itself when its input ends.
const LEAVING: Duration = Duration::from_millis(500);
/// How often one looks then.
const MOMENT: Duration = Duration::from_millis(1);

/// A point of real time.
#[derive(Debug)]
pub(crate) struct Deadline {
    #[expect(clippy::disallowed_types, reason = "limits are on real time")]
    begun: std::time::Instant,
    limit: Duration,
}

impl Deadline {
    /// So long from now.
    #[expect(clippy::disallowed_types, reason = "limits are on real time")]
    pub(crate) fn after(limit: Duration) -> Self {
        Self {
            begun: std::time::Instant::now(),
            limit,
        }
    }

    /// The time that has passed.
    pub(crate) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// The time that is left, if there is any.
    pub(crate) fn left(&self) -> Option<Duration> {
        let left = self.limit.saturating_sub(self.begun.elapsed());
        (!left.is_zero()).then_some(left)
    }
}

/// A program that was started, and whatever it started in its process group.
#[derive(Debug)]
pub(crate) struct Child {
    process: std::process::Child,
    /// Nothing once it is closed.
    stdin: Option<ChildStdin>,
    stdout: ChildStdout,
    /// Nothing once the program has closed it.
    stderr: Option<ChildStderr>,
    lines: Lines,
    /// The end of its standard error, or somewhat more.
    last_words: Vec<u8>,
    buffer: Vec<u8>,
    is_reaped: bool,
}

impl Child {
    /// Starts a program in a process group of its own.
    pub(crate) fn spawn(command: &[String]) -> io::Result<Self> {
        let (program, arguments) = command.split_first().ok_or(ErrorKind::InvalidInput)?;
        let mut process = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let missing = || io::Error::from(ErrorKind::BrokenPipe);
        let stdin = process.stdin.take().ok_or_else(missing)?;
        let stdout = process.stdout.take().ok_or_else(missing)?;
        let stderr = process.stderr.take().ok_or_else(missing)?;
        let started = Self {
            process,
            stdin: Some(stdin),
            stdout,
            stderr: Some(stderr),
            lines: Lines::default(),
            last_words: Vec::new(),
            buffer: vec![0; READ_MAX],
            is_reaped: false,
        };
        started.never_block()?;
        Ok(started)
    }

    fn never_block(&self) -> io::Result<()> {
        ioctl_fionbio(&self.stdout, true)?;
        if let Some(stdin) = &self.stdin {
            ioctl_fionbio(stdin, true)?;
        }
        if let Some(stderr) = &self.stderr {
            ioctl_fionbio(stderr, true)?;
        }
        Ok(())
    }

    /// Its number, and that of its group.
    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }

    /// A program speaks when it is asked, and until it has said `done`.
    pub(crate) fn expect_silence(&mut self) -> Result<(), Breakdown> {
        if self.lines.rest().is_empty() && self.read_output()? == Heard::Nothing {
            return Ok(());
        }
        let rest = self.lines.rest();
        let line = rest.split(|byte| *byte == b'\n').next();
        Err(Breakdown::Unasked(line.unwrap_or(rest).to_vec()))
    }

    /// The next line that it has written, if one is there.
    pub(crate) fn next_line(&mut self) -> Result<Option<&[u8]>, Breakdown> {
        let next = self.lines.next();
        next.map_err(|TooLong(line)| Breakdown::LineTooLong(line))
    }

    /// So many bytes of what it has written, if they are there.
    pub(crate) fn next_bytes(&mut self, count: usize) -> Option<&[u8]> {
        self.lines.take(count)
    }

    /// Writes what can be written of the input, waits until something happens, and reads it.
    pub(crate) fn move_on(
        &mut self,
        unwritten: &mut &[u8],
        deadline: &Deadline,
    ) -> Result<(), Breakdown> {
        self.write_input(unwritten)?;
        let Some(left) = deadline.left() else {
            return Err(Breakdown::Late {
                limit: deadline.limit,
                unfinished: self.lines.rest().to_vec(),
            });
        };
        let is_quiet = !self.wait(!unwritten.is_empty(), left.min(LOOK))?;
        // First whether it has ended, then what it wrote: all that it wrote is there by then.
        let ended = if is_quiet { self.ended()? } else { None };
        self.read_errors()?;
        match (self.read_output()?, ended) {
            (Heard::Nothing, Some(ended)) => Err(ended.breakdown(self.lines.rest())),
            (Heard::Nothing | Heard::Something, _) => Ok(()),
        }
    }

    fn write_input(&mut self, unwritten: &mut &[u8]) -> Result<(), Breakdown> {
        let Some(stdin) = &mut self.stdin else {
            return Ok(());
        };
        while !unwritten.is_empty() {
            match stdin.write(unwritten) {
                Ok(written) => *unwritten = unwritten.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                    return Err(self.ended_or(Breakdown::ClosedInput));
                }
                Err(error) => return Err(Breakdown::Pipe(error)),
            }
        }
        Ok(())
    }

    /// Waits until there is something to read, or to write if that is wanted; says whether there is.
    fn wait(&self, to_write: bool, at_most: Duration) -> Result<bool, Breakdown> {
        let stdin = self.stdin.as_ref().filter(|_| to_write);
        let mut pipes = Vec::with_capacity(3);
        pipes.push(PollFd::new(&self.stdout, PollFlags::IN));
        let stderr = self.stderr.as_ref();
        pipes.extend(stderr.map(|pipe| PollFd::new(pipe, PollFlags::IN)));
        pipes.extend(stdin.map(|pipe| PollFd::new(pipe, PollFlags::OUT)));
        let at_most = Timespec::try_from(at_most).ok();
        match poll(&mut pipes, at_most.as_ref()) {
            Ok(ready) => Ok(ready > 0),
            Err(Errno::INTR) => Ok(false),
            Err(error) => Err(Breakdown::Pipe(error.into())),
        }
    }

    fn read_output(&mut self) -> Result<Heard, Breakdown> {
        match self.stdout.read(&mut self.buffer) {
            Ok(0) => {
                let unfinished = self.lines.rest().to_vec();
                Err(self.ended_or(Breakdown::ClosedOutput { unfinished }))
            }
            Ok(read) => {
                self.lines.push(self.buffer.get(..read).unwrap_or_default());
                Ok(Heard::Something)
            }
            Err(error) if is_passing(&error) => Ok(Heard::Nothing),
            Err(error) => Err(Breakdown::Pipe(error)),
        }
    }

    fn read_errors(&mut self) -> Result<Heard, Breakdown> {
        let Some(stderr) = &mut self.stderr else {
            return Ok(Heard::Nothing);
        };
        match stderr.read(&mut self.buffer) {
            Ok(0) => {
                self.stderr = None;
                Ok(Heard::Nothing)
            }
            Ok(read) => {
                let read = self.buffer.get(..read).unwrap_or_default();
                self.last_words.extend_from_slice(read);
                let beyond = self.last_words.len().saturating_sub(STDERR_MAX);
                if beyond >= STDERR_MAX {
                    self.last_words.drain(..beyond);
                }
                Ok(Heard::Something)
            }
            Err(error) if is_passing(&error) => Ok(Heard::Nothing),
            Err(error) => Err(Breakdown::Pipe(error)),
        }
    }

    /// How it ended, if it has. It stays in the table of processes, so that its number, which is that
    /// of its group, is not given to another.
    fn ended(&self) -> Result<Option<Ended>, Breakdown> {
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match waitid(WaitId::Pid(Pid::from_child(&self.process)), look) {
            Ok(status) => Ok(status.and_then(|status| {
                let exited = status.exit_status().map(Ended::Exited);
                exited.or(status.terminating_signal().map(Ended::Killed))
            })),
            Err(Errno::INTR) => Ok(None),
            Err(error) => Err(Breakdown::Pipe(error.into())),
        }
    }

    /// How it ended, if it does so in a moment, or what is wrong otherwise.
    fn ended_or(&self, otherwise: Breakdown) -> Breakdown {
        match self.wait_for_end(CLOSING) {
            Ok(Some(ended)) => ended.breakdown(self.lines.rest()),
            Ok(None) => otherwise,
            Err(breakdown) => breakdown,
        }
    }

    fn wait_for_end(&self, at_most: Duration) -> Result<Option<Ended>, Breakdown> {
        let deadline = Deadline::after(at_most);
        loop {
            let ended = self.ended()?;
            if ended.is_some() || deadline.left().is_none() {
                return Ok(ended);
            }
            sleep(MOMENT);
        }
    }

    /// Ends its process group at once; gives what it wrote that nobody read, and its last words.
    pub(crate) fn end(&mut self) -> (Vec<u8>, String) {
        self.kill();
        // What is in a pipe is little, and a process that has left the group may write for ever.
        for _ in 0..=STDERR_MAX / READ_MAX {
            if !matches!(self.read_errors(), Ok(Heard::Something)) {
                break;
            }
        }
        (self.lines.rest().to_vec(), self.last_words())
    }

    /// The end of what it wrote to its standard error, as far as that was read.
    pub(crate) fn last_words(&self) -> String {
        let kept = self.last_words.len().saturating_sub(STDERR_MAX);
        let last_words = self.last_words.get(kept..).unwrap_or_default();
        String::from_utf8_lossy(last_words).into_owned()
    }

    fn kill(&mut self) {
        if !self.is_reaped {
            // It fails when there is no such group any more, which is what is wanted.
            let _ = kill_process_group(Pid::from_child(&self.process), Signal::KILL);
            let _ = self.process.wait();
            self.is_reaped = true;
        }
    }
}

impl Drop for Child {
    /// Lets it leave by itself, and ends what is left then.
    fn drop(&mut self) {
        if !self.is_reaped {
            self.stdin = None;
            let _ = self.wait_for_end(LEAVING);
            self.kill();
        }
    }
}

/// Whether there was something to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    Something,
    Nothing,
}

/// How a process ended.
#[derive(Clone, Copy, Debug)]
enum Ended {
    Exited(i32),
    Killed(i32),
}

impl Ended {
    fn breakdown(self, unfinished: &[u8]) -> Breakdown {
        let unfinished = unfinished.to_vec();
        match self {
            Self::Exited(status) => Breakdown::Exited { status, unfinished },
            Self::Killed(signal) => Breakdown::Killed { signal, unfinished },
        }
    }
}

fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
