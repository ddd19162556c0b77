//! Which safeguard would have stopped a send, and at which step.
//!
//! The safeguards are those of the dialog's policy, with the settings of `guarded`. What the log
//! alone decides *would* have stopped it: given the same inputs, nothing would have been taken. What
//! depends on what people would have said to another prompt, or on sound that no log holds, *might*
//! have.

use super::chain::{Chain, Step};
use mondegreen_oracle::{Breach, Rule};
use mondegreen_sim::Preset;
use mondegreen_trace::{Asks, Household, Hypothesis, Input, Meant, Voice};

/// How sure it is that a safeguard would have stopped a send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// The log alone decides it.
    Would,
    /// It depends on what the log does not hold.
    Might,
}

/// A safeguard that acts at a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) safeguard: &'static str,
    pub(crate) certainty: Certainty,
    pub(crate) why: String,
}

/// What is known of a send beside its chain.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) household: &'a Household,
    /// What is wrong with that message.
    pub(crate) breaches: &'a [&'a Breach],
}

impl Around<'_> {
    fn breaks(&self, rule: Rule) -> bool {
        self.breaches.iter().any(|breach| breach.rule == rule)
    }

    fn why(&self, rule: Rule) -> Option<&str> {
        let breach = self.breaches.iter().find(|breach| breach.rule == rule)?;
        Some(&breach.why)
    }

    /// Whether the message should not have been sent at all, or not on this answer.
    fn is_unwanted(&self) -> bool {
        let is_about_manners = |breach: &&&Breach| {
            matches!(
                breach.rule,
                Rule::G3 | Rule::G10 | Rule::G12 | Rule::G14 | Rule::I3
            )
        };
        !self.breaches.iter().all(|breach| is_about_manners(&breach))
    }
}

fn would(safeguard: &'static str, why: String) -> Stop {
    Stop {
        safeguard,
        certainty: Certainty::Would,
        why,
    }
}

fn might(safeguard: &'static str, why: impl Into<String>) -> Stop {
    Stop {
        safeguard,
        certainty: Certainty::Might,
        why: why.into(),
    }
}

/// The safeguards that act at one step, those first that would have stopped it.
pub(crate) fn at_step(chain: &Chain<'_>, step: &Step<'_>, around: Around<'_>) -> Vec<Stop> {
    if !around.is_unwanted() {
        return Vec::new();
    }
    let mut stops = Vec::new();
    let policy = Preset::GUARDED.policy;
    for stage in &step.stages {
        match stage {
            Asks::Wake => {
                stops.extend(below("wake threshold", step, policy.wake_threshold.0));
                stops.extend(second_stage(step, policy.wake_margin.0));
            }
            Asks::Command => {
                stops.extend(below("intent threshold", step, policy.intent_threshold.0));
            }
            Asks::Recipient => {
                let least = policy.recipient_threshold.0;
                stops.extend(below("recipient score", step, least));
                stops.extend(runner_up(step, around.household, policy.recipient_margin.0));
            }
            Asks::Confirmation => at_confirmation(chain, step, around, &mut stops),
            Asks::Message => {}
        }
    }
    stops.sort_by_key(|stop| stop.certainty);
    stops
}

/// A confidence as it is written.
fn score(thousandths: u16) -> f64 {
    f64::from(thousandths) / 1000.0
}

/// Whether what was heard lies below a threshold.
fn below(safeguard: &'static str, step: &Step<'_>, least: u16) -> Option<Stop> {
    let (heard, least) = (step.hypotheses().first()?, score(least));
    let Hypothesis { text, confidence } = heard;
    (*confidence < least).then(|| {
        let why = format!("\"{text}\" was heard with {confidence:.2}, below {least:.2}");
        would(safeguard, why)
    })
}

/// The second stage looks at what else the sound may have been.
fn second_stage(step: &Step<'_>, least: u16) -> Option<Stop> {
    let safeguard = "second-stage wake check";
    let first = step.hypotheses().first()?;
    let Some(next) = step.hypotheses().get(1) else {
        let why = "the log holds no second reading of the sound";
        return Some(might(safeguard, why));
    };
    let (lead, least) = (first.confidence - next.confidence, score(least));
    let Hypothesis { text, confidence } = next;
    let why =
        || format!("\"{text}\" ({confidence:.2}) lies {lead:.2} behind, less than {least:.2}");
    (lead < least).then(|| would(safeguard, why()))
}

/// Whether another contact's name was heard almost as well.
fn runner_up(step: &Step<'_>, household: &Household, least: u16) -> Option<Stop> {
    let first = step.hypotheses().first()?;
    let least = score(least);
    let names = household
        .contacts
        .iter()
        .map(|contact| folded(&contact.name));
    let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    let person = |text: &str| {
        let text = folded(text);
        names.iter().position(|name| text.contains(name.as_str()))
    };
    let own = person(&first.text);
    let mut others = step.hypotheses().iter().skip(1);
    let near = others.find(|next| {
        let other = person(&next.text);
        other.is_some() && other != own && first.confidence - next.confidence < least
    })?;
    let why = format!("\"{}\" was heard with {:.2}", near.text, near.confidence);
    Some(would("recipient score over the runner-up", why))
}

fn at_confirmation(chain: &Chain<'_>, step: &Step<'_>, around: Around<'_>, stops: &mut Vec<Stop>) {
    let policy = Preset::GUARDED.policy;
    stops.extend(below("answer threshold", step, policy.answer_threshold.0));
    stops.extend(not_whole(step, around));
    stops.extend(too_soon(chain, step));
    stops.extend(too_late(step, around, u64::from(policy.window.0)));
    if let Input::Heard { voice, .. } = step.input {
        stops.extend(by_voice(*voice, step, around));
        stops.extend(otherwise_confirmed(chain, step, around));
    }
    for (rule, safeguard) in [
        (Rule::G7, "wait for final hypotheses"),
        (Rule::G11, "answers at the device that asked alone"),
    ] {
        if let Some(why) = around.why(rule) {
            stops.push(would(safeguard, why.to_owned()));
        }
    }
    if let Some(why) = around.why(Rule::G2) {
        stops.push(might("say the names apart", why.to_owned()));
    }
}

/// The answer was a part of what was said.
fn not_whole(step: &Step<'_>, around: Around<'_>) -> Option<Stop> {
    let safeguard = "answer must be the whole utterance";
    let heard = step.hypotheses().first()?;
    if let Some(why) = around.why(Rule::G8) {
        return Some(would(safeguard, why.to_owned()));
    }
    let words = folded(&heard.text);
    let longer = step.said.iter().find(|said| {
        let said = folded(&said.text);
        said != words && said.split(' ').count() > words.split(' ').count()
    })?;
    let why = format!(
        "\"{}\" was heard where \"{}\" was said; it depends on how much the recogniser would have reported",
        heard.text, longer.text
    );
    Some(might(safeguard, why))
}

/// The answer came before the prompt had ended, or talk ran on across its end.
fn too_soon(chain: &Chain<'_>, step: &Step<'_>) -> Vec<Stop> {
    let (Some(prompt), Some(from_ms)) = (step.prompt, step.began_ms()) else {
        return Vec::new();
    };
    let ends_ms = prompt.ends_ms;
    if from_ms < ends_ms {
        let why = format!(
            "the answer began at {}, before \"{}\" had ended at {}",
            time(from_ms),
            prompt.text,
            time(ends_ms)
        );
        return vec![would("listen only after the prompt", why)];
    }
    let safeguard = "discard when talk ran across the prompt";
    let runs_across = |from_ms: u64, to_ms: u64| from_ms < ends_ms && to_ms > ends_ms;
    let heard = chain.heard.iter().find(|(number, input)| {
        let Input::Heard {
            at_ms,
            from_ms,
            voice,
            ..
        } = input
        else {
            return false;
        };
        *number < chain.number && *voice != Voice::Device && runs_across(*from_ms, *at_ms)
    });
    if let Some((number, _)) = heard {
        let why = format!(
            "line {number} was being said when \"{}\" ended at {}",
            prompt.text,
            time(ends_ms)
        );
        return vec![would(safeguard, why)];
    }
    let near = |device: &String| device == chain.device;
    let mut talk = chain.talk.iter();
    let said =
        talk.find(|said| runs_across(said.from_ms, said.to_ms) && said.devices.iter().any(near));
    let Some(said) = said else {
        return Vec::new();
    };
    let why = format!(
        "\"{}\" was said across the end of the prompt, but no line shows that the device heard it",
        said.text
    );
    vec![might(safeguard, why)]
}

fn too_late(step: &Step<'_>, around: Around<'_>, window_ms: u64) -> Option<Stop> {
    let safeguard = "window length";
    if let Some(why) = around.why(Rule::G5) {
        return Some(would(safeguard, why.to_owned()));
    }
    let ends_ms = step.prompt?.ends_ms;
    let after_ms = step.at_ms.saturating_sub(ends_ms);
    (after_ms >= window_ms).then(|| {
        let (after, window) = (time(after_ms), time(window_ms));
        let why = format!("the answer came {after} after the prompt, and {window} are enough");
        would(safeguard, why)
    })
}

fn by_voice(voice: Voice, step: &Step<'_>, around: Around<'_>) -> Option<Stop> {
    if let Some(why) = around.why(Rule::G6) {
        return Some(would("self-echo guard", why.to_owned()));
    }
    match voice {
        Voice::Device => Some(would(
            "self-echo guard",
            "it was a device's voice".to_owned(),
        )),
        Voice::Unknown => Some(would(
            "known voice",
            "nobody of the household was recognised".to_owned(),
        )),
        Voice::Person if truth(step) == Truth::Intended => None,
        Voice::Person => Some(might(
            "known voice",
            "the log does not say who of the household spoke",
        )),
    }
}

/// What is known of what was meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Truth {
    Untold,
    Talk,
    Intended,
}

fn truth(step: &Step<'_>) -> Truth {
    if step.said.is_empty() {
        return Truth::Untold;
    }
    let is_talk = step.said.iter().all(|said| said.meant == Meant::Nobody);
    if is_talk {
        Truth::Talk
    } else {
        Truth::Intended
    }
}

/// Another kind of confirmation asks for words that side talk does not hold.
fn otherwise_confirmed(chain: &Chain<'_>, step: &Step<'_>, around: Around<'_>) -> Vec<Stop> {
    let Some(heard) = step.hypotheses().first() else {
        return Vec::new();
    };
    let truth = truth(step);
    if truth == Truth::Intended {
        return Vec::new();
    }
    let decided = |safeguard, why: String| match truth {
        // Nobody was answering, so nobody would have answered something else.
        Truth::Talk => would(safeguard, format!("{why}, and it was said to nobody")),
        Truth::Untold | Truth::Intended => might(safeguard, why),
    };
    let words = folded(&heard.text);
    let mut stops = Vec::new();
    let name = around.household.name_of(chain.recipient).map(folded);
    let is_phrase = words == "send it" || name.is_some_and(|name| name == words);
    let quotes = step
        .prompt
        .is_some_and(|prompt| prompt.text.contains(['"', '“']));
    if !is_phrase && !quotes {
        let safeguard =
            "confirmation by the name, a fixed phrase, a word of the moment or a button";
        stops.push(decided(
            safeguard,
            format!("\"{}\" is none of these", heard.text),
        ));
    }
    let wake = chain.steps.iter().find(|step| step.is_at(Asks::Wake));
    let wake = wake.and_then(|step| step.hypotheses().first());
    let has_wake = wake.is_some_and(|wake| words.contains(&folded(&wake.text)));
    if !has_wake {
        let why = format!("\"{}\" does not hold the wake word", heard.text);
        stops.push(decided("wake word again to confirm", why));
    }
    stops
}

/// The safeguards that act after the last answer.
pub(crate) fn before_it_left(chain: &Chain<'_>, around: Around<'_>) -> Vec<Stop> {
    let mut stops = Vec::new();
    let has_confirmation = chain
        .steps
        .iter()
        .any(|step| step.is_at(Asks::Confirmation));
    if around.breaks(Rule::G1) && !has_confirmation {
        stops.push(might("confirm recipient", "nobody was asked"));
    }
    if around.is_unwanted() {
        stops.push(undone(chain));
    }
    for (rule, safeguard, certainty) in [
        (Rule::G3, "confirm content (read back)", Certainty::Might),
        (
            Rule::G9,
            "heed a refusal until it has left",
            Certainty::Would,
        ),
        (
            Rule::G10,
            "one delivery for one confirmation",
            Certainty::Would,
        ),
        (Rule::G12, "messaging off", Certainty::Would),
        (Rule::G13, "forget drafts at a restart", Certainty::Would),
        (
            Rule::G14,
            "notice before capture and send",
            Certainty::Might,
        ),
    ] {
        if let Some(why) = around.why(rule) {
            let why = why.to_owned();
            stops.push(Stop {
                safeguard,
                certainty,
                why,
            });
        }
    }
    stops.sort_by_key(|stop| stop.certainty);
    stops
}

/// Held for a while, it could have been stopped by a word.
fn undone(chain: &Chain<'_>) -> Stop {
    let safeguard = "hold time with audible undo";
    let hold_ms = u64::from(Preset::GUARDED.policy.hold.0);
    let until_ms = chain.at_ms.saturating_add(hold_ms);
    let is_refusal = |input: &Input| match input {
        Input::Heard {
            is_final: true,
            hypotheses,
            ..
        } => hypotheses.first().is_some_and(|heard| is_no(&heard.text)),
        Input::Pressed { button, .. } => *button == mondegreen_trace::Button::Cancel,
        Input::Heard { .. }
        | Input::Start { .. }
        | Input::Withdrawn { .. }
        | Input::PromptEnded { .. }
        | Input::Time { .. }
        | Input::Delivery { .. }
        | Input::Setting { .. }
        | Input::Restart { .. }
        | Input::End => false,
    };
    let mut after = chain.after.iter();
    let refused = after.find(|(_, at_ms, input)| *at_ms < until_ms && is_refusal(input));
    if let Some((number, at_ms, _)) = refused {
        let at = time(*at_ms);
        return would(
            safeguard,
            format!("line {number} refuses it at {at}, in time"),
        );
    }
    let hold = time(hold_ms);
    might(
        safeguard,
        format!("somebody would have had {hold} to say \"cancel\""),
    )
}

fn is_no(text: &str) -> bool {
    matches!(
        folded(text).as_str(),
        "no" | "cancel" | "stop" | "cancel it" | "cancel that" | "never mind" | "don t send it"
    )
}

/// Small letters and digits, single blanks.
fn folded(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn time(ms: u64) -> String {
    format!("{}.{:03} s", ms / 1000, ms % 1000)
}
