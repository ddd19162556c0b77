//! The words of the assistant, by what it listens for.

use crate::Appliance;
use crate::understand::words;
use std::sync::LazyLock;

/// What a device listens for, as far as the words differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Listening {
    /// Its name.
    Wake,
    /// A command.
    Command,
    /// A name from the contact list.
    Recipient,
    /// A message, which may be anything.
    Message,
    /// An answer.
    Answer(Wanted),
}

/// The answer that a prompt asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wanted {
    /// A yes.
    Yes,
    /// A name from the contact list.
    Name,
    /// "Send it".
    SendIt,
    /// The challenge word with this number.
    Word(usize),
}

/// "Send a message", as people say it.
pub(crate) const SEND_MESSAGE: &[&str] = &[
    "send message",
    "send a message",
    "send a voice message",
    "leave a message",
];

/// Commands to the home: words, appliance, on.
pub(crate) const HOME: &[(&str, Appliance, bool)] = &[
    ("turn on the lights", Appliance::Lights, true),
    ("turn off the lights", Appliance::Lights, false),
    ("turn on the heating", Appliance::Heat, true),
    ("turn off the heating", Appliance::Heat, false),
    ("lock the door", Appliance::Lock, true),
    ("unlock the door", Appliance::Lock, false),
];

/// A yes, as a phrase of its own.
pub(crate) const YES: &[&str] = &[
    "yes",
    "yeah",
    "yep",
    "yup",
    "right",
    "correct",
    "sure",
    "okay",
    "ok",
    "confirm",
    "that's right",
];
/// Permission in so many words.
pub(crate) const SEND_IT: &[&str] = &["send it", "yes send it", "send it please"];
/// A no, as a phrase of its own.
pub(crate) const NO: &[&str] = &[
    "no",
    "nope",
    "wrong",
    "don't",
    "not",
    "don't send it",
    "change it",
];
/// Stop everything.
pub(crate) const CANCEL: &[&str] = &["cancel", "stop", "never mind", "forget it"];

/// The lists, split into words.
pub(crate) struct Lists {
    pub(crate) send_message: Vec<Vec<String>>,
    pub(crate) home: Vec<(Vec<String>, Appliance, bool)>,
    pub(crate) yes: Vec<Vec<String>>,
    pub(crate) send_it: Vec<Vec<String>>,
    pub(crate) no: Vec<Vec<String>>,
    pub(crate) cancel: Vec<Vec<String>>,
}

pub(crate) static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let split = |list: &[&str]| list.iter().map(|phrase| words(phrase)).collect();
    let home = HOME
        .iter()
        .map(|(phrase, appliance, on)| (words(phrase), *appliance, *on));
    Lists {
        send_message: split(SEND_MESSAGE),
        home: home.collect(),
        yes: split(YES),
        send_it: split(SEND_IT),
        no: split(NO),
        cancel: split(CANCEL),
    }
});

/// Words that may stand before or after an answer without changing it.
pub(crate) const POLITE: &[&str] = &["please", "thanks", "thank", "you"];

/// Common words of two syllables or more, far from each other and from any yes or no.
#[rustfmt::skip]
const CHALLENGE: [&str; 64] = [
    "copper", "window", "garden", "summer", "yellow", "ticket", "pencil", "monkey",
    "butter", "castle", "dragon", "engine", "finger", "guitar", "hammer", "island",
    "jacket", "kitten", "ladder", "marble", "napkin", "orange", "pepper", "rabbit",
    "saddle", "tunnel", "velvet", "walnut", "zebra", "bottle", "camera", "desert",
    "eagle", "falcon", "ginger", "harbour", "insect", "jungle", "kettle", "lemon",
    "magnet", "needle", "oyster", "planet", "quarter", "river", "silver", "tiger",
    "umbrella", "violin", "winter", "anchor", "basket", "carrot", "dolphin", "elbow",
    "feather", "goblin", "hazel", "ivory", "jelly", "lobster", "mustard", "pillow",
];

/// The challenge word with this number; numbers beyond the list begin again.
pub fn challenge_word(number: usize) -> &'static str {
    CHALLENGE[number % CHALLENGE.len()]
}
