//! `mondegreen estimate` and `compare`: how often, and at what cost.

use crate::{Folder, run};
use serde_json::Value;

#[test]
fn an_estimate_says_how_often_with_its_interval_and_what_it_is_worth() {
    let ran = run(&["estimate", "echo-2018", "--steps", "1", "--devices", "1000"]).ends_with(0);
    for word in [
        "echo-2018 ",
        " a million household-hours (95%",
        "false wakes in an hour of talk",
        "unintended sends in a day among 1000 homes",
        "homes with 10 hours of talk each, by splitting",
        "docs/rate.md",
    ] {
        assert!(ran.out.contains(word), "`{word}` is missing:\n{}", ran.out);
    }
    assert_eq!(ran.err, "", "no progress where nobody looks");
}

#[test]
fn an_estimate_as_json_has_all_that_it_takes_to_compute_it_again() {
    let arguments = [
        "estimate",
        "echo-2018",
        "--steps",
        "1",
        "--seed",
        "7",
        "--json",
    ];
    let ran = run(&arguments).ends_with(0);
    let told = ran.json();
    assert_eq!(told["assistant"], "echo-2018");
    assert_eq!(told["estimate"]["settings"]["seed"], 7);
    let replications = told["estimate"]["replications"]
        .as_array()
        .expect("replications");
    let sum: f64 = replications
        .iter()
        .filter_map(|one| one["estimate"].as_f64())
        .sum();
    let mean = sum / f64::from(u32::try_from(replications.len()).expect("few"));
    let rate = told["hour_of_talk"]["estimate"].as_f64().expect("a rate");
    assert!((mean - rate).abs() <= 1e-9 * rate, "{mean} {rate}");
    for file in ["traffic", "channel"] {
        let title = format!("mondegreen {file} 1\n");
        assert!(
            told[file]
                .as_str()
                .is_some_and(|text| text.starts_with(&title)),
            "{file}"
        );
    }
    assert_eq!(run(&arguments).out, ran.out, "the same figures each time");
}

/// Crude simulation of what is rare sees nothing, and says how rare it may be all the same.
#[test]
fn what_was_never_seen_is_bounded_and_not_nought() {
    let ran = run(&["estimate", "guarded", "--crude", "--steps", "1"]).ends_with(0);
    assert!(
        ran.out
            .starts_with("guarded was not seen to send a message that nobody asked for: under "),
        "{}",
        ran.out
    );
    let ran = run(&["estimate", "guarded", "--crude", "--steps", "1", "--json"]).ends_with(0);
    let told = ran.json();
    assert_eq!(told["hour_of_talk"]["estimate"], 0.0);
    assert!(told["hour_of_talk"]["high"].as_f64() > Some(0.0));
    assert_eq!(told["crude_household_hours"], Value::Null);
}

#[test]
fn a_program_is_estimated_by_giving_it_again_what_it_was_given() {
    let program = concat!(
        "python3 ",
        env!("CARGO_MANIFEST_DIR"),
        "/../../adapters/example/assistant.py"
    );
    let ran = run(&["estimate", "--assistant", program, "--steps", "1", "--json"]).ends_with(0);
    let told = ran.json();
    assert!(told["summary"]["steps"].as_u64() > Some(0), "{told}");
    assert!(told["hour_of_talk"]["high"].as_f64() > Some(0.0), "{told}");
}

#[test]
fn assistants_are_compared_and_drawn() {
    let folder = Folder::new();
    let picture = folder.path("pareto.svg");
    let arguments = ["compare", "echo-2018", "--steps", "1", "--plot", &picture];
    let ran = run(&arguments).ends_with(0);
    for word in [
        "assistant",
        "95% interval",
        "margin",
        "served",
        "seconds",
        "prompts a day",
        "echo-2018",
    ] {
        assert!(ran.out.contains(word), "`{word}` is missing:\n{}", ran.out);
    }
    let drawn = std::fs::read_to_string(&picture).expect("a picture");
    assert!(
        drawn.starts_with("<svg ") && drawn.contains("echo-2018"),
        "{drawn}"
    );
}

#[test]
fn bad_figures_are_refused_with_file_and_line() {
    let folder = Folder::new();
    for (option, text, line, why) in [
        (
            "--traffic",
            "",
            1,
            "the first line is `mondegreen traffic 1`",
        ),
        (
            "--traffic",
            "mondegreen traffic 1\ntalk.hours\t-1\tme\n",
            2,
            "`talk.hours` lies between 0 and 24",
        ),
        (
            "--traffic",
            "mondegreen traffic 1\ntalk.hours\tNaN\tme\n",
            2,
            "`NaN` is not a number",
        ),
        (
            "--channel",
            "mondegreen channel 1\nwake.least\t1.5\tme\n",
            2,
            "`wake.least` lies between 0 and 1",
        ),
        (
            "--channel",
            "mondegreen channel 1\nwake.least\t0.5\tme\n",
            2,
            "`wake.repeat` is missing",
        ),
        (
            "--channel",
            "mondegreen channel 1\nwake.leest\t0.5\tme\n",
            2,
            "there is no figure `wake.leest`",
        ),
    ] {
        let path = folder.file("figures.tsv", text);
        let ran = run(&["estimate", "echo-2018", option, &path]).ends_with(2);
        assert_eq!(ran.err, format!("mondegreen: {path}: line {line}: {why}\n"));
        assert_eq!(ran.out, "");
    }
    let binary = folder.file("binary.tsv", "mondegreen traffic 1\n");
    std::fs::write(&binary, b"mondegreen traffic 1\n\xff\xfe").expect("a file");
    let ran = run(&["estimate", "echo-2018", "--traffic", &binary]).ends_with(2);
    assert!(ran.err.contains("line 2: this is not UTF-8"), "{}", ran.err);
}

#[test]
fn bad_settings_say_what_to_try() {
    for (arguments, why) in [
        (
            vec!["estimate", "echo-2018", "--error", "0"],
            "a number above 0 and up to 1, like 0.1",
        ),
        (vec!["estimate", "nobody"], "there is no such assistant"),
        (
            vec!["compare", "echo-2018", "--safeguards"],
            "cannot be used with",
        ),
        (
            vec!["compare", "--plot", "rates.jpg"],
            "a picture's name ends in .svg or .png",
        ),
    ] {
        let ran = run(&arguments).ends_with(2);
        assert!(ran.err.contains(why), "{arguments:?}\n{}", ran.err);
    }
}

#[test]
fn a_home_in_which_nothing_is_said_has_no_rate() {
    let folder = Folder::new();
    let traffic = mondegreen_generator::Traffic::SHIPPED;
    let mute: Vec<String> = traffic
        .lines()
        .map(|row| match row.split('\t').next() {
            Some(name @ ("talk.hours" | "television.hours")) => format!("{name}\t0\tme"),
            _ => row.to_owned(),
        })
        .collect();
    let path = folder.file("mute.tsv", mute.join("\n"));
    let ran = run(&["estimate", "echo-2018", "--traffic", &path]).ends_with(2);
    assert!(
        ran.err
            .contains("a home in which nothing is said has no rate"),
        "{}",
        ran.err
    );
}
