//! What goes wrong with a program is told by name, in time, and nothing of it is left running.

use crate::{Target, give, heard, left_in, running_in, start};
use mondegreen_sim::{Account, Broken, Limits, Process};
use std::thread::sleep;
use std::time::Duration;

/// Real time that a busy machine may take for what takes none.
const SLACK: Duration = Duration::from_secs(20);

/// How it breaks when it hears something, within this limit.
#[expect(clippy::disallowed_types, reason = "the limit is on real time")]
#[track_caller]
fn breaks_within(target: &Target, limit: Duration, why: &str) -> Broken {
    let mut process = target.spawn_within(limit);
    let group = process.id().expect("it runs");
    give(&mut process, &start()).expect("a start is answered");
    let begun = std::time::Instant::now();
    let broken = give(&mut process, &heard("right")).expect_err("it breaks");
    assert!(begun.elapsed() < limit + SLACK, "{:?}", begun.elapsed());
    assert_eq!(broken.why(), why);
    assert_eq!(process.id(), None);
    assert_eq!(left_in(group), [""; 0]);
    let again = give(&mut process, &heard("right")).expect_err("it stays broken");
    assert_eq!(again, broken);
    broken
}

#[track_caller]
fn breaks(target: &Target, why: &str) -> Broken {
    breaks_within(target, Duration::from_mins(1), why)
}

fn account(broken: &Broken) -> &Account {
    broken.account().expect("it was a program")
}

#[test]
fn a_target_that_exits() {
    let target = Target::that_when_it_hears("print('disk full', file=sys.stderr)\nsys.exit(3)");
    let broken = breaks(&target, "it exited with status 3");
    let account = account(&broken);
    assert_eq!(account.stderr, "disk full\n");
    let lines: Vec<&str> = account.conversation.lines().collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines[0].starts_with(r#"{"type":"start","protocol":1,"seed":7"#));
    assert!(lines[1].starts_with(r#"{"type": "hello""#));
    assert_eq!(lines[2], r#"{"type": "done"}"#);
    assert!(lines[3].contains(r#""text":"right""#));
}

#[test]
fn a_target_that_crashes() {
    let target = Target::that_when_it_hears("os.kill(os.getpid(), signal.SIGSEGV)");
    breaks(&target, "it was killed by signal 11");
    let target = Target::that_when_it_hears("return given['nothing']");
    let broken = breaks(&target, "it exited with status 1");
    assert!(account(&broken).stderr.ends_with("KeyError: 'nothing'\n"));
}

#[test]
fn a_target_that_sleeps_for_ever() {
    let target = Target::that_when_it_hears("time.sleep(100000)");
    breaks_within(
        &target,
        Duration::from_millis(300),
        "it wrote no `done` within 0.3 s (it has to flush its output after each `done`)",
    );
}

#[test]
fn a_target_that_does_not_greet() {
    let target = Target::python("import time\ntime.sleep(100000)\n");
    let limits = Limits {
        answer: Duration::from_mins(1),
        hello: Duration::from_millis(300),
    };
    let mut process = Process::spawn(&target.command, limits).expect("it starts");
    let group = process.id().expect("it runs");
    let broken = give(&mut process, &start()).expect_err("it breaks");
    assert!(broken.why().starts_with("it wrote no `done` within 0.3 s"));
    assert_eq!(left_in(group), [""; 0]);
}

#[test]
fn a_target_that_prints_a_gigabyte() {
    let target = Target::that_when_it_hears("for _ in range(1 << 10): raw('x' * (1 << 20))");
    let broken = breaks(
        &target,
        &format!(
            "it wrote a line of more than 1048576 bytes: `{}…`",
            "x".repeat(160)
        ),
    );
    assert!(account(&broken).conversation.len() < 3 << 20);
}

#[test]
fn a_target_that_prints_a_gigabyte_of_lines() {
    let target = Target::that_when_it_hears(
        "for _ in range(1 << 26): say(type='notice', device='kitchen', text='x')",
    );
    breaks(&target, "it answered one input with more than 1000 effects");
    let target = Target::that_when_it_hears(
        "for _ in range(1 << 10): say(type='notice', device='kitchen', text='x' * 1000000)",
    );
    let broken = breaks(
        &target,
        "it answered one input with more than 16777216 bytes",
    );
    assert!(account(&broken).conversation.len() < 20 << 20);
}

#[test]
fn a_target_that_floods_its_standard_error() {
    let target = Target::that_when_it_hears(
        "for n in range(1 << 16): print(n, 'x' * 1000, file=sys.stderr)\nsys.exit(4)",
    );
    let broken = breaks(&target, "it exited with status 4");
    let stderr = &account(&broken).stderr;
    assert!(stderr.len() <= 64 << 10, "{}", stderr.len());
    assert!(stderr.contains("\n65535 xx"), "the last line is there");
    let target = Target::that_when_it_hears("while True: print('x' * 1000, file=sys.stderr)");
    breaks_within(
        &target,
        Duration::from_millis(300),
        "it wrote no `done` within 0.3 s (it has to flush its output after each `done`)",
    );
}

#[test]
fn a_target_that_prints_half_a_line() {
    let target = Target::that_when_it_hears("raw('{\"type\":\"pro')\nos._exit(0)");
    let broken = breaks(
        &target,
        r#"it exited with status 0, in the middle of a line: `{"type":"pro`"#,
    );
    assert!(
        account(&broken)
            .conversation
            .ends_with("\n{\"type\":\"pro\n")
    );
    let target = Target::that_when_it_hears("raw('{\"type\":\"pro')\ntime.sleep(100000)");
    breaks_within(
        &target,
        Duration::from_millis(300),
        r#"it wrote no `done` within 0.3 s, in the middle of a line: `{"type":"pro` (it has to flush its output after each `done`)"#,
    );
}

#[test]
fn a_target_that_goes_back_in_time() {
    let target = Target::that_when_it_hears("say(type='timer', at_ms=4999)");
    breaks(
        &target,
        "it goes back in time: it asked for a timer at 4999 ms when it was 5000 ms",
    );
    let target = Target::that_when_it_hears("say(type='timer', at_ms=5000)");
    let mut process = target.spawn();
    give(&mut process, &start()).expect("a start");
    give(&mut process, &heard("now")).expect("now is not the past");
}

#[test]
fn a_target_whose_child_holds_the_pipe() {
    let child = "child = subprocess.Popen(['sleep', '100000'])\n";
    for (end, why) in [
        ("os._exit(5)", "it exited with status 5"),
        (
            "os.kill(os.getpid(), signal.SIGKILL)",
            "it was killed by signal 9",
        ),
    ] {
        let target = Target::that_when_it_hears(&format!("{child}{end}"));
        breaks(&target, why);
    }
    // Without a fault of its own it is ended with its children as well.
    let target = Target::that_when_it_hears(child);
    let mut process = target.spawn();
    let group = process.id().expect("it runs");
    give(&mut process, &start()).expect("a start");
    give(&mut process, &heard("fork")).expect("an answer");
    assert_eq!(running_in(group).len(), 2);
    drop(process);
    assert_eq!(left_in(group), [""; 0]);
}

#[test]
fn a_target_that_closes_its_pipes() {
    let target = Target::that_when_it_hears("os.close(1)\ntime.sleep(100000)");
    breaks(&target, "it closed its standard output and runs on");
    let target = Target::that_when_it_hears("raw('{')\nos.close(1)\ntime.sleep(100000)");
    breaks(
        &target,
        "it closed its standard output and runs on, in the middle of a line: `{`",
    );
    let target = Target::shell(
        "read -r line\necho '{\"type\":\"hello\",\"protocol\":1,\"name\":\"t\",\"version\":\"1\"}'\n\
         exec 0<&-\necho '{\"type\":\"done\"}'\nsleep 100000",
    );
    breaks(&target, "it closed its standard input and runs on");
}

#[test]
fn a_target_that_writes_what_is_no_text() {
    let target = Target::that_when_it_hears(
        "sys.stdout.buffer.write(b'{\"type\":\"caf\\xe9\"}\\n')\nsys.stdout.flush()",
    );
    breaks(
        &target,
        r#"it wrote a line that is not UTF-8: `{"type":"caf�"}`"#,
    );
}

#[test]
fn a_target_that_talks_nonsense() {
    let nonsense = [
        (
            "print('Loading model...')",
            "it wrote a line that is not JSON: `Loading model...` (expected value at line 1 column 1)",
        ),
        (
            "print()",
            "it wrote a line that is not JSON: `` (EOF while parsing a value at line 1 column 0)",
        ),
        (
            "say(type='sing')",
            r#"it wrote a line that is no effect of the protocol: `{"type": "sing"}` (unknown variant `sing`, expected one of `hello`, `prompt`, `listen`, `record`, `record_ended`, `send`, `cancel`, `notice`, `act`, `timer`, `done` at line 1 column 15)"#,
        ),
        (
            "say(type='record', device='kitchen')",
            r#"it wrote a line that is no effect of the protocol: `{"type": "record", "device": "kitchen"}` (missing field `message`)"#,
        ),
        (
            "print('[1]')",
            "it wrote a line that is no effect of the protocol: `[1]` (invalid type: integer `1`, expected variant identifier at line 1 column 2)",
        ),
        (
            "say(**given)",
            r#"it wrote an input where only effects can stand: `{"type": "heard", "at_ms": 5000, "device": "kitchen", "from_ms": 4000, "final": true, "voice": "person", "hypotheses": [{"text": "right", "confidence": 1.0}]}`"#,
        ),
        (
            "say(type='hello', protocol=1, name='t', version='1')",
            "it wrote a `hello` that is not the first effect after a `start`",
        ),
    ];
    for (body, why) in nonsense {
        breaks(&Target::that_when_it_hears(body), why);
    }
    let deep = format!(
        "it wrote a line that is not JSON: `{}…` (recursion limit exceeded at line 1 column 128)",
        "[".repeat(160)
    );
    breaks(&Target::that_when_it_hears("print('[' * 100000)"), &deep);
}

#[test]
fn a_target_that_speaks_unasked() {
    let target = Target::that_when_it_hears(
        "say(type='done')\nraw('{\"type\":\"notice\"}\\n')\n\
         open(os.path.join(os.path.dirname(__file__), 'written'), 'w').close()\ntime.sleep(100000)",
    );
    let mut process = target.spawn();
    give(&mut process, &start()).expect("a start");
    give(&mut process, &heard("right")).expect("an answer");
    while target.note("written").is_none() {
        sleep(Duration::from_millis(10));
    }
    let broken = give(&mut process, &heard("again")).expect_err("it breaks");
    let unasked = r#"it wrote a line that no input had asked for: `{"type":"notice"}`"#;
    assert_eq!(broken.why(), unasked);
}

/// What is wrong with an answer to the start.
#[track_caller]
fn greets_wrongly(text: &str, why: &str) {
    let target = Target::python(&format!(
        "import sys\nsys.stdin.readline()\n{text}\nsys.stdin.read()\n"
    ));
    let mut process = target.spawn();
    let broken = give(&mut process, &start()).expect_err("it breaks");
    assert_eq!(broken.why(), why);
}

#[test]
fn a_target_that_greets_wrongly() {
    greets_wrongly(
        "print('{\"type\":\"done\"}', flush=True)",
        r#"it answered a `start` with something else than `hello`: `{"type":"done"}`"#,
    );
    greets_wrongly(
        "print('{\"type\":\"notice\",\"device\":\"kitchen\",\"text\":\"hi\"}', flush=True)",
        r#"it answered a `start` with something else than `hello`: `{"type":"notice","device":"kitchen","text":"hi"}`"#,
    );
    greets_wrongly(
        "print('{\"type\":\"hello\",\"protocol\":2,\"name\":\"t\",\"version\":\"1\"}', flush=True)",
        "it speaks version 2 of the protocol, and this is version 1",
    );
}

#[test]
fn what_cannot_be_started() {
    let spawn =
        |command| Process::spawn(command, Limits::default()).expect_err("it does not start");
    let missing = "`/no/such/program` cannot be started: No such file or directory (os error 2)";
    assert_eq!(spawn("/no/such/program --now").why(), missing);
    let no_command = "its command line has no word in it, or a quote that is not closed";
    for command in ["", "  ", "# nothing", "sh 'open"] {
        assert_eq!(spawn(command).why(), no_command);
    }
}

/// It can be put to the test again: a start begins a new process.
#[test]
fn a_broken_target_is_started_anew() {
    let target = Target::that_when_it_hears("sys.exit(1)");
    let mut process = target.spawn();
    for _ in 0..3 {
        give(&mut process, &start()).expect("a start");
        let group = process.id().expect("it runs");
        give(&mut process, &heard("right")).expect_err("it exits");
        assert_eq!(left_in(group), [""; 0]);
    }
}
