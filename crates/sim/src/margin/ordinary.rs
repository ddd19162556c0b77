//! The cheapest ordinary talk at each stage.
//!
//! For each meaning that leads towards a send: the texts of one to three common words that lie nearest
//! to a phrase which has it, nearest first, less the phrase itself. One that can be said, in a
//! sentence or as a whole utterance, and that the channel hears as the phrase, is kept if none that
//! was kept costs as little and is heard as surely; the search ends where none that lies further can
//! do better. So whatever is heard so, something that was kept costs no more and is heard no less surely.

use crate::channel::{CONFIDENCE_MIN, Channel, Hearing};
use crate::reference::{Fault, Reference};
use crate::seed::{Purpose, random};
use mondegreen_detector::Act;
use mondegreen_dialog::{Guard, Score};
use mondegreen_generator::{is_fluent, weave};
use mondegreen_phonetics::{Nats, Search, confidence, pronunciations};
use mondegreen_trace::{Asks, Household};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::rc::Rc;

/// So many of the nearest texts are looked at, by and by.
const NEAR: [usize; 3] = [100, 1_000, 10_000];
/// So many sentences around the same words are tried.
const DRAWS: usize = 24;

/// A phrase whose near-misses were not all looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cut {
    /// The stage.
    pub asks: Asks,
    /// The phrase.
    pub phrase: String,
    /// Texts that cost more than this were not looked at.
    pub up_to: Nats,
}

/// What an assistant demands of what it acts on at a stage.
#[derive(Clone, Copy, Debug)]
struct Demands {
    /// What is heard with less confidence does nothing.
    least: f64,
    /// To be heard with more confidence than this is worth nothing.
    enough: f64,
    /// Whether a phrase may have to be all that was said.
    whole: bool,
}

impl Demands {
    fn of(assistant: &Reference, asks: Asks) -> Self {
        let policy = assistant.policy();
        let none = Score(0);
        let (threshold, apart, guard) = match asks {
            Asks::Wake => (
                policy.wake_threshold,
                policy.wake_margin,
                Some(Guard::WakeIsSure),
            ),
            Asks::Command => (policy.intent_threshold, none, Some(Guard::CommandIsSure)),
            Asks::Recipient => (
                policy.recipient_threshold,
                policy.recipient_margin,
                Some(Guard::NameIsSure),
            ),
            Asks::Message => (none, none, None),
            Asks::Confirmation => (policy.answer_threshold, none, Some(Guard::AnswerIsSure)),
        };
        let is_broken = guard.is_some() && assistant.fault() == guard.map(Fault::Guard);
        let share = |score: Score| f64::from(score.0) / 1000.0;
        // A score is rounded. What was said is the next reading, at confidence × (1 − confidence).
        let least = if is_broken {
            0.0
        } else {
            share(threshold) - 0.000_5
        };
        let apart = (share(apart) + 0.001).sqrt();
        Self {
            least: least.max(CONFIDENCE_MIN),
            enough: share(threshold).max(apart),
            whole: policy.whole_utterance && asks == Asks::Confirmation,
        }
    }

    /// The ways of saying that have to be looked at apart.
    const fn ways(self) -> &'static [Way] {
        if self.whole {
            &[Way::Alone, Way::Woven]
        } else {
            &[Way::Woven]
        }
    }
}

/// How a text is said. What is said alone does whatever it does in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// As a whole utterance.
    Alone,
    /// In a sentence.
    Woven,
}

/// A text, and how it is heard.
#[derive(Clone, Debug)]
struct Heard {
    said: String,
    way: Way,
    cost: Nats,
    sure: f64,
}

/// Texts that mean the same to the assistant.
#[derive(Debug)]
struct Kept {
    demands: Demands,
    texts: Vec<Heard>,
}

impl Kept {
    /// Whether a text that is said in this way costs no more and is heard as surely, as far as that
    /// is worth anything.
    fn has(&self, way: Way, cost: Nats, sure: f64) -> bool {
        let sure = sure.min(self.demands.enough);
        self.texts.iter().any(|kept| {
            let serves = kept.way == way || kept.way == Way::Alone || !self.demands.whole;
            serves && kept.cost <= cost && kept.sure >= sure
        })
    }

    fn keep(&mut self, heard: Heard) {
        let is_enough = heard.sure >= self.demands.least;
        if is_enough && !self.has(heard.way, heard.cost, heard.sure) {
            self.texts.push(heard);
        }
    }

    fn said(self) -> impl Iterator<Item = String> {
        self.texts.into_iter().map(|heard| heard.said)
    }
}

/// A text that may be taken for a phrase, with the least that it can cost.
type Near = (Nats, String);

/// What people may say, by stage; worked out when it is asked for.
pub(super) struct Ordinary<'a> {
    assistant: &'a Reference,
    channel: &'a mut Channel,
    search: Search,
    /// The given names of the contacts.
    names: Vec<String>,
    rng: ChaCha8Rng,
    known: BTreeMap<(Asks, Option<String>), Rc<Vec<String>>>,
    pub(super) cuts: Vec<Cut>,
}

impl<'a> Ordinary<'a> {
    pub(super) fn new(
        assistant: &'a Reference,
        channel: &'a mut Channel,
        household: &Household,
        seed: u64,
    ) -> Self {
        channel.enter(household);
        let given = |name: &str| name.split_whitespace().next().map(str::to_owned);
        let contacts = household.contacts.iter();
        Self {
            assistant,
            channel,
            search: Search::common(),
            names: contacts
                .filter_map(|contact| given(&contact.name))
                .collect(),
            rng: random(seed, Purpose::Weaving),
            known: BTreeMap::new(),
            cuts: Vec::new(),
        }
    }

    pub(super) const fn channel(&mut self) -> &mut Channel {
        self.channel
    }

    /// All that is worth saying at a stage, besides what comes near a word that a prompt chose.
    pub(super) fn texts(&mut self, asks: Asks) -> Rc<Vec<String>> {
        self.known_or((asks, None), |it| match asks {
            Asks::Wake => it.leading(asks, Vec::new()),
            Asks::Command => it.commands(),
            Asks::Recipient | Asks::Confirmation => {
                let names = it.names();
                it.leading(asks, names)
            }
            Asks::Message => weave(&mut it.rng, &["home"]).into_iter().collect(),
        })
    }

    /// All that is worth saying when a prompt has asked for this word.
    pub(super) fn texts_near(&mut self, word: &str) -> Rc<Vec<String>> {
        let asks = Asks::Confirmation;
        self.known_or((asks, Some(word.to_owned())), |it| {
            let mut kept = it.nothing(asks);
            it.mishear(asks, (word, &format!("\"{word}\"")), &mut kept);
            kept.said().collect()
        })
    }

    fn known_or(
        &mut self,
        key: (Asks, Option<String>),
        find: impl FnOnce(&mut Self) -> Vec<String>,
    ) -> Rc<Vec<String>> {
        if let Some(known) = self.known.get(&key) {
            return Rc::clone(known);
        }
        let mut texts = find(self);
        texts.sort();
        texts.dedup();
        let texts = Rc::new(texts);
        self.known.insert(key, Rc::clone(&texts));
        texts
    }

    fn nothing(&self, asks: Asks) -> Kept {
        Kept {
            demands: Demands::of(self.assistant, asks),
            texts: Vec::new(),
        }
    }

    /// What is heard as a step towards a send, and these texts, which people say anyway.
    fn leading(&mut self, asks: Asks, mut texts: Vec<String>) -> Vec<String> {
        let mut by_act: BTreeMap<Act, Vec<String>> = BTreeMap::new();
        for phrase in self.channel.leading_phrases(asks) {
            let act = self.channel.understand(asks, &phrase);
            by_act.entry(act).or_default().push(phrase);
        }
        let names = texts.clone();
        for (act, phrases) in by_act {
            let mut anyway = names.clone();
            if asks == Asks::Confirmation {
                for phrase in &phrases {
                    anyway.extend(self.anyway(asks, phrase, |it| it == act));
                }
            }
            let mut kept = self.nothing(asks);
            for said in anyway {
                let way = self.way(&said, &phrases);
                if let Some((cost, sure)) = self.taken(asks, &said, |it| it == act) {
                    kept.keep(Heard {
                        said,
                        way,
                        cost,
                        sure,
                    });
                }
            }
            for phrase in phrases {
                self.mishear(asks, (&phrase, ""), &mut kept);
            }
            texts.extend(kept.said());
        }
        texts
    }

    /// What is heard as the command, alone and with somebody named in the same breath.
    fn commands(&mut self) -> Vec<String> {
        let commands = self.leading(Asks::Command, Vec::new());
        let mut named = Vec::new();
        for name in self.names() {
            for command in &commands {
                let said = format!("{command} {name}");
                let is_named = |act| matches!(act, Act::SendMessage(Some(_)));
                if self.taken(Asks::Command, &said, is_named).is_some() {
                    named.push(said);
                }
            }
        }
        [commands, named].concat()
    }

    /// How people speak of those whom a message can be sent to: by their given names.
    fn names(&mut self) -> Vec<String> {
        let is_name = |act| matches!(act, Act::Name(_));
        let names = self.names.clone();
        let said = names
            .iter()
            .flat_map(|name| self.anyway(Asks::Recipient, name, is_name));
        said.collect()
    }

    /// How people say something to each other anyway, alone and in a sentence, so that it is taken
    /// for such an act; in a sentence, the cheapest of those that are tried.
    fn anyway(&mut self, asks: Asks, phrase: &str, is_it: impl Fn(Act) -> bool) -> Vec<String> {
        let words: Vec<&str> = phrase.split(' ').collect();
        let alone = bare(phrase).filter(|said| self.taken(asks, said, &is_it).is_some());
        let mut woven: Option<Near> = None;
        for _ in 0..DRAWS {
            let Some(said) = weave(&mut self.rng, &words) else {
                break;
            };
            let Some((cost, _)) = self.taken(asks, &said, &is_it) else {
                continue;
            };
            if woven.as_ref().is_none_or(|(least, _)| cost < *least) {
                woven = Some((cost, said));
            }
            if cost == Nats::ZERO {
                break;
            }
        }
        alone
            .into_iter()
            .chain(woven.map(|(_, said)| said))
            .collect()
    }

    /// At what cost and how surely a text is taken for such an act, if it is.
    fn taken(
        &mut self,
        asks: Asks,
        text: &str,
        is_it: impl Fn(Act) -> bool,
    ) -> Option<(Nats, f64)> {
        let spoken = self.channel.speak(text);
        let hearing = self.channel.hear(&spoken, 0, asks, "");
        let first = hearing.hypotheses.first()?;
        is_it(self.channel.understand(asks, &first.text))
            .then(|| (cost(&hearing), first.confidence))
    }

    /// Whether a text is one of the phrases and nothing else.
    fn way(&mut self, text: &str, phrases: &[String]) -> Way {
        let spoken = self.channel.speak(text);
        let words = || spoken.words.iter().map(|word| word.text.as_str());
        let mut phrases = phrases.iter();
        if phrases.any(|phrase| words().eq(phrase.split(' '))) {
            Way::Alone
        } else {
            Way::Woven
        }
    }

    /// Keeps what is heard as a phrase that is not said.
    fn mishear(&mut self, asks: Asks, (phrase, prompt): (&str, &str), kept: &mut Kept) {
        let longest = pronunciations(phrase).iter().map(Vec::len).max();
        let longest = longest.unwrap_or(0);
        let mut up_to = Nats::ZERO;
        for n in NEAR {
            let near = self.near(asks, phrase, n);
            let are_all = near.len() < n && asks != Asks::Wake;
            for (least, text) in &near {
                let surest = confidence(*least, longest);
                let is_lacking = |way: &&Way| !kept.has(**way, *least, surest);
                let lacking: Vec<Way> = kept
                    .demands
                    .ways()
                    .iter()
                    .filter(is_lacking)
                    .copied()
                    .collect();
                if lacking.is_empty() || surest < kept.demands.least {
                    return;
                }
                // The nearest of all have been tried, up to those that cost as much as the last.
                if *least < up_to {
                    continue;
                }
                for way in lacking {
                    if let Some(heard) = self.said(asks, (phrase, prompt), text, way) {
                        kept.keep(heard);
                    }
                }
            }
            if are_all {
                return;
            }
            up_to = near.last().map_or(up_to, |(least, _)| *least);
        }
        let phrase = phrase.to_owned();
        self.cuts.push(Cut {
            asks,
            phrase,
            up_to,
        });
    }

    /// The texts nearest to a phrase, nearest first. A wake word is heard inside words as well.
    fn near(&self, asks: Asks, phrase: &str, n: usize) -> Vec<Near> {
        if asks != Asks::Wake {
            let near = self.search.near(phrase, n, 1..=Search::WORDS_MAX);
            return near
                .into_iter()
                .map(|miss| (miss.cost, miss.text))
                .collect();
        }
        let inside = self.search.hiding(phrase, n);
        let across = self.search.hiding_across(phrase, n);
        let ends = [inside.last(), across.last()];
        let up_to = ends.into_iter().flatten().map(|last| last.hit.cost).min();
        let mut near: Vec<Near> = inside
            .into_iter()
            .chain(across)
            .map(|hiding| (hiding.hit.cost, hiding.text))
            .filter(|(cost, _)| Some(*cost) <= up_to)
            .collect();
        near.sort();
        near
    }

    /// A text, said in this way, if it can be and is heard as the phrase.
    fn said(&mut self, asks: Asks, heard: (&str, &str), text: &str, way: Way) -> Option<Heard> {
        // Words in which something else is heard better are heard as that in any sentence.
        self.misheard(asks, heard, text)?;
        let words: Vec<&str> = text.split(' ').collect();
        let draws = if way == Way::Alone { 1 } else { DRAWS };
        for _ in 0..draws {
            let said = match way {
                Way::Alone => bare(text)?,
                Way::Woven => weave(&mut self.rng, &words)?,
            };
            if let Some((cost, sure)) = self.misheard(asks, heard, &said) {
                return Some(Heard {
                    said,
                    way,
                    cost,
                    sure,
                });
            }
        }
        None
    }

    /// At what cost and how surely a text that does not hold the phrase is heard as it, if it is, and
    /// as nothing that stands in its way.
    fn misheard(
        &mut self,
        asks: Asks,
        (phrase, prompt): (&str, &str),
        text: &str,
    ) -> Option<(Nats, f64)> {
        let spoken = self.channel.speak(text);
        let hearing = self.channel.hear(&spoken, 0, asks, prompt);
        let spotted = hearing.spotted.as_ref()?;
        let own: Vec<&str> = phrase.split(' ').collect();
        let mut windows = spoken.words.windows(own.len());
        let holds = windows.any(|words| words.iter().map(|word| &word.text).eq(&own));
        if holds || spotted.phrase != phrase {
            return None;
        }
        let is_clear = if asks == Asks::Wake {
            let rest = self
                .channel
                .hear(&spoken, spotted.to_word, Asks::Command, "");
            rest.spotted.is_none()
        } else {
            let meant = self.channel.understand(asks, phrase);
            let first = hearing.hypotheses.first()?;
            self.channel.understand(asks, &first.text) == meant
        };
        is_clear.then_some((spotted.cost, spotted.confidence))
    }
}

/// What was misheard in it, in nats.
fn cost(hearing: &Hearing) -> Nats {
    let spotted = hearing.spotted.as_ref();
    spotted.map_or(Nats::ZERO, |spotted| spotted.cost)
}

/// A text as an utterance of its own, if people say that.
fn bare(text: &str) -> Option<String> {
    let mut chars = text.chars();
    let first = chars.next()?.to_uppercase();
    let said = format!("{first}{}.", chars.as_str());
    is_fluent(&said).then_some(said)
}
