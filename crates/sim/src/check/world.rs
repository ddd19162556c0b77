//! A state of the product that is explored: the assistant, the judge, and what the people around
//! can refer to.

use super::Wrong;
use super::action::{Action, DEVICES, Said, Since, Until, Way, speech};
use super::phrases::Asked;
use super::room::{Around, Room};
use crate::assistant::Broken;
use crate::reference::Reference;
use crate::target::Target;
use mondegreen_dialog::{DeviceId, Dialog, Millis, SessionState, Snapshot, Stage};
use mondegreen_oracle::{Judge, Rule};
use mondegreen_trace::fact::{Did, Fact, Given, Term};
use mondegreen_trace::{Asks, Button, PROTOCOL};

/// Runs begin this late, so that speech can have begun before them.
const START_MS: u64 = 1_000;
/// A message that did not arrive is sent again for so long.
pub(super) const RETRY_MS: u32 = 60_000;

/// One state: the assistant, what the judge knows, and what people around can refer to.
#[derive(Debug)]
pub struct World {
    pub(super) assistant: Reference,
    pub(super) judge: Judge,
    pub(super) now_ms: u64,
    /// Time that has passed since, and of which the assistant was not told.
    pub(super) wait_ms: u64,
    pub(super) around: [Around; DEVICES],
    /// How many messages have left.
    pub(super) sends: u8,
    /// What an assistant did that did something else when the last step was taken again.
    unlike: Option<Did>,
}

impl World {
    pub(super) fn start(
        assistant: &Reference,
        seed: u64,
        room: &mut Room,
        facts: &mut Vec<Fact>,
    ) -> Result<Self, Broken> {
        let mut world = Self {
            assistant: assistant.clone(),
            judge: Judge::new(),
            now_ms: START_MS,
            wait_ms: 0,
            around: [Around::default(); DEVICES],
            sends: 0,
            unlike: None,
        };
        let start = Given::Start {
            protocol: PROTOCOL,
            seed,
            at_ms: START_MS,
            household: room.home,
        };
        world.give(start, room, facts)?;
        Ok(world)
    }

    pub(super) fn snapshot(&self) -> Option<Snapshot> {
        self.assistant.dialog().map(Dialog::snapshot)
    }

    pub(super) const fn now_ms(&self) -> u64 {
        self.now_ms + self.wait_ms
    }

    /// Whether the abstraction goes on from here: one message leaves, and then the other device
    /// sleeps.
    fn goes_on(&self, snapshot: &Snapshot) -> bool {
        let sessions = snapshot.sessions.iter().flatten();
        let is_asleep = |(session, around): (&SessionState, &Around)| {
            session.stage == Stage::Idle || around.sent.is_some()
        };
        match self.sends {
            0 => true,
            1 => sessions.zip(&self.around).all(is_asleep),
            _ => false,
        }
    }

    /// All that can happen here; nothing where the abstraction ends.
    pub fn actions(&self, actions: &mut Vec<Action>) {
        actions.clear();
        let Some(dialog) = self.assistant.dialog() else {
            return;
        };
        let (snapshot, policy) = (dialog.snapshot(), dialog.policy());
        if !self.goes_on(&snapshot) {
            return;
        }
        if self.wait_ms > 0 {
            actions.push(Action::Tell);
        } else {
            let left = limit(&snapshot);
            if left.is_some_and(|left| left > 1) {
                actions.push(Action::Wait(Until::JustBefore));
            }
            if left.is_some() {
                actions.push(Action::Wait(Until::Deadline));
                actions.push(Action::Wait(Until::Beyond));
            }
        }
        let sessions = snapshot.sessions.iter().flatten();
        for ((device, session), around) in (0..).zip(sessions).zip(&self.around) {
            speech(session, policy, |said, way| {
                actions.push(Action::Hear(device, said, way));
            });
            actions.extend([Action::Confirm(device), Action::Cancel(device)]);
            if around.prompts[0].is_some() {
                actions.push(Action::PromptEnded(device));
            }
            if around.prompts[1].is_some() {
                actions.push(Action::OldPromptEnded(device));
            }
            actions.push(Action::Withdraw(device));
            if around.sent.is_some() {
                actions.push(Action::Delivered(device));
                actions.push(Action::Undelivered(device));
            }
        }
        let switched = if snapshot.messaging {
            Action::MessagingOff
        } else {
            Action::MessagingOn
        };
        actions.extend([switched, Action::Restart]);
    }

    /// Lets one thing happen; says whether there was such a thing.
    pub(super) fn step(
        &mut self,
        action: Action,
        room: &mut Room,
        facts: &mut Vec<Fact>,
    ) -> Result<bool, Broken> {
        if let Action::Wait(until) = action {
            return self.wait(until, room, facts);
        }
        let at_ms = self.now_ms();
        let Some(given) = self.given(action, at_ms, room) else {
            return Ok(false);
        };
        self.wait_ms = 0;
        self.give(given, room, facts)?;
        Ok(true)
    }

    fn wait(
        &mut self,
        until: Until,
        room: &mut Room,
        facts: &mut Vec<Fact>,
    ) -> Result<bool, Broken> {
        let Some(left) = self.snapshot().as_ref().and_then(limit) else {
            return Ok(false);
        };
        match until {
            Until::JustBefore => {
                let at_ms = self.now_ms + left - 1;
                self.give(Given::Time { at_ms }, room, facts)?;
            }
            Until::Deadline => self.wait_ms = left,
            Until::Beyond => self.wait_ms = left + 1,
        }
        Ok(true)
    }

    fn given(&self, action: Action, at_ms: u64, room: &mut Room) -> Option<Given> {
        let around = |device: u8| &self.around[usize::from(device)];
        let name = |device: u8| room.devices[usize::from(device)];
        let prompt_ended = |device: u8, which: usize| {
            let asked = around(device).prompts[which]?;
            Some(Given::PromptEnded {
                at_ms,
                device: name(device),
                prompt: asked.number,
            })
        };
        let pressed = |device, button| Given::Pressed {
            at_ms,
            device: name(device),
            button,
        };
        let delivery = |device, ok| {
            let message = around(device).sent?;
            Some(Given::Delivery { at_ms, message, ok })
        };
        Some(match action {
            Action::Wait(_) => return None,
            Action::Tell => Given::Time { at_ms },
            Action::Hear(device, said, way) => {
                let place = usize::from(device);
                let prompts = self.around.map(|around| around.prompts);
                Given::Heard {
                    at_ms,
                    device: room.devices[place],
                    from_ms: self.began(device, way, at_ms)?,
                    is_final: way != Way::Interim,
                    voice: way.voice(),
                    hypotheses: room.phrases.heard((said, way), place, &prompts)?,
                }
            }
            Action::PromptEnded(device) => prompt_ended(device, 0)?,
            Action::OldPromptEnded(device) => prompt_ended(device, 1)?,
            Action::Confirm(device) => pressed(device, Button::Confirm),
            Action::Cancel(device) => pressed(device, Button::Cancel),
            Action::Withdraw(device) => Given::Withdrawn {
                at_ms,
                device: name(device),
                from_ms: around(device).answer_ms,
            },
            Action::Delivered(device) => delivery(device, true)?,
            Action::Undelivered(device) => delivery(device, false)?,
            Action::MessagingOn | Action::MessagingOff => Given::Setting {
                at_ms,
                messaging: action == Action::MessagingOn,
            },
            Action::Restart => Given::Restart { at_ms },
        })
    }

    /// What is wrong with the step that led here.
    pub(super) fn wrong(&self, action: Action, facts: &[Fact], room: &Room) -> Option<Wrong> {
        let breaches = self.judge.breaches().iter();
        let mut broken = breaches.filter(|breach| breach.rule <= Rule::G15);
        if let Some(breach) = broken.next() {
            return Some((breach.rule, breach.why.clone()));
        }
        if let Some(did) = self.unlike {
            let why = format!("taken again, the last step did something else than {did:?}");
            return Some((Rule::G15, why));
        }
        let Action::Hear(device, Said::Cancel, Way::Plainly) = action else {
            return None;
        };
        let name = room.devices[usize::from(device)];
        let goes_on = facts.iter().any(|fact| is_session(fact, name));
        let is_over = self.stage(device) == Some(Stage::Idle);
        let why = || "\"cancel\" did not end the session".to_owned();
        (goes_on || !is_over).then(|| (Rule::S2, why()))
    }

    fn stage(&self, device: u8) -> Option<Stage> {
        self.assistant.dialog()?.stage(DeviceId(device))
    }

    /// Lets the next thing happen that happens in a silent house; nothing if it rests. Prompts are
    /// said to their end, or never.
    pub(super) fn rests(
        &mut self,
        prompts_end: bool,
        room: &mut Room,
    ) -> Result<Option<()>, Broken> {
        let Some(dialog) = self.assistant.dialog() else {
            return Ok(None);
        };
        let (now_ms, due) = (self.now_ms, dialog.next_deadline());
        let due_ms = due.map(|left| now_ms + u64::from(left.0));
        let sessions = dialog.snapshot().sessions;
        let speaking = (0..).zip(&self.around).filter(|(device, _)| {
            let session = sessions.get(usize::from(*device)).copied().flatten();
            prompts_end && session.is_some_and(|session| session.is_speaking)
        });
        let ended = speaking.map(|(device, around)| (around.ends_ms.max(self.now_ms()), device));
        let next = match (ended.min(), due_ms) {
            (None, None) => return Ok(None),
            (Some((at_ms, device)), due_ms) if due_ms.is_none_or(|due_ms| at_ms < due_ms) => {
                self.given(Action::PromptEnded(device), at_ms, room)
            }
            (_, due_ms) => due_ms.map(|at_ms| Given::Time {
                at_ms: at_ms.max(self.now_ms()),
            }),
        };
        let mut facts = std::mem::take(&mut room.facts);
        facts.clear();
        self.wait_ms = 0;
        if let Some(given) = next {
            self.give(given, room, &mut facts)?;
        }
        room.facts = facts;
        Ok(next.map(|_| ()))
    }

    /// When speech began; nothing if there was no such moment.
    fn began(&self, device: u8, way: Way, at_ms: u64) -> Option<u64> {
        let Way::Since(since) = way else {
            return Some(at_ms);
        };
        let sessions = self.snapshot()?.sessions;
        let quiet = sessions.iter().flatten().map(|session| session.quiet);
        let session = sessions.get(usize::from(device))?.as_ref()?;
        let ago = match since {
            Since::Quiet | Since::BeforeQuiet => quiet.min()?,
            Since::Prompt | Since::BeforePrompt => own_quiet(session)?,
        };
        if ago == Millis::MAX {
            return None;
        }
        let ms = self.now_ms.checked_sub(u64::from(ago.0))?;
        match since {
            Since::Quiet | Since::Prompt => Some(ms),
            Since::BeforeQuiet | Since::BeforePrompt => ms.checked_sub(1),
        }
    }

    fn give(&mut self, given: Given, room: &mut Room, facts: &mut Vec<Fact>) -> Result<(), Broken> {
        self.note_given(&given, room);
        let [mut did, mut again] = std::mem::take(&mut room.did);
        did.clear();
        again.clear();
        let mut twin = self.assistant.clone();
        self.assistant.give(&given, &mut did)?;
        if !matches!(given, Given::Start { .. }) {
            twin.give(&given, &mut again)?;
            self.unlike = first_unlike(&did, &again);
        }
        self.now_ms = given.at_ms().unwrap_or(self.now_ms).max(self.now_ms);
        let begun = facts.len();
        facts.push(Fact::Given(given));
        for did in &did {
            self.note_did(did, room);
            facts.push(Fact::Did(*did));
        }
        facts.push(Fact::Did(Did::Done));
        let Room {
            dictionary, reader, ..
        } = room;
        let dictionary = dictionary.borrow();
        for fact in &facts[begun..] {
            self.judge.see(fact, reader, &dictionary);
        }
        drop(dictionary);
        room.did = [did, again];
        Ok(())
    }

    fn note_given(&mut self, given: &Given, room: &Room) {
        if let Given::Heard {
            device, from_ms, ..
        } = *given
            && let Some(place) = room.place(device)
            && let Some(snapshot) = self.snapshot()
            && let Some(Some(session)) = snapshot.sessions.get(place)
            && session.stage != Stage::Holding
        {
            self.around[place].answer_ms = from_ms;
        }
    }

    fn note_did(&mut self, did: &Did, room: &Room) {
        let (Did::Prompt { device, .. }
        | Did::Listen { device, .. }
        | Did::Record { device, .. }
        | Did::RecordEnded { device, .. }
        | Did::Send { device, .. }
        | Did::Cancel { device, .. }) = *did
        else {
            return;
        };
        let Some(around) = room.place(device).map(|place| &mut self.around[place]) else {
            return;
        };
        match *did {
            Did::Prompt {
                prompt: number,
                text,
                message,
                duration_ms,
                ..
            } => {
                around.prompts = [Some(Asked { number, text }), around.prompts[0]];
                around.ends_ms = self.now_ms + duration_ms;
                around.making = message;
            }
            Did::Listen { until_ms, .. } => around.until_ms = until_ms,
            Did::Record { .. } => around.recorded_ms = [Some(self.now_ms), None],
            Did::RecordEnded { .. } => around.recorded_ms[1] = Some(self.now_ms),
            Did::Send {
                message,
                from_ms,
                to_ms,
                ..
            } => {
                around.sent_ms = [from_ms, to_ms];
                self.sends += u8::from(around.sent != Some(message));
                around.sent = Some(message);
                around.making = around.making.filter(|making| *making != message);
            }
            Did::Cancel { .. } => around.making = None,
            Did::Hello { .. }
            | Did::Notice { .. }
            | Did::Act { .. }
            | Did::Timer { .. }
            | Did::Done => {}
        }
    }
}

impl Clone for World {
    fn clone(&self) -> Self {
        Self {
            assistant: self.assistant.clone(),
            judge: self.judge.clone(),
            ..*self
        }
    }

    /// Keeps what is allocated.
    fn clone_from(&mut self, source: &Self) {
        self.assistant.clone_from(&source.assistant);
        self.judge.clone_from(&source.judge);
        self.now_ms = source.now_ms;
        self.wait_ms = source.wait_ms;
        self.around = source.around;
        self.sends = source.sends;
        self.unlike = source.unlike;
    }
}

/// Time until something happens by itself, or a retry comes too late.
fn limit(snapshot: &Snapshot) -> Option<u64> {
    let sessions = snapshot.sessions.iter().flatten();
    let limits = sessions.flat_map(|session| {
        let age = session.outgoing.map(|outgoing| outgoing.age.0);
        let retry = age.filter(|age| *age <= RETRY_MS);
        [
            session.left.map(|left| left.0),
            retry.map(|age| RETRY_MS + 1 - age),
        ]
    });
    limits.flatten().min().map(u64::from)
}

/// What was done that was not done when the same was given again, or the other way round.
fn first_unlike(did: &[Did], again: &[Did]) -> Option<Did> {
    let mut pairs = did.iter().zip(again);
    let unlike = pairs.find(|(one, other)| one != other).map(|(one, _)| one);
    let missing = || did.get(again.len()).or_else(|| again.get(did.len()));
    unlike.or_else(missing).copied()
}

/// Whether a device goes on with a session.
fn is_session(fact: &Fact, name: Term) -> bool {
    match *fact {
        Fact::Did(Did::Listen {
            device,
            listens_for,
            ..
        }) => device == name && listens_for != Asks::Wake,
        Fact::Did(
            Did::Prompt { device, .. } | Did::Record { device, .. } | Did::Send { device, .. },
        ) => device == name,
        Fact::Said(_) | Fact::Given(_) | Fact::Did(_) => false,
    }
}

/// How long ago the prompt of a question ended that is open, or was answered.
fn own_quiet(session: &SessionState) -> Option<Millis> {
    match session.stage {
        Stage::Idle | Stage::Awake | Stage::Recording => None,
        Stage::AskingRecipient | Stage::ConfirmingRecipient | Stage::ConfirmingSend => {
            (!session.is_speaking).then_some(session.since)
        }
        Stage::Holding => session.approved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_differ_anywhere_are_unlike() {
        let [one, other] = [1, 2].map(|at_ms| Did::Timer { at_ms });
        assert_eq!(first_unlike(&[one, other], &[one, other]), None);
        assert_eq!(first_unlike(&[one, other], &[one, one]), Some(other));
        assert_eq!(first_unlike(&[one], &[one, other]), Some(other));
        assert_eq!(first_unlike(&[one, other], &[one]), Some(other));
    }
}
