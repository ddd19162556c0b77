//! Devices, contacts and settings of one home.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What an assistant is told about the home that it serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Household {
    /// Names of the devices; one word each.
    pub devices: Vec<String>,
    /// The people whom a message can be sent to.
    pub contacts: Vec<Contact>,
    /// Whether messaging is switched on.
    pub messaging: bool,
}

/// Someone whom a message can be sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contact {
    /// A short identifier without blanks, unique in the household.
    pub id: String,
    /// The name as it is said and written.
    pub name: String,
}

/// A household that cannot be written as a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdError(String);

impl fmt::Display for HouseholdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for HouseholdError {}

impl Household {
    /// The name of the contact with this identifier.
    pub fn name_of(&self, id: &str) -> Option<&str> {
        let contact = self.contacts.iter().find(|contact| contact.id == id)?;
        Some(&contact.name)
    }

    /// Checks that devices and contact identifiers are single words, each used once.
    ///
    /// No contact, no device and a name without letters are all legal: homes are like that.
    ///
    /// # Errors
    /// Names the first device or contact that is not.
    pub fn check(&self) -> Result<(), HouseholdError> {
        let devices = self.devices.iter().map(|name| ("device", name));
        let contacts = self.contacts.iter().map(|contact| ("contact", &contact.id));
        let mut seen = std::collections::BTreeSet::new();
        for (kind, word) in devices.chain(contacts) {
            if !is_word(word) {
                let what =
                    format!("{kind} `{word}` is not a single word of letters, digits, - and _");
                return Err(HouseholdError(what));
            }
            if !seen.insert((kind, word)) {
                return Err(HouseholdError(format!("{kind} `{word}` is named twice")));
            }
        }
        Ok(())
    }
}

pub(crate) fn is_word(word: &str) -> bool {
    let legal = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    !word.is_empty() && word.chars().all(legal)
}
