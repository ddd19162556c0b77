//! Every script prints and reads back as itself, and no text stops the parser.

use mondegreen_trace::{
    Button, Contact, Event, Happening, Hears, Household, Meant, ParseError, Script, Utterance,
};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

/// What a careless parser trips over.
const ODD: [char; 20] = [
    'a', 'Z', ' ', '\t', '\n', '\r', '\\', '[', ']', ':', '#', '+', '-', '.', '"', '\0', 'é', '日',
    '\u{2028}', '\u{feff}',
];

/// Any text that has no blanks at its ends: scripts do not keep those.
fn any_text() -> impl Strategy<Value = String> {
    let odd = prop_oneof![3 => select(&ODD[..]), 1 => any::<char>()];
    vec(odd, 0..16).prop_map(|chars| chars.into_iter().collect::<String>().trim().to_owned())
}

fn any_word() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("restart".to_owned()),
        Just("delivery".to_owned()),
        Just("messaging".to_owned()),
        Just("1.000-2.000".replace('.', "_")),
        "[a-zA-Z0-9_é日-]{1,6}",
    ]
}

fn any_household() -> impl Strategy<Value = Household> {
    let contacts = btree_set(any_word(), 0..4);
    let contacts = contacts.prop_flat_map(|ids| {
        let named = |id| {
            any_text().prop_map(move |name| Contact {
                id: String::clone(&id),
                name,
            })
        };
        ids.into_iter().map(named).collect::<Vec<_>>()
    });
    (btree_set(any_word(), 1..4), contacts, any::<bool>()).prop_map(
        |(devices, contacts, messaging)| Household {
            devices: devices.into_iter().collect(),
            contacts,
            messaging,
        },
    )
}

fn any_time() -> impl Strategy<Value = u64> {
    let edges = vec![0, 1, 999, 1_000, 1_001, u64::MAX - 1, u64::MAX];
    prop_oneof![select(edges), 0..100_000_u64, any::<u64>()]
}

fn any_meant(contacts: Vec<Contact>) -> BoxedStrategy<Meant> {
    let alone = select(vec![
        Meant::Nobody,
        Meant::Cancel,
        Meant::Command,
        Meant::Other,
    ]);
    if contacts.is_empty() {
        return alone.boxed();
    }
    let id = select(contacts).prop_map(|contact| contact.id);
    let about = (id, any::<bool>()).prop_map(|(contact, asks)| {
        if asks {
            Meant::Request { contact }
        } else {
            Meant::Content { contact }
        }
    });
    prop_oneof![alone, about].boxed()
}

fn any_event(household: &Household) -> impl Strategy<Value = Event> + use<> {
    let devices = household.devices.clone();
    let (times, hearers) = (any_time(), subsequence(devices.clone(), 1..=devices.len()));
    let said = (
        times,
        any_time(),
        hearers,
        any_text(),
        any_text(),
        any_meant(household.contacts.clone()),
    );
    let said = said.prop_map(|(one, other, devices, speaker, text, meant)| {
        Event::Said(Utterance {
            from_ms: one.min(other),
            to_ms: one.max(other),
            devices,
            speaker,
            text,
            meant,
        })
    });
    let button = select(vec![Button::Confirm, Button::Cancel]);
    let pressed = (select(devices), button);
    let what = prop_oneof![
        pressed.prop_map(|(device, button)| Happening::Pressed { device, button }),
        Just(Happening::Restart),
        any::<bool>().prop_map(Happening::Messaging),
        Just(Happening::DeliveryFailed),
    ];
    let happens = (any_time(), what).prop_map(|(at_ms, what)| Event::Happens { at_ms, what });
    prop_oneof![2 => said, 1 => happens]
}

fn any_script() -> impl Strategy<Value = Script> {
    let with_events = |household: Household| {
        let events = vec(any_event(&household), 0..8);
        let hears = select(vec![Hears::NearMisses, Hears::Words]);
        (any::<u64>(), Just(household), hears, events)
    };
    any_household()
        .prop_flat_map(with_events)
        .prop_map(|(seed, household, hears, mut events)| {
            events.sort_by_key(Event::at_ms);
            Script {
                seed,
                household,
                hears,
                events,
            }
        })
}

/// A small change to a text, in characters.
#[derive(Clone, Debug)]
enum Change {
    Insert(Index, char),
    Remove(Index),
    Cut(Index),
    Repeat(Index, Index),
}

impl Change {
    fn apply(&self, text: &mut Vec<char>) {
        if text.is_empty() {
            return;
        }
        match self {
            Self::Insert(at, c) => text.insert(at.index(text.len()), *c),
            Self::Remove(at) => drop(text.remove(at.index(text.len()))),
            Self::Cut(at) => text.truncate(at.index(text.len())),
            Self::Repeat(from, to) => {
                let (from, to) = (from.index(text.len()), to.index(text.len()));
                let copy = text[from.min(to)..from.max(to)].to_vec();
                text.splice(from..from, copy);
            }
        }
    }
}

fn any_change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), select(&ODD[..])).prop_map(|(at, c)| Change::Insert(at, c)),
        at().prop_map(Change::Remove),
        at().prop_map(Change::Cut),
        (at(), at()).prop_map(|(from, to)| Change::Repeat(from, to)),
    ]
}

/// Reads a text; an error names one of its lines and says something.
fn read(text: &str) -> Result<(), TestCaseError> {
    if let Err(error) = text.parse::<Script>() {
        let lines = text.lines().count().max(1);
        prop_assert!((1..=lines).contains(&error.line()), "{error:?} of {lines}");
        prop_assert!(!error.to_string().is_empty());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_script_reads_back_as_itself(script in any_script()) {
        let text = script.to_string();
        prop_assert_eq!(text.parse::<Script>(), Ok(script), "\n{}", text);
    }

    /// However it was made: by hand, on Windows, with notes in between.
    #[test]
    fn line_ends_blank_lines_and_comments_do_not_matter(script in any_script()) {
        let text = script.to_string().replace('\n', " \r\n\n  # a note\r\n");
        prop_assert_eq!(text.parse::<Script>(), Ok(script), "\n{}", text);
    }

    #[test]
    fn no_text_stops_the_parser(text in any::<String>(), odd in vec(select(&ODD[..]), 0..60)) {
        read(&text)?;
        let odd: String = odd.into_iter().collect();
        read(&format!("mondegreen script 1\ndevice a\n{odd}"))?;
        read(&format!("mondegreen script 1\ndevice a\n1-2 a {odd}"))?;
    }

    #[test]
    fn no_changed_script_stops_the_parser(
        script in any_script(),
        changes in vec(any_change(), 1..6),
    ) {
        let mut text: Vec<char> = script.to_string().chars().collect();
        for change in &changes {
            change.apply(&mut text);
        }
        read(&text.into_iter().collect::<String>())?;
    }
}

/// All that can stand in a script, as it is written.
const WRITTEN: &str = "mondegreen script 1
seed 7
device kitchen
device hall-2
contact c1 Ana\\nde la \\\\Cruz\\\\
contact c2 42
messaging off

0.000-1.005 kitchen+hall-2 Ben: Right: [now] # then\\r\\n…
1.005-1.005 kitchen Ben [request c1]: Send it.
1.010-2.000 hall-2 日本 [content c2]:@
3.000-4.000 kitchen Ben [cancel]: Stop.
3.000-4.000 kitchen Ben [command]: Lights!
4.000 kitchen pressed confirm
4.000 hall-2 pressed cancel
5.000 restart
6.000 messaging on
7.000 messaging off
18446744073709551.615 delivery failed
";

#[test]
fn a_script_is_written_like_this() -> Result<(), ParseError> {
    let written = WRITTEN.replace('@', " ");
    let script: Script = written.parse()?;
    assert_eq!(script.to_string(), written);
    let texts: Vec<&str> = script.utterances().map(|said| said.text.as_str()).collect();
    let first = "Right: [now] # then\r\n…";
    assert_eq!(texts, [first, "Send it.", "", "Stop.", "Lights!"]);
    assert_eq!(script.household.name_of("c1"), Some("Ana\nde la \\Cruz\\"));
    Ok(())
}

#[test]
fn time_reaches_its_limit_and_no_further() -> Result<(), ParseError> {
    let at = |time: &str| format!("mondegreen script 1\n{time} restart\n");
    let script: Script = at("18446744073709551.615").parse()?;
    assert_eq!(script.events.first().map(Event::at_ms), Some(u64::MAX));
    for beyond in [
        "18446744073709551.616",
        "18446744073709552",
        "99999999999999999999",
    ] {
        assert!(at(beyond).parse::<Script>().is_err(), "{beyond}");
    }
    Ok(())
}

#[test]
fn seconds_may_leave_decimals_out() -> Result<(), ParseError> {
    let text = "mondegreen script 1\n7 restart\n7.5 restart\n7.25 restart\n";
    let error = text.parse::<Script>().map_err(|error| error.line());
    assert_eq!(error, Err(4), "7.25 lies before 7.5");
    let script: Script = text.replace("7.25", "7.501").parse()?;
    let times: Vec<u64> = script.events.iter().map(Event::at_ms).collect();
    assert_eq!(times, [7_000, 7_500, 7_501]);
    Ok(())
}

#[test]
fn a_long_utterance_is_one_line() -> Result<(), ParseError> {
    let words = "word ".repeat(100_000);
    let text = format!("mondegreen script 1\ndevice a\n0-40000 a Ana: {words}\n");
    let script: Script = text.parse()?;
    let said = script.utterances().next().map(|said| said.text.as_str());
    assert_eq!(said, Some(words.trim_end()));
    Ok(())
}
