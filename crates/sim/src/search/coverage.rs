//! What an assistant did, as numbers: two runs that did the same have the same.
//!
//! From outside: what each device listens for and for how much longer, whether it speaks, what
//! became of its recording, and the kinds of effects. Of the reference assistant also every
//! control field of its dialog. Times count by size alone: nothing left, a millisecond left, a
//! second, more.

use crate::play::Player;
use crate::target::Target;
use mondegreen_dialog::{Ask, Millis, SessionState};
use mondegreen_oracle::{Judge, Nearness};
use mondegreen_trace::fact::{Did, Fact, Given};
use std::hash::Hasher;

/// How many numbers there are; two features may share one.
pub(super) const FEATURES: usize = 1 << 20;

/// More messages than this count as so many.
const SENT_MAX: u8 = 3;

/// The features that were met so far.
#[derive(Clone, Debug)]
pub(super) struct Coverage {
    met: Vec<u64>,
    count: usize,
}

impl Coverage {
    pub(super) fn new() -> Self {
        Self {
            met: vec![0; FEATURES / 64],
            count: 0,
        }
    }

    /// How many were met.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// Takes note of a feature; says whether it is new.
    pub(super) fn meet(&mut self, feature: u32) -> bool {
        let (word, bit) = (feature as usize / 64, feature % 64);
        let Some(word) = self.met.get_mut(word) else {
            return false;
        };
        let is_new = *word >> bit & 1 == 0;
        *word |= 1 << bit;
        self.count += usize::from(is_new);
        is_new
    }
}

/// A number for where an assistant stands, and one for how it came there. `in_the_air` is 1 if a
/// device is saying the answer for which another waits.
pub(super) fn features<T: Target>(
    player: &Player<T>,
    facts: &[Fact],
    judge: &Judge,
    nearness: Nearness,
    in_the_air: u8,
) -> [u32; 2] {
    let mut state = Mix::new();
    state.add(u64::from(in_the_air));
    let room = player.room();
    state.add(u64::from(judge.stakes()));
    state.add(u64::from(nearness.met) | u64::from(nearness.sent.min(SENT_MAX)) << 8);
    for ear in &room.ears {
        let open_ms = ear
            .until_ms
            .map(|until_ms| until_ms.saturating_sub(room.now_ms));
        state.add(ear.wanted(room.now_ms).map_or(0, |asks| 1 + asks as u64));
        state.add(u64::from(ear.speaking) << 4 | ear.tape as u64);
        state.add(open_ms.map_or(9, size));
    }
    if let Some(dialog) = player.target().dialog() {
        let snapshot = dialog.snapshot();
        state.add(u64::from(snapshot.messaging));
        for session in snapshot.sessions.iter().flatten() {
            add_session(&mut state, session);
        }
    }
    let mut way = state;
    for fact in facts {
        match fact {
            Fact::Said(_) => {}
            Fact::Given(given) => way.add(input_kind(given)),
            Fact::Did(did) => way.add(effect_kind(did)),
        }
    }
    [state.feature(), way.feature()]
}

fn add_session(state: &mut Mix, session: &SessionState) {
    state.add(session.stage as u64 | u64::from(session.is_speaking) << 8);
    state.add(length(session.since) | session.left.map_or(9, length) << 8);
    if let Some(question) = session.question {
        let ask = question.ask.map_or(0, |ask| match ask {
            Ask::Yes => 1,
            Ask::Name => 2,
            Ask::SendIt => 3,
            Ask::Word(_) => 4,
            Ask::Button => 5,
        });
        state.add(u64::from(question.repeats_left) | ask << 8);
    }
    if let Some(draft) = session.draft {
        let audio = draft.audio.map_or(9, |audio| length(audio.length));
        state.add(u64::from(draft.recipient.0) | audio << 16);
    }
    if let Some(asked) = session.approved {
        state.add(length(asked) | 1 << 8);
    }
    if let Some(tape) = session.tape {
        state.add(u64::from(tape.spoken) | length(tape.pause) << 1);
    }
    state.add(length(session.quiet));
    if let Some(outgoing) = session.outgoing {
        let age = length(outgoing.age) | u64::from(outgoing.retries_left) << 8;
        state.add(age | u64::from(outgoing.draft.recipient.0) << 16 | 1 << 40);
    }
}

fn input_kind(given: &Given) -> u64 {
    match *given {
        Given::Start { .. } => 32,
        Given::Heard { is_final, .. } => 33 + u64::from(is_final),
        Given::Withdrawn { .. } => 35,
        Given::PromptEnded { .. } => 36,
        Given::Pressed { button, .. } => 37 + button as u64,
        Given::Time { .. } => 39,
        Given::Delivery { ok, .. } => 40 + u64::from(ok),
        Given::Setting { messaging, .. } => 42 + u64::from(messaging),
        Given::Restart { .. } => 44,
        Given::End => 45,
    }
}

fn effect_kind(did: &Did) -> u64 {
    match *did {
        Did::Hello { .. } => 1,
        Did::Prompt { asks, .. } => 2 + asks.map_or(5, |asks| asks as u64),
        Did::Listen { listens_for, .. } => 10 + listens_for as u64,
        Did::Record { .. } => 20,
        Did::RecordEnded { .. } => 21,
        Did::Send { .. } => 22,
        Did::Cancel { .. } => 23,
        Did::Notice { .. } => 24,
        Did::Act { .. } => 25,
        Did::Timer { .. } => 26,
        Did::Done => 27,
    }
}

fn length(length: Millis) -> u64 {
    size(u64::from(length.0))
}

const fn size(ms: u64) -> u64 {
    match ms {
        0 => 0,
        1 => 1,
        2..=1_000 => 2,
        1_001..=10_000 => 3,
        10_001.. => 4,
    }
}

/// A hash that is the same in every build (multiply and rotate, after FNV and Fx).
#[derive(Clone, Copy, Debug)]
pub(super) struct Mix(u64);

impl Mix {
    pub(super) const fn new() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }

    const fn add(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    pub(super) const fn value(self) -> u64 {
        self.0
    }

    fn feature(self) -> u32 {
        let folded = self.0 ^ self.0 >> 32;
        u32::try_from(folded % FEATURES as u64).unwrap_or(0)
    }
}

/// So that whatever can be hashed can be added.
impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            for (to, from) in word.iter_mut().zip(chunk) {
                *to = *from;
            }
            self.add(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.add(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.add(u64::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        self.add(value as u64);
    }

    fn write_u64(&mut self, value: u64) {
        self.add(value);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
