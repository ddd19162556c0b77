//! What a recogniser makes of speech, given what the assistant listens for.
//!
//! The channel is a listener with the phrases of the moment in its ear: it looks for the expected
//! phrase that lies nearest to any stretch of what was said, and hears that stretch as the phrase.
//! Its confidence is the geometric mean probability of the phones, so that a phrase that was really
//! said has confidence 1. Where nothing comes near, it hears what was said. It is deterministic: it
//! shows what *can* be heard, at which cost; how often is for an estimator.

use mondegreen_detector::{Act, Detector, Listening, Wanted};
use mondegreen_phonetics::{
    Nats, Phone, SpokenWord, WordHit, confidence, pronunciations, transcribe, within, within_words,
};
use mondegreen_trace::{Asks, Household, Hypothesis};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// An expected phrase is not heard with less confidence than this.
pub const CONFIDENCE_MIN: f64 = 0.3;
/// Confidence in words that were said and resemble nothing expected.
const PLAIN: f64 = 0.9;

/// A phrase with its pronunciations.
#[derive(Clone, Debug)]
struct Phrase {
    text: String,
    /// Whether it is one step of the way to a send.
    leads_on: bool,
    pronunciations: Vec<Vec<Phone>>,
}

/// What was said, as sounds.
#[derive(Debug)]
pub struct Spoken {
    /// The words.
    pub words: Vec<SpokenWord>,
    /// Their phones, one after the other.
    pub phones: Vec<Phone>,
    /// Where each word's phones begin, and where the last ones end.
    starts: Vec<usize>,
    /// What was heard of them already.
    heard: RefCell<BTreeMap<Moment, Rc<Hearing>>>,
}

/// All that hearing depends on besides the utterance: in which household, what for, from which word
/// on, and which words the prompt quoted.
type Moment = (usize, Asks, usize, String);

/// What was heard of an utterance, or of the rest of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Hearing {
    /// The readings, best first.
    pub hypotheses: Vec<Hypothesis>,
    /// The expected phrase that was heard, if any.
    pub spotted: Option<Spotted>,
    /// The expected phrase that came nearest, heard or not.
    pub nearest: Option<Spotted>,
}

/// An expected phrase, heard in a stretch of speech.
#[derive(Clone, Debug, PartialEq)]
pub struct Spotted {
    /// The phrase.
    pub phrase: String,
    /// The words that were taken for it.
    pub said: String,
    /// First of these words, counted from the beginning of the utterance.
    pub from_word: usize,
    /// The word after the last.
    pub to_word: usize,
    /// How far apart the two sound.
    pub cost: Nats,
    /// Geometric mean probability of a phone.
    pub confidence: f64,
    /// How many phones the phrase has.
    pub phones: usize,
    /// Whether the phrase is one step of the way to a send.
    pub(crate) leads_on: bool,
}

/// A channel to an assistant of one name, in one household after another.
#[derive(Debug)]
pub struct Channel {
    wake: String,
    /// The households that it has been in; the last one entered is `here`.
    homes: Vec<Expectations>,
    here: usize,
    spoken: BTreeMap<String, Rc<Spoken>>,
}

/// What is expected in one household.
#[derive(Debug)]
struct Expectations {
    household: Household,
    detector: Detector,
    phrases: BTreeMap<Asks, Rc<Vec<Phrase>>>,
    /// Of them, those that lead towards a send.
    leading: BTreeMap<Asks, Rc<Vec<Phrase>>>,
    /// What prompts quoted.
    quoted: BTreeMap<String, Phrase>,
}

impl Channel {
    /// A channel to an assistant with this wake word.
    pub fn new(wake: &str, household: &Household) -> Self {
        let mut channel = Self {
            wake: wake.to_owned(),
            homes: Vec::new(),
            here: 0,
            spoken: BTreeMap::new(),
        };
        channel.enter(household);
        channel
    }

    /// From here on the names of this household are expected.
    pub fn enter(&mut self, household: &Household) {
        let known = self
            .homes
            .iter()
            .position(|home| home.household == *household);
        self.here = known.unwrap_or_else(|| {
            self.homes.push(Expectations {
                household: household.clone(),
                detector: Detector::new(&self.wake, household),
                phrases: BTreeMap::new(),
                leading: BTreeMap::new(),
                quoted: BTreeMap::new(),
            });
            self.homes.len() - 1
        });
    }

    /// What is expected here at a stage.
    pub(crate) fn expected_phrases(&self, asks: Asks) -> Vec<String> {
        expected_phrases(&self.homes[self.here].detector, asks, "")
    }

    /// The same in answer to a prompt, whose quoted words are expected as well.
    pub(crate) fn expected_after(&self, asks: Asks, prompt: &str) -> Vec<String> {
        let quoted = quoted(prompt).unwrap_or_default();
        expected_phrases(&self.homes[self.here].detector, asks, quoted)
    }

    /// Of what is expected here at a stage, the phrases that lead towards a send.
    pub(crate) fn leading_phrases(&self, asks: Asks) -> Vec<String> {
        let mut phrases = self.expected_phrases(asks);
        let detector = &self.homes[self.here].detector;
        phrases.retain(|phrase| leads_on(detector, asks, phrase));
        phrases
    }

    /// What a text that was heard here at a stage means, in answer to a question that wants a yes.
    pub(crate) fn understand(&self, asks: Asks, text: &str) -> Act {
        meaning(&self.homes[self.here].detector, asks, text)
    }

    /// The sounds of a text.
    pub fn speak(&mut self, text: &str) -> Rc<Spoken> {
        if let Some(spoken) = self.spoken.get(text) {
            return Rc::clone(spoken);
        }
        let spoken = Rc::new(Spoken::new(text));
        self.spoken.insert(text.to_owned(), Rc::clone(&spoken));
        spoken
    }

    /// What is heard of an utterance from a word on.
    ///
    /// `prompt` is what the device said last: words that it quotes are expected in answer to it.
    pub fn hear(
        &mut self,
        spoken: &Spoken,
        from_word: usize,
        asks: Asks,
        prompt: &str,
    ) -> Rc<Hearing> {
        let quoted = quoted(prompt).unwrap_or_default();
        let key = (self.here, asks, from_word, quoted.to_owned());
        if let Some(hearing) = spoken.heard.borrow().get(&key) {
            return Rc::clone(hearing);
        }
        let nearest = if quoted.is_empty() {
            let phrases = self.expected(asks);
            spoken.spot(from_word, &phrases, asks, None)
        } else {
            // The words that prompts quote are many: what else is expected is looked for once.
            let unquoted = self.hear(spoken, from_word, asks, "").nearest.clone();
            self.nearest_after(quoted, unquoted, spoken, from_word, asks)
        };
        let hearing = Rc::new(spoken.hear(from_word, nearest));
        spoken.heard.borrow_mut().insert(key, Rc::clone(&hearing));
        hearing
    }

    /// Of the expected phrases that lead towards a send, the one that lies nearest to any stretch of
    /// a text, however far.
    pub fn nearest(&mut self, text: &str, asks: Asks) -> Option<Spotted> {
        let home = &mut self.homes[self.here];
        let detector = &home.detector;
        let leading = home.leading.entry(asks).or_insert_with(|| {
            let phrases = expected_phrases(detector, asks, "").into_iter();
            let leading = phrases.filter(|phrase| leads_on(detector, asks, phrase));
            Rc::new(leading.map(Phrase::new).collect())
        });
        let phrases = Rc::clone(leading);
        self.speak(text).spot(0, &phrases, asks, None)
    }

    fn expected(&mut self, asks: Asks) -> Rc<Vec<Phrase>> {
        let home = &mut self.homes[self.here];
        let phrases = home.phrases.entry(asks).or_insert_with(|| {
            let phrases = expected_phrases(&home.detector, asks, "");
            let phrases = phrases.into_iter().map(|text| Phrase {
                leads_on: leads_on(&home.detector, asks, &text),
                ..Phrase::new(text)
            });
            Rc::new(phrases.collect())
        });
        Rc::clone(phrases)
    }

    /// What comes nearest after a prompt that quotes words, where this does of what is expected anyway.
    /// Those words are what the prompt wants, and in an answer they are expected as well.
    fn nearest_after(
        &mut self,
        quoted: &str,
        unquoted: Option<Spotted>,
        spoken: &Spoken,
        from_word: usize,
        asks: Asks,
    ) -> Option<Spotted> {
        let unquoted = unquoted.map(|spotted| Spotted {
            leads_on: spotted.phrase == quoted,
            ..spotted
        });
        if asks != Asks::Confirmation {
            return unquoted;
        }
        let known = self.homes[self.here].quoted.entry(quoted.to_owned());
        let phrase = known.or_insert_with(|| Phrase::new(quoted.to_owned()));
        spoken.spot(from_word, std::slice::from_ref(phrase), asks, unquoted)
    }
}

/// What a recogniser expects while a device listens for something.
fn expected_phrases(detector: &Detector, asks: Asks, quoted: &str) -> Vec<String> {
    match asks {
        Asks::Wake => detector.phrases(Listening::Wake),
        Asks::Command => detector.phrases(Listening::Command),
        Asks::Recipient => detector.phrases(Listening::Recipient),
        Asks::Message => Vec::new(),
        Asks::Confirmation => {
            let mut phrases = detector.phrases(Listening::Answer(Wanted::Yes));
            if !quoted.is_empty() {
                phrases.push(quoted.to_owned());
            }
            phrases
        }
    }
}

/// What a text means at a stage, in answer to a question that wants a yes.
fn meaning(detector: &Detector, asks: Asks, text: &str) -> Act {
    let listening = match asks {
        Asks::Wake => Listening::Wake,
        Asks::Command => Listening::Command,
        Asks::Recipient => Listening::Recipient,
        Asks::Message => Listening::Message,
        Asks::Confirmation => Listening::Answer(Wanted::Yes),
    };
    let hypothesis = Hypothesis {
        text: text.to_owned(),
        confidence: 1.0,
    };
    detector.understand(listening, &[hypothesis]).act
}

/// Whether a phrase is one step of the way to a send.
fn leads_on(detector: &Detector, asks: Asks, phrase: &str) -> bool {
    match meaning(detector, asks, phrase) {
        Act::Wake | Act::SendMessage(_) | Act::Name(_) | Act::Yes | Act::SendIt | Act::Word(_) => {
            true
        }
        Act::Home { .. } | Act::No | Act::YesAndNo | Act::Cancel | Act::Talk => false,
    }
}

/// The first words in quotation marks.
pub(crate) fn quoted(prompt: &str) -> Option<&str> {
    prompt.split('"').nth(1)
}

impl Spotted {
    /// The same stretch, heard as if the phrase lay so far from it.
    #[must_use]
    pub fn at(&self, cost: Nats) -> Self {
        Self {
            cost,
            confidence: confidence(cost, self.phones),
            ..self.clone()
        }
    }

    /// What was really said, as the second hypothesis: the less the phrase explains the sound, the
    /// more is left for it. A phrase that was really said leaves nothing.
    pub(crate) fn left_for(&self, said: &str) -> Option<Hypothesis> {
        let hypothesis = || Hypothesis {
            text: said.to_owned(),
            confidence: self.confidence * (1.0 - self.confidence),
        };
        (self.cost > Nats::ZERO).then(hypothesis)
    }
}

impl Phrase {
    /// One that is a step of the way to a send.
    fn new(text: String) -> Self {
        let pronunciations = pronunciations(&text);
        Self {
            leads_on: true,
            text,
            pronunciations,
        }
    }
}

impl Spoken {
    /// The sounds of a text.
    pub fn new(text: &str) -> Self {
        let words = transcribe(text);
        let mut starts = vec![0];
        let mut phones = Vec::new();
        for word in &words {
            phones.extend_from_slice(&word.phones);
            starts.push(phones.len());
        }
        Self {
            words,
            phones,
            starts,
            heard: RefCell::default(),
        }
    }

    /// Where it is heard best as one phrase, however far that is from what was said. Nothing, if the
    /// phrase or the utterance has no sound, or the phrase is cheaper to hear out of nowhere.
    pub fn nearest(&self, phrase: &str, asks: Asks) -> Option<Spotted> {
        self.spot(0, &[Phrase::new(phrase.to_owned())], asks, None)
    }

    /// The share of the utterance's time that has passed when a word begins, in phones of all.
    pub fn progress(&self, word: usize) -> (usize, usize) {
        let passed = self.starts.get(word).copied().unwrap_or(self.phones.len());
        (passed, self.phones.len())
    }

    /// All of it, heard as it was said.
    pub(crate) fn as_said(&self) -> Hypothesis {
        self.heard_as_said(0)
    }

    /// What was said from a word on, heard as it was said.
    pub(crate) fn heard_as_said(&self, from_word: usize) -> Hypothesis {
        Hypothesis {
            text: self.text(from_word, self.words.len()),
            confidence: PLAIN,
        }
    }

    fn hear(&self, from_word: usize, nearest: Option<Spotted>) -> Hearing {
        let spotted = nearest.clone();
        let spotted = spotted.filter(|spotted| spotted.confidence >= CONFIDENCE_MIN);
        let hypotheses = match &spotted {
            Some(spotted) => self.readings(from_word, spotted),
            None => vec![self.heard_as_said(from_word)],
        };
        Hearing {
            hypotheses,
            spotted,
            nearest,
        }
    }

    /// What is made of the words from one on, when the phrase is heard in them: best first.
    pub(crate) fn readings(&self, from_word: usize, spotted: &Spotted) -> Vec<Hypothesis> {
        let as_said = self.heard_as_said(from_word);
        let before = self.text(from_word, spotted.from_word);
        let after = self.text(spotted.to_word, self.words.len());
        let parts = [before, spotted.phrase.to_lowercase(), after];
        let parts: Vec<&str> = parts
            .iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        let mut hypotheses = vec![Hypothesis {
            text: parts.join(" "),
            confidence: spotted.confidence,
        }];
        hypotheses.extend(spotted.left_for(&as_said.text));
        hypotheses
    }

    /// The expected phrase that explains a stretch best, if any does better than this; the longer one of
    /// two that do as well.
    fn spot(
        &self,
        from_word: usize,
        phrases: &[Phrase],
        asks: Asks,
        mut best: Option<Spotted>,
    ) -> Option<Spotted> {
        let words = self.words.get(from_word..)?;
        let words: Vec<&[Phone]> = words.iter().map(|word| word.phones.as_slice()).collect();
        for phrase in phrases {
            for phones in &phrase.pronunciations {
                let Some(hit) = self.place(phones, from_word, &words, asks) else {
                    continue;
                };
                let sure = confidence(hit.cost, phones.len());
                let beaten = best
                    .as_ref()
                    .is_some_and(|best| (best.confidence, best.phones) >= (sure, phones.len()));
                if beaten {
                    continue;
                }
                best = Some(Spotted {
                    phrase: phrase.text.clone(),
                    said: self.text(hit.from, hit.to),
                    from_word: hit.from,
                    to_word: hit.to,
                    cost: hit.cost,
                    confidence: sure,
                    phones: phones.len(),
                    leads_on: phrase.leads_on,
                });
            }
        }
        best
    }

    /// Where a phrase is heard best, in words of the utterance. A spotter of the wake word hears it
    /// inside other words; a recogniser of speech hears whole words.
    fn place(
        &self,
        phrase: &[Phone],
        from_word: usize,
        words: &[&[Phone]],
        asks: Asks,
    ) -> Option<WordHit> {
        if asks != Asks::Wake {
            let hit = within_words(phrase, words)?;
            return Some(WordHit {
                from: from_word + hit.from,
                to: from_word + hit.to,
                ..hit
            });
        }
        let from_phone = self.starts.get(from_word).copied()?;
        let hit = within(phrase, self.phones.get(from_phone..)?);
        let (start, end) = (from_phone + hit.start, from_phone + hit.end);
        let from = self
            .starts
            .partition_point(|&at| at <= start)
            .saturating_sub(1);
        let to = self.starts.partition_point(|&at| at < end);
        (start < end).then_some(WordHit {
            cost: hit.cost,
            from,
            to,
        })
    }

    /// The words from one to before another, in lower case.
    fn text(&self, from_word: usize, to_word: usize) -> String {
        let words = self.words.get(from_word..to_word).unwrap_or_default();
        let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        words.join(" ").to_lowercase()
    }
}
