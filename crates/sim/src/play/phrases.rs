//! The words of what is said in a case, each given its number once.

use crate::case::{How, WHATS, What};
use crate::target::Shared;
use mondegreen_trace::fact::{Heard, Term};
use mondegreen_trace::{Household, Hypothesis};
use std::collections::BTreeMap;

/// How many entries are kept ready; an assistant may say something new each time.
const READY_MAX: usize = 10_000;

/// The words that an assistant answers to, which an observer has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Its name.
    pub wake: String,
    /// The request to send a message; "to" and a name may follow.
    pub request: String,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            wake: "alexa".to_owned(),
            request: "send a message".to_owned(),
        }
    }
}

#[derive(Debug)]
pub(super) struct Phrases {
    dictionary: Shared,
    own: Words,
    names: Vec<String>,
    /// The words of each [`What`], by its place.
    words: Vec<Term>,
    wanted: BTreeMap<Term, Term>,
    heard: BTreeMap<(Term, How), Heard>,
    /// Whether a prompt says the answer that another wants.
    says: BTreeMap<(Term, Term), bool>,
}

impl Phrases {
    pub(super) fn new(dictionary: Shared, own: Words) -> Self {
        Self {
            dictionary,
            own,
            names: Vec::new(),
            words: Vec::new(),
            wanted: BTreeMap::new(),
            heard: BTreeMap::new(),
            says: BTreeMap::new(),
        }
    }

    /// Learns the names of a household.
    pub(super) fn settle_in(&mut self, household: &Household) {
        let names = household.contacts.iter().map(|contact| &contact.name);
        if !self.words.is_empty() && self.names.iter().eq(names.clone()) {
            return;
        }
        self.names = names.cloned().collect();
        let name = |place: usize| self.names.get(place).map_or("", String::as_str);
        let mut dictionary = self.dictionary.borrow_mut();
        let words = WHATS
            .iter()
            .map(|(what, _)| dictionary.term(&wording(*what, &self.own, name)));
        self.words = words.collect();
    }

    /// The words of something that is said.
    pub(super) fn words(&self, what: What) -> Term {
        let place = WHATS.iter().position(|(known, _)| *known == what);
        let words = place.and_then(|place| self.words.get(place));
        words.copied().unwrap_or_else(|| self.nothing())
    }

    pub(super) fn nothing(&self) -> Term {
        self.dictionary.borrow_mut().term("")
    }

    /// Sound of which nothing was made.
    pub(super) fn noise(&self) -> Heard {
        self.dictionary.borrow_mut().heard(&[])
    }

    /// The answer that a prompt wants: what it quotes, or a yes.
    pub(super) fn wanted(&mut self, prompt: Option<Term>) -> Term {
        let mut dictionary = self.dictionary.borrow_mut();
        let Some(prompt) = prompt else {
            return dictionary.term("yes");
        };
        if let Some(known) = self.wanted.get(&prompt) {
            return *known;
        }
        let text = dictionary.text(prompt);
        let quoted = text.split('"').nth(1).unwrap_or("yes").to_owned();
        let wanted = dictionary.term(&quoted);
        if self.wanted.len() >= READY_MAX {
            self.wanted.clear();
        }
        self.wanted.insert(prompt, wanted);
        wanted
    }

    /// Whether one prompt says, among other words, the answer that another prompt wants.
    pub(super) fn says_answer(&mut self, says: Term, wants: Term) -> bool {
        if let Some(known) = self.says.get(&(says, wants)) {
            return *known;
        }
        let answer = self.wanted(Some(wants));
        let dictionary = self.dictionary.borrow();
        let (text, answer) = (
            dictionary.text(says).to_lowercase(),
            dictionary.text(answer),
        );
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        let is_said = words.any(|word| word == answer);
        if self.says.len() >= READY_MAX {
            self.says.clear();
        }
        self.says.insert((says, wants), is_said);
        is_said
    }

    /// What a recogniser makes of words.
    pub(super) fn heard(&mut self, words: Term, how: How) -> Heard {
        if let Some(known) = self.heard.get(&(words, how)) {
            return *known;
        }
        let mut dictionary = self.dictionary.borrow_mut();
        let list = hypotheses(dictionary.text(words), how, &self.own.wake);
        let heard = dictionary.heard(&list);
        if self.heard.len() >= READY_MAX {
            self.heard.clear();
        }
        self.heard.insert((words, how), heard);
        heard
    }
}

fn wording<'a>(what: What, own: &Words, name: impl Fn(usize) -> &'a str) -> String {
    let Words { wake, request } = own;
    let words = match what {
        What::Wake => wake,
        What::SendMessage => request,
        What::SendMessageToFirst => return format!("{request} to {}", name(0)),
        What::SendMessageToSecond => return format!("{request} to {}", name(1)),
        What::Lights => "turn on the lights",
        What::FirstName => name(0),
        What::SecondName => name(1),
        What::Yes => "yes",
        What::No => "no",
        What::YesAndNo => "yes no",
        What::SendIt => "send it",
        What::Cancel => "cancel",
        What::Talk => "home a little later",
        What::Onward
        | What::Wanted
        | What::OldWanted
        | What::WantedElsewhere
        | What::Noise
        | What::Echo
        | What::PromptEnded
        | What::OldPromptEnded
        | What::ConfirmButton
        | What::CancelButton
        | What::Withdrawn
        | What::Delivered
        | What::Undelivered
        | What::MessagingOn
        | What::MessagingOff
        | What::Restart
        | What::Time => "",
    };
    words.to_owned()
}

fn hypotheses(words: &str, how: How, wake: &str) -> Vec<Hypothesis> {
    let as_said = |confidence| (words.to_owned(), confidence);
    let list = match how {
        How::JustSure => vec![as_said(0.8)],
        How::NotQuiteSure => vec![as_said(0.799)],
        How::Doubtfully => vec![as_said(0.499)],
        How::Second => vec![("nice weather".to_owned(), 0.9), as_said(0.85)],
        How::BesideNo => vec![as_said(0.9), ("no".to_owned(), 0.89)],
        How::WithinTalk => vec![(format!("well {words} you know"), 1.0)],
        How::Addressed => vec![(format!("{wake} {words}"), 1.0)],
        How::Plainly
        | How::Interim
        | How::ByDevice
        | How::ByStranger
        | How::SinceBeforePromptEnd
        | How::SincePromptEnd
        | How::SinceBeforePrompt
        | How::SinceEver => vec![as_said(1.0)],
    };
    let hypothesis = |(text, confidence)| Hypothesis { text, confidence };
    list.into_iter().map(hypothesis).collect()
}
