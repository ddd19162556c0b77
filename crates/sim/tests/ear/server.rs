//! Servers at an address.

use crate::second;
use mondegreen_sim::ear::{Ear, EarError, Limits};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

const ABOUT: &str =
    r#"{"type":"info","data":{"wake":[{"name":"server","models":[{"name":"alexa"}]}]}}"#;

/// Serves two connections: one that asks what it is, and one that it hears a recording by. It writes
/// this when the sound has ended, and closes; so long had the sound taken.
fn serve(answer: &'static str) -> (String, thread::JoinHandle<Duration>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let place = format!("tcp://{}", listener.local_addr().expect("an address"));
    let served = thread::spawn(move || {
        let mut took = Duration::ZERO;
        for _ in 0..2 {
            let (stream, _) = listener.accept().expect("a connection");
            took = hear(stream, answer);
        }
        took
    });
    (place, served)
}

#[expect(
    clippy::disallowed_types,
    reason = "the sound is to come at the speed of sound"
)]
fn hear(mut stream: TcpStream, answer: &str) -> Duration {
    let mut reader = BufReader::new(stream.try_clone().expect("a handle"));
    let mut began = None;
    let mut line = String::new();
    while reader.read_line(&mut line).expect("a line") > 0 {
        let head: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        let length = |key: &str| head[key].as_u64().unwrap_or(0);
        let rest = length("data_length") + length("payload_length");
        std::io::copy(&mut reader.by_ref().take(rest), &mut std::io::sink()).expect("bytes");
        match head["type"].as_str() {
            Some("describe") => writeln!(stream, "{ABOUT}").expect("written"),
            Some("audio-start") => began = Some(std::time::Instant::now()),
            Some("audio-stop") => {
                stream.write_all(answer.as_bytes()).expect("written");
                return began.expect("a beginning").elapsed();
            }
            _ => {}
        }
        line.clear();
    }
    Duration::ZERO
}

fn open(place: &str) -> Ear {
    Ear::open(place, Limits::default()).expect("it is there")
}

#[test]
fn a_server_hears_at_the_speed_of_sound_and_may_close_then() {
    let (place, served) =
        serve("{\"type\":\"detection\",\"data\":{\"name\":\"alexa\",\"timestamp\":512}}\n");
    let heard = open(&place).hear(&second(), &["alexa"]).expect("it hears");
    assert_eq!(heard.hearings[0].to_ms, 512);
    let took = served.join().expect("served");
    // A second, and another of silence.
    assert!((1_800..10_000).contains(&took.as_millis()), "{took:?}");
}

#[test]
fn a_server_that_spots_nothing_may_just_close() {
    let (place, served) = serve("");
    let heard = open(&place)
        .hear(&second()[..800], &["alexa"])
        .expect("it hears");
    assert_eq!(heard.hearings, []);
    served.join().expect("served");
}

#[test]
fn a_server_that_is_gone_is_not_waited_for() {
    let (place, served) = serve("");
    let mut ear = open(&place);
    // The second of the two connections; there is no third.
    drop(TcpStream::connect(place.trim_start_matches("tcp://")).expect("a connection"));
    served.join().expect("served");
    let heard = ear.hear(&second(), &[]);
    assert!(matches!(heard, Err(EarError::Unavailable(_))), "{heard:?}");
}
