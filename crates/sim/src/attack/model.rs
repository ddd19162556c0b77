//! Learns which phrases an ear takes for another, from what it made of those that were tried.
//!
//! Several logistic regressions, each of which has seen every try as often as chance had it (Poisson
//! with mean 1, as in the bootstrap). Where they disagree, too little is known; to choose what to try
//! next by one of them, drawn at random, is Thompson sampling by the bootstrap (Eckles and Kaptein
//! 2014; Osband and Van Roy 2015). They are fitted by `AdaGrad` (Duchi, Hazan and Singer 2011).

use rand::Rng;
use rand::RngExt;

/// Regressions; more of them change little.
pub(super) const MEMBERS: usize = 8;
/// How often all tries are gone through when more of them are known.
const PASSES: usize = 4;
/// How fast is learned, and how strongly weights are drawn to 0.
const RATE: f64 = 0.3;
const DECAY: f64 = 0.002;
/// Probabilities of 0, 1 and 2 by Poisson with mean 1; 3 is the most that is drawn.
const POISSON: [f64; 3] = [0.367_879, 0.367_879, 0.183_940];

/// A feature that is present, by its number, and how much of it.
pub(crate) type Feature = (u32, f64);

/// What came of a try.
#[derive(Debug)]
struct Seen {
    features: Vec<Feature>,
    /// From 0 to 1.
    outcome: f64,
    /// How often each member has seen it.
    times: [u8; MEMBERS],
}

/// All that is known of an ear.
#[derive(Debug)]
pub(super) struct Model {
    members: Vec<Member>,
    seen: Vec<Seen>,
}

#[derive(Clone, Debug)]
struct Member {
    weights: Vec<f64>,
    /// Sums of squared gradients.
    squares: Vec<f64>,
}

impl Model {
    pub(super) fn new(features: usize) -> Self {
        let member = Member {
            weights: vec![0.0; features],
            squares: vec![1e-6; features],
        };
        Self {
            members: vec![member; MEMBERS],
            seen: Vec::new(),
        }
    }

    /// Takes note of a try.
    pub(super) fn note(&mut self, features: Vec<Feature>, outcome: f64, rng: &mut impl Rng) {
        let times = std::array::from_fn(|_| {
            let mut left: f64 = rng.random();
            let draw = POISSON.iter().position(|share| {
                left -= share;
                left < 0.0
            });
            draw.map_or(3, |times| u8::try_from(times).unwrap_or(3))
        });
        self.seen.push(Seen {
            features,
            outcome,
            times,
        });
    }

    /// Learns from all tries that were noted.
    pub(super) fn fit(&mut self) {
        for (number, member) in self.members.iter_mut().enumerate() {
            for _ in 0..PASSES {
                for seen in &self.seen {
                    member.learn(seen, f64::from(seen.times[number]));
                }
            }
        }
    }

    /// What a member expects of such a try: the more, the likelier, on the scale of log odds.
    pub(super) fn odds(&self, member: usize, features: &[Feature]) -> f64 {
        self.members[member].odds(features)
    }

    /// The probability that all members together give it.
    pub(super) fn probability(&self, features: &[Feature]) -> f64 {
        let shares = self.members.iter().map(|m| logistic(m.odds(features)));
        shares.sum::<f64>() / MEMBERS_F64
    }
}

const MEMBERS_F64: f64 = 8.0;
const _: () = assert!(MEMBERS == 8, "the number of members stands here twice");

impl Member {
    fn odds(&self, features: &[Feature]) -> f64 {
        let terms = features.iter();
        terms
            .map(|(at, value)| self.weights[*at as usize] * value)
            .sum()
    }

    fn learn(&mut self, seen: &Seen, times: f64) {
        if times < 0.5 {
            return;
        }
        let error = times * (logistic(self.odds(&seen.features)) - seen.outcome);
        for (at, value) in &seen.features {
            let at = *at as usize;
            let gradient = error * value + DECAY * self.weights[at];
            self.squares[at] += gradient * gradient;
            self.weights[at] -= RATE * gradient / self.squares[at].sqrt();
        }
    }
}

fn logistic(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, random};

    /// Feature 1 makes a try succeed four times in five, 2 once in ten; 0 is always there.
    #[test]
    fn what_succeeds_is_learned() {
        let mut rng = random(7, Purpose::Attack);
        let mut model = Model::new(4);
        let tries = [
            (vec![(0, 1.0), (1, 1.0)], 0.8),
            (vec![(0, 1.0), (2, 1.0)], 0.1),
        ];
        for _ in 0..300 {
            for (features, share) in &tries {
                let outcome = if rng.random_bool(*share) { 1.0 } else { 0.0 };
                model.note(features.clone(), outcome, &mut rng);
            }
        }
        model.fit();
        for (features, share) in &tries {
            let learned = model.probability(features);
            assert!((learned - share).abs() < 0.08, "{learned} {share}");
        }
    }

    /// Where nothing was tried, the members disagree more than where much was.
    #[test]
    fn members_agree_on_what_was_tried_often() {
        let mut rng = random(7, Purpose::Attack);
        let mut model = Model::new(3);
        for number in 0..400 {
            let outcome = if rng.random_bool(0.5) { 1.0 } else { 0.0 };
            model.note(vec![(0, 1.0)], outcome, &mut rng);
            if number < 2 {
                model.note(vec![(1, 1.0)], f64::from(number), &mut rng);
            }
        }
        model.fit();
        let spread = |feature: u32| {
            let odds = (0..MEMBERS).map(|member| model.odds(member, &[(feature, 1.0)]));
            let odds: Vec<f64> = odds.collect();
            let most = odds.iter().copied().fold(f64::MIN, f64::max);
            most - odds.iter().copied().fold(f64::MAX, f64::min)
        };
        assert!(spread(1) > 2.0 * spread(0), "{} {}", spread(1), spread(0));
    }
}
