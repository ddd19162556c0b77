//! Files of figures: a title, then a name, a value and its source on each line, with tabs between.
//!
//! Empty lines and those that begin with `#` say nothing. Every figure has to be there, once, with a
//! source, and within its bounds.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// A figure that a file must have, and what it can be.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Its name in the file.
    pub name: &'static str,
    /// The least that it can be.
    pub least: f64,
    /// The most.
    pub most: f64,
}

impl Figure {
    /// A share of something, from 0 to 1.
    pub const fn share(name: &'static str) -> Self {
        Self::between(name, 0.0, 1.0)
    }

    /// A figure with these bounds.
    pub const fn between(name: &'static str, least: f64, most: f64) -> Self {
        Self { name, least, most }
    }
}

/// The figures of a file, in the order in which they were asked for.
#[derive(Clone, Copy, Debug)]
pub struct Figures<const N: usize> {
    /// Their values.
    pub values: [f64; N],
    /// The lines on which they stand, counted from 1.
    pub lines: [usize; N],
}

/// A file of figures that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureError {
    line: usize,
    kind: FigureErrorKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum FigureErrorKind {
    Title(&'static str),
    Unknown(String),
    Twice(String),
    NotANumber(String),
    Outside {
        name: &'static str,
        least: String,
        most: String,
    },
    NoSource(&'static str),
    Missing(&'static str),
    Together(&'static str),
}

impl FigureError {
    /// The line, counted from 1; of a missing figure, the last one.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Figures that cannot be together, as the one on this line shows; `why` begins with a small
    /// letter.
    pub const fn together(line: usize, why: &'static str) -> Self {
        let kind = FigureErrorKind::Together(why);
        Self { line, kind }
    }
}

impl Display for FigureError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            FigureErrorKind::Title(title) => write!(f, "the first line is `{title}`"),
            FigureErrorKind::Unknown(name) => write!(f, "there is no figure `{name}`"),
            FigureErrorKind::Twice(name) => write!(f, "`{name}` is there twice"),
            FigureErrorKind::NotANumber(word) => write!(f, "`{word}` is not a number"),
            FigureErrorKind::Outside { name, least, most } => {
                write!(f, "`{name}` lies between {least} and {most}")
            }
            FigureErrorKind::NoSource(name) => write!(f, "`{name}` has no source"),
            FigureErrorKind::Missing(name) => write!(f, "`{name}` is missing"),
            FigureErrorKind::Together(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for FigureError {}

/// All figures of a file with this title.
///
/// # Errors
/// When one is missing, unknown, there twice, without a source, no number, or not within its bounds.
pub fn read<const N: usize>(
    text: &str,
    title: &'static str,
    figures: &[Figure; N],
) -> Result<Figures<N>, FigureError> {
    let rows = (1..).zip(text.lines());
    let mut rows = rows.filter(|(_, row)| !row.trim().is_empty() && !row.starts_with('#'));
    let last = text.lines().count().max(1);
    match rows.next() {
        Some((_, row)) if row.trim() == title => {}
        other => {
            let line = other.map_or(last, |(line, _)| line);
            let kind = FigureErrorKind::Title(title);
            return Err(FigureError { line, kind });
        }
    }
    let mut found: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    for (line, row) in rows {
        let at = |kind| FigureError { line, kind };
        let (name, value) = figure(row, figures).map_err(at)?;
        if found.insert(name, (value, line)).is_some() {
            return Err(at(FigureErrorKind::Twice(name.to_owned())));
        }
    }
    let (mut values, mut lines) = ([0.0; N], [0; N]);
    for ((value, line), figure) in values.iter_mut().zip(&mut lines).zip(figures) {
        let known = found.get(figure.name);
        (*value, *line) = *known.ok_or(FigureError {
            line: last,
            kind: FigureErrorKind::Missing(figure.name),
        })?;
    }
    Ok(Figures { values, lines })
}

fn figure(row: &str, figures: &[Figure]) -> Result<(&'static str, f64), FigureErrorKind> {
    let mut columns = row.split('\t').map(str::trim);
    let mut column = || columns.next().unwrap_or_default();
    let (name, value, source) = (column(), column(), column());
    let known = figures.iter().find(|known| known.name == name);
    let known = known.ok_or_else(|| FigureErrorKind::Unknown(name.to_owned()))?;
    let number: Option<f64> = value.parse().ok();
    let number = number.filter(|number| number.is_finite());
    let number = number.ok_or_else(|| FigureErrorKind::NotANumber(value.to_owned()))?;
    if !(known.least..=known.most).contains(&number) {
        return Err(FigureErrorKind::Outside {
            name: known.name,
            least: known.least.to_string(),
            most: known.most.to_string(),
        });
    }
    if source.is_empty() {
        return Err(FigureErrorKind::NoSource(known.name));
    }
    Ok((known.name, number))
}
