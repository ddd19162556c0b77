//! Writes `CMUdict` with SCOWL's size levels in the compact form of [`Lexicon`].
//!
//! `build-lexicon CMUDICT.DICT SCOWL_FOLDER OUT.BIN`; `corpora/lexicons/README.md` has the command
//! that wrote the file in this repository, and the checksums of what it read.

use mondegreen_phonetics::{Entry, Lexicon, Phone};
use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::path::Path;

/// The lists of ordinary American words. Left out: abbreviations, which are not said as they are
/// written, and proper names, which only begin at level 50 (but for two).
const LISTS: [&str; 4] = [
    "english-words",
    "english-contractions",
    "english-upper",
    "american-words",
];
const LEVELS: [u8; 3] = [10, 20, 35];

type Pronunciations = BTreeMap<String, Vec<Vec<Phone>>>;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dictionary, scowl, out] = arguments.as_slice() else {
        return Err("usage: build-lexicon CMUDICT.DICT SCOWL_FOLDER OUT.BIN".into());
    };
    let words = read_dictionary(&std::fs::read_to_string(dictionary)?)?;
    let levels = read_levels(Path::new(scowl))?;
    let entries: Vec<Entry> = words
        .into_iter()
        .map(|(word, pronunciations)| Entry {
            level: levels.get(&word).copied(),
            word,
            pronunciations,
        })
        .collect();
    let bytes = Lexicon::write(&entries)?;
    std::fs::write(out, &bytes)?;
    report(&entries, &levels, bytes.len())?;
    Ok(())
}

/// Lines are `word PH PH …`, `word(2) PH PH …`, either with `# a remark` behind it.
fn read_dictionary(text: &str) -> Result<Pronunciations, Box<dyn Error>> {
    let mut words = Pronunciations::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let mut symbols = line.split_whitespace();
        let Some(head) = symbols.next() else { continue };
        let word = head.split('(').next().unwrap_or_default();
        let phones = symbols.map(str::parse).collect::<Result<Vec<Phone>, _>>();
        let phones = phones.map_err(|error| format!("{head}: {error}"))?;
        let variants = words.entry(word.to_ascii_lowercase()).or_default();
        if !variants.contains(&phones) {
            variants.push(phones);
        }
    }
    Ok(words)
}

/// The lowest level that has each word, in lower case.
fn read_levels(folder: &Path) -> Result<BTreeMap<String, u8>, Box<dyn Error>> {
    let mut levels = BTreeMap::new();
    for level in LEVELS {
        for list in LISTS {
            let path = folder.join(format!("{list}.{level}"));
            if !path.exists() {
                continue; // not every list has every level
            }
            let text = std::fs::read(&path)?;
            for word in String::from_utf8_lossy(&text).lines() {
                levels.entry(word.to_lowercase()).or_insert(level);
            }
        }
    }
    if levels.is_empty() {
        return Err(format!("{} holds none of SCOWL's lists", folder.display()).into());
    }
    Ok(levels)
}

fn report(entries: &[Entry], levels: &BTreeMap<String, u8>, bytes: usize) -> std::io::Result<()> {
    let mut out = std::io::stdout();
    let ways: usize = entries.iter().map(|entry| entry.pronunciations.len()).sum();
    writeln!(
        out,
        "{} words, {ways} pronunciations, {bytes} bytes",
        entries.len()
    )?;
    for level in LEVELS {
        let listed = levels.values().filter(|&&l| l == level).count();
        let kept = entries
            .iter()
            .filter(|entry| entry.level == Some(level))
            .count();
        writeln!(
            out,
            "level {level}: {kept} words of the {listed} in SCOWL's lists"
        )?;
    }
    Ok(())
}
