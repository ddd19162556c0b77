//! From written text to spoken words: what somebody who reads it aloud would say.
//!
//! Words are looked up in the dictionary first, as they stand, and said by the letter-to-sound
//! rules when it lacks them. Numbers are read out, initials are spelled, accents are folded away,
//! punctuation is silent. A word with letters of another script stays in the text, without phones.
//! The first pronunciation wins: what a word means in its sentence is not looked at.
//!
//! Every text has a transcription, and it takes time linear in its length.

mod fold;
mod number;

use crate::{LetterRules, Lexicon, Phone};
use fold::fold;
use number::Number;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// Longest word in capitals that is taken for initials when the dictionary lacks it and it could
/// be read as a word.
const INITIALS_MAX: usize = 4;

/// So many words are remembered in each thread, if they are no longer than this: a megabyte or two.
const LOOKED_UP_MAX: usize = 10_000;
const LOOKED_UP_BYTES_MAX: usize = 32;

/// One word as it is spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenWord {
    /// The word in lower case, accents folded, numbers in words.
    pub text: String,
    /// How it sounds; empty for a word of another script.
    pub phones: Vec<Phone>,
    /// The bytes of the text that it was read from. Words of one number share them.
    pub range: Range<usize>,
}

/// What is said when a text is read aloud, word by word.
pub fn transcribe(text: &str) -> Vec<SpokenWord> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let length;
        if first.is_ascii_digit() {
            let number = Number::scan(rest);
            length = number.length;
            for word in number.words {
                let (text, phones) = say_plain(&word);
                let range = at..at + length;
                words.push(SpokenWord {
                    text,
                    phones,
                    range,
                });
            }
        } else {
            let run = run_of_letters(rest);
            length = run.len().max(first.len_utf8());
            say_run(at, run, &mut words);
        }
        at += length;
    }
    words
}

/// All ways to say a word: those of the dictionary, else the one that [`transcribe`] gives.
///
/// Several words are said one after the other. Empty when nothing in it can be said.
pub fn pronounce(word: &str) -> Vec<Vec<Phone>> {
    let word = word.trim();
    let known = Lexicon::embedded().pronunciations(&fold(word).unwrap_or_default());
    if !known.is_empty() {
        return known;
    }
    let spoken = transcribe(word).into_iter();
    let phones: Vec<Phone> = spoken.flat_map(|word| word.phones).collect();
    if phones.is_empty() {
        Vec::new()
    } else {
        vec![phones]
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʻ')
}

fn is_joint(c: char) -> bool {
    matches!(c, '-' | '.' | '\u{2010}' | '\u{2011}')
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !c.is_ascii_digit() && !is_apostrophe(c)
}

/// The letters at the start of `text`, with what joins them: `o'clock`, `uh-huh`, `a.m`, `runnin'`.
fn run_of_letters(text: &str) -> &str {
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let letter_next = chars.peek().is_some_and(|&(_, next)| is_letter(next));
        let goes_on = if is_apostrophe(c) {
            letter_next || is_letter(before)
        } else if is_joint(c) {
            letter_next && (is_letter(before) || is_apostrophe(before))
        } else {
            is_letter(c) || (at > 0 && fold::is_mark(c))
        };
        if !goes_on {
            return &text[..at];
        }
        before = if fold::is_mark(c) { before } else { c };
    }
    text
}

/// Says a run of letters: as one word of the dictionary, as initials, or part by part.
fn say_run(at: usize, run: &str, words: &mut Vec<SpokenWord>) {
    if run.contains(is_joint)
        && let Some(word) = joined_word(at, run)
    {
        words.push(word);
        return;
    }
    let mut from = at;
    for part in run.split(is_joint) {
        if !part.is_empty() {
            words.push(say_part(from, part));
        }
        let joint = run[from - at + part.len()..].chars().next();
        from += part.len() + joint.map_or(0, char::len_utf8);
    }
}

fn joined_word(at: usize, run: &str) -> Option<SpokenWord> {
    if run.len() > Lexicon::WORD_BYTES_MAX {
        return None;
    }
    let plain = fold(run)?.to_ascii_lowercase();
    let dotted = format!("{plain}."); // `a.m.` is a word of the dictionary, `a.m` is not
    let range = at..at + run.len();
    let mut forms = [plain.clone(), dotted].into_iter();
    let known = forms.find_map(|text| Some((known(&text)?, text)));
    let initials = || {
        let single = plain.split(is_joint).all(|part| part.len() == 1);
        single.then(|| (spell(&plain), plain.clone()))
    };
    let (phones, text) = known.or_else(initials)?;
    Some(SpokenWord {
        text,
        phones,
        range,
    })
}

fn say_part(at: usize, part: &str) -> SpokenWord {
    let (text, phones) = match fold(part) {
        Some(plain) => say_plain(&plain),
        None => (part.to_lowercase(), Vec::new()),
    };
    SpokenWord {
        text,
        phones,
        range: at..at + part.len(),
    }
}

/// Says one word of ASCII letters and apostrophes; first comes the word without quotes.
///
/// The dictionary is packed, and looking up takes a microsecond; talk has few words, which it says
/// again and again. So each thread remembers what it looked up.
fn say_plain(word: &str) -> (String, Vec<Phone>) {
    thread_local! {
        static LOOKED_UP: RefCell<BTreeMap<String, (String, Vec<Phone>)>> = RefCell::default();
    }
    LOOKED_UP.with_borrow_mut(|looked_up| {
        if let Some(known) = looked_up.get(word) {
            return known.clone();
        }
        let said = look_up(word);
        if looked_up.len() < LOOKED_UP_MAX && word.len() <= LOOKED_UP_BYTES_MAX {
            looked_up.insert(word.to_owned(), said.clone());
        }
        said
    })
}

fn look_up(word: &str) -> (String, Vec<Phone>) {
    let closed = word.trim_end_matches('\'');
    let open = word.trim_start_matches('\'');
    let bare = closed.trim_start_matches('\'');
    let mut forms = [word, closed, open, bare].into_iter();
    let found = forms.find_map(|form| Some((form, known(form)?)));
    let (form, phones) = found.unwrap_or_else(|| (bare, say_unknown(bare)));
    (form.to_ascii_lowercase(), phones)
}

/// An ending of English is said as such, initials are spelled, all else goes by the rules.
fn say_unknown(word: &str) -> Vec<Phone> {
    if let Some((base, ending)) = word.rsplit_once('\'') {
        let mut phones = known(base).unwrap_or_else(|| say_letters(base));
        if add_ending(&mut phones, ending) {
            return phones;
        }
    }
    say_letters(word)
}

fn known(word: &str) -> Option<Vec<Phone>> {
    let ways = Lexicon::embedded().pronunciations(word);
    ways.into_iter().next()
}

fn say_letters(word: &str) -> Vec<Phone> {
    let initials = word.strip_suffix('s').unwrap_or(word); // `LMPs`
    let readable = initials.contains(['A', 'E', 'I', 'O', 'U', 'Y']);
    let capitals = initials.bytes().all(|byte| byte.is_ascii_uppercase());
    if capitals && (!readable || initials.len() <= INITIALS_MAX) {
        let mut phones = spell(initials);
        if initials.len() < word.len() {
            add_ending(&mut phones, "s");
        }
        return phones;
    }
    let phones = LetterRules::embedded().pronounce(word);
    if phones.is_empty() {
        spell(word)
    } else {
        phones
    }
}

/// The names of the letters, which the dictionary has as `a.`, `b.` and so on.
fn spell(letters: &str) -> Vec<Phone> {
    let letters = letters.chars().filter(char::is_ascii_alphabetic);
    letters
        .flat_map(|letter| known(&format!("{letter}.")).unwrap_or_default())
        .collect()
}

/// Adds what is written behind an apostrophe; `false` when that is not an ending of English.
fn add_ending(phones: &mut Vec<Phone>, ending: &str) -> bool {
    use Phone::{AH, CH, D, ER, F, IH, JH, K, L, P, S, SH, T, TH, V, Z, ZH};
    let last = phones.last().copied();
    let sounds: &[Phone] = match ending.to_ascii_lowercase().as_str() {
        "s" => match last {
            Some(S | Z | SH | ZH | CH | JH) => &[IH, Z],
            Some(P | T | K | F | TH) => &[S],
            _ => &[Z],
        },
        "d" if matches!(last, Some(T | D)) => &[IH, D],
        "d" => &[D],
        "ll" => &[AH, L],
        "re" => &[ER],
        "ve" => &[AH, V],
        _ => return false,
    };
    phones.extend(sounds);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;
    use std::fmt::Write;

    #[track_caller]
    fn check(text: &str, want: &Expect) {
        let mut page = String::new();
        for word in transcribe(text) {
            let read = &text[word.range];
            write!(page, "{read} | {} |", word.text).expect("a string");
            for phone in word.phones {
                write!(page, " {phone}").expect("a string");
            }
            page.push('\n');
        }
        want.assert_eq(&page);
    }

    #[test]
    fn punctuation_and_case_are_silent() {
        check(
            "“Right,” SHE said — (to) Ana: 'hello'…",
            &expect![[r"
            Right | right | R AY T
            SHE | she | SH IY
            said | said | S EH D
            to | to | T UW
            Ana | ana | AA N AH
            'hello' | hello | HH AH L OW
        "]],
        );
    }

    #[test]
    fn endings_are_said_behind_words_that_lack_them() {
        check(
            "Zbigniew's Janek's Netflix's Janek'd Krzat'd Siobhan'll Siobhan're Siobhan've \
             runnin' rock'n'roll dogs' it’s o'x",
            &expect![[r"
                Zbigniew's | zbigniew's | Z B IH G N UW Z
                Janek's | janek's | Y AE N EH K S
                Netflix's | netflix's | N EH T F L IH K S IH Z
                Janek'd | janek'd | Y AE N EH K D
                Krzat'd | krzat'd | K R AH T IH D
                Siobhan'll | siobhan'll | SH AW B AA N AH L
                Siobhan're | siobhan're | SH AW B AA N ER
                Siobhan've | siobhan've | SH AW B AA N AH V
                runnin' | runnin' | R AH N IH N
                rock'n'roll | rock'n'roll | R AA K AH N R OW L
                dogs' | dogs' | D AO G Z
                it’s | it's | IH T S
                o'x | o'x | AA K S
            "]],
        );
    }

    #[test]
    fn joined_words_are_one_word_when_the_dictionary_says_so() {
        check(
            "uh-huh mm-hmm 5 a.m. well-meant end.Start A-P www.foo.com",
            &expect![[r"
                uh-huh | uh-huh | AH HH AH
                mm | mm | M
                hmm | hmm | HH M
                5 | five | F AY V
                a.m | a.m. | EY EH M
                well | well | W EH L
                meant | meant | M EH N T
                end | end | EH N D
                Start | start | S T AA R T
                A-P | a-p | EY P IY
                www | www | V
                foo | foo | F UW
                com | com | K AA M
            "]],
        );
    }

    #[test]
    fn initials_are_spelled_and_shouted_words_are_not() {
        check(
            "LMP Qs CDRs U.S.S.R. EVAX NASA STOP COVID ZQXWVK Lmp",
            &expect![[r"
                LMP | lmp | EH L EH M P IY
                Qs | qs | K Y UW Z
                CDRs | cdrs | S IY D IY AA R Z
                U.S.S.R | u.s.s.r | Y UW EH S EH S AA R
                EVAX | evax | IY V IY EY EH K S
                NASA | nasa | N AE S AH
                STOP | stop | S T AA P
                COVID | covid | K AA V AH D
                ZQXWVK | zqxwvk | Z IY K Y UW EH K S D AH B AH L Y UW V IY K EY
                Lmp | lmp | L M P
            "]],
        );
    }

    #[test]
    fn accents_are_folded_and_other_scripts_stay_unsaid() {
        check(
            "Müller ÉCLAIR Straße Nguyễn İzmir Жук 東京 ana٣ 🎉",
            &expect![[r"
                Müller | muller | M AH L ER
                ÉCLAIR | eclair | IH K L EH R
                Straße | strasse | S T R AE S
                Nguyễn | nguyen | N UW Y EH N
                İzmir | izmir | IH Z M IH R
                Жук | жук |
                東京 | 東京 |
                ana٣ | ana٣ |
            "]],
        );
    }

    #[test]
    fn accents_may_stand_behind_their_letters() {
        for (accents_behind, word) in [
            ("cafe\u{301}s", "cafes"),
            ("e\u{301}-mail", "e-mail"),
            ("ole\u{301}'", "ole"),
        ] {
            let said = transcribe(accents_behind);
            assert_eq!((said.len(), said[0].text.as_str()), (1, word));
            assert_eq!(said[0].range, 0..accents_behind.len());
        }
    }

    #[test]
    fn numbers_are_read_out_where_they_stand() {
        check(
            "P11, 2nd of May 1970s; $12,500 at 10:05",
            &expect![[r"
            P | p | P IY
            11 | eleven | IH L EH V AH N
            2nd | second | S EH K AH N D
            of | of | AH V
            May | may | M EY
            1970s | nineteen | N AY N T IY N
            1970s | seventies | S EH V AH N T IY Z
            12,500 | twelve | T W EH L V
            12,500 | thousand | TH AW Z AH N D
            12,500 | five | F AY V
            12,500 | hundred | HH AH N D R AH D
            at | at | AE T
            10 | ten | T EH N
            05 | zero | Z IH R OW
            05 | five | F AY V
        "]],
        );
    }

    #[test]
    fn a_word_has_all_ways_of_the_dictionary_or_one_by_the_rules() {
        assert_eq!(pronounce(" Read ").len(), 2);
        assert_eq!(
            pronounce("aren’t"),
            Lexicon::embedded().pronunciations("aren't")
        );
        assert_eq!(pronounce("Zbigniew").len(), 1);
        let of = |word| pronounce(word).swap_remove(0);
        assert_eq!(of("Ana Ruiz"), [of("ana"), of("ruiz")].concat());
        assert_eq!(of("hh"), of("HH"), "the rules find no sound in it");
        assert_eq!(of("42"), [of("forty"), of("two")].concat());
        for silent in ["", " ", "?!", "東京"] {
            assert_eq!(pronounce(silent), Vec::<Vec<Phone>>::new(), "{silent}");
        }
    }

    /// With quadratic cost anywhere, one of these would take minutes.
    #[test]
    fn very_long_texts_and_words_are_no_trouble() {
        let long = |part: &str| part.repeat(100_000);
        assert_eq!(transcribe(&long("right ")).len(), 100_000);
        assert_eq!(transcribe(&long("a-")).len(), 100_000);
        assert_eq!(transcribe(&long("1,234,")).len(), 600_000);
        assert_eq!(transcribe(&long("7")).len(), 100_000);
        assert_eq!(transcribe(&long("1a")).len(), 200_000);
        assert_eq!(transcribe(&"x'".repeat(20_000)).len(), 1);
        assert_eq!(transcribe(&long("'")).len(), 0);
        assert_eq!(transcribe(&long("ж")).len(), 1);
        assert_eq!(transcribe(&long("Q"))[0].phones.len(), 300_000);
    }

    proptest! {
        #[test]
        fn any_text_has_words_in_order(text in any::<String>()) {
            let mut end = 0;
            let mut last = 0..0;
            for word in transcribe(&text) {
                prop_assert!(word.range == last || word.range.start >= end, "{:?}", word);
                prop_assert!(text.get(word.range.clone()).is_some_and(|read| !read.is_empty()));
                prop_assert!(!word.text.is_empty());
                end = word.range.end;
                last = word.range;
            }
        }

        #[test]
        fn whatever_has_english_letters_or_digits_is_said(word in "[a-zA-Z0-9àéÎøü'’.,-]{1,12}") {
            let said = transcribe(&word);
            let has_any = word.chars().any(char::is_alphanumeric);
            prop_assert_eq!(!said.is_empty(), has_any);
            for word in said {
                prop_assert!(!word.phones.is_empty(), "{:?}", word);
            }
        }

        #[test]
        fn a_text_is_said_as_its_words_are(words in prop::collection::vec("[a-z]{1,8}", 0..8)) {
            let whole: Vec<Phone> = transcribe(&words.join(" ")).into_iter().flat_map(|w| w.phones).collect();
            let parts = words.iter().flat_map(|word| pronounce(word).swap_remove(0));
            prop_assert_eq!(whole, parts.collect::<Vec<_>>());
        }
    }
}
