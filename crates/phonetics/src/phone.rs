//! The 39 phones of American English in ARPABET, without stress.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// One phone of American English, as in `CMUdict`, without the stress digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names are the ARPABET symbols themselves")]
#[rustfmt::skip]
pub enum Phone {
    AA, AE, AH, AO, AW, AY, B, CH, D, DH, EH, ER, EY, F, G, HH, IH, IY, JH, K,
    L, M, N, NG, OW, OY, P, R, S, SH, T, TH, UH, UW, V, W, Y, Z, ZH,
}

/// A word that is not the symbol of a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAPhone(String);

impl Display for NotAPhone {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not an ARPABET phone", self.0)
    }
}

impl std::error::Error for NotAPhone {}

impl Phone {
    /// How many phones there are.
    pub const COUNT: usize = 39;

    /// All phones, in the order of their numbers.
    #[rustfmt::skip]
    pub const ALL: [Self; Self::COUNT] = [
        Self::AA, Self::AE, Self::AH, Self::AO, Self::AW, Self::AY, Self::B, Self::CH, Self::D,
        Self::DH, Self::EH, Self::ER, Self::EY, Self::F, Self::G, Self::HH, Self::IH, Self::IY,
        Self::JH, Self::K, Self::L, Self::M, Self::N, Self::NG, Self::OW, Self::OY, Self::P,
        Self::R, Self::S, Self::SH, Self::T, Self::TH, Self::UH, Self::UW, Self::V, Self::W,
        Self::Y, Self::Z, Self::ZH,
    ];

    const SYMBOLS: [&'static str; Self::COUNT] = [
        "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH",
        "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH",
        "UH", "UW", "V", "W", "Y", "Z", "ZH",
    ];

    /// Its number, from 0 to [`Phone::COUNT`] − 1.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The phone with this number.
    pub fn from_index(index: usize) -> Option<Self> {
        Self::ALL.get(index).copied()
    }

    /// Its ARPABET symbol.
    pub const fn symbol(self) -> &'static str {
        Self::SYMBOLS[self.index()]
    }
}

impl Display for Phone {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.symbol())
    }
}

impl FromStr for Phone {
    type Err = NotAPhone;

    /// Reads a symbol; a stress digit at its end is dropped.
    fn from_str(symbol: &str) -> Result<Self, NotAPhone> {
        let bare = symbol.trim_end_matches(['0', '1', '2']);
        let at = Self::SYMBOLS.iter().position(|known| *known == bare);
        at.and_then(Self::from_index)
            .ok_or_else(|| NotAPhone(symbol.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_reads_back_as_its_phone() {
        for (index, phone) in Phone::ALL.into_iter().enumerate() {
            assert_eq!((phone.index(), phone.symbol().parse()), (index, Ok(phone)));
            assert_eq!(format!("{phone:?}"), phone.symbol());
        }
        assert!("QQ".parse::<Phone>().is_err());
    }
}
