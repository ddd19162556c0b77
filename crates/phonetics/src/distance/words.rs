//! Where a phrase is heard in whole words, as a recogniser of words hears it.

use super::{Cell, Nats, advance, first_column};
use crate::Phone;

/// The words that a phrase was heard in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordHit {
    /// What it costs to hear all of these words as the phrase.
    pub cost: Nats,
    /// The first of them.
    pub from: usize,
    /// The word after the last.
    pub to: usize,
}

/// The run of whole words that is best heard as `phrase`; the words before and after cost nothing.
///
/// Of several runs that cost the same, the one that ends first, and then the shortest. Nothing, if
/// there is no word.
pub fn within_words(phrase: &[Phone], words: &[&[Phone]]) -> Option<WordHit> {
    let nothing_yet: Vec<Cell> = first_column(phrase).collect();
    let mut column = nothing_yet.clone();
    let mut starts = vec![0];
    let mut best: Option<WordHit> = None;
    for (word, phones) in words.iter().enumerate() {
        let start = starts[word];
        for &said in *phones {
            let missed = column[0].missing(said);
            advance(&mut column, phrase, said, missed);
        }
        let end = start + phones.len();
        starts.push(end);
        let (cost, length) = (column[phrase.len()].cost(), column[phrase.len()].length());
        let cheaper = best.is_none_or(|best| cost < best.cost);
        if cheaper && length > 0 {
            let from = starts.partition_point(|&at| at + length < end);
            best = Some(WordHit {
                cost,
                from,
                to: word + 1,
            });
        }
        // A run may begin here: what has been heard so far may as well have been heard out of nowhere.
        for (cell, nothing_yet) in column.iter_mut().zip(&nothing_yet) {
            *cell = (*cell).min(*nothing_yet);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{distance, transcribe};
    use proptest::prelude::*;

    fn phones(text: &str) -> Vec<Vec<Phone>> {
        transcribe(text)
            .into_iter()
            .map(|word| word.phones)
            .collect()
    }

    fn found(phrase: &str, text: &str) -> (f64, usize, usize) {
        let words = phones(text);
        let words: Vec<&[Phone]> = words.iter().map(Vec::as_slice).collect();
        let hit = within_words(&phones(phrase).concat(), &words).unwrap();
        (hit.cost.as_f64(), hit.from, hit.to)
    }

    #[test]
    fn a_word_inside_another_is_not_that_word() {
        assert_eq!(found("yes", "oh yes please"), (0.0, 1, 2));
        assert!(found("yes", "it was yesterday").0 > 2.0);
    }

    #[test]
    fn a_phrase_is_found_across_word_borders() {
        assert_eq!(
            found("send a message", "I will send a message now"),
            (0.0, 2, 5)
        );
    }

    #[test]
    fn without_words_nothing_is_found() {
        assert_eq!(within_words(&phones("yes").concat(), &[]), None);
    }

    /// What it must be: the least distance to any run of words.
    fn by_trying(phrase: &[Phone], words: &[&[Phone]]) -> Option<Nats> {
        let runs =
            (0..words.len()).flat_map(|from| (from + 1..=words.len()).map(move |to| from..to));
        runs.map(|run| words[run].concat())
            .filter(|run| !run.is_empty())
            .map(|run| distance(&run, phrase))
            .min()
    }

    proptest! {
        #[test]
        fn it_is_the_least_distance_to_any_run_of_words(
            phrase in prop::sample::select(vec!["yes", "send a message", "right", "that's right", "mary"]),
            text in prop::collection::vec(prop::sample::select(vec![
                "a", "the", "guess", "yesterday", "write", "sand", "massage", "many", "bright", "that", "is", "I",
            ]), 0..7),
        ) {
            let words = phones(&text.join(" "));
            let words: Vec<&[Phone]> = words.iter().map(Vec::as_slice).collect();
            let phrase = phones(phrase).concat();
            let hit = within_words(&phrase, &words);
            prop_assert_eq!(hit.map(|hit| hit.cost), by_trying(&phrase, &words));
            if let Some(hit) = hit {
                prop_assert_eq!(distance(&words[hit.from..hit.to].concat(), &phrase), hit.cost);
            }
        }
    }
}
