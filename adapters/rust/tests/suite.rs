//! One line puts the assistant to the test; the rest shows what a faulty one looks like.

use mondegreen::Rule;
use mondegreen::suite::{Findings, Suite};
use mondegreen_example::Notes;
use std::fs;
use tempfile::TempDir;

mondegreen::suite!(Notes::new);

fn examined(folder: &TempDir) -> Findings {
    Suite::new(folder.path())
        .steps(20_000)
        .examine(Notes::hasty)
}

/// The fault is found, printed with the case that shows it, and kept in a file.
#[test]
fn a_faulty_assistant_fails_its_suite() {
    let folder = TempDir::new().expect("a folder");
    let page = examined(&folder)
        .verdict(Rule::G8)
        .expect_err("it is faulty")
        .to_string();
    assert!(page.starts_with("G8 not-an-answer is broken:\n"), "{page}");
    let file = folder.path().join("g8-not-an-answer.case");
    let case = fs::read_to_string(&file).expect("it is kept");
    assert!(
        page.contains(&case) && case.contains("within-talk"),
        "{page}"
    );
    assert!(
        page.contains(&format!("kept in {}", file.display())),
        "{page}"
    );

    // The next time it is played first, and no search is needed.
    let again = Suite::new(folder.path()).steps(0).examine(Notes::hasty);
    let page = again
        .verdict(Rule::G8)
        .expect_err("it still is")
        .to_string();
    assert!(
        page.starts_with("G8 not-an-answer is broken, as it was before:\n"),
        "{page}"
    );
    let mended = Suite::new(folder.path()).steps(0).examine(Notes::new);
    assert_eq!(mended.verdict(Rule::G8), Ok(()));
}

/// Faults of one kind do not spoil the other tests.
#[test]
fn a_faulty_assistant_passes_where_it_is_not_at_fault() {
    let findings = examined(&TempDir::new().expect("a folder"));
    assert_eq!(findings.served(), Ok(()));
    for rule in [Rule::G1, Rule::G5, Rule::G13, Rule::S2, Rule::S4] {
        assert_eq!(findings.verdict(rule), Ok(()));
    }
}
