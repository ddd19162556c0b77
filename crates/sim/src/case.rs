//! A case: what happens to an assistant, event by event, in terms of what it did last.
//!
//! "The wanted answer, a millisecond before the deadline" means something whatever was asked and
//! however long the window is; raw texts and times would hardly ever fit. A case is what a search
//! varies, what a fuzzer decodes from bytes, and what is kept as text of a finding:
//!
//! ```
//! use mondegreen_sim::case::{Case, CaseError};
//! let case: Case = "\
//! seed 7
//! contact Ana Ruiz
//! contact Tom Baker
//! devices 2
//! messaging on
//!
//! onward            # wakes it
//! send-message
//! name-1 interim
//! withdrawn at-once
//! wanted at-deadline on 2
//! ".parse()?;
//! assert_eq!(case.events.len(), 5);
//! # Ok::<(), CaseError>(())
//! ```
//!
//! As bytes: three for the home, then four for each event. A byte chooses from a table, and begins
//! again at its end, so that all bytes mean something and a changed byte changes one thing.

use mondegreen_trace::{Contact, Household};
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// The most events that are played; bytes beyond them are ignored.
pub const EVENTS_MAX: usize = 64;
const HEADER: usize = 3;

/// How many names there are.
pub(crate) const NAMES_COUNT: u8 = 8;

/// Names of contacts: alike by ear, alike by spelling, made of answers, and of nothing.
const NAMES: [&str; NAMES_COUNT as usize] = [
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
    /// Names of its two contacts, by their places in the table of names.
    pub names: [u8; 2],
    /// How many devices there are, from 1 to 3.
    pub devices: u8,
    /// Whether messaging is on when it begins.
    pub messaging: bool,
    /// What happens, in order.
    pub events: Vec<Event>,
}

/// Something that happens.
#[cfg_attr(feature = "race-fuzzer", derive(arbitrary::Arbitrary))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
#[cfg_attr(feature = "race-fuzzer", derive(arbitrary::Arbitrary))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum What {
    /// Whatever leads on towards a send.
    Onward,
    /// The answer that the last prompt of the device wants, or else of any other device.
    Wanted,
    /// The answer that the prompt before wanted.
    OldWanted,
    /// The answer that the last prompt of another device wants.
    WantedElsewhere,
    Wake,
    SendMessage,
    SendMessageToFirst,
    SendMessageToSecond,
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
#[cfg_attr(feature = "race-fuzzer", derive(arbitrary::Arbitrary))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    /// When it leads on, for [`What::Onward`]; else after a second.
    InTime,
    /// At the time of what happened last.
    AtOnce,
    /// After 100 ms.
    Soon,
    /// A millisecond before the assistant does something by itself, or stops listening.
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
#[cfg_attr(feature = "race-fuzzer", derive(arbitrary::Arbitrary))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// Surely, whole, final, begun when everything was quiet.
    Plainly,
    /// With a confidence of 0.8, the least that the guarded assistant takes for an answer.
    JustSure,
    /// With a thousandth less than that.
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

/// What can happen, and what it is called in a case.
#[rustfmt::skip]
pub(crate) const WHATS: [(What, &str); 30] = [
    (What::Onward, "onward"), (What::Wanted, "wanted"), (What::OldWanted, "old-wanted"),
    (What::WantedElsewhere, "wanted-elsewhere"), (What::Wake, "wake"),
    (What::SendMessage, "send-message"), (What::SendMessageToFirst, "send-message-1"),
    (What::SendMessageToSecond, "send-message-2"), (What::Lights, "lights"),
    (What::FirstName, "name-1"), (What::SecondName, "name-2"), (What::Yes, "yes"), (What::No, "no"),
    (What::YesAndNo, "yes-and-no"), (What::SendIt, "send-it"), (What::Cancel, "cancel"),
    (What::Talk, "talk"), (What::Noise, "noise"), (What::Echo, "echo"),
    (What::PromptEnded, "prompt-ended"), (What::OldPromptEnded, "old-prompt-ended"),
    (What::ConfirmButton, "confirm-button"), (What::CancelButton, "cancel-button"),
    (What::Withdrawn, "withdrawn"), (What::Delivered, "delivered"),
    (What::Undelivered, "undelivered"), (What::MessagingOn, "messaging-on"),
    (What::MessagingOff, "messaging-off"), (What::Restart, "restart"), (What::Time, "time"),
];

/// When it can happen.
#[rustfmt::skip]
pub(crate) const WHENS: [(When, &str); 11] = [
    (When::InTime, "in-time"), (When::AtOnce, "at-once"), (When::Soon, "soon"),
    (When::BeforeDeadline, "before-deadline"), (When::AtDeadline, "at-deadline"),
    (When::AfterDeadline, "after-deadline"), (When::Overslept, "overslept"),
    (When::BeforePromptEnd, "before-prompt-end"), (When::AtPromptEnd, "at-prompt-end"),
    (When::Later, "later"), (When::MuchLater, "much-later"),
];

/// How it can be heard.
#[rustfmt::skip]
pub(crate) const HOWS: [(How, &str); 15] = [
    (How::Plainly, "plainly"), (How::JustSure, "just-sure"), (How::NotQuiteSure, "not-quite-sure"),
    (How::Doubtfully, "doubtfully"), (How::Second, "second"), (How::BesideNo, "beside-no"),
    (How::WithinTalk, "within-talk"), (How::Addressed, "addressed"), (How::Interim, "interim"),
    (How::ByDevice, "by-device"), (How::ByStranger, "by-stranger"),
    (How::SinceBeforePromptEnd, "since-before-prompt-end"),
    (How::SincePromptEnd, "since-prompt-end"), (How::SinceBeforePrompt, "since-before-prompt"),
    (How::SinceEver, "since-ever"),
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

    /// What leads on, plainly, at this device.
    pub const fn onward(device: u8) -> Self {
        Self {
            device,
            ..Self::plain(What::Onward)
        }
    }

    /// Whether it is what leads on, plainly, on whatever device.
    pub fn leads_on(&self) -> bool {
        *self == Self::onward(self.device)
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

    /// The same home, in which nothing has happened yet.
    #[must_use]
    pub const fn home(&self) -> Self {
        Self {
            seed: self.seed,
            names: self.names,
            devices: self.devices,
            messaging: self.messaging,
            events: Vec::new(),
        }
    }

    /// The device at which something happened last; the first if nothing has.
    pub fn here(&self) -> u8 {
        self.events.last().map_or(0, |event| event.device)
    }

    /// Whether the home is the one of [`Case::plain`], whatever the seed.
    pub fn is_plain_home(&self) -> bool {
        let plain = Self::plain(Vec::new());
        (self.names, self.devices, self.messaging) == (plain.names, plain.devices, plain.messaging)
    }

    /// Whether nothing in it is out of the ordinary.
    pub fn leads_on(&self) -> bool {
        self.is_plain_home() && self.events.iter().all(Event::leads_on)
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

    /// The home that it happens in.
    pub fn household(&self) -> Household {
        let [first, second] = self.names;
        let contact = |id: &str, place| Contact {
            id: id.to_owned(),
            name: contact(place).to_owned(),
        };
        let devices = DEVICES.iter().take(usize::from(self.devices));
        Household {
            devices: devices.map(|&device| device.to_owned()).collect(),
            contacts: vec![contact("c1", first), contact("c2", second)],
            messaging: self.messaging,
        }
    }
}

fn chosen<T: Copy>(table: &[(T, &str)], byte: u8) -> T {
    table[usize::from(byte) % table.len()].0
}

fn place<T: PartialEq>(table: &[(T, &str)], item: &T) -> u8 {
    let places = (0..).zip(table);
    let mut here = places.filter(|(_, (known, _))| known == item);
    here.next().map_or(0, |(place, _)| place)
}

fn name<'a, T: PartialEq>(table: &[(T, &'a str)], item: &T) -> &'a str {
    table[usize::from(place(table, item))].1
}

fn named<T: Copy>(table: &[(T, &str)], word: &str) -> Option<T> {
    let known = table.iter().find(|(_, name)| *name == word);
    known.map(|(item, _)| *item)
}

impl Display for Event {
    /// `wanted at-deadline interim on 2`; what is plain is left out.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(name(&WHATS, &self.what))?;
        if self.when != When::InTime {
            write!(f, " {}", name(&WHENS, &self.when))?;
        }
        if self.how != How::Plainly {
            write!(f, " {}", name(&HOWS, &self.how))?;
        }
        if self.device > 0 {
            write!(f, " on {}", self.device + 1)?;
        }
        Ok(())
    }
}

impl Display for Case {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}", self.seed)?;
        for place in self.names {
            writeln!(f, "{}", format!("contact {}", contact(place)).trim_end())?;
        }
        let messaging = if self.messaging { "on" } else { "off" };
        writeln!(f, "devices {}\nmessaging {messaging}\n", self.devices)?;
        self.events
            .iter()
            .try_for_each(|event| writeln!(f, "{event}"))
    }
}

/// A case that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseError {
    line: usize,
    why: String,
}

impl CaseError {
    /// The line, from 1; the one after the last if something is missing.
    pub const fn line(&self) -> usize {
        self.line
    }
}

impl Display for CaseError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for CaseError {}

impl FromStr for Case {
    type Err = CaseError;

    fn from_str(text: &str) -> Result<Self, CaseError> {
        let mut lines = (1..).zip(text.lines()).filter_map(|(number, line)| {
            let line = line.split('#').next().unwrap_or_default().trim();
            (!line.is_empty()).then_some((number, line))
        });
        let end = text.lines().count() + 1;
        let mut field = |what: &str| {
            let (line, text) = lines.next().unwrap_or((end, ""));
            let value = text.strip_prefix(what);
            let value = value.filter(|value| value.is_empty() || value.starts_with(' '));
            let why = || format!("`{what}` must stand here");
            let value = value.ok_or_else(|| CaseError { line, why: why() })?;
            Ok((line, value.trim()))
        };
        let seed = number(field("seed")?, 0..=255)?;
        let names = [
            contact_place(field("contact")?)?,
            contact_place(field("contact")?)?,
        ];
        let devices = number(field("devices")?, 1..=DEVICES.len())?;
        let messaging = match field("messaging")? {
            (_, "on") => true,
            (_, "off") => false,
            (line, word) => {
                let why = format!("`{word}` is neither on nor off");
                return Err(CaseError { line, why });
            }
        };
        let events: Vec<Event> = lines
            .map(|(line, text)| event(text, devices).map_err(|why| CaseError { line, why }))
            .collect::<Result<_, _>>()?;
        if events.len() > EVENTS_MAX {
            let why = format!("there are more than {EVENTS_MAX} events");
            return Err(CaseError { line: end, why });
        }
        Ok(Self {
            seed,
            names,
            devices,
            messaging,
            events,
        })
    }
}

fn number(
    (line, word): (usize, &str),
    range: std::ops::RangeInclusive<usize>,
) -> Result<u8, CaseError> {
    let number = word.parse().ok().filter(|number| range.contains(number));
    let number = number.and_then(|number| u8::try_from(number).ok());
    let why = || {
        let (from, to) = (range.start(), range.end());
        format!("`{word}` is not a whole number from {from} to {to}")
    };
    number.ok_or_else(|| CaseError { line, why: why() })
}

fn contact_place((line, name): (usize, &str)) -> Result<u8, CaseError> {
    let known = (0..).zip(NAMES).find(|(_, known)| *known == name);
    let why = || format!("`{name}` is none of the names that a case can have: {NAMES:?}");
    known
        .map(|(place, _)| place)
        .ok_or_else(|| CaseError { line, why: why() })
}

fn event(text: &str, devices: u8) -> Result<Event, String> {
    let mut words = text.split_whitespace();
    let what = words.next().unwrap_or_default();
    let what = named(&WHATS, what).ok_or_else(|| format!("`{what}` is nothing that happens"))?;
    let mut event = Event::plain(what);
    while let Some(word) = words.next() {
        if let Some(when) = named(&WHENS, word) {
            event.when = when;
        } else if let Some(how) = named(&HOWS, word) {
            event.how = how;
        } else if word == "on" {
            let number = words.next().unwrap_or_default();
            let known = number
                .parse::<u8>()
                .ok()
                .filter(|n| (1..=devices).contains(n));
            let known = known.ok_or_else(|| format!("there is no device `{number}`"))?;
            event.device = known - 1;
        } else {
            return Err(format!(
                "`{word}` is neither a time nor a way of being heard"
            ));
        }
    }
    Ok(event)
}

fn contact(place: u8) -> &'static str {
    NAMES[usize::from(place) % NAMES.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_case_reads_back_as_it_was_written(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let case = Case::from_bytes(&bytes);
            prop_assert_eq!(&Case::from_bytes(&case.to_bytes()), &case);
            prop_assert_eq!(case.to_string().parse(), Ok(case));
        }
    }

    /// The tables hold every choice once, so that no byte is wasted.
    #[test]
    fn every_byte_of_a_table_is_a_choice_of_its_own() {
        fn places<T: PartialEq>(table: &[(T, &str)]) -> Vec<usize> {
            let places = table
                .iter()
                .map(|(item, _)| usize::from(place(table, item)));
            places.collect()
        }
        assert!(places(&WHATS).into_iter().eq(0..WHATS.len()));
        assert!(places(&WHENS).into_iter().eq(0..WHENS.len()));
        assert!(places(&HOWS).into_iter().eq(0..HOWS.len()));
    }

    #[test]
    fn what_is_wrong_with_a_case_is_said_with_its_line() {
        let good = Case::plain(vec![Event::plain(What::Wake)]).to_string();
        for (from, to, want) in [
            (
                "seed 7",
                "seed 256",
                "line 1: `256` is not a whole number from 0 to 255",
            ),
            ("seed 7", "", "line 2: `seed` must stand here"),
            (
                "contact Tom Baker",
                "contact Tom",
                "line 3: `Tom` is none of the names that a case can have: ",
            ),
            (
                "devices 2",
                "devices 4",
                "line 4: `4` is not a whole number from 1 to 3",
            ),
            (
                "messaging on",
                "messaging",
                "line 5: `` is neither on nor off",
            ),
            (
                "messaging on",
                "messagingon",
                "line 5: `messaging` must stand here",
            ),
            ("wake", "woke", "line 7: `woke` is nothing that happens"),
            (
                "wake",
                "wake late",
                "line 7: `late` is neither a time nor a way of being heard",
            ),
            ("wake", "wake on 3", "line 7: there is no device `3`"),
            ("wake", "wake on", "line 7: there is no device ``"),
        ] {
            let said = good
                .replace(from, to)
                .parse::<Case>()
                .map_err(|e| e.to_string());
            assert!(
                said.as_ref().is_err_and(|said| said.starts_with(want)),
                "{said:?}"
            );
        }
        let long = good.clone() + &"time\n".repeat(EVENTS_MAX);
        let said = long.parse::<Case>().map_err(|e| e.to_string());
        assert_eq!(
            said,
            Err("line 72: there are more than 64 events".to_owned())
        );
        assert_eq!("".parse::<Case>().map_err(|e| e.line()), Err(1));
    }
}
