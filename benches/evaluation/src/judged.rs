//! What an engine made of the tests, and what follows from a threshold.

use crate::Outcome;
use crate::set::{Clip, Kind};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use statrs::distribution::{Beta, ContinuousCDF, Gamma};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Stretches of talk in an hour.
const STRETCHES: f64 = 1_800.0;
/// Of a bootstrap.
const DRAWS: usize = 2_000;

/// How sure an engine was that a clip, or a stretch of talk, holds a keyword.
#[derive(Clone, Debug)]
pub(crate) struct Score {
    pub(crate) clip: usize,
    pub(crate) keyword: String,
    pub(crate) value: f64,
}

/// Scores by what was said, highest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Judged {
    pub(crate) keywords: Vec<Score>,
    pub(crate) near: Vec<Score>,
    pub(crate) talk: Vec<Score>,
}

pub(crate) struct Engine {
    pub(crate) name: String,
    pub(crate) judged: Judged,
    /// For each keyword, from which score on it is detected by the engine as it comes.
    pub(crate) thresholds: BTreeMap<String, f64>,
}

impl Engine {
    /// All whose scores are in the folder: ENGINE.tsv, or several ENGINE.PART.tsv.
    pub(crate) fn all(folder: &Path, clips: &[Clip]) -> Outcome<Vec<Self>> {
        let mut files = BTreeMap::<String, Vec<_>>::new();
        for file in std::fs::read_dir(folder)? {
            let path = file?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let (engine, end) = name.split_once('.').unwrap_or_default();
            if end.ends_with("tsv") && !["set", "cost"].contains(&engine) {
                files.entry(engine.to_owned()).or_default().push(path);
            }
        }
        let read = |(name, mut files): (String, Vec<_>)| {
            files.sort();
            let mut judged = Judged::default();
            for file in &files {
                judged.read(&std::fs::read_to_string(file)?, clips)?;
            }
            judged.sort();
            let thresholds = thresholds(&folder.join(format!("{name}.threshold")))?;
            Ok(Self {
                name,
                judged,
                thresholds,
            })
        };
        files.into_iter().map(read).collect()
    }
}

fn thresholds(file: &Path) -> Outcome<BTreeMap<String, f64>> {
    let text = std::fs::read_to_string(file)?;
    let row = |line: &str| {
        let (keyword, threshold) = line
            .split_once('\t')
            .ok_or_else(|| format!("{}: `{line}` is not a threshold", file.display()))?;
        Ok((keyword.to_owned(), threshold.parse()?))
    };
    text.lines().map(row).collect()
}

impl Judged {
    fn read(&mut self, text: &str, clips: &[Clip]) -> Outcome<()> {
        let places: BTreeMap<&str, usize> = clips
            .iter()
            .enumerate()
            .map(|(n, clip)| (clip.file.as_str(), n))
            .collect();
        for line in text.lines() {
            let row: Vec<&str> = line.split('\t').collect();
            let [file, keyword, _, score] = row[..] else {
                return Err(format!("`{line}` is not a score").into());
            };
            let clip = *places
                .get(file)
                .ok_or_else(|| format!("`{file}` is not in the set"))?;
            let of = match clips[clip].kind {
                Kind::Keyword => &mut self.keywords,
                Kind::Near => &mut self.near,
                Kind::Talk => &mut self.talk,
                Kind::Template => return Err(format!("`{file}` is no test").into()),
            };
            of.push(Score {
                clip,
                keyword: keyword.to_owned(),
                value: score.parse()?,
            });
        }
        Ok(())
    }

    fn sort(&mut self) {
        for of in [&mut self.keywords, &mut self.near, &mut self.talk] {
            of.sort_by(|a, b| b.value.total_cmp(&a.value));
        }
    }

    fn filtered(&self, is_wanted: impl Fn(&Score) -> bool) -> Self {
        let of = |all: &[Score]| {
            all.iter()
                .filter(|score| is_wanted(score))
                .cloned()
                .collect()
        };
        Self {
            keywords: of(&self.keywords),
            near: of(&self.near),
            talk: of(&self.talk),
        }
    }

    pub(crate) fn names(&self) -> BTreeSet<&str> {
        self.keywords
            .iter()
            .map(|score| score.keyword.as_str())
            .collect()
    }

    /// What it made of one keyword.
    pub(crate) fn of(&self, keyword: &str) -> Self {
        self.filtered(|score| score.keyword == keyword)
    }

    /// What it made of that of which the other made something too.
    pub(crate) fn beside(&self, other: &Self) -> Self {
        let all = [&other.keywords, &other.near, &other.talk];
        let heard: BTreeSet<(usize, &str)> = all
            .into_iter()
            .flatten()
            .map(|score| (score.clip, score.keyword.as_str()))
            .collect();
        self.filtered(|score| heard.contains(&(score.clip, score.keyword.as_str())))
    }

    /// Of talk, for each keyword that it was heard for.
    pub(crate) fn hours(&self) -> f64 {
        number(self.talk.len()) / STRETCHES
    }

    /// The lowest threshold, itself excluded, with at most so many false alarms.
    pub(crate) fn threshold(&self, alarms: usize) -> f64 {
        self.talk
            .get(alarms)
            .map_or(f64::NEG_INFINITY, |score| score.value)
    }

    /// How many false alarms there may be at a rate; none unless there is room for one.
    pub(crate) fn alarms(&self, rate: f64) -> Option<usize> {
        let alarms = (1..self.talk.len()).take_while(|n| number(*n) <= rate * self.hours());
        alarms.last()
    }

    /// Keywords that are missed with at most so many false alarms.
    pub(crate) fn missed(&self, alarms: usize) -> usize {
        let threshold = self.threshold(alarms);
        let missed = self
            .keywords
            .iter()
            .filter(|score| score.value <= threshold);
        missed.count()
    }

    /// 95% of the share of keywords that are missed at a rate of false alarms. Voices are drawn again
    /// with all that they say, and so are files of talk, by which the threshold is found again
    /// (percentiles of a bootstrap over clusters).
    pub(crate) fn missed_interval(&self, rate: f64, clips: &[Clip]) -> Option<(f64, f64)> {
        let alarms = self.alarms(rate)?;
        let mut random = ChaCha8Rng::seed_from_u64(6);
        let voices = Clusters::new(&self.keywords, |score| &clips[score.clip].voice);
        let files = Clusters::new(&self.talk, |score| &clips[score.clip].file);
        let draw = |_| {
            let (voices, files) = (voices.drawn(&mut random), files.drawn(&mut random));
            let mut above = 0;
            let threshold = self.talk.iter().zip(&files).find_map(|(score, times)| {
                above += times;
                (above > alarms).then_some(score.value)
            });
            let threshold = threshold.unwrap_or(f64::NEG_INFINITY);
            let keywords = self.keywords.iter().zip(&voices);
            let missed = keywords.filter(|(score, _)| score.value <= threshold);
            let missed: usize = missed.map(|(_, times)| times).sum();
            number(missed) / number(voices.iter().sum()).max(1.0)
        };
        let mut shares: Vec<f64> = (0..DRAWS).map(draw).collect();
        shares.sort_by(f64::total_cmp);
        Some((shares[DRAWS / 40], shares[DRAWS - 1 - DRAWS / 40]))
    }

    /// The most false alarms that it has before it misses nothing.
    pub(crate) fn alarms_max(&self) -> usize {
        let least = self.keywords.last().map_or(0.0, |score| score.value);
        let above = self.talk.iter().take_while(|score| score.value >= least);
        above.count()
    }
}

/// Scores that belong together: those of a voice, or of a file.
struct Clusters {
    /// For each score, the number of its cluster.
    of: Vec<usize>,
    count: usize,
}

impl Clusters {
    fn new<'a>(scores: &'a [Score], name: impl Fn(&'a Score) -> &'a str) -> Self {
        let names: BTreeSet<&str> = scores.iter().map(&name).collect();
        let numbers: BTreeMap<&str, usize> = names.into_iter().zip(0..).collect();
        Self {
            of: scores.iter().map(|score| numbers[name(score)]).collect(),
            count: numbers.len(),
        }
    }

    /// As many clusters as there are, drawn with replacement: for each score, how many times it came.
    fn drawn(&self, random: &mut ChaCha8Rng) -> Vec<usize> {
        let mut times = vec![0; self.count];
        for _ in 0..self.count {
            times[random.random_range(0..self.count)] += 1;
        }
        self.of.iter().map(|cluster| times[*cluster]).collect()
    }
}

/// How often one of the first scores higher than one of the others.
pub(crate) fn area(own: &[f64], others: &[f64]) -> f64 {
    let wins = own.iter().flat_map(|own| {
        others.iter().map(move |other| match own.total_cmp(other) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        })
    });
    wins.sum::<f64>() / (number(own.len()) * number(others.len())).max(1.0)
}

/// 95% of a share. Clips share voices, so the truth is wider.
pub(crate) fn clopper_pearson(count: usize, all: usize) -> Outcome<(f64, f64)> {
    let (k, n) = (number(count), number(all));
    let low = if count == 0 {
        0.0
    } else {
        Beta::new(k, n - k + 1.0)?.inverse_cdf(0.025)
    };
    let high = if count == all {
        1.0
    } else {
        Beta::new(k + 1.0, n - k)?.inverse_cdf(0.975)
    };
    Ok((low, high))
}

/// 95% of what a count would be on average, exactly (Garwood's).
pub(crate) fn poisson(count: usize) -> Outcome<(f64, f64)> {
    let k = number(count);
    let low = if count == 0 {
        0.0
    } else {
        Gamma::new(k, 1.0)?.inverse_cdf(0.025)
    };
    Ok((low, Gamma::new(k + 1.0, 1.0)?.inverse_cdf(0.975)))
}

pub(crate) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twenty voices say the keyword ten times each, with these scores; then two hours of talk, in
    /// files of a hundred stretches, that score from 3,600 down to 1.
    fn judged(keyword: impl Fn(usize) -> f64) -> (Judged, Vec<Clip>) {
        let clip = |file: usize, kind, voice: usize| Clip {
            file: file.to_string(),
            kind,
            keyword: "Alexa".to_owned(),
            said: "Alexa".to_owned(),
            voice: voice.to_string(),
            place: "quiet".to_owned(),
        };
        let score = |clip, value| Score {
            clip,
            keyword: "Alexa".to_owned(),
            value,
        };
        let said = (0..200).map(|n| clip(n, Kind::Keyword, n / 10));
        let talk = (0..36).map(|n| clip(200 + n, Kind::Talk, 0));
        let clips = said.chain(talk).collect();
        let mut judged = Judged {
            keywords: (0..200).map(|n| score(n, keyword(n / 10))).collect(),
            near: Vec::new(),
            talk: (1..=3_600)
                .map(|n| score(200 + n % 36, number(n)))
                .collect(),
        };
        judged.sort();
        (judged, clips)
    }

    #[test]
    fn as_many_false_alarms_as_a_rate_allows() {
        let (judged, _) = judged(|voice| 3_590.0 + number(voice));
        assert_eq!(judged.alarms(0.4), None, "not one in two hours");
        assert_eq!(judged.alarms(0.5), Some(1));
        assert_eq!(judged.alarms(3.2), Some(6));
        // The second highest of the talk does not count as heard, nor does a keyword like it.
        assert!((judged.threshold(1) - 3_599.0).abs() < f64::EPSILON);
        assert_eq!(judged.missed(1), 100);
        assert_eq!(judged.missed(6), 50);
    }

    #[test]
    fn an_interval_is_as_wide_as_voices_differ() {
        let heard_or_not = |voice: usize| if voice < 10 { 9e9 } else { -9e9 };
        let (judged, clips) = judged(heard_or_not);
        let (low, high) = judged.missed_interval(3.0, &clips).expect("six alarms");
        // Of 20 voices, each heard or not, the share has a standard error of 0.11; of 200 sounds that
        // had nothing to do with each other it would have 0.035.
        assert!((0.23..0.35).contains(&low), "{low}");
        assert!((0.65..0.77).contains(&high), "{high}");
        assert_eq!(judged.missed_interval(0.1, &clips), None);
    }

    #[test]
    fn an_interval_knows_that_the_threshold_is_from_talk_that_was_drawn() {
        // Every voice lies between the sixth and the eighth of the talk: the threshold alone decides.
        let (judged, clips) = judged(|_| 3_594.5);
        let interval = judged.missed_interval(3.0, &clips).expect("six alarms");
        assert_eq!(judged.missed(6), 0);
        assert_eq!(interval, (0.0, 1.0));
    }
}
