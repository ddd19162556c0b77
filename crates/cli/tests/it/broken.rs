//! A program that breaks: status 3, the reason, what is left of it, and nothing that runs on.

use crate::{Folder, Ran, program};
use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// Greets, and does this when it hears something. It leaves its number in a file.
fn target(folder: &Folder, body: &str) -> String {
    let pids = folder.path("pids");
    let body = body.replace('\n', "\n        ");
    let text = format!(
        "import json, os, subprocess, sys, time\n\
         open('{pids}', 'a').write(f'{{os.getpid()}}\\n')\n\
         def say(**effect): print(json.dumps(effect), flush=True)\n\
         for line in sys.stdin:\n\
         \x20   given = json.loads(line)\n\
         \x20   if given['type'] == 'start': say(type='hello', protocol=1, name='t', version='1')\n\
         \x20   if given['type'] == 'heard':\n\
         \x20       {body}\n\
         \x20   say(type='done')\n"
    );
    format!("python3 -S {}", folder.file("target.py", text))
}

const CASE: &str = "seed 7\ncontact Ana Ruiz\ncontact Tom Baker\ndevices 1\nmessaging on\n\nwake\n";

/// It breaks in a search, in a replay and in a check of its conformance, for this reason.
#[track_caller]
fn breaks(body: &str, why: &str) {
    let folder = Folder::new();
    let command = target(&folder, body);
    let case = folder.file("1.case", CASE);
    let limit = ["--assistant", &command, "--limit", "1s"];
    for arguments in [&["fuzz"][..], &["replay", &case], &["conform"]] {
        let mut program = program();
        program
            .args(arguments)
            .args(limit)
            .env("TMPDIR", folder.path(""));
        let ran = Ran::of(program.output().expect("it starts")).ends_with(3);
        let told = if arguments == ["conform"] {
            &ran.out
        } else {
            &ran.err
        };
        assert!(told.contains(why), "{told}");
        assert!(!told.contains("no gate rule was broken"), "{told}");
        if arguments != ["conform"] {
            is_kept(&ran, &folder);
        }
    }
    let pids = fs::read_to_string(folder.path("pids")).expect("it ran");
    for pid in pids.lines() {
        is_gone(pid);
    }
}

/// The conversation is in the file that was named.
#[track_caller]
fn is_kept(ran: &Ran, folder: &Folder) {
    let (_, rest) = ran
        .err
        .split_once("the conversation so far is kept in ")
        .expect("a file");
    let (path, _) = rest.split_once(';').expect("its name");
    assert!(Path::new(path).starts_with(folder.path("")), "{path}");
    let kept = fs::read_to_string(path).expect("the file");
    let lines: Vec<&str> = kept.lines().collect();
    assert!(
        lines[0].starts_with(r#"{"type":"start","protocol":1"#),
        "{kept}"
    );
    assert!(lines[3].starts_with(r#"{"type":"heard""#), "{kept}");
}

/// To be killed takes a moment; what waits to be noticed by its parent does not run.
#[track_caller]
fn is_gone(pid: &str) {
    let runs = || {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let state = stat
            .rsplit_once(") ")
            .and_then(|(_, rest)| rest.chars().next());
        !matches!(state, None | Some('Z' | 'X'))
    };
    for _ in 0..2_000 {
        if !runs() {
            return;
        }
        sleep(Duration::from_millis(10));
    }
    assert!(!runs(), "{pid} runs on");
}

#[test]
fn a_target_that_exits() {
    breaks("sys.exit(3)", "it exited with status 3");
}

#[test]
fn a_target_that_sleeps_for_ever() {
    breaks("time.sleep(100000)", "it wrote no `done` within 1 s");
}

#[test]
fn a_target_that_prints_a_gigabyte() {
    breaks(
        "for _ in range(1 << 10): sys.stdout.write('x' * (1 << 20))",
        "it wrote a line of more than 1048576 bytes: `xxx",
    );
}

#[test]
fn a_target_that_prints_half_a_line() {
    breaks(
        "sys.stdout.write('{\"type\":\"pro')\nsys.stdout.flush()\nos._exit(0)",
        "it exited with status 0, in the middle of a line: `{\"type\":\"pro`",
    );
}

#[test]
fn a_target_that_goes_back_in_time() {
    breaks(
        "say(type='timer', at_ms=given['at_ms'] - 1)",
        "it goes back in time: it asked for a timer at 999 ms when it was 1000 ms",
    );
}

#[test]
fn a_target_whose_child_holds_the_pipe() {
    breaks(
        "child = subprocess.Popen(['sleep', '100000'])\n\
         open(os.path.join(os.path.dirname(__file__), 'pids'), 'a').write(f'{child.pid}\\n')\n\
         os._exit(5)",
        "it exited with status 5",
    );
}

#[test]
fn a_target_that_never_comes_to_rest() {
    let folder = Folder::new();
    let command = target(&folder, "pass");
    let path = command.replace("python3 -S ", "");
    let text = fs::read_to_string(&path).expect("the target");
    let restless = text.replace(
        "if given['type'] == 'heard'",
        "if given['type'] in ('heard', 'time')",
    );
    folder.file(
        "target.py",
        restless.replace("pass", "say(type='timer', at_ms=given['at_ms'] + 1)"),
    );
    let mut program = program();
    program
        .args(["fuzz", "--assistant", &command])
        .env("TMPDIR", folder.path(""));
    let ran = Ran::of(program.output().expect("it starts")).ends_with(3);
    assert!(ran.err.contains("does not come to rest"), "{}", ran.err);
    is_kept(&ran, &folder);
}

#[test]
fn the_end_of_standard_error_is_shown() {
    let folder = Folder::new();
    let command = target(&folder, "raise RuntimeError('no \\x1b[31m model')");
    let mut program = program();
    program
        .args(["fuzz", "--assistant", &command])
        .env("TMPDIR", folder.path(""));
    let ran = Ran::of(program.output().expect("it starts")).ends_with(3);
    assert!(
        ran.err
            .contains("its standard error ended with:\n  Traceback"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("\n  RuntimeError: no \\u{1b}[31m model\n"),
        "{}",
        ran.err
    );
}

#[test]
fn what_cannot_be_started_is_broken() {
    let mut program = program();
    program.args(["fuzz", "--assistant", "./no-such-program"]);
    let ran = Ran::of(program.output().expect("it starts")).ends_with(3);
    let why = "mondegreen: the assistant is broken: `./no-such-program` cannot be started: ";
    assert!(ran.err.starts_with(why), "{}", ran.err);
}
