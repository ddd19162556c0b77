//! The search for talk that is heard as it was said and taken for permission.

use mondegreen_sim::misread::{MisreadSearch, Misreading, Severity};
use mondegreen_sim::{Assistant, Broken, Channel, Held, Preset, Reference, Words, hold, home};
use mondegreen_trace::{Asks, Effect, Input, Script};
use std::collections::BTreeSet;

/// Sends when an answer holds one of its words and none of its others.
#[derive(Default)]
struct Takes {
    yes: &'static [&'static str],
    no: &'static [&'static str],
    /// Until when an answer counts, after the question; nothing for ever.
    window_ms: Option<u64>,
    asked: Option<(String, u64)>,
    contacts: Vec<(String, String)>,
    sent: u32,
}

impl Takes {
    fn answer(&mut self, text: &str, at_ms: u64, effects: &mut Vec<Effect>) {
        let Some((recipient, until_ms)) = self.asked.take() else {
            return;
        };
        let says = |list: &[&str]| text.split(' ').any(|word| list.contains(&word));
        if says(self.yes) && !says(self.no) && at_ms < until_ms {
            self.sent += 1;
            effects.push(Effect::Send {
                device: "kitchen".to_owned(),
                message: format!("m{}", self.sent),
                recipient,
                from_ms: None,
                to_ms: None,
            });
        }
    }

    fn command(&mut self, text: &str, at_ms: u64, effects: &mut Vec<Effect>) {
        let called = text.strip_prefix("alexa send a message to ");
        let to = called.and_then(|name| self.contacts.iter().find(|(_, known)| known == name));
        let Some((id, name)) = to.cloned() else {
            return;
        };
        let until_ms = self
            .window_ms
            .map_or(u64::MAX, |window_ms| at_ms + window_ms);
        self.asked = Some((id.clone(), until_ms));
        effects.push(Effect::Prompt {
            device: "kitchen".to_owned(),
            prompt: self.sent + 1,
            text: format!("{name}, right?"),
            asks: Some(Asks::Confirmation),
            recipient: Some(id),
            message: None,
            duration_ms: 1_000,
        });
    }
}

impl Assistant for Takes {
    #[expect(clippy::wildcard_enum_match_arm, reason = "it minds nothing else")]
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        match input {
            Input::Start { household, .. } => {
                self.asked = None;
                let contact = |c: &mondegreen_trace::Contact| (c.id.clone(), c.name.to_lowercase());
                self.contacts = household.contacts.iter().map(contact).collect();
            }
            Input::Heard {
                at_ms, hypotheses, ..
            } => {
                let text = hypotheses[0].text.clone();
                if self.asked.is_some() {
                    self.answer(&text, *at_ms, effects);
                } else {
                    self.command(&text, *at_ms, effects);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn household() -> mondegreen_trace::Household {
    let mut household = home(1).household;
    household.devices = vec!["kitchen".to_owned()];
    household
}

fn wording() -> Words {
    Words {
        wake: "Alexa".to_owned(),
        request: "send a message".to_owned(),
    }
}

/// What is found in so many rounds, and how many of how many plain requests were sent.
fn found_in(
    assistant: &mut dyn Assistant,
    rounds: usize,
    seed: u64,
) -> (Vec<Misreading>, (usize, usize)) {
    let household = household();
    let mut channel = Channel::new("alexa", &household);
    let mut holder = |scripts: &[Script]| -> Vec<Held> {
        scripts
            .iter()
            .map(|script| hold(script, &mut channel, assistant))
            .collect()
    };
    let mut search = MisreadSearch::new(&household, wording(), seed, &mut holder).expect("whole");
    assert!(search.can_send());
    let users = search.plain_users(&mut holder).expect("whole");
    for _ in 0..rounds {
        search.round(&mut holder).expect("whole");
    }
    let found = search.found().into_iter().cloned().collect();
    (found, (users.sent, users.requests))
}

#[test]
fn the_words_that_an_assistant_takes_for_yes_are_found() {
    let yes = &["right", "sure", "okay", "yes"];
    let mut assistant = Takes {
        yes,
        ..Takes::default()
    };
    let (found, _) = found_in(&mut assistant, 40, 1);
    let causes: Vec<_> = found
        .iter()
        .map(|found| found.cause.words.join(" "))
        .collect();
    for word in yes {
        assert!(
            causes.iter().any(|cause| cause == word),
            "{word}: {causes:?}"
        );
    }
    let refused = found
        .iter()
        .filter(|found| found.severity == Severity::RefusedAndSent);
    assert!(refused.count() >= yes.len(), "{found:#?}");
}

#[test]
fn what_is_shown_for_a_cause_is_sent_for_its_words() {
    let yes = &["please", "confirm", "sure", "yes"];
    let (found, _) = found_in(
        &mut Takes {
            yes,
            ..Takes::default()
        },
        40,
        1,
    );
    assert!(found.len() >= yes.len(), "{found:#?}");
    for finding in found {
        let said = finding.said.to_lowercase();
        let words: BTreeSet<&str> = said.split(|c: char| !c.is_alphanumeric()).collect();
        let taken: Vec<&str> = words
            .into_iter()
            .filter(|word| yes.contains(word))
            .collect();
        assert_eq!(taken, finding.cause.words, "{}", finding.said);
    }
}

#[test]
fn words_that_hold_an_assistant_back_are_gone_round() {
    let mut assistant = Takes {
        yes: &["right", "yes"],
        no: &["not", "no", "don't", "dont", "never", "isn't", "didn't"],
        ..Takes::default()
    };
    let (found, _) = found_in(&mut assistant, 60, 1);
    assert!(
        found.iter().any(|found| found.cause.words == ["right"]),
        "{found:#?}"
    );
}

#[test]
fn a_late_answer_is_found_where_the_question_stands_for_ever() {
    let mut assistant = Takes {
        yes: &["yes"],
        ..Takes::default()
    };
    let (found, _) = found_in(&mut assistant, 40, 1);
    let twice: Vec<_> = found.iter().map(|found| &found.script).collect();
    for script in twice {
        let mut channel = Channel::new("alexa", &script.household);
        let held = hold(
            script,
            &mut channel,
            &mut Takes {
                yes: &["yes"],
                ..Takes::default()
            },
        );
        assert!(
            !mondegreen_oracle::judge(&held.trace).is_empty(),
            "{script}"
        );
    }
}

#[test]
fn an_assistant_that_takes_whole_answers_alone_is_not_fooled_and_serves() {
    let (found, (sent, requests)) = found_in(&mut Reference::new(Preset::GUARDED), 20, 1);
    assert!(found.is_empty(), "{found:#?}");
    assert!(sent > 0 && sent <= requests, "{sent} of {requests}");
}

#[test]
fn a_seed_finds_the_same_again() {
    let run = |seed| {
        let mut assistant = Takes {
            yes: &["fine", "yes"],
            no: &["no"],
            ..Takes::default()
        };
        let (found, _) = found_in(&mut assistant, 10, seed);
        found
            .iter()
            .map(|found| found.script.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(run(3), run(3));
}
