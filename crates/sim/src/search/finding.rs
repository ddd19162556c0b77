//! A case that breaks a rule: judged by itself, made as small as it gets, and told from others.

use crate::assistant::Broken;
use crate::bucket::{Bucket, stop};
use crate::case::{Case, EVENTS_MAX, Event, How, What, When};
use crate::causes::{Example, Named};
use crate::play::Player;
use crate::target::Target;
use mondegreen_oracle::{Breach, Rule, judge};
use mondegreen_trace::{Input, Line, Trace};

/// Something odd makes way for so many plain events at most.
const PLAIN_MAX: usize = 3;

/// What happens in silence: a prompt is said, and the time that it gives is over. A question, the same
/// question again, and the time to undo come to three.
const SILENCE: [(What, When); 2] = [
    (What::PromptEnded, When::AtPromptEnd),
    (What::Time, When::AfterDeadline),
];
const PROMPTS_MAX: usize = 3;

/// A case that makes an assistant break a rule.
#[derive(Clone, Debug)]
pub struct CaseFinding {
    /// The rule that it is named after.
    pub rule: Rule,
    /// The case; it cannot be made smaller.
    pub case: Case,
    /// What happens when it is played to a fresh assistant; twice, for `G15`.
    pub trace: Trace,
    /// All that it breaks.
    pub breaches: Vec<Breach>,
}

/// All rules that a case breaks when it is played twice to a fresh assistant: the second time is
/// for `G15`.
///
/// # Errors
/// When the assistant breaks.
pub fn try_case<T: Target>(case: &Case, fresh: T) -> Result<(Trace, Vec<Breach>), Broken> {
    play_twice(case, &mut Player::new(fresh))
}

/// The same with an assistant that may have been played to before.
pub(super) fn play_twice<T: Target>(
    case: &Case,
    player: &mut Player<T>,
) -> Result<(Trace, Vec<Breach>), Broken> {
    let mut facts = Vec::new();
    player.play(case, &mut facts)?;
    player.play(case, &mut facts)?;
    let dictionary = player.dictionary().borrow();
    let lines = facts.iter().filter_map(|fact| dictionary.line(fact));
    let trace = Trace {
        lines: lines.collect(),
    };
    let breaches = judge(&trace);
    Ok((trace, breaches))
}

/// Leaves out what happened when a case was played for the second time, which tells nothing but `G15`.
pub fn leave_out_second_play(trace: &mut Trace, breaches: &mut Vec<Breach>) {
    let is_end = |line: &Line| *line == Line::In(Input::End);
    if let Some(end) = trace.lines.iter().position(is_end) {
        trace.lines.truncate(end + 1);
        breaches.retain(|breach| breach.line <= end);
    }
}

impl CaseFinding {
    /// Judges a case by itself; nothing if no gate rule is broken.
    ///
    /// # Errors
    /// When the assistant breaks.
    pub fn of<T: Target>(case: &Case, fresh: T) -> Result<Option<Self>, Broken> {
        Ok(Self::each_of(case, fresh)?.into_iter().next())
    }

    /// The same, with a finding for each gate rule that is broken: what breaks one rule every time
    /// hides nothing that breaks another as well.
    ///
    /// # Errors
    /// When the assistant breaks.
    pub fn each_of<T: Target>(case: &Case, fresh: T) -> Result<Vec<Self>, Broken> {
        let (trace, breaches) = try_case(case, fresh)?;
        let mut rules: Vec<Rule> = Vec::new();
        for rule in breaches.iter().map(|breach| breach.rule) {
            if rule.is_gate() && !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        let finding = |rule| Self {
            rule,
            case: case.clone(),
            trace: trace.clone(),
            breaches: breaches.clone(),
        };
        Ok(rules.into_iter().map(finding).collect())
    }

    /// The smallest case that can be had from this one and breaks the same rule.
    ///
    /// Events are left out, in runs and one by one, and what is out of the ordinary is made plain,
    /// until nothing more can be. To do it again changes nothing: each change leaves less that is
    /// odd, or as much in fewer events.
    ///
    /// # Errors
    /// When the assistant breaks.
    pub fn shrunk<T: Target>(self, mut fresh: impl FnMut() -> T) -> Result<Self, Broken> {
        let mut least = self;
        loop {
            let before = least.case.clone();
            least.shrink_once(&mut fresh)?;
            if least.case == before {
                if least.rule != Rule::G15 {
                    leave_out_second_play(&mut least.trace, &mut least.breaches);
                }
                return Ok(least);
            }
        }
    }

    /// The same made small as [`CaseFinding::shrunk`] does; or, if the assistant breaks a gate rule
    /// otherwise when nothing is said or pressed from some event on, that.
    ///
    /// Who sends after silence sends after any words too: early ones, late ones, and those for another
    /// device. The silence is to blame for all of them.
    ///
    /// # Errors
    /// When the assistant breaks.
    pub fn traced_to_its_cause<T: Target>(
        self,
        mut fresh: impl FnMut() -> T,
    ) -> Result<Self, Broken> {
        let least = self.shrunk(&mut fresh)?;
        match least.in_silence(&mut fresh)? {
            Some(other) => other.shrunk(fresh),
            None => Ok(least),
        }
    }

    /// The same up to some event and then silence, if a gate rule is broken by that in a way in which
    /// this breaks none.
    fn in_silence<T: Target>(&self, fresh: &mut impl FnMut() -> T) -> Result<Option<Self>, Broken> {
        let is_known = |other: &Self| {
            let same = Bucket::of(other.rule, &self.breaches, &self.trace);
            same.missing == other.bucket().missing
        };
        for (spoken, event) in self.case.events.iter().enumerate() {
            let mut quiet = self.case.clone();
            quiet.events.truncate(spoken);
            let silence = std::iter::repeat_n(SILENCE, PROMPTS_MAX).flatten();
            for (what, when) in silence.take(EVENTS_MAX - spoken) {
                quiet.events.push(Event {
                    when,
                    device: event.device,
                    ..Event::plain(what)
                });
                let found = Self::each_of(&quiet, fresh())?;
                if let Some(other) = found.into_iter().find(|found| !is_known(found)) {
                    return Ok(Some(other));
                }
            }
        }
        Ok(None)
    }

    fn shrink_once<T: Target>(&mut self, fresh: &mut impl FnMut() -> T) -> Result<(), Broken> {
        // Every run of every length: what can be left out may be a whole session.
        for length in (1..=self.case.events.len()).rev() {
            let mut at = 0;
            while at + length <= self.case.events.len() {
                let mut shorter = self.case.clone();
                shorter.events.drain(at..at + length);
                if !self.take(&shorter, fresh)? {
                    at += 1;
                }
            }
        }
        for make_plainer in PLAINER_EVENTS {
            for at in 0..self.case.events.len() {
                let mut plainer = self.case.clone();
                plainer.events[at] = make_plainer(plainer.events[at]);
                self.take(&plainer, fresh)?;
            }
        }
        self.take_the_plain_way(fresh)?;
        for make_plainer in PLAINER_HOMES {
            let mut plainer = self.case.clone();
            make_plainer(&mut plainer);
            self.take(&plainer, fresh)?;
        }
        Ok(())
    }

    /// Puts what leads on in the place of what is odd, even if it takes an event or two more: of two
    /// ways to one fault people understand the plainer one.
    fn take_the_plain_way<T: Target>(
        &mut self,
        fresh: &mut impl FnMut() -> T,
    ) -> Result<(), Broken> {
        let mut at = 0;
        while let Some(odd) = self.case.events.get(at).copied() {
            let plain = Event::onward(odd.device);
            for length in 2..=PLAIN_MAX {
                let mut plainer = self.case.clone();
                let way = std::iter::repeat_n(plain, length);
                plainer.events.splice(at..=at, way);
                let fits = plainer.events.len() <= EVENTS_MAX;
                if odd != plain && fits && self.take(&plainer, fresh)? {
                    break;
                }
            }
            at += 1;
        }
        Ok(())
    }

    /// Takes another case for this one, if it breaks the same rule and is another.
    fn take<T: Target>(
        &mut self,
        case: &Case,
        fresh: &mut impl FnMut() -> T,
    ) -> Result<bool, Broken> {
        if *case == self.case {
            return Ok(false);
        }
        let (trace, breaches) = try_case(case, fresh())?;
        let same = breaches.iter().any(|breach| breach.rule == self.rule);
        if same {
            self.case.clone_from(case);
            (self.trace, self.breaches) = (trace, breaches);
        }
        Ok(same)
    }

    /// What the assistant asked and did up to the breach, in order.
    pub fn way(&self) -> Vec<&'static str> {
        let breach = self.breaches.iter().find(|breach| breach.rule == self.rule);
        let end = breach.map_or(0, |breach| breach.line + 1);
        self.trace.lines.iter().take(end).filter_map(stop).collect()
    }

    /// What was out of the ordinary, in order.
    pub fn odd(&self) -> Vec<String> {
        let events = self.case.events.iter();
        let odd = events.filter(|event| !is_ordinary(**event));
        let here = |event: &Event| Event {
            device: 0,
            ..*event
        };
        odd.map(|event| here(event).to_string()).collect()
    }
}

impl Named for CaseFinding {
    fn rule(&self) -> Rule {
        self.rule
    }

    fn named_after(self, rule: Rule) -> Self {
        Self { rule, ..self }
    }
}

impl Example for CaseFinding {
    fn breaches(&self) -> &[Breach] {
        &self.breaches
    }

    fn bucket(&self) -> Bucket {
        Bucket::of(self.rule, &self.breaches, &self.trace)
    }

    fn events(&self) -> usize {
        self.case.events.len()
    }

    fn text(&self) -> String {
        self.case.to_string()
    }
}

/// The same event with less that is out of the ordinary.
const PLAINER_EVENTS: [fn(Event) -> Event; 5] = [
    |event| Event::onward(event.device),
    |event| Event {
        what: What::Onward,
        ..event
    },
    |event| Event {
        how: How::Plainly,
        ..event
    },
    |event| Event {
        when: When::InTime,
        ..event
    },
    |event| Event { device: 0, ..event },
];

/// The same case in a home with less that is out of the ordinary.
const PLAINER_HOMES: [fn(&mut Case); 4] = [
    |case| case.seed = Case::plain(Vec::new()).seed,
    |case| case.names = Case::plain(Vec::new()).names,
    |case| case.messaging = Case::plain(Vec::new()).messaging,
    |case| {
        let last = case.events.iter().map(|event| event.device).max();
        case.devices = last.map_or(1, |last| last + 1);
    },
];

/// Whether it is what leads on, under whatever name.
fn is_ordinary(event: Event) -> bool {
    let leads_on = [
        What::Onward,
        What::Wanted,
        What::Wake,
        What::SendMessage,
        What::FirstName,
        What::Talk,
        What::PromptEnded,
        What::Time,
    ];
    let plain = event.when == When::InTime && event.how == How::Plainly;
    plain && leads_on.contains(&event.what)
}
