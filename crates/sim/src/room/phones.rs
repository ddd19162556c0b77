//! Hearing by phones: a device takes the expected phrase that comes nearest for what was said, if a
//! chance wants it so.

use super::{Around, Due, Ear, Ears, Room, Speech, Way};
use crate::assistant::Broken;
use crate::channel::{Channel, Hearing, Spoken, Spotted};
use crate::hold::Hit;
use mondegreen_trace::{Asks, Hypothesis, Utterance};
use std::rc::Rc;

/// Of what was said last, so much may overlap with what is said now.
const OVERLAPS_MAX: usize = 8;

/// Whether an expected phrase is heard in what comes nearest to it.
pub(crate) trait Chance {
    /// As what it is heard, if it is. Asked once whenever a device has such a stretch in its ear.
    fn hears(&mut self, stake: &Stake) -> Option<Spotted>;
}

/// Something that a device may hear as a phrase that it expects.
#[derive(Debug)]
pub(crate) struct Stake {
    pub(crate) speech: Speech,
    pub(crate) asks: Asks,
    /// The expected phrase that comes nearest.
    pub(crate) nearest: Spotted,
    said: Rc<Utterance>,
    spoken: Rc<Spoken>,
    hearing: Rc<Hearing>,
    from_word: usize,
    /// It begins after the prompt, and nothing was said across the end of that.
    is_answer: bool,
}

impl Stake {
    /// The whole utterance.
    pub(crate) fn text(&self) -> &str {
        &self.said.text
    }

    /// How much of what is heard would be taken for the phrase, in words: an answer may have to be all
    /// that is said, and to begin after the prompt; a name or a command need not.
    #[expect(clippy::cast_precision_loss, reason = "nobody says 2^52 words")]
    pub(crate) fn share(&self) -> f64 {
        let words = self.spoken.words.len().saturating_sub(self.from_word);
        let heard = self.nearest.to_word.saturating_sub(self.nearest.from_word);
        match self.asks {
            Asks::Confirmation if self.is_answer => heard as f64 / words.max(1) as f64,
            Asks::Confirmation => 0.0,
            Asks::Wake | Asks::Command | Asks::Recipient | Asks::Message => 1.0,
        }
    }
}

/// It is heard when it is near enough, always.
pub(crate) struct Always;

impl Chance for Always {
    fn hears(&mut self, stake: &Stake) -> Option<Spotted> {
        stake.hearing.spotted.clone()
    }
}

impl Room {
    /// What may be heard as an expected phrase when the next thing happens.
    pub(crate) fn at_stake(&self, channel: &mut Channel) -> Option<Stake> {
        let ((at_ms, _), due) = self.due.first_key_value()?;
        let now_ms = self.now_ms.max(*at_ms);
        match due {
            Due::Woken(speech) => self.may_wake(speech, now_ms, channel),
            Due::Ends(speech) if self.hears == Way::NearMisses => {
                self.may_hear(speech, now_ms, channel)?.ok()
            }
            Due::Ends(_)
            | Due::Goes(_)
            | Due::Hears { .. }
            | Due::Said(_)
            | Due::PromptEnds { .. }
            | Due::Timer
            | Due::Delivered { .. }
            | Due::Happens(_) => None,
        }
    }

    /// A device that sleeps may take this speech for its name.
    fn may_wake(&self, speech: &Speech, now_ms: u64, channel: &mut Channel) -> Option<Stake> {
        let (said, spoken) = self.utterance(speech)?;
        if self.listens_for(&speech.device, now_ms) != Some(Asks::Wake)
            || self.next_word.contains_key(speech)
        {
            return None;
        }
        let hearing = channel.hear(&spoken, 0, Asks::Wake, "");
        let nearest = hearing.nearest.clone()?;
        Some(Stake {
            speech: speech.clone(),
            asks: Asks::Wake,
            nearest,
            said,
            spoken,
            hearing,
            from_word: 0,
            is_answer: true,
        })
    }

    /// A device that is awake hears the speech out: as a phrase that it expects, perhaps, or, if
    /// there is none, as these readings.
    fn may_hear(
        &self,
        speech: &Speech,
        now_ms: u64,
        channel: &mut Channel,
    ) -> Option<Result<Stake, Rc<Hearing>>> {
        let (said, spoken) = self.utterance(speech)?;
        let listens_for = self.listens_for(&speech.device, now_ms);
        if listens_for == Some(Asks::Wake) {
            return None;
        }
        let from_word = self.next_word.get(speech).copied().unwrap_or(0);
        if from_word > 0 && from_word >= spoken.words.len() {
            return None;
        }
        let ear = self.ears.get(&*speech.device);
        let prompt = ear.map(|ear| ear.prompt.as_str());
        let is_answer = ear.is_some_and(|ear| self.answers(ear, &said, &speech.device));
        // A device that never says what it listens for is told what was said, its name included.
        let asks = listens_for.unwrap_or(Asks::Wake);
        let hearing = channel.hear(&spoken, from_word, asks, prompt.unwrap_or_default());
        let Some(nearest) = hearing.nearest.clone() else {
            return Some(Err(hearing));
        };
        Some(Ok(Stake {
            speech: speech.clone(),
            asks,
            nearest,
            said,
            spoken,
            hearing,
            from_word,
            is_answer,
        }))
    }

    /// Whether something said comes after the last prompt of a device, across whose end nothing was.
    fn answers(&self, ear: &Ear, said: &Utterance, device: &str) -> bool {
        let quiet_ms = ear.quiet_ms;
        let across = |other: &Utterance| {
            let here = other.devices.iter().any(|hears| hears == device);
            here && other.from_ms < quiet_ms && quiet_ms < other.to_ms
        };
        let mut latest = self.said.values().rev().take(OVERLAPS_MAX);
        let is_quiet = ear.speaking.is_none() && quiet_ms <= said.from_ms;
        is_quiet && !latest.any(|(other, _)| across(other))
    }

    pub(super) fn woken(&mut self, speech: &Speech, around: &mut Around<'_>) -> Result<(), Broken> {
        let Some(stake) = self.may_wake(speech, self.now_ms, around.channel) else {
            return Ok(());
        };
        let Ears::Phones(chance) = &mut around.ears else {
            return Ok(());
        };
        let Some(spotted) = chance.hears(&stake) else {
            return Ok(());
        };
        let mut hypotheses = vec![Hypothesis {
            text: spotted.phrase.clone(),
            confidence: spotted.confidence,
        }];
        hypotheses.extend(spotted.left_for(&spotted.said));
        let from_ms = word_ms(&stake.said, &stake.spoken, spotted.from_word);
        self.next_word.insert(speech.clone(), spotted.to_word);
        self.note(&speech.device, Asks::Wake, spotted);
        self.give_heard(&speech.device, from_ms, true, hypotheses, around)
    }

    pub(super) fn goes_on(
        &mut self,
        speech: &Speech,
        around: &mut Around<'_>,
    ) -> Result<(), Broken> {
        let Some((utterance, spoken)) = self.utterance(speech) else {
            return Ok(());
        };
        if self.listens_for(&speech.device, self.now_ms) != Some(Asks::Message)
            || self.now_ms >= utterance.to_ms
        {
            return Ok(());
        }
        let from_word = self.next_word.get(speech).copied().unwrap_or(0);
        let hearing = around.channel.hear(&spoken, from_word, Asks::Message, "");
        let from_ms = word_ms(&utterance, &spoken, from_word);
        self.give_heard(
            &speech.device,
            from_ms,
            false,
            hearing.hypotheses.clone(),
            around,
        )
    }

    pub(super) fn ends(&mut self, speech: &Speech, around: &mut Around<'_>) -> Result<(), Broken> {
        let Some((utterance, spoken)) = self.utterance(speech) else {
            return Ok(());
        };
        if self.hears == Way::Words {
            let hypotheses = vec![spoken.as_said()];
            return self.give_heard(&speech.device, utterance.from_ms, true, hypotheses, around);
        }
        let Some(may_hear) = self.may_hear(speech, self.now_ms, around.channel) else {
            return Ok(());
        };
        let (from_word, hypotheses) = match may_hear {
            Err(hearing) => {
                let from_word = self.next_word.get(speech).copied().unwrap_or(0);
                (from_word, hearing.hypotheses.clone())
            }
            Ok(stake) => {
                let from_word = stake.from_word;
                let spotted = match &mut around.ears {
                    Ears::Phones(chance) => chance.hears(&stake),
                    Ears::Sound(_) => None,
                };
                let hypotheses = match spotted {
                    Some(spotted) => {
                        let readings = spoken.readings(from_word, &spotted);
                        self.note(&speech.device, stake.asks, spotted);
                        readings
                    }
                    None => vec![spoken.heard_as_said(from_word)],
                };
                (from_word, hypotheses)
            }
        };
        let from_ms = word_ms(&utterance, &spoken, from_word);
        self.give_heard(&speech.device, from_ms, true, hypotheses, around)
    }

    fn note(&mut self, device: &str, asks: Asks, spotted: Spotted) {
        let (at_ms, device) = (self.now_ms, device.to_owned());
        self.spotted.push(Hit {
            at_ms,
            device,
            asks,
            spotted,
        });
    }
}

/// A part of a length, given as some of all.
pub(super) fn part(length_ms: u64, (some, all): (usize, usize)) -> u64 {
    if all == 0 {
        return length_ms;
    }
    let (some, all) = (some as u128, all as u128);
    u64::try_from(u128::from(length_ms) * some / all).unwrap_or(length_ms)
}

/// When a word of an utterance begins: time is shared out by phones.
fn word_ms(utterance: &Utterance, spoken: &Spoken, word: usize) -> u64 {
    let length_ms = utterance.to_ms.saturating_sub(utterance.from_ms);
    utterance.from_ms + part(length_ms, spoken.progress(word))
}
