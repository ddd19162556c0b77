//! Endless talk among the people of a home.
//!
//! What is said comes from the grammar; how often which kind of thing is said comes from
//! [`crate::traffic`], so that the talk has the published figures of real talk
//! ([`crate::stats::measure`]). Talk goes from topic to topic. Within one, two to four people take turns:
//! somebody tells or asks something, somebody answers, listeners say *uh-huh*.

use crate::Home;
use crate::grammar::{Grammar, Kept, Pattern, Question, Topic};
use crate::line::Line;
use crate::timing::Clock;
use crate::traffic::{self, Traffic};
use mondegreen_trace::{Meant, Utterance};
use rand::seq::{IndexedRandom, IteratorRandom, SliceRandom, index};
use rand::{Rng, RngExt};
use std::collections::VecDeque;
use std::ops::RangeInclusive;

/// Number of things told or asked before the topic changes, if there is as much to say about it.
const MOVES: RangeInclusive<usize> = 6..=14;

/// A topic is opened by one of its first sentences, which name what it is about.
const OPENING: usize = 2;

/// Probability that the one who holds the floor goes on.
const GOES_ON: f64 = 0.35;

/// Probability that a second device hears a conversation too.
const HEARD_NEXT_DOOR: f64 = 0.3;

/// People who talk; an endless iterator over what they say, ordered by when it begins.
///
/// Every utterance is meant for nobody: this is what an assistant overhears. The same home, start
/// and state of the random generator give the same talk.
#[derive(Debug)]
pub struct Talker<R> {
    rng: R,
    people: Vec<String>,
    devices: Vec<String>,
    /// Given names of people who may be talked about.
    known: Vec<String>,
    grammar: &'static Grammar,
    traffic: Traffic,
    /// Probability that a question which allows it is answered by a bare yes.
    bare_yes: f64,
    clock: Clock,
    scene: Scene,
    due: VecDeque<Utterance>,
}

/// A stretch of talk on one topic, in one room.
#[derive(Debug)]
struct Scene {
    /// What has not been told and asked yet; the next is the last.
    tells: Vec<&'static Pattern>,
    asks: Vec<&'static Question>,
    kept: Kept,
    /// The people who take part, by their numbers.
    present: Vec<usize>,
    /// Who spoke last, backchannels apart.
    floor: usize,
    /// The devices that hear it.
    devices: Vec<String>,
    moves_left: usize,
    /// Whether anything has been said yet, which an opening word could refer to.
    begun: bool,
}

impl Scene {
    fn open(
        grammar: &'static Grammar,
        people: usize,
        devices: &[String],
        rng: &mut impl Rng,
    ) -> Self {
        static SILENCE: Topic = Topic::EMPTY;
        let company = rng.random_range(2..=4).min(people);
        let present: Vec<usize> = index::sample(rng, people, company).into_vec();
        let near = devices.choose(rng).into_iter();
        let far = devices
            .choose(rng)
            .filter(|_| rng.random_bool(HEARD_NEXT_DOOR));
        let mut devices: Vec<String> = near.chain(far).cloned().collect();
        devices.dedup();
        let topic = grammar.topics.choose(rng).unwrap_or(&SILENCE);
        Self {
            tells: shuffled(&topic.tells, rng),
            asks: shuffled(&topic.asks, rng),
            kept: Kept::new(),
            floor: present.first().copied().unwrap_or_default(),
            present,
            devices,
            moves_left: rng.random_range(MOVES),
            begun: false,
        }
    }
}

/// Things in a random order, but one of the first of them at the end, from where they are taken.
fn shuffled<T>(things: &'static [T], rng: &mut impl Rng) -> Vec<&'static T> {
    let mut shuffled: Vec<&T> = things.iter().collect();
    if let Some(last) = shuffled.len().checked_sub(1) {
        let opening = rng.random_range(0..OPENING.min(shuffled.len()));
        shuffled.swap(opening, last);
        shuffled[..last].shuffle(rng);
    }
    shuffled
}

impl<R: Rng> Talker<R> {
    /// Talk in this home, from `from_ms` on.
    ///
    /// Where nobody lives, someone talks to themselves.
    pub fn new(home: &Home, from_ms: u64, mut rng: R) -> Self {
        let grammar = Grammar::embedded();
        let traffic = Traffic::shipped().clone();
        let given = |name: &str| {
            name.split_whitespace()
                .next()
                .unwrap_or("someone")
                .to_owned()
        };
        let contacts = home
            .household
            .contacts
            .iter()
            .map(|contact| given(&contact.name));
        let known = contacts.chain(home.people.iter().cloned()).collect();
        let mut people = home.people.clone();
        if people.is_empty() {
            people.push("Someone".to_owned());
        }
        let devices = home.household.devices.clone();
        let scene = Scene::open(grammar, people.len(), &devices, &mut rng);
        Self {
            rng,
            people,
            devices,
            known,
            grammar,
            bare_yes: traffic.bare_yes(grammar),
            traffic,
            clock: Clock::starting_at(from_ms),
            scene,
            due: VecDeque::new(),
        }
    }

    /// The same people, who say things as often as this says.
    #[must_use]
    pub fn with_traffic(mut self, traffic: &Traffic) -> Self {
        self.bare_yes = traffic.bare_yes(self.grammar);
        self.traffic = traffic.clone();
        self
    }

    /// Says one thing that takes the talk on, and what it draws from the others.
    fn go_on(&mut self) {
        let asks = self.traffic.asks(&mut self.rng);
        let spent = if asks {
            self.scene.asks.is_empty()
        } else {
            self.scene.tells.is_empty()
        };
        if spent || self.scene.moves_left == 0 {
            self.scene = Scene::open(
                self.grammar,
                self.people.len(),
                &self.devices,
                &mut self.rng,
            );
            self.clock.lull(&mut self.rng);
        }
        self.scene.moves_left = self.scene.moves_left.saturating_sub(1);
        match self.scene.asks.pop_if(|_| asks) {
            Some(question) => self.ask(question),
            None => self.tell(),
        }
        if let Some(pool) = self.traffic.listener(&mut self.rng) {
            let listener = self.someone_else();
            let text = self.pool_sentence(pool);
            let span = self.clock.chime_in(listener, &text, &mut self.rng);
            self.say(listener, span, text);
        }
    }

    fn ask(&mut self, question: &'static Question) {
        self.scene.floor = self.next_speaker();
        let text = self.sentence(Some(&question.pattern)).finish();
        self.say_in_turn(text);
        self.scene.floor = self.someone_else();
        let bare = question.polar && self.rng.random_bool(self.bare_yes);
        let text = if bare {
            self.pool_sentence("yes")
        } else {
            let answer = question.answers.choose(&mut self.rng);
            self.sentence(answer).finish()
        };
        self.say_in_turn(text);
    }

    fn tell(&mut self) {
        let before = self.scene.floor;
        let marked = self.traffic.marked(&mut self.rng);
        self.scene.floor = if marked == Some(traffic::ASSENT) {
            self.someone_else()
        } else {
            self.next_speaker()
        };
        let opens = self.scene.floor != before && traffic::opens(&mut self.rng);
        let text = match marked {
            Some(traffic::ASSENT) => self.told(Some("assent")),
            Some(pool) => self.pool_sentence(pool),
            None => self.told(opens.then_some("opener")),
        };
        self.say_in_turn(text);
    }

    /// One or more sentences of the topic, joined, after an opening word.
    fn told(&mut self, opener: Option<&str>) -> String {
        let mut line = Line::default();
        self.part(opener.filter(|_| self.scene.begun), &mut line);
        let first = self.scene.tells.pop();
        line.append(&self.sentence(first));
        while !self.scene.tells.is_empty() && traffic::joins(&mut self.rng) && line.reopen() {
            self.part(Some("joiner"), &mut line);
            let next = self.scene.tells.pop();
            line.append(&self.sentence(next));
        }
        if traffic::tags(&mut self.rng) && line.reopen() {
            self.part(Some("tag"), &mut line);
            line.stop('.');
        }
        line.finish()
    }

    fn sentence(&mut self, pattern: Option<&Pattern>) -> Line {
        let mut line = Line::default();
        let pattern = pattern.map_or(&[][..], Vec::as_slice);
        self.grammar
            .say(pattern, &mut self.scene.kept, &mut self.rng, &mut line);
        line
    }

    fn part(&mut self, set: Option<&str>, line: &mut Line) {
        if let Some(choice) = set.and_then(|set| self.grammar.set(set)) {
            self.grammar
                .say_choice(choice, &mut self.scene.kept, &mut self.rng, line);
        }
    }

    /// A sentence of a pool. The names in it are those of people whom the household knows.
    fn pool_sentence(&mut self, pool: &str) -> String {
        let pattern = self.grammar.pool(pool).choose(&mut self.rng);
        let mut settled = Kept::new();
        if let (Some(given), Some(name)) =
            (self.grammar.set("given"), self.known.choose(&mut self.rng))
        {
            settled.insert(given, name.clone());
        }
        let mut line = Line::default();
        self.grammar.say(
            pattern.map_or(&[], Vec::as_slice),
            &mut settled,
            &mut self.rng,
            &mut line,
        );
        line.finish()
    }

    fn next_speaker(&mut self) -> usize {
        if self.rng.random_bool(GOES_ON) {
            self.scene.floor
        } else {
            self.someone_else()
        }
    }

    /// Someone present who does not hold the floor, if there is anyone.
    fn someone_else(&mut self) -> usize {
        let floor = self.scene.floor;
        let others = self.scene.present.iter().filter(|person| **person != floor);
        others.choose(&mut self.rng).copied().unwrap_or(floor)
    }

    fn say_in_turn(&mut self, text: String) {
        self.scene.begun = true;
        let speaker = self.scene.floor;
        let span = self.clock.take_turn(speaker, &text, &mut self.rng);
        self.say(speaker, span, text);
    }

    fn say(&mut self, speaker: usize, (from_ms, to_ms): (u64, u64), text: String) {
        self.due.push_back(Utterance {
            from_ms,
            to_ms,
            devices: self.scene.devices.clone(),
            speaker: self.people.get(speaker).cloned().unwrap_or_default(),
            text,
            meant: Meant::Nobody,
        });
    }
}

impl<R: Rng> Iterator for Talker<R> {
    type Item = Utterance;

    /// Never `None`.
    fn next(&mut self) -> Option<Utterance> {
        if self.due.is_empty() {
            self.go_on();
        }
        self.due.pop_front()
    }
}
