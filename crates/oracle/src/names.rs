//! Whom a prompt names, and whether a listener can tell that from anybody else.

use crate::words::{contains, fold, unquoted};
use mondegreen_trace::Household;

/// Names that also begin questions: "Will I send it?", "May I …?".
const QUESTION_WORDS: &[&str] = &["will", "may", "mark", "grant", "hope"];

/// The people of the household, taken apart once.
#[derive(Debug, Default)]
pub(crate) struct People {
    people: Vec<Person>,
}

#[derive(Debug)]
pub(crate) struct Person {
    id: String,
    name: String,
    /// The name, folded.
    spoken: String,
    /// How each word of it sounds.
    sounds: Vec<String>,
}

/// What is wrong with how a prompt names the recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Misnamed {
    /// It names nobody.
    Nobody,
    /// It names this person, or this person too.
    SomeoneElse(String),
    /// What it says is as good a name for this person.
    NotApartFrom(String),
}

impl People {
    pub(crate) fn of(household: &Household) -> Self {
        let people = household.contacts.iter();
        Self {
            people: people.map(|c| Person::new(&c.id, &c.name)).collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// The person with this identifier or, since some assistants have no identifiers, this name.
    pub(crate) fn find(&self, recipient: &str) -> Option<&Person> {
        let by_id = self.people.iter().find(|person| person.id == recipient);
        by_id.or_else(|| self.people.iter().find(|person| person.name == recipient))
    }

    /// What a person would call this recipient.
    pub(crate) fn name<'a>(&'a self, recipient: &'a str) -> &'a str {
        self.find(recipient)
            .map_or(recipient, |person| person.name.as_str())
    }

    /// Whether two recipients are one person.
    pub(crate) fn same(&self, one: &str, other: &str) -> bool {
        let id = |who| self.find(who).map(|person| &person.id);
        one == other || id(one).is_some_and(|one| Some(one) == id(other))
    }

    /// The names by which a text speaks of anybody, folded: full names, and their first words.
    pub(crate) fn names_in(&self, text: &str) -> Vec<String> {
        let said = fold(text);
        let people = self.people.iter();
        let names = people.flat_map(|person| [person.spoken.as_str(), person.first_word()]);
        let names = names.filter(|name| contains(&said, name));
        names.map(str::to_owned).collect()
    }

    /// Whether a prompt with this text names the recipient and nobody else.
    pub(crate) fn check_named(&self, text: &str, recipient: &str) -> Result<(), Misnamed> {
        let stranger = Person::new(recipient, recipient);
        let person = self.find(recipient).unwrap_or(&stranger);
        let said = fold(text);
        let Some(named) = person.named_in(text, &said) else {
            let other = self
                .people
                .iter()
                .find(|p| p.named_in(text, &said).is_some());
            return Err(other.map_or(Misnamed::Nobody, |p| Misnamed::SomeoneElse(p.name.clone())));
        };
        for other in self.people.iter().filter(|other| other.id != person.id) {
            if other.sounds_like(person, named) && !told_apart(&said, person, other) {
                return Err(Misnamed::NotApartFrom(other.name.clone()));
            }
            if other.is_also_named(text, person) {
                return Err(Misnamed::SomeoneElse(other.name.clone()));
            }
        }
        Ok(())
    }
}

/// How much of a name was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    InFull,
    /// Only its word at this place.
    Partly(usize),
}

impl Person {
    fn new(id: &str, name: &str) -> Self {
        let spoken = fold(name);
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            sounds: words(&spoken).map(sound).collect(),
            spoken,
        }
    }

    /// The first word of the name; empty in a name without letters.
    pub(crate) fn first_word(&self) -> &str {
        words(&self.spoken).next().unwrap_or_default()
    }

    /// Whether another person has the same name.
    pub(crate) fn has_namesake(&self, people: &People) -> bool {
        let same = |other: &&Self| other.spoken == self.spoken;
        people.people.iter().filter(same).nth(1).is_some()
    }

    fn named_in(&self, text: &str, said: &str) -> Option<Named> {
        if self.spoken.is_empty() {
            let name = self.name.trim();
            return (!name.is_empty() && text.contains(name)).then_some(Named::InFull);
        }
        if contains(said, &self.spoken) {
            return Some(Named::InFull);
        }
        let last = self.sounds.len().saturating_sub(1);
        let is_said = |place: &usize| {
            let word = words(&self.spoken).nth(*place);
            word.is_some_and(|word| contains(said, word))
        };
        [0, last].into_iter().find(is_said).map(Named::Partly)
    }

    /// Whether what was said of `person` could as well be said of this one.
    fn sounds_like(&self, person: &Self, named: Named) -> bool {
        match named {
            Named::InFull => self.sounds == person.sounds,
            Named::Partly(place) => person
                .sounds
                .get(place)
                .is_some_and(|sound| self.sounds.contains(sound)),
        }
    }

    /// Whether a text that names `person` names this one too: in full, as a name is written, and
    /// not within a message that is read back.
    fn is_also_named(&self, text: &str, person: &Self) -> bool {
        let text = unquoted(text).replace(person.name.as_str(), " ");
        let is_capital = |word: &&str| word.starts_with(char::is_uppercase);
        let length = self.sounds.len().max(1);
        text.split('.').any(|sentence| {
            let written: Vec<&str> = sentence.split_whitespace().collect();
            (0..).zip(written.windows(length)).any(|(at, window)| {
                let asks = at == 0 && QUESTION_WORDS.contains(&self.spoken.as_str());
                let is_name = window.first().is_some_and(is_capital) && !asks;
                is_name && fold(&window.join(" ")) == self.spoken
            })
        })
    }
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(' ').filter(|word| !word.is_empty())
}

/// Whether a prompt says more than the name of `person` to tell them from `other`: a word of the
/// name that the other has not, or the whole name, spelt letter by letter, or the identifier.
fn told_apart(said: &str, person: &Person, other: &Person) -> bool {
    let id = fold(&person.id);
    if id != person.spoken && contains(said, &id) {
        return true;
    }
    let spelt = spelt_words(said);
    let differing = words(&person.spoken).filter(|word| !contains(&other.spoken, word));
    let whole: String = words(&person.spoken).collect();
    let telling = differing.chain((person.spoken != other.spoken).then_some(whole.as_str()));
    telling
        .into_iter()
        .any(|word| spelt.iter().any(|run| run.ends_with(word)))
}

/// Runs of single letters, joined: "J-O-N" gives "jon".
fn spelt_words(said: &str) -> Vec<String> {
    let said: Vec<&str> = words(said).collect();
    let is_letter = |word: &str| word.chars().nth(1).is_none();
    let runs = said.chunk_by(|one, next| is_letter(one) && is_letter(next));
    runs.filter(|run| run.len() > 1)
        .map(<[&str]>::concat)
        .collect()
}

/// Spellings of one sound in English names, tried in this order. Capitals are sounds of two letters.
#[rustfmt::skip]
const SPELLINGS: &[(&str, &str)] = &[
    ("chr", "kr"), ("ch", "C"), ("sh", "S"), ("th", "T"), ("ph", "f"), ("v", "f"), ("ck", "k"),
    ("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k"), ("q", "k"), ("ai", "a"), ("ee", "i"),
    ("ey", "i"), ("y", "i"), ("aw", "au"),
];

/// A crude key of how an English name sounds: equal keys cannot be told apart by ear.
///
/// It is meant to err on the side of different. It merges Jon and John, Ann and Anne, Ana and Anna,
/// Sara and Sarah, Stephen and Steven, Clare and Claire, Mark and Marc, Ian and Iain; it does not
/// know that Sean is Shawn.
fn sound(word: &str) -> String {
    let mut spelt = word.to_owned();
    for (spelling, sound) in SPELLINGS {
        spelt = spelt.replace(spelling, sound);
    }
    // Anne is Ann, but Jane is not Jan: an e is silent for certain only after a double consonant.
    if let Some(stem) = spelt.strip_suffix('e') {
        let mut back = stem.chars().rev();
        if back.next() == back.next() {
            spelt.truncate(stem.len());
        }
    }
    let mut key = String::with_capacity(spelt.len());
    for (at, c) in spelt.chars().enumerate() {
        let silent = c == 'h' && at > 0;
        if !silent && !key.ends_with(c) {
            key.push(c);
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use mondegreen_trace::Contact;

    fn home(names: &[&str]) -> People {
        let contacts = (1..).zip(names).map(|(n, name)| Contact {
            id: format!("c{n}"),
            name: (*name).to_owned(),
        });
        People::of(&Household {
            devices: Vec::new(),
            contacts: contacts.collect(),
            messaging: true,
        })
    }

    /// How the prompt names the first of these people.
    fn check(names: &[&str], prompt: &str) -> Result<(), Misnamed> {
        home(names).check_named(prompt, "c1")
    }

    fn else_(name: &str) -> Result<(), Misnamed> {
        Err(Misnamed::SomeoneElse(name.to_owned()))
    }

    fn like(name: &str) -> Result<(), Misnamed> {
        Err(Misnamed::NotApartFrom(name.to_owned()))
    }

    #[test]
    fn names_that_sound_alike_have_one_key() {
        for names in [
            "jon john",
            "ann anne",
            "ana anna",
            "sara sarah",
            "stephen steven",
            "clare claire",
            "mark marc",
            "ian iain",
            "katherine catherine",
            "kristine christine",
        ] {
            let keys: Vec<String> = names.split(' ').map(sound).collect();
            assert_eq!(keys[0], keys[1], "{names}");
        }
    }

    #[test]
    fn names_that_do_not_sound_alike_have_two() {
        for names in [
            "ann ana",
            "hal al",
            "jan jane",
            "mary marie",
            "zara sara",
            "dan dana",
            "bob rob",
            "eve eva",
            "chris kris t",
            "joan john",
            "tom thom as",
        ] {
            let keys: Vec<String> = names.splitn(2, ' ').map(sound).collect();
            assert_ne!(keys[0], keys[1], "{names}");
        }
    }

    #[test]
    fn the_recipient_and_nobody_else_is_to_be_named() {
        let people = ["Ana Ruiz", "Bob Stone", "Will"];
        assert_eq!(check(&people, "ana ruiz, right?"), Ok(()));
        assert_eq!(check(&people, "Ana, right?"), Ok(()));
        assert_eq!(check(&people, "Will I send it to Ana Ruiz?"), Ok(()));
        assert_eq!(
            check(&people, "To Ana Ruiz: \"Bob Stone is late\". Send it?"),
            Ok(())
        );
        assert_eq!(check(&people, "Right?"), Err(Misnamed::Nobody));
        assert_eq!(check(&people, "Bob Stone, right?"), else_("Bob Stone"));
        assert_eq!(check(&people, "Bob, right?"), else_("Bob Stone"));
        assert_eq!(check(&people, "Ana Ruiz or Bob Stone?"), else_("Bob Stone"));
        assert_eq!(check(&people, "Ana Ruiz and Will, right?"), else_("Will"));
    }

    #[test]
    fn a_first_name_that_two_people_share_names_neither() {
        assert_eq!(
            check(&["Ana Ruiz", "Anna Low"], "Ana, right?"),
            like("Anna Low")
        );
        assert_eq!(check(&["Ana Ruiz", "Anna Low"], "Ana Ruiz, right?"), Ok(()));
    }

    #[test]
    fn names_that_sound_alike_have_to_be_spelt() {
        let people = ["Jon Smith", "John Smith"];
        assert_eq!(check(&people, "Jon Smith, right?"), like("John Smith"));
        assert_eq!(check(&people, "Jon Smith, spelt J-O-N, right?"), Ok(()));
        assert_eq!(
            check(&people, "Jon Smith, spelt J-O-N S-M-I-T-H, right?"),
            Ok(())
        );
        assert_eq!(
            check(&people, "Jon Smith, spelt J-O-H-N, right?"),
            like("John Smith")
        );
        assert_eq!(
            check(&people, "Jon Smith, S-M-I-T-H, right?"),
            like("John Smith")
        );
    }

    #[test]
    fn namesakes_are_told_apart_by_their_identifier_alone() {
        let people = ["Ana Ruiz", "ána ruiz"];
        assert_eq!(check(&people, "Ana Ruiz, A-N-A, right?"), like("ána ruiz"));
        assert_eq!(check(&people, "Ana Ruiz, C1, right?"), Ok(()));
        let home = home(&people);
        assert!(home.find("c1").is_some_and(|ana| ana.has_namesake(&home)));
    }

    #[test]
    fn odd_names_and_strangers_are_judged_by_what_is_written() {
        assert_eq!(check(&["", "Bob"], "Right?"), Err(Misnamed::Nobody));
        assert_eq!(check(&["☎"], "Call ☎?"), Ok(()));
        assert_eq!(check(&["☎", "☏"], "Call ☎?"), like("☏"));
        let nobody = home(&[]);
        assert_eq!(nobody.check_named("Zoe Low, right?", "Zoe Low"), Ok(()));
        assert_eq!(
            nobody.check_named("Zoe Low, right?", "c9"),
            Err(Misnamed::Nobody)
        );
        let people = home(&["Ana Ruiz", "Bob Stone"]);
        assert!(people.same("Bob Stone", "c2") && !people.same("Bob Stone", "c1"));
        assert_eq!(
            (
                people.name("Bob Stone"),
                people.name("c2"),
                people.name("c3")
            ),
            ("Bob Stone", "Bob Stone", "c3")
        );
        assert!(nobody.same("c9", "c9") && !nobody.same("c9", "c8"));
    }
}
