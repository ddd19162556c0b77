//! What has been learned of an assistant: which words lead it on.
//!
//! A linear classifier over the words of an answer and their neighbours, trained as answers come in
//! (the passive-aggressive algorithm PA-I of Crammer et al., JMLR 7, 2006). It uses no function but
//! the four operations, so that it learns the same on every machine.

use std::collections::BTreeMap;

/// How much one answer may change what was learned.
const STEP_MAX: f64 = 1.0;
/// What a word is worth that was never tried, against a sure success.
const CURIOSITY: f64 = 0.6;
/// What two words are worth that were never tried one after the other.
const CURIOSITY_IN_PAIRS: f64 = 0.2;

#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    weights: BTreeMap<String, Weight>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    value: f64,
    tried: u32,
}

impl Model {
    /// What an answer promises: how likely it leads on, and how much would be learned from it.
    pub(super) fn promise(&self, words: &[String]) -> f64 {
        let score = self.score(words);
        let likely = f64::midpoint(1.0, score / (1.0 + score.abs()));
        let news = |features: &[String]| {
            let news = features
                .iter()
                .map(|feature| 1.0 / f64::from(1 + self.of(feature).tried));
            news.fold(0.0, f64::max)
        };
        likely + CURIOSITY * news(words) + CURIOSITY_IN_PAIRS * news(&pairs(words))
    }

    /// Notes that these words are about to be tried.
    pub(super) fn try_out(&mut self, words: &[String]) {
        for feature in features(words) {
            let weight = self.weights.entry(feature).or_default();
            weight.tried = weight.tried.saturating_add(1);
        }
    }

    /// Learns whether an answer led on.
    pub(super) fn learn(&mut self, words: &[String], led_on: bool) {
        let sign = if led_on { 1.0 } else { -1.0 };
        let loss = (1.0 - sign * self.score(words)).max(0.0);
        let features = features(words);
        let Ok(length) = u32::try_from(features.len().max(1)) else {
            return;
        };
        let step = (loss / f64::from(length)).min(STEP_MAX);
        for feature in features {
            self.weights.entry(feature).or_default().value += sign * step;
        }
    }

    fn score(&self, words: &[String]) -> f64 {
        features(words)
            .iter()
            .map(|feature| self.of(feature).value)
            .sum()
    }

    fn of(&self, feature: &str) -> Weight {
        self.weights.get(feature).copied().unwrap_or_default()
    }
}

/// The words, and each two that follow one another.
fn features(words: &[String]) -> Vec<String> {
    [words, &pairs(words)].concat()
}

/// Each two words that follow one another, ends included.
fn pairs(words: &[String]) -> Vec<String> {
    let ends = [String::new()];
    let all: Vec<&String> = ends.iter().chain(words).chain(&ends).collect();
    all.windows(2)
        .map(|pair| format!("{} {}", pair[0], pair[1]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn it_learns_which_word_leads_on_and_which_holds_back() {
        let mut model = Model::default();
        for _ in 0..5 {
            model.learn(&words("not right now"), true);
            model.learn(&words("not now"), false);
            model.learn(&words("that is right"), true);
            model.learn(&words("no that is right"), false);
        }
        assert!(model.score(&words("turn right")) > 0.0);
        assert!(model.score(&words("not yet")) < 0.0);
        assert!(model.score(&words("no right")) < model.score(&words("oh right")));
    }

    #[test]
    fn what_was_never_tried_is_worth_more() {
        let mut model = Model::default();
        model.try_out(&words("not now"));
        assert!(model.promise(&words("not ever")) > model.promise(&words("not now")));
    }
}
