//! A picture of what was predicted against what came of it.

use crate::commands::stage;
use crate::picture::{LETTERS, Picture};
use mondegreen_sim::calibrate::{Calibration, Judged};
use mondegreen_trace::Asks;
use plotters::coord::Shift;
use plotters::prelude::*;

const INK: RGBColor = RGBColor(40, 40, 40);
const GRID: RGBColor = RGBColor(225, 225, 225);
/// Two colours that the colour-blind tell apart (Okabe and Ito), and differ in print.
const LOGISTIC: RGBColor = RGBColor(0, 114, 178);
const LAW: RGBColor = RGBColor(213, 94, 0);

/// Both curves: for each bin a mark at the predicted probability and the share of accepted tries, with
/// the share's interval. A right prediction lies on the diagonal.
pub(super) struct Reliability<'a> {
    pub(super) calibration: &'a Calibration,
    pub(super) asks: Asks,
}

impl Picture for Reliability<'_> {
    const SIZE: (u32, u32) = (640, 640);

    fn draw<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        scale: u32,
    ) -> Result<(), DrawingAreaErrorKind<B::ErrorType>> {
        let letters = |size: u32| (LETTERS, size * scale).into_font().color(&INK);
        let thin = INK.stroke_width(scale);
        let top = self.top();
        area.fill(&WHITE)?;
        let (head, below) = area.split_vertically(64 * scale);
        let line = |text: String, size: u32, y: u32| {
            let at = (signed(84 * scale), signed(y * scale));
            head.draw(&Text::new(text, at, letters(size)))
        };
        line(self.title(), 20, 14)?;
        line(self.subtitle(), 13, 42)?;
        let mut chart = ChartBuilder::on(&below)
            .margin_left(12 * scale)
            .margin_right(24 * scale)
            .margin_bottom(8 * scale)
            .x_label_area_size(52 * scale)
            .y_label_area_size(72 * scale)
            .build_cartesian_2d(0.0..top, 0.0..top)?;
        chart
            .configure_mesh()
            .x_labels(6)
            .y_labels(6)
            .x_label_formatter(&percent)
            .y_label_formatter(&percent)
            .x_desc("predicted acceptance")
            .y_desc("accepted tries")
            .label_style(letters(13))
            .axis_desc_style(letters(15))
            .axis_style(thin)
            .bold_line_style(GRID.stroke_width(scale))
            .light_line_style(TRANSPARENT)
            .draw()?;
        let diagonal = PathElement::new(vec![(0.0, 0.0), (top, top)], thin);
        chart.draw_series([diagonal])?;
        for curve in self.curves(scale) {
            let Drawn {
                name,
                judged,
                colour,
                corners,
            } = curve;
            let whiskers = judged.reliability.iter().map(|bin| {
                let ends = [bin.interval.low, bin.interval.high].map(|end| (bin.predicted, end));
                PathElement::new(ends.to_vec(), colour.stroke_width(2 * scale))
            });
            chart.draw_series(whiskers)?;
            let marks = judged.reliability.iter().map(|bin| {
                let mark = Polygon::new(corners.clone(), colour.filled());
                EmptyElement::at((bin.predicted, bin.share)) + mark
            });
            let drawn = chart.draw_series(marks)?;
            drawn.label(name).legend(move |(x, y)| {
                let right = x + signed(8 * scale);
                let middle = y - signed(2 * scale);
                let corners = corners.iter().map(|at| (right + at.0, middle + at.1));
                let corners: Vec<_> = corners.collect();
                Polygon::new(corners, colour.filled())
            });
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .margin(12 * scale)
            .legend_area_size(20 * scale)
            .label_font(letters(14))
            .background_style(WHITE.filled())
            .border_style(GRID.stroke_width(scale))
            .draw()?;
        Ok(())
    }
}

/// How a curve is drawn.
struct Drawn<'a> {
    name: &'static str,
    judged: &'a Judged,
    colour: RGBColor,
    /// The corners of its marks, about their middle.
    corners: Vec<(i32, i32)>,
}

impl Reliability<'_> {
    fn title(&self) -> String {
        let what = stage(self.asks);
        format!("Predicted and accepted: {what}")
    }

    fn subtitle(&self) -> String {
        let fitted = self.calibration.fitted;
        format!(
            "{} tries of {} phrases, each predicted from the others; bars: 95% intervals",
            fitted.tries, fitted.phrases
        )
    }

    fn curves(&self, scale: u32) -> [Drawn<'_>; 2] {
        let Calibration {
            logistic_judged,
            exponential_judged,
            ..
        } = self.calibration;
        let (near, far) = (signed(4 * scale), signed(6 * scale));
        let square = vec![(-near, -near), (near, -near), (near, near), (-near, near)];
        let diamond = vec![(0, -far), (far, 0), (0, far), (-far, 0)];
        [
            Drawn {
                name: "logistic curve",
                judged: logistic_judged,
                colour: LOGISTIC,
                corners: diamond,
            },
            Drawn {
                name: "channel's law",
                judged: exponential_judged,
                colour: LAW,
                corners: square,
            },
        ]
    }

    /// The tenth that all of it lies below.
    fn top(&self) -> f64 {
        let judged = [
            &self.calibration.logistic_judged,
            &self.calibration.exponential_judged,
        ];
        let bins = judged.into_iter().flat_map(|judged| &judged.reliability);
        let highest = bins.map(|bin| bin.interval.high.max(bin.predicted));
        let highest = highest.fold(0.0, f64::max);
        ((highest * 10.0).ceil() / 10.0).clamp(0.1, 1.0)
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "plotters hands a reference"
)]
fn percent(share: &f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// Sizes are far below 2^31.
fn signed(size: u32) -> i32 {
    i32::try_from(size).unwrap_or(i32::MAX)
}
