//! A breach that was found, made as small as it gets, with all that is known of it.

use crate::assistant::{Assistant, Broken};
use crate::bucket::Bucket;
use crate::causes::{Example, Named};
use crate::channel::Channel;
use crate::hold::{Held, Hit, hold};
use crate::hunt::headline;
use crate::shrink::Shrinker;
use mondegreen_oracle::{Breach, Rule, judge};
use mondegreen_phonetics::Nats;
use mondegreen_trace::{Asks, Script};

/// A conversation that makes an assistant break a rule.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that it is named after.
    pub rule: Rule,
    /// All rules that it breaks.
    pub breaches: Vec<Breach>,
    /// What is said.
    pub script: Script,
    /// What happens.
    pub held: Held,
}

impl Finding {
    /// Holds a script and judges it; nothing if no rule is broken or the assistant breaks.
    pub fn of(
        script: Script,
        channel: &mut Channel,
        assistant: &mut dyn Assistant,
    ) -> Option<Self> {
        let held = hold(&script, channel, assistant);
        Self::in_what_was_held(script, held).ok().flatten()
    }

    /// Judges a script that was held; nothing if no rule is broken.
    ///
    /// # Errors
    /// When the assistant broke.
    pub fn in_what_was_held(script: Script, held: Held) -> Result<Option<Self>, Broken> {
        if let Some(broken) = held.broken {
            return Err(broken);
        }
        let breaches = judge(&held.trace);
        let rule = headline(&breaches);
        Ok(rule.map(|rule| Self {
            rule,
            breaches,
            script,
            held,
        }))
    }

    /// The same rule broken by a conversation that cannot be made smaller.
    #[must_use]
    pub fn shrunk(self, channel: &mut Channel, assistant: &mut dyn Assistant) -> Self {
        let script = Shrinker::new(channel, assistant, self.rule).shrink(&self.script);
        let rule = self.rule;
        match Self::of(script, channel, assistant) {
            Some(smaller) => Self { rule, ..smaller },
            None => self,
        }
    }

    /// The same conversation, named after each rule that it breaks.
    pub fn by_rule(&self) -> Vec<Self> {
        let mut rules: Vec<Rule> = Vec::new();
        for rule in self.breaches.iter().map(|breach| breach.rule) {
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        let named = |rule| Self {
            rule,
            ..self.clone()
        };
        rules.into_iter().map(named).collect()
    }

    /// What had to be misheard, stage by stage, in the order in which it was.
    pub fn stages(&self) -> Vec<(Asks, &Hit)> {
        self.held
            .spotted
            .iter()
            .map(|hit| (hit.asks, hit))
            .collect()
    }

    /// What all mishearings cost together.
    pub fn cost(&self) -> Nats {
        let millis = self
            .held
            .spotted
            .iter()
            .map(|hit| hit.spotted.cost.millis());
        Nats::from_millis(millis.fold(0, u32::saturating_add))
    }
}

impl Named for Finding {
    fn rule(&self) -> Rule {
        self.rule
    }

    fn named_after(self, rule: Rule) -> Self {
        Self { rule, ..self }
    }
}

impl Example for Finding {
    fn breaches(&self) -> &[Breach] {
        &self.breaches
    }

    fn bucket(&self) -> Bucket {
        let stages = self.held.spotted.iter().map(|hit| hit.asks);
        Bucket::of(self.rule, &self.breaches, &self.held.trace).misheard(stages)
    }

    fn events(&self) -> usize {
        self.script.events.len()
    }

    fn text(&self) -> String {
        self.script.to_string()
    }
}
