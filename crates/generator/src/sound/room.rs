//! What a room does to sound: the image-source method of Allen and Berkley (J. Acoust. Soc. Am. 65,
//! 1979), for a box whose six walls absorb alike.
//!
//! Every reflection is a source of its own, mirrored at the walls, that sounds later and more softly.
//! Times between two samples are met by a windowed sinc (Peterson 1986).

use super::RATE;
use super::level::real;
use serde::Serialize;
use std::f64::consts::PI;

/// Metres a second.
const SOUND_SPEED: f64 = 343.0;
const RATE_HZ: f64 = RATE as f64;

/// Responses are computed for so many times the reverberation time by Eyring: sound between bare
/// walls that face each other dies away later than his formula says.
const LENGTH: f64 = 1.25;
/// Reflections at most, which take about a second.
const REFLECTIONS_MAX: f64 = 2e7;

/// Walls are so far from everybody's mouth, in metres.
const CLEAR_OF_WALLS_M: f64 = 0.2;
/// Directions that are tried for somebody's place.
const DIRECTIONS: usize = 64;
/// From one person to the next: close to the golden angle, which no few steps come back to.
const NEXT_PERSON: usize = 25;

/// A sinc is cut off after so many samples on either side, and tabulated for so many places between
/// two samples.
const HALF_WIDTH: usize = 16;
const WIDTH: usize = 2 * HALF_WIDTH;
const PHASES: usize = 64;

/// A room: a box with walls, floor and ceiling of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Room {
    /// In metres, as are width and height.
    pub length_m: f64,
    /// In metres.
    pub width_m: f64,
    /// In metres.
    pub height_m: f64,
    /// The share of the energy that a wall swallows, from 0.01 to 1. A furnished living room has
    /// about 0.3, a tiled bathroom 0.1, a padded booth 0.8.
    pub absorption: f64,
}

type Point = [f64; 3];

impl Room {
    /// Why there can be no such room, if there cannot.
    pub(super) fn fault(&self) -> Option<String> {
        let Self {
            length_m,
            width_m,
            height_m,
            absorption,
        } = *self;
        let sizes = [length_m, width_m, height_m];
        if !sizes.iter().all(|size| (1.0..=50.0).contains(size)) {
            return Some(format!(
                "a room of {length_m} by {width_m} by {height_m} m; each has to be from 1 to 50 m"
            ));
        }
        if !(0.01..=1.0).contains(&absorption) {
            return Some(format!(
                "an absorption of {absorption}; it goes from 0.01 to 1"
            ));
        }
        let reach = SOUND_SPEED * self.eyring_s() * LENGTH;
        if 4.0 / 3.0 * PI * reach.powi(3) / self.volume_m3() > REFLECTIONS_MAX {
            return Some(format!(
                "a room that rings for {:.1} s; make it smaller or its walls more absorbing",
                self.eyring_s()
            ));
        }
        None
    }

    fn size(&self) -> Point {
        [self.length_m, self.width_m, self.height_m]
    }

    fn volume_m3(&self) -> f64 {
        self.size().iter().product()
    }

    fn surface_m2(&self) -> f64 {
        let [x, y, z] = self.size();
        2.0 * (x * y + y * z + z * x)
    }

    /// Seconds in which sound dies away by 60 dB, by Eyring's formula (1930).
    pub fn eyring_s(&self) -> f64 {
        let absorbed = -(1.0 - self.absorption).max(1e-9).ln();
        24.0 * 10_f64.ln() * self.volume_m3() / (SOUND_SPEED * self.surface_m2() * absorbed)
    }

    /// Where the microphone stands: beside the middle, as a table might, so that no two walls are
    /// equally far.
    fn microphone(&self) -> Point {
        let [x, y, z] = self.size();
        [0.46 * x, 0.41 * y, (0.37 * z).min(1.0)]
    }

    /// Where the person with this number is who stands so far from the microphone; nothing when no
    /// direction has so much room.
    pub(super) fn place(&self, distance_m: f64, number: usize) -> Option<Point> {
        let [x, y, z] = self.microphone();
        // Mouths are higher than tables, as far as the distance allows.
        let up = (0.3 * distance_m)
            .min(0.5)
            .min(self.height_m - CLEAR_OF_WALLS_M - z);
        let across = (distance_m * distance_m - up * up).sqrt();
        // All have the same directions to choose from, so a distance is too far for all or for nobody.
        let first = number * NEXT_PERSON;
        let directions = (0..DIRECTIONS).map(|step| {
            let direction = (first + step) % DIRECTIONS;
            let angle = 2.0 * PI * real(direction as u64) / real(DIRECTIONS as u64);
            [x + across * angle.cos(), y + across * angle.sin(), z + up]
        });
        let inside = |place: &Point| {
            let mut walls = place.iter().zip(self.size());
            walls.all(|(at, size)| (CLEAR_OF_WALLS_M..=size - CLEAR_OF_WALLS_M).contains(at))
        };
        directions.into_iter().find(inside)
    }

    /// What the microphone gets of an impulse made so far away, by the person with this number.
    ///
    /// It begins with the direct sound, whose amplitude is 1 / metres; the way there is left out.
    /// Nothing when that is farther than the room allows.
    pub(super) fn response(&self, distance_m: f64, number: usize) -> Option<Vec<f64>> {
        let source = self.place(distance_m, number)?;
        let microphone = self.microphone();
        let length = (self.eyring_s() * LENGTH * RATE_HZ).ceil();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rooms are small enough, and times are not negative"
        )]
        let length = length as usize + 1;
        let reach = distance_m + real(length as u64) / RATE_HZ * SOUND_SPEED;
        let reflected = (1.0 - self.absorption).sqrt();
        let axis = |n: usize| images(self.size()[n], source[n], microphone[n], reach);
        let (xs, ys, zs) = (axis(0), axis(1), axis(2));
        let sinc = Sinc::new();
        let mut taps = vec![0.0; length];
        for x in &xs {
            for y in &ys {
                let flat = x.squared + y.squared;
                if flat > reach * reach {
                    break;
                }
                for z in &zs {
                    let squared = flat + z.squared;
                    if squared > reach * reach {
                        break;
                    }
                    let distance = squared.sqrt();
                    let amplitude = reflected.powi(x.walls + y.walls + z.walls) / distance;
                    let later = (distance - distance_m) / SOUND_SPEED * RATE_HZ;
                    sinc.add(&mut taps, later, amplitude);
                }
            }
        }
        high_pass(&mut taps);
        Some(taps)
    }
}

/// A mirrored source along one axis.
#[derive(Clone, Copy, Debug)]
struct Image {
    /// The square of its distance from the microphone along this axis.
    squared: f64,
    /// How many walls mirrored it.
    walls: i32,
}

/// The images between two walls that lie within reach, the nearest first.
fn images(size: f64, source: f64, microphone: f64, reach: f64) -> Vec<Image> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "reach is less than a few kilometres"
    )]
    let most = (reach / (2.0 * size)).ceil() as i32 + 1;
    let both = (-most..=most).flat_map(|room| {
        let shift = 2.0 * f64::from(room) * size;
        let straight = (source + shift - microphone, 2 * room.abs());
        let mirrored = (shift - source - microphone, (2 * room - 1).abs());
        [straight, mirrored]
    });
    let images = both.map(|(distance, walls)| Image {
        squared: distance * distance,
        walls,
    });
    let mut images: Vec<Image> = images
        .filter(|image| image.squared <= reach * reach)
        .collect();
    images.sort_by(|a, b| a.squared.total_cmp(&b.squared));
    images
}

/// Impulses between two samples: a row of taps for each of [`PHASES`] places.
struct Sinc(Vec<[f64; WIDTH]>);

impl Sinc {
    fn new() -> Self {
        let row = |phase: usize| {
            let mut row = [0.0; WIDTH];
            for (tap, value) in row.iter_mut().enumerate() {
                let ahead = real(phase as u64) / real(PHASES as u64);
                let at = real(tap as u64) - real(HALF_WIDTH as u64 - 1) - ahead;
                let window = 0.5 + 0.5 * (PI * at / real(HALF_WIDTH as u64)).cos();
                let sinc = if at.abs() < 1e-12 {
                    1.0
                } else {
                    (PI * at).sin() / (PI * at)
                };
                *value = window * sinc;
            }
            row
        };
        Self((0..PHASES).map(row).collect())
    }

    /// Adds an impulse at this time, in samples. What lies outside is left out.
    fn add(&self, taps: &mut [f64], time: f64, amplitude: f64) {
        let steps = (time * real(PHASES as u64)).round();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "times are not negative, and as short as a response"
        )]
        let steps = steps as usize;
        let (at, phase) = (steps / PHASES, steps % PHASES);
        let skipped = (HALF_WIDTH - 1).saturating_sub(at);
        let from = at.saturating_sub(HALF_WIDTH - 1).min(taps.len());
        for (tap, value) in taps[from..].iter_mut().zip(&self.0[phase][skipped..]) {
            *tap += amplitude * value;
        }
    }
}

/// The high-pass of Allen and Berkley, at 100 Hz: images all have one sign, and add up to a pressure
/// that stays, which no room has.
fn high_pass(taps: &mut [f64]) {
    let turn = 2.0 * PI * 100.0 / RATE_HZ;
    let keep = (-turn).exp();
    let (back, back2) = (2.0 * keep * turn.cos(), -keep * keep);
    let (ahead, ahead2) = (-(1.0 + keep), keep);
    let (mut last, mut last2) = (0.0, 0.0);
    for tap in taps {
        let now = *tap + back * last + back2 * last2;
        *tap = now + ahead * last + ahead2 * last2;
        (last, last2) = (now, last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIVING_ROOM: Room = Room {
        length_m: 5.0,
        width_m: 4.0,
        height_m: 2.6,
        absorption: 0.3,
    };

    /// Seconds to −60 dB by Schroeder's backward integral, from its fall from −5 to −25 dB.
    fn reverberation_s(taps: &[f64]) -> f64 {
        let mut left = 0.0;
        let mut decay: Vec<f64> = taps
            .iter()
            .rev()
            .map(|tap| {
                left += tap * tap;
                left
            })
            .collect();
        decay.reverse();
        let below = |db: f64| {
            let limit = decay[0] * 10_f64.powf(db / 10.0);
            decay
                .iter()
                .position(|left| *left < limit)
                .expect("it dies away")
        };
        3.0 * real((below(-25.0) - below(-5.0)) as u64) / RATE_HZ
    }

    /// Both formulas are for sound that comes from everywhere alike. Between the walls of a box it
    /// does not quite, and dies away later than Eyring says, by 7 to 31 percent in these rooms.
    #[test]
    fn rooms_ring_about_as_long_as_sabine_and_eyring_say() {
        for (absorption, size) in [
            (0.15, [5.0, 4.0, 2.6]),
            (0.3, [5.0, 4.0, 2.6]),
            (0.5, [5.0, 4.0, 2.6]),
            (0.3, [3.0, 3.0, 2.5]),
            (0.4, [9.0, 6.0, 3.0]),
        ] {
            let [length_m, width_m, height_m] = size;
            let room = Room {
                length_m,
                width_m,
                height_m,
                absorption,
            };
            let taps = room.response(1.0, 0).expect("there is room");
            let measured = reverberation_s(&taps);
            let eyring = room.eyring_s();
            let sabine = eyring * -(1.0 - absorption).ln() / absorption;
            println!(
                "{size:?} {absorption}: {measured:.3} s, {eyring:.3} s by Eyring, {sabine:.3} s by Sabine"
            );
            assert!((0.95..1.4).contains(&(measured / eyring)));
            assert!((0.8..1.2).contains(&(measured / sabine)));
        }
    }

    #[test]
    fn the_direct_sound_comes_first_and_falls_with_distance() {
        let dead = Room {
            absorption: 1.0,
            ..LIVING_ROOM
        };
        for (distance, number) in [(0.5, 0), (1.0, 3), (2.0, 7)] {
            let taps = dead.response(distance, number).expect("there is room");
            assert!((taps[0] * distance - 1.0).abs() < 1e-9, "{}", taps[0]);
            let taps = LIVING_ROOM
                .response(distance, number)
                .expect("there is room");
            assert!((taps[0] * distance - 1.0).abs() < 0.02, "{}", taps[0]);
        }
    }

    /// The floor is the nearest wall: its image is a single impulse whose time is known.
    #[test]
    fn the_first_reflection_comes_when_it_should() {
        let room = Room {
            length_m: 20.0,
            width_m: 20.0,
            height_m: 10.0,
            absorption: 0.5,
        };
        let source = room.place(2.0, 0).expect("there is room");
        let microphone = room.microphone();
        let across = (0..2)
            .map(|n| (source[n] - microphone[n]).powi(2))
            .sum::<f64>();
        let way = (across + (source[2] + microphone[2]).powi(2)).sqrt();
        let later = (way - 2.0) / SOUND_SPEED * RATE_HZ;
        let taps = room.response(2.0, 0).expect("there is room");
        let loudest = (4..60).max_by(|a, b| taps[*a].abs().total_cmp(&taps[*b].abs()));
        let loudest = real(loudest.expect("some") as u64);
        assert!((loudest - later).abs() <= 1.0, "{loudest} is not {later}");
    }

    #[test]
    fn images_lie_where_mirrors_put_them() {
        // Walls at 0 and 10, source at 2, microphone at 3: images at −2, 2, 18, 22, −18.
        let images = images(10.0, 2.0, 3.0, 21.5);
        let found: Vec<(f64, i32)> = images.iter().map(|i| (i.squared.sqrt(), i.walls)).collect();
        assert_eq!(found, [(1.0, 0), (5.0, 1), (15.0, 1), (19.0, 2), (21.0, 2)]);
    }

    #[test]
    fn people_have_places_of_their_own_inside() {
        let places: Vec<Point> = (0..16)
            .map(|number| LIVING_ROOM.place(1.5, number).expect("there is room"))
            .collect();
        for (number, place) in places.iter().enumerate() {
            assert!(!places[..number].contains(place), "{number}");
            let squares = place
                .iter()
                .zip(LIVING_ROOM.microphone())
                .map(|(a, b)| (a - b).powi(2));
            assert!((squares.sum::<f64>().sqrt() - 1.5).abs() < 1e-9);
        }
        assert_eq!(LIVING_ROOM.place(4.5, 0), None, "the walls are nearer");
    }

    #[test]
    fn rooms_that_cannot_be_are_refused() {
        assert_eq!(LIVING_ROOM.fault(), None);
        for (room, why) in [
            (
                Room {
                    absorption: 0.0,
                    ..LIVING_ROOM
                },
                "an absorption of 0",
            ),
            (
                Room {
                    absorption: f64::NAN,
                    ..LIVING_ROOM
                },
                "an absorption of NaN",
            ),
            (
                Room {
                    height_m: f64::INFINITY,
                    ..LIVING_ROOM
                },
                "a room of 5 by 4 by inf m",
            ),
            (
                Room {
                    width_m: 0.5,
                    ..LIVING_ROOM
                },
                "a room of 5 by 0.5",
            ),
            (
                Room {
                    length_m: 50.0,
                    absorption: 0.01,
                    ..LIVING_ROOM
                },
                "a room that rings for",
            ),
        ] {
            let fault = room.fault().expect("refused");
            assert!(fault.starts_with(why), "{fault}");
        }
    }
}
