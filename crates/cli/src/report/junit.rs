//! JUnit: a suite for each assistant, a case for each finding, and one for each rule that held.

use super::verdict::{Assistant, Verdict};
use super::{Finding, Report, Text};
use crate::error::Error;
use mondegreen_oracle::Rule;
use quick_junit::{NonSuccessKind, Report as Suites, TestCase, TestCaseStatus, TestSuite};
use std::fmt::Write;

pub(super) fn render(report: &Report) -> Result<String, Error> {
    let mut suites = Suites::new("mondegreen");
    suites.add_test_suites(report.assistants().iter().map(suite));
    suites
        .to_string()
        .map_err(|error| Error::Write(std::io::Error::other(error)))
}

fn suite(assistant: &Assistant<'_>) -> TestSuite {
    let mut suite = TestSuite::new(assistant.name);
    for (_, finding) in &assistant.findings {
        suite.add_test_case(case_of(finding));
    }
    for breach in &assistant.unserved {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status
            .set_message(&breach.why)
            .set_type(breach.rule.to_string());
        suite.add_test_case(case(breach.rule.to_string(), assistant.name, status));
    }
    let broken = match &assistant.verdict {
        Verdict::Breaks(rules) => rules.as_slice(),
        Verdict::Keeps | Verdict::NothingFound => &[],
        Verdict::NotSearched => return suite,
    };
    // A rule that no search could have seen broken did not hold either; only gate rules are
    // judged by every search.
    let held = Rule::ALL.into_iter().filter(|rule| rule.is_gate());
    for rule in held.filter(|rule| !broken.contains(rule)) {
        let held = TestCaseStatus::success();
        suite.add_test_case(case(rule.to_string(), assistant.name, held));
    }
    suite
}

fn case(name: String, assistant: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(assistant);
    case
}

fn case_of(finding: &Finding) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status
        .set_message(finding.why())
        .set_type(finding.rule.to_string())
        .set_description(description(finding));
    case(finding.title(), &finding.assistant, status)
}

/// What happened, what makes it happen again, and the command that finds it again.
fn description(finding: &Finding) -> String {
    let mut told = finding.account();
    // Writing to memory does not fail.
    match &finding.text {
        Some(Text::Script(script)) => {
            let _ = writeln!(told, "\nscript\n{script}");
        }
        Some(Text::Case(case)) => {
            let _ = writeln!(told, "\ncase\n{case}");
        }
        None => {}
    }
    if let Some(repeat) = &finding.repeat {
        let _ = writeln!(told, "repeat  {repeat}");
    }
    told
}
