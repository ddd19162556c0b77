//! Writes what happened in the abstraction as a [`Case`], so that it can be played again.
//!
//! A case names times in its own terms, so they are found by trying: each event happens at the first
//! time that leads the assistant to where the abstraction has it.

use super::action::{Action, Said, Since, Until, Way};
use super::world::World;
use super::{Check, SEED};
use crate::assistant::Broken;
use crate::case::{Case, Event, How, What, When};
use crate::play::Player;
use crate::target::Target;
use mondegreen_dialog::{Dialog, Millis, Snapshot, Stage};
use mondegreen_oracle::{Judge, Reader, Rule};
use mondegreen_trace::fact::Fact;

/// "Ana Ruiz" and "Anna Ruiz", by their places in the table of names.
const NAMES: [u8; 2] = [0, 1];
/// How many events are tried in all before it is given up.
const TRIES_MAX: usize = 2_000;

/// What a case has to come to after each of its events.
type Goal = (Event, Vec<When>, Option<Vec<Shape>>);

/// What can be seen of a device from afar.
type Shape = (Stage, bool, bool, bool, Option<u8>);

impl Check {
    /// The case in which this happens and which breaks the same rule, if there is one.
    pub(super) fn case(&mut self, actions: &[Action], rule: Rule) -> Result<Option<Case>, Broken> {
        let Some(goals) = self.goals(actions)? else {
            return Ok(None);
        };
        let mut case = Case {
            seed: SEED,
            names: NAMES,
            devices: u8::try_from(self.bounds.devices).unwrap_or(u8::MAX),
            messaging: true,
            events: Vec::new(),
        };
        let mut tries = TRIES_MAX;
        let is_found = self.search(&mut case, &goals, rule, &mut tries)?;
        Ok(is_found.then_some(case))
    }

    /// The events of these actions, with the times that they may have; nothing if an action has no
    /// words among events.
    fn goals(&mut self, actions: &[Action]) -> Result<Option<Vec<Goal>>, Broken> {
        let mut world = self.start()?;
        let mut goals = Vec::new();
        let mut wait = None;
        for action in actions {
            self.step(&mut world, *action)?;
            if let Action::Wait(until) = action {
                wait = Some(*until);
                continue;
            }
            let Some(event) = event(*action) else {
                return Ok(None);
            };
            goals.push((event, times(*action, wait.take()), world.shapes()));
        }
        Ok(Some(goals))
    }

    fn search(
        &self,
        case: &mut Case,
        goals: &[Goal],
        rule: Rule,
        tries: &mut usize,
    ) -> Result<bool, Broken> {
        let Some((event, times, shapes)) = goals.get(case.events.len()) else {
            return self.breaks(case, rule);
        };
        for when in times {
            let Some(left) = tries.checked_sub(1) else {
                return Ok(false);
            };
            *tries = left;
            case.events.push(Event {
                when: *when,
                ..*event
            });
            if self.reached(case)? == *shapes && self.search(case, goals, rule, tries)? {
                return Ok(true);
            }
            case.events.pop();
        }
        Ok(false)
    }

    fn play(&self, case: &Case) -> Result<(Player<crate::Reference>, Vec<Fact>), Broken> {
        let mut player = Player::new(self.assistant.clone());
        let mut facts = Vec::new();
        player.start(case, &mut facts)?;
        for event in &case.events {
            player.happen(*event, &mut facts)?;
        }
        Ok((player, facts))
    }

    fn reached(&self, case: &Case) -> Result<Option<Vec<Shape>>, Broken> {
        let (player, _) = self.play(case)?;
        let snapshot = player.target().dialog().map(Dialog::snapshot);
        Ok(snapshot.as_ref().map(shapes))
    }

    fn breaks(&self, case: &Case, rule: Rule) -> Result<bool, Broken> {
        let (mut player, mut facts) = self.play(case)?;
        player.finish(&mut facts)?;
        let (mut judge, mut reader) = (Judge::new(), Reader::default());
        let dictionary = Target::dictionary(&self.assistant);
        for fact in &facts {
            judge.see(fact, &mut reader, &dictionary.borrow());
        }
        let breaches = judge.finish(&mut reader, &dictionary.borrow());
        Ok(breaches.iter().any(|breach| breach.rule == rule))
    }
}

impl World {
    fn shapes(&self) -> Option<Vec<Shape>> {
        self.snapshot().as_ref().map(shapes)
    }
}

fn shapes(snapshot: &Snapshot) -> Vec<Shape> {
    let shape = |session: &mondegreen_dialog::SessionState| {
        (
            session.stage,
            session.is_speaking,
            session.left == Some(Millis(1)),
            session.tape.is_some_and(|tape| tape.spoken),
            session.question.map(|question| question.repeats_left),
        )
    };
    snapshot.sessions.iter().flatten().map(shape).collect()
}

/// When an event can happen, the plainest first.
fn times(action: Action, wait: Option<Until>) -> Vec<When> {
    match (action, wait) {
        (Action::Tell, Some(_)) => vec![When::AfterDeadline],
        (_, Some(Until::JustBefore)) => vec![When::BeforeDeadline],
        (_, Some(Until::Deadline)) => vec![When::AtDeadline],
        (_, Some(Until::Beyond)) => vec![When::Overslept],
        (_, None) => vec![When::InTime, When::Soon, When::AtOnce, When::AtPromptEnd],
    }
}

fn event(action: Action) -> Option<Event> {
    let on = |device: u8, what| {
        Some(Event {
            device,
            ..Event::plain(what)
        })
    };
    match action {
        Action::Wait(_) => None,
        Action::Tell => on(0, What::Time),
        Action::Hear(device, said, way) => Some(Event {
            how: how(way)?,
            ..on(device, what(said)?)?
        }),
        Action::PromptEnded(device) => on(device, What::PromptEnded),
        Action::OldPromptEnded(device) => on(device, What::OldPromptEnded),
        Action::Confirm(device) => on(device, What::ConfirmButton),
        Action::Cancel(device) => on(device, What::CancelButton),
        Action::Withdraw(device) => on(device, What::Withdrawn),
        Action::Delivered(device) => on(device, What::Delivered),
        Action::Undelivered(device) => on(device, What::Undelivered),
        Action::MessagingOn => on(0, What::MessagingOn),
        Action::MessagingOff => on(0, What::MessagingOff),
        Action::Restart => on(0, What::Restart),
    }
}

const fn what(said: Said) -> Option<What> {
    Some(match said {
        Said::Wake => What::Wake,
        Said::SendMessage => What::SendMessage,
        Said::SendTo(0) => What::SendMessageToFirst,
        Said::SendTo(_) => What::SendMessageToSecond,
        Said::Name(0) => What::FirstName,
        Said::Name(_) => What::SecondName,
        Said::Wanted => What::Wanted,
        Said::OldWanted => What::OldWanted,
        Said::WantedThere => What::WantedElsewhere,
        Said::OtherWord => return None,
        Said::Yes => What::Yes,
        Said::YesAndNo => What::YesAndNo,
        Said::SendIt => What::SendIt,
        Said::No => What::No,
        Said::Cancel => What::Cancel,
        Said::Lights => What::Lights,
        Said::Talk => What::Talk,
    })
}

const fn how(way: Way) -> Option<How> {
    Some(match way {
        Way::Plainly => How::Plainly,
        Way::Scored(800) => How::JustSure,
        Way::Scored(799) => How::NotQuiteSure,
        Way::Scored(499) => How::Doubtfully,
        Way::Scored(_) | Way::Before(_) => return None,
        Way::Second => How::Second,
        Way::Within => How::WithinTalk,
        Way::ByDevice => How::ByDevice,
        Way::ByStranger => How::ByStranger,
        Way::Interim => How::Interim,
        Way::Since(Since::Quiet | Since::Prompt) => How::SincePromptEnd,
        Way::Since(Since::BeforeQuiet | Since::BeforePrompt) => How::SinceBeforePromptEnd,
    })
}
