//! Given and family names, from `corpora/lexicons/names.txt`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

static TEXT: &str = include_str!(corpus!("names.txt"));

/// Names in the order of the file, each once, and in lower case for look-ups.
pub(crate) struct Names {
    pub(crate) given: Vec<&'static str>,
    pub(crate) family: Vec<&'static str>,
    given_folded: BTreeMap<String, &'static str>,
    family_folded: BTreeMap<String, &'static str>,
}

pub(crate) fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        let (given, given_folded) = of_kind("given ");
        let (family, family_folded) = of_kind("family ");
        Names {
            given,
            family,
            given_folded,
            family_folded,
        }
    })
}

/// Whether a word, in lower case, is a given name.
pub(crate) fn is_given(word: &str) -> bool {
    names().given_folded.contains_key(word)
}

/// Whether a word, in lower case, is a family name.
pub(crate) fn is_family(word: &str) -> bool {
    names().family_folded.contains_key(word)
}

/// How a name, given in lower case, is written.
pub(crate) fn spelt(word: &str) -> Option<&'static str> {
    let names = names();
    let listed = names.given_folded.get(word);
    listed.or_else(|| names.family_folded.get(word)).copied()
}

fn of_kind(kind: &str) -> (Vec<&'static str>, BTreeMap<String, &'static str>) {
    let lines = TEXT.lines().filter_map(|line| line.strip_prefix(kind));
    let lists = lines.filter_map(|line| line.split_once(':'));
    let mut folded = BTreeMap::new();
    let listed = lists
        .flat_map(|(_origin, list)| list.split_whitespace())
        .filter(|name| folded.insert(name.to_lowercase(), *name).is_none())
        .collect();
    (listed, folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_hundreds_of_names_of_many_origins() {
        let names = names();
        assert!(names.given.len() > 1000, "{}", names.given.len());
        assert!(names.family.len() > 900, "{}", names.family.len());
        let origins = TEXT.lines().filter(|line| line.starts_with("given "));
        assert!(origins.count() >= 15);
    }

    #[test]
    fn every_name_is_a_word_with_a_capital() {
        let names = names();
        for name in names.given.iter().chain(&names.family) {
            let letters = name.chars().all(|c| c.is_alphabetic() || c == '-');
            assert!(letters && name.starts_with(char::is_uppercase), "{name}");
        }
        assert!(is_given("grace") && is_family("hope") && !is_given("table"));
    }
}
