//! What `scale/` says to schedulers, run for real where it is asked for: each check installs or needs
//! things that a test should not.
//!
//! `MONDEGREEN_SCALE=slurm,kubernetes,oss-fuzz cargo test -p mondegreen --test it scale`

use std::path::Path;
use std::process::Command;

/// Runs a check of this name, if it is asked for.
#[track_caller]
fn check(name: &str) {
    let asked = std::env::var("MONDEGREEN_SCALE").unwrap_or_default();
    if !asked.split(',').any(|asked| asked == name) {
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../scale/{name}/check"));
    let program = env!("CARGO_BIN_EXE_mondegreen");
    let status = Command::new(script).arg(program).status();
    assert!(status.expect("it starts").success(), "{name}");
}

#[test]
fn slurm_runs_the_array_and_its_merge() {
    check("slurm");
}

#[test]
fn kubernetes_takes_the_manifest_and_each_completion_does_its_part() {
    check("kubernetes");
}

#[test]
fn oss_fuzz_builds_targets_with_seeds_and_dictionaries() {
    check("oss-fuzz");
}

/// The files name the same numbers of shards, and scripts that are there.
#[test]
fn the_files_agree_with_each_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scale");
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).expect(name);
    let job = text("kubernetes/job.yaml");
    for wanted in [
        "completions: 8",
        "parallelism: 8",
        "value: \"8\"",
        "completionMode: Indexed",
    ] {
        assert!(job.contains(wanted), "{wanted}");
    }
    assert!(text("slurm/array.sh").contains("#SBATCH --array=0-7"));
    let build = text("oss-fuzz/build.sh");
    let targets = build
        .lines()
        .find_map(|line| line.strip_prefix("targets=\""))
        .expect("targets");
    for target in targets.trim_end_matches('"').split(' ') {
        for place in [
            format!("../fuzz/fuzz_targets/{target}.rs"),
            format!("../corpora/fuzz/{target}"),
        ] {
            assert!(folder.join(&place).exists(), "{place}");
        }
    }
    let all = std::fs::read_dir(folder.join("../fuzz/fuzz_targets"))
        .expect("targets")
        .count();
    assert_eq!(
        all,
        targets.split(' ').count() + 2,
        "canary and race are left out"
    );
}
