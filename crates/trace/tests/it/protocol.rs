//! The lines of the protocol, as other programs read and write them.

use expect_test::{Expect, expect};
use mondegreen_trace::{
    Asks, Button, Contact, Effect, Household, Hypothesis, Input, Line, Meant, PROTOCOL, Trace,
    Utterance, Voice,
};

pub(crate) fn inputs() -> Vec<Input> {
    let device = "kitchen".to_owned();
    let heard = |text: &str, confidence| Hypothesis {
        text: text.to_owned(),
        confidence,
    };
    let household = Household {
        devices: vec![device.clone()],
        contacts: vec![Contact {
            id: "c1".to_owned(),
            name: "Ana Ruiz".to_owned(),
        }],
        messaging: true,
    };
    vec![
        Input::Start {
            protocol: PROTOCOL,
            seed: 7,
            at_ms: 0,
            household,
        },
        Input::Heard {
            at_ms: 5_230,
            device: device.clone(),
            from_ms: 4_100,
            is_final: true,
            voice: Voice::Person,
            hypotheses: vec![heard("alexa", 0.71), heard("a letter", 0.22)],
        },
        Input::Withdrawn {
            at_ms: 5_400,
            device: device.clone(),
            from_ms: 4_100,
        },
        Input::PromptEnded {
            at_ms: 6_400,
            device: device.clone(),
            prompt: 3,
        },
        Input::Pressed {
            at_ms: 6_500,
            device: device.clone(),
            button: Button::Confirm,
        },
        Input::Pressed {
            at_ms: 6_500,
            device,
            button: Button::Cancel,
        },
        Input::Time { at_ms: u64::MAX },
        Input::Delivery {
            at_ms: 7_100,
            message: "m1".to_owned(),
            ok: false,
        },
        Input::Setting {
            at_ms: 7_200,
            messaging: false,
        },
        Input::Restart { at_ms: 7_300 },
        Input::End,
    ]
}

pub(crate) fn effects() -> Vec<Effect> {
    let (device, message) = (|| "kitchen".to_owned(), || "m1".to_owned());
    let text = || "Ana Ruiz, right?".to_owned();
    let prompt = |asks, recipient: Option<&str>, message: Option<&str>| Effect::Prompt {
        device: device(),
        prompt: 3,
        text: text(),
        asks,
        recipient: recipient.map(str::to_owned),
        message: message.map(str::to_owned),
        duration_ms: 1_100,
    };
    let listen = |listens_for, until_ms| Effect::Listen {
        device: device(),
        listens_for,
        until_ms,
    };
    let send = |from_ms, to_ms| Effect::Send {
        device: device(),
        message: message(),
        recipient: "c1".to_owned(),
        from_ms,
        to_ms,
    };
    vec![
        Effect::Hello {
            protocol: PROTOCOL,
            name: "echo".to_owned(),
            version: "1.2".to_owned(),
        },
        prompt(Some(Asks::Confirmation), Some("c1"), Some("m1")),
        prompt(None, None, None),
        listen(Asks::Wake, None),
        listen(Asks::Command, Some(14_400)),
        listen(Asks::Recipient, Some(14_400)),
        listen(Asks::Message, Some(14_400)),
        Effect::Record {
            device: device(),
            message: message(),
        },
        Effect::RecordEnded {
            device: device(),
            message: message(),
        },
        send(Some(8_000), Some(12_000)),
        send(None, None),
        Effect::Cancel {
            device: device(),
            message: Some(message()),
        },
        Effect::Cancel {
            device: device(),
            message: None,
        },
        Effect::Notice {
            device: device(),
            text: "Sent.".to_owned(),
        },
        Effect::Act {
            device: device(),
            action: "light_on".to_owned(),
        },
        Effect::Timer { at_ms: 8_000 },
        Effect::Done,
    ]
}

fn written<T: serde::Serialize>(lines: &[T]) -> String {
    let line = |line: &T| serde_json::to_string(line).expect("a line") + "\n";
    lines.iter().map(line).collect()
}

#[test]
fn inputs_are_written_as_the_protocol_says() {
    let want = expect![[r#"
        {"type":"start","protocol":1,"seed":7,"at_ms":0,"household":{"devices":["kitchen"],"contacts":[{"id":"c1","name":"Ana Ruiz"}],"messaging":true}}
        {"type":"heard","at_ms":5230,"device":"kitchen","from_ms":4100,"final":true,"voice":"person","hypotheses":[{"text":"alexa","confidence":0.71},{"text":"a letter","confidence":0.22}]}
        {"type":"withdrawn","at_ms":5400,"device":"kitchen","from_ms":4100}
        {"type":"prompt_ended","at_ms":6400,"device":"kitchen","prompt":3}
        {"type":"pressed","at_ms":6500,"device":"kitchen","button":"confirm"}
        {"type":"pressed","at_ms":6500,"device":"kitchen","button":"cancel"}
        {"type":"time","at_ms":18446744073709551615}
        {"type":"delivery","at_ms":7100,"message":"m1","ok":false}
        {"type":"setting","at_ms":7200,"messaging":false}
        {"type":"restart","at_ms":7300}
        {"type":"end"}
    "#]];
    let text = written(&inputs());
    want.assert_eq(&text);
    let back: Result<Vec<Input>, _> = text.lines().map(serde_json::from_str).collect();
    assert_eq!(back.expect("inputs"), inputs());
}

#[test]
fn effects_are_written_as_the_protocol_says() {
    let want = expect![[r#"
        {"type":"hello","protocol":1,"name":"echo","version":"1.2"}
        {"type":"prompt","device":"kitchen","prompt":3,"text":"Ana Ruiz, right?","asks":"confirmation","recipient":"c1","message":"m1","duration_ms":1100}
        {"type":"prompt","device":"kitchen","prompt":3,"text":"Ana Ruiz, right?","duration_ms":1100}
        {"type":"listen","device":"kitchen","for":"wake"}
        {"type":"listen","device":"kitchen","for":"command","until_ms":14400}
        {"type":"listen","device":"kitchen","for":"recipient","until_ms":14400}
        {"type":"listen","device":"kitchen","for":"message","until_ms":14400}
        {"type":"record","device":"kitchen","message":"m1"}
        {"type":"record_ended","device":"kitchen","message":"m1"}
        {"type":"send","device":"kitchen","message":"m1","recipient":"c1","from_ms":8000,"to_ms":12000}
        {"type":"send","device":"kitchen","message":"m1","recipient":"c1"}
        {"type":"cancel","device":"kitchen","message":"m1"}
        {"type":"cancel","device":"kitchen"}
        {"type":"notice","device":"kitchen","text":"Sent."}
        {"type":"act","device":"kitchen","action":"light_on"}
        {"type":"timer","at_ms":8000}
        {"type":"done"}
    "#]];
    let text = written(&effects());
    want.assert_eq(&text);
    let back: Result<Vec<Effect>, _> = text.lines().map(serde_json::from_str).collect();
    assert_eq!(back.expect("effects"), effects());
}

#[test]
fn unknown_fields_are_ignored() {
    for line in written(&inputs()).lines() {
        let more = line.replacen('{', "{\"mood\":[1,{\"of\":\"day\"}],", 1);
        assert_eq!(read::<Input>(&more), read(line), "{more}");
    }
    for line in written(&effects()).lines() {
        let more = line.replacen('{', "{\"mood\":null,", 1);
        assert_eq!(read::<Effect>(&more), read(line), "{more}");
    }
    let contact = r#"{"id":"c1","name":"Ana","phone":"112"}"#;
    assert_eq!(read::<Contact>(contact).expect("a contact").name, "Ana");
}

fn read<T: serde::de::DeserializeOwned>(line: &str) -> Result<T, String> {
    serde_json::from_str(line).map_err(|error| error.to_string())
}

#[track_caller]
fn check_effect(line: &str, want: &Expect) {
    want.assert_eq(&read::<Effect>(line).expect_err("not an effect"));
}

#[test]
fn what_is_not_in_the_protocol_is_an_error() {
    check_effect(
        r#"{"type":"sing"}"#,
        &expect![
            "unknown variant `sing`, expected one of `hello`, `prompt`, `listen`, `record`, `record_ended`, `send`, `cancel`, `notice`, `act`, `timer`, `done` at line 1 column 14"
        ],
    );
    check_effect(
        r#"{"device":"kitchen"}"#,
        &expect!["missing field `type` at line 1 column 20"],
    );
    check_effect(
        r#"{"type":"record","device":"kitchen"}"#,
        &expect!["missing field `message`"],
    );
    check_effect(
        r#"{"type":"timer","at_ms":-1}"#,
        &expect!["invalid value: integer `-1`, expected u64"],
    );
    check_effect(
        r#"{"type":"timer","at_ms":1.5}"#,
        &expect!["invalid type: floating point `1.5`, expected u64"],
    );
    check_effect(
        r#"{"type":"listen","device":"kitchen","for":"fun"}"#,
        &expect![
            "unknown variant `fun`, expected one of `wake`, `command`, `recipient`, `message`, `confirmation`"
        ],
    );
    check_effect("done", &expect!["expected value at line 1 column 1"]);
    assert!(
        read::<Input>(r#"{"type":"done"}"#).is_err(),
        "an effect is not an input"
    );
    assert!(
        read::<Effect>(r#"{"type":"end"}"#).is_err(),
        "an input is not an effect"
    );
    assert!(read::<Line>(r#"{"type":"sing"}"#).is_err());
    assert!(read::<Line>(r#"{"said":{"text":"Right."}}"#).is_err());
}

#[test]
fn a_trace_holds_all_three_kinds_of_line() {
    let said = Utterance {
        from_ms: 4_100,
        to_ms: 5_900,
        devices: vec!["kitchen".to_owned()],
        speaker: "Maria".to_owned(),
        text: "I got a \"letter\".".to_owned(),
        meant: Meant::Nobody,
    };
    let asked = Utterance {
        meant: Meant::Request {
            contact: "c1".to_owned(),
        },
        ..said.clone()
    };
    let truths = [Line::Said { said }, Line::Said { said: asked }];
    let inputs = inputs().into_iter().map(Line::In);
    let effects = effects().into_iter().map(Line::Out);
    let trace = Trace {
        lines: truths.into_iter().chain(inputs).chain(effects).collect(),
    };
    let text = trace.to_json_lines().expect("JSON");
    let truths: Vec<&str> = text.lines().take(2).collect();
    expect![[r#"
        {"said":{"from_ms":4100,"to_ms":5900,"devices":["kitchen"],"speaker":"Maria","text":"I got a \"letter\"."}}
        {"said":{"from_ms":4100,"to_ms":5900,"devices":["kitchen"],"speaker":"Maria","text":"I got a \"letter\".","meant":{"request":{"contact":"c1"}}}}"#]].assert_eq(&truths.join("\n"));
    let back: Result<Vec<Line>, _> = text.lines().map(serde_json::from_str).collect();
    assert_eq!(back.expect("lines"), trace.lines);
}

#[test]
fn every_input_but_the_end_has_a_time() {
    let times: Vec<Option<u64>> = inputs().iter().map(Input::at_ms).collect();
    let want = [
        0,
        5_230,
        5_400,
        6_400,
        6_500,
        6_500,
        u64::MAX,
        7_100,
        7_200,
        7_300,
    ]
    .map(Some);
    assert_eq!(times[..10], want);
    assert_eq!(times[10..], [None]);
}

/// A confidence that was computed has all its digits, and another program has to see the same.
#[test]
fn confidences_read_back_to_the_last_digit() {
    for thousandths in 1..1_000 {
        let confidence = f64::from(thousandths) / 3_000.0;
        let written = Hypothesis {
            text: "yes".to_owned(),
            confidence,
        };
        let json = serde_json::to_string(&written).expect("it is finite");
        let read: Hypothesis = serde_json::from_str(&json).expect("it is JSON");
        assert_eq!(read, written, "{json}");
    }
}
