//! The words of what is said in the abstraction, and what a recogniser makes of them.

use super::action::{DEVICES, Said, Way};
use crate::target::Shared;
use mondegreen_detector::challenge_word;
use mondegreen_trace::fact::{Heard, Term};
use mondegreen_trace::{Household, Hypothesis};
use std::collections::BTreeMap;

/// A prompt, as far as it can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) number: u32,
    pub(super) text: Term,
}

/// The last prompts of a device, the newest first.
pub(super) type Prompts = [Option<Asked>; 2];

/// The words of a household, each given its number once.
#[derive(Debug)]
pub(super) struct Phrases {
    dictionary: Shared,
    wake: Term,
    names: Vec<String>,
    wanted: BTreeMap<Term, Term>,
    heard: BTreeMap<(Term, Way), Heard>,
    fixed: BTreeMap<Said, Term>,
}

impl Phrases {
    pub(super) fn new(dictionary: Shared, wake: &str, household: &Household) -> Self {
        let wake = dictionary.borrow_mut().term(wake);
        let names = household.contacts.iter();
        Self {
            dictionary,
            wake,
            names: names.map(|contact| contact.name.clone()).collect(),
            wanted: BTreeMap::new(),
            heard: BTreeMap::new(),
            fixed: BTreeMap::new(),
        }
    }

    /// What is heard when this is said to a device; nothing if there is no such thing to say.
    pub(super) fn heard(
        &mut self,
        (said, way): (Said, Way),
        device: usize,
        prompts: &[Prompts; DEVICES],
    ) -> Option<Heard> {
        let words = match said {
            Said::Wanted => self.wanted(prompts[device][0]?),
            Said::OldWanted => self.wanted(prompts[device][1]?),
            Said::WantedThere => self.wanted(prompts[1 - device][0]?),
            Said::OtherWord => self.other_word(prompts),
            Said::Wake
            | Said::SendMessage
            | Said::SendTo(_)
            | Said::Name(_)
            | Said::Yes
            | Said::YesAndNo
            | Said::SendIt
            | Said::No
            | Said::Cancel
            | Said::Lights
            | Said::Talk => self.fixed(said),
        };
        if let Some(known) = self.heard.get(&(words, way)) {
            return Some(*known);
        }
        let mut dictionary = self.dictionary.borrow_mut();
        let list = hypotheses(dictionary.text(words), way);
        let heard = dictionary.heard(&list);
        self.heard.insert((words, way), heard);
        Some(heard)
    }

    /// What a prompt asks for: what it quotes, or what it ends with.
    fn wanted(&mut self, asked: Asked) -> Term {
        if let Some(known) = self.wanted.get(&asked.text) {
            return *known;
        }
        let mut dictionary = self.dictionary.borrow_mut();
        let text = dictionary.text(asked.text);
        let quoted = text.split('"').nth(1);
        let unquoted = if text.contains("Send it,") {
            "send it"
        } else {
            "right"
        };
        let wanted = quoted.unwrap_or(unquoted).to_owned();
        let wanted = dictionary.term(&wanted);
        self.wanted.insert(asked.text, wanted);
        wanted
    }

    /// A challenge word that none of the last prompts asks for.
    fn other_word(&mut self, prompts: &[Prompts; DEVICES]) -> Term {
        let asked = prompts.iter().flatten().flatten();
        let asked: Vec<Term> = asked.map(|asked| self.wanted(*asked)).collect();
        let mut dictionary = self.dictionary.borrow_mut();
        let mut words = (0..=asked.len()).map(|number| dictionary.term(challenge_word(number)));
        let free = words.find(|word| !asked.contains(word));
        free.unwrap_or(self.wake)
    }

    fn fixed(&mut self, said: Said) -> Term {
        if let Some(known) = self.fixed.get(&said) {
            return *known;
        }
        let name = |contact: u8| {
            let name = self.names.get(usize::from(contact));
            name.map_or("", String::as_str)
        };
        let text = match said {
            Said::Wake => return self.wake,
            Said::SendMessage => "send a message".to_owned(),
            Said::SendTo(contact) => format!("send a message to {}", name(contact)),
            Said::Name(contact) => name(contact).to_owned(),
            Said::Yes => "yes".to_owned(),
            Said::YesAndNo => "yes no".to_owned(),
            Said::SendIt => "send it".to_owned(),
            Said::No => "no".to_owned(),
            Said::Cancel => "cancel".to_owned(),
            Said::Lights => "turn on the lights".to_owned(),
            Said::Talk | Said::Wanted | Said::OldWanted | Said::WantedThere | Said::OtherWord => {
                "home a little later".to_owned()
            }
        };
        let term = self.dictionary.borrow_mut().term(&text);
        self.fixed.insert(said, term);
        term
    }
}

fn hypotheses(words: &str, way: Way) -> Vec<Hypothesis> {
    let thousandths = |score: u16| f64::from(score) / 1000.0;
    let as_said = |score| (words.to_owned(), thousandths(score));
    let list = match way {
        Way::Scored(score) => vec![as_said(score)],
        Way::Before(margin) => vec![
            as_said(1000),
            ("nice weather".to_owned(), thousandths(1000 - margin)),
        ],
        Way::Second => vec![("nice weather".to_owned(), 1.0), as_said(999)],
        Way::Within => vec![(format!("well {words} you know"), 1.0)],
        Way::Plainly | Way::ByDevice | Way::ByStranger | Way::Interim | Way::Since(_) => {
            vec![as_said(1000)]
        }
    };
    let hypothesis = |(text, confidence)| Hypothesis { text, confidence };
    list.into_iter().map(hypothesis).collect()
}
