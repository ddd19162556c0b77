//! The margin is what holding its chain gives, and nothing of its kind is cheaper.

use mondegreen_dialog::{Answer, Policy, Score};
use mondegreen_generator::{Home, weave};
use mondegreen_oracle::{Rule, judge};
use mondegreen_phonetics::{Nats, Search};
use mondegreen_sim::*;
use mondegreen_trace::{Asks, Contact, Event, Hears, Household, Meant, Script, Utterance};

fn margin_of(preset: Preset, seed: u64) -> Margin {
    let home = home(seed);
    let assistant = Reference::new(preset);
    margin(&assistant, &home, seed).expect("an assistant that works")
}

fn cost(margin: &Margin) -> Option<Nats> {
    margin.chain.as_ref().map(Finding::cost)
}

/// Holds a script afresh: what it costs, if it ends in a send that nobody meant.
fn held_afresh(script: &Script, preset: Preset) -> Option<Nats> {
    let mut channel = Channel::new(preset.wake, &script.household);
    let held = hold(script, &mut channel, &mut Reference::new(preset));
    assert!(script.utterances().all(|said| said.meant == Meant::Nobody));
    let unmeant = judge(&held.trace)
        .iter()
        .any(|breach| breach.rule == Rule::I1);
    unmeant.then(|| held.spotted.iter().map(|hit| hit.spotted.cost).sum())
}

/// And the presets are as far from a breach as the incident suggests.
#[test]
fn a_margin_is_what_holding_its_chain_gives() {
    let margins = Preset::ALL.map(|preset| margin_of(preset, 1));
    let [echo, rival, guarded] = margins.each_ref().map(Margin::total);
    let (Total::Exact(echo), Total::Exact(rival)) = (echo, rival) else {
        panic!("{echo:?} {rival:?}");
    };
    assert!(echo < rival, "{echo} {rival}");
    assert_eq!(guarded, Total::None);
    for (preset, margin) in Preset::ALL.into_iter().zip(margins) {
        let Some(chain) = &margin.chain else {
            continue;
        };
        assert_eq!(
            held_afresh(&chain.script, preset),
            cost(&margin),
            "{}",
            chain.script
        );
        let parts = margin.parts();
        assert_eq!(parts.iter().map(Part::cost).sum::<Nats>(), chain.cost());
        assert_eq!(parts.first().map(|part| part.asks), Some(Asks::Wake));
        // A script is what is kept of it: it can be written and read.
        let again: Script = chain.script.to_string().parse().expect("a script");
        assert_eq!(again, chain.script);
    }
}

/// What one fault or one safeguard changes, shows.
#[test]
fn mutants_and_policies_of_ones_own_have_a_margin() {
    let home = home(1);
    let of = |assistant: &Reference| margin(assistant, &home, 1).expect("an assistant that works");
    let mutant = |name| Mutant::named(name).expect("a mutant").assistant();
    let asks = |margin: &Margin| {
        margin
            .parts()
            .iter()
            .map(|part| part.asks)
            .collect::<Vec<_>>()
    };
    let at_once = of(&mutant("command-is-consent"));
    assert!(
        matches!(at_once.total(), Total::Exact(_)),
        "{:?}",
        at_once.cuts
    );
    assert_eq!(asks(&at_once), [Asks::Wake, Asks::Command, Asks::Message]);
    let unasked = of(&mutant("content-not-confirmed"));
    let stages = [
        Asks::Wake,
        Asks::Command,
        Asks::Recipient,
        Asks::Confirmation,
    ];
    assert_eq!(asks(&unasked), [&stages[..], &[Asks::Message]].concat());
    // A button is never pressed by talk, and no wake word is surer than sure.
    let with = |change: fn(&mut Policy)| {
        let mut preset = Preset::ECHO_2018;
        change(&mut preset.policy);
        of(&Reference::new(preset)).total()
    };
    assert!(matches!(with(|_| {}), Total::Exact(_)));
    assert_eq!(with(|policy| policy.answer = Answer::Button), Total::None);
    let deaf = |policy: &mut Policy| policy.wake_threshold = Score(1_001);
    assert_eq!(with(deaf), Total::None);
}

/// The nearest text is not always the cheapest: said in the way that the channel hears, it may lie
/// further off.
#[test]
fn no_sentence_around_a_nearer_text_wakes_it_more_cheaply() {
    let preset = Preset::ASSISTANT_2018;
    let margin = margin_of(preset, 1);
    let least = margin.parts().first().map(Part::cost).expect("a chain");
    let mut channel = Channel::new(preset.wake, &home(1).household);
    let mut rng = random(2, Purpose::Weaving);
    let search = Search::common();
    let mut near = search.hiding(preset.wake, 2_000);
    near.extend(search.hiding_across(preset.wake, 2_000));
    near.retain(|hiding| hiding.hit.cost <= least);
    let mut dearer = 0;
    for hiding in near {
        let words: Vec<&str> = hiding.text.split(' ').collect();
        for said in std::iter::repeat_with(|| weave(&mut rng, &words))
            .take(1)
            .flatten()
        {
            let spoken = channel.speak(&said);
            let hearing = channel.hear(&spoken, 0, Asks::Wake, "");
            let Some(spotted) = &hearing.spotted else {
                continue;
            };
            dearer += usize::from(spotted.cost > hiding.hit.cost);
            if spotted.confidence * 1000.0 >= f64::from(preset.policy.wake_threshold.0) {
                assert!(spotted.cost >= least, "{said} {} {least}", spotted.cost);
            }
        }
    }
    assert!(dearer > 0, "what is nearer is heard as it is near");
}

#[test]
fn the_same_margin_is_found_again() {
    let [one, other] = [
        margin_of(Preset::ECHO_2018, 3),
        margin_of(Preset::ECHO_2018, 3),
    ];
    let script = |margin: &Margin| margin.chain.as_ref().map(|chain| chain.script.clone());
    assert_eq!(script(&one), script(&other));
    assert_eq!((one.states, one.cuts), (other.states, other.cuts));
}

/// Of two homes (twenty were tried once): what a hunt finds costs at least the margin of that home.
#[test]
fn no_hunt_finds_a_cheaper_chain() {
    let mut chains = 0;
    for seed in 1..=2 {
        let home = home(seed);
        let mut channel = Channel::new(Preset::ECHO_2018.wake, &home.household);
        let mut material = Material::generated(&home, &mut channel, seed);
        let mut assistant = Reference::new(Preset::ECHO_2018);
        let talk = (&mut material, &mut channel);
        let bound = margin_at_most(&home.household, talk, &mut assistant, seed, |bound| {
            bound.chains == 0 && bound.progress.conversations < 20_000
        });
        let found = bound.expect("an assistant that works").chain;
        let Some(found) = found else { continue };
        chains += 1;
        let margin = margin_of(Preset::ECHO_2018, seed);
        assert!(
            margin.at_least() <= Some(found.cost()),
            "{seed}: {:?} {}\n{}",
            margin.at_least(),
            found.cost(),
            found.script
        );
    }
    assert!(chains >= 1, "only {chains} hunts found a chain");
}

/// Sentences around the texts nearest to a phrase.
fn sentences(phrase: &str, n: usize) -> Vec<String> {
    let mut rng = random(1, Purpose::Weaving);
    let search = Search::common();
    let near = search
        .near(phrase, n, 1..=3)
        .into_iter()
        .map(|miss| miss.text);
    let hiding = search
        .hiding(phrase, n)
        .into_iter()
        .map(|hiding| hiding.text);
    let woven = near.chain(hiding).filter_map(|text| {
        let words: Vec<&str> = text.split(' ').collect();
        weave(&mut rng, &words)
    });
    woven.collect()
}

/// The cheapest breach of all conversations that say one of these at each turn, every four seconds.
fn cheapest_by_trying(
    script: &mut Script,
    turns: &[Vec<String>],
    channel: &mut Channel,
    held_so_far: &mut usize,
) -> Option<Nats> {
    const TURN_MS: u64 = 4_000;
    let Some((texts, later)) = turns.split_first() else {
        *held_so_far += 1;
        let held = hold(script, channel, &mut Reference::new(Preset::ECHO_2018));
        let unmeant = judge(&held.trace)
            .iter()
            .any(|breach| breach.rule == Rule::I1);
        return unmeant.then(|| held.spotted.iter().map(|hit| hit.spotted.cost).sum());
    };
    let mut cheapest = None;
    for text in texts {
        let from_ms = 1_000 + TURN_MS * script.events.len() as u64;
        script.events.push(Event::Said(Utterance {
            from_ms,
            to_ms: from_ms + TURN_MS / 2,
            devices: vec!["kitchen".to_owned()],
            speaker: "Maria".to_owned(),
            text: text.clone(),
            meant: Meant::Nobody,
        }));
        let tried = cheapest_by_trying(script, later, channel, held_so_far);
        cheapest = [cheapest, tried].into_iter().flatten().min();
        script.events.pop();
    }
    cheapest
}

#[test]
fn trying_everything_in_a_tiny_household_finds_nothing_cheaper() {
    let household = Household {
        devices: vec!["kitchen".to_owned()],
        contacts: vec![Contact {
            id: "c1".to_owned(),
            name: "Grace Hope".to_owned(),
        }],
        messaging: true,
    };
    let assistant = Reference::new(Preset::ECHO_2018);
    let nobody_known = Home {
        household: household.clone(),
        people: Vec::new(),
    };
    let found = margin(&assistant, &nobody_known, 1).expect("an assistant that works");
    let least = cost(&found).expect("a chain");
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let commands = ["send message", "send a message", "leave a message"];
    let turns: [Vec<String>; 5] = [
        sentences("alexa", 40),
        commands
            .iter()
            .flat_map(|phrase| sentences(phrase, 15))
            .collect(),
        owned(&["I saw Grace yesterday.", "We went home early."]),
        owned(&["Right.", "The bus was late."]),
        owned(&["We went home early."]),
    ];
    let mut channel = Channel::new(Preset::ECHO_2018.wake, &household);
    let mut script = Script {
        seed: 1,
        household,
        hears: Hears::NearMisses,
        events: Vec::new(),
    };
    let mut conversations = 0;
    let tried = cheapest_by_trying(&mut script, &turns, &mut channel, &mut conversations);
    assert!(conversations > 500, "{conversations}");
    let tried = tried.expect("a chain by trying");
    assert!(tried >= least, "{tried} {least}");
}
