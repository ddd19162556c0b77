//! Rates against the time that a message takes, and which assistants no other betters in both.

use super::{Measured, Row};
use crate::picture::{LETTERS, Picture};
use mondegreen_sim::estimate::Interval;
use plotters::coord::Shift;
use plotters::prelude::*;

const INK: RGBColor = RGBColor(40, 40, 40);
const GRID: RGBColor = RGBColor(225, 225, 225);
/// Colours that the colour-blind tell apart (Okabe and Ito).
const COLOURS: [RGBColor; 2] = [RGBColor(0, 114, 178), RGBColor(213, 94, 0)];
const FRONT: RGBColor = RGBColor(0, 158, 115);
/// Names are left out of a picture with more marks than this, but for those on the front.
const NAMES_MAX: usize = 8;

pub(super) struct Pareto<'a> {
    pub(super) groups: &'a [Measured],
}

/// Where a row stands: seconds across, unintended sends in an hour of talk up.
struct Mark<'a> {
    name: &'a str,
    colour: RGBColor,
    seconds: f64,
    /// The rate, or the bound of one that was never seen.
    rate: f64,
    interval: Interval,
    is_on_front: bool,
}

impl Picture for Pareto<'_> {
    const SIZE: (u32, u32) = (860, 620);

    fn draw<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        scale: u32,
    ) -> Result<(), DrawingAreaErrorKind<B::ErrorType>> {
        let marks = self.marks();
        let letters = |size: u32| (LETTERS, size * scale).into_font().color(&INK);
        let thin = INK.stroke_width(scale);
        area.fill(&WHITE)?;
        let (head, below) = area.split_vertically(64 * scale);
        let line = |text: &str, size: u32, y: u32| {
            let at = (signed(84 * scale), signed(y * scale));
            head.draw(&Text::new(text.to_owned(), at, letters(size)))
        };
        line("What an assistant lets happen, and what it takes", 20, 14)?;
        line(
            "bars: 95% intervals; green: no other is better in both",
            13,
            42,
        )?;
        let (across, up) = (seconds_range(&marks), rate_range(&marks));
        let mut chart = ChartBuilder::on(&below)
            .margin_left(16 * scale)
            .margin_right(24 * scale)
            .margin_bottom(8 * scale)
            .x_label_area_size(52 * scale)
            .y_label_area_size(84 * scale)
            .build_cartesian_2d(across, up.log_scale())?;
        chart
            .configure_mesh()
            .x_labels(8)
            .y_labels(8)
            .x_label_formatter(&|seconds| format!("{seconds:.0}"))
            .y_label_formatter(&|rate| format!("{rate:.0e}"))
            .x_desc("seconds from the first word to the sending, for those who do want to send")
            .y_desc("unintended sends in an hour of talk")
            .label_style(letters(13))
            .axis_desc_style(letters(15))
            .axis_style(thin)
            .bold_line_style(GRID.stroke_width(scale))
            .light_line_style(TRANSPARENT)
            .draw()?;
        let mut front: Vec<_> = marks.iter().filter(|mark| mark.is_on_front).collect();
        front.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        // From one to the next across and then down: no better rate is had in less time.
        let steps = front.windows(2).flat_map(|pair| {
            let [from, to] = [&pair[0], &pair[1]];
            [
                (from.seconds, from.rate),
                (to.seconds, from.rate),
                (to.seconds, to.rate),
            ]
        });
        chart.draw_series([PathElement::new(
            steps.collect::<Vec<_>>(),
            FRONT.stroke_width(2 * scale),
        )])?;
        let whiskers = marks.iter().map(|mark| {
            let low = mark.interval.low.max(mark.rate / 1e3);
            let ends = vec![(mark.seconds, low), (mark.seconds, mark.interval.high)];
            PathElement::new(ends, mark.colour.stroke_width(2 * scale))
        });
        chart.draw_series(whiskers)?;
        let is_full = marks.len() > NAMES_MAX;
        let named = marks.iter().map(|mark| {
            let name = if is_full && !mark.is_on_front {
                ""
            } else {
                mark.name
            };
            let at = (signed(8 * scale), -signed(6 * scale));
            EmptyElement::at((mark.seconds, mark.rate))
                + Circle::new((0, 0), signed(5 * scale), mark.colour.filled())
                + Text::new(name.to_owned(), at, letters(13))
        });
        chart.draw_series(named)?;
        Ok(())
    }
}

impl Pareto<'_> {
    fn marks(&self) -> Vec<Mark<'_>> {
        let rows = self.groups.iter().zip(COLOURS.iter().cycle());
        let rows = rows.flat_map(|(group, colour)| group.rows.iter().map(|row| (row, *colour)));
        // Of an assistant that sends for nobody there is no time that it takes.
        let rows: Vec<(&Row, RGBColor)> = rows.filter(|(row, _)| row.service.served > 0).collect();
        let rate = |row: &Row| {
            let rate = row.rate.probability;
            if rate > 0.0 {
                rate
            } else {
                row.rate.interval.high
            }
        };
        let betters = |other: &Row, row: &Row| {
            let (other_at, at) = (
                (other.service.seconds, rate(other)),
                (row.service.seconds, rate(row)),
            );
            other_at.0 <= at.0 && other_at.1 <= at.1 && other_at != at
        };
        let mark = |(row, colour): &(&'_ Row, RGBColor)| -> Mark<'_> {
            let row: &Row = row;
            Mark {
                name: "",
                colour: *colour,
                seconds: row.service.seconds,
                rate: rate(row),
                interval: row.rate.interval,
                is_on_front: !rows.iter().any(|(other, _)| betters(other, row)),
            }
        };
        let marks = rows.iter().map(|pair| Mark {
            name: &pair.0.name,
            ..mark(pair)
        });
        marks.collect()
    }
}

fn seconds_range(marks: &[Mark<'_>]) -> std::ops::Range<f64> {
    let seconds = marks.iter().map(|mark| mark.seconds);
    let (low, high) = seconds.fold((f64::INFINITY, 0.0_f64), |(low, high), at| {
        (low.min(at), high.max(at))
    });
    let margin = ((high - low) * 0.15).max(1.0);
    (low - margin).max(0.0)..high + margin * 1.6
}

fn rate_range(marks: &[Mark<'_>]) -> std::ops::Range<f64> {
    let ends = marks
        .iter()
        .map(|mark| (mark.interval.low.max(mark.rate / 1e3), mark.interval.high));
    let (low, high) = ends.fold((1.0_f64, 0.0_f64), |(low, high), at| {
        (low.min(at.0), high.max(at.1))
    });
    let low = low.max(1e-30);
    low / 3.0..high.max(low * 10.0) * 3.0
}

/// Sizes are far below 2^31.
fn signed(size: u32) -> i32 {
    i32::try_from(size).unwrap_or(i32::MAX)
}
