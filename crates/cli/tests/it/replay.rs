//! `replay`: conversations once more, the kept ones and odd ones.

use crate::{Folder, kept_scripts, run};

/// Each kept script says in its comments what it makes an assistant break.
#[test]
fn kept_scripts_do_what_they_say() {
    let mut claims = 0;
    for path in ["regressions", "conversations"]
        .into_iter()
        .flat_map(kept_scripts)
    {
        let text = std::fs::read_to_string(&path).expect("a script");
        let path = path.to_str().expect("a path in UTF-8");
        for claim in text.lines().filter_map(|line| line.strip_prefix("# ")) {
            if let Some((assistant, rule)) = claim.split_once(" breaks ") {
                let page = run(&["replay", path, "--assistant", assistant])
                    .ends_with(1)
                    .out;
                let shown = |line: &str| {
                    let mut words = line.split_whitespace().skip(1);
                    words.next() == Some("!") && words.next() == Some(rule)
                };
                assert!(page.lines().any(shown), "{path}: {rule}: {page}");
                assert!(
                    page.ends_with(&format!("\n{assistant}: rules are broken.\n")),
                    "{page}"
                );
                claims += 1;
            } else if let Some(assistant) = claim.strip_suffix(" keeps every rule") {
                let page = run(&["replay", path, "--assistant", assistant])
                    .ends_with(0)
                    .out;
                assert!(
                    page.ends_with(&format!("\n{assistant}: no rule is broken.\n")),
                    "{page}"
                );
                claims += 1;
            }
        }
    }
    assert!(claims >= 2, "{claims}");
}

#[test]
fn a_replay_for_machines_is_the_trace() {
    let script = kept_scripts("regressions").remove(0);
    let script = script.to_str().expect("a path in UTF-8");
    let page = run(&["replay", script]).ends_with(1).out;
    let replay = run(&["replay", script, "--json"]).ends_with(1);
    let mut lines = replay.json_lines();
    let verdict = lines.pop().expect("a last line");
    let breaches = verdict["breaches"].as_array().expect("breaches");
    assert!(!breaches.is_empty(), "{verdict}");
    for breach in breaches {
        assert!(
            page.contains(breach["rule"].as_str().expect("a rule")),
            "{page}"
        );
    }
    assert_eq!(lines[0]["type"], "start");
    for line in &lines {
        assert!(
            line["type"].is_string() || line["said"].is_object(),
            "{line}"
        );
        if let Some(said) = line["said"]["text"].as_str() {
            assert!(page.contains(said), "{said} is not in {page}");
        }
        if line["type"] == "prompt" {
            assert!(
                page.contains(line["text"].as_str().expect("a text")),
                "{line}: {page}"
            );
        }
    }
    let sends = lines.iter().filter(|line| line["type"] == "send").count();
    assert_eq!(sends, page.matches(" SENDS ").count());
    assert!(sends > 0, "{page}");
}

#[track_caller]
fn replayed(script: &str) -> String {
    let folder = Folder::new();
    let path = folder.file("a.script", format!("mondegreen script 1\n{script}"));
    run(&["replay", &path, "--assistant", "guarded"])
        .ends_with(0)
        .out
}

#[test]
fn a_home_may_be_empty() {
    let none = "\nguarded: no rule is broken.\n";
    assert_eq!(replayed(""), none);
    assert_eq!(
        replayed("contact c1 !!!\ncontact c2\ncontact c3 42\n"),
        none
    );
    let failing = replayed("1.000 restart\n2.000 delivery failed\n3.000 messaging off\n");
    assert!(
        failing.contains("    1.00    power fails and comes back\n"),
        "{failing}"
    );
    assert!(
        failing.contains("    3.00    messaging is switched off\n"),
        "{failing}"
    );
}

#[test]
fn without_contacts_nothing_can_be_sent() {
    let page = replayed(
        "device kitchen\n1-2 kitchen Ana: Alexa.\n3-4 kitchen Ana: Send a message.\n\
         7-8 kitchen Ana: Anyone.\n",
    );
    assert!(
        page.contains("is awake") && !page.contains("SENDS"),
        "{page}"
    );
}

#[test]
fn a_name_without_letters_is_asked_for_in_vain() {
    let page = replayed(
        "device kitchen\ncontact c1 !!!\n1-2 kitchen Ana: Alexa.\n\
         3-4 kitchen Ana: Send a message to !!!\n7-8 kitchen Ana: !!!\n",
    );
    assert!(
        page.contains("is awake") && !page.contains("SENDS"),
        "{page}"
    );
}

#[test]
fn the_clock_may_be_at_its_limit() {
    let page = replayed(
        "device kitchen\ncontact c1 Ana Ruiz\n\
         18446744073709551.000-18446744073709551.615 kitchen Ben: Alexa, send a message to Ana.\n\
         18446744073709551.615 kitchen pressed confirm\n18446744073709551.615 restart\n",
    );
    assert!(
        page.contains("18446744073709551.61           power fails and comes back\n"),
        "{page}"
    );
}

#[test]
fn an_utterance_may_have_a_hundred_thousand_words() {
    let words = "word ".repeat(100_000);
    let page = replayed(&format!(
        "device kitchen\n0-40000 kitchen Ana: {words}\n40001-40002 kitchen Ben: Alexa.\n"
    ));
    assert!(page.contains(words.trim_end()), "the utterance is shown");
    assert!(
        page.contains("hears \"alexa\" as wake word \"alexa\" (0.00 nats"),
        "the end is heard"
    );
}
