//! What every command keeps to: exit status, streams, colours.

use crate::{Folder, Ran, program, run};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

#[test]
fn help_and_version_end_well() {
    let help = run(&["--help"]).ends_with(0);
    for command in [
        "hunt",
        "fuzz",
        "check",
        "margin",
        "estimate",
        "compare",
        "calibrate",
        "campaign",
        "merge",
        "replay",
        "report",
        "conform",
        "mutants",
        "near",
        "scan",
        "talk",
        "hear",
        "attack",
    ] {
        assert!(
            help.out.contains(&format!("\n  {command} ")),
            "{}",
            help.out
        );
        let own = run(&[command, "--help"]).ends_with(0);
        assert!(
            own.out.contains(&format!("Usage: mondegreen {command}")),
            "{}",
            own.out
        );
    }
    assert!(
        help.out
            .contains("Exit status: 0 ran and nothing is broken, 1 findings, 2 a bad")
    );
    let version = run(&["--version"]).ends_with(0);
    assert_eq!(
        version.out,
        format!("mondegreen {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_bad_command_is_explained() {
    let bad = [
        (&["bogus"][..], "unrecognized subcommand 'bogus'"),
        (&[], "Usage: mondegreen <COMMAND>"),
        (&["hunt"], "<ASSISTANT>"),
        (
            &["hunt", "echo-2019"],
            "try one of echo-2018, assistant-2018, guarded",
        ),
        (
            &["hunt", "guarded", "--loud"],
            "unexpected argument '--loud'",
        ),
        (
            &["hunt", "guarded", "--seed", "x"],
            "invalid value 'x' for '--seed <SEED>'",
        ),
        (&["hunt", "guarded", "--time", "5"], "time unit needed"),
        (
            &["hunt", "guarded", "--time", "1s", "--steps", "5"],
            "cannot be used with",
        ),
        (&["near"], "<PHRASE>"),
        (&["near", "alexa", "--words", "4"], "4 is not in 1..=3"),
        (
            &["near", "!!"],
            "mondegreen: `!!` has no English sounds; try a phrase of letters",
        ),
        (
            &["near", ""],
            "mondegreen: `` has no English sounds; try a phrase of letters",
        ),
        (&["talk", "--talk", "a.tsv"], "--stats"),
        (&["replay"], "<SCRIPT>"),
        (
            &["replay", "a.script", "--assistant", "hal"],
            "there is no such assistant",
        ),
    ];
    for (arguments, why) in bad {
        let ran = run(arguments).ends_with(2);
        assert!(ran.err.contains(why), "{arguments:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{arguments:?}");
    }
}

const SENDS: &str = "mondegreen script 1\ndevice kitchen\ncontact c1 Ana Ruiz\n\n\
    1-2 kitchen Ben: Alexa.\n3-4 kitchen Ben: Send a message.\n7-8 kitchen Ben: Ana Ruiz.\n\
    12-13 kitchen Ben: Right.\n17-19 kitchen Ben: It rained.\n";

#[test]
fn colours_are_for_those_who_want_them() {
    let folder = Folder::new();
    let script = folder.file("a.script", SENDS);
    let with = |settings: &[(&str, &str)]| {
        let mut program = program();
        program
            .args(["replay", &script])
            .envs(settings.iter().copied());
        Ran::of(program.output().expect("it starts"))
            .ends_with(1)
            .out
    };
    let coloured = with(&[("CLICOLOR_FORCE", "1")]);
    assert!(
        coloured.contains("\u{1b}["),
        "there are colours to leave out"
    );
    let piped = with(&[]);
    assert!(!piped.contains('\u{1b}'), "{piped}");
    assert_eq!(with(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), piped);
}

/// `mondegreen talk | head -1` is no reason to complain.
#[test]
fn a_closed_pipe_is_not_an_error() {
    for arguments in [
        &["talk", "-n", "20000"][..],
        &["talk", "-n", "20000", "--json"],
    ] {
        let mut child = program()
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        assert!(line.ends_with('\n'), "{line}");
        drop(out);
        let ran = Ran::of(child.wait_with_output().expect("it ends")).ends_with(0);
        assert_eq!(ran.err, "");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("Linux has it");
    let ran = program()
        .args(["talk", "-n", "3"])
        .stdout(full)
        .output()
        .expect("it starts");
    let ran = Ran::of(ran).ends_with(2);
    assert!(
        ran.err
            .starts_with("mondegreen: the results could not be written: "),
        "{}",
        ran.err
    );
}
