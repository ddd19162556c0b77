//! `campaign` and `merge`: a night's work that can be cut off at any moment, and split.

use crate::{Folder, Ran, program, run};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// What every short campaign here is asked for: quick units of two mutants.
pub(crate) const SHORT: [&str; 8] = [
    "--assistant",
    "hears-itself",
    "--assistant",
    "interim-answer",
    "--search",
    "fuzz",
    "--unit-steps",
    "10000",
];

#[track_caller]
pub(crate) fn campaign(folder: &str, more: &[&str]) -> Ran {
    run(&[&["campaign", folder], more].concat())
}

fn start(folder: &str, more: &[&str]) -> Child {
    let mut command: Command = program();
    let command = command.arg("campaign").arg(folder).args(more);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("it starts")
}

/// The lines of a file that end, each of which has to be JSON.
#[track_caller]
fn whole_lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let value = |line| serde_json::from_str(line).expect("a line is whole");
    whole.lines().map(value).collect()
}

/// All that does not depend on when something was done: the units, and the files of findings.
#[derive(Debug, PartialEq)]
pub(crate) struct Done {
    units: BTreeMap<String, Value>,
    findings: BTreeMap<String, String>,
}

fn without_time(mut value: Value) -> Value {
    value.as_object_mut().expect("an object").remove("at_s");
    value
}

#[track_caller]
pub(crate) fn done(folder: &str) -> Done {
    let folder = Path::new(folder);
    let mut units = BTreeMap::new();
    for unit in whole_lines(&folder.join("units.jsonl")) {
        let name = format!(
            "{} {} {}",
            unit["assistant"], unit["engine"], unit["number"]
        );
        let before = units.insert(name.clone(), without_time(unit));
        assert_eq!(before, None, "{name} is counted twice");
    }
    let mut findings = BTreeMap::new();
    for entry in fs::read_dir(folder.join("findings")).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if name.starts_with(".unfinished-") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a file");
        let text = match name.strip_suffix(".json") {
            Some(_) => {
                let value = serde_json::from_str(&text).expect(&name);
                without_time(value).to_string()
            }
            None => text,
        };
        assert!(!text.is_empty(), "{name} is empty");
        findings.insert(name, text);
    }
    Done { units, findings }
}

/// A stream of numbers that is the same in each run of the test (Marsaglia's xorshift).
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn fifty_kills_lose_nothing_and_count_nothing_twice() {
    let home = Folder::new();
    let calm = home.path("calm");
    // Units so short that some are done between two kills.
    let (last, all) = SHORT.split_last().expect("options");
    assert_eq!(*last, "10000");
    let more = [all, &["2000", "--units", "400"]].concat();
    campaign(&calm, &[&more[..], &["--jobs", "1"]].concat()).ends_with(1);
    let calm = done(&calm);

    let (mut state, mut killed, mut round) = (20_180_524, 0, 0);
    let mut most = 0;
    while killed < 50 {
        round += 1;
        let wild = home.path(&format!("wild{round}"));
        most = most.max(kill_until_done(&wild, &more, &mut killed, &mut state));
        campaign(&wild, &[&more[..], &["--jobs", "3"]].concat()).ends_with(1);
        assert_eq!(done(&wild), calm);
        let left = fs::read_dir(Path::new(&wild).join("findings")).expect("findings");
        let is_unfinished = |entry: std::io::Result<fs::DirEntry>| {
            let name = entry.expect("an entry").file_name();
            name.to_string_lossy().starts_with('.')
        };
        let left = left
            .map(is_unfinished)
            .filter(|is_unfinished| *is_unfinished);
        assert_eq!(left.count(), 0, "what was not whole is still there");
    }
    assert!(most > 0, "no unit was ever done between two kills");
}

/// Kills a campaign again and again until it was killed fifty times, or comes to its end between two
/// kills. Gives how many units were done before the last kill.
fn kill_until_done(wild: &str, more: &[&str], killed: &mut u32, state: &mut u64) -> usize {
    let mut known = 0;
    while *killed < 50 {
        let mut child = start(wild, &[more, &["--jobs", "3"]].concat());
        sleep(Duration::from_millis(next(state) % 120));
        // Short of the power, nothing is more sudden.
        child.kill().expect("it can be killed");
        if child.wait().expect("it ended").code().is_some() {
            break;
        }
        *killed += 1;
        let so_far = done(wild);
        assert!(
            so_far.units.len() >= known,
            "units were lost by kill {killed}"
        );
        known = so_far.units.len();
        for name in so_far.findings.keys().filter(|name| ends(name, "case")) {
            let path = Path::new(wild).join("findings").join(name);
            let is_echo = name.starts_with("g6");
            let assistant = if is_echo {
                "hears-itself"
            } else {
                "interim-answer"
            };
            let path = path.to_str().expect("a path in UTF-8");
            run(&["replay", path, "--assistant", assistant]).ends_with(1);
        }
    }
    known
}

#[test]
fn a_campaign_goes_on_where_it_was() {
    let home = Folder::new();
    let dir = home.path("c");
    campaign(&dir, &[&SHORT[..], &["--units", "6"]].concat()).ends_with(1);
    let six = done(&dir);
    assert_eq!(six.units.len(), 6);
    // What is not said is as it was.
    let ran = campaign(&dir, &["--units", "10", "--json"]).ends_with(1);
    assert_eq!(ran.json()["units"], 10);
    let ten = done(&dir);
    assert_eq!(ten.units.len(), 10);
    assert!(
        six.units
            .iter()
            .all(|(name, unit)| ten.units[name] == *unit)
    );
    // Nothing is left to do.
    campaign(&dir, &["--units", "10"]).ends_with(1);
    assert_eq!(done(&dir), ten);
}

#[test]
fn a_last_line_that_is_torn_is_taken_back() {
    let home = Folder::new();
    let dir = home.path("c");
    campaign(&dir, &[&SHORT[..], &["--units", "4"]].concat()).ends_with(1);
    let whole = done(&dir);
    let path = Path::new(&dir).join("units.jsonl");
    let mut text = fs::read(&path).expect("units");
    let torn = text.len() - 7;
    text.truncate(torn);
    text.extend([0xC3, 0]);
    fs::write(&path, text).expect("written");
    campaign(&dir, &["--units", "4"]).ends_with(1);
    assert_eq!(done(&dir), whole);
}

#[test]
fn findings_are_told_by_cause_and_replay() {
    let home = Folder::new();
    let dir = home.path("c");
    let all = [
        "--assistant",
        "guarded",
        "--assistant",
        "barge-in",
        "--assistant",
        "echo-2018",
    ];
    let more = ["--unit-steps", "20000", "--units", "6", "--json"];
    let ran = campaign(&dir, &[&all[..], &more].concat()).ends_with(1);
    let told = ran.json();
    let findings = told["findings"].as_array().expect("findings");
    let of = |name: &str| {
        findings
            .iter()
            .filter(|found| found["assistant"] == name)
            .count()
    };
    assert_eq!(of("guarded"), 0);
    assert!(of("barge-in") > 0 && of("echo-2018") > 1, "{findings:#?}");
    let names: BTreeSet<&str> = findings
        .iter()
        .filter_map(|found| found["bucket"].as_str())
        .collect();
    assert_eq!(names.len(), findings.len());
    for name in names {
        let path = |end| format!("{dir}/findings/{name}.{end}");
        let kept: Value =
            serde_json::from_str(&fs::read_to_string(path("json")).expect("a finding"))
                .expect("JSON");
        for field in [
            "rule",
            "breaches",
            "trace",
            "repeat",
            "assistant",
            "found_by",
            "seed",
            "steps",
            "at_s",
            "times",
        ] {
            assert!(!kept[field].is_null(), "{name} does not tell {field}");
        }
        let end = if kept["case"].is_null() {
            "script"
        } else {
            "case"
        };
        let assistant = kept["assistant"].as_str().expect("a name");
        run(&["replay", &path(end), "--assistant", assistant]).ends_with(1);
    }
}

#[test]
fn regress_says_what_is_fixed_and_what_is_not() {
    let home = Folder::new();
    let dir = home.path("c");
    campaign(&dir, &[&SHORT[..], &["--units", "4"]].concat()).ends_with(1);
    let became = |status| {
        let ran = campaign(&dir, &["--regress", "--json"]).ends_with(status);
        let told = ran.json();
        let all = told["findings"].as_array().expect("findings").iter();
        let pair = |found: &Value| (found["assistant"].to_string(), found["became"].to_string());
        all.map(pair).collect::<BTreeMap<String, String>>()
    };
    let still = |name: &str| (format!("\"{name}\""), "\"still breaks\"".to_owned());
    assert_eq!(
        became(1),
        BTreeMap::from(["hears-itself", "interim-answer"].map(still))
    );

    // The assistants were repaired: what is kept of them is played to another one.
    let repair = |from: &str, to: &str| {
        for name in ["campaign.json".to_owned()]
            .into_iter()
            .chain(findings(&dir))
        {
            let path = Path::new(&dir).join(name);
            let text = fs::read_to_string(&path).expect("a file");
            fs::write(
                &path,
                text.replace(&format!("\"{from}\""), &format!("\"{to}\"")),
            )
            .expect("written");
        }
    };
    repair("hears-itself", "guarded");
    let now = became(1);
    assert_eq!(now["\"guarded\""], "\"fixed\"");
    assert_eq!(now["\"interim-answer\""], "\"still breaks\"");
    repair("interim-answer", "echo-2018");
    assert_eq!(became(1)["\"echo-2018\""], "\"changed\"");
    repair("echo-2018", "guarded");
    assert_eq!(
        became(0).into_values().collect::<BTreeSet<_>>(),
        BTreeSet::from(["\"fixed\"".to_owned()])
    );
}

fn ends(name: &str, end: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension == end)
}

fn findings(dir: &str) -> Vec<String> {
    let all = done(dir).findings.into_keys();
    all.filter(|name| ends(name, "json"))
        .map(|name| format!("findings/{name}"))
        .collect()
}

#[test]
fn what_is_no_campaign_of_these_settings_is_refused() {
    let home = Folder::new();
    let dir = home.path("c");
    campaign(&dir, &[&SHORT[..], &["--units", "2"]].concat()).ends_with(1);
    let refused = |dir: &str, more: &[&str], why: &str| {
        let ran = campaign(dir, &[more, &["--units", "2"]].concat()).ends_with(2);
        assert!(ran.err.contains(why), "{}", ran.err);
    };
    refused(&dir, &["--seed", "2"], "has other settings");
    refused(&dir, &["--assistant", "guarded"], "has other settings");
    refused(&dir, &["--shard", "0/2"], "has other settings");
    refused(&dir, &["--disk", "lots"], "a size like 256MiB");
    home.file("mine.txt", "mine");
    refused(
        home.0.path().to_str().expect("a path"),
        &SHORT,
        "no folder of a campaign",
    );
    refused(
        &home.path("none"),
        &["--regress"],
        "no campaign in this folder",
    );

    let header = Path::new(&dir).join("campaign.json");
    let text = fs::read_to_string(&header).expect("a header");
    let changed = |from: &str, to: &str| {
        assert!(text.contains(from), "{text}");
        fs::write(&header, text.replace(from, to)).expect("written");
    };
    let version = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    changed(&version, "\"version\":\"0.0.9\"");
    refused(&dir, &[], "is of version 0.0.9");
    changed("\"format\":1", "\"format\":2");
    refused(
        &dir,
        &[],
        "campaign.json: line 1: this campaign has format 2",
    );
    changed("{", "[");
    refused(&dir, &[], "campaign.json: line 1");
    changed("hears-itself", "nobody");
    refused(&dir, &[], "nobody: there is no such assistant");
    fs::write(&header, &text).expect("written");
    fs::write(Path::new(&dir).join("units.jsonl"), "{}\n{}\n").expect("written");
    refused(&dir, &[], "units.jsonl: line 1");
}

#[test]
fn two_processes_do_not_share_a_folder() {
    let home = Folder::new();
    let dir = home.path("c");
    let mut first = start(&dir, &[&SHORT[..], &["--time", "60s"]].concat());
    while !Path::new(&dir).join("units.jsonl").exists() {
        sleep(Duration::from_millis(5));
    }
    let second = campaign(&dir, &["--units", "1"]).ends_with(2);
    assert!(
        second
            .err
            .contains("another process works on this campaign"),
        "{}",
        second.err
    );
    first.kill().expect("it can be killed");
    first.wait().expect("it ended");
}

#[test]
fn a_signal_ends_it_with_the_report() {
    for signal in ["-INT", "-TERM"] {
        let home = Folder::new();
        let dir = home.path("c");
        let child = start(&dir, &[&SHORT[..], &["--time", "300s"]].concat());
        while !fs::read_to_string(Path::new(&dir).join("units.jsonl"))
            .is_ok_and(|text| text.contains("g6"))
        {
            sleep(Duration::from_millis(5));
        }
        let pid = child.id().to_string();
        Command::new("kill")
            .args([signal, &pid])
            .status()
            .expect("kill");
        let ran = Ran::of(child.wait_with_output().expect("it ends")).ends_with(1);
        assert!(ran.out.contains("g6-self-echo-"), "{}", ran.out);
        assert!(ran.out.contains("--regress"), "{}", ran.out);
        let log = fs::read_to_string(Path::new(&dir).join("log.txt")).expect("a log");
        assert!(log.ends_with("told to stop\n"), "{log}");
    }
}

#[test]
fn the_disk_setting_is_kept_to() {
    let home = Folder::new();
    let dir = home.path("c");
    let all = [
        "--assistant",
        "echo-2018",
        "--assistant",
        "assistant-2018",
        "--search",
        "fuzz",
    ];
    let more = ["--unit-steps", "20000", "--units", "40", "--disk", "24KiB"];
    let ran = campaign(&dir, &[&all[..], &more].concat()).ends_with(1);
    assert!(ran.out.contains("There was no room for"), "{}", ran.out);
    let mut bytes = 0;
    for folder in [dir.clone(), format!("{dir}/findings")] {
        for entry in fs::read_dir(folder).expect("a folder") {
            let known = entry.expect("an entry").metadata().expect("metadata");
            bytes += if known.is_file() { known.len() } else { 0 };
        }
    }
    assert!(bytes <= 24 << 10, "{bytes}");
}

#[test]
fn an_assistant_that_breaks_is_told_of_and_the_others_go_on() {
    let home = Folder::new();
    let dir = home.path("c");
    let all = [
        "--assistant",
        "sh -c 'exit 3'",
        "--assistant",
        "hears-itself",
        "--search",
        "fuzz",
    ];
    let ran = campaign(
        &dir,
        &[&all[..], &["--unit-steps", "10000", "--units", "4"]].concat(),
    );
    let ran = ran.ends_with(3);
    assert!(ran.out.contains("g6-self-echo-"), "{}", ran.out);
    assert!(ran.out.contains("sh -c 'exit 3': "), "{}", ran.out);
}

/// A program that sends on any word heard while it asks is found out by each search that suits it.
#[test]
fn programs_are_searched_too() {
    let home = Folder::new();
    let dir = home.path("c");
    let program = home.file("lenient.py", LENIENT);
    let command = format!("python3 {program}");
    let more = ["--unit-steps", "300", "--units", "3", "--json"];
    let ran = campaign(&dir, &[&["--assistant", &command][..], &more].concat()).ends_with(1);
    let told = ran.json();
    let engines: BTreeSet<&str> = told["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|found| found["found_by"].as_str())
        .collect();
    assert!(engines.contains("misread"), "{told:#}");
    let units = done(&dir).units;
    let searches: BTreeSet<String> = units
        .values()
        .map(|unit| unit["engine"].to_string())
        .collect();
    assert_eq!(searches.len(), 3);
}

const LENIENT: &str = r#"
import json, sys
def say(**what): print(json.dumps(what))
asked = None
for line in sys.stdin:
    told = json.loads(line)
    kind = told["type"]
    if kind == "start":
        say(type="hello", protocol=1, name="lenient", version="1")
        house, asked = told["household"], None
    elif kind == "restart":
        asked = None
    elif kind == "heard" and told["final"] and told["hypotheses"]:
        device, text = told["device"], told["hypotheses"][0]["text"].lower()
        if asked:
            if " " not in text or "yes" in text or "right" in text or "send" in text:
                say(type="send", device=device, message="m1", recipient=asked, from_ms=0, to_ms=told["at_ms"])
            asked = None
        elif "message" in text and house["contacts"]:
            asked = house["contacts"][0]["id"]
            name = house["contacts"][0]["name"]
            say(type="prompt", device=device, prompt=1, text=name + ", right?", asks="confirmation",
                recipient=asked, message="m1", duration_ms=900)
    elif kind == "end":
        pass
    say(type="done")
    sys.stdout.flush()
"#;
