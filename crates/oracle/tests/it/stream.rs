//! The judge that is fed line by line.

use crate::notation::trace;
use crate::service::turns;
use crate::{HOME, WHOLE, rules};
use mondegreen_oracle::{Judge, LineJudge, Reader, Rule, judge};
use mondegreen_trace::fact::Dictionary;
use mondegreen_trace::{Asks, Effect, Line};

fn see(judge: &mut LineJudge, lines: &[Line]) {
    for line in lines {
        judge.see(line);
    }
}

#[test]
fn a_clone_goes_its_own_way() {
    let whole = trace(&format!("{HOME}{WHOLE}"));
    let (before, after) = whole.lines.split_at(13);
    let mut judge = LineJudge::new();
    see(&mut judge, before);
    let mut refused = judge.clone();
    let no = trace("6.9 kitchen hears \"no\" 0.9 from 6.1");
    see(&mut refused, &no.lines);
    see(&mut refused, after);
    see(&mut judge, after);
    assert_eq!(judge.breaches(), []);
    assert_eq!(rules(refused.breaches()), [Rule::G9]);
}

/// A judge in the middle of a message, with a breach behind it, and the facts that it goes by.
fn midway() -> (Judge, Reader, Dictionary) {
    let (mut judge, mut reader) = (Judge::new(), Reader::new());
    let mut dictionary = Dictionary::new();
    let again = "> bedroom records m3\n12.0 kitchen pressed confirm\n> kitchen records m2\n";
    let asked = "> kitchen prompt 3 \"Ana Ruiz, right?\" 1.0 confirmation c1 m2\n";
    let heard = "13.5 kitchen hears \"so I said\" 0.9 from 11.0";
    for line in trace(&format!("{HOME}{WHOLE}{again}{asked}{heard}")).lines {
        judge.see(&dictionary.fact(&line), &mut reader, &dictionary);
    }
    (judge, reader, dictionary)
}

/// What is allocated is kept, what was seen is not.
#[test]
fn a_judge_can_be_made_like_another() {
    let (source, mut reader, mut dictionary) = midway();
    let mut judge = Judge::new();
    let asked = "> attic prompt 9 \"Eve, right?\" 1.0 confirmation";
    let other = format!("start attic | c7 Eve\n{asked}\n> attic records m9\n> done");
    for line in trace(&other).lines {
        judge.see(&dictionary.fact(&line), &mut reader, &dictionary);
    }
    judge.clone_from(&source);
    assert_eq!(format!("{judge:?}"), format!("{source:?}"));
    assert_eq!(format!("{:?}", source.clone()), format!("{source:?}"));
    let mut none = source;
    none.clone_from(&Judge::new());
    assert_eq!(format!("{none:?}"), format!("{:?}", Judge::new()));
}

#[test]
fn a_judge_that_is_reset_has_seen_nothing() {
    let (mut judge, ..) = midway();
    assert!(!judge.breaches().is_empty());
    judge.reset();
    assert_eq!(format!("{judge:?}"), format!("{:?}", Judge::new()));
}

#[test]
fn breaches_come_by_line_then_rule_and_once_for_a_message() {
    let bad = "> kitchen records m2\n> kitchen records m1\n> kitchen sends m1 to c1\n> kitchen sends m2 to c1\n> kitchen sends m3 to c1";
    let found = judge(&trace(&format!("{HOME}{bad}\n1.0 time")));
    let found: Vec<_> = found
        .iter()
        .map(|b| (b.line, b.rule, b.message.as_deref()))
        .collect();
    let want = [
        (1, Rule::G14, Some("m2")),
        (2, Rule::G14, Some("m1")),
        (3, Rule::G1, Some("m1")),
        (4, Rule::G1, Some("m2")),
        (5, Rule::G1, Some("m3")),
        (5, Rule::G14, Some("m3")),
    ];
    assert_eq!(found, want);
}

#[test]
fn silent_capture_shows_when_the_assistant_is_done() {
    let mut judge = LineJudge::new();
    let lines = trace(&format!("{HOME}1.0 time\n> kitchen records m1"));
    see(&mut judge, &lines.lines);
    assert_eq!(judge.breaches(), []);
    assert_eq!(judge.clone().finish().len(), 1);
    see(&mut judge, &trace("> done").lines);
    assert_eq!(judge.breaches().len(), 1);
}

/// What is remembered has limits; a trace that goes on for days is judged as at the beginning.
#[test]
fn a_trace_may_go_on_for_days() {
    let mut judge = LineJudge::new();
    see(&mut judge, &trace(HOME).lines);
    let mut sizes = Vec::new();
    for n in 100..600_u32 {
        let text = WHOLE.replace("m1", &format!("m{n}"));
        see(&mut judge, &at_home(&text));
        sizes.push(format!("{:?}", judge.judge()).len());
    }
    assert_eq!(judge.breaches(), []);
    let (early, late) = (sizes[150], sizes[499]);
    assert!(
        late < early + early / 20,
        "it has grown from {early} to {late}"
    );
    let bad = WHOLE
        .replace("m1", "m500")
        .replace("\"yes\"", "\"yes but\"");
    see(&mut judge, &at_home(&bad));
    see(&mut judge, &trace("> attic sends m9 to c1\n> done").lines);
    let found = [Rule::G8, Rule::G1, Rule::G14, Rule::I1];
    assert_eq!(rules(judge.breaches()), found);
}

#[test]
fn a_crowd_is_not_remembered_whole() {
    let size = |count: u32| {
        let mut judge = LineJudge::new();
        let question = "> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation";
        see(&mut judge, &trace(&format!("{HOME}{question}")).lines);
        for _ in 0..count {
            let heard = trace("2.0 kitchen hears \"well\" 0.9 from 1.5");
            see(&mut judge, &heard.lines);
        }
        format!("{:?}", judge.judge()).len()
    };
    let (early, late) = (size(100), size(300));
    assert!(
        late < early + early / 20,
        "it has grown from {early} to {late}"
    );
}

#[test]
fn devices_beyond_a_limit_are_not_judged() {
    let records = |n: u32| format!("> device{n} records m{n}\n");
    let crowd: Vec<String> = (0..300).map(records).collect();
    let found = judge(&trace(&format!("{HOME}{}", crowd.concat())));
    assert!(found.iter().all(|breach| breach.rule == Rule::G14));
    assert_eq!(found.len(), 254);
}

/// The lines of a trace at home, without its start.
fn at_home(text: &str) -> Vec<Line> {
    trace(&format!("{HOME}{text}")).lines.split_off(1)
}

/// Texts are forgotten when no verdict needs them any more, and what is found is the same.
#[test]
fn ever_new_texts_are_not_remembered_and_change_nothing() {
    let mut judge = LineJudge::new();
    see(&mut judge, &trace(HOME).lines);
    let lines: Vec<&str> = WHOLE.lines().collect();
    let (before, after) = lines.split_at(15);
    see(&mut judge, &at_home(&before.join("\n")));
    let mut sizes = Vec::new();
    for n in 0..100_000 {
        let device = "bedroom".to_owned();
        let text = format!("{n:06} times");
        judge.see(&Line::Out(Effect::Notice { device, text }));
        if n % 50_000 == 49_999 {
            sizes.push(format!("{judge:?}").len());
        }
    }
    assert!(sizes[1] < sizes[0], "{sizes:?}");
    see(&mut judge, &at_home(&after.join("\n")));
    assert_eq!(judge.breaches(), []);
    see(&mut judge, &trace("> kitchen sends m1 to c2").lines);
    let found = judge.finish();
    assert_eq!(rules(&found), [Rule::G2, Rule::G3, Rule::G10]);
    assert!(found.iter().all(|b| b.message.as_deref() == Some("m1")));
}

/// What is found in a trace whose texts are forgotten in its midst.
fn found(before: &str, after: &str, texts: u32) -> Vec<(Rule, Option<String>, String)> {
    let mut judge = LineJudge::new();
    // A home of before, so that nothing has the numbers that it has when all is forgotten.
    let elsewhere = "start attic | c9 Zoe Low\nsaid 0.000-1.000 attic Zoe: what a day\n";
    see(&mut judge, &trace(elsewhere).lines);
    see(&mut judge, &trace(&format!("{HOME}{before}")).lines);
    for n in 0..texts {
        let device = "bedroom".to_owned();
        let text = format!("{n:06} times");
        judge.see(&Line::Out(Effect::Notice { device, text }));
    }
    see(&mut judge, &at_home(after));
    let found = judge.finish().into_iter();
    found.map(|b| (b.rule, b.message, b.why)).collect()
}

/// Messages, devices, contacts, speech, and what is known to be broken keep their names.
#[test]
fn what_counts_is_known_when_other_texts_are_forgotten() {
    let (recorded, answered) = WHOLE.split_once("    said 6.500").expect("it is answered");
    let (sent, _) = WHOLE.split_once("    11.0").expect("it is delivered");
    let beside = "said 3.000-4.000 kitchen Bob: I lost my job\n";
    let patient = turns(8);
    let (some, more) = patient.split_once("said 41.").expect("there are eight");
    let told = "said 2.000-3.000 kitchen Eve [command]: lights on
        3.0 kitchen hears \"alexa lights on\" 0.9 from 2.0\n";
    let asks = "> kitchen prompt 1 \"To whom?\" 1.0 recipient m9\n";
    let off = format!("1.0 messaging off\n{asks}");
    for (before, after, rules) in [
        (
            format!("{recorded}{beside}"),
            format!("said 6.500{answered}").replace("2.0-5.0", "2.0-5.5"),
            [Rule::G3, Rule::I3].as_slice(),
        ),
        (
            sent.to_owned(),
            "12.0 time\n> kitchen sends m1 to c1 2.0-5.0".to_owned(),
            &[Rule::G10],
        ),
        (
            sent.to_owned(),
            "said 4.500-12.000 kitchen Bob: and so on".to_owned(),
            &[Rule::I3],
        ),
        (some.to_owned(), format!("said 41.{more}end"), &[Rule::S1]),
        (told.to_owned(), "end".to_owned(), &[Rule::S4]),
        (off, asks.to_owned(), &[Rule::G12]),
    ] {
        let known = found(&before, &after, 0);
        assert!(known.iter().map(|(rule, ..)| rule).eq(rules), "{known:?}");
        assert_eq!(found(&before, &after, 70_000), known);
    }
}

/// However many texts a line brings.
#[test]
fn texts_are_forgotten_however_they_come() {
    for first in 0..3_u32 {
        let mut judge = LineJudge::new();
        see(&mut judge, &trace(HOME).lines);
        let mut sizes = Vec::new();
        for n in 0..25_000_u32 {
            let id = |what: &str| Some(format!("{what}{n:06}"));
            let device = "bedroom".to_owned();
            judge.see(&Line::Out(if n < first {
                let text = format!("{n:06}");
                Effect::Notice { device, text }
            } else {
                Effect::Prompt {
                    device,
                    prompt: n,
                    text: format!("{n:06}"),
                    asks: Some(Asks::Command),
                    recipient: id("c"),
                    message: id("m"),
                    duration_ms: 1_000,
                }
            }));
            if n % 5_000 == 4_999 {
                sizes.push(format!("{judge:?}").len());
            }
        }
        assert!(sizes[4] < sizes[3], "{first}: {sizes:?}");
    }
}
