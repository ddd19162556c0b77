//! One cause, one bucket: what findings have in common that have one cause, however they were come
//! by.
//!
//! Of two findings in one assistant the cause is one if the same rule is broken, the same is missing
//! for permission, and it goes wrong at the same place. What is missing is the oracle's sentence
//! without its particulars: who, which device, which message, what words, at what time. The place is
//! what the assistant asked last and did from there on; of talk nobody meant anything by it is also
//! what was misheard on the way. What was out of the ordinary is no part of it: an answer a
//! millisecond late and one a day late find the same window open.

use crate::misread::{Cause, Place};
use mondegreen_oracle::{Breach, Rule};
use mondegreen_trace::{Asks, Effect, Input, Line, Trace};
use std::fmt::{self, Display, Formatter};

/// What the oracle calls an answer that was not said.
const BUTTONS: [&str; 2] = ["the confirm button", "the cancel button"];
/// Stands for a particular of a sentence.
const PARTICULAR: &str = "…";

/// What findings of one cause have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bucket {
    /// The rule that is broken.
    pub rule: Rule,
    /// What was missing for permission.
    pub missing: String,
    /// Where it goes wrong, in order.
    pub place: Vec<String>,
}

impl Bucket {
    /// The bucket of a breach of this rule; the first one, if there are several.
    pub fn of(rule: Rule, breaches: &[Breach], trace: &Trace) -> Self {
        let breach = breaches.iter().find(|breach| breach.rule == rule);
        let missing = breach.map(|breach| without_particulars(breach, trace));
        let stops = breach.map_or_else(Vec::new, |breach| stops_before(breach, trace));
        let asked = stops.iter().rposition(|stop| is_question(stop));
        let since = asked.and_then(|asked| stops.get(asked..));
        let since = since.unwrap_or(&stops).iter();
        let mut place: Vec<String> = since.map(|stop| (*stop).to_owned()).collect();
        place.dedup();
        Self {
            rule,
            missing: missing.unwrap_or_default(),
            place,
        }
    }

    /// The same where talk was misheard at these stages, in order: of a rule about what people
    /// meant, that is part of the cause.
    #[must_use]
    pub fn misheard(mut self, stages: impl IntoIterator<Item = Asks>) -> Self {
        if !self.rule.is_gate() {
            let stages = stages
                .into_iter()
                .map(|asks| format!("mishears {}", stage(asks)));
            self.place.splice(0..0, stages);
            self.place.dedup();
        }
        self
    }

    /// The bucket of words that were taken for permission.
    pub fn of_misreading(cause: &Cause) -> Self {
        let words = match cause.words.as_slice() {
            [] => "any words".to_owned(),
            words => words.join(" "),
        };
        let at = match cause.place {
            Place::Command => "at the command".to_owned(),
            Place::Question(left) => format!("at a question, {left} before the last"),
        };
        let asks = cause.asks.map(|asks| format!("asks {}", stage(asks)));
        let late = cause.is_late.then(|| "late".to_owned());
        let restarted = cause.is_restarted.then(|| "after a restart".to_owned());
        let place = [Some(at), asks, late, restarted];
        Self {
            rule: cause.rule,
            missing: format!("permission was taken from: {words}"),
            place: place.into_iter().flatten().collect(),
        }
    }

    /// A short name for it in this assistant, for a file: the rule, and a number made of all the
    /// rest, the same in every build.
    pub fn name(&self, assistant: &str) -> String {
        let words = [assistant, &self.missing].into_iter();
        let words = words.chain(self.place.iter().map(String::as_str));
        // FNV-1a; a byte that no text holds ends each part.
        let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
        for byte in words.flat_map(|word| word.bytes().chain([0xFF])) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
        let short = (hash >> 32 ^ hash) & 0xFFFF_FFFF;
        let rule = self.rule.to_string().to_lowercase().replace(' ', "-");
        format!("{rule}-{short:08x}")
    }
}

impl Display for Bucket {
    /// `G4 early-answer: … began at …, before … had ended at … (asks confirmation, sends)`.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.missing)?;
        if !self.place.is_empty() {
            write!(f, " ({})", self.place.join(", "))?;
        }
        Ok(())
    }
}

/// What a line of a trace says of the way that was taken.
pub(crate) fn stop(line: &Line) -> Option<&'static str> {
    let Line::Out(effect) = line else {
        return None;
    };
    match effect {
        Effect::Prompt { asks, .. } => Some(match asks {
            None => "prompt",
            Some(Asks::Wake) => "asks wake",
            Some(Asks::Command) => "asks command",
            Some(Asks::Recipient) => "asks recipient",
            Some(Asks::Message) => "asks message",
            Some(Asks::Confirmation) => "asks confirmation",
        }),
        Effect::Record { .. } => Some("records"),
        Effect::Send { .. } => Some("sends"),
        Effect::Cancel { .. } => Some("cancels"),
        Effect::Act { .. } => Some("acts"),
        Effect::Hello { .. }
        | Effect::Listen { .. }
        | Effect::RecordEnded { .. }
        | Effect::Notice { .. }
        | Effect::Timer { .. }
        | Effect::Done => None,
    }
}

/// What was done up to a breach; if it is about a message, about that one and on its device.
fn stops_before(breach: &Breach, trace: &Trace) -> Vec<&'static str> {
    let end = breach.line.saturating_add(1);
    let done = trace.lines.iter().take(end);
    let about = |line: &&Line| {
        message_of(line).is_some_and(|(_, message)| message == breach.message.as_deref())
    };
    let device = done.clone().rfind(about).and_then(message_of);
    let concerns = |line: &&Line| match (&breach.message, device, message_of(line)) {
        (Some(_), Some((device, about)), Some((here, message))) => {
            device == here && (message.is_none() || message == about) && stop(line) != Some("acts")
        }
        _ => true,
    };
    done.filter(concerns).filter_map(stop).collect()
}

/// The device that does something, and the message that it is about.
fn message_of(line: &Line) -> Option<(&str, Option<&str>)> {
    let Line::Out(effect) = line else {
        return None;
    };
    match effect {
        Effect::Prompt {
            device, message, ..
        }
        | Effect::Cancel { device, message } => Some((device, message.as_deref())),
        Effect::Record { device, message }
        | Effect::RecordEnded { device, message }
        | Effect::Send {
            device, message, ..
        } => Some((device, Some(message))),
        Effect::Listen { device, .. }
        | Effect::Notice { device, .. }
        | Effect::Act { device, .. } => Some((device, None)),
        Effect::Hello { .. } | Effect::Timer { .. } | Effect::Done => None,
    }
}

fn is_question(stop: &str) -> bool {
    stop == "prompt" || stop.starts_with("asks")
}

const fn stage(asks: Asks) -> &'static str {
    match asks {
        Asks::Wake => "wake",
        Asks::Command => "command",
        Asks::Recipient => "recipient",
        Asks::Message => "message",
        Asks::Confirmation => "confirmation",
    }
}

/// The sentence of a breach without who, where, when, and in what words.
fn without_particulars(breach: &Breach, trace: &Trace) -> String {
    let mut names: Vec<&str> = breach.message.as_deref().into_iter().collect();
    for line in &trace.lines {
        if let Line::In(Input::Start { household, .. }) = line {
            names.extend(household.devices.iter().map(String::as_str));
            let contacts = household.contacts.iter();
            names.extend(contacts.flat_map(|contact| [contact.id.as_str(), contact.name.as_str()]));
        }
    }
    names.retain(|name| !name.is_empty());
    // A name that holds another comes first.
    names.sort_by_key(|name| (std::cmp::Reverse(name.len()), *name));
    let mut sentence = unquoted(&breach.why);
    names.extend(BUTTONS);
    for name in names {
        sentence = without_name(&sentence, name);
    }
    let mut words: Vec<String> = Vec::new();
    for word in sentence.split(' ') {
        let bare = word.trim_end_matches([',', ';', '.']);
        let mark = word.get(bare.len()..).unwrap_or_default();
        let is_particular = bare == PARTICULAR || bare.contains(|c: char| c.is_ascii_digit());
        // The unit of a time goes with its number.
        let before = words.last_mut().filter(|before| *before == PARTICULAR);
        match before {
            Some(before) if is_particular || bare == "s" => before.push_str(mark),
            _ if is_particular => words.push(format!("{PARTICULAR}{mark}")),
            _ => words.push(word.to_owned()),
        }
    }
    words.join(" ")
}

/// A text in which what stands in quotation marks or braces is left out. A mark opens a quotation at
/// the beginning of a word and closes it at the end of one; quotations may hold others.
fn unquoted(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut quotes, mut braces) = (String::new(), 0_usize, 0_usize);
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at.saturating_add(1));
        let is_end = after.is_none_or(|after| !after.is_alphanumeric() && *after != '"');
        match c {
            '"' if quotes > 0 && (is_end || before.is_some_and(|c| c.is_alphanumeric())) => {
                quotes -= 1;
            }
            '"' => {
                if quotes == 0 && braces == 0 {
                    out.push_str(PARTICULAR);
                }
                quotes += 1;
            }
            '{' if quotes == 0 => braces += 1,
            '}' if quotes == 0 => braces = braces.saturating_sub(1),
            c if quotes == 0 && braces == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// A sentence in which this name is left out where it stands as a word of its own.
fn without_name(sentence: &str, name: &str) -> String {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (mut out, mut rest) = (String::new(), sentence);
    while let Some((before, after)) = rest.split_once(name) {
        let begins = !is_word(before.chars().next_back().or(out.chars().next_back()));
        let ends = !is_word(after.chars().next());
        out.push_str(before);
        out.push_str(if begins && ends { PARTICULAR } else { name });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use mondegreen_trace::{Contact, Household};

    fn home() -> Trace {
        let contact = |id: &str, name: &str| Contact {
            id: id.to_owned(),
            name: name.to_owned(),
        };
        let household = Household {
            devices: vec!["kitchen".to_owned(), "hall".to_owned()],
            contacts: vec![
                contact("c1", "Ana Ruiz"),
                contact("c2", "Ana"),
                contact("c3", "\"Yes\""),
            ],
            messaging: true,
        };
        let start = Input::Start {
            protocol: mondegreen_trace::PROTOCOL,
            seed: 1,
            at_ms: 0,
            household,
        };
        Trace {
            lines: vec![Line::In(start)],
        }
    }

    fn missing(why: &str) -> String {
        let breach = Breach {
            rule: Rule::G1,
            line: 0,
            message: Some("the-first".to_owned()),
            why: why.to_owned(),
        };
        without_particulars(&breach, &home())
    }

    #[test]
    fn particulars_are_left_out_of_a_sentence() {
        for (why, wanted) in [
            (
                "at 9.600 s kitchen sent m1 to Ana Ruiz, which nobody had been asked to confirm",
                "at … sent … to …, which nobody had been asked to confirm",
            ),
            (
                "at 0.001 s hall sent the-first to \"Yes\", which nobody had been asked to confirm",
                "at … sent … to …, which nobody had been asked to confirm",
            ),
            (
                "\"yes\" began at 5.000 s, before \"Say \"velvet\" to send it to Ana.\" had ended at 6.000 s",
                "… began at …, before … had ended at …",
            ),
            (
                "\"\" was not final when it was taken to answer \"\"Yes\", right?\"",
                "… was not final when it was taken to answer …",
            ),
            (
                "at 1.000 s the assistant did Prompt { device: \"hall\", prompt: 3 }; given the same again, it did nothing",
                "at … the assistant did Prompt ; given the same again, it did nothing",
            ),
            ("Anaconda heard Ana", "Anaconda heard …"),
            (
                "the confirm button came at 7.000 s, after the time to answer \"Ana, right?\"",
                "… came at …, after the time to answer …",
            ),
        ] {
            assert_eq!(missing(why), wanted, "{why}");
        }
    }

    /// Whatever an assistant made of its own words, there is a sentence.
    #[test]
    fn any_sentence_has_one_without_particulars() {
        for why in ["", "\"", "\"\"\"", "}{", "a \"b", "{ \" }", "1", "… … s s"] {
            let once = missing(why);
            assert!(once.len() <= why.len().max(4) * 3, "{why:?} gives {once:?}");
        }
    }

    #[test]
    fn a_name_tells_causes_and_assistants_apart() {
        let bucket = Bucket::of(Rule::G1, &[], &home());
        let other = Bucket {
            place: vec!["sends".to_owned()],
            ..bucket.clone()
        };
        assert_eq!(bucket.name("guarded"), bucket.clone().name("guarded"));
        assert_ne!(bucket.name("guarded"), bucket.name("echo-2018"));
        assert_ne!(bucket.name("guarded"), other.name("guarded"));
        assert!(
            bucket.name("guarded").starts_with("g1-unconfirmed-"),
            "{}",
            bucket.name("guarded")
        );
    }
}
