//! What the papers say is so.
#![expect(
    clippy::unwrap_used,
    reason = "a paper that cannot be read stops the test"
)]

use mondegreen_oracle::Rule;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The crates of the table in ARCHITECTURE.md, with those of ours that they depend on.
fn written() -> BTreeMap<String, BTreeSet<String>> {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').collect();
        let quoted = |cell: &str| {
            cell.split('`')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect()
        };
        (row.split('`').next().unwrap().to_owned(), quoted(cells[2]))
    })
    .collect()
}

/// The same, as Cargo has it.
fn built() -> BTreeMap<String, BTreeSet<String>> {
    let out = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let short = |name: &str| match name {
        "mondegreen" => Some("cli".to_owned()),
        _ => name.strip_prefix("mondegreen-").map(str::to_owned),
    };
    let packages = metadata["packages"].as_array().unwrap().iter();
    let crates = packages.map(|package| {
        let normal = |dependency: &&serde_json::Value| dependency["kind"].is_null();
        let dependencies = package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(normal);
        let ours =
            dependencies.filter_map(|dependency| short(dependency["name"].as_str().unwrap()));
        (
            short(package["name"].as_str().unwrap()).unwrap(),
            ours.collect(),
        )
    });
    let is_part = |name: &str| !["benches", "comparison", "evaluation", "example"].contains(&name);
    crates.filter(|(name, _)| is_part(name)).collect()
}

#[test]
fn the_table_of_crates_is_what_cargo_builds() {
    let (written, built) = (written(), built());
    assert_eq!(written.len(), 8, "{written:?}");
    assert_eq!(written, built);
}

fn sources(folder: &str) -> String {
    let mut text = String::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                text.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    text
}

/// A rule's number stands in the code that keeps it, in the oracle that judges it, and in a test.
#[test]
fn every_rule_is_kept_judged_and_tested() {
    let (kept, judged, tested) = (
        sources("crates/dialog/src"),
        sources("crates/oracle/src"),
        sources("crates/oracle/tests"),
    );
    let names = |text: &str, number: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric();
        text.match_indices(number).any(|(at, _)| {
            !text[..at].ends_with(is_part) && !text[at + number.len()..].starts_with(is_part)
        })
    };
    for rule in Rule::ALL {
        let number = format!("{rule:?}");
        let is_intent = number.starts_with('I');
        assert!(
            is_intent || names(&kept, &number),
            "no code of the dialog says that it keeps {rule}"
        );
        assert!(
            judged.contains(&format!("Rule::{number}")),
            "the oracle does not judge {rule}"
        );
        assert!(
            names(&tested, &number),
            "no test of the oracle breaks {rule}"
        );
    }
}
