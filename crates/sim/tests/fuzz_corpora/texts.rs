//! Seeds that are text, lines of the protocol, or sound.

use crate::Seeds;
use std::collections::BTreeMap;

#[rustfmt::skip]
pub(crate) fn script() -> Seeds {
    let title = "mondegreen script 1\n";
    let home = "seed 7\ndevice kitchen\ndevice hall\ncontact c1 Grace Hope\nmessaging on\n\n";
    let script = |events: &str| format!("{title}{home}{events}").into_bytes();
    BTreeMap::from([
        ("empty", Vec::new()),
        ("title", title.into()),
        ("not-text", vec![0xFF, 0xFE, 0x00]),
        ("home", script("")),
        ("talk", script("4.100-5.900 kitchen Maria: I got a letter from the council.\n9.000-9.600 kitchen+hall Tom: Right.\n")),
        ("meant", script("1.000-1.600 kitchen Tom [request c1]: Alexa.\n3.000-4.000 kitchen Tom [request c1]: Send a message.\n9.000-9.500 kitchen Tom [content c1]: Home late.\n20.000-20.400 kitchen Tom [cancel]: Stop.\n30.000-31.000 hall Tom [command]: Turn on the lights.\n")),
        ("happenings", script("1.000 kitchen pressed confirm\n2.000 kitchen pressed cancel\n3.000 restart\n4.000 messaging off\n5.000 delivery failed\n")),
        ("escapes", script("1.000-2.000 kitchen A\\\\B: one\\ntwo\\rthree\n")),
        ("comments", script("# nobody\n\n1.000-2.000 kitchen Tom:\n# speaks\n")),
        ("late", script("18446744073709551.614-18446744073709551.615 kitchen Tom: Alexa.\n")),
        ("back-in-time", script("2.000 restart\n1.000 restart\n")),
        ("too-late", script("18446744073709551.616 restart\n")),
        ("no-such-device", script("1.000-2.000 attic Tom: Hello.\n")),
        ("no-such-contact", script("1.000-2.000 kitchen Tom [request c9]: Hello.\n")),
        ("device-twice", script("device hall\n")),
        ("five-devices", script("device a\ndevice b\ndevice c\n1.000-2.000 a Tom: Alexa.\n")),
        ("nobody-at-home", format!("{title}messaging off\n1.000 restart\n").into_bytes()),
    ])
}

/// A conversation that ends in a send, as its trace is written.
const SEND: &str = r#"{"type":"start","protocol":1,"seed":7,"at_ms":0,"household":{"devices":["hall"],"contacts":[{"id":"c1","name":"Ana Ruiz"}],"messaging":true}}
{"type":"prompt","device":"hall","prompt":3,"text":"Ana Ruiz, right?","asks":"confirmation","recipient":"c1","message":"m1","duration_ms":1100}
{"type":"record","device":"hall","message":"m1"}
{"type":"record_ended","device":"hall","message":"m1"}
{"type":"prompt_ended","at_ms":1100,"device":"hall","prompt":3}
{"type":"heard","at_ms":2000,"device":"hall","from_ms":1500,"final":true,"voice":"person","hypotheses":[{"text":"yes","confidence":0.9}]}
{"type":"send","device":"hall","message":"m1","recipient":"c1","from_ms":0,"to_ms":0}
"#;

#[rustfmt::skip]
pub(crate) fn protocol() -> Seeds {
    let seed = |lines: &str| lines.replace('~', "\n").into_bytes();
    BTreeMap::from([
        ("empty", Vec::new()),
        ("send", SEND.into()),
        ("sent-twice", [SEND, SEND].concat().into()),
        ("hello", seed(r#"{"type":"hello","protocol":1,"name":"some","version":"1.0"}~{"type":"done"}"#)),
        ("heard", seed(r#"{"type":"heard","at_ms":5230,"device":"hall","from_ms":4100,"final":false,"voice":"device","hypotheses":[{"text":"alexa","confidence":0.71},{"text":"a letter","confidence":0.22}]}~{"type":"withdrawn","at_ms":5400,"device":"hall","from_ms":4100}"#)),
        ("stranger", seed(r#"{"type":"heard","at_ms":1,"device":"hall","from_ms":0,"final":true,"voice":"unknown","hypotheses":[]}"#)),
        ("pressed", seed(r#"{"type":"pressed","at_ms":6500,"device":"hall","button":"confirm"}~{"type":"pressed","at_ms":6500,"device":"hall","button":"cancel"}"#)),
        ("time", seed(r#"{"type":"time","at_ms":7000}~{"type":"timer","at_ms":18446744073709551615}~{"type":"time","at_ms":18446744073709551615}"#)),
        ("delivery", seed(r#"{"type":"delivery","at_ms":7100,"message":"m1","ok":false}~{"type":"delivery","at_ms":7100,"message":"m1","ok":true}"#)),
        ("setting", seed(r#"{"type":"setting","at_ms":7200,"messaging":false}~{"type":"restart","at_ms":7300}~{"type":"end"}"#)),
        ("prompt", seed(r#"{"type":"prompt","device":"hall","prompt":4294967295,"text":"To whom?","asks":"recipient","duration_ms":900}~{"type":"prompt","device":"hall","prompt":0,"text":"","duration_ms":0}"#)),
        ("listen", seed(r#"{"type":"listen","device":"hall","for":"wake"}~{"type":"listen","device":"hall","for":"command","until_ms":14400}~{"type":"listen","device":"hall","for":"message","until_ms":0}"#)),
        ("notice", seed(r#"{"type":"notice","device":"hall","text":"\"Sent\"\u0000"}~{"type":"cancel","device":"hall","message":"m1"}~{"type":"cancel","device":"hall"}~{"type":"act","device":"hall","action":"light_on"}"#)),
        ("said", seed(r#"{"said":{"from_ms":0,"to_ms":900,"devices":["hall"],"speaker":"Ana","text":"Cancel.","meant":"cancel"}}~{"said":{"from_ms":1000,"to_ms":900,"devices":[],"speaker":"","text":""}}~{"said":{"from_ms":0,"to_ms":1,"devices":["hall"],"speaker":"Ana","text":"Alexa.","meant":"command"}}"#)),
        ("meant", seed(r#"{"said":{"from_ms":0,"to_ms":1,"devices":["hall"],"speaker":"Ana","text":"","meant":{"request":{"contact":"c1"}}}}~{"said":{"from_ms":0,"to_ms":1,"devices":["hall"],"speaker":"Ana","text":"","meant":{"content":{"contact":"c9"}}}}~{"said":{"from_ms":0,"to_ms":1,"devices":["hall"],"speaker":"Ana","text":"","meant":"nobody"}}"#)),
        ("precise", seed(r#"{"type":"heard","at_ms":1,"device":"hall","from_ms":0,"final":true,"voice":"person","hypotheses":[{"text":"yes","confidence":0.30000000000000004},{"text":"","confidence":-1e-308}]}"#)),
        ("unknown-field", seed(r#"{"type":"end","name":"bored"}"#)),
        ("unknown-type", seed(r#"{"type":"shrug"}"#)),
        ("cut-off", seed(r#"{"type":"time","at_ms":70"#)),
        ("not-an-object", seed(r#"7~[]~null~"end""#)),
        ("beyond", seed(r#"{"type":"time","at_ms":18446744073709551616}~{"type":"time","at_ms":-1}~{"type":"time","at_ms":1.0}"#)),
        ("key-twice", seed(r#"{"type":"time","at_ms":1,"at_ms":2}"#)),
        ("not-text", vec![b'"', 0xFF, 0x00, b'"', b'\n', b'{']),
        ("deep", seed(&"[".repeat(200))),
    ])
}

#[rustfmt::skip]
pub(crate) fn talk() -> Seeds {
    let table = |lines: &str| lines.replace('~', "\n").replace('|', "\t").into_bytes();
    let cues = |lines: &str| lines.replace('~', "\n").into_bytes();
    BTreeMap::from([
        ("empty", Vec::new()),
        ("blank", table("~  ~~")),
        ("table", table("# seconds, speaker, text~1.5|Ana|I got a letter from the council.~2|Tom|Right.~2,25||Uh-huh.")),
        ("table-crlf", table("1|Ana|One.\r~2|Tom|Two.\r~")),
        ("table-long", table(&format!("1|Ana|{}", "right ".repeat(60)))),
        ("table-late", table("18446744073709551.615|Ana|Late.")),
        ("table-too-late", table("18446744073709551.616|Ana|Late.")),
        ("table-backwards", table("2|Ana|Two.~1|Tom|One.")),
        ("table-two-columns", table("1|Ana")),
        ("table-no-number", table("one|Ana|Right.")),
        ("vtt", cues("WEBVTT~~NOTE nobody~~00:01.000 --> 00:02.500~<v Ana>I got a <i>letter</i>.~~intro~01:00:03.000 --> 01:00:04.000 align:start~<v Tom>Right &amp; left.</v> <v Ana>No.")),
        ("vtt-mark", "\u{feff}WEBVTT - talk\r\rSTYLE\r::cue {}\r\r00:00.000 --> 00:00.000\rHello.".into()),
        ("vtt-backwards", cues("WEBVTT~~00:02.000 --> 00:01.000~Hello.")),
        ("vtt-no-times", cues("WEBVTT~~Hello.~There.")),
        ("vtt-bad-time", cues("WEBVTT~~00:61.000 --> 1:2:3:4~Hello.")),
        ("vtt-nothing", cues("WEBVTT~~REGION~id:1")),
        ("srt", cues("1~00:00:01,000 --> 00:00:02,000~ANA: Did you~see it?~~2~00:00:02,500 --> 00:00:03,000~- TOM: Right.~- Yeah.")),
        ("srt-overlap", cues("1~00:00:01,000 --> 00:00:09,000~ANA: One.~~2~00:00:02,000 --> 00:00:03,000~Two.")),
        ("srt-out-of-order", cues("1~00:00:05,000 --> 00:00:09,000~ANA: One.~~2~00:00:02,000 --> 00:00:03,000~Two.")),
        ("binary", vec![0, 1, 2, b'\n', 0]),
        ("latin", vec![b'1', b'\t', b'A', b'\t', 0xE9]),
    ])
}

/// A WAV file with this tag, channels, rate, bits and sound.
fn sound(tag: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
    let frame = channels * bits / 8;
    let length = u32::try_from(data.len()).expect("it is short");
    let mut file = b"RIFF".to_vec();
    file.extend((length + 36).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0");
    file.extend(tag.to_le_bytes());
    file.extend(channels.to_le_bytes());
    file.extend(rate.to_le_bytes());
    file.extend((rate * u32::from(frame)).to_le_bytes());
    file.extend(frame.to_le_bytes());
    file.extend(bits.to_le_bytes());
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(data);
    file
}

/// The same, changed.
fn but(file: &[u8], at: usize, with: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    file[at..at + with.len()].copy_from_slice(with);
    file
}

/// The 24 bytes by which the longer format goes on: 24 bits, one channel, this tag.
fn longer(tag: u16) -> Vec<u8> {
    let mut format = b"\x16\0\x18\0\x04\0\0\0".to_vec();
    format.extend(tag.to_le_bytes());
    format.extend(b"\0\0\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71");
    format
}

#[rustfmt::skip]
pub(crate) fn wav() -> Seeds {
    let data: Vec<u8> = (0..24).map(|at| at * 11).collect();
    let plain = sound(1, 1, 16_000, 16, &data);
    let floats: Vec<u8> = [0.0_f32, 0.5, -1.0, f32::MAX, -0.0, 1e-40].iter().flat_map(|x| x.to_le_bytes()).collect();
    let float = sound(3, 1, 48_000, 32, &floats);
    let mut extensible = but(&sound(0xFFFE, 1, 8_000, 24, &data), 16, &[40]);
    extensible.splice(36..36, longer(1));
    let mut chunks = plain.clone();
    chunks.splice(12..12, *b"LIST\x03\0\0\0abc\0");
    BTreeMap::from([
        ("empty", Vec::new()),
        ("mono-16", plain.clone()),
        ("mono-24", sound(1, 1, 44_100, 24, &data)),
        ("stereo-16", sound(1, 2, 22_050, 16, &data)),
        ("stereo-24", sound(1, 2, 8_000, 24, &data)),
        ("float", float.clone()),
        ("stereo-float", sound(3, 2, 48_000, 32, &floats)),
        ("extensible", extensible),
        ("chunks", chunks),
        ("silence", sound(1, 1, 16_000, 16, &[])),
        ("unfilled", but(&but(&plain, 4, &[0; 4]), 40, &[0; 4])),
        ("piped", but(&but(&plain, 4, &[0xFF; 4]), 40, &[0xFF; 4])),
        ("lying", but(&plain, 40, &[0xFE, 0xFF, 0xFF, 0x7F])),
        ("odd-end", plain[..plain.len() - 1].to_vec()),
        ("not-a-number", but(&float, 48, &f32::NAN.to_le_bytes())),
        ("cut-off", plain[..30].to_vec()),
        ("no-format", but(&plain, 12, b"data")),
        ("short-format", but(&plain, 16, &[15])),
        ("endless-format", but(&plain, 16, &[0xFF; 4])),
        ("endless-chunk", but(&plain, 12, b"LIST\xFF\xFF\xFF\xFF")),
        ("many-channels", sound(1, 300, 16_000, 16, &data)),
        ("fast", sound(1, 1, 96_000, 16, &data)),
        ("bits-8", sound(1, 1, 16_000, 8, &data)),
        ("compressed", sound(2, 1, 16_000, 16, &data)),
        ("big-endian", but(&plain, 0, b"RIFX")),
    ])
}
