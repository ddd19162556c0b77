//! The exchanges of a conformance check.

use super::Failure;
use crate::assistant::{Assistant, Broken};
use crate::case::{Case, Event, How, WHATS, What, When};
use crate::play::{Player, Words};
use crate::process::Process;
use crate::target::SpokenTo;
use mondegreen_trace::fact::Fact;
use mondegreen_trace::{
    Button, Contact, Effect, Household, Hypothesis, Input, Line, PROTOCOL, Trace, Voice,
};
use serde_json::{Value, json};
use std::thread::sleep;
use std::time::Duration;

/// So many events lead on to a send, and beyond.
const PLAIN_EVENTS: usize = 16;
/// So many runs are many.
const RUNS: usize = 25;
/// A real pause before an input.
const PAUSE: Duration = Duration::from_millis(250);
/// So many inputs have one before them.
const PAUSES: usize = 8;

/// A program under check, and what it did so far.
pub(super) struct Exchange<'a> {
    spawn: &'a dyn Fn() -> Result<Process, Broken>,
    words: &'a Words,
    process: Process,
    /// What was held and did not break.
    pub(super) traces: Vec<Trace>,
    /// The conversation in which all goes plainly, the first time that it was held.
    pub(super) plain: Option<Trace>,
    pub(super) broke: bool,
}

type Checked = Result<(), Failure>;

impl<'a> Exchange<'a> {
    pub(super) fn new(
        spawn: &'a dyn Fn() -> Result<Process, Broken>,
        words: &'a Words,
    ) -> Result<Self, Broken> {
        Ok(Self {
            process: spawn()?,
            spawn,
            words,
            traces: Vec::new(),
            plain: None,
            broke: false,
        })
    }

    /// Notes what was held, or why it broke.
    fn held(&mut self, held: Result<Trace, Broken>) -> Result<Trace, Failure> {
        match held {
            Ok(trace) => {
                self.traces.push(trace.clone());
                Ok(trace)
            }
            Err(broken) => {
                self.broke = true;
                Err(Failure::broken(&broken, &self.process.account()))
            }
        }
    }

    fn play(&mut self, events: Vec<Event>) -> Result<Trace, Failure> {
        let held = play(&mut self.process, self.words, events);
        self.held(held)
    }

    /// The plain conversation; it is held once.
    fn plain(&mut self) -> Result<Trace, Failure> {
        if let Some(plain) = &self.plain {
            return Ok(plain.clone());
        }
        let trace = self.play(plainly())?;
        self.plain = Some(trace.clone());
        Ok(trace)
    }

    /// Gives these inputs after a start in this household.
    fn give(&mut self, household: Household, inputs: Vec<Input>) -> Result<Trace, Failure> {
        let start = Input::Start {
            protocol: PROTOCOL,
            seed: 7,
            at_ms: 0,
            household,
        };
        let inputs = std::iter::once(start).chain(inputs).chain([Input::End]);
        let held = give(&mut self.process, inputs);
        self.held(held)
    }

    /// That the plain conversation goes as it went when this assistant is between.
    fn goes_as_before(
        &mut self,
        why: &str,
        between: impl FnOnce(&mut Process, &Words) -> Result<Trace, Broken>,
    ) -> Checked {
        let plain = self.plain()?;
        let held = between(&mut self.process, self.words);
        let again = self.held(held)?;
        if again == plain {
            return Ok(());
        }
        Err(Failure::differ(why, [("before", &plain), ("now", &again)]))
    }
}

fn play(assistant: &mut dyn Assistant, words: &Words, events: Vec<Event>) -> Result<Trace, Broken> {
    let mut player = Player::new(SpokenTo::new(assistant).in_words(words.clone()));
    let mut facts = Vec::new();
    player.play(&Case::plain(events), &mut facts)?;
    Ok(trace_of(&player, &facts))
}

fn trace_of(player: &Player<SpokenTo<&mut dyn Assistant>>, facts: &[Fact]) -> Trace {
    let dictionary = player.dictionary().borrow();
    let lines = facts.iter().filter_map(|fact| dictionary.line(fact));
    Trace {
        lines: lines.collect(),
    }
}

fn give(process: &mut Process, inputs: impl Iterator<Item = Input>) -> Result<Trace, Broken> {
    let mut lines = Vec::new();
    for input in inputs {
        let mut effects: Vec<Effect> = Vec::new();
        process.take(&input, &mut effects)?;
        lines.push(Line::In(input));
        lines.extend(effects.into_iter().map(Line::Out));
    }
    Ok(Trace { lines })
}

/// What leads on to a send.
fn plainly() -> Vec<Event> {
    vec![Event::onward(0); PLAIN_EVENTS]
}

pub(super) fn hello_first(exchange: &mut Exchange<'_>) -> Checked {
    exchange.play(Vec::new())?;
    exchange.play(Vec::new())?;
    Ok(())
}

pub(super) fn done_after_each(exchange: &mut Exchange<'_>) -> Checked {
    exchange.plain()?;
    Ok(())
}

/// Each kind of event from every stage of the plain conversation, and inputs that fit nowhere.
pub(super) fn every_input(exchange: &mut Exchange<'_>) -> Checked {
    for (what, _) in WHATS {
        for led in 0..PLAIN_EVENTS {
            let mut events = vec![Event::onward(0); led];
            events.extend([Event::plain(what), Event::onward(1), Event::plain(what)]);
            exchange.play(events)?;
        }
    }
    for how in [How::Interim, How::Second, How::ByDevice, How::ByStranger] {
        let event = |_| Event {
            how,
            ..Event::onward(0)
        };
        exchange.play((0..PLAIN_EVENTS).map(event).collect())?;
    }
    exchange.give(household(&["Ana Ruiz"], 1), out_of_place())?;
    Ok(())
}

/// Inputs that are about nothing that there is.
fn out_of_place() -> Vec<Input> {
    let device = || "d1".to_owned();
    let heard = |at_ms, text: &str, confidence| {
        let hypotheses = vec![Hypothesis {
            text: text.to_owned(),
            confidence,
        }];
        heard(at_ms, hypotheses)
    };
    vec![
        Input::PromptEnded {
            at_ms: 10,
            device: device(),
            prompt: 4_000_000_000,
        },
        Input::Withdrawn {
            at_ms: 10,
            device: device(),
            from_ms: 3,
        },
        Input::Delivery {
            at_ms: 10,
            message: "no such message".to_owned(),
            ok: true,
        },
        Input::Pressed {
            at_ms: 10,
            device: device(),
            button: Button::Confirm,
        },
        Input::Pressed {
            at_ms: 10,
            device: device(),
            button: Button::Cancel,
        },
        Input::Setting {
            at_ms: 20,
            messaging: true,
        },
        Input::Setting {
            at_ms: 20,
            messaging: false,
        },
        heard(30, "", 0.0),
        heard(30, "   ", 1.0),
        heard(30, "?!…", 1.0),
        heard(30, "ä 好 \u{1F642} \"quoted\" \\ \n\t\u{0}", 0.5),
        heard(30, &"again and ".repeat(2_000), 0.123_456_789_012_345_67),
        self::heard(40, Vec::new()),
        Input::Restart { at_ms: 50 },
        Input::Restart { at_ms: 50 },
        Input::Setting {
            at_ms: 60,
            messaging: true,
        },
        Input::Time { at_ms: 60 },
        Input::Time {
            at_ms: 9_007_199_254_740_991,
        },
    ]
}

fn heard(at_ms: u64, hypotheses: Vec<Hypothesis>) -> Input {
    Input::Heard {
        at_ms,
        device: "d1".to_owned(),
        from_ms: at_ms.saturating_sub(300),
        is_final: true,
        voice: Voice::Person,
        hypotheses,
    }
}

fn household(names: &[&str], devices: u8) -> Household {
    let contact = |(number, name): (u32, &&str)| Contact {
        id: format!("c{number}"),
        name: (*name).to_owned(),
    };
    Household {
        devices: (1..=devices).map(|number| format!("d{number}")).collect(),
        contacts: (1..).zip(names).map(contact).collect(),
        messaging: true,
    }
}

pub(super) fn every_household(exchange: &mut Exchange<'_>) -> Checked {
    let many: Vec<String> = (0..200).map(|number| format!("Person {number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let homes = [
        household(&[], 1),
        household(&["Ana Ruiz"], 0),
        household(&["Ana", "Ana", "Anna"], 2),
        household(&["", "\"Yes\"", "好", "O'Brien (home)", "Send It"], 1),
        household(&many, 20),
    ];
    let off = homes.clone().map(|home| Household {
        messaging: false,
        ..home
    });
    for home in homes.into_iter().chain(off) {
        let inputs = said_to(&home, exchange.words);
        exchange.give(home, inputs)?;
    }
    Ok(())
}

/// What leads to a send where all goes well. Where there is no device, nothing is heard.
fn said_to(home: &Household, words: &Words) -> Vec<Input> {
    if home.devices.is_empty() {
        return vec![Input::Time { at_ms: 1 }];
    }
    let first = home.contacts.first();
    let name = first.map_or("somebody", |contact| &contact.name);
    let said = [&words.wake, &words.request, name, "yes"];
    let heard = (1_u64..).zip(said).map(|(number, text)| {
        let hypothesis = Hypothesis {
            text: text.to_owned(),
            confidence: 1.0,
        };
        heard(10_000 * number, vec![hypothesis])
    });
    heard.collect()
}

/// Nobody says anything from some stage of the conversation on.
pub(super) fn silence(exchange: &mut Exchange<'_>) -> Checked {
    for led in 0..PLAIN_EVENTS {
        for when in [When::Soon, When::Later, When::MuchLater, When::Overslept] {
            let mut events = vec![Event::onward(0); led];
            let time = Event {
                when,
                ..Event::plain(What::Time)
            };
            events.extend([time, time, Event::onward(0)]);
            exchange.play(events)?;
        }
    }
    Ok(())
}

/// Writes inputs with more fields than there are, in another order.
struct Embellished<'a>(&'a mut Process);

impl Assistant for Embellished<'_> {
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        let value = serde_json::to_value(input);
        let mut value = value.map_err(|error| Broken::new(error.to_string()))?;
        embellish(&mut value);
        self.0.take_as(input, value.to_string().as_bytes(), effects)
    }
}

fn embellish(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(embellish);
            let more = json!({ "type": "end", "at_ms": -1, "text": null, "of": [true, {}] });
            fields.insert("a_later_version".to_owned(), more);
        }
        Value::Array(values) => values.iter_mut().for_each(embellish),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

pub(super) fn unknown_fields(exchange: &mut Exchange<'_>) -> Checked {
    let why = "it went another way when inputs had more fields";
    exchange.goes_as_before(why, |process, words| {
        play(&mut Embellished(process), words, plainly())
    })
}

/// Lets real time pass before inputs.
struct Unhurried<'a> {
    process: &'a mut Process,
    pauses: usize,
}

impl Assistant for Unhurried<'_> {
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        if self.pauses > 0 {
            self.pauses -= 1;
            sleep(PAUSE);
        }
        self.process.take(input, effects)
    }
}

pub(super) fn virtual_time(exchange: &mut Exchange<'_>) -> Checked {
    let why = "it went another way when real time passed between inputs";
    exchange.goes_as_before(why, |process, words| {
        let mut unhurried = Unhurried {
            process,
            pauses: PAUSES,
        };
        play(&mut unhurried, words, plainly())
    })
}

pub(super) fn same_again(exchange: &mut Exchange<'_>) -> Checked {
    let why = "the same conversation went another way the second time";
    exchange.goes_as_before(why, |process, words| play(process, words, plainly()))?;
    let why = "the same conversation went another way in another process";
    let spawn = exchange.spawn;
    exchange.goes_as_before(why, |process, words| {
        *process = spawn()?;
        play(process, words, plainly())
    })
}

/// Leaves a run at every stage, without an end.
pub(super) fn fresh_start(exchange: &mut Exchange<'_>) -> Checked {
    let why = "a run went another way after one that was left unfinished";
    for led in 0..PLAIN_EVENTS {
        exchange.goes_as_before(why, |process, words| {
            let left: &mut dyn Assistant = process;
            let mut player = Player::new(SpokenTo::new(left).in_words(words.clone()));
            let mut facts = Vec::new();
            player.start(&Case::plain(Vec::new()), &mut facts)?;
            for _ in 0..led {
                player.happen(Event::onward(0), &mut facts)?;
            }
            drop(player);
            play(process, words, plainly())
        })?;
    }
    Ok(())
}

pub(super) fn many_runs(exchange: &mut Exchange<'_>) -> Checked {
    for _ in 0..RUNS {
        let why = "a conversation went another way after many others";
        exchange.goes_as_before(why, |process, words| play(process, words, plainly()))?;
    }
    Ok(())
}
