//! The phrases that an attack chooses from: near-misses, and ordinary talk beside them.

use super::model::Feature;
use super::{Forms, Plan};
use crate::material::home;
use crate::seed::{Purpose, random};
use crate::share::share;
use mondegreen_generator::{Talker, weave};
use mondegreen_phonetics::{Alignment, Phone, Search, near_miss, pronunciations, transcribe};
use rand::{Rng, RngExt};
use std::collections::{BTreeMap, BTreeSet};

/// Single words that hide the phrase, as "un-acce-ptable".
const HIDING: usize = 200;
/// Utterances of ordinary talk to draw phrases from, for each phrase that is wanted.
const UTTERANCES: usize = 20;

/// A phrase to try.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) text: String,
    /// A sentence that it can be said in.
    pub(crate) sentence: String,
    /// Nats that it takes to hear the attacked phrase instead.
    pub(crate) nats: f64,
    /// What the ear's answers are learned by.
    pub(crate) features: Vec<Feature>,
}

/// What of a candidate may matter to an ear.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Trait {
    Always,
    Nats,
    /// What is said for a sound of the phrase, if anything.
    Said(usize, Option<Phone>),
    /// What is said between two of them.
    Added(usize, Phone),
    Word(String),
}

/// All candidates, nearest first.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) candidates: Vec<Candidate>,
    numbers: BTreeMap<Trait, u32>,
}

impl Pool {
    /// The near-misses of a plan that can be said in a sentence of ordinary talk, found by so many
    /// threads.
    pub(crate) fn new(plan: &Plan, workers: usize) -> Self {
        let forms = FormsOf::new(&plan.phrase, plan.forms);
        let mut pool = Self {
            candidates: Vec::new(),
            numbers: BTreeMap::new(),
        };
        let search = Search::common();
        let mut misses = search.near(&plan.phrase, plan.nearest, 1..=plan.words_max);
        let known: BTreeSet<String> = misses.iter().map(|miss| miss.text.clone()).collect();
        let hiding = search.hiding(&plan.phrase, HIDING).into_iter();
        let hiding = hiding.filter(|word| !known.contains(&word.text));
        misses.extend(hiding.filter_map(|word| near_miss(&plan.phrase, &word.text)));
        misses.retain(|miss| !forms.leave_out(&miss.text));
        // To look for a sentence is what takes time; each is drawn as if it were the only one.
        let rng = random(plan.seed, Purpose::Weaving);
        let sentences = share(&mut vec![(); workers], &misses, |(), miss| {
            let words: Vec<&str> = miss.text.split(' ').collect();
            weave(&mut rng.clone(), &words)
        });
        for (miss, sentence) in misses.into_iter().zip(sentences) {
            if let Some(sentence) = sentence {
                pool.push(miss.text, sentence, &miss.alignment);
            }
        }
        pool
    }

    /// How many traits there are.
    pub(crate) fn traits(&self) -> usize {
        self.numbers.len()
    }

    fn push(&mut self, text: String, sentence: String, alignment: &Alignment) {
        let nats = alignment.cost.as_f64();
        let mut traits = vec![(Trait::Always, 1.0), (Trait::Nats, nats / 4.0)];
        traits.extend(
            text.split(' ')
                .map(|word| (Trait::Word(word.to_owned()), 1.0)),
        );
        let mut place = 0;
        for step in &alignment.steps {
            match (step.said, step.heard) {
                (said, Some(_)) => {
                    traits.push((Trait::Said(place, said), 1.0));
                    place += 1;
                }
                (Some(said), None) => traits.push((Trait::Added(place, said), 1.0)),
                (None, None) => {}
            }
        }
        let features = traits.into_iter().map(|(own, value)| {
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            (*self.numbers.entry(own).or_insert(next), value)
        });
        let features = features.collect();
        self.candidates.push(Candidate {
            text,
            sentence,
            nats,
            features,
        });
    }

    /// So many different ones, as many of the nearest ten as of the next ninety, and so on, so that
    /// near and far ones are among them.
    pub(crate) fn spread(&self, count: usize, rng: &mut impl Rng) -> Vec<usize> {
        let all = self.candidates.len();
        let count = count.min(all / 2);
        let mut places = BTreeSet::new();
        while places.len() < count {
            let place = f64::from(u32::try_from(all).unwrap_or(u32::MAX)).powf(rng.random()) - 1.0;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "from 0 to the number of candidates"
            )]
            places.insert((place as usize).min(all - 1));
        }
        places.into_iter().collect()
    }
}

/// Phrases out of ordinary talk, as many as there are numbers of words, each of so many words.
pub(crate) fn ordinary(phrase: &str, words: &[usize], forms: Forms, seed: u64) -> Vec<String> {
    let forms = FormsOf::new(phrase, forms);
    let mut rng = random(seed, Purpose::Attack);
    let talker = Talker::new(&home(seed), 0, random(seed, Purpose::Talk));
    let mut wanted = words.iter().copied();
    let mut next = wanted.next();
    let mut found = BTreeSet::new();
    let mut phrases = Vec::new();
    for said in talker.take(words.len().saturating_mul(UTTERANCES)) {
        let Some(count) = next else { break };
        let words: Vec<String> = transcribe(&said.text).into_iter().map(|w| w.text).collect();
        let Some(last) = words.len().checked_sub(count) else {
            continue;
        };
        let from = rng.random_range(0..=last);
        let text = words[from..from + count].join(" ");
        if !forms.leave_out(&text) && found.insert(text.clone()) {
            phrases.push(text);
            next = wanted.next();
        }
    }
    phrases
}

/// Tells forms of a phrase.
struct FormsOf {
    pronunciations: Vec<Vec<Phone>>,
    forms: Forms,
}

impl FormsOf {
    fn new(phrase: &str, forms: Forms) -> Self {
        Self {
            pronunciations: pronunciations(phrase),
            forms,
        }
    }

    /// Whether a text holds the phrase or a form of it, and forms are left out.
    fn leave_out(&self, text: &str) -> bool {
        self.forms == Forms::LeftOut && text.split(' ').any(|word| self.is_form(word))
    }

    /// Two thirds of the phrase's sounds in a row within one word make it a form of the phrase: of
    /// "alexa" are "Lexus", "Alexis" and "flex", and "election" is not, nor "Alexander" with its voiced x.
    fn is_form(&self, word: &str) -> bool {
        let said = pronunciations(word);
        let pairs = self
            .pronunciations
            .iter()
            .flat_map(|own| said.iter().map(move |said| (own, said)));
        pairs.into_iter().any(|(own, said)| {
            let least = (2 * own.len()).div_ceil(3).max(1);
            own.windows(least)
                .any(|run| said.windows(least).any(|other| run == other))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_hold_most_of_a_name_are_forms_of_it() {
        let forms = FormsOf::new("alexa", Forms::LeftOut);
        for form in [
            "alexa",
            "a lexus",
            "alexis",
            "alexis said",
            "my alexa's",
            "flex",
        ] {
            assert!(forms.leave_out(form), "{form}");
        }
        for other in [
            "election",
            "a lecture",
            "i like some",
            "unacceptable",
            "alec",
        ] {
            assert!(!forms.leave_out(other), "{other}");
        }
        assert!(!FormsOf::new("alexa", Forms::Allowed).leave_out("alexis"));
    }

    fn plan(words_max: usize) -> Plan {
        Plan {
            phrase: "alexa".to_owned(),
            words_max,
            nearest: 1_000,
            forms: Forms::LeftOut,
            voices: 2,
            tries: 0,
            keep: 0,
            seed: 1,
        }
    }

    #[test]
    fn candidates_can_be_said_in_a_sentence() {
        let pool = Pool::new(&plan(3), 2);
        let texts: BTreeSet<&str> = pool.candidates.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(texts.len(), pool.candidates.len());
        assert!(texts.len() > 100, "{}", texts.len());
        assert!(texts.contains("a lake sir"), "{texts:?}");
        assert!(
            texts.iter().any(|text| !text.contains(' ')),
            "words that hide it"
        );
        for candidate in &pool.candidates {
            let sentence = candidate.sentence.to_lowercase();
            let bare: String = sentence.chars().filter(|c| !",.?!".contains(*c)).collect();
            assert!(bare.contains(&candidate.text), "{bare}");
        }
    }

    #[test]
    fn some_of_every_distance_are_drawn() {
        let pool = Pool::new(&plan(2), 2);
        let mut rng = random(1, Purpose::Attack);
        let drawn = pool.spread(40, &mut rng);
        assert_eq!(drawn.len(), 40);
        let near = drawn.iter().filter(|place| **place < 20).count();
        let far = drawn.iter().filter(|place| **place > 80).count();
        assert!(
            near > 8 && far > 3,
            "{near} {far} of {}",
            pool.candidates.len()
        );
    }

    #[test]
    fn ordinary_phrases_have_as_many_words_as_asked_for() {
        let words: Vec<usize> = (0..300).map(|number| 1 + number % 3).collect();
        let phrases = ordinary("alexa", &words, Forms::LeftOut, 1);
        let counts: Vec<usize> = phrases.iter().map(|text| text.split(' ').count()).collect();
        assert_eq!(counts, words);
        assert_eq!(phrases.iter().collect::<BTreeSet<_>>().len(), 300);
    }
}
