//! How far a campaign came, over time: one curve for each assistant.

use super::figures::Figure;
use crate::picture::{COLOURS, GRID, INK, Picture, letters, svg};
use crate::report::Checkpoint;
use plotters::coord::Shift;
use plotters::prelude::*;
use std::collections::BTreeMap;
use std::io;

/// So many characters of a name stand beside its curve.
const NAME_MAX: usize = 18;
/// So many names stand beside their curves; those of more would stand over one another.
const NAMES_MAX: usize = 14;

/// One figure of an assistant over time.
type Curve<'a> = (&'a str, Vec<(f64, f64)>);

/// What is drawn over time.
struct Curves<'a> {
    all: Vec<Curve<'a>>,
    what: &'static str,
}

/// Findings, and ways of acting, over time; nothing if there are not two points.
pub(super) fn of(progress: &[Checkpoint]) -> io::Result<Vec<Figure>> {
    if progress.len() < 2 {
        return Ok(Vec::new());
    }
    let found = Curves::of(progress, "findings", |at| at.findings);
    let ways = Curves::of(progress, "ways of acting", |at| at.ways);
    Ok(vec![
        Figure {
            title: "Findings over time",
            svg: svg(&found)?,
            caption: "A curve that has long been flat says that more time of the same kind would add little. It does \
                      not say that there is nothing more to be found."
                .to_owned(),
        },
        Figure {
            title: "Ways of acting seen over time",
            svg: svg(&ways)?,
            caption: "How many different ways of acting of each assistant the search had seen: while this grows, it \
                      is still getting to places where it had not been."
                .to_owned(),
        },
    ])
}

impl<'a> Curves<'a> {
    fn of(progress: &'a [Checkpoint], what: &'static str, count: fn(&Checkpoint) -> u64) -> Self {
        let mut all: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
        for at in progress {
            #[expect(clippy::cast_precision_loss, reason = "it is drawn")]
            let counted = count(at) as f64;
            let curve = all.entry(&at.assistant).or_default();
            curve.push((at.at_s.max(0.0), counted));
        }
        Self {
            all: all.into_iter().collect(),
            what,
        }
    }

    /// The largest of each, and at least something.
    fn extent(&self) -> (f64, f64) {
        let points = self.all.iter().flat_map(|(_, points)| points);
        points.fold((1.0, 1.0), |(across, up), (at, count)| {
            (across.max(*at), up.max(*count))
        })
    }

    /// The names of curves with where they end; those that end close together are moved apart.
    fn names(&self, up: f64) -> Vec<(String, f64)> {
        if self.all.len() > NAMES_MAX {
            return Vec::new();
        }
        let apart = up * 0.055;
        let ends = self.all.iter().filter_map(|(name, points)| {
            let name = name.chars().take(NAME_MAX).collect();
            Some((name, points.last()?.1))
        });
        let mut ends: Vec<(String, f64)> = ends.collect();
        ends.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
        let mut free = f64::NEG_INFINITY;
        for (_, at) in &mut ends {
            *at = at.max(free);
            free = *at + apart;
        }
        ends
    }
}

impl Picture for Curves<'_> {
    const SIZE: (u32, u32) = (860, 380);

    fn draw<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        scale: u32,
    ) -> Result<(), DrawingAreaErrorKind<B::ErrorType>> {
        let letters = |size: u32| letters(size, scale);
        area.fill(&WHITE)?;
        let (across, up) = self.extent();
        let (unit, divided) = match across {
            seconds if seconds < 180.0 => ("seconds", 1.0),
            seconds if seconds < 10_800.0 => ("minutes", 60.0),
            _ => ("hours", 3_600.0),
        };
        let names = self.names(up);
        let top = names.last().map_or(up, |(_, at)| at.max(up)) * 1.08;
        let mut chart = ChartBuilder::on(area)
            .margin(12 * scale)
            .margin_right(150 * scale)
            .x_label_area_size(46 * scale)
            .y_label_area_size(70 * scale)
            .build_cartesian_2d(0.0..across / divided, 0.0..top)?;
        chart
            .configure_mesh()
            .x_labels(8)
            .y_labels(6)
            .x_label_formatter(&|at| {
                format!("{at:.3}")
                    .trim_end_matches('0')
                    .trim_end_matches('.')
                    .to_owned()
            })
            .y_label_formatter(&|count| format!("{count:.0}"))
            .x_desc(unit)
            .y_desc(self.what)
            .label_style(letters(13))
            .axis_desc_style(letters(15))
            .axis_style(INK.stroke_width(scale))
            .bold_line_style(GRID.stroke_width(scale))
            .light_line_style(TRANSPARENT)
            .draw()?;
        for (colour, (_, points)) in COLOURS.iter().cycle().zip(&self.all) {
            let points = points.iter().map(|(at, count)| (at / divided, *count));
            let line = PathElement::new(points.collect::<Vec<_>>(), colour.stroke_width(2 * scale));
            chart.draw_series([line])?;
        }
        // The names are in ink: some colours that make a good line are too pale to be read.
        let written = names.into_iter().map(|(name, at)| {
            let right = i32::try_from(8 * scale).unwrap_or(8);
            EmptyElement::at((across / divided, at)) + Text::new(name, (right, -right), letters(13))
        });
        chart.draw_series(written)?;
        Ok(())
    }
}
