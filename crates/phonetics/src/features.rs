//! How each phone is made: the articulatory features of the 39 phones of American English.
//!
//! The description is that of the International Phonetic Association's chart and of Ladefoged and
//! Johnson, *A Course in Phonetics*. A diphthong is where it begins and where it glides to.

use crate::Phone;

/// How a phone is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Features {
    /// The air is held up.
    Consonant(Consonant),
    /// The air flows freely.
    Vowel(Vowel),
}

/// How a consonant is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consonant {
    /// Where.
    pub place: Place,
    /// In which way.
    pub manner: Manner,
    /// Whether the voice sounds.
    pub voicing: Voicing,
}

/// Where the air is held up, from the lips to the throat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the terms of phonetics")]
pub enum Place {
    Bilabial,
    Labiodental,
    Dental,
    Alveolar,
    Postalveolar,
    Palatal,
    Velar,
    Glottal,
}

/// In which way the air is held up, from the tightest closure to the widest passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the terms of phonetics")]
pub enum Manner {
    Stop,
    Affricate,
    Fricative,
    Nasal,
    Lateral,
    Approximant,
}

/// Whether the voice sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the terms of phonetics")]
pub enum Voicing {
    Voiceless,
    Voiced,
}

/// How a vowel is made: the quality it begins with and the one it glides to.
///
/// They differ in the five diphthongs only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vowel {
    /// Where it begins.
    pub from: Quality,
    /// Where it ends.
    pub to: Quality,
}

/// One of the ten steady qualities of vowels, by the symbol of the vowel that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the ARPABET symbols themselves")]
#[rustfmt::skip]
pub enum Quality { IY, IH, EH, AE, AH, AA, AO, UH, UW, ER }

/// Where a quality stands in the vowel chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// How high the tongue is.
    pub height: Height,
    /// How far back it is.
    pub backness: Backness,
    /// The lips.
    pub lips: Lips,
    /// Whether it is coloured by an R.
    pub colour: Colour,
}

/// How high the tongue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the terms of phonetics")]
pub enum Height {
    Close,
    NearClose,
    Mid,
    OpenMid,
    NearOpen,
    Open,
}

/// How far back the tongue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the terms of phonetics")]
pub enum Backness {
    Front,
    Central,
    Back,
}

/// The lips in a vowel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the terms of phonetics")]
pub enum Lips {
    Spread,
    Rounded,
}

/// Whether a vowel is coloured by an R.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the terms of phonetics")]
pub enum Colour {
    Plain,
    Rhotic,
}

impl Quality {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::IY,
        Self::IH,
        Self::EH,
        Self::AE,
        Self::AH,
        Self::AA,
        Self::AO,
        Self::UH,
        Self::UW,
        Self::ER,
    ];

    /// Where it stands in the vowel chart.
    pub const fn target(self) -> Target {
        use Backness::{Back, Central, Front};
        use Colour::{Plain, Rhotic};
        use Height::{Close, Mid, NearClose, NearOpen, Open, OpenMid};
        use Lips::{Rounded, Spread};
        let (height, backness, lips, colour) = match self {
            Self::IY => (Close, Front, Spread, Plain),
            Self::IH => (NearClose, Front, Spread, Plain),
            Self::EH => (OpenMid, Front, Spread, Plain),
            Self::AE => (NearOpen, Front, Spread, Plain),
            Self::AH => (OpenMid, Central, Spread, Plain),
            Self::AA => (Open, Back, Spread, Plain),
            Self::AO => (OpenMid, Back, Rounded, Plain),
            Self::UH => (NearClose, Back, Rounded, Plain),
            Self::UW => (Close, Back, Rounded, Plain),
            Self::ER => (Mid, Central, Spread, Rhotic),
        };
        Target {
            height,
            backness,
            lips,
            colour,
        }
    }
}

impl Phone {
    /// How it is made.
    #[rustfmt::skip]
    pub const fn features(self) -> Features {
        use Manner::{Affricate, Approximant, Fricative, Lateral, Nasal, Stop};
        use Place::{Alveolar, Bilabial, Dental, Glottal, Labiodental, Palatal, Postalveolar, Velar};
        use Voicing::{Voiced, Voiceless};
        match self {
            Self::P => consonant(Bilabial, Stop, Voiceless),
            Self::B => consonant(Bilabial, Stop, Voiced),
            Self::T => consonant(Alveolar, Stop, Voiceless),
            Self::D => consonant(Alveolar, Stop, Voiced),
            Self::K => consonant(Velar, Stop, Voiceless),
            Self::G => consonant(Velar, Stop, Voiced),
            Self::CH => consonant(Postalveolar, Affricate, Voiceless),
            Self::JH => consonant(Postalveolar, Affricate, Voiced),
            Self::F => consonant(Labiodental, Fricative, Voiceless),
            Self::V => consonant(Labiodental, Fricative, Voiced),
            Self::TH => consonant(Dental, Fricative, Voiceless),
            Self::DH => consonant(Dental, Fricative, Voiced),
            Self::S => consonant(Alveolar, Fricative, Voiceless),
            Self::Z => consonant(Alveolar, Fricative, Voiced),
            Self::SH => consonant(Postalveolar, Fricative, Voiceless),
            Self::ZH => consonant(Postalveolar, Fricative, Voiced),
            Self::HH => consonant(Glottal, Fricative, Voiceless),
            Self::M => consonant(Bilabial, Nasal, Voiced),
            Self::N => consonant(Alveolar, Nasal, Voiced),
            Self::NG => consonant(Velar, Nasal, Voiced),
            Self::L => consonant(Alveolar, Lateral, Voiced),
            Self::R => consonant(Postalveolar, Approximant, Voiced),
            Self::Y => consonant(Palatal, Approximant, Voiced),
            // Labial-velar; the lips shape the sound more than the tongue does.
            Self::W => consonant(Bilabial, Approximant, Voiced),
            Self::IY => vowel(Quality::IY, Quality::IY),
            Self::IH => vowel(Quality::IH, Quality::IH),
            Self::EH => vowel(Quality::EH, Quality::EH),
            Self::AE => vowel(Quality::AE, Quality::AE),
            Self::AH => vowel(Quality::AH, Quality::AH),
            Self::AA => vowel(Quality::AA, Quality::AA),
            Self::AO => vowel(Quality::AO, Quality::AO),
            Self::UH => vowel(Quality::UH, Quality::UH),
            Self::UW => vowel(Quality::UW, Quality::UW),
            Self::ER => vowel(Quality::ER, Quality::ER),
            Self::EY => vowel(Quality::EH, Quality::IY),
            Self::AY => vowel(Quality::AA, Quality::IH),
            Self::OY => vowel(Quality::AO, Quality::IH),
            Self::AW => vowel(Quality::AA, Quality::UH),
            Self::OW => vowel(Quality::AO, Quality::UH),
        }
    }

    /// Whether it is a vowel.
    pub const fn is_vowel(self) -> bool {
        matches!(self.features(), Features::Vowel(_))
    }
}

const fn consonant(place: Place, manner: Manner, voicing: Voicing) -> Features {
    Features::Consonant(Consonant {
        place,
        manner,
        voicing,
    })
}

const fn vowel(from: Quality, to: Quality) -> Features {
    Features::Vowel(Vowel { from, to })
}
