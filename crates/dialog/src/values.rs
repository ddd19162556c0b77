//! Numbers with a meaning.

/// A length of time in whole milliseconds; sums stop at the largest, about 49 days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Millis(pub u32);

impl Millis {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest time that can be told from a longer one.
    pub const MAX: Self = Self(u32::MAX);

    pub(crate) const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    pub(crate) const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// How sure a recogniser is, in thousandths: 0 to 1000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Score(pub u16);

impl Score {
    /// Quite sure.
    pub const MAX: Self = Self(1000);

    pub(crate) const fn over(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// A device, by its place in the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(pub u8);

/// A contact, by its place in the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactId(pub u16);

/// A message; numbers are not used twice before they run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u32);

/// A prompt; numbers are not used twice before they run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PromptId(pub u32);

/// A challenge word, by its place in the driver's list of [`WORDS`] words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(pub u8);

/// How many challenge words there are.
pub const WORDS: u8 = 64;

impl Word {
    /// The word for a prompt: `SplitMix64` (Steele, Lea and Flood 2014) of seed and prompt, so that
    /// it cannot be guessed from the prompt before, and the same seed gives the same words.
    pub(crate) fn choose(seed: u64, prompt: PromptId) -> Self {
        let step = 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(u64::from(prompt.0).wrapping_add(1));
        let mut z = seed.wrapping_add(step);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        let [low, ..] = z.to_le_bytes();
        Self(low % WORDS)
    }
}
