//! `near`: phrases that sound like a phrase.

use crate::Status;
use crate::args::Near;
use crate::commands::table;
use crate::error::Error;
use mondegreen_phonetics::{
    Alignment, Hiding, Lexicon, NearMiss, Search, near_miss, pronunciations,
};
use serde::Serialize;
use std::io::Write;

#[derive(Serialize)]
struct Listed {
    phrase: String,
    words_max: u8,
    rare: bool,
    near: Vec<Row>,
    ranks: Vec<Asked>,
}

#[derive(Serialize)]
struct Row {
    rank: usize,
    text: String,
    nats: f64,
    alignment: String,
}

#[derive(Serialize)]
struct Asked {
    text: String,
    /// Its place among all texts of as many words; absent beyond what is searched, and for words
    /// that are not.
    rank: Option<usize>,
    /// Its place among all words by how well the phrase hides inside, for a single word.
    hiding: Option<usize>,
    nats: Option<f64>,
    alignment: Option<String>,
}

impl Asked {
    fn of(text: &str, args: &Near, search: &Search, hiding: &[Hiding]) -> Self {
        let phrase = &args.phrase;
        let miss = near_miss(phrase, text);
        let words = text.split_whitespace().count();
        let is_searched = words <= Search::WORDS_MAX
            && text.split_whitespace().all(|word| is_searched(word, args));
        let hiding = hiding.iter().position(|word| word.text == text);
        Self {
            text: text.to_owned(),
            rank: search
                .rank(phrase, text, words..=words)
                .filter(|_| is_searched),
            hiding: hiding.map(|before| before + 1),
            nats: miss.as_ref().map(|miss| miss.cost.as_f64()),
            alignment: miss.map(|miss| steps(&miss.alignment)),
        }
    }
}

/// Whether a word is among those that are searched.
fn is_searched(word: &str, args: &Near) -> bool {
    let entry = Lexicon::embedded().entry(word);
    entry.is_some_and(|entry| args.rare || entry.level.is_some())
}

pub(crate) fn run(args: &Near, out: &mut impl Write) -> Result<Status, Error> {
    if pronunciations(&args.phrase).is_empty() {
        return Err(Error::Setting(format!(
            "`{}` has no English sounds; try a phrase of letters",
            args.phrase
        )));
    }
    let search = if args.rare {
        Search::rare()
    } else {
        Search::common()
    };
    let words = 1..=usize::from(args.words);
    let near = search.near(&args.phrase, args.n, words);
    // Only single words can hide it, and to look through all of them takes a while.
    let is_single = |text: &String| !text.trim().contains(' ');
    let hiding = if args.rank.iter().any(is_single) {
        search.hiding(&args.phrase, usize::MAX)
    } else {
        Vec::new()
    };
    let ranks = args
        .rank
        .iter()
        .map(|text| Asked::of(&text.to_lowercase(), args, &search, &hiding));
    let listed = Listed {
        phrase: args.phrase.clone(),
        words_max: args.words,
        rare: args.rare,
        ranks: ranks.collect(),
        near: (1..).zip(near).map(row).collect(),
    };
    if args.json {
        serde_json::to_writer(&mut *out, &listed)?;
        writeln!(out)?;
    } else {
        print(&listed, out)?;
    }
    Ok(Status::Clean)
}

fn row((rank, miss): (usize, NearMiss)) -> Row {
    Row {
        rank,
        nats: miss.cost.as_f64(),
        alignment: steps(&miss.alignment),
        text: miss.text,
    }
}

fn print(listed: &Listed, out: &mut impl Write) -> Result<(), Error> {
    let mut rows = table(&["rank", "nats", "phrase", "said>heard"]);
    for row in &listed.near {
        let nats = format!("{:.2}", row.nats);
        rows.add_row([
            row.rank.to_string(),
            nats,
            row.text.clone(),
            row.alignment.clone(),
        ]);
    }
    writeln!(out, "{rows}")?;
    if !listed.ranks.is_empty() {
        print_ranks(&listed.ranks, out)?;
    }
    Ok(())
}

fn print_ranks(ranks: &[Asked], out: &mut impl Write) -> Result<(), Error> {
    let shown =
        |place: Option<usize>| place.map_or_else(|| "-".to_owned(), |place| place.to_string());
    let mut rows = table(&["rank", "hiding", "nats", "phrase", "said>heard"]);
    for rank in ranks {
        let nats = rank
            .nats
            .map_or_else(|| "-".to_owned(), |nats| format!("{nats:.2}"));
        let alignment = rank.alignment.clone().unwrap_or_default();
        rows.add_row([
            shown(rank.rank),
            shown(rank.hiding),
            nats,
            rank.text.clone(),
            alignment,
        ]);
    }
    writeln!(out, "\n{rows}\n")?;
    writeln!(out, "rank    among all texts of as many words")?;
    writeln!(
        out,
        "hiding  among all words, by how well the phrase hides inside"
    )?;
    writeln!(
        out,
        "-       beyond what is searched, or not among the words that are; try --rare"
    )?;
    Ok(())
}

/// The phones of an alignment: `K` heard as said, `T>K` heard otherwise, `-S` not heard, `+S` heard
/// and not said.
fn steps(alignment: &Alignment) -> String {
    let step = |step: &mondegreen_phonetics::Step| match (step.said, step.heard) {
        (Some(said), Some(heard)) if said == heard => said.to_string(),
        (Some(said), Some(heard)) => format!("{said}>{heard}"),
        (Some(said), None) => format!("-{said}"),
        (None, Some(heard)) => format!("+{heard}"),
        (None, None) => String::new(),
    };
    let steps: Vec<String> = alignment.steps.iter().map(step).collect();
    steps.join(" ")
}
