//! What a scene asks for is measured in the sound that comes of it.

use crate::{
    MILLISECOND, at, bytes_in, cache, has, is_installed, notice, prompt, said, samples_in,
};
use mondegreen_generator::sound::{
    Cache, Engine, Noise, NoiseKind, RenderError, Room, Saying, Scene, Voice, Who, active_level_db,
    render, voices,
};
use mondegreen_generator::{Talker, household};
use mondegreen_trace::{Line, Trace};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Seek, SeekFrom, Write};
use std::process::Command;

const SENTENCE: &str = "we went down to the harbour and looked at the boats all morning";
const ROOM: Room = Room {
    length_m: 5.0,
    width_m: 4.0,
    height_m: 2.6,
    absorption: 0.3,
};

fn person_at(distance_m: f64) -> Scene {
    Scene {
        distances_m: vec![distance_m],
        ..Scene::default()
    }
}

fn with_noise(kind: NoiseKind, snr_db: f64) -> Scene {
    Scene {
        noises: vec![Noise { kind, snr_db }],
        ..Scene::default()
    }
}

fn say(scene: &Scene, text: &str) -> Vec<i16> {
    let saying = Saying {
        text,
        ..Saying::default()
    };
    scene.say(&saying, cache()).expect("it is said").samples
}

fn level(samples: &[i16]) -> f64 {
    active_level_db(span(samples)).expect("there is sound")
}

/// From the first sound to the last one: the silence around speech is no part of it.
fn span(samples: &[i16]) -> &[i16] {
    let sounds = |sample: &i16| *sample != 0;
    let first = samples.iter().position(sounds).expect("there is sound");
    let last = samples.iter().rposition(sounds).expect("there is sound");
    &samples[first..=last]
}

/// Root mean square in dB of full scale.
fn rms_db(samples: &[i16]) -> f64 {
    let energy: f64 = samples
        .iter()
        .map(|s| (f64::from(*s) / 32_768.0).powi(2))
        .sum();
    let count = u32::try_from(samples.len()).expect("a short sound");
    10.0 * (energy / f64::from(count)).log10()
}

#[track_caller]
fn assert_near(value: f64, want: f64, tolerance: f64) {
    assert!((value - want).abs() <= tolerance, "{value} is not {want}");
}

#[test]
fn every_voice_is_somebody_else() {
    let mut sounds = BTreeSet::new();
    for voice in voices() {
        if !has(voice.engine()) {
            return;
        }
        let samples = voice
            .say("turn right at the light", cache())
            .expect("it speaks");
        assert!(
            (12_000..64_000).contains(&samples.len()),
            "{}",
            voice.name()
        );
        assert!(
            samples.iter().any(|s| s.unsigned_abs() > 1_000),
            "{}",
            voice.name()
        );
        assert!(
            sounds.insert(samples),
            "{} sounds like another",
            voice.name()
        );
    }
    assert!(sounds.len() >= 16);
}

#[test]
fn pitch_and_pace_are_heard() {
    for voice in [voices()[0], voices()[20], voices()[23]] {
        if !has(voice.engine()) {
            return;
        }
        let length = |voice: Voice| voice.say(SENTENCE, cache()).expect("it speaks").len();
        let (natural, fast, slow) = (
            length(voice),
            length(voice.paced(150)),
            length(voice.paced(75)),
        );
        assert!(
            fast * 5 < natural * 4 && natural * 5 < slow * 4,
            "{fast} {natural} {slow}"
        );
    }
    let voice = voices()[0];
    let higher = voice.pitched(90).say(SENTENCE, cache()).expect("it speaks");
    assert_ne!(higher, voice.say(SENTENCE, cache()).expect("it speaks"));
}

/// Exact but for the rounding to 16 bits.
#[test]
fn levels_are_what_was_asked_for_and_fall_with_distance() {
    if !is_installed() {
        return;
    }
    for level_db in [-20.0, -26.0, -40.0] {
        let scene = Scene {
            level_db,
            ..Scene::default()
        };
        assert_near(level(&say(&scene, SENTENCE)), level_db, 0.05);
        assert_near(level(&say(&scene, "right")), level_db, 0.05);
    }
    for (distance_m, lower) in [(0.5, -6.02), (2.0, 6.02), (4.0, 12.04)] {
        assert_near(
            level(&say(&person_at(distance_m), SENTENCE)),
            -26.0 - lower,
            0.05,
        );
    }
}

/// The noise is what is left when the same scene without it is taken away.
fn noise_alone(scene: &Scene, seconds: u64) -> (Vec<i16>, Vec<i16>) {
    let saying = Saying {
        text: SENTENCE,
        lead_in_ms: seconds * 500,
        lead_out_ms: seconds * 500,
        ..Saying::default()
    };
    let sound = scene.say(&saying, cache()).expect("it is said");
    let quiet = Scene {
        noises: Vec::new(),
        ..scene.clone()
    };
    let speech = quiet.say(&saying, cache()).expect("it is said").samples;
    let noise = sound
        .samples
        .iter()
        .zip(&speech)
        .map(|(both, speech)| both - speech);
    let noise = noise.collect();
    (speech, noise)
}

/// White within 0.1 dB, pink within 0.5 dB, babble within 1.5 dB over twenty seconds.
#[test]
fn the_ratio_of_speech_to_noise_is_what_was_asked_for() {
    if !is_installed() {
        return;
    }
    for room in [None, Some(ROOM)] {
        for (kind, tolerance) in [
            (NoiseKind::White, 0.1),
            (NoiseKind::Pink, 0.5),
            (NoiseKind::Babble, 1.5),
        ] {
            for snr_db in [20.0, 5.0, 0.0] {
                let scene = Scene {
                    room,
                    ..with_noise(kind, snr_db)
                };
                let (speech, noise) = noise_alone(&scene, 20);
                let snr = level(&speech) - rms_db(&noise);
                println!("{kind:?} {snr_db} dB, room {}: {snr:.2} dB", room.is_some());
                assert_near(snr, snr_db, tolerance);
            }
        }
    }
}

#[test]
fn noises_add_up_and_differ_by_seed() {
    if !is_installed() {
        return;
    }
    let noise = |kind, snr_db| Noise { kind, snr_db };
    let both = Scene {
        noises: vec![noise(NoiseKind::White, 10.0), noise(NoiseKind::White, 10.0)],
        ..Scene::default()
    };
    let (speech, sum) = noise_alone(&both, 10);
    assert_near(level(&speech) - rms_db(&sum), 10.0 - 3.01, 0.1);
    let other = Scene {
        seed: 2,
        ..both.clone()
    };
    assert_eq!(say(&both, "right"), say(&both, "right"));
    assert_ne!(say(&both, "right"), say(&other, "right"));
}

#[test]
fn babble_never_repeats_itself_and_never_stops() {
    if !is_installed() {
        return;
    }
    let (_, noise) = noise_alone(&with_noise(NoiseKind::Babble, 0.0), 60);
    let seconds: Vec<&[i16]> = noise.chunks_exact(16_000).collect();
    for (number, second) in seconds.iter().enumerate() {
        let level = rms_db(second);
        assert!(
            (-40.0..-18.0).contains(&level),
            "second {number}: {level} dB"
        );
        assert!(
            !seconds[..number].contains(second),
            "second {number} was there before"
        );
    }
}

#[test]
fn the_own_voice_leaks_as_loud_as_was_asked() {
    if !is_installed() {
        return;
    }
    let lines = [
        at(500),
        prompt("Ana Ruiz, right?", 2_000),
        at(4_000),
        notice("Sending"),
    ];
    for leak_db in [-20.0, 0.0, 10.0] {
        let scene = Scene {
            leak_db: Some(leak_db),
            ..person_at(3.0)
        };
        let (samples, truth) = samples_in(&scene, &lines);
        assert_near(level(&samples[..48_000]), -26.0 + leak_db, 0.1);
        assert_eq!(truth.speech[0].level_db, Some(-26.0 + leak_db));
    }
    let cancelled = Scene {
        leak_db: None,
        ..Scene::default()
    };
    let (samples, truth) = samples_in(&cancelled, &lines);
    assert!(samples.iter().all(|sample| *sample == 0));
    let prompt = &truth.speech[0];
    assert_eq!(
        (&prompt.who, prompt.level_db),
        (&Who::Device("kitchen".to_owned()), None)
    );
    assert!(
        prompt.to_ms > 1_000 && prompt.words.len() == 3,
        "{prompt:?}"
    );
}

#[test]
fn rooms_ring_on_after_speech() {
    if !is_installed() {
        return;
    }
    let ringing = Scene {
        room: Some(Room {
            absorption: 0.15,
            ..ROOM
        }),
        ..person_at(2.0)
    };
    let lines = [said("Ann", 0, 9_000, "stop that")];
    let (dry, truth) = samples_in(&person_at(2.0), &lines);
    let (wet, same) = samples_in(&ringing, &lines);
    assert_eq!(
        truth.speech[0].to_ms, same.speech[0].to_ms,
        "the truth is of the direct sound"
    );
    assert!(level(&wet) > level(&dry) + 2.0, "reflections add up");
    let tail = |from_ms: usize| rms_db(&wet[dry.len() + from_ms * 16..][..1_600]);
    assert!(tail(0) > tail(300) + 15.0, "{} {}", tail(0), tail(300));
    assert!(truth.length_ms + 300 < same.length_ms);
    let error = Scene {
        room: Some(ROOM),
        ..person_at(6.0)
    }
    .say(
        &Saying {
            text: "hello",
            ..Saying::default()
        },
        cache(),
    );
    let error = error.expect_err("it is too far").to_string();
    assert!(error.contains("6 m away"), "{error}");
}

/// There is sound in all of what the truth says is speech, and none outside.
#[test]
fn the_truth_agrees_with_the_sound() {
    if !is_installed() {
        return;
    }
    let lines = [
        said("Ann", 1_000, 4_000, SENTENCE),
        said("Bob", 6_000, 7_000, "right"),
        at(8_000),
        prompt("To whom?", 1_500),
    ];
    let (samples, truth) = samples_in(&Scene::default(), &lines);
    let mut quiet_from = 0;
    for spoken in &truth.speech {
        let place = |ms: u64| usize::try_from(ms).expect("a short sound") * 16;
        let (from, to) = (place(spoken.from_ms), place(spoken.to_ms));
        let end = to.min(samples.len());
        assert!(
            samples[quiet_from..from].iter().all(|s| *s == 0),
            "{spoken:?}"
        );
        assert!(level(&samples[from..end]) > -27.0, "{spoken:?}");
        for edge in [&samples[from..from + 800], &samples[end - 800..end]] {
            assert!(edge.iter().any(|s| s.unsigned_abs() > 5), "{spoken:?}");
        }
        quiet_from = end;
        let words: Vec<&str> = spoken.words.iter().map(|w| w.word.as_str()).collect();
        let text = spoken.text.to_lowercase().replace('?', "");
        assert_eq!(words.join(" "), text);
        let mut last = spoken.from_ms;
        for word in &spoken.words {
            assert!(last == word.from_ms && word.from_ms < word.to_ms && !word.phones.is_empty());
            last = word.to_ms;
        }
        assert_eq!(last, spoken.to_ms);
    }
    let who: Vec<&Who> = truth.speech.iter().map(|spoken| &spoken.who).collect();
    let [ann, bob] = ["Ann", "Bob"].map(|name| Who::Person(name.to_owned()));
    assert_eq!(who, [&ann, &bob, &Who::Device("kitchen".to_owned())]);
}

/// When flite begins each phone of a text, in milliseconds from the first one.
fn phones_of_flite(text: &str) -> Vec<f64> {
    let mut flite = Command::new("flite");
    flite.args(["-voice", "slt", "-psdur", "-t", text, "-o", "none"]);
    let output = flite.output().expect("it runs");
    let said = String::from_utf8(output.stdout).expect("text");
    let mut begins = Vec::new();
    let mut last = 0.0;
    for segment in said.split_whitespace() {
        let (phone, end) = segment.split_once(':').expect("a phone and when it ends");
        if phone != "pau" {
            begins.push(last);
        }
        last = 1_000.0 * end.parse::<f64>().expect("seconds");
    }
    let first = begins.first().copied().unwrap_or_default();
    begins.iter().map(|begin| begin - first).collect()
}

/// The times of words are an estimate; flite tells when it begins each phone. Texts that it says with
/// as many phones as the dictionary are compared, which says where its words begin.
#[test]
fn estimated_times_of_words_are_near_the_engines_own() {
    if !has(Engine::Flite) {
        return;
    }
    let slt = Scene {
        voices: vec![Voice::named("slt").expect("a voice")],
        ..Scene::default()
    };
    let home = household(&mut ChaCha8Rng::seed_from_u64(3));
    let talk = Talker::new(&home, 0, ChaCha8Rng::seed_from_u64(4));
    let plain = |text: &String| text.split(' ').count() > 3 && !text.contains([',', ';', ':']);
    let mut errors_ms = Vec::new();
    for text in talk.map(|said| said.text).filter(plain).take(60) {
        let saying = Saying {
            text: &text,
            ..Saying::default()
        };
        let sound = slt.say(&saying, cache()).expect("it is said");
        let begins = phones_of_flite(&text);
        let words = &sound.truth.speech[0].words;
        if words.iter().map(|word| word.phones.len()).sum::<usize>() != begins.len() {
            continue;
        }
        let mut phones = 0;
        for word in words {
            let estimate = f64::from(u32::try_from(word.from_ms).expect("a short sound"));
            errors_ms.push((estimate - begins[phones]).abs());
            phones += word.phones.len();
        }
    }
    errors_ms.sort_by(f64::total_cmp);
    let count = errors_ms.len();
    let [half, most] = [count / 2, count * 19 / 20].map(|at| errors_ms[at]);
    println!("{count} words: half within {half:.0} ms, 95% within {most:.0} ms");
    assert!(count > 100 && half < 100.0 && most < 350.0);
}

/// What is played while a conversation goes on is what is written when it is over: a prompt that
/// comes later changes nothing of what was before it.
#[test]
fn a_conversation_that_is_played_sounds_as_it_is_written() {
    if !is_installed() {
        return;
    }
    let scene = Scene {
        room: Some(ROOM),
        ..with_noise(NoiseKind::Pink, 15.0)
    };
    let first = said("Ann", 500, 2_000, "Dad collects a few.");
    let last = said("Joe", 4_000, 6_000, "Which one is yours?");
    let over = [
        first.clone(),
        at(3_000),
        prompt("To whom?", 600),
        last.clone(),
    ];
    let played = |lines: &[Line]| {
        let trace = Trace {
            lines: lines.to_vec(),
        };
        scene.play(&trace, cache()).expect("it is played").samples
    };
    let (written, _) = samples_in(&scene, &over);
    assert_eq!(played(&over), written);
    let before = 3_000 * MILLISECOND;
    let ahead = played(&[first, last]);
    assert_eq!(ahead[..before], written[..before]);
    assert_ne!(ahead, written);
    let late = Trace {
        lines: vec![said("Ann", 3_600_001, 3_601_000, "Late.")],
    };
    let refused = scene
        .play(&late, cache())
        .expect_err("too long")
        .to_string();
    assert!(refused.contains("an hour is the most"), "{refused}");
}

#[test]
fn a_phrase_and_a_conversation_go_through_the_same_scene() {
    if !is_installed() {
        return;
    }
    let scene = Scene {
        room: Some(ROOM),
        ..with_noise(NoiseKind::Pink, 15.0)
    };
    let lines = [said("Ann", 0, 9_000, SENTENCE)];
    assert_eq!(samples_in(&scene, &lines).0, say(&scene, SENTENCE));
    assert_eq!(bytes_in(&scene, &lines), bytes_in(&scene, &lines));
}

#[test]
fn what_is_said_before_comes_before() {
    if !is_installed() {
        return;
    }
    let saying = Saying {
        text: "I like some",
        before: "that was the one",
        lead_in_ms: 700,
        lead_out_ms: 1_000,
    };
    let sound = Scene::default().say(&saying, cache()).expect("it is said");
    let [before, phrase] = &sound.truth.speech[..] else {
        panic!("{:?}", sound.truth)
    };
    assert_eq!((before.from_ms, before.text.as_str()), (700, saying.before));
    assert_eq!(
        (phrase.from_ms - before.to_ms, phrase.text.as_str()),
        (300, saying.text)
    );
    assert_ne!(before.voice, phrase.voice);
    assert_eq!(sound.samples.len() as u64, (phrase.to_ms + 1_000) * 16);
    let empty = Saying {
        lead_out_ms: 100,
        ..Saying::default()
    };
    let silence = Scene::default()
        .say(&empty, cache())
        .expect("nothing is said");
    assert_eq!(silence.samples, [0; 1_600]);
}

#[test]
fn phrases_are_kept_and_damaged_ones_spoken_anew() {
    if !is_installed() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let cache = Cache::in_folder(folder.path().join("made/of/it")).expect("it is made");
    let voice = voices()[2];
    let first = voice.say("turn right", &cache).expect("it speaks");
    let files = || -> Vec<_> {
        let entries = fs::read_dir(cache.folder().expect("it keeps")).expect("a folder");
        entries
            .map(|entry| entry.expect("an entry").path())
            .collect()
    };
    let [file] = &files()[..] else {
        panic!("one file, not {:?}", files())
    };
    let kept = fs::read(file).expect("a file");
    // What is kept is what is heard: another phrase under the same name would not be taken.
    for damaged in [&kept[..kept.len() / 2], b"", b"RIFF of somebody else"] {
        fs::write(file, damaged).expect("written");
        assert_eq!(voice.say("turn right", &cache).expect("it speaks"), first);
        assert_eq!(fs::read(file).expect("a file"), kept, "mended");
    }
    let modified = || {
        fs::metadata(file)
            .and_then(|file| file.modified())
            .expect("a time")
    };
    let before = modified();
    assert_eq!(voice.say("turn right", &cache).expect("kept"), first);
    assert_eq!(modified(), before, "and not spoken again");
    voice.say("turn left", &cache).expect("it speaks");
    assert_eq!(files().len(), 2);
    assert_eq!(
        voice.say("turn right", &Cache::off()).expect("it speaks"),
        first
    );
}

/// Counts what is written, and keeps nothing.
#[derive(Default)]
struct Sink {
    at: u64,
    length: u64,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.at += bytes.len() as u64;
        self.length = self.length.max(self.at);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Sink {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
            SeekFrom::End(by) => self.length.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}

/// Two hours are 230 MB of sound. The most memory that this process ever held is known to Linux;
/// other tests, which run beside this one, hold a few megabytes.
#[cfg(target_os = "linux")]
#[test]
fn hours_of_sound_are_not_held_in_memory() {
    fn most_kilobytes() -> u64 {
        let status = fs::read_to_string("/proc/self/status").expect("Linux has it");
        let line = status
            .lines()
            .find(|line| line.starts_with("VmHWM:"))
            .expect("it is there");
        let number = line.split_whitespace().nth(1).expect("a number");
        number.parse().expect("a number")
    }
    if !is_installed() {
        return;
    }
    let lines = (0..240).map(|n| said("Ann", n * 30_000, n * 30_000 + 5_000, SENTENCE));
    let trace = Trace {
        lines: lines.collect(),
    };
    let scene = Scene {
        room: Some(ROOM),
        ..with_noise(NoiseKind::White, 20.0)
    };
    let before = most_kilobytes();
    let mut sink = Sink::default();
    let truth = render(&trace, &scene, cache(), &mut sink).expect("it can be rendered");
    assert!(
        truth.length_ms > 7_170_000 && sink.length > 229_000_000,
        "{}",
        sink.length
    );
    let grown = most_kilobytes() - before;
    assert!(grown < 100_000, "{grown} kB");
}

#[test]
fn people_speak_with_the_voices_that_they_are_given() {
    if !has(Engine::Flite) {
        return;
    }
    let lines: Vec<Line> = vec![said("Ann", 0, 1_000, "right")];
    let scene = Scene {
        voices: vec![Voice::named("slt").expect("a voice")],
        ..Scene::default()
    };
    let (_, truth) = samples_in(&scene, &lines);
    assert_eq!(truth.speech[0].voice.engine(), Engine::Flite);
}

#[test]
fn a_scene_that_cannot_be_is_an_error_before_anything_is_written() {
    let mut sink = Sink::default();
    let bad = person_at(-1.0);
    let result = render(&Trace::default(), &bad, &Cache::off(), &mut sink);
    assert!(matches!(result, Err(RenderError::Scene(_))));
    assert_eq!(sink.length, 0);
}
