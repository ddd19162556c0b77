//! Keeps what was read, so that it need not be read again.

/// Numbers that stand for what was read; unused ones are 0.
pub(crate) type Key = [u32; 3];

/// No memo has more slots, half of which may be filled.
const SLOTS_MAX: usize = 1 << 16;
const SLOTS_MIN: usize = 16;

/// A hash table that forgets everything when it is full: what is missing is read again.
///
/// Unlike the one of the standard library it is the same in every run, and never grows past a limit.
#[derive(Clone, Debug)]
pub(crate) struct Memo<V> {
    /// A power of two of them, or none.
    slots: Vec<Option<(Key, V)>>,
    filled: usize,
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            filled: 0,
        }
    }
}

impl<V: Clone> Memo<V> {
    /// What is known under this key; what `read` gives if nothing is.
    #[inline]
    pub(crate) fn get(&mut self, key: Key, read: impl FnOnce() -> V) -> V {
        if let Some(Some((_, known))) = self.slots.get(self.place(key)) {
            return known.clone();
        }
        let value = read();
        self.keep(key, value.clone());
        value
    }

    /// The slot that holds the key, or the free one where it belongs.
    #[inline]
    fn place(&self, key: Key) -> usize {
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = hash(key) & mask;
        while let Some(Some((known, _))) = self.slots.get(place) {
            if *known == key {
                break;
            }
            place = place.wrapping_add(1) & mask;
        }
        place
    }

    #[cold]
    fn keep(&mut self, key: Key, value: V) {
        if self.filled.saturating_mul(2) >= self.slots.len() {
            self.make_room();
        }
        let place = self.place(key);
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = Some((key, value));
            self.filled = self.filled.saturating_add(1);
        }
    }

    fn make_room(&mut self) {
        let slots = self.slots.len().saturating_mul(2).max(SLOTS_MIN);
        let mut known = std::mem::take(self).slots;
        if slots > SLOTS_MAX {
            known.fill(None);
            self.slots = known;
            return;
        }
        self.slots.resize(slots, None);
        for (key, value) in known.into_iter().flatten() {
            self.keep(key, value);
        }
    }
}

/// Spreads keys that are near each other (Fibonacci hashing; Knuth 1973, section 6.4).
#[inline]
fn hash([a, b, c]: Key) -> usize {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    let low = (u64::from(a) << 32) | u64::from(b);
    let mixed = low.wrapping_mul(GOLDEN) ^ u64::from(c);
    let high = mixed.wrapping_mul(GOLDEN) >> 32;
    usize::try_from(high).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn what_was_read_is_not_read_again() {
        let mut memo = Memo::default();
        let mut times_read = 0;
        for _ in 0..3 {
            for n in 0..1_000 {
                let square = memo.get([n, n % 7, 0], || {
                    times_read += 1;
                    n * n
                });
                assert_eq!(square, n * n);
            }
        }
        assert_eq!(times_read, 1_000);
    }

    #[test]
    fn keys_that_differ_in_one_number_are_told_apart() {
        let mut memo = Memo::default();
        for key in [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 0, 0]] {
            assert_eq!(memo.get(key, || key), key);
        }
        assert_eq!(memo.get([0, 1, 0], || [9; 3]), [0, 1, 0]);
    }

    /// Runs of slots that are taken make every look-up slow.
    #[test]
    fn keys_that_are_near_each_other_have_slots_of_their_own() {
        let ways: [fn(u32) -> Key; 6] = [
            |n| [n, 0, 0],
            |n| [0, n, 0],
            |n| [0, 0, n],
            |n| [7, 7, n],
            |n| [n, n, 0],
            |n| [n % 32, n / 32, 0],
        ];
        for (which, key) in (0..).zip(ways) {
            let slots: BTreeSet<usize> = (0..1_000).map(|n| hash(key(n)) % 4_096).collect();
            assert!(slots.len() > 800, "way {which}: {}", slots.len());
        }
    }

    #[test]
    fn it_forgets_rather_than_grow_without_end() {
        let mut memo = Memo::default();
        for n in 0..200_000 {
            assert_eq!(memo.get([n, 0, 0], || n), n);
        }
        assert_eq!(memo.slots.len(), SLOTS_MAX);
        assert!(memo.filled <= SLOTS_MAX / 2);
    }
}
