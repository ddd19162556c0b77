//! What of a state can matter from here on.
//!
//! Two states with the same projection are taken for one. `docs/check.md` says why they may be.

use super::room::{Around, Room};
use super::seen::Key;
use super::world::{RETRY_MS, World};
use mondegreen_dialog::{Ask, Audio, ContactId, Draft, Millis, SessionState, Stage};
use std::cmp::Ordering;

impl World {
    /// The fingerprint of its projection: of the two that the names of the devices allow, the
    /// smaller, with the contacts numbered in the order in which they come up.
    pub(super) fn key(&self, room: &mut Room) -> Key {
        let Some(snapshot) = self.snapshot() else {
            return Key::of(&[]);
        };
        let [first, second, ..] = &snapshot.sessions;
        let sessions = || snapshot.sessions.iter().flatten();
        let quiet = sessions().map(|session| session.quiet).min();
        let quiet = quiet.unwrap_or(Millis::MAX);
        let left = |session: &Option<SessionState>| {
            let left = session.as_ref().and_then(|session| session.left);
            left.unwrap_or(Millis::MAX)
        };
        let next = u64::from(left(first).min(left(second)).0);
        let [here, there] = [first, second].map(|session| session.as_ref().and_then(word));
        let is_one_word = here.is_some() && here == there;
        let shared = [
            u8::from(snapshot.messaging),
            match self.wait_ms {
                0 => 0,
                waited if waited == next => 1,
                _ => 2,
            },
            u8::from(is_one_word),
            self.sends,
        ];
        let order = left(first).cmp(&left(second));
        let mut half = |device, session: &Option<SessionState>, order| {
            let session = session.as_ref();
            session.map_or(Half::NONE, |session| {
                self.half(device, session, (quiet, order), room)
            })
        };
        let here = half(0, first, order);
        let there = half(1, second, order.reverse());
        let one = joined(shared, &here, &there);
        Key::of(&one.min(joined(shared, &there, &here)))
    }

    /// What one device has to do with it.
    fn half(
        &self,
        device: usize,
        session: &SessionState,
        (quiet, order): (Millis, Ordering),
        room: &mut Room,
    ) -> Half {
        let around = &self.around[device];
        let speech = [0, 1].map(|device| (room.devices[device], self.around[device].answer_ms));
        let messages = [around.making, around.sent].map(|message| message.unwrap_or(room.nothing));
        let (name, dictionary) = (room.devices[device], room.dictionary.borrow());
        let read = (&mut room.reader, &*dictionary);
        let outlook = self.judge.outlook(name, messages, &speech, read);
        let outgoing = session.outgoing;
        Half {
            contacts: [session.draft, outgoing.map(|outgoing| outgoing.draft)]
                .map(|draft| draft.map(|draft| draft.recipient)),
            state: session_bytes(session, quiet, order),
            outlook: outlook.bits().to_le_bytes(),
            seen: u8::from(around.sent.is_some()) + 2 * u8::from(self.tells_true(session, around)),
        }
    }

    /// Whether the dialog listens as long as it has said, and the spans of sound that it reckons from
    /// now are those that were recorded and sent. While that is so, it is no matter how long ago any
    /// of it was.
    fn tells_true(&self, session: &SessionState, around: &Around) -> bool {
        let span = |audio: Audio| {
            let to_ms = self.now_ms.checked_sub(u64::from(audio.ended.0))?;
            Some([to_ms.checked_sub(u64::from(audio.length.0))?, to_ms])
        };
        let is = |draft: Draft, known: [Option<u64>; 2]| {
            let audio = draft.audio;
            audio.is_none_or(|audio| span(audio).map(|span| span.map(Some)) == Some(known))
        };
        let began = |length: Millis| self.now_ms.checked_sub(u64::from(length.0));
        let tape = session.tape.map(|tape| began(tape.length));
        let ends = |left: Millis| Some(self.now_ms + u64::from(left.0));
        let listens = session.question.is_some() && !session.is_speaking;
        let is_in_time = session
            .left
            .is_none_or(|left| ends(left) == around.until_ms);
        (!listens || is_in_time)
            && tape.is_none_or(|began| began == around.recorded_ms[0])
            && session
                .draft
                .is_none_or(|draft| is(draft, around.recorded_ms))
            && session
                .outgoing
                .is_none_or(|outgoing| is(outgoing.draft, around.sent_ms))
    }
}

/// What one device has to do with a state.
struct Half {
    contacts: [Option<ContactId>; 2],
    state: [u8; STATE_LEN],
    outlook: [u8; 8],
    /// What is known around it.
    seen: u8,
}

impl Half {
    /// Of a device that there is not.
    const NONE: Self = Self {
        contacts: [None; 2],
        state: [u8::MAX; STATE_LEN],
        outlook: [0; 8],
        seen: 0,
    };
}

const SHARED_LEN: usize = 4;
const STATE_LEN: usize = 13;
const HALF_LEN: usize = STATE_LEN + 8 + 1 + 2;

/// The whole from its parts. Contacts are numbered in the order in which they come up: they sound
/// alike, and are told apart alike.
fn joined(
    shared: [u8; SHARED_LEN],
    first: &Half,
    second: &Half,
) -> [u8; SHARED_LEN + 2 * HALF_LEN] {
    let mut whole = [0; SHARED_LEN + 2 * HALF_LEN];
    let all = [first, second].map(|half| half.contacts);
    let known = all.iter().flatten().flatten().next();
    let number = |contact: &Option<ContactId>| match contact {
        None => 0,
        same if same.as_ref() == known => 1,
        Some(_) => 2,
    };
    let halves = [first, second].into_iter().flat_map(|half| {
        let fixed = half.state.iter().chain(&half.outlook).copied();
        fixed
            .chain([half.seen])
            .chain(half.contacts.iter().map(number))
    });
    let bytes = shared.into_iter().chain(halves);
    for (place, byte) in whole.iter_mut().zip(bytes) {
        *place = byte;
    }
    whole
}

fn session_bytes(session: &SessionState, quiet: Millis, order: Ordering) -> [u8; STATE_LEN] {
    let is_open = match session.stage {
        Stage::AskingRecipient | Stage::ConfirmingRecipient | Stage::ConfirmingSend => {
            !session.is_speaking
        }
        Stage::Idle | Stage::Awake | Stage::Recording | Stage::Holding => false,
    };
    let draft = |draft: Option<Draft>| {
        draft.map_or(0, |draft| {
            1 + u8::from(draft.is_alike()) + 2 * u8::from(draft.audio.is_some())
        })
    };
    let outgoing = session.outgoing;
    [
        session.stage as u8,
        u8::from(session.is_speaking),
        match session.left {
            None => 0,
            Some(Millis(0)) => 1,
            Some(Millis(1)) => 2,
            Some(_) => 3,
        },
        match order {
            Ordering::Less => 0,
            Ordering::Equal => 1,
            Ordering::Greater => 2,
        },
        u8::from(is_open && quiet < session.since),
        session
            .question
            .map_or(0, |question| 1 + question.repeats_left),
        match session.question.and_then(|question| question.ask) {
            None => 0,
            Some(Ask::Yes) => 1,
            Some(Ask::Name) => 2,
            Some(Ask::SendIt) => 3,
            Some(Ask::Word(_)) => 4,
            Some(Ask::Button) => 5,
        },
        u8::from(session.approved.is_some()),
        session.tape.map_or(0, |tape| 1 + u8::from(tape.spoken)),
        draft(session.draft),
        draft(outgoing.map(|outgoing| outgoing.draft)),
        outgoing.map_or(0, |outgoing| 1 + outgoing.retries_left),
        outgoing.map_or(0, |outgoing| u8::from(outgoing.age > Millis(RETRY_MS))),
    ]
}

fn word(session: &SessionState) -> Option<u8> {
    match session.question?.ask? {
        Ask::Word(word) => Some(word.0),
        Ask::Yes | Ask::Name | Ask::SendIt | Ask::Button => None,
    }
}
