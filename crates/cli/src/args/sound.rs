//! How what is said should sound: options of the commands that make sound.

use crate::error::Error;
use mondegreen_generator::sound::{Cache, Noise, NoiseKind, Room, Scene, Voice, voices};
use std::fmt::Display;
use std::path::PathBuf;

const SOUND: &str = "Options for sound";

/// What walls swallow if nothing is said: a furnished room.
const ABSORPTION: f64 = 0.3;

#[derive(Debug, clap::Args)]
pub(crate) struct Sound {
    /// The voice of the first to speak, then of the second, like en-us+f2, or slt of flite; may be
    /// given more than once
    #[arg(long = "voice", value_name = "NAME", value_parser = voice, help_heading = SOUND)]
    voices: Vec<Voice>,
    /// How many metres from the microphone the first to speak is, then the second; may be given more
    /// than once [default: 1]
    #[arg(long = "distance", value_name = "M", help_heading = SOUND)]
    distances_m: Vec<f64>,
    /// Let them speak in a room of this length, width and height in metres, like 5x4x2.6
    #[arg(long, value_name = "LxWxH", value_parser = size, help_heading = SOUND)]
    room: Option<[f64; 3]>,
    /// The share of sound that its walls swallow: 0.1 is tiled, 0.3 furnished, 0.8 padded [default: 0.3]
    #[arg(long, value_name = "A", requires = "room", help_heading = SOUND)]
    absorption: Option<f64>,
    /// Add noise so many decibels below the speech: white, pink, or babble as of a television, like
    /// babble:10; may be given more than once
    #[arg(long = "noise", value_name = "KIND:DB", value_parser = noise, help_heading = SOUND)]
    noises: Vec<Noise>,
    /// Where the noise comes from, and what is on television [default: 1]
    #[arg(long, value_name = "SEED", help_heading = SOUND)]
    noise_seed: Option<u64>,
    /// How many decibels louder than a person one metre away the device's voice comes to its own
    /// microphone, or off [default: 0]
    #[arg(long, value_name = "DB", value_parser = leak, allow_negative_numbers = true, help_heading = SOUND)]
    leak: Option<Leak>,
    /// Keep spoken phrases in this folder [default: mondegreen/speech in your cache folder]
    #[arg(long, value_name = "DIR", help_heading = SOUND)]
    cache: Option<PathBuf>,
}

/// How much of a device's own voice its microphone gets, in dB; none when it is off.
#[derive(Clone, Copy, Debug)]
struct Leak(Option<f64>);

impl Sound {
    /// Whether anything was said about sound.
    pub(crate) fn is_given(&self) -> bool {
        let lists =
            !(self.voices.is_empty() && self.distances_m.is_empty() && self.noises.is_empty());
        let room = self.room.is_some() || self.absorption.is_some();
        lists || room || self.noise_seed.is_some() || self.leak.is_some() || self.cache.is_some()
    }

    /// What was said of it, to be said again.
    pub(crate) fn options(&self) -> String {
        let mut options = Vec::new();
        let mut add = |option: &str, value: &dyn Display| {
            options.push(format!(" --{option} {value}"));
        };
        for voice in &self.voices {
            add("voice", &voice.name());
        }
        for distance_m in &self.distances_m {
            add("distance", distance_m);
        }
        if let Some([length, width, height]) = self.room {
            add("room", &format!("{length}x{width}x{height}"));
        }
        if let Some(absorption) = self.absorption {
            add("absorption", &absorption);
        }
        for noise in &self.noises {
            add("noise", &format!("{}:{}", noise.kind.name(), noise.snr_db));
        }
        if let Some(seed) = self.noise_seed {
            add("noise-seed", &seed);
        }
        match self.leak {
            Some(Leak(Some(leak_db))) => add("leak", &leak_db),
            Some(Leak(None)) => add("leak", &"off"),
            None => {}
        }
        options.concat()
    }

    /// What was asked for, if there can be such a scene.
    pub(crate) fn scene(&self) -> Result<Scene, Error> {
        let mut scene = Scene {
            voices: self.voices.clone(),
            noises: self.noises.clone(),
            ..Scene::default()
        };
        if !self.distances_m.is_empty() {
            scene.distances_m.clone_from(&self.distances_m);
        }
        scene.room = self.room.map(|[length_m, width_m, height_m]| Room {
            length_m,
            width_m,
            height_m,
            absorption: self.absorption.unwrap_or(ABSORPTION),
        });
        if let Some(Leak(leak_db)) = self.leak {
            scene.leak_db = leak_db;
        }
        if let Some(seed) = self.noise_seed {
            scene.seed = seed;
        }
        match scene.check() {
            Ok(()) => Ok(scene),
            Err(error) => Err(Error::Setting(error.to_string())),
        }
    }

    /// Where spoken phrases are kept.
    pub(crate) fn cache(&self) -> Result<Cache, Error> {
        match &self.cache {
            Some(folder) => {
                Cache::in_folder(folder).map_err(|error| Error::Setting(error.to_string()))
            }
            None => Ok(Cache::of_user()),
        }
    }
}

fn voice(name: &str) -> Result<Voice, String> {
    Voice::named(name).ok_or_else(|| {
        let names: Vec<&str> = voices().iter().map(|voice| voice.name()).collect();
        format!("there is no such voice; try one of {}", names.join(", "))
    })
}

fn size(text: &str) -> Result<[f64; 3], String> {
    let sides: Result<Vec<f64>, _> = text.split('x').map(str::parse).collect();
    sides
        .ok()
        .and_then(|sides| sides.try_into().ok())
        .ok_or_else(|| "give length, width and height in metres, like 5x4x2.6".to_owned())
}

fn noise(text: &str) -> Result<Noise, String> {
    let parsed = text.split_once(':').and_then(|(kind, snr_db)| {
        let kind = NoiseKind::ALL
            .into_iter()
            .find(|known| known.name() == kind)?;
        let snr_db = snr_db.parse().ok()?;
        Some(Noise { kind, snr_db })
    });
    parsed.ok_or_else(|| {
        "give white, pink or babble, and how many decibels below the speech, like pink:20"
            .to_owned()
    })
}

fn leak(text: &str) -> Result<Leak, String> {
    if text == "off" {
        return Ok(Leak(None));
    }
    let db = text
        .parse()
        .map_err(|_| "give decibels, like -20, or off".to_owned())?;
    Ok(Leak(Some(db)))
}
