//! What an ear is reached by: the pipes of a program, or a connection to a server.

use super::fault::Fault;
use crate::process::breakdown::Breakdown;
use crate::process::child::{Child, Deadline};
use crate::process::lines::{Lines, TooLong};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// So much is read at once.
const READ_MAX: usize = 64 << 10;

/// A way to an ear. Whatever is at its end, no call takes longer than it was given.
#[derive(Debug)]
pub(super) enum Link {
    Program(Child),
    Server(Server),
}

/// Whether there is still something at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    Yes,
    No,
}

impl Link {
    /// The next line that came in, if one is there.
    pub(super) fn next_line(&mut self) -> Result<Option<&[u8]>, Fault> {
        match self {
            Self::Program(child) => Ok(child.next_line()?),
            Self::Server(server) => {
                let next = server.lines.next();
                next.map_err(|TooLong(line)| Breakdown::LineTooLong(line).into())
            }
        }
    }

    /// So many bytes that came in, if they are there.
    pub(super) fn next_bytes(&mut self, count: usize) -> Option<&[u8]> {
        match self {
            Self::Program(child) => child.next_bytes(count),
            Self::Server(server) => server.lines.take(count),
        }
    }

    /// Whether a server is at the other end.
    pub(super) fn is_server(&self) -> bool {
        matches!(self, Self::Server(_))
    }

    /// Fails when a program has written something since its last answer.
    pub(super) fn expect_silence(&mut self) -> Result<(), Fault> {
        match self {
            Self::Program(child) => Ok(child.expect_silence()?),
            Self::Server(_) => Ok(()),
        }
    }

    /// Writes what can be written, waits until something happens, and reads it; a server is waited
    /// for no longer than this.
    pub(super) fn move_on(
        &mut self,
        unwritten: &mut &[u8],
        deadline: &Deadline,
        at_most: Duration,
    ) -> Result<Open, Fault> {
        match self {
            Self::Program(child) => {
                child.move_on(unwritten, deadline)?;
                Ok(Open::Yes)
            }
            Self::Server(server) => server.move_on(unwritten, deadline, at_most),
        }
    }

    /// Ends it; gives the end of what a program wrote to its standard error.
    pub(super) fn end(mut self) -> String {
        match &mut self {
            Self::Program(child) => child.end().1,
            Self::Server(_) => String::new(),
        }
    }
}

/// A connection that never blocks.
#[derive(Debug)]
pub(super) struct Server {
    stream: TcpStream,
    lines: Lines,
    buffer: Vec<u8>,
}

impl Server {
    /// Connects to `host:port`, or to the first address of it that answers in time.
    pub(super) fn connect(address: &str, limit: Duration) -> Result<Self, Fault> {
        let failed = |error| Fault::NotConnected(address.to_owned(), error);
        let mut last = io::Error::from(ErrorKind::AddrNotAvailable);
        for candidate in address.to_socket_addrs().map_err(failed)? {
            match TcpStream::connect_timeout(&candidate, limit) {
                Ok(stream) => {
                    stream.set_nonblocking(true).map_err(failed)?;
                    return Ok(Self {
                        stream,
                        lines: Lines::default(),
                        buffer: vec![0; READ_MAX],
                    });
                }
                Err(error) => last = error,
            }
        }
        Err(failed(last))
    }

    fn move_on(
        &mut self,
        unwritten: &mut &[u8],
        deadline: &Deadline,
        at_most: Duration,
    ) -> Result<Open, Fault> {
        if self.write(unwritten)? == Open::No {
            return Ok(Open::No);
        }
        let left = deadline.left().ok_or(Fault::Late(deadline.elapsed()))?;
        let mut wanted = PollFlags::IN;
        wanted.set(PollFlags::OUT, !unwritten.is_empty());
        let at_most = Timespec::try_from(left.min(at_most)).ok();
        match poll(&mut [PollFd::new(&self.stream, wanted)], at_most.as_ref()) {
            Ok(_) | Err(Errno::INTR) => self.read(),
            Err(error) => Err(Fault::Connection(error.into())),
        }
    }

    fn write(&mut self, unwritten: &mut &[u8]) -> Result<Open, Fault> {
        while !unwritten.is_empty() {
            match self.stream.write(unwritten) {
                Ok(written) => *unwritten = unwritten.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return open_after(error),
            }
        }
        Ok(Open::Yes)
    }

    fn read(&mut self) -> Result<Open, Fault> {
        match self.stream.read(&mut self.buffer) {
            Ok(0) => Ok(Open::No),
            Ok(read) => {
                self.lines.push(self.buffer.get(..read).unwrap_or_default());
                Ok(Open::Yes)
            }
            Err(error) => open_after(error),
        }
    }
}

/// A server that closes while it is being told something more is seen by a reset.
fn open_after(error: io::Error) -> Result<Open, Fault> {
    let kind = error.kind();
    if matches!(kind, ErrorKind::WouldBlock | ErrorKind::Interrupted) {
        return Ok(Open::Yes);
    }
    let is_closed = matches!(
        kind,
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted
    );
    if is_closed {
        Ok(Open::No)
    } else {
        Err(Fault::Connection(error))
    }
}
