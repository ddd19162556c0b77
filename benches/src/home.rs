//! A home: its talk, what is heard of it, a conversation, and the sessions that begin there.

use crate::path::Work;
use mondegreen_generator::{Talker, Traffic};
use mondegreen_oracle::{Rule, judge};
use mondegreen_sim::estimate::{Model, Step};
use mondegreen_sim::{
    Channel, ChannelLaw, Looking, Preset, Purpose, Reference, STAGES, Session, Spoken, World, hold,
    home, random,
};
use mondegreen_trace::Script;
use std::hint::black_box;

const SEED: u64 = 1;
/// A message is sent that nobody asked for.
const CONVERSATION: &str = include_str!("../../corpora/conversations/found-with-seed-1.script");
const UTTERANCES: usize = 200;
/// Hours of talk in the home where sessions begin, and how many begin.
const HOURS: u32 = 2;
const SESSIONS: usize = 200;

/// What people of a home say, from its beginning.
pub(crate) fn talking() -> Work {
    let home = home(SEED);
    Work::new(UTTERANCES, move || {
        let talker = Talker::new(black_box(&home), 0, random(SEED, Purpose::Talk));
        let said = talker.take(UTTERANCES);
        said.map(|utterance| utterance.text.len()).sum()
    })
}

/// Utterances that were not heard before, as each stage hears them.
pub(crate) fn hearing() -> Work {
    let home = home(SEED);
    let talker = Talker::new(&home, 0, random(SEED, Purpose::Talk));
    let texts: Vec<String> = talker.take(UTTERANCES).map(|said| said.text).collect();
    let mut channel = Channel::new(Preset::ECHO_2018.wake, &home.household);
    let named = Spoken::new(Preset::ECHO_2018.wake);
    let heard = channel.hear(&named, 0, STAGES[0], "");
    assert!(heard.spotted.is_some(), "it does not hear its name");
    Work::new(texts.len(), move || {
        let mut spotted = 0;
        for text in black_box(&texts) {
            let spoken = Spoken::new(text);
            for stage in STAGES {
                let hearing = channel.hear(&spoken, 0, stage, "");
                spotted += usize::from(hearing.spotted.is_some());
            }
        }
        spotted
    })
}

/// A conversation from the first word to the verdict; its words were heard before.
pub(crate) fn holding() -> Work {
    let script: Script = CONVERSATION.parse().expect("a script that comes along");
    let preset = Preset::ECHO_2018;
    let mut channel = Channel::new(preset.wake, &script.household);
    let mut assistant = Reference::new(preset);
    let mut hold_it = move || {
        let held = hold(black_box(&script), &mut channel, &mut assistant);
        judge(&held.trace)
    };
    let breaches = hold_it();
    assert!(breaches.iter().any(|breach| breach.rule == Rule::I1));
    Work::new(1, move || hold_it().len())
}

/// Steps of sessions that begin where a device may hear its name. A copy of a state for each, and
/// the score after each step, are part of it.
pub(crate) fn splitting() -> Work {
    let world = World {
        traffic: Traffic::shipped().clone(),
        law: ChannelLaw::read(ChannelLaw::SHIPPED).expect("figures that come along"),
        wake: Preset::ECHO_2018.wake.to_owned(),
        hours: HOURS,
    };
    let assistant = Reference::new(Preset::ECHO_2018);
    let mut session = Session::new(world, Looking::Sends, assistant).in_one_home(SEED);
    let mut follow = move || {
        let mut rng = random(SEED, Purpose::Search);
        let mut steps = 0;
        for _ in 0..SESSIONS {
            let first = session.start(&mut rng).expect("a device that wakes");
            let mut awake = black_box(&first).clone();
            loop {
                steps += 1;
                let step = session.step(&mut awake, &mut rng);
                black_box(session.score(&awake));
                if step.expect("an assistant that does not break") != Step::On {
                    break;
                }
            }
        }
        steps
    };
    let steps = follow();
    assert!(steps > SESSIONS, "the sessions are over before they begin");
    Work::new(steps, follow)
}
