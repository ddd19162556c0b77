//! Reads traces as `docs/rules.md` writes them, so that its examples can be judged.
//!
//! ```text
//! start kitchen bedroom | c1 Ana Ruiz | c2 Bob Stone      also `start off …`: messaging is off
//! said 1.500-2.000 kitchen Ann [request c1]: yes          as in a script
//! 2.0 kitchen hears "yes" 0.9 from 1.5                    also `interim`, `own voice`, `unknown voice`
//! 2.0 kitchen withdraws 1.5
//! 2.0 kitchen prompt 1 ended
//! 2.0 kitchen pressed confirm
//! 2.0 delivery m1 failed
//! 2.0 messaging off
//! 2.0 restart
//! 2.0 time
//! end
//! > kitchen prompt 1 "Ana Ruiz, right?" 1.0 confirmation c1 m1     what it asks for and about may lack
//! > kitchen listens for confirmation until 9.0
//! > kitchen records m1
//! > kitchen ends m1
//! > kitchen sends m1 to c1 3.0-5.0
//! > kitchen cancels m1
//! > kitchen notice "Sending"
//! > kitchen acts light_on
//! > timer 9.0
//! > done
//! ```

use mondegreen_trace::{
    Asks, Button, Contact, Effect, Event, Hears, Household, Hypothesis, Input, Line, Script, Trace,
    Voice,
};

/// The trace that is written there.
#[track_caller]
pub(crate) fn trace(text: &str) -> Trace {
    let mut household = Household {
        devices: Vec::new(),
        contacts: Vec::new(),
        messaging: true,
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines = lines.map(|line| {
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        let read = match first {
            "start" => {
                household = read_household(rest);
                Some(Line::In(start(household.clone())))
            }
            "said" => read_said(&household, rest),
            "end" => Some(Line::In(Input::End)),
            ">" => read_effect(rest).map(Line::Out),
            time => read_input(millis(time), rest).map(Line::In),
        };
        read.unwrap_or_else(|| panic!("`{line}` is not understood"))
    });
    Trace {
        lines: lines.collect(),
    }
}

fn start(household: Household) -> Input {
    Input::Start {
        protocol: 1,
        seed: 0,
        at_ms: 0,
        household,
    }
}

fn read_household(text: &str) -> Household {
    let mut parts = text.split(" | ");
    let devices = parts.next().unwrap_or_default();
    let (messaging, devices) = match devices.strip_prefix("off ") {
        Some(devices) => (false, devices),
        None => (true, devices),
    };
    let contacts = parts.map(|contact| {
        let (id, name) = contact.split_once(' ').unwrap_or((contact, ""));
        let (id, name) = (id.to_owned(), name.to_owned());
        Contact { id, name }
    });
    Household {
        devices: devices.split(' ').map(str::to_owned).collect(),
        contacts: contacts.collect(),
        messaging,
    }
}

fn read_said(household: &Household, text: &str) -> Option<Line> {
    let script = Script {
        seed: 0,
        household: household.clone(),
        hears: Hears::NearMisses,
        events: Vec::new(),
    };
    let script: Script = format!("{script}{text}\n").parse().ok()?;
    match script.events.into_iter().next()? {
        Event::Said(said) => Some(Line::Said { said }),
        Event::Happens { .. } => None,
    }
}

fn read_input(at_ms: u64, text: &str) -> Option<Input> {
    let words: Vec<&str> = text.split(' ').collect();
    let own = |text: &&str| (*text).to_owned();
    Some(match words.as_slice() {
        ["time"] => Input::Time { at_ms },
        ["restart"] => Input::Restart { at_ms },
        ["messaging", on] => Input::Setting {
            at_ms,
            messaging: *on == "on",
        },
        ["delivery", message, how] => Input::Delivery {
            at_ms,
            message: own(message),
            ok: *how == "ok",
        },
        [device, "withdraws", from] => Input::Withdrawn {
            at_ms,
            device: own(device),
            from_ms: millis(from),
        },
        [device, "prompt", prompt, "ended"] => Input::PromptEnded {
            at_ms,
            device: own(device),
            prompt: prompt.parse().ok()?,
        },
        [device, "pressed", button] => Input::Pressed {
            at_ms,
            device: own(device),
            button: if *button == "cancel" {
                Button::Cancel
            } else {
                Button::Confirm
            },
        },
        [device, "hears", ..] => read_heard(at_ms, device, text)?,
        _ => return None,
    })
}

fn read_heard(at_ms: u64, device: &str, text: &str) -> Option<Input> {
    let (_, hypotheses) = text.split_once("hears ")?;
    let (hypotheses, rest) = hypotheses.split_once(" from ")?;
    let from = rest.split(' ').next()?;
    let hypotheses = hypotheses.split(" or ").map(|hypothesis| {
        let (text, confidence) = quoted(hypothesis)?;
        let confidence = confidence.parse().ok()?;
        Some(Hypothesis { text, confidence })
    });
    Some(Input::Heard {
        at_ms,
        device: device.to_owned(),
        from_ms: millis(from),
        is_final: !rest.contains("interim"),
        voice: if rest.contains("unknown voice") {
            Voice::Unknown
        } else if rest.contains("own voice") {
            Voice::Device
        } else {
            Voice::Person
        },
        hypotheses: hypotheses.collect::<Option<_>>()?,
    })
}

fn read_effect(text: &str) -> Option<Effect> {
    let words: Vec<&str> = text.split(' ').collect();
    let own = |text: &&str| (*text).to_owned();
    Some(match words.as_slice() {
        ["done"] => Effect::Done,
        ["timer", at] => Effect::Timer { at_ms: millis(at) },
        [device, "prompt", number, ..] => read_prompt(device, number, text)?,
        [device, "listens", "for", what] => Effect::Listen {
            device: own(device),
            listens_for: read_asks(what)?,
            until_ms: None,
        },
        [device, "listens", "for", what, "until", until] => Effect::Listen {
            device: own(device),
            listens_for: read_asks(what)?,
            until_ms: Some(millis(until)),
        },
        [device, "records", message] => Effect::Record {
            device: own(device),
            message: own(message),
        },
        [device, "ends", message] => Effect::RecordEnded {
            device: own(device),
            message: own(message),
        },
        [device, "sends", message, "to", recipient, span @ ..] => {
            let span = span.first().and_then(|span| span.split_once('-'));
            Effect::Send {
                device: own(device),
                message: own(message),
                recipient: own(recipient),
                from_ms: span.map(|(from, _)| millis(from)),
                to_ms: span.map(|(_, to)| millis(to)),
            }
        }
        [device, "cancels", message @ ..] => Effect::Cancel {
            device: own(device),
            message: message.first().map(own),
        },
        [device, "acts", action] => Effect::Act {
            device: own(device),
            action: own(action),
        },
        [device, "notice", ..] => Effect::Notice {
            device: own(device),
            text: quoted(text.split_once("notice ")?.1)?.0,
        },
        _ => return None,
    })
}

fn read_prompt(device: &str, number: &str, text: &str) -> Option<Effect> {
    let (text, rest) = quoted(text.split_once(number)?.1.trim_start())?;
    let mut rest = rest.split(' ');
    let duration_ms = millis(rest.next()?);
    let mut rest = rest.peekable();
    let asks = rest.peek().and_then(|word| read_asks(word));
    if asks.is_some() {
        rest.next();
    }
    let (contacts, messages): (Vec<&str>, Vec<&str>) = rest.partition(|id| id.starts_with('c'));
    let first = |ids: Vec<&str>| ids.first().map(|id| (*id).to_owned());
    Some(Effect::Prompt {
        device: device.to_owned(),
        prompt: number.parse().ok()?,
        text,
        asks,
        recipient: first(contacts),
        message: first(messages),
        duration_ms,
    })
}

fn read_asks(word: &str) -> Option<Asks> {
    Some(match word {
        "wake" => Asks::Wake,
        "command" => Asks::Command,
        "recipient" => Asks::Recipient,
        "message" => Asks::Message,
        "confirmation" => Asks::Confirmation,
        _ => return None,
    })
}

/// A text in quotation marks, from the first to the last of them, and what comes after it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let (inner, after) = text.strip_prefix('"')?.rsplit_once('"')?;
    Some((inner.to_owned(), after.trim_start()))
}

/// Seconds like `2.5` or `2.500`, or `max` for the last millisecond that there is.
#[track_caller]
fn millis(seconds: &str) -> u64 {
    if seconds == "max" {
        return u64::MAX;
    }
    let (whole, part) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let millis = format!("{whole}{part:0<3}");
    millis
        .parse()
        .unwrap_or_else(|_| panic!("`{seconds}` is not a time"))
}
