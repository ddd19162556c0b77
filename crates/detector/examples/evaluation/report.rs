//! Compares engines by their scores.

use crate::Outcome;
use crate::set::{Clip, clips};
use statrs::distribution::{Beta, ContinuousCDF};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

/// Stretches of talk in an hour.
const STRETCHES: f64 = 1_800.0;
/// False alarms an hour and keyword for which misses are shown.
const ALARMS: [f64; 6] = [0.1, 0.5, 1.0, 3.0, 10.0, 30.0];

/// The scores of one engine, by what was said.
struct Scores {
    engine: String,
    /// Clip, keyword and score.
    keywords: Vec<(usize, String, f64)>,
    near: Vec<(usize, String, f64)>,
    talk: Vec<(usize, String, f64)>,
}

pub(crate) fn run(folder: &Path, out: &mut impl Write) -> Outcome<()> {
    let clips = clips(folder)?;
    let mut engines = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.extension().is_some_and(|end| end == "tsv") && name != "set" {
            engines.push(Scores::read(
                &std::fs::read_to_string(&path)?,
                name,
                &clips,
            )?);
        }
    }
    engines.sort_by(|a, b| a.engine.cmp(&b.engine));
    for engine in &engines {
        engine.areas(&clips, out)?;
        engine.misses(out)?;
    }
    for other in &engines {
        for own in engines
            .iter()
            .filter(|own| own.engine == "mondegreen" && other.engine != own.engine)
        {
            own.compare(other, out)?;
        }
    }
    Ok(())
}

impl Scores {
    fn read(text: &str, engine: String, clips: &[Clip]) -> Outcome<Self> {
        let places: BTreeMap<&str, usize> = clips
            .iter()
            .enumerate()
            .map(|(n, clip)| (clip.file.as_str(), n))
            .collect();
        let mut scores = Self {
            engine,
            keywords: Vec::new(),
            near: Vec::new(),
            talk: Vec::new(),
        };
        for line in text.lines() {
            let row: Vec<&str> = line.split('\t').collect();
            let [file, keyword, _, score] = row[..] else {
                return Err(format!("{}: `{line}` is not a score", scores.engine).into());
            };
            let clip = *places
                .get(file)
                .ok_or_else(|| format!("`{file}` is not in the set"))?;
            let of = match clips[clip].kind.as_str() {
                "keyword" => &mut scores.keywords,
                "near" => &mut scores.near,
                _ => &mut scores.talk,
            };
            of.push((clip, keyword.to_owned(), score.parse()?));
        }
        for of in [&mut scores.keywords, &mut scores.near, &mut scores.talk] {
            of.sort_by(|a, b| b.2.total_cmp(&a.2));
        }
        Ok(scores)
    }

    /// Areas under the curve, the mean over keywords: near-misses in quiet, and talk by noise.
    fn areas(&self, clips: &[Clip], out: &mut impl Write) -> Outcome<()> {
        writeln!(out, "{}: area under the curve", self.engine)?;
        let quiet = |clip: usize| clips[clip].noise_db == "45";
        let noisy = |clip: usize| clips[clip].noise_db == "10";
        let flite = |clip: usize| quiet(clip) && clips[clip].voice.starts_with("flite");
        let any = |_: usize| true;
        let rows: [(&str, Area); 5] = [
            ("near-misses, quiet", (&quiet, &self.near, &quiet)),
            (
                "near-misses, quiet, flite's voices",
                (&flite, &self.near, &flite),
            ),
            (
                "talk of all kinds, keywords in quiet",
                (&quiet, &self.talk, &any),
            ),
            (
                "talk of all kinds, keywords at 10 dB",
                (&noisy, &self.talk, &any),
            ),
            (
                "talk at 10 dB, keywords at 10 dB",
                (&noisy, &self.talk, &noisy),
            ),
        ];
        for (name, (own, negatives, theirs)) in rows {
            let areas = self.by_keyword(own, negatives, theirs);
            let each: Vec<String> = areas
                .iter()
                .map(|(k, area)| format!("{k} {area:.3}"))
                .collect();
            let mean = areas.iter().map(|(_, area)| area).sum::<f64>() / number(areas.len());
            writeln!(out, "  {name:38}{mean:.3}  ({})", each.join(", "))?;
        }
        Ok(())
    }

    fn by_keyword(
        &self,
        own: &dyn Fn(usize) -> bool,
        negatives: &[(usize, String, f64)],
        theirs: &dyn Fn(usize) -> bool,
    ) -> Vec<(String, f64)> {
        let mut keywords: Vec<&String> = self
            .keywords
            .iter()
            .map(|(_, keyword, _)| keyword)
            .collect();
        keywords.sort();
        keywords.dedup();
        let of = |all: &[(usize, String, f64)], keyword: &String, which: &dyn Fn(usize) -> bool| {
            let own = all
                .iter()
                .filter(|(clip, of, _)| of == keyword && which(*clip));
            own.map(|(.., score)| *score).collect::<Vec<f64>>()
        };
        keywords
            .into_iter()
            .map(|k| {
                (
                    k.clone(),
                    area(&of(&self.keywords, k, own), &of(negatives, k, theirs)),
                )
            })
            .collect()
    }

    fn hours(&self) -> f64 {
        number(self.talk.len()) / STRETCHES
    }

    /// Keywords missed by the lowest threshold with at most so many false alarms in all.
    fn missed(&self, alarms: usize) -> usize {
        let bound = self
            .talk
            .get(alarms)
            .map_or(f64::NEG_INFINITY, |(.., score)| *score);
        self.keywords
            .iter()
            .filter(|(.., score)| *score <= bound)
            .count()
    }

    fn misses(&self, out: &mut impl Write) -> Outcome<()> {
        let hours = self.hours();
        writeln!(
            out,
            "{}: misses of {}, in {hours:.1} keyword-hours of talk",
            self.engine,
            self.keywords.len()
        )?;
        for rate in ALARMS {
            let alarms = (0..self.talk.len())
                .take_while(|n| number(*n) <= rate * hours)
                .last();
            let Some(alarms) = alarms.filter(|alarms| *alarms > 0) else {
                writeln!(out, "  {rate:5} alarms an hour: too little talk to say")?;
                continue;
            };
            let (missed, all) = (self.missed(alarms), self.keywords.len());
            let (low, high) = clopper_pearson(missed, all)?;
            writeln!(
                out,
                "  {rate:5} alarms an hour ({alarms:4}): {:5.1}% [{:.1}, {:.1}]",
                100.0 * number(missed) / number(all),
                100.0 * low,
                100.0 * high
            )?;
        }
        Ok(())
    }

    /// The same, with talk of those clips alone that the other one has heard.
    fn beside(&self, other: &Self) -> Self {
        let heard: BTreeSet<usize> = other.talk.iter().map(|(clip, ..)| *clip).collect();
        let talk = self.talk.iter().filter(|(clip, ..)| heard.contains(clip));
        Self {
            engine: self.engine.clone(),
            keywords: self.keywords.clone(),
            near: self.near.clone(),
            talk: talk.cloned().collect(),
        }
    }

    /// Where the other one misses less, over all numbers of false alarms that both can have.
    fn compare(&self, other: &Self, out: &mut impl Write) -> Outcome<()> {
        let own = self.beside(other);
        let both = own.alarms_max().min(other.alarms_max());
        let is_worse = |alarms: &usize| own.missed(*alarms) > other.missed(*alarms);
        let worse: Vec<usize> = (0..=both).filter(is_worse).collect();
        write!(
            out,
            "{} misses more than {} at {} of {} numbers of false alarms",
            self.engine,
            other.engine,
            worse.len(),
            both + 1
        )?;
        match (worse.first(), worse.last()) {
            (Some(first), Some(last)) => writeln!(out, ", from {first} to {last}")?,
            (None, _) | (_, None) => writeln!(out)?,
        }
        Ok(())
    }

    /// The most false alarms that it has before it misses nothing.
    fn alarms_max(&self) -> usize {
        let least = self.keywords.last().map_or(0.0, |(.., score)| *score);
        let above = self.talk.iter().take_while(|(.., score)| *score >= least);
        above.count()
    }
}

/// Positives, negatives, and which of both.
type Area<'a> = (
    &'a dyn Fn(usize) -> bool,
    &'a [(usize, String, f64)],
    &'a dyn Fn(usize) -> bool,
);

fn area(own: &[f64], others: &[f64]) -> f64 {
    let wins = own.iter().flat_map(|own| {
        others.iter().map(move |other| match own.total_cmp(other) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        })
    });
    wins.sum::<f64>() / (number(own.len()) * number(others.len())).max(1.0)
}

/// 95%. Clips share voices, so the truth is wider.
fn clopper_pearson(count: usize, all: usize) -> Outcome<(f64, f64)> {
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

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
