//! How near a send is.

use crate::notation::trace;
use crate::{HOME, WHOLE};
use mondegreen_oracle::{LineJudge, Nearness};

/// How near it is after each line.
fn way(text: &str) -> Vec<Nearness> {
    let mut judge = LineJudge::new();
    let lines = trace(&format!("{HOME}{text}")).lines;
    let near = lines.iter().map(|line| {
        judge.see(line);
        judge.judge().nearness()
    });
    near.collect()
}

/// How much is met at the end.
#[track_caller]
fn check(met: u8, text: &str) {
    let near = way(text).pop();
    assert_eq!(near, Some(Nearness { sent: 0, met }), "{text}");
}

/// The run ends in a send, and on the way there it only gets nearer, by at least so many steps.
#[track_caller]
fn only_gets_nearer(text: &str, steps: usize) {
    let mut way = way(text);
    assert!(way.is_sorted(), "{way:?}");
    assert_eq!(way.last().map(|near| near.sent), Some(1));
    way.dedup();
    assert!(way.len() > steps, "{way:?}");
}

const ASKED: &str = "> kitchen prompt 1 \"Ana Ruiz, right?\" 1.0 confirmation\n";
const RECORDED: &str =
    "> kitchen notice \"Recording\"\n> kitchen records m1\n3.0 time\n> kitchen ends m1\n";

/// The rows of the table, one after the other.
#[test]
fn each_step_towards_a_send_counts() {
    check(0, "1.0 time");
    check(0, "> kitchen listens for wake");
    check(1, "> kitchen listens for command until 9.0");
    check(1, "> kitchen prompt 1 \"Yes?\" 1.0 command");
    check(2, "> kitchen prompt 1 \"To whom?\" 1.0 recipient");
    check(3, ASKED);
    check(3, &format!("{ASKED}0.999 time"));
    check(4, &format!("{ASKED}1.0 time"));
    check(4, &format!("{ASKED}0.5 kitchen prompt 1 ended"));
    check(
        5,
        &format!("{ASKED}2.0 kitchen hears \"well\" 0.9 from 1.5"),
    );
    check(6, &format!("{ASKED}2.0 kitchen hears \"yes\" 0.4 from 1.5"));
    check(7, &format!("{ASKED}2.0 kitchen hears \"yes\" 0.9 from 1.5"));
    check(8, "> kitchen records m1");
    check(9, RECORDED);
    let asked = format!("{RECORDED}{ASKED}");
    check(10, &asked);
    check(11, &format!("{asked}4.0 time"));
    check(
        12,
        &format!("{asked}5.0 kitchen hears \"well\" 0.9 from 4.5"),
    );
    check(
        13,
        &format!("{asked}5.0 kitchen hears \"yes\" 0.4 from 4.5"),
    );
    let allowed = format!("{asked}5.0 kitchen hears \"yes\" 0.9 from 4.5\n");
    check(14, &allowed);
    check(15, &format!("{allowed}> kitchen notice \"Sending\""));
    assert_eq!(Nearness::MET_MAX, 15);
}

#[test]
fn what_leads_away_from_a_send_counts_less() {
    let allowed = format!("{RECORDED}{ASKED}5.0 kitchen hears \"yes\" 0.9 from 4.5\n");
    check(
        13,
        &format!("{allowed}6.0 kitchen hears \"no\" 0.9 from 5.5"),
    );
    check(2, &format!("{allowed}> kitchen cancels m1"));
    check(0, &format!("{allowed}6.0 restart"));
    check(0, &format!("{RECORDED}> kitchen cancels m1"));
    check(
        10,
        &format!("{allowed}> kitchen prompt 2 \"Ana Ruiz, right?\" 1.0 confirmation"),
    );
}

/// The device that has come furthest counts, and a message that has left is not what is waited for.
#[test]
fn the_furthest_device_counts() {
    check(
        3,
        &format!("{ASKED}> bedroom prompt 2 \"To whom?\" 1.0 recipient"),
    );
    let near = way(&format!("{WHOLE}{ASKED}"));
    assert_eq!(near.last(), Some(&Nearness { sent: 1, met: 3 }));
}

/// What a device says of how it listens counts for more than what it last asked.
#[test]
fn a_device_that_listens_for_its_name_sleeps() {
    let asked = "> kitchen prompt 1 \"To whom?\" 1.0 recipient\n";
    check(2, asked);
    check(0, &format!("{asked}> kitchen listens for wake"));
    let listens = "> kitchen listens for recipient until 9.0\n";
    check(2, &format!("{asked}{listens}8.999 time"));
    check(0, &format!("{asked}{listens}9.0 time"));
}

/// A recording waits until it leaves itself: by its own device, under its own name, and after it
/// was made.
#[test]
fn a_recording_waits_for_its_own_send() {
    let met = |text: &str| way(text).pop().map(|near| (near.sent, near.met));
    for other in ["bedroom sends m1 to c1", "kitchen sends m2 to c1"] {
        assert_eq!(
            met(&format!("{RECORDED}> {other}")),
            Some((1, 9)),
            "{other}"
        );
        assert_eq!(
            met(&format!("> {other}\n{RECORDED}")),
            Some((1, 9)),
            "{other}"
        );
    }
    let own = "> kitchen sends m1 to c1\n";
    assert_eq!(met(&format!("{RECORDED}{own}")), Some((1, 0)));
    assert_eq!(met(&format!("{own}{RECORDED}")), Some((1, 9)));
    assert_eq!(met(&format!("{RECORDED}5.0 restart")), Some((0, 0)));
    assert_eq!(met(&format!("{RECORDED}{own}{HOME}1.0 time")), Some((0, 0)));
    assert_eq!(met(&format!("{RECORDED}{HOME}1.0 time")), Some((0, 0)));
}

#[test]
fn a_way_to_a_send_only_gets_nearer() {
    let sent = "> kitchen notice \"Sending\"\n> kitchen sends m1 to c1";
    let before_the_delivery = WHOLE.split("11.0 delivery").next().unwrap_or_default();
    only_gets_nearer(before_the_delivery, 7);
    let yes = "2.0 kitchen hears \"yes\" 0.9 from 1.5\n";
    // Asks before it records, as the Echo did.
    only_gets_nearer(&format!("{ASKED}{yes}{RECORDED}{sent}"), 5);
    // Asks both times.
    let again = "> kitchen prompt 2 \"Send it to Ana Ruiz?\" 1.0 confirmation c1 m1\n
        6.0 kitchen hears \"yes\" 0.9 from 5.0\n";
    only_gets_nearer(&format!("{ASKED}{yes}{RECORDED}{again}{sent}"), 7);
    // Says nothing of what it listens for, asks for and records.
    let bare = "1.0 kitchen hears \"send a message\" 0.9 from 0.2
        > kitchen prompt 1 \"To whom?\" 1.0
        3.0 kitchen hears \"ana ruiz\" 0.9 from 2.5
        > kitchen prompt 2 \"Ana Ruiz, right?\" 1.0
        5.0 kitchen hears \"right\" 0.9 from 4.5";
    only_gets_nearer(&format!("{bare}\n{sent}"), 4);
}
