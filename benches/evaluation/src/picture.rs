//! The detection-error curves of a keyword as a picture.

use crate::Outcome;
use crate::judged::{Judged, number};
use crate::report::Row;
use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};
use std::path::Path;

static FONT: &[u8] = include_bytes!("../../../corpora/fonts/DejaVuSans-latin.ttf");
const LETTERS: &str = "sans-serif";
const SIZE: (u32, u32) = (860, 520);
const INK: RGBColor = RGBColor(40, 40, 40);
const GRID: RGBColor = RGBColor(225, 225, 225);
/// Colours that the colour-blind tell apart (Okabe and Ito).
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(86, 180, 233),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(0, 0, 0),
];
/// False alarms an hour, from the left to the right.
const RATES: std::ops::Range<f64> = 0.1..300.0;

pub(crate) fn draw(file: &Path, keyword: &str, rows: &[Row]) -> Outcome<()> {
    register_font(LETTERS, FontStyle::Normal, FONT).map_err(|_| "its letters cannot be read")?;
    let letters = |size: u32| (LETTERS, size).into_font().color(&INK);
    let area = SVGBackend::new(file, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .caption(format!("Misses of \"{keyword}\""), letters(18))
        .x_label_area_size(46)
        .y_label_area_size(60)
        .build_cartesian_2d(RATES.log_scale(), 0.0..1.0)?;
    chart
        .configure_mesh()
        .y_label_formatter(&|share| format!("{:.0}%", 100.0 * share))
        .x_desc("false alarms in an hour of talk")
        .label_style(letters(13))
        .axis_desc_style(letters(15))
        .axis_style(INK)
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .draw()?;
    for (row, colour) in rows.iter().zip(COLOURS.iter().cycle()) {
        let line = PathElement::new(curve(&row.judged), colour.stroke_width(2));
        let mark =
            move |at: (i32, i32)| PathElement::new([at, (at.0 + 18, at.1)], colour.stroke_width(3));
        chart.draw_series([line])?.label(row.engine).legend(mark);
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerLeft)
        .label_font(letters(13))
        .background_style(WHITE)
        .border_style(GRID)
        .draw()?;
    Ok(area.present()?)
}

/// In steps: more false alarms, then fewer misses.
fn curve(judged: &Judged) -> Vec<(f64, f64)> {
    let hours = judged.hours();
    let share = |missed: usize| number(missed) / number(judged.keywords.len()).max(1.0);
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut last = None;
    for alarms in 1..judged.talk.len() {
        let rate = number(alarms) / hours;
        if rate > RATES.end {
            break;
        }
        let missed = judged.missed(alarms);
        if last == Some(missed) {
            continue;
        }
        points.extend(last.map(|last| (rate, share(last))));
        points.push((rate, share(missed)));
        last = Some(missed);
    }
    points.extend(last.map(|last| (RATES.end, share(last))));
    points
}
