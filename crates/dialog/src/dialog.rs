//! All sessions of a household, and the step that moves them.

#[cfg(feature = "faults")]
mod faults;
#[cfg(feature = "faults")]
pub(crate) use faults::aged;
mod snapshot;

pub use snapshot::{OutgoingState, QuestionState, SessionState, Snapshot, TapeState};

use crate::guard::{Guard, Guards};
use crate::permission::Outgoing;
use crate::session::{Phase, Stage};
use crate::turn::{Numbers, Turn};
use crate::{Button, DeviceId, Effect, Effects, Input, MessageId, Millis, Notice, Policy};

/// The most devices of a household.
pub const DEVICES_MAX: usize = 4;

/// What a dialog needs to know of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Home {
    /// How many devices there are, up to [`DEVICES_MAX`]; what is said of others is ignored.
    pub devices: u8,
    /// How many contacts there are.
    pub contacts: u16,
    /// Whether messaging is switched on.
    pub messaging: bool,
}

/// The dialog of a household: a session for each device, and what they share.
///
/// Two dialogs that differ only in when they began compare equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dialog {
    policy: Policy,
    guards: Guards,
    contacts: u16,
    messaging: bool,
    numbers: Numbers,
    sessions: [Option<Session>; DEVICES_MAX],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Session {
    phase: Phase,
    /// Time since this device was speaking a prompt.
    quiet: Millis,
    outgoing: Option<Outgoing>,
}

impl Dialog {
    /// Every device asleep. The seed chooses the challenge words.
    pub fn new(policy: Policy, home: Home, seed: u64) -> Self {
        let asleep = Session {
            phase: Phase::Idle,
            quiet: Millis::MAX,
            outgoing: None,
        };
        let mut sessions = [None; DEVICES_MAX];
        for session in sessions.iter_mut().take(usize::from(home.devices)) {
            *session = Some(asleep);
        }
        Self {
            policy,
            guards: Guards::default(),
            contacts: home.contacts,
            messaging: home.messaging,
            numbers: Numbers {
                seed,
                prompt: 0,
                message: 0,
            },
            sessions,
        }
    }

    /// From here on another seed chooses the challenge words. A question that stands keeps its own.
    pub const fn reseed(&mut self, seed: u64) {
        self.numbers.seed = seed;
    }

    /// The safeguards that are on.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The same dialog with one check broken, and no other.
    #[cfg(feature = "faults")]
    #[must_use]
    pub const fn without(mut self, guard: Guard) -> Self {
        self.guards = Guards::without(guard);
        self
    }

    /// Where a device's session stands; nothing for a device that is not in the household.
    pub fn stage(&self, device: DeviceId) -> Option<Stage> {
        let session = self.sessions.get(usize::from(device.0))?.as_ref()?;
        Some(session.phase.stage())
    }

    /// Time until something happens by itself; nothing when it never will.
    pub fn next_deadline(&self) -> Option<Millis> {
        let left = |session: &Session| session.phase.left(&self.policy, self.guards);
        self.sessions.iter().flatten().filter_map(left).min()
    }

    /// Lets time pass and takes one input.
    ///
    /// Total: every input is legal in every state, and there are at most
    /// [`crate::EFFECTS_MAX`] effects. What happens by itself happens once a device, before the
    /// input, unless the input is one that stops things: what has not left can be stopped. A wait
    /// that reaches beyond a deadline is as good as one that ends there.
    #[must_use = "the dialog before the step is spent"]
    pub fn step(mut self, waited: Millis, input: Input) -> (Self, Effects) {
        let mut effects = Effects::new();
        self.advance(waited, input, &mut effects);
        (self, effects)
    }

    /// The same in place, for whoever takes many steps: the effects of the step before are dropped,
    /// and neither the dialog nor the buffer is moved.
    pub fn advance(&mut self, waited: Millis, input: Input, effects: &mut Effects) {
        effects.clear();
        let is_due = self.wait(waited);
        let stops = input.stops_something();
        let comes_first = match stops {
            Some(guard) => self.guards.keeps(guard),
            None => !self.guards.keeps(Guard::DeadlineComesFirst), // G5
        };
        if is_due && !comes_first {
            // A message that is held stays until the input is known: it may be a reason to drop it.
            let is_held = |phase: &Phase| phase.stage() == Stage::Holding;
            self.expire(|phase| is_held(phase) == stops.is_some(), effects);
        }
        self.take(input, effects); // G4 G7 G9 G12 G13
        if is_due {
            self.expire(|_| true, effects);
        }
    }

    /// Lets time pass; says whether something is due.
    fn wait(&mut self, waited: Millis) -> bool {
        let mut is_due = false;
        for session in self.sessions.iter_mut().flatten() {
            session.wait(waited);
            is_due |= session.phase.is_due(&self.policy, self.guards);
        }
        is_due
    }

    fn expire(&mut self, which: impl Fn(&Phase) -> bool, effects: &mut Effects) {
        let (policy, guards) = (self.policy, self.guards);
        let is_due = |phase: &Phase| phase.is_due(&policy, guards) && which(phase);
        self.move_all(is_due, effects, Phase::expire);
    }

    fn take(&mut self, input: Input, effects: &mut Effects) {
        #[cfg(feature = "faults")]
        if self.guards.is_one_broken() {
            if let Some(input) = self.mistake(input, effects) {
                self.obey(input, effects);
            }
            return;
        }
        self.obey(input, effects);
    }

    fn obey(&mut self, input: Input, effects: &mut Effects) {
        match input {
            Input::Time => {}
            Input::Heard(device, heard) => {
                self.move_one(device, effects, |phase, turn| phase.heard(heard, turn)); // G11
            }
            // What is taken back may be what brought the session here.
            Input::Withdrawn(device, _) => {
                self.move_one(device, effects, |phase, turn| {
                    phase.abandon(turn, Notice::Dropped)
                }); // G7
            }
            Input::PromptEnded(device, prompt) => {
                self.move_one(device, effects, |phase, turn| {
                    phase.prompt_ended(prompt, turn)
                });
            }
            Input::Pressed(device, button) => {
                self.move_one(device, effects, |phase, turn| phase.pressed(button, turn));
            }
            Input::Delivered(message) => self.delivered(message),
            Input::Undelivered(message) => self.undelivered(message, effects),
            Input::MessagingOn => self.messaging = true,
            Input::MessagingOff => {
                self.messaging = false;
                self.forget_outgoing(Guard::OffEndsRetries);
                let end = |phase: Phase, turn: &mut Turn| phase.abandon(turn, Notice::MessagingOff);
                self.move_all(self.ended_by_off(), effects, end); // G12
            }
            Input::Restart => {
                self.forget_outgoing(Guard::RestartEndsRetries);
                let end = |phase: Phase, turn: &mut Turn| phase.abandon(turn, Notice::Dropped);
                self.move_all(self.ended_by_restart(), effects, end); // G13
            }
        }
    }

    /// Which sessions messaging cannot be off in.
    fn ended_by_off(&self) -> impl Fn(&Phase) -> bool + use<> {
        let keeps_held = !self.guards.keeps(Guard::OffEndsHold);
        move |phase| phase.is_messaging() && !(keeps_held && phase.stage() == Stage::Holding)
    }

    /// Which sessions end when power is lost.
    fn ended_by_restart(&self) -> impl Fn(&Phase) -> bool + use<> {
        let keeps_held = !self.guards.keeps(Guard::RestartEndsHold);
        let keeps_asked = !self.guards.keeps(Guard::RestartEndsQuestion);
        move |phase| {
            !(keeps_held && phase.stage() == Stage::Holding
                || keeps_asked && phase.stage() == Stage::ConfirmingSend)
        }
    }

    /// No message that left is sent again from here on.
    fn forget_outgoing(&mut self, guard: Guard) {
        if !self.guards.keeps(guard) {
            return;
        }
        for session in self.sessions.iter_mut().flatten() {
            session.outgoing = None;
        }
    }

    fn delivered(&mut self, message: MessageId) {
        if !self.guards.keeps(Guard::DeliveredIsDone) {
            return;
        }
        for session in self.sessions.iter_mut().flatten() {
            session
                .outgoing
                .take_if(|outgoing| outgoing.draft().message == message); // G10
        }
    }

    fn undelivered(&mut self, message: MessageId, effects: &mut Effects) {
        for (device, session) in (0..).map(DeviceId).zip(self.sessions.iter_mut().flatten()) {
            let outgoing = session
                .outgoing
                .take_if(|outgoing| outgoing.draft().message == message);
            let retried = outgoing.and_then(|outgoing| outgoing.retry(self.guards));
            let Some((confirmed, outgoing)) = retried else {
                continue;
            };
            let contact = confirmed.draft().recipient;
            if self.guards.keeps(Guard::RetryIsAnnounced) {
                effects.push(Effect::Notice {
                    device,
                    notice: Notice::Retrying(contact),
                }); // G14
            }
            #[cfg(feature = "faults")]
            let confirmed = session.mistaken(confirmed, &outgoing, self.guards, &mut self.numbers);
            effects.push(Effect::Send { device, confirmed });
            session.outgoing = Some(outgoing);
        }
    }

    fn move_all(
        &mut self,
        which: impl Fn(&Phase) -> bool,
        effects: &mut Effects,
        how: impl Fn(Phase, &mut Turn) -> Phase,
    ) {
        for (index, device) in (0..DEVICES_MAX).zip((0..).map(DeviceId)) {
            let session = self.sessions.get(index).and_then(Option::as_ref);
            if session.is_some_and(|session| which(&session.phase)) {
                self.move_one(device, effects, &how);
            }
        }
    }

    /// Time since any device in the house was speaking a prompt.
    fn quiet(&self, device: DeviceId) -> Millis {
        let sessions = self.sessions.iter().flatten();
        let mut quiet = sessions.map(|session| session.quiet);
        let shortest = if self.guards.keeps(Guard::HouseIsQuiet) {
            quiet.min() // G6
        } else {
            quiet.nth(usize::from(device.0))
        };
        shortest.unwrap_or(Millis::MAX)
    }

    fn move_one(
        &mut self,
        device: DeviceId,
        effects: &mut Effects,
        how: impl FnOnce(Phase, &mut Turn) -> Phase,
    ) {
        let quiet = self.quiet(device);
        let Some(Some(session)) = self.sessions.get_mut(usize::from(device.0)) else {
            return;
        };
        let mut turn = Turn {
            device,
            policy: &self.policy,
            guards: self.guards,
            contacts: self.contacts,
            messaging: self.messaging,
            quiet,
            numbers: &mut self.numbers,
            effects,
            outgoing: &mut session.outgoing,
        };
        session.phase = how(session.phase, &mut turn);
        if session.phase.is_speaking() {
            session.quiet = Millis::ZERO;
        }
    }
}

impl Input {
    /// If it can only ever stop what is going on, the check that lets it come before what happens
    /// by itself at the same moment.
    const fn stops_something(&self) -> Option<Guard> {
        match self {
            Self::Restart => Some(Guard::RestartComesFirst),
            Self::MessagingOff => Some(Guard::OffComesFirst),
            Self::Withdrawn(..) => Some(Guard::WithdrawalComesFirst),
            Self::Pressed(_, Button::Cancel) => Some(Guard::UndoComesFirst),
            Self::Heard(_, heard) if heard.refuses() => Some(Guard::UndoComesFirst),
            Self::Pressed(_, Button::Confirm)
            | Self::Heard(..)
            | Self::PromptEnded(..)
            | Self::Time
            | Self::Delivered(_)
            | Self::Undelivered(_)
            | Self::MessagingOn => None,
        }
    }
}

impl Session {
    fn wait(&mut self, waited: Millis) {
        self.quiet = if self.phase.is_speaking() {
            Millis::ZERO
        } else {
            self.quiet.plus(waited)
        };
        self.phase.wait(waited);
        if let Some(outgoing) = &mut self.outgoing {
            outgoing.wait(waited);
        }
    }
}
