//! What the reference assistant says.

use super::challenge;
use super::house::Spelling;
use mondegreen_dialog::{Appliance, Ask, ContactId, HomeAct, Notice, Says};
use mondegreen_trace::Household;

/// How long it takes to say a text: 65 ms a character, about 150 words a minute.
pub(super) fn duration_ms(text: &str) -> u64 {
    u64::try_from(text.chars().count())
        .unwrap_or(u64::MAX)
        .saturating_mul(65)
}

pub(super) fn prompt(household: &Household, says: Says, spelling: Spelling) -> String {
    match says {
        Says::ToWhom => "To whom?".to_owned(),
        Says::WhatMessage { contact } => {
            format!("What's the message for {}?", name(household, contact))
        }
        Says::ConfirmRecipient {
            contact,
            apart,
            ask,
        } => {
            let who = said_apart(household, contact, apart, spelling);
            match ask {
                Ask::Yes => format!("{who}, right?"),
                Ask::Name => format!("{who}? Say the name again to confirm."),
                Ask::SendIt => format!("To {who}. Say \"send it\" or \"change it\"."),
                Ask::Word(word) => format!("To {who}? Say \"{}\" if so.", challenge(word)),
                Ask::Button => format!("{who}? Press the button if so."),
            }
        }
        Says::ConfirmSend {
            contact,
            apart,
            ask,
            ..
        } => {
            let who = said_apart(household, contact, apart, spelling);
            match ask {
                Ask::Yes => format!("Shall I send this to {who}?"),
                Ask::Name => format!("This goes to {who}. Say the name again to send it."),
                Ask::SendIt => format!("This goes to {who}. Send it, or change it?"),
                Ask::Word(word) => {
                    format!(
                        "This goes to {who}. Say \"{}\" to send it.",
                        challenge(word)
                    )
                }
                Ask::Button => format!("This goes to {who}. Press the button to send it."),
            }
        }
    }
}

pub(super) fn notice(household: &Household, notice: Notice) -> String {
    match notice {
        Notice::Recording => "Recording.".to_owned(),
        Notice::Holding(contact, left) => {
            let (name, seconds) = (name(household, contact), left.0 / 1000);
            format!("Sending to {name} in {seconds} seconds. Say cancel to stop.")
        }
        Notice::Sent(contact) => format!("Sent to {}.", name(household, contact)),
        Notice::Retrying(contact) => {
            format!(
                "The message to {} did not arrive. Trying once more.",
                name(household, contact)
            )
        }
        Notice::Dropped => "Nothing was sent.".to_owned(),
        Notice::MessagingOff => "Messages are switched off.".to_owned(),
        Notice::CannotTellApart(contact) => {
            let name = name(household, contact);
            format!("There are two contacts called {name}, and I cannot tell them apart.")
        }
    }
}

pub(super) const fn action(act: HomeAct) -> &'static str {
    match (act.appliance, act.on) {
        (Appliance::Lights, true) => "light_on",
        (Appliance::Lights, false) => "light_off",
        (Appliance::Heat, true) => "heat_on",
        (Appliance::Heat, false) => "heat_off",
        (Appliance::Lock, true) => "lock",
        (Appliance::Lock, false) => "unlock",
    }
}

fn name(household: &Household, contact: ContactId) -> &str {
    let contact = household.contacts.get(usize::from(contact.0));
    contact.map_or("", |contact| contact.name.as_str())
}

/// The name; when another contact's sounds the same, with the words spelt out that no other name
/// has, or all of them.
fn said_apart(
    household: &Household,
    contact: ContactId,
    apart: bool,
    spelling: Spelling,
) -> String {
    let name = name(household, contact);
    if !apart {
        return name.to_owned();
    }
    let others = household.contacts.iter().filter(|other| other.name != name);
    let theirs: Vec<&str> = others
        .flat_map(|other| other.name.split_whitespace())
        .collect();
    let mut words: Vec<&str> = name.split_whitespace().collect();
    let is_spelt = |word: &&str| theirs.contains(word) == (spelling == Spelling::Shared);
    if words.iter().any(is_spelt) {
        words.retain(is_spelt);
    }
    let spelt = |word: &&str| {
        let letters: Vec<String> = word.to_uppercase().chars().map(String::from).collect();
        letters.join("-")
    };
    let spelt: Vec<String> = words.iter().map(spelt).collect();
    format!("{name}, spelt {}", spelt.join(" "))
}
