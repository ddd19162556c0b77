//! Derives `corpora/lexicons/word-classes.txt` from `WordNet`, for the common words of SCOWL.
//!
//! ``sh
//! cargo run -p mondegreen-generator --example build-word-classes -- \
//!     /usr/share/wordnet /usr/share/dict/scowl > corpora/lexicons/word-classes.txt
//! ``
//!
//! The folders are those of Debian's packages `wordnet-base` and `scowl`. A word has a class when
//! a sense that makes up a fair share of its use has it: `WordNet` counts how often each sense was
//! met in tagged text. Inflected forms are made by rule and from `WordNet`'s lists of exceptions, and
//! kept when SCOWL lists them. The codes are explained in `src/classes.rs`.

mod inflect;

use inflect::{Exceptions, graded, ing_forms, irregular_or, past_forms, plural, third_person};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// A part of speech or a sense counts when it has at least this share of the word's use.
const SHARE: f64 = 0.1;

/// Words whose use the grammar spells out. As open-class words ("an `in`", "a `the`") they would
/// only lead to nonsense.
const FUNCTION_WORDS: &str = "\
    a an the this that these those each every either neither no any some all both half such what which who whom \
    whose whatever whichever whoever i me my mine myself you your yours yourself yourselves he him his himself \
    she her hers herself it its itself we us our ours ourselves they them their theirs themselves one ones \
    oneself someone somebody something anyone anybody anything everyone everybody everything nobody nothing none \
    someplace somewhere anywhere everywhere nowhere here there where when why how then than as so if unless \
    until till while because since though although whether and or but nor yet for of in on at by to from with \
    without within into onto upon over under above below between among through during before after against \
    about around across along behind beside besides beyond near off out up down away back toward towards per via \
    is am are was were be been being has have had having do does did done doing will would shall should can \
    could may might must ought not never ever always often sometimes again also too very quite just only even \
    still already almost perhaps maybe rather really well yes no yeah yep nope ok okay oh ah uh um eh hey hi \
    hello bye please thanks much many more most less least few fewer several enough other others another same \
    own like unlike now today tomorrow yesterday tonight soon later once twice two three four five six seven eight \
    nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty \
    fifty sixty seventy eighty ninety hundred thousand million billion zero first second third ago else \
    however therefore thus hence instead otherwise anyway except despite although \
    s t d m o x c b e f g h j k l n p q r u v w y z ma pa de la et al ad vs etc ex re pi nu xi chi psi phi rho tau \
    eta mu iota non sub pro con bi id ms mr mrs dr st jr sr pm am rd th nd";

/// Words left out because they are slurs or meant to hurt.
const LEFT_OUT: &str = "bitch bitches nigger niggers faggot faggots fag fags whore whores slut sluts cunt cunts \
    fuck fucks fucked fucking fucker shit shits piss pissed rape raped raping rapes rapist rapists negro negroes \
    chink chinks dyke dykes spastic retard retards tit tits dick dicks cock cocks prick pricks bastard bastards \
    screwed crap turd turds hooker hookers queer queers";

/// Nouns that are not counted, beside those of food and substances.
const UNCOUNTED: &str = "advice aggression anger applause art baggage behaviour behavior bedding bother business \
    camping care cash chaos chess childcare clothing comfort confidence concrete confusion content cookery cooking \
    courage crime cutlery cycling dancing damage dirt dust education electricity employment energy equipment \
    evidence evil experience fame fashion fiction fishing football footwear freedom fun furniture gardening gas \
    golf gossip grass hair happiness harm hardware hate health heat heaven help history hockey homework honesty \
    housework housing humour humor ice information insurance intelligence jazz jewelry jewellery jogging joy \
    judo junk justice knowledge laughter law laundry lightning linen literature litter luck luggage machinery \
    mail maintenance make-up makeup mathematics maths merchandise money motivation mud music nature news noise \
    nonsense optimism packaging painting parking patience peace permission photography physics plumbing poetry \
    pollution postage poverty power pressure pride progress proof publicity rain reading respect rubbish rugby \
    safety scaffolding scenery security sewing shopping shyness silence skiing skating sleep smoke snooker snow \
    soap soccer software space spam speech spelling sport stationery steam strength stuff stupidity sunlight \
    sunshine swimming tape tennis thunder time toast tobacco traffic training transport transportation travel trouble \
    truth unemployment underwear violence waste wealth weather weight wildlife wisdom wood wool work worry yoga";

/// Foods that are not counted; the second list is of those that also are, as in "a tea".
const UNCOUNTED_FOOD: &str = "bacon beef bread broccoli butter cabbage celery cereal chocolate corn cream flour fruit garlic \
    gravy ham honey jam ketchup lamb lettuce margarine mayonnaise meat milk mince mustard oil parsley pasta pastry pepper popcorn \
    pork porridge rice salt spaghetti spinach sugar toast tuna turkey veal vinegar yoghurt yogurt";
const COUNTED_OR_NOT: &str = "ale beer brandy cake cheese chicken cider cocoa coffee curry custard fish ice juice lemonade \
    pie pizza pudding salad sauce soup stew tea vodka water whisky whiskey wine";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(wordnet), Some(scowl)) = (arguments.next(), arguments.next()) else {
        return Err("usage: build-word-classes WORDNET_FOLDER SCOWL_FOLDER".into());
    };
    let common = common_words(Path::new(&scowl))?;
    let mut table = Table::new(common);
    let counts = sense_counts(&read(Path::new(&wordnet), "cntlist.rev")?);
    for (pos, add) in [
        (
            Pos::Noun,
            Table::add_noun as fn(&mut Table, &str, &[Sense], &Exceptions),
        ),
        (Pos::Verb, Table::add_verb),
        (Pos::Adjective, Table::add_adjective),
        (Pos::Adverb, Table::add_adverb),
    ] {
        let wordnet = WordNet::open(Path::new(&wordnet), pos, &counts)?;
        for (lemma, senses) in &wordnet.lemmas {
            let used = used(senses, counts.total(lemma));
            if !used.is_empty() {
                add(&mut table, lemma, &used, &wordnet.exceptions);
            }
        }
    }
    table.write(&mut io::stdout().lock())?;
    Ok(())
}

/// Reads a file that may hold bytes of Latin-1; such lines hold none of our words.
fn read(folder: &Path, name: &str) -> Result<String, Box<dyn Error>> {
    let path = folder.join(name);
    let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The words of levels 10, 20 and 35, English and American.
fn common_words(scowl: &Path) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let barred: BTreeSet<&str> = FUNCTION_WORDS
        .split_whitespace()
        .chain(LEFT_OUT.split_whitespace())
        .collect();
    let mut words = BTreeSet::new();
    for list in ["english-words", "american-words"] {
        for level in [10, 20, 35] {
            let text = read(scowl, &format!("{list}.{level}"))?;
            let plain = text
                .lines()
                .filter(|word| word.bytes().all(|b| b.is_ascii_lowercase()));
            words.extend(
                plain
                    .filter(|word| !barred.contains(word))
                    .map(str::to_owned),
            );
        }
    }
    Ok(words)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pos {
    Noun,
    Verb,
    Adjective,
    Adverb,
}

impl Pos {
    fn name(self) -> &'static str {
        match self {
            Self::Noun => "noun",
            Self::Verb => "verb",
            Self::Adjective => "adj",
            Self::Adverb => "adv",
        }
    }
}

/// How often each sense of a lemma was met, by part of speech and number of the sense.
struct Counts(BTreeMap<String, Vec<(u8, usize, u32)>>);

impl Counts {
    /// All uses of a lemma, in any part of speech.
    fn total(&self, lemma: &str) -> u32 {
        self.0
            .get(lemma)
            .map_or(0, |uses| uses.iter().map(|use_| use_.2).sum())
    }

    fn of(&self, lemma: &str, pos: Pos, sense: usize) -> u32 {
        let belongs = |kind: u8| match pos {
            Pos::Noun => kind == 1,
            Pos::Verb => kind == 2,
            Pos::Adjective => kind == 3 || kind == 5,
            Pos::Adverb => kind == 4,
        };
        let uses = self.0.get(lemma).map_or(&[][..], Vec::as_slice);
        let found = uses.iter().find(|use_| belongs(use_.0) && use_.1 == sense);
        found.map_or(0, |use_| use_.2)
    }
}

/// Lines of `cntlist.rev`: `lemma%KIND:…  sense-number  count`.
fn sense_counts(text: &str) -> Counts {
    let mut counts: BTreeMap<String, Vec<(u8, usize, u32)>> = BTreeMap::new();
    for line in text.lines() {
        let mut fields = line.split_whitespace();
        let (Some(key), Some(sense), Some(count)) = (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let Some((lemma, rest)) = key.split_once('%') else {
            continue;
        };
        let kind = rest
            .bytes()
            .next()
            .map_or(0, |digit| digit.wrapping_sub(b'0'));
        if let (Ok(sense), Ok(count)) = (sense.parse(), count.parse()) {
            counts
                .entry(lemma.to_owned())
                .or_default()
                .push((kind, sense, count));
        }
    }
    Counts(counts)
}

/// One sense of a lemma.
struct Sense {
    /// Its number among the senses of the lemma, from 1.
    number: usize,
    count: u32,
    /// What it is kept under: `noun.food` is 13.
    file: u8,
    /// For nouns, the classes of its kind.
    kind: u8,
    /// For verbs, the numbers of the sentence frames.
    frames: BTreeSet<u8>,
    /// For adjectives, where it stands: `a` before its noun, `p` or `ip` elsewhere.
    marker: String,
}

struct WordNet {
    lemmas: BTreeMap<String, Vec<Sense>>,
    /// For each lemma, its irregular forms.
    exceptions: Exceptions,
}

impl WordNet {
    fn open(folder: &Path, pos: Pos, counts: &Counts) -> Result<Self, Box<dyn Error>> {
        let data = read(folder, &format!("data.{}", pos.name()))?;
        let synsets: BTreeMap<&str, &str> = data
            .lines()
            .filter_map(|line| line.split_once(' '))
            .collect();
        let index = read(folder, &format!("index.{}", pos.name()))?;
        let mut lemmas = BTreeMap::new();
        for line in index.lines().filter(|line| !line.starts_with(' ')) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let lemma = fields.first().copied().unwrap_or_default();
            if lemma.is_empty() || !lemma.bytes().all(|b| b.is_ascii_lowercase()) {
                continue;
            }
            let senses: usize = fields.get(2).and_then(|n| n.parse().ok()).unwrap_or(0);
            let offsets = fields.iter().skip(fields.len().saturating_sub(senses));
            let senses = offsets.enumerate().filter_map(|(at, offset)| {
                let number = at + 1;
                sense(
                    &synsets,
                    offset,
                    lemma,
                    number,
                    counts.of(lemma, pos, number),
                )
            });
            lemmas.insert(lemma.to_owned(), senses.collect());
        }
        let mut exceptions = Exceptions::new();
        for line in read(folder, &format!("{}.exc", pos.name()))?.lines() {
            let mut words = line.split_whitespace().map(str::to_owned);
            if let (Some(form), Some(lemma)) = (words.next(), words.next()) {
                exceptions.entry(lemma).or_default().push(form);
            }
        }
        Ok(Self { lemmas, exceptions })
    }
}

fn sense(
    synsets: &BTreeMap<&str, &str>,
    offset: &str,
    lemma: &str,
    number: usize,
    count: u32,
) -> Option<Sense> {
    let line = synsets.get(offset)?;
    let (head, _gloss) = line.split_once(" | ").unwrap_or((line, ""));
    let fields: Vec<&str> = head.split_whitespace().collect();
    let words = usize::from_str_radix(fields.get(2)?, 16).ok()?;
    let spelt = (0..words).filter_map(|word| fields.get(3 + 2 * word));
    let ours = spelt.clone().find(|word| {
        word.split('(')
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case(lemma))
    })?;
    // A sense that is only spelt with a capital is a name.
    if ours.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let ours_at = 1 + spelt.clone().position(|word| word == ours)?;
    let marker = ours
        .split_once('(')
        .map_or("", |(_, marker)| marker.trim_end_matches(')'));
    let pointers: usize = fields.get(3 + 2 * words)?.parse().ok()?;
    let frames = fields
        .get(4 + 2 * words + 4 * pointers..)
        .unwrap_or_default();
    Some(Sense {
        number,
        count,
        file: fields.first()?.parse().ok()?,
        kind: noun_kind(synsets, line),
        frames: frame_numbers(frames, ours_at),
        marker: marker.to_owned(),
    })
}

/// `NN + frame word …`, where word 00 means all words of the synset.
fn frame_numbers(fields: &[&str], word: usize) -> BTreeSet<u8> {
    let triples = fields.get(1..).unwrap_or_default().chunks_exact(3);
    let ours = triples.filter(|triple| {
        usize::from_str_radix(triple[2], 16).is_ok_and(|number| number == 0 || number == word)
    });
    ours.filter_map(|triple| triple[1].parse().ok()).collect()
}

/// Synsets whose descendants are places although they are kept among artifacts and groups:
/// structure, facility, room, geological formation, land, region, body of water, institution.
const PLACES: [&str; 9] = [
    "04341686", "03315023", "04105893", "09287968", "09334396", "08630985", "09225146", "08053576",
    "08061042",
];

/// The code of a noun's kind, from the file and the ancestors of its synset.
fn noun_kind(synsets: &BTreeMap<&str, &str>, line: &str) -> u8 {
    let file = line
        .split_whitespace()
        .next()
        .and_then(|file| file.parse::<u8>().ok());
    match file.unwrap_or(0) {
        18 => b'p',
        5 => b'a',
        13 => b'f',
        6 | 17 | 20 | 14 if is_a_place(synsets, line) => b'l',
        6 | 17 | 20 | 21 => b't',
        8 => b'b',
        15 => b'l',
        10 => b'w',
        4 | 11 => b'e',
        28 => b'd',
        14 => b'g',
        27 => b's',
        _ => b'i',
    }
}

fn is_a_place(synsets: &BTreeMap<&str, &str>, line: &str) -> bool {
    let mut line = line;
    for _ in 0..20 {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let parent = fields
            .windows(2)
            .find(|pair| pair[0] == "@")
            .map(|pair| pair[1]);
        match parent {
            Some(parent) if PLACES.contains(&parent) => return true,
            Some(parent) => line = synsets.get(parent).copied().unwrap_or_default(),
            None => return false,
        }
    }
    false
}

/// The senses that make up a fair share of all that the word is used for; when no use was
/// counted, the first.
fn used(senses: &[Sense], total: u32) -> Vec<Sense> {
    let share = |sense: &Sense| f64::from(sense.count) >= SHARE * f64::from(total.max(1));
    senses
        .iter()
        .filter(|sense| {
            if total == 0 {
                sense.number == 1
            } else {
                share(sense)
            }
        })
        .map(|sense| Sense {
            frames: sense.frames.clone(),
            marker: sense.marker.clone(),
            ..*sense
        })
        .collect()
}

/// The classes that have been found for each common word.
struct Table {
    common: BTreeSet<String>,
    classes: BTreeMap<String, BTreeSet<String>>,
}

impl Table {
    fn new(common: BTreeSet<String>) -> Self {
        Self {
            common,
            classes: BTreeMap::new(),
        }
    }

    fn add(&mut self, form: &str, codes: impl IntoIterator<Item = String>) {
        if self.common.contains(form) {
            self.classes
                .entry(form.to_owned())
                .or_default()
                .extend(codes);
        }
    }

    fn add_noun(&mut self, lemma: &str, senses: &[Sense], exceptions: &Exceptions) {
        let kinds: BTreeSet<char> = senses.iter().map(|sense| char::from(sense.kind)).collect();
        let listed = |list: &str| list.split_whitespace().any(|word| word == lemma);
        let uncounted = listed(UNCOUNTED) || listed(UNCOUNTED_FOOD);
        let plural = irregular_or(exceptions, lemma, || plural(lemma));
        let has_plural = plural.iter().any(|form| self.common.contains(form));
        // WordNet lists "glasses" and "news" as words of their own; they are no singulars.
        let is_plural = !uncounted
            && self.common.contains(lemma.trim_end_matches('s'))
            && lemma.ends_with('s')
            && !lemma.ends_with("ss");
        for kind in kinds {
            let mass = match kind {
                'f' => 'f',
                's' => 's',
                _ => 'i',
            };
            if is_plural {
                self.add(lemma, [format!("N{kind}")]);
                continue;
            }
            if uncounted
                || (kind == 's')
                || (kind == 'f' && !has_plural)
                || (kind == 'i' && !has_plural)
                || listed(COUNTED_OR_NOT)
            {
                self.add(lemma, [format!("m{mass}")]);
            }
            if !uncounted && (has_plural || !matches!(kind, 's' | 'f' | 'i')) {
                self.add(lemma, [format!("n{kind}")]);
            }
            for form in &plural {
                self.add(form, [format!("N{kind}")]);
            }
        }
    }

    fn add_verb(&mut self, lemma: &str, senses: &[Sense], exceptions: &Exceptions) {
        let frames: BTreeSet<u8> = senses
            .iter()
            .flat_map(|sense| sense.frames.iter().copied())
            .collect();
        let takes = |numbers: &[u8]| numbers.iter().any(|number| frames.contains(number));
        let objects = [('t', takes(&[8])), ('p', takes(&[9])), ('i', takes(&[2]))];
        let (past, participle) = past_forms(exceptions, lemma);
        for (object, _) in objects.into_iter().filter(|(_, takes)| *takes) {
            self.add(lemma, [format!("b{object}")]);
            self.add(&third_person(lemma), [format!("z{object}")]);
            self.add(&past, [format!("d{object}")]);
            self.add(&participle, [format!("e{object}")]);
            for form in irregular_or(exceptions, lemma, || ing_forms(lemma))
                .iter()
                .filter(|form| form.ends_with("ing"))
            {
                self.add(form, [format!("g{object}")]);
            }
            for form in ing_forms(lemma) {
                self.add(&form, [format!("g{object}")]);
            }
        }
    }

    fn add_adjective(&mut self, lemma: &str, senses: &[Sense], exceptions: &Exceptions) {
        for sense in senses {
            let code = match (sense.marker.as_str(), sense.file) {
                ("p", _) => "ap",
                (_, 1) | ("a", _) => "ar",
                _ => "aj",
            };
            self.add(lemma, [code.to_owned()]);
        }
        let irregular = exceptions.get(lemma).cloned().unwrap_or_default();
        for form in irregular.into_iter().chain(graded(lemma)) {
            let code = if form.ends_with("st") { "as" } else { "ac" };
            self.add(&form, [code.to_owned()]);
        }
    }

    fn add_adverb(&mut self, lemma: &str, _senses: &[Sense], _exceptions: &Exceptions) {
        if lemma.ends_with("ly") {
            self.add(lemma, ["rm".to_owned()]);
        }
    }

    fn write(&self, to: &mut impl Write) -> io::Result<()> {
        for (word, codes) in &self.classes {
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            writeln!(to, "{word}\t{}", codes.join(" "))?;
        }
        Ok(())
    }
}
