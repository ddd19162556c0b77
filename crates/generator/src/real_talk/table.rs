//! Tables of `seconds<TAB>speaker<TAB>text`.

use super::{Fault, Line, ReadTalkError, WORD_MS, millis, shown, utterance};
use mondegreen_trace::Utterance;

pub(super) fn read(lines: &[Line]) -> Result<Vec<Utterance>, ReadTalkError> {
    let mut talk: Vec<Utterance> = Vec::new();
    for line in lines {
        if line.text.trim().is_empty() || line.text.starts_with('#') {
            continue;
        }
        let bad = |fault| ReadTalkError::at(line.number, fault);
        let mut columns = line.text.splitn(3, '\t');
        let (Some(seconds), Some(speaker), Some(text)) =
            (columns.next(), columns.next(), columns.next())
        else {
            return Err(bad(Fault::MissingColumns));
        };
        let from = millis(seconds.trim()).ok_or_else(|| bad(Fault::BadSeconds(shown(seconds))))?;
        if let Some(before) = talk.last_mut() {
            if from < before.from_ms {
                return Err(bad(Fault::Backwards(shown(seconds))));
            }
            before.to_ms = before.to_ms.min(from).max(before.from_ms);
        }
        let words = text.split_whitespace().count() as u64;
        let to = from.saturating_add(words.saturating_mul(WORD_MS));
        let text = text.replace('\t', " ").trim().to_owned();
        talk.push(utterance(from, to, speaker.trim(), text));
    }
    Ok(talk)
}
