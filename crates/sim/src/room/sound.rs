//! Hearing by sound: real engines hear what people and devices say.
//!
//! Each device has one thing in its ear: what it will hear next if nothing changes. It is found anew
//! when the device begins to listen for something else, and when a device begins to speak. All
//! devices have the one microphone that sound is rendered for.

use super::{Around, Due, Ears, Room};
use crate::assistant::Broken;
use crate::channel::Channel;
use crate::microphone::{Attention, Caught, Expects, Microphone, Next};
use mondegreen_trace::{Asks, Hypothesis, Input, Line, Trace, Voice};

impl Room {
    /// Finds what each device hears next, if something has changed.
    pub(super) fn attend(&mut self, around: &mut Around<'_>) {
        let Ears::Sound(microphone) = &mut around.ears else {
            return;
        };
        if !std::mem::take(&mut self.is_changed) {
            return;
        }
        microphone.turn_to(&self.sounding());
        let devices: Vec<String> = self.ears.keys().cloned().collect();
        for device in devices {
            let next = self
                .attention(&device, around.channel, microphone)
                .and_then(|attention| microphone.next(&attention));
            self.expect_to_hear(&device, next);
        }
    }

    /// All that was said so far, and what people will say.
    fn sounding(&self) -> Trace {
        let mut trace = self.trace.clone();
        let to_come = self.due.values().filter_map(|due| match due {
            Due::Said(event) => self.said.get(event),
            Due::Woken(_)
            | Due::Goes(_)
            | Due::Ends(_)
            | Due::Hears { .. }
            | Due::PromptEnds { .. }
            | Due::Timer
            | Due::Delivered { .. }
            | Due::Happens(_) => None,
        });
        let said = to_come.map(|(said, _)| Line::Said {
            said: said.as_ref().clone(),
        });
        trace.lines.extend(said);
        trace
    }

    fn attention(
        &self,
        device: &str,
        channel: &Channel,
        microphone: &Microphone,
    ) -> Option<Attention> {
        let ear = self.ears.get(device)?;
        let phrases = match (microphone.expects(), ear.listens_for) {
            (Expects::Phrases, Some(asks)) => channel.expected_after(asks, &ear.prompt),
            (Expects::Phrases, None) | (Expects::Anything, _) => Vec::new(),
        };
        Some(Attention {
            asks: ear.listens_for,
            since_ms: ear.since_ms,
            until_ms: ear.until_ms.filter(|_| ear.listens_for != Some(Asks::Wake)),
            phrases,
        })
    }

    fn expect_to_hear(&mut self, device: &str, next: Option<Next>) {
        let turn = self.scheduled + 1;
        if let Some(next) = &next {
            let device = device.to_owned();
            self.schedule(next.at_ms, Due::Hears { device, turn });
        }
        if let Some(ear) = self.ears.get_mut(device) {
            ear.next = next.map(|next| (turn, next));
        }
    }

    /// A device hears what it was to hear, unless something has changed since.
    pub(super) fn hears(
        &mut self,
        device: &str,
        turn: usize,
        around: &mut Around<'_>,
    ) -> Result<(), Broken> {
        let Some(ear) = self.ears.get_mut(device) else {
            return Ok(());
        };
        let Some((_, next)) = ear.next.take_if(|(at, _)| *at == turn) else {
            return Ok(());
        };
        let at_ms = self.now_ms;
        ear.since_ms = at_ms;
        self.is_changed = true;
        self.caught.push(Caught {
            at_ms,
            device: device.to_owned(),
            ear: next.ear,
            text: next.text.clone(),
            score: next.score,
        });
        let heard = Input::Heard {
            at_ms,
            device: device.to_owned(),
            from_ms: next.from_ms,
            is_final: true,
            // No engine says whose voice it was.
            voice: Voice::Unknown,
            hypotheses: vec![Hypothesis {
                text: next.text,
                confidence: next.confidence,
            }],
        };
        self.give(heard, around)
    }
}
