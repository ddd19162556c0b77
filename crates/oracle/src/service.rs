//! Judges that a device is of use beside being safe: `S2`, `S3` and `S4`.

use crate::Rule;
use crate::device::Hearing;
use crate::judge::Clock;
use crate::reader::Reading;
use crate::renaming::Renaming;
use crate::rule::Ledger;
use crate::words::{begins_with_wake_word, is_cancel, is_home_command};
use crate::write::Time;
use mondegreen_trace::fact::{Aim, Did, Spoken, Term};
use mondegreen_trace::{Asks, Voice};

/// In silence every session is over after this time.
pub(crate) const SILENCE_MAX_MS: u64 = 90_000;

/// A plain command is carried out within this time.
const COMMAND_WITHIN_MS: u64 = 5_000;

/// What one device owes to the people around it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owed {
    device: Term,
    /// When anything was last heard or pressed.
    pub(crate) last_input_ms: u64,
    /// The last thing said in its hearing that was meant to stop it, from when to when.
    pub(crate) cancel_said: Option<(u64, u64)>,
    pub(crate) command_said: Option<(u64, u64)>,
    /// When it was plainly told to stop; nothing was heard or pressed since.
    pub(crate) cancelled_ms: Option<u64>,
    pub(crate) command: Option<Command>,
}

/// A command that has yet to be carried out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Command {
    text: Term,
    pub(crate) at_ms: u64,
    /// Whether the assistant has asked to be told the time since.
    pub(crate) waits: bool,
}

impl Owed {
    pub(crate) fn new(device: Term, now_ms: u64) -> Self {
        Self {
            device,
            last_input_ms: now_ms,
            cancel_said: None,
            command_said: None,
            cancelled_ms: None,
            command: None,
        }
    }

    pub(crate) fn said(&mut self, said: &Spoken) {
        let span = Some((said.from_ms, said.to_ms));
        match said.meant {
            Aim::Cancel => self.cancel_said = span,
            Aim::Command => self.command_said = span,
            Aim::Nobody | Aim::Request { .. } | Aim::Content { .. } | Aim::Other => {}
        }
    }

    /// `listens_for` is what the device listened for when it heard this, if it was not recording.
    pub(crate) fn heard(
        &mut self,
        heard: &Hearing,
        listens_for: Option<Asks>,
        reader: &Reading<'_>,
    ) {
        if heard.voice == Voice::Device {
            return;
        }
        self.pressed(heard.at_ms);
        if !heard.is_plainly_a_person() {
            return;
        }
        let is_of = |span: Option<(u64, u64)>| {
            span.is_some_and(|(from, to)| heard.from_ms <= to && heard.at_ms >= from)
        };
        if is_of(self.cancel_said) && is_cancel(reader.text(heard.text)) {
            self.cancelled_ms = Some(heard.at_ms);
        }
        if is_of(self.command_said) {
            self.told(heard, listens_for, reader.text(heard.text));
        }
    }

    /// What may be a command was heard.
    fn told(&mut self, heard: &Hearing, listens_for: Option<Asks>, text: &str) {
        let is_awake = match listens_for {
            Some(Asks::Command) => true,
            Some(Asks::Wake) => begins_with_wake_word(text),
            Some(Asks::Recipient | Asks::Message | Asks::Confirmation) | None => false,
        };
        if is_awake && is_home_command(text) {
            self.command = Some(Command {
                text: heard.text,
                at_ms: heard.at_ms,
                waits: false,
            });
        }
    }

    /// Somebody is there.
    pub(crate) fn pressed(&mut self, at_ms: u64) {
        self.last_input_ms = at_ms;
        self.cancelled_ms = None;
    }

    pub(crate) fn restart(&mut self, now_ms: u64) {
        *self = Self::new(self.device, now_ms);
    }

    /// Time has come to the next input, or the run is over.
    pub(crate) fn check_command(
        &mut self,
        clock: Clock,
        is_end: bool,
        (ledger, reader): (&mut Ledger, &Reading<'_>),
    ) {
        let Some(command) = &self.command else {
            return;
        };
        let is_late = clock.now_ms > command.at_ms.saturating_add(COMMAND_WITHIN_MS);
        if is_late || is_end && !command.waits {
            ledger.enter(Rule::S4, clock.line, None, reader, || {
                let (device, text) = (reader.text(self.device), reader.quote(command.text));
                let at = Time(command.at_ms);
                format!("{device} was told \"{text}\" at {at} and did not do it")
            });
            self.command = None;
        }
    }

    /// The device did this.
    pub(crate) fn did(
        &mut self,
        did: &Did,
        clock: Clock,
        ledger: &mut Ledger,
        reader: &Reading<'_>,
    ) {
        let (what, message) = match *did {
            Did::Prompt { message, .. } => {
                self.command = None;
                ("asked something", message)
            }
            Did::Record { message, .. } => ("began to record", Some(message)),
            Did::Send { message, .. } => ("sent the message", Some(message)),
            Did::Listen { listens_for, .. } if listens_for != Asks::Wake => {
                ("went on listening", None)
            }
            Did::Act { .. } => {
                self.command = None;
                return;
            }
            Did::Listen { .. }
            | Did::Hello { .. }
            | Did::RecordEnded { .. }
            | Did::Cancel { .. }
            | Did::Notice { .. }
            | Did::Timer { .. }
            | Did::Done => return,
        };
        if let Some(cancelled) = self.cancelled_ms {
            ledger.enter(Rule::S2, clock.line, message, reader, || {
                let (device, now) = (reader.text(self.device), Time(clock.now_ms));
                let cancelled = Time(cancelled);
                format!("{device} was told to cancel at {cancelled}, and {what} at {now}")
            });
        }
        let is_send = matches!(did, Did::Send { .. });
        if !is_send && self.is_silent(clock.now_ms) {
            self.enter_silence(what, clock.line, clock.now_ms, (ledger, reader));
        }
    }

    /// The assistant waits for a time.
    pub(crate) fn waits(&mut self) {
        if let Some(command) = &mut self.command {
            command.waits = true;
        }
    }

    /// The assistant is done with an input, and the session still goes on.
    pub(crate) fn goes_on(&self, clock: Clock, ledger: &mut Ledger, reader: &Reading<'_>) {
        if let Some(cancelled) = self.cancelled_ms {
            ledger.enter(Rule::S2, clock.batch, None, reader, || {
                let (device, cancelled) = (reader.text(self.device), Time(cancelled));
                format!("{device} was told to cancel at {cancelled}, and its session went on")
            });
        }
        if self.is_silent(clock.now_ms) {
            let what = "had not ended its session";
            self.enter_silence(what, clock.batch, clock.now_ms, (ledger, reader));
        }
    }

    fn is_silent(&self, now_ms: u64) -> bool {
        now_ms > self.last_input_ms.saturating_add(SILENCE_MAX_MS)
    }

    fn enter_silence(
        &self,
        what: &str,
        line: usize,
        now_ms: u64,
        (ledger, reader): (&mut Ledger, &Reading<'_>),
    ) {
        ledger.enter(Rule::S3, line, None, reader, || {
            let device = reader.text(self.device);
            let (now, last) = (Time(now_ms), Time(self.last_input_ms));
            format!("{device} {what} at {now}, in silence since {last}")
        });
    }

    pub(crate) fn rename(&mut self, renaming: &mut Renaming<'_>) {
        renaming.term(&mut self.device);
        if let Some(command) = &mut self.command {
            renaming.term(&mut command.text);
        }
    }
}
