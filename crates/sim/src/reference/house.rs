//! The household as the reference assistant knows it: who is who, what is understood and said.
//!
//! The same few things are heard and said again and again; each is understood and worded once.

use super::flaw::Flaw;
use super::understood::heard;
use super::wording;
use crate::target::Shared;
use mondegreen_detector::{Detector, Listening as Ear};
use mondegreen_dialog::{ContactId, DeviceId, HomeAct, MessageId, Notice, Says};
use mondegreen_trace::fact::{Heard, Term};
use mondegreen_trace::{Household, Hypothesis};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// How many different prompts and how many different hypothesis lists are kept ready.
const PROMPTS_MAX: usize = 256;
const HEARD_MAX: usize = 65_536;
/// How many messages have their names kept ready.
const MESSAGES_MAX: u32 = 1_024;

#[derive(Debug)]
pub(super) struct House {
    pub(super) household: Household,
    detector: Detector,
    spelling: Spelling,
    dictionary: Shared,
    pub(super) devices: Vec<Term>,
    contacts: Vec<Term>,
    ready: RefCell<Ready>,
}

/// What was understood and worded before.
#[derive(Debug, Default)]
struct Ready {
    heard: BTreeMap<(Ear, Heard), mondegreen_dialog::Heard>,
    prompts: Vec<(Says, Prompt)>,
    notices: Vec<(Notice, Term)>,
    messages: Vec<Term>,
}

/// Which words of a name are spelt when another sounds the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Those that no other name has.
    Own,
    /// Those that others have too, which tell nothing.
    Shared,
}

impl Spelling {
    pub(super) const fn of(flaw: Option<Flaw>) -> Self {
        match flaw {
            Some(Flaw::SpellsSharedWords) => Self::Shared,
            Some(_) | None => Self::Own,
        }
    }
}

/// A prompt in words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prompt {
    pub(super) text: Term,
    pub(super) duration_ms: u64,
}

impl House {
    pub(super) fn new(wake: &str, household: Household, dictionary: Shared) -> Self {
        let mut terms = dictionary.borrow_mut();
        let devices = household.devices.iter().map(|name| terms.term(name));
        let devices = devices.collect();
        let contacts = household.contacts.iter();
        let contacts = contacts.map(|contact| terms.term(&contact.id)).collect();
        drop(terms);
        Self {
            detector: Detector::new(wake, &household),
            spelling: Spelling::Own,
            household,
            dictionary,
            devices,
            contacts,
            ready: RefCell::default(),
        }
    }

    /// The same household, in which names are told apart so.
    pub(super) const fn spelling(mut self, spelling: Spelling) -> Self {
        self.spelling = spelling;
        self
    }

    /// What a device makes of hypotheses; how long ago and by whom is for the caller to say.
    pub(super) fn understand(
        &self,
        ear: Ear,
        hypotheses: &[Hypothesis],
    ) -> mondegreen_dialog::Heard {
        heard(&self.detector.understand(ear, hypotheses))
    }

    /// The same by the number of the hypotheses.
    pub(super) fn understand_list(&self, ear: Ear, hypotheses: Heard) -> mondegreen_dialog::Heard {
        let ready = &mut self.ready.borrow_mut().heard;
        if let Some(known) = ready.get(&(ear, hypotheses)) {
            return *known;
        }
        let understood = self.understand(ear, self.dictionary.borrow().hypotheses(hypotheses));
        if ready.len() >= HEARD_MAX {
            ready.clear();
        }
        ready.insert((ear, hypotheses), understood);
        understood
    }

    pub(super) fn prompt(&self, says: Says) -> Prompt {
        let (worded, read_back) = without_sound(says);
        let prompts = &mut self.ready.borrow_mut().prompts;
        let known = prompts.iter().find(|(known, _)| *known == worded);
        let prompt = if let Some((_, prompt)) = known {
            *prompt
        } else {
            let text = wording::prompt(&self.household, worded, self.spelling);
            let prompt = Prompt {
                text: self.dictionary.borrow_mut().term(&text),
                duration_ms: wording::duration_ms(&text),
            };
            if prompts.len() >= PROMPTS_MAX {
                prompts.clear();
            }
            prompts.push((worded, prompt));
            prompt
        };
        Prompt {
            duration_ms: prompt.duration_ms + read_back,
            ..prompt
        }
    }

    pub(super) fn notice(&self, notice: Notice) -> Term {
        let notices = &mut self.ready.borrow_mut().notices;
        if let Some((_, text)) = notices.iter().find(|(known, _)| *known == notice) {
            return *text;
        }
        let text = wording::notice(&self.household, notice);
        let text = self.dictionary.borrow_mut().term(&text);
        if notices.len() >= PROMPTS_MAX {
            notices.clear();
        }
        notices.push((notice, text));
        text
    }

    pub(super) fn action(&self, act: HomeAct) -> Term {
        self.dictionary.borrow_mut().term(wording::action(act))
    }

    pub(super) fn device(&self, device: DeviceId) -> Option<Term> {
        self.devices.get(usize::from(device.0)).copied()
    }

    pub(super) fn contact(&self, contact: ContactId) -> Term {
        let known = self.contacts.get(usize::from(contact.0)).copied();
        known.unwrap_or_else(|| self.dictionary.borrow_mut().term(""))
    }

    /// What a message is called outside: `m7`.
    pub(super) fn message(&self, message: MessageId) -> Term {
        let messages = &mut self.ready.borrow_mut().messages;
        let mut dictionary = self.dictionary.borrow_mut();
        let mut name = |number: u32| dictionary.term(&format!("m{number}"));
        if message.0 >= MESSAGES_MAX {
            return name(message.0);
        }
        for number in (0..)
            .skip(messages.len())
            .take_while(|number| *number <= message.0)
        {
            messages.push(name(number));
        }
        match messages.get(message.0 as usize) {
            Some(known) => *known,
            None => name(message.0),
        }
    }
}

/// What is said, without the recording that is played before it, and how long that is.
const fn without_sound(says: Says) -> (Says, u64) {
    match says {
        Says::ConfirmSend {
            contact,
            apart,
            ask,
            read_back: Some(length),
        } => {
            let says = Says::ConfirmSend {
                contact,
                apart,
                ask,
                read_back: None,
            };
            (says, length.0 as u64)
        }
        Says::ConfirmSend { .. }
        | Says::ToWhom
        | Says::WhatMessage { .. }
        | Says::ConfirmRecipient { .. } => (says, 0),
    }
}
