//! Reads the notation of the grammar files.
//!
//! A line that cannot be read becomes a fault and is left out; a test holds that there is none.

use super::{Carrier, Choice, ChoiceId, Fit, Grammar, Pattern, Question, Spelling, Symbol, Topic};
use crate::classes::Classes;
use crate::line::{CLITIC, bare, split_clitic};
use std::collections::BTreeMap;

/// Strain of a sentence as a carrier; compare the strain of a word in `weave`.
const PLAIN: u16 = 0;
const OUT_OF_PLACE: u16 = 5;
const GENERIC: u16 = 6;
const LAST: u16 = 12;

/// Reads files, in order: a set must stand before its use.
pub(super) fn grammar(files: &[(&str, &str)]) -> Grammar {
    let mut reader = Reader::default();
    for (name, text) in files {
        for (at, line) in logical_lines(text) {
            if let Err(fault) = reader.line(&line) {
                let fault = format!("{name}:{at}: {fault}");
                reader.grammar.faults.push(fault);
            }
        }
    }
    reader.grammar
}

/// Lines without comments and blanks; one that begins with `|` goes on from the line before.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        match lines.last_mut() {
            Some((_, before)) if line.starts_with('|') => {
                before.push(' ');
                before.push_str(line);
            }
            _ if line.is_empty() => {}
            _ => lines.push((at + 1, line.to_owned())),
        }
    }
    lines
}

#[derive(Default)]
struct Reader {
    grammar: Grammar,
    /// Sets of the topic that is being read.
    own: BTreeMap<String, ChoiceId>,
}

type Read<T> = Result<T, String>;

impl Reader {
    fn line(&mut self, line: &str) -> Read<()> {
        let (keyword, rest) = line.split_once(' ').unwrap_or((line, ""));
        match keyword {
            "set" => {
                let (name, id) = self.set(rest, false)?;
                self.grammar.sets.insert(name, id);
            }
            "let" => {
                let (name, id) = self.set(rest, true)?;
                self.own.insert(name, id);
            }
            "topic" => {
                self.own.clear();
                self.grammar.topics.push(Topic::default());
            }
            "tell" => {
                let pattern = self.sentence(rest, PLAIN)?;
                self.topic()?.tells.push(pattern);
            }
            "ask" | "polar" => {
                let question = Question {
                    pattern: self.sentence(rest, PLAIN)?,
                    polar: keyword == "polar",
                    answers: Vec::new(),
                };
                self.topic()?.asks.push(question);
            }
            "ans" => {
                let pattern = self.sentence(rest, OUT_OF_PLACE)?;
                let question = self.topic()?.asks.last_mut();
                let question = question.ok_or("an answer before any question")?;
                question.answers.push(pattern);
            }
            "carry" => drop(self.sentence(rest, PLAIN)?),
            "generic" => drop(self.sentence(rest, GENERIC)?),
            "last" => drop(self.sentence(rest, LAST)?),
            "pool" => {
                let (name, rest) = rest.split_once(' ').ok_or("a pool without a sentence")?;
                let pattern = self.sentence(rest, OUT_OF_PLACE)?;
                let pool = self.grammar.pools.entry(name.to_owned()).or_default();
                pool.push(pattern);
            }
            _ => return Err(format!("unknown keyword `{keyword}`")),
        }
        Ok(())
    }

    fn topic(&mut self) -> Read<&mut Topic> {
        let topic = self.grammar.topics.last_mut();
        topic.ok_or_else(|| "a sentence before any topic".to_owned())
    }

    /// `NAME [: classes | :: classes] = wordings`
    fn set(&mut self, text: &str, kept: bool) -> Read<(String, ChoiceId)> {
        let (head, wordings) = text.split_once('=').ok_or("a set without `=`")?;
        let (name, classes) = head.split_once(':').unwrap_or((head, ""));
        let (fit, classes) = match classes.strip_prefix(':') {
            Some(classes) => (Fit::Loose, classes),
            None => (Fit::Close, classes),
        };
        let mut tokens = tokens(wordings)?.into_iter().peekable();
        let wordings = self.wordings(&mut tokens)?;
        if let Some(token) = tokens.next() {
            return Err(format!("unexpected {token:?}"));
        }
        let id = self.add(Choice {
            wordings,
            admits: Classes::parse(classes)?,
            fit,
            named: true,
            kept,
        });
        Ok((name.trim().to_owned(), id))
    }

    fn sentence(&mut self, text: &str, strain: u16) -> Read<Pattern> {
        let mut tokens = tokens(text)?.into_iter().peekable();
        let pattern = self.wording(&mut tokens)?;
        if let Some(token) = tokens.next() {
            return Err(format!("unexpected {token:?}"));
        }
        if !matches!(pattern.last(), Some(Symbol::Stop('.' | '?' | '!'))) {
            return Err("a sentence without an end".to_owned());
        }
        let carrier = Carrier {
            pattern: pattern.clone(),
            strain,
        };
        self.grammar.carriers.push(carrier);
        Ok(pattern)
    }

    fn wordings(&mut self, tokens: &mut Tokens) -> Read<Vec<Pattern>> {
        let mut wordings = vec![self.wording(tokens)?];
        while tokens.next_if_eq(&Token::Or).is_some() {
            wordings.push(self.wording(tokens)?);
        }
        Ok(wordings)
    }

    fn wording(&mut self, tokens: &mut Tokens) -> Read<Pattern> {
        let mut pattern = Pattern::new();
        while let Some(token) = tokens.next_if(|token| !token.ends_wording()) {
            pattern.push(match token {
                Token::Word(word) if word == "a" => Symbol::Article,
                Token::Word(word) => Symbol::Word(self.intern(&word)),
                Token::Stop(mark) => Symbol::Stop(mark),
                Token::Name(name) => {
                    let id = self.own.get(&name).or_else(|| self.grammar.sets.get(&name));
                    Symbol::Choice(*id.ok_or_else(|| format!("no set `{name}`"))?)
                }
                Token::Open(mark) => {
                    let mut wordings = self.wordings(tokens)?;
                    let close = if mark == '[' { ']' } else { ')' };
                    if tokens.next() != Some(Token::Close(close)) {
                        return Err(format!("`{mark}` is not closed"));
                    }
                    if mark == '[' {
                        // An option is as likely to be left out as to be said.
                        wordings.extend(vec![Pattern::new(); wordings.len()]);
                    }
                    Symbol::Choice(self.add(Choice {
                        wordings,
                        ..Choice::default()
                    }))
                }
                Token::Or | Token::Close(_) => return Err("unreachable token".to_owned()),
            });
        }
        Ok(pattern)
    }

    fn add(&mut self, choice: Choice) -> ChoiceId {
        let id = ChoiceId(index(self.grammar.choices.len()));
        self.grammar.choices.push(choice);
        id
    }

    fn intern(&mut self, word: &str) -> Spelling {
        if let Some(known) = self.grammar.by_text.get(word) {
            return *known;
        }
        let plain = if word == CLITIC { word } else { bare(word) }.to_lowercase();
        let folded = (plain != word).then(|| self.intern(&plain));
        let spelling = Spelling(index(self.grammar.spellings.len()));
        self.grammar.spellings.push(word.to_owned());
        self.grammar.folded.push(folded.unwrap_or(spelling));
        self.grammar.by_text.insert(word.to_owned(), spelling);
        spelling
    }
}

/// The files are ours and hold some ten thousand patterns, far from the limit.
fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Stop(char),
    Name(String),
    Open(char),
    Close(char),
    Or,
}

impl Token {
    fn ends_wording(&self) -> bool {
        matches!(self, Self::Or | Self::Close(_))
    }
}

type Tokens = std::iter::Peekable<std::vec::IntoIter<Token>>;

fn tokens(text: &str) -> Read<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let token = match c {
            '(' | '[' => Token::Open(c),
            ')' | ']' => Token::Close(c),
            '|' => Token::Or,
            ',' | '.' | '?' | '!' => Token::Stop(c),
            '{' => {
                let (name, after) = rest[1..].split_once('}').ok_or("`{` is not closed")?;
                tokens.push(Token::Name(name.to_owned()));
                rest = after;
                continue;
            }
            _ if c.is_whitespace() => {
                rest = &rest[c.len_utf8()..];
                continue;
            }
            _ => {
                let of_word = |c: char| c.is_alphanumeric() || c == '\'' || c == '-';
                let end = rest.find(|c| !of_word(c)).unwrap_or(rest.len());
                if end == 0 {
                    return Err(format!("`{c}` has no meaning here"));
                }
                let parts = split_clitic(&rest[..end]);
                tokens.extend(parts.map(|word| Token::Word(word.to_owned())));
                rest = &rest[end..];
                continue;
            }
        };
        tokens.push(token);
        rest = &rest[c.len_utf8()..];
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        grammar(&[("f", text)]).faults
    }

    #[test]
    fn faults_name_file_and_line() {
        assert_eq!(
            faults("set x = a\n\ncarry So (x."),
            ["f:3: `(` is not closed"]
        );
        assert_eq!(faults("carry So {x}."), ["f:1: no set `x`"]);
        assert_eq!(faults("carry So x"), ["f:1: a sentence without an end"]);
        assert_eq!(faults("tell So."), ["f:1: a sentence before any topic"]);
        assert_eq!(
            faults("topic\nans So."),
            ["f:2: an answer before any question"]
        );
        assert_eq!(faults("set x : qq = a"), ["f:1: unknown class `qq`"]);
        assert_eq!(faults("sing So."), ["f:1: unknown keyword `sing`"]);
    }

    #[test]
    fn a_line_goes_on_and_comments_are_dropped() {
        let read = grammar(&[("f", "set x = one # and so on\n | two\ncarry {x}.")]);
        assert_eq!((read.faults.len(), read.carriers.len()), (0, 1));
        assert_eq!(read.choices[0].wordings.len(), 2);
    }
}
