//! Makes the set: sounds in a folder, and a list of what they are.

use crate::Outcome;
use crate::noise::{add_noise, scale};
use crate::voice::{self, Voice};
use hound::{SampleFormat, WavSpec, WavWriter};
use mondegreen_phonetics::Search;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Noise this far below the speech is what a quiet room has.
const QUIET: f32 = 45.0;
/// Of the tests, in decibels below the speech.
const NOISES: [f32; 4] = [QUIET, 20.0, 10.0, 5.0];
/// What is said before a keyword in a third of the tests.
const BEFORE: [&str; 4] = [
    "let me ask",
    "it is getting late in here",
    "okay then",
    "that is what she told me",
];
/// Sentences that follow a keyword in two thirds of the tests.
const COMMANDS: [&str; 4] = [
    "turn on the light",
    "what time is it",
    "play some music",
    "send a message to my sister",
];
const NEAR_TRAINING: usize = 160;
const VOICES_OF_NEAR: usize = 3;
const TALK_SECONDS: usize = 300;
const FILES_OF_AN_HOUR: usize = 3_600 / TALK_SECONDS;
/// Files of talk that training has.
const TALK_TRAINING: usize = 4;

/// One sound of the set.
#[derive(Clone, Debug)]
pub(crate) struct Clip {
    pub(crate) file: String,
    pub(crate) part: String,
    pub(crate) kind: String,
    /// The keyword that is said, or for which it may be taken; `-` for talk.
    pub(crate) keyword: String,
    pub(crate) said: String,
    pub(crate) voice: String,
    pub(crate) noise_db: String,
}

/// What the set holds.
pub(crate) fn clips(folder: &Path) -> Outcome<Vec<Clip>> {
    let list = fs::read_to_string(folder.join("set.tsv"))?;
    let clip = |line: &str| {
        let row: Vec<&str> = line.split('\t').collect();
        let [file, part, kind, keyword, said, voice, noise_db] = row[..] else {
            return Err(format!("`{line}` is not a line of the set").into());
        };
        let own = str::to_owned;
        Ok(Clip {
            file: own(file),
            part: own(part),
            kind: own(kind),
            keyword: own(keyword),
            said: own(said),
            voice: own(voice),
            noise_db: own(noise_db),
        })
    };
    list.lines().map(clip).collect()
}

pub(crate) struct Maker {
    folder: PathBuf,
    scratch: tempfile::TempDir,
    random: ChaCha8Rng,
    list: String,
    count: usize,
}

impl Maker {
    pub(crate) fn new(folder: &Path) -> Outcome<Self> {
        fs::create_dir_all(folder.join("wav"))?;
        Ok(Self {
            folder: folder.to_owned(),
            scratch: tempfile::tempdir()?,
            random: ChaCha8Rng::seed_from_u64(6),
            list: String::new(),
            count: 0,
        })
    }

    fn say(&self, voice: &Voice, text: &str) -> Outcome<Vec<f32>> {
        voice.say(text, self.scratch.path())
    }

    /// Writes one sound: speech at some ordinary level, with noise so far below it.
    fn keep(&mut self, mut clip: Clip, mut sound: Vec<f32>, below: f32) -> Outcome<()> {
        scale(&mut sound, self.random.random_range(-32.0..-20.0));
        add_noise(&mut sound, below, &mut self.random);
        clip.file = format!("wav/{:05}.wav", self.count);
        self.count += 1;
        let spec = WavSpec {
            channels: 1,
            sample_rate: 16_000,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let mut wav = WavWriter::create(self.folder.join(&clip.file), spec)?;
        for sample in sound {
            #[expect(clippy::cast_possible_truncation, reason = "such a cast saturates")]
            wav.write_sample((sample * 32_767.0).round() as i16)?;
        }
        wav.finalize()?;
        writeln!(
            self.list,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}",
            clip.file, clip.part, clip.kind, clip.keyword, clip.said, clip.voice, clip.noise_db
        )?;
        Ok(())
    }

    /// One voice says something between silences.
    fn phrase(
        &mut self,
        (part, kind, keyword): (&str, &str, &str),
        said: &str,
        voice: &Voice,
        below: f32,
    ) -> Outcome<()> {
        let spoken = self.say(voice, said)?;
        let lead = self.random.random_range(4_000..12_000);
        let mut sound = vec![0.0; lead];
        sound.extend(spoken);
        // A second, as some engines answer late.
        sound.extend(vec![0.0; 16_000]);
        let clip = Clip {
            file: String::new(),
            part: part.to_owned(),
            kind: kind.to_owned(),
            keyword: keyword.to_owned(),
            said: said.to_owned(),
            voice: voice.name(),
            noise_db: format!("{below}"),
        };
        self.keep(clip, sound, below)
    }

    /// Makes the whole set for the keywords of the published triggers and more, with so many hours
    /// of talk.
    pub(crate) fn make(
        mut self,
        triggers: &str,
        talk: &str,
        hours: usize,
        more: &[&str],
    ) -> Outcome<()> {
        let mut published: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for row in rows(triggers) {
            if let [said, keyword, ..] = row[..] {
                published.entry(keyword).or_default().push(said);
            }
        }
        for keyword in more {
            published.entry(keyword).or_default();
        }
        let search = Search::common();
        let avoid: BTreeSet<String> = published.values().flatten().map(|said| key(said)).collect();
        for (keyword, near) in &published {
            self.templates(keyword)?;
            self.training(keyword, &search, &avoid)?;
            self.tests(keyword, near)?;
            fs::write(self.folder.join("set.tsv"), &self.list)?;
        }
        // Whoever says a keyword is no false alarm.
        let names: Vec<String> = published.keys().map(|keyword| key(keyword)).collect();
        let mut seen = BTreeSet::new();
        let utterances: Vec<&str> = rows(talk)
            .filter_map(|row| row.get(2).copied())
            .filter(|text| text.len() > 20)
            .filter(|text| !names.iter().any(|name| key(text).contains(name)))
            .filter(|text| seen.insert(*text))
            .collect();
        let (train, test): (Vec<_>, Vec<_>) =
            utterances.iter().enumerate().partition(|(n, _)| n % 4 == 0);
        let train: Vec<&str> = train.into_iter().map(|(_, text)| *text).collect();
        let test: Vec<&str> = test.into_iter().map(|(_, text)| *text).collect();
        self.talk("train", &train, &voice::of_training(), TALK_TRAINING)?;
        self.talk("test", &test, &voice::of_tests(), hours * FILES_OF_AN_HOUR)
    }

    fn templates(&mut self, keyword: &str) -> Outcome<()> {
        for voice in voice::of_templates() {
            self.phrase(("template", "keyword", keyword), keyword, &voice, QUIET)?;
        }
        Ok(())
    }

    fn training(
        &mut self,
        keyword: &str,
        search: &Search,
        avoid: &BTreeSet<String>,
    ) -> Outcome<()> {
        let voices = [voice::of_templates(), voice::of_training()].concat();
        for (n, voice) in voices.iter().enumerate() {
            let noise = [QUIET, 20.0, 10.0, 20.0, QUIET][n % 5];
            if n % 2 == 0 {
                self.phrase(("train", "keyword", keyword), keyword, voice, QUIET)?;
                continue;
            }
            let said = format!("{keyword}, {}", COMMANDS[n % COMMANDS.len()]);
            self.phrase(("train", "keyword", keyword), &said, voice, noise)?;
        }
        let own = key(keyword);
        let near = search.near(&keyword.to_lowercase(), 4 * NEAR_TRAINING, 1..=3);
        let near = near.into_iter().filter(|near| {
            let text = key(&near.text);
            near.cost.millis() > 400
                && !text.contains(&own)
                && !avoid.iter().any(|a| text.contains(a.as_str()))
        });
        for (n, near) in near.step_by(3).take(NEAR_TRAINING).enumerate() {
            for nth in 0..VOICES_OF_NEAR {
                let voice = &voices[(n * VOICES_OF_NEAR + nth) % voices.len()];
                let noise = [QUIET, 20.0, 10.0][nth];
                self.phrase(("train", "near", keyword), &near.text, voice, noise)?;
            }
        }
        Ok(())
    }

    fn tests(&mut self, keyword: &str, near: &[&str]) -> Outcome<()> {
        for (n, voice) in voice::of_tests().iter().enumerate() {
            let (before, command) = (BEFORE[n % BEFORE.len()], COMMANDS[n % COMMANDS.len()]);
            for noise in NOISES {
                for said in [
                    keyword.to_owned(),
                    format!("{keyword}, {command}"),
                    format!("{before}. {keyword}, {command}"),
                ] {
                    self.phrase(("test", "keyword", keyword), &said, voice, noise)?;
                }
            }
            for said in near {
                for noise in [QUIET, 10.0] {
                    self.phrase(("test", "near", keyword), said, voice, noise)?;
                }
            }
        }
        Ok(())
    }

    /// Files of talk, five minutes each, by one voice after the other, at four levels of noise. No
    /// text is said twice.
    fn talk(&mut self, part: &str, texts: &[&str], voices: &[Voice], files: usize) -> Outcome<()> {
        let mut said = 0;
        // A stride through all of the talk, so that little of it is like all of it.
        let primes = [7, 11, 13, 17, 19, 23];
        let stride = primes
            .into_iter()
            .find(|prime| !texts.len().is_multiple_of(*prime));
        let stride = stride.unwrap_or(1);
        for file in 0..files {
            let mut sound = Vec::new();
            while sound.len() < TALK_SECONDS * 16_000 {
                if said == texts.len() {
                    return Err(format!("there is talk for {file} files, not for {files}").into());
                }
                let text = texts[said * stride % texts.len()];
                let voice = &voices[(said / 6) % voices.len()];
                said += 1;
                let mut spoken = self.say(voice, text)?;
                scale(&mut spoken, -26.0);
                sound.extend(spoken);
                let pause = self.random.random_range(2_000..16_000);
                sound.extend(vec![0.0; pause]);
            }
            sound.truncate(TALK_SECONDS * 16_000);
            let below = NOISES[file % NOISES.len()];
            let clip = Clip {
                file: String::new(),
                part: part.to_owned(),
                kind: String::from("talk"),
                keyword: String::from("-"),
                said: String::from("-"),
                voice: String::from("-"),
                noise_db: format!("{below}"),
            };
            self.keep(clip, sound, below)?;
            // Engines can begin with what is there.
            fs::write(self.folder.join("set.tsv"), &self.list)?;
        }
        Ok(())
    }
}

/// Letters and blanks alone.
fn key(text: &str) -> String {
    let letters = text.to_lowercase().replace('-', " ");
    letters
        .chars()
        .filter(|c| c.is_alphabetic() || *c == ' ')
        .collect()
}

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| line.split('\t').collect())
}
