//! What is taken for an answer: under each policy, and at the limits of time and sureness.

use crate::driver::{Driver, Event, Manner};
use expect_test::expect_file;
use mondegreen_dialog::*;
use std::collections::BTreeSet;
use std::fmt::Write;

const KITCHEN: DeviceId = DeviceId(0);
const CONTACT: ContactId = ContactId(0);

/// [`Policy::GUARDED`] that wants this for an answer.
const fn wants(answer: Answer) -> Policy {
    Policy {
        answer,
        ..Policy::GUARDED
    }
}

fn asking(policy: Policy) -> Driver {
    Driver::reach(policy, Stage::ConfirmingSend)
}

fn name(contact: u16, score: u16) -> Act {
    Act::Name(Name {
        contact: ContactId(contact),
        score: Score(score),
        runner_up: Score(0),
        alike: Alike::Distinct,
    })
}

/// What the answer did to the question that stood.
fn outcome(mut driver: Driver, waited: u32, answer: Input) -> &'static str {
    let done = driver.step(Millis(waited), answer);
    let stage = driver.dialog.stage(KITCHEN);
    let is_asked = |effect: &Effect| matches!(effect, Effect::Prompt { .. });
    match stage {
        Some(Stage::Holding) => "is permission",
        Some(Stage::Idle) => "is a refusal",
        Some(Stage::ConfirmingSend) if done.iter().any(is_asked) => "is asked about again",
        Some(Stage::ConfirmingSend) if done.is_empty() => "is no answer",
        _ => "is something else",
    }
}

/// What half a second after the prompt an answer does that began then.
fn heard(policy: Policy, heard: Heard) -> &'static str {
    outcome(asking(policy), 500, Input::Heard(KITCHEN, heard))
}

/// What gives permission, refuses, and is asked about again when this is wanted.
#[track_caller]
fn check(policy: Policy, permits: &[&str]) {
    let acts = [
        ("yes", Act::Yes),
        ("send it", Act::SendIt),
        ("yes and no", Act::YesAndNo),
        ("the name", name(0, 600)),
        ("something like the name", name(0, 599)),
        ("another name", name(1, 1_000)),
        ("talk", Act::Talk),
        ("the wake word", Act::Wake),
    ];
    for (what, act) in acts {
        let is_permission = permits.contains(&what);
        let want = if is_permission {
            "is permission"
        } else {
            "is asked about again"
        };
        assert_eq!(heard(policy, Heard::plain(act)), want, "{what}");
    }
    for act in [Act::No, Act::Cancel] {
        assert_eq!(heard(policy, Heard::plain(act)), "is a refusal");
    }
    let pressed = Input::Pressed(KITCHEN, Button::Confirm);
    assert_eq!(outcome(asking(policy), 500, pressed), "is permission");
}

/// The button on the device that asks is permission under every policy.
#[test]
fn an_answer_is_what_was_asked_for() {
    check(wants(Answer::Yes), &["yes", "send it"]);
    let lenient = Policy {
        whole_utterance: false,
        ..wants(Answer::Yes)
    };
    check(lenient, &["yes", "send it", "yes and no"]);
    check(wants(Answer::SendIt), &["send it"]);
    check(wants(Answer::Name), &["the name"]);
    check(wants(Answer::Word), &[]);
    check(wants(Answer::Button), &[]);
}

/// `G8`: whoever says another challenge word answers another prompt.
#[test]
fn a_challenge_word_is_this_prompts() {
    let said = |word: Word| heard(Policy::GUARDED, Heard::plain(Act::Word(word)));
    let permits = (0..WORDS)
        .map(Word)
        .filter(|word| said(*word) == "is permission");
    let permits: Vec<Input> = permits
        .map(|word| Input::Heard(KITCHEN, Heard::plain(Act::Word(word))))
        .collect();
    let wanted = asking(Policy::GUARDED).input(KITCHEN, Event::Wanted, Manner::Plainly);
    assert_eq!(permits, [wanted]);
}

/// With another seed, the question that stands wants the word that it wanted, and the next one any.
#[test]
fn another_seed_is_for_the_prompts_to_come() {
    let wanted = |driver: &Driver| driver.input(KITCHEN, Event::Wanted, Manner::Plainly);
    let standing = wanted(&asking(Policy::GUARDED));
    let reseeded = (0..100).map(|seed| {
        let mut driver = asking(Policy::GUARDED);
        driver.dialog.reseed(seed);
        driver
    });
    let next: BTreeSet<String> = reseeded
        .map(|mut driver| {
            assert_eq!(outcome(driver.clone(), 500, standing), "is permission");
            driver.event(500, 0, Event::Talk, Manner::Plainly);
            format!("{:?}", wanted(&driver))
        })
        .collect();
    assert!(next.len() > usize::from(WORDS) / 2, "{next:?}");
}

/// What is said of a yes with each safeguard off, where that is not what is said with all of them.
#[test]
fn each_safeguard_forbids_something_by_itself() {
    let guarded = wants(Answer::Yes);
    #[rustfmt::skip]
    let policies = [
        ("answer_threshold", Policy { answer_threshold: Score(499), ..guarded }),
        ("whole_utterance", Policy { whole_utterance: false, ..guarded }),
        ("first_hypothesis", Policy { first_hypothesis: false, ..guarded }),
        ("after_prompt", Policy { after_prompt: false, ..guarded }),
        ("discard_across", Policy { discard_across: false, ..guarded }),
        ("after_prompt and discard_across", Policy { after_prompt: false, discard_across: false, ..guarded }),
        ("echo_guard", Policy { echo_guard: false, ..guarded }),
        ("known_voice", Policy { known_voice: false, ..guarded }),
        ("echo_guard and known_voice", Policy { echo_guard: false, known_voice: false, ..guarded }),
    ];
    let manners = [
        Manner::Plainly,
        Manner::Unsurely,
        Manner::AsPartOfTalk,
        Manner::AsLaterHypothesis,
        Manner::Interim,
        Manner::ByDevice,
        Manner::ByStranger,
        Manner::Since(501),
    ];
    let answer = |policy, manner| {
        let driver = asking(policy);
        let input = driver.input(KITCHEN, Event::Yes, manner);
        outcome(driver, 500, input)
    };
    let mut page = String::new();
    for (off, policy) in policies {
        for manner in manners {
            let (with, without) = (answer(guarded, manner), answer(policy, manner));
            if with != without {
                writeln!(page, "without {off} | {manner:?} {without}").unwrap();
            }
        }
    }
    expect_file!["safeguards.txt"].assert_eq(&page);
}

/// `wake_to_confirm`
#[test]
fn an_answer_may_have_to_be_addressed_to_the_device() {
    let policy = Policy {
        wake_to_confirm: true,
        confirms: Confirms::Content,
        ..wants(Answer::Yes)
    };
    let yes = Heard::plain(Act::Yes);
    let addressed = Heard {
        addressed: true,
        ..yes
    };
    assert_eq!(heard(policy, addressed), "is permission");
    assert_eq!(heard(policy, yes), "is asked about again");
    assert_eq!(heard(wants(Answer::Yes), addressed), "is permission");
}

#[test]
fn an_answer_is_as_sure_as_the_policy_wants_it() {
    let sure = |score| Heard {
        score: Score(score),
        ..Heard::plain(Act::Yes)
    };
    assert_eq!(heard(wants(Answer::Yes), sure(800)), "is permission");
    assert_eq!(heard(wants(Answer::Yes), sure(799)), "is asked about again");
}

/// `G4` `G6`: what began in the very moment in which a prompt ended came after it.
#[test]
fn an_answer_may_begin_just_when_the_prompt_ends() {
    let since = |began| Heard {
        began: Millis(began),
        ..Heard::plain(Act::Yes)
    };
    let guarded = wants(Answer::Yes);
    assert_eq!(heard(guarded, since(500)), "is permission");
    assert_eq!(heard(guarded, since(501)), "is asked about again");
    let forgiving = Policy {
        discard_across: false,
        ..guarded
    };
    assert_eq!(heard(forgiving, since(500)), "is permission");
    assert_eq!(heard(forgiving, since(501)), "is no answer");
}

/// `G4`: talk across the end of the prompt may be reported only when its answer is held already.
#[test]
fn talk_across_the_prompt_drops_a_held_message() {
    let talk = |began: u32, policy: Policy| {
        let mut driver = asking(policy);
        driver.event(500, 0, Event::Wanted, Manner::Plainly);
        assert_eq!(driver.dialog.stage(KITCHEN), Some(Stage::Holding));
        driver.event(200, 0, Event::Talk, Manner::Since(began));
        driver.dialog.stage(KITCHEN)
    };
    assert_eq!(talk(700, Policy::GUARDED), Some(Stage::Holding));
    assert_eq!(talk(701, Policy::GUARDED), Some(Stage::Idle));
    let forgiving = Policy {
        discard_across: false,
        ..Policy::GUARDED
    };
    assert_eq!(talk(701, forgiving), Some(Stage::Holding));
}

/// The recipient's question is settled by a yes, whatever the last question wants.
#[test]
fn an_approved_recipient_is_not_an_approved_message() {
    let mut driver = Driver::reach(wants(Answer::Button), Stage::ConfirmingRecipient);
    driver.plain(Event::Yes);
    assert_eq!(driver.dialog.stage(KITCHEN), Some(Stage::Recording));
    let draft = driver.dialog.snapshot().sessions[0].and_then(|session| session.draft);
    let draft = draft.expect("a message is being made");
    assert_eq!((draft.recipient, draft.audio), (CONTACT, None));
}
