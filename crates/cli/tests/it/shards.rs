//! `--shard` and `merge`: work that is split, and put together in any order.

use crate::campaign::{SHORT, campaign, done};
use crate::{Folder, Ran, program, run};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// All orders of four shards give the same folder, to the byte.
#[test]
fn shards_merge_in_any_order() {
    let home = Folder::new();
    let parts: Vec<String> = (0..4)
        .map(|index| home.path(&format!("part{index}")))
        .collect();
    for (index, part) in parts.iter().enumerate() {
        let shard = format!("{index}/4");
        campaign(
            part,
            &[&SHORT[..], &["--units", "6", "--shard", &shard]].concat(),
        )
        .ends_with(1);
    }
    let merge = |parts: &[&str], name: &str| {
        let out = home.path(name);
        let ran = run(&[&["merge"], parts, &["-o", &out]].concat()).ends_with(1);
        (files(Path::new(&out)), ran.out.replace(&out, ""))
    };
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let first = merge(&parts, "first");
    let mut orders = 0;
    for order in permutations(4) {
        let order: Vec<&str> = order.into_iter().map(|at| parts[at]).collect();
        assert_eq!(merge(&order, &format!("order{orders}")), first);
        orders += 1;
    }
    assert_eq!(orders, 24);
    // Merged in two steps, or done in one piece, it is the same but for the time.
    merge(&parts[..2], "left");
    merge(&parts[2..], "right");
    let (left, right) = (home.path("left"), home.path("right"));
    assert_eq!(done(&home.path("first")), {
        merge(&[&right, &left], "both");
        done(&home.path("both"))
    });
    let whole = home.path("whole");
    campaign(&whole, &[&SHORT[..], &["--units", "24"]].concat()).ends_with(1);
    assert_eq!(done(&whole), done(&home.path("first")));
}

/// All files under a folder, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            let inside = files(&path).into_iter();
            all.extend(inside.map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            all.insert(name, fs::read(&path).expect("a file"));
        }
    }
    all
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for item in 0..count {
        let insert = |order: &Vec<usize>| {
            (0..=order.len())
                .map(|at| {
                    let mut longer = order.clone();
                    longer.insert(at, item);
                    longer
                })
                .collect::<Vec<_>>()
        };
        all = all.iter().flat_map(insert).collect();
    }
    all
}

#[test]
fn what_does_not_belong_together_is_not_merged() {
    let home = Folder::new();
    let make = |name: &str, more: &[&str]| {
        let path = home.path(name);
        campaign(&path, &[&SHORT[..], &["--units", "2"], more].concat()).ends_with(1);
        path
    };
    let zero = make("zero", &["--shard", "0/2"]);
    let one = make("one", &["--shard", "1/2"]);
    let seeded = make("seeded", &["--shard", "1/2", "--seed", "9"]);
    let third = make("third", &["--shard", "2/3"]);
    let whole = make("whole", &[]);
    let text = home.file("x.json", "{\"a\":1}\n");
    let out = home.path("out");
    for (parts, why) in [
        (&[&zero, &zero][..], "shard 0/2 is there twice"),
        (&[&zero, &seeded], "different settings"),
        (&[&zero, &third], "different numbers of shards"),
        (&[&zero, &whole], "without a shard holds all units"),
        (&[&zero, &text], "x.json: line 1: this is neither"),
        (&[&home.path("none")], "none"),
    ] {
        let parts: Vec<&str> = parts.iter().map(|part| part.as_str()).collect();
        let ran = run(&[&["merge"], &parts[..], &["-o", &out]].concat()).ends_with(2);
        assert!(ran.err.contains(why), "{}", ran.err);
        assert!(!Path::new(&out).exists());
    }
    run(&["merge", &zero, &one, "-o", &out]).ends_with(1);
    let again = run(&["merge", &zero, &one, "-o", &out]).ends_with(2);
    assert!(again.err.contains("this is there already"), "{}", again.err);
    let on = campaign(&out, &[]).ends_with(2);
    assert!(on.err.contains("go on with the shards"), "{}", on.err);
}

#[test]
fn schedulers_say_which_shard_it_is() {
    let home = Folder::new();
    let slurm = [
        ("SLURM_ARRAY_TASK_ID", "7"),
        ("SLURM_ARRAY_TASK_MIN", "5"),
        ("SLURM_ARRAY_TASK_COUNT", "4"),
    ];
    let kubernetes = [("JOB_COMPLETION_INDEX", "1"), ("MONDEGREEN_SHARDS", "2")];
    for (name, variables, wanted) in [
        ("slurm", &slurm[..], [2, 4]),
        ("kubernetes", &kubernetes, [1, 2]),
    ] {
        let dir = home.path(name);
        let mut command = program();
        let command = command
            .args(["campaign", &dir])
            .args(SHORT)
            .args(["--units", "1"]);
        let output = command
            .envs(variables.iter().copied())
            .output()
            .expect("it starts");
        Ran::of(output).ends_with(1);
        let header = fs::read_to_string(Path::new(&dir).join("campaign.json")).expect("a header");
        let header: Value = serde_json::from_str(&header).expect("JSON");
        assert_eq!(header["settings"]["shard"], serde_json::json!(wanted));
    }
}

/// Four shards of an estimate make one, in any order; it holds what the whole would.
#[test]
fn estimates_are_pooled_in_any_order() {
    let home = Folder::new();
    let estimate = |shard: &str| {
        let more = ["--steps", "60000", "--crude", "--json", "--shard", shard];
        run(&[&["estimate", "echo-2018"], &more[..]].concat())
            .ends_with(0)
            .out
    };
    let write = |index: usize| home.file(&format!("{index}.json"), estimate(&format!("{index}/4")));
    let parts: Vec<String> = (0..4).map(write).collect();
    let mut wholes = Vec::new();
    for (number, order) in permutations(4).into_iter().enumerate() {
        let order: Vec<&str> = order.into_iter().map(|at| parts[at].as_str()).collect();
        let out = home.path(&format!("whole{number}.json"));
        let ran = run(&[&["merge"], &order[..], &["-o", &out]].concat()).ends_with(0);
        wholes.push((fs::read_to_string(out).expect("a whole"), ran.out));
    }
    assert!(wholes.iter().all(|whole| *whole == wholes[0]));
    let whole: Value = serde_json::from_str(&wholes[0].0).expect("JSON");
    let count = |told: &Value| {
        told["estimate"]["replications"]
            .as_array()
            .expect("replications")
            .len()
    };
    let of = |part: &String| {
        let told: Value =
            serde_json::from_str(&fs::read_to_string(part).expect("a part")).expect("JSON");
        count(&told)
    };
    assert_eq!(count(&whole), parts.iter().map(of).sum::<usize>());
    assert_eq!(whole["shards"].as_array().expect("shards").len(), 4);

    let other = home.file(
        "other.json",
        run(&[
            "estimate", "guarded", "--steps", "60000", "--crude", "--json", "--shard", "1/4",
        ])
        .out,
    );
    let unsplit = home.file(
        "unsplit.json",
        run(&[
            "estimate",
            "echo-2018",
            "--steps",
            "60000",
            "--crude",
            "--json",
        ])
        .out,
    );
    let broken = home.file(
        "broken.json",
        fs::read_to_string(&parts[1])
            .expect("a part")
            .replace("\"hits\":0", "\"hits\":99999999"),
    );
    for (with, why) in [
        (&parts[0], "shard 0/4 is there twice"),
        (&other, "of another assistant"),
        (&unsplit, "of no shard"),
        (&broken, "broken.json: line 1: no estimate: replication"),
    ] {
        let out = home.path("bad.json");
        let ran = run(&["merge", &parts[0], with, "-o", &out]).ends_with(2);
        assert!(ran.err.contains(why), "{}", ran.err);
        assert!(!Path::new(&out).exists());
    }
}

#[cfg(feature = "race")]
#[test]
fn races_are_put_together() {
    let home = Folder::new();
    let race = |name: &str, more: &[&str]| {
        let out = home.path(name);
        let small = [
            "race",
            "--seeds",
            "3",
            "--steps",
            "2000",
            "--mutants",
            "hears-itself",
            "--arms",
            "search,uniform",
        ];
        run(&[&small[..], &["--json", &out], more].concat()).ends_with(0);
        out
    };
    let parts = [
        race("a", &["--shard", "0/2"]),
        race("b", &["--shard", "1/2"]),
    ];
    let whole = race("whole", &[]);
    let merge = |parts: &[&String], name: &str| {
        let out = home.path(name);
        let parts: Vec<&str> = parts.iter().map(|part| part.as_str()).collect();
        run(&[&["merge"], &parts[..], &["-o", &out]].concat()).ends_with(0);
        fs::read_to_string(out).expect("runs")
    };
    let one = merge(&[&parts[0], &parts[1]], "one");
    assert_eq!(merge(&[&parts[1], &parts[0]], "other"), one);
    let without_time = |text: &str| {
        let mut lines: Vec<String> = text
            .lines()
            .map(|line| {
                let mut run: Value = serde_json::from_str(line).expect("a run");
                run.as_object_mut()
                    .expect("an object")
                    .remove("cpu_seconds");
                run.to_string()
            })
            .collect();
        lines.sort();
        lines
    };
    assert_eq!(
        without_time(&one),
        without_time(&fs::read_to_string(whole).expect("runs"))
    );
    let twice = run(&["merge", &parts[0], &parts[0], "-o", &home.path("bad")]).ends_with(2);
    assert!(twice.err.contains("is there twice"), "{}", twice.err);
}
