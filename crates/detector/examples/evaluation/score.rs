//! Trains each keyword on its part of the set, and scores the tests.

use crate::Outcome;
use crate::set::{Clip, clips};
use mondegreen_detector::{Decision, Keyword, Lesson, SoundSpotter, Template, Wav};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

const RATE: usize = 16_000;
/// Two seconds.
const STRETCH: usize = 2 * RATE;
/// What is given to the detector at a time where it is measured.
const PIECE: usize = RATE / 10;

pub(crate) fn run(folder: &Path) -> Outcome<()> {
    let clips = clips(folder)?;
    let names: BTreeSet<&str> = clips
        .iter()
        .filter(|clip| clip.part == "template")
        .map(|clip| clip.keyword.as_str())
        .collect();
    let (mut trained, mut plain, mut thresholds) = (String::new(), String::new(), String::new());
    for name in names {
        writeln!(thresholds, "{name}\t0")?;
        let mut keyword = untrained(folder, &clips, name)?;
        tests(folder, &clips, &keyword, &mut plain)?;
        learn(folder, &clips, &mut keyword)?;
        std::fs::write(file_of(folder, name), keyword.to_string())?;
        tests(folder, &clips, &keyword, &mut trained)?;
    }
    std::fs::write(folder.join("mondegreen-templates.tsv"), plain)?;
    std::fs::write(folder.join("mondegreen.tsv"), trained)?;
    std::fs::write(folder.join("mondegreen.threshold"), thresholds)?;
    // Without a network a score has no zero that means something.
    std::fs::write(folder.join("mondegreen-templates.threshold"), "")?;
    Ok(())
}

/// Hears the beginning of the talk as it comes from the file, and nothing else, so that what the
/// process takes is what the detector takes.
pub(crate) fn hear(folder: &Path, name: &str, seconds: usize) -> Outcome<()> {
    let keyword: Keyword = std::fs::read_to_string(file_of(folder, name))?.parse()?;
    let mut spotter = SoundSpotter::new(std::slice::from_ref(&keyword));
    let mut left = seconds * RATE;
    for clip in clips(folder)? {
        if left == 0 || clip.part != "test" || clip.kind != "talk" {
            continue;
        }
        let mut wav = Wav::new(BufReader::new(File::open(folder.join(&clip.file))?))?;
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

fn sound(folder: &Path, clip: &Clip) -> Outcome<Vec<f32>> {
    let wav = Wav::new(BufReader::new(File::open(folder.join(&clip.file))?))?;
    Ok(wav.collect::<Result<_, _>>()?)
}

fn untrained(folder: &Path, clips: &[Clip], name: &str) -> Outcome<Keyword> {
    let own = clips
        .iter()
        .filter(|clip| clip.part == "template" && clip.keyword == name);
    let templates = own.map(|clip| Ok(Template::new(&sound(folder, clip)?)?));
    Ok(Keyword::new(name, templates.collect::<Outcome<_>>()?))
}

fn learn(folder: &Path, clips: &[Clip], keyword: &mut Keyword) -> Outcome<()> {
    let mut lessons = Vec::new();
    for clip in clips.iter().filter(|clip| clip.part == "train") {
        let lesson = match clip.kind.as_str() {
            "talk" => Lesson::Talk,
            _ if clip.keyword != keyword.name() => continue,
            "near" => Lesson::Near,
            _ => Lesson::Said,
        };
        lessons.push((lesson, sound(folder, clip)?));
    }
    keyword.learn(lessons, &mut ChaCha8Rng::seed_from_u64(1));
    Ok(())
}

fn tests(folder: &Path, clips: &[Clip], keyword: &Keyword, scores: &mut String) -> Outcome<()> {
    let name = keyword.name();
    for clip in clips.iter().filter(|clip| clip.part == "test") {
        if clip.kind != "talk" && clip.keyword != name {
            continue;
        }
        let mut spotter = SoundSpotter::new(std::slice::from_ref(keyword));
        let sound = sound(folder, clip)?;
        let length = if clip.kind == "talk" {
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
