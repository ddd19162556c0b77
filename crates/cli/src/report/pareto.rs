//! Rates against the time that a message takes, and which assistants no other betters in both.

use super::Standing;
use crate::picture::{COLOURS, GRID, INK, Picture, letters, signed};
use plotters::coord::Shift;
use plotters::prelude::*;

/// Of groups in turn, and of those that no other betters.
const GROUPS: [RGBColor; 2] = [COLOURS[0], COLOURS[1]];
const FRONT: RGBColor = COLOURS[2];
/// Names are left out of a picture with more marks than this, but for those on the front.
const NAMES_MAX: usize = 8;
/// So many characters of a name are shown.
const NAME_MAX: usize = 40;

pub(crate) struct Pareto {
    pub(crate) points: Vec<Point>,
}

/// An assistant: how long a message takes, and how often one is sent that nobody wanted.
pub(crate) struct Point {
    pub(crate) name: String,
    /// Assistants that were compared with each other have the same colour.
    pub(crate) group: usize,
    /// From the first word to the sending.
    pub(crate) seconds: f64,
    /// Unintended sends in an hour of talk; 0 if none was ever seen.
    pub(crate) rate: f64,
    /// Where the rate lies; the upper end is the bound of what was never seen.
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Point {
    /// Where an assistant stands; nowhere if it serves nobody, or that was not measured.
    pub(super) fn of(standing: &Standing, group: usize) -> Option<Self> {
        let service = standing.service.filter(|service| service.served > 0)?;
        let rate = standing.rate_of_talk?;
        Some(Self {
            name: standing.assistant.clone(),
            group,
            seconds: service.seconds,
            rate: rate.value,
            low: rate.low,
            high: rate.high?,
        })
    }

    /// The rate, or the bound of one that was never seen.
    const fn shown(&self) -> f64 {
        if self.rate > 0.0 {
            self.rate
        } else {
            self.high
        }
    }

    const fn low_end(&self) -> f64 {
        self.low.max(self.shown() / 1e3)
    }

    fn colour(&self) -> RGBColor {
        GROUPS[self.group % GROUPS.len()]
    }

    /// Whether it is as good in both and better in one.
    fn betters(&self, other: &Self) -> bool {
        let (own, others) = ((self.seconds, self.shown()), (other.seconds, other.shown()));
        own.0 <= others.0 && own.1 <= others.1 && own != others
    }
}

impl Picture for Pareto {
    const SIZE: (u32, u32) = (860, 620);

    fn draw<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        scale: u32,
    ) -> Result<(), DrawingAreaErrorKind<B::ErrorType>> {
        let points = &self.points;
        let letters = |size: u32| letters(size, scale);
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
        let (across, up) = (seconds_range(points), rate_range(points));
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
        let mut front: Vec<&Point> = points.iter().filter(|it| self.is_on_front(it)).collect();
        front.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        // From one to the next across and then down: no better rate is had in less time.
        let steps = front.windows(2).flat_map(|pair| {
            let [from, to] = [&pair[0], &pair[1]];
            [
                (from.seconds, from.shown()),
                (to.seconds, from.shown()),
                (to.seconds, to.shown()),
            ]
        });
        chart.draw_series([PathElement::new(
            steps.collect::<Vec<_>>(),
            FRONT.stroke_width(2 * scale),
        )])?;
        let whiskers = points.iter().map(|it| {
            let ends = vec![(it.seconds, it.low_end()), (it.seconds, it.high)];
            PathElement::new(ends, it.colour().stroke_width(2 * scale))
        });
        chart.draw_series(whiskers)?;
        let is_full = points.len() > NAMES_MAX;
        let named = points.iter().map(|it| {
            let name = if is_full && !self.is_on_front(it) {
                String::new()
            } else {
                it.name.chars().take(NAME_MAX).collect()
            };
            let at = (signed(8 * scale), -signed(18 * scale));
            EmptyElement::at((it.seconds, it.shown()))
                + Circle::new((0, 0), signed(5 * scale), it.colour().filled())
                + Text::new(name, at, letters(13))
        });
        chart.draw_series(named)?;
        Ok(())
    }
}

impl Pareto {
    fn is_on_front(&self, point: &Point) -> bool {
        !self.points.iter().any(|other| other.betters(point))
    }
}

fn seconds_range(points: &[Point]) -> std::ops::Range<f64> {
    let seconds = points.iter().map(|it| it.seconds);
    let (low, high) = seconds.fold((f64::INFINITY, 0.0_f64), |(low, high), at| {
        (low.min(at), high.max(at))
    });
    let margin = ((high - low) * 0.15).max(1.0);
    (low - margin).max(0.0)..high + margin * 1.6
}

fn rate_range(points: &[Point]) -> std::ops::Range<f64> {
    let ends = points.iter().map(|it| (it.low_end(), it.high));
    let (low, high) = ends.fold((1.0_f64, 0.0_f64), |(low, high), at| {
        (low.min(at.0), high.max(at.1))
    });
    let low = low.max(1e-30);
    low / 3.0..high.max(low * 10.0) * 3.0
}
