//! All sessions of a household, and the step that moves them.

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

    /// The safeguards that are on.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Where a device's session stands; nothing for a device that is not in the household.
    pub fn stage(&self, device: DeviceId) -> Option<Stage> {
        let session = self.sessions.get(usize::from(device.0))?.as_ref()?;
        Some(session.phase.stage())
    }

    /// Time until something happens by itself; nothing when it never will.
    pub fn next_deadline(&self) -> Option<Millis> {
        let left = |session: &Session| session.phase.left(&self.policy);
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
        if is_due && !input.stops_something() {
            // A message that is held stays until the input is known: it may be a reason to drop it.
            self.expire(|phase| phase.stage() != Stage::Holding, effects);
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
            is_due |= session.phase.is_due(&self.policy);
        }
        is_due
    }

    fn expire(&mut self, which: impl Fn(&Phase) -> bool, effects: &mut Effects) {
        let policy = self.policy;
        let is_due = |phase: &Phase| phase.is_due(&policy) && which(phase);
        self.move_all(is_due, effects, Phase::expire);
    }

    fn take(&mut self, input: Input, effects: &mut Effects) {
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
                self.forget_outgoing();
                let end = |phase: Phase, turn: &mut Turn| phase.abandon(turn, Notice::MessagingOff);
                self.move_all(Phase::is_messaging, effects, end); // G12
            }
            Input::Restart => {
                self.forget_outgoing();
                let end = |phase: Phase, turn: &mut Turn| phase.abandon(turn, Notice::Dropped);
                self.move_all(|_| true, effects, end); // G13
            }
        }
    }

    fn forget_outgoing(&mut self) {
        for session in self.sessions.iter_mut().flatten() {
            session.outgoing = None;
        }
    }

    fn delivered(&mut self, message: MessageId) {
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
            let Some((confirmed, outgoing)) = outgoing.and_then(Outgoing::retry) else {
                continue;
            };
            let contact = confirmed.draft().recipient;
            effects.push(Effect::Notice {
                device,
                notice: Notice::Retrying(contact),
            }); // G14
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

    fn move_one(
        &mut self,
        device: DeviceId,
        effects: &mut Effects,
        how: impl FnOnce(Phase, &mut Turn) -> Phase,
    ) {
        let quiet = self
            .sessions
            .iter()
            .flatten()
            .map(|session| session.quiet)
            .min();
        let Some(Some(session)) = self.sessions.get_mut(usize::from(device.0)) else {
            return;
        };
        let mut turn = Turn {
            device,
            policy: &self.policy,
            contacts: self.contacts,
            messaging: self.messaging,
            quiet: quiet.unwrap_or(Millis::MAX),
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
    /// Whether it can only ever stop what is going on; such an input comes before what happens by
    /// itself at the same moment.
    const fn stops_something(&self) -> bool {
        match self {
            Self::Restart | Self::MessagingOff | Self::Withdrawn(..) => true,
            Self::Pressed(_, button) => matches!(button, Button::Cancel),
            Self::Heard(_, heard) => heard.refuses(),
            Self::PromptEnded(..)
            | Self::Time
            | Self::Delivered(_)
            | Self::Undelivered(_)
            | Self::MessagingOn => false,
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
