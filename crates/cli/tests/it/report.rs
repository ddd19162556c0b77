//! `report`: one page for people, from what commands printed and from the folder of a campaign.

use crate::{Folder, Ran, run};
use expect_test::expect_file;
use serde_json::{Value, json};
use std::fs;

/// Names and talk of people who do not wish us well.
const HOSTILE: &str = "</script><img src=x onerror=alert(1)>\"'&|`<b>";
/// Written from right to left from here on, unless somebody takes care.
const OVERRIDE: &str = "\u{202e}evil\u{0}\u{7}\u{1f600}";

/// A finding in which this is said, by and about somebody of this name.
fn finding(name: &str, said: &str) -> Value {
    let household = json!({ "devices": ["kitchen"], "contacts": [{ "id": "c1", "name": name }], "messaging": true });
    let talk = json!({ "from_ms": 300, "to_ms": 1800, "devices": ["kitchen"], "speaker": name, "text": said });
    let hears = json!([{ "text": "alexa", "confidence": 0.68 }]);
    let prompt = format!("{name}, right?");
    json!({
        "rule": "I1 unintended",
        "breaches": [
            { "rule": "G3 wrong-content", "message": "m1", "why": "m1 was recorded late", "line": 8 },
            { "rule": "I1 unintended", "message": "m1", "why": format!("m1 went to {name}"), "line": 8 },
        ],
        "nats": 2.27,
        "stages": [{
            "stage": "wake word", "at_ms": 2100, "device": "kitchen", "said": "a letter", "heard": "alexa",
            "nats": 2.27, "confidence": 0.68,
        }],
        "script": format!("mondegreen script 1\n# {said}\n"),
        "trace": [
            { "type": "start", "protocol": 1, "seed": 7, "at_ms": 0, "household": household },
            { "type": "hello", "protocol": 1, "name": "mine", "version": "1" },
            { "type": "done" },
            { "said": talk },
            { "type": "heard", "at_ms": 2100, "device": "kitchen", "from_ms": 300, "final": true, "voice": "person", "hypotheses": hears },
            { "type": "listen", "device": "kitchen", "for": "command" },
            { "type": "prompt", "device": "kitchen", "prompt": 1, "text": prompt, "duration_ms": 900 },
            { "type": "record", "device": "kitchen", "message": "m1" },
            { "type": "send", "device": "kitchen", "message": "m1", "recipient": "c1", "from_ms": 300, "to_ms": 1800 },
            { "type": "done" },
        ],
        "repeat": "mondegreen hunt echo-2018 --seed 1",
    })
}

fn hunt(assistant: &str, finding: &Value) -> Value {
    json!({
        "command": "hunt", "assistant": assistant, "version": "0.1.0", "seed": 1, "conversations": 12_345,
        "steps": 67_890, "ways": 12, "served": true, "unserved": [], "finding": finding, "as_spoken": null,
        "repeat": format!("mondegreen hunt {assistant} --seed 1"),
    })
}

fn plain() -> Value {
    hunt(
        "echo-2018",
        &finding("Ana Ruiz", "I got a letter from the council."),
    )
}

fn compare() -> Value {
    let row = |name: &str, rate: f64, seconds: f64| {
        let scaled = rate * 3e5;
        json!({
            "name": name,
            "million_household_hours": { "estimate": scaled, "low": scaled / 2.0, "high": scaled * 2.0 },
            "hour_of_talk": { "probability": rate, "interval": { "low": rate / 2.0, "high": rate * 2.0 }, "doubt": null },
            "margin_nats": 9.5, "margin_is_exact": true,
            "service": { "asked": 1000, "served": 964, "interval": { "low": 0.9, "high": 1.0 }, "turns": 4.2, "seconds": seconds },
            "sends_in_portland": true,
        })
    };
    let rows = [row("echo-2018", 3e-5, 12.0), row("guarded", 1e-12, 27.0)];
    json!({ "command": "compare", "groups": [{ "title": "", "rows": rows }], "seed": 1, "version": "0.1.0" })
}

/// The page of these objects, one a line.
#[track_caller]
fn page(folder: &Folder, printed: &[Value]) -> String {
    let lines: Vec<String> = printed.iter().map(Value::to_string).collect();
    let from = folder.file("printed.jsonl", lines.join("\n"));
    let to = folder.path("page.html");
    let ran = run(&["report", &from, "-o", &to]).ends_with(0);
    assert_eq!((&*ran.out, &*ran.err), ("", ""));
    fs::read_to_string(&to).expect("a page")
}

/// What the page says, without its style and script.
#[track_caller]
fn body(page: &str) -> &str {
    let (_, body) = page.split_once("<body>\n").expect("a body");
    let (body, _) = body.split_once("<script>").expect("a script");
    body
}

#[test]
fn the_page_shows_what_was_found_and_how_to_find_it_again() {
    let folder = Folder::new();
    let page = page(&folder, &[plain()]);
    expect_file!["report_page.html"].assert_eq(body(&page));
}

#[test]
fn what_engines_heard_in_sound_is_told_with_their_names() {
    let folder = Folder::new();
    let mut found = finding("Ana Ruiz", "I got a letter from the council.");
    found["stages"] = json!([]);
    found["found_by"] = json!("sound");
    found["replay"] = json!("mondegreen replay found.script --ears spotter");
    found["heard"] = json!([
        { "at_ms": 2100, "device": "kitchen", "ear": "spotter <1>", "text": "alexa", "score": 0.875 },
    ]);
    let mut printed = hunt("echo-2018", &found);
    printed["served"] = Value::Null;
    let page = page(&folder, &[printed]);
    for told in [
        "hears \"alexa\" (spotter &#60;1&#62;, score 0.88)",
        "as engines hear it in sound",
        "mondegreen replay found.script --ears spotter",
    ] {
        assert!(body(&page).replace("&#34;", "\"").contains(told), "{told}");
    }
}

#[test]
fn the_same_input_gives_the_same_page_and_order_is_kept() {
    let folder = Folder::new();
    let printed = [plain(), compare(), hunt("guarded", &Value::Null)];
    let once = page(&folder, &printed);
    assert_eq!(page(&folder, &printed), once);
    for word in [
        "1 of 2 assistants break rules.",
        "No rule was broken in what was tried.",
        "in one home once in 12.7 years: 9.00 unintended sends in a million household-hours",
        "96.4% of people who ask once",
        "9.50 nats of mishearing, and no chain costs less",
        "12,345 conversations, 67,890 dialog steps",
    ] {
        assert!(body(&once).contains(word), "{word} is not in the page");
    }
    assert_eq!(
        once.matches("<svg width").count(),
        1,
        "the picture of the comparison"
    );
}

#[test]
fn nothing_is_fetched_and_nothing_runs_but_the_pages_own_script() {
    let folder = Folder::new();
    let page = page(&folder, &[plain(), compare()]);
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-";
    assert!(
        page.replace("&#39;", "'").contains(policy),
        "{}",
        &page[..900]
    );
    assert!(!page.contains("unsafe-"));
    for loads in [
        "<link", "<iframe", "<object", "@import", "url(", " style=", " onclick", "srcset",
    ] {
        assert!(!page.contains(loads), "{loads}");
    }
    let sources = page
        .match_indices("src=\"")
        .map(|(at, _)| &page[at..at + 12]);
    assert!(
        sources
            .clone()
            .all(|source| source.starts_with("src=\"data:")),
        "{sources:?}"
    );
}

#[test]
fn whatever_is_said_stays_text() {
    let folder = Folder::new();
    let said = format!("{HOSTILE} a letter {OVERRIDE} {}", "long ".repeat(2_000));
    let hostile = finding(&format!("{HOSTILE}{OVERRIDE}"), &said);
    let mut printed = hunt(&format!("./mine '{HOSTILE}'"), &hostile);
    printed["unserved"] = json!([{ "rule": "S1 unserved", "why": HOSTILE, "line": 0 }]);
    let mut compared = compare();
    compared["groups"][0]["rows"][0]["name"] = HOSTILE.into();
    let page = page(&folder, &[printed, compared]);
    assert_eq!(page.matches("<script").count(), 1, "its own");
    assert_eq!(page.matches("</script").count(), 1);
    for tag in ["<img", "<b>\"", "onerror=alert(1)>"] {
        assert!(!page.contains(tag), "{tag}");
    }
    assert!(
        !page.contains('\u{0}') && !page.contains('\u{7}'),
        "control characters are spelt out"
    );
    assert!(
        !page.contains('\u{202e}') && page.contains("\\u{202e}evil"),
        "nothing turns the writing around it"
    );
    assert!(page.contains('\u{1f600}'));
    assert!(
        page.len() < 100_000,
        "{}: talk of ten thousand characters is cut",
        page.len()
    );
}

#[test]
fn the_formats_for_ci_hold_hostile_talk() {
    let folder = Folder::new();
    let printed = hunt(HOSTILE, &finding(&format!("{HOSTILE}{OVERRIDE}"), HOSTILE));
    let from = folder.file("hunt.json", printed.to_string());
    let junit = run(&["report", &from, "--format", "junit"]).ends_with(0);
    let document = roxmltree::Document::parse(&junit.out).expect("XML");
    let case = document
        .descendants()
        .find(|node| node.has_tag_name("testcase"));
    assert_eq!(
        case.and_then(|case| case.attribute("classname")),
        Some(HOSTILE)
    );
    let sarif = run(&["report", &from, "--format", "sarif"])
        .ends_with(0)
        .json();
    let message = &sarif["runs"][0]["results"][0]["message"]["text"];
    assert!(
        message.as_str().is_some_and(|text| text.contains(HOSTILE)),
        "{message}"
    );
    let markdown = run(&["report", &from, "--format", "markdown"])
        .ends_with(0)
        .out;
    let mut fence = None;
    for line in markdown.lines() {
        match fence {
            Some(end) if line == end => fence = None,
            Some(_) => {}
            None if line.starts_with("```") && line.ends_with("text") => {
                fence = line.strip_suffix("text");
            }
            // Within a line of code, everything is text.
            None if line.starts_with("Repeat: ``") => {}
            None => assert!(
                !line.contains("<img") && !line.contains("<script"),
                "{line}"
            ),
        }
    }
    assert_eq!(fence, None, "every block ends");
    let row = markdown
        .lines()
        .find(|line| line.contains("| Breaks "))
        .expect("a row");
    assert_eq!(row.matches('|').count(), 5, "{row}");
}

#[test]
fn a_report_as_json_is_read_again() {
    let folder = Folder::new();
    let before = page(
        &folder,
        &[plain(), compare(), hunt("guarded", &Value::Null)],
    );
    let json = run(&["report", &folder.path("printed.jsonl"), "--json"]).ends_with(0);
    let again = page(&folder, &[json.json()]);
    assert_eq!(again, before);
}

#[test]
fn what_commands_print_is_read() {
    let folder = Folder::new();
    let printed = [
        &["fuzz", "hears-itself", "--steps", "50000", "--json"][..],
        &["check", "interim-answer", "--devices", "1", "--json"],
        &[
            "hunt", "guarded", "--hears", "words", "--steps", "100", "--json",
        ],
        &["hunt", "guarded", "--steps", "500", "--json"],
        &["estimate", "guarded", "--steps", "1", "--json"],
    ];
    for (number, command) in printed.iter().enumerate() {
        let ran: Ran = run(command);
        assert!(matches!(ran.status, Some(0 | 1)), "{}", ran.err);
        folder.file(&format!("{number}.json"), ran.out);
    }
    let folder_itself = folder.path("");
    let ran = run(&["report", &folder_itself]).ends_with(0);
    for word in [
        "G6 self-echo",
        "G7 not-final",
        "2 of 3 assistants break rules.",
        "plain requests",
    ] {
        assert!(ran.out.contains(word), "{word} is not in the page");
    }
    for command in ["fuzz", "check", "hunt", "estimate"] {
        let repeat = format!("<code>mondegreen {command} ");
        assert!(ran.out.contains(&repeat), "{repeat} is not in the page");
    }
}

/// A campaign's folder, as a campaign leaves it when it is killed.
fn campaign(folder: &Folder, findings: usize) -> String {
    fs::create_dir(folder.path("night")).expect("a folder");
    fs::create_dir(folder.path("night/findings")).expect("a folder");
    let settings =
        json!({ "assistants": ["echo-2018", "guarded"], "seed": 5, "shard": null, "units": 9 });
    let header = json!({ "format": 1, "version": "0.1.0", "settings": settings });
    folder.file("night/campaign.json", header.to_string());
    for number in 0..findings {
        let mut found = finding(
            "Ana Ruiz",
            &format!("I got a letter from the council, number {number}."),
        );
        for (name, value) in [
            ("assistant", json!("echo-2018")),
            ("found_by", json!("hunt")),
            ("bucket", json!(format!("I1-{number:08x}"))),
            ("seed", json!(5)),
            ("steps", json!(1_000 * number)),
            ("at_s", json!(12.5)),
            ("times", json!(3)),
        ] {
            found[name] = value;
        }
        folder.file(
            &format!("night/findings/I1-{number:08x}.json"),
            found.to_string(),
        );
    }
    let point = |at_s: u64, assistant: &str, findings: u64| {
        let steps = at_s * 1_000_000;
        json!({ "at_s": at_s, "assistant": assistant, "steps": steps, "conversations": at_s, "ways": 40 + at_s,
                "corpus": 7, "findings": findings })
    };
    let points = [
        point(10, "echo-2018", 1),
        point(20, "guarded", 0),
        point(7_000, "echo-2018", 9),
        point(7_200, "guarded", 0),
    ];
    let lines: Vec<String> = points.iter().map(Value::to_string).collect();
    folder.file(
        "night/progress.jsonl",
        format!("{}\n{{\"at_s\":72", lines.join("\n")),
    );
    folder.path("night")
}

#[test]
fn a_campaign_is_shown_with_its_progress_even_if_it_was_killed() {
    let folder = Folder::new();
    let night = campaign(&folder, 2);
    let page = run(&["report", &night]).ends_with(0).out;
    for word in [
        "1 of 2 assistants break rules.",
        "<h3>Findings over time</h3>",
        "7,000,000,000",
        "I1-00000001",
        "campaign <bdi>echo-2018, guarded</bdi>",
        "units: 9",
        "\nminutes\n",
    ] {
        assert!(page.contains(word), "{word} is not in the page");
    }
    assert_eq!(page.matches("<details id=").count(), 2);
    assert_eq!(page.matches(" open>").count(), 1, "the first is open");
    assert!(!page.contains("shard"), "what was not set is not told");
}

#[test]
fn hundreds_of_findings_fit_on_a_page() {
    let folder = Folder::new();
    let night = campaign(&folder, 700);
    let page = run(&["report", &night]).ends_with(0).out;
    assert!(page.len() < 3_000_000, "{}", page.len());
    let full = page.matches("<details id=").count();
    let brief = page.matches("<p class=\"brief\"").count();
    assert_eq!(full + brief, 700);
    assert!(full >= 300 && brief > 0, "{full} in full, {brief} in brief");
}

/// So many milliseconds of silence.
fn wav(millis: u32) -> Vec<u8> {
    let samples = millis * 16 * 2;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + samples).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    for half in [1_u16, 1] {
        bytes.extend(half.to_le_bytes());
    }
    bytes.extend(16_000_u32.to_le_bytes());
    bytes.extend(32_000_u32.to_le_bytes());
    for half in [2_u16, 16] {
        bytes.extend(half.to_le_bytes());
    }
    bytes.extend(b"data");
    bytes.extend(samples.to_le_bytes());
    bytes.resize(bytes.len() + samples as usize, 0);
    bytes
}

#[test]
fn recordings_beside_findings_can_be_played_as_long_as_the_page_stays_small() {
    let folder = Folder::new();
    let night = campaign(&folder, 3);
    folder.file("night/findings/I1-00000000.wav", wav(100));
    folder.file("night/findings/I1-00000001.wav", wav(90_000));
    let page = run(&["report", &night]).ends_with(0).out;
    assert_eq!(page.matches("<audio controls").count(), 1);
    assert!(page.contains("src=\"data:audio/wav;base64,UklGR"));
    assert!(
        page.contains("I1-00000001.wav</code>"),
        "the one that is too long is named"
    );
    assert!(page.len() < 3_000_000, "{}", page.len());
    folder.file("night/findings/I1-00000002.wav", "no sound");
    let bad = run(&["report", &night]).ends_with(2);
    assert!(
        bad.err.contains("I1-00000002.wav: this is not a WAV file"),
        "{}",
        bad.err
    );
}

#[test]
fn a_file_that_anybody_wrote_names_no_recording_elsewhere() {
    let folder = Folder::new();
    fs::create_dir(folder.path("inner")).expect("a folder");
    folder.file("secret.wav", wav(100));
    let mut printed = plain();
    printed["finding"]["file"] = json!("../secret.script");
    let from = folder.file("inner/hunt.json", printed.to_string());
    let page = run(&["report", &from]).ends_with(0).out;
    assert!(!page.contains("<audio"));
}

#[test]
fn what_cannot_be_read_is_named_with_its_line() {
    let folder = Folder::new();
    let mut without_rule = plain();
    without_rule["finding"]["rule"] = json!("Z9 made-up");
    let cases: [(&str, Vec<u8>, &str); 9] = [
        (
            "empty.json",
            b" \n".to_vec(),
            "line 1: there is nothing in it",
        ),
        (
            "cut.json",
            b"{\"command\":\n\"hunt\"".to_vec(),
            "line 2: EOF while parsing an object",
        ),
        ("text.json", b"hello".to_vec(), "line 1: expected value"),
        (
            "binary.json",
            b"\xff\xfe".to_vec(),
            "line 1: expected value",
        ),
        (
            "other.json",
            b"\n{\"name\":\"x\"}".to_vec(),
            "line 2: this is nothing that hunt, fuzz, check",
        ),
        (
            "unknown.json",
            b"{\"command\":\"dance\"}".to_vec(),
            "line 1: unknown variant `dance`",
        ),
        (
            "half.json",
            b"{\"command\":\"fuzz\"}".to_vec(),
            "line 1: missing field `assistant`",
        ),
        (
            "rule.json",
            without_rule.to_string().into_bytes(),
            "line 1: there is no rule `Z9 made-up`",
        ),
        (
            "second.jsonl",
            format!("{}\n\n{{\"command\":\"check\"}}\n", plain()).into_bytes(),
            "line 3: missing field `assistant`",
        ),
    ];
    for (name, content, why) in cases {
        let path = folder.file(name, content);
        let ran = run(&["report", &path]).ends_with(2);
        assert_eq!(ran.out, "");
        assert!(
            ran.err.contains(&format!("{name}: {why}")),
            "{name}: {}",
            ran.err
        );
    }
    let deep = folder.file("deep.json", "[".repeat(200_000));
    assert!(
        run(&["report", &deep])
            .ends_with(2)
            .err
            .contains("recursion limit")
    );
    let missing = run(&["report", &folder.path("none.json")]).ends_with(2);
    assert!(
        missing.err.contains("none.json: No such file"),
        "{}",
        missing.err
    );
    fs::create_dir(folder.path("bare")).expect("a folder");
    let bare = run(&["report", &folder.path("bare")]).ends_with(2);
    assert!(
        bare.err
            .contains("neither a campaign.json nor any other .json"),
        "{}",
        bare.err
    );
}

#[test]
fn what_is_wrong_with_a_campaign_is_said_with_its_file() {
    let folder = Folder::new();
    let night = campaign(&folder, 1);
    let found = "night/findings/I1-00000000.json";
    let whole = fs::read_to_string(folder.path(found)).expect("a finding");
    folder.file(found, whole.replace("\"assistant\"", "\"who\""));
    let bad = run(&["report", &night]).ends_with(2);
    assert!(
        bad.err
            .contains("I1-00000000.json: line 1: missing field `assistant`"),
        "{}",
        bad.err
    );
    folder.file(found, format!("{whole}\n{whole}"));
    let bad = run(&["report", &night]).ends_with(2);
    assert!(
        bad.err
            .contains("I1-00000000.json: line 2: this file holds one object"),
        "{}",
        bad.err
    );
    folder.file(found, whole);
    folder.file("night/progress.jsonl", "{\"at_s\":1}\n");
    let bad = run(&["report", &night]).ends_with(2);
    assert!(
        bad.err
            .contains("progress.jsonl: line 1: missing field `assistant`"),
        "{}",
        bad.err
    );
    folder.file(
        "night/campaign.json",
        "{\"format\":2,\"version\":\"9\",\"settings\":{}}",
    );
    let bad = run(&["report", &night]).ends_with(2);
    assert!(
        bad.err
            .contains("campaign.json: line 1: this campaign has format 2"),
        "{}",
        bad.err
    );
}
