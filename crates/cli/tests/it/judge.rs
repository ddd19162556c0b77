//! `judge`: what a log shows, what it cannot show, and what is wrong with it.

use crate::{Folder, Ran, kept_scripts, program, run};
use serde_json::Value;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

const ACCOUNT: &str = "corpora/incidents/portland-2018.jsonl";

fn kept(path: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    std::fs::read_to_string(format!("{root}/{path}")).expect("it is kept")
}

/// The account of Portland with these words in the place of those.
#[track_caller]
fn account(changes: &[(&str, &str)]) -> String {
    let mut log = kept(ACCOUNT);
    for (from, to) in changes {
        assert!(log.contains(from), "{from}");
        log = log.replace(from, to);
    }
    log
}

#[track_caller]
fn judged(log: impl AsRef<[u8]>, status: i32) -> Ran {
    let folder = Folder::new();
    run(&["judge", &folder.file("a.jsonl", log)]).ends_with(status)
}

#[track_caller]
fn judged_json(log: impl AsRef<[u8]>, status: i32) -> Vec<Value> {
    let folder = Folder::new();
    let path = folder.file("a.jsonl", log);
    run(&["judge", &path, "--json"])
        .ends_with(status)
        .json_lines()
}

/// The page shows what the program prints, so that the verdict stands.
#[test]
fn the_account_of_portland_is_judged_as_its_page_says() {
    let ran = program()
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .args(["judge", ACCOUNT])
        .output()
        .expect("it starts");
    let ran = Ran::of(ran).ends_with(1);
    let page = kept("docs/incidents.md");
    let (_, rest) = page.split_once("```text\n").expect("the page shows it");
    let (shown, _) = rest.split_once("```").expect("the page shows it whole");
    assert_eq!(shown, ran.out);
    assert!(
        ran.out
            .contains("\n  I1 unintended       BROKEN in line 25: "),
        "{}",
        ran.out
    );
}

/// Judging what was written down comes to the same as judging what happened.
#[test]
fn a_written_trace_is_judged_as_the_run_was() {
    for script in ["regressions", "conversations"].map(|folder| kept_scripts(folder).remove(0)) {
        let script = script.to_str().expect("a path in UTF-8");
        let replayed = run(&["replay", script, "--json"]).ends_with(1);
        let mut lines: Vec<&str> = replayed.out.lines().collect();
        let verdict: Value = serde_json::from_str(lines.pop().expect("a verdict")).expect("JSON");
        let judged = judged_json(lines.join("\n"), 1).remove(0);
        let told = |breaches: &Value, first: u64| -> Vec<(Value, Value, u64)> {
            let breaches = breaches.as_array().expect("breaches").iter();
            let told = breaches.map(|b| {
                let line = b["line"].as_u64().expect("a line");
                (b["rule"].clone(), b["why"].clone(), line - first)
            });
            told.collect()
        };
        assert_eq!(told(&judged["breaches"], 1), told(&verdict["breaches"], 0));
        assert_eq!(judged["damage"], Value::Array(Vec::new()), "{script}");
    }
}

const WANTED: [(&str, &str); 2] = [
    (
        "\"text\":\"Then I'd send a message about the floor.\"",
        "\"text\":\"Send a message.\",\"meant\":{\"request\":{\"contact\":\"c1\"}}",
    ),
    (
        "{\"type\":\"send\"",
        "{\"type\":\"notice\",\"device\":\"echo\",\"text\":\"Sending.\"}\n{\"type\":\"send\"",
    ),
];

#[test]
fn a_message_that_was_wanted_breaks_nothing() {
    let ran = judged(account(&WANTED), 0);
    let verdict = "\nrun 1: no rule is broken, as far as this log tells.\n";
    assert!(ran.out.ends_with(verdict), "{}", ran.out);
    assert!(!ran.out.contains("could have been stopped"), "{}", ran.out);
}

#[test]
fn what_is_no_exchange_is_refused() {
    let said = kept(ACCOUNT);
    let said: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("{\"said\""))
        .collect();
    for (log, why) in [
        (&b""[..], "there is nothing in it"),
        (b"\n\n", "there is nothing in it"),
        (
            b"Dear all,\nplease find\n",
            "none of its 2 lines is of an exchange; line 1 is no JSON",
        ),
        (b"\xff\xfe{\0", "line 1 is not UTF-8"),
        (
            said.join("\n").as_bytes(),
            "nothing that went into or came out of an assistant",
        ),
    ] {
        let ran = judged(log, 2);
        assert!(ran.err.contains(why), "{}", ran.err);
        assert!(ran.err.ends_with("one JSON object a line\n"), "{}", ran.err);
        assert_eq!(ran.out, "");
    }
    let folder = Folder::new();
    for path in [folder.path("missing"), folder.path("")] {
        let ran = run(&["judge", &path]).ends_with(2);
        assert!(
            ran.err.starts_with(&format!("mondegreen: {path}: ")),
            "{}",
            ran.err
        );
    }
}

/// Damage stands above all else, with the lines of the log, and the rest is judged.
#[test]
fn a_damaged_log_is_judged_as_far_as_it_goes() {
    let log = account(&[
        (
            "{\"type\":\"listen\",\"device\":\"echo\",\"for\":\"command\"}",
            "09:14:22 heard it\n\n{\"type\":\"sleep\"}",
        ),
        ("\"at_ms\":9100", "\"at_ms\":5100"),
    ]) + "{\"type\":\"ti";
    let ran = judged(&log, 1);
    let (damage, rest) = ran.out.split_once("\n\n    1.20").expect("the timeline");
    assert_eq!(
        damage.replace(
            "run 1, lines 1 to 29: Echo, as its vendor describes it 2018\n\n",
            ""
        ),
        "\
damage
  line 7 is no JSON: invalid number at column 2: `09:14:22 heard it`
  line 30 breaks off: the log ends with `{\"type\":\"ti`
  line 9 has a type that is not known: `sleep`
  line 19 goes back in time, from 6.700 s to 5.100 s
  line 19 was heard at 5.100 s, before it began at 7.600 s
  line 29 is the last of a run without `end`: what came after is not known"
    );
    assert!(
        rest.contains("  3 lines could not be read: what stood there"),
        "{rest}"
    );
    assert!(
        rest.contains("I1 unintended       BROKEN in line 27: "),
        "{rest}"
    );
}

#[test]
fn each_run_is_judged_by_itself() {
    let (bad, good) = (account(&[]), account(&WANTED));
    let runs = judged_json(format!("{good}\n{bad}"), 1);
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[0]["breaches"], Value::Array(Vec::new()));
    // The effects of line 25 were others the first time, so the second run is unaccountable.
    let rules: Vec<&str> = runs[1]["breaches"]
        .as_array()
        .expect("breaches")
        .iter()
        .map(|breach| breach["rule"].as_str().expect("a rule"))
        .collect();
    assert_eq!(
        rules,
        ["G14 silent-capture", "G15 unaccountable", "I1 unintended"]
    );
    assert_eq!(
        (&runs[1]["lines"][0], &runs[1]["lines"][1]),
        (&30.into(), &56.into())
    );
    assert_eq!(runs[1]["breaches"][0]["line"], 54);
    let page = judged(format!("{bad}{bad}"), 1).out;
    assert!(page.contains("\nrun 2, lines 28 to 54: Echo"), "{page}");
    assert_eq!(
        page.matches("\n  G15 unaccountable   kept\n").count(),
        1,
        "{page}"
    );
}

#[track_caller]
fn verdict_on<'a>(runs: &'a [Value], rule: &str) -> (&'a str, &'a str) {
    let rules = runs[0]["rules"].as_array().expect("rules");
    let of_rule = |verdict: &&Value| {
        verdict["rule"]
            .as_str()
            .is_some_and(|name| name.starts_with(rule))
    };
    let verdict = rules.iter().find(of_rule).expect("the rule");
    (
        verdict["verdict"].as_str().expect("a verdict"),
        verdict["why"].as_str().unwrap_or(""),
    )
}

#[test]
fn a_rule_that_a_log_does_not_tell_about_is_neither_kept_nor_broken() {
    let log = account(&[]);
    let without = |gone: &str| {
        let left: Vec<&str> = log.lines().filter(|line| !line.contains(gone)).collect();
        left.join("\n")
    };
    for (gone, rule, verdict, why) in [
        ("{\"said\"", "I1", "cannot be judged", "what people said"),
        ("{\"said\"", "S4", "cannot be judged", "what people said"),
        (
            "\"start\"",
            "G12",
            "cannot be judged",
            "whether messaging was on",
        ),
        (
            "\"listen\"",
            "S3",
            "cannot be judged",
            "what devices listened for",
        ),
        ("\"send\"", "G5", "kept", "nothing was sent"),
        ("\"send\"", "I1", "kept", "nothing was sent"),
        (
            "no such word",
            "G5",
            "cannot be judged",
            "until when the device listened",
        ),
        ("no such word", "G4", "kept", ""),
        ("no such word", "G15", "cannot be judged", "no earlier run"),
    ] {
        let is_broken = without(gone).contains("\"send\"");
        let runs = judged_json(without(gone), i32::from(is_broken));
        let (said, reason) = verdict_on(&runs, rule);
        assert!(
            said == verdict && reason.contains(why),
            "{gone} {rule}: {said}, {reason}"
        );
    }
    for (from, to, rule, why) in [
        (
            "\"voice\":\"person\"",
            "\"voice\":\"unknown\"",
            "G6",
            "whose voice",
        ),
        (
            "{\"id\":\"c1\",\"name\":\"Nora Hale\"}],\"messaging\":true},\"assumed\"",
            "],\"messaging\":true},\"assumed\"",
            "G12",
            "",
        ),
    ] {
        let runs = judged_json(account(&[(from, to)]), 1);
        let (said, reason) = verdict_on(&runs, rule);
        let want = if why.is_empty() {
            "kept"
        } else {
            "cannot be judged"
        };
        assert!(
            said == want && reason.contains(why),
            "{rule}: {said}, {reason}"
        );
    }
}

/// What is told of a safeguard, at whatever step: `would have`, `might have`, or nothing.
#[track_caller]
fn certainty(log: &str, safeguard: &str) -> Option<String> {
    let runs = judged_json(log, 1);
    let stopped = runs[0]["stopped"].as_array().expect("chains");
    let chain = stopped.first().expect("a chain");
    let steps = chain["steps"].as_array().expect("steps").iter();
    let lists = steps
        .map(|step| &step["stops"])
        .chain([&chain["before_it_left"]]);
    let mut safeguards = lists.flat_map(|list| list.as_array().expect("safeguards"));
    let known = safeguards.find(|stop| {
        stop["safeguard"]
            .as_str()
            .is_some_and(|name| name.starts_with(safeguard))
    })?;
    Some(known["certainty"].as_str().expect("a certainty").to_owned())
}

const RIGHT: &str = "\"hypotheses\":[{\"text\":\"right\",\"confidence\":0.83}]";
const ALEXA: &str = "{\"text\":\"alexa\",\"confidence\":0.66}";
const NORA: &str = "{\"text\":\"nora hale\",\"confidence\":0.48}";
const CONTACT: &str = "{\"id\":\"c1\",\"name\":\"Nora Hale\"}";
const RIGHT_SO: &str = r#""hypotheses":[{"text":"right so oak","confidence":0.83}]"#;
const SAID: &str = r#"{"said":{"from_ms":11500"#;
const OAK: &str = "\"text\":\"Right, so oak it is, I think.\"";

/// What is changed in the account, a safeguard, and how certain it then is.
type Known<'a> = (&'a [(&'a str, &'a str)], &'a str, Option<&'a str>);

const WOULD: Option<&str> = Some("would have");
const MIGHT: Option<&str> = Some("might have");

#[track_caller]
fn check_known(cases: &[Known<'_>]) {
    for (changes, safeguard, want) in cases {
        let known = certainty(&account(changes), safeguard);
        assert_eq!(known.as_deref(), *want, "{safeguard} after {changes:?}");
    }
}

/// Only what the log alone decides would have stopped it.
#[test]
#[rustfmt::skip]
fn what_was_heard_on_the_way_decides_thresholds_and_margins() {
    check_known(&[
        (&[], "wake threshold", WOULD),
        (&[(ALEXA, r#"{"text":"alexa","confidence":0.70}"#)], "wake threshold", None),
        (&[], "second-stage", MIGHT),
        (&[(ALEXA, r#"{"text":"alexa","confidence":0.66},{"text":"a lexus","confidence":0.3}"#)], "second-stage", WOULD),
        (&[(ALEXA, r#"{"text":"alexa","confidence":0.66},{"text":"a lexus","confidence":0.2}"#)], "second-stage", None),
        (&[], "intent threshold", None),
        (&[(r#""confidence":0.72"#, r#""confidence":0.69"#)], "intent threshold", WOULD),
        (&[], "recipient score", WOULD),
        (&[], "recipient score over", None),
        (
            &[
                (CONTACT, r#"{"id":"c1","name":"Nora Hale"},{"id":"c2","name":"Lora Hall"}"#),
                (NORA, r#"{"text":"nora hale","confidence":0.48},{"text":"lora hall","confidence":0.4}"#),
            ],
            "recipient score over",
            WOULD,
        ),
        (&[(NORA, r#"{"text":"nora hale","confidence":0.48},{"text":"or a hail","confidence":0.4}"#)], "recipient score over", None),
    ]);
}

#[test]
#[rustfmt::skip]
fn what_was_heard_and_said_at_the_answer_decides_the_others() {
    check_known(&[
        (&[], "answer threshold", None),
        (&[(RIGHT, r#""hypotheses":[{"text":"right","confidence":0.79}]"#)], "answer threshold", WOULD),
        (&[], "answer must be", MIGHT),
        (&[(RIGHT, RIGHT_SO)], "answer must be", WOULD),
        (&[(OAK, r#""text":"Right.""#)], "answer must be", None),
        (&[], "listen only", None),
        (&[(r#""from_ms":11500,"final""#, r#""from_ms":10299,"final""#)], "listen only", WOULD),
        (&[], "discard when", None),
        (&[(SAID, r#"{"said":{"from_ms":10200"#)], "discard when", MIGHT),
        (
            &[(SAID, r#"{"type":"heard","at_ms":10400,"device":"echo","from_ms":10200,"final":true,"voice":"person","hypotheses":[]}
                        {"said":{"from_ms":11500"#)],
            "discard when",
            WOULD,
        ),
        (&[], "window length", None),
        (&[(r#""at_ms":13200"#, r#""at_ms":16300"#)], "window length", WOULD),
        (&[], "confirmation by", WOULD),
        (&[], "wake word again", WOULD),
        (&[], "known voice", MIGHT),
        (&[(r#""person","hypotheses":[{"text":"right""#, r#""unknown","hypotheses":[{"text":"right""#)], "known voice", WOULD),
        (&[(r#""person","hypotheses":[{"text":"right""#, r#""device","hypotheses":[{"text":"right""#)], "self-echo guard", WOULD),
        (&[], "hold time", MIGHT),
        (&[], "notice before", MIGHT),
    ]);
}

/// Without the truth nobody knows whether someone was answering.
#[test]
fn without_the_truth_more_is_uncertain() {
    let doubtful = account(&[(
        RIGHT,
        "\"hypotheses\":[{\"text\":\"right so oak\",\"confidence\":0.83}]",
    )]);
    let untold: Vec<&str> = doubtful
        .lines()
        .filter(|line| !line.starts_with("{\"said\""))
        .collect();
    let untold = untold.join("\n");
    let is = |log: &str, safeguard| certainty(log, safeguard).unwrap_or_default();
    for safeguard in ["wake word again", "confirmation by"] {
        assert_eq!(
            (is(&doubtful, safeguard), is(&untold, safeguard)),
            ("would have".to_owned(), "might have".to_owned())
        );
    }
    let meant = account(&[
        (
            RIGHT,
            "\"hypotheses\":[{\"text\":\"right so oak\",\"confidence\":0.83}]",
        ),
        (
            OAK,
            "\"text\":\"Right, so oak.\",\"meant\":{\"request\":{\"contact\":\"c1\"}}",
        ),
    ]);
    assert_eq!(certainty(&meant, "wake word again"), None);
    assert_eq!(is(&meant, "answer must be"), "would have");
}

#[test]
fn a_refusal_in_the_hold_time_would_have_stopped_it() {
    let told = |at_ms: u32, text: &str| {
        account(&[])
            + &format!(
                "{{\"type\":\"heard\",\"at_ms\":{at_ms},\"device\":\"echo\",\"from_ms\":13300,\"final\":true,\"voice\":\"person\",\"hypotheses\":[{{\"text\":\"{text}\",\"confidence\":0.9}}]}}\n"
            )
    };
    for (at_ms, text, want) in [
        (18_199, "Cancel!", "would have"),
        (18_200, "Cancel!", "might have"),
        (18_199, "cancel the dentist", "might have"),
    ] {
        let known = certainty(&told(at_ms, text), "hold time");
        assert_eq!(known.as_deref(), Some(want), "{text} at {at_ms}");
    }
}

/// One that says neither what it asks nor what it listens for.
#[test]
fn an_assistant_that_tells_little_is_traced_back_by_its_prompts() {
    let log: Vec<String> = account(&[
        (",\"asks\":\"recipient\"", ""),
        (",\"asks\":\"confirmation\",\"recipient\":\"c1\"", ""),
        (
            "{\"type\":\"listen\",\"device\":\"echo\",\"for\":\"command\"}",
            "",
        ),
    ])
    .lines()
    .filter(|line| !line.contains("\"type\":\"listen\""))
    .map(str::to_owned)
    .collect();
    let runs = judged_json(log.join("\n"), 1);
    let steps = runs[0]["stopped"][0]["steps"].as_array().expect("steps");
    let stages: Vec<String> = steps
        .iter()
        .map(|step| step["stages"].to_string())
        .collect();
    assert_eq!(stages, ["[\"wake word\"]", "[]", "[\"answer\"]"]);
}

/// All of a long log is judged; what is shown is what lies around the breach.
#[test]
fn a_long_log_is_shown_around_its_breaches() {
    let mut times = String::new();
    for at_ms in 0..50_000 {
        writeln!(
            times,
            "{{\"type\":\"time\",\"at_ms\":{at_ms}}}\n{{\"type\":\"done\"}}"
        )
        .expect("a string");
    }
    let late = |log: &str| {
        let mut log = log.to_owned();
        for ms in ["3400", "6000", "6700", "9100", "10300", "13200"] {
            log = log.replace(
                &format!("\"at_ms\":{ms}"),
                &format!("\"at_ms\":{}", 50_000 + ms.parse::<u32>().expect("ms")),
            );
        }
        log
    };
    let log = late(&account(&[]));
    let (start, rest) = log.split_once("{\"said\"").expect("the first said");
    let whole = format!(
        "{start}{times}{{\"said\"{rest}{}",
        "{\"type\":\"time\",\"at_ms\":64000}\n{\"type\":\"done\"}\n".repeat(20_000)
    );
    let ran = judged(whole, 1);
    assert!(
        ran.out
            .contains("I1 unintended       BROKEN in line 100025: "),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("\n  line 100024, 63.20 as answer: \"right\" (0.83)"),
        "{}",
        ran.out
    );
    assert_eq!(
        ran.out.matches(" lines of the run are not shown)").count(),
        2,
        "{}",
        ran.out
    );
    assert!(ran.out.lines().count() < 100, "{}", ran.out);
}

#[test]
fn a_log_can_come_through_a_pipe() {
    let mut child = program()
        .args(["judge", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    pipe.write_all(kept(ACCOUNT).as_bytes()).expect("it reads");
    drop(pipe);
    let ran = Ran::of(child.wait_with_output().expect("it ends")).ends_with(1);
    assert!(
        ran.out.ends_with("\nrun 1: rules are broken.\n"),
        "{}",
        ran.out
    );
}
