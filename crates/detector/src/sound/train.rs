//! Trains the network of a keyword, from recordings in which it is said and others.
//!
//! Adam (Kingma & Ba 2015) on the logistic loss, with noise on the inputs against learning voices by
//! heart. One thread and a random source that is handed in: the same recordings make the same
//! network.

use super::cepstra::real;
use super::model::{HIDDEN, INPUTS, Inputs, Model};
use rand::{Rng, RngExt};

const EPOCHS: usize = 40;
const BATCH: usize = 32;
const RATE: f32 = 0.002;
/// How far each weight is drawn to zero with each step, as a share of the rate.
const DECAY: f32 = 0.3;
/// The noise on inputs, against their own spread.
const NOISE: f32 = 1.6;

/// A span, and whether the keyword was said there.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) inputs: Inputs,
    pub(super) label: f32,
    pub(super) weight: f32,
}

/// The network that tells the examples apart.
pub(super) fn train(examples: &[Example], random: &mut impl Rng) -> Model {
    let scaling = Scaling::of(examples);
    let mut adam = Adam::new(random);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    for epoch in 0..EPOCHS {
        for n in (1..order.len()).rev() {
            order.swap(n, random.random_range(0..=n));
        }
        let rate = RATE * (1.0 - 0.9 * real(epoch) / real(EPOCHS));
        for batch in order.chunks(BATCH) {
            for &nth in batch {
                let example = &examples[nth];
                let inputs = scaling.noisy(&example.inputs, random);
                adam.learn(&inputs, example);
            }
            adam.step(rate, batch.len());
        }
    }
    scaling.folded(&adam.model)
}

/// Brings each input to mean 0 and spread 1.
struct Scaling {
    means: Inputs,
    factors: Inputs,
}

impl Scaling {
    fn of(examples: &[Example]) -> Self {
        let count = real(examples.len().max(1));
        let mut means = [0.0; INPUTS];
        let mut squares = [0.0; INPUTS];
        for example in examples {
            for ((mean, square), value) in means.iter_mut().zip(&mut squares).zip(&example.inputs) {
                *mean += value / count;
                *square += value * value / count;
            }
        }
        let factors = std::array::from_fn(|n| {
            let variance: f32 = squares[n] - means[n] * means[n];
            1.0 / variance.max(1e-6).sqrt()
        });
        Self { means, factors }
    }

    fn noisy(&self, inputs: &Inputs, random: &mut impl Rng) -> Inputs {
        std::array::from_fn(|n| {
            // The sum of three has nearly the shape of a bell, and a spread of one half.
            let noise: f32 = (0..3).map(|_| random.random_range(-0.5_f32..0.5)).sum();
            (inputs[n] - self.means[n]) * self.factors[n] + 2.0 * NOISE * noise
        })
    }

    /// The same network for inputs as they are.
    fn folded(&self, model: &Model) -> Model {
        let mut folded = model.clone();
        for (n, weights) in folded.weights.iter_mut().enumerate() {
            for (weight, bias) in weights.iter_mut().zip(&mut folded.biases) {
                *weight *= self.factors[n];
                *bias -= *weight * self.means[n];
            }
        }
        folded
    }
}

/// A network, its gradient, and the running means of that and of its square.
struct Adam {
    model: Model,
    gradient: Model,
    mean: Model,
    square: Model,
    steps: i32,
}

fn zero() -> Model {
    Model {
        weights: vec![[0.0; HIDDEN]; INPUTS],
        biases: [0.0; HIDDEN],
        outputs: [0.0; HIDDEN],
        bias: 0.0,
    }
}

fn values(model: &mut Model) -> impl Iterator<Item = &mut f32> {
    let weights = model.weights.as_flattened_mut().iter_mut();
    let outputs = model.outputs.iter_mut();
    weights
        .chain(outputs)
        .chain(&mut model.biases)
        .chain(std::iter::once(&mut model.bias))
}

impl Adam {
    fn new(random: &mut impl Rng) -> Self {
        let mut model = zero();
        let spread = (3.0 / real(INPUTS)).sqrt();
        for weight in model.weights.as_flattened_mut() {
            *weight = random.random_range(-spread..spread);
        }
        for weight in &mut model.outputs {
            *weight = random.random_range(-0.3..0.3);
        }
        Self {
            model,
            gradient: zero(),
            mean: zero(),
            square: zero(),
            steps: 0,
        }
    }

    /// Adds the gradient of one example's loss.
    fn learn(&mut self, inputs: &Inputs, example: &Example) {
        let mut sums = self.model.biases;
        for (input, weights) in inputs.iter().zip(&self.model.weights) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += input * weight;
            }
        }
        let hidden = sums.map(|sum| sum.max(0.0));
        let output: f32 = hidden
            .iter()
            .zip(&self.model.outputs)
            .map(|(h, w)| h * w)
            .sum();
        let guess = 1.0 / (1.0 + (-(output + self.model.bias)).exp());
        let error = (guess - example.label) * example.weight;
        self.gradient.bias += error;
        let back: [f32; HIDDEN] = std::array::from_fn(|n| {
            self.gradient.outputs[n] += error * hidden[n];
            if sums[n] > 0.0 {
                error * self.model.outputs[n]
            } else {
                0.0
            }
        });
        for (bias, back) in self.gradient.biases.iter_mut().zip(back) {
            *bias += back;
        }
        for (input, weights) in inputs.iter().zip(&mut self.gradient.weights) {
            for (weight, back) in weights.iter_mut().zip(back) {
                *weight += input * back;
            }
        }
    }

    fn step(&mut self, rate: f32, batch: usize) {
        self.steps += 1;
        let (keep, keep_square) = (0.9_f32, 0.999_f32);
        let (full, full_square) = (
            1.0 - keep.powi(self.steps),
            1.0 - keep_square.powi(self.steps),
        );
        let gradients = values(&mut self.gradient);
        let means = values(&mut self.mean).zip(values(&mut self.square));
        for ((value, gradient), (mean, square)) in values(&mut self.model).zip(gradients).zip(means)
        {
            let slope = *gradient / real(batch);
            *gradient = 0.0;
            *mean = keep * *mean + (1.0 - keep) * slope;
            *square = keep_square * *square + (1.0 - keep_square) * slope * slope;
            let step = (*mean / full) / ((*square / full_square).sqrt() + 1e-8);
            *value -= rate * (step + DECAY * *value);
        }
    }
}
