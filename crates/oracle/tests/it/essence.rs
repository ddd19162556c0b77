//! Judges of the same essence judge alike from there on.

use crate::HOME;
use crate::notation::trace;
use mondegreen_oracle::{Ahead, Essence, Judge, Reader, Rule};
use mondegreen_trace::fact::{Dictionary, Did, Fact, Given, Heard, Home, Term};
use mondegreen_trace::{Asks, Button, Hypothesis, PROTOCOL, Voice};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

const SPEECH_MAX_MS: u64 = 3_000;

/// The numbers of the few texts that a run is made of.
struct Words {
    dictionary: Dictionary,
    devices: [Term; 2],
    messages: [Term; 2],
    contacts: [Term; 2],
    prompts: [Term; 2],
    heard: Vec<Heard>,
    home: Home,
}

impl Words {
    fn new() -> Self {
        let mut dictionary = Dictionary::new();
        let start = dictionary.fact(&trace(HOME).lines[0]);
        let Fact::Given(Given::Start {
            household: home, ..
        }) = start
        else {
            panic!("a home begins with its start");
        };
        let lists = [
            ("yes", 0.9),
            ("no", 0.9),
            ("well", 0.9),
            ("yes", 0.3),
            ("Ana", 0.9),
        ];
        let heard = lists.map(|(text, confidence)| {
            let text = text.to_owned();
            dictionary.heard(&[Hypothesis { text, confidence }])
        });
        Self {
            devices: ["kitchen", "bedroom"].map(|name| dictionary.term(name)),
            messages: ["m1", "m2"].map(|id| dictionary.term(id)),
            contacts: ["c1", "c2"].map(|id| dictionary.term(id)),
            prompts: ["Ana Ruiz, right?", "What's the message?"].map(|text| dictionary.term(text)),
            heard: heard.to_vec(),
            home,
            dictionary,
        }
    }
}

/// What most of the rules are about: permission for the first message is asked for, and it is sent.
const ASKS: Step = Step::Asks {
    at: 0,
    text: 0,
    asks: Asks::Confirmation,
    about: Some(0),
};
const SENDS: Step = Step::Sends {
    at: 0,
    message: 0,
    to: 0,
    span_ms: None,
};

/// A run as far as it has come, and what of its past may come up again.
#[derive(Clone)]
struct Run {
    judge: Judge,
    now_ms: u64,
    next_prompt: u32,
    prompts: Vec<u32>,
    speech: Vec<(Term, u64)>,
}

/// What happens next, said in terms of what came before.
#[derive(Clone, Copy, Debug)]
enum Step {
    Waits(u64),
    Hears {
        at: usize,
        list: usize,
        before_ms: u64,
        is_final: bool,
        voice: Voice,
    },
    Withdraws(usize),
    Ends(usize),
    Presses(usize, Button),
    Delivers(usize, bool),
    Switches(bool),
    Restarts,
    Asks {
        at: usize,
        text: usize,
        asks: Asks,
        about: Option<usize>,
    },
    Listens {
        at: usize,
        what: Asks,
        for_ms: Option<u64>,
    },
    Records(usize, usize),
    Stops(usize, usize),
    Sends {
        at: usize,
        message: usize,
        to: usize,
        span_ms: Option<u64>,
    },
    Cancels(usize, Option<usize>),
    Notices(usize),
}

impl Step {
    fn any(rng: &mut ChaCha8Rng) -> Self {
        let at = usize::from(rng.random_range(0..4) == 0);
        let message = usize::from(rng.random_range(0..4) == 0);
        let button = [Button::Confirm, Button::Cancel];
        match rng.random_range(0..30) {
            0..=2 => Self::Waits([1_000, 1_000, 8_000, 20_000][rng.random_range(0..4)]),
            3..=8 => Self::Hears {
                at,
                list: [0, 0, 0, 1, 2, 3, 4][rng.random_range(0..7)],
                before_ms: [0, 500, 1_000, SPEECH_MAX_MS][rng.random_range(0..4)],
                is_final: rng.random_range(0..5) > 0,
                voice: [Voice::Person, Voice::Person, Voice::Device][rng.random_range(0..3)],
            },
            9 => Self::Withdraws(rng.random_range(0..2)),
            10 | 11 => Self::Ends(rng.random_range(0..2)),
            12 => Self::Presses(at, button[rng.random_range(0..2)]),
            13 => Self::Delivers(message, rng.random()),
            14 => Self::Switches(rng.random_range(0..3) > 0),
            15 => Self::Restarts,
            16..=19 => Self::Asks {
                at,
                text: rng.random_range(0..2),
                asks: [
                    Asks::Confirmation,
                    Asks::Confirmation,
                    Asks::Message,
                    Asks::Recipient,
                ][rng.random_range(0..4)],
                about: rng.random_range(0..4_usize).checked_sub(2),
            },
            20 | 21 => Self::Listens {
                at,
                what: [Asks::Confirmation, Asks::Wake][rng.random_range(0..2)],
                for_ms: [None, Some(2_000), Some(8_000)][rng.random_range(0..3)],
            },
            22 => Self::Records(at, message),
            23 => Self::Stops(at, message),
            24..=26 => Self::Sends {
                at,
                message,
                to: usize::from(rng.random_range(0..5) == 0),
                span_ms: [None, Some(1_000)][rng.random_range(0..2)],
            },
            27 => Self::Cancels(at, [None, Some(message)][rng.random_range(0..2)]),
            _ => Self::Notices(at),
        }
    }
}

impl Run {
    /// At home, at this time.
    fn begin(words: &Words, reader: &mut Reader, now_ms: u64) -> Self {
        let mut run = Self {
            judge: Judge::new(),
            now_ms,
            next_prompt: u32::try_from(now_ms / 1_000).expect("a small number"),
            prompts: Vec::new(),
            speech: Vec::new(),
        };
        let start = Given::Start {
            protocol: PROTOCOL,
            seed: 0,
            at_ms: now_ms,
            household: words.home,
        };
        run.see(start, words, reader);
        run
    }

    fn see(&mut self, given: Given, words: &Words, reader: &mut Reader) {
        for fact in [Fact::Given(given), Fact::Did(Did::Done)] {
            self.judge.see(&fact, reader, &words.dictionary);
        }
    }

    fn essence(&self, words: &Words) -> Essence {
        self.judge.essence(Ahead {
            messages: &words.messages,
            prompts: &self.prompts,
            speech: &self.speech,
            speech_max_ms: SPEECH_MAX_MS,
        })
    }

    fn take(&mut self, step: Step, words: &Words, reader: &mut Reader) {
        let now_ms = self.now_ms;
        if let Step::Waits(wait_ms) = step {
            self.now_ms += wait_ms;
        }
        let at_ms = self.now_ms;
        if let Some(given) = self.given(step, words, at_ms) {
            return self.see(given, words, reader);
        }
        self.judge.see(
            &Fact::Given(Given::Time { at_ms }),
            reader,
            &words.dictionary,
        );
        if let Some(did) = self.did(step, words, now_ms) {
            self.judge.see(&Fact::Did(did), reader, &words.dictionary);
        }
        self.judge
            .see(&Fact::Did(Did::Done), reader, &words.dictionary);
    }

    fn given(&mut self, step: Step, words: &Words, at_ms: u64) -> Option<Given> {
        Some(match step {
            Step::Waits(_) => Given::Time { at_ms },
            Step::Hears {
                at,
                list,
                before_ms,
                is_final,
                voice,
            } => {
                let (device, from_ms) = (words.devices[at], at_ms.saturating_sub(before_ms));
                self.speech.insert(0, (device, from_ms));
                self.speech.truncate(2);
                Given::Heard {
                    at_ms,
                    device,
                    from_ms,
                    is_final,
                    voice,
                    hypotheses: words.heard[list],
                }
            }
            Step::Withdraws(which) => {
                let (device, from_ms) = *self.speech.get(which)?;
                Given::Withdrawn {
                    at_ms,
                    device,
                    from_ms,
                }
            }
            Step::Ends(which) => {
                let prompt = *self.prompts.get(which)?;
                // Whichever device says so, it is about its own prompt of that number.
                let device = words.devices[which % 2];
                Given::PromptEnded {
                    at_ms,
                    device,
                    prompt,
                }
            }
            Step::Presses(at, button) => Given::Pressed {
                at_ms,
                device: words.devices[at],
                button,
            },
            Step::Delivers(message, ok) => Given::Delivery {
                at_ms,
                message: words.messages[message],
                ok,
            },
            Step::Switches(messaging) => Given::Setting { at_ms, messaging },
            Step::Restarts => Given::Restart { at_ms },
            Step::Asks { .. }
            | Step::Listens { .. }
            | Step::Records(..)
            | Step::Stops(..)
            | Step::Sends { .. }
            | Step::Cancels(..)
            | Step::Notices(_) => return None,
        })
    }

    fn did(&mut self, step: Step, words: &Words, now_ms: u64) -> Option<Did> {
        Some(match step {
            Step::Asks {
                at,
                text,
                asks,
                about,
            } => {
                let prompt = self.next_prompt;
                self.next_prompt += 1;
                self.prompts.insert(0, prompt);
                self.prompts.truncate(2);
                Did::Prompt {
                    device: words.devices[at],
                    prompt,
                    text: words.prompts[text],
                    asks: Some(asks),
                    recipient: None,
                    message: about.map(|message: usize| words.messages[message]),
                    duration_ms: 1_000,
                }
            }
            Step::Listens { at, what, for_ms } => Did::Listen {
                device: words.devices[at],
                listens_for: what,
                until_ms: for_ms.map(|for_ms| now_ms + for_ms),
            },
            Step::Records(at, message) => Did::Record {
                device: words.devices[at],
                message: words.messages[message],
            },
            Step::Stops(at, message) => Did::RecordEnded {
                device: words.devices[at],
                message: words.messages[message],
            },
            Step::Sends {
                at,
                message,
                to,
                span_ms,
            } => Did::Send {
                device: words.devices[at],
                message: words.messages[message],
                recipient: words.contacts[to],
                from_ms: span_ms.map(|span_ms| now_ms.saturating_sub(span_ms)),
                to_ms: span_ms.map(|_| now_ms),
            },
            Step::Cancels(at, message) => Did::Cancel {
                device: words.devices[at],
                message: message.map(|message| words.messages[message]),
            },
            Step::Notices(at) => Did::Notice {
                device: words.devices[at],
                text: words.prompts[1],
            },
            Step::Waits(_)
            | Step::Hears { .. }
            | Step::Withdraws(_)
            | Step::Ends(_)
            | Step::Presses(..)
            | Step::Delivers(..)
            | Step::Switches(_)
            | Step::Restarts => return None,
        })
    }

    /// What is found wrong on the way.
    fn verdict(
        mut self,
        way: &[Step],
        words: &Words,
        reader: &mut Reader,
    ) -> Vec<(Rule, Option<String>)> {
        for step in way {
            self.take(*step, words, reader);
        }
        let found = self.judge.finish(reader, &words.dictionary).iter();
        let mut found: Vec<_> = found.map(|b| (b.rule, b.message.clone())).collect();
        found.sort();
        found
    }
}

/// Runs that came to the same essence by different ways go on alike, whatever comes.
#[test]
fn judges_of_one_essence_go_on_alike() {
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    let (words, reader) = (&Words::new(), &mut Reader::new());
    let mut known: BTreeMap<Essence, (Run, Vec<Step>)> = BTreeMap::new();
    let (mut pairs, mut breaches) = (0, 0);
    for n in 0..100_000 {
        let mut run = Run::begin(words, reader, 100_000 + n % 7 * 10_000);
        let steps = rng.random_range(0..7);
        let any = (0..steps).map(|_| Step::any(rng));
        let way: Vec<Step> = [ASKS].into_iter().chain(any).collect();
        for step in &way {
            run.take(*step, words, reader);
        }
        if !run.judge.breaches().is_empty() {
            continue;
        }
        let essence = run.essence(words);
        let Some((other, other_way)) = known.get(&essence) else {
            known.insert(essence, (run, way));
            continue;
        };
        pairs += 1;
        for _ in 0..8 {
            let steps = rng.random_range(0..4);
            let any = (0..steps).map(|_| Step::any(rng));
            let on: Vec<Step> = any.chain([SENDS]).collect();
            let one = run.clone().verdict(&on, words, reader);
            let two = other.clone().verdict(&on, words, reader);
            assert_eq!(one, two, "{way:?}\n{other_way:?}\n{on:?}\n{essence:?}");
            breaches += one.len();
        }
    }
    assert!(pairs > 5_000 && breaches > 5_000, "{pairs} {breaches}");
}
