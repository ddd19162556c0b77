//! Teaches each keyword as `mondegreen enrol` does, and scores the tests.

use crate::Outcome;
use crate::set::{Clip, Kind, clips};
use mondegreen_detector::{Decision, Keyword, SoundSpotter, Wav};
use mondegreen_generator::sound::Cache;
use mondegreen_sim::enrol::{THRESHOLD, enrol, templates};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

const RATE: usize = 16_000;
/// Two seconds.
const STRETCH: usize = 2 * RATE;
/// What is given to the detector at a time where it is measured.
const PIECE: usize = RATE / 10;
/// `enrol`'s own.
const SEED: u64 = 1;

pub(crate) fn run(folder: &Path) -> Outcome<()> {
    let clips = clips(folder)?;
    let names: BTreeSet<&str> = clips.iter().map(|clip| clip.keyword.as_str()).collect();
    let (mut trained, mut plain, mut thresholds) = (String::new(), String::new(), String::new());
    for name in names {
        let own = clips
            .iter()
            .filter(|clip| clip.kind == Kind::Template && clip.keyword == name);
        let recordings: Vec<Vec<f32>> = own
            .map(|clip| sound(folder, clip))
            .collect::<Outcome<_>>()?;
        if recordings.is_empty() {
            continue;
        }
        writeln!(thresholds, "{name}\t{THRESHOLD}")?;
        tests(folder, &clips, &templates(name, &recordings)?, &mut plain)?;
        let keyword = enrol(name, &recordings, &Cache::of_user(), SEED)?.keyword;
        fs::write(file_of(folder, name), keyword.to_string())?;
        tests(folder, &clips, &keyword, &mut trained)?;
    }
    fs::write(folder.join("mondegreen-templates.tsv"), plain)?;
    fs::write(folder.join("mondegreen.tsv"), trained)?;
    fs::write(folder.join("mondegreen.threshold"), thresholds)?;
    // Without a network a score has no zero that means something.
    fs::write(folder.join("mondegreen-templates.threshold"), "")?;
    Ok(())
}

/// Hears the beginning of the talk as it comes from the file, and nothing else, so that what the
/// process takes is what the detector takes.
pub(crate) fn hear(folder: &Path, name: &str, seconds: usize) -> Outcome<()> {
    let keyword: Keyword = fs::read_to_string(file_of(folder, name))?.parse()?;
    let mut spotter = SoundSpotter::new(std::slice::from_ref(&keyword));
    let mut left = seconds * RATE;
    for clip in clips(folder)? {
        if left == 0 || clip.kind != Kind::Talk {
            continue;
        }
        let mut wav = wav(folder, &clip)?;
        while left > 0 {
            let piece: Vec<f32> = wav
                .by_ref()
                .take(PIECE.min(left))
                .collect::<Result<_, _>>()?;
            if piece.is_empty() {
                break;
            }
            left -= piece.len();
            spotter.push(&piece, |decisions| {
                std::hint::black_box(decisions);
            });
        }
    }
    Ok(())
}

fn file_of(folder: &Path, name: &str) -> PathBuf {
    let name = name.to_lowercase().replace(' ', "-");
    folder.join(format!("{name}.keyword"))
}

fn wav(folder: &Path, clip: &Clip) -> Outcome<Wav<BufReader<File>>> {
    Ok(Wav::new(BufReader::new(File::open(
        folder.join(&clip.file),
    )?))?)
}

fn sound(folder: &Path, clip: &Clip) -> Outcome<Vec<f32>> {
    Ok(wav(folder, clip)?.collect::<Result<_, _>>()?)
}

fn tests(folder: &Path, clips: &[Clip], keyword: &Keyword, scores: &mut String) -> Outcome<()> {
    let name = keyword.name();
    for clip in clips {
        let is_own = clip.kind == Kind::Talk || clip.keyword == name;
        if clip.kind == Kind::Template || !is_own {
            continue;
        }
        let mut spotter = SoundSpotter::new(std::slice::from_ref(keyword));
        let sound = sound(folder, clip)?;
        let length = if clip.kind == Kind::Talk {
            STRETCH
        } else {
            sound.len()
        };
        for (n, stretch) in sound.chunks(length.max(1)).enumerate() {
            let mut best = Decision::SCORE_MIN;
            spotter.push(stretch, |decisions| {
                best = decisions
                    .iter()
                    .map(|decision| decision.score)
                    .fold(best, f32::max);
            });
            writeln!(scores, "{}\t{name}\t{n}\t{best}", clip.file)?;
        }
    }
    Ok(())
}
