//! An ordinary run of an assistant: what the oracle judges, and what goes over the protocol.

use crate::path::Work;
use mondegreen_oracle::{Judge, Nearness, Reader, judge};
use mondegreen_trace::fact::{Dictionary, Fact};
use mondegreen_trace::{
    Asks, Contact, Effect, Household, Hypothesis, Input, Line, PROTOCOL, Trace, Voice,
};
use std::hint::black_box;

const DEVICE: &str = "kitchen";
const CONTACT: &str = "c1";
const COMMAND: &str = "send a message";
const CONFIRM: &str = "Send it to Ana Ruiz? Say \"copper\" to send it.";

/// A run as it is written.
#[derive(Default)]
struct Script {
    lines: Vec<Line>,
    now_ms: u64,
    prompts: u32,
}

impl Script {
    fn given(&mut self, input: Input) {
        self.lines.push(Line::In(input));
    }

    fn did(&mut self, effect: Effect) {
        self.lines.push(Line::Out(effect));
    }

    fn start(&mut self) {
        let contact = |id: &str, name: &str| Contact {
            id: id.to_owned(),
            name: name.to_owned(),
        };
        self.given(Input::Start {
            protocol: PROTOCOL,
            seed: 7,
            at_ms: 0,
            household: Household {
                devices: vec![DEVICE.to_owned(), "bedroom".to_owned()],
                contacts: vec![contact(CONTACT, "Ana Ruiz"), contact("c2", "Bob Stone")],
                messaging: true,
            },
        });
        self.did(Effect::Done);
    }

    /// Speech of 300 ms, a second later, and what the device does.
    fn heard(&mut self, text: &str, confidence: f64, then: impl FnOnce(&mut Self)) {
        self.now_ms += 1_000;
        self.given(Input::Heard {
            at_ms: self.now_ms,
            device: DEVICE.to_owned(),
            from_ms: self.now_ms - 300,
            is_final: true,
            voice: Voice::Person,
            hypotheses: vec![Hypothesis {
                text: text.to_owned(),
                confidence,
            }],
        });
        then(self);
        self.did(Effect::Done);
    }

    fn time(&mut self, wait_ms: u64, then: impl FnOnce(&mut Self)) {
        self.now_ms += wait_ms;
        self.given(Input::Time { at_ms: self.now_ms });
        then(self);
        self.did(Effect::Done);
    }

    fn asks(&mut self, asks: Asks, text: &str, message: &str) {
        self.prompts += 1;
        let is_about = asks != Asks::Recipient;
        self.did(Effect::Prompt {
            device: DEVICE.to_owned(),
            prompt: self.prompts,
            text: text.to_owned(),
            asks: Some(asks),
            recipient: is_about.then(|| CONTACT.to_owned()),
            message: is_about.then(|| message.to_owned()),
            duration_ms: 1_500,
        });
    }

    /// The prompt has been said, and the device listens for six seconds.
    fn ended(&mut self, listens_for: Asks) {
        self.now_ms += 1_500;
        self.given(Input::PromptEnded {
            at_ms: self.now_ms,
            device: DEVICE.to_owned(),
            prompt: self.prompts,
        });
        self.listens(listens_for);
        self.did(Effect::Done);
    }

    fn listens(&mut self, listens_for: Asks) {
        let window = (listens_for != Asks::Wake).then_some(self.now_ms + 6_000);
        self.did(Effect::Listen {
            device: DEVICE.to_owned(),
            listens_for,
            until_ms: window,
        });
    }

    fn notice(&mut self, text: &str) {
        self.did(Effect::Notice {
            device: DEVICE.to_owned(),
            text: text.to_owned(),
        });
    }

    /// From the wake word to the recipient's confirmation.
    fn addressed(&mut self, message: &str) {
        self.heard("alexa", 0.9, |s| s.listens(Asks::Command));
        self.heard(COMMAND, 0.9, |s| {
            s.asks(Asks::Recipient, "To whom?", message);
        });
        self.ended(Asks::Recipient);
        let right = "Ana Ruiz, right?";
        self.heard("ana ruiz", 0.9, |s| {
            s.asks(Asks::Confirmation, right, message);
        });
        self.heard("yes", 0.9, |_| ());
        self.ended(Asks::Confirmation);
        self.heard("well I told her so", 0.9, |s| {
            s.asks(Asks::Confirmation, right, message);
        });
        self.ended(Asks::Confirmation);
    }

    /// From there to the question whether to send it.
    fn recorded(&mut self, message: &str) {
        let what = "What's the message?";
        self.heard("yes", 0.9, |s| s.asks(Asks::Message, what, message));
        let (device, id) = (DEVICE.to_owned(), message.to_owned());
        self.ended(Asks::Message);
        self.time(0, |s| {
            s.did(Effect::Record {
                device: device.clone(),
                message: id.clone(),
            });
        });
        self.heard("see you at six", 0.9, |_| ());
        self.time(2_000, |s| {
            s.did(Effect::RecordEnded {
                device,
                message: id,
            });
            s.asks(Asks::Confirmation, CONFIRM, message);
        });
        self.ended(Asks::Confirmation);
    }

    fn refused(&mut self, message: &str) {
        self.heard("copper", 0.3, |_| ());
        self.time(5_000, |s| s.asks(Asks::Confirmation, CONFIRM, message));
        self.ended(Asks::Confirmation);
        self.heard("copper pipes", 0.9, |_| ());
        self.heard("no", 0.9, |s| {
            s.did(Effect::Cancel {
                device: DEVICE.to_owned(),
                message: Some(message.to_owned()),
            });
            s.notice("It is not sent.");
            s.listens(Asks::Wake);
        });
        self.heard("copper", 0.9, |_| ());
    }

    fn sent(&mut self, message: &str) {
        self.heard("copper", 0.9, |s| {
            s.notice("Sending it to Ana Ruiz in a moment.");
            s.listens(Asks::Wake);
            s.did(Effect::Timer {
                at_ms: s.now_ms + 5_000,
            });
        });
        self.time(5_000, |s| {
            s.did(Effect::Send {
                device: DEVICE.to_owned(),
                message: message.to_owned(),
                recipient: CONTACT.to_owned(),
                from_ms: None,
                to_ms: None,
            });
        });
        self.given(Input::Delivery {
            at_ms: self.now_ms + 200,
            message: message.to_owned(),
            ok: true,
        });
        self.did(Effect::Done);
        self.given(Input::End);
    }
}

/// A message that is refused after answers that come too early, doubtful and late, and one that is
/// confirmed, held, sent and delivered; it breaks no rule.
pub fn ordinary_run() -> Trace {
    let mut script = Script::default();
    script.start();
    script.addressed("m1");
    script.recorded("m1");
    script.refused("m1");
    script.addressed("m2");
    script.recorded("m2");
    script.sent("m2");
    Trace {
        lines: script.lines,
    }
}

/// The run as facts.
pub fn facts(dictionary: &mut Dictionary) -> Vec<Fact> {
    let trace = ordinary_run();
    assert_eq!(judge(&trace), [], "the run is not a clean one");
    trace
        .lines
        .iter()
        .map(|line| dictionary.fact(line))
        .collect()
}

/// The oracle on the facts of the run, text having been read before.
pub(crate) fn judging() -> Work {
    let (mut dictionary, mut reader) = (Dictionary::new(), Reader::new());
    let facts = facts(&mut dictionary);
    let mut judge = Judge::new();
    let mut judging = move || {
        judge.reset();
        for fact in black_box(&facts) {
            judge.see(fact, &mut reader, &dictionary);
        }
        let nearness = judge.nearness();
        let breaches = judge.finish(&mut reader, &dictionary).len();
        (facts.len(), nearness, breaches)
    };
    let (count, nearness, breaches) = judging();
    assert_eq!((nearness, breaches), (Nearness { sent: 1, met: 0 }, 0));
    Work::new(count, move || judging().2)
}

/// Inputs are written and effects are read, a line each, as with a program on the other side of a pipe.
pub(crate) fn protocol() -> Work {
    enum Half {
        Written(Input),
        Read(Effect, String),
    }
    let halves = |line: Line| match line {
        Line::In(input) => Some(Half::Written(input)),
        Line::Out(effect) => {
            let text = serde_json::to_string(&effect).ok()?;
            Some(Half::Read(effect, text))
        }
        Line::Said { .. } => None,
    };
    let lines: Vec<Half> = ordinary_run()
        .lines
        .into_iter()
        .filter_map(halves)
        .collect();
    for line in &lines {
        match line {
            Half::Written(input) => {
                let text = serde_json::to_string(input).expect("an input can be written");
                assert_eq!(
                    serde_json::from_str::<Input>(&text).ok().as_ref(),
                    Some(input)
                );
            }
            Half::Read(effect, text) => {
                assert_eq!(
                    serde_json::from_str::<Effect>(text).ok().as_ref(),
                    Some(effect)
                );
            }
        }
    }
    let mut written = Vec::new();
    Work::new(lines.len(), move || {
        let mut count = 0;
        for line in black_box(&lines) {
            match line {
                Half::Written(input) => {
                    written.clear();
                    let whole = serde_json::to_writer(&mut written, input);
                    count += whole.map_or(0, |()| written.len());
                }
                Half::Read(_, text) => {
                    let effect = serde_json::from_slice::<Effect>(text.as_bytes());
                    count += usize::from(effect.is_ok_and(|effect| effect == Effect::Done));
                }
            }
        }
        count
    })
}
