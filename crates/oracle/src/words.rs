//! What a text says, by written-out lists: yes, no, cancel, a command to the home.
//!
//! The lists are the oracle's own. An assistant that understands more than they hold takes for an
//! answer what people say in passing; one that understands less is asked again, which harms nobody.
//! Nothing here is shared with an assistant, so that a mistake cannot be in both at once.

use std::iter;

/// No plain answer or command is longer; the rest of a long talk need not be looked at.
const PLAIN_WORDS_MAX: usize = 12;

/// Wholly a yes. Each is a phrase; a plain answer is one or more of them.
#[rustfmt::skip]
const YES: &[&str] = &[
    "yes", "yeah", "yep", "yup", "ya", "aye", "right", "thats right", "that is right", "correct",
    "thats correct", "that is correct", "thats it", "that is it", "it is", "thats the one", "sure",
    "ok", "okay", "alright", "all right", "fine", "affirmative", "absolutely", "definitely",
    "certainly", "of course", "exactly", "indeed", "confirm", "confirmed", "i confirm", "approve",
    "approved", "go ahead", "go for it", "do it", "do that", "do send it", "do", "please do", "i do",
    "you may", "sounds good", "looks good", "good", "perfect", "send", "send it", "send that",
    "send it now", "send now", "send message", "send the message", "send my message", "true",
    "yes sir", "yes maam",
];

/// Wholly a refusal.
#[rustfmt::skip]
const NO: &[&str] = &[
    "no", "nope", "nah", "no thanks", "no thank you", "cancel", "cancel it", "cancel that",
    "cancel the message", "stop", "stop it", "never mind", "nevermind", "dont", "do not", "dont send",
    "dont send it", "do not send", "do not send it",
];

/// Wholly a wish to stop, whatever the assistant is doing.
const CANCEL: &[&str] = &[
    "cancel",
    "cancel it",
    "cancel that",
    "stop",
    "never mind",
    "nevermind",
];

/// A plain command to the home.
#[rustfmt::skip]
const HOME: &[&str] = &[
    "turn on the lights", "turn off the lights", "turn on the light", "turn off the light",
    "turn the lights on", "turn the lights off", "turn the light on", "turn the light off",
    "lights on", "lights off", "turn up the heat", "turn down the heat", "turn on the heat",
    "turn off the heat", "lock the door", "lock the doors",
];

/// Names that assistants answer to.
#[rustfmt::skip]
const WAKE: &[&str] = &[
    "alexa", "hey alexa", "echo", "computer", "hey computer", "amazon", "ziggy", "hey google",
    "ok google", "okay google", "hey siri", "siri", "hey cortana", "cortana", "hey mycroft",
    "hey jarvis", "bixby", "hi bixby",
];

const POLITE_BEFORE: &[&str] = &["please", "oh", "um", "uh", "er", "well", "ah"];
const POLITE_AFTER: &[&str] = &["please", "thanks", "thank you"];

/// Verbs by which a prompt demands particular words.
const DEMANDING: &[&str] = &["say", "repeat", "answer", "reply", "speak"];
/// A demanding verb after one of these tells, and does not demand: "I'll say …", "to say …".
const TELLING: &[&str] = &[
    "i", "ill", "to", "will", "you", "did", "they", "not", "dont",
];

/// The plainest of yeses: a prompt that quotes one of them asks for any yes.
const PLAINEST: &[&str] = &["yes", "yeah", "yep", "yup"];

/// A text as it is compared: its words in lower case, with one blank between them, and without
/// accents, apostrophes and punctuation.
pub(crate) fn fold(text: &str) -> String {
    fold_words(text, usize::MAX)
}

/// The same for an utterance that may be plain. A longer one is none.
fn fold_plain(text: &str) -> Option<String> {
    let folded = fold_words(text, PLAIN_WORDS_MAX.saturating_add(1));
    folded
        .split(' ')
        .nth(PLAIN_WORDS_MAX)
        .is_none()
        .then_some(folded)
}

fn fold_words(text: &str, words_max: usize) -> String {
    let mut folded = String::with_capacity(text.len().min(100));
    let mut words = 0_usize;
    let mut is_inside = false;
    for c in text.chars() {
        if c.is_alphanumeric() {
            if !is_inside {
                if words == words_max {
                    break;
                }
                if words > 0 {
                    folded.push(' ');
                }
                words = words.saturating_add(1);
            }
            is_inside = true;
            c.to_lowercase().for_each(|c| push_folded(&mut folded, c));
        } else if !is_silent_mark(c) {
            is_inside = false;
        }
    }
    folded
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// An apostrophe, or an accent that is written as a character of its own.
fn is_silent_mark(c: char) -> bool {
    is_apostrophe(c) || matches!(c, '\u{300}'..='\u{36f}')
}

fn push_folded(folded: &mut String, c: char) {
    let plain = match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' | 'ģ' => 'g',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => 'i',
        'ķ' => 'k',
        'ł' | 'ľ' | 'ļ' => 'l',
        'ñ' | 'ń' | 'ň' | 'ņ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ț' | 'ţ' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ž' | 'ż' => 'z',
        'ß' => return folded.push_str("ss"),
        'æ' => return folded.push_str("ae"),
        'œ' => return folded.push_str("oe"),
        'þ' => return folded.push_str("th"),
        c if is_silent_mark(c) => return,
        c => c,
    };
    folded.push(plain);
}

/// Whether folded words hold a folded phrase.
pub(crate) fn contains(said: &str, phrase: &str) -> bool {
    let ends = |at: usize| {
        let after = said
            .get(at.saturating_add(phrase.len())..)
            .unwrap_or_default();
        let before = said.get(..at).unwrap_or_default();
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    };
    !phrase.is_empty() && said.match_indices(phrase).any(|(at, _)| ends(at))
}

/// What an utterance says to a question that wants yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The whole of it is a yes, or the words that were demanded.
    Yes,
    /// The whole of it is a refusal.
    No,
    /// Anything else.
    Neither,
}

/// Which words a prompt wants for a yes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Demand {
    /// Phrases in quotation marks after "say", "repeat" and the like. Only these will do.
    quoted: Vec<String>,
    /// What followed such a verb without quotation marks; its beginning will do, as any yes will.
    unquoted: String,
    /// Names, each of which may stand beside a yes.
    names: Vec<String>,
    /// Whether the name itself is demanded; then only that will do.
    wants_name: bool,
}

impl Demand {
    /// Reads the demand from a prompt that names these people.
    pub(crate) fn of(text: &str, names: Vec<String>) -> Self {
        let mut demand = Self {
            names,
            ..Self::default()
        };
        let mut is_demanding = false;
        for part in parts(text) {
            match part {
                Part::Quoted(quoted) if is_demanding => {
                    let phrase = fold_plain(quoted).filter(|p| !p.is_empty() && !made_of(p, NO));
                    demand.quoted.extend(phrase);
                }
                Part::Quoted(_) => {}
                Part::Plain(plain) => {
                    let plain = fold(plain);
                    if is_demanding {
                        demand.want(&plain);
                    } else if let Some(wanted) = demanded_in(&plain) {
                        is_demanding = true;
                        demand.want(wanted);
                    }
                }
                Part::SentenceEnd => is_demanding = false,
            }
        }
        demand.wants_name = demand.quoted.is_empty() && contains(&demand.unquoted, "name");
        demand
    }

    fn want(&mut self, words: &str) {
        for word in words.split(' ').filter(|word| !word.is_empty()) {
            if !self.unquoted.is_empty() {
                self.unquoted.push(' ');
            }
            self.unquoted.push_str(word);
        }
    }

    /// Whether the prompt demands anything in particular.
    pub(crate) fn is_some(&self) -> bool {
        !self.quoted.is_empty() || !self.unquoted.is_empty()
    }

    /// What this text says to the prompt.
    pub(crate) fn answer(&self, text: &str) -> Answer {
        let Some(said) = fold_plain(text) else {
            return Answer::Neither;
        };
        let body = without_courtesies(&said);
        if made_of(body, NO) {
            return Answer::No;
        }
        let is_yes = if self.wants_name {
            self.names.iter().any(|name| name == body)
        } else if self.quoted.is_empty() {
            self.is_plain_yes(body) || self.begins_what_was_wanted(body)
        } else {
            self.is_quoted(body)
        };
        if is_yes { Answer::Yes } else { Answer::Neither }
    }

    fn is_quoted(&self, body: &str) -> bool {
        let is_wanted = |phrase: &String| {
            before_phrase(body, phrase).is_some_and(|rest| rest.is_empty() || made_of(rest, YES))
        };
        let is_any_yes = |phrase: &String| PLAINEST.contains(&phrase.as_str());
        self.quoted.iter().any(is_wanted)
            || self.quoted.iter().any(is_any_yes) && self.is_plain_yes(body)
    }

    fn begins_what_was_wanted(&self, body: &str) -> bool {
        !body.is_empty() && after_phrase(&self.unquoted, body).is_some()
    }

    /// One or more yes-phrases; the name that the prompt used may stand before or after them.
    fn is_plain_yes(&self, body: &str) -> bool {
        made_of(body, YES)
            || self.names.iter().any(|name| {
                let after = before_phrase(body, name);
                let after = after.map(|rest| before_phrase(rest, "to").unwrap_or(rest));
                let before = after_phrase(body, name);
                before
                    .into_iter()
                    .chain(after)
                    .any(|rest| made_of(rest, YES))
            })
    }
}

/// What a clause demands: the words after its first verb that demands any.
fn demanded_in(clause: &str) -> Option<&str> {
    let mut before = "";
    let mut rest = clause;
    while let Some((word, after)) = rest
        .split_once(' ')
        .or((!rest.is_empty()).then_some((rest, "")))
    {
        if DEMANDING.contains(&word) && !TELLING.contains(&before) {
            return Some(after);
        }
        (before, rest) = (word, after);
    }
    None
}

/// Whether the whole text is a wish to stop.
pub(crate) fn is_cancel(text: &str) -> bool {
    fold_plain(text).is_some_and(|said| made_of(without_courtesies(&said), CANCEL))
}

/// Whether the whole text is a plain command to the home.
pub(crate) fn is_home_command(text: &str) -> bool {
    fold_plain(text).is_some_and(|said| HOME.contains(&without_courtesies(&said)))
}

/// Whether the text begins with a name that assistants answer to.
pub(crate) fn begins_with_wake_word(text: &str) -> bool {
    let said = fold_words(text, PLAIN_WORDS_MAX);
    WAKE.iter().any(|wake| after_phrase(&said, wake).is_some())
}

/// Whether a text asks for an answer: a question, or a demand for words.
pub(crate) fn is_question(text: &str, demand: &Demand) -> bool {
    text.contains('?') || demand.is_some()
}

/// The text outside quotation marks.
pub(crate) fn unquoted(text: &str) -> String {
    let plain = parts(text).filter_map(|part| match part {
        Part::Plain(plain) => Some(plain),
        Part::SentenceEnd => Some("."),
        Part::Quoted(_) => None,
    });
    plain.collect::<Vec<_>>().join(" ")
}

fn without_courtesies(said: &str) -> &str {
    let mut body = said;
    loop {
        let before = WAKE.iter().chain(POLITE_BEFORE);
        let after = POLITE_AFTER.iter().chain(WAKE);
        let shorter = before.filter_map(|phrase| after_phrase(body, phrase));
        let shorter = shorter.chain(after.filter_map(|phrase| before_phrase(body, phrase)));
        match shorter.min_by_key(|rest| rest.len()) {
            Some(rest) => body = rest,
            None => return body,
        }
    }
}

/// Whether the words are one or more of the phrases, end to end.
fn made_of(said: &str, phrases: &[&str]) -> bool {
    phrases
        .iter()
        .filter_map(|phrase| after_phrase(said, phrase))
        .any(|rest| rest.is_empty() || made_of(rest, phrases))
}

/// What follows a phrase that the words begin with.
fn after_phrase<'a>(said: &'a str, phrase: &str) -> Option<&'a str> {
    let rest = said.strip_prefix(phrase)?;
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix(' ')
    }
}

/// What stands before a phrase that the words end in.
fn before_phrase<'a>(said: &'a str, phrase: &str) -> Option<&'a str> {
    let rest = said.strip_suffix(phrase)?;
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_suffix(' ')
    }
}

enum Part<'a> {
    Plain(&'a str),
    Quoted(&'a str),
    SentenceEnd,
}

/// A text, taken apart at quotation marks and at the ends of sentences outside them.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    let mut queued = None;
    let mut before = ' ';
    iter::from_fn(move || {
        if let Some(part) = queued.take() {
            return Some(part);
        }
        if rest.is_empty() {
            return None;
        }
        for (at, c) in rest.char_indices() {
            let (plain, marked) = rest.split_at_checked(at)?;
            let after = marked.get(c.len_utf8()..)?;
            if matches!(c, '.' | '?' | '!') {
                rest = after;
                queued = Some(Part::SentenceEnd);
                before = ' ';
                return Some(Part::Plain(plain));
            }
            if let Some((quoted, after)) = closing(c, before).and_then(|end| split(after, end)) {
                rest = after;
                queued = Some(Part::Quoted(quoted));
                before = ' ';
                return Some(Part::Plain(plain));
            }
            before = c;
        }
        Some(Part::Plain(std::mem::take(&mut rest)))
    })
}

/// The mark that closes a quotation which this character opens.
fn closing(c: char, before: char) -> Option<char> {
    match c {
        '"' => Some('"'),
        '\u{201c}' => Some('\u{201d}'),
        '\u{2018}' => Some('\u{2019}'),
        '\'' if !before.is_alphanumeric() => Some('\''),
        _ => None,
    }
}

/// The text before and after the closing mark. An apostrophe inside a word closes nothing.
fn split(text: &str, end: char) -> Option<(&str, &str)> {
    let closes = |(at, c): &(usize, char)| {
        let next = text
            .get(at.saturating_add(c.len_utf8())..)
            .and_then(|t| t.chars().next());
        *c == end && !(is_apostrophe(end) && next.is_some_and(char::is_alphanumeric))
    };
    let (at, c) = text.char_indices().find(closes)?;
    Some((
        text.get(..at)?,
        text.get(at.saturating_add(c.len_utf8())..)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(prompt: &str, said: &str) -> Answer {
        let names = vec!["ana ruiz".to_owned(), "ana".to_owned()];
        Demand::of(prompt, names).answer(said)
    }

    #[track_caller]
    fn check(prompt: &str, want: Answer, said: &[&str]) {
        for said in said {
            assert_eq!(answer(prompt, said), want, "{prompt} {said}");
        }
    }

    #[test]
    fn a_whole_yes_is_a_yes_with_its_courtesies() {
        let yes = [
            "yes",
            "Right.",
            "Alexa, yes please",
            "yeah, that's right",
            "yes, Ana Ruiz",
            "Ana, yes",
            "please do",
            "yes send it to Ana",
            "OK okay",
        ];
        check("Ana Ruiz, right?", Answer::Yes, &yes);
    }

    #[test]
    fn talk_that_holds_a_yes_is_not_an_answer() {
        let talk = [
            "yes but I told her so yesterday",
            "turn right at the light",
            "yes no",
            "no yes",
            "alexa",
            "",
            "Ana Ruiz",
            "yes Bob",
            "right right right right right right right right right right right right right",
        ];
        check("Ana Ruiz, right?", Answer::Neither, &talk);
    }

    #[test]
    fn a_whole_refusal_is_a_refusal() {
        let no = [
            "no",
            "No, cancel that!",
            "alexa stop",
            "never mind, thanks",
            "don't send it",
        ];
        check("Ana Ruiz, right?", Answer::No, &no);
        check("Ana Ruiz, right?", Answer::Neither, &["no idea", "nobody"]);
    }

    #[test]
    fn demanded_words_are_the_only_yes() {
        for prompt in [
            "Ana Ruiz. Say \"copper\" to send it, or \"cancel\" to stop.",
            "To send it to Ana Ruiz, say \u{201c}copper\u{201d}",
            "It's for Ana Ruiz, isn't it? Say 'copper'.",
        ] {
            check(
                prompt,
                Answer::Yes,
                &["copper", "alexa, copper please", "yes, copper"],
            );
            check(
                prompt,
                Answer::Neither,
                &["yes", "copper pipes", "the copper", "right"],
            );
            check(prompt, Answer::No, &["cancel", "no"]);
        }
        check(
            "Ana Ruiz? Say \"copper\" or \"iron\".",
            Answer::Yes,
            &["copper", "iron"],
        );
        check(
            "Ana Ruiz? Say \"send it\".",
            Answer::Neither,
            &["yes", "send"],
        );
        check(
            "Ana Ruiz? Say \"yes\" or \"no\".",
            Answer::Yes,
            &["yes", "that's right"],
        );
    }

    #[test]
    fn words_wanted_without_quotation_marks_are_read_kindly() {
        check(
            "Ana Ruiz. Say copper to send it.",
            Answer::Yes,
            &["copper", "yes"],
        );
        check(
            "Ana Ruiz. Say copper to send it.",
            Answer::Neither,
            &["to send it"],
        );
    }

    #[test]
    fn a_name_that_is_to_be_repeated_is_the_only_yes() {
        let prompt = "Send it to Ana Ruiz? Repeat the name to send it.";
        check(prompt, Answer::Yes, &["Ana Ruiz", "alexa ana ruiz"]);
        check(prompt, Answer::Neither, &["yes", "Bob Stone"]);
    }

    #[test]
    fn a_message_that_is_read_back_demands_nothing() {
        let prompt = "To Ana Ruiz: \"please say hello\". Send it or change it?";
        check(prompt, Answer::Yes, &["send it", "yes"]);
        check(prompt, Answer::Neither, &["hello", "change it"]);
        check(
            "You said to say \"hello\" to Ana Ruiz. Right?",
            Answer::Yes,
            &["right"],
        );
    }

    #[test]
    fn cancelling_and_commands_are_whole_utterances() {
        assert!(is_cancel("Alexa, cancel that") && is_cancel("never mind"));
        assert!(!is_cancel(&"cancel ".repeat(13)) && is_cancel(&"cancel ".repeat(12)));
        assert!(!is_cancel("no") && !is_cancel("cancel the dentist") && !is_cancel(""));
        assert!(is_home_command("alexa turn on the lights please"));
        assert!(!is_home_command(&"turn on the lights ".repeat(9)));
        assert!(!is_home_command("turn on the lights in the yard sometime"));
        assert!(
            begins_with_wake_word("Hey Google what's up") && !begins_with_wake_word("a letter")
        );
    }

    #[test]
    fn quotations_that_never_close_are_plain_text() {
        assert_eq!(unquoted("a \"b\" c 'd' e \"f"), "a   c   e \"f");
        assert_eq!(fold("José's  Ångström—ŁÓDŹ!"), "joses angstrom lodz");
        assert_eq!(fold("Jose\u{301} İnönü"), "jose inonu");
        assert!(contains("to ana ruiz", "ana ruiz") && !contains("to ana ruizo", "ana ruiz"));
        assert!(contains("susana ana", "ana") && !contains("susana", "ana") && !contains("a", ""));
    }
}
