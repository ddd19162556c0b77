//! `S1`: counts the turns of a person who does what the device asks, in a quiet room.
//!
//! The count stops for good at the first thing that a quiet room with a patient person in it would
//! not hold: an answer that does not suit the question, an utterance that is misheard, a button.

use crate::Rule;
use crate::device::{Device, Hearing};
use crate::judge::Clock;
use crate::question::Standing;
use crate::reader::Reading;
use crate::renaming::Renaming;
use crate::rule::Ledger;
use crate::words::{Answer, begins_with_wake_word, contains, fold};
use mondegreen_trace::fact::{Aim, Home, Spoken, Term};
use mondegreen_trace::{Asks, Voice};

/// A message is sent within this many turns: a name to wake it, a command, a recipient, the
/// recipient confirmed, the message, the message confirmed, and two to spare.
const TURNS_MAX: usize = 8;

/// The turns of a person who follows the prompts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Turns {
    /// Nothing can be said for this trace, or not any more.
    #[default]
    Unjudged,
    /// All has been quiet so far.
    Quiet(Quiet),
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Quiet {
    turns: usize,
    /// Who is spoken to, and whom for.
    device: Option<Term>,
    contact: Option<Term>,
    /// What was said last, until it is heard.
    unheard: Option<Term>,
    /// Where that stands.
    spoken_at: usize,
}

/// What a device wants to hear.
enum Wanted {
    Asked(Asks),
    /// It said something, but the assistant cannot tell what it asks for.
    Something,
}

impl Turns {
    pub(crate) fn new(messaging: bool) -> Self {
        if messaging {
            Self::Quiet(Quiet::default())
        } else {
            Self::Unjudged
        }
    }

    /// The room is not quiet any more.
    pub(crate) fn spoil(&mut self) {
        *self = Self::Unjudged;
    }

    /// A message went out: the next one is counted anew.
    pub(crate) fn sent(&mut self) {
        if let Self::Quiet(quiet) = self {
            *quiet = Quiet::default();
        }
    }

    pub(crate) fn said(
        &mut self,
        said: &Spoken,
        clock: Clock,
        around: (Option<Home>, &[Device]),
        reader: &mut Reading<'_>,
    ) {
        let Self::Quiet(quiet) = self else {
            return;
        };
        if quiet.follows(said, around, reader).is_some() {
            quiet.unheard = Some(said.text);
            quiet.spoken_at = clock.line;
        } else {
            self.spoil();
        }
    }

    pub(crate) fn heard(&mut self, heard: &Hearing, late: bool, reader: &Reading<'_>) {
        let Self::Quiet(quiet) = self else {
            return;
        };
        if heard.standing == Standing::Interim || heard.voice == Voice::Device {
            return;
        }
        let said = quiet.unheard.take();
        let folded = |text| fold(reader.text(text));
        let is_plain = heard.is_plainly_a_person()
            && quiet.device == Some(heard.device)
            && said.is_some_and(|said| folded(said) == folded(heard.text));
        if is_plain && !late {
            quiet.turns = quiet.turns.saturating_add(1);
        } else {
            self.spoil();
        }
    }

    /// The run is over, or the next turn is spoken.
    pub(crate) fn check(&mut self, clock: Clock, ledger: &mut Ledger, reader: &Reading<'_>) {
        let Self::Quiet(quiet) = self else {
            return;
        };
        if quiet.unheard.is_some() {
            self.spoil();
        } else if quiet.turns >= TURNS_MAX {
            let turns = quiet.turns;
            ledger.enter(Rule::S1, clock.line, None, reader, || {
                format!("{turns} plain turns in a quiet room, each as the device asked, and nothing was sent")
            });
            self.spoil();
        }
    }

    pub(crate) fn rename(&mut self, renaming: &mut Renaming<'_>) {
        if let Self::Quiet(quiet) = self {
            renaming.optional(&mut quiet.device);
            renaming.optional(&mut quiet.contact);
            renaming.optional(&mut quiet.unheard);
        }
    }
}

impl Quiet {
    /// Whether this is what a person says who does what the device asks.
    fn follows(
        &mut self,
        said: &Spoken,
        (home, devices): (Option<Home>, &[Device]),
        reader: &mut Reading<'_>,
    ) -> Option<()> {
        let [name] = *said.devices else {
            return None;
        };
        let (contact, is_content) = match said.meant {
            Aim::Request { contact } => (contact, false),
            Aim::Content { contact } => (contact, true),
            Aim::Nobody | Aim::Cancel | Aim::Command | Aim::Other => return None,
        };
        let is_same = |known: Option<Term>, now: Term| known.is_none_or(|known| known == now);
        if !is_same(self.device, name) || !is_same(self.contact, contact) {
            return None;
        }
        let people = reader.people(home);
        let person = people.find(reader.text(contact))?;
        let device = devices.iter().find(|device| device.name == name)?;
        let text = reader.text(said.text);
        let suits = match self.wanted(device, said.from_ms)? {
            Wanted::Something => true,
            Wanted::Asked(Asks::Wake) => self.turns == 0 || begins_with_wake_word(text),
            Wanted::Asked(Asks::Command) => !is_content,
            Wanted::Asked(Asks::Recipient) => {
                !is_content && contains(&fold(text), person.first_word())
            }
            Wanted::Asked(Asks::Message) => is_content,
            Wanted::Asked(Asks::Confirmation) => {
                let asked = device.questions.last()?.prompt.text;
                reader.answer(home, asked, said.text) == Answer::Yes
            }
        };
        (suits && !person.has_namesake(&people)).then(|| {
            self.device = Some(name);
            self.contact = Some(contact);
        })
    }

    /// What the device wants to hear at this time; nothing while it speaks.
    fn wanted(&self, device: &Device, at_ms: u64) -> Option<Wanted> {
        let prompt = device.prompt.as_ref();
        if prompt.is_some_and(|(spoken, _)| at_ms < spoken.ends_ms) {
            return None;
        }
        if device.recording.is_some() {
            return Some(Wanted::Asked(Asks::Message));
        }
        if device.listening.is_some() {
            return Some(Wanted::Asked(
                device.listens_for(at_ms).unwrap_or(Asks::Wake),
            ));
        }
        let fresh = prompt.filter(|(spoken, _)| spoken.line > self.spoken_at);
        Some(match fresh {
            Some((_, Some(asks))) => Wanted::Asked(*asks),
            Some((_, None)) => Wanted::Something,
            None => Wanted::Asked(Asks::Wake),
        })
    }
}
