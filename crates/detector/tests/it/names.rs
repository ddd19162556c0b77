//! Who is named, and who cannot be told apart.

use crate::{check, detector, shown, understood};
use expect_test::expect;
use mondegreen_detector::Listening;

#[test]
fn full_names_come_before_parts() {
    let detector = detector(&["Ana Ruiz", "Ana Sato", "Ben Ruiz", "Grace"]);
    let texts = [
        "Ana Ruiz",
        "Ana Sato",
        "Ana",
        "Ruiz",
        "Ben",
        "Sato and Ruiz",
        "Ana and Grace",
        "Ruiz Ana",
        "grace before meals",
        "graceful",
        "Ana Ruiz and Ana Sato",
    ];
    check(
        &detector,
        Listening::Recipient,
        &texts,
        &expect![[r"
            Ana Ruiz                                   Name(0 Distinct)
            Ana Sato                                   Name(1 Distinct)
            Ana                                        Name(0 Distinct shared)
            Ruiz                                       Name(0 Distinct shared)
            Ben                                        Name(2 Distinct)
            Sato and Ruiz                              Name(0 Distinct shared)
            Ana and Grace                              Name(3 Distinct)
            Ruiz Ana                                   Name(0 Distinct shared)
            grace before meals                         Name(3 Distinct)
            graceful                                   Talk
            Ana Ruiz and Ana Sato                      Name(0 Distinct shared)
        "]],
    );
}

#[test]
fn names_that_sound_alike_are_known_as_such() {
    let names = [
        "Jon Smith",
        "John Smith",
        "Jon Smith",
        "Sara Lee",
        "Sarah Lee",
        "Grace Hope",
    ];
    check(
        &detector(&names),
        Listening::Recipient,
        &names,
        &expect![[r"
            Jon Smith                                  Name(0 SameSpelling shared)
            John Smith                                 Name(1 SameSound)
            Jon Smith                                  Name(0 SameSpelling shared)
            Sara Lee                                   Name(3 SameSound)
            Sarah Lee                                  Name(4 SameSound)
            Grace Hope                                 Name(5 Distinct)
        "]],
    );
}

#[test]
fn likeness_is_mutual() {
    let names = [
        "Jon",
        "John",
        "Sean",
        "Shawn",
        "Catherine",
        "Katherine",
        "Mia",
        "Li",
        "Lee",
        "Bob",
    ];
    for one in names {
        for other in names {
            let alike = |pair: [&str; 2]| {
                let act = understood(&detector(&pair), Listening::Recipient, pair[0]).act;
                let act = shown(act);
                ["Distinct", "SameSound", "SameSpelling"]
                    .into_iter()
                    .find(|kind| act.contains(kind))
            };
            let likeness = alike([one, other]);
            assert!(likeness.is_some(), "{one} {other}");
            assert_eq!(likeness, alike([other, one]), "{one} {other}");
            assert_eq!(
                likeness == Some("SameSpelling"),
                one == other,
                "{one} {other}"
            );
        }
    }
}

#[test]
fn case_and_stops_make_no_other_name() {
    let detector = detector(&["ANA-MARIA O'Brien", "José Müller", "李 小龙"]);
    let texts = [
        "ana maria o'brien",
        "Ana",
        "O’Brien",
        "o brien",
        "josé",
        "JOSÉ MÜLLER",
        "jose",
        "小龙",
    ];
    check(
        &detector,
        Listening::Recipient,
        &texts,
        &expect![[r"
            ana maria o'brien                          Name(0 Distinct)
            Ana                                        Name(0 Distinct)
            O’Brien                                    Name(0 Distinct)
            o brien                                    Talk
            josé                                       Name(1 Distinct)
            JOSÉ MÜLLER                                Name(1 Distinct)
            jose                                       Talk
            小龙                                         Name(2 Distinct)
        "]],
    );
}

#[test]
fn a_contact_without_letters_is_never_named() {
    let detector = detector(&["", "!!!", "42", "Ana"]);
    let texts = ["", "!!!", "42", "Ana", "...", "anyone"];
    check(
        &detector,
        Listening::Recipient,
        &texts,
        &expect![[r"
                                                       Talk
            !!!                                        Talk
            42                                         Name(2 Distinct)
            Ana                                        Name(3 Distinct)
            ...                                        Talk
            anyone                                     Talk
        "]],
    );
}

#[test]
fn without_contacts_nobody_is_named() {
    check(
        &detector(&[]),
        Listening::Recipient,
        &["Ana", "cancel", ""],
        &expect![[r"
            Ana                                        Talk
            cancel                                     Cancel
                                                       Talk
        "]],
    );
}
