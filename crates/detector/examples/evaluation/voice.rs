//! Voices that say a text: espeak-ng's and flite's, called as programs.

use crate::Outcome;
use mondegreen_detector::{Resampled, Wav};
use std::path::Path;
use std::process::{Command, Stdio};

/// How somebody sounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// espeak-ng: name with its variant, pitch (0 to 99) and words a minute.
    Espeak { name: String, pitch: u8, pace: u16 },
    /// flite: the name, and how much longer everything takes, in percent.
    Flite { name: String, stretch: u16 },
}

impl Voice {
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Espeak { name, pitch, pace } => format!("{name}-p{pitch}-s{pace}"),
            Self::Flite { name, stretch } => format!("flite-{name}-{stretch}"),
        }
    }

    /// Samples at 16 kHz, without the silence at either end.
    pub(crate) fn say(&self, text: &str, folder: &Path) -> Outcome<Vec<f32>> {
        let file = folder.join("said.wav");
        let text: String = text.chars().filter(|c| !"[]<>&".contains(*c)).collect();
        let mut command = match self {
            Self::Espeak { name, pitch, pace } => {
                let mut command = Command::new("espeak-ng");
                command.args([
                    "-v",
                    name,
                    "-p",
                    &pitch.to_string(),
                    "-s",
                    &pace.to_string(),
                ]);
                command.arg("-w").arg(&file).arg("--").arg(&text);
                command
            }
            Self::Flite { name, stretch } => {
                let mut command = Command::new("flite");
                let stretch = f64::from(*stretch) / 100.0;
                command.args([
                    "-voice",
                    name,
                    "--setf",
                    &format!("duration_stretch={stretch}"),
                ]);
                command.args(["-t", &text, "-o"]).arg(&file);
                command
            }
        };
        let done = command.stdin(Stdio::null()).output();
        let done = done.map_err(|error| {
            format!(
                "{}: {error}; `apt-get install espeak-ng flite`",
                self.name()
            )
        })?;
        if !done.status.success() {
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            return Err(format!("{} cannot say `{text}`: {said}", self.name()).into());
        }
        let wav = Wav::new(std::io::BufReader::new(std::fs::File::open(&file)?))?;
        let rate = wav.rate();
        let sound = Resampled::new(wav, rate).ok_or("a rate that cannot be converted")?;
        let sound: Vec<f32> = sound.collect::<Result<_, _>>()?;
        Ok(trimmed(&sound).to_vec())
    }
}

fn trimmed(sound: &[f32]) -> &[f32] {
    let is_loud = |sample: &f32| sample.abs() > 0.01;
    match (
        sound.iter().position(is_loud),
        sound.iter().rposition(is_loud),
    ) {
        (Some(first), Some(last)) => &sound[first..=last],
        (None, _) | (_, None) => &[],
    }
}

fn espeak(name: &str, pitch: u8, pace: u16) -> Voice {
    Voice::Espeak {
        name: name.to_owned(),
        pitch,
        pace,
    }
}

fn flite(name: &str, stretch: u16) -> Voice {
    Voice::Flite {
        name: name.to_owned(),
        stretch,
    }
}

/// Voices of which the templates are made.
pub(crate) fn of_templates() -> Vec<Voice> {
    vec![
        espeak("en-us+m3", 50, 165),
        espeak("en-us+f4", 55, 165),
        espeak("en-gb+m7", 40, 155),
        espeak("en-gb-x-rp+f5", 60, 175),
        flite("awb", 100),
        flite("kal16", 100),
    ]
}

/// Voices that the small model learns from besides: other variants than those of the tests.
pub(crate) fn of_training() -> Vec<Voice> {
    let variants = [
        "f1", "f3", "m2", "m4", "m5", "m6", "m8", "Michael", "anika", "ed", "edward", "max",
        "paul", "quincy", "rob", "robert", "travis", "shelby", "Alex", "Annie", "adam", "boris",
        "david", "iven", "miguel", "norbert", "sandro", "victor", "klatt", "klatt3", "Storm",
        "Marco", "m1", "f2", "pablo",
    ];
    let accents = [
        "en-us",
        "en-gb",
        "en-us-nyc",
        "en-gb-x-rp",
        "en-gb-scotland",
    ];
    let paces = [165, 140, 190, 215, 155, 175];
    let pitches = [50, 35, 65, 20, 80];
    let mut voices: Vec<Voice> = [90, 105, 120]
        .into_iter()
        .flat_map(|s| [flite("awb", s), flite("kal16", s)])
        .collect();
    let numbered = variants
        .iter()
        .chain(&variants)
        .chain(&variants)
        .enumerate();
    voices.extend(numbered.map(|(n, variant)| {
        let name = format!("{}+{variant}", accents[n % accents.len()]);
        espeak(&name, pitches[n % pitches.len()], paces[n % paces.len()])
    }));
    voices
}

/// Voices of the tests: other variants, other paces, and another program.
pub(crate) fn of_tests() -> Vec<Voice> {
    let mut voices = vec![
        espeak("en-us+Andrea", 50, 160),
        espeak("en-us+Gene", 40, 170),
        espeak("en-gb+Jacky", 55, 180),
        espeak("en-us+Lee", 45, 150),
        espeak("en-gb+Mike", 35, 165),
        espeak("en-us+belinda", 60, 175),
        espeak("en-029+john", 50, 160),
        espeak("en-us+linda", 65, 145),
        espeak("en-gb-x-gbclan+steph", 55, 170),
        espeak("en-us+zac", 30, 185),
        espeak("en-us+Hugo", 25, 155),
        espeak("en-gb-x-gbcwmd+Alicia", 70, 195),
        espeak("en-us+Andy", 45, 165),
        espeak("en-gb+Denis", 50, 150),
        espeak("en-us+Henrique", 40, 180),
        espeak("en-us-nyc+Mario", 55, 170),
        espeak("en-gb-scotland+benjamin", 35, 160),
        espeak("en-us+marcelo", 50, 190),
        espeak("en-us+michel", 60, 155),
        espeak("en-gb-x-rp+pedro", 45, 175),
    ];
    for name in ["slt", "rms"] {
        voices.push(flite(name, 100));
    }
    for name in ["slt", "rms"] {
        voices.push(flite(name, 120));
    }
    voices
}
