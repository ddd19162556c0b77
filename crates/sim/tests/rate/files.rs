//! Bad files are refused with their line.

use mondegreen_generator::Traffic;
use mondegreen_sim::ChannelLaw;

#[track_caller]
fn refused(text: &str, line: usize, why: &str) {
    let error = Traffic::read(text).expect_err("a bad file");
    assert_eq!((error.line(), error.to_string().as_str()), (line, why));
}

#[test]
fn bad_traffic_is_refused_with_its_line() {
    let file = |rows: &str| format!("# mine\nmondegreen traffic 1\n{rows}");
    refused("", 1, "the first line is `mondegreen traffic 1`");
    refused(
        "mondegreen channel 1",
        1,
        "the first line is `mondegreen traffic 1`",
    );
    refused(
        &file("talk.hours\t2\tme"),
        3,
        "`television.hours` is missing",
    );
    refused(
        &file("talk.hours\t-1\tme"),
        3,
        "`talk.hours` lies between 0 and 24",
    );
    refused(&file("talk.hours\tNaN\tme"), 3, "`NaN` is not a number");
    refused(&file("\ntalk.hours\tmuch\tme"), 4, "`much` is not a number");
    refused(&file("talk.hours\t1\t"), 3, "`talk.hours` has no source");
    refused(&file("talks\t1\tme"), 3, "there is no figure `talks`");
    let twice = "talk.hours\t1\tme\ntalk.hours\t1\tme";
    refused(&file(twice), 4, "`talk.hours` is there twice");
}

/// The shipped file with one figure set to something else.
fn with(name: &str, value: &str) -> (String, usize) {
    let mut rows: Vec<String> = Traffic::SHIPPED.lines().map(str::to_owned).collect();
    let at = rows
        .iter()
        .position(|row| row.starts_with(&format!("{name}\t")));
    let at = at.expect("a figure");
    rows[at] = format!("{name}\t{value}\tme");
    (rows.join("\n"), at + 1)
}

#[test]
fn figures_that_cannot_be_together_are_refused() {
    for (name, value, why) in [
        (
            "television.hours",
            "23",
            "the day has more than 24 hours of talk",
        ),
        (
            "people.most",
            "1",
            "people are counted in whole numbers, the fewest first",
        ),
        (
            "people.most",
            "2.5",
            "people are counted in whole numbers, the fewest first",
        ),
        (
            "backchannel.right",
            "0.5",
            "the kinds of backchannel are more than all of them",
        ),
        (
            "right.whole",
            "0.001",
            "the backchannel \"right\" alone is more often than that",
        ),
        (
            "question.share",
            "1",
            "somebody has to tell something now and then",
        ),
        (
            "right.whole",
            "0.5",
            "listeners would say more than one thing after a move",
        ),
        (
            "send.words",
            "0",
            "\"send it\" alone is more often than that",
        ),
        (
            "name.words",
            "10000",
            "more is asked for than there are utterances",
        ),
    ] {
        let (text, line) = with(name, value);
        refused(&text, line, why);
    }
}

#[test]
fn traffic_says_how_much_of_an_hour_is_talk() {
    let (text, _) = with("talk.hours", "3.23");
    let traffic = Traffic::read(&text).expect("a good file");
    assert!((traffic.talk_per_hour() - 0.25).abs() < 1e-12);
    let shipped = Traffic::read(Traffic::SHIPPED).expect("the file that comes along");
    assert!((0.1..0.5).contains(&shipped.talk_per_hour()));
}

#[test]
fn a_channel_needs_all_its_figures() {
    for (engine, file) in ChannelLaw::OF_ENGINES {
        let law = ChannelLaw::read(ChannelLaw::of_engine(engine).expect("its file"));
        assert_eq!(law.as_ref(), ChannelLaw::read(file).as_ref());
        assert!(law.expect("a law").wake.shift > 0.0, "{engine}");
    }
    assert_eq!(ChannelLaw::of_engine("channel-1"), None);
    for row in ChannelLaw::SHIPPED
        .lines()
        .filter(|row| row.contains('\t') && !row.starts_with('#'))
    {
        let without = ChannelLaw::SHIPPED.replace(row, "");
        let error = ChannelLaw::read(&without).expect_err("a figure is missing");
        assert!(error.to_string().ends_with("is missing"), "{row}: {error}");
    }
}
