//! What is known of a sound because it was made: who says what, when, and how.

use super::{RATE, Scene, Voice};
use mondegreen_phonetics::transcribe;
use mondegreen_trace::Meant;
use serde::Serialize;

/// The ground truth of a sound, to be written as JSON beside it.
///
/// Times are milliseconds from its beginning, when the direct sound reaches the microphone; what
/// rings out in the room comes after `to_ms`. Speech is in the order in which it begins.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Truth {
    /// Samples a second: 16,000.
    pub rate_hz: u32,
    /// Length of the sound, rounded up.
    pub length_ms: u64,
    /// How many samples were too loud for 16 bits and were cut off.
    pub clipped: u64,
    /// What it was asked for.
    pub scene: Scene,
    /// Active level (ITU-T P.56) of the first phrase of the first person at the microphone, in dB of
    /// full scale, with what rings out: what signal-to-noise ratios refer to. Without noise it is
    /// not measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_db: Option<f64>,
    /// All that was said, by people and devices.
    pub speech: Vec<Spoken>,
}

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spoken {
    /// Who.
    pub who: Who,
    /// With which voice.
    pub voice: Voice,
    /// From the first sound.
    pub from_ms: u64,
    /// To the end of the last one.
    pub to_ms: u64,
    /// Active level of the direct sound at the microphone, in dB of full scale; none for what the
    /// microphone does not get.
    pub level_db: Option<f64>,
    /// The words, as they would be written.
    pub text: String,
    /// Whom and what it was meant for.
    #[serde(skip_serializing_if = "Meant::is_nobody")]
    pub meant: Meant,
    /// Word by word.
    pub words: Vec<Word>,
}

/// Who speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The person with this name.
    Person(String),
    /// The device with this name: a prompt or a notice.
    Device(String),
}

/// A word as the dictionary has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Word {
    /// In lower case, numbers in words.
    pub word: String,
    /// ARPABET without stress; empty for a word of another script. The engine may say it otherwise.
    pub phones: Vec<&'static str>,
    /// An estimate: the time of the phrase is shared among its words by their phones.
    pub from_ms: u64,
    /// An estimate, too.
    pub to_ms: u64,
}

impl Spoken {
    /// Takes down a phrase that sounds at these samples.
    pub(super) fn takes_in(&mut self, phrase: &str, from: u64, length: usize) {
        let words = transcribe(phrase);
        let all: u64 = words.iter().map(|word| word.phones.len() as u64).sum();
        let at_ms = |phones: u64| milliseconds(from + length as u64 * phones / all.max(1));
        let mut before = 0;
        for word in words {
            let phones = before + word.phones.len() as u64;
            self.words.push(Word {
                word: word.text,
                phones: word.phones.iter().map(|phone| phone.symbol()).collect(),
                from_ms: at_ms(before),
                to_ms: at_ms(phones),
            });
            before = phones;
        }
        self.to_ms = milliseconds(from + length as u64);
    }
}

/// When a sample sounds, rounded up.
pub(super) fn milliseconds(samples: u64) -> u64 {
    (samples * 1_000).div_ceil(u64::from(RATE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_share_the_time_of_their_phrase() {
        let mut spoken = Spoken {
            who: Who::Person("Ann".to_owned()),
            voice: Voice::DEVICE,
            from_ms: 1_000,
            to_ms: 1_000,
            level_db: None,
            text: "Right, Alexa.".to_owned(),
            meant: Meant::Nobody,
            words: Vec::new(),
        };
        spoken.takes_in("Right, Alexa.", 16_000, 16_000);
        let words: Vec<_> = spoken
            .words
            .iter()
            .map(|w| (w.word.as_str(), w.from_ms, w.to_ms))
            .collect();
        // Three phones of nine, and six.
        assert_eq!(words, [("right", 1_000, 1_334), ("alexa", 1_334, 2_000)]);
        assert_eq!(spoken.words[0].phones, ["R", "AY", "T"]);
        spoken.takes_in("…", 32_000, 0);
        assert_eq!((spoken.words.len(), spoken.to_ms), (2, 2_000));
    }
}
