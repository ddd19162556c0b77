//! What a dialog makes of an input when the check that it comes to is broken.
//!
//! Where a check is a plain condition, the code asks [`Guards::keeps`] in its place. Here are the
//! faults that do something else instead.

use super::{Dialog, Session};
use crate::guard::{Guard, Guards};
use crate::input::{Act, Finality, Heard, Name, Voice};
use crate::permission::{ConfirmedSend, Outgoing};
use crate::session::{Holding, Phase, Stage};
use crate::turn::Numbers;
use crate::{Button, DeviceId, Effect, Effects, Input, MessageId, Millis, Notice, PromptId};

/// An answer that is withdrawn later than this is overlooked; see [`Guard::LateWithdrawalEndsHold`].
const LATE: Millis = Millis(3_000);
/// A device's voice that begins this long after its prompt is taken for a person's; see
/// [`Guard::OwnVoiceIsNobodyEver`].
const AFTERWARDS: Millis = Millis(1_000);
/// How many bits the age of a recording has beside its sign; see [`Guard::RecordingAges`].
const AGE_BITS: u32 = 15;

impl Dialog {
    /// The input as the broken check has it; nothing if it is overlooked, or all is done.
    #[cold]
    pub(super) fn mistake(&mut self, input: Input, effects: &mut Effects) -> Option<Input> {
        match input {
            Input::Heard(device, heard) => self.mistake_speech(device, heard, effects),
            Input::Withdrawn(device, _) => (!self.overlooks_withdrawal(device)).then_some(input),
            Input::PromptEnded(device, prompt) => {
                self.reopen(device, prompt);
                Some(input)
            }
            Input::Pressed(device, button) => self.mistake_button(device, button, effects),
            Input::MessagingOff if !self.guards.keeps(Guard::OffReachesAll) => {
                self.switch_off_the_first(effects);
                None
            }
            Input::Restart if !self.guards.keeps(Guard::OffOutlivesRestart) => {
                self.messaging = true;
                Some(input)
            }
            Input::Time
            | Input::Delivered(_)
            | Input::Undelivered(_)
            | Input::MessagingOn
            | Input::MessagingOff
            | Input::Restart => Some(input),
        }
    }

    fn phase(&mut self, device: DeviceId) -> Option<&mut Phase> {
        let session = self.sessions.get_mut(usize::from(device.0))?.as_mut()?;
        Some(&mut session.phase)
    }

    fn mistake_speech(
        &mut self,
        device: DeviceId,
        heard: Heard,
        effects: &mut Effects,
    ) -> Option<Input> {
        let (guards, quiet) = (self.guards, self.quiet(device));
        if self.overlooks_refusal(device, &heard) {
            return None;
        }
        if !guards.keeps(Guard::FailureIsReported) && heard.act == Act::Wake {
            self.send_again(device, effects);
        }
        let is_interim = heard.finality == Finality::Interim;
        match (self.phase(device)?, heard.act) {
            (Phase::ConfirmingSend(asked), _) => {
                let goes_on = is_interim && !asked.question.crossed_by(heard.began);
                if goes_on && !guards.keeps(Guard::WindowIsFixed) {
                    asked.question.reopen();
                    return None;
                }
            }
            (Phase::Recording(recording), _) => {
                if !guards.keeps(Guard::RecordingIsWhole) {
                    recording.forget(heard.began);
                }
            }
            (Phase::Holding(holding), Act::SendMessage(Some(Name { contact, .. }))) => {
                if !guards.keeps(Guard::HeldRecipientStays) {
                    holding.approved.readdress(contact);
                }
            }
            (_, _) => {}
        }
        let is_late = quiet.minus(heard.began) >= AFTERWARDS;
        let is_own = heard.voice == Voice::Device;
        let voice = if is_own && is_late && !guards.keeps(Guard::OwnVoiceIsNobodyEver) {
            Voice::Person
        } else {
            heard.voice
        };
        Some(Input::Heard(device, Heard { voice, ..heard }))
    }

    fn overlooks_refusal(&mut self, device: DeviceId, heard: &Heard) -> bool {
        let (guards, threshold) = (self.guards, self.policy.answer_threshold);
        if !heard.is_refusal() {
            return false;
        }
        let is_no = heard.act == Act::No;
        let unsure = heard.score < threshold && !guards.keeps(Guard::RefusalMayBeUnsure);
        let unknown = heard.voice != Voice::Person && !guards.keeps(Guard::RefusalMayBeAnyones);
        if unsure || unknown {
            return true;
        }
        match self.phase(device) {
            Some(Phase::ConfirmingSend(_)) => is_no && !guards.keeps(Guard::NoIsAnAnswer),
            Some(Phase::Holding(holding)) => {
                let ends = if is_no {
                    Guard::NoEndsHold
                } else {
                    Guard::CancelEndsHold
                };
                !guards.keeps(ends) || holding.is_all_but_over(guards)
            }
            Some(_) | None => false,
        }
    }

    fn overlooks_withdrawal(&mut self, device: DeviceId) -> bool {
        let (guards, hold) = (self.guards, self.policy.hold);
        let Some(Phase::Holding(holding)) = self.phase(device) else {
            return false;
        };
        let is_late = hold.minus(holding.left) > LATE;
        !guards.keeps(Guard::WithdrawalEndsHold)
            || is_late && !guards.keeps(Guard::LateWithdrawalEndsHold)
    }

    fn reopen(&mut self, device: DeviceId, prompt: PromptId) {
        let once = self.guards.keeps(Guard::PromptEndsOnce);
        if let Some(Phase::ConfirmingSend(asked)) = self.phase(device)
            && !once
            && asked.question.prompt == prompt
        {
            asked.question.reopen();
        }
    }

    fn mistake_button(
        &mut self,
        device: DeviceId,
        button: Button,
        effects: &mut Effects,
    ) -> Option<Input> {
        let guards = self.guards;
        let is_asleep = self.stage(device) == Some(Stage::Idle);
        if let Some(Phase::Holding(holding)) = self.phase(device) {
            match button {
                Button::Confirm if !guards.keeps(Guard::ConfirmationIsSpent) => {
                    let confirmed = holding.approved.again();
                    effects.push(Effect::Send { device, confirmed });
                }
                Button::Cancel if !guards.keeps(Guard::ButtonEndsHold) => return None,
                Button::Cancel if holding.is_all_but_over(guards) => return None,
                Button::Confirm | Button::Cancel => {}
            }
        }
        let confirms = matches!(button, Button::Confirm);
        let device = if confirms && is_asleep && !guards.keeps(Guard::ButtonIsTheAskers) {
            self.asking().unwrap_or(device)
        } else {
            device
        };
        Some(Input::Pressed(device, button))
    }

    /// The first device that asks whether to send.
    fn asking(&self) -> Option<DeviceId> {
        let mut devices = (0..).map(DeviceId).zip(self.sessions.iter().flatten());
        let asks = |session: &Session| session.phase.stage() == Stage::ConfirmingSend;
        devices.find_map(|(device, session)| asks(session).then_some(device))
    }

    fn send_again(&mut self, device: DeviceId, effects: &mut Effects) {
        let session = self.sessions.get_mut(usize::from(device.0));
        let outgoing = session.and_then(|session| session.as_mut()?.outgoing);
        if let Some(outgoing) = outgoing {
            let confirmed = outgoing.again();
            effects.push(Effect::Send { device, confirmed });
        }
    }

    fn switch_off_the_first(&mut self, effects: &mut Effects) {
        self.messaging = false;
        self.forget_outgoing(Guard::OffEndsRetries);
        let mut devices = (0..).map(DeviceId).zip(self.sessions.iter().flatten());
        let first = devices.find(|(_, session)| session.phase.is_messaging());
        if let Some((device, _)) = first {
            self.move_one(device, effects, |phase, turn| {
                phase.abandon(turn, Notice::MessagingOff)
            });
        }
    }
}

impl Holding {
    fn is_all_but_over(&self, guards: Guards) -> bool {
        self.left <= Millis(1) && !guards.keeps(Guard::UndoCountsToTheEnd)
    }
}

impl Session {
    /// What is sent again in place of what was sent.
    pub(super) fn mistaken(
        &self,
        mut confirmed: ConfirmedSend,
        outgoing: &Outgoing,
        guards: Guards,
        numbers: &mut Numbers,
    ) -> ConfirmedSend {
        if let (false, Some(recipient)) = (
            guards.keeps(Guard::RetriedRecipientStays),
            self.phase.draft().map(|draft| draft.recipient),
        ) {
            confirmed.readdress(recipient);
        }
        if !guards.keeps(Guard::RetryKeepsNumber) {
            numbers.message = numbers.message.wrapping_add(1);
            confirmed.renumber(MessageId(numbers.message));
        }
        if !guards.keeps(Guard::OutgoingAges) {
            confirmed.rejuvenate(|ended| ended.minus(outgoing.age()));
        }
        confirmed
    }
}

/// The recording as it leaves.
pub(crate) fn aged(mut confirmed: ConfirmedSend, guards: Guards) -> ConfirmedSend {
    if !guards.keeps(Guard::RecordingAges) {
        confirmed.rejuvenate(|Millis(ended)| Millis(ended % (1 << AGE_BITS)));
    }
    confirmed
}
