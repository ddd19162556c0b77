//! Conversations that are kept: each says in its first comment what it must do.
//!
//! `# echo-2018 breaks I1` or `# guarded keeps every rule`, one or more of them.

use mondegreen_oracle::judge;
use mondegreen_sim::{Channel, Preset, Reference, hold};
use mondegreen_trace::Script;
use std::path::{Path, PathBuf};

fn scripts() -> Vec<PathBuf> {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora");
    let folders = ["regressions", "conversations"].map(|folder| corpora.join(folder));
    let mut scripts = Vec::new();
    for folder in folders {
        let entries = std::fs::read_dir(&folder).expect("the folder is there");
        scripts.extend(entries.map(|entry| entry.expect("it can be listed").path()));
    }
    scripts.retain(|path| path.extension().is_some_and(|end| end == "script"));
    scripts.sort();
    scripts
}

#[test]
fn kept_conversations_do_what_their_comments_say() {
    let scripts = scripts();
    assert!(!scripts.is_empty());
    for path in scripts {
        let text = std::fs::read_to_string(&path).expect("it can be read");
        let script: Script = text
            .parse()
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let claims = text
            .lines()
            .filter_map(|line| line.strip_prefix("# "))
            .filter_map(claim);
        let claims: Vec<(Preset, Option<&str>)> = claims.collect();
        assert!(
            !claims.is_empty(),
            "{}: no comment says what it must do",
            path.display()
        );
        for (preset, breaks) in claims {
            let mut channel = Channel::new(preset.wake, &script.household);
            let held = hold(&script, &mut channel, &mut Reference::new(preset));
            let broken: Vec<String> = judge(&held.trace)
                .iter()
                .map(|breach| format!("{:?}", breach.rule))
                .collect();
            match breaks {
                Some(rule) => assert!(
                    broken.iter().any(|broken| broken == rule),
                    "{}: {} breaks {broken:?}",
                    path.display(),
                    preset.name
                ),
                None => assert!(
                    broken.is_empty(),
                    "{}: {} breaks {broken:?}",
                    path.display(),
                    preset.name
                ),
            }
        }
    }
}

fn claim(line: &str) -> Option<(Preset, Option<&str>)> {
    let (name, rest) = line.split_once(' ')?;
    let preset = Preset::named(name)?;
    match rest.strip_prefix("breaks ") {
        Some(rule) => Some((preset, Some(rule))),
        None => (rest == "keeps every rule").then_some((preset, None)),
    }
}
