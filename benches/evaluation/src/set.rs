//! Makes the set: sounds in a folder, and a list of what they are.

use crate::Outcome;
use hound::{SampleFormat, WavSpec, WavWriter};
use mondegreen_generator::sound::{Cache, Noise, NoiseKind, Room, Saying, Scene, Voice};
use mondegreen_sim::enrol::teachers;
use mondegreen_trace::{Line, Meant, Trace, Utterance};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::{TempDir, tempdir_in};

/// Where a sound is recorded: what it is called, the noise that is so many decibels below the speech,
/// and how far away people are in what room.
struct Place {
    name: &'static str,
    noise: (NoiseKind, f64),
    room: Option<(Room, f64)>,
}

const LIVING_ROOM: Room = Room {
    length_m: 5.0,
    width_m: 4.0,
    height_m: 2.6,
    absorption: 0.3,
};

const fn place(name: &'static str, kind: NoiseKind, snr_db: f64) -> Place {
    Place {
        name,
        noise: (kind, snr_db),
        room: None,
    }
}

/// All places. What a quiet room has is noise 45 dB below the speech.
const PLACES: [Place; 6] = [
    place("quiet", NoiseKind::Pink, 45.0),
    place("pink 20", NoiseKind::Pink, 20.0),
    place("pink 10", NoiseKind::Pink, 10.0),
    place("pink 5", NoiseKind::Pink, 5.0),
    place("babble 10", NoiseKind::Babble, 10.0),
    Place {
        name: "room",
        noise: (NoiseKind::Pink, 30.0),
        room: Some((LIVING_ROOM, 2.0)),
    },
];
/// Where near-misses are said.
const PLACES_OF_NEAR: [&Place; 2] = [&PLACES[0], &PLACES[2]];

pub(crate) fn places() -> [&'static str; 6] {
    PLACES.map(|place| place.name)
}

/// Six voices that `enrol` learns from.
const VOICES_OF_TEMPLATES: [&str; 6] = [
    "en-us+m3",
    "en-us+f5",
    "en-gb+m2",
    "en-gb-x-rp+f4",
    "rms",
    "awb",
];

/// Voices of espeak-ng that nobody learns from, with pitch and pace.
const VOICES: [(&str, u8, u16); 20] = [
    ("en-us+Andrea", 50, 91),
    ("en-us+Gene", 40, 97),
    ("en-gb+Jacky", 55, 103),
    ("en-us+Lee", 45, 86),
    ("en-gb+Mike", 35, 94),
    ("en-us+belinda", 60, 100),
    ("en-029+john", 50, 91),
    ("en-us+linda", 65, 83),
    ("en-gb-x-gbclan+steph", 55, 97),
    ("en-us+zac", 30, 106),
    ("en-us+Hugo", 25, 89),
    ("en-gb-x-gbcwmd+Alicia", 70, 111),
    ("en-us+Andy", 45, 94),
    ("en-gb+Denis", 50, 86),
    ("en-us+Henrique", 40, 103),
    ("en-us-nyc+Mario", 55, 97),
    ("en-gb-scotland+benjamin", 35, 91),
    ("en-us+marcelo", 50, 109),
    ("en-us+michel", 60, 89),
    ("en-gb-x-rp+pedro", 45, 100),
];
/// Voices of flite that nobody learns from, each at two paces.
const VOICES_OF_FLITE: [&str; 2] = ["slt", "kal16"];
const PACES_OF_FLITE: [u16; 2] = [100, 83];

/// What is said before a keyword in a third of the sounds.
const BEFORE: [&str; 4] = [
    "let me ask",
    "it is getting late in here",
    "okay then",
    "that is what she told me",
];
/// Sentences that follow a keyword in two thirds of the sounds.
const COMMANDS: [&str; 4] = [
    "turn on the light",
    "what time is it",
    "play some music",
    "send a message to my sister",
];
/// Levels of a phrase at one metre, in dB of full scale.
const LEVELS: std::ops::Range<f64> = -32.0..-20.0;
const TALK_MS: u64 = 300_000;
const FILES_OF_AN_HOUR: usize = 12;
/// Utterances that somebody says before the next one talks.
const TURN: usize = 6;
/// Shorter ones are "Roger." and the like.
const LETTERS_MIN: usize = 20;

/// One sound of the set.
#[derive(Clone, Debug)]
pub(crate) struct Clip {
    pub(crate) file: String,
    pub(crate) kind: Kind,
    /// The keyword that is said, or for which it may be taken; `-` for talk.
    pub(crate) keyword: String,
    pub(crate) said: String,
    pub(crate) voice: String,
    /// Of [`places`].
    pub(crate) place: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A recording to teach a keyword with; all others are tests.
    Template,
    Keyword,
    Near,
    Talk,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Template, Self::Keyword, Self::Near, Self::Talk];

    const fn name(self) -> &'static str {
        match self {
            Self::Template => "template",
            Self::Keyword => "keyword",
            Self::Near => "near",
            Self::Talk => "talk",
        }
    }
}

/// What the set holds.
pub(crate) fn clips(folder: &Path) -> Outcome<Vec<Clip>> {
    let list = fs::read_to_string(folder.join("set.tsv"))?;
    let clip = |line: &str| {
        let row: Vec<&str> = line.split('\t').collect();
        let [file, kind, keyword, said, voice, place] = row[..] else {
            return Err(format!("`{line}` is not a line of the set").into());
        };
        let kind = Kind::ALL.into_iter().find(|known| known.name() == kind);
        let own = str::to_owned;
        Ok(Clip {
            file: own(file),
            kind: kind.ok_or_else(|| format!("`{line}` is of no known kind"))?,
            keyword: own(keyword),
            said: own(said),
            voice: own(voice),
            place: own(place),
        })
    };
    list.lines().map(clip).collect()
}

pub(crate) struct Maker {
    folder: PathBuf,
    /// Of what is said more than once, in a folder that goes with this.
    cache: Cache,
    _scratch: TempDir,
    list: File,
    count: usize,
}

impl Maker {
    pub(crate) fn new(folder: &Path) -> Outcome<Self> {
        let teachers = teachers();
        let is_known = |voice: &&Voice| teachers.iter().any(|own| own.name() == voice.name());
        if let Some(voice) = voices().iter().find(is_known) {
            return Err(format!("`enrol` learns from {}, so it is no test", voice.name()).into());
        }
        fs::create_dir_all(folder.join("wav"))?;
        let scratch = tempdir_in(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            cache: Cache::in_folder(scratch.path())?,
            _scratch: scratch,
            list: File::create(folder.join("set.tsv"))?,
            count: 0,
        })
    }

    /// Makes the whole set for the keywords of the published triggers and more, with so many hours
    /// of talk.
    pub(crate) fn make(
        mut self,
        triggers: &str,
        talk: &str,
        hours: usize,
        more: &[String],
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
        for (keyword, near) in &published {
            self.keyword(keyword, near)?;
        }
        // Whoever says a keyword is no false alarm.
        let names: Vec<String> = published.keys().map(|keyword| key(keyword)).collect();
        let mut seen = BTreeSet::new();
        let talk: Vec<&str> = rows(talk)
            .filter_map(|row| row.get(2).copied())
            .filter(|text| text.len() > LETTERS_MIN)
            .filter(|text| !names.iter().any(|name| key(text).contains(name)))
            .filter(|text| seen.insert(*text))
            .collect();
        self.talk(&talk, hours * FILES_OF_AN_HOUR)
    }

    fn keyword(&mut self, keyword: &str, near: &[&str]) -> Outcome<()> {
        for name in VOICES_OF_TEMPLATES {
            let voice = Voice::named(name).ok_or_else(|| format!("no voice `{name}`"))?;
            self.phrase((Kind::Template, keyword), keyword, voice, &PLACES[0])?;
        }
        for (n, voice) in voices().into_iter().enumerate() {
            let (before, command) = (BEFORE[n % BEFORE.len()], COMMANDS[n % COMMANDS.len()]);
            for place in &PLACES {
                for said in [
                    keyword.to_owned(),
                    format!("{keyword}, {command}"),
                    format!("{before}. {keyword}, {command}"),
                ] {
                    self.phrase((Kind::Keyword, keyword), &said, voice, place)?;
                }
            }
            for said in near {
                for place in PLACES_OF_NEAR {
                    self.phrase((Kind::Near, keyword), said, voice, place)?;
                }
            }
        }
        Ok(())
    }

    /// One voice says something between silences.
    fn phrase(
        &mut self,
        (kind, keyword): (Kind, &str),
        said: &str,
        voice: Voice,
        place: &Place,
    ) -> Outcome<()> {
        let mut random = self.random();
        let scene = place.scene(vec![voice], random.random_range(LEVELS), self.count);
        let saying = Saying {
            text: said,
            lead_in_ms: random.random_range(250..750),
            // A second, as some engines answer late.
            lead_out_ms: 1_000,
            ..Saying::default()
        };
        let sound = scene.say(&saying, &self.cache)?;
        let about = (kind, keyword, said, &*named(voice));
        self.keep(about, place, &sound.samples)
    }

    /// Files of talk, five minutes each, by one voice after the other, in one place after the other.
    /// No text is said twice.
    fn talk(&mut self, texts: &[&str], files: usize) -> Outcome<()> {
        // A stride through all of the talk, so that little of it is like all of it.
        let primes = [7, 11, 13, 17, 19, 23];
        let stride = primes
            .into_iter()
            .find(|prime| !texts.len().is_multiple_of(*prime));
        let stride = stride.unwrap_or(1);
        let mut said = 0;
        let all = voices();
        for file in 0..files {
            let mut random = self.random();
            // Nobody says any of it again.
            let scratch = tempdir_in(&self.folder)?;
            let cache = Cache::in_folder(scratch.path())?;
            let (mut lines, mut speakers) = (Vec::new(), Vec::new());
            let mut from_ms = 0;
            while from_ms < TALK_MS {
                if said == texts.len() {
                    return Err(format!("there is talk for {file} files, not for {files}").into());
                }
                let text = texts[said * stride % texts.len()];
                let speaker = said / TURN;
                let voice = all[speaker % all.len()];
                if said.is_multiple_of(TURN) || speakers.is_empty() {
                    speakers.push(voice);
                }
                said += 1;
                let takes_ms = voice.say(text, &cache)?.len() as u64 / 16;
                lines.push(Line::Said {
                    said: Utterance {
                        from_ms,
                        to_ms: from_ms + 2 * takes_ms,
                        devices: Vec::new(),
                        speaker: speaker.to_string(),
                        text: text.to_owned(),
                        meant: Meant::Nobody,
                    },
                });
                from_ms += takes_ms + random.random_range(125..1_000);
            }
            let place = &PLACES[file % PLACES.len()];
            let scene = place.scene(speakers, -26.0, self.count);
            let mut samples = scene.play(&Trace { lines }, &cache)?.samples;
            samples.truncate(usize::try_from(TALK_MS * 16)?);
            self.keep((Kind::Talk, "-", "-", "-"), place, &samples)?;
        }
        Ok(())
    }

    /// Every sound has a random source of its own.
    fn random(&self) -> ChaCha8Rng {
        let mut random = ChaCha8Rng::seed_from_u64(6);
        random.set_stream(self.count as u64);
        random
    }

    fn keep(
        &mut self,
        (kind, keyword, said, voice): (Kind, &str, &str, &str),
        place: &Place,
        samples: &[i16],
    ) -> Outcome<()> {
        let file = format!("wav/{:05}.wav", self.count);
        self.count += 1;
        let spec = WavSpec {
            channels: 1,
            sample_rate: 16_000,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let mut wav = WavWriter::create(self.folder.join(&file), spec)?;
        for sample in samples {
            wav.write_sample(*sample)?;
        }
        wav.finalize()?;
        let (kind, place) = (kind.name(), place.name);
        let line = format!("{file}\t{kind}\t{keyword}\t{said}\t{voice}\t{place}\n");
        // Engines can begin with what is there.
        Ok(self.list.write_all(line.as_bytes())?)
    }
}

impl Place {
    fn scene(&self, voices: Vec<Voice>, level_db: f64, number: usize) -> Scene {
        let (kind, snr_db) = self.noise;
        Scene {
            voices,
            level_db,
            noises: vec![Noise { kind, snr_db }],
            room: self.room.map(|(room, _)| room),
            distances_m: vec![self.room.map_or(1.0, |(_, distance_m)| distance_m)],
            seed: number as u64,
            ..Scene::default()
        }
    }
}

/// The voices of the tests.
fn voices() -> Vec<Voice> {
    let espeak = VOICES.map(|(name, pitch, pace)| Voice::espeak(name, pitch).paced(pace));
    let flite = PACES_OF_FLITE.into_iter().flat_map(|pace| {
        let voices = VOICES_OF_FLITE.into_iter().filter_map(Voice::named);
        voices.map(move |voice| voice.paced(pace))
    });
    espeak.into_iter().chain(flite).collect()
}

fn named(voice: Voice) -> String {
    format!("{} {}", voice.engine().program(), voice.name())
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
