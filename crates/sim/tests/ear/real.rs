//! Real ears, as far as `MONDEGREEN_EARS` names them, like `microwakeword,pocketsphinx`; `ears/setup`
//! installs them, and flite speaks to them.

use mondegreen_detector::Wav;
use mondegreen_sim::ear::{Ear, Heard, Hearing, Limits};
use std::fs::File;
use std::io::BufReader;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

const RUN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ears/run");

/// Whether an ear is to be tested.
fn is_wanted(name: &str) -> bool {
    let wanted = std::env::var("MONDEGREEN_EARS").unwrap_or_default();
    wanted.split(',').any(|wanted| wanted == name)
}

fn open(arguments: &str) -> Ear {
    Ear::open(&format!("'{RUN}' {arguments}"), Limits::default()).expect("it is installed")
}

/// What flite makes of a text, between silences.
fn say(text: &str) -> Vec<i16> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("said.wav");
    let status = Command::new("flite")
        .args(["-voice", "slt", "-t", text, "-o"])
        .arg(&path)
        .status();
    assert!(status.expect("flite is installed").success());
    let wav = Wav::new(BufReader::new(File::open(path).expect("a file"))).expect("WAV");
    assert_eq!(wav.rate(), 16_000);
    #[expect(clippy::cast_possible_truncation, reason = "it was made of 16 bits")]
    let samples = wav.map(|sample| (sample.expect("a sample") * 32_768.0) as i16);
    let silence = vec![0; 8_000];
    silence
        .iter()
        .copied()
        .chain(samples)
        .chain(vec![0; 16_000])
        .collect()
}

/// Spots a name where it is said, each time the same, and not in other talk.
fn check_spotter(ear: &mut Ear) {
    let name = ear.name_of("alexa").expect("a name").to_owned();
    let mut hear = |text: &str| ear.hear(&say(text), &[&name]).expect("it hears");
    let said = "good morning. alexa, what time is it";
    let heard = hear(said);
    let is_there = |hearing: &Hearing| (1_500..2_600).contains(&hearing.to_ms);
    assert!(heard.hearings.iter().any(is_there), "{heard:?}");
    let other = hear("good morning everybody, how are you");
    assert_eq!(other.hearings, []);
    assert_eq!(hear(said), heard, "what was heard before does not matter");
}

#[test]
fn microwakeword_spots_its_name() {
    if is_wanted("microwakeword") {
        let mut ear = open("microwakeword");
        check_spotter(&mut ear);
        let silence = ear.hear(&vec![0; 16_000], &["alexa"]).expect("it hears");
        assert!(
            silence.nearest.is_some_and(|peak| peak.score < 0.1),
            "{silence:?}"
        );
    }
}

#[test]
fn openwakeword_spots_its_name() {
    if is_wanted("openwakeword") {
        check_spotter(&mut open("openwakeword"));
    }
}

#[test]
fn pocketsphinx_spots_its_name() {
    if is_wanted("pocketsphinx") {
        check_spotter(&mut open("pocketsphinx --keyword alexa"));
    }
}

#[test]
fn pocketsphinx_hears_what_it_listens_for() {
    if !is_wanted("pocketsphinx") {
        return;
    }
    let mut ear = open("pocketsphinx");
    let texts = |heard: &Heard| {
        let texts = heard.hearings.iter().map(|hearing| hearing.text.clone());
        texts.collect::<Vec<_>>()
    };
    let sound = say("turn on the lights in the kitchen");
    let free = ear.hear(&sound, &[]).expect("it hears");
    assert_eq!(texts(&free), ["turn on the lights in the kitchen"]);
    assert!(!free.hearings[0].alternatives.is_empty());
    let names = ear
        .hear(&sound, &["Ana", "turn the key in the kitchen"])
        .expect("it hears");
    assert_eq!(texts(&names), ["turn the key in the kitchen"]);
    // Its dictionary has no such word; the client says how it sounds.
    let lights = ["tadesse", "turn on the lights in the kitchen"];
    assert_eq!(
        texts(&ear.hear(&sound, &lights).expect("it hears")),
        [lights[1]]
    );
    let unknown = ear
        .hear(&sound, &["?!"])
        .expect_err("no such word")
        .to_string();
    assert!(
        unknown.contains("`?!` is not in its dictionary"),
        "{unknown}"
    );
}

/// A server that is ended with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_wyoming_server_of_its_makers_spots_its_name() {
    if !is_wanted("wyoming-openwakeword") {
        return;
    }
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let address = port.expect("a port").to_string();
    let server = Command::new(RUN)
        .args(["wyoming-openwakeword", "--uri", &format!("tcp://{address}")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let _server = Server(server.expect("it is installed"));
    for _ in 0..600 {
        if TcpStream::connect(&address).is_ok() {
            break;
        }
        sleep(Duration::from_millis(100));
    }
    let mut ear = Ear::open(&format!("tcp://{address}"), Limits::default()).expect("it is there");
    let name = ear.name_of("alexa").expect("a name").to_owned();
    let mut hear = |text: &str| ear.hear(&say(text), &[&name]).expect("it hears");
    let heard = hear("alexa");
    assert_eq!(heard.hearings.len(), 1, "{heard:?}");
    assert_eq!(hear("good morning everybody").hearings, []);
}
