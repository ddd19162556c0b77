//! What a snapshot says, and that nothing is missing from it.

use crate::driver::{Driver, Event, Manner};
use crate::properties::{any_policy, any_run};
use expect_test::expect_file;
use mondegreen_dialog::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

proptest! {
    /// Dialogs that differ have snapshots that differ: a search that goes by them misses nothing.
    #[test]
    fn equal_snapshots_mean_equal_dialogs(
        policy in any_policy(),
        runs in prop::collection::vec(any_run(), 2..6),
    ) {
        let mut known: BTreeMap<String, Dialog> = BTreeMap::new();
        for run in runs {
            let mut driver = Driver::new(policy);
            for (waited, device, event, manner) in run {
                driver.event(waited, device, event, manner);
                let seen = format!("{:?}", driver.dialog.snapshot());
                let before = known.entry(seen).or_insert_with(|| driver.dialog.clone());
                prop_assert_eq!(&*before, &driver.dialog);
            }
        }
    }

    /// The time left is the time until something happens.
    #[test]
    fn the_time_left_is_the_next_deadline(run in any_run()) {
        let mut driver = Driver::new(Policy::GUARDED);
        for (waited, device, event, manner) in run {
            driver.event(waited, device, event, manner);
            let sessions = driver.dialog.snapshot().sessions;
            let left = sessions.iter().flatten().filter_map(|session| session.left).min();
            prop_assert_eq!(left, driver.dialog.next_deadline());
        }
    }
}

/// One line for a session, with what is known of it in the order of its fields.
fn line(driver: &Driver) -> String {
    let state = driver.dialog.snapshot().sessions[0].expect("the home has a first device");
    let SessionState {
        stage,
        is_speaking,
        since,
        left,
        question,
        draft,
        approved,
        tape,
        quiet,
        outgoing,
    } = state;
    let time = |time: Option<Millis>| time.map_or("-".to_owned(), |time| time.0.to_string());
    let question = question.map(|q| (q.prompt.0, q.repeats_left, q.ask));
    let audio = |draft: Draft| draft.audio.map(|a| (a.length.0, a.ended.0));
    let draft = draft.map(|d| (d.message.0, d.recipient.0, d.is_alike(), audio(d)));
    let tape = tape.map(|t| (t.length.0, t.pause.0, t.spoken));
    let outgoing = outgoing.map(|o| (audio(o.draft), o.retries_left, o.age.0));
    let speaking = if is_speaking { "speaking" } else { "silent" };
    format!(
        "{stage:?} {speaking} since {} left {} question {question:?} draft {draft:?} approved {} tape {tape:?} quiet {} outgoing {outgoing:?}\n",
        since.0,
        time(left),
        time(approved),
        quiet.0,
    )
}

#[test]
fn a_snapshot_tells_how_far_a_message_has_come() {
    let mut page = String::new();
    for stage in [
        Stage::Idle,
        Stage::Awake,
        Stage::AskingRecipient,
        Stage::ConfirmingRecipient,
        Stage::Recording,
        Stage::ConfirmingSend,
        Stage::Holding,
    ] {
        let mut driver = Driver::reach(Policy::GUARDED, stage);
        driver.event(700, 0, Event::Time, Manner::Plainly);
        page.push_str(&line(&driver));
    }
    for stage in [
        Stage::Awake,
        Stage::AskingRecipient,
        Stage::ConfirmingRecipient,
    ] {
        let mut driver = Driver::reach(Policy::GUARDED, stage);
        driver.plain(Event::Onward);
        driver.event(700, 0, Event::Time, Manner::Plainly);
        page.push_str(&line(&driver));
    }
    let mut driver = Driver::reach(Policy::GUARDED, Stage::Recording);
    driver.plain(Event::Talk);
    page.push_str(&line(&driver));
    let mut driver = Driver::reach(Policy::GUARDED, Stage::Holding);
    driver.event(5_000, 0, Event::Time, Manner::Plainly);
    driver.event(250, 0, Event::Undelivered, Manner::Plainly);
    page.push_str(&line(&driver));
    expect_file!["./snapshot.txt"].assert_eq(&page);
}
