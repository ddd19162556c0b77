//! Putting an assistant to the test, once for all rules.

use super::keep::{is_case, keep, kept};
use super::{Findings, Suite};
use crate::{Breach, Rule, timeline};
use mondegreen_sim::{
    Assistant, Broken, Case, CaseFinding, Channel, Guidance, Held, Hunt, Material, Outcome, Search,
    Served, Shrinker, SpokenTo, Wish, hold, home, serve, try_case,
};
use mondegreen_trace::{Effect, Household, Hypothesis, Input, Line, ParseError, Script, Trace};
use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::rc::Rc;

/// The wake word of cases.
pub(super) const WAKE: &str = "alexa";

/// Of the exchange in which an assistant breaks, so many of the last lines are shown.
const SHOWN_MAX: usize = 400;

/// A person gives up, or cancels, after so many turns at most.
const TURNS_MAX: usize = 4;

/// An assistant under test.
pub(super) struct Examination<'a> {
    suite: &'a Suite,
    findings: Findings,
    /// What was said last, shared with the assistant at work.
    exchange: Exchange,
}

type Exchange = Rc<RefCell<Vec<Line>>>;

impl<'a> Examination<'a> {
    pub(super) fn new(suite: &'a Suite) -> Self {
        Self {
            suite,
            findings: Findings::default(),
            exchange: Exchange::default(),
        }
    }

    pub(super) fn run<A: Assistant>(mut self, new: &dyn Fn() -> A) -> Findings {
        let tried = catch_unwind(AssertUnwindSafe(|| self.try_all(new)));
        let trouble = match tried {
            Ok(Ok(())) => return self.findings,
            Ok(Err(Trouble::Broken(broken))) => format!("the assistant is broken: {broken}"),
            Ok(Err(Trouble::Kept(why))) => {
                self.findings.trouble = Some(why);
                return self.findings;
            }
            Err(panic) => format!("the assistant is broken: it panicked: {}", said_in(&*panic)),
        };
        let exchange = self.exchange.borrow();
        let first = exchange.len().saturating_sub(SHOWN_MAX);
        let lines = exchange.iter().skip(first).cloned().collect();
        let lines = Trace { lines }.to_json_lines().unwrap_or_default();
        self.findings.trouble = Some(format!("{trouble}\n\nthe exchange up to there:\n{lines}"));
        self.findings
    }

    fn try_all<A: Assistant>(&mut self, new: &dyn Fn() -> A) -> Result<(), Trouble> {
        self.replay(new)?;
        self.search(new)?;
        self.serve(new)?;
        if self.suite.mishearing > 0 {
            self.hunt(new)?;
        }
        Ok(())
    }

    /// One that hears and is heard as people speak to it.
    fn spoken<A: Assistant>(&self, new: &dyn Fn() -> A) -> Watched<A> {
        Watched {
            assistant: new(),
            exchange: Rc::clone(&self.exchange),
            called: None,
        }
    }

    /// One for cases, in which it is called by another name.
    fn played<A: Assistant>(&self, new: &dyn Fn() -> A) -> SpokenTo<Watched<A>> {
        let wake = &self.suite.wake;
        SpokenTo::new(Watched {
            called: (wake != WAKE).then(|| wake.clone()),
            ..self.spoken(new)
        })
    }

    /// What came of a case, with the name that the assistant was called by.
    fn as_called(&self, mut trace: Trace) -> Trace {
        for line in &mut trace.lines {
            if let Line::In(input) = line {
                *input = call(input, &self.suite.wake);
            }
        }
        trace
    }

    /// Plays what was found before.
    fn replay<A: Assistant>(&mut self, new: &dyn Fn() -> A) -> Result<(), Trouble> {
        let folder = self.suite.folder.clone();
        let unread = |path: &Path, why: &dyn std::fmt::Display| {
            Trouble::Kept(format!("{}: {why}", path.display()))
        };
        for path in kept(&folder).map_err(|error| unread(&folder, &error))? {
            let text = fs::read_to_string(&path).map_err(|error| unread(&path, &error))?;
            let (household, trace, breaches) = if is_case(&path) {
                let case: Case = text.parse().map_err(|error| unread(&path, &error))?;
                let (trace, breaches) = try_case(&case, self.played(new))?;
                (case.household(), self.as_called(trace), breaches)
            } else {
                let script: Script = text.parse().map_err(|error: ParseError| {
                    unread(&path, &format!("line {}: {error}", error.line()))
                })?;
                let mut channel = Channel::new(&self.suite.wake, &script.household);
                let held = self.hold(&script, &mut channel, new)?;
                let breaches = mondegreen_oracle::judge(&held.trace);
                (script.household, held.trace, breaches)
            };
            let rules: BTreeSet<Rule> = breaches.iter().map(|breach| breach.rule).collect();
            for rule in rules {
                let shown = page(&household, &trace, &breaches);
                let path = path.display();
                self.add(
                    rule,
                    format!("{rule} is broken, as it was before:\n\n{shown}\nkept in {path}\n"),
                );
            }
        }
        Ok(())
    }

    fn add(&mut self, rule: Rule, page: String) {
        self.findings.broken.entry(rule).or_default().push(page);
    }

    fn is_known(&self, rule: Rule) -> bool {
        self.findings.broken.contains_key(&rule)
    }

    /// Searches the inputs of any recogniser, however bad, for each gate rule.
    fn search<A: Assistant>(&mut self, new: &dyn Fn() -> A) -> Result<(), Trouble> {
        let Suite { seed, steps, .. } = *self.suite;
        let mut search = Search::new(self.played(new), seed, Guidance::Full);
        while let Some(case) = search.search(steps)? {
            let (trace, breaches) = try_case(&case, self.played(new))?;
            let rules: BTreeSet<Rule> = breaches.iter().map(|breach| breach.rule).collect();
            for rule in rules {
                if self.is_known(rule) || !rule.is_gate() {
                    continue;
                }
                let found = CaseFinding {
                    rule,
                    case: case.clone(),
                    trace: trace.clone(),
                    breaches: breaches.clone(),
                };
                let small = found.shrunk(|| self.played(new))?;
                let trace = self.as_called(small.trace);
                let shown = page(&small.case.household(), &trace, &small.breaches);
                self.keep(rule, "case", &small.case.to_string(), &shown);
            }
        }
        Ok(())
    }

    /// Keeps what breaks a rule, and says so.
    fn keep(&mut self, rule: Rule, end: &str, text: &str, shown: &str) {
        let folder = &self.suite.folder;
        let kept = match keep(folder, rule, end, text) {
            Ok(path) => format!("kept in {}, and played first from now on", path.display()),
            Err(error) => format!("could not be kept in {}: {error}", folder.display()),
        };
        self.add(
            rule,
            format!("{rule} is broken:\n\n{shown}\n{text}\n{kept}\n"),
        );
    }

    /// People who do want something, and say so plainly; judged by all rules.
    fn serve<A: Assistant>(&mut self, new: &dyn Fn() -> A) -> Result<(), Trouble> {
        let Suite { seed, .. } = *self.suite;
        let home = home(seed).household;
        let off = Household {
            messaging: false,
            ..home.clone()
        };
        let mut channel = Channel::new(&self.suite.wake, &home);
        let asked = self.grant(Wish::Send, &home, &mut channel, new)?;
        if !asked.sent {
            let shown = page(&home, &asked.held.trace, &asked.breaches);
            let turns = asked.turns;
            self.findings.unserved = Some(format!(
                "somebody asked plainly for a message, in {turns} turns in a quiet room, and nothing was sent:\n\n{shown}"
            ));
        }
        for turn in 1..=TURNS_MAX {
            self.grant(Wish::Cancel { turn }, &home, &mut channel, new)?;
            // Somebody who goes away in the midst of it.
            let mut left = asked.script.clone();
            left.events.truncate(turn);
            let held = self.hold(&left, &mut channel, new)?;
            self.judge(&left, &held, &mut channel, new)?;
        }
        self.grant(Wish::Lights, &home, &mut channel, new)?;
        self.grant(Wish::Lights, &off, &mut channel, new)?;
        Ok(())
    }

    fn grant<A: Assistant>(
        &mut self,
        wish: Wish,
        household: &Household,
        channel: &mut Channel,
        new: &dyn Fn() -> A,
    ) -> Result<Served, Trouble> {
        let Suite { wake, seed, .. } = self.suite;
        let served = serve(wish, wake, household, *seed, channel, &mut self.spoken(new));
        if let Some(broken) = &served.held.broken {
            return Err(broken.clone().into());
        }
        self.judge(&served.script, &served.held, channel, new)?;
        Ok(served)
    }

    fn hold<A: Assistant>(
        &self,
        script: &Script,
        channel: &mut Channel,
        new: &dyn Fn() -> A,
    ) -> Result<Held, Trouble> {
        let held = hold(script, channel, &mut self.spoken(new));
        match held.broken {
            Some(broken) => Err(broken.into()),
            None => Ok(held),
        }
    }

    /// Adds each rule that a conversation breaks, by the smallest one that does.
    fn judge<A: Assistant>(
        &mut self,
        script: &Script,
        held: &Held,
        channel: &mut Channel,
        new: &dyn Fn() -> A,
    ) -> Result<(), Trouble> {
        let breaches = mondegreen_oracle::judge(&held.trace);
        let rules: BTreeSet<Rule> = breaches.iter().map(|breach| breach.rule).collect();
        for rule in rules {
            if self.is_known(rule) {
                continue;
            }
            let small = Shrinker::new(channel, &mut self.spoken(new), rule).shrink(script);
            let held = self.hold(&small, channel, new)?;
            let breaches = mondegreen_oracle::judge(&held.trace);
            let shown = page(&small.household, &held.trace, &breaches);
            self.keep(rule, "script", &small.to_string(), &shown);
        }
        Ok(())
    }

    /// Talk that is meant for nobody, and misheard.
    fn hunt<A: Assistant>(&mut self, new: &dyn Fn() -> A) -> Result<(), Trouble> {
        let Suite {
            seed, mishearing, ..
        } = *self.suite;
        let home = home(seed);
        let mut channel = Channel::new(&self.suite.wake, &home.household);
        let mut material = Material::generated(&home, &mut channel, seed);
        let mut hunt = Hunt::new(&home.household, &mut material, &mut channel, seed);
        let go_on = |progress: &mondegreen_sim::Progress| progress.steps < mishearing;
        match hunt.run(&mut self.spoken(new), go_on).0 {
            Outcome::NotFound => Ok(()),
            Outcome::Broken(_, broken) => Err(broken.into()),
            Outcome::Found(script) => {
                let held = self.hold(&script, &mut channel, new)?;
                self.judge(&script, &held, &mut channel, new)
            }
        }
    }
}

/// Why nothing can be said of any rule.
enum Trouble {
    Broken(Broken),
    /// What was kept cannot be read.
    Kept(String),
}

impl From<Broken> for Trouble {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

/// An assistant whose last exchange is known whatever happens to it.
struct Watched<A> {
    assistant: A,
    exchange: Exchange,
    /// The name that it answers to, if that is not the one of cases.
    called: Option<String>,
}

impl<A: Assistant> Assistant for Watched<A> {
    fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
        let input = self
            .called
            .as_ref()
            .map_or_else(|| input.clone(), |wake| call(input, wake));
        let before = effects.len();
        {
            let mut exchange = self.exchange.borrow_mut();
            if matches!(input, Input::Start { .. }) {
                exchange.clear();
            }
            exchange.push(Line::In(input.clone()));
        }
        self.assistant.take(&input, effects)?;
        let new = effects.iter().skip(before).cloned().map(Line::Out);
        self.exchange.borrow_mut().extend(new);
        Ok(())
    }
}

/// The same input with another wake word in the place of the one of cases.
fn call(input: &Input, wake: &str) -> Input {
    let mut input = input.clone();
    if let Input::Heard { hypotheses, .. } = &mut input {
        for Hypothesis { text, .. } in hypotheses {
            let words = text
                .split(' ')
                .map(|word| if word == WAKE { wake } else { word });
            *text = words.collect::<Vec<&str>>().join(" ");
        }
    }
    input
}

/// A conversation as people read it, without colours.
fn page(household: &Household, trace: &Trace, breaches: &[Breach]) -> String {
    let mut page = Vec::new();
    // A page in memory has no disk that could be full.
    let _ = timeline::write(household, (trace, &[]), breaches, &mut page);
    let plain = anstream::adapter::strip_bytes(&page).into_vec();
    String::from_utf8_lossy(&plain).into_owned()
}

fn said_in(panic: &(dyn Any + Send)) -> &str {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    said.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it does not say why")
}
