//! How many seconds of sound are rendered in a second of processor time, for scenes of each kind.
//!
//! An hour of talk of two people, a third of it speech. Phrases are spoken before the clock starts,
//! as by a run before this one: `cargo run --release -p mondegreen-generator --example render-speed`.
#![expect(clippy::print_stdout, reason = "an example is there to print")]

use cpu_time::ProcessTime;
use mondegreen_generator::sound::{Cache, Noise, NoiseKind, RenderError, Room, Scene, render};
use mondegreen_generator::{Talker, household};
use mondegreen_trace::{Line, Trace};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::io::{BufWriter, Cursor};

const HOUR_MS: u64 = 3_600_000;

fn main() -> Result<(), RenderError> {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let home = household(&mut rng);
    let talk = Talker::new(&home, 0, rng).take_while(|said| said.to_ms < HOUR_MS);
    let lines = talk.map(|said| Line::Said { said }).collect();
    let trace = Trace { lines };
    let cache = Cache::of_user();
    for (name, scene) in scenes() {
        render(&trace, &scene, &cache, Cursor::new(Vec::new()))?;
        let began = ProcessTime::now();
        let truth = render(
            &trace,
            &scene,
            &cache,
            BufWriter::new(Cursor::new(Vec::new())),
        )?;
        let took_ms = began.elapsed().as_millis().max(1);
        let times = u128::from(truth.length_ms) / took_ms;
        println!(
            "{name:<40} {} utterances, {} s of sound, {took_ms} ms, {times} times real time",
            truth.speech.len(),
            truth.length_ms / 1_000,
        );
    }
    Ok(())
}

fn scenes() -> [(&'static str, Scene); 5] {
    let noise = |kind| vec![Noise { kind, snr_db: 10.0 }];
    let plain = Scene {
        distances_m: vec![1.0, 2.0],
        ..Scene::default()
    };
    let room = Some(Room {
        length_m: 5.0,
        width_m: 4.0,
        height_m: 2.6,
        absorption: 0.3,
    });
    let with = |noises| Scene {
        noises,
        ..plain.clone()
    };
    [
        ("nothing else", plain.clone()),
        ("pink noise", with(noise(NoiseKind::Pink))),
        ("babble", with(noise(NoiseKind::Babble))),
        (
            "a room of 0.3 s",
            Scene {
                room,
                ..plain.clone()
            },
        ),
        (
            "a room of 0.3 s, pink noise and babble",
            Scene {
                room,
                ..with([noise(NoiseKind::Pink), noise(NoiseKind::Babble)].concat())
            },
        ),
    ]
}
