//! From a conversation that breaks a rule to the smallest one that still does.
//!
//! Delta debugging (Zeller and Hildebrandt 2002) over events, devices and contacts, then over the
//! words of each utterance as long as what is left is fluent, then over times. It ends when a whole
//! round changes nothing, so shrinking twice is shrinking once.

use crate::assistant::Assistant;
use crate::channel::Channel;
use crate::hold::{Held, hold};
use crate::hunt::speech_ms;
use mondegreen_generator::is_fluent;
use mondegreen_oracle::{Rule, judge};
use mondegreen_trace::{Event, Input, Line, Script};

/// Rounds after which shrinking stops even if the last one changed something.
const ROUNDS_MAX: usize = 20;
/// The pause before an utterance that shrinking tries for.
const PAUSE_MS: u64 = 300;

/// Makes a script smaller while it breaks the same rule.
pub struct Shrinker<'a> {
    channel: &'a mut Channel,
    assistant: &'a mut dyn Assistant,
    rule: Rule,
}

impl<'a> Shrinker<'a> {
    /// Keeps to breaches of this rule.
    pub fn new(channel: &'a mut Channel, assistant: &'a mut dyn Assistant, rule: Rule) -> Self {
        Self {
            channel,
            assistant,
            rule,
        }
    }

    /// The smallest script that it finds.
    pub fn shrink(&mut self, script: &Script) -> Script {
        let mut best = script.clone();
        for _ in 0..ROUNDS_MAX {
            let before = best.clone();
            best = self.fewer_events(best);
            best = self.smaller_household(best);
            best = self.fewer_words(best);
            best = self.plainer_times(best);
            if best == before {
                break;
            }
        }
        best
    }

    fn hold(&mut self, script: &Script) -> Held {
        hold(script, self.channel, self.assistant)
    }

    fn breaks(&mut self, script: &Script) -> bool {
        let held = self.hold(script);
        held.broken.is_none()
            && judge(&held.trace)
                .iter()
                .any(|breach| breach.rule == self.rule)
    }

    /// Takes the new script if it still breaks the rule.
    fn try_change(&mut self, best: &mut Script, change: Script) -> bool {
        let better = change != *best && self.breaks(&change);
        if better {
            *best = change;
        }
        better
    }

    fn fewer_events(&mut self, mut best: Script) -> Script {
        let mut chunk = best.events.len().div_ceil(2);
        while chunk > 0 {
            let mut at = 0;
            while at < best.events.len() {
                let mut fewer = best.clone();
                let end = (at + chunk).min(fewer.events.len());
                fewer.events.drain(at..end);
                if !self.try_change(&mut best, fewer) {
                    at += chunk;
                }
            }
            chunk /= 2;
        }
        best
    }

    fn smaller_household(&mut self, mut best: Script) -> Script {
        for at in (0..best.household.devices.len()).rev() {
            let mut fewer = best.clone();
            let device = fewer.household.devices.remove(at);
            for event in &mut fewer.events {
                if let Event::Said(said) = event {
                    said.devices.retain(|name| *name != device);
                }
            }
            let unheard =
                |event: &Event| matches!(event, Event::Said(said) if said.devices.is_empty());
            if !fewer.events.iter().any(unheard) {
                self.try_change(&mut best, fewer);
            }
        }
        for at in (0..best.household.contacts.len()).rev() {
            let mut fewer = best.clone();
            fewer.household.contacts.remove(at);
            self.try_change(&mut best, fewer);
        }
        best
    }

    fn fewer_words(&mut self, mut best: Script) -> Script {
        for at in 0..best.events.len() {
            for text in shorter_texts(&best, at) {
                let mut shorter = best.clone();
                if let Some(Event::Said(said)) = shorter.events.get_mut(at) {
                    said.to_ms = said.from_ms.saturating_add(speech_ms(self.channel, &text));
                    said.text = text;
                }
                if self.try_change(&mut best, shorter) {
                    break;
                }
            }
        }
        best
    }

    fn plainer_times(&mut self, mut best: Script) -> Script {
        for at in 0..best.events.len() {
            let before_ms = match at.checked_sub(1).and_then(|before| best.events.get(before)) {
                Some(Event::Said(said)) => said.to_ms,
                Some(Event::Happens { at_ms, .. }) => *at_ms,
                None => 0,
            };
            let held = self.hold(&best);
            let Some(event) = best.events.get(at) else {
                continue;
            };
            let answers_ms = prompt_end_before(&held, event.at_ms());
            let wanted_ms = before_ms.max(answers_ms).saturating_add(PAUSE_MS);
            let earlier_ms = event.at_ms().saturating_sub(wanted_ms);
            let mut plainer = best.clone();
            for event in plainer.events.iter_mut().skip(at) {
                shift(event, earlier_ms);
            }
            self.try_change(&mut best, plainer);
        }
        best
    }
}

/// When the last prompt before a time had been said.
fn prompt_end_before(held: &Held, at_ms: u64) -> u64 {
    let ends = held.trace.lines.iter().filter_map(|line| match line {
        Line::In(Input::PromptEnded { at_ms, .. }) => Some(*at_ms),
        Line::In(_) | Line::Out(_) | Line::Said { .. } => None,
    });
    ends.filter(|end_ms| *end_ms <= at_ms).max().unwrap_or(0)
}

fn shift(event: &mut Event, earlier_ms: u64) {
    match event {
        Event::Said(said) => {
            said.from_ms = said.from_ms.saturating_sub(earlier_ms);
            said.to_ms = said.to_ms.saturating_sub(earlier_ms);
        }
        Event::Happens { at_ms, .. } => *at_ms = at_ms.saturating_sub(earlier_ms),
    }
}

/// What is left of an utterance without one run of its words, if it is fluent; the shortest first.
fn shorter_texts(script: &Script, at: usize) -> Vec<String> {
    let Some(Event::Said(said)) = script.events.get(at) else {
        return Vec::new();
    };
    let words: Vec<&str> = said.text.split_whitespace().collect();
    let runs = (0..words.len()).flat_map(|from| (from + 1..=words.len()).map(move |to| from..to));
    let left = runs.map(|run| {
        let left: Vec<&str> = [words.get(..run.start), words.get(run.end..)]
            .into_iter()
            .flatten()
            .flatten()
            .copied()
            .collect();
        (left.len(), as_sentence(&left.join(" "), &said.text))
    });
    let mut texts: Vec<(usize, String)> = left
        .filter(|(words, text)| *words > 0 && is_fluent(text))
        .collect();
    texts.sort();
    texts.dedup();
    texts.into_iter().map(|(_, text)| text).collect()
}

/// With a capital letter, and the mark at its end that the whole utterance had.
fn as_sentence(text: &str, whole: &str) -> String {
    let marks = ['.', '!', '?', ',', ';', ':', '-'];
    let end = whole
        .chars()
        .next_back()
        .filter(|c| matches!(c, '.' | '!' | '?'));
    let mut chars = text.trim_end_matches(marks).chars();
    let capital = chars.next().map(char::to_uppercase).into_iter().flatten();
    capital.chain(chars).chain(end).collect()
}
