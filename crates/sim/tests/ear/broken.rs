//! Ears that do not behave. Each call ends in time, and says what was wrong.

use crate::{Fake, second};
use mondegreen_sim::ear::{Ear, EarError, Limits};
use std::fs;
use std::thread::sleep;
use std::time::Duration;

/// What is said of an ear that does this when the sound has ended.
#[track_caller]
fn check(body: &str, why: &str) {
    check_within(Duration::from_secs(20), body, why);
}

#[track_caller]
fn check_within(limit: Duration, body: &str, why: &str) {
    let fake = Fake::that_when_it_heard(body);
    let mut ear = fake.open_within(limit).expect("it opens");
    let heard = ear.hear(&second(), &[]);
    let Err(EarError::Broken(said)) = heard else {
        unreachable!("{heard:?}")
    };
    assert!(said.contains(why), "{said}");
}

#[test]
fn a_length_that_lies_does_no_harm() {
    let moment = Duration::from_millis(300);
    check(
        r#"raw(b'{"type":"x","data_length":1099511627776}\n')"#,
        "it announced 1099511627776 bytes",
    );
    check(
        r#"raw(b'{"type":"x","payload_length":18446744073709551615}\n')"#,
        "it announced",
    );
    check(
        r#"raw(b'{"type":"x","data_length":-1}\n')"#,
        "what is no event",
    );
    check_within(
        moment,
        r#"raw(b'{"type":"x","data_length":9000000}\n{}')"#,
        "had not answered within 0.3 s",
    );
    check(
        r#"raw(b'{"type":"x","payload_length":900}\nabc'); sys.exit(4)"#,
        "exited with status 4",
    );
    check(
        r#"raw(b'{"type":"x","data_length":2}\n{"a":1}\n')"#,
        "what is no event",
    );
}

#[test]
fn garbage_is_told_as_it_is() {
    check(
        "print('loading the model', flush=True)",
        "it wrote what is no event: `loading the model`",
    );
    check(r"raw(b'\xff\xfe\n')", "what is no event");
    check("raw(b'[]\\n')", "what is no event");
    check(
        r#"raw(b'{"type":"x","data_length":3}\n[1]')"#,
        "what is no event: `[1]`",
    );
    check(
        "say('detection', timestamp='soon')",
        "what is no event: `{\"timestamp\":\"soon\"}`",
    );
    check("say('transcript')", "missing field `text`");
}

#[test]
fn too_much_is_not_read() {
    check(
        "while True: raw(b'x' * 100000)",
        "a line of more than 1048576 bytes",
    );
    check(
        "while True: say('detection', name='x' * 9000)",
        "it answered with more than 16777216 bytes",
    );
    check(
        "while True: say('x', payload=bytes(900000))",
        "it answered with more than 16777216 bytes",
    );
}

#[test]
fn silence_has_an_end() {
    let moment = Duration::from_millis(300);
    check_within(
        moment,
        "time.sleep(1000)",
        "it had not answered within 0.3 s",
    );
    check_within(
        moment,
        "sys.stdout.close(); os.close(1); time.sleep(1000)",
        "closed its standard output",
    );
}

#[test]
fn what_it_said_last_is_told() {
    check(
        "raise ValueError('no such model')",
        "status 1; it said last: ValueError: no such model",
    );
}

#[test]
fn an_ear_that_broke_is_started_anew() {
    let fake = Fake::with(
        "def heard(asked, sound):\n    \
             if not os.path.exists(sys.argv[0] + '.broken'):\n        \
                 open(sys.argv[0] + '.broken', 'w').close()\n        \
                 sys.exit(3)\n    \
             say('detection', name='alexa')\n",
    );
    let mut ear = fake.open();
    assert!(matches!(ear.hear(&second(), &[]), Err(EarError::Broken(_))));
    assert!(fs::exists(fake.folder.path().join("ear.py.broken")).expect("a folder"));
    let heard = ear.hear(&second(), &[]).expect("it hears again");
    assert_eq!(heard.hearings.len(), 1);
}

#[test]
fn an_ear_that_speaks_unasked_is_broken() {
    let fake = Fake::with(
        "def about():\n    say('info', **ABOUT)\n    time.sleep(0.3)\n    say('detection', name='ghost')\n",
    );
    let mut ear = fake.open();
    sleep(Duration::from_secs(2));
    let heard = ear.hear(&second(), &[]);
    let Err(EarError::Broken(said)) = heard else {
        unreachable!("{heard:?}")
    };
    assert!(
        said.contains("it wrote a line that no input had asked for"),
        "{said}"
    );
}

#[test]
fn an_ear_that_cannot_do_it_says_why() {
    let fake = Fake::that_when_it_heard("say('error', text='there is no model `hal`', code='x')");
    let refused = fake.open().hear(&second(), &["hal"]);
    assert_eq!(
        refused,
        Err(EarError::Refused(
            "it refused: there is no model `hal`".to_owned()
        ))
    );
}

/// What is said of an ear that cannot be opened.
#[track_caller]
fn unavailable(place: &str, why: &str) {
    let opened = Ear::open(place, Limits::default());
    let Err(EarError::Unavailable(said)) = opened else {
        unreachable!("{opened:?}")
    };
    assert!(said.contains(why), "{said}");
}

#[test]
fn an_ear_that_is_not_there_is_unavailable() {
    unavailable("", "no command line");
    unavailable("'open", "open quote");
    unavailable("./no-such-ear", "`./no-such-ear` cannot be started");
    unavailable(
        "sh -c 'echo this installs it: ears/setup x >&2; exit 2'",
        "it said last: this installs it: ears/setup x",
    );
    unavailable("tcp://127.0.0.1:1", "there is no connection to 127.0.0.1:1");
    unavailable("tcp://nowhere", "there is no connection to nowhere");
    let neither = Fake::with("ABOUT = {'tts': [{'name': 'voice'}]}\n");
    unavailable(
        &neither.command,
        "it neither spots wake words nor transcribes",
    );
}
