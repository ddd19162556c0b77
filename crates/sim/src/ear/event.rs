//! Events of the Wyoming protocol, as they lie on the wire.
//!
//! A JSON object on a line, then so many bytes of data (JSON, merged into the object's `data`) as its
//! `data_length` says, then so many bytes of payload as its `payload_length` says. A length is waited
//! for, within the deadline of whoever reads, and never allocated by.

use super::fault::Fault;
use super::link::Link;
use crate::process::breakdown::ANSWER_MAX;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// An event; its payload, which no answer has a use for, was dropped.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) kind: String,
    pub(super) data: Map<String, Value>,
}

impl Event {
    /// Reads fields of its data; those that are not known are ignored.
    pub(super) fn fields<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        let value = Value::Object(self.data.clone());
        T::deserialize(&value).map_err(|why| Fault::NotAnEvent {
            why: why.to_string(),
            bytes: value.to_string().into_bytes(),
        })
    }
}

/// What stands on the line.
#[derive(Debug, Deserialize)]
struct Head {
    #[serde(rename = "type")]
    kind: String,
    data: Option<Map<String, Value>>,
    data_length: Option<u64>,
    payload_length: Option<u64>,
}

/// Makes events of what comes in, however it was cut.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// An event that is not all there, and how much data and payload it waits for.
    begun: Option<(Event, usize, usize)>,
    /// Bytes of data and payload that were announced since the last request.
    announced: usize,
}

impl Events {
    /// A new request was made, whose answers may be as long as those of the last.
    pub(super) fn begin_answer(&mut self) {
        self.announced = 0;
    }

    /// The next event, if all of it is there.
    pub(super) fn next(&mut self, link: &mut Link) -> Result<Option<Event>, Fault> {
        if self.begun.is_none() {
            let Some(first) = link.next_line()? else {
                return Ok(None);
            };
            let length = first.len();
            let head = serde_json::from_slice(first).map_err(|why| Fault::NotAnEvent {
                why: why.to_string(),
                bytes: first.to_vec(),
            });
            self.begun = Some(self.begin(head?, length)?);
        }
        let Some((event, data, payload)) = &mut self.begun else {
            return Ok(None);
        };
        if *data > 0 {
            let Some(bytes) = link.next_bytes(*data) else {
                return Ok(None);
            };
            let more: Map<String, Value> =
                serde_json::from_slice(bytes).map_err(|why| Fault::NotAnEvent {
                    why: why.to_string(),
                    bytes: bytes.to_vec(),
                })?;
            event.data.extend(more);
            *data = 0;
        }
        if link.next_bytes(*payload).is_none() {
            return Ok(None);
        }
        Ok(self.begun.take().map(|(event, ..)| event))
    }

    fn begin(&mut self, head: Head, head_bytes: usize) -> Result<(Event, usize, usize), Fault> {
        let length = |said: Option<u64>| {
            let said = said.unwrap_or(0);
            let fitting = usize::try_from(said).ok();
            fitting
                .filter(|length| *length <= ANSWER_MAX)
                .ok_or(Fault::TooLong(said))
        };
        let (data, payload) = (length(head.data_length)?, length(head.payload_length)?);
        self.announced += head_bytes + data + payload;
        if self.announced > ANSWER_MAX {
            return Err(Fault::TooMuch);
        }
        let event = Event {
            kind: head.kind,
            data: head.data.unwrap_or_default(),
        };
        Ok((event, data, payload))
    }
}

/// Appends an event.
pub(super) fn write(kind: &str, data: &Value, payload: &[u8], to: &mut Vec<u8>) {
    let data = data.to_string();
    let mut head = json!({ "type": kind, "version": VERSION, "data_length": data.len() });
    if !payload.is_empty() {
        head["payload_length"] = payload.len().into();
    }
    to.extend_from_slice(head.to_string().as_bytes());
    to.push(b'\n');
    to.extend_from_slice(data.as_bytes());
    to.extend_from_slice(payload);
}

/// Of the package whose source is what there is for a specification.
const VERSION: &str = "1.10.2";
