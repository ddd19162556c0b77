//! The spotter on made sound, and on renderings where there is a program that makes them.

use allocation_counter::measure;
use mondegreen_detector::{Decision, Heard, Hits, Keyword, Lesson, SoundSpotter, Template};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::f32::consts::TAU;

const RATE: f32 = 16_000.0;

/// Three vowels of 150 ms, by the frequencies of their two formants.
type Vowels = [(f32, f32); 3];

const OWN: Vowels = [(700.0, 1_100.0), (300.0, 2_300.0), (450.0, 800.0)];
const OTHER: Vowels = [(300.0, 900.0), (650.0, 1_700.0), (300.0, 2_300.0)];

/// The vowels one after the other, so much slower and at such a pitch and loudness.
fn said(vowels: &Vowels, slower: f32, pitch: f32, loudness: f32) -> Vec<f32> {
    let mut sound = Vec::new();
    for formants in vowels {
        let length = 0.15 * slower;
        let times = (0_u16..)
            .map(|n| f32::from(n) / RATE)
            .take_while(|at| *at < length);
        sound
            .extend(times.map(|at| {
                loudness * vowel(*formants, pitch, at) * (TAU * at / length / 2.0).sin()
            }));
    }
    sound
}

fn vowel((first, second): (f32, f32), pitch: f32, at: f32) -> f32 {
    let harmonics = (1_u8..40)
        .map(|n| f32::from(n) * pitch)
        .take_while(|hertz| *hertz < 4_000.0);
    let near = |hertz: f32, formant: f32| 1.0 / (1.0 + ((hertz - formant) / 80.0).powi(2));
    harmonics
        .map(|hertz| (near(hertz, first) + near(hertz, second)) * (TAU * hertz * at).sin())
        .sum()
}

fn noise(seconds: f32, seed: u64) -> Vec<f32> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let times = (0_u32..).take_while(|n| f64::from(*n) / 16_000.0 < f64::from(seconds));
    times.map(|_| random.random_range(-0.001..0.001)).collect()
}

/// Speech between half seconds of noise.
fn between(speech: &[f32]) -> Vec<f32> {
    let mut sound = [noise(0.5, 1), speech.to_vec(), noise(0.5, 2)].concat();
    for (sample, noise) in sound.iter_mut().zip(noise(9.0, 3)) {
        *sample += noise;
    }
    sound
}

fn template(vowels: &Vowels, pitch: f32) -> Template {
    Template::new(&between(&said(vowels, 1.0, pitch, 0.1))).expect("it is as long as a word")
}

fn keyword() -> Keyword {
    Keyword::new("own", vec![template(&OWN, 110.0), template(&OWN, 180.0)])
}

/// The best decision on the only keyword.
fn best(keyword: &Keyword, sound: &[f32]) -> Decision {
    let mut spotter = SoundSpotter::new(std::slice::from_ref(keyword));
    let mut all = Vec::new();
    spotter.push(sound, |decisions| all.push(decisions[0]));
    all.into_iter()
        .max_by(|a, b| a.score.total_cmp(&b.score))
        .expect("there are frames")
}

#[test]
fn a_keyword_is_heard_at_other_speeds_pitches_and_levels() {
    for (slower, pitch, loudness) in [(1.0, 110.0, 0.1), (0.8, 140.0, 0.02), (1.3, 200.0, 0.3)] {
        let own = best(&keyword(), &between(&said(&OWN, slower, pitch, loudness)));
        let other = best(&keyword(), &between(&said(&OTHER, slower, pitch, loudness)));
        assert!(own.score > other.score + 1.0, "{slower}: {own:?} {other:?}");
    }
}

#[test]
fn the_span_is_where_the_keyword_was_said() {
    let decision = best(&keyword(), &between(&said(&OWN, 1.0, 110.0, 0.1)));
    assert!(decision.from_ms.abs_diff(500) <= 60, "{decision:?}");
    assert!(decision.to_ms.abs_diff(950) <= 60, "{decision:?}");
}

#[test]
fn a_keyword_matches_its_own_template_best() {
    let sound = between(&said(&OWN, 1.0, 110.0, 0.1));
    let same = best(&keyword(), &sound);
    let other = best(
        &Keyword::new("other", vec![template(&OTHER, 110.0)]),
        &sound,
    );
    assert!(same.score > other.score + 4.0, "{same:?} {other:?}");
}

#[test]
fn there_is_one_decision_each_ten_milliseconds() {
    let mut spotter = SoundSpotter::new(&[keyword(), keyword()]);
    let mut ends = Vec::new();
    spotter.push(&noise(1.0, 4), |decisions| {
        assert_eq!(decisions.len(), 2);
        ends.push(decisions[0].to_ms);
    });
    // A frame needs its 25 ms and the two frames after it.
    let want: Vec<u64> = (0..96).map(|n| 25 + 10 * n).collect();
    assert_eq!(ends, want);
}

#[test]
fn a_keyword_without_templates_is_never_heard() {
    let decision = best(
        &Keyword::new("nothing", Vec::new()),
        &between(&said(&OWN, 1.0, 110.0, 0.1)),
    );
    assert!(decision.score <= Decision::SCORE_MIN, "{decision:?}");
}

#[test]
fn silence_and_nonsense_make_no_hit() {
    for sample in [0.0, 1.0, f32::MAX, f32::NAN, f32::INFINITY] {
        let decision = best(&keyword(), &vec![sample; 32_000]);
        assert!(decision.score < 0.0, "{sample}: {decision:?}");
    }
    // And nothing of it stays.
    let mut spotter = SoundSpotter::new(&[keyword()]);
    spotter.push(&[f32::NAN; 1_000], |_| {});
    let mut best = f32::NEG_INFINITY;
    let sound = between(&said(&OWN, 1.0, 110.0, 0.1));
    spotter.push(&sound, |decisions| best = best.max(decisions[0].score));
    assert!(best > 0.0, "{best}");
}

#[test]
fn nothing_is_allocated_while_it_listens() {
    let mut spotter = SoundSpotter::new(&[learned(), keyword()]);
    let mut hits = Hits::new(2, 0.0);
    let sound = between(&said(&OWN, 1.0, 110.0, 0.1));
    let mut heard = 0;
    let used = measure(|| {
        spotter.push(&sound, |decisions| hits.push(decisions, |_| heard += 1));
        hits.finish(|_| heard += 1);
        spotter.reset();
    });
    assert!(heard > 0);
    assert_eq!(used.count_total, 0);
}

#[test]
fn four_keywords_of_six_templates_fit_a_small_device() {
    let templates: Vec<Template> = (0_u8..6)
        .map(|n| template(&OWN, 110.0 + 10.0 * f32::from(n)))
        .collect();
    let mut learned = learned();
    let names = ["a", "b", "c"].map(|name| Keyword::new(name, templates.clone()));
    let keywords = [&names[..], std::slice::from_mut(&mut learned)].concat();
    let used = measure(|| drop(SoundSpotter::new(&keywords)));
    assert!(used.bytes_max < 1024 * 1024, "{} bytes", used.bytes_max);
}

#[test]
fn a_mention_is_one_hit() {
    let word = said(&OWN, 1.0, 110.0, 0.1);
    let sound = between(&[word.clone(), noise(1.0, 5), word].concat());
    let mut spotter = SoundSpotter::new(&[keyword()]);
    let mut hits = Hits::new(1, 1.0);
    let mut heard: Vec<Heard> = Vec::new();
    spotter.push(&sound, |decisions| {
        hits.push(decisions, |hit| heard.push(hit));
    });
    hits.finish(|hit| heard.push(hit));
    let ends: Vec<u64> = heard.iter().map(|hit| hit.decision.to_ms).collect();
    assert!(
        matches!(ends[..], [a, b] if b.abs_diff(a + 1_450) <= 50),
        "{heard:?}"
    );
}

/// Has learned to tell its vowels from others, by several voices.
fn learned() -> Keyword {
    let mut keyword = keyword();
    let near: Vowels = [OWN[0], OWN[1], (300.0, 2_300.0)];
    let pitches = [100.0, 120.0, 150.0, 170.0, 200.0, 220.0];
    let lessons = pitches.iter().flat_map(|&pitch| {
        [
            (Lesson::Said, between(&said(&OWN, 1.1, pitch, 0.1))),
            (Lesson::Near, between(&said(&near, 0.9, pitch, 0.1))),
            (Lesson::Talk, between(&said(&OTHER, 1.0, pitch, 0.1))),
        ]
    });
    keyword.learn(lessons, &mut ChaCha8Rng::seed_from_u64(1));
    keyword
}

#[test]
fn learning_tells_near_misses_apart_and_is_repeatable() {
    let near: Vowels = [OWN[0], OWN[1], (300.0, 2_300.0)];
    let gap = |keyword: &Keyword| {
        let own = best(keyword, &between(&said(&OWN, 1.0, 135.0, 0.1)));
        own.score - best(keyword, &between(&said(&near, 1.0, 135.0, 0.1))).score
    };
    let learned = learned();
    assert!(
        gap(&learned) > gap(&keyword()) + 1.0,
        "{} {}",
        gap(&learned),
        gap(&keyword())
    );
    assert!(learned == self::learned());
}

#[test]
fn a_recording_without_a_word_is_no_template() {
    let error = Template::new(&said(&OWN, 0.2, 110.0, 0.1)).expect_err("it is short");
    assert_eq!(
        error.to_string(),
        "a keyword takes 160 to 2000 ms, and there are 70 ms of speech here"
    );
    assert!(Template::new(&[]).is_err());
    assert!(Template::new(&[0.000_9; 4_000]).is_err());
    assert!(Template::new(&said(&OWN, 6.0, 110.0, 0.1)).is_err());
}

#[test]
fn a_file_keeps_everything() {
    let learned = learned();
    let read: Keyword = learned.to_string().parse().expect("it was just written");
    assert!(read == learned);
    assert_eq!((read.name(), read.templates()), ("own", 2));
}

#[test]
fn bad_files_are_named_by_line() {
    let good = keyword().to_string();
    let lines: Vec<&str> = good.lines().collect();
    let changed = |at: usize, with: &str| {
        let mut lines = lines.clone();
        lines[at] = with;
        lines.join("\n")
    };
    let long = ["4096"; 28].join(" ");
    let files = [
        String::new(),
        changed(0, "RIFF"),
        changed(1, "nombre own"),
        changed(2, "template 7"),
        changed(2, "template -1"),
        changed(2, "mp3"),
        changed(3, "1 2 3"),
        changed(3, &long),
        changed(3, &long.replacen("4096", "x", 1)),
        lines[..9].join("\n"),
        lines[..lines.len() - 1].join("\n"),
        changed(lines.len() - 1, "network 3"),
    ];
    let said = |file: &String| match file.parse::<Keyword>() {
        Ok(_) => String::from("read\n"),
        Err(error) => format!("line {}: {error}\n", error.line()),
    };
    let page: String = files.iter().map(said).collect();
    expect_test::expect![[r"
        line 1: the file ends before its first line
        line 1: `mondegreen keyword 2` (other versions are to be enrolled anew) is expected here
        line 2: `name` and a name is expected here
        line 3: a template has 16 to 200 frames, not 7
        line 3: `-1` is not a number that may stand here
        line 3: `template`, one `network` or `end` is expected here
        line 4: there are 3 numbers, and 28 are needed
        line 4: this frame is too long
        line 4: `x` is not a number that may stand here
        line 10: the file ends before the frames of a template
        line 96: the file ends before `end`
        line 96: there are 3 numbers, and 339 are needed
    "]]
    .assert_eq(&page);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Where the samples are cut does not matter.
    #[test]
    fn chunks_of_any_size_are_the_same(sizes in prop::collection::vec(1_usize..1_000, 1..40)) {
        let sound = between(&said(&OWN, 1.0, 110.0, 0.1));
        let (mut whole, mut parts) = (Vec::new(), Vec::new());
        SoundSpotter::new(&[keyword()]).push(&sound, |decisions| whole.extend_from_slice(decisions));
        let mut spotter = SoundSpotter::new(&[keyword()]);
        let mut rest = &sound[..];
        for size in sizes.into_iter().cycle() {
            let (chunk, later) = rest.split_at(size.min(rest.len()));
            spotter.push(chunk, |decisions| parts.extend_from_slice(decisions));
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(whole, parts);
    }

    /// No text stops the reader.
    #[test]
    fn any_text_is_read_or_refused(text in "mondegreen keyword 2\nname .{0,9}\n(template [0-9]{1,9}|network 339|[-0-9 ]{0,30}|\n|end){0,9}") {
        let _ = text.parse::<Keyword>();
    }
}
