//! Programs that speak. Each phrase is made by a process of its own: one process that makes several
//! does not always make the same samples again.

use super::{RATE, RenderError, Voice};
use rubato::audioadapter_buffers::owned::InterleavedOwned;
use rubato::{Fft, FixedSync, Resampler};
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Words a minute, as espeak-ng speaks of itself.
const ESPEAK_PACE: u32 = 175;

/// What is so many times quieter than the loudest sample, at either end of a phrase, is its silence
/// and not its sound: 46 dB.
const QUIETER: u16 = 200;

/// A program that speaks, called as a program because of its licence (espeak-ng) or its age (flite).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// espeak-ng: formant synthesis; many voices, clear and robotic.
    Espeak,
    /// Debian's flite: voices of recorded people, cut up (kal16) or modelled (slt, rms, awb).
    Flite,
}

impl Engine {
    /// The program, which is also the package that it comes with.
    pub const fn program(self) -> &'static str {
        match self {
            Self::Espeak => "espeak-ng",
            Self::Flite => "flite",
        }
    }

    /// What the program says of itself: its version, and for flite the voices that it has, since it
    /// speaks with another one when it lacks the one that it is asked for.
    ///
    /// # Errors
    /// When it is not installed or says nothing.
    pub(super) fn about(self) -> Result<String, RenderError> {
        let said = |option: &str| -> Result<String, RenderError> {
            let output = run(self, Command::new(self.program()).arg(option), "")?;
            let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            if said.is_empty() {
                return Err(failed(self, &output));
            }
            Ok(said)
        };
        match self {
            Self::Espeak => said("--version"),
            Self::Flite => Ok(format!("{}\n{}", said("--version")?, said("-lv")?)),
        }
    }

    /// Speaks: samples at [`RATE`], without the silence at either end.
    pub(super) fn speak(self, voice: Voice, text: &str) -> Result<Vec<i16>, RenderError> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("phrase.wav");
        let mut command = Command::new(self.program());
        let pace = u32::from(voice.pace_percent);
        match self {
            Self::Espeak => command
                .args(["--stdin", "-b", "1", "-v", voice.name])
                .args(["-p", &voice.pitch.to_string()])
                .args(["-s", &(ESPEAK_PACE * pace / 100).to_string()])
                .arg("-w")
                .arg(&file),
            Self::Flite => {
                let written = folder.path().join("phrase.txt");
                std::fs::write(&written, text)?;
                let stretch = 100.0 / f64::from(pace);
                command
                    .args(["-voice", voice.name, "--setf"])
                    .arg(format!("duration_stretch={stretch:.4}"))
                    .arg("-f")
                    .arg(written)
                    .arg("-o")
                    .arg(&file)
            }
        };
        let output = run(self, &mut command, text)?;
        if !output.status.success() {
            return Err(failed(self, &output));
        }
        // For a text without a sound they make no file, or an empty one.
        match std::fs::metadata(&file) {
            Ok(found) if found.len() > 0 => self.read(&file),
            Ok(_) => Ok(Vec::new()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    fn read(self, file: &Path) -> Result<Vec<i16>, RenderError> {
        let bad = |error: &dyn std::fmt::Display| {
            RenderError::Program(self, format!("its sound cannot be read: {error}"))
        };
        let mut wav = hound::WavReader::open(file).map_err(|error| bad(&error))?;
        let rate = wav.spec().sample_rate;
        let samples: Result<Vec<i16>, _> = wav.samples().collect();
        let samples = samples.map_err(|error| bad(&error))?;
        let loudest = samples.iter().map(|sample| sample.unsigned_abs()).max();
        let quiet = (loudest.unwrap_or(0) / QUIETER).max(1);
        let is_loud = |sample: &i16| sample.unsigned_abs() >= quiet;
        let (Some(first), Some(last)) = (
            samples.iter().position(is_loud),
            samples.iter().rposition(is_loud),
        ) else {
            return Ok(Vec::new());
        };
        let sound = &samples[first..=last];
        if rate == RATE {
            return Ok(sound.to_vec());
        }
        let sound = sound.iter().map(|sample| f64::from(*sample)).collect();
        resample(sound, rate as usize).map_err(|error| bad(&error))
    }
}

fn run(engine: Engine, command: &mut Command, input: &str) -> Result<Output, RenderError> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                RenderError::NoProgram(engine)
            } else {
                RenderError::Io(error)
            }
        })?;
    if let Some(mut stdin) = child.stdin.take()
        && let Err(error) = stdin.write_all(input.as_bytes())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        return Err(error.into());
    }
    Ok(child.wait_with_output()?)
}

fn failed(engine: Engine, output: &Output) -> RenderError {
    let said = String::from_utf8_lossy(&output.stderr);
    RenderError::Program(engine, format!("{} {}", output.status, said.trim()))
}

/// Sound of so many samples a second, on the scale of 16 bits, at 16 kHz; louder samples are cut off.
///
/// # Errors
/// When the rate cannot be converted.
pub fn resample(sound: Vec<f64>, rate: usize) -> Result<Vec<i16>, Box<dyn std::error::Error>> {
    let frames = sound.len();
    let sound = InterleavedOwned::new_from(sound, 1, frames)?;
    let mut resampler = Fft::<f64>::new(rate, RATE as usize, 1_024, 1, FixedSync::Input)?;
    let converted = resampler.process_all(&sound, frames, None)?.take_data();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast from float saturates, which is what too loud a sample should do"
    )]
    let samples = converted.into_iter().map(|sample| sample.round() as i16);
    Ok(samples.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_missing_is_to_be_installed() {
        for (engine, want) in [
            (Engine::Espeak, "apt-get install espeak-ng"),
            (Engine::Flite, "apt-get install flite"),
        ] {
            let mut command = Command::new("a-program-that-is-not-here");
            let error = run(engine, &mut command, "hello").expect_err("it is missing");
            assert!(matches!(error, RenderError::NoProgram(missing) if missing == engine));
            assert!(error.to_string().contains(want), "{error}");
        }
    }

    #[test]
    fn a_program_that_fails_is_named_with_what_it_said() {
        let mut command = Command::new("sh");
        let output = run(
            Engine::Flite,
            command.args(["-c", "echo oh >&2; exit 3"]),
            "",
        );
        let error = failed(Engine::Flite, &output.expect("it ran"));
        assert_eq!(error.to_string(), "flite failed: exit status: 3 oh");
    }

    /// It may end before it has read what it should say.
    #[test]
    fn a_program_that_does_not_listen_is_no_broken_pipe() {
        let much = "word ".repeat(100_000);
        let output = run(Engine::Espeak, &mut Command::new("true"), &much).expect("it ran");
        assert!(output.status.success());
    }
}
