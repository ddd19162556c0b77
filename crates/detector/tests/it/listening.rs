//! One table of texts for each thing that a device listens for.

use crate::{check, detector, understood};
use expect_test::expect;
use mondegreen_detector::{Act, Listening, Wanted, challenge_word};

#[test]
fn wake() {
    let texts = [
        "Alexa",
        "ALEXA!",
        "hey alexa, good morning",
        "alexa send a message",
        "a letter",
        "alexandra",
        "cancel",
        "alexa, stop",
        "yes",
        "",
    ];
    check(
        &detector(&["Ana Ruiz"]),
        Listening::Wake,
        &texts,
        &expect![[r"
            Alexa                                      Wake, by name
            ALEXA!                                     Wake, by name
            hey alexa, good morning                    Wake, in part, by name
            alexa send a message                       Wake, in part, by name
            a letter                                   Talk
            alexandra                                  Talk
            cancel                                     Cancel
            alexa, stop                                Cancel, by name
            yes                                        Talk
                                                       Talk
        "]],
    );
}

#[test]
fn command() {
    let texts = [
        "send a message",
        "Please send message",
        "we should send a message to Ana",
        "send a voice message to Ana Ruiz, please",
        "Ana, leave a message",
        "send Ana a message",
        "turn on the lights",
        "could you turn off the lights",
        "turn on the heating",
        "turn off the heating",
        "lock the door",
        "unlock the door",
        "turn the lights on",
        "no",
        "cancel",
        "never mind, thank you",
        "forget it",
        "we can stop at the shop",
        "alexa, send a message",
        "alexa",
        "yes",
        "the message was sent",
        "",
    ];
    check(
        &detector(&["Ana Ruiz"]),
        Listening::Command,
        &texts,
        &expect![[r"
            send a message                             SendMessage
            Please send message                        SendMessage
            we should send a message to Ana            SendMessage(0 Distinct)
            send a voice message to Ana Ruiz, please   SendMessage(0 Distinct)
            Ana, leave a message                       SendMessage
            send Ana a message                         Talk
            turn on the lights                         Lights on
            could you turn off the lights              Lights off
            turn on the heating                        Heat on
            turn off the heating                       Heat off
            lock the door                              Lock on
            unlock the door                            Lock off
            turn the lights on                         Talk
            no                                         No
            cancel                                     Cancel
            never mind, thank you                      Cancel
            forget it                                  Cancel
            we can stop at the shop                    Talk
            alexa, send a message                      SendMessage, by name
            alexa                                      Talk, by name
            yes                                        Talk
            the message was sent                       Talk
                                                       Talk
        "]],
    );
}

#[test]
fn recipient() {
    let texts = [
        "Ana Ruiz",
        "ana",
        "to Ana Ruiz, please",
        "Anna Ruiz",
        "Ruiz",
        "Mr. Ruiz's car",
        "no",
        "cancel",
        "please stop",
        "alexa, Ana",
        "nobody",
        "",
    ];
    check(
        &detector(&["Ana Ruiz"]),
        Listening::Recipient,
        &texts,
        &expect![[r"
            Ana Ruiz                                   Name(0 Distinct)
            ana                                        Name(0 Distinct)
            to Ana Ruiz, please                        Name(0 Distinct)
            Anna Ruiz                                  Name(0 Distinct)
            Ruiz                                       Name(0 Distinct)
            Mr. Ruiz's car                             Talk
            no                                         Talk
            cancel                                     Cancel
            please stop                                Cancel
            alexa, Ana                                 Name(0 Distinct), by name
            nobody                                     Talk
                                                       Talk
        "]],
    );
}

#[test]
fn message() {
    let texts = [
        "I'll be late",
        "send it",
        "yes",
        "cancel",
        "alexa, never mind",
        "I cannot cancel it",
        "",
    ];
    check(
        &detector(&["Ana Ruiz"]),
        Listening::Message,
        &texts,
        &expect![[r"
            I'll be late                               Talk
            send it                                    Talk
            yes                                        Talk
            cancel                                     Cancel
            alexa, never mind                          Cancel, by name
            I cannot cancel it                         Talk
                                                       Talk
        "]],
    );
}

#[test]
fn yes() {
    let texts = [
        "yes",
        "Right.",
        "That's right",
        "That’s right, thanks",
        "yes please",
        "please, thank you",
        "turn right at the church",
        "I'll be right there",
        "bright",
        "send it",
        "yes, send it",
        "okay but send it tomorrow",
        "no",
        "nope, thanks",
        "no, that's right",
        "yes and no",
        "right, cancel",
        "not right",
        "I don't know",
        "don't send it",
        "change it",
        "cancel",
        "please cancel",
        "let's cancel the order",
        "alexa yes",
        "alexa, turn right",
        "Ana Ruiz",
        "",
    ];
    check(
        &detector(&["Ana Ruiz"]),
        Listening::Answer(Wanted::Yes),
        &texts,
        &expect![[r"
            yes                                        Yes
            Right.                                     Yes
            That's right                               Yes
            That’s right, thanks                       Yes
            yes please                                 Yes
            please, thank you                          Talk, in part
            turn right at the church                   Yes, in part
            I'll be right there                        Yes, in part
            bright                                     Talk, in part
            send it                                    SendIt
            yes, send it                               SendIt
            okay but send it tomorrow                  SendIt, in part
            no                                         No
            nope, thanks                               No
            no, that's right                           YesAndNo, in part
            yes and no                                 YesAndNo, in part
            right, cancel                              YesAndNo, in part
            not right                                  YesAndNo, in part
            I don't know                               No, in part
            don't send it                              No
            change it                                  No
            cancel                                     Cancel
            please cancel                              Cancel
            let's cancel the order                     No, in part
            alexa yes                                  Yes, by name
            alexa, turn right                          Yes, in part, by name
            Ana Ruiz                                   Talk, in part
                                                       Talk, in part
        "]],
    );
}

#[test]
fn a_name() {
    let texts = [
        "Ana Ruiz",
        "Ana Ruiz, please",
        "Ana",
        "I saw Ana Ruiz",
        "yes",
        "no",
        "no, Ana Ruiz",
        "not really",
        "cancel",
        "",
    ];
    check(
        &detector(&["Ana Ruiz"]),
        Listening::Answer(Wanted::Name),
        &texts,
        &expect![[r"
            Ana Ruiz                                   Name(0 Distinct)
            Ana Ruiz, please                           Name(0 Distinct)
            Ana                                        Name(0 Distinct), in part
            I saw Ana Ruiz                             Name(0 Distinct), in part
            yes                                        Talk, in part
            no                                         No
            no, Ana Ruiz                               Name(0 Distinct), in part
            not really                                 No, in part
            cancel                                     Cancel
                                                       Talk, in part
        "]],
    );
}

#[test]
fn send_it() {
    let texts = [
        "send it",
        "Send it, please.",
        "yes, send it",
        "I'll send it tomorrow",
        "yes",
        "don't send it",
        "change it",
        "no, send it",
        "cancel",
        "",
    ];
    check(
        &detector(&["Ana Ruiz"]),
        Listening::Answer(Wanted::SendIt),
        &texts,
        &expect![[r"
            send it                                    SendIt
            Send it, please.                           SendIt
            yes, send it                               SendIt
            I'll send it tomorrow                      SendIt, in part
            yes                                        Talk, in part
            don't send it                              No
            change it                                  No
            no, send it                                YesAndNo, in part
            cancel                                     Cancel
                                                       Talk, in part
        "]],
    );
}

#[test]
fn a_word() {
    let texts = [
        "copper",
        "Copper, thanks",
        "a copper kettle",
        "no, copper",
        "window",
        "yes",
        "no",
        "cancel",
        "",
    ];
    check(
        &detector(&["Ana Ruiz"]),
        Listening::Answer(Wanted::Word(0)),
        &texts,
        &expect![[r"
            copper                                     Word(0)
            Copper, thanks                             Word(0)
            a copper kettle                            Word(0), in part
            no, copper                                 YesAndNo, in part
            window                                     Talk, in part
            yes                                        Talk, in part
            no                                         No
            cancel                                     Cancel
                                                       Talk, in part
        "]],
    );
}

#[test]
fn every_challenge_word_is_heard_as_its_own_only() {
    let detector = detector(&[]);
    for asked in 0..64 {
        for said in 0..64 {
            let act = understood(
                &detector,
                Listening::Answer(Wanted::Word(asked)),
                challenge_word(said),
            )
            .act;
            let want = if asked == said {
                Act::Word(asked)
            } else {
                Act::Talk
            };
            assert_eq!(act, want, "{asked} {said}");
        }
    }
    assert_eq!(challenge_word(64), challenge_word(0));
    assert_eq!(challenge_word(usize::MAX), challenge_word(63));
}
