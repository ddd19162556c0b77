//! What can happen in the abstraction, and in which states it is tried.

use mondegreen_dialog::{Policy, Score, SessionState, Stage};
use mondegreen_trace::Voice;

/// How many devices there are.
pub(super) const DEVICES: usize = 2;

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Time passes.
    Wait(Until),
    /// Nothing but time is told.
    Tell,
    /// A device hears speech.
    Hear(u8, Said, Way),
    /// A device has said its last prompt.
    PromptEnded(u8),
    /// A device is told again that it has said the prompt before.
    OldPromptEnded(u8),
    /// The confirm button of a device is pressed.
    Confirm(u8),
    /// The cancel button of a device is pressed.
    Cancel(u8),
    /// The recogniser takes back what was taken for an answer on a device, or what it heard last.
    Withdraw(u8),
    /// The message that a device sent last has arrived.
    Delivered(u8),
    /// It has not.
    Undelivered(u8),
    /// Messaging is switched on.
    MessagingOn,
    /// Messaging is switched off.
    MessagingOff,
    /// Power fails and comes back.
    Restart,
}

/// Until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Until {
    /// A millisecond before something happens by itself, or a limit is passed.
    JustBefore,
    /// When it happens; what is told next is told at that moment.
    Deadline,
    /// A millisecond later, without having been told the time.
    Beyond,
}

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Said {
    /// The assistant's name.
    Wake,
    /// "Send a message".
    SendMessage,
    /// The same, with the name of this contact.
    SendTo(u8),
    /// The name of this contact.
    Name(u8),
    /// What the last prompt of the device asks for; of the other device, if it has said none.
    Wanted,
    /// What the prompt before asked for.
    OldWanted,
    /// What the last prompt of the other device asks for.
    WantedThere,
    /// A challenge word that nobody asked for.
    OtherWord,
    /// "Yes".
    Yes,
    /// "Yes, no".
    YesAndNo,
    /// "Send it".
    SendIt,
    /// "No".
    No,
    /// "Cancel".
    Cancel,
    /// A command to the home.
    Lights,
    /// Anything else.
    Talk,
}

/// How it is heard: in one way other than plainly at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// Surely, whole, final, by a person, all at this moment.
    Plainly,
    /// With this confidence, in thousandths.
    Scored(u16),
    /// With something else this close behind it.
    Before(u16),
    /// As the second hypothesis.
    Second,
    /// In the middle of talk.
    Within,
    /// In a device's voice.
    ByDevice,
    /// In nobody's voice.
    ByStranger,
    /// The recogniser may still change its mind.
    Interim,
    /// Begun then.
    Since(Since),
}

/// When speech began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Since {
    /// When the last prompt in the house had ended.
    Quiet,
    /// A millisecond before.
    BeforeQuiet,
    /// When the device's own prompt had ended.
    Prompt,
    /// A millisecond before.
    BeforePrompt,
}

impl Way {
    /// Whose voice it was.
    pub(super) const fn voice(self) -> Voice {
        match self {
            Self::ByDevice => Voice::Device,
            Self::ByStranger => Voice::Unknown,
            Self::Plainly
            | Self::Scored(_)
            | Self::Before(_)
            | Self::Second
            | Self::Within
            | Self::Interim
            | Self::Since(_) => Voice::Person,
        }
    }

    const fn at(threshold: Score) -> [Self; 2] {
        let Score(threshold) = threshold;
        [
            Self::Scored(threshold),
            Self::Scored(threshold.saturating_sub(1)),
        ]
    }

    const fn at_margin(margin: Score) -> [Self; 2] {
        let Score(margin) = margin;
        [Self::Before(margin), Self::Before(margin.saturating_sub(1))]
    }
}

/// What each state of a device makes worth saying to it: everything plainly that is listened for or
/// that anyone could ask for, and that in every other way which the state looks at.
pub(super) fn speech(session: &SessionState, policy: &Policy, mut say: impl FnMut(Said, Way)) {
    for said in [Said::Wake, Said::Talk, Said::Wanted, Said::WantedThere] {
        say(said, Way::Plainly);
    }
    match session.stage {
        Stage::Idle => say_asleep(policy, &mut say),
        Stage::Awake => say_awake(policy, &mut say),
        Stage::AskingRecipient => say_recipient(policy, &mut say),
        Stage::ConfirmingRecipient | Stage::ConfirmingSend => say_answer(policy, &mut say),
        Stage::Recording => {
            say(Said::Talk, Way::Interim);
            say(Said::Talk, Way::ByDevice);
        }
        Stage::Holding => {
            say(Said::Talk, Way::Since(Since::Prompt));
            say(Said::Talk, Way::Since(Since::BeforePrompt));
            say(Said::SendTo(0), Way::Plainly);
            say(Said::SendTo(1), Way::Plainly);
        }
    }
    for refusal in [Said::No, Said::Cancel] {
        say(refusal, Way::Plainly);
        say(refusal, Way::at(policy.answer_threshold)[1]);
        for way in [Way::ByStranger, Way::ByDevice, Way::Interim, Way::Within] {
            say(refusal, way);
        }
    }
}

fn say_asleep(policy: &Policy, say: &mut impl FnMut(Said, Way)) {
    let [just, hardly] = Way::at(policy.wake_threshold);
    let [apart, close] = Way::at_margin(policy.wake_margin);
    let voices = [Way::Interim, Way::ByDevice, Way::ByStranger];
    for way in [just, hardly, apart, close].into_iter().chain(voices) {
        say(Said::Wake, way);
    }
}

fn say_awake(policy: &Policy, say: &mut impl FnMut(Said, Way)) {
    say(Said::SendMessage, Way::Plainly);
    let [just, hardly] = Way::at(policy.intent_threshold);
    for way in [just, hardly, Way::Interim, Way::ByDevice] {
        say(Said::SendMessage, way);
    }
    for way in names(policy) {
        say(Said::SendTo(0), way);
    }
    say(Said::SendTo(1), Way::Plainly);
    say(Said::Lights, Way::Plainly);
}

fn say_recipient(policy: &Policy, say: &mut impl FnMut(Said, Way)) {
    let other = [
        Way::Second,
        Way::Interim,
        Way::ByDevice,
        Way::Since(Since::Quiet),
        Way::Since(Since::BeforeQuiet),
    ];
    for way in names(policy).into_iter().chain(other) {
        say(Said::Name(0), way);
    }
    say(Said::Name(1), Way::Plainly);
}

fn names(policy: &Policy) -> [Way; 5] {
    let [just, hardly] = Way::at(policy.recipient_threshold);
    let [apart, close] = Way::at_margin(policy.recipient_margin);
    [Way::Plainly, just, hardly, apart, close]
}

fn say_answer(policy: &Policy, say: &mut impl FnMut(Said, Way)) {
    let [just, hardly] = Way::at(policy.answer_threshold);
    for way in [
        just,
        hardly,
        Way::Scored(500),
        Way::Scored(499),
        Way::Second,
        Way::Within,
        Way::ByDevice,
        Way::ByStranger,
        Way::Interim,
        Way::Since(Since::Quiet),
        Way::Since(Since::BeforeQuiet),
        Way::Since(Since::Prompt),
        Way::Since(Since::BeforePrompt),
    ] {
        say(Said::Wanted, way);
    }
    for way in [Way::Interim, Way::Since(Since::BeforePrompt)] {
        say(Said::Talk, way);
    }
    for said in [
        Said::OldWanted,
        Said::OtherWord,
        Said::Yes,
        Said::YesAndNo,
        Said::SendIt,
    ] {
        say(said, Way::Plainly);
    }
    say(Said::Cancel, Way::Since(Since::BeforePrompt));
}
