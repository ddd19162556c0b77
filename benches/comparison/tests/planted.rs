//! A planted slowdown is found, and the same commit twice is not one. Both build two commits, which
//! takes minutes, so they are asked for: `MONDEGREEN_COMPARE=1 cargo test -p mondegreen-comparison`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const SPOTTER: &str = "crates/phonetics/src/spotter.rs";
/// Where a phone comes in.
const PUSH: &str = "pub fn push(&mut self, phone: Phone, mut on_hit: impl FnMut(Spotted)) {\n";
/// About one instruction in twenty more: a phone takes some thirteen hundred.
const MORE: &str = "        for n in 0..std::hint::black_box(16_u8) { std::hint::black_box(n); }\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn ran(program: &str, folder: &Path, arguments: &[&str]) -> Output {
    let out = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output();
    out.expect("a program that is there")
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let out = ran("git", folder, arguments);
    let complaint = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "git {arguments:?}: {complaint}");
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

/// A commit on top of this one, whose spotter does more for each phone. No branch has it.
fn planted() -> String {
    let folder = TempDir::new().expect("a folder");
    let tree = folder.path().join("tree");
    let name = tree.to_string_lossy().into_owned();
    git(&root(), &["worktree", "add", "--quiet", "--detach", &name]);
    let spotter = tree.join(SPOTTER);
    let source = std::fs::read_to_string(&spotter).expect("the spotter");
    assert_eq!(source.matches(PUSH).count(), 1, "{SPOTTER} has changed");
    let more = source.replace(PUSH, &format!("{PUSH}{MORE}"));
    std::fs::write(&spotter, more).expect("a file");
    let identity = [
        "-c",
        "user.name=nobody",
        "-c",
        "user.email=nobody@localhost",
    ];
    let commit = ["commit", "--quiet", "--all", "--message", "Slow down"];
    git(&tree, &[&identity[..], &commit[..]].concat());
    let id = git(&tree, &["rev-parse", "HEAD"]);
    git(&root(), &["worktree", "remove", "--force", &name]);
    id
}

/// The status, what was said to standard output and to standard error.
fn compare(arguments: &[&str]) -> (Option<i32>, String, String) {
    let out = ran(env!("CARGO_BIN_EXE_compare"), &root(), arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.code(), text(&out.stdout), text(&out.stderr))
}

#[test]
fn five_in_a_hundred_more_in_the_spotter_are_found_and_the_same_commit_is_even() {
    if std::env::var_os("MONDEGREEN_COMPARE").is_none() {
        return;
    }
    let kept = TempDir::new().expect("a folder");
    let keep = kept.path().to_string_lossy().into_owned();
    let common = ["--only", "spotter,distance", "--keep", &keep];

    let slow = planted();
    let (status, said, talk) = compare(&[&["HEAD", &slow, "--json"], &common[..]].concat());
    assert_eq!(status, Some(1), "{said}{talk}");
    let page: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    for path in page["paths"].as_array().expect("paths") {
        let ratio = path["instructions"]["ratio"].as_f64().expect("a ratio");
        if path["name"] == "spotter" {
            assert!((1.03..1.08).contains(&ratio), "{said}");
            assert_eq!(path["verdict"], "more-instructions", "{said}");
        } else {
            assert_eq!(path["verdict"], "even", "{said}");
        }
    }

    let (status, said, talk) = compare(&[&["HEAD", "HEAD"], &common[..]].concat());
    assert_eq!(status, Some(0), "{said}{talk}");
    let source = kept.path().join("source").to_string_lossy().into_owned();
    git(&root(), &["worktree", "remove", "--force", &source]);
}

#[test]
fn a_bad_revision_is_a_bad_command() {
    let (status, said, talk) = compare(&["no-such-branch"]);
    assert_eq!((status, said.as_str()), (Some(2), ""), "{talk}");
    assert!(
        talk.contains("`no-such-branch` is no commit here"),
        "{talk}"
    );
    assert_eq!(compare(&["--rounds", "1", "HEAD"]).0, Some(2));
}

#[test]
fn whoever_has_no_valgrind_is_told_how_to_get_it() {
    let git = Command::new("sh")
        .args(["-c", "command -v git"])
        .output()
        .expect("a shell");
    let folder = TempDir::new().expect("a folder");
    let git = String::from_utf8_lossy(&git.stdout).trim().to_owned();
    std::os::unix::fs::symlink(git, folder.path().join("git")).expect("a link");
    let out = Command::new(env!("CARGO_BIN_EXE_compare"))
        .arg("HEAD")
        .env("PATH", folder.path())
        .current_dir(root())
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(2), "{said}");
    assert!(said.contains("apt-get install valgrind"), "{said}");
}
