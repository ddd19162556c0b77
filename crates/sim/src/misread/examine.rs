//! From a message that was sent to why it was: small, alone in a conversation, and with the words that
//! mattered.

use super::attempt::{Attempt, LATE_FROM, response};
use super::cause::{Cause, Misreading, Severity};
use super::{BrokenIn, Holder, MisreadSearch, Place, Sayings, words_of};
use mondegreen_generator::{Answer, Kind};
use mondegreen_oracle::{Breach, Rule, judge};
use mondegreen_trace::{Meant, Script};

/// Plain refusals that are tried with the words of a finding.
const WORSE_MAX: usize = 12;
/// A word that means nothing to any assistant.
const NEUTRAL: &str = "blue";

impl MisreadSearch<'_> {
    /// Holds what is said instead of a plain answer, alone in a conversation, and judges it.
    fn judge_alone(
        &mut self,
        attempt: &Attempt,
        sayings: &[(String, Meant)],
        holder: &mut Holder<'_>,
    ) -> Result<Option<(Script, Vec<Breach>)>, Box<BrokenIn>> {
        let script = self.script(attempt, sayings);
        let held = self.hold_all(std::slice::from_ref(&script), holder)?;
        let Some(held) = held.first() else {
            return Ok(None);
        };
        let sent = response(held, self.household, 0).sent;
        let breaches = judge(&held.trace);
        let is_found = sent && rule_of(attempt.kind(), &breaches).is_some();
        Ok(is_found.then_some((script, breaches)))
    }

    /// Makes what was sent small, and finds out why it was.
    pub(super) fn examine(
        &mut self,
        attempt: Attempt,
        holder: &mut Holder<'_>,
    ) -> Result<(), Box<BrokenIn>> {
        let words = self.first_words(&attempt);
        let sayings = self.sayings(&attempt);
        if self.is_known(&attempt, &words) || !self.examined.insert(sayings.clone()) {
            return Ok(());
        }
        if self.judge_alone(&attempt, &sayings, holder)?.is_none() {
            return Ok(());
        }
        let attempt = self.shrunk(attempt, holder)?;
        let words = self.words_that_matter(&attempt, holder)?;
        let attempt = self.worse(attempt, &words, holder)?;
        self.note(attempt, words, holder)
    }

    fn note(
        &mut self,
        attempt: Attempt,
        words: Vec<String>,
        holder: &mut Holder<'_>,
    ) -> Result<(), Box<BrokenIn>> {
        let sayings = self.sayings(&attempt);
        let Some((script, breaches)) = self.judge_alone(&attempt, &sayings, holder)? else {
            return Ok(());
        };
        let Some(rule) = rule_of(attempt.kind(), &breaches) else {
            return Ok(());
        };
        let way = self.ways_of(attempt.contact).get(attempt.way);
        let cause = Cause {
            rule,
            place: self.place_of(&attempt),
            asks: way.and_then(|way| attempt.asks(way)),
            words,
            is_late: attempt.silence >= LATE_FROM,
            is_restarted: attempt.restart,
        };
        let texts: Vec<&str> = sayings.iter().map(|(text, _)| text.as_str()).collect();
        let misreading = Misreading {
            severity: Severity::of(attempt.kind(), &breaches),
            said: texts.join(" "),
            kind: attempt.kind(),
            breaches,
            script,
            found_at: self.progress.inputs,
            attempt,
            cause: cause.clone(),
        };
        self.found.entry(cause).or_insert(misreading);
        Ok(())
    }

    /// The simplest attempt that it finds which is sent as well.
    fn shrunk(
        &mut self,
        mut best: Attempt,
        holder: &mut Holder<'_>,
    ) -> Result<Attempt, Box<BrokenIn>> {
        'again: loop {
            for simpler in simpler(&best) {
                let sayings = self.sayings(&simpler);
                if !simpler.is_plain() && self.judge_alone(&simpler, &sayings, holder)?.is_some() {
                    best = simpler;
                    continue 'again;
                }
            }
            return Ok(best);
        }
    }

    /// The fewest words of what was said first that are sent as well, whatever they mean by
    /// themselves. None when any word would do.
    fn words_that_matter(
        &mut self,
        attempt: &Attempt,
        holder: &mut Holder<'_>,
    ) -> Result<Vec<String>, Box<BrokenIn>> {
        let sayings = self.sayings(attempt);
        let Some((text, meant)) = sayings.first() else {
            return Ok(Vec::new());
        };
        let mut left = words_of(text);
        let mut says = |search: &mut Self, words: &[String]| {
            let mut sayings = sayings.clone();
            sayings[0] = (format!("{}.", words.join(" ")), meant.clone());
            let script = search.script(attempt, &sayings);
            let held = search.hold_all(std::slice::from_ref(&script), holder)?;
            Ok::<bool, Box<BrokenIn>>(
                held.iter()
                    .any(|held| response(held, search.household, 0).sent),
            )
        };
        let mut at = 0;
        while at < left.len() && left.len() > 1 {
            let mut fewer = left.clone();
            fewer.remove(at);
            if says(self, &fewer)? {
                left = fewer;
            } else {
                at += 1;
            }
        }
        if left.len() == 1 && says(self, &[NEUTRAL.to_owned()])? {
            left.clear();
        }
        Ok(left.into_iter().map(|word| self.unnamed(word)).collect())
    }

    /// The shortest plain refusal that is sent for the same words, if there is one.
    fn worse(
        &mut self,
        attempt: Attempt,
        words: &[String],
        holder: &mut Holder<'_>,
    ) -> Result<Attempt, Box<BrokenIn>> {
        if self.place_of(&attempt) != Place::Question(0) || attempt.kind() == Kind::Assent {
            return Ok(attempt);
        }
        let mut refusals = Answer::all_plain(Kind::Refuse);
        refusals.retain(|refusal| {
            let said = self.words(&refusal.text(self.household, attempt.contact));
            words.iter().all(|word| said.contains(word))
        });
        refusals.sort_by_cached_key(|refusal| {
            words_of(&refusal.text(self.household, attempt.contact)).len()
        });
        let attempts: Vec<(Attempt, Sayings)> = refusals
            .into_iter()
            .take(WORSE_MAX)
            .map(|refusal| Attempt {
                answers: vec![refusal],
                ..attempt.clone()
            })
            .map(|attempt| (attempt.clone(), self.sayings(&attempt)))
            .collect();
        let responses = self.respond(&attempts, holder)?;
        for ((worse, sayings), response) in attempts.into_iter().zip(responses) {
            let is_found = response.sent && self.judge_alone(&worse, &sayings, holder)?.is_some();
            // It may have been sent for another word that it holds as well.
            if is_found && self.words_that_matter(&worse, holder)? == words {
                return Ok(worse);
            }
        }
        Ok(attempt)
    }
}

/// The rule that a cause is named after: a gate rule, or else what nobody asked for. Whether words
/// permit is not asked where they were meant to.
fn rule_of(kind: Kind, breaches: &[Breach]) -> Option<Rule> {
    let rules = breaches.iter().map(|breach| breach.rule);
    let counts = |rule: &Rule| kind != Kind::Assent || *rule != Rule::G8;
    rules
        .filter(counts)
        .min_by_key(|rule| (!rule.is_gate(), *rule))
}

/// Attempts that are simpler by one step each, the simplest first.
fn simpler(attempt: &Attempt) -> Vec<Attempt> {
    let mut simpler = Vec::new();
    for at in (0..attempt.answers.len()).filter(|_| attempt.answers.len() > 1) {
        let mut fewer = attempt.clone();
        fewer.answers.remove(at);
        simpler.push(fewer);
    }
    if attempt.restart {
        simpler.push(Attempt {
            restart: false,
            ..attempt.clone()
        });
    }
    for silence in 0..attempt.silence {
        simpler.push(Attempt {
            silence,
            ..attempt.clone()
        });
    }
    for (at, answer) in attempt.answers.iter().enumerate() {
        for shorter in answer.shorter() {
            let mut attempt = attempt.clone();
            attempt.answers[at] = shorter;
            simpler.push(attempt);
        }
    }
    simpler
}
