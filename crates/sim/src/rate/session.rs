//! What happens once a device heard its name, as a process that may end in an unintended send.

use super::law::ChannelLaw;
use super::luck::{Dice, Luck};
use super::replayed::Fork;
use super::tape::{HOUR_MS, Place, Tape};
use crate::assistant::Broken;
use crate::channel::Channel;
use crate::estimate::{Model, Step};
use crate::room::{Around, Ears, Room, Speech};
use crate::seed::{Purpose, random};
use mondegreen_generator::{Talker, Traffic};
use mondegreen_oracle::{Judge, Reader};
use mondegreen_trace::fact::Dictionary;
use mondegreen_trace::{Asks, Effect, Hears, Line};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// No session is followed for longer: an assistant that never sleeps again has become another.
const SESSION_MS: u64 = 600_000;

/// Talk, and how it is heard.
#[derive(Clone, Debug)]
pub struct World {
    /// How much is said, and how often what.
    pub traffic: Traffic,
    /// How it is heard.
    pub law: ChannelLaw,
    /// The name that the assistant answers to.
    pub wake: String,
    /// Hours of talk that are drawn at a time, in one home.
    pub hours: u32,
}

/// Which sessions are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looking {
    /// Those in which a message leaves that nobody asked for (rule I1).
    Sends,
    /// Those in which a device listens for more than its name.
    Wakes,
}

/// The model of a session. Its trajectories begin where a device hears its name, surely or not, and
/// end in what is looked for, or when all devices sleep and nothing is under way.
///
/// Each replication has a home and talk of its own, and a hit is worth the number of sessions in an
/// hour of talk; so what is estimated is how often it happens in an hour of talk.
#[derive(Debug)]
pub struct Session<A> {
    world: World,
    looking: Looking,
    assistant: A,
    here: Option<Here>,
    /// The home is to stay as it is.
    is_fixed: bool,
}

/// The home of a replication, and what is known of its sounds and words.
#[derive(Debug)]
struct Here {
    tape: Tape,
    channel: Channel,
    reader: Reader,
    dictionary: Dictionary,
}

/// A household in which a device heard its name, at some moment.
#[derive(Clone, Debug)]
pub struct Awake<A> {
    room: Room,
    assistant: A,
    judge: Judge,
    place: Place,
    /// How many utterances were said.
    said: usize,
    luck: Luck,
    ends_ms: u64,
    seen: Seen,
}

/// What a session came to so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Inputs that the assistant took.
    pub inputs: usize,
    /// Questions and other prompts that were said.
    pub prompts: usize,
    /// Whether a device listened for more than its name.
    pub woke: bool,
    /// Messages that left. Nobody asked for them: all this talk is meant for nobody, so each breaks I1.
    pub sends: usize,
}

impl<A: Fork> Session<A> {
    /// Sessions of this assistant in this world; a replication draws the home.
    pub const fn new(world: World, looking: Looking, assistant: A) -> Self {
        Self {
            world,
            looking,
            assistant,
            here: None,
            is_fixed: false,
        }
    }

    /// The same sessions, all in the home that this seed gives.
    #[must_use]
    pub fn in_one_home(mut self, seed: u64) -> Self {
        self.here = Some(Here::new(&self.world, seed));
        self.is_fixed = true;
        self
    }

    /// The talk of the home at hand, if one was drawn.
    pub fn tape(&self) -> Option<&Tape> {
        self.here.as_ref().map(|here| &here.tape)
    }

    /// The household at a place of its talk.
    fn at(&mut self, place: Place, luck: Luck, rng: &mut ChaCha8Rng) -> Result<Awake<A>, Broken> {
        let here = here(&mut self.here)?;
        let household = here.tape.household();
        let at_ms = place.from_ms;
        let mut awake = Awake {
            room: Room::new(household, Hears::NearMisses).untold(),
            assistant: self.assistant.clone(),
            judge: Judge::new(),
            place,
            said: 0,
            luck,
            ends_ms: u64::MAX,
            seen: Seen::default(),
        };
        let seed = rng.random();
        let mut dice = Dice {
            law: &self.world.law,
            luck: &mut awake.luck,
            rng,
        };
        let mut around = Around {
            channel: &mut here.channel,
            assistant: &mut awake.assistant,
            ears: Ears::Phones(&mut dice),
        };
        awake.room.start(seed, household, at_ms, &mut around)?;
        if awake.room.listening().values().all(Option::is_none) {
            return Err(Broken::new(
                "it does not say what it listens for, so nobody can tell when it sleeps; how often something happens can be \
                 said of assistants that do (`listen` in docs/protocol.md)",
            ));
        }
        awake.look(&mut here.reader, &mut here.dictionary);
        Ok(awake)
    }

    /// Lets the next thing happen, or more of the luck show that it takes.
    fn go_on(&mut self, awake: &mut Awake<A>, rng: &mut ChaCha8Rng) -> Result<Went, Broken> {
        let here = here(&mut self.here)?;
        awake.say_what_is_due(here, rng);
        if awake.room.next_ms().is_none() {
            return Ok(Went::Over);
        }
        if let Some(stake) = awake.room.at_stake(&mut here.channel)
            && awake.luck.shows(&stake, &self.world.law, rng)
        {
            return Ok(Went::On);
        }
        // What is gone on from in several ways is to meet different questions.
        awake.assistant.draw_anew(rng.random());
        let mut dice = Dice {
            law: &self.world.law,
            luck: &mut awake.luck,
            rng,
        };
        let mut around = Around {
            channel: &mut here.channel,
            assistant: &mut awake.assistant,
            ears: Ears::Phones(&mut dice),
        };
        awake.room.go_on(&mut around)?;
        awake.look(&mut here.reader, &mut here.dictionary);
        Ok(Went::On)
    }

    /// Follows a session to its end, whatever is looked for.
    ///
    /// # Errors
    /// When the assistant breaks.
    pub fn follow(&mut self, mut awake: Awake<A>, rng: &mut ChaCha8Rng) -> Result<Seen, Broken> {
        while self.go_on(&mut awake, rng)? == Went::On && !awake.is_over() {}
        Ok(awake.seen)
    }

    /// Plays the whole tape once, skipping nothing, and counts.
    ///
    /// # Errors
    /// When the assistant breaks.
    pub fn plain(&mut self, rng: &mut ChaCha8Rng) -> Result<Seen, Broken> {
        let tape = &here(&mut self.here)?.tape;
        let ends_ms = u64::from(tape.hours()) * HOUR_MS;
        let beginning = tape.beginning();
        let mut awake = self.at(beginning, Luck::default(), rng)?;
        while self.go_on(&mut awake, rng)? == Went::On && awake.room.now_ms() < ends_ms {}
        Ok(awake.seen)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Went {
    On,
    Over,
}

fn here(here: &mut Option<Here>) -> Result<&mut Here, Broken> {
    let none = || Broken::new("a session has no home before a replication draws one");
    here.as_mut().ok_or_else(none)
}

impl Here {
    fn new(world: &World, seed: u64) -> Self {
        let home = world.traffic.home(&mut random(seed, Purpose::Household));
        let talker = Talker::new(&home, 0, random(seed, Purpose::Talk));
        let talker = talker.with_traffic(&world.traffic);
        let mut channel = Channel::new(&world.wake, &home.household);
        Self {
            tape: Tape::new(&home, talker, world.hours, &mut channel, &world.law),
            channel,
            reader: Reader::new(),
            dictionary: Dictionary::new(),
        }
    }
}

impl<A> Awake<A> {
    /// Puts the talk on the clock that begins before anything else is due.
    fn say_what_is_due(&mut self, here: &mut Here, rng: &mut ChaCha8Rng) {
        while let Some((said, spoken)) = here.tape.next(&mut self.place, self.room.next_ms(), rng) {
            self.room
                .expect_speech(self.said, said, spoken, &mut here.channel);
            self.said += 1;
        }
    }

    /// Takes in what is new, and keeps it no longer.
    fn look(&mut self, reader: &mut Reader, dictionary: &mut Dictionary) {
        self.room.spotted.clear();
        for line in self.room.trace.lines.drain(..) {
            let fact = dictionary.fact(&line);
            self.judge.see(&fact, reader, dictionary);
            self.seen.count(&line);
        }
    }

    fn is_over(&self) -> bool {
        self.luck.has_begun() && (self.room.is_asleep() || self.room.now_ms() >= self.ends_ms)
    }
}

impl Seen {
    fn count(&mut self, line: &Line) {
        match line {
            Line::In(_) => self.inputs += 1,
            Line::Out(Effect::Prompt { .. }) => self.prompts += 1,
            Line::Out(Effect::Send { .. }) => self.sends += 1,
            Line::Out(Effect::Listen { listens_for, .. }) => {
                self.woke |= *listens_for != Asks::Wake;
            }
            Line::Out(_) | Line::Said { .. } => {}
        }
    }
}

impl<A: Fork> Model for Session<A> {
    type State = Awake<A>;
    type Error = Broken;

    fn renew(&mut self, rng: &mut ChaCha8Rng) -> Result<f64, Broken> {
        let seed = rng.random();
        if !self.is_fixed {
            self.here = Some(Here::new(&self.world, seed));
        }
        Ok(here(&mut self.here)?.tape.reports_per_hour())
    }

    fn start(&mut self, rng: &mut ChaCha8Rng) -> Result<Awake<A>, Broken> {
        let tape = &here(&mut self.here)?.tape;
        let report = tape.report(rng);
        let report = report.ok_or_else(|| Broken::new("nothing said ever comes near its name"))?;
        let (event, device, luck) = report;
        let (place, event) = tape.before(event);
        let device = device.into();
        let first = Some((Speech { event, device }, luck));
        let ends_ms = place.from_ms + SESSION_MS;
        let mut awake = self.at(place, Luck::with_first(first), rng)?;
        awake.ends_ms = ends_ms;
        Ok(awake)
    }

    fn step(&mut self, awake: &mut Awake<A>, rng: &mut ChaCha8Rng) -> Result<Step, Broken> {
        let went = self.go_on(awake, rng)?;
        let hit = match self.looking {
            Looking::Sends => awake.seen.sends > 0,
            Looking::Wakes => awake.seen.woke,
        };
        Ok(if hit {
            Step::Hit
        } else if went == Went::Over || awake.is_over() {
            Step::Dead
        } else {
            Step::On
        })
    }

    /// How near the oracle sees the trace to a send, and how near what comes next is to being heard.
    ///
    /// Answers that do not permit are no nearer than none: there are many of them, and most are in
    /// the way of one that does.
    fn score(&self, awake: &Awake<A>) -> f64 {
        let met = match awake.judge.nearness().met {
            5 | 6 => 4,
            12 | 13 => 11,
            met => met,
        };
        f64::from(met) + awake.luck.progress()
    }

    fn extra_work(&mut self) -> u64 {
        self.assistant.extra_inputs()
    }
}
