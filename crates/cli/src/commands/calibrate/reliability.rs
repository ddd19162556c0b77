//! A picture of what was predicted against what came of it.

use crate::commands::stage;
use crate::picture::{COLOURS, GRID, INK, Picture, letters, signed};
use mondegreen_sim::calibrate::Calibration;
use plotters::coord::Shift;
use plotters::prelude::*;

const MARK: RGBColor = COLOURS[0];

/// For each bin a mark at the predicted probability and the share of accepted tries, with the share's
/// interval. A right prediction lies on the diagonal.
pub(super) struct Reliability<'a> {
    pub(super) calibration: &'a Calibration,
}

impl Picture for Reliability<'_> {
    const SIZE: (u32, u32) = (640, 640);

    fn draw<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        scale: u32,
    ) -> Result<(), DrawingAreaErrorKind<B::ErrorType>> {
        let letters = |size: u32| letters(size, scale);
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
        let bins = &self.calibration.judged.reliability;
        let whiskers = bins.iter().map(|bin| {
            let ends = [bin.interval.low, bin.interval.high].map(|end| (bin.predicted, end));
            PathElement::new(ends.to_vec(), MARK.stroke_width(2 * scale))
        });
        chart.draw_series(whiskers)?;
        let marks = bins
            .iter()
            .map(|bin| Circle::new((bin.predicted, bin.share), 5 * scale, MARK.filled()));
        chart.draw_series(marks)?;
        Ok(())
    }
}

impl Reliability<'_> {
    fn title(&self) -> String {
        let what = stage(self.calibration.listens_for);
        format!("Predicted and accepted: {what}")
    }

    fn subtitle(&self) -> String {
        let fitted = self.calibration.fitted;
        format!(
            "{} tries of {} phrases, each predicted from the others; bars: 95% intervals",
            fitted.tries, fitted.phrases
        )
    }

    /// The tenth that all of it lies below.
    fn top(&self) -> f64 {
        let bins = self.calibration.judged.reliability.iter();
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
