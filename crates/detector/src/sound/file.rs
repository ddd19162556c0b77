//! Keywords as text files, so that they are recorded and trained once.
//!
//! The first line names the format and its version. Then come the name, the templates, one frame a
//! line, and the network if there is one: what each input adds to the hidden units, one input a
//! line, then biases, outputs and the bias of the output.

use super::frames::{DIMENSIONS, Frame, UNIT};
use super::keyword::{Keyword, Template};
use super::model::{INPUTS, Model};
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

const FORMAT: &str = "mondegreen keyword 2";
/// No keyword needs more.
const TEMPLATES_MAX: usize = 256;
/// A trained weight is far below.
const WEIGHT_MAX: f32 = 1e6;
/// Rounding makes a frame at most so much longer than its unit.
const ROUNDING: i32 = 27;

/// A keyword file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeywordError {
    line: usize,
    kind: ErrorKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum ErrorKind {
    Missing(&'static str),
    Unexpected(&'static str),
    BadNumber(String),
    Count { wanted: usize, found: usize },
    BadFrame,
    BadLength(usize),
    TooMany,
}

impl KeywordError {
    /// The line, from 1.
    pub fn line(&self) -> usize {
        self.line
    }
}

impl Display for KeywordError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::Missing(what) => write!(f, "the file ends before {what}"),
            ErrorKind::Unexpected(what) => write!(f, "{what} is expected here"),
            ErrorKind::BadNumber(word) => write!(f, "`{word}` is not a number that may stand here"),
            ErrorKind::Count { wanted, found } => {
                write!(f, "there are {found} numbers, and {wanted} are needed")
            }
            ErrorKind::BadFrame => f.write_str("this frame is too long"),
            ErrorKind::BadLength(length) => write!(
                f,
                "a template has {} to {} frames, not {length}",
                Template::FRAMES_MIN,
                Template::FRAMES_MAX
            ),
            ErrorKind::TooMany => write!(f, "a keyword has at most {TEMPLATES_MAX} templates"),
        }
    }
}

impl std::error::Error for KeywordError {}

/// What [`Keyword::from_str`] reads.
impl Display for Keyword {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FORMAT}\nname {}", self.name)?;
        for template in &self.templates {
            writeln!(f, "template {}", template.frames.len())?;
            for frame in &template.frames {
                write_numbers(f, frame)?;
            }
        }
        if let Some(model) = &self.model {
            writeln!(f, "network {INPUTS}")?;
            for weights in &model.weights {
                write_numbers(f, weights)?;
            }
            write_numbers(f, &model.biases)?;
            write_numbers(f, &model.outputs)?;
            write_numbers(f, &[model.bias])?;
        }
        writeln!(f, "end")
    }
}

fn write_numbers<T: Display>(f: &mut Formatter<'_>, numbers: &[T]) -> fmt::Result {
    for (n, number) in numbers.iter().enumerate() {
        write!(f, "{}{number}", if n == 0 { "" } else { " " })?;
    }
    writeln!(f)
}

impl FromStr for Keyword {
    type Err = KeywordError;

    fn from_str(text: &str) -> Result<Self, KeywordError> {
        let mut lines = Lines::new(text);
        if lines.next("its first line")? != FORMAT {
            let expected = "`mondegreen keyword 2` (other versions are to be enrolled anew)";
            return Err(lines.error(ErrorKind::Unexpected(expected)));
        }
        let Some(name) = lines.next("the name")?.strip_prefix("name ") else {
            return Err(lines.error(ErrorKind::Unexpected("`name` and a name")));
        };
        let mut keyword = Self::new(name, Vec::new());
        loop {
            let line = lines.next("`end`")?;
            if line == "end" {
                return Ok(keyword);
            }
            let (word, count) = line.split_once(' ').unwrap_or((line, ""));
            match word {
                "template" if keyword.templates.len() == TEMPLATES_MAX => {
                    return Err(lines.error(ErrorKind::TooMany));
                }
                "template" => keyword.templates.push(lines.template(count)?),
                "network" if keyword.model.is_none() => keyword.model = Some(lines.model(count)?),
                _ => {
                    let expected = "`template`, one `network` or `end`";
                    return Err(lines.error(ErrorKind::Unexpected(expected)));
                }
            }
        }
    }
}

struct Lines<'a> {
    lines: std::str::Lines<'a>,
    number: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            lines: text.lines(),
            number: 0,
        }
    }

    fn error(&self, kind: ErrorKind) -> KeywordError {
        KeywordError {
            line: self.number,
            kind,
        }
    }

    fn next(&mut self, what: &'static str) -> Result<&'a str, KeywordError> {
        self.number += 1;
        let line = self.lines.next();
        line.ok_or_else(|| self.error(ErrorKind::Missing(what)))
    }

    fn number<T: FromStr>(&self, word: &str) -> Result<T, KeywordError> {
        let number = word.parse();
        number.map_err(|_| self.error(ErrorKind::BadNumber(word.to_owned())))
    }

    fn numbers<T: FromStr + Copy + Default, const N: usize>(
        &mut self,
        what: &'static str,
    ) -> Result<[T; N], KeywordError> {
        let mut numbers = [T::default(); N];
        let line = self.next(what)?;
        let found = line.split(' ').count();
        if found != N {
            return Err(self.error(ErrorKind::Count { wanted: N, found }));
        }
        for (number, word) in numbers.iter_mut().zip(line.split(' ')) {
            *number = self.number(word)?;
        }
        Ok(numbers)
    }

    fn template(&mut self, count: &str) -> Result<Template, KeywordError> {
        let count: usize = self.number(count)?;
        if !(Template::FRAMES_MIN..=Template::FRAMES_MAX).contains(&count) {
            return Err(self.error(ErrorKind::BadLength(count)));
        }
        let frames = (0..count).map(|_| self.frame());
        Ok(Template {
            frames: frames.collect::<Result<_, _>>()?,
        })
    }

    /// A frame that is longer than the unit could cost less than nothing.
    fn frame(&mut self) -> Result<Frame, KeywordError> {
        let frame = self.numbers::<i16, DIMENSIONS>("the frames of a template")?;
        let square: i64 = frame.iter().map(|value| i64::from(*value).pow(2)).sum();
        if square > i64::from(i32::from(UNIT) + ROUNDING).pow(2) {
            return Err(self.error(ErrorKind::BadFrame));
        }
        Ok(frame)
    }

    fn weights<const N: usize>(&mut self) -> Result<[f32; N], KeywordError> {
        let weights = self.numbers::<f32, N>("the end of the network")?;
        let is_bad = |weight: &&f32| !weight.is_finite() || weight.abs() > WEIGHT_MAX;
        match weights.iter().find(is_bad) {
            Some(weight) => Err(self.error(ErrorKind::BadNumber(weight.to_string()))),
            None => Ok(weights),
        }
    }

    fn model(&mut self, count: &str) -> Result<Model, KeywordError> {
        let found: usize = self.number(count)?;
        if found != INPUTS {
            let wanted = INPUTS;
            return Err(self.error(ErrorKind::Count { wanted, found }));
        }
        let weights = (0..INPUTS).map(|_| self.weights());
        Ok(Model {
            weights: weights.collect::<Result<_, _>>()?,
            biases: self.weights()?,
            outputs: self.weights()?,
            bias: self.weights::<1>()?[0],
        })
    }
}
