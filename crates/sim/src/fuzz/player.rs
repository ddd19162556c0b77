//! Plays a case to the guarded assistant: turns "the wanted answer, at the deadline" into a line of
//! the protocol, and keeps the trace.

use super::case::{Case, Event, How, What, When};
use crate::{Assistant, Preset, Reference};
use mondegreen_dialog::{DeviceId, Dialog, Stage};
use mondegreen_trace::{
    Button, Effect, Household, Hypothesis, Input, Line, PROTOCOL, Trace, Voice,
};
use std::collections::BTreeSet;

/// How long speech takes that was not begun at a named time.
const SPEECH_MS: u64 = 300;
const SOON_MS: u64 = 100;
const SECOND_MS: u64 = 1_000;
const LATER_MS: u64 = 120_000;
const MUCH_LATER_MS: u64 = 60 * 24 * 3_600_000;
/// An assistant that asks for more timers than this while nothing happens never comes to rest.
const TIMERS_MAX: usize = 100;
/// What is known of a device from outside.
#[derive(Clone, Debug, Default)]
struct Ear {
    prompt: u32,
    /// Its last words, when they began, and when they end as far as is known.
    text: String,
    began_ms: u64,
    ends_ms: u64,
    speaking: bool,
    /// Whether something was said into the recording.
    taped: bool,
    /// When the speech began that it heard last.
    heard_from_ms: u64,
}

struct Player {
    assistant: Reference,
    household: Household,
    trace: Trace,
    now_ms: u64,
    timers: BTreeSet<u64>,
    ears: Vec<Ear>,
    /// The message that was sent last.
    sent: String,
}

/// The trace of a case, let go on until the assistant comes to rest.
pub(super) fn play(case: &Case) -> Trace {
    let household = case.household();
    let mut player = Player {
        assistant: Reference::new(Preset::GUARDED),
        trace: Trace::default(),
        now_ms: 0,
        timers: BTreeSet::new(),
        ears: vec![Ear::default(); household.devices.len()],
        sent: String::new(),
        household: household.clone(),
    };
    player.give(Input::Start {
        protocol: PROTOCOL,
        seed: u64::from(case.seed),
        at_ms: 0,
        household,
    });
    for event in &case.events {
        player.happen(*event);
    }
    player.obey_timers(u64::MAX);
    player.give(Input::End);
    player.trace
}

impl Player {
    fn happen(&mut self, event: Event) {
        let Event {
            mut what, mut when, ..
        } = event;
        if what == What::Onward {
            let onward = self.onward(event.device);
            what = onward.0;
            if when == When::InTime {
                when = onward.1;
            }
        }
        let at_ms = self.time(when, event.device).max(self.now_ms);
        let until_ms = if when == When::AfterDeadline {
            at_ms.saturating_add(1)
        } else {
            at_ms
        };
        if when == When::Overslept {
            self.timers = self.timers.split_off(&at_ms);
        } else {
            self.obey_timers(until_ms);
        }
        self.now_ms = at_ms;
        let input = self.input(what, event);
        self.give(input);
    }

    fn ear(&self, device: u8) -> &Ear {
        &self.ears[usize::from(device)]
    }

    /// What leads on towards a send from where the device stands, and when.
    fn onward(&self, device: u8) -> (What, When) {
        let ear = self.ear(device);
        if ear.speaking {
            return (What::PromptEnded, When::AtPromptEnd);
        }
        let dialog = self.assistant.dialog();
        match dialog.and_then(|dialog| dialog.stage(DeviceId(device))) {
            None | Some(Stage::Idle) => (What::Wake, When::InTime),
            Some(Stage::Awake) => (What::SendMessage, When::InTime),
            Some(Stage::AskingRecipient) => (What::FirstName, When::InTime),
            Some(Stage::ConfirmingRecipient | Stage::ConfirmingSend) => {
                (What::Wanted, When::InTime)
            }
            Some(Stage::Recording) if !ear.taped => (What::Talk, When::InTime),
            Some(Stage::Recording | Stage::Holding) => (What::Time, When::AfterDeadline),
        }
    }

    fn time(&self, when: When, device: u8) -> u64 {
        let after = |wait_ms| self.now_ms.saturating_add(wait_ms);
        let dialog = self.assistant.dialog();
        let left = dialog.and_then(Dialog::next_deadline);
        let deadline_ms = left.map_or(self.now_ms, |left| after(u64::from(left.0)));
        match when {
            When::InTime => after(SECOND_MS),
            When::AtOnce => self.now_ms,
            When::Soon => after(SOON_MS),
            When::BeforeDeadline => deadline_ms.saturating_sub(1),
            When::AtDeadline | When::AfterDeadline => deadline_ms,
            When::Overslept => deadline_ms.saturating_add(1),
            When::BeforePromptEnd => self.ear(device).ends_ms.saturating_sub(1),
            When::AtPromptEnd => self.ear(device).ends_ms,
            When::Later => after(LATER_MS),
            When::MuchLater => after(MUCH_LATER_MS),
        }
    }

    /// Gives the assistant the time that it asked for, as often as that lies before `until_ms`.
    fn obey_timers(&mut self, until_ms: u64) {
        for _ in 0..TIMERS_MAX {
            match self.timers.first() {
                Some(&at_ms) if at_ms < until_ms => {
                    self.timers.remove(&at_ms);
                    self.now_ms = self.now_ms.max(at_ms);
                    self.give(Input::Time { at_ms: self.now_ms });
                }
                Some(_) | None => return,
            }
        }
        assert!(
            self.timers.is_empty(),
            "the assistant never comes to rest\n{}",
            super::written(&self.trace)
        );
    }

    fn input(&mut self, what: What, event: Event) -> Input {
        let at_ms = self.now_ms;
        let device = self.household.devices[usize::from(event.device)].clone();
        let pressed = |device, button| Input::Pressed {
            at_ms,
            device,
            button,
        };
        let ended = |device, prompt| Input::PromptEnded {
            at_ms,
            device,
            prompt,
        };
        let prompt = self.ear(event.device).prompt;
        match what {
            What::PromptEnded => ended(device, prompt),
            What::OldPromptEnded => ended(device, prompt.saturating_sub(1)),
            What::ConfirmButton => pressed(device, Button::Confirm),
            What::CancelButton => pressed(device, Button::Cancel),
            What::Withdrawn => Input::Withdrawn {
                at_ms,
                device,
                from_ms: self.ear(event.device).heard_from_ms,
            },
            What::Delivered | What::Undelivered => Input::Delivery {
                at_ms,
                message: self.sent.clone(),
                ok: what == What::Delivered,
            },
            What::MessagingOn | What::MessagingOff => Input::Setting {
                at_ms,
                messaging: what == What::MessagingOn,
            },
            What::Restart => Input::Restart { at_ms },
            What::Time => Input::Time { at_ms },
            What::Onward
            | What::Wanted
            | What::Wake
            | What::SendMessage
            | What::SendMessageToFirst
            | What::Lights
            | What::FirstName
            | What::SecondName
            | What::Yes
            | What::No
            | What::YesAndNo
            | What::SendIt
            | What::Cancel
            | What::Talk
            | What::Noise
            | What::Echo => self.speech(what, event, device),
        }
    }

    fn speech(&self, what: What, event: Event, device: String) -> Input {
        let at_ms = self.now_ms;
        Input::Heard {
            at_ms,
            device,
            // Speech takes time, be it a millisecond.
            from_ms: self.began(event).min(at_ms.saturating_sub(1)),
            is_final: event.how != How::Interim,
            voice: match event.how {
                How::ByDevice => Voice::Device,
                How::ByStranger => Voice::Unknown,
                How::Plainly
                | How::JustSure
                | How::NotQuiteSure
                | How::Doubtfully
                | How::Second
                | How::BesideNo
                | How::WithinTalk
                | How::Addressed
                | How::Interim
                | How::SinceBeforePromptEnd
                | How::SincePromptEnd
                | How::SinceBeforePrompt
                | How::SinceEver => Voice::Person,
            },
            hypotheses: match self.words(what, event.device) {
                Some(words) => hypotheses(&words, event.how),
                None => Vec::new(),
            },
        }
    }

    /// When the speech began.
    fn began(&self, event: Event) -> u64 {
        let ends = self.ears.iter().map(|ear| ear.ends_ms);
        let quiet_ms = ends.max().unwrap_or(0);
        match event.how {
            How::Plainly
            | How::JustSure
            | How::NotQuiteSure
            | How::Doubtfully
            | How::Second
            | How::BesideNo
            | How::WithinTalk
            | How::Addressed
            | How::Interim
            | How::ByDevice
            | How::ByStranger => self.now_ms.saturating_sub(SPEECH_MS).max(quiet_ms),
            How::SinceBeforePromptEnd => quiet_ms.saturating_sub(1),
            How::SincePromptEnd => quiet_ms,
            How::SinceBeforePrompt => self.ear(event.device).began_ms.saturating_sub(1),
            How::SinceEver => 0,
        }
    }

    /// The words of something that is said; nothing for noise.
    fn words(&self, what: What, device: u8) -> Option<String> {
        let name = |place: usize| {
            let contact = self.household.contacts.get(place);
            contact.map_or("", |contact| contact.name.as_str())
        };
        let words = match what {
            What::Wanted => self.ear(device).wanted(),
            What::Wake => "alexa",
            What::SendMessage => "send a message",
            What::SendMessageToFirst => return Some(format!("send a message to {}", name(0))),
            What::Lights => "turn on the lights",
            What::FirstName => name(0),
            What::SecondName => name(1),
            What::Yes => "yes",
            What::No => "no",
            What::YesAndNo => "yes no",
            What::SendIt => "send it",
            What::Cancel => "cancel",
            What::Talk => "home a little later",
            What::Echo => {
                let last = self.ears.iter().max_by_key(|ear| ear.began_ms);
                last.map_or("", |ear| ear.text.as_str())
            }
            What::Onward
            | What::Noise
            | What::PromptEnded
            | What::OldPromptEnded
            | What::ConfirmButton
            | What::CancelButton
            | What::Withdrawn
            | What::Delivered
            | What::Undelivered
            | What::MessagingOn
            | What::MessagingOff
            | What::Restart
            | What::Time => return None,
        };
        Some(words.to_owned())
    }

    fn give(&mut self, input: Input) {
        let mut effects = Vec::new();
        let taken = self.assistant.take(&input, &mut effects);
        assert_eq!(taken, Ok(()), "\n{}", super::written(&self.trace));
        self.note_input(&input);
        self.trace.lines.push(Line::In(input));
        for effect in effects {
            self.note_effect(&effect);
            self.trace.lines.push(Line::Out(effect));
        }
    }

    fn ear_of(&mut self, name: &str) -> Option<&mut Ear> {
        let devices = self.household.devices.iter();
        let named = devices
            .zip(&mut self.ears)
            .find(|(known, _)| *known == name);
        named.map(|(_, ear)| ear)
    }

    fn note_input(&mut self, input: &Input) {
        match input {
            Input::Heard {
                device, from_ms, ..
            } => {
                if let Some(ear) = self.ear_of(device) {
                    ear.heard_from_ms = *from_ms;
                    ear.taped = true;
                }
            }
            Input::PromptEnded {
                at_ms,
                device,
                prompt,
            } => {
                let ear = self.ear_of(device);
                if let Some(ear) = ear.filter(|ear| ear.speaking && ear.prompt == *prompt) {
                    ear.speaking = false;
                    ear.ends_ms = *at_ms;
                }
            }
            Input::Restart { at_ms } => {
                for ear in &mut self.ears {
                    ear.fall_silent(*at_ms);
                }
            }
            Input::Start { .. }
            | Input::Withdrawn { .. }
            | Input::Pressed { .. }
            | Input::Time { .. }
            | Input::Delivery { .. }
            | Input::Setting { .. }
            | Input::End => {}
        }
    }

    fn note_effect(&mut self, effect: &Effect) {
        let now_ms = self.now_ms;
        match effect {
            Effect::Prompt {
                device,
                prompt,
                text,
                duration_ms,
                ..
            } => {
                if let Some(ear) = self.ear_of(device) {
                    ear.prompt = *prompt;
                    ear.text.clone_from(text);
                    ear.began_ms = now_ms;
                    ear.ends_ms = now_ms.saturating_add(*duration_ms);
                    ear.speaking = true;
                }
            }
            Effect::Record { device, .. } => {
                if let Some(ear) = self.ear_of(device) {
                    ear.taped = false;
                }
            }
            Effect::Cancel { device, .. } => {
                if let Some(ear) = self.ear_of(device) {
                    ear.fall_silent(now_ms);
                }
            }
            Effect::Send { message, .. } => self.sent.clone_from(message),
            Effect::Timer { at_ms } => {
                self.timers.insert(*at_ms);
            }
            Effect::Hello { .. }
            | Effect::Listen { .. }
            | Effect::RecordEnded { .. }
            | Effect::Notice { .. }
            | Effect::Act { .. }
            | Effect::Done => {}
        }
    }
}

impl Ear {
    /// The answer that the last prompt wants: what it quotes, or a yes.
    fn wanted(&self) -> &str {
        self.text.split('"').nth(1).unwrap_or("yes")
    }

    fn fall_silent(&mut self, now_ms: u64) {
        if self.speaking {
            self.speaking = false;
            self.ends_ms = self.ends_ms.min(now_ms);
        }
    }
}

/// What a recogniser makes of the words.
fn hypotheses(words: &str, how: How) -> Vec<Hypothesis> {
    let as_said = |confidence| (words.to_owned(), confidence);
    let list = match how {
        How::JustSure => vec![as_said(0.8)],
        How::NotQuiteSure => vec![as_said(0.799)],
        How::Doubtfully => vec![as_said(0.499)],
        How::Second => vec![("nice weather".to_owned(), 0.9), as_said(0.85)],
        How::BesideNo => vec![as_said(0.9), ("no".to_owned(), 0.89)],
        How::WithinTalk => vec![(format!("well {words} you know"), 1.0)],
        How::Addressed => vec![(format!("alexa {words}"), 1.0)],
        How::Plainly
        | How::Interim
        | How::ByDevice
        | How::ByStranger
        | How::SinceBeforePromptEnd
        | How::SincePromptEnd
        | How::SinceBeforePrompt
        | How::SinceEver => vec![as_said(1.0)],
    };
    let hypothesis = |(text, confidence)| Hypothesis { text, confidence };
    list.into_iter().map(hypothesis).collect()
}
