//! Brings sound of any rate to the rate at which the device listens.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};
use std::fmt::{self, Debug, Formatter};

/// Samples of the source that are converted at once.
const CHUNK: usize = 1_024;

/// The samples of a source at [`Resampled::RATE`]: an iterator like the source.
///
/// The delay of the filter is taken away, so that times stay what they are; the end is as long as it
/// was. At that very rate samples pass as they are. Errors of the source pass at once, before
/// samples that came earlier and are still in the filter; the source is not asked again after one.
pub struct Resampled<I> {
    source: I,
    filter: Option<Filter>,
    ended: bool,
}

impl<I> Debug for Resampled<I> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resampled")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

struct Filter {
    fft: Fft<f32>,
    rate: u64,
    input: Vec<f32>,
    output: Vec<f32>,
    /// The part of the output that was not given yet.
    from: usize,
    to: usize,
    /// Samples of the output that are the filter's delay.
    delay: usize,
    taken: u64,
    given: u64,
}

impl<I> Resampled<I> {
    /// Samples a second.
    pub const RATE: u32 = 16_000;

    /// From samples of this rate; nothing if the rate is 0 or so odd that no filter can be made.
    pub fn new(source: I, rate: u32) -> Option<Self> {
        let filter = if rate == Self::RATE {
            None
        } else {
            Some(Filter::new(rate)?)
        };
        Some(Self {
            source,
            filter,
            ended: false,
        })
    }
}

impl<I, E> Iterator for Resampled<I>
where
    I: Iterator<Item = Result<f32, E>>,
{
    type Item = Result<f32, E>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(filter) = &mut self.filter else {
            return self.source.next();
        };
        while filter.from == filter.to {
            if self.ended && filter.is_spent() {
                return None;
            }
            filter.input.clear();
            while !self.ended && filter.input.len() < CHUNK {
                match self.source.next() {
                    Some(Ok(sample)) => filter.input.push(sample),
                    Some(Err(error)) => {
                        self.ended = true;
                        return Some(Err(error));
                    }
                    None => self.ended = true,
                }
            }
            filter.convert();
        }
        filter.next().map(Ok)
    }
}

impl Filter {
    fn new(rate: u32) -> Option<Self> {
        let target = Resampled::<()>::RATE as usize;
        let fft = Fft::new(rate as usize, target, CHUNK, 1, FixedSync::Input).ok()?;
        Some(Self {
            rate: rate.into(),
            input: Vec::with_capacity(CHUNK),
            output: vec![0.0; fft.output_frames_max()],
            from: 0,
            to: 0,
            delay: fft.output_delay(),
            taken: 0,
            given: 0,
            fft,
        })
    }

    /// Whether the output is as long as the input was.
    fn is_spent(&self) -> bool {
        self.given * self.rate >= self.taken * u64::from(Resampled::<()>::RATE)
    }

    /// Puts the input, filled up with silence, through the filter.
    fn convert(&mut self) {
        self.taken += self.input.len() as u64;
        self.input.resize(CHUNK, 0.0);
        let room = self.output.len();
        let (input, output) = (
            InterleavedSlice::new(&self.input, 1, CHUNK),
            InterleavedSlice::new_mut(&mut self.output, 1, room),
        );
        let made = match (input, output) {
            (Ok(input), Ok(mut output)) => self
                .fft
                .process_into_buffer(&input, &mut output, None)
                .map_or(0, |(_, made)| made),
            (Err(_), _) | (_, Err(_)) => 0,
        };
        assert!(
            made > 0 || self.delay > 0,
            "all lengths are the filter's own"
        );
        self.from = self.delay.min(made);
        self.delay -= self.from;
        self.to = made;
    }

    fn next(&mut self) -> Option<f32> {
        if self.is_spent() {
            self.to = self.from;
            return None;
        }
        let sample = self.output.get(self.from).copied();
        self.from += 1;
        self.given += 1;
        sample
    }
}
