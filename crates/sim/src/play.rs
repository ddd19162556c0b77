//! Plays a case to an assistant: turns "the wanted answer, at the deadline" into an input.
//!
//! All that a player knows is what an observer in the room knows: the inputs that it gave, and the
//! effects that came back.

mod ear;
mod phrases;

use crate::assistant::{Assistant, Broken};
use crate::case::{Case, Event, How, What, When};
use crate::target::{Shared, SpokenTo, Target};
use ear::{Ear, Tape};
use mondegreen_trace::fact::{Did, Fact, Given, Heard, Term};
use mondegreen_trace::{Asks, Button, Household, PROTOCOL, Trace, Voice};
use phrases::Phrases;
pub use phrases::Words;

/// How long speech takes that was not begun at a named time.
const SPEECH_MS: u64 = 300;
const SOON_MS: u64 = 100;
const SECOND_MS: u64 = 1_000;
const LATER_MS: u64 = 120_000;
const MUCH_LATER_MS: u64 = 60 * 24 * 3_600_000;
/// An assistant that asks for more timers than this while nothing happens never comes to rest.
const TIMERS_MAX: usize = 100;

/// The trace of a case, let go on until the assistant comes to rest.
///
/// # Errors
/// When the assistant breaks, or never comes to rest.
pub fn play(case: &Case, assistant: &mut dyn Assistant) -> Result<Trace, Broken> {
    let mut player = Player::new(SpokenTo::new(assistant));
    let mut facts = Vec::new();
    player.play(case, &mut facts)?;
    let dictionary = player.dictionary.borrow();
    let lines = facts.iter().filter_map(|fact| dictionary.line(fact));
    Ok(Trace {
        lines: lines.collect(),
    })
}

/// Plays events, one after the other, and keeps what an observer knows.
#[derive(Debug)]
pub struct Player<T> {
    target: T,
    dictionary: Shared,
    phrases: Phrases,
    room: Room,
    did: Vec<Did>,
}

/// A moment of a run to which a player can go back.
#[derive(Debug)]
pub(crate) struct Moment<T> {
    target: T,
    room: Room,
}

/// What an observer knows of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room {
    pub(crate) now_ms: u64,
    /// The times that were asked for, the earliest first.
    timers: Vec<u64>,
    /// The time that was asked for last.
    timer_ms: Option<u64>,
    pub(crate) ears: Vec<Ear>,
    /// The message that was sent last.
    sent: Option<Term>,
}

impl<T: Target> Player<T> {
    /// Plays to this one, in the words that it answers to.
    pub fn new(target: T) -> Self {
        let dictionary = target.dictionary();
        Self {
            phrases: Phrases::new(Shared::clone(&dictionary), target.words()),
            target,
            dictionary,
            room: Room::default(),
            did: Vec::new(),
        }
    }

    /// Who is played to.
    pub const fn target(&self) -> &T {
        &self.target
    }

    pub(crate) const fn room(&self) -> &Room {
        &self.room
    }

    pub(crate) const fn dictionary(&self) -> &Shared {
        &self.dictionary
    }

    /// Whether a device is saying the answer that another waits for.
    pub(crate) fn answers_itself(&mut self) -> bool {
        let Self { room, phrases, .. } = self;
        let waiting = room.ears.iter().filter(|ear| !ear.speaking);
        let waiting = waiting.filter(|ear| ear.wanted(room.now_ms) == Some(Asks::Confirmation));
        let mut waiting = waiting.filter_map(|ear| ear.text);
        let speaking = room.ears.iter().filter(|ear| ear.speaking);
        waiting.any(|wants| {
            let mut said = speaking.clone().filter_map(|ear| ear.text);
            said.any(|says| phrases.says_answer(says, wants))
        })
    }

    /// Whether a device waits for its name, as far as it says so.
    pub(crate) fn is_asleep(&self, device: u8) -> bool {
        self.room.onward(device).0 == What::Wake
    }

    /// This moment, if the assistant can be had twice.
    pub(crate) fn moment(&self) -> Option<Moment<T>> {
        let target = self.target.fork()?;
        let room = self.room.clone();
        Some(Moment { target, room })
    }

    /// Goes back to a moment; says whether it could.
    pub(crate) fn go_back(&mut self, moment: &Moment<T>) -> bool {
        let Some(target) = moment.target.fork() else {
            return false;
        };
        self.target = target;
        self.room.clone_from(&moment.room);
        true
    }

    /// Plays a case from its start until the assistant comes to rest; appends what happened.
    ///
    /// # Errors
    /// When the assistant breaks, or never comes to rest.
    pub fn play(&mut self, case: &Case, facts: &mut Vec<Fact>) -> Result<(), Broken> {
        self.start(case, facts)?;
        for event in &case.events {
            self.happen(*event, facts)?;
        }
        self.finish(facts)
    }

    /// Begins a run in the home of a case.
    ///
    /// # Errors
    /// When the assistant breaks.
    pub fn start(&mut self, case: &Case, facts: &mut Vec<Fact>) -> Result<(), Broken> {
        let household = case.household();
        let home = self.dictionary.borrow_mut().home(&household);
        self.settle_in(&household);
        let start = Given::Start {
            protocol: PROTOCOL,
            seed: u64::from(case.seed),
            at_ms: 0,
            household: home,
        };
        self.give(start, facts)
    }

    fn settle_in(&mut self, household: &Household) {
        self.phrases.settle_in(household);
        let mut dictionary = self.dictionary.borrow_mut();
        let devices = household.devices.iter();
        let ears = devices.map(|name| Ear::new(dictionary.term(name)));
        self.room = Room {
            ears: ears.collect(),
            ..Room::default()
        };
    }

    /// Lets one thing happen, and whatever the assistant does by itself before.
    ///
    /// # Errors
    /// When the assistant breaks, or asks for ever more time.
    pub fn happen(&mut self, event: Event, facts: &mut Vec<Fact>) -> Result<(), Broken> {
        let event = self.room.resolve(event);
        let at_ms = self.room.time(event.when, event.device);
        match event.when {
            When::Overslept => self.room.timers.retain(|timer| *timer >= at_ms),
            When::AfterDeadline => self.obey_timers(at_ms.saturating_add(1), facts)?,
            When::InTime
            | When::AtOnce
            | When::Soon
            | When::BeforeDeadline
            | When::AtDeadline
            | When::BeforePromptEnd
            | When::AtPromptEnd
            | When::Later
            | When::MuchLater => self.obey_timers(at_ms, facts)?,
        }
        self.room.now_ms = at_ms;
        let given = self.given(event);
        self.give(given, facts)
    }

    /// Gives the assistant the time that it asked for until it asks for no more, and ends the run.
    ///
    /// # Errors
    /// When the assistant breaks, or never comes to rest.
    pub fn finish(&mut self, facts: &mut Vec<Fact>) -> Result<(), Broken> {
        self.obey_timers(u64::MAX, facts)?;
        self.give(Given::End, facts)
    }

    /// Gives the assistant the time that it asked for, as often as that lies before `until_ms`.
    fn obey_timers(&mut self, until_ms: u64, facts: &mut Vec<Fact>) -> Result<(), Broken> {
        for _ in 0..TIMERS_MAX {
            match self.room.timers.first() {
                Some(&at_ms) if at_ms < until_ms => {
                    self.room.timers.remove(0);
                    self.room.now_ms = self.room.now_ms.max(at_ms);
                    let at_ms = self.room.now_ms;
                    self.give(Given::Time { at_ms }, facts)?;
                }
                Some(_) | None => return Ok(()),
            }
        }
        Err(Broken::new(format!(
            "it asked for the time {TIMERS_MAX} times while nothing happened, and does not come to rest"
        )))
    }

    fn give(&mut self, given: Given, facts: &mut Vec<Fact>) -> Result<(), Broken> {
        self.did.clear();
        self.target.give(&given, &mut self.did)?;
        self.room.note_given(&given);
        facts.push(Fact::Given(given));
        for did in &self.did {
            self.room.note_did(did);
            facts.push(Fact::Did(*did));
        }
        Ok(())
    }

    fn given(&mut self, event: Event) -> Given {
        let at_ms = self.room.now_ms;
        let ear = &self.room.ears[usize::from(event.device)];
        let device = ear.device;
        match event.what {
            What::PromptEnded => Given::PromptEnded {
                at_ms,
                device,
                prompt: ear.prompt,
            },
            What::OldPromptEnded => Given::PromptEnded {
                at_ms,
                device,
                prompt: ear.prompt.saturating_sub(1),
            },
            What::ConfirmButton => Given::Pressed {
                at_ms,
                device,
                button: Button::Confirm,
            },
            What::CancelButton => Given::Pressed {
                at_ms,
                device,
                button: Button::Cancel,
            },
            What::Withdrawn => Given::Withdrawn {
                at_ms,
                device,
                from_ms: ear.heard_from_ms,
            },
            What::Delivered | What::Undelivered => Given::Delivery {
                at_ms,
                message: self.room.sent.unwrap_or_else(|| self.phrases.nothing()),
                ok: event.what == What::Delivered,
            },
            What::MessagingOn | What::MessagingOff => Given::Setting {
                at_ms,
                messaging: event.what == What::MessagingOn,
            },
            What::Restart => Given::Restart { at_ms },
            What::Time => Given::Time { at_ms },
            What::Onward
            | What::Wanted
            | What::OldWanted
            | What::WantedElsewhere
            | What::Wake
            | What::SendMessage
            | What::SendMessageToFirst
            | What::SendMessageToSecond
            | What::Lights
            | What::FirstName
            | What::SecondName
            | What::Yes
            | What::No
            | What::YesAndNo
            | What::SendIt
            | What::Cancel
            | What::Talk
            | What::Noise
            | What::Echo => Given::Heard {
                at_ms,
                device,
                // Speech takes time, be it a millisecond.
                from_ms: self.room.began(event).min(at_ms.saturating_sub(1)),
                is_final: event.how != How::Interim,
                voice: voice(event.how),
                hypotheses: self.hypotheses(event),
            },
        }
    }

    /// What a recogniser makes of it.
    fn hypotheses(&mut self, event: Event) -> Heard {
        let room = &self.room;
        let ear = &room.ears[usize::from(event.device)];
        let elsewhere = room.last_prompt(|at| at != event.device);
        let words = match event.what {
            What::Wanted => {
                let own = ear.text.or_else(|| room.last_prompt(|_| true));
                self.phrases.wanted(own)
            }
            What::OldWanted => self.phrases.wanted(ear.old_text),
            What::WantedElsewhere => self.phrases.wanted(elsewhere),
            What::Echo => room
                .last_prompt(|_| true)
                .unwrap_or_else(|| self.phrases.nothing()),
            What::Noise => return self.phrases.noise(),
            What::Onward
            | What::Wake
            | What::SendMessage
            | What::SendMessageToFirst
            | What::SendMessageToSecond
            | What::Lights
            | What::FirstName
            | What::SecondName
            | What::Yes
            | What::No
            | What::YesAndNo
            | What::SendIt
            | What::Cancel
            | What::Talk
            | What::PromptEnded
            | What::OldPromptEnded
            | What::ConfirmButton
            | What::CancelButton
            | What::Withdrawn
            | What::Delivered
            | What::Undelivered
            | What::MessagingOn
            | What::MessagingOff
            | What::Restart
            | What::Time => self.phrases.words(event.what),
        };
        self.phrases.heard(words, event.how)
    }
}

impl Room {
    /// Puts what leads on in the place of [`What::Onward`].
    fn resolve(&self, event: Event) -> Event {
        if event.what != What::Onward {
            return event;
        }
        let (what, in_time) = self.onward(event.device);
        let when = if event.when == When::InTime {
            in_time
        } else {
            event.when
        };
        Event {
            what,
            when,
            ..event
        }
    }

    /// What leads on towards a send from where the device stands, and when.
    fn onward(&self, device: u8) -> (What, When) {
        let ear = &self.ears[usize::from(device)];
        if ear.speaking {
            return (What::PromptEnded, When::AtPromptEnd);
        }
        match ear.wanted(self.now_ms) {
            None | Some(Asks::Wake) => (What::Wake, When::InTime),
            // It waits, and what it waits for is to be stopped.
            Some(Asks::Command) if ear.tape == Tape::Recorded => (What::Time, When::AfterDeadline),
            Some(Asks::Command) => (What::SendMessage, When::InTime),
            Some(Asks::Recipient) => (What::FirstName, When::InTime),
            Some(Asks::Confirmation) => (What::Wanted, When::InTime),
            Some(Asks::Message) if ear.tape != Tape::Spoken => (What::Talk, When::InTime),
            Some(Asks::Message) => (What::Time, When::AfterDeadline),
        }
    }

    /// When something happens; never before now.
    fn time(&self, when: When, device: u8) -> u64 {
        let after = |wait_ms| self.now_ms.saturating_add(wait_ms);
        let ear = &self.ears[usize::from(device)];
        let at_ms = match when {
            When::InTime => after(SECOND_MS),
            When::AtOnce => self.now_ms,
            When::Soon => after(SOON_MS),
            When::BeforeDeadline => self.deadline(ear).saturating_sub(1),
            When::AtDeadline | When::AfterDeadline => self.deadline(ear),
            When::Overslept => self.deadline(ear).saturating_add(1),
            When::BeforePromptEnd => ear.ends_ms.saturating_sub(1),
            When::AtPromptEnd => ear.ends_ms,
            When::Later => after(LATER_MS),
            When::MuchLater => after(MUCH_LATER_MS),
        };
        at_ms.max(self.now_ms)
    }

    /// When the assistant does something by itself, or stops listening; now if it never will.
    fn deadline(&self, ear: &Ear) -> u64 {
        let known = [self.timer_ms, ear.until_ms].into_iter().flatten();
        let ahead = known.filter(|at_ms| *at_ms >= self.now_ms);
        ahead.min().unwrap_or(self.now_ms)
    }

    /// When speech began.
    fn began(&self, event: Event) -> u64 {
        let ends = self.ears.iter().map(|ear| ear.ends_ms);
        let quiet_ms = ends.max().unwrap_or(0);
        match event.how {
            How::SinceBeforePromptEnd => quiet_ms.saturating_sub(1),
            How::SincePromptEnd => quiet_ms,
            How::SinceBeforePrompt => {
                let ear = &self.ears[usize::from(event.device)];
                ear.began_ms.saturating_sub(1)
            }
            How::SinceEver => 0,
            How::Plainly
            | How::JustSure
            | How::NotQuiteSure
            | How::Doubtfully
            | How::Second
            | How::BesideNo
            | How::WithinTalk
            | How::Addressed
            | How::Interim
            | How::ByDevice
            | How::ByStranger => self.now_ms.saturating_sub(SPEECH_MS).max(quiet_ms),
        }
    }

    /// The text of the last prompt of these devices.
    fn last_prompt(&self, which: impl Fn(u8) -> bool) -> Option<Term> {
        let ears = (0..).zip(&self.ears).filter(|(at, _)| which(*at));
        let last = ears.max_by_key(|(_, ear)| ear.began_ms);
        last.and_then(|(_, ear)| ear.text)
    }

    fn ear_of(&mut self, device: Term) -> Option<&mut Ear> {
        self.ears.iter_mut().find(|ear| ear.device == device)
    }

    fn note_given(&mut self, given: &Given) {
        match *given {
            Given::Heard {
                device, from_ms, ..
            } => {
                if let Some(ear) = self.ear_of(device) {
                    ear.heard(from_ms);
                }
            }
            Given::PromptEnded {
                at_ms,
                device,
                prompt,
            } => {
                let ear = self.ear_of(device);
                if let Some(ear) = ear.filter(|ear| ear.speaking && ear.prompt == prompt) {
                    ear.speaking = false;
                    ear.ends_ms = at_ms;
                }
            }
            Given::Restart { at_ms } => {
                for ear in &mut self.ears {
                    ear.fall_silent(at_ms);
                }
            }
            Given::Start { .. }
            | Given::Withdrawn { .. }
            | Given::Pressed { .. }
            | Given::Time { .. }
            | Given::Delivery { .. }
            | Given::Setting { .. }
            | Given::End => {}
        }
    }

    fn note_did(&mut self, did: &Did) {
        match *did {
            Did::Timer { at_ms } => self.ask_for_time(at_ms),
            Did::Send { message, .. } => self.sent = Some(message),
            Did::Hello { .. }
            | Did::Prompt { .. }
            | Did::Listen { .. }
            | Did::Record { .. }
            | Did::RecordEnded { .. }
            | Did::Cancel { .. }
            | Did::Notice { .. }
            | Did::Act { .. }
            | Did::Done => {}
        }
        let now_ms = self.now_ms;
        if let Some(ear) = did.device().and_then(|device| self.ear_of(device)) {
            ear.note(did, now_ms);
        }
    }

    fn ask_for_time(&mut self, at_ms: u64) {
        self.timer_ms = Some(at_ms);
        if let Err(place) = self.timers.binary_search(&at_ms) {
            self.timers.insert(place, at_ms);
        }
    }
}

const fn voice(how: How) -> Voice {
    match how {
        How::ByDevice => Voice::Device,
        How::ByStranger => Voice::Unknown,
        How::Plainly
        | How::JustSure
        | How::NotQuiteSure
        | How::Doubtfully
        | How::Second
        | How::BesideNo
        | How::WithinTalk
        | How::Addressed
        | How::Interim
        | How::SinceBeforePromptEnd
        | How::SincePromptEnd
        | How::SinceBeforePrompt
        | How::SinceEver => Voice::Person,
    }
}
