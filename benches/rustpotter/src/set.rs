//! Reads the set of the evaluation.

use crate::Outcome;
use hound::{SampleFormat, WavReader, WavSpec, WavWriter};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Cursor};
use std::path::{Path, PathBuf};

/// What is so much quieter than the loudest tenth of a second's hundredth is cut from a template.
const QUIETER: f32 = 1_000.0;
const HOP: usize = 160;

pub struct Set {
    pub folder: PathBuf,
    pub clips: Vec<Clip>,
}

/// One sound: its file, what it is, and the keyword that it is about.
pub struct Clip {
    pub file: String,
    pub kind: String,
    pub keyword: String,
}

impl Set {
    pub fn read(folder: &Path) -> Outcome<Self> {
        let list = std::fs::read_to_string(folder.join("set.tsv"))?;
        let clip = |line: &str| {
            let row: Vec<&str> = line.split('\t').collect();
            let [file, kind, keyword, ..] = row[..] else {
                return Err(format!("`{line}` is not a line of a set").into());
            };
            let [file, kind, keyword] = [file, kind, keyword].map(str::to_owned);
            Ok(Clip {
                file,
                kind,
                keyword,
            })
        };
        let clips = list.lines().map(clip).collect::<Outcome<_>>()?;
        Ok(Self {
            folder: folder.to_owned(),
            clips,
        })
    }

    pub fn keywords(&self) -> BTreeSet<String> {
        let templates = self.clips.iter().filter(|clip| clip.kind == "template");
        templates.map(|clip| clip.keyword.clone()).collect()
    }

    pub fn talk(&self) -> impl Iterator<Item = &Clip> {
        self.clips.iter().filter(|clip| clip.kind == "talk")
    }

    pub fn open(&self, clip: &Clip) -> Outcome<WavReader<BufReader<File>>> {
        Ok(WavReader::open(self.folder.join(&clip.file))?)
    }

    pub fn sound(&self, clip: &Clip) -> Outcome<Vec<f32>> {
        let mut wav = self.open(clip)?;
        let samples = wav.samples::<i16>();
        Ok(samples
            .map(|s| Ok::<_, hound::Error>(f32::from(s?) / 32_768.0))
            .collect::<Result<_, _>>()?)
    }

    /// The recordings of a keyword, without the silence at either end.
    pub fn templates(&self, keyword: &str) -> Outcome<Vec<Vec<f32>>> {
        let own = self
            .clips
            .iter()
            .filter(|c| c.kind == "template" && c.keyword == keyword);
        own.map(|clip| Ok(trimmed(&self.sound(clip)?).to_vec()))
            .collect()
    }
}

fn trimmed(sound: &[f32]) -> &[f32] {
    let power = |hop: &[f32]| hop.iter().map(|sample| sample * sample).sum::<f32>();
    let powers: Vec<f32> = sound.chunks(HOP).map(power).collect();
    let loudest = powers.iter().copied().fold(0.0, f32::max);
    let is_loud = |power: &f32| *power > loudest / QUIETER;
    let first = powers.iter().position(is_loud).unwrap_or(0);
    let end = powers
        .iter()
        .rposition(is_loud)
        .map_or(powers.len(), |last| last + 1);
    &sound[first * HOP..(end * HOP).min(sound.len())]
}

/// A WAV file of samples at 16 kHz.
pub fn wav(samples: &[f32]) -> Outcome<Vec<u8>> {
    let spec = WavSpec {
        channels: 1,
        sample_rate: 16_000,
        bits_per_sample: 32,
        sample_format: SampleFormat::Float,
    };
    let mut bytes = Cursor::new(Vec::new());
    let mut wav = WavWriter::new(&mut bytes, spec)?;
    for sample in samples {
        wav.write_sample(*sample)?;
    }
    wav.finalize()?;
    Ok(bytes.into_inner())
}
