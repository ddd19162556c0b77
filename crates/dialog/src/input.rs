//! What a dialog is told: acts with scores, no text.

use crate::{ContactId, DeviceId, MessageId, Millis, PromptId, Score, Word};

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// Speech was heard.
    Heard(DeviceId, Heard),
    /// The recogniser takes back what it made of the speech that began so long ago.
    Withdrawn(DeviceId, Millis),
    /// The device has finished saying a prompt.
    PromptEnded(DeviceId, PromptId),
    /// A button was pressed.
    Pressed(DeviceId, Button),
    /// Nothing but time.
    Time,
    /// The message arrived.
    Delivered(MessageId),
    /// The message did not arrive.
    Undelivered(MessageId),
    /// Messaging was switched on.
    MessagingOn,
    /// Messaging was switched off.
    MessagingOff,
    /// Power was lost and came back.
    Restart,
}

/// A button on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Button {
    /// Confirms what the device asks.
    Confirm,
    /// Cancels what the device does.
    Cancel,
}

/// Speech that has just ended (or, if interim, goes on), and what was made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Heard {
    /// What it was taken to mean.
    pub act: Act,
    /// How surely.
    pub score: Score,
    /// Score of the best reading that means something else.
    pub runner_up: Score,
    /// Which of the recogniser's hypotheses meant it.
    pub rank: Rank,
    /// Whether it was all that was said.
    pub scope: Scope,
    /// Whose voice it was.
    pub voice: Voice,
    /// Whether the recogniser may still change its mind.
    pub finality: Finality,
    /// Whether the wake word stood before it.
    pub addressed: bool,
    /// How long ago the speech began.
    pub began: Millis,
}

impl Heard {
    /// Said plainly by someone of the household in no time: sure, whole, final.
    pub const fn plain(act: Act) -> Self {
        Self {
            act,
            score: Score::MAX,
            runner_up: Score(0),
            rank: Rank::First,
            scope: Scope::Whole,
            voice: Voice::Person,
            finality: Finality::Final,
            addressed: false,
            began: Millis::ZERO,
        }
    }
}

/// What speech was taken to mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// The wake word.
    Wake,
    /// "Send a message", perhaps with a name.
    SendMessage(Option<Name>),
    /// A command to the home.
    Home(HomeAct),
    /// A name from the contact list.
    Name(Name),
    /// A yes.
    Yes,
    /// A no.
    No,
    /// Both a yes and a no.
    YesAndNo,
    /// "Send it".
    SendIt,
    /// A challenge word.
    Word(Word),
    /// "Cancel".
    Cancel,
    /// Anything else.
    Talk,
}

/// A name that was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// Whose.
    pub contact: ContactId,
    /// How surely.
    pub score: Score,
    /// Score of the next contact.
    pub runner_up: Score,
    /// Whether another contact's name sounds the same.
    pub alike: Alike,
}

/// Whether two contacts' names can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alike {
    /// No other contact's name sounds like it.
    Distinct,
    /// Another's sounds the same and is spelt otherwise.
    SameSound,
    /// Another's is the same, letter by letter.
    SameSpelling,
}

/// Something to do in the home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HomeAct {
    /// With what.
    pub appliance: Appliance,
    /// Switch it on, or lock it; else off, or unlock it.
    pub on: bool,
}

/// What can be switched in the home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Appliance {
    /// The lights.
    Lights,
    /// The heating.
    Heat,
    /// The door lock.
    Lock,
}

/// Which of the recogniser's hypotheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rank {
    /// Its best.
    First,
    /// One further down.
    Later,
}

/// How much of what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All of it.
    Whole,
    /// A part of it.
    Part,
}

/// Whose voice a device believes that it heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Voice {
    /// Someone of the household.
    Person,
    /// A device's own voice.
    Device,
    /// It cannot tell.
    Unknown,
}

/// Whether a hypothesis can still change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Finality {
    /// It stands.
    Final,
    /// The speech goes on.
    Interim,
}
