//! What all runs say of each assistant together, in a word and in a sentence.

use super::{Finding, Report, Scope, Served, Standing};
use mondegreen_oracle::{Breach, Rule};
use std::collections::BTreeMap;

/// All that is known of one assistant.
pub(super) struct Assistant<'a> {
    pub(super) name: &'a str,
    /// Its findings, with their places in the report.
    pub(super) findings: Vec<(usize, &'a Finding)>,
    /// Service rules that were broken for people who wanted something.
    pub(super) unserved: Vec<&'a Breach>,
    /// What came of people who plainly wanted something, by the last run that tells.
    pub(super) served: Option<&'a Served>,
    /// The last of each figure.
    pub(super) standing: Standing,
    /// How much was tried, all runs together.
    pub(super) tried: BTreeMap<&'a str, u64>,
    pub(super) verdict: Verdict,
}

/// What all runs say of an assistant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// These rules are broken.
    Breaks(Vec<Rule>),
    /// In every reachable state of a model they hold.
    Keeps,
    /// No search found a way to break one.
    NothingFound,
    /// Nobody looked.
    NotSearched,
}

impl Verdict {
    /// It in two or three words.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Breaks(_) => "breaks rules",
            Self::Keeps => "keeps the rules",
            Self::NothingFound => "nothing found",
            Self::NotSearched => "not searched",
        }
    }

    /// It as a sentence that claims no more than was done.
    pub(super) fn sentence(&self) -> String {
        match self {
            Self::Breaks(rules) => {
                let rules: Vec<String> = rules.iter().map(ToString::to_string).collect();
                format!("Breaks {}.", rules.join(", "))
            }
            Self::Keeps => {
                "Keeps G1 to G15, S2 and S3 in every reachable state of the model.".to_owned()
            }
            Self::NothingFound => "No rule was broken in what was tried.".to_owned(),
            Self::NotSearched => "It was measured; no search was run.".to_owned(),
        }
    }
}

impl Report {
    /// What is known of each assistant, in the order in which they come up.
    pub(super) fn assistants(&self) -> Vec<Assistant<'_>> {
        let run = self.runs.iter().flat_map(|run| &run.assistants);
        let found = self.findings.iter().map(|finding| &finding.assistant);
        let alone = self.standings.iter().filter(|it| it.group.is_none());
        let measured = alone.map(|it| &it.assistant);
        let mut names: Vec<&str> = Vec::new();
        for name in run.chain(found).chain(measured) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names.into_iter().map(|name| self.assistant(name)).collect()
    }

    fn assistant<'a>(&'a self, name: &'a str) -> Assistant<'a> {
        let findings = self.findings.iter().enumerate();
        let findings: Vec<(usize, &Finding)> =
            findings.filter(|(_, it)| it.assistant == name).collect();
        let is_own = |all: &[String]| all.iter().any(|it| it == name);
        let runs = || self.runs.iter().filter(|run| is_own(&run.assistants));
        let unserved: Vec<&Breach> = runs().flat_map(|run| &run.unserved).collect();
        let mut tried = BTreeMap::new();
        // What several assistants were given together says nothing of one of them.
        for (what, count) in runs()
            .filter(|run| run.assistants.len() == 1)
            .flat_map(|run| &run.tried)
        {
            *tried.entry(what.as_str()).or_default() += *count;
        }
        let own = |at: &&super::Checkpoint| at.assistant == name;
        if let Some(last) = self.progress.iter().rfind(own) {
            *tried.entry("conversations").or_default() += last.conversations;
            *tried.entry("dialog steps").or_default() += last.steps;
        }
        let mut rules: Vec<Rule> = findings.iter().flat_map(|(_, it)| it.rules()).collect();
        rules.extend(unserved.iter().map(|breach| breach.rule));
        rules.sort();
        rules.dedup();
        let scopes: Vec<Scope> = runs().map(|run| run.scope).collect();
        let verdict = if !rules.is_empty() {
            Verdict::Breaks(rules)
        } else if scopes.contains(&Scope::Exhausted) {
            Verdict::Keeps
        } else if scopes.contains(&Scope::Searched) {
            Verdict::NothingFound
        } else {
            Verdict::NotSearched
        };
        Assistant {
            name,
            findings,
            unserved,
            served: runs().filter_map(|run| run.served.as_ref()).next_back(),
            standing: self.standing(name),
            tried,
            verdict,
        }
    }

    /// The last of each figure of an assistant.
    fn standing(&self, name: &str) -> Standing {
        let mut all = Standing {
            assistant: name.to_owned(),
            ..Standing::default()
        };
        let own = self.standings.iter();
        for it in own.filter(|it| it.group.is_none() && it.assistant == name) {
            if it.rate.is_some() {
                (all.rate, all.rate_of_talk) = (it.rate, it.rate_of_talk);
                all.doubt.clone_from(&it.doubt);
            }
            all.service = it.service.or(all.service);
            all.sends_in_portland = it.sends_in_portland.or(all.sends_in_portland);
            // A chain that is told stage by stage says more than its sum.
            let tells = |margin: &super::Margin| !margin.stages.is_empty();
            if it.margin.is_some() && !all.margin.as_ref().is_some_and(tells) {
                all.margin.clone_from(&it.margin);
            }
        }
        all
    }

    /// What comes first on every page.
    pub(super) fn headline(&self) -> String {
        let assistants = self.assistants();
        let searched: Vec<&Assistant<'_>> = assistants
            .iter()
            .filter(|it| it.verdict != Verdict::NotSearched)
            .collect();
        let broken = |it: &&&Assistant<'_>| matches!(it.verdict, Verdict::Breaks(_));
        let broken = searched.iter().filter(broken).count();
        match (searched.as_slice(), broken) {
            ([], _) if assistants.is_empty() => "Nothing was run.".to_owned(),
            ([], _) => "Measured; no search was run.".to_owned(),
            ([only], 1) => format!("{} breaks rules.", only.name),
            ([only], _) => format!("{}: no rule was broken.", only.name),
            (all, 0) => format!("No rule was broken by any of {} assistants.", all.len()),
            ([_, _], 2) => "Both assistants break rules.".to_owned(),
            (all, broken) if broken == all.len() => format!("All {broken} assistants break rules."),
            (all, broken) => format!("{broken} of {} assistants break rules.", all.len()),
        }
    }

    /// What the first line leaves out.
    pub(super) fn summary(&self) -> String {
        let assistants = self.assistants();
        let measured = |it: &&Assistant<'_>| it.verdict == Verdict::NotSearched;
        let measured = assistants.iter().filter(measured).count();
        let found = counted(self.findings.len(), "finding");
        let searched = counted(assistants.len() - measured, "assistant");
        match measured {
            0 => format!("{found} in {searched}."),
            more => format!("{found} in {searched}; {more} more measured, and not searched."),
        }
    }
}

/// A count with its noun: `1 finding`, `2 findings`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// A whole number with commas: `1,234,567`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}
