//! Who speaks: voices by name.

use super::{Cache, Engine, RenderError};

/// The limits of [`Voice::paced`], in per cent.
const PACE_PERCENT: std::ops::RangeInclusive<u16> = 50..=200;
const PITCH_MAX: u8 = 99;

/// Everybody who can speak: twenty voices of espeak-ng in eight accents of English, then flite's four.
const VOICES: [Voice; 24] = [
    Voice::espeak("en-us+f2", 50),
    Voice::espeak("en-us+m3", 50),
    Voice::espeak("en-us+f4", 50),
    Voice::espeak("en-us+m7", 50),
    Voice::espeak("en-us+f5", 50),
    Voice::espeak("en-us+m1", 50),
    Voice::espeak("en-us+f1", 50),
    Voice::espeak("en-us+m5", 50),
    Voice::espeak("en-gb+f3", 55),
    Voice::espeak("en-gb+m2", 40),
    Voice::espeak("en-gb-x-rp+f4", 60),
    Voice::espeak("en-gb-x-rp+m4", 45),
    Voice::espeak("en-gb-scotland+f5", 45),
    Voice::espeak("en-gb-scotland+m6", 50),
    Voice::espeak("en-029+f1", 60),
    Voice::espeak("en-029+m8", 55),
    Voice::espeak("en-us-nyc+f3", 40),
    Voice::espeak("en-us-nyc+m4", 60),
    Voice::espeak("en-gb-x-gbclan+f2", 65),
    Voice::espeak("en-gb-x-gbcwmd+m3", 35),
    Voice::flite("slt"),
    Voice::flite("rms"),
    Voice::flite("awb"),
    Voice::flite("kal16"),
];

/// How many of [`VOICES`] are espeak-ng's.
const ESPEAK_VOICES: usize = 20;

/// How somebody sounds: an engine, one of its voices, a pitch and a pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Voice {
    pub(super) engine: Engine,
    /// As the engine calls it.
    pub(super) name: &'static str,
    /// From 0 to 99; flite does not look at it.
    pub(super) pitch: u8,
    /// Of the engine's own pace.
    pub(super) pace_percent: u16,
}

/// All voices that there are: a fixed list of distinct ones, espeak-ng's first.
pub const fn voices() -> &'static [Voice] {
    &VOICES
}

impl Voice {
    /// The voice of the devices, which is not in [`voices`].
    pub const DEVICE: Self = Self::espeak("en-gb-x-rp+klatt2", 60);

    /// A voice of espeak-ng as it calls it, with its variant (`en-us+f2`), and a pitch from 0 to 99.
    pub const fn espeak(name: &'static str, pitch: u8) -> Self {
        Self {
            engine: Engine::Espeak,
            name,
            pitch,
            pace_percent: 100,
        }
    }

    const fn flite(name: &'static str) -> Self {
        Self {
            engine: Engine::Flite,
            name,
            pitch: 50,
            pace_percent: 100,
        }
    }

    /// The voice of [`voices`] with this name.
    pub fn named(name: &str) -> Option<Self> {
        VOICES.into_iter().find(|voice| voice.name == name)
    }

    /// Its name in [`voices`], which a change of pitch or pace does not change.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// What speaks with it.
    pub const fn engine(self) -> Engine {
        self.engine
    }

    /// The same voice with another pitch, from 0 to 99. Voices of flite have the pitch that they have.
    #[must_use]
    pub fn pitched(self, pitch: u8) -> Self {
        let pitch = pitch.min(PITCH_MAX);
        Self { pitch, ..self }
    }

    /// The same voice at this many per cent of its natural pace, from 50 to 200.
    #[must_use]
    pub fn paced(self, percent: u16) -> Self {
        let pace_percent = percent.clamp(*PACE_PERCENT.start(), *PACE_PERCENT.end());
        Self {
            pace_percent,
            ..self
        }
    }

    /// Says a text: samples at 16 kHz, as loud as the engine makes them, without silence at either
    /// end. A text without a sound gives none.
    ///
    /// # Errors
    /// When the engine is not installed, lacks the voice or fails, or the cache cannot be written.
    pub fn say(self, text: &str, cache: &Cache) -> Result<Vec<i16>, RenderError> {
        let text: String = text.chars().map(speakable).collect();
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        cache.speech(self, text.trim())
    }

    /// The voice of the person who is the `number`-th to speak, where these are the voices. When there
    /// are more people than voices, the next ones differ in pitch and pace.
    pub(super) fn of_person(voices: &[Self], number: usize) -> Self {
        const ROUNDS: [(i8, u16); 5] = [(0, 100), (-25, 92), (25, 108), (-40, 85), (45, 116)];
        let voices = if voices.is_empty() {
            &VOICES[..ESPEAK_VOICES]
        } else {
            voices
        };
        let voice = voices[number % voices.len()];
        let (higher, percent) = ROUNDS[number / voices.len() % ROUNDS.len()];
        voice
            .pitched(voice.pitch.saturating_add_signed(higher))
            .paced(voice.pace_percent * percent / 100)
    }
}

/// espeak-ng reads `[[…]]` as phonemes, and both read control characters as they like.
fn speakable(c: char) -> char {
    if c.is_control() || matches!(c, '[' | ']') {
        ' '
    } else {
        c
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn voices_have_names_of_their_own() {
        let names: BTreeSet<&str> = voices().iter().map(|voice| voice.name()).collect();
        assert_eq!(names.len(), voices().len());
        for voice in voices() {
            assert_eq!(Voice::named(voice.name()), Some(*voice));
        }
        assert_eq!(Voice::named("hal"), None);
        let is_espeak = |voice: &Voice| voice.engine() == Engine::Espeak;
        assert!(VOICES[..ESPEAK_VOICES].iter().all(is_espeak));
        assert!(!VOICES[ESPEAK_VOICES..].iter().any(is_espeak));
    }

    #[test]
    fn a_hundred_people_and_a_device_have_voices_of_their_own() {
        let mut all: BTreeSet<Voice> = (0..100).map(|n| Voice::of_person(&[], n)).collect();
        all.insert(Voice::DEVICE);
        assert_eq!(all.len(), 101);
        assert_eq!(Voice::of_person(&[], 100), Voice::of_person(&[], 0));
        let two = [VOICES[3], VOICES[21]];
        let all: BTreeSet<Voice> = (0..10).map(|n| Voice::of_person(&two, n)).collect();
        assert_eq!(all.len(), 10);
        assert!(
            all.iter()
                .all(|voice| two.iter().any(|v| v.name == voice.name))
        );
    }

    #[test]
    fn pitch_and_pace_have_limits() {
        let voice = VOICES[0].pitched(200).paced(9_999);
        assert_eq!((voice.pitch, voice.pace_percent), (99, 200));
        assert_eq!(VOICES[0].paced(0).pace_percent, 50);
    }
}
