//! Figures of talk, beside the published ones.
//!
//! Everything is counted on the words alone, so that real talk can be measured as well as ours.
//! Words are what stands between blanks, in lower case, without the stops around it; `uh-huh` is one
//! word. How each figure is counted:
//!
//! - *backchannel*: the whole utterance is one of the forms in [`BACKCHANNELS`]. On real talk this
//!   is an upper bound, since some of them answer a question.
//! - *right phrase*: the whole utterance is one of [`RIGHT_PHRASES`]; *strict yes*: of [`STRICT_YES`]
//!   (a window holds one when any of its words is one).
//! - *window*: words of all utterances in order, cut into runs of 25; a shorter rest is left out.
//! - *yes-word anywhere*: any word is one of [`YES_WORDS`], and none is one of [`NO_WORDS`].
//! - *first name*: a given name of our lexicon with a capital; at the beginning of a sentence only if
//!   it is no common word as well.
//! - *words per hour*: over the time from the first beginning to the last end.
//!
//! Intervals are Wilson's for shares and for rates per word, at 95%; for means they are normal, for
//! words per hour over stretches of talk of equal length. They take utterances as independent, which
//! talk is not: the true ones are somewhat wider.

use crate::classes::Classes;
use crate::line::words;
use crate::names;
use mondegreen_trace::Utterance;

/// Forms of backchannels.
pub const BACKCHANNELS: [&str; 22] = [
    "uh-huh",
    "yeah",
    "right",
    "mhm",
    "mm-hm",
    "um-hum",
    "huh",
    "hm",
    "oh",
    "okay",
    "ok",
    "oh okay",
    "oh yeah",
    "oh really",
    "really",
    "i see",
    "sure",
    "wow",
    "oh wow",
    "oh no",
    "oh dear",
    "gosh",
];

/// Whole utterances of the type of "right".
pub const RIGHT_PHRASES: [&str; 14] = [
    "right",
    "that's right",
    "all right",
    "right right",
    "oh right",
    "yeah right",
    "yeah that's right",
    "oh that's right",
    "quite right",
    "you're right",
    "too right",
    "that's right yeah",
    "right yeah",
    "that's all right",
];

/// Words that can only mean yes.
pub const STRICT_YES: [&str; 4] = ["yes", "yep", "correct", "confirm"];

/// Words that lenient assistants take for yes wherever they stand.
pub const YES_WORDS: [&str; 10] = [
    "yes", "yeah", "yea", "yep", "yup", "sure", "ok", "okay", "agree", "y",
];

/// Words that make lenient assistants take it for no after all.
pub const NO_WORDS: [&str; 5] = ["no", "nope", "nah", "not", "disagree"];

const WINDOW_WORDS: usize = 25;
const SWITCHBOARD: &str = "Switchboard Dialog Acts, 199,740 utterances, 1.46M words";
const STRETCHES: usize = 30;

/// What a figure is a figure of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share, from 0 to 1.
    Share,
    /// Per 10,000 words.
    PerTenThousandWords,
    /// A number of words.
    Words,
    /// Words an hour.
    WordsPerHour,
}

/// One figure of talk, published and measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What it is.
    pub name: &'static str,
    /// What its numbers count.
    pub unit: Unit,
    /// The published value.
    pub published: f64,
    /// Where it was published.
    pub source: &'static str,
    /// The value measured here; not a number when there was nothing to measure it on.
    pub ours: f64,
    /// Interval at 95% around it.
    pub interval95: (f64, f64),
}

/// Measures talk. The figures come in a fixed order.
pub fn measure(talk: &[Utterance]) -> Vec<Figure> {
    let counts = Counts::of(talk);
    let share =
        |name, published, count, of| figure(name, Unit::Share, published, wilson(count, of));
    let rate = |name, published, count| {
        let per_word = wilson(count, counts.words);
        let [ours, low, high] = per_word.map(|value| value * 10_000.0);
        figure(
            name,
            Unit::PerTenThousandWords,
            published,
            [ours, low, high],
        )
    };
    let utterances = counts.utterances;
    let backchannels = counts.backchannels;
    vec![
        figure(
            "words per utterance",
            Unit::Words,
            7.31,
            mean(&counts.lengths),
        ),
        share(
            "utterances that are backchannels",
            0.192,
            backchannels,
            utterances,
        ),
        share("of these: uh-huh", 0.381, counts.uh_huh, backchannels),
        share("of these: yeah", 0.349, counts.yeah, backchannels),
        share("of these: right", 0.095, counts.right_alone, backchannels),
        share(
            "utterances that contain \"right\"",
            0.041,
            counts.with_right,
            utterances,
        ),
        share(
            "whole utterance is a right phrase",
            0.029,
            counts.right_phrases,
            utterances,
        ),
        share(
            "whole utterance is a strict yes",
            0.010,
            counts.strict_yes,
            utterances,
        ),
        share(
            "utterances that contain \"send it\"",
            0.000_07,
            counts.send_it,
            utterances,
        ),
        share(
            "25-word windows with \"right\"",
            0.121,
            counts.right_windows,
            counts.windows,
        ),
        share(
            "25-word windows with a strict yes",
            0.038,
            counts.yes_windows,
            counts.windows,
        ),
        Figure {
            source: "rules of two open assistants (13.2-13.4%), on the same",
            ..share(
                "utterances with a yes-word anywhere",
                0.133,
                counts.with_yes,
                utterances,
            )
        },
        rate("\"send\"", 1.05, counts.send),
        rate("\"message\"", 0.22, counts.message),
        rate("first names", 4.7, counts.first_names),
        Figure {
            source: "Dubois et al., PETS 2020",
            ..figure(
                "words per hour of talk",
                Unit::WordsPerHour,
                6_600.0,
                per_hour(talk),
            )
        },
    ]
}

fn figure(name: &'static str, unit: Unit, published: f64, [ours, low, high]: [f64; 3]) -> Figure {
    Figure {
        name,
        unit,
        published,
        source: SWITCHBOARD,
        ours,
        interval95: (low, high),
    }
}

#[derive(Default)]
struct Counts {
    utterances: usize,
    words: usize,
    lengths: Vec<usize>,
    backchannels: usize,
    uh_huh: usize,
    yeah: usize,
    right_alone: usize,
    with_right: usize,
    right_phrases: usize,
    strict_yes: usize,
    send_it: usize,
    with_yes: usize,
    send: usize,
    message: usize,
    first_names: usize,
    windows: usize,
    right_windows: usize,
    yes_windows: usize,
}

impl Counts {
    fn of(talk: &[Utterance]) -> Self {
        let mut counts = Self::default();
        let mut window: Vec<bool> = Vec::with_capacity(WINDOW_WORDS);
        let mut right_in_window = false;
        for utterance in talk {
            let words: Vec<String> = words(&utterance.text).map(str::to_lowercase).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            counts.utterance(&words);
            counts.first_names += first_names(&utterance.text);
            for word in words {
                right_in_window |= word == "right";
                window.push(STRICT_YES.contains(&word));
                if window.len() == WINDOW_WORDS {
                    counts.windows += 1;
                    counts.right_windows += usize::from(right_in_window);
                    counts.yes_windows += usize::from(window.contains(&true));
                    right_in_window = false;
                    window.clear();
                }
            }
        }
        counts
    }

    fn utterance(&mut self, words: &[&str]) {
        let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
        let number = |wanted: &str| words.iter().filter(|word| **word == wanted).count();
        // The listed forms have at most four words; a long text need not be put together.
        let whole = words.iter().take(5).copied().collect::<Vec<_>>().join(" ");
        let whole = whole.as_str();
        self.utterances += 1;
        self.words += words.len();
        self.lengths.push(words.len());
        self.backchannels += usize::from(BACKCHANNELS.contains(&whole));
        self.uh_huh += usize::from(whole == "uh-huh");
        self.yeah += usize::from(whole == "yeah");
        self.right_alone += usize::from(whole == "right");
        self.with_right += usize::from(words.contains(&"right"));
        self.right_phrases += usize::from(RIGHT_PHRASES.contains(&whole));
        self.strict_yes += usize::from(STRICT_YES.contains(&whole));
        self.send_it += usize::from(words.windows(2).any(|pair| pair == ["send", "it"]));
        self.with_yes += usize::from(any(&YES_WORDS) && !any(&NO_WORDS));
        self.send += number("send");
        self.message += number("message");
    }
}

/// How many words of a text are first names.
fn first_names(text: &str) -> usize {
    let mut begins = true;
    let mut count = 0;
    for token in text.split_whitespace() {
        for word in words(token) {
            let word = word.strip_suffix("'s").unwrap_or(word);
            let lower = word.to_lowercase();
            let capital = word.starts_with(char::is_uppercase) && names::is_given(&lower);
            count += usize::from(capital && !(begins && Classes::is_common(&lower)));
        }
        begins = token.ends_with(['.', '?', '!']);
    }
    count
}

/// A share and its Wilson interval at 95%: `[share, low, high]`.
fn wilson(count: usize, of: usize) -> [f64; 3] {
    let (hits, n) = (real(count), real(of));
    let share = hits / n;
    let square = Z95 * Z95;
    let centre = (share + square / (2.0 * n)) / (1.0 + square / n);
    let spread = (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
    let half = Z95 * spread / (1.0 + square / n);
    [share, (centre - half).max(0.0), (centre + half).min(1.0)]
}

/// 97.5th percentile of the normal distribution.
const Z95: f64 = 1.959_964;

fn mean(values: &[usize]) -> [f64; 3] {
    let values: Vec<f64> = values.iter().map(|value| real(*value)).collect();
    mean_of(&values)
}

fn mean_of(values: &[f64]) -> [f64; 3] {
    let n = real(values.len());
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    let half = Z95 * (squares / (n - 1.0).max(1.0) / n).sqrt();
    [mean, mean - half, mean + half]
}

/// Words an hour, its interval from stretches of an equal number of utterances.
fn per_hour(talk: &[Utterance]) -> [f64; 3] {
    let size = (talk.len() / STRETCHES).max(1);
    let pace = |stretch: &[Utterance], end: Option<u64>| {
        let spoken: usize = stretch
            .iter()
            .map(|utterance| words(&utterance.text).count())
            .sum();
        let from = stretch.first().map_or(0, |utterance| utterance.from_ms);
        let last = stretch.iter().map(|utterance| utterance.to_ms).max();
        let span = end.or(last).unwrap_or(from).saturating_sub(from);
        real(spoken) * 3_600_000.0 / real(usize::try_from(span).unwrap_or(usize::MAX))
    };
    let paces: Vec<f64> = talk
        .chunks_exact(size)
        .enumerate()
        .map(|(at, stretch)| {
            let next = talk.get((at + 1) * size).map(|utterance| utterance.from_ms);
            pace(stretch, next)
        })
        .collect();
    let [mean, low, high] = mean_of(&paces);
    let whole = pace(talk, None);
    [whole, whole - (mean - low), whole + (high - mean)]
}

#[expect(clippy::cast_precision_loss, reason = "no talk has 2^52 words")]
fn real(count: usize) -> f64 {
    count as f64
}
