//! WebVTT and SRT: cues of times and text, with a blank line between them.

use super::{Fault, Line, ReadTalkError, millis, shown, utterance};
use mondegreen_trace::Utterance;

pub(super) fn read(lines: &[Line], is_vtt: bool) -> Result<Vec<Utterance>, ReadTalkError> {
    let mut talk: Vec<Utterance> = Vec::new();
    let mut blocks = lines.split(|line| line.text.trim().is_empty());
    if is_vtt {
        // The first block is the header; its lines say nothing about talk.
        blocks.by_ref().find(|block| !block.is_empty());
    }
    for block in blocks.filter(|block| !(block.is_empty() || is_vtt && is_aside(block))) {
        let cue = Cue::read(block)?;
        if talk
            .last()
            .is_some_and(|before| cue.from_ms < before.from_ms)
        {
            let fault = Fault::Backwards(shown(cue.times.text.trim()));
            return Err(ReadTalkError::at(cue.times.number, fault));
        }
        talk.extend(cue.utterances(is_vtt));
    }
    Ok(talk)
}

/// A comment, a style or a region of WebVTT.
fn is_aside(block: &[Line]) -> bool {
    let first = block.first().map_or("", |line| line.text.trim());
    ["NOTE", "STYLE", "REGION"].iter().any(|kind| {
        first
            .strip_prefix(kind)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    })
}

struct Cue<'t> {
    times: Line<'t>,
    from_ms: u64,
    to_ms: u64,
    text: &'t [Line<'t>],
}

impl<'t> Cue<'t> {
    /// An identifier or a number may stand before the times.
    fn read(block: &'t [Line<'t>]) -> Result<Self, ReadTalkError> {
        let Some(at) = block
            .iter()
            .take(2)
            .position(|line| line.text.contains("-->"))
        else {
            let line = block[block.len().min(2) - 1];
            return Err(ReadTalkError::at(
                line.number,
                Fault::NoTimes(shown(line.text.trim())),
            ));
        };
        let times = block[at];
        let (from, rest) = times.text.split_once("-->").unwrap_or_default();
        let to = rest.split_whitespace().next().unwrap_or_default();
        let read = |word: &str| {
            let bad = || ReadTalkError::at(times.number, Fault::BadTime(shown(word.trim())));
            clock(word.trim()).ok_or_else(bad)
        };
        let (from_ms, to_ms) = (read(from)?, read(to)?);
        if to_ms < from_ms {
            return Err(ReadTalkError::at(times.number, Fault::Backwards(shown(to))));
        }
        Ok(Self {
            times,
            from_ms,
            to_ms,
            text: &block[at + 1..],
        })
    }

    /// What is said in the cue: one utterance for each speaker, who share its time by their words.
    fn utterances(&self, is_vtt: bool) -> Vec<Utterance> {
        let mut turns: Vec<(String, String)> = Vec::new();
        for line in self.text {
            for (speaker, said) in if is_vtt {
                voices(line.text)
            } else {
                vec![prefixed(line.text)]
            } {
                let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
                match turns.last_mut() {
                    Some((_, before)) if speaker.is_none() => {
                        before.push(' ');
                        before.push_str(&said);
                    }
                    _ => turns.push((speaker.unwrap_or_default(), said)),
                }
            }
        }
        turns.retain(|(_, said)| !said.trim().is_empty());
        self.share_time(turns)
    }

    fn share_time(&self, turns: Vec<(String, String)>) -> Vec<Utterance> {
        let words = |said: &str| said.split_whitespace().count() as u128;
        let all: u128 = turns
            .iter()
            .map(|(_, said)| words(said))
            .sum::<u128>()
            .max(1);
        let span = u128::from(self.to_ms - self.from_ms);
        let mut spoken = 0;
        let mut from = self.from_ms;
        let turn = |(speaker, said): (String, String)| {
            spoken += words(&said);
            let to = u64::try_from(span * spoken / all).unwrap_or(u64::MAX);
            let to = self.from_ms.saturating_add(to);
            let turn = utterance(from, to, speaker.trim(), said.trim().to_owned());
            from = to;
            turn
        };
        turns.into_iter().map(turn).collect()
    }
}

/// `hours:minutes:seconds.millis`, hours optional, with a comma in SRT.
fn clock(word: &str) -> Option<u64> {
    let mut parts = word.rsplit(':');
    let seconds = millis(parts.next()?)?;
    let minutes = parts.next()?.parse::<u64>().ok()?;
    let hours = parts
        .next()
        .map_or(Some(0), |hours| hours.parse::<u64>().ok())?;
    if parts.next().is_some() || minutes >= 60 || seconds >= 60_000 {
        return None;
    }
    let minutes = hours.checked_mul(60)?.checked_add(minutes)?;
    minutes.checked_mul(60_000)?.checked_add(seconds)
}

/// Splits a line of WebVTT at its voice tags and drops all other tags.
fn voices(line: &str) -> Vec<(Option<String>, String)> {
    let mut turns: Vec<(Option<String>, String)> = vec![(None, String::new())];
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('<') {
        let Some((tag, after)) = after.split_once('>') else {
            break;
        };
        push(&mut turns, before);
        rest = after;
        let voice = tag
            .strip_prefix('v')
            .filter(|name| name.starts_with(['.', ' ', '\t']));
        if let Some((_, name)) = voice.and_then(|name| name.split_once([' ', '\t'])) {
            turns.push((Some(unescape(name)), String::new()));
        }
    }
    push(&mut turns, rest);
    turns.retain(|(speaker, said)| speaker.is_some() || !said.trim().is_empty());
    turns
}

fn push(turns: &mut [(Option<String>, String)], said: &str) {
    if let Some((_, text)) = turns.last_mut() {
        text.push_str(&unescape(said));
    }
}

/// Splits `NAME: text`; tags such as `<i>` are dropped.
fn prefixed(line: &str) -> (Option<String>, String) {
    const NAME_WORDS_MAX: usize = 4;
    let plain: String = voices(line).into_iter().map(|(_, said)| said).collect();
    let plain = plain.trim_start_matches(['-', ' ']);
    let is_name = |name: &str| {
        let upper = !name.chars().any(char::is_lowercase) && name.contains(char::is_alphabetic);
        upper && name.split_whitespace().count() <= NAME_WORDS_MAX
    };
    match plain.split_once(':').filter(|(name, _)| is_name(name)) {
        Some((name, said)) => (Some(name.trim().to_owned()), said.to_owned()),
        None => (None, plain.to_owned()),
    }
}

fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let spaces = text
        .replace("&nbsp;", " ")
        .replace("&lrm;", "")
        .replace("&rlm;", "");
    spaces
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}
