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
    let names: BTreeSet<&str> = clips
        .iter()
        .filter(|clip| clip.kind == Kind::Template)
        .map(|clip| clip.keyword.as_str())
        .collect();
    let (mut taught, mut plain, mut thresholds) = (Vec::new(), Vec::new(), String::new());
    for name in names {
        let own = clips
            .iter()
            .filter(|clip| clip.kind == Kind::Template && clip.keyword == name);
        let recordings = own.map(|clip| sound(folder, clip));
        let recordings: Vec<Vec<f32>> = recordings.collect::<Outcome<_>>()?;
        plain.push(templates(name, &recordings)?);
        let keyword = enrol(name, &recordings, &Cache::of_user(), SEED)?.keyword;
        fs::write(file_of(folder, name), keyword.to_string())?;
        taught.push(keyword);
        writeln!(thresholds, "{name}\t{THRESHOLD}")?;
    }
    // Without a network a score has no zero that means something.
    fs::write(folder.join("mondegreen-templates.threshold"), "")?;
    fs::write(folder.join("mondegreen.threshold"), thresholds)?;
    let scores = scores(folder, &clips, &plain)?;
    fs::write(folder.join("mondegreen-templates.tsv"), scores)?;
    let scores = self::scores(folder, &clips, &taught)?;
    Ok(fs::write(folder.join("mondegreen.tsv"), scores)?)
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

/// Talk is heard for all keywords at once, anything else for its own.
fn scores(folder: &Path, clips: &[Clip], keywords: &[Keyword]) -> Outcome<String> {
    let mut scores = String::new();
    for clip in clips.iter().filter(|clip| clip.kind != Kind::Template) {
        let is_own = |keyword: &&Keyword| clip.kind == Kind::Talk || clip.keyword == keyword.name();
        let own: Vec<Keyword> = keywords.iter().filter(is_own).cloned().collect();
        let mut spotter = SoundSpotter::new(&own);
        let sound = sound(folder, clip)?;
        let length = if clip.kind == Kind::Talk {
            STRETCH
        } else {
            sound.len()
        };
        for (n, stretch) in sound.chunks(length.max(1)).enumerate() {
            let mut best = vec![Decision::SCORE_MIN; own.len()];
            spotter.push(stretch, |decisions| {
                for (best, decision) in best.iter_mut().zip(decisions) {
                    *best = best.max(decision.score);
                }
            });
            for (keyword, best) in own.iter().zip(best) {
                writeln!(scores, "{}\t{}\t{n}\t{best}", clip.file, keyword.name())?;
            }
        }
    }
    Ok(scores)
}
