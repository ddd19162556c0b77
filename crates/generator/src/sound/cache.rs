//! Phrases that were spoken before.
//!
//! A phrase is kept under the SHA-256 of everything that it depends on: the engine and what it says
//! of itself, voice, pitch, pace and text. The file is a WAV that can be listened to, followed by the
//! SHA-256 of that name and the WAV. A file that does not end in it is damaged or somebody else's,
//! and the phrase is spoken anew. Files are whole or absent, so several programs may share a folder.

use super::{Engine, RATE, RenderError, Voice};
use sha2::{Digest, Sha256};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::NamedTempFile;

/// Changes when phrases are trimmed or converted in another way than before.
const VERSION: &str = "mondegreen speech 1";

const SUM_BYTES: usize = 32;

type Sum = [u8; SUM_BYTES];

/// Where phrases are kept that were spoken before, and what the engines say of themselves.
///
/// Nothing is ever removed from the folder; it can be deleted at any time.
#[derive(Debug, Default)]
pub struct Cache {
    folder: Option<PathBuf>,
    espeak: OnceLock<String>,
    flite: OnceLock<String>,
}

impl Cache {
    /// Keeps nothing: every phrase is spoken anew.
    pub fn off() -> Self {
        Self::default()
    }

    /// Keeps phrases in this folder, which is made when it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Result<Self, RenderError> {
        let folder = folder.into();
        if let Err(error) = std::fs::create_dir_all(&folder) {
            return Err(RenderError::Cache(folder, error));
        }
        Ok(Self {
            folder: Some(folder),
            ..Self::default()
        })
    }

    /// Keeps phrases in `mondegreen/speech` of the user's own cache folder, `$XDG_CACHE_HOME` or
    /// `~/.cache`. Keeps nothing where there is no such folder and none can be made.
    pub fn of_user() -> Self {
        let absolute = |name| {
            let path = PathBuf::from(std::env::var_os(name)?);
            path.is_absolute().then_some(path)
        };
        let home = || absolute("HOME").map(|home| home.join(".cache"));
        let folder = absolute("XDG_CACHE_HOME").or_else(home);
        let cache =
            folder.and_then(|folder| Self::in_folder(folder.join("mondegreen/speech")).ok());
        cache.unwrap_or_default()
    }

    /// The folder, if phrases are kept.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// What this voice makes of a text: as it was kept, or spoken now and kept.
    pub(super) fn speech(&self, voice: Voice, text: &str) -> Result<Vec<i16>, RenderError> {
        let about = self.about(voice)?;
        let Some(folder) = &self.folder else {
            return voice.engine.speak(voice, text);
        };
        let name = name(about, voice, text);
        let path = folder.join(hex(&name)).with_extension("wav");
        if let Some(samples) = std::fs::read(&path)
            .ok()
            .and_then(|file| open(&name, &file))
        {
            return Ok(samples);
        }
        let samples = voice.engine.speak(voice, text)?;
        let kept = seal(&name, &samples)
            .map_err(std::io::Error::other)
            .and_then(|file| keep(folder, &path, &file));
        match kept {
            Ok(()) => Ok(samples),
            Err(error) => Err(RenderError::Cache(path, error)),
        }
    }

    /// What the engine of a voice says of itself; it is asked once.
    fn about(&self, voice: Voice) -> Result<&str, RenderError> {
        let known = match voice.engine {
            Engine::Espeak => &self.espeak,
            Engine::Flite => &self.flite,
        };
        let about = if let Some(about) = known.get() {
            about
        } else {
            let about = voice.engine.about()?;
            known.get_or_init(|| about)
        };
        if voice.engine == Engine::Flite && !about.split_whitespace().any(|word| word == voice.name)
        {
            let lacks = format!("it has no voice `{}`", voice.name);
            return Err(RenderError::Program(voice.engine, lacks));
        }
        Ok(about)
    }
}

/// Writes a file whole or not at all.
fn keep(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A sum of all that the samples depend on. Each part says its length first, so that no two lists
/// of parts are the same bytes.
fn name(about: &str, voice: Voice, text: &str) -> Sum {
    let pitch = voice.pitch.to_string();
    let pace = voice.pace_percent.to_string();
    let program = voice.engine.program();
    let mut sum = Sha256::new();
    for part in [VERSION, program, about, voice.name, &pitch, &pace, text] {
        sum.update((part.len() as u64).to_le_bytes());
        sum.update(part);
    }
    sum.finalize().into()
}

fn check_sum(name: &Sum, wav: &[u8]) -> Sum {
    Sha256::new()
        .chain_update(name)
        .chain_update(wav)
        .finalize()
        .into()
}

fn hex(sum: &Sum) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16));
    sum.iter().flat_map(digits).flatten().collect()
}

/// The file of a phrase.
fn seal(name: &Sum, samples: &[i16]) -> Result<Vec<u8>, hound::Error> {
    let spec = super::wav_spec();
    let mut file = Cursor::new(Vec::new());
    let mut wav = hound::WavWriter::new(&mut file, spec)?;
    for sample in samples {
        wav.write_sample(*sample)?;
    }
    wav.finalize()?;
    let mut file = file.into_inner();
    let sum = check_sum(name, &file);
    file.extend(sum);
    Ok(file)
}

/// The samples of a file that [`seal`] made under this name; nothing of any other.
fn open(name: &Sum, file: &[u8]) -> Option<Vec<i16>> {
    let (wav, sum) = file.split_last_chunk::<SUM_BYTES>()?;
    if *sum != check_sum(name, wav) {
        return None;
    }
    let wav = hound::WavReader::new(wav).ok()?;
    assert_eq!(wav.spec().sample_rate, RATE, "kept at our own rate");
    wav.into_samples().collect::<Result<_, _>>().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::voices;
    use std::collections::BTreeSet;

    #[test]
    fn what_is_sealed_can_be_opened() {
        for samples in [vec![], vec![1, -2, 300, i16::MIN, i16::MAX]] {
            let name = name("1.0", voices()[0], "hello");
            let file = seal(&name, &samples).expect("in memory");
            assert_eq!(open(&name, &file), Some(samples));
        }
    }

    #[test]
    fn a_damaged_or_foreign_file_is_not_opened() {
        let name = name("1.0", voices()[0], "hello");
        let file = seal(&name, &[7; 100]).expect("in memory");
        for place in 0..file.len() {
            let mut damaged = file.clone();
            damaged[place] ^= 0x10;
            assert_eq!(open(&name, &damaged), None, "byte {place}");
            assert_eq!(open(&name, &file[..place]), None, "cut at {place}");
        }
        assert_eq!(open(&name, &[file.as_slice(), &[0]].concat()), None);
        assert_eq!(open(&[0; SUM_BYTES], &file), None);
    }

    #[test]
    fn everything_that_changes_a_phrase_changes_its_name() {
        let voice = voices()[0];
        let flite = voices()[20];
        let names = [
            name("1.0", voice, "hello"),
            name("1.1", voice, "hello"),
            name("1.0", voice, "hello "),
            name("1.0", voices()[1], "hello"),
            name("1.0", flite, "hello"),
            name("1.0", voice.pitched(9), "hello"),
            name("1.0", voice.paced(90), "hello"),
        ];
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        assert_eq!(names[0], name("1.0", voice, "hello"));
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let file = NamedTempFile::new().expect("a file");
        let folder = file.path().join("speech");
        let error = Cache::in_folder(&folder).expect_err("a file is in the way");
        assert!(error.to_string().contains("speech"), "{error}");
    }
}
