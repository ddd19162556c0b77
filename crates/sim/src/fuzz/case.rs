//! What a fuzzer can vary, and how it is written as bytes.
//!
//! Three bytes for the home, then four for each event. A byte chooses from a table, and begins
//! again at its end, so that all bytes mean something and a changed byte changes one thing.

use mondegreen_trace::{Contact, Household};

/// The most events that are played; bytes beyond them are ignored.
const EVENTS_MAX: usize = 64;
const HEADER: usize = 3;

/// Names of contacts: alike by ear, alike by spelling, made of answers, and of nothing.
pub const NAMES: [&str; 8] = [
    "Ana Ruiz",
    "Anna Ruiz",
    "Tom Baker",
    "Will Stop",
    "Yes No",
    "Copper Right",
    "\"Yes\"",
    "",
];

const DEVICES: [&str; 3] = ["kitchen", "hall", "study"];

/// A home, and what happens there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Seed of the assistant.
    pub seed: u8,
    /// Names of its two contacts, by their places in [`NAMES`].
    pub names: [u8; 2],
    /// How many devices there are, from 1 to 3.
    pub devices: u8,
    /// Whether messaging is on when it begins.
    pub messaging: bool,
    /// What happens, in order.
    pub events: Vec<Event>,
}

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub what: What,
    /// When.
    pub when: When,
    /// If it is speech, how it is heard.
    pub how: How,
    /// Where, by the place of the device.
    pub device: u8,
}

/// What happens, in terms of what was asked last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum What {
    /// Whatever leads on towards a send.
    Onward,
    /// The answer that the standing prompt wants.
    Wanted,
    Wake,
    SendMessage,
    SendMessageToFirst,
    Lights,
    FirstName,
    SecondName,
    Yes,
    No,
    YesAndNo,
    SendIt,
    Cancel,
    Talk,
    /// Sound of which nothing was made.
    Noise,
    /// The words of the last prompt of any device.
    Echo,
    /// The standing prompt has been said.
    PromptEnded,
    /// The prompt before has been said.
    OldPromptEnded,
    ConfirmButton,
    CancelButton,
    /// What the device heard last is taken back.
    Withdrawn,
    Delivered,
    Undelivered,
    MessagingOn,
    MessagingOff,
    Restart,
    Time,
}

/// When it happens. Timers that run out before are obeyed, if not said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// When it leads on, for [`What::Onward`]; else after a second.
    InTime,
    /// At the time of what happened last.
    AtOnce,
    /// After 100 ms.
    Soon,
    /// A millisecond before the dialog does something by itself.
    BeforeDeadline,
    /// At that time, and before it does.
    AtDeadline,
    /// At that time, and after it has.
    AfterDeadline,
    /// A millisecond after that time, with no timer obeyed.
    Overslept,
    /// A millisecond before the device has said its prompt.
    BeforePromptEnd,
    /// When it has just said it.
    AtPromptEnd,
    /// After two minutes.
    Later,
    /// After sixty days, more than the dialog can count.
    MuchLater,
}

/// How speech is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Surely, whole, final, begun when everything was quiet.
    Plainly,
    /// With the least confidence that the guarded assistant takes for an answer.
    JustSure,
    /// With a thousandth less.
    NotQuiteSure,
    /// With the confidence below which no answer is one.
    Doubtfully,
    /// As the second hypothesis.
    Second,
    /// With a no close behind it.
    BesideNo,
    /// In the middle of talk.
    WithinTalk,
    /// After the wake word.
    Addressed,
    /// The recogniser may still change its mind.
    Interim,
    /// In a device's voice.
    ByDevice,
    /// In nobody's voice.
    ByStranger,
    /// Begun a millisecond before the last prompt in the house had ended.
    SinceBeforePromptEnd,
    /// Begun when it ended.
    SincePromptEnd,
    /// Begun before it began.
    SinceBeforePrompt,
    /// Begun before anything else.
    SinceEver,
}

#[rustfmt::skip]
const WHATS: [What; 27] = [
    What::Onward, What::Wanted, What::Wake, What::SendMessage, What::SendMessageToFirst,
    What::Lights, What::FirstName, What::SecondName, What::Yes, What::No, What::YesAndNo,
    What::SendIt, What::Cancel, What::Talk, What::Noise, What::Echo, What::PromptEnded,
    What::OldPromptEnded, What::ConfirmButton, What::CancelButton, What::Withdrawn,
    What::Delivered, What::Undelivered, What::MessagingOn, What::MessagingOff, What::Restart,
    What::Time,
];

#[rustfmt::skip]
const WHENS: [When; 11] = [
    When::InTime, When::AtOnce, When::Soon, When::BeforeDeadline, When::AtDeadline,
    When::AfterDeadline, When::Overslept, When::BeforePromptEnd, When::AtPromptEnd, When::Later,
    When::MuchLater,
];

#[rustfmt::skip]
const HOWS: [How; 15] = [
    How::Plainly, How::JustSure, How::NotQuiteSure, How::Doubtfully, How::Second, How::BesideNo,
    How::WithinTalk, How::Addressed, How::Interim, How::ByDevice, How::ByStranger,
    How::SinceBeforePromptEnd, How::SincePromptEnd, How::SinceBeforePrompt, How::SinceEver,
];

impl Event {
    /// Said or done plainly, when it leads on, at the first device.
    pub const fn plain(what: What) -> Self {
        Self {
            what,
            when: When::InTime,
            how: How::Plainly,
            device: 0,
        }
    }
}

impl Case {
    /// Two contacts that cannot be mixed up, two devices, messaging on.
    pub const fn plain(events: Vec<Event>) -> Self {
        Self {
            seed: 7,
            names: [0, 2],
            devices: 2,
            messaging: true,
            events,
        }
    }

    /// Reads a case; bytes that are missing count as 0, and an event that is cut off is left out.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let byte = |at| bytes.get(at).copied().unwrap_or(0);
        let (seed, names, home) = (byte(0), byte(1), byte(2));
        let (events, _) = bytes.get(HEADER..).unwrap_or_default().as_chunks();
        let devices = home / 2 % 3 + 1;
        Self {
            seed,
            names: [names % 8, names / 8 % 8],
            devices,
            messaging: home.is_multiple_of(2),
            events: events
                .iter()
                .take(EVENTS_MAX)
                .map(|&[what, when, how, device]| Event {
                    what: chosen(&WHATS, what),
                    when: chosen(&WHENS, when),
                    how: chosen(&HOWS, how),
                    device: device % devices,
                })
                .collect(),
        }
    }

    /// Writes it so that [`Case::from_bytes`] reads it back.
    pub fn to_bytes(&self) -> Vec<u8> {
        let [first, second] = self.names;
        let home = (self.devices - 1) * 2 + u8::from(!self.messaging);
        let mut bytes = vec![self.seed, second * 8 + first, home];
        for event in &self.events {
            bytes.extend([
                place(&WHATS, &event.what),
                place(&WHENS, &event.when),
                place(&HOWS, &event.how),
                event.device,
            ]);
        }
        bytes
    }

    pub(super) fn household(&self) -> Household {
        let name = |place: u8| NAMES[usize::from(place) % NAMES.len()].to_owned();
        let [first, second] = self.names;
        let contact = |id: &str, place| Contact {
            id: id.to_owned(),
            name: name(place),
        };
        let devices = DEVICES.iter().take(usize::from(self.devices));
        Household {
            devices: devices.map(|&device| device.to_owned()).collect(),
            contacts: vec![contact("c1", first), contact("c2", second)],
            messaging: self.messaging,
        }
    }
}

fn chosen<T: Copy>(table: &[T], byte: u8) -> T {
    table[usize::from(byte) % table.len()]
}

fn place<T: PartialEq>(table: &[T], item: &T) -> u8 {
    let places = (0..).zip(table);
    let mut here = places.filter(|(_, known)| *known == item);
    here.next().map_or(0, |(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_case_reads_back_as_it_was_written(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let case = Case::from_bytes(&bytes);
            prop_assert_eq!(Case::from_bytes(&case.to_bytes()), case);
        }
    }

    /// The tables hold every choice once, so that no byte is wasted.
    #[test]
    fn every_byte_of_a_table_is_a_choice_of_its_own() {
        fn places<T: PartialEq>(table: &[T]) -> Vec<usize> {
            let places = table.iter().map(|item| usize::from(place(table, item)));
            places.collect()
        }
        assert!(places(&WHATS).into_iter().eq(0..WHATS.len()));
        assert!(places(&WHENS).into_iter().eq(0..WHENS.len()));
        assert!(places(&HOWS).into_iter().eq(0..HOWS.len()));
    }
}
