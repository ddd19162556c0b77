//! `docs/rules.md` says what is judged, and each rule has its test.

use crate::notation::trace;
use mondegreen_oracle::{Rule, judge};

const PAGE: &str = include_str!("../../../../docs/rules.md");
const TESTS: [&str; 5] = [
    include_str!("account.rs"),
    include_str!("answer.rs"),
    include_str!("intent.rs"),
    include_str!("sending.rs"),
    include_str!("service.rs"),
];

/// The section of a rule: from its heading to the next.
fn section(rule: Rule) -> &'static str {
    let heading = format!("\n### {rule}\n");
    let (_, rest) = PAGE
        .split_once(&heading)
        .unwrap_or_else(|| panic!("docs/rules.md has no section `{}`", heading.trim()));
    let end = rest.find("\n##").unwrap_or(rest.len());
    &rest[..end]
}

/// The trace after this label.
fn example(rule: Rule, label: &str) -> &'static str {
    let (_, rest) = section(rule)
        .split_once(&format!("{label}:\n\n```text\n"))
        .unwrap_or_else(|| panic!("{rule} has no example that is {label}"));
    rest.split_once("```").expect("the example ends").0
}

#[test]
fn every_rule_has_its_section() {
    for rule in Rule::ALL {
        for part in ["**Why.** ", "**Rule.** ", "**Not judged.** "] {
            assert!(section(rule).contains(part), "{rule} lacks its {part}");
        }
    }
    let sections = PAGE.matches("\n### ").count();
    assert_eq!(sections, Rule::ALL.len());
}

#[test]
fn the_gate_rules_are_those_that_are_numbered_so() {
    for rule in Rule::ALL {
        assert_eq!(rule.is_gate(), format!("{rule:?}").starts_with('G'));
    }
}

#[test]
fn every_example_that_keeps_a_rule_keeps_them_all() {
    for rule in Rule::ALL {
        let found = judge(&trace(example(rule, "Kept")));
        assert!(found.is_empty(), "{rule}: {found:#?}");
    }
}

#[test]
fn every_example_that_breaks_a_rule_breaks_that_one() {
    for rule in Rule::ALL {
        let found = judge(&trace(example(rule, "Broken")));
        let rules: Vec<Rule> = found.iter().map(|breach| breach.rule).collect();
        assert_eq!(rules, [rule], "{found:#?}");
    }
}

#[test]
fn every_rule_has_a_test_that_is_named_after_it() {
    for rule in Rule::ALL {
        let name = format!("fn {}_", format!("{rule:?}").to_lowercase());
        let is_tested = TESTS.iter().any(|text| text.contains(&name));
        assert!(is_tested, "no test of {rule}");
    }
}
