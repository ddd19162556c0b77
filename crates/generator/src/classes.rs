//! Which classes a common word belongs to: noun of a food, past tense with a person as object, …
//!
//! The table `corpora/lexicons/word-classes.txt` is derived from `WordNet` by
//! `examples/build-word-classes.rs`, for the words of SCOWL's levels 10 to 35. It is searched where
//! it lies, as text: there is nothing to set up. Names come from [`crate::names`]. Function words
//! have no class; the grammar knows them by their spelling.

use crate::names;
use std::cmp::Ordering;
use std::ops::{BitAnd, BitOr};

/// A set of word classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Classes(u64);

/// The code of each class; its place is its bit.
///
/// - Nouns: `n` singular, `N` plural, `m` not counted; then `p` person, `a` animal, `f` food,
///   `t` thing, `l` place, `w` what is said or written, `e` event or activity, `d` time,
///   `i` idea or state, `b` part of the body, `s` substance, `g` group.
/// - Verbs: `b` base, `z` third person, `d` past, `e` past participle, `g` -ing; then `t` takes a
///   thing as object, `p` takes a person, `i` takes none.
/// - `aj` adjective, `ar` adjective that only names a kind (*dental*), `ap` adjective that follows
///   its noun (*asleep*), `ac` comparative, `as` superlative, `rm` adverb.
/// - `xg` given name, `xf` family name.
const CODES: [&str; 50] = [
    "np", "na", "nf", "nt", "nl", "nw", "ne", "nd", "ni", "nb", "ns", "ng", "Np", "Na", "Nf", "Nt",
    "Nl", "Nw", "Ne", "Nd", "Ni", "Nb", "Ns", "Ng", "mf", "ms", "mi", "bt", "bp", "bi", "zt", "zp",
    "zi", "dt", "dp", "di", "et", "ep", "ei", "gt", "gp", "gi", "aj", "ar", "ap", "ac", "as", "rm",
    "xg", "xf",
];

static TABLE: &str = include_str!(corpus!("word-classes.txt"));

impl Classes {
    /// Given and family names: the last two codes.
    pub(crate) const NAMES: Self = Self(0b11 << (CODES.len() - 2));

    /// The classes of a word, whatever its case.
    pub(crate) fn of(word: &str) -> Self {
        let word = word.to_lowercase();
        let codes = find(TABLE, &word).unwrap_or_default();
        let common = codes.split(' ').filter_map(Self::code);
        let given = names::is_given(&word).then_some("xg");
        let family = names::is_family(&word).then_some("xf");
        let named = given.into_iter().chain(family).filter_map(Self::code);
        common.chain(named).fold(Self::default(), BitOr::bitor)
    }

    /// Whether the table knows the word, given in lower case, apart from names.
    pub(crate) fn is_common(word: &str) -> bool {
        find(TABLE, word).is_some()
    }

    /// Reads codes between blanks; `n*` stands for all that begin with `n`.
    pub(crate) fn parse(codes: &str) -> Result<Self, String> {
        let mut classes = Self::default();
        for code in codes.split_whitespace() {
            let class = match code.strip_suffix('*') {
                Some(head) => Self::beginning_with(head),
                None => Self::code(code),
            };
            classes = classes | class.ok_or_else(|| format!("unknown class `{code}`"))?;
        }
        Ok(classes)
    }

    /// Whether the two sets have a class in common.
    pub(crate) fn meets(self, other: Self) -> bool {
        self & other != Self::default()
    }

    fn code(code: &str) -> Option<Self> {
        let bit = CODES.iter().position(|known| *known == code)?;
        Some(Self(1 << bit))
    }

    fn beginning_with(head: &str) -> Option<Self> {
        let all = CODES.iter().filter(|code| code.starts_with(head));
        all.filter_map(|code| Self::code(code)).reduce(BitOr::bitor)
    }
}

impl BitOr for Classes {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Classes {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// Finds `word` in lines of `word<TAB>codes` that are sorted by their bytes.
fn find<'t>(table: &'t str, word: &str) -> Option<&'t str> {
    let (mut low, mut high) = (0, table.len());
    while low < high {
        let middle = table.as_bytes()[..low + (high - low) / 2]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1)
            .max(low);
        let line = table.get(middle..)?.lines().next()?;
        let (entry, codes) = line.split_once('\t').unwrap_or((line, ""));
        match entry.cmp(word) {
            Ordering::Equal => return Some(codes),
            Ordering::Less => low = middle + line.len() + 1,
            Ordering::Greater => high = middle,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_found_and_known() {
        for line in TABLE.lines() {
            let (word, codes) = line.split_once('\t').expect("two columns");
            assert_eq!(find(TABLE, word), Some(codes), "{word}");
            assert!(Classes::parse(codes).is_ok(), "{line}");
        }
        assert_eq!(find(TABLE, "zzzz"), None);
        assert_eq!(find(TABLE, ""), None);
    }

    #[test]
    fn words_have_the_classes_that_a_reader_expects() {
        for (word, codes) in [
            ("letter", "nw"),
            ("letters", "Nw"),
            ("Election", "ne"),
            ("unacceptable", "aj"),
            ("council", "ng"),
            ("soup", "mf"),
            ("ate", "dt"),
            ("sleeping", "gi"),
            ("thrown", "et"),
            ("bigger", "ac"),
            ("quickly", "rm"),
            ("dental", "ar"),
            ("teacher", "np"),
            ("mice", "Na"),
            ("Grace", "xg"),
        ] {
            let class = Classes::parse(codes).expect(codes);
            assert!(
                Classes::of(word).meets(class),
                "{word} {:x}",
                Classes::of(word).0
            );
        }
    }

    #[test]
    fn words_do_not_have_their_rare_classes() {
        for (word, codes) in [
            ("letter", "b* z* d*"),
            ("house", "d*"),
            ("the", "n* b*"),
            ("in", "n*"),
        ] {
            let classes = Classes::parse(codes).expect(codes);
            assert!(!Classes::of(word).meets(classes), "{word}");
        }
    }
}
