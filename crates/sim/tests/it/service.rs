//! People who do want something get it.

use crate::plans::household;
use mondegreen_oracle::{Rule, judge};
use mondegreen_sim::*;
use mondegreen_trace::{Effect, Event, Happening, Hears, Line, Meant, Script, Utterance};

fn served(wish: Wish, preset: Preset) -> Served {
    let household = household();
    let mut channel = Channel::new(preset.wake, &household);
    serve(
        wish,
        preset.wake,
        &household,
        1,
        &mut channel,
        &mut Reference::new(preset),
    )
}

#[test]
fn every_preset_sends_what_somebody_wants_sent() {
    let turns = Preset::ALL.map(|preset| {
        let served = served(Wish::Send, preset);
        assert!(served.sent, "{}:\n{}", preset.name, served.script);
        (preset.name, served.turns)
    });
    assert_eq!(
        turns,
        [("echo-2018", 5), ("assistant-2018", 5), ("guarded", 6)]
    );
}

#[test]
fn the_guarded_assistant_breaks_no_rule_while_it_serves() {
    let wishes = [Wish::Send, Wish::Lights].into_iter();
    for wish in wishes.chain((1..6).map(|turn| Wish::Cancel { turn })) {
        let served = served(wish, Preset::GUARDED);
        assert_eq!(served.breaches, [], "{wish:?}:\n{}", served.script);
        assert_eq!(
            served.sent,
            wish == Wish::Send,
            "{wish:?}:\n{}",
            served.script
        );
    }
}

#[test]
fn names_that_sound_alike_are_spelt_out() {
    let served = served(Wish::Send, Preset::GUARDED);
    let spelt = |line: &Line| matches!(line, Line::Out(Effect::Prompt { text, .. }) if text.contains("J-O-N"));
    assert!(
        served.held.trace.lines.iter().any(spelt),
        "{:?}",
        served.held.trace
    );
}

#[test]
fn the_lights_obey_while_messages_are_switched_off() {
    let household = household();
    let said = |from_ms, text: &str| {
        Event::Said(Utterance {
            from_ms,
            to_ms: from_ms + 1_000,
            devices: vec!["kitchen".to_owned()],
            speaker: "Ana".to_owned(),
            text: text.to_owned(),
            meant: Meant::Command,
        })
    };
    let off = Event::Happens {
        at_ms: 100,
        what: Happening::Messaging(false),
    };
    let events = vec![
        off,
        said(1_000, "Alexa"),
        said(3_000, "Turn on the lights."),
    ];
    let script = Script {
        seed: 1,
        household,
        hears: Hears::NearMisses,
        events,
    };
    for preset in [Preset::ECHO_2018, Preset::GUARDED] {
        let mut channel = Channel::new(preset.wake, &script.household);
        let held = hold(&script, &mut channel, &mut Reference::new(preset));
        let lit = |line: &Line| matches!(line, Line::Out(Effect::Act { action, .. }) if action == "light_on");
        assert!(held.trace.lines.iter().any(lit), "{:?}", held.trace);
        assert!(
            !judge(&held.trace)
                .iter()
                .any(|breach| breach.rule == Rule::S4)
        );
    }
}
