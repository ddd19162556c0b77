//! Markdown for the summary of a CI job. Whatever was said or heard is text, never markup.

use super::verdict::{Assistant, counted, grouped};
use super::{Finding, Report, Text, rules};
use crate::commands::{number, printable};
use crate::timeline::printable_lines;
use std::fmt::Write;

/// So many findings are told in full; a job summary may not be larger than a megabyte.
const TOLD_MAX: usize = 20;
/// So many characters of a script or a timeline are shown.
const BLOCK_MAX: usize = 8_000;

pub(super) fn render(report: &Report) -> String {
    let mut page = format!("## {}\n\n", escaped(&report.headline()));
    let assistants = report.assistants();
    // Writing to a text does not fail.
    let _ = write_assistants(&assistants, &mut page);
    let _ = write_findings(report, &mut page);
    for run in &report.runs {
        if let Some(repeat) = &run.repeat {
            let _ = writeln!(page, "Repeat: {}\n", code(repeat));
        }
    }
    page
}

fn write_assistants(assistants: &[Assistant<'_>], page: &mut String) -> std::fmt::Result {
    if assistants.is_empty() {
        return Ok(());
    }
    page.push_str("| Assistant | Verdict | Findings | Tried |\n| --- | --- | ---: | --- |\n");
    for assistant in assistants {
        let tried = assistant.tried.iter();
        let tried: Vec<String> = tried
            .map(|(what, count)| format!("{} {what}", grouped(*count)))
            .collect();
        writeln!(
            page,
            "| {} | {} | {} | {} |",
            escaped(assistant.name),
            escaped(&assistant.verdict.sentence()),
            assistant.findings.len(),
            tried.join(", ")
        )?;
    }
    page.push('\n');
    for assistant in assistants {
        for breach in &assistant.unserved {
            let told = format!("{breach}");
            writeln!(page, "- {}: {}\n", escaped(assistant.name), escaped(&told))?;
        }
        if let Some(rate) = &assistant.standing.rate {
            let name = escaped(assistant.name);
            let high = rate.high.map_or_else(|| "any number".to_owned(), number);
            let (rate, low) = (number(rate.value), number(rate.low));
            let unit = "unintended sends in a million household-hours";
            writeln!(
                page,
                "- {name}: {rate} {unit} (95% interval {low} to {high})\n"
            )?;
        }
    }
    Ok(())
}

fn write_findings(report: &Report, page: &mut String) -> std::fmt::Result {
    for finding in report.findings.iter().take(TOLD_MAX) {
        write_finding(finding, page)?;
    }
    let left = report.findings.len().saturating_sub(TOLD_MAX);
    if left > 0 {
        let left = counted(left, "more finding");
        writeln!(
            page,
            "{left} not shown here; `mondegreen report` shows all.\n"
        )?;
    }
    Ok(())
}

fn write_finding(finding: &Finding, page: &mut String) -> std::fmt::Result {
    let wording = rules::wording(finding.rule);
    writeln!(
        page,
        "<details><summary>{}: {}</summary>\n\n{}\n\n[{}]({}): {}\n",
        escaped(&finding.assistant),
        escaped(&finding.title()),
        escaped(finding.why()),
        finding.rule,
        wording.url,
        escaped(&wording.text)
    )?;
    page.push_str(&block(&finding.account()));
    match &finding.text {
        Some(Text::Script(text)) => {
            write!(
                page,
                "The script, for `mondegreen replay`:\n\n{}",
                block(text)
            )?;
        }
        Some(Text::Case(text)) => {
            write!(
                page,
                "The case, for `mondegreen replay`:\n\n{}",
                block(text)
            )?;
        }
        None => {}
    }
    if let Some(repeat) = &finding.repeat {
        writeln!(page, "Repeat: {}\n", code(repeat))?;
    }
    page.push_str("</details>\n\n");
    Ok(())
}

/// Text that stays what it is between other text, in a table too.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            // Entities, since a backslash before `|` means something else within a table, and before
            // letters nothing at all; `@` and `#` would call people and issues.
            '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '~' | '@' | '#' | '!' | '$' | ':' => {
                let _ = write!(shown, "&#{};", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

/// A fence that is longer than any within.
fn block(text: &str) -> String {
    let shown: String = text.chars().take(BLOCK_MAX).collect();
    let cut = if shown.len() < text.len() {
        "\n…"
    } else {
        ""
    };
    let shown = printable_lines(shown.trim_end_matches('\n'));
    let fence = "`".repeat(longest_run(&shown).max(2) + 1);
    format!("{fence}text\n{shown}{cut}\n{fence}\n\n")
}

/// Code within a line.
fn code(text: &str) -> String {
    let text = printable(text);
    let fence = "`".repeat(longest_run(&text) + 1);
    format!("{fence} {text} {fence}")
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_no_markup() {
        let hostile = "</details><script>|`x`|[a](b) **c** @you #1 \\|\n\u{202e}";
        let shown = escaped(hostile);
        for mark in ['<', '>', '|', '`', '[', '*', '@', '\\', '\n'] {
            assert!(!shown.contains(mark), "{mark:?} in {shown}");
        }
        assert!(block("a\n````\nb").starts_with("`````text\n"));
        assert_eq!(code("a `` b"), "``` a `` b ```");
        assert!(block(&"x\n".repeat(BLOCK_MAX)).contains('…'));
    }
}
