//! A breach that was found, made as small as it gets, with all that is known of it.

use crate::assistant::Assistant;
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
        let breaches = judge(&held.trace);
        let rule = headline(&breaches).filter(|_| held.broken.is_none())?;
        Some(Self {
            rule,
            breaches,
            script,
            held,
        })
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
