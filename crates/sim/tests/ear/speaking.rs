//! What goes over the pipes when nothing is wrong.

use crate::{Fake, second};
use mondegreen_sim::ear::{Alternative, Curve, Heard, Hearing, Kind, Peak};

#[test]
fn a_spotter_tells_names_times_and_scores() {
    let fake = Fake::that_when_it_heard(
        "say('detection', name=asked['names'][0], timestamp=700, from_ms=250, score=0.75, mood='good')\n\
         say('detection', name='hey_you', timestamp=300)\n\
         say('scores', name='hey_you', step_ms=500, scores=[0.5, 0.125])\n\
         say('voice-stopped', timestamp=1)",
    );
    let mut ear = fake.open();
    assert_eq!((ear.kind(), ear.name()), (Kind::Spotter, "fake 2"));
    assert_eq!(ear.names(), ["alexa_v0.1", "hey_you"]);
    assert_eq!(ear.name_of("Alexa"), Some("alexa_v0.1"));
    assert_eq!(ear.name_of("hey  You"), Some("hey_you"));
    assert_eq!(ear.name_of("lexa"), None);
    let hearing = |text: &str, from_ms, to_ms, score| Hearing {
        text: text.to_owned(),
        from_ms,
        to_ms,
        score,
        alternatives: Vec::new(),
    };
    let heard = Heard {
        hearings: vec![
            hearing("hey_you", 300, 300, None),
            hearing("alexa_v0.1", 250, 700, Some(0.75)),
        ],
        nearest: None,
        curves: vec![Curve {
            name: "hey_you".to_owned(),
            step_ms: 500,
            scores: vec![0.5, 0.125],
        }],
    };
    assert_eq!(
        ear.hear(&second(), &["alexa_v0.1"]),
        Ok(heard),
        "in the order of time"
    );
}

#[test]
fn a_spotter_that_spots_nothing_may_say_how_near_it_came() {
    let fake =
        Fake::that_when_it_heard("say('not-detected', name='alexa', timestamp=640, score=0.25)");
    let nearest = Some(Peak {
        at_ms: 640,
        score: 0.25,
    });
    let heard = fake.open().hear(&second(), &[]).expect("it hears");
    assert_eq!((heard.hearings, heard.nearest), (Vec::new(), nearest));
    let fake = Fake::that_when_it_heard("say('not-detected')");
    assert_eq!(fake.open().hear(&second(), &[]), Ok(Heard::default()));
}

#[test]
fn a_recogniser_tells_words_and_what_else_they_may_be() {
    let fake = Fake::with(
        "ABOUT = {'wake': [], 'asr': [{'name': 'scribe', 'models': []}]}\n\
         def heard(asked, sound):\n    \
             terms = asked.get('transcript_terms')\n    \
             assert not terms or asked['sounds']['yes'] == ['Y EH S'], asked\n    \
             other = {'text': str(terms), 'score': None}\n    \
             part = {'text': ' send it ', 'from_ms': 100, 'to_ms': 800, 'score': 0.5, 'alternatives': [other]}\n    \
             say('transcript', text='send it', segments=[part, {'text': ''}])\n",
    );
    let mut ear = fake.open();
    assert_eq!(ear.kind(), Kind::Recogniser);
    let heard = |terms: &str| Heard {
        hearings: vec![Hearing {
            text: "send it".to_owned(),
            from_ms: 100,
            to_ms: 800,
            score: Some(0.5),
            alternatives: vec![Alternative {
                text: terms.to_owned(),
                score: None,
            }],
        }],
        ..Heard::default()
    };
    assert_eq!(ear.hear(&second(), &[]), Ok(heard("None")));
    assert_eq!(
        ear.hear(&second(), &["yes", "no"]),
        Ok(heard("['yes', 'no']"))
    );
}

/// As any Wyoming recogniser answers: the text, and no more.
#[test]
fn a_plain_transcript_spans_the_recording() {
    let fake = Fake::with(
        "ABOUT = {'asr': [{'name': 'scribe'}]}\n\
         def heard(asked, sound):\n    say('transcript', text='send it')\n",
    );
    let heard = fake.open().hear(&second(), &[]).expect("it hears");
    let [hearing] = heard.hearings.as_slice() else {
        unreachable!("{heard:?}")
    };
    assert_eq!(
        (hearing.from_ms, hearing.to_ms, hearing.score),
        (0, 1_000, None)
    );
}

#[test]
fn the_sound_arrives_as_it_was_however_long() {
    let fake = Fake::that_when_it_heard(
        "samples = array.array('h', sound)\n\
         say('detection', name=f'{len(samples)} {sum(samples)} {samples[-1] if samples else None}')",
    );
    let mut ear = fake.open();
    let long: Vec<i16> = (0..900_001)
        .map(|at| i16::try_from(at % 65_536 - 32_768).unwrap_or(0))
        .collect();
    for samples in [&[][..], &[-3], &second(), &long] {
        let sum: i64 = samples.iter().map(|sample| i64::from(*sample)).sum();
        let last = samples.last().map_or("None".to_owned(), i16::to_string);
        let heard = ear.hear(samples, &[]).expect("it hears");
        assert_eq!(
            heard.hearings[0].text,
            format!("{} {sum} {last}", samples.len())
        );
    }
}

#[test]
fn answers_may_come_in_pieces_with_data_and_payload() {
    let fake = Fake::with(
        "def raw(data):\n    \
             for byte in data:\n        \
                 sys.stdout.buffer.write(bytes([byte]))\n        \
                 sys.stdout.buffer.flush()\n\
         def heard(asked, sound):\n    \
             raw(b'{\"type\":\"detection\",\"data\":{\"name\":\"a\",\"score\":1}}\\n')\n    \
             say('detection', payload=b'\\n{}\\n', name='b')\n",
    );
    let heard = fake.open().hear(&second(), &[]).expect("it hears");
    let names: Vec<&str> = heard
        .hearings
        .iter()
        .map(|hearing| hearing.text.as_str())
        .collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn nothing_is_heard_after_the_end_or_backwards() {
    let fake = Fake::that_when_it_heard(
        "say('detection', name='late', timestamp=1 << 60)\n\
         say('detection', name='backwards', timestamp=20, from_ms=30)",
    );
    let heard = fake.open().hear(&second(), &[]).expect("it hears");
    let spans: Vec<(u64, u64)> = heard
        .hearings
        .iter()
        .map(|h| (h.from_ms, h.to_ms))
        .collect();
    assert_eq!(spans, [(20, 20), (1_000, 1_000)]);
}
