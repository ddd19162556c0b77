//! A recording that is played to an ear, and its answers.

use super::event::{Event, Events, write};
use super::fault::Fault;
use super::link::{Link, Open};
use super::{Alternative, Curve, Heard, Hearing, Kind, Peak, RATE};
use crate::process::child::Deadline;
use mondegreen_phonetics::{Phone, pronunciations};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// Samples that are sent at once, 64 ms; what Wyoming's own clients send.
const CHUNK: usize = 1_024;

/// After its last sound a server hears so much silence, since it works on while it is told of the end.
const SETTLING: usize = RATE as usize;

/// A server that has answered something, and then nothing for so long, has answered. Some never say
/// that they have, and neither close the connection.
const QUIET: Duration = Duration::from_millis(500);

/// Some servers spot a word again with every step while its score is high; within so long it is one.
const AGAIN_MS: u64 = 1_000;
/// So far back is looked for it, which allows for as many names at once.
const NAMES_MAX: usize = 16;

/// A part of a request, and when it is due.
type Piece = (Duration, Vec<u8>);

/// All that is sent for a recording; its last event asks what the ear is, and the answer to that
/// says that the others were answered.
pub(super) fn request(
    kind: Kind,
    samples: &[i16],
    listen_for: &[&str],
    link: &Link,
) -> VecDeque<Piece> {
    let format = json!({ "rate": RATE, "width": 2, "channels": 1, "timestamp": 0 });
    let mut pieces: VecDeque<Piece> = VecDeque::new();
    let mut piece = Vec::new();
    match kind {
        Kind::Spotter => write("detect", &json!({ "names": listen_for }), &[], &mut piece),
        Kind::Recogniser if listen_for.is_empty() => {
            write("transcribe", &json!({}), &[], &mut piece);
        }
        Kind::Recogniser => {
            let terms = json!({ "transcript_terms": listen_for, "sounds": sounds(listen_for) });
            write("transcribe", &terms, &[], &mut piece);
        }
    }
    write("audio-start", &format, &[], &mut piece);
    let is_paced = link.is_server();
    let silence = vec![0; if is_paced { SETTLING } else { 0 }];
    let mut sent = 0;
    for chunk in samples.chunks(CHUNK).chain(silence.chunks(CHUNK)) {
        sent += chunk.len();
        // When the chunk was complete: some servers take 0 for a time that is missing.
        let at_ms = ms(sent);
        let mut data = format.clone();
        data["timestamp"] = at_ms.into();
        let payload: Vec<u8> = chunk
            .iter()
            .flat_map(|sample| sample.to_le_bytes())
            .collect();
        write("audio-chunk", &data, &payload, &mut piece);
        if is_paced {
            pieces.push_back((Duration::from_millis(at_ms), std::mem::take(&mut piece)));
        }
    }
    write(
        "audio-stop",
        &json!({ "timestamp": ms(sent) }),
        &[],
        &mut piece,
    );
    write("describe", &json!({}), &[], &mut piece);
    pieces.push_back((
        Duration::from_millis(if is_paced { ms(sent) } else { 0 }),
        piece,
    ));
    pieces
}

/// How the words of phrases sound, as the dictionary has it, for recognisers that do not know them.
fn sounds(phrases: &[&str]) -> BTreeMap<String, Vec<String>> {
    let words = phrases.iter().flat_map(|phrase| phrase.split_whitespace());
    let sounds = words.map(|word| {
        let symbols = |phones: &Vec<Phone>| {
            let symbols = phones.iter().map(|phone| phone.symbol());
            symbols.collect::<Vec<_>>().join(" ")
        };
        let word = word.to_lowercase();
        let sounds = pronunciations(&word).iter().map(symbols).collect();
        (word, sounds)
    });
    sounds.collect()
}

fn ms(samples: usize) -> u64 {
    samples as u64 * 1_000 / u64::from(RATE)
}

/// A recording that is being heard.
#[derive(Debug)]
pub(super) struct Exchange {
    kind: Kind,
    length_ms: u64,
    pub(super) heard: Heard,
    /// Whether a transcript was given, or anything that a spotter answers.
    is_answered: bool,
}

impl Exchange {
    pub(super) fn new(kind: Kind, samples: usize) -> Self {
        Self {
            kind,
            length_ms: ms(samples),
            heard: Heard::default(),
            is_answered: false,
        }
    }

    /// Sends the request and takes all answers to it.
    pub(super) fn hold(
        &mut self,
        link: &mut Link,
        events: &mut Events,
        mut request: VecDeque<Piece>,
        limit: Duration,
    ) -> Result<(), Fault> {
        events.begin_answer();
        link.expect_silence()?;
        let deadline = Deadline::after(limit);
        let mut piece = Vec::new();
        let mut unwritten = piece.as_slice();
        // Begun when all was sent to a server that has answered something.
        let mut quiet: Option<Deadline> = None;
        loop {
            while let Some(event) = events.next(link)? {
                if self.take(&event)? {
                    return Ok(());
                }
            }
            let now = deadline.elapsed();
            if unwritten.is_empty()
                && let Some((_, due)) = request.pop_front_if(|(due, _)| *due <= now)
            {
                piece = due;
                unwritten = piece.as_slice();
            }
            let is_sent = request.is_empty() && unwritten.is_empty();
            if is_sent && self.is_answered && link.is_server() {
                let quiet = quiet.get_or_insert_with(|| Deadline::after(QUIET));
                if quiet.left().is_none() {
                    return Ok(());
                }
            }
            let until_due = request.front().map(|(due, _)| due.saturating_sub(now));
            let at_most = until_due.unwrap_or(QUIET);
            if link.move_on(&mut unwritten, &deadline, at_most)? == Open::No {
                return self.close(link, events, request.is_empty());
            }
        }
    }

    /// A server has closed the connection, as some do after their last answer, or when they have
    /// nothing to answer.
    fn close(&mut self, link: &mut Link, events: &mut Events, is_told: bool) -> Result<(), Fault> {
        while let Some(event) = events.next(link)? {
            self.take(&event)?;
        }
        let may_be_silent = is_told && self.kind == Kind::Spotter;
        if self.is_answered || may_be_silent {
            Ok(())
        } else {
            Err(Fault::Closed)
        }
    }

    /// Takes an answer; says whether it is the last.
    fn take(&mut self, event: &Event) -> Result<bool, Fault> {
        match event.kind.as_str() {
            "detection" => {
                let spotted: Spotted = event.fields()?;
                let to_ms = self.within(spotted.timestamp);
                let hearing = Hearing {
                    text: spotted.name.unwrap_or_default(),
                    from_ms: spotted.from_ms.unwrap_or(to_ms).min(to_ms),
                    to_ms,
                    score: spotted.score,
                    alternatives: Vec::new(),
                };
                let is_again = |before: &Hearing| {
                    before.text == hearing.text && to_ms.abs_diff(before.to_ms) < AGAIN_MS
                };
                if !self
                    .heard
                    .hearings
                    .iter()
                    .rev()
                    .take(NAMES_MAX)
                    .any(is_again)
                {
                    self.heard.hearings.push(hearing);
                }
            }
            "not-detected" => {
                let nearest: Spotted = event.fields()?;
                let at_ms = self.within(nearest.timestamp);
                self.heard.nearest = nearest.score.map(|score| Peak { at_ms, score });
            }
            "scores" => {
                let curve: Curve = event.fields()?;
                self.heard.curves.push(curve);
                return Ok(false);
            }
            "transcript" => self.transcribe(event.fields()?),
            "error" => {
                let text = event.data.get("text").and_then(Value::as_str);
                return Err(Fault::Refused(text.unwrap_or_default().to_owned()));
            }
            // A recogniser may still be at work when it says what it is.
            "info" => return Ok(self.kind == Kind::Spotter || self.is_answered),
            _ => return Ok(false),
        }
        self.is_answered = true;
        Ok(false)
    }

    fn transcribe(&mut self, transcript: Transcript) {
        let whole = Segment {
            text: transcript.text,
            from_ms: Some(0),
            to_ms: None,
            score: None,
            alternatives: Vec::new(),
        };
        for segment in transcript.segments.unwrap_or_else(|| vec![whole]) {
            if segment.text.trim().is_empty() {
                continue;
            }
            let to_ms = self.within(segment.to_ms);
            self.heard.hearings.push(Hearing {
                text: segment.text.trim().to_owned(),
                from_ms: segment.from_ms.unwrap_or(0).min(to_ms),
                to_ms,
                score: segment.score,
                alternatives: segment.alternatives,
            });
        }
    }

    /// A time that an ear gives; some count from elsewhere, and none can hear what is not there.
    fn within(&self, at_ms: Option<u64>) -> u64 {
        at_ms.unwrap_or(self.length_ms).min(self.length_ms)
    }
}

#[derive(Debug, Deserialize)]
struct Spotted {
    name: Option<String>,
    timestamp: Option<u64>,
    from_ms: Option<u64>,
    score: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Transcript {
    text: String,
    segments: Option<Vec<Segment>>,
}

#[derive(Debug, Deserialize)]
struct Segment {
    text: String,
    from_ms: Option<u64>,
    to_ms: Option<u64>,
    score: Option<f64>,
    #[serde(default)]
    alternatives: Vec<Alternative>,
}
