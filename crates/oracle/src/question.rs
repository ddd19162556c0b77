//! A question for permission to send, and what may have been taken for its answer.
//!
//! Whatever was heard or pressed since the question began is a candidate, with what is wrong with
//! it. A send is confirmed when one candidate has no fault; else the candidate with the fewest
//! faults says which rules were broken.

use crate::Rule;
use crate::words::{Answer, Demand};
use crate::write::{Time, clipped};
use std::cmp::Reverse;
use std::sync::Arc;

/// How many candidates are kept for a question. Beyond it the most faulty are forgotten, which
/// can change which rule is named, but never turns a confirmed send into a breach.
const CANDIDATES_MAX: usize = 64;

/// What a device said and wants an answer to.
#[derive(Clone, Debug)]
pub(crate) struct Spoken {
    pub(crate) number: u32,
    pub(crate) text: Arc<str>,
    pub(crate) line: usize,
    pub(crate) began_ms: u64,
    /// When it ends: as the assistant reckons, until the device says that it has.
    pub(crate) ends_ms: u64,
    /// Whether it has said so; a second report changes nothing.
    pub(crate) has_ended: bool,
}

impl Spoken {
    pub(crate) fn end(&mut self, at_ms: u64) {
        if !self.has_ended {
            self.ends_ms = at_ms;
            self.has_ended = true;
        }
    }
}

/// Until when an answer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Window {
    /// The assistant does not say.
    Unknown,
    /// It listens, until this time if there is one.
    Open { until_ms: Option<u64> },
    /// It has stopped.
    Closed,
}

impl Window {
    pub(crate) fn is_over_at(self, at_ms: u64) -> bool {
        match self {
            Self::Unknown | Self::Open { until_ms: None } => false,
            Self::Open {
                until_ms: Some(until_ms),
            } => at_ms >= until_ms,
            Self::Closed => true,
        }
    }
}

/// A question for permission to send.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// The device that asks.
    pub(crate) device: Arc<str>,
    pub(crate) prompt: Spoken,
    pub(crate) demand: Arc<Demand>,
    /// Whom the assistant says that it names.
    pub(crate) recipient: Option<Arc<str>>,
    /// The message that it is about, if the assistant says so.
    pub(crate) message: Option<Arc<str>>,
    pub(crate) window: Window,
    pub(crate) age: Age,
    /// Where the assistant itself dropped the message.
    pub(crate) dropped_at: Option<usize>,
    /// The message that was sent on it.
    pub(crate) spent_on: Option<Arc<str>>,
    candidates: Vec<Candidate>,
}

/// Whether a restart lies between a question and now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    SinceRestart,
    BeforeRestart,
}

/// Something heard or pressed since a question began.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) line: usize,
    pub(crate) device: Arc<str>,
    pub(crate) from_ms: u64,
    pub(crate) at_ms: u64,
    pub(crate) text: Arc<str>,
    pub(crate) answer: Answer,
    /// Whether the recogniser was at least as sure as not.
    pub(crate) sureness: Sureness,
    pub(crate) source: Source,
    pub(crate) standing: Standing,
    pub(crate) timing: Timing,
    pub(crate) effect: Consequence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sureness {
    Sure,
    Unsure,
}

/// Where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Person,
    /// The device said that it was a device's voice.
    OwnVoice,
    /// It repeats what another device was saying at the time.
    Echo,
    Button,
}

/// Whether the recogniser stands by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Final,
    Interim,
    Withdrawn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timing {
    InTime,
    Late,
}

/// Whether the device that had asked did anything on it at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Consequence {
    Nothing,
    Something,
}

/// A broken rule and the sentence that says how.
pub(crate) type Fault = (Rule, String);

/// What became of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Answered in order, at this line.
    Confirmed { line: usize },
    /// At best there was this, at this line.
    Faulty { line: usize, faults: Vec<Fault> },
    /// Its session was over before anything like an answer came.
    Elsewhere,
}

impl Question {
    pub(crate) fn new(
        device: Arc<str>,
        prompt: Spoken,
        demand: Demand,
        (recipient, message): (Option<&str>, Option<&str>),
    ) -> Self {
        Self {
            device,
            prompt,
            demand: Arc::new(demand),
            recipient: recipient.map(Arc::from),
            message: message.map(Arc::from),
            window: Window::Unknown,
            age: Age::SinceRestart,
            dropped_at: None,
            spent_on: None,
            candidates: Vec::new(),
        }
    }

    /// Whether it can be about this message.
    pub(crate) fn is_for(&self, message: &str) -> bool {
        let own = self.message.as_deref();
        own.is_none_or(|own| own == message)
    }

    /// Takes note of something that may be taken for an answer.
    pub(crate) fn consider(&mut self, candidate: Candidate) {
        if self.candidates.len() >= CANDIDATES_MAX {
            let faults = self.candidates.iter().map(|c| self.flaws_of(c).len());
            let worst = (0..)
                .zip(faults)
                .max_by_key(|(at, faults)| (*faults, Reverse(*at)));
            if let Some((worst, _)) = worst {
                self.candidates.remove(worst);
            }
        }
        self.candidates.push(candidate);
    }

    /// The recogniser takes back what it said of the speech that began then.
    pub(crate) fn withdraw(&mut self, device: &str, from_ms: u64) {
        for candidate in &mut self.candidates {
            let is_speech = candidate.source != Source::Button;
            if is_speech && &*candidate.device == device && candidate.from_ms == from_ms {
                candidate.standing = Standing::Withdrawn;
            }
        }
    }

    /// The device that asks did something on what came in at this line.
    pub(crate) fn acted_on(&mut self, line: usize) {
        if let Some(last) = self.candidates.last_mut()
            && last.line == line
        {
            last.effect = Consequence::Something;
        }
    }

    /// Whether anything that came so far says yes, in order or not.
    pub(crate) fn has_a_yes(&self) -> bool {
        self.candidates.iter().any(|c| c.answer == Answer::Yes)
    }

    /// Whether the device went on with the message on anything that came so far.
    pub(crate) fn led_on(&self) -> bool {
        let something = |c: &Candidate| c.effect == Consequence::Something;
        self.dropped_at.is_none() && self.candidates.iter().any(something)
    }

    /// Whether it has been answered in order.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.candidates.iter().any(|c| self.flaws_of(c).is_empty())
    }

    /// Judges a send on this question, with what is known by now.
    pub(crate) fn outcome(&self) -> Outcome {
        let ranked = self.candidates.iter().map(|c| (c, self.flaws_of(c)));
        let best =
            ranked.min_by_key(|(c, flaws)| (flaws.len(), Reverse(c.effect), Reverse(c.line)));
        let Some((best, flaws)) = best else {
            return self.silence();
        };
        if flaws.is_empty() {
            return self.unless_refused(best);
        }
        let is_over = self.window == Window::Closed;
        if is_over && flaws.contains(&Flaw::Late) && flaws.contains(&Flaw::NotPlain) {
            return Outcome::Elsewhere;
        }
        let faults = flaws.into_iter();
        let faults = faults.map(|flaw| (flaw.rule(), self.explain(flaw, best)));
        Outcome::Faulty {
            line: best.line,
            faults: faults.collect(),
        }
    }

    /// What would be wrong with a send for which this were the answer.
    fn flaws_of(&self, c: &Candidate) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        if c.source == Source::Person {
            if c.from_ms < self.prompt.ends_ms {
                flaws.push(Flaw::Early);
            } else if self.talk_across(c).is_some() {
                flaws.push(Flaw::TalkAcross);
            }
        }
        if c.timing == Timing::Late {
            flaws.push(Flaw::Late);
        }
        if matches!(c.source, Source::OwnVoice | Source::Echo) {
            flaws.push(Flaw::OwnVoice);
        }
        match c.standing {
            Standing::Final => {}
            Standing::Interim => flaws.push(Flaw::Interim),
            Standing::Withdrawn => flaws.push(Flaw::Withdrawn),
        }
        match (c.answer, c.sureness) {
            (Answer::Yes, Sureness::Sure) => {}
            (Answer::No, Sureness::Sure) => flaws.push(Flaw::Refusal),
            (Answer::Yes | Answer::No, Sureness::Unsure) => flaws.push(Flaw::Doubtful),
            (Answer::Neither, Sureness::Sure | Sureness::Unsure) => flaws.push(Flaw::NotPlain),
        }
        if c.device != self.device {
            flaws.push(Flaw::OtherDevice);
        }
        flaws
    }

    /// Other talk in the hearing of the device that ran on across the end of the prompt.
    fn talk_across(&self, answer: &Candidate) -> Option<&Candidate> {
        let end = self.prompt.ends_ms;
        self.candidates.iter().find(|c| {
            let is_talk = c.source == Source::Person && c.standing != Standing::Withdrawn;
            let is_other = c.line != answer.line && c.device == self.device;
            is_talk && is_other && c.from_ms < end && c.at_ms > end
        })
    }

    fn unless_refused(&self, yes: &Candidate) -> Outcome {
        let refusal = self.candidates.iter().find(|c| {
            let in_turn = c.line > yes.line || c.from_ms >= self.prompt.ends_ms;
            let clear = c.answer == Answer::No
                && c.sureness == Sureness::Sure
                && c.standing == Standing::Final
                && c.device == self.device;
            match c.source {
                Source::Button => clear,
                Source::Person => clear && in_turn,
                Source::OwnVoice | Source::Echo => false,
            }
        });
        let why = match refusal {
            Some(c) => format!("{} came at {} and was not heeded", c.what(), Time(c.at_ms)),
            None if self.dropped_at > Some(yes.line) => {
                "the assistant itself had dropped the message since it was confirmed".to_owned()
            }
            None => return Outcome::Confirmed { line: yes.line },
        };
        Outcome::Faulty {
            line: yes.line,
            faults: vec![(Rule::G9, why)],
        }
    }

    fn silence(&self) -> Outcome {
        let text = clipped(&self.prompt.text);
        let began = Time(self.prompt.began_ms);
        let why = format!("nothing was heard or pressed after \"{text}\" at {began}");
        Outcome::Faulty {
            line: self.prompt.line,
            faults: vec![(Rule::G9, why)],
        }
    }

    /// How a send breaks a rule for which this candidate was the answer.
    fn explain(&self, flaw: Flaw, c: &Candidate) -> String {
        let what = c.what();
        let asked = format!("\"{}\"", clipped(&self.prompt.text));
        let (from, at, ends) = (Time(c.from_ms), Time(c.at_ms), Time(self.prompt.ends_ms));
        match flaw {
            Flaw::Early => format!("{what} began at {from}, before {asked} had ended at {ends}"),
            Flaw::TalkAcross => {
                let talk = self.talk_across(c).map(Candidate::what).unwrap_or_default();
                format!("{talk} ran on across the end of {asked} at {ends}; then {what} was taken")
            }
            Flaw::Late => format!("{what} came at {at}, after the time to answer {asked}"),
            Flaw::OwnVoice => format!("{what} was a device's own voice, taken to answer {asked}"),
            Flaw::Interim => format!("{what} was not final when it was taken to answer {asked}"),
            Flaw::Withdrawn => format!("{what} was taken to answer {asked}, though withdrawn"),
            Flaw::Doubtful => format!("{what} was doubtful, and was taken to answer {asked}"),
            Flaw::NotPlain => {
                format!("{what} is no plain answer to {asked}, but was taken for one")
            }
            Flaw::Refusal => format!("{what} is a refusal, and was taken to confirm {asked}"),
            Flaw::OtherDevice => {
                let (heard, own) = (&c.device, &self.device);
                format!("{what} was for {heard}, but it was {own} that asked {asked}")
            }
        }
    }
}

/// What can be wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    Early,
    TalkAcross,
    Late,
    OwnVoice,
    Interim,
    Withdrawn,
    Doubtful,
    NotPlain,
    Refusal,
    OtherDevice,
}

impl Flaw {
    const fn rule(self) -> Rule {
        match self {
            Self::Early | Self::TalkAcross => Rule::G4,
            Self::Late => Rule::G5,
            Self::OwnVoice => Rule::G6,
            Self::Interim | Self::Withdrawn => Rule::G7,
            Self::Doubtful | Self::NotPlain => Rule::G8,
            Self::Refusal => Rule::G9,
            Self::OtherDevice => Rule::G11,
        }
    }
}

impl Candidate {
    /// What it is, for a sentence.
    fn what(&self) -> String {
        match self.source {
            Source::Button => format!("the {} button", self.text),
            Source::Person | Source::OwnVoice | Source::Echo => format!("\"{}\"", self.text),
        }
    }
}
