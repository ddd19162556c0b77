//! The costs of single steps, worked out from features when the program is compiled.

use crate::Phone;
use crate::features::{Consonant, Features, Manner, Place, Quality, Vowel};

/// What each step costs, in thousandths of a nat.
#[derive(Clone, Debug)]
pub struct Costs {
    /// Of hearing the one phone for the other, either way.
    pub(crate) substitution: [[u16; Phone::COUNT]; Phone::COUNT],
    /// Of missing a phone, or of hearing it out of nowhere.
    pub(crate) gap: [u16; Phone::COUNT],
}

/// The costs of all steps.
pub(crate) static COSTS: Costs = costs();

static EDITS: Costs = edits();

impl Costs {
    /// By how alike phones sound: what is used wherever nothing else is asked for.
    pub const fn by_ear() -> &'static Self {
        &COSTS
    }

    /// One nat for every step, which makes a distance the number of edits (Levenshtein 1966): for
    /// comparison with what knows no other.
    pub const fn edits() -> &'static Self {
        &EDITS
    }

    /// What hearing the first 0, 1, … phones out of nowhere costs.
    pub(crate) fn of_prefixes(&self, phones: &[Phone]) -> impl Iterator<Item = u32> {
        let sums = phones.iter().scan(0, |sum, phone| {
            *sum += u32::from(self.gap[phone.index()]);
            Some(*sum)
        });
        std::iter::once(0).chain(sums)
    }
}

const fn edits() -> Costs {
    const EDIT: u16 = 1_000;
    let mut costs = Costs {
        substitution: [[EDIT; Phone::COUNT]; Phone::COUNT],
        gap: [EDIT; Phone::COUNT],
    };
    let mut phone = 0;
    while phone < Phone::COUNT {
        costs.substitution[phone][phone] = 0;
        phone += 1;
    }
    costs
}

// Two consonants of the same voicing and manner: the mean of twelve such pairs in Miller and Nicely
// (1955), all conditions of flat noise pooled, and in Munson et al. (2003), table IV. The fricatives
// of the lips and the teeth, two pairs, are far more alike, and have a mean of their own.
const PLACE: u32 = 1370;
const LIPS_OR_TEETH: u32 = 530;

// Two unlike vowels: half of what the fit to the 55 pairs of Munson et al. (2003), table II, gives,
// since vowels are reduced in talk and listeners give them up first (van Ooijen 1996).
const VOWEL: u32 = 400;
const VOWEL_PER_BARK: u32 = 250;

/// The most that hearing one phone for another costs: a lapse, after which any phone is as likely.
/// From the same data: the least that a fit gives two consonants of unlike voicing or manner.
const LAPSE: u32 = 2000;

// A phone missed or heard out of nowhere. Syllables lose the weak ones first (Greenberg 1999).
const GAP: u32 = 2500;
const GAP_WEAK: u32 = 1500;

/// One more than the phones: the last stands for no phone at all.
const SYMBOLS: usize = Phone::COUNT + 1;
const NONE: usize = Phone::COUNT;

type Square = [[u32; SYMBOLS]; SYMBOLS];

#[expect(
    clippy::cast_possible_truncation,
    reason = "no step costs more than a lapse or a gap"
)]
const fn costs() -> Costs {
    let all = closed(single_steps());
    let mut costs = Costs {
        substitution: [[0; Phone::COUNT]; Phone::COUNT],
        gap: [0; Phone::COUNT],
    };
    let mut a = 0;
    while a < Phone::COUNT {
        costs.gap[a] = all[a][NONE] as u16;
        let mut b = 0;
        while b < Phone::COUNT {
            costs.substitution[a][b] = all[a][b] as u16;
            b += 1;
        }
        a += 1;
    }
    costs
}

const fn single_steps() -> Square {
    let mut costs = [[0; SYMBOLS]; SYMBOLS];
    let mut a = 0;
    while a < Phone::COUNT {
        let mut b = 0;
        while b < Phone::COUNT {
            if a != b {
                costs[a][b] = unlike(Phone::ALL[a], Phone::ALL[b]);
            }
            b += 1;
        }
        costs[a][NONE] = lone(Phone::ALL[a]);
        costs[NONE][a] = costs[a][NONE];
        a += 1;
    }
    costs
}

/// Every step at the price of the cheapest detour, so that the triangle inequality holds.
const fn closed(mut costs: Square) -> Square {
    let mut via = 0;
    while via < SYMBOLS {
        let mut a = 0;
        while a < SYMBOLS {
            let mut b = 0;
            while b < SYMBOLS {
                let detour = costs[a][via] + costs[via][b];
                if detour < costs[a][b] {
                    costs[a][b] = detour;
                }
                b += 1;
            }
            a += 1;
        }
        via += 1;
    }
    costs
}

/// What it costs to miss the phone, or to hear it out of nowhere.
const fn lone(phone: Phone) -> u32 {
    use Phone::{AH, D, DH, HH, IH, T, W, Y};
    // Schwas, taps, breath and glides.
    let weak = matches!(phone, AH | IH | T | D | DH | HH | W | Y);
    if weak { GAP_WEAK } else { GAP }
}

const fn unlike(a: Phone, b: Phone) -> u32 {
    let cost = match (a.features(), b.features()) {
        (Features::Consonant(a), Features::Consonant(b)) => consonants(a, b),
        (Features::Vowel(a), Features::Vowel(b)) => vowels(a, b),
        (Features::Vowel(_), Features::Consonant(_))
        | (Features::Consonant(_), Features::Vowel(_)) => LAPSE,
    };
    if cost < LAPSE { cost } else { LAPSE }
}

const fn consonants(a: Consonant, b: Consonant) -> u32 {
    if a.voicing as u8 != b.voicing as u8 || manner(a) != manner(b) {
        LAPSE
    } else if is_lips_or_teeth(a) && is_lips_or_teeth(b) {
        LIPS_OR_TEETH
    } else {
        PLACE
    }
}

/// Laterals are as like the other approximants as these are among themselves.
const fn manner(consonant: Consonant) -> u8 {
    if matches!(consonant.manner, Manner::Lateral) {
        Manner::Approximant as u8
    } else {
        consonant.manner as u8
    }
}

const fn is_lips_or_teeth(consonant: Consonant) -> bool {
    matches!(consonant.manner, Manner::Fricative)
        && matches!(consonant.place, Place::Labiodental | Place::Dental)
}

/// The mean over the two ends of how far apart the formants are.
const fn vowels(a: Vowel, b: Vowel) -> u32 {
    let both_ends = apart(a.from, b.from) + apart(a.to, b.to);
    VOWEL + both_ends / 2 * VOWEL_PER_BARK / 100
}

/// How far apart two qualities are, first and second formant together, in hundredths of a Bark.
const fn apart(a: Quality, b: Quality) -> u32 {
    let (a, b) = (formants(a), formants(b));
    bark(a.0).abs_diff(bark(b.0)) + bark(a.1).abs_diff(bark(b.1))
}

/// The two lowest resonances, in hertz: men's means, Peterson and Barney (1952), table II.
const fn formants(quality: Quality) -> (u32, u32) {
    match quality {
        Quality::IY => (270, 2290),
        Quality::IH => (390, 1990),
        Quality::EH => (530, 1840),
        Quality::AE => (660, 1720),
        Quality::AA => (730, 1090),
        Quality::AO => (570, 840),
        Quality::UH => (440, 1020),
        Quality::UW => (300, 870),
        Quality::AH => (640, 1190),
        Quality::ER => (490, 1350),
    }
}

/// A pitch in hundredths of a Bark, Traunmüller (1990), less a constant that no difference sees.
const fn bark(hertz: u32) -> u32 {
    2681 * hertz / (1960 + hertz)
}
