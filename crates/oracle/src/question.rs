//! A question for permission to send, and what may have been taken for its answer.
//!
//! Whatever was heard or pressed since the question began is a candidate, with what is wrong with
//! it. A send is confirmed when one candidate has no fault; else the candidate with the fewest
//! faults says which rules were broken.

use crate::Rule;
use crate::reader::Reading;
use crate::renaming::Renaming;
use crate::sending::Case;
use crate::words::Answer;
use crate::write::Time;
use mondegreen_trace::fact::Term;
use std::cmp::Reverse;

/// How many candidates are kept for a question. Beyond it the most faulty are forgotten, which
/// can change which rule is named, but never turns a confirmed send into a breach.
const CANDIDATES_MAX: usize = 64;

/// What a device said and wants an answer to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spoken {
    pub(crate) number: u32,
    pub(crate) text: Term,
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
#[derive(Debug)]
pub(crate) struct Question {
    /// The device that asks.
    pub(crate) device: Term,
    pub(crate) prompt: Spoken,
    /// Whom the assistant says that it names.
    pub(crate) recipient: Option<Term>,
    /// The message that it is about, if the assistant says so.
    pub(crate) message: Option<Term>,
    pub(crate) window: Window,
    pub(crate) age: Age,
    /// Where the assistant itself dropped the message.
    pub(crate) dropped_at: Option<usize>,
    /// The message that was sent on it.
    pub(crate) spent_on: Option<Term>,
    candidates: Vec<Candidate>,
}

/// Whether a restart lies between a question and now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    SinceRestart,
    BeforeRestart,
}

/// Something heard or pressed since a question began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) line: usize,
    pub(crate) from_ms: u64,
    pub(crate) at_ms: u64,
    pub(crate) device: Term,
    /// What was heard; nothing for a button.
    pub(crate) text: Option<Term>,
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

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Answered in order.
    Confirmed(Candidate),
    /// Answered in order, and refused by this.
    Refused(Candidate, Candidate),
    /// Answered in order, and dropped by the assistant since.
    Dropped(Candidate),
    /// At best there was this.
    Faulty(Candidate, Flaws),
    /// Nothing came at all.
    Silence,
    /// Its session was over before anything like an answer came.
    Elsewhere,
}

impl Question {
    pub(crate) fn new(
        device: Term,
        prompt: Spoken,
        (recipient, message): (Option<Term>, Option<Term>),
    ) -> Self {
        Self {
            device,
            prompt,
            recipient,
            message,
            window: Window::Unknown,
            age: Age::SinceRestart,
            dropped_at: None,
            spent_on: None,
            candidates: Vec::new(),
        }
    }

    /// Whether it can be about this message.
    pub(crate) fn is_for(&self, message: Term) -> bool {
        self.message.is_none_or(|own| own == message)
    }

    /// Takes note of something that may be taken for an answer.
    pub(crate) fn consider(&mut self, candidate: Candidate) {
        if self.candidates.len() >= CANDIDATES_MAX {
            let crossing = self.crossing();
            let flaws = self.candidates.iter().map(|c| self.flaws_of(c, crossing));
            let worst = (0..)
                .zip(flaws)
                .max_by_key(|(at, flaws)| (flaws.count(), Reverse(*at)));
            if let Some((worst, _)) = worst {
                self.candidates.remove(worst);
            }
        }
        self.candidates.push(candidate);
    }

    /// The recogniser takes back what it said of the speech that began then.
    pub(crate) fn withdraw(&mut self, device: Term, from_ms: u64) {
        for candidate in &mut self.candidates {
            let is_speech = candidate.source != Source::Button;
            if is_speech && candidate.device == device && candidate.from_ms == from_ms {
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

    pub(crate) fn candidates(&self) -> &[Candidate] {
        &self.candidates
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
        let crossing = self.crossing();
        let mut flaws = self.candidates.iter().map(|c| self.flaws_of(c, crossing));
        flaws.any(|flaws| flaws == Flaws::NONE)
    }

    /// Judges a send on this question, with what is known by now.
    pub(crate) fn outcome(&self) -> Outcome {
        let Some((best, flaws)) = self.best_of(self.candidates.iter()) else {
            return Outcome::Silence;
        };
        if flaws == Flaws::NONE {
            return self.unless_refused(best);
        }
        let is_over = self.window == Window::Closed;
        if is_over && flaws.has(Flaw::Late) && flaws.has(Flaw::NotPlain) {
            return Outcome::Elsewhere;
        }
        Outcome::Faulty(*best, flaws)
    }

    /// Which of these candidates is taken for the answer, and what is wrong with it.
    pub(crate) fn best_of<'c>(
        &self,
        candidates: impl Iterator<Item = &'c Candidate>,
    ) -> Option<(&'c Candidate, Flaws)> {
        let crossing = self.crossing();
        let ranked = candidates.map(|c| (c, self.flaws_of(c, crossing)));
        ranked.min_by_key(|(c, flaws)| (flaws.count(), Reverse(c.effect), Reverse(c.line)))
    }

    /// What would be wrong with a send for which this were the answer.
    fn flaws_of(&self, c: &Candidate, crossing: Option<&Candidate>) -> Flaws {
        let mut flaws = Flaws::NONE;
        if c.source == Source::Person {
            if c.from_ms < self.prompt.ends_ms {
                flaws.add(Flaw::Early);
            } else if crossing.is_some() {
                flaws.add(Flaw::TalkAcross);
            }
        }
        if c.timing == Timing::Late {
            flaws.add(Flaw::Late);
        }
        if matches!(c.source, Source::OwnVoice | Source::Echo) {
            flaws.add(Flaw::OwnVoice);
        }
        match c.standing {
            Standing::Final => {}
            Standing::Interim => flaws.add(Flaw::Interim),
            Standing::Withdrawn => flaws.add(Flaw::Withdrawn),
        }
        match (c.answer, c.sureness) {
            (Answer::Yes, Sureness::Sure) => {}
            (Answer::No, Sureness::Sure) => flaws.add(Flaw::Refusal),
            (Answer::Yes | Answer::No, Sureness::Unsure) => flaws.add(Flaw::Doubtful),
            (Answer::Neither, Sureness::Sure | Sureness::Unsure) => flaws.add(Flaw::NotPlain),
        }
        if c.device != self.device {
            flaws.add(Flaw::OtherDevice);
        }
        flaws
    }

    /// Talk in the hearing of the device that ran on across the end of the prompt.
    fn crossing(&self) -> Option<&Candidate> {
        self.candidates.iter().find(|c| self.crosses(c))
    }

    /// Whether this is such talk. It began too early to be an answer itself.
    pub(crate) fn crosses(&self, c: &Candidate) -> bool {
        let end = self.prompt.ends_ms;
        let is_talk = c.source == Source::Person && c.standing != Standing::Withdrawn;
        is_talk && c.device == self.device && c.from_ms < end && c.at_ms > end
    }

    fn unless_refused(&self, yes: &Candidate) -> Outcome {
        let refusal = self.candidates.iter().find(|c| {
            let in_turn = c.line > yes.line || c.from_ms >= self.prompt.ends_ms;
            self.is_refusal(c) && (in_turn || c.source == Source::Button)
        });
        match refusal {
            Some(refusal) => Outcome::Refused(*yes, *refusal),
            None if self.dropped_at > Some(yes.line) => Outcome::Dropped(*yes),
            None => Outcome::Confirmed(*yes),
        }
    }

    /// Whether this is a clear no, to this device, if it came in turn.
    pub(crate) fn is_refusal(&self, c: &Candidate) -> bool {
        c.answer == Answer::No
            && c.sureness == Sureness::Sure
            && c.standing == Standing::Final
            && c.device == self.device
            && matches!(c.source, Source::Button | Source::Person)
    }

    /// Whether this answers in order, if no talk runs across the end of the prompt.
    pub(crate) fn is_answer(&self, c: &Candidate) -> bool {
        self.flaws_of(c, None) == Flaws::NONE
    }

    /// Whether this would, if the prompt is told to have ended no later than it began.
    pub(crate) fn is_answer_but_early(&self, c: &Candidate) -> bool {
        let mut early = Flaws::NONE;
        early.add(Flaw::Early);
        !self.prompt.has_ended && self.flaws_of(c, None) == early
    }

    /// Whether a send rests on this question, given what became of it.
    pub(crate) fn is_settled_by(&self, outcome: &Outcome) -> bool {
        let is_over = *outcome == Outcome::Elsewhere;
        !is_over || self.spent_on.is_some() || self.age == Age::BeforeRestart
    }

    /// The line of what is taken for the answer, or of the question if there is none.
    pub(crate) fn answered_at(&self, outcome: &Outcome) -> usize {
        match outcome {
            Outcome::Confirmed(best)
            | Outcome::Refused(best, _)
            | Outcome::Dropped(best)
            | Outcome::Faulty(best, _) => best.line,
            Outcome::Silence | Outcome::Elsewhere => self.prompt.line,
        }
    }

    /// Enters what is wrong with a send on this question.
    pub(crate) fn enter(&self, outcome: &Outcome, case: &mut Case<'_>) {
        match outcome {
            Outcome::Confirmed(_) | Outcome::Elsewhere => {}
            Outcome::Refused(_, by) => case.fault(Rule::G9, |reader| {
                let (what, at) = (by.what(reader), Time(by.at_ms));
                format!("{what} came at {at} and was not heeded")
            }),
            Outcome::Dropped(_) => case.fault(Rule::G9, |_| {
                "the assistant itself had dropped the message since it was confirmed".to_owned()
            }),
            Outcome::Silence => case.fault(Rule::G9, |reader| {
                let (text, began) = (reader.quote(self.prompt.text), Time(self.prompt.began_ms));
                format!("nothing was heard or pressed after \"{text}\" at {began}")
            }),
            Outcome::Faulty(best, flaws) => {
                for flaw in flaws.each() {
                    case.fault(flaw.rule(), |reader| self.explain(flaw, best, reader));
                }
            }
        }
    }

    /// How a send breaks a rule for which this candidate was the answer.
    fn explain(&self, flaw: Flaw, c: &Candidate, reader: &Reading<'_>) -> String {
        let what = c.what(reader);
        let asked = format!("\"{}\"", reader.quote(self.prompt.text));
        let (from, at, ends) = (Time(c.from_ms), Time(c.at_ms), Time(self.prompt.ends_ms));
        match flaw {
            Flaw::Early => format!("{what} began at {from}, before {asked} had ended at {ends}"),
            Flaw::TalkAcross => {
                let talk = self.crossing().map(|talk| talk.what(reader));
                let talk = talk.unwrap_or_default();
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
                let (heard, own) = (reader.text(c.device), reader.text(self.device));
                format!("{what} was for {heard}, but it was {own} that asked {asked}")
            }
        }
    }

    pub(crate) fn rename(&mut self, renaming: &mut Renaming<'_>) {
        renaming.term(&mut self.device);
        renaming.term(&mut self.prompt.text);
        renaming.optional(&mut self.recipient);
        renaming.optional(&mut self.message);
        renaming.optional(&mut self.spent_on);
        for candidate in &mut self.candidates {
            renaming.term(&mut candidate.device);
            renaming.optional(&mut candidate.text);
        }
    }
}

impl Clone for Question {
    fn clone(&self) -> Self {
        let candidates = self.candidates.clone();
        Self {
            candidates,
            ..*self
        }
    }

    fn clone_from(&mut self, source: &Self) {
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.clone_from(&source.candidates);
        *self = Self {
            candidates,
            ..*source
        };
    }
}

/// What can be wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
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
    const ALL: [Self; 10] = [
        Self::Early,
        Self::TalkAcross,
        Self::Late,
        Self::OwnVoice,
        Self::Interim,
        Self::Withdrawn,
        Self::Doubtful,
        Self::NotPlain,
        Self::Refusal,
        Self::OtherDevice,
    ];

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

    const fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

/// All that is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flaws(u16);

impl Flaws {
    const NONE: Self = Self(0);

    const fn add(&mut self, flaw: Flaw) {
        self.0 |= flaw.bit();
    }

    /// As a number, for comparing.
    pub(crate) fn bits(self) -> u32 {
        u32::from(self.0)
    }

    const fn has(self, flaw: Flaw) -> bool {
        self.0 & flaw.bit() != 0
    }

    const fn count(self) -> u32 {
        self.0.count_ones()
    }

    fn each(self) -> impl Iterator<Item = Flaw> {
        Flaw::ALL.into_iter().filter(move |flaw| self.has(*flaw))
    }
}

impl Candidate {
    /// What it is, for a sentence.
    fn what(&self, reader: &Reading<'_>) -> String {
        match (self.text, self.answer) {
            (Some(text), _) => format!("\"{}\"", reader.quote(text)),
            (None, Answer::Yes) => "the confirm button".to_owned(),
            (None, Answer::No | Answer::Neither) => "the cancel button".to_owned(),
        }
    }
}
