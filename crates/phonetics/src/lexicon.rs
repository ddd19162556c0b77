//! The pronouncing dictionary: which words there are, how each is said, and how common it is.
//!
//! Words and pronunciations are those of `CMUdict`, levels those of SCOWL (`corpora/lexicons/README.md`
//! has both origins). The dictionary is read where it lies: it is part of the program, its header
//! is checked while the program is compiled, and a look-up decodes one block. Nothing has to be
//! loaded or unpacked before the first look-up.
//!
//! # The file
//!
//! All numbers are little-endian.
//!
//! ```text
//! header  "MGLEX 1\n", words: u32
//! index   for every block of 16 words, where it begins in the rest of the file: u32
//! word    bytes shared with the word before it in its block, bytes added: a pair; the bytes added
//!         level (0 none, 1, 2, 3 for 10, 20, 35) × 64 + number of pronunciations: u8
//!         for each: phones shared with the one before it in the block, phones added: a pair;
//!         the phones added, one byte each
//! pair    shared (0 to 15) × 16 + added: u8; where added ≥ 15, 15 and then added: u8
//! ```

use crate::Phone;
use crate::bytes::Bytes;
use std::fmt::{self, Display, Formatter};

static EMBEDDED: Lexicon = match Lexicon::read(include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../corpora/lexicons/cmudict.bin"
))) {
    Ok(lexicon) => lexicon,
    Err(_) => panic!("corpora/lexicons/cmudict.bin is not a compact dictionary"),
};

const MAGIC: [u8; 8] = *b"MGLEX 1\n";
const BLOCK_WORDS: usize = 16;
const SHARED_MAX: usize = 15;
const LEVELS: [Option<u8>; 4] = [None, Some(10), Some(20), Some(35)];

/// A pronouncing dictionary in its compact form.
#[derive(Clone, Copy, Debug)]
pub struct Lexicon {
    words: usize,
    index: &'static [u8],
    blocks: &'static [u8],
}

/// One word of the dictionary.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The word: ASCII, lower case; letters, apostrophes, and in a few words `.`, `-` or a digit.
    pub word: String,
    /// Its SCOWL size level: 10, 20 or 35, the smaller the commoner. `None`: not a common word.
    pub level: Option<u8>,
    /// All ways to say it, the preferred one first; none twice, at least one.
    pub pronunciations: Vec<Vec<Phone>>,
}

/// A dictionary that cannot be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LexiconError(Fault);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    NotALexicon,
    CutOff,
    TooLarge,
    BadEntry(usize),
}

impl Display for LexiconError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Fault::NotALexicon => f.write_str("this is not a compact dictionary"),
            Fault::CutOff => f.write_str("the dictionary ends before its index does"),
            Fault::TooLarge => f.write_str("a dictionary has less than 4 GiB"),
            Fault::BadEntry(at) => write!(
                f,
                "entry {at} is out of order, too long, without pronunciation, or of a level other than 10, 20 and 35"
            ),
        }
    }
}

impl std::error::Error for LexiconError {}

impl Lexicon {
    /// Longest word that a dictionary holds, in bytes.
    pub const WORD_BYTES_MAX: usize = 63;
    /// Most phones in one pronunciation.
    pub const PHONES_MAX: usize = 63;
    /// Most pronunciations of one word.
    pub const PRONUNCIATIONS_MAX: usize = 63;

    /// The dictionary that is part of this program: `CMUdict` with SCOWL's levels.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// Reads the header of a compact dictionary; the words are read as they are asked for.
    ///
    /// A file that is damaged behind its header gives fewer words, or others, but never a panic.
    ///
    /// # Errors
    /// When the header is not that of a dictionary, or the file ends before the index does.
    pub const fn read(file: &'static [u8]) -> Result<Self, LexiconError> {
        let Some((&MAGIC, rest)) = file.split_first_chunk() else {
            return Err(LexiconError(Fault::NotALexicon));
        };
        let Some((words, rest)) = rest.split_first_chunk() else {
            return Err(LexiconError(Fault::CutOff));
        };
        let words = u32::from_le_bytes(*words) as usize;
        let index_bytes = words.div_ceil(BLOCK_WORDS) * size_of::<u32>();
        match rest.split_at_checked(index_bytes) {
            Some((index, blocks)) => Ok(Self {
                words,
                index,
                blocks,
            }),
            None => Err(LexiconError(Fault::CutOff)),
        }
    }

    /// Writes entries, which must be in ascending order of their words, in the compact form.
    ///
    /// # Errors
    /// Counts, from 0, to the first entry that is out of order or beyond a limit of this module.
    pub fn write(entries: &[Entry]) -> Result<Vec<u8>, LexiconError> {
        let too_large = |_| LexiconError(Fault::TooLarge);
        let words = u32::try_from(entries.len()).map_err(too_large)?;
        let mut index = Vec::new();
        let mut blocks = Vec::new();
        let mut last = "";
        let mut before = Before::default();
        for (at, entry) in entries.iter().enumerate() {
            if at % BLOCK_WORDS == 0 {
                let begin = u32::try_from(blocks.len()).map_err(too_large)?;
                index.extend(begin.to_le_bytes());
                before = Before::default();
            }
            let bad = LexiconError(Fault::BadEntry(at));
            if entry.word.as_str() <= last {
                return Err(bad);
            }
            before.write(entry, &mut blocks).ok_or(bad)?;
            last = &entry.word;
        }
        Ok([&MAGIC[..], &words.to_le_bytes(), &index, &blocks].concat())
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words
    }

    /// Whether there is no word at all.
    pub fn is_empty(&self) -> bool {
        self.words == 0
    }

    /// All ways to say a word, the preferred one first; empty when the dictionary lacks the word.
    ///
    /// ASCII case does not matter.
    pub fn pronunciations(&self, word: &str) -> Vec<Vec<Phone>> {
        self.entry(word)
            .map_or_else(Vec::new, |entry| entry.pronunciations)
    }

    /// How common a word is: SCOWL's size level 10, 20 or 35; `None` when rarer or unknown.
    ///
    /// ASCII case does not matter.
    pub fn level(&self, word: &str) -> Option<u8> {
        self.entry(word)?.level
    }

    /// Everything about one word. ASCII case does not matter.
    pub fn entry(&self, word: &str) -> Option<Entry> {
        let mut folded = [0; Lexicon::WORD_BYTES_MAX];
        let folded = folded.get_mut(..word.len())?;
        folded.copy_from_slice(word.as_bytes());
        folded.make_ascii_lowercase();

        let mut reader = self.block(self.block_of(folded)?)?;
        for _ in 0..BLOCK_WORDS {
            reader.read_word()?;
            match reader.before.word.as_slice().cmp(folded) {
                std::cmp::Ordering::Less => reader.skip_rest()?,
                std::cmp::Ordering::Equal => return reader.read_rest(),
                std::cmp::Ordering::Greater => return None,
            }
        }
        None
    }

    /// All words, in ascending order of their bytes.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        (0..self.words.div_ceil(BLOCK_WORDS)).flat_map(|block| {
            let mut reader = self.block(block);
            (0..BLOCK_WORDS).map_while(move |_| {
                let reader = reader.as_mut()?;
                reader.read_word()?;
                reader.read_rest()
            })
        })
    }

    /// The last block whose first word is not behind `word`.
    fn block_of(&self, word: &[u8]) -> Option<usize> {
        let (mut low, mut high) = (0, self.words.div_ceil(BLOCK_WORDS));
        while low < high {
            let middle = low.midpoint(high);
            if self.first_word(middle)? <= word {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.checked_sub(1)
    }

    /// The first word of a block, which is written out in full.
    fn first_word(&self, block: usize) -> Option<&'static [u8]> {
        let mut bytes = self.bytes_from(block)?;
        let (_, added) = read_pair(&mut bytes)?;
        bytes.take(added)
    }

    fn block(&self, block: usize) -> Option<Reader> {
        Some(Reader {
            bytes: self.bytes_from(block)?,
            before: Before {
                word: Vec::with_capacity(Self::WORD_BYTES_MAX),
                phones: Vec::with_capacity(Self::PHONES_MAX),
            },
        })
    }

    fn bytes_from(&self, block: usize) -> Option<Bytes<'static>> {
        let (begins, _) = self.index.as_chunks();
        let begin = u32::from_le_bytes(*begins.get(block)?);
        Some(Bytes(self.blocks.get(begin as usize..)?))
    }
}

/// What the next entry of a block is told apart from.
#[derive(Default)]
struct Before {
    word: Vec<u8>,
    phones: Vec<u8>,
}

impl Before {
    /// `None` when the entry does not fit.
    fn write(&mut self, entry: &Entry, out: &mut Vec<u8>) -> Option<()> {
        let level = LEVELS.iter().position(|level| *level == entry.level)?;
        let variants = entry.pronunciations.len();
        let fits = entry.word.is_ascii()
            && (1..=Lexicon::WORD_BYTES_MAX).contains(&entry.word.len())
            && (1..=Lexicon::PRONUNCIATIONS_MAX).contains(&variants);
        if !fits {
            return None;
        }
        write_changed(&mut self.word, entry.word.as_bytes(), out)?;
        out.push(u8::try_from(level * (Lexicon::PRONUNCIATIONS_MAX + 1) + variants).ok()?);
        for phones in &entry.pronunciations {
            if !(1..=Lexicon::PHONES_MAX).contains(&phones.len()) {
                return None;
            }
            let numbers: Vec<u8> = phones.iter().map(|&phone| phone as u8).collect();
            write_changed(&mut self.phones, &numbers, out)?;
        }
        Some(())
    }
}

fn write_changed(before: &mut Vec<u8>, now: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let same = before.iter().zip(now).take_while(|(a, b)| a == b).count();
    let shared = same.min(SHARED_MAX);
    let added = &now[shared..];
    let count = u8::try_from(added.len()).ok()?;
    out.push(u8::try_from(shared * 16).ok()? + count.min(15));
    if count >= 15 {
        out.push(count);
    }
    out.extend(added);
    before.truncate(shared);
    before.extend(added);
    Some(())
}

/// Reads the entries of a block, one after the other: `read_word`, then `read_rest` or `skip_rest`.
struct Reader {
    bytes: Bytes<'static>,
    before: Before,
}

impl Reader {
    fn read_word(&mut self) -> Option<()> {
        read_changed(&mut self.before.word, &mut self.bytes)
    }

    fn skip_rest(&mut self) -> Option<()> {
        let (_, variants) = self.read_head()?;
        for _ in 0..variants {
            read_changed(&mut self.before.phones, &mut self.bytes)?;
        }
        Some(())
    }

    fn read_rest(&mut self) -> Option<Entry> {
        let (level, variants) = self.read_head()?;
        let mut pronunciations = Vec::with_capacity(variants);
        for _ in 0..variants {
            read_changed(&mut self.before.phones, &mut self.bytes)?;
            let numbers = self.before.phones.iter();
            let phones: Option<Vec<Phone>> =
                numbers.map(|&n| Phone::from_index(n.into())).collect();
            pronunciations.push(phones?);
        }
        Some(Entry {
            word: String::from_utf8(self.before.word.clone()).ok()?,
            level,
            pronunciations,
        })
    }

    fn read_head(&mut self) -> Option<(Option<u8>, usize)> {
        let head = usize::from(self.bytes.u8()?);
        let level = *LEVELS.get(head / (Lexicon::PRONUNCIATIONS_MAX + 1))?;
        Some((level, head % (Lexicon::PRONUNCIATIONS_MAX + 1)))
    }
}

/// How many bytes are shared with what stood before, and how many added.
fn read_pair(bytes: &mut Bytes) -> Option<(usize, usize)> {
    let pair = bytes.u8()?;
    let added = match pair % 16 {
        15 => bytes.u8()?,
        added => added,
    };
    Some((usize::from(pair / 16), usize::from(added)))
}

/// Turns what stood before into what stands here.
fn read_changed(before: &mut Vec<u8>, bytes: &mut Bytes) -> Option<()> {
    let (shared, added) = read_pair(bytes)?;
    before.truncate(shared);
    before.extend_from_slice(bytes.take(added)?);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn phones(symbols: &str) -> Vec<Phone> {
        let phones = symbols.split(' ').map(str::parse);
        phones.collect::<Result<_, _>>().expect("phones")
    }

    fn reread(entries: &[Entry]) -> Vec<Entry> {
        let bytes = Lexicon::write(entries).expect("legal entries");
        let lexicon = Lexicon::read(bytes.leak()).expect("what was just written");
        assert_eq!(lexicon.len(), entries.len());
        lexicon.entries().collect()
    }

    #[test]
    fn every_word_of_cmudict_is_found_where_it_stands() {
        let lexicon = Lexicon::embedded();
        let mut count = 0;
        let mut last = String::new();
        for entry in lexicon.entries() {
            assert!(last < entry.word, "`{last}` stands before `{}`", entry.word);
            assert_eq!(lexicon.entry(&entry.word).as_ref(), Some(&entry));
            last = entry.word;
            count += 1;
        }
        assert_eq!(count, 125_929);
    }

    #[test]
    fn words_sound_as_in_cmudict_and_are_as_common_as_in_scowl() {
        let lexicon = Lexicon::embedded();
        let said = |word| lexicon.pronunciations(word);
        assert_eq!(said("alexa"), [phones("AH L EH K S AH")]);
        assert_eq!(said("Read"), [phones("R EH D"), phones("R IY D")]);
        assert_eq!(said("the"), [phones("DH AH"), phones("DH IY")]);
        assert_eq!(said("i'll"), [phones("AY L")]);
        assert_eq!(said("'bout").len() + said("zywicki").len(), 2);
        let level = |word| lexicon.level(word);
        assert_eq!([level("letter"), level("Right")], [Some(10); 2]);
        assert_eq!([level("scandal"), level("walnut")], [Some(20), Some(35)]);
        assert_eq!(level("alexa"), None);
    }

    #[test]
    fn words_outside_the_dictionary_have_no_pronunciation() {
        let lexicon = Lexicon::embedded();
        let long = "a".repeat(Lexicon::WORD_BYTES_MAX);
        for word in [
            "",
            "!",
            "alexaa",
            "~",
            "é",
            "\u{10ffff}",
            &long,
            &(long.clone() + "a"),
        ] {
            assert_eq!(lexicon.entry(word), None, "{word}");
        }
    }

    #[test]
    fn entries_that_cannot_be_written_are_refused() {
        let entry = |word: &str, level, sounds: &[Vec<Phone>]| Entry {
            word: word.to_owned(),
            level,
            pronunciations: sounds.to_vec(),
        };
        let ah = [vec![Phone::AH]];
        let good = entry("b", None, &ah);
        for bad in [
            entry("a", None, &ah),
            entry("b", None, &ah),
            entry("é", None, &ah),
            entry("c", Some(40), &ah),
            entry("c", None, &[]),
            entry("c", None, &[vec![]]),
            entry("c", None, &[vec![Phone::AH; Lexicon::PHONES_MAX + 1]]),
            entry(
                "c",
                None,
                &vec![vec![Phone::AH]; Lexicon::PRONUNCIATIONS_MAX + 1],
            ),
            entry(&"c".repeat(Lexicon::WORD_BYTES_MAX + 1), None, &ah),
        ] {
            let refused = Lexicon::write(&[good.clone(), bad.clone()]);
            assert_eq!(refused, Err(LexiconError(Fault::BadEntry(1))), "{bad:?}");
        }
    }

    #[test]
    fn a_file_of_another_kind_is_refused() {
        let error = |bytes| {
            Lexicon::read(bytes)
                .expect_err("not a dictionary")
                .to_string()
        };
        assert_eq!(
            error(b"MGLEX 2\n\0\0\0\0"),
            "this is not a compact dictionary"
        );
        assert_eq!(
            error(b"MGLEX 1\n\x11\0\0\0\0\0\0\0"),
            "the dictionary ends before its index does"
        );
    }

    prop_compose! {
        fn any_phones()(numbers in prop::collection::vec(0..Phone::COUNT, 1..40)) -> Vec<Phone> {
            numbers.into_iter().filter_map(Phone::from_index).collect()
        }
    }

    prop_compose! {
        fn any_entries()(words in prop::collection::btree_map(
            "[a-c]{1,4}|[ab]{14,40}",
            (0..LEVELS.len(), prop::collection::vec(any_phones(), 1..4)),
            0..60,
        )) -> Vec<Entry> {
            let entry = |(word, (level, pronunciations))| Entry {
                word, level: LEVELS[level], pronunciations,
            };
            words.into_iter().map(entry).collect()
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(entries in any_entries()) {
            prop_assert_eq!(reread(&entries), entries);
        }

        /// Damage may lose or change words; it must not stop the program.
        #[test]
        fn a_damaged_file_does_no_harm(
            entries in any_entries(), cut in 0..2000_usize, at in 0..2000_usize, byte: u8,
        ) {
            let mut bytes = Lexicon::write(&entries).expect("legal entries");
            bytes.truncate(bytes.len().saturating_sub(cut % 50));
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            if let Ok(lexicon) = Lexicon::read(bytes.leak()) {
                let read = lexicon.entries().take(100).count();
                prop_assert!(read <= lexicon.len().next_multiple_of(BLOCK_WORDS));
                for entry in &entries {
                    lexicon.entry(&entry.word);
                }
            }
        }
    }
}
