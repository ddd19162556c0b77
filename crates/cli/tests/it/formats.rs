//! `--format`: the same findings for CI services and code-scanning pages, and the same status.

use crate::{Ran, run};
use roxmltree::{Document, Node};
use serde_json::Value;
use std::sync::LazyLock;

const HUNT: [&str; 4] = ["hunt", "echo-2018", "--seed", "1"];

static JUNIT: LazyLock<Ran> = LazyLock::new(|| in_format(&HUNT, "junit").ends_with(1));
static SARIF: LazyLock<Ran> = LazyLock::new(|| in_format(&HUNT, "sarif").ends_with(1));
static MARKDOWN: LazyLock<Ran> = LazyLock::new(|| in_format(&HUNT, "markdown").ends_with(1));

fn in_format(command: &[&str], format: &str) -> Ran {
    run(&[command, &["--format", format]].concat())
}

fn cases<'d>(document: &'d Document<'_>) -> Vec<Node<'d, 'd>> {
    let nodes = document.descendants();
    nodes.filter(|node| node.has_tag_name("testcase")).collect()
}

fn failure<'d>(case: &Node<'d, 'd>) -> Option<Node<'d, 'd>> {
    case.children().find(|node| node.has_tag_name("failure"))
}

#[test]
fn junit_has_a_case_for_the_finding_and_one_for_each_rule_that_held() {
    let document = Document::parse(&JUNIT.out).expect("XML");
    let root = document.root_element();
    assert!(root.has_tag_name("testsuites"), "{}", JUNIT.out);
    let all = cases(&document);
    let (failed, held): (Vec<Node>, Vec<Node>) =
        all.iter().partition(|case| failure(case).is_some());
    assert_eq!(root.attribute("failures"), Some("1"));
    assert_eq!(root.attribute("tests"), Some(&*all.len().to_string()));
    let found = failed.first().expect("a failure");
    assert_eq!(found.attribute("name"), Some("I1 unintended"));
    assert_eq!(found.attribute("classname"), Some("echo-2018"));
    let told = failure(found).expect("a failure");
    let message = told.attribute("message").expect("a message");
    assert!(
        message.contains("nobody had asked to send anything"),
        "{message}"
    );
    let text = told.text().expect("an account");
    for word in [
        " SENDS m1 to ",
        " hears \"",
        "mondegreen script 1\n",
        "repeat  mondegreen hunt echo-2018 --seed 1\n",
    ] {
        assert!(text.contains(word), "{word} is not in {text}");
    }
    let names: Vec<&str> = held
        .iter()
        .filter_map(|case| case.attribute("name"))
        .collect();
    assert!(names.contains(&"G6 self-echo"), "{names:?}");
    assert!(
        !names.contains(&"G3 wrong-content"),
        "it is broken by the same conversation"
    );
}

/// What a consumer of SARIF 2.1.0 relies on: the properties that its schema requires, and those that
/// code-scanning pages require beyond them.
#[test]
fn sarif_has_all_that_a_code_scanning_page_asks_for() {
    let log = SARIF.json();
    assert_eq!(log["version"], "2.1.0");
    assert!(
        log["$schema"]
            .as_str()
            .is_some_and(|url| url.ends_with("sarif-2.1.0.json"))
    );
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "Mondegreen");
    assert_eq!(driver["semanticVersion"], env!("CARGO_PKG_VERSION"));
    let rules = driver["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), 22);
    let page = include_str!("../../../../docs/rules.md");
    for rule in rules {
        let (id, name) = (text(&rule["id"]), text(&rule["name"]));
        assert!(
            page.contains(&format!("\n### {id} {name}\n")),
            "{id} {name}"
        );
        let anchor = format!("#{}-{name}", id.to_lowercase());
        assert!(text(&rule["helpUri"]).ends_with(&anchor), "{rule}");
        for help in ["shortDescription", "fullDescription", "help"] {
            assert!(text(&rule[help]["text"]).len() > 10, "{rule}");
        }
        assert!(text(&rule["help"]["markdown"]).contains(name), "{rule}");
    }
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 1);
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index");
        let rule = usize::try_from(index).ok().and_then(|at| rules.get(at));
        assert_eq!(rule.map(|rule| &rule["id"]), Some(&result["ruleId"]));
        assert_eq!(result["level"], "error");
        assert!(text(&result["message"]["text"]).contains("Repeat: mondegreen hunt echo-2018"));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "echo-2018");
        assert_eq!(place["region"]["startLine"], 1);
        let print = text(&result["partialFingerprints"]["mondegreenCause/v1"]);
        assert_eq!(print.len(), 32, "{print}");
        let flow = &result["codeFlows"][0]["threadFlows"][0]["locations"];
        let steps: Vec<&str> = flow
            .as_array()
            .expect("steps")
            .iter()
            .map(|step| text(&step["location"]["message"]["text"]))
            .collect();
        assert_eq!(steps.len(), 4, "{steps:?}");
        assert!(
            steps[0].contains("is heard as wake word \"alexa\""),
            "{steps:?}"
        );
    }
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn markdown_tells_a_job_summary_what_was_found() {
    let out = &MARKDOWN.out;
    assert!(
        out.starts_with("## echo-2018 breaks rules.\n\n| Assistant | Verdict |"),
        "{out}"
    );
    for word in [
        "| echo-2018 | Breaks G3 wrong-content, I1 unintended, I3 overheard. | 1 |",
        "<details><summary>echo-2018: I1 unintended</summary>",
        "/docs/rules.md#i1-unintended)",
        " SENDS m1 to ",
        "Repeat: ` mondegreen hunt echo-2018 --seed 1 `",
    ] {
        assert!(out.contains(word), "{word} is not in {out}");
    }
}

#[test]
fn where_nothing_is_broken_every_format_says_so_and_the_status_is_the_same() {
    let command = ["fuzz", "guarded", "--steps", "20000"];
    let junit = in_format(&command, "junit").ends_with(0);
    let document = Document::parse(&junit.out).expect("XML");
    let all = cases(&document);
    assert_eq!(all.len(), 15, "the gate rules");
    assert!(
        all.iter().all(|case| failure(case).is_none()),
        "{}",
        junit.out
    );
    let sarif = in_format(&command, "sarif").ends_with(0).json();
    assert_eq!(sarif["runs"][0]["results"], Value::Array(Vec::new()));
    let markdown = in_format(&command, "markdown").ends_with(0);
    assert!(
        markdown
            .out
            .contains("No rule was broken in what was tried."),
        "{}",
        markdown.out
    );
    let plain = in_format(&command, "plain").ends_with(0);
    assert_eq!(plain.out, run(&command).ends_with(0).out);
}

#[test]
fn json_is_short_for_the_format_and_not_to_be_mixed_with_another() {
    let command = ["fuzz", "hears-itself", "--steps", "50000"];
    let json = in_format(&command, "json").ends_with(1);
    let short = run(&[&command[..], &["--json"]].concat()).ends_with(1);
    assert_eq!(json.out, short.out);
    assert_eq!(json.json()["command"], "fuzz");
    let both = run(&[&command[..], &["--json", "--format", "sarif"]].concat()).ends_with(2);
    assert!(both.err.contains("cannot be used with"), "{}", both.err);
    let bad = in_format(&command, "xml").ends_with(2);
    assert!(
        bad.err
            .contains("[possible values: plain, json, junit, sarif, markdown]"),
        "{}",
        bad.err
    );
}

#[test]
fn a_check_is_printed_in_every_format_too() {
    let command = ["check", "interim-answer", "--devices", "1"];
    let junit = in_format(&command, "junit").ends_with(1);
    let document = Document::parse(&junit.out).expect("XML");
    let failed = cases(&document)
        .iter()
        .filter(|case| failure(case).is_some())
        .count();
    assert_eq!(failed, 1, "{}", junit.out);
    let sarif = in_format(&command, "sarif").ends_with(1).json();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "G7");
}
