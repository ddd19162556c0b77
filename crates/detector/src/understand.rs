//! From what a recogniser wrote to what was meant.

use crate::names::{Named, Names};
use crate::phrases::{
    CANCEL, HOME, LISTS, Listening, NO, POLITE, SEND_IT, SEND_MESSAGE, Wanted, YES, challenge_word,
};
use mondegreen_trace::{Household, Hypothesis};

/// What speech was taken to mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// The wake word.
    Wake,
    /// "Send a message", perhaps with a name.
    SendMessage(Option<Named>),
    /// A command to the home.
    Home {
        /// With what.
        appliance: Appliance,
        /// On or locked; else off or unlocked.
        on: bool,
    },
    /// A name from the contact list.
    Name(Named),
    /// A yes.
    Yes,
    /// A no.
    No,
    /// Both a yes and a no.
    YesAndNo,
    /// "Send it".
    SendIt,
    /// The challenge word with this number.
    Word(usize),
    /// "Cancel".
    Cancel,
    /// Anything else.
    Talk,
}

/// What can be switched in the home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Appliance {
    /// The lights.
    Lights,
    /// The heating.
    Heat,
    /// The door lock.
    Lock,
}

/// What a list of hypotheses was taken to mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Understood {
    /// The meaning.
    pub act: Act,
    /// Confidence of the hypothesis that meant it, from 0 to 1.
    pub confidence: f64,
    /// Confidence of the best hypothesis that means something else, or 0.
    pub runner_up: f64,
    /// Which hypothesis meant it; 0 is the recogniser's best.
    pub rank: usize,
    /// Whether it is all that the hypothesis says.
    pub whole: bool,
    /// Whether the wake word stands before it.
    pub addressed: bool,
}

/// Understanding for one household.
#[derive(Clone, Debug)]
pub struct Detector {
    wake: Vec<String>,
    names: Names,
    contacts: Vec<String>,
}

/// A meaning, whether it is the whole of a text, and whether the wake word stood before it.
type Meaning = (Act, bool, bool);

impl Detector {
    /// For a household whose assistant has this name.
    pub fn new(wake: &str, household: &Household) -> Self {
        Self {
            wake: words(wake),
            names: Names::of(household),
            contacts: household
                .contacts
                .iter()
                .map(|contact| contact.name.clone())
                .collect(),
        }
    }

    /// The phrases that a recogniser should expect.
    pub fn phrases(&self, listening: Listening) -> Vec<String> {
        let owned = |list: &[&str]| list.iter().map(|&phrase| phrase.to_owned()).collect();
        match listening {
            Listening::Wake => vec![self.wake.join(" ")],
            Listening::Command => {
                let home = HOME.iter().map(|(phrase, ..)| *phrase);
                let all = SEND_MESSAGE.iter().chain(CANCEL).copied();
                owned(&all.chain(home).collect::<Vec<&str>>())
            }
            Listening::Recipient => [self.contacts.clone(), owned(CANCEL)].concat(),
            Listening::Answer(Wanted::Name) => {
                [self.contacts.clone(), owned(NO), owned(CANCEL)].concat()
            }
            Listening::Message => Vec::new(),
            Listening::Answer(Wanted::Yes) => owned(&[YES, SEND_IT, NO, CANCEL].concat()),
            Listening::Answer(Wanted::SendIt) => owned(&[SEND_IT, NO, CANCEL].concat()),
            Listening::Answer(Wanted::Word(number)) => {
                owned(&[&[challenge_word(number)], NO, CANCEL].concat())
            }
        }
    }

    /// What was meant: the first hypothesis that means anything, or talk.
    pub fn understand(&self, listening: Listening, hypotheses: &[Hypothesis]) -> Understood {
        let mean = |hypothesis: &Hypothesis| self.meaning(listening, &words(&hypothesis.text));
        let meanings: Vec<(Meaning, f64)> = hypotheses
            .iter()
            .map(|hypothesis| (mean(hypothesis), hypothesis.confidence))
            .collect();
        let meant = meanings.iter().position(|((act, ..), _)| *act != Act::Talk);
        let rank = meant.unwrap_or(0);
        let Some(&((act, whole, addressed), confidence)) = meanings.get(rank) else {
            return Understood::nothing();
        };
        let others = meanings.iter().filter(|((other, ..), _)| *other != act);
        let runner_up = others
            .map(|(_, confidence)| *confidence)
            .fold(0.0, f64::max);
        Understood {
            act,
            confidence,
            runner_up,
            rank,
            whole,
            addressed,
        }
    }

    fn meaning(&self, listening: Listening, text: &[String]) -> Meaning {
        let (rest, addressed) = match self.after_wake(text) {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let plain = strip_polite(rest);
        if is_one_of(plain, &LISTS.cancel) {
            return (Act::Cancel, true, addressed);
        }
        match listening {
            Listening::Wake if addressed => (Act::Wake, rest.is_empty(), true),
            Listening::Wake | Listening::Message => (Act::Talk, true, addressed),
            Listening::Command => (self.command(rest), true, addressed),
            Listening::Recipient => {
                let named = self.names.named(rest).first().copied();
                (named.map_or(Act::Talk, Act::Name), true, addressed)
            }
            Listening::Answer(wanted) => {
                let (act, whole) = self.answer(wanted, plain);
                (act, whole, addressed)
            }
        }
    }

    /// What stands after the wake word, if it is there.
    fn after_wake<'a>(&self, text: &'a [String]) -> Option<&'a [String]> {
        let at = position(text, &self.wake)?;
        text.get(at + self.wake.len()..)
    }

    fn command(&self, text: &[String]) -> Act {
        let lists = &*LISTS;
        if let Some((_, appliance, on)) = lists
            .home
            .iter()
            .find(|(phrase, ..)| contains(text, phrase))
        {
            return Act::Home {
                appliance: *appliance,
                on: *on,
            };
        }
        let end = |phrase: &Vec<String>| position(text, phrase).map(|at| at + phrase.len());
        if let Some(end) = lists.send_message.iter().find_map(end) {
            let rest = text.get(end..).unwrap_or_default();
            return Act::SendMessage(self.names.named(rest).first().copied());
        }
        if is_one_of(text, &lists.no) {
            Act::No
        } else {
            Act::Talk
        }
    }

    fn answer(&self, wanted: Wanted, text: &[String]) -> (Act, bool) {
        let lists = &*LISTS;
        let no = says(text, &lists.no) || says(text, &lists.cancel);
        let is_no = is_one_of(text, &lists.no);
        let word;
        let wanted_words: &[&[Vec<String>]] = match wanted {
            Wanted::Yes => &[&lists.yes, &lists.send_it],
            Wanted::SendIt => &[&lists.send_it],
            Wanted::Word(number) => {
                word = [words(challenge_word(number))];
                &[&word]
            }
            Wanted::Name => {
                return match self.names.named(text).as_slice() {
                    [] => (if no { Act::No } else { Act::Talk }, is_no),
                    [named, ..] => (Act::Name(*named), self.is_name(named.contact, text)),
                };
            }
        };
        let yes = wanted_words.iter().any(|list| says(text, list));
        let is_yes = wanted_words.iter().any(|list| is_one_of(text, list));
        let act = match (yes, no, wanted) {
            _ if is_no => Act::No,
            (true, true, _) if !is_yes => Act::YesAndNo,
            (true, _, Wanted::Word(number)) => Act::Word(number),
            (true, ..) if says(text, &lists.send_it) => Act::SendIt,
            (true, ..) => Act::Yes,
            (false, true, _) => Act::No,
            (false, false, _) => Act::Talk,
        };
        (act, is_yes || is_no)
    }

    fn is_name(&self, contact: usize, text: &[String]) -> bool {
        self.contacts
            .get(contact)
            .is_some_and(|name| words(name) == text)
    }
}

impl Understood {
    const fn nothing() -> Self {
        Self {
            act: Act::Talk,
            confidence: 0.0,
            runner_up: 0.0,
            rank: 0,
            whole: true,
            addressed: false,
        }
    }
}

/// The words of a text in lower case, without punctuation; apostrophes stay inside words.
pub(crate) fn words(text: &str) -> Vec<String> {
    let legal = |c: char| c.is_alphanumeric() || c == '\'' || c == '’';
    let bare = |word: &str| word.replace('’', "'").trim_matches('\'').to_lowercase();
    let split = text.split(|c: char| !legal(c)).map(bare);
    split.filter(|word| !word.is_empty()).collect()
}

pub(crate) fn position(text: &[String], phrase: &[String]) -> Option<usize> {
    if phrase.is_empty() {
        return None;
    }
    text.windows(phrase.len())
        .position(|window| window == phrase)
}

pub(crate) fn contains(text: &[String], phrase: &[String]) -> bool {
    position(text, phrase).is_some()
}

fn says(text: &[String], list: &[Vec<String>]) -> bool {
    list.iter().any(|phrase| contains(text, phrase))
}

fn is_one_of(text: &[String], list: &[Vec<String>]) -> bool {
    list.iter().any(|phrase| phrase == text)
}

fn strip_polite(text: &[String]) -> &[String] {
    let polite = |word: &String| POLITE.contains(&word.as_str());
    let begin = text
        .iter()
        .position(|word| !polite(word))
        .unwrap_or(text.len());
    let end = text
        .iter()
        .rposition(|word| !polite(word))
        .map_or(begin, |at| at + 1);
    text.get(begin..end).unwrap_or_default()
}
