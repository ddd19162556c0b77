//! Who stands where, and what of them reaches the microphone.

use super::convolve::Response;
use super::level::factor;
use super::mix::at_level;
use super::{RenderError, Scene};
use std::collections::BTreeMap;
use std::rc::Rc;

/// So many people have directions of their own; the next ones stand where others stand.
const DIRECTIONS: usize = 16;

/// The television stands in another direction, as far away as the room allows.
const TELEVISION: usize = DIRECTIONS;
const TELEVISION_M: [f64; 5] = [3.0, 2.0, 1.5, 1.0, 0.5];

/// The places of a scene, each worked out when somebody first speaks there.
pub(super) struct Stage<'a> {
    scene: &'a Scene,
    /// By the number of the direction, and that of the distance.
    places: BTreeMap<(usize, usize), Rc<Response>>,
}

impl<'a> Stage<'a> {
    pub(super) fn new(scene: &'a Scene) -> Self {
        Self {
            scene,
            places: BTreeMap::new(),
        }
    }

    /// What the microphone gets of a phrase, which it may ring longer than; nothing of a device
    /// whose voice does not leak.
    pub(super) fn heard(
        &mut self,
        person: Option<usize>,
        samples: &[i16],
    ) -> Result<Vec<f32>, RenderError> {
        let scene = self.scene;
        match (person, scene.leak_db) {
            (Some(person), _) => {
                let phrase = at_level(samples, scene.level_db);
                Ok(self.place_of(person)?.apply(&phrase))
            }
            (None, Some(leak_db)) => Ok(at_level(samples, scene.level_db + leak_db)),
            (None, None) => Ok(Vec::new()),
        }
    }

    fn place_of(&mut self, person: usize) -> Result<Rc<Response>, RenderError> {
        let direction = person % DIRECTIONS;
        let place = (direction, person % self.scene.distances_m.len().max(1));
        if let Some(response) = self.places.get(&place) {
            return Ok(Rc::clone(response));
        }
        let distance_m = self.scene.distance_m(person);
        let taps = match &self.scene.room {
            Some(room) => room.response(distance_m, direction).ok_or_else(|| {
                let why = format!("a person {distance_m} m away in this room; there is a wall");
                RenderError::Scene(why)
            })?,
            None => vec![factor(self.scene.direct_db(person) - self.scene.level_db)],
        };
        let response = Rc::new(Response::new(&taps));
        self.places.insert(place, Rc::clone(&response));
        Ok(response)
    }

    /// What the room does to the sound of a television; its level is for others to say.
    pub(super) fn television(&self) -> Response {
        let place = self.scene.room.and_then(|room| {
            let mut places = TELEVISION_M.into_iter();
            places.find_map(|distance_m| room.response(distance_m, TELEVISION))
        });
        Response::new(&place.unwrap_or_else(|| vec![1.0]))
    }
}
