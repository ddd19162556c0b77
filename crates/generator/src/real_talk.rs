//! Reads real talk: WebVTT, SRT, or lines of `seconds<TAB>speaker<TAB>text`.
//!
//! Which of them a file is, its content tells: the mark `WEBVTT`, a cue with `-->`, or tabs. The
//! readers are our own because the formats are small and every complaint has to name its line.

mod cues;
mod table;

use mondegreen_trace::{Meant, Utterance};
use std::fmt::{self, Display, Formatter};

/// How long a word takes when the file does not say: as in [`crate::Talker`]'s talk, pauses included.
const WORD_MS: u64 = 350;

/// Who speaks when the file does not say.
const NOBODY_NAMED: &str = "someone";

/// Reads talk from the bytes of a file. The utterances are ordered by when they begin and are meant
/// for nobody; `devices` is empty, since the file cannot know who listens.
///
/// A byte order mark, any line ends, and comments (`#` in tables, `NOTE` in WebVTT) are accepted.
/// In WebVTT the speaker is taken from a voice tag (`<v Ana>`), in SRT from a prefix in capitals
/// (`ANA: `); other tags are dropped. In a table, an utterance ends when the next begins, but no
/// later than its words take to say.
///
/// # Errors
/// When the bytes are not such talk; the error names the line.
pub fn read_talk(bytes: &[u8]) -> Result<Vec<Utterance>, ReadTalkError> {
    let text = decode(bytes)?;
    let lines: Vec<Line> = lines(text).collect();
    let first = lines.iter().find(|line| !line.text.trim().is_empty());
    let first = first.ok_or(ReadTalkError::at(1, Fault::Empty))?;
    let is_vtt = first.text.trim_start().starts_with("WEBVTT");
    let talk = if is_vtt
        || lines
            .iter()
            .take(FORMAT_LINES)
            .any(|line| line.text.contains("-->"))
    {
        cues::read(&lines, is_vtt)?
    } else {
        table::read(&lines)?
    };
    if talk.is_empty() {
        return Err(ReadTalkError::at(first.number, Fault::Empty));
    }
    Ok(talk)
}

/// Lines in which the first cue is looked for.
const FORMAT_LINES: usize = 200;

/// A line and its number, from 1.
#[derive(Clone, Copy)]
struct Line<'t> {
    number: usize,
    text: &'t str,
}

/// Talk that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadTalkError {
    line: usize,
    fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    Empty,
    Binary,
    NotUtf8,
    MissingColumns,
    BadSeconds(String),
    BadTime(String),
    Backwards(String),
    NoTimes(String),
}

impl ReadTalkError {
    fn at(line: usize, fault: Fault) -> Self {
        Self { line, fault }
    }

    /// The number of the line that could not be read, from 1.
    pub fn line(&self) -> usize {
        self.line
    }
}

impl Display for ReadTalkError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.fault {
            Fault::Empty => write!(
                f,
                "there is no talk in it; give WebVTT, SRT, or lines of seconds, speaker and text"
            ),
            Fault::Binary => write!(
                f,
                "this is not text; give WebVTT, SRT, or lines of seconds, speaker and text"
            ),
            Fault::NotUtf8 => write!(
                f,
                "this is not UTF-8; convert it, for example with `iconv -t utf-8`"
            ),
            Fault::MissingColumns => write!(
                f,
                "a line needs seconds, speaker and text, with tabs between them"
            ),
            Fault::BadSeconds(word) => {
                write!(f, "`{word}` is not a number of seconds; write 12 or 12.5")
            }
            Fault::BadTime(word) => write!(f, "`{word}` is not a time; write 00:01:02.345"),
            Fault::Backwards(word) => write!(
                f,
                "`{word}` lies before the time that came before it; sort the talk by time"
            ),
            Fault::NoTimes(word) => write!(
                f,
                "`{word}` stands where a line with times was expected, such as 00:01.000 --> 00:02.000"
            ),
        }
    }
}

impl std::error::Error for ReadTalkError {}

/// The text, without its byte order mark.
fn decode(bytes: &[u8]) -> Result<&str, ReadTalkError> {
    let line_of = |at: usize| bytes[..at].split(|byte| *byte == b'\n').count();
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(ReadTalkError::at(line_of(at), Fault::Binary));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => Err(ReadTalkError::at(
            line_of(error.valid_up_to()),
            Fault::NotUtf8,
        )),
    }
}

/// Lines that end in `\n`, `\r\n` or `\r`.
fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let whole = text
        .split('\n')
        .flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'));
    whole.enumerate().map(|(at, text)| Line {
        number: at + 1,
        text,
    })
}

fn utterance(from_ms: u64, to_ms: u64, speaker: &str, text: String) -> Utterance {
    let speaker = if speaker.is_empty() {
        NOBODY_NAMED
    } else {
        speaker
    };
    Utterance {
        from_ms,
        to_ms,
        devices: Vec::new(),
        speaker: speaker.to_owned(),
        text,
        meant: Meant::Nobody,
    }
}

/// Shortens what the user wrote, for a message.
fn shown(word: &str) -> String {
    const SHOWN_MAX: usize = 40;
    let mut shown: String = word.chars().take(SHOWN_MAX).collect();
    if shown.len() < word.len() {
        shown.push('…');
    }
    shown
}

/// Seconds, which may have decimals, in milliseconds; what lies below a millisecond is dropped.
fn millis(seconds: &str) -> Option<u64> {
    let (whole, part) = seconds.split_once(['.', ',']).unwrap_or((seconds, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    let part = part.get(..3).unwrap_or(part);
    let part: u64 = format!("{part:0<3}").parse().ok()?;
    whole
        .parse::<u64>()
        .ok()?
        .checked_mul(1_000)?
        .checked_add(part)
}
