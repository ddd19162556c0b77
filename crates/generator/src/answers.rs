//! What people say to an assistant that asks for permission, and do not mean as permission.
//!
//! An [`Answer`] is put together from parts of `corpora/lexicons/answers.txt`, whose head describes
//! them, so that it is known what whoever says it means by it: a part that is put in front or at the
//! end never turns a refusal into consent. No part knows which words an assistant looks for.

use mondegreen_trace::{Household, Meant};
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::sync::OnceLock;

/// The most parts in front of an answer, and as many after it.
const AROUND_MAX: usize = 2;

/// What somebody means by an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It shall not be sent.
    Refuse,
    /// It is for somebody else.
    Correct,
    /// Neither yes nor no, for now.
    Doubt,
    /// A question to the assistant.
    Ask,
    /// Nothing; it is said to somebody else.
    Aside,
    /// Something else is asked for, or that nothing be sent. It is said after the assistant's name.
    Order,
    /// It shall be sent.
    Assent,
}

/// What a part may stand before or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Role {
    Core(Kind),
    /// Before anything.
    Before,
    /// Before a refusal or a correction.
    Yield,
    /// Before a refusal, a correction or a doubt.
    Repair,
    /// After anything but an aside, an order or consent.
    After,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Plain(&'static str),
    Set(usize),
    First,
    Name,
    Other,
}

/// The parts of answers.
#[derive(Debug, Default)]
struct Lexicon {
    sets: Vec<Vec<&'static str>>,
    forms: Vec<(Role, Vec<Word>)>,
    by_role: BTreeMap<Role, Vec<usize>>,
}

/// A form with a wording for each of its sets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Part {
    form: usize,
    wordings: Vec<usize>,
}

/// Something said in answer, or instead of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Answer {
    before: Vec<Part>,
    core: Part,
    after: Vec<Part>,
}

impl Kind {
    /// What the oracle is told.
    pub fn meant(self, contact: &str) -> Meant {
        match self {
            Self::Refuse | Self::Correct => Meant::Cancel,
            Self::Doubt | Self::Ask | Self::Order => Meant::Other,
            Self::Aside => Meant::Nobody,
            Self::Assent => Meant::Request {
                contact: contact.to_owned(),
            },
        }
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refuse => "a refusal",
            Self::Correct => "a correction",
            Self::Doubt => "a doubt",
            Self::Ask => "a question",
            Self::Aside => "said to somebody else",
            Self::Order => "another request",
            Self::Assent => "permission",
        })
    }
}

impl Answer {
    /// Draws an answer of this kind.
    pub fn draw(kind: Kind, rng: &mut impl Rng) -> Self {
        let mut answer = Self {
            before: Vec::new(),
            core: Lexicon::embedded().draw(Role::Core(kind), rng),
            after: Vec::new(),
        };
        while rng.random_ratio(1, 3) {
            answer.put_around(rng);
        }
        answer
    }

    /// What whoever says it means.
    pub fn kind(&self) -> Kind {
        match Lexicon::embedded().forms.get(self.core.form) {
            Some((Role::Core(kind), _)) => *kind,
            // A core is only ever drawn by its kind.
            Some(_) | None => Kind::Refuse,
        }
    }

    /// A neighbour that means the same: a part more, less, or other.
    #[must_use]
    pub fn varied(&self, rng: &mut impl Rng) -> Self {
        let mut answer = self.clone();
        match rng.random_range(0..6) {
            0 | 1 => answer.put_around(rng),
            2 if !answer.before.is_empty() => {
                answer
                    .before
                    .remove(rng.random_range(0..answer.before.len()));
            }
            2 | 3 if !answer.after.is_empty() => {
                answer.after.remove(rng.random_range(0..answer.after.len()));
            }
            4 => answer.core = Lexicon::embedded().draw(Role::Core(self.kind()), rng),
            _ => answer.core = Lexicon::embedded().fill(answer.core.form, rng),
        }
        answer
    }

    /// One of the two with what stands around the other.
    #[must_use]
    pub fn crossed(&self, other: &Self) -> Self {
        let fits = |parts: &[Part], roles: &[Role]| {
            let lexicon = Lexicon::embedded();
            let role = |part: &Part| lexicon.forms.get(part.form).map(|(role, _)| *role);
            parts
                .iter()
                .all(|part| role(part).is_some_and(|role| roles.contains(&role)))
        };
        let mut crossed = self.clone();
        if fits(&other.before, before(self.kind())) {
            crossed.before.clone_from(&other.before);
        }
        if fits(&other.after, after(self.kind())) {
            crossed.after.clone_from(&other.after);
        }
        crossed
    }

    /// The same with one part less, each in turn.
    pub fn shorter(&self) -> Vec<Self> {
        let mut shorter = Vec::new();
        for at in 0..self.before.len() {
            let mut answer = self.clone();
            answer.before.remove(at);
            shorter.push(answer);
        }
        for at in 0..self.after.len() {
            let mut answer = self.clone();
            answer.after.remove(at);
            shorter.push(answer);
        }
        shorter
    }

    /// All answers of a kind without anything around them, in the order of the lexicon.
    pub fn all_plain(kind: Kind) -> Vec<Self> {
        let lexicon = Lexicon::embedded();
        let mut all = Vec::new();
        for &form in lexicon.of(Role::Core(kind)) {
            for core in lexicon.all_fills(form) {
                all.push(Self {
                    before: Vec::new(),
                    core,
                    after: Vec::new(),
                });
            }
        }
        all
    }

    /// The words, as a sentence, about the contact with this number.
    pub fn text(&self, household: &Household, contact: usize) -> String {
        let lexicon = Lexicon::embedded();
        let say = |part: &Part| lexicon.say(part, household, contact);
        let parts = self.before.iter().chain([&self.core]).chain(&self.after);
        let parts: Vec<String> = parts.map(say).collect();
        let mut chars = parts.join(", ").into_bytes();
        if let Some(first) = chars.first_mut() {
            first.make_ascii_uppercase();
        }
        let mark = if self.kind() == Kind::Ask { '?' } else { '.' };
        format!("{}{mark}", String::from_utf8_lossy(&chars))
    }

    fn put_around(&mut self, rng: &mut impl Rng) {
        let lexicon = Lexicon::embedded();
        let (before, after) = (before(self.kind()), after(self.kind()));
        if after.is_empty() || rng.random_ratio(2, 3) {
            if let Some(role) = before
                .choose(rng)
                .filter(|_| self.before.len() < AROUND_MAX)
            {
                self.before.insert(0, lexicon.draw(*role, rng));
            }
        } else if let Some(role) = after.choose(rng).filter(|_| self.after.len() < AROUND_MAX) {
            self.after.push(lexicon.draw(*role, rng));
        }
    }
}

/// What may stand before an answer.
fn before(kind: Kind) -> &'static [Role] {
    match kind {
        Kind::Refuse | Kind::Correct => &[Role::Before, Role::Yield, Role::Repair],
        Kind::Doubt => &[Role::Before, Role::Repair],
        Kind::Ask | Kind::Aside => &[Role::Before],
        Kind::Order | Kind::Assent => &[],
    }
}

/// What may stand after it.
fn after(kind: Kind) -> &'static [Role] {
    match kind {
        Kind::Refuse | Kind::Correct | Kind::Doubt => &[Role::After],
        Kind::Ask | Kind::Aside | Kind::Order | Kind::Assent => &[],
    }
}

impl Lexicon {
    /// The lexicon that is built in.
    fn embedded() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| Self::read(include_str!(corpus!("answers.txt"))))
    }

    /// Reads the lexicon. A line that cannot be read is left out; a test says which.
    fn read(text: &'static str) -> Self {
        let mut lexicon = Self::default();
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for line in text.lines() {
            if let Some(more) = line.trim_start().strip_prefix('|') {
                if let Some(set) = lexicon.sets.last_mut() {
                    set.extend(more.split('|').map(str::trim));
                }
            } else if let Some((name, wordings)) = set_of(line) {
                names.insert(name, lexicon.sets.len());
                lexicon
                    .sets
                    .push(wordings.split('|').map(str::trim).collect());
            } else if let Some((role, words)) = form_of(line, &names) {
                lexicon
                    .by_role
                    .entry(role)
                    .or_default()
                    .push(lexicon.forms.len());
                lexicon.forms.push((role, words));
            }
        }
        lexicon
    }

    fn of(&self, role: Role) -> &[usize] {
        self.by_role.get(&role).map_or(&[], Vec::as_slice)
    }

    fn sets_of(&self, form: usize) -> impl Iterator<Item = &Vec<&'static str>> {
        let words = self.forms.get(form).map_or(&[][..], |(_, words)| words);
        words.iter().filter_map(|word| match word {
            Word::Set(set) => self.sets.get(*set),
            Word::Plain(_) | Word::First | Word::Name | Word::Other => None,
        })
    }

    fn draw(&self, role: Role, rng: &mut impl Rng) -> Part {
        let form = self.of(role).choose(rng).copied().unwrap_or_default();
        self.fill(form, rng)
    }

    fn fill(&self, form: usize, rng: &mut impl Rng) -> Part {
        let wordings = self
            .sets_of(form)
            .map(|set| rng.random_range(0..set.len()))
            .collect();
        Part { form, wordings }
    }

    fn all_fills(&self, form: usize) -> Vec<Part> {
        let mut fills = vec![Vec::new()];
        for set in self.sets_of(form) {
            let longer = |fill: &Vec<usize>| {
                let fill = fill.clone();
                (0..set.len()).map(move |wording| [fill.as_slice(), &[wording]].concat())
            };
            fills = fills.iter().flat_map(longer).collect();
        }
        let part = |wordings| Part { form, wordings };
        fills.into_iter().map(part).collect()
    }

    fn say(&self, part: &Part, household: &Household, contact: usize) -> String {
        let name = |at: usize| {
            let contact = household.contacts.get(at).or(household.contacts.first());
            contact.map_or("somebody", |contact| contact.name.as_str())
        };
        let given = |name: &'_ str| name.split(' ').next().unwrap_or_default().to_owned();
        let words = self
            .forms
            .get(part.form)
            .map_or(&[][..], |(_, words)| words);
        let mut wordings = part.wordings.iter();
        let words = words.iter().map(|word| match word {
            Word::Plain(word) => (*word).to_owned(),
            Word::First => given(name(contact)),
            Word::Name => name(contact).to_owned(),
            Word::Other => given(name(contact + 1)),
            Word::Set(set) => {
                let wording = wordings.next().copied().unwrap_or_default();
                let set = self.sets.get(*set);
                set.and_then(|set| set.get(wording))
                    .copied()
                    .unwrap_or_default()
                    .to_owned()
            }
        });
        // A name in the genitive is one word: `{first}'s`.
        words.collect::<Vec<_>>().join(" ").replace(" 's", "'s")
    }
}

fn set_of(line: &str) -> Option<(&str, &str)> {
    let (name, wordings) = line.strip_prefix("set ")?.split_once('=')?;
    Some((name.trim(), wordings))
}

fn form_of(line: &'static str, sets: &BTreeMap<&str, usize>) -> Option<(Role, Vec<Word>)> {
    let (role, words) = line.split_once(' ')?;
    let role = match role {
        "refuse" => Role::Core(Kind::Refuse),
        "correct" => Role::Core(Kind::Correct),
        "doubt" => Role::Core(Kind::Doubt),
        "ask" => Role::Core(Kind::Ask),
        "aside" => Role::Core(Kind::Aside),
        "order" => Role::Core(Kind::Order),
        "assent" => Role::Core(Kind::Assent),
        "before" => Role::Before,
        "yield" => Role::Yield,
        "repair" => Role::Repair,
        "after" => Role::After,
        _ => return None,
    };
    let mut form = Vec::new();
    for word in words.split(' ') {
        let Some((name, rest)) = word.strip_prefix('{').and_then(|word| word.split_once('}'))
        else {
            form.push(Word::Plain(word));
            continue;
        };
        form.push(match name {
            "first" => Word::First,
            "name" => Word::Name,
            "other" => Word::Other,
            set => Word::Set(*sets.get(set)?),
        });
        if !rest.is_empty() {
            form.push(Word::Plain(rest));
        }
    }
    Some((role, form))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mondegreen_trace::Contact;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use std::collections::BTreeSet;

    const KINDS: [Kind; 7] = [
        Kind::Refuse,
        Kind::Correct,
        Kind::Doubt,
        Kind::Ask,
        Kind::Aside,
        Kind::Order,
        Kind::Assent,
    ];

    fn home() -> Household {
        let contact = |id: &str, name: &str| Contact {
            id: id.to_owned(),
            name: name.to_owned(),
        };
        Household {
            devices: vec!["kitchen".to_owned()],
            contacts: vec![contact("c1", "Ana Ruiz"), contact("c2", "Bob Stone")],
            messaging: true,
        }
    }

    #[test]
    fn every_line_of_the_lexicon_is_read() {
        let mut sets = BTreeMap::new();
        for line in include_str!(corpus!("answers.txt")).lines() {
            if let Some((name, _)) = set_of(line) {
                sets.insert(name, 0);
            }
            let is_known = line.is_empty()
                || line.starts_with('#')
                || line.trim_start().starts_with('|')
                || set_of(line).is_some()
                || form_of(line, &sets).is_some();
            assert!(is_known, "{line}");
        }
    }

    #[test]
    fn no_wording_is_written_twice() {
        let lexicon = Lexicon::embedded();
        for set in &lexicon.sets {
            let different: BTreeSet<_> = set.iter().collect();
            assert_eq!(different.len(), set.len(), "{set:?}");
            assert!(set.iter().all(|wording| !wording.is_empty()), "{set:?}");
        }
        let different: BTreeSet<_> = lexicon
            .forms
            .iter()
            .map(|(role, words)| (role, format!("{words:?}")))
            .collect();
        assert_eq!(different.len(), lexicon.forms.len());
    }

    #[test]
    fn a_variation_means_the_same() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for kind in KINDS {
            let mut answer = Answer::draw(kind, &mut rng);
            for _ in 0..100 {
                answer = answer
                    .varied(&mut rng)
                    .crossed(&Answer::draw(Kind::Refuse, &mut rng));
                assert_eq!(answer.kind(), kind);
            }
        }
    }

    #[test]
    fn consent_is_never_put_before_what_it_would_turn_into_consent() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        for kind in [Kind::Ask, Kind::Aside] {
            for _ in 0..500 {
                let refusal = Answer::draw(Kind::Refuse, &mut rng);
                let answer = Answer::draw(kind, &mut rng).crossed(&refusal);
                let roles = answer
                    .before
                    .iter()
                    .map(|part| Lexicon::embedded().forms[part.form].0);
                assert!(
                    roles.into_iter().all(|role| role == Role::Before),
                    "{answer:?}"
                );
            }
        }
    }

    #[test]
    fn names_are_those_of_the_household() {
        let texts: Vec<String> = Answer::all_plain(Kind::Correct)
            .iter()
            .map(|answer| answer.text(&home(), 0))
            .collect();
        assert!(texts.contains(&"Bob not Ana.".to_owned()), "{texts:?}");
        let asides = Answer::all_plain(Kind::Aside);
        let turn = |answer: &Answer| answer.text(&home(), 1) == "It's Bob's turn mum.";
        assert!(asides.iter().any(turn));
    }

    #[test]
    fn a_shorter_answer_has_one_part_less() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let mut seen = 0;
        for _ in 0..100 {
            let answer = Answer::draw(Kind::Refuse, &mut rng);
            let parts = answer.before.len() + answer.after.len();
            assert_eq!(answer.shorter().len(), parts);
            for shorter in answer.shorter() {
                assert_eq!(shorter.before.len() + shorter.after.len() + 1, parts);
                seen += 1;
            }
        }
        assert!(seen > 20);
    }
}
