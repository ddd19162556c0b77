//! `calibrate`: a fit to pairs, and what is said of files that give none.

use crate::{Folder, Ran, run};
use expect_test::{Expect, expect};
use mondegreen_sim::ChannelLaw;

/// What comes ever less near to "alexa", with how many of ten tries were taken for it.
const NEAR_ALEXA: [(&str, u32); 20] = [
    ("lexa", 9),
    ("election", 8),
    ("a lecture", 7),
    ("unacceptable", 5),
    ("alaska", 6),
    ("a letter", 4),
    ("my lexus", 7),
    ("electric", 5),
    ("relax a bit", 6),
    ("the next one", 3),
    ("elect her", 3),
    ("allow us", 2),
    ("we like some privacy", 5),
    ("exactly", 2),
    ("the garden", 0),
    ("good morning", 0),
    ("two of them", 0),
    ("who is that", 0),
    ("on the roof", 1),
    ("come in", 0),
];

fn pairs() -> String {
    let rows = NEAR_ALEXA.map(|(spoken, accepted)| format!("{spoken}\talexa\t10\t{accepted}\n"));
    format!(
        "spoken\theard\ttries\taccepted\n{}alexa\tAlexa\t20\t19\n",
        rows.concat()
    )
}

#[test]
fn a_fit_is_printed_and_the_same_for_machines() {
    let folder = Folder::new();
    let path = folder.file("pairs.tsv", pairs());
    let page = run(&["calibrate", &path]).ends_with(0);
    assert_eq!(page.err, "");
    let json = run(&["calibrate", &path, "--json"]).ends_with(0).json();
    // What sounds the same is one of them.
    assert_eq!(json["fitted"]["tries"], 220);
    assert_eq!(json["nats"][0], 0.0);
    assert_eq!(json["listens_for"], "wake");
    let number = |pointer: &str| json.pointer(pointer).and_then(serde_json::Value::as_f64);
    let number =
        |pointer: &str| number(pointer).unwrap_or_else(|| panic!("no {pointer} in {json}"));
    for (figure, value, interval) in [
        ("half at, nats", "/fit/middle", "/fit/middle_interval"),
        ("slope, a nat", "/fit/curve/slope", "/fit/slope"),
        ("the channel's shift, nats", "/shift", "/shift_interval"),
        ("area under", "/area/area", "/area/interval"),
    ] {
        let (low, high) = (format!("{interval}/low"), format!("{interval}/high"));
        let (low, value, high) = (number(&low), number(value), number(&high));
        assert!(
            low <= value && value <= high && low < high,
            "{interval}: {low} {value} {high}"
        );
        let line = page.out.lines().find(|line| line.contains(figure));
        let line = line.unwrap_or_else(|| panic!("no {figure} in {}", page.out));
        assert!(line.contains(&format!(" {value:.3} ")), "{line}");
    }
    // Half are taken so much nearer than the channel reports at all.
    let nearer = number("/farthest") - number("/fit/middle");
    assert!((nearer - number("/shift")).abs() < 1e-9);
    // Distance says more than the base rate.
    assert!(number("/judged/held_out/log_loss") < number("/base/log_loss"));
    assert!(number("/area/area") > 0.7);
    let bins = json["judged"]["reliability"].as_array().expect("bins");
    let tries: u64 = bins.iter().filter_map(|bin| bin["tries"].as_u64()).sum();
    assert_eq!(tries, 220, "each try is in one bin");
    for words in [
        "reliability on phrases held out",
        "the channel hears such things now and then",
    ] {
        assert!(page.out.contains(words), "no {words} in {}", page.out);
    }
}

/// A command is heard in whole words, a name inside words.
#[test]
fn what_is_listened_for_decides_how_far_things_are() {
    let folder = Folder::new();
    let path = folder.file("pairs.tsv", pairs());
    let listening = |stage: &str| {
        let json = run(&["calibrate", &path, "--for", stage, "--json"]).ends_with(0);
        let json = json.json();
        assert_eq!(json["listens_for"], stage);
        json
    };
    let [wake, command, recipient] = ["wake", "command", "recipient"].map(listening);
    let half = |json: &serde_json::Value| json["fit"]["middle"].as_f64().expect("a distance");
    assert!(half(&wake) < half(&command));
    assert!((half(&command) - half(&recipient)).abs() < f64::EPSILON);
    // A name is not reported with as little confidence as the rest.
    let farthest = |json: &serde_json::Value| json["farthest"].as_f64().expect("a distance");
    assert!(farthest(&wake) < farthest(&command));
}

#[test]
fn the_fit_goes_into_the_channels_file() {
    let folder = Folder::new();
    let path = folder.file("pairs.tsv", pairs());
    let written = folder.path("channel.tsv");
    let json = run(&[
        "calibrate",
        &path,
        "--for",
        "command",
        "-o",
        &written,
        "--json",
    ])
    .ends_with(0)
    .json();
    let text = std::fs::read_to_string(&written).expect("written");
    let figures = |text: &str| -> Vec<Vec<String>> {
        let rows = text.lines().filter(|row| !row.starts_with('#'));
        rows.map(|row| row.split('\t').map(str::to_owned).collect())
            .collect()
    };
    let shipped = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../corpora/models/channel-1.tsv"
    ));
    let (before, after) = (figures(&shipped.expect("shipped")), figures(&text));
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        let Some(figure) = after[0].strip_prefix("command.") else {
            assert_eq!(before, after);
            continue;
        };
        let value: f64 = after[1].parse().expect("a number");
        let fitted = match figure {
            "shift" => &json["shift"],
            _ => &json["fit"]["curve"][figure],
        };
        let fitted = fitted.as_f64().expect("a figure");
        assert!((value - fitted).abs() < 1e-6, "{after:?}");
        assert!(
            after[2].contains("of 220 tries accepted, 21 phrases; 95% interval"),
            "{after:?}"
        );
    }
    let law = ChannelLaw::read(&text).expect("a channel's file");
    let shift = json["shift"].as_f64().expect("a figure");
    assert!((law.command.shift - shift).abs() < 1e-6, "{law:?}");
    // What was written is a base for the next stage.
    let both = folder.path("both.tsv");
    run(&["calibrate", &path, "-o", &both, "--channel", &written]).ends_with(0);
    let rows = |path: &str| std::fs::read_to_string(path).expect("written");
    assert_eq!(
        rows(&both).matches("mondegreen calibrate").count(),
        4,
        "{}",
        rows(&both)
    );
}

#[test]
fn a_base_that_is_no_channels_file_is_refused() {
    let folder = Folder::new();
    let path = folder.file("pairs.tsv", pairs());
    let check = |base: &[u8], want: Expect| {
        let base = folder.file("base.tsv", base);
        let written = folder.path("written.tsv");
        let ran = run(&["calibrate", &path, "-o", &written, "--channel", &base]).ends_with(2);
        want.assert_eq(ran.err.replace(&base, "FILE").trim_end());
        assert_eq!(ran.out, "");
        assert!(!folder.names().contains(&"written.tsv".to_owned()));
    };
    check(
        b"",
        expect!["mondegreen: FILE: line 1: the first line is `mondegreen channel 1`"],
    );
    check(
        b"# a\nhello\n",
        expect!["mondegreen: FILE: line 2: the first line is `mondegreen channel 1`"],
    );
    check(
        b"mondegreen channel 1\nwake.least\t0.5\tx\n",
        expect!["mondegreen: FILE: line 2: `wake.repeat` is missing"],
    );
    check(
        b"mondegreen channel 1\nwake.shift\t0\tx\nwake.shift\t1\tx\n",
        expect!["mondegreen: FILE: line 3: `wake.shift` is there twice"],
    );
    check(
        b"mondegreen channel 1\n\xff\n",
        expect![
            "mondegreen: FILE: line 2: this is not UTF-8; convert it, for example with `iconv -t utf-8`"
        ],
    );
}

/// Nothing is written when the near is refused and the far accepted.
#[test]
fn a_fit_that_no_law_can_be_is_not_written() {
    let folder = Folder::new();
    let rows = NEAR_ALEXA.map(|(spoken, accepted)| {
        let refused = 10 - accepted;
        format!("{spoken}\talexa\t10\t{refused}\n")
    });
    let table = format!("spoken\theard\ttries\taccepted\n{}", rows.concat());
    let path = folder.file("pairs.tsv", table);
    run(&["calibrate", &path]).ends_with(0);
    let written = folder.path("written.tsv");
    let ran = run(&["calibrate", &path, "-o", &written]).ends_with(2);
    let begins = format!("mondegreen: {path}: line 21: the slope is -");
    assert!(ran.err.starts_with(&begins), "{}", ran.err);
    let ends = "distance does not explain acceptance here";
    assert!(ran.err.trim_end().ends_with(ends), "{}", ran.err);
    assert!(!folder.names().contains(&"written.tsv".to_owned()));
}

#[test]
fn the_picture_is_of_the_kind_that_its_name_says() {
    let folder = Folder::new();
    let path = folder.file("pairs.tsv", pairs());
    let [svg, png, gif] = ["a.svg", "b.PNG", "c.gif"].map(|name| folder.path(name));
    let draw = |picture: &str| run(&["calibrate", &path, "--plot", picture]);
    for picture in [&svg, &png] {
        let page = draw(picture).ends_with(0).out;
        assert!(
            page.contains(&format!("the reliability is drawn in {picture}")),
            "{page}"
        );
    }
    let svg_text = std::fs::read_to_string(&svg).expect("text");
    for words in [
        "<svg",
        "predicted acceptance",
        "accepted tries",
        "220 tries of 21 phrases",
        "100%",
    ] {
        assert!(svg_text.contains(words), "no {words}");
    }
    let first = std::fs::read(&png).expect("written");
    assert!(first.starts_with(b"\x89PNG\r\n\x1a\n"));
    draw(&png).ends_with(0);
    assert_eq!(
        first,
        std::fs::read(&png).expect("written"),
        "the same bytes each time"
    );
    let ran = draw(&gif).ends_with(2);
    assert!(ran.err.contains("ends in .svg or .png"), "{}", ran.err);
    let nowhere = folder.path("no/such/folder.png");
    let ran = draw(&nowhere).ends_with(2);
    assert!(
        ran.err.starts_with(&format!("mondegreen: {nowhere}: ")),
        "{}",
        ran.err
    );
}

#[track_caller]
fn complaint(content: impl AsRef<[u8]>) -> String {
    let folder = Folder::new();
    let path = folder.file("given", content);
    let Ran { status, out, err } = run(&["calibrate", &path]);
    assert_eq!((status, &*out), (Some(2), ""), "{err}");
    err.replace(&path, "FILE").trim_end().to_owned()
}

#[test]
fn files_that_are_no_pairs() {
    let check = |content: &[u8], want: Expect| want.assert_eq(&complaint(content));
    check(
        b"",
        expect![
            "mondegreen: FILE: line 1: there is nothing in it; give a header and a pair a line, with tabs between the columns spoken, heard and accepted"
        ],
    );
    check(
        b"# pairs\nspoken\theard\taccepted\n",
        expect![
            "mondegreen: FILE: line 2: there is no pair in it; give a header and a pair a line, with tabs between the columns spoken, heard and accepted"
        ],
    );
    check(
        b"\x7fELF\x02\x01\x01\0\0\0",
        expect![
            "mondegreen: FILE: line 1: this is not text; give a header and a pair a line, with tabs between the columns spoken, heard and accepted"
        ],
    );
    check(
        b"spoken\theard\taccepted\ncaf\xe9\talexa\t1\n",
        expect![
            "mondegreen: FILE: line 2: this is not UTF-8; convert it, for example with `iconv -t utf-8`"
        ],
    );
    check(
        b"spoken\theard\na\tb\n",
        expect![
            "mondegreen: FILE: line 1: the header has no column `accepted`; give a header and a pair a line, with tabs between the columns spoken, heard and accepted"
        ],
    );
    check(
        b"spoken\theard\taccepted\theard\na\tb\t1\tc\n",
        expect!["mondegreen: FILE: line 1: the header has two columns `heard`"],
    );
    check(
        b"spoken\theard\taccepted\nlexa\talexa\n",
        expect!["mondegreen: FILE: line 2: the header has 3 columns and this line 2"],
    );
    assert!(
        run(&["calibrate", "/no/such/file"])
            .ends_with(2)
            .err
            .starts_with("mondegreen: /no/such/file: ")
    );
}

#[test]
fn pairs_that_make_no_sense() {
    let check = |row: &str, want: Expect| {
        let table = format!("spoken\theard\ttries\taccepted\nlexa\talexa\t1\tyes\n{row}\n");
        want.assert_eq(&complaint(table));
    };
    check(
        "lexa\talexa\t1\tNaN",
        expect![
            "mondegreen: FILE: line 3: `NaN` does not say whether it was accepted; write yes or no, or how many of the tries were"
        ],
    );
    check(
        "lexa\talexa\t1\t0.5",
        expect![
            "mondegreen: FILE: line 3: `0.5` does not say whether it was accepted; write yes or no, or how many of the tries were"
        ],
    );
    check(
        "lexa\talexa\t1\t-1",
        expect![
            "mondegreen: FILE: line 3: `-1` does not say whether it was accepted; write yes or no, or how many of the tries were"
        ],
    );
    check(
        "lexa\talexa\tNaN\t1",
        expect!["mondegreen: FILE: line 3: `NaN` is not a number of tries; write 1 or more"],
    );
    check(
        "lexa\talexa\t0\t0",
        expect!["mondegreen: FILE: line 3: `0` is not a number of tries; write 1 or more"],
    );
    check(
        "lexa\talexa\t99999999999999999999\t0",
        expect![
            "mondegreen: FILE: line 3: `99999999999999999999` is not a number of tries; write 1 or more"
        ],
    );
    check(
        "lexa\talexa\t5\t6",
        expect!["mondegreen: FILE: line 3: 6 were accepted of 5 tries"],
    );
    check(
        "lexa\talexa\t1\t2",
        expect![
            "mondegreen: FILE: line 3: 2 were accepted of 1 try; say in a column `tries` how often it was said"
        ],
    );
    check(
        "lexa\talexa\t5\tyes",
        expect![
            "mondegreen: FILE: line 3: `yes` does not say how many of 5 tries were accepted; write the number"
        ],
    );
    check(
        "!!\talexa\t5\t1",
        expect![
            "mondegreen: FILE: line 3: `!!` in column `spoken` has no English sounds; write words"
        ],
    );
    check(
        "lexa\t?\t5\t1",
        expect![
            "mondegreen: FILE: line 3: `?` in column `heard` has no English sounds; write words"
        ],
    );
    check(
        "lexa\t\t5\t1",
        expect![
            "mondegreen: FILE: line 3: `` in column `heard` has no English sounds; write words"
        ],
    );
}

#[test]
fn too_little_is_not_fitted() {
    let check = |rows: &[(&str, u32, u32)], want: Expect| {
        let row = |(spoken, tries, accepted): &(&str, u32, u32)| {
            format!("{spoken}\talexa\t{tries}\t{accepted}\n")
        };
        let rows: Vec<String> = rows.iter().map(row).collect();
        let header = "spoken\theard\ttries\taccepted\n".to_owned();
        want.assert_eq(&complaint(header + &rows.concat()));
    };
    let all = |tries: u32, accepted: u32| NEAR_ALEXA.map(|(spoken, _)| (spoken, tries, accepted));
    check(
        &all(10, 10),
        expect!["mondegreen: FILE: line 21: nothing was refused, so there is no curve to fit"],
    );
    check(
        &all(10, 0),
        expect!["mondegreen: FILE: line 21: nothing was accepted, so there is no curve to fit"],
    );
    check(
        &[("alexa", 100, 70)],
        expect![
            "mondegreen: FILE: line 2: of 1 spoken phrases a try was accepted and of 1 one was refused; to hold phrases out, 5 of each are needed"
        ],
    );
    check(
        &NEAR_ALEXA.map(|(spoken, accepted)| (spoken, 1, u32::from(accepted > 4))),
        expect![
            "mondegreen: FILE: line 21: 9 tries were accepted and 11 refused; a curve needs 20 of each, ten for each of its two figures (Peduzzi et al. 1996)"
        ],
    );
    check(
        &[
            ("lexa", 20, 10),
            ("Lexa!", 20, 10),
            ("election", 20, 10),
            ("a letter", 20, 5),
        ],
        expect![
            "mondegreen: FILE: line 5: of 3 spoken phrases a try was accepted and of 3 one was refused; to hold phrases out, 5 of each are needed"
        ],
    );
    check(
        // What follows makes nothing nearer.
        &[
            "lexa",
            "lexa now",
            "lexa two",
            "lexa four",
            "lexa please",
            "lexa stop",
        ]
        .map(|spoken| (spoken, 20, 10)),
        expect!["mondegreen: FILE: line 7: different distances: 1; a curve needs 5"],
    );
}

#[test]
fn columns_that_say_nothing_are_named() {
    let folder = Folder::new();
    let rows = NEAR_ALEXA.map(|(spoken, accepted)| {
        format!("radio\t{accepted}\tALEXA\r\t10\t{spoken}\r\n").replace("\r\t", "\t")
    });
    let table = format!(
        "\u{feff}voice\taccepted\theard\ttries\tspoken\r\n\r\n{}# over\r\n",
        rows.concat()
    );
    let near = pairs().replace("alexa\tAlexa\t20\t19\n", "");
    let other = folder.file("other.tsv", table);
    let ran = run(&["calibrate", &other, "--json"]).ends_with(0);
    assert_eq!(ran.err, "columns that are not used: voice\n");
    let plain = run(&["calibrate", &folder.file("plain.tsv", near), "--json"])
        .ends_with(0)
        .json();
    assert_eq!(ran.json()["fit"], plain["fit"]);
}
