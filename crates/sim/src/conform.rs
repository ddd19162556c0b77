//! Whether a program keeps to the protocol: a fixed set of exchanges, each for one requirement of
//! `docs/protocol.md`.
//!
//! What is asked here is how a program speaks, not what it does: an assistant that sends whatever it
//! hears can keep all of it.

mod exchange;
mod trace;

use crate::assistant::{Account, Broken};
use crate::play::Words;
use crate::process::Process;
use exchange::Exchange;
use mondegreen_trace::{Effect, Line, Trace};

/// So many lines at fault are told.
const LINES_MAX: usize = 6;

/// What the protocol requires; `docs/protocol.md` says the same in more words.
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    /// What it is called.
    pub name: &'static str,
    /// What has to be so, in a sentence.
    pub what: &'static str,
    check: fn(&mut Exchange) -> Result<(), Failure>,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Why the requirement is not kept.
    pub why: String,
    /// The lines at fault, each as it was written, perhaps with a word before it.
    pub lines: Vec<String>,
}

/// How a program keeps to the protocol.
#[derive(Clone, Debug)]
pub struct Conformance {
    /// The name and the version that it gives itself, once it has.
    pub program: Option<(String, String)>,
    /// Each requirement, and what is wrong with it, if it is not kept.
    pub checked: Vec<(Requirement, Result<(), Failure>)>,
    /// Prompts of the plain conversation, which leads on to a send as far as the words fit.
    pub prompts: usize,
    /// Messages that were sent in it.
    pub sends: usize,
    /// Whether it broke in one of the exchanges.
    pub broke: bool,
}

impl Requirement {
    /// All of them, in the order in which they are checked.
    #[rustfmt::skip]
    pub const ALL: [Self; 14] = [
        Self { name: "hello-first", what: "the first effect after a `start` is `hello`, and no other effect is", check: exchange::hello_first },
        Self { name: "done-after-each", what: "each input is answered by effects and then `done`, in time", check: exchange::done_after_each },
        Self { name: "every-input", what: "every input is answered, whatever came before it", check: exchange::every_input },
        Self { name: "every-household", what: "every household is served: none, many, odd names, messaging off", check: exchange::every_household },
        Self { name: "silence", what: "it comes to rest when nothing happens, and time may jump", check: exchange::silence },
        Self { name: "unknown-fields", what: "fields that it does not know are ignored, and their order", check: exchange::unknown_fields },
        Self { name: "virtual-time", what: "time is `at_ms` alone: real pauses change nothing", check: exchange::virtual_time },
        Self { name: "same-again", what: "the same inputs give the same lines, in this process and in another", check: exchange::same_again },
        Self { name: "fresh-start", what: "a `start` forgets the run before, whether it was ended or not", check: exchange::fresh_start },
        Self { name: "many-runs", what: "one process serves many runs", check: exchange::many_runs },
        Self { name: "prompt-numbers", what: "no prompt number is used twice in a run", check: trace::prompt_numbers },
        Self { name: "known-devices", what: "effects name devices of the household", check: trace::known_devices },
        Self { name: "known-contacts", what: "prompts and sends name contacts of the household by their ids", check: trace::known_contacts },
        Self { name: "sound-spans", what: "the sound that is sent has a beginning, an end after it, and lies in the past", check: trace::sound_spans },
    ];
}

/// Holds the exchanges with a program that answers to these words.
///
/// # Errors
/// When it cannot be started. What goes wrong later is a failure of the requirement that was checked.
pub fn conform(
    spawn: &dyn Fn() -> Result<Process, Broken>,
    words: &Words,
) -> Result<Conformance, Broken> {
    let mut exchange = Exchange::new(spawn, words)?;
    let check = |requirement: Requirement| (requirement, (requirement.check)(&mut exchange));
    let checked = Requirement::ALL.map(check).into();
    let plain = exchange.plain.unwrap_or_default();
    Ok(Conformance {
        program: exchange.traces.iter().find_map(greeting),
        checked,
        prompts: count(&plain, |effect| matches!(effect, Effect::Prompt { .. })),
        sends: count(&plain, |effect| matches!(effect, Effect::Send { .. })),
        broke: exchange.broke,
    })
}

fn greeting(trace: &Trace) -> Option<(String, String)> {
    trace.lines.iter().find_map(|line| match line {
        Line::Out(Effect::Hello { name, version, .. }) => Some((name.clone(), version.clone())),
        Line::Out(_) | Line::In(_) | Line::Said { .. } => None,
    })
}

fn count(trace: &Trace, what: impl Fn(&Effect) -> bool) -> usize {
    let lines = trace.lines.iter();
    lines
        .filter(|line| matches!(line, Line::Out(effect) if what(effect)))
        .count()
}

impl Failure {
    /// It broke.
    fn broken(broken: &Broken, account: &Account) -> Self {
        let told = broken.account().unwrap_or(account);
        let count = told.conversation.lines().count();
        let lines = told
            .conversation
            .lines()
            .skip(count.saturating_sub(LINES_MAX));
        Self {
            why: broken.why().to_owned(),
            lines: lines.map(str::to_owned).collect(),
        }
    }

    /// Two traces that should be the same are not.
    fn differ(why: &str, [one, other]: [(&str, &Trace); 2]) -> Self {
        let pairs = one.1.lines.iter().zip(&other.1.lines);
        let same = pairs.take_while(|(one, other)| one == other).count();
        let line = |(when, trace): (&str, &Trace)| match trace.lines.get(same) {
            Some(line) => format!("{when}: {}", written(line)),
            None => format!("{when}: nothing"),
        };
        let before = same.checked_sub(1).and_then(|at| one.1.lines.get(at));
        let mut lines: Vec<String> = before.map(written).into_iter().collect();
        lines.extend([line(one), line(other)]);
        Self {
            why: why.to_owned(),
            lines,
        }
    }
}

fn written(line: &Line) -> String {
    serde_json::to_string(line).unwrap_or_default()
}
