//! A recording to be looked at: its spectrogram, the words that are said in it, and what each ear makes
//! of it, one below the other on one axis of time.

use super::Opinion;
use crate::picture::{COLOURS, GRID, INK, Picture, letters, signed};
use mondegreen_generator::sound::{BANDS, spectrogram};
use mondegreen_sim::ear::Hearing;
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use serde::Deserialize;

const PAPER: RGBColor = RGBColor(246, 246, 246);

const HEAD: u32 = 44;
const SPECTROGRAM: u32 = 190;
const WORDS: u32 = 46;
const FOOT: u32 = 40;
const LEFT: u32 = 150;
const RIGHT: u32 = 20;
/// Columns of the spectrogram, and shades of it from softest to loudest.
const COLUMNS: usize = 560;
const SHADES: u8 = 24;
/// From the loudest there is so much to see.
const RANGE_DB: f32 = 60.0;
/// About how wide a letter is, of its height.
const LETTER_WIDTH: f64 = 0.56;

/// What is said in a recording, as `replay --truth` writes it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Truth {
    speech: Vec<Spoken>,
}

#[derive(Clone, Debug, Deserialize)]
struct Spoken {
    who: Who,
    words: Vec<Word>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Who {
    Person(String),
    Device(String),
}

#[derive(Clone, Debug, Deserialize)]
struct Word {
    #[serde(rename = "word")]
    text: String,
    from_ms: u64,
    to_ms: u64,
}

/// A recording and what is known of it.
pub(super) struct Recording<'a> {
    pub(super) title: &'a str,
    pub(super) samples: &'a [i16],
    pub(super) rate: u32,
    pub(super) truth: Option<&'a Truth>,
    pub(super) opinions: &'a [Opinion],
}

/// A strip of the picture, with time across.
type Strip<'a, B> = ChartContext<'a, B, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Drawn<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;

impl Picture for Recording<'_> {
    const SIZE: (u32, u32) = (1_200, 640);

    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, scale: u32) -> Drawn<B> {
        area.fill(&WHITE)?;
        let (head, below) = area.split_vertically(HEAD * scale);
        let at = (signed(LEFT * scale), signed(14 * scale));
        head.draw(&Text::new(self.title.to_owned(), at, letters(18, scale)))?;
        let (sound, mut below) = below.split_vertically(SPECTROGRAM * scale);
        self.draw_sound(&sound, scale)?;
        for (who, said) in self.speakers() {
            let (strip, rest) = below.split_vertically(WORDS * scale);
            self.draw_words(&strip, scale, who, &said)?;
            below = rest;
        }
        let (ears, foot) = below.split_vertically(height(&below).saturating_sub(FOOT * scale));
        let each = height(&ears) / u32::try_from(self.opinions.len().max(1)).unwrap_or(1);
        let mut rest = ears;
        for (opinion, colour) in self.opinions.iter().zip(COLOURS.iter().cycle()) {
            let (strip, below) = rest.split_vertically(each);
            self.draw_opinion(&strip, scale, opinion, *colour)?;
            rest = below;
        }
        self.draw_time(&foot, scale)
    }
}

impl Recording<'_> {
    fn seconds(&self) -> f64 {
        let samples = u32::try_from(self.samples.len()).unwrap_or(u32::MAX);
        (f64::from(samples) / f64::from(self.rate)).max(0.1)
    }

    fn strip<'b, B: DrawingBackend>(
        &self,
        area: &'b DrawingArea<B, Shift>,
        scale: u32,
        up: f64,
    ) -> Result<Strip<'b, B>, DrawingAreaErrorKind<B::ErrorType>> {
        ChartBuilder::on(area)
            .margin_left(LEFT * scale)
            .margin_right(RIGHT * scale)
            .margin_top(3 * scale)
            .margin_bottom(3 * scale)
            .build_cartesian_2d(0.0..self.seconds(), 0.0..up)
    }

    fn draw_sound<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, scale: u32) -> Drawn<B> {
        let levels = spectrogram(self.samples, COLUMNS);
        let loudest = levels.iter().flatten().copied().fold(-100.0, f32::max);
        let shade = |level: f32| {
            let strength = 1.0 - ((loudest - level) / RANGE_DB).clamp(0.0, 1.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "from 0 to the number of shades"
            )]
            let shade = (strength * f32::from(SHADES)).round() as u8;
            shade
        };
        let mut strip = self.strip(area, scale, count(BANDS))?;
        strip.plotting_area().fill(&PAPER)?;
        let seconds = |column: usize| self.seconds() * count(column) / count(levels.len());
        let mut cells = Vec::new();
        for band in 0..BANDS {
            let mut from = 0;
            for column in 1..=levels.len() {
                let shade_here = shade(levels[from][band]);
                // Neighbours of one shade are one rectangle.
                if levels
                    .get(column)
                    .is_some_and(|next| shade(next[band]) == shade_here)
                {
                    continue;
                }
                if shade_here > 0 {
                    let corners = [
                        (seconds(from), count(band)),
                        (seconds(column), count(band + 1)),
                    ];
                    cells.push(Rectangle::new(corners, ink(shade_here).filled()));
                }
                from = column;
            }
        }
        strip.draw_series(cells)?;
        side(area, scale, "sound", "to 8 kHz, mel")
    }

    /// What is said, by who says it, in the order in which they begin to speak.
    fn speakers(&self) -> Vec<(&Who, Vec<&Spoken>)> {
        let mut speakers: Vec<(&Who, Vec<&Spoken>)> = Vec::new();
        for spoken in self.truth.iter().flat_map(|truth| &truth.speech) {
            match speakers.iter_mut().find(|(who, _)| **who == spoken.who) {
                Some((_, all)) => all.push(spoken),
                None => speakers.push((&spoken.who, vec![spoken])),
            }
        }
        speakers.truncate(SPEAKERS_MAX);
        speakers
    }

    /// What somebody says: a box for each word, and the words across their boxes.
    fn draw_words<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        scale: u32,
        who: &Who,
        said: &[&Spoken],
    ) -> Drawn<B> {
        let mut strip = self.strip(area, scale, 1.0)?;
        strip.plotting_area().fill(&PAPER)?;
        let words = said.iter().flat_map(|spoken| &spoken.words);
        let boxes = words.map(|word| {
            let corners = [(seconds(word.from_ms), 0.04), (seconds(word.to_ms), 0.96)];
            Rectangle::new(corners, GRID.filled())
        });
        strip.draw_series(boxes)?;
        let words = said.iter().flat_map(|spoken| &spoken.words);
        let ends = words.map(|word| {
            let end = seconds(word.to_ms);
            PathElement::new(vec![(end, 0.04), (end, 0.96)], PAPER.stroke_width(scale))
        });
        strip.draw_series(ends)?;
        for (from_ms, to_ms, text) in texts(said) {
            self.draw_text(&mut strip, scale, &text, (from_ms, to_ms), (11, 0.3))?;
        }
        let (name, does) = match who {
            Who::Person(name) => (name, "says"),
            Who::Device(name) => (name, "says (device)"),
        };
        side(area, scale, name, does)
    }

    /// A text in the middle of its time, in lines of this size, so far apart.
    fn draw_text<B: DrawingBackend>(
        &self,
        strip: &mut Strip<'_, B>,
        scale: u32,
        text: &str,
        (from_ms, to_ms): (u64, u64),
        (size, apart): (u32, f64),
    ) -> Drawn<B> {
        let lines = wrapped(text, self.pixels(to_ms.saturating_sub(from_ms)), size);
        let middle = f64::midpoint(seconds(from_ms), seconds(to_ms));
        let all = count(lines.len());
        let style = letters(size, scale).pos(Pos::new(HPos::Center, VPos::Center));
        let texts = lines.into_iter().enumerate().map(|(line, text)| {
            let up = 0.5 + apart * ((all - 1.0) / 2.0 - count(line));
            Text::new(text, (middle, up), style.clone())
        });
        strip.draw_series(texts)?;
        Ok(())
    }

    /// The score of a spotter, with what it spotted; what a recogniser heard.
    fn draw_opinion<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        scale: u32,
        opinion: &Opinion,
        colour: RGBColor,
    ) -> Drawn<B> {
        let mut strip = self.strip(area, scale, 1.05)?;
        strip.plotting_area().fill(&PAPER)?;
        let lines = [0.0, 0.5, 1.0].map(|at| {
            PathElement::new(
                vec![(0.0, at), (self.seconds(), at)],
                GRID.stroke_width(scale),
            )
        });
        if !opinion.heard.curves.is_empty() {
            strip.draw_series(lines)?;
        }
        for curve in &opinion.heard.curves {
            let scores = curve.scores.iter().enumerate();
            let points = scores.map(|(step, score)| {
                let at_ms = curve.step_ms.saturating_mul(step as u64 + 1);
                (seconds(at_ms).min(self.seconds()), score.clamp(0.0, 1.0))
            });
            let mut points: Vec<(f64, f64)> = points.collect();
            // It begins from nothing.
            points.splice(0..0, points.first().map(|_| (0.0, 0.0)));
            let line = PathElement::new(points.clone(), colour.stroke_width(scale));
            let ends = points.first().zip(points.last());
            points.extend(
                ends.map(|(first, last)| [(last.0, 0.0), (first.0, 0.0)])
                    .into_iter()
                    .flatten(),
            );
            strip.draw_series([Polygon::new(points, colour.mix(0.25))])?;
            strip.draw_series([line])?;
        }
        for hearing in &opinion.heard.hearings {
            self.draw_hearing(&mut strip, scale, hearing, colour)?;
        }
        let name = opinion.name.as_deref().unwrap_or(&opinion.ear);
        let below = match (&opinion.error, &opinion.heard.curves[..]) {
            (Some(_), _) => "could not be heard with",
            (None, []) => "what it heard",
            (None, _) => "score, from 0 to 1",
        };
        side(area, scale, name, below)
    }

    /// A line where a name was spotted, or a box with the words that were recognised.
    fn draw_hearing<B: DrawingBackend>(
        &self,
        strip: &mut Strip<'_, B>,
        scale: u32,
        hearing: &Hearing,
        colour: RGBColor,
    ) -> Drawn<B> {
        let (from, to) = (seconds(hearing.from_ms), seconds(hearing.to_ms));
        let score = hearing.score.map(|score| format!("{score:.2}"));
        let score = score.unwrap_or_default();
        if hearing.from_ms < hearing.to_ms {
            let words = Rectangle::new([(from, 0.2), (to, 0.85)], colour.mix(0.2).filled());
            strip.draw_series([words])?;
            let span = (hearing.from_ms, hearing.to_ms);
            self.draw_text(strip, scale, &hearing.text, span, (13, 0.17))?;
            let style = letters(11, scale).pos(Pos::new(HPos::Center, VPos::Center));
            strip.draw_series([Text::new(score, (f64::midpoint(from, to), 0.1), style)])?;
            return Ok(());
        }
        let mark = vec![(to, 0.0), (to, 1.05)];
        strip.draw_series([PathElement::new(mark, colour.stroke_width(2 * scale))])?;
        // Beside the line, where the score is falling again, or at the end before it.
        let is_late = to > self.seconds() * 0.85;
        let (across, gap) = if is_late {
            (HPos::Right, -8)
        } else {
            (HPos::Left, 40)
        };
        let style = letters(13, scale).pos(Pos::new(across, VPos::Top));
        let text = format!("{}  {score}", hearing.text);
        let at = (gap * signed(scale), signed(6 * scale));
        strip.draw_series([EmptyElement::at((to, 1.05)) + Text::new(text, at, style)])?;
        Ok(())
    }

    fn draw_time<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, scale: u32) -> Drawn<B> {
        let mut chart = ChartBuilder::on(area)
            .margin_left(LEFT * scale)
            .margin_right(RIGHT * scale)
            .x_label_area_size((FOOT - 1) * scale)
            .set_label_area_size(LabelAreaPosition::Left, 0)
            .build_cartesian_2d(0.0..self.seconds(), 0.0..1.0)?;
        chart
            .configure_mesh()
            .disable_mesh()
            .disable_y_axis()
            .set_all_tick_mark_size(5 * scale)
            .x_labels(20)
            .x_label_formatter(&|at| format!("{at:.1}"))
            .x_desc("seconds")
            .label_style(letters(12, scale))
            .axis_desc_style(letters(13, scale))
            .axis_style(INK.stroke_width(scale))
            .draw()
    }

    /// How wide so long a time is drawn, in pixels of an SVG.
    fn pixels(&self, length_ms: u64) -> f64 {
        f64::from(Self::SIZE.0 - LEFT - RIGHT) * seconds(length_ms) / self.seconds()
    }
}

/// So many people and devices have words of their own in a picture.
const SPEAKERS_MAX: usize = 4;

/// What a strip shows, beside it.
fn side<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    scale: u32,
    name: &str,
    below: &str,
) -> Drawn<B> {
    let right = signed((LEFT - 10) * scale);
    let middle = signed(height(area) / 2);
    let both = !below.is_empty();
    let up = if both { signed(8 * scale) } else { 0 };
    let pos = Pos::new(HPos::Right, VPos::Center);
    let (name, size) = fitting(name, f64::from(LEFT - 14));
    area.draw(&Text::new(
        name,
        (right, middle - up),
        letters(size, scale).pos(pos),
    ))?;
    if both {
        let style = letters(11, scale).pos(pos);
        area.draw(&Text::new(below.to_owned(), (right, middle + up), style))?;
    }
    Ok(())
}

/// A text as large as fits so many pixels; nothing where it would be too small to read.
fn fitting(text: &str, room: f64) -> (String, u32) {
    let wide = |size: u32| LETTER_WIDTH * f64::from(size) * count(text.chars().count());
    let size = (8..=13).rev().find(|size| wide(*size) <= room);
    size.map_or_else(|| (String::new(), 8), |size| (text.to_owned(), size))
}

/// What is said from when to when; what overlaps is one text.
fn texts(said: &[&Spoken]) -> Vec<(u64, u64, String)> {
    let mut texts: Vec<(u64, u64, String)> = Vec::new();
    for spoken in said {
        let (Some(first), Some(last)) = (spoken.words.first(), spoken.words.last()) else {
            continue;
        };
        let words: Vec<&str> = spoken.words.iter().map(|word| word.text.as_str()).collect();
        let words = words.join(" ");
        match texts.last_mut() {
            Some((_, to_ms, text)) if first.from_ms < *to_ms => {
                *to_ms = last.to_ms.max(*to_ms);
                *text = format!("{text} | {words}");
            }
            Some(_) | None => texts.push((first.from_ms, last.to_ms, words)),
        }
    }
    texts
}

/// A text in lines of this size that fit so many pixels, words whole.
fn wrapped(text: &str, room: f64, size: u32) -> Vec<String> {
    let letter = LETTER_WIDTH * f64::from(size);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let letters = lines
            .last()
            .map(|line| line.chars().count() + 1 + word.chars().count());
        let fits = letters.is_some_and(|letters| letter * count(letters) <= room);
        match lines.last_mut().filter(|_| fits) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// From paper to dark blue by way of teal.
fn ink(shade: u8) -> RGBColor {
    const STEPS: [(f64, f64, f64); 4] = [
        (246.0, 246.0, 246.0),
        (150.0, 205.0, 200.0),
        (38.0, 120.0, 160.0),
        (22.0, 20.0, 70.0),
    ];
    let place = 3.0 * f64::from(shade) / f64::from(SHADES);
    let step = if place < 1.0 {
        0
    } else if place < 2.0 {
        1
    } else {
        2
    };
    let (from, to) = (STEPS[step], STEPS[step + 1]);
    let part = place - count(step);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to 255"
    )]
    let between = |from: f64, to: f64| (from + (to - from) * part).round() as u8;
    RGBColor(
        between(from.0, to.0),
        between(from.1, to.1),
        between(from.2, to.2),
    )
}

#[expect(clippy::cast_precision_loss, reason = "an hour of milliseconds")]
fn seconds(ms: u64) -> f64 {
    ms as f64 / 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "counts of a picture")]
fn count(count: usize) -> f64 {
    count as f64
}

fn height<B: DrawingBackend>(area: &DrawingArea<B, Shift>) -> u32 {
    area.dim_in_pixel().1
}
