//! Makes the inflected forms of English words, by rule and from lists of exceptions.

use std::collections::BTreeMap;

/// For each lemma, its irregular forms.
pub(crate) type Exceptions = BTreeMap<String, Vec<String>>;

/// Base, past tense and past participle of verbs whose past does not end in `-ed`. `WordNet` lists such
/// forms without saying which is which.
const IRREGULAR: &str = "\
    arise arose arisen; awake awoke awoken; bear bore borne; beat beat beaten; become became become; begin began begun; bend bent bent; \
    bet bet bet; bind bound bound; bite bit bitten; bleed bled bled; blow blew blown; break broke broken; breed bred bred; bring brought brought; \
    build built built; burn burnt burnt; burst burst burst; buy bought bought; cast cast cast; catch caught caught; choose chose chosen; \
    cling clung clung; come came come; cost cost cost; creep crept crept; cut cut cut; deal dealt dealt; dig dug dug; draw drew drawn; \
    dream dreamt dreamt; drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed fed; feel felt felt; fight fought fought; \
    find found found; flee fled fled; fling flung flung; fly flew flown; forbid forbade forbidden; forget forgot forgotten; forgive forgave forgiven; \
    freeze froze frozen; get got got; give gave given; go went gone; grind ground ground; grow grew grown; hang hung hung; hear heard heard; \
    hide hid hidden; hit hit hit; hold held held; hurt hurt hurt; keep kept kept; kneel knelt knelt; know knew known; lay laid laid; lead led led; \
    lean leant leant; leap leapt leapt; learn learnt learnt; leave left left; lend lent lent; let let let; lie lay lain; light lit lit; \
    lose lost lost; make made made; mean meant meant; meet met met; mistake mistook mistaken; overcome overcame overcome; overtake overtook overtaken; \
    pay paid paid; put put put; quit quit quit; read read read; ride rode ridden; ring rang rung; rise rose risen; run ran run; say said said; \
    see saw seen; seek sought sought; sell sold sold; send sent sent; set set set; sew sewed sewn; shake shook shaken; shed shed shed; \
    shine shone shone; shoot shot shot; show showed shown; shrink shrank shrunk; shut shut shut; sing sang sung; sink sank sunk; sit sat sat; \
    sleep slept slept; slide slid slid; smell smelt smelt; speak spoke spoken; speed sped sped; spell spelt spelt; spend spent spent; \
    spill spilt spilt; spin spun spun; spit spat spat; split split split; spoil spoilt spoilt; spread spread spread; spring sprang sprung; \
    stand stood stood; steal stole stolen; stick stuck stuck; sting stung stung; stink stank stunk; strike struck struck; swear swore sworn; \
    sweep swept swept; swell swelled swollen; swim swam swum; swing swung swung; take took taken; teach taught taught; tear tore torn; \
    tell told told; think thought thought; throw threw thrown; undergo underwent undergone; understand understood understood; undo undid undone; \
    upset upset upset; wake woke woken; wear wore worn; weave wove woven; weep wept wept; win won won; wind wound wound; \
    withdraw withdrew withdrawn; write wrote written";

pub(crate) fn irregular_or(
    exceptions: &Exceptions,
    lemma: &str,
    regular: impl Fn() -> Vec<String>,
) -> Vec<String> {
    exceptions.get(lemma).cloned().unwrap_or_else(regular)
}

fn ends_in_consonant_and_y(word: &str) -> bool {
    let before = word.chars().rev().nth(1);
    word.ends_with('y') && before.is_some_and(|c| !"aeiou".contains(c))
}

fn sibilant(word: &str) -> bool {
    ["s", "x", "z", "ch", "sh"]
        .iter()
        .any(|end| word.ends_with(end))
}

pub(crate) fn plural(word: &str) -> Vec<String> {
    if ends_in_consonant_and_y(word) {
        vec![format!("{}ies", &word[..word.len() - 1])]
    } else if sibilant(word) {
        vec![format!("{word}es")]
    } else if word.ends_with('o') {
        vec![format!("{word}s"), format!("{word}es")]
    } else {
        vec![format!("{word}s")]
    }
}

pub(crate) fn third_person(word: &str) -> String {
    if ends_in_consonant_and_y(word) {
        format!("{}ies", &word[..word.len() - 1])
    } else if sibilant(word) || word.ends_with('o') {
        format!("{word}es")
    } else {
        format!("{word}s")
    }
}

/// Whether the last consonant may be doubled: *stop*, *refer*.
fn may_double(word: &str) -> bool {
    let ending: Vec<char> = word.chars().rev().take(3).collect();
    let vowel = |c: &char| "aeiou".contains(*c);
    matches!(ending.as_slice(), [last, middle, ..] if !vowel(last) && !"wxy".contains(*last) && vowel(middle))
}

/// Past tense and past participle.
pub(crate) fn past_forms(exceptions: &Exceptions, lemma: &str) -> (String, String) {
    let strong = IRREGULAR
        .split(';')
        .map(|parts| parts.split_whitespace().collect::<Vec<_>>());
    if let Some([_, past, participle]) = strong
        .into_iter()
        .find(|parts| parts.first() == Some(&lemma))
        .as_deref()
    {
        return ((*past).to_owned(), (*participle).to_owned());
    }
    // What is left of WordNet's exceptions are the regular ones that double a consonant.
    let listed = exceptions
        .get(lemma)
        .into_iter()
        .flatten()
        .find(|form| form.ends_with("ed"));
    let past = listed.cloned().unwrap_or_else(|| regular_past(lemma));
    (past.clone(), past)
}

fn regular_past(word: &str) -> String {
    if word.ends_with('e') {
        format!("{word}d")
    } else if ends_in_consonant_and_y(word) {
        format!("{}ied", &word[..word.len() - 1])
    } else {
        format!("{word}ed")
    }
}

pub(crate) fn ing_forms(word: &str) -> Vec<String> {
    let mut forms = vec![format!("{word}ing")];
    if word.ends_with('e') && !word.ends_with("ee") {
        forms = vec![format!("{}ing", &word[..word.len() - 1])];
    }
    if let Some(last) = word.chars().last().filter(|_| may_double(word)) {
        forms.push(format!("{word}{last}ing"));
    }
    forms
}

/// Regular comparative and superlative, of short adjectives only.
pub(crate) fn graded(word: &str) -> Vec<String> {
    if word.len() > 7 {
        return Vec::new();
    }
    let stem = if let Some(stem) = word.strip_suffix('e') {
        stem.to_owned()
    } else if ends_in_consonant_and_y(word) {
        format!("{}i", &word[..word.len() - 1])
    } else {
        word.to_owned()
    };
    let mut forms = vec![format!("{stem}er"), format!("{stem}est")];
    if let Some(last) = word.chars().last().filter(|_| may_double(word)) {
        forms.extend([format!("{word}{last}er"), format!("{word}{last}est")]);
    }
    forms
}
