//! Aligns many templates with a stream of frames, one column of each table at a time.
//!
//! Subsequence dynamic time warping with the steps of Sakoe & Chiba (1978, P = 1): one frame of the
//! template for one of the stream, one for two, or two for one; so what is said may be half or twice
//! as fast. Each frame of the template is paid for once, whatever the path, so that costs of paths
//! of different lengths can be compared. An alignment may begin at any frame, and each cell carries
//! where its own began.
//!
//! Frames of the template lie side by side in the lanes: no cell of a column depends on another one
//! of it. Everything is whole numbers, so all machines get the same.

use super::frames::{DIMENSIONS, Frame, UNIT};
use wide::{i16x8, i32x4, i32x8};

/// Cells that are advanced together.
const LANES: usize = 8;
/// Frames whose products are summed up together: each lane takes two dimensions of one.
const GROUP: usize = 4;
const PAIRS: usize = DIMENSIONS / 2;

/// What a distance of one cosine costs.
pub(super) const COST_UNIT: i16 = 128;
/// Products are this many bits longer than costs.
const SHIFT: u32 = 2 * UNIT.ilog2() - COST_UNIT.ilog2();
/// Costs saturate here.
const COST_MAX: i16 = i16::MAX;

/// Cells before the first one of each template: one from which alignments begin, and those that
/// are read with it.
const LEAD: usize = LANES;

/// Templates and the last columns of their tables, one template after the other in each.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    spans: Vec<Span>,
    /// Frames of the templates in groups: for each pair of dimensions, that pair of each frame.
    frames: Vec<[i16x8; PAIRS]>,
    /// Costs and beginnings of the last three columns, the newest first.
    costs: [Vec<i16>; 3],
    starts: [Vec<i16>; 3],
    /// The distances of the last two frames of the stream.
    distances: [Vec<i16>; 2],
    now: i16,
}

/// Where a template's cells are.
#[derive(Clone, Copy, Debug)]
struct Span {
    /// Of the first cell.
    first: usize,
    length: usize,
}

/// How well a template fits what ends with the last frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fit {
    /// The sum over the template's frames, in [`COST_UNIT`]; [`i16::MAX`] if nothing fits.
    pub(super) cost: i16,
    /// How many frames of the stream it takes.
    pub(super) length: u16,
}

impl Columns {
    pub(super) fn new<'a>(templates: impl Iterator<Item = &'a [Frame]>) -> Self {
        let mut columns = Self {
            spans: Vec::new(),
            frames: Vec::new(),
            costs: Default::default(),
            starts: Default::default(),
            distances: Default::default(),
            now: 0,
        };
        let mut cells = 0;
        for template in templates {
            columns.spans.push(Span {
                first: cells + LEAD,
                length: template.len(),
            });
            let padded = template.len().next_multiple_of(LANES);
            for group in (0..padded).step_by(GROUP) {
                columns
                    .frames
                    .push(grouped(template.get(group..).unwrap_or(&[])));
            }
            cells += LEAD + padded;
        }
        for cells_of in columns.costs.iter_mut().chain(&mut columns.starts) {
            cells_of.resize(cells, 0);
        }
        for distances in &mut columns.distances {
            distances.resize(cells, 0);
        }
        columns.reset();
        columns
    }

    pub(super) fn reset(&mut self) {
        for costs in &mut self.costs {
            costs.fill(COST_MAX);
        }
        for distances in &mut self.distances {
            distances.fill(COST_MAX);
        }
        self.open();
    }

    /// Lets alignments begin with the next frame.
    fn open(&mut self) {
        for span in &self.spans {
            self.costs[0][span.first - 1] = 0;
            self.starts[0][span.first - 1] = self.now;
        }
    }

    /// Takes the next frame of the stream.
    pub(super) fn push(&mut self, frame: &Frame) {
        self.costs.rotate_right(1);
        self.starts.rotate_right(1);
        self.distances.rotate_right(1);
        self.measure(frame);
        self.advance();
        self.now = self.now.wrapping_add(1);
        self.open();
    }

    /// The distances of the frame from all frames of all templates.
    #[inline]
    fn measure(&mut self, frame: &Frame) {
        let pairs: [i16x8; PAIRS] = std::array::from_fn(|pair| {
            let pair = [frame[2 * pair], frame[2 * pair + 1]];
            i16x8::new(std::array::from_fn(|lane| pair[lane % 2]))
        });
        let one = i32x4::splat(1 << (2 * UNIT.ilog2()));
        let mut groups = self.frames.iter();
        for span in &self.spans {
            let padded = span.length.next_multiple_of(LANES);
            let cells = &mut self.distances[0][span.first..span.first + padded];
            for cells in cells.chunks_exact_mut(LANES) {
                let mut distances = [0; LANES];
                for (distances, group) in distances.chunks_exact_mut(GROUP).zip(groups.by_ref()) {
                    let products = group.iter().zip(&pairs);
                    let sum = products.fold(one, |sum, (own, pair)| sum - own.dot(*pair));
                    distances.copy_from_slice((sum >> SHIFT).as_array());
                }
                let distances = i16x8::from_i32x8_saturate(i32x8::new(distances));
                cells.copy_from_slice(distances.as_array());
            }
        }
    }

    #[inline]
    fn advance(&mut self) {
        let [costs, costs_1, costs_2] = &mut self.costs;
        let [starts, starts_1, starts_2] = &mut self.starts;
        let [distances, distances_1] = &self.distances;
        for span in &self.spans {
            let padded = span.length.next_multiple_of(LANES);
            for at in (span.first..span.first + padded).step_by(LANES) {
                let own = load(distances, at);
                let steady = load(costs_1, at - 1).saturating_add(own);
                let both = half(own) + half(load(distances_1, at));
                let slow = load(costs_2, at - 1).saturating_add(both);
                let skipped = load(distances, at - 1);
                let fast = load(costs_1, at - 2)
                    .saturating_add(skipped)
                    .saturating_add(own);
                let best = steady.min(slow).min(fast);
                let start = best.simd_eq(steady).select(
                    load(starts_1, at - 1),
                    best.simd_eq(slow)
                        .select(load(starts_2, at - 1), load(starts_1, at - 2)),
                );
                costs[at..at + LANES].copy_from_slice(best.as_array());
                starts[at..at + LANES].copy_from_slice(start.as_array());
            }
        }
    }

    /// How well each template fits what ends with the last frame.
    pub(super) fn fits(&self) -> impl Iterator<Item = Fit> {
        self.spans.iter().map(|span| {
            let last = span.first + span.length - 1;
            let length = self.now.wrapping_sub(self.starts[0][last]);
            Fit {
                cost: self.costs[0][last],
                length: length.cast_unsigned(),
            }
        })
    }
}

#[inline]
fn load(cells: &[i16], at: usize) -> i16x8 {
    let lanes = cells.get(at..).and_then(<[i16]>::first_chunk);
    lanes.map_or(i16x8::ZERO, |lanes| i16x8::new(*lanes))
}

#[inline]
fn half(lanes: i16x8) -> i16x8 {
    lanes >> 1_u32
}

/// Frames side by side; those that are missing have no likeness to anything.
fn grouped(frames: &[Frame]) -> [i16x8; PAIRS] {
    std::array::from_fn(|pair| {
        i16x8::new(std::array::from_fn(|lane| {
            frames
                .get(lane / 2)
                .map_or(0, |frame| frame[2 * pair + lane % 2])
        }))
    })
}
