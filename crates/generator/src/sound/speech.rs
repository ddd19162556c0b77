//! Who says what when, and how it is divided into phrases.

use super::truth::milliseconds;
use super::{Cache, RATE, RenderError, Scene, Spoken, Voice, Who};
use mondegreen_trace::{Effect, Line, Meant, Trace};
use std::collections::{BTreeMap, VecDeque};

/// A phrase has at most this many words, and letters; a longer speech is spoken phrase by phrase.
const PHRASE_WORDS_MAX: usize = 50;
const PHRASE_LETTERS_MAX: usize = 600;

/// The fastest that can be followed, in per cent of the natural pace.
const FASTEST_PERCENT: u64 = 180;

/// What one voice says without a break, phrase by phrase.
#[derive(Clone, Debug)]
pub(super) struct Speech {
    who: Who,
    /// The number of the person among those who speak; none for a device.
    pub(super) person: Option<usize>,
    meant: Meant,
    text: String,
    /// When it begins, in milliseconds.
    pub(super) from_ms: u64,
    voice: Voice,
    /// The phrases that are still to be spoken.
    phrases: VecDeque<Phrase>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    text: String,
    /// How long it may take.
    slot_ms: Option<u64>,
}

impl Speech {
    /// A text that begins then, and may take this long if that is known.
    pub(super) fn new(
        (who, person): (Who, Option<usize>),
        (from_ms, slot_ms): (u64, Option<u64>),
        text: &str,
        scene: &Scene,
    ) -> Self {
        let letters = text.chars().count().max(1) as u64;
        let phrases = divide(text).into_iter().map(|text| Phrase {
            slot_ms: slot_ms.map(|slot| slot.saturating_mul(text.chars().count() as u64) / letters),
            text,
        });
        Self {
            person,
            voice: person.map_or(Voice::DEVICE, |n| Voice::of_person(&scene.voices, n)),
            meant: Meant::Nobody,
            text: text.to_owned(),
            from_ms,
            phrases: phrases.collect(),
            who,
        }
    }

    /// When it begins, in samples. Only for what begins within what a WAV file holds.
    pub(super) fn from(&self) -> u64 {
        self.from_ms * u64::from(RATE) / 1_000
    }

    /// What is known of it before anything is said.
    pub(super) fn to_be_spoken(&self, scene: &Scene) -> Spoken {
        let from_ms = milliseconds(self.from());
        Spoken {
            who: self.who.clone(),
            voice: self.voice,
            from_ms,
            to_ms: from_ms,
            level_db: match self.person {
                Some(person) => Some(scene.direct_db(person)),
                None => scene.leak_db.map(|leak_db| scene.level_db + leak_db),
            },
            text: self.text.clone(),
            meant: self.meant.clone(),
            words: Vec::new(),
        }
    }

    pub(super) fn is_said(&self) -> bool {
        self.phrases.is_empty()
    }

    /// Speaks the next phrase: its text, and its samples. Nothing when all is said.
    ///
    /// A phrase that does not fit its slot is spoken faster, up to a limit, and never cut.
    pub(super) fn next_phrase(
        &mut self,
        cache: &Cache,
    ) -> Result<Option<(String, Vec<i16>)>, RenderError> {
        let Some(Phrase { text, slot_ms }) = self.phrases.pop_front() else {
            return Ok(None);
        };
        let mut samples = self.voice.say(&text, cache)?;
        let took_ms = samples.len() as u64 * 1_000 / u64::from(RATE);
        if let Some(slot) = slot_ms
            && took_ms > slot
        {
            let percent = (100 * took_ms).div_ceil(slot.max(1)).min(FASTEST_PERCENT);
            let percent = u64::from(self.voice.pace_percent) * percent / 100;
            let voice = self.voice.paced(u16::try_from(percent).unwrap_or(u16::MAX));
            samples = voice.say(&text, cache)?;
        }
        Ok(Some((text, samples)))
    }
}

/// Phrases of a text: whole words, unless one word is as long as a phrase.
fn divide(text: &str) -> Vec<String> {
    let mut phrases: Vec<String> = Vec::new();
    let (mut words, mut letters) = (PHRASE_WORDS_MAX, 0);
    for word in text.split_whitespace() {
        let word: Vec<char> = word.chars().collect();
        for part in word.chunks(PHRASE_LETTERS_MAX) {
            letters += part.len() + 1;
            words += 1;
            if words > PHRASE_WORDS_MAX || letters > PHRASE_LETTERS_MAX {
                phrases.push(String::new());
                (words, letters) = (1, part.len());
            }
            if let Some(phrase) = phrases.last_mut() {
                if words > 1 {
                    phrase.push(' ');
                }
                phrase.extend(part);
            }
        }
    }
    phrases
}

/// All speech of a trace, in the order in which it begins.
pub(super) fn speeches(trace: &Trace, scene: &Scene) -> VecDeque<Speech> {
    let mut all = Vec::new();
    let mut now_ms = 0;
    for line in &trace.lines {
        match line {
            Line::Said { said } => {
                let slot_ms = said.to_ms.saturating_sub(said.from_ms);
                let who = Who::Person(said.speaker.clone());
                all.push((
                    who,
                    said.from_ms,
                    Some(slot_ms),
                    &said.text,
                    Some(&said.meant),
                ));
            }
            Line::In(input) => now_ms = input.at_ms().unwrap_or(now_ms),
            Line::Out(Effect::Prompt {
                device,
                text,
                duration_ms,
                ..
            }) => {
                let who = Who::Device(device.clone());
                all.push((who, now_ms, Some(*duration_ms), text, None));
            }
            Line::Out(Effect::Notice { device, text }) => {
                all.push((Who::Device(device.clone()), now_ms, None, text, None));
            }
            Line::Out(
                Effect::Hello { .. }
                | Effect::Listen { .. }
                | Effect::Record { .. }
                | Effect::RecordEnded { .. }
                | Effect::Send { .. }
                | Effect::Cancel { .. }
                | Effect::Act { .. }
                | Effect::Timer { .. }
                | Effect::Done,
            ) => {}
        }
    }
    all.sort_by_key(|(_, from_ms, ..)| *from_ms);
    let mut people = BTreeMap::new();
    let spoken = all.into_iter().map(|(who, from_ms, slot_ms, text, meant)| {
        let person = match &who {
            Who::Person(name) => {
                let next = people.len();
                Some(*people.entry(name.clone()).or_insert(next))
            }
            Who::Device(_) => None,
        };
        let mut speech = Speech::new((who, person), (from_ms, slot_ms), text, scene);
        speech.meant = meant.cloned().unwrap_or_default();
        speech
    });
    spoken.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, slot_ms: u64) -> Speech {
        let who = (Who::Person("Ann".to_owned()), Some(0));
        Speech::new(who, (0, Some(slot_ms)), text, &Scene::default())
    }

    #[test]
    fn phrases_share_the_time_of_their_speech() {
        let words = "word ".repeat(PHRASE_WORDS_MAX + 10);
        let speech = said(words.trim_end(), 60_000);
        let slots: Vec<Option<u64>> = speech.phrases.iter().map(|p| p.slot_ms).collect();
        assert_eq!(
            slots,
            [Some(49_966), Some(9_832)],
            "by letters, spaces between them apart"
        );
        assert_eq!(said(&words, u64::MAX).phrases.len(), 2);
    }

    #[test]
    fn a_word_of_a_megabyte_is_said_in_parts() {
        let speech = said(&"a".repeat(1_000_000), 1_000);
        assert_eq!(
            speech.phrases.len(),
            1_000_000_usize.div_ceil(PHRASE_LETTERS_MAX)
        );
        let longest = speech.phrases.iter().map(|phrase| phrase.text.len()).max();
        assert_eq!(longest, Some(PHRASE_LETTERS_MAX));
    }

    #[test]
    fn phrases_are_the_text() {
        let text = "one  two\nthree".repeat(40);
        let speech = said(&text, 1_000);
        let phrases: Vec<&str> = speech.phrases.iter().map(|p| p.text.as_str()).collect();
        let words: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(phrases.join(" "), words.join(" "));
        assert!(said(" \n", 10).is_said());
    }
}
