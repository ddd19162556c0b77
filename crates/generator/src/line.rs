//! Writes words down as a line of text: blanks, stops, capitals, and `a` or `an`.

/// What is written on to the word before it. The grammar takes it for a word of its own, so that
/// any noun can have one.
pub(crate) const CLITIC: &str = "'s";

/// A line that is being written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    text: String,
    article: bool,
}

impl Line {
    /// Adds a word, and the article that waits for it.
    pub(crate) fn word(&mut self, word: &str) {
        if self.article {
            self.article = false;
            let article = if begins_with_vowel(word) { "an" } else { "a" };
            self.push(article);
        }
        self.push(word);
    }

    /// Adds `a` or `an` before the next word.
    pub(crate) fn article(&mut self) {
        self.article = true;
    }

    /// Adds a stop to the last word; one at the end of a sentence takes the place of a comma.
    pub(crate) fn stop(&mut self, mark: char) {
        if mark != ',' && self.text.ends_with(',') {
            self.text.pop();
        }
        if !self.text.is_empty() && !self.text.ends_with([',', '.', '?', '!']) {
            self.text.push(mark);
        }
    }

    /// Takes the full stop at the end away, so that the sentence can go on, if there is one.
    pub(crate) fn reopen(&mut self) -> bool {
        let open = self.text.strip_suffix('.').map(str::len);
        if let Some(end) = open {
            self.text.truncate(end);
        }
        open.is_some()
    }

    /// Adds the words and stops of another line.
    pub(crate) fn append(&mut self, other: &Self) {
        if !other.text.is_empty() {
            self.word(&other.text);
        }
    }

    /// The words as they are, to be used inside a line.
    pub(crate) fn into_words(self) -> String {
        self.text
    }

    /// The text, with a capital at its beginning and after each full stop.
    pub(crate) fn finish(self) -> String {
        let mut text = String::with_capacity(self.text.len());
        let mut begins = true;
        for c in self.text.chars() {
            match c {
                '.' | '?' | '!' => begins = true,
                _ if begins && c.is_alphanumeric() => {
                    begins = false;
                    text.extend(c.to_uppercase());
                    continue;
                }
                _ => {}
            }
            text.push(c);
        }
        text
    }

    fn push(&mut self, word: &str) {
        if !self.text.is_empty() && word != CLITIC {
            self.text.push(' ');
        }
        self.text.push_str(word);
    }
}

/// The words of a text, without the stops around them.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
        .map(bare)
        .filter(|word| !word.is_empty())
}

/// A word without the stops around it.
pub(crate) fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// A word as the grammar sees it: the word itself, or what its clitic hangs on, and the clitic.
pub(crate) fn split_clitic(word: &str) -> impl Iterator<Item = &str> {
    let (head, clitic) = match word.len().checked_sub(CLITIC.len()) {
        Some(end) if end > 0 && word.to_ascii_lowercase().ends_with(CLITIC) => {
            (&word[..end], Some(CLITIC))
        }
        _ => (word, None),
    };
    std::iter::once(head).chain(clitic)
}

/// Whether a word begins with the sound of a vowel, so that `an` stands before it.
///
/// Goes by spelling, with the exceptions that are common; the sounds of rare words would need the
/// whole dictionary.
pub(crate) fn begins_with_vowel(word: &str) -> bool {
    const SOUNDED_Y_OR_W: [&str; 13] = [
        "eu", "ew", "one", "once", "oui", "uni", "ura", "uri", "us", "ut", "uk", "ubi", "u-",
    ];
    const STILL_A_VOWEL: [&str; 8] = [
        "unim", "unin", "unid", "ush", "utt", "usher", "oner", "uttering",
    ];
    const SILENT_H: [&str; 5] = ["hour", "honest", "honor", "honour", "heir"];
    let begins_with_any =
        |word: &str, heads: &[&str]| heads.iter().any(|head| word.starts_with(head));
    if word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase()) {
        return word.starts_with(['A', 'E', 'F', 'H', 'I', 'L', 'M', 'N', 'O', 'R', 'S', 'X']);
    }
    let word = word.to_lowercase();
    if begins_with_any(&word, &SOUNDED_Y_OR_W) {
        return begins_with_any(&word, &STILL_A_VOWEL);
    }
    word.starts_with(['a', 'e', 'i', 'o', 'u', '8']) || begins_with_any(&word, &SILENT_H)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_follow_the_sound() {
        for word in [
            "apple",
            "hour",
            "usher",
            "MOT",
            "honest",
            "umbrella",
            "uninteresting",
        ] {
            assert!(begins_with_vowel(word), "{word}");
        }
        for word in [
            "letter", "union", "one", "European", "user", "house", "utensil", "BBC",
        ] {
            assert!(!begins_with_vowel(word), "{word}");
        }
    }

    #[test]
    fn a_line_has_capitals_and_stops() {
        let mut line = Line::default();
        line.word("well");
        line.stop(',');
        line.article();
        line.word("egg");
        line.stop('.');
        line.word("so");
        line.stop(',');
        line.stop('?');
        assert_eq!(line.finish(), "Well, an egg. So?");
    }

    #[test]
    fn a_reopened_line_goes_on() {
        let mut line = Line::default();
        line.word("yes");
        line.stop('.');
        let mut other = line.clone();
        assert!(line.reopen() && !line.reopen());
        line.stop(',');
        other.stop('!');
        line.append(&other);
        line.append(&Line::default());
        assert_eq!(line.finish(), "Yes, yes.");
    }
}
