//! `S1`: counts the turns of a person who does what the device asks, in a quiet room.
//!
//! The count stops for good at the first thing that a quiet room with a patient person in it would
//! not hold: an answer that does not suit the question, an utterance that is misheard, a button.

use crate::Rule;
use crate::device::{Device, Heard};
use crate::judge::Clock;
use crate::names::Home;
use crate::question::Standing;
use crate::rule::Ledger;
use crate::words::{Answer, begins_with_wake_word, contains, fold};
use mondegreen_trace::{Asks, Meant, Utterance, Voice};
use std::sync::Arc;

/// A message is sent within this many turns: a name to wake it, a command, a recipient, the
/// recipient confirmed, the message, the message confirmed, and two to spare.
const TURNS_MAX: usize = 8;

/// The turns of a person who follows the prompts.
#[derive(Clone, Debug, Default)]
pub(crate) enum Turns {
    /// Nothing can be said for this trace, or not any more.
    #[default]
    Unjudged,
    /// All has been quiet so far.
    Quiet(Quiet),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Quiet {
    turns: usize,
    /// Who is spoken to, and whom for.
    device: Option<Arc<str>>,
    contact: Option<Arc<str>>,
    /// What was said last, until it is heard.
    unheard: Option<Arc<str>>,
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
        said: &Utterance,
        clock: Clock,
        (home, devices): (&Home, &[Device]),
        ledger: &mut Ledger,
    ) {
        self.check(clock, ledger);
        let Self::Quiet(quiet) = self else {
            return;
        };
        if quiet.follows(said, home, devices).is_some() {
            quiet.unheard = Some(said.text.as_str().into());
            quiet.spoken_at = clock.line;
        } else {
            self.spoil();
        }
    }

    pub(crate) fn heard(&mut self, heard: &Heard<'_>, late: bool) {
        let Self::Quiet(quiet) = self else {
            return;
        };
        if heard.standing == Standing::Interim || heard.voice == Voice::Device {
            return;
        }
        let said = quiet.unheard.take();
        let is_plain = heard.is_plainly_a_person()
            && quiet.device.as_deref() == Some(heard.device)
            && said.is_some_and(|said| fold(&said) == fold(heard.text()));
        if is_plain && !late {
            quiet.turns = quiet.turns.saturating_add(1);
        } else {
            self.spoil();
        }
    }

    /// The run is over, or the next turn is spoken.
    pub(crate) fn check(&mut self, clock: Clock, ledger: &mut Ledger) {
        let Self::Quiet(quiet) = self else {
            return;
        };
        if quiet.unheard.is_some() {
            self.spoil();
        } else if quiet.turns >= TURNS_MAX {
            let turns = quiet.turns;
            ledger.enter(Rule::S1, clock.line, None, || {
                format!("{turns} plain turns in a quiet room, each as the device asked, and nothing was sent")
            });
            self.spoil();
        }
    }
}

impl Quiet {
    /// Whether this is what a person says who does what the device asks.
    fn follows(&mut self, said: &Utterance, home: &Home, devices: &[Device]) -> Option<()> {
        let [name] = said.devices.as_slice() else {
            return None;
        };
        let (Meant::Request { contact } | Meant::Content { contact }) = &said.meant else {
            return None;
        };
        let is_same =
            |known: &Option<Arc<str>>, now: &str| known.as_deref().is_none_or(|k| k == now);
        if !is_same(&self.device, name) || !is_same(&self.contact, contact) {
            return None;
        }
        let person = home.find(contact)?;
        let device = devices.iter().find(|device| *device.name == **name)?;
        let is_content = matches!(said.meant, Meant::Content { .. });
        let suits = match self.wanted(device, said.from_ms)? {
            Wanted::Something => true,
            Wanted::Asked(Asks::Wake) => self.turns == 0 || begins_with_wake_word(&said.text),
            Wanted::Asked(Asks::Command) => !is_content,
            Wanted::Asked(Asks::Recipient) => {
                !is_content && contains(&fold(&said.text), person.first_word())
            }
            Wanted::Asked(Asks::Message) => is_content,
            Wanted::Asked(Asks::Confirmation) => {
                device.questions.last()?.demand.answer(&said.text) == Answer::Yes
            }
        };
        (suits && !person.has_namesake(home)).then(|| {
            self.device = Some(name.as_str().into());
            self.contact = Some(contact.as_str().into());
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
