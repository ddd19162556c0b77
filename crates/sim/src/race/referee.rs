//! Plays cases for the arms that have no player and no judge of their own.

use crate::assistant::Broken;
use crate::case::{Case, Event};
#[cfg(feature = "race")]
use crate::play::Moment;
use crate::play::Player;
use crate::target::Target;
use mondegreen_oracle::{Judge, Reader};
use mondegreen_trace::fact::{Fact, Given};

/// Each case with such a number is played twice, since `G15` shows in no other way: that costs an
/// arm an eighth of its inputs.
const REPLAYED_EVERY: u64 = 8;

/// Plays cases to one assistant, counts inputs, and stops at the first breach of a gate rule.
#[derive(Debug)]
pub(super) struct Referee<T> {
    player: Player<T>,
    judge: Judge,
    reader: Reader,
    facts: Vec<Fact>,
    cases: u64,
    steps: u64,
}

impl<T: Target> Referee<T> {
    pub(super) fn new(assistant: T) -> Self {
        Self {
            player: Player::new(assistant),
            judge: Judge::new(),
            reader: Reader::new(),
            facts: Vec::new(),
            cases: 0,
            steps: 0,
        }
    }

    /// Inputs that the assistant was given, without starts and ends.
    pub(super) const fn steps(&self) -> u64 {
        self.steps
    }

    /// Plays a case; gives the case up to its first breach, if it has one.
    pub(super) fn try_case(&mut self, case: &Case) -> Result<Option<Case>, Broken> {
        self.cases += 1;
        let found = self.play(case)?;
        if found.is_some() || !self.cases.is_multiple_of(REPLAYED_EVERY) {
            return Ok(found);
        }
        let first = std::mem::take(&mut self.facts);
        let found = self.play(case)?;
        if found.is_none() && self.facts != first {
            return Ok(Some(case.clone())); // G15
        }
        Ok(found)
    }

    fn play(&mut self, case: &Case) -> Result<Option<Case>, Broken> {
        self.begin(case)?;
        for (played, event) in (1..).zip(&case.events) {
            if self.happen(*event)? {
                let mut found = case.clone();
                found.events.truncate(played);
                return Ok(Some(found));
            }
        }
        let seen = self.facts.len();
        self.player.finish(&mut self.facts)?;
        Ok(self.watch(seen).then(|| case.clone()))
    }

    /// Begins a run in the home of a case.
    pub(super) fn begin(&mut self, case: &Case) -> Result<(), Broken> {
        self.facts.clear();
        self.judge.reset();
        self.player.start(case, &mut self.facts)?;
        self.watch(0);
        Ok(())
    }

    /// Lets one thing happen; says whether a gate rule is broken by now.
    pub(super) fn happen(&mut self, event: Event) -> Result<bool, Broken> {
        let seen = self.facts.len();
        self.player.happen(event, &mut self.facts)?;
        Ok(self.watch(seen))
    }

    fn watch(&mut self, seen: usize) -> bool {
        let dictionary = self.player.dictionary().borrow();
        for fact in self.facts.iter().skip(seen) {
            self.steps += u64::from(is_input(fact));
            self.judge.see(fact, &mut self.reader, &dictionary);
        }
        let mut breaches = self.judge.breaches().iter();
        breaches.any(|breach| breach.rule.is_gate())
    }
}

/// A moment of a run that a referee can go back to.
#[cfg(feature = "race")]
#[derive(Debug)]
pub(super) struct Resting<T> {
    moment: Moment<T>,
    judge: Judge,
}

#[cfg(feature = "race")]
impl<T: Target> Referee<T> {
    pub(super) const fn player(&self) -> &Player<T> {
        &self.player
    }

    pub(super) const fn judge(&self) -> &Judge {
        &self.judge
    }

    /// This moment, if the assistant can be had twice.
    pub(super) fn rest(&self) -> Option<Resting<T>> {
        let moment = self.player.moment()?;
        let judge = self.judge.clone();
        Some(Resting { moment, judge })
    }

    /// Goes back to a moment; says whether it could.
    pub(super) fn go_back(&mut self, resting: &Resting<T>) -> bool {
        self.facts.clear();
        self.judge.clone_from(&resting.judge);
        self.player.go_back(&resting.moment)
    }
}

const fn is_input(fact: &Fact) -> bool {
    matches!(fact, Fact::Given(given) if !matches!(given, Given::Start { .. } | Given::End))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{What, When};
    use crate::mutant::Mutant;
    use crate::play::play;
    use crate::preset::Preset;
    use crate::reference::Reference;
    use mondegreen_trace::{Input, Line};

    fn witness(name: &str) -> (Case, Reference) {
        let mutant = Mutant::named(name).expect("a mutant");
        (mutant.witness(), mutant.assistant())
    }

    /// `G15`
    #[test]
    fn every_eighth_case_is_played_twice() {
        let (case, assistant) = witness("words-go-on");
        let mut referee = Referee::new(assistant);
        for number in 1..=REPLAYED_EVERY {
            let found = referee.try_case(&case).expect("it works");
            let is_twice = number == REPLAYED_EVERY;
            assert_eq!(found, is_twice.then(|| case.clone()), "case {number}");
        }
        let mut referee = Referee::new(Reference::new(Preset::GUARDED));
        for _ in 0..=REPLAYED_EVERY {
            assert_eq!(referee.try_case(&case), Ok(None));
        }
    }

    #[test]
    fn inputs_are_counted_up_to_the_first_breach() {
        let (mut case, assistant) = witness("barge-in");
        let later = Event {
            when: When::Later,
            ..Event::plain(What::Time)
        };
        case.events.extend([later; 3]);
        let mut referee = Referee::new(assistant);
        let found = referee.try_case(&case).expect("it works");
        let found = found.expect("a witness breaks a rule");
        assert!(found.events.len() < case.events.len());
        let steps = referee.steps();
        assert_eq!(referee.try_case(&found), Ok(Some(found.clone())));
        assert_eq!(referee.steps(), 2 * steps, "what comes later is not played");

        let mut guarded = Reference::new(Preset::GUARDED);
        let trace = play(&found, &mut guarded).expect("it works");
        let counts = |line: &&Line| match line {
            Line::In(input) => !matches!(input, Input::Start { .. } | Input::End),
            Line::Said { .. } | Line::Out(_) => false,
        };
        let mut referee = Referee::new(guarded);
        assert_eq!(referee.try_case(&found), Ok(None));
        assert_eq!(
            referee.steps(),
            trace.lines.iter().filter(counts).count() as u64
        );
    }
}
