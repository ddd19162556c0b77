//! Breadth-first search with `stateright`, as someone would write the model who has the events.
//!
//! A state is what the dialog knows and how near the oracle says that a send is; ways to the same
//! state are merged. An action is an event with at most one thing out of the ordinary, at any
//! device; with any two, a state would have some ten thousand actions instead of a hundred. States
//! go from thread to thread, which an assistant that shares its dictionary cannot: so a state holds
//! the way to it, which is played again before it is gone on from, and not counted again.

use super::referee::{Referee, Resting};
use super::subject::Subject;
use crate::assistant::Broken;
use crate::case::{Case, EVENTS_MAX, Event, HOWS, NAMES_COUNT, WHATS, WHENS, What};
use crate::reference::Reference;
use mondegreen_dialog::Dialog;
use stateright::{Checker, Model, Property};
use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

thread_local! {
    /// Plays for the one thread of a checker.
    static WALKER: RefCell<Option<Walker>> = const { RefCell::new(None) };
}

struct Rooms {
    subject: Subject,
    actions: Vec<Event>,
    tally: Arc<Tally>,
}

/// What a check has come to, for the one who waits for it.
struct Tally {
    cap: u64,
    steps: AtomicU64,
    ended: Mutex<Option<Result<Case, Broken>>>,
}

/// A state, by the first way that led to it.
#[derive(Clone, Debug)]
struct Place {
    way: Case,
    mark: u64,
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.mark == other.mark
    }
}

impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.mark.hash(state);
    }
}

/// Searches until a rule is broken or the cap is reached; says how many inputs that took.
pub(super) fn run(subject: Subject, cap: u64) -> Result<(u64, Option<Case>), Broken> {
    let tally = Arc::new(Tally {
        cap,
        steps: AtomicU64::new(0),
        ended: Mutex::new(None),
    });
    let rooms = Rooms {
        subject,
        actions: actions(),
        tally: Arc::clone(&tally),
    };
    let _checker = rooms.checker().threads(1).spawn_bfs().join();
    let mut ended = tally.ended.lock().unwrap_or_else(PoisonError::into_inner);
    let found = ended.take().transpose()?;
    Ok((tally.steps.load(Ordering::Relaxed), found))
}

/// What leads on, and everything with one thing out of the ordinary, at the first device.
fn actions() -> Vec<Event> {
    let plain = Event::plain(What::Onward);
    let whats = WHATS.iter().map(|(what, _)| Event::plain(*what));
    let whens = WHENS.iter().map(|(when, _)| Event {
        when: *when,
        ..plain
    });
    let hows = HOWS.iter().map(|(how, _)| Event { how: *how, ..plain });
    let mut all: Vec<Event> = whats.collect();
    all.extend(whens.chain(hows).filter(|event| *event != plain));
    all
}

/// The plain home, and homes with one thing out of the ordinary.
fn homes() -> Vec<Case> {
    let plain = Case::plain(Vec::new());
    let [first, usual] = plain.names;
    let mut homes = vec![plain.clone()];
    let others = (0..NAMES_COUNT).filter(|second| *second != usual);
    homes.extend(others.map(|second| Case {
        names: [first, second],
        ..plain.clone()
    }));
    homes.extend([1, 3].map(|devices| Case {
        devices,
        ..plain.clone()
    }));
    homes.push(Case {
        messaging: false,
        ..plain
    });
    homes
}

impl Model for Rooms {
    type State = Place;
    type Action = Event;

    fn init_states(&self) -> Vec<Place> {
        let places = (0..).zip(homes());
        places.map(|(mark, way)| Place { way, mark }).collect()
    }

    fn actions(&self, place: &Place, actions: &mut Vec<Event>) {
        if place.way.events.len() < EVENTS_MAX {
            for device in 0..place.way.devices {
                let here = self.actions.iter().map(|event| Event { device, ..*event });
                actions.extend(here);
            }
        }
    }

    fn next_state(&self, place: &Place, event: Event) -> Option<Place> {
        if self.tally.is_over() {
            return None;
        }
        let gone = WALKER.with_borrow_mut(|walker| {
            let walker = walker.get_or_insert_with(|| Walker::new(self.subject.assistant()));
            walker.go(place, event, &self.tally)
        });
        match gone {
            Ok(next) => Some(next),
            Err(end) => {
                self.tally.end(end);
                None
            }
        }
    }

    /// That no rule is broken; it fails at once when the check is to end.
    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("no breach", |rooms: &Self, _| {
            !rooms.tally.is_over()
        })]
    }
}

impl Tally {
    fn is_over(&self) -> bool {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.is_some() || self.steps.load(Ordering::Relaxed) >= self.cap
    }

    fn end(&self, end: Result<Case, Broken>) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.get_or_insert(end);
    }
}

/// Goes from state to state.
struct Walker {
    referee: Referee<Reference>,
    /// The state that is gone on from, and the moment when it was reached.
    here: Option<(Case, Resting<Reference>)>,
}

impl Walker {
    fn new(assistant: Reference) -> Self {
        Self {
            referee: Referee::new(assistant),
            here: None,
        }
    }

    /// Goes on from a state.
    ///
    /// # Errors
    /// The case that breaks a rule, or that the assistant is broken.
    fn go(
        &mut self,
        place: &Place,
        event: Event,
        tally: &Tally,
    ) -> Result<Place, Result<Case, Broken>> {
        self.return_to(place).map_err(Err)?;
        if !place.way.events.is_empty() && self.mark() != place.mark {
            return Err(Ok(place.way.clone())); // G15: this way led elsewhere before.
        }
        let before = self.referee.steps();
        let is_broken = self.referee.happen(event).map_err(Err)?;
        let steps = self.referee.steps() - before;
        tally.steps.fetch_add(steps, Ordering::Relaxed);
        let mut way = place.way.clone();
        way.events.push(event);
        if is_broken {
            return Err(Ok(way));
        }
        let mark = self.mark();
        Ok(Place { way, mark })
    }

    fn return_to(&mut self, place: &Place) -> Result<(), Broken> {
        if let Some((way, resting)) = &self.here
            && *way == place.way
            && self.referee.go_back(resting)
        {
            return Ok(());
        }
        self.referee.begin(&place.way)?;
        for event in &place.way.events {
            self.referee.happen(*event)?;
        }
        let resting = self.referee.rest();
        self.here = resting.map(|resting| (place.way.clone(), resting));
        Ok(())
    }

    fn mark(&self) -> u64 {
        let mut mark = DefaultHasher::new();
        let dialog = self.referee.player().target().dialog();
        dialog.map(Dialog::snapshot).hash(&mut mark);
        self.referee.judge().nearness().hash(&mut mark);
        mark.finish()
    }
}
